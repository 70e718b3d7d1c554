// Package energy projects what inference on analog in-memory hardware costs:
// joules, seconds and square metres, with bands and with the source of every
// number.
//
//	Component     what one action of a part costs, or what it draws while busy
//	Architecture  arrays in cores in tiles in chips, and the components on each level
//	Workload      the layers of a network: weights, vectors, digital work, memory traffic
//	Map           layers to arrays: tiles, copies, utilisation, what does not fit
//	Project       activity times cost, summed:
//
//	E = Σ_c  E_c n_c  +  Σ_c P_c t_c        per inference or token
//
// where n_c counts the actions of component c (row pulses, conversions, cells
// read, bits moved) and t_c is the time that it is busy, or the time of the whole
// inference where it cannot be switched off. One MAC is two operations
// throughout.
//
// Every number that ships is in data/*.toml, architectures/*.toml and
// workloads/*.toml with its source and a confidence: verified, secondary, memory,
// derived or assumption. Quantities that were published for a chip stand in the
// file of its architecture, and the tests hold the roll-up to them; one that was
// used to set a component is marked as calibration.
//
// Uncertainty: each component takes part in a shared factor (converters, digital
// logic, memory, ...), drawn once per sample: log10 E_c is normal about its
// nominal value with the factor's sigma. The nominal value is the median. Project
// returns P10, P50 and P90 of energy, latency, area and their ratios, and the
// share of the variance that each factor alone explains (first-order Sobol index).
//
// The energy of an array whose state is known needs no model: see RowSums and Read.
//
// What is not modelled: leakage of gated arrays, clock distribution unless a
// preset states it, data layout on the network on chip, and the start of a layer
// before the layer before it has ended (latency is the sum over layers).
package energy
