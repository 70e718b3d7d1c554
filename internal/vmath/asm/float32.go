package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	ln2Hi32 = 0.693359375
	ln2Lo32 = -2.12194440e-4
)

// lnNormal32 is ln(x 2^-shift); shift may be nil for 0.
func (l lanes) lnNormal32(x operand.Op, shift operand.Op) reg.VecVirtual {
	const sqrtHalf, one = 0x3F3504F3, 0x3F800000
	t := l.iadd(x, l.word(one-sqrtHalf))
	k := l.sub(l.float(l.shr(t, 23)), l.num(127))
	if shift != nil {
		k = l.sub(k, shift)
	}
	f := l.sub(l.iadd(l.and(t, l.word(0x007FFFFF)), l.word(sqrtHalf)), l.num(1))
	z := l.mul(f, f)
	p := l.horner(f, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
	y := l.add(l.mul(l.mul(f, z), p), l.mul(k, l.num(ln2Lo32)))
	y = l.sub(y, l.mul(z, l.num(0.5)))
	return l.add(l.add(f, y), l.mul(k, l.num(ln2Hi32)))
}

func (l lanes) ln32(x operand.Op) reg.VecVirtual {
	small := l.compare(less, x, l.num(0x1p-126))
	zero := l.xor(x, x)
	shift := l.choose(small, l.num(25), zero)
	y := l.lnNormal32(l.choose(small, l.mul(x, l.num(0x1p25)), x), shift)
	return l.lnEnds(x, y, l.word(0x7F800000), l.word(0xFF800000), l.word(0x7FC00000))
}

func (l lanes) exp32(x operand.Op) reg.VecVirtual {
	c := l.max(l.min(x, l.num(89)), l.num(-104))
	sum := l.add(l.mul(c, l.num(1.44269504088896338700)), l.num(0x1.8p23))
	kd := l.sub(sum, l.num(0x1.8p23))
	r := l.sub(l.sub(c, l.mul(kd, l.num(ln2Hi32))), l.mul(kd, l.num(ln2Lo32)))
	p := l.horner(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
	y := l.add(l.add(r, l.mul(l.mul(r, r), p)), l.num(1))
	k := l.isub(sum, l.word(0x4B400000))
	half := l.isub(l.shr(l.iadd(k, l.word(256)), 1), l.word(1))
	y = l.mul(y, l.shl(half, 23))
	y = l.mul(y, l.shl(l.isub(l.iadd(k, l.word(254)), half), 23))
	return l.choose(l.compare(nan, x, x), l.word(0x7FC00000), y)
}

// unit32 is Unit32.
func (l lanes) unit32(bits operand.Op) reg.VecVirtual {
	upper := l.mul(l.float(l.shr(bits, 8)), l.num(0x1p-24))
	lower := l.add(l.mul(l.float(l.and(bits, l.word(255))), l.num(0x1p-32)), l.num(0x1p-33))
	return l.min(l.add(upper, lower), l.num(1-0x1p-24))
}

func (l lanes) boxMuller32() {
	l.kernel("boxMuller", "turns pairs of uint32 words into pairs of float32 normals", 2,
		func(dst, src operand.Mem) {
			a, b := l.load(src), l.load(src.Offset(l.bytes()))
			b0, b1 := l.reg(), l.reg()
			VSHUFPS(operand.U8(0x88), b, a, b0) // even words, then odd words
			VSHUFPS(operand.U8(0xDD), b, a, b1)
			r := l.sqrt(l.mul(l.lnNormal32(l.unit32(b0), nil), l.num(-2)))
			r = l.xor(r, l.and(b1, l.word(1<<31)))
			swap := l.signs(l.shl(b1, 1))

			x := l.mul(l.mul(l.float(l.shl(b1, 2)), l.num(0x1p-32)), l.num(1.5707963267948966))
			z := l.mul(x, x)
			p := l.horner(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
			s := l.add(l.mul(l.mul(z, x), p), x)
			q := l.horner(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
			c := l.add(l.sub(l.load(l.num(1)), l.mul(z, l.num(0.5))), l.mul(l.mul(z, z), q))

			z0 := l.mul(l.choose(swap, s, c), r)
			z1 := l.mul(l.choose(swap, c, s), r)
			l.store(l.three(VUNPCKLPS, z0, z1), dst)
			l.store(l.three(VUNPCKHPS, z0, z1), dst.Offset(l.bytes()))
		})
}
