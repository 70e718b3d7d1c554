// Command asm writes the vector kernels of package line. Each kernel does the
// operations of its Go twin in the twin's order, so that the bits agree; the
// comments of the twins give the mathematics.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, v := range []vector{{bytes: 32, name: "AVX2"}, {bytes: 64, name: "AVX512"}} {
		v.forward()
		v.advance()
		v.backward()
		v.lines()
		v.move()
		v.factorColumns()
		v.factorLines()
	}
	Generate()
}

const (
	rowBytes  = 16 * 8       // a row of a panel
	lineBytes = 8 * 8        // a column of a block that is stored by lines
	tileBytes = 8 * rowBytes // a block in a panel
)

// vector emits the operations of one register width.
type vector struct {
	bytes int
	name  string
}

func (v vector) reg() reg.VecVirtual {
	if v.bytes == 64 {
		return ZMM()
	}
	return YMM()
}

func (v vector) regs(n int) []reg.VecVirtual {
	r := make([]reg.VecVirtual, n)
	for i := range r {
		r[i] = v.reg()
	}
	return r
}

func (v vector) zeros(n int) []reg.VecVirtual {
	r := v.regs(n)
	for _, x := range r {
		if v.bytes == 64 {
			VPXORQ(x, x, x)
		} else {
			VXORPD(x, x, x)
		}
	}
	return r
}

func (v vector) load(m operand.Mem) reg.VecVirtual {
	d := v.reg()
	VMOVUPD(m, d)
	return d
}

func (v vector) broadcast(name string) reg.VecVirtual {
	d := v.reg()
	VBROADCASTSD(operand.NewParamAddr(name, offsets[name]), d)
	return d
}

// offsets are filled by begin; all parameters have 8 bytes.
var offsets = map[string]int{}

// begin starts the function and returns the registers of its pointers.
func (v vector) begin(name, doc string, pointers, numbers, floats []string, sums bool) map[string]reg.GPVirtual {
	sig := "func("
	at := 0
	add := func(names []string, kind string) {
		for _, n := range names {
			if at > 0 {
				sig += ", "
			}
			sig += n + " " + kind
			offsets[n] = at
			at += 8
		}
	}
	add(pointers, "*float64")
	add(numbers, "int")
	add(floats, "float64")
	if sums {
		add([]string{"sums"}, "*float64")
	}
	TEXT(name+v.name, 4, sig+")") // NOSPLIT
	Pragma("noescape")
	Doc(fmt.Sprintf("%s%s %s", name, v.name, doc))
	r := map[string]reg.GPVirtual{}
	for _, n := range append(append([]string{}, pointers...), numbers...) {
		r[n] = Load(Param(n), GP64()).(reg.GPVirtual)
	}
	return r
}

func (v vector) end() {
	VZEROUPPER()
	RET()
}

func (v vector) store(x []reg.VecVirtual, base reg.Register, at int) {
	for k, r := range x {
		VMOVUPD(r, operand.Mem{Base: base, Disp: at + k*v.bytes})
	}
}
