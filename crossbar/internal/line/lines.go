package line

// solveBits sets x = (Lb + C)⁻¹ f for all bit lines: the node voltages that
// the currents f drive with the word lines at ground. x and f may be the same.
func (s *Solver) solveBits(x, f []float64) {
	s.dst, s.src = x, f
	s.pool.do(s.f.colBlocks(), s.bitLines)
}

// solveWords sets x = (Lw + C)⁻¹ f for all word lines and returns f·x. x and
// f must not overlap. On word lines that are one node only the sum of a row of
// f matters; there f is changed to the row of equal sum that vanishes with x,
// else the elements of a residual, which need not, would hide their sum.
func (s *Solver) solveWords(x, f []float64) float64 {
	s.dst, s.src = x, f
	s.pool.do(s.f.rowBlocks(), s.wordLines)
	return sum(s.rowSums)
}

func (s *Solver) bitBlock(block int) {
	f := s.f
	from, to := f.colRange(block)
	switch f.bit.kind {
	case terminal:
		for i := range f.rows {
			clear(f.row(s.dst, i, from, to))
		}
	case node:
		var buf [colBlock]float64
		total := buf[:to-from]
		for i := range f.rows {
			accumulate(total, f.row(s.src, i, from, to), f.ones)
		}
		multiply(total, total, f.colGain[from:to])
		for i := range f.rows {
			copy(f.row(s.dst, i, from, to), total)
		}
	case wire:
		aPrev, yPrev := f.zeros[from:to], f.zeros[from:to]
		for i := range f.rows {
			y := f.row(s.dst, i, from, to)
			forwardRow(y, f.row(s.src, i, from, to), aPrev, yPrev, f.bit.r)
			aPrev, yPrev = f.row(f.ab, i, from, to), y
		}
		next := f.zeros[from:to]
		for i := f.rows - 1; i >= 0; i-- {
			y := f.row(s.dst, i, from, to)
			backwardRow(y, f.row(f.ab, i, from, to), next)
			next = y
		}
	}
}

func (s *Solver) wordBlock(block int) {
	from, to := s.f.rowRange(block)
	s.wordRows(s.dst, s.src, from, to)
}

// wordRows is solveWords for the lines from..to; it leaves each line's f·x in rowSums.
func (s *Solver) wordRows(x, src []float64, from, to int) {
	f := s.f
	switch f.word.kind {
	case terminal:
		for i := from; i < to; i++ {
			clear(f.row(x, i, 0, f.cols))
			s.rowSums[i] = 0
		}
	case node:
		base := f.word.ends * f.word.end / float64(f.cols)
		for i := from; i < to; i++ {
			r := f.row(src, i, 0, f.cols)
			total := sum(r)
			v := total * f.rowGain[i]
			fill(f.row(x, i, 0, f.cols), v)
			s.rowSums[i] = total * v
			spread(r, f.row(f.c, i, 0, f.cols), base, v)
		}
	case wire:
		i := from
		for ; i+4 <= to; i += 4 {
			at := i * f.ld
			sweep4(x[at:], src[at:], f.aw[at:], f.cols, f.ld, f.word.r, (*[4]float64)(s.rowSums[i:]))
		}
		for ; i < to; i++ {
			s.rowSums[i] = sweep(f.row(x, i, 0, f.cols), f.row(src, i, 0, f.cols), f.row(f.aw, i, 0, f.cols), f.word.r)
		}
	}
}

// outputs sets dst to the currents into ground of the node voltages w and u,
// in amperes.
func (f *factors) outputs(dst, w, u []float64) {
	clear(dst)
	if f.bit.kind == terminal {
		for i := range f.rows {
			accumulate(dst, f.row(f.c, i, 0, f.cols), f.row(w, i, 0, f.cols))
		}
		return
	}
	f.senseCurrents(dst, f.row(u, 0, 0, f.cols), f.row(u, f.rows-1, 0, f.cols))
}

// senseCurrents sets dst to the currents into ground of bit lines that start
// at the voltages first and end at the voltages last.
func (f *factors) senseCurrents(dst, first, last []float64) {
	first, last = first[:len(dst)], last[:len(dst)]
	for j := range dst {
		dst[j] = f.bit.end * (last[j] + (f.bit.ends-1)*first[j])
	}
}
