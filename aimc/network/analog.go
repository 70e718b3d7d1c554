package network

import (
	"context"
	"fmt"

	"mho/aimc"
	"mho/noise"
)

// An Analog is a network whose matrices lie on tiles. Its methods are not safe for concurrent use; several Analogs may
// share a network.
type Analog struct {
	net     *Network
	tiles   []aimc.Tile
	key     noise.Key // of the evaluation
	readout aimc.Readout
	x, y    []float64
	pass    *pass
}

// NewAnalog makes a tile for every matrix of n with newTile; key is folded with the number of
// the matrix. The error names the matrix.
func NewAnalog(n *Network, newTile func(outputs, inputs int, key noise.Key) (aimc.Tile, error), key noise.Key) (*Analog, error) {
	a := &Analog{net: n}
	for i, m := range n.matrices {
		t, err := newTile(m.Outputs, m.Inputs, key.Fold(uint64(i)))
		if err != nil {
			return nil, fmt.Errorf("tile of %s: %w", m.Name, err)
		}
		a.tiles = append(a.tiles, t)
	}
	a.pass = n.newPass(a)
	return a, nil
}

// Tiles returns the tiles, in the order of the network's matrices.
func (a *Analog) Tiles() []aimc.Tile { return a.tiles }

// Program stores the network's weights on the tiles, and restarts their clocks. The report sums up
// energy, pulses and arrays; time is that of the slowest tile.
func (a *Analog) Program(key noise.Key) (aimc.Programming, error) {
	var r aimc.Programming
	var converged, weights float64
	for i, m := range a.net.matrices {
		w := make([]float64, len(m.Weights.Data))
		for k, v := range m.Weights.Data {
			w[k] = float64(v)
		}
		one, err := a.tiles[i].Program(w, key.Fold(uint64(i)))
		if err != nil {
			return r, fmt.Errorf("tile of %s: %w", m.Name, err)
		}
		r.Energy += one.Energy
		r.Pulses += one.Pulses
		r.Time = max(r.Time, one.Time)
		r.Arrays += one.Arrays
		r.WeightsClipped += one.WeightsClipped
		converged += one.Converged * float64(len(w))
		weights += float64(len(w))
	}
	r.Converged = converged / weights
	return r, nil
}

// Advance lets dt seconds pass.
func (a *Analog) Advance(dt float64, key noise.Key) error {
	for i, t := range a.tiles {
		if err := t.Advance(dt, key.Fold(uint64(i))); err != nil {
			return err
		}
	}
	return nil
}

// Outputs sets dst (n x outputs) to the outputs of the n inputs x. Key names the evaluation: slow noise of the devices stays
// the same for all of it. The report sums up all tiles.
func (a *Analog) Outputs(ctx context.Context, dst, x []float32, key noise.Key) (aimc.Readout, error) {
	a.key, a.readout = key, aimc.Readout{}
	a.pass.first = 0
	err := a.net.run(ctx, a.pass, dst, x)
	return a.readout, err
}

// multiply is the product of tile m.index.
func (a *Analog) multiply(ctx context.Context, m *Matrix, y, x []float32, k, first int) error {
	a.x, a.y = resize(a.x, len(x)), resize(a.y, len(y))
	for i, v := range x {
		a.x[i] = float64(v)
	}
	r, err := a.tiles[m.index].MVM(ctx, a.y, a.x, first, a.key.Fold(uint64(m.index)))
	if err != nil {
		return fmt.Errorf("tile of %s: %w", m.Name, err)
	}
	a.readout.Vectors += r.Vectors
	a.readout.InputsClipped += r.InputsClipped
	a.readout.Conversions += r.Conversions
	a.readout.OutputsClipped += r.OutputsClipped
	a.readout.WireBound = max(a.readout.WireBound, r.WireBound)
	for i, v := range a.y {
		y[i] = float32(v)
	}
	return nil
}

func (a *Analog) weights(m *Matrix) []float32 { return m.Weights.Data }

func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}
