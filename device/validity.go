package device

import (
	"errors"
	"fmt"
)

// ErrOutOfRange says that a drive has taken an element to where its law ends.
var ErrOutOfRange = errors.New("outside the range of the model")

// An Ambient element's published parameters hold at a temperature of the
// surroundings of its own.
type Ambient interface {
	// Ambient returns that temperature, K.
	Ambient() float64
}

// RoomOf returns Room at the temperature that el's parameters hold at, 300 K if
// it names none.
func RoomOf(el Element) Env {
	env := Room()
	if a, ok := el.(Ambient); ok {
		env.Temperature = a.Ambient()
	}
	return env
}

// A Ranged element knows where its law ends, such as a field that breaks every
// barrier. Run asks at every row of the trace, and ends with ErrOutOfRange.
type Ranged interface {
	// InRange returns an error that says what is beyond the law and what is
	// allowed, or nil.
	InRange(x, u []float64, env Env) error
}

// outOfRange returns el's error, if any, as an ErrOutOfRange.
func outOfRange(el Element, x, u []float64, env Env) error {
	if r, ok := el.(Ranged); ok {
		if err := r.InRange(x, u, env); err != nil {
			return fmt.Errorf("%w: %w", ErrOutOfRange, err)
		}
	}
	return nil
}

func inRange(el Element, x, u []float64, u0 float64, env Env) (err error) {
	if r, ok := el.(Ranged); ok {
		withDrive(u, u0, func(u []float64) { err = r.InRange(x, u, env) })
	}
	return err
}

// Ambient returns the temperature that the element's parameters hold at, K.
func (s *Series) Ambient() float64 { return RoomOf(s.Element).Temperature }

// Ambient returns the temperature that the element's parameters hold at, K.
func (c *Compliance) Ambient() float64 { return RoomOf(c.Element).Temperature }

// InRange asks the element within.
func (s *Series) InRange(x, u []float64, env Env) error {
	return inRange(s.Element, x, u, s.inner(x, u, env), env)
}

// InRange asks the element within.
func (c *Compliance) InRange(x, u []float64, env Env) error {
	e, _ := c.inner(x, u, env)
	return inRange(c.Element, x, u, e, env)
}
