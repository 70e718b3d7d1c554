package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// node emits the elimination of one node: x is its conductance to ground and that behind,
// front that of the segment in front. It leaves the new conductance behind in
// behind, returns the scale, and stores the coefficient of the node before at back.
func (v vector) node(x, front, one, behind, before reg.VecVirtual, back operand.Mem) (scale reg.VecVirtual) {
	h, r := v.reg(), v.reg()
	VADDPD(x, front, h)
	VDIVPD(h, one, h)
	VSQRTPD(h, r)
	VMULPD(h, front, h)
	VMULPD(h, x, behind)
	VMULPD(r, before, before)
	VMOVUPD(before, back)
	VMULPD(r, front, before)
	return r
}

// factorColumns is the elimination of a panel of bit lines but for the last row.
func (v vector) factorColumns() {
	r := v.begin("factorColumns", "eliminates rows of a panel of bit lines. scale holds the conductances of the nodes; behind, 16 numbers, is followed by room for 16. aStep is the bytes from a row of a to the next.",
		[]string{"scale", "a", "behind"}, []string{"rows", "aStep"}, []string{"front"}, false)
	n := rowBytes / v.bytes
	front, one := v.broadcast("front"), v.ones()
	behind, before := v.regs(n), v.zeros(n)
	for k := range n {
		VMOVUPD(mem(r["behind"], k*v.bytes), behind[k])
	}
	back := GP64()
	LEAQ(mem(r["behind"], rowBytes), back)
	Label("loop")
	for k := range n {
		x := v.reg()
		VADDPD(mem(r["scale"], k*v.bytes), behind[k], x)
		s := v.node(x, front, one, behind[k], before[k], mem(back, k*v.bytes))
		VMOVUPD(s, mem(r["scale"], k*v.bytes))
	}
	MOVQ(r["a"], back)
	ADDQ(operand.U32(rowBytes), r["scale"])
	ADDQ(r["aStep"], r["a"])
	DECQ(r["rows"])
	JNZ(operand.LabelRef("loop"))
	for k := range n {
		VMOVUPD(behind[k], mem(r["behind"], k*v.bytes))
		VMOVUPD(before[k], mem(r["behind"], rowBytes+k*v.bytes))
	}
	v.end()
}

// factorLines is the elimination of a block of word lines.
func (v vector) factorLines() {
	r := v.begin("factorLines", "eliminates a block of word lines in all panels. scale holds the conductances of the nodes, fronts those of the segments; behind, 8 numbers, is followed by room for 8. Steps are the bytes from a panel to the next.",
		[]string{"scale", "a", "fronts", "behind"}, []string{"panels", "step", "aStep"}, nil, false)
	n := v.bytes / 8
	one := v.ones()
	back := GP64()
	for half := 0; half < 8/n; half++ {
		suffix := string(rune('0' + half))
		if half > 0 {
			for _, p := range []string{"scale", "a", "fronts", "panels"} {
				Load(Param(p), r[p])
			}
		}
		s0, l0 := half*n*rowBytes, half*v.bytes
		behind, before := v.load(mem(r["behind"], l0)), v.zeros(1)[0]
		LEAQ(mem(r["behind"], lineBytes), back)
		Label("loop" + suffix)
		for chunk := 0; chunk < 16; chunk += n {
			rows := make([]reg.VecVirtual, n)
			for i := range rows {
				rows[i] = v.load(mem(r["scale"], s0+i*rowBytes+chunk*8))
			}
			cols := v.transpose(rows)
			for k, x := range cols {
				front := v.reg()
				VBROADCASTSD(mem(r["fronts"], (chunk+k)*8), front)
				VADDPD(behind, x, x)
				cols[k] = v.node(x, front, one, behind, before, mem(back, l0))
				LEAQ(mem(r["a"], (chunk+k)*lineBytes), back)
			}
			for i, row := range v.transpose(cols) {
				VMOVUPD(row, mem(r["scale"], s0+i*rowBytes+chunk*8))
			}
		}
		ADDQ(r["step"], r["scale"])
		ADDQ(r["aStep"], r["a"])
		ADDQ(operand.U32(rowBytes), r["fronts"])
		DECQ(r["panels"])
		JNZ(operand.LabelRef("loop" + suffix))
	}
	v.end()
}

// ones returns a register of ones.
func (v vector) ones() reg.VecVirtual {
	t, d := GP64(), v.reg()
	MOVQ(operand.U64(0x3FF0000000000000), t)
	x := XMM()
	MOVQ(t, x)
	VBROADCASTSD(x, d)
	return d
}
