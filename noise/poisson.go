package noise

import (
	"math"

	"mho/internal/vmath"
	"mho/noise/internal/philox"
)

// Poisson sets dst to Poisson counts of the given mean, from 0 to 1e15. Below mean
// 10 it inverts the distribution function, from there it rejects from a
// transformed uniform (PTRS, W. Hörmann, Insurance: Mathematics and Economics
// 12, 39 (1993), doi:10.1016/0167-6687(93)90997-4) with the probabilities of
// C. Loader (2000), whose relative error stays below 1e-13 at every mean. The
// count of a place depends on its key, place and mean only. It panics if the
// mean is outside the range or NaN.
func (k Key) Poisson(dst []float64, mean float64, at At) {
	at.check(len(dst))
	p := newPoisson(mean)
	var words [256]uint32
	for len(dst) > 0 {
		n := min(len(dst), len(words)/4)
		philox.Words32(words[:4*n], at.counter(at.Col), k.cipher(usePoisson))
		for j := range dst[:n] {
			w := words[4*j : 4*j+4]
			cell := At{at.Row, at.Col + uint32(j), at.Event}
			dst[j] = p.draw(unit(w[0], w[1]), unit(w[2], w[3]), cell, k)
		}
		dst = dst[n:]
		at.Col += uint32(n)
	}
}

// PoissonAt returns the count that Poisson gives at a place.
func (k Key) PoissonAt(mean float64, at At) float64 {
	var d [1]float64
	k.Poisson(d[:], mean, at)
	return d[0]
}

// Poisson32 sets dst to the counts of Poisson, rounded to float32 (exact up to
// 2^24).
func (k Key) Poisson32(dst []float32, mean float64, at At) {
	at.check(len(dst))
	var d [64]float64
	for len(dst) > 0 {
		n := min(len(dst), len(d))
		k.Poisson(d[:n], mean, at)
		for j, x := range d[:n] {
			dst[j] = float32(x)
		}
		dst = dst[n:]
		at.Col += uint32(n)
	}
}

// unit is a uniform number of (0,1) from two words.
func unit(lo, hi uint32) float64 { return vmath.Unit(uint64(lo) | uint64(hi)<<32) }

// poissonLimit is the mean where inversion gives way to rejection.
const poissonLimit = 10

// poisson draws counts of one mean.
type poisson struct {
	mean float64

	// Inversion: the distribution function at 0..n-1, and the probability at n-1.
	cdf  [64]float64
	n    int
	last float64

	// Rejection: Hörmann's constants.
	a, b, invAlpha, accept float64
}

func newPoisson(mean float64) (p poisson) {
	if !(mean >= 0 && mean <= 1e15) {
		panic("noise: Poisson mean outside 0 to 1e15")
	}
	p.mean = mean
	if mean < poissonLimit {
		p.last = vmath.ExpScalar(-mean)
		p.cdf[0] = p.last
		p.n = 1
		return p
	}
	p.b = 0.931 + float64(2.53*math.Sqrt(mean))
	p.a = -0.059 + float64(0.02483*p.b)
	p.invAlpha = 1.1239 + 1.1328/(p.b-3.4)
	p.accept = 0.9277 - 3.6224/(p.b-2)
	return p
}

// draw returns the count of place at from its first two uniform numbers.
func (p *poisson) draw(u, v float64, at At, k Key) float64 {
	if p.mean < poissonLimit {
		return p.invert(u)
	}
	if n := p.try(u, v); n >= 0 {
		return n
	}
	// Further attempts take a stream of the place's own.
	x := philox.Block(at.counter(at.Col), k.cipher(usePoissonMore))
	own := philox.Key{x[0], x[1]}
	for i := uint64(0); ; i++ {
		x = philox.Block(philox.Counter{uint32(i), uint32(i >> 32)}, own)
		if n := p.try(unit(x[0], x[1]), unit(x[2], x[3])); n >= 0 {
			return n
		}
	}
}

// invert returns the smallest count whose distribution function is at least u. It
// ends where adding a probability no longer changes the sum: at 47 or below for
// means to 10, so within the table.
func (p *poisson) invert(u float64) float64 {
	for i := 0; ; i++ {
		if i == p.n {
			p.last = float64(p.last * (p.mean / float64(i)))
			p.cdf[i] = p.cdf[i-1] + p.last
			if p.cdf[i] == p.cdf[i-1] {
				return float64(i)
			}
			p.n++
		}
		if u <= p.cdf[i] {
			return float64(i)
		}
	}
}

// try returns the count of one attempt, or -1 if it is rejected.
func (p *poisson) try(u, v float64) float64 {
	u -= 0.5
	us := 0.5 - math.Abs(u)
	k := math.Floor(float64((2*p.a/us+p.b)*u) + p.mean + 0.43)
	if us >= 0.07 && v <= p.accept {
		return k
	}
	if k < 0 || (us < 0.013 && v > us) {
		return -1
	}
	// Hörmann's density of k, with the constant alpha, against that of Poisson.
	h := v * p.invAlpha / (p.a/float64(us*us) + p.b)
	if vmath.LnScalar(h) <= lnPoisson(k, p.mean) {
		return k
	}
	return -1
}

// lnPoisson returns ln(mean^k e^-mean / k!) without cancellation: Stirling's formula
// with its error term, and the deviance of k from the mean.
func lnPoisson(k, mean float64) float64 {
	if k == 0 {
		return -mean
	}
	return -stirlingError(k) - deviance(k, mean) - float64(0.5*vmath.LnScalar(2*math.Pi*k))
}

// deviance returns k ln(k/mean) + mean - k.
func deviance(k, mean float64) float64 {
	d, s := k-mean, k+mean
	if math.Abs(d) >= 0.1*s {
		return float64(k*vmath.LnScalar(k/mean)) + mean - k
	}
	// The series of ln((1+v)/(1-v)) about v = 0.
	v := d / s
	sum := float64(d * v)
	term := 2 * float64(k*v)
	v *= v
	for j := 3.0; j < 60; j += 2 {
		term = float64(term * v)
		next := sum + term/j
		if next == sum {
			break
		}
		sum = next
	}
	return sum
}

// stirlingTable holds stirlingError of 1 to 15.
var stirlingTable = [...]float64{
	0,
	0.08106146679532725822, 0.041340695955409294094, 0.027677925684998339149,
	0.020790672103765093112, 0.016644691189821192163, 0.013876128823070747999,
	0.011896709945891770095, 0.010411265261972096497, 0.0092554621827127329177,
	0.0083305634333628712565, 0.007573675487951840795, 0.0069428401072095298657,
	0.0064089941880042070684, 0.0059513701127588477356, 0.005554733551962801371,
}

// stirlingError returns ln k! - ln(sqrt(2πk) (k/e)^k).
func stirlingError(k float64) float64 {
	if k < float64(len(stirlingTable)) {
		return stirlingTable[int(k)]
	}
	q := 1 / float64(k*k)
	s := 1.0/1680 - float64(q*(1.0/1188))
	s = 1.0/1260 - float64(q*s)
	s = 1.0/360 - float64(q*s)
	return (1.0/12 - float64(q*s)) / k
}
