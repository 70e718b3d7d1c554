package pcm

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Cell is the element pcm-cell: a mushroom cell of phase-change memory whose
// amorphous cap melts, quenches, crystallises, conducts, switches at a threshold
// field and relaxes. Its states are
//
//	u_a    thickness of the amorphous (or molten) cap, m
//	rise   temperature of the hot spot at the heater above the ambient, K
//	on     share of the cap that is threshold-switched, 0 to 1
//	sigma  Σ, how far the glass is from its ideal state: 1 fresh from the melt, 0 ideal
//	y      k t of bulk crystallisation, only with Nucleation
//
// and its equations, with the temperature T_h = T_amb + rise at the heater,
// T_i = T_amb + rise (1 - u_a/L) at the cap's edge and T_a, the mean of both, in the cap,
//
//	C_th d rise/dt = v i - rise/R_th
//	du_a/dt = -u(T_i)                               growth, or melting above T_melt
//	dy/dt   = k(T_a) (1 - h) - h y/tau              u_e = u_a exp(-y^4)
//	dΣ/dt   = -nu0 exp(-E_s (1 - Σ)/(k T_a)) (1 - h) + (1 - Σ) h/tau
//	d on/dt = [(F/F_th - 1)+ (1 - on) + h (1 - on) + on b(j)]/tau,  j = on F/(r i_hold)
//	v = u_e F + R_c(T_i) i
//	i = (1 - on) i_0 sinh(q dz F/(2 k T_a)) + on F/r,  r = r_on (1 - h) + r_melt h
//	i_0 = 2 q A N_T (dz/tau_0) exp(-(E_a + alpha (1 - Σ))/(k T_a))
//
// u and k are those of Crystal; h is the share of the cap that is hotter than
// T_melt; b(j) is (1 - on)(j - 1) for j > 1 and j - 1
// below, which holds the cap on above the current i_hold. The current law is that of
// Ielmini and Zhang, doi:10.1063/1.2773688; the relaxation that of Le Gallo et al.,
// doi:10.1002/aelm.201700627, so that at low field R ~ (t + t_0)^(alpha/E_s) at
// any constant temperature; the thermal resistance R_th (1 - u_a/L) is a straight
// line through the ends of that of Sebastian et al., doi:10.1038/s41467-017-01481-9.
//
// NewCell returns it with its defaults; it implements device.Element.
type Cell struct {
	Crystal

	RTh       float64 // thermal resistance from the heater to the ambient, K/W
	CTh       float64 // heat capacity of the hot volume, J/K
	Thickness float64 // L, distance from the heater to where the ambient begins, m
	TMax      float64 // temperature above which the model does not hold, K

	RHeater   float64 // resistance of the heater, ohm
	RCrystal  float64 // resistance of the crystal at 300 K, ohm
	EaCrystal float64 // activation energy of the crystal's conductance, J

	Area   float64 // area A of the cap, m²
	NT     float64 // density of traps N_T, 1/m³
	Dz     float64 // distance between traps, m
	TauHop float64 // attempt time of a hop, s
	Ea     float64 // barrier of the fresh glass, J

	FTh   float64 // threshold field, V/m
	IHold float64 // holding current, A
	ROn   float64 // resistance of the switched cap per thickness, ohm/m
	RMelt float64 // resistance of the molten cap per thickness, ohm/m
	Tau   float64 // time of threshold switching and of melting a structure, s

	Alpha   float64 // rise of the barrier over full relaxation, J
	ERelax  float64 // barrier E_s of relaxation in the ideal glass, J
	NuRelax float64 // attempt rate of relaxation times its step in Σ, 1/s

	Nucleation bool // nuclei appear in the cap

	U0     float64 // initial thickness of the cap, m
	Rise0  float64 // initial rise of temperature, K
	On0    float64 // initial share that is switched on
	Sigma0 float64 // initial Σ
	Y0     float64 // initial y
}

var (
	_ device.Element = (*Cell)(nil)
	_ device.Sloped  = (*Cell)(nil)
	_ device.Stiff   = (*Cell)(nil)
	_ device.Limited = (*Cell)(nil)
)

// NewCell returns a Ge2Sb2Te5 cell that begins to melt at about 460 µA, in the
// RESET state.
func NewCell() *Cell {
	return &Cell{
		Crystal: NewCrystal(),
		RTh:     2e6, CTh: 1.25e-15, Thickness: 100e-9, TMax: 2500,
		RHeater: 1.2e3, RCrystal: 10e3, EaCrystal: quantity.EV(0.15),
		Area: 1.25e-15, NT: 1e26, Dz: 4e-9, TauHop: 1e-14, Ea: quantity.EV(0.22),
		FTh: 56e6, IHold: 20e-6, ROn: 1.5e11, RMelt: 3e9, Tau: 0.1e-9,
		Alpha: quantity.EV(0.26), ERelax: quantity.EV(2.6), NuRelax: 1e12,
		U0: 30e-9, Sigma0: 0.7,
	}
}

// Info describes the model.
func (m *Cell) Info() device.Info {
	return device.Info{
		Name: "pcm-cell", Title: "phase-change memory cell: melting, crystallisation, threshold switching and drift", Technology: "pcm",
		Equations: []string{
			"T_h = T_amb + rise,  T_i = T_amb + rise (1 - u_a/thickness),  T_a = (T_h + T_i)/2",
			"c_th d rise/dt = v i - rise/r_th",
			"du_a/dt = -u(T_i),  u = 4 jump_radius k T/(3 pi jump_length^2 hydrodynamic_radius eta) (1 - exp(-dg/kT))",
			"dg = monomer fusion_heat (t_melt - T)/t_melt 2T/(t_melt + T)",
			"log10 eta = log10 eta_inf + (12 - log10 eta_inf)(t_g/T) exp((fragility/(12 - log10 eta_inf) - 1)(t_g/T - 1)) for T >= t_glass",
			"eta = eta(t_glass) exp(ea_glass/k (1/T - 1/t_glass)) for T < t_glass",
			"v = u_e F + R_c i,  R_c = r_heater + r_crystal exp(ea_crystal/k (1/T_i - 1/300 K))",
			"i = (1 - on) i_0 sinh(q dz F/(2 k T_a)) + on F/r,  r = r_on (1 - h) + r_melt h",
			"i_0 = 2 q area n_t (dz/tau_hop) exp(-(ea + alpha (1 - sigma))/(k T_a))",
			"tau d on/dt = (F/f_th - 1)+ (1 - on) + h (1 - on) + on b(j),  j = on F/(r i_hold)",
			"b = (1 - on)(j - 1) for j > 1, j - 1 below;  h = share of the cap above t_melt",
			"d sigma/dt = -nu_relax exp(-e_relax (1 - sigma)/(k T_a)) (1 - h) + (1 - sigma) h/tau",
			"without nucleation u_e = u_a;  with it u_e = u_a exp(-y^4),  dy/dt = (pi/3 I u^3)^(1/4) (1 - h) - h y/tau at T_a",
			"I = (4/monomer) gamma n_c^(2/3) Z exp(-dG*/kT), the steady rate of nucleation on a wall with the angle wetting",
		},
		Notes: []string{
			"Only melting, growth and viscosity and the two ends of the thermal resistance come from sources. Electrical, geometrical and relaxation constants are assumptions of the usual order: ratios of currents carry over to other cells, absolute ones scale with the heater.",
			"The thermal resistance of the cap's edge falls along a straight line from r_th at the heater to 0 at thickness; Sebastian2017 shows a curve between about these ends.",
			"The wetting angle and the surface energy act on nucleation only.",
			"The cell is unipolar: both signs of the voltage heat. It is SET by a current that holds T_i below t_melt for long enough, RESET by one above that ends abruptly.",
			"Drive it through a series resistance or a compliance: a switched cell across an ideal source of some volts overheats, and above t_max the run ends with an error.",
			"Drift begins when the time at ambient exceeds what the glass has relaxed through while it was quenched; from then on R grows as t^(alpha/e_relax) at low field at any constant temperature.",
			"The threshold field knows no statistics, no temperature and no drift; the area of the cap does not grow with its thickness; latent heat is neglected.",
		},
		References: []device.Reference{wang2021, sebastian2017, ielmini2007, leGallo2018, burr2012, krebs2009},
	}
}

var (
	wang2021 = device.Reference{
		Key: "Wang2021", Authors: "Wang et al.", Title: "arXiv:2107.02035, supplementary information: thermodynamics, viscosity and growth velocity of Ge2Sb2Te5", Journal: "arXiv", Year: 2021, URL: "https://arxiv.org/abs/2107.02035",
	}
	sebastian2017 = device.Reference{
		Key: "Sebastian2017", Authors: "A. Sebastian and T. Tuma and N. Papandreou and M. Le Gallo and L. Kull and T. Parnell and E. Eleftheriou",
		Title: "Temporal correlation detection using computational phase-change memory", Journal: "Nature Communications", Volume: "8", Pages: "1115", Year: 2017, DOI: "10.1038/s41467-017-01481-9",
	}
	ielmini2007 = device.Reference{
		Key: "Ielmini2007", Authors: "D. Ielmini and Y. Zhang",
		Title: "Analytical model for subthreshold conduction and threshold switching in chalcogenide-based memory devices", Journal: "Journal of Applied Physics", Volume: "102", Pages: "054517", Year: 2007, DOI: "10.1063/1.2773688",
	}
	leGallo2018 = device.Reference{
		Key: "LeGallo2018", Authors: "M. Le Gallo and D. Krebs and F. Zipoli and M. Salinga and A. Sebastian",
		Title: "Collective structural relaxation in phase-change memory devices", Journal: "Advanced Electronic Materials", Volume: "4", Pages: "1700627", Year: 2018, DOI: "10.1002/aelm.201700627",
	}
	burr2012 = device.Reference{
		Key: "Burr2012", Authors: "G. W. Burr and P. Tchoulfian and T. Topuria and C. Nyffeler and K. Virwani and A. Padilla and R. M. Shelby and M. Eskandari and B. Jackson and B.-S. Lee",
		Title: "Observation and modeling of polycrystalline grain formation in Ge2Sb2Te5", Journal: "Journal of Applied Physics", Volume: "111", Pages: "104308", Year: 2012, DOI: "10.1063/1.4718574",
	}
	krebs2009 = device.Reference{
		Key: "Krebs2009", Authors: "D. Krebs and S. Raoux and C. T. Rettner and G. W. Burr and M. Salinga and M. Wuttig",
		Title: "Threshold field of phase change memory materials measured using phase change bridge devices", Journal: "Applied Physics Letters", Volume: "95", Pages: "082101", Year: 2009, DOI: "10.1063/1.3210792",
	}
)

// Params declares the parameters.
func (m *Cell) Params() []device.Param {
	const growth, thermal, guess = "Wang2021", "Sebastian2017", "assumption"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	share := quantity.Between(0, 1)
	return []device.Param{
		{Name: "r_th", Value: &m.RTh, Unit: "K/W", Range: positive, Meaning: "thermal resistance from the heater to the ambient", Source: thermal},
		{Name: "c_th", Value: &m.CTh, Unit: "J/K", Range: positive, Meaning: "heat capacity of the hot volume", Source: guess},
		{Name: "thickness", Value: &m.Thickness, Unit: "m", Range: positive, Meaning: "distance from the heater at which the temperature is the ambient's", Source: thermal},
		{Name: "t_max", Value: &m.TMax, Unit: "K", Range: positive, Meaning: "temperature of the heater above which a run ends with an error", Source: guess},
		{Name: "r_heater", Value: &m.RHeater, Unit: "ohm", Range: positive, Meaning: "resistance of the heater", Source: guess},
		{Name: "r_crystal", Value: &m.RCrystal, Unit: "ohm", Range: notNegative, Meaning: "resistance of the crystal at 300 K", Source: guess},
		{Name: "ea_crystal", Value: &m.EaCrystal, Unit: "eV", Range: notNegative, Meaning: "activation energy of the crystal's conductance", Source: guess},
		{Name: "area", Value: &m.Area, Unit: "m^2", Range: positive, Meaning: "area of the amorphous cap", Source: guess},
		{Name: "n_t", Value: &m.NT, Unit: "1/m^3", Range: positive, Meaning: "density of traps", Source: guess},
		{Name: "dz", Value: &m.Dz, Unit: "m", Range: positive, Meaning: "distance between traps", Source: guess},
		{Name: "tau_hop", Value: &m.TauHop, Unit: "s", Range: positive, Meaning: "attempt time of a hop between traps", Source: guess},
		{Name: "ea", Value: &m.Ea, Unit: "eV", Range: notNegative, Meaning: "conduction barrier of the fresh glass", Source: guess},
		{Name: "f_th", Value: &m.FTh, Unit: "V/m", Range: positive, Meaning: "threshold field, of the order that Krebs2009 measured", Source: guess},
		{Name: "i_hold", Value: &m.IHold, Unit: "A", Range: positive, Meaning: "current below which a switched cap turns off", Source: guess},
		{Name: "r_on", Value: &m.ROn, Unit: "ohm/m", Range: positive, Meaning: "resistance of the switched cap per thickness", Source: guess},
		{Name: "r_melt", Value: &m.RMelt, Unit: "ohm/m", Range: positive, Meaning: "resistance of the molten cap per thickness", Source: guess},
		{Name: "tau", Value: &m.Tau, Unit: "s", Range: positive, Meaning: "time of threshold switching and of losing structure in the melt", Source: guess},
		{Name: "alpha", Value: &m.Alpha, Unit: "eV", Range: notNegative, Meaning: "rise of the conduction barrier over full relaxation", Source: guess},
		{Name: "e_relax", Value: &m.ERelax, Unit: "eV", Range: positive, Meaning: "barrier of relaxation in the ideal glass; alpha over it is the drift exponent", Source: guess},
		{Name: "nu_relax", Value: &m.NuRelax, Unit: "1/s", Range: notNegative, Meaning: "attempt rate of relaxation times its step in sigma", Source: guess},
		{Name: "nucleation", Value: &m.Nucleation, Meaning: "nuclei appear in the cap, beside the growth of its edge", Source: guess},
		{Name: "t_melt", Value: &m.TMelt, Unit: "K", Range: positive, Meaning: "melting temperature", Source: growth},
		{Name: "fusion_heat", Value: &m.FusionHeat, Unit: "J/m^3", Range: positive, Meaning: "heat of fusion", Source: growth},
		{Name: "monomer", Value: &m.Monomer, Unit: "m^3", Range: positive, Meaning: "volume of a monomer", Source: growth},
		{Name: "jump_radius", Value: &m.JumpRadius, Unit: "m", Range: positive, Meaning: "atomic radius", Source: growth},
		{Name: "hydrodynamic_radius", Value: &m.Hydrodynamic, Unit: "m", Range: positive, Meaning: "hydrodynamic radius", Source: growth},
		{Name: "jump_length", Value: &m.JumpLength, Unit: "m", Range: positive, Meaning: "distance of a jump across the front", Source: growth},
		{Name: "eta_inf", Value: &m.EtaInf, Unit: "Pa s", Range: quantity.Inside(0, 1e12), Meaning: "viscosity of the hot liquid", Source: growth},
		{Name: "t_g", Value: &m.TG, Unit: "K", Range: positive, Meaning: "temperature at which the liquid in equilibrium has 1e12 Pa s", Source: growth},
		{Name: "fragility", Value: &m.Fragility, Range: positive, Meaning: "slope of log10 of the viscosity over t_g/T at t_g", Source: growth},
		{Name: "t_glass", Value: &m.TGlass, Unit: "K", Range: positive, Meaning: "temperature below which the glass keeps its structure", Source: growth},
		{Name: "ea_glass", Value: &m.EaGlass, Unit: "eV", Range: notNegative, Meaning: "activation energy of viscosity and growth below t_glass", Source: growth},
		{Name: "surface", Value: &m.Surface, Unit: "J/m^2", Range: positive, Meaning: "energy of the surface between nucleus and liquid", Source: growth},
		{Name: "wetting", Value: &m.Wetting, Unit: "rad", Range: quantity.Range{Min: 0, Max: math.Pi, MinOpen: true}, Meaning: "wetting angle of nuclei; pi is homogeneous nucleation", Source: growth},
		{Name: "u_a0", Value: &m.U0, Unit: "m", Range: notNegative, Meaning: "initial thickness of the amorphous cap", Source: guess},
		{Name: "rise0", Value: &m.Rise0, Unit: "K", Range: notNegative, Meaning: "initial rise of temperature at the heater", Source: guess},
		{Name: "on0", Value: &m.On0, Range: share, Meaning: "initial share of the cap that is switched on", Source: guess},
		{Name: "sigma0", Value: &m.Sigma0, Range: share, Meaning: "initial distance of the glass from its ideal state; quenching in nanoseconds leaves about 0.73, 0.1 s at 300 K after it 0.7", Source: guess},
		{Name: "y0", Value: &m.Y0, Range: quantity.Between(0, yMax), Meaning: "initial k t of bulk crystallisation, with nucleation only", Source: guess},
	}
}

// yMax is a y at which exp(-y^4) is no longer told from 0.
const yMax = 5.2

// Validate returns an error unless u_a0 lies within the thickness, t_glass is
// below t_melt below t_max and t_g below t_melt.
func (m *Cell) Validate() error {
	switch {
	case !(m.U0 >= 0 && m.U0 <= m.Thickness):
		return fmt.Errorf("u_a0 is %g m: must be from 0 m to thickness, %g m", m.U0, m.Thickness)
	case !(m.TGlass < m.TMelt):
		return fmt.Errorf("t_glass is %g K: must be below t_melt, %g K", m.TGlass, m.TMelt)
	case !(m.TG < m.TMelt):
		return fmt.Errorf("t_g is %g K: must be below t_melt, %g K", m.TG, m.TMelt)
	case !(m.TMelt < m.TMax):
		return fmt.Errorf("t_max is %g K: must be above t_melt, %g K", m.TMax, m.TMelt)
	}
	return nil
}

// Stiff asks for an implicit method: hours of drift follow nanoseconds of heat.
func (m *Cell) Stiff() bool { return true }

// Drives returns the voltage.
func (m *Cell) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes u_a, rise, on, sigma and, with Nucleation, y.
func (m *Cell) States() []device.State {
	s := []device.State{
		{Variable: device.Variable{Name: "u_a", Unit: "m", Meaning: "thickness of the amorphous cap"}, Initial: m.U0, Max: m.Thickness, Scale: 10e-9},
		{Variable: device.Variable{Name: "rise", Unit: "K", Meaning: "temperature at the heater above the ambient"}, Initial: m.Rise0, Max: m.TMax, Scale: 100},
		{Variable: device.Variable{Name: "on", Meaning: "share of the cap that is switched on"}, Initial: m.On0, Max: 1, Scale: 1},
		{Variable: device.Variable{Name: "sigma", Meaning: "distance of the glass from its ideal state"}, Initial: m.Sigma0, Max: 1, Scale: 1},
	}
	if m.Nucleation {
		s = append(s, device.State{Variable: device.Variable{Name: "y", Meaning: "k t of bulk crystallisation; the share exp(-y^4) is amorphous"}, Initial: m.Y0, Max: yMax, Scale: 1})
	}
	return s
}

// conductor is a cell at given states as a circuit.
type conductor struct {
	u, rc, i0, beta, on, rOn float64
	molten                   float64
}

func (m *Cell) conductor(x []float64, env device.Env) conductor {
	u := x[0]
	inner, outer := m.temperatures(x, env)
	c := conductor{u: u, on: x[2], molten: m.molten(x, env)}
	c.rOn = m.ROn + (m.RMelt-m.ROn)*c.molten
	if m.Nucleation {
		y2 := x[4] * x[4]
		c.u = u * math.Exp(-y2*y2)
	}
	kt := boltzmann * inner
	c.rc = m.RHeater + m.RCrystal*math.Exp(m.EaCrystal/boltzmann*(1/outer-1.0/300))
	c.i0 = 2 * charge * m.Area * m.NT * m.Dz / m.TauHop * math.Exp(-(m.Ea+m.Alpha*(1-x[3]))/kt)
	c.beta = charge * m.Dz / (2 * kt)
	return c
}

// temperatures returns the temperature in the cap and at its edge, K.
func (m *Cell) temperatures(x []float64, env device.Env) (inner, outer float64) {
	outer = env.Temperature + x[1]*(1-x[0]/m.Thickness)
	return 0.5 * (env.Temperature + x[1] + outer), outer
}

// molten returns the share of the cap that is hotter than the melting point.
func (m *Cell) molten(x []float64, env device.Env) float64 {
	u, rise := x[0], x[1]
	depth := m.Thickness * (1 - (m.TMelt-env.Temperature)/rise)
	switch {
	case !(depth > 0) || rise <= 0:
		return 0
	case depth >= u:
		return 1
	}
	return depth / u
}

// current returns i and di/dF at the field f >= 0.
func (c *conductor) current(f float64) (i, slope float64) {
	e := math.Exp(c.beta * f)
	off := (1 - c.on) * c.i0
	sinh := math.Sinh(c.beta * f)
	return off*sinh + c.on*f/c.rOn, off*c.beta*0.5*(e+1/e) + c.on/c.rOn
}

// field returns the field in the cap at a voltage v >= 0, the root of
// u F + R_c i(F) = v. The left side is convex and grows, so Newton's method comes
// down to the root from any point above it.
func (c *conductor) field(v float64) float64 {
	if v == 0 {
		return 0
	}
	f := math.Inf(1)
	if c.u > 0 {
		f = v / c.u
	}
	if off := (1 - c.on) * c.i0; off > 0 {
		f = min(f, math.Asinh(v/(c.rc*off))/c.beta)
	}
	if c.on > 0 {
		f = min(f, v/c.rc*c.rOn/c.on)
	}
	for range 100 {
		i, slope := c.current(f)
		next := f - (c.u*f+c.rc*i-v)/(c.u+c.rc*slope)
		if !(next < f) {
			break
		}
		f = next
	}
	return f
}

// Response returns the current, A.
func (m *Cell) Response(x, u []float64, env device.Env) float64 {
	c := m.conductor(x, env)
	i, _ := c.current(c.field(math.Abs(u[0])))
	return math.Copysign(i, u[0])
}

// Slope returns di/dv at frozen states, S.
func (m *Cell) Slope(x, u []float64, env device.Env) float64 {
	c := m.conductor(x, env)
	_, slope := c.current(c.field(math.Abs(u[0])))
	return slope / (c.u + c.rc*slope)
}

// Valid returns an error if the heater is hotter than TMax.
func (m *Cell) Valid(x, _ []float64, env device.Env) error {
	if hot := env.Temperature + x[1]; hot > m.TMax {
		return fmt.Errorf("the heater is at %.5g K: must be at most t_max, %g K; a series resistance or a compliance limits the power", hot, m.TMax)
	}
	return nil
}

// Derivative sets dst to the rates of the states.
func (m *Cell) Derivative(dst, x, u []float64, env device.Env) {
	c := m.conductor(x, env)
	v := math.Abs(u[0])
	f := c.field(v)
	i, _ := c.current(f)
	inner, outer := m.temperatures(x, env)
	h := c.molten
	on := x[2]

	dst[0] = -m.Velocity(outer)
	dst[1] = (v*i - x[1]/m.RTh) / m.CTh
	j := on * f / (c.rOn * m.IHold)
	bend := j - 1
	if j > 1 {
		bend *= 1 - on
	}
	dst[2] = ((max(f/m.FTh-1, 0)+h)*(1-on) + on*bend) / m.Tau
	dst[3] = -m.NuRelax*math.Exp(-m.ERelax*(1-x[3])/(boltzmann*inner))*(1-h) + (1-x[3])*h/m.Tau
	if m.Nucleation {
		dst[4] = m.Transformation(inner)*(1-h) - h*x[4]/m.Tau
	}
}
