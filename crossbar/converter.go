package crossbar

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// How the full scale of an ADC is found.
const (
	Calibrated = "calibrated" // from the statistics of the outputs for independent random inputs
	FullScale  = "full-scale" // the largest output that any input can give
	Fixed      = "fixed"      // a given current
)

// Converters describes the converters at the edges of an array. NewConverters
// returns the defaults.
type Converters struct {
	DACBits    int     // resolution of the input converters, 0 for ideal ones
	InputRange float64 // input that becomes VRead, larger ones are clipped; 0 scales each vector by its largest magnitude
	VRead      float64 // read voltage, V
	ADCBits    int     // resolution of the output converters, 0 for ideal ones, which do not clip either
	ADCRange   string  // Calibrated, FullScale or Fixed
	ADCSigmas  float64 // standard deviations of the outputs within the range, if Calibrated
	ADCLimit   float64 // full scale, if Fixed, A
}

// NewConverters returns ideal converters of 0.2 V.
func NewConverters() Converters {
	return Converters{VRead: 0.2, ADCRange: Calibrated, ADCSigmas: 4}
}

// Params declares the parameters, for the table [converters].
func (c *Converters) Params() []quantity.Param {
	const assumed = "assumption"
	bits := quantity.Between(0, MaxBits)
	return []quantity.Param{
		{Name: "v_read", Value: &c.VRead, Unit: "V", Range: quantity.Positive(), Meaning: "voltage of the largest input", Source: assumed},
		{Name: "input_range", Value: &c.InputRange, Range: quantity.NonNegative(), Meaning: "input that becomes v_read, larger ones are clipped; 0 scales each vector by its largest magnitude", Source: assumed},
		{Name: "dac.bits", Value: &c.DACBits, Range: bits, Meaning: "resolution of the input converters with 2^bits - 1 levels around 0; 0 is ideal", Source: assumed},
		{Name: "adc.bits", Value: &c.ADCBits, Range: bits, Meaning: "resolution of the output converters with 2^bits - 1 levels around 0; 0 is ideal and has no range", Source: assumed},
		{
			Name: "adc.range", Value: &c.ADCRange, Options: []string{Calibrated, FullScale, Fixed},
			Meaning: "full scale of the output converters: adc.sigmas of the outputs for random inputs, the largest possible output, or adc.limit", Source: assumed,
		},
		{Name: "adc.sigmas", Value: &c.ADCSigmas, Range: quantity.Positive(), Meaning: "standard deviations of the outputs in the calibrated range", Source: assumed},
		{Name: "adc.limit", Value: &c.ADCLimit, Unit: "A", Range: quantity.NonNegative(), Meaning: "full scale of the output converters in the fixed range", Source: assumed},
	}
}

// Validate returns an error for a value outside its range, a resolution of 1
// bit, which has the level 0 only, and a fixed range without a limit or a limit
// without a fixed range.
func (c *Converters) Validate() error {
	for _, p := range c.Params() {
		var x float64
		switch v := p.Value.(type) {
		case *float64:
			x = *v
		case *int:
			if x = float64(*v); *v == 1 {
				return fmt.Errorf("%s is 1: must be 0 or from 2 to %d", p.Name, MaxBits)
			}
		default:
			continue
		}
		if !p.Range.Contains(x) {
			return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(x, p.Unit), p.Range.Text(p.Unit))
		}
	}
	switch {
	case c.ADCRange != Calibrated && c.ADCRange != FullScale && c.ADCRange != Fixed:
		return fmt.Errorf("adc.range is %q: must be one of %s, %s, %s", c.ADCRange, Calibrated, FullScale, Fixed)
	case c.ADCRange == Fixed && c.ADCLimit == 0:
		return fmt.Errorf("adc.limit is 0A: must be > 0 A with adc.range = %q", Fixed)
	case c.ADCRange != Fixed && c.ADCLimit != 0:
		return fmt.Errorf("adc.limit is %s: must be left out unless adc.range = %q", quantity.Format(c.ADCLimit, "A"), Fixed)
	}
	return nil
}

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
	var full, calibrated float64
	for j := range cols {
		full = max(full, size[j])
		// Uniform inputs have variance 1/3 on [-1,1] and 1/12 around 1/2 on [0,1].
		s := math.Sqrt(square[j])
		calibrated = max(calibrated, c.ADCSigmas*s/math.Sqrt(3), math.Abs(sum[j])/2+c.ADCSigmas*s/math.Sqrt(12))
	}
	limit := full
	if c.ADCRange == Calibrated {
		limit = min(full, calibrated)
	}
	return Quantizer{Bits: c.ADCBits, Limit: max(c.VRead*limit, floor)}
}
