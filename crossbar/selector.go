package crossbar

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// A SwitchingCurve is a law with two branches, of which each device is on one.
// On a branch current rises with voltage.
type SwitchingCurve interface {
	IVCurve
	// Switch moves devices with conductances g whose voltages v are beyond the
	// branch that they are on to the other branch, and returns how many. A device
	// of several that are beyond may stay to see what the others change.
	Switch(g, v []float64) int
}

// Selector is a cell of an ohmic device of conductance G in series with a threshold
// switch (1S1R). The switch is a conductance GOff until its voltage exceeds VTh;
// then it adds
//
//	(|u| - VHold)/ROn    for |u| > VHold
//
// to the current, u being the voltage across it, until |u| falls below VHold.
// Straight branches are an assumption; threshold switching itself is S. R. Ovshinsky,
// Phys. Rev. Lett. 21, 1450 (1968), doi:10.1103/PhysRevLett.21.1450.
type Selector struct {
	GOff  float64 // conductance of the switch that is off, S
	ROn   float64 // differential resistance of the switch that is on, Ω
	VTh   float64 // threshold voltage, V
	VHold float64 // holding voltage, below VTh, V

	// On tells the branch of each device, row by row. It is what remains of the
	// history; nil at the start is all off.
	On []bool
}

// Params declares the parameters.
func (c *Selector) Params() []quantity.Param {
	return []quantity.Param{
		positive("g_off", &c.GOff, "S", "conductance of the switch that is off"),
		positive("r_on", &c.ROn, "ohm", "differential resistance of the switch that is on"),
		positive("v_th", &c.VTh, "V", "voltage across the switch at which it turns on"),
		positive("v_hold", &c.VHold, "V", "voltage across the switch below which it turns off"),
	}
}

// Validate returns an error if a parameter is not positive and finite, or VHold is
// not below VTh.
func (c *Selector) Validate() error {
	if err := check("selector", c.Params()); err != nil {
		return err
	}
	if c.VHold >= c.VTh {
		return fmt.Errorf("selector: v_hold is %g V: must be below v_th, %g V", c.VHold, c.VTh)
	}
	return nil
}

// Evaluate implements IVCurve on the present branches. It panics if On is for
// another number of devices.
func (c *Selector) Evaluate(current, slope, g, v []float64) {
	c.fit(len(g))
	for k, gk := range g {
		u, s := c.across(k, gk, v[k])
		if current != nil {
			current[k] = gk * (v[k] - u)
		}
		if slope != nil {
			slope[k] = 0
			if gk > 0 {
				slope[k] = gk * s / (gk + s)
			}
		}
	}
}

// across returns the voltage across switch k and its slope.
func (c *Selector) across(k int, g, v float64) (u, slope float64) {
	u = v * (g / (g + c.GOff))
	if !c.on(k) || math.Abs(u) <= c.VHold {
		return u, c.GOff
	}
	total := c.GOff + 1/c.ROn
	return math.Copysign((g*math.Abs(v)+c.VHold/c.ROn)/(g+total), v), total
}

func (c *Selector) on(k int) bool { return c.On != nil && c.On[k] }

func (c *Selector) fit(n int) {
	if c.On != nil && len(c.On) != n {
		panic("crossbar: wrong number of selector states")
	}
}

// together is the ratio to the most overdriven device from which devices switch
// at once.
const together = 0.99

// Switch implements SwitchingCurve. The switches most beyond their threshold, to one
// percent, turn on first, as they do when the drive is raised slowly; where none
// turns on, those that are farthest below the holding voltage turn off.
func (c *Selector) Switch(g, v []float64) int {
	c.fit(len(g))
	if c.On == nil {
		c.On = make([]bool, len(g))
	}
	for _, on := range []bool{false, true} {
		var most float64
		over := func(k int) float64 {
			u, _ := c.across(k, g[k], v[k])
			if on {
				return c.VHold / math.Abs(u)
			}
			return math.Abs(u) / c.VTh
		}
		for k, x := range c.On {
			if x == on && g[k] > 0 {
				most = max(most, over(k))
			}
		}
		if !(most > 1) {
			continue
		}
		n := 0
		least := max(1, together*most)
		for k, x := range c.On {
			if x == on && g[k] > 0 && over(k) >= least {
				c.On[k] = !on
				n++
			}
		}
		return n
	}
	return 0
}
