package memristor

import (
	"mho/device"
	"mho/internal/quantity"
)

// VTEAM is the voltage threshold adaptive memristor model,
//
//	dw/dt = KOff (v/VOff - 1)^AlphaOff f_off(w)   v > VOff > 0
//	        KOn  (v/VOn  - 1)^AlphaOn  f_on(w)    v < VOn < 0
//	        0                                     between
//	i = v / R(w)
//
// of Kvatinsky et al., IEEE Trans. Circuits Syst. II 62, 786 (2015),
// doi:10.1109/TCSII.2015.2433536, with state, resistance and windows of a Film,
// v in V and i in A. Positive voltage resets: w and R grow; with Polarity -1 it
// sets.
//
// NewVTEAM returns the set of MAGIC logic; it implements device.Element.
type VTEAM struct {
	VOn  float64 // threshold to the low resistance, V, negative
	VOff float64 // threshold to the high resistance, V, positive
	Film

	preset *preset
}

var (
	_ device.Element = (*VTEAM)(nil)
	_ device.Sloped  = (*VTEAM)(nil)
)

// NewVTEAM returns the set used for MAGIC logic.
func NewVTEAM() *VTEAM { return newVTEAM(&vteamSets[0]) }

type vteamSet struct {
	preset
	kOn, kOff, alphaOn, alphaOff, vOn, vOff, wOn, wOff, rOn, rOff, w0 float64
	polarity                                                          int
}

var (
	inVTEAM      = []string{"k_on", "k_off", "alpha_on", "alpha_off", "v_on", "v_off", "r_on", "r_off", "law"}
	inVTEAMWidth = append([]string{"w_on", "w_off"}, inVTEAM...)
	magicTitle   = "voltage threshold model, the set of MAGIC logic"
)

var vteamSets = []vteamSet{
	{preset{"vteam", magicTitle, "MAGICDeck", []device.Reference{magicDeck}, append([]string{"w0"}, inVTEAMWidth...), nil},
		-216.2, 0.091, 4, 4, -1.5, 0.3, 0, 3e-9, 1e3, 300e3, 3e-9, 1},
	{preset{"vteam/magic", magicTitle, "MAGICDeck", []device.Reference{magicDeck}, append([]string{"w0"}, inVTEAMWidth...), nil},
		-216.2, 0.091, 4, 4, -1.5, 0.3, 0, 3e-9, 1e3, 300e3, 3e-9, 1},
	{preset{"vteam/memtorch", "voltage threshold model, the defaults of MemTorch", "Lammie2022", []device.Reference{memtorch}, inVTEAMWidth, nil},
		-10, 5e-4, 3, 1, -0.2, 0.02, 0, 3e-9, 50, 1e3, 1.5e-9, 1},
	{preset{"vteam/technion", "voltage threshold model, demonstration of the Technion", "TechnionModels", []device.Reference{technion}, inVTEAM,
		[]string{"The range of w and the unit m/s of k_on and k_off are assumptions."}},
		-8e-5, 8e-5, 3, 3, -0.02, 0.02, 0, 3e-9, 100, 2e3, 1.5e-9, 1},
	{preset{"vteam/biolek", "voltage threshold model, benchmark of Biolek et al.", "Biolek2021", nil, append([]string{"polarity"}, inVTEAM...),
		[]string{"Biolek2021 counts v the other way round, v_on = 0.8 V and v_off = -0.8 V: positive voltage sets. Here that is polarity -1. It is driven by 2 V at 10 Hz there.",
			"The source scales w to 0..1 without saying the length: 10 nm is an assumption, and the initial state 0.375 of it, 5 kohm, the source's."}},
		-1e-6, 1e-6, 3, 3, -0.8, 0.8, 0, 10e-9, 2e3, 10e3, 3.75e-9, -1},
}

func newVTEAM(s *vteamSet) *VTEAM {
	return &VTEAM{VOn: s.vOn, VOff: s.vOff, Film: Film{
		KOn: s.kOn, KOff: s.kOff, AlphaOn: s.alphaOn, AlphaOff: s.alphaOff,
		WOn: s.wOn, WOff: s.wOff, ROn: s.rOn, ROff: s.rOff, W0: s.w0,
		Law: lawLinear, Window: windowNone, AOn: s.wOn, AOff: s.wOff, WC: 107e-12, Polarity: s.polarity,
	}, preset: &s.preset}
}

// Info describes the model.
func (m *VTEAM) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "vteam", Title: "voltage threshold model", Technology: "memristor",
		Equations: append([]string{
			"dw/dt = k_off (v/v_off - 1)^alpha_off f_off(w)   for v > v_off",
			"dw/dt = k_on (v/v_on - 1)^alpha_on f_on(w)   for v < v_on",
			"dw/dt = 0   for v_on <= v <= v_off;  w_on <= w <= w_off",
		}, filmEquations...),
		Notes: []string{
			"Positive voltage resets: w and the resistance grow (polarity 1).",
			"No window locks. Without one the state stops at the bounds and leaves them as soon as the drive exceeds the other threshold; kvatinsky is never exactly zero, so the state may reach the bound, which holds it.",
			"Below the thresholds nothing moves, for ever: the model knows no retention loss and no read disturb.",
			"The positions of the window kvatinsky, by default the bounds of w, are assumptions; its width is that of Kvatinsky2013.",
		},
		References: []device.Reference{kvatinsky2015, kvatinsky2013, biolek2021},
	})
}

// Params declares the parameters.
func (m *VTEAM) Params() []device.Param {
	p := m.params(
		device.Param{Name: "v_on", Value: &m.VOn, Unit: "V", Range: quantity.Negative(), Meaning: "threshold towards the low resistance"},
		device.Param{Name: "v_off", Value: &m.VOff, Unit: "V", Range: quantity.Positive(), Meaning: "threshold towards the high resistance"},
	)
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
		if p[i].Name == "w_c" && m.preset != nil {
			p[i].Source = kvatinsky2013.Key
		}
	}
	return p
}

// Derivative sets dst to dw/dt, m/s.
func (m *VTEAM) Derivative(dst, x, u []float64, _ device.Env) {
	dst[0] = m.rate(x[0], u[0], m.VOn, m.VOff)
}
