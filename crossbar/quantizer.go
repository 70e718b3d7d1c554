package crossbar

import "math"

// A Quantizer is the transfer curve of a converter with 2^Bits - 1 levels,
//
//	Q(x) = LSB round(x/LSB),  |Q(x)| <= Limit,  LSB = Limit/(2^(Bits-1) - 1):
//
// mid-tread, so that 0 is a level, and symmetric, so that the sign of x has no
// influence on the error; one of the 2^Bits codes is not used. Halves round to
// even. Within the limit the error of an x that moves over many levels is uniform,
// of variance LSB²/12 (W. R. Bennett, doi:10.1002/j.1538-7305.1948.tb01340.x).
// With Bits 0 there are no steps: x is only kept within Limit, which may be +Inf.
type Quantizer struct {
	Bits  int     // resolution, 0 or from 2 to MaxBits
	Limit float64 // full scale, > 0, in the unit of what is converted
}

// MaxBits is the finest resolution of a converter.
const MaxBits = 24

// LSB returns the distance of levels in the unit of Limit, 0 if there are no steps.
func (q Quantizer) LSB() float64 {
	if q.Bits == 0 {
		return 0
	}
	return q.Limit / q.top()
}

// top returns the largest code.
func (q Quantizer) top() float64 { return float64(int64(1)<<(q.Bits-1) - 1) }

// Quantize sets dst to Q of src, which may be the same slice, and returns how many
// values lay beyond the limit by more than half an LSB and were clipped. NaN stays
// NaN. It panics if dst is shorter than src.
func (q Quantizer) Quantize(dst, src []float64) (clipped int) {
	dst = dst[:len(src)]
	if q.Bits == 0 {
		for i, x := range src {
			if x > q.Limit || x < -q.Limit {
				x = math.Copysign(q.Limit, x)
				clipped++
			}
			dst[i] = x
		}
		return clipped
	}
	top := q.top()
	lsb, per := q.Limit/top, top/q.Limit
	for i, x := range src {
		code := math.RoundToEven(x * per)
		if code > top || code < -top {
			code = math.Copysign(top, code)
			clipped++
		}
		dst[i] = code * lsb
	}
	return clipped
}
