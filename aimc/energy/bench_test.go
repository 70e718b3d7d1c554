package energy

import "testing"

// tenLayers is the network of the sweep.
func tenLayers(b *testing.B) *Workload {
	text := "workload = \"ten\"\n"
	for range 10 {
		text += "[[layer]]\ninputs = 1024\noutputs = 1024\nvectors = 16\n"
	}
	w, err := ParseWorkload("ten.toml", []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	return w
}

// BenchmarkSweep1000 projects a network of ten layers at 1000 points.
func BenchmarkSweep1000(b *testing.B) {
	a, w := architecture(b, "generic"), tenLayers(b)
	for b.Loop() {
		for k := range 1000 {
			a.Components[0].Voltage = 0.1 + 1e-4*float64(k)
			if _, err := Project(a, w, &Settings{Draws: -1}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N)/1e4*1e9, "ns/layer")
}

// BenchmarkDraws makes the bands of one projection from 1e4 samples.
func BenchmarkDraws(b *testing.B) {
	a, w := architecture(b, "isaac"), tenLayers(b)
	for b.Loop() {
		if _, err := Project(a, w, nil); err != nil {
			b.Fatal(err)
		}
	}
}
