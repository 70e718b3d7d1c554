package memristor_test

import (
	"context"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/noise"
)

// cycle returns a triangular cycle that sets a JART device and resets it, in 1 s.
func cycle(t testing.TB, samples int) device.Waveform {
	t.Helper()
	w, err := device.Triangle(-0.8, 1.2, 1, 1, samples)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// BenchmarkCycle drives stiff and stochastic elements through SET and RESET.
func BenchmarkCycle(b *testing.B) {
	pulses, err := device.Train(10e-9, device.Pulse{Amplitude: 1.8, Width: 20e-9, Rise: 1e-9, Fall: 1e-9}, device.Pulse{Amplitude: -1.3, Width: 100e-9, Rise: 1e-9, Fall: 1e-9})
	if err != nil {
		b.Fatal(err)
	}
	noisy := memristor.NewStanfordPKU()
	noisy.Variations = true
	switches := memristor.NewMMS()
	switches.N = 1000
	cycles := memristor.NewJART()
	cycles.CycleL, cycles.CycleR = cycles.SpreadL, cycles.SpreadR
	for _, c := range []struct {
		name string
		el   device.Element
		w    device.Waveform
	}{
		{"jart-vcm", memristor.NewJART(), cycle(b, 250)},
		{"jart-vcm, 1 kohm", device.WithSeries(memristor.NewJART(), 1e3), cycle(b, 250)},
		{"jart-vcm, cycles differ", cycles, cycle(b, 250)},
		{"stanford-pku", memristor.NewStanfordPKU(), pulses},
		{"stanford-pku, variations", noisy, pulses},
		{"stanford-pku, 1 kohm", device.WithSeries(memristor.NewStanfordPKU(), 1e3), pulses},
		{"mms, 1000 switches", switches, sine(b, 0.5, 1e3, 3, 1000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := device.Run(context.Background(), c.el, c.w, &device.Settings{Key: noise.NewKey(1)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJART evaluates the law once.
func BenchmarkJART(b *testing.B) {
	m := memristor.NewJART()
	env := device.RoomOf(m)
	x, u, d := []float64{1e25}, []float64{-0.7}, make([]float64, 1)
	b.ReportAllocs()
	for b.Loop() {
		m.Derivative(d, x, u, env)
	}
}
