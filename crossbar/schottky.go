package crossbar

import (
	"math"

	"mho/internal/quantity"
)

// Schottky is a device with a Schottky contact in series, a self-rectifying cell:
// thermionic emission over the barrier and an ohmic part of conductance G,
//
//	i = IS (exp((v - i/G)/(N VT)) - 1),
//
// forward for positive v. It is C. R. Crowell and S. M. Sze, Solid-State Electron. 9, 1035 (1966),
// doi:10.1016/0038-1101(66)90127-4, and solved with Lambert's function as by A. Jain and A. Kapoor,
// Sol. Energy Mater. Sol. Cells 81, 269 (2004), doi:10.1016/j.solmat.2003.11.018, in the form
// w + ln w = z of P. W. Lawrence, R. M. Corless and D. J. Jeffrey, ACM Trans. Math. Softw. 38, 20 (2012),
// doi:10.1145/2168773.2168779. The barrier is not lowered by the field.
type Schottky struct {
	IS float64 // saturation current, A
	N  float64 // ideality factor
	VT float64 // thermal voltage kT/q, V
}

// Params declares the parameters.
func (c *Schottky) Params() []quantity.Param {
	return []quantity.Param{
		positive("i_s", &c.IS, "A", "saturation current of the contact"),
		positive("ideality", &c.N, "", "ideality factor of the contact"),
		positive("v_t", &c.VT, "V", "thermal voltage kT/q"),
	}
}

// Validate returns an error if a parameter is not positive and finite.
func (c Schottky) Validate() error { return check("schottky", c.Params()) }

// Evaluate implements IVCurve.
func (c Schottky) Evaluate(current, slope, g, v []float64) {
	nv := c.N * c.VT
	for k, gk := range g {
		var i, s float64
		if gk > 0 {
			i, s = c.at(gk, v[k], nv)
		}
		if current != nil {
			current[k] = i
		}
		if slope != nil {
			slope[k] = s
		}
	}
}

// at returns current and slope at v. With w = (i + IS)/(G N VT) the law is
// w + ln w = z.
func (c Schottky) at(g, v, nv float64) (i, slope float64) {
	scale := g * nv
	w := wright(math.Log(c.IS/scale) + (v+c.IS/g)/nv)
	i = scale*w - c.IS
	if math.Abs(i) < c.IS {
		// The difference has lost digits: a step of Newton's method on the law itself.
		i -= (i - c.IS*math.Expm1((v-i/g)/nv)) / (1 + w)
	}
	return i, g * w / (1 + w)
}

// wright returns the solution of w + ln w = z.
func wright(z float64) float64 {
	if math.IsNaN(z) || math.IsInf(z, 1) {
		return z
	}
	w := math.Exp(z)
	switch {
	case z > 1:
		w = z - math.Log(z)
	case z > -2:
		w = math.Exp(2 * (z - 1) / 3)
	case w < 1e-17:
		return w // w itself is lost in the sum
	}
	for range 3 {
		// An iteration of fourth order, Lawrence et al., equation 7.
		r := z - w - math.Log(w)
		a := 1 + w
		b := 2 * a * (a + 2*r/3)
		w *= 1 + r/a*(b-r)/(b-2*r)
	}
	return w
}
