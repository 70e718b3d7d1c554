package crossbar

import (
	"fmt"
	"math"
	"strings"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// An IVCurve is the law of current and voltage of the devices of an array.
//
// Current must rise with voltage, or stay, at every voltage; SolveBias refuses
// a law that does not. A device with two branches is a SwitchingCurve.
type IVCurve interface {
	// Evaluate sets current, in A, and slope, its derivative by voltage in S, of
	// the devices with conductances g, in S, at voltages v, in V. All slices have
	// the devices of an array row by row, so that a law may have parameters of
	// each. Either result may be nil. The conductance of a device that is not
	// open is its parameter in the law; of one with 0 S, current and slope are 0.
	// Evaluate may be called from several goroutines at once.
	Evaluate(current, slope, g, v []float64)
}

// Ohmic is Ohm's law i = G v.
type Ohmic struct{}

// Evaluate implements IVCurve.
func (Ohmic) Evaluate(current, slope, g, v []float64) {
	for k := range current {
		current[k] = g[k] * v[k]
	}
	if slope != nil {
		copy(slope, g)
	}
}

// Sinh is a law with an ohmic part at low voltage and an exponential one,
//
//	i = G V0 sinh(v/V0),
//
// with G the conductance at 0 V. Hopping and tunnelling lead to it; for hopping
// over barriers a distance d apart V0 is 2 kT/q times the thickness over d:
// N. F. Mott and R. W. Gurney, Electronic Processes in Ionic Crystals (1940), and
// for chalcogenides D. Ielmini and Y. Zhang, J. Appl. Phys. 102, 054517 (2007),
// doi:10.1063/1.2773688.
type Sinh struct {
	V0 float64 // voltage at which the current is 1.175 times the ohmic one, V
}

// Params declares the parameters.
func (c *Sinh) Params() []quantity.Param {
	return []quantity.Param{positive("v0", &c.V0, "V", "voltage scale of the hyperbolic sine")}
}

// Validate returns an error if V0 is not positive and finite.
func (c Sinh) Validate() error { return check("sinh", c.Params()) }

// chunk is the number of devices whose intermediate values fit the first cache.
const chunk = 256

// Evaluate implements IVCurve.
func (c Sinh) Evaluate(current, slope, g, v []float64) {
	var x, e [chunk]float64
	for at := 0; at < len(g); at += chunk {
		n := min(chunk, len(g)-at)
		for k, u := range v[at : at+n] {
			x[k] = u / c.V0
		}
		vmath.Exp(e[:n], x[:n])
		if current != nil {
			for k, s := range e[:n] {
				current[at+k] = open(g[at+k], c.V0*sinh(x[k], s))
			}
		}
		if slope != nil {
			for k, s := range e[:n] {
				slope[at+k] = open(g[at+k], (s+1/s)/2)
			}
		}
	}
}

// open returns g x, 0 for an open device even where x is beyond float64.
func open(g, x float64) float64 {
	if g == 0 {
		return 0
	}
	return g * x
}

// sinh returns the hyperbolic sine of x, e being exp(x). Below 1 it is the Taylor
// series, where the difference of exponentials would cancel.
func sinh(x, e float64) float64 {
	if math.Abs(x) >= 1 {
		return (e - 1/e) / 2
	}
	y := x * x
	s := 1 + y*(1.0/6)*(1+y*(1.0/20)*(1+y*(1.0/42)*(1+y*(1.0/72)*(1+y*(1.0/110)*(1+y*(1.0/156)*(1+y*(1.0/210)*(1+y*(1.0/272))))))))
	return x * s
}

// PooleFrenkel is emission from traps over a barrier that the field lowers,
//
//	i = G v exp(sqrt(|v|/V0)),    V0 = π ε d (kT)²/q³,
//
// with G the conductance at 0 V, d the thickness and ε the permittivity at high
// frequency: J. Frenkel, Phys. Rev. 54, 647 (1938), doi:10.1103/PhysRev.54.647.
type PooleFrenkel struct {
	V0 float64 // voltage that lowers the barrier by kT, V
}

// Params declares the parameters.
func (c *PooleFrenkel) Params() []quantity.Param {
	return []quantity.Param{positive("v0", &c.V0, "V", "voltage that lowers the barrier by kT")}
}

// Validate returns an error if V0 is not positive and finite.
func (c PooleFrenkel) Validate() error { return check("poole-frenkel", c.Params()) }

// Evaluate implements IVCurve.
func (c PooleFrenkel) Evaluate(current, slope, g, v []float64) {
	var x, e [chunk]float64
	for at := 0; at < len(g); at += chunk {
		n := min(chunk, len(g)-at)
		for k, u := range v[at : at+n] {
			x[k] = math.Sqrt(math.Abs(u) / c.V0)
		}
		vmath.Exp(e[:n], x[:n])
		if current != nil {
			for k, s := range e[:n] {
				current[at+k] = open(g[at+k], v[at+k]*s)
			}
		}
		if slope != nil {
			for k, s := range e[:n] {
				slope[at+k] = open(g[at+k], s*(1+x[k]/2))
			}
		}
	}
}

// positive declares a parameter that must be above 0.
func positive(name string, value *float64, unit, meaning string) quantity.Param {
	return quantity.Param{Name: name, Value: value, Unit: unit, Range: quantity.Positive(), Meaning: meaning, Source: "assumption"}
}

// check returns an error that names the first parameter outside its range.
func check(law string, params []quantity.Param) error {
	for _, p := range params {
		x := *p.Value.(*float64)
		if !p.Range.Contains(x) {
			return fmt.Errorf("%s: %s is %s: must be %s", law, p.Name, strings.TrimSpace(fmt.Sprintf("%g %s", x, p.Unit)), p.Range.Text(p.Unit))
		}
	}
	return nil
}

// validateCurve returns an error for an invalid law.
func validateCurve(iv IVCurve) error {
	if c, ok := iv.(interface{ Validate() error }); ok {
		if err := c.Validate(); err != nil {
			return fmt.Errorf("crossbar: %w", err)
		}
	}
	return nil
}

// scanned is the number of voltages at which a law is looked at before it is used.
const scanned = 65

// scan looks at a law that is not of this package from -limit to limit, in V, and
// returns an error if it has no number somewhere or its current falls.
func scan(iv IVCurve, g []float64, cols int, limit float64) error {
	switch iv.(type) {
	case Ohmic, *Ohmic, Sinh, *Sinh, PooleFrenkel, *PooleFrenkel, Schottky, *Schottky, Transistor, *Transistor, *Selector:
		return nil // monotone for all valid parameters
	}
	n := len(g)
	v, current, before, slope := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for m := range scanned {
		u := limit * (2*float64(m)/(scanned-1) - 1)
		for k := range v {
			v[k] = u
		}
		iv.Evaluate(current, slope, g, v)
		for k, x := range current {
			if math.IsNaN(x) || math.IsNaN(slope[k]) {
				return fmt.Errorf("crossbar: device at row %d, column %d has current %g A and slope %g S at %g V: must be numbers", k/cols, k%cols, x, slope[k], u)
			}
			if slope[k] < 0 || m > 0 && x < before[k] {
				return fallingError(k/cols, k%cols, u, slope[k])
			}
		}
		current, before = before, current
	}
	return nil
}

func fallingError(row, col int, v, slope float64) error {
	return fmt.Errorf("crossbar: current of the device at row %d, column %d falls with voltage at %.4g V (slope %.4g S): must rise or stay", row, col, v, slope)
}
