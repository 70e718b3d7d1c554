package pcm

import "mho/internal/vmath"

// drifted sets dst to the present conductances of the cells from first on at a
// temperature in K.
func (p *Population) drifted(dst []float64, first int, temperature float64) {
	m := &p.model
	g, nu := p.g[first:][:len(dst)], p.nu[first:][:len(dst)]
	if !(temperature > 0) {
		panic("pcm: temperature is not positive")
	}
	drifts, warm := m.Drift && p.age > m.T0, temperature != m.TRef
	if !drifts && !warm {
		copy(dst, g)
		return
	}
	l := 0.0
	if drifts {
		// The logarithms are taken apart: age/T0 may overflow.
		l = vmath.LnScalar(p.age) - vmath.LnScalar(m.T0)
	}
	for len(dst) > 0 {
		n := min(chunk, len(dst))
		d := dst[:n]
		for i, v := range nu[:n] {
			d[i] = -v * l
		}
		if warm {
			m.activate(d, g[:n], temperature)
		}
		vmath.Exp(d, d)
		for i, x := range g[:n] {
			d[i] *= x
		}
		dst, g, nu = dst[n:], g[n:], nu[n:]
	}
}

// activate adds to dst the logarithm of the factor by which conductances that
// were programmed to g S are larger at a temperature in K than at TRef.
func (m *IBM) activate(dst, g []float64, temperature float64) {
	scale := (1/m.TRef - 1/temperature) / boltzmann
	top := len(m.EaCoefficients) - 1
	for i, x := range g {
		r := min(x/m.GMax, 1)
		ea := m.EaCoefficients[top]
		for k := top - 1; k >= 0; k-- {
			ea = float64(ea*r) + m.EaCoefficients[k]
		}
		dst[i] += float64(ea * scale)
	}
}
