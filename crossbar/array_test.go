package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

// wordOhm and bitOhm return the resistances of segments, counted as in the maps.
func (a *Array) wordOhm(i, k int) float64 {
	if a.Wires.RWordMap != nil {
		return a.Wires.RWordMap[i*(a.Cols+1)+k]
	}
	return a.Wires.RWord
}

func (a *Array) bitOhm(k, j int) float64 {
	if a.Wires.RBitMap != nil {
		return a.Wires.RBitMap[k*a.Cols+j]
	}
	return a.Wires.RBit
}

// dense solves the circuit of the package comment node by node with Gaussian
// elimination over all 2 Rows Cols nodes. No resistance may be 0 but those of
// drivers and sense amplifiers. It returns outputs and the power of the sources.
func dense(a *Array, v []float64) (out []float64, source float64) {
	m, n := a.Rows, a.Cols
	w := func(i, j int) int { return i*n + j }
	u := func(i, j int) int { return m*n + i*n + j }
	y := mat.NewDense(2*m*n, 2*m*n, nil)
	b := mat.NewVecDense(2*m*n, nil)
	add := func(p, q int, r float64) { // conductance between two nodes
		y.Set(p, p, y.At(p, p)+r)
		y.Set(q, q, y.At(q, q)+r)
		y.Set(p, q, y.At(p, q)-r)
		y.Set(q, p, y.At(q, p)-r)
	}
	tie := func(p int, g, to float64) { // conductance from a node to a fixed voltage
		y.Set(p, p, y.At(p, p)+g)
		b.SetVec(p, b.AtVec(p)+g*to)
	}
	wires := a.Wires
	double := wires.Topology == Double
	drive := func(i, k int) float64 { return 1 / (wires.RDriver + a.wordOhm(i, k)) }
	sense := func(k, j int) float64 { return 1 / (wires.RSense + a.bitOhm(k, j)) }
	for i := range m {
		tie(w(i, 0), drive(i, 0), v[i])
		if double {
			tie(w(i, n-1), drive(i, n), v[i])
		}
		for j := range n {
			add(w(i, j), u(i, j), a.G[i*n+j])
			if j > 0 {
				add(w(i, j-1), w(i, j), 1/a.wordOhm(i, j))
			}
			if i > 0 {
				add(u(i-1, j), u(i, j), 1/a.bitOhm(i, j))
			}
		}
	}
	for j := range n {
		tie(u(m-1, j), sense(m, j), 0)
		if double {
			tie(u(0, j), sense(0, j), 0)
		}
	}
	var x mat.VecDense
	if err := x.SolveVec(y, b); err != nil {
		panic(err)
	}
	out = make([]float64, n)
	for j := range n {
		out[j] = sense(m, j) * x.AtVec(u(m-1, j))
		if double {
			out[j] += sense(0, j) * x.AtVec(u(0, j))
		}
	}
	for i := range m {
		source += v[i] * drive(i, 0) * (v[i] - x.AtVec(w(i, 0)))
		if double {
			source += v[i] * drive(i, n) * (v[i] - x.AtVec(w(i, n-1)))
		}
	}
	return out, source
}

// random returns an array with conductances log-uniform from 1 to 100 µS and
// inputs uniform from -0.2 to 0.2 V.
func random(rows, cols, inputs int, wires Wires, seed uint64) (*Array, []float64) {
	a := &Array{Rows: rows, Cols: cols, G: make([]float64, rows*cols), Wires: wires}
	key := noise.NewKey(seed).Domain(noise.Data)
	key.Uniform(a.G, noise.At{})
	for i, x := range a.G {
		a.G[i] = 1e-6 * math.Pow(100, x)
	}
	v := make([]float64, inputs*rows)
	key.Fold(1).Uniform(v, noise.At{})
	for i := range v {
		v[i] = 0.4*v[i] - 0.2
	}
	return a, v
}

func top(x []float64) (m float64) {
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}

func worst(got, want []float64) float64 {
	var d float64
	for i := range want {
		d = max(d, math.Abs(got[i]-want[i]))
	}
	return d / top(want)
}

var ctx = context.Background()

// TestSolve compares outputs, transfer matrix and power with elimination, for
// wide and tall arrays and both topologies.
func TestSolve(t *testing.T) {
	var outputs, transfer, power float64
	for k, shape := range [][2]int{{1, 1}, {1, 7}, {9, 1}, {5, 8}, {8, 5}, {11, 9}} {
		for _, topology := range []Topology{Single, Double} {
			wires := Wires{RWord: 120, RBit: 310, RDriver: 450, RSense: 90, Topology: topology}
			a, v := random(shape[0], shape[1], 3, wires, uint64(k))
			s, err := a.Solve(ctx, v, &Settings{Nodes: true})
			if err != nil {
				t.Fatal(err)
			}
			tm, bound, err := a.Transfer(ctx, nil, nil)
			if err != nil || bound > 1e-10 {
				t.Fatal(bound, err)
			}
			for n := range 3 {
				in := v[n*a.Rows:][:a.Rows]
				want, source := dense(a, in)
				got := s.I[n*a.Cols:][:a.Cols]
				outputs = max(outputs, worst(got, want))
				power = max(power, math.Abs(s.Power[n].Source/source-1))
				p := s.Power[n]
				if d := p.Source - p.Device - p.Word - p.Bit - p.Driver - p.Sense; math.Abs(d) > 1e-11*p.Source {
					t.Errorf("%v %s: power %+v does not balance: %g W", shape, topology, p, d)
				}
				product := make([]float64, a.Cols)
				for i, x := range in {
					for j := range product {
						product[j] += x * tm[i*a.Cols+j]
					}
				}
				transfer = max(transfer, worst(product, want))
				// Kirchhoff's law at a sensed end: the devices of a column feed its output.
				for j := range a.Cols {
					var sum float64
					for i := range a.Rows {
						k := i*a.Cols + j
						sum += a.G[k] * (s.VWord[n*len(a.G)+k] - s.VBit[n*len(a.G)+k])
					}
					if math.Abs(sum-want[j]) > 1e-9*top(want) {
						t.Errorf("%v %s: devices of column %d carry %g A, output %g", shape, topology, j, sum, want[j])
					}
				}
			}
		}
	}
	c := claims.Claim{Kind: claims.IndependentSolver, Source: "Gaussian elimination over all nodes (gonum mat.SolveVec), arrays up to 11 x 9, both topologies", Absolute: true, Tol: 1e-10}
	c.Name, c.Got, c.Why = "largest relative error of outputs with wires", outputs, "tolerance of the solver"
	claims.Check(t, c)
	c.Name, c.Got, c.Why = "largest relative error of outputs by the transfer matrix", transfer, "tolerance of the solver"
	claims.Check(t, c)
	c.Name, c.Got, c.Why = "largest relative error of the power of the sources", power, "tolerance of the solver"
	claims.Check(t, c)
}

// TestDivider checks a single device: four resistances in series.
func TestDivider(t *testing.T) {
	a := &Array{Rows: 1, Cols: 1, G: []float64{1e-4}, Wires: Wires{RWord: 100, RBit: 200, RDriver: 300, RSense: 400}}
	s, err := a.Solve(ctx, []float64{0.5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "current of one device behind its wires", Kind: claims.ClosedForm, Source: "V / (R_driver + R_word + 1/G + R_bit + R_sense)", Unit: "A",
		Want: 0.5 / 11000, Got: s.I[0], Tol: 1e-12, Why: "rounding"})
}

// TestIdeal checks that ideal wires give sums of V G.
func TestIdeal(t *testing.T) {
	a, v := random(13, 6, 40, Wires{}, 3)
	s, err := a.Solve(ctx, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		want := make([]float64, 6)
		for i := range 13 {
			for j := range 6 {
				want[j] += v[n*13+i] * a.G[i*6+j]
			}
		}
		if d := worst(s.I[n*6:][:6], want); d > 1e-14 {
			t.Errorf("input %d: error %g", n, d)
		}
	}
	tm, _, err := a.Transfer(ctx, nil, nil)
	if err != nil || worst(tm, a.G) != 0 {
		t.Error("the transfer matrix of ideal wires is not G", err)
	}
}

// TestCut checks that an input's outputs do not depend on the inputs beside it nor
// on the number of workers.
func TestCut(t *testing.T) {
	a, v := random(20, 30, 70, Wires{RWord: 2, RBit: 2}, 4)
	whole, err := a.Solve(ctx, v, &Settings{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 31, 32, 69} {
		one, err := a.Solve(ctx, v[n*20:][:20], &Settings{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for j, x := range one.I {
			if whole.I[n*30+j] != x {
				t.Fatalf("input %d, column %d: %g and %g A", n, j, whole.I[n*30+j], x)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	good := func() *Array { a, _ := random(2, 3, 1, Wires{RWord: 1}, 5); return a }
	for _, c := range []struct {
		want   string
		change func(*Array)
		v      []float64
		set    *Settings
	}{
		{"row 1, column 2 is -1e-06 S: must be finite and not negative", func(a *Array) { a.G[5] = -1e-6 }, nil, nil},
		{"row 0, column 1 is NaN S", func(a *Array) { a.G[1] = math.NaN() }, nil, nil},
		{"row 0, column 0 is +Inf S", func(a *Array) { a.G[0] = math.Inf(1) }, nil, nil},
		{"5 voltages for an array of 2 rows", nil, make([]float64, 5), nil},
		{"input 1, row 0 is NaN V", nil, []float64{0, 0, math.NaN(), 0}, nil},
		{"5 conductances for an array of 2 rows and 3 columns", func(a *Array) { a.G = a.G[:5] }, nil, nil},
		{"array of 0 x 3", func(a *Array) { a.Rows = 0 }, nil, nil},
		{"r_word is -1 ohm: must be >= 0", func(a *Array) { a.Wires.RWord = -1 }, nil, nil},
		{`topology is "triple": must be "single" or "double"`, func(a *Array) { a.Wires.Topology = "triple" }, nil, nil},
		{"tolerance is 2: must be above 0 and below 1", nil, nil, &Settings{Tolerance: 2}},
		{"tolerance is -1", nil, nil, &Settings{Tolerance: -1}},
		{"iterations is -3", nil, nil, &Settings{MaxIterations: -3}},
	} {
		a := good()
		if c.change != nil {
			c.change(a)
		}
		if c.v == nil {
			c.v = []float64{1, 1}
		}
		if _, err := a.Solve(ctx, c.v, c.set); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := good().Solve(done, []float64{1, 1}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	a, v := random(20, 20, 1, Wires{RWord: 1e4, RBit: 1e4}, 6)
	if s, err := a.Solve(ctx, v, &Settings{MaxIterations: 1}); err == nil || s != nil {
		t.Errorf("one iteration is enough: %v", err)
	}
}

// BenchmarkTransfer computes T and its bound, on one core and on two.
func BenchmarkTransfer(b *testing.B) {
	for _, n := range []int{32, 128, 256, 512, 1024} {
		for workers := 1; workers <= 2; workers++ {
			b.Run(fmt.Sprintf("%d/workers=%d", n, workers), func(b *testing.B) {
				a, _ := random(n, n, 1, Wires{RWord: 1, RBit: 1}, 1)
				dst := make([]float64, n*n)
				var bound float64
				var err error
				b.ReportAllocs()
				for b.Loop() {
					if _, bound, err = a.Transfer(ctx, dst, &Settings{Workers: workers}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(bound, "bound")
			})
		}
	}
}
