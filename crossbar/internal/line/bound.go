package line

import "math"

// The bound on the error of the outputs.
//
// Let B = Lb + C and K = M⁻¹ C B⁻¹ C, so that S = M (1 - K). M and B are
// M-matrices: their inverses, and so K, have no negative element.
//
// Output j is k_j·w with k_j = C B⁻¹ c_j, c_j holding the conductances from bit
// line j to ground. If w has the residual r = b - S w, the output is wrong by
//
//	|k_j·S⁻¹ r| ≤ sqrt(k_j·S⁻¹ k_j) sqrt(r·S⁻¹ r).
//
// S⁻¹ k_j are the word voltages with sense terminal j at 1 V and all others at
// ground; they are at most 1, so the first factor is at most sqrt(kappa), kappa
// being the largest sum of a k_j: the output conductance with all word nodes at
// 1 V. For the second, let p be any positive vector with (1 - K) p >= mu p. By
// Collatz and Wielandt the largest eigenvalue of K is at most 1 - mu, so
// r·S⁻¹ r <= r·M⁻¹ r / mu, and r·M⁻¹ r is what every step of the conjugate
// gradients computes anyway.
//
// A good p has (1 - K) p about equal everywhere. With φ(column) the voltages
// that one ampere into each node drives along a word line without devices,
// scaled to a maximum of 1, and ψ(row) the same of a bit line, we take
//
//	p = 1 + φ + ψ,    (1 - K) p = M⁻¹ (Lw p + C B⁻¹ Lb p).
//
// Lw φ is constant, Lw ψ and Lw 1 are the end conductances times ψ and 1: all
// terms are positive, and mu is accurate for any conductances.
//
// Rounding: one solution along a line of n nodes changes each of its voltages
// by a few n ε relative to the voltages that the magnitudes of the currents
// drive, so w solves a fixed-point equation w = K w + M⁻¹ b that is disturbed by
// at most 8 (m + n) ε max|w| in each element. If (1 - K) p >= eta, comparison with
// p shows that no voltage is wrong by more than that times max p / eta, and no
// output by more than kappa times as much. The bound holds to first order in ε.
//
// Where this exceeds the tolerance, certify in refine.go evaluates the residual
// itself in pairs of float64, and rounding enters with ε² for ε.

// unit is the rounding unit of float64.
const unit = 0x1p-53

// setBound sets kappa, mu and gain. It uses z and r.
func (s *Solver) setBound() {
	f := s.f
	sums := s.qLast
	clear(sums)
	f.mu, f.gain = 1, 1
	if f.bit.kind == terminal {
		for i := range f.rows {
			accumulate(sums, f.row(f.c, i, 0, f.cols), f.ones)
		}
		f.kappa = maxAbs(sums)
		return
	}
	// The output conductances are the currents for w = 1.
	s.solveBits(s.z, f.c)
	f.outputs(sums, s.z, s.z)
	f.kappa = maxAbs(sums)
	if f.word.kind == terminal {
		return
	}
	for i := range f.rows {
		z := f.row(s.z, i, 0, f.cols)
		fill(z, 1/f.bit.peak)
		ends := f.bit.endsAt(i, f.rows, f.rows-1)
		for j := range z {
			z[j] += ends * (1 + f.phi[j])
		}
	}
	s.solveBits(s.z, s.z)
	for i := range f.rows {
		r, c, z := f.row(s.r, i, 0, f.cols), f.row(f.c, i, 0, f.cols), f.row(s.z, i, 0, f.cols)
		for j := range r {
			r[j] = 1/f.word.peak + f.word.endsAt(j, f.cols, 0)*(1+f.psi[i]) + c[j]*z[j]
		}
	}
	s.solveWords(s.z, s.r)
	least := math.Inf(1)
	for i := range f.rows {
		for j, z := range f.row(s.z, i, 0, f.cols) {
			p := 1 + f.phi[j] + f.psi[i]
			f.mu = min(f.mu, z/p)
			least = min(least, z)
		}
	}
	f.gain = 3 / least
}

// energyBound bounds the error of the outputs, in amperes, by the residual.
func (f *factors) energyBound(rz float64) float64 {
	return math.Sqrt(f.kappa) * math.Sqrt(rz/f.mu)
}

// roundingBound bounds the error of the outputs, in amperes, by rounding in
// solutions whose word voltages are at most w.
func (f *factors) roundingBound(w float64) float64 {
	return 8 * float64(f.rows+f.cols) * unit * w * f.kappa * f.gain
}
