package ferroelectric

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Capacitor is a film between metal electrodes with a leakage in parallel. Its current
// is that of switching and the leakage's,
//
//	i = Area dP/dt + Leakage v.
//
// It implements device.Element; New returns the default preset.
type Capacitor struct {
	Film
	Leakage float64 // S

	preset *preset
}

var (
	_ device.Jumping = (*Capacitor)(nil)
	_ device.Sloped  = (*Capacitor)(nil)
	_ device.Looped  = (*Capacitor)(nil)
)

// Info describes the model.
func (c *Capacitor) Info() device.Info {
	return c.preset.info(device.Info{
		Title: "ferroelectric capacitor, nucleation-limited switching of many domains", Technology: "ferroelectric",
		Equations:  append([]string{"i = area dP/dt + leakage v"}, filmEquations...),
		Notes:      filmNotes,
		References: []device.Reference{alessandri2019, tagantsev2002, merz1954},
	})
}

// Params declares the parameters.
func (c *Capacitor) Params() []device.Param {
	return append(c.Film.params(c.preset.sourceOf), device.Param{
		Name: "leakage", Value: &c.Leakage, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance in parallel", Source: "assumption",
	})
}

// Validate returns an error if activation fields or cycles cannot be.
func (c *Capacitor) Validate() error { return c.Film.validate() }

// Response returns the current in A.
func (c *Capacitor) Response(x, u []float64, _ device.Env) float64 {
	i, _ := c.switching(x, u[0])
	return i + c.Leakage*u[0]
}

// Slope returns di/dv in S.
func (c *Capacitor) Slope(x, u []float64, _ device.Env) float64 {
	_, g := c.switching(x, u[0])
	return g + c.Leakage
}

// switching returns the current of switching in A and its slope in S.
func (c *Capacitor) switching(x []float64, v float64) (i, g float64) {
	f := &c.Film
	e := f.Field(v, x[0])
	if e == 0 {
		return 0, 0
	}
	ea := f.memo.get(&f.Activation, f.Domains)
	for k, d := range f.domains(x) {
		from, h := 1-d.u, d.hDown
		if e < 0 {
			from, h = d.u, d.hUp
		}
		rate := from * f.Beta * math.Pow(h, f.Beta-1) * f.rate(ea[k], math.Abs(e))
		i += rate
		g += rate * f.Alpha * math.Pow(ea[k]/math.Abs(e), f.Alpha) / math.Abs(e)
	}
	// A domain turns from -Pr to Pr.
	all := 2 * f.Pr * f.Scale(x[1]) * f.Area / float64(f.Domains)
	return math.Copysign(all*i, e), all * g / f.thickness()
}

// LoopDrive returns a voltage above the coercive one at 1 kHz.
func (c *Capacitor) LoopDrive() (amplitude, frequency float64) { return c.loopDrive() }

// loopDrive returns the voltage at which half of the domains switch in a tenth of a
// millisecond, and half as much again, at 1 kHz.
func (f *Film) loopDrive() (amplitude, frequency float64) {
	const time = 1e-4
	l := math.Log(max(time/f.Tau0, 2))
	return 1.5 * f.quantile(0.5) * math.Pow(l, -1/f.Alpha) * f.thickness(), 1e3
}
