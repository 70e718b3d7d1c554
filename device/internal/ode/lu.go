package ode

import "math"

// factor replaces the n x n matrix a, in rows, by its LU decomposition with
// partial pivoting and sets pivot to the row exchanges. It reports false if a is
// singular to working precision or not finite. States are few, so plain loops
// beat a blocked algorithm.
func factor(a []float64, pivot []int, n int) bool {
	for k := range n {
		p, best := k, math.Abs(a[k*n+k])
		for i := k + 1; i < n; i++ {
			if v := math.Abs(a[i*n+k]); v > best {
				p, best = i, v
			}
		}
		if !(best > 0 && best <= math.MaxFloat64) {
			return false
		}
		pivot[k] = p
		rk := a[k*n : k*n+n]
		if p != k {
			rp := a[p*n : p*n+n]
			for j := range rk {
				rk[j], rp[j] = rp[j], rk[j]
			}
		}
		inv := 1 / rk[k]
		for i := k + 1; i < n; i++ {
			ri := a[i*n : i*n+n]
			m := ri[k] * inv
			ri[k] = m
			if m == 0 {
				continue
			}
			for j := k + 1; j < n; j++ {
				ri[j] -= m * rk[j]
			}
		}
	}
	return true
}

// solve replaces x by the solution of the system that factor decomposed.
func solve(lu []float64, pivot []int, x []float64) {
	n := len(x)
	for k, p := range pivot[:n] {
		if p != k {
			x[k], x[p] = x[p], x[k]
		}
	}
	for i := 1; i < n; i++ {
		v := x[i]
		for j, l := range lu[i*n : i*n+i] {
			v -= l * x[j]
		}
		x[i] = v
	}
	for i := n - 1; i >= 0; i-- {
		v := x[i]
		for j := i + 1; j < n; j++ {
			v -= lu[i*n+j] * x[j]
		}
		x[i] = v / lu[i*n+i]
	}
}
