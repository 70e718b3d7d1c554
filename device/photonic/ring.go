package photonic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Ring is the model ring: a microring between two waveguides, whose drop and through
// ports go to the two diodes of a balanced receiver. With the detuning δ = λ - λ_res,
// φ = 2π δ/FSR and q = r1 r2 a,
//
//	T_drop    = (1-r1²)(1-r2²) a / (1 - 2q cos φ + q²)
//	T_through = (r2²a² - 2q cos φ + r1²) / (1 - 2q cos φ + q²)
//	w = T_drop - T_through
//
// (W. Bogaerts et al., Laser Photon. Rev. 6, 47 (2012), doi:10.1002/lpor.201100017), so that one
// ring is a weight with a sign. NewRing returns the defaults; it implements
// device.CellModel with rings that each have a bus of their own. A Bank has
// several on one bus.
type Ring struct {
	Radius       float64 // m
	GroupIndex   float64 // n_g
	Through1     float64 // r1², power that stays in the input waveguide
	Through2     float64 // r2², power that stays in the drop waveguide
	Attenuation  float64 // of the ring's waveguide, dB/m
	ThermoOptic  float64 // dn/dT of the mode, 1/K
	Spacing      float64 // of the channels of a bank, m
	WeightLimit  float64 // largest weight that a bank is asked for
	Control      string  // Feedback or Feedforward
	ControlBits  float64 // log2 of the range of weights over the standard deviation of setting one
	Crosstalk    float64 // shift that a heater gives the next ring, over its own
	CrosstalkLen float64 // rings over which it falls by e
	TempWander   float64 // standard deviation of the chip's temperature after 1 s, K

	ChannelPower float64 // of a full input in a bank, W
	Receiver     Receiver

	ProgrammingNoise bool // setting a weight misses it
	Drift            bool // the chip's temperature wanders
	ReadNoise        bool // receivers are noisy
}

// How the rings of a bank are set.
const (
	Feedback    = "feedback"     // measured, until the weights are right with all neighbours
	Feedforward = "feed-forward" // ring by ring, as if it had no neighbours
)

var _ device.CellModel = (*Ring)(nil)

// NewRing returns a silicon ring of 8 µm.
func NewRing() *Ring {
	return &Ring{
		Radius: 8e-6, GroupIndex: 4.2, Through1: 0.95, Through2: 0.95, Attenuation: 300, ThermoOptic: 1.86e-4,
		Spacing: 0.8e-9, WeightLimit: 0.8, Control: Feedback, ControlBits: 9, Crosstalk: 0.02, CrosstalkLen: 1, TempWander: 1e-4,
		ChannelPower: 1e-3, Receiver: NewReceiver(),
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
	}
}

// Info describes the model.
func (m *Ring) Info() device.Info {
	return device.Info{
		Name: "ring", Title: "microring weights with balanced receivers", Technology: "photonic",
		Equations: []string{
			"w = T_drop - T_through,  phi = 2 pi (wavelength - resonance)/FSR,  q = r1 r2 a,  a = 10^(-attenuation L/20),  L = 2 pi radius",
			"T_drop = (1 - r1^2)(1 - r2^2) a/(1 - 2 q cos(phi) + q^2)",
			"T_through = (r2^2 a^2 - 2 q cos(phi) + r1^2)/(1 - 2 q cos(phi) + q^2)",
			"FSR = wavelength^2/(n_g L),  FWHM = (1 - q) wavelength^2/(pi n_g L sqrt(q))",
			"resonance moves by (wavelength/n_g) dn_dt per K",
			"bank: channel j has w_j = sum_k T_drop,k prod_{i<k} T_through,i - prod_i T_through,i, all at its wavelength",
			"I = R P sum_j u_j w_j,  var I = B (2e (R P sum_j u_j (T_drop + T_through)_j + 2 I_dark) + 4kT/r_load + 10^(rin/10) sum_j (R P u_j w_j)^2)",
		},
		Notes: []string{
			"A weight is a pure number from -1 to 1: sample takes targets and gives results without unit. Loss keeps the ends from being reached.",
			"The resonances repeat every FSR: a bank has at most FSR/spacing channels, a larger matrix is cut.",
			"A ring is tuned to the short side of its channel and heated towards it. Index and group index are taken as constant over a bank.",
			"Rings in a bank divide the light: each channel passes all of them, and light that was dropped is not picked up again.",
			"Light carries no sign: negative inputs are a second pass, subtracted after conversion.",
			"Temperature acts on all rings of a chip alike. Its wander is a random walk, an assumption; so are powers and crosstalk.",
			"control_bits = 9 is what Zhang2022 reports for feedback.",
		},
		References: []device.Reference{bogaerts2012, tait2017, zhang2022},
	}
}

// Params declares the parameters.
func (m *Ring) Params() []device.Param {
	const assumed = "assumption"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	return append([]device.Param{
		{Name: "radius", Value: &m.Radius, Unit: "m", Range: positive, Meaning: "radius of the ring", Source: assumed},
		{Name: "n_group", Value: &m.GroupIndex, Range: quantity.AtLeast(1), Meaning: "group index of the ring's mode", Source: assumed},
		{Name: "through1", Value: &m.Through1, Range: quantity.Inside(0, 1), Meaning: "r1^2, share of the power that passes the coupler of the input waveguide", Source: assumed},
		{Name: "through2", Value: &m.Through2, Range: quantity.Inside(0, 1), Meaning: "r2^2, share of the power that passes the coupler of the drop waveguide", Source: assumed},
		{Name: "attenuation", Value: &m.Attenuation, Unit: "dB/m", Range: notNegative, Meaning: "loss of the ring's waveguide", Source: assumed},
		{Name: "dn_dt", Value: &m.ThermoOptic, Unit: "1/K", Range: quantity.Any(), Meaning: "change of the mode's index with temperature", Source: assumed},
		{Name: "spacing", Value: &m.Spacing, Unit: "m", Range: positive, Meaning: "distance of the wavelengths of a bank; must exceed the linewidth", Source: assumed},
		{Name: "weight_limit", Value: &m.WeightLimit, Range: quantity.Inside(0, 1), Meaning: "weight of a bank that the largest entry of a matrix becomes", Source: assumed},
		{Name: "control", Value: &m.Control, Options: []string{Feedback, Feedforward}, Meaning: "how a bank is set: measured until right, or ring by ring", Source: zhang2022.Key},
		{Name: "control_bits", Value: &m.ControlBits, Range: quantity.Between(1, 60), Meaning: "log2 of the range of weights over the standard deviation of setting one", Source: zhang2022.Key},
		{Name: "crosstalk", Value: &m.Crosstalk, Range: quantity.Between(0, 0.3), Meaning: "shift that a heater gives the next ring of a bank, over its own", Source: assumed},
		{Name: "crosstalk_length", Value: &m.CrosstalkLen, Range: positive, Meaning: "rings over which the crosstalk falls by e", Source: assumed},
		{Name: "temperature_wander", Value: &m.TempWander, Unit: "K", Range: notNegative, Meaning: "standard deviation of the chip's temperature after 1 s; grows with the square root of time", Source: assumed},
		{Name: "light_power", Value: &m.ChannelPower, Unit: "W", Range: positive, Meaning: "optical power of a full input that reaches a bank", Source: assumed},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "setting a weight misses it; false sets exactly", Source: assumed},
		{Name: "drift", Value: &m.Drift, Meaning: "the temperature wanders; false keeps it", Source: assumed},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "receivers are noisy; false reads exactly", Source: assumed},
	}, m.Receiver.Params()...)
}

// Validate returns an error for a value outside its parameter's range, and for a ring whose
// weights all have one sign.
func (m *Ring) Validate() error {
	if err := inRange(m.Params()); err != nil {
		return err
	}
	if lo, hi := m.Weight(math.Pi), m.Weight(0); !(lo < 0 && hi > 0) {
		return fmt.Errorf("attenuation is %s with through1 = %g and through2 = %g: weights go from %.3g to %.3g only, must have both signs",
			quantity.Format(m.Attenuation, "dB/m"), m.Through1, m.Through2, lo, hi)
	}
	return nil
}

// length returns the length of the ring, m.
func (m *Ring) length() float64 { return 2 * math.Pi * m.Radius }

// q returns r1 r2 a, the field left after a round trip, and a, that without the couplers.
func (m *Ring) q() (q, a float64) {
	a = math.Pow(10, -m.Attenuation*m.length()/20)
	return math.Sqrt(m.Through1*m.Through2) * a, a
}

// FSR returns the distance of the resonances near a wavelength, both in m.
func (m *Ring) FSR(wavelength float64) float64 {
	return wavelength * wavelength / (m.GroupIndex * m.length())
}

// FWHM returns the width of a resonance at half of its drop maximum near a wavelength, both in m,
// for a finesse well above one.
func (m *Ring) FWHM(wavelength float64) float64 {
	q, _ := m.q()
	return (1 - q) * m.FSR(wavelength) / (math.Pi * math.Sqrt(q))
}

// Shift returns by how much the resonance near a wavelength moves per K, m/K.
func (m *Ring) Shift(wavelength float64) float64 { return wavelength / m.GroupIndex * m.ThermoOptic }

// Ports returns the shares of the power that leave at the drop and at the through port, at a
// round-trip phase in rad from resonance.
func (m *Ring) Ports(phase float64) (drop, through float64) {
	q, a := m.q()
	// 1 - cos φ without cancellation near resonance.
	s := math.Sin(phase / 2)
	s *= 2 * s
	den := (1-q)*(1-q) + 2*q*s
	r1, r2 := math.Sqrt(m.Through1), math.Sqrt(m.Through2)
	return (1 - m.Through1) * (1 - m.Through2) * a / den, ((r1-r2*a)*(r1-r2*a) + 2*q*s) / den
}

// Weight returns T_drop - T_through at a round-trip phase in rad from resonance.
func (m *Ring) Weight(phase float64) float64 {
	d, t := m.Ports(phase)
	return d - t
}

// Phase returns the round-trip phase from 0 to π, in rad, that gives a weight; weights out of
// reach give the end of the range.
func (m *Ring) Phase(weight float64) float64 {
	q, a := m.q()
	r1, r2 := math.Sqrt(m.Through1), math.Sqrt(m.Through2)
	d := (1 - m.Through1) * (1 - m.Through2) * a
	// w den = d - num with both linear in s = 1 - cos φ.
	s := (d - (r1-r2*a)*(r1-r2*a) - weight*(1-q)*(1-q)) / (2 * q * (1 + weight))
	return 2 * math.Asin(math.Sqrt(min(max(s/2, 0), 1)))
}

// NewPopulation returns rows x cols rings, each alone on its bus, far from their channels: at the
// least weight. Key has no influence.
func (m *Ring) NewPopulation(rows, cols int, env device.Env, _ noise.Key) (device.Population, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("ring: %w", err)
	}
	cells, err := newCells("ring", rows, cols)
	if err != nil {
		return nil, err
	}
	p := &RingPopulation{model: *m, cells: cells, phase: make([]float64, rows*cols), set: env}
	for i := range p.phase {
		p.phase[i] = math.Pi
	}
	return p, nil
}
