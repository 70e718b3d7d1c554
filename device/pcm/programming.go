package pcm

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/internal/vmath"
	"mho/noise"
)

// ProgramTo programs every cell to its target (rows*cols, row-major, in S from
// 0 to GMax),
//
//	G_P = max(0, G_T + σ_P(g) N),
//
// draws its drift exponent and sets Age to 0. Key names this programming: another
// programming with the same key misses its targets by the same numbers. The
// error names the first target that is out of range; no cell is changed then. In
// the report only Converged is known: the statistics hold every cell for
// programmed, however far it missed. ProgramTo panics if target has the wrong
// length.
func (p *Population) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	p.check(target)
	for i, x := range target {
		if !(x >= 0 && x <= p.model.GMax) {
			return device.Report{}, fmt.Errorf("%s: target at row %d, column %d is %s: must be from 0 S to %s",
				p.model.Info().Name, i/p.cols, i%p.cols, quantity.Format(x, "S"), quantity.Format(p.model.GMax, "S"))
		}
	}
	miss, spread := key.Domain(noise.Programming), key.Domain(noise.DriftExponent)
	var s scratch
	for row := range p.rows {
		for col := 0; col < p.cols; col += chunk {
			first := row*p.cols + col
			last := min(first+chunk, (row+1)*p.cols)
			at := noise.At{Row: uint32(row), Col: uint32(col)}
			p.program(first, target[first:last], &s, miss, at)
			p.exponents(first, target[first:last], &s, spread, at)
			p.readNoise(first, last, &s)
		}
	}
	p.age = 0
	return device.Report{Converged: 1}, nil
}

// scratch holds the intermediate values of one chunk.
type scratch struct{ z, x, mean, std [chunk]float64 }

// program sets the programmed conductances of the cells from first on.
func (p *Population) program(first int, target []float64, s *scratch, key noise.Key, at noise.At) {
	m := &p.model
	g := p.g[first:][:len(target)]
	if !m.ProgrammingNoise {
		copy(g, target)
		return
	}
	n := len(target)
	z, x, std := s.z[:n], s.x[:n], s.std[:n]
	perGMax := 1 / m.GMax
	key.Normal(z, at)
	for i, t := range target {
		x[i] = t * perGMax
	}
	polynomial(std, x, m.ProgCoefficients)
	scale := m.ProgNoiseScale * (m.GMax / m.ProgGMax)
	for i, t := range target {
		sigma := notNegative(scale * std[i])
		g[i] = notNegative(t + float64(sigma*z[i]))
	}
}

// exponents draws the drift exponents of the cells from first on,
//
//	ν = DriftScale |μ_ν + σ_ν N|,
//
// with clipped polynomials μ_ν and σ_ν of ln g of the target, or polynomials of g
// itself from NuMeanCut and NuStdCut on.
func (p *Population) exponents(first int, target []float64, s *scratch, key noise.Key, at noise.At) {
	m := &p.model
	nu := p.nu[first:][:len(target)]
	if !m.Drift {
		clear(nu)
		return
	}
	n := len(target)
	z, x, mean, std := s.z[:n], s.x[:n], s.mean[:n], s.std[:n]
	key.Normal(z, at)
	perGMax := 1 / m.GMax
	floor := between(m.NuGMin, math.MaxFloat64)
	for i, t := range target {
		x[i] = floor.clip(t * perGMax)
	}
	vmath.Ln(x, x)
	polynomial(mean, x, m.NuMeanCoefficients)
	polynomial(std, x, m.NuStdCoefficients)
	means, stds, scale := between(m.NuMeanMin, m.NuMeanMax), between(m.NuStdMin, m.NuStdMax), m.DriftScale
	nu = nu[:len(z)]
	if m.NuMeanCut <= 1 || m.NuStdCut <= 1 {
		for i := range z {
			g := target[i] * perGMax
			mu := above(means.clip(mean[i]), g, m.NuMeanCut, m.NuMeanHigh)
			sigma := above(stds.clip(std[i]), g, m.NuStdCut, m.NuStdHigh)
			nu[i] = scale * math.Abs(mu+float64(sigma*z[i]))
		}
		return
	}
	for i, v := range z {
		mu, sigma := means.clip(mean[i]), stds.clip(std[i])
		nu[i] = scale * math.Abs(mu+float64(sigma*v))
	}
}

// above returns the polynomial Σ high[k] g^k, or below if g is below the cut.
func above(below, g, cut float64, high []float64) float64 {
	if g < cut {
		return below
	}
	y := 0.0
	for k := len(high) - 1; k >= 0; k-- {
		y = float64(y*g) + high[k]
	}
	return y
}

// polynomial sets dst[i] to Σ c[k] x[i]^k.
func polynomial(dst, x, c []float64) {
	dst = dst[:len(x)]
	top := len(c) - 1
	if top == 0 {
		for i := range dst {
			dst[i] = c[0]
		}
		return
	}
	a, b := c[top-1], c[top]
	for i, y := range x {
		dst[i] = float64(b*y) + a
	}
	for k := top - 2; k >= 0; k-- {
		a := c[k]
		for i, y := range x {
			dst[i] = float64(dst[i]*y) + a
		}
	}
}
