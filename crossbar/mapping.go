package crossbar

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// DifferentialPair is the mapping of a signed weight to two devices, of which one
// holds its magnitude and the other rests at the smallest conductance.
const DifferentialPair = "differential-pair"

// A Mapping tells how weights become conductances.
type Mapping struct {
	Scheme string  // DifferentialPair; the empty text is the same
	WMax   float64 // weight that becomes the largest conductance, larger ones are clipped; 0 takes the largest magnitude in the matrix
}

// Params declares the parameters, for the table [mapping].
func (m *Mapping) Params() []quantity.Param {
	if m.Scheme == "" {
		m.Scheme = DifferentialPair
	}
	return []quantity.Param{
		{Name: "scheme", Value: &m.Scheme, Options: []string{DifferentialPair}, Meaning: "how a signed weight becomes conductances", Source: "assumption"},
		{Name: "w_max", Value: &m.WMax, Range: quantity.NonNegative(), Meaning: "weight that becomes the largest conductance, larger ones are clipped; 0 takes the largest magnitude in the matrix", Source: "assumption"},
	}
}

// Validate returns an error for an unknown scheme or a WMax that is negative or not finite.
func (m Mapping) Validate() error {
	if m.Scheme != "" && m.Scheme != DifferentialPair {
		return fmt.Errorf("scheme is %q: must be %q", m.Scheme, DifferentialPair)
	}
	if !(m.WMax >= 0) || math.IsInf(m.WMax, 1) {
		return fmt.Errorf("w_max is %g: must be >= 0", m.WMax)
	}
	return nil
}

// Scale returns the scale on which the weights w become conductances from gMin
// to gMax, in S. The error tells of an invalid mapping or range, or names the
// index of a weight that is not finite.
func (m Mapping) Scale(w []float64, gMin, gMax float64) (Scale, error) {
	if err := m.Validate(); err != nil {
		return Scale{}, fmt.Errorf("crossbar: %w", err)
	}
	if !(gMin >= 0 && gMin < gMax) || math.IsInf(gMax, 1) {
		return Scale{}, fmt.Errorf("crossbar: conductances from %g to %g S: must be >= 0 S and rise", gMin, gMax)
	}
	var top float64
	for i, x := range w {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Scale{}, fmt.Errorf("crossbar: weight %d is %g: must be finite", i, x)
		}
		top = max(top, math.Abs(x))
	}
	if m.WMax > 0 {
		top = m.WMax
	}
	return Scale{WMax: top, GMin: gMin, GMax: gMax}, nil
}

// A Scale maps weights to differential pairs of conductances,
//
//	g± = GMin + max(0, ±w) (GMax - GMin)/WMax,  at most GMax,
//
// so that w = (g+ - g-) WMax/(GMax - GMin). If WMax is 0, as for a matrix of zeros,
// all devices are at GMin and all weights are 0.
type Scale struct {
	WMax float64 // weight of the largest conductance
	GMin float64 // conductance of a weight 0, S
	GMax float64 // conductance of WMax, S
}

// PerSiemens returns the weight per difference in conductance, in 1/S.
func (s Scale) PerSiemens() float64 { return s.WMax / (s.GMax - s.GMin) }

// Pairs sets plus and minus (inputs x outputs, in S) to the conductances of the weights w
// (outputs x inputs) and returns how many weights were clipped. It panics if
// the lengths do not fit.
func (s Scale) Pairs(plus, minus, w []float64, outputs, inputs int) (clipped int) {
	s.check(plus, minus, w, outputs, inputs)
	// Outputs go in strips, so that neither side of the transposition jumps over
	// more cache lines than fit.
	const strip = 16
	span := s.GMax - s.GMin
	for first := 0; first < outputs; first += strip {
		last := min(first+strip, outputs)
		for i := range inputs {
			p, m := plus[i*outputs:][:outputs], minus[i*outputs:][:outputs]
			for o := first; o < last; o++ {
				x := w[o*inputs+i]
				var share float64
				if s.WMax > 0 {
					share = math.Abs(x) / s.WMax
				}
				if share > 1 {
					share = 1
					clipped++
				}
				g := min(s.GMin+share*span, s.GMax)
				if x < 0 {
					p[o], m[o] = s.GMin, g
				} else {
					p[o], m[o] = g, s.GMin
				}
			}
		}
	}
	return clipped
}

// Weights sets w (outputs x inputs) to the weights that plus and minus
// (inputs x outputs, in S) stand for. It panics if the lengths do not fit.
func (s Scale) Weights(w, plus, minus []float64, outputs, inputs int) {
	s.check(plus, minus, w, outputs, inputs)
	per := s.PerSiemens()
	for o := range outputs {
		for i := range inputs {
			w[o*inputs+i] = (plus[i*outputs+o] - minus[i*outputs+o]) * per
		}
	}
}

func (s Scale) check(plus, minus, w []float64, outputs, inputs int) {
	if n := outputs * inputs; len(plus) != n || len(minus) != n || len(w) != n {
		panic("crossbar: dimension mismatch")
	}
}
