package ode

import (
	"context"
	"math"
	"testing"
)

// smooth is a nonlinear system that depends on time, with the solution
// y1 = 1/(1+t²), y2 = exp(sin t) y1.
type smooth struct{}

func (smooth) Dim() int { return 2 }

func (smooth) Derivative(dst []float64, t float64, y []float64) {
	dst[0] = -2 * t * y[0] * y[0]
	dst[1] = y[1]*math.Cos(t) - 2*t*y[0]*y[1]
}

func (smooth) Jacobian(dst []float64, t float64, y []float64) {
	dst[0], dst[1] = -4*t*y[0], 0
	dst[2], dst[3] = -2*t*y[1], math.Cos(t)-2*t*y[0]
}

func (smooth) TimeDerivative(dst []float64, t float64, y []float64) {
	dst[0] = -2 * y[0] * y[0]
	dst[1] = -y[1]*math.Sin(t) - 2*y[0]*y[1]
}

func (smooth) exact(t float64) (float64, float64) {
	a := 1 / (1 + t*t)
	return a, a * math.Exp(math.Sin(t))
}

var methods = []Method{DormandPrince, Rodas5P}

func mustNew(t testing.TB, sys System, m Method, set *Settings) *Solver {
	t.Helper()
	s, err := New(sys, m, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustReset(t testing.TB, s *Solver, t0 float64, y ...float64) {
	t.Helper()
	if err := s.Reset(t0, y); err != nil {
		t.Fatal(err)
	}
}

func mustIntegrate(t testing.TB, s *Solver, end float64) {
	t.Helper()
	if err := s.Integrate(context.Background(), end); err != nil {
		t.Fatal(err)
	}
}

// fixed returns settings under which every step has length h.
func fixed(h float64) *Settings {
	return &Settings{RelTol: 0.1, AbsTol: 1e12, InitialStep: h, MaxStep: h}
}

// slopes returns log2 of the ratios of successive errors, whose steps halve.
func slopes(errors []float64) []float64 {
	var p []float64
	for i := 1; i < len(errors); i++ {
		p = append(p, math.Log2(errors[i-1]/errors[i]))
	}
	return p
}

func TestGlobalOrder(t *testing.T) {
	for _, m := range methods {
		var errs []float64
		for _, n := range []int{8, 16, 32, 64} {
			s := mustNew(t, smooth{}, m, fixed(2/float64(n)))
			mustReset(t, s, 0, 1, 1)
			mustIntegrate(t, s, 2)
			if s.Stats().Steps != n {
				t.Fatalf("%v: %d steps, want %d", m, s.Stats().Steps, n)
			}
			a, b := smooth{}.exact(2)
			errs = append(errs, math.Hypot(s.State()[0]-a, s.State()[1]-b))
		}
		p := slopes(errs)
		t.Logf("%v: errors %.3g, orders %.3f", m, errs, p)
		if last := p[len(p)-1]; math.Abs(last-5) > 0.35 {
			t.Errorf("%v: measured order %.3f, want 5", m, last)
		}
	}
}

// The local error of a method of order p is O(h^(p+1)): 6 at the end of a step,
// 5 within, where the continuous extension has order 4.
func TestLocalOrder(t *testing.T) {
	for _, m := range methods {
		for _, at := range []float64{0.3, 0.5, 0.77, 1} {
			var errs []float64
			for _, h := range []float64{0.1, 0.05, 0.025, 0.0125} {
				s := mustNew(t, smooth{}, m, fixed(h))
				a, b := smooth{}.exact(0.5)
				mustReset(t, s, 0.5, a, b)
				if err := s.Step(0.5 + h); err != nil {
					t.Fatal(err)
				}
				var y [2]float64
				s.At(y[:], min(0.5+at*h, s.T()))
				a, b = smooth{}.exact(0.5 + at*h)
				errs = append(errs, math.Hypot(y[0]-a, y[1]-b))
			}
			want := 5.0
			if at == 1 {
				want = 6
			}
			p := slopes(errs)
			t.Logf("%v at %g of the step: local orders %.3f", m, at, p)
			if last := p[len(p)-1]; math.Abs(last-want) > 0.4 {
				t.Errorf("%v at %g: measured local order %.3f, want %g", m, at, last, want)
			}
		}
	}
}

// The estimate is the difference of a result of order 5 and one of order 4,
// O(h^5). At t = 1.2 its leading term is large with both methods.
func TestEstimateOrder(t *testing.T) {
	for _, m := range methods {
		var errs []float64
		for _, h := range []float64{0.1, 0.05, 0.025, 0.0125} {
			s := mustNew(t, smooth{}, m, fixed(h))
			a, b := smooth{}.exact(1.2)
			mustReset(t, s, 1.2, a, b)
			s.evaluate(s.f, s.t, s.y)
			errs = append(errs, s.method.attempt(&s.core, 1.2+h))
		}
		p := slopes(errs)
		t.Logf("%v: estimates %.3g, orders %.3f", m, errs, p)
		if last := p[len(p)-1]; math.Abs(last-5) > 0.4 {
			t.Errorf("%v: estimate of measured order %.3f, want 5", m, last)
		}
	}
}

// The estimate must neither be absent nor the true error many times over: on a
// problem with a known solution the global error follows the tolerance.
func TestErrorFollowsTolerance(t *testing.T) {
	for _, m := range methods {
		for _, tol := range []float64{1e-4, 1e-6, 1e-8, 1e-10, 1e-12} {
			s := mustNew(t, noJacobian{smooth{}}, m, &Settings{RelTol: tol, AbsTol: tol})
			mustReset(t, s, 0, 1, 1)
			mustIntegrate(t, s, 5)
			a, b := smooth{}.exact(5)
			e := math.Hypot(s.State()[0]-a, s.State()[1]-b)
			t.Logf("%v tol %g: error %.2g, %+v", m, tol, e, s.Stats())
			if e > 20*tol {
				t.Errorf("%v: error %g at tolerance %g", m, e, tol)
			}
		}
	}
}

// The Rosenbrock coefficients in the form of rodas_table.go determine those of the
// form with α and Γ; the published nodes and time weights are their row sums, and
// quadrature conditions up to order 5 hold.
func TestRodasTableIsConsistent(t *testing.T) {
	const n = rodasStages
	// Γ⁻¹ = diag(1/γ) - C is lower triangular; column by column substitution
	// inverts it.
	var inv, g [n][n]float64
	for i := range n {
		for j := range i {
			inv[i][j] = -rodasC[i][j]
		}
		inv[i][i] = 1 / rodasGamma
	}
	for j := range n {
		for i := j; i < n; i++ {
			v := 0.0
			if i == j {
				v = 1
			}
			for k := j; k < i; k++ {
				v -= inv[i][k] * g[k][j]
			}
			g[i][j] = v / inv[i][i]
		}
	}
	var node [n]float64
	for i := range n {
		for j := range i {
			for k := j; k >= 0; k-- {
				node[i] += rodasA[i][j] * g[j][k]
			}
		}
		weight := 0.0
		for j := range i + 1 {
			weight += g[i][j]
		}
		if d := math.Abs(node[i] - rodasNode[i]); d > 1e-12 {
			t.Errorf("node %d: row sum differs by %g", i, d)
		}
		if d := math.Abs(weight - rodasTimeWeight[i]); d > 1e-12 {
			t.Errorf("time weight %d: row sum differs by %g", i, d)
		}
	}
	var b [n]float64
	for j := range n {
		for i := j; i < n; i++ {
			m := 1.0
			if i < n-1 {
				m = rodasA[n-1][i]
			}
			b[j] += m * g[i][j]
		}
	}
	for q := 0; q <= 4; q++ {
		sum := 0.0
		for i := range n {
			if q == 0 {
				sum += b[i]
			} else {
				sum += b[i] * math.Pow(node[i], float64(q))
			}
		}
		if want := 1 / float64(q+1); math.Abs(sum-want) > 1e-12 {
			t.Errorf("Σ b c^%d = %.15g, want %.15g", q, sum, want)
		}
	}
}
