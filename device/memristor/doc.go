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
// The laws, from the simplest to the most physical:
//
//   - LinearDrift, Strukov et al. (2008): dopants drift in proportion to the
//     current, with a choice of windows at the electrodes.
//   - NonlinearDrift, Yang et al. (2008): they drift with a power of the voltage; a
//     rectifier that turns into a tunnel junction.
//   - TEAM and VTEAM, Kvatinsky et al. (2013, 2015): nothing moves below threshold
//     currents or voltages, and beyond them a power law; most used for logic.
//   - Yakopcic (2013) and Messaris (2018): fits of measured devices, by loops and by
//     pulses.
//   - Simmons, Pickett et al. (2009): a tunnel gap in titanium dioxide, and Strachan
//     et al. (2013): a hot channel in tantalum oxide.
//   - StanfordPKU, Jiang et al. (2016): a tunnelling gap in a hot filament, with the
//     noise of the gap, and JART, Bengel et al. (2020): vacancies at a Schottky
//     contact, with its spreads from device to device and from cycle to cycle.
//   - MMS, Molter and Nugent (2016): switches that thermal agitation flips.
//
// All are device.Elements in SI units, driven by their voltage. Each published
// parameter set is a preset with a name of its own in Models. Only the
// last three know temperature, noise or variability.
//
// A window is a factor on dx/dt that keeps the state off its bounds. Whether a
// state at a bound gets away again when the drive reverses is part of the
// published window and kept: see WindowFunction, and the notes in Info. A law that
// ends somewhere says so by device.Limited, and a run stops there.
package memristor
