package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mho/crossbar/internal/line"
	"mho/crossbar/internal/merge"
	"mho/noise"
)

// Transfer sets dst (Rows x Cols, in S) to the transfer matrix T of the array with its
// wires, I_j = Σ_i V_i T_ij for any voltages, and returns an estimate of its error. With
// ideal wires T is G. Row i of T holds the outputs for 1 V at word line i and, a
// network of resistors being reciprocal, column j the currents into the word line
// terminals for 1 V at the sense terminal of bit line j.
//
// T is eliminated at once, in about 25 n³ operations for n x n devices, by additions,
// products and quotients of positive numbers, so that small elements are as accurate as large
// ones (package merge); from 16 x 16 devices on it takes less time than a solution for every
// line.
//
// The estimate is measured: it is the largest difference between T V and Solve in any output,
// relative to the largest output of the input, for four inputs of ±1 V drawn at
// random, the bound on the error of Solve included. Whatever the errors of T are, every
// such input has a chance of at least one half to show as much in an output as the largest
// error of an element of its column. Where Solve takes more iterations than the
// elimination takes time, T is compared with another elimination in another order
// instead, every element relative to the largest of its row. If the estimate exceeds the
// tolerance, T is made of solutions for every line, and the number returned is the
// largest of their bounds.
//
// A nil dst is allocated. Transfer panics if dst has another length; the errors are those of Solve.
func (a *Array) Transfer(ctx context.Context, dst []float64, set *Settings) ([]float64, float64, error) {
	dst, c, err := a.transfer(ctx, dst, set)
	return dst, c.error, err
}

// checked is what a verification of T found.
type checked struct {
	error      float64 // estimate
	iterations int     // of the solver for an input, 0 if there was none
}

func (a *Array) transfer(ctx context.Context, dst []float64, set *Settings) ([]float64, checked, error) {
	if err := a.Validate(); err != nil {
		return nil, checked{}, err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(); err != nil {
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
		return dst, checked{}, nil
	}
	if err := a.merge(ctx, dst, set); err != nil {
		return nil, checked{}, err
	}
	c, err := a.verify(ctx, dst, set)
	if err != nil {
		return nil, checked{}, err
	}
	if !(c.error <= set.tolerance()) {
		if c.error, err = a.lineByLine(ctx, dst, set); err != nil {
			return nil, checked{}, err
		}
	}
	return dst, c, nil
}

func (a *Array) merge(ctx context.Context, dst []float64, set *Settings) error {
	if err := merge.Transfer(ctx, dst, a.Wires.network(a.Rows, a.Cols), a.G, set.Workers); err != nil {
		return fmt.Errorf("crossbar: transfer matrix: %w", err)
	}
	return nil
}

const probes = 4 // inputs that verify a transfer matrix

// verify estimates the error of t.
func (a *Array) verify(ctx context.Context, t []float64, set *Settings) (checked, error) {
	v := make([]float64, probes*a.Rows)
	noise.NewKey(0x7e57).Domain(noise.Data).Uniform(v, noise.At{})
	for i, x := range v {
		v[i] = math.Copysign(1, x-0.5)
	}
	s := Settings{Tolerance: set.tolerance() / 2, MaxIterations: 20 + min(a.Rows, a.Cols)/8, Workers: set.Workers}
	sol, err := a.Solve(ctx, v, &s)
	var missed *line.ConvergenceError
	if errors.As(err, &missed) {
		e, err := a.again(ctx, t, set)
		return checked{error: e, iterations: s.MaxIterations}, err
	}
	if err != nil {
		return checked{}, err
	}
	c := checked{iterations: sol.Iterations}
	out := make([]float64, a.Cols)
	for n := range probes {
		clear(out)
		for i, x := range v[n*a.Rows:][:a.Rows] {
			for j, g := range t[i*a.Cols:][:a.Cols] {
				out[j] += x * g
			}
		}
		want := sol.I[n*a.Cols:][:a.Cols]
		c.error = max(c.error, difference(out, want))
	}
	c.error += sol.ErrorBound
	return c, nil
}

// difference returns the largest |x - y| relative to the largest |y|, and NaN if there is one.
func difference(x, y []float64) float64 {
	var d float64
	for i, v := range y {
		d = max(d, math.Abs(x[i]-v))
	}
	if d == 0 {
		return 0
	}
	return d / greatest(y)
}

// again estimates the error of t by the elimination of the array that is turned over.
func (a *Array) again(ctx context.Context, t []float64, set *Settings) (float64, error) {
	b := a.turned()
	other := make([]float64, len(t))
	if err := b.merge(ctx, other, set); err != nil {
		return 0, err
	}
	var e float64
	row := make([]float64, a.Cols)
	for i := range a.Rows {
		for j := range row {
			row[j] = other[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)]
		}
		e = max(e, difference(t[i*a.Cols:][:a.Cols], row))
	}
	return e, nil
}

// lineByLine sets dst to T by a solution for 1 V at every word line, or at every sense
// terminal if these are fewer, and returns the largest bound on an error.
func (a *Array) lineByLine(ctx context.Context, dst []float64, set *Settings) (float64, error) {
	source, turn := a, a.Cols < a.Rows
	if turn {
		source = a.turned()
	}
	n := source.Rows
	unit := make([]float64, n*n)
	for i := range n {
		unit[i*(n+1)] = 1
	}
	s := *set
	s.Nodes = false
	sol, err := source.Solve(ctx, unit, &s)
	if err != nil {
		return 0, err
	}
	if !turn {
		copy(dst, sol.I)
		return sol.ErrorBound, nil
	}
	for i := range a.Rows {
		for j := range a.Cols {
			dst[i*a.Cols+j] = sol.I[(a.Cols-1-j)*a.Rows+(a.Rows-1-i)]
		}
	}
	return sol.ErrorBound, nil
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
