package vmath

import "math"

// Polynomials of fdlibm k_sin.c and k_cos.c (Sun Microsystems, 1993) for
// |x| <= π/4.
const (
	sin1 = -1.66666666666666324348e-01
	sin2 = 8.33333333332248946124e-03
	sin3 = -1.98412698298579493134e-04
	sin4 = 2.75573137070700676789e-06
	sin5 = -2.50507602534068634195e-08
	sin6 = 1.58969099521155010221e-10

	cos1 = 4.16666666666666019037e-02
	cos2 = -1.38888888888741095749e-03
	cos3 = 2.48015872894767294178e-05
	cos4 = -2.75573143513906633035e-07
	cos5 = 2.08757232129817482790e-09
	cos6 = -1.13596475577881948265e-11

	halfPi  = math.Pi / 2
	openOne = 1 - 0x1p-53

	signBit = 1 << 63
	swapBit = 1 << 62
)

// Unit maps 64 random bits to a number of the open interval (0,1): the upper 52
// bits n give (2n+1) 2^-53, the midpoints of 2^52 equal cells, so that u and
// 1-u are equally likely and neither end occurs.
func Unit(bits uint64) float64 {
	return math.Float64frombits(bits>>12|oneBits) - openOne
}

// BoxMuller turns each pair of 64-bit words (bits[2i], bits[2i+1]) into a pair
// of independent standard normals,
//
//	sqrt(-2 ln u) (cos θ, sin θ),
//
// with u = Unit(bits[2i]) and θ uniform on the circle: bit 63 of bits[2i+1] turns
// by π, bit 62 mirrors at the diagonal, the other 62 give an angle in [-π/4, π/4].
// The largest magnitude is sqrt(106 ln 2) = 8.57. dst and bits may be the same
// memory. It panics if the lengths differ or are odd.
// G. E. P. Box and M. E. Muller, doi:10.1214/aoms/1177706645.
func BoxMuller(dst []float64, bits []uint64) {
	if len(dst) != len(bits) || len(dst)%2 != 0 {
		panic("vmath: length mismatch")
	}
	for i := boxMullerVector(dst, bits); i < len(bits); i += 2 {
		dst[i], dst[i+1] = NormalPair(bits[i], bits[i+1])
	}
}

// NormalPair is BoxMuller of one pair of words.
func NormalPair(b0, b1 uint64) (z0, z1 float64) {
	r := math.Sqrt(-2 * lnNormal(Unit(b0), 0))
	s, c := sinCosQuarter(Unit(b1<<2) - 0.5)
	if b1&swapBit != 0 {
		s, c = c, s
	}
	sign := b1 & signBit
	c = math.Float64frombits(math.Float64bits(c) ^ sign)
	s = math.Float64frombits(math.Float64bits(s) ^ sign)
	return r * c, r * s
}

// sinCosQuarter returns sin(πv/2) and cos(πv/2) for |v| <= 1/2. The error is
// below 2 ulp.
func sinCosQuarter(v float64) (sin, cos float64) {
	x := float64(v * halfPi)
	z := float64(x * x)
	p := sin2 + float64(z*(sin3+float64(z*(sin4+float64(z*(sin5+float64(z*sin6)))))))
	sin = x + float64(float64(z*x)*(sin1+float64(z*p)))
	q := float64(z * (cos1 + float64(z*(cos2+float64(z*(cos3+float64(z*(cos4+float64(z*(cos5+float64(z*cos6)))))))))))
	h := float64(0.5 * z)
	w := 1 - h
	cos = w + (((1 - w) - h) + float64(z*q))
	return sin, cos
}
