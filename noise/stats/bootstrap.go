package stats

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/noise"
)

// Bootstrap returns statistic(x) with the bias-corrected and accelerated interval
// of B. Efron, J. Am. Stat. Assoc. 82, 171 (1987), doi:10.1080/01621459.1987.10478410,
// from n resamples of x, at least 100; 2000 and more settle the ends of a 95 %
// interval to a few hundredths of its width. The standard error is the standard
// deviation of the resamples. The statistic is called from several goroutines, with
// slices it must not keep; it may reorder them.
func Bootstrap(x []float64, statistic func(x []float64) float64, n int, level float64, key noise.Key) (Estimate, error) {
	if err := checked(x, 3, level); err != nil {
		return Estimate{}, err
	}
	if n < 100 {
		return Estimate{}, fmt.Errorf("stats: %d resamples: must be at least 100", n)
	}
	value := statistic(slices.Clone(x))
	draws := make([]float64, n)
	parallel(n, func(from, to int) {
		u, y := make([]float64, len(x)), make([]float64, len(x))
		for b := from; b < to; b++ {
			key.Uniform(u, noise.At{Event: uint64(b)})
			for i, v := range u {
				y[i] = x[int(v*float64(len(x)))]
			}
			draws[b] = statistic(y)
		}
	})
	without := make([]float64, len(x)) // the statistic of all but one
	parallel(len(x), func(from, to int) {
		y := make([]float64, len(x)-1)
		for i := from; i < to; i++ {
			copy(y, x[:i])
			copy(y[i:], x[i+1:])
			without[i] = statistic(y)
		}
	})
	for _, d := range [][]float64{{value}, draws, without} {
		for _, v := range d {
			if v-v != 0 {
				return Estimate{}, fmt.Errorf("stats: the statistic of a resample is %g: must be finite", v)
			}
		}
	}
	se := stat.StdDev(draws, nil)
	slices.Sort(draws)
	if draws[0] == draws[n-1] {
		return Estimate{value, 0, value, value, level}, nil
	}
	below, equal := 0, 0
	for _, d := range draws {
		if d < value {
			below++
		} else if d == value {
			equal++
		}
	}
	// Half of the resamples that hit the value count as below it.
	share := (float64(below) + float64(equal)/2) / float64(n)
	share = min(max(share, 0.5/float64(n)), 1-0.5/float64(n))
	bias := distuv.UnitNormal.Quantile(share)
	mean := stat.Mean(without, nil)
	var second, third float64
	for _, v := range without {
		d := mean - v
		second += d * d
		third += d * d * d
	}
	acceleration := 0.0
	if second > 0 {
		acceleration = third / (6 * math.Pow(second, 1.5))
	}
	end := func(z float64) float64 {
		w := bias + z
		return Interpolate(draws, distuv.UnitNormal.CDF(bias+w/(1-acceleration*w)))
	}
	z := twoSided(level)
	return Estimate{value, se, end(-z), end(z), level}, nil
}

// parallel calls work for stretches of 0 to n on all processors.
func parallel(n int, work func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { work(w*n/workers, (w+1)*n/workers) })
	}
	wait.Wait()
}
