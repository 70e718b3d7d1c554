package aimc

import (
	"context"

	"mho/device"
	"mho/noise"
)

// A Tile multiplies by a stored matrix. Its methods are not safe for concurrent use.
type Tile interface {
	// Dims returns the dimensions of the weight matrix.
	Dims() (outputs, inputs int)
	// Program stores the weights w (outputs x inputs, row-major) and restarts
	// the clock. Key names this programming.
	Program(w []float64, key noise.Key) (Programming, error)
	// Advance lets dt seconds pass.
	Advance(dt float64, key noise.Key) error
	// MVM sets dst (n x outputs) to the products of the n input vectors x (n x inputs).
	// Key names the evaluation, first is the number of the first vector in it:
	// calls with one key and consecutive vectors are one evaluation, and give
	// what one call with all of them gives.
	MVM(ctx context.Context, dst, x []float64, first int, key noise.Key) (Readout, error)
	// EffectiveWeights sets dst (outputs x inputs) to the weights that the tile
	// multiplies by at present, without read noise and converters.
	EffectiveWeights(ctx context.Context, dst []float64) error
}

// A Programming tells what programming a tile cost and missed.
type Programming struct {
	device.Report
	Arrays         int   // arrays programmed
	WeightsClipped int   // weights beyond the largest that the mapping holds
	Reads          int64 // verifying reads of cells, if known
	Disturbs       int64 // pulses that cells saw while others were written, if known
	Repaired       int   // pairs of which one device makes up for the other
}

// A Readout tells what happened during an MVM.
type Readout struct {
	Vectors        int     // input vectors
	InputsClipped  int     // inputs beyond the input range
	Conversions    int     // outputs converted, over all arrays
	OutputsClipped int     // of these beyond the range of the output converter
	Repeats        int     // vectors tried again with smaller inputs because outputs clipped
	WireBound      float64 // bound on the relative error of the transfer matrices through the wires

	Programming string  // how the weights came about: Ideal, or crossbar.ByDevice, WriteVerify or OpenLoop
	Age         float64 // time since, s
	Correction  string  // of the outputs: Uncorrected, GlobalGain, ColumnGain or Affine
}

// Ideal says that every device is exactly at its target when it is programmed.
const Ideal = "ideal"
