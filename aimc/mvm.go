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
	"mho/internal/gemm"
	"mho/noise"
)

// group is the number of vectors that are worked on together: their intermediate results fit
// the cache of a core. Each vector's result is its own, so the number has no influence on results.
const group = 24

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
	if err := t.realise(ctx, key); err != nil {
		return Readout{}, err
	}
	r, wrong := t.engine.multiply(ctx, dst, x, uint64(first), key.Domain(noise.Read))
	if err := ctx.Err(); err != nil {
		return Readout{}, err
	}
	if wrong {
		for i, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return Readout{}, fmt.Errorf("input %d of vector %d is %g: must be finite", i%t.inputs, i/t.inputs, v)
			}
		}
		return Readout{}, errors.New("an output is not finite: weights, inputs or conductances exceed the range of float64")
	}
	r.Vectors, r.WireBound = n, t.evaluation.bound
	return r, nil
}

// An engine holds the operators of a tile's blocks and multiplies by them.
type engine interface {
	// set makes o the operator of a block.
	set(block int, o *crossbar.Operator)
	// multiply is MVM. It returns true if an input or an output is not finite.
	multiply(ctx context.Context, dst, x []float64, first uint64, key noise.Key) (Readout, bool)
}

// arithmetic is the engine in float32 or float64.
type arithmetic[T gemm.Float] struct {
	tile     *CrossbarTile
	products []crossbar.Product[T] // of the blocks
	set1     crossbar.Workspace[T]
	workers  []*worker[T]
	help     func() // work and done.Done, made once: a go statement with it allocates nothing

	// The call in progress.
	ctx     context.Context
	dst, x  []float64
	first   uint64
	key     noise.Key
	next    atomic.Int64 // group
	arrived atomic.Int64 // workers
	done    sync.WaitGroup
}

func newArithmetic[T gemm.Float](t *CrossbarTile) *arithmetic[T] {
	a := &arithmetic[T]{tile: t, products: make([]crossbar.Product[T], len(t.blocks))}
	a.help = func() {
		a.work()
		a.done.Done()
	}
	return a
}

func (a *arithmetic[T]) set(block int, o *crossbar.Operator) { a.products[block].Set(o, &a.set1, 0) }

func (a *arithmetic[T]) multiply(ctx context.Context, dst, x []float64, first uint64, key noise.Key) (r Readout, wrong bool) {
	groups := (len(x)/a.tile.inputs + group - 1) / group
	workers := min(runtime.GOMAXPROCS(0), groups)
	for len(a.workers) < workers {
		a.workers = append(a.workers, newWorker[T](a.tile))
	}
	a.ctx, a.dst, a.x, a.first, a.key = ctx, dst, x, first, key
	a.next.Store(0)
	a.arrived.Store(0)
	for range workers - 1 {
		a.done.Add(1)
		go a.help()
	}
	a.work()
	a.done.Wait()
	a.ctx, a.dst, a.x = nil, nil, nil
	for _, w := range a.workers {
		r.InputsClipped += w.InputsClipped
		r.OutputsClipped += w.OutputsClipped
		r.Conversions += w.Conversions
		wrong = wrong || w.wrong
		w.Readout, w.wrong = Readout{}, false
	}
	return r, wrong
}

func (a *arithmetic[T]) work() {
	at := int(a.arrived.Add(1) - 1)
	if at >= len(a.workers) {
		return // there are no vectors
	}
	w, outputs, inputs := a.workers[at], a.tile.outputs, a.tile.inputs
	n := len(a.x) / inputs
	for a.ctx.Err() == nil {
		from := int(a.next.Add(1)-1) * group
		if from >= n {
			return
		}
		to := min(from+group, n)
		w.multiply(a, a.dst[from*outputs:to*outputs], a.x[from*inputs:to*inputs], a.first+uint64(from))
	}
}

// A worker multiplies groups of vectors with scratch of its own.
type worker[T gemm.Float] struct {
	crossbar.Workspace[T]
	v       []T       // converted inputs in V, of each part of the inputs group x inputs
	current []T       // of a block, group x outputs, A
	row     []float64 // of converted outputs, A
	ranges  [group]float64

	Readout
	wrong bool // an input or output is not finite
}

func newWorker[T gemm.Float](t *CrossbarTile) *worker[T] {
	most := 0
	for _, b := range t.blocks {
		most = max(most, b.outputs)
	}
	return &worker[T]{v: make([]T, group*t.inputs), current: make([]T, group*most), row: make([]float64, most)}
}

// outputNoise marks the keys of noise that is drawn per output; those of arrays are
// below it.
const outputNoise = 1 << 63

// multiply sets dst to the products of at most group vectors, the first of which
// is number event of the evaluation.
func (w *worker[T]) multiply(a *arithmetic[T], dst, x []float64, event uint64) {
	t := a.tile
	n := len(x) / t.inputs
	w.convert(t, x)
	for number, b := range t.blocks {
		current := w.current[:n*b.outputs]
		a.products[number].Multiply(current, w.v[group*b.firstIn:][:n*b.inputs], event, a.key.Fold(outputNoise|uint64(number)), &w.Workspace)
		w.Conversions += len(current)
		for k := range n {
			y := dst[k*t.outputs+b.firstOut:][:b.outputs]
			in := current[k*b.outputs:][:b.outputs]
			if b.firstIn == 0 {
				w.OutputsClipped += crossbar.Convert(b.adc, y, in, 1)
				continue
			}
			row := w.row[:len(in)]
			w.OutputsClipped += crossbar.Convert(b.adc, row, in, 1)
			for j, i := range row {
				y[j] += i
			}
		}
	}
	unit := t.scale.PerSiemens() / t.config.Converters.VRead
	for k := range n {
		f := w.ranges[k] * unit
		y := dst[k*t.outputs:][:t.outputs]
		for j, i := range y {
			i *= f
			y[j] = i
			if i-i != 0 {
				w.wrong = true
			}
		}
	}
}

// convert sets v from the vectors x, and ranges to the inputs that became the read voltage.
func (w *worker[T]) convert(t *CrossbarTile, x []float64) {
	vRead := t.config.Converters.VRead
	dac := t.config.Converters.DAC()
	dac.Limit *= vRead
	for k := range len(x) / t.inputs {
		vector := x[k*t.inputs:][:t.inputs]
		top := magnitude(vector)
		if math.IsNaN(top) || math.IsInf(top, 1) {
			w.wrong = true
		}
		r := t.config.Converters.InputRange
		if r == 0 {
			r = top
		}
		w.ranges[k] = r
		scale := 0.0 // of a vector of zeros
		if r > 0 {
			scale = vRead / r
		}
		for _, b := range t.blocks {
			if b.firstOut == 0 {
				w.InputsClipped += crossbar.Convert(dac, w.v[group*b.firstIn+k*b.inputs:][:b.inputs], vector[b.firstIn:][:b.inputs], scale)
			}
		}
	}
}

// magnitude returns the largest |x|, and NaN if there is one.
func magnitude(x []float64) float64 {
	// Without its sign a number compares as its bits do, NaN above infinity.
	var top uint64
	for _, a := range x {
		top = max(top, math.Float64bits(a)&^(1<<63))
	}
	return math.Float64frombits(top)
}
