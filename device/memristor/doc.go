// Package memristor holds models of two-terminal resistive switches with memory.
//
// A voltage-controlled memristor is
//
//	i = v / M(x),  dx/dt = f(x, v)
//
// with v in V, i in A, the memristance M in ohm and one state x. Its current is
// zero whenever its voltage is, so that under a periodic drive the curve of i
// over v is a loop pinched at the origin, which shrinks as the frequency rises;
// see Adhikari, Sah, Kim and Chua, IEEE Trans. Circuits Syst. I 60, 3008 (2013),
// doi:10.1109/TCSI.2013.2256171.
//
// LinearDrift is the linear ion drift of Strukov et al. (2008): dopants drift in
// proportion to the current, with a choice of windows for what happens at the
// electrodes. VTEAM of Kvatinsky et al. (2015) moves only beyond threshold
// voltages and then by a power law, which fits most devices used for logic.
//
// Both are device.Elements in SI units. Each published parameter set is a preset
// with a name of its own in Models. None of the models knows temperature, noise
// or variability.
//
// A window is a factor on dx/dt that keeps the state off its bounds. Whether a
// state at a bound gets away again when the drive reverses is part of the
// published window and kept: see LinearDrift.
package memristor
