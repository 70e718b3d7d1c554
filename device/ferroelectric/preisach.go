package ferroelectric

import (
	"fmt"
	"math"
)

// Preisach is the quasi-static polarisation of a film as a function of the field's
// turning points: a plane of relays, each switching up at a field a > 0 and down at a
// field b < 0, where a and -b are independent with the distribution function
//
//	F(E) = 1/(1 + (Ec/E)^k),  E > 0.
//
// The major loop passes through ±Pr at zero field and through zero at ±Ec; minor loops
// return to the point where they left, wipe out what lies within, and have one shape
// between the same two fields whatever went before (congruency). It starts at -Pr.
// NewPreisach returns it.
type Preisach struct {
	pr, ec, k float64
	// turns are the remembered extremes, by turns a maximum and a minimum, each
	// within the one before, and the present field; before the first it was -Inf.
	turns []float64
}

// NewPreisach returns a film of the remanent polarisation pr in C/m², the coercive
// field ec in V/m and the steepness k. All must be positive.
func NewPreisach(pr, ec, k float64) (*Preisach, error) {
	switch {
	case !(pr > 0) || math.IsInf(pr, 0):
		return nil, fmt.Errorf("preisach: p_r = %g C/m^2: must be > 0 C/m^2", pr)
	case !(ec > 0) || math.IsInf(ec, 0):
		return nil, fmt.Errorf("preisach: e_c = %g V/m: must be > 0 V/m", ec)
	case !(k > 0) || math.IsInf(k, 0):
		return nil, fmt.Errorf("preisach: k = %g: must be > 0", k)
	}
	return &Preisach{pr: pr, ec: ec, k: k}, nil
}

// Drive takes the field to a value in V/m and returns the polarisation there, C/m².
// It panics if the field is NaN.
func (p *Preisach) Drive(field float64) float64 {
	if math.IsNaN(field) {
		panic("ferroelectric: field is NaN")
	}
	p.turn(field)
	return p.Polarisation()
}

// turn takes the field into the memory, wiping out the extremes that it passes. The
// last entry is the present field, a maximum where their number is odd.
func (p *Preisach) turn(field float64) {
	n := len(p.turns)
	rising := n == 0 || field > p.turns[n-1]
	if moving := n%2 == 1; n > 0 && moving == rising {
		n--
	}
	if !rising && n == 0 {
		return
	}
	for n >= 2 && (rising && field >= p.turns[n-2] || !rising && field <= p.turns[n-2]) {
		n -= 2
	}
	p.turns = append(p.turns[:n], field)
}

// Polarisation returns the present polarisation, C/m².
func (p *Preisach) Polarisation() float64 {
	up, low := 0.0, math.Inf(-1)
	for k := 0; k < len(p.turns); k += 2 {
		up += p.everett(p.turns[k], low)
		if k+1 < len(p.turns) {
			low = p.turns[k+1]
			up -= p.everett(p.turns[k], low)
		}
	}
	return p.pr * (2*up - 1)
}

// everett returns the fraction of relays with b >= low and a <= high.
func (p *Preisach) everett(high, low float64) float64 { return p.below(high) * p.below(-low) }

// below returns F.
func (p *Preisach) below(e float64) float64 {
	if e <= 0 {
		return 0
	}
	return 1 / (1 + math.Pow(p.ec/e, p.k))
}
