package photonic

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// SVD returns the singular value decomposition of the m x n matrix a, row by row,
//
//	a = U diag(s) V†,
//
// with unitary U (m x m) and V† (n x n) and the min(m, n) singular values in falling
// order, by one-sided rotations of Jacobi (Z. Drmač and K. Veselić, SIAM J. Matrix
// Anal. Appl. 29, 1322 (2008), doi:10.1137/050639193). The error tells of a wrong size or a number that is not
// finite.
func SVD(a []complex128, m, n int) (u []complex128, s []float64, vh []complex128, err error) {
	if m < 1 || n < 1 || len(a) != m*n {
		return nil, nil, nil, fmt.Errorf("matrix of %d entries for %d x %d: must have as many as that", len(a), m, n)
	}
	for i, x := range a {
		if cmplx.IsNaN(x) || cmplx.IsInf(x) {
			return nil, nil, nil, fmt.Errorf("entry %d, %d of the matrix is %g: must be finite", i/n, i%n, x)
		}
	}
	if m < n {
		// a† = V s U†.
		v, s, uh, err := SVD(dagger(a, m, n), n, m)
		return dagger(uh, m, m), s, dagger(v, n, n), err
	}
	// Rows of b are the columns of a, and come to be those of U S; rows of w those of V.
	b, w := make([]complex128, m*n), identity(n)
	for i := range m {
		for j := range n {
			b[j*m+i] = a[i*n+j]
		}
	}
	jacobi(b, w, m, n)
	order := make([]int, n)
	size := make([]float64, n)
	for j := range n {
		order[j], size[j] = j, norm(b[j*m:][:m])
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case size[i] > size[j]:
			return -1
		case size[i] < size[j]:
			return 1
		}
		return 0
	})
	s = make([]float64, n)
	columns := make([]complex128, m*m)
	vh = make([]complex128, n*n)
	rank := 0
	for k, j := range order {
		s[k] = size[j]
		if size[j] > 1e-300 && size[j] > 1e-16*size[order[0]] {
			copy(columns[k*m:], b[j*m:][:m])
			scale(columns[k*m:][:m], complex(1/size[j], 0))
			rank++
		}
		for i := range n {
			vh[k*n+i] = cmplx.Conj(w[j*n+i])
		}
	}
	complete(columns, m, rank)
	return transpose(columns, m), s, vh, nil
}

// jacobi rotates pairs of the n rows of b, m numbers each, until all are orthogonal, and those of
// w with them.
func jacobi(b, w []complex128, m, n int) {
	for range 60 {
		rotated := false
		for p := range n {
			for q := p + 1; q < n; q++ {
				x, y := b[p*m:][:m], b[q*m:][:m]
				g := inner(x, y)
				nx, ny := norm(x), norm(y)
				size := cmplx.Abs(g)
				if size <= 1e-15*nx*ny || size == 0 {
					continue
				}
				rotated = true
				zeta := (ny - nx) * (ny + nx) / (2 * size)
				t := 1 / (math.Abs(zeta) + math.Hypot(1, zeta))
				if zeta < 0 {
					t = -t
				}
				c := 1 / math.Hypot(1, t)
				e := g / complex(size, 0)
				cs, sn := complex(c, 0), complex(c*t, 0)
				for _, v := range [2][2][]complex128{{x, y}, {w[p*n:][:n], w[q*n:][:n]}} {
					for k, xk := range v[0] {
						yk := v[1][k] * cmplx.Conj(e)
						v[0][k], v[1][k] = cs*xk-sn*yk, sn*xk+cs*yk
					}
				}
			}
		}
		if !rotated {
			return
		}
	}
}

// complete adds orthonormal rows of m numbers to the first rank.
func complete(rows []complex128, m, rank int) {
	for axis := 0; rank < m; axis++ {
		r := rows[rank*m:][:m]
		clear(r)
		r[axis%m] = 1
		for range 2 {
			for k := range rank {
				p := rows[k*m:][:m]
				subtract(r, p, inner(p, r))
			}
		}
		// Among m axes one keeps at least sqrt((m - rank)/m) of its length.
		if l := norm(r); l*l*float64(m) >= 0.5*float64(m-rank) || axis >= m && l > 1e-8 {
			scale(r, complex(1/l, 0))
			rank++
		}
	}
}

func dagger(a []complex128, m, n int) []complex128 {
	b := make([]complex128, len(a))
	for i := range m {
		for j := range n {
			b[j*m+i] = cmplx.Conj(a[i*n+j])
		}
	}
	return b
}

func transpose(a []complex128, n int) []complex128 {
	b := make([]complex128, len(a))
	for i := range n {
		for j := range n {
			b[j*n+i] = a[i*n+j]
		}
	}
	return b
}

// RealSVD is SVD of a real matrix, by LAPACK's method: U and V† are real. The error also tells that
// it did not converge.
func RealSVD(a []float64, m, n int) (u []complex128, s []float64, vh []complex128, err error) {
	if m < 1 || n < 1 || len(a) != m*n {
		return nil, nil, nil, fmt.Errorf("matrix of %d entries for %d x %d: must have as many as that", len(a), m, n)
	}
	for i, x := range a {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, nil, nil, fmt.Errorf("entry %d, %d of the matrix is %g: must be finite", i/n, i%n, x)
		}
	}
	var d mat.SVD
	if !d.Factorize(mat.NewDense(m, n, slices.Clone(a)), mat.SVDFull) {
		return nil, nil, nil, fmt.Errorf("singular values of the %d x %d matrix: the iteration did not converge", m, n)
	}
	var left, right mat.Dense
	d.UTo(&left)
	d.VTo(&right)
	u, vh = make([]complex128, m*m), make([]complex128, n*n)
	for i := range m {
		for j := range m {
			u[i*m+j] = complex(left.At(i, j), 0)
		}
	}
	for i := range n {
		for j := range n {
			vh[i*n+j] = complex(right.At(j, i), 0)
		}
	}
	return u, d.Values(nil), vh, nil
}
