// Command asm writes the vector kernel of package merge. The comment of its Go twin
// gives the program that it runs.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	constant := GLOBL("constants", 8|16) // RODATA|NOPTR
	DATA(0, operand.U64(math.Float64bits(1)))
	DATA(8, operand.U64(math.Float64bits(1e-290)))
	for _, v := range []vector{{bytes: 32, name: "AVX2"}, {bytes: 64, name: "AVX512"}} {
		v.eliminate(constant)
	}
	Generate()
}

// vector emits the operations of one register width.
type vector struct {
	bytes int
	name  string
}

func (v vector) regs() []reg.VecVirtual {
	r := make([]reg.VecVirtual, 64/v.bytes)
	for i := range r {
		if v.bytes == 64 {
			r[i] = ZMM()
		} else {
			r[i] = YMM()
		}
	}
	return r
}

// eliminate is eliminateGo.
func (v vector) eliminate(constant operand.Mem) {
	TEXT("eliminate"+v.name, 4, "func(program *int32, x *float64)") // NOSPLIT
	Pragma("noescape")
	Doc("eliminate" + v.name + " runs a program on conductances x.")
	p := Load(Param("program"), GP64())
	x := Load(Param("x"), GP64())
	one, smallest := v.regs()[0], v.regs()[0]
	VBROADCASTSD(constant.Offset(0), one)
	VBROADCASTSD(constant.Offset(8), smallest)

	spokes, dst, n, at, i, k := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	slot := func(list reg.GPVirtual, index reg.Register) {
		MOVLQSX(operand.Mem{Base: list, Index: index, Scale: 4}, at)
	}
	part := func(j int) operand.Mem {
		return operand.Mem{Base: x, Index: at, Scale: 8, Disp: j * v.bytes}
	}

	Label("node")
	MOVLQSX(operand.Mem{Base: p}, n)
	TESTQ(n, n)
	JZ(operand.LabelRef("done"))
	LEAQ(operand.Mem{Base: p, Disp: 4}, spokes)
	LEAQ(operand.Mem{Base: spokes, Index: n, Scale: 4}, dst)

	d := v.regs()
	for _, r := range d {
		if v.bytes == 64 {
			VPXORQ(r, r, r)
		} else {
			VXORPD(r, r, r)
		}
	}
	XORQ(k, k)
	Label("sum")
	slot(spokes, k)
	for j, r := range d {
		VADDPD(part(j), r, r)
	}
	INCQ(k)
	CMPQ(k, n)
	JL(operand.LabelRef("sum"))
	for _, r := range d {
		VMAXPD(smallest, r, r)
		VDIVPD(r, one, r)
	}

	XORQ(i, i)
	Label("spoke")
	f := v.regs()
	slot(spokes, i)
	for j, r := range f {
		VMULPD(part(j), d[j], r)
	}
	INCQ(i)
	MOVQ(i, k)
	CMPQ(k, n)
	JGE(operand.LabelRef("last"))
	Label("pair")
	y := v.regs()
	to := GP64()
	slot(spokes, k)
	MOVLQSX(operand.Mem{Base: dst}, to)
	ADDQ(operand.U8(4), dst)
	for j, r := range y {
		VMOVUPD(part(j), r)
		m := operand.Mem{Base: x, Index: to, Scale: 8, Disp: j * v.bytes}
		VFMADD213PD(m, f[j], r)
		VMOVUPD(r, m)
	}
	INCQ(k)
	CMPQ(k, n)
	JL(operand.LabelRef("pair"))
	JMP(operand.LabelRef("spoke"))
	Label("last")
	MOVQ(dst, p)
	JMP(operand.LabelRef("node"))

	Label("done")
	VZEROUPPER()
	RET()
}
