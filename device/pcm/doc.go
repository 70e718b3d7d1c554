// Package pcm models phase-change memory cells by their statistics.
//
// The model pcm-ibm describes a cell that was programmed by iterative
// programming to the target conductance G_T = g GMax and is read t seconds
// later, in three steps:
//
//	programming  G_P = max(0, G_T + σ_P(g) N)
//	drift        G(t) = G_P (t/t0)^-ν,  ν = |μ_ν(g) + σ_ν(g) N|,  t >= t0
//	1/f noise    G_R = max(0, G(t) (1 + Q(G_P/GMax) sqrt(ln((t + t_r)/(2 t_r))) N))
//
// with N an independent standard normal in each place. A cell's ν is drawn once,
// when it is programmed; before the reference time t0 its conductance stands still.
// The last N is that of one read at t: its variance is the integral of a 1/f
// spectrum between 1/t and 1/(2 t_r), so most of it is slower than any sequence of
// reads (Population.ReadNoise divides it).
//
// IBM is the model, NewIBM returns it with the constants of the fit to a million
// cells of Nandakumar et al., doi:10.1109/ICECS46596.2019.8964852, and Joshi et al.,
// doi:10.1038/s41467-020-16108-9. A Population holds the cells of an array; it is
// a device.Population, device.Target and device.NoisyReader.
//
// The fit holds for targets from 0 to GMax and times up to a day or so; later times
// extrapolate the power law. Conductances are in siemens, times in seconds after
// programming.
package pcm
