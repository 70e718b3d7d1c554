package aimc

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"mho/crossbar"
	"mho/noise"
)

// SineSettings control CrossbarTile.SineTest. Nil means the defaults.
type SineSettings struct {
	// Samples of the record. The default is 1024.
	Samples int
	// Cycles of the sine in the record, prime to Samples so that all phases differ. The default is 31.
	Cycles int
	// Amplitude relative to the input range. The default is 1.
	Amplitude float64
	// Signs of the inputs, inputs values of 1 or -1. The default is random.
	Signs []float64
}

// A SineResult is what one output makes of a sine wave.
type SineResult struct {
	crossbar.Sine         // in units of outputs
	Range         float64 // of the output converters, in units of outputs; +Inf of ideal ones
	ENOB          float64 // effective number of bits, over Range, or over the sine itself where that is infinite
}

// SineTest measures the effective number of bits of every output as an instrument does: all inputs are one sine wave, with signs, and what
// an output deviates from its own sine wave, with gain and offset of its own, is noise and distortion
// of devices and converters. Wrong weights, which only change the gains, do not count. Without a fixed input range the test has one of 1.
// The errors are those of MVM, or tell of settings that make no sine.
func (t *CrossbarTile) SineTest(ctx context.Context, set *SineSettings, key noise.Key) ([]SineResult, error) {
	s := SineSettings{}
	if set != nil {
		s = *set
	}
	if s.Samples == 0 {
		s.Samples = 1024
	}
	if s.Cycles == 0 {
		s.Cycles = 31
	}
	if s.Amplitude == 0 {
		s.Amplitude = 1
	}
	switch {
	case s.Cycles < 1 || s.Samples <= 2*s.Cycles:
		return nil, fmt.Errorf("%d samples of %d cycles: must be more than two a cycle", s.Samples, s.Cycles)
	case !(s.Amplitude > 0) || math.IsInf(s.Amplitude, 1):
		return nil, fmt.Errorf("amplitude is %g: must be > 0", s.Amplitude)
	case s.Signs != nil && len(s.Signs) != t.inputs:
		return nil, fmt.Errorf("%d signs for %d inputs: must be as many", len(s.Signs), t.inputs)
	case !t.programmed:
		return nil, errNotProgrammed
	}
	if s.Signs == nil {
		s.Signs = make([]float64, t.inputs)
		key.Domain(noise.Data).Uniform(s.Signs, noise.At{})
		for i, u := range s.Signs {
			s.Signs[i] = math.Copysign(1, u-0.5)
		}
	}
	r := t.config.Converters.InputRange
	if r == 0 {
		r = 1
		t.config.Converters.InputRange = r
		defer func() { t.config.Converters.InputRange = 0 }()
	}
	x, y := make([]float64, s.Samples*t.inputs), make([]float64, s.Samples*t.outputs)
	for k := range s.Samples {
		v := r * s.Amplitude * math.Sin(2*math.Pi*float64(k*s.Cycles%s.Samples)/float64(s.Samples))
		for i, sign := range s.Signs {
			x[k*t.inputs+i] = sign * v
		}
	}
	if _, err := t.MVM(ctx, y, x, 0, key); err != nil {
		return nil, err
	}
	out := make([]SineResult, t.outputs)
	record := make([]float64, s.Samples)
	for o := range out {
		for k := range record {
			record[k] = y[k*t.outputs+o]
		}
		q := &out[o]
		q.Sine, q.Range = crossbar.FitSine(record, s.Cycles), t.outputRange(o)*r
		span := q.Range
		if math.IsInf(span, 1) {
			span = 2 * q.Amplitude
		}
		q.ENOB = crossbar.EffectiveBits(span, q.Residual)
	}
	return out, nil
}

// outputRange returns the width of the range of an output, relative to the input range: of the sum of its conversions.
func (t *CrossbarTile) outputRange(output int) float64 {
	parts := len(t.cols) - 1
	j := 0
	for t.cols[j+1] <= output {
		j++
	}
	c := &t.config.Converters
	digits := 0.0
	for d := range c.Digits() {
		digits += c.DigitFactor(d)
	}
	if c.DACAccumulate == crossbar.Analog {
		digits = 1
	}
	span := 0.0
	for i := j; i < len(t.blocks); i += parts {
		for s := range t.blocks[i].slices {
			span += t.blocks[i].slices[s].adc.Span() * t.code.Factor(s) * digits
		}
		if t.config.Mapping.PartialSums == crossbar.Analog {
			break
		}
	}
	return span * t.unit[output]
}

// Calibrate learns ranges from the vectors x (n x inputs): the input range holds a share of the magnitudes of inputs, and
// that of the output converters of every array a share of the magnitudes of its outputs, as they are now, noise included. A share of 1 holds all. Program
// keeps the input range and sets those of outputs anew. It panics if the length does not fit; the
// errors are those of MVM, or tell of a share that is none.
func (t *CrossbarTile) Calibrate(ctx context.Context, x []float64, share float64, key noise.Key) error {
	if len(x) == 0 || len(x)%t.inputs != 0 {
		panic("aimc: dimension mismatch")
	}
	if !(share > 0 && share <= 1) {
		return fmt.Errorf("share is %g: must be above 0, at most 1", share)
	}
	magnitudes := make([]float64, len(x))
	for i, v := range x {
		magnitudes[i] = math.Abs(v)
	}
	r := quantile(magnitudes, share)
	if !(r > 0) || math.IsInf(r, 1) {
		return fmt.Errorf("the input range of the vectors is %g: must be > 0 and finite", r)
	}
	before := t.config.Converters.InputRange
	t.config.Converters.InputRange = r
	t.correction.valid = false
	t.observed = &observation{seen: map[*crossbar.ADC][]float64{}}
	defer func() { t.observed = nil }()
	if _, err := t.multiply(ctx, make([]float64, len(x)/t.inputs*t.outputs), x, 0, key); err != nil {
		t.config.Converters.InputRange = before
		return err
	}
	for adc, seen := range t.observed.seen {
		if limit := quantile(seen, share); limit > 0 && adc.Bits > 0 {
			adc.Limit = limit
		}
	}
	return nil
}

// quantile returns the smallest of the values, which it sorts, that a share of them does not exceed.
func quantile(v []float64, share float64) float64 {
	slices.Sort(v)
	return v[max(0, int(math.Ceil(share*float64(len(v))))-1)]
}

// An observation collects the magnitudes of what converters see, in A.
type observation struct {
	mu   sync.Mutex
	seen map[*crossbar.ADC][]float64
}

// see adds the outputs of n vectors.
func see[T float32 | float64](o *observation, adc *crossbar.ADC, in []T, n, outputs, stride int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for k := range n {
		for _, i := range in[k*stride:][:outputs] {
			o.seen[adc] = append(o.seen[adc], math.Abs(float64(i)))
		}
	}
}
