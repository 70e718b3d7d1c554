package crossbar

import (
	"fmt"

	"mho/crossbar/internal/line"
	"mho/internal/quantity"
)

// A Topology says from which ends the lines are driven and sensed.
type Topology string

const (
	Single Topology = "single" // word lines driven at column 0, bit lines grounded at the last row
	Double Topology = "double" // at both ends of every line, by the same voltages; both output currents are summed
)

// Wires describes the wires of an array and what they end in. Zero is an ideal
// wire, and the zero value has ideal wires throughout.
//
// Word line i runs from its source through RDriver + RWord to the device of
// column 0 and through one RWord to each next device; bit line j has one RBit
// between devices and ends through RBit + RSense in ground below the last row.
type Wires struct {
	RWord    float64  // resistance of a word line segment, Ω
	RBit     float64  // resistance of a bit line segment, Ω
	RDriver  float64  // resistance of a driver, Ω
	RSense   float64  // input resistance of a sense amplifier, Ω
	Topology Topology // Single or Double; the empty text is Single
}

// Params declares the parameters, for the table [array].
func (w *Wires) Params() []quantity.Param {
	if w.Topology == "" {
		w.Topology = Single
	}
	r := func(name string, value *float64, meaning string) quantity.Param {
		return quantity.Param{Name: name, Value: value, Unit: "ohm", Range: quantity.NonNegative(), Meaning: meaning, Source: "assumption"}
	}
	return []quantity.Param{
		r("r_word", &w.RWord, "resistance of a word line segment between neighbouring devices"),
		r("r_bit", &w.RBit, "resistance of a bit line segment between neighbouring devices"),
		r("r_driver", &w.RDriver, "resistance of a driver, in series with the first word line segment"),
		r("r_sense", &w.RSense, "input resistance of a sense amplifier, in series with the last bit line segment"),
		{
			Name: "topology", Value: (*string)(&w.Topology), Options: []string{string(Single), string(Double)},
			Meaning: "ends at which lines are driven and sensed: one, or both", Source: "assumption",
		},
	}
}

// Ideal reports whether no wire, driver or sense amplifier has resistance.
func (w Wires) Ideal() bool {
	return w.RWord == 0 && w.RBit == 0 && w.RDriver == 0 && w.RSense == 0
}

// Validate returns an error if a resistance is negative or not finite, or the
// topology unknown.
func (w Wires) Validate() error {
	for _, p := range w.Params() {
		if x, ok := p.Value.(*float64); ok && !p.Range.Contains(*x) {
			return fmt.Errorf("%s is %g ohm: must be %s", p.Name, *x, p.Range.Text(p.Unit))
		}
	}
	if w.Topology != "" && w.Topology != Single && w.Topology != Double {
		return fmt.Errorf("topology is %q: must be %q or %q", w.Topology, Single, Double)
	}
	return nil
}

func (w Wires) network(rows, cols int) line.Network {
	return line.Network{
		Rows: rows, Cols: cols,
		RWord: w.RWord, RBit: w.RBit, RDriver: w.RDriver, RSense: w.RSense, Double: w.Topology == Double,
	}
}

// turned returns the wires of the array that is turned over: its word lines are
// the bit lines of w, driven where w senses.
func (w Wires) turned() Wires {
	return Wires{RWord: w.RBit, RBit: w.RWord, RDriver: w.RSense, RSense: w.RDriver, Topology: w.Topology}
}
