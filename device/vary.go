package device

import (
	"fmt"
	"hash/fnv"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"mho/noise"
)

// A Law is the distribution of a parameter over devices.
type Law string

const (
	Normal    Law = "normal"    // x = x0 + σ z
	Lognormal Law = "lognormal" // x = x0 exp(σ z): x0 is the median
)

// A Spread says how a parameter differs from device to device around its value.
type Spread struct {
	Param    string  // name of the parameter
	Law      Law     // Normal or Lognormal
	Sigma    float64 // standard deviation of the parameter in its SI unit, or of its logarithm
	Relative bool    // Sigma of a Normal is a share of the parameter's magnitude
	Min, Max float64 // what lies outside is not drawn (a truncated law), in the parameter's unit; Min = Max means no limits
	Source   string  // key of a reference, or "assumption"
}

// A Varied model has published spreads of its parameters.
type Varied interface {
	Model
	// Spreads returns them around the present values.
	Spreads() []Spread
}

// Vary makes m, a fresh model, the device at a row and column: it draws each
// parameter that has a Spread around its present value, keyed by the name of the
// parameter, so that a device does not depend on how many others there are or
// on which other parameters vary. A truncated law is the law itself, given that
// the value lies inside. A state of an element that began at a bound begins at
// the bound that the device has, any other is kept inside its bounds. A model that
// is not Varied stays as it is. Vary returns an error if a spread is not one or
// the device drawn is not valid.
func Vary(m Model, key noise.Key, row, col uint32) error {
	v, ok := m.(Varied)
	if !ok {
		return nil
	}
	return VaryBy(m, v.Spreads(), key, row, col)
}

// VaryBy is Vary with the spreads given, whatever those of the model.
func VaryBy(m Model, spreads []Spread, key noise.Key, row, col uint32) error {
	el, _ := m.(Element)
	var before []State
	if el != nil {
		before = el.States()
	}
	params := m.Params()
	for _, s := range spreads {
		x, err := field(params, s.Param)
		if err == nil {
			err = s.draw(x, key.Domain(noise.D2D), noise.At{Row: row, Col: col})
		}
		if err != nil {
			return fmt.Errorf("%s: spread of %s: %w", m.Info().Name, s.Param, err)
		}
	}
	if el != nil {
		for i, s := range el.States() {
			x, err := field(params, s.Name+"0")
			if err != nil {
				continue
			}
			switch b := before[i]; {
			case b.Initial == b.Min:
				*x = s.Min
			case b.Initial == b.Max:
				*x = s.Max
			default:
				*x = min(max(*x, s.Min), s.Max)
			}
		}
	}
	if err := Check(m); err != nil {
		return fmt.Errorf("row %d, column %d: %w", row, col, err)
	}
	return nil
}

// field returns where a parameter of params lives.
func field(params []Param, name string) (*float64, error) {
	for _, p := range params {
		if p.Name != name {
			continue
		}
		if x, ok := p.Value.(*float64); ok {
			return x, nil
		}
		return nil, fmt.Errorf("%s is not a real number: only such parameters vary", name)
	}
	return nil, fmt.Errorf("there is no parameter %q", name)
}

// draw replaces x by a number of the spread around it.
func (s Spread) draw(x *float64, key noise.Key, at noise.At) error {
	if !(s.Sigma >= 0) || math.IsInf(s.Sigma, 1) {
		return fmt.Errorf("sigma is %g: must be >= 0", s.Sigma)
	}
	if s.Min > s.Max {
		return fmt.Errorf("limits %g and %g: the first must not be above the second", s.Min, s.Max)
	}
	h := fnv.New64a()
	h.Write([]byte(s.Param))
	key = key.Fold(h.Sum64())
	sigma := s.Sigma
	if s.Relative && s.Law == Normal {
		sigma *= math.Abs(*x)
	}
	if sigma == 0 {
		return nil
	}
	lo, hi := math.Inf(-1), math.Inf(1)
	switch s.Law {
	case Normal:
		if s.Min < s.Max {
			lo, hi = (s.Min-*x)/sigma, (s.Max-*x)/sigma
		}
		*x += sigma * normalWithin(lo, hi, key, at)
	case Lognormal:
		if !(*x > 0) {
			return fmt.Errorf("the median is %g: must be > 0", *x)
		}
		if s.Min < s.Max {
			lo, hi = math.Log(max(s.Min, 0) / *x)/sigma, math.Log(s.Max / *x)/sigma
		}
		*x *= math.Exp(sigma * normalWithin(lo, hi, key, at))
	default:
		return fmt.Errorf("law %q: must be %s or %s", s.Law, Normal, Lognormal)
	}
	if s.Min < s.Max {
		*x = min(max(*x, s.Min), s.Max) // rounding
	}
	return nil
}

// normalWithin returns a standard normal number given that it lies from lo to hi.
func normalWithin(lo, hi float64, key noise.Key, at noise.At) float64 {
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
		return key.NormalAt(at)
	}
	std := distuv.UnitNormal
	if lo > 0 { // the upper tail, where the distribution function rounds to 1
		return -normalWithin(-hi, -lo, key, at)
	}
	a, b := std.CDF(lo), std.CDF(hi)
	return min(max(std.Quantile(a+(b-a)*key.UniformAt(at)), lo), hi)
}
