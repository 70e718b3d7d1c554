package crossbar

import "math"

// A Sine is the sine wave nearest to a record.
type Sine struct {
	Amplitude, Offset float64 // in the unit of the record
	Residual          float64 // root mean square of what is left
}

// FitSine returns the sine wave of so many whole cycles that is nearest to y by least squares: the three-parameter fit of
// IEEE Std 1241-2010, doi:10.1109/IEEESTD.2011.5692956, for coherent samples. It panics unless there are more than two
// samples per cycle.
func FitSine(y []float64, cycles int) Sine {
	n := len(y)
	if cycles < 1 || n <= 2*cycles {
		panic("crossbar: too few samples for a sine")
	}
	var a, b, c float64
	for k, x := range y {
		sin, cos := math.Sincos(2 * math.Pi * float64(k*cycles%n) / float64(n))
		a += 2 * x * cos / float64(n)
		b += 2 * x * sin / float64(n)
		c += x / float64(n)
	}
	s := Sine{Amplitude: math.Hypot(a, b), Offset: c}
	for k, x := range y {
		sin, cos := math.Sincos(2 * math.Pi * float64(k*cycles%n) / float64(n))
		d := x - a*cos - b*sin - c
		s.Residual += d * d / float64(n)
	}
	s.Residual = math.Sqrt(s.Residual)
	return s
}

// SINAD returns the ratio of the powers of the sine and of the rest, in dB.
func (s Sine) SINAD() float64 { return 20 * math.Log10(s.Amplitude/math.Sqrt2/s.Residual) }

// EffectiveBits returns the resolution of an ideal converter with the same error over the range, from the lowest to the
// highest value, that it converts: log2(range / (√12 rms)), the definition of IEEE Std 1241-2010. A sine of the whole range
// makes it (SINAD - 1.76 dB)/6.02 dB.
func EffectiveBits(fullRange, rms float64) float64 {
	return math.Log2(fullRange / (math.Sqrt(12) * rms))
}

// Span returns the width of the range that q converts without clipping: of all its codes, an LSB each.
func (q Quantizer) Span() float64 { return 2*q.Limit + q.LSB() }

// Linearity is the static error of a converter in LSB.
type Linearity struct {
	DNL []float64 // of the inner codes: width less one
	INL []float64 // of the transitions, from the line through the first and the last
}

// CodeDensity returns the linearity of a converter from the codes (integers from -top to top) of a
// sine wave that is a little larger than its range, sampled at phases that are as good as random: the histogram test of J. Doernberg, H.-S. Lee
// and D. A. Hodges, IEEE J. Solid-State Circuits 19, 820 (1984), doi:10.1109/JSSC.1984.1052232. The amplitude need not be known. It
// panics if a code is outside.
func CodeDensity(codes []float64, top int) Linearity {
	count := make([]float64, 2*top+1)
	for _, c := range codes {
		count[int(c)+top]++
	}
	// The transition to a code, relative to the amplitude.
	t := make([]float64, 2*top)
	below := 0.0
	for k := range t {
		below += count[k]
		t[k] = -math.Cos(math.Pi * below / float64(len(codes)))
	}
	lsb := (t[len(t)-1] - t[0]) / float64(len(t)-1)
	l := Linearity{DNL: make([]float64, len(t)-1), INL: make([]float64, len(t))}
	for k := range t {
		l.INL[k] = (t[k]-t[0])/lsb - float64(k)
		if k > 0 {
			l.DNL[k-1] = (t[k]-t[k-1])/lsb - 1
		}
	}
	return l
}
