package memristor_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
	"mho/noise"
)

const (
	mssLaw   = "x = a/(a+b) + (x0 - a/(a+b)) exp(-(a+b) t) of the model of Molter and Nugent, arXiv:1608.04659"
	mssScipy = "equations of Molter and Nugent, arXiv:1608.04659, integrated by a converged SciPy program"
)

// switches returns the rates on and off of the default model in units of 1/tau.
func switches(v float64) (a, b float64) {
	vt := 1.380649e-23 * 298.5 / 1.602176634e-19
	return 1 / (1 + math.Exp(-(v-0.27)/vt)), 1 - 1/(1+math.Exp(-(v+0.27)/vt))
}

// TestMMSRelaxation compares the mean with its closed form.
func TestMMSRelaxation(t *testing.T) {
	m := memristor.NewMMS()
	for v, table := range map[float64]float64{0.2: 0.059860, 0.25: 0.270105, 0.27: 0.393469, 0.3: 0.533488, 0.5: 0.632072} {
		a, b := switches(v)
		want := a / (a + b) * -math.Expm1(-(a + b))
		if math.Abs(want-table) > 1e-5 {
			t.Fatalf("%g V: the formula gives %g, the reference is %g", v, want, table)
		}
		tr := run(t, m, constant(v, 1e-4), nil)
		check(t, claims.Claim{Name: fmt.Sprintf("mms: share of switches on after tau at %g V", v), Kind: claims.ClosedForm, Source: mssLaw, Want: want, Got: tr.X[0][1], Tol: 1e-7, Why: "integration tolerance 1e-8 per step"})
	}
	a, b := switches(0)
	rate := (a + b) / 1e-4
	m.X0 = 1
	tr := run(t, m, constant(0, 1), nil)
	check(t, claims.Claim{Name: "mms: share of switches on after 1 s of rest", Kind: claims.ClosedForm, Source: mssLaw, Want: 0.5 + 0.5*math.Exp(-rate), Got: tr.X[0][1], Tol: 1e-7, Why: "integration tolerance 1e-8 per step"})
}

// TestMMSLoops compares loops under a sine of 0.5 V with SciPy's.
func TestMMSLoops(t *testing.T) {
	m := memristor.NewMMS()
	const samples = 2000
	for _, c := range []struct {
		f       float64
		periods int
		lo, hi  float64
	}{{1e3, 3, 0.0403, 0.9597}, {1e4, 3, 0.3028, 0.4923}, {1e5, 60, 0.4804, 0.4966}} {
		tr := run(t, m, sine(t, 0.5, c.f, float64(c.periods), samples), nil)
		from := (c.periods - 1) * samples
		for what, pair := range map[string][2]float64{"least": {c.lo, slices.Min(tr.X[0][from:])}, "largest": {c.hi, slices.Max(tr.X[0][from:])}} {
			check(t, claims.Claim{Name: fmt.Sprintf("mms: %s x in period %d at %g Hz", what, c.periods, c.f), Kind: claims.IndependentSolver, Source: mssScipy, Want: pair[0], Got: pair[1], Tol: 6e-5, Absolute: true, Why: "four digits of the reference"})
		}
		if c.f == 1e3 {
			for what, pair := range map[string][2]float64{"largest": {0.8870e-3, slices.Max(tr.Response[from:])}, "least": {-0.5599e-3, slices.Min(tr.Response[from:])}} {
				check(t, claims.Claim{Name: fmt.Sprintf("mms: %s current in period 3 at 1000 Hz", what), Kind: claims.IndependentSolver, Source: mssScipy, Unit: "A", Want: pair[0], Got: pair[1], Tol: 1.2e-4, Why: "four digits of the reference"})
			}
		}
	}
}

// shares returns x at the end of n paths.
func shares(t *testing.T, m *memristor.MMS, n int, w device.Waveform, step float64) []float64 {
	t.Helper()
	x := make([]float64, n)
	for i := range x {
		tr := run(t, m, w, &device.Settings{Key: noise.NewKey(21).Fold(uint64(i)), Step: step})
		x[i] = tr.X[0][len(tr.T)-1]
	}
	return x
}

// TestMMSBinomial compares the statistics of independent switches with the
// binomial distribution, on the way, at rest, and whatever the step.
func TestMMSBinomial(t *testing.T) {
	const paths = 2000
	for _, c := range []struct {
		name             string
		n                int
		v, x0, span, row float64
	}{
		{"100 switches after tau at 0.27 V", 100, 0.27, 0, 1e-4, 1e-4},
		{"100 switches after tau at 0.27 V, rows every tau/20", 100, 0.27, 0, 1e-4, 5e-6},
		{"100000 switches after tau/2 at 0.3 V", 100000, 0.3, 0, 5e-5, 5e-5},
		{"10 switches in balance at 0 V", 10, 0, 0.5, 20, 20},
	} {
		m := memristor.NewMMS()
		m.N, m.X0 = c.n, c.x0
		a, b := switches(c.v)
		p := a / (a + b) * -math.Expm1(-(a+b)*c.span/1e-4)
		if c.v == 0 {
			p = 0.5
		}
		want := math.Sqrt(p * (1 - p) / float64(c.n))
		x := shares(t, m, paths, constant(c.v, c.span), c.row)
		mean, sigma := stat.MeanStdDev(x, nil)
		check(t, claims.Claim{Name: "mms: mean x of " + c.name, Kind: claims.ClosedForm, Source: "p of one switch", Want: p, Got: mean, Tol: 5 * want / math.Sqrt(paths), Absolute: true, Why: "5 standard errors of 2000 paths"})
		check(t, claims.Claim{Name: "mms: spread of x of " + c.name, Kind: claims.ClosedForm, Source: "sqrt(p (1-p)/n)", Want: want, Got: sigma, Tol: 5 / math.Sqrt(2*paths), Why: "5 standard errors of 2000 paths"})
	}
}

// TestMMSDistribution compares the counts of each outcome with those of the
// binomial distribution: chi squared.
func TestMMSDistribution(t *testing.T) {
	const paths, n = 20000, 12
	m := memristor.NewMMS()
	m.N = n
	a, b := switches(0.25)
	env := device.RoomOf(m)
	for _, span := range []float64{0.3e-4, 1e-4, 4e-4} {
		p := a / (a + b) * -math.Expm1(-(a+b)*span/1e-4)
		var counts [n + 1]float64
		for i := range uint64(paths) {
			x := []float64{0}
			m.Jump(x, []float64{0.25}, []float64{0.25}, span, env, noise.NewKey(9), i)
			counts[int(math.Round(x[0]*n))]++
		}
		law := distuv.Binomial{N: n, P: p}
		chi, cells, rest := 0.0, 0, paths*1.0
		observed := paths * 1.0
		for k, o := range counts {
			if e := paths * law.Prob(float64(k)); e > 10 {
				chi += (o - e) * (o - e) / e
				cells++
				rest -= e
				observed -= o
			}
		}
		if rest > 10 {
			chi += (observed - rest) * (observed - rest) / rest
			cells++
		}
		if limit := (distuv.ChiSquared{K: float64(cells - 1)}).Quantile(1 - 1e-5); chi > limit {
			t.Errorf("%g s: chi squared is %g over %d cells, the limit %g", span, chi, cells, limit)
		}
	}
}

// TestMMSSweep holds many switches to the mean of infinitely many in sweeps, with
// long steps in which the rates change by orders of magnitude.
func TestMMSSweep(t *testing.T) {
	m := memristor.NewMMS()
	for _, c := range []struct {
		name string
		w    device.Waveform
		step float64
	}{
		{"3 periods of a triangle of 0.5 V, 2 kHz", device.Waveform{T: []float64{0, 1.25e-4, 3.75e-4, 6.25e-4, 8.75e-4, 11.25e-4, 13.75e-4, 15e-4}, U: [][]float64{{0, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0}}}, 0.125e-4},
		{"a ramp of 0 to 0.4 V in 1 s", device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, 0.4}}}, 0.05},
	} {
		m.N = 0
		mean := run(t, m, c.w, &device.Settings{Step: c.step})
		m.N = 100_000_000
		many := run(t, m, c.w, &device.Settings{Step: c.step})
		worst := 0.0
		for i, x := range mean.X[0] {
			worst = max(worst, math.Abs(many.X[0][i]-x))
		}
		check(t, claims.Claim{Name: "mms: worst difference of x of 1e8 switches from the mean, " + c.name, Kind: claims.IndependentSolver, Source: "the differential equation of the mean by the adaptive integrator", Want: 0, Got: worst, Tol: 2.5e-4, Absolute: true, Why: "5 standard deviations, 5e-5 each"})
	}
}
