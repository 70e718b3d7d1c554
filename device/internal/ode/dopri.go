package ode

import "math"

// Coefficients of Dormand and Prince (1980), table 2, RK5(4)7M, and of the
// continuous extension in Hairer, Nørsett and Wanner (1993), section II.6.
const (
	dpC2, dpC3, dpC4, dpC5 = 1. / 5, 3. / 10, 4. / 5, 8. / 9

	dpA21                             = 1. / 5
	dpA31, dpA32                      = 3. / 40, 9. / 40
	dpA41, dpA42, dpA43               = 44. / 45, -56. / 15, 32. / 9
	dpA51, dpA52, dpA53, dpA54        = 19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729
	dpA61, dpA62, dpA63, dpA64, dpA65 = 9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656
	dpA71, dpA73, dpA74, dpA75, dpA76 = 35. / 384, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84

	dpE1, dpE3, dpE4, dpE5, dpE6, dpE7 = 71. / 57600, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40

	dpD1, dpD3, dpD4 = -12715105075. / 11282082432, 87487479700. / 32700410799, -10690763975. / 1880347072
	dpD5, dpD6, dpD7 = 701980252875. / 199316789632, -1453857185. / 822651844, 69997945. / 29380423
)

// dopri is the pair of Dormand and Prince. Its seventh stage is the derivative at
// the end of the step and so the first one of the next.
type dopri struct {
	k2, k3, k4, k5, k6, stage []float64

	// The slices of the last attempt, which the solver swaps when it accepts.
	y0, y1, k1, k7 []float64
}

func newDopri(n int) *dopri {
	v := func() []float64 { return make([]float64, n) }
	return &dopri{k2: v(), k3: v(), k4: v(), k5: v(), k6: v(), stage: v()}
}

func (d *dopri) moved() {}

func (d *dopri) attempt(c *core, tNew float64) float64 {
	n := c.n
	t, h := c.t, tNew-c.t
	c.h = h
	y, k1, z, yNew := c.y[:n], c.f[:n], d.stage[:n], c.yNew[:n]
	k2, k3, k4, k5, k6 := d.k2[:n], d.k3[:n], d.k4[:n], d.k5[:n], d.k6[:n]
	for i := range n {
		z[i] = y[i] + h*dpA21*k1[i]
	}
	c.stage(k2, t+dpC2*h, z)
	for i := range n {
		z[i] = y[i] + h*(dpA31*k1[i]+dpA32*k2[i])
	}
	c.stage(k3, t+dpC3*h, z)
	for i := range n {
		z[i] = y[i] + h*(dpA41*k1[i]+dpA42*k2[i]+dpA43*k3[i])
	}
	c.stage(k4, t+dpC4*h, z)
	for i := range n {
		z[i] = y[i] + h*(dpA51*k1[i]+dpA52*k2[i]+dpA53*k3[i]+dpA54*k4[i])
	}
	c.stage(k5, t+dpC5*h, z)
	for i := range n {
		z[i] = y[i] + h*(dpA61*k1[i]+dpA62*k2[i]+dpA63*k3[i]+dpA64*k4[i]+dpA65*k5[i])
	}
	c.stage(k6, tNew, z)
	for i := range n {
		yNew[i] = y[i] + h*(dpA71*k1[i]+dpA73*k3[i]+dpA74*k4[i]+dpA75*k5[i]+dpA76*k6[i])
	}
	c.endDerivative(tNew)
	k7 := c.fNew[:n]
	d.y0, d.y1, d.k1, d.k7 = y, yNew, k1, k7

	worst := 0.0
	for i := range n {
		e := h * (dpE1*k1[i] + dpE3*k3[i] + dpE4*k4[i] + dpE5*k5[i] + dpE6*k6[i] + dpE7*k7[i])
		e = math.Abs(e) / c.tolerance(i, max(math.Abs(y[i]), math.Abs(yNew[i])))
		if !(e <= math.MaxFloat64) {
			return math.NaN()
		}
		worst = max(worst, e)
	}
	return worst
}

func (d *dopri) interpolate(c *core) {
	p, h := &c.dense, c.h
	for i := range c.n {
		r := d.y1[i] - d.y0[i]
		a := h*d.k1[i] - r
		e := h * (dpD1*d.k1[i] + dpD3*d.k3[i] + dpD4*d.k4[i] + dpD5*d.k5[i] + dpD6*d.k6[i] + dpD7*d.k7[i])
		p.y0[i], p.r[i], p.a[i] = d.y0[i], r, a
		p.b[i], p.c[i] = r-h*d.k7[i]-a+e, -e
	}
}
