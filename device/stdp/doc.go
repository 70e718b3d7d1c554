// Package stdp holds spike-timing-dependent plasticity: the rules that describe it
// in neurons, and the pulses that make a memristive device follow one.
//
// A Rule tells by how much a synapse's weight changes for spikes before and behind
// it: Pair has one exponential for each order of two spikes, Triplet adds the
// dependence on a third and with it that on the rate. Published constants are
// constructors.
//
// A Spike is a pulse with a slow tail of the other sign. Each alone stays below the
// thresholds of a device; where the spikes of both sides overlap their difference
// passes one, for longer the closer they are, and the device learns
// (C. Zamarreño-Ramos et al., Front. Neurosci. 5, 26 (2011), doi:10.3389/fnins.2011.00026).
// Window measures what that does to any device.Element, spike times apart.
package stdp
