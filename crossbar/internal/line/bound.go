package line

import (
	"math"
	"slices"
)

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
// With maps of resistances or open terminals, φ and ψ do not serve. Then p is an
// approximate solution of (1 - K) p = 1 by the same conjugate gradients, stopped where
// no element of the defect 1 - (1 - K) p exceeds 1/2.
//
// Conductances to ground add to Lw and Lb and leave all of this as it is. Currents
// of word line terminals are sums over the devices and conductances to ground of a line;
// by the inequality of Cauchy, an error of the energy norm e changes such a sum by at
// most e times the root of the sum of the conductances. SolveSources takes the
// largest of these sums and kappa.
//
// Node voltages: with z = M⁻¹ r, which the conjugate gradients leave, an error d of w solves
// (1 - K) d = z. If (1 - K) p >= eta, comparison with p shows that no element of d exceeds
// max p / eta times the largest of z; and none of the bit voltages, B⁻¹ C having no row
// with a sum above 1.
//
// Rounding: a solution along a line adds positive products of coefficients over
// paths from a node forward and back to another, n nodes long on the average over
// the paths of a line without attenuation and shorter with it. A step of a path rounds by
// 1 in a fused sum and by up to 9 units in its coefficient, g s[k] s[k+1]: 2
// for the product, 7 for the scales, whose conductance behind the node, though it is a
// long sum, counts 3 because its error enters in proportion to 1 - a. So each voltage
// changes by at most 12 n ε, and by that of the scales at both ends, relative to the voltages that the
// magnitudes of the currents drive, and w solves a fixed-point equation w = K w + M⁻¹ b
// that is disturbed by at most (12 (m + n) + 16) ε max|w| in each element. If (1 - K) p >= eta,
// comparison with p shows that no voltage is wrong by more than that times
// max p / eta, and no output by more than kappa times as much. The bound holds to
// first order in ε. Where currents are fed in, the voltages that their magnitudes
// drive along single lines add to max|w|.
//
// Where this exceeds the tolerance, certify in refine.go evaluates the residual
// itself in pairs of float64, and rounding enters with ε² for ε.

// unit is the rounding unit of float64.
const unit = 0x1p-53

// Rounding errors in units of unit: of a sweep for every node of a line, of a sum for
// every term, and of what is scaled once.
const (
	perNode = 12
	perTerm = 2
	once    = 16
)

// roundings returns the rounding error, in units of unit, of one solution along the word
// lines and one along the bit lines.
func (f *factors) roundings() float64 { return roundings(f.word.kind, f.bit.kind, f.rows, f.cols) }

func roundings(word, bit kind, rows, cols int) float64 {
	count := func(k kind, n int) float64 {
		if k == wire {
			return perNode * float64(n)
		}
		return perTerm * float64(n)
	}
	return once + count(word, cols) + count(bit, rows)
}

// Floor returns a tolerance that is out of reach below: the error bound of sums and of
// divisions of voltages, where lines of either direction are terminals, or else the rounding of
// the outputs themselves.
func (n Network) Floor() float64 {
	word, bit := wire, wire
	if n.RWord == 0 && n.RWordMap == nil {
		word = node
	}
	if n.RBit == 0 && n.RBitMap == nil {
		bit = node
	}
	if word == node && n.RDriver == 0 || bit == node && n.RSense == 0 {
		return roundings(word, bit, n.Rows, n.Cols) * unit
	}
	return 16 * unit
}

// setBound sets kappa, mu and gain, and completes kappaT. It takes the scales of the word nodes from p
// and those of the bit nodes from pt.
func (s *Solver) setBound() {
	f := s.f
	for k, c := range f.c {
		s.z[k] = c * s.pt[k]
	}
	// The output conductances are the currents for w = 1.
	s.solveBits(s.z, false)
	s.outputs(s.bitSums)
	f.kappa = maxAbs(s.bitSums)
	f.kappaT = max(f.kappa, f.kappaT)
	f.mu, f.gain = 1, 1
	switch {
	case f.direct():
	case f.uniform:
		s.boundUniform()
	default:
		s.boundAny()
	}
}

// boundUniform sets mu and gain with the profiles of the lines.
func (s *Solver) boundUniform() {
	f := s.f
	s.pool.do(f.panels, func(p int) {
		z, scale, phi := f.panel(s.z, p), f.panel(s.pt, p), f.phiOf(p)
		for i := range f.rows {
			at := i * panelCols
			d, r := (*lanes)(z[at:]), (*lanes)(scale[at:])
			ends := f.bit.ending(0, i, f.rows)
			for j := range d {
				d[j] = (1/f.bit.peak + ends*(1+phi[j])) * r[j]
			}
			if f.gb != nil {
				g := (*lanes)(f.panel(f.gb, p)[at:])
				for j := range d {
					d[j] += g[j] * (1 + phi[j] + f.psi[i]) * r[j]
				}
			}
		}
	})
	s.solveBits(s.z, true)
	s.pool.do(f.panels, func(p int) {
		z, scale, phi := f.panel(s.z, p), f.panel(s.p, p), f.phiOf(p)
		var ends lanes
		for j := range f.width(p) {
			ends[j] = f.word.ending(0, p*panelCols+j, f.cols)
		}
		for i := range f.rows {
			at := i * panelCols
			d, r := (*lanes)(z[at:]), (*lanes)(scale[at:])
			for j := range d {
				d[j] += (1/f.word.peak + ends[j]*(1+f.psi[i])) * r[j]
			}
			if f.gw != nil {
				g := (*lanes)(f.panel(f.gw, p)[at:])
				for j := range d {
					d[j] += g[j] * (1 + phi[j] + f.psi[i]) * r[j]
				}
			}
		}
	})
	s.solveWords(s.z)
	s.pool.do(f.panels, func(p int) {
		z, scale, phi := f.panel(s.z, p), f.panel(s.p, p), f.phiOf(p)
		mu, least := 1.0, math.Inf(1)
		for i := range f.rows {
			at := i * panelCols
			d, r := (*lanes)(z[at:]), (*lanes)(scale[at:])
			for j := range f.width(p) {
				v, x := d[j]*r[j], 1+phi[j]+f.psi[i]
				least = min(least, v)
				if v < mu*x {
					mu = v / x
				}
			}
		}
		s.colSums[p], s.colLeast[p] = mu, least
	})
	least := slices.Min(s.colLeast)
	f.mu, f.gain = slices.Min(s.colSums), 3/least
}

// phiOf returns the profile of the word lines in a panel.
func (f *factors) phiOf(p int) *lanes {
	var x lanes
	copy(x[:], f.phi[p*panelCols:])
	return &x
}

// ending returns the conductance from node k of a line of n nodes to its terminals.
func (s *side) ending(line, k, n int) float64 {
	var g float64
	if k == 0 {
		g = s.first[line]
	}
	if k == n-1 {
		g += s.last[line]
	}
	return g
}

// boundAny sets mu and gain with voltages p found by conjugate gradients, starting
// from those of the elements before.
func (s *Solver) boundAny() {
	f := s.f
	s.keepScales()
	fresh := f.test == nil
	if fresh {
		f.test = make([]float64, f.size)
	}
	x, sw := f.test, s.sw
	s.divide(x, sw)
	for k, v := range x {
		s.z[k] = f.k[k] * v
	}
	s.solveBits(s.z, true)
	s.solveWords(s.z)
	s.eachFree(func(at int) { s.z[at] += 1/sw[at] - x[at] })
	rz := s.restart()
	worst := func() float64 {
		m := math.Inf(-1)
		s.eachFree(func(at int) { m = max(m, s.z[at]*sw[at]) })
		return m
	}
	s.pcg(x, s.bitSums, rz, 1000+10*(f.rows+f.cols), func(float64) bool { return worst() <= 0.5 })
	// The defect 1 - (1 - K) p was carried along, not evaluated.
	least, largest := 1-worst(), 0.0
	multiply(x, sw)
	s.eachFree(func(at int) { largest = max(largest, x[at]) })
	slack := 64 * float64(f.rows+f.cols) * unit * (1 + largest)
	s.eachFree(func(at int) {
		f.mu = min(f.mu, (1-s.z[at]*sw[at]-slack)/x[at])
		if !(x[at] > 0) {
			f.mu = 0
		}
	})
	least -= slack
	if !(least > 0) || !(f.mu > 0) {
		f.mu, least = 0, 0
	}
	f.gain = largest / least
}

// eachFree calls do for every word node whose voltage is unknown.
func (s *Solver) eachFree(do func(at int)) {
	f := s.f
	for i := range f.rows {
		if f.word.kind == node && !f.rowFree[i] {
			continue
		}
		for j := range f.cols {
			do(f.at(i, j))
		}
	}
}

// energyBound bounds the error, in amperes, of outputs of at most kappa siemens by
// the residual.
func (f *factors) energyBound(rz, kappa float64) float64 {
	if rz == 0 {
		return 0
	}
	return math.Sqrt(kappa) * math.Sqrt(rz/f.mu)
}

// voltageBound bounds the error, in volts, of the node voltages of SolveSources. It needs
// M⁻¹ times the residual in z.
func (s *Solver) voltageBound() float64 {
	f := s.f
	s.pool.do(f.panels, func(p int) {
		z, sw := f.panel(s.z, p), f.panel(s.sw, p)
		var m float64
		for k, x := range z {
			if v := math.Abs(x) * sw[k]; v > m {
				m = v
			}
		}
		s.colSums[p] = m
	})
	// The bit voltages take a sweep more than the word voltages.
	round, w := f.roundings()*unit, s.largest(s.w)
	return f.gain*(maxAbs(s.colSums)+round*(w+s.feed.voltage)) + round*(w+s.feed.bitVoltage)
}

// roundingBound bounds the error, in amperes, of outputs of at most kappa siemens by
// rounding in solutions whose word voltages are at most w.
func (f *factors) roundingBound(w, kappa float64) float64 {
	if w == 0 {
		return 0
	}
	return f.roundings() * unit * w * kappa * f.gain
}
