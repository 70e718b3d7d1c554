package rram

import (
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// RRAM is the statistical model rram of resistive memory cells, see the package
// comment. New returns the default preset; it implements device.CellModel.
type RRAM struct {
	GMin float64 // smallest target conductance, S
	GMax float64 // largest target conductance, S

	Distribution  string    // "normal": errors add in S; "lognormal": they add to ln G
	Times         []float64 // times of the rows of Sigma, s, increasing; the first is t0
	Sigma         []float64 // σ, for each time as many coefficients of ascending powers of G_T/SigmaG, S or 1
	SigmaG        float64   // conductance by which the target is divided, S
	SigmaExponent float64   // exponent of G_T/SigmaG by which σ is multiplied

	RelaxMean float64 // d, shift of the mean per ln(t/t0), S
	RelaxStd0 float64 // r0, spread of relaxation at t0, S
	RelaxStd  float64 // r, growth of that spread per ln(t/t0), S

	ReadStd float64 // q, read noise at 10 µS before the time factor, S
	TRead   float64 // t_r, duration of a read, s

	NL2 []float64 // a(G), polynomial in log10(G/S), ascending powers, S/V
	NL3 []float64 // b(G), polynomial in log10(G/S), ascending powers, S/V²

	ProgrammingNoise bool // e(t) is in force
	Drift            bool // relaxation is in force: σ at later times than t0, d and r
	ReadNoise        bool // q is in force

	preset *preset
}

var _ device.CellModel = (*RRAM)(nil)

const (
	normal    = "normal"
	lognormal = "lognormal"
)

// Info describes the model.
func (m *RRAM) Info() device.Info {
	info := device.Info{
		Name: "rram", Title: "resistive memory after program and verify", Technology: "rram",
		Equations: []string{
			"normal: G(t) = max(0, G_T + e(t) + relax_mean ln(t/t0) + (relax_std0 + relax_std ln(t/t0)) M),  t >= t0, the first of times",
			"lognormal: G(t) = G_T exp(e(t))",
			"e(t) = sigma(G_T, t) N, from one time to the next e <- s e + sqrt(sigma'^2 - s^2 sigma^2) N,  s = min(1, sigma'/sigma)",
			"sigma = g^sigma_exponent (c0 + c1 g + c2 g^2 ...) for each of times, straight in ln t between,  g = G_T/sigma_g",
			"read: max(0, G + read_std max(0, log10(G/uS)) sqrt(ln((t + t_read)/(2 t_read))) N)",
			"bias V: G + nl2 V + nl3 V^2,  nl2 and nl3 polynomials of log10(G/S)",
		},
		Notes: []string{
			"t counts from programming; before t0 a cell stands as at t0, after the last of times sigma stays.",
			"How a cell's errors at different times hang together is not published: independent increments are an assumption. The distribution at each single time is the fit's.",
			"Programming does not clip at g_max. Temperature has no influence.",
			"Cells leave the factory at g_min.",
		},
	}
	if p := m.preset; p != nil {
		info.Name, info.Title = p.name, p.title
		info.Notes = append(info.Notes, p.notes...)
		info.References = p.refs
	}
	return info
}

// Params declares the parameters.
func (m *RRAM) Params() []device.Param {
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	sigmaUnit := "S"
	if m.Distribution == lognormal {
		sigmaUnit = ""
	}
	params := []device.Param{
		{Name: "g_min", Value: &m.GMin, Unit: "S", Range: notNegative, Meaning: "smallest target conductance"},
		{Name: "g_max", Value: &m.GMax, Unit: "S", Range: positive, Meaning: "largest target conductance"},
		{Name: "distribution", Value: &m.Distribution, Options: []string{normal, lognormal}, Meaning: "whether errors add to the conductance or to its logarithm"},
		{Name: "times", Value: &m.Times, Unit: "s", Range: positive, Meaning: "times after programming at which sigma is given, increasing; the first is t0"},
		{Name: "sigma", Value: &m.Sigma, Unit: sigmaUnit, Meaning: "standard deviation of the error, for each of times as many coefficients of ascending powers of the target over sigma_g"},
		{Name: "sigma_g", Value: &m.SigmaG, Unit: "S", Range: positive, Meaning: "conductance by which the target is divided in sigma"},
		{Name: "sigma_exponent", Value: &m.SigmaExponent, Meaning: "exponent of the target over sigma_g by which sigma is multiplied"},
		{Name: "relax_mean", Value: &m.RelaxMean, Unit: "S", Meaning: "shift of the mean per ln(t/t0)"},
		{Name: "relax_std0", Value: &m.RelaxStd0, Unit: "S", Range: notNegative, Meaning: "spread of relaxation at t0"},
		{Name: "relax_std", Value: &m.RelaxStd, Unit: "S", Range: notNegative, Meaning: "growth of the spread of relaxation per ln(t/t0)"},
		{Name: "read_std", Value: &m.ReadStd, Unit: "S", Range: notNegative, Meaning: "standard deviation of the read noise at 10 uS before the time factor"},
		{Name: "t_read", Value: &m.TRead, Unit: "s", Range: positive, Meaning: "duration of a read, which bounds the read noise from above"},
		{Name: "nl2", Value: &m.NL2, Unit: "S/V", Meaning: "quadratic part of the current over the squared voltage, polynomial of log10(G/S) in ascending powers"},
		{Name: "nl3", Value: &m.NL3, Unit: "S/V^2", Meaning: "cubic part of the current over the cubed voltage, polynomial of log10(G/S) in ascending powers"},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "programming misses the target; false programs exactly"},
		{Name: "drift", Value: &m.Drift, Meaning: "conductances relax after t0; false keeps them"},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "reads are noisy; false reads exactly"},
	}
	for i, p := range params {
		params[i].Source = "assumption"
		if m.preset != nil && slices.Contains(m.preset.given, p.Name) {
			params[i].Source = m.preset.source
		}
	}
	return params
}

// Validate returns an error for a value outside its parameter's range, targets or
// times in the wrong order, and a list sigma that does not hold as many
// coefficients for each time.
func (m *RRAM) Validate() error {
	if !(m.GMin < m.GMax) {
		return fmt.Errorf("g_min is %s: must be below g_max, %s", quantity.Format(m.GMin, "S"), quantity.Format(m.GMax, "S"))
	}
	for i, t := range m.Times {
		if i > 0 && !(t > m.Times[i-1]) {
			return fmt.Errorf("entry %d of times, %s, is not above the one before: must increase", i+1, quantity.Format(t, "s"))
		}
	}
	switch {
	case len(m.Times) == 0:
		return fmt.Errorf("times is empty: must hold at least one value")
	case len(m.Sigma) == 0 || len(m.Sigma)%len(m.Times) != 0:
		return fmt.Errorf("sigma holds %d coefficients for %d times: must hold as many for each", len(m.Sigma), len(m.Times))
	case m.SigmaExponent < 0 && m.GMin == 0:
		return fmt.Errorf("sigma_exponent is %g: must be >= 0 where g_min is 0 S", m.SigmaExponent)
	case m.Distribution == lognormal && (m.RelaxMean != 0 || m.RelaxStd0 != 0 || m.RelaxStd != 0):
		return fmt.Errorf("relax_mean, relax_std0 and relax_std are conductances: must be 0 S where distribution is %q", lognormal)
	case m.Times[0] <= m.TRead:
		return fmt.Errorf("the first of times is %s: must be above t_read, %s", quantity.Format(m.Times[0], "s"), quantity.Format(m.TRead, "s"))
	}
	return nil
}

// NewPopulation returns rows x cols cells at GMin. The model has no differences
// between devices apart from those that programming draws, so key and env have
// no influence. The population keeps a copy of the model.
func (m *RRAM) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols)
}

// New is NewPopulation with the concrete type. The error tells of an invalid
// model or of dimensions that are not from 1 to 2^31-1 or have too large a product.
func (m *RRAM) New(rows, cols int) (*Population, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("%s: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", m.Info().Name, rows, cols, math.MaxInt32)
	}
	c := *m
	for _, list := range []*[]float64{&c.Times, &c.Sigma, &c.NL2, &c.NL3} {
		*list = slices.Clone(*list)
	}
	n := rows * cols
	p := &Population{model: c, rows: rows, cols: cols, target: make([]float64, n), relax: make([]float64, n)}
	for range c.Times {
		p.miss = append(p.miss, make([]float64, n))
	}
	for i := range p.target {
		p.target[i] = c.GMin
	}
	return p, nil
}
