package line

// WordVoltages sets dst to the word node voltages of the last solution,
// row-major, rows × cols, in volts. It panics if there is none or dst has the
// wrong length.
func (s *Solver) WordVoltages(dst []float64) {
	s.need(len(dst), s.f.rows*s.f.cols)
	s.unpad(dst, s.w)
}

// BitVoltages sets dst to the bit node voltages of the last solution,
// row-major, rows × cols, in volts. It panics if there is none or dst has the
// wrong length.
func (s *Solver) BitVoltages(dst []float64) {
	s.need(len(dst), s.f.rows*s.f.cols)
	s.findBits()
	s.unpad(dst, s.bits)
}

// DeviceCurrents sets dst to the currents through the devices from word to
// bit line, row-major, rows × cols, in amperes. It panics if there is no
// solution or dst has the wrong length.
func (s *Solver) DeviceCurrents(dst []float64) {
	f := s.f
	s.need(len(dst), f.rows*f.cols)
	s.findBits()
	for i := range f.rows {
		c, w, u := f.row(f.c, i, 0, f.cols), f.row(s.w, i, 0, f.cols), f.row(s.bits, i, 0, f.cols)
		d := dst[i*f.cols:][:f.cols]
		for j := range d {
			x := w[j] - u[j]
			if q := s.fine; q != nil {
				x += q.wLow[i*f.ld+j] - q.low[i*f.ld+j]
			}
			d[j] = c[j] * x
		}
	}
}

// WordCurrents sets dst to the currents in the word line segments, row-major,
// rows × (cols+1), in amperes, counted towards higher columns: element k of a
// row is the current that enters node k from the left, element 0 that of the
// driver, element cols that out of the far end, which is 0 unless Double.
// They follow from the device currents by Kirchhoff's law and, with Double, by
// the division of a current on a resistive line; a line without any resistance
// divides as one with equal segments. WordCurrents panics if there is no solution or
// dst has the wrong length.
func (s *Solver) WordCurrents(dst []float64) {
	f := s.f
	n := f.cols
	s.need(len(dst), f.rows*(n+1))
	device := make([]float64, f.rows*n)
	s.DeviceCurrents(device)
	for i := range f.rows {
		segments(dst[i*(n+1):][:n+1], device[i*n:][:n], f.word)
	}
}

// BitCurrents sets dst to the currents in the bit line segments, row-major,
// (rows+1) × cols, in amperes, counted towards higher rows: row k is the
// current that enters node k from above, row 0 that from the far end, which is 0
// unless Double, and row rows that into ground at the near end. They follow from the
// device currents as those of WordCurrents do. BitCurrents panics if there is
// no solution or dst has the wrong length.
func (s *Solver) BitCurrents(dst []float64) {
	f := s.f
	m, n := f.rows, f.cols
	s.need(len(dst), (m+1)*n)
	device := make([]float64, m*n)
	s.DeviceCurrents(device)
	// Seen from the near end, a bit line is a word line that gives instead of
	// takes: current towards higher rows there is current away from the terminal here.
	line, taken := make([]float64, m+1), make([]float64, m)
	for j := range n {
		for i := range m {
			taken[i] = device[(m-1-i)*n+j]
		}
		segments(line, taken, f.bit)
		for i := range line {
			dst[(m-i)*n+j] = line[i]
		}
	}
}

// segments sets dst to the currents of a line that feeds the currents
// taken from its ends, counted away from the near end.
func segments(dst, taken []float64, line side) {
	n := len(taken)
	if line.ends == 1 {
		dst[n] = 0
		for k := n - 1; k >= 0; k-- {
			dst[k] = dst[k+1] + taken[k]
		}
		return
	}
	r, end := line.r, 1/line.end
	if line.kind == terminal {
		r, end = 1, 1
	}
	whole := float64(n-1)*r + 2*end
	var near float64
	for k := range n {
		near += taken[k] * ((float64(n-1-k)*r + end) / whole)
	}
	dst[0] = near
	for k := range n {
		dst[k+1] = dst[k] - taken[k]
	}
}

// Power is the balance of power of an array, in watts. Source equals the sum
// of the other fields.
type Power struct {
	Source float64 // delivered by the voltage sources
	Device float64 // dissipated in the devices
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
	word, bit, device := make([]float64, m*(n+1)), make([]float64, (m+1)*n), make([]float64, m*n)
	s.WordCurrents(word)
	s.BitCurrents(bit)
	s.DeviceCurrents(device)
	for i, v := range s.v {
		line := word[i*(n+1):][:n+1]
		p.Source += v * (line[0] - line[n])
		p.Driver += f.word.extra * (line[0]*line[0] + line[n]*line[n])
		for _, x := range line {
			p.Word += f.word.r * x * x
		}
		for j, x := range device[i*n:][:n] {
			if c := f.c[i*f.ld+j]; c > 0 {
				p.Device += x * (x / c)
			}
		}
	}
	for _, x := range bit {
		p.Bit += f.bit.r * x * x
	}
	for j := range n {
		near, far := bit[m*n+j], bit[j]
		p.Sense += f.bit.extra * (near*near + far*far)
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

// findBits makes the bit voltages of the last solution known.
func (s *Solver) findBits() {
	if s.bits != nil {
		return
	}
	multiply(s.z, s.f.c, s.w)
	s.solveBits(s.z, s.z)
	s.bits = s.z
}

func (s *Solver) unpad(dst, x []float64) {
	f := s.f
	for i := range f.rows {
		copy(dst[i*f.cols:(i+1)*f.cols], f.row(x, i, 0, f.cols))
	}
}
