package line

import (
	"fmt"
	"testing"
)

// BenchmarkSolve solves the standard problem, G log-uniform from 1 to 100 µS
// on 1 Ω segments, to the default tolerance on one worker.
func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{64, 128, 256, 512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, 1, false) })
	}
}

// BenchmarkSolve10 is BenchmarkSolve with 10 Ω segments.
func BenchmarkSolve10(b *testing.B) {
	for _, n := range []int{64, 256, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 10, 1, false) })
	}
}

// BenchmarkSolveSigned is BenchmarkSolve with voltages of both signs, whose outputs cancel: for large
// arrays the bound then takes residuals in twice the precision.
func BenchmarkSolveSigned(b *testing.B) {
	for _, n := range []int{128, 512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			g, _ := standard(n)
			s, err := New(Network{Rows: n, Cols: n, RWord: 1, RBit: 1})
			if err != nil {
				b.Fatal(err)
			}
			s.Workers = 1
			if err := s.SetConductances(g); err != nil {
				b.Fatal(err)
			}
			v, dst := signed(newRand(1), n), make([]float64, n)
			var res Result
			for b.Loop() {
				if res, err = s.Solve(dst, v, nil); err != nil {
					b.Fatal(err)
				}
			}
			report(b, s, res, n)
		})
	}
}

// BenchmarkSolveParallel is BenchmarkSolve on two workers.
func BenchmarkSolveParallel(b *testing.B) {
	for _, n := range []int{256, 512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, 2, false) })
	}
}

// BenchmarkNewConductances includes the factorisation in every solution.
func BenchmarkNewConductances(b *testing.B) {
	for _, n := range []int{64, 128, 256, 512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, 1, true) })
	}
}

// BenchmarkLarge solves the standard problem once, factorisation included.
func BenchmarkLarge(b *testing.B) {
	for _, n := range []int{2048, 4096} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmark(b, n, 1, 1, true) })
	}
}

func benchmark(b *testing.B, n int, ohm float64, workers int, set bool) {
	g, v := standard(n)
	s, err := New(Network{Rows: n, Cols: n, RWord: ohm, RBit: ohm})
	if err != nil {
		b.Fatal(err)
	}
	s.Workers = workers
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
	report(b, s, res, n)
}

func report(b *testing.B, s *Solver, res Result, n int) {
	b.ReportMetric(float64(res.Iterations), "iterations")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*n), "ns/cell")
	b.ReportMetric(float64(s.memory())/1e6, "MB")
}

// memory returns the bytes of all matrices of a solver.
func (s *Solver) memory() int {
	f := s.f
	n := 0
	for _, x := range [][]float64{f.c, f.gw, f.gb, f.k, f.aw, f.ab, f.test, s.w, s.p, s.pt, s.r, s.z, s.ru, s.sw, s.sb} {
		n += 8 * len(x)
	}
	if q := s.feed; q != nil {
		n += 8 * (len(q.word) + len(q.bit) + len(q.u))
	}
	if q := s.spare; q != nil {
		n += 8 * (len(q.wLow) + len(q.u) + len(q.low) + len(q.e))
	}
	return n
}

// BenchmarkBatch solves 64 inputs on one worker and on two.
func BenchmarkBatch(b *testing.B) {
	const inputs = 64
	for _, n := range []int{64, 256, 512} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d/workers=%d", n, workers), func(b *testing.B) {
				g, _ := standard(n)
				s, err := New(Network{Rows: n, Cols: n, RWord: 1, RBit: 1})
				if err != nil {
					b.Fatal(err)
				}
				s.Workers = workers
				if err := s.SetConductances(g); err != nil {
					b.Fatal(err)
				}
				v, dst := signed(newRand(1), inputs*n), make([]float64, inputs*n)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.SolveBatch(dst, nil, v, nil); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/inputs/float64(n*n), "ns/cell")
			})
		}
	}
}

// BenchmarkNewton is a step of Newton's method: new conductances close to the last,
// all sources, a warm start. Half of the lines are open in the scheme.
func BenchmarkNewton(b *testing.B) {
	for _, open := range []bool{false, true} {
		for _, n := range []int{64, 256, 512} {
			b.Run(fmt.Sprintf("open=%t/%d", open, n), func(b *testing.B) {
				g, v := standard(n)
				s, err := New(Network{Rows: n, Cols: n, RWord: 1, RBit: 1})
				if err != nil {
					b.Fatal(err)
				}
				s.Workers = 1
				e := Elements{Device: g}
				if open {
					e.WordOpen, e.BitOpen = make([]bool, n), make([]bool, n)
					for i := range n {
						e.WordOpen[i], e.BitOpen[i] = i%2 == 1, i%2 == 1
					}
				}
				in := Sources{Word: v, Device: make([]float64, n*n), Warm: true}
				for k := range in.Device {
					in.Device[k] = 1e-3 * g[k]
				}
				dst := make([]float64, n)
				var res Result
				factor := 1.001
				b.ReportAllocs()
				for b.Loop() {
					for k := range g {
						g[k] *= factor
					}
					factor = 1 / factor
					if err := s.SetElements(e); err != nil {
						b.Fatal(err)
					}
					if res, err = s.SolveSources(dst, in, &Options{Tolerance: 1e-8}); err != nil {
						b.Fatal(err)
					}
				}
				report(b, s, res, n)
			})
		}
	}
}
