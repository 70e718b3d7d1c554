package energy

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"mho/internal/config"
	"mho/internal/quantity"
)

//go:embed architectures/*.toml
var architectures embed.FS

// An Architecture is analog hardware: arrays in cores in tiles in chips, with the
// components on each level.
type Architecture struct {
	Name     string
	Title    string
	Source   string
	Notes    []string
	Boundary string  // what the numbers include: macro, core, chip, board or system
	Node     float64 // m
	Supply   float64 // of the digital logic, V

	Extrapolate bool    // use fits outside their range, with a warning
	Wiring      float64 // area of wiring and gaps over that of the components
	AreaSigma   float64 // standard deviation of log10 of the area

	Rows, Cols     int    // physical lines of an array
	RowsPerInput   int    // word lines of one input
	CellBits       int    // bits held by a cell
	Differential   bool   // a weight takes twice the columns
	ColsPerWeight  int    // columns of one weight; 0 follows from the bits
	CellsPerWeight int    // cells programmed for one weight; 0 follows from rows and columns
	Technology     string // of the cells, for programming

	ArraysPerCore, CoresPerTile, TilesPerChip int

	InputBits, WeightBits, OutputBits int  // native precision
	FixedPrecision                    bool // the workload's precision has no influence

	Timing Timing
	Policy Policy
	Host   Host

	Components []Component
	Published  []Published
	Calibrated *Calibration

	calibration struct {
		quantity string
		value    float64
	}
}

// Timing is how long a product of an array takes.
type Timing struct {
	Encoding  Encoding
	DACBits   int     // bits of an input that one pulse carries (bit-serial)
	Phases    int     // conversions of a column for one product (amplitude, pulse-width), as where inputs and devices of each sign are read apart; a cell is still read once
	Cycle     float64 // s of one pulse with all that follows; 0 computes it from the next three
	Read      float64 // s the lines are driven
	Settle    float64 // s until the outputs may be converted
	Convert   float64 // s of a conversion
	Share     int     // columns that share a converter
	Pipelined bool    // conversion of one cycle while the next is read
	Integrate float64 // s of an integration step (encoding integration)
	Decision  float64 // s of a decision step
	Sample    float64 // s of each phase
	PhaseBits int     // most input bits of one phase
	Sigma     float64 // standard deviation of log10 of all these times
}

// Policy is how a network is put on the arrays.
type Policy struct {
	Fit       string // what to do with a network larger than the chip: more-chips, reload or forbid
	Replicate bool   // fill idle arrays with copies of the layers that take longest
	Pipelined bool   // layers work on successive inferences at the same time
	Chips     int    // chips there are at least
}

// Host is the logic and memory beside the arrays, used where no component of the
// architecture covers an activity.
type Host struct {
	MACRate  float64 // digital MACs per second
	OpRate   float64 // vector operations per second
	DRAMRate float64 // bits per second
	ChipRate float64 // bits per second that a chip exchanges with others
}

// A Published number is one that the makers or others stated for a chip.
type Published struct {
	Name       string
	Quantity   string  // power, area, throughput, efficiency, density, energy-per-mvm, energy-per-mac or mvm-time
	Level      string  // of which it was stated
	Component  string  // the component it is of; empty for all
	Value      float64 // SI; operations per second, operations per joule
	InputBits  int     // precision it was stated at; 0 the native one
	OutputBits int
	Phases     int // it was stated for; 0 the native number
	Tolerance  float64
	Reason     string // of the tolerance
	Use        string // validation or calibration: whether a component was set by it
	Source     string
	Confidence string
}

// A Calibration tells how the periphery was rescaled to a published total.
type Calibration struct {
	Quantity string  // efficiency or energy-per-mvm
	Value    float64 // the published number, operations per joule or J
	Factor   float64 // by which the energy and power of every component beside the array was multiplied
}

var publishedUnits = map[string]string{
	"power": "W", "area": "m^2", "throughput": "", "efficiency": "", "density": "", "energy-per-mvm": "J", "energy-per-mac": "J", "mvm-time": "s",
}

// ArchitectureNames lists the architectures that ship.
func ArchitectureNames() []string { return tomlNames(architectures, "architectures") }

func tomlNames(fs embed.FS, dir string) []string {
	entries, _ := fs.ReadDir(dir)
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return out
}

// ArchitectureSource returns the TOML of an architecture that ships.
func ArchitectureSource(name string) ([]byte, error) {
	text, err := architectures.ReadFile("architectures/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("unknown architecture %q: see mho list architectures%s", name, quantity.DidYouMean(name, ArchitectureNames()))
	}
	return text, nil
}

// NewArchitecture returns an architecture that ships, with overrides
// "key.path=value" such as "component.adc.energy=2pJ". The calibration of an
// architecture is made before the overrides, unless one is of its calibration.
func NewArchitecture(name string, sets ...string) (*Architecture, error) {
	text, err := ArchitectureSource(name)
	if err != nil {
		return nil, err
	}
	return ParseArchitecture(name+".toml", text, sets...)
}

// ParseArchitecture reads an architecture from TOML; file names it in errors.
func ParseArchitecture(file string, text []byte, sets ...string) (*Architecture, error) {
	doc, err := config.Parse(file, text)
	if err != nil {
		return nil, err
	}
	names := doc.Names("component")
	for _, s := range sets {
		if err := doc.Set(s); err != nil {
			return nil, err
		}
	}
	for _, n := range doc.Names("component") {
		if !slices.Contains(names, n) {
			return nil, doc.Errorf("component."+n, "unknown component: must be one of %s%s", strings.Join(names, ", "), quantity.DidYouMean(n, names))
		}
	}
	a := &Architecture{
		Boundary: "chip", Supply: 0.8, Node: 14e-9, RowsPerInput: 1, CellBits: 8, ArraysPerCore: 1, CoresPerTile: 1, TilesPerChip: 1,
		InputBits: 8, WeightBits: 8, OutputBits: 8, AreaSigma: 0.05,
		Timing: Timing{Encoding: PulseWidth, DACBits: 1, Phases: 1, Share: 1, PhaseBits: 3, Sigma: 0.05},
		Policy: Policy{Fit: "more-chips", Chips: 1},
		Host:   Host{MACRate: 1e12, OpRate: 1e12, DRAMRate: 544e9, ChipRate: 204.8e9},
	}
	if err := a.decode(doc); err != nil {
		return nil, err
	}
	if err := a.check(doc); err != nil {
		return nil, err
	}
	if a.calibration.quantity == "" {
		return a, nil
	}
	if len(sets) == 0 || slices.ContainsFunc(sets, func(s string) bool { return strings.HasPrefix(s, "calibration.") }) {
		if err := a.Calibrate(a.calibration.quantity, a.calibration.value); err != nil {
			return nil, doc.Errorf("calibration", "%v", err)
		}
		return a, nil
	}
	base, err := ParseArchitecture(file, text)
	if err != nil {
		return nil, err
	}
	a.inherit(base.Calibrated, sets)
	return a, nil
}

// inherit takes the calibration of the file as it was before the overrides, so
// that these have an effect; a component that was given an energy, a power or a
// model of its own has just that.
func (a *Architecture) inherit(c *Calibration, sets []string) {
	a.Calibrated = c
	for i := range a.Components {
		x := &a.Components[i]
		own := slices.ContainsFunc(sets, func(s string) bool {
			key, _, _ := strings.Cut(s, "=")
			return slices.Contains([]string{"energy", "power", "model"}, strings.TrimPrefix(strings.TrimSpace(key), "component."+x.Name+"."))
		})
		if !own && x.periphery() {
			x.calibrated(c.Factor)
		}
	}
}

func (a *Architecture) decode(doc *config.Doc) error {
	pos, non, one := quantity.Positive(), quantity.NonNegative(), quantity.AtLeast(1)
	t, p, h := &a.Timing, &a.Policy, &a.Host
	for _, table := range []struct {
		name   string
		params []quantity.Param
	}{
		{"", []quantity.Param{
			{Name: "architecture", Value: &a.Name}, {Name: "title", Value: &a.Title}, {Name: "source", Value: &a.Source}, {Name: "notes", Value: &a.Notes},
			{Name: "boundary", Value: &a.Boundary, Options: []string{"device", "macro", "core", "chip", "board", "system"}},
			{Name: "node", Value: &a.Node, Unit: "m", Range: pos}, {Name: "supply", Value: &a.Supply, Unit: "V", Range: pos},
			{Name: "extrapolate", Value: &a.Extrapolate}, {Name: "wiring", Value: &a.Wiring, Range: non}, {Name: "area_sigma", Value: &a.AreaSigma, Range: non},
		}},
		{"array", []quantity.Param{
			{Name: "rows", Value: &a.Rows, Range: one}, {Name: "cols", Value: &a.Cols, Range: one}, {Name: "rows_per_input", Value: &a.RowsPerInput, Range: one},
			{Name: "cell_bits", Value: &a.CellBits, Range: one}, {Name: "differential", Value: &a.Differential},
			{Name: "cols_per_weight", Value: &a.ColsPerWeight, Range: non}, {Name: "cells_per_weight", Value: &a.CellsPerWeight, Range: non},
			{Name: "technology", Value: &a.Technology},
		}},
		{"units", []quantity.Param{
			{Name: "arrays_per_core", Value: &a.ArraysPerCore, Range: one}, {Name: "cores_per_tile", Value: &a.CoresPerTile, Range: one},
			{Name: "tiles_per_chip", Value: &a.TilesPerChip, Range: one},
		}},
		{"precision", []quantity.Param{
			{Name: "input", Value: &a.InputBits, Range: quantity.Between(1, 32)}, {Name: "weight", Value: &a.WeightBits, Range: quantity.Between(1, 32)},
			{Name: "output", Value: &a.OutputBits, Range: quantity.Between(1, 32)}, {Name: "fixed", Value: &a.FixedPrecision},
		}},
		{"timing", []quantity.Param{
			{Name: "encoding", Value: (*string)(&t.Encoding), Options: encodings()}, {Name: "dac_bits", Value: &t.DACBits, Range: one}, {Name: "phases", Value: &t.Phases, Range: one},
			{Name: "cycle", Value: &t.Cycle, Unit: "s", Range: non}, {Name: "read", Value: &t.Read, Unit: "s", Range: non}, {Name: "settle", Value: &t.Settle, Unit: "s", Range: non},
			{Name: "convert", Value: &t.Convert, Unit: "s", Range: non}, {Name: "share", Value: &t.Share, Range: one}, {Name: "pipelined", Value: &t.Pipelined},
			{Name: "integrate", Value: &t.Integrate, Unit: "s", Range: non}, {Name: "decision", Value: &t.Decision, Unit: "s", Range: non},
			{Name: "sample", Value: &t.Sample, Unit: "s", Range: non}, {Name: "phase_bits", Value: &t.PhaseBits, Range: one}, {Name: "sigma", Value: &t.Sigma, Range: non},
		}},
		{"mapping", []quantity.Param{
			{Name: "fit", Value: &p.Fit, Options: []string{"more-chips", "reload", "forbid"}}, {Name: "replicate", Value: &p.Replicate},
			{Name: "pipelined", Value: &p.Pipelined}, {Name: "chips", Value: &p.Chips, Range: one},
		}},
		{"host", []quantity.Param{
			{Name: "mac_rate", Value: &h.MACRate, Range: pos}, {Name: "op_rate", Value: &h.OpRate, Range: pos}, {Name: "dram_rate", Value: &h.DRAMRate, Range: pos},
			{Name: "chip_rate", Value: &h.ChipRate, Range: pos},
		}},
	} {
		if err := doc.Decode(table.name, table.params); err != nil {
			return err
		}
	}
	if err := a.decodeCalibration(doc); err != nil {
		return err
	}
	var bad error
	var err error
	a.Components, err = decodeTables(doc, "component", func(c *Component) []quantity.Param {
		name := c.Name
		*c = newComponent()
		path := "component." + name + ".part"
		if part, ok := doc.Text(path); ok {
			found, err := FindPart(part)
			if err != nil && bad == nil {
				bad = doc.Errorf(path, "%v", err)
			}
			if err == nil {
				*c = found
			}
		}
		c.Name = name
		return c.params()
	}, func(c *Component) *string { return &c.Name })
	if bad != nil {
		return bad
	}
	if err != nil {
		return err
	}
	a.Published, err = decodeTables(doc, "published", func(p *Published) []quantity.Param {
		p.Level, p.Use = "chip", "validation"
		kind, _ := doc.Text("published." + p.Name + ".quantity")
		return []quantity.Param{
			{Name: "quantity", Value: &p.Quantity, Options: []string{"power", "area", "throughput", "efficiency", "density", "energy-per-mvm", "energy-per-mac", "mvm-time"}},
			{Name: "level", Value: &p.Level, Options: levels}, {Name: "component", Value: &p.Component},
			{Name: "value", Value: &p.Value, Unit: publishedUnits[kind], Range: pos},
			{Name: "input_bits", Value: &p.InputBits, Range: one}, {Name: "output_bits", Value: &p.OutputBits, Range: one}, {Name: "phases", Value: &p.Phases, Range: one},
			{Name: "tolerance", Value: &p.Tolerance, Range: pos}, {Name: "reason", Value: &p.Reason},
			{Name: "use", Value: &p.Use, Options: []string{"validation", "calibration"}},
			{Name: "source", Value: &p.Source}, {Name: "confidence", Value: &p.Confidence, Options: confidences},
		}
	}, func(p *Published) *string { return &p.Name })
	if err != nil {
		return err
	}
	return doc.Finish([]string{"array", "units", "precision", "timing", "mapping", "host", "component", "published", "calibration"})
}

func (a *Architecture) decodeCalibration(doc *config.Doc) error {
	kind, _ := doc.Text("calibration.quantity")
	return doc.Decode("calibration", []quantity.Param{
		{Name: "quantity", Value: &a.calibration.quantity, Options: []string{"efficiency", "energy-per-mvm"}},
		{Name: "value", Value: &a.calibration.value, Unit: publishedUnits[kind], Range: quantity.Positive()},
	})
}

// check finds what single keys cannot: sizes that do not fit, a cycle without a
// time, and components that cannot be evaluated.
func (a *Architecture) check(doc *config.Doc) error {
	switch {
	case a.Rows == 0 || a.Cols == 0:
		return doc.Errorf("array", "rows and cols are missing: both must be >= 1")
	case a.RowsPerInput > a.Rows:
		return doc.Errorf("array.rows_per_input", "%d is above the rows, %d: must be at most that", a.RowsPerInput, a.Rows)
	}
	p := a.at(0, 0, 0, 0)
	if p.weightCols < 1 {
		return doc.Errorf("array.cols", "%d columns hold no weight of %d: must be at least as many", a.Cols, p.colsPerWeight)
	}
	if !(p.mvmTime > 0) {
		return doc.Errorf("timing", "a product takes no time: cycle, or read, settle and convert, must be > 0 s")
	}
	if a.Technology != "" {
		if _, err := FindTechnology(a.Technology); err != nil {
			return doc.Errorf("array.technology", "%v", err)
		}
	}
	for i := range a.Components {
		c := &a.Components[i]
		if _, err := c.evaluate(a.setting(p)); err != nil {
			key, text, _ := strings.Cut(err.Error(), " ")
			return doc.Errorf("component."+c.Name+"."+strings.TrimSuffix(key, ":"), "%s", strings.TrimPrefix(text, "= "))
		}
		if part, _ := FindPart(c.Part); c.Model != "constant" && c.Energy > 0 && c.Energy != part.Energy {
			return doc.Errorf("component."+c.Name+".energy", "the model %s computes the energy: must be left out or 0 J, or model = \"constant\"", c.Model)
		}
		if c.Power > 0 && c.Per != PerBusy && c.Per != PerTime {
			return doc.Errorf("component."+c.Name+".power", "a component per %s has an energy: must be left out, or per = \"busy\" or \"time\"", c.Per)
		}
		if c.Energy > 0 && (c.Per == PerBusy || c.Per == PerTime) {
			return doc.Errorf("component."+c.Name+".energy", "a component per %s has a power: must be left out", c.Per)
		}
	}
	for _, r := range a.Published {
		if r.Component != "" && !slices.ContainsFunc(a.Components, func(c Component) bool { return c.Name == r.Component }) {
			return doc.Errorf("published."+r.Name+".component", "%q is no component of this architecture", r.Component)
		}
	}
	return nil
}
