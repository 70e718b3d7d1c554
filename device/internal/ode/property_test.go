package ode

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// clippedRamp advances the projected integrator x' = v(t), lo <= x <= hi, over a
// stretch on which v goes linearly from v0 to v1 in h: while v keeps its sign, x
// moves one way and clipping its free motion is exact.
func clippedRamp(x, v0, v1, h, lo, hi float64) float64 {
	parts := [][2]float64{{v0, v1}}
	lengths := []float64{h}
	if v0*v1 < 0 {
		f := v0 / (v0 - v1)
		parts = [][2]float64{{v0, 0}, {0, v1}}
		lengths = []float64{f * h, (1 - f) * h}
	}
	for i, p := range parts {
		x = min(max(x+0.5*(p[0]+p[1])*lengths[i], lo), hi)
	}
	return x
}

// integrator is x' = v(t) for a piecewise linear v.
type integrator struct{ *waveform }

func (integrator) Dim() int { return 1 }

func (d integrator) Derivative(dst []float64, t float64, _ []float64) { dst[0] = d.at(t) }

// Any piecewise linear drive of a bounded integrator gives the exact projected
// solution, with either method.
func TestBoundedIntegratorProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "samples")
		w := &waveform{t: make([]float64, n), v: make([]float64, n)}
		for i := range n {
			if i > 0 {
				w.t[i] = w.t[i-1] + rapid.Float64Range(1e-3, 2).Draw(t, "interval")
			}
			w.v[i] = rapid.SampledFrom([]float64{-3, -1, -0.5, 0, 0.25, 1, 2.5}).Draw(t, "v")
		}
		lo, hi := 0.0, rapid.Float64Range(0.1, 3).Draw(t, "upper bound")
		m := rapid.SampledFrom(methods).Draw(t, "method")
		s, err := New(integrator{w}, m, &Settings{
			RelTol: 1e-9, AbsTol: 1e-9, Kinks: w.t, Lower: []float64{lo}, Upper: []float64{hi},
		})
		if err != nil {
			t.Fatal(err)
		}
		x := hi * rapid.Float64Range(0, 1).Draw(t, "start")
		if err := s.Reset(0, []float64{x}); err != nil {
			t.Fatal(err)
		}
		for i := range n - 1 {
			if err := s.Integrate(context.Background(), w.t[i+1]); err != nil {
				t.Fatal(err)
			}
			x = clippedRamp(x, w.v[i], w.v[i+1], w.t[i+1]-w.t[i], lo, hi)
			got := s.State()[0]
			if got < lo || got > hi {
				t.Fatalf("x = %.17g is not in [%g, %g]", got, lo, hi)
			}
			if math.Abs(got-x) > 1e-7 {
				t.Fatalf("%v: x(%g) = %.12g, want %.12g", m, w.t[i+1], got, x)
			}
		}
	})
}

// The exact flow of a linear system does not depend on where the integration is
// cut; nor does the numerical one beyond the tolerance.
func TestCuttingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(0.1, 50).Draw(t, "decay rate")
		w := rapid.Float64Range(0.1, 20).Draw(t, "frequency")
		m := rapid.SampledFrom(methods).Draw(t, "method")
		sys := Func(2, func(dst []float64, _ float64, y []float64) {
			dst[0], dst[1] = -a*y[0]-w*y[1], w*y[0]-a*y[1]
		})
		s, err := New(sys, m, &Settings{RelTol: 1e-9, AbsTol: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Reset(0, []float64{1, 0}); err != nil {
			t.Fatal(err)
		}
		at := 0.0
		for range rapid.IntRange(1, 8).Draw(t, "pieces") {
			at += rapid.Float64Range(1e-6, 0.3).Draw(t, "piece")
			if err := s.Integrate(context.Background(), at); err != nil {
				t.Fatal(err)
			}
			e := math.Exp(-a * at)
			d := math.Hypot(s.State()[0]-e*math.Cos(w*at), s.State()[1]-e*math.Sin(w*at))
			if d > 1e-6*e+1e-10 {
				t.Fatalf("%v: error %g at t = %g where |y| = %g", m, d, at, e)
			}
		}
	})
}

// The LU decomposition solves what it decomposes: the residual of the solution is
// rounding, for any matrix that is not close to singular.
func TestSolveProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 16).Draw(t, "n")
		a := make([]float64, n*n)
		for i := range a {
			a[i] = rapid.Float64Range(-1, 1).Draw(t, "a")
		}
		for i := range n {
			// Rows swapped top to bottom make pivoting necessary.
			a[i*n+n-1-i] += 2 * float64(n)
		}
		b := make([]float64, n)
		for i := range b {
			b[i] = rapid.Float64Range(-1, 1).Draw(t, "b")
		}
		lu, pivot, x := append([]float64(nil), a...), make([]int, n), append([]float64(nil), b...)
		if !factor(lu, pivot, n) {
			t.Fatal("factor reports a singular matrix")
		}
		solve(lu, pivot, x)
		for i := range n {
			r := -b[i]
			for j := range n {
				r += a[i*n+j] * x[j]
			}
			if math.Abs(r) > 1e-12 {
				t.Fatalf("row %d: residual %g", i, r)
			}
		}
	})
}

func TestFactorSingular(t *testing.T) {
	for _, a := range [][]float64{{0, 0, 0, 1}, {1, 2, 2, 4}, {math.NaN(), 1, 1, 1}} {
		if factor(append([]float64(nil), a...), make([]int, 2), 2) {
			t.Errorf("factor(%g) reports success", a)
		}
	}
}
