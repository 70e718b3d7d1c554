package ode

import (
	"context"
	"fmt"
	"math"
	"testing"

	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// vanDerPol is y1' = y2, y2' = ((1 - y1²) y2 - y1)/ε.
type vanDerPol struct{ eps float64 }

func (vanDerPol) Dim() int { return 2 }

func (v vanDerPol) Derivative(dst []float64, _ float64, y []float64) {
	dst[0] = y[1]
	dst[1] = ((1-y[0]*y[0])*y[1] - y[0]) / v.eps
}

func (v vanDerPol) Jacobian(dst []float64, _ float64, y []float64) {
	dst[0], dst[1] = 0, 1
	dst[2], dst[3] = (-2*y[0]*y[1]-1)/v.eps, (1-y[0]*y[0])/v.eps
}

// robertson is the chemical kinetics of Robertson (1966).
type robertson struct{}

func (robertson) Dim() int { return 3 }

func (robertson) Derivative(dst []float64, _ float64, y []float64) {
	dst[0] = -0.04*y[0] + 1e4*y[1]*y[2]
	dst[2] = 3e7 * y[1] * y[1]
	dst[1] = -dst[0] - dst[2]
}

func (robertson) Jacobian(dst []float64, _ float64, y []float64) {
	copy(dst, []float64{
		-0.04, 1e4 * y[2], 1e4 * y[1],
		0.04, -1e4*y[2] - 6e7*y[1], -1e4 * y[1],
		0, 6e7 * y[1], 0,
	})
}

// noJacobian hides the Jacobian of a system.
type noJacobian struct{ System }

// The references are those of Mazzia and Magherini, Test Set for Initial Value
// Problem Solvers, release 2.4 (University of Bari, 2008), vdpol.f and rober.f,
// computed there with RADAU at a tolerance of 1.1e-18.
func TestStiffReferences(t *testing.T) {
	tests := []struct {
		name  string
		sys   System
		y0    []float64
		end   float64
		want  []float64
		set   Settings
		rel   float64
		steps int
	}{
		{
			"van der Pol", vanDerPol{1e-6}, []float64{2, 0}, 2,
			[]float64{0.1706167732170483e1, -0.8928097010247975},
			Settings{RelTol: 1e-7, AbsTol: 1e-7}, 1e-5, 1500,
		},
		{
			"van der Pol, tight", vanDerPol{1e-6}, []float64{2, 0}, 2,
			[]float64{0.1706167732170483e1, -0.8928097010247975},
			Settings{RelTol: 1e-10, AbsTol: 1e-10}, 1e-8, 10000,
		},
		{
			"van der Pol, differences", noJacobian{vanDerPol{1e-6}}, []float64{2, 0}, 2,
			[]float64{0.1706167732170483e1, -0.8928097010247975},
			Settings{RelTol: 1e-7, AbsTol: 1e-7}, 1e-5, 1500,
		},
		{
			"Robertson", robertson{}, []float64{1, 0, 0}, 1e11,
			[]float64{0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050},
			Settings{RelTol: 1e-8, AbsTols: []float64{1e-16, 1e-22, 1e-16}}, 1e-6, 1500,
		},
		{
			"Robertson, differences", noJacobian{robertson{}}, []float64{1, 0, 0}, 1e11,
			[]float64{0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050},
			Settings{RelTol: 1e-8, AbsTols: []float64{1e-16, 1e-22, 1e-16}}, 1e-6, 1500,
		},
		{
			"Robertson, bounded", robertson{}, []float64{1, 0, 0}, 1e11,
			[]float64{0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050},
			Settings{
				RelTol: 1e-8, AbsTols: []float64{1e-16, 1e-22, 1e-16},
				Lower: []float64{0, 0, 0}, Upper: []float64{1, 1, 1},
			}, 1e-6, 1500,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := mustNew(t, tt.sys, Rodas5P, &tt.set)
			mustReset(t, s, 0, tt.y0...)
			mustIntegrate(t, s, tt.end)
			for i, w := range tt.want {
				e := math.Abs(s.State()[i]/w - 1)
				t.Logf("y%d relative error %.2g", i+1, e)
				claims.Check(t, claims.Claim{
					Name: fmt.Sprintf("%s: y%d at t = %g", tt.name, i+1, tt.end), Kind: claims.Published,
					Source: "F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4 (2008)",
					Want:   w, Got: s.State()[i], Tol: tt.rel, Why: "a hundred times the local error asked for, which adds up over the steps",
				})
			}
			t.Logf("%+v", s.Stats())
			if s.Stats().Steps > tt.steps {
				t.Errorf("%d steps, want at most %d", s.Stats().Steps, tt.steps)
			}
		})
	}
}

// The values at t = 40 are the classical ones of Hairer and Wanner (1996), to the
// ten digits in which RADAU, CVODE and RODAS agree.
func TestRobertsonAt40(t *testing.T) {
	want := []float64{0.7158270687, 9.185534765e-6, 0.2841637457}
	s := mustNew(t, robertson{}, Rodas5P, &Settings{RelTol: 1e-10, AbsTols: []float64{1e-12, 1e-16, 1e-12}})
	mustReset(t, s, 0, 1, 0, 0)
	mustIntegrate(t, s, 40)
	for i, w := range want {
		claims.Check(t, claims.Claim{
			Name: fmt.Sprintf("Robertson: y%d at t = 40", i+1), Kind: claims.Published,
			Source: "E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, doi:10.1007/978-3-642-05221-7",
			Want:   w, Got: s.State()[i], Tol: 1e-9, Why: "ten digits of the reference",
		})
	}
}

// An L-stable method damps an infinitely fast decay in one step.
func TestRodasDampsInOneStep(t *testing.T) {
	decay := Func(1, func(dst []float64, _ float64, y []float64) { dst[0] = -1e14 * y[0] })
	s := mustNew(t, decay, Rodas5P, fixed(1))
	mustReset(t, s, 0, 1)
	mustIntegrate(t, s, 1)
	if y := math.Abs(s.State()[0]); y > 1e-6 {
		t.Errorf("a decay of rate 1e14 leaves %g after one step, want 0", y)
	}
}

// This is the problem of Prothero and Robinson, Math. Comput. 28, 145 (1974),
// doi:10.1090/S0025-5718-1974-0331793-2, with the solution cos t.
func TestProtheroRobinson(t *testing.T) {
	const lambda = -1e9
	sys := Func(1, func(dst []float64, t float64, y []float64) {
		dst[0] = lambda*(y[0]-math.Cos(t)) - math.Sin(t)
	})
	s := mustNew(t, sys, Rodas5P, &Settings{RelTol: 1e-8, AbsTol: 1e-8})
	mustReset(t, s, 0, 1)
	mustIntegrate(t, s, 10)
	if e := math.Abs(s.State()[0] - math.Cos(10)); e > 1e-7 {
		t.Errorf("error %g, want below 1e-7", e)
	}
	if n := s.Stats().Steps; n > 500 {
		t.Errorf("%d steps, want at most 500", n)
	}
	t.Logf("%+v", s.Stats())
}

// Three states in a chain A -> B -> C with rates p and q have a closed form
// (Bateman), here stiff.
func TestLinearChain(t *testing.T) {
	const p, q = 1.0, 1e5
	chain := Func(3, func(dst []float64, _ float64, y []float64) {
		dst[0] = -p * y[0]
		dst[1] = p*y[0] - q*y[1]
		dst[2] = q * y[1]
	})
	for _, m := range methods {
		s := mustNew(t, chain, m, &Settings{RelTol: 1e-9, AbsTol: 1e-14})
		mustReset(t, s, 0, 1, 0, 0)
		for _, at := range []float64{1e-6, 1e-5, 1e-3, 0.1} {
			mustIntegrate(t, s, at)
			a := math.Exp(-p * at)
			b := p / (q - p) * (math.Exp(-p*at) - math.Exp(-q*at))
			for i, w := range []float64{a, b, 1 - a - b} {
				if e := math.Abs(s.State()[i] - w); e > 1e-8*w+1e-13 {
					t.Errorf("%v: y%d(%g) = %g, want %g", m, i+1, at, s.State()[i], w)
				}
			}
		}
	}
}

// A damped oscillator, x” = -2δx' - (ω²+δ²)x, has x = e^(-δt) cos ωt for the
// initial state (1, -δ).
func TestDampedOscillator(t *testing.T) {
	const delta, omega = 0.3, 7.0
	osc := Func(2, func(dst []float64, _ float64, y []float64) {
		dst[0] = y[1]
		dst[1] = -2*delta*y[1] - (omega*omega+delta*delta)*y[0]
	})
	times := make([]float64, 301)
	for i := range times {
		times[i] = float64(i) * 0.01
	}
	for _, m := range methods {
		s := mustNew(t, osc, m, &Settings{RelTol: 1e-10, AbsTol: 1e-10})
		mustReset(t, s, 0, 1, -delta)
		got := make([]float64, 2*len(times))
		n, err := s.Sample(context.Background(), got, times)
		if err != nil || n != len(times) {
			t.Fatalf("%v: Sample = %d, %v", m, n, err)
		}
		worst := 0.0
		for i, at := range times {
			worst = max(worst, math.Abs(got[2*i]-math.Exp(-delta*at)*math.Cos(omega*at)))
		}
		t.Logf("%v: largest error of 301 samples %.2g", m, worst)
		if worst > 2e-8 {
			t.Errorf("%v: largest error %g, want below 2e-8", m, worst)
		}
	}
}

// Differences give the Jacobian in the interior, at zero and on bounds, where a
// probe the wrong way would see the clamped derivative.
func TestDifferencesGiveTheJacobian(t *testing.T) {
	for _, y := range [][]float64{{0.7, 1e-5, 0.3}, {1, 0, 0}, {0, 1, 1}, {1, 1, 1}} {
		s := mustNew(t, noJacobian{robertson{}}, Rodas5P, &Settings{
			Lower: []float64{0, 0, 0}, Upper: []float64{1, 1, 1},
		})
		mustReset(t, s, 0, y...)
		s.evaluate(s.raw, 0, s.y)
		r := s.method.(*rodas)
		r.differenceStates(&s.core)
		want := make([]float64, 9)
		robertson{}.Jacobian(want, 0, y)
		// The size of a probe is 1.5e-8 of |y| + AbsTol/RelTol, f bends by 6e7.
		for i, w := range want {
			if e := math.Abs(r.jac[i] - w); e > 1e-6*math.Abs(w)+2 {
				t.Errorf("at y = %g: J[%d] = %g, want %g", y, i, r.jac[i], w)
			}
		}
	}
}
