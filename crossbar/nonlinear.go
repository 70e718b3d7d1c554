package crossbar

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
)

// A NonlinearSolution holds the currents of an array of nonlinear devices for a number
// of inputs. ErrorBound bounds the error of an output against the exact
// currents of the law; it is relative to the largest output of the input or, where
// outputs cancel, to a tenth of the largest sum of the magnitudes of device currents of
// a bit line. Iterations counts those of the linear solver in all steps.
type NonlinearSolution struct {
	Solution
	VDevice  []float64   // voltages across the devices, Inputs x Rows x Cols, V; nil unless nodes were asked for
	Residual float64     // largest current missing in Kirchhoff's law at a node, relative to the same
	Steps    int         // most steps of Newton's method for an input
	History  [][]float64 // of each input, the sum of missing currents before each step and at the end, relative to the same
}

// SolveNonlinear returns the output currents of devices that follow iv (nil is Ohmic)
// for the voltages v, one vector of Rows values in V per input, with the bit lines
// sensed at 0 V, by Newton's method. The errors are those of SolveBias, as is
// what happens to a SwitchingCurve, which sees the inputs one after the other.
// With any other law an input's result does not depend on the inputs beside it.
func (a *Array) SolveNonlinear(ctx context.Context, v []float64, iv IVCurve, set *Settings) (*NonlinearSolution, error) {
	first, err := a.nonlinear(iv, set)
	if err != nil {
		return nil, err
	}
	if len(v)%a.Rows != 0 {
		return nil, fmt.Errorf("crossbar: %d voltages for an array of %d rows: must be a multiple of the rows", len(v), a.Rows)
	}
	var limit float64
	for i, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("crossbar: voltage of input %d, row %d is %g V: must be finite", i/a.Rows, i%a.Rows, x)
		}
		limit = max(limit, math.Abs(x))
	}
	if err := scan(first.iv, a.G, a.Cols, 2*limit); err != nil {
		return nil, err
	}
	if set == nil {
		set = &Settings{}
	}
	inputs, cells := len(v)/a.Rows, len(a.G)
	sol := &NonlinearSolution{
		Solution: Solution{Rows: a.Rows, Cols: a.Cols, Inputs: inputs, I: make([]float64, inputs*a.Cols), Bounds: make([]float64, inputs)},
		History:  make([][]float64, inputs),
	}
	if set.Nodes {
		sol.VWord, sol.VBit, sol.Power = make([]float64, inputs*cells), make([]float64, inputs*cells), make([]Power, inputs)
		sol.VDevice = make([]float64, inputs*cells)
	}
	workers := set.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, inputs)
	if _, ok := first.iv.(SwitchingCurve); ok {
		workers = 1
	}
	solvers := []*newton{first}
	for len(solvers) < workers {
		n, err := newNewton(a, first.iv, set)
		if err != nil {
			return nil, err
		}
		solvers = append(solvers, n)
	}
	if workers > 1 {
		for _, n := range solvers {
			n.s.Workers = 1
		}
	}
	var finished struct {
		sync.Mutex
		n int
	}
	errs := make([]error, inputs)
	steps, iterations := make([]int, inputs), make([]int, inputs)
	bounds, residuals := make([]float64, inputs), make([]float64, inputs)
	var wg sync.WaitGroup
	for w, n := range solvers {
		wg.Go(func() {
			for k := w; k < inputs; k += len(solvers) {
				b := Bias{Word: v[k*a.Rows : (k+1)*a.Rows]}
				if errs[k] = n.solve(ctx, b.filled(a.Rows, a.Cols)); errs[k] != nil {
					return
				}
				copy(sol.I[k*a.Cols:], n.now.out)
				sol.History[k] = append([]float64(nil), n.history...)
				sol.Bounds[k] = n.errorBound * n.size
				steps[k], iterations[k], bounds[k], residuals[k] = n.steps, n.iterations, n.errorBound, n.largest
				if set.Nodes {
					n.s.WordVoltages(sol.VWord[k*cells:][:cells])
					n.s.BitVoltages(sol.VBit[k*cells:][:cells])
					copy(sol.VDevice[k*cells:], n.now.v)
					sol.Power[k] = Power(n.s.Power())
				}
				if set.Progress != nil {
					finished.Lock()
					finished.n++
					set.Progress(finished.n, inputs)
					finished.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for k := range inputs {
		if errs[k] != nil {
			return nil, fmt.Errorf("crossbar: input %d: %w", k, errs[k])
		}
		sol.Steps, sol.Iterations = max(sol.Steps, steps[k]), max(sol.Iterations, iterations[k])
		sol.ErrorBound, sol.Residual = max(sol.ErrorBound, bounds[k]), max(sol.Residual, residuals[k])
	}
	return sol, nil
}
