package aimc

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// A CrossbarTile is a Tile of crossbar arrays of one device, two arrays for each
// part of the matrix.
type CrossbarTile struct {
	config          Config
	outputs, inputs int
	blocks          []*block // of one part of the inputs, then of the next
	reference       float64  // s
	age             float64  // since programming, s
	programmed      bool
	scale           crossbar.Scale
	evaluation      evaluation
	engine          engine
}

var _ Tile = (*CrossbarTile)(nil)

// A block is a part of the matrix with the arrays that hold it.
type block struct {
	firstIn, inputs   int
	firstOut, outputs int
	cells             [2]device.Population // plus and minus, inputs x outputs
	adc               crossbar.Quantizer   // A
}

// NewCrossbarTile returns a tile for matrices of outputs x inputs. It keeps a
// copy of c; the device model is read during the call only, and several goroutines may share
// it. Key draws the differences between devices. The error tells of invalid dimensions or configuration, or of a device
// that is no conductance or cannot be programmed to a target.
func NewCrossbarTile(outputs, inputs int, c Config, key noise.Key) (*CrossbarTile, error) {
	if outputs < 1 || inputs < 1 || outputs > math.MaxInt32/inputs {
		return nil, fmt.Errorf("tile of %d outputs x %d inputs: both must be at least 1, their product at most %d", outputs, inputs, math.MaxInt32)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	dev, err := c.Noise.device(c.Device)
	if err != nil {
		return nil, err
	}
	t := &CrossbarTile{config: c, outputs: outputs, inputs: inputs}
	rows, cols := cut(inputs, c.Array.Rows), cut(outputs, c.Array.Cols)
	for i := range len(rows) - 1 {
		for j := range len(cols) - 1 {
			b := &block{firstIn: rows[i], inputs: rows[i+1] - rows[i], firstOut: cols[j], outputs: cols[j+1] - cols[j]}
			for s := range b.cells {
				p, err := dev.NewPopulation(b.inputs, b.outputs, c.Env, key.Fold(arrayNumber(len(t.blocks), s)))
				if err != nil {
					return nil, err
				}
				target, ok := p.(device.Target)
				if !ok || p.Kind() != device.Conductance {
					return nil, fmt.Errorf("device %s: must be a conductance that is programmed to a target", dev.Info().Name)
				}
				b.cells[s], t.reference = p, target.Reference()
			}
			t.blocks = append(t.blocks, b)
		}
	}
	if c.Array.Precision == Single {
		t.engine = newArithmetic[float32](t)
	} else {
		t.engine = newArithmetic[float64](t)
	}
	return t, nil
}

// arrayNumber numbers the arrays of a tile for the keys of their draws.
func arrayNumber(block, sign int) uint64 { return uint64(2*block + sign) }

// cut returns the ends of the parts of 0..n-1: as few as possible of at most
// size, and equal to within one.
func cut(n, size int) []int {
	parts := (n-1)/size + 1
	ends := make([]int, parts+1)
	for k := range ends {
		// n k fits: both are below 2^31.
		ends[k] = int(int64(n) * int64(k) / int64(parts))
	}
	return ends
}

// Dims returns the dimensions of the weight matrix.
func (t *CrossbarTile) Dims() (outputs, inputs int) { return t.outputs, t.inputs }

// Arrays returns the number of crossbar arrays, two for each part of the matrix.
func (t *CrossbarTile) Arrays() int { return 2 * len(t.blocks) }

// Age returns the time since programming in s.
func (t *CrossbarTile) Age() float64 { return t.age }

// Reference returns the time in s after programming at which the device defines
// its programmed state: the earliest time for which its drift is known.
func (t *CrossbarTile) Reference() float64 { return t.reference }

// Program stores the weights w (outputs x inputs), sets the ranges of the output
// converters and restarts the clock. In the report the energy and pulses are
// sums over all arrays, the time is that of the slowest array. The error names a weight
// that is not finite, or is the device's. Program panics if w has the wrong length.
func (t *CrossbarTile) Program(w []float64, key noise.Key) (Programming, error) {
	if len(w) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	for i, x := range w {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Programming{}, fmt.Errorf("weight of output %d, input %d is %g: must be finite", i/t.inputs, i%t.inputs, x)
		}
	}
	gMin, gMax := t.blocks[0].cells[0].Range()
	scale, err := t.config.Mapping.Scale(w, gMin, gMax)
	if err != nil {
		return Programming{}, err
	}
	t.programmed, t.evaluation.valid = false, false
	t.scale, t.age = scale, 0
	var r Programming
	var converged float64
	for n, b := range t.blocks {
		cells := b.inputs * b.outputs
		part, plus, minus := make([]float64, cells), make([]float64, cells), make([]float64, cells)
		for o := range b.outputs {
			copy(part[o*b.inputs:][:b.inputs], w[(b.firstOut+o)*t.inputs+b.firstIn:])
		}
		r.WeightsClipped += scale.Pairs(plus, minus, part, b.outputs, b.inputs)
		for s, g := range [][]float64{plus, minus} {
			one, err := b.cells[s].(device.Target).ProgramTo(g, t.config.Env, key.Fold(arrayNumber(n, s)))
			if err != nil {
				return Programming{}, err
			}
			r.Energy += one.Energy
			r.Pulses += one.Pulses
			r.Time = max(r.Time, one.Time)
			converged += one.Converged * float64(cells)
			r.Arrays++
		}
		for i := range plus {
			plus[i] -= minus[i]
		}
		b.adc = t.config.Converters.ADC(plus, b.inputs, b.outputs, t.config.Converters.VRead*(gMax-gMin))
	}
	r.Converged = converged / float64(2*t.outputs*t.inputs)
	t.programmed = true
	return r, nil
}

// Advance lets dt seconds pass. The error tells of a dt that is negative or not finite.
func (t *CrossbarTile) Advance(dt float64, key noise.Key) error {
	if r := quantity.NonNegative(); !r.Contains(dt) {
		return fmt.Errorf("time step is %g s: must be %s", dt, r.Text("s"))
	}
	t.evaluation.valid = false
	t.age += dt
	for n, b := range t.blocks {
		for s, p := range b.cells {
			p.Advance(dt, t.config.Env, key.Fold(arrayNumber(n, s)))
		}
	}
	return nil
}

// EffectiveWeights sets dst (outputs x inputs) to the weights that the tile
// multiplies by at present: drifted, and seen through the wires, but without read noise
// and converters. The error tells that the tile is not programmed, that the network
// of wires could not be solved, or that ctx is done. EffectiveWeights panics if dst
// has the wrong length.
func (t *CrossbarTile) EffectiveWeights(ctx context.Context, dst []float64) error {
	if len(dst) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	if !t.programmed {
		return errNotProgrammed
	}
	for _, b := range t.blocks {
		n := b.inputs * b.outputs
		var seen [2][]float64
		for s, p := range b.cells {
			g := make([]float64, n)
			p.Transfer(g, 0, t.config.Env)
			var err error
			if seen[s], _, err = t.through(ctx, b, g); err != nil {
				return err
			}
		}
		w := make([]float64, n)
		t.scale.Weights(w, seen[0], seen[1], b.outputs, b.inputs)
		for o := range b.outputs {
			copy(dst[(b.firstOut+o)*t.inputs+b.firstIn:][:b.inputs], w[o*b.inputs:])
		}
	}
	return nil
}

// through returns the conductances g of an array as its terminals see them. With ideal
// wires it returns g itself.
func (t *CrossbarTile) through(ctx context.Context, b *block, g []float64) ([]float64, float64, error) {
	if t.config.Array.Ideal() {
		return g, 0, nil
	}
	a := crossbar.Array{Rows: b.inputs, Cols: b.outputs, G: g, Wires: t.config.Array.Wires}
	return a.Transfer(ctx, nil, nil)
}
