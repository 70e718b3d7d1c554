package device

import (
	"math"

	"mho/noise"
)

// A Reader is a population that has its own way to draw noisy reads.
type Reader interface {
	// Read sets dst (rows*cols, row-major) to what one read of each cell gives
	// now, with all of its read noise. Each event is a read of its own.
	Read(dst []float64, env Env, event uint64, key noise.Key)
}

// Read sets dst (rows*cols, row-major) to what one read of each cell of p gives
// at low bias, with all of its read noise; without noise where p has none.
// Conductances are not negative. Reads of different events share nothing, as if
// long apart; what reads within a short window share is in ReadNoise.
func Read(dst []float64, p Population, env Env, event uint64, key noise.Key) {
	if r, ok := p.(Reader); ok {
		r.Read(dst, env, event, key)
		return
	}
	p.Transfer(dst, 0, env)
	n, ok := p.(NoisyReader)
	if !ok {
		return
	}
	slow, fast := make([]float64, len(dst)), make([]float64, len(dst))
	n.ReadNoise(slow, fast, 0, env)
	rows, cols := p.Dims()
	key = key.Domain(noise.Read)
	z := make([]float64, cols)
	for i := range rows {
		key.Normal(z, noise.At{Row: uint32(i), Event: event})
		for j := range cols {
			k := i*cols + j
			dst[k] = math.Max(0, dst[k]+math.Hypot(slow[k], fast[k])*z[j])
		}
	}
}
