package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
)

// stanfordSpice resets a filament, always above the least field, whose jump
// ngspice would step over; the state is the gap in nm.
func stanfordSpice() spiceCase {
	m := memristor.NewStanfordPKU()
	m.Gap0 = 0.3e-9
	const gamma = "(16-0.8*pow(V(x),3))"
	return spiceCase{
		"stanford-pku", func() device.Element { return m },
		device.Waveform{T: []float64{0, 2e-9, 60e-9, 70e-9}, U: [][]float64{{-1.3, -1.45, -1.45, -1.3}}}, 0.3, 1e-9,
		"V(c)", fmt.Sprintf("-10*exp(-%.15g/max(V(t),250))*sinh(%s*V(p)*%.15g/max(V(t),250))*(", 0.6*jq/jk, gamma, 0.25/12*jq/jk) + gamma + "*abs(V(p))>16.8 ? 1 : 0)", 1e-9,
		"b3 c 0 v=1e-3*exp(-4*V(x))*sinh(4*V(p))\nb4 t 0 v=298+2100*abs(V(p)*V(c))\n", 0,
	}
}

// mmsSpice drives metastable switches with a sine.
func mmsSpice(t *testing.T) spiceCase {
	vt := 1.380649e-23 * 298.5 / 1.602176634e-19
	return spiceCase{
		"mms", func() device.Element { return memristor.NewMMS() }, sine(t, 0.5, 2e3, 1.5, 400), 0, 1,
		"V(p)*(V(x)/500+(1-V(x))/1500)",
		fmt.Sprintf("(1-V(x))/(1+exp((0.27-V(p))/%.15g))-V(x)/(1+exp((V(p)+0.27)/%.15g))", vt, vt), 1e-4, "", 0,
	}
}

// jartSpice applies one pulse to a JART cell, whose contact, resistances and heat
// are parts of the circuit: ngspice solves for them. The state is n/1e26.
func jartSpice(name string, v, n0 float64) spiceCase {
	m := memristor.NewJART()
	m.N0 = n0
	disc := jl / (1e26 * jz * jq * 4e-6 * jarea)
	plug := (jcell - jl) / (20e26 * jz * jq * 4e-6 * jarea)
	lowering := jq * jq * jq * jz * 1e26 / (8 * math.Pi * math.Pi * math.Pow(5.5*je0, 3))
	w00 := jh / (4 * math.Pi) * math.Sqrt(jz*1e26/(jme*17*je0))
	kq := jk / jq
	more := fmt.Sprintf("b4 phi 0 v=max(0.18-pow(%.15g*max(V(x),1e-3)*max(0.08-V(p,s),1e-9),0.25),0)\n", lowering)
	more += fmt.Sprintf("b5 s2 0 v=i(vm)*(%.15g/max(V(x),1e-3)+%.15g+650+719.2437+%.15g*i(vm)*i(vm))\nvm s s2 0\n", disc, plug, 719.2437*719.2437*3.92e-3*90471.47)
	rth, field, window := 15.72e6, fmt.Sprintf("(-i(vm)*%.15g/max(V(x),1e-3)/%g)", disc, jl), "(1-pow(max(V(x),1e-3)/20,10))"
	if v > 0 {
		rth, window = 0.27*rth, "(-(1-pow(0.008/max(V(x),1e-3),10)))"
		field = fmt.Sprintf("((V(p,s)+i(vm)*(%.15g/max(V(x),1e-3)+%.15g))/%g)", disc, plug, jcell)
		more += fmt.Sprintf("b6 p s i=%.15g*max(V(t),250)*max(V(t),250)*exp(-V(phi)/(%.15g*max(V(t),250)))*(exp(V(p,s)/(%.15g*max(V(t),250)))-1)\n", jarea*6.01e5, kq, kq)
	} else {
		more += fmt.Sprintf("b7 w 0 v=%.15g*sqrt(max(V(x),1e-3))\nb8 u 0 v=max(V(w),1e-4)/(%.15g*max(V(t),250))\n", w00, kq)
		more += fmt.Sprintf("b6 s p i=%.15g*max(V(t),250)*sqrt(%.15g*max(V(w),1e-4)*(max(V(s,p),1e-15)+V(phi)/pow(cosh(V(u)),2)))*exp(-V(phi)*tanh(V(u))/max(V(w),1e-4))*(exp(V(s,p)*(V(u)-tanh(V(u)))/max(V(w),1e-4))-1)\n", jarea*6.01e5/kq, math.Pi)
	}
	more += fmt.Sprintf("b9 t 0 v=293+%.15g*i(vm)*(V(p,s)+i(vm)*(%.15g/max(V(x),1e-3)+%.15g))\n", rth, disc, plug)
	more += fmt.Sprintf("b10 g 0 v=%.15g*%s\n", jz*0.25e-9/(math.Pi*1.35), field)
	more += "b11 e 0 v=sqrt(1-V(g)*V(g))+V(g)*asin(V(g))\n"
	hops := fmt.Sprintf("2*exp(-%.15g*V(e)/max(V(t),250))*sinh(%.15g*V(g)/max(V(t),250))", 1.35/kq, 1.35/kq*math.Pi/2)
	// Somewhere to begin from.
	more += fmt.Sprintf(".ic v(t)=293 v(phi)=0.1 v(w)=%.6g v(u)=%.6g v(e)=1\n", w00*math.Sqrt(n0/1e26), w00*math.Sqrt(n0/1e26)/kq/293)
	const micro = 1e-6
	rate := fmt.Sprintf("%.15g*(20+max(V(x),1e-3))*%s*%s", micro*2e13*0.25e-9/(2*jl), hops, window)
	return spiceCase{
		"jart-vcm " + name, func() device.Element { return m },
		device.Waveform{T: []float64{0, 1 * micro, 12 * micro}, U: [][]float64{{0, v, v}}}, n0 / 1e26, 1e26, "0", rate, micro, more, 20000,
	}
}
