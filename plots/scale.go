package plots

import (
	"fmt"
	"math"
)

// A Scale maps values to distance along an axis.
type Scale uint8

// The scales.
const (
	// Linear is proportional to the value.
	Linear Scale = iota

	// Log is proportional to the logarithm; values must be positive.
	Log

	// SymLog is logarithmic on both sides of zero and linear between minus and
	// plus the threshold of the axis.
	SymLog

	// Probability is proportional to the quantile of the standard normal
	// distribution, so that normally distributed values fall on a straight
	// line; values must lie between 0 and 1.
	Probability

	// Weibull is proportional to ln(-ln(1-v)), so that values with a Weibull
	// distribution fall on a straight line over a logarithmic axis; values must
	// lie between 0 and 1.
	Weibull
)

// probability reports whether the scale is one of shares.
func (s Scale) probability() bool { return s == Probability || s == Weibull }

// forward returns the distance of v, in units of the scale. It is NaN or
// infinite where the scale has no place for v.
func (s Scale) forward(v, threshold float64) float64 {
	switch s {
	case Log:
		return math.Log10(v)
	case SymLog:
		if math.Abs(v) <= threshold {
			return v / threshold
		}
		return math.Copysign(1+math.Log10(math.Abs(v)/threshold), v)
	case Probability:
		return math.Sqrt2 * math.Erfinv(2*v-1)
	case Weibull:
		return math.Log(-math.Log1p(-v))
	}
	return v
}

// inverse returns the value at distance u.
func (s Scale) inverse(u, threshold float64) float64 {
	switch s {
	case Log:
		return math.Pow(10, u)
	case SymLog:
		if math.Abs(u) <= 1 {
			return u * threshold
		}
		return math.Copysign(threshold*math.Pow(10, math.Abs(u)-1), u)
	case Probability:
		return 0.5 * (1 + math.Erf(u/math.Sqrt2))
	case Weibull:
		return -math.Expm1(-math.Exp(u))
	}
	return u
}

// admits reports why the scale has no place for v.
func (s Scale) admits(v float64) error {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return fmt.Errorf("%g: want a finite value", v)
	case s == Log && v <= 0:
		return fmt.Errorf("%g on a logarithmic axis: want a positive value", v)
	case s.probability() && (v <= 0 || v >= 1):
		return fmt.Errorf("%g on a probability axis: want a value between 0 and 1", v)
	}
	return nil
}

// An Axis describes one axis of a panel, or the colour bar of a heat map.
type Axis struct {
	Label string // name of the quantity, with markup
	Unit  string // unit of the data, such as "S", "V/s" or "m^{2}"; empty if none
	Scale Scale

	// Min and Max are the limits, in the unit of the data. If both are zero, or
	// where one is NaN, the limit follows from the data.
	Min, Max float64

	Ticks      []float64 // places of labelled ticks; nil chooses them
	Categories []string  // names at 0, 1, 2, ...; nil for numbers
	NoPrefix   bool      // keep the unit as it is, without SI prefix or power of ten
	Threshold  float64   // end of the linear part of SymLog; 0 is about a thousandth of the peak
	Reverse    bool      // values increase leftwards, or downwards
}

// limits returns the limits that a sets, NaN where it leaves them to the data.
func (a *Axis) limits() (lo, hi float64) {
	if a.Min == 0 && a.Max == 0 {
		return math.NaN(), math.NaN()
	}
	return a.Min, a.Max
}

// check reports limits and ticks that the scale cannot show.
func (a *Axis) check() error {
	if a.Scale > Weibull {
		return fmt.Errorf("scale %d: want Linear, Log, SymLog, Probability or Weibull", a.Scale)
	}
	lo, hi := a.limits()
	for _, l := range []float64{lo, hi} {
		if math.IsNaN(l) {
			continue
		}
		if err := a.Scale.admits(l); err != nil {
			return fmt.Errorf("limit %w", err)
		}
	}
	if lo >= hi {
		return fmt.Errorf("limits %g and %g: want the lower one first", lo, hi)
	}
	for _, t := range a.Ticks {
		if err := a.Scale.admits(t); err != nil {
			return fmt.Errorf("tick %w", err)
		}
	}
	if a.Threshold < 0 || math.IsNaN(a.Threshold) || math.IsInf(a.Threshold, 0) {
		return fmt.Errorf("threshold %g: want a positive value, or 0 to choose one", a.Threshold)
	}
	return nil
}

// span gathers the range of data along an axis.
type span struct {
	scale  Scale // of the axis
	lo, hi float64
	n      int

	// An edge without margin: bars start on the axis, images fill the panel.
	tightLo, tightHi bool
}

func (s *span) add(v float64) {
	if s.n == 0 {
		s.lo, s.hi = v, v
	}
	s.lo, s.hi = min(s.lo, v), max(s.hi, v)
	s.n++
}

// margin is the share of an axis left free beyond the data.
const margin = 0.04

// ruler is an axis with limits, ticks and a place on the page.
type ruler struct {
	Axis
	lo, hi    float64 // limits, in the unit of the data
	threshold float64
	from, to  float64 // places of lo and hi on the page, in points

	ticks  []tick
	title  string
	slant  bool    // category names are turned because they would overlap
	labels float64 // longest tick label across the axis, in points
}

// newRuler sets the limits from those of a and from the data.
func newRuler(a Axis, s span) (*ruler, error) {
	if a.Unit == "ohm" {
		a.Unit = "Ω"
	}
	r := &ruler{Axis: a}
	lo, hi := a.limits()
	fixLo, fixHi := !math.IsNaN(lo), !math.IsNaN(hi)
	if s.n == 0 && !(fixLo && fixHi) {
		s.add(map[Scale]float64{Linear: 0, SymLog: 0, Log: 1, Probability: 0.5, Weibull: 0.5}[a.Scale])
	}
	if !fixLo {
		lo = s.lo
	}
	if !fixHi {
		hi = s.hi
	}
	if a.Scale == SymLog {
		r.threshold = a.Threshold
		if r.threshold == 0 {
			peak := max(math.Abs(lo), math.Abs(hi))
			if peak == 0 {
				peak = 1
			}
			r.threshold = math.Pow10(int(math.Floor(math.Log10(peak))) - 3)
		}
	}
	u, v := a.Scale.forward(lo, r.threshold), a.Scale.forward(hi, r.threshold)
	if len(a.Categories) > 0 {
		if !fixLo {
			u = min(u, -0.5)
		}
		if !fixHi {
			v = max(v, float64(len(a.Categories))-0.5)
		}
		s.tightLo, s.tightHi = true, true
	}
	// Values that differ in their last digits only are one value.
	least := 1e-10
	if a.Scale == Linear {
		least *= max(math.Abs(u), math.Abs(v))
	}
	if !(v-u > least) {
		// A single value: half of itself, or half a decade, on both sides.
		d := 0.5
		if a.Scale == Linear && u != 0 {
			d = 0.5 * math.Abs(u)
		}
		if fixLo && fixHi || math.IsInf(u+d, 0) || u-d == u {
			return nil, fmt.Errorf("limits %g and %g span nothing", lo, hi)
		}
		if !fixLo {
			u -= d
		}
		if !fixHi {
			v = max(v, u) + d
		}
	} else {
		d := margin * (v - u)
		if !fixLo && !s.tightLo {
			u -= d
		}
		if !fixHi && !s.tightHi {
			v += d
		}
	}
	r.lo, r.hi = lo, hi
	if !fixLo {
		r.lo = a.Scale.inverse(u, r.threshold)
	}
	if !fixHi {
		r.hi = a.Scale.inverse(v, r.threshold)
	}
	if !(r.lo < r.hi) || math.IsInf(r.hi-r.lo, 0) {
		return nil, fmt.Errorf("range %g to %g cannot be drawn", r.lo, r.hi)
	}
	return r, nil
}

// place lays the ruler from a to b on the page.
func (r *ruler) place(a, b float64) {
	if r.Reverse {
		a, b = b, a
	}
	r.from, r.to = a, b
}

// at returns the place of v on the page. Places far outside the panel are
// brought near, to spare the formats numbers that they cannot write.
func (r *ruler) at(v float64) float64 {
	u := r.Scale.forward(v, r.threshold)
	a, b := r.Scale.forward(r.lo, r.threshold), r.Scale.forward(r.hi, r.threshold)
	f := (u - a) / (b - a)
	return r.from + min(max(f, -1e4), 1e4)*(r.to-r.from)
}

// value returns the value at a place on the page.
func (r *ruler) value(at float64) float64 {
	a, b := r.Scale.forward(r.lo, r.threshold), r.Scale.forward(r.hi, r.threshold)
	return r.Scale.inverse(a+(at-r.from)/(r.to-r.from)*(b-a), r.threshold)
}
