package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const unroll = 4

// tile emits the product of a packed panel of rows by one of vectors of columns.
func (l lanes) tile(rows, vectors int) {
	columns := vectors * l.count()
	t := l.element()
	begin(l.name("tile"), fmt.Sprintf("sets %d by %d elements of c to alpha a b + beta c.", rows, columns),
		fmt.Sprintf("func(k int, a, b, c []%s, ldc int, alpha, beta %s)", t, t))
	k, a, b, c, ldc := integer("k"), slice("a"), slice("b"), slice("c"), integer("ldc")
	l.scale(ldc)

	row := GP64()
	MOVQ(c, row)
	for i := range rows {
		for v := 0; v < vectors*l.bytes(); v += 64 {
			PREFETCHT0(operand.Mem{Base: row, Disp: v})
		}
		if i < rows-1 {
			ADDQ(ldc, row)
		}
	}
	acc := make([][]reg.VecVirtual, rows)
	for i := range acc {
		acc[i] = l.regs(vectors)
		for _, r := range acc[i] {
			l.zero(r)
		}
	}

	bv := l.regs(vectors)
	av := l.regs(2)
	step := func(u int) {
		for v := range bv {
			l.load(operand.Mem{Base: b, Disp: (u*vectors + v) * l.bytes()}, bv[v])
		}
		for i := range rows {
			l.broadcast(operand.Mem{Base: a, Disp: (u*rows + i) * l.size()}, av[i%2])
			for v := range bv {
				l.fma(av[i%2], bv[v], acc[i][v])
			}
		}
	}
	advance := func(n int) {
		ADDQ(operand.I32(n*rows*l.size()), a)
		ADDQ(operand.I32(n*vectors*l.bytes()), b)
	}
	SUBQ(operand.U8(unroll), k)
	JLT(operand.LabelRef("rest"))
	Label("loop")
	for u := range unroll {
		step(u)
	}
	advance(unroll)
	SUBQ(operand.U8(unroll), k)
	JGE(operand.LabelRef("loop"))
	Label("rest")
	ADDQ(operand.U8(unroll), k)
	JZ(operand.LabelRef("finish"))
	Label("single")
	step(0)
	advance(1)
	DECQ(k)
	JNZ(operand.LabelRef("single"))

	Label("finish")
	alpha, beta := l.reg(), l.reg()
	l.broadcast(argument("alpha"), alpha)
	for i := range acc {
		for v := range bv {
			l.mul(alpha, acc[i][v])
		}
	}
	// The bits of beta, but for its sign, say whether c is read.
	bits := GP64()
	if l.single {
		MOVL(argument("beta"), bits.As32())
		SHLL(operand.U8(1), bits.As32())
	} else {
		MOVQ(argument("beta"), bits)
		SHLQ(operand.U8(1), bits)
	}
	JZ(operand.LabelRef("store"))
	l.broadcast(argument("beta"), beta)
	MOVQ(c, row)
	for i := range acc {
		for v := range bv {
			l.fma(operand.Mem{Base: row, Disp: v * l.bytes()}, beta, acc[i][v])
		}
		if i < rows-1 {
			ADDQ(ldc, row)
		}
	}
	Label("store")
	for i := range acc {
		for v := range bv {
			l.store(acc[i][v], operand.Mem{Base: c, Disp: v * l.bytes()})
		}
		if i < rows-1 {
			ADDQ(ldc, c)
		}
	}
	VZEROUPPER()
	RET()
}

// transpose emits the transposition of four rows, a vector of columns at a time.
func (l lanes) transpose() {
	t := l.element()
	begin(l.name("transpose"), fmt.Sprintf("transposes 4 rows of %d n elements.", l.count()),
		fmt.Sprintf("func(n int, dst []%s, ldd int, src []%s, lds int)", t, t))
	n, dst, ldd, src, lds := integer("n"), slice("dst"), integer("ldd"), slice("src"), integer("lds")
	l.scale(ldd)
	l.scale(lds)
	lds3 := GP64()
	LEAQ(operand.Mem{Base: lds, Index: lds, Scale: 2}, lds3)

	Label("loop")
	r, s := l.regs(4), l.regs(4)
	l.load(operand.Mem{Base: src}, r[0])
	l.load(operand.Mem{Base: src, Index: lds, Scale: 1}, r[1])
	l.load(operand.Mem{Base: src, Index: lds, Scale: 2}, r[2])
	l.load(operand.Mem{Base: src, Index: lds3, Scale: 1}, r[3])
	l.pick(VUNPCKLPD, VUNPCKLPS, r[1], r[0], s[0])
	l.pick(VUNPCKHPD, VUNPCKHPS, r[1], r[0], s[1])
	l.pick(VUNPCKLPD, VUNPCKLPS, r[3], r[2], s[2])
	l.pick(VUNPCKHPD, VUNPCKHPS, r[3], r[2], s[3])
	out := func(store func()) {
		store()
		ADDQ(ldd, dst)
	}
	if l.single {
		// Each 128-bit half now holds pairs of its own four columns.
		VUNPCKLPD(s[2], s[0], r[0])
		VUNPCKHPD(s[2], s[0], r[1])
		VUNPCKLPD(s[3], s[1], r[2])
		VUNPCKHPD(s[3], s[1], r[3])
		for i := range 4 {
			out(func() { VMOVUPS(r[i].AsX(), operand.Mem{Base: dst}) })
		}
		for i := range 4 {
			out(func() { VEXTRACTF128(operand.U8(1), r[i], operand.Mem{Base: dst}) })
		}
	} else {
		for half := range 2 {
			for i := range 2 {
				VPERM2F128(operand.U8(0x20+0x11*half), s[2+i], s[i], r[i])
				out(func() { VMOVUPD(r[i], operand.Mem{Base: dst}) })
			}
		}
	}
	ADDQ(operand.U8(l.bytes()), src)
	DECQ(n)
	JNZ(operand.LabelRef("loop"))
	VZEROUPPER()
	RET()
}
