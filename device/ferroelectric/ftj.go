package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// FTJ is a ferroelectric tunnel junction: domains that point up and down conduct side
// by side,
//
//	G = GOff + (GOn - GOff)(1 + s(n) p)/2,  i = G V0 sinh(v/V0).
//
// NewFTJ returns the default preset; it implements device.Element and device.CellModel.
type FTJ struct {
	Film
	GOn  float64 // conductance with every domain up, S
	GOff float64 // conductance with every domain down, S
	V0   float64 // voltage scale of the tunnel current, V
	Cells

	preset *preset
}

var (
	_ device.Jumping   = (*FTJ)(nil)
	_ device.Sloped    = (*FTJ)(nil)
	_ device.CellModel = (*FTJ)(nil)
)

// Info describes the model.
func (m *FTJ) Info() device.Info {
	return m.preset.info(device.Info{
		Title: "ferroelectric tunnel junction", Technology: "ferroelectric",
		Equations: append([]string{
			"i = G v0 sinh(v/v0),  G = g_off + (g_on - g_off)(1 + s(n) p)/2",
		}, filmEquations...),
		Notes: append([]string{
			"With lorentz and alpha = 1 the logarithm of switching times is Lorentzian, its centre and width in proportion to the inverse field: the form that Boyn2017 finds for junctions.",
		}, append(cellNotes, filmNotes...)...),
		References: []device.Reference{boyn2017, chanthbouala2012, tagantsev2002},
	})
}

// Params declares the parameters.
func (m *FTJ) Params() []device.Param {
	params := append(m.Film.params(m.preset.sourceOf),
		device.Param{Name: "g_on", Value: &m.GOn, Unit: "S", Range: quantity.Positive(), Meaning: "conductance with every domain up"},
		device.Param{Name: "g_off", Value: &m.GOff, Unit: "S", Range: quantity.Positive(), Meaning: "conductance with every domain down"},
		device.Param{Name: "v0", Value: &m.V0, Unit: "V", Range: quantity.Positive(), Meaning: "voltage scale of the tunnel current"},
	)
	params = append(params, m.Cells.params()...)
	for i := range params {
		params[i].Source = m.preset.sourceOf(params[i].Name)
	}
	return params
}

// Validate returns an error for a film or pulses that cannot be, or g_off not below g_on.
func (m *FTJ) Validate() error {
	if err := m.Film.validate(); err != nil {
		return err
	}
	if !(m.GOff < m.GOn) {
		return fmt.Errorf("g_off is %s: must be below g_on, %s", quantity.Format(m.GOff, "S"), quantity.Format(m.GOn, "S"))
	}
	return m.Cells.validate()
}

// Conductance returns the conductance in S at low voltage and a polarisation over Pr,
// after fatigue. Temperature has no influence.
func (m *FTJ) Conductance(p, _ float64) float64 {
	return m.GOff + (m.GOn-m.GOff)*0.5*(1+p)
}

// Response returns the current in A.
func (m *FTJ) Response(x, u []float64, env device.Env) float64 {
	return m.Conductance(x[0]*m.Scale(x[1]), env.Temperature) * m.V0 * math.Sinh(u[0]/m.V0)
}

// Slope returns di/dv in S.
func (m *FTJ) Slope(x, u []float64, env device.Env) float64 {
	return m.Conductance(x[0]*m.Scale(x[1]), env.Temperature) * math.Cosh(u[0]/m.V0)
}

// LoopDrive returns a voltage above the coercive one at 1 kHz.
func (m *FTJ) LoopDrive() (amplitude, frequency float64) { return m.loopDrive() }

// NewPopulation returns rows x cols cells with domains of their own.
func (m *FTJ) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	c := *m
	ratio := func(v float64) float64 {
		if v == 0 {
			return 1
		}
		return math.Sinh(v/c.V0) / (v / c.V0)
	}
	return newPopulation(&c, &c.Film, &c.Cells, "stack", ratio, rows, cols, env, key)
}
