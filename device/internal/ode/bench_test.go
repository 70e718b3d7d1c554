package ode

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

func BenchmarkStep(b *testing.B) {
	systems := []struct {
		name string
		sys  System
	}{
		{"n=1", Func(1, func(dst []float64, t float64, y []float64) { dst[0] = 1 - y[0]*y[0] })},
		{"n=2", vanDerPol{1}},
		{"n=3", robertson{}},
		{"n=8", Func(8, func(dst []float64, _ float64, y []float64) {
			for i := range dst {
				dst[i] = y[(i+1)%8] - y[i]
			}
		})},
	}
	for _, c := range systems {
		for _, m := range methods {
			b.Run(c.name+"/"+m.String(), func(b *testing.B) {
				s := mustNew(b, c.sys, m, fixed(1e-4))
				y0 := make([]float64, s.n)
				y0[0] = 0.5
				if err := s.Reset(0, y0); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := s.Step(1e9); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(s.Stats().Evaluations)/float64(b.N), "evals/step")
			})
		}
	}
}

// deviceTrace is the state equation of a typical memristor, x' = k sinh(v/v0)
// times a window, on a piecewise linear voltage.
type deviceTrace struct{ *waveform }

func (deviceTrace) Dim() int { return 1 }

func (d deviceTrace) Derivative(dst []float64, t float64, y []float64) {
	x := y[0]
	dst[0] = 2e3 * math.Sinh(d.at(t)*4) * x * (1 - x)
}

// BenchmarkTrace integrates and samples a waveform of a million samples.
func BenchmarkTrace(b *testing.B) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 1))
	w := &waveform{t: make([]float64, n), v: make([]float64, n)}
	for i := range n {
		w.t[i] = float64(i) * 1e-9
		w.v[i] = math.Sin(float64(i)*1e-3) + 0.01*r.NormFloat64()
	}
	for _, c := range []struct {
		name   string
		m      Method
		bounds bool
	}{
		{"DormandPrince", DormandPrince, false},
		{"DormandPrince, bounded", DormandPrince, true},
		{"Rodas5P", Rodas5P, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			set := &Settings{Kinks: w.t}
			if c.bounds {
				set.Lower, set.Upper = []float64{0}, []float64{1}
			}
			s := mustNew(b, deviceTrace{w}, c.m, set)
			out := make([]float64, n)
			w.calls = make([]int, 0, n)
			b.ReportAllocs()
			for b.Loop() {
				w.calls = w.calls[:0]
				mustReset(b, s, 0, 0.3)
				if _, err := s.Sample(context.Background(), out, w.t); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.Stats().Evaluations)/n, "evals/sample")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/trace")
		})
	}
}

func BenchmarkHeun(b *testing.B) {
	h := mustHeun(b, linearNoise{-1, 0.1}, normals{rand.New(rand.NewPCG(1, 1))}, nil, nil)
	if err := h.Reset(0, []float64{1}, 0); err != nil {
		b.Fatal(err)
	}
	const steps = 1000
	at := 0.0
	b.ReportAllocs()
	for b.Loop() {
		at += 1e-3
		if err := h.Integrate(context.Background(), at, steps); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/steps, "ns/step")
}
