package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
)

// stanfordSpice resets a filament; the state is the gap in nm.
func stanfordSpice() spiceCase {
	m := memristor.NewStanfordPKU()
	m.Gap0 = 0.3e-9
	const gamma = "(16-0.8*pow(V(x),3))"
	return spiceCase{
		"stanford-pku", func() device.Element { return m },
		device.Waveform{T: []float64{0, 2e-9, 60e-9, 62e-9, 100e-9}, U: [][]float64{{0, -1.45, -1.45, 0, 0}}}, 0.3, 1e-9,
		"V(c)", "-1e10*exp(-6962.708/V(t))*sinh(" + gamma + "*V(p)*241.7606/V(t))*(" + gamma + "*abs(V(p))>16.8 ? 1 : 0)", 1e-9 * 1e9,
		"b3 c 0 v=1e-3*exp(-4*V(x))*sinh(4*V(p))\nb4 t 0 v=298+2100*abs(V(p)*V(c))\n",
	}
}

// mmsSpice drives metastable switches with a sine.
func mmsSpice(t *testing.T) spiceCase {
	vt := 1.380649e-23 * 298.5 / 1.602176634e-19
	return spiceCase{
		"mms", func() device.Element { return memristor.NewMMS() }, sine(t, 0.5, 2e3, 1.5, 400), 0, 1,
		"V(p)*(V(x)/500+(1-V(x))/1500)",
		fmt.Sprintf("(1-V(x))/(1+exp((0.27-V(p))/%.15g))-V(x)/(1+exp((V(p)+0.27)/%.15g))", vt, vt), 1e-4, "",
	}
}

// jartSpice applies one pulse to a JART cell, whose contact, resistances and heat
// are parts of the circuit: ngspice solves for them. The state is ln(n/1e26).
func jartSpice(name string, v, n0 float64) spiceCase {
	m := memristor.NewJART()
	m.N0 = n0
	disc := jl / (1e26 * jz * jq * 4e-6 * jarea)
	plug := (jcell - jl) / (20e26 * jz * jq * 4e-6 * jarea)
	lowering := jq * jq * jq * jz * 1e26 / (8 * math.Pi * math.Pi * math.Pow(5.5*je0, 3))
	w00 := jh / (4 * math.Pi) * math.Sqrt(jz*1e26/(jme*17*je0))
	kq := jk / jq
	more := fmt.Sprintf("b3 n 0 v=exp(V(x))\nb4 phi 0 v=max(0.18-pow(%.15g*V(n)*max(0.08-V(p,s),1e-12),0.25),0)\n", lowering)
	more += fmt.Sprintf("b5 s2 0 v=i(vm)*(%.15g/V(n)+%.15g+650+719.2437+%.15g*i(vm)*i(vm))\nvm s s2 0\n", disc, plug, 719.2437*719.2437*3.92e-3*90471.47)
	rth, field, window := 15.72e6, fmt.Sprintf("(-i(vm)*%.15g/V(n)/%g)", disc, jl), "(1-pow(V(n)/20,10))"
	if v > 0 {
		rth, window = 0.27*rth, "(-(1-pow(0.008/V(n),10)))"
		field = fmt.Sprintf("((V(p,s)+i(vm)*(%.15g/V(n)+%.15g))/%g)", disc, plug, jcell)
		more += fmt.Sprintf("b6 p s i=%.15g*V(t)*V(t)*exp(-V(phi)/(%.15g*V(t)))*(exp(V(p,s)/(%.15g*V(t)))-1)\n", jarea*6.01e5, kq, kq)
	} else {
		more += fmt.Sprintf("b7 w 0 v=%.15g*sqrt(V(n))\nb8 u 0 v=V(w)/(%.15g*V(t))\n", w00, kq)
		more += fmt.Sprintf("b6 s p i=%.15g*V(t)*sqrt(%.15g*V(w)*(max(V(s,p),1e-15)+V(phi)/pow(cosh(V(u)),2)))*exp(-V(phi)*tanh(V(u))/V(w))*(exp(V(s,p)*(V(u)-tanh(V(u)))/V(w))-1)\n", jarea*6.01e5/kq, math.Pi)
	}
	more += fmt.Sprintf("b9 t 0 v=293+%.15g*i(vm)*(V(p,s)+i(vm)*(%.15g/V(n)+%.15g))\n", rth, disc, plug)
	more += fmt.Sprintf("b10 g 0 v=%.15g*%s\n", jz*0.25e-9/(math.Pi*1.35), field)
	more += "b11 e 0 v=sqrt(1-V(g)*V(g))+V(g)*asin(V(g))\n"
	hops := fmt.Sprintf("2*exp(-%.15g*V(e)/V(t))*sinh(%.15g*V(g)/V(t))", 1.35/kq, 1.35/kq*math.Pi/2)
	const micro = 1e-6
	rate := fmt.Sprintf("%.15g*(20+V(n))/V(n)*%s*%s", micro*2e13*0.25e-9/(2*jl), hops, window)
	return spiceCase{
		"jart-vcm " + name, func() device.Element { return m },
		device.Waveform{T: []float64{0, 1 * micro, 12 * micro}, U: [][]float64{{v / 8, v, v}}}, math.Log(n0 / 1e26), 1, "0", rate, micro, more,
	}
}
