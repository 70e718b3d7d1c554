package crossbar

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"mho/crossbar/internal/line"
)

// The sensitivity of an output to a device follows from the circuit and its adjoint
// (S. W. Director and R. A. Rohrer, IEEE Trans. Circuit Theory 16, 318 (1969),
// doi:10.1109/TCT.1969.1082965), which for resistors is the circuit itself, driven at
// the output. With w and u the voltages of the word and bit node at a device for the inputs, and
// p and q these for 1 V at the sense terminal of bit line j and 0 V at all other terminals,
//
//	∂I_j/∂G = (w - u)(q - p).

// Gradient sets dst (Rows x Cols) to the derivatives of a weighted sum of outputs by the
// conductances,
//
//	dst_ik = ∂/∂G_ik Σ_n Σ_j c_nj I_nj
//
// in V times the unit of c, for the voltages v, one vector of Rows values in V per
// input, and the weights c, one vector of Cols values per input. Every input takes
// two solutions, whatever the number of outputs. With ideal wires the derivative
// is Σ_n v_ni c_nk. A nil dst is allocated.
//
// The tolerance of the settings is that of the outputs of both solutions. The number returned is
// a bound on the error of every element, relative to the largest: by the product rule from bounds on the
// errors of the node voltages. Gradient panics if dst has another length; the errors are those
// of Solve.
func (a *Array) Gradient(ctx context.Context, dst, v, c []float64, set *Settings) ([]float64, float64, error) {
	b, err := a.newBatch(v, set)
	if err != nil {
		return nil, 0, err
	}
	if len(c) != b.inputs*a.Cols {
		return nil, 0, fmt.Errorf("crossbar: %d weights for %d inputs and %d columns: must be %d", len(c), b.inputs, a.Cols, b.inputs*a.Cols)
	}
	for k, x := range c {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, 0, fmt.Errorf("crossbar: weight of input %d, column %d is %g: must be finite", k/a.Cols, k%a.Cols, x)
		}
	}
	if dst == nil {
		dst = make([]float64, len(a.G))
	}
	if len(dst) != len(a.G) {
		panic("crossbar: wrong number of elements")
	}
	clear(dst)
	var bound float64
	err = b.each(ctx, func(w *lane, n int) error {
		r, err := w.drive(line.Sources{Word: v[n*a.Rows:][:a.Rows]}, b.options)
		if err != nil {
			return err
		}
		copy(w.product, w.across)
		most, e := greatest(w.across), 2*r.VoltageBound
		if r, err = w.drive(line.Sources{Bit: c[n*a.Cols:][:a.Cols]}, b.options); err != nil {
			return err
		}
		for k, x := range w.across {
			w.product[k] *= -x
		}
		// e and f bound the errors of differences of two node voltages.
		f := 2 * r.VoltageBound
		w.bound = most*f + greatest(w.across)*e + e*f
		return nil
	}, func(w *lane, n int) {
		bound += w.bound + 0x1p-52*greatest(dst)
		for k, x := range w.product {
			dst[k] += x
		}
	})
	if err != nil {
		return nil, 0, err
	}
	return dst, relative(bound, greatest(dst)), nil
}

// relative returns bound / size, and 0 for nothing.
func relative(bound, size float64) float64 {
	if bound == 0 {
		return 0
	}
	return bound / size
}

// Directional sets dst to the changes of all outputs, one vector of Cols values in
// A per input, to first order in the changes dG of the conductances (Rows x Cols, in
// S, of any sign), for the voltages v, one vector of Rows values in V per input:
//
//	dI_j = Σ_ik ∂I_j/∂G_ik dG_ik.
//
// Every input takes two solutions, whatever the number of devices: what the
// currents dG (w - u), fed in beside the devices, drive into the sense terminals. A nil
// dst is allocated.
//
// The number returned is the largest bound on the error of an element, relative to the
// largest of its input: that of the second solution, and what the errors of the first drive. A current
// through a device changes an output by no more than it would if it were fed into both its nodes;
// one solution for all |dG| therefore tells what an error of all voltages by 1 V does at most.
// Directional panics if dst has another length; the errors are those of Solve.
func (a *Array) Directional(ctx context.Context, dst, v, dG []float64, set *Settings) ([]float64, float64, error) {
	b, err := a.newBatch(v, set)
	if err != nil {
		return nil, 0, err
	}
	if len(dG) != len(a.G) {
		return nil, 0, fmt.Errorf("crossbar: %d changes for an array of %d rows and %d columns: must be %d", len(dG), a.Rows, a.Cols, len(a.G))
	}
	size := make([]float64, len(dG))
	for k, x := range dG {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, 0, fmt.Errorf("crossbar: change of the conductance at row %d, column %d is %g S: must be finite", k/a.Cols, k%a.Cols, x)
		}
		size[k] = math.Abs(x)
	}
	if dst == nil {
		dst = make([]float64, b.inputs*a.Cols)
	}
	if len(dst) != b.inputs*a.Cols {
		panic("crossbar: wrong number of elements")
	}
	if b.inputs == 0 {
		return dst, 0, nil
	}
	first := b.lanes[0]
	r, err := first.drive(line.Sources{WordNode: size, BitNode: size}, &line.Options{Tolerance: 1e-3})
	if err != nil {
		return nil, 0, fmt.Errorf("crossbar: %w", err)
	}
	slope := greatest(first.out) + r.ErrorBound*r.Scale
	var bound float64
	err = b.each(ctx, func(w *lane, n int) error {
		r, err := w.drive(line.Sources{Word: v[n*a.Rows:][:a.Rows]}, b.options)
		if err != nil {
			return err
		}
		for k, x := range w.across {
			w.product[k] = dG[k] * x
		}
		e := 2*r.VoltageBound + 0x1p-52*greatest(w.across)
		if r, err = w.drive(line.Sources{Device: w.product}, b.options); err != nil {
			return err
		}
		w.bound = r.ErrorBound*r.Scale + e*slope
		return nil
	}, func(w *lane, n int) {
		bound = max(bound, relative(w.bound, greatest(w.out)))
		copy(dst[n*a.Cols:], w.out)
	})
	if err != nil {
		return nil, 0, err
	}
	return dst, bound, nil
}

// batch is inputs to be solved by lanes.
type batch struct {
	*Array
	inputs  int
	options *line.Options
	lanes   []*lane
}

// A lane solves one input at a time.
type lane struct {
	*line.Solver
	out         []float64 // outputs, A
	across, bit []float64 // voltages over the devices and of the bit nodes, V
	product     []float64
	bound       float64 // on the error of the result
}

func (a *Array) newBatch(v []float64, set *Settings) (*batch, error) {
	if err := a.checkInputs(v); err != nil {
		return nil, err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(a); err != nil {
		return nil, err
	}
	b := &batch{Array: a, inputs: len(v) / a.Rows, options: set.options()}
	workers := set.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	cells := len(a.G)
	for range max(1, min(workers, b.inputs)) {
		s, err := a.solver(set)
		if err != nil {
			return nil, err
		}
		b.lanes = append(b.lanes, &lane{
			Solver: s, out: make([]float64, a.Cols),
			across: make([]float64, cells), bit: make([]float64, cells), product: make([]float64, cells),
		})
	}
	if n := len(b.lanes); n > 1 {
		for _, w := range b.lanes {
			w.Workers = max(1, workers/n)
		}
	}
	return b, nil
}

// drive solves for the sources and sets out and across.
func (w *lane) drive(in line.Sources, opt *line.Options) (line.Result, error) {
	r, err := w.SolveSources(w.out, in, opt)
	if err != nil {
		return r, err
	}
	w.WordVoltages(w.across)
	w.BitVoltages(w.bit)
	for k, x := range w.bit {
		w.across[k] -= x
	}
	return r, nil
}

// each calls solve for every input, several at a time, and then take in the order of the
// inputs.
func (b *batch) each(ctx context.Context, solve func(w *lane, n int) error, take func(w *lane, n int)) error {
	errs := make([]error, len(b.lanes))
	for first := 0; first < b.inputs; first += len(b.lanes) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("crossbar: solved %d of %d inputs: %w", first, b.inputs, err)
		}
		lanes := b.lanes[:min(len(b.lanes), b.inputs-first)]
		var wg sync.WaitGroup
		for k, w := range lanes[1:] {
			wg.Go(func() { errs[k+1] = solve(w, first+k+1) })
		}
		errs[0] = solve(lanes[0], first)
		wg.Wait()
		for k, w := range lanes {
			if errs[k] != nil {
				return fmt.Errorf("crossbar: input %d: %w", first+k, errs[k])
			}
			take(w, first+k)
		}
	}
	return nil
}

// checkInputs returns an error if the array is invalid or voltages v do not fit it.
func (a *Array) checkInputs(v []float64) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if len(v)%a.Rows != 0 {
		return fmt.Errorf("crossbar: %d voltages for an array of %d rows: must be a multiple of the rows", len(v), a.Rows)
	}
	for i, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("crossbar: voltage of input %d, row %d is %g V: must be finite", i/a.Rows, i%a.Rows, x)
		}
	}
	return nil
}
