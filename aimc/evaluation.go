package aimc

import (
	"context"
	"errors"
	"sync"

	"mho/crossbar"
	"mho/device"
	"mho/noise"
)

var errNotProgrammed = errors.New("the tile is not programmed: its weights must be set first")

// An evaluation is what the engine of a tile holds at present, with the memory to make the next.
type evaluation struct {
	valid  bool
	key    noise.Key
	anyKey bool    // nothing is drawn: it serves every key
	bound  float64 // on the relative error of the transfer matrices through the wires

	operator crossbar.Operator
	arrays   []reads
}

// reads are the statistics of the reads of one array.
type reads struct {
	mean           []float64 // S
	slow, variance []float64 // S and S²
	noisy          bool
}

// realise draws the slow read noise of the evaluation that key names and gives the operators of
// all blocks to the engine.
func (t *CrossbarTile) realise(ctx context.Context, key noise.Key) error {
	e := &t.evaluation
	if e.valid && (e.anyKey || e.key == key) {
		return nil
	}
	e.valid, e.anyKey, e.bound = false, true, 0
	own := key.Domain(noise.Read)
	white := t.config.Noise.white(t.config.Env)
	if t.config.Converters.DACKind == crossbar.PulseWidth {
		white.Pulse = t.config.Converters.VRead
	}
	number := 0
	for n, b := range t.blocks {
		for s := range b.slices {
			if err := ctx.Err(); err != nil {
				return err
			}
			arrays := b.slices[s].arrays
			for len(e.arrays) < len(arrays) {
				e.arrays = append(e.arrays, reads{})
			}
			var wg sync.WaitGroup
			for k := range arrays {
				wg.Go(func() { e.arrays[k].read(t, arrays[k].cells, own.Fold(uint64(number+k))) })
			}
			wg.Wait()
			number += len(arrays)
			e.operator.Reset(b.inputs, b.cols, white)
			for k, one := range arrays {
				r := &e.arrays[k]
				a := crossbar.Array{Rows: b.inputs, Cols: b.cols, G: r.mean, Wires: t.config.Array.Wires}
				var variance []float64
				if r.noisy {
					variance, e.anyKey = r.variance, false
				}
				bound, err := e.operator.Add(ctx, &a, variance, one.sign, nil)
				if err != nil {
					return err
				}
				e.bound = max(e.bound, bound)
			}
			t.engine.set(n*len(b.slices)+s, &e.operator)
		}
	}
	e.valid, e.key = true, key
	return nil
}

// read sets r to the statistics of reads of p.
func (r *reads) read(t *CrossbarTile, p device.Population, key noise.Key) {
	rows, cols := p.Dims()
	cells := rows * cols
	r.mean = resize(r.mean, cells)
	p.Transfer(r.mean, 0, t.config.Env)
	reader, ok := p.(device.NoisyReader)
	if r.noisy = ok && t.config.Noise.Read; !r.noisy {
		return
	}
	r.slow, r.variance = resize(r.slow, cells), resize(r.variance, cells)
	reader.ReadNoise(r.slow, r.variance, t.config.Noise.Window, t.config.Env)
	crossbar.Freeze(r.mean, r.variance, r.mean, r.slow, r.variance, cols, key)
}

// resize returns a slice of length n, s itself if it is large enough.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
