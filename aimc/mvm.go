package aimc

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"mho/crossbar"
	"mho/noise"
)

// group is the number of vectors that are worked on together, so that a row of
// conductances that came to the cache serves all of them. Each vector's result is
// its own, so the number has no influence on results.
const group = 8

// MVM sets dst (n x outputs) to the products of the vectors x (n x inputs) with
// the weights, as the package comment says, in the units of x times those of the
// weights. Key names the evaluation and first the number of the first vector in it.
// The error tells that the tile is not programmed, names an input that is not
// finite, or tells that an output is not, that the network of wires could not be
// solved or that ctx is done; dst is undefined then. MVM panics if a length does
// not fit or first is negative.
func (t *CrossbarTile) MVM(ctx context.Context, dst, x []float64, first int, key noise.Key) (Readout, error) {
	n := len(x) / t.inputs
	if len(x) != n*t.inputs || len(dst) != n*t.outputs || first < 0 {
		panic("aimc: dimension mismatch")
	}
	if !t.programmed {
		return Readout{}, errNotProgrammed
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Readout{}, fmt.Errorf("input %d of vector %d is %g: must be finite", i%t.inputs, i/t.inputs, v)
		}
	}
	if err := t.realise(ctx, key); err != nil {
		return Readout{}, err
	}
	groups := (n + group - 1) / group
	workers := min(runtime.GOMAXPROCS(0), groups)
	results := make([]worker, workers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for k := range results {
		w := &results[k]
		run := func() {
			w.init(t)
			for ctx.Err() == nil {
				from := int(next.Add(1)-1) * group
				if from >= n {
					return
				}
				to := min(from+group, n)
				w.multiply(t, dst[from*t.outputs:to*t.outputs], x[from*t.inputs:to*t.inputs], uint64(first+from), key)
			}
		}
		if workers == 1 {
			run()
		} else {
			wg.Go(run)
		}
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Readout{}, err
	}
	r := Readout{Vectors: n, WireBound: t.bound}
	for k := range results {
		w := &results[k]
		r.InputsClipped += w.inputsClipped
		r.OutputsClipped += w.outputsClipped
		r.Conversions += w.conversions
		if w.notFinite {
			return r, errors.New("an output is not finite: weights, inputs or conductances exceed the range of float64")
		}
	}
	return r, nil
}

// A worker multiplies groups of vectors with scratch of its own.
type worker struct {
	dac        crossbar.Quantizer
	v, v2      []float64 // converted inputs in units of the read voltage, and their squares, group x inputs
	current    []float64 // of a block, group x outputs, S times the unit of v
	variance   []float64 // of the current
	z          []float64
	inputRange [group]float64

	inputsClipped, outputsClipped, conversions int
	notFinite                                  bool
}

func (w *worker) init(t *CrossbarTile) {
	most := 0
	for _, b := range t.blocks {
		most = max(most, b.outputs)
	}
	w.dac = t.config.Converters.DAC()
	w.v, w.v2 = make([]float64, group*t.inputs), make([]float64, group*t.inputs)
	w.current, w.variance, w.z = make([]float64, group*most), make([]float64, group*most), make([]float64, most)
}

// multiply sets dst to the products of at most group vectors, the first of which
// is number event of the evaluation.
func (w *worker) multiply(t *CrossbarTile, dst, x []float64, event uint64, key noise.Key) {
	n := len(x) / t.inputs
	w.convert(t, x)
	clear(dst)
	key = key.Domain(noise.Read)
	vRead := t.config.Converters.VRead
	for number, b := range t.blocks {
		current := w.current[:n*b.outputs]
		product(current, w.v[b.firstIn:], t.inputs, b.mean, n, b.inputs, b.outputs)
		if len(b.fast) > 0 {
			variance, z := w.variance[:n*b.outputs], w.z[:b.outputs]
			product(variance, w.v2[b.firstIn:], t.inputs, b.fast, n, b.inputs, b.outputs)
			own := key.Fold(outputNoise | uint64(number))
			for k := range n {
				own.Normal(z, noise.At{Event: event + uint64(k)})
				for j, s := range variance[k*b.outputs:][:b.outputs] {
					current[k*b.outputs+j] += math.Sqrt(s) * z[j]
				}
			}
		}
		for i := range current {
			current[i] *= vRead
		}
		w.outputsClipped += b.adc.Quantize(current, current)
		w.conversions += len(current)
		for k := range n {
			y := dst[k*t.outputs+b.firstOut:][:b.outputs]
			for j, i := range current[k*b.outputs:][:b.outputs] {
				y[j] += i
			}
		}
	}
	unit := t.scale.PerSiemens() / vRead
	for k := range n {
		f := w.inputRange[k] * unit
		for j, i := range dst[k*t.outputs:][:t.outputs] {
			y := f * i
			dst[k*t.outputs+j] = y
			if math.IsNaN(y) || math.IsInf(y, 0) {
				w.notFinite = true
			}
		}
	}
}

// outputNoise marks the keys of noise that is drawn per output; those of arrays are
// below it.
const outputNoise = 1 << 63

// convert sets v and v2 from the vectors x, and inputRange to the input that
// became the read voltage.
func (w *worker) convert(t *CrossbarTile, x []float64) {
	for k := range len(x) / t.inputs {
		vector, v := x[k*t.inputs:][:t.inputs], w.v[k*t.inputs:][:t.inputs]
		r := t.config.Converters.InputRange
		if r == 0 {
			for _, a := range vector {
				r = max(r, math.Abs(a))
			}
		}
		w.inputRange[k] = r
		if r == 0 { // a vector of zeros
			clear(v)
		} else {
			for i, a := range vector {
				v[i] = a / r
			}
			w.inputsClipped += w.dac.Quantize(v, v)
		}
		for i, a := range v {
			w.v2[k*t.inputs+i] = a * a
		}
	}
}
