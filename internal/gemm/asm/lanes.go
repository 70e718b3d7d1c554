package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes emits the operations of one vector type: 256 or 512 bits of float64 or float32.
type lanes struct {
	wide   bool // 512 bits
	single bool // float32
}

// name returns base with the suffix of the vector type, as tile32AVX2.
func (l lanes) name(base string) string {
	base += map[bool]string{true: "32", false: "64"}[l.single]
	return base + map[bool]string{true: "AVX512", false: "AVX2"}[l.wide]
}

// element is the Go type of one lane.
func (l lanes) element() string {
	if l.single {
		return "float32"
	}
	return "float64"
}

// bytes is the size of a vector.
func (l lanes) bytes() int {
	if l.wide {
		return 64
	}
	return 32
}

// size is the size of an element.
func (l lanes) size() int {
	if l.single {
		return 4
	}
	return 8
}

func (l lanes) count() int { return l.bytes() / l.size() }

// scale turns a count of elements into bytes.
func (l lanes) scale(r reg.Register) {
	if l.single {
		SHLQ(operand.U8(2), r)
	} else {
		SHLQ(operand.U8(3), r)
	}
}

func (l lanes) reg() reg.VecVirtual {
	if l.wide {
		return ZMM()
	}
	return YMM()
}

// regs returns n registers.
func (l lanes) regs(n int) []reg.VecVirtual {
	r := make([]reg.VecVirtual, n)
	for i := range r {
		r[i] = l.reg()
	}
	return r
}

type emit func(...operand.Op)

// pick calls the instruction for float64 or float32.
func (l lanes) pick(pd, ps emit, ops ...operand.Op) {
	if l.single {
		ps(ops...)
	} else {
		pd(ops...)
	}
}

func (l lanes) zero(r reg.VecVirtual) {
	if l.wide {
		VPXORQ(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

func (l lanes) load(m operand.Op, r reg.VecVirtual)  { l.pick(VMOVUPD, VMOVUPS, m, r) }
func (l lanes) store(r reg.VecVirtual, m operand.Op) { l.pick(VMOVUPD, VMOVUPS, r, m) }
func (l lanes) broadcast(m operand.Op, r reg.VecVirtual) {
	l.pick(VBROADCASTSD, VBROADCASTSS, m, r)
}

// fma adds a b to c; a may be memory.
func (l lanes) fma(a operand.Op, b, c reg.VecVirtual) {
	l.pick(VFMADD231PD, VFMADD231PS, a, b, c)
}

// mul sets b to a b.
func (l lanes) mul(a operand.Op, b reg.VecVirtual) { l.pick(VMULPD, VMULPS, a, b, b) }

// add sets b to a + b.
func (l lanes) add(a operand.Op, b reg.VecVirtual) { l.pick(VADDPD, VADDPS, a, b, b) }

// tail is the mask of the first lanes of a vector, in a mask register or a vector.
type tail = operand.Op

// masks is a table of as many set as clear words: the mask of n lanes starts n words
// before its middle.
var masks = map[bool]operand.Mem{}

func (l lanes) tail(n reg.GPVirtual) tail {
	if l.wide {
		ones, k := GP64(), K()
		MOVQ(operand.I32(-1), ones)
		BZHIQ(n, ones, ones)
		KMOVW(ones.As32(), k)
		return k
	}
	table, at, m := GP64(), GP64(), l.reg()
	MOVQ(n, at)
	NEGQ(at)
	LEAQ(masks[l.single], table)
	l.load(operand.Mem{Base: table, Disp: l.bytes(), Index: at, Scale: uint8(l.size())}, m)
	return m
}

// loadTail loads the lanes of t, sets the others to zero and reads no memory of theirs.
func (l lanes) loadTail(m operand.Mem, t tail, r reg.VecVirtual) {
	switch {
	case l.wide && l.single:
		VMOVUPS_Z(m, t, r)
	case l.wide:
		VMOVUPD_Z(m, t, r)
	case l.single:
		VMASKMOVPS(m, t, r)
	default:
		VMASKMOVPD(m, t, r)
	}
}

// sum stores the sum of the lanes of r, added by halves.
func (l lanes) sum(r reg.VecVirtual, m operand.Mem) {
	t := l.reg()
	if l.wide {
		VSHUFF64X2(operand.U8(0x4E), r, r, t) // exchanges the halves
		l.add(t, r)
		VSHUFF64X2(operand.U8(0xB1), r, r, t) // the quarters of each half
	} else {
		VPERM2F128(operand.U8(0x01), r, r, t)
	}
	l.add(t, r)
	VPERMILPD(operand.U8(0x55), r, t)
	l.add(t, r)
	if l.single {
		VPERMILPS(operand.U8(0xB1), r, t)
		l.add(t, r)
		VMOVSS(r.AsX(), m)
	} else {
		VMOVSD(r.AsX(), m)
	}
}

// argument returns the memory of a scalar argument.
func argument(name string) operand.Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

func slice(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name).Base(), r)
	return r
}

func integer(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

func begin(name, doc, signature string) {
	TEXT(name, 4, signature) // NOSPLIT
	Pragma("noescape")
	Doc(name + " " + doc)
}
