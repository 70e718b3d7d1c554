package device

import (
	"context"
	"fmt"
	"math"

	"mho/device/internal/ode"
	"mho/noise"
)

// A Stochastic element is agitated by m independent Wiener processes W,
//
//	dx = f(x, u) dt + b(x, u) ∘ dW,
//
// read in Stratonovich's sense, with f given by Derivative. An Itô equation
// with the same b has the drift f + ½ Σ_j (b_j·∇) b_j here.
type Stochastic interface {
	Element
	// Noises returns m. With 0, as some parameters may have it, the element is
	// deterministic and integrated as such.
	Noises() int
	// Diffusion sets dst[i*m+j] to b_ij, in units of state i per square root of
	// a second.
	Diffusion(dst, x, u []float64, env Env)
	// StepLimit returns the longest step of integration in s that may be taken
	// from x: a fraction of a precession period, or the time in which noise or
	// jumps move a state by a fraction of the scale on which f and b change. It
	// is +Inf where nothing limits the step.
	StepLimit(x, u []float64, env Env) float64
}

// A Jumping element has events at random times, or changes its state at turns of
// the drive. Derivative is then what is left between the events.
type Jumping interface {
	Element
	// Jumps reports whether there are events with the present parameters.
	Jumps() bool
	// Jump takes x over dt seconds, within its bounds, in which the drives go
	// straight from u0 to u1; the first drive does not pass zero. The numbers it
	// draws are those of key at the given event, any row and column.
	Jump(x, u0, u1 []float64, dt float64, env Env, key noise.Key, event uint64)
	// StepLimit is that of Stochastic.
	StepLimit(x, u []float64, env Env) float64
}

// limiter is what Stochastic and Jumping share.
type limiter interface {
	StepLimit(x, u []float64, env Env) float64
}

// A Projected element has states on a surface, such as a magnetisation of fixed
// length.
type Projected interface {
	// Project puts x back onto the surface: at the start, and after each step of a path with noise; without
	// noise in each row of the trace only, and the law must be such that an error
	// off the surface does not change the motion along it.
	Project(x []float64)
}

// path is a run under noise. From a state at t it goes on by h, the whole
// stretch to the next sample or row or an equal part of it no longer than
// StepLimit:
//
//	J(h/2)  K(h/2) D(h) K(h/2)  J(h/2)   stiff elements
//	J(h/2)         H(h)         J(h/2)   others
//
// with J the element's jumps, K the flow of b ∘ dW alone by the Heun scheme, D
// the flow of f alone by the adaptive integrator, and H the Heun scheme of both.
// Both are of strong order 1 where the noise commutes, as it does with one Wiener
// process or a constant b, else 1/2; of weak order 1, and the symmetric splitting
// of weak order 2 where b is constant.
type path struct {
	*run
	jumping    Jumping // nil: no jumps
	limited    limiter
	heun, kick *ode.Heun // nil where they are not used
	maxStep    float64
	jumps      noise.Key

	t      float64
	y      []float64 // states at t
	step   uint64
	u1     []float64
	resume bool // the solver stands at t and y
}

// newPath returns the path of a run whose element is subject to noise, or nil.
func newPath(r *run, s Settings) (*path, error) {
	p := &path{run: r, maxStep: math.Inf(1)}
	sto, _ := r.el.(Stochastic)
	if sto != nil && sto.Noises() == 0 {
		sto = nil
	}
	if sto != nil {
		p.limited = sto
	}
	if j, ok := r.el.(Jumping); ok && j.Jumps() {
		p.jumping, p.limited = j, j
	}
	if p.limited == nil || len(r.states) == 0 {
		return nil, nil
	}
	if s.MaxStep > 0 {
		p.maxStep = s.MaxStep
	}
	r.mapping = nil
	p.jumps = s.Key.Domain(noise.Cycle)
	p.y, p.u1 = make([]float64, len(r.states)), make([]float64, len(r.u))
	if sto == nil {
		return p, nil
	}
	var lower, upper []float64
	if bounded(r.states) {
		for _, st := range r.states {
			lower, upper = append(lower, st.Min), append(upper, st.Max)
		}
	}
	normals := wiener{s.Key.Domain(noise.Thermal)}
	var err error
	system := agitated{r, sto}
	if stiff(r.el) {
		p.kick, err = ode.NewHeun(driftless{system}, normals, lower, upper)
	} else {
		p.heun, err = ode.NewHeun(system, normals, lower, upper)
	}
	return p, err
}

// wiener gives the numbers of a path to the integrator.
type wiener struct{ key noise.Key }

func (w wiener) Normal(dst []float64, step uint64) { w.key.Normal(dst, noise.At{Event: step}) }

// agitated is a run with its noise.
type agitated struct {
	*run
	sto Stochastic
}

// NoiseDim returns the number of Wiener processes.
func (a agitated) NoiseDim() int { return a.sto.Noises() }

// Diffusion sets dst to b on the present stretch.
func (a agitated) Diffusion(dst []float64, t float64, y []float64) {
	a.drive(a.u, t)
	a.sto.Diffusion(dst, y, a.u, a.env)
}

// driftless is the noise of a run alone.
type driftless struct{ agitated }

// Derivative sets dst to zero.
func (driftless) Derivative(dst []float64, _ float64, _ []float64) { clear(dst) }

// integrate makes the rows of the trace.
func (p *path) integrate(ctx context.Context) error {
	p.t = p.w.T[0]
	copy(p.y, p.start)
	stops, passed := p.split.T, 0
	for k := 0; ; k++ {
		for p.row < len(p.trace.T) && p.trace.T[p.row] <= p.t {
			if err := p.record(p.row, p.y); err != nil {
				return err
			}
		}
		if p.row == len(p.trace.T) {
			return nil
		}
		if k%64 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for passed < len(stops) && stops[passed] <= p.t {
			passed++
		}
		p.Segment(passed)
		next, err := p.next(min(stops[passed], p.trace.T[p.row]))
		if err == nil {
			err = p.advance(ctx, next)
		}
		if err != nil {
			return err
		}
	}
}

// next returns where the coming step ends, at end at the latest.
func (p *path) next(end float64) (float64, error) {
	p.drive(p.u, p.t)
	limit := p.limited.StepLimit(p.y, p.u, p.env)
	if !(limit > 0) {
		return 0, fmt.Errorf("the longest step is %g s: must be > 0 s", limit)
	}
	limit = min(limit, p.maxStep)
	rest := end - p.t
	if !(rest > limit*(1+1e-9)) {
		return end, nil
	}
	to := p.t + rest/math.Ceil(rest/limit*(1-1e-9))
	if !(to > p.t) {
		return 0, fmt.Errorf("%w: the longest step is %g s", ode.ErrStepTooSmall, limit)
	}
	return to, nil
}

// advance takes one step to the time next.
func (p *path) advance(ctx context.Context, next float64) error {
	mid := p.t + 0.5*(next-p.t)
	p.jump(p.t, mid, 2*p.step)
	var err error
	if p.heun != nil {
		err = p.noise(p.heun, p.t, next, p.step)
	} else {
		if p.kick != nil {
			err = p.noise(p.kick, p.t, mid, 2*p.step)
		}
		if err == nil {
			err = p.drift(ctx, next)
		}
		if err == nil && p.kick != nil {
			err = p.noise(p.kick, mid, next, 2*p.step+1)
		}
	}
	if err != nil {
		return err
	}
	p.jump(mid, next, 2*p.step+1)
	project(p.el, p.y)
	p.t = next
	p.step++
	return nil
}

// jump lets the element jump in the time from a to b.
func (p *path) jump(a, b float64, event uint64) {
	if p.jumping == nil || !(b > a) {
		return
	}
	p.drive(p.u, a)
	p.drive(p.u1, b)
	p.jumping.Jump(p.y, p.u, p.u1, b-a, p.env, p.jumps, event)
}

// noise takes one step of a Heun scheme from a to b, which rounding may have made
// the same.
func (p *path) noise(h *ode.Heun, a, b float64, step uint64) error {
	if !(b > a) {
		return nil
	}
	if err := h.Reset(a, p.y, step); err != nil {
		return err
	}
	if err := h.Integrate(context.Background(), b, 1); err != nil {
		return err
	}
	copy(p.y, h.State())
	return nil
}

// drift integrates f alone from t to next, without a new start where neither
// noise nor jumps have moved the states.
func (p *path) drift(ctx context.Context, next float64) error {
	for i, y := range p.solver.State() {
		p.resume = p.resume && p.y[i] == y
	}
	if !p.resume {
		if err := p.solver.Reset(p.t, p.y); err != nil {
			return err
		}
		p.resume = true
	}
	if err := p.solver.Integrate(ctx, next); err != nil {
		return err
	}
	copy(p.y, p.solver.State())
	return nil
}
