package pcm

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// The law as printed in section 13 of the sources, in µS, written anew for the
// tests: nothing here calls the package.

func lawSigma(g float64) float64 { return math.Max(.26348+1.9650*g-1.1731*g*g, 0) }

func bounded(x, lo, hi float64) float64 { return math.Min(math.Max(x, lo), hi) }

func lawNu(g float64) (mean, std float64) {
	l := math.Log(math.Max(g, 1e-7))
	return bounded(-.0155*l+.0244, .049, .1), bounded(-.0125*l-.0059, .008, .045)
}

func lawQ(g float64) float64 {
	return math.Min(.0088/math.Max(math.Pow(g, .65), 1e-3), .2)
}

func lawTime(t float64) float64 { return math.Sqrt(math.Log((t + 250e-9) / 500e-9)) }

// normal integrates f against the standard normal density, with panels between
// the kinks of f. Beyond 10 the density is below 1e-22.
func normal(f func(z float64) float64, kinks ...float64) float64 {
	ends := []float64{-10, -5, 0, 5, 10}
	for _, k := range kinks {
		if k > -10 && k < 10 {
			ends = append(ends, k)
		}
	}
	slices.Sort(ends)
	var sum float64
	for i := range len(ends) - 1 {
		sum += quad.Fixed(func(z float64) float64 {
			return f(z) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		}, ends[i], ends[i+1], 60, quad.Legendre{}, 0)
	}
	return sum
}

// moment returns E[G^k] in µS^k of cells with target µS at t seconds, k = 1 or 2,
// read or not.
func moment(k int, target, t float64, read bool) float64 {
	pow := func(x float64) float64 { return math.Pow(x, float64(k)) }
	g := target / 25
	mu, sd := lawNu(g)
	drift := 1.0
	if t > 20 {
		l := float64(k) * math.Log(t/20)
		drift = normal(func(z float64) float64 { return math.Exp(-l * math.Abs(mu+sd*z)) }, -mu/sd)
	}
	sigma := lawSigma(g)
	programmed := normal(func(z float64) float64 {
		p := math.Max(0, target+sigma*z)
		if !read || p == 0 {
			return pow(p)
		}
		q := lawQ(p/25) * lawTime(t)
		return pow(p) * normal(func(y float64) float64 { return pow(math.Max(0, 1+q*y)) }, -1/q)
	}, -target/sigma, (25*math.Pow(.0088/.2, 1/.65)-target)/sigma)
	return drift * programmed
}

// meanStd returns the mean and standard deviation of the law in µS.
func meanStd(target, t float64, read bool) (mean, std float64) {
	m1, m2 := moment(1, target, t, read), moment(2, target, t, read)
	return m1, math.Sqrt(m2 - m1*m1)
}
