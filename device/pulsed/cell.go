package pulsed

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Cell is what all laws have in common: the conductances that the states stand
// for, the pulse that makes a full step, and how a cell is written and read.
type Cell struct {
	GMin float64 // conductance of the nominal lower bound, S
	GMax float64 // conductance of the nominal upper bound, S

	VUp        float64 // voltage of the pulse that makes a full step up, V
	VDown      float64 // voltage of the pulse that makes a full step down, V, of the other sign than VUp
	VThreshold float64 // share of VUp or VDown up to which a voltage does nothing
	PulseTime  float64 // width of the pulse that makes a full step, s

	WriteTolerance float64 // share of g_max - g_min that counts as met
	WritePulses    int     // largest number of pulses for a cell; 0 is twice the number of steps of the range

	ReadStd float64 // standard deviation of a read, share of the conductance

	ProgrammingNoise bool // steps differ from pulse to pulse, and what is written from what is held
	Drift            bool // states relax and diffuse
	ReadNoise        bool // ReadStd is in force
}

// newCell returns the assumptions for a device of which nothing is known but its
// steps.
func newCell() Cell {
	return Cell{
		GMin: 10e-6, GMax: 30e-6,
		VUp: 1, VDown: -1, VThreshold: 0.5, PulseTime: 100e-9,
		WriteTolerance:   0.01,
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
	}
}

func (c *Cell) params(o *origin) []device.Param {
	return o.sources([]device.Param{
		{Name: "g_min", Value: &c.GMin, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance of the nominal lower bound of the state"},
		{Name: "g_max", Value: &c.GMax, Unit: "S", Range: quantity.Positive(), Meaning: "conductance of the nominal upper bound of the state"},
		{Name: "v_up", Value: &c.VUp, Unit: "V", Meaning: "voltage of the pulse that makes a full step up"},
		{Name: "v_down", Value: &c.VDown, Unit: "V", Meaning: "voltage of the pulse that makes a full step down, of the other sign"},
		{Name: "v_threshold", Value: &c.VThreshold, Range: quantity.Range{Min: 0, Max: 1, MaxOpen: true}, Meaning: "share of v_up or v_down up to which a voltage does nothing; from there the step grows linearly with the voltage"},
		{Name: "t_pulse", Value: &c.PulseTime, Unit: "s", Range: quantity.Positive(), Meaning: "width of the pulse that makes a full step; the step grows linearly with the width"},
		{Name: "write_tolerance", Value: &c.WriteTolerance, Range: quantity.Between(0, 1), Meaning: "distance from the target, as a share of g_max - g_min, that ends the writing of a cell"},
		{Name: "write_pulses", Value: &c.WritePulses, Range: quantity.Between(0, 1e9), Meaning: "number of pulses after which a cell is given up; 0 is twice the number of steps of the range"},
		{Name: "read_std", Value: &c.ReadStd, Range: quantity.NonNegative(), Meaning: "standard deviation of a read as a share of the conductance, fresh at each read"},
		{Name: "programming_noise", Value: &c.ProgrammingNoise, Meaning: "pulses differ from cycle to cycle; false makes mean steps"},
		{Name: "drift", Value: &c.Drift, Meaning: "states relax and diffuse; false keeps them"},
		{Name: "read_noise", Value: &c.ReadNoise, Meaning: "reads are noisy; false reads exactly"},
	}, "assumption")
}

func (c *Cell) validate() error {
	switch {
	case c.GMin >= c.GMax:
		return fmt.Errorf("g_min is %s: must be below g_max, %s", quantity.Format(c.GMin, "S"), quantity.Format(c.GMax, "S"))
	case !(c.VUp*c.VDown < 0):
		return fmt.Errorf("v_down is %s: must be of the other sign than v_up, %s", quantity.Format(c.VDown, "V"), quantity.Format(c.VUp, "V"))
	}
	return nil
}

// strength returns how many full steps, positive up, a pulse of v volts and of a
// width relative to PulseTime makes.
func (c *Cell) strength(v, width float64) float64 {
	full, sign := c.VUp, 1.0
	if v*c.VDown > 0 {
		full, sign = c.VDown, -1
	}
	x := (v/full - c.VThreshold) / (1 - c.VThreshold)
	return sign * width * math.Max(0, x)
}

// checkAll returns an error for a value outside its parameter's range.
func checkAll(params []device.Param) error {
	for _, p := range params {
		r := p.Range
		if r == (quantity.Range{}) {
			r = quantity.Any()
		}
		var values []float64
		switch v := p.Value.(type) {
		case *float64:
			values = []float64{*v}
		case *int:
			values = []float64{float64(*v)}
		case *[]float64:
			values = *v
		}
		for _, x := range values {
			if !r.Contains(x) {
				return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(x, p.Unit), r.Text(p.Unit))
			}
		}
	}
	return nil
}
