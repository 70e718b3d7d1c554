package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Family is a family of distributions with a location and a scale, of the data
// or of their logarithm.
type Family string

const (
	Normal    Family = "normal"    // Location is the mean, Scale the standard deviation
	Lognormal Family = "lognormal" // of ln x: Location is ln of the median
	Weibull   Family = "weibull"   // of ln x: Location is ln of the characteristic value eta, Scale is 1/beta
)

// logarithmic reports whether the family is one of the logarithms.
func (f Family) logarithmic() bool { return f != Normal }

// standard is a distribution of location 0 and scale 1 with what likelihoods
// need of it at w.
type standard interface {
	// density returns ln of the density with its first two derivatives.
	density(w float64) (l, d1, d2 float64)
	// survival returns ln of the survival function with its first two derivatives.
	survival(w float64) (l, d1, d2 float64)
	cdf(w float64) float64
	quantile(p float64) float64
}

func (f Family) standard() standard {
	if f == Weibull {
		return smallest{}
	}
	return gauss{}
}

// gauss is the normal distribution.
type gauss struct{}

func (gauss) density(w float64) (l, d1, d2 float64) {
	return -0.5*w*w - 0.5*math.Log(2*math.Pi), -w, -1
}

func (gauss) survival(w float64) (l, d1, d2 float64) {
	l = logUpper(w)
	h := math.Exp(-0.5*w*w - 0.5*math.Log(2*math.Pi) - l) // hazard
	return l, -h, -h * (h - w)
}

func (gauss) cdf(w float64) float64      { return distuv.UnitNormal.CDF(w) }
func (gauss) quantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// logUpper returns ln of the probability that a standard normal number is above w.
func logUpper(w float64) float64 {
	if w < 25 {
		return math.Log(0.5 * math.Erfc(w/math.Sqrt2))
	}
	// Mills' ratio as a continued fraction, 1/(w + 1/(w + 2/(w + 3/...))).
	f := w
	for k := 12; k >= 1; k-- {
		f = w + float64(k)/f
	}
	return -0.5*w*w - 0.5*math.Log(2*math.Pi) - math.Log(f)
}

// smallest is the distribution of the smallest extreme value: what ln x of a
// Weibull distribution follows.
type smallest struct{}

func (smallest) density(w float64) (l, d1, d2 float64) {
	e := math.Exp(w)
	return w - e, 1 - e, -e
}

func (smallest) survival(w float64) (l, d1, d2 float64) {
	e := math.Exp(w)
	return -e, -e, -e
}

func (smallest) cdf(w float64) float64      { return -math.Expm1(-math.Exp(w)) }
func (smallest) quantile(p float64) float64 { return math.Log(-math.Log1p(-p)) }

// Probit is the coordinate of a share p on a normal probability axis.
func Probit(p float64) float64 { return mathext.NormalQuantile(p) }

// WeibullScale is the coordinate ln(-ln(1-p)) of a share p on a Weibull axis, on
// which ln x of a Weibull distribution is a straight line with slope beta.
func WeibullScale(p float64) float64 { return smallest{}.quantile(p) }
