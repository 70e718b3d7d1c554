package crossbar

import (
	"math"

	"mho/internal/quantity"
)

// Transistor is a cell of one transistor and one ohmic device of conductance G
// (1T1R). The device is on the word line's side; the transistor's other terminal
// is on the bit line, and VGate is the voltage of the gate above it. With VGS from
// the gate to the lower terminal and VDS across the transistor,
//
//	i = B (VGS - VTh)^α (2 - VDS/VDsat) VDS/VDsat    for VDS < VDsat = K (VGS - VTh)^(α/2),
//	i = B (VGS - VTh)^α                              beyond,
//
// the α-power law of T. Sakurai and A. R. Newton, IEEE J. Solid-State Circuits 25, 584 (1990),
// doi:10.1109/4.52187; α = 2 and K = 1 is the square law of H. Shichman and D. A. Hodges,
// IEEE J. Solid-State Circuits 3, 285 (1968), doi:10.1109/JSSC.1968.1049902, with β = 2B. Below
// threshold the transistor is open. Channel length modulation and the body effect are left out.
type Transistor struct {
	VGate float64 // voltage of the gate above the bit line, V
	VTh   float64 // threshold voltage, V
	B     float64 // saturation current at 1 V above threshold, A
	Alpha float64 // exponent, from 1 (velocity saturation) to 2 (square law)
	K     float64 // saturation voltage at 1 V above threshold, V
}

// Params declares the parameters.
func (c *Transistor) Params() []quantity.Param {
	return []quantity.Param{
		{Name: "v_gate", Value: &c.VGate, Unit: "V", Range: quantity.Any(), Meaning: "voltage of the gate above the bit line", Source: "assumption"},
		{Name: "v_th", Value: &c.VTh, Unit: "V", Range: quantity.Any(), Meaning: "threshold voltage", Source: "assumption"},
		positive("b", &c.B, "A", "saturation current at 1 V above threshold"),
		{Name: "alpha", Value: &c.Alpha, Range: quantity.Between(1, 2), Meaning: "exponent of the saturation current", Source: "assumption"},
		positive("k", &c.K, "V", "saturation voltage at 1 V above threshold"),
	}
}

// Validate returns an error if a parameter is not finite, B or K not positive,
// or Alpha not from 1 to 2.
func (c Transistor) Validate() error { return check("transistor", c.Params()) }

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
	low, high := max(0, -over), v // the current is 0 at low
	if low >= high {
		return 0, 0
	}
	x := high
	var channel float64
	for range 100 {
		var d float64
		d, channel = c.channel(x, over+x)
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

// channel returns the current at x = VDS and its derivative, where the gate's
// overdrive is over and grows with x.
func (c Transistor) channel(x, over float64) (i, slope float64) {
	if over <= 0 {
		return 0, 0
	}
	q := math.Pow(over, c.Alpha/2)
	if x >= c.K*q {
		return c.B * q * q, c.B * c.Alpha * q * q / over
	}
	return c.B / c.K * (2*q - x/c.K) * x, c.B / c.K * (2*q + c.Alpha*q/over*x - 2*x/c.K)
}
