package crossbar

import (
	"context"
	"errors"
	"slices"

	"mho/crossbar/internal/line"
)

// Times of one thread of an EPYC of the fourth generation with 512-bit vectors, in ns per
// device, as the benchmarks of packages merge and line measure them
// from 16 x 16 to 1024 x 1024 devices. Only their proportions matter, and these only for
// the choice of a method.
const (
	mergeBase   = 200.0 // elimination, whatever the size
	mergeEdge   = 1.15  // and for every line of the shorter edge
	ladderTime  = 25.0  // elimination with nodes that are terminals
	solvePass   = 2.3   // iteration of a solution
	solvePlus   = 2     // iterations that everything else in a solution is worth
	sourceTimes = 5     // solutions that one for a current source is worth
	usualSteps  = 8     // iterations of an array that was not solved yet
)

// mergeTime estimates the time to compute and verify T.
func (a *Array) mergeTime(iterations int) float64 {
	t := mergeBase + mergeEdge*float64(min(a.Rows, a.Cols))
	if a.Wires.wordTerminals() || a.Wires.bitTerminals() {
		t = ladderTime
	}
	return t*float64(len(a.G)) + probes*a.solveTime(iterations)
}

// solveTime estimates the time of a solution.
func (a *Array) solveTime(iterations int) float64 {
	return solvePass * float64(iterations+solvePlus) * float64(len(a.G))
}

// A Multiplier computes the outputs of an array for batch after batch of inputs,
// by solutions while these are few and by its transfer matrix as soon as this is faster: after some
// 20 to 50 inputs for 1 to 100 µS behind 1 Ω, and earlier for worse wires. It counts the
// inputs for the same conductances and wires over all batches, keeps T while they stay, and
// updates T where few devices change. It is not safe for concurrent use.
type Multiplier struct {
	Array    *Array    // may change between calls
	Settings *Settings // of Solve and Transfer; nodes are not computed. The default is nil, theirs

	set        Settings // as they were for what follows
	last       Array    // the conductances are a copy
	solved     int      // inputs for last
	iterations int      // of the last inputs with these wires
	known      bool     // not assumed
	transfer   *TransferMatrix
}

// NewMultiplier returns a multiplier for a.
func NewMultiplier(a *Array, set *Settings) *Multiplier {
	return &Multiplier{Array: a, Settings: set}
}

// Multiply sets dst to the output currents, one vector of Cols values in A per input, for
// the voltages v, one vector of Rows values in V per input. It returns the largest
// bound on the error of an output, relative to the largest output of its input: that of Solve or,
// for products with T, TransferMatrix.Bound. Inputs for which the latter exceeds the
// tolerance, because their outputs cancel or few of their voltages are not 0, are solved. A nil dst is
// allocated. Multiply panics if dst has another length; the errors are those of Solve.
//
// The outputs of an input in different batches are not the same bits, but each
// is within the tolerance.
func (m *Multiplier) Multiply(ctx context.Context, dst, v []float64) ([]float64, float64, error) {
	a := m.Array
	if err := a.checkInputs(v); err != nil {
		return nil, 0, err
	}
	n := len(v) / a.Rows
	if dst == nil {
		dst = make([]float64, n*a.Cols)
	}
	if len(dst) != n*a.Cols {
		panic("crossbar: wrong number of elements")
	}
	set := Settings{}
	if m.Settings != nil {
		set = *m.Settings
	}
	set.Nodes, set.Progress = false, nil
	if err := set.validate(a); err != nil {
		return nil, 0, err
	}
	if m.last.Rows != a.Rows || m.last.Cols != a.Cols || !m.last.Wires.equal(a.Wires) || !m.set.equal(set) {
		*m = Multiplier{Array: a, Settings: m.Settings, set: set, last: *a, iterations: usualSteps}
		m.last.G, m.last.Wires = slices.Clone(a.G), a.Wires.clone()
	} else if !slices.Equal(m.last.G, a.G) {
		m.last.G, m.solved = slices.Clone(a.G), 0
	}
	if !m.worthwhile(n) {
		if bound, ok, err := m.solve(ctx, dst, v); ok || err != nil {
			return dst, bound, err
		}
	}
	if m.transfer == nil {
		t, err := NewTransferMatrix(ctx, &m.last, &set)
		if err != nil {
			return nil, 0, err
		}
		m.transfer = t
	} else if err := m.transfer.become(ctx, m.last.G); err != nil {
		return nil, 0, err
	}
	m.transfer.Multiply(dst, v)
	bound, err := m.correct(ctx, dst, v)
	if err != nil {
		return nil, 0, err
	}
	return dst, bound, nil
}

// correct solves for the inputs whose products with T are not exact enough, and returns the
// largest bound on an error.
func (m *Multiplier) correct(ctx context.Context, dst, v []float64) (bound float64, err error) {
	a := &m.last
	var wrong []int
	var in []float64
	for n := range len(v) / a.Rows {
		x := v[n*a.Rows:][:a.Rows]
		b := m.transfer.Bound(x)
		if b == 0 {
			continue
		}
		if b /= greatest(dst[n*a.Cols:][:a.Cols]); b <= m.set.tolerance() {
			bound = max(bound, b)
			continue
		}
		wrong, in = append(wrong, n), append(in, x...)
	}
	if len(wrong) == 0 {
		return bound, nil
	}
	sol, err := a.Solve(ctx, in, &m.set)
	if err != nil {
		return 0, err
	}
	for k, n := range wrong {
		copy(dst[n*a.Cols:][:a.Cols], sol.I[k*a.Cols:])
	}
	return max(bound, sol.ErrorBound), nil
}

func (s *Settings) equal(t Settings) bool {
	return s.Tolerance == t.Tolerance && s.MaxIterations == t.MaxIterations && s.Workers == t.Workers
}

// worthwhile reports whether T takes less time than the solutions for n inputs and those
// before them took.
func (m *Multiplier) worthwhile(n int) bool {
	cost := m.last.mergeTime(m.iterations)
	if m.transfer != nil {
		changed := 0
		for k, x := range m.transfer.array.G {
			if x != m.last.G[k] {
				changed++
			}
		}
		if changed == 0 {
			return true
		}
		cost = min(cost, m.transfer.updateTime(changed))
	}
	return float64(m.solved+n)*m.last.solveTime(m.iterations) > cost
}

// solve sets dst by solutions and returns the largest bound on an error, or false if T is
// the better choice after all.
func (m *Multiplier) solve(ctx context.Context, dst, v []float64) (bound float64, ok bool, err error) {
	a := &m.last
	n := len(v) / a.Rows
	for done := 0; done < n; {
		last := n
		if !m.known {
			// The first input tells how long the others take.
			last = done + 1
		}
		set, before := m.set, done
		if m.Settings != nil && m.Settings.Progress != nil {
			set.Progress = func(done, _ int) { m.Settings.Progress(before+done, n) }
		}
		sol, err := a.Solve(ctx, v[done*a.Rows:last*a.Rows], &set)
		var missed *line.ConvergenceError
		if errors.As(err, &missed) {
			return 0, false, nil
		}
		if err != nil {
			return 0, false, err
		}
		copy(dst[done*a.Cols:], sol.I)
		bound = max(bound, sol.ErrorBound)
		m.iterations, m.known = sol.Iterations, true
		if done == 0 && last < n && m.worthwhile(n) {
			return 0, false, nil
		}
		m.solved += last - done
		done = last
	}
	return bound, true, nil
}
