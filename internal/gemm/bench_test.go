package gemm

import (
	"fmt"
	"testing"
)

func benchmark[T Float](b *testing.B, rows, cols, depth int, ta, tb bool, workers int) {
	m := mixer(1)
	x, w, y := random[T](&m, rows, depth, 0, ta), random[T](&m, depth, cols, 0, tb), random[T](&m, rows, cols, 0, false)
	b.ReportAllocs()
	for b.Loop() {
		Mul(y, 1, x, w, 0, workers)
	}
	b.ReportMetric(2*float64(rows)*float64(cols)*float64(depth)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GF/s")
}

func benchmarkTypes(b *testing.B, name string, rows, cols, depth int, ta, tb bool, workers int) {
	for _, p := range Paths() {
		b.Run(fmt.Sprintf("float32/%s/%s", name, p), func(b *testing.B) {
			defer Use(Use(p))
			benchmark[float32](b, rows, cols, depth, ta, tb, workers)
		})
		b.Run(fmt.Sprintf("float64/%s/%s", name, p), func(b *testing.B) {
			defer Use(Use(p))
			benchmark[float64](b, rows, cols, depth, ta, tb, workers)
		})
	}
}

// Square products, the second factor as stored and transposed.
func BenchmarkMul(b *testing.B) {
	for _, n := range []int{64, 256, 512, 1024} {
		for workers := 1; workers <= 2; workers++ {
			benchmarkTypes(b, fmt.Sprintf("nn/%d/workers=%d", n, workers), n, n, n, false, false, workers)
		}
	}
	benchmarkTypes(b, "nt/1024/workers=1", 1024, 1024, 1024, false, true, 1)
	benchmarkTypes(b, "tn/1024/workers=1", 1024, 1024, 1024, true, false, 1)
}

// Products of few vectors by a square matrix.
func BenchmarkMulThin(b *testing.B) {
	for _, rows := range []int{1, 8, 16, 24} {
		for workers := 1; workers <= 2; workers++ {
			benchmarkTypes(b, fmt.Sprintf("nn/%dx1024/workers=%d", rows, workers), rows, 1024, 1024, false, false, workers)
			benchmarkTypes(b, fmt.Sprintf("nt/%dx1024/workers=%d", rows, workers), rows, 1024, 1024, false, true, workers)
		}
	}
}
