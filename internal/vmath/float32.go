package vmath

import "math"

// Constants of the float32 twins: the polynomials of Cephes logf.c, expf.c and
// sinf.c (S. L. Moshier, Methods and Programs for Mathematical Functions,
// Ellis Horwood 1989) and its split of ln 2.
const (
	ln2Hi32 float32 = 0.693359375
	ln2Lo32 float32 = -2.12194440e-4

	lnA float32 = 7.0376836292e-2
	lnB float32 = -1.1514610310e-1
	lnC float32 = 1.1676998740e-1
	lnD float32 = -1.2420140846e-1
	lnE float32 = 1.4249322787e-1
	lnF float32 = -1.6668057665e-1
	lnG float32 = 2.0000714765e-1
	lnH float32 = -2.4999993993e-1
	lnI float32 = 3.3333331174e-1

	expA float32 = 1.9875691500e-4
	expB float32 = 1.3981999507e-3
	expC float32 = 8.3334519073e-3
	expD float32 = 4.1665795894e-2
	expE float32 = 1.6666665459e-1
	expF float32 = 5.0000001201e-1

	sinA float32 = -1.9515295891e-4
	sinB float32 = 8.3321608736e-3
	sinC float32 = -1.6666654611e-1
	cosA float32 = 2.443315711809948e-5
	cosB float32 = -1.388731625493765e-3
	cosC float32 = 4.166664568298827e-2

	expMax32    float32 = 89
	expMin32    float32 = -104
	log2E32     float32 = 1.44269504088896338700
	round32     float32 = 0x1.8p23
	roundBits32         = 0x4B400000
	halfPi32    float32 = math.Pi / 2
	smallest32  float32 = 0x1p-126
	belowOne32  float32 = 1 - 0x1p-24

	sqrtHalfBits32 = 0x3F3504F3
	oneBits32      = 0x3F800000
	mantissaMask32 = 0x007FFFFF
)

// Ln32 is Ln for float32. The error is below 1 ulp.
// It panics if the lengths differ.
func Ln32(dst, src []float32) {
	if len(dst) != len(src) {
		panic("vmath: length mismatch")
	}
	for i := ln32Vector(dst, src); i < len(src); i++ {
		dst[i] = ln32(src[i])
	}
}

// ln32 is the Go twin of the Ln32 kernels.
func ln32(x float32) float32 {
	switch {
	case !(x >= 0):
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	case x > math.MaxFloat32:
		return x
	case x < smallest32:
		return lnNormal32(x*0x1p25, 25)
	}
	return lnNormal32(x, 0)
}

// lnNormal32 returns ln(x 2^-shift) for a positive normal x.
func lnNormal32(x, shift float32) float32 {
	t := math.Float32bits(x) + (oneBits32 - sqrtHalfBits32)
	k := float32(int32(t>>23)) - 127 - shift
	f := math.Float32frombits(t&mantissaMask32+sqrtHalfBits32) - 1
	z := float32(f * f)
	p := lnB + float32(f*lnA)
	p = lnC + float32(f*p)
	p = lnD + float32(f*p)
	p = lnE + float32(f*p)
	p = lnF + float32(f*p)
	p = lnG + float32(f*p)
	p = lnH + float32(f*p)
	p = lnI + float32(f*p)
	y := float32(float32(f*z)*p) + float32(k*ln2Lo32)
	y -= float32(0.5 * z)
	return (f + y) + float32(k*ln2Hi32)
}

// Exp32 is Exp for float32. The error is below 1 ulp for normal results.
// It panics if the lengths differ.
func Exp32(dst, src []float32) {
	if len(dst) != len(src) {
		panic("vmath: length mismatch")
	}
	for i := exp32Vector(dst, src); i < len(src); i++ {
		dst[i] = exp32(src[i])
	}
}

// exp32 is the Go twin of the Exp32 kernels.
func exp32(x float32) float32 {
	if x != x {
		return float32(math.NaN())
	}
	if x > expMax32 {
		x = expMax32
	}
	if x < expMin32 {
		x = expMin32
	}
	sum := float32(x*log2E32) + round32
	kd := sum - round32
	k := math.Float32bits(sum) - roundBits32
	r := (x - float32(kd*ln2Hi32)) - float32(kd*ln2Lo32)
	p := expB + float32(r*expA)
	p = expC + float32(r*p)
	p = expD + float32(r*p)
	p = expE + float32(r*p)
	p = expF + float32(r*p)
	y := 1 + (r + float32(float32(r*r)*p))
	half := (k+256)>>1 - 1 // floor(k/2) + 127
	y *= math.Float32frombits(half << 23)
	return y * math.Float32frombits((k-half+254)<<23)
}

// Unit32 maps 32 random bits n to a float32 of the open interval (0,1):
// (2n+1) 2^-33 rounded to float32, and 1-2^-24 where that is 1.
func Unit32(bits uint32) float32 {
	// Both parts are exact: only their sum is rounded.
	upper := float32(float32(int32(bits>>8)) * 0x1p-24)
	lower := float32(float32(int32(bits&255))*0x1p-32) + 0x1p-33
	u := upper + lower
	if u > belowOne32 {
		u = belowOne32
	}
	return u
}

// BoxMuller32 is BoxMuller for float32: u is Unit32(bits[2i]), bits 31 and 30 of
// bits[2i+1] turn and mirror, the other 30, read as a signed number, give the angle.
// The largest magnitude is sqrt(66 ln 2) = 6.76.
// It panics if the lengths differ or are odd.
func BoxMuller32(dst []float32, bits []uint32) {
	if len(dst) != len(bits) || len(dst)%2 != 0 {
		panic("vmath: length mismatch")
	}
	for i := boxMuller32Vector(dst, bits); i < len(bits); i += 2 {
		dst[i], dst[i+1] = normalPair32(bits[i], bits[i+1])
	}
}

// normalPair32 is the Go twin of the BoxMuller32 kernels.
func normalPair32(b0, b1 uint32) (z0, z1 float32) {
	l := float32(-2 * lnNormal32(Unit32(b0), 0))
	r := float32(math.Sqrt(float64(l))) // correctly rounded: 53 >= 2*24+2 bits
	x := float32(float32(float32(int32(b1<<2))*0x1p-32) * halfPi32)
	z := float32(x * x)
	p := sinB + float32(z*sinA)
	p = sinC + float32(z*p)
	s := x + float32(float32(z*x)*p)
	q := cosB + float32(z*cosA)
	q = cosC + float32(z*q)
	c := (1 - float32(0.5*z)) + float32(float32(z*z)*q)
	if b1&(1<<30) != 0 {
		s, c = c, s
	}
	sign := b1 & (1 << 31)
	c = math.Float32frombits(math.Float32bits(c) ^ sign)
	s = math.Float32frombits(math.Float32bits(s) ^ sign)
	return r * c, r * s
}
