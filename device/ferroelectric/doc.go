// Package ferroelectric holds films of ferroelectric domains and the synapses made
// of them: the capacitor (Capacitor), the field-effect transistor (FeFET) and the
// tunnel junction (FTJ).
//
// A Film is N independent domains with activation fields E_a that differ. A domain
// reverses by nucleation: against a field E its progress h grows as
//
//	dh/dt = exp(-(E_a/|E|)^α)/τ0,
//
// along the field h falls at the same rate down to zero, and the domain is still as it
// was with the probability exp(h0^β - h1^β) after h has gone from h0 to h1. At a
// constant field this is nucleation-limited switching (Tagantsev et al.), with one
// activation field the law of Kolmogorov, Avrami and Ishibashi, and τ(E) is Merz's law
// where α = 1. Because h is kept between pulses, pulses too short to switch anything
// add up. It is the Monte-Carlo model of Alessandri et al., IEEE Trans. Electron
// Devices 66, 3527 (2019), doi:10.1109/TED.2019.2922268, for any waveform.
//
// An element takes the mean over many films of its N activation fields, or one film
// whose domains switch at random (monte_carlo); a population has films of its own for
// every cell. Preisach is the quasi-static counterpart, a function of the turning
// points of the field alone. KAI, Lorentz and Film.Switched are closed forms.
//
// Fields are in V/m, polarisations in C/m² (1 µC/cm² is 0.01 C/m², 1 MV/cm is
// 1e8 V/m). The polarisation is the switched one, without the linear dielectric's.
package ferroelectric
