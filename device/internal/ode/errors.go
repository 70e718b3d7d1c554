package ode

import (
	"errors"
	"fmt"
)

// Reasons of a StepError, for errors.Is.
var (
	// ErrStepTooSmall says that the tolerance cannot be met with a step that
	// still changes the time.
	ErrStepTooSmall = errors.New("step size underflow")

	// ErrNotFinite says that a derivative, Jacobian or event is NaN or
	// infinite.
	ErrNotFinite = errors.New("not finite")

	// ErrTooManySteps says that Settings.MaxSteps is used up.
	ErrTooManySteps = errors.New("too many steps")

	// ErrChatter says that states switch between held and free without end at
	// one time.
	ErrChatter = errors.New("states chatter on their bounds")
)

// A StepError says where and why an integration ended early. The Solver stays at
// its last good state.
type StepError struct {
	T      float64   // time of the last good state, s
	Y      []float64 // copy of the last good state, in units of the states
	Reason error     // ErrStepTooSmall, ErrNotFinite, ErrTooManySteps or ErrChatter
	Detail string    // what was met, with values
}

// Error returns reason, detail, time and up to eight states.
func (e *StepError) Error() string {
	y, more := e.Y, ""
	if len(y) > 8 {
		y, more = y[:8], fmt.Sprintf(" and %d more", len(e.Y)-8)
	}
	return fmt.Sprintf("ode: %v at t = %g s, y = %g%s: %s", e.Reason, e.T, y, more, e.Detail)
}

// Unwrap returns Reason.
func (e *StepError) Unwrap() error { return e.Reason }

func (s *Solver) fail(reason error, format string, args ...any) error {
	return &StepError{
		T:      s.t,
		Y:      append([]float64(nil), s.y...),
		Reason: reason,
		Detail: fmt.Sprintf(format, args...),
	}
}
