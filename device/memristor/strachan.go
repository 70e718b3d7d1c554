package memristor

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Strachan is the tantalum oxide memristor of Strachan et al., IEEE Trans. Electron
// Devices 60, 2194 (2013), doi:10.1109/TED.2013.2264476: a metallic channel that
// covers the share x of the area, next to Poole-Frenkel conduction,
//
//	i = v (GM x + (1-x) A exp(B sqrt|v|))
//	dx/dt = ROff sinh(v/SigmaOff) exp(-(XOff/x)²) exp(1/(1 + Beta i v))   v < 0
//	        ROn sinh(v/SigmaOn) exp(-(x/XOn)²) exp(i v/SigmaP)            v > 0
//
// with v in V and i in A. Heat drives the channel on: i v/SigmaP grows with it, so
// that setting runs away until exp(-(x/XOn)²) ends it. Rates saturate at RateMax.
//
// NewStrachan returns the set of the library of Mladenov; it implements
// device.Element.
type Strachan struct {
	GM        float64 // conductance of the whole area as channel, S
	A         float64 // Poole-Frenkel conductance at small voltage, S
	B         float64 // its steepness, 1/sqrt(V)
	ROff, ROn float64 // scales of the rates, 1/s
	SigmaOff  float64 // voltage scale of resetting, V
	SigmaOn   float64 // voltage scale of setting, V
	XOff, XOn float64 // shares below and above which the rates decay
	Beta      float64 // inverse power at which heat helps resetting, 1/W
	SigmaP    float64 // power at which heat helps setting, W
	RateMax   float64 // rate at which both saturate, 1/s
	X0        float64 // initial share, from 0 to 1

	preset *preset
}

var (
	_ device.Element = (*Strachan)(nil)
	_ device.Sloped  = (*Strachan)(nil)
)

type strachanSet struct {
	preset
	a, b float64
}

var inStrachan = []string{"g_m", "a", "b", "rate_off", "rate_on", "sigma_off", "sigma_on", "x_off", "x_on", "beta", "sigma_p", "x0"}

var strachanSets = []strachanSet{
	{preset{"strachan", "tantalum oxide channel, library of Mladenov, model K8", "Mladenov2021", []device.Reference{mladenov2021}, inStrachan, nil}, 2.3e-6, 1.6},
	{preset{"strachan/ascoli", "tantalum oxide channel as used by Ascoli et al., library of Mladenov, model K9", "Mladenov2021", []device.Reference{mladenov2021, ascoli2015}, inStrachan,
		[]string{"The library smooths |v| and the step at 0 V, after Ascoli2015; here they are sharp."}}, 3.5e-6, 3.1},
}

// NewStrachan returns the set of the library of Mladenov.
func NewStrachan() *Strachan { return newStrachan(&strachanSets[0]) }

func newStrachan(s *strachanSet) *Strachan {
	return &Strachan{
		GM: 0.025, A: s.a, B: s.b, ROff: 1e-10, ROn: 1e-4, SigmaOff: 0.013, SigmaOn: 0.45, XOff: 0.4, XOn: 0.06, Beta: 500, SigmaP: 4e-5,
		RateMax: 1e10, X0: 0.3, preset: &s.preset,
	}
}

// Info describes the model.
func (m *Strachan) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "strachan", Title: "tantalum oxide channel", Technology: "memristor",
		Equations: []string{
			"i = v (g_m x + (1 - x) a exp(b sqrt|v|))",
			"dx/dt = rate_off sinh(v/sigma_off) exp(-(x_off/x)^2) exp(1/(1 + beta i v))   for v < 0",
			"dx/dt = rate_on sinh(v/sigma_on) exp(-(x/x_on)^2) exp(i v/sigma_p)   for v > 0",
			"|dx/dt| = r/(1 + r/rate_max) of these rates r;  0 <= x <= 1",
		},
		Notes: []string{
			"Positive voltage sets: the channel grows.",
			"Rates span tens of decades within a volt. They saturate at rate_max, 100 ps for the whole area: an assumption, far beyond what was measured.",
			"At x = 0 resetting stops and setting goes on: nothing locks.",
			"The numbers are those of a library, not checked against the publication; a and b differ between sources.",
		},
		References: []device.Reference{strachan2013},
	})
}

// Params declares the parameters.
func (m *Strachan) Params() []device.Param {
	positive, zero := quantity.Positive(), quantity.NonNegative()
	p := []device.Param{
		{Name: "g_m", Value: &m.GM, Unit: "S", Range: positive, Meaning: "conductance of the whole area as channel"},
		{Name: "a", Value: &m.A, Unit: "S", Range: zero, Meaning: "Poole-Frenkel conductance at small voltage"},
		{Name: "b", Value: &m.B, Range: zero, Meaning: "steepness of the Poole-Frenkel conduction, per square root of volt"},
		{Name: "rate_off", Value: &m.ROff, Unit: "1/s", Range: positive, Meaning: "scale of the rate of resetting"},
		{Name: "rate_on", Value: &m.ROn, Unit: "1/s", Range: positive, Meaning: "scale of the rate of setting"},
		{Name: "sigma_off", Value: &m.SigmaOff, Unit: "V", Range: positive, Meaning: "voltage scale of resetting"},
		{Name: "sigma_on", Value: &m.SigmaOn, Unit: "V", Range: positive, Meaning: "voltage scale of setting"},
		{Name: "x_off", Value: &m.XOff, Range: positive, Meaning: "share below which resetting decays"},
		{Name: "x_on", Value: &m.XOn, Range: positive, Meaning: "share above which setting decays"},
		{Name: "beta", Value: &m.Beta, Unit: "1/W", Range: zero, Meaning: "inverse power of the heat in resetting"},
		{Name: "sigma_p", Value: &m.SigmaP, Unit: "W", Range: positive, Meaning: "power at which heat helps setting"},
		{Name: "rate_max", Value: &m.RateMax, Unit: "1/s", Range: positive, Meaning: "rate at which both saturate"},
		{Name: "x0", Aliases: []string{"x"}, Value: &m.X0, Range: quantity.Between(0, 1), Meaning: "initial share of the channel"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate finds nothing more to check.
func (m *Strachan) Validate() error { return nil }

// Drives returns the voltage.
func (m *Strachan) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes x.
func (m *Strachan) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "x", Meaning: "share of the area that the channel covers"}, Initial: m.X0, Max: 1, Scale: 1}}
}

// Response returns the current, A.
func (m *Strachan) Response(x, u []float64, _ device.Env) float64 {
	return u[0] * (m.GM*x[0] + (1-x[0])*m.A*math.Exp(m.B*math.Sqrt(math.Abs(u[0]))))
}

// Slope returns di/dv at frozen state, S.
func (m *Strachan) Slope(x, u []float64, _ device.Env) float64 {
	z := m.B * math.Sqrt(math.Abs(u[0]))
	return m.GM*x[0] + (1-x[0])*m.A*math.Exp(z)*(1+z/2)
}

// Derivative sets dst to dx/dt, 1/s.
func (m *Strachan) Derivative(dst, x, u []float64, env device.Env) {
	v := u[0]
	power := v * m.Response(x, u, env)
	switch {
	case v > 0:
		z := x[0] / m.XOn
		dst[0] = saturated(math.Log(m.ROn)+logSinh(v/m.SigmaOn)-z*z+power/m.SigmaP, m.RateMax)
	case v < 0:
		z := m.XOff / x[0]
		dst[0] = -saturated(math.Log(m.ROff)+logSinh(-v/m.SigmaOff)-z*z+1/(1+m.Beta*power), m.RateMax)
	default:
		dst[0] = 0 * v
	}
}
