package crossbar

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/internal/claims"
	"mho/noise"
)

func adc(t *testing.T, cols int, seed uint64, change func(c *Converters)) *ADC {
	t.Helper()
	c := NewConverters()
	c.ADCBits = 8
	change(&c)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c.NewADC(Quantizer{Bits: c.ADCBits, Limit: 1}, cols, noise.NewKey(seed))
}

var kinds = []string{SARADC, RampADC, FlashADC, PipelineADC, CyclicADC}

// TestKindsRound checks that converters of every kind without mismatch round as the ideal one does. Offsets of 1e-12 LSB
// make them go the way of their kind.
func TestKindsRound(t *testing.T) {
	const n = 4001
	x, want, got := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = -1.2 + 2.4*float64(i)/(n-1) + 1e-7
	}
	for _, bits := range []int{2, 5, 8, 12} {
		q := Quantizer{Bits: bits, Limit: 1}
		clipped := q.Quantize(want, x)
		differ := 0
		for _, kind := range kinds {
			a := adc(t, n, 1, func(c *Converters) { c.ADCKind, c.ADCBits, c.ADCComparator, c.ADCColumns = kind, bits, 1e-12, n })
			if a.kind != kind {
				t.Fatalf("%s became %s", kind, a.kind)
			}
			if c := ConvertOutputs(a, got, x, nil, 0, noise.Key{}); c != clipped {
				t.Errorf("%d bits, %s: %d clipped, want %d", bits, kind, c, clipped)
			}
			for i := range got {
				if math.Abs(got[i]-want[i]) > 1e-12 {
					differ++
				}
			}
		}
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("conversions of %d bits by search, ramp, ladder and 1.5-bit stages that differ from rounding", bits), Kind: claims.IndependentSolver, Source: "round to the nearest of 2^bits - 1 levels, 4001 inputs over 1.2 times the range",
			Got: float64(differ), Tol: 0.5, Absolute: true, Why: "integers"})
	}
}

// TestMismatch compares the spread of steps and of deviations from a line with the laws of independent elements.
func TestMismatch(t *testing.T) {
	const bits, sigma, n = 8, 0.02, 4000
	// The middle step of binary weighted capacitors: the highest against all others.
	q := Quantizer{Bits: bits, Limit: 1}
	var step []float64
	for k := range n {
		w := q.capacitors(sigma, noise.At{Row: uint32(k)}, noise.NewKey(3))
		d := w[bits-1]
		for _, x := range w[:bits-1] {
			d -= x
		}
		step = append(step, d-1)
	}
	claims.Check(t, claims.Claim{Name: "spread of the middle step of an 8-bit capacitor array with 2 % of mismatch", Kind: claims.ClosedForm, Source: "σ sqrt(2^bits - 1) LSB: 2^(bits-1) units against 2^(bits-1) - 1 others", Unit: "LSB",
		Want: sigma * math.Sqrt(1<<bits-1), Got: stat.StdDev(step, nil), Tol: 4.5 / math.Sqrt(2*n), Why: "4.5 standard errors of 4000 arrays"})
	// The middle tap of a ladder: a Brownian bridge.
	var tap []float64
	for k := range n {
		l := q.ladder(sigma, 0, noise.At{Row: uint32(k)}, noise.NewKey(4))
		// Taps 126 and 127 of 254 lie half a resistor from the middle.
		tap = append(tap, (l[126]+l[127])/2)
	}
	claims.Check(t, claims.Claim{Name: "spread of the middle of an 8-bit resistor ladder with 2 % of mismatch", Kind: claims.ClosedForm, Source: "σ √N/2 LSB of N = 255 resistors: a Brownian bridge", Unit: "LSB",
		Want: sigma * math.Sqrt(255) / 2, Got: stat.StdDev(tap, nil), Tol: 4.5/math.Sqrt(2*n) + 0.002, Why: "4.5 standard errors of 4000 ladders, and 1/2N for half a resistor"})
}

// TestRedundancy checks that a pipeline of 1.5-bit stages stands offsets of comparators below a quarter of full scale, and that
// a finite gain of the amplifier makes the error of the first stage's residue.
func TestRedundancy(t *testing.T) {
	const n = 2001
	x, want, got := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = -0.95 + 1.9*float64(i)/(n-1) + 1e-7
	}
	ideal := Quantizer{Bits: 10, Limit: 1}
	ideal.Quantize(want, x)
	a := adc(t, n, 6, func(c *Converters) { c.ADCKind, c.ADCBits, c.ADCComparator, c.ADCColumns = PipelineADC, 10, 25, 1 })
	ConvertOutputs(a, got, x, nil, 0, noise.Key{})
	most := 0.0
	for i := range got {
		most = math.Max(most, math.Abs(got[i]-want[i])/ideal.LSB())
	}
	claims.Check(t, claims.Claim{Name: "largest error of 10-bit pipelines with comparators off by 25 LSB", Kind: claims.ClosedForm, Source: "redundancy of 1.5-bit stages: offsets below a quarter of full scale, 128 LSB, move the last digit only; S. H. Lewis et al., doi:10.1109/4.121557", Unit: "LSB",
		Want: 0, Got: most, Tol: 1.01, Absolute: true, Why: "the last stage has no stage after it; an integer"})
	// The transfer steps where the first stage decides: half of full scale is lost times 2/A there.
	const gain = 1000
	a = adc(t, 2, 7, func(c *Converters) { c.ADCKind, c.ADCBits, c.ADCAmplifier, c.ADCColumns = PipelineADC, 16, gain, 2 })
	y := make([]float64, 2)
	ConvertOutputs(a, y, []float64{0.25 * 0.999, 0.25 * 1.001}, nil, 0, noise.Key{})
	// With the loss l = 1/(1 + 2/A) of every residue the digits of x = 1/4 make f(l/2)/2 on one side and 1/2 - f(l/2)/2 on
	// the other, and f(l/2) = 1/2 + f(l² - l)/2 is 1/2 - 1/A to first order.
	jump := (y[1] - y[0]) - 0.25*0.002
	claims.Check(t, claims.Claim{Name: "step at the decision of the first stage of a pipeline whose amplifier has a gain of 1000", Kind: claims.ClosedForm, Source: "1/A: the digits of 1/4 from both sides, f(x) = d/2 + f((2x - d)/(1 + 2/A))/2", Unit: "full scale",
		Want: 1.0 / gain, Got: jump, Tol: 0.09, Why: "half a step of 16 bits at both ends, 3 %, and 2 % of second order for each of three stages"})
}

// TestEffectiveBits measures converters with a sine wave.
func TestEffectiveBits(t *testing.T) {
	const samples, cycles = 8192, 1021
	for _, bits := range []int{4, 6, 8, 10} {
		q := Quantizer{Bits: bits, Limit: 1}
		y := make([]float64, samples)
		for k := range y {
			y[k] = 0.5 * q.Span() * math.Sin(2*math.Pi*float64(k*cycles%samples)/samples+0.1)
		}
		q.Quantize(y, y)
		s := FitSine(y, cycles)
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("effective number of bits of an ideal %d-bit converter, sine fit", bits), Kind: claims.ClosedForm, Source: "log2(2^bits - 1): as many levels; IEEE Std 1241-2010", Unit: "bit",
			Want: math.Log2(math.Exp2(float64(bits)) - 1), Got: EffectiveBits(q.Span(), s.Residual), Tol: []float64{0: 0.1, 4: 0.12, 6: 0.06, 8: 0.03, 10: 0.015}[bits], Absolute: true, Why: "the error of a sine is not uniform: the ends of its swing stay long within a level"})
		if math.Abs(s.SINAD()-1.76-6.02*EffectiveBits(2*s.Amplitude, s.Residual)) > 0.01 {
			t.Errorf("SINAD %g dB", s.SINAD())
		}
	}
	// An offset and noise of known size.
	const lsb, rms = 2.0 / 255, 0.7
	a := adc(t, samples, 8, func(c *Converters) { c.ADCBits, c.ADCNoise, c.ADCColumns = 8, rms*lsb, samples })
	x, y, z := make([]float64, samples), make([]float64, samples), make([]float32, samples)
	for k := range x {
		x[k] = 0.95 * math.Sin(2*math.Pi*float64(k*cycles%samples)/samples)
	}
	ConvertOutputs(a, y, x, z, 0, noise.NewKey(9))
	s := FitSine(y, cycles)
	claims.Check(t, claims.Claim{Name: "residual of a sine after an 8-bit converter with noise of 0.7 LSB", Kind: claims.ClosedForm, Source: "sqrt(σ² + LSB²/12)", Unit: "full scale",
		Want: math.Hypot(rms*lsb, 2.0/254/math.Sqrt(12)), Got: s.Residual, Tol: 4.5 / math.Sqrt(2*samples), Why: "4.5 standard errors of 8192 samples"})
}

// TestCodeDensity finds a known nonlinearity from the histogram of a sine wave.
func TestCodeDensity(t *testing.T) {
	const bits, samples, cycles = 6, 1 << 20, 314159
	const inl = 2.0
	c := NewConverters()
	c.ADCBits, c.ADCINL = bits, inl
	q := Quantizer{Bits: bits, Limit: 1}
	a := c.NewADC(q, samples, noise.NewKey(1))
	a.columns = samples
	x := make([]float64, samples)
	for k := range x {
		x[k] = 1.1 * math.Sin(2*math.Pi*float64(k*cycles%samples)/samples)
	}
	ConvertOutputs(a, x, x, nil, 0, noise.Key{})
	for k := range x {
		x[k] = math.Round(x[k] / q.LSB())
	}
	l := CodeDensity(x, 31)
	// The transition to code k lies where x + INL b(x/top) = k - 1/2.
	var most float64
	for k, got := range l.INL {
		at := func(k int) float64 {
			want := float64(k) - 30.5
			lo, hi := -40.0, 40.0
			for range 60 {
				mid := (lo + hi) / 2
				if mid+inl*bow(math.Max(-1, math.Min(1, mid/31))) < want {
					lo = mid
				} else {
					hi = mid
				}
			}
			return lo
		}
		first, last := at(0), at(61)
		want := (at(k)-first)/((last-first)/61) - float64(k)
		most = math.Max(most, math.Abs(got-want))
	}
	claims.Check(t, claims.Claim{Name: "largest error of the integral nonlinearity that the code density of a sine shows", Kind: claims.IndependentSolver, Source: "transitions of the curve by bisection; J. Doernberg et al., doi:10.1109/JSSC.1984.1052232", Unit: "LSB",
		Got: most, Tol: 0.01, Absolute: true, Why: "a million samples resolve some 1e-6 of the range around its middle, an LSB is 0.03"})
	if len(l.DNL) != 61 {
		t.Errorf("%d inner codes", len(l.DNL))
	}
}

// TestConverterSpread checks gains, offsets and noise by their statistics, and that shared converters err alike.
func TestConverterSpread(t *testing.T) {
	const n = 5000
	a := adc(t, n, 10, func(c *Converters) { c.ADCBits, c.ADCGain, c.ADCOffset = 16, 0.02, 300 })
	zero, half, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range half {
		half[i] = 0.5
	}
	ConvertOutputs(a, zero, zero, nil, 0, noise.Key{})
	ConvertOutputs(a, y, half, nil, 0, noise.Key{})
	for i := range y {
		y[i] = (y[i] - zero[i]) / 0.5
	}
	tol := 4.5 / math.Sqrt(2*n)
	if s := stat.StdDev(zero, nil) / a.LSB(); math.Abs(s/300-1) > tol {
		t.Errorf("offsets of %g LSB, want 300", s)
	}
	if s := stat.StdDev(y, nil); math.Abs(s/0.02-1) > tol {
		t.Errorf("gains of %g, want 0.02", s)
	}
	shared := adc(t, 8, 10, func(c *Converters) { c.ADCOffset, c.ADCColumns = 20, 4 })
	y = make([]float64, 8)
	ConvertOutputs(shared, y, make([]float64, 8), nil, 0, noise.Key{})
	if y[0] != y[3] || y[4] != y[7] || y[0] == y[4] {
		t.Errorf("shared converters: %v", y)
	}
}

// TestDAC checks the digits of inputs, and the errors of input converters.
func TestDAC(t *testing.T) {
	const rows = 3000
	c := NewConverters()
	c.DACKind, c.DACBits = BitSerial, 8
	for _, slice := range []int{1, 2, 3, 7} {
		c.DACSliceBits = slice
		v := make([]float64, 255)
		for i := range v {
			v[i] = c.VRead * float64(i-127) / 127
		}
		sum, digit := make([]float64, len(v)), make([]float64, len(v))
		if want := (7 + slice - 1) / slice; c.Digits() != want {
			t.Errorf("%d digits of %d bits, want %d", c.Digits(), slice, want)
		}
		for k := range c.Digits() {
			Digit(&c, digit, v, k)
			for i, x := range digit {
				if math.Abs(x) > c.VRead*(1+1e-15) {
					t.Fatalf("digit %d is %g V", k, x)
				}
				sum[i] += c.DigitFactor(k) * x
			}
		}
		if worst(sum, v) > 1e-14 {
			t.Errorf("digits of %d bits make another input: %g", slice, worst(sum, v))
		}
	}
	c = NewConverters()
	c.DACBits, c.DACMismatch, c.DACGain, c.DACNoise = 8, 0.05, 0.01, 0.02
	d := c.NewDAC(0, rows, noise.NewKey(11))
	v, z := make([]float64, rows), make([]float32, rows)
	for i := range v {
		v[i] = c.VRead // the largest code, which mismatch does not move
	}
	DistortInputs(d, v, z, 5, noise.NewKey(12))
	if s := stat.StdDev(v, nil) / c.VRead; math.Abs(s/math.Hypot(0.01, 0.02)-1) > 4.5/math.Sqrt(2*rows) {
		t.Errorf("largest inputs spread by %g", s)
	}
	d.Noise, d.gains = 0, nil
	a, b := make([]float64, rows), make([]float64, rows)
	for i := range a {
		a[i], b[i] = c.VRead*63/127, c.VRead*64/127
	}
	DistortInputs(d, a, z, 5, noise.Key{})
	DistortInputs(d, b, z, 5, noise.Key{})
	for i := range a {
		a[i] = (b[i]-a[i])/d.LSB() - 1
	}
	claims.Check(t, claims.Claim{Name: "spread of the middle step of input converters of 7 bits and sign with 5 % of mismatch", Kind: claims.ClosedForm, Source: "σ sqrt(2^7 - 1) LSB", Unit: "LSB",
		Want: 0.05 * math.Sqrt(127), Got: stat.StdDev(a, nil), Tol: 4.5 / math.Sqrt(2*rows), Why: "4.5 standard errors of 3000 converters"})
	c = NewConverters()
	c.DACBits, c.DACINL = 8, 3
	d = c.NewDAC(0, 1, noise.Key{})
	v = []float64{c.VRead * 73 / 127}
	DistortInputs(d, v, z, 0, noise.Key{})
	if e := (v[0] - c.VRead*73/127) / d.LSB(); math.Abs(e-3) > 1e-3 {
		t.Errorf("largest deviation %g LSB, want 3 near 1/√3", e)
	}
}

// TestPeers compares the resolutions of other simulators with ours, by their documented defaults.
func TestPeers(t *testing.T) {
	for _, c := range []struct {
		what  string
		bits  int
		limit float64
		res   float64
	}{{"inputs: 1/(2^7 - 2)", 7, 1, 1.0 / 126}, {"outputs: 1/(2^9 - 2)", 9, 12, 1.0 / 510}} {
		claims.Check(t, claims.Claim{Name: "step of AIHWKIT's default converter of " + c.what, Kind: claims.Published, Source: "2 bound res (IOParameters of AIHWKIT); M. J. Rasch et al., doi:10.1109/AICAS51828.2021.9458494",
			Want: 2 * c.limit * c.res, Got: Quantizer{Bits: c.bits, Limit: c.limit}.LSB(), Tol: 1e-14, Why: "rounding"})
	}
}
