package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// The windows of a WindowFunction.
const (
	windowNone        = "none"
	windowStrukov     = "strukov"
	windowJoglekar    = "joglekar"
	windowBiolek      = "biolek"
	windowProdromakis = "prodromakis"
	windowZha         = "zha"
	windowKvatinsky   = "kvatinsky"
)

var windows = []string{windowNone, windowStrukov, windowJoglekar, windowBiolek, windowProdromakis, windowZha, windowKvatinsky}

// A WindowFunction is a factor F on the drift of a state x from 0 to 1, which
// keeps it off the electrodes: 1 ("none"), x(1-x) ("strukov"), 1-(2x-1)^2P
// ("joglekar"), 1-(x-s)^2P ("biolek"), J(1-((x-1/2)²+3/4)^P) ("prodromakis"),
// J(1-((x-s)²/4+3/4)^P) ("zha"), where s is 0 while x grows and 1 while it falls,
// or exp(-exp((x-AOn)/WC)) while x grows and exp(-exp((AOff-x)/WC)) while it falls
// ("kvatinsky").
type WindowFunction struct {
	Window string  // window at the electrodes
	P      float64 // exponent of the windows joglekar and biolek (whole), prodromakis and zha
	J      float64 // scale of the windows prodromakis and zha
	AOn    float64 // position of the window kvatinsky while x grows
	AOff   float64 // position of the window kvatinsky while x falls
	WC     float64 // width of the window kvatinsky
}

func newWindow(name string, p float64) WindowFunction {
	return WindowFunction{Window: name, P: p, J: 1, AOn: 0.9, AOff: 0.1, WC: 0.02}
}

// windowEquations writes the windows down for a state of the given name.
func windowEquations(x string) []string {
	return []string{
		"none: F = 1",
		"strukov: F = " + x + " (1 - " + x + ")",
		"joglekar: F = 1 - (2" + x + " - 1)^(2p)",
		"biolek: F = 1 - (" + x + " - s)^(2p),  s = 0 while " + x + " grows, 1 while it falls",
		"prodromakis: F = j (1 - ((" + x + " - 0.5)^2 + 0.75)^p)",
		"zha: F = j (1 - (0.25 (" + x + " - s)^2 + 0.75)^p)",
		"kvatinsky: F = exp(-exp((" + x + " - a_on)/w_c)) while " + x + " grows, exp(-exp((a_off - " + x + ")/w_c)) while it falls",
	}
}

// windowNotes says which windows lock.
func windowNotes(drive string) []string {
	return []string{
		"The windows strukov, joglekar and prodromakis lock: a state that starts exactly at 0 or 1 stays there for ever. From inside they approach the bounds without reaching them and the state is a function of the " + drive + " alone; it is integrated as ln(x/(1-x)), so that rounding does not lock it.",
		"The windows biolek, zha and kvatinsky do not lock: at a bound they are non-zero for the drive that leads away. biolek and zha jump where the drift changes its sign. kvatinsky is never exactly zero, so the state may reach the bound, which holds it.",
		"The form of the window zha is not checked against its publication: an assumption, as are the positions of the window kvatinsky in units of the state.",
	}
}

func (w *WindowFunction) params() []device.Param {
	positive, unit := quantity.Positive(), quantity.Between(0, 1)
	return []device.Param{
		{Name: "window", Value: &w.Window, Options: windows, Meaning: "factor on the drift that keeps the state off the electrodes"},
		{Name: "p", Value: &w.P, Range: quantity.Range{Min: 0, Max: 1000, MinOpen: true}, Meaning: "exponent of the windows joglekar and biolek, a whole number, and of prodromakis and zha"},
		{Name: "j", Value: &w.J, Range: positive, Meaning: "scale of the windows prodromakis and zha"},
		{Name: "a_on", Value: &w.AOn, Range: unit, Meaning: "state at which the window kvatinsky slows a growing state"},
		{Name: "a_off", Value: &w.AOff, Range: unit, Meaning: "state at which the window kvatinsky slows a falling state"},
		{Name: "w_c", Value: &w.WC, Range: positive, Meaning: "width of the window kvatinsky in units of the state"},
	}
}

func (w *WindowFunction) validate() error {
	if (w.Window == windowJoglekar || w.Window == windowBiolek) && (w.P != math.Trunc(w.P) || w.P < 1) {
		return fmt.Errorf("p is %g: must be a whole number >= 1 for the window %s", w.P, w.Window)
	}
	return nil
}

// locks reports whether a state on a bound stays there for ever: the window is
// zero on both bounds whatever the drive. Such a window is approached but never
// reached from inside.
func (w *WindowFunction) locks() bool {
	switch w.Window {
	case windowStrukov, windowJoglekar, windowProdromakis:
		return true
	}
	return false
}

// WindowFactor returns F at the state x while the drift moves it up or down.
func (w *WindowFunction) WindowFactor(x float64, up bool) float64 { return w.factor(x, 1-x, up) }

// factor returns the window at the state x, from 0 to 1, with q = 1 - x, for a
// drive that moves the state up or down. It is x q times fold where the window
// locks.
func (w *WindowFunction) factor(x, q float64, up bool) float64 {
	switch w.Window {
	case windowStrukov, windowJoglekar, windowProdromakis:
		return x * q * w.fold(x*q)
	case windowBiolek:
		z := x
		if !up {
			z = q
		}
		return 1 - power(z, 2*int(w.P))
	case windowZha:
		// 0.25 z² + 0.75 = 1 - 0.25 (1 - z²)
		z := x
		if !up {
			z = q
		}
		return -w.J * math.Expm1(w.P*math.Log1p(-0.25*(1-z)*(1+z)))
	case windowKvatinsky:
		z := (x - w.AOn) / w.WC
		if !up {
			z = (w.AOff - x) / w.WC
		}
		return math.Exp(-math.Exp(z))
	}
	return 1
}

// fold returns F(x) / (x (1-x)) of a window that locks, with s = x (1-x), without
// loss of digits next to the bounds.
func (w *WindowFunction) fold(s float64) float64 {
	switch w.Window {
	case windowJoglekar:
		// 1 - z^(2p) = (1 - z²) (1 + z² + ... + z^(2p-2)) and 1 - z² = 4 x (1-x).
		z2, sum := 1-4*s, 1.0
		for range int(w.P) - 1 {
			sum = 1 + z2*sum
		}
		return 4 * sum
	case windowProdromakis:
		// (x-1/2)² + 3/4 = 1 - x (1-x)
		if s == 0 {
			return w.J * w.P
		}
		return -w.J * math.Expm1(w.P*math.Log1p(-s)) / s
	}
	return 1
}

// A drifter is a model whose state from 0 to 1 drifts under a window.
type drifter interface {
	// rate returns the drift without window in the direction of the state, 1/s,
	// at the state x = 1 - q and the voltage v.
	rate(x, q, v float64) float64
	fold(s float64) float64
}

// mappingOf returns the coordinate ln(x/(1-x)) for the windows that are zero on
// both bounds, where a state that is not on a bound never gets there; nil
// otherwise.
func (w *WindowFunction) mappingOf(m drifter, x0 float64) device.Mapping {
	if w.locks() && x0 > 0 && x0 < 1 {
		return logit{m}
	}
	return nil
}

// drift returns dx/dt of a drifter, 1/s.
func (w *WindowFunction) drift(m drifter, x, v float64) float64 {
	rate := m.rate(x, 1-x, v)
	if rate != 0 {
		rate *= w.factor(x, 1-x, rate > 0)
	}
	return rate
}

// logit integrates y = ln(x/(1-x)), dy/dt = rate F/(x (1-x)).
type logit struct{ m drifter }

func (l logit) Forward(y, x []float64) { y[0] = math.Log(x[0]) - math.Log1p(-x[0]) }

func (l logit) Inverse(x, y []float64) { x[0], _ = fractions(y[0]) }

func (l logit) Derivative(dst, y, _, u []float64, _ device.Env) {
	x, q := fractions(y[0])
	dst[0] = l.m.rate(x, q, u[0]) * l.m.fold(x*q)
}

// fractions returns x and 1-x at y = ln(x/(1-x)), each to rounding.
func fractions(y float64) (x, q float64) {
	e := math.Exp(-math.Abs(y))
	small, large := e/(1+e), 1/(1+e)
	if y < 0 {
		return small, large
	}
	return large, small
}
