package line

// A sweep leaves its result in z. Voltages and currents are scaled, see factors.

// solveBits sets z = (Lb + C)⁻¹ z for all bit lines, then z = c z with the device
// conductances if times, and keeps the voltages at the ends of the lines.
func (s *Solver) solveBits(z []float64, times bool) {
	s.x, s.times = z, times
	s.pool.do(s.f.panels, s.bitLines)
}

func (s *Solver) bitPanel(p int) {
	f := s.f
	z := f.panel(s.x, p)
	forward(z, z, f.ones, f.bitCoefficients(p))
	c := f.ones
	if s.times {
		c = f.panel(f.k, p)
	}
	s.back(z, c, p)
}

// back substitutes back along a panel of bit lines, multiplies by c, and keeps
// the voltages at the ends of the lines. It returns the sum of their squares for
// lines that are nodes. At a terminal it keeps the current instead, and z is 0.
func (s *Solver) back(z, c []float64, p int) float64 {
	f := s.f
	first := p * panelCols
	var ends [2]lanes
	var square float64
	if f.bit.kind == wire {
		backward(z, c, f.panel(f.ab, p), &ends)
	} else {
		last := (*lanes)(z[len(z)-panelCols:])
		ends[0] = *last
		q := *last
		for j := range q {
			if !f.colFree[first+j] {
				q[j] = 0
			}
			square += q[j] * q[j]
		}
		for i := 0; i < len(z); i += panelCols {
			z, ci := (*lanes)(z[i:]), row(c, i)
			for j := range z {
				z[j] = ci[j] * q[j]
			}
		}
	}
	copy(s.qLast[first:], ends[0][:])
	copy(s.qFirst[first:], ends[1][:])
	return square
}

// solveWords sets z = (Lw + C)⁻¹ z for all word lines and returns the product of
// the two, which is the sum of r²: r is left as what the forward elimination makes
// of the currents.
func (s *Solver) solveWords(z []float64) float64 {
	s.x = z
	s.pool.do(s.f.blocks, s.wordLines)
	return sum(s.rowSums)
}

func (s *Solver) wordBlock(block int) {
	s.resetLines(block)
	s.wordRows(s.x, block, 1, 0)
}

// resetLines sets r and pt of a block to 0.
func (s *Solver) resetLines(block int) {
	f := s.f
	if f.word.kind == wire {
		f.clearBlock(s.r, block)
		f.clearBlock(s.pt, block)
		return
	}
	from, to := f.blockRange(block)
	clear(s.rowR[from:to])
	clear(s.rowP[from:to])
}

// wordRows is the kernel lines for a block, and for lines that are nodes. It
// leaves the sums of r² and r pt in rowSums and crossSums.
func (s *Solver) wordRows(z []float64, block int, alpha, beta float64) {
	f := s.f
	at := block * tile
	if f.word.kind == wire {
		var sums lanes
		lines(z[at:], f.aw[at:], s.r[at:], s.pt[at:], f.panels, f.stride, alpha, beta, &sums)
		s.rowSums[block], s.crossSums[block] = sum(sums[:blockRows]), sum(sums[blockRows:])
		return
	}
	from, to := f.blockRange(block)
	var total, cross float64
	for i := from; i < to; i++ {
		var g float64
		for p := range f.panels {
			g += sum(f.part(z, i, p))
		}
		if !f.rowFree[i] {
			g = 0
		}
		s.rowP[i] = s.rowR[i] + beta*s.rowP[i]
		s.rowR[i] += alpha * (g - s.rowP[i])
		total += s.rowR[i] * s.rowR[i]
		cross += s.rowR[i] * s.rowP[i]
		f.fillRow(z, i, s.rowR[i])
	}
	s.rowSums[block], s.crossSums[block] = total, cross
}

// restart takes z for M⁻¹ times a residual, sets r to match, pt to 0, and
// returns the sum of r².
func (s *Solver) restart() float64 {
	s.pool.do(s.f.blocks, s.restartBlock)
	return sum(s.rowSums)
}

func (s *Solver) restartRows(block int) {
	f := s.f
	s.resetLines(block)
	from, to := f.blockRange(block)
	var total float64
	if f.word.kind == node {
		for i := from; i < to; i++ {
			s.rowR[i] = s.z[f.at(i, 0)]
			total += s.rowR[i] * s.rowR[i]
		}
		s.rowSums[block] = total
		return
	}
	var next [blockRows]float64
	for k := f.cols - 1; k >= 0; k-- {
		at, line := f.at(from, k), f.atLine(from, k)
		for i := range to - from {
			z := s.z[at+i*panelCols]
			r := z - f.aw[line+i]*next[i]
			next[i] = z
			s.r[line+i] = r
			total += r * r
		}
	}
	s.rowSums[block] = total
}

// outputs sets dst to the currents into ground of the bit lines that the last
// sweep ended with, in amperes.
func (s *Solver) outputs(dst []float64) {
	clear(dst)
	s.addOutputs(dst, 1)
}

// addOutputs adds factor times these currents.
func (s *Solver) addOutputs(dst []float64, factor float64) {
	f := s.f
	for j := range dst {
		dst[j] += factor * (f.outLast[j]*s.qLast[j] + f.outFirst[j]*s.qFirst[j])
	}
}
