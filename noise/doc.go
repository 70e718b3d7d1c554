// Package noise gives random numbers and noise processes for device simulation.
//
// A Key names a random stream. It is a small value: Fold and Domain derive from
// it any number of independent keys, in any order, on any machine. Inside a
// stream every number has a place, At: a row, a column and an event. The number
// at a place is a fixed function of key and place,
//
//	words = Philox4x32-10(counter = (column block, row, event), key)
//
// (Salmon et al., doi:10.1145/2063384.2063405; a constant of the distribution is
// XORed into the key), so a cell's draw does not depend
// on worker count, order of work, restarts, or the size of the array around it.
// Fills write a run of columns; a fill of any part of a run gives the bits that the
// whole fill has there.
//
//	key := noise.NewKey(seed).Fold(trial).Domain(noise.Read)
//	for i := range rows {
//		key.Normal(z, noise.At{Row: uint32(i), Event: n})
//	}
//
// Different distributions are independent of each other at the same key and
// place, and so are the float32 and float64 fills of one distribution. The
// exceptions are stated: Lognormal is the exponential of the Normal of its key
// and place, Poisson32 is Poisson rounded, and Uint32s gives the halves of Uint64s.
//
// What is drawn from keys are the processes of the field: variability (Variability,
// Empirical, Correlated), drift (PowerLawDrift, LogDrift), read noise (ThermalNoise,
// ShotNoise, Flicker, Telegraph, CircuitNoise), retention (ThermalLoss), endurance
// (Wear), faults (Defects, FaultMap) and disturb (Disturb). Each is a struct with
// exported parameters that describes itself (Process); Processes lists them by the
// names that TOML and the command line use. What they do to cells is in three
// interfaces: Spread, Ageing and ReadNoise. Synthesize and Whittle make and measure
// spectra, and Histogram holds the distribution of any number of values.
//
// A key must serve one quantity only: two quantities drawn from one key at the
// same places are the same numbers. Fold a constant, or use a Domain, per quantity.
//
// The streams are frozen: the numbers of a key are the same bits on every
// architecture and in every later version. The logarithm, exponential, sine and
// cosine in them are the package's own, free of fused multiply-add.
package noise
