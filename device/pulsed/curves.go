package pulsed

import (
	"fmt"
	"math"
	"strings"

	"mho/device"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/internal/vmath"
	"mho/noise"
)

// bend allocates what a law that is not linear needs.
func (p *Population) bend(law curve) {
	p.law = law
	for d := range p.scale {
		p.scale[d] = make([]float32, len(p.w))
	}
}

// fillCurve puts a device of a law that is not linear into the population.
func (p *Population) fillCurve(f *factory, j int) {
	k := int(f.row)*p.cols + j
	p.walks.Min[k], p.walks.Max[k] = float32(f.min[j]), float32(f.max[j])
	p.scale[0][k], p.scale[1][k] = float32(f.step[0][j]), float32(f.step[1][j])
}

// PowStep is the law pow-step: the step is a power of the distance from the bound,
// S. Fusi and L. F. Abbott, doi:10.1038/nn1859. It implements device.CellModel.
type PowStep struct {
	Synapse
	Gamma           float64 // exponent
	GammaDtod       float64 // its spread over devices, relative
	GammaUpDown     float64 // imbalance of the exponents of the directions, relative
	GammaUpDownDtod float64 // its spread over devices, relative
}

func newPowStep(o *origin) *PowStep {
	return &PowStep{Synapse: newSynapse(o), Gamma: 1, GammaDtod: 0.1}
}

// Params declares the parameters.
func (m *PowStep) Params() []device.Param {
	return m.params(
		device.Param{Name: "pow_gamma", Value: &m.Gamma, Range: quantity.NonNegative(), Meaning: "exponent of the distance from the bound"},
		device.Param{Name: "pow_gamma_dtod", Value: &m.GammaDtod, Range: quantity.NonNegative(), Meaning: "spread of the exponent from device to device, relative"},
		device.Param{Name: "pow_up_down", Value: &m.GammaUpDown, Range: quantity.Between(-1, 1), Meaning: "imbalance of the exponents: a positive one lowers that of steps down, a negative one that of steps up"},
		device.Param{Name: "pow_up_down_dtod", Value: &m.GammaUpDownDtod, Range: quantity.NonNegative(), Meaning: "spread of that imbalance from device to device"},
	)
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *PowStep) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *PowStep) Info() device.Info {
	return m.info("rram", []string{
		"up: w + s+ ((b+ - w)/(b+ - b-))^g+ (1 + dw_min_std N), down: w - s- ((w - b-)/(b+ - b-))^g- (1 + dw_min_std N)",
		"g+ = pow_gamma (1 + pow_gamma_dtod N + min(0, pow_up_down) + r), g- = pow_gamma (1 + pow_gamma_dtod N - max(0, pow_up_down) - r), r = pow_up_down_dtod N, once per device",
	}, []string{"At weight 0 the step is not dw_min but dw_min times a power of about one half."})
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *PowStep) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		return m.newPopulation(rows, cols, key, func(p *Population, f *factory) {
			if f.row == 0 {
				p.bend(powers{})
				p.gamma = [2][]float32{make([]float32, len(p.w)), make([]float32, len(p.w))}
			}
			m.stick(f)
			first := int(f.row) * p.cols
			gain := make([]float64, p.cols)
			copy(gain, f.normal(drawSlopeUp))
			for j, z := range f.normal(drawSlopeDown) {
				g, r := 1+m.GammaDtod*gain[j], m.GammaUpDownDtod*z
				up := m.Gamma * (g + math.Min(0, m.GammaUpDown) + r)
				down := m.Gamma * (g - math.Max(0, m.GammaUpDown) - r)
				if m.Consistent {
					up, down = math.Abs(up), math.Abs(down)
				}
				p.gamma[0][first+j], p.gamma[1][first+j] = float32(up), float32(down)
				p.fillCurve(f, j)
			}
		})
	})
}

type powers struct{}

func (powers) relative(y []float64, p *Population, first int, alpha []float64) {
	for j, a := range alpha {
		k := first + j
		lo, hi := float64(p.walks.Min[k]), float64(p.walks.Max[k])
		x := hi - p.w[k]
		if a < 0 {
			x = p.w[k] - lo
		}
		// A bound itself gives ln 0 = -Inf and a step of 0, a stuck device nothing.
		y[j] = 1
		if hi > lo {
			y[j] = math.Max(0, x/(hi-lo))
		}
	}
	vmath.Ln(y, y)
	for j, a := range alpha {
		d := 0
		if a < 0 {
			d = 1
		}
		if g := float64(p.gamma[d][first+j]); g != 0 {
			y[j] *= g
		} else {
			y[j] = 0
		}
	}
	vmath.Exp(y, y)
}

// ExpStep is the law exp-step: the step falls exponentially towards the bounds, as
// in filamentary and phase-change devices. It implements device.CellModel.
type ExpStep struct {
	Synapse
	AUp, ADown         float64 // amplitudes
	GammaUp, GammaDown float64 // rates
	A, B               float64 // scale and offset of the weight in the exponent
	StdAdd             float64 // further noise of a step, in weight before DwMinStd
	StdSlope           float64 // further noise of a step, relative to the weight before DwMinStd
}

func newExpStep(o *origin) *ExpStep {
	return &ExpStep{Synapse: newSynapse(o), AUp: 0.00081, ADown: 0.36833, GammaUp: 12.44625, GammaDown: 12.78785, A: 0.244, B: 0.2425}
}

// Params declares the parameters.
func (m *ExpStep) Params() []device.Param {
	return m.params(
		device.Param{Name: "a_up", Aliases: []string{"A_up"}, Value: &m.AUp, Meaning: "amplitude of the exponential in the step up"},
		device.Param{Name: "a_down", Aliases: []string{"A_down"}, Value: &m.ADown, Meaning: "amplitude of the exponential in the step down"},
		device.Param{Name: "gamma_up", Value: &m.GammaUp, Meaning: "rate of the exponential in the step up"},
		device.Param{Name: "gamma_down", Value: &m.GammaDown, Meaning: "rate of the exponential in the step down"},
		device.Param{Name: "a", Value: &m.A, Meaning: "scale of the weight in the exponent"},
		device.Param{Name: "b", Value: &m.B, Meaning: "offset of the exponent"},
		device.Param{Name: "dw_min_std_add", Value: &m.StdAdd, Range: quantity.NonNegative(), Meaning: "noise of a step beside that of its size, in weight, times dw_min_std"},
		device.Param{Name: "dw_min_std_slope", Value: &m.StdSlope, Range: quantity.NonNegative(), Meaning: "noise of a step beside that of its size, relative to the weight, times dw_min_std"},
	)
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *ExpStep) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *ExpStep) Info() device.Info {
	return m.info("rram", []string{
		"z = 2 a w/(b+ - b-) + b",
		"up: w + s+ max(0, 1 - a_up exp(gamma_up z)) + noise, down: w - s- max(0, 1 - a_down exp(-gamma_down z)) + noise",
		"noise = dw_min_std (|step| + dw_min_std_add + dw_min_std_slope |w|) N",
	}, nil)
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *ExpStep) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		return m.newPopulation(rows, cols, key, func(p *Population, f *factory) {
			if f.row == 0 {
				p.bend(exponentials{a: [2]float64{m.AUp, m.ADown}, gamma: [2]float64{m.GammaUp, -m.GammaDown}, scale: m.A, offset: m.B})
				p.stdAdd, p.stdSlope = m.StdAdd, m.StdSlope
			}
			m.stick(f)
			for j := range f.z {
				p.fillCurve(f, j)
			}
		})
	})
}

type exponentials struct {
	a, gamma      [2]float64
	scale, offset float64
}

func (e exponentials) relative(y []float64, p *Population, first int, alpha []float64) {
	for j, a := range alpha {
		k := first + j
		d := 0
		if a < 0 {
			d = 1
		}
		y[j] = 0
		if width := float64(p.walks.Max[k]) - float64(p.walks.Min[k]); width > 0 {
			y[j] = e.gamma[d] * (2*p.w[k]/width*e.scale + e.offset)
		}
	}
	vmath.Exp(y, y)
	for j, a := range alpha {
		d := 0
		if a < 0 {
			d = 1
		}
		y[j] = math.Max(0, 1-e.a[d]*y[j])
	}
}

// PiecewiseStep is the law piecewise-step: steps from a table over the range of the
// device, straight between its nodes. It implements device.CellModel.
type PiecewiseStep struct {
	Synapse
	Up    []float64 // steps up relative to DwMin, at nodes evenly spaced from the lower to the upper bound
	Down  []float64 // steps down, likewise
	Table string    // a file of both instead: .csv or .npz with columns or arrays step_up and step_down
}

func newPiecewiseStep(o *origin) *PiecewiseStep {
	return &PiecewiseStep{Synapse: newSynapse(o), Up: []float64{1}, Down: []float64{1}}
}

// Params declares the parameters.
func (m *PiecewiseStep) Params() []device.Param {
	return m.params(
		device.Param{Name: "step_up", Aliases: []string{"piecewise_up"}, Value: &m.Up, Range: quantity.NonNegative(), Meaning: "steps up relative to dw_min, at nodes evenly spaced from the lower to the upper bound"},
		device.Param{Name: "step_down", Aliases: []string{"piecewise_down"}, Value: &m.Down, Range: quantity.NonNegative(), Meaning: "steps down relative to dw_min, at the same nodes"},
		device.Param{Name: "table", Value: &m.Table, Meaning: "file of both tables instead: .csv with columns, or .npz with arrays, step_up and step_down; empty is none"},
	)
}

// Validate returns an error for a value outside its parameter's range, for bounds
// in the wrong order, and for tables that are empty or of unequal length.
func (m *PiecewiseStep) Validate() error {
	if err := m.validate(m.Params()); err != nil {
		return err
	}
	up, down, err := m.tables()
	switch {
	case err != nil:
		return err
	case len(up) == 0 || len(up) != len(down):
		return fmt.Errorf("step_up has %d nodes and step_down %d: must have as many, at least one", len(up), len(down))
	}
	for name, v := range map[string][]float64{"step_up": up, "step_down": down} {
		for i, x := range v {
			if !(x >= 0) || math.IsInf(x, 0) {
				return fmt.Errorf("%s at node %d is %g: must be >= 0", name, i+1, x)
			}
		}
	}
	return nil
}

// tables returns the steps up and down.
func (m *PiecewiseStep) tables() (up, down []float64, err error) {
	if m.Table == "" {
		return m.Up, m.Down, nil
	}
	for _, part := range []struct {
		name string
		dst  *[]float64
	}{{"step_up", &up}, {"step_down", &down}} {
		if strings.HasSuffix(m.Table, ".npz") {
			*part.dst, err = fromNPZ(m.Table, part.name)
		} else {
			*part.dst, err = fromCSV(m.Table, part.name)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("table: %w", err)
		}
	}
	return up, down, nil
}

// Info describes the model.
func (m *PiecewiseStep) Info() device.Info {
	return m.info("rram", []string{"up: w + s+ f+((w - b-)/(b+ - b-)) (1 + dw_min_std N), down: w - s- f-((w - b-)/(b+ - b-)) (1 + dw_min_std N), f straight between the nodes of step_up and step_down"},
		[]string{"With one node the step is constant."})
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *PiecewiseStep) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		up, down, err := m.tables()
		if err != nil {
			return nil, err
		}
		return m.newPopulation(rows, cols, key, func(p *Population, f *factory) {
			if f.row == 0 {
				p.bend(table{up, down})
			}
			m.stick(f)
			for j := range f.z {
				p.fillCurve(f, j)
			}
		})
	})
}

type table [2][]float64

func (t table) relative(y []float64, p *Population, first int, alpha []float64) {
	last := len(t[0]) - 1
	for j, a := range alpha {
		k := first + j
		d := 0
		if a < 0 {
			d = 1
		}
		v := t[d]
		lo, hi := float64(p.walks.Min[k]), float64(p.walks.Max[k])
		if last == 0 || hi <= lo {
			y[j] = v[0]
			continue
		}
		x := (p.w[k] - lo) / (hi - lo) * float64(last)
		i := min(max(int(x), 0), last-1)
		f := min(max(x-float64(i), 0), 1)
		y[j] = (1-f)*v[i] + f*v[i+1]
	}
}

func fromCSV(path, name string) ([]float64, error) {
	t, err := files.ReadTable(path)
	if err != nil {
		return nil, err
	}
	for _, c := range t.Columns {
		if c.Name == name && c.Values != nil {
			return c.Values, nil
		}
	}
	return nil, fmt.Errorf("%s: no column %s of numbers: must have step_up and step_down", path, name)
}

func fromNPZ(path, name string) ([]float64, error) {
	arrays, err := files.ReadNPZ(path)
	if err != nil {
		return nil, err
	}
	a := arrays[name]
	v, ok := a.Data.([]float64)
	if !ok || len(a.Shape) != 1 {
		return nil, fmt.Errorf("%s: no array %s of one dimension of float64: must have step_up and step_down", path, name)
	}
	return v, nil
}
