package pcm

import "math"

// Conductances of an array have no order, so a branch on one is mispredicted half
// of the time. Not negative numbers are ordered as their bits are, and all negative
// numbers have smaller bits as signed integers: on those the compiler selects
// without a branch.

// An interval is a closed interval of not negative numbers, by their bits.
type interval struct{ low, high int64 }

func between(low, high float64) interval {
	return interval{int64(math.Float64bits(low)), int64(math.Float64bits(high))}
}

// clip returns the number of the interval that is nearest to x.
func (v interval) clip(x float64) float64 {
	return math.Float64frombits(uint64(min(max(int64(math.Float64bits(x)), v.low), v.high)))
}

// notNegative returns max(0, x).
func notNegative(x float64) float64 {
	b := int64(math.Float64bits(x))
	return math.Float64frombits(uint64(b &^ (b >> 63)))
}
