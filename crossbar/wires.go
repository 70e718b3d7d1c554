package crossbar

import (
	"fmt"
	"math"
	"slices"

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

	// RWordMap replaces RWord by a resistance for every word line segment, in Ω, of degraded
	// lines, or +Inf where a line is broken: Rows x (Cols+1), row-major. Element k of a row leads
	// to device k from the left, element 0 from the driver; the last leads from the last device
	// to the far end and matters with Double only. 0 is not allowed: 1 nΩ is as
	// good. The default nil is RWord throughout.
	RWordMap []float64
	// RBitMap replaces RBit likewise, (Rows+1) x Cols: row k leads to device k from above,
	// row 0 from the far end, which matters with Double only, and the last row to the
	// sense amplifier.
	RBitMap []float64
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
	return w.wordTerminals() && w.bitTerminals()
}

// wordTerminals reports whether the devices of a word line are at its terminal.
func (w Wires) wordTerminals() bool { return w.RWord == 0 && w.RDriver == 0 && w.RWordMap == nil }

// bitTerminals reports whether the devices of a bit line are at its terminal.
func (w Wires) bitTerminals() bool { return w.RBit == 0 && w.RSense == 0 && w.RBitMap == nil }

// broken reports whether a segment is broken.
func (w Wires) broken() bool {
	infinite := func(r float64) bool { return math.IsInf(r, 1) }
	return slices.ContainsFunc(w.RWordMap, infinite) || slices.ContainsFunc(w.RBitMap, infinite)
}

// equal reports whether w and x are the same.
func (w Wires) equal(x Wires) bool {
	return w.RWord == x.RWord && w.RBit == x.RBit && w.RDriver == x.RDriver && w.RSense == x.RSense && w.Topology == x.Topology &&
		slices.Equal(w.RWordMap, x.RWordMap) && slices.Equal(w.RBitMap, x.RBitMap)
}

// clone returns wires with maps of their own.
func (w Wires) clone() Wires {
	w.RWordMap, w.RBitMap = slices.Clone(w.RWordMap), slices.Clone(w.RBitMap)
	return w
}

// Validate returns an error if a resistance is negative or not finite, or the
// topology unknown. Array.Validate looks at the maps, which must fit the array.
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

// fit returns an error if a map does not fit an array of the size, or an element is not allowed.
func (w Wires) fit(rows, cols int) error {
	for _, m := range []struct {
		name       string
		r          []float64
		rows, cols int
	}{{"word", w.RWordMap, rows, cols + 1}, {"bit", w.RBitMap, rows + 1, cols}} {
		if m.r != nil && len(m.r) != m.rows*m.cols {
			return fmt.Errorf("r_%s_map: %d resistances for an array of %d rows and %d columns: must be %d x %d", m.name, len(m.r), rows, cols, m.rows, m.cols)
		}
		for k, r := range m.r {
			if !(r >= line.MinOhm && r <= line.MaxOhm) && !math.IsInf(r, 1) {
				return fmt.Errorf("r_%s_map: resistance at row %d, column %d is %g ohm: must be > 0 ohm (from %g to %g), or inf where the line is broken",
					m.name, k/m.cols, k%m.cols, r, line.MinOhm, line.MaxOhm)
			}
		}
	}
	return nil
}

func (w Wires) network(rows, cols int) line.Network {
	return line.Network{
		Rows: rows, Cols: cols,
		RWord: w.RWord, RBit: w.RBit, RDriver: w.RDriver, RSense: w.RSense, Double: w.Topology == Double,
		RWordMap: w.RWordMap, RBitMap: w.RBitMap,
	}
}

// turned returns the wires of the array of rows x cols devices that is turned over: its word
// lines are the bit lines of w, driven where w senses.
func (w Wires) turned(rows, cols int) Wires {
	t := Wires{RWord: w.RBit, RBit: w.RWord, RDriver: w.RSense, RSense: w.RDriver, Topology: w.Topology}
	// The new rows are the columns, and both are counted from the other end.
	over := func(r []float64, rows, cols int) []float64 {
		if r == nil {
			return nil
		}
		t := make([]float64, len(r))
		for i := range rows {
			for j := range cols {
				t[(cols-1-j)*rows+rows-1-i] = r[i*cols+j]
			}
		}
		return t
	}
	t.RWordMap, t.RBitMap = over(w.RBitMap, rows+1, cols), over(w.RWordMap, rows, cols+1)
	return t
}

// least returns the lowest of the resistances r or, if there is one, of the map m.
func least(r float64, m []float64) float64 {
	if m == nil {
		return r
	}
	return slices.Min(m)
}
