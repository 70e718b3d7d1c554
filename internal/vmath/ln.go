package vmath

import "math"

// Constants of the logarithm: a split of ln 2 whose high part has 32 trailing
// zero bits, so that k ln2Hi is exact for every exponent k, and the polynomial
// of fdlibm e_log.c (Sun Microsystems, 1993) in s = f/(2+f).
const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10

	ln1 = 6.666666666666735130e-01
	ln2 = 3.999999999940941908e-01
	ln3 = 2.857142874366239149e-01
	ln4 = 2.222219843214978396e-01
	ln5 = 1.818357216161805012e-01
	ln6 = 1.531383769920937332e-01
	ln7 = 1.479819860511658591e-01

	sqrtHalfBits = 0x3FE6A09E667F3BCD // sqrt(1/2)
	oneBits      = 0x3FF0000000000000
	mantissaMask = 0x000FFFFFFFFFFFFF
	shiftBits    = 0x4330000000000000 // 2^52: its low bits hold an integer
	exponentBias = 0x1p52 + 1023
	smallest     = 0x1p-1022 // smallest normal number
)

// Ln sets dst[i] to the natural logarithm of src[i]. The error is below 1 ulp.
// Ln of 0 is -Inf, of +Inf is +Inf, of a negative number or NaN is NaN.
// dst and src may be the same slice; other overlap is not allowed. It panics
// if the lengths differ.
func Ln(dst, src []float64) {
	if len(dst) != len(src) {
		panic("vmath: length mismatch")
	}
	for i := lnVector(dst, src); i < len(src); i++ {
		dst[i] = ln(src[i])
	}
}

// ln is the Go twin of the Ln kernels.
func ln(x float64) float64 {
	switch {
	case !(x >= 0):
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	case x < smallest:
		return lnNormal(x*0x1p54, 54)
	}
	return lnNormal(x, 0)
}

// lnNormal returns ln(x 2^-shift) for a positive normal x: x = 2^k m with
// sqrt(1/2) <= m < sqrt(2), and ln m = f - f²/2 + s (f²/2 + R(s²)).
func lnNormal(x, shift float64) float64 {
	t := math.Float64bits(x) + (oneBits - sqrtHalfBits)
	k := math.Float64frombits(t>>52|shiftBits) - exponentBias - shift
	f := math.Float64frombits(t&mantissaMask+sqrtHalfBits) - 1
	s := f / (2 + f)
	z := s * s
	w := z * z
	even := w * (ln2 + float64(w*(ln4+float64(w*ln6))))
	odd := z * (ln1 + float64(w*(ln3+float64(w*(ln5+float64(w*ln7))))))
	r := float64(odd) + float64(even)
	h := float64(0.5*f) * f
	corr := float64(s*(float64(h)+r)) + float64(k*ln2Lo)
	return float64(k*ln2Hi) - ((float64(h) - corr) - f)
}

// LnScalar returns the bits Ln gives for x.
func LnScalar(x float64) float64 { return ln(x) }
