// Command asm writes the vector kernels of package philox.
//
// A 64-bit lane holds one block: its four words are the low halves of the same
// lane of four registers. VPMULUDQ reads the low half only and gives the 64-bit
// product, so that low product words need no masking: what the high half holds
// is never read, until the words are joined at the end.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	mul0, mul1   = 0xD2511F53, 0xCD9E8D57
	weyl0, weyl1 = 0x9E3779B9, 0xBB67AE85
	rounds       = 10
	sets         = 2 // register sets in flight, to hide the latency of a round
)

func main() {
	ConstraintExpr("amd64,!noasm")
	words(false)
	words(true)
	Generate()
}

// constant is 64 bytes of a repeated word, whose high half is 0.
func constant(name string, lane func(i int) uint64) operand.Mem {
	m := GLOBL(name, 8|16) // RODATA|NOPTR
	for i := range 8 {
		DATA(8*i, operand.U64(lane(i)))
	}
	return m
}

func repeat(x uint64) func(int) uint64 { return func(int) uint64 { return x } }

func words(wide bool) {
	name, bytes, doc := "wordsAVX2", 32, "8 counters, 128 bytes a group."
	vec := func() reg.VecVirtual { return YMM() }
	if wide {
		name, bytes, doc = "wordsAVX512", 64, "16 counters, 256 bytes a group."
		vec = func() reg.VecVirtual { return ZMM() }
	}
	TEXT(name, 4, "func(dst *byte, counter *[4]uint32, key *[2]uint32, groups int)") // NOSPLIT
	Pragma("noescape")
	Doc(name + " writes the words of successive counters, " + doc)

	m0 := constant(name+"Mul0", repeat(mul0))
	m1 := constant(name+"Mul1", repeat(mul1))
	w0 := constant(name+"Weyl0", repeat(weyl0))
	w1 := constant(name+"Weyl1", repeat(weyl1))
	lane := constant(name+"Lane", func(i int) uint64 { return uint64(i) })
	step := constant(name+"Step", repeat(uint64(bytes/8)))

	dst := operand.Mem{Base: Load(Param("dst"), GP64())}
	counter := operand.Mem{Base: Load(Param("counter"), GP64())}
	key := operand.Mem{Base: Load(Param("key"), GP64())}
	n := Load(Param("groups"), GP64())
	next := vec()
	VPBROADCASTD(counter, next)
	VPADDD(lane, next, next)

	Label("loop")
	k0, k1 := vec(), vec()
	VPBROADCASTD(key, k0)
	VPBROADCASTD(key.Offset(4), k1)
	var x [sets][4]reg.VecVirtual
	for s := range x {
		for i := range x[s] {
			x[s][i] = vec()
		}
		move(wide, next, x[s][0])
		VPADDD(step, next, next)
		for i := 1; i < 4; i++ {
			VPBROADCASTD(counter.Offset(4*i), x[s][i])
		}
	}
	for r := range rounds {
		if r > 0 {
			VPADDD(w0, k0, k0)
			VPADDD(w1, k1, k1)
		}
		for s := range x {
			w := &x[s]
			p0, p1 := vec(), vec()
			VPMULUDQ(m0, w[0], p0)
			VPMULUDQ(m1, w[2], p1)
			VPSRLQ(operand.U8(32), p1, w[0])
			VPSRLQ(operand.U8(32), p0, w[2])
			xor3(wide, w[0], w[1], k0)
			xor3(wide, w[2], w[3], k1)
			w[1], w[3] = p1, p0
		}
	}
	for s := range x {
		w := &x[s]
		lo := join(wide, vec, w[0], w[1])
		hi := join(wide, vec, w[2], w[3])
		store(wide, vec, dst.Offset(2*s*bytes), bytes, lo, hi)
	}
	ADDQ(operand.U32(2*sets*bytes), dst.Base)
	DECQ(n)
	JNZ(operand.LabelRef("loop"))
	VZEROUPPER()
	RET()
}

func move(wide bool, from, to operand.Op) {
	if wide {
		VMOVDQA64(from, to)
	} else {
		VMOVDQA(from, to)
	}
}

// xor3 sets x to x ^ a ^ b.
func xor3(wide bool, x, a, b operand.Op) {
	if wide {
		VPTERNLOGD(operand.U8(0x96), b, a, x)
	} else {
		VPXOR(a, x, x)
		VPXOR(b, x, x)
	}
}

// join returns the 64-bit lanes lo | hi<<32, whatever their high halves hold.
func join(wide bool, vec func() reg.VecVirtual, lo, hi reg.VecVirtual) reg.VecVirtual {
	t := vec()
	VPSLLQ(operand.U8(32), hi, t)
	if wide {
		k := K()
		mask := GP32()
		MOVL(operand.U32(0x5555), mask)
		KMOVW(mask, k)
		VPBLENDMD(lo, t, k, t)
	} else {
		VPBLENDD(operand.U8(0x55), lo, t, t)
	}
	return t
}

// store writes lo and hi lane by lane in turn.
func store(wide bool, vec func() reg.VecVirtual, dst operand.Mem, bytes int, lo, hi reg.VecVirtual) {
	a, b := vec(), vec()
	if wide {
		even := constantOnce("wordsEven", [8]uint64{0, 8, 1, 9, 2, 10, 3, 11})
		odd := constantOnce("wordsOdd", [8]uint64{4, 12, 5, 13, 6, 14, 7, 15})
		VMOVDQU64(even, a)
		VMOVDQU64(odd, b)
		VPERMI2Q(hi, lo, a)
		VPERMI2Q(hi, lo, b)
		VMOVDQU64(a, dst)
		VMOVDQU64(b, dst.Offset(bytes))
		return
	}
	u, v := vec(), vec()
	VPUNPCKLQDQ(hi, lo, u)
	VPUNPCKHQDQ(hi, lo, v)
	VPERM2I128(operand.U8(0x20), v, u, a)
	VPERM2I128(operand.U8(0x31), v, u, b)
	VMOVDQU(a, dst)
	VMOVDQU(b, dst.Offset(bytes))
}

var once = map[string]operand.Mem{}

func constantOnce(name string, lanes [8]uint64) operand.Mem {
	m, ok := once[name]
	if !ok {
		m = constant(name, func(i int) uint64 { return lanes[i] })
		once[name] = m
	}
	return m
}
