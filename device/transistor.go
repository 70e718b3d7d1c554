package device

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// A Transistor is the access transistor of a 1T1R cell. With VGS from the gate to
// the lower of the two other terminals and VDS across them,
//
//	i = B (VGS - VTh)^α (2 - VDS/VDsat) VDS/VDsat    for VDS < VDsat = K (VGS - VTh)^(α/2),
//	i = B (VGS - VTh)^α                              beyond,
//
// the α-power law of T. Sakurai and A. R. Newton, IEEE J. Solid-State Circuits 25, 584 (1990),
// doi:10.1109/4.52187; α = 2 and K = 1 is the square law of H. Shichman and D. A. Hodges,
// IEEE J. Solid-State Circuits 3, 285 (1968), doi:10.1109/JSSC.1968.1049902, with β = 2B. Below
// threshold it is open. Channel length modulation and the body effect are left out.
type Transistor struct {
	VGate float64 // voltage of the gate above the terminal away from the device, V
	VTh   float64 // threshold voltage, V
	B     float64 // saturation current at 1 V above threshold, A
	Alpha float64 // exponent, from 1 (velocity saturation) to 2 (square law)
	K     float64 // saturation voltage at 1 V above threshold, V
}

// Params declares the parameters.
func (c *Transistor) Params() []Param {
	return []Param{
		{Name: "v_gate", Value: &c.VGate, Unit: "V", Range: quantity.Any(), Meaning: "voltage of the gate above the terminal away from the device", Source: "assumption"},
		{Name: "v_th", Value: &c.VTh, Unit: "V", Range: quantity.Any(), Meaning: "threshold voltage", Source: "assumption"},
		{Name: "b", Value: &c.B, Unit: "A", Range: quantity.Positive(), Meaning: "saturation current at 1 V above threshold", Source: "assumption"},
		{Name: "alpha", Value: &c.Alpha, Range: quantity.Between(1, 2), Meaning: "exponent of the saturation current", Source: "assumption"},
		{Name: "k", Value: &c.K, Unit: "V", Range: quantity.Positive(), Meaning: "saturation voltage at 1 V above threshold", Source: "assumption"},
	}
}

// Validate returns an error if a parameter is not finite, B or K not positive,
// or Alpha not from 1 to 2.
func (c Transistor) Validate() error {
	for _, p := range c.Params() {
		if err := p.Check(); err != nil {
			return fmt.Errorf("transistor: %w", err)
		}
	}
	return nil
}

// Channel returns the current in A at VDS = vds >= 0, and its derivative by vds in
// S, of a gate that is over V above threshold (VGS - VTh) at vds and does not move.
func (c *Transistor) Channel(vds, over float64) (i, slope float64) {
	if over <= 0 {
		return 0, 0
	}
	q := math.Pow(over, c.Alpha/2)
	if vds >= c.K*q {
		return c.B * q * q, 0
	}
	return c.B / c.K * (2*q - vds/c.K) * vds, 2 * c.B / c.K * (q - vds/c.K)
}

// Follower returns the current in A at VDS = vds >= 0, and its derivative by vds
// in S, where the gate's overdrive is over at vds and grows with it: the source is
// the terminal that moves.
func (c *Transistor) Follower(vds, over float64) (i, slope float64) {
	if over <= 0 {
		return 0, 0
	}
	q := math.Pow(over, c.Alpha/2)
	if vds >= c.K*q {
		return c.B * q * q, c.B * c.Alpha * q * q / over
	}
	return c.B / c.K * (2*q - vds/c.K) * vds, c.B / c.K * (2*q + c.Alpha*q/over*vds - 2*vds/c.K)
}

// through returns the current in A, of v's sign, for v volts across the
// transistor, from the device's side to the other, and its derivative in S.
func (c *Transistor) through(v float64) (i, slope float64) {
	over := c.VGate - c.VTh
	if v >= 0 {
		return c.Channel(v, over)
	}
	i, slope = c.Follower(-v, over-v)
	return -i, slope
}

// A OneTransistor is an element in series with its access transistor, a 1T1R cell,
// the element on the side of the source of the voltage. Of the voltage v across
// both, a voltage-driven element sees u, the solution of
//
//	h(x, u) = i_transistor(v - u).
//
// A current-driven element sees its current cut at the saturation current, and
// the transistor adds its voltage. It is made by WithTransistor.
type OneTransistor struct {
	wrapped
	Transistor Transistor
}

// WithTransistor puts an access transistor in series with el. A series resistance
// belongs inside: WithTransistor(WithSeries(el, r), t).
func WithTransistor(el Element, t Transistor) *OneTransistor {
	c := &OneTransistor{Transistor: t}
	c.wrapped = wrap(el, c.inner)
	return c
}

// Info describes the element with its transistor.
func (c *OneTransistor) Info() Info {
	info := c.Element.Info()
	info.Equations = append(append([]string(nil), info.Equations...), "v = v_element + v_transistor(i), alpha-power law")
	return info
}

// Params declares the transistor's parameters after those of the element.
func (c *OneTransistor) Params() []Param {
	p := c.Element.Params()
	p = p[:len(p):len(p)]
	for _, t := range c.Transistor.Params() {
		t.Name = "transistor." + t.Name
		p = append(p, t)
	}
	return p
}

// Validate checks the element and the transistor.
func (c *OneTransistor) Validate() error {
	if err := c.Transistor.Validate(); err != nil {
		return err
	}
	return c.Element.Validate()
}

// inner returns the first drive that the element within sees.
func (c *OneTransistor) inner(x, u []float64, env Env) float64 {
	v := u[0]
	if c.current {
		i, _ := c.carried(v)
		return i
	}
	balance := func(e float64) (f, slope float64) {
		i, g := probe(c.Element, x, u, e, env)
		t, s := c.Transistor.through(v - e)
		return i - t, g + s
	}
	// The element takes part of the voltage, or more in one that is a source itself.
	lo, hi := min(0, v), max(0, v)
	step := max(math.Abs(v), 1e-6)
	for range 64 {
		f, _ := balance(lo)
		g, _ := balance(hi)
		switch {
		case f <= 0 && g >= 0:
			return increasingRoot(balance, 0, lo, hi)
		case f > 0:
			lo -= step
		case g < 0:
			hi += step
		default:
			return math.NaN()
		}
		step *= 2
	}
	return math.NaN()
}

// carried returns the current that the transistor lets through of i, in A, and the
// voltage across it in V.
func (c *OneTransistor) carried(i float64) (current, v float64) {
	t := &c.Transistor
	over := t.VGate - t.VTh
	if i >= 0 {
		if over <= 0 {
			return 0, 0
		}
		sat, limit := t.B*math.Pow(over, t.Alpha), t.K*math.Pow(over, t.Alpha/2)
		if i >= sat {
			return sat, limit
		}
		// The triode's quadratic equation.
		r := i / sat
		return i, limit * r / (1 + math.Sqrt(1-r))
	}
	f := func(x float64) (value, slope float64) {
		value, slope = t.Follower(x, over+x)
		return value + i, slope
	}
	high := 1.0
	for value, _ := f(high); value < 0; value, _ = f(high) {
		high *= 2
	}
	return i, -increasingRoot(f, max(0, -over), max(0, -over), high)
}

// Response returns the current in A through both, or the voltage in V across both.
func (c *OneTransistor) Response(x, u []float64, env Env) float64 {
	if c.current {
		i, v := c.carried(u[0])
		return respond(c.Element, x, u, i, env) + v
	}
	e := c.inner(x, u, env)
	i, g := probe(c.Element, x, u, e, env)
	if t, s := c.Transistor.through(u[0] - e); s < g {
		return t // the flatter of the two tells the current better
	}
	return i
}

// Slope returns d Response / d u[0] at frozen state: g s/(g + s) in S of a
// voltage-driven element, g and s being the slopes of both, and the sum of the
// differential resistances in ohm of a current-driven one.
func (c *OneTransistor) Slope(x, u []float64, env Env) float64 {
	e := c.inner(x, u, env)
	_, g := probe(c.Element, x, u, e, env)
	if c.current {
		_, v := c.carried(u[0])
		_, s := c.Transistor.through(v)
		return g + 1/s
	}
	_, s := c.Transistor.through(u[0] - e)
	if s == 0 {
		return 0
	}
	return g * s / (g + s)
}

var _ Element = (*OneTransistor)(nil)
