package crossbar

import (
	"math"
	"slices"

	"mho/internal/gemm"
	"mho/noise"
)

// An ADC is the output converters of an array. Converters.NewADC makes it; the zero value of all but Quantizer is
// ideal converters.
//
// A converter turns an input of x LSB into the code of
//
//	(1 + δ) x + o + INL b(x/top) + n,  b(t) = (3√3/2) t (1 - t²),
//
// by its kind. Without mismatch and offsets of comparators all kinds round, as Quantizer does; with them
//
//   - sar and ramp compare with the levels of binary weighted capacitors, each of 2^k units of relative standard
//     deviation σ, normalised to their sum: the step in the middle has the standard deviation σ sqrt(2^bits - 1) LSB. sar
//     searches from the highest bit down, ramp stops at the first level that is not below the input, so that it has no
//     missing order. The ramp is one for all columns;
//
//   - flash counts the taps of a ladder of equal resistors that lie below the input;
//
//   - pipeline and cyclic have bits - 1 stages that compare with ±1/4 of full scale, double, and subtract the decision
//     d = -1, 0 or 1,
//
//     r = ((1 + ρ) x - ρ d)/(1 + (1 + ρ)/A),  ρ = C2/C1,
//
// so that offsets of comparators up to 1/4 of full scale cost nothing: S. H. Lewis et al., IEEE J. Solid-State Circuits 27,
// 351 (1992), doi:10.1109/4.121557.
type ADC struct {
	Quantizer         // in A
	Noise     float64 // standard deviation of n, A

	kind    string
	inl     float64 // LSB
	columns int     // that share a converter
	units   []unit  // nil for ideal converters
}

// A unit is one converter.
type unit struct {
	gain, offset float64   // 1 + δ, and o in LSB
	levels       []float64 // ramp and flash: thresholds, increasing, LSB
	weights      []float64 // sar: of the bits from the lowest, LSB
	stages       []stage   // pipeline and cyclic
}

// A stage compares with low and high and makes the residue a x - b d, all relative to full scale.
type stage struct{ low, high, a, b float64 }

// NewADC returns the converters of cols columns with the curve q, in A, whose errors key draws.
func (c *Converters) NewADC(q Quantizer, cols int, key noise.Key) *ADC {
	full := c.full()
	a := &ADC{Quantizer: q, Noise: c.ADCNoise, kind: full.ADCKind, inl: c.ADCINL, columns: full.ADCColumns}
	exact := c.ADCMismatch == 0 && c.ADCComparator == 0 && c.ADCAmplifier == 0
	if exact {
		a.kind = IdealADC
	}
	if exact && c.ADCGain == 0 && c.ADCOffset == 0 && c.ADCINL == 0 {
		return a
	}
	a.units = make([]unit, (cols-1)/a.columns+1)
	var ramp []float64
	if a.kind == RampADC {
		ramp = q.ramp(q.capacitors(c.ADCMismatch, noise.At{Row: math.MaxUint32}, key))
	}
	var z [2]float64
	for n := range a.units {
		u := &a.units[n]
		at := noise.At{Row: uint32(n)}
		key.Normal(z[:], at)
		u.gain, u.offset = 1+c.ADCGain*z[0], c.ADCOffset*z[1]
		at.Event = 1
		switch a.kind {
		case SARADC:
			u.weights = q.capacitors(c.ADCMismatch, at, key)
		case RampADC:
			u.levels = ramp
		case FlashADC:
			u.levels = q.ladder(c.ADCMismatch, c.ADCComparator, at, key)
		case PipelineADC, CyclicADC:
			u.stages = q.stages(c, a.kind, at, key)
		}
		if a.kind == SARADC || a.kind == RampADC {
			at.Event = 2
			u.offset += c.ADCComparator * key.NormalAt(at)
		}
	}
	return a
}

// capacitors draws binary weights, the lowest first, that with one unit more make 2^Bits.
func (q Quantizer) capacitors(mismatch float64, at noise.At, key noise.Key) []float64 {
	w := make([]float64, q.Bits)
	drawBinary(w, mismatch, at, key)
	sum := 1.0
	for _, x := range w {
		sum += x
	}
	for k := range w {
		w[k] *= math.Ldexp(1, q.Bits) / sum
	}
	return w
}

// ramp returns the thresholds of codes above the lowest that a counting converter has.
func (q Quantizer) ramp(weights []float64) []float64 {
	t := make([]float64, int(2*q.top()))
	most := math.Inf(-1)
	for n := range t {
		level := -q.top() - 0.5
		for k, w := range weights {
			if (n+1)>>k&1 == 1 {
				level += w
			}
		}
		most = max(most, level)
		t[n] = most
	}
	return t
}

// ladder returns the thresholds of a resistor ladder over the whole range.
func (q Quantizer) ladder(mismatch, comparator float64, at noise.At, key noise.Key) []float64 {
	n := int(2 * q.top())
	r := make([]float64, n+1)
	key.Normal(r, at)
	sum := 0.0
	for i, z := range r {
		sum += 1 + mismatch*z
		r[i] = sum
	}
	z := make([]float64, n)
	at.Event++
	key.Normal(z, at)
	for i := range z {
		z[i] = -q.top() - 0.5 + r[i]/sum*float64(n+1) + comparator*z[i]
	}
	slices.Sort(z)
	return z
}

func (q Quantizer) stages(c *Converters, kind string, at noise.At, key noise.Key) []stage {
	stages := make([]stage, q.Bits-1)
	z := make([]float64, 4*len(stages))
	key.Normal(z, at)
	full := math.Ldexp(1, q.Bits-1) // LSB
	for k := range stages {
		z := z[4*k:][:4]
		if kind == CyclicADC && k > 0 {
			stages[k] = stages[0]
			continue
		}
		rho := (1 + c.ADCMismatch*z[0]) / (1 + c.ADCMismatch*z[1])
		s := stage{low: -0.25 + c.ADCComparator*z[2]/full, high: 0.25 + c.ADCComparator*z[3]/full, a: 1 + rho, b: rho}
		if c.ADCAmplifier > 0 {
			loss := 1 + (1+rho)/c.ADCAmplifier
			s.a /= loss
			s.b /= loss
		}
		stages[k] = s
	}
	return stages
}

// code returns the code of x LSB, which may be beyond the largest.
func (u *unit) code(kind string, x, top float64) float64 {
	switch kind {
	case SARADC:
		level, code := -top-0.5, -top
		for k := len(u.weights) - 1; k >= 0; k-- {
			if x >= level+u.weights[k] {
				level += u.weights[k]
				code += math.Ldexp(1, k)
			}
		}
		return code
	case RampADC, FlashADC:
		n, _ := slices.BinarySearch(u.levels, math.Nextafter(x, math.Inf(1)))
		return float64(n) - top
	case PipelineADC, CyclicADC:
		r, code := x/(top+1), 0.0
		for _, s := range u.stages {
			d := 0.0
			if r > s.high {
				d = 1
			} else if r < s.low {
				d = -1
			}
			r = s.a*r - s.b*d
			code = 2*code + d
		}
		return code
	}
	return math.RoundToEven(x)
}

// ConvertOutputs sets dst to the conversions of the currents of columns 0 on, in A, and returns how
// many lay beyond the range. The noise of column j is the Normal32 of key at column j and the event; z is scratch
// for as many numbers.
func ConvertOutputs[S gemm.Float](a *ADC, dst []float64, src []S, z []float32, event uint64, key noise.Key) (clipped int) {
	if a.Noise == 0 && a.units == nil {
		return Convert(a.Quantizer, dst, src, 1)
	}
	dst = dst[:len(src)]
	for j, x := range src {
		dst[j] = float64(x)
	}
	if a.Noise > 0 {
		z = z[:len(src)]
		key.Normal32(z, noise.At{Event: event})
		for j, n := range z {
			dst[j] += a.Noise * float64(n)
		}
	}
	if a.units == nil {
		return Convert(a.Quantizer, dst, dst, 1)
	}
	top, lsb := a.top(), a.LSB()
	for j, x := range dst {
		u := &a.units[j/a.columns]
		x /= lsb
		x = u.gain*x + u.offset + a.inl*bow(max(-1, min(1, x/top)))
		if x != x {
			dst[j] = x
			continue
		}
		if math.Abs(x) >= top+0.5 {
			clipped++
		}
		dst[j] = max(-top, min(top, u.code(a.kind, x, top))) * lsb
	}
	return clipped
}
