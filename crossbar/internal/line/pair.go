package line

import "math"

// A pair is the unevaluated sum of two float64, high + low with |low| at most
// half a unit in the last place of high: about 32 digits.
//
// The operations are the error-free transformations of Dekker and Knuth as in
// Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26, 1955 (2005),
// doi:10.1137/030601818. Conversions to float64 keep the compiler from fusing
// a product with a sum.
type pair struct{ high, low float64 }

// twoSum returns a + b without error.
func twoSum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

// renormalise returns high + low for |low| below |high|.
func renormalise(high, low float64) pair {
	s := high + low
	return pair{s, low - (s - high)}
}

func (a pair) add(b pair) pair {
	s := twoSum(a.high, b.high)
	return renormalise(s.high, s.low+(a.low+b.low))
}

func (a pair) neg() pair { return pair{-a.high, -a.low} }

func (a pair) sub(b pair) pair { return a.add(b.neg()) }

// times returns a c.
func (a pair) times(c float64) pair {
	p := float64(a.high * c)
	return renormalise(p, math.FMA(a.high, c, -p)+float64(a.low*c))
}

// over returns a/b.
func (a pair) over(b pair) pair {
	q := a.high / b.high
	rest := math.FMA(-q, b.high, a.high) + (a.low - float64(q*b.low))
	return renormalise(q, rest/b.high)
}

func (a pair) value() float64 { return a.high + a.low }
