package crossbar

import (
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Transistor is a cell of one transistor and one ohmic device of conductance G
// (1T1R), the transistor of device.Transistor. The device is on the word line's side;
// the transistor's other terminal is on the bit line, and VGate is the voltage of
// the gate above it.
type Transistor device.Transistor

// Params declares the parameters.
func (c *Transistor) Params() []quantity.Param { return (*device.Transistor)(c).Params() }

// Validate returns an error if a parameter is not finite, B or K not positive,
// or Alpha not from 1 to 2.
func (c Transistor) Validate() error { return device.Transistor(c).Validate() }

// Evaluate implements IVCurve.
func (c Transistor) Evaluate(current, slope, g, v []float64) {
	over := c.VGate - c.VTh
	var sat, limit float64
	if over > 0 {
		sat, limit = c.B*math.Pow(over, c.Alpha), c.K*math.Pow(over, c.Alpha/2)
	}
	for k, gk := range g {
		var i, s float64
		switch {
		case gk == 0 || math.IsNaN(v[k]):
			i = gk * v[k]
		case v[k] >= 0:
			i, s = forward(gk, v[k], sat, limit)
		default:
			i, s = c.reverse(gk, -v[k], over)
			i = -i
		}
		if current != nil {
			current[k] = i
		}
		if slope != nil {
			slope[k] = s
		}
	}
}

// forward returns current and slope for v >= 0, where the bit line is the source and
// the transistor saturates at sat, in A, from limit on, in V; both are 0 below threshold.
// Below saturation VDS solves a quadratic equation.
func forward(g, v, sat, limit float64) (i, slope float64) {
	if sat == 0 {
		return 0, 0
	}
	if g*(v-limit) >= sat {
		return sat, 0
	}
	a, b := sat/(limit*limit), 2*sat/limit+g
	x := 2 * g * v / (b + math.Sqrt(b*b-4*a*g*v))
	return series(g, v, x, 2*sat/limit*(1-x/limit))
}

// series returns current and slope of g in series with a channel of the given slope
// that has x of the voltage v.
func series(g, v, x, channel float64) (i, slope float64) {
	return g * (v - x), g * channel / (g + channel)
}

// reverse returns the magnitude of the current, and the slope, for a voltage of magnitude v of
// the other sign: the terminal beside the device is the source, and the gate
// is x more above it, x being VDS.
func (c Transistor) reverse(g, v, over float64) (i, slope float64) {
	t := device.Transistor(c)
	low, high := max(0, -over), v // the current is 0 at low
	if low >= high {
		return 0, 0
	}
	x := high
	var channel float64
	for range 100 {
		var d float64
		d, channel = t.Follower(x, over+x)
		f := d - g*(v-x)
		if f > 0 {
			high = x
		} else {
			low = x
		}
		next := x - f/(channel+g)
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-x) <= 0x1p-51*x {
			break
		}
		x = next
	}
	return series(g, v, x, channel)
}
