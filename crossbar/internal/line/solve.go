package line

import (
	"errors"
	"fmt"
	"math"
)

// A ConvergenceError tells that the tolerance was not reached, and what was.
// The outputs were set nevertheless and hold to ErrorBound.
type ConvergenceError struct {
	Result
	Tolerance float64 // the tolerance asked for, relative to Scale
}

// Error implements the error interface.
func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("line: error bound %.3g of the outputs after %d iterations, relative to %.3g A: must be at most %g",
		e.ErrorBound, e.Iterations, e.Scale, e.Tolerance)
}

// cancelled is the part of the outputs for the magnitudes of the sources down to
// which outputs may cancel and still be the scale of the tolerance.
const cancelled = 0.1

// Options are the settings of a solution. A nil *Options means the defaults.
type Options struct {
	// Tolerance is the largest acceptable Result.ErrorBound.
	// The default is 1e-10.
	Tolerance float64
	// MaxIterations limits the number of conjugate gradient steps.
	// The default is 1000 + 10 (rows + columns).
	MaxIterations int
}

// A Result tells how a solution was reached.
type Result struct {
	// Iterations is the number of conjugate gradient steps; 0 if lines of one
	// direction have no resistance at all.
	Iterations int
	// Refinements is the number of times that the solution was corrected by what
	// the residual of its node voltages, evaluated in pairs of float64, drives.
	Refinements int
	// ErrorBound is an upper bound on the error of every output divided by
	// Scale, up to second order in the rounding unit.
	ErrorBound float64
	// VoltageBound is an upper bound, in volts, on the error of every node voltage, as
	// ErrorBound is of outputs. Only SolveSources sets it.
	VoltageBound float64
	// Scale is the largest magnitude of an output, in amperes. Where voltages
	// of both signs cancel so far that the tolerance is not met by this
	// measure, it is at least a tenth of the largest output that the
	// magnitudes of the voltages would drive. With open terminals or maps of
	// resistances it then is that of SolveSources.
	Scale float64
}

// A Solver solves one Network for any conductances and inputs. It is not safe
// for concurrent use.
type Solver struct {
	// Workers is the number of goroutines. The default 0 is one per processor
	// for large arrays and one for small ones. It does not influence results.
	Workers int

	f    *factors
	pool *pool

	ready   bool // elements are set
	scaled  bool // sw and sb belong to the elements
	solved  bool // w belongs to the elements
	natural bool // w is in volts, not scaled
	relaxed bool // w is a start for SolveSources

	v                  []float64 // inputs of the last solution, V
	w                  []float64 // word voltages, relative to the terminals of SolveSources
	p, pt, r, z        []float64 // conjugate gradients: direction, the same eliminated, the residual eliminated, both by lines, and M⁻¹ times the residual
	rowR, rowP         []float64 // r and pt of word lines that are nodes
	rowSums, crossSums []float64
	colSums, colLeast  []float64
	qFirst             []float64 // voltages at the ends of the bit lines after a sweep
	qLast              []float64
	bitSums            []float64 // outputs of a correction
	alpha, beta        float64
	x, in              []float64 // operands of the running pass
	times              bool
	fine               *pairs    // of the last solution, nil if it was not refined
	forks              []*Solver // of SolveBatch, allocated once
	spare              *pairs    // allocated once, on the first refinement
	ru                 []float64 // residual currents of the bit nodes, allocated once
	bits               []float64 // bit voltages of the last solution, nil if not yet known
	feed               *feed     // of SolveSources, allocated once
	sw, sb             []float64 // scales of the word and bit nodes, allocated once, if SolveSources or the bound needs them
	sources            *feed     // of the last solution, nil if Solve made it
	offW, offB         []float64 // terminal voltages that node voltages are relative to

	factorRows, factorCols func(int)
	bitLines, wordLines    func(int)
	startRows, startCols   func(int)
	applyCols, updateRows  func(int)
	moveCols, restartBlock func(int)
}

// New returns a solver for the network, or an error if Network.Validate does.
func New(net Network) (*Solver, error) {
	if err := net.Validate(); err != nil {
		return nil, err
	}
	return newSolver(newFactors(net)), nil
}

func newSolver(f *factors) *Solver {
	columns := f.panels * panelCols
	s := &Solver{
		f:         f,
		pool:      newPool(),
		v:         make([]float64, f.rows),
		w:         make([]float64, f.size),
		p:         make([]float64, f.size),
		pt:        make([]float64, f.size),
		r:         make([]float64, f.size),
		z:         make([]float64, f.size),
		rowR:      make([]float64, f.rows),
		rowP:      make([]float64, f.rows),
		rowSums:   make([]float64, f.blocks),
		crossSums: make([]float64, f.blocks),
		colSums:   make([]float64, f.panels),
		colLeast:  make([]float64, f.panels),
		qFirst:    make([]float64, columns),
		qLast:     make([]float64, columns),
		bitSums:   make([]float64, f.cols),
		offW:      make([]float64, f.rows),
		offB:      make([]float64, f.cols),
	}
	s.factorRows, s.factorCols = s.factorRowBlock, s.factorColBlock
	s.bitLines, s.wordLines = s.bitPanel, s.wordBlock
	s.startRows, s.startCols = s.startRowBlock, s.startColBlock
	s.applyCols, s.updateRows = s.applyColBlock, s.updateRowBlock
	s.moveCols, s.restartBlock = s.moveColBlock, s.restartRows
	return s
}

// fork returns a solver with the same elements and its own workspace.
func (s *Solver) fork() *Solver {
	c := newSolver(s.f)
	c.Workers, c.ready = s.Workers, s.ready
	return c
}

// Solve sets dst to the output currents, in amperes, for the input voltages
// v, in volts, with the bit line terminals at ground, and returns how exact they
// are. The error is a
// *ConvergenceError if the tolerance was not met; it names a voltage that is not
// finite or beyond 1e60 V, and the largest voltage if it is below 1e-60 V but
// not 0. Solve panics if SetElements has not succeeded before, or if dst or v has
// the wrong length.
func (s *Solver) Solve(dst, v []float64, opt *Options) (Result, error) {
	f := s.f
	if !s.ready {
		panic("line: no conductances")
	}
	if len(v) != f.rows || len(dst) != f.cols {
		panic("line: wrong number of voltages or currents")
	}
	tol, limit, err := opt.values(f)
	if err != nil {
		return Result{}, err
	}
	var amplitude float64 // of the lines that have devices
	var positive, negative bool
	for i, x := range v {
		if !(math.Abs(x) <= maxVolt) {
			return Result{}, fmt.Errorf("line: voltage of word line %d is %g V: must be between %g and %g", i, x, -maxVolt, maxVolt)
		}
		if !f.idle[i] {
			amplitude = max(amplitude, math.Abs(x))
			positive, negative = positive || x > 0, negative || x < 0
		}
	}
	if amplitude != 0 && amplitude < minVolt {
		return Result{}, fmt.Errorf("line: largest voltage is %g V: must be 0 or at least %g", amplitude, minVolt)
	}
	if !f.uniform {
		return s.solveGeneral(dst, v, Options{Tolerance: tol, MaxIterations: limit})
	}
	s.pool.start(s.Workers, f.rows*f.cols)
	defer s.pool.rest()
	copy(s.v, v)
	s.solved, s.natural, s.relaxed = true, false, false
	s.bits, s.fine, s.sources = nil, nil, nil
	clear(s.offW)
	clear(s.offB)

	var res Result
	var bound float64
	if f.direct() {
		bound = s.solveDirect(dst, &res, tol, positive && negative)
	} else {
		bound = s.iterate(dst, &res, tol, limit, amplitude, positive && negative)
	}
	if bound != 0 {
		res.ErrorBound = bound / res.Scale
	}
	if !(res.ErrorBound <= tol) {
		return res, &ConvergenceError{Result: res, Tolerance: tol}
	}
	return res, nil
}

// solveGeneral solves a network with maps of resistances or open terminals. The scale of
// SolveSources may be far above the outputs, for those of broken lines are small.
func (s *Solver) solveGeneral(dst, v []float64, opt Options) (Result, error) {
	tol, limit := opt.Tolerance, opt.MaxIterations
	r, err := s.SolveSources(dst, Sources{Word: v}, &opt)
	size := maxAbs(dst)
	if err != nil || r.ErrorBound*r.Scale <= tol*size {
		return r.relative(size, tol), err
	}
	tighter := Options{Tolerance: max(tol*size/r.Scale/2, 1e-16), MaxIterations: max(limit-r.Iterations, 1)}
	again, err := s.SolveSources(dst, Sources{Word: v, Warm: true}, &tighter)
	size = maxAbs(dst)
	if again.ErrorBound*again.Scale <= tol*size {
		again.Iterations, again.Refinements = again.Iterations+r.Iterations, again.Refinements+r.Refinements
		return again.relative(size, tol), nil
	}
	var missed *ConvergenceError
	if err != nil && !errors.As(err, &missed) {
		return again, err
	}
	// Rounding is in the way: the outputs are as good as nothing beside the currents.
	return s.SolveSources(dst, Sources{Word: v}, &opt)
}

// relative returns r with size for its scale, if it meets the tolerance by that.
func (r Result) relative(size, tol float64) Result {
	if bound := r.ErrorBound * r.Scale; bound <= tol*size {
		r.Scale = size
		r.ErrorBound = 0
		if bound != 0 {
			r.ErrorBound = bound / size
		}
	}
	return r
}

// solveDirect solves a network with lines of one direction at terminals. It
// sets dst and the scale and returns a bound, in amperes, on the error.
func (s *Solver) solveDirect(dst []float64, res *Result, tol float64, mixed bool) float64 {
	s.start(dst)
	res.Scale = maxAbs(dst)
	// Nothing is subtracted for voltages of one sign: each output is accurate
	// to rounding, and others are to that of the outputs for their magnitudes.
	size := res.Scale
	if mixed {
		size = s.magnitude()
	}
	bound := s.f.roundings() * unit * size
	if bound > tol*res.Scale {
		res.Scale = max(res.Scale, cancelled*size)
	}
	return bound
}

// iterate solves a network with lines of finite resistance in both directions.
// It sets dst and the result except for ErrorBound, and returns a bound, in
// amperes, on the error.
func (s *Solver) iterate(dst []float64, res *Result, tol float64, limit int, amplitude float64, mixed bool) float64 {
	f := s.f
	// No output exceeds what all word nodes at the largest voltage drive.
	// Where rounding makes the iteration diverge, its outputs may.
	scale := func() float64 { return min(maxAbs(dst), f.kappa*amplitude) }
	rz := s.start(dst)
	first := rz
	rounding := f.roundingBound(amplitude, f.kappa)
	res.Iterations, rz = s.pcg(s.w, dst, rz, limit, func(rz float64) bool {
		target := tol * scale()
		if rounding < 0.9*target {
			target -= rounding
		} else {
			target /= 2 // for the residual will be evaluated
		}
		return f.energyBound(rz, f.kappa) <= target || rz <= 1e-28*first
	})
	res.Scale = scale()
	bound := f.energyBound(rz, f.kappa) + rounding
	if bound <= tol*res.Scale {
		return bound
	}
	s.unscale()
	bound = f.energyBound(rz, f.kappa) + f.roundingBound(s.largest(s.w), f.kappa)
	if bound <= tol*res.Scale || res.Iterations >= limit {
		return bound
	}
	var least float64 // of the scale
	if mixed && res.Scale < cancelled*f.kappa*amplitude {
		least = cancelled * s.magnitude()
	}
	for {
		rz, rest := s.certify(dst, f.kappa)
		res.Scale = max(scale(), least)
		next := f.energyBound(rz, f.kappa) + rest
		stalled := res.Refinements > 2 && next > bound/2
		bound = next
		if bound <= tol*res.Scale || stalled || res.Refinements == maxRefinements || res.Iterations >= limit {
			return bound
		}
		res.Refinements++
		if s.fine != nil {
			res.Iterations += s.refine(rz, tol*res.Scale, limit-res.Iterations)
			continue
		}
		n, rz, more := s.polish(dst, rz, f.kappa, tol*res.Scale, limit-res.Iterations)
		res.Iterations += n
		res.Scale = max(scale(), least)
		bound = f.energyBound(rz, f.kappa) + rest + more
		if bound <= tol*res.Scale || res.Iterations >= limit {
			return bound
		}
		s.startPairs()
	}
}

func (o *Options) values(f *factors) (tol float64, limit int, err error) {
	tol, limit = 1e-10, 1000+10*(f.rows+f.cols)
	if o == nil {
		return tol, limit, nil
	}
	switch {
	case o.Tolerance != 0 && !(o.Tolerance > 0 && o.Tolerance < 1):
		return 0, 0, fmt.Errorf("line: tolerance is %g: must be above 0 and below 1", o.Tolerance)
	case o.Tolerance != 0:
		tol = o.Tolerance
	}
	switch {
	case o.MaxIterations < 0:
		return 0, 0, fmt.Errorf("line: maximum number of iterations is %d: must not be negative", o.MaxIterations)
	case o.MaxIterations > 0:
		limit = o.MaxIterations
	}
	return tol, limit, nil
}

// start sets w to the word voltages with all bit lines at ground, dst to the
// outputs that they drive, z to M⁻¹ times the residual, and r and the returned rz as
// solveWords does. The residual of this start needs no subtraction:
// b - S M⁻¹ b = C (Lb + C)⁻¹ C M⁻¹ b.
func (s *Solver) start(dst []float64) float64 {
	s.pool.do(s.f.blocks, s.startRows)
	s.pool.do(s.f.panels, s.startCols)
	s.outputs(dst)
	return s.solveWords(s.z)
}

func (s *Solver) startRowBlock(block int) {
	f := s.f
	from, to := f.blockRange(block)
	if f.word.kind == node {
		for i := from; i < to; i++ {
			f.fillRow(s.w, i, f.driveFirst[i]*s.v[i])
		}
		return
	}
	f.clearBlock(s.w, block)
	for i := from; i < to; i++ {
		s.w[f.at(i, 0)] = s.v[i] * f.driveFirst[i]
		s.w[f.at(i, f.cols-1)] += s.v[i] * f.driveLast[i]
	}
	s.resetLines(block)
	s.wordRows(s.w, block, 1, 0)
}

func (s *Solver) startColBlock(p int) {
	f := s.f
	z, k := f.panel(s.z, p), f.panel(f.k, p)
	forward(z, f.panel(s.w, p), k, f.bitCoefficients(p))
	s.back(z, k, p)
}

// magnitude returns the largest output for the magnitudes of the voltages, to
// at least three digits, or 0 where that cannot be told.
func (s *Solver) magnitude() float64 {
	c := s.fork()
	c.Workers = 1
	v := make([]float64, s.f.rows)
	for i, x := range s.v {
		v[i] = math.Abs(x)
	}
	dst := make([]float64, s.f.cols)
	_, err := c.Solve(dst, v, &Options{Tolerance: 1e-3})
	if err != nil {
		return 0
	}
	return maxAbs(dst)
}

// largest returns the largest magnitude in x on word lines that have devices.
func (s *Solver) largest(x []float64) float64 {
	f := s.f
	var m float64
	for i, idle := range f.idle {
		for p := 0; p < f.panels && !idle; p++ {
			m = max(m, maxAbs(f.part(x, i, p)))
		}
	}
	return m
}

// maxAbs returns the largest magnitude in x, or NaN if x holds one.
func maxAbs(x []float64) float64 {
	// The bits of a positive number rise with it; those of NaN are above all others.
	var m uint64
	for _, v := range x {
		if b := math.Float64bits(v) &^ (1 << 63); b > m {
			m = b
		}
	}
	return math.Float64frombits(m)
}
