package photonic

import (
	"fmt"
	"math"
	"math/cmplx"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// OpticalPCM is the model optical-pcm: a patch of phase-change material on a
// waveguide, whose crystalline fraction x sets how much light passes,
//
//	T(x) = exp(-A),  A = (4π/λ) Γ L Im sqrt(ε(x)),
//	(ε-1)/(ε+2) = x (ε_c-1)/(ε_c+2) + (1-x) (ε_a-1)/(ε_a+2),
//
// the effective medium of Lorentz and Lorenz. After programming the absorbance may drift,
// A(t) = A (t/t0)^-ν; the optical ν is zero by default (C. Rios et al., Sci. Adv. 5,
// eaau5759 (2019), doi:10.1126/sciadv.aau5759, find no drift), and has nothing to do
// with that of the resistance. NewOpticalPCM returns the defaults; it implements device.CellModel.
type OpticalPCM struct {
	NAmorphous, KAmorphous     float64 // refractive index n + ik, amorphous
	NCrystalline, KCrystalline float64 // refractive index n + ik, crystalline
	Confinement                float64 // Γ, share of the mode's power in the material, times the ratio of group indices
	Length                     float64 // L along the waveguide, m
	ProgStd                    float64 // standard deviation of a programmed T, over the range of T
	T0                         float64 // time after programming from which drift counts, s
	Nu                         float64 // mean ν of the absorbance
	NuStd                      float64 // standard deviation of ν between programmings
	WriteEnergy                float64 // optical energy to program a cell, J
	WriteTime                  float64 // time to program a cell, s

	RowPower float64 // of a full input of a tensor core, before it is divided, W
	Receiver Receiver

	ProgrammingNoise bool // programming misses its target
	Drift            bool // the absorbance drifts
	ReadNoise        bool // receivers are noisy
}

var _ device.CellModel = (*OpticalPCM)(nil)

// NewOpticalPCM returns 4 µm of GST on a waveguide with 10 % of the mode in it.
func NewOpticalPCM() *OpticalPCM {
	return &OpticalPCM{
		NAmorphous: 3.94, KAmorphous: 0.045, NCrystalline: 6.11, KCrystalline: 0.83, Confinement: 0.1, Length: 4e-6,
		ProgStd: 0.01, T0: 1, WriteEnergy: 1e-9, WriteTime: 1e-6, RowPower: 1e-3, Receiver: NewReceiver(),
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
	}
}

// Info describes the model.
func (m *OpticalPCM) Info() device.Info {
	return device.Info{
		Name: "optical-pcm", Title: "phase-change cell on a waveguide, and the tensor core of them", Technology: "photonic",
		Equations: []string{
			"T = exp(-A),  A = (4 pi/wavelength) confinement length Im sqrt(eps(x))",
			"(eps-1)/(eps+2) = x (eps_c-1)/(eps_c+2) + (1-x) (eps_a-1)/(eps_a+2),  eps = (n + ik)^2",
			"T_P = T_target + prog_std (T_max - T_min) N, kept within the range",
			"A(t) = A_P (t/t0)^-nu for t >= t0,  nu = |nu + nu_std N|, drawn once per programming",
			"tensor core of M inputs and N outputs: I_j = R/(2 M N) sum_i P_i (T+_ij - T-_ij)",
			"var I = B (2e (R/(2 M N) sum_i P_i (T+ + T-)_ij + 2 I_dark) + 4kT/r_load + 10^(rin/10) sum_i (R/(2 M N) P_i (T+ - T-)_ij)^2)",
		},
		Notes: []string{
			"T is a pure number: sample takes targets and gives results without unit.",
			"Light has no sign: a weight is two columns on a balanced receiver, and negative inputs are a second pass, subtracted after conversion.",
			"Inputs are of different wavelengths or sources and add in power. Splitters and couplers divide and collect evenly, without loss beyond the 1/(2 M N) of it.",
			"nu is 0: the transmission does not drift (Rios2019). The drift of the resistance is another quantity.",
			"Optical constants are those commonly taken for GST at 1550 nm, an assumption here, as are confinement, length, powers, and the noise and cost of programming.",
			"Reading is taken to be weak enough not to heat the cell.",
		},
		References: []device.Reference{rios2019, feldmann2021},
	}
}

// Params declares the parameters.
func (m *OpticalPCM) Params() []device.Param {
	const assumed = "assumption"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	return append([]device.Param{
		{Name: "n_amorphous", Value: &m.NAmorphous, Range: quantity.AtLeast(1), Meaning: "refractive index, amorphous", Source: assumed},
		{Name: "k_amorphous", Value: &m.KAmorphous, Range: notNegative, Meaning: "extinction, amorphous", Source: assumed},
		{Name: "n_crystalline", Value: &m.NCrystalline, Range: quantity.AtLeast(1), Meaning: "refractive index, crystalline", Source: assumed},
		{Name: "k_crystalline", Value: &m.KCrystalline, Range: notNegative, Meaning: "extinction, crystalline", Source: assumed},
		{Name: "confinement", Value: &m.Confinement, Range: quantity.Range{Min: 0, Max: 2, MinOpen: true}, Meaning: "share of the mode in the material, times the ratio of group indices", Source: assumed},
		{Name: "length", Value: &m.Length, Unit: "m", Range: positive, Meaning: "length along the waveguide", Source: assumed},
		{Name: "prog_std", Value: &m.ProgStd, Range: notNegative, Meaning: "standard deviation of a programmed transmission, over its range", Source: assumed},
		{Name: "t0", Value: &m.T0, Unit: "s", Range: positive, Meaning: "time after programming from which drift counts", Source: assumed},
		{Name: "nu", Value: &m.Nu, Range: notNegative, Meaning: "mean exponent with which the absorbance falls", Source: rios2019.Key},
		{Name: "nu_std", Value: &m.NuStd, Range: notNegative, Meaning: "standard deviation of that exponent", Source: assumed},
		{Name: "write_energy", Value: &m.WriteEnergy, Unit: "J", Range: notNegative, Meaning: "optical energy to program a cell", Source: assumed},
		{Name: "write_time", Value: &m.WriteTime, Unit: "s", Range: notNegative, Meaning: "time to program a cell", Source: assumed},
		{Name: "light_power", Value: &m.RowPower, Unit: "W", Range: positive, Meaning: "optical power of a full input of a tensor core, before it is divided", Source: assumed},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "programming misses the target; false programs exactly", Source: assumed},
		{Name: "drift", Value: &m.Drift, Meaning: "the absorbance drifts; false keeps it", Source: assumed},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "receivers are noisy; false reads exactly", Source: assumed},
	}, m.Receiver.Params()...)
}

// Validate returns an error for a value outside its parameter's range, and for a crystalline phase
// that does not absorb more than the amorphous one.
func (m *OpticalPCM) Validate() error {
	if err := inRange(m.Params()); err != nil {
		return err
	}
	if m.KCrystalline <= m.KAmorphous {
		return fmt.Errorf("k_crystalline is %g: must be above k_amorphous, %g", m.KCrystalline, m.KAmorphous)
	}
	return nil
}

// Index returns the refractive index n + ik at a crystalline fraction from 0 to 1.
func (m *OpticalPCM) Index(x float64) complex128 {
	lorentz := func(n, k float64) complex128 {
		e := complex(n, k) * complex(n, k)
		return (e - 1) / (e + 2)
	}
	f := complex(x, 0)*lorentz(m.NCrystalline, m.KCrystalline) + complex(1-x, 0)*lorentz(m.NAmorphous, m.KAmorphous)
	return cmplx.Sqrt((1 + 2*f) / (1 - f))
}

// Transmission returns T at a crystalline fraction from 0 to 1 and a wavelength in m.
func (m *OpticalPCM) Transmission(x, wavelength float64) float64 {
	return math.Exp(-4 * math.Pi / wavelength * m.Confinement * m.Length * imag(m.Index(x)))
}

// Fraction returns the crystalline fraction that has transmission t at a wavelength in m, by
// bisection; 0 or 1 beyond the range.
func (m *OpticalPCM) Fraction(t, wavelength float64) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		if x := (lo + hi) / 2; m.Transmission(x, wavelength) > t {
			lo = x
		} else {
			hi = x
		}
	}
	return (lo + hi) / 2
}

// NewPopulation returns rows x cols crystalline cells. Key has no influence; the wavelength of env
// sets the range of transmissions.
func (m *OpticalPCM) NewPopulation(rows, cols int, env device.Env, _ noise.Key) (device.Population, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("optical-pcm: %w", err)
	}
	c, err := newCells("optical-pcm", rows, cols)
	if err != nil {
		return nil, err
	}
	p := &PCMPopulation{model: *m, cells: c, env: env, absorbance: make([]float64, rows*cols), nu: make([]float64, rows*cols)}
	lo, _ := p.Range()
	for i := range p.absorbance {
		p.absorbance[i] = -math.Log(lo)
	}
	return p, nil
}

// A PCMPopulation holds optical phase-change cells.
type PCMPopulation struct {
	model OpticalPCM
	cells
	env        device.Env
	absorbance []float64 // at t0
	nu         []float64
	age        float64 // s
	writes     uint64
}

var (
	_ device.Population = (*PCMPopulation)(nil)
	_ device.Target     = (*PCMPopulation)(nil)
	_ device.Reader     = (*PCMPopulation)(nil)
)

// Kind returns device.PowerTransmission.
func (p *PCMPopulation) Kind() device.Kind { return device.PowerTransmission }

// Range returns the transmissions of the crystalline and the amorphous cell.
func (p *PCMPopulation) Range() (min, max float64) {
	return p.model.Transmission(1, p.env.Wavelength), p.model.Transmission(0, p.env.Wavelength)
}

// Reference returns T0, s.
func (p *PCMPopulation) Reference() float64 { return p.model.T0 }

// ProgramTo programs every cell to its transmission.
func (p *PCMPopulation) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	lo, hi := p.Range()
	if err := p.within("optical-pcm", target, lo, hi); err != nil {
		return device.Report{}, err
	}
	z := make([]float64, len(target))
	if p.model.ProgrammingNoise {
		p.normal(z, p.writes, key.Domain(noise.Programming))
	}
	for i, t := range target {
		p.absorbance[i] = -math.Log(min(max(t+p.model.ProgStd*(hi-lo)*z[i], lo), hi))
	}
	clear(z)
	if p.model.Drift {
		p.normal(z, p.writes, key.Domain(noise.DriftExponent))
		for i := range z {
			p.nu[i] = math.Abs(p.model.Nu + p.model.NuStd*z[i])
		}
	}
	p.writes++
	p.age = 0
	n := float64(len(target))
	return device.Report{Energy: n * p.model.WriteEnergy, Time: n * p.model.WriteTime, Pulses: int64(len(target)), Converged: 1}, nil
}

// Transfer sets dst to the present transmissions.
func (p *PCMPopulation) Transfer(dst []float64, _ float64, _ device.Env) {
	p.check(dst)
	log := math.Log(max(p.age/p.model.T0, 1))
	for i, a := range p.absorbance {
		dst[i] = math.Exp(-a * math.Exp(-p.nu[i]*log))
	}
}

// Advance lets dt seconds pass. It panics if dt is negative or not finite.
func (p *PCMPopulation) Advance(dt float64, _ device.Env, _ noise.Key) {
	checkStep(dt)
	p.age += dt
}

// Read sets dst to the transmissions that one receiver per cell reads at full input, with its noise.
func (p *PCMPopulation) Read(dst []float64, env device.Env, event uint64, key noise.Key) {
	p.Transfer(dst, 0, env)
	if !p.model.ReadNoise {
		return
	}
	z := make([]float64, len(dst))
	p.normal(z, event, key.Domain(noise.Read))
	r := &p.model.Receiver
	full := r.Responsivity * p.model.RowPower
	for i, t := range dst {
		dst[i] = t + math.Sqrt(r.Variance(p.model.RowPower*t, env))/full*z[i]
	}
}
