package line

import (
	"fmt"
	"testing"
)

// BenchmarkSolve solves the standard problem, G log-uniform from 1 to 100 µS
// on 1 Ω segments, to the default tolerance on one worker.
func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{64, 128, 256, 512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, false) })
	}
}

// BenchmarkSolve10 is BenchmarkSolve with 10 Ω segments.
func BenchmarkSolve10(b *testing.B) {
	for _, n := range []int{64, 256, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 10, false) })
	}
}

// BenchmarkNewConductances includes the factorisation in every solution.
func BenchmarkNewConductances(b *testing.B) {
	for _, n := range []int{64, 256, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, true) })
	}
}

func benchmark(b *testing.B, n int, ohm float64, set bool) {
	g, v := standard(n)
	s, err := New(Network{Rows: n, Cols: n, RWord: ohm, RBit: ohm})
	if err != nil {
		b.Fatal(err)
	}
	s.Workers = 1
	dst := make([]float64, n)
	var res Result
	if err := s.SetConductances(g); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if set {
			if err := s.SetConductances(g); err != nil {
				b.Fatal(err)
			}
		}
		if res, err = s.Solve(dst, v, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(res.Iterations), "iterations")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*n), "ns/cell")
}
