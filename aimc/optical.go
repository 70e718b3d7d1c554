package aimc

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mho/crossbar"
	"mho/device"
	"mho/internal/gemm"
	"mho/internal/quantity"
	"mho/noise"
)

// An OpticalTile is a Tile of photonic chips: meshes of interferometers, ring banks, or
// tensor cores of phase-change cells, with modulators before and receivers and
// converters behind them. Whatever light does on a chip is compiled into one matrix of
// photocurrents d per full input, so that an MVM is a matrix product:
//
//	u_i = DAC(x_i/R)
//	I_j = Σ_i u_i d_ij + sqrt(white + c Σ_i u_i p_ij + r Σ_i u_i² d_ij²) N
//	y_j = ADC(I_j) R/unit
//
// with the photocurrents p of both diodes together, shot noise c = 2eB, and relative
// intensity noise r = 10^(RIN/10) B, which is independent between inputs. A mesh is coherent: u has a
// sign, and the noise is that of the local oscillator and of the output's own light instead.
// The others are incoherent: inputs of the other sign are a second pass, which
// is converted and subtracted, with noise of its own.
type OpticalTile struct {
	config          OpticalConfig
	outputs, inputs int
	blocks          []*opticalBlock
	coherent        bool
	age             float64 // s
	reference       float64 // s
	programmed      bool
	stale           bool // the matrices are older than the chips
	scratch         opticalScratch
}

var _ Tile = (*OpticalTile)(nil)

// An opticalBlock is a part of the matrix with the chip that holds it.
type opticalBlock struct {
	firstIn, inputs   int
	firstOut, outputs int
	core              core
	unit              float64   // current of a full input for a weight of 1, A
	current           []float64 // d, inputs x outputs, A
	adc               crossbar.Quantizer

	mean, total, square gemm.Factor[float64] // d, p, d²
	white, shot         float64              // A² and A
	intensity, self     float64              // r, and variance per I² of a coherent receiver
}

// A core is a chip that multiplies with light.
type core interface {
	// program stores w (outputs x inputs) and returns the current, A, that a full input gives for a
	// weight of 1.
	program(ctx context.Context, w []float64, key noise.Key) (device.Report, float64, error)
	// advance lets dt seconds pass for a chip of this number; what chips of one tile have in common is
	// drawn from key itself.
	advance(dt float64, key noise.Key, chip uint64)
	// currents sets d and p (inputs x outputs) to the present currents of a full input: the
	// difference and the sum of both diodes, A.
	currents(d, p []float64)
	// noise returns white and shot noise, relative intensity noise, and the variance per squared
	// output, as OpticalTile has them.
	noise() (white, shot, intensity, self float64)
}

// opticalScratch holds what an MVM needs beside its results.
type opticalScratch struct {
	u, square, current, variance, z []float64
	scales                          []float64
}

// NewOpticalTile returns a tile for matrices of outputs x inputs. Key draws the fabrication
// errors of the chips. The error tells of invalid dimensions or configuration, or is that of the
// device.
func NewOpticalTile(outputs, inputs int, c OpticalConfig, key noise.Key) (*OpticalTile, error) {
	if outputs < 1 || inputs < 1 || outputs > math.MaxInt32/inputs {
		return nil, fmt.Errorf("tile of %d outputs x %d inputs: both must be at least 1, their product at most %d", outputs, inputs, math.MaxInt32)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	t := &OpticalTile{config: c, outputs: outputs, inputs: inputs}
	most, build, err := t.cores()
	if err != nil {
		return nil, err
	}
	rows, cols := cut(inputs, min(c.Rows, most)), cut(outputs, c.Cols)
	for i := range len(rows) - 1 {
		for j := range len(cols) - 1 {
			b := &opticalBlock{firstIn: rows[i], inputs: rows[i+1] - rows[i], firstOut: cols[j], outputs: cols[j+1] - cols[j]}
			if b.core, err = build(b.outputs, b.inputs, key.Fold(uint64(len(t.blocks)))); err != nil {
				return nil, err
			}
			t.blocks = append(t.blocks, b)
		}
	}
	return t, nil
}

// Dims returns the dimensions of the weight matrix.
func (t *OpticalTile) Dims() (outputs, inputs int) { return t.outputs, t.inputs }

// Chips returns the number of chips, one for each part of the matrix.
func (t *OpticalTile) Chips() int { return len(t.blocks) }

// Age returns the time since programming in s.
func (t *OpticalTile) Age() float64 { return t.age }

// Reference returns the time in s after programming at which the device defines its
// programmed state.
func (t *OpticalTile) Reference() float64 { return t.reference }

// Program stores the weights w (outputs x inputs), sets the ranges of the output converters
// and restarts the clock. Every chip is scaled by the largest weight or singular value of
// its part. The error names a weight that is not finite, or is the device's. Program panics if w
// has the wrong length.
func (t *OpticalTile) Program(w []float64, key noise.Key) (Programming, error) {
	if len(w) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	for i, x := range w {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Programming{}, fmt.Errorf("weight of output %d, input %d is %g: must be finite", i/t.inputs, i%t.inputs, x)
		}
	}
	t.programmed, t.age = false, 0
	var r Programming
	for n, b := range t.blocks {
		part := make([]float64, b.outputs*b.inputs)
		for o := range b.outputs {
			copy(part[o*b.inputs:][:b.inputs], w[(b.firstOut+o)*t.inputs+b.firstIn:])
		}
		one, unit, err := b.core.program(context.Background(), part, key.Fold(uint64(n)))
		if err != nil {
			return Programming{}, err
		}
		b.unit = unit
		meant, largest := make([]float64, len(part)), 0.0
		for o := range b.outputs {
			for i := range b.inputs {
				x := unit * part[o*b.inputs+i]
				meant[i*b.outputs+o], largest = x, max(largest, math.Abs(x))
			}
		}
		if largest == 0 {
			largest = unit
		}
		b.adc = t.config.Converters.ADC(meant, b.inputs, b.outputs, largest)
		r.Energy += one.Energy
		r.Pulses += one.Pulses
		r.Time = max(r.Time, one.Time)
		r.Converged += one.Converged * float64(len(part)) / float64(len(w))
		r.Arrays++
	}
	t.programmed, t.stale = true, true
	return r, nil
}

// Advance lets dt seconds pass. The error tells of a dt that is negative or not finite.
func (t *OpticalTile) Advance(dt float64, key noise.Key) error {
	if r := quantity.NonNegative(); !r.Contains(dt) {
		return fmt.Errorf("time step is %g s: must be %s", dt, r.Text("s"))
	}
	t.age += dt
	t.stale = true
	for n, b := range t.blocks {
		b.core.advance(dt, key, uint64(n))
	}
	return nil
}

// compile makes matrices of what the chips do at present.
func (t *OpticalTile) compile() {
	if !t.stale {
		return
	}
	for _, b := range t.blocks {
		n := b.inputs * b.outputs
		b.current = resize(b.current, n)
		p := make([]float64, n)
		b.core.currents(b.current, p)
		b.mean.Pack(gemm.Dense(b.inputs, b.outputs, b.current), 0)
		b.white, b.shot, b.intensity, b.self = b.core.noise()
		if t.coherent {
			continue
		}
		b.total.Pack(gemm.Dense(b.inputs, b.outputs, p), 0)
		for i, d := range b.current {
			p[i] = d * d
		}
		b.square.Pack(gemm.Dense(b.inputs, b.outputs, p), 0)
	}
	t.stale = false
}

// EffectiveWeights sets dst (outputs x inputs) to the weights that the tile multiplies by at
// present, without the noise of receivers and without converters. The error tells that the
// tile is not programmed. EffectiveWeights panics if dst has the wrong length.
func (t *OpticalTile) EffectiveWeights(_ context.Context, dst []float64) error {
	if len(dst) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	if !t.programmed {
		return errNotProgrammed
	}
	t.compile()
	for _, b := range t.blocks {
		for o := range b.outputs {
			for i := range b.inputs {
				dst[(b.firstOut+o)*t.inputs+b.firstIn+i] = b.current[i*b.outputs+o] / b.unit
			}
		}
	}
	return nil
}

// opticalGroup is the number of vectors that are worked on together.
const opticalGroup = 256

// MVM sets dst (n x outputs) to the products of the vectors x (n x inputs) with the weights, in
// the units of x times those of the weights. Key names the evaluation and first the number of the
// first vector in it. The error tells that the tile is not programmed, names an input that is not
// finite, tells that an output is not, or that ctx is done. MVM panics if a length does not fit or first is negative.
func (t *OpticalTile) MVM(ctx context.Context, dst, x []float64, first int, key noise.Key) (Readout, error) {
	n := len(x) / t.inputs
	if len(x) != n*t.inputs || len(dst) != n*t.outputs || first < 0 {
		panic("aimc: dimension mismatch")
	}
	if !t.programmed {
		return Readout{}, errNotProgrammed
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Readout{}, fmt.Errorf("input %d of vector %d is %g: must be finite", i%t.inputs, i/t.inputs, v)
		}
	}
	t.compile()
	r := Readout{Vectors: n, Programming: crossbar.ByDevice, Age: t.age, Correction: Uncorrected}
	if !t.config.Noise.Programming {
		r.Programming = Ideal
	}
	for from := 0; from < n; from += opticalGroup {
		if err := ctx.Err(); err != nil {
			return Readout{}, err
		}
		to := min(from+opticalGroup, n)
		t.multiply(dst[from*t.outputs:to*t.outputs], x[from*t.inputs:to*t.inputs], uint64(first+from), key.Domain(noise.Read), &r)
	}
	for _, y := range dst {
		if y-y != 0 {
			return Readout{}, errors.New("an output is not finite: weights or inputs exceed the range of float64")
		}
	}
	return r, nil
}

func (t *OpticalTile) multiply(dst, x []float64, event uint64, key noise.Key, r *Readout) {
	n := len(x) / t.inputs
	s := &t.scratch
	s.scales = resize(s.scales, n)
	for k := range n {
		s.scales[k] = t.config.Converters.InputRange
		if s.scales[k] == 0 {
			s.scales[k] = magnitude(x[k*t.inputs:][:t.inputs])
		}
	}
	clear(dst)
	passes := []float64{1}
	if !t.coherent {
		passes = []float64{1, -1}
	}
	for number, b := range t.blocks {
		for pass, sign := range passes {
			lit := t.modulate(b, x, sign, r)
			t.receive(b, n, lit, event, key.Fold(uint64(2*number+pass)))
			for k := range n {
				if !lit(k) {
					continue
				}
				row := s.current[k*b.outputs:][:b.outputs]
				r.OutputsClipped += crossbar.Convert(b.adc, row, row, 1)
				r.Conversions += len(row)
				f := sign * s.scales[k] / b.unit
				for j, i := range row {
					dst[k*t.outputs+b.firstOut+j] += f * i
				}
			}
		}
	}
}

// modulate sets u to the inputs of a block as the modulators give them in a pass: all of them, or
// the magnitudes of those of one sign. The function that it returns reports whether a vector has a
// pass at all: one without light is not made.
func (t *OpticalTile) modulate(b *opticalBlock, x []float64, sign float64, r *Readout) (lit func(k int) bool) {
	s := &t.scratch
	n := len(x) / t.inputs
	s.u = resize(s.u, n*b.inputs)
	dark := make([]bool, n)
	dac := t.config.Converters.DAC()
	for k := range n {
		u := s.u[k*b.inputs:][:b.inputs]
		copy(u, x[k*t.inputs+b.firstIn:][:b.inputs])
		if !t.coherent {
			dark[k] = true
			for i, v := range u {
				u[i] = max(sign*v, 0)
				dark[k] = dark[k] && u[i] == 0
			}
		}
		scale := 0.0
		if s.scales[k] > 0 {
			scale = 1 / s.scales[k]
		}
		clipped := crossbar.Convert(dac, u, u, scale)
		if b.firstOut == 0 {
			r.InputsClipped += clipped
		}
	}
	return func(k int) bool { return !dark[k] }
}

// receive sets current to those of n vectors u, with their noise.
func (t *OpticalTile) receive(b *opticalBlock, n int, lit func(k int) bool, event uint64, key noise.Key) {
	s := &t.scratch
	size := n * b.outputs
	s.current = resize(s.current, size)
	u := gemm.Dense(n, b.inputs, s.u)
	b.mean.Mul(gemm.Dense(n, b.outputs, s.current), 1, u, 0, 0)
	if !t.config.Noise.Read {
		return
	}
	s.variance, s.z = resize(s.variance, size), resize(s.z, b.outputs)
	if t.coherent {
		for i, c := range s.current {
			s.variance[i] = b.white + b.self*c*c
		}
	} else {
		variance := gemm.Dense(n, b.outputs, s.variance)
		b.total.Mul(variance, b.shot, u, 0, 0)
		s.square = resize(s.square, n*b.inputs)
		for i, x := range s.u {
			s.square[i] = x * x
		}
		b.square.Mul(variance, b.intensity, gemm.Dense(n, b.inputs, s.square), 1, 0)
		for i := range s.variance {
			s.variance[i] += b.white
		}
	}
	for k := range n {
		if !lit(k) {
			continue
		}
		key.Normal(s.z, noise.At{Event: event + uint64(k)})
		for j, z := range s.z {
			s.current[k*b.outputs+j] += math.Sqrt(s.variance[k*b.outputs+j]) * z
		}
	}
}
