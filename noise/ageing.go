package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// An Ageing process changes the values of cells as time goes by after they were
// programmed. Its clock runs at a rate that depends on the temperature, so that a
// temperature profile T(t) enters as the clock's reading
//
//	θ = ∫ Rate(T(t)) dt,
//
// and advancing by a and then by b is advancing by a + b, exactly but for rounding.
type Ageing interface {
	Process
	// Draw sets own to what the cells from place at on have of their own for one
	// life after programming to the values g (an exponent, say). The event of at
	// is the number of the programming.
	Draw(own, g []float64, at At, k Key)
	// Rate returns the rate of the clock at a temperature in K.
	Rate(temperature float64) float64
	// Age sets dst to the values at the clock's reading of cells that were programmed to g.
	// dst and g may be the same. A reading at or below 0 changes nothing.
	Age(dst, g, own []float64, clock float64)
}

// Clock is the reading of an Ageing process's clock along a temperature profile,
// straight between the samples t (s, not decreasing) and temperature (K): Simpson's
// rule over each piece.
func Clock(p Ageing, t, temperature []float64) (float64, error) {
	if len(t) != len(temperature) || len(t) < 2 {
		return 0, fmt.Errorf("temperature profile of %d times and %d temperatures: must be as many, at least 2", len(t), len(temperature))
	}
	sum := 0.0
	for i, k := range temperature {
		if !(k > 0) || math.IsInf(k, 0) || math.IsNaN(t[i]) || math.IsInf(t[i], 0) {
			return 0, fmt.Errorf("temperature profile: sample %d is %g s, %g K: must be finite, the temperature > 0 K", i+1, t[i], k)
		}
		if i == 0 {
			continue
		}
		dt := t[i] - t[i-1]
		if dt < 0 {
			return 0, fmt.Errorf("temperature profile: time %d, %g s, is before the one before: must not decrease", i+1, t[i])
		}
		// Pieces so short that the rate changes by no more than a tenth in each.
		a, b := p.Rate(temperature[i-1]), p.Rate(k)
		pieces := 1.0
		if a != b && a > 0 && b > 0 {
			pieces = math.Min(math.Ceil(10*math.Abs(math.Log(b/a))), 1e5)
		}
		h := dt / pieces
		at := func(x float64) float64 { return p.Rate(temperature[i-1] + (k-temperature[i-1])*x/pieces) }
		for n := 0.0; n < pieces; n++ {
			sum += h / 6 * (at(n) + 4*at(n+0.5) + at(n+1))
		}
	}
	return sum, nil
}

// Arrhenius is a thermally activated rate, relative to that at a reference temperature:
//
//	Acceleration(T) = exp(E_a/k (1/T_ref - 1/T)).
type Arrhenius struct {
	Ea   float64 // activation energy, J
	TRef float64 // temperature at which times hold, K
}

// Acceleration returns the acceleration factor at a temperature in K.
func (a Arrhenius) Acceleration(temperature float64) float64 {
	if a.Ea == 0 {
		return 1
	}
	return vmath.ExpScalar(a.Ea / boltzmann * (1/a.TRef - 1/temperature))
}

// Temperature returns the temperature in K at which the acceleration is the given
// factor. The error tells that there is none.
func (a Arrhenius) Temperature(factor float64) (float64, error) {
	if !(a.Ea > 0) {
		return 0, fmt.Errorf("ea is 0 eV: no temperature changes the rate, must be > 0 eV")
	}
	inverse := 1/a.TRef - boltzmann/a.Ea*math.Log(factor)
	if !(inverse > 0) {
		return 0, fmt.Errorf("an acceleration of %g is reached at no temperature: must be below %.3g", factor, math.Exp(a.Ea/boltzmann/a.TRef))
	}
	return 1 / inverse, nil
}

func (a *Arrhenius) params(ea, tRef string) []Param {
	return []Param{
		{Name: "ea", Value: &a.Ea, Unit: "eV", Range: quantity.NonNegative(), Meaning: "activation energy of the rate; 0 makes it independent of temperature", Source: ea},
		{Name: "t_ref", Value: &a.TRef, Unit: "K", Range: quantity.Positive(), Meaning: "temperature at which the times hold", Source: tRef},
	}
}
