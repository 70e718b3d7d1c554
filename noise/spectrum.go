package noise

import (
	"fmt"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/dsp/fourier"

	"mho/internal/vmath"
)

// Synthesize adds to dst, samples at a rate in Hz, a normal noise of mean 0 whose
// one-sided power spectral density is psd(f) in 1/Hz: at each frequency f_k = k
// rate/n, 0 < k <= n/2, the Fourier coefficient is complex normal with just that
// power (J. Timmer and M. König, Astron. Astrophys. 300, 707 (1995)). What psd has
// above rate/2 is left out, as behind an anti-aliasing filter.
//
// The noise is periodic with n samples, n the power of 2 at or above len(dst): where that is
// the length itself, its first and last sample are neighbours.
//
// The error tells of a rate that is not positive, or of a psd that is negative or
// not finite.
func Synthesize(dst []float64, rate float64, psd func(f float64) float64, k Key) error {
	if err := checkRate(rate); err != nil {
		return err
	}
	if len(dst) == 0 {
		return nil
	}
	n := period(len(dst))
	f := make([]float64, n/2)
	for i := range f {
		f[i] = psd(float64(i+1) * rate / float64(n))
		if !(f[i] >= 0) || math.IsInf(f[i], 0) {
			return fmt.Errorf("power spectral density at %g Hz is %g: must be finite and >= 0", float64(i+1)*rate/float64(n), f[i])
		}
	}
	synthesize(dst, rate, f, k)
	return nil
}

// period is the power of 2, at least 2, at or above n.
func period(n int) int { return 1 << max(1, bits.Len(uint(n-1))) }

// synthesize adds noise whose power spectral density at (i+1) rate/n is psd[i], n
// = 2 len(psd).
func synthesize(dst []float64, rate float64, psd []float64, k Key) {
	n := 2 * len(psd)
	coefficients := make([]complex128, n/2+1)
	var z [2 * chunkCells]float64
	// The samples x_j = Σ c_k exp(2πi jk/n) over positive and negative k have the
	// power 2 |c_k|² in the line k, which is psd rate/n on average; the last line is real
	// and stands alone.
	unit := rate / float64(n) / 4
	for first := 0; first < n/2; first += chunkCells {
		m := min(chunkCells, n/2-first)
		k.Normal(z[:2*m], At{Col: uint32(2 * first)})
		for i := range m {
			a := math.Sqrt(psd[first+i] * unit)
			coefficients[first+i+1] = complex(a*z[2*i], a*z[2*i+1])
		}
	}
	last := &coefficients[n/2]
	*last = complex(2*real(*last), 0)
	x := fourier.NewFFT(n).Sequence(nil, coefficients)
	for i := range dst {
		dst[i] += x[i]
	}
}

// Periodogram returns the one-sided periodogram of a trace with samples at a rate
// in Hz, at the frequencies (i+1) rate/len(x) up to and with rate/2: the power of
// each line over rate/len(x), in the square of the trace's unit per Hz. The mean of the
// trace has no influence. It panics if x has fewer than 2 samples or an odd number.
func Periodogram(x []float64, rate float64) []float64 {
	n := len(x)
	if n < 2 || n%2 != 0 {
		panic("noise: periodogram of an odd number of samples")
	}
	c := fourier.NewFFT(n).Coefficients(nil, x)
	p := make([]float64, n/2)
	for i := range p {
		a := c[i+1]
		p[i] = 2 * (real(a)*real(a) + imag(a)*imag(a)) / (rate * float64(n))
	}
	p[n/2-1] /= 2
	return p
}

// PowerLawFit is a spectrum S = Level (f/1 Hz)^-Slope.
type PowerLawFit struct {
	Slope    float64
	SlopeStd float64 // standard error
	Level    float64 // at 1 Hz, in the periodogram's unit
}

// Whittle fits a power law to the lines of a periodogram between the frequencies low
// and high in Hz by maximum likelihood, each line being its expectation times an
// exponential number (P. Whittle, Ark. Mat. 2, 423 (1953), doi:10.1007/BF02590998).
// Line i stands at (i+1) spacing. The error tells of an empty band, or of a line that is not
// finite or all that are zero.
func Whittle(periodogram []float64, spacing, low, high float64) (PowerLawFit, error) {
	first := max(int(math.Ceil(low/spacing*(1-1e-12)))-1, 0)
	last := min(int(math.Floor(high/spacing*(1+1e-12))), len(periodogram))
	if !(spacing > 0) || last-first < 3 {
		return PowerLawFit{}, fmt.Errorf("band from %g Hz to %g Hz holds fewer than 3 of the %d lines every %g Hz: must be wider", low, high, len(periodogram), spacing)
	}
	p := periodogram[first:last]
	l := make([]float64, len(p))
	mean, power := 0.0, 0.0
	for i := range l {
		l[i] = float64(first+i+1) * spacing
		power += p[i]
	}
	if !(power > 0) || math.IsInf(power, 0) {
		return PowerLawFit{}, fmt.Errorf("power between %g Hz and %g Hz is %g: must be finite and > 0", low, high, power)
	}
	vmath.Ln(l, l)
	for _, x := range l {
		mean += x
	}
	mean /= float64(len(l))
	spread := 0.0
	for i, x := range l {
		l[i] = x - mean
		spread += l[i] * l[i]
	}
	// The likelihood is stationary where the mean of ln f, weighted by p f^slope, is
	// the plain one. The left side rises with the slope, so Newton's method
	// with steps of at most 1 finds the one root.
	slope, level := 0.0, 0.0
	for range 100 {
		var s0, s1, s2 float64
		var w [chunkCells]float64
		for i := 0; i < len(p); i += chunkCells {
			x := l[i:min(i+chunkCells, len(l))]
			e := w[:len(x)]
			for j, y := range x {
				e[j] = slope * y
			}
			vmath.Exp(e, e)
			for j, y := range x {
				a := p[i+j] * e[j]
				s0 += a
				s1 += a * y
				s2 += a * y * y
			}
		}
		level = s0 / float64(len(p))
		step := s1 / s0 / (s2/s0 - (s1/s0)*(s1/s0))
		if math.IsNaN(step) {
			return PowerLawFit{}, fmt.Errorf("periodogram between %g Hz and %g Hz has power in one line only: must be a spectrum", low, high)
		}
		step = min(max(step, -1), 1)
		slope -= step
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return PowerLawFit{Slope: slope, SlopeStd: 1 / math.Sqrt(spread), Level: level * math.Exp(slope*mean)}, nil
}
