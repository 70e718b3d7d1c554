//go:build !race

package gemm

import "testing"

// The race detector makes sync.Pool drop what it holds, so this runs without it.
func TestAllocations(t *testing.T) {
	m := mixer(8)
	for _, s := range [][3]int{{100, 100, 100}, {130, 140, 150}, {1, 1000, 1100}, {1000, 2, 1100}, {3, 1000, 1000}} {
		for layout := range 4 {
			for workers := 1; workers <= 3; workers++ {
				a, b := random[float32](&m, s[0], s[2], 0, layout&1 != 0), random[float32](&m, s[2], s[1], 0, layout&2 != 0)
				c := random[float32](&m, s[0], s[1], 0, false)
				if n := testing.AllocsPerRun(10, func() { Mul(c, 1, a, b, 0, workers) }); n > 0 {
					t.Errorf("%v layout %d, %d workers: %v allocations per product, want 0", s, layout, workers, n)
				}
			}
		}
	}
	a, b, c := random[float32](&m, 60, 300, 0, false), random[float32](&m, 300, 200, 0, false), random[float32](&m, 60, 200, 0, false)
	var f Factor[float32]
	if n := testing.AllocsPerRun(10, func() { f.Pack(b, 2); f.Mul(c, 1, a, 0, 2) }); n > 0 {
		t.Errorf("a factor: %v allocations, want 0", n)
	}
}
