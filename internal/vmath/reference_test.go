package vmath

import (
	"math"
	"math/big"
)

// References in 200-bit arithmetic, by series that share nothing with the kernels.

const precision = 200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func mul(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Mul(a, b) }
func quo(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Quo(a, b) }
func add(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Add(a, b) }
func sub(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Sub(a, b) }

// arc sums t + σ t³/3 + σ² t⁵/5 + ..., atanh t for σ = 1 and atan t for σ = -1.
func arc(t *big.Float, sigma float64) *big.Float {
	sum, power, square := bigFloat(0), t, mul(mul(t, t), bigFloat(sigma))
	for n := 1.0; power.Sign() != 0 && power.MantExp(nil) > t.MantExp(nil)-precision-8; n += 2 {
		sum = add(sum, quo(power, bigFloat(n)))
		power = mul(power, square)
	}
	return sum
}

var (
	bigLn2 = mul(bigFloat(2), arc(quo(bigFloat(1), bigFloat(3)), 1))
	// Machin: π/4 = 4 atan(1/5) - atan(1/239).
	bigPi = mul(bigFloat(4), sub(mul(bigFloat(4), arc(quo(bigFloat(1), bigFloat(5)), -1)), arc(quo(bigFloat(1), bigFloat(239)), -1)))
)

// lnBig returns ln x for x > 0.
func lnBig(x *big.Float) *big.Float {
	m := new(big.Float).SetPrec(precision)
	e := x.MantExp(m)
	if f, _ := m.Float64(); f < math.Sqrt2/2 {
		m = mul(m, bigFloat(2))
		e--
	}
	l := mul(bigFloat(2), arc(quo(sub(m, bigFloat(1)), add(m, bigFloat(1))), 1))
	return add(l, mul(bigFloat(float64(e)), bigLn2))
}

// expBig returns e^x.
func expBig(x float64) *big.Float {
	const halvings = 8
	k := math.Round(x / math.Ln2)
	r := sub(bigFloat(x), mul(bigFloat(k), bigLn2))
	if r.Sign() != 0 {
		r.SetMantExp(r, -halvings)
	}
	sum, term := bigFloat(1), bigFloat(1)
	for n := 1.0; n < 30; n++ {
		term = quo(mul(term, r), bigFloat(n))
		sum = add(sum, term)
	}
	for range halvings {
		sum = mul(sum, sum)
	}
	return sum.SetMantExp(sum, int(k))
}

// sinCosBig returns sin(πv/2) and cos(πv/2).
func sinCosBig(v float64) (sin, cos *big.Float) {
	x := mul(mul(bigFloat(v), bigPi), bigFloat(0.5))
	sin, cos = bigFloat(0), bigFloat(0)
	term := bigFloat(1)
	for n := 0; n < 48; n += 4 {
		for i, sum := range []**big.Float{&cos, &sin, &cos, &sin} {
			if i < 2 {
				*sum = add(*sum, term)
			} else {
				*sum = sub(*sum, term)
			}
			term = quo(mul(term, x), bigFloat(float64(n+i+1)))
		}
	}
	return sin, cos
}

// ulps returns |got - want| in units of the last place of want, in a format of the
// given mantissa bits and smallest exponent.
func ulps(got float64, want *big.Float, bits, minExp int) float64 {
	if want.Sign() == 0 {
		return math.Abs(got) * math.Inf(1)
	}
	e := max(want.MantExp(nil)-bits, minExp)
	d := sub(bigFloat(got), want)
	d.SetMantExp(d, -e)
	f, _ := d.Float64()
	return math.Abs(f)
}

func ulps64(got float64, want *big.Float) float64 { return ulps(got, want, 53, -1074) }
func ulps32(got float32, want *big.Float) float64 { return ulps(float64(got), want, 24, -149) }
