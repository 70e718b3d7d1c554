package ode

import (
	"context"
	"math"
	"testing"
)

func TestHeldOnBoundExactly(t *testing.T) {
	rise := Func(1, func(dst []float64, _ float64, _ []float64) { dst[0] = 1 })
	for _, m := range methods {
		s := mustNew(t, rise, m, &Settings{Upper: []float64{1}})
		mustReset(t, s, 0, 0)
		for s.State()[0] < 1 {
			if err := s.Step(5); err != nil {
				t.Fatal(err)
			}
		}
		// The coefficients of Rodas5P, up to 165 with alternating signs, leave a
		// hundred times the rounding of DormandPrince.
		allowed := 4e-16
		if m == Rodas5P {
			allowed = 4e-14
		}
		if e := math.Abs(s.T() - 1); e > allowed {
			t.Errorf("%v: bound met at t = %.17g, want 1", m, s.T())
		}
		if !s.Held(0) {
			t.Errorf("%v: state is not held", m)
		}
		mustIntegrate(t, s, 5)
		if s.State()[0] != 1 {
			t.Errorf("%v: state is %.17g, want exactly 1", m, s.State()[0])
		}
	}
}

// For dx/dt = cos t between -0.6 and 0.5 from 0 the projected solution is, stretch
// by stretch, sin t plus a constant or a bound: it leaves a bound when cos t
// changes sign, wherever it met it.
func clippedSine(t float64) float64 {
	x := math.Sin(min(t, math.Asin(0.5)))
	for k := 0; ; k++ {
		// The k-th half period of one sign of cos ends at from + π.
		from := math.Pi/2 + float64(k)*math.Pi
		if t <= from {
			return x
		}
		to := min(t, from+math.Pi)
		x = min(max(x+math.Sin(to)-math.Sin(from), -0.6), 0.5)
	}
}

func TestClippedSine(t *testing.T) {
	sys := Func(1, func(dst []float64, t float64, _ []float64) { dst[0] = math.Cos(t) })
	times := make([]float64, 400)
	for i := range times {
		times[i] = float64(i) * 0.05
	}
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-9, AbsTol: 1e-9, Lower: []float64{-0.6}, Upper: []float64{0.5}})
		mustReset(t, s, 0, 0)
		got := make([]float64, len(times))
		if _, err := s.Sample(context.Background(), got, times); err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i, x := range got {
			worst = max(worst, math.Abs(x-clippedSine(times[i])))
			if x < -0.6 || x > 0.5 {
				t.Fatalf("%v: x(%g) = %g is out of bounds", m, times[i], x)
			}
		}
		t.Logf("%v: largest error %.2g, %+v", m, worst, s.Stats())
		if worst > 2e-8 {
			t.Errorf("%v: largest error %g, want below 2e-8", m, worst)
		}
	}
}

// A state that is held for long must not let the steps grow past the moment the
// drive turns, which here lasts a thousandth of the time.
func TestHeldStateSeesTheDriveTurn(t *testing.T) {
	const f = 1000.0
	sys := Func(1, func(dst []float64, t float64, _ []float64) {
		dst[0] = 2*math.Pi*f*math.Cos(2*math.Pi*f*t) + 1
	})
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-8, AbsTol: 1e-8, Lower: []float64{0}, Upper: []float64{0.1}})
		mustReset(t, s, 0, 0)
		mustIntegrate(t, s, 1)
		low := 0
		mustReset(t, s, 0, 0)
		for s.T() < 1 {
			was := s.Held(0) && s.State()[0] == 0
			if err := s.Step(1); err != nil {
				t.Fatal(err)
			}
			if now := s.Held(0) && s.State()[0] == 0; now && !was {
				low++
			}
		}
		t.Logf("%v: %+v", m, s.Stats())
		if low != 1000 {
			t.Errorf("%v: the lower bound is met %d times, want once in each of 1000 periods", m, low)
		}
	}
}

// A stiff approach to a bound: x' = k(1.5 - x) meets 1 at ln 3/k, and x' = -k x
// leaves it at the breakpoint.
func TestStiffContactTime(t *testing.T) {
	const k = 1e6
	sys := Func(1, func(dst []float64, t float64, y []float64) {
		goal := 1.5
		if t >= 1e-3 {
			goal = 0
		}
		dst[0] = k * (goal - y[0])
	})
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-10, AbsTol: 1e-12, Upper: []float64{1}, Breakpoints: []float64{1e-3}})
		mustReset(t, s, 0, 0)
		for !s.Held(0) {
			if err := s.Step(1e-3); err != nil {
				t.Fatal(err)
			}
		}
		want := math.Log(3) / k
		if e := math.Abs(s.T()/want - 1); e > 1e-9 {
			t.Errorf("%v: bound met at %.15g s, want %.15g s", m, s.T(), want)
		}
		mustIntegrate(t, s, 1e-3+2e-6)
		if e := math.Abs(s.State()[0] - math.Exp(-2)); e > 1e-9 {
			t.Errorf("%v: x = %.12g after the fall, want e^-2", m, s.State()[0])
		}
	}
}

// The other states keep running while one is held, with its value on the bound:
// x' = 1 + z and z' = x give x = sinh t, z = cosh t - 1 until x is 1, where z is
// √2 - 1, and z' = 1 from there.
func TestHeldStateDrivesOthers(t *testing.T) {
	sys := Func(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = 1+y[1], y[0] })
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{
			RelTol: 1e-10, AbsTol: 1e-10,
			Lower: []float64{math.Inf(-1), math.Inf(-1)}, Upper: []float64{1, math.Inf(1)},
		})
		mustReset(t, s, 0, 0, 0)
		mustIntegrate(t, s, 3)
		want := math.Sqrt2 - 1 + 3 - math.Asinh(1)
		if e := math.Abs(s.State()[1] - want); e > 1e-9 {
			t.Errorf("%v: z = %.12g, want %.12g", m, s.State()[1], want)
		}
		if s.State()[0] != 1 {
			t.Errorf("%v: x = %.17g, want exactly 1", m, s.State()[0])
		}
	}
}

// Two states that meet bounds in one step are held each at its own time.
func TestTwoContactsInOneStep(t *testing.T) {
	sys := Func(3, func(dst []float64, _ float64, y []float64) {
		dst[0], dst[1], dst[2] = 1, -3, y[0]-y[1]
	})
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{
			RelTol: 1e-9, AbsTol: 1e-9,
			Lower: []float64{0, 0, -100}, Upper: []float64{1, 1, 100},
		})
		mustReset(t, s, 0, 0, 1, 0)
		mustIntegrate(t, s, 2)
		// z = ∫x - ∫y = (1/2 + 1) - 1/6.
		if e := math.Abs(s.State()[2] - 4./3); e > 1e-8 {
			t.Errorf("%v: z = %.12g, want 4/3", m, s.State()[2])
		}
		if s.State()[0] != 1 || s.State()[1] != 0 {
			t.Errorf("%v: states %g, want 1 and 0 exactly", m, s.State()[:2])
		}
	}
}

// A right-hand side that exists between the bounds only is asked nowhere else:
// x' = sqrt(1 - x) has x = 1 - (1 - t/2)² up to t = 2 and x = 1 from there.
func TestDerivativeIsAskedWithinBoundsOnly(t *testing.T) {
	for _, m := range methods {
		sys := Func(1, func(dst []float64, _ float64, y []float64) {
			if y[0] < 0 || y[0] > 1 {
				t.Fatalf("%v: derivative asked at x = %.17g", m, y[0])
			}
			dst[0] = math.Sqrt(1 - y[0])
		})
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-8, AbsTol: 1e-10, Lower: []float64{0}, Upper: []float64{1}})
		mustReset(t, s, 0, 0)
		mustIntegrate(t, s, 1)
		if e := math.Abs(s.State()[0] - 0.75); e > 1e-7 {
			t.Errorf("%v: x(1) = %.12g, want 0.75", m, s.State()[0])
		}
		mustIntegrate(t, s, 4)
		if e := math.Abs(s.State()[0] - 1); e > 1e-6 {
			t.Errorf("%v: x(4) = %.12g, want 1", m, s.State()[0])
		}
	}
}

// A state that starts on its upper bound 1 at time t0 goes by the sign of its
// derivative from there, wherever the sign changes.
func TestStartOnBound(t *testing.T) {
	tests := []struct {
		name string
		f    func(s float64) float64 // derivative a time s after t0
		want float64                 // state at s = 2
	}{
		{"at rest, then inward", func(s float64) float64 { return -s }, -1},
		{"at rest, then outward", func(s float64) float64 { return s }, 1},
		{"inward for a moment, then outward", func(s float64) float64 { return s - 1e-13 }, 1},
		{"inward and back out", func(s float64) float64 { return s - 0.5 }, 1},
		{"outward for a moment, then inward", func(s float64) float64 { return 1e-13 - s }, -1},
		{"outward, then inward", func(s float64) float64 { return 1 - s }, 0.5},
		{"inward and not quite back", func(s float64) float64 { return s - 1.25 }, 0.5},
	}
	scales := []struct {
		t0, tau float64 // start and unit of time, s
		allowed float64
	}{
		{0, 1, 1e-8},
		{1, 1, 1e-8},
		// The rounding of times near 1 s is 2e-7 of this unit.
		{1, 1e-9, 2e-6},
	}
	for _, tt := range tests {
		for _, m := range methods {
			for _, c := range scales {
				for _, first := range []float64{0, 0.9, 2} {
					sys := Func(1, func(dst []float64, t float64, _ []float64) {
						dst[0] = tt.f((t-c.t0)/c.tau) / c.tau
					})
					s := mustNew(t, sys, m, &Settings{
						Lower: []float64{-5}, Upper: []float64{1}, InitialStep: first * c.tau,
					})
					mustReset(t, s, c.t0, 1)
					mustIntegrate(t, s, c.t0+2*c.tau)
					if e := math.Abs(s.State()[0] - tt.want); e > c.allowed {
						t.Errorf("%s from %g s in %g s by %v, first step %g: x = %.12g, want %g",
							tt.name, c.t0, c.tau, m, first, s.State()[0], tt.want)
					}
				}
			}
		}
	}
}

// A short excursion over a bound inside one step leaves its trace: x' = cos t
// bounded at 1 - 1e-3 is below sin t by 1e-3 afterwards.
func TestExcursionWithinOneStep(t *testing.T) {
	sys := Func(1, func(dst []float64, t float64, _ []float64) { dst[0] = math.Cos(t) })
	for _, m := range methods {
		s := mustNew(t, sys, m, &Settings{RelTol: 1e-5, AbsTol: 1e-5, Upper: []float64{1 - 1e-3}})
		mustReset(t, s, 0, 0)
		mustIntegrate(t, s, 3)
		want := math.Sin(3) - 1e-3
		if e := math.Abs(s.State()[0] - want); e > 5e-5 {
			t.Errorf("%v: x(3) = %g, want %g", m, s.State()[0], want)
		}
	}
}

// Equal cells meet and leave their bounds together, in as many steps as one alone.
func TestEqualCellsSwitchTogether(t *testing.T) {
	work := func(m Method, n int) Stats {
		sys := Func(n, func(dst []float64, t float64, y []float64) {
			for i := range dst {
				dst[i] = math.Cos(t) * (1 + 0.1*y[i])
			}
		})
		set := Settings{Lower: make([]float64, n), Upper: make([]float64, n)}
		for i := range n {
			set.Lower[i], set.Upper[i] = -0.6, 0.5
		}
		s := mustNew(t, sys, m, &set)
		mustReset(t, s, 0, make([]float64, n)...)
		mustIntegrate(t, s, 20)
		for i, y := range s.State() {
			if y != s.State()[0] {
				t.Fatalf("%v: cell %d is at %.17g, cell 0 at %.17g", m, i, y, s.State()[0])
			}
		}
		return s.Stats()
	}
	for _, m := range methods {
		one, many := work(m, 1), work(m, 20)
		if many.Steps > one.Steps+2 || many.Rejected > one.Rejected+2 {
			t.Errorf("%v: %+v for 20 cells, %+v for one", m, many, one)
		}
	}
}

// A state one rounding inside its bound leaves it with a derivative that grows by
// decades: dx/dt = -a exp(kt), x = x0 - a (exp(kt) - 1)/k. The errors of the first
// steps are larger than the way and may lead beyond the bound, which must not be
// taken for a contact there.
func TestStartsJustInsideBound(t *testing.T) {
	for _, m := range methods {
		for _, k := range []float64{5, 10, 20, 40} {
			for _, end := range []float64{0.4, 1e-3, 1e-8} { // how far it goes
				a := end * k / math.Expm1(k)
				sys := Func(1, func(dst []float64, t float64, _ []float64) { dst[0] = -a * math.Exp(k*t) })
				s := mustNew(t, sys, m, &Settings{Lower: []float64{0}, Upper: []float64{1}, MaxSteps: 2000, InitialStep: 0.9})
				mustReset(t, s, 0, math.Nextafter(1, 0))
				mustIntegrate(t, s, 1)
				if got, want := s.State()[0], 1-end; math.Abs(got-want) > 1e-4*end+5e-6 {
					t.Errorf("%v, growth %g: x(1) = %.17g, want %.17g", m, k, got, want)
				}
				// The mirror image at the lower bound.
				s = mustNew(t, Func(1, func(dst []float64, t float64, _ []float64) { dst[0] = a * math.Exp(k*t) }), m,
					&Settings{Lower: []float64{0}, Upper: []float64{1}, AbsTol: 1e-6, MaxSteps: 2000, InitialStep: 0.9})
				mustReset(t, s, 0, 1e-17)
				mustIntegrate(t, s, 1)
				if got, want := s.State()[0], end; math.Abs(got-want) > 1e-4*end+5e-6 {
					t.Errorf("%v, growth %g: x(1) = %.17g, want %.17g", m, k, got, want)
				}
			}
		}
	}
}
