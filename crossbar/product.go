package crossbar

import (
	"math"

	"mho/internal/gemm"
	"mho/noise"
)

// A Product multiplies batches of inputs by an Operator, in float32 or float64. The zero value
// is empty; Set fills it.
//
// Every output is summed over the rows in one order, and its noise depends on the key, the
// number of its input and its column only: it is the same bits, however inputs are divided into calls. Products of
// float32 differ from those of float64 by the rounding of sums, about 1e-7 sqrt(Rows) of their
// terms; the noise is the same numbers. Several goroutines may multiply at once.
type Product[T gemm.Float] struct {
	rows, cols           int
	unit                 T // conductance of what follows, S
	mean                 gemm.Factor[T]
	square, mixed        gemm.Factor[T] // in unit²
	excess               gemm.Factor[T] // in unit
	common, thermal      []T            // in unit² and A²/unit²
	quiet                bool
	hasSquare, hasCommon bool
	white                WhiteNoise
	hasExcess            bool
}

// A Workspace holds the scratch memory of one goroutine. Its zero value is ready.
type Workspace[T gemm.Float] struct {
	matrix          []T
	input, variance []T
	z               []float32
}

// Set makes p the product with o, of which it keeps nothing. Workers are as many goroutines at
// most, one per processor below 1.
func (p *Product[T]) Set(o *Operator, w *Workspace[T], workers int) {
	p.rows, p.cols, p.white = o.Rows, o.Cols, o.White
	unit := o.largest
	if unit == 0 {
		unit = 1
	}
	p.unit = T(unit)
	pack := func(f *gemm.Factor[T], m []float64, unit float64) bool {
		if len(m) == 0 {
			return false
		}
		w.matrix = scaled(w.matrix, m, unit, workers)
		f.Pack(gemm.Dense(o.Rows, o.Cols, w.matrix), workers)
		return true
	}
	pack(&p.mean, o.Mean, unit)
	p.hasSquare = anyPositive(o.Square) && pack(&p.square, o.Square, unit*unit)
	p.hasCommon = p.hasSquare && pack(&p.mixed, o.Mixed, unit*unit)
	p.common = scaled(p.common, o.Common, unit*unit, 1)
	p.hasExcess = anyPositive(o.Excess) && pack(&p.excess, o.Excess, unit)
	p.thermal = scaled(p.thermal, o.Thermal, unit*unit, 1)
	p.quiet = !p.hasSquare && !p.hasExcess && len(p.thermal) == 0
}

func anyPositive(x []float64) bool {
	for _, a := range x {
		if a > 0 {
			return true
		}
	}
	return false
}

// scaled sets dst to x/unit.
func scaled[T gemm.Float](dst []T, x []float64, unit float64, workers int) []T {
	dst = extend(dst, len(x))
	per := 1 / unit
	split(len(x), len(x), workers, func(from, to int) {
		out := dst[from:to]
		for i, a := range x[from:to] {
			out[i] = T(a * per)
		}
	})
	return dst
}

// extend returns s with length n; what it held may be lost.
func extend[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// strip is the number of inputs whose intermediate results fit the cache of a core: a
// multiple of the rows of all kernels.
const strip = 48

// Multiply sets dst, one vector of Cols values in A per input, to the outputs for the voltages v,
// one vector of Rows values in V per input. Key names the evaluation; input k of v is number first+k
// of it, and its noise in column j the Normal32 of the key at column j and that event. Multiply
// panics if a length does not fit.
func (p *Product[T]) Multiply(dst, v []T, first uint64, key noise.Key, w *Workspace[T]) {
	n := 0
	if p.rows > 0 {
		n = len(v) / p.rows
	}
	if len(v) != n*p.rows || len(dst) != n*p.cols {
		panic("crossbar: dimension mismatch")
	}
	for from := 0; from < n; from += strip {
		to := min(from+strip, n)
		out, in := dst[from*p.cols:to*p.cols], v[from*p.rows:to*p.rows]
		p.mean.Mul(gemm.Dense(to-from, p.cols, out), p.unit, gemm.Dense(to-from, p.rows, in), 0, 1)
		if !p.quiet {
			p.addNoise(out, in, first+uint64(from), key, w)
		}
	}
}

// addNoise adds noise to the outputs of at most strip inputs.
func (p *Product[T]) addNoise(dst, v []T, event uint64, key noise.Key, w *Workspace[T]) {
	n := len(v) / p.rows
	w.z = extend(w.z, p.cols)
	if !p.hasSquare && !p.hasExcess {
		for k := range n {
			key.Normal32(w.z, noise.At{Event: event + uint64(k)})
			out := dst[k*p.cols:][:p.cols]
			for j, s := range p.thermal {
				out[j] += p.unit * T(math.Sqrt(float64(s))) * T(w.z[j])
			}
		}
		return
	}
	var means [strip]T
	p.variances(&means, v, w)
	for k := range n {
		variance := w.variance[k*p.cols:][:p.cols]
		if p.hasCommon {
			square := means[k] * means[k]
			for j, c := range p.common {
				variance[j] += square * c
			}
		}
		for j, s := range p.thermal {
			variance[j] += s
		}
		key.Normal32(w.z, noise.At{Event: event + uint64(k)})
		z, out := w.z[:len(variance)], dst[k*p.cols:][:len(variance)]
		for j, s := range variance {
			// The sum of squares may be rounded to below 0.
			out[j] += p.unit * T(math.Sqrt(float64(max(s, 0)))) * T(z[j])
		}
	}
}

// variances sets w.variance to what depends on each voltage of its own, and means to
// the mean voltages.
func (p *Product[T]) variances(means *[strip]T, v []T, w *Workspace[T]) {
	n := len(v) / p.rows
	w.variance, w.input = extend(w.variance, n*p.cols), extend(w.input, len(v))
	variance, input := gemm.Dense(n, p.cols, w.variance), gemm.Dense(n, p.rows, w.input)
	var beta T
	if p.hasExcess {
		excess(p.white, w.input, v)
		p.excess.Mul(variance, 1/p.unit, input, 0, 1)
		beta = 1
	}
	if !p.hasSquare {
		return
	}
	if p.hasCommon {
		for k := range n {
			in := v[k*p.rows:][:p.rows]
			var sum float64
			for _, x := range in {
				sum += float64(x)
			}
			mean := T(sum / float64(p.rows))
			means[k] = mean
			for i, x := range in {
				w.input[k*p.rows+i] = 2 * mean * (x - mean)
			}
		}
		p.mixed.Mul(variance, 1, input, beta, 1)
		beta = 1
	}
	for k := range n {
		in, out, mean := v[k*p.rows:][:p.rows], w.input[k*p.rows:][:p.rows], means[k]
		for i, x := range in {
			out[i] = (x - mean) * (x - mean)
		}
	}
	p.square.Mul(variance, 1, input, beta, 1)
}
