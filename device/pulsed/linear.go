package pulsed

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// ConstantStep is the law constant-step: the same step in every state, up to the
// bounds. It implements device.CellModel.
type ConstantStep struct{ Synapse }

// Params declares the parameters.
func (m *ConstantStep) Params() []device.Param { return m.params() }

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *ConstantStep) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *ConstantStep) Info() device.Info {
	return m.info("rram", []string{"up: w + s+ (1 + dw_min_std N), down: w - s- (1 + dw_min_std N)"}, nil)
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *ConstantStep) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		return m.newPopulation(rows, cols, key, func(p *Population, f *factory) {
			if f.row == 0 {
				p.linear(false)
				p.fineness(0)
			}
			m.stick(f)
			for j := range f.z {
				p.fill(f, j, line{offset: float32(f.step[0][j])}, line{offset: float32(-f.step[1][j])})
			}
		})
	})
}

// population checks a model and makes its population.
func population(m device.Model, build func() (*Population, error)) (device.Population, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	p, err := build()
	if err != nil {
		return nil, err
	}
	return p, nil
}

// fill puts a device of a linear law into the population.
func (p *Population) fill(f *factory, j int, up, down line) {
	k := int(f.row)*p.cols + j
	p.walks.Min[k], p.walks.Max[k] = float32(f.min[j]), float32(f.max[j])
	for d, l := range []line{up, down} {
		p.walks.Slope[d][k], p.walks.Offset[d][k] = l.slope, l.offset
	}
}

// LinearStep is the law linear-step: the step changes linearly with the weight. It
// implements device.CellModel.
type LinearStep struct {
	Synapse
	GammaUp       float64 // share of the step up that is lost from weight 0 to the upper bound
	GammaDown     float64 // share of the step down that is lost from weight 0 to the lower bound
	GammaUpDtod   float64 // spread of GammaUp over devices
	GammaDownDtod float64 // spread of GammaDown over devices
	Increasing    bool    // a device may draw a negative share; else its magnitude
	MeanBound     bool    // the shares refer to the nominal bound rather than to the device's own
	MultNoise     bool    // the noise of a step is relative to the step; else to the step at weight 0
	ReverseUp     bool    // the step up shrinks towards the lower bound instead
	ReverseDown   bool    // the step down shrinks towards the upper bound instead
	ReverseOffset float64 // beyond that bound, in weight
}

func newLinearStep(o *origin) *LinearStep {
	return &LinearStep{Synapse: newSynapse(o), GammaUpDtod: 0.05, GammaDownDtod: 0.05, MeanBound: true, MultNoise: true, ReverseOffset: 0.01}
}

// Params declares the parameters.
func (m *LinearStep) Params() []device.Param {
	return m.params(m.shape()...)
}

func (m *LinearStep) shape() []device.Param {
	return []device.Param{
		{Name: "gamma_up", Value: &m.GammaUp, Meaning: "share of the step up that is lost from weight 0 to the upper bound"},
		{Name: "gamma_down", Value: &m.GammaDown, Meaning: "share of the step down that is lost from weight 0 to the lower bound"},
		{Name: "gamma_up_dtod", Value: &m.GammaUpDtod, Range: quantity.NonNegative(), Meaning: "spread of gamma_up from device to device"},
		{Name: "gamma_down_dtod", Value: &m.GammaDownDtod, Range: quantity.NonNegative(), Meaning: "spread of gamma_down from device to device"},
		{Name: "allow_increasing", Value: &m.Increasing, Meaning: "a device may draw a negative gamma; false takes its magnitude"},
		{Name: "mean_bound_reference", Value: &m.MeanBound, Meaning: "gamma refers to the nominal bound; false refers it to the device's own"},
		{Name: "mult_noise", Value: &m.MultNoise, Meaning: "dw_min_std is relative to the step; false to the step at weight 0"},
		{Name: "reverse_up", Value: &m.ReverseUp, Meaning: "the step up shrinks towards the lower bound instead"},
		{Name: "reverse_down", Value: &m.ReverseDown, Meaning: "the step down shrinks towards the upper bound instead"},
		{Name: "reverse_offset", Value: &m.ReverseOffset, Range: quantity.NonNegative(), Meaning: "distance beyond the bound of a reversed direction, in weight"},
	}
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *LinearStep) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *LinearStep) Info() device.Info {
	return m.info("rram", []string{
		"up: w + s+ (1 - gamma_up w/w_max) (1 + dw_min_std N), down: w - s- (1 - gamma_down w/w_min) (1 + dw_min_std N)",
		"with mult_noise = false the noise is s+ dw_min_std N and s- dw_min_std N",
	}, nil)
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *LinearStep) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) { return m.build(rows, cols, key) })
}

func (m *LinearStep) build(rows, cols int, key noise.Key) (*Population, error) {
	return m.newPopulation(rows, cols, key, func(p *Population, f *factory) {
		if f.row == 0 {
			p.linear(!m.MultNoise && p.sigma > 0)
			up, down := m.references(m.WMin, m.WMax)
			p.fineness(m.DwMin * max(math.Abs(over(math.Abs(m.GammaUp)+m.GammaUpDtod, up)), math.Abs(over(math.Abs(m.GammaDown)+m.GammaDownDtod, down))))
		}
		m.stick(f)
		gamma := [2][]float64{make([]float64, p.cols), make([]float64, p.cols)}
		for d, g := range []struct {
			kind      uint64
			mean, std float64
		}{{drawSlopeUp, m.GammaUp, m.GammaUpDtod}, {drawSlopeDown, m.GammaDown, m.GammaDownDtod}} {
			for j, z := range f.normal(g.kind) {
				gamma[d][j] = g.mean + g.std*z
				if !m.Increasing {
					gamma[d][j] = math.Abs(gamma[d][j])
				}
			}
		}
		for j := range f.z {
			lo, hi := f.min[j], f.max[j]
			if m.MeanBound {
				lo, hi = m.WMin, m.WMax
			}
			refUp, refDown := m.references(lo, hi)
			up, down := f.step[0][j], f.step[1][j]
			p.fill(f, j, line{slope: float32(-up * over(gamma[0][j], refUp)), offset: float32(up)}, line{slope: float32(down * over(gamma[1][j], refDown)), offset: float32(-down)})
			if p.add[0] != nil {
				k := int(f.row)*p.cols + j
				p.add[0][k], p.add[1][k] = float32(math.Abs(up)*m.DwMinStd), float32(math.Abs(down)*m.DwMinStd)
			}
		}
	})
}

// references returns the bounds towards which the steps up and down shrink.
func (m *LinearStep) references(lo, hi float64) (up, down float64) {
	up, down = hi, lo
	if m.ReverseUp {
		up = lo - m.ReverseOffset
	}
	if m.ReverseDown {
		down = hi + m.ReverseOffset
	}
	return up, down
}

// over returns a/b, or 0 where b is 0.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// SoftBounds is the law soft-bounds: the step vanishes linearly at the device's own
// bounds, of which a reference device's weight may be subtracted. It implements
// device.CellModel.
type SoftBounds struct {
	Synapse
	MultNoise             bool    // the noise of a step is relative to the step; else to the step at weight 0
	SlopeUpDtod           float64 // further spread of the upper bound, relative in the slope
	SlopeDownDtod         float64 // further spread of the lower bound, relative in the slope
	ReferenceMean         float64 // weight that is subtracted
	ReferenceStd          float64 // its spread over devices
	SubtractSymmetryPoint bool    // the device's own point of equal steps is subtracted too
}

func newSoftBounds(o *origin) *SoftBounds {
	return &SoftBounds{Synapse: newSynapse(o), MultNoise: true}
}

// Params declares the parameters.
func (m *SoftBounds) Params() []device.Param {
	return m.params(
		device.Param{Name: "mult_noise", Value: &m.MultNoise, Meaning: "dw_min_std is relative to the step; false to the step at weight 0"},
		device.Param{Name: "slope_up_dtod", Value: &m.SlopeUpDtod, Range: quantity.NonNegative(), Meaning: "spread of the slope of the step up from device to device, which moves the upper bound"},
		device.Param{Name: "slope_down_dtod", Value: &m.SlopeDownDtod, Range: quantity.NonNegative(), Meaning: "spread of the slope of the step down from device to device, which moves the lower bound"},
		device.Param{Name: "reference_mean", Value: &m.ReferenceMean, Meaning: "weight of the reference device, which is subtracted"},
		device.Param{Name: "reference_std", Value: &m.ReferenceStd, Range: quantity.NonNegative(), Meaning: "spread of the reference from device to device"},
		device.Param{Name: "subtract_symmetry_point", Value: &m.SubtractSymmetryPoint, Meaning: "the weight at which a device's steps are equal is subtracted too, so that it is balanced at weight 0"},
	)
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *SoftBounds) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *SoftBounds) Info() device.Info {
	return m.info("rram", []string{
		"up: w + s+ (1 - (w + ref)/b+) (1 + dw_min_std N), down: w - s- (1 - (w + ref)/b-) (1 + dw_min_std N), between b- - ref and b+ - ref",
		"with mult_noise = false the noise is s+ dw_min_std N and s- dw_min_std N",
		"ref = reference_mean + reference_std N + (s+ - s-)/(s+/b+ - s-/b-), the last with subtract_symmetry_point",
	}, nil)
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *SoftBounds) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		return m.newPopulation(rows, cols, key, func(p *Population, f *factory) { m.row(p, f) })
	})
}

func (m *SoftBounds) row(p *Population, f *factory) {
	if f.row == 0 {
		p.linear(!m.MultNoise && p.sigma > 0)
		p.fineness(m.DwMin * max(over(1, m.WMax), over(-1, m.WMin)))
	}
	m.stick(f)
	for d, slope := range []struct {
		kind uint64
		std  float64
		b    []float64
	}{{drawSlopeUp, m.SlopeUpDtod, f.max}, {drawSlopeDown, m.SlopeDownDtod, f.min}} {
		if slope.std == 0 {
			continue
		}
		for j, z := range f.normal(slope.kind) {
			if f.max[j] > 0 && f.min[j] < 0 && f.step[d][j] != 0 {
				slope.b[j] /= math.Abs(1 + slope.std*z)
			}
		}
	}
	for j, z := range f.normal(drawReference) {
		k := int(f.row)*p.cols + j
		lo, hi, up, down := f.min[j], f.max[j], f.step[0][j], f.step[1][j]
		ref := m.ReferenceMean + m.ReferenceStd*z
		if m.SubtractSymmetryPoint && hi > 0 && lo < 0 && up != 0 {
			point := (up - down) / (up/hi - down/lo)
			ref += point
			p.reset[k] += float32(point)
		}
		// Slopes of bounds on the wrong side of 0 are left out, as in AIHWKIT.
		up1, down1 := over(up, math.Max(0, hi)), over(down, math.Min(0, lo))
		if p.add[0] != nil {
			p.add[0][k], p.add[1][k] = float32(math.Abs(up)*m.DwMinStd), float32(math.Abs(down)*m.DwMinStd)
		}
		f.min[j], f.max[j] = lo-ref, hi-ref
		p.fill(f, j, line{slope: float32(-up1), offset: float32(up - ref*up1)}, line{slope: float32(down1), offset: float32(ref*down1 - down)})
	}
}
