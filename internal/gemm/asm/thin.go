package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pointers returns base and the addresses stride, 2 stride, ... bytes after it.
func pointers(base, stride reg.GPVirtual, n int) []reg.GPVirtual {
	p := []reg.GPVirtual{base}
	for len(p) < n {
		next := GP64()
		LEAQ(operand.Mem{Base: p[len(p)-1], Index: stride, Scale: 1}, next)
		p = append(p, next)
	}
	return p
}

var word = map[int]string{1: "One", 4: "Four"}

func at(base, index reg.GPVirtual, disp int) operand.Mem {
	return operand.Mem{Base: base, Index: index, Scale: 1, Disp: disp}
}

// dot emits the scalar products of rows by count vectors, unrolled to hide latency.
func (l lanes) dot(rows, count, unroll int) {
	t := l.element()
	begin(l.name("dot"+word[count]), fmt.Sprintf("sets out to the products of %d rows of w by each of %d x.", rows, count),
		fmt.Sprintf("func(k int, w []%s, ldw int, x []%s, ldx int, out []%s)", t, t, t))
	k, ldw, ldx := integer("k"), integer("ldw"), integer("ldx")
	l.scale(ldw)
	l.scale(ldx)
	w := pointers(slice("w"), ldw, rows)
	x := pointers(slice("x"), ldx, count)
	j := GP64()
	XORQ(j, j)

	acc := l.regs(unroll * rows * count)
	for _, r := range acc {
		l.zero(r)
	}
	xv, wv := l.regs(count), l.reg()
	step := func(u int, load func(m operand.Mem)) {
		for q := range count {
			l.load(at(x[q], j, u*l.bytes()), xv[q])
		}
		for r := range rows {
			load(at(w[r], j, u*l.bytes()))
			for q := range count {
				l.fma(wv, xv[q], acc[(u*rows+r)*count+q])
			}
		}
	}
	whole := func(m operand.Mem) { l.load(m, wv) }

	group := unroll * l.count()
	SUBQ(operand.U8(group), k)
	JLT(operand.LabelRef("rest"))
	Label("loop")
	for u := range unroll {
		step(u, whole)
	}
	ADDQ(operand.I32(unroll*l.bytes()), j)
	SUBQ(operand.U8(group), k)
	JGE(operand.LabelRef("loop"))
	Label("rest")
	ADDQ(operand.U8(group), k)
	if unroll == 2 {
		SUBQ(operand.U8(l.count()), k)
		JLT(operand.LabelRef("part"))
		step(0, whole)
		ADDQ(operand.U8(l.bytes()), j)
		SUBQ(operand.U8(l.count()), k)
		Label("part")
		ADDQ(operand.U8(l.count()), k)
	}
	JZ(operand.LabelRef("finish"))
	mask := l.tail(k)
	step(0, func(m operand.Mem) { l.loadTail(m, mask, wv) })

	Label("finish")
	n := rows * count
	for i := n; i < len(acc); i++ {
		l.add(acc[i], acc[i-n])
	}
	out := slice("out")
	for i := range n {
		l.sum(acc[i], operand.Mem{Base: out, Disp: i * l.size()})
	}
	VZEROUPPER()
	RET()
}

// axpy emits the addition of multiples of rows to count vectors.
func (l lanes) axpy(rows, count int) {
	t := l.element()
	begin(l.name("axpy"+word[count]), fmt.Sprintf("adds multiples of %d rows of w to each of %d rows of out.", rows, count),
		fmt.Sprintf("func(n int, w []%s, ldw int, x, out []%s, ldo int)", t, t))
	n, ldw, ldo := integer("n"), integer("ldw"), integer("ldo")
	l.scale(ldw)
	l.scale(ldo)
	w := pointers(slice("w"), ldw, rows)
	out := pointers(slice("out"), ldo, count)
	x := slice("x")
	xv := l.regs(rows * count)
	for i, r := range xv {
		l.broadcast(operand.Mem{Base: x, Disp: i * l.size()}, r)
	}
	j := GP64()
	XORQ(j, j)

	wv, sum := l.regs(rows), l.reg()
	step := func(load func(m operand.Mem, r reg.VecVirtual)) {
		for r := range rows {
			load(at(w[r], j, 0), wv[r])
		}
		for q := range count {
			l.load(at(out[q], j, 0), sum)
			for r := range rows {
				l.fma(wv[r], xv[r*count+q], sum)
			}
			l.store(sum, at(out[q], j, 0))
		}
	}
	SUBQ(operand.U8(l.count()), n)
	JLT(operand.LabelRef("rest"))
	Label("loop")
	step(func(m operand.Mem, r reg.VecVirtual) { l.load(m, r) })
	ADDQ(operand.U8(l.bytes()), j)
	SUBQ(operand.U8(l.count()), n)
	JGE(operand.LabelRef("loop"))
	Label("rest")
	ADDQ(operand.U8(l.count()), n)
	JZ(operand.LabelRef("finish"))
	mask := l.tail(n)
	step(func(m operand.Mem, r reg.VecVirtual) { l.loadTail(m, mask, r) })
	Label("finish")
	VZEROUPPER()
	RET()
}
