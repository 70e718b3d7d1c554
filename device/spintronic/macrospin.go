package spintronic

import (
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
)

// Easy axes of a free layer.
const (
	Perpendicular = "perpendicular" // z, the normal of the layer
	InPlane       = "in-plane"      // x
)

// Macrospin is a magnetic tunnel junction whose free layer is one unit vector m,
//
//	dm/dt = -γ/(1+α²) [m × B + α m × (m × B) + Σ (a + α b) m × (m × p) + (b - α a) m × p]
//	B     = B_bias + b + K m + B_thermal,   K_i = -μ0 Ms N_i, on the easy axis + 2 Ku/Ms, on z + 2 (Ki - ξ v/tox)/(Ms tF)
//
// with a spin-transfer torque of the current through the junction, p along the easy
// axis, and, where there is a strip, a spin-orbit torque of the current in it along
// x, p = y:
//
//	a_STT = ħ η I/(2 e Ms tF A),  η = 2 P Λ²/((Λ²+1) + (Λ²-1) m·p)
//	a_SOT = ħ θ_SH I_strip/(2 e Ms tF w d)
//
// and each time a field-like part b as a share of a. The conductance is that of Slonczewski,
// linear in m·p, with a TMR that falls with the voltage.
//
// Positive voltage favours the parallel state (it sets) and, with ξ > 0, weakens the
// perpendicular anisotropy. Drives are the voltage v, the strip's current and the field along
// FieldAxis where the device has these ports.
// NewMacrospin returns a published set; Macrospin implements device.Stochastic,
// whose noise is Brown's thermal field, in force if Thermal is.
//
// Slonczewski, J. Magn. Magn. Mater. 159, L1 (1996); Brown, Phys. Rev. 130, 1677
// (1963); signs and mixing of the torques are those of mumax3, AIP Adv. 4, 107133 (2014).
type Macrospin struct {
	Diameter  float64 // of the round free layer, m
	Thickness float64 // of the free layer, m
	Easy      string  // Perpendicular or InPlane
	Ms        float64 // saturation magnetisation, A/m
	Ki        float64 // interfacial anisotropy along z, J/m^2
	Ku        float64 // uniaxial anisotropy along the easy axis, J/m^3
	DemagX    float64 // demagnetising factor N_x
	DemagY    float64 // N_y; N_z is the rest to 1
	Alpha     float64 // Gilbert damping

	P         float64 // spin polarisation of the current
	Lambda    float64 // asymmetry Λ of the spin-transfer torque
	FieldLike float64 // b/a of the spin-transfer torque

	StripWidth     float64 // of the heavy-metal strip under the free layer, m; 0: no strip
	StripThickness float64 // m
	SpinHall       float64 // spin Hall angle θ_SH
	StripFieldLike float64 // b/a of the spin-orbit torque

	Xi  float64 // voltage control ξ of the anisotropy, J/(V m)
	TOx float64 // thickness of the barrier, m

	RA    float64 // resistance-area product of the parallel state, ohm m^2
	TMR   float64 // tunnel magnetoresistance at zero bias
	VHalf float64 // voltage at which the TMR has halved, V

	Bx, By, Bz    float64 // constant field, T
	FieldAxis     string  // "none", "x", "y" or "z": direction of the drive b
	Thermal       bool    // the thermal field is in force
	Mx0, My0, Mz0 float64 // initial magnetisation, of length 1

	preset *preset
}

var (
	_ device.Stochastic = (*Macrospin)(nil)
	_ device.Projected  = (*Macrospin)(nil)
	_ device.Sloped     = (*Macrospin)(nil)
)

// A preset says where the values of a model come from.
type preset struct {
	name, title string
	source      device.Reference
	given       []string // parameters that the source gives; the others are assumptions
	notes       []string
}

func (p *preset) sourceOf(param string) string {
	if p == nil || !slices.Contains(p.given, param) {
		return "assumption"
	}
	return p.source.Key
}

var (
	armSet = preset{"macrospin", "free layer of a magnetic tunnel junction, defaults of Arm's MRAM framework", garcia2021,
		[]string{"diameter", "thickness", "ms", "ki", "demag_x", "demag_y", "alpha", "p", "t_ox", "xi", "ra", "tmr"},
		[]string{"The published factors N are rounded and sum to 0.999; N_z is the rest to 1 here. The TMR is Julliere's of p, 2 p^2/(1 - p^2); ra is the published 6 kohm times the area."}}
	sotSet = preset{"macrospin/ut-sot", "free layer with a heavy-metal strip, SOT and VCMA set of Liu et al.", liu2022,
		[]string{"diameter", "thickness", "ms", "ki", "demag_x", "demag_y", "alpha", "t_ox", "ra", "tmr", "spin_hall", "strip_thickness"},
		[]string{"p is Julliere's of the published TMR, sqrt(tmr/(tmr + 2)); the file gives none. Values as in the authors' program, whose a and b are diameters."}}
	vgsotSet = preset{"macrospin/vgsot", "free layer with a heavy-metal strip, voltage-gated SOT set of Zhang et al.", zhang2020,
		[]string{"diameter", "thickness", "ms", "ki", "demag_x", "demag_y", "alpha", "p", "t_ox", "xi", "ra", "tmr", "v_half", "spin_hall", "strip_width", "strip_thickness", "by"},
		[]string{"by is the published exchange bias of -50 Oe; ra of 650 ohm um^2 lets no current through that matters: it is switched by strip and voltage."}}
)

// NewMacrospin returns the defaults of Arm's MRAM framework, arXiv:2106.04976: 50 nm,
// perpendicular, 83 kT at 300 K.
func NewMacrospin() *Macrospin { return newMacrospin(&armSet) }

func newMacrospin(p *preset) *Macrospin {
	m := &Macrospin{
		Diameter: 50e-9, Thickness: 1e-9, Easy: Perpendicular, Ms: 1.2e6, Ki: 1e-3, DemagX: 0.029, DemagY: 0.029, Alpha: 0.01,
		P: 0.75, Lambda: 1, Xi: 61e-15, TOx: 1.6e-9, RA: 1.178e-11, TMR: 2.571, VHalf: 0.5,
		SpinHall: 0.3, StripThickness: 3e-9,
		FieldAxis: "none", Mx0: 0.1, Mz0: -0.995, preset: p,
	}
	switch p {
	case &sotSet:
		m.Thickness, m.Ki, m.Alpha, m.DemagX, m.DemagY = 1.1e-9, 1.0056364e-3, 0.03, 0.010613, 0.010613
		m.TMR, m.P, m.RA, m.TOx, m.Xi = 1.2, math.Sqrt(1.2/3.2), 9.818e-12, 1.5e-9, 0
		m.StripWidth, m.Bx = 60e-9, 0.02
	case &vgsotSet:
		m.Thickness, m.Ms, m.Ki, m.Alpha = 1.1e-9, 0.625e6, 0.32e-3, 0.05
		m.DemagX = math.Pi * m.Thickness / (4 * m.Diameter)
		m.DemagY = m.DemagX
		m.P, m.TMR, m.RA, m.TOx, m.Xi = 0.58, 1, 650e-12, 1.4e-9, 60e-15
		m.StripWidth, m.SpinHall, m.By = 50e-9, 0.25, -5e-3
	}
	return m
}

// Info describes the model.
func (m *Macrospin) Info() device.Info {
	i := device.Info{
		Name: "macrospin", Title: "free layer of a magnetic tunnel junction", Technology: "spintronic",
		Equations: []string{
			"dm/dt = -gamma/(1+alpha^2) [m x B + alpha m x (m x B) + sum (a + alpha b) m x (m x p) + (b - alpha a) m x p]",
			"B = (bx, by, bz) + b_T along field_axis + K m + B_thermal",
			"K_i = -mu0 ms N_i;  on the easy axis + 2 ku/ms;  on z + 2 (ki - xi v/t_ox)/(ms thickness)",
			"STT: p = easy axis, a = hbar eta I/(2 e ms thickness A), eta = 2 p lambda^2/((lambda^2 + 1) + (lambda^2 - 1) m.p), b = field_like a",
			"SOT: p = y, a = hbar spin_hall I_strip/(2 e ms thickness strip_width strip_thickness), b = strip_field_like a",
			"B_thermal: white, independent in x, y and z, of spectral strength 2 alpha k T/(gamma ms V) T^2 s (Stratonovich)",
			"I = v (GP + GAP + (GP - GAP) m.p)/2,  GP = A/ra,  GAP = GP/(1 + TMR),  TMR = tmr/(1 + (v/v_half)^2)",
		},
		Notes: []string{
			"Positive voltage favours the parallel state and, with xi > 0, weakens the perpendicular anisotropy.",
			"The strip and the field are drives only where strip_width > 0 and field_axis is not none.",
			"Without thermal a magnetisation exactly along its axis feels no torque and never switches.",
			"One vector for the whole layer: right below some 40 nm, an upper bound of the barrier above, where domains nucleate.",
		},
		References: []device.Reference{slonczewski1996, gilbert2004, brown1963, vansteenkiste2014, julliere1975, lee2013},
	}
	if m.preset != nil {
		i.Name, i.Title = m.preset.name, m.preset.title
		i.Notes = append(i.Notes, m.preset.notes...)
		i.References = append(i.References, m.preset.source)
	}
	return i
}

// Params declares the parameters.
func (m *Macrospin) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	share := quantity.Range{Min: 0, Max: 1, MinOpen: true}
	p := []device.Param{
		{Name: "diameter", Value: &m.Diameter, Unit: "m", Range: positive, Meaning: "diameter of the free layer"},
		{Name: "thickness", Value: &m.Thickness, Unit: "m", Range: positive, Meaning: "thickness of the free layer"},
		{Name: "easy", Value: &m.Easy, Options: []string{Perpendicular, InPlane}, Meaning: "easy axis: perpendicular is z, in-plane is x; the reference layer points along it"},
		{Name: "ms", Value: &m.Ms, Unit: "A/m", Range: positive, Meaning: "saturation magnetisation"},
		{Name: "ki", Value: &m.Ki, Unit: "J/m^2", Meaning: "interfacial anisotropy along z"},
		{Name: "ku", Value: &m.Ku, Unit: "J/m^3", Meaning: "uniaxial anisotropy along the easy axis"},
		{Name: "demag_x", Value: &m.DemagX, Range: quantity.Between(0, 1), Meaning: "demagnetising factor along x"},
		{Name: "demag_y", Value: &m.DemagY, Range: quantity.Between(0, 1), Meaning: "demagnetising factor along y; that along z is the rest to 1"},
		{Name: "alpha", Value: &m.Alpha, Range: quantity.Inside(0, 1), Meaning: "Gilbert damping"},
		{Name: "p", Value: &m.P, Range: share, Meaning: "spin polarisation of the current"},
		{Name: "lambda", Value: &m.Lambda, Range: quantity.AtLeast(1), Meaning: "asymmetry of the spin-transfer torque; 1: the same at all angles"},
		{Name: "field_like", Value: &m.FieldLike, Meaning: "field-like over damping-like spin-transfer torque"},
		{Name: "strip_width", Value: &m.StripWidth, Unit: "m", Range: nonneg, Meaning: "width of the heavy-metal strip; 0: no strip"},
		{Name: "strip_thickness", Value: &m.StripThickness, Unit: "m", Range: positive, Meaning: "thickness of the heavy-metal strip"},
		{Name: "spin_hall", Value: &m.SpinHall, Range: quantity.Between(-1, 1), Meaning: "spin Hall angle of the strip"},
		{Name: "strip_field_like", Value: &m.StripFieldLike, Meaning: "field-like over damping-like spin-orbit torque"},
		{Name: "xi", Value: &m.Xi, Unit: "J/(V m)", Meaning: "voltage control of the interfacial anisotropy"},
		{Name: "t_ox", Value: &m.TOx, Unit: "m", Range: positive, Meaning: "thickness of the barrier"},
		{Name: "ra", Value: &m.RA, Unit: "ohm m^2", Range: positive, Meaning: "resistance-area product of the parallel state"},
		{Name: "tmr", Value: &m.TMR, Range: nonneg, Meaning: "tunnel magnetoresistance (RAP - RP)/RP at zero bias"},
		{Name: "v_half", Value: &m.VHalf, Unit: "V", Range: positive, Meaning: "voltage at which the tunnel magnetoresistance has halved"},
		{Name: "bx", Value: &m.Bx, Unit: "T", Meaning: "constant field along x"},
		{Name: "by", Value: &m.By, Unit: "T", Meaning: "constant field along y"},
		{Name: "bz", Value: &m.Bz, Unit: "T", Meaning: "constant field along z"},
		{Name: "field_axis", Value: &m.FieldAxis, Options: []string{"none", "x", "y", "z"}, Meaning: "direction of the driven field b_T; none: no such drive"},
		{Name: "thermal", Value: &m.Thermal, Meaning: "the thermal field agitates the magnetisation"},
		{Name: "mx0", Value: &m.Mx0, Range: quantity.Between(-1, 1), Meaning: "initial magnetisation along x"},
		{Name: "my0", Value: &m.My0, Range: quantity.Between(-1, 1), Meaning: "initial magnetisation along y"},
		{Name: "mz0", Value: &m.Mz0, Range: quantity.Between(-1, 1), Meaning: "initial magnetisation along z"},
	}
	for i := range p {
		p[i].Source = m.preset.sourceOf(p[i].Name)
	}
	return p
}

// Validate returns an error unless the demagnetising factors leave room for N_z and the
// initial magnetisation has a length of 1 to a per cent.
func (m *Macrospin) Validate() error {
	if s := m.DemagX + m.DemagY; s > 1 {
		return fmt.Errorf("demag_x + demag_y is %g: must be at most 1", s)
	}
	if l := math.Sqrt(m.Mx0*m.Mx0 + m.My0*m.My0 + m.Mz0*m.Mz0); !(math.Abs(l-1) <= 0.01) {
		return fmt.Errorf("mx0, my0, mz0 are %g, %g, %g, of length %.3g: must have length 1", m.Mx0, m.My0, m.Mz0, l)
	}
	return nil
}

// Drives returns the voltage, and the strip's current and the field where the device has them.
func (m *Macrospin) Drives() []device.Variable {
	d := []device.Variable{device.Voltage}
	if m.StripWidth > 0 {
		d = append(d, device.Variable{Name: "strip", Unit: "A", Meaning: "current in the strip along x"})
	}
	if m.axis() >= 0 {
		d = append(d, device.Variable{Name: "b", Unit: "T", Meaning: "applied field along " + m.FieldAxis})
	}
	return d
}

// axis returns the axis of the driven field, 0 to 2, or -1.
func (m *Macrospin) axis() int { return slices.Index([]string{"x", "y", "z"}, m.FieldAxis) }

// States describes m.
func (m *Macrospin) States() []device.State {
	var s []device.State
	for i, x := range [3]float64{m.Mx0, m.My0, m.Mz0} {
		axis := string("xyz"[i])
		s = append(s, device.State{
			Variable: device.Variable{Name: "m" + axis, Meaning: "magnetisation along " + axis + ", of length 1"},
			Initial:  x, Min: math.Inf(-1), Max: math.Inf(1), Scale: 1,
		})
	}
	return s
}

// Area returns the area of the junction, m^2.
func (m *Macrospin) Area() float64 { return math.Pi / 4 * m.Diameter * m.Diameter }

// Volume returns the volume of the free layer, m^3.
func (m *Macrospin) Volume() float64 { return m.Area() * m.Thickness }

// stiffness returns K, the field in T along each axis per component of m, at a voltage.
func (m *Macrospin) stiffness(v float64) [3]float64 {
	d := mu0 * m.Ms
	k := [3]float64{-d * m.DemagX, -d * m.DemagY, -d * (1 - m.DemagX - m.DemagY)}
	k[2] += 2 * (m.Ki - m.Xi*v/m.TOx) / (m.Ms * m.Thickness)
	if m.Easy == InPlane {
		k[0] += 2 * m.Ku / m.Ms
	} else {
		k[2] += 2 * m.Ku / m.Ms
	}
	return k
}

// AnisotropyField returns Bk in T at a voltage: the field that pulls m back to its easy axis,
// towards the easiest of the directions between. It is not positive where the axis is not easy.
func (m *Macrospin) AnisotropyField(v float64) float64 {
	k := m.stiffness(v)
	if m.Easy == InPlane {
		return k[0] - max(k[1], k[2])
	}
	return k[2] - max(k[0], k[1])
}

// Stability returns the thermal stability Δ = Ms V Bk/(2 k T) at a temperature in K.
func (m *Macrospin) Stability(temperature float64) float64 {
	return m.Ms * m.Volume() * m.AnisotropyField(0) / (2 * boltzmann * temperature)
}

// CriticalCurrent returns Ic0 in A, at which the spin-transfer torque of Λ = 1 balances the damping around
// the easy axis:
//
//	Ic0 = (2 e α Ms V/ħ P) Bk           perpendicular
//	Ic0 = (2 e α Ms V/ħ P) (Bk + Bp/2)  in the plane, with the field Bp that keeps m in the plane
//
// (Sun, Phys. Rev. B 62, 570 (2000)), without applied fields and voltage control.
func (m *Macrospin) CriticalCurrent() float64 {
	return 2 * charge * m.Alpha * m.Ms * m.Volume() / (hbar * m.P) * m.precession()
}

// precession returns the mean of both stiffnesses around the easy axis, in T.
func (m *Macrospin) precession() float64 {
	k := m.stiffness(0)
	if m.Easy == InPlane {
		return k[0] - (k[1]+k[2])/2
	}
	return k[2] - (k[0]+k[1])/2
}

// TimeScale returns τ_D = (1+α²)/(α γ B) in s, with the field of CriticalCurrent: the
// time in which a deviation at Ic = 0 decays by e.
func (m *Macrospin) TimeScale() float64 {
	return (1 + m.Alpha*m.Alpha) / (m.Alpha * gamma * m.precession())
}

// torques are the fields on m at one instant: B = applied + k m, damping-like a and field-like b vectors.
type torques struct {
	applied, k, a, b [3]float64
}

func (m *Macrospin) torques(dst *torques, cosine float64, u []float64) {
	v := u[0]
	*dst = torques{applied: [3]float64{m.Bx, m.By, m.Bz}, k: m.stiffness(v)}
	aj := hbar * m.efficiency(cosine) * v * m.conductance(cosine, v) / (2 * charge * m.Ms * m.Volume())
	easy := 2
	if m.Easy == InPlane {
		easy = 0
	}
	dst.a[easy], dst.b[easy] = aj, m.FieldLike*aj
	next := 1
	if m.StripWidth > 0 {
		as := hbar * m.SpinHall * u[next] / (2 * charge * m.Ms * m.Thickness * m.StripWidth * m.StripThickness)
		dst.a[1] += as
		dst.b[1] += m.StripFieldLike * as
		next++
	}
	if axis := m.axis(); axis >= 0 {
		dst.applied[axis] += u[next]
	}
}

// efficiency returns η.
func (m *Macrospin) efficiency(cosine float64) float64 {
	l := m.Lambda * m.Lambda
	return 2 * m.P * l / (l + 1 + (l-1)*cosine)
}

// cosine returns m.p of the spin-transfer torque and the length of m.
func (m *Macrospin) cosine(x []float64) (c, length float64) {
	length = math.Sqrt(x[0]*x[0] + x[1]*x[1] + x[2]*x[2])
	if m.Easy == InPlane {
		return x[0] / length, length
	}
	return x[2] / length, length
}

// Derivative sets dst to dm/dt in 1/s. The law of unit vectors is continued to |m| times it
// at other lengths, so that an error in the length does not change the direction's motion.
func (m *Macrospin) Derivative(dst, x, u []float64, _ device.Env) {
	var t torques
	c, length := m.cosine(x)
	m.torques(&t, c, u)
	alpha, g := m.Alpha, gamma/(1+m.Alpha*m.Alpha)
	var n, h1, h2 [3]float64
	for i := range n {
		n[i] = x[i] / length
		b := t.applied[i] + t.k[i]*n[i]
		h1[i] = b + t.b[i] - alpha*t.a[i]
		h2[i] = alpha*b + t.a[i] + alpha*t.b[i]
	}
	w := cross(n, h2)
	for i := range w {
		w[i] += h1[i]
	}
	w = cross(n, w)
	for i := range w {
		dst[i] = -g * length * w[i]
	}
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// Noises returns 3, the components of the thermal field, or 0 without Thermal.
func (m *Macrospin) Noises() int {
	if m.Thermal {
		return 3
	}
	return 0
}

// thermalField returns the root of the spectral strength of the thermal field, sqrt(2 α k T/(γ Ms V)), T s^(1/2).
func (m *Macrospin) thermalField(temperature float64) float64 {
	return math.Sqrt(2 * m.Alpha * boltzmann * temperature / (gamma * m.Ms * m.Volume()))
}

// Diffusion sets dst to the torque on m per component of the thermal field, in 1/s^(1/2).
func (m *Macrospin) Diffusion(dst, x, _ []float64, env device.Env) {
	_, length := m.cosine(x)
	s := -gamma / (1 + m.Alpha*m.Alpha) * m.thermalField(env.Temperature)
	for i := range 3 {
		for j := range 3 {
			dst[3*i+j] = s * m.Alpha * x[i] * x[j] / length
		}
		dst[4*i] -= s * m.Alpha * length
	}
	for i := range 3 {
		j, k := (i+1)%3, (i+2)%3
		dst[3*i+j] -= s * x[k]
		dst[3*i+k] += s * x[j]
	}
}

// StepLimit returns 0.1/(γ B) with the largest field that may act on m, s.
func (m *Macrospin) StepLimit(x, u []float64, _ device.Env) float64 {
	var t torques
	c, _ := m.cosine(x)
	m.torques(&t, c, u)
	return 0.1 / (gamma * t.largest())
}

// largest returns a bound of the field that turns m, in T.
func (t *torques) largest() float64 {
	var b2, k float64
	for i := range 3 {
		b := math.Abs(t.applied[i]) + math.Abs(t.b[i]) + math.Abs(t.a[i])
		b2 += b * b
		for j := range 3 { // a part of K that is the same on all axes turns nothing
			k = max(k, math.Abs(t.k[i]-t.k[j]))
		}
	}
	return math.Sqrt(b2) + k
}

// Project puts m back onto the unit sphere.
func (m *Macrospin) Project(x []float64) {
	_, length := m.cosine(x)
	for i := range x {
		x[i] /= length
	}
}

// Response returns the current through the junction, A.
func (m *Macrospin) Response(x, u []float64, _ device.Env) float64 {
	c, _ := m.cosine(x)
	return u[0] * m.conductance(c, u[0])
}

// conductance returns the conductance in S at m.p = c and a voltage.
func (m *Macrospin) conductance(c, v float64) float64 {
	gp, gap := m.Conductances(v)
	return 0.5 * ((gp + gap) + (gp-gap)*c)
}

// Conductances returns those of the parallel and the antiparallel state at a voltage, S.
func (m *Macrospin) Conductances(v float64) (gp, gap float64) {
	gp = m.Area() / m.RA
	return gp, gp / (1 + m.TMR/(1+(v/m.VHalf)*(v/m.VHalf)))
}

// Slope returns dI/dv at frozen m, S.
func (m *Macrospin) Slope(x, u []float64, _ device.Env) float64 {
	c, _ := m.cosine(x)
	q := u[0] / m.VHalf
	gp, gap := m.Conductances(u[0])
	fall := 2 * q * m.TMR / ((1 + q*q) * (1 + q*q)) // -v_half dTMR/dv
	rise := gap * gap / gp * fall / m.VHalf         // dGAP/dv
	return m.conductance(c, u[0]) + u[0]*0.5*rise*(1-c)
}

// LoopDrive returns 0.5 V and 100 MHz.
func (m *Macrospin) LoopDrive() (amplitude, frequency float64) { return 0.5, 1e8 }
