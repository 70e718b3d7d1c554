package memristor_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
	"mho/noise"
)

// copies returns elements with parameters spread by a tenth.
func copies(t testing.TB, n int, make func() device.Element, names ...string) []device.Element {
	t.Helper()
	out := []device.Element{}
	for i := range n {
		el := make()
		for k, name := range names {
			for _, p := range el.Params() {
				if p.Name == name {
					*p.Value.(*float64) *= 1 + 0.1*noise.NewKey(1).Fold(uint64(k)).NormalAt(noise.At{Col: uint32(i)})
				}
			}
		}
		if err := device.Check(el); err != nil {
			t.Fatal(err)
		}
		out = append(out, el)
	}
	return out
}

func vteamWith(law string, polarity int) func() device.Element {
	return func() device.Element {
		m := memristor.NewVTEAM()
		m.Law, m.Polarity, m.AlphaOn, m.W0 = law, polarity, 3.5, 1.2e-9
		return m
	}
}

// wavy is a waveform that crosses every threshold, zero and both bounds.
func wavy(unit, time float64) device.Waveform {
	w := device.Waveform{T: []float64{0}, U: [][]float64{{0}}}
	for k, v := range []float64{0.4, 1.3, -1.8, -2.1, -2.1, 0.9, 0, -0.3, -2.4, 0.5, 0.5, 2, 1e-9} {
		w.T = append(w.T, w.T[k]+time*float64(1+k%3))
		w.U[0] = append(w.U[0], v*unit)
	}
	return w
}

// TestBatch compares each copy of an ensemble with Run, which integrates by
// Dormand and Prince's method, over waveforms that cross thresholds and bounds.
func TestBatch(t *testing.T) {
	for _, c := range []struct {
		name   string
		make   func() device.Element
		spread []string
		w      device.Waveform
	}{
		{"vteam linear", vteamWith("linear", 1), []string{"k_on", "k_off", "v_on", "v_off", "r_on", "r_off"}, wavy(1, 0.3e-9)},
		{"vteam exponential", vteamWith("exponential", -1), []string{"alpha_on", "alpha_off", "v_off", "r_off"}, wavy(1, 0.3e-9)},
		{"linear-drift", func() device.Element { return memristor.NewLinearDrift() }, []string{"r_on", "r_off", "d", "mu_v", "x0"}, wavy(1, 0.08)},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 40
			els := copies(t, n, c.make, c.spread...)
			stress := make([]float64, n)
			noise.NewKey(2).Uniform(stress, noise.At{})
			for i := range stress {
				stress[i] = 2*stress[i] - 0.5 // some the other way round
			}
			e, err := device.NewEnsemble(els, nil)
			if err != nil {
				t.Fatal(err)
			}
			readings := make([]float64, 3*n)
			if err := e.Drive(context.Background(), device.Burst{Waveform: c.w, Count: 3, Stress: stress, Read: 0.1, Readings: readings}); err != nil {
				t.Fatal(err)
			}
			worst, moved := 0.0, 0
			for i, el := range els {
				w := device.Waveform{T: c.w.T, U: [][]float64{slices.Clone(c.w.U[0])}}
				for k := range w.U[0] {
					w.U[0][k] *= stress[i]
				}
				s := el.States()[0]
				x := []float64{s.Initial}
				for range 3 {
					tr, err := device.Run(context.Background(), el, w, &device.Settings{Initial: x, Tolerance: 1e-10})
					if err != nil {
						t.Fatal(err)
					}
					x = []float64{tr.X[0][len(tr.T)-1]}
				}
				if want := device.ElementConductance(el, []float64{e.State(0)[i]}, []float64{0.1}, device.Room()); readings[2*n+i] != want {
					t.Errorf("copy %d reads %g S, want %g", i, readings[2*n+i], want)
				}
				worst = math.Max(worst, math.Abs(e.State(0)[i]-x[0])/(s.Max-s.Min))
				if x[0] != s.Min && x[0] != s.Max && x[0] != s.Initial {
					moved++
				}
			}
			if moved < n/8 {
				t.Fatalf("only %d of %d copies end between their bounds", moved, n)
			}
			claims.Check(t, claims.Claim{
				Name: c.name + ": ensemble of 40 copies by closed form against Run, largest difference of the state in units of its range", Kind: claims.IndependentSolver,
				Source: "Dormand-Prince integration of each copy to 1e-10", Got: worst, Want: 0, Tol: 2e-8, Absolute: true,
				Why: "local errors of 1e-10 over some hundred steps, and the kink at a threshold inside a step",
			})
		})
	}
}

// TestBatchWorkers holds the bits of an ensemble at any number of workers, and
// those of a copy in any ensemble.
func TestBatchWorkers(t *testing.T) {
	els := copies(t, 1000, vteamWith("linear", 1), "k_on", "k_off")
	run := func(els []device.Element, workers int) []float64 {
		e, err := device.NewEnsemble(els, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Drive(context.Background(), device.Burst{Waveform: wavy(1, 1e-10), Count: 5, Workers: workers}); err != nil {
			t.Fatal(err)
		}
		return e.State(0)
	}
	want := run(els, 1)
	for _, workers := range []int{2, 7} {
		if !slices.Equal(run(els, workers), want) {
			t.Errorf("%d workers give other bits than one", workers)
		}
	}
	if !slices.Equal(run(els[300:350], 1), want[300:350]) {
		t.Error("fewer copies have other bits")
	}
}

// TestBatchSplit holds that a waveform in two parts moves as the whole does.
func TestBatchSplit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		law := rapid.SampledFrom([]func() device.Element{vteamWith("linear", 1), func() device.Element { return memristor.NewLinearDrift() }}).Draw(r, "law")
		el := law()
		a, f := el.(device.Looped).LoopDrive()
		v := rapid.SliceOfN(rapid.Float64Range(-2*a, 2*a), 3, 8).Draw(r, "v")
		w := device.Waveform{U: [][]float64{v}}
		for k := range v {
			w.T = append(w.T, float64(k)*0.05/f)
		}
		cut := rapid.IntRange(1, len(v)-2).Draw(r, "cut")
		move := func(ws ...device.Waveform) float64 {
			e, err := device.NewEnsemble([]device.Element{law()}, nil)
			if err != nil {
				r.Fatal(err)
			}
			for _, w := range ws {
				if err := e.Drive(context.Background(), device.Burst{Waveform: w}); err != nil {
					r.Fatal(err)
				}
			}
			return e.State(0)[0]
		}
		s := el.States()[0]
		whole := move(w)
		parts := move(device.Waveform{T: w.T[:cut+1], U: [][]float64{v[:cut+1]}}, device.Waveform{T: w.T[cut:], U: [][]float64{v[cut:]}})
		if math.Abs(whole-parts) > 1e-12*(s.Max-s.Min) {
			r.Fatalf("in one %g, in two %g", whole, parts)
		}
	})
}

// BenchmarkEnsemble applies a thousand pulses to a hundred thousand devices of
// their own parameters.
func BenchmarkEnsemble(b *testing.B) {
	const n, pulses = 100_000, 1000
	els := copies(b, n, vteamWith("linear", 1), "k_on", "k_off", "v_on", "v_off")
	w, err := device.Train(1e-12, device.Pulse{Amplitude: 1, Width: 3e-12, Rise: 1e-12, Fall: 1e-12})
	if err != nil {
		b.Fatal(err)
	}
	for _, read := range []bool{false, true} {
		b.Run(map[bool]string{false: "write", true: "write and read"}[read], func(b *testing.B) {
			t := device.Burst{Waveform: w, Count: pulses}
			if read {
				t.Read, t.Readings = 0.1, make([]float64, n*pulses)
			}
			e, err := device.NewEnsemble(els, nil)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := e.Drive(context.Background(), t); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/n/pulses*1e9, "ns/device-pulse")
		})
	}
}
