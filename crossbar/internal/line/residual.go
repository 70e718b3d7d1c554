package line

import "math"

// pairAt returns element k of an array of pairs; low may be nil.
func pairAt(high, low []float64, k int) pair {
	if low == nil {
		return pair{high: high[k]}
	}
	return pair{high[k], low[k]}
}

// device returns the current from word to bit node of a crossing whose node
// voltages, relative to the terminals, are w and u.
func (s *Solver) device(i, j, at int, w, u pair) pair {
	x := w.sub(u)
	if s.sources == nil {
		return x.times(s.f.c[at])
	}
	x = x.add(twoSum(s.offW[i], -s.offB[j])).times(s.f.c[at])
	if d := s.sources.in.Device; d != nil {
		x = x.add(pair{high: d[i*s.f.cols+j]})
	}
	return x
}

// leaving returns what a node gives to ground less what is fed into it.
func leaving(ground []float64, fed []float64, at, cell int, v pair) pair {
	var x pair
	if ground != nil {
		x = v.times(ground[at])
	}
	if fed != nil {
		x = x.sub(pair{high: fed[cell]})
	}
	return x
}

// missingCurrents sets r and ru to the currents that Kirchhoff's law misses at
// the word and bit nodes, in amperes. The one node of an ideal line gets all its
// current in the first element.
func (s *Solver) missingCurrents(wLow, u, uLow []float64) {
	f := s.f
	clear(s.r)
	clear(s.ru)
	s.pool.do(f.blocks, func(block int) {
		from, to := f.blockRange(block)
		for i := from; i < to; i++ {
			s.missingRow(i, wLow, u, uLow)
		}
	})
	if f.bit.kind == node {
		s.pool.do(f.panels, func(p int) {
			for j := p * panelCols; j < p*panelCols+f.width(p); j++ {
				s.missingNode(j, wLow, u, uLow)
			}
		})
	}
}

// missingInner sets r and ru for the nodes of a row that have neighbours on all sides, where the
// lines are uniform wires without sources and the voltages are single float64. It is missingRow
// without what these do not need, three times as fast.
func (s *Solver) missingInner(i int, u []float64) {
	f := s.f
	word, bit := inverse(f.word.r), inverse(f.bit.r)
	last := f.cols - 1
	for p := range f.panels {
		first := p * panelCols
		row := p*f.stride + i*panelCols
		for j := range f.width(p) {
			if k := first + j; k == 0 || k == last {
				continue
			}
			at := row + j
			left, right := at-1, at+1
			if j == 0 {
				left = at - f.stride + panelCols - 1
			}
			if j == panelCols-1 {
				right = at + f.stride - panelCols + 1
			}
			w0, u0 := s.w[at], u[at]
			x, c := twoSum(w0, -u0), f.c[at]
			d := float64(x.high * c)
			device := pair{d, math.FMA(x.high, c, -d) + float64(x.low*c)}
			s.r[at] = second(s.w[left], w0, s.w[right], word).less(device)
			s.ru[at] = second(u[at-panelCols], u0, u[at+panelCols], bit).less(pair{-device.high, -device.low})
		}
	}
}

// inverse returns 1/r.
func inverse(r float64) pair { return pair{high: 1}.over(pair{high: r}) }

// second returns (a - 2 b + c) g, not renormalised.
func second(a, b, c float64, g pair) pair {
	left, right := twoSum(a, -b), twoSum(c, -b)
	x := twoSum(left.high, right.high)
	low := x.low + (left.low + right.low)
	y := float64(x.high * g.high)
	return pair{y, math.FMA(x.high, g.high, -y) + (float64(x.high*g.low) + float64(low*g.high))}
}

// less returns a - b as one number.
func (a pair) less(b pair) float64 {
	x := twoSum(a.high, -b.high)
	return x.high + (x.low + (a.low - b.low))
}

func (s *Solver) missingRow(i int, wLow, u, uLow []float64) {
	f := s.f
	m, n := f.rows, f.cols
	if i > 0 && i < m-1 && f.uniform && f.word.kind == wire && f.bit.kind == wire && f.gw == nil && f.gb == nil && s.sources == nil && wLow == nil && !f.idle[i] {
		s.missingInner(i, u)
		for _, k := range []int{0, n - 1} {
			s.missingCell(i, k, wLow, u, uLow)
		}
		return
	}
	var row pair // current out of an ideal word line
	for k := range n {
		row = row.add(s.missingCell(i, k, wLow, u, uLow))
	}
	if f.word.kind == node && f.rowFree[i] && !s.unseen(i) {
		at := f.at(i, 0)
		var drive pair
		if f.word.first[i] > 0 {
			drive = pair{high: s.v[i]}.sub(pairAt(s.w, wLow, at)).over(pair{high: f.word.extra}).times(f.word.ends)
		}
		s.r[at] = drive.sub(row).value()
	}
}

// unseen reports whether nobody sees that rounding displaces a word line: it has no device, nor
// anything else.
func (s *Solver) unseen(i int) bool {
	fedW, _ := s.fed()
	return s.f.idle[i] && s.f.gw == nil && fedW == nil
}

// missingCell sets r and ru for a crossing. The current out of an ideal word line it returns.
func (s *Solver) missingCell(i, k int, wLow, u, uLow []float64) (out pair) {
	f := s.f
	m, n := f.rows, f.cols
	source := pair{high: s.v[i]}
	fedW, fedB := s.fed()
	bitEnd := func(segment float64) pair { return twoSum(segment, f.bit.extra) }
	at := f.at(i, k)
	w0, u0 := pairAt(s.w, wLow, at), pairAt(u, uLow, at)
	device := s.device(i, k, at, w0, u0)
	away := device.add(leaving(f.gw, fedW, at, i*n+k, w0.add(pair{high: s.offW[i]})))
	switch {
	case s.unseen(i):
	case f.word.kind == node:
		out = away
	default:
		var left, right pair // voltages across the segments
		if k > 0 {
			left = pairAt(s.w, wLow, f.at(i, k-1)).sub(w0)
		}
		if k < n-1 {
			right = pairAt(s.w, wLow, f.at(i, k+1)).sub(w0)
		}
		into := f.word.through(i, k, n, left, right)
		if k == 0 && f.word.first[i] > 0 {
			into = into.add(source.sub(w0).over(twoSum(f.word.ohm(i, 0, n), f.word.extra)))
		}
		if k == n-1 && f.word.last[i] > 0 {
			into = into.add(source.sub(w0).over(twoSum(f.word.ohm(i, n, n), f.word.extra)))
		}
		s.r[at] = into.sub(away).value()
	}
	if f.bit.kind == node {
		return out
	}
	var up, down pair
	if i > 0 {
		up = pairAt(u, uLow, at-panelCols).sub(u0)
	}
	if i < m-1 {
		down = pairAt(u, uLow, at+panelCols).sub(u0)
	}
	into := device.add(f.bit.through(k, i, m, up, down))
	into = into.sub(leaving(f.gb, fedB, at, i*n+k, u0.add(pair{high: s.offB[k]})))
	if i == 0 && f.bit.first[k] > 0 {
		into = into.sub(u0.over(bitEnd(f.bit.ohm(k, 0, m))))
	}
	if i == m-1 && f.bit.last[k] > 0 {
		into = into.sub(u0.over(bitEnd(f.bit.ohm(k, m, m))))
	}
	s.ru[at] = into.value()
	return out
}

// missingNode is missingRow for a bit line that is a node.
func (s *Solver) missingNode(j int, wLow, u, uLow []float64) {
	f := s.f
	if !f.colFree[j] {
		return
	}
	_, fedB := s.fed()
	var total pair
	for i := range f.rows {
		at := f.at(i, j)
		u0 := pairAt(u, uLow, at)
		total = total.add(s.device(i, j, at, pairAt(s.w, wLow, at), u0))
		total = total.sub(leaving(f.gb, fedB, at, i*f.cols+j, u0.add(pair{high: s.offB[j]})))
	}
	at := f.at(0, j)
	if f.bit.first[j] > 0 {
		total = total.sub(pairAt(u, uLow, at).over(pair{high: f.bit.extra}).times(f.bit.ends))
	}
	s.ru[at] = total.value()
}

// through returns the current into node k from the segments beside it, across
// which there are the voltages left and right, of which the outer are 0.
func (s *side) through(line, k, n int, left, right pair) pair {
	if s.ohms == nil {
		// A line that is nearly straight loses most digits before the division.
		return left.add(right).over(pair{high: s.r})
	}
	var x pair
	if r := s.ohm(line, k, n); k > 0 && !math.IsInf(r, 1) {
		x = left.over(pair{high: r})
	}
	if r := s.ohm(line, k+1, n); k < n-1 && !math.IsInf(r, 1) {
		x = x.add(right.over(pair{high: r}))
	}
	return x
}

// currentsOut sets dst to the currents into the bit line terminals and returns the
// largest sum of the magnitudes at the ends of a line.
func (s *Solver) currentsOut(dst []float64, wLow, u, uLow []float64) (size float64) {
	f := s.f
	m := f.rows
	_, fedB := s.fed()
	for j := range dst {
		first, last := f.at(0, j), f.at(m-1, j)
		switch {
		case f.bit.kind == wire:
			x, y := f.bit.last[j]*pairAt(u, uLow, last).value(), f.bit.first[j]*pairAt(u, uLow, first).value()
			dst[j] = x + y
			size = max(size, math.Abs(x)+math.Abs(y))
			continue
		case f.colFree[j]:
			dst[j] = f.bit.first[j] * pairAt(u, uLow, first).value()
		default:
			var total pair
			for i := range m {
				at := f.at(i, j)
				total = total.add(s.device(i, j, at, pairAt(s.w, wLow, at), pair{}))
				total = total.sub(leaving(f.gb, fedB, at, i*f.cols+j, pair{high: s.offB[j]}))
			}
			dst[j] = total.value()
		}
		size = max(size, math.Abs(dst[j]))
	}
	return size
}

// fed returns the currents into the word and bit nodes of the last solution, nil for none.
func (s *Solver) fed() (word, bit []float64) {
	if s.sources == nil {
		return nil, nil
	}
	return s.sources.in.WordNode, s.sources.in.BitNode
}
