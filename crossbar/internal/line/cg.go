package line

import "math"

// pcg solves S x = b by conjugate gradients with the preconditioner M. On entry
// x is the start, z = M⁻¹ r for its residual, and r and rz as solveWords leaves
// them; outputs are the output currents that belong to x. It stops when done(rz)
// reports true, after limit steps, when the residual is zero, or when rounding
// makes a curvature that must be positive vanish. It returns the number of
// steps and the last rz.
//
// The residual and the direction are also kept as the forward elimination of the
// word lines makes them, r and pt. With L the factor of M = L Lᵀ, pt = Lᵀ p
// and r is the residual of the system preconditioned on both sides, whose matrix
// 1 - L⁻¹ C (Lb + C)⁻¹ C L⁻ᵀ gives the curvature as the difference of two sums
// of squares. The elimination of the bit lines yields the second half way, and the
// first follows from that of the direction before; r is not taken to be orthogonal to
// that direction, for an error in the curvature would then grow from step to step.
func (s *Solver) pcg(x, outputs []float64, rz float64, limit int, done func(rz float64) bool) (int, float64) {
	f := s.f
	clear(s.p)
	s.x, s.alpha, s.beta = x, 0, 0
	n := 0
	var pp, cross float64 // pt·pt of this step and r·pt of the last
	for ; n < limit && rz > 0 && !done(rz); n++ {
		s.pool.do(f.panels, s.applyCols)
		s.alpha, pp = 0, rz+s.beta*(2*cross+s.beta*pp)
		curvature := pp - sum(s.colSums)
		if !(curvature > 0) || math.IsInf(rz/curvature, 0) {
			break
		}
		s.alpha = rz / curvature
		s.addOutputs(outputs, s.alpha)
		s.pool.do(f.blocks, s.updateRows)
		next := sum(s.rowSums)
		cross = sum(s.crossSums)
		s.beta, rz = next/rz, next
	}
	if s.alpha != 0 {
		s.pool.do(f.panels, s.moveCols)
	}
	return n, rz
}

// applyColBlock moves x along the last direction, takes the next one from z, and
// leaves C (Lb + C)⁻¹ C p in z, for a panel.
func (s *Solver) applyColBlock(p int) {
	f := s.f
	z, k := f.panel(s.z, p), f.panel(f.k, p)
	var sums lanes
	advance(z, f.panel(s.p, p), f.panel(s.x, p), k, f.bitCoefficients(p), s.alpha, s.beta, &sums)
	square := s.back(z, k, p)
	if f.bit.kind == wire {
		square = sum(sums[:])
	}
	s.colSums[p] = square
}

// updateRowBlock moves r along the direction and leaves M⁻¹ times the residual in z,
// for a block of rows.
func (s *Solver) updateRowBlock(block int) {
	s.wordRows(s.z, block, s.alpha, s.beta)
}

// moveColBlock moves x along the last direction, for a panel.
func (s *Solver) moveColBlock(p int) {
	moveAlong(s.f.panel(s.x, p), s.f.panel(s.p, p), s.alpha)
}
