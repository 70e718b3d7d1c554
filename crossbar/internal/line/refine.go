package line

const maxRefinements = 8

// pairs holds node voltages as unevaluated sums of two float64, so that the
// small voltages across wires and devices keep full accuracy.
type pairs struct {
	wLow   []float64 // added to w
	u, low []float64 // bit voltages and what is added to them
	e      []float64 // correction of the word voltages
}

// certify computes the currents missing in Kirchhoff's law at every node from
// the resistances and the node voltages, in pairs of float64. It corrects the bit
// voltages by what these currents drive, leaves M⁻¹ times the residual of the word
// lines in z, r as solveWords does and their product in rz, sets dst to the
// outputs, and returns a bound, in amperes, on the part of their error that rounding
// makes, for outputs of at most kappa siemens; energyBound(rz) bounds the rest. Unlike the residual that the conjugate gradients carry along,
// this one does not depend on how the voltages were found. Before the first refinement
// the node voltages are single float64, and their rounding is part of the residual.
func (s *Solver) certify(dst []float64, kappa float64) (rz, rest float64) {
	f, q := s.f, s.fine
	s.unscale()
	s.wordScales(s.p)
	s.bitScales(s.pt)
	if s.ru == nil {
		s.ru = make([]float64, f.size)
	}
	u := s.z
	var wLow, uLow []float64
	if q == nil {
		s.bitsOf(u)
	} else {
		u, wLow, uLow = q.u, q.wLow, q.low
	}
	s.missingCurrents(wLow, u, uLow)
	size := s.currentsOut(dst, wLow, u, uLow)
	// What the sweeps for the missing currents round off is relative to what the
	// magnitudes of these currents drive.
	s.pool.do(f.panels, func(p int) {
		z, r, ru := f.panel(s.z, p), f.panel(s.r, p), f.panel(s.ru, p)
		multiply(ru, f.panel(s.pt, p))
		multiply(r, f.panel(s.p, p))
		setAbs(z, ru)
	})
	s.solveBits(s.z, true)
	s.outputs(s.bitSums)
	rounding := f.roundings() * unit * maxAbs(s.bitSums)
	s.pool.do(f.panels, func(p int) { addAbs(f.panel(s.z, p), f.panel(s.r, p)) })
	s.solveBits(s.ru, false)
	s.addOutputs(dst, 1)
	s.pool.do(f.panels, func(p int) {
		ru, r, k, scale := f.panel(s.ru, p), f.panel(s.r, p), f.panel(f.k, p), f.panel(s.pt, p)
		for i, x := range ru {
			if q != nil {
				at := p*f.stride + i
				q.u[at], q.low[at] = addPair(q.u[at], q.low[at], x*scale[i])
			}
			ru[i] = r[i] + k[i]*x
		}
	})
	s.solveWords(s.z)
	s.pool.do(f.panels, func(p int) {
		z := f.panel(s.z, p)
		multiply(z, f.panel(s.p, p))
		s.colSums[p] = maxAbs(z)
		copy(z, f.panel(s.ru, p))
	})
	rounding += f.roundingBound(maxAbs(s.colSums), kappa)
	rz = s.solveWords(s.z)
	if q == nil {
		s.bits = nil
	}
	// What pairs round off is the square of what float64 does.
	nodes := float64(f.rows + f.cols)
	rounding += nodes * unit * f.roundingBound(s.largest(s.w)+s.sourceVoltage(), kappa)
	return rz, rounding + 8*unit*(size+maxAbs(dst))
}

// polish solves for the voltages that the residual of certify drives, adds them to
// the word voltages, and what they drive to the outputs, aiming at target as the
// next bound. It returns the number of steps, the last rz and a bound as certify
// does. The outputs become more exact than the word voltages, which remain single
// float64. It is for node voltages that are not pairs.
func (s *Solver) polish(dst []float64, rz, kappa, target float64, limit int) (n int, last, rest float64) {
	f := s.f
	clear(s.ru)
	first := rz
	n, last = s.pcg(s.ru, dst, rz, limit, func(rz float64) bool {
		return f.energyBound(rz, kappa) <= target/4 || rz <= 1e-20*first
	})
	s.wordScales(s.p)
	multiply(s.ru, s.p)
	moveAlong(s.w, s.ru, 1)
	return n, last, f.roundingBound(maxAbs(s.ru), kappa)
}

// refine adds the voltages that the residual of certify drives to the node
// voltages, aiming at target as the next bound, and returns the number of
// steps made.
func (s *Solver) refine(rz, target float64, limit int) int {
	f := s.f
	q := s.fine
	clear(q.e)
	first := rz
	n, _ := s.pcg(q.e, s.bitSums, rz, limit, func(rz float64) bool {
		return f.energyBound(rz, f.kappa) <= target/4 || rz <= 1e-20*first
	})
	for k, e := range q.e {
		s.z[k] = f.k[k] * e
	}
	s.wordScales(s.p)
	s.bitScales(s.pt)
	s.solveBits(s.z, false)
	for k, e := range q.e {
		s.w[k], q.wLow[k] = addPair(s.w[k], q.wLow[k], e*s.p[k])
		q.u[k], q.low[k] = addPair(q.u[k], q.low[k], s.z[k]*s.pt[k])
	}
	return n
}

// startPairs makes pairs of the node voltages.
func (s *Solver) startPairs() {
	if s.spare == nil {
		size := s.f.size
		s.spare = &pairs{
			wLow: make([]float64, size),
			u:    make([]float64, size),
			low:  make([]float64, size),
			e:    make([]float64, size),
		}
	}
	q := s.spare
	clear(q.wLow)
	clear(q.low)
	s.findBits()
	copy(q.u, s.bits)
	s.fine, s.bits = q, q.u
}

// addPair adds d to the sum high + low.
func addPair(high, low, d float64) (float64, float64) {
	p := pair{high, low}.add(pair{high: d})
	return p.high, p.low
}
