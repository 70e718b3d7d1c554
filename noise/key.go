package noise

import "mho/noise/internal/philox"

// A Key names a random stream.
type Key [2]uint32

// A Domain separates the purposes for which one part of a simulation draws.
// The values are part of the frozen streams: new ones are added at the end.
type Domain uint64

const (
	D2D           Domain = iota + 1 // device-to-device variability
	Programming                     // programming noise, one event per pulse
	Read                            // read noise, one event per read
	RTN                             // random telegraph noise: traps and their states
	DriftExponent                   // spread of drift exponents
	Fault                           // stuck and dead cells
	Data                            // data sets, inputs and weights
	Cycle                           // cycle-to-cycle variability of switching
	Thermal                         // thermal agitation of a state (Langevin fields)
	Retention                       // loss of state with time
	Endurance                       // wear and its spread
	Circuit                         // converters, amplifiers and other periphery
	Wire                            // spread of wire and contact resistance
)

// A use is XORed into word 1 of a key, so that folding and each distribution
// have ciphers of their own. The values are frozen: the first words of the
// fractional parts of the cube roots of the primes.
type use uint32

const (
	useFold          use = 0x428A2F98
	useDomain        use = 0x71374491
	useWords         use = 0xB5C0FBCF
	useUniform       use = 0xE9B5DBA5
	useUniform32     use = 0x3956C25B
	useNormal        use = 0x59F111F1
	useNormal32      use = 0x923F82A4
	useExponential   use = 0xAB1C5ED5
	useExponential32 use = 0xD807AA98
	usePoisson       use = 0x12835B01
	usePoissonMore   use = 0x243185BE
)

// cipher returns the Philox key of use u.
func (k Key) cipher(u use) philox.Key { return philox.Key{k[0], k[1] ^ uint32(u)} }

// NewKey returns the root key of a seed. Different seeds have different root keys:
// it is the finalizer of SplitMix64, a bijection of the 64-bit numbers (Steele,
// Lea and Flood, doi:10.1145/2660193.2660195).
func NewKey(seed uint64) Key {
	z := seed + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return Key{uint32(z), uint32(z >> 32)}
}

// Fold returns the key of child i of k: the first two words of the block with
// counter (i, 0) under k. Children are as good as random 64-bit keys: among n
// keys of a whole study two are equal with probability n²/2^65 (3e-8 for a
// million keys). Fold(i) and Domain(i) are different children.
func (k Key) Fold(i uint64) Key { return k.child(i, useFold) }

// Domain returns the key of purpose d under k.
func (k Key) Domain(d Domain) Key { return k.child(uint64(d), useDomain) }

func (k Key) child(i uint64, u use) Key {
	x := philox.Block(philox.Counter{uint32(i), uint32(i >> 32)}, k.cipher(u))
	return Key{x[0], x[1]}
}
