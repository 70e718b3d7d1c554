package line

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// eachPath runs f under every path of this machine.
func eachPath(t *testing.T, f func(t *testing.T)) {
	defer func(p path) { current = p }(current)
	for p := pathGo; p <= best(); p++ {
		t.Run(p.String(), func(t *testing.T) {
			current = p
			f(t)
		})
	}
}

// guarded returns n random numbers with NaN on both sides, which a kernel must
// neither use nor change.
func guarded(seed uint64, n int) (all, x []float64) {
	all = make([]float64, n+32)
	fill(all, math.NaN())
	x = all[16 : 16+n : 16+n]
	copy(x, signed(newRand(seed), n))
	return all, x
}

func intact(all []float64) bool {
	for _, x := range slices.Concat(all[:16], all[len(all)-16:]) {
		if !math.IsNaN(x) {
			return false
		}
	}
	return true
}

// TestPathsAgree compares every path with the Go twin bit by bit.
func TestPathsAgree(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, rows := range []int{1, 2, 3, 8, 17, 100} {
			for _, one := range []bool{false, true} {
				n := rows * panelCols
				m := n
				if one {
					m = panelCols
				}
				run := func(f func(z, p, w, c, a []float64, out []float64)) []float64 {
					var got []float64
					az, z := guarded(1, n)
					ap, p := guarded(2, n)
					aw, w := guarded(3, n)
					_, c := guarded(4, m)
					_, a := guarded(5, m)
					out := make([]float64, 2*panelCols)
					f(z, p, w, c, a, out)
					if !intact(az) || !intact(ap) || !intact(aw) {
						t.Errorf("%d rows: guards changed", rows)
					}
					return append(append(append(append(got, z...), p...), w...), out...)
				}
				check := func(name string, got, want []float64) {
					if !slices.Equal(got, want) {
						t.Errorf("%s, %d rows, one row of coefficients %t: other bits than in Go", name, rows, one)
					}
				}
				check("forward", run(func(z, p, w, c, a, _ []float64) { forward(z, p, c, a) }),
					run(func(z, p, w, c, a, _ []float64) { forwardGo(z, p, c, a) }))
				var ends [2]lanes
				collect := func(out []float64) { copy(out, ends[0][:]); copy(out[panelCols:], ends[1][:]) }
				check("backward", run(func(z, p, w, c, a, out []float64) { backward(z, c, a, &ends); collect(out) }),
					run(func(z, p, w, c, a, out []float64) { backwardGo(z, c, a, &ends); collect(out) }))
				check("move", run(func(z, p, w, c, a, _ []float64) { moveAlong(z, p, 0.3) }),
					run(func(z, p, w, c, a, _ []float64) { moveGo(z, p, 0.3) }))
				var sums lanes
				_, full := guarded(6, n)
				check("advance", run(func(z, p, w, c, a, out []float64) { advance(z, p, w, full, a, 0.7, -0.2, &sums); copy(out, sums[:]) }),
					run(func(z, p, w, c, a, out []float64) { advanceGo(z, p, w, full, a, 0.7, -0.2, &sums); copy(out, sums[:]) }))
			}
		}
		for _, panels := range []int{1, 2, 5} {
			for _, stride := range []int{tile, 3 * tile} {
				n := (panels-1)*stride + tile
				run := func(f func(z, a, r, p []float64, sums *lanes)) []float64 {
					az, z := guarded(1, n)
					_, a := guarded(2, n)
					ar, r := guarded(3, n)
					ap, p := guarded(4, n)
					var sums lanes
					f(z, a, r, p, &sums)
					if !intact(az) || !intact(ap) || !intact(ar) {
						t.Errorf("%d panels: guards changed", panels)
					}
					return slices.Concat(z, r, p, sums[:])
				}
				got := run(func(z, a, r, p []float64, sums *lanes) { lines(z, a, r, p, panels, stride, 0.4, 0.6, sums) })
				want := run(func(z, a, r, p []float64, sums *lanes) { linesGo(z, a, r, p, panels, stride, 0.4, 0.6, sums) })
				if !slices.Equal(got, want) {
					t.Errorf("lines, %d panels, stride %d: other bits than in Go", panels, stride)
				}
			}
		}
	})
}

// BenchmarkKernels times the passes of an iteration on every path, 256 x 256.
func BenchmarkKernels(b *testing.B) {
	defer func(p path) { current = p }(current)
	const n = 256
	g := newGrid(n, n)
	m := func() []float64 { return make([]float64, g.size) }
	z, p, w, c, a, r := m(), m(), m(), m(), m(), m()
	for _, x := range []path{pathGo, pathAVX2, pathAVX512} {
		if x > best() {
			continue
		}
		time := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%s", name, x), func(b *testing.B) {
				current = x
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/n, "ns/cell")
			})
		}
		var sums lanes
		var ends [2]lanes
		time("columns", func() {
			for k := range g.panels {
				advance(g.panel(z, k), g.panel(p, k), g.panel(w, k), g.panel(c, k), g.panel(a, k), 0.5, 0.5, &sums)
				backward(g.panel(z, k), g.panel(c, k), g.panel(a, k), &ends)
			}
		})
		time("lines", func() {
			for k := range g.blocks {
				lines(z[k*tile:], a[k*tile:], r[k*tile:], p[k*tile:], g.panels, g.stride, 0.5, 0.5, &sums)
			}
		})
	}
}
