package pulsed

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// NeuroSim is the law neurosim of conductance against the number of pulses,
//
//	G(P) = g_min + B (1 - exp(-P/A)),  B = (g_max - g_min)/(1 - exp(-P_max/A)),
//
// for potentiation with P rising and for depression with P falling, each with its
// own P_max and A. A/P_max follows from the label NL, whose sign it has: see
// Nonlinearity. From one pulse to the next the step is linear in G, so the weight,
// (G - g_min)/(g_max - g_min), goes by
//
//	Δ+ = (B+ - w)(1 - exp(-1/A+)),  Δ- = -(B- - w)(exp(1/A-) - 1)
//
// with B in units of the range. It implements device.CellModel.
type NeuroSim struct {
	Cell
	StatesUp   int     // pulses from g_min to g_max
	StatesDown int     // pulses from g_max to g_min
	NLUp       float64 // nonlinearity of potentiation; > 0 rises fast at first
	NLDown     float64 // nonlinearity of depression; < 0 falls fast at first
	NLDtod     float64 // spread of both over devices
	C2C        float64 // standard deviation of a pulse, share of g_max - g_min
	RangeDtod  float64 // spread of both bounds over devices, share of g_max - g_min

	origin *origin
}

// Params declares the parameters.
func (m *NeuroSim) Params() []device.Param {
	notNegative, labels := quantity.NonNegative(), quantity.Between(-9, 9)
	p := m.origin.sources([]device.Param{
		{Name: "states_up", Value: &m.StatesUp, Range: quantity.Between(1, 1e6), Meaning: "pulses from g_min to g_max"},
		{Name: "states_down", Value: &m.StatesDown, Range: quantity.Between(1, 1e6), Meaning: "pulses from g_max to g_min"},
		{Name: "nl_up", Value: &m.NLUp, Range: labels, Meaning: "label of the nonlinearity of potentiation: positive is steep at g_min"},
		{Name: "nl_down", Value: &m.NLDown, Range: labels, Meaning: "label of the nonlinearity of depression: negative is steep at g_max"},
		{Name: "nl_dtod", Value: &m.NLDtod, Range: notNegative, Meaning: "spread of the labels from device to device"},
		{Name: "c2c", Value: &m.C2C, Range: notNegative, Meaning: "standard deviation of a pulse, as a share of g_max - g_min"},
		{Name: "range_dtod", Value: &m.RangeDtod, Range: notNegative, Meaning: "spread of g_min and g_max from device to device, as a share of g_max - g_min"},
	}, "assumption")
	return append(p, m.Cell.params(m.origin)...)
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *NeuroSim) Validate() error {
	if err := checkAll(m.Params()); err != nil {
		return err
	}
	return m.Cell.validate()
}

// Info describes the model.
func (m *NeuroSim) Info() device.Info {
	i := device.Info{
		Name: m.origin.name, Title: m.origin.title, Technology: "rram",
		Equations: []string{
			"G(P) = g_min + B (1 - exp(-P/A)), B = (g_max - g_min)/(1 - exp(-P_max/A)); P rises from 0 to states_up, or falls from states_down to 0",
			"A = P_max a(NL) with the sign of NL: max over x of |f(x) - x| = 0.07 sqrt(2) |NL| for f(x) = (1 - exp(-x/a))/(1 - exp(-1/a)); NL = 0 is the straight line",
			"G + c2c (g_max - g_min) N at each pulse, then clipped to the bounds",
			"bounds g_min, g_max + range_dtod (g_max - g_min) N and NL + nl_dtod N, once per device",
			"pulse of v volts and width t: (v/v_up - v_threshold)/(1 - v_threshold) t/t_pulse steps up, likewise down; none below the threshold",
		},
		Notes: append([]string{
			"The step depends on the conductance alone, so potentiation and depression may follow each other in any order.",
			"A pulse's noise does not depend on its step. n pulses have sqrt(n) times the noise of one, but for the bounds.",
			"Cells leave the factory at g_min.",
		}, m.origin.notes...),
		References: append([]device.Reference{chen2018}, m.origin.refs...),
	}
	if m.origin.name == "neurosim/hzo-fefet" {
		i.Technology = "ferroelectric"
	}
	return i
}

// NewPopulation returns rows x cols devices at g_min; key draws their differences.
func (m *NeuroSim) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) { return m.build(rows, cols, key) })
}

func (m *NeuroSim) build(rows, cols int, key noise.Key) (*Population, error) {
	p, err := m.Cell.newPopulation(m.origin.name, rows, cols)
	if err != nil {
		return nil, err
	}
	p.wMin, p.wMax = 0, 1
	p.dw = 1 / float64(max(m.StatesUp, m.StatesDown))
	noisy := m.ProgrammingNoise && m.C2C > 0
	p.linear(noisy)
	if noisy {
		for d := range p.add {
			for k := range p.add[d] {
				p.add[d][k] = float32(m.C2C)
			}
		}
	}
	up, down := m.lines(m.NLUp, m.NLDown)
	p.fineness(max(math.Abs(float64(up.slope)), math.Abs(float64(down.slope))))
	f := &factory{key: key.Domain(noise.D2D), z: make([]float64, cols), max: make([]float64, cols), min: make([]float64, cols)}
	for i := range rows {
		f.row = uint32(i)
		for j := range cols {
			f.min[j], f.max[j] = 0, 1
		}
		if m.RangeDtod > 0 {
			for j, z := range f.normal(drawMin) {
				f.min[j] = m.RangeDtod * z
			}
			for j, z := range f.normal(drawMax) {
				f.max[j] = max(1+m.RangeDtod*z, f.min[j])
			}
		}
		labels := make([]float64, cols)
		copy(labels, f.normal(drawSlopeUp))
		for j, z := range f.normal(drawSlopeDown) {
			if m.NLDtod > 0 {
				up, down = m.lines(label(m.NLUp+m.NLDtod*labels[j]), label(m.NLDown+m.NLDtod*z))
			}
			width := f.max[j] - f.min[j]
			p.fill(f, j, stretch(up, f.min[j], width), stretch(down, f.min[j], width))
		}
	}
	for k := range p.w {
		p.w[k] = float64(p.walks.Min[k])
	}
	return p, nil
}

// label keeps a label in the range of NeuroSim's table.
func label(nl float64) float64 { return min(max(nl, -9), 9) }

// stretch makes the step of a device with the range [min, min + width] from that
// of one with [0, 1].
func stretch(l line, min, width float64) line {
	return line{slope: l.slope, offset: float32(width*float64(l.offset) - min*float64(l.slope))}
}

// lines returns the steps in weight.
func (m *NeuroSim) lines(nlUp, nlDown float64) (up, down line) {
	n := float64(m.StatesUp)
	up = line{offset: float32(1 / n)}
	if nlUp != 0 {
		a := Nonlinearity(nlUp) * n
		q := math.Expm1(-1 / a)
		up = line{slope: float32(q), offset: float32(q / math.Expm1(-n/a))}
	}
	n = float64(m.StatesDown)
	down = line{offset: float32(-1 / n)}
	if nlDown != 0 {
		a := Nonlinearity(nlDown) * n
		q := math.Expm1(1 / a)
		down = line{slope: float32(q), offset: float32(q / math.Expm1(-n/a))}
	}
	return up, down
}

// Nonlinearity returns A/P_max, the constant a of the normalised curve
//
//	f(x) = (1 - exp(-x/a))/(1 - exp(-1/a))
//
// with the label NL: the largest |f(x) - x| is 0.07 sqrt(2) |NL|, and a has the
// sign of NL. With D = 1 - exp(-1/a) it is (1 - a D)/D + a ln(a D), which falls
// from 1 to 0 as a grows; NL = 0 gives +Inf. It panics if |NL| > 9, where
// NeuroSim's own table ends.
func Nonlinearity(nl float64) float64 {
	if !(math.Abs(nl) <= 9) {
		panic(fmt.Sprintf("pulsed: nonlinearity label %g", nl))
	}
	if nl == 0 {
		return math.Inf(1)
	}
	want := 0.07 * math.Sqrt2 * math.Abs(nl)
	lo, hi := math.Log(1e-3), math.Log(1e9)
	for range 100 {
		mid := (lo + hi) / 2
		if deviation(math.Exp(mid)) > want {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Copysign(math.Exp((lo+hi)/2), nl)
}

// deviation is the largest f(x) - x. For large a it is 1/(8a), where the closed
// form cancels.
func deviation(a float64) float64 {
	if a > 1e4 {
		return 1 / (8 * a)
	}
	d := -math.Expm1(-1 / a)
	return (1-a*d)/d + a*math.Log(a*d)
}
