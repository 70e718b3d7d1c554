package photonic

import (
	"fmt"

	"mho/device"
	"mho/internal/quantity"
)

// How a mesh is set.
const (
	Blind  = "none"    // as if the chip were ideal
	Local  = "local"   // with the errors of every splitter and phase known
	InSitu = "in-situ" // by following the gradient that is measured on the chip
)

// The converters that drive the phase shifters.
const (
	PhaseSteps   = "phase"   // equal steps of phase from 0 to 2π
	VoltageSteps = "voltage" // equal steps of the heater's voltage, φ = π (V/V_π)²
)

// MZIMesh is the model mzi-mesh: how a mesh of interferometers was fabricated, how it
// is set, and what its receivers add. NewMZIMesh returns the defaults. It
// implements device.Model; NewMesh makes a chip of it.
type MZIMesh struct {
	Scheme      string // Clements or Reck
	Calibration string // Blind, Local or InSitu

	PhaseBits int    // resolution of the phase shifters, 0 is ideal
	PhaseDAC  string // PhaseSteps or VoltageSteps

	SplitterError float64 // standard deviation of the angle of each splitter from π/4, rad
	PhaseError    float64 // standard deviation of the phase of each path as fabricated, rad
	Loss          float64 // of an interferometer, dB

	Crosstalk       float64 // phase that a phase shifter gives one a pitch away, over its own
	CrosstalkLength float64 // pitches over which it falls by e

	PhaseWander float64 // standard deviation of a phase after 1 s, growing as the square root of time, rad/sqrt(s)
	PowerPi     float64 // heater power for a phase of π, W
	StepsMost   int     // most steps of the calibration in situ

	LightPower float64 // of a full input, W
	LOPower    float64 // of the local oscillator at each receiver, W
	Receiver   Receiver

	ProgrammingNoise bool // errors of splitters and phases, crosstalk and steps are in force
	Drift            bool // phases wander
	ReadNoise        bool // receivers are noisy
}

var _ device.Model = (*MZIMesh)(nil)

// NewMZIMesh returns a rectangular mesh with the splitter errors of a good foundry and
// phase shifters of 12 bits.
func NewMZIMesh() *MZIMesh {
	return &MZIMesh{
		Scheme: Clements, Calibration: Local, PhaseBits: 12, PhaseDAC: PhaseSteps,
		SplitterError: 0.01, CrosstalkLength: 1, PhaseWander: 1e-5, PowerPi: 20e-3, StepsMost: 1000,
		LightPower: 1e-3, LOPower: 1e-3, Receiver: NewReceiver(),
		ProgrammingNoise: true, Drift: true, ReadNoise: true,
	}
}

// Info describes the model.
func (m *MZIMesh) Info() device.Info {
	return device.Info{
		Name: "mzi-mesh", Title: "mesh of Mach-Zehnder interferometers with coherent receivers", Technology: "photonic",
		Equations: []string{
			"W = w_max Re(U S V^T) with S = diag(s/s_max), U and V^T a mesh each",
			"U = D M_K ... M_1,  K = N(N-1)/2,  D = diag(exp(i psi))",
			"M = 10^(-loss/20) BS(beta) PS(theta) BS(alpha) PS(phi),  PS on the upper arm",
			"BS(a) = [[cos, i sin], [i sin, cos]](pi/4 + a),  a = splitter_error N",
			"phase = heater + sum_j X_j heater_j + phase_error N + phase_wander sqrt(t) N",
			"X_j = crosstalk exp(-(d_j - 1)/crosstalk_length) at d_j pitches, nothing from 4 on",
			"I = 2 R sqrt(P_lo P) Re(E),  var I = B (2e (R P_lo + R P E^2 + 2 I_dark) + 4kT/R_load)",
		},
		Notes: []string{
			"No population: the matrix is a product over all interferometers. sample has no meaning for it; mvm has.",
			"local sets every interferometer in the order of the light to what its splitters allow, errors and crosstalk known; in-situ knows neither: from the setting of an ideal chip it follows the measured gradient of the overlap with the wanted matrix (Hughes2018). The last digits come slowly.",
			"phase_bits divides 2 pi into 2^bits steps; with phase_dac = \"voltage\" the steps are of voltage, so that they are coarsest near 2 pi.",
			"Loss is balanced in none of both layouts: modes at the edges of the rectangle pass half as many interferometers. One gain for all outputs is taken out.",
			"noise.programming = false makes an ideal chip, but for its loss.",
			"The relative intensity noise of the local oscillator cancels in a balanced receiver and is left out here.",
			"Splitter errors, wander, powers and crosstalk are assumptions of the right order; chips differ widely.",
		},
		References: []device.Reference{clements2016, reck1994, shen2017, bandyopadhyay2021, hughes2018},
	}
}

// Params declares the parameters.
func (m *MZIMesh) Params() []device.Param {
	const assumed = "assumption"
	notNegative, positive := quantity.NonNegative(), quantity.Positive()
	return append([]device.Param{
		{Name: "scheme", Value: &m.Scheme, Options: Schemes(), Meaning: "layout: rectangle of Clements or triangle of Reck", Source: clements2016.Key},
		{Name: "calibration", Value: &m.Calibration, Options: []string{Blind, Local, InSitu}, Meaning: "how the chip is set: as if ideal, with its errors known, or by measuring", Source: bandyopadhyay2021.Key},
		{Name: "phase_bits", Value: &m.PhaseBits, Range: quantity.Between(0, 24), Meaning: "resolution of the phase shifters; 0 is ideal", Source: assumed},
		{Name: "phase_dac", Value: &m.PhaseDAC, Options: []string{PhaseSteps, VoltageSteps}, Meaning: "what the steps of the phase shifters are equal in", Source: assumed},
		{Name: "splitter_error", Value: &m.SplitterError, Unit: "rad", Range: quantity.Between(0, 0.5), Meaning: "standard deviation of the angle of each splitter from 45 degrees", Source: assumed},
		{Name: "phase_error", Value: &m.PhaseError, Unit: "rad", Range: notNegative, Meaning: "standard deviation of the phase of each path as fabricated", Source: assumed},
		{Name: "loss", Value: &m.Loss, Unit: "dB", Range: quantity.Between(0, 20), Meaning: "loss of an interferometer", Source: assumed},
		{Name: "crosstalk", Value: &m.Crosstalk, Range: quantity.Between(0, 0.1), Meaning: "phase that a heater gives the one next to it, over its own", Source: assumed},
		{Name: "crosstalk_length", Value: &m.CrosstalkLength, Range: positive, Meaning: "pitches over which the crosstalk falls by e", Source: assumed},
		{Name: "phase_wander", Value: &m.PhaseWander, Unit: "rad", Range: notNegative, Meaning: "standard deviation of each phase after 1 s; grows with the square root of time", Source: assumed},
		{Name: "power_pi", Value: &m.PowerPi, Unit: "W", Range: positive, Meaning: "heater power for a phase of pi", Source: assumed},
		{Name: "calibration_steps", Value: &m.StepsMost, Range: quantity.Between(1, 100000), Meaning: "most steps of the calibration in situ", Source: assumed},
		{Name: "light_power", Value: &m.LightPower, Unit: "W", Range: positive, Meaning: "optical power of the whole vector of inputs when all are full, a mode's share each", Source: assumed},
		{Name: "lo_power", Value: &m.LOPower, Unit: "W", Range: positive, Meaning: "power of the local oscillator at each receiver", Source: assumed},
		{Name: "programming_noise", Value: &m.ProgrammingNoise, Meaning: "errors of fabrication and setting; false is an ideal chip", Source: assumed},
		{Name: "drift", Value: &m.Drift, Meaning: "phases wander; false keeps them", Source: assumed},
		{Name: "read_noise", Value: &m.ReadNoise, Meaning: "receivers are noisy; false reads exactly", Source: assumed},
	}, m.Receiver.Params()...)
}

// Validate returns an error for a value outside its parameter's range.
func (m *MZIMesh) Validate() error { return inRange(m.Params()) }

// inRange returns an error that names the first parameter that is outside its range.
func inRange(params []device.Param) error {
	for _, p := range params {
		switch v := p.Value.(type) {
		case *float64:
			r := p.Range
			if r == (quantity.Range{}) {
				r = quantity.Any()
			}
			if !r.Contains(*v) {
				return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(*v, p.Unit), r.Text(p.Unit))
			}
		case *int:
			if !p.Range.Contains(float64(*v)) {
				return fmt.Errorf("%s is %d: must be %s", p.Name, *v, p.Range.Text(""))
			}
		case *string:
			if err := p.Assign(*v); err != nil {
				return fmt.Errorf("%s is %w", p.Name, err)
			}
		}
	}
	return nil
}
