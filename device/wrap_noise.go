package device

import (
	"math"

	"mho/noise"
)

// Noises returns the number of Wiener processes of the element.
func (s *Series) Noises() int { return noises(s.Element) }

// Diffusion sets dst to b of the element within.
func (s *Series) Diffusion(dst, x, u []float64, env Env) {
	diffuse(s.Element, dst, x, u, s.inner(x, u, env), env)
}

// StepLimit returns that of the element within.
func (s *Series) StepLimit(x, u []float64, env Env) float64 {
	return stepLimit(s.Element, x, u, s.inner(x, u, env), env)
}

// Jumps reports whether the element within jumps.
func (s *Series) Jumps() bool { return jumps(s.Element) }

// Jump lets the element within jump.
func (s *Series) Jump(x, u0, u1 []float64, dt float64, env Env, key noise.Key, event uint64) {
	jump(s.Element, x, u0, u1, s.inner(x, u0, env), s.inner(x, u1, env), dt, env, key, event)
}

// Project keeps the states of the element within on their surface.
func (s *Series) Project(x []float64) { project(s.Element, x) }

// Noises returns the number of Wiener processes of the element.
func (c *Compliance) Noises() int { return noises(c.Element) }

// Diffusion sets dst to b of the element within.
func (c *Compliance) Diffusion(dst, x, u []float64, env Env) {
	e, _ := c.inner(x, u, env)
	diffuse(c.Element, dst, x, u, e, env)
}

// StepLimit returns that of the element within.
func (c *Compliance) StepLimit(x, u []float64, env Env) float64 {
	e, _ := c.inner(x, u, env)
	return stepLimit(c.Element, x, u, e, env)
}

// Jumps reports whether the element within jumps.
func (c *Compliance) Jumps() bool { return jumps(c.Element) }

// Jump lets the element within jump.
func (c *Compliance) Jump(x, u0, u1 []float64, dt float64, env Env, key noise.Key, event uint64) {
	e0, _ := c.inner(x, u0, env)
	e1, _ := c.inner(x, u1, env)
	jump(c.Element, x, u0, u1, e0, e1, dt, env, key, event)
}

// Project keeps the states of the element within on their surface.
func (c *Compliance) Project(x []float64) { project(c.Element, x) }

func noises(el Element) int {
	if s, ok := el.(Stochastic); ok {
		return s.Noises()
	}
	return 0
}

func diffuse(el Element, dst, x, u []float64, u0 float64, env Env) {
	withDrive(u, u0, func(u []float64) { el.(Stochastic).Diffusion(dst, x, u, env) })
}

func stepLimit(el Element, x, u []float64, u0 float64, env Env) float64 {
	limit := math.Inf(1)
	if l, ok := el.(limiter); ok {
		withDrive(u, u0, func(u []float64) { limit = l.StepLimit(x, u, env) })
	}
	return limit
}

func jumps(el Element) bool {
	j, ok := el.(Jumping)
	return ok && j.Jumps()
}

func jump(el Element, x, u0, u1 []float64, e0, e1, dt float64, env Env, key noise.Key, event uint64) {
	withDrive(u0, e0, func(u0 []float64) {
		withDrive(u1, e1, func(u1 []float64) { el.(Jumping).Jump(x, u0, u1, dt, env, key, event) })
	})
}

func project(el Element, x []float64) {
	if p, ok := el.(Projected); ok {
		p.Project(x)
	}
}

var (
	_ Stochastic = (*Series)(nil)
	_ Jumping    = (*Series)(nil)
	_ Projected  = (*Series)(nil)
	_ Stochastic = (*Compliance)(nil)
	_ Jumping    = (*Compliance)(nil)
	_ Projected  = (*Compliance)(nil)
)
