package crossbar

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
	"mho/noise"
	"pgregory.net/rapid"
)

// TestQuantizer checks the curve point by point, its symmetry and its ends.
func TestQuantizer(t *testing.T) {
	q := Quantizer{Bits: 3, Limit: 6} // 7 levels: -6, -4, ..., 6
	src := []float64{0, 0.99, 1.01, 2.9, 3.1, -0.99, -1.01, 6, 6.9, 7.1, 100, math.Inf(-1)}
	want := []float64{0, 0, 2, 2, 4, 0, -2, 6, 6, 6, 6, -6}
	dst := make([]float64, len(src))
	clipped := q.Quantize(dst, src)
	for i := range want {
		if dst[i] != want[i] {
			t.Errorf("Quantize(%g) = %g, want %g", src[i], dst[i], want[i])
		}
	}
	if clipped != 3 || q.LSB() != 2 {
		t.Errorf("%d clipped, LSB %g", clipped, q.LSB())
	}
	rapid.Check(t, func(t *rapid.T) {
		q := Quantizer{Bits: rapid.IntRange(2, MaxBits).Draw(t, "bits"), Limit: rapid.Float64Range(1e-9, 1e9).Draw(t, "limit")}
		x := rapid.Float64Range(-1, 1).Draw(t, "x") * q.Limit
		y := []float64{x, -x, 2 * x}
		q.Quantize(y, y)
		if math.Abs(y[0]-x) > q.LSB()*(0.5+1e-9) || y[0] != -y[1] || math.Abs(y[0]) > q.Limit*(1+1e-15) {
			t.Fatalf("%+v: %g became %g, its negative %g", q, x, y[0], y[1])
		}
		levels := math.Round(y[0] / q.LSB())
		if math.Abs(levels-y[0]/q.LSB()) > 1e-6 || math.Abs(levels) > math.Exp2(float64(q.Bits-1))-1 {
			t.Fatalf("%+v: %g is no level", q, y[0])
		}
	})
}

// TestQuantizationError compares the error with its laws: uniform in an LSB, and
// the tail of a normal input beyond the limit.
func TestQuantizationError(t *testing.T) {
	const n = 1_000_000
	key := noise.NewKey(81).Domain(noise.Data)
	x, y := make([]float64, n), make([]float64, n)
	key.Uniform(x, noise.At{})
	for i := range x {
		x[i] = 2*x[i] - 1
	}
	q := Quantizer{Bits: 8, Limit: 1}
	q.Quantize(y, x)
	claims.Check(t, claims.Claim{Name: "mean square error of an 8-bit converter", Kind: claims.ClosedForm, Source: "LSB²/12, LSB = 1/127; W. R. Bennett, doi:10.1002/j.1538-7305.1948.tb01340.x",
		Want: 1.0 / 127 / 127 / 12, Got: meanSquare(x, y), Tol: 0.004, Why: "4.5 standard errors of a million values: sqrt(4/5)/1000 relative each"})
	key.Normal(x, noise.At{})
	q = Quantizer{Limit: 1.5}
	clipped := q.Quantize(y, x)
	phi, tail := math.Exp(-1.5*1.5/2)/math.Sqrt(2*math.Pi), math.Erfc(1.5/math.Sqrt2)/2
	claims.Check(t, claims.Claim{Name: "share of normal values clipped at 1.5 standard deviations", Kind: claims.ClosedForm, Source: "erfc(k/√2)",
		Want: 2 * tail, Got: float64(clipped) / n, Tol: 4.5 * math.Sqrt(2*tail*(1-2*tail)/n), Absolute: true, Why: "4.5 standard errors of a million values"})
	claims.Check(t, claims.Claim{Name: "mean square error of clipping a normal value at 1.5 standard deviations", Kind: claims.ClosedForm, Source: "2((1 + k²)Φ(-k) - kφ(k))",
		Want: 2 * ((1+1.5*1.5)*tail - 1.5*phi), Got: meanSquare(x, y), Tol: 0.03, Why: "4.5 standard errors: 0.14 million clipped values whose squared excess has relative standard deviation 2.3"})
}

func meanSquare(x, y []float64) (s float64) {
	for i := range x {
		s += (x[i] - y[i]) * (x[i] - y[i])
	}
	return s / float64(len(x))
}

// TestADCRange checks that full-scale never clips but is reached, and that the
// calibrated range holds the stated share of the outputs.
func TestADCRange(t *testing.T) {
	const rows, inputs = 512, 4000
	key := noise.NewKey(82).Domain(noise.Data)
	d := make([]float64, rows)
	key.Normal(d, noise.At{})
	// With a sum of 0, inputs from -1 to 1 give the larger outputs and decide.
	var mean float64
	for _, x := range d {
		mean += x / rows
	}
	for i := range d {
		d[i] = (d[i] - mean) * 1e-5
	}
	c := NewConverters()
	c.ADCBits, c.ADCRange = 10, FullScale
	full := c.ADC(d, rows, 1, 0)
	var most float64
	for _, x := range d {
		most += c.VRead * math.Abs(x)
	}
	if math.Abs(full.Limit/most-1) > 1e-14 || full.Bits != 10 {
		t.Errorf("full-scale %g A, the largest output is %g", full.Limit, most)
	}
	c.ADCRange, c.ADCSigmas = Calibrated, 2
	q := c.ADC(d, rows, 1, 0)
	var beyond float64
	x := make([]float64, rows)
	for n := range inputs {
		key.Uniform(x, noise.At{Event: uint64(n)})
		var sum float64
		for i := range x {
			sum += c.VRead * (2*x[i] - 1) * d[i]
		}
		if math.Abs(sum) > q.Limit {
			beyond++
		}
	}
	want := math.Erfc(math.Sqrt2)
	claims.Check(t, claims.Claim{Name: "share of outputs beyond a calibrated range of two standard deviations", Kind: claims.ClosedForm, Source: "erfc(2/√2), central limit theorem for 512 uniform inputs",
		Want: want, Got: beyond / inputs, Tol: 4.5 * math.Sqrt(want*(1-want)/inputs), Absolute: true, Why: "4.5 standard errors of 4000 outputs"})
	// Weights of one sign: inputs from 0 to 1 have a mean, and decide.
	for i := range d {
		d[i] = 1e-5
	}
	if q, want := c.ADC(d, rows, 1, 0).Limit, 0.2*1e-5*(256+2*math.Sqrt(512.0/12)); math.Abs(q/want-1) > 1e-14 {
		t.Errorf("weights of one sign: %g A, want %g", q, want)
	}
	if q := c.ADC(make([]float64, 6), 2, 3, 7e-6).Limit; q != 7e-6 {
		t.Errorf("columns of zeros: limit %g A", q)
	}
	if q := c.ADC(d[:1], 1, 1, 0).Limit; math.Abs(q/2e-6-1) > 1e-14 {
		t.Errorf("one device: limit %g A, want its largest current", q)
	}
	c.ADCRange, c.ADCLimit = Fixed, 3e-6
	if q := c.ADC(d, rows, 1, 1); q.Limit != 3e-6 {
		t.Errorf("fixed limit %g A", q.Limit)
	}
	c.ADCBits = 0
	if q := c.ADC(d, rows, 1, 1); q.LSB() != 0 || !math.IsInf(q.Limit, 1) {
		t.Errorf("ideal converter %+v", q)
	}
}

func TestConvertersRefuse(t *testing.T) {
	for want, change := range map[string]func(*Converters){
		"dac.bits is 1: must be 0 or from 2 to 24": func(c *Converters) { c.DACBits = 1 },
		"adc.bits is 25: must be from 0 to 24":     func(c *Converters) { c.ADCBits = 25 },
		"v_read is 0V: must be > 0 V":              func(c *Converters) { c.VRead = 0 },
		`adc.range is "auto": must be one of`:      func(c *Converters) { c.ADCRange = "auto" },
		"adc.limit is 0A: must be > 0 A":           func(c *Converters) { c.ADCRange = Fixed },
		"adc.limit is 1uA: must be left out":       func(c *Converters) { c.ADCLimit = 1e-6 },
		"input_range":                              func(c *Converters) { c.InputRange = math.NaN() },
	} {
		c := NewConverters()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	c := NewConverters()
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	var w Wires
	var m Mapping
	for _, p := range append(append(c.Params(), w.Params()...), m.Params()...) {
		if p.Meaning == "" || p.Source == "" {
			t.Errorf("parameter %s lacks meaning or source", p.Name)
		}
	}
	if w.Validate() != nil || m.Validate() != nil {
		t.Error("the zero values are not valid")
	}
}
