package merge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"mho/crossbar/internal/line"
	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// random returns conductances from low to high, some of them zero.
func random(n int, low, high float64, zeros bool, seed uint64) []float64 {
	g := make([]float64, n)
	s := seed*2862933555777941757 + 3037000493
	for i := range g {
		s = s*6364136223846793005 + 1442695040888963407
		x := float64(s>>11) / (1 << 53)
		g[i] = low * math.Pow(high/low, x)
		if zeros && s>>7&7 == 0 {
			g[i] = 0
		}
	}
	return g
}

func relative(got, want []float64) float64 {
	var worst float64
	for k, x := range want {
		if d := math.Abs(got[k] - x); d > 1e-290 {
			worst = max(worst, d/x)
		}
		if math.IsNaN(got[k]) {
			return got[k]
		}
	}
	return worst
}

var ctx = context.Background()

// networks are wires of all kinds: usual, ideal in part, nearly ideal, hardly conducting.
func networks() []line.Network {
	var list []line.Network
	for _, r := range [][4]float64{
		{1, 2, 3, 4}, {1, 2, 0, 0}, {0, 2, 3, 4}, {1, 0, 3, 4}, {0, 0, 3, 4}, {0, 2, 0, 4}, {1, 0, 3, 0},
		{0, 0, 0, 4}, {0, 0, 3, 0}, {0, 0, 0, 0}, {1e-9, 1e-9, 0, 0}, {1e6, 1e6, 0, 0}, {1e-9, 1e6, 1e3, 0},
	} {
		for _, double := range []bool{false, true} {
			list = append(list, line.Network{RWord: r[0], RBit: r[1], RDriver: r[2], RSense: r[3], Double: double})
		}
	}
	return list
}

// transfer returns T, checked to be written everywhere.
func transfer(t *testing.T, net line.Network, g []float64, workers int) []float64 {
	t.Helper()
	got := make([]float64, len(g))
	for i := range got {
		got[i] = math.NaN()
	}
	if err := Transfer(ctx, got, net, g, workers); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestExact compares every element with elimination in 256 bits, relative to itself: every
// shape up to 16 x 16 with one of the networks, and every network with some shapes.
// Conductances are from 1 µS to 1 S, one of eight is 0.
func TestExact(t *testing.T) {
	var worst float64
	check := func(net line.Network, rows, cols int) {
		net.Rows, net.Cols = rows, cols
		g := random(rows*cols, 1e-6, 1, true, uint64(rows*100+cols))
		e := relative(transfer(t, net, g, 1), exact(net, g))
		if !(e <= 1e-13) {
			t.Errorf("%+v: relative error of an element %g", net, e)
		}
		worst = max(worst, e)
	}
	nets := networks()
	for rows := 1; rows <= 16; rows++ {
		for cols := 1; cols <= 16; cols++ {
			check(nets[(rows*16+cols)*7%len(nets)], rows, cols)
		}
	}
	for _, net := range nets {
		for _, s := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {9, 8}, {8, 9}, {3, 20}} {
			check(net, s[0], s[1])
		}
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of an element of a transfer matrix", Kind: claims.IndependentSolver,
		Source:   "elimination of all nodes in numbers of 256 bits (math/big), every shape up to 16 x 16, wires from 1 nΩ to 1 MΩ, ideal ones, both topologies",
		Absolute: true, Got: worst, Tol: 1e-13, Why: "rounding of some hundred sums and products of positive numbers"})
	if worst == 0 {
		t.Error("no rounding at all: the reference is not independent")
	}
}

// TestMaps does so for resistances that differ from segment to segment, some of them
// broken.
func TestMaps(t *testing.T) {
	for _, s := range [][2]int{{5, 7}, {12, 9}, {10, 17}} {
		for _, double := range []bool{false, true} {
			net := line.Network{Rows: s[0], Cols: s[1], RDriver: 2, RSense: 3, Double: double}
			net.RWordMap = random(s[0]*(s[1]+1), 0.1, 10, false, 1)
			net.RBitMap = random((s[0]+1)*s[1], 0.1, 10, false, 2)
			for k := range net.RWordMap {
				if k%11 == 5 {
					net.RWordMap[k] = math.Inf(1)
				}
			}
			net.RBitMap[len(net.RBitMap)-2] = math.Inf(1)
			g := random(s[0]*s[1], 1e-6, 1e-2, true, 3)
			if e := relative(transfer(t, net, g, 1), exact(net, g)); !(e <= 1e-13) {
				t.Errorf("%v, double %t: relative error of an element %g", s, double, e)
			}
		}
	}
}

// TestLine compares rows of larger arrays with the iterative solver.
func TestLine(t *testing.T) {
	for _, s := range [][2]int{{100, 100}, {37, 211}, {230, 61}, {17, 600}, {300, 280}} {
		for _, double := range []bool{false, true} {
			net := line.Network{Rows: s[0], Cols: s[1], RWord: 1.5, RBit: 0.7, RDriver: 20, RSense: 10, Double: double}
			g := random(s[0]*s[1], 1e-6, 1e-4, true, 4)
			got := transfer(t, net, g, 0)
			solver, err := line.New(net)
			if err != nil {
				t.Fatal(err)
			}
			if err := solver.SetConductances(g); err != nil {
				t.Fatal(err)
			}
			want, v := make([]float64, net.Cols), make([]float64, net.Rows)
			for _, i := range []int{0, 1, net.Rows / 2, net.Rows - 1} {
				clear(v)
				v[i] = 1
				r, err := solver.Solve(want, v, &line.Options{Tolerance: 1e-11})
				if err != nil {
					t.Fatal(err)
				}
				for j, x := range want {
					if d := math.Abs(got[i*net.Cols+j] - x); d > 1e-11*r.Scale {
						t.Fatalf("%v, double %t, row %d, column %d: %g and %g S", s, double, i, j, got[i*net.Cols+j], x)
					}
				}
			}
		}
	}
}

// TestLadder checks the closed form of a word line of n equal devices G to ideal bit lines,
// which has the voltages
//
//	cosh((n-k-1/2) θ) / cosh((n+1/2) θ),    4 sinh²(θ/2) = R G,
//
// at devices k = 0 ... n-1, and that of a bit line, likewise.
func TestLadder(t *testing.T) {
	const n, ohm, g = 500, 2, 1e-5
	all := random(n, g, g, false, 1)
	theta := 2 * math.Asinh(math.Sqrt(ohm*g)/2)
	word := transfer(t, line.Network{Rows: 1, Cols: n, RWord: ohm}, all, 1)
	bit := transfer(t, line.Network{Rows: n, Cols: 1, RBit: ohm}, all, 1)
	for k := range n {
		want := g * math.Cosh((n-float64(k)-0.5)*theta) / math.Cosh((n+0.5)*theta)
		if math.Abs(word[k]/want-1) > 1e-12 || math.Abs(bit[n-1-k]/want-1) > 1e-12 {
			t.Fatalf("device %d: %g and %g S, want %g", k, word[k], bit[n-1-k], want)
		}
	}
}

// TestReciprocity checks that the array seen from its sense terminals has the
// transpose: words become bits and both are counted from the other end. The boxes are others then.
func TestReciprocity(t *testing.T) {
	for _, double := range []bool{false, true} {
		net := line.Network{Rows: 90, Cols: 131, RWord: 1, RBit: 20, RDriver: 5, Double: double}
		turned := line.Network{Rows: 131, Cols: 90, RWord: 20, RBit: 1, RSense: 5, Double: double}
		g := random(90*131, 1e-7, 1e-3, true, 5)
		h := make([]float64, len(g))
		turn := func(dst, src []float64) {
			for i := range net.Rows {
				for j := range net.Cols {
					dst[(net.Cols-1-j)*net.Rows+net.Rows-1-i] = src[i*net.Cols+j]
				}
			}
		}
		turn(h, g)
		want := make([]float64, len(g))
		turn(want, transfer(t, net, g, 0))
		if e := relative(transfer(t, turned, h, 0), want); !(e < 1e-12) || e == 0 {
			t.Errorf("double %t: relative difference %g: must be rounding", double, e)
		}
	}
}

// TestWorkers checks that any number of workers gives the same bits, in arrays of one group
// and of several.
func TestWorkers(t *testing.T) {
	for _, s := range [][2]int{{200, 130}, {300, 310}, {40, 1100}} {
		net := line.Network{Rows: s[0], Cols: s[1], RWord: 1, RBit: 2}
		g := random(s[0]*s[1], 1e-6, 1e-4, false, 6)
		want := transfer(t, net, g, 1)
		for _, workers := range []int{2, 3, 8} {
			if !slices.Equal(transfer(t, net, g, workers), want) {
				t.Errorf("%v: other bits with %d workers", s, workers)
			}
		}
	}
}

// TestPaths compares the kernels, over the elimination of a leaf.
func TestPaths(t *testing.T) {
	defer func(p path) { current = p }(current)
	for _, s := range []shape{{rows: 8, cols: 8}, {rows: 3, cols: 5, atRight: true, atTop: true}, {rows: 1, cols: 1, atLeft: true, double: true}, {rows: 8, cols: 2, wordNode: true}} {
		p := planOf(s)
		x := random(p.slots*lanes, 1e-6, 1, true, 7)
		want := slices.Clone(x)
		eliminateGo(p.program, want)
		for current = pathGo; current <= best(); current++ {
			guard := slices.Concat([]float64{math.NaN()}, x, []float64{math.NaN()})
			eliminateNodes(p.program, guard[1:len(guard)-1])
			if got := guard[1 : len(guard)-1]; relative(got, want) > 1e-14 {
				t.Errorf("%+v, %s: relative difference %g", s, current, relative(got, want))
			}
			if !math.IsNaN(guard[0]) || !math.IsNaN(guard[len(guard)-1]) {
				t.Errorf("%+v, %s: written outside", s, current)
			}
		}
	}
}

// TestPathsTransfer runs whole arrays on every path.
func TestPathsTransfer(t *testing.T) {
	defer func(p path) { current = p }(current)
	net := line.Network{Rows: 13, Cols: 10, RWord: 1, RBit: 2, RSense: 3}
	g := random(130, 1e-6, 1e-2, true, 8)
	want := exact(net, g)
	for current = pathGo; current <= best(); current++ {
		if e := relative(transfer(t, net, g, 1), want); !(e < 1e-13) {
			t.Errorf("%s: relative error %g", current, e)
		}
	}
}

func TestRefuses(t *testing.T) {
	g := []float64{1, 2}
	for _, c := range []struct {
		want string
		net  line.Network
		g    []float64
	}{
		{"segment resistance is -1", line.Network{Rows: 1, Cols: 2, RWord: -1}, g},
		{"row 0, column 1 is NaN S", line.Network{Rows: 1, Cols: 2, RWord: 1}, []float64{1, math.NaN()}},
		{"row 1, column 0 is -2 S", line.Network{Rows: 2, Cols: 1, RWord: 1}, []float64{1, -2}},
		{"row 0, column 0 is +Inf S", line.Network{Rows: 2, Cols: 1, RWord: 1}, []float64{math.Inf(1), 0}},
	} {
		if err := Transfer(ctx, make([]float64, 2), c.net, c.g, 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	for _, net := range []line.Network{{Rows: 100, Cols: 100, RWord: 1, RBit: 1}, {Rows: 100, Cols: 100, RBit: 1, RDriver: 1}} {
		if err := Transfer(done, make([]float64, 10000), net, random(10000, 1, 2, false, 9), 2); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}

// BenchmarkTransfer is the standard problem: conductances log-uniform from 1 to 100 µS on 1 Ω
// segments. MB is the workspace of a first call.
func BenchmarkTransfer(b *testing.B) {
	for _, n := range []int{16, 32, 64, 128, 256, 512, 1024} {
		for workers := 1; workers <= 2; workers++ {
			b.Run(fmt.Sprintf("%d/workers=%d", n, workers), func(b *testing.B) {
				g := random(n*n, 1e-6, 1e-4, false, 1)
				dst := make([]float64, n*n)
				run := func() {
					if err := Transfer(ctx, dst, line.Network{Rows: n, Cols: n, RWord: 1, RBit: 1}, g, workers); err != nil {
						b.Fatal(err)
					}
				}
				workspaces = sync.Pool{}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				run()
				runtime.ReadMemStats(&after)
				b.ReportAllocs()
				for b.Loop() {
					run()
				}
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "MB")
			})
		}
	}
}
