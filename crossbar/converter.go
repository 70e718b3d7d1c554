package crossbar

import (
	"fmt"
	"math"
	"strings"

	"mho/internal/quantity"
)

// How the full scale of an ADC is found.
const (
	Calibrated = "calibrated" // from the statistics of the outputs for independent random inputs
	FullScale  = "full-scale" // the largest output that any input can give
	Fixed      = "fixed"      // a given current
)

// How an input becomes voltages.
const (
	Amplitude  = "amplitude"   // one level per input
	PulseWidth = "pulse-width" // a pulse of the read voltage as long as the input is large; outputs are charges
	BitSerial  = "bit-serial"  // digits of the input, one after the other
)

// How an output converter works.
const (
	IdealADC    = "ideal"    // rounds
	SARADC      = "sar"      // binary search over the levels of a capacitor array
	RampADC     = "ramp"     // counts until the ramp of one capacitor array, common to all columns, passes the input
	FlashADC    = "flash"    // a comparator per level of a resistor ladder
	PipelineADC = "pipeline" // stages of 1.5 bits, each with its own errors
	CyclicADC   = "cyclic"   // one stage of 1.5 bits, used again and again
)

// How ranges follow what is converted.
const (
	Keep      = "keep"      // outputs beyond the range are clipped
	Iterative = "iterative" // a vector with a clipped output is repeated with half the input, and so on
)

// Converters describes the converters at the edges of an array. NewConverters
// returns the defaults; an empty text is the first choice. Errors of converters are independent
// and normal between converters and fixed for each, unless they are called noise.
type Converters struct {
	VRead      float64 // read voltage, V
	InputRange float64 // input that becomes VRead, larger ones are clipped; 0 scales each vector by its largest magnitude
	Bounds     string  // Keep or Iterative

	DACKind       string  // Amplitude, PulseWidth or BitSerial
	DACBits       int     // resolution of the input converters, 0 for ideal ones
	DACSliceBits  int     // bits of a digit, if BitSerial
	DACAccumulate string  // Digital or Analog: sums over the digits of inputs
	DACNoise      float64 // standard deviation of a converted input, relative to the read voltage
	DACGain       float64 // standard deviation of the gain
	DACINL        float64 // largest deviation of the curve of all converters, an odd cubic, LSB
	DACMismatch   float64 // standard deviation of a unit element of binary weighted magnitudes, relative

	ADCKind       string  // IdealADC, SARADC, RampADC, FlashADC, PipelineADC or CyclicADC
	ADCBits       int     // resolution of the output converters, 0 for ideal ones, which do not clip either
	ADCRange      string  // Calibrated, FullScale or Fixed
	ADCSigmas     float64 // standard deviations of the outputs within the range, if Calibrated
	ADCLimit      float64 // full scale, if Fixed, A
	ADCColumns    int     // columns that share a converter
	ADCNoise      float64 // standard deviation of the noise at the input of a converter, fresh at each conversion, A
	ADCOffset     float64 // standard deviation of the offset, LSB
	ADCGain       float64 // standard deviation of the gain
	ADCINL        float64 // largest deviation of the curve of all converters, an odd cubic, LSB
	ADCMismatch   float64 // standard deviation of a unit capacitor or resistor, relative
	ADCComparator float64 // standard deviation of the offset of a comparator, LSB
	ADCAmplifier  float64 // open-loop gain of the amplifier of a pipeline or cyclic stage; 0 is infinite
}

// NewConverters returns ideal converters of 0.2 V.
func NewConverters() Converters {
	return Converters{
		VRead: 0.2, Bounds: Keep,
		DACKind: Amplitude, DACSliceBits: 1, DACAccumulate: Digital,
		ADCKind: IdealADC, ADCRange: Calibrated, ADCSigmas: 4, ADCColumns: 1,
	}
}

// Params declares the parameters, for the table [converters].
func (c *Converters) Params() []quantity.Param {
	const assumed = "assumption"
	bits := quantity.Between(0, MaxBits)
	notNegative := quantity.NonNegative()
	return []quantity.Param{
		{Name: "v_read", Value: &c.VRead, Unit: "V", Range: quantity.Positive(), Meaning: "voltage of the largest input", Source: assumed},
		{Name: "input_range", Value: &c.InputRange, Range: notNegative, Meaning: "input that becomes v_read, larger ones are clipped; 0 scales each vector by its largest magnitude", Source: assumed},
		{Name: "bounds", Value: &c.Bounds, Options: []string{Keep, Iterative}, Meaning: "clipped outputs are kept, or their vector is repeated with half the input until none is clipped", Source: assumed},
		{Name: "dac.kind", Value: &c.DACKind, Options: []string{Amplitude, PulseWidth, BitSerial}, Meaning: "an input is a voltage, the length of a pulse, or digits one after the other", Source: assumed},
		{Name: "dac.bits", Value: &c.DACBits, Range: bits, Meaning: "resolution of the input converters with 2^bits - 1 levels around 0; 0 is ideal", Source: assumed},
		{Name: "dac.slice_bits", Value: &c.DACSliceBits, Range: quantity.Between(1, 16), Meaning: "bits of a digit, if bit-serial", Source: assumed},
		{Name: "dac.accumulate", Value: &c.DACAccumulate, Options: []string{Digital, Analog}, Meaning: "digits of an input are added after a conversion of each, or as charges before one", Source: assumed},
		{Name: "dac.noise", Value: &c.DACNoise, Range: notNegative, Meaning: "standard deviation of a converted input (amplitude or jitter), relative to v_read", Source: assumed},
		{Name: "dac.gain", Value: &c.DACGain, Range: quantity.Between(0, 0.5), Meaning: "standard deviation of the gain of input converters", Source: assumed},
		{Name: "dac.inl", Value: &c.DACINL, Range: notNegative, Meaning: "largest deviation of the input converters' curve, an odd cubic, in LSB", Source: assumed},
		{Name: "dac.mismatch", Value: &c.DACMismatch, Range: quantity.Between(0, 0.5), Meaning: "relative standard deviation of a unit element of an input converter", Source: assumed},
		{Name: "adc.kind", Value: &c.ADCKind, Options: []string{IdealADC, SARADC, RampADC, FlashADC, PipelineADC, CyclicADC}, Meaning: "how the output converters work", Source: assumed},
		{Name: "adc.bits", Value: &c.ADCBits, Range: bits, Meaning: "resolution of the output converters with 2^bits - 1 levels around 0; 0 is ideal and has no range", Source: assumed},
		{
			Name: "adc.range", Value: &c.ADCRange, Options: []string{Calibrated, FullScale, Fixed},
			Meaning: "full scale of the output converters: adc.sigmas of the outputs for random inputs, the largest possible output, or adc.limit", Source: assumed,
		},
		{Name: "adc.sigmas", Value: &c.ADCSigmas, Range: quantity.Positive(), Meaning: "standard deviations of the outputs in the calibrated range", Source: assumed},
		{Name: "adc.limit", Value: &c.ADCLimit, Unit: "A", Range: notNegative, Meaning: "full scale of the output converters in the fixed range", Source: assumed},
		{Name: "adc.columns", Value: &c.ADCColumns, Range: quantity.AtLeast(1), Meaning: "columns that share an output converter and its errors", Source: assumed},
		{Name: "adc.noise", Value: &c.ADCNoise, Unit: "A", Range: notNegative, Meaning: "standard deviation of the noise at the input of an output converter", Source: assumed},
		{Name: "adc.offset", Value: &c.ADCOffset, Range: notNegative, Meaning: "standard deviation of the offset of output converters, in LSB", Source: assumed},
		{Name: "adc.gain", Value: &c.ADCGain, Range: quantity.Between(0, 0.5), Meaning: "standard deviation of the gain of output converters", Source: assumed},
		{Name: "adc.inl", Value: &c.ADCINL, Range: notNegative, Meaning: "largest deviation of the output converters' curve, an odd cubic, in LSB", Source: assumed},
		{Name: "adc.mismatch", Value: &c.ADCMismatch, Range: quantity.Between(0, 0.5), Meaning: "relative standard deviation of a unit capacitor (sar, ramp, pipeline, cyclic) or resistor (flash)", Source: assumed},
		{Name: "adc.comparator", Value: &c.ADCComparator, Range: notNegative, Meaning: "standard deviation of the offset of each comparator, in LSB", Source: assumed},
		{Name: "adc.amplifier", Value: &c.ADCAmplifier, Range: notNegative, Meaning: "open-loop gain of the amplifier of a pipeline or cyclic stage; 0 is infinite", Source: assumed},
	}
}

// full returns c with its defaults written out where a text or number cannot be empty.
func (c Converters) full() Converters {
	d := NewConverters()
	for _, p := range []struct {
		to   *string
		from string
	}{{&c.Bounds, d.Bounds}, {&c.DACKind, d.DACKind}, {&c.DACAccumulate, d.DACAccumulate}, {&c.ADCKind, d.ADCKind}} {
		if *p.to == "" {
			*p.to = p.from
		}
	}
	if c.DACSliceBits == 0 {
		c.DACSliceBits = 1
	}
	if c.ADCColumns == 0 {
		c.ADCColumns = 1
	}
	return c
}

// Validate returns an error for a value outside its range, a resolution of 1
// bit, which has the level 0 only, a fixed range without a limit or a limit
// without a fixed range, and for errors of a converter that its kind or its missing resolution does not have.
func (c *Converters) Validate() error {
	full := c.full()
	for _, p := range full.Params() {
		var x float64
		switch v := p.Value.(type) {
		case *float64:
			x = *v
		case *int:
			if x = float64(*v); *v == 1 && (p.Name == "dac.bits" || p.Name == "adc.bits") {
				return fmt.Errorf("%s is 1: must be 0 or from 2 to %d", p.Name, MaxBits)
			}
		case *string:
			if err := oneOf(p.Name, *v, p.Options); err != nil {
				return err
			}
			continue
		}
		if !p.Range.Contains(x) {
			return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(x, p.Unit), p.Range.Text(p.Unit))
		}
	}
	switch {
	case c.ADCRange == Fixed && c.ADCLimit == 0:
		return fmt.Errorf("adc.limit is 0A: must be > 0 A with adc.range = %q", Fixed)
	case c.ADCRange != Fixed && c.ADCLimit != 0:
		return fmt.Errorf("adc.limit is %s: must be left out unless adc.range = %q", quantity.Format(c.ADCLimit, "A"), Fixed)
	}
	return full.validateErrors()
}

// validateErrors checks that errors of converters are such as their kind has.
func (c *Converters) validateErrors() error {
	if c.DACKind == BitSerial && c.DACBits == 0 {
		return fmt.Errorf("dac.bits is 0: must be at least 2 with dac.kind = %q", BitSerial)
	}
	// What the conversion of a digit would make of the errors of a whole input is not defined.
	for _, e := range []struct {
		name string
		x    float64
	}{{"dac.inl", c.DACINL}, {"dac.mismatch", c.DACMismatch}} {
		switch {
		case e.x > 0 && c.DACKind == BitSerial:
			return fmt.Errorf("%s is %g: must be 0 with dac.kind = %q", e.name, e.x, BitSerial)
		case e.x > 0 && (c.DACBits == 0 || c.DACBits > maxTableBits):
			return fmt.Errorf("%s is %g: must be 0 unless dac.bits is from 2 to %d", e.name, e.x, maxTableBits)
		}
	}
	for _, e := range []struct {
		name  string
		x     float64
		kinds string
	}{
		{"adc.offset", c.ADCOffset, ""}, {"adc.inl", c.ADCINL, ""}, {"adc.gain", c.ADCGain, ""},
		{"adc.mismatch", c.ADCMismatch, SARADC + RampADC + FlashADC + PipelineADC + CyclicADC},
		{"adc.comparator", c.ADCComparator, SARADC + RampADC + FlashADC + PipelineADC + CyclicADC},
		{"adc.amplifier", c.ADCAmplifier, PipelineADC + CyclicADC},
	} {
		switch {
		case e.x > 0 && c.ADCBits == 0:
			return fmt.Errorf("%s is %g: must be 0 with adc.bits = 0", e.name, e.x)
		case e.x > 0 && e.kinds != "" && !strings.Contains(e.kinds, c.ADCKind):
			return fmt.Errorf("%s is %g: must be 0 with adc.kind = %q", e.name, e.x, c.ADCKind)
		}
	}
	if c.ADCKind != IdealADC && (c.ADCBits == 0 || c.ADCBits > maxTableBits) {
		return fmt.Errorf("adc.bits is %d: must be from 2 to %d with adc.kind = %q", c.ADCBits, maxTableBits, c.ADCKind)
	}
	return nil
}

// maxTableBits is the finest resolution of converters whose levels are drawn.
const maxTableBits = 16

// DAC returns the curve of the input converters, for inputs divided by the input
// range.
func (c *Converters) DAC() Quantizer { return Quantizer{Bits: c.DACBits, Limit: 1} }

// ADC returns the curve of the output converters, in A, of an array whose
// outputs are I_j = Σ_i V_i d[i][j]: d are the conductances in S, or the differences of
// a pair, rows x cols, as they are meant to be. All columns have the same range:
//
//   - full-scale: VRead max_j Σ_i |d_ij|;
//   - calibrated: the mean and ADCSigmas standard deviations of the column with
//     the largest such output, for independent inputs that are uniform from
//     -VRead to VRead, or from 0 to VRead if that gives more; at most full-scale;
//     For digits of inputs that are converted one by one, of uniform digits;
//   - fixed: ADCLimit.
//
// The range does not depend on the inputs that come to be converted. The first
// two are at least floor, in A, for columns of zeros. Without steps the limit is +Inf.
func (c *Converters) ADC(d []float64, rows, cols int, floor float64) Quantizer {
	switch {
	case c.ADCBits == 0:
		return Quantizer{Limit: math.Inf(1)}
	case c.ADCRange == Fixed:
		return Quantizer{Bits: c.ADCBits, Limit: c.ADCLimit}
	}
	sum, square, size := make([]float64, cols), make([]float64, cols), make([]float64, cols)
	for i := range rows {
		for j, x := range d[i*cols:][:cols] {
			sum[j] += x
			square[j] += x * x
			size[j] += math.Abs(x)
		}
	}
	// Uniform inputs have the mean square 1/3 on [-1,1] and on [0,1], where the mean is 1/2. So have
	// digits from 0 to d, but for their number.
	both := 1.0 / 3
	if c.DACKind == BitSerial && c.DACAccumulate != Analog {
		d := math.Ldexp(1, max(c.DACSliceBits, 1)) - 1
		both = (2*d + 1) / (6 * d)
	}
	var full, calibrated float64
	for j := range cols {
		full = max(full, size[j])
		s := math.Sqrt(square[j])
		calibrated = max(calibrated, c.ADCSigmas*s*math.Sqrt(both), math.Abs(sum[j])/2+c.ADCSigmas*s*math.Sqrt(both-0.25))
	}
	limit := full
	if c.ADCRange == Calibrated {
		limit = min(full, calibrated)
	}
	return Quantizer{Bits: c.ADCBits, Limit: max(c.VRead*limit, floor)}
}
