package surrogate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/noise"
)

// A bench holds copies of an element and applies pulses to them.
type bench struct {
	ctx    context.Context
	set    *Settings
	make   func() (device.Element, error)
	d2d    bool
	cols   int // of the array that the copies stand in; 0 is one row
	key    noise.Key
	e      *device.Ensemble
	vRead  float64
	edge   float64
	events uint64
}

// newBench returns n copies, with device-to-device spread or without.
func newBench(ctx context.Context, make func() (device.Element, error), set *Settings, n int, d2d bool, key noise.Key) (*bench, error) {
	b := &bench{ctx: ctx, set: set, make: make, d2d: d2d, key: key}
	els, err := b.copies(n)
	if err != nil {
		return nil, err
	}
	b.e, err = device.NewEnsemble(els, &device.Settings{Env: set.Env, Key: key.Domain(noise.Thermal)})
	return b, err
}

// copies makes n elements. With spreads from cycle to cycle they are those of the
// next pulse.
func (b *bench) copies(n int) ([]device.Element, error) {
	els := make([]device.Element, n)
	for i := range els {
		el, err := b.make()
		if err != nil {
			return nil, err
		}
		row, col := 0, i
		if b.cols > 0 {
			row, col = i/b.cols, i%b.cols
		}
		if b.d2d {
			if err := vary(el, b.set.Spreads, b.key, uint32(row), uint32(col)); err != nil {
				return nil, err
			}
		}
		if len(b.set.Cycles) > 0 {
			if err := vary(el, b.set.Cycles, b.key.Domain(noise.Cycle).Fold(b.events), uint32(row), uint32(col)); err != nil {
				return nil, err
			}
		}
		els[i] = el
	}
	return els, nil
}

// vary draws the parameters of an element by the spreads given, nil meaning its own.
func vary(el device.Element, spreads []device.Spread, key noise.Key, row, col uint32) error {
	if spreads == nil {
		return device.Vary(el, key, row, col)
	}
	return device.VaryBy(el, spreads, key, row, col)
}

func (b *bench) len() int { return b.e.Len() }

// pulse applies one pulse to every copy.
func (b *bench) pulse(amplitude, width float64) error {
	return b.apply(pulseWave(amplitude, width, b.edge), nil)
}

// apply applies a waveform to every copy, scaled by stress.
func (b *bench) apply(w device.Waveform, stress []float64) error {
	b.events++
	if len(b.set.Cycles) > 0 {
		if err := b.renew(); err != nil {
			return err
		}
	}
	return b.e.Drive(b.ctx, device.Burst{Waveform: w, Stress: stress, Workers: b.set.Workers})
}

// renew gives the copies the parameters of the next pulse.
func (b *bench) renew() error {
	states, keys := b.save(), b.e.Keys
	els, err := b.copies(b.len())
	if err != nil {
		return err
	}
	if b.e, err = device.NewEnsemble(els, &device.Settings{Env: b.set.Env, Key: b.key.Domain(noise.Thermal).Fold(b.events)}); err != nil {
		return err
	}
	for i := range keys {
		b.e.Keys[i] = keys[i].Fold(b.events)
	}
	for i, el := range els {
		for j, s := range el.States() {
			b.e.State(j)[i] = min(max(states[j][i], s.Min), s.Max)
		}
	}
	return nil
}

// leastConductance is what counts as none, S: no instrument reads less.
const leastConductance = 1e-15

// read returns the conductance of every copy, S.
func (b *bench) read() ([]float64, error) {
	g := make([]float64, b.len())
	if err := b.e.Read(g, b.vRead); err != nil {
		return nil, err
	}
	for i, x := range g {
		if !(x >= 0) {
			return nil, fmt.Errorf("copy %d conducts %g S at the read drive %g: must be >= 0 S", i, x, b.vRead)
		}
		g[i] = math.Max(x, leastConductance)
	}
	return g, nil
}

// save returns the states of all copies.
func (b *bench) save() [][]float64 {
	x := make([][]float64, len(b.e.Element(0).States()))
	for j := range x {
		x[j] = slices.Clone(b.e.State(j))
	}
	return x
}

// restore puts all copies into saved states; those of copy 0 if same.
func (b *bench) restore(x [][]float64, same bool) {
	for j := range x {
		to := b.e.State(j)
		if !same {
			copy(to, x[j])
			continue
		}
		for i := range to {
			to[i] = x[j][0]
		}
	}
}

// pulseWave is a trapezoid; edges longer than the width make a triangle.
func pulseWave(amplitude, width, edge float64) device.Waveform {
	edge = min(edge, width)
	if width-edge <= 1e-9*width {
		return device.Waveform{T: []float64{0, width, 2 * width}, U: [][]float64{{0, amplitude, 0}}}
	}
	return device.Waveform{T: []float64{0, edge, width, width + edge}, U: [][]float64{{0, amplitude, amplitude, 0}}}
}
