package pcm

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/internal/vmath"
	"mho/noise"
)

// Accumulation is the model pcm-accumulation: cells that equal partial SET pulses
// crystallise step by step. With the memory P, which is 1 after RESET, each pulse
// makes
//
//	P <- P exp(-1/Memory)
//	G <- G + (MeanSlope G + Mean + MeanMemory P) + (StdSlope G + Std + StdMemory P) N
//
// clipped between GMin and GMax; from T0 after the last pulse on G falls as
// (t/T0)^-Nu; a read adds (ReadSlope G + Read) N. It is the model of Nandakumar
// et al., J. Appl. Phys. 124, 152135 (2018), doi:10.1063/1.5042408.
//
// A pulse whose current, the amplitude times the stress of a cell, is at least
// ResetFrom RESETs the cell, one of at least SetFrom is a partial SET, less does
// nothing: the fit knows one kind of partial SET.
//
// NewAccumulation returns it with the published constants; it implements
// device.CellModel.
type Accumulation struct {
	GMin     float64 // smallest conductance, S
	GMax     float64 // largest conductance, S
	G0       float64 // mean conductance after RESET, S
	G0Spread float64 // standard deviation after RESET over G0

	MeanSlope  float64 // slope of a step's mean in G
	Mean       float64 // mean of a step at G = 0, P = 0, S
	MeanMemory float64 // factor of P in a step's mean, S
	StdSlope   float64 // slope of a step's standard deviation in G
	Std        float64 // standard deviation of a step at G = 0, P = 0, S
	StdMemory  float64 // factor of P in a step's standard deviation, S
	Memory     float64 // number of pulses in which P falls to 1/e

	Nu float64 // drift exponent
	T0 float64 // time after a pulse at which its outcome is defined and drift begins, s

	ReadSlope float64 // slope of the read noise's standard deviation in G
	ReadStd   float64 // standard deviation of the read noise at G = 0, S

	SetFrom   float64 // smallest current of a partial SET, A
	ResetFrom float64 // smallest current of a RESET, A

	ProgrammingNoise bool // the spreads of steps and of RESET are in force
	Drift            bool // Nu is in force
	ReadNoise        bool // read noise is in force
}

var _ device.CellModel = (*Accumulation)(nil)

// NewAccumulation returns the published fit with the range of its text, 12 µS;
// figure 5 of the publication needs 20 µS.
func NewAccumulation() *Accumulation {
	return &Accumulation{
		GMin: 0.1e-6, GMax: 12e-6, G0: 0.1e-6, G0Spread: 0.1,
		MeanSlope: -0.084, Mean: 0.880e-6, MeanMemory: 1.40e-6,
		StdSlope: 0.091, Std: 0.260e-6, StdMemory: 2.15e-6, Memory: 2.6,
		Nu: 0.04, T0: 38.6, ReadSlope: 0.03, ReadStd: 0.13e-6,
		SetFrom: 50e-6, ResetFrom: 300e-6,
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
	}
}

// Info describes the model.
func (m *Accumulation) Info() device.Info {
	return device.Info{
		Name: "pcm-accumulation", Title: "phase-change memory under equal partial SET pulses, statistics of the steps", Technology: "pcm",
		Equations: []string{
			"partial SET: P <- P exp(-1/memory), then G <- G + dG, clipped to g_min..g_max",
			"dG = (mean_slope G + mean + mean_memory P) + (std_slope G + std + std_memory P) N",
			"RESET: P = 1, G = g0 (1 + g0_spread N), not below a tenth of g_min",
			"G(t) = G (t/t0)^-nu for t >= t0, t since the last pulse",
			"read: G(t) + (read_slope G(t) + read_std) N",
		},
		Notes: []string{
			"Mean and spread of a step do not depend on the pulse: a current (amplitude times stress) from set_from on makes the one partial SET of the fit, from reset_from on a RESET, and less nothing; these two bounds are assumptions.",
			"In the mean the conductance approaches mean/mean_slope, 10.48 uS, from below.",
			"The clipping at g_min and g_max, g0 and its spread come from a public program after the publication (Demirag2020), which has g_max = 12 uS and asks for 20 uS to draw the publication's figure 5.",
			"The read noise is fresh at each read. Temperature and bias have no influence.",
		},
		References: []device.Reference{
			{
				Key: "Nandakumar2018", Authors: "S. R. Nandakumar and M. Le Gallo and I. Boybat and B. Rajendran and A. Sebastian and E. Eleftheriou",
				Title: "A phase-change memory model for neuromorphic computing", Journal: "Journal of Applied Physics", Volume: "124", Pages: "152135", Year: 2018, DOI: "10.1063/1.5042408",
			},
			{
				Key: "Demirag2020", Authors: "Y. Demirag", Title: "PCM crossbar array simulation framework", Journal: "GitHub repository", Year: 2020, URL: "https://github.com/YigitDemirag/forward-pass-pcm",
			},
		},
	}
}

// Params declares the parameters.
func (m *Accumulation) Params() []device.Param {
	const fit, code, guess = "Nandakumar2018", "Demirag2020", "assumption"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	return []device.Param{
		{Name: "g_min", Value: &m.GMin, Unit: "S", Range: notNegative, Meaning: "smallest conductance that steps lead to", Source: code},
		{Name: "g_max", Value: &m.GMax, Unit: "S", Range: positive, Meaning: "largest conductance", Source: code},
		{Name: "g0", Value: &m.G0, Unit: "S", Range: notNegative, Meaning: "mean conductance after RESET", Source: code},
		{Name: "g0_spread", Value: &m.G0Spread, Range: notNegative, Meaning: "standard deviation after RESET over g0", Source: code},
		{Name: "mean_slope", Value: &m.MeanSlope, Range: quantity.Inside(-1, 0), Meaning: "slope of a step's mean in G", Source: fit},
		{Name: "mean", Value: &m.Mean, Unit: "S", Meaning: "mean of a step at G = 0 and P = 0", Source: fit},
		{Name: "mean_memory", Value: &m.MeanMemory, Unit: "S", Meaning: "factor of P in a step's mean", Source: fit},
		{Name: "std_slope", Value: &m.StdSlope, Range: notNegative, Meaning: "slope of a step's standard deviation in G", Source: fit},
		{Name: "std", Value: &m.Std, Unit: "S", Range: notNegative, Meaning: "standard deviation of a step at G = 0 and P = 0", Source: fit},
		{Name: "std_memory", Value: &m.StdMemory, Unit: "S", Range: notNegative, Meaning: "factor of P in a step's standard deviation", Source: fit},
		{Name: "memory", Value: &m.Memory, Range: positive, Meaning: "number of pulses in which P falls to 1/e", Source: fit},
		{Name: "nu", Value: &m.Nu, Range: notNegative, Meaning: "drift exponent", Source: fit},
		{Name: "t0", Value: &m.T0, Unit: "s", Range: positive, Meaning: "time after a pulse at which its outcome is defined and drift begins", Source: fit},
		{Name: "read_slope", Value: &m.ReadSlope, Range: notNegative, Meaning: "slope of the read noise's standard deviation in G", Source: fit},
		{Name: "read_std", Value: &m.ReadStd, Unit: "S", Range: notNegative, Meaning: "standard deviation of the read noise at G = 0", Source: fit},
		{Name: "set_from", Value: &m.SetFrom, Unit: "A", Range: positive, Meaning: "smallest current that makes a partial SET", Source: guess},
		{Name: "reset_from", Value: &m.ResetFrom, Unit: "A", Range: positive, Meaning: "smallest current that RESETs", Source: guess},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "steps and RESET are spread; false makes their means", Source: guess},
		{Name: "drift", Value: &m.Drift, Meaning: "conductances drift; false keeps them", Source: guess},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "reads are noisy; false reads exactly", Source: guess},
	}
}

// Validate returns an error unless g_min < g_max, g0 lies between, and set_from
// is below reset_from.
func (m *Accumulation) Validate() error {
	switch {
	case !(m.GMin < m.GMax):
		return fmt.Errorf("g_min is %s: must be below g_max, %s", quantity.Format(m.GMin, "S"), quantity.Format(m.GMax, "S"))
	case !(m.G0 <= m.GMax):
		return fmt.Errorf("g0 is %s: must be at most g_max, %s", quantity.Format(m.G0, "S"), quantity.Format(m.GMax, "S"))
	case !(m.SetFrom < m.ResetFrom):
		return fmt.Errorf("set_from is %s: must be below reset_from, %s", quantity.Format(m.SetFrom, "A"), quantity.Format(m.ResetFrom, "A"))
	}
	return nil
}

// NewPopulation returns rows x cols cells after RESET, drawn as event 0. The
// population keeps a copy of the model; env has no influence.
func (m *Accumulation) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols, key)
}

// New is NewPopulation with the concrete type. The error tells of an invalid
// model or of dimensions that are not from 1 to 2^31-1 or have too large a product.
func (m *Accumulation) New(rows, cols int, key noise.Key) (*Accumulator, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("pcm-accumulation: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", rows, cols, math.MaxInt32)
	}
	n := rows * cols
	p := &Accumulator{model: *m, rows: rows, cols: cols, g: make([]float64, n), memory: make([]float64, n), pulsed: make([]float64, n)}
	stress := make([]float64, n)
	for i := range stress {
		stress[i] = 1
	}
	_, err := p.Program(stress, device.Pulse{Drive: "current", Port: "stack", Amplitude: m.ResetFrom}, device.Env{}, key)
	return p, err
}

// An Accumulator holds the cells of one array under the model Accumulation.
// Reading it is safe for concurrent use; programming and advancing it is not.
type Accumulator struct {
	model      Accumulation
	rows, cols int
	now        float64   // s since New
	events     uint64    // pulses so far
	g          []float64 // conductance at T0 after the last pulse, S
	memory     []float64 // P
	pulsed     []float64 // time of the last pulse, s
}

var (
	_ device.Population  = (*Accumulator)(nil)
	_ device.Pulsed      = (*Accumulator)(nil)
	_ device.NoisyReader = (*Accumulator)(nil)
)

// Dims returns the rows and columns.
func (p *Accumulator) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Accumulator) Kind() device.Kind { return device.Conductance }

// Range returns GMin and GMax, in S.
func (p *Accumulator) Range() (min, max float64) { return p.model.GMin, p.model.GMax }

// Program applies one pulse of current. Each call is an event of its own under
// the key, the first after New being event 1. Pulses of either sign act alike;
// width and edges have no influence. The error tells of a pulse that is not one
// of current; no cell is changed then. It panics if stress has the wrong length.
func (p *Accumulator) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	p.check(stress)
	if pulse.Drive != "current" {
		return device.Report{}, fmt.Errorf("pcm-accumulation: the pulse's drive is %q: must be \"current\"", pulse.Drive)
	}
	if a := pulse.Amplitude; a-a != 0 {
		return device.Report{}, fmt.Errorf("pcm-accumulation: the pulse's amplitude is %g A: must be a finite number", a)
	}
	m := &p.model
	key = key.Domain(noise.Programming)
	fade := math.Exp(-1 / m.Memory)
	var buffer [chunk]float64
	var pulses int64
	for row := range p.rows {
		for col := 0; col < p.cols; col += chunk {
			z := buffer[:min(chunk, p.cols-col)]
			if m.ProgrammingNoise {
				key.Normal(z, noise.At{Row: uint32(row), Col: uint32(col), Event: p.events})
			}
			first := row*p.cols + col
			for j, n := range z {
				i := first + j
				current := math.Abs(pulse.Amplitude * stress[i])
				switch {
				case current >= m.ResetFrom:
					p.memory[i] = 1
					p.g[i] = min(max(m.G0+m.G0*m.G0Spread*n, m.GMin/10), m.GMax)
				case current >= m.SetFrom:
					memory := p.memory[i] * fade
					g := p.g[i]
					mean := m.MeanSlope*g + m.Mean + m.MeanMemory*memory
					std := m.StdSlope*g + m.Std + m.StdMemory*memory
					p.memory[i] = memory
					p.g[i] = min(max(g+mean+std*n, m.GMin), m.GMax)
				default:
					continue
				}
				p.pulsed[i] = p.now
				pulses++
			}
		}
	}
	p.events++
	return device.Report{Pulses: pulses, Converged: 1}, nil
}

// Transfer sets dst (rows*cols) to the conductances in S without read noise. Bias
// and env have no influence. It panics if dst has the wrong length.
func (p *Accumulator) Transfer(dst []float64, bias float64, env device.Env) {
	p.check(dst)
	copy(dst, p.g)
	if !p.model.Drift {
		return
	}
	for i, last := range p.pulsed {
		if age := p.now - last; age > p.model.T0 {
			dst[i] *= vmath.ExpScalar(-p.model.Nu * vmath.LnScalar(age/p.model.T0))
		}
	}
}

// Advance lets dt seconds pass. It panics if dt is negative or not finite.
func (p *Accumulator) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("pcm: time step is negative or not finite")
	}
	p.now += dt
}

// ReadNoise sets fast to the standard deviations of the read noise in S and slow
// to 0. It panics if a slice has the wrong length.
func (p *Accumulator) ReadNoise(slow, fast []float64, window float64, env device.Env) {
	p.check(slow)
	p.Transfer(fast, 0, env)
	clear(slow)
	if !p.model.ReadNoise {
		clear(fast)
		return
	}
	for i, g := range fast {
		fast[i] = p.model.ReadSlope*g + p.model.ReadStd
	}
}

func (p *Accumulator) check(x []float64) {
	if len(x) != len(p.g) {
		panic("pcm: wrong number of cells")
	}
}
