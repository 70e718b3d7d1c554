package line

import "math"

// factors holds the conductances, the factorised lines and what the error bound
// needs of them.
//
// A line is eliminated from its first node to its last. With x the conductance
// that node k sees behind it and to ground, and g that of the segment in front,
// h = 1/(g + x) is the voltage that a current of 1 A into the node adds to the
// voltage of the next node times a = g h, and the next node sees x a behind it.
// Only positive numbers are added, so all h and a, and all solutions for
// positive currents, are accurate to rounding in each element.
//
// Unknowns are scaled by s = sqrt(h): voltages are s times what is computed,
// currents are multiplied by s. This makes the factors of every line,
// segments of any resistance and breaks included, 1 on the diagonal and
// -g s[k] s[k+1] beside it, so that a sweep reads one matrix.
type factors struct {
	grid
	word, bit side

	c      []float64 // device conductances, S
	gw, gb []float64 // conductances from the word and bit nodes to ground, S; nil for none
	k      []float64 // device conductances, scaled on both sides
	aw, ab []float64 // coefficients of the word lines, stored by lines, and bit lines, for kind wire

	// Where lines are nodes: the scale of each, 1 for a terminal, and whether it is
	// a node whose voltage is unknown.
	rowScale, colScale []float64
	rowFree, colFree   []bool

	driveFirst, driveLast []float64 // scaled current into the first and last node of a word line for 1 V, or the scaled voltage of a node
	outFirst, outLast     []float64 // current into ground for a scaled voltage of 1 at the first and last node of a bit line

	idle    []bool  // word lines without a device: they influence nothing
	uniform bool    // without maps and open terminals
	kappa   float64 // largest output conductance with all word nodes at 1 V, S
	kappaT  float64 // the same, or the largest sum of conductances at a word line, S
	mu      float64 // lower bound on the eigenvalues of M⁻¹S, see bound.go
	gain    float64 // bound on the growth of rounding errors, see bound.go

	phi, psi []float64 // voltage profiles along the word and bit lines, at most 1
	test     []float64 // voltages p of the bound where lines are not uniform

	fronts []float64 // conductance of the segment in front of every node of a uniform word line, S; 0 for the last, 1 beyond
	ones   []float64 // one row of a panel
}

func newFactors(net Network) *factors {
	f := &factors{
		grid: newGrid(net.Rows, net.Cols),
		word: newSide(net.RWord, net.RDriver, net.Double, true, net.Rows, net.RWordMap),
		bit:  newSide(net.RBit, net.RSense, net.Double, false, net.Cols, turn(net.RBitMap, net.Rows+1, net.Cols)),
		ones: make([]float64, panelCols),
	}
	fill(f.ones, 1)
	f.fronts = make([]float64, f.panels*panelCols)
	fill(f.fronts, 1)
	if f.word.r > 0 {
		fill(f.fronts[:f.cols], 1/f.word.r)
	}
	f.fronts[f.cols-1] = 0
	f.c, f.k = make([]float64, f.size), make([]float64, f.size)
	f.driveFirst, f.driveLast = make([]float64, f.rows), make([]float64, f.rows)
	f.outFirst, f.outLast = make([]float64, f.panels*panelCols), make([]float64, f.panels*panelCols)
	f.idle = make([]bool, f.rows)
	f.phi, f.psi = f.word.profile(f.cols), f.bit.profile(f.rows)
	if f.word.kind == wire {
		f.aw = make([]float64, f.size)
	} else {
		f.rowScale, f.rowFree = make([]float64, f.rows), make([]bool, f.rows)
	}
	if f.bit.kind == wire {
		f.ab = make([]float64, f.size)
	} else {
		f.colScale, f.colFree = make([]float64, f.panels*panelCols), make([]bool, f.panels*panelCols)
	}
	return f
}

// turn returns the transposed matrix, nil for nil.
func turn(x []float64, rows, cols int) []float64 {
	if x == nil {
		return nil
	}
	t := make([]float64, len(x))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = x[i*cols+j]
		}
	}
	return t
}

// direct reports whether no iteration is needed: all lines of one direction are terminals.
func (f *factors) direct() bool {
	none := func(k kind, free []bool) bool {
		if k == wire {
			return false
		}
		for _, x := range free {
			if x {
				return false
			}
		}
		return true
	}
	return none(f.word.kind, f.rowFree) || none(f.bit.kind, f.colFree)
}

// bitCoefficients returns the coefficients of a panel for a sweep along bit lines.
func (f *factors) bitCoefficients(p int) []float64 {
	if f.bit.kind == node {
		return f.ones
	}
	return f.panel(f.ab, p)
}

// diagonal returns the conductance of a crossing and of its node to ground.
func diagonal(c, ground []float64, at int) float64 {
	if ground == nil {
		return c[at]
	}
	return c[at] + ground[at]
}

// factorRowBlock copies the conductances of a block of word lines and factorises
// the lines. The scales go to p, the largest sum of conductances at a word line to rowSums.
func (s *Solver) factorRowBlock(block int) {
	f := s.f
	from, to := f.blockRange(block)
	var most float64
	for i := from; i < to; i++ {
		row := s.in[i*f.cols : (i+1)*f.cols]
		f.setRow(f.c, i, row)
		total := sum(row)
		f.idle[i] = total == 0
		for p := 0; p < f.panels && f.gw != nil; p++ {
			total += sum(f.part(f.gw, i, p))
		}
		most = max(most, total)
	}
	s.rowSums[block] = most
	f.factorRows(block, s.p, true)
}

// factorRows factorises a block of word lines and sets scale to its scales. Unless
// keep, it changes nothing else.
func (f *factors) factorRows(block int, scale []float64, keep bool) {
	from, to := f.blockRange(block)
	if f.word.kind == node {
		for i := from; i < to; i++ {
			if !keep {
				f.fillRow(scale, i, f.rowScale[i])
				continue
			}
			total := f.word.first[i]
			for j := range f.cols {
				total += diagonal(f.c, f.gw, f.at(i, j))
			}
			f.rowScale[i], f.rowFree[i] = nodeScale(total)
			f.driveFirst[i] = f.word.first[i] * f.rowScale[i]
			if !f.rowFree[i] {
				f.driveFirst[i] = 1
			}
			f.fillRow(scale, i, f.rowScale[i])
		}
		return
	}
	f.diagonals(block, scale)
	if keep {
		f.eliminateLines(block, scale, f.aw[block*tile:], f.stride)
	} else {
		var unused [tile]float64
		f.eliminateLines(block, scale, unused[:], 0)
	}
	last := f.cols - 1
	p, w := f.panels-1, f.width(f.panels-1)
	for i := from; i < to; i++ {
		clear(scale[p*f.stride+i*panelCols:][w:panelCols])
	}
	for q := 0; q < f.panels && to < (block+1)*blockRows; q++ {
		clear(scale[q*f.stride+to*panelCols : q*f.stride+(block+1)*tile])
	}
	if !keep {
		return
	}
	clear(f.aw[f.atLine(from, last):][:(panelCols-w+1)*blockRows])
	for i := from; i < to; i++ {
		f.driveFirst[i] = f.word.first[i] * scale[f.at(i, 0)]
		f.driveLast[i] = f.word.last[i] * scale[f.at(i, last)]
	}
}

// diagonals sets a block of scale to the conductances of the word nodes to the bit
// nodes, to ground and to the far terminals.
func (f *factors) diagonals(block int, scale []float64) {
	for p := range f.panels {
		at := p*f.stride + block*tile
		copy(scale[at:at+tile], f.c[at:at+tile])
		if f.gw != nil {
			for k := at; k < at+tile; k++ {
				scale[k] += f.gw[k]
			}
		}
	}
	from, to := f.blockRange(block)
	for i := from; i < to; i++ {
		scale[f.at(i, f.cols-1)] += f.word.last[i]
	}
}

// eliminateLines turns the conductances of the nodes of a block into scales, and sets
// the coefficients a, which starts at the block and whose panels are step apart. The
// last coefficient and what lies behind it are without meaning.
func (f *factors) eliminateLines(block int, scale, a []float64, step int) {
	from, to := f.blockRange(block)
	var behind, before, front [2 * blockRows]float64 // before: g s of the node before
	fill(behind[:blockRows], 1)                      // a row outside the array must not divide by 0
	copy(behind[:], f.word.first[from:to])
	if f.word.siemens == nil && factorLines(scale[block*tile:], a, f.fronts, &behind, f.panels, f.stride, step) {
		return
	}
	back := 0
	for k := range f.cols {
		at, line := f.at(from, k), k/panelCols*step+k%panelCols*blockRows
		for i := range to - from {
			front[i] = f.fronts[k]
			if f.word.siemens != nil && k < f.cols-1 {
				front[i] = f.word.next(from+i, k, f.cols)
			}
			behind[i] += scale[at+i*panelCols]
			r := eliminate(&behind[i], front[i])
			scale[at+i*panelCols] = r
			if k > 0 {
				a[back+i] = before[i] * r
			}
			before[i] = front[i] * r
		}
		back = line
	}
}

// eliminate takes the conductance that a node sees behind it and to ground, and that
// of the segment in front of it. It returns the scale of the node and leaves the
// conductance that the next node sees behind it.
func eliminate(behind *float64, front float64) float64 {
	h := 1 / (front + *behind)
	*behind = *behind * (front * h)
	return math.Sqrt(h)
}

// nodeScale returns the scale of a line that is one node of the given total
// conductance, and whether its voltage is unknown.
func nodeScale(total float64) (scale float64, free bool) {
	if math.IsInf(total, 1) {
		return 1, false
	}
	return 1 / math.Sqrt(total), true
}

// factorColBlock factorises a panel of bit lines and scales its conductances. It
// needs the scales of the word lines in p, and leaves those of the bit lines
// in pt.
func (s *Solver) factorColBlock(p int) {
	f := s.f
	f.factorCols(p, s.pt, true)
	k, c, row, col := f.panel(f.k, p), f.panel(f.c, p), f.panel(s.p, p), f.panel(s.pt, p)
	for i := range k {
		k[i] = row[i] * c[i] * col[i]
	}
}

// factorCols factorises a panel of bit lines and sets scale to its scales. Unless
// keep, it changes nothing else.
func (f *factors) factorCols(p int, scale []float64, keep bool) {
	n := f.width(p)
	first := p * panelCols
	var ends, other [panelCols]float64
	copy(ends[:], f.bit.first[first:first+n])
	copy(other[:], f.bit.last[first:first+n])
	if f.bit.kind == node {
		for i := 0; i < f.rows && keep; i++ {
			at := f.at(i, first)
			for j := range n {
				other[j] += diagonal(f.c, f.gb, at+j)
			}
		}
		for j := 0; j < n && keep; j++ {
			r, free := nodeScale(ends[j] + other[j])
			f.colScale[first+j], f.colFree[first+j] = r, free
			f.outLast[first+j] = ends[j] * r
			if !free {
				f.outLast[first+j] = 1
			}
		}
		for i := range f.rows {
			copy(scale[f.at(i, first):][:n], f.colScale[first:])
		}
		return
	}
	last := f.rows - 1
	x := f.panel(scale, p)
	copy(x, f.panel(f.c, p))
	if f.gb != nil {
		for k, g := range f.panel(f.gb, p) {
			x[k] += g
		}
	}
	var unused [panelCols]float64
	a := unused[:]
	if keep {
		a = f.panel(f.ab, p)
	}
	var behind, before, front [2 * panelCols]float64
	copy(behind[:], ends[:])
	fill(behind[n:panelCols], 1) // a column outside the array must not divide by 0
	done := 0
	if f.bit.siemens == nil && last > 0 && factorColumns(x, a, &behind, last, 1/f.bit.r) {
		copy(before[:], behind[panelCols:])
		done = last
	}
	for i := done; i <= last; i++ {
		for j := range n {
			front[j] = 0
			behind[j] += x[i*panelCols+j]
			switch {
			case i == last:
				behind[j] += other[j]
			case f.bit.siemens != nil:
				front[j] = f.bit.next(first+j, i, f.rows)
			default:
				front[j] = 1 / f.bit.r
			}
			r := eliminate(&behind[j], front[j])
			x[i*panelCols+j] = r
			if keep && i > 0 {
				a[(i-1)*panelCols+j] = before[j] * r
			}
			before[j] = front[j] * r
		}
	}
	if n < panelCols {
		for i := range f.rows {
			clear(x[i*panelCols+n : (i+1)*panelCols])
		}
	}
	if !keep {
		return
	}
	clear(a[last*panelCols:])
	for i := 0; i < last && n < panelCols; i++ {
		clear(a[i*panelCols+n : (i+1)*panelCols])
	}
	for j := range n {
		f.outFirst[first+j] = ends[j] * x[j]
		f.outLast[first+j] = other[j] * x[last*panelCols+j]
	}
}
