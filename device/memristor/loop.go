package memristor

import "math"

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
	amplitude = 1.5 * math.Max(-m.VOn, m.VOff)
	width := m.WOff - m.WOn
	on := width / (-m.KOn * math.Pow(amplitude/-m.VOn-1, m.AlphaOn))
	off := width / (m.KOff * math.Pow(amplitude/m.VOff-1, m.AlphaOff))
	return amplitude, 0.05 / math.Max(on, off)
}
