package ode

import "math"

// rodas is the method of rodas_table.go.
type rodas struct {
	jacobian Jacobian       // the system, if it is one
	timeDer  TimeDerivative // the system, if it is one

	current bool // jac and ft belong to the present t and y
	jac     []float64
	ft      []float64
	lu      []float64
	pivot   []int
	k       [rodasStages][]float64
	rhs     []float64
	stage   []float64

	y0, y1 []float64 // slices of the last attempt
}

func newRodas(sys System, n int) *rodas {
	v := func() []float64 { return make([]float64, n) }
	r := &rodas{
		jac: make([]float64, n*n), lu: make([]float64, n*n), pivot: make([]int, n),
		ft: v(), rhs: v(), stage: v(),
	}
	for i := range r.k {
		r.k[i] = v()
	}
	r.jacobian, _ = sys.(Jacobian)
	r.timeDer, _ = sys.(TimeDerivative)
	return r
}

func (r *rodas) moved() { r.current = false }

func (r *rodas) attempt(c *core, tNew float64) float64 {
	n := c.n
	t, h := c.t, tNew-c.t
	c.h = h
	if !r.current {
		r.differentiate(c, h)
		r.current = true
	}
	diagonal := 1 / (h * rodasGamma)
	for i := range n {
		row, src := r.lu[i*n:i*n+n], r.jac[i*n:i*n+n]
		held := c.held[i] != 0
		for j := range row {
			row[j] = -src[j]
			if held {
				row[j] = 0
			}
		}
		row[i] += diagonal
	}
	c.stats.Factorings++
	if !factor(r.lu, r.pivot, n) {
		return math.NaN()
	}
	y, z, rhs := c.y[:n], r.stage[:n], r.rhs[:n]
	for s := range rodasStages {
		k := r.k[s][:n]
		if s == 0 {
			copy(rhs, c.f)
		} else {
			copy(z, y)
			for j := range s {
				if a := rodasA[s][j]; a != 0 {
					for i, v := range r.k[j][:n] {
						z[i] += a * v
					}
				}
			}
			c.stage(rhs, t+rodasNode[s]*h, z)
		}
		clear(k)
		for j := range s {
			w := rodasC[s][j]
			for i, v := range r.k[j][:n] {
				k[i] += w * v
			}
		}
		d := h * rodasTimeWeight[s]
		for i := range k {
			k[i] = rhs[i] + k[i]/h + d*r.ft[i]
		}
		if c.nHeld > 0 {
			c.project(k)
		}
		solve(r.lu, r.pivot, k)
	}
	last := r.k[rodasStages-1]
	for i := range n {
		c.yNew[i] = z[i] + last[i]
	}
	worst := 0.0
	for i := range n {
		e := math.Abs(last[i]) / c.tolerance(i, max(math.Abs(y[i]), math.Abs(c.yNew[i])))
		if !(e <= math.MaxFloat64) {
			return math.NaN()
		}
		worst = max(worst, e)
	}
	r.y0, r.y1 = y, c.yNew
	if worst <= 1 {
		c.endDerivative(tNew)
		if notFinite(c.rawNew) >= 0 {
			return math.NaN()
		}
	}
	return worst
}

// differentiate sets jac and ft at the present state.
func (r *rodas) differentiate(c *core, h float64) {
	n := c.n
	c.stats.Jacobians++
	if r.jacobian != nil {
		r.jacobian.Jacobian(r.jac, min(c.t, c.leftEnd), c.y)
	} else {
		r.differenceStates(c)
	}
	if r.timeDer != nil {
		r.timeDer.TimeDerivative(r.ft, min(c.t, c.leftEnd), c.y)
		return
	}
	// A millionth of the step balances the rounding of f, times 1e6, against
	// f'' h 1e-6. The step ends within the stretch, so the probe does too.
	tp := c.t + min(max(1e-6*h, 64*ulp(c.t)), h)
	tp = min(tp, c.leftEnd)
	dt := tp - c.t
	if dt <= 0 {
		clear(r.ft)
		return
	}
	c.evaluate(r.ft, tp, c.y)
	for i := range n {
		r.ft[i] = (r.ft[i] - c.raw[i]) / dt
	}
}

func (r *rodas) differenceStates(c *core) {
	n := c.n
	copy(c.probe, c.y)
	for j := range n {
		// The size below which the absolute tolerance rules is the state's own
		// unit of length near zero.
		size := math.Abs(c.y[j]) + c.atol[j]/c.rtol
		step := 1.4901161193847656e-8 * size
		// The probe goes the way the state goes, and turns at a bound, where f
		// is clamped.
		if c.raw[j] < 0 {
			step = -step
		}
		if c.bounded && (c.y[j]+step > c.hi[j] || c.y[j]+step < c.lo[j]) {
			step = -step
		}
		c.probe[j] = c.y[j] + step
		step = c.probe[j] - c.y[j]
		c.evaluate(c.probeF, c.t, c.probe)
		c.probe[j] = c.y[j]
		for i := range n {
			r.jac[i*n+j] = (c.probeF[i] - c.raw[i]) / step
		}
	}
}

func (r *rodas) interpolate(c *core) {
	p := &c.dense
	for i := range c.n {
		p.y0[i], p.r[i] = r.y0[i], r.y1[i]-r.y0[i]
		var w [3]float64
		for m := range w {
			for s := range rodasStages {
				w[m] += rodasDense[m][s] * r.k[s][i]
			}
		}
		p.a[i], p.b[i], p.c[i] = w[0], w[1], w[2]
	}
}
