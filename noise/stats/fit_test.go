package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/internal/claims"
	"mho/noise"
)

// TestBearingCage fits a heavily censored Weibull distribution of 6 failures among
// 1703 and compares with two other programs.
func TestBearingCage(t *testing.T) {
	var x []float64
	var censored []bool
	for _, c := range []struct {
		n    int
		x    float64
		fail bool
	}{
		{288, 50, false}, {148, 150, false}, {1, 230, true}, {124, 250, false}, {1, 334, true}, {111, 350, false}, {1, 423, true},
		{106, 450, false}, {99, 550, false}, {110, 650, false}, {114, 750, false}, {119, 850, false}, {127, 950, false},
		{1, 990, true}, {1, 1009, true}, {123, 1050, false}, {93, 1150, false}, {47, 1250, false}, {41, 1350, false},
		{27, 1450, false}, {1, 1510, true}, {11, 1550, false}, {6, 1650, false}, {1, 1850, false}, {2, 2050, false},
	} {
		for range c.n {
			x, censored = append(x, c.x), append(censored, !c.fail)
		}
	}
	f, err := FitWeibull(x, censored, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if f.N != 1703 || f.Censored != 1697 {
		t.Errorf("%d of %d censored", f.Censored, f.N)
	}
	source := "bearing cages, W. Q. Meeker and L. A. Escobar, Statistical Methods for Reliability Data (1998), table C.5; fit by Weibull++ as printed in package weibullpp for R"
	claims.Check(t, claims.Claim{Name: "Weibull fit with 1697 of 1703 censored: beta", Kind: claims.IndependentSolver, Source: source, Want: 2.035247, Got: f.Beta().Value, Tol: 5e-5, Why: "R's survreg gives 2.035319: the programs' own convergence"})
	claims.Check(t, claims.Claim{Name: "Weibull fit with 1697 of 1703 censored: eta", Kind: claims.IndependentSolver, Source: source, Unit: "h", Want: 11793.21, Got: f.Eta().Value, Tol: 2e-4, Why: "R's survreg gives 11792.18: the programs' own convergence"})
	claims.Check(t, claims.Claim{Name: "Weibull fit with 1697 of 1703 censored: log-likelihood", Kind: claims.IndependentSolver, Source: source, Want: -76.436896, Got: f.LogLikelihood, Tol: 1e-8, Why: "printed to eight digits"})
	if b, e := f.Beta(), f.Eta(); !(b.Low < b.Value && b.Value < b.High && e.Low < e.Value && e.Value < e.High) {
		t.Error(b, e)
	}
}

// TestBallBearings fits complete Weibull data.
func TestBallBearings(t *testing.T) {
	x := []float64{17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.48, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4}
	f, err := FitWeibull(x, nil, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "Weibull fit of 23 ball bearings: beta", Kind: claims.Published, Source: "J. Lieblein and M. Zelen, J. Res. Natl. Bur. Stand. 57, 273 (1956), doi:10.6028/jres.057.033; the estimate 2.102 in textbooks", Want: 2.102, Got: f.Beta().Value, Tol: 3e-4, Why: "printed to three decimals"})
	// The equation of the maximum, which the fit does not use.
	b := f.Beta().Value
	var num, den, logs float64
	for _, v := range x {
		p := math.Pow(v, b)
		num += p * math.Log(v)
		den += p
		logs += math.Log(v)
	}
	n := float64(len(x))
	claims.Check(t, claims.Claim{Name: "Weibull fit of 23 ball bearings: the likelihood equation of beta", Kind: claims.ClosedForm, Source: "Σ x^β ln x / Σ x^β - 1/β - mean ln x = 0", Want: 0, Got: num/den - 1/b - logs/n, Tol: 1e-10, Absolute: true, Why: "Newton's method ends at rounding"})
	claims.Check(t, claims.Claim{Name: "Weibull fit of 23 ball bearings: the likelihood equation of eta", Kind: claims.ClosedForm, Source: "η = (mean x^β)^(1/β)", Want: math.Pow(den/n, 1/b), Got: f.Eta().Value, Tol: 1e-10, Why: "Newton's method ends at rounding"})
}

// TestNormalFit compares with the closed form of complete data, also shifted by
// nine digits.
func TestNormalFit(t *testing.T) {
	x := make([]float64, 50)
	noise.NewKey(3).Normal(x, noise.At{})
	for i := range x {
		x[i] = 1e6 + 2e-3*x[i]
	}
	f, err := FitNormal(x, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	n := float64(len(x))
	m, s := stat.PopMeanStdDev(x, nil)
	if math.Abs(f.Location.Value-m) > 1e-9 || math.Abs(f.Scale.Value/s-1) > 1e-6 {
		t.Errorf("%v and %v, want %v and %v", f.Location.Value, f.Scale.Value, m, s)
	}
	if math.Abs(f.Location.StdErr/(s/math.Sqrt(n))-1) > 1e-6 || math.Abs(f.Scale.StdErr/(s/math.Sqrt(2*n))-1) > 1e-6 {
		t.Error("standard errors", f.Location.StdErr, f.Scale.StdErr)
	}
	if want := -n/2*math.Log(2*math.Pi*s*s) - n/2; math.Abs(f.LogLikelihood-want) > 1e-5 {
		t.Error("log-likelihood", f.LogLikelihood, want)
	}
	// R's plnorm and qlnorm at round numbers.
	g := &Fit{Family: Lognormal, Location: Estimate{Value: 0}, Scale: Estimate{Value: 1}}
	if math.Abs(g.CDF(2)-0.7558914042144173) > 1e-14 || math.Abs(g.Quantile(0.9)-3.602224479279157) > 1e-12 {
		t.Error(g.CDF(2), g.Quantile(0.9))
	}
}

// TestCensoredCoverage counts how often the intervals of censored samples hold the
// truth; the bias of maximum likelihood in samples of 60 costs a little.
func TestCensoredCoverage(t *testing.T) {
	const repeats, n, level = 1500, 60, 0.9
	x, z := make([]float64, n), make([]float64, n)
	censored := make([]bool, n)
	var mu, sigma, eta, beta, tail, rate int
	for k := range repeats {
		key := noise.NewKey(5).Fold(uint64(k))
		key.Lognormal(x, math.Log(3), 0.5, noise.At{})
		for i := range x {
			censored[i] = x[i] > 4 // a test that ends at 4
			x[i] = min(x[i], 4)
		}
		f, err := FitLognormal(x, censored, level)
		if err != nil {
			t.Fatal(err)
		}
		mu += holds(f.Location, math.Log(3))
		sigma += holds(f.Scale, 0.5)
		e, err := f.Tail(8, Above)
		if err != nil {
			t.Fatal(err)
		}
		tail += holds(e, 1-(&Fit{Family: Lognormal, Location: Estimate{Value: math.Log(3)}, Scale: Estimate{Value: 0.5}}).CDF(8))
		key.Exponential(z, noise.At{Row: 1})
		for i := range z {
			x[i] = 7 * math.Pow(z[i], 1/1.5)
			censored[i] = x[i] > 9
			x[i] = min(x[i], 9)
		}
		f, err = FitWeibull(x, censored, level)
		if err != nil {
			t.Fatal(err)
		}
		eta += holds(f.Eta(), 7)
		beta += holds(f.Beta(), 1.5)
		for i := range z {
			x[i] = z[i] * 5
		}
		r, err := FitExponential(x, nil, level)
		if err != nil {
			t.Fatal(err)
		}
		rate += holds(r.Rate, 0.2)
	}
	covered(t, "lognormal location", mu, repeats, level, 0.015)
	covered(t, "lognormal scale", sigma, repeats, level, 0.02)
	covered(t, "lognormal tail", tail, repeats, level, 0.02)
	covered(t, "Weibull eta", eta, repeats, level, 0.015)
	covered(t, "Weibull beta", beta, repeats, level, 0.02)
	covered(t, "exponential rate", rate, repeats, level, 0)
}

// TestPowerLaw recovers a drift exponent, exactly without noise and within its
// interval with noise.
func TestPowerLaw(t *testing.T) {
	times := []float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}
	y, z := make([]float64, len(times)), make([]float64, len(times))
	for i, u := range times {
		y[i] = 20e-6 * math.Pow(u/20, -0.05)
	}
	f, err := FitPowerLaw(times, y, 20, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "power law fitted to exact data: exponent", Kind: claims.ClosedForm, Source: "G = 20 µS (t/20 s)^-0.05", Want: 0.05, Got: f.Nu.Value, Tol: 1e-12, Why: "rounding"})
	if math.Abs(f.A.Value/20e-6-1) > 1e-12 {
		t.Error(f.A)
	}
	hits, amplitude := 0, 0
	const repeats = 3000
	for k := range repeats {
		noise.NewKey(9).Fold(uint64(k)).Normal(z, noise.At{})
		for i, u := range times {
			y[i] = 20e-6 * math.Pow(u/20, -0.05) * math.Exp(0.02*z[i])
		}
		f, err := FitPowerLaw(times, y, 20, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		hits += holds(f.Nu, 0.05)
		amplitude += holds(f.A, 20e-6)
	}
	covered(t, "drift exponent", hits, repeats, 0.9, 0)
	covered(t, "amplitude", amplitude, repeats, 0.9, 0)
}

// TestGoodness checks that the tests reject right distributions at their rate, and
// wrong ones nearly always.
func TestGoodness(t *testing.T) {
	claims.Check(t, claims.Claim{Name: "Kolmogorov's limit at 1.3581", Kind: claims.Published, Source: "N. Smirnov, Ann. Math. Stat. 19, 279 (1948), doi:10.1214/aoms/1177730256", Want: 0.05, Got: kolmogorov(1.3581), Tol: 2e-4, Why: "printed to four decimals"})
	const repeats, n = 3000, 40
	x, z := make([]float64, n), make([]float64, n)
	var ks, normal, weibull, wrong int
	for k := range repeats {
		key := noise.NewKey(21).Fold(uint64(k))
		key.Uniform(x, noise.At{})
		u, err := KolmogorovSmirnov(x, func(v float64) float64 { return min(max(v, 0), 1) })
		if err != nil {
			t.Fatal(err)
		}
		key.Normal(x, noise.At{})
		f, err := FitNormal(x, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		a, err := AndersonDarling(x, f)
		if err != nil {
			t.Fatal(err)
		}
		key.Exponential(z, noise.At{})
		f, err = FitWeibull(z, nil, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		w, err := AndersonDarling(z, f)
		if err != nil {
			t.Fatal(err)
		}
		f, err = FitNormal(z, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		e, err := AndersonDarling(z, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			hits *int
			p    float64
		}{{&ks, u.P}, {&normal, a.P}, {&weibull, w.P}, {&wrong, e.P}} {
			if c.p < 0.05 {
				*c.hits++
			}
		}
	}
	covered(t, "Kolmogorov-Smirnov rejections", ks, repeats, 0.05, 0.004)
	covered(t, "Anderson-Darling rejections, normal", normal, repeats, 0.05, 0.004)
	covered(t, "Anderson-Darling rejections, Weibull", weibull, repeats, 0.05, 0.004)
	if wrong < repeats*95/100 {
		t.Errorf("%d of %d exponential samples are rejected as normal", wrong, repeats)
	}
	// Dice: 6 faces, 60 throws.
	c, err := ChiSquare([]float64{5, 8, 9, 8, 10, 20}, []float64{10, 10, 10, 10, 10, 10}, 0)
	if err != nil || math.Abs(c.Statistic-13.4) > 1e-12 || c.Freedom != 5 || math.Abs(c.P-0.01991) > 5e-6 {
		t.Errorf("%+v, %v", c, err)
	}
}
