package crossbar

import (
	"context"
	"fmt"
	"math"

	"mho/internal/quantity"
)

// LineCapacitance is the capacitance of the lines to ground, at every node, in F: what
// a segment of a line and a device's terminal have.
type LineCapacitance struct {
	Word float64 // at every word line node, F
	Bit  float64 // at every bit line node, F
}

// Params declares the parameters, for the table [array].
func (c *LineCapacitance) Params() []quantity.Param {
	p := func(name string, value *float64, meaning string) quantity.Param {
		return quantity.Param{Name: name, Value: value, Unit: "F", Range: quantity.NonNegative(), Meaning: meaning, Source: "assumption"}
	}
	return []quantity.Param{
		p("c_word", &c.Word, "capacitance to ground of a word line at each device"),
		p("c_bit", &c.Bit, "capacitance to ground of a bit line at each device"),
	}
}

// Validate returns an error if a capacitance is negative or not finite, or both are 0.
func (c LineCapacitance) Validate() error {
	if err := check("line capacitance", c.Params()); err != nil {
		return err
	}
	if c.Word == 0 && c.Bit == 0 {
		return fmt.Errorf("line capacitance: c_word and c_bit are 0 F: one at least must be > 0 F")
	}
	return nil
}

// SettlingSettings control Array.Settle. Nil means the defaults.
type SettlingSettings struct {
	// Tolerance is the distance from its final value at which an output has
	// settled, relative to the largest final output. Half a least significant
	// bit of b bits over a range of that output is 2^-(b+1). The default is 1e-3.
	Tolerance float64
	// Accuracy is the largest error of a time step in a node voltage, relative to the
	// largest final node voltage. The default is Tolerance / 100.
	Accuracy float64
	// Window is the time, from the step on, over which Energy is taken, in s. The
	// default is the time after which all outputs have settled.
	Window float64
	// MaxSteps limits the number of time steps. The default is 10000.
	MaxSteps int
	// Trace asks for the outputs at all time steps.
	Trace bool
	// Workers is as in Settings.
	Workers int
}

// A Settling tells how the outputs of an array follow a step of its inputs.
type Settling struct {
	Final   []float64 // outputs after infinite time, Cols, A
	Time    []float64 // time after which each output stays within Tolerance of its final value, Cols, s
	Settled float64   // largest of Time, s
	// Delay is the first moment ∫ (1 - I(t)/I(∞)) dt of each output, Cols, in s, exact
	// for the network: the delay of W. C. Elmore, J. Appl. Phys. 19, 55 (1948),
	// doi:10.1063/1.1697872. For one time constant it is that constant, and the output
	// settles to a share x after ln(1/x) times it. NaN where the final output is 0.
	Delay  []float64
	Energy float64 // delivered by the sources within Window, J
	Window float64 // s
	Static float64 // power of the sources after infinite time, W
	Steps  int     // time steps taken
	Tried  int     // time steps taken and repeated with a smaller step

	T []float64 // times of the trace, s, from 0, where all is 0; nil unless asked for
	I []float64 // outputs at these times, len(T) x Cols, A
}

// Settle returns how the outputs follow when the inputs step from 0 V to v (one vector
// of Rows values in V) at time 0 and all lines were at 0 V. Each node has its
// capacitance to ground; the network is linear, the devices are ohmic.
//
// What is followed is the distance e from the final state, the decay of a network
// without sources, C de/dt = -A e. The method is TR-BDF2, of second order and L-stable: R. E. Bank et al.,
// IEEE Trans. Electron Devices 32, 1992 (1985), doi:10.1109/T-ED.1985.22232, with the error estimate of third order
// of M. E. Hosea and L. F. Shampine, Appl. Numer. Math. 20, 21 (1996), doi:10.1016/0168-9274(95)00115-8. Both
// stages and the estimate are solutions of one linear network: each
// capacitance is a conductance to ground. Delay and Energy need no integration over time,
// A ∫ e dt = C (e(0) - e(t)) being one solution more.
//
// The run ends when, beside the outputs, every node voltage is within Tolerance of its
// final value, relative to the largest: no output moves much from then on. The error tells of
// an invalid array, input, capacitance or setting, of nodes that are all without capacitance
// or without resistance to their terminal, of final outputs that are all 0, of too many steps,
// or that ctx is done.
func (a *Array) Settle(ctx context.Context, v []float64, c LineCapacitance, set *SettlingSettings) (*Settling, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	if len(v) != a.Rows {
		return nil, fmt.Errorf("crossbar: %d voltages for an array of %d rows: must be one for each", len(v), a.Rows)
	}
	for i, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("crossbar: voltage of row %d is %g V: must be finite", i, x)
		}
	}
	var s SettlingSettings
	if set != nil {
		s = *set
	}
	if err := s.complete(); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	d, err := newDecay(a, v, c, &s)
	if err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	out, err := d.run(ctx)
	if err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	return out, nil
}

// complete sets defaults and returns an error for a setting outside its range.
func (s *SettlingSettings) complete() error {
	if s.Tolerance == 0 {
		s.Tolerance = 1e-3
	}
	if s.Accuracy == 0 {
		s.Accuracy = s.Tolerance / 100
	}
	if s.MaxSteps == 0 {
		s.MaxSteps = 10000
	}
	switch {
	case !(s.Tolerance > 0 && s.Tolerance < 1):
		return fmt.Errorf("settling tolerance is %g: must be above 0 and below 1", s.Tolerance)
	case !(s.Accuracy >= leastAccuracy && s.Accuracy < 1):
		return fmt.Errorf("accuracy of the time steps is %g: must be at least %g and below 1", s.Accuracy, leastAccuracy)
	case !(s.Window >= 0) || math.IsInf(s.Window, 1):
		return fmt.Errorf("window is %g s: must be finite and not negative", s.Window)
	case s.MaxSteps < 0:
		return fmt.Errorf("maximum number of time steps is %d: must not be negative", s.MaxSteps)
	}
	return nil
}

// leastAccuracy is what the linear solver leaves room for.
const leastAccuracy = 1e-9
