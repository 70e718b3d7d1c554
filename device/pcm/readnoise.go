package pcm

import (
	"math"

	"mho/device"
	"mho/internal/vmath"
	"mho/noise"
)

// readNoise sets Q of the cells first to last-1 from their programmed conductances,
//
//	Q = min(QScale / max(g^QExponent, QPowerMin), QMax),
//
// or the polynomials that take its place, times ReadNoiseScale.
func (p *Population) readNoise(first, last int, s *scratch) {
	m := &p.model
	q := p.q[first:last]
	if !m.ReadNoise {
		clear(q)
		return
	}
	x := s.x[:len(q)]
	perGMax := 1 / m.GMax
	for i, g := range p.g[first:last] {
		x[i] = g * perGMax
	}
	if m.QLaw == lawLog {
		m.polynomialQ(q, x, s)
		return
	}
	// Ln is -Inf at 0, Exp of its negative +Inf.
	vmath.Ln(x, x)
	for i := range x {
		x[i] *= -m.QExponent
	}
	vmath.Exp(x, x) // g^-QExponent
	// The power is bounded on its own, so that a QScale of 0 meets no +Inf.
	powers, qs := between(0, 1/m.QPowerMin), between(0, m.QMax)
	factor, scale := m.QScale, m.ReadNoiseScale
	for i, power := range x {
		q[i] = scale * qs.clip(factor*powers.clip(power))
	}
}

// polynomialQ sets q to the clipped polynomial of ln g, or that of g from QCut on,
// given g relative to GMax.
func (m *IBM) polynomialQ(q, g []float64, s *scratch) {
	ln := s.mean[:len(q)]
	floor, qs := between(m.NuGMin, math.MaxFloat64), between(m.QMin, m.QMax)
	for i, x := range g {
		ln[i] = floor.clip(x)
	}
	vmath.Ln(ln, ln)
	polynomial(q, ln, m.QCoefficients)
	for i, x := range g {
		q[i] = m.ReadNoiseScale * math.Max(0, above(qs.clip(q[i]), x, m.QCut, m.QHigh))
	}
}

// span returns ln((t + TRead)/(2 TRead)), the variance that 1/f noise of unit
// strength gathers between reads t seconds apart; 0 if t is not above TRead.
func (m *IBM) span(t float64) float64 {
	if !(t > m.TRead) {
		return 0
	}
	return vmath.LnScalar(t/m.TRead+1) - math.Ln2
}

// ReadNoise sets slow and fast (rows*cols each) to the standard deviations, in
// S, of the read noise that is slower and faster than a window in s. With
// L(t) = ln((t + t_r)/(2 t_r)) the variances are
//
//	total  G(t)² Q² L(Age)
//	fast   G(t)² Q² min(L(window), L(Age))
//	slow   total - fast.
//
// Fast noise is zero if the window is not above the duration of a read. G(t) is
// that at the temperature of env. ReadNoise panics if a slice has the wrong length.
func (p *Population) ReadNoise(slow, fast []float64, window float64, env device.Env) {
	p.check(slow)
	p.check(fast)
	total := p.model.span(p.age)
	quick := min(p.model.span(window), total)
	a, b := math.Sqrt(total-quick), math.Sqrt(quick)
	p.drifted(slow, 0, env.Temperature)
	for i, g := range slow {
		sd := g * p.q[i]
		slow[i], fast[i] = sd*a, sd*b
	}
}

// Read sets dst (rows*cols) to the conductances in S that one read gives now,
// with all of the read noise,
//
//	G_R = max(0, G(t) (1 + Q sqrt(L(Age)) N)).
//
// Each event is a read of its own with noise of its own; the read before and the
// one after share nothing, as if long apart. G(t) is that at the temperature of
// env. Read panics if dst has the wrong length.
func (p *Population) Read(dst []float64, env device.Env, event uint64, key noise.Key) {
	p.check(dst)
	key = key.Domain(noise.Read)
	a := math.Sqrt(p.model.span(p.age))
	noisy := p.model.ReadNoise && a > 0
	var z [chunk]float64
	for row := range p.rows {
		for col := 0; col < p.cols; col += chunk {
			first := row*p.cols + col
			d := dst[first:min(first+chunk, (row+1)*p.cols)]
			p.drifted(d, first, env.Temperature)
			if !noisy {
				continue
			}
			z, q := z[:len(d)], p.q[first:][:len(d)]
			key.Normal(z, noise.At{Row: uint32(row), Col: uint32(col), Event: event})
			for i, g := range d {
				d[i] = notNegative(g * (1 + float64(q[i]*a*z[i])))
			}
		}
	}
}
