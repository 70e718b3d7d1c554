package ode

import (
	"context"
	"fmt"
	"math"
	"sort"
)

// Stats counts the work of a Solver since New or Reset.
type Stats struct {
	Steps       int // steps taken
	Rejected    int // trial steps thrown away
	Evaluations int // calls of Derivative
	Jacobians   int // Jacobians formed
	Factorings  int // LU decompositions
}

// method is one numerical method working on the state of a core.
type method interface {
	// attempt computes yNew and the end derivative (through core.endDerivative)
	// of a step to tNew and returns the error in units of the tolerance; NaN or
	// more than 1 rejects the step.
	attempt(c *core, tNew float64) float64

	// interpolate sets the continuous extension of the last attempt.
	interpolate(c *core)

	// moved tells that t, y or f is another one than in the last attempt.
	moved()
}

// A Solver integrates one initial value problem forward in time. Stepping does
// not allocate, except to record hits of events and errors. A Solver must not be
// used by two goroutines at once.
type Solver struct {
	core
	method method

	plan     float64 // step size the controller proposes, s
	errLast  float64 // error of the step before, for the PI controller
	fresh    bool    // f has to be evaluated anew before the next step
	restart  bool    // the step size has to be found anew
	stops    []float64
	jump     []bool
	next     int // index of the first stop not passed
	passed   int // stops whose right side f has been asked on, -1 for none
	events   eventState
	stats    Stats
	finished bool // a terminal event has happened
	used     int  // steps tried in the present call
	flips    int  // switches of held states since time last moved
}

// New returns a Solver of sys, at t = 0 and y = 0 until Reset. The settings are
// copied, except for Event functions. It returns an error if a setting is out of
// its range.
func New(sys System, m Method, settings *Settings) (*Solver, error) {
	n := sys.Dim()
	if n < 1 {
		return nil, fmt.Errorf("ode: dimension %d of the system: want at least 1", n)
	}
	set, err := settings.complete(n)
	if err != nil {
		return nil, fmt.Errorf("ode: %w", err)
	}
	s := &Solver{core: newCore(sys, n, set)}
	s.core.stats = &s.stats
	switch m {
	case DormandPrince:
		s.method = newDopri(n)
	case Rodas5P:
		s.method = newRodas(sys, n)
	default:
		return nil, fmt.Errorf("ode: method %v: want DormandPrince or Rodas5P", m)
	}
	s.stops, s.jump = mergeStops(set.Breakpoints, set.Kinks)
	s.events = newEventState(set.Events)
	s.begin(0)
	return s, nil
}

// Reset puts the solver at state y and time t in seconds and forgets steps, hits
// and statistics. It returns an error if t or a state is not finite or a state
// is outside its bounds. It panics if y has not Dim() entries.
func (s *Solver) Reset(t float64, y []float64) error {
	if len(y) != s.n {
		panic("ode: dimension mismatch")
	}
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return fmt.Errorf("ode: initial time %g s: want a finite number", t)
	}
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("ode: initial value %g of state %d: want a finite number", v, i)
		}
		if s.bounded && !(v >= s.lo[i] && v <= s.hi[i]) {
			return fmt.Errorf("ode: initial value %g of state %d: want %g to %g", v, i, s.lo[i], s.hi[i])
		}
	}
	copy(s.y, y)
	s.begin(t)
	return nil
}

func (s *Solver) begin(t float64) {
	s.t, s.tOld = t, t
	s.stats = Stats{}
	s.finished = false
	s.next = sort.Search(len(s.stops), func(i int) bool { return s.stops[i] > t })
	s.passed = -1
	s.fresh, s.restart = true, true
	s.errLast = 1e-4
	s.flips = 0
	clear(s.held)
	s.nHeld = 0
	s.dense.ready = false
	s.events.reset()
}

// T returns the present time in s.
func (s *Solver) T() float64 { return s.t }

// State returns the present states, valid until the next call of a method that
// integrates. It must not be changed.
func (s *Solver) State() []float64 { return s.y }

// Stats returns the work done since New or Reset.
func (s *Solver) Stats() Stats { return s.stats }

// Hits returns the events that happened since New or Reset, in order of time.
func (s *Solver) Hits() []Hit { return s.events.hits }

// Terminated reports whether a terminal event ended the last call. The next call
// goes on from there.
func (s *Solver) Terminated() bool { return s.finished }

// Held reports whether state i is held on one of its bounds.
func (s *Solver) Held(i int) bool { return s.held[i] != 0 }

// LastStep returns the time in s where the last step began; it ended at T. The
// two are equal before the first step.
func (s *Solver) LastStep() float64 { return s.tOld }

// At sets dst to the states at a time t in s within the last step, by the
// method's continuous extension. It panics if t is outside [LastStep(), T()] or
// dst has not Dim() entries.
func (s *Solver) At(dst []float64, t float64) {
	if len(dst) != s.n {
		panic("ode: dimension mismatch")
	}
	if !(t >= s.tOld && t <= s.t) {
		panic("ode: time outside the last step")
	}
	if t == s.t {
		copy(dst, s.y)
		return
	}
	s.prepareDense()
	s.denseAt(dst, (t-s.tOld)/s.h)
}

// Step takes one step, which ends at limit or before, and reports the first
// failure as *StepError. At limit it does nothing. It returns an error if limit
// lies before T.
func (s *Solver) Step(limit float64) error {
	if err := s.start(limit); err != nil || s.t == limit {
		return err
	}
	return s.advance(limit)
}

// Integrate goes on to time end in s and lands on it exactly, unless a terminal
// event ends it before. It returns a *StepError when it cannot go on, the error
// of ctx when that is done, and an error if end lies before T; the solver then
// stays at its last good state and can be asked to go on.
func (s *Solver) Integrate(ctx context.Context, end float64) error {
	if err := s.start(end); err != nil {
		return err
	}
	for k := 0; s.t < end && !s.finished; k++ {
		if k%64 == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("ode: at t = %g s: %w", s.t, err)
			}
		}
		if err := s.advance(end); err != nil {
			return err
		}
	}
	return nil
}

// Trace calls visit with the states at each of the increasing times in s, at or
// after T, and integrates to the last of them. Steps do not end at these times;
// the states come from the continuous extension. The states are valid during the
// call only. An error of visit ends Trace and is returned. Otherwise errors are
// those of Integrate; a terminal event ends Trace without one.
func (s *Solver) Trace(ctx context.Context, times []float64, visit func(i int, y []float64) error) error {
	if err := increasing("output time", times); err != nil {
		return fmt.Errorf("ode: %w", err)
	}
	if len(times) == 0 {
		return nil
	}
	if times[0] < s.t {
		return fmt.Errorf("ode: output time %g s: want %g s or later", times[0], s.t)
	}
	end := times[len(times)-1]
	if err := s.start(end); err != nil {
		return err
	}
	i := 0
	for k := 0; ; k++ {
		for ; i < len(times) && times[i] <= s.t; i++ {
			y := s.y
			if times[i] < s.t {
				y = s.sample
				s.At(y, times[i])
			}
			if err := visit(i, y); err != nil {
				return err
			}
		}
		if s.t >= end || s.finished {
			return nil
		}
		if k%64 == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("ode: at t = %g s: %w", s.t, err)
			}
		}
		if err := s.advance(end); err != nil {
			return err
		}
	}
}

// Sample sets dst[i*Dim()+j] to state j at times[i] as Trace finds it and
// returns for how many times it did so, fewer than all after an error or a
// terminal event. It panics if dst is not len(times)*Dim() long.
func (s *Solver) Sample(ctx context.Context, dst []float64, times []float64) (int, error) {
	if len(dst) != len(times)*s.n {
		panic("ode: dimension mismatch")
	}
	done := 0
	err := s.Trace(ctx, times, func(i int, y []float64) error {
		copy(dst[i*s.n:(i+1)*s.n], y)
		done = i + 1
		return nil
	})
	return done, err
}

// start readies a call that integrates to end.
func (s *Solver) start(end float64) error {
	if math.IsNaN(end) || math.IsInf(end, 0) || end < s.t {
		return fmt.Errorf("ode: end time %g s: want %g s or later", end, s.t)
	}
	s.finished = false
	s.used = 0
	return nil
}
