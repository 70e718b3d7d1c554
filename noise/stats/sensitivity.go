package stats

import (
	"fmt"
	"math"

	"mho/noise"
)

// A SobolIndex tells how much of a result's variance a parameter owns.
type SobolIndex struct {
	First Estimate // by itself
	Total Estimate // with all its interactions; 0 means that the parameter does not matter
}

// Sobol returns the indices of a result that depends on dim parameters, each given
// as a number uniform in (0,1), from n (dim + 2) evaluations of f, n at least 16. The
// estimators are those of A. Saltelli et al., Comput. Phys. Commun. 181, 259 (2010),
// doi:10.1016/j.cpc.2009.09.018, the total one that of M. J. W. Jansen, ibid. 117, 35 (1999),
// doi:10.1016/S0010-4655(98)00154-4. Standard errors and intervals come from 200 resamples of the n
// rows, normal. F is called from several goroutines and must depend on its
// argument only: studies pass the same key for their own noise, common random
// numbers.
func Sobol(f func(u []float64) float64, dim, n int, level float64, key noise.Key) ([]SobolIndex, error) {
	if err := confidence(level); err != nil {
		return nil, err
	}
	if dim < 1 || n < 16 {
		return nil, fmt.Errorf("stats: %d parameters and %d rows: must be at least 1 and 16", dim, n)
	}
	a, b, mixed := make([]float64, n), make([]float64, n), make([]float64, n*dim)
	parallel(n, func(from, to int) {
		u, v, w := make([]float64, dim), make([]float64, dim), make([]float64, dim)
		for i := from; i < to; i++ {
			key.Uniform(u, noise.At{Row: 0, Event: uint64(i)})
			key.Uniform(v, noise.At{Row: 1, Event: uint64(i)})
			copy(w, u)
			a[i] = f(w)
			copy(w, v)
			b[i] = f(w)
			for j := range dim {
				copy(w, u)
				w[j] = v[j]
				mixed[i*dim+j] = f(w)
			}
		}
	})
	for i := range n {
		for _, y := range append([]float64{a[i], b[i]}, mixed[i*dim:(i+1)*dim]...) {
			if y-y != 0 {
				return nil, fmt.Errorf("stats: the result of row %d is %g: must be finite", i, y)
			}
		}
	}
	indices := func(row func(i int) int) (first, total []float64) {
		first, total = make([]float64, dim), make([]float64, dim)
		var mean, square float64
		for i := range n {
			r := row(i)
			mean += a[r] + b[r]
		}
		mean /= 2 * float64(n)
		for i := range n {
			r := row(i)
			square += (a[r]-mean)*(a[r]-mean) + (b[r]-mean)*(b[r]-mean)
		}
		variance := square / float64(2*n-1)
		for i := range n {
			r := row(i)
			for j := range dim {
				y := mixed[r*dim+j]
				first[j] += (b[r] - mean) * (y - a[r])
				total[j] += 0.5 * (a[r] - y) * (a[r] - y)
			}
		}
		for j := range dim {
			first[j] /= float64(n) * variance
			total[j] /= float64(n) * variance
		}
		return first, total
	}
	first, total := indices(func(i int) int { return i })
	if math.IsNaN(total[0]) {
		return nil, fmt.Errorf("stats: the result is %g whatever the parameters: there is no variance to share", a[0])
	}
	const resamples = 200
	sums := make([][4]float64, dim)
	u := make([]float64, n)
	for k := range resamples {
		key.Uniform(u, noise.At{Row: 2, Event: uint64(k)})
		f, t := indices(func(i int) int { return int(u[i] * float64(n)) })
		for j := range dim {
			df, dt := f[j]-first[j], t[j]-total[j]
			sums[j][0] += df
			sums[j][1] += df * df
			sums[j][2] += dt
			sums[j][3] += dt * dt
		}
	}
	out := make([]SobolIndex, dim)
	se := func(sum, squares float64) float64 {
		return math.Sqrt(max(squares-sum*sum/resamples, 0) / (resamples - 1))
	}
	for j := range out {
		out[j] = SobolIndex{
			First: around(first[j], se(sums[j][0], sums[j][1]), level),
			Total: around(total[j], se(sums[j][2], sums[j][3]), level),
		}
	}
	return out, nil
}

// A Bar is what one parameter alone does to a result.
type Bar struct {
	Low, High float64 // the result at the parameter's lower and upper value
}

// Tornado changes one parameter at a time from its base to its lower and its upper
// value and returns the result at the base and a bar for each. F is called from
// one goroutine, with a slice it must not keep.
func Tornado(f func(x []float64) float64, base, low, high []float64) (at float64, bars []Bar, err error) {
	if len(base) == 0 || len(low) != len(base) || len(high) != len(base) {
		return 0, nil, fmt.Errorf("stats: %d bases, %d lower and %d upper values: must be as many, at least 1", len(base), len(low), len(high))
	}
	x := make([]float64, len(base))
	eval := func(j int, v float64) float64 {
		copy(x, base)
		if j >= 0 {
			x[j] = v
		}
		y := f(x)
		if y-y != 0 && err == nil {
			err = fmt.Errorf("stats: the result at %g of parameter %d is %g: must be finite", v, j, y)
		}
		return y
	}
	at = eval(-1, 0)
	for j := range base {
		bars = append(bars, Bar{eval(j, low[j]), eval(j, high[j])})
	}
	return at, bars, err
}
