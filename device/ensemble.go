package device

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"mho/noise"
)

// A Batched element integrates many copies of itself at once under a piecewise
// straight drive, exactly or to rounding, without steps of time.
type Batched interface {
	Element
	// NewBatch packs elements of the receiver's type, whose parameters may differ,
	// into structure-of-arrays form. It returns nil where an element among them
	// can only be integrated one by one.
	NewBatch(els []Element) Batch
}

// A Batch is copies of an element with one state in structure-of-arrays form. Its
// methods work on the copies from from to to-1 and may be called for different
// copies at the same time.
type Batch interface {
	// Load prepares the waveform w, whose first drive each copy sees times its
	// stress; nil is 1 for all.
	Load(w Waveform, stress []float64, from, to int)
	// Move takes the states x of all copies through the waveform loaded.
	Move(x []float64, from, to int)
}

// An Ensemble is N copies of an element, each with parameters and states of its
// own, that are driven together. States are kept in structure-of-arrays form.
// Elements that are Batched move by their batch, all others each by Run. The
// results are the same bits for any number of workers.
type Ensemble struct {
	// Keys name the noise of each copy, for elements that are Stochastic or
	// Jumping. NewEnsemble sets them to Settings.Key folded by the copy's index.
	Keys []noise.Key

	set    Settings
	els    []Element
	states []State
	x      [][]float64 // x[j][i] is state j of copy i
	batch  Batch       // nil: one by one
	events uint64      // applications of a waveform so far
}

// chunk is the number of copies that one worker takes at a time: their states
// and what a batch keeps of them stay in the first-level cache.
const chunk = 256

// NewEnsemble returns an ensemble of elements of one model in their initial
// states. It keeps els. Of the settings Env, Tolerance, MaxStep and Key are in use. The
// error tells of an element that is not valid, drives or states that differ, and of
// more drives than one.
func NewEnsemble(els []Element, set *Settings) (*Ensemble, error) {
	if len(els) == 0 {
		return nil, fmt.Errorf("the ensemble has no element: must have at least one")
	}
	e := &Ensemble{els: els, states: els[0].States()}
	if set != nil {
		e.set = *set
	}
	if e.set.Env == (Env{}) {
		e.set.Env = Room()
	}
	if d := els[0].Drives(); len(d) != 1 {
		return nil, fmt.Errorf("%s: the element has %d drives: must have one", els[0].Info().Name, len(d))
	}
	for i, el := range els {
		if err := Check(el); err != nil {
			return nil, fmt.Errorf("copy %d: %w", i, err)
		}
		if n := len(el.States()); n != len(e.states) {
			return nil, fmt.Errorf("copy %d has %d states: must have %d, as the first", i, n, len(e.states))
		}
	}
	e.x = make([][]float64, len(e.states))
	for j := range e.x {
		e.x[j] = make([]float64, len(els))
	}
	e.Reset()
	e.Keys = make([]noise.Key, len(els))
	for i := range e.Keys {
		e.Keys[i] = e.set.Key.Fold(uint64(i))
	}
	if b, ok := els[0].(Batched); ok && len(e.states) == 1 {
		e.batch = b.NewBatch(els)
	}
	return e, nil
}

// Len returns the number of copies.
func (e *Ensemble) Len() int { return len(e.els) }

// Element returns copy i.
func (e *Ensemble) Element(i int) Element { return e.els[i] }

// State returns state j of all copies, in its unit. Writing to it sets the states,
// which must stay within their bounds.
func (e *Ensemble) State(j int) []float64 { return e.x[j] }

// Reset puts every copy back to its initial states.
func (e *Ensemble) Reset() {
	for i, el := range e.els {
		for j, s := range el.States() {
			e.x[j][i] = s.Initial
		}
	}
}

// A Burst is a waveform that Ensemble.Drive applies a number of times.
type Burst struct {
	// Waveform is what is applied, a pulse for instance.
	Waveform Waveform

	// Count is how often. The default is once.
	Count int

	// Stress scales the drive of each copy. The default is 1 for all.
	Stress []float64

	// Read is the drive, in V or A, at which Readings are taken.
	Read float64

	// Readings, if not nil, takes the conductance i/v in S of copy i after
	// application k at Readings[k*Len()+i], read at Read with the states frozen.
	Readings []float64

	// Workers is the largest number of goroutines. The default is GOMAXPROCS.
	Workers int
}

// Drive applies a burst to every copy. An error is that of the copy with the
// lowest index that failed, a *RunError inside; the states of the ensemble are
// then not to be used. It panics if Stress or Readings have the wrong length.
func (e *Ensemble) Drive(ctx context.Context, t Burst) error {
	n := len(e.els)
	count := max(t.Count, 1)
	if t.Stress != nil && len(t.Stress) != n || t.Readings != nil && len(t.Readings) != n*count {
		panic("device: dimension mismatch")
	}
	if err := t.Waveform.Validate(); err != nil {
		return err
	}
	if len(t.Waveform.U) != 1 {
		return fmt.Errorf("the waveform has %d drives: must have one", len(t.Waveform.U))
	}
	defer func() { e.events += uint64(count) }()
	return e.spread(ctx, t.Workers, func(from, to int) error {
		if e.batch != nil {
			return e.driveBatch(t, count, from, to)
		}
		for i := from; i < to; i++ {
			if err := e.driveOne(ctx, t, count, i); err != nil {
				return fmt.Errorf("copy %d: %w", i, err)
			}
		}
		return nil
	})
}

// spread calls work on chunks of copies, several at a time.
func (e *Ensemble) spread(ctx context.Context, workers int, work func(from, to int) error) error {
	n := len(e.els)
	size := chunk
	if e.batch == nil {
		size = 1 // one copy is work enough
	}
	chunks := (n + size - 1) / size
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, chunks)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, chunks) {
		wg.Go(func() {
			for {
				c := int(next.Add(1)) - 1
				if c >= chunks || ctx.Err() != nil {
					return
				}
				errs[c] = work(c*size, min((c+1)*size, n))
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Ensemble) driveBatch(t Burst, count, from, to int) error {
	x := e.x[0]
	e.batch.Load(t.Waveform, t.Stress, from, to)
	var g []float64
	for k := range count {
		e.batch.Move(x, from, to)
		if t.Readings != nil {
			g = t.Readings[k*len(e.els):]
			if err := e.read(g, t.Read, from, to); err != nil {
				return err
			}
		}
	}
	for i := from; i < to; i++ {
		if x[i]-x[i] != 0 {
			s := e.states
			return fmt.Errorf("copy %d: %w", i, &RunError{Model: e.els[i].Info().Name, T: t.Waveform.T[0], States: s, X: []float64{x[i]}, Err: fmt.Errorf("the state is not finite")})
		}
	}
	return nil
}

func (e *Ensemble) driveOne(ctx context.Context, t Burst, count, i int) error {
	w := t.Waveform
	if t.Stress != nil {
		u := make([]float64, len(w.T))
		for k := range u {
			u[k] = t.Stress[i] * w.U[0][k]
		}
		w.U = [][]float64{u}
	}
	set := e.set
	set.Step = w.T[len(w.T)-1] - w.T[0] // the first and the last state only
	set.Initial = make([]float64, len(e.x))
	for k := range count {
		for j := range e.x {
			set.Initial[j] = e.x[j][i]
		}
		set.Key = e.Keys[i].Fold(e.events + uint64(k))
		tr, err := Run(ctx, e.els[i], w, &set)
		if err != nil {
			return err
		}
		for j := range e.x {
			e.x[j][i] = tr.X[j][len(tr.T)-1]
			if s := e.states[j]; mappingOf(e.els[i]) != nil {
				// A bound that a state only comes close to locks it, reached by rounding.
				e.x[j][i] = min(max(e.x[j][i], math.Nextafter(s.Min, s.Max)), math.Nextafter(s.Max, s.Min))
			}
		}
		if t.Readings != nil {
			if err := e.read(t.Readings[k*len(e.els):], t.Read, i, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Read sets dst to the conductance i/v of each copy in S at the drive u, in V or A,
// with the states frozen; at u = 0 it is the slope di/dv.
func (e *Ensemble) Read(dst []float64, u float64) error {
	if len(dst) != len(e.els) {
		panic("device: dimension mismatch")
	}
	return e.read(dst, u, 0, len(dst))
}

func (e *Ensemble) read(dst []float64, drive float64, from, to int) error {
	x, u := make([]float64, len(e.x)), []float64{drive}
	for i := from; i < to; i++ {
		for j := range x {
			x[j] = e.x[j][i]
		}
		g := ElementConductance(e.els[i], x, u, e.set.Env)
		if g-g != 0 {
			return fmt.Errorf("copy %d: %w", i, &RunError{Model: e.els[i].Info().Name, States: e.states, X: x, Err: fmt.Errorf("the conductance at %g %s is %g S", drive, e.els[i].Drives()[0].Unit, g)})
		}
		dst[i] = g
	}
	return nil
}

// ElementConductance returns i/v of el in S at frozen states x and drives u, the
// slope di/dv where v is zero.
func ElementConductance(el Element, x, u []float64, env Env) float64 {
	return conductance(el, x, u, env, CurrentDriven(el), el.Response(x, u, env))
}

// conductance is ElementConductance with the response known.
func conductance(el Element, x, u []float64, env Env, current bool, response float64) float64 {
	switch {
	case current && response == 0:
		return 1 / Slope(el, x, u, env)
	case current:
		return u[0] / response
	case u[0] == 0:
		return Slope(el, x, u, env)
	}
	return response / u[0]
}

// A Stretch is a part of a waveform in which a drive goes straight from U0 to U1 and
// does not change its sign.
type Stretch struct {
	U0, U1 float64 // in the drive's unit
	DT     float64 // s
}

// Stretches cuts the first drive of w at its samples and its zeros.
func (w Waveform) Stretches() []Stretch {
	s := w.splitAtZeros()
	out := make([]Stretch, 0, len(s.T)-1)
	for k := 1; k < len(s.T); k++ {
		if u0, u1 := s.U[0][k-1], s.U[0][k]; u0 != 0 || u1 != 0 {
			out = append(out, Stretch{u0, u1, s.T[k] - s.T[k-1]})
		}
	}
	return out
}

// Sign returns the sign of the drive, 1 or -1.
func (s Stretch) Sign() float64 { return math.Copysign(1, s.U0+s.U1) }
