package photonic

import (
	"math"
	"math/cmplx"
)

// A Matrix2 is a 2 x 2 matrix of fields, row by row.
type Matrix2 [4]complex128

// Interferometer returns the matrix of a Mach-Zehnder interferometer,
//
//	M = BS(β) PS(θ) BS(α) PS(φ),  BS(α) = [[cos, i sin], [i sin, cos]](π/4 + α),
//
// whose phase shifters PS are in the upper arm: θ, in rad, between the splitters
// and φ before them. α and β are the errors of the splitters, in rad. Without errors
//
//	M = i e^{iθ/2} [[sin(θ/2) e^{iφ}, cos(θ/2)], [cos(θ/2) e^{iφ}, -sin(θ/2)]]:
//
// θ = 0 is the cross state and θ = π the bar state. With errors the bar output of the
// cross state keeps the power sin²(α+β), and the cross output of the bar state
// sin²(α-β); neither can be tuned away.
func Interferometer(theta, phi, alpha, beta float64) Matrix2 {
	sa, ca := math.Sincos(math.Pi/4 + alpha)
	sb, cb := math.Sincos(math.Pi/4 + beta)
	st, ct := math.Sincos(theta)
	sp, cp := math.Sincos(phi)
	e, f := complex(ct, st), complex(cp, sp)
	i := complex(0, 1)
	return Matrix2{
		f * (complex(ca*cb, 0)*e - complex(sa*sb, 0)), i * (complex(cb*sa, 0)*e + complex(sb*ca, 0)),
		f * i * (complex(sb*ca, 0)*e + complex(cb*sa, 0)), complex(ca*cb, 0) - complex(sa*sb, 0)*e,
	}
}

// mul returns a b.
func (a Matrix2) mul(b Matrix2) Matrix2 {
	return Matrix2{
		a[0]*b[0] + a[1]*b[2], a[0]*b[1] + a[1]*b[3],
		a[2]*b[0] + a[3]*b[2], a[2]*b[1] + a[3]*b[3],
	}
}

// dagger returns the conjugate transpose of a.
func (a Matrix2) dagger() Matrix2 {
	return Matrix2{cmplx.Conj(a[0]), cmplx.Conj(a[2]), cmplx.Conj(a[1]), cmplx.Conj(a[3])}
}

// rows sets rows top and top+1 of u (n columns) to a times them.
func (a Matrix2) rows(u []complex128, n, top int) {
	x, y := u[top*n:][:n], u[(top+1)*n:][:n]
	for j, p := range x {
		q := y[j]
		x[j], y[j] = a[0]*p+a[1]*q, a[2]*p+a[3]*q
	}
}

// columns multiplies columns left and left+1 of the n x n matrix u by a from the right.
func (a Matrix2) columns(u []complex128, n, left int) {
	for k := left; k < len(u); k += n {
		p, q := u[k], u[k+1]
		u[k], u[k+1] = p*a[0]+q*a[2], p*a[1]+q*a[3]
	}
}

// fit returns the phases of an interferometer with splitter errors α and β that come
// nearest to v but for phases of the outputs, which it returns too,
//
//	v = diag(e^{i out0}, e^{i out1}) M(θ, φ),
//
// and whether v is reached: a splitting beyond what the errors allow is not.
// This is the local correction of S. Bandyopadhyay, R. Hamerly and D. Englund,
// Optica 8, 1247 (2021), arXiv:2103.04993.
func fit(v Matrix2, alpha, beta float64) (theta, phi, out0, out1 float64, reached bool) {
	sa, ca := math.Sincos(math.Pi/4 + alpha)
	sb, cb := math.Sincos(math.Pi/4 + beta)
	// |M_11|² = lo + (hi - lo) sin²(θ/2) between the powers of cross and bar state.
	lo, span := math.Abs(ca*cb-sa*sb), 4*sa*sb*ca*cb
	bar := cmplx.Abs(v[0])
	s := (bar - lo) * (bar + lo) / span
	const rounding = 1e-12
	reached = s >= -rounding && s <= 1+rounding
	s = min(max(s, 0), 1)
	// Near the bar state the arc sine is ill-conditioned, so take it from the other port.
	if s < 0.5 {
		theta = 2 * math.Asin(math.Sqrt(s))
	} else {
		hi := math.Abs(ca*sb - sa*cb) // least field in the cross port
		cross := cmplx.Abs(v[1])
		theta = 2 * math.Acos(math.Sqrt(min(max((cross-hi)*(cross+hi)/span, 0), 1)))
	}
	m := Interferometer(theta, 0, alpha, beta)
	if a, b := cmplx.Abs(m[0])*bar, cmplx.Abs(m[1])*cmplx.Abs(v[1]); a > 0 && b > 0 {
		phi = cmplx.Phase(v[0] * cmplx.Conj(v[1]) * cmplx.Conj(m[0]) * m[1])
	}
	// One column is exact where the other vanishes.
	f := cmplx.Exp(complex(0, phi))
	m[0] *= f
	m[2] *= f
	out0 = cmplx.Phase(v[0]*cmplx.Conj(m[0]) + v[1]*cmplx.Conj(m[1]))
	out1 = cmplx.Phase(v[2]*cmplx.Conj(m[2]) + v[3]*cmplx.Conj(m[3]))
	return theta, phi, out0, out1, reached
}
