package memristor

import "math"

// The windows of LinearDrift.
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

// locks reports whether a state on a bound stays there for ever: the window is
// zero on both bounds whatever the drive. Such a window is approached but never
// reached from inside.
func locks(window string) bool {
	switch window {
	case windowStrukov, windowJoglekar, windowProdromakis:
		return true
	}
	return false
}

// factor returns the window at the state x, from 0 to 1, with q = 1 - x, for a
// drive that moves the state up or down. It is x q times fold where the window
// locks.
func (m *LinearDrift) factor(x, q float64, up bool) float64 {
	switch m.Window {
	case windowStrukov, windowJoglekar, windowProdromakis:
		return x * q * m.fold(x*q)
	case windowBiolek:
		z := x
		if !up {
			z = q
		}
		return 1 - power(z, 2*int(m.P))
	case windowZha:
		// 0.25 z² + 0.75 = 1 - 0.25 (1 - z²)
		z := x
		if !up {
			z = q
		}
		return -m.J * math.Expm1(m.P*math.Log1p(-0.25*(1-z)*(1+z)))
	case windowKvatinsky:
		z := (x - m.AOn) / m.WC
		if !up {
			z = (m.AOff - x) / m.WC
		}
		return math.Exp(-math.Exp(z))
	}
	return 1
}

// fold returns F(x) / (x (1-x)) of a window that locks, with s = x (1-x), without
// loss of digits next to the bounds.
func (m *LinearDrift) fold(s float64) float64 {
	switch m.Window {
	case windowJoglekar:
		// 1 - z^(2p) = (1 - z²) (1 + z² + ... + z^(2p-2)) and 1 - z² = 4 x (1-x).
		z2, sum := 1-4*s, 1.0
		for range int(m.P) - 1 {
			sum = 1 + z2*sum
		}
		return 4 * sum
	case windowProdromakis:
		// (x-1/2)² + 3/4 = 1 - x (1-x)
		if s == 0 {
			return m.J * m.P
		}
		return -m.J * math.Expm1(m.P*math.Log1p(-s)) / s
	}
	return 1
}
