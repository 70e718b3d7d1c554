package memristor

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// TEAM is the threshold adaptive memristor model,
//
//	dw/dt = KOff (i/IOff - 1)^AlphaOff f_off(w)   i > IOff > 0
//	        KOn  (i/IOn  - 1)^AlphaOn  f_on(w)    i < IOn < 0
//	        0                                     between
//
// of Kvatinsky et al., IEEE Trans. Circuits Syst. I 60, 211 (2013),
// doi:10.1109/TCSI.2012.2215714, with state, resistance and windows of a Film and
// currents in A. It is driven by its voltage in V, from which the current follows
// at once. The fit is one of currents up to 1 mA; far beyond, its rate exceeds any
// speed of ions, so that here it saturates at RateMax. Positive voltage resets: w and R grow; with Polarity -1 it sets.
//
// NewTEAM returns the set of figure 12 of that paper; it implements
// device.Element.
type TEAM struct {
	IOn  float64 // threshold to the low resistance, A, negative
	IOff float64 // threshold to the high resistance, A, positive
	Film
	RateMax float64 // speed at which the rate saturates, m/s

	preset *preset
}

var (
	_ device.Element = (*TEAM)(nil)
	_ device.Sloped  = (*TEAM)(nil)
)

// NewTEAM returns the set of figure 12 of Kvatinsky et al. (2013).
func NewTEAM() *TEAM { return newTEAM(&teamSets[0]) }

type teamSet struct {
	preset
	kOn, kOff, alpha, iOn, iOff, wOn, wOff, rOn, rOff, w0, aOn, aOff float64
	window                                                           string
}

var (
	inTEAM     = []string{"k_on", "k_off", "alpha_on", "alpha_off", "i_on", "i_off", "r_on", "r_off", "w_on", "w_off", "law", "window", "a_on", "a_off", "w_c"}
	team12     = "current threshold model fitted to the tunnel barrier, rectangular window"
	teamNoInit = []string{"The initial state is an assumption."}
)

var teamSets = []teamSet{
	{preset{"team", team12, "Kvatinsky2013", nil, inTEAM, teamNoInit},
		-4.68e-22, 1.46e-18, 10, -8.9e-6, 115e-6, 1.2e-9, 1.8e-9, 50, 1e3, 1.5e-9, 1.8e-9, 1.2e-9, windowNone},
	{preset{"team/fig-12", team12, "Kvatinsky2013", nil, inTEAM, teamNoInit},
		-4.68e-22, 1.46e-18, 10, -8.9e-6, 115e-6, 1.2e-9, 1.8e-9, 50, 1e3, 1.5e-9, 1.8e-9, 1.2e-9, windowNone},
	{preset{"team/fig-13", "current threshold model fitted to the tunnel barrier, with its window", "Kvatinsky2013", nil, inTEAM, teamNoInit},
		-4.68e-22, 1.46e-18, 10, -8.9e-6, 115e-6, 1.2e-9, 1.8e-9, 50, 1e3, 1.5e-9, 1.8e-9, 1.2e-9, windowKvatinsky},
}

func newTEAM(s *teamSet) *TEAM {
	return &TEAM{IOn: s.iOn, IOff: s.iOff, Film: Film{
		KOn: s.kOn, KOff: s.kOff, AlphaOn: s.alpha, AlphaOff: s.alpha,
		WOn: s.wOn, WOff: s.wOff, ROn: s.rOn, ROff: s.rOff, W0: s.w0,
		Law: lawLinear, Window: s.window, AOn: s.aOn, AOff: s.aOff, WC: 107e-12, Polarity: 1,
	}, RateMax: fastest, preset: &s.preset}
}

// Info describes the model.
func (m *TEAM) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "team", Title: "current threshold model", Technology: "memristor",
		Equations: append([]string{
			"dw/dt = k_off (i/i_off - 1)^alpha_off f_off(w)   for i > i_off",
			"dw/dt = k_on (i/i_on - 1)^alpha_on f_on(w)   for i < i_on",
			"dw/dt = 0   for i_on <= i <= i_off;  w_on <= w <= w_off",
			"|dw/dt| = r/(1 + r/rate_max) of these rates r",
		}, filmEquations...),
		Notes: []string{
			"Positive voltage resets: w and the resistance grow (polarity 1).",
			"No window locks. Without one the state stops at the bounds and leaves them as soon as the current exceeds the other threshold; kvatinsky is never exactly zero.",
			"The published rates are fits for 0.1 uA to 1 mA; at the currents of the low resistance they grow past any speed of ions. They saturate at rate_max, 60 ps for the whole film: an assumption.",
			"Under a constant voltage the current grows as the resistance falls, so that setting runs away and resetting slows down.",
			"The published fit sets 1e7 times faster than it resets at the same current. Its symmetric set of figure 14 (alpha 25, |k| 4.13e-33 nm/s, 1 and 100 kohm) would do so 1e27 times and is not offered as a preset.",
			"The positions of the window kvatinsky are those of the tunnel barrier: a_on = 1.8 nm lies above a_off = 1.2 nm, so that both directions slow down all over the film.",
		},
		References: []device.Reference{kvatinsky2013, pickett2009},
	})
}

// Params declares the parameters.
func (m *TEAM) Params() []device.Param {
	p := m.params(
		device.Param{Name: "i_on", Value: &m.IOn, Unit: "A", Range: quantity.Negative(), Meaning: "threshold towards the low resistance"},
		device.Param{Name: "i_off", Value: &m.IOff, Unit: "A", Range: quantity.Positive(), Meaning: "threshold towards the high resistance"},
	)
	p = append(p, device.Param{Name: "rate_max", Value: &m.RateMax, Unit: "m/s", Range: quantity.Positive(), Meaning: "speed at which the rates saturate"})
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Derivative sets dst to dw/dt, m/s.
func (m *TEAM) Derivative(dst, x, u []float64, _ device.Env) {
	r := m.rate(x[0], u[0]/m.Resistance(x[0]), m.IOn, m.IOff)
	dst[0] = 1 / (1/r + math.Copysign(1/m.RateMax, r))
}
