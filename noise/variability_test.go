package noise

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/internal/claims"
)

// closed checks a claim against a closed form, with an absolute tolerance.
func closed(t *testing.T, name, law, unit string, want, got, tol float64, why string) {
	t.Helper()
	claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: law, Unit: unit, Want: want, Got: got, Tol: tol, Absolute: true, Why: why})
}

const fourSE = "four standard errors"

// spreadOf returns the values that a Spread gives n cells of one nominal value.
func spreadOf(s Spread, nominal float64, n int, k Key) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = nominal
	}
	for row := 0; row*10000 < n; row++ {
		part := x[row*10000 : min(n, (row+1)*10000)]
		s.Spread(part, part, At{Row: uint32(row)}, k)
	}
	return x
}

func TestVariabilityMoments(t *testing.T) {
	const n, g = 1_000_000, 10e-6
	k := NewKey(71)
	root := math.Sqrt(n)
	v := NewVariability()
	v.Sigma, v.Preserve = 0.5, "mean"
	mean, std := stat.MeanStdDev(spreadOf(v, g, n, k), nil)
	relative := math.Sqrt(math.Expm1(0.25))
	kurtosis := math.Exp(4*0.25) + 2*math.Exp(3*0.25) + 3*math.Exp(2*0.25) - 3
	closed(t, "lognormal variability preserving the mean, sigma 0.5: mean over nominal", "exp(mu + sigma^2/2)", "", 1, mean/g, 4*relative/root, fourSE)
	closed(t, "lognormal variability, sigma 0.5: standard deviation over mean", "sqrt(exp(sigma^2) - 1)", "", relative, std/mean, 4*relative*math.Sqrt((kurtosis-1)/4)/root, fourSE)
	v.Preserve = "median"
	x := spreadOf(v, g, n, k)
	slices.Sort(x)
	closed(t, "lognormal variability preserving the median, sigma 0.5: median over nominal", "exp(mu)", "", 1, x[n/2]/g, 4*0.5*math.Sqrt(math.Pi/2)/root, fourSE)
	v = &Variability{Distribution: "normal", Preserve: "mean", Sigma: 0.08, SigmaAbs: 0.6e-6}
	_, std = stat.MeanStdDev(spreadOf(v, g, n, k), nil)
	closed(t, "normal variability of 8 % and 0.6 uS at 10 uS: standard deviation", "sigma x + sigma_abs", "uS", 1.4, std*1e6, 4*1.4/math.Sqrt2/root, fourSE)
	// Truncated at -1 and 2: mean and variance by the density φ at the bounds.
	low, high := -1.0, 2.0
	z := normalCDF(high) - normalCDF(low)
	m := (normalDensity(low) - normalDensity(high)) / z
	s := math.Sqrt(1 + (low*normalDensity(low)-high*normalDensity(high))/z - m*m)
	v = &Variability{Distribution: "truncated-normal", Preserve: "mean", Sigma: 0.1, Low: low, High: high}
	x = spreadOf(v, g, n, k)
	mean, std = stat.MeanStdDev(x, nil)
	closed(t, "variability truncated at -1 and 2 sigma of 10 %: mean over nominal", "truncated normal distribution", "", 1, mean/g, 4*0.1*s/root, fourSE)
	closed(t, "variability truncated at -1 and 2 sigma: standard deviation over sigma", "sqrt(1 + (a phi(a) - b phi(b))/Z - mean^2)", "", s, std/g/0.1, 4*s/math.Sqrt2/root, fourSE)
	if lo, hi := slices.Min(x)/g-1, slices.Max(x)/g-1; lo < 0.1*(low-m)-1e-12 || hi > 0.1*(high-m)+1e-12 {
		t.Errorf("truncated values from %g to %g", lo, hi)
	}
	// Spread that falls with conductance.
	v = &Variability{Distribution: "normal", Preserve: "mean", Sigma: 0.1, Reference: 5e-6, Exponent: -0.5}
	mean, std = stat.MeanStdDev(spreadOf(v, 20e-6, n, k), nil)
	closed(t, "spread 10 % at 5 uS with exponent -1/2: relative spread at 20 uS", "sigma (g/reference)^exponent", "", 0.05, std/mean, 4*0.05/math.Sqrt2/root, fourSE)
}

func TestVariabilityGradient(t *testing.T) {
	v := &Variability{Distribution: "normal", Preserve: "mean", GradientRow: 0.001, GradientCol: -0.002}
	x := []float64{1, 1, 1}
	v.Spread(x, x, At{Row: 100, Col: 50}, NewKey(1))
	for i, got := range x {
		if want := 1 + 0.1 - 0.002*float64(50+i); math.Abs(got-want) > 1e-15 {
			t.Errorf("cell %d is %g, want %g", i, got, want)
		}
	}
}

// TestSpatialCorrelation measures the correlation of a field over distance.
func TestSpatialCorrelation(t *testing.T) {
	f := Field{Length: 4, Share: 0.7}
	const rows, cols = 300, 2000
	x := make([][]float64, rows)
	for r := range x {
		x[r] = make([]float64, cols)
		f.Normal(x[r], At{Row: uint32(r)}, NewKey(72))
	}
	var m, v float64
	for _, row := range x {
		for _, z := range row {
			m += z / (rows * cols)
			v += z * z / (rows * cols)
		}
	}
	// The mean of a correlated field has the variance share π length² / cells.
	if se := math.Sqrt((0.3 + 0.7*math.Pi*16) / (rows * cols)); math.Abs(m) > 4*se {
		t.Errorf("mean %g, standard error %g", m, se)
	}
	// Σ ρ² over all distances, which the variance of second moments has.
	rho2 := 1 + 0.49*(math.Pi*16/2-1)
	se := math.Sqrt(rho2 / (rows * cols))
	closed(t, "correlated field, length 4 cells, share 0.7: variance", "fixed filter with squares summing to 1", "", 1, v, 4*math.Sqrt2*se, fourSE+" with the field's correlation")
	for _, d := range [][2]int{{0, 1}, {0, 4}, {4, 0}, {3, 4}, {0, 20}} {
		sum := 0.0
		for r := range rows - d[0] {
			for c := range cols - d[1] {
				sum += x[r][c] * x[r+d[0]][c+d[1]]
			}
		}
		got := sum / float64((rows-d[0])*(cols-d[1]))
		want := 0.7 * math.Exp(-float64(d[0]*d[0]+d[1]*d[1])/16)
		if exact := f.CorrelationAt(d[0], d[1]); math.Abs(exact-want) > 3e-5 {
			t.Errorf("correlation at %v is %g, want %g", d, exact, want)
		}
		closed(t, fmt.Sprintf("correlated field, length 4 cells, share 0.7: correlation %d rows and %d columns apart", d[0], d[1]), "share exp(-(d/length)^2)", "", want, got, 4*math.Sqrt2*se, fourSE+" with the field's correlation")
	}
}

func TestEventCorrelation(t *testing.T) {
	f := Field{Events: 40} // as cycles of oxide memories
	const cells = 200_000
	a, b := make([]float64, cells), make([]float64, cells)
	f.Normal(a, At{Event: 5}, NewKey(73))
	f.Normal(b, At{Event: 25}, NewKey(73))
	closed(t, "cycle-to-cycle noise with a memory of 40 cycles: correlation 20 cycles apart", "exp(-n/length)", "", math.Exp(-0.5), stat.Correlation(a, b, nil), 4*(1-math.Exp(-1))/math.Sqrt(cells), fourSE)
	closed(t, "cycle-to-cycle noise with a memory of 40 cycles: variance", "autoregression of first order", "", 1, stat.Variance(a, nil), 4*math.Sqrt2/math.Sqrt(cells)+1e-8, fourSE)
}

// TestCellsKeepTheirNoise draws parts of arrays of different sizes.
func TestCellsKeepTheirNoise(t *testing.T) {
	k := NewKey(74)
	for name, s := range map[string]Spread{
		"white": NewVariability(),
		"field": &Variability{Distribution: "truncated-normal", Preserve: "mean", Sigma: 0.1, Low: -2, High: 2, Field: Field{Length: 2, Share: 1, Events: 2}},
	} {
		small, large := make([]float64, 7), make([]float64, 1300)
		for i := range small {
			small[i] = 1
		}
		for i := range large {
			large[i] = 1
		}
		s.Spread(small, small, At{Row: 3, Col: 511, Event: 2}, k)
		s.Spread(large, large, At{Row: 3, Event: 2}, k)
		if !slices.Equal(small, large[511:518]) {
			t.Errorf("%s: part %v, whole %v", name, small, large[511:518])
		}
	}
}

func TestCorrelatedFactors(t *testing.T) {
	c := &Correlated{
		Names: []string{"a", "b", "c"}, Sigma: []float64{0.1, 0.3, 0.2}, Distribution: "normal",
		Correlation: []float64{1, 0.8, -0.5, 0.8, 1, -0.3, -0.5, -0.3, 1},
	}
	const n = 400_000
	x := [][]float64{make([]float64, n), make([]float64, n), make([]float64, n)}
	if err := c.Factors(x, At{}, NewKey(75)); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		for j := range i {
			rho := c.Correlation[3*i+j]
			closed(t, fmt.Sprintf("correlated parameters: correlation of %s and %s", c.Names[j], c.Names[i]), "the matrix asked for", "", rho, stat.Correlation(x[i], x[j], nil), 4*(1-rho*rho)/math.Sqrt(n), fourSE)
		}
		if s := stat.StdDev(x[i], nil); math.Abs(s/c.Sigma[i]-1) > 4/math.Sqrt(2*n) {
			t.Errorf("standard deviation %g, want %g", s, c.Sigma[i])
		}
	}
	c.Distribution = "lognormal"
	if err := c.Factors(x, At{}, NewKey(75)); err != nil {
		t.Fatal(err)
	}
	si, sj := c.Sigma[0], c.Sigma[1]
	want := math.Expm1(si*sj*0.8) / math.Sqrt(math.Expm1(si*si)*math.Expm1(sj*sj))
	closed(t, "correlated lognormal parameters: correlation of a and b", "(exp(s_i s_j rho) - 1)/sqrt((exp(s_i^2) - 1)(exp(s_j^2) - 1))", "", want, stat.Correlation(x[0], x[1], nil), 0.005, "its standard error is 0.001 to 0.002, larger than that of normal numbers")
}

func TestEmpirical(t *testing.T) {
	data := make([]float64, 500)
	NewKey(76).Lognormal(data, 1, 0.4, At{})
	e, err := FromSample(data)
	if err != nil {
		t.Fatal(err)
	}
	const n = 200_000
	x := spreadOf(e, e.Quantile(0.5), n, NewKey(77))
	slices.Sort(x)
	d := 0.0
	for i := range data {
		p := float64(i) / float64(len(data)-1)
		j, _ := slices.BinarySearch(x, e.Quantile(p))
		d = max(d, math.Abs(float64(j)/n-p))
	}
	closed(t, "draws from a sample of 500: Kolmogorov-Smirnov distance from its distribution function, times sqrt(n)", "quantiles straight between order statistics", "", 0, d*math.Sqrt(n), 1.95, "exceeded once in a thousand")
	path := filepath.Join(t.TempDir(), "g.csv")
	if err := os.WriteFile(path, []byte("device,g_S\n1,2e-6\n2,1e-6\n3,4e-6\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := &Empirical{File: path, Column: "g_S"}
	if err := f.Load(); err != nil || f.Quantile(0.5) != 2e-6 || f.Quantile(0.25) != 1.5e-6 {
		t.Errorf("median %g, error %v", f.Quantile(0.5), err)
	}
}

func TestVariabilityMistakes(t *testing.T) {
	three := func(ab, ac, bc float64) *Correlated {
		return &Correlated{Names: []string{"a", "b", "c"}, Sigma: []float64{1, 1, 1}, Distribution: "normal", Correlation: []float64{1, ab, ac, ab, 1, bc, ac, bc, 1}}
	}
	for _, c := range []struct {
		p    Process
		want string
	}{
		{&Variability{Distribution: "normal", Preserve: "mean", Sigma: -0.1}, "variability: sigma is -0.1: must be from 0 to 10"},
		{&Variability{Distribution: "normal", Preserve: "mean", SigmaAbs: math.NaN()}, "sigma_abs is NaN: must be >= 0 S"},
		{&Variability{Distribution: "gamma", Preserve: "mean"}, `distribution is "gamma": must be one of normal`},
		{&Variability{Distribution: "truncated-normal", Preserve: "mean", Low: 1, High: 1}, "low is 1: must be below high, 1"},
		{&Variability{Distribution: "lognormal", Preserve: "mean", SigmaAbs: 1}, "sigma_abs is 1: must be 0 with a lognormal"},
		{&Variability{Distribution: "normal", Preserve: "mean", Exponent: 1}, "exponent is 1 without a reference"},
		{&Variability{Distribution: "normal", Preserve: "mean", Field: Field{Length: 2}}, "correlated_share is 0 with a correlation_length of 2"},
		{&Empirical{}, "must be a sample in one of them"},
		{&Empirical{Values: []float64{1}}, "values has 1 entries: must be at least 2"},
		{&Empirical{Values: []float64{1, -1}}, "values: entry 2 is -1: must be finite and > 0"},
		{three(0.9, -0.9, 0.9), "smallest eigenvalue -0.8): the correlation of"},
		{three(1.5, 0, 0), "correlation is 1.5: must be from -1 to 1"},
		{three(1, 0, 0), "correlation of a and b is 1: must be > -1 and < 1"},
		{three(0, 0.95, 0.95), "is not positive definite"},
		{&Correlated{Names: []string{"a"}, Sigma: []float64{-1}, Correlation: []float64{1}, Distribution: "normal"}, "sigma is -1: must be >= 0"},
		{&Correlated{Names: []string{"a", "b"}, Sigma: []float64{1, 1}, Correlation: []float64{1, 0.2, 0.1, 1}, Distribution: "normal"}, "correlation of b and a is 0.1, of a and b 0.2: must be the same"},
	} {
		if err := CheckProcess(c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v:\n got %v\nwant %s", c.p, err, c.want)
		}
	}
}
