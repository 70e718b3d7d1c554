package spintronic

import (
	"context"
	"fmt"
	"math"
)

// FokkerPlanck is the density ρ(z, τ) of z = m·p of perpendicular macrospins under a
// constant current, exact for axial symmetry,
//
//	∂ρ/∂τ = ∂/∂z [(i - z)(1-z²) ρ] + ∂/∂z [(1-z²)/(2Δ) ∂ρ/∂z]
//
// with τ = t/τ_D and i = I/Ic0, positive out of the well z > 0 that the magnet starts in;
// a field along z in units of Bk, positive towards z = 1, is subtracted from i. Butler et al., IEEE Trans. Magn. 48,
// 4684 (2012), doi:10.1109/TMAG.2012.2209122; Tzoufras, AIP Advances 8, 056002 (2018), doi:10.1063/1.5003832.
//
// Cells are equal in the angle, fluxes exponentially fitted (Scharfetter and Gummel), so that probability is
// kept and the stationary solution is Boltzmann's to rounding; time steps are of an
// L-stable method of order 2 and grow with τ.
type FokkerPlanck struct {
	Delta float64 // thermal stability Δ
	Cells int     // 0 is 1000
}

// Survival returns the probabilities that the magnet is still in z > 0 after each of the
// increasing times τ, having started there in thermal equilibrium without current. The error tells of a
// Δ outside 1 to 500, times that do not increase, an i that is not finite, or that ctx is done.
func (f FokkerPlanck) Survival(ctx context.Context, i float64, tau []float64) ([]float64, error) {
	if !(f.Delta >= 1 && f.Delta <= 500) {
		return nil, fmt.Errorf("delta is %g: must be from 1 to 500", f.Delta)
	}
	if i-i != 0 || math.Abs(i) > 1000 {
		return nil, fmt.Errorf("current is %g of Ic0: must be from -1000 to 1000", i)
	}
	g := newGrid(f.Delta, i, f.Cells)
	out := make([]float64, len(tau))
	now, step := 0.0, 1e-4
	for k, end := range tau {
		if !(end >= now) || math.IsInf(end, 1) {
			return nil, fmt.Errorf("time %d is %g: must be finite and not before %g", k, end, now)
		}
		for n := 0; now < end; n++ {
			if n%64 == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			// Fast motion takes the time 1/|i±1|, slow escape any.
			step = min(1.05*step, max(0.004/(1+math.Abs(i)/4), now/1000))
			h := min(step, end-now)
			if end-now < 1.5*step {
				h = end - now
			}
			g.advance(h)
			if now += h; end-now < 1e-12*end {
				now = end
			}
		}
		out[k] = min(max(g.above(), 0), 1)
	}
	return out, nil
}

// grid is the discrete equation: dρ_k/dτ = lower ρ_(k-1) + diag ρ_k + upper ρ_(k+1), cells from z = -1 up.
type grid struct {
	z, width           []float64 // centres and widths of the cells
	lower, diag, upper []float64
	rho, stage         []float64
	factor, pivot, up  []float64 // of 1 - c step A: below and on the diagonal, the latter inverse, and above
	step               float64
}

func newGrid(delta, i float64, cells int) *grid {
	if cells == 0 {
		cells = 1000
	}
	cells += cells % 2 // a face at z = 0
	column := func() []float64 { return make([]float64, cells) }
	g := &grid{z: column(), width: column(), lower: column(), diag: column(), upper: column(), rho: column(), stage: column(), factor: column(), pivot: column(), up: column()}
	dt := math.Pi / float64(cells)
	for k := range cells {
		t := math.Pi - (float64(k)+0.5)*dt
		g.z[k] = math.Cos(t)
		g.width[k] = 2 * math.Sin(t) * math.Sin(dt/2)
	}
	for k := range cells - 1 {
		s := math.Sin(math.Pi - float64(k+1)*dt)
		h := g.z[k+1] - g.z[k]
		d := s * s / (2 * delta) / h
		psi := 2 * delta * h * (i - 0.5*(g.z[k+1]+g.z[k]))
		up, down := d*bernoulli(psi), d*bernoulli(-psi) // flux = up ρ_k - down ρ_(k+1)
		g.diag[k] -= up / g.width[k]
		g.upper[k] += down / g.width[k]
		g.diag[k+1] -= down / g.width[k+1]
		g.lower[k+1] += up / g.width[k+1]
	}
	sum := 0.0
	for k, z := range g.z {
		if z > 0 {
			g.rho[k] = math.Exp(delta * (z*z - 1))
			sum += g.rho[k] * g.width[k]
		}
	}
	for k := range g.rho {
		g.rho[k] /= sum
	}
	return g
}

// bernoulli returns x/(exp(x) - 1).
func bernoulli(x float64) float64 {
	if math.Abs(x) < 1e-10 {
		return 1 - x/2
	}
	return x / math.Expm1(x)
}

// above returns the probability of z > 0.
func (g *grid) above() float64 {
	sum := 0.0
	for k, z := range g.z {
		if z > 0 {
			sum += g.rho[k] * g.width[k]
		}
	}
	return sum
}

// advance takes one step by the diagonally implicit Runge-Kutta method of order 2 that is L-stable
// (R. Alexander, SIAM J. Numer. Anal. 14, 1006 (1977), doi:10.1137/0714068).
func (g *grid) advance(h float64) {
	const c = 1 - math.Sqrt2/2
	if h != g.step {
		g.decompose(c * h)
		g.step = h
	}
	copy(g.stage, g.rho)
	g.solve(g.stage) // u1 = (1 - chA)^-1 u
	for k := range g.rho {
		g.rho[k] += (1 - c) / c * (g.stage[k] - g.rho[k]) // (1-c) h A u1
	}
	g.solve(g.rho)
}

// decompose factors 1 - h A.
func (g *grid) decompose(h float64) {
	for k := range g.diag {
		pivot := 1 - h*g.diag[k]
		if k > 0 {
			g.factor[k] = -h * g.lower[k] * g.pivot[k-1]
			pivot -= g.factor[k] * -h * g.upper[k-1]
		}
		g.pivot[k], g.up[k] = 1/pivot, h*g.upper[k]
	}
}

// solve replaces x by (1 - h A)^-1 x.
func (g *grid) solve(x []float64) {
	for k := 1; k < len(x); k++ {
		x[k] -= g.factor[k] * x[k-1]
	}
	n := len(x) - 1
	x[n] *= g.pivot[n]
	for k := n - 1; k >= 0; k-- {
		x[k] = (x[k] + g.up[k]*x[k+1]) * g.pivot[k]
	}
}
