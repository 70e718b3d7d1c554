package vmath

import (
	"math"
	"testing"
)

func newAffine(n int) *Affine {
	a := &Affine{Min: make([]float32, n), Max: make([]float32, n)}
	for d := range 2 {
		a.Slope[d], a.Offset[d] = make([]float32, n), make([]float32, n)
	}
	return a
}

// walks returns n walks with steps of both signs, also past their fixed points, and
// where they stand.
func walks(n int) (*Affine, []float64, []int8, []float32) {
	a, w, count, z := newAffine(n), make([]float64, n), make([]int8, n), make([]float32, n)
	m := mixer(5)
	unit := func() float64 { return 2*Unit(m.next()) - 1 }
	for i := range w {
		w[i], z[i], count[i] = unit(), float32(3*unit()), int8(m.next()%129)-64
		a.Min[i], a.Max[i] = float32(-0.5+0.6*unit()), float32(0.5+0.6*unit())
		for d := range 2 {
			a.Slope[d][i], a.Offset[d][i] = float32(0.05*unit()), float32(0.002*unit())
			switch m.next() % 8 {
			case 0:
				a.Slope[d][i] = 0
			case 1:
				a.Slope[d][i] = float32(-1.5 * Unit(m.next()))
			}
		}
	}
	if n > 3 {
		w[1], w[2], count[1] = 0, math.Copysign(0, -1), 0
	}
	return a, w, count, z
}

// TestWalkPathsAgree compares every path with the Go twin bit by bit.
func TestWalkPathsAgree(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for n := range 200 {
			for _, first := range []int{0, 3} {
				if first > n {
					continue
				}
				a, w, count, z := walks(n)
				want := append([]float64(nil), w...)
				before := Use(Go)
				a.Walk(want, first, count[first:], z[first:], 0.3, 64)
				Use(before)
				a.Walk(w, first, count[first:], z[first:], 0.3, 64)
				for i := range w {
					if math.Float64bits(w[i]) != math.Float64bits(want[i]) {
						t.Fatalf("length %d: element %d with %d steps is at %v, want %v", n, i, count[i], w[i], want[i])
					}
				}
			}
		}
	})
}

// TestWalkMoments compares mean and standard deviation with those of steps taken one
// after the other in float64: of the recursion of the first two moments.
func TestWalkMoments(t *testing.T) {
	const sigma = 0.3
	for _, slope := range []float32{0, 1e-6, -1e-3, 0.01, -0.02, 0.03} {
		for _, n := range []int8{1, 2, 3, 7, 8, 31, 64, -1, -5, -64} {
			at := func(z float32) float64 {
				a := newAffine(1)
				for d := range 2 {
					a.Min[0], a.Max[0] = -10, 10
					a.Slope[d][0], a.Offset[d][0] = slope, []float32{0.001, -0.002}[d]
				}
				w := []float64{0.25}
				a.Walk(w, 0, []int8{n}, []float32{z}, sigma, 64)
				return w[0]
			}
			steps, offset := int(n), float64(float32(0.001))
			if n < 0 {
				steps, offset = -steps, float64(float32(-0.002))
			}
			s := float64(slope)
			mean, square := 0.25, 0.0 // the mean, and the variance
			step := s*mean + offset
			m1, m2 := step, step*step // moments of the step
			for range steps {
				mean += m1
				square = square*(1+s)*(1+s) + sigma*sigma*m2
				m1 *= 1 + s
				m2 *= (1+s)*(1+s) + s*s*sigma*sigma
			}
			if got := at(0); math.Abs(got-mean) > 2e-6*math.Abs(mean-0.25) {
				t.Errorf("slope %g, %d steps: the mean is %v, want %v", slope, n, got, mean)
			}
			if got, want := math.Abs(at(1)-at(0)), math.Sqrt(square); math.Abs(got-want) > 1e-4*want {
				t.Errorf("slope %g, %d steps: the standard deviation is %v, want %v", slope, n, got, want)
			}
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	a, w, count, z := walks(256)
	for i := range count {
		count[i] %= 16
	}
	benchmarkPaths(b, len(w), func() { a.Walk(w, 0, count, z, 0.3, 15) })
}
