package memristor

import (
	"fmt"
	"math"
	"testing"

	"mho/internal/claims"
)

// midpoint integrates f from a to b, whose ends it does not touch.
func midpoint(f func(x float64) float64, a, b float64, n int) float64 {
	h, sum := (b-a)/float64(n), 0.0
	for k := range n {
		sum += f(a + (float64(k)+0.5)*h)
	}
	return sum * h
}

// TestMeanBarrier compares the mean height with the integral of the barrier that it
// is the mean of: a trapezoid lowered by the hyperbola of the image force.
func TestMeanBarrier(t *testing.T) {
	m := NewSimmons()
	for _, c := range []struct{ w, u float64 }{{1.2e-9, 0.05}, {1.2e-9, 0.8}, {1.5e-9, 0.5}, {1.8e-9, 0.9}} {
		b := m.barrier(c.w, c.u)
		lambda := 1.602176634e-19 * math.Ln2 / (8 * math.Pi * 5 * 8.8541878128e-12 * c.w)
		near := 1.2 * lambda * c.w / 0.95
		far := near + c.w*(1-9.2*lambda/(3*0.95+4*lambda-2*c.u))
		mean := midpoint(func(x float64) float64 {
			return 0.95 - c.u*x/c.w - 1.15*lambda*c.w*c.w/(x*(c.w-x))
		}, near, far, 20000) / (far - near)
		check(t, claims.Claim{
			Name: fmt.Sprintf("simmons: mean height of the barrier of %g nm at %g V", c.w*1e9, c.u), Kind: claims.ClosedForm,
			Source: "integral of phi0 - v x/w - 1.15 lambda w^2/(x (w - x)) between the turning points, Simmons (1963), doi:10.1063/1.1702682", Unit: "V", Want: mean, Got: b.height, Tol: 1e-7, Why: "20000 midpoints of the integral",
		})
	}
}

// TestTunnelCurrent compares the current with the integral of the transmission
// exp(-B sqrt(phi + eta - E)) over the electrons of both electrodes, of which
// Simmons' formula is the leading term, with a mass that makes it lead clearly. The
// Fermi energy does not matter.
func TestTunnelCurrent(t *testing.T) {
	m := NewSimmons()
	m.Mass = 100
	const fermi, h, q, me = 6.0, 6.62607015e-34, 1.602176634e-19, 9.1093837139e-31
	for _, c := range []struct{ w, u float64 }{{1.5e-9, 0.02}, {1.5e-9, 0.5}, {1.8e-9, 0.3}, {1.8e-9, 0.9}} {
		b := m.barrier(c.w, c.u)
		d := func(below float64) float64 { return math.Exp(-b.perWidth * b.width * math.Sqrt(b.height+below)) }
		// Energies in V below the upper Fermi level; every electron of the upper
		// electrode within u of it finds an empty state on the other side.
		flow := midpoint(func(e float64) float64 { return min(e, c.u) * d(e) }, 0, fermi, 200000)
		want := 4 * math.Pi * m.Mass * me * q / (h * h * h) * m.Area * q * q * flow
		got, _ := m.tunnel(b, c.u)
		check(t, claims.Claim{
			Name: fmt.Sprintf("simmons, heavy electrons: current through a gap of %g nm at %g V", c.w*1e9, c.u), Kind: claims.IndependentSolver,
			Source: "integral of the transmission through the mean barrier over all energies", Unit: "A", Want: want, Got: got, Tol: 0.07, Why: "Simmons' formula is the leading term: the next is by 3/(B sqrt(phi)), here 0.03 to 0.06, smaller",
		})
	}
}

// TestBarrierEnd holds the current and its slope together where the formula ends,
// with and without series resistance.
func TestBarrierEnd(t *testing.T) {
	m := NewSimmons()
	for _, w := range []float64{1.2e-9, 1.3e-9, 1.5e-9, 1.8e-9} {
		m.RS = 0
		end := m.limit(w)
		_, i, _, _ := m.divide(w, end)
		for _, rs := range []float64{0, 215, 1e5} {
			m.RS = rs
			total := end + rs*i
			u0, i0, g0, ok := m.divide(w, total*(1-1e-9))
			u1, i1, g1, beyond := m.divide(w, total*(1+1e-9))
			if !ok || beyond || math.Abs(u1/u0-1) > 1e-8 || math.Abs(i1/i0-1) > 1e-7 || math.Abs(g1/g0-1) > 1e-6 {
				t.Errorf("%g m, %g V: %g V, %g A, %g S, valid %t; just beyond %g V, %g A, %g S, valid %t", w, total, u0, i0, g0, ok, u1, i1, g1, beyond)
			}
			last := 0.0
			for v := 0.01; v < 3; v += 0.01 {
				u, i, g, _ := m.divide(w, v)
				if !(i > last) || !(g > 0) || math.Abs(u+rs*i-v) > 1e-12*v {
					t.Errorf("%g m, %g ohm: %g A at %g V after %g A, slope %g S, gap %g V", w, rs, i, v, last, g, u)
				}
				last = i
			}
		}
	}
	if u, i, _, ok := m.divide(1.5e-9, math.NaN()); u == u || i == i || !ok {
		t.Errorf("a voltage that is no number: %g V, %g A, valid %t", u, i, ok)
	}
}

func check(t *testing.T, c claims.Claim) { t.Helper(); claims.Check(t, c) }
