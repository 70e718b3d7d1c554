package memristor

import (
	"math"

	"mho/device"
)

const boltzmann = 1.380649e-23 // J/K

// contact is the series chain of a JART device in one state at one voltage, all
// quantities as magnitudes. When v_S is given, the current through the ohmic parts
// and with it T follow, and the emission law makes one equation,
//
//	balance(v_S) = ln i_emission(v_S, T) - ln i = 0.
type contact struct {
	m        *JART
	negative bool
	v        float64 // applied voltage, V
	ambient  float64 // K
	rTh      float64 // K/W

	l            float64 // length of the disc, m
	area         float64 // m^2
	rDisc, rPlug float64 // ohm
	ohmic, cubic float64 // v - v_S = ohmic i + cubic i^3
	bend         float64 // v_S at which the barrier is no longer lowered, V
	lowering     float64 // fourth power of the lowering over (bend - v_S), V^3
	w00          float64 // tunnelling energy over q, V

	i, vs, t float64 // the solution
	dv, dt   float64 // derivatives of ln i_emission by v_S and T, there
}

// at solves the device in states x at voltage v.
func (c *contact) at(m *JART, x []float64, v float64, env device.Env) {
	n := x[0]
	var r float64
	c.m = m
	c.l, r = m.geometry(x)
	c.negative, c.v, c.ambient = v < 0, math.Abs(v), env.Temperature
	c.rTh = m.RTh0 * (m.RRef / r) * (m.RRef / r)
	if !c.negative {
		c.rTh *= m.RThReset
	}
	c.area = math.Pi * r * r
	perLength := 1 / (vacancyCharge * electronCharge * m.Mobility * c.area)
	c.rDisc, c.rPlug = c.l*perLength/n, (m.LCell-c.l)*perLength/m.NPlug
	c.ohmic = c.rDisc + c.rPlug + m.RTiOx + m.RLine
	c.cubic = m.RLine * m.RLine * m.AlphaLine * m.RThLine
	c.bend = m.PhiBn0 - m.PhiN
	eps := m.EpsPhiB * vacuumPermitt
	c.lowering = electronCharge * electronCharge * electronCharge * vacancyCharge * n / (8 * math.Pi * math.Pi * eps * eps * eps)
	c.w00 = planck / (4 * math.Pi) * math.Sqrt(vacancyCharge*n/(electronMass*m.Eps*vacuumPermitt))
	c.solve()
}

// signed gives a magnitude the sign of the voltage.
func (c *contact) signed(x float64) float64 {
	if c.negative {
		return -x
	}
	return x
}

// least is the voltage in V below which powers of it underflow.
const least = 1e-60

// solve finds i, v_S and T.
func (c *contact) solve() {
	if !(c.v >= least) || math.IsInf(c.v, 1) {
		c.i, c.vs, c.t = c.v*c.ohmicSlope(), 0, c.ambient
		return
	}
	if c.negative {
		c.root(0, c.v)
		return
	}
	// The emission rises with v_S up to peak, falls to bend and rises again. Its
	// first meeting with the current of the ohmic parts is wanted.
	steep := 0.25 * math.Sqrt(math.Sqrt(c.lowering)) // the barrier rises by steep (bend - v_S)^(-3/4)
	floor := c.m.PhiBn0 * c.m.PhiBn0 * c.m.PhiBn0 * c.m.PhiBn0 / c.lowering
	peak := max(c.bend-min(steep*math.Cbrt(steep), floor), 0)
	switch {
	case peak >= c.v:
		c.root(0, c.v)
	case peak > 0 && c.balance(peak, c.v-peak) >= 0:
		c.root(0, peak)
	case c.bend < c.v && c.balance(c.bend, c.v-c.bend) < 0:
		c.root(c.bend, c.v)
	default:
		c.root(peak, min(c.bend, c.v))
	}
}

// root solves balance for v_S between lo and hi, negative at lo and positive at
// hi, by Newton's method in y = ln(v_S/(v - v_S)) kept inside the bracket. There
// the balance is nearly a straight line both where the contact takes little of
// the voltage and where it takes nearly all.
func (c *contact) root(lo, hi float64) {
	place := func(vs float64) float64 { return math.Log(vs / (c.v - vs)) }
	below, above := place(lo), place(hi)
	y := place(0.02 * c.v / (0.02 + c.v)) // a contact takes rarely more than some tens of mV
	if !(y > below && y < above) {
		y = middle(below, above)
	}
	for range 200 {
		f := c.balance(c.split(y))
		if f > 0 {
			above = y
		} else {
			below = y
		}
		step := -f / c.balanceSlope()
		if math.Abs(step) < 1e-8 || f != f {
			y += step // its error, the square of the step, is below rounding
			break
		}
		next := y + step
		if !(next > below && next < above) {
			next = middle(below, above)
		}
		if next == y {
			break
		}
		y = next
	}
	c.balance(c.split(y))
}

// split returns v_S and the rest of the voltage at y.
func (c *contact) split(y float64) (vs, rest float64) {
	e := math.Exp(-math.Abs(y))
	small, large := c.v*e/(1+e), c.v/(1+e)
	if y < 0 {
		return small, large
	}
	return large, small
}

// middle returns a number between lo and hi, either of which may be infinite.
func middle(lo, hi float64) float64 {
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return 0
	case math.IsInf(lo, -1):
		return hi - 3
	case math.IsInf(hi, 1):
		return lo + 3
	}
	return lo + 0.5*(hi-lo)
}

// balance sets the solution to that at v_S with rest left to the ohmic parts and
// returns ln i_emission - ln i.
func (c *contact) balance(vs, rest float64) float64 {
	i := rest / c.ohmic
	for range 50 { // Newton's method for ohmic i + cubic i^3 = rest
		bent := c.cubic * i * i
		next := i - (c.ohmic*i+bent*i-rest)/(c.ohmic+3*bent)
		done := math.Abs(next-i) <= 1e-15*i
		i = next
		if done {
			break
		}
	}
	c.i, c.vs = i, vs
	c.t = c.ambient + c.rTh*i*(vs+i*(c.rDisc+c.rPlug))
	factor, exponent := c.emission()
	return math.Log(factor/i) + exponent
}

// balanceSlope returns the derivative of balance by y at its last arguments.
func (c *contact) balanceSlope() float64 {
	dvs := c.vs * (c.v - c.vs) / c.v
	di := -dvs / (c.ohmic + 3*c.cubic*c.i*c.i)
	r := c.rDisc + c.rPlug
	dt := c.rTh * (di*(c.vs+2*c.i*r) + c.i*dvs)
	return c.dv*dvs + c.dt*dt - di/c.i
}

// slope returns di/dv of the solution by implicit differentiation, S.
func (c *contact) slope() float64 {
	if c.v < least {
		return c.ohmicSlope()
	}
	// At fixed i, dv_S = dv; at fixed v, dv_S = -ohms di.
	ohms := c.ohmic + 3*c.cubic*c.i*c.i
	byCurrent := -c.dv*ohms + c.dt*c.rTh*(c.vs+2*c.i*(c.rDisc+c.rPlug)-c.i*ohms) - 1/c.i
	return -(c.dv + c.dt*c.rTh*c.i) / byCurrent
}

// ohmicSlope returns di/dv of thermionic emission at no voltage, S.
func (c *contact) ohmicSlope() float64 {
	phi, _ := c.barrier(0)
	theta := boltzmann * c.ambient / electronCharge
	return 1 / (c.ohmic + theta/(c.area*c.m.Richardson*c.ambient*c.ambient*math.Exp(-phi/theta)))
}

// barrier returns the Schottky barrier and its derivative at v_S, with its sign.
func (c *contact) barrier(vs float64) (phi, slope float64) {
	psi := c.bend - vs
	if psi <= 0 {
		return c.m.PhiBn0, 0
	}
	lowered := math.Sqrt(math.Sqrt(c.lowering * psi))
	if lowered >= c.m.PhiBn0 {
		return 0, 0
	}
	return c.m.PhiBn0 - lowered, 0.25 * lowered / psi
}

// emission returns the current of the emission law at vs and t as a factor, in A,
// of an exponential, and sets the derivatives of its logarithm.
func (c *contact) emission() (factor, exponent float64) {
	theta := boltzmann * c.t / electronCharge
	if !c.negative {
		phi, slope := c.barrier(c.vs)
		y := c.vs / theta
		full := -math.Expm1(-y) // 1 - exp(-y)
		c.dv = -slope/theta + 1/(theta*full)
		c.dt = (2 + phi/theta - y/full) / c.t
		return c.area * c.m.Richardson * c.t * c.t * full, y - phi/theta
	}
	phi, slope := c.barrier(-c.vs)
	slope = -slope
	w := c.w00 / theta
	tanh := math.Tanh(w)
	sech2 := 1 - tanh*tanh
	difference := w - tanh
	if w < 0.05 {
		w2 := w * w
		difference = w * w2 * (1.0/3 - w2*(2.0/15-w2*(17.0/315-w2*62.0/2835)))
	}
	wt := -w / c.t // dw/dT
	q := difference / c.w00
	y := c.vs * q
	full := -math.Expm1(-y)
	height := c.vs + phi*sech2
	c.dv = 0.5*(1+slope*sech2)/height - slope*tanh/c.w00 + q/full
	c.dt = 1/c.t - phi*sech2*tanh*wt/height - phi*sech2*wt/c.w00 + c.vs*tanh*tanh*wt/(c.w00*full)
	return c.area * c.m.Richardson * c.t * (electronCharge / boltzmann) * math.Sqrt(math.Pi*c.w00*height) * full, y - phi*tanh/c.w00
}
