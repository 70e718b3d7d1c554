package crossbar

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// scalar is a law for one device: current and slope.
type scalar func(g, v float64) (i, slope float64)

func sinhLaw(v0 float64) scalar {
	return func(g, v float64) (float64, float64) { return g * v0 * math.Sinh(v/v0), g * math.Cosh(v/v0) }
}

func pooleFrenkelLaw(v0 float64) scalar {
	return func(g, v float64) (float64, float64) {
		x := math.Sqrt(math.Abs(v) / v0)
		return g * v * math.Exp(x), g * math.Exp(x) * (1 + x/2)
	}
}

// reference solves the nonlinear network node by node: Newton's method on the voltages
// of all 2 Rows Cols nodes with dense elimination, and steps that are halved while the sum of
// squares of the missing currents does not fall. It returns the currents into the bit
// line terminals and out of the word line terminals. Wires need resistance.
func reference(a *Array, b *Bias, law scalar) (word, bit []float64) {
	m, n := a.Rows, a.Cols
	w := func(i, j int) int { return i*n + j }
	u := func(i, j int) int { return m*n + i*n + j }
	size := 2 * m * n
	full := b.filled(m, n)
	type wire struct {
		p, q int
		g    float64
	}
	type tied struct { // to a voltage
		p     int
		g, to float64
		sum   *float64
	}
	var wires []wire
	var ties []tied
	word, bit = make([]float64, m), make([]float64, n)
	tie := func(p int, g, to float64, sum *float64) { ties = append(ties, tied{p, g, to, sum}) }
	link := func(p, q int, r float64) { wires = append(wires, wire{p, q, 1 / r}) }
	double := a.Wires.Topology == Double
	for i := range m {
		for j := range n {
			if j > 0 {
				link(w(i, j-1), w(i, j), a.wordOhm(i, j))
			}
			if i > 0 {
				link(u(i-1, j), u(i, j), a.bitOhm(i, j))
			}
		}
		if b.WordOpen == nil || !b.WordOpen[i] {
			tie(w(i, 0), 1/(a.Wires.RDriver+a.wordOhm(i, 0)), full.Word[i], &word[i])
			if double {
				tie(w(i, n-1), 1/(a.Wires.RDriver+a.wordOhm(i, n)), full.Word[i], &word[i])
			}
		}
	}
	for j := range n {
		if b.BitOpen == nil || !b.BitOpen[j] {
			tie(u(m-1, j), 1/(a.Wires.RSense+a.bitOhm(m, j)), full.Bit[j], &bit[j])
			if double {
				tie(u(0, j), 1/(a.Wires.RSense+a.bitOhm(0, j)), full.Bit[j], &bit[j])
			}
		}
	}
	x := make([]float64, size)
	residual := func(x []float64) (f []float64, sum float64) {
		f = make([]float64, size)
		for _, l := range wires {
			i := l.g * (x[l.p] - x[l.q])
			f[l.p], f[l.q] = f[l.p]+i, f[l.q]-i
		}
		for _, l := range ties {
			f[l.p] += l.g * (x[l.p] - l.to)
		}
		for k, g := range a.G {
			i, _ := law(g, x[k]-x[m*n+k])
			f[k], f[m*n+k] = f[k]+i, f[m*n+k]-i
		}
		for _, y := range f {
			sum += y * y
		}
		return f, sum
	}
	f, sum := residual(x)
	for range 300 {
		y := mat.NewDense(size, size, nil)
		stamp := func(p, q int, g float64) {
			y.Set(p, p, y.At(p, p)+g)
			y.Set(q, q, y.At(q, q)+g)
			y.Set(p, q, y.At(p, q)-g)
			y.Set(q, p, y.At(q, p)-g)
		}
		for _, l := range wires {
			stamp(l.p, l.q, l.g)
		}
		for _, l := range ties {
			y.Set(l.p, l.p, y.At(l.p, l.p)+l.g)
		}
		for k, g := range a.G {
			_, s := law(g, x[k]-x[m*n+k])
			stamp(k, m*n+k, s)
		}
		var dx mat.VecDense
		if err := dx.SolveVec(y, mat.NewVecDense(size, f)); err != nil {
			panic(err)
		}
		part := 1.0
		next := make([]float64, size)
		for ; part > 1e-12; part /= 2 {
			for k := range x {
				next[k] = x[k] - part*dx.AtVec(k)
			}
			if g, s := residual(next); s < sum {
				x, f, sum = next, g, s
				break
			}
		}
		if part <= 1e-12 {
			break // rounding: no step makes it smaller
		}
	}
	for _, l := range ties {
		*l.sum += l.g * (x[l.p] - l.to)
	}
	for i := range word {
		word[i] = -word[i]
	}
	return word, bit
}
