package device

import (
	"math"

	"mho/noise"
)

// A wrapped element is one behind a circuit, which tells what of the first drive
// reaches it. What the element can do beyond Element goes on being so.
type wrapped struct {
	Element
	current bool                                          // current-driven
	seen    func(x, u []float64, env Env) (drive float64) // the first drive of the element within
}

func wrap(el Element, seen func(x, u []float64, env Env) float64) wrapped {
	return wrapped{el, CurrentDriven(el), seen}
}

// Derivative sets dst to dx/dt of the element within.
func (w *wrapped) Derivative(dst, x, u []float64, env Env) {
	withDrive(u, w.seen(x, u, env), func(u []float64) { w.Element.Derivative(dst, x, u, env) })
}

// Stiff asks for the integrator of the element.
func (w *wrapped) Stiff() bool { return stiff(w.Element) }

// Valid returns the error of the element within at what it sees.
func (w *wrapped) Valid(x, u []float64, env Env) (err error) {
	if l, ok := w.Element.(Limited); ok {
		withDrive(u, w.seen(x, u, env), func(u []float64) { err = l.Valid(x, u, env) })
	}
	return err
}

// Ambient returns the temperature that the element's parameters hold at, K.
func (w *wrapped) Ambient() float64 { return RoomOf(w.Element).Temperature }

// Mapping returns the coordinates of the element within.
func (w *wrapped) Mapping() Mapping {
	if m := mappingOf(w.Element); m != nil {
		return wrappedMapping{m, w.seen}
	}
	return nil
}

// wrappedMapping drives the coordinates of an element with what it sees.
type wrappedMapping struct {
	Mapping
	seen func(x, u []float64, env Env) float64
}

func (m wrappedMapping) Derivative(dst, y, x, u []float64, env Env) {
	withDrive(u, m.seen(x, u, env), func(u []float64) { m.Mapping.Derivative(dst, y, x, u, env) })
}

// Noises returns the number of Wiener processes of the element within.
func (w *wrapped) Noises() int {
	if s, ok := w.Element.(Stochastic); ok {
		return s.Noises()
	}
	return 0
}

// Diffusion sets dst to b of the element within.
func (w *wrapped) Diffusion(dst, x, u []float64, env Env) {
	withDrive(u, w.seen(x, u, env), func(u []float64) { w.Element.(Stochastic).Diffusion(dst, x, u, env) })
}

// StepLimit returns that of the element within.
func (w *wrapped) StepLimit(x, u []float64, env Env) float64 {
	limit := math.Inf(1)
	if l, ok := w.Element.(limiter); ok {
		withDrive(u, w.seen(x, u, env), func(u []float64) { limit = l.StepLimit(x, u, env) })
	}
	return limit
}

// Jumps reports whether the element within jumps.
func (w *wrapped) Jumps() bool {
	j, ok := w.Element.(Jumping)
	return ok && j.Jumps()
}

// Jump lets the element within jump.
func (w *wrapped) Jump(x, u0, u1 []float64, dt float64, env Env, key noise.Key, event uint64) {
	e0, e1 := w.seen(x, u0, env), w.seen(x, u1, env)
	withDrive(u0, e0, func(u0 []float64) {
		withDrive(u1, e1, func(u1 []float64) { w.Element.(Jumping).Jump(x, u0, u1, dt, env, key, event) })
	})
}

// Project keeps the states of the element within on their surface.
func (w *wrapped) Project(x []float64) { project(w.Element, x) }

// project puts x back onto the surface that el has, if any.
func project(el Element, x []float64) {
	if p, ok := el.(Projected); ok {
		p.Project(x)
	}
}

var (
	_ Stochastic = (*wrapped)(nil)
	_ Jumping    = (*wrapped)(nil)
	_ Projected  = (*wrapped)(nil)
	_ Mapped     = (*wrapped)(nil)
	_ Stiff      = (*wrapped)(nil)
	_ Limited    = (*wrapped)(nil)
	_ Ambient    = (*wrapped)(nil)
)
