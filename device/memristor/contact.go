package memristor

import (
	"math"

	"gonum.org/v1/gonum/unit/constant"

	"mho/device"
)

// Constants of nature; the mass and the permittivity are those of CODATA 2018.
const (
	kB           = float64(constant.Boltzmann)        // J/K
	qE           = float64(constant.ElementaryCharge) // C
	planckH      = float64(constant.Planck)           // J s
	electronMass = 9.1093837015e-31                   // kg
	epsilon0     = 8.8541878128e-12                   // F/m
)

// contact is the series chain of a JART device in one state at one voltage, all
// quantities as magnitudes. For a current i the voltages of the ohmic parts, hence
// v_S and T, are explicit, and the emission law makes one equation,
//
//	balance(i) = ln i_emission(v_S(i), T(i)) - ln i = 0.
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
	perLength := 1 / (vacancyCharge * qE * m.Mobility * c.area)
	c.rDisc, c.rPlug = c.l*perLength/n, (m.LCell-c.l)*perLength/m.NPlug
	c.ohmic = c.rDisc + c.rPlug + m.RTiOx + m.RLine
	c.cubic = m.RLine * m.RLine * m.AlphaLine * m.RThLine
	c.bend = m.PhiBn0 - m.PhiN
	eps := m.EpsPhiB * epsilon0
	c.lowering = qE * qE * qE * vacancyCharge * n / (8 * math.Pi * math.Pi * eps * eps * eps)
	c.w00 = planckH / (4 * math.Pi) * math.Sqrt(vacancyCharge*n/(electronMass*m.Eps*epsilon0))
	c.solve()
}

// signed gives a magnitude the sign of the voltage.
func (c *contact) signed(x float64) float64 {
	if c.negative {
		return -x
	}
	return x
}

// solve finds i, v_S and T.
func (c *contact) solve() {
	if c.v == 0 || c.v-c.v != 0 {
		c.i, c.vs, c.t = c.v, 0, c.ambient
		return
	}
	most := c.currentAt(0)
	if c.negative {
		c.root(0, most)
		return
	}
	// The emission rises with v_S up to peak, falls to bend and rises again. Its
	// first meeting with the current of the ohmic parts is wanted.
	steep := 0.25 * math.Sqrt(math.Sqrt(c.lowering)) // by which the barrier rises: steep (bend - v_S)^(-3/4)
	floor := c.m.PhiBn0 * c.m.PhiBn0 * c.m.PhiBn0 * c.m.PhiBn0 / c.lowering
	peak := max(c.bend-min(math.Pow(steep, 4.0/3), floor), 0)
	if peak < c.v {
		least := c.currentAt(peak)
		if c.balance(least) < 0 {
			c.root(0, c.currentAt(min(c.bend, c.v)))
			return
		}
		c.root(least, most)
		return
	}
	c.root(0, most)
}

// currentAt returns the current that the ohmic parts carry when v_S is given.
func (c *contact) currentAt(vs float64) float64 {
	v := c.v - vs
	i := v / c.ohmic
	for range 50 {
		next := i - (c.ohmic*i+c.cubic*i*i*i-v)/(c.ohmic+3*c.cubic*i*i)
		if math.Abs(next-i) <= 1e-15*i {
			return next
		}
		i = next
	}
	return i
}

// root solves balance between two currents, positive at lo and negative at hi,
// by Newton's method in ln i kept inside the bracket.
func (c *contact) root(lo, hi float64) {
	i := hi
	if lo > 0 {
		i = 0.5 * (lo + hi)
	}
	i = min(i, 0.999*hi)
	for range 200 {
		f := c.balance(i)
		if f > 0 {
			lo = i
		} else {
			hi = i
		}
		next := i - f/c.balanceSlope()
		if !(next > lo && next < hi) {
			next = 0.5 * (lo + hi)
			if lo == 0 {
				next = 0.1 * hi
			}
		}
		if f == 0 || math.Abs(next-i) <= 2e-16*i || f != f {
			break
		}
		i = next
	}
	c.balance(i)
}

// balance sets the solution to that at the current i and returns
// ln i_emission - ln i.
func (c *contact) balance(i float64) float64 {
	c.i = i
	c.vs = max(c.v-i*(c.ohmic+c.cubic*i*i), 0)
	c.t = c.ambient + c.rTh*i*(c.vs+i*(c.rDisc+c.rPlug))
	return c.emission() - math.Log(i)
}

// balanceSlope returns the derivative of balance by i at its last argument.
func (c *contact) balanceSlope() float64 {
	dvs := -(c.ohmic + 3*c.cubic*c.i*c.i)
	r := c.rDisc + c.rPlug
	dt := c.rTh * (c.vs + 2*c.i*r + c.i*dvs)
	return c.dv*dvs + c.dt*dt - 1/c.i
}

// slope returns di/dv of the solution by implicit differentiation, S.
func (c *contact) slope() float64 {
	if c.v == 0 {
		phi, _ := c.barrier(0)
		theta := kB * c.ambient / qE
		return 1 / (c.ohmic + theta/(c.area*c.m.Richardson*c.ambient*c.ambient*math.Exp(-phi/theta)))
	}
	return -(c.dv + c.dt*c.rTh*c.i) / c.balanceSlope()
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

// emission returns the logarithm of the current of the emission law at vs and t,
// and sets its derivatives.
func (c *contact) emission() float64 {
	theta := kB * c.t / qE
	if !c.negative {
		phi, slope := c.barrier(c.vs)
		y := c.vs / theta
		full := -math.Expm1(-y) // 1 - exp(-y)
		c.dv = -slope/theta + 1/(theta*full)
		c.dt = (2 + phi/theta - y/full) / c.t
		return math.Log(c.area*c.m.Richardson*c.t*c.t*full) + y - phi/theta
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
	return math.Log(c.area*c.m.Richardson*theta*qE/kB*qE/kB*math.Sqrt(math.Pi*c.w00*height)*full) + y - phi*tanh/c.w00
}
