package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// walk is walk.scalar over groups of vectors.
func (l lanes) walk() {
	name := "walk" + map[bool]string{false: "AVX2", true: "AVX512"}[l.wide]
	TEXT(name, 4, "func(w *float64, count *int8, z, up, down, upward, downward, lo, hi *float32, sigma float32, doublings, groups int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s lets walks whose step is affine go several steps at once, %d elements a group.", name, l.count()))
	pointer := func(name string) reg.Register { return Load(Param(name), GP64()) }
	w, count, z, lo, hi := pointer("w"), pointer("count"), pointer("z"), pointer("lo"), pointer("hi")
	up, down, upward, downward := pointer("up"), pointer("down"), pointer("upward"), pointer("downward")
	n := Load(Param("groups"), GP64())
	i, k := GP64(), GP64()
	XORQ(i, i)
	scalar, sigma := XMM(), l.reg()
	Load(Param("sigma"), scalar)
	VBROADCASTSS(scalar, sigma)
	at := func(p reg.Register) operand.Mem { return operand.Mem{Base: p, Index: i, Scale: 4} }

	Label("loop")
	c := l.reg()
	VPMOVSXBD(operand.Mem{Base: count, Index: i, Scale: 1}, c)
	falling := l.signs(c)
	steps := l.reg()
	VPABSD(c, steps)
	slope := l.choose(falling, at(down), l.load(at(up)))
	offset := l.choose(falling, at(downward), l.load(at(upward)))
	step := l.add(l.mul(slope, l.narrow(w, i)), offset)
	zero := l.xor(step, step)
	one := l.load(l.num(1))
	r := l.max(l.add(slope, one), zero)
	m := l.isub(steps, l.word(1))

	power, sum, rk, sk, bits := l.reg(), l.reg(), l.reg(), l.reg(), l.reg()
	l.copy(one, power)
	l.copy(zero, sum)
	l.copy(r, rk)
	l.copy(one, sk)
	l.copy(m, bits)
	Load(Param("doublings"), k)
	TESTQ(k, k)
	JZ(operand.LabelRef("doubled"))
	Label("doubling")
	odd := l.signs(l.shl(bits, 31))
	l.copy(l.choose(odd, l.add(sum, l.mul(power, sk)), sum), sum)
	l.copy(l.choose(odd, l.mul(power, rk), power), power)
	l.copy(l.shr(bits, 1), bits)
	l.copy(l.add(sk, l.mul(sk, rk)), sk)
	l.copy(l.mul(rk, rk), rk)
	DECQ(k)
	JNZ(operand.LabelRef("doubling"))
	Label("doubled")

	total := l.add(sum, power)
	q := l.div(l.mul(slope, sigma), l.max(r, l.num(0.5)))
	std := l.mul(l.mul(step, sigma), l.mul(l.sqrt(l.float(steps)), power))
	std = l.mul(std, l.add(one, l.mul(l.mul(l.float(m), l.num(0.25)), l.mul(q, q))))
	move := l.add(l.mul(step, total), l.mul(std, l.load(at(z))))
	move = l.choose(l.signs(m), zero, move) // no step at all

	d := lanes{wide: l.wide}
	for half := range 2 {
		part := func(p reg.Register) reg.VecVirtual {
			v := d.reg()
			VCVTPS2PD(at(p).Offset(half*d.bytes()/2), v)
			return v
		}
		place := operand.Mem{Base: w, Index: i, Scale: 8}.Offset(half * d.bytes())
		y := d.add(l.widen(move, half), place)
		y = d.max(part(lo), d.min(part(hi), y))
		d.store(y, place)
	}
	ADDQ(operand.U8(l.count()), i)
	DECQ(n)
	JNZ(operand.LabelRef("loop"))
	VZEROUPPER()
	RET()
}

func (l lanes) copy(from, to operand.Op) { VMOVAPS(from, to) }

// narrow returns the float64 numbers at base + 8 index as float32.
func (l lanes) narrow(base, index reg.Register) reg.VecVirtual {
	place := operand.Mem{Base: base, Index: index, Scale: 8}
	x := l.reg()
	if l.wide {
		lower, upper := YMM(), YMM()
		VCVTPD2PS(lanes{wide: true}.load(place), lower)
		VCVTPD2PS(lanes{wide: true}.load(place.Offset(64)), upper)
		VINSERTF64X4(operand.U8(1), upper, lower.AsZ(), x)
		return x
	}
	lower, upper := XMM(), XMM()
	VCVTPD2PSY(lanes{}.load(place), lower)
	VCVTPD2PSY(lanes{}.load(place.Offset(32)), upper)
	VINSERTF128(operand.U8(1), upper, lower.AsY(), x)
	return x
}

// widen returns the lower or upper half of x as float64.
func (l lanes) widen(x reg.VecVirtual, half int) reg.VecVirtual {
	d := lanes{wide: l.wide}.reg()
	if l.wide {
		y := YMM()
		VEXTRACTF64X4(operand.U8(half), x, y)
		VCVTPS2PD(y, d)
		return d
	}
	y := XMM()
	VEXTRACTF128(operand.U8(half), x, y)
	VCVTPS2PD(y, d)
	return d
}
