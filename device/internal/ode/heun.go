package ode

import (
	"context"
	"fmt"
	"math"
)

// A Stochastic system is dy = a(t, y) dt + b(t, y) ∘ dW, read in Stratonovich's
// sense, with a given by Derivative.
type Stochastic interface {
	System

	// Diffusion sets dst to b(t, y), in units of y per square root of a second:
	// b_i, with one Wiener process for each state, if dst has Dim() entries;
	// else, for a NoiseDim system with m processes, dst[i*m+j] = b_ij.
	Diffusion(dst []float64, t float64, y []float64)
}

// A NoiseDim is a Stochastic system in which every one of m Wiener processes
// may act on every state.
type NoiseDim interface {
	Stochastic

	// NoiseDim returns m, at least 1.
	NoiseDim() int
}

// Normals gives the random numbers of one path.
type Normals interface {
	// Normal sets dst to independent standard normal numbers, always the same
	// ones for the same step. The number of the step is the event of a
	// noise.Key that stands for the path.
	Normal(dst []float64, step uint64)
}

// Heun integrates a Stochastic system by the stochastic Heun scheme with a fixed
// step h,
//
//	ȳ       = y_k + a_k h + b_k ΔW_k
//	y_(k+1) = y_k + (a_k + ā)/2 h + (b_k + b̄)/2 ΔW_k,   ΔW_k = √h N(0, 1),
//
// whose limit is the Stratonovich solution. It converges strongly with order 1
// when the noise is commutative, as it is when b is constant or each b_i depends
// on y_i alone, and with order 1/2 otherwise; weakly with order 1, and 2 for
// linear drift and constant b. Rümelin, SIAM J. Numer. Anal. 19, 604 (1982), doi:10.1137/0719041. It does not
// allocate after NewHeun. A Heun must not be used by two goroutines at once.
type Heun struct {
	sys     Stochastic
	source  Normals
	n, m    int
	diag    bool
	t       float64
	step    uint64
	y       []float64
	end     []float64
	a0, a1  []float64
	b0, b1  []float64
	dw      []float64
	lo, hi  []float64
	bounded bool
}

// NewHeun returns an integrator of sys driven by source, at t = 0 and y = 0
// until Reset. Lower and upper, nil for none and else one per state, bound the
// states: what a step takes beyond a bound is cut off, the scheme of the equation
// reflected at the bound, of strong order 1/2 but for a logarithm; Słomiński, Stochastic
// Process. Appl. 50, 197 (1994), doi:10.1016/0304-4149(94)90118-X. It returns an
// error if sizes do not fit or a lower bound is not below the upper one.
func NewHeun(sys Stochastic, source Normals, lower, upper []float64) (*Heun, error) {
	n := sys.Dim()
	if n < 1 {
		return nil, fmt.Errorf("ode: dimension %d of the system: want at least 1", n)
	}
	set := Settings{Lower: lower, Upper: upper}
	if err := set.checkBounds(n); err != nil {
		return nil, fmt.Errorf("ode: %w", err)
	}
	m, size, diag := n, n, true
	if g, ok := sys.(NoiseDim); ok {
		m, diag = g.NoiseDim(), false
		if m < 1 {
			return nil, fmt.Errorf("ode: noise dimension %d of the system: want at least 1", m)
		}
		size = n * m
	}
	v := func() []float64 { return make([]float64, n) }
	h := &Heun{
		sys: sys, source: source, n: n, m: m, diag: diag,
		y: v(), end: v(), a0: v(), a1: v(),
		b0: make([]float64, size), b1: make([]float64, size), dw: make([]float64, m),
		lo: v(), hi: v(), bounded: lower != nil || upper != nil,
	}
	for i := range n {
		h.lo[i], h.hi[i] = bound(lower, i, -1), bound(upper, i, 1)
	}
	h.clamp(h.y)
	return h, nil
}

// Reset puts the integrator at state y and time t in seconds, with step as the
// number of the first step to ask normals for. It returns an error if t or a
// state is not finite or a state is outside its bounds. It panics if y has not
// Dim() entries.
func (h *Heun) Reset(t float64, y []float64, step uint64) error {
	if len(y) != h.n {
		panic("ode: dimension mismatch")
	}
	if t-t != 0 {
		return fmt.Errorf("ode: initial time %g s: want a finite number", t)
	}
	for i, v := range y {
		if v-v != 0 || v < h.lo[i] || v > h.hi[i] {
			return fmt.Errorf("ode: initial value %g of state %d: want %g to %g", v, i, h.lo[i], h.hi[i])
		}
	}
	h.t, h.step = t, step
	copy(h.y, y)
	return nil
}

// T returns the present time in s.
func (h *Heun) T() float64 { return h.t }

// State returns the present states, valid until the next step. It must not be
// changed.
func (h *Heun) State() []float64 { return h.y }

// Integrate goes on to time end in s in the given number of equal steps. Drives
// that jump are integrated stretch by stretch. It returns a *StepError, and stays
// at the last good state, if a state becomes NaN or infinite; the error of ctx
// when that is done; and an error if end is not after T or steps is below 1.
func (h *Heun) Integrate(ctx context.Context, end float64, steps int) error {
	if end-end != 0 || !(end > h.t) {
		return fmt.Errorf("ode: end time %g s: want more than %g s", end, h.t)
	}
	if steps < 1 {
		return fmt.Errorf("ode: %d steps: want at least 1", steps)
	}
	start := h.t
	dt := (end - start) / float64(steps)
	for k := range steps {
		if k%64 == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("ode: at t = %g s: %w", h.t, err)
			}
		}
		next := start + float64(k+1)*dt
		if k == steps-1 {
			next = end
		}
		if err := h.advance(next, dt); err != nil {
			return err
		}
	}
	return nil
}

// advance takes one step of length dt to the time next, which differs from
// t + dt by rounding only.
func (h *Heun) advance(next, dt float64) error {
	h.source.Normal(h.dw, h.step)
	root := math.Sqrt(dt)
	for j := range h.dw {
		h.dw[j] *= root
	}
	h.sys.Derivative(h.a0, h.t, h.y)
	h.sys.Diffusion(h.b0, h.t, h.y)
	for i, y := range h.y {
		h.end[i] = y + dt*h.a0[i] + h.shock(h.b0, i)
	}
	h.clamp(h.end)
	h.sys.Derivative(h.a1, next, h.end)
	h.sys.Diffusion(h.b1, next, h.end)
	for i, y := range h.y {
		v := y + 0.5*dt*(h.a0[i]+h.a1[i]) + 0.5*(h.shock(h.b0, i)+h.shock(h.b1, i))
		if v-v != 0 {
			return &StepError{
				T: h.t, Y: append([]float64(nil), h.y...), Reason: ErrNotFinite,
				Detail: fmt.Sprintf("state %d becomes %g", i, v),
			}
		}
		h.end[i] = v
	}
	h.clamp(h.end)
	h.y, h.end = h.end, h.y
	h.t = next
	h.step++
	return nil
}

// shock returns the change of state i that the Wiener increments make with the
// diffusion b.
func (h *Heun) shock(b []float64, i int) float64 {
	if h.diag {
		return b[i] * h.dw[i]
	}
	sum := 0.0
	for j, w := range h.dw {
		sum += b[i*h.m+j] * w
	}
	return sum
}

func (h *Heun) clamp(y []float64) {
	if !h.bounded {
		return
	}
	for i, v := range y {
		if v < h.lo[i] {
			y[i] = h.lo[i]
		} else if v > h.hi[i] {
			y[i] = h.hi[i]
		}
	}
}
