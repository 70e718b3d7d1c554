package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// NonlinearDrift is the nonlinear ion drift model,
//
//	i = (w^N + Leak) Beta sinh(Alpha v) + Chi (exp(Gamma v) - 1)
//	dw/dt = Rate (v / 1 V)^M F(w),  M odd
//
// with the current law that Yang et al., Nature Nanotech. 3, 429 (2008),
// doi:10.1038/nnano.2008.160, found in titanium dioxide films, and the drift that
// Lehtonen and Laiho, doi:10.1109/CNNA.2010.5430304, gave it. w runs from 0, where
// the current is that of a rectifier, to 1, where it is a symmetric tunnel
// current; v is in V, i in A. F is a WindowFunction. With Polarity -1 voltage and
// current count the other way round.
//
// NewNonlinearDrift returns the set of figure 6 of Kvatinsky et al. (2013); it
// implements device.Element.
type NonlinearDrift struct {
	N        float64 // exponent of w in the current
	Leak     float64 // what remains of w^N at w = 0
	Beta     float64 // scale of the tunnel current, A
	Alpha    float64 // steepness of the tunnel current, 1/V
	Chi      float64 // scale of the rectifier's current, A
	Gamma    float64 // steepness of the rectifier's current, 1/V
	Rate     float64 // dw/dt at 1 V without window, 1/s
	M        int     // exponent of the voltage in the drift, odd
	W0       float64 // initial state, from 0 to 1
	Polarity int     // 1: positive voltage moves w up; -1: down
	WindowFunction

	preset *preset
}

var (
	_ device.Element = (*NonlinearDrift)(nil)
	_ device.Sloped  = (*NonlinearDrift)(nil)
	_ device.Mapped  = (*NonlinearDrift)(nil)
)

// NewNonlinearDrift returns the set of figure 6 of Kvatinsky et al. (2013).
func NewNonlinearDrift() *NonlinearDrift { return newNonlinearDrift(&nonlinearDriftSets[0]) }

type nonlinearDriftSet struct {
	preset
	n, leak, beta, alpha, chi, gamma, rate float64
	m                                      int
	w0                                     float64
	window                                 string
	p                                      float64
}

var inNonlinearDrift = []string{"n", "beta", "alpha", "chi", "gamma", "rate", "m"}

var nonlinearDriftSets = []nonlinearDriftSet{
	{preset{"nonlinear-drift", "nonlinear ion drift, figure 6 of Kvatinsky et al.", "Kvatinsky2013", nil, inNonlinearDrift,
		[]string{"Figure 6 of Kvatinsky2013 gives neither window nor initial state: none and 0.5 are assumptions."}},
		2, 0, 0.9e-6, 2, 1e-10, 4, 1, 5, 0.5, windowNone, 1},
	{preset{"nonlinear-drift/kvatinsky", "nonlinear ion drift, figure 6 of Kvatinsky et al.", "Kvatinsky2013", nil, inNonlinearDrift,
		[]string{"Figure 6 of Kvatinsky2013 gives neither window nor initial state: none and 0.5 are assumptions."}},
		2, 0, 0.9e-6, 2, 1e-10, 4, 1, 5, 0.5, windowNone, 1},
	{preset{"nonlinear-drift/lehtonen", "nonlinear ion drift, the circuit model of Lehtonen and Laiho", "Lehtonen2010", nil, append([]string{"leak", "w0", "window", "p"}, inNonlinearDrift...),
		[]string{"Lehtonen2010 gives a subcircuit: b = 9, c = 0.01 and rleak = 0.01 in units of 10 nA, and a state capacitor of 80 uF, which makes the rate 12.5 kHz. It has 10 kohm in series, which is --series here, and stops w at 0.05 and 0.95, which the window does here."}},
		4, 0.01, 90e-9, 2, 0.1e-9, 4, 12500, 13, 0.15, windowJoglekar, 1},
	{preset{"nonlinear-drift/mladenov", "nonlinear ion drift, library of Mladenov, model K5", "Mladenov2021", []device.Reference{mladenov2021}, append([]string{"w0", "window", "p"}, inNonlinearDrift...),
		[]string{"The library smooths the step of the window biolek; here it is sharp."}},
		5, 0, 60e-6, 1.4, 20e-6, 1.3, 1.1, 5, 0.3, windowBiolek, 3},
}

func newNonlinearDrift(s *nonlinearDriftSet) *NonlinearDrift {
	return &NonlinearDrift{
		N: s.n, Leak: s.leak, Beta: s.beta, Alpha: s.alpha, Chi: s.chi, Gamma: s.gamma, Rate: s.rate, M: s.m, W0: s.w0, Polarity: 1,
		WindowFunction: newWindow(s.window, s.p), preset: &s.preset,
	}
}

// Info describes the model.
func (m *NonlinearDrift) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "nonlinear-drift", Title: "nonlinear ion drift", Technology: "memristor",
		Equations: append(append([]string{
			"i = (w^n + leak) beta sinh(alpha v) + chi (exp(gamma v) - 1)",
			"dw/dt = rate (v / 1 V)^m F(w),  0 <= w <= 1",
		}, windowEquations("w")...), "polarity -1: v and i change their signs"),
		Notes: append(append([]string{
			"Positive voltage sets: w and the current grow (polarity 1). At w = 0 the element is a rectifier, at w = 1 a symmetric tunnel junction.",
			"The rate is that at 1 V: the factor a of the publications in V^-m s^-1.",
		}, windowNotes("integral of v^m")...),
			"Without a window the state stops at the bounds and leaves them as soon as the voltage reverses.",
			"There is no threshold, only a power law: a read at a tenth of the write voltage disturbs 10^m times less, not nothing.",
		),
		References: []device.Reference{yang2008, lehtonen2010, kvatinsky2013, joglekar2009, prodromakis2011, biolek2009},
	})
}

// Params declares the parameters.
func (m *NonlinearDrift) Params() []device.Param {
	positive, zero := quantity.Positive(), quantity.NonNegative()
	p := []device.Param{
		{Name: "n", Value: &m.N, Range: quantity.Range{Max: 100, MinOpen: true}, Meaning: "exponent of w in the current"},
		{Name: "leak", Value: &m.Leak, Range: zero, Meaning: "what remains of w^n at w = 0"},
		{Name: "beta", Value: &m.Beta, Unit: "A", Range: positive, Meaning: "scale of the tunnel current"},
		{Name: "alpha", Value: &m.Alpha, Unit: "1/V", Range: positive, Meaning: "steepness of the tunnel current"},
		{Name: "chi", Value: &m.Chi, Unit: "A", Range: zero, Meaning: "scale of the rectifier's current"},
		{Name: "gamma", Value: &m.Gamma, Unit: "1/V", Range: positive, Meaning: "steepness of the rectifier's current"},
		{Name: "rate", Value: &m.Rate, Unit: "1/s", Range: positive, Meaning: "rate of w at 1 V without window"},
		{Name: "m", Value: &m.M, Range: quantity.Between(1, 99), Meaning: "exponent of the voltage in the drift, odd"},
		{Name: "w0", Aliases: []string{"w"}, Value: &m.W0, Range: quantity.Between(0, 1), Meaning: "initial state"},
		{Name: "polarity", Value: &m.Polarity, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage sets, -1 if it resets"},
	}
	p = append(p, m.WindowFunction.params()...)
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless m is odd, the polarity has a sign and the
// exponent fits the window.
func (m *NonlinearDrift) Validate() error {
	if m.M%2 == 0 {
		return fmt.Errorf("m is %d: must be odd", m.M)
	}
	if err := checkPolarity(m.Polarity); err != nil {
		return err
	}
	return m.WindowFunction.validate()
}

// Drives returns the voltage.
func (m *NonlinearDrift) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes w.
func (m *NonlinearDrift) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "w", Meaning: "doped share of the film"}, Initial: m.W0, Max: 1, Scale: 1}}
}

// Response returns the current, A.
func (m *NonlinearDrift) Response(x, u []float64, _ device.Env) float64 {
	sign := float64(m.Polarity)
	v := sign * u[0]
	return sign * ((raise(x[0], m.N)+m.Leak)*m.Beta*math.Sinh(m.Alpha*v) + m.Chi*math.Expm1(m.Gamma*v))
}

// Slope returns di/dv at frozen state, S.
func (m *NonlinearDrift) Slope(x, u []float64, _ device.Env) float64 {
	v := float64(m.Polarity) * u[0]
	return (raise(x[0], m.N)+m.Leak)*m.Beta*m.Alpha*math.Cosh(m.Alpha*v) + m.Chi*m.Gamma*math.Exp(m.Gamma*v)
}

// Derivative sets dst to dw/dt, 1/s.
func (m *NonlinearDrift) Derivative(dst, x, u []float64, _ device.Env) {
	dst[0] = m.drift(m, x[0], u[0])
}

func (m *NonlinearDrift) rate(_, _, v float64) float64 {
	return m.Rate * power(float64(m.Polarity)*v, m.M)
}

// Mapping returns the coordinate ln(w/(1-w)) for the windows that are zero on
// both bounds, where a state that is not on a bound never gets there; nil
// otherwise.
func (m *NonlinearDrift) Mapping() device.Mapping { return m.mappingOf(m, m.W0) }
