package aimc

import (
	"fmt"
	"testing"

	"mho/device/pcm"
	"mho/noise"
)

func BenchmarkMVM(b *testing.B) {
	for _, size := range []int{128, 512} {
		for _, c := range []struct {
			name   string
			config Config
		}{{"quiet", quiet()}, {"noisy", NewConfig(pcm.NewIBM())}} {
			b.Run(fmt.Sprintf("%s/%d", c.name, size), func(b *testing.B) {
				const n = 64
				c.config.Converters.DACBits, c.config.Converters.ADCBits = 8, 8
				tile := newTile(b, size, size, c.config, normals(size*size, 1), 1)
				x, y := normals(n*size, 2), make([]float64, n*size)
				if err := tile.Advance(3600, noise.Key{}); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := tile.MVM(ctx, y, x, 0, noise.NewKey(1)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/float64(size*size), "ns/weight")
			})
		}
	}
}

func BenchmarkEvaluation(b *testing.B) {
	const size = 512
	tile := newTile(b, size, size, NewConfig(pcm.NewIBM()), normals(size*size, 1), 1)
	if err := tile.Advance(3600, noise.Key{}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var e uint64
	for b.Loop() {
		e++
		if err := tile.realise(ctx, noise.NewKey(1).Fold(e)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(2*size*size), "ns/device")
}

func BenchmarkProgram(b *testing.B) {
	const size = 512
	w := normals(size*size, 1)
	tile := newTile(b, size, size, NewConfig(pcm.NewIBM()), w, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tile.Program(w, noise.NewKey(1)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(2*size*size), "ns/device")
}
