package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func shuffle(f func(imm, b, a, d operand.Op), imm uint8, a, b, d reg.VecVirtual) {
	f(operand.U8(imm), b, a, d)
}

// transpose returns the columns of the square matrix with rows x.
func (v vector) transpose(x []reg.VecVirtual) []reg.VecVirtual {
	n := len(x)
	t := v.regs(n)
	for i := 0; i < n; i += 2 {
		VUNPCKLPD(x[i+1], x[i], t[i])
		VUNPCKHPD(x[i+1], x[i], t[i+1])
	}
	d := v.regs(n)
	if n == 4 {
		for odd := range 2 {
			shuffle(func(i, b, a, d operand.Op) { VPERM2F128(i, b, a, d) }, 0x20, t[odd], t[2+odd], d[odd])
			shuffle(func(i, b, a, d operand.Op) { VPERM2F128(i, b, a, d) }, 0x31, t[odd], t[2+odd], d[2+odd])
		}
		return d
	}
	f := func(i, b, a, d operand.Op) { VSHUFF64X2(i, b, a, d) }
	for odd := range 2 {
		u := v.regs(4)
		shuffle(f, 0x44, t[odd], t[2+odd], u[0])
		shuffle(f, 0xEE, t[odd], t[2+odd], u[1])
		shuffle(f, 0x44, t[4+odd], t[6+odd], u[2])
		shuffle(f, 0xEE, t[4+odd], t[6+odd], u[3])
		shuffle(f, 0x88, u[0], u[2], d[odd])
		shuffle(f, 0xDD, u[0], u[2], d[2+odd])
		shuffle(f, 0x88, u[1], u[3], d[4+odd])
		shuffle(f, 0xDD, u[1], u[3], d[6+odd])
	}
	return d
}

// lines is linesGo. Narrow vectors take half a block at a time.
func (v vector) lines() {
	r := v.begin("lines", "treats a block of word lines. step is the bytes from a panel to the next.",
		[]string{"z", "a", "r", "p"}, []string{"panels", "step"}, []string{"alpha", "beta"}, true)
	n := v.bytes / 8
	alpha, beta := v.broadcast("alpha"), v.broadcast("beta")
	sums := Load(Param("sums"), GP64())
	back := GP64()
	for half := 0; half < 8/n; half++ {
		suffix := string(rune('0' + half))
		if half > 0 {
			Load(Param("p"), r["p"])
			Load(Param("panels"), r["panels"])
		}
		z0, l0 := half*n*rowBytes, half*v.bytes
		state := v.zeros(4)
		g, last, s, cross := state[0], state[1], state[2], state[3]
		Label("down" + suffix)
		for chunk := 0; chunk < 16; chunk += n {
			rows := make([]reg.VecVirtual, n)
			for i := range rows {
				rows[i] = v.load(mem(r["z"], z0+i*rowBytes+chunk*8))
			}
			cols := v.transpose(rows)
			for k, z := range cols {
				at := l0 + (chunk+k)*lineBytes
				if half == 0 {
					for _, p := range []string{"a", "r", "p"} {
						PREFETCHT0(operand.Mem{Base: r[p], Index: r["step"], Scale: 1, Disp: at})
					}
					PREFETCHT0(operand.Mem{Base: r["z"], Index: r["step"], Scale: 1, Disp: at})
				}
				VFMADD213PD(z, last, g)
				VMOVUPD(mem(r["a"], at), last)
				x := v.load(mem(r["r"], at))
				p, d := v.load(mem(r["p"], at)), v.reg()
				VFMADD213PD(x, beta, p)
				VMOVUPD(p, mem(r["p"], at))
				VSUBPD(p, g, d)
				VFMADD231PD(d, alpha, x)
				VMOVUPD(x, mem(r["r"], at))
				VFMADD231PD(x, x, s)
				VFMADD231PD(x, p, cross)
			}
		}
		for _, p := range []string{"z", "a", "r", "p"} {
			ADDQ(r["step"], r[p])
		}
		DECQ(r["panels"])
		JNZ(operand.LabelRef("down" + suffix))
		VMOVUPD(s, mem(sums, l0))
		VMOVUPD(cross, mem(sums, l0+lineBytes))

		Load(Param("panels"), back)
		x := v.zeros(1)[0]
		Label("up" + suffix)
		for _, p := range []string{"z", "a", "r"} {
			SUBQ(r["step"], r[p])
		}
		for chunk := 16 - n; chunk >= 0; chunk -= n {
			cols := make([]reg.VecVirtual, n)
			for k := n - 1; k >= 0; k-- {
				at := l0 + (chunk+k)*lineBytes
				t := v.load(mem(r["a"], at))
				VFMADD213PD(mem(r["r"], at), t, x)
				cols[k] = v.reg()
				VMOVAPD(x, cols[k])
			}
			for i, row := range v.transpose(cols) {
				VMOVUPD(row, mem(r["z"], z0+i*rowBytes+chunk*8))
			}
		}
		DECQ(back)
		JNZ(operand.LabelRef("up" + suffix))
	}
	v.end()
}
