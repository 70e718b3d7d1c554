package ferroelectric

import (
	"fmt"
	"math"
	"sync"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/quantity"
)

// Distributions of activation fields.
const (
	single  = "single"  // all alike
	normal  = "normal"  // normal, cut off at 0
	lorentz = "lorentz" // Lorentzian, cut off at 0
	beta    = "beta"    // generalised beta prime
)

// Activation is the distribution of activation fields over domains.
type Activation struct {
	Distribution string  // "single", "normal", "lorentz" or "beta"
	Ea           float64 // scale, V/m: the value, mean, median, or b of the generalised beta prime
	EaSpread     float64 // standard deviation or half width at half maximum, V/m
	EaA          float64 // a of the generalised beta prime
	EaP          float64 // p of the generalised beta prime
	EaQ          float64 // q of the generalised beta prime
}

// levels is the number of different activation fields that domains are drawn from.
const levels = 4096

// quantile returns the activation field in V/m below which a share u of domains lies.
func (a *Activation) quantile(u float64) float64 {
	switch a.Distribution {
	case normal:
		cut := distuv.UnitNormal.CDF(-a.Ea / a.EaSpread)
		return a.Ea + a.EaSpread*distuv.UnitNormal.Quantile(cut+u*(1-cut))
	case lorentz:
		cut := 0.5 - math.Atan(a.Ea/a.EaSpread)/math.Pi
		return a.Ea + a.EaSpread*math.Tan(math.Pi*(cut+u*(1-cut)-0.5))
	case beta:
		y := mathext.InvRegIncBeta(a.EaP, a.EaQ, u)
		return a.Ea * math.Pow(y/(1-y), 1/a.EaA)
	}
	return a.Ea
}

// quantiles returns the activation fields of n equal shares of the domains.
func (a *Activation) quantiles(n int) []float64 {
	q := make([]float64, n)
	for i := range q {
		q[i] = a.quantile((float64(i) + 0.5) / float64(n))
	}
	return q
}

func (a *Activation) params() []quantity.Param {
	positive := quantity.Positive()
	return []quantity.Param{
		{Name: "distribution", Value: &a.Distribution, Options: []string{single, normal, lorentz, beta}, Meaning: "distribution of activation fields over domains; beta is the generalised beta prime"},
		{Name: "ea", Value: &a.Ea, Unit: "V/m", Range: positive, Meaning: "activation field: the value, mean or median, or the scale b of beta"},
		{Name: "ea_spread", Value: &a.EaSpread, Unit: "V/m", Range: positive, Meaning: "standard deviation of normal, half width at half maximum of lorentz"},
		{Name: "ea_a", Value: &a.EaA, Range: positive, Meaning: "a of beta"},
		{Name: "ea_p", Value: &a.EaP, Range: positive, Meaning: "p of beta"},
		{Name: "ea_q", Value: &a.EaQ, Range: positive, Meaning: "q of beta"},
	}
}

// validate returns an error if the numbers are too far apart to be a distribution.
func (a *Activation) validate() error {
	if a.Distribution == normal && a.Ea < 2*a.EaSpread {
		return fmt.Errorf("ea_spread is %s: must be at most half of ea, %s: else a share above 0.02 of activation fields would be below 0 V/m", quantity.Format(a.EaSpread, "V/m"), quantity.Format(a.Ea, "V/m"))
	}
	for _, u := range []float64{0.5 / levels, 1 - 0.5/levels} {
		if q := a.quantile(u); !(q > 0) || math.IsInf(q, 0) {
			return fmt.Errorf("the quantile %.4g of activation fields is %g V/m: must be > 0 V/m: choose other ea_a, ea_p or ea_q", u, q)
		}
	}
	return nil
}

// memo keeps the quantiles last asked for, which take long to compute.
type memo struct {
	mu sync.Mutex
	of Activation
	q  []float64
}

// get returns the quantiles of n shares. A nil memo computes them.
func (m *memo) get(a *Activation, n int) []float64 {
	if m == nil {
		return a.quantiles(n)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of != *a || len(m.q) != n {
		m.of, m.q = *a, a.quantiles(n)
	}
	return m.q
}
