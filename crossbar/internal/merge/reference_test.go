package merge

import (
	"math"
	"math/big"

	"mho/crossbar/internal/line"
)

// exact returns T by elimination of all nodes of the circuit in numbers of 256 bits,
// written from the circuit alone: nodal analysis with one matrix for all nodes. A
// resistance of 0 joins two nodes.
func exact(net line.Network, g []float64) []float64 {
	m, n := net.Rows, net.Cols
	// Nodes: word and bit node of every cell, word terminals, bit terminals.
	const prec = 256
	total := 2*m*n + m + n
	parent := make([]int, total)
	for i := range parent {
		parent[i] = i
	}
	var find func(int) int
	find = func(a int) int {
		if parent[a] != a {
			parent[a] = find(parent[a])
		}
		return parent[a]
	}
	// Along the shorter edge, so that few nodes are connected at a time.
	cell := func(i, j int) int {
		if m < n {
			return j*m + i
		}
		return i*n + j
	}
	w := func(i, j int) int { return 2 * cell(i, j) }
	u := func(i, j int) int { return 2*cell(i, j) + 1 }
	ws := func(i int) int { return 2*m*n + i }
	bs := func(j int) int { return 2*m*n + m + j }
	type link struct {
		a, b int
		g    *big.Float
	}
	var links []link
	connect := func(a, b int, r float64) {
		if r == 0 {
			a, b = find(a), find(b)
			// Terminals have the highest numbers and stand for what they are joined with.
			parent[min(a, b)] = max(a, b)
			return
		}
		if math.IsInf(r, 1) {
			return
		}
		q := new(big.Float).SetPrec(prec).SetFloat64(1)
		links = append(links, link{a, b, q.Quo(q, new(big.Float).SetFloat64(r))})
	}
	rw := func(i, k int) float64 {
		if net.RWordMap != nil {
			return net.RWordMap[i*(n+1)+k]
		}
		return net.RWord
	}
	rb := func(k, j int) float64 {
		if net.RBitMap != nil {
			return net.RBitMap[k*n+j]
		}
		return net.RBit
	}
	for i := range m {
		connect(ws(i), w(i, 0), rw(i, 0)+net.RDriver)
		for j := 1; j < n; j++ {
			connect(w(i, j-1), w(i, j), rw(i, j))
		}
		if net.Double {
			connect(ws(i), w(i, n-1), rw(i, n)+net.RDriver)
		}
	}
	for j := range n {
		connect(bs(j), u(m-1, j), rb(m, j)+net.RSense)
		for i := 1; i < m; i++ {
			connect(u(i-1, j), u(i, j), rb(i, j))
		}
		if net.Double {
			connect(bs(j), u(0, j), rb(0, j)+net.RSense)
		}
	}
	for k, x := range g {
		if x != 0 {
			links = append(links, link{w(k/n, k%n), u(k/n, k%n), new(big.Float).SetPrec(prec).SetFloat64(x)})
		}
	}
	y := make([]map[int]*big.Float, total)
	for i := range y {
		y[i] = map[int]*big.Float{}
	}
	add := func(a, b int, g *big.Float) {
		x, ok := y[a][b]
		if !ok {
			x = new(big.Float).SetPrec(prec)
			y[a][b] = x
		}
		x.Add(x, g)
	}
	for _, l := range links {
		a, b := find(l.a), find(l.b)
		if a == b {
			continue
		}
		minus := new(big.Float).Neg(l.g)
		add(a, a, l.g)
		add(b, b, l.g)
		add(a, b, minus)
		add(b, a, minus)
	}
	for k := range 2 * m * n {
		d := y[k][k]
		if d == nil || d.Sign() == 0 {
			continue
		}
		for a, x := range y[k] {
			if a == k {
				continue
			}
			f := new(big.Float).Quo(x, d)
			f.Neg(f)
			for b, z := range y[k] {
				if b != k {
					add(a, b, new(big.Float).Mul(f, z))
				}
			}
			delete(y[a], k)
		}
	}
	t := make([]float64, m*n)
	for i := range m {
		for j := range n {
			if x := y[ws(i)][bs(j)]; x != nil {
				v, _ := x.Float64()
				t[i*n+j] = -v
			}
		}
	}
	return t
}
