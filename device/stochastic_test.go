package device_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/claims"
	"mho/noise"
)

// agitated is a testElement under noise and jumps.
type agitated struct {
	testElement
	diffusion func(x, u []float64) float64
	jump      func(x []float64, dt float64, key noise.Key, event uint64)
	limit     float64
	project   func(x []float64)
}

func (e *agitated) Noises() int {
	if e.diffusion == nil {
		return 0
	}
	return 1
}
func (e *agitated) Diffusion(dst, x, u []float64, _ device.Env)    { dst[0] = e.diffusion(x, u) }
func (e *agitated) StepLimit(_, _ []float64, _ device.Env) float64 { return e.limit }
func (e *agitated) Jumps() bool                                    { return e.jump != nil }
func (e *agitated) Jump(x, _, _ []float64, dt float64, _ device.Env, key noise.Key, event uint64) {
	e.jump(x, dt, key, event)
}
func (e *agitated) Project(x []float64) {
	if e.project != nil {
		e.project(x)
	}
}

func newAgitated(stiff bool, x0, limit float64, rate, diffusion func(x, u []float64) float64) *agitated {
	return &agitated{
		testElement: testElement{
			drives:  volts,
			states:  []device.State{{Variable: free[0].Variable, Initial: x0, Min: math.Inf(-1), Max: math.Inf(1), Scale: 1}},
			current: func(_, u []float64) float64 { return u[0] }, rate: rate, stiff: stiff,
		},
		diffusion: diffusion, limit: limit,
	}
}

func zero(_, _ []float64) float64 { return 0 }

// ends returns the last value of the first state on n paths at a constant drive.
func ends(t *testing.T, el device.Element, n int, v, span float64) []float64 {
	t.Helper()
	x := make([]float64, n)
	w := device.Waveform{T: []float64{0, span}, U: [][]float64{{v, v}}}
	for i := range x {
		tr := run(t, el, w, &device.Settings{Key: noise.NewKey(7).Fold(uint64(i)), Tolerance: 1e-6})
		x[i] = tr.X[0][len(tr.T)-1]
	}
	return x
}

// checkMoments compares mean and standard deviation of a sample with closed
// forms, within five standard errors.
func checkMoments(t *testing.T, name, source, unit string, x []float64, mean, sigma float64) {
	t.Helper()
	n := float64(len(x))
	m, s := stat.MeanStdDev(x, nil)
	kurtosis := stat.ExKurtosis(x, nil)
	why := fmt.Sprintf("5 standard errors of %d paths", len(x))
	claims.Check(t, claims.Claim{Name: name + ": mean", Kind: claims.ClosedForm, Source: source, Unit: unit, Want: mean, Got: m, Tol: 5 * sigma / math.Sqrt(n), Absolute: true, Why: why})
	claims.Check(t, claims.Claim{Name: name + ": standard deviation", Kind: claims.ClosedForm, Source: source, Unit: unit, Want: sigma, Got: s, Tol: 5 * sigma * math.Sqrt((max(kurtosis, 0)+2)/(4*n)), Absolute: true, Why: why})
}

// TestOrnsteinUhlenbeck compares a linear restoring force under noise, by both
// schemes, with its closed form.
func TestOrnsteinUhlenbeck(t *testing.T) {
	const tau, sigma, x0, span = 1e-3, 20.0, 1.0, 1.5e-3
	for scheme, stiff := range map[string]bool{"Heun": false, "splitting": true} {
		el := newAgitated(stiff, x0, 0.05e-3, func(x, _ []float64) float64 { return -x[0] / tau }, func(_, _ []float64) float64 { return sigma })
		e := math.Exp(-span / tau)
		checkMoments(t, "Ornstein-Uhlenbeck process at 1.5 time constants, "+scheme, "x0 exp(-t/tau); sigma sqrt(tau/2 (1 - exp(-2t/tau)))", "",
			ends(t, el, 2000, 1, span), x0*e, sigma*math.Sqrt(tau/2*(1-e*e)))
	}
}

// TestStratonovich compares noise in proportion to the state with its closed form,
// whose mean tells Stratonovich's sense from Itô's.
func TestStratonovich(t *testing.T) {
	const mu, sigma = 0.3, 0.5
	for scheme, stiff := range map[string]bool{"Heun": false, "splitting": true} {
		el := newAgitated(stiff, 1, 0.05, func(x, _ []float64) float64 { return mu * x[0] }, func(x, _ []float64) float64 { return sigma * x[0] })
		mean := math.Exp(mu + sigma*sigma/2)
		checkMoments(t, "geometric Brownian motion in Stratonovich's sense, "+scheme, "x = exp(mu t + sigma W): mean exp(mu t + sigma² t/2)", "",
			ends(t, el, 4000, 1, 1), mean, mean*math.Sqrt(math.Expm1(sigma*sigma)))
	}
}

// TestStepIndependence spreads free states alike whatever the step: noise is per
// unit of time, not per step.
func TestStepIndependence(t *testing.T) {
	for _, limit := range []float64{1e-6, 2e-8, 7e-9} {
		el := newAgitated(true, 0, limit, zero, func(_, _ []float64) float64 { return 3e-8 })
		checkMoments(t, fmt.Sprintf("free diffusion over 1 us in steps of at most %g s", limit), "sigma sqrt(t)", "", ends(t, el, 1500, 1, 1e-6), 0, 3e-8*1e-3)
	}
}

// TestSplittingOrder compares the flow of the splitting with the drift's own
// where there is no noise, and the distribution with Heun's where the drift is
// not linear.
func TestSplittingOrder(t *testing.T) {
	rate := func(x, _ []float64) float64 { return x[0] - x[0]*x[0]*x[0] }
	noiseless := newAgitated(true, 0.1, 0.05, rate, func(_, _ []float64) float64 { return 0 })
	w := device.Waveform{T: []float64{0, 2}, U: [][]float64{{1, 1}}}
	want := run(t, &noiseless.testElement, w, nil).X[0][1]
	if got := run(t, noiseless, w, nil).X[0][1]; math.Abs(got-want) > 1e-8 {
		t.Errorf("without noise the state goes to %g, want %g", got, want)
	}
	b := func(_, _ []float64) float64 { return 0.4 }
	const n = 3000
	fine := ends(t, newAgitated(false, 0.1, 0.01, rate, b), n, 1, 2)
	coarse := ends(t, newAgitated(true, 0.1, 0.2, rate, b), n, 1, 2)
	m0, s0 := stat.MeanStdDev(fine, nil)
	m1, s1 := stat.MeanStdDev(coarse, nil)
	if d := 5 * math.Sqrt((s0*s0+s1*s1)/n); math.Abs(m0-m1) > d || math.Abs(s0-s1) > d {
		t.Errorf("double well: %g ± %g by splitting, %g ± %g by Heun", m1, s1, m0, s0)
	}
}

// TestTelegraph lets a state jump between two values: its occupation relaxes as
// exp(-(a+b) t), whatever the step.
func TestTelegraph(t *testing.T) {
	const a, b, span = 3e3, 1e3, 2e-4
	for _, limit := range []float64{math.Inf(1), 3e-5} {
		el := newAgitated(false, 0, limit, zero, nil)
		el.jump = func(x []float64, dt float64, key noise.Key, event uint64) {
			p := -math.Expm1(-(a + b) * dt)
			if x[0] == 0 {
				p *= a / (a + b)
			} else {
				p *= b / (a + b)
			}
			if key.UniformAt(noise.At{Event: event}) < p {
				x[0] = 1 - x[0]
			}
		}
		p := a / (a + b) * -math.Expm1(-(a+b)*span)
		checkMoments(t, fmt.Sprintf("random telegraph in steps of at most %g s", limit), "a/(a+b) (1 - exp(-(a+b) t))", "", ends(t, el, 3000, 1, span), p, math.Sqrt(p*(1-p)))
	}
}

// TestPathBits gives the same bits for the same key and others for another, and
// ends steps on samples and rows.
func TestPathBits(t *testing.T) {
	el := newAgitated(false, 0, 0.3, func(x, u []float64) float64 { return u[0] - x[0] }, func(_, _ []float64) float64 { return 1 })
	w := device.Waveform{T: []float64{0, 1, 1.5, 4}, U: [][]float64{{0, 1, -1, 0}}}
	set := &device.Settings{Step: 0.25, Key: noise.NewKey(3)}
	a, b := run(t, el, w, set), run(t, device.WithSeries(el, 0), w, set)
	set.Key = noise.NewKey(4)
	c := run(t, el, w, set)
	if len(a.T) != 17 || !a.Complete {
		t.Fatalf("%d rows, complete %t", len(a.T), a.Complete)
	}
	same := 0
	for i, x := range a.X[0] {
		if b.X[0][i] != x {
			t.Fatalf("row %d: %g and %g of the same key", i, x, b.X[0][i])
		}
		if c.X[0][i] == x {
			same++
		}
	}
	if same > 1 {
		t.Errorf("%d of 17 rows are the same with another key", same)
	}
}

// TestShortStep takes rows an ulp from a sample.
func TestShortStep(t *testing.T) {
	const at = 13.75e-4
	for _, stiff := range []bool{false, true} {
		el := newAgitated(stiff, 0, 1, zero, func(_, _ []float64) float64 { return 1 })
		el.jump = func(_ []float64, dt float64, _ noise.Key, _ uint64) {
			if !(dt > 0) {
				t.Errorf("a jump over %g s", dt)
			}
		}
		tr := run(t, el, device.Waveform{T: []float64{0, at, math.Nextafter(at, 1), 2e-3}, U: [][]float64{{1, 1, 1, 1}}}, nil)
		if len(tr.T) != 4 || tr.X[0][3] == 0 || math.IsNaN(tr.X[0][3]) {
			t.Errorf("stiff %t: %g", stiff, tr.X[0])
		}
	}
}

// TestReflection keeps a state between bounds and lets it leave them.
func TestReflection(t *testing.T) {
	for _, stiff := range []bool{false, true} {
		el := newAgitated(stiff, 0.5, 1e-3, zero, func(_, _ []float64) float64 { return 3 })
		el.states[0].Min, el.states[0].Max = 0, 1
		tr := run(t, el, device.Waveform{T: []float64{0, 2}, U: [][]float64{{1, 1}}}, &device.Settings{Step: 1e-3})
		low, high := 0, 0
		for _, x := range tr.X[0] {
			if x < 0 || x > 1 {
				t.Fatalf("the state is %g", x)
			}
			if x < 0.2 {
				low++
			} else if x > 0.8 {
				high++
			}
		}
		if low < 200 || high < 200 { // of 400 expected
			t.Errorf("stiff %t: %d rows near the lower and %d near the upper bound of 2000", stiff, low, high)
		}
	}
}

// TestProject keeps a rotation on its circle: its start and each of 100 steps.
func TestProject(t *testing.T) {
	el := newAgitated(false, 1, 0.01, func(x, _ []float64) float64 { return -x[0] * 1e-3 }, func(_, _ []float64) float64 { return 0.3 })
	calls := 0
	el.project = func(x []float64) { x[0] = math.Copysign(1, x[0]); calls++ }
	tr := run(t, device.WithCompliance(el, 10), device.Waveform{T: []float64{0, 1}, U: [][]float64{{1, 1}}}, nil)
	if calls != 101 || math.Abs(tr.X[0][1]) != 1 {
		t.Errorf("%d projections, the last state is %g", calls, tr.X[0][1])
	}
}

// TestPathErrors keeps what was made before.
func TestPathErrors(t *testing.T) {
	w := device.Waveform{T: []float64{0, 1, 2, 3}, U: [][]float64{{0, 1, 2, 3}}}
	for _, stiff := range []bool{false, true} {
		el := newAgitated(stiff, 0, 0.1, zero, func(_, u []float64) float64 {
			if u[0] > 1.5 {
				return math.NaN()
			}
			return 1
		})
		tr, err := device.Run(context.Background(), el, w, nil)
		var fail *device.RunError
		if !errors.As(err, &fail) || tr == nil || tr.Complete || len(tr.T) != 2 || !(fail.T >= 1.3 && fail.T <= 1.5) || !strings.Contains(err.Error(), "not finite") {
			t.Errorf("stiff %t: %v, trace %+v", stiff, err, tr)
		}
		el.diffusion, el.limit = func(_, _ []float64) float64 { return 1 }, 0
		if _, err := device.Run(context.Background(), el, w, nil); err == nil || !strings.Contains(err.Error(), "the longest step is 0 s: must be > 0 s") {
			t.Errorf("stiff %t, no step: %v", stiff, err)
		}
	}
}

// spread is an element with spreads.
type spread struct {
	device.Element
	a, b, x0 float64
	spreads  []device.Spread
}

func (s *spread) Params() []device.Param {
	return []device.Param{{Name: "a", Value: &s.a}, {Name: "b", Value: &s.b}, {Name: "x0", Value: &s.x0}}
}
func (s *spread) Spreads() []device.Spread { return s.spreads }
func (s *spread) States() []device.State {
	return []device.State{{Variable: free[0].Variable, Initial: s.x0, Min: s.a, Max: s.b, Scale: 1}}
}

func newSpread(spreads ...device.Spread) *spread {
	return &spread{Element: &testElement{drives: volts}, a: 2, b: 5, x0: 2, spreads: spreads}
}

// TestVary compares a truncated normal and a lognormal parameter with their
// closed forms.
func TestVary(t *testing.T) {
	const n = 20000
	narrow := device.Spread{Param: "a", Law: device.Normal, Sigma: 0.5, Relative: true, Min: 1.5, Max: 3.5}
	logs := device.Spread{Param: "b", Law: device.Lognormal, Sigma: 0.05}
	a, b := make([]float64, n), make([]float64, n)
	key := noise.NewKey(5)
	for i := range n {
		m := newSpread(narrow, logs)
		if err := device.Vary(m, key, uint32(i/100), uint32(i%100)); err != nil {
			t.Fatal(err)
		}
		a[i], b[i] = m.a, math.Log(m.b)
		if m.a < 1.5 || m.a > 3.5 || m.x0 != m.a {
			t.Fatalf("a = %g, x0 = %g", m.a, m.x0)
		}
	}
	// With α = -0.5, β = 1.5: mean shift (φ(α)-φ(β))/Z, and so on.
	phi := func(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
	cdf := func(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }
	lo, hi := -0.5, 1.5
	z := cdf(hi) - cdf(lo)
	shift := (phi(lo) - phi(hi)) / z
	checkMoments(t, "truncated normal spread of a parameter", "x0 + s (φ(α)-φ(β))/Z", "", a, 2+shift, math.Sqrt(1+(lo*phi(lo)-hi*phi(hi))/z-shift*shift))
	checkMoments(t, "logarithm of a lognormal spread", "ln x0, s", "", b, math.Log(5), 0.05)

	alone := newSpread(narrow)
	if err := device.Vary(alone, key, 1, 7); err != nil {
		t.Fatal(err)
	}
	if alone.a != a[107] {
		t.Errorf("a is %g without the spread of b, %g with it", alone.a, a[107])
	}
}

func TestVaryErrors(t *testing.T) {
	for want, s := range map[string]device.Spread{
		`test: spread of c: there is no parameter "c"`:                              {Param: "c", Law: device.Normal, Sigma: 1},
		"test: spread of a: sigma is -1: must be >= 0":                              {Param: "a", Law: device.Normal, Sigma: -1},
		`test: spread of a: law "cauchy": must be normal or lognormal`:              {Param: "a", Law: "cauchy", Sigma: 1},
		"test: spread of a: limits 3 and 2: the first must not be above the second": {Param: "a", Law: device.Normal, Sigma: 1, Min: 3, Max: 2},
	} {
		if err := device.Vary(newSpread(s), noise.NewKey(1), 0, 0); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
