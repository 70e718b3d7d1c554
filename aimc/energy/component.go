package energy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"mho/internal/quantity"
)

// An Activity is what a component acts on: its energy is counted once for each.
type Activity string

// The activities. Those up to MVM are counted on the arrays, with all pulses and
// phases of an input; the others over the whole inference.
const (
	PerRow         Activity = "row"          // an input pulse on a line
	PerColumn      Activity = "column"       // a conversion of a column: one per column and phase
	PerColumnPulse Activity = "column-pulse" // a column, for each input pulse
	PerCell        Activity = "cell"         // a cell read by a pulse
	PerMAC         Activity = "mac"          // a multiplication of the stored matrix
	PerMACPulse    Activity = "mac-pulse"    // a multiplication, for each input pulse
	PerIntegration Activity = "integration"  // an integration step of a column (encoding integration)
	PerDecision    Activity = "decision"     // a decision step of a column (encoding integration)
	PerMVM         Activity = "mvm"          // a product of one array
	PerInputBit    Activity = "input-bit"    // a bit handed to an array
	PerOutputBit   Activity = "output-bit"   // a bit taken from an array
	PerNetworkBit  Activity = "network-bit"  // a bit moved between tiles
	PerChipBit     Activity = "chip-bit"     // a bit moved between chips
	PerVectorOp    Activity = "vector-op"    // a digital operation: activation, normalisation, addition
	PerDynamicMAC  Activity = "dynamic-mac"  // a multiplication of two operands that both change, as in attention
	PerMemoryBit   Activity = "memory-bit"   // a bit of the inputs and outputs of layers written to and read from buffers
	PerDRAMBit     Activity = "dram-bit"     // a bit from or to memory outside: embeddings, KV cache, reloaded weights
	PerCellWrite   Activity = "cell-write"   // a cell programmed
	PerBusy        Activity = "busy"         // power while the arrays around it work
	PerTime        Activity = "time"         // power for the whole inference
)

// activities lists all, in the order of the counts; PerBusy and PerTime are last
// and are no counts.
var activities = []Activity{
	PerRow, PerColumn, PerColumnPulse, PerCell, PerMAC, PerMACPulse, PerIntegration, PerDecision, PerMVM, PerInputBit, PerOutputBit,
	PerNetworkBit, PerChipBit, PerVectorOp, PerDynamicMAC, PerMemoryBit, PerDRAMBit, PerCellWrite, PerBusy, PerTime,
}

// counts holds a number for each activity.
type counts [20]float64

func index(a Activity) int { return slices.Index(activities, a) }

func (c *counts) add(a Activity, n float64) { c[index(a)] += n }

// Levels of an architecture, from the inside out.
var levels = []string{"array", "core", "tile", "chip", "system"}

// models says how a component's cost is computed.
var models = append([]string{"constant", "read", "line", "charge-dac", "adder", "multiplier", "mac", "sram", "write"}, adcModelNames()...)

func adcModelNames() []string {
	var out []string
	for _, m := range ADCModels() {
		out = append(out, "adc-"+m)
	}
	return out
}

// A Component is a part of an architecture. What is 0 or empty is not used by
// its model or is taken from the architecture.
type Component struct {
	Name    string
	Part    string // of data/parts.toml, whose values are the defaults
	Summary string
	Model   string // see docs/energy.md
	Level   string // where it stands: array, core, tile, chip or system
	Count   float64
	Per     Activity
	Energy  float64 // of one action, J
	Power   float64 // of one instance, W, for PerBusy and PerTime
	Area    float64 // of one instance, m²

	Bits             int     // resolution or word length
	Rate             float64 // actions per second of one instance, Hz
	Node             float64 // of the numbers, m
	Voltage          float64 // V
	Supply           float64 // that a linear regulator makes Voltage from, V
	Capacitance      float64 // per crossing, F
	CapacitanceFixed float64 // per line, F
	Conductance      float64 // mean of a cell, S
	Time             float64 // of a full input or of a pulse, s
	Size             int     // bytes of a memory
	Technology       string  // of the cells that it writes

	Scaled     bool    // scale as digital logic from Node to the node of the architecture
	Array      bool    // part of the array itself, not of the periphery that calibration rescales
	Factor     string  // shared factor of uncertainty
	Sigma      float64 // of log10 of the energy; -1 takes that of the factor
	Source     string
	Confidence string

	gain float64 // factor of a calibration less 1
}

// periphery reports whether calibration rescales c.
func (c *Component) periphery() bool { return !c.Array && c.Level != "system" }

// calibrated multiplies what c takes by f.
func (c *Component) calibrated(f float64) { c.gain = (1+c.gain)*f - 1 }

func (c *Component) params() []quantity.Param {
	non := quantity.NonNegative()
	return []quantity.Param{
		{Name: "part", Value: &c.Part, Meaning: "part whose numbers are the defaults, a name from mho list components"},
		{Name: "summary", Value: &c.Summary, Meaning: "what it is"},
		{Name: "model", Value: &c.Model, Options: models, Meaning: "how its cost is computed"},
		{Name: "level", Value: &c.Level, Options: levels, Meaning: "where it stands"},
		{Name: "count", Value: &c.Count, Range: non, Meaning: "instances in each unit of its level"},
		{Name: "per", Value: (*string)(&c.Per), Options: activityNames(), Meaning: "what its energy is counted for"},
		{Name: "energy", Value: &c.Energy, Unit: "J", Range: non, Meaning: "energy of one action"},
		{Name: "power", Value: &c.Power, Unit: "W", Range: non, Meaning: "power of one instance while it is on"},
		{Name: "area", Value: &c.Area, Unit: "m^2", Range: non, Meaning: "area of one instance"},
		{Name: "bits", Value: &c.Bits, Range: quantity.Between(0, 64), Meaning: "resolution or word length; 0 takes the architecture's precision"},
		{Name: "rate", Value: &c.Rate, Unit: "Hz", Range: non, Meaning: "conversions per second of one instance"},
		{Name: "node", Value: &c.Node, Unit: "m", Range: non, Meaning: "technology node of the numbers; 0 is the architecture's"},
		{Name: "voltage", Value: &c.Voltage, Unit: "V", Range: non, Meaning: "supply, swing or read voltage; 0 is the architecture's supply"},
		{Name: "supply", Value: &c.Supply, Unit: "V", Range: non, Meaning: "voltage that a linear regulator makes the read voltage from; 0 is an ideal supply"},
		{Name: "capacitance", Value: &c.Capacitance, Unit: "F", Range: non, Meaning: "capacitance of a line per crossing"},
		{Name: "capacitance_fixed", Value: &c.CapacitanceFixed, Unit: "F", Range: non, Meaning: "capacitance of a line that does not grow with the array"},
		{Name: "conductance", Value: &c.Conductance, Unit: "S", Range: non, Meaning: "mean conductance of a cell"},
		{Name: "time", Value: &c.Time, Unit: "s", Range: non, Meaning: "duration of a full input, or of one pulse"},
		{Name: "size", Value: &c.Size, Range: quantity.AtLeast(0), Meaning: "bytes of a memory"},
		{Name: "technology", Value: &c.Technology, Meaning: "technology of the cells that are written"},
		{Name: "scaled", Value: &c.Scaled, Meaning: "scale the energy and area as digital logic from node to the architecture's node"},
		{Name: "array", Value: &c.Array, Meaning: "part of the array itself: calibration leaves it alone"},
		{Name: "factor", Value: &c.Factor, Meaning: "shared factor of uncertainty"},
		{Name: "sigma", Value: &c.Sigma, Range: quantity.Between(-1, 3), Meaning: "standard deviation of log10 of the energy; -1 takes the factor's"},
		{Name: "source", Value: &c.Source, Meaning: "where the numbers are from"},
		{Name: "confidence", Value: &c.Confidence, Options: confidences, Meaning: "how far they can be trusted"},
	}
}

func activityNames() []string {
	out := make([]string, len(activities))
	for i, a := range activities {
		out[i] = string(a)
	}
	return out
}

func newComponent() Component {
	return Component{Model: "constant", Level: "array", Count: 1, Per: PerMVM, Factor: "analog", Sigma: -1, Source: "assumption", Confidence: "assumption"}
}

var partData = sync.OnceValue(func() []Component {
	text, _ := data.ReadFile("data/parts.toml")
	return tables(text, "data/parts.toml", "part", func(c *Component) []quantity.Param {
		name := c.Name
		*c = newComponent()
		c.Name = name
		return c.params()
	}, func(c *Component) *string { return &c.Name })
})

// Parts lists the components that ship, by which architectures name them.
func Parts() []Component { return slices.Clone(partData()) }

// FindPart returns the part of a name.
func FindPart(name string) (Component, error) {
	var names []string
	for _, c := range partData() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Component{}, fmt.Errorf("unknown component %q: see mho list components%s", name, quantity.DidYouMean(name, names))
}

// A Factor is a shared source of uncertainty.
type Factor struct {
	Name       string
	Sigma      float64 // standard deviation of log10 of the energy
	Summary    string
	Source     string
	Confidence string
}

var factorData = sync.OnceValue(func() []Factor {
	text, _ := data.ReadFile("data/factors.toml")
	return tables(text, "data/factors.toml", "factor", func(f *Factor) []quantity.Param {
		return []quantity.Param{
			{Name: "sigma", Value: &f.Sigma, Range: quantity.NonNegative()}, {Name: "summary", Value: &f.Summary},
			{Name: "source", Value: &f.Source}, {Name: "confidence", Value: &f.Confidence, Options: confidences},
		}
	}, func(f *Factor) *string { return &f.Name })
})

// Factors lists the shared factors of uncertainty.
func Factors() []Factor { return slices.Clone(factorData()) }

func findFactor(name string) (Factor, error) {
	var names []string
	for _, f := range factorData() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Factor{}, fmt.Errorf("unknown factor %q: must be one of %s%s", name, strings.Join(names, ", "), quantity.DidYouMean(name, names))
}

// A setting is what a component takes from the architecture around it.
type setting struct {
	node, supply float64
	inBits       int
	outBits      int
	rows, cols   int
	encoding     Encoding
	extrapolate  bool
}

// A cost is a component evaluated: what one action or instance takes.
type cost struct {
	energy, power, area float64
	sigma               float64
	bands               []float64 // log10 of energy at P10 ... P90, instead of sigma
	scaleSigma          float64   // of scaling between nodes
	warnings            []string
}

// Cost returns the energy in J of one action, the power in W and the area in m²
// of one instance of a part as it stands, at its own node, for lists and surveys.
// What lies outside the range of a fit is told in outside.
func (c Component) Cost() (energy, power, area float64, outside []string, err error) {
	k, err := c.evaluate(setting{node: c.Node, supply: c.Voltage, inBits: 8, outBits: 8, rows: 128, cols: 128, encoding: PulseWidth, extrapolate: true})
	return k.energy, k.power, k.area, k.warnings, err
}

// evaluate computes the cost of c; the error starts with the key it is about.
func (c *Component) evaluate(s setting) (cost, error) {
	out, err := c.law(s)
	out.energy *= 1 + c.gain
	out.power *= 1 + c.gain
	for i := range out.bands {
		out.bands[i] += math.Log10(1 + c.gain)
	}
	return out, err
}

func (c *Component) law(s setting) (cost, error) {
	f, err := findFactor(c.Factor)
	if err != nil {
		return cost{}, fmt.Errorf("factor %w", err)
	}
	out := cost{energy: c.Energy, power: c.Power, area: c.Area, sigma: c.Sigma}
	if out.sigma < 0 {
		out.sigma = f.Sigma
	}
	node, v := c.Node, c.Voltage
	if node == 0 {
		node = s.node
	}
	if v == 0 {
		v = s.supply
	}
	bits := c.Bits
	if bits == 0 {
		bits = s.outBits
		if c.Model == "charge-dac" {
			bits = s.inBits
		}
	}
	need := func(name string, x float64, unit string) error {
		if x > 0 {
			return nil
		}
		return fmt.Errorf("%s = %g: must be > 0 %s for the model %s", name, x, unit, c.Model)
	}
	b := float64(bits)
	switch c.Model {
	case "constant":
	case "read":
		for _, x := range []struct {
			name, unit string
			v          float64
		}{{"voltage", "V", v}, {"time", "s", c.Time}, {"conductance", "S", c.Conductance}} {
			if err := need(x.name, x.v, x.unit); err != nil {
				return out, err
			}
		}
		out.energy = Read{Voltage: v, Supply: c.Supply}.rail() * v * v * c.Conductance * c.Time * s.encoding.MeanFactor()
		if c.Supply != 0 && c.Supply < v {
			return out, fmt.Errorf("supply = %g V: must be 0 or at least the read voltage, %g V", c.Supply, v)
		}
	case "line":
		if err := need("voltage", v, "V"); err != nil {
			return out, err
		}
		// The charge C V is drawn from the same supply.
		out.energy = (c.Capacitance*float64(s.cols) + c.CapacitanceFixed) * v * v
	case "charge-dac":
		if err := need("voltage", v, "V"); err != nil {
			return out, err
		}
		out.energy = 50e-15 * b * v * v
	case "adder":
		out.energy = AdderEnergy(bits)
	case "multiplier":
		out.energy = MultiplierEnergy(bits)
	case "mac":
		out.energy = MultiplierEnergy(bits) + AdderEnergy(32)
	case "sram":
		if err := need("size", float64(c.Size), "bytes"); err != nil {
			return out, err
		}
		out.energy = SRAMEnergy(float64(c.Size)) / 64
	case "write":
		t, err := FindTechnology(c.Technology)
		if err != nil {
			return out, fmt.Errorf("technology %w", err)
		}
		out.energy = t.CellEnergy()
	default: // adc-...
		name := strings.TrimPrefix(c.Model, "adc-")
		conv, err := ADC{Bits: bits, Rate: c.Rate, Node: node, Voltage: v, Rows: s.rows}.Convert(name)
		if err != nil {
			return out, err
		}
		if len(conv.Outside) > 0 && !s.extrapolate {
			return out, fmt.Errorf("model %s: extrapolate = true allows it", strings.Join(conv.Outside, "; "))
		}
		out.warnings = append(out.warnings, conv.Outside...)
		out.energy, out.bands = conv.Energy, conv.Bands
		if out.area == 0 {
			out.area = conv.Area
		}
		if name == "silicon" && c.Sigma < 0 {
			silicon, _ := findFactor("adc-silicon")
			out.sigma = silicon.Sigma
		}
	}
	if c.Scaled && (node != s.node || v != s.supply) {
		k, err := ScaleLogic(node, v, s.node, s.supply)
		if err != nil {
			return out, err
		}
		if len(k.Outside) > 0 && !s.extrapolate {
			return out, fmt.Errorf("node %s: extrapolate = true allows it", strings.Join(k.Outside, "; "))
		}
		out.warnings = append(out.warnings, k.Outside...)
		out.energy *= k.Energy
		out.power *= k.Energy
		out.area *= k.Area
		out.scaleSigma = k.Sigma
		for i := range out.bands {
			out.bands[i] += math.Log10(k.Energy)
		}
	}
	return out, nil
}

// AdderEnergy returns the energy in J of an addition of integers of so many bits
// at 45 nm and 0.9 V: 3.125 fJ a bit, through 0.1 pJ for 32 bits (M. Horowitz, ISSCC 2014,
// doi:10.1109/ISSCC.2014.6757323).
func AdderEnergy(bits int) float64 { return 0.003125e-12 * float64(bits) }

// MultiplierEnergy returns the energy in J of a multiplication of integers at 45 nm
// and 0.9 V, quadratic in the bits through 0.2 pJ for 8 and 3.1 pJ for 32 (M. Horowitz, ISSCC
// 2014, doi:10.1109/ISSCC.2014.6757323). Published sets differ by a factor of four.
func MultiplierEnergy(bits int) float64 {
	b := float64(bits)
	return (0.00299479*b*b + 0.00104167*b) * 1e-12
}

// SRAMEnergy returns the energy in J of a 64-bit access to an SRAM of so many
// bytes at 45 nm and 0.9 V: 10 pJ at 8 KB, growing as the square root (M. Horowitz, ISSCC 2014,
// doi:10.1109/ISSCC.2014.6757323).
func SRAMEnergy(bytes float64) float64 { return 10e-12 * math.Sqrt(bytes/8192) }
