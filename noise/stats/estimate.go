package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// An Estimate is a number with its two-sided confidence interval.
type Estimate struct {
	Value     float64 // in the unit of the data
	StdErr    float64 // standard error; NaN where a method has none
	Low, High float64 // ends of the interval, possibly infinite
	Level     float64 // its confidence, such as 0.95
}

// String prints value and interval.
func (e Estimate) String() string {
	return fmt.Sprintf("%.4g (%.3g %%: %.4g to %.4g)", e.Value, 100*e.Level, e.Low, e.High)
}

// Sample returns an error unless x has at least n entries, all of them finite.
func sample(x []float64, n int) error {
	if len(x) < n {
		return fmt.Errorf("stats: %d values: must be at least %d", len(x), n)
	}
	for i, v := range x {
		if v-v != 0 {
			return fmt.Errorf("stats: value %d is %g: must be finite", i, v)
		}
	}
	return nil
}

func confidence(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("stats: the confidence level is %g: must be above 0 and below 1", level)
	}
	return nil
}

func checked(x []float64, n int, level float64) error {
	if err := confidence(level); err != nil {
		return err
	}
	return sample(x, n)
}

// twoSided returns the standard normal quantile of a two-sided level.
func twoSided(level float64) float64 { return distuv.UnitNormal.Quantile(0.5 + level/2) }

// around returns an estimate with a normal interval.
func around(value, se, level float64) Estimate {
	z := twoSided(level)
	return Estimate{value, se, value - z*se, value + z*se, level}
}

// aroundLog returns an estimate of a positive number, whose relative standard
// error is given, with an interval that is normal in its logarithm.
func aroundLog(value, relative, level float64) Estimate {
	f := math.Exp(twoSided(level) * relative)
	return Estimate{value, value * relative, value / f, value * f, level}
}

// Mean returns the mean of x with Student's interval, exact for normal data.
func Mean(x []float64, level float64) (Estimate, error) {
	if err := checked(x, 2, level); err != nil {
		return Estimate{}, err
	}
	n := float64(len(x))
	m, s := stat.MeanStdDev(x, nil)
	se := s / math.Sqrt(n)
	t := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.5 + level/2)
	return Estimate{m, se, m - t*se, m + t*se, level}, nil
}

// StdDev returns the standard deviation of x (divisor n-1) with the interval of
// the chi-square distribution, exact for normal data.
func StdDev(x []float64, level float64) (Estimate, error) {
	if err := checked(x, 2, level); err != nil {
		return Estimate{}, err
	}
	s := stat.StdDev(x, nil)
	nu := float64(len(x) - 1)
	low, high := chiSquareEnds(nu, level)
	return Estimate{s, s / math.Sqrt(2*nu), s * math.Sqrt(nu/high), s * math.Sqrt(nu/low), level}, nil
}

// chiSquareEnds returns the quantiles that hold the middle share level.
func chiSquareEnds(nu, level float64) (low, high float64) {
	c := distuv.ChiSquared{K: nu}
	return c.Quantile(0.5 - level/2), c.Quantile(0.5 + level/2)
}

// CoefficientOfVariation returns the standard deviation of x over its mean, which
// must be above 0, with the modified McKay interval of M. G. Vangel, Am. Stat. 50,
// 21 (1996), doi:10.1080/00031305.1996.10473537, for normal data with a
// coefficient up to about 1/3. An upper end that does not exist is +Inf.
func CoefficientOfVariation(x []float64, level float64) (Estimate, error) {
	if err := checked(x, 2, level); err != nil {
		return Estimate{}, err
	}
	m, s := stat.MeanStdDev(x, nil)
	if !(m > 0) {
		return Estimate{}, fmt.Errorf("stats: the mean is %g: must be > 0 for a coefficient of variation", m)
	}
	k, n := s/m, float64(len(x))
	low, high := chiSquareEnds(n-1, level)
	end := func(u float64) float64 {
		return k / math.Sqrt(((u+2)/n-1)*k*k+u/(n-1))
	}
	e := Estimate{k, k * math.Sqrt(1/(2*(n-1))+k*k/n), end(high), end(low), level}
	if math.IsNaN(e.High) {
		e.High = math.Inf(1)
	}
	return e, nil
}

// Quantile returns the quantile of x at p by linear interpolation between order
// statistics, with the interval between two order statistics that holds the true
// quantile with at least the given confidence, whatever the distribution. An
// end beyond the sample is infinite: the tails of a small sample are not known.
func Quantile(x []float64, p, level float64) (Estimate, error) {
	if err := checked(x, 1, level); err != nil {
		return Estimate{}, err
	}
	if !(p >= 0 && p <= 1) {
		return Estimate{}, fmt.Errorf("stats: the quantile is asked at %g: must be from 0 to 1", p)
	}
	s := slices.Clone(x)
	slices.Sort(s)
	e := Estimate{Interpolate(s, p), math.NaN(), math.Inf(-1), math.Inf(1), level}
	// The number B of values below the quantile is binomial; the interval from
	// the l-th to the u-th value holds it if l <= B < u.
	n := len(s)
	b := distuv.Binomial{N: float64(n), P: p}
	alpha := (1 - level) / 2
	if l := binomialQuantile(b, alpha, func(c float64) bool { return c > alpha }); l >= 1 {
		e.Low = s[l-1]
	}
	if u := binomialQuantile(b, 1-alpha, func(c float64) bool { return c >= 1-alpha }) + 1; u <= n {
		e.High = s[u-1]
	}
	return e, nil
}

// Interpolate returns the quantile at p of values in rising order: linear between
// them, the smallest at 0 and the largest at 1.
func Interpolate(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	k := int(h)
	if k >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[k] + (h-float64(k))*(sorted[k+1]-sorted[k])
}

// binomialQuantile returns the smallest count whose distribution function enough
// accepts, beginning near the quantile at p.
func binomialQuantile(b distuv.Binomial, p float64, enough func(cdf float64) bool) int {
	mean, sd := b.N*b.P, math.Sqrt(b.N*b.P*(1-b.P))
	k := min(max(math.Floor(mean+sd*distuv.UnitNormal.Quantile(p)), 0), b.N)
	for k > 0 && enough(b.CDF(k-1)) {
		k--
	}
	for k < b.N && !enough(b.CDF(k)) {
		k++
	}
	return int(k)
}

// Proportion returns the share k/n with the interval of E. B. Wilson, J. Am. Stat.
// Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953.
func Proportion(k, n int, level float64) (Estimate, error) {
	if err := counts(k, n, level); err != nil {
		return Estimate{}, err
	}
	p, m, z := float64(k)/float64(n), float64(n), twoSided(level)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Estimate{p, math.Sqrt(p * (1 - p) / m), max(mid-half, 0), min(mid+half, 1), level}, nil
}

// ExactProportion returns the share k/n with the interval of C. J. Clopper and E.
// S. Pearson, Biometrika 26, 404 (1934), doi:10.1093/biomet/26.4.404, which holds
// the true share with at least the given confidence. It is the one to use for
// failures: none among n leaves an upper end of about 3.7/n at 95 %.
func ExactProportion(k, n int, level float64) (Estimate, error) {
	if err := counts(k, n, level); err != nil {
		return Estimate{}, err
	}
	p := float64(k) / float64(n)
	e := Estimate{p, math.Sqrt(p * (1 - p) / float64(n)), 0, 1, level}
	if k > 0 {
		e.Low = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(0.5 - level/2)
	}
	if k < n {
		e.High = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(0.5 + level/2)
	}
	return e, nil
}

func counts(k, n int, level float64) error {
	if n < 1 || k < 0 || k > n {
		return fmt.Errorf("stats: %d of %d: must be from 0 to n of n >= 1", k, n)
	}
	return confidence(level)
}

// Correlation returns Pearson's coefficient of the pairs (x, y) with the interval
// of Fisher's transform, artanh r having variance 1/(n-3) for normal data.
func Correlation(x, y []float64, level float64) (Estimate, error) {
	if err := checked(x, 4, level); err != nil {
		return Estimate{}, err
	}
	if err := sample(y, len(x)); err != nil || len(y) != len(x) {
		return Estimate{}, fmt.Errorf("stats: %d and %d values: must be finite pairs", len(x), len(y))
	}
	r := stat.Correlation(x, y, nil)
	if math.IsNaN(r) {
		return Estimate{}, fmt.Errorf("stats: all values of one variable are equal: the correlation is not defined")
	}
	n := float64(len(x))
	half := twoSided(level) / math.Sqrt(n-3)
	z := math.Atanh(r)
	return Estimate{r, (1 - r*r) / math.Sqrt(n-1), math.Tanh(z - half), math.Tanh(z + half), level}, nil
}
