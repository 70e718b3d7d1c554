package noise

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// lnPoissonGamma is the logarithm of the Poisson probability by package math.
func lnPoissonGamma(k, mean float64) float64 {
	l, _ := math.Lgamma(k + 1)
	return k*math.Log(mean) - mean - l
}

// TestPoissonChiSquare compares counts with the probabilities, in some fifty bins of
// about equal expectation (or single counts, where these are few).
func TestPoissonChiSquare(t *testing.T) {
	const n = 400_000
	for _, mean := range []float64{0.1, 3, 9.99, 10, 12, 80, 1e4, 1e6} {
		t.Run(fmt.Sprint(mean), func(t *testing.T) {
			x := draws(n, func(d []float64, at At) { NewKey(51).Poisson(d, mean, at) })
			counts := map[float64]float64{}
			for _, k := range x {
				if k != math.Floor(k) || k < 0 {
					t.Fatalf("count %g", k)
				}
				counts[k]++
			}
			root := math.Sqrt(mean)
			from, to := math.Floor(max(0, mean-9*root)), math.Ceil(mean+9*root+12)
			var chi, seen, want, total float64
			bins := 0
			left := 1.0 // probability above the bins so far
			for k := from; k <= to; k++ {
				p := math.Exp(lnPoissonGamma(k, mean))
				seen += counts[k]
				want += n * p
				left -= p
				total += counts[k]
				if want >= n/50 || want >= 20 && mean < 100 && n*left > 20 {
					chi += (seen - want) * (seen - want) / want
					seen, want = 0, 0
					bins++
				}
			}
			if want > 5 {
				chi += (seen - want) * (seen - want) / want
				bins++
			}
			if total != n {
				t.Errorf("%g of %d counts lie outside %g to %g", n-total, n, from, to)
			}
			dof := float64(bins - 1)
			t.Logf("chi-square %.1f, %g degrees of freedom", chi, dof)
			if chi > dof+4*math.Sqrt(2*dof)+4 {
				t.Errorf("chi-square %.1f of %g degrees of freedom", chi, dof)
			}
		})
	}
}

// TestPoissonMoments: mean, variance and third central moment are all the mean.
func TestPoissonMoments(t *testing.T) {
	const n = 400_000
	for _, mean := range []float64{1e-3, 0.7, 5, 10.5, 33, 1e3, 1e7, 1e9, 1e12} {
		x := draws(n, func(d []float64, at At) { NewKey(52).Poisson(d, mean, at) })
		var m1, m2, m3 float64
		for _, k := range x {
			d := k - mean
			m1 += d
			m2 += d * d
			m3 += d * d * d
		}
		// Central moments of Poisson: 4: μ+3μ², 6: μ+25μ²+15μ³.
		for i, c := range []struct{ got, want, variance float64 }{
			{m1 / n, 0, mean},
			{m2 / n, mean, mean + 2*mean*mean},
			{m3 / n, mean, mean + 24*mean*mean + 15*mean*mean*mean},
		} {
			if e := (c.got - c.want) / math.Sqrt(c.variance/n); math.Abs(e) > 4.5 {
				t.Errorf("mean %g: central moment %d = %g, want %g (%.1f standard errors)", mean, i+1, c.got, c.want, e)
			}
		}
	}
}

// TestPoissonLargeMean: at mean 1e9 the distribution function is normal but for the
// skewness 1/sqrt(μ) and the step, so Kolmogorov-Smirnov may be used.
func TestPoissonLargeMean(t *testing.T) {
	const n, mean = 200_000, 1e9
	x := draws(n, func(d []float64, at At) { NewKey(53).Poisson(d, mean, at) })
	slices.Sort(x)
	root := math.Sqrt(mean)
	ks, ad := goodness(x, func(k float64) (below, above float64) {
		z := (k + 0.5 - mean) / root
		// First Edgeworth term.
		skew := (z*z - 1) / (6 * root) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		return normalCDF(z) - skew, normalCDF(-z) + skew
	})
	t.Logf("sqrt(n) D = %.3f, A² = %.3f", ks, ad)
	if ks > 1.95 || ad > 6 {
		t.Errorf("sqrt(n) D = %.3f and A² = %.3f, want below 1.95 and 6.0", ks, ad)
	}
}

// TestPoissonProbability checks the probabilities of the rejection test: they sum to 1,
// have the right mean, and agree with the gamma function.
func TestPoissonProbability(t *testing.T) {
	for _, mean := range []float64{10, 12, 80, 1e4, 1e6} {
		root := math.Sqrt(mean)
		sum, first := 0.0, 0.0
		for k := math.Floor(max(0, mean-10*root)); k < mean+10*root+20; k++ {
			p := math.Exp(lnPoisson(k, mean))
			sum += p
			first += p * (k - mean)
			if d := lnPoisson(k, mean) - lnPoissonGamma(k, mean); math.Abs(d) > 2e-15*mean*math.Log(mean)+1e-13 {
				t.Fatalf("ln p(%g; %g) = %g, want %g", k, mean, lnPoisson(k, mean), lnPoissonGamma(k, mean))
			}
		}
		if math.Abs(sum-1) > 1e-13 {
			t.Errorf("mean %g: probabilities sum to 1 %+.1g", mean, sum-1)
		}
		if math.Abs(first) > 1e-13*mean {
			t.Errorf("mean %g: mean of the probabilities is off by %g", mean, first)
		}
	}
}

func TestPoissonEnds(t *testing.T) {
	d := make([]float64, 1000)
	NewKey(1).Poisson(d, 0, At{})
	for _, k := range d {
		if k != 0 {
			t.Fatalf("count %g of mean 0, want 0", k)
		}
	}
	NewKey(1).Poisson(d, 5e-324, At{})
	if d[0] != 0 {
		t.Errorf("count %g of the smallest mean, want 0", d[0])
	}
	// The largest uniform number must end the search, at a count as rare as it.
	for _, mean := range []float64{1e-9, 1e-3, 0.1, 1, 3, 9.999} {
		p := newPoisson(mean)
		k := p.invert(1 - 0x1p-53)
		above := 0.0
		for j := k + 40; j > k; j-- {
			above += math.Exp(lnPoissonGamma(j, mean))
		}
		from := above + math.Exp(lnPoissonGamma(k, mean))
		if above > 0x1p-51 || from < 0x1p-57 {
			t.Errorf("mean %g: the largest uniform number gives %g: probability %g above and %g from there, want 2^-53 between", mean, k, above, from)
		}
		if k := p.invert(0x1p-53); k != 0 {
			t.Errorf("mean %g: the smallest uniform number gives %g, want 0", mean, k)
		}
	}
	s := make([]float32, 100)
	NewKey(1).Poisson(d[:100], 1e9, At{})
	NewKey(1).Poisson32(s, 1e9, At{})
	for i := range s {
		if s[i] != float32(d[i]) {
			t.Errorf("Poisson32 = %g, want %g rounded", s[i], d[i])
		}
	}
}
