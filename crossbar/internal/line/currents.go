package line

// WordVoltages sets dst to the word node voltages of the last solution,
// row-major, rows × cols, in volts. It panics if there is none or dst has the
// wrong length.
func (s *Solver) WordVoltages(dst []float64) {
	f := s.f
	s.need(len(dst), f.rows*f.cols)
	s.unscale()
	for i := range f.rows {
		row := dst[i*f.cols:][:f.cols]
		f.getRow(row, s.w, i)
		for j := range row {
			row[j] += s.offW[i]
		}
	}
}

// BitVoltages sets dst to the bit node voltages of the last solution,
// row-major, rows × cols, in volts. It panics if there is none or dst has the
// wrong length.
func (s *Solver) BitVoltages(dst []float64) {
	f := s.f
	s.need(len(dst), f.rows*f.cols)
	s.findBits()
	for i := range f.rows {
		row := dst[i*f.cols:][:f.cols]
		f.getRow(row, s.bits, i)
		for j := range row {
			row[j] += s.offB[j]
		}
	}
}

// DeviceCurrents sets dst to the currents through the devices, and the sources
// parallel to them, from word to bit line, row-major, rows × cols, in amperes. It
// panics if there is no solution or dst has the wrong length.
func (s *Solver) DeviceCurrents(dst []float64) {
	f := s.f
	s.need(len(dst), f.rows*f.cols)
	s.findBits()
	for i := range f.rows {
		for j := range f.cols {
			at := f.at(i, j)
			dst[i*f.cols+j] = f.c[at] * s.across(i, j, at)
		}
	}
	if s.sources != nil && s.sources.in.Device != nil {
		for k, x := range s.sources.in.Device {
			dst[k] += x
		}
	}
}

// across returns the voltage from word to bit node of a crossing.
func (s *Solver) across(i, j, at int) float64 {
	x := s.w[at] - s.bits[at]
	if q := s.fine; q != nil {
		x += q.wLow[at] - q.low[at]
	}
	return (s.offW[i] - s.offB[j]) + x
}

// WordCurrents sets dst to the currents in the word line segments, row-major,
// rows × (cols+1), in amperes, counted towards higher columns: element k of a
// row is the current that enters node k from the left, element 0 that of the
// driver, element cols that out of the far end, which is 0 unless Double.
// They follow from the currents out of the nodes by Kirchhoff's law and, with
// Double, by the division of a current on a resistive line; a line without any
// resistance divides as one with equal segments. WordCurrents panics if there is
// no solution or dst has the wrong length.
func (s *Solver) WordCurrents(dst []float64) {
	f := s.f
	n := f.cols
	s.need(len(dst), f.rows*(n+1))
	taken := make([]float64, f.rows*n)
	s.DeviceCurrents(taken)
	fed, _ := s.fed()
	for i := range f.rows {
		row := taken[i*n:][:n]
		s.leave(row, f.gw, fed, func(k int) (at, cell int) { return f.at(i, k), i*n + k }, s.w, func(int) float64 { return s.offW[i] })
		segments(dst[i*(n+1):][:n+1], row, &f.word, i)
	}
}

// BitCurrents sets dst to the currents in the bit line segments, row-major,
// (rows+1) × cols, in amperes, counted towards higher rows: row k is the
// current that enters node k from above, row 0 that from the far end, which is 0
// unless Double, and row rows that into the terminal at the near end. They follow
// as those of WordCurrents do. BitCurrents panics if there is no solution or dst
// has the wrong length.
func (s *Solver) BitCurrents(dst []float64) {
	f := s.f
	m, n := f.rows, f.cols
	s.need(len(dst), (m+1)*n)
	device := make([]float64, m*n)
	s.DeviceCurrents(device)
	_, fed := s.fed()
	line, taken := make([]float64, m+1), make([]float64, m)
	for j := range n {
		for i := range m {
			taken[i] = -device[i*n+j]
		}
		s.leave(taken, f.gb, fed, func(i int) (at, cell int) { return f.at(i, j), i*n + j }, s.bits, func(int) float64 { return s.offB[j] })
		segments(line, taken, &f.bit, j)
		for i := range line {
			dst[i*n+j] = line[i]
		}
	}
}

// leave adds to taken what the nodes of a line give to ground less what is fed into them.
func (s *Solver) leave(taken, ground, fed []float64, place func(k int) (at, cell int), v []float64, offset func(k int) float64) {
	for k := range taken {
		at, cell := place(k)
		if ground != nil {
			taken[k] += ground[at] * (offset(k) + v[at])
		}
		if fed != nil {
			taken[k] -= fed[cell]
		}
	}
}

// segments sets dst to the currents of a line whose nodes give the currents
// taken, counted towards higher nodes. Each part between two breaks is fed from the
// ends of the line that it has.
func segments(dst, taken []float64, s *side, line int) {
	n := len(taken)
	first, last := s.atEnds(line)
	for from := 0; from < n; {
		to := from + 1
		for to < n && (s.kind == node || s.next(line, to-1, n) > 0) {
			to++
		}
		left, right := from == 0 && first > 0, to == n && last > 0
		d := dst[from : to+1]
		t := taken[from:to]
		switch {
		case left && right:
			divide(d, t, s, line, 1/first, 1/last)
		case right:
			d[0] = 0
			for k, x := range t {
				d[k+1] = d[k] - x
			}
		default:
			d[len(t)] = 0
			for k := len(t) - 1; k >= 0; k-- {
				d[k] = d[k+1] + t[k]
			}
			if !left {
				d[0] = 0 // but for rounding
			}
		}
		from = to
	}
}

// divide sets dst to the currents of a line between two terminals of equal
// voltage.
func divide(dst, taken []float64, s *side, line int, first, last float64) {
	n := len(taken)
	r := func(k int) float64 { return s.ohm(line, k, n) }
	if first == 0 && last == 0 {
		r = func(int) float64 { return 1 }
		first, last = 1, 1
	}
	whole := first + last
	for k := 1; k < n; k++ {
		whole += r(k)
	}
	// A node's share of the first end is the resistance from it to the last end.
	dst[0] = 0
	rest := last
	for k := n - 1; k >= 0; k-- {
		dst[0] += taken[k] * (rest / whole)
		rest += r(k)
	}
	for k := range n {
		dst[k+1] = dst[k] - taken[k]
	}
}

// Power is the balance of power of an array, in watts. Source equals the sum
// of the other fields.
type Power struct {
	Source float64 // delivered by the voltage sources and by currents fed into nodes
	Device float64 // dissipated in the devices, the sources parallel to them included, and in conductances to ground
	Word   float64 // dissipated in the word line segments
	Bit    float64 // dissipated in the bit line segments
	Driver float64 // dissipated in the driver resistances
	Sense  float64 // dissipated in the sense resistances
}

// Power returns the balance of power of the last solution. It panics if there
// is none.
func (s *Solver) Power() Power {
	f := s.f
	m, n := f.rows, f.cols
	var p Power
	word, bit := make([]float64, m*(n+1)), make([]float64, (m+1)*n)
	s.WordCurrents(word)
	s.BitCurrents(bit)
	lossy := func(r, x float64) float64 {
		if x == 0 {
			return 0 // of a broken segment
		}
		return r * x * x
	}
	fedW, fedB := s.fed()
	for i := range m {
		line := word[i*(n+1):][:n+1]
		p.Source += (s.v[i] + s.offW[i]) * (line[0] - line[n])
		p.Driver += f.word.extra * (line[0]*line[0] + line[n]*line[n])
		for k, x := range line {
			p.Word += lossy(f.word.ohm(i, k, n), x)
		}
		for j := range n {
			at, cell := f.at(i, j), i*n+j
			v := s.across(i, j, at)
			x := f.c[at] * v
			p.Device += x * v
			if s.sources == nil {
				continue
			}
			if d := s.sources.in.Device; d != nil {
				p.Device += d[cell] * v
			}
			w, u := s.offW[i]+s.w[at], s.offB[j]+s.bits[at]
			if fedW != nil {
				p.Source += fedW[cell] * w
			}
			if fedB != nil {
				p.Source += fedB[cell] * u
			}
		}
	}
	ground := func(g, v []float64, offset func(i, j int) float64) {
		for i := 0; i < m && g != nil; i++ {
			for j := range n {
				at := f.at(i, j)
				x := offset(i, j) + v[at]
				p.Device += g[at] * x * x
			}
		}
	}
	ground(f.gw, s.w, func(i, _ int) float64 { return s.offW[i] })
	ground(f.gb, s.bits, func(_, j int) float64 { return s.offB[j] })
	for j := range n {
		near, far := bit[m*n+j], bit[j]
		p.Source -= s.offB[j] * (near - far)
		p.Sense += f.bit.extra * (near*near + far*far)
		for k := range m + 1 {
			p.Bit += lossy(f.bit.ohm(j, k, m), bit[k*n+j])
		}
	}
	return p
}

func (s *Solver) need(got, want int) {
	if !s.solved {
		panic("line: no solution")
	}
	if got != want {
		panic("line: wrong length of result")
	}
}
