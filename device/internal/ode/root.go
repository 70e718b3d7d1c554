package ode

// crossing encloses the change of sign of g between a and b, a < b, with
// ga = g(a) and gb = g(b) of opposite sign or zero, in an interval no wider than
// tol and returns its upper end, where g has the sign of gb or is zero. It is
// regula falsi in the Illinois variant with every third step a bisection, so the
// interval shrinks whatever g is; Dowell and Jarratt, BIT 11, 168 (1971),
// doi:10.1007/BF01934364.
func crossing(g func(x float64) float64, a, b, ga, gb, tol float64) float64 {
	up := gb > 0
	kept := 0
	for k := 0; b-a > tol && gb != 0; k++ {
		x := a + (b-a)*(ga/(ga-gb))
		if k%3 == 2 {
			x = a + 0.5*(b-a)
		}
		// A guess nearer than half tol to an end could not close the interval.
		x = min(max(x, a+0.5*tol), b-0.5*tol)
		if !(x > a && x < b) {
			return b
		}
		gx := g(x)
		if gx == 0 || (gx > 0) == up {
			b, gb = x, gx
			if kept == 1 {
				ga *= 0.5
			}
			kept = 1
		} else {
			a, ga = x, gx
			if kept == -1 {
				gb *= 0.5
			}
			kept = -1
		}
	}
	return b
}
