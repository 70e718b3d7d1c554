package line

import "fmt"

// factors holds a conductance matrix, its factorised lines and what the error
// bound needs of them. Matrices have ld elements a row.
//
// A line of wire is eliminated in units of its segment conductance: with e the
// conductance that node k sees behind it, a[k] = 1/(1 + e) is the voltage that
// reaches node k from node k+1, and the next node sees e a[k] in series and its
// own device in parallel. Only positive numbers are added, so all a[k], and
// all solutions for positive currents, are accurate to rounding in each element.
type factors struct {
	rows, cols, ld int
	word, bit      side

	c       []float64 // device conductances, S
	aw, ab  []float64 // ratios a of the word and bit lines, for kind wire
	rowGain []float64 // 1/(conductance at the one node of a word line), Ω, for kind node
	colGain []float64 // the same of the bit lines, Ω

	t     []float64 // word voltages for V = 1 with all bit lines at ground
	open  []bool    // word lines without a device: they influence nothing
	kappa float64   // largest output conductance with all word nodes at 1 V, S
	mu    float64   // lower bound on the eigenvalues of M⁻¹S, see bound.go
	gain  float64   // bound on the growth of rounding errors, see bound.go

	phi, psi []float64 // voltage profiles along the word and bit lines, at most 1

	zeros, ones []float64 // one row
}

func newFactors(net Network) *factors {
	ld := net.Cols
	if ld >= 64 {
		// Rows that start a power of two apart would share cache sets.
		ld = (ld+7)&^7 + 8
	}
	size := net.Rows * ld
	f := &factors{
		rows: net.Rows,
		cols: net.Cols,
		ld:   ld,
		word: newSide(net.RWord, net.RDriver, net.Double),
		bit:  newSide(net.RBit, net.RSense, net.Double),
		c:    make([]float64, size),
		t:    make([]float64, size),
		open: make([]bool, net.Rows),

		zeros: make([]float64, net.Cols),
		ones:  make([]float64, net.Cols),
	}
	fill(f.ones, 1)
	f.phi, f.psi = f.word.profile(net.Cols, true), f.bit.profile(net.Rows, false)
	switch f.word.kind {
	case wire:
		f.aw = make([]float64, size)
	case node:
		f.rowGain = make([]float64, net.Rows)
	}
	switch f.bit.kind {
	case wire:
		f.ab = make([]float64, size)
	case node:
		f.colGain = make([]float64, net.Cols)
	}
	return f
}

// direct reports whether no iteration is needed.
func (f *factors) direct() bool {
	return f.word.kind == terminal || f.bit.kind == terminal
}

// row returns columns from..to of row i of a matrix.
func (f *factors) row(x []float64, i, from, to int) []float64 {
	return x[i*f.ld+from : i*f.ld+to]
}

func (f *factors) rowBlocks() int { return (f.rows + rowBlock - 1) / rowBlock }
func (f *factors) colBlocks() int { return (f.cols + colBlock - 1) / colBlock }

func (f *factors) rowRange(block int) (from, to int) {
	return block * rowBlock, min((block+1)*rowBlock, f.rows)
}

func (f *factors) colRange(block int) (from, to int) {
	return block * colBlock, min((block+1)*colBlock, f.cols)
}

// SetConductances sets the device conductances g, row-major, rows × cols, in
// siemens, and factorises the lines. Zero is an open device. It returns an
// error, and leaves the solver without conductances, if an element is negative
// or above 1e30 S. It panics if g has the wrong length.
func (s *Solver) SetConductances(g []float64) error {
	f := s.f
	if len(g) != f.rows*f.cols {
		panic("line: wrong number of conductances")
	}
	s.ready, s.solved = false, false
	for k, v := range g {
		if !(v >= 0 && v <= maxSiemens) {
			return fmt.Errorf("line: conductance at row %d, column %d is %g S: must be between 0 and %g", k/f.cols, k%f.cols, v, maxSiemens)
		}
	}
	s.pool.configure(s.Workers, f.rows*f.cols)
	s.in = g
	s.pool.do(f.rowBlocks(), s.factorRows)
	s.pool.do(f.colBlocks(), s.factorCols)
	s.in = nil
	s.setBound()
	s.ready = true
	return nil
}

// factorRowBlock copies the conductances of a block of word lines, factorises
// the lines and sets t.
func (s *Solver) factorRowBlock(block int) {
	f := s.f
	from, to := f.rowRange(block)
	for i := from; i < to; i++ {
		c := f.row(f.c, i, 0, f.cols)
		copy(c, s.in[i*f.cols:(i+1)*f.cols])
		f.open[i] = maxAbs(c) == 0
	}
	switch f.word.kind {
	case terminal:
		for i := from; i < to; i++ {
			fill(f.row(f.t, i, 0, f.cols), 1)
		}
	case node:
		drive := f.word.ends * f.word.end
		for i := from; i < to; i++ {
			f.rowGain[i] = 1 / (drive + sum(f.row(f.c, i, 0, f.cols)))
			fill(f.row(f.t, i, 0, f.cols), drive*f.rowGain[i])
		}
	case wire:
		f.factorWires(from, to)
		for i := from; i < to; i++ {
			f.unitDrive(i)
		}
	}
}

// factorWires sets aw of the word lines from..to, column by column, so that
// the divisions of different lines overlap.
func (f *factors) factorWires(from, to int) {
	var e [rowBlock]float64
	for i := from; i < to; i++ {
		e[i-from] = f.word.near
	}
	last := f.cols - 1
	for k := range last {
		for i := from; i < to; i++ {
			x := e[i-from] + f.word.r*f.c[i*f.ld+k]
			a := 1 / (1 + x)
			f.aw[i*f.ld+k] = a
			e[i-from] = x * a
		}
	}
	far := (f.word.ends - 1) * f.word.near
	for i := from; i < to; i++ {
		f.aw[i*f.ld+last] = 1 / (e[i-from] + far + f.word.r*f.c[i*f.ld+last])
	}
}

// unitDrive sets row i of t.
func (f *factors) unitDrive(i int) {
	t, a := f.row(f.t, i, 0, f.cols), f.row(f.aw, i, 0, f.cols)
	y := f.word.near
	for k := range t {
		if k == len(t)-1 {
			y += (f.word.ends - 1) * f.word.near
		}
		t[k] = y
		y *= a[k]
	}
	var z float64
	for k := len(t) - 1; k >= 0; k-- {
		z = a[k] * (t[k] + z)
		t[k] = z
	}
}

// factorColBlock factorises a block of bit lines. It needs the copy of the
// conductances.
func (s *Solver) factorColBlock(block int) {
	f := s.f
	from, to := f.colRange(block)
	var buf [colBlock]float64
	e := buf[:to-from]
	switch f.bit.kind {
	case node:
		fill(e, f.bit.ends*f.bit.end)
		for i := range f.rows {
			for j, c := range f.row(f.c, i, from, to) {
				e[j] += c
			}
		}
		for j := range e {
			f.colGain[from+j] = 1 / e[j]
		}
	case wire:
		// Row 0 is the far, open end; with Double it is grounded as well.
		fill(e, (f.bit.ends-1)*f.bit.near)
		last := f.rows - 1
		for i := range last {
			a := f.row(f.ab, i, from, to)
			for j, c := range f.row(f.c, i, from, to) {
				x := e[j] + f.bit.r*c
				a[j] = 1 / (1 + x)
				e[j] = x * a[j]
			}
		}
		a := f.row(f.ab, last, from, to)
		for j, c := range f.row(f.c, last, from, to) {
			a[j] = 1 / (e[j] + f.bit.near + f.bit.r*c)
		}
	}
}
