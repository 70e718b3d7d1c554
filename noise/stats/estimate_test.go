package stats

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

// covered checks that of n intervals, hits of which held the truth, the share is
// the level: within 3.3 standard errors of the binomial count and the deficit
// that the method itself is known to have.
func covered(t *testing.T, what string, hits, n int, level, deficit float64) {
	t.Helper()
	p := float64(hits) / float64(n)
	tol := 3.3*math.Sqrt(level*(1-level)/float64(n)) + deficit
	if math.Abs(p-level) > tol {
		t.Errorf("%s: %.4f of the %.2f intervals hold the truth, tolerance %.4f", what, p, level, tol)
	}
}

func holds(e Estimate, truth float64) int {
	if e.Low <= truth && truth <= e.High {
		return 1
	}
	return 0
}

// TestNewcombe compares the intervals of proportions with a published table.
func TestNewcombe(t *testing.T) {
	for _, c := range []struct {
		name            string
		k, n            int
		wilson, clopper [2]float64
	}{
		{"81/263", 81, 263, [2]float64{0.2553, 0.3662}, [2]float64{0.2527, 0.3676}},
		{"15/148", 15, 148, [2]float64{0.0624, 0.1605}, [2]float64{0.0578, 0.1617}},
		{"0/20", 0, 20, [2]float64{0, 0.1611}, [2]float64{0, 0.1684}},
		{"1/29", 1, 29, [2]float64{0.0061, 0.1718}, [2]float64{0.0009, 0.1776}},
	} {
		w, err := Proportion(c.k, c.n, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		e, err := ExactProportion(c.k, c.n, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			what      string
			got, want float64
		}{
			{"Wilson, lower end", w.Low, c.wilson[0]}, {"Wilson, upper end", w.High, c.wilson[1]},
			{"Clopper-Pearson, lower end", e.Low, c.clopper[0]}, {"Clopper-Pearson, upper end", e.High, c.clopper[1]},
		} {
			claims.Check(t, claims.Claim{
				Name: "95 % interval of " + c.name + ": " + x.what, Kind: claims.Published, Source: "R. G. Newcombe, Stat. Med. 17, 857 (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I",
				Want: x.want, Got: x.got, Tol: 5.1e-5, Absolute: true, Why: "printed to four decimals",
			})
		}
	}
}

// TestCoverage counts how often the intervals of normal samples hold the truth.
func TestCoverage(t *testing.T) {
	const repeats, n, level = 4000, 12, 0.9
	x, y := make([]float64, n), make([]float64, n)
	var mean, sd, cv, median, r int
	for k := range repeats {
		key := noise.NewKey(7).Fold(uint64(k))
		key.Normal(x, noise.At{})
		key.Normal(y, noise.At{Row: 1})
		for i := range x {
			y[i] = 0.6*x[i] + 0.8*y[i]
			x[i] = 10 + 2*x[i]
		}
		for _, e := range []struct {
			hits  *int
			truth float64
			f     func() (Estimate, error)
		}{
			{&mean, 10, func() (Estimate, error) { return Mean(x, level) }},
			{&sd, 2, func() (Estimate, error) { return StdDev(x, level) }},
			{&cv, 0.2, func() (Estimate, error) { return CoefficientOfVariation(x, level) }},
			{&median, 10, func() (Estimate, error) { return Quantile(x, 0.5, level) }},
			{&r, 0.6, func() (Estimate, error) { return Correlation(x, y, level) }},
		} {
			got, err := e.f()
			if err != nil {
				t.Fatal(err)
			}
			*e.hits += holds(got, e.truth)
		}
	}
	covered(t, "mean", mean, repeats, level, 0)
	covered(t, "standard deviation", sd, repeats, level, 0)
	covered(t, "coefficient of variation", cv, repeats, level, 0.005)
	covered(t, "correlation", r, repeats, level, 0.01)
	// The median's interval is discrete: from the third to the tenth of twelve it
	// holds P(3 <= B <= 9) = 1 - 2 (1 + 12 + 66)/4096.
	covered(t, "median", median, repeats, 1-2*79.0/4096, 0)
}

func TestQuantile(t *testing.T) {
	x := []float64{5, 1, 4, 2, 3}
	for p, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.6: 3.4, 1: 5} {
		e, err := Quantile(x, p, 0.95)
		if err != nil || math.Abs(e.Value-want) > 1e-15 {
			t.Errorf("quantile %g: %v, %v, want %g", p, e.Value, err, want)
		}
	}
	if e, _ := Quantile(x, 0.99, 0.95); !math.IsInf(e.High, 1) {
		t.Errorf("five values bound their 99 %% quantile by %g", e.High)
	}
	if !slices.Equal(x, []float64{5, 1, 4, 2, 3}) {
		t.Error("the data were reordered")
	}
}

// TestBootstrap compares with the exact interval of the mean of exponential data
// and counts how often the interval holds a skewed truth.
func TestBootstrap(t *testing.T) {
	const repeats, n, level = 400, 40, 0.9
	x := make([]float64, n)
	hits, plain := 0, 0
	mean := func(x []float64) float64 { return stat.Mean(x, nil) }
	for k := range repeats {
		noise.NewKey(11).Fold(uint64(k)).Exponential(x, noise.At{})
		e, err := Bootstrap(x, mean, 1000, level, noise.NewKey(12).Fold(uint64(k)))
		if err != nil {
			t.Fatal(err)
		}
		hits += holds(e, 1)
		m, _ := Mean(x, level)
		plain += holds(m, 1)
	}
	covered(t, "bootstrap of an exponential mean", hits, repeats, level, 0.015)
	again, _ := Bootstrap(x, mean, 1000, level, noise.NewKey(12).Fold(repeats-1))
	once, _ := Bootstrap(x, mean, 1000, level, noise.NewKey(12).Fold(repeats-1))
	if again != once {
		t.Error("the same key gives another interval")
	}
	if e, err := Bootstrap([]float64{2, 2, 2}, mean, 100, level, noise.Key{}); err != nil || e.Low != 2 || e.High != 2 {
		t.Error(e, err)
	}
}

func TestRefuses(t *testing.T) {
	nan := []float64{1, math.NaN(), 2, 3, 4}
	for say, f := range map[string]func() error{
		"0 values: must be at least 2":                func() error { _, err := Mean(nil, 0.9); return err },
		"value 1 is NaN: must be finite":              func() error { _, err := StdDev(nan, 0.9); return err },
		"the confidence level is 95":                  func() error { _, err := Mean([]float64{1, 2}, 95); return err },
		"the mean is 0: must be > 0":                  func() error { _, err := CoefficientOfVariation([]float64{-1, 1}, 0.9); return err },
		"the quantile is asked at 2":                  func() error { _, err := Quantile([]float64{1}, 2, 0.9); return err },
		"3 of 2: must be from 0 to n":                 func() error { _, err := Proportion(3, 2, 0.9); return err },
		"4 and 3 values: must be finite pairs":        func() error { _, err := Correlation([]float64{1, 2, 3, 4}, []float64{1, 2, 3}, 0.9); return err },
		"all values of one variable are equal":        func() error { _, err := Correlation([]float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, 0.9); return err },
		"all 2 values are censored":                   func() error { _, err := FitWeibull([]float64{1, 2}, []bool{true, true}, 0.9); return err },
		"value 0 is -1: must be > 0 for a weibull":    func() error { _, err := FitWeibull([]float64{-1, 2}, nil, 0.9); return err },
		"not censored are equal":                      func() error { _, err := FitLognormal([]float64{2, 2, 3}, []bool{false, false, true}, 0.9); return err },
		"1 marks of censored values for 2 values":     func() error { _, err := FitWeibull([]float64{1, 2}, []bool{true}, 0.9); return err },
		"all 1 values are censored: at least 1":       func() error { _, err := FitExponential([]float64{1}, []bool{true}, 0.9); return err },
		"pair 0 is (0, 1): both must be > 0":          func() error { _, err := FitPowerLaw([]float64{0, 1, 2}, []float64{1, 1, 1}, 1, 0.9); return err },
		"all times are equal":                         func() error { _, err := FitPowerLaw([]float64{2, 2, 2}, []float64{1, 1, 1}, 1, 0.9); return err },
		"1 devices: must be at least 2":               func() error { _, err := Decompose([][]float64{{1, 2}}, 0.9); return err },
		"one cycle of each device":                    func() error { _, err := Decompose([][]float64{{1}, {2}}, 0.9); return err },
		"device 1: stats: value 0 is +Inf":            func() error { _, err := Decompose([][]float64{{1, 2}, {math.Inf(1)}}, 0.9); return err },
		"leave 0 degrees of freedom":                  func() error { _, err := ChiSquare([]float64{1, 2}, []float64{1, 2}, 1); return err },
		"position \"weibull\": must be hazen, benard": func() error { _, err := ProbabilityPoints([]float64{1}, nil, "weibull", 0.9); return err },
		"0 values above the threshold":                func() error { _, err := FitExcess(make([]float64, 10), 3, 0.9); return err },
		"the event did not happen in 10 samples": func() error {
			_, err := RareEvent(func([]float64) bool { return false }, []float64{0}, 10, 0.9, noise.Key{})
			return err
		},
		"the limit is -1 at the medians": func() error { _, err := DesignPoint(func([]float64) float64 { return -1 }, 1); return err },
		"the limit has no finite slope":  func() error { _, err := DesignPoint(func([]float64) float64 { return 1 }, 1); return err },
		"0 parameters and 16 rows":       func() error { _, err := Sobol(nil, 0, 16, 0.9, noise.Key{}); return err },
		"there is no variance to share": func() error {
			_, err := Sobol(func([]float64) float64 { return 1 }, 1, 16, 0.9, noise.Key{})
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("got %v, want %q", err, say)
		}
	}
}

// TestProbabilityPoints checks ranks, bands and the order of equal values.
func TestProbabilityPoints(t *testing.T) {
	p, err := ProbabilityPoints([]float64{3, 1, 2}, nil, Hazen, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.0 / 6, 0.5, 5.0 / 6} {
		if p.X[i] != float64(i+1) || math.Abs(p.P[i]-want) > 1e-15 {
			t.Errorf("point %d: %g at %g, want %g", i, p.X[i], p.P[i], want)
		}
	}
	// The smallest of n uniform numbers is below p with 1 - (1-p)^n.
	if want := 1 - math.Pow(0.95, 1.0/3); math.Abs(p.Low[0]-want) > 1e-12 {
		t.Errorf("band from %g, want %g", p.Low[0], want)
	}
	// A unit taken out between the first and second failure of three: had it failed,
	// the second failure were the second or the third, rank 2.5.
	p, err = ProbabilityPoints([]float64{10, 20, 30}, []bool{false, true, false}, Benard, 0.9)
	if err != nil || len(p.X) != 2 || math.Abs(p.P[1]-(2.5-0.3)/3.4) > 1e-15 {
		t.Errorf("%+v, %v: want rank 2.5", p, err)
	}
	// Benard's share is near the median of the i-th of n uniform numbers.
	p, _ = ProbabilityPoints([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil, Benard, 0.9)
	worst := 0.0
	for i := range p.P {
		worst = max(worst, math.Abs(p.P[i]/distuv.Beta{Alpha: float64(i + 1), Beta: float64(10 - i)}.Quantile(0.5)-1))
	}
	if worst > 0.01 { // what the approximation is known for
		t.Errorf("Benard's shares are a relative %g from the medians", worst)
	}
	if math.Abs(WeibullScale(1-math.Exp(-1))) > 1e-15 || math.Abs(Probit(0.975)-1.959963984540054) > 1e-12 {
		t.Error("coordinates of shares")
	}
	if mean, none := ExpectedFailures(1e-9, 1e9); mean != 1 || math.Abs(none-math.Exp(-1)) > 1e-9 {
		t.Error(mean, none)
	}
}
