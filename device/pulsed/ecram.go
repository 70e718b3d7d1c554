package pulsed

import (
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// ECRAM is the model ecram of a channel whose conductance follows the charge of
// the ions in it. A pulse of V at the gate drives the ionic current
// (V - V_ocp(w))/R_ion; with a potential that is linear in the charge, a pulse
// takes off the share slope of the distance to the weight at which the potential
// equals V, which is the law of LinearStep with
//
//	slope± = -dw_min γ±/w±.
//
// Between the pulses the charge returns to that of the open-circuit potential,
//
//	dw/dt = -(w - w_rest)/tau,
//
// and ions hop faster in the heat: 1/tau and the charge of a pulse grow by
// exp(E_a/k (1/300 K - 1/T)). It implements device.CellModel.
type ECRAM struct {
	LinearStep
	Tau   float64 // time constant of the relaxation at 300 K, s; 0 is none
	WRest float64 // weight at the open-circuit potential
	EA    float64 // activation energy of the ions' motion, J
}

// Params declares the parameters.
func (m *ECRAM) Params() []device.Param {
	p := m.shape()
	p = append(p, m.origin.sources([]device.Param{
		{Name: "tau", Value: &m.Tau, Unit: "s", Range: quantity.NonNegative(), Meaning: "time constant of the relaxation to w_rest at 300 K; 0 is no relaxation"},
		{Name: "w_rest", Value: &m.WRest, Meaning: "weight at the open-circuit potential, to which the charge relaxes"},
		{Name: "e_a", Value: &m.EA, Unit: "eV", Range: quantity.NonNegative(), Meaning: "activation energy of relaxation and of the ionic current"},
	}, "assumption")...)
	return m.params(p...)
}

// Validate returns an error for a value outside its parameter's range and for
// bounds in the wrong order.
func (m *ECRAM) Validate() error { return m.validate(m.Params()) }

// Info describes the model.
func (m *ECRAM) Info() device.Info {
	return m.info("ecram", []string{
		"up: w + s+ (1 - gamma_up w/w_max) (1 + dw_min_std N), down: w - s- (1 - gamma_down w/w_min) (1 + dw_min_std N)",
		"between pulses dw/dt = -(w - w_rest)/tau",
		"steps and 1/tau grow by exp(e_a/k (1/300 K - 1/T))",
	}, []string{
		"The linear step follows from an ionic current (V - V_ocp)/R_ion and an open-circuit potential that is linear in the charge.",
		"The pulse is applied to the gate: no energy is reported.",
		"tau, w_rest and e_a are assumptions in every preset; the fits have no relaxation.",
	})
}

// NewPopulation returns rows x cols devices at weight 0; key draws their differences.
func (m *ECRAM) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return population(m, func() (*Population, error) {
		p, err := m.build(rows, cols, key)
		if err != nil {
			return nil, err
		}
		p.charge, p.barrier, p.rest = true, m.EA, float32(m.WRest)
		if m.Drift && m.Tau > 0 {
			if p.rate == nil {
				p.rate = make([]float32, len(p.w))
			}
			for k := range p.rate {
				p.rate[k] += float32(1 / m.Tau)
			}
		}
		return p, nil
	})
}
