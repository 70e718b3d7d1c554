package memristor

import (
	"fmt"

	"mho/device"
	"mho/internal/quantity"
)

// LinearDrift is the linear ion drift model of a titanium dioxide film of
// thickness D, doped up to the fraction x,
//
//	i = v / M,  M = ROn x + ROff (1-x)
//	dx/dt = k i F(x, i),  k = Mu ROn / D²
//
// of Strukov et al., Nature 453, 80 (2008), doi:10.1038/nature06932, with x from
// 0 to 1, v in V, i in A and k in 1/C. With Polarity -1 voltage and current count
// the other way round.
//
// with the window F of a WindowFunction. References are in Info.
//
// NewLinearDrift returns the reference set; it implements device.Element.
type LinearDrift struct {
	ROn      float64 // memristance at x = 1, ohm
	ROff     float64 // memristance at x = 0, ohm
	D        float64 // thickness of the film, m
	Mu       float64 // mobility of the dopants, m²/(V s)
	X0       float64 // initial state, from 0 to 1
	Polarity int     // 1: positive voltage moves x up; -1: down
	WindowFunction

	preset *preset
}

var (
	_ device.Element = (*LinearDrift)(nil)
	_ device.Sloped  = (*LinearDrift)(nil)
	_ device.Mapped  = (*LinearDrift)(nil)
)

// NewLinearDrift returns the set most used for reference: 100 ohm and 16 kohm,
// 11 kohm at first, 10 nm and 1e-14 m²/(V s), without a window. It is that of
// Biolek, Biolek and Biolkova, Radioengineering 18, 210 (2009).
func NewLinearDrift() *LinearDrift { return newLinearDrift(&linearDriftSets[0]) }

type linearDriftSet struct {
	preset
	rOn, rOff, d, mu, x0 float64
	window               string
	p                    float64
}

var inLinearDrift = []string{"r_on", "r_off", "d", "mu_v", "x0"}

// reference is the initial state of 11 kohm between 100 ohm and 16 kohm.
const reference = (16e3 - 11e3) / (16e3 - 100)

var linearDriftSets = []linearDriftSet{
	{preset{"linear-drift", "linear ion drift without a window, the reference set", "Biolek2009", []device.Reference{biolek2009}, inLinearDrift, nil},
		100, 16e3, 10e-9, 1e-14, reference, windowNone, 10},
	{preset{"linear-drift/strukov-2b", "linear ion drift, figure 2b of Strukov et al.", "Strukov2008", nil, []string{"r_on", "r_off", "d", "mu_v"},
		[]string{"Figure 2b of Strukov2008 has a sine of 1 V, with currents in units of 1 V/r_on = 10 mA and times in units of D^2/(mu_v 1 V) = 10 ms. The initial state is an assumption."}},
		100, 16e3, 10e-9, 1e-14, 0.1, windowNone, 10},
	{preset{"linear-drift/strukov-2c", "linear ion drift, figure 2c of Strukov et al.", "Strukov2008", nil, []string{"r_on", "r_off", "d", "mu_v"},
		[]string{"Figure 2c of Strukov2008 is driven by +-1 V sin^2, in the units of figure 2b. The initial state is an assumption."}},
		100, 38e3, 10e-9, 1e-14, 0.1, windowNone, 10},
	{preset{"linear-drift/joglekar", "linear ion drift, figure 5a of Biolek et al., Joglekar window", "Biolek2009", []device.Reference{biolek2009}, append([]string{"window", "p"}, inLinearDrift...),
		[]string{"Figure 5a of Biolek2009 is driven by 1.2 V at 1 Hz."}},
		100, 16e3, 10e-9, 1e-14, reference, windowJoglekar, 10},
	{preset{"linear-drift/biolek", "linear ion drift, figure 5a of Biolek et al., Biolek window", "Biolek2009", []device.Reference{biolek2009}, append([]string{"window", "p"}, inLinearDrift...),
		[]string{"Figure 5a of Biolek2009 is driven by 1.2 V at 1 Hz."}},
		100, 16e3, 10e-9, 1e-14, reference, windowBiolek, 10},
	{preset{"linear-drift/knowm-joglekar", "linear ion drift, Knowm library, Joglekar window", "KnowmModels", []device.Reference{knowm}, append([]string{"window", "p"}, inLinearDrift...), nil},
		100, 10e3, 12e-9, 5e-14, 0.56, windowJoglekar, 7},
	{preset{"linear-drift/knowm-biolek", "linear ion drift, Knowm library, Biolek window", "KnowmModels", []device.Reference{knowm}, append([]string{"window", "p"}, inLinearDrift...), nil},
		100, 1e3, 16e-9, 4e-14, 0.076, windowBiolek, 7},
	{preset{"linear-drift/tiotto-a", "linear ion drift, Memristor-Models, high resistances", "TiottoModels", []device.Reference{tiotto}, append([]string{"window", "p"}, inLinearDrift...), []string{"Driven by 1 V at 1 Hz there."}},
		10e3, 100e3, 27e-9, 1e-14, 0.1, windowJoglekar, 7},
	{preset{"linear-drift/tiotto-b", "linear ion drift, Memristor-Models, thick film", "TiottoModels", []device.Reference{tiotto}, []string{"window", "p", "r_on", "r_off", "d", "mu_v"}, []string{"The initial state is an assumption."}},
		1e3, 10e3, 85e-9, 2e-14, 0.1, windowJoglekar, 2},
}

func newLinearDrift(s *linearDriftSet) *LinearDrift {
	return &LinearDrift{
		ROn: s.rOn, ROff: s.rOff, D: s.d, Mu: s.mu, X0: s.x0, Polarity: 1,
		WindowFunction: newWindow(s.window, s.p), preset: &s.preset,
	}
}

// Info describes the model.
func (m *LinearDrift) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "linear-drift", Title: "linear ion drift", Technology: "memristor",
		Equations: append(append([]string{
			"i = v / M,  M = r_on x + r_off (1 - x)",
			"dx/dt = k i F(x, i),  k = mu_v r_on / d^2,  0 <= x <= 1",
		}, windowEquations("x")...), "polarity -1: v and i change their signs"),
		Notes: append(append([]string{
			"Positive voltage sets: x grows and the resistance falls (polarity 1).",
		}, windowNotes("charge")...),
			"Without a window the state stops at the bounds and leaves them as soon as the current reverses.",
			"With r_on much smaller than r_off the state runs away towards 1 under constant voltage.",
			"The model knows neither threshold nor nonlinear drift: it switches too slowly by orders of magnitude compared with real films.",
		),
		References: []device.Reference{strukov2008, joglekar2009, biolek2009, prodromakis2011, kvatinsky2013},
	})
}

// Params declares the parameters.
func (m *LinearDrift) Params() []device.Param {
	positive := quantity.Positive()
	p := []device.Param{
		{Name: "r_on", Value: &m.ROn, Unit: "ohm", Range: positive, Meaning: "memristance of the fully doped film, x = 1"},
		{Name: "r_off", Value: &m.ROff, Unit: "ohm", Range: positive, Meaning: "memristance of the undoped film, x = 0"},
		{Name: "d", Aliases: []string{"D"}, Value: &m.D, Unit: "m", Range: positive, Meaning: "thickness of the film"},
		{Name: "mu_v", Aliases: []string{"mu"}, Value: &m.Mu, Unit: "m^2/(V s)", Range: positive, Meaning: "mobility of the dopants"},
		{Name: "x0", Aliases: []string{"x"}, Value: &m.X0, Range: quantity.Between(0, 1), Meaning: "initial doped fraction of the film"},
		{Name: "polarity", Value: &m.Polarity, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage sets, -1 if it resets"},
	}
	p = append(p, m.WindowFunction.params()...)
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless r_on < r_off, the polarity has a sign and the
// exponent fits the window.
func (m *LinearDrift) Validate() error {
	if !(m.ROn < m.ROff) {
		return fmt.Errorf("r_on is %g ohm: must be below r_off, %g ohm", m.ROn, m.ROff)
	}
	if err := checkPolarity(m.Polarity); err != nil {
		return err
	}
	return m.WindowFunction.validate()
}

// Drives returns the voltage.
func (m *LinearDrift) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes x.
func (m *LinearDrift) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "x", Meaning: "doped fraction of the film"}, Initial: m.X0, Min: 0, Max: 1, Scale: 1}}
}

// K returns the drift per charge k = Mu ROn / D², 1/C.
func (m *LinearDrift) K() float64 { return m.Mu * m.ROn / (m.D * m.D) }

// Memristance returns M at the state x, ohm.
func (m *LinearDrift) Memristance(x float64) float64 { return m.ROn*x + m.ROff*(1-x) }

// Response returns the current v / M, A.
func (m *LinearDrift) Response(x, u []float64, _ device.Env) float64 {
	return u[0] / m.Memristance(x[0])
}

// Slope returns 1/M, S.
func (m *LinearDrift) Slope(x, _ []float64, _ device.Env) float64 {
	return 1 / m.Memristance(x[0])
}

// Derivative sets dst to dx/dt, 1/s.
func (m *LinearDrift) Derivative(dst, x, u []float64, _ device.Env) {
	dst[0] = m.drift(m, x[0], u[0])
}

func (m *LinearDrift) rate(x, q, v float64) float64 {
	return float64(m.Polarity) * m.K() * v / (m.ROn*x + m.ROff*q)
}

// Mapping returns the coordinate ln(x/(1-x)) for the windows that are zero on
// both bounds, where a state that is not on a bound never gets there; nil
// otherwise.
func (m *LinearDrift) Mapping() device.Mapping { return m.mappingOf(m, m.X0) }
