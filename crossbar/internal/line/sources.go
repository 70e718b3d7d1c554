package line

// Sources drive a network. The default nil of a field is none.
type Sources struct {
	Word []float64 // voltages of the word line terminals, rows, V; that of an open line has no effect
	Bit  []float64 // voltages of the bit line terminals, cols, V; that of an open line has no effect
	// Device holds current sources in parallel with the devices, from word to bit
	// node, rows × cols, row-major, A. A nonlinear device i(v) at v0 is the
	// conductance di/dv and the source i(v0) - v0 di/dv in a step of Newton's method.
	Device []float64
	// WordNode and BitNode hold currents fed into the nodes, rows × cols, row-major, A.
	WordNode, BitNode []float64
	// Warm starts from the node voltages of the last SolveSources, of other elements and
	// sources perhaps, if nothing else was solved since. It changes the number of
	// iterations, and results within their error bound.
	Warm bool
}

// SolveSources solves the network for any sources. It sets dst to the currents
// into the bit line terminals, the sum of both ends with Double, in amperes. The
// scale of the result is the largest sum, over a word line, of the magnitudes
// of device currents, currents to ground and currents fed into nodes. Where the
// tolerance is not met by this measure, it is at least a tenth of what that sum would
// be without resistance of the lines. The error bound holds for the currents of the
// terminals of bit and word lines, VoltageBound for the voltages of all nodes. The errors are those of
// Solve. SolveSources panics if SetElements has not succeeded before, or a slice has the
// wrong length.
func (s *Solver) SolveSources(dst []float64, in Sources, opt *Options) (Result, error) {
	f := s.f
	if !s.ready {
		panic("line: no conductances")
	}
	tol, limit, err := opt.values(f)
	if err != nil {
		return Result{}, err
	}
	if len(dst) != f.cols {
		panic("line: wrong number of voltages or currents")
	}
	if err := s.take(in); err != nil {
		return Result{}, err
	}
	q := s.feed
	s.pool.start(s.Workers, f.rows*f.cols)
	defer s.pool.rest()
	warm := in.Warm && s.relaxed
	s.solved, s.natural, s.relaxed = true, true, false
	s.fine, s.sources, s.bits = nil, q, nil
	clear(s.v)
	s.feedNodes()

	var res Result
	if warm {
		s.divide(s.w, s.sw)
	} else {
		copy(s.w, q.word)
		s.solveWords(s.w)
	}
	// The currents fed in are a first measure of the scale.
	size := q.wordAmpere
	var bound float64
	fed := f.roundings() * unit * q.ampere
	for round := 0; ; round++ {
		rz := s.residual(warm || round > 0)
		first := rz
		n, rz := s.pcg(s.w, s.bitSums, rz, limit-res.Iterations, func(rz float64) bool {
			return f.energyBound(rz, f.kappaT) <= tol/4*size || rz <= 1e-28*first
		})
		res.Iterations += n
		s.settle(dst)
		size = s.lineScale()
		energy, rounding := f.energyBound(rz, f.kappaT), f.roundingBound(s.largest(s.w)+q.voltage, 2*f.kappaT)+fed
		bound = energy + rounding
		if bound > tol*size && energy <= tol/2*size {
			// Rounding in the worst case is too much: measure it.
			rz, rest := s.certify(dst, f.kappaT)
			n, last, more := s.polish(dst, rz, f.kappaT, tol*size, limit-res.Iterations)
			res.Iterations += n
			res.Refinements++
			copy(s.pt, s.sb)
			s.bitsOf(q.u)
			s.bits = q.u
			bound = f.energyBound(last, f.kappaT) + rest + more + 4*unit*f.kappaT*s.largest(s.w) + fed
		}
		if bound <= tol*size || res.Iterations >= limit || round == maxRefinements {
			break
		}
		s.divide(s.w, s.sw)
	}
	res.VoltageBound = s.voltageBound()
	res.Scale = size
	if bound > tol*size {
		res.Scale = max(size, cancelled*q.wordAmpere)
	}
	s.relaxed = true
	if bound != 0 {
		res.ErrorBound = bound / res.Scale
	}
	if !(res.ErrorBound <= tol) {
		return res, &ConvergenceError{Result: res, Tolerance: tol}
	}
	return res, nil
}

// take checks the sources and copies them.
func (s *Solver) take(in Sources) error {
	f := s.f
	cells := f.rows * f.cols
	if s.feed == nil {
		m := func() []float64 { return make([]float64, f.size) }
		s.feed = &feed{word: m(), bit: m(), u: m(), columns: make([]float64, f.blocks*f.panels*panelCols)}
	}
	q := s.feed
	for _, x := range []struct {
		dst        *[]float64
		src        []float64
		n, cols    int
		name, unit string
		limit      float64
	}{
		{&q.in.Word, in.Word, f.rows, 1, "voltage of word line", "V", maxVolt},
		{&q.in.Bit, in.Bit, f.cols, 1, "voltage of bit line", "V", maxVolt},
		{&q.in.Device, in.Device, cells, f.cols, "device source", "A", maxAmpere},
		{&q.in.WordNode, in.WordNode, cells, f.cols, "current into the word node", "A", maxAmpere},
		{&q.in.BitNode, in.BitNode, cells, f.cols, "current into the bit node", "A", maxAmpere},
	} {
		if x.src == nil {
			*x.dst = nil
			continue
		}
		if len(x.src) != x.n {
			panic("line: wrong number of voltages or currents")
		}
		if err := finite(x.name, x.unit, x.src, x.cols, x.limit); err != nil {
			return err
		}
		*x.dst = append((*x.dst)[:0], x.src...)
	}
	set := func(dst, v, first, last []float64) {
		for i := range dst {
			dst[i] = 0
			if v != nil && first[i]+last[i] > 0 {
				dst[i] = v[i]
			}
		}
	}
	// A line whose both ends are broken off has no voltage either.
	set(s.offW, q.in.Word, f.word.first, f.word.last)
	set(s.offB, q.in.Bit, f.bit.first, f.bit.last)
	return nil
}

// maxAmpere bounds a current that is fed in.
const maxAmpere = 1e60

// Terminals sets near and far to the currents that the terminals of the lines of
// one direction feed into the array, in amperes, of the last solution: those of
// the word lines, rows each, or of the bit lines, cols each, where a current into
// a terminal is negative. The far currents are 0 unless Double. Terminals panics if
// there is no solution or a slice has the wrong length.
func (s *Solver) Terminals(wordNear, wordFar, bitNear, bitFar []float64) {
	f := s.f
	m, n := f.rows, f.cols
	if len(wordNear) != m || len(wordFar) != m || len(bitNear) != n || len(bitFar) != n {
		panic("line: wrong length of result")
	}
	segments := make([]float64, m*(n+1))
	s.WordCurrents(segments)
	for i := range m {
		wordNear[i], wordFar[i] = segments[i*(n+1)], -segments[i*(n+1)+n]
	}
	segments = make([]float64, (m+1)*n)
	s.BitCurrents(segments)
	for j := range n {
		bitNear[j], bitFar[j] = -segments[m*n+j], segments[j]
	}
}
