package stats

import (
	"errors"
	"fmt"
	"math"

	"mho/noise"
)

// A Rare is the probability of a rare event found by importance sampling.
type Rare struct {
	Estimate
	Hits      int     // samples in which the event happened
	Effective float64 // number of equally weighted hits that would be as good, (Σw)²/Σw²
}

// RareEvent returns the probability that event happens for independent standard
// normal z, from n samples of a normal distribution with mean shift:
//
//	P = 1/n Σ 1(event) exp(-z·shift + |shift|²/2).
//
// A shift to the most likely failure (DesignPoint) needs some thousand samples for
// any probability; a shift of zeros is plain Monte Carlo. The interval is normal in
// the logarithm. It is an error if the event never happens, and Effective below
// some tens says that the shift is not where the failures are. The event is called
// from several goroutines.
func RareEvent(event func(z []float64) bool, shift []float64, n int, level float64, key noise.Key) (*Rare, error) {
	if err := checked(shift, 1, level); err != nil {
		return nil, err
	}
	if n < 2 {
		return nil, fmt.Errorf("stats: %d samples: must be at least 2", n)
	}
	half := 0.0
	for _, s := range shift {
		half += 0.5 * s * s
	}
	weight := make([]float64, n)
	parallel(n, func(from, to int) {
		z := make([]float64, len(shift))
		for i := from; i < to; i++ {
			key.Normal(z, noise.At{Event: uint64(i)})
			dot := 0.0
			for j, s := range shift {
				z[j] += s
				dot += z[j] * s
			}
			if event(z) {
				weight[i] = math.Exp(half - dot)
			}
		}
	})
	var sum, squares float64
	hits := 0
	for _, w := range weight {
		sum += w
		squares += w * w
		if w > 0 {
			hits++
		}
	}
	if hits == 0 {
		return nil, fmt.Errorf("stats: the event did not happen in %d samples: must be shifted towards it or sampled more often", n)
	}
	m := float64(n)
	p := sum / m
	relative := math.Sqrt(max(squares/m-p*p, 0)/(m-1)) / p
	return &Rare{Estimate: aroundLog(p, relative, level), Hits: hits, Effective: sum * sum / squares}, nil
}

// DesignPoint returns the z nearest to 0 at which limit is 0, starting where limit
// is positive: the most likely failure of a device whose parameters are standard
// normal and that fails where limit is negative. Its distance from 0 is the
// reliability index, and Φ(-distance) the failure probability of a limit that is
// straight. The iteration is that of R. Rackwitz and B. Fiessler, Comput. Struct. 9, 489
// (1978), doi:10.1016/0045-7949(78)90046-9, with halved steps where the merit
// function of P.-L. Liu and A. Der Kiureghian, Struct. Saf. 9, 161 (1991), does not fall. It
// finds one point; a limit with several needs a mixture of shifts.
func DesignPoint(limit func(z []float64) float64, dim int) ([]float64, error) {
	if dim < 1 {
		return nil, fmt.Errorf("stats: dimension %d: must be at least 1", dim)
	}
	z, trial, grad := make([]float64, dim), make([]float64, dim), make([]float64, dim)
	start := limit(z)
	if !(start > 0) {
		return nil, fmt.Errorf("stats: the limit is %g at the medians: must be > 0, no failure", start)
	}
	norm := func(z []float64) float64 {
		s := 0.0
		for _, v := range z {
			s += v * v
		}
		return math.Sqrt(s)
	}
	g := start
	for range 200 {
		slope := 0.0
		for j := range z {
			const h = 1e-4
			copy(trial, z)
			trial[j] = z[j] + h
			up := limit(trial)
			trial[j] = z[j] - h
			grad[j] = (up - limit(trial)) / (2 * h)
			slope += grad[j] * grad[j]
		}
		if slope-slope != 0 || slope == 0 {
			return nil, fmt.Errorf("stats: the limit has no finite slope other than 0 at %.4g", z)
		}
		dot := 0.0
		for j := range z {
			dot += grad[j] * z[j]
		}
		penalty := 2*norm(z)/math.Sqrt(slope) + 10
		merit := func(z []float64, g float64) float64 {
			r := norm(z)
			return 0.5*r*r + penalty*math.Abs(g)
		}
		old, moved := merit(z, g), 0.0
		for step := 1.0; ; step /= 2 {
			moved = 0
			for j := range z {
				d := step * ((dot-g)*grad[j]/slope - z[j])
				trial[j] = z[j] + d
				moved += d * d
			}
			next := limit(trial)
			if merit(trial, next) < old || step < 1e-6 {
				copy(z, trial)
				g = next
				break
			}
		}
		if math.Sqrt(moved) < 1e-7*(1+norm(z)) && math.Abs(g) < 1e-6*start {
			return z, nil
		}
	}
	return nil, errors.New("stats: no design point was found in 200 steps: the limit may not reach 0, or not smoothly")
}
