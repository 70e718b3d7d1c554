package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// JART is the valence change memory model JART VCM v1b of Jülich and Aachen: a
// Schottky contact, a disc of oxygen vacancies in the concentration N, a plug
// and the lines in series,
//
//	v = v_S + i (R_disc(N) + R_plug + R_lines(i))
//	i = thermionic field emission at v < 0, thermionic emission at v > 0, of v_S, T and N
//	T = T_ambient + i (v_S + i (R_disc + R_plug)) R_th
//	dN/dt = -I_ion(N, T, E)/(z q A l)
//
// by Bengel et al., IEEE Trans. Circuits Syst. I 67, 4618 (2020),
// doi:10.1109/TCSI.2020.3018502; Info gives every equation. Negative voltage sets:
// it draws vacancies into the disc, and N and the conductance grow. Voltage,
// current and temperature are solved at once from one equation for the current,
// found to rounding; where it has several solutions, at positive voltage, it is
// the one of the least v_S.
//
// With CycleL or CycleR the length l and the radius r of the disc change from cycle
// to cycle: each time the voltage turns its sign new ones are drawn, which the
// device takes on in proportion to the way that N goes to the bound ahead.
//
// NewJART returns the published set; it implements device.Element, and
// device.Jumping for its cycles.
type JART struct {
	NMin, NMax, NPlug float64 // concentration of vacancies in the disc, least and largest, and in the plug, 1/m^3
	N0                float64 // initial concentration in the disc, 1/m^3
	LCell             float64 // length of disc and plug, m
	LDisc             float64 // length of the disc, m
	R                 float64 // radius of the filament, m
	RRef              float64 // radius at which RTh0 holds, m
	Mobility          float64 // of the electrons, m^2/(V s)
	PhiBn0            float64 // Schottky barrier without field, V
	PhiN              float64 // distance of Fermi level and conduction band, V
	Eps               float64 // relative permittivity
	EpsPhiB           float64 // relative permittivity in the lowering of the barrier
	Richardson        float64 // effective Richardson constant, A/(m^2 K^2)
	Hop               float64 // hopping distance of the ions, m
	Nu0               float64 // attempt frequency of the ions, Hz
	EHop              float64 // activation energy of a hop, J
	RTh0              float64 // thermal resistance at RRef, K/W
	RThReset          float64 // its share that acts at positive voltage
	RTiOx             float64 // series resistance of the TiOx, ohm
	RLine             float64 // resistance of the lines without current, ohm
	RThLine           float64 // thermal resistance of the lines, K/W
	AlphaLine         float64 // temperature coefficient of the lines, 1/K
	T0                float64 // temperature of the surroundings for RoomOf, K
	CycleL, CycleR    float64 // standard deviation of l and r from cycle to cycle, m
	SpreadNMin        float64 // standard deviation of NMin from device to device, 1/m^3
	SpreadNMax        float64 // that of NMax, 1/m^3
	SpreadL, SpreadR  float64 // that of l and r, m

	preset *preset
}

var (
	_ device.Jumping = (*JART)(nil)
	_ device.Probed  = (*JART)(nil)
	_ device.Stiff   = (*JART)(nil)
	_ device.Ambient = (*JART)(nil)
	_ device.Limited = (*JART)(nil)
	_ device.Looped  = (*JART)(nil)
	_ device.Varied  = (*JART)(nil)
)

const vacancyCharge = 2

var jartGiven = []string{"n_min", "n_max", "n_plug", "n0", "l_cell", "l_disc", "r", "r_ref", "mobility", "phi_bn0", "phi_n", "eps", "eps_phib", "richardson", "hop", "nu0", "e_hop",
	"r_th0", "r_th_reset", "r_tiox", "r_line", "r_th_line", "alpha_line", "t0", "spread_n_min", "spread_n_max", "spread_l", "spread_r"}

var jartSets = []preset{
	{"jart-vcm", "valence change memory JART v1b: Schottky barrier, vacancies, heat", "JARTv1b", nil, jartGiven, nil},
	{"jart-vcm/var", "valence change memory JART v1b with its cycles", "JARTv1b", nil, append([]string{"cycle_l", "cycle_r"}, jartGiven...),
		[]string{"The spreads from cycle to cycle are the published ones of l and r, which are given for the variability model without saying how much of them is between devices and how much between cycles."}},
}

// NewJART returns the published set.
func NewJART() *JART { return newJART(&jartSets[0]) }

func newJART(p *preset) *JART {
	m := &JART{
		NMin: 0.008e26, NMax: 20e26, NPlug: 20e26, N0: 0.008e26,
		LCell: 3e-9, LDisc: 0.4e-9, R: 45e-9, RRef: 45e-9, Mobility: 4e-6,
		PhiBn0: 0.18, PhiN: 0.1, Eps: 17, EpsPhiB: 5.5, Richardson: 6.01e5,
		Hop: 0.25e-9, Nu0: 2e13, EHop: quantity.EV(1.35), RTh0: 15.72e6, RThReset: 0.27,
		RTiOx: 650, RLine: 719.2437, RThLine: 90471.47, AlphaLine: 3.92e-3, T0: 293,
		SpreadNMin: 2e23, SpreadNMax: 1e26, SpreadL: 0.04e-9, SpreadR: 5e-9,
		preset: p,
	}
	if p == &jartSets[1] {
		m.CycleL, m.CycleR = m.SpreadL, m.SpreadR
	}
	return m
}

// Info describes the model.
func (m *JART) Info() device.Info {
	return m.preset.info(device.Info{
		Name: "jart-vcm", Title: "valence change memory: Schottky barrier, vacancies, heat", Technology: "memristor",
		Equations: []string{
			"v = v_S + i (R_disc + R_plug + r_tiox + r_line (1 + r_line alpha_line r_th_line i^2)),  A = pi r^2",
			"R_disc = l/(z q n mobility A),  R_plug = (l_cell - l)/(z q n_plug mobility A),  z = 2",
			"phi = phi_bn0 - (q^3 z n (phi_bn0 - phi_n - v_S)/(8 pi^2 eps_phiB^3))^(1/4), at least 0; phi_bn0 at v_S > phi_bn0 - phi_n",
			"v < 0: i = -A richardson (T/k) sqrt(pi W00 q (|v_S| + phi/cosh^2 w)) exp(-q phi tanh(w)/W00) (exp(q |v_S| (w - tanh w)/W00) - 1)",
			"       W00 = (q h/4 pi) sqrt(z n/(m_e eps)),  w = W00/kT",
			"v > 0: i = A richardson T^2 exp(-q phi/kT) (exp(q v_S/kT) - 1)",
			"T = T_ambient + i (v_S + i (R_disc + R_plug)) r_th0 (r_ref/r)^2, times r_th_reset at v > 0",
			"dn/dt = -sign(v) nu0 hop (n_plug + n)/(2 l) (exp(-W_-/kT) - exp(-W_+/kT)) F",
			"W_-+ = e_hop (sqrt(1 - g^2) -+ g pi/2 + g asin g),  g = z q hop E/(pi e_hop)",
			"v < 0: E = i R_disc/l, F = 1 - (n/n_max)^10;  v > 0: E = (v_S + i (R_disc + R_plug))/l_cell, F = 1 - (n_min/n)^10",
			"cycle_l, cycle_r: at each turn of the voltage's sign l and r begin to go from where they are to l_disc + cycle_l N(0,1) and r + cycle_r N(0,1), as n goes to its bound",
		},
		Notes: []string{
			"Negative voltage sets: n and the conductance grow.",
			"No bound locks: the factor F vanishes only towards the bound ahead.",
			"At positive voltage the barrier rises steeply as v_S comes to phi_bn0 - phi_n, so that the equation may have several solutions. The one of the least v_S is taken, the one that a sweep from 0 V follows; where it ends the current falls at once.",
			"The two emission laws do not meet with one slope at 0 V: the slope there is that of thermionic emission.",
			"The temperature follows the power at once. t0 is the temperature of the surroundings unless --temperature tells another.",
			"A field at which g reaches 1, beyond every barrier, ends a trace.",
			"Constants of nature are CODATA's of 2022; the sources' code rounds them to four digits.",
			"Spreads from device to device are truncated to the ranges that the source allows for each parameter.",
		},
		References: []device.Reference{bengel2020, jartDeposit, cuppers2019},
	})
}

// Params declares the parameters.
func (m *JART) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	p := []device.Param{
		{Name: "n_min", Value: &m.NMin, Unit: "m^-3", Range: positive, Meaning: "least concentration of vacancies in the disc"},
		{Name: "n_max", Value: &m.NMax, Unit: "m^-3", Range: positive, Meaning: "largest concentration of vacancies in the disc"},
		{Name: "n_plug", Value: &m.NPlug, Unit: "m^-3", Range: positive, Meaning: "concentration of vacancies in the plug"},
		{Name: "n0", Aliases: []string{"n", "n_init"}, Value: &m.N0, Unit: "m^-3", Range: positive, Meaning: "initial concentration of vacancies in the disc"},
		{Name: "l_cell", Value: &m.LCell, Unit: "m", Range: positive, Meaning: "length of disc and plug"},
		{Name: "l_disc", Value: &m.LDisc, Unit: "m", Range: positive, Meaning: "length of the disc"},
		{Name: "r", Value: &m.R, Unit: "m", Range: positive, Meaning: "radius of the filament"},
		{Name: "r_ref", Value: &m.RRef, Unit: "m", Range: positive, Meaning: "radius at which r_th0 holds"},
		{Name: "mobility", Value: &m.Mobility, Unit: "m^2/(V s)", Range: positive, Meaning: "mobility of the electrons"},
		{Name: "phi_bn0", Value: &m.PhiBn0, Unit: "V", Range: positive, Meaning: "Schottky barrier without field"},
		{Name: "phi_n", Value: &m.PhiN, Unit: "V", Range: nonneg, Meaning: "distance of Fermi level and conduction band"},
		{Name: "eps", Value: &m.Eps, Range: positive, Meaning: "relative permittivity of the oxide"},
		{Name: "eps_phib", Value: &m.EpsPhiB, Range: positive, Meaning: "relative permittivity in the lowering of the barrier"},
		{Name: "richardson", Value: &m.Richardson, Unit: "A/(m^2 K^2)", Range: positive, Meaning: "effective Richardson constant"},
		{Name: "hop", Value: &m.Hop, Unit: "m", Range: positive, Meaning: "hopping distance of the ions"},
		{Name: "nu0", Value: &m.Nu0, Unit: "Hz", Range: positive, Meaning: "attempt frequency of the ions"},
		{Name: "e_hop", Value: &m.EHop, Unit: "eV", Range: positive, Meaning: "activation energy of a hop"},
		{Name: "r_th0", Value: &m.RTh0, Unit: "K/W", Range: nonneg, Meaning: "thermal resistance of the filament at r_ref"},
		{Name: "r_th_reset", Value: &m.RThReset, Range: quantity.Between(0, 1), Meaning: "share of r_th0 that acts at positive voltage"},
		{Name: "r_tiox", Value: &m.RTiOx, Unit: "ohm", Range: nonneg, Meaning: "series resistance of the TiOx"},
		{Name: "r_line", Value: &m.RLine, Unit: "ohm", Range: nonneg, Meaning: "resistance of the lines without current"},
		{Name: "r_th_line", Value: &m.RThLine, Unit: "K/W", Range: nonneg, Meaning: "thermal resistance of the lines"},
		{Name: "alpha_line", Value: &m.AlphaLine, Unit: "1/K", Range: nonneg, Meaning: "temperature coefficient of the lines"},
		{Name: "t0", Value: &m.T0, Unit: "K", Range: positive, Meaning: "temperature of the surroundings unless the run gives another"},
		{Name: "cycle_l", Value: &m.CycleL, Unit: "m", Range: nonneg, Meaning: "standard deviation of l_disc from cycle to cycle"},
		{Name: "cycle_r", Value: &m.CycleR, Unit: "m", Range: nonneg, Meaning: "standard deviation of r from cycle to cycle"},
		{Name: "spread_n_min", Value: &m.SpreadNMin, Unit: "m^-3", Range: nonneg, Meaning: "standard deviation of n_min from device to device"},
		{Name: "spread_n_max", Value: &m.SpreadNMax, Unit: "m^-3", Range: nonneg, Meaning: "standard deviation of n_max from device to device"},
		{Name: "spread_l", Value: &m.SpreadL, Unit: "m", Range: nonneg, Meaning: "standard deviation of l_disc from device to device"},
		{Name: "spread_r", Value: &m.SpreadR, Unit: "m", Range: nonneg, Meaning: "standard deviation of r from device to device"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Ranges of the source's parameters.
const (
	leastN, mostNMin = 1e22, 100e26
	leastNMax        = 0.001e26
	mostNMax         = 1100e26
	leastL, mostL    = 0.1e-9, 5e-9
	leastR, mostR    = 5e-9, 100e-9
)

// Spreads returns the published spreads from device to device.
func (m *JART) Spreads() []device.Spread {
	source := m.preset.sourceOf("spread_l")
	return []device.Spread{
		{Param: "n_min", Law: device.Normal, Sigma: m.SpreadNMin, Min: leastN, Max: mostNMin, Source: source},
		{Param: "n_max", Law: device.Normal, Sigma: m.SpreadNMax, Min: leastNMax, Max: mostNMax, Source: source},
		{Param: "l_disc", Law: device.Normal, Sigma: m.SpreadL, Min: leastL, Max: min(mostL, 0.999*m.LCell), Source: source},
		{Param: "r", Law: device.Normal, Sigma: m.SpreadR, Min: leastR, Max: mostR, Source: source},
	}
}

// Validate returns an error unless n_min <= n0 <= n_max with n_min < n_max,
// l_disc < l_cell, and phi_n < phi_bn0.
func (m *JART) Validate() error {
	switch {
	case !(m.NMin < m.NMax):
		return fmt.Errorf("n_min is %g m^-3: must be below n_max, %g m^-3", m.NMin, m.NMax)
	case !(m.LDisc < m.LCell):
		return fmt.Errorf("l_disc is %g m: must be below l_cell, %g m", m.LDisc, m.LCell)
	case !(m.PhiN < m.PhiBn0):
		return fmt.Errorf("phi_n is %g V: must be below phi_bn0, %g V", m.PhiN, m.PhiBn0)
	}
	return between("n0", m.N0, m.NMin, m.NMax, "n_min", "n_max")
}

// Drives returns the voltage.
func (m *JART) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes N and, where cycles differ, what the present cycle goes from and to.
func (m *JART) States() []device.State {
	states := []device.State{{
		Variable: device.Variable{Name: "n", Unit: "m^-3", Meaning: "concentration of oxygen vacancies in the disc"},
		Initial:  m.N0, Min: m.NMin, Max: m.NMax, Scale: m.NMin,
	}}
	if !m.Jumps() {
		return states
	}
	free := func(name, unit, meaning string, x, scale float64) device.State {
		return device.State{Variable: device.Variable{Name: name, Unit: unit, Meaning: meaning}, Initial: x, Min: math.Inf(-1), Max: math.Inf(1), Scale: scale}
	}
	return append(states,
		free("l_from", "m", "length of the disc when the cycle began", m.LDisc, m.LDisc),
		free("l_to", "m", "length of the disc that the cycle goes to", m.LDisc, m.LDisc),
		free("r_from", "m", "radius of the filament when the cycle began", m.R, m.R),
		free("r_to", "m", "radius of the filament that the cycle goes to", m.R, m.R),
		free("n_from", "m^-3", "concentration when the cycle began", m.N0, m.NMax),
		free("sign", "", "sign of the cycle's voltage, 0 before the first", 0, 1),
	)
}

// Ambient returns T0, K.
func (m *JART) Ambient() float64 { return m.T0 }

// Stiff asks for an implicit integrator.
func (m *JART) Stiff() bool { return true }

// LoopDrive returns 1 V and 0.25 Hz, a sweep of 1 V/s.
func (m *JART) LoopDrive() (amplitude, frequency float64) { return 1, 0.25 }

// geometry returns length and radius of the disc, m.
func (m *JART) geometry(x []float64) (l, r float64) {
	if len(x) == 1 {
		return m.LDisc, m.R
	}
	bound := m.NMax
	if x[6] > 0 {
		bound = m.NMin
	}
	share := 0.0
	if bound != x[5] {
		share = min(max((x[0]-x[5])/(bound-x[5]), 0), 1)
	}
	return x[1] + (x[2]-x[1])*share, x[3] + (x[4]-x[3])*share
}

// Jumps reports whether cycles differ.
func (m *JART) Jumps() bool { return m.CycleL > 0 || m.CycleR > 0 }

// StepLimit returns +Inf: cycles begin where the voltage passes zero.
func (m *JART) StepLimit(_, _ []float64, _ device.Env) float64 { return math.Inf(1) }

// Jump begins a new cycle if the voltage has another sign than before.
func (m *JART) Jump(x, u0, u1 []float64, _ float64, _ device.Env, key noise.Key, event uint64) {
	v := u0[0] + u1[0]
	if v == 0 || v*x[6] > 0 {
		return
	}
	l, r := m.geometry(x)
	x[1], x[3], x[5], x[6] = l, r, x[0], math.Copysign(1, v)
	x[2] = m.draw(m.LDisc, m.CycleL, leastL, min(mostL, 0.999*m.LCell), key, event, 0)
	x[4] = m.draw(m.R, m.CycleR, leastR, mostR, key, event, 1)
}

// draw returns a truncated normal number, by rejection from columns quantity,
// quantity + 2 and so on.
func (m *JART) draw(mean, sigma, lo, hi float64, key noise.Key, event uint64, quantity uint32) float64 {
	for k := range uint32(1000) {
		if x := mean + sigma*key.NormalAt(noise.At{Event: event, Col: quantity + 2*k}); x >= lo && x <= hi {
			return x
		}
	}
	return min(max(mean, lo), hi) // the limits lie many standard deviations away
}

// Response returns the current, A.
func (m *JART) Response(x, u []float64, env device.Env) float64 {
	var c contact
	c.at(m, x, u[0], env)
	return c.signed(c.i)
}

// Slope returns di/dv, S.
func (m *JART) Slope(x, u []float64, env device.Env) float64 {
	var c contact
	c.at(m, x, u[0], env)
	return c.slope()
}

// Probe returns Response and Slope from one solution.
func (m *JART) Probe(x, u []float64, env device.Env) (response, slope float64) {
	var c contact
	c.at(m, x, u[0], env)
	return c.signed(c.i), c.slope()
}

// Temperature returns that of the filament, K.
func (m *JART) Temperature(x, u []float64, env device.Env) float64 {
	var c contact
	c.at(m, x, u[0], env)
	return c.t
}

// field returns g, the ions' field over that which breaks every barrier.
func (c *contact) field() float64 {
	e := (c.vs + c.i*(c.rDisc+c.rPlug)) / c.m.LCell
	if c.negative {
		e = c.i * c.rDisc / c.l
	}
	return vacancyCharge * electronCharge * c.m.Hop * e / (math.Pi * c.m.EHop)
}

// Derivative sets dst to dN/dt, 1/(m^3 s), and to zero the rest.
func (m *JART) Derivative(dst, x, u []float64, env device.Env) {
	clear(dst)
	var c contact
	c.at(m, x, u[0], env)
	if c.i == 0 {
		return
	}
	n := x[0]
	g := min(c.field(), 1)
	kT := boltzmann * c.t
	hops := 2 * math.Exp(-m.EHop*(math.Sqrt(1-g*g)+g*math.Asin(g))/kT) * math.Sinh(0.5*math.Pi*g*m.EHop/kT)
	rate := m.Nu0 * m.Hop * 0.5 * (m.NPlug + n) / c.l * hops
	if c.negative {
		dst[0] = rate * (1 - power(n/m.NMax, 10))
	} else {
		dst[0] = -rate * (1 - power(m.NMin/n, 10))
	}
}

// Valid returns an error if the field leaves the ions no barrier.
func (m *JART) Valid(x, u []float64, env device.Env) error {
	var c contact
	c.at(m, x, u[0], env)
	if g := c.field(); !(g <= 1) {
		return fmt.Errorf("the field at %.4g V is %.4g times that which breaks the ions' barrier: must be at most 1", u[0], g)
	}
	return nil
}
