package vmath

import "math"

// Constants of the exponential: clamps that lie beyond overflow and underflow,
// and the polynomial of fdlibm e_exp.c (Sun Microsystems, 1993).
const (
	expMax = 710
	expMin = -746

	log2E     = 1.44269504088896338700
	roundBits = 0x4338000000000000 // 1.5 2^52
	round     = 0x1.8p52           // adding it rounds to an integer, ties to even

	exp1 = 1.66666666666666019037e-01
	exp2 = -2.77777777770155933842e-03
	exp3 = 6.61375632143793436117e-05
	exp4 = -1.65339022054652515390e-06
	exp5 = 4.13813679705723846039e-08
)

// Exp sets dst[i] to e raised to src[i]. The error is below 1 ulp, also where
// the result is subnormal. Results beyond the largest float64 are +Inf, results
// below half the smallest are 0, Exp of NaN is NaN. dst and src may be the same
// slice; other overlap is not allowed. It panics if the lengths differ.
func Exp(dst, src []float64) {
	if len(dst) != len(src) {
		panic("vmath: length mismatch")
	}
	for i := expVector(dst, src); i < len(src); i++ {
		dst[i] = exp(src[i])
	}
}

// exp is the Go twin of the Exp kernels: x = k ln 2 + r with |r| <= ln(2)/2.
func exp(x float64) float64 {
	if x != x {
		return math.NaN()
	}
	if x > expMax {
		x = expMax
	}
	if x < expMin {
		x = expMin
	}
	sum := float64(x*log2E) + round
	kd := sum - round
	k := math.Float64bits(sum) - roundBits
	hi := x - float64(kd*ln2Hi)
	lo := float64(kd * ln2Lo)
	r := hi - lo
	t := float64(r * r)
	c := r - float64(t*(exp1+float64(t*(exp2+float64(t*(exp3+float64(t*(exp4+float64(t*exp5)))))))))
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	// Two factors: 2^k alone leaves the range of float64 at both ends. Only
	// the second product can round.
	half := (k+2048)>>1 - 1 // floor(k/2) + 1023
	y *= math.Float64frombits(half << 52)
	return y * math.Float64frombits((k-half+2046)<<52)
}

// ExpScalar returns the bits Exp gives for x.
func ExpScalar(x float64) float64 { return exp(x) }
