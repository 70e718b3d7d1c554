package energy

import (
	"fmt"
	"math"

	"mho/crossbar"
	"mho/internal/quantity"
)

// An Encoding is how an input number becomes a drive of a word line.
type Encoding string

// The encodings that Read and the architectures know.
const (
	Amplitude   Encoding = "amplitude"   // a voltage in proportion, for the whole read time
	PulseWidth  Encoding = "pulse-width" // the read voltage for a time in proportion
	BitSerial   Encoding = "bit-serial"  // a pulse per bit, the bits of one weight at a time
	Unary       Encoding = "unary"       // a train of up to 2^bits - 1 equal pulses
	Integration Encoding = "integration" // bit-serial pulses that a neuron integrates, bit k 2^k times (NeuRRAM)
)

func encodings() []string {
	return []string{string(Amplitude), string(PulseWidth), string(BitSerial), string(Unary), string(Integration)}
}

// A Read is how an array is read.
type Read struct {
	Encoding Encoding
	Voltage  float64 // of a full input, V
	Time     float64 // of a full input, s; of one pulse for BitSerial and Unary
	Bits     int     // of the inputs, for BitSerial and Unary
	// Supply is the voltage in V that a linear regulator makes the read voltage
	// from: the charge is drawn from it, so that the energy is Supply/Voltage
	// times that in the array. 0 is an ideal supply.
	Supply float64
}

// RowSums sets dst to Σ_j g[i][j] of the rows of g (rows x cols, S), which is all
// that the energy of a read needs to know of an array with ideal wires.
// It panics if a length does not fit.
func RowSums(dst, g []float64, rows, cols int) {
	if len(dst) != rows || len(g) != rows*cols {
		panic("energy: wrong length")
	}
	for i := range dst {
		var s float64
		for _, x := range g[i*cols : (i+1)*cols] {
			s += x
		}
		dst[i] = s
	}
}

// Energy returns the energy in J that the cells of an array with ideal wires
// take in one read of the inputs x, each from 0 to 1, with the given row sums in S:
//
//	amplitude    T V² Σ x² g          pulse-width  T V² Σ x g
//	bit-serial   t V² Σ popcount(X) g        unary        t V² Σ X g,   X = round(x (2^bits - 1))
//
// times Supply/Voltage where a linear regulator feeds the lines. With wire
// resistance this bounds the energy from above; see Sources for what the sources
// deliver then. The error names an input outside 0 to 1 or a parameter that is
// not allowed. Energy panics if the lengths differ.
func (r Read) Energy(x, rowSums []float64) (float64, error) {
	if len(x) != len(rowSums) {
		panic("energy: wrong length")
	}
	if err := r.validate(); err != nil {
		return 0, err
	}
	top := math.Pow(2, float64(r.Bits)) - 1
	var sum float64
	for i, v := range x {
		if !(v >= 0 && v <= 1) {
			return 0, fmt.Errorf("x[%d] = %g: must be from 0 to 1", i, v)
		}
		switch r.Encoding {
		case Amplitude:
			v *= v
		case BitSerial:
			v = popcount(math.Round(v * top))
		case Unary:
			v = math.Round(v * top)
		}
		sum += v * rowSums[i]
	}
	return sum * r.Time * r.Voltage * r.Voltage * r.rail(), nil
}

func popcount(x float64) float64 {
	n := 0.0
	for u := uint64(x); u > 0; u &= u - 1 {
		n++
	}
	return n
}

func (r Read) rail() float64 {
	if r.Supply > 0 {
		return r.Supply / r.Voltage
	}
	return 1
}

func (r Read) validate() error {
	switch r.Encoding {
	case Amplitude, PulseWidth:
	case BitSerial, Unary:
		if r.Bits < 1 || r.Bits > 32 {
			return fmt.Errorf("bits = %d: must be from 1 to 32", r.Bits)
		}
	default:
		return fmt.Errorf("encoding = %q: must be amplitude, pulse-width, bit-serial or unary%s", r.Encoding, quantity.DidYouMean(string(r.Encoding), encodings()))
	}
	switch {
	case !(r.Voltage > 0) || math.IsInf(r.Voltage, 0):
		return fmt.Errorf("voltage = %g: must be > 0 V", r.Voltage)
	case !(r.Time > 0) || math.IsInf(r.Time, 0):
		return fmt.Errorf("time = %g: must be > 0 s", r.Time)
	case r.Supply != 0 && !(r.Supply >= r.Voltage) || math.IsInf(r.Supply, 0):
		return fmt.Errorf("supply = %g V: must be 0 or at least the read voltage, %g V", r.Supply, r.Voltage)
	}
	return nil
}

// MeanFactor returns the mean over inputs that are uniform from 0 to 1 of what
// multiplies T V² g in Energy, per pulse for BitSerial and Unary:
// 1/3 for amplitudes, 1/2 otherwise.
func (e Encoding) MeanFactor() float64 {
	if e == Amplitude {
		return 1.0 / 3
	}
	return 0.5
}

// Sources returns the energy in J that the sources deliver while the solved
// array is driven with input k for the time t in s, cells and wires together, and
// the share of it that the wires take. The solution must have been asked for its
// power; Sources panics if it was not.
func Sources(s *crossbar.Solution, k int, t float64) (energy, wireShare float64) {
	if s.Power == nil {
		panic("energy: the solution was not asked for its power")
	}
	p := s.Power[k]
	if p.Source == 0 {
		return 0, 0
	}
	return p.Source * t, 1 - p.Device/p.Source
}
