package ode

import (
	"fmt"
	"math"
)

// A Method is a numerical method of Solver.
type Method uint8

const (
	// DormandPrince is the explicit Runge-Kutta pair of order 5(4) of Dormand
	// and Prince (1980), doi:10.1016/0771-050X(80)90013-3.
	DormandPrince Method = iota

	// Rodas5P is the L-stable Rosenbrock-Wanner method of order 5(4) of
	// Steinebach (2023), doi:10.1007/s10543-023-00967-x.
	Rodas5P
)

// String returns the name of the method.
func (m Method) String() string {
	switch m {
	case DormandPrince:
		return "DormandPrince"
	case Rodas5P:
		return "Rodas5P"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// A Direction says which crossings of zero make an event.
type Direction int8

const (
	Either  Direction = 0  // both crossings
	Rising  Direction = 1  // from negative to zero or positive
	Falling Direction = -1 // from positive to zero or negative
)

// An Event is a crossing of zero of a function of time and state. It is located
// on the continuous extension of the step that holds it, to rounding in t.
// Crossings are looked for on quarters of each step; two of them within one
// quarter cancel and are missed.
type Event struct {
	// Value is the function, of t in seconds and the states.
	Value func(t float64, y []float64) float64

	// Direction of the crossing. The default is Either.
	Direction Direction

	// Terminal ends Integrate at the event. The default is to go on.
	Terminal bool
}

// A Hit is an event that happened.
type Hit struct {
	Event int       // index into Settings.Events
	T     float64   // time of the crossing, s
	Y     []float64 // states at T, in their own units
}

// Settings tells a Solver what to do. The zero value and nil mean the defaults.
type Settings struct {
	// RelTol is the local error allowed per step relative to |y|,
	// dimensionless, from 1e-13 to 0.1. The default is 1e-6.
	RelTol float64

	// AbsTol is the local error allowed per step in units of y, positive.
	// The default is 1e-9.
	AbsTol float64

	// AbsTols gives AbsTol per state, in units of each. The default is AbsTol
	// for all.
	AbsTols []float64

	// InitialStep is the first step tried at the start and after each
	// breakpoint, in s. The default is chosen from f and its change.
	InitialStep float64

	// MaxStep is the largest step, in s. The default is no limit.
	MaxStep float64

	// MaxSteps is the most steps, taken and rejected, of one call. The default
	// is 10 million and 100 for each breakpoint and kink.
	MaxSteps int

	// Breakpoints are the times, in s and increasing, where f jumps. Steps end
	// and start anew there. The default is none.
	Breakpoints []float64

	// Kinks are the times, in s and increasing, where f is continuous and its
	// slope jumps. Steps end there and go on with the same step size.
	// The default is none.
	Kinks []float64

	// Lower and Upper are the bounds of the states in their units, -Inf and
	// +Inf where there are none. The default is none.
	Lower, Upper []float64

	// Events are the crossings to look for. The default is none.
	Events []Event
}

const minRelTol = 1e-13

// complete returns s with defaults filled in, or what is wrong with it for n
// states.
func (s *Settings) complete(n int) (Settings, error) {
	var c Settings
	if s != nil {
		c = *s
	}
	if c.RelTol == 0 {
		c.RelTol = 1e-6
	}
	if c.AbsTol == 0 {
		c.AbsTol = 1e-9
	}
	if c.MaxSteps == 0 {
		c.MaxSteps = 10e6 + 100*(len(c.Breakpoints)+len(c.Kinks))
	}
	if c.MaxStep == 0 {
		c.MaxStep = math.Inf(1)
	}
	if !(c.RelTol >= minRelTol && c.RelTol <= 0.1) {
		return c, fmt.Errorf("relative tolerance %g: want %g to 0.1", c.RelTol, minRelTol)
	}
	if !(c.AbsTol > 0) || math.IsInf(c.AbsTol, 1) {
		return c, fmt.Errorf("absolute tolerance %g: want a positive number", c.AbsTol)
	}
	if c.AbsTols != nil && len(c.AbsTols) != n {
		return c, fmt.Errorf("absolute tolerances: %d given for %d states", len(c.AbsTols), n)
	}
	for i, a := range c.AbsTols {
		if !(a > 0) || math.IsInf(a, 1) {
			return c, fmt.Errorf("absolute tolerance %g of state %d: want a positive number", a, i)
		}
	}
	if !(c.InitialStep >= 0) || math.IsInf(c.InitialStep, 1) {
		return c, fmt.Errorf("initial step %g s: want a positive time", c.InitialStep)
	}
	if !(c.MaxStep > 0) {
		return c, fmt.Errorf("largest step %g s: want a positive time", c.MaxStep)
	}
	if c.MaxSteps < 0 {
		return c, fmt.Errorf("number of steps %d: want a positive number", c.MaxSteps)
	}
	if err := increasing("breakpoint", c.Breakpoints); err != nil {
		return c, err
	}
	if err := increasing("kink", c.Kinks); err != nil {
		return c, err
	}
	if err := c.checkBounds(n); err != nil {
		return c, err
	}
	for i, e := range c.Events {
		if e.Value == nil {
			return c, fmt.Errorf("event %d: has no function", i)
		}
		if e.Direction < Falling || e.Direction > Rising {
			return c, fmt.Errorf("event %d: direction %d: want Either, Rising or Falling", i, e.Direction)
		}
	}
	return c, nil
}

func (s *Settings) checkBounds(n int) error {
	if s.Lower != nil && len(s.Lower) != n {
		return fmt.Errorf("lower bounds: %d given for %d states", len(s.Lower), n)
	}
	if s.Upper != nil && len(s.Upper) != n {
		return fmt.Errorf("upper bounds: %d given for %d states", len(s.Upper), n)
	}
	for i := range n {
		lo, hi := bound(s.Lower, i, -1), bound(s.Upper, i, 1)
		if !(lo < hi) {
			return fmt.Errorf("bounds %g and %g of state %d: want lower < upper", lo, hi, i)
		}
	}
	return nil
}

// bound returns b[i], or the infinity of the given sign where there is none.
func bound(b []float64, i, sign int) float64 {
	if b == nil {
		return math.Inf(sign)
	}
	return b[i]
}

func increasing(what string, times []float64) error {
	last := math.Inf(-1)
	for i, t := range times {
		if !(t > last) || math.IsInf(t, 0) {
			return fmt.Errorf("%s %d at %g s: want finite, increasing times", what, i, t)
		}
		last = t
	}
	return nil
}

// mergeStops returns breakpoints and kinks in order of time, each time once, and
// which of them are breakpoints.
func mergeStops(breaks, kinks []float64) (stops []float64, jump []bool) {
	stops = make([]float64, 0, len(breaks)+len(kinks))
	jump = make([]bool, 0, len(breaks)+len(kinks))
	for len(breaks) > 0 || len(kinks) > 0 {
		if len(kinks) == 0 || len(breaks) > 0 && breaks[0] <= kinks[0] {
			if len(kinks) > 0 && kinks[0] == breaks[0] {
				kinks = kinks[1:]
			}
			stops, jump = append(stops, breaks[0]), append(jump, true)
			breaks = breaks[1:]
			continue
		}
		stops, jump = append(stops, kinks[0]), append(jump, false)
		kinks = kinks[1:]
	}
	return stops, jump
}
