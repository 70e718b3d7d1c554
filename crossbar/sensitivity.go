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
// is Σ_n v_ni c_nk. The tolerance of the settings is that of the outputs of both solutions.
// A nil dst is allocated. Gradient panics if dst has another length; the errors are those
// of Solve.
func (a *Array) Gradient(ctx context.Context, dst, v, c []float64, set *Settings) ([]float64, error) {
	b, err := a.newBatch(v, set)
	if err != nil {
		return nil, err
	}
	if len(c) != b.inputs*a.Cols {
		return nil, fmt.Errorf("crossbar: %d weights for %d inputs and %d columns: must be %d", len(c), b.inputs, a.Cols, b.inputs*a.Cols)
	}
	for k, x := range c {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("crossbar: weight of input %d, column %d is %g: must be finite", k/a.Cols, k%a.Cols, x)
		}
	}
	if dst == nil {
		dst = make([]float64, len(a.G))
	}
	if len(dst) != len(a.G) {
		panic("crossbar: wrong number of elements")
	}
	clear(dst)
	err = b.each(ctx, func(w *lane, n int) error {
		if err := w.drive(line.Sources{Word: v[n*a.Rows:][:a.Rows]}, b.options); err != nil {
			return err
		}
		copy(w.product, w.across)
		if err := w.drive(line.Sources{Bit: c[n*a.Cols:][:a.Cols]}, b.options); err != nil {
			return err
		}
		for k, x := range w.across {
			w.product[k] *= -x
		}
		return nil
	}, func(w *lane, n int) {
		for k, x := range w.product {
			dst[k] += x
		}
	})
	if err != nil {
		return nil, err
	}
	return dst, nil
}

// Directional sets dst to the changes of all outputs, one vector of Cols values in
// A per input, to first order in the changes dG of the conductances (Rows x Cols, in
// S, of any sign), for the voltages v, one vector of Rows values in V per input:
//
//	dI_j = Σ_ik ∂I_j/∂G_ik dG_ik.
//
// Every input takes two solutions, whatever the number of devices: what the
// currents dG (w - u), fed in beside the devices, drive into the sense terminals. A nil
// dst is allocated. Directional panics if dst has another length; the errors are those
// of Solve.
func (a *Array) Directional(ctx context.Context, dst, v, dG []float64, set *Settings) ([]float64, error) {
	b, err := a.newBatch(v, set)
	if err != nil {
		return nil, err
	}
	if len(dG) != len(a.G) {
		return nil, fmt.Errorf("crossbar: %d changes for an array of %d rows and %d columns: must be %d", len(dG), a.Rows, a.Cols, len(a.G))
	}
	for k, x := range dG {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("crossbar: change of the conductance at row %d, column %d is %g S: must be finite", k/a.Cols, k%a.Cols, x)
		}
	}
	if dst == nil {
		dst = make([]float64, b.inputs*a.Cols)
	}
	if len(dst) != b.inputs*a.Cols {
		panic("crossbar: wrong number of elements")
	}
	err = b.each(ctx, func(w *lane, n int) error {
		if err := w.drive(line.Sources{Word: v[n*a.Rows:][:a.Rows]}, b.options); err != nil {
			return err
		}
		for k, x := range w.across {
			w.product[k] = dG[k] * x
		}
		return w.drive(line.Sources{Device: w.product}, b.options)
	}, func(w *lane, n int) { copy(dst[n*a.Cols:], w.out) })
	if err != nil {
		return nil, err
	}
	return dst, nil
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
}

func (a *Array) newBatch(v []float64, set *Settings) (*batch, error) {
	if err := a.checkInputs(v); err != nil {
		return nil, err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(); err != nil {
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
func (w *lane) drive(in line.Sources, opt *line.Options) error {
	if _, err := w.SolveSources(w.out, in, opt); err != nil {
		return err
	}
	w.WordVoltages(w.across)
	w.BitVoltages(w.bit)
	for k, x := range w.bit {
		w.across[k] -= x
	}
	return nil
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
