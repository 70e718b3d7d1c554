package ode

import "math"

// core is the state that the solver and its method share. In unbounded problems
// raw and f, and rawNew and fNew, are the same slices.
type core struct {
	sys   System
	n     int
	stats *Stats

	rtol    float64
	atol    []float64
	maxStep float64
	initial float64
	maxUsed int

	segmented Segmented // sys, if it is one
	leftEnd   float64   // last time that still belongs to the stretch, s

	t, tOld      float64
	h            float64 // length of the last attempt, s
	y, yNew      []float64
	f, fNew      []float64 // derivative with held states projected out
	raw, rawNew  []float64 // derivative as the system gives it
	sample       []float64
	probe        []float64
	probeF       []float64
	bounded      bool
	lo, hi       []float64
	held         []int8 // -1 at lo, +1 at hi, 0 free
	nHeld        int
	clampScratch []float64

	dense densePoly
}

func newCore(sys System, n int, set Settings) core {
	v := func() []float64 { return make([]float64, n) }
	c := core{
		sys: sys, n: n,
		rtol: set.RelTol, atol: v(),
		maxStep: set.MaxStep, initial: set.InitialStep, maxUsed: set.MaxSteps,
		leftEnd: math.Inf(1),
		y:       v(), yNew: v(), f: v(), fNew: v(), sample: v(), probe: v(), probeF: v(),
		held:    make([]int8, n),
		bounded: set.Lower != nil || set.Upper != nil,
		dense:   newDensePoly(n),
	}
	c.segmented, _ = sys.(Segmented)
	for i := range c.atol {
		c.atol[i] = set.AbsTol
		if set.AbsTols != nil {
			c.atol[i] = set.AbsTols[i]
		}
	}
	c.raw, c.rawNew = c.f, c.fNew
	if c.bounded {
		c.raw, c.rawNew = v(), v()
		c.lo, c.hi, c.clampScratch = v(), v(), v()
		for i := range n {
			c.lo[i], c.hi[i] = bound(set.Lower, i, -1), bound(set.Upper, i, 1)
			c.y[i] = min(max(0, c.lo[i]), c.hi[i])
		}
	}
	return c
}

// evaluate sets dst to the system's derivative at time t, or at the last time of
// the stretch if t is later, with the states clamped to their bounds.
func (c *core) evaluate(dst []float64, t float64, y []float64) {
	if t > c.leftEnd {
		t = c.leftEnd
	}
	if c.bounded {
		y = c.clamped(y)
	}
	c.stats.Evaluations++
	c.sys.Derivative(dst, t, y)
}

func (c *core) clamped(y []float64) []float64 {
	d, lo, hi := c.clampScratch[:len(y)], c.lo[:len(y)], c.hi[:len(y)]
	for i, v := range y {
		if v < lo[i] {
			v = lo[i]
		} else if v > hi[i] {
			v = hi[i]
		}
		d[i] = v
	}
	return d
}

// stage is evaluate with the derivative of held states set to zero.
func (c *core) stage(dst []float64, t float64, y []float64) {
	c.evaluate(dst, t, y)
	if c.nHeld > 0 {
		c.project(dst)
	}
}

func (c *core) project(f []float64) {
	for i, side := range c.held {
		if side != 0 {
			f[i] = 0
		}
	}
}

// endDerivative sets rawNew and fNew at (tNew, yNew).
func (c *core) endDerivative(tNew float64) {
	c.evaluate(c.rawNew, tNew, c.yNew)
	if c.bounded {
		copy(c.fNew, c.rawNew)
		c.project(c.fNew)
	}
}

// tolerance returns the error allowed in state i.
func (c *core) tolerance(i int, y float64) float64 {
	return c.atol[i] + c.rtol*math.Abs(y)
}

// notFinite returns the first index where v is NaN or infinite, else -1.
func notFinite(v []float64) int {
	for i, x := range v {
		if x-x != 0 {
			return i
		}
	}
	return -1
}

// ulp returns the distance from |t| to the next larger number.
func ulp(t float64) float64 {
	t = math.Abs(t)
	return math.Nextafter(t, math.Inf(1)) - t
}

// densePoly is the continuous extension of one step,
//
//	y(θ) = y0 + θ (r + (1-θ)(a + θ (b + θ c))),  r = y1 - y0,
//
// the form that both methods' extensions of order 4 can take.
type densePoly struct {
	ready          bool
	y0, r, a, b, c []float64
}

func newDensePoly(n int) densePoly {
	v := func() []float64 { return make([]float64, n) }
	return densePoly{y0: v(), r: v(), a: v(), b: v(), c: v()}
}

func (d *densePoly) state(i int, x float64) float64 {
	return d.y0[i] + x*(d.r[i]+(1-x)*(d.a[i]+x*(d.b[i]+x*d.c[i])))
}

// denseAt sets dst to the states at the fraction x of the step, within bounds.
func (c *core) denseAt(dst []float64, x float64) {
	for i := range dst {
		v := c.dense.state(i, x)
		if c.bounded {
			v = min(max(v, c.lo[i]), c.hi[i])
		}
		dst[i] = v
	}
}

func (s *Solver) prepareDense() {
	if !s.dense.ready {
		s.method.interpolate(&s.core)
		s.dense.ready = true
	}
}

// slope returns dy/dθ of state i.
func (d *densePoly) slope(i int, x float64) float64 {
	w := d.b[i] + x*d.c[i]
	v := d.a[i] + x*w
	return d.r[i] + (1-2*x)*v + x*(1-x)*(w+x*d.c[i])
}
