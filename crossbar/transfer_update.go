package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"mho/crossbar/internal/line"
	"mho/internal/gemm"
)

// A TransferMatrix is the transfer matrix of an array whose devices change now and then.
// It is not safe for concurrent use.
type TransferMatrix struct {
	Rows, Cols int
	// T holds the elements, Rows x Cols, in S: I_j = Σ_i V_i T_ij. Update replaces it.
	T []float64
	// Error is the bound on the error of T that Transfer returns; after every update it is measured anew.
	Error float64
	// Full counts how often T was computed as a whole.
	Full int

	array      *Array // with its own conductances
	set        Settings
	norm       float64 // that Error is relative to, S
	iterations int     // of the solver when T was last verified
}

// NewTransferMatrix returns the transfer matrix of a. Later changes of a have no influence. The
// errors are those of Transfer.
func NewTransferMatrix(ctx context.Context, a *Array, set *Settings) (*TransferMatrix, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	own := *a
	own.G, own.Wires = slices.Clone(a.G), a.Wires.clone()
	t := &TransferMatrix{Rows: a.Rows, Cols: a.Cols, array: &own}
	if set != nil {
		t.set = *set
		t.set.Progress = nil
	}
	if err := t.compute(ctx, own.G); err != nil {
		return nil, err
	}
	return t, nil
}

// compute sets T for conductances g, and everything else if that succeeds.
func (t *TransferMatrix) compute(ctx context.Context, g []float64) error {
	a := *t.array
	a.G = g
	m, c, err := a.transfer(ctx, nil, &t.set)
	if err != nil {
		return err
	}
	t.adopt(g, m, c)
	t.Full++
	return nil
}

func (t *TransferMatrix) adopt(g, m []float64, c checked) {
	t.array.G, t.T, t.Error, t.norm, t.iterations = g, m, c.error, c.norm, c.iterations
}

// Multiply sets dst to the outputs for the voltages v, one vector of Rows values in V per
// input and one of Cols values in A per output. A nil dst is allocated. It panics if v or
// dst has the wrong length. An output may differ in its last bits with the number of
// inputs.
func (t *TransferMatrix) Multiply(dst, v []float64) []float64 {
	n := len(v) / t.Rows
	if dst == nil {
		dst = make([]float64, n*t.Cols)
	}
	if len(v) != n*t.Rows || len(dst) != n*t.Cols {
		panic("crossbar: wrong number of elements")
	}
	gemm.Mul(gemm.Dense(n, t.Cols, dst), 1, gemm.Dense(n, t.Rows, v), gemm.Dense(t.Rows, t.Cols, t.T), 0, t.set.Workers)
	return dst
}

// Bound returns a bound on the error of every output of Multiply for the voltages v of one
// input, in A.
func (t *TransferMatrix) Bound(v []float64) float64 {
	return (t.Error + float64(t.Rows)*0x1p-53) * norm(v) * t.norm
}

// Update changes devices; of several changes of one device the last counts. A few changes
// cost one solution each: with the lower of the old and new conductance of every
// changed device in the network, let R_ie and C_ej be the currents that 1 A through
// device e takes from word line i and drives into bit line j, and Z_ef the voltage by
// which it lowers that of device f. What the conductances D above the lower ones add to T is
//
//	R (D⁻¹ + Z)⁻¹ C
//
// (M. A. Woodbury, Princeton Statistical Research Group Memorandum Report 42, 1950), for the
// new ones and, subtracted, for the old ones. Both matrices in brackets are positive definite,
// whatever the changes. T is then verified as Transfer does; it is computed as a whole if
// that finds an error beyond the tolerance, or if so many devices change that this is faster.
//
// The error names a change of a device outside the array or to a conductance that is negative or
// not finite, or is one of Transfer's. After an error nothing is changed.
func (t *TransferMatrix) Update(ctx context.Context, changes []Change) error {
	g, err := t.array.changed(changes)
	if err != nil {
		return err
	}
	return t.become(ctx, g)
}

// become sets T for conductances g. It keeps g, which must not change any more.
func (t *TransferMatrix) become(ctx context.Context, g []float64) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("crossbar: %w", err)
	}
	var changed []int
	for k, x := range g {
		if x != t.array.G[k] {
			changed = append(changed, k)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if t.array.Wires.Ideal() || t.updateTime(len(changed)) > t.array.mergeTime(t.iterations) {
		return t.compute(ctx, g)
	}
	m, err := t.woodbury(ctx, g, changed)
	if err != nil {
		return err
	}
	if m == nil {
		return t.compute(ctx, g)
	}
	a := *t.array
	a.G = g
	c, err := a.verify(ctx, m, &t.set)
	if err != nil {
		return err
	}
	if !(c.error <= t.set.tolerance()) {
		return t.compute(ctx, g)
	}
	t.adopt(g, m, c)
	return nil
}

// updateTime estimates the time of an update of k devices.
func (t *TransferMatrix) updateTime(k int) float64 {
	return (sourceTimes*float64(k) + probes) * t.array.solveTime(t.iterations)
}

// woodbury returns T for conductances g that differ at changed from those of t, or nil
// if the solver does not reach the tolerance.
func (t *TransferMatrix) woodbury(ctx context.Context, g []float64, changed []int) ([]float64, error) {
	a, n := t.array, len(changed)
	low := slices.Clone(g)
	for _, k := range changed {
		low[k] = min(g[k], a.G[k])
	}
	s, err := (&Array{Rows: a.Rows, Cols: a.Cols, G: low, Wires: a.Wires}).solver(&t.set)
	if err != nil {
		// With the lower conductances a part of a broken line may float.
		return nil, nil
	}
	cells := len(g)
	source, across, bit := make([]float64, cells), make([]float64, cells), make([]float64, cells)
	rows, cols, z := make([]float64, n*a.Rows), make([]float64, n*a.Cols), mat.NewSymDense(n, nil)
	far, near, end := make([]float64, a.Rows), make([]float64, a.Cols), make([]float64, a.Cols)
	opt := &line.Options{Tolerance: t.set.tolerance() / 20}
	for e, k := range changed {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("crossbar: solved %d of %d devices: %w", e, n, err)
		}
		source[k] = 1
		r, c := rows[e*a.Rows:][:a.Rows], cols[e*a.Cols:][:a.Cols]
		_, err := s.SolveSources(c, line.Sources{Device: source}, opt)
		source[k] = 0
		var missed *line.ConvergenceError
		if errors.As(err, &missed) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("crossbar: device at row %d, column %d: %w", k/a.Cols, k%a.Cols, err)
		}
		s.Terminals(r, far, near, end)
		for i, x := range far {
			r[i] += x
		}
		s.WordVoltages(across)
		s.BitVoltages(bit)
		for f, k := range changed[:e+1] {
			z.SetSym(e, f, bit[k]-across[k])
		}
	}
	m := slices.Clone(t.T)
	rise, fall := make([]float64, n), make([]float64, n)
	for e, k := range changed {
		rise[e], fall[e] = g[k]-low[k], a.G[k]-low[k]
	}
	if !added(m, 1, rise, z, rows, cols) || !added(m, -1, fall, z, rows, cols) {
		return nil, nil
	}
	return m, nil
}

// added adds sign Rᵀ (D⁻¹ + Z)⁻¹ C to m and reports whether it could.
func added(m []float64, sign float64, d []float64, z *mat.SymDense, rows, cols []float64) bool {
	n := len(d)
	b := mat.NewSymDense(n, nil)
	for e := range n {
		for f := e; f < n; f++ {
			b.SetSym(e, f, math.Sqrt(d[e])*z.At(e, f)*math.Sqrt(d[f]))
		}
		b.SetSym(e, e, 1+b.At(e, e))
	}
	var chol mat.Cholesky
	if !chol.Factorize(b) {
		return false
	}
	width, height := len(cols)/n, len(rows)/n
	c, r := mat.NewDense(n, width, slices.Clone(cols)), slices.Clone(rows)
	for e, x := range d {
		x = math.Sqrt(x)
		scale(x, c.RawRowView(e))
		scale(x, r[e*height:(e+1)*height])
	}
	if err := chol.SolveTo(c, c); err != nil {
		return false
	}
	gemm.Mul(gemm.Dense(height, width, m), sign, gemm.Dense(n, height, r).T(), gemm.Dense(n, width, c.RawMatrix().Data), 1, 1)
	return true
}

func scale(f float64, x []float64) {
	for i := range x {
		x[i] *= f
	}
}
