package line

import (
	"fmt"
	"runtime"
	"sync"
)

// forkCells is the size up to which a batch is divided among workers by inputs
// rather than by cells: beyond it a workspace per worker would not fit a cache.
const forkCells = 1 << 17

// SolveBatch solves for many inputs: v holds one vector of rows voltages
// after the other, dst gets one vector of cols currents after the other. The
// result holds the most iterations and refinements of an input and the ErrorBound
// and Scale of the input with the largest ErrorBound. All inputs are solved,
// and the error is that of the first input that has one, wrapped with its number.
// The node voltages of a batch are not kept. SolveBatch panics as Solve does.
func (s *Solver) SolveBatch(dst, v []float64, opt *Options) (Result, error) {
	f := s.f
	if !s.ready {
		panic("line: no conductances")
	}
	n := len(v) / f.rows
	if len(v) != n*f.rows || len(dst) != n*f.cols {
		panic("line: wrong number of voltages or currents")
	}
	results := make([]Result, n)
	errs := make([]error, n)
	solve := func(s *Solver, k int) {
		results[k], errs[k] = s.Solve(dst[k*f.cols:(k+1)*f.cols], v[k*f.rows:(k+1)*f.rows], opt)
	}
	workers := s.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, n)
	if workers <= 1 || f.rows*f.cols > forkCells {
		for k := range n {
			solve(s, k)
		}
	} else {
		// Each input gets one worker, and so do the forks that are made next.
		inner := s.Workers
		s.Workers = 1
		var wg sync.WaitGroup
		for first := range workers {
			c := s
			if first > 0 {
				c = s.fork()
			}
			wg.Go(func() {
				for k := first; k < n; k += workers {
					solve(c, k)
				}
			})
		}
		wg.Wait()
		s.Workers = inner
	}
	s.solved = false
	var worst Result
	for k, r := range results {
		if k == 0 || r.ErrorBound > worst.ErrorBound {
			worst.ErrorBound, worst.Scale = r.ErrorBound, r.Scale
		}
		worst.Iterations = max(worst.Iterations, r.Iterations)
		worst.Refinements = max(worst.Refinements, r.Refinements)
	}
	for k, err := range errs {
		if err != nil {
			return worst, fmt.Errorf("input %d: %w", k, err)
		}
	}
	return worst, nil
}
