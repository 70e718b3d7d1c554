package device

import (
	"mho/internal/cite"
	"mho/internal/quantity"
)

// A Param declares one parameter of a model: its name in TOML, the field that
// holds it, unit, range, meaning and source.
type Param = quantity.Param

// A Reference is a publication that a model is taken from.
type Reference = cite.Ref

// A Model is a device law with its parameters. A new model holds its defaults;
// setting the values that Params points at changes the model itself.
type Model interface {
	// Info describes the model.
	Info() Info
	// Params declares the parameters, in the order in which they are told.
	Params() []Param
	// Validate checks what no single parameter's range can say, such as one
	// bound below another. The error names the parameter, its value and what
	// is allowed.
	Validate() error
}

// Info describes a model to a reader.
type Info struct {
	Name       string      // name in TOML and on the command line, such as "vteam/magic"
	Title      string      // one line
	Technology string      // "memristor", "pcm", "rram", "ecram", "spintronic", "photonic" or "ferroelectric"
	Equations  []string    // the law, a line each, in plain text
	Notes      []string    // validity, surprises, assumptions; a sentence or two each
	References []Reference // the sources that Params name by key
}

// An Entry is a model in the catalog: New returns a fresh model that holds the
// defaults of its preset.
type Entry struct {
	Name string
	New  func() Model
}

// Env is the surroundings of a device.
type Env struct {
	Temperature float64 // K
	Wavelength  float64 // m, of the light in optical devices
	Bandwidth   float64 // Hz, of the circuit that reads
}

// Room is 300 K, 1550 nm and a read bandwidth of 1 MHz.
func Room() Env { return Env{Temperature: 300, Wavelength: 1550e-9, Bandwidth: 1e6} }

// A Variable is a named quantity: a drive, a state or a response.
type Variable struct {
	Name    string // symbol, the first part of its column's header
	Unit    string // second part, "" if dimensionless
	Meaning string
}

// Header is the name of the variable's column: "t_s", or "x" without unit.
func (v Variable) Header() string {
	if v.Unit == "" {
		return v.Name
	}
	return v.Name + "_" + v.Unit
}
