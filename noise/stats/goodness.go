package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Test is the outcome of a test of goodness of fit.
type Test struct {
	Statistic float64
	P         float64 // probability of as large a statistic if the distribution is right
	Freedom   int     // degrees of freedom of ChiSquare, else 0
}

// KolmogorovSmirnov tests x against a distribution that is not fitted to x. The
// statistic is the largest distance of the distribution functions; P is
// Kolmogorov's limit with the correction of M. A. Stephens, J. R. Stat. Soc. B 32,
// 115 (1970), good to a few thousandths from 5 values on.
func KolmogorovSmirnov(x []float64, cdf func(float64) float64) (Test, error) {
	if err := sample(x, 1); err != nil {
		return Test{}, err
	}
	s := slices.Clone(x)
	slices.Sort(s)
	n := float64(len(s))
	d := 0.0
	for i, v := range s {
		f := cdf(v)
		if !(f >= 0 && f <= 1) {
			return Test{}, fmt.Errorf("stats: the distribution function is %g at %g: must be from 0 to 1", f, v)
		}
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	root := math.Sqrt(n)
	return Test{Statistic: d, P: kolmogorov((root + 0.12 + 0.11/root) * d)}, nil
}

// kolmogorov returns the probability that the limit of √n D exceeds x.
func kolmogorov(x float64) float64 {
	if x < 0.2 {
		return 1
	}
	sum, sign := 0.0, 1.0
	for k := 1.0; k < 100; k++ {
		term := math.Exp(-2 * k * k * x * x)
		sum += sign * term
		sign = -sign
		if term < 1e-17 {
			break
		}
	}
	return min(max(2*sum, 0), 1)
}

// AndersonDarling tests x against the distribution fitted to it, of which both
// parameters are free: more sensitive in the tails than KolmogorovSmirnov. The fit
// must be of x, without censored values. For normal and lognormal distributions
// Scale's divisor is changed to n-1 and P follows table 4.9 of R. B. D'Agostino and M. A.
// Stephens, Goodness-of-Fit Techniques (1986); for Weibull distributions P is
// interpolated in their table 4.17, and is 0.25 or 0.01 beyond its ends.
func AndersonDarling(x []float64, f *Fit) (Test, error) {
	if err := sample(x, 5); err != nil {
		return Test{}, err
	}
	if f.Censored > 0 || f.N != len(x) {
		return Test{}, errors.New("stats: the fit is of censored or other values: must be of the values that are tested")
	}
	n := float64(len(x))
	rescale := 1.0
	if f.Family != Weibull {
		rescale = math.Sqrt((n - 1) / n)
	}
	w := make([]float64, len(x))
	for i, v := range x {
		w[i] = f.reduced(v) * rescale
	}
	slices.Sort(w)
	law := f.Family.standard()
	sum := 0.0
	for i := range w {
		below := math.Log(law.cdf(w[i]))
		above, _, _ := law.survival(w[len(w)-1-i])
		sum += (2*float64(i) + 1) * (below + above)
	}
	a := -n - sum/n
	if math.IsInf(a, 0) || math.IsNaN(a) {
		return Test{}, errors.New("stats: a value is beyond the range of the distribution: its fit is not of these values")
	}
	if f.Family == Weibull {
		return Test{Statistic: a, P: weibullP(a * (1 + 0.2/math.Sqrt(n)))}, nil
	}
	return Test{Statistic: a, P: normalP(a * (1 + 0.75/n + 2.25/(n*n)))}, nil
}

func normalP(a float64) float64 {
	switch {
	case a < 0.2:
		return 1 - math.Exp(-13.436+101.14*a-223.73*a*a)
	case a < 0.34:
		return 1 - math.Exp(-8.318+42.796*a-59.938*a*a)
	case a < 0.6:
		return math.Exp(0.9177 - 4.279*a - 1.38*a*a)
	case a < 13:
		return math.Exp(1.2937 - 5.709*a + 0.0186*a*a)
	}
	return 0
}

func weibullP(a float64) float64 {
	at := []float64{0.474, 0.637, 0.757, 0.877, 1.038}
	p := []float64{0.25, 0.10, 0.05, 0.025, 0.01}
	if a <= at[0] {
		return p[0]
	}
	for i := 1; i < len(at); i++ {
		if a <= at[i] {
			s := (a - at[i-1]) / (at[i] - at[i-1])
			return math.Exp((1-s)*math.Log(p[i-1]) + s*math.Log(p[i]))
		}
	}
	return p[len(p)-1]
}

// ChiSquare tests counts in bins against those expected, of which fitted counts
// the parameters that were fitted to the data. Every expected count should be 5 or
// more.
func ChiSquare(observed, expected []float64, fitted int) (Test, error) {
	if len(observed) != len(expected) {
		return Test{}, fmt.Errorf("stats: %d observed and %d expected counts: must be as many", len(observed), len(expected))
	}
	nu := len(observed) - 1 - fitted
	if fitted < 0 || nu < 1 {
		return Test{}, fmt.Errorf("stats: %d bins and %d fitted parameters leave %d degrees of freedom: must be at least 1", len(observed), fitted, nu)
	}
	sum := 0.0
	for i, o := range observed {
		e := expected[i]
		if !(e > 0) || !(o >= 0) || math.IsInf(o+e, 0) {
			return Test{}, fmt.Errorf("stats: bin %d has %g counts for %g expected: must be >= 0 and > 0", i, o, e)
		}
		sum += (o - e) * (o - e) / e
	}
	return Test{sum, distuv.ChiSquared{K: float64(nu)}.Survival(sum), nu}, nil
}
