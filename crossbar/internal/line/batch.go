package line

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// forkCells is the number of cells, over all workers, up to which a batch is divided
// among workers by inputs; beyond it, the workspace of each being 40 bytes a cell, several
// workers share an input.
const forkCells = 1 << 23

// SolveBatch solves for many inputs: v holds one vector of rows voltages
// after the other, dst gets one vector of cols currents after the other. The
// result holds the most iterations and refinements of an input and the ErrorBound
// and Scale of the input with the largest ErrorBound. All inputs are solved,
// and the error is that of the first input that has one, wrapped with its number.
// Bounds, unless nil, gets the bound on the error of the outputs of each input, in
// amperes. The node voltages of a batch are not kept. SolveBatch panics as Solve does.
func (s *Solver) SolveBatch(dst, bounds, v []float64, opt *Options) (Result, error) {
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
	forks := max(1, min(workers, n, forkCells/(f.rows*f.cols)))
	if forks == 1 {
		for k := range n {
			solve(s, k)
		}
	} else {
		for len(s.forks) < forks-1 {
			s.forks = append(s.forks, s.fork())
		}
		before := s.Workers
		s.Workers = workers / forks
		var wg sync.WaitGroup
		var next atomic.Int64
		run := func(c *Solver) {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				solve(c, k)
			}
		}
		for _, c := range s.forks[:forks-1] {
			c.Workers, c.ready, c.scaled = s.Workers, true, false
			wg.Go(func() { run(c) })
		}
		run(s)
		wg.Wait()
		s.Workers = before
	}
	s.solved, s.relaxed = false, false
	var worst Result
	for k, r := range results {
		if bounds != nil {
			bounds[k] = r.ErrorBound * r.Scale
		}
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
