package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// A Side is a side of a distribution.
type Side int

const (
	Below Side = iota
	Above
)

// Tail returns the share of the distribution below or above x. Its interval is
// that of the reduced value (y - Location)/Scale, normal by the delta method, and so
// carries the error of the fit, not that of the choice of the family: far beyond
// the data the family is an assumption, and another one gives another tail.
func (f *Fit) Tail(x float64, side Side) (Estimate, error) {
	if math.IsNaN(x) || f.Family.logarithmic() && !(x > 0) {
		return Estimate{}, fmt.Errorf("stats: the tail of a %s distribution is asked at %g: must be a number within its range", f.Family, x)
	}
	law := f.Family.standard()
	w := f.reduced(x)
	s := f.Scale.Value
	se := math.Sqrt(max(f.Covariance[0][0]+2*w*f.Covariance[0][1]+w*w*f.Covariance[1][1], 0)) / s
	z := twoSided(f.Location.Level)
	share := law.cdf
	if side == Above {
		share = func(w float64) float64 { l, _, _ := law.survival(w); return math.Exp(l) }
	}
	a, b := share(w-z*se), share(w+z*se)
	l, _, _ := law.density(w)
	return Estimate{share(w), math.Exp(l) * se, min(a, b), max(a, b), f.Location.Level}, nil
}

// An Excess is a generalised Pareto distribution of what exceeds a threshold,
//
//	P(X > x | X > Threshold) = (1 + Shape (x - Threshold)/Scale)^(-1/Shape),
//
// the limit law of the tail of nearly every distribution: J. Pickands, Ann. Stat. 3,
// 119 (1975), doi:10.1214/aos/1176343003.
type Excess struct {
	Threshold    float64
	Shape, Scale Estimate
	Share        Estimate // of values above the threshold
	Covariance   [2][2]float64
	N            int // values above the threshold
}

// FitExcess fits the tail of x above a threshold by maximum likelihood. It needs at
// least 10 values above it, and finds none of regular behaviour for a shape of
// -1/2 or less (a short tail with an end).
func FitExcess(x []float64, threshold, level float64) (*Excess, error) {
	if err := checked(x, 10, level); err != nil {
		return nil, err
	}
	var y []float64
	for _, v := range x {
		if v > threshold {
			y = append(y, v-threshold)
		}
	}
	if len(y) < 10 {
		return nil, fmt.Errorf("stats: %d values above the threshold %g: must be at least 10", len(y), threshold)
	}
	mean := 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	largest := slices.Max(y)
	minus := func(p []float64) float64 { // shape, ln(scale/mean)
		xi, sigma := p[0], mean*math.Exp(p[1])
		if xi <= -1 || 1+xi*largest/sigma <= 0 {
			return math.Inf(1)
		}
		sum := float64(len(y)) * math.Log(sigma)
		for _, v := range y {
			if math.Abs(xi) < 1e-9 {
				sum += v / sigma
			} else {
				sum += (1 + 1/xi) * math.Log1p(xi*v/sigma)
			}
		}
		return sum
	}
	res, err := optimize.Minimize(optimize.Problem{Func: minus}, []float64{0.1, 0}, &optimize.Settings{MajorIterations: 2000, Converger: &optimize.FunctionConverge{Absolute: 1e-13, Iterations: 60}}, &optimize.NelderMead{})
	if err != nil && res == nil {
		return nil, fmt.Errorf("stats: the tail was not fitted: %w", err)
	}
	xi, sigma := res.X[0], mean*math.Exp(res.X[1])
	if xi <= -0.5 {
		return nil, fmt.Errorf("stats: the shape of the tail is %.3g: must be > -0.5 for a maximum likelihood fit", xi)
	}
	// Smith's covariance, Biometrika 72, 67 (1985).
	n := float64(len(y))
	e := &Excess{Threshold: threshold, N: len(y)}
	e.Covariance = [2][2]float64{{(1 + xi) * (1 + xi) / n, -(1 + xi) * sigma / n}, {-(1 + xi) * sigma / n, 2 * sigma * sigma * (1 + xi) / n}}
	e.Shape = around(xi, math.Sqrt(e.Covariance[0][0]), level)
	e.Scale = aroundLog(sigma, math.Sqrt(e.Covariance[1][1])/sigma, level)
	e.Share, err = Proportion(len(y), len(x), level)
	return e, err
}

// Tail returns the share of values above x, which must not be below the threshold.
// The interval is normal in the logarithm, by the delta method, with the errors of
// the fit and of the share above the threshold.
func (e *Excess) Tail(x float64) (Estimate, error) {
	if !(x >= e.Threshold) {
		return Estimate{}, fmt.Errorf("stats: the tail is asked at %g: must be at the threshold %g or above", x, e.Threshold)
	}
	y, xi, s := x-e.Threshold, e.Shape.Value, e.Scale.Value
	u := 1 + xi*y/s
	if u <= 0 {
		return Estimate{}, errors.New("stats: the fitted tail ends below that value")
	}
	logTail := func(xi, s float64) float64 {
		if math.Abs(xi) < 1e-9 {
			return -y / s
		}
		return -math.Log1p(xi*y/s) / xi
	}
	l := logTail(xi, s)
	const h = 1e-5
	dXi := (logTail(xi+h, s) - logTail(xi-h, s)) / (2 * h)
	dS := y / (s * s * u)
	c := e.Covariance
	share := e.Share.StdErr / e.Share.Value
	se := math.Sqrt(dXi*dXi*c[0][0] + 2*dXi*dS*c[0][1] + dS*dS*c[1][1] + share*share)
	p := aroundLog(e.Share.Value*math.Exp(l), se, e.Shape.Level)
	p.High = min(p.High, 1)
	return p, nil
}
