package device

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"mho/device/internal/ode"
	"mho/noise"
)

// Settings says how Run integrates and what it records. Nil and the zero value
// mean the defaults.
type Settings struct {
	// Env is the surroundings of the element. The default is RoomOf it.
	Env Env

	// Initial holds the initial states. The default is the element's own.
	Initial []float64

	// Step is the time in s from one row of the trace to the next, beginning
	// with the waveform's first sample. The default is a row per sample.
	Step float64

	// Tolerance is the local error allowed per step of integration, relative to
	// the sum of a state's magnitude and its scale, from 1e-13 to 0.1. The
	// default is 1e-8.
	Tolerance float64

	// MaxStep is the longest step of integration, s. The default is the distance
	// of the waveform's samples.
	MaxStep float64

	// Key names the path that a Stochastic or Jumping element takes: the same key,
	// waveform and settings give the same bits. Elements of an ensemble need a
	// key each. The default is the zero key.
	Key noise.Key
}

// A RunError says when and in which state a run failed.
type RunError struct {
	Model  string    // name of the model
	T      float64   // time of the last good state, s
	States []State   // the element's states
	X      []float64 // the last good state, in the units of States
	Err    error     // what went wrong
}

// Error names the model, the time, each state and what went wrong.
func (e *RunError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: at t = %g s", e.Model, e.T)
	for i, s := range e.States {
		fmt.Fprintf(&b, ", %s = %g", s.Name, e.X[i])
		if s.Unit != "" {
			b.WriteString(" " + s.Unit)
		}
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	return b.String()
}

// Unwrap returns Err.
func (e *RunError) Unwrap() error { return e.Err }

// maxRows bounds a trace to what a machine can hold.
const maxRows = 1 << 28

// Run drives el with a waveform from its initial state and returns the trace.
//
// Integration steps end on every sample of the waveform, so that no pulse is
// missed however short it is, and where the first drive passes zero, where many
// laws have a kink; between these they follow the error of the states. Stiff
// elements get an implicit method. States stay within their bounds.
//
// A Stochastic or Jumping element takes steps as long as its StepLimit allows,
// which end on the rows of the trace too: with other rows the path is another one
// of the same statistics. Stiff elements are split into the flow of their drift,
// integrated to Tolerance, and that of their noise; the others go by the
// stochastic Heun scheme. With noise that does not depend on the state the
// splitting is of weak order 2, and both schemes are of strong order 1; see path
// in stochastic.go for the rest. States are reflected at their bounds.
//
// When it cannot go on, or a row shows a Limited element beyond its law, it
// returns the rows that it has, with Complete false, and a *RunError that says
// when and in which state; so it does when ctx is done.
// It returns an error and no trace if the element, the waveform or a setting is
// not valid.
func Run(ctx context.Context, el Element, w Waveform, set *Settings) (*Trace, error) {
	r, err := newRun(el, w, set)
	if err != nil {
		return nil, err
	}
	r.ctx = ctx
	return r.trace, r.integrate(ctx)
}

// run is an element on its way through a waveform. It is the ode.Segmented
// system that the integrator sees.
type run struct {
	ctx     context.Context
	el      Element
	env     Env
	w       Waveform // as given
	split   Waveform // with a sample at each zero of the first drive
	current bool     // current-driven
	states  []State
	law     Limited // nil: valid everywhere
	mapping Mapping // nil: y is x
	trace   *Trace
	solver  *ode.Solver
	path    *path     // nil: deterministic
	start   []float64 // initial y

	t0         float64   // left end of the present stretch, s
	u, u0, du  []float64 // drives, at t0, and their slopes
	x          []float64 // states at y
	row, below int       // row being made, sample at its left
}

func newRun(el Element, w Waveform, set *Settings) (*run, error) {
	var s Settings
	if set != nil {
		s = *set
	}
	if s.Tolerance == 0 {
		s.Tolerance = 1e-8
	}
	if err := Check(el); err != nil {
		return nil, err
	}
	if s.Env == (Env{}) {
		s.Env = RoomOf(el)
	}
	if err := w.Validate(); err != nil {
		return nil, err
	}
	drives := el.Drives()
	if len(w.U) != len(drives) {
		return nil, fmt.Errorf("%s: the waveform has %d drives: must have %d, %s", el.Info().Name, len(w.U), len(drives), headers(drives))
	}
	if !(s.Env.Temperature > 0) || math.IsInf(s.Env.Temperature, 1) {
		return nil, fmt.Errorf("the temperature is %g K: must be > 0 K", s.Env.Temperature)
	}
	r := &run{el: el, env: s.Env, w: w, split: w.splitAtZeros(), current: CurrentDriven(el), states: el.States(), mapping: mappingOf(el)}
	r.law, _ = el.(Limited)
	n := len(r.states)
	r.u, r.u0, r.du = make([]float64, len(drives)), make([]float64, len(drives)), make([]float64, len(drives))
	r.x, r.start = make([]float64, n), make([]float64, n)
	if s.Initial != nil && len(s.Initial) != n {
		return nil, fmt.Errorf("%s: %d initial states: must be %d", el.Info().Name, len(s.Initial), n)
	}
	for i, st := range r.states {
		r.start[i] = st.Initial
		if s.Initial != nil {
			r.start[i] = s.Initial[i]
		}
		if x := r.start[i]; !(x >= st.Min && x <= st.Max) {
			return nil, fmt.Errorf("%s: the initial %s is %g: must be from %g to %g", el.Info().Name, st.Name, x, st.Min, st.Max)
		}
	}
	project(el, r.start)
	times, err := rows(w, s.Step)
	if err != nil {
		return nil, err
	}
	r.trace = newTrace(el, times, w)
	if n == 0 {
		return r, nil
	}
	if r.path, err = newPath(r, s); err != nil {
		return nil, fmt.Errorf("%s: %w", el.Info().Name, err)
	}
	return r, r.newSolver(s)
}

func (r *run) newSolver(s Settings) error {
	n := len(r.states)
	method := ode.DormandPrince
	if stiff(r.el) {
		method = ode.Rodas5P
	}
	o := ode.Settings{RelTol: s.Tolerance, AbsTols: make([]float64, n), MaxStep: s.MaxStep, Kinks: r.split.T}
	for i, st := range r.states {
		o.AbsTols[i] = s.Tolerance * st.Scale
	}
	if r.mapping != nil {
		for i := range o.AbsTols {
			o.AbsTols[i] = s.Tolerance
		}
		copy(r.x, r.start)
		r.mapping.Forward(r.start, r.x)
	} else if bounded(r.states) {
		o.Lower, o.Upper = make([]float64, n), make([]float64, n)
		for i, st := range r.states {
			o.Lower[i], o.Upper[i] = st.Min, st.Max
		}
	}
	var err error
	if r.solver, err = ode.New(r, method, &o); err == nil {
		err = r.solver.Reset(r.w.T[0], r.start)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.el.Info().Name, err)
	}
	return nil
}

func bounded(states []State) bool {
	for _, s := range states {
		if !math.IsInf(s.Min, -1) || !math.IsInf(s.Max, 1) {
			return true
		}
	}
	return false
}

// rows returns the times of the trace's rows.
func rows(w Waveform, step float64) ([]float64, error) {
	if step == 0 {
		return append([]float64(nil), w.T...), nil
	}
	first, last := w.T[0], w.T[len(w.T)-1]
	if !(step > 0) || math.IsInf(step, 1) {
		return nil, fmt.Errorf("the step of the trace is %g s: must be > 0 s", step)
	}
	n := math.Floor((last-first)/step*(1+1e-12)) + 1
	if n > maxRows {
		return nil, fmt.Errorf("the step of the trace is %g s, which makes %g rows: must be at most %d rows", step, n, maxRows)
	}
	t := make([]float64, int(n))
	for i := range t {
		t[i] = min(first+float64(i)*step, last)
		if last-t[i] <= 1e-9*step {
			t[i] = last // a whole number of steps but for rounding
		}
		if i > 0 && t[i] <= t[i-1] {
			return nil, fmt.Errorf("the step of the trace is %g s: must change the time, which is %g s", step, t[i-1])
		}
	}
	return t, nil
}

// Dim returns the number of states.
func (r *run) Dim() int { return len(r.states) }

// Segment prepares the drives of the stretch after i samples.
func (r *run) Segment(i int) {
	k := min(max(i-1, 0), len(r.split.T)-2)
	r.t0 = r.split.T[k]
	dt := r.split.T[k+1] - r.t0
	for j, u := range r.split.U {
		r.u0[j], r.du[j] = u[k], (u[k+1]-u[k])/dt
	}
}

// drive sets dst to the drives at t on the present stretch.
func (r *run) drive(dst []float64, t float64) {
	for j := range dst {
		dst[j] = r.u0[j] + r.du[j]*(t-r.t0)
	}
}

// Derivative sets dst to dy/dt on the present stretch.
func (r *run) Derivative(dst []float64, t float64, y []float64) {
	r.drive(r.u, t)
	if r.mapping == nil {
		r.el.Derivative(dst, y, r.u, r.env)
		return
	}
	r.mapping.Inverse(r.x, y)
	r.mapping.Derivative(dst, y, r.x, r.u, r.env)
}

// integrate fills the trace.
func (r *run) integrate(ctx context.Context) error {
	tr := r.trace
	var err error
	switch {
	case r.path != nil:
		err = r.path.integrate(ctx)
	case r.solver != nil:
		err = r.solver.Trace(ctx, tr.T, r.record)
	default:
		err = r.algebraic(ctx)
	}
	if err == nil {
		tr.Complete = true
		return nil
	}
	tr.cut(r.row)
	var own *RunError
	if errors.As(err, &own) {
		return own
	}
	fail := &RunError{Model: r.el.Info().Name, T: r.w.T[0], States: r.states, X: make([]float64, len(r.states)), Err: err}
	if r.solver == nil {
		return fail
	}
	if r.path != nil {
		fail.T = r.path.t
		copy(fail.X, r.path.y)
	} else {
		fail.T = r.solver.T()
		r.inverse(fail.X, r.solver.State())
	}
	var step *ode.StepError
	if errors.As(err, &step) {
		fail.Err = fmt.Errorf("%w: %s", step.Reason, step.Detail)
	} else if ctx.Err() != nil {
		fail.Err = context.Cause(ctx)
	}
	return fail
}

// algebraic makes the trace of an element without states.
func (r *run) algebraic(ctx context.Context) error {
	for i := range r.trace.T {
		if i%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := r.record(i, nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) inverse(x, y []float64) {
	if r.mapping == nil {
		copy(x, y)
		return
	}
	r.mapping.Inverse(x, y)
}

// record makes row i of the trace.
func (r *run) record(i int, y []float64) error {
	if i%4096 == 0 && r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	tr := r.trace
	t := tr.T[i]
	r.inverse(r.x, y)
	if r.path == nil {
		project(r.el, r.x)
	}
	for r.below+2 < len(r.w.T) && r.w.T[r.below+1] <= t {
		r.below++
	}
	k := r.below
	for j, u := range r.w.U {
		switch t {
		case r.w.T[k]:
			r.u[j] = u[k]
		case r.w.T[k+1]:
			r.u[j] = u[k+1]
		default:
			r.u[j] = u[k] + (u[k+1]-u[k])*((t-r.w.T[k])/(r.w.T[k+1]-r.w.T[k]))
		}
		tr.U[j][i] = r.u[j]
	}
	for j, x := range r.x {
		tr.X[j][i] = x
	}
	if r.law != nil {
		if err := r.law.Valid(r.x, r.u, r.env); err != nil {
			return r.failed(t, "%w", err)
		}
	}
	response := r.el.Response(r.x, r.u, r.env)
	g := conductance(r.el, r.x, r.u, r.env, r.current, response)
	if response-response != 0 {
		return r.failed(t, "the %s is %g", tr.ResponseVariable.Meaning, response)
	}
	if g-g != 0 {
		return r.failed(t, "the conductance is %g S", g)
	}
	tr.Response[i], tr.G[i] = response, g
	r.row = i + 1
	return nil
}

// failed returns the error of the row that is being made.
func (r *run) failed(t float64, format string, args ...any) error {
	return &RunError{Model: r.el.Info().Name, T: t, States: r.states, X: append([]float64(nil), r.x...), Err: fmt.Errorf(format, args...)}
}
