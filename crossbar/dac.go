package crossbar

import (
	"math"

	"mho/internal/gemm"
	"mho/noise"
)

// A DAC is the input converters of an array, one per row. Converters.NewDAC makes it.
type DAC struct {
	Quantizer         // in V
	Noise     float64 // standard deviation of what is converted, V

	gains  []float64 // of the rows; nil is 1
	levels []float64 // of the magnitudes, rows x (largest code + 1), V; nil is none drawn
}

// NewDAC returns the converters of the rows from first on, whose errors key draws.
func (c *Converters) NewDAC(first, rows int, key noise.Key) *DAC {
	d := &DAC{Quantizer: Quantizer{Bits: c.DACBits, Limit: c.VRead}, Noise: c.DACNoise * c.VRead}
	if c.DACGain > 0 {
		d.gains = make([]float64, rows)
		for i := range d.gains {
			d.gains[i] = 1 + c.DACGain*key.NormalAt(noise.At{Row: uint32(first + i)})
		}
	}
	if c.DACMismatch == 0 && c.DACINL == 0 {
		return d
	}
	codes := int(d.top()) + 1
	d.levels = make([]float64, rows*codes)
	weights := make([]float64, c.DACBits-1)
	for i := range rows {
		drawBinary(weights, c.DACMismatch, noise.At{Row: uint32(first + i), Event: 1}, key)
		level := d.levels[i*codes:][:codes]
		var full float64
		for _, w := range weights {
			full += w
		}
		for code := range level {
			x := 0.0
			for k, w := range weights {
				if code>>k&1 == 1 {
					x += w
				}
			}
			x *= d.top() / full
			level[code] = (x + c.DACINL*bow(x/d.top())) * d.LSB()
		}
	}
	return d
}

// drawBinary sets w to binary weights 2^k of 2^k unit elements each, which have a relative standard
// deviation of mismatch.
func drawBinary(w []float64, mismatch float64, at noise.At, key noise.Key) {
	key.Normal(w, at)
	for k := range w {
		value := math.Ldexp(1, k)
		w[k] = value + mismatch*math.Sqrt(value)*w[k]
	}
}

// bow is the odd cubic through 0 and ±1 whose largest value is 1, at 1/√3.
func bow(x float64) float64 { return 1.5 * math.Sqrt(3) * x * (1 - x*x) }

// DistortInputs changes voltages that have been converted without errors (Quantizer) by those of their converters:
// mismatch and curve, gain, and noise. The noise of row i is the Normal32 of key at column i and the event; z is scratch for as
// many numbers.
func DistortInputs[T gemm.Float](d *DAC, v []T, z []float32, event uint64, key noise.Key) {
	if d.levels != nil {
		codes := int(d.top()) + 1
		per := 1 / d.LSB()
		for i, x := range v {
			level := d.levels[i*codes+min(int(math.Abs(float64(x))*per+0.5), codes-1)]
			v[i] = T(math.Copysign(level, float64(x)))
		}
	}
	for i, g := range d.gains {
		v[i] *= T(g)
	}
	if d.Noise > 0 {
		z = z[:len(v)]
		key.Normal32(z, noise.At{Event: event})
		for i, x := range z {
			v[i] += T(d.Noise * float64(x))
		}
	}
}

// Digits returns how many digits an input is divided into: 1 unless BitSerial.
func (c *Converters) Digits() int {
	if c.DACKind != BitSerial {
		return 1
	}
	slice := max(c.DACSliceBits, 1)
	return (c.DACBits - 2 + slice) / slice
}

// DigitFactor returns what the voltages of digit k, the lowest being 0, are multiplied by in the sum that is the input:
// its place value times the largest digit over the largest code.
func (c *Converters) DigitFactor(k int) float64 {
	if c.DACKind != BitSerial {
		return 1
	}
	slice := max(c.DACSliceBits, 1)
	return math.Ldexp(math.Ldexp(1, slice)-1, k*slice) / Quantizer{Bits: c.DACBits}.top()
}

// Digit sets dst to the voltages of digit k of inputs that have been converted to v volts without errors:
// the sign of v, and ±VRead for the largest digit.
func Digit[D gemm.Float](c *Converters, dst, v []D, k int) {
	slice := max(c.DACSliceBits, 1)
	per := Quantizer{Bits: c.DACBits}.top() / c.VRead
	mask := 1<<slice - 1
	unit := c.VRead / float64(mask)
	for i, x := range v {
		code := int(math.Abs(float64(x))*per + 0.5)
		dst[i] = D(math.Copysign(float64(code>>(k*slice)&mask)*unit, float64(x)))
	}
}
