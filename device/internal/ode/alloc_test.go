package ode

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// Stepping allocates nothing, whatever the method, bounds and stops.
func TestNoAllocation(t *testing.T) {
	w := randomWave(2000, 3)
	bounded := &Settings{Kinks: w.t, Lower: []float64{-1}, Upper: []float64{1}}
	tests := []struct {
		name string
		sys  System
		set  *Settings
	}{
		{"plain", smooth{}, nil},
		{"differences", noJacobian{smooth{}}, nil},
		{"kinks and bounds", leaky{w, 5e-6}, bounded},
		{"event that does not happen", smooth{}, &Settings{
			Events: []Event{{Value: func(_ float64, y []float64) float64 { return y[0] + 1 }}},
		}},
	}
	ctx := context.Background()
	for _, tt := range tests {
		for _, m := range methods {
			t.Run(tt.name+"/"+m.String(), func(t *testing.T) {
				s := mustNew(t, tt.sys, m, tt.set)
				y0 := make([]float64, s.n)
				at := w.t[0]
				w.calls = make([]int, 0, 1e6)
				if err := s.Reset(at, y0); err != nil {
					t.Fatal(err)
				}
				times := make([]float64, 5)
				out := make([]float64, 5*s.n)
				allocs := testing.AllocsPerRun(20, func() {
					for i := range times {
						at += 3e-6
						times[i] = at
					}
					if _, err := s.Sample(ctx, out, times); err != nil {
						t.Fatal(err)
					}
				})
				if allocs != 0 {
					t.Errorf("%g allocations, want 0", allocs)
				}
			})
		}
	}
	t.Run("Heun", func(t *testing.T) {
		h := mustHeun(t, heisenberg{}, normals{rand.New(rand.NewPCG(1, 1))}, nil, nil)
		at := 0.0
		allocs := testing.AllocsPerRun(20, func() {
			at++
			if err := h.Integrate(ctx, at, 10); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%g allocations, want 0", allocs)
		}
	})
}

// The bits of a result do not depend on what the solver did before, nor on where
// it is sampled.
func TestSameBitsAgain(t *testing.T) {
	ctx := context.Background()
	w := randomWave(300, 11)
	set := &Settings{Kinks: w.t, Lower: []float64{-0.5}, Upper: []float64{0.5}}
	end := w.t[len(w.t)-1]
	for _, m := range methods {
		a := mustNew(t, leaky{w, 5e-6}, m, set)
		mustReset(t, a, w.t[0], 0.25)
		mustIntegrate(t, a, end)
		want := a.State()[0]
		b := mustNew(t, leaky{w, 5e-6}, m, set)
		mustReset(t, b, w.t[5], -0.1)
		mustIntegrate(t, b, w.t[100])
		mustReset(t, b, w.t[0], 0.25)
		times := []float64{w.t[0], w.t[3] + 1e-7, w.t[50] + 2e-7, end}
		if _, err := b.Sample(ctx, make([]float64, len(times)), times); err != nil {
			t.Fatal(err)
		}
		if got := b.State()[0]; math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%v: %.17g the second time, %.17g the first", m, got, want)
		}
	}
}

// Cells solved side by side keep the accuracy of each alone, because the worst
// component counts.
func TestManyCells(t *testing.T) {
	const n = 500
	sys := Func(n, func(dst []float64, t float64, y []float64) {
		for i := range dst {
			dst[i] = -float64(i+1) * 0.02 * y[i]
		}
	})
	s := mustNew(t, sys, DormandPrince, &Settings{RelTol: 1e-8, AbsTol: 1e-10})
	y0 := make([]float64, n)
	for i := range y0 {
		y0[i] = 1
	}
	mustReset(t, s, 0, y0...)
	mustIntegrate(t, s, 1)
	for i, y := range s.State() {
		want := math.Exp(-float64(i+1) * 0.02)
		if math.Abs(y-want) > 1e-7*want+1e-9 {
			t.Errorf("y%d = %.12g, want %.12g", i, y, want)
		}
	}
}
