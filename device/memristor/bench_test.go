package memristor_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"mho/device"
	"mho/device/memristor"
)

// BenchmarkRun drives models with a million samples.
func BenchmarkRun(b *testing.B) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 1))
	w := device.Waveform{T: make([]float64, n), U: [][]float64{make([]float64, n)}}
	for i := range n {
		w.T[i] = float64(i) * 1e-12
		w.U[0][i] = 2*math.Sin(float64(i)*1e-3) + 0.01*r.NormFloat64()
	}
	slow := device.Waveform{T: make([]float64, n), U: w.U}
	for i := range n {
		slow.T[i] = float64(i) * 1e-4
	}
	window := func(name string) *memristor.LinearDrift {
		m := memristor.NewLinearDrift()
		m.Window = name
		return m
	}
	for _, c := range []struct {
		name string
		el   device.Element
		w    device.Waveform
	}{
		{"vteam", memristor.NewVTEAM(), w},
		{"vteam, series", device.WithSeries(memristor.NewVTEAM(), 1e3), w},
		{"linear-drift none", window("none"), slow},
		{"linear-drift biolek", window("biolek"), slow},
		{"linear-drift joglekar", window("joglekar"), slow},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := device.Run(context.Background(), c.el, c.w, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/n*1e9, "ns/sample")
		})
	}
}

// BenchmarkDerivative is one evaluation of each law at the voltage of its loop.
func BenchmarkDerivative(b *testing.B) {
	for _, e := range memristor.Models() {
		if strings.Contains(e.Name, "/") {
			continue
		}
		el := e.New().(device.Element)
		a, _ := el.(device.Looped).LoopDrive()
		x, u, d := []float64{el.States()[0].Initial}, []float64{0.9 * a}, make([]float64, 1)
		b.Run(e.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				el.Derivative(d, x, u, device.Room())
			}
		})
	}
}
