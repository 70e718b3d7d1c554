package noise

import (
	"unsafe"

	"mho/internal/vmath"
	"mho/noise/internal/philox"
)

// At is the place of a number in a stream: element j of a fill at {Row, Col, Event}
// is the number of cell (Row, Col+j) at that event. An event is a read, a pulse,
// a time step: whatever draws anew. Fills panic if they run past column 2^32-1.
type At struct {
	Row, Col uint32
	Event    uint64
}

// counter returns the Philox counter of block b of the row and event of a.
func (a At) counter(b uint32) philox.Counter {
	return philox.Counter{b, a.Row, uint32(a.Event), uint32(a.Event >> 32)}
}

func (a At) check(n int) {
	if uint64(n) > 1<<32-uint64(a.Col) {
		panic("noise: fill runs past column 2^32-1")
	}
}

// chunk is the number of bytes drawn before they are transformed, so that they
// are still in the first-level cache.
const chunk = 8 << 10

// Uint64s sets dst to uniform 64-bit words.
func (k Key) Uint64s(dst []uint64, at At) { k.fill64(dst, at, useWords) }

// Uint64 returns the word that Uint64s gives at a place.
func (k Key) Uint64(at At) uint64 {
	x := philox.Block(at.counter(at.Col/2), k.cipher(useWords))
	i := at.Col % 2 * 2
	return uint64(x[i]) | uint64(x[i+1])<<32
}

// Uniform sets dst to uniform numbers of the open interval (0,1), the odd multiples
// of 2^-53: neither 0 nor 1 occurs, and u and 1-u are equally likely.
func (k Key) Uniform(dst []float64, at At) { k.fill64(words64(dst), at, useUniform) }

// UniformAt returns the number that Uniform gives at a place.
func (k Key) UniformAt(at At) float64 { return k.one(at, useUniform) }

// Normal sets dst to standard normal numbers. Each pair of columns (2b, 2b+1) is
// the Box-Muller pair of one Philox block: exact but for rounding, with tails
// that reach 8.57.
func (k Key) Normal(dst []float64, at At) { k.fill64(words64(dst), at, useNormal) }

// NormalAt returns the number that Normal gives at a place.
func (k Key) NormalAt(at At) float64 { return k.one(at, useNormal) }

// Lognormal sets dst to exp(mu + sigma z), where z is what Normal gives there.
func (k Key) Lognormal(dst []float64, mu, sigma float64, at At) {
	k.Normal(dst, at)
	for i, z := range dst {
		dst[i] = float64(sigma*z) + mu
	}
	vmath.Exp(dst, dst)
}

// Exponential sets dst to exponential numbers of mean 1, between 2^-53 and 36.7.
func (k Key) Exponential(dst []float64, at At) { k.fill64(words64(dst), at, useExponential) }

// ExponentialAt returns the number that Exponential gives at a place.
func (k Key) ExponentialAt(at At) float64 { return k.one(at, useExponential) }

// fill64 fills dst in place: words first, then numbers of use u as their bits.
func (k Key) fill64(dst []uint64, at At, u use) {
	at.check(len(dst))
	if len(dst) == 0 {
		return
	}
	key := k.cipher(u)
	c := at.counter(at.Col / 2)
	if at.Col%2 != 0 {
		pair := pair64(c, key, u)
		dst[0] = pair[1]
		dst = dst[1:]
		c[0]++
	}
	for len(dst) >= 2 {
		d := dst[:min(len(dst)&^1, chunk/8)]
		philox.Words64(d, c, key)
		transform64(d, u)
		c[0] += uint32(len(d) / 2)
		dst = dst[len(d):]
	}
	if len(dst) > 0 {
		pair := pair64(c, key, u)
		dst[0] = pair[0]
	}
}

// pair64 returns the two numbers of one block.
func pair64(c philox.Counter, key philox.Key, u use) (p [2]uint64) {
	x := philox.Block(c, key)
	p[0] = uint64(x[0]) | uint64(x[1])<<32
	p[1] = uint64(x[2]) | uint64(x[3])<<32
	transform64(p[:], u)
	return p
}

// one returns the number of use u at a place.
func (k Key) one(at At, u use) float64 {
	p := pair64(at.counter(at.Col/2), k.cipher(u), u)
	return floats64(p[:])[at.Col%2]
}

// transform64 turns words into numbers of use u, in place.
func transform64(w []uint64, u use) {
	d := floats64(w)
	switch u {
	case useUniform:
		vmath.Uniform(d, w)
	case useNormal:
		vmath.BoxMuller(d, w)
	case useExponential:
		vmath.Uniform(d, w)
		vmath.Ln(d, d)
		for i, x := range d {
			d[i] = -x
		}
	}
}

// words64 and floats64 view one memory as both types: same size and alignment.
func words64(x []float64) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func floats64(x []uint64) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
