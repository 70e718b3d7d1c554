package crossbar

import (
	"fmt"
	"math"
	"slices"
)

// A Change is a new conductance of a device: one that was programmed, or that of a
// fault, 0 S for an open device and some large number for a short circuit.
type Change struct {
	Row, Col int     // of the device, counted from 0
	G        float64 // new conductance, S
}

// Apply changes devices; of several changes of one device the last counts. The error names a
// change of a device outside the array, or to a conductance that is negative or not finite;
// after an error nothing is changed.
func (a *Array) Apply(changes []Change) error {
	g, err := a.changed(changes)
	if err != nil {
		return err
	}
	a.G = g
	return nil
}

// changed returns the conductances after changes.
func (a *Array) changed(changes []Change) ([]float64, error) {
	g := slices.Clone(a.G)
	for _, c := range changes {
		if c.Row < 0 || c.Row >= a.Rows || c.Col < 0 || c.Col >= a.Cols {
			return nil, fmt.Errorf("crossbar: change of the device at row %d, column %d: must be in an array of %d x %d", c.Row, c.Col, a.Rows, a.Cols)
		}
		if !(c.G >= 0) || math.IsInf(c.G, 1) {
			return nil, fmt.Errorf("crossbar: change of the device at row %d, column %d to %g S: must be finite and not negative", c.Row, c.Col, c.G)
		}
		g[c.Row*a.Cols+c.Col] = c.G
	}
	return g, nil
}
