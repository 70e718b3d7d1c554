package stats

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Components is the variance of repeated measurements of several devices, split by
// the mixed model
//
//	x_dc = mean + D_d + C_dc
//
// into what differs from device to device (D) and from cycle to cycle (C).
type Components struct {
	Devices, Values int
	Mean            float64  // generalised least squares
	D2D             Estimate // standard deviation between devices, in the unit of the data
	C2C             Estimate // standard deviation between cycles of a device, in the unit of the data
	// Share is the part of the variance that is between devices, the intraclass
	// correlation.
	Share Estimate
	// MeanSquares of the analysis of variance between devices and between cycles.
	Between, Within float64
	P               float64 // of the F test that devices do not differ
}

// Decompose splits the variance of x[device][cycle]. The variances are those of
// restricted maximum likelihood, H. D. Patterson and R. Thompson, Biometrika 58,
// 545 (1971), doi:10.1093/biomet/58.3.545, which for equally many cycles of each device are
// those of the analysis of variance unless that has a negative one, here 0.
// The interval of C2C is that of the chi-square distribution and that of Share that
// of the F distribution, both exact for normal data and equally many cycles; that
// of D2D is J. S. Williams, Biometrika 49, 278 (1962). With unequal numbers of cycles they
// take the mean number n0 of the analysis of variance, an approximation.
func Decompose(x [][]float64, level float64) (*Components, error) {
	if err := confidence(level); err != nil {
		return nil, err
	}
	if len(x) < 2 {
		return nil, fmt.Errorf("stats: %d devices: must be at least 2", len(x))
	}
	k, n := float64(len(x)), 0.0
	squares := 0.0
	means := make([]float64, len(x))
	var within, total float64
	for i, cycles := range x {
		if err := sample(cycles, 1); err != nil {
			return nil, fmt.Errorf("device %d: %w", i, err)
		}
		m := float64(len(cycles))
		n += m
		squares += m * m
		means[i] = stat.Mean(cycles, nil)
		total += m * means[i]
		for _, v := range cycles {
			within += (v - means[i]) * (v - means[i])
		}
	}
	if n == k {
		return nil, errors.New("stats: one cycle of each device: must be more of at least one device to tell cycles from devices")
	}
	grand := total / n
	between := 0.0
	for i, m := range means {
		between += float64(len(x[i])) * (m - grand) * (m - grand)
	}
	dfB, dfW := k-1, n-k
	c := &Components{Devices: len(x), Values: int(n), Between: between / dfB, Within: within / dfW}
	if between+within == 0 {
		return nil, errors.New("stats: all values are equal: there is no variance to split")
	}
	n0 := (n - squares/n) / dfB
	ratio := c.reml(x, means, within)
	var wSum, wMean, ss float64
	for i, m := range means {
		w := float64(len(x[i])) / (1 + ratio*float64(len(x[i])))
		if within == 0 {
			w = 1 // the limit of equal weights, but for a factor
		}
		wSum += w
		wMean += w * m
	}
	c.Mean = wMean / wSum
	for i, m := range means {
		ss += float64(len(x[i])) / (1 + ratio*float64(len(x[i]))) * (m - c.Mean) * (m - c.Mean)
	}
	c2c := (within + ss) / (n - 1)
	if math.IsInf(ratio, 1) {
		c2c = 0
	}
	d2d := ratio * c2c
	if within == 0 {
		d2d, c2c = between/dfB/n0, 0
	}
	low, high := chiSquareEnds(dfW, level)
	c.C2C = Estimate{math.Sqrt(c2c), math.Sqrt(c2c / (2 * dfW)), math.Sqrt(within / high), math.Sqrt(within / low), level}
	f := c.Between / c.Within
	fd := distuv.F{D1: dfB, D2: dfW}
	fLow, fHigh := fd.Quantile(0.5-level/2), fd.Quantile(0.5+level/2)
	if within > 0 {
		c.P = fd.Survival(f)
	}
	low, high = chiSquareEnds(dfB, level)
	end := func(chi, q float64) float64 {
		if c.Within == 0 {
			q = 0
		} else {
			q /= f
		}
		return math.Sqrt(max(between/(n0*chi)*(1-q), 0))
	}
	c.D2D = Estimate{math.Sqrt(d2d), math.NaN(), end(high, fHigh), end(low, fLow), level}
	share := func(q float64) float64 {
		if c.Within == 0 {
			return 1
		}
		r := max((f/q-1)/n0, 0)
		return r / (1 + r)
	}
	c.Share = Estimate{d2d / (d2d + c2c), math.NaN(), share(fHigh), share(fLow), level}
	return c, nil
}

// reml returns the ratio of the variances between devices and cycles that
// maximises the restricted likelihood.
func (c *Components) reml(x [][]float64, means []float64, within float64) float64 {
	if within == 0 {
		return math.Inf(1)
	}
	n := float64(c.Values)
	minus2L := func(ratio float64) float64 {
		var w, wm, logs float64
		for i, m := range means {
			ni := float64(len(x[i]))
			v := ni / (1 + ratio*ni)
			w += v
			wm += v * m
			logs += math.Log1p(ratio * ni)
		}
		mean := wm / w
		ss := within
		for i, m := range means {
			ni := float64(len(x[i]))
			ss += ni / (1 + ratio*ni) * (m - mean) * (m - mean)
		}
		return (n-1)*math.Log(ss) + logs + math.Log(w)
	}
	// A grid finds the basin, golden sections its floor. ratio = e^s.
	best, at := minus2L(0), math.Inf(-1)
	for s := -20.0; s <= 40; s += 0.25 {
		if v := minus2L(math.Exp(s)); v < best {
			best, at = v, s
		}
	}
	if math.IsInf(at, -1) {
		return 0
	}
	const g = 0.6180339887498949
	a, b := at-0.25, at+0.25
	for b-a > 1e-12 {
		p, q := b-g*(b-a), a+g*(b-a)
		if minus2L(math.Exp(p)) < minus2L(math.Exp(q)) {
			b = q
		} else {
			a = p
		}
	}
	return math.Exp((a + b) / 2)
}
