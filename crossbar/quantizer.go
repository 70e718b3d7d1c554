package crossbar

import (
	"math"

	"mho/internal/gemm"
)

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
func (q Quantizer) Quantize(dst, src []float64) (clipped int) { return Convert(q, dst, src, 1) }

// Convert sets dst to Q of scale src, as Quantize does, in float64 but for the rounding to the
// types of both.
func Convert[D, S gemm.Float](q Quantizer, dst []D, src []S, scale float64) (clipped int) {
	dst = dst[:len(src)]
	if q.Bits == 0 {
		// What is beyond by the rounding of the scale is at the limit.
		edge := q.Limit * (1 + 0x1p-50)
		for i, x := range src {
			y := float64(x) * scale
			if y > q.Limit || y < -q.Limit {
				if y > edge || y < -edge {
					clipped++
				}
				y = math.Copysign(q.Limit, y)
			}
			dst[i] = D(y)
		}
		return clipped
	}
	top := q.top()
	lsb, per := q.Limit/top, top/q.Limit*scale
	for i, x := range src {
		code := math.RoundToEven(float64(x) * per)
		if code > top || code < -top {
			code = math.Copysign(top, code)
			clipped++
		}
		dst[i] = D(code * lsb)
	}
	return clipped
}
