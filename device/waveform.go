package device

import (
	"fmt"
	"math"
	"sort"
)

// A Waveform is a drive over time, straight between its samples. It has one
// column of values per drive of the element.
type Waveform struct {
	T []float64   // times, s, strictly increasing
	U [][]float64 // U[j][k] is drive j at T[k], in the drive's unit
}

// Validate returns an error unless there are at least two samples and one
// drive, all columns are equally long, all numbers finite and the times
// strictly increasing. It names samples by their number from 1.
func (w Waveform) Validate() error {
	n := len(w.T)
	if n < 2 {
		return fmt.Errorf("the waveform has %d samples: must be at least 2", n)
	}
	if len(w.U) == 0 {
		return fmt.Errorf("the waveform has no drive: must have at least one")
	}
	for j, u := range w.U {
		if len(u) != n {
			return fmt.Errorf("drive %d has %d samples and the time %d: must be as many", j+1, len(u), n)
		}
		for k, x := range u {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("sample %d of drive %d is %g: must be a finite number", k+1, j+1, x)
			}
		}
	}
	last := math.Inf(-1)
	for k, t := range w.T {
		switch {
		case math.IsNaN(t) || math.IsInf(t, 0):
			return fmt.Errorf("the time of sample %d is %g s: must be a finite number", k+1, t)
		case t <= last:
			return fmt.Errorf("the time of sample %d is %g s after %g s: must increase from sample to sample", k+1, t, last)
		}
		last = t
	}
	return nil
}

// At sets dst to the drives at time t in s, held at the first and last sample
// outside. It panics if dst has not one entry per drive.
func (w Waveform) At(dst []float64, t float64) {
	if len(dst) != len(w.U) {
		panic("device: dimension mismatch")
	}
	k := sort.SearchFloat64s(w.T, t)
	for j, u := range w.U {
		switch {
		case k == len(u):
			dst[j] = u[k-1]
		case k == 0 || w.T[k] == t:
			dst[j] = u[k]
		default:
			dst[j] = u[k-1] + (u[k]-u[k-1])*((t-w.T[k-1])/(w.T[k]-w.T[k-1]))
		}
	}
}

// Integral returns the integral of drive j from the first sample to each
// sample, in the drive's unit times s: the flux in V s of a voltage, the charge
// in C of a current. It is exact but for rounding.
func (w Waveform) Integral(j int) []float64 {
	return integral(w.T, w.U[j])
}

func integral(t, u []float64) []float64 {
	q := make([]float64, len(t))
	for k := 1; k < len(t); k++ {
		q[k] = q[k-1] + 0.5*(u[k]+u[k-1])*(t[k]-t[k-1])
	}
	return q
}

// splitAtZeros returns w with a sample more wherever drive 0 changes its sign
// between two samples.
func (w Waveform) splitAtZeros() Waveform {
	v := w.U[0]
	n := 0
	for k := 1; k < len(v); k++ {
		if v[k-1] < 0 && v[k] > 0 || v[k-1] > 0 && v[k] < 0 {
			n++
		}
	}
	if n == 0 {
		return w
	}
	n += len(w.T)
	s := Waveform{T: make([]float64, 0, n), U: make([][]float64, len(w.U))}
	for j := range s.U {
		s.U[j] = make([]float64, 0, n)
	}
	for k, t := range w.T {
		if k > 0 && (v[k-1] < 0 && v[k] > 0 || v[k-1] > 0 && v[k] < 0) {
			x := v[k-1] / (v[k-1] - v[k])
			at := w.T[k-1] + x*(t-w.T[k-1])
			if at > w.T[k-1] && at < t {
				s.T = append(s.T, at)
				for j, u := range w.U {
					s.U[j] = append(s.U[j], u[k-1]+x*(u[k]-u[k-1]))
				}
				s.U[0][len(s.T)-1] = 0
			}
		}
		s.T = append(s.T, t)
		for j, u := range w.U {
			s.U[j] = append(s.U[j], u[k])
		}
	}
	return s
}

const maxSamples = 1 << 28

// Sine returns amplitude sin(2π frequency t), the amplitude in the drive's unit
// and the frequency in Hz, over a number of periods from t = 0, sampled evenly
// with the given number of samples per period, at least 4. The straight lines
// between n samples per period miss the sine by at most amplitude (π/n)²/2; a
// number of samples that is a multiple of 4 hits its zeros and peaks.
func Sine(amplitude, frequency, periods float64, samples int) (Waveform, error) {
	n := math.Round(periods * float64(samples))
	if err := periodic(frequency, periods, samples, 4, n); err != nil {
		return Waveform{}, err
	}
	w := newWaveform(int(n) + 1)
	for k := range w.T {
		turns := float64(k) / float64(samples)
		w.T[k] = turns / frequency
		w.U[0][k] = amplitude * sinTurns(turns)
	}
	return w, w.Validate()
}

// sinTurns returns sin(2π x), exactly 0 and ±1 where it is.
func sinTurns(x float64) float64 {
	x -= math.Floor(x)
	switch {
	case x <= 0.125:
		return math.Sin(2 * math.Pi * x)
	case x <= 0.375:
		return math.Cos(2 * math.Pi * (x - 0.25))
	case x <= 0.625:
		return -math.Sin(2 * math.Pi * (x - 0.5))
	case x <= 0.875:
		return -math.Cos(2 * math.Pi * (x - 0.75))
	}
	return math.Sin(2 * math.Pi * (x - 1))
}

// Triangle returns the sweep 0, high, 0, low, 0 of a current-voltage curve, a
// quarter of the period for each leg, high and low in the drive's unit and the
// frequency in Hz. Each leg has the given number of samples, at least 1.
func Triangle(high, low, frequency float64, periods, samples int) (Waveform, error) {
	n := 4 * float64(periods) * float64(samples)
	if err := periodic(frequency, float64(periods), samples, 1, n); err != nil {
		return Waveform{}, err
	}
	w := newWaveform(int(n) + 1)
	corners := [5]float64{0, high, 0, low, 0}
	for k := range w.T {
		w.T[k] = float64(k) / float64(4*samples) / frequency
		leg := k / samples % 4
		x := float64(k%samples) / float64(samples)
		w.U[0][k] = corners[leg]*(1-x) + corners[leg+1]*x
	}
	return w, w.Validate()
}

func periodic(frequency, periods float64, samples, least int, n float64) error {
	switch {
	case !(frequency > 0) || math.IsInf(frequency, 1):
		return fmt.Errorf("the frequency is %g Hz: must be > 0 Hz", frequency)
	case !(periods > 0) || math.IsInf(periods, 1):
		return fmt.Errorf("the number of periods is %g: must be > 0", periods)
	case samples < least:
		return fmt.Errorf("the number of samples is %d: must be at least %d", samples, least)
	case !(n <= maxSamples):
		return fmt.Errorf("the waveform would have %g samples: must be at most %d", n, maxSamples)
	}
	return nil
}

func newWaveform(n int) Waveform {
	return Waveform{T: make([]float64, n), U: [][]float64{make([]float64, n)}}
}

// Train returns pulses one after the other from t = 0, each followed by a rest
// of gap seconds at zero. Amplitude is in the drive's unit whatever Pulse.Drive
// says. Edges must be longer than zero, because a waveform cannot jump, and the
// width at half amplitude at least half of both edges together.
func Train(gap float64, pulses ...Pulse) (Waveform, error) {
	if len(pulses) == 0 {
		return Waveform{}, fmt.Errorf("the train has no pulse: must have at least one")
	}
	if !(gap >= 0) || math.IsInf(gap, 1) {
		return Waveform{}, fmt.Errorf("the gap is %g s: must be >= 0 s", gap)
	}
	w := Waveform{T: []float64{0}, U: [][]float64{{0}}}
	t := 0.0
	to := func(dt, u float64) {
		if dt > 0 {
			t += dt
			w.T, w.U[0] = append(w.T, t), append(w.U[0], u)
		}
	}
	for k, p := range pulses {
		flat := p.Width - 0.5*(p.Rise+p.Fall)
		switch {
		case !(p.Rise > 0) || !(p.Fall > 0):
			return Waveform{}, fmt.Errorf("the edges of pulse %d are %g s and %g s: must be > 0 s", k+1, p.Rise, p.Fall)
		case !(flat >= -1e-12*p.Width):
			return Waveform{}, fmt.Errorf("the width of pulse %d is %g s: must be at least half of its edges together, %g s", k+1, p.Width, 0.5*(p.Rise+p.Fall))
		}
		to(p.Rise, p.Amplitude)
		if flat > 1e-12*p.Width {
			to(flat, p.Amplitude)
		}
		to(p.Fall, 0)
		to(gap, 0)
	}
	return w, w.Validate()
}

// Concat returns one waveform after the other, the first in its own time and
// the others shifted. Each must begin with the values with which the one before
// ends.
func Concat(ws ...Waveform) (Waveform, error) {
	if len(ws) == 0 {
		return Waveform{}, fmt.Errorf("no waveforms to put together: must be at least one")
	}
	var out Waveform
	for i, w := range ws {
		if err := w.Validate(); err != nil {
			return Waveform{}, fmt.Errorf("waveform %d: %w", i+1, err)
		}
		if i == 0 {
			out.T = append(out.T, w.T...)
			for _, u := range w.U {
				out.U = append(out.U, append([]float64(nil), u...))
			}
			continue
		}
		if len(w.U) != len(out.U) {
			return Waveform{}, fmt.Errorf("waveform %d has %d drives: must have %d, as the first", i+1, len(w.U), len(out.U))
		}
		shift := out.T[len(out.T)-1] - w.T[0]
		for j, u := range w.U {
			if last := out.U[j][len(out.U[j])-1]; u[0] != last {
				return Waveform{}, fmt.Errorf("drive %d of waveform %d begins with %g: must begin with %g, where the one before ends", j+1, i+1, u[0], last)
			}
			out.U[j] = append(out.U[j], u[1:]...)
		}
		for _, t := range w.T[1:] {
			out.T = append(out.T, t+shift)
		}
	}
	return out, out.Validate()
}

// Repeat returns w n times, one after the other.
func (w Waveform) Repeat(n int) (Waveform, error) {
	if n < 1 {
		return Waveform{}, fmt.Errorf("the number of repetitions is %d: must be at least 1", n)
	}
	if float64(n)*float64(len(w.T)) > maxSamples {
		return Waveform{}, fmt.Errorf("the waveform would have %g samples: must be at most %d", float64(n)*float64(len(w.T)), maxSamples)
	}
	ws := make([]Waveform, n)
	for i := range ws {
		ws[i] = w
	}
	return Concat(ws...)
}
