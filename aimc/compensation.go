package aimc

import (
	"context"
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/noise"
)

// How outputs are corrected for drift.
const (
	Uncorrected = "none"
	GlobalGain  = "global" // one factor for all outputs, by the mean magnitude of outputs
	ColumnGain  = "column" // a factor for every output, by least squares
	Affine      = "affine" // a factor and an offset for every output, by least squares against exact products
)

// Compensation tells how a tile is kept correct as it ages. What is measured is measured by MVM of the tile,
// with its noise and converters: calibration vectors of independent inputs, uniform over the input range with one
// at its end, are multiplied right after programming and, again, after every Advance. With y_0 and y the outputs,
//
//	global  every output is multiplied by Σ|y_0| / Σ|y|
//	column  output j by Σ y_0j² / Σ y_0j y_j
//	affine  output j by 1/a_j, less b_j/a_j, where a_j y'_j + b_j is the line through the points (y'_j, y_j)
//
// with y' the exact products. The first is that of M. Le Gallo et al., IEEE Trans. Electron Devices 65, 4304 (2018), and of
// AIHWKIT, there with unit vectors for inputs; it, and the second, restore what was programmed, the third corrects errors of programming
// and of converters too.
type Compensation struct {
	Kind    string  // Uncorrected, GlobalGain, ColumnGain or Affine; the empty text is the first
	Vectors int     // calibration vectors; 0 is 64
	Refresh float64 // age at which weights are written anew, s; 0 is never
}

// NewCompensation returns none.
func NewCompensation() Compensation { return Compensation{Kind: Uncorrected, Vectors: 64} }

func (c Compensation) kind() string {
	if c.Kind == "" {
		return Uncorrected
	}
	return c.Kind
}

// Params declares the parameters, for the table [compensation].
func (c *Compensation) Params() []quantity.Param {
	c.Kind = c.kind()
	if c.Vectors == 0 {
		c.Vectors = NewCompensation().Vectors
	}
	const assumed = "assumption"
	return []quantity.Param{
		{Name: "kind", Value: &c.Kind, Options: []string{Uncorrected, GlobalGain, ColumnGain, Affine}, Meaning: "how outputs are corrected for drift: not, by one factor, by a factor per output, or by a line per output", Source: assumed},
		{Name: "vectors", Value: &c.Vectors, Range: quantity.Between(2, 1<<20), Meaning: "calibration vectors that are multiplied to find the correction", Source: assumed},
		{Name: "refresh", Value: &c.Refresh, Unit: "s", Range: quantity.NonNegative(), Meaning: "age at which weights are written anew; 0 is never", Source: assumed},
	}
}

// Validate returns an error that names the parameter whose value is not allowed.
func (c Compensation) Validate() error {
	switch c.kind() {
	case Uncorrected, GlobalGain, ColumnGain, Affine:
	default:
		return fmt.Errorf("kind is %q: must be one of %q, %q, %q, %q", c.Kind, Uncorrected, GlobalGain, ColumnGain, Affine)
	}
	for _, p := range c.Params()[1:] {
		switch v := p.Value.(type) {
		case *int:
			if !p.Range.Contains(float64(*v)) {
				return fmt.Errorf("%s is %d: must be %s", p.Name, *v, p.Range.Text(p.Unit))
			}
		case *float64:
			if !p.Range.Contains(*v) {
				return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(*v, p.Unit), p.Range.Text(p.Unit))
			}
		}
	}
	return nil
}

// A correction is what outputs are corrected by at present.
type correction struct {
	valid     bool
	key       noise.Key // of the measurement to come
	x         []float64 // calibration vectors
	reference []float64 // their outputs after programming, or the exact ones
	gain      []float64 // of the outputs; nil without
	bias      []float64 // of the outputs, relative to the input range; nil without
	unit      []float64 // of the tile, times gain
}

// calibrate measures the reference, right after programming, and lets the correction be found with key when it
// is needed.
func (t *CrossbarTile) calibrate(key noise.Key) error {
	c := &t.correction
	c.key = key.Domain(noise.Data)
	c.valid = false
	if t.config.Compensation.kind() == Uncorrected || !t.programmed || t.age > 0 {
		return nil
	}
	c.x = t.calibrationVectors()
	n := len(c.x) / t.inputs
	c.reference = resize(c.reference, n*t.outputs)
	c.gain, c.bias = nil, nil
	if t.config.Compensation.Kind == Affine {
		exactProducts(c.reference, c.x, t.weights, t.outputs, t.inputs)
		return nil
	}
	_, err := t.multiply(context.Background(), c.reference, c.x, 0, c.key)
	return err
}

// exactProducts sets y to X Wᵀ.
func exactProducts(y, x, w []float64, outputs, inputs int) {
	for k := range len(x) / inputs {
		v := x[k*inputs:][:inputs]
		for o := range outputs {
			sum := 0.0
			for i, a := range w[o*inputs:][:inputs] {
				sum += a * v[i]
			}
			y[k*outputs+o] = sum
		}
	}
}

func (t *CrossbarTile) calibrationVectors() []float64 {
	n := t.config.Compensation.Vectors
	if n == 0 {
		n = NewCompensation().Vectors
	}
	r := t.config.Converters.InputRange
	if r == 0 {
		r = 1
	}
	x := make([]float64, n*t.inputs)
	key := t.key.Domain(noise.Data)
	for k := range n {
		row := x[k*t.inputs:][:t.inputs]
		key.Uniform(row, noise.At{Event: uint64(k)})
		for i := range row {
			row[i] = r * (2*row[i] - 1)
		}
		row[k%t.inputs] = math.Copysign(r, row[k%t.inputs])
	}
	return x
}

// correct finds the correction unless it is known.
func (t *CrossbarTile) correct(ctx context.Context) error {
	c := &t.correction
	kind := t.config.Compensation.kind()
	if c.valid || kind == Uncorrected || !t.programmed {
		c.valid = true
		return nil
	}
	y := make([]float64, len(c.reference))
	if _, err := t.multiply(ctx, y, c.x, 0, c.key); err != nil {
		return err
	}
	t.evaluation.valid = false
	c.gain = resize(c.gain, t.outputs)
	switch kind {
	case GlobalGain:
		c.gain[0] = ratio(sumAbs(c.reference), sumAbs(y))
		for o := range c.gain {
			c.gain[o] = c.gain[0]
		}
	case ColumnGain:
		for o := range c.gain {
			var rr, ry float64
			for k := o; k < len(y); k += t.outputs {
				rr += c.reference[k] * c.reference[k]
				ry += c.reference[k] * y[k]
			}
			c.gain[o] = ratio(rr, ry)
		}
	case Affine:
		c.bias = resize(c.bias, t.outputs)
		for o := range c.gain {
			c.gain[o], c.bias[o] = line(c.reference, y, o, t.outputs)
			if r := t.config.Converters.InputRange; r > 0 {
				c.bias[o] /= r
			}
		}
	}
	c.unit = resize(c.unit, t.outputs)
	for o, g := range c.gain {
		c.unit[o] = t.unit[o] * g
	}
	c.valid = true
	return nil
}

// ratio returns a/b, or 1 where outputs vanish and nothing can be told.
func ratio(a, b float64) float64 {
	if q := a / b; q > 0 && !math.IsInf(q, 1) {
		return q
	}
	return 1
}

func sumAbs(x []float64) (sum float64) {
	for _, a := range x {
		sum += math.Abs(a)
	}
	return sum
}

// line returns 1/a and -b/a of the line a x + b nearest to the points of one output.
func line(x, y []float64, first, stride int) (gain, bias float64) {
	var n, sx, sy float64
	for k := first; k < len(x); k += stride {
		n++
		sx += x[k]
		sy += y[k]
	}
	var xx, xy float64
	for k := first; k < len(x); k += stride {
		xx += (x[k] - sx/n) * (x[k] - sx/n)
		xy += (x[k] - sx/n) * (y[k] - sy/n)
	}
	gain = ratio(xx, xy)
	return gain, sx/n - gain*sy/n
}
