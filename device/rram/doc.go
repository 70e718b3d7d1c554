// Package rram models resistive memory cells by their statistics.
//
// The model rram describes a cell that a program-and-verify procedure brought to
// the target conductance G_T and that relaxes afterwards. With t the time since
// programming, not below t0,
//
//	normal      G(t) = max(0, G_T + e(t) + d ln(t/t0) + (r0 + r ln(t/t0)) M)
//	lognormal   G(t) = G_T exp(e(t))
//	read        G_R  = max(0, G(t) + q log10(G(t)/µS) sqrt(ln((t + t_r)/(2 t_r))) N)
//	bias        G(V) = G(t) + a(G) V + b(G) V²
//
// The error e(t) is normal with mean 0 and the standard deviation σ(G_T, t), a
// polynomial of G_T for each of some times and straight in ln t between them. A
// cell keeps its error: what is added from one time to the next is independent of
// what was there, and where σ shrinks, the error shrinks with it. M is drawn once
// per programming, N is that of a read.
//
// RRAM is the model; its presets hold published fits: NeuRRAM's array (Wan et al.,
// Nature 608, 504 (2022)), CMO/HfOx cells (Falcone et al., arXiv:2502.04524),
// a 4-kbit HfO2 array (Milo et al., IRPS 2021), and a generic lognormal HfO2
// cell of assumed spreads. A Population holds the cells of an array; it is a
// device.Population, device.Target and device.NoisyReader.
//
// The fits hold for programming and retention near room temperature and for the
// times of their publications. The correlation of a cell's errors at different
// times is not published: that increments are independent is an assumption.
package rram
