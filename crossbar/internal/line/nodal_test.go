package line

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A resistor of the test's own netlist. Nodes from 0 are unknown; node -1-i is
// source i, node -1-rows-j is the ground that output j flows into.
type resistor struct {
	a, b int
	g    float64    // conductance, S
	r    [2]float64 // resistances in series, Ω; both 0 for a device
}

// exact returns the conductance with prec bits.
func (r resistor) exact(prec uint) *big.Float {
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }
	if r.r == [2]float64{} {
		return num(r.g)
	}
	return num(1).Quo(num(1), num(r.r[0]).Add(num(r.r[0]), num(r.r[1])))
}

type netlist struct {
	net       Network
	nodes     int
	resistors []resistor
	word, bit []int // node of every crossing
}

// newNetlist writes the circuit of the package comment resistor by resistor.
// A zero resistance merges its two nodes.
func newNetlist(n Network, g []float64) *netlist {
	type point struct {
		line string
		i, k int
	}
	l := &netlist{net: n}
	ids := map[point]int{}
	id := func(p point) int {
		switch p.line {
		case "source":
			return -1 - p.i
		case "ground":
			return -1 - n.Rows - p.i
		}
		if _, ok := ids[p]; !ok {
			ids[p] = l.nodes
			l.nodes++
		}
		return ids[p]
	}
	word := func(i, k int) point {
		if n.RWord > 0 || n.RWordMap != nil {
			return point{"word", i, k}
		}
		if n.RDriver > 0 {
			return point{"word", i, 0}
		}
		return point{"source", i, 0}
	}
	bit := func(i, j int) point {
		if n.RBit > 0 || n.RBitMap != nil {
			return point{"bit", i, j}
		}
		if n.RSense > 0 {
			return point{"bit", 0, j}
		}
		return point{"ground", j, 0}
	}
	join := func(a, b point, r, extra float64) {
		if a != b && !math.IsInf(r, 1) {
			l.resistors = append(l.resistors, resistor{id(a), id(b), 1 / (r + extra), [2]float64{r, extra}})
		}
	}
	ohm := func(r float64, m []float64, at int) float64 {
		if m != nil {
			return m[at]
		}
		return r
	}
	wordOhm := func(i, k int) float64 { return ohm(n.RWord, n.RWordMap, i*(n.Cols+1)+k) }
	bitOhm := func(k, j int) float64 { return ohm(n.RBit, n.RBitMap, k*n.Cols+j) }
	for i := range n.Rows {
		join(point{"source", i, 0}, word(i, 0), wordOhm(i, 0), n.RDriver)
		for k := 1; k < n.Cols; k++ {
			join(word(i, k-1), word(i, k), wordOhm(i, k), 0)
		}
		if n.Double {
			join(word(i, n.Cols-1), point{"source", i, 0}, wordOhm(i, n.Cols), n.RDriver)
		}
	}
	for j := range n.Cols {
		if n.Double {
			join(point{"ground", j, 0}, bit(0, j), bitOhm(0, j), n.RSense)
		}
		for k := 1; k < n.Rows; k++ {
			join(bit(k-1, j), bit(k, j), bitOhm(k, j), 0)
		}
		join(bit(n.Rows-1, j), point{"ground", j, 0}, bitOhm(n.Rows, j), n.RSense)
	}
	for i := range n.Rows {
		for j := range n.Cols {
			a, b := id(word(i, j)), id(bit(i, j))
			l.word, l.bit = append(l.word, a), append(l.bit, b)
			if c := g[i*n.Cols+j]; c > 0 {
				l.resistors = append(l.resistors, resistor{a: a, b: b, g: c})
			}
		}
	}
	return l
}

type nodal struct {
	out, w, u []float64
}

// collect turns node voltages into outputs and crossing voltages.
func (l *netlist) collect(x, v []float64) nodal {
	at := func(id int) float64 {
		switch {
		case id >= 0:
			return x[id]
		case -1-id < l.net.Rows:
			return v[-1-id]
		}
		return 0
	}
	s := nodal{out: make([]float64, l.net.Cols)}
	for _, r := range l.resistors {
		if j := -1 - r.b - l.net.Rows; j >= 0 {
			s.out[j] += r.g * at(r.a)
		}
		if j := -1 - r.a - l.net.Rows; j >= 0 {
			s.out[j] += r.g * at(r.b)
		}
	}
	for k := range l.word {
		s.w, s.u = append(s.w, at(l.word[k])), append(s.u, at(l.bit[k]))
	}
	return s
}

// solveDense stamps the nodal conductance matrix and solves it with gonum's
// Cholesky factorisation.
func (l *netlist) solveDense(t testing.TB, v []float64) nodal {
	t.Helper()
	if l.nodes == 0 {
		return l.collect(nil, v)
	}
	a, b := mat.NewSymDense(l.nodes, nil), mat.NewVecDense(l.nodes, nil)
	l.stamp(v, func(i, j int, g float64) {
		a.SetSym(i, j, a.At(i, j)+g)
	}, func(i int, x float64) { b.SetVec(i, b.AtVec(i)+x) })
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		t.Fatal("nodal matrix is not positive definite")
	}
	x := mat.NewVecDense(l.nodes, nil)
	if err := chol.SolveVecTo(x, b); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			t.Fatal(err)
		}
	}
	return l.collect(x.RawVector().Data, v)
}

// solveBanded does the same with gonum's banded Cholesky factorisation,
// numbering the nodes cell by cell. It is for networks of wires only.
func (l *netlist) solveBanded(t testing.TB, v []float64) nodal {
	t.Helper()
	at := make([]int, l.nodes)
	for k := range l.word {
		at[l.word[k]], at[l.bit[k]] = 2*k, 2*k+1
	}
	a := mat.NewSymBandDense(l.nodes, 2*l.net.Cols, nil)
	b := mat.NewVecDense(l.nodes, nil)
	l.stamp(v, func(i, j int, g float64) {
		i, j = at[i], at[j]
		a.SetSymBand(i, j, a.At(i, j)+g)
	}, func(i int, x float64) { b.SetVec(at[i], b.AtVec(at[i])+x) })
	var chol mat.BandCholesky
	if !chol.Factorize(a) {
		t.Fatal("nodal matrix is not positive definite")
	}
	x := mat.NewVecDense(l.nodes, nil)
	if err := chol.SolveVecTo(x, b); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			t.Fatal(err)
		}
	}
	y := make([]float64, l.nodes)
	for i := range y {
		y[i] = x.AtVec(at[i])
	}
	return l.collect(y, v)
}

// stamp calls add once for every pair i <= j that a resistor touches.
func (l *netlist) stamp(v []float64, add func(i, j int, g float64), inject func(i int, x float64)) {
	for _, r := range l.resistors {
		for _, e := range [][2]int{{r.a, r.b}, {r.b, r.a}} {
			if e[0] < 0 {
				continue
			}
			add(e[0], e[0], r.g)
			if k := -1 - e[1]; e[1] < 0 && k < l.net.Rows {
				inject(e[0], r.g*v[k])
			}
		}
		if r.a >= 0 && r.b >= 0 {
			add(min(r.a, r.b), max(r.a, r.b), -r.g)
		}
	}
}

// solveBig solves the netlist by Gaussian elimination with prec bits, for
// networks whose conductances span more than float64 can eliminate.
func (l *netlist) solveBig(v []float64, prec uint) nodal {
	n := l.nodes
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }
	a := make([][]*big.Float, n)
	for i := range a {
		a[i] = make([]*big.Float, n+1)
		for j := range a[i] {
			a[i][j] = num(0)
		}
	}
	for _, r := range l.resistors {
		g := r.exact(prec)
		for _, e := range [][2]int{{r.a, r.b}, {r.b, r.a}} {
			if e[0] < 0 {
				continue
			}
			a[e[0]][e[0]].Add(a[e[0]][e[0]], g)
			switch k := -1 - e[1]; {
			case e[1] >= 0:
				a[e[0]][e[1]].Sub(a[e[0]][e[1]], g)
			case k < l.net.Rows:
				a[e[0]][n].Add(a[e[0]][n], num(0).Mul(g, num(v[k])))
			}
		}
	}
	f, t := num(0), num(0)
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
	y := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = num(0).Set(a[i][n])
		for j := i + 1; j < n; j++ {
			x[i].Sub(x[i], t.Mul(a[i][j], x[j]))
		}
		x[i].Quo(x[i], a[i][i])
		y[i], _ = x[i].Float64()
	}
	s := l.collect(y, v)
	out := make([]*big.Float, l.net.Cols)
	for j := range out {
		out[j] = num(0)
	}
	for _, r := range l.resistors {
		for _, e := range [][2]int{{r.a, r.b}, {r.b, r.a}} {
			j := -1 - e[1] - l.net.Rows
			if j < 0 {
				continue
			}
			w := num(0)
			if e[0] >= 0 {
				w = x[e[0]]
			} else if k := -1 - e[0]; k < l.net.Rows {
				w = num(v[k])
			}
			out[j].Add(out[j], num(0).Mul(r.exact(prec), w))
		}
	}
	for j := range out {
		s.out[j], _ = out[j].Float64()
	}
	return s
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// logUniform returns n conductances between low and high.
func logUniform(rnd *rand.Rand, n int, low, high float64) []float64 {
	g := make([]float64, n)
	for k := range g {
		g[k] = low * math.Pow(high/low, rnd.Float64())
	}
	return g
}

// signed returns n voltages between -1 and 1 V.
func signed(rnd *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for k := range v {
		v[k] = 2*rnd.Float64() - 1
	}
	return v
}

func mustSolver(t testing.TB, n Network, g []float64) *Solver {
	t.Helper()
	s, err := New(n)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetConductances(g); err != nil {
		t.Fatal(err)
	}
	return s
}

func mustSolve(t testing.TB, s *Solver, v []float64, tol float64) ([]float64, Result) {
	t.Helper()
	dst := make([]float64, s.f.cols)
	res, err := s.Solve(dst, v, &Options{Tolerance: tol})
	if err != nil {
		t.Fatalf("%s: %v", describe(s), err)
	}
	return dst, res
}

func describe(s *Solver) string {
	w, b := s.f.word, s.f.bit
	return fmt.Sprintf("%dx%d word %g+%g Ω bit %g+%g Ω ends %g", s.f.rows, s.f.cols, w.r, w.extra, b.r, b.extra, w.ends)
}

// distance returns the largest difference of two vectors.
func distance(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var d float64
	for k := range a {
		d = max(d, math.Abs(a[k]-b[k]))
		if math.IsNaN(a[k] - b[k]) {
			return math.NaN()
		}
	}
	return d
}

// wires are the kinds of lines that every reference test covers.
var wires = []Network{
	{},
	{RWord: 1, RBit: 1},
	{RWord: 2.5, RBit: 0.7, RDriver: 130, RSense: 45},
	{RWord: 0, RBit: 1},
	{RWord: 1, RBit: 0},
	{RWord: 0, RBit: 3, RDriver: 50},
	{RWord: 3, RBit: 0, RSense: 50},
	{RDriver: 100, RSense: 70},
	{RDriver: 100},
	{RSense: 70},
	{RWord: 2, RDriver: 10},
	{RBit: 2, RSense: 10},
	{RWord: 2, RBit: 0, RDriver: 10, RSense: 20},
	{RWord: 0, RBit: 2, RDriver: 10, RSense: 20},
}

func forWires(f func(n Network)) {
	for _, n := range wires {
		for _, n.Double = range []bool{false, true} {
			f(n)
		}
	}
}
