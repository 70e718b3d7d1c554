package spintronic_test

import (
	"context"
	"testing"

	"mho/device"
	"mho/device/spintronic"
	"mho/noise"
)

// BenchmarkEnsemble measures 1e4 spins on one worker.
func BenchmarkEnsemble(b *testing.B) {
	const spins, steps = 10000, 10
	e, err := spintronic.NewEnsemble(spintronic.NewMacrospin(), 1, spins, 300, 0.5e-12, 1)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := e.Advance(context.Background(), spintronic.Drive{Current: 50e-6}, steps, noise.NewKey(1)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*spins*steps/b.Elapsed().Seconds(), "spin-steps/s")
}

// BenchmarkSurvival solves the Fokker-Planck equation for one pulse.
func BenchmarkSurvival(b *testing.B) {
	for b.Loop() {
		if _, err := (spintronic.FokkerPlanck{Delta: 60}).Survival(context.Background(), 2, []float64{6}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProgramTo writes 64 x 64 junctions with the default spreads.
func BenchmarkProgramTo(b *testing.B) {
	m := spintronic.NewMTJ()
	target := make([]float64, 64*64)
	gp, _ := m.Conductances(0)
	for k := range target {
		target[k] = gp
	}
	for b.Loop() {
		p, err := m.New(64, 64, noise.NewKey(1))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.ProgramTo(target, device.Room(), noise.NewKey(2)); err != nil {
			b.Fatal(err)
		}
	}
}
