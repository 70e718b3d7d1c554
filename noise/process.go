package noise

import (
	"fmt"

	"mho/internal/cite"
	"mho/internal/quantity"
)

// A Param declares one parameter of a process: its name in TOML, the field that
// holds it, unit, range, meaning and source.
type Param = quantity.Param

// A Reference is a publication that a process is taken from.
type Reference = cite.Ref

// A Process is a non-ideality with its parameters. A new process holds its
// defaults; setting the values that Params points at changes the process
// itself. What a process does to cells is in the interfaces Spread, Ageing and
// ReadNoise, and in the types Wear and Defects.
type Process interface {
	// Info describes the process.
	Info() Info
	// Params declares the parameters, in the order in which they are told.
	Params() []Param
	// Validate checks what no single parameter's range can say. The error names
	// the parameter, its value and what is allowed.
	Validate() error
}

// Info describes a process to a reader.
type Info struct {
	Name       string      // name in TOML and on the command line, such as "rtn"
	Title      string      // one line
	Kind       string      // "variability", "drift", "read noise", "retention", "endurance", "faults" or "disturb"
	Equations  []string    // the law, a line each, in plain text
	Notes      []string    // validity, surprises, assumptions; a sentence or two each
	References []Reference // the sources that Params name by key
}

// A ProcessEntry is a process in the list: New returns a fresh one with its defaults.
type ProcessEntry struct {
	Name string
	New  func() Process
}

// Processes lists all processes by name, published parameter sets behind the
// law that they belong to.
func Processes() []ProcessEntry {
	return []ProcessEntry{
		{"variability", func() Process { return NewVariability() }},
		{"empirical", func() Process { return NewEmpirical() }},
		{"correlated", func() Process { return NewCorrelated() }},
		{"power-law-drift", func() Process { return NewPowerLawDrift() }},
		{"power-law-drift/joshi-2020", func() Process { return JoshiDrift() }},
		{"log-drift", func() Process { return NewLogDrift() }},
		{"thermal", func() Process { return NewThermalNoise() }},
		{"shot", func() Process { return NewShotNoise() }},
		{"flicker", func() Process { return NewFlicker() }},
		{"rtn", func() Process { return NewTelegraph() }},
		{"circuit", func() Process { return NewCircuitNoise() }},
		{"retention", func() Process { return NewThermalLoss() }},
		{"endurance", func() Process { return NewWear() }},
		{"faults", func() Process { return NewDefects() }},
		{"faults/chen-2015", func() Process { return ChenDefects() }},
		{"read-disturb", func() Process { return NewReadDisturb() }},
		{"half-select-disturb", func() Process { return NewHalfSelectDisturb() }},
	}
}

// ProcessNames returns the names of all processes.
func ProcessNames() []string {
	var names []string
	for _, e := range Processes() {
		names = append(names, e.Name)
	}
	return names
}

// NewProcess returns a fresh process with the defaults of its name. The error of
// an unknown name suggests the nearest.
func NewProcess(name string) (Process, error) {
	for _, e := range Processes() {
		if e.Name == name {
			return e.New(), nil
		}
	}
	return nil, fmt.Errorf("unknown process %q: see mho list noise%s", name, quantity.DidYouMean(name, ProcessNames()))
}

// CheckProcess returns an error if a parameter of p is outside its range or p is
// not valid. The error names the process, the parameter, its value and what is allowed.
func CheckProcess(p Process) error {
	if err := checkParams(p.Params()); err != nil {
		return fmt.Errorf("%s: %w", p.Info().Name, err)
	}
	if err := p.Validate(); err != nil {
		return fmt.Errorf("%s: %w", p.Info().Name, err)
	}
	return nil
}

func checkParams(params []Param) error {
	for _, p := range params {
		if err := p.Check(); err != nil {
			return err
		}
	}
	return nil
}

// boltzmann and charge are exact by the definition of the SI, in J/K and C.
const (
	boltzmann = 1.380649e-23
	charge    = 1.602176634e-19
)

const assumed = "assumption"
