package memristor

import (
	"fmt"
	"math"

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
// doi:10.1109/TCSII.2015.2433536, with the state w from WOn to WOff in m, v in V
// and i in A. With s = (w-WOn)/(WOff-WOn) the resistance in ohm is
// ROn + (ROff-ROn) s ("linear") or ROn (ROff/ROn)^s ("exponential"). The window
// is 1 up to hard bounds ("none") or f_off = exp(-exp((w-AOff)/WC)) and
// f_on = exp(-exp((AOn-w)/WC)) ("kvatinsky"). Positive voltage resets: w and R
// grow; with Polarity -1 it sets.
//
// NewVTEAM returns the set of MAGIC logic; it implements device.Element.
type VTEAM struct {
	KOn      float64 // rate below VOn, m/s, negative
	KOff     float64 // rate above VOff, m/s, positive
	AlphaOn  float64 // exponent below VOn
	AlphaOff float64 // exponent above VOff
	VOn      float64 // threshold to the low resistance, V, negative
	VOff     float64 // threshold to the high resistance, V, positive
	WOn      float64 // state of the low resistance, m
	WOff     float64 // state of the high resistance, m
	ROn      float64 // low resistance, ohm
	ROff     float64 // high resistance, ohm
	W0       float64 // initial state, m
	Law      string  // "linear" or "exponential" resistance over w
	Window   string  // "none" or "kvatinsky"
	AOn      float64 // position of the window kvatinsky while w falls, m
	AOff     float64 // position of the window kvatinsky while w grows, m
	WC       float64 // width of the window kvatinsky, m
	Polarity int     // 1: positive voltage resets; -1: sets

	preset *preset
}

var (
	_ device.Element = (*VTEAM)(nil)
	_ device.Sloped  = (*VTEAM)(nil)
)

const (
	lawLinear      = "linear"
	lawExponential = "exponential"
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
	return &VTEAM{
		KOn: s.kOn, KOff: s.kOff, AlphaOn: s.alphaOn, AlphaOff: s.alphaOff, VOn: s.vOn, VOff: s.vOff,
		WOn: s.wOn, WOff: s.wOff, ROn: s.rOn, ROff: s.rOff, W0: s.w0,
		Law: lawLinear, Window: windowNone, AOn: s.wOn, AOff: s.wOff, WC: 107e-12, Polarity: s.polarity,
		preset: &s.preset,
	}
}

// Info describes the model.
func (m *VTEAM) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "vteam", Title: "voltage threshold model", Technology: "memristor",
		Equations: []string{
			"dw/dt = k_off (v/v_off - 1)^alpha_off f_off(w)   for v > v_off",
			"dw/dt = k_on (v/v_on - 1)^alpha_on f_on(w)   for v < v_on",
			"dw/dt = 0   for v_on <= v <= v_off;  w_on <= w <= w_off",
			"i = v / R,  s = (w - w_on)/(w_off - w_on)",
			"linear: R = r_on + (r_off - r_on) s;  exponential: R = r_on (r_off/r_on)^s",
			"none: f = 1;  kvatinsky: f_off = exp(-exp((w - a_off)/w_c)), f_on = exp(-exp((a_on - w)/w_c))",
			"polarity -1: v and i change their signs",
		},
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
	positive, negative := quantity.Positive(), quantity.Negative()
	exponent := quantity.Range{Min: 0, Max: 100, MinOpen: true}
	p := []device.Param{
		{Name: "k_on", Value: &m.KOn, Unit: "m/s", Range: negative, Meaning: "rate of w below v_on"},
		{Name: "k_off", Value: &m.KOff, Unit: "m/s", Range: positive, Meaning: "rate of w above v_off"},
		{Name: "alpha_on", Value: &m.AlphaOn, Range: exponent, Meaning: "exponent of the overdrive below v_on"},
		{Name: "alpha_off", Value: &m.AlphaOff, Range: exponent, Meaning: "exponent of the overdrive above v_off"},
		{Name: "v_on", Value: &m.VOn, Unit: "V", Range: negative, Meaning: "threshold towards the low resistance"},
		{Name: "v_off", Value: &m.VOff, Unit: "V", Range: positive, Meaning: "threshold towards the high resistance"},
		{Name: "w_on", Value: &m.WOn, Unit: "m", Meaning: "state of the low resistance"},
		{Name: "w_off", Value: &m.WOff, Unit: "m", Meaning: "state of the high resistance"},
		{Name: "r_on", Value: &m.ROn, Unit: "ohm", Range: positive, Meaning: "low resistance"},
		{Name: "r_off", Value: &m.ROff, Unit: "ohm", Range: positive, Meaning: "high resistance"},
		{Name: "w0", Aliases: []string{"w"}, Value: &m.W0, Unit: "m", Meaning: "initial state"},
		{Name: "law", Value: &m.Law, Options: []string{lawLinear, lawExponential}, Meaning: "resistance over the state"},
		{Name: "window", Value: &m.Window, Options: []string{windowNone, windowKvatinsky}, Meaning: "factor on the rate that keeps the state off its bounds"},
		{Name: "a_on", Value: &m.AOn, Unit: "m", Meaning: "state at which the window kvatinsky slows a falling state"},
		{Name: "a_off", Value: &m.AOff, Unit: "m", Meaning: "state at which the window kvatinsky slows a growing state"},
		{Name: "w_c", Value: &m.WC, Unit: "m", Range: positive, Meaning: "width of the window kvatinsky"},
		{Name: "polarity", Value: &m.Polarity, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage resets, -1 if it sets"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
		if p[i].Name == "w_c" && m.preset != nil {
			p[i].Source = kvatinsky2013.Key
		}
	}
	return p
}

// Validate returns an error unless w_on <= w0 <= w_off with w_on < w_off,
// r_on < r_off, and the polarity has a sign.
func (m *VTEAM) Validate() error {
	switch {
	case !(m.WOn < m.WOff):
		return fmt.Errorf("w_on is %g m: must be below w_off, %g m", m.WOn, m.WOff)
	case !(m.ROn < m.ROff):
		return fmt.Errorf("r_on is %g ohm: must be below r_off, %g ohm", m.ROn, m.ROff)
	case m.Polarity != 1 && m.Polarity != -1:
		return fmt.Errorf("polarity is %d: must be 1 or -1", m.Polarity)
	}
	return between("w0", m.W0, m.WOn, m.WOff, "w_on", "w_off")
}

// Drives returns the voltage.
func (m *VTEAM) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes w.
func (m *VTEAM) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "w", Unit: "m", Meaning: "position of the boundary of the insulating region"},
		Initial:  m.W0, Min: m.WOn, Max: m.WOff, Scale: m.WOff - m.WOn,
	}}
}

// Resistance returns R at the state w, ohm.
func (m *VTEAM) Resistance(w float64) float64 {
	s := (w - m.WOn) / (m.WOff - m.WOn)
	if m.Law == lawExponential {
		return m.ROn * math.Pow(m.ROff/m.ROn, s)
	}
	return m.ROn + (m.ROff-m.ROn)*s
}

// Response returns the current v / R, A.
func (m *VTEAM) Response(x, u []float64, _ device.Env) float64 { return u[0] / m.Resistance(x[0]) }

// Slope returns 1/R, S.
func (m *VTEAM) Slope(x, _ []float64, _ device.Env) float64 { return 1 / m.Resistance(x[0]) }

// Derivative sets dst to dw/dt, m/s.
func (m *VTEAM) Derivative(dst, x, u []float64, _ device.Env) {
	v := u[0]
	if m.Polarity < 0 {
		v = -v
	}
	switch {
	case v > m.VOff:
		rate := m.KOff * raise(v/m.VOff-1, m.AlphaOff)
		if m.Window == windowKvatinsky {
			rate *= math.Exp(-math.Exp((x[0] - m.AOff) / m.WC))
		}
		dst[0] = rate
	case v < m.VOn:
		rate := m.KOn * raise(v/m.VOn-1, m.AlphaOn)
		if m.Window == windowKvatinsky {
			rate *= math.Exp(-math.Exp((m.AOn - x[0]) / m.WC))
		}
		dst[0] = rate
	default:
		dst[0] = 0 * v // a drive that is not a number makes a rate that is none
	}
}

// raise returns x^a for x >= 0, which rounding may leave a little below.
func raise(x, a float64) float64 {
	if n := int(a); float64(n) == a {
		return power(x, n)
	}
	return math.Pow(max(x, 0), a)
}
