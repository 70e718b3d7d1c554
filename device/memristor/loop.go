package memristor

import (
	"math"

	"mho/device"
)

// LoopDrive returns 1 V and the frequency at which a charge of the order of that
// which moves the boundary from end to end flows in half a period,
//
//	f = 1.6 Mu V ROn / (D² ROff),
//
// 1 Hz for the default parameters. It is this project's choice.
func (m *LinearDrift) LoopDrive() (amplitude, frequency float64) {
	return 1, 1.6 * m.Mu * m.ROn / (m.D * m.D * m.ROff)
}

// LoopDrive returns one and a half times the larger threshold, and a period of
// twenty times the longer time that switching takes at that voltage. It is this
// project's choice.
func (m *VTEAM) LoopDrive() (amplitude, frequency float64) {
	amplitude = 1.5 * max(-m.VOn, m.VOff)
	return amplitude, m.loopFrequency(amplitude/-m.VOn-1, amplitude/m.VOff-1)
}

// LoopDrive returns ten times the voltage at which the larger threshold current
// flows through ROff, and a period of twenty times the longer time that switching
// takes there. It is this project's choice.
func (m *TEAM) LoopDrive() (amplitude, frequency float64) {
	i := 10 * max(-m.IOn, m.IOff)
	return i * m.ROff, m.loopFrequency(i/-m.IOn-1, i/m.IOff-1)
}

// LoopDrive returns the voltage at which the current is strongly nonlinear,
// 2/Alpha, and the frequency at which the state moves by about a tenth in a
// half-period. It is this project's choice.
func (m *NonlinearDrift) LoopDrive() (amplitude, frequency float64) {
	amplitude = 2 / m.Alpha
	return amplitude, 2 * m.Rate * power(amplitude, m.M)
}

// LoopDrive returns 1.2 V and the rate at which, at that voltage and in the middle
// of its range, the gap grows by WC. It is this project's choice.
func (m *Simmons) LoopDrive() (amplitude, frequency float64) {
	amplitude = 1.2
	middle := 0.5 * (m.WMin + m.WMax)
	_, i, _, _ := m.solve(middle, float64(m.Polarity)*amplitude)
	return amplitude, m.Rate(middle, i) / m.WC
}

// LoopDrive returns twice the larger threshold, and a period of twenty times the
// longer time that the range takes at that voltage without window. It is this
// project's choice.
func (m *Yakopcic) LoopDrive() (amplitude, frequency float64) {
	amplitude = 2 * max(m.VP, m.VN)
	top := math.Exp(amplitude)
	return amplitude, 0.05 * min(m.AP*(top-math.Exp(m.VP)), m.AN*(top-math.Exp(m.VN)))
}

// LoopDrive returns a voltage of the pulses that the device was measured with, and
// a hundredth of the frequency at which the faster sign relaxes. It is this project's choice.
func (m *Messaris) LoopDrive() (amplitude, frequency float64) {
	amplitude = m.loop
	if amplitude == 0 {
		amplitude = 1
	}
	p, n := m.RateP*math.Expm1(m.TP*amplitude)*m.KP, m.RateN*math.Expm1(m.TN*amplitude)*m.KN
	return amplitude, 0.01 * max(math.Abs(p), math.Abs(n))
}

// LoopDrive returns 0.5 V and a thousandth of the rate at which half a channel is
// reset there. It is this project's choice.
func (m *Strachan) LoopDrive() (amplitude, frequency float64) {
	amplitude = 0.5
	var rate [1]float64
	m.Derivative(rate[:], []float64{0.5}, []float64{-amplitude}, device.Env{})
	return amplitude, -1e-3 * rate[0]
}
