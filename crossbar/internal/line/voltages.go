package line

// wordScales sets dst to the scales of the word nodes.
func (s *Solver) wordScales(dst []float64) {
	s.pool.do(s.f.blocks, func(block int) { s.f.factorRows(block, dst, false) })
}

// bitScales sets dst to the scales of the bit nodes.
func (s *Solver) bitScales(dst []float64) {
	s.pool.do(s.f.panels, func(p int) { s.f.factorCols(p, dst, false) })
}

// keepScales makes sure that sw and sb hold the scales of the nodes.
func (s *Solver) keepScales() {
	if s.sw == nil {
		s.sw, s.sb = make([]float64, s.f.size), make([]float64, s.f.size)
	}
	if !s.scaled {
		s.wordScales(s.sw)
		s.bitScales(s.sb)
		s.scaled = true
	}
}

// multiply is x *= y, in the layout of the grid.
func multiply(x, y []float64) {
	y = y[:len(x)]
	for k := range x {
		x[k] *= y[k]
	}
}

// unscale turns the word voltages of the last solution into volts. It uses p.
func (s *Solver) unscale() {
	if !s.natural {
		s.wordScales(s.p)
		multiply(s.w, s.p)
		s.natural = true
	}
}

// findBits makes the bit voltages of the last solution known, in z. It uses p and pt.
func (s *Solver) findBits() {
	if s.bits != nil {
		return
	}
	s.unscale()
	s.bitScales(s.pt)
	s.bitsOf(s.z)
	s.bits = s.z
}

// bitsOf sets u to the bit voltages that belong to the word voltages, in volts;
// pt holds the scales of the bit nodes.
func (s *Solver) bitsOf(u []float64) {
	f := s.f
	for k, c := range f.c {
		u[k] = c * s.w[k] * s.pt[k]
	}
	if s.sources != nil {
		moveAlong(u, s.sources.bit, 1)
	}
	s.solveBits(u, false)
	multiply(u, s.pt)
}
