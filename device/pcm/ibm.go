package pcm

import (
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// IBM is the statistical model pcm-ibm of phase-change memory cells, see the
// package comment. Conductances relative to GMax are called g. NewIBM returns
// it with the published constants; it implements device.CellModel.
type IBM struct {
	GMax float64 // largest target conductance, S
	T0   float64 // time after programming at which the programmed state is defined, s

	ProgCoefficients []float64 // polynomial of σ_P in the target's g, ascending powers, S
	ProgGMax         float64   // GMax of the cells of ProgCoefficients, S; σ_P scales with GMax/ProgGMax

	NuMeanCoefficients []float64 // polynomial of μ_ν in ln g of the target, ascending powers
	NuMeanMin          float64   // lower bound of μ_ν
	NuMeanMax          float64   // upper bound of μ_ν
	NuStdCoefficients  []float64 // polynomial of σ_ν in ln g of the target, ascending powers
	NuStdMin           float64   // lower bound of σ_ν
	NuStdMax           float64   // upper bound of σ_ν
	NuGMin             float64   // lower bound of g in ln g
	NuMeanCut          float64   // g from which on μ_ν is NuMeanHigh; above 1 for nowhere
	NuMeanHigh         []float64 // polynomial of μ_ν in g from NuMeanCut on, ascending powers
	NuStdCut           float64   // g from which on σ_ν is NuStdHigh; above 1 for nowhere
	NuStdHigh          []float64 // polynomial of σ_ν in g from NuStdCut on, ascending powers

	TRead     float64 // duration t_r of a read, s
	QScale    float64 // Q = min(QScale / max(g^QExponent, QPowerMin), QMax) with g of the programmed conductance
	QExponent float64 // exponent of g in Q
	QPowerMin float64 // lower bound of g^QExponent in Q
	QMax      float64 // upper bound of Q

	QLaw          string    // "power", or "log" for a polynomial in ln g in its place
	QCoefficients []float64 // polynomial of Q in ln g, ascending powers, from QMin to QMax
	QMin          float64   // lower bound of the polynomial
	QCut          float64   // g from which on the law log is QHigh; above 1 for nowhere
	QHigh         []float64 // polynomial of Q in g from QCut on, ascending powers

	EaCoefficients []float64 // polynomial of the activation energy E_a in the programmed g, cut at 1, ascending powers, J
	TRef           float64   // temperature at which the conductances hold, K

	ProgrammingNoise bool    // σ_P is in force
	Drift            bool    // ν is in force
	ReadNoise        bool    // Q is in force
	ProgNoiseScale   float64 // factor on σ_P
	DriftScale       float64 // factor on ν
	ReadNoiseScale   float64 // factor on Q

	preset *preset
}

// A preset names another fit and its source.
type preset struct {
	name, title, source string
	given               []string // parameters that the source gives
	refs                []device.Reference
	notes               []string
}

const (
	lawPower = "power"
	lawLog   = "log"
)

var _ device.CellModel = (*IBM)(nil)

// NewIBM returns the model with the constants of the fit to a million
// GST cells, doi:10.1109/ICECS46596.2019.8964852, as AIHWKIT holds them,
// doi:10.1109/AICAS51828.2021.9458494.
func NewIBM() *IBM {
	return &IBM{
		GMax: 25e-6, T0: 20,
		ProgCoefficients: []float64{0.26348e-6, 1.9650e-6, -1.1731e-6}, ProgGMax: 25e-6,
		NuMeanCoefficients: []float64{0.0244, -0.0155}, NuMeanMin: 0.049, NuMeanMax: 0.1,
		NuStdCoefficients: []float64{-0.0059, -0.0125}, NuStdMin: 0.008, NuStdMax: 0.045,
		NuGMin: 1e-7, NuMeanCut: 2, NuMeanHigh: []float64{0}, NuStdCut: 2, NuStdHigh: []float64{0},
		QLaw: lawPower, QCoefficients: []float64{0}, QCut: 2, QHigh: []float64{0},
		EaCoefficients: []float64{quantity.EV(0.2), quantity.EV(-0.15)}, TRef: 300,
		TRead: 250e-9, QScale: 0.0088, QExponent: 0.65, QPowerMin: 1e-3, QMax: 0.2,
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
		ProgNoiseScale: 1, DriftScale: 1, ReadNoiseScale: 1,
	}
}

// Models lists the models of this package.
func Models() []device.Entry {
	return []device.Entry{
		{Name: "pcm-cell", New: func() device.Model { return NewCell() }},
		{Name: "pcm-ibm", New: func() device.Model { return NewIBM() }},
		{Name: "pcm-ibm/hermes-1", New: func() device.Model { return NewHermes(1) }},
		{Name: "pcm-ibm/hermes-2", New: func() device.Model { return NewHermes(2) }},
		{Name: "pcm-ibm/crosssim", New: func() device.Model { return newCrossSim() }},
		{Name: "pcm-accumulation", New: func() device.Model { return NewAccumulation() }},
	}
}

// Info describes the model.
func (m *IBM) Info() device.Info {
	info := device.Info{
		Name:       "pcm-ibm",
		Title:      "phase-change memory after iterative programming, statistics of a million cells",
		Technology: "pcm",
		Equations: []string{
			"G_P = max(0, G_T + prog_noise_scale sigma_P N),  g = G_T/g_max",
			"sigma_P = max(0, c0 + c1 g + c2 g^2) g_max/prog_g_max",
			"G(t) = G_P (t/t0)^-nu for t >= t0, G_P before",
			"nu = drift_scale |mu_nu + sigma_nu N|, drawn once per programming",
			"mu_nu, sigma_nu = clipped polynomials of ln g",
			"Q = min(q_scale / max((G_P/g_max)^q_exponent, q_power_min), q_max)",
			"G_R = max(0, G(t) (1 + read_noise_scale Q sqrt(ln((t + t_read)/(2 t_read))) N))",
			"at the temperature T of a read G(t) is exp(-E_a/k (1/T - 1/t_ref)) times as large,  E_a = polynomial of min(G_P/g_max, 1)",
		},
		Notes: []string{
			"t counts from programming. The programmed state is defined at t0; there is no drift before.",
			"The read noise is 1/f noise integrated from 1/t to 1/(2 t_read). Reads that follow each other share its slow part.",
			"Q follows the programmed conductance, sigma_P and nu the target.",
			"Programming does not clip at g_max: a cell may end above it.",
			"The fit is for room temperature. That conductances of all states rise with temperature, the lower ones more, is measured (Boybat2021); the activation energies here are assumptions of the usual order. They change reads at once and leave programming and drift alone: collective relaxation has one drift exponent for all temperatures.",
			"Bias has no influence.",
			"Cells leave the factory in the RESET state, taken as 0 S.",
		},
		References: []device.Reference{
			{
				Key: "Nandakumar2019", Authors: "S. R. Nandakumar and I. Boybat and V. Joshi and C. Piveteau and M. Le Gallo and B. Rajendran and A. Sebastian and E. Eleftheriou",
				Title:   "Phase-change memory models for deep learning training and inference",
				Journal: "26th IEEE International Conference on Electronics, Circuits and Systems (ICECS)", Pages: "727", Year: 2019, DOI: "10.1109/ICECS46596.2019.8964852",
			},
			{
				Key: "Joshi2020", Authors: "V. Joshi and M. Le Gallo and S. Haefeli and I. Boybat and S. R. Nandakumar and C. Piveteau and M. Dazzi and B. Rajendran and A. Sebastian and E. Eleftheriou",
				Title: "Accurate deep neural network inference using computational phase-change memory", Journal: "Nature Communications", Volume: "11", Pages: "2473", Year: 2020, DOI: "10.1038/s41467-020-16108-9",
			},
			{
				Key: "Rasch2021", Authors: "M. J. Rasch and D. Moreda and T. Gokmen and M. Le Gallo and F. Carta and C. Goldberg and K. El Maghraoui and A. Sebastian and V. Narayanan",
				Title:   "A flexible and fast PyTorch toolkit for simulating training and inference on analog crossbar arrays",
				Journal: "3rd IEEE International Conference on Artificial Intelligence Circuits and Systems (AICAS)", Year: 2021, DOI: "10.1109/AICAS51828.2021.9458494",
			},
			{
				Key: "Boybat2021", Authors: "I. Boybat and B. Kersting and S. G. Sarwat and X. Timoneda and R. L. Bruce and M. BrightSky and M. Le Gallo and A. Sebastian",
				Title:   "Temperature sensitivity of analog in-memory computing using phase-change memory",
				Journal: "IEEE International Electron Devices Meeting (IEDM)", Year: 2021, DOI: "10.1109/IEDM19574.2021.9720519",
			},
		},
	}
	if m.preset != nil {
		info.Name, info.Title = m.preset.name, m.preset.title
		info.Notes = append(info.Notes, m.preset.notes...)
		info.References = append(info.References, m.preset.refs...)
	}
	return info
}

// Params declares the parameters.
func (m *IBM) Params() []device.Param {
	const fit, code = "Nandakumar2019", "Rasch2021"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	params := []device.Param{
		{Name: "g_max", Value: &m.GMax, Unit: "S", Range: positive, Meaning: "largest target conductance", Source: fit},
		{Name: "t0", Value: &m.T0, Unit: "s", Range: positive, Meaning: "time after programming at which the programmed state is defined and drift begins", Source: fit},
		{Name: "prog_coefficients", Value: &m.ProgCoefficients, Unit: "S", Meaning: "standard deviation of programming, polynomial of the target's g in ascending powers", Source: fit},
		{Name: "prog_g_max", Value: &m.ProgGMax, Unit: "S", Range: positive, Meaning: "g_max of the cells of prog_coefficients, which scale with g_max over it", Source: code},
		{Name: "nu_mean_coefficients", Value: &m.NuMeanCoefficients, Meaning: "mean drift exponent, polynomial of ln g of the target in ascending powers", Source: fit},
		{Name: "nu_mean_min", Value: &m.NuMeanMin, Range: notNegative, Meaning: "lower bound of the mean drift exponent", Source: fit},
		{Name: "nu_mean_max", Value: &m.NuMeanMax, Range: notNegative, Meaning: "upper bound of the mean drift exponent", Source: fit},
		{Name: "nu_std_coefficients", Value: &m.NuStdCoefficients, Meaning: "standard deviation of the drift exponent, polynomial of ln g of the target in ascending powers", Source: fit},
		{Name: "nu_std_min", Value: &m.NuStdMin, Range: notNegative, Meaning: "lower bound of the standard deviation of the drift exponent", Source: fit},
		{Name: "nu_std_max", Value: &m.NuStdMax, Range: notNegative, Meaning: "upper bound of the standard deviation of the drift exponent", Source: fit},
		{Name: "nu_g_min", Value: &m.NuGMin, Range: quantity.Range{Min: 0, Max: 1, MinOpen: true}, Meaning: "lower bound of g in the logarithm of the drift exponent's polynomials", Source: code},
		{Name: "t_read", Value: &m.TRead, Unit: "s", Range: positive, Meaning: "duration of a read, which bounds the 1/f noise from above", Source: fit},
		{Name: "q_scale", Value: &m.QScale, Range: notNegative, Meaning: "relative read noise at g = 1 before the time factor", Source: fit},
		{Name: "q_exponent", Value: &m.QExponent, Range: positive, Meaning: "exponent with which the relative read noise falls with g", Source: fit},
		{Name: "q_power_min", Value: &m.QPowerMin, Range: positive, Meaning: "lower bound of g to the power q_exponent", Source: code},
		{Name: "q_max", Value: &m.QMax, Range: notNegative, Meaning: "upper bound of the relative read noise before the time factor", Source: fit},
		{Name: "nu_mean_cut", Value: &m.NuMeanCut, Range: notNegative, Meaning: "g of the target from which on nu_mean_high holds; above 1 for nowhere", Source: fit},
		{Name: "nu_mean_high", Value: &m.NuMeanHigh, Meaning: "mean drift exponent from nu_mean_cut on, polynomial of the target's g in ascending powers", Source: fit},
		{Name: "nu_std_cut", Value: &m.NuStdCut, Range: notNegative, Meaning: "g of the target from which on nu_std_high holds; above 1 for nowhere", Source: fit},
		{Name: "nu_std_high", Value: &m.NuStdHigh, Meaning: "standard deviation of the drift exponent from nu_std_cut on, polynomial of the target's g in ascending powers", Source: fit},
		{Name: "q_law", Value: &m.QLaw, Options: []string{lawPower, lawLog}, Meaning: "relative read noise as a power of g, or as a polynomial of ln g", Source: fit},
		{Name: "q_coefficients", Value: &m.QCoefficients, Meaning: "relative read noise of the law log, before the time factor, polynomial of ln g in ascending powers", Source: fit},
		{Name: "q_min", Value: &m.QMin, Range: notNegative, Meaning: "lower bound of q_coefficients' polynomial", Source: fit},
		{Name: "q_cut", Value: &m.QCut, Range: notNegative, Meaning: "g from which on the law log is q_high; above 1 for nowhere", Source: fit},
		{Name: "q_high", Value: &m.QHigh, Meaning: "relative read noise from q_cut on, polynomial of g in ascending powers", Source: fit},
		{Name: "ea_coefficients", Value: &m.EaCoefficients, Unit: "eV", Meaning: "activation energy of the conductance, polynomial of the programmed g, cut at 1, in ascending powers", Source: "assumption"},
		{Name: "t_ref", Value: &m.TRef, Unit: "K", Range: positive, Meaning: "temperature at which the conductances hold", Source: "assumption"},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "programming misses the target; false programs exactly", Source: "assumption"},
		{Name: "drift", Value: &m.Drift, Meaning: "conductances drift; false keeps them", Source: "assumption"},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "reads are noisy; false reads exactly", Source: "assumption"},
		{Name: "prog_noise_scale", Value: &m.ProgNoiseScale, Range: notNegative, Meaning: "factor on the standard deviation of programming", Source: "assumption"},
		{Name: "drift_scale", Value: &m.DriftScale, Range: notNegative, Meaning: "factor on the drift exponent", Source: "assumption"},
		{Name: "read_noise_scale", Value: &m.ReadNoiseScale, Range: notNegative, Meaning: "factor on the standard deviation of read noise", Source: "assumption"},
	}
	if m.preset != nil {
		for i, p := range params {
			if slices.Contains(m.preset.given, p.Name) {
				params[i].Source = m.preset.source
			}
		}
	}
	return params
}

// Validate returns an error for a value outside its parameter's range, bounds
// in the wrong order, and a t0 that is not above t_read.
func (m *IBM) Validate() error {
	for _, p := range m.Params() {
		r := p.Range
		if r == (quantity.Range{}) {
			r = quantity.Any()
		}
		var values []float64
		switch v := p.Value.(type) {
		case *float64:
			values = []float64{*v}
		case *[]float64:
			if values = *v; len(values) == 0 {
				return fmt.Errorf("%s is empty: must hold at least one value", p.Name)
			}
		}
		for _, x := range values {
			if !r.Contains(x) {
				return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(x, p.Unit), r.Text(p.Unit))
			}
		}
	}
	switch {
	case m.NuMeanMin > m.NuMeanMax:
		return fmt.Errorf("nu_mean_min is %g: must be at most nu_mean_max, %g", m.NuMeanMin, m.NuMeanMax)
	case m.NuStdMin > m.NuStdMax:
		return fmt.Errorf("nu_std_min is %g: must be at most nu_std_max, %g", m.NuStdMin, m.NuStdMax)
	case m.QLaw != lawPower && m.QLaw != lawLog:
		return fmt.Errorf("q_law is %q: must be %q or %q", m.QLaw, lawPower, lawLog)
	case m.QMin > m.QMax:
		return fmt.Errorf("q_min is %g: must be at most q_max, %g", m.QMin, m.QMax)
	case m.T0 <= m.TRead:
		return fmt.Errorf("t0 is %s: must be above t_read, %s", quantity.Format(m.T0, "s"), quantity.Format(m.TRead, "s"))
	}
	return nil
}

// NewPopulation returns rows x cols cells in the RESET state (0 S). The model
// has no device-to-device differences apart from those that programming
// draws, so key and env have no influence. The population keeps a copy of the model.
func (m *IBM) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols)
}

// New is NewPopulation with the concrete type. The error tells of an invalid
// model or of dimensions that are not from 1 to 2^31-1 or have too large a product.
func (m *IBM) New(rows, cols int) (*Population, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", m.Info().Name, err)
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("%s: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", m.Info().Name, rows, cols, math.MaxInt32)
	}
	c := *m
	for _, list := range []*[]float64{&c.ProgCoefficients, &c.NuMeanCoefficients, &c.NuMeanHigh, &c.NuStdCoefficients, &c.NuStdHigh, &c.QCoefficients, &c.QHigh, &c.EaCoefficients} {
		*list = slices.Clone(*list)
	}
	n := rows * cols
	return &Population{
		model: c, rows: rows, cols: cols,
		g: make([]float64, n), nu: make([]float64, n), q: make([]float64, n),
	}, nil
}
