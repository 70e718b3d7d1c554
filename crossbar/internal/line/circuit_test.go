package line

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A circuit is nodal analysis of any network, written node by node: unknown nodes
// from 0, terminals of word line i at -1-i, of bit line j at -1-rows-j, ground at
// ground. An ideal wire merges its nodes.
type circuit struct {
	net       Network
	nodes     int
	ids       map[string]int
	word, bit []int
	branches  []branch // conductances
	feeds     []branch // currents from a to b, A
	fixed     map[int]float64
}

type branch struct {
	a, b int
	x    float64
	name string
}

const ground = math.MinInt

func newCircuit(n Network, e Elements, in Sources) *circuit {
	c := &circuit{net: n, ids: map[string]int{}, fixed: map[int]float64{ground: 0}}
	id := func(name string) int {
		if _, ok := c.ids[name]; !ok {
			c.ids[name] = c.nodes
			c.nodes++
		}
		return c.ids[name]
	}
	open := func(x []bool, i int) bool { return x != nil && x[i] }
	value := func(x []float64, i int) float64 {
		if len(x) == 1 {
			return x[0]
		}
		if x == nil {
			return 0
		}
		return x[i]
	}
	join := func(a, b int, r float64, name string) {
		if a != b && !math.IsInf(r, 1) {
			c.branches = append(c.branches, branch{a, b, 1 / r, name})
		}
	}
	// line connects the nodes of one line and returns them.
	line := func(name string, i, n, terminal int, isOpen, double, nearFirst bool, segment func(k int) float64, ideal bool, extra float64) []int {
		at := make([]int, n)
		for k := range at {
			switch {
			case !ideal:
				at[k] = id(fmt.Sprint(name, i, k))
			case extra > 0 || isOpen:
				at[k] = id(fmt.Sprint(name, i))
			default:
				at[k] = terminal
			}
		}
		for k := 1; k < n && !ideal; k++ {
			join(at[k-1], at[k], segment(k), "")
		}
		near, far, rn, rf := at[0], at[n-1], segment(0), segment(n)
		if !nearFirst {
			near, far, rn, rf = far, near, rf, rn
		}
		if !isOpen {
			join(terminal, near, rn+extra, "near")
			if double {
				join(terminal, far, rf+extra, "far")
			}
		}
		return at
	}
	m, k := n.Rows, n.Cols
	c.word, c.bit = make([]int, m*k), make([]int, m*k)
	for i := range m {
		c.fixed[-1-i] = value(in.Word, i)
		seg := func(j int) float64 {
			if n.RWordMap != nil {
				return n.RWordMap[i*(k+1)+j]
			}
			return n.RWord
		}
		copy(c.word[i*k:], line("w", i, k, -1-i, open(e.WordOpen, i), n.Double, true, seg, n.RWord == 0 && n.RWordMap == nil, n.RDriver))
	}
	for j := range k {
		c.fixed[-1-m-j] = value(in.Bit, j)
		seg := func(i int) float64 {
			if n.RBitMap != nil {
				return n.RBitMap[i*k+j]
			}
			return n.RBit
		}
		for i, x := range line("b", j, m, -1-m-j, open(e.BitOpen, j), n.Double, false, seg, n.RBit == 0 && n.RBitMap == nil, n.RSense) {
			c.bit[i*k+j] = x
		}
	}
	for x := range m * k {
		if g := e.Device[x]; g > 0 {
			c.branches = append(c.branches, branch{c.word[x], c.bit[x], g, ""})
		}
		if g := value(e.GroundWord, x); g > 0 {
			c.branches = append(c.branches, branch{c.word[x], ground, g, ""})
		}
		if g := value(e.GroundBit, x); g > 0 {
			c.branches = append(c.branches, branch{c.bit[x], ground, g, ""})
		}
		c.feeds = append(c.feeds, branch{c.word[x], c.bit[x], value(in.Device, x), ""},
			branch{ground, c.word[x], value(in.WordNode, x), ""}, branch{ground, c.bit[x], value(in.BitNode, x), ""})
	}
	return c
}

type answer struct {
	w, u      []float64
	near, far []float64 // currents that the terminals feed, word lines then bit lines
	total     []float64
}

// solve eliminates with 300 bits.
func (c *circuit) solve() answer {
	const prec = 300
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }
	n := c.nodes
	a := make([][]*big.Float, n)
	for i := range a {
		a[i] = make([]*big.Float, n+1)
		for j := range a[i] {
			a[i][j] = num(0)
		}
	}
	t := num(0)
	for _, b := range c.branches {
		for _, e := range [][2]int{{b.a, b.b}, {b.b, b.a}} {
			if e[0] < 0 {
				continue
			}
			a[e[0]][e[0]].Add(a[e[0]][e[0]], num(b.x))
			if e[1] >= 0 {
				a[e[0]][e[1]].Sub(a[e[0]][e[1]], num(b.x))
			} else {
				a[e[0]][n].Add(a[e[0]][n], t.Mul(num(b.x), num(c.fixed[e[1]])))
			}
		}
	}
	for _, b := range c.feeds {
		if b.a >= 0 {
			a[b.a][n].Sub(a[b.a][n], num(b.x))
		}
		if b.b >= 0 {
			a[b.b][n].Add(a[b.b][n], num(b.x))
		}
	}
	f := num(0)
	for k := range n {
		for i := k + 1; i < n; i++ {
			if a[i][k].Sign() == 0 {
				continue
			}
			f.Quo(a[i][k], a[k][k])
			for j := k; j <= n; j++ {
				if a[k][j].Sign() != 0 {
					a[i][j].Sub(a[i][j], t.Mul(f, a[k][j]))
				}
			}
		}
	}
	x := make([]*big.Float, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = num(0).Set(a[i][n])
		for j := i + 1; j < n; j++ {
			x[i].Sub(x[i], t.Mul(a[i][j], x[j]))
		}
		x[i].Quo(x[i], a[i][i])
	}
	at := func(id int) *big.Float {
		if id >= 0 {
			return x[id]
		}
		return num(c.fixed[id])
	}
	float := func(x *big.Float) float64 { v, _ := x.Float64(); return v }
	var s answer
	for k := range c.word {
		s.w, s.u = append(s.w, float(at(c.word[k]))), append(s.u, float(at(c.bit[k])))
	}
	lines := c.net.Rows + c.net.Cols
	near, far, total := make([]*big.Float, lines), make([]*big.Float, lines), make([]*big.Float, lines)
	for i := range lines {
		near[i], far[i], total[i] = num(0), num(0), num(0)
	}
	for _, b := range c.branches {
		i := num(0).Sub(at(b.a), at(b.b))
		i.Mul(i, num(b.x))
		for sign, e := range []int{b.a, b.b} {
			if e >= 0 || e == ground {
				continue
			}
			if sign == 1 {
				i.Neg(i)
			}
			k := -1 - e
			total[k].Add(total[k], i)
			switch b.name {
			case "near":
				near[k].Add(near[k], i)
			case "far":
				far[k].Add(far[k], i)
			}
			if sign == 1 {
				i.Neg(i)
			}
		}
	}
	for _, b := range c.feeds {
		if b.a < 0 && b.a != ground {
			total[-1-b.a].Add(total[-1-b.a], num(b.x))
		}
		if b.b < 0 && b.b != ground {
			total[-1-b.b].Sub(total[-1-b.b], num(b.x))
		}
	}
	for i := range lines {
		s.near, s.far, s.total = append(s.near, float(near[i])), append(s.far, float(far[i])), append(s.total, float(total[i]))
	}
	return s
}

// dense solves with gonum's Cholesky factorisation and returns the node voltages.
func (c *circuit) dense(t *testing.T) (w, u []float64) {
	a, b := mat.NewSymDense(c.nodes, nil), mat.NewVecDense(c.nodes, nil)
	for _, r := range c.branches {
		for _, e := range [][2]int{{r.a, r.b}, {r.b, r.a}} {
			if e[0] < 0 {
				continue
			}
			a.SetSym(e[0], e[0], a.At(e[0], e[0])+r.x)
			if e[1] < 0 {
				b.SetVec(e[0], b.AtVec(e[0])+r.x*c.fixed[e[1]])
			}
		}
		if r.a >= 0 && r.b >= 0 {
			a.SetSym(r.a, r.b, a.At(r.a, r.b)-r.x)
		}
	}
	for _, f := range c.feeds {
		if f.a >= 0 {
			b.SetVec(f.a, b.AtVec(f.a)-f.x)
		}
		if f.b >= 0 {
			b.SetVec(f.b, b.AtVec(f.b)+f.x)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		t.Fatal("nodal matrix is not positive definite")
	}
	x := mat.NewVecDense(c.nodes, nil)
	if err := chol.SolveVecTo(x, b); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			t.Fatal(err)
		}
	}
	at := func(id int) float64 {
		if id >= 0 {
			return x.AtVec(id)
		}
		return c.fixed[id]
	}
	for k := range c.word {
		w, u = append(w, at(c.word[k])), append(u, at(c.bit[k]))
	}
	return w, u
}

// floats reports whether an unknown node has no path to a terminal or ground.
func (c *circuit) floats() bool {
	held := make([]bool, c.nodes)
	is := func(id int) bool { return id < 0 || held[id] }
	for changed := true; changed; {
		changed = false
		for _, b := range c.branches {
			for _, e := range [][2]int{{b.a, b.b}, {b.b, b.a}} {
				if e[0] >= 0 && !held[e[0]] && is(e[1]) {
					held[e[0]], changed = true, true
				}
			}
		}
	}
	return slices.Contains(held, false)
}
