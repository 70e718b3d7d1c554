package line

// The functions of this file are the inner loops: plain passes over slices of
// equal length, without allocation. Word line passes treat four lines at once,
// because the recurrence along one line leaves the arithmetic units idle.

// advance starts the conjugate gradient step of one array row and the forward
// elimination of the bit lines,
//
//	p = y + beta p,  mp = r + beta mp,  y = scale c p + aPrev yPrev.
func advance(y, p, mp, r, c, aPrev, yPrev []float64, beta, scale float64) {
	p = p[:len(y)]
	mp = mp[:len(y)]
	r = r[:len(y)]
	c = c[:len(y)]
	aPrev = aPrev[:len(y)]
	yPrev = yPrev[:len(y)]
	for j := range y {
		x := y[j] + beta*p[j]
		p[j] = x
		mp[j] = r[j] + beta*mp[j]
		y[j] = scale*c[j]*x + aPrev[j]*yPrev[j]
	}
}

// substitute is one row of the back substitution along bit lines fused with
// the product with S,
//
//	q = a (y + q),  y = mp - c q,
//
// and returns p·y, in four sums whose order depends on len(y) only.
func substitute(y, q, a, mp, c, p []float64) float64 {
	n := len(y)
	q, a, mp, c, p = q[:n], a[:n], mp[:n], c[:n], p[:n]
	var s0, s1, s2, s3 float64
	j := 0
	for ; j+3 < n; j += 4 {
		q0 := a[j] * (y[j] + q[j])
		q1 := a[j+1] * (y[j+1] + q[j+1])
		q2 := a[j+2] * (y[j+2] + q[j+2])
		q3 := a[j+3] * (y[j+3] + q[j+3])
		q[j], q[j+1], q[j+2], q[j+3] = q0, q1, q2, q3
		t0 := mp[j] - c[j]*q0
		t1 := mp[j+1] - c[j+1]*q1
		t2 := mp[j+2] - c[j+2]*q2
		t3 := mp[j+3] - c[j+3]*q3
		y[j], y[j+1], y[j+2], y[j+3] = t0, t1, t2, t3
		s0 += p[j] * t0
		s1 += p[j+1] * t1
		s2 += p[j+2] * t2
		s3 += p[j+3] * t3
	}
	for ; j < n; j++ {
		q[j] = a[j] * (y[j] + q[j])
		y[j] = mp[j] - c[j]*q[j]
		s0 += p[j] * y[j]
	}
	return (s0 + s1) + (s2 + s3)
}

// product is the part of substitute that follows the back substitution,
// y = mp - c q, and returns p·y.
func product(y, q, mp, c, p []float64) float64 {
	q, mp, c, p = q[:len(y)], mp[:len(y)], c[:len(y)], p[:len(y)]
	var s float64
	for j := range y {
		y[j] = mp[j] - c[j]*q[j]
		s += p[j] * y[j]
	}
	return s
}

// forwardRow is one row of the forward elimination along bit lines,
// y = scale f + aPrev yPrev. y and f may be the same.
func forwardRow(y, f, aPrev, yPrev []float64, scale float64) {
	f, aPrev, yPrev = f[:len(y)], aPrev[:len(y)], yPrev[:len(y)]
	for j := range y {
		y[j] = scale*f[j] + aPrev[j]*yPrev[j]
	}
}

// backwardRow is one row of the back substitution along bit lines,
// y = a (y + next).
func backwardRow(y, a, next []float64) {
	a, next = a[:len(y)], next[:len(y)]
	for j := range y {
		y[j] = a[j] * (y[j] + next[j])
	}
}

// step moves the solution and the residual along the search direction,
// x += alpha p, r -= alpha t.
func step(x, p, r, t []float64, alpha float64) {
	p, r, t = p[:len(x)], r[:len(x)], t[:len(x)]
	for j := range x {
		x[j] += alpha * p[j]
		r[j] -= alpha * t[j]
	}
}

// multiply sets dst = a b.
func multiply(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for j := range dst {
		dst[j] = a[j] * b[j]
	}
}

// accumulate adds a b to dst.
func accumulate(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for j := range dst {
		dst[j] += a[j] * b[j]
	}
}

// sweep solves one word line,
//
//	y[k] = scale f[k] + a[k-1] y[k-1],  x[k] = a[k] (y[k] + x[k+1]),
//
// and returns f·x. f and x must not overlap.
func sweep(x, f, a []float64, scale float64) float64 {
	f, a = f[:len(x)], a[:len(x)]
	var y float64
	for k := range x {
		y += scale * f[k]
		x[k] = y
		y *= a[k]
	}
	var z, s float64
	for k := len(x) - 1; k >= 0; k-- {
		z = a[k] * (x[k] + z)
		x[k] = z
		s += f[k] * z
	}
	return s
}

// sweep4 is sweep for four word lines of length n whose slices start at the
// same place and are ld apart. The lines' products f·x go to dot. Each line
// sees the operations of sweep in the same order.
func sweep4(x, f, a []float64, n, ld int, scale float64, dot *[4]float64) {
	x0, x1, x2, x3 := x[:n], x[ld:][:n], x[2*ld:][:n], x[3*ld:][:n]
	f0, f1, f2, f3 := f[:n], f[ld:][:n], f[2*ld:][:n], f[3*ld:][:n]
	a0, a1, a2, a3 := a[:n], a[ld:][:n], a[2*ld:][:n], a[3*ld:][:n]
	var y0, y1, y2, y3 float64
	for k := range n {
		y0 += scale * f0[k]
		y1 += scale * f1[k]
		y2 += scale * f2[k]
		y3 += scale * f3[k]
		x0[k], x1[k], x2[k], x3[k] = y0, y1, y2, y3
		y0 *= a0[k]
		y1 *= a1[k]
		y2 *= a2[k]
		y3 *= a3[k]
	}
	var z0, z1, z2, z3, s0, s1, s2, s3 float64
	for k := n - 1; k >= 0; k-- {
		z0 = a0[k] * (x0[k] + z0)
		z1 = a1[k] * (x1[k] + z1)
		z2 = a2[k] * (x2[k] + z2)
		z3 = a3[k] * (x3[k] + z3)
		x0[k], x1[k], x2[k], x3[k] = z0, z1, z2, z3
		s0 += f0[k] * z0
		s1 += f1[k] * z1
		s2 += f2[k] * z2
		s3 += f3[k] * z3
	}
	dot[0], dot[1], dot[2], dot[3] = s0, s1, s2, s3
}

// spread sets dst = (c + base) v.
func spread(dst, c []float64, base, v float64) {
	c = c[:len(dst)]
	for j := range dst {
		dst[j] = (c[j] + base) * v
	}
}

// sum returns the sum of x.
func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}

// fill sets every element of x to v.
func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}
