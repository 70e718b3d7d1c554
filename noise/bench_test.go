package noise

import (
	"fmt"
	"testing"

	"mho/internal/vmath"
)

func benchmarkFill(b *testing.B, lengths []int, fill func(d []float64, s []float32, at At)) {
	for _, p := range vmath.Paths() {
		for _, n := range lengths {
			b.Run(fmt.Sprintf("%v/%d", p, n), func(b *testing.B) {
				defer vmath.Use(vmath.Use(p))
				d, s := make([]float64, n), make([]float32, n)
				var at At
				b.ReportAllocs()
				for b.Loop() {
					fill(d, s, at)
					at.Event++
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
			})
		}
	}
}

var (
	benchKey     = NewKey(1)
	benchLengths = []int{64, 1024, 65536}
)

func BenchmarkUniform(b *testing.B) {
	benchmarkFill(b, benchLengths, func(d []float64, _ []float32, at At) { benchKey.Uniform(d, at) })
}

func BenchmarkUniform32(b *testing.B) {
	benchmarkFill(b, benchLengths, func(_ []float64, s []float32, at At) { benchKey.Uniform32(s, at) })
}

func BenchmarkNormal(b *testing.B) {
	benchmarkFill(b, benchLengths, func(d []float64, _ []float32, at At) { benchKey.Normal(d, at) })
}

func BenchmarkNormal32(b *testing.B) {
	benchmarkFill(b, benchLengths, func(_ []float64, s []float32, at At) { benchKey.Normal32(s, at) })
}

func BenchmarkLognormal(b *testing.B) {
	benchmarkFill(b, benchLengths, func(d []float64, _ []float32, at At) { benchKey.Lognormal(d, 0, 0.3, at) })
}

func BenchmarkLognormal32(b *testing.B) {
	benchmarkFill(b, benchLengths, func(_ []float64, s []float32, at At) { benchKey.Lognormal32(s, 0, 0.3, at) })
}

func BenchmarkExponential(b *testing.B) {
	benchmarkFill(b, benchLengths, func(d []float64, _ []float32, at At) { benchKey.Exponential(d, at) })
}

func BenchmarkExponential32(b *testing.B) {
	benchmarkFill(b, benchLengths, func(_ []float64, s []float32, at At) { benchKey.Exponential32(s, at) })
}

func BenchmarkPoisson(b *testing.B) {
	for _, mean := range []float64{0.1, 3, 80, 1e6} {
		b.Run(fmt.Sprintf("mean=%g", mean), func(b *testing.B) {
			benchmarkFill(b, []int{1024}, func(d []float64, _ []float32, at At) { benchKey.Poisson(d, mean, at) })
		})
	}
}

func BenchmarkNormalAt(b *testing.B) {
	b.ReportAllocs()
	var at At
	for b.Loop() {
		benchKey.NormalAt(at)
		at.Col++
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	var i uint64
	for b.Loop() {
		benchKey.Fold(i)
		i++
	}
}
