package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Position says where on a probability axis the i-th of n values stands.
type Position string

const (
	Hazen  Position = "hazen"  // (i - 1/2)/n
	Benard Position = "benard" // (i - 0.3)/(n + 0.4), close to the median of the i-th share: the custom of Weibull plots
	Blom   Position = "blom"   // (i - 3/8)/(n + 1/4), close to the mean of the i-th normal order statistic
)

func (p Position) at(i, n float64) float64 {
	switch p {
	case Benard:
		return (i - 0.3) / (n + 0.4)
	case Blom:
		return (i - 0.375) / (n + 0.25)
	}
	return (i - 0.5) / n
}

// A ProbabilityPlot holds the points of a probability plot, by rising value.
type ProbabilityPlot struct {
	X         []float64 // values, in the unit of the data; censored ones have no point
	P         []float64 // shares at which they stand
	Low, High []float64 // band that holds the true share at each value, pointwise
}

// ProbabilityPoints returns the points of a probability plot of x at the given
// positions, with the pointwise band in which the share of the i-th value, a beta
// distributed number, lies with the given confidence. Censored, nil for none,
// marks lower limits; the ranks of the others are then those of L. G. Johnson
// (The Statistical Treatment of Fatigue Experiments, 1964), which spread a censored
// value over the places it may take.
func ProbabilityPoints(x []float64, censored []bool, position Position, level float64) (*ProbabilityPlot, error) {
	if err := checked(x, 1, level); err != nil {
		return nil, err
	}
	if position != Hazen && position != Benard && position != Blom {
		return nil, fmt.Errorf("stats: position %q: must be %s, %s or %s", position, Hazen, Benard, Blom)
	}
	if censored != nil && len(censored) != len(x) {
		return nil, fmt.Errorf("stats: %d marks of censored values for %d values: must be as many", len(censored), len(x))
	}
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	isLimit := func(i int) bool { return censored != nil && censored[i] }
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b] || x[a] == x[b] && !isLimit(a) && isLimit(b):
			return -1
		case x[a] > x[b] || x[a] == x[b] && isLimit(a) && !isLimit(b):
			return 1
		}
		return 0
	})
	n, rank := float64(len(x)), 0.0
	p := &ProbabilityPlot{}
	for i, k := range order {
		if isLimit(k) {
			continue
		}
		rank += (n + 1 - rank) / (1 + n - float64(i))
		b := distuv.Beta{Alpha: rank, Beta: n - rank + 1}
		p.X = append(p.X, x[k])
		p.P = append(p.P, position.at(rank, n))
		p.Low = append(p.Low, b.Quantile(0.5-level/2))
		p.High = append(p.High, b.Quantile(0.5+level/2))
	}
	if len(p.X) == 0 {
		return nil, fmt.Errorf("stats: all %d values are censored: at least 1 must not be", len(x))
	}
	return p, nil
}

// ExpectedFailures returns how many of n cells fail if each does with the
// probability p, and the probability that none does.
func ExpectedFailures(p, n float64) (mean, none float64) {
	return p * n, math.Exp(n * math.Log1p(-p))
}
