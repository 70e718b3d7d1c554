package crossbar

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// How a signed weight becomes conductances.
const (
	DifferentialPair = "differential-pair" // two devices: one holds the magnitude, the other rests at the smallest conductance
	TwoSidedPair     = "two-sided-pair"    // two devices that move from the middle of their range in opposite directions
	Offset           = "offset"            // one device; what the weight 0 would give is subtracted
)

// What the largest conductance stands for.
const (
	TensorScale = "tensor" // the largest weight of the matrix
	ColumnScale = "column" // of every output its own largest weight
)

// How the offset of the weight 0 is subtracted.
const (
	ReferenceColumn  = "column"  // the current of one more bit line of devices, before conversion
	DigitalReference = "digital" // computed from the converted inputs, after conversion
)

// Where sums are made.
const (
	Digital = "digital" // of converted numbers
	Analog  = "analog"  // of currents or charges, before conversion
)

// MaxSlicedBits is the finest resolution of a weight in slices.
const MaxSlicedBits = 30

// A Mapping tells how weights become conductances. An empty text is the first
// choice, and a number 0 is 1 or none; the zero value is a differential pair of continuous
// conductances per weight.
type Mapping struct {
	Scheme      string  // DifferentialPair, TwoSidedPair or Offset
	WMax        float64 // weight that becomes the largest conductance, larger ones are clipped; 0 takes the largest magnitude
	Scaling     string  // TensorScale or ColumnScale: over what 0 takes the largest magnitude
	Copies      int     // devices or pairs side by side that hold the same, whose currents are added: their errors are averaged
	Slices      int     // digits of a weight, each in arrays with output converters of their own, added with their place value
	SliceBits   int     // bits of a digit, so that devices have 2^SliceBits levels; 0 is continuous, of one slice
	Reference   string  // ReferenceColumn or DigitalReference, with Offset
	PartialSums string  // Digital or Analog: of the arrays that a matrix is cut into along its inputs
}

// NewMapping returns a differential pair of continuous conductances per weight.
func NewMapping() Mapping {
	return Mapping{Scheme: DifferentialPair, Scaling: TensorScale, Copies: 1, Slices: 1, Reference: ReferenceColumn, PartialSums: Digital}
}

// full returns m with its defaults written out.
func (m Mapping) full() Mapping {
	d := NewMapping()
	for _, p := range []struct{ to, from *string }{{&m.Scheme, &d.Scheme}, {&m.Scaling, &d.Scaling}, {&m.Reference, &d.Reference}, {&m.PartialSums, &d.PartialSums}} {
		if *p.to == "" {
			*p.to = *p.from
		}
	}
	if m.Copies == 0 {
		m.Copies = 1
	}
	if m.Slices == 0 {
		m.Slices = 1
	}
	return m
}

// Params declares the parameters, for the table [mapping].
func (m *Mapping) Params() []quantity.Param {
	*m = m.full()
	const assumed = "assumption"
	return []quantity.Param{
		{Name: "scheme", Value: &m.Scheme, Options: []string{DifferentialPair, TwoSidedPair, Offset}, Meaning: "how a signed weight becomes conductances: a pair of which one device rests, a pair that moves in opposite directions, or one device and a reference", Source: assumed},
		{Name: "w_max", Value: &m.WMax, Range: quantity.NonNegative(), Meaning: "weight that becomes the largest conductance, larger ones are clipped; 0 takes the largest magnitude", Source: assumed},
		{Name: "scaling", Value: &m.Scaling, Options: []string{TensorScale, ColumnScale}, Meaning: "largest magnitude of the matrix, or of every output (bit line) its own", Source: assumed},
		{Name: "copies", Value: &m.Copies, Range: quantity.Between(1, 64), Meaning: "devices or pairs that hold the same weight, their currents added", Source: assumed},
		{Name: "slices", Value: &m.Slices, Range: quantity.Between(1, 16), Meaning: "digits of a weight, each in arrays and converters of its own, added with their place value", Source: assumed},
		{Name: "slice_bits", Value: &m.SliceBits, Range: quantity.Between(0, 16), Meaning: "bits of a digit: a device has 2^bits levels; 0 is continuous, of one slice", Source: assumed},
		{Name: "reference", Value: &m.Reference, Options: []string{ReferenceColumn, DigitalReference}, Meaning: "what subtracts the offset: a column of devices, before conversion, or digits, after it", Source: assumed},
		{Name: "partial_sums", Value: &m.PartialSums, Options: []string{Digital, Analog}, Meaning: "outputs of arrays that a matrix is cut into along its inputs are added after conversion, or before", Source: assumed},
	}
}

// Validate returns an error that names the parameter whose value is not allowed.
func (m Mapping) Validate() error {
	for _, p := range m.Params() {
		switch v := p.Value.(type) {
		case *string:
			if err := oneOf(p.Name, *v, p.Options); err != nil {
				return err
			}
		case *int:
			if !p.Range.Contains(float64(*v)) {
				return fmt.Errorf("%s is %d: must be %s", p.Name, *v, p.Range.Text(""))
			}
		}
	}
	m = m.full()
	switch {
	case !(m.WMax >= 0) || math.IsInf(m.WMax, 1):
		return fmt.Errorf("w_max is %g: must be >= 0", m.WMax)
	case m.Slices > 1 && m.SliceBits == 0:
		return fmt.Errorf("slice_bits is 0: must be at least 1 with slices = %d", m.Slices)
	case m.Slices*m.SliceBits > MaxSlicedBits:
		return fmt.Errorf("slices = %d of slice_bits = %d are %d bits: must be at most %d", m.Slices, m.SliceBits, m.Slices*m.SliceBits, MaxSlicedBits)
	case m.Scheme != DifferentialPair && m.Slices*m.SliceBits == 1:
		return fmt.Errorf("slice_bits is 1: must be 0 or at least 2 with scheme = %q and one slice, which has a level for the sign", m.Scheme)
	}
	return nil
}

func oneOf(name, value string, options []string) error {
	for _, o := range options {
		if o == value {
			return nil
		}
	}
	return fmt.Errorf("%s is %q: must be one of %s", name, value, quoted(options))
}

func quoted(options []string) string {
	s := ""
	for i, o := range options {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%q", o)
	}
	return s
}

// Signs returns the signs with which the currents of the arrays of a slice and copy are added.
func (m Mapping) Signs() []float64 {
	if m.Scheme == Offset {
		return []float64{1}
	}
	return []float64{1, -1}
}

// Columns returns the bit lines of an array with so many outputs: one more with a
// reference column, which is the last.
func (m Mapping) Columns(outputs int) int {
	if m.HasReferenceColumn() {
		return outputs + 1
	}
	return outputs
}

// HasReferenceColumn reports whether the last bit line of an array is a reference.
func (m Mapping) HasReferenceColumn() bool {
	return m.Scheme == Offset && m.Reference != DigitalReference
}

// Code returns how the weights w (outputs x inputs) are held by devices from gMin to gMax, in S.
// The error tells of an invalid mapping or range, or names the weight that is not finite.
func (m Mapping) Code(w []float64, outputs, inputs int, gMin, gMax float64) (*Code, error) {
	if len(w) != outputs*inputs {
		panic("crossbar: dimension mismatch")
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	m = m.full()
	if !(gMin >= 0 && gMin < gMax) || math.IsInf(gMax, 1) {
		return nil, fmt.Errorf("crossbar: conductances from %g to %g S: must be >= 0 S and rise", gMin, gMax)
	}
	c := &Code{Mapping: m, GMin: gMin, GMax: gMax, WMax: make([]float64, outputs)}
	var top float64
	for o := range outputs {
		for i, x := range w[o*inputs:][:inputs] {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf("crossbar: weight of output %d, input %d is %g: must be finite", o, i, x)
			}
			c.WMax[o] = max(c.WMax[o], math.Abs(x))
		}
		top = max(top, c.WMax[o])
	}
	for o := range c.WMax {
		switch {
		case m.WMax > 0:
			c.WMax[o] = m.WMax
		case m.Scaling == TensorScale:
			c.WMax[o] = top
		}
	}
	return c, nil
}

// A Code maps the weights of a matrix to conductances. With the share x = w/WMax of the output,
// clipped to ±1, a device of a slice is at
//
//	g = GMin + f (GMax - GMin)
//
// and a weight is w = WMax Σ_s Factor(s) (f+ - f-), f- being that of the reference with Offset.
// Without digits (SliceBits 0)
//
//	differential-pair  f± = max(0, ±x)
//	two-sided-pair     f± = (1 ± x)/2
//	offset             f+ = (1 + x)/2, f- = 1/2.
//
// With them, n = Slices SliceBits bits in all, f is a digit over its largest value, of the number
//
//	differential-pair  round((2^n - 1) max(0, ±x))
//	two-sided-pair     2^(n-1) ± round((2^(n-1) - 1) x)
//	offset             2^(n-1) + round((2^(n-1) - 1) x), and 2^(n-1).
//
// The weight 0 is exact in all of them. Slice 0 holds the lowest digit. If WMax is 0, all weights are 0.
type Code struct {
	Mapping
	GMin, GMax float64   // S
	WMax       []float64 // largest weight of every output
}

// PerSiemens returns what a difference of conductances of all copies of slice 0, by its Factor, adds to the
// weights of an output, in 1/S.
func (c *Code) PerSiemens(output int) float64 {
	return c.WMax[output] / (c.GMax - c.GMin) / float64(c.Copies)
}

// Factor returns the weight of slice s: its place value.
func (c *Code) Factor(s int) float64 {
	if c.SliceBits == 0 {
		if c.Scheme == Offset {
			return 2
		}
		return 1
	}
	value := math.Ldexp(c.digit(), s*c.SliceBits) / c.top()
	if c.Scheme == TwoSidedPair {
		value /= 2
	}
	return value
}

// digit returns the largest digit.
func (c *Code) digit() float64 { return float64(int(1)<<c.SliceBits - 1) }

// top returns the number of the share 1.
func (c *Code) top() float64 {
	n := c.Slices * c.SliceBits
	if c.Scheme == DifferentialPair {
		return float64(int64(1)<<n - 1)
	}
	return float64(int64(1)<<(n-1) - 1)
}

// fractions returns f+ and f- of slice s for the share x.
func (c *Code) fractions(x float64, s int) (plus, minus float64) {
	if c.SliceBits == 0 {
		switch c.Scheme {
		case Offset:
			return (1 + x) / 2, 0.5
		case TwoSidedPair:
			return (1 + x) / 2, (1 - x) / 2
		}
		return max(0, x), max(0, -x)
	}
	n := int64(math.RoundToEven(x * c.top()))
	half := int64(1) << (c.Slices*c.SliceBits - 1)
	var p, m int64
	switch c.Scheme {
	case Offset:
		p, m = half+n, half
	case TwoSidedPair:
		p, m = half+n, half-n
	default:
		p, m = max(0, n), max(0, -n)
	}
	mask := int64(1)<<c.SliceBits - 1
	shift := s * c.SliceBits
	return float64(p>>shift&mask) / c.digit(), float64(m>>shift&mask) / c.digit()
}

// ReferenceConductance returns the conductance of slice s for the weight 0 with Offset, in S.
func (c *Code) ReferenceConductance(s int) float64 {
	_, f := c.fractions(0, s)
	return c.GMin + f*(c.GMax-c.GMin)
}

// Targets sets plus and minus (inputs x Columns(outputs), in S) to the conductances of slice s of the
// weights w (outputs x inputs), of which the first output is number first of the matrix. With Offset
// minus is left alone and may be nil. It returns how many weights were clipped, and panics if lengths do not fit.
func (c *Code) Targets(plus, minus, w []float64, first, outputs, inputs, s int) (clipped int) {
	cols := c.Columns(outputs)
	c.check(plus, minus, w, outputs, inputs)
	if cols > outputs {
		g := c.ReferenceConductance(s)
		for i := range inputs {
			plus[i*cols+outputs] = g
		}
	}
	// Outputs go in strips, so that neither side of the transposition jumps over
	// more cache lines than fit.
	const strip = 16
	span := c.GMax - c.GMin
	for from := 0; from < outputs; from += strip {
		to := min(from+strip, outputs)
		for i := range inputs {
			for o := from; o < to; o++ {
				var x float64
				if top := c.WMax[first+o]; top > 0 {
					x = w[o*inputs+i] / top
				}
				if x > 1 || x < -1 {
					x = math.Copysign(1, x)
					clipped++
				}
				p, m := c.fractions(x, s)
				plus[i*cols+o] = min(c.GMin+p*span, c.GMax)
				if minus != nil {
					minus[i*cols+o] = min(c.GMin+m*span, c.GMax)
				}
			}
		}
	}
	return clipped
}

// AddWeights adds to w (outputs x inputs) what plus and minus (inputs x Columns(outputs), in S) of one
// copy of slice s stand for; first is as in Targets. It panics if lengths do not fit.
func (c *Code) AddWeights(w, plus, minus []float64, first, outputs, inputs, s int) {
	cols := c.Columns(outputs)
	c.check(plus, minus, w, outputs, inputs)
	factor, fixed := c.Factor(s), c.ReferenceConductance(s)
	for o := range outputs {
		per := c.PerSiemens(first+o) * factor
		for i := range inputs {
			ref := fixed
			switch {
			case c.Scheme != Offset:
				ref = minus[i*cols+o]
			case cols > outputs:
				ref = plus[i*cols+outputs]
			}
			w[o*inputs+i] += (plus[i*cols+o] - ref) * per
		}
	}
}

func (c *Code) check(plus, minus, w []float64, outputs, inputs int) {
	n := c.Columns(outputs) * inputs
	if len(plus) != n || c.Scheme != Offset && len(minus) != n || len(w) != outputs*inputs {
		panic("crossbar: dimension mismatch")
	}
}
