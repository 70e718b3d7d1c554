package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// FeFET is a synapse made of a ferroelectric field-effect transistor: a film and an
// interlayer in the gate stack shift the threshold, and with it the conductance of the
// channel at a fixed read voltage on the gate,
//
//	Vth = VTh - (MemoryWindow/2) s(n) p,
//	G = 2 N Beta2 VT ln(1 + e^y)/(1 + e^-y),  y = (VRead - Vth)/(2 N VT),  VT = kT/q,
//
// the small-signal form of the model of Enz, Krummenacher and Vittoz from weak to strong
// inversion. Its three terminals are folded to two: v is the write voltage on the gate,
// and the response is the current G v that the same voltage gives at the drain when the
// gate stands at VRead.
//
// NewFeFET returns the default preset; it implements device.Element and
// device.CellModel.
type FeFET struct {
	Film
	Gain         float64 // transconductance parameter β_T = μ C W/L, A/V²
	VTh          float64 // threshold voltage without polarisation, V
	MemoryWindow float64 // difference of the threshold voltages at full polarisation, V
	VRead        float64 // voltage on the gate during reads, V
	N            float64 // slope factor n
	Cells

	preset *preset
}

var (
	_ device.Jumping   = (*FeFET)(nil)
	_ device.Sloped    = (*FeFET)(nil)
	_ device.CellModel = (*FeFET)(nil)
)

// Info describes the model.
func (m *FeFET) Info() device.Info {
	return m.preset.info(device.Info{
		Title: "ferroelectric field-effect transistor as a synapse", Technology: "ferroelectric",
		Equations: append([]string{
			"i = G v,  G = 2 n gain V_T ln(1 + exp(y))/(1 + exp(-y)),  y = (v_read - V_th)/(2 n V_T),  V_T = kT/q",
			"V_th = v_th - (memory_window/2) s(n) p",
		}, filmEquations...),
		Notes: append([]string{
			"Three terminals are folded to two: v is the voltage on the gate in writing, and the response is the current that it gives at the drain with v_read on the gate.",
			"As a population, pulses go to the port gate; the charge trapped right after a write, which asks for a delay before the read, is not in the model.",
		}, append(cellNotes, filmNotes...)...),
		References: []device.Reference{deng2020, alessandri2019, tagantsev2002, enz1995},
	})
}

// Params declares the parameters.
func (m *FeFET) Params() []device.Param {
	params := append(m.Film.params(m.preset.sourceOf),
		device.Param{Name: "gain", Value: &m.Gain, Unit: "A/V^2", Range: quantity.Positive(), Meaning: "transconductance parameter of the channel"},
		device.Param{Name: "v_th", Value: &m.VTh, Unit: "V", Meaning: "threshold voltage without polarisation"},
		device.Param{Name: "memory_window", Value: &m.MemoryWindow, Unit: "V", Range: quantity.Positive(), Meaning: "difference of the threshold voltages at full polarisation"},
		device.Param{Name: "v_read", Value: &m.VRead, Unit: "V", Meaning: "voltage on the gate during reads"},
		device.Param{Name: "n", Value: &m.N, Range: quantity.Between(1, 3), Meaning: "slope factor of the transistor"},
	)
	params = append(params, m.Cells.params()...)
	for i := range params {
		params[i].Source = m.preset.sourceOf(params[i].Name)
	}
	return params
}

// Validate returns an error for a film or pulses that cannot be, or a memory window
// beyond twice the voltage that the film holds at the field that switches it in 1 ns.
func (m *FeFET) Validate() error {
	if err := m.Film.validate(); err != nil {
		return err
	}
	if err := m.Cells.validate(); err != nil {
		return err
	}
	if limit := 2 * m.quantile(0.5) * m.TFE; m.MemoryWindow > limit {
		return fmt.Errorf("memory_window is %s: must be at most %s, twice the median activation field times t_fe", quantity.Format(m.MemoryWindow, "V"), quantity.Format(limit, "V"))
	}
	return nil
}

// Conductance returns the conductance of the channel in S at a polarisation over Pr, after
// fatigue, at a temperature in K.
func (m *FeFET) Conductance(p, temperature float64) float64 {
	const kOverQ = 8.617333262e-5 // V/K
	nvt := m.N * kOverQ * temperature
	y := (m.VRead - m.VTh + 0.5*m.MemoryWindow*p) / (2 * nvt)
	return 2 * nvt * m.Gain * softplus(y) / (1 + math.Exp(-y))
}

// softplus returns ln(1 + e^y).
func softplus(y float64) float64 {
	if y > 0 {
		return y + math.Log1p(math.Exp(-y))
	}
	return math.Log1p(math.Exp(y))
}

// Response returns the current in A.
func (m *FeFET) Response(x, u []float64, env device.Env) float64 {
	return m.Slope(x, u, env) * u[0]
}

// Slope returns di/dv in S.
func (m *FeFET) Slope(x, _ []float64, env device.Env) float64 {
	return m.Conductance(x[0]*m.Scale(x[1]), env.Temperature)
}

// LoopDrive returns a voltage above the coercive one at 1 kHz.
func (m *FeFET) LoopDrive() (amplitude, frequency float64) { return m.loopDrive() }

// NewPopulation returns rows x cols cells with domains of their own.
func (m *FeFET) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	c := *m
	return newPopulation(&c, &c.Film, &c.Cells, "gate", func(float64) float64 { return 1 }, rows, cols, env, key)
}
