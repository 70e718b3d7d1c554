package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// MMS is the generalised metastable switch model: N switches that thermal
// agitation throws between a conducting and an insulating state, of which a
// fraction x conducts,
//
//	off to on with the rate a = 1/(τ (1 + exp(-(v - VOn)/V_T)))
//	on to off with the rate b = 1/(τ (1 + exp((v + VOff)/V_T)))
//	i = Phi (x/ROn + (1-x)/ROff) v + (1-Phi) (AlphaF exp(BetaF v) - AlphaR exp(-BetaR v))
//
// with V_T = kT/q. With N > 0 each switch flips by itself: over a time step the
// numbers that flip are binomial, with the probabilities that the rates give over
// that step, whatever its length (to 1e-6 while the voltage changes). With N = 0
// there are infinitely many, dx/dt = a (1-x) - b x. Nugent and Molter, PLoS ONE 9,
// e85175 (2014), doi:10.1371/journal.pone.0085175; Molter and Nugent, CNNA 2016.
//
// Positive voltage sets. NewMMS returns the parameters of the authors' circuit
// model; it implements device.Jumping.
type MMS struct {
	ROn, ROff      float64 // resistance with all and with no switches on, ohm
	VOn, VOff      float64 // barriers to switch on and off, V
	Tau            float64 // time scale of the switches, s
	X0             float64 // initial fraction that is on
	N              int     // number of switches, 0 for their mean
	Phi            float64 // share of the switches in the current; the rest is a diode's
	AlphaF, AlphaR float64 // diode currents, A
	BetaF, BetaR   float64 // diode exponents, 1/V
	T0             float64 // temperature of the surroundings for RoomOf, K

	preset *preset
}

var (
	_ device.Jumping = (*MMS)(nil)
	_ device.Sloped  = (*MMS)(nil)
	_ device.Ambient = (*MMS)(nil)
	_ device.Looped  = (*MMS)(nil)
)

var mmsSets = []preset{{"mms", "metastable switches, the mean of many or a finite number", "KnowmModels", []device.Reference{knowm},
	[]string{"r_on", "r_off", "v_on", "v_off", "tau", "x0", "phi", "t0"}, nil}}

// NewMMS returns the parameters of the authors' circuit model.
func NewMMS() *MMS {
	return &MMS{ROn: 500, ROff: 1500, VOn: 0.27, VOff: 0.27, Tau: 1e-4, Phi: 1, T0: 298.5, preset: &mmsSets[0]}
}

// Info describes the model.
func (m *MMS) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "mms", Title: "metastable switches", Technology: "memristor",
		Equations: []string{
			"a = 1/(tau (1 + exp(-(v - v_on)/V_T))),  b = 1/(tau (1 + exp((v + v_off)/V_T))),  V_T = kT/q",
			"n = 0: dx/dt = a (1 - x) - b x",
			"n > 0: each of n switches goes on at the rate a and off at the rate b; x is the share that is on",
			"i = phi (x/r_on + (1 - x)/r_off) v + (1 - phi) (alpha_f exp(beta_f v) - alpha_r exp(-beta_r v))",
		},
		Notes: []string{
			"Positive voltage sets: x and the conductance grow.",
			"No bound locks: the rates are positive at every voltage.",
			"The switches forget: at 0 V x goes to 1/2 within tau exp(v_on/V_T)/2, 1.8 s with the defaults. A device that keeps its state needs higher barriers.",
			"With phi < 1 the current at 0 V is (1 - phi)(alpha_f - alpha_r); a pinched loop needs both equal.",
		},
		References: []device.Reference{nugent2014, molter2016},
	})
}

// Params declares the parameters.
func (m *MMS) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	p := []device.Param{
		{Name: "r_on", Value: &m.ROn, Unit: "ohm", Range: positive, Meaning: "resistance with all switches on"},
		{Name: "r_off", Value: &m.ROff, Unit: "ohm", Range: positive, Meaning: "resistance with all switches off"},
		{Name: "v_on", Value: &m.VOn, Unit: "V", Range: nonneg, Meaning: "barrier to switch on"},
		{Name: "v_off", Value: &m.VOff, Unit: "V", Range: nonneg, Meaning: "barrier to switch off"},
		{Name: "tau", Value: &m.Tau, Unit: "s", Range: positive, Meaning: "time scale of the switches"},
		{Name: "x0", Aliases: []string{"x"}, Value: &m.X0, Range: quantity.Between(0, 1), Meaning: "initial fraction of switches that is on"},
		{Name: "n", Value: &m.N, Range: quantity.Between(0, 1e8), Meaning: "number of switches, 0 for their mean without noise"},
		{Name: "phi", Value: &m.Phi, Range: quantity.Between(0, 1), Meaning: "share of the switches in the current, the rest is a diode's"},
		{Name: "alpha_f", Value: &m.AlphaF, Unit: "A", Range: nonneg, Meaning: "forward current of the diode"},
		{Name: "beta_f", Value: &m.BetaF, Unit: "1/V", Range: nonneg, Meaning: "forward exponent of the diode"},
		{Name: "alpha_r", Value: &m.AlphaR, Unit: "A", Range: nonneg, Meaning: "reverse current of the diode"},
		{Name: "beta_r", Value: &m.BetaR, Unit: "1/V", Range: nonneg, Meaning: "reverse exponent of the diode"},
		{Name: "t0", Value: &m.T0, Unit: "K", Range: positive, Meaning: "temperature of the surroundings unless the run gives another"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless r_on < r_off.
func (m *MMS) Validate() error {
	if !(m.ROn < m.ROff) {
		return fmt.Errorf("r_on is %g ohm: must be below r_off, %g ohm", m.ROn, m.ROff)
	}
	return nil
}

// Drives returns the voltage.
func (m *MMS) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes x.
func (m *MMS) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "x", Meaning: "fraction of switches that is on"},
		Initial:  m.X0, Min: 0, Max: 1, Scale: 1,
	}}
}

// Ambient returns T0, K.
func (m *MMS) Ambient() float64 { return m.T0 }

// LoopDrive returns 0.5 V and 1 kHz, of the authors' examples.
func (m *MMS) LoopDrive() (amplitude, frequency float64) { return 0.5, 1e3 }

// Response returns the current, A.
func (m *MMS) Response(x, u []float64, _ device.Env) float64 {
	i := m.Phi * (x[0]/m.ROn + (1-x[0])/m.ROff) * u[0]
	if m.Phi < 1 {
		i += (1 - m.Phi) * (m.AlphaF*math.Exp(m.BetaF*u[0]) - m.AlphaR*math.Exp(-m.BetaR*u[0]))
	}
	return i
}

// Slope returns di/dv, S.
func (m *MMS) Slope(x, u []float64, _ device.Env) float64 {
	g := m.Phi * (x[0]/m.ROn + (1-x[0])/m.ROff)
	if m.Phi < 1 {
		g += (1 - m.Phi) * (m.AlphaF*m.BetaF*math.Exp(m.BetaF*u[0]) + m.AlphaR*m.BetaR*math.Exp(-m.BetaR*u[0]))
	}
	return g
}

// rates returns how often a switch goes on and off at v, 1/s.
func (m *MMS) rates(v float64, env device.Env) (on, off float64) {
	vt := boltzmann * env.Temperature / electronCharge
	return 1 / (m.Tau * (1 + math.Exp(-(v-m.VOn)/vt))), 1 / (m.Tau * (1 + math.Exp((v+m.VOff)/vt)))
}

// Derivative sets dst to dx/dt of the mean, 1/s, or to zero where a finite number
// of switches jumps.
func (m *MMS) Derivative(dst, x, u []float64, env device.Env) {
	on, off := m.rates(u[0], env)
	dst[0] = on*(1-x[0]) - off*x[0]
	if m.N > 0 {
		dst[0] *= 0 // a drive that is not a number makes a rate that is none
	}
}

// Jumps reports whether the number of switches is finite.
func (m *MMS) Jumps() bool { return m.N > 0 }

// StepLimit returns a tenth of the relaxation time, s.
func (m *MMS) StepLimit(_, u []float64, env device.Env) float64 {
	on, off := m.rates(u[0], env)
	return 0.1 / (on + off)
}

// Jump flips switches over dt.
func (m *MMS) Jump(x, u0, u1 []float64, dt float64, env device.Env, key noise.Key, event uint64) {
	on := int(math.Round(x[0] * float64(m.N)))
	fromOff, fromOn := m.occupation(u0[0], u1[0], dt, env)
	if fromOff != fromOff || fromOn != fromOn {
		x[0] = math.NaN()
		return
	}
	more := binomial(m.N-on, fromOff, key.UniformAt(noise.At{Event: event}))
	stay := binomial(on, fromOn, key.UniformAt(noise.At{Event: event, Col: 1}))
	x[0] = float64(stay+more) / float64(m.N)
}

// occupation returns the probabilities that a switch is on after a time dt in
// which the voltage goes from v0 to v1, if it was off and if it was on at first:
// the solutions of dp/dt = a - (a+b) p by the Magnus series of order 4 on parts
// in which the rates change little, exact at constant voltage.
func (m *MMS) occupation(v0, v1, dt float64, env device.Env) (fromOff, fromOn float64) {
	parts := 1.0
	if v0 != v1 {
		fast, _ := m.rates(max(v0, v1), env)
		_, slow := m.rates(min(v0, v1), env)
		parts = math.Ceil(max(math.Abs(v1-v0)/(0.5*boltzmann*env.Temperature/electronCharge), 0.5*dt*(fast+slow), 1))
	}
	h := dt / parts
	fromOn = 1
	const node = 0.28867513459481287 // √3/6
	for k := 0.0; k < parts; k++ {
		at := func(f float64) (a, c float64) {
			on, off := m.rates(v0+(v1-v0)*(k+f)/parts, env)
			return on, on + off
		}
		a1, c1 := at(0.5 - node)
		a2, c2 := at(0.5 + node)
		c := 0.5 * h * (c1 + c2)
		a := 0.5*h*(a1+a2) + 0.5*node*h*h*(c1*a2-c2*a1)
		gain, keep := a/c*-math.Expm1(-c), math.Exp(-c)
		fromOff = gain + keep*fromOff
		fromOn = gain + keep*fromOn
	}
	return min(max(fromOff, 0), 1), min(max(fromOn, 0), 1)
}

// binomial returns the number of successes among n trials of probability p, from
// one uniform number u: outcomes are counted off from the most likely one
// outward, so that the work is of the order of the standard deviation.
func binomial(n int, p, u float64) int {
	if n == 0 || !(p > 0) {
		return 0
	}
	if p > 0.5 {
		return n - binomial(n, 1-p, 1-u)
	}
	logFactorial := func(k int) float64 {
		l, _ := math.Lgamma(float64(k) + 1)
		return l
	}
	mode := int(float64(n+1) * p)
	top := math.Exp(logFactorial(n) - logFactorial(mode) - logFactorial(n-mode) + float64(mode)*math.Log(p) + float64(n-mode)*math.Log1p(-p))
	if u -= top; u < 0 {
		return mode
	}
	odds := p / (1 - p)
	above, below := top, top
	for d := 1; ; d++ {
		hi, lo := mode+d, mode-d
		above *= float64(n-hi+1) / float64(hi) * odds
		if hi > n {
			above = 0
		}
		if u -= above; u < 0 {
			return hi
		}
		if below *= float64(lo+1) / (float64(n-lo) * odds); lo < 0 {
			below = 0
		}
		if u -= below; u < 0 {
			return lo
		}
		if above+below < 1e-20 {
			return mode // what rounding has left of u
		}
	}
}
