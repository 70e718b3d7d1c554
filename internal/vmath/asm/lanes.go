package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes emits the operations of one vector type: 256 or 512 bits of float64 or
// float32. Operands are registers or memory; each result is a new register.
type lanes struct {
	wide   bool // 512 bits
	single bool // float32
}

func (l lanes) suffix() string {
	s := "AVX2"
	if l.wide {
		s = "AVX512"
	}
	if l.single {
		return "32" + s
	}
	return s
}

func (l lanes) bytes() int {
	if l.wide {
		return 64
	}
	return 32
}

func (l lanes) count() int {
	if l.single {
		return l.bytes() / 4
	}
	return l.bytes() / 8
}

func (l lanes) reg() reg.VecVirtual {
	if l.wide {
		return ZMM()
	}
	return YMM()
}

type emit func(...operand.Op)

// pick returns the instruction for float64 or float32.
func (l lanes) pick(pd, ps emit) emit {
	if l.single {
		return ps
	}
	return pd
}

func (l lanes) three(f emit, a, b operand.Op) reg.VecVirtual {
	d := l.reg()
	f(b, a, d)
	return d
}

// The second operand may be memory; the first must be a register.
func (l lanes) add(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VADDPD, VADDPS), a, b) }
func (l lanes) sub(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VSUBPD, VSUBPS), a, b) }
func (l lanes) mul(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VMULPD, VMULPS), a, b) }
func (l lanes) div(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VDIVPD, VDIVPS), a, b) }
func (l lanes) min(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VMINPD, VMINPS), a, b) }
func (l lanes) max(a, b operand.Op) reg.VecVirtual { return l.three(l.pick(VMAXPD, VMAXPS), a, b) }
func (l lanes) iadd(a, b operand.Op) reg.VecVirtual {
	return l.three(l.pick(VPADDQ, VPADDD), a, b)
}
func (l lanes) isub(a, b operand.Op) reg.VecVirtual {
	return l.three(l.pick(VPSUBQ, VPSUBD), a, b)
}

func (l lanes) sqrt(a operand.Op) reg.VecVirtual {
	d := l.reg()
	l.pick(VSQRTPD, VSQRTPS)(a, d)
	return d
}

func (l lanes) and(a, b operand.Op) reg.VecVirtual {
	if l.wide {
		return l.three(VPANDQ, a, b)
	}
	d := l.reg()
	VPAND(b, a, d)
	return d
}

func (l lanes) or(a, b operand.Op) reg.VecVirtual {
	if l.wide {
		return l.three(VPORQ, a, b)
	}
	d := l.reg()
	VPOR(b, a, d)
	return d
}

func (l lanes) xor(a, b operand.Op) reg.VecVirtual {
	if l.wide {
		return l.three(VPXORQ, a, b)
	}
	d := l.reg()
	VPXOR(b, a, d)
	return d
}

func (l lanes) shr(a operand.Op, n uint8) reg.VecVirtual {
	d := l.reg()
	l.pick(VPSRLQ, VPSRLD)(operand.U8(n), a, d)
	return d
}

func (l lanes) shl(a operand.Op, n uint8) reg.VecVirtual {
	d := l.reg()
	l.pick(VPSLLQ, VPSLLD)(operand.U8(n), a, d)
	return d
}

// float converts int32 lanes to float32.
func (l lanes) float(a operand.Op) reg.VecVirtual {
	d := l.reg()
	VCVTDQ2PS(a, d)
	return d
}

// Predicates of compare.
const (
	less     = 0x11
	equal    = 0x00
	greater  = 0x1E
	notAbove = 0x19 // not greater or equal, or unordered
	nan      = 0x03
)

// mask is a comparison result: a mask register, or a vector whose sign bits count.
type mask = operand.Op

func (l lanes) compare(pred uint8, a, b operand.Op) mask {
	f := l.pick(VCMPPD, VCMPPS)
	if l.wide {
		k := K()
		f(operand.U8(pred), b, a, k)
		return k
	}
	d := l.reg()
	f(operand.U8(pred), b, a, d)
	return d
}

// signs is the mask of the sign bits of a.
func (l lanes) signs(a operand.Op) mask {
	if l.wide {
		k := K()
		if l.single {
			VPMOVD2M(a, k)
		} else {
			VPMOVQ2M(a, k)
		}
		return k
	}
	return a
}

// choose returns yes where m holds and no elsewhere; yes may be memory.
func (l lanes) choose(m mask, yes, no operand.Op) reg.VecVirtual {
	d := l.reg()
	switch {
	case l.wide:
		l.pick(VBLENDMPD, VBLENDMPS)(yes, no, m, d)
	case l.single:
		VBLENDVPS(m, yes, no, d)
	default:
		VBLENDVPD(m, yes, no, d)
	}
	return d
}

func (l lanes) load(m operand.Mem) reg.VecVirtual {
	d := l.reg()
	l.pick(VMOVUPD, VMOVUPS)(m, d)
	return d
}

func (l lanes) store(r operand.Op, m operand.Mem) { l.pick(VMOVUPD, VMOVUPS)(r, m) }

// horner returns c[0] x^n + ... + c[n], each step rounded.
func (l lanes) horner(x operand.Op, c ...float64) reg.VecVirtual {
	p := l.load(l.num(c[0]))
	for _, a := range c[1:] {
		p = l.add(l.mul(p, x), l.num(a))
	}
	return p
}

// constants are kept as 64 bytes each of repeated value, in one table.
var (
	table   operand.Mem
	offsets = map[string]int{}
)

func (l lanes) word(bits uint64) operand.Mem {
	name := fmt.Sprint(l.single, bits)
	off, ok := offsets[name]
	if !ok {
		off = 64 * len(offsets)
		offsets[name] = off
		if len(offsets) == 1 {
			table = GLOBL("constants", 8|16) // RODATA|NOPTR
		}
		for i := 0; i < 64; i += 8 {
			w := bits
			if l.single {
				w |= bits << 32
			}
			DATA(off+i, operand.U64(w))
		}
	}
	return table.Offset(off)
}

func (l lanes) num(x float64) operand.Mem {
	if l.single {
		return l.word(uint64(math.Float32bits(float32(x))))
	}
	return l.word(math.Float64bits(x))
}

// kernel emits a function of the given name over n groups of vectors: body gets the
// memory of one group and loads and stores per vectors of it.
func (l lanes) kernel(name, doc string, vectors int, body func(dst, src operand.Mem)) {
	TEXT(name+l.suffix(), 4, "func(dst, src *byte, groups int)") // NOSPLIT
	Pragma("noescape")
	Doc(fmt.Sprintf("%s%s %s, %d elements a group.", name, l.suffix(), doc, l.count()*vectors))
	dst := operand.Mem{Base: Load(Param("dst"), GP64())}
	src := operand.Mem{Base: Load(Param("src"), GP64())}
	n := Load(Param("groups"), GP64())
	Label("loop")
	body(dst, src)
	ADDQ(operand.U8(l.bytes()*vectors), dst.Base)
	ADDQ(operand.U8(l.bytes()*vectors), src.Base)
	DECQ(n)
	JNZ(operand.LabelRef("loop"))
	VZEROUPPER()
	RET()
}
