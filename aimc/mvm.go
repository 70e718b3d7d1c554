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
	if err := t.correct(ctx); err != nil {
		return Readout{}, err
	}
	return t.multiply(ctx, dst, x, first, key)
}

// multiply is MVM with the correction as it is.
func (t *CrossbarTile) multiply(ctx context.Context, dst, x []float64, first int, key noise.Key) (Readout, error) {
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
	r.Vectors, r.WireBound = len(x)/t.inputs, t.evaluation.bound
	r.Programming, r.Age, r.Correction = t.config.Programming.Method, t.age, t.config.Compensation.kind()
	switch {
	case !t.config.Noise.Programming && (r.Programming == "" || r.Programming == crossbar.ByDevice):
		r.Programming = Ideal
	case r.Programming == "":
		r.Programming = crossbar.ByDevice
	}
	return r, nil
}

// An engine holds the operators of a tile's blocks and multiplies by them.
type engine interface {
	// set makes o the operator of a slice of a block: slices of the first block come first.
	set(number int, o *crossbar.Operator)
	// multiply is MVM. It returns true if an input or an output is not finite.
	multiply(ctx context.Context, dst, x []float64, first uint64, key noise.Key) (Readout, bool)
}

// arithmetic is the engine in float32 or float64.
type arithmetic[T gemm.Float] struct {
	tile     *CrossbarTile
	products []crossbar.Product[T] // of the slices of the blocks
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
	a := &arithmetic[T]{tile: t, products: make([]crossbar.Product[T], len(t.blocks)*len(t.blocks[0].slices))}
	a.help = func() {
		a.work()
		a.done.Done()
	}
	return a
}

func (a *arithmetic[T]) set(number int, o *crossbar.Operator) { a.products[number].Set(o, &a.set1, 0) }

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
		r.Repeats += w.Repeats
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
	v       []T       // converted inputs in V, digit after digit, of each part of the inputs group x inputs
	whole   []T       // converted inputs of a part of a vector, of which digits are taken
	current []T       // of an array, group x bit lines, A
	sum     []T       // of currents, group x outputs, A
	row     []float64 // of converted outputs, A
	z       []float32
	ranges  [group]float64
	total   [group]float64 // of the converted inputs, V
	clips   [group]int     // conversions beyond the range

	Readout
	wrong bool // an input or output is not finite
}

func newWorker[T gemm.Float](t *CrossbarTile) *worker[T] {
	outputs, bits, inputs := 0, 0, 0
	for _, b := range t.blocks {
		outputs, bits, inputs = max(outputs, b.outputs), max(bits, b.cols), max(inputs, b.inputs)
	}
	return &worker[T]{
		v: make([]T, t.config.Converters.Digits()*group*t.inputs), whole: make([]T, inputs), current: make([]T, group*bits), sum: make([]T, group*outputs),
		row: make([]float64, outputs), z: make([]float32, max(inputs, bits)),
	}
}

// Keys of noise that is drawn per input or output; those of arrays are below.
const (
	outputNoise = 1 << 63
	inputNoise  = 1<<63 | 1<<62
	adcNoise    = 1<<63 | 1<<61
)

// maxBoost is the most by which inputs are reduced where outputs clip.
const maxBoost = 1 << 10

// multiply sets dst to the products of at most group vectors, the first of which
// is number event of the evaluation.
func (w *worker[T]) multiply(a *arithmetic[T], dst, x []float64, event uint64) {
	t := a.tile
	w.attempt(a, dst, x, event, a.key, 1)
	clips := w.clips
	for k := range len(x) / t.inputs {
		key := a.key
		for boost := 2.0; clips[k] > 0 && boost <= maxBoost && t.config.Converters.Bounds == crossbar.Iterative; boost *= 2 {
			key = key.Fold(outputNoise)
			w.attempt(a, dst[k*t.outputs:][:t.outputs], x[k*t.inputs:][:t.inputs], event+uint64(k), key, boost)
			clips[k] = w.clips[0]
			w.Repeats++
		}
		w.OutputsClipped += clips[k]
	}
}

// attempt is multiply with inputs that are reduced by boost.
func (w *worker[T]) attempt(a *arithmetic[T], dst, x []float64, event uint64, key noise.Key, boost float64) {
	t := a.tile
	n := len(x) / t.inputs
	w.convert(t, x, event, key, boost)
	clear(w.clips[:])
	for j := range len(t.cols) - 1 {
		for s := range t.blocks[j].slices {
			w.addSlice(a, dst, n, j, s, event, key)
		}
	}
	c := &t.correction
	measuring := !c.valid
	for k := range n {
		f := w.ranges[k]
		y := dst[k*t.outputs:][:t.outputs]
		unit := t.unit[:len(y)]
		if !measuring && c.gain != nil {
			unit = c.unit[:len(y)]
		}
		for j, i := range y {
			i *= f * unit[j]
			y[j] = i
			if i-i != 0 {
				w.wrong = true
			}
		}
		if !measuring && c.bias != nil {
			for j, b := range c.bias {
				y[j] += f * b
			}
		}
	}
}

// addSlice adds to the outputs of part j of n vectors, or sets them with the first slice, what the arrays of slice s
// make of all parts and digits of the inputs, in A.
func (w *worker[T]) addSlice(a *arithmetic[T], dst []float64, n, j, s int, event uint64, key noise.Key) {
	t := a.tile
	c, m := &t.config.Converters, &t.config.Mapping
	outParts, inParts, digits := len(t.cols)-1, len(t.rows)-1, c.Digits()
	analogParts, analogDigits := m.PartialSums == crossbar.Analog, c.DACAccumulate == crossbar.Analog
	factor := t.code.Factor(s)
	fresh := s == 0 // nothing is in dst yet
	for step := range inParts * digits {
		// What is summed before a conversion comes one after the other.
		i, digit := step/digits, step%digits
		begin, end := !analogDigits || digit == 0, !analogDigits || digit == digits-1
		switch {
		case analogParts && analogDigits:
			begin, end = step == 0, step == inParts*digits-1
		case analogParts:
			i, digit = step%inParts, step/inParts
			begin, end = i == 0, i == inParts-1
		}
		number := i*outParts + j
		b := t.blocks[number]
		number = number*len(b.slices) + s
		current := w.current[:n*b.cols]
		own := key.Fold(outputNoise | uint64(number))
		if digit > 0 {
			own = own.Fold(uint64(digit))
		}
		a.products[number].Multiply(current, w.v[group*(digit*t.inputs+b.firstIn):][:n*b.inputs], event, own, &w.Workspace)
		place := c.DigitFactor(digit)
		w.reduce(current, n, b, begin, end, place, analogDigits)
		if !end {
			continue
		}
		f := factor
		if !analogDigits {
			f *= place
		}
		in, stride := current, b.cols
		if !begin {
			in, stride = w.sum, b.outputs
		}
		if t.observed != nil {
			see(t.observed, b.slices[s].adc, in, n, b.outputs, stride)
		}
		noisy := key.Fold(adcNoise | uint64(number*digits+digit))
		w.Conversions += n * b.outputs
		for k := range n {
			y := dst[k*t.outputs+b.firstOut:][:b.outputs]
			out := w.row[:len(y)]
			direct := fresh && f == 1
			if direct {
				out = y
			}
			w.clips[k] += crossbar.ConvertOutputs(b.slices[s].adc, out, in[k*stride:][:b.outputs], w.z, event+uint64(k), noisy)
			switch {
			case direct:
			case fresh:
				for o, x := range out {
					y[o] = f * x
				}
			default:
				for o, x := range out {
					y[o] += f * x
				}
			}
		}
		fresh = false
	}
	if m.Scheme != crossbar.Offset || m.HasReferenceColumn() {
		return
	}
	g := factor * t.code.ReferenceConductance(s) * float64(t.code.Copies)
	for k := range n {
		y := dst[k*t.outputs+t.cols[j]:][:t.cols[j+1]-t.cols[j]]
		for o := range y {
			y[o] -= g * w.total[k]
		}
	}
}

// reduce subtracts the reference from the currents of an array and, unless they are converted by themselves, adds them
// to the sum.
func (w *worker[T]) reduce(current []T, n int, b *block, begin, end bool, place float64, weigh bool) {
	if b.cols > b.outputs {
		for k := range n {
			row := current[k*b.cols:][:b.cols]
			for o := range b.outputs {
				row[o] -= row[b.outputs]
			}
		}
	}
	if begin && end {
		return
	}
	f := T(1)
	if weigh {
		f = T(place)
	}
	for k := range n {
		sum, row := w.sum[k*b.outputs:][:b.outputs], current[k*b.cols:][:b.outputs]
		if begin {
			clear(sum)
		}
		for o, x := range row {
			sum[o] += f * x
		}
	}
}

// convert sets v from the vectors x, and ranges to the inputs that became the read voltage.
func (w *worker[T]) convert(t *CrossbarTile, x []float64, event uint64, key noise.Key, boost float64) {
	c := &t.config.Converters
	digits := c.Digits()
	for k := range len(x) / t.inputs {
		vector := x[k*t.inputs:][:t.inputs]
		top := magnitude(vector)
		if math.IsNaN(top) || math.IsInf(top, 1) {
			w.wrong = true
		}
		r := c.InputRange
		if r == 0 {
			r = top
		}
		r *= boost
		w.ranges[k] = r
		w.total[k] = 0
		scale := 0.0 // of a vector of zeros
		if r > 0 {
			scale = c.VRead / r
		}
		for i, dac := range t.dacs {
			first, n := t.rows[i], t.rows[i+1]-t.rows[i]
			whole := w.v[group*first+k*n:][:n]
			if digits > 1 {
				whole = w.whole[:n]
			}
			w.InputsClipped += crossbar.Convert(dac.Quantizer, whole, vector[first:][:n], scale)
			if t.config.Mapping.Scheme == crossbar.Offset {
				for _, v := range whole {
					w.total[k] += float64(v)
				}
			}
			for d := range digits {
				v := w.v[group*(d*t.inputs+first)+k*n:][:n]
				if digits > 1 {
					crossbar.Digit(c, v, whole, d)
				}
				crossbar.DistortInputs(dac, v, w.z, event+uint64(k), key.Fold(inputNoise|uint64(i*digits+d)))
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
