package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Messaris is the data-driven model of oxide memristors,
//
//	i = A sinh(B v) / R,  dR/dt = s(v) f(R, v),  s = Rate (exp(T |v|) - 1)
//	f = exp(Eta KP (r_P(v) - R)) - 1   v > 0, where Eta (r_P - R) > 0, else 0
//	f = exp(Eta KN (R - r_N(v))) - 1   v < 0, where Eta (R - r_N) > 0, else 0
//	r(v) = R0 + R1 v + R2 v²
//
// of Messaris et al., IEEE Trans. Comput.-Aided Des. 37, 3151 (2018),
// doi:10.1109/TCAD.2018.2791468, with separate A, B, Rate, T, K and r for v > 0 (P)
// and v < 0 (N). The state is the resistance R in ohm, between RMin and RMax; v is
// in V, i in A. R moves towards r(v), the end of the range at that voltage, and
// never past it. Eta is 1 where positive voltage raises R and -1 where it lowers
// it.
//
// NewMessaris returns the second titanium oxide device; it implements
// device.Element.
type Messaris struct {
	AP, AN       float64    // scales of the current
	BP, BN       float64    // steepness of the current, 1/V
	RateP, RateN float64    // scales of the rate, ohm/s, with the sign of dR/dt
	TP, TN       float64    // steepness of the rate, 1/V
	KP, KN       float64    // inverse distance over which R feels the end of its range, 1/ohm
	EndP, EndN   [3]float64 // r(v): ohm, ohm/V, ohm/V²
	RMin, RMax   float64    // bounds of R, ohm
	R0           float64    // initial R, ohm
	Eta          int        // 1: positive voltage raises R; -1: lowers it

	loop   float64 // amplitude of the loop, V
	preset *preset
}

var (
	_ device.Element = (*Messaris)(nil)
	_ device.Sloped  = (*Messaris)(nil)
	_ device.Limited = (*Messaris)(nil)
)

// NewMessaris returns the second titanium oxide device.
func NewMessaris() *Messaris { return newMessaris(&messarisSets[0]) }

type messarisSet struct {
	preset
	a, b         float64
	rateP, rateN float64
	tp, tn       float64
	kp, kn       float64
	endP, endN   [3]float64
	rMin, rMax   float64
	r0           float64
	eta          int
	loop         float64
}

var (
	inMessaris = []string{"a_p", "a_n", "b_p", "b_n", "rate_p", "rate_n", "t_p", "t_n", "k_p", "k_n", "r_p0", "r_p1", "r_p2", "r_n0", "r_n1", "r_n2", "eta"}
	dut2       = "data-driven model, titanium oxide device 2"
	dut2Notes  = []string{"Measured with pulses of 0.6 to 0.8 V and 100 us. r_n1 is printed as 23.69e4; figure and MemTorch show that it is 23.69e3."}
)

var messarisSets = []messarisSet{
	{preset{"messaris", dut2, "Messaris2018", nil, inMessaris, dut2Notes},
		0.24, 2.81, 743.47, -6.80e4, 6.51, 0.31, 5.11e-4, 1.17e-3, [3]float64{16710}, [3]float64{29300, 23690}, 10e3, 17e3, 13e3, 1, 0.7},
	{preset{"messaris/tiox-1", "data-driven model, titanium oxide device 1", "Messaris2018", nil, inMessaris,
		[]string{"Measured with pulses of about 1.2 to 1.7 V."}},
		0.24, 2.81, 0.12, -79.03, 0.59, 1.12, 8.10e-3, 9.43e-3, [3]float64{3085, 1862}, [3]float64{5193, 378}, 4.2e3, 6.6e3, 5.4e3, 1, 1.6},
	{preset{"messaris/tiox-2", dut2, "Messaris2018", nil, inMessaris, dut2Notes},
		0.24, 2.81, 743.47, -6.80e4, 6.51, 0.31, 5.11e-4, 1.17e-3, [3]float64{16710}, [3]float64{29300, 23690}, 10e3, 17e3, 13e3, 1, 0.7},
	{preset{"messaris/taox-tiox", "data-driven model, tantalum oxide on titanium oxide", "Messaris2018", nil, inMessaris[4:],
		[]string{"The source gives the current of tantalum oxide and titanium oxide films but not of the bilayer: that of titanium oxide is an assumption."}},
		0.24, 2.81, -2.06e5, 3.66, 0.38, 0.015, 6.13e-6, 2.17e-6, [3]float64{1.23e7, -2.39e6, 1.21e5}, [3]float64{1.29e7, 5.807e5, 5.645e4}, 5e6, 13e6, 9e6, -1, 3},
}

func newMessaris(s *messarisSet) *Messaris {
	return &Messaris{
		AP: s.a, AN: s.a, BP: s.b, BN: s.b, RateP: s.rateP, RateN: s.rateN, TP: s.tp, TN: s.tn, KP: s.kp, KN: s.kn,
		EndP: s.endP, EndN: s.endN, RMin: s.rMin, RMax: s.rMax, R0: s.r0, Eta: s.eta,
		loop: s.loop, preset: &s.preset,
	}
}

// Info describes the model.
func (m *Messaris) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "messaris", Title: "data-driven model", Technology: "memristor",
		Equations: []string{
			"i = a_p sinh(b_p v)/r for v > 0,  a_n sinh(b_n v)/r for v < 0",
			"dr/dt = rate_p (exp(t_p v) - 1) (exp(eta k_p (r_p - r)) - 1)   for v > 0 and eta (r_p - r) > 0",
			"dr/dt = rate_n (exp(-t_n v) - 1) (exp(eta k_n (r - r_n)) - 1)   for v < 0 and eta (r - r_n) > 0",
			"dr/dt = 0 else;  r_min <= r <= r_max",
			"r_p = r_p0 + r_p1 v + r_p2 v^2,  r_n = r_n0 + r_n1 v + r_n2 v^2",
		},
		Notes: []string{
			"Positive voltage raises the resistance with eta 1, lowers it with eta -1.",
			"The resistance moves towards the end of the range at the present voltage and stays there. A resistance already past that end does not come back under the same sign: it is out of the reach of that voltage, which is the published law, and no lock.",
			"Fits of pulses: outside the measured voltages r_p and r_n soon make no sense. A run stops with an error where the one in force is not positive. r_min, r_max and the initial resistance are assumptions.",
			"The published single tantalum oxide film is not offered: its r_p and r_n hold for voltages of very different size only, which are not at hand.",
		},
		References: []device.Reference{messaris2018},
	})
}

// Params declares the parameters.
func (m *Messaris) Params() []device.Param {
	positive := quantity.Positive()
	p := []device.Param{
		{Name: "a_p", Value: &m.AP, Range: positive, Meaning: "scale of the current at positive voltage"},
		{Name: "a_n", Value: &m.AN, Range: positive, Meaning: "scale of the current at negative voltage"},
		{Name: "b_p", Value: &m.BP, Unit: "1/V", Range: positive, Meaning: "steepness of the current at positive voltage"},
		{Name: "b_n", Value: &m.BN, Unit: "1/V", Range: positive, Meaning: "steepness of the current at negative voltage"},
		{Name: "rate_p", Value: &m.RateP, Unit: "ohm/s", Meaning: "scale of the rate at positive voltage, of the sign of eta"},
		{Name: "rate_n", Value: &m.RateN, Unit: "ohm/s", Meaning: "scale of the rate at negative voltage, of the sign of -eta"},
		{Name: "t_p", Value: &m.TP, Unit: "1/V", Range: positive, Meaning: "steepness of the rate at positive voltage"},
		{Name: "t_n", Value: &m.TN, Unit: "1/V", Range: positive, Meaning: "steepness of the rate at negative voltage"},
		{Name: "k_p", Value: &m.KP, Unit: "1/ohm", Range: positive, Meaning: "inverse distance over which the rate feels the end of the range at positive voltage"},
		{Name: "k_n", Value: &m.KN, Unit: "1/ohm", Range: positive, Meaning: "inverse distance over which the rate feels the end of the range at negative voltage"},
		{Name: "r_p0", Value: &m.EndP[0], Unit: "ohm", Meaning: "end of the range at positive voltage, constant part"},
		{Name: "r_p1", Value: &m.EndP[1], Unit: "ohm/V", Meaning: "end of the range at positive voltage, linear part"},
		{Name: "r_p2", Value: &m.EndP[2], Unit: "ohm/V^2", Meaning: "end of the range at positive voltage, quadratic part"},
		{Name: "r_n0", Value: &m.EndN[0], Unit: "ohm", Meaning: "end of the range at negative voltage, constant part"},
		{Name: "r_n1", Value: &m.EndN[1], Unit: "ohm/V", Meaning: "end of the range at negative voltage, linear part"},
		{Name: "r_n2", Value: &m.EndN[2], Unit: "ohm/V^2", Meaning: "end of the range at negative voltage, quadratic part"},
		{Name: "r_min", Value: &m.RMin, Unit: "ohm", Range: positive, Meaning: "smallest resistance"},
		{Name: "r_max", Value: &m.RMax, Unit: "ohm", Range: positive, Meaning: "largest resistance"},
		{Name: "r0", Aliases: []string{"r"}, Value: &m.R0, Unit: "ohm", Range: positive, Meaning: "initial resistance"},
		{Name: "eta", Value: &m.Eta, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage raises the resistance, -1 if it lowers it"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless r_min <= r0 <= r_max with r_min < r_max, eta has
// a sign, and the rates have those that belong to it.
func (m *Messaris) Validate() error {
	if err := checkSign("eta", m.Eta); err != nil {
		return err
	}
	switch eta := float64(m.Eta); {
	case !(m.RateP*eta > 0):
		return fmt.Errorf("rate_p is %g ohm/s: must have the sign of eta, %d", m.RateP, m.Eta)
	case !(m.RateN*eta < 0):
		return fmt.Errorf("rate_n is %g ohm/s: must have the sign opposite to eta, %d", m.RateN, m.Eta)
	case !(m.RMin < m.RMax):
		return fmt.Errorf("r_min is %g ohm: must be below r_max, %g ohm", m.RMin, m.RMax)
	}
	return between("r0", m.R0, m.RMin, m.RMax, "r_min", "r_max")
}

// Drives returns the voltage.
func (m *Messaris) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes r.
func (m *Messaris) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "r", Unit: "ohm", Meaning: "resistance at small voltage, up to a b"},
		Initial:  m.R0, Min: m.RMin, Max: m.RMax, Scale: m.RMax - m.RMin,
	}}
}

// Response returns the current, A.
func (m *Messaris) Response(x, u []float64, _ device.Env) float64 {
	a, b := m.current(u[0])
	return a * math.Sinh(b*u[0]) / x[0]
}

// Slope returns di/dv at frozen state, S.
func (m *Messaris) Slope(x, u []float64, _ device.Env) float64 {
	a, b := m.current(u[0])
	return a * b * math.Cosh(b*u[0]) / x[0]
}

func (m *Messaris) current(v float64) (a, b float64) {
	if v < 0 {
		return m.AN, m.BN
	}
	return m.AP, m.BP
}

// End returns r(v), the resistance towards which the voltage v drives, ohm.
func (m *Messaris) End(v float64) float64 {
	r := &m.EndP
	if v < 0 {
		r = &m.EndN
	}
	return r[0] + v*(r[1]+v*r[2])
}

// Valid returns an error where the resistance that the voltage drives to is not
// positive.
func (m *Messaris) Valid(_, u []float64, _ device.Env) error {
	if r := m.End(u[0]); u[0] != 0 && r <= 0 {
		return fmt.Errorf("the voltage %.4g V drives to a resistance of %.4g ohm: must be > 0 ohm, within the measured voltages", u[0], r)
	}
	return nil
}

// Derivative sets dst to dr/dt, ohm/s.
func (m *Messaris) Derivative(dst, x, u []float64, _ device.Env) {
	v, r := u[0], x[0]
	way := float64(m.Eta) * (m.End(v) - r) // still to go in the direction of positive voltage
	switch {
	case v > 0 && way > 0:
		dst[0] = m.RateP * math.Expm1(m.TP*v) * math.Expm1(m.KP*way)
	case v < 0 && way < 0:
		dst[0] = m.RateN * math.Expm1(-m.TN*v) * math.Expm1(-m.KN*way)
	default:
		dst[0] = 0 * v
	}
}
