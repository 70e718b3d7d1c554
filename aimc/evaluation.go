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
	arrays   [2]reads
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
	for n, b := range t.blocks {
		if err := ctx.Err(); err != nil {
			return err
		}
		var wg sync.WaitGroup
		for s, p := range b.cells {
			wg.Go(func() { e.arrays[s].read(t, p, b.outputs, own.Fold(arrayNumber(n, s))) })
		}
		wg.Wait()
		e.operator.Reset(b.inputs, b.outputs, white)
		for s, sign := range []float64{1, -1} {
			r := &e.arrays[s]
			a := crossbar.Array{Rows: b.inputs, Cols: b.outputs, G: r.mean, Wires: t.config.Array.Wires}
			var variance []float64
			if r.noisy {
				variance, e.anyKey = r.variance, false
			}
			bound, err := e.operator.Add(ctx, &a, variance, sign, nil)
			if err != nil {
				return err
			}
			e.bound = max(e.bound, bound)
		}
		t.engine.set(n, &e.operator)
	}
	e.valid, e.key = true, key
	return nil
}

// read sets r to the statistics of reads of p.
func (r *reads) read(t *CrossbarTile, p device.Population, cols int, key noise.Key) {
	rows, _ := p.Dims()
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
