package aimc

import (
	"context"
	"errors"

	"mho/device"
	"mho/noise"
)

var errNotProgrammed = errors.New("the tile is not programmed: its weights must be set first")

// realise draws the slow read noise of the evaluation that key names and sets
// the operators of all blocks,
//
//	G = max(0, G(t) + slow N),  mean = T(G+) - T(G-),  fast = s+² + s-²,
//
// T being the conductances through the wires. To the leading order in the voltage
// that wires take, a change of G_ij moves output j by v_i T_ij/G_ij of it, so that
// s_ij is the device's fast noise times T_ij/G_ij. A device whose slow noise takes it
// to 0 has no fast noise.
func (t *CrossbarTile) realise(ctx context.Context, key noise.Key) error {
	if t.realised && t.key == key {
		return nil
	}
	t.realised, t.bound = false, 0
	for n, b := range t.blocks {
		if err := t.realiseBlock(ctx, b, n, key.Domain(noise.Read)); err != nil {
			return err
		}
	}
	t.realised, t.key = true, key
	return nil
}

func (t *CrossbarTile) realiseBlock(ctx context.Context, b *block, number int, key noise.Key) error {
	cells := b.inputs * b.outputs
	b.mean, b.fast = resize(b.mean, cells), b.fast[:0]
	g, z := make([]float64, cells), make([]float64, b.outputs)
	var slow, fast []float64
	var quick bool
	for s, p := range b.cells {
		p.Transfer(g, 0, t.config.Env)
		reader, noisy := p.(device.NoisyReader)
		noisy = noisy && t.config.Noise.Read
		if noisy {
			if slow == nil {
				slow, fast = make([]float64, cells), make([]float64, cells)
				b.fast = resize(b.fast, cells)
				clear(b.fast)
			}
			reader.ReadNoise(slow, fast, t.config.Noise.Window, t.config.Env)
			own := key.Fold(arrayNumber(number, s))
			for i := range b.inputs {
				own.Normal(z, noise.At{Row: uint32(i)})
				row := g[i*b.outputs:][:b.outputs]
				sd := slow[i*b.outputs:][:b.outputs]
				for j, x := range row {
					row[j] = max(0, x+sd[j]*z[j])
				}
			}
		}
		seen, bound, err := t.through(ctx, b, g)
		if err != nil {
			return err
		}
		t.bound = max(t.bound, bound)
		if noisy {
			for i, x := range g {
				if x > 0 {
					sd := fast[i] * (seen[i] / x)
					b.fast[i] += sd * sd
					quick = quick || sd > 0
				}
			}
		}
		if s == 0 {
			copy(b.mean, seen)
			continue
		}
		for i, x := range seen {
			b.mean[i] -= x
		}
	}
	if !quick {
		b.fast = b.fast[:0] // nothing to draw
	}
	return nil
}

// resize returns a slice of length n, s itself if it is large enough.
func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}
