package pcm

import "mho/internal/vmath"

// drifted sets dst to the present conductances of the cells from first on.
func (p *Population) drifted(dst []float64, first int) {
	m := &p.model
	g, nu := p.g[first:][:len(dst)], p.nu[first:][:len(dst)]
	if !m.Drift || p.age <= m.T0 {
		copy(dst, g)
		return
	}
	// The logarithms are taken apart: age/T0 may overflow.
	l := vmath.LnScalar(p.age) - vmath.LnScalar(m.T0)
	for len(dst) > 0 {
		n := min(chunk, len(dst))
		d := dst[:n]
		for i, v := range nu[:n] {
			d[i] = -v * l
		}
		vmath.Exp(d, d)
		for i, x := range g[:n] {
			d[i] *= x
		}
		dst, g, nu = dst[n:], g[n:], nu[n:]
	}
}
