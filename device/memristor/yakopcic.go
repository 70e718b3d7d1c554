package memristor

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Yakopcic is the generalised memristive device model,
//
//	i = A1 x sinh(B v) for v >= 0,  A2 x sinh(B v) for v < 0
//	dx/dt = Eta g(v) f(x)
//	g =  AP (exp(v) - exp(VP)) for v > VP,  -AN (exp(-v) - exp(VN)) for v < -VN,  0 between
//
// of Yakopcic et al., IEEE Trans. Comput.-Aided Des. 32, 1201 (2013),
// doi:10.1109/TCAD.2013.2252057, with x from 0 to 1, v in V (bare in the
// exponentials of g) and i in A. The window f is 1 until x passes XP on its way up
// or 1-XN on its way down, and beyond
//
//	up:   exp(-AlphaP (x-XP)) ((XP-x)/(1-XP) + 1)
//	down: exp(AlphaN (x+XN-1)) x/(1-XN)
//
// Positive voltage sets if Eta is 1 and resets if it is -1.
//
// NewYakopcic returns the chalcogenide device of Oblea; it implements
// device.Element.
type Yakopcic struct {
	A1, A2, B      float64 // scales of the current, A, and its steepness, 1/V
	VP, VN         float64 // thresholds, V, both positive
	AP, AN         float64 // scales of the rate, 1/s
	AlphaP, AlphaN float64 // decay of the rate beyond XP, and 1-XN
	XP, XN         float64 // where the rate begins to decay, from 0 to 1
	X0             float64 // initial state, from 0 to 1
	Eta            int     // 1: positive voltage sets; -1: resets

	preset *preset
}

var (
	_ device.Element = (*Yakopcic)(nil)
	_ device.Sloped  = (*Yakopcic)(nil)
)

// NewYakopcic returns the fit to the device of Oblea under a sine.
func NewYakopcic() *Yakopcic { return newYakopcic(&yakopcicSets[0]) }

type yakopcicSet struct {
	preset
	a1, a2, b, vp, vn, ap, an, alphaP, alphaN, xp, xn, x0 float64
}

var (
	inYakopcic = []string{"a1", "a2", "b", "v_p", "v_n", "a_p", "a_n", "alpha_p", "alpha_n", "x_p", "x_n", "x0", "eta"}
	oblea      = "generalised model, chalcogenide device of Oblea under a sine"
	obleaNotes = []string{"Fitted to a sine of 0.45 V and 100 Hz."}
)

var yakopcicSets = []yakopcicSet{
	{preset{"yakopcic", oblea, "Yakopcic2013", nil, inYakopcic, obleaNotes},
		0.17, 0.17, 0.05, 0.16, 0.15, 4000, 4000, 1, 5, 0.3, 0.5, 0.11},
	{preset{"yakopcic/oblea", oblea, "Yakopcic2013", nil, inYakopcic, obleaNotes},
		0.17, 0.17, 0.05, 0.16, 0.15, 4000, 4000, 1, 5, 0.3, 0.5, 0.11},
	{preset{"yakopcic/oblea-pulsed", "generalised model, chalcogenide device of Oblea under pulses", "Yakopcic2013", nil, inYakopcic,
		[]string{"Fitted to pulses of +-0.25 V."}},
		0.097, 0.097, 0.05, 0.16, 0.15, 4000, 4000, 1, 5, 0.3, 0.5, 0.001},
	{preset{"yakopcic/miao", "generalised model, tantalum oxide device of Miao et al.", "Yakopcic2013", nil, inYakopcic,
		[]string{"Fitted to a sweep between 0.75 and -1.25 V in 20 s."}},
		0.11, 0.11, 0.5, 0.09, 0.75, 7.5, 2, 1, 5, 0.3, 0.5, 0.11},
	{preset{"yakopcic/jo", "generalised model, silver and amorphous silicon device of Jo et al.", "Yakopcic2013", nil, inYakopcic,
		[]string{"Fitted to a sweep between 4 and -2 V."}},
		3.7e-7, 4.35e-7, 0.7, 1.5, 0.5, 0.005, 0.08, 1.2, 3, 0.2, 0.5, 0.1},
}

func newYakopcic(s *yakopcicSet) *Yakopcic {
	return &Yakopcic{
		A1: s.a1, A2: s.a2, B: s.b, VP: s.vp, VN: s.vn, AP: s.ap, AN: s.an, AlphaP: s.alphaP, AlphaN: s.alphaN, XP: s.xp, XN: s.xn,
		X0: s.x0, Eta: 1, preset: &s.preset,
	}
}

// Info describes the model.
func (m *Yakopcic) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "yakopcic", Title: "generalised model", Technology: "memristor",
		Equations: []string{
			"i = a1 x sinh(b v) for v >= 0,  a2 x sinh(b v) for v < 0",
			"dx/dt = eta g(v) f(x),  0 <= x <= 1",
			"g = a_p (exp(v) - exp(v_p)) for v > v_p,  -a_n (exp(-v) - exp(v_n)) for v < -v_n,  0 between",
			"up: f = exp(-alpha_p (x - x_p)) ((x_p - x)/(1 - x_p) + 1) for x > x_p, else 1",
			"down: f = exp(alpha_n (x + x_n - 1)) x/(1 - x_n) for x < 1 - x_n, else 1",
		},
		Notes: []string{
			"Positive voltage sets (eta 1). Voltages stand bare, in volt, in the exponentials of the rate.",
			"The window does not lock: it is zero at 1 upward and at 0 downward only, bounds that are approached but not reached.",
			"At x = 0 no current flows: the model has no leaky high-resistance state. With a1 unlike a2 the current has a kink at 0 V.",
			"Below the thresholds nothing moves, for ever.",
			"The values are those of the parameter files that circulate with the publication.",
		},
		References: []device.Reference{yakopcic2013, yakopcic2011},
	})
}

// Params declares the parameters.
func (m *Yakopcic) Params() []device.Param {
	positive, zero, inside := quantity.Positive(), quantity.NonNegative(), quantity.Inside(0, 1)
	p := []device.Param{
		{Name: "a1", Value: &m.A1, Unit: "A", Range: positive, Meaning: "scale of the current at positive voltage"},
		{Name: "a2", Value: &m.A2, Unit: "A", Range: positive, Meaning: "scale of the current at negative voltage"},
		{Name: "b", Value: &m.B, Unit: "1/V", Range: positive, Meaning: "steepness of the current"},
		{Name: "v_p", Value: &m.VP, Unit: "V", Range: zero, Meaning: "threshold at positive voltage"},
		{Name: "v_n", Value: &m.VN, Unit: "V", Range: zero, Meaning: "threshold at negative voltage, counted positive"},
		{Name: "a_p", Value: &m.AP, Unit: "1/s", Range: positive, Meaning: "scale of the rate at positive voltage"},
		{Name: "a_n", Value: &m.AN, Unit: "1/s", Range: positive, Meaning: "scale of the rate at negative voltage"},
		{Name: "alpha_p", Value: &m.AlphaP, Range: zero, Meaning: "decay of the rate of a growing state beyond x_p"},
		{Name: "alpha_n", Value: &m.AlphaN, Range: zero, Meaning: "decay of the rate of a falling state below 1 - x_n"},
		{Name: "x_p", Value: &m.XP, Range: inside, Meaning: "state beyond which the rate of a growing state decays"},
		{Name: "x_n", Value: &m.XN, Range: inside, Meaning: "1 minus the state below which the rate of a falling state decays"},
		{Name: "x0", Aliases: []string{"x"}, Value: &m.X0, Range: quantity.Between(0, 1), Meaning: "initial state"},
		{Name: "eta", Value: &m.Eta, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage sets, -1 if it resets"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless eta has a sign.
func (m *Yakopcic) Validate() error { return checkSign("eta", m.Eta) }

// Drives returns the voltage.
func (m *Yakopcic) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes x.
func (m *Yakopcic) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "x", Meaning: "state of the conductance"}, Initial: m.X0, Max: 1, Scale: 1}}
}

// Response returns the current, A.
func (m *Yakopcic) Response(x, u []float64, _ device.Env) float64 {
	return m.scale(u[0]) * x[0] * math.Sinh(m.B*u[0])
}

// Slope returns di/dv at frozen state, S.
func (m *Yakopcic) Slope(x, u []float64, _ device.Env) float64 {
	return m.scale(u[0]) * m.B * x[0] * math.Cosh(m.B*u[0])
}

func (m *Yakopcic) scale(v float64) float64 {
	if v < 0 {
		return m.A2
	}
	return m.A1
}

// Derivative sets dst to dx/dt, 1/s.
func (m *Yakopcic) Derivative(dst, x, u []float64, _ device.Env) {
	v := u[0]
	rate := 0 * v
	switch {
	case v > m.VP:
		rate = m.AP * (math.Exp(v) - math.Exp(m.VP))
	case v < -m.VN:
		rate = -m.AN * (math.Exp(-v) - math.Exp(m.VN))
	}
	rate *= float64(m.Eta)
	if rate != 0 {
		rate *= m.window(x[0], rate > 0)
	}
	dst[0] = rate
}

// window returns f at the state x while it grows or falls.
func (m *Yakopcic) window(x float64, up bool) float64 {
	switch {
	case up && x > m.XP:
		return math.Exp(-m.AlphaP*(x-m.XP)) * (1 - x) / (1 - m.XP)
	case !up && x < 1-m.XN:
		return math.Exp(m.AlphaN*(x+m.XN-1)) * x / (1 - m.XN)
	}
	return 1
}
