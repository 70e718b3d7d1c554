package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"mho/crossbar/internal/line"
	"mho/crossbar/internal/merge"
	"mho/noise"
)

// Transfer sets dst (Rows x Cols, in S) to the transfer matrix T of the array with its
// wires, I_j = Σ_i V_i T_ij for any voltages, and returns a bound on its error. With
// ideal wires T is G. Row i of T holds the outputs for 1 V at word line i and, a
// network of resistors being reciprocal, column j the currents into the word line
// terminals for 1 V at the sense terminal of bit line j.
//
// T is eliminated at once, in about 25 n³ operations for n x n devices, by additions,
// products and quotients of positive numbers, so that small elements are as accurate as large
// ones (package merge); from 16 x 16 devices on it takes less time than a solution for every
// line.
//
// The bound e is relative to the largest norm of a column: the error of any column of T has
// at most e times that norm, and so the error of an output for any voltages v,
//
//	|ΔI_j| <= e |v| max_k |T_k|,
//
// |x| being the root of the sum of squares. It is measured, with four inputs whose voltages
// are normal random numbers. An output for such an input is wrong by a normal random number
// with the norm of the error of its column for standard deviation, so 26 times the
// largest difference from Solve, to which its own bound is added, is below that norm
// for no more than one choice of the four inputs in a million; the choice is always
// the same, but knows nothing of how T is computed. If the bound exceeds the tolerance, T is made
// of solutions for every line instead, and the bound is the sum of theirs and certain. That is so for
// tolerances below some 1e-12, and takes long.
//
// A nil dst is allocated. Transfer panics if dst has another length; the errors are those of Solve.
func (a *Array) Transfer(ctx context.Context, dst []float64, set *Settings) ([]float64, float64, error) {
	dst, c, err := a.transfer(ctx, dst, set)
	return dst, c.error, err
}

// checked is what a verification of T found.
type checked struct {
	error      float64 // bound, relative to norm
	norm       float64 // largest norm of a column of T, S
	iterations int     // of the solver for an input, 0 if there was none
}

func (a *Array) transfer(ctx context.Context, dst []float64, set *Settings) ([]float64, checked, error) {
	if err := a.Validate(); err != nil {
		return nil, checked{}, err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(a); err != nil {
		return nil, checked{}, err
	}
	if dst == nil {
		dst = make([]float64, len(a.G))
	}
	if len(dst) != len(a.G) {
		panic("crossbar: wrong number of elements")
	}
	if a.Wires.Ideal() {
		copy(dst, a.G)
		return dst, checked{norm: columnNorm(dst, a.Cols)}, nil
	}
	if err := a.merge(ctx, dst, set); err != nil {
		return nil, checked{}, err
	}
	c, err := a.verify(ctx, dst, set)
	if err == nil && !(c.error <= set.tolerance()) {
		c.error, c.norm, err = a.lineByLine(ctx, dst, set)
	}
	if err != nil {
		return nil, checked{}, err
	}
	return dst, c, nil
}

func (a *Array) merge(ctx context.Context, dst []float64, set *Settings) error {
	if err := merge.Transfer(ctx, dst, a.Wires.network(a.Rows, a.Cols), a.G, set.Workers); err != nil {
		return fmt.Errorf("crossbar: transfer matrix: %w", err)
	}
	return nil
}

// A normal random number is below 1/safety standard deviations with a chance of 3.1 %, and
// four of them are with one of 9e-7.
const (
	probes = 4 // inputs that verify T
	safety = 26
)

// verify bounds the error of t, by infinity if the solver does not reach the tolerance.
func (a *Array) verify(ctx context.Context, t []float64, set *Settings) (checked, error) {
	v := make([]float64, probes*a.Rows)
	noise.NewKey(0x7e57).Domain(noise.Data).Normal(v, noise.At{})
	// The largest of many normal outputs is some three times their standard deviation.
	s := Settings{Tolerance: max(set.tolerance()/(6*safety), a.Wires.network(a.Rows, a.Cols).Floor()), MaxIterations: set.MaxIterations, Workers: set.Workers}
	sol, err := a.Solve(ctx, v, &s)
	var missed *line.ConvergenceError
	if errors.As(err, &missed) {
		return checked{error: math.Inf(1), iterations: missed.Iterations}, nil
	}
	if err != nil {
		return checked{}, err
	}
	c := checked{iterations: sol.Iterations, norm: columnNorm(t, a.Cols)}
	for n := range probes {
		in := v[n*a.Rows:][:a.Rows]
		out, terms := product(in, t, a.Cols)
		for j, x := range sol.I[n*a.Cols:][:a.Cols] {
			out[j] -= x
		}
		rounding := terms * 0x1p-53 * norm(in) * c.norm
		c.error = max(c.error, safety*(greatest(out)+sol.Bounds[n]+rounding))
	}
	if c.error > 0 || math.IsNaN(c.error) {
		c.error /= c.norm
	}
	return c, nil
}

// product returns v T and how many roundings one after the other a sum has. Sums are made of sums over 32
// rows, for T may have thousands.
func product(v, t []float64, cols int) (out []float64, terms float64) {
	const block = 32
	out, part := make([]float64, cols), make([]float64, cols)
	for i, x := range v {
		for j, g := range t[i*cols:][:cols] {
			part[j] += x * g
		}
		if (i+1)%block == 0 || i == len(v)-1 {
			for j, y := range part {
				out[j] += y
			}
			clear(part)
		}
	}
	return out, float64(1 + min(block, len(v)) + (len(v)+block-1)/block)
}

// norm returns the root of the sum of squares.
func norm(x []float64) float64 { return floats.Norm(x, 2) }

// columnNorm returns the largest norm of a column of a matrix.
func columnNorm(t []float64, cols int) float64 {
	scale := greatest(t)
	if scale == 0 || math.IsNaN(scale) {
		return scale
	}
	sums := make([]float64, cols)
	for at := 0; at < len(t); at += cols {
		for j, x := range t[at:][:cols] {
			x /= scale
			sums[j] += x * x
		}
	}
	return scale * math.Sqrt(greatest(sums))
}

// lineByLine sets dst to T by a solution for 1 V at every word line, or at every sense
// terminal if these are fewer, and returns a bound on its error as Transfer does and
// the norm that it is relative to.
func (a *Array) lineByLine(ctx context.Context, dst []float64, set *Settings) (bound, size float64, err error) {
	source, turn := a, a.Cols < a.Rows
	if turn {
		source = a.turned()
	}
	n := source.Rows
	unit := make([]float64, n*n)
	for i := range n {
		unit[i*(n+1)] = 1
	}
	s := Settings{Tolerance: set.tolerance(), MaxIterations: set.MaxIterations, Workers: set.Workers}
	for {
		sol, err := source.Solve(ctx, unit, &s)
		if err != nil {
			return 0, 0, err
		}
		copy(dst, sol.I)
		bound = norm(sol.Bounds)
		if turn {
			for i := range a.Rows {
				for j := range a.Cols {
					dst[i*a.Cols+j] = sol.I[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)]
				}
			}
			bound = greatest(sol.Bounds) * math.Sqrt(float64(a.Rows))
		}
		if size = columnNorm(dst, a.Cols); bound > 0 {
			bound /= size
		}
		if bound <= set.tolerance() {
			return bound, size, nil
		}
		// The largest outputs of the lines are not in one column.
		if s.Tolerance *= 0.9 * set.tolerance() / bound; s.Tolerance < 1e-15 {
			return 0, 0, fmt.Errorf("crossbar: transfer matrix: error bound %.3g: must be at most %g", bound, set.tolerance())
		}
	}
}

func (s *Settings) tolerance() float64 {
	if s.Tolerance == 0 {
		return 1e-10
	}
	return s.Tolerance
}

// turned returns the array seen from its sense terminals: bit lines become word
// lines, and both are counted from the other end, because word lines are driven at
// their first device and bit lines are sensed at their last.
func (a *Array) turned() *Array {
	b := &Array{Rows: a.Cols, Cols: a.Rows, G: make([]float64, len(a.G)), Wires: a.Wires.turned(a.Rows, a.Cols)}
	for i := range a.Rows {
		for j := range a.Cols {
			b.G[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)] = a.G[i*a.Cols+j]
		}
	}
	return b
}
