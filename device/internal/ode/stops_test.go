package ode

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A pulse of one nanosecond in a window of one second is integrated exactly.
func TestShortPulseIsNotMissed(t *testing.T) {
	on := 0.3
	off := on + 1e-9
	sys := Func(1, func(dst []float64, t float64, _ []float64) {
		dst[0] = 0
		if t >= on && t < off {
			dst[0] = 1e9
		}
	})
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{Breakpoints: []float64{on, off}})
		mustReset(t, s, 0, 0)
		mustIntegrate(t, s, 1)
		// The pulse is as long as its two times say, which are rounded.
		want := (off - on) * 1e9
		if e := math.Abs(s.State()[0] - want); e > 1e-12 {
			t.Errorf("%v: x = %.15g, want %.15g", m, s.State()[0], want)
		}
		if n := s.Stats().Steps; n > 60 {
			t.Errorf("%v: %d steps, want at most 60", m, n)
		}
	}
}

// Each stretch sees its own side of a jump only, so that a staircase is exact.
func TestJumpsAreOneSided(t *testing.T) {
	edges := []float64{1e-9, 2.5e-9, 2.6e-9, 1e-3, 1e-3 + 1e-9, 2}
	level := []float64{1, -2e3, 5e8, 0, -7e8, 3, 0}
	sys := Func(1, func(dst []float64, t float64, _ []float64) {
		i := 0
		for i < len(edges) && t >= edges[i] {
			i++
		}
		dst[0] = level[i]
	})
	want, last := 0.0, 0.0
	for i, e := range edges {
		want += level[i] * (e - last)
		last = e
	}
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-10, AbsTol: 1e-15, Breakpoints: edges})
		mustReset(t, s, 0, 0)
		mustIntegrate(t, s, 3)
		if e := math.Abs(s.State()[0] - want); e > 1e-13 {
			t.Errorf("%v: x = %.16g, want %.16g", m, s.State()[0], want)
		}
		if s.Stats().Rejected != 0 {
			t.Errorf("%v: %d steps rejected, want none", m, s.Stats().Rejected)
		}
	}
}

// waveform is a drive that is linear between samples; a System embedding it is
// told the stretch.
type waveform struct {
	t, v  []float64
	i     int
	calls []int
}

func (w *waveform) Segment(i int) {
	w.i = max(i-1, 0)
	w.calls = append(w.calls, i)
}

func (w *waveform) at(t float64) float64 {
	i := min(w.i, len(w.t)-2)
	return w.v[i] + (w.v[i+1]-w.v[i])*((t-w.t[i])/(w.t[i+1]-w.t[i]))
}

// leaky is x' = -x/τ + v(t).
type leaky struct {
	*waveform
	tau float64
}

func (leaky) Dim() int { return 1 }

func (l leaky) Derivative(dst []float64, t float64, y []float64) { dst[0] = l.at(t) - y[0]/l.tau }

// exact advances x over the stretch i: with v = p + q s, x is
// τ(p - qτ) + qτ s plus an exponential.
func (l leaky) exact(x float64, i int) float64 {
	h := l.t[i+1] - l.t[i]
	q := (l.v[i+1] - l.v[i]) / h
	c := l.tau * (l.v[i] - q*l.tau)
	return c + q*l.tau*h + (x-c)*math.Exp(-h/l.tau)
}

func randomWave(n int, seed uint64) *waveform {
	r := rand.New(rand.NewPCG(seed, 1))
	w := &waveform{t: make([]float64, n), v: make([]float64, n)}
	for i := range n {
		w.t[i] = 1e-6 * (float64(i) + 0.5*r.Float64())
		w.v[i] = 1e6 * r.NormFloat64()
	}
	return w
}

func TestPiecewiseLinearDrive(t *testing.T) {
	w := randomWave(500, 7)
	sys := leaky{w, 5e-6}
	for _, m := range methods {
		w.calls = nil
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-9, AbsTol: 1e-12, Kinks: w.t})
		mustReset(t, s, w.t[0], 0.5)
		x, worst := 0.5, 0.0
		for i := range len(w.t) - 1 {
			mustIntegrate(t, s, w.t[i+1])
			x = sys.exact(x, i)
			worst = max(worst, math.Abs(s.State()[0]-x))
		}
		t.Logf("%v: largest error %.2g, %+v", m, worst, s.Stats())
		if worst > 2e-8 {
			t.Errorf("%v: largest error %g, want below 2e-8", m, worst)
		}
		if len(w.calls) != len(w.t)-1 {
			t.Errorf("%v: Segment called %d times, want %d", m, len(w.calls), len(w.t)-1)
		}
		for i, c := range w.calls {
			if c != i+1 {
				t.Fatalf("%v: call %d of Segment is %d, want %d", m, i, c, i+1)
			}
		}
	}
}

// A smooth stretch of samples costs one step of six evaluations each: derivative
// and step size are carried over kinks.
func TestKinksCostSixEvaluations(t *testing.T) {
	const n = 1000
	w := &waveform{t: make([]float64, n), v: make([]float64, n)}
	for i := range n {
		w.t[i] = float64(i) * 1e-9
		w.v[i] = math.Sin(float64(i) * 0.01)
	}
	s := mustNew(t, leaky{w, 1e-6}, DormandPrince, &Settings{Kinks: w.t})
	mustReset(t, s, 0, 0)
	mustIntegrate(t, s, w.t[n-1])
	if got := s.Stats().Evaluations; got > 6*n+50 {
		t.Errorf("%d evaluations for %d samples, want at most %d", got, n, 6*n+50)
	}
}

// Two kinks close together cost a step, not the step size found before.
func TestKinksKeepTheStepSize(t *testing.T) {
	sys := Func(1, func(dst []float64, _ float64, y []float64) { dst[0] = -y[0] })
	steps := func(set Settings) int {
		s := mustNew(t, sys, DormandPrince, &set)
		mustReset(t, s, 0, 1)
		mustIntegrate(t, s, 5)
		return s.Stats().Steps
	}
	free := steps(Settings{})
	cut := steps(Settings{Kinks: []float64{2, 2 + 1e-12, 3, 3 + 1e-12}})
	if cut > free+10 {
		t.Errorf("%d steps with four kinks, %d without: want at most 10 more", cut, free)
	}
}

func TestMergeStops(t *testing.T) {
	stops, jump := mergeStops([]float64{1, 3, 5}, []float64{0, 3, 4, 6})
	want := []float64{0, 1, 3, 4, 5, 6}
	wantJump := []bool{false, true, true, false, true, false}
	if len(stops) != len(want) {
		t.Fatalf("stops = %g, want %g", stops, want)
	}
	for i := range want {
		if stops[i] != want[i] || jump[i] != wantJump[i] {
			t.Errorf("stop %d = %g, %v, want %g, %v", i, stops[i], jump[i], want[i], wantJump[i])
		}
	}
}
