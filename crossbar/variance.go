package crossbar

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar/internal/line"
	"mho/internal/gemm"
)

// Variance sets dst, one vector of Cols values in A² per input, to the variances of the outputs that
// independent changes of the conductances with variances s2 (Rows x Cols, in S²) make for the
// voltages v, one vector of Rows values in V per input:
//
//	Var I_j = Σ_ik (∂I_j/∂G_ik)² s²_ik = Σ_ik (w - u)²_ik (q - p)²_ik s²_ik,
//
// to first order in the changes and exact in the wires (see Gradient for w, u, q and p). It takes a solution for every
// input and for every column, Rows Cols² operations for every input, and room for Rows Cols numbers for
// every input. For many inputs an Operator is a million times faster and nearly as accurate. A nil dst is
// allocated. Variance panics if dst has another length; the errors are those of Solve.
func (a *Array) Variance(ctx context.Context, dst, v, s2 []float64, set *Settings) ([]float64, error) {
	b, err := a.newBatch(v, set)
	if err != nil {
		return nil, err
	}
	cells := len(a.G)
	if len(s2) != cells {
		return nil, fmt.Errorf("crossbar: %d variances for an array of %d rows and %d columns: must be %d", len(s2), a.Rows, a.Cols, cells)
	}
	for k, x := range s2 {
		if !(x >= 0) || math.IsInf(x, 1) {
			return nil, fmt.Errorf("crossbar: variance of the conductance at row %d, column %d is %g S²: must be finite and not negative", k/a.Cols, k%a.Cols, x)
		}
	}
	if dst == nil {
		dst = make([]float64, b.inputs*a.Cols)
	}
	if len(dst) != b.inputs*a.Cols {
		panic("crossbar: wrong number of elements")
	}
	across := make([]float64, b.inputs*cells) // squares
	if err := b.each(ctx, func(w *lane, n int) error {
		_, err := w.drive(line.Sources{Word: v[n*a.Rows:][:a.Rows]}, b.options)
		return err
	}, func(w *lane, n int) {
		for k, x := range w.across {
			across[n*cells+k] = x * x
		}
	}); err != nil {
		return nil, err
	}
	// Columns go in groups, so that the squares are read once for several.
	const group = 8
	weights := make([]float64, group*cells)
	unit := make([]float64, a.Cols*a.Cols)
	columns := *b
	columns.inputs = a.Cols
	if err := columns.each(ctx, func(w *lane, j int) error {
		bit := unit[j*a.Cols:][:a.Cols]
		bit[j] = 1
		_, err := w.drive(line.Sources{Bit: bit}, b.options)
		return err
	}, func(w *lane, j int) {
		row := weights[j%group*cells:][:cells]
		for k, x := range w.across {
			row[k] = x * x * s2[k]
		}
		if n := j%group + 1; n == group || j == a.Cols-1 {
			out := gemm.Matrix[float64]{Rows: b.inputs, Cols: n, Stride: a.Cols, Data: dst[j+1-n:]}
			gemm.Mul(out, 1, gemm.Dense(b.inputs, cells, across), gemm.Dense(n, cells, weights[:n*cells]).T(), 0, len(b.lanes))
		}
	}); err != nil {
		return nil, err
	}
	return dst, nil
}
