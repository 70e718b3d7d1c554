package line

import "math"

// feed holds what SolveSources keeps. Word voltages are relative to the
// terminals of the word lines, bit voltages to those of the bit lines, so that the
// terminals are at ground and the nodes are fed the currents that the differences
// of the terminals drive through the devices. Thus currents through lines of very
// low resistance are not lost in voltages that are nearly equal.
type feed struct {
	in        Sources   // copies, in the caller's layout
	word, bit []float64 // scaled currents into the nodes
	u         []float64 // bit voltages
	voltage   float64   // largest voltage of a word node that the magnitudes of the currents drive along single lines, V
	columns   []float64 // sums of such magnitudes in a column of a block, A

	bitVoltage float64 // largest voltage of a bit node that the magnitudes of currents into bit nodes drive along single lines, V

	// Largest sums over a word line, and over any line, of the magnitudes of the
	// currents that the sources drive without resistance of the lines, A.
	wordAmpere, ampere float64
}

// feedNodes sets the scales, and of the feed the currents into the nodes and their measures.
func (s *Solver) feedNodes() {
	f, q := s.f, s.feed
	s.keepScales()
	s.pool.do(f.blocks, func(block int) {
		from, to := f.blockRange(block)
		columns := q.columns[block*f.panels*panelCols:][:f.panels*panelCols]
		clear(columns)
		var most float64
		for i := from; i < to; i++ {
			var x float64
			for p := range f.panels {
				x += s.feedPart(i, p, columns[p*panelCols:])
			}
			most = max(most, x)
		}
		s.rowSums[block] = most
	})
	q.wordAmpere = maxAbs(s.rowSums)
	q.ampere = q.wordAmpere
	for j := range f.cols {
		var x float64
		for block := range f.blocks {
			x += q.columns[block*f.panels*panelCols+j]
		}
		q.ampere = max(q.ampere, x)
	}
	s.pool.do(f.panels, func(p int) { setAbs(f.panel(s.z, p), f.panel(q.bit, p)) })
	s.solveBits(s.z, false)
	s.pool.do(f.panels, func(p int) { s.colSums[p] = largestProduct(f.panel(s.z, p), f.panel(s.sb, p)) })
	q.bitVoltage = maxAbs(s.colSums)
	s.pool.do(f.panels, func(p int) {
		multiply(f.panel(s.z, p), f.panel(f.k, p))
		addAbs(f.panel(s.z, p), f.panel(q.word, p))
	})
	s.solveWords(s.z)
	s.pool.do(f.panels, func(p int) { s.colSums[p] = largestProduct(f.panel(s.z, p), f.panel(s.sw, p)) })
	q.voltage = maxAbs(s.colSums)
}

func setAbs(dst, x []float64) {
	x = x[:len(dst)]
	for k := range dst {
		dst[k] = math.Abs(x[k])
	}
}

func addAbs(dst, x []float64) {
	x = x[:len(dst)]
	for k := range dst {
		dst[k] += math.Abs(x[k])
	}
}

func largestProduct(x, y []float64) float64 {
	y = y[:len(x)]
	var m float64
	for k := range x {
		if v := x[k] * y[k]; v > m {
			m = v
		}
	}
	return m
}

// feedPart sets the currents into the nodes of a row in a panel. It returns the sum
// of the magnitudes of the currents that the sources drive there without resistance of
// the lines, and adds them to columns.
func (s *Solver) feedPart(i, p int, columns []float64) float64 {
	f, q := s.f, s.feed
	first, n := p*panelCols, f.width(p)
	at, cell := f.at(i, first), i*f.cols+first
	in := &q.in
	v, offB := s.offW[i], s.offB[first:first+n]
	c := f.c[at : at+n]
	var word, bit, size lanes
	for j, g := range c {
		x := g * (v - offB[j])
		if in.Device != nil {
			x += in.Device[cell+j]
			size[j] = math.Abs(in.Device[cell+j])
		}
		word[j], bit[j] = -x, x
		size[j] += g * math.Abs(v-offB[j])
	}
	if f.gw != nil {
		for j, g := range f.gw[at : at+n] {
			word[j] -= g * v
			size[j] += g * math.Abs(v)
		}
	}
	if f.gb != nil {
		for j, g := range f.gb[at : at+n] {
			bit[j] -= g * offB[j]
			size[j] += g * math.Abs(offB[j])
		}
	}
	if in.WordNode != nil {
		for j, x := range in.WordNode[cell : cell+n] {
			word[j] += x
			size[j] += math.Abs(x)
		}
	}
	if in.BitNode != nil {
		for j, x := range in.BitNode[cell : cell+n] {
			bit[j] += x
			size[j] += math.Abs(x)
		}
	}
	sw, sb := s.sw[at:at+n], s.sb[at:at+n]
	dw, db := q.word[at:at+n], q.bit[at:at+n]
	var total float64
	for j := range sw {
		dw[j], db[j] = word[j]*sw[j], bit[j]*sb[j]
		columns[j] += size[j]
		total += size[j]
	}
	return total
}

// divide is x /= y within the array.
func (s *Solver) divide(x, y []float64) {
	f := s.f
	for p := range f.panels {
		x, y := f.panel(x, p), f.panel(y, p)
		for i := 0; i < len(x); i += panelCols {
			for j := range f.width(p) {
				x[i+j] /= y[i+j]
			}
		}
	}
}

// load sets dst to the scaled currents c w + b into bit nodes.
func load(dst, c, w, b []float64) {
	c, w, b = c[:len(dst)], w[:len(dst)], b[:len(dst)]
	for k := range dst {
		dst[k] = c[k]*w[k] + b[k]
	}
}

// residual prepares conjugate gradients for the scaled word voltages: it leaves
// M⁻¹ times the residual in z, r as solveWords does, and returns rz. Unless full, w is M⁻¹
// times the currents into the word nodes, and nothing need be subtracted.
func (s *Solver) residual(full bool) float64 {
	f, q := s.f, s.feed
	s.pool.do(f.panels, func(p int) {
		z, w, k, b := f.panel(s.z, p), f.panel(s.w, p), f.panel(f.k, p), f.panel(q.bit, p)
		load(z, k, w, b)
	})
	s.solveBits(s.z, true)
	if !full {
		return s.solveWords(s.z)
	}
	moveAlong(s.z, q.word, 1)
	s.solveWords(s.z)
	moveAlong(s.z, s.w, -1)
	return s.restart()
}

// settle turns the word voltages into volts, finds the bit voltages and sets dst
// to the currents into the bit line terminals.
func (s *Solver) settle(dst []float64) {
	f, q := s.f, s.feed
	s.pool.do(f.panels, func(p int) {
		u, w, k, b, sw := f.panel(q.u, p), f.panel(s.w, p), f.panel(f.k, p), f.panel(q.bit, p), f.panel(s.sw, p)
		load(u, k, w, b)
		multiply(w, sw)
	})
	s.solveBits(q.u, false)
	s.outputs(dst)
	multiply(q.u, s.sb)
	s.bits = q.u
}

// lineScale returns the largest sum, over a word line, of the magnitudes of
// device currents, currents to ground and currents fed into the nodes.
func (s *Solver) lineScale() float64 {
	f := s.f
	s.pool.do(f.blocks, func(block int) {
		from, to := f.blockRange(block)
		var m float64
		for i := from; i < to; i++ {
			var x float64
			for p := range f.panels {
				x += s.partScale(i, p)
			}
			m = max(m, x)
		}
		s.rowSums[block] = m
	})
	return maxAbs(s.rowSums)
}

// partScale is the sum of lineScale for a row in a panel.
func (s *Solver) partScale(i, p int) float64 {
	f, q := s.f, s.feed
	first, n := p*panelCols, f.width(p)
	at, cell := f.at(i, first), i*f.cols+first
	in := &q.in
	v, offB := s.offW[i], s.offB[first:first+n]
	c, w, u := f.c[at:at+n], s.w[at:at+n], q.u[at:at+n]
	var total float64
	for j, g := range c {
		x := g * ((v - offB[j]) + (w[j] - u[j]))
		if in.Device != nil {
			x += in.Device[cell+j]
		}
		total += math.Abs(x)
	}
	if f.gw != nil {
		for j, g := range f.gw[at : at+n] {
			total += math.Abs(g * (v + w[j]))
		}
	}
	if f.gb != nil {
		for j, g := range f.gb[at : at+n] {
			total += math.Abs(g * (offB[j] + u[j]))
		}
	}
	for _, x := range [][]float64{in.WordNode, in.BitNode} {
		if x != nil {
			for _, y := range x[cell : cell+n] {
				total += math.Abs(y)
			}
		}
	}
	return total
}

// sourceVoltage returns the voltage of the feed of the last solution.
func (s *Solver) sourceVoltage() float64 {
	if s.sources == nil {
		return 0
	}
	return s.sources.voltage
}
