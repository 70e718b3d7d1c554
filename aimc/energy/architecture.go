package energy

import (
	"embed"
	"fmt"
	"math"
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
	ChipRate float64 // bits per second between chips
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
	OnePhase   bool // stated for one phase whatever the bits (encoding integration)
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
// "key.path=value" such as "component.adc.energy=2pJ".
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
		Timing: Timing{Encoding: PulseWidth, DACBits: 1, Share: 1, PhaseBits: 3, Sigma: 0.05},
		Policy: Policy{Fit: "more-chips", Chips: 1},
		Host:   Host{MACRate: 1e12, OpRate: 1e12, DRAMRate: 544e9, ChipRate: 204.8e9},
	}
	if err := a.decode(doc); err != nil {
		return nil, err
	}
	if err := a.check(doc); err != nil {
		return nil, err
	}
	if a.calibration.quantity != "" {
		if err := a.Calibrate(a.calibration.quantity, a.calibration.value); err != nil {
			return nil, doc.Errorf("calibration", "%v", err)
		}
	}
	return a, nil
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
			{Name: "encoding", Value: (*string)(&t.Encoding), Options: encodings()}, {Name: "dac_bits", Value: &t.DACBits, Range: one},
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
			{Name: "input_bits", Value: &p.InputBits, Range: one}, {Name: "output_bits", Value: &p.OutputBits, Range: one}, {Name: "one_phase", Value: &p.OnePhase},
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
	p := a.at(0, 0, 0, false)
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
			return doc.Errorf("component."+c.Name+"."+strings.TrimSuffix(key, ":"), "%s", text)
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

// arraysPer returns the arrays in one unit of a level.
func (a *Architecture) arraysPer(level string) float64 {
	n := 1.0
	for i, k := range []int{1, a.ArraysPerCore, a.CoresPerTile, a.TilesPerChip} {
		n *= float64(k)
		if levels[i] == level {
			return n
		}
	}
	return n // the system holds one chip
}

// Arrays returns the number of arrays of a chip.
func (a *Architecture) Arrays() int { return a.ArraysPerCore * a.CoresPerTile * a.TilesPerChip }

// Weights returns the number of weights that a chip holds at its native precision.
func (a *Architecture) Weights() float64 {
	p := a.at(0, 0, 0, false)
	return float64(a.Arrays()) * float64(p.weightRows) * float64(p.weightCols)
}

// A point is an architecture at one precision.
type point struct {
	inBits, weightBits, outBits int
	colsPerWeight               int
	cellsPerWeight              float64
	weightRows, weightCols      int // weights of an array
	pulses                      int // of an input
	phases                      int // conversions of a column for one product
	integrations, decisions     int
	mvmTime                     float64 // s
}

// at returns the architecture at a precision; 0 is the native one, and the native
// one is used throughout where the precision is fixed.
func (a *Architecture) at(in, weight, out int, onePhase bool) point {
	p := point{inBits: in, weightBits: weight, outBits: out}
	if a.FixedPrecision || in == 0 {
		p.inBits = a.InputBits
	}
	if a.FixedPrecision || weight == 0 {
		p.weightBits = a.WeightBits
	}
	if a.FixedPrecision || out == 0 {
		p.outBits = a.OutputBits
	}
	p.colsPerWeight = a.ColsPerWeight
	if p.colsPerWeight == 0 {
		p.colsPerWeight = (p.weightBits + a.CellBits - 1) / a.CellBits
		if a.Differential {
			p.colsPerWeight *= 2
		}
	}
	p.cellsPerWeight = float64(a.CellsPerWeight)
	if a.CellsPerWeight == 0 {
		p.cellsPerWeight = float64(p.colsPerWeight * a.RowsPerInput)
	}
	p.weightRows, p.weightCols = a.Rows/a.RowsPerInput, a.Cols/p.colsPerWeight
	t := &a.Timing
	cycle := t.Cycle
	if cycle == 0 {
		convert := float64(t.Share) * t.Convert
		if t.Pipelined {
			cycle = math.Max(t.Read+t.Settle, convert)
		} else {
			cycle = t.Read + t.Settle + convert
		}
	}
	p.pulses, p.phases = 1, 1
	switch t.Encoding {
	case BitSerial:
		p.pulses = (p.inBits + t.DACBits - 1) / t.DACBits
		p.phases = p.pulses
	case Unary:
		p.pulses = 1<<p.inBits - 1
	}
	p.mvmTime = float64(p.phases) * cycle
	switch t.Encoding {
	case Unary:
		p.mvmTime = float64(p.pulses)*(t.Read+t.Settle) + float64(t.Share)*t.Convert
		if t.Cycle > 0 {
			p.mvmTime = float64(p.pulses) * t.Cycle
		}
	case Integration:
		a.integrate(&p, onePhase)
	}
	return p
}

// integrate counts the steps of a neuron that integrates signed inputs bit by bit
// and then decides its output bit by bit: W. Wan et al., Nature 608, 504 (2022),
// doi:10.1038/s41586-022-04992-8. Inputs with more magnitude bits than a phase
// takes are done in two phases, the second with the output bits that are left.
func (a *Architecture) integrate(p *point, onePhase bool) {
	t := &a.Timing
	n := max(1, p.inBits-1)
	parts := []int{n}
	if n > t.PhaseBits && !onePhase {
		parts = []int{(n + 1) / 2, n / 2}
	}
	done := 0
	for _, k := range parts {
		p.integrations += 1<<k - 1
		p.decisions += max(1, p.outBits-done)
		done += k
	}
	p.pulses, p.phases = n, len(parts)
	p.mvmTime = float64(p.integrations)*t.Integrate + float64(p.decisions)*t.Decision + float64(p.phases)*t.Sample
}

func (a *Architecture) setting(p point) setting {
	return setting{node: a.Node, supply: a.Supply, inBits: p.inBits, outBits: p.outBits, rows: a.Rows, cols: a.Cols, encoding: a.Timing.Encoding, extrapolate: a.Extrapolate}
}

// A load is what products ask of arrays, summed over them.
type load struct {
	rows, cols float64 // weight rows driven and weight columns converted
	macs       float64
	products   float64 // of an array
	density    float64 // share of inputs that are not zero
}

// add counts the activities of a load.
func (p *point) add(c *counts, l load, rowsPerInput int) {
	rows := l.rows * float64(rowsPerInput)
	cols := l.cols * float64(p.colsPerWeight)
	pulses := float64(p.pulses)
	c.add(PerRow, rows*pulses*l.density)
	c.add(PerColumn, cols*float64(p.phases))
	c.add(PerColumnPulse, cols*pulses)
	c.add(PerCell, l.macs*float64(rowsPerInput*p.colsPerWeight)*pulses*l.density)
	c.add(PerMAC, l.macs)
	c.add(PerMACPulse, l.macs*pulses)
	c.add(PerIntegration, cols*float64(p.integrations))
	c.add(PerDecision, cols*float64(p.decisions))
	c.add(PerMVM, l.products)
	c.add(PerInputBit, l.rows*float64(p.inBits))
	c.add(PerOutputBit, l.cols*float64(p.outBits))
}

// Totals are an architecture's own numbers with every array at work and every
// input full, per unit of a level.
type Totals struct {
	Power        float64 // W
	Area         float64 // m²
	Throughput   float64 // operations per second; one MAC is two
	EnergyPerMVM float64 // J, of one array
	EnergyPerMAC float64 // J
	MVMTime      float64 // s
}

// Efficiency returns operations per joule; 1e12 is one TOPS/W.
func (t Totals) Efficiency() float64 { return t.Throughput / t.Power }

// Density returns operations per second and square metre; 1e18 is one TOPS/mm².
func (t Totals) Density() float64 { return t.Throughput / t.Area }

// Peak rolls the components up to one unit of a level, with all that stands
// inside it, at a precision (0 is the native one). Components that act on
// digital work or traffic have no peak and are left out. An empty name takes all
// components. The error names a component that cannot be evaluated.
func (a *Architecture) Peak(level, component string, inBits, outBits int, onePhase bool) (Totals, error) {
	top := slices.Index(levels, level)
	if top < 0 {
		return Totals{}, fmt.Errorf("unknown level %q: must be one of %s%s", level, strings.Join(levels, ", "), quantity.DidYouMean(level, levels))
	}
	p := a.at(inBits, 0, outBits, onePhase)
	var full counts
	rows, cols := float64(p.weightRows), float64(p.weightCols)
	p.add(&full, load{rows: rows, cols: cols, macs: rows * cols, products: 1, density: 1}, a.RowsPerInput)
	arrays := a.arraysPer(level)
	var t Totals
	for i := range a.Components {
		c := &a.Components[i]
		if component != "" && c.Name != component || slices.Index(levels, c.Level) > top {
			continue
		}
		k, err := c.evaluate(a.setting(p))
		if err != nil {
			return t, fmt.Errorf("component.%s: %w", c.Name, err)
		}
		n := c.Count * arrays / a.arraysPer(c.Level)
		t.Area += n * k.area
		switch c.Per {
		case PerBusy, PerTime:
			t.Power += n * k.power
		default:
			t.Power += k.energy * full[index(c.Per)] * arrays / p.mvmTime
		}
	}
	t.Area *= 1 + a.Wiring
	t.MVMTime = p.mvmTime
	t.Throughput = 2 * arrays * float64(p.weightRows) * float64(p.weightCols) / p.mvmTime
	t.EnergyPerMVM = t.Power * p.mvmTime / arrays
	t.EnergyPerMAC = 2 * t.Power / t.Throughput
	return t, nil
}

// Rollup returns the number that the components give for a published one.
func (a *Architecture) Rollup(r Published) (float64, error) {
	t, err := a.Peak(r.Level, r.Component, r.InputBits, r.OutputBits, r.OnePhase)
	if err != nil {
		return 0, err
	}
	switch r.Quantity {
	case "power":
		return t.Power, nil
	case "area":
		return t.Area, nil
	case "throughput":
		return t.Throughput, nil
	case "efficiency":
		return t.Efficiency(), nil
	case "density":
		return t.Density(), nil
	case "energy-per-mvm":
		return t.EnergyPerMVM, nil
	case "energy-per-mac":
		return t.EnergyPerMAC, nil
	case "mvm-time":
		return t.MVMTime, nil
	}
	return 0, fmt.Errorf("quantity = %q: is unknown", r.Quantity)
}

// Calibrate multiplies the energy and power of every component beside the array
// itself (those without array = true) by one factor, so that the chip at its peak
// has the published efficiency (operations per joule) or energy per MVM (J). The
// factor is kept in Calibrated. The error tells that the array alone takes more, or
// that there is no periphery to rescale.
func (a *Architecture) Calibrate(kind string, value float64) error {
	if !(value > 0) || math.IsInf(value, 0) {
		return fmt.Errorf("value = %g: must be > 0", value)
	}
	t, err := a.Peak("chip", "", 0, 0, false)
	if err != nil {
		return err
	}
	target := value
	switch kind {
	case "energy-per-mvm":
	case "efficiency":
		target = t.Throughput / value * t.MVMTime / float64(a.Arrays())
	default:
		return fmt.Errorf("quantity = %q: must be efficiency or energy-per-mvm", kind)
	}
	own := 0.0
	for _, c := range a.Components {
		if c.Array && c.Level != "system" {
			k, err := a.Peak("chip", c.Name, 0, 0, false)
			if err != nil {
				return err
			}
			own += k.EnergyPerMVM
		}
	}
	rest := t.EnergyPerMVM - own
	switch {
	case target <= own:
		return fmt.Errorf("the array alone takes %s of the %s per product that are published: nothing is left for the periphery", round(own, "J"), round(target, "J"))
	case rest <= 0:
		return fmt.Errorf("there is no periphery to rescale")
	}
	f := (target - own) / rest
	for i := range a.Components {
		c := &a.Components[i]
		if c.Array || c.Level == "system" {
			continue
		}
		c.calibrated(f)
	}
	a.Calibrated = &Calibration{kind, value, f}
	return nil
}
