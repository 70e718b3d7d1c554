package line

const maxRefinements = 8

// pairs holds node voltages as unevaluated sums of two float64, so that the
// small voltages across wires and devices keep full accuracy.
type pairs struct {
	wLow   []float64 // added to w
	u, low []float64 // bit voltages and what is added to them
	e      []float64 // correction of the word voltages
	ru     []float64 // residual currents of the bit nodes, then the voltages they drive
}

// certify computes the currents missing in Kirchhoff's law at every node from
// the resistances and the node voltages, in pairs of float64. It corrects the bit
// voltages by what these currents drive, leaves the residual of the word lines in
// r, M⁻¹ r in z and their product in rz, sets dst to the outputs, and returns a
// bound, in amperes, on their error. Unlike the residual that the conjugate
// gradients carry along, this one does not depend on how the voltages were found.
func (s *Solver) certify(dst []float64) (rz, bound float64) {
	f := s.f
	if s.fine == nil {
		s.startPairs()
	}
	q := s.fine
	s.missingCurrents()
	s.solveBits(q.ru, q.ru)
	for i := range f.rows {
		accumulate(f.row(s.r, i, 0, f.cols), f.row(f.c, i, 0, f.cols), f.row(q.ru, i, 0, f.cols))
	}
	addPair(q.u, q.low, q.ru)
	rz = s.solveWords(s.z, s.r)
	f.outputs(dst, s.w, q.u)
	f.outputs(s.qLast, q.wLow, q.low)
	accumulate(dst, s.qLast, f.ones)
	// What pairs round off is the square of what float64 does.
	nodes := float64(f.rows + f.cols)
	return rz, f.energyBound(rz) + nodes*unit*f.roundingBound(s.largest(s.w)) + 4*unit*maxAbs(dst)
}

// refine adds the voltages that the residual of certify drives to the node
// voltages, aiming at target as the next bound, and returns the number of
// steps made.
func (s *Solver) refine(rz, target float64, limit int) int {
	f, q := s.f, s.fine
	clear(q.e)
	first := rz
	n, _ := s.pcg(q.e, s.bitSums, rz, limit, func(rz float64) bool {
		return f.energyBound(rz) <= target/4 || rz <= 1e-20*first
	})
	multiply(s.z, f.c, q.e)
	s.solveBits(s.z, s.z)
	addPair(s.w, q.wLow, q.e)
	addPair(q.u, q.low, s.z)
	return n
}

func (s *Solver) startPairs() {
	f := s.f
	if s.spare == nil {
		size := f.rows * f.ld
		s.spare = &pairs{
			wLow: make([]float64, size),
			u:    make([]float64, size),
			low:  make([]float64, size),
			e:    make([]float64, size),
			ru:   make([]float64, size),
		}
	}
	q := s.spare
	clear(q.wLow)
	clear(q.low)
	for i := range f.rows {
		multiply(f.row(q.u, i, 0, f.cols), f.row(f.c, i, 0, f.cols), f.row(s.w, i, 0, f.cols))
	}
	s.solveBits(q.u, q.u)
	s.fine, s.bits = q, q.u
}

// addPair adds d to the sums high + low.
func addPair(high, low, d []float64) {
	low, d = low[:len(high)], d[:len(high)]
	for k, h := range high {
		p := pair{h, low[k]}.add(pair{high: d[k]})
		high[k], low[k] = p.high, p.low
	}
}

// missingCurrents sets r and ru to the currents that Kirchhoff's law misses at
// the word and bit nodes, in amperes.
func (s *Solver) missingCurrents() {
	f, q := s.f, s.fine
	wordEnd, bitEnd := twoSum(f.word.r, f.word.extra), twoSum(f.bit.r, f.bit.extra)
	word, bit := pair{high: f.word.r}, pair{high: f.bit.r}
	n := f.cols
	w := func(at int) pair { return pair{s.w[at], q.wLow[at]} }
	u := func(at int) pair { return pair{q.u[at], q.low[at]} }
	clear(s.qFirst)
	clear(s.qLast)
	for i, v := range s.v {
		source := pair{high: v}
		var row pair // current into an ideal word line
		for k := range n {
			at := i*f.ld + k
			w0, u0 := w(at), u(at)
			device := w0.sub(u0).times(f.c[at])
			into, away := pair{}, device
			switch {
			case f.open[i]:
				// Rounding displaces the line, but nobody sees it.
			case f.word.kind == node:
				row = row.sub(device)
			default:
				if k > 0 {
					into = w(at - 1).sub(w0).over(word)
				}
				if k < n-1 {
					away = away.add(w0.sub(w(at + 1)).over(word))
				}
				if k == 0 {
					into = into.add(source.sub(w0).over(wordEnd))
				}
				if k == n-1 && f.word.ends == 2 {
					into = into.add(source.sub(w0).over(wordEnd))
				}
				into = into.sub(away)
			}
			s.r[at] = into.value()

			into, away = device, pair{}
			if f.bit.kind == node {
				total := pair{s.qFirst[k], s.qLast[k]}.add(device)
				s.qFirst[k], s.qLast[k] = total.high, total.low
				q.ru[at] = 0
				continue
			}
			if i > 0 {
				into = into.add(u(at - f.ld).sub(u0).over(bit))
			}
			if i < f.rows-1 {
				away = u0.sub(u(at + f.ld)).over(bit)
			}
			if i == f.rows-1 {
				away = away.add(u0.over(bitEnd))
			}
			if i == 0 && f.bit.ends == 2 {
				away = away.add(u0.over(bitEnd))
			}
			q.ru[at] = into.sub(away).value()
		}
		// The one node of an ideal line gets all its current in the first element.
		if f.word.kind == node && !f.open[i] {
			drive := source.sub(w(i * f.ld)).over(wordEnd).times(f.word.ends)
			s.r[i*f.ld] = drive.add(row).value()
		}
	}
	if f.bit.kind == node {
		for k := range n {
			sense := u(k).over(bitEnd).times(f.bit.ends)
			q.ru[k] = pair{s.qFirst[k], s.qLast[k]}.sub(sense).value()
		}
	}
}
