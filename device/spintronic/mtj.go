package spintronic

import (
	"context"
	"fmt"
	"math"
	"sync"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// The rungs of the ladder on which an MTJ writes its bits, each a limit of the next.
const (
	ClosedForm  = "closed-form"   // WriteError above Ic0, ThermalRate below
	TabulatedFP = "fokker-planck" // FokkerPlanck
	LLG         = "llg"           // an Ensemble of the junctions themselves
)

// MTJ is a population of binary magnetic tunnel junctions, Junctions of them in parallel in each cell, and as an element the
// junction itself (Macrospin). A cell has Junctions+1 levels. A pulse of current switches
// a junction with a probability that one of three rungs gives, according to Fidelity; writing repeats
// pulses until the junction reads as it should, Attempts times at most. Thermal agitation flips junctions
// as time goes by (retention), and each pulse wears the barrier until it breaks (endurance).
//
// Junctions differ in resistance and in anisotropy field, on which barrier, critical current and time scale
// depend alike. NewMTJ returns it with a published stack; MTJ implements device.CellModel.
type MTJ struct {
	Macrospin

	Junctions    int     // in parallel in a cell
	WriteCurrent float64 // A
	WriteWidth   float64 // s
	Attempts     int     // pulses at most to write a junction
	Fidelity     string  // ClosedForm, TabulatedFP or LLG
	LLGStep      float64 // step of the rung LLG, s
	AttemptTime  float64 // inverse prefactor of the thermal rate of junctions in the plane, s

	SpreadRA float64 // standard deviation of ln RA from junction to junction
	SpreadBk float64 // relative standard deviation of the anisotropy field from junction to junction

	Endurance      float64 // pulses that 63 % of the junctions do not survive; 0: for ever
	EnduranceShape float64 // Weibull shape of the pulses to breakdown
	Cycles0        float64 // pulses that every junction has had at first
	RBroken        float64 // resistance of a broken junction, ohm

	ProgrammingNoise bool // junctions fail to switch; false writes exactly
	Drift            bool // junctions flip with time

	solved *solved // shared by the populations of the model
}

// solved remembers solutions of the Fokker-Planck equation: write error rates by Δ, i and τ.
type solved struct {
	mu  sync.Mutex
	wer map[[3]float64]float64
}

var (
	_ device.CellModel  = (*MTJ)(nil)
	_ device.Stochastic = (*MTJ)(nil)
)

var mtjSet = preset{"mtj", "binary magnetic tunnel junctions, stack of Arm's MRAM framework", armSet.source, armSet.given, armSet.notes}

// NewMTJ returns junctions of the stack of NewMacrospin, written at 3.6 Ic0 for 8 ns.
func NewMTJ() *MTJ {
	return &MTJ{
		Macrospin: *newMacrospin(&mtjSet), Junctions: 1, WriteCurrent: 100e-6, WriteWidth: 8e-9, Attempts: 3, Fidelity: TabulatedFP, LLGStep: 1e-12, AttemptTime: 1e-9,
		SpreadRA: 0.05, SpreadBk: 0.05, Endurance: 1e12, EnduranceShape: 1.5, RBroken: 500,
		ProgrammingNoise: true, Drift: true, solved: &solved{wer: map[[3]float64]float64{}},
	}
}

// Info describes the model.
func (m *MTJ) Info() device.Info {
	i := m.Macrospin.Info()
	if m.preset == nil {
		i.Name, i.Title = "mtj", "binary magnetic tunnel junctions"
	}
	i.Equations = append(i.Equations,
		"i = I/Ic0, Ic0 = 2 e alpha ms V Bk/(hbar p), tau = t/tau_D, tau_D = (1 + alpha^2)/(alpha gamma Bk), Delta = ms V Bk/(2 k T); in the plane Bk + Bp/2 in Ic0 and tau_D",
		"closed-form, i > 1.2: WER = 1 - exp(-theta^2 Delta (i-1)/(i exp(2 tau (i-1)) - 1)), theta = (2^i (i-1)/i)^(1/(i+1)), in the plane pi/2",
		"closed-form, i < 0.8: WER = exp(-Gamma t), Gamma = sqrt(Delta/pi) (1-i)(1-i^2) exp(-Delta (1-i)^2)/tau_D, in the plane exp(-Delta (1-i))/attempt_time",
		"closed-form between: ln(-ln WER) linear in i",
		"fokker-planck: drho/dtau = d/dz[(i - z)(1 - z^2) rho + (1 - z^2)/(2 Delta) drho/dz]",
		"llg: the equation of the element with the thermal field, junction by junction",
		"retention: flips with the probability (1 - exp(-2 Gamma(i=0) t))/2",
		"endurance: a junction breaks after endurance (-ln U)^(1/endurance_shape) pulses",
	)
	i.Notes = append(i.Notes,
		"A cell has junctions + 1 levels; targets between are programmed to the nearest.",
		"A junction is written by current of either sign, parallel by positive current, and starts in thermal equilibrium: pulses must be three tau_D apart.",
		"Around Ic0 the closed form is a line between two laws and knows no incubation: within a few tau_D it switches too often.",
		"The population does not count the voltage control of the anisotropy during a pulse; the element does.",
		"Spreads, endurance and the resistance after breakdown are assumptions.",
		"As an element it is the junction without spread or wear.",
	)
	i.References = append(i.References, butler2012, tzoufras2018, koch2004, sun2000)
	return i
}

// Params declares the parameters.
func (m *MTJ) Params() []device.Param {
	positive, nonneg := quantity.Positive(), quantity.NonNegative()
	p := append(m.Macrospin.Params(), []device.Param{
		{Name: "junctions", Value: &m.Junctions, Range: quantity.Between(1, 256), Meaning: "junctions in parallel in a cell"},
		{Name: "write_current", Value: &m.WriteCurrent, Unit: "A", Range: positive, Meaning: "magnitude of the write current through a junction"},
		{Name: "write_width", Value: &m.WriteWidth, Unit: "s", Range: positive, Meaning: "width of a write pulse"},
		{Name: "attempts", Value: &m.Attempts, Range: quantity.Between(1, 1000), Meaning: "pulses at most to write a junction, each after a read"},
		{Name: "fidelity", Value: &m.Fidelity, Options: []string{ClosedForm, TabulatedFP, LLG}, Meaning: "where the switching probability comes from"},
		{Name: "llg_step", Value: &m.LLGStep, Unit: "s", Range: positive, Meaning: "step of integration of the fidelity llg"},
		{Name: "attempt_time", Value: &m.AttemptTime, Unit: "s", Range: positive, Meaning: "inverse prefactor of the thermal rate in the plane"},
		{Name: "spread_ra", Value: &m.SpreadRA, Range: nonneg, Meaning: "standard deviation of the logarithm of ra over junctions"},
		{Name: "spread_bk", Value: &m.SpreadBk, Range: quantity.Between(0, 0.2), Meaning: "relative standard deviation of the anisotropy field over junctions"},
		{Name: "endurance", Value: &m.Endurance, Range: nonneg, Meaning: "pulses after which 63 % of the junctions have broken; 0: none breaks"},
		{Name: "endurance_shape", Value: &m.EnduranceShape, Range: positive, Meaning: "Weibull shape of the pulses to breakdown"},
		{Name: "cycles0", Value: &m.Cycles0, Range: nonneg, Meaning: "pulses that every junction has had at first"},
		{Name: "r_broken", Value: &m.RBroken, Unit: "ohm", Range: positive, Meaning: "resistance of a broken junction"},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "junctions fail to switch; false writes exactly"},
		{Name: "drift", Value: &m.Drift, Meaning: "junctions flip with time; false keeps them"},
	}...)
	for i := range p {
		if p[i].Source == "" {
			p[i].Source = "assumption"
		}
	}
	return p
}

// Validate returns an error unless the easy axis is easy and the fidelity fits the junction. The
// error of too long an LLG step says the longest.
func (m *MTJ) Validate() error {
	if err := m.Macrospin.Validate(); err != nil {
		return err
	}
	if bk := m.AnisotropyField(0); !(bk > 0) {
		return fmt.Errorf("the anisotropy field along the %s axis is %.3g T: must be > 0 T, raise ki or ku", m.Easy, bk)
	}
	axial := m.Easy == Perpendicular && m.DemagX == m.DemagY
	switch {
	case m.Fidelity == TabulatedFP && !axial:
		return fmt.Errorf("fidelity is %s: must be %s or %s unless the junction is perpendicular and demag_x = demag_y", m.Fidelity, ClosedForm, LLG)
	case m.Fidelity != LLG && (m.Bx != 0 || m.By != 0 || m.Bz != 0):
		return fmt.Errorf("fidelity is %s: must be %s with a field bx, by or bz", m.Fidelity, LLG)
	case m.Fidelity == LLG && m.Lambda != 1:
		return fmt.Errorf("lambda is %g: must be 1 with the fidelity %s", m.Lambda, LLG)
	}
	if d := m.Stability(300); m.Fidelity == TabulatedFP && !(d >= 1.5 && d <= 400) {
		return fmt.Errorf("the thermal stability is %.3g kT at 300 K: must be from 1.5 to 400", d)
	}
	if m.Fidelity == LLG {
		most := LongestStep(&m.Macrospin, Drive{Current: m.WriteCurrent}, 1, mostSigma*m.SpreadBk*m.AnisotropyField(0), 300)
		if m.LLGStep > most {
			return fmt.Errorf("llg_step is %s: must be at most %.3g s, a fraction of a turn in the fields that act", quantity.Format(m.LLGStep, "s"), most)
		}
	}
	return nil
}

// SwitchProbability returns the probability that a pulse of current of a width, in favour of the
// other state, switches a junction at a temperature in K; bk scales the anisotropy field. It serves the
// rungs ClosedForm and TabulatedFP; TabulatedFP needs a perpendicular junction. A junction that current holds
// in its state (negative) is taken as undisturbed at ClosedForm.
func (m *MTJ) SwitchProbability(ctx context.Context, fidelity string, current, width, temperature, bk float64) (float64, error) {
	wer, err := m.writeError(ctx, fidelity, current, width, temperature, bk)
	return 1 - wer, err
}

func (m *MTJ) writeError(ctx context.Context, fidelity string, current, width, temperature, bk float64) (float64, error) {
	i, tau, delta := current/(m.CriticalCurrent()*bk), width/m.TimeScale()*bk, m.Stability(temperature)*bk
	if fidelity == ClosedForm {
		return m.closedForm(i, tau, delta, width), nil
	}
	at := [3]float64{delta, i, tau}
	if m.solved != nil {
		m.solved.mu.Lock()
		wer, ok := m.solved.wer[at]
		m.solved.mu.Unlock()
		if ok {
			return wer, nil
		}
	}
	s, err := FokkerPlanck{Delta: delta, Cells: 600}.Survival(ctx, i, []float64{tau})
	if err != nil {
		return 0, err
	}
	if m.solved != nil {
		m.solved.mu.Lock()
		m.solved.wer[at] = s[0]
		m.solved.mu.Unlock()
	}
	return s[0], nil
}

// closedForm returns the write error rate by the formulas for either side of Ic0 and a
// line between them.
func (m *MTJ) closedForm(i, tau, delta, width float64) float64 {
	const low, high = 0.8, 1.2
	thermal := func(i float64) float64 {
		i = max(i, 0)
		if m.Easy == InPlane {
			return width / m.AttemptTime * math.Exp(-delta*(1-i))
		}
		return tau * ThermalRate(delta, i)
	}
	ballistic := func(i float64) float64 {
		if m.Easy == InPlane {
			return -math.Log(writeError(delta, i, tau, math.Pi/2))
		}
		return -math.Log(WriteError(delta, i, tau))
	}
	switch {
	case i <= low:
		return math.Exp(-thermal(i))
	case i >= high:
		return math.Exp(-ballistic(i))
	}
	f := (i - low) / (high - low)
	return math.Exp(-math.Exp((1-f)*math.Log(thermal(low)) + f*math.Log(ballistic(high))))
}

// FlipRate returns the rate at which thermal agitation takes a junction over its barrier, 1/s; bk
// scales the anisotropy field. The retention time is its inverse.
func (m *MTJ) FlipRate(temperature, bk float64) float64 {
	delta := m.Stability(temperature) * bk
	if m.Easy == InPlane {
		return math.Exp(-delta) / m.AttemptTime
	}
	return ThermalRate(delta, 0) * bk / m.TimeScale()
}

// NewPopulation returns rows x cols cells, all junctions antiparallel. Key draws their
// differences. It returns an error if the model or the dimensions are not valid.
func (m *MTJ) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols, key)
}

// New is NewPopulation with the concrete type.
func (m *MTJ) New(rows, cols int, key noise.Key) (*MTJPopulation, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32/m.Junctions || cols > math.MaxInt32/m.Junctions/rows {
		return nil, fmt.Errorf("mtj: array of %d x %d cells: rows and columns must be at least 1, junctions at most %d", rows, cols, math.MaxInt32)
	}
	p := &MTJPopulation{model: *m, rows: rows, cols: cols}
	n := rows * cols * m.Junctions
	p.parallel, p.broken = make([]bool, n), make([]bool, n)
	p.g, p.bk, p.pulses, p.life = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	gp, _ := m.Conductances(0)
	spread, wear := key.Domain(noise.D2D), key.Domain(noise.Endurance)
	ra, bk := spread.Fold(0), spread.Fold(1)
	z := make([]float64, cols*m.Junctions)
	each := func(draw func(dst []float64, at noise.At), set func(k int, z float64)) {
		for row := range rows {
			draw(z, noise.At{Row: uint32(row)})
			for j, x := range z {
				set(row*len(z)+j, x)
			}
		}
	}
	each(ra.Normal, func(k int, z float64) { p.g[k] = gp * math.Exp(-m.SpreadRA*z) })
	each(bk.Normal, func(k int, z float64) { p.bk[k] = 1 + m.SpreadBk*min(max(z, -mostSigma), mostSigma) })
	each(wear.Exponential, func(k int, x float64) {
		p.life[k] = math.Inf(1)
		if m.Endurance > 0 {
			p.life[k] = m.Endurance * math.Pow(x, 1/m.EnduranceShape)
		}
		p.pulses[k] = m.Cycles0
		p.broken[k] = p.pulses[k] > p.life[k]
	})
	return p, nil
}
