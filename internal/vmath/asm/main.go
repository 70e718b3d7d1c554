// Command asm writes the vector kernels of package vmath. Each kernel does the
// operations of its Go twin in the twin's order, so that the bits agree; the
// comments of the twins give the mathematics.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, wide := range []bool{false, true} {
		d := lanes{wide: wide}
		d.elementwise("ln", "computes natural logarithms of float64", d.ln)
		d.elementwise("exp", "computes exponentials of float64", d.exp)
		d.elementwise("uniform", "turns uint64 words into float64 numbers of (0,1)", d.unit)
		d.boxMuller()
		s := lanes{wide: wide, single: true}
		s.elementwise("ln", "computes natural logarithms of float32", s.ln32)
		s.elementwise("exp", "computes exponentials of float32", s.exp32)
		s.elementwise("uniform", "turns uint32 words into float32 numbers of (0,1)", s.unit32)
		s.boxMuller32()
		s.walk()
	}
	Generate()
}

func (l lanes) elementwise(name, doc string, f func(x operand.Op) reg.VecVirtual) {
	l.kernel(name, doc, 1, func(dst, src operand.Mem) { l.store(f(l.load(src)), dst) })
}

const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// lnNormal is ln(x 2^-shift); shift may be nil for 0.
func (l lanes) lnNormal(x operand.Op, shift operand.Op) reg.VecVirtual {
	const sqrtHalf, one = 0x3FE6A09E667F3BCD, 0x3FF0000000000000
	t := l.iadd(x, l.word(one-sqrtHalf))
	k := l.sub(l.or(l.shr(t, 52), l.word(0x4330000000000000)), l.num(0x1p52+1023))
	if shift != nil {
		k = l.sub(k, shift)
	}
	f := l.sub(l.iadd(l.and(t, l.word(0x000FFFFFFFFFFFFF)), l.word(sqrtHalf)), l.num(1))
	s := l.div(f, l.add(f, l.num(2)))
	z := l.mul(s, s)
	w := l.mul(z, z)
	even := l.mul(w, l.horner(w, 1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01))
	odd := l.mul(z, l.horner(w, 1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01))
	r := l.add(odd, even)
	h := l.mul(l.mul(f, l.num(0.5)), f)
	corr := l.add(l.mul(s, l.add(h, r)), l.mul(k, l.num(ln2Lo)))
	return l.sub(l.mul(k, l.num(ln2Hi)), l.sub(l.sub(h, corr), f))
}

func (l lanes) ln(x operand.Op) reg.VecVirtual {
	small := l.compare(less, x, l.num(0x1p-1022))
	zero := l.xor(x, x)
	shift := l.choose(small, l.num(54), zero)
	y := l.lnNormal(l.choose(small, l.mul(x, l.num(0x1p54)), x), shift)
	return l.lnEnds(x, y, l.word(0x7FF0000000000000), l.word(0xFFF0000000000000), l.word(0x7FF8000000000001))
}

// lnEnds replaces y = ln(x) where x is 0, infinite, negative or NaN.
func (l lanes) lnEnds(x, y operand.Op, inf, negInf, nan operand.Mem) reg.VecVirtual {
	zero := l.xor(x, x)
	y = l.choose(l.compare(equal, x, zero), negInf, y)
	y = l.choose(l.compare(equal, x, inf), inf, y)
	return l.choose(l.compare(notAbove, x, zero), nan, y)
}

func (l lanes) exp(x operand.Op) reg.VecVirtual {
	c := l.max(l.min(x, l.num(710)), l.num(-746))
	sum := l.add(l.mul(c, l.num(1.44269504088896338700)), l.num(0x1.8p52))
	kd := l.sub(sum, l.num(0x1.8p52))
	hi := l.sub(c, l.mul(kd, l.num(ln2Hi)))
	lo := l.mul(kd, l.num(ln2Lo))
	r := l.sub(hi, lo)
	t := l.mul(r, r)
	p := l.horner(t, 4.13813679705723846039e-08, -1.65339022054652515390e-06, 6.61375632143793436117e-05,
		-2.77777777770155933842e-03, 1.66666666666666019037e-01)
	q := l.sub(r, l.mul(t, p))
	y := l.sub(l.load(l.num(1)), l.sub(l.sub(lo, l.div(l.mul(r, q), l.sub(l.load(l.num(2)), q))), hi))
	k := l.isub(sum, l.word(0x4338000000000000))
	half := l.isub(l.shr(l.iadd(k, l.word(2048)), 1), l.word(1))
	y = l.mul(y, l.shl(half, 52))
	y = l.mul(y, l.shl(l.isub(l.iadd(k, l.word(2046)), half), 52))
	return l.choose(l.compare(nan, x, x), l.word(0x7FF8000000000001), y)
}

// unit is Unit.
func (l lanes) unit(bits operand.Op) reg.VecVirtual {
	return l.sub(l.or(l.shr(bits, 12), l.word(0x3FF0000000000000)), l.num(1-0x1p-53))
}

func (l lanes) boxMuller() {
	l.kernel("boxMuller", "turns pairs of uint64 words into pairs of float64 normals", 2,
		func(dst, src operand.Mem) {
			a, b := l.load(src), l.load(src.Offset(l.bytes()))
			b0, b1 := l.three(VPUNPCKLQDQ, a, b), l.three(VPUNPCKHQDQ, a, b)
			r := l.sqrt(l.mul(l.lnNormal(l.unit(b0), nil), l.num(-2)))
			r = l.xor(r, l.and(b1, l.word(1<<63)))
			v := l.sub(l.unit(l.shl(b1, 2)), l.num(0.5))
			swap := l.signs(l.shl(b1, 1))

			x := l.mul(v, l.num(1.5707963267948966))
			z := l.mul(x, x)
			p := l.horner(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
				-1.98412698298579493134e-04, 8.33333333332248946124e-03)
			s := l.add(l.mul(l.mul(z, x), l.add(l.mul(p, z), l.num(-1.66666666666666324348e-01))), x)
			q := l.mul(l.horner(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
				2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02), z)
			h := l.mul(z, l.num(0.5))
			one := l.load(l.num(1))
			w := l.sub(one, h)
			c := l.add(w, l.add(l.sub(l.sub(one, w), h), l.mul(z, q)))

			z0 := l.mul(l.choose(swap, s, c), r)
			z1 := l.mul(l.choose(swap, c, s), r)
			l.store(l.three(VUNPCKLPD, z0, z1), dst)
			l.store(l.three(VUNPCKHPD, z0, z1), dst.Offset(l.bytes()))
		})
}
