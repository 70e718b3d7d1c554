package device

import (
	"math"
	"sync"

	"mho/internal/quantity"
)

// A Series is an element with a resistance in series. Of the voltage v across
// both, a voltage-driven element sees u, the solution of
//
//	u + R h(x, u) = v,
//
// found to rounding for any response h that does not fall with u. It is an
// Element, driven as the element within is, and made by WithSeries.
type Series struct {
	wrapped
	R float64 // series resistance, ohm
}

// WithSeries puts a resistance of r ohm in series with el.
func WithSeries(el Element, r float64) *Series {
	s := &Series{R: r}
	s.wrapped = wrap(el, s.inner)
	return s
}

// A Compliance is an element behind an ideal current limiter: it sees the
// applied voltage as long as |i| stays within the limit, else just the voltage at
// which its current is the limit. A current-driven element sees its current cut
// at the limit. Series resistances belong inside:
// WithCompliance(WithSeries(el, r), i). It is made by WithCompliance.
type Compliance struct {
	wrapped
	Limit float64 // largest |i|, A
}

// WithCompliance limits the current of el to limit, in A.
func WithCompliance(el Element, limit float64) *Compliance {
	c := &Compliance{Limit: limit}
	c.wrapped = wrap(el, func(x, u []float64, env Env) float64 {
		e, _ := c.inner(x, u, env)
		return e
	})
	return c
}

// Info describes the element with its series resistance.
func (s *Series) Info() Info {
	info := s.Element.Info()
	info.Equations = append(append([]string(nil), info.Equations...), "v = v_element + r_series i")
	return info
}

// Params declares r_series after the parameters of the element.
func (s *Series) Params() []Param {
	p := s.Element.Params()
	return append(p[:len(p):len(p)], Param{Name: "r_series", Value: &s.R, Unit: "ohm", Range: quantity.NonNegative(), Meaning: "resistance in series with the element", Source: "assumption"})
}

// Info describes the element with its limiter.
func (c *Compliance) Info() Info {
	info := c.Element.Info()
	info.Equations = append(append([]string(nil), info.Equations...), "|i| <= compliance")
	return info
}

// Params declares compliance after the parameters of the element.
func (c *Compliance) Params() []Param {
	p := c.Element.Params()
	return append(p[:len(p):len(p)], Param{Name: "compliance", Value: &c.Limit, Unit: "A", Range: quantity.Positive(), Meaning: "largest current that the source gives, of either sign", Source: "assumption"})
}

func stiff(el Element) bool {
	s, ok := el.(Stiff)
	return ok && s.Stiff()
}

// maxDrives is the number of drives that need no allocation.
const maxDrives = 8

// drives lends copies of drive vectors, so that wrapped elements can be called
// with another first drive without allocation and without touching the caller's.
var drives = sync.Pool{New: func() any { return new([maxDrives]float64) }}

// withDrive calls f with a copy of u whose first entry is u0.
func withDrive(u []float64, u0 float64, f func(u []float64)) {
	if len(u) > maxDrives {
		c := append([]float64(nil), u...)
		c[0] = u0
		f(c)
		return
	}
	p := drives.Get().(*[maxDrives]float64)
	c := p[:len(u)]
	copy(c, u)
	c[0] = u0
	f(c)
	drives.Put(p)
}

// respond returns the response of el with u0 in place of u[0].
func respond(el Element, x, u []float64, u0 float64, env Env) (r float64) {
	withDrive(u, u0, func(u []float64) { r = el.Response(x, u, env) })
	return r
}

// probe returns response and slope of el with u0 in place of u[0].
func probe(el Element, x, u []float64, u0 float64, env Env) (r, slope float64) {
	withDrive(u, u0, func(u []float64) {
		if p, ok := el.(Probed); ok {
			r, slope = p.Probe(x, u, env)
			return
		}
		r = el.Response(x, u, env)
		slope = Slope(el, x, u, env)
	})
	return r, slope
}

// inner returns the first drive that the element within sees.
func (s *Series) inner(x, u []float64, env Env) float64 {
	v := u[0]
	if s.R == 0 || s.current {
		return v
	}
	balance := func(e float64) (f, slope float64) {
		i, g := probe(s.Element, x, u, e, env)
		return e + s.R*i - v, 1 + s.R*g
	}
	// The slope is at least 1, so the root is no further from a point than the
	// imbalance there. Seen from 0 and from v, that brackets it.
	lo, hi := math.Inf(-1), math.Inf(1)
	start := math.Inf(1)
	for _, e := range [2]float64{0, v} {
		f, slope := balance(e)
		if next := e - f/slope; math.Abs(next) < math.Abs(start) {
			start = next // the closer one where the current bends upward
		}
		switch {
		case f == 0:
			return e
		case f > 0:
			lo, hi = max(lo, e-f), min(hi, e)
		case f < 0:
			lo, hi = max(lo, e), min(hi, e-f)
		default:
			return math.NaN()
		}
	}
	return increasingRoot(balance, start, lo, hi)
}

// inner returns the first drive that the element within sees, and whether the
// limiter is at work.
func (c *Compliance) inner(x, u []float64, env Env) (float64, bool) {
	v := u[0]
	if c.current {
		return min(max(v, -c.Limit), c.Limit), math.Abs(v) > c.Limit
	}
	i := c.Element.Response(x, u, env)
	if math.Abs(i) <= c.Limit || math.IsNaN(i) {
		return v, false
	}
	target := math.Copysign(c.Limit, i)
	excess := func(e float64) (f, slope float64) {
		i, g := probe(c.Element, x, u, e, env)
		return i - target, g
	}
	// The current falls below the limit between v and 0, or further that way in
	// an element that is a source itself.
	far, step := 0.0, max(math.Abs(v), 1e-6)
	for range 64 {
		switch f, _ := excess(far); {
		case f == 0:
			return far, true
		case f > 0 != (i > 0):
			return increasingRoot(excess, far, min(far, v), max(far, v)), true
		}
		far -= math.Copysign(step, i)
		step *= 2
	}
	return math.NaN(), true
}

// increasingRoot returns the root, between lo and hi, of a function that does
// not fall, by Newton's method from x kept inside the bracket, to rounding.
func increasingRoot(f func(x float64) (value, slope float64), x, lo, hi float64) float64 {
	if !(x >= lo && x <= hi) {
		x = lo + 0.5*(hi-lo)
	}
	width := math.Inf(1)
	for range 400 {
		y, slope := f(x)
		switch {
		case y > 0:
			hi = x
		case y < 0:
			lo = x
		case y == 0:
			return x
		default:
			return math.NaN()
		}
		next := x - y/slope
		// Newton must halve the bracket every other time, or bisection does.
		if !(next >= lo && next <= hi) || !(math.Abs(next-x) <= 0.5*width) {
			next = lo + 0.5*(hi-lo)
		}
		width = math.Abs(next - x)
		if next == x || width <= 1e-16*math.Abs(x) {
			return next
		}
		x = next
	}
	return x
}

// Response returns the current in A through both, or the voltage in V across
// both.
func (s *Series) Response(x, u []float64, env Env) float64 {
	if s.current {
		return s.Element.Response(x, u, env) + s.R*u[0]
	}
	r, _ := s.Probe(x, u, env)
	return r
}

// Probe returns Response and Slope.
func (s *Series) Probe(x, u []float64, env Env) (response, slope float64) {
	e := s.inner(x, u, env)
	i, g := probe(s.Element, x, u, e, env)
	if s.current {
		return i + s.R*u[0], g + s.R
	}
	if s.R*g > 1 {
		// Most of the voltage's rounding is the element's: the resistance tells
		// the current better.
		i = (u[0] - e) / s.R
	}
	return i, g / (1 + s.R*g)
}

// Slope returns d Response / d u[0] at frozen state: h'/(1 + R h') in S of a
// voltage-driven element, h' + R in ohm of a current-driven one.
func (s *Series) Slope(x, u []float64, env Env) float64 {
	_, slope := s.Probe(x, u, env)
	return slope
}

// Response returns the current in A, at most the limit, or the voltage in V.
func (c *Compliance) Response(x, u []float64, env Env) float64 {
	e, limited := c.inner(x, u, env)
	r := respond(c.Element, x, u, e, env)
	if limited && !c.current && r == r {
		return math.Copysign(c.Limit, r)
	}
	return r
}

// Slope returns d Response / d u[0] at frozen state, zero where the limiter is
// at work.
func (c *Compliance) Slope(x, u []float64, env Env) float64 {
	e, limited := c.inner(x, u, env)
	if limited {
		return 0
	}
	_, g := probe(c.Element, x, u, e, env)
	return g
}

var (
	_ Probed  = (*Series)(nil)
	_ Element = (*Compliance)(nil)
)
