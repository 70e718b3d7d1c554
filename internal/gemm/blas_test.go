package gemm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// Both the products here and those of gonum keep the bound of the package comment,
// so they differ by at most twice as much.
func TestAgainstGonum(t *testing.T) {
	eachPath(t,
		func(t *testing.T) {
			againstGonum(t, func(ta, tb blas.Transpose, alpha float32, a, b Matrix[float32], beta float32, c Matrix[float32]) {
				of := func(m Matrix[float32]) blas32.General {
					return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
				}
				blas32.Gemm(ta, tb, alpha, of(a), of(b), beta, of(c))
			})
		},
		func(t *testing.T) {
			againstGonum(t, func(ta, tb blas.Transpose, alpha float64, a, b Matrix[float64], beta float64, c Matrix[float64]) {
				of := func(m Matrix[float64]) blas64.General {
					return blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Data}
				}
				blas64.Gemm(ta, tb, alpha, of(a), of(b), beta, of(c))
			})
		})
}

func againstGonum[T Float](t *testing.T, gemm func(ta, tb blas.Transpose, alpha T, a, b Matrix[T], beta T, c Matrix[T])) {
	m := mixer(7)
	transpose := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	for _, s := range [][3]int{{1, 128, 128}, {7, 100, 90}, {64, 64, 64}, {100, 130, 270}, {200, 4, 310}} {
		for layout := range 4 {
			a, b := random[T](&m, s[0], s[2], 1, layout&1 != 0), random[T](&m, s[2], s[1], 2, layout&2 != 0)
			old := random[T](&m, s[0], s[1], 3, false)
			got, want := clone(old), clone(old)
			Mul(got, -1, a, b, 0.5, 2)
			gemm(transpose[a.Trans], transpose[b.Trans], -1, a, b, 0.5, want)
			for i := range s[0] {
				for j := range s[1] {
					size := math.Abs(0.5 * float64(elem(old, i, j)))
					for k := range s[2] {
						size += math.Abs(float64(elem(a, i, k) * elem(b, k, j)))
					}
					bound := 2 * float64(s[2]+3) * roundoff[T]() * size * (1 + 1e-4)
					if d := math.Abs(float64(elem(got, i, j) - elem(want, i, j))); !(d <= bound) {
						t.Fatalf("%v layout %d: C[%d][%d] = %v, gonum %v, allowed difference %g", s, layout, i, j, elem(got, i, j), elem(want, i, j), bound)
					}
				}
			}
		}
	}
}
