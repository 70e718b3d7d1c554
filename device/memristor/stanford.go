package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// StanfordPKU is the model of filamentary RRAM of Stanford and Peking University,
//
//	i    = I0 exp(-g/G0) sinh(v/V0)
//	dg/dt = -Vel0 exp(-Ea/kT) sinh(γ A0 q v/(TOx k T)),  γ = Gamma - Beta (g/1 nm)^Alpha
//	T    = T0 + |v i| RTh,   no motion where γ |v|/TOx < FMin
//
// with the tunnelling gap g from GapMin to GapMax in m. Gamma and Beta are those
// of SET for v > 0 and of RESET for v < 0: positive voltage sets, it shortens the
// gap. Jiang et al., IEEE Trans. Electron Devices 63, 1884 (2016),
// doi:10.1109/TED.2016.2545412. Activation energies that differ for both
// directions make of sinh its two exponentials, each with its own.
//
// With Variations the gap also diffuses,
//
//	dg = DeltaGap √DtRef / (1 + exp((TCrit - T)/TSmth)) ∘ dW,
//
// the published noise of DeltaGap N(0, 1) in m/s per solver step, written for
// steps of any length; it equals that of a solver with steps of DtRef.
//
// Below FMin the law jumps to zero; here the rate rises from zero at FMin to its
// full value at 1.001 FMin. NewStanfordPKU returns version 1.0's defaults; it
// implements device.Stochastic.
type StanfordPKU struct {
	I0         float64 // current of the tunnelling law, A
	G0         float64 // gap over which the current falls by e, m
	V0         float64 // voltage of the tunnelling law, V
	Vel0       float64 // velocity of the gap, m/s
	EaSet      float64 // activation energy of SET, J
	EaReset    float64 // activation energy of RESET, J
	A0         float64 // hopping distance of the ions, m
	TOx        float64 // thickness of the oxide, m
	GammaSet   float64 // field enhancement at no gap, SET
	GammaReset float64 // field enhancement at no gap, RESET
	BetaSet    float64 // fall of the field enhancement with the gap, SET
	BetaReset  float64 // fall of the field enhancement with the gap, RESET
	Alpha      float64 // exponent of that fall
	FMin       float64 // least local field that moves the gap, V/m
	GapMin     float64 // shortest gap, m; the compliance current of SET stands in it
	GapMax     float64 // longest gap, m
	Gap0       float64 // initial gap, m
	RTh        float64 // thermal resistance, K/W
	T0         float64 // temperature of the surroundings for RoomOf, K
	Variations bool    // the gap diffuses
	DeltaGap   float64 // its noise as a velocity, m/s
	DtRef      float64 // step for which DeltaGap holds, s
	TCrit      float64 // temperature at which half of the noise acts, K
	TSmth      float64 // width of that transition, K

	preset *preset
}

var (
	_ device.Stochastic = (*StanfordPKU)(nil)
	_ device.Sloped     = (*StanfordPKU)(nil)
	_ device.Stiff      = (*StanfordPKU)(nil)
	_ device.Ambient    = (*StanfordPKU)(nil)
	_ device.Limited    = (*StanfordPKU)(nil)
	_ device.Looped     = (*StanfordPKU)(nil)
)

// NewStanfordPKU returns the defaults of version 1.0.
func NewStanfordPKU() *StanfordPKU { return newStanford(&stanfordSets[0]) }

type stanfordSet struct {
	preset
	change func(m *StanfordPKU) // from the defaults of version 1.0
}

var (
	inStanford = []string{"i0", "g0", "v0", "vel0", "ea_set", "ea_reset", "a0", "t_ox", "gamma_set", "gamma_reset", "beta_set", "beta_reset", "alpha", "f_min",
		"gap_min", "gap_max", "gap0", "r_th", "t0", "variations", "delta_gap", "t_crit", "t_smth"}
	inJiang = []string{"i0", "g0", "v0", "vel0", "ea_set", "ea_reset", "t_ox", "gamma_set", "gamma_reset", "beta_set", "beta_reset", "alpha", "r_th", "t0"}
	inSky   = []string{"i0", "g0", "v0", "vel0", "ea_set", "ea_reset", "a0", "t_ox", "gamma_set", "gamma_reset", "beta_set", "beta_reset", "alpha", "gap_min", "gap_max", "r_th", "t0"}
)

var stanfordSets = []stanfordSet{
	{preset{"stanford-pku", "filamentary RRAM: tunnelling gap, Joule heating and noise; version 1.0", "Jiang2014", nil, inStanford, nil}, func(*StanfordPKU) {}},
	{bilayer("1.7nm"), func(m *StanfordPKU) { m.bilayer(6.7e-9, 16.8, 20.1, 1.1, 12.6) }},
	{bilayer("2.1nm"), func(m *StanfordPKU) { m.bilayer(7.1e-9, 17.8, 21.3, 1.2, 14.5) }},
	{bilayer("3.3nm"), func(m *StanfordPKU) { m.bilayer(8.3e-9, 20.8, 24.9, 4.8, 19.0) }},
	{preset{"stanford-pku/sky130", "filamentary RRAM of the SKY130 process", "SKY130RRAM", []device.Reference{sky130}, inSky,
		[]string{"The source writes the thickness of the filament T_f = t_ox - gap, a temperature that follows the power within 0.23 ns, here at once, and v0 = 150 m/s for each exponential, here 300 m/s for their half difference.",
			"The initial gap is an assumption."}},
		func(m *StanfordPKU) {
			m.I0, m.G0, m.V0, m.Vel0 = 6.14e-5, 5e-9-4.7249e-9, 0.43, 300
			m.EaSet, m.EaReset = quantity.EV(1.501), quantity.EV(1.5)
			m.TOx, m.GammaSet, m.GammaReset, m.BetaSet, m.BetaReset = 5e-9, 16.5, 16.5, 1.25, 1.25
			m.FMin, m.GapMin, m.GapMax, m.Gap0 = 0, 0.1e-9, 1.7e-9, 1.7e-9
			m.RTh, m.T0 = 0.23e-9/3.1825e-16, 300
		}},
}

func bilayer(thickness string) preset {
	return preset{"stanford-pku/tiox-hfox-" + thickness, "filamentary RRAM: TiOx/HfOx bilayer, HfOx of " + thickness, "Jiang2016", nil, inJiang,
		[]string{"Table I of the source does not give the hopping distance, the least field and the bounds of the gap: 0.25 nm, none, and 0.2 nm to where gamma_reset vanishes, which RESET does not pass, are assumptions."}}
}

// bilayer sets a device of Table I of Jiang2016.
func (m *StanfordPKU) bilayer(tOx, gammaSet, gammaReset, betaSet, betaReset float64) {
	m.I0, m.G0, m.V0, m.Vel0, m.Alpha = 0.2e-3, 0.15e-9, 0.35, 5e6, 1
	m.EaSet, m.EaReset = quantity.EV(1.24), quantity.EV(1.24)
	m.TOx, m.GammaSet, m.GammaReset, m.BetaSet, m.BetaReset = tOx, gammaSet, gammaReset, betaSet, betaReset
	m.FMin, m.GapMax = 0, gammaReset/betaReset*1e-9
	m.Gap0 = m.GapMax
	m.RTh, m.T0 = 500, 300
}

func newStanford(s *stanfordSet) *StanfordPKU {
	m := &StanfordPKU{
		I0: 1e-3, G0: 0.25e-9, V0: 0.25, Vel0: 10, EaSet: quantity.EV(0.6), EaReset: quantity.EV(0.6),
		A0: 0.25e-9, TOx: 12e-9, GammaSet: 16, GammaReset: 16, BetaSet: 0.8, BetaReset: 0.8, Alpha: 3, FMin: 1.4e9,
		GapMin: 0.2e-9, GapMax: 1.7e-9, Gap0: 1.7e-9, RTh: 2.1e3, T0: 298,
		DeltaGap: 0.02, DtRef: 1e-9, TCrit: 450, TSmth: 500,
		preset: &s.preset,
	}
	s.change(m)
	return m
}

// Info describes the model.
func (m *StanfordPKU) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "stanford-pku", Title: "filamentary RRAM: tunnelling gap, Joule heating and noise", Technology: "memristor",
		Equations: []string{
			"i = i0 exp(-gap/g0) sinh(v/v0)",
			"d gap/dt = -(vel0/2) (exp(-ea_set/kT + s) - exp(-ea_reset/kT - s)),  s = gamma a0 q v/(t_ox k T)",
			"gamma = gamma_set - beta_set (gap/1nm)^alpha for v > 0, likewise with reset for v < 0;  gap_min <= gap <= gap_max",
			"T = T_ambient + |v i| r_th",
			"f_min: no motion where gamma |v|/t_ox < f_min",
			"variations: d gap = ... + delta_gap sqrt(dt_ref)/(1 + exp((t_crit - T)/t_smth)) o dW",
		},
		Notes: []string{
			"Positive voltage sets: the gap shortens and the current grows.",
			"The source adds delta_gap N(0, 1), a velocity, in each step of its solver, so that its noise depends on the step (its decks for DC sweeps take a value a thousand times smaller). Here the noise is per unit of time and equals the source's at steps of dt_ref = 1 ns; it acts at rest as well.",
			"variations is off by default, as the source's switch of models is: the trace is then deterministic.",
			"The source jumps to no motion at f_min; here the rate falls to zero between 1.001 f_min and f_min. Its RESET takes gamma_reset = 16 whatever its parameter says; here the parameter counts.",
			"Nothing limits the current of the law itself, 0.3 A at 1.8 V in the low state: a compliance or a series resistance is part of every real circuit. A temperature above 5000 K, by which no oxide is left, ends a trace; that limit is an assumption.",
			"r_th heats the whole gap; t0 is the temperature of the surroundings unless --temperature tells another.",
		},
		References: []device.Reference{jiang2016, jiang2014, guan2012},
	})
}

// Params declares the parameters.
func (m *StanfordPKU) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	p := []device.Param{
		{Name: "i0", Value: &m.I0, Unit: "A", Range: positive, Meaning: "current of the tunnelling law"},
		{Name: "g0", Value: &m.G0, Unit: "m", Range: positive, Meaning: "gap over which the current falls by e"},
		{Name: "v0", Value: &m.V0, Unit: "V", Range: positive, Meaning: "voltage of the tunnelling law"},
		{Name: "vel0", Value: &m.Vel0, Unit: "m/s", Range: positive, Meaning: "velocity of the gap"},
		{Name: "ea_set", Aliases: []string{"ea"}, Value: &m.EaSet, Unit: "eV", Range: positive, Meaning: "activation energy of SET"},
		{Name: "ea_reset", Value: &m.EaReset, Unit: "eV", Range: positive, Meaning: "activation energy of RESET"},
		{Name: "a0", Value: &m.A0, Unit: "m", Range: positive, Meaning: "hopping distance of the ions"},
		{Name: "t_ox", Value: &m.TOx, Unit: "m", Range: positive, Meaning: "thickness of the oxide"},
		{Name: "gamma_set", Aliases: []string{"gamma0"}, Value: &m.GammaSet, Range: positive, Meaning: "field enhancement at no gap, SET"},
		{Name: "gamma_reset", Value: &m.GammaReset, Range: positive, Meaning: "field enhancement at no gap, RESET"},
		{Name: "beta_set", Aliases: []string{"beta"}, Value: &m.BetaSet, Range: nonneg, Meaning: "fall of the field enhancement with the gap, SET"},
		{Name: "beta_reset", Value: &m.BetaReset, Range: nonneg, Meaning: "fall of the field enhancement with the gap, RESET"},
		{Name: "alpha", Value: &m.Alpha, Range: positive, Meaning: "exponent of that fall"},
		{Name: "f_min", Value: &m.FMin, Unit: "V/m", Range: nonneg, Meaning: "least local field that moves the gap"},
		{Name: "gap_min", Value: &m.GapMin, Unit: "m", Range: nonneg, Meaning: "shortest gap, where the compliance of SET stops it"},
		{Name: "gap_max", Value: &m.GapMax, Unit: "m", Range: positive, Meaning: "longest gap"},
		{Name: "gap0", Aliases: []string{"gap", "gap_ini"}, Value: &m.Gap0, Unit: "m", Meaning: "initial gap"},
		{Name: "r_th", Value: &m.RTh, Unit: "K/W", Range: nonneg, Meaning: "thermal resistance of the filament"},
		{Name: "t0", Value: &m.T0, Unit: "K", Range: positive, Meaning: "temperature of the surroundings unless the run gives another"},
		{Name: "variations", Value: &m.Variations, Meaning: "whether the gap diffuses"},
		{Name: "delta_gap", Value: &m.DeltaGap, Unit: "m/s", Range: nonneg, Meaning: "noise of the gap, its velocity over one step of dt_ref"},
		{Name: "dt_ref", Value: &m.DtRef, Unit: "s", Range: positive, Meaning: "step for which delta_gap holds"},
		{Name: "t_crit", Value: &m.TCrit, Unit: "K", Range: positive, Meaning: "temperature at which half of the noise acts"},
		{Name: "t_smth", Value: &m.TSmth, Unit: "K", Range: positive, Meaning: "width of that transition"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless gap_min <= gap0 <= gap_max with
// gap_min < gap_max.
func (m *StanfordPKU) Validate() error {
	if !(m.GapMin < m.GapMax) {
		return fmt.Errorf("gap_min is %g m: must be below gap_max, %g m", m.GapMin, m.GapMax)
	}
	return between("gap0", m.Gap0, m.GapMin, m.GapMax, "gap_min", "gap_max")
}

// Drives returns the voltage.
func (m *StanfordPKU) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes the gap.
func (m *StanfordPKU) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "gap", Unit: "m", Meaning: "tunnelling gap between the filament and the electrode"},
		Initial:  m.Gap0, Min: m.GapMin, Max: m.GapMax, Scale: m.G0,
	}}
}

// Ambient returns T0, K.
func (m *StanfordPKU) Ambient() float64 { return m.T0 }

// Stiff asks for an implicit integrator: the gap settles fast where its field
// falls to FMin.
func (m *StanfordPKU) Stiff() bool { return true }

// LoopDrive returns four fifths of the voltage at which the field alone overcomes
// the barrier of the filament's end, and 62.5 Hz, at which the source's manual
// sweeps. The amplitude is this project's choice.
func (m *StanfordPKU) LoopDrive() (amplitude, frequency float64) {
	set := m.EaSet / (m.GammaSet * m.A0 / m.TOx * electronCharge)
	reset := m.EaReset / (m.GammaReset * m.A0 / m.TOx * electronCharge)
	return 0.8 * min(set, reset), 62.5
}

// Response returns the current, A.
func (m *StanfordPKU) Response(x, u []float64, _ device.Env) float64 {
	return m.I0 * math.Exp(-x[0]/m.G0) * math.Sinh(u[0]/m.V0)
}

// Slope returns di/dv, S.
func (m *StanfordPKU) Slope(x, u []float64, _ device.Env) float64 {
	return m.I0 / m.V0 * math.Exp(-x[0]/m.G0) * math.Cosh(u[0]/m.V0)
}

// Temperature returns that of the filament, K.
func (m *StanfordPKU) Temperature(x, u []float64, env device.Env) float64 {
	return env.Temperature + math.Abs(u[0]*m.Response(x, u, env))*m.RTh
}

// fMinWidth is the share of FMin over which the rate rises to its full value.
const fMinWidth = 1e-3

// Derivative sets dst to d gap/dt, m/s.
func (m *StanfordPKU) Derivative(dst, x, u []float64, env device.Env) {
	v := u[0]
	gamma0, beta := m.GammaSet, m.BetaSet
	if v < 0 {
		gamma0, beta = m.GammaReset, m.BetaReset
	}
	gamma := gamma0 - beta*raise(x[0]/1e-9, m.Alpha)
	field := max(gamma, 0) * math.Abs(v) / m.TOx
	kT := boltzmann * m.Temperature(x, u, env)
	s := m.A0 * electronCharge * math.Copysign(field, v) / kT
	rate := 0.5 * m.Vel0 * (math.Exp(s-m.EaSet/kT) - math.Exp(-s-m.EaReset/kT))
	if m.FMin > 0 {
		on := min(max((field/m.FMin-1)/fMinWidth, 0), 1)
		rate *= on * on * (3 - 2*on)
	}
	dst[0] = -rate
}

// Noises returns 1 if the gap diffuses, else 0.
func (m *StanfordPKU) Noises() int {
	if m.Variations && m.DeltaGap > 0 {
		return 1
	}
	return 0
}

// Diffusion sets dst to the noise of the gap, m per root second.
func (m *StanfordPKU) Diffusion(dst, x, u []float64, env device.Env) {
	dst[0] = m.DeltaGap * math.Sqrt(m.DtRef) / (1 + math.Exp((m.TCrit-m.Temperature(x, u, env))/m.TSmth))
}

// StepLimit returns the time in which the noise moves the gap by a twentieth of
// G0, s.
func (m *StanfordPKU) StepLimit(x, u []float64, env device.Env) float64 {
	var b [1]float64
	m.Diffusion(b[:], x, u, env)
	r := 0.05 * m.G0 / b[0]
	return r * r
}

const maxTemperature = 5000 // K

// Valid returns an error if the filament is hotter than anything solid.
func (m *StanfordPKU) Valid(x, u []float64, env device.Env) error {
	if t := m.Temperature(x, u, env); !(t <= maxTemperature) {
		return fmt.Errorf("the filament is at %.4g K under %.4g V: must be at most %d K; limit the current", t, u[0], maxTemperature)
	}
	return nil
}
