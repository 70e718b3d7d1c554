package stats

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Fit is a distribution fitted by maximum likelihood, with the covariance from
// the observed information.
type Fit struct {
	Family          Family
	Location, Scale Estimate      // as Family says, of the data or of their natural logarithm
	Covariance      [2][2]float64 // of Location and Scale
	LogLikelihood   float64       // in the unit of the data, of their density
	N, Censored     int           // values, and how many of them are lower limits
}

// FitNormal fits a normal distribution. Its variance has the divisor n, that of
// maximum likelihood, for which see StdDev.
func FitNormal(x []float64, level float64) (*Fit, error) { return fit(Normal, x, nil, level) }

// FitLognormal fits a lognormal distribution to x > 0. Censored, nil for none,
// marks values that are lower limits: the device had not failed by then.
func FitLognormal(x []float64, censored []bool, level float64) (*Fit, error) {
	return fit(Lognormal, x, censored, level)
}

// FitWeibull fits a Weibull distribution F = 1 - exp(-(x/eta)^beta) to x > 0, with
// censored values as in FitLognormal.
func FitWeibull(x []float64, censored []bool, level float64) (*Fit, error) {
	return fit(Weibull, x, censored, level)
}

// Eta returns the characteristic value exp(Location) of a Weibull fit, or the
// median of a lognormal one, in the unit of the data.
func (f *Fit) Eta() Estimate {
	return f.Location.mapped(math.Exp, f.Location.StdErr*math.Exp(f.Location.Value))
}

// Beta returns the shape 1/Scale of a Weibull fit, also called its slope.
func (f *Fit) Beta() Estimate {
	e := f.Scale.mapped(func(s float64) float64 { return 1 / s }, f.Scale.StdErr/(f.Scale.Value*f.Scale.Value))
	e.Low, e.High = e.High, e.Low
	return e
}

func (e Estimate) mapped(f func(float64) float64, se float64) Estimate {
	return Estimate{f(e.Value), se, f(e.Low), f(e.High), e.Level}
}

// CDF returns the share of the distribution up to x.
func (f *Fit) CDF(x float64) float64 { return f.Family.standard().cdf(f.reduced(x)) }

// Quantile returns the value below which the share p lies.
func (f *Fit) Quantile(p float64) float64 {
	y := f.Location.Value + f.Scale.Value*f.Family.standard().quantile(p)
	if f.Family.logarithmic() {
		return math.Exp(y)
	}
	return y
}

// reduced returns (y - Location)/Scale, y being x or its logarithm.
func (f *Fit) reduced(x float64) float64 {
	if f.Family.logarithmic() {
		x = math.Log(x)
	}
	return (x - f.Location.Value) / f.Scale.Value
}

// fit maximises the likelihood in theta = location/scale and tau = 1/scale, in which
// it is concave for these families also with censored values (J. Burridge, J. R. Stat.
// Soc. B 43, 41 (1981)), by Newton's method.
func fit(family Family, x []float64, censored []bool, level float64) (*Fit, error) {
	if err := checked(x, 2, level); err != nil {
		return nil, err
	}
	if censored != nil && len(censored) != len(x) {
		return nil, fmt.Errorf("stats: %d marks of censored values for %d values: must be as many", len(censored), len(x))
	}
	y := make([]float64, len(x))
	failed, first, varied := 0, 0.0, false
	jacobian := 0.0
	for i, v := range x {
		y[i] = v
		if family.logarithmic() {
			if !(v > 0) {
				return nil, fmt.Errorf("stats: value %d is %g: must be > 0 for a %s distribution", i, v, family)
			}
			y[i] = math.Log(v)
		}
		if censored != nil && censored[i] {
			continue
		}
		if family.logarithmic() {
			jacobian -= y[i]
		}
		if failed == 0 {
			first = y[i]
		}
		varied = varied || y[i] != first
		failed++
	}
	switch {
	case failed == 0:
		return nil, fmt.Errorf("stats: all %d values are censored: at least 2 must not be", len(x))
	case !varied:
		return nil, errors.New("stats: all values that are not censored are equal: a scale cannot be fitted")
	}
	l := &likelihood{family.standard(), y, censored}
	// In units of the spread, so that Newton's method sees numbers near 1.
	m, s := stat.MeanStdDev(y, nil)
	for i := range y {
		y[i] = (y[i] - m) / s
	}
	theta, tau, value, info, err := l.maximum()
	if err != nil {
		return nil, err
	}
	f := &Fit{Family: family, N: len(x), Censored: len(x) - failed, LogLikelihood: value - float64(failed)*math.Log(s) + jacobian}
	// location = m + s theta/tau, scale = s/tau.
	det := info[0]*info[2] - info[1]*info[1]
	ctt, ctu, cuu := info[2]/det, -info[1]/det, info[0]/det
	a, b := s/tau, -s*theta/(tau*tau) // d location
	d := -s / (tau * tau)             // d scale / d tau
	f.Covariance[0][0] = a*a*ctt + 2*a*b*ctu + b*b*cuu
	f.Covariance[0][1] = d * (a*ctu + b*cuu)
	f.Covariance[1][0] = f.Covariance[0][1]
	f.Covariance[1][1] = d * d * cuu
	f.Location = around(m+s*theta/tau, math.Sqrt(f.Covariance[0][0]), level)
	f.Scale = aroundLog(s/tau, math.Sqrt(f.Covariance[1][1])*tau/s, level)
	return f, nil
}

// likelihood is that of values y, some of them censored, in theta and tau.
type likelihood struct {
	law      standard
	y        []float64
	censored []bool
}

// at returns the log-likelihood, its gradient, and minus its matrix of second
// derivatives (theta theta, theta tau, tau tau).
func (l *likelihood) at(theta, tau float64) (value float64, grad [2]float64, info [3]float64) {
	for i, y := range l.y {
		w := tau*y - theta
		var v, d1, d2 float64
		if l.censored != nil && l.censored[i] {
			v, d1, d2 = l.law.survival(w)
		} else {
			v, d1, d2 = l.law.density(w)
			v += math.Log(tau)
			grad[1] += 1 / tau
			info[2] += 1 / (tau * tau)
		}
		value += v
		grad[0] -= d1
		grad[1] += y * d1
		info[0] -= d2
		info[1] += y * d2
		info[2] -= y * y * d2
	}
	return value, grad, info
}

func (l *likelihood) maximum() (theta, tau, value float64, info [3]float64, err error) {
	tau = 1
	value, grad, info := l.at(theta, tau)
	for range 200 {
		det := info[0]*info[2] - info[1]*info[1]
		if !(det > 0) {
			break
		}
		dTheta := (info[2]*grad[0] - info[1]*grad[1]) / det
		dTau := (info[0]*grad[1] - info[1]*grad[0]) / det
		gain := grad[0]*dTheta + grad[1]*dTau
		if gain <= 1e-12*float64(len(l.y)) {
			// One step more squares an error of 1e-6, and none after it shows.
			theta, tau = theta+dTheta, tau+dTau
			value, _, info = l.at(theta, tau)
			return theta, tau, value, info, nil
		}
		step := 1.0
		for tau+step*dTau <= 0.1*tau {
			step /= 2
		}
		found := false
		for ; !found && step > 1e-9; step /= 2 {
			t, u := theta+step*dTheta, tau+step*dTau
			v, g, h := l.at(t, u)
			if found = v >= value+1e-4*step*gain; found {
				theta, tau, value, grad, info = t, u, v, g, h
			}
		}
		if !found {
			break
		}
	}
	return 0, 0, 0, info, errors.New("stats: the likelihood has no maximum: the values do not determine the distribution")
}

// An ExponentialFit is a constant rate of failure.
type ExponentialFit struct {
	Rate        Estimate // in 1 over the unit of the data; exact chi-square interval for complete data
	N, Censored int
}

// FitExponential fits an exponential distribution to x > 0, with censored values as
// in FitLognormal. The interval is exact for complete data and for data that are
// censored at the r-th failure, approximate otherwise.
func FitExponential(x []float64, censored []bool, level float64) (*ExponentialFit, error) {
	if err := checked(x, 1, level); err != nil {
		return nil, err
	}
	if censored != nil && len(censored) != len(x) {
		return nil, fmt.Errorf("stats: %d marks of censored values for %d values: must be as many", len(censored), len(x))
	}
	total, failed := 0.0, 0
	for i, v := range x {
		if !(v > 0) {
			return nil, fmt.Errorf("stats: value %d is %g: must be > 0 for an exponential distribution", i, v)
		}
		total += v
		if censored == nil || !censored[i] {
			failed++
		}
	}
	if failed == 0 {
		return nil, fmt.Errorf("stats: all %d values are censored: at least 1 must not be", len(x))
	}
	r := float64(failed)
	low, high := chiSquareEnds(2*r, level)
	return &ExponentialFit{Estimate{r / total, math.Sqrt(r) / total, low / (2 * total), high / (2 * total), level}, len(x), len(x) - failed}, nil
}

// A PowerLawFit is y = A (t/T0)^-Nu.
type PowerLawFit struct {
	T0     float64  // time at which y is A, in the unit of the times
	A      Estimate // in the unit of y
	Nu     Estimate // drift exponent
	StdDev float64  // of ln y around the law
}

// FitPowerLaw fits a power law to y > 0 at times t > 0 by least squares in the
// logarithms, with Student's intervals: the maximum likelihood for errors in
// proportion to y.
func FitPowerLaw(t, y []float64, t0, level float64) (*PowerLawFit, error) {
	if err := checked(t, 3, level); err != nil {
		return nil, err
	}
	if err := sample(y, len(t)); err != nil || len(y) != len(t) {
		return nil, fmt.Errorf("stats: %d times and %d values: must be finite pairs", len(t), len(y))
	}
	if !(t0 > 0) {
		return nil, fmt.Errorf("stats: the reference time is %g: must be > 0", t0)
	}
	u, v := make([]float64, len(t)), make([]float64, len(t))
	for i := range t {
		if !(t[i] > 0) || !(y[i] > 0) {
			return nil, fmt.Errorf("stats: pair %d is (%g, %g): both must be > 0 for a power law", i, t[i], y[i])
		}
		u[i], v[i] = math.Log(t[i]/t0), math.Log(y[i])
	}
	n := float64(len(t))
	mean, spread := stat.MeanStdDev(u, nil)
	if !(spread > 1e-12*math.Max(1, math.Abs(mean))) {
		return nil, errors.New("stats: all times are equal: an exponent cannot be fitted")
	}
	intercept, slope := stat.LinearRegression(u, v, nil, false)
	sum := 0.0
	for i := range u {
		d := v[i] - intercept - slope*u[i]
		sum += d * d
	}
	s := math.Sqrt(sum / (n - 2))
	sxx := spread * spread * (n - 1)
	q := distuv.StudentsT{Sigma: 1, Nu: n - 2}.Quantile(0.5 + level/2)
	seNu, seA := s/math.Sqrt(sxx), s*math.Sqrt(1/n+mean*mean/sxx)
	a := math.Exp(intercept)
	return &PowerLawFit{
		T0:     t0,
		A:      Estimate{a, a * seA, a * math.Exp(-q*seA), a * math.Exp(q*seA), level},
		Nu:     Estimate{-slope, seNu, -slope - q*seNu, -slope + q*seNu, level},
		StdDev: s,
	}, nil
}
