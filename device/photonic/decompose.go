package photonic

import (
	"fmt"
	"math"
	"math/cmplx"

	"mho/noise"
)

// The layouts of a mesh.
const (
	Clements = "clements" // rectangle: N columns deep
	Reck     = "reck"     // triangle: 2N-3 columns deep
)

// Schemes lists the layouts.
func Schemes() []string { return []string{Clements, Reck} }

// A Factor is a 2 x 2 unitary matrix on modes Top and Top+1.
type Factor struct {
	Top int
	Matrix2
}

// Factors are a unitary matrix as a product, in the order in which light passes them:
//
//	U = D F_K ... F_1,  K = N(N-1)/2,  D = diag(e^{i Output}).
//
// The modes of the factors, but not their matrices, are the same for every U of one
// size and scheme.
type Factors struct {
	Modes   int
	Scheme  string
	Factors []Factor
	Output  []float64 // rad
}

// unitaryTolerance is the largest entry of U†U - 1 that Decompose takes for rounding.
const unitaryTolerance = 1e-9

// Decompose returns the factors of the unitary n x n matrix u, row by row: the
// rectangle of W. R. Clements et al., Optica 3, 1460 (2016),
// doi:10.1364/OPTICA.3.001460, or the triangle of M. Reck et al., Phys. Rev. Lett. 73,
// 58 (1994), doi:10.1103/PhysRevLett.73.58. The error tells of an unknown
// scheme, a wrong size, a number that is not finite, or how far u is from unitary.
func Decompose(u []complex128, n int, scheme string) (*Factors, error) {
	if n < 1 || len(u) != n*n {
		return nil, fmt.Errorf("matrix of %d entries for %d modes: must be square with at least 1 mode", len(u), n)
	}
	if d := NonUnitarity(u, n); !(d <= unitaryTolerance) {
		return nil, fmt.Errorf("matrix is not unitary: the largest entry of U†U - 1 is %.3g, must be at most %g; SVD makes unitary factors of any matrix", d, unitaryTolerance)
	}
	if scheme != Clements && scheme != Reck {
		return nil, fmt.Errorf("scheme is %q: must be %s or %s", scheme, Clements, Reck)
	}
	w := append([]complex128(nil), u...)
	d := &Factors{Modes: n, Scheme: scheme, Output: make([]float64, n)}
	var left []Factor // factors that were multiplied from the left, in that order
	for _, s := range steps(n, scheme) {
		if s.fromLeft {
			m := nullLeft(w[(s.row-1)*n+s.col], w[s.row*n+s.col])
			m.rows(w, n, s.row-1)
			left = append(left, Factor{s.row - 1, m})
		} else {
			m := nullRight(w[s.row*n+s.col], w[s.row*n+s.col+1])
			m.dagger().columns(w, n, s.col)
			d.Factors = append(d.Factors, Factor{s.col, m})
		}
		w[s.row*n+s.col] = 0
	}
	// What is left is diagonal; it stands between both kinds of factors, U = L†...L† D R...R.
	// Its phases go into the first factors from the left that light meets.
	diagonal := make([]complex128, n)
	for k := range n {
		diagonal[k] = w[k*n+k] / complex(cmplx.Abs(w[k*n+k]), 0)
	}
	for k := len(left) - 1; k >= 0; k-- {
		t := left[k].Top
		m := left[k].dagger().mul(Matrix2{diagonal[t], 0, 0, diagonal[t+1]})
		diagonal[t], diagonal[t+1] = 1, 1
		d.Factors = append(d.Factors, Factor{t, m})
	}
	for k, z := range diagonal {
		d.Output[k] = cmplx.Phase(z)
	}
	return d, nil
}

// A step of a decomposition nulls an entry by a factor on its columns col and col+1, or on its
// rows row-1 and row.
type step struct {
	row, col int
	fromLeft bool
}

func steps(n int, scheme string) []step {
	var s []step
	if scheme == Reck {
		for r := n - 1; r > 0; r-- {
			for c := range r {
				s = append(s, step{r, c, false})
			}
		}
		return s
	}
	for k := range n - 1 {
		for j := range k + 1 {
			if k%2 == 0 {
				s = append(s, step{n - 1 - j, k - j, false})
			} else {
				s = append(s, step{n - 1 - k + j, j, true})
			}
		}
	}
	return s
}

// nullRight returns M for which the first entry of (a, b) M† is zero.
func nullRight(a, b complex128) Matrix2 {
	theta, phi := nullPhases(-b, a)
	return Interferometer(theta, phi, 0, 0)
}

// nullLeft returns M for which the second entry of M (a, b)ᵀ is zero.
func nullLeft(a, b complex128) Matrix2 {
	theta, phi := nullPhases(a, b)
	return Interferometer(theta, phi, 0, 0)
}

// nullPhases returns θ and φ with tan(θ/2) e^{-iφ} = p/q.
func nullPhases(p, q complex128) (theta, phi float64) {
	if p == 0 {
		return 0, 0
	}
	theta = 2 * math.Atan2(cmplx.Abs(p), cmplx.Abs(q))
	if q != 0 {
		phi = -cmplx.Phase(p * cmplx.Conj(q))
	}
	return theta, phi
}

// Matrix returns the product of the factors, Modes x Modes.
func (d *Factors) Matrix() []complex128 {
	u := identity(d.Modes)
	for _, f := range d.Factors {
		f.rows(u, d.Modes, f.Top)
	}
	for k, p := range d.Output {
		scale(u[k*d.Modes:][:d.Modes], cmplx.Exp(complex(0, p)))
	}
	return u
}

// NonUnitarity returns the largest magnitude of the entries of U†U - 1 of an n x n matrix.
func NonUnitarity(u []complex128, n int) float64 {
	worst := 0.0
	row := make([]complex128, n)
	for i := range n {
		clear(row)
		for k := range n {
			c := cmplx.Conj(u[k*n+i])
			for j, x := range u[k*n:][:n] {
				row[j] += c * x
			}
		}
		row[i]--
		for _, x := range row {
			if a := cmplx.Abs(x); a > worst || math.IsNaN(a) {
				worst = a
			}
			if math.IsNaN(worst) {
				return worst
			}
		}
	}
	return worst
}

// Haar returns an n x n unitary matrix that is uniform over the unitary group: the
// orthonormalised columns of a matrix of complex normal numbers, F. Mezzadri, Notices AMS
// 54, 592 (2007), arXiv:math-ph/0609050. It panics if n is below 1.
func Haar(n int, key noise.Key) []complex128 {
	if n < 1 {
		panic("photonic: a matrix needs at least 1 mode")
	}
	re, im := make([]float64, n), make([]float64, n)
	rows := make([]complex128, n*n)
	for i := range n {
		key.Fold(0).Normal(re, noise.At{Row: uint32(i)})
		key.Fold(1).Normal(im, noise.At{Row: uint32(i)})
		for j := range n {
			rows[i*n+j] = complex(re[j], im[j])
		}
	}
	orthonormalise(rows, n, n)
	return rows
}

// orthonormalise makes the m rows of n numbers orthonormal, each with a positive coefficient in
// its new direction. Every projection is done twice, so that rounding does not add up.
func orthonormalise(rows []complex128, m, n int) {
	for i := range m {
		r := rows[i*n:][:n]
		for range 2 {
			for k := range i {
				p := rows[k*n:][:n]
				subtract(r, p, inner(p, r))
			}
		}
		scale(r, complex(1/norm(r), 0))
	}
}

// inner returns Σ conj(a) b.
func inner(a, b []complex128) complex128 {
	var s complex128
	for k, x := range a {
		s += cmplx.Conj(x) * b[k]
	}
	return s
}

// subtract sets r to r - c p.
func subtract(r, p []complex128, c complex128) {
	for k, x := range p {
		r[k] -= c * x
	}
}

func norm(r []complex128) float64 {
	s := 0.0
	for _, x := range r {
		s += real(x)*real(x) + imag(x)*imag(x)
	}
	return math.Sqrt(s)
}

func scale(r []complex128, c complex128) {
	for k := range r {
		r[k] *= c
	}
}

func identity(n int) []complex128 {
	u := make([]complex128, n*n)
	for k := range n {
		u[k*n+k] = 1
	}
	return u
}
