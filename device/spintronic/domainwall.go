package spintronic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// DomainWall is a synapse of three terminals: a magnetic wall in a strip, moved by the current in the strip and
// read by a tunnel junction over it. The wall is its position q and the angle φ of its magnetisation from the strip's axis x (0: Néel,
// π/2: Bloch),
//
//	Ga = γ [-(Bw/2) sin 2φ + (π/2)(Bx + BD) sin φ - (π/2) By cos φ] + u/D
//	Gb = γ [Bz + Bpin(q) + (π/2) BSH cos φ] + β u/D
//	dq/dt = D (Ga + α Gb)/(1+α²),  dφ/dt = (Gb - α Ga)/(1+α²)
//
// with the width D = sqrt(A/Keff), the spin-transfer velocity u = μB P J/(e Ms), the spin-Hall field BSH = ħ θ J/(2 e Ms t), the field BD = |D_dmi|/(Ms D) of the
// interfacial exchange and notches V0 sin²(π q/p), Bpin = -(dV/dq)/(2 Ms S). The conductance of the
// junction is linear in q. It holds for one wall that keeps its width.
//
// Schryer and Walker, J. Appl. Phys. 45, 5406 (1974); Thiaville et al., EPL 69, 990 (2005) and EPL 100, 57002 (2012).
// DomainWall implements device.Stochastic, whose noise, in force if Thermal is, is white fields on both
// coordinates as dissipation asks for, and device.CellModel, see WallPopulation.
type DomainWall struct {
	Ms        float64 // saturation magnetisation, A/m
	Exchange  float64 // exchange stiffness, J/m
	Ku        float64 // perpendicular anisotropy without the demagnetising field, J/m^3
	WallField float64 // Bw, anisotropy field of the wall's angle, T; positive favours Bloch walls
	DMI       float64 // interfacial Dzyaloshinskii-Moriya constant, J/m^2; its sign is that of the wall's motion
	Alpha     float64 // Gilbert damping

	Length, Width, Thickness float64 // of the magnetic strip, m
	MetalThickness           float64 // of the heavy metal under it, m, which conducts like the magnet

	P        float64 // spin polarisation of the current in the strip
	Beta     float64 // non-adiabaticity β
	SpinHall float64 // spin Hall angle θ of the heavy metal

	Barrier float64 // V0 of a notch, J
	Period  float64 // distance p of the notches, m

	Bx, By, Bz float64 // constant field, T
	FieldAxis  string  // "none", "x", "y" or "z": direction of the drive b

	RA    float64 // resistance-area product of the junction's parallel state, ohm m^2
	TMR   float64 // tunnel magnetoresistance at zero bias
	VHalf float64 // voltage at which the TMR has halved, V

	Thermal bool    // thermal fields are in force in the element
	Q0      float64 // initial position, m
	Phi0    float64 // initial angle, rad

	PulseCurrent     float64 // in the strip, A, of the pulses that programme a population
	PulseWidth       float64 // s
	Attempts         int     // pulses at most
	ProgrammingNoise bool    // pulses move walls as they do; false programs exactly, to a notch
	Drift            bool    // walls hop with time

	moves *moves // shared by the populations of the model
}

var (
	_ device.Stochastic = (*DomainWall)(nil)
	_ device.Sloped     = (*DomainWall)(nil)
	_ device.CellModel  = (*DomainWall)(nil)
)

// NewDomainWall returns the magnet of mumax3's racetrack on a heavy metal, with 20 notches of
// 40 kT; all but the magnet is assumed.
func NewDomainWall() *DomainWall {
	return &DomainWall{
		Ms: 600e3, Exchange: 10e-12, Ku: 0.59e6, WallField: 0.03, DMI: 0.5e-3, Alpha: 0.3,
		Length: 1e-6, Width: 100e-9, Thickness: 1e-9, MetalThickness: 3e-9,
		P: 0.5, Beta: 0.2, SpinHall: 0.15, Barrier: 1.66e-19, Period: 50e-9,
		FieldAxis: "none", RA: 1e-9, TMR: 1.5, VHalf: 0.5,
		PulseCurrent: 0.3e-3, PulseWidth: 0.3e-9, Attempts: 50, ProgrammingNoise: true, Drift: true,
		moves: &moves{by: map[move][]float64{}},
	}
}

// Info describes the model.
func (m *DomainWall) Info() device.Info {
	return device.Info{
		Name: "domain-wall", Title: "domain-wall synapse: position and angle of a wall in a strip", Technology: "spintronic",
		Equations: []string{
			"Ga = gamma [-(wall_field/2) sin 2phi + (pi/2)(bx + BD) sin phi - (pi/2) by cos phi] + u/D",
			"Gb = gamma [bz + Bpin + (pi/2) BSH cos phi] + beta u/D",
			"dq/dt = D (Ga + alpha Gb)/(1 + alpha^2),  dphi/dt = (Gb - alpha Ga)/(1 + alpha^2)",
			"D = sqrt(exchange/(ku - mu0 ms^2/2)),  J = I_strip/(width (thickness + metal_thickness))",
			"u = muB p J/(e ms),  BSH = hbar spin_hall J/(2 e ms thickness),  BD = dmi/(ms D)",
			"Bpin = -pi barrier sin(2 pi q/period)/(2 ms width thickness period)",
			"I = v (GAP + (GP - GAP) q/length),  GP = length width/ra,  GAP = GP/(1 + tmr/(1 + (v/v_half)^2))",
			"population: a pulse moves a wall by what it moves one of 256 walls of the equation with thermal fields",
			"retention: hops to either neighbour at the rate M kT/(period I0(barrier/2kT))^2, M = gamma D/(2 alpha ms width thickness)",
		},
		Notes: []string{
			"phi is measured from the strip's axis: 0 is a Neel wall, pi/2 a Bloch wall. The wall rests at the ends of the strip, q = 0 and length.",
			"Without barrier a population keeps its positions for ever: no diffusion of free walls is modelled.",
			"The strip current crosses magnet and heavy metal alike. The read voltage does not move the wall.",
			"One rigid wall: no change of width, no second wall, no tilting; notches all alike and placed at q = 0, period, 2 period.",
			"The wall does not wear: the write current does not cross the barrier.",
			"wall_field, dmi, alpha, the strip, the notches and the junction are assumptions for a platinum-cobalt-like strip.",
		},
		References: []device.Reference{schryer1974, thiaville2005, thiaville2012, emori2013, martinez2007, lifson1962, vansteenkiste2014, cmtj, lequeux2016},
	}
}

// Params declares the parameters.
func (m *DomainWall) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	const given = "Vansteenkiste2014"
	p := []device.Param{
		{Name: "ms", Value: &m.Ms, Unit: "A/m", Range: positive, Meaning: "saturation magnetisation", Source: given},
		{Name: "exchange", Value: &m.Exchange, Unit: "J/m", Range: positive, Meaning: "exchange stiffness", Source: given},
		{Name: "ku", Value: &m.Ku, Unit: "J/m^3", Range: positive, Meaning: "perpendicular anisotropy without the demagnetising field", Source: given},
		{Name: "wall_field", Value: &m.WallField, Unit: "T", Meaning: "anisotropy field of the wall's angle; positive favours Bloch walls"},
		{Name: "dmi", Value: &m.DMI, Unit: "J/m^2", Meaning: "interfacial Dzyaloshinskii-Moriya constant"},
		{Name: "alpha", Value: &m.Alpha, Range: quantity.Inside(0, 1), Meaning: "Gilbert damping"},
		{Name: "length", Value: &m.Length, Unit: "m", Range: positive, Meaning: "way of the wall"},
		{Name: "width", Value: &m.Width, Unit: "m", Range: positive, Meaning: "width of the strip"},
		{Name: "thickness", Value: &m.Thickness, Unit: "m", Range: positive, Meaning: "thickness of the magnet"},
		{Name: "metal_thickness", Value: &m.MetalThickness, Unit: "m", Range: nonneg, Meaning: "thickness of the heavy metal"},
		{Name: "p", Value: &m.P, Range: quantity.Between(0, 1), Meaning: "spin polarisation of the current in the strip", Source: given},
		{Name: "beta", Value: &m.Beta, Range: nonneg, Meaning: "non-adiabaticity of the spin-transfer torque", Source: given},
		{Name: "spin_hall", Value: &m.SpinHall, Range: quantity.Between(-1, 1), Meaning: "spin Hall angle of the heavy metal"},
		{Name: "barrier", Value: &m.Barrier, Unit: "J", Range: nonneg, Meaning: "depth of a notch; 0: none"},
		{Name: "period", Value: &m.Period, Unit: "m", Range: positive, Meaning: "distance of the notches"},
		{Name: "bx", Value: &m.Bx, Unit: "T", Meaning: "constant field along the strip"},
		{Name: "by", Value: &m.By, Unit: "T", Meaning: "constant field across the strip"},
		{Name: "bz", Value: &m.Bz, Unit: "T", Meaning: "constant field along the magnet's normal"},
		{Name: "field_axis", Value: &m.FieldAxis, Options: []string{"none", "x", "y", "z"}, Meaning: "direction of the driven field b_T; none: no such drive"},
		{Name: "ra", Value: &m.RA, Unit: "ohm m^2", Range: positive, Meaning: "resistance-area product of the junction's parallel state"},
		{Name: "tmr", Value: &m.TMR, Range: nonneg, Meaning: "tunnel magnetoresistance at zero bias"},
		{Name: "v_half", Value: &m.VHalf, Unit: "V", Range: positive, Meaning: "voltage at which the tunnel magnetoresistance has halved"},
		{Name: "thermal", Value: &m.Thermal, Meaning: "thermal fields agitate the wall of the element"},
		{Name: "q0", Value: &m.Q0, Unit: "m", Range: nonneg, Meaning: "initial position of the wall"},
		{Name: "phi0", Value: &m.Phi0, Meaning: "initial angle of the wall, rad"},
		{Name: "pulse_current", Value: &m.PulseCurrent, Unit: "A", Range: positive, Meaning: "current in the strip of the pulses that programme a population"},
		{Name: "pulse_width", Value: &m.PulseWidth, Unit: "s", Range: positive, Meaning: "width of these pulses"},
		{Name: "attempts", Value: &m.Attempts, Range: quantity.Between(1, 10000), Meaning: "pulses at most to programme a cell, each after a read"},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "pulses move walls at random; false programs to the nearest notch"},
		{Name: "drift", Value: &m.Drift, Meaning: "walls hop over their notches with time; false keeps them"},
	}
	for i := range p {
		if p[i].Source == "" {
			p[i].Source = "assumption"
		}
	}
	return p
}

// Validate returns an error unless the magnetisation is perpendicular, the wall starts in the strip, and
// the strip is longer than the wall is wide.
func (m *DomainWall) Validate() error {
	if least := mu0 * m.Ms * m.Ms / 2; !(m.Ku > least) {
		return fmt.Errorf("ku is %.3g J/m^3: must be > mu0 ms^2/2, %.3g J/m^3, or the magnet is not perpendicular", m.Ku, least)
	}
	if m.Q0 > m.Length {
		return fmt.Errorf("q0 is %s: must be at most length, %s", quantity.Format(m.Q0, "m"), quantity.Format(m.Length, "m"))
	}
	if d := m.WallWidth(); m.Length < d {
		return fmt.Errorf("length is %s: must be at least the width of the wall, %.3g m", quantity.Format(m.Length, "m"), d)
	}
	if m.Barrier > 0 && m.Period > m.Length {
		return fmt.Errorf("period is %s: must be at most length, %s", quantity.Format(m.Period, "m"), quantity.Format(m.Length, "m"))
	}
	return nil
}

// WallWidth returns D = sqrt(A/Keff), m.
func (m *DomainWall) WallWidth() float64 { return math.Sqrt(m.Exchange / (m.Ku - mu0*m.Ms*m.Ms/2)) }

// section returns the cross-section S of the magnet, m^2.
func (m *DomainWall) section() float64 { return m.Width * m.Thickness }

// Density returns the current density in A/m^2 of a current in the strip.
func (m *DomainWall) Density(current float64) float64 {
	return current / (m.Width * (m.Thickness + m.MetalThickness))
}

// SpinVelocity returns u in m/s at a current in the strip.
func (m *DomainWall) SpinVelocity(current float64) float64 {
	return bohr * m.P * m.Density(current) / (charge * m.Ms)
}

// SpinHallField returns BSH in T at a current in the strip.
func (m *DomainWall) SpinHallField(current float64) float64 {
	return hbar * m.SpinHall * m.Density(current) / (2 * charge * m.Ms * m.Thickness)
}

// DMIField returns BD, T.
func (m *DomainWall) DMIField() float64 { return m.DMI / (m.Ms * m.WallWidth()) }

// PinningField returns the largest Bpin, T: a field that depins the wall.
func (m *DomainWall) PinningField() float64 {
	return math.Pi * m.Barrier / (2 * m.Ms * m.section() * m.Period)
}

// HopRate returns the rate in 1/s at which thermal agitation takes a wall over the notch to one
// side,
//
//	Γ = M kT/(p² I0(V0/2kT)²),  M = γ D/(2 α Ms S),
//
// exact for the spreading of a wall whose angle follows its position (Lifson and Jackson, J. Chem. Phys. 36, 2410 (1962),
// doi:10.1063/1.1732899), and Kramers' rate far below the barrier. It is 0 without notches.
func (m *DomainWall) HopRate(temperature float64) float64 {
	if m.Barrier == 0 {
		return 0
	}
	mobility := gamma * m.WallWidth() / (2 * m.Alpha * m.Ms * m.section())
	energy := boltzmann * temperature
	x := m.Barrier / (2 * energy)
	// exp(-x) I0(x) is a mean over the circle, which the trapezoidal rule gives to rounding.
	n := 64 + int(12*math.Sqrt(x))
	bessel := 0.0
	for k := range n {
		bessel += math.Exp(x*(math.Cos(2*math.Pi*float64(k)/float64(n))-1)) / float64(n)
	}
	return mobility * energy / (m.Period * m.Period * bessel * bessel) * math.Exp(-2*x)
}

// Drives returns the read voltage, the strip's current, and the field where the device has one.
func (m *DomainWall) Drives() []device.Variable {
	d := []device.Variable{
		{Name: device.Voltage.Name, Unit: device.Voltage.Unit, Meaning: device.Voltage.Meaning},
		{Name: "strip", Unit: "A", Meaning: "current in the strip"},
	}
	if m.FieldAxis != "none" {
		d = append(d, device.Variable{Name: "b", Unit: "T", Meaning: "applied field along " + m.FieldAxis})
	}
	return d
}

// States describes the position and the angle.
func (m *DomainWall) States() []device.State {
	return []device.State{
		{Variable: device.Variable{Name: "q", Unit: "m", Meaning: "position of the wall"}, Initial: m.Q0, Min: 0, Max: m.Length, Scale: m.WallWidth()},
		{Variable: device.Variable{Name: "phi", Meaning: "angle of the wall from the strip's axis, rad"}, Initial: m.Phi0, Min: math.Inf(-1), Max: math.Inf(1), Scale: 1},
	}
}

// wallForces are what a drive makes of the law.
type wallForces struct {
	d, alpha        float64
	shape           float64 // γ Bw/2
	along, across   float64 // γ (π/2)(Bx + BD), γ (π/2) By
	spin, push      float64 // u/D, γ Bz + β u/D
	hall            float64 // γ (π/2) BSH
	pin, wavenumber float64 // γ max Bpin, 2π/p
}

func (m *DomainWall) forces(current, field float64) wallForces {
	bx, by, bz := m.Bx, m.By, m.Bz
	switch m.FieldAxis {
	case "x":
		bx += field
	case "y":
		by += field
	case "z":
		bz += field
	}
	d := m.WallWidth()
	u := m.SpinVelocity(current)
	return wallForces{
		d: d, alpha: m.Alpha, shape: gamma * m.WallField / 2,
		along: gamma * math.Pi / 2 * (bx + m.DMIField()), across: gamma * math.Pi / 2 * by,
		spin: u / d, push: gamma*bz + m.Beta*u/d, hall: gamma * math.Pi / 2 * m.SpinHallField(current),
		pin: gamma * m.PinningField(), wavenumber: 2 * math.Pi / m.Period,
	}
}

// rates returns dq/dt and dφ/dt with additional rates on both coordinates.
func (f *wallForces) rates(q, phi, noiseA, noiseB float64) (dq, dphi float64) {
	s, c := math.Sincos(phi)
	a := -2*f.shape*s*c + f.along*s - f.across*c + f.spin + noiseA
	b := f.push + f.hall*c - f.pin*math.Sin(f.wavenumber*q) + noiseB
	n := 1 / (1 + f.alpha*f.alpha)
	return f.d * (a + f.alpha*b) * n, (b - f.alpha*a) * n
}

// step returns a step of integration, s, in which nothing turns by more than 0.2 rad.
func (f *wallForces) step() float64 {
	fast := math.Abs(f.shape)*2 + math.Abs(f.along) + math.Abs(f.across) + math.Abs(f.spin) + math.Abs(f.push) + math.Abs(f.hall) + f.pin*(1+f.d*f.wavenumber)
	return 0.2 / fast
}

func (m *DomainWall) driven(u []float64) wallForces {
	field := 0.0
	if len(u) > 2 {
		field = u[2]
	}
	return m.forces(u[1], field)
}

// Derivative sets dst to dq/dt in m/s and dφ/dt in rad/s.
func (m *DomainWall) Derivative(dst, x, u []float64, _ device.Env) {
	f := m.driven(u)
	dst[0], dst[1] = f.rates(x[0], x[1], 0, 0)
}

// Noises returns 2, or 0 without Thermal.
func (m *DomainWall) Noises() int {
	if m.Thermal {
		return 2
	}
	return 0
}

// thermalRate returns γ times the root of the spectral strength of the field on either coordinate, in s^(-1/2):
// that of Brown for the volume 2 D S of the wall.
func (m *DomainWall) thermalRate(temperature float64) float64 {
	return gamma * math.Sqrt(2*m.Alpha*boltzmann*temperature/(gamma*m.Ms*2*m.WallWidth()*m.section()))
}

// Diffusion sets dst to the motion per thermal field of either coordinate.
func (m *DomainWall) Diffusion(dst, _, _ []float64, env device.Env) {
	s := m.thermalRate(env.Temperature) / (1 + m.Alpha*m.Alpha)
	d := m.WallWidth()
	dst[0], dst[1] = d*s, d*s*m.Alpha
	dst[2], dst[3] = -m.Alpha*s, s
}

// StepLimit returns the time in which the fastest turn makes 0.2 rad, s.
func (m *DomainWall) StepLimit(_, u []float64, _ device.Env) float64 {
	f := m.driven(u)
	return f.step()
}

// Conductances returns those of the junction with the wall at length and at 0, at a voltage, S.
func (m *DomainWall) Conductances(v float64) (gp, gap float64) {
	gp = m.Length * m.Width / m.RA
	return gp, gp / (1 + m.TMR/(1+(v/m.VHalf)*(v/m.VHalf)))
}

// Response returns the current through the junction, A.
func (m *DomainWall) Response(x, u []float64, _ device.Env) float64 {
	gp, gap := m.Conductances(u[0])
	return u[0] * (gap + (gp-gap)*x[0]/m.Length)
}

// Slope returns dI/dv at a fixed wall, S.
func (m *DomainWall) Slope(x, u []float64, _ device.Env) float64 {
	gp, gap := m.Conductances(u[0])
	q, f := u[0]/m.VHalf, x[0]/m.Length
	rise := gap * gap / gp * 2 * q * m.TMR / ((1 + q*q) * (1 + q*q)) / m.VHalf
	return gap + (gp-gap)*f + u[0]*rise*(1-f)
}

// LoopDrive returns 0.5 V and 1 MHz.
func (m *DomainWall) LoopDrive() (amplitude, frequency float64) { return 0.5, 1e6 }
