package crossbar

import (
	"context"
	"fmt"
	"math"
)

// A ReadTest describes the reading of one cell among others that are all in one state.
// Which state of the others is the worst depends: they feed sneak currents into the
// bit line, and they take voltage from the selected cell. Both are therefore looked
// at. On sneak paths see M. A. Zidan et al., Microelectronics Journal 44, 176 (2013).
type ReadTest struct {
	Rows, Cols int     // size of the array
	Row, Col   int     // cell that is read, counted from 0; row 0, column Cols-1 is farthest from driver and sense amplifier
	GOn        float64 // conductance of the low-resistance state, S
	GOff       float64 // conductance of the high-resistance state, below GOn, S
	V          float64 // read voltage, V
	Scheme     Scheme  // of the lines that are not selected
	Wires      Wires
	IV         IVCurve // law of the devices; nil is Ohmic. A SwitchingCurve goes from case to case with its branches
}

// A Reading is what the sense amplifier of the selected bit line gets, and what
// of it does not come from the selected cell.
type Reading struct {
	I     float64 // current into the terminals of the bit line, A
	Sneak float64 // I less the current of the selected cell, A
}

// A Margin tells how far the readings of both states are apart.
type Margin struct {
	// Readings of the selected cell in its low-resistance and high-resistance
	// state among cells that are all in the low-resistance (first) or all in the
	// high-resistance state (second).
	On, Off [2]Reading
	// Margin is the smaller (I on - I off) / I on for the same other cells, as a sense
	// amplifier sees it that knows them.
	Margin float64
	// Worst is (I on - I off) / I on with the smallest current of a cell that
	// is on and the largest of one that is off: the window for a fixed reference,
	// negative where there is none.
	Worst float64
	// ErrorBound is the largest of the four solutions, see Operating.
	ErrorBound float64
}

// Validate returns an error for a size or cell outside the range, conductances
// that are not finite, negative or in the wrong order, or a voltage of 0.
func (r *ReadTest) Validate() error {
	if !(r.GOff >= 0 && r.GOff < r.GOn) || math.IsInf(r.GOn, 1) {
		return fmt.Errorf("crossbar: conductances of the states are %g and %g S: must be finite, not negative, and the first above the second", r.GOn, r.GOff)
	}
	if r.V == 0 {
		return fmt.Errorf("crossbar: read voltage is 0 V: must not be 0")
	}
	_, err := r.Scheme.Bias(r.Rows, r.Cols, r.Row, r.Col, r.V)
	return err
}

// Margin reads the cell in both states among others in either state. The errors are those of
// Validate and SolveBias; GOff = 0 with lines that float is refused as a
// network with nodes that no terminal reaches.
func (r *ReadTest) Margin(ctx context.Context, set *Settings) (*Margin, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	b, err := r.Scheme.Bias(r.Rows, r.Cols, r.Row, r.Col, r.V)
	if err != nil {
		return nil, err
	}
	a := Array{Rows: r.Rows, Cols: r.Cols, G: make([]float64, r.Rows*r.Cols), Wires: r.Wires}
	cell := r.Row*r.Cols + r.Col
	var m Margin
	for k, others := range []float64{r.GOn, r.GOff} {
		for i := range a.G {
			a.G[i] = others
		}
		for _, x := range []struct {
			reading *Reading
			g       float64
		}{{&m.On[k], r.GOn}, {&m.Off[k], r.GOff}} {
			a.G[cell] = x.g
			p, err := a.SolveBias(ctx, b, r.IV, set)
			if err != nil {
				return nil, err
			}
			*x.reading = Reading{I: p.IBit[r.Col], Sneak: p.IBit[r.Col] - p.IDevice[cell]}
			m.ErrorBound = max(m.ErrorBound, p.ErrorBound)
		}
	}
	window := func(on, off float64) float64 { return (on - off) / on }
	sign := math.Copysign(1, r.V) // a negative voltage is read by its currents' magnitudes
	i := func(x Reading) float64 { return sign * x.I }
	m.Margin = min(window(i(m.On[0]), i(m.Off[0])), window(i(m.On[1]), i(m.Off[1])))
	m.Worst = window(min(i(m.On[0]), i(m.On[1])), max(i(m.Off[0]), i(m.Off[1])))
	return &m, nil
}
