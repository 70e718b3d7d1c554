package noise

import (
	"unsafe"

	"mho/internal/vmath"
	"mho/noise/internal/philox"
)

// Uint32s sets dst to uniform 32-bit words. They are the halves of the words of
// Uint64s, the lower half first: columns 2c and 2c+1 here are column c there.
func (k Key) Uint32s(dst []uint32, at At) { k.fill32(dst, at, useWords) }

// Uniform32 sets dst to uniform float32 numbers of the open interval (0,1): the odd
// multiples of 2^-33 rounded to float32, hence fine near 0 and spaced 2^-24 near 1.
func (k Key) Uniform32(dst []float32, at At) { k.fill32(words32(dst), at, useUniform32) }

// Normal32 sets dst to standard normal float32 numbers, four columns a block,
// with tails that reach 6.76.
func (k Key) Normal32(dst []float32, at At) { k.fill32(words32(dst), at, useNormal32) }

// Lognormal32 sets dst to exp(mu + sigma z), where z is what Normal32 gives there.
func (k Key) Lognormal32(dst []float32, mu, sigma float32, at At) {
	k.Normal32(dst, at)
	for i, z := range dst {
		dst[i] = float32(sigma*z) + mu
	}
	vmath.Exp32(dst, dst)
}

// Exponential32 sets dst to exponential float32 numbers of mean 1, between 2^-24
// and 22.9.
func (k Key) Exponential32(dst []float32, at At) { k.fill32(words32(dst), at, useExponential32) }

// fill32 is fill64 with four numbers a block.
func (k Key) fill32(dst []uint32, at At, u use) {
	at.check(len(dst))
	if len(dst) == 0 {
		return
	}
	key := k.cipher(u)
	c := at.counter(at.Col / 4)
	if skip := at.Col % 4; skip != 0 {
		q := quad32(c, key, u)
		n := copy(dst, q[skip:])
		dst = dst[n:]
		c[0]++
	}
	for len(dst) >= 4 {
		d := dst[:min(len(dst)&^3, chunk/4)]
		philox.Words32(d, c, key)
		transform32(d, u)
		c[0] += uint32(len(d) / 4)
		dst = dst[len(d):]
	}
	if len(dst) > 0 {
		q := quad32(c, key, u)
		copy(dst, q[:])
	}
}

// quad32 returns the four numbers of one block.
func quad32(c philox.Counter, key philox.Key, u use) [4]uint32 {
	q := philox.Block(c, key)
	transform32(q[:], u)
	return q
}

// transform32 turns words into numbers of use u, in place.
func transform32(w []uint32, u use) {
	d := floats32(w)
	switch u {
	case useUniform32:
		vmath.Uniform32(d, w)
	case useNormal32:
		vmath.BoxMuller32(d, w)
	case useExponential32:
		vmath.Uniform32(d, w)
		vmath.Ln32(d, d)
		for i, x := range d {
			d[i] = -x
		}
	}
}

func words32(x []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func floats32(x []uint32) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
