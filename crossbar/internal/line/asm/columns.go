package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func mem(base reg.Register, at int) operand.Mem { return operand.Mem{Base: base, Disp: at} }

// forward is forwardGo.
func (v vector) forward() {
	r := v.begin("forward", "eliminates a panel of bit lines. Steps are bytes from a row to the next.",
		[]string{"dst", "x", "c", "a"}, []string{"rows", "cStep", "aStep"}, nil, false)
	n := rowBytes / v.bytes
	y, last := v.zeros(n), v.zeros(n)
	Label("loop")
	for k := range n {
		t := v.load(mem(r["c"], k*v.bytes))
		VMULPD(mem(r["x"], k*v.bytes), t, t)
		VFMADD213PD(t, last[k], y[k])
		VMOVUPD(y[k], mem(r["dst"], k*v.bytes))
		VMOVUPD(mem(r["a"], k*v.bytes), last[k])
	}
	for _, p := range []string{"dst", "x"} {
		ADDQ(operand.U32(rowBytes), r[p])
	}
	ADDQ(r["cStep"], r["c"])
	ADDQ(r["aStep"], r["a"])
	DECQ(r["rows"])
	JNZ(operand.LabelRef("loop"))
	v.end()
}

// advance is advanceGo.
func (v vector) advance() {
	r := v.begin("advance", "starts a step and eliminates a panel of bit lines. aStep is the bytes from a row of a to the next.",
		[]string{"z", "p", "w", "c", "a"}, []string{"rows", "aStep"}, []string{"alpha", "beta"}, true)
	n := rowBytes / v.bytes
	alpha, beta := v.broadcast("alpha"), v.broadcast("beta")
	y, last, s := v.zeros(n), v.zeros(n), v.zeros(n)
	at := GP64()
	XORQ(at, at)
	Label("loop")
	row := func(p string, k int) operand.Mem {
		return operand.Mem{Base: r[p], Index: at, Scale: 1, Disp: k * v.bytes}
	}
	for k := range n {
		p := v.load(row("p", k))
		w := v.load(row("w", k))
		VFMADD231PD(p, alpha, w)
		VMOVUPD(w, row("w", k))
		VFMADD213PD(row("z", k), beta, p)
		VMOVUPD(p, row("p", k))
		VMULPD(row("c", k), p, p)
		VFMADD213PD(p, last[k], y[k])
		VMOVUPD(y[k], row("z", k))
		VFMADD231PD(y[k], y[k], s[k])
		VMOVUPD(mem(r["a"], k*v.bytes), last[k])
	}
	ADDQ(operand.U32(rowBytes), at)
	ADDQ(r["aStep"], r["a"])
	DECQ(r["rows"])
	JNZ(operand.LabelRef("loop"))
	v.store(s, Load(Param("sums"), GP64()), 0)
	v.end()
}

// backward is backwardGo.
func (v vector) backward() {
	r := v.begin("backward", "substitutes back along a panel of bit lines. Steps are bytes from a row to the next; pointers are to the last row.",
		[]string{"z", "c", "a"}, []string{"rows", "cStep", "aStep"}, nil, true)
	n := rowBytes / v.bytes
	q := v.zeros(n)
	sums := Load(Param("sums"), GP64())
	step := func(first bool) {
		for k := range n {
			t := v.load(mem(r["a"], k*v.bytes))
			VFMADD213PD(mem(r["z"], k*v.bytes), t, q[k])
			VMULPD(mem(r["c"], k*v.bytes), q[k], t)
			VMOVUPD(t, mem(r["z"], k*v.bytes))
		}
		if first {
			v.store(q, sums, 0)
		}
		SUBQ(operand.U32(rowBytes), r["z"])
		SUBQ(r["cStep"], r["c"])
		SUBQ(r["aStep"], r["a"])
		DECQ(r["rows"])
	}
	step(true)
	JZ(operand.LabelRef("done"))
	Label("loop")
	step(false)
	JNZ(operand.LabelRef("loop"))
	Label("done")
	v.store(q, sums, rowBytes)
	v.end()
}

// move is moveGo.
func (v vector) move() {
	r := v.begin("move", "moves along a direction, rows of 16 elements.", []string{"x", "p"}, []string{"rows"}, []string{"alpha"}, false)
	alpha := v.broadcast("alpha")
	Label("loop")
	for k := range rowBytes / v.bytes {
		x := v.load(mem(r["x"], k*v.bytes))
		VFMADD231PD(mem(r["p"], k*v.bytes), alpha, x)
		VMOVUPD(x, mem(r["x"], k*v.bytes))
	}
	for _, p := range []string{"x", "p"} {
		ADDQ(operand.U32(rowBytes), r[p])
	}
	DECQ(r["rows"])
	JNZ(operand.LabelRef("loop"))
	v.end()
}
