package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"mho/internal/claims"
)

// spread makes conductances reach from 1 nS to 1 S, one of seven 0.
func spread(a *Array) {
	for k, g := range a.G {
		a.G[k] = 1e-9 * math.Pow(g/1e-6, 4.5)
		if k%7 == 3 {
			a.G[k] = 0
		}
	}
}

// apart returns the largest difference of elements, relative to the larger of the largest
// elements of row and column.
func apart(a *Array, got, want []float64) float64 {
	rows, cols := make([]float64, a.Rows), make([]float64, a.Cols)
	for k, x := range want {
		rows[k/a.Cols] = max(rows[k/a.Cols], math.Abs(x))
		cols[k%a.Cols] = max(cols[k%a.Cols], math.Abs(x))
	}
	var d float64
	for k, x := range want {
		if e := math.Abs(got[k] - x); e > 0 {
			d = max(d, e/max(rows[k/a.Cols], cols[k%a.Cols]))
		}
	}
	return d
}

// difference returns the largest |x - y| relative to the largest |y|, and NaN if there is one.
func difference(x, y []float64) float64 {
	var d float64
	for i, v := range y {
		d = max(d, math.Abs(x[i]-v))
	}
	if d == 0 {
		return 0
	}
	return d / greatest(y)
}

var wiresOfAllKinds = []Wires{
	{RWord: 1, RBit: 1}, {RWord: 1e-9, RBit: 1e-9}, {RWord: 1e3, RBit: 1e3}, {RWord: 20, RDriver: 100}, {RBit: 5, RSense: 30},
	{RDriver: 100, RSense: 200}, {RWord: 3, RBit: 4, RDriver: 5, RSense: 6, Topology: Double}, {RWord: 10, RSense: 1, Topology: Double},
}

// TestTransfer compares the transfer matrix with a solution for every line, whose error
// is bounded.
func TestTransfer(t *testing.T) {
	var worst float64
	for k, w := range wiresOfAllKinds {
		for _, shape := range [][2]int{{1, 1}, {1, 50}, {50, 1}, {30, 41}, {70, 33}} {
			a, _ := random(shape[0], shape[1], 1, w, uint64(k))
			if k%2 == 0 {
				spread(a)
			}
			got, e, err := a.Transfer(ctx, nil, nil)
			if err != nil || !(e <= 1e-10) {
				t.Fatalf("%+v, %v: error %g, %v", w, shape, e, err)
			}
			want := make([]float64, len(a.G))
			if _, _, err := a.lineByLine(ctx, want, &Settings{}); err != nil {
				t.Fatal(err)
			}
			worst = max(worst, apart(a, got, want))
		}
	}
	claims.Check(t, claims.Claim{Name: "largest difference of transfer matrices by elimination and by iteration", Kind: claims.IndependentSolver,
		Source: "conjugate gradients for every line (package line)", Absolute: true, Got: worst, Tol: 1e-10, Why: "tolerance of the iteration"})
}

// TestTransferHarsh checks wires so bad that the iteration takes many steps.
func TestTransferHarsh(t *testing.T) {
	a, _ := random(12, 9, 1, Wires{RWord: 1e6, RBit: 1e6}, 1)
	for k := range a.G {
		a.G[k] *= 1e4
	}
	got, c, err := a.transfer(ctx, nil, nil)
	if err != nil || !(c.error <= 1e-10) || c.iterations < 20 {
		t.Fatal(c, err)
	}
	want := make([]float64, len(a.G))
	if _, _, err := a.lineByLine(ctx, want, &Settings{}); err != nil {
		t.Fatal(err)
	}
	if d := apart(a, got, want); d > 1e-10 {
		t.Errorf("differs by %g from solutions line by line", d)
	}
}

// TestTransferBound makes errors of all shapes and checks that the bound is above them, for
// which there is a chance of 1e-6 each that it is not, and not far above.
func TestTransferBound(t *testing.T) {
	a, _ := random(24, 18, 1, Wires{RWord: 2, RBit: 3}, 8)
	exact, _, err := a.Transfer(ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	least, most := math.Inf(1), 0.0
	check := func(name string, change func(m []float64)) {
		wrong := slices.Clone(exact)
		change(wrong)
		e := make([]float64, len(wrong))
		for k := range e {
			e[k] = wrong[k] - exact[k]
		}
		c, err := a.verify(ctx, wrong, &Settings{})
		if err != nil {
			t.Fatal(err)
		}
		real := columnNorm(e, a.Cols) / columnNorm(wrong, a.Cols)
		least, most = min(least, c.error/real), max(most, c.error/real)
		if !(c.error >= real) {
			t.Errorf("%s: error %g, bound %g", name, real, c.error)
		}
	}
	for k := range exact {
		check(fmt.Sprint("element ", k), func(m []float64) { m[k] *= 1 + 1e-6 })
	}
	for j := range a.Cols {
		check(fmt.Sprint("column ", j), func(m []float64) {
			for i := range a.Rows {
				m[i*a.Cols+j] *= 1 + 1e-6*math.Sin(float64(i*i+j))
			}
		})
	}
	check("gain", func(m []float64) { scale(1+1e-6, m) })
	if most > 200 || least < 5 {
		t.Errorf("bounds are %g to %g times the errors", least, most)
	}
	// Solutions for every line are certain.
	rows := make([]float64, len(exact))
	for _, b := range []*Array{a, a.turned()} {
		for _, tol := range []float64{1e-3, 1e-6, 1e-10} {
			bound, size, err := b.lineByLine(ctx, rows, &Settings{Tolerance: tol})
			if err != nil || !(bound <= tol) {
				t.Fatal(bound, err)
			}
			tight := make([]float64, len(exact))
			if _, _, err := b.lineByLine(ctx, tight, &Settings{Tolerance: 1e-12}); err != nil {
				t.Fatal(err)
			}
			for k := range tight {
				tight[k] -= rows[k]
			}
			if real := columnNorm(tight, b.Cols) / size; !(real <= bound) {
				t.Errorf("line by line to %g: error %g, bound %g", tol, real, bound)
			}
		}
	}
}

// TestTransferVerifies checks that the estimate sees an error anywhere, in both ways of
// verification, and what happens when no tolerance is met.
func TestTransferVerifies(t *testing.T) {
	for _, w := range []Wires{{RWord: 1, RBit: 1}, {RWord: 1e6, RBit: 1e6}} {
		a, _ := random(20, 20, 1, w, 2)
		m, _, err := a.Transfer(ctx, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{0, 19, 20*19 + 19} {
			wrong := slices.Clone(m)
			wrong[k] += 1e-6 * greatest(m)
			c, err := a.verify(ctx, wrong, &Settings{})
			if err != nil || !(c.error > 1e-8) {
				t.Errorf("%+v: an error of 1e-6 in element %d was estimated as %g, %v", w, k, c.error, err)
			}
		}
		wrong := slices.Clone(m)
		wrong[7] = math.NaN()
		if c, err := a.verify(ctx, wrong, &Settings{}); err != nil || c.error <= 1 {
			t.Errorf("%+v: NaN was estimated as %g, %v", w, c.error, err)
		}
	}
	a, _ := random(20, 20, 1, Wires{RWord: 1, RBit: 1}, 3)
	if _, e, err := a.Transfer(ctx, nil, &Settings{Tolerance: 1e-17}); err == nil && e > 1e-17 {
		t.Errorf("a tolerance of 1e-17 gave %g and no error", e)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := a.Transfer(done, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestUpdate changes devices of arrays again and again and compares T with elimination of
// the whole.
func TestUpdate(t *testing.T) {
	var worst float64
	fast := 0
	for _, w := range []Wires{{RWord: 2, RBit: 1}, {RWord: 1e-6, RBit: 1e-6, RSense: 1}, {RWord: 50, RBit: 50, RDriver: 10, RSense: 20, Topology: Double}} {
		a, v := random(150, 130, 1, w, 4)
		m, err := NewTransferMatrix(ctx, a, nil)
		if err != nil {
			t.Fatal(err)
		}
		full := m.Full
		for round := range 5 {
			// Opened, made a short circuit, weakened, one of them twice.
			changes := []Change{
				{round, 3 * round, 1}, {round, 3 * round, 0}, {149 - round, 129, 1e-2}, {75, 65 + round, 1e-8},
			}
			var changed []int
			for _, c := range changes {
				k := c.Row*a.Cols + c.Col
				a.G[k] = c.G
				if !slices.Contains(changed, k) {
					changed = append(changed, k)
				}
			}
			want := make([]float64, len(a.G))
			if err := a.merge(ctx, want, &Settings{}); err != nil {
				t.Fatal(err)
			}
			got, err := m.woodbury(ctx, a.G, changed)
			if err != nil || got == nil {
				t.Fatal(err)
			}
			worst = max(worst, apart(a, got, want))
			if err := m.Update(ctx, changes); err != nil {
				t.Fatal(err)
			}
			if !(m.Error <= 1e-10) {
				t.Errorf("%+v: error %g", w, m.Error)
			}
			worst = max(worst, apart(a, m.T, want))
		}
		fast += 5 - (m.Full - full)
		sol, err := a.Solve(ctx, v, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(m.Multiply(nil, v), sol.I); d > 2e-10 {
			t.Errorf("%+v: outputs differ by %g", w, d)
		}
	}
	// The network of the last wires takes so many iterations that T as a whole is faster.
	if fast != 10 {
		t.Errorf("%d of 15 updates were fast, want 10", fast)
	}
	claims.Check(t, claims.Claim{Name: "largest error of a transfer matrix after updates of devices", Kind: claims.IndependentSolver,
		Source: "elimination of the whole array", Absolute: true, Got: worst, Tol: 1e-10, Why: "tolerance of the updates"})
}

// TestUpdateSingle checks the closed form of one device behind a resistance, to the
// tolerance of the solver.
func TestUpdateSingle(t *testing.T) {
	a := &Array{Rows: 1, Cols: 1, G: []float64{1e-3}, Wires: Wires{RWord: 100, RBit: 200, RDriver: 300, RSense: 400}}
	m, err := NewTransferMatrix(ctx, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []float64{1, 1e-6, 0, 1e-4} {
		g0 := m.array.G[0]
		got, err := m.woodbury(ctx, []float64{g}, []int{0})
		if err != nil {
			t.Fatal(err)
		}
		want := g / (1 + 1000*g)
		if math.Abs(got[0]-want) > 1e-10/8*max(want, g0/(1+1000*g0)) {
			t.Errorf("%g to %g S: %g, want %g", g0, g, got[0], want)
		}
		if err := m.Update(ctx, []Change{{0, 0, g}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUpdateRefuses(t *testing.T) {
	a, _ := random(40, 30, 1, Wires{RWord: 1, RBit: 1}, 5)
	m, err := NewTransferMatrix(ctx, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := *m
	done, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		want string
		ctx  context.Context
		Change
	}{
		{"row 40, column 0: must be in an array of 40 x 30", ctx, Change{40, 0, 1}},
		{"row 0, column -1", ctx, Change{0, -1, 1}},
		{"row 1, column 2 to -1 S", ctx, Change{1, 2, -1}},
		{"to NaN S", ctx, Change{1, 2, math.NaN()}},
		{"to +Inf S", ctx, Change{1, 2, math.Inf(1)}},
		{"canceled", done, Change{1, 2, 1}},
	} {
		if err := m.Update(c.ctx, []Change{{0, 0, 1}, c.Change}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if !slices.Equal(m.T, before.T) || m.array.G[0] != a.G[0] || m.Full != 1 {
		t.Error("an update that failed changed something")
	}
	all := make([]Change, len(a.G))
	for k := range all {
		all[k] = Change{k / 30, k % 30, 2e-5}
	}
	if err := m.Update(ctx, all); err != nil || m.Full != 2 {
		t.Errorf("every device changed: %d full computations, %v", m.Full, err)
	}
}

// TestMultiplier compares outputs with Solve through batches, changes of devices and of
// wires, and checks when T is used.
func TestMultiplier(t *testing.T) {
	a, v := random(120, 100, 200, Wires{RWord: 1, RBit: 2}, 6)
	want, err := a.Solve(ctx, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := NewMultiplier(a, nil)
	multiply := func(inputs int) {
		t.Helper()
		got, e, err := m.Multiply(ctx, nil, v[:inputs*120])
		if err != nil || !(e <= 1e-10) {
			t.Fatal(e, err)
		}
		for n := range inputs {
			if d := difference(got[n*100:][:100], want.I[n*100:][:100]); d > 2e-10 {
				t.Fatalf("%d inputs, input %d: differs by %g", inputs, n, d)
			}
		}
	}
	multiply(1)
	if m.transfer != nil {
		t.Error("T for one input")
	}
	for range 40 {
		multiply(3)
	}
	if m.transfer == nil || m.transfer.Full != 1 {
		t.Error("no T after 121 inputs")
	}
	changed := func(set func()) {
		t.Helper()
		set()
		if want, err = a.Solve(ctx, v, nil); err != nil {
			t.Fatal(err)
		}
	}
	changed(func() { a.G[77] = 1e-3 })
	multiply(1)
	multiply(200)
	if m.transfer.array.G[77] != 1e-3 {
		t.Error("T was not updated")
	}
	changed(func() { a.Wires.RWord = 3 })
	multiply(0)
	if m.transfer != nil {
		t.Error("T of other wires was kept")
	}
	multiply(200)
	if m.transfer == nil {
		t.Error("no T for 200 inputs")
	}
	if _, _, err := m.Multiply(ctx, nil, v[:7]); err == nil || !strings.Contains(err.Error(), "7 voltages for an array of 120 rows") {
		t.Error(err)
	}
}

// BenchmarkUpdate changes one device, and BenchmarkMultiply is one input once T is known.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{128, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a, _ := random(n, n, 1, Wires{RWord: 1, RBit: 1}, 1)
			m, err := NewTransferMatrix(ctx, a, &Settings{Workers: 1})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for k := 0; b.Loop(); k++ {
				if err := m.Update(ctx, []Change{{k % n, k / n % n, 1e-5 * float64(1+k%9)}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(m.Full-1)/float64(b.N), "full/op")
		})
	}
}

func BenchmarkMultiply(b *testing.B) {
	for _, n := range []int{128, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a, v := random(n, n, 500, Wires{RWord: 1, RBit: 1}, 1)
			m := NewMultiplier(a, &Settings{Workers: 1})
			if _, _, err := m.Multiply(ctx, nil, v); err != nil {
				b.Fatal(err)
			}
			dst := make([]float64, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := m.Multiply(ctx, dst, v[:n]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
