package line

import "math"

// pcg solves S x = r by conjugate gradients with the preconditioner M. On
// entry x is the start, r its residual in amperes, z = M⁻¹ r and rz = r·z, and
// outputs the output currents that belong to x. It stops when done(rz)
// reports true, after limit steps, when the residual is zero, or when rounding
// makes a curvature that must be positive vanish. It returns the number of
// steps and the last rz.
//
// M p follows from the recurrence for p and so M is never applied.
func (s *Solver) pcg(x, outputs []float64, rz float64, limit int, done func(rz float64) bool) (int, float64) {
	f := s.f
	clear(s.p)
	clear(s.mp)
	s.x, s.beta = x, 0
	n := 0
	for ; n < limit && rz > 0 && !done(rz); n++ {
		s.pool.do(f.colBlocks(), s.applyCols)
		curvature := sum(s.colSums)
		if !(curvature > 0) {
			break
		}
		s.alpha = rz / curvature
		if math.IsInf(s.alpha, 0) {
			break
		}
		s.pool.do(f.rowBlocks(), s.updateRows)
		next := sum(s.rowSums)
		if f.bit.kind != terminal {
			g := s.alpha * f.bit.end
			far := f.bit.ends - 1
			for j := range outputs {
				outputs[j] += g * (s.qLast[j] + far*s.qFirst[j])
			}
		}
		s.beta, rz = next/rz, next
	}
	return n, rz
}

// applyColBlock takes the next search direction p from z and leaves S p in z, for
// a block of columns.
func (s *Solver) applyColBlock(block int) {
	f := s.f
	from, to := f.colRange(block)
	var dot float64
	q := s.qFirst[from:to]
	switch f.bit.kind {
	case node:
		aPrev, yPrev := f.zeros[from:to], f.zeros[from:to]
		for i := range f.rows {
			y := f.row(s.z, i, from, to)
			advance(y, f.row(s.p, i, from, to), f.row(s.mp, i, from, to), f.row(s.r, i, from, to),
				f.row(f.c, i, from, to), aPrev, yPrev, s.beta, 1)
			aPrev, yPrev = f.ones[from:to], y
		}
		multiply(q, yPrev, f.colGain[from:to])
		copy(s.qLast[from:to], q)
		for i := range f.rows {
			dot += product(f.row(s.z, i, from, to), q, f.row(s.mp, i, from, to),
				f.row(f.c, i, from, to), f.row(s.p, i, from, to))
		}
	case wire:
		aPrev, yPrev := f.zeros[from:to], f.zeros[from:to]
		for i := range f.rows {
			y := f.row(s.z, i, from, to)
			advance(y, f.row(s.p, i, from, to), f.row(s.mp, i, from, to), f.row(s.r, i, from, to),
				f.row(f.c, i, from, to), aPrev, yPrev, s.beta, f.bit.r)
			aPrev, yPrev = f.row(f.ab, i, from, to), y
		}
		clear(q)
		for i := f.rows - 1; i >= 0; i-- {
			dot += substitute(f.row(s.z, i, from, to), q, f.row(f.ab, i, from, to),
				f.row(s.mp, i, from, to), f.row(f.c, i, from, to), f.row(s.p, i, from, to))
			if i == f.rows-1 {
				copy(s.qLast[from:to], q)
			}
		}
	}
	s.colSums[block] = dot
}

// updateRowBlock moves x and r along p and leaves M⁻¹ r in z, for a block of rows.
func (s *Solver) updateRowBlock(block int) {
	f := s.f
	from, to := f.rowRange(block)
	// Four lines, as many as a sweep takes, stay in the cache between the passes.
	for ; from < to; from += 4 {
		end := min(from+4, to)
		for i := from; i < end; i++ {
			step(f.row(s.x, i, 0, f.cols), f.row(s.p, i, 0, f.cols),
				f.row(s.r, i, 0, f.cols), f.row(s.z, i, 0, f.cols), s.alpha)
		}
		s.wordRows(s.z, s.r, from, end)
	}
}
