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
	"mho/noise"
)

// degrade gives an array maps with resistances up to ten times those of its wires, and
// breaks one segment of twenty, of one line at most at either end.
func degrade(a *Array, seed uint64) {
	key := noise.NewKey(seed).Domain(noise.Data).Fold(7)
	draw := func(r float64, n int, k uint64) []float64 {
		m, cut := make([]float64, n), make([]float64, n)
		key.Fold(k).Uniform(m, noise.At{})
		key.Fold(k+1).Uniform(cut, noise.At{})
		for i, x := range m {
			if m[i] = r * math.Pow(10, x); cut[i] < 0.05 {
				m[i] = math.Inf(1)
			}
		}
		return m
	}
	w := &a.Wires
	w.RWordMap, w.RBitMap = draw(w.RWord, a.Rows*(a.Cols+1), 1), draw(w.RBit, (a.Rows+1)*a.Cols, 3)
	// Something must reach the array, and leave it.
	w.RWordMap[0], w.RBitMap[a.Rows*a.Cols] = w.RWord, w.RBit
}

// fault opens devices and makes others short circuits.
func fault(a *Array, seed uint64) {
	u := make([]float64, len(a.G))
	noise.NewKey(seed).Domain(noise.Data).Fold(8).Uniform(u, noise.At{})
	for k, x := range u {
		switch {
		case x < 0.05:
			a.G[k] = 0
		case x > 0.95:
			a.G[k] = 2e-3
		}
	}
}

// TestShapes compares outputs with elimination over all nodes for every shape up to 16 x 16 in
// both topologies, with even wires and with degraded and broken ones and faulty devices.
func TestShapes(t *testing.T) {
	var plain, mapped float64
	broken := 0
	for rows := 1; rows <= 16; rows++ {
		for cols := 1; cols <= 16; cols++ {
			if testing.Short() && (rows*cols)%5 != 1 {
				continue
			}
			for k, topology := range []Topology{Single, Double, Single, Double} {
				seed := uint64(100*rows + cols)
				a, v := random(rows, cols, 1, Wires{RWord: 150, RBit: 90, RDriver: 400, RSense: 50, Topology: topology}, seed)
				tol := 1e-13
				if k >= 2 {
					fault(a, seed)
					degrade(a, seed)
					tol = 5e-12
				}
				s, err := a.Solve(ctx, v, &Settings{Tolerance: tol})
				if err != nil && strings.Contains(err.Error(), "floats") {
					broken++
					continue
				}
				if err != nil {
					t.Fatalf("%d x %d %s: %v", rows, cols, topology, err)
				}
				want, _ := dense(a, v)
				if top(want) == 0 {
					continue
				}
				d := worst(s.I, want)
				if limit := s.ErrorBound + 1e-12; !(d <= limit) {
					t.Errorf("%d x %d %s: outputs differ by %g, bound %g", rows, cols, topology, d, s.ErrorBound)
				}
				if k < 2 {
					plain = max(plain, d)
				} else {
					mapped = max(mapped, d)
				}
			}
		}
	}
	if broken > 60 {
		t.Errorf("%d networks float, which leaves too few to compare", broken)
	}
	c := claims.Claim{Kind: claims.IndependentSolver, Source: "Gaussian elimination over all nodes (gonum mat.SolveVec), every shape from 1 x 1 to 16 x 16, both topologies", Absolute: true, Tol: 1e-12, Why: "rounding of the elimination"}
	c.Name, c.Got = "largest relative error of outputs, all shapes", plain
	claims.Check(t, c)
	c.Name, c.Got = "largest relative error of outputs with degraded and broken lines, opens and shorts", mapped
	claims.Check(t, c)
}

// mappedArray returns an array with degraded and broken lines and faulty devices in which no node floats.
func mappedArray(t *testing.T, rows, cols, inputs int, w Wires, seed uint64) (*Array, []float64) {
	t.Helper()
	for ; ; seed += 1000 {
		a, v := random(rows, cols, inputs, w, seed)
		fault(a, seed)
		degrade(a, seed)
		_, err := a.solver(&Settings{})
		if err == nil {
			return a, v
		}
		if !strings.Contains(err.Error(), "floats") {
			t.Fatal(err)
		}
	}
}

var mappedWires = []Wires{
	{RWord: 20, RBit: 30, RDriver: 200, RSense: 100}, {RWord: 100, RBit: 10, Topology: Double}, {RWord: 5, RBit: 200, RSense: 50, Topology: Double},
}

// TestMaps compares everything that is linear with elimination over all nodes, of arrays with degraded and
// broken lines, opens and shorts.
func TestMaps(t *testing.T) {
	var transfer, updated, adjoint, forward float64
	for n, w := range mappedWires {
		a, v := mappedArray(t, 9, 7, 2, w, uint64(n))
		// T by one elimination for every word line.
		exact := func(b *Array) []float64 {
			m := make([]float64, 0, len(b.G))
			for i := range b.Rows {
				unit := make([]float64, b.Rows)
				unit[i] = 1
				out, _ := dense(b, unit)
				m = append(m, out...)
			}
			return m
		}
		m, err := NewTransferMatrix(ctx, a, nil)
		if err != nil {
			t.Fatal(err)
		}
		transfer = max(transfer, apart(a, m.T, exact(a)))
		turned, _, err := a.turned().Transfer(ctx, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Rows {
			for j := range a.Cols {
				if d := math.Abs(m.T[i*a.Cols+j] - turned[(a.Cols-1-j)*a.Rows+a.Rows-1-i]); d > 1e-10*greatest(m.T) {
					t.Errorf("wires %d: reciprocity at %d, %d is missed by %g S", n, i, j, d)
				}
			}
		}
		b := *a
		if err := b.Apply([]Change{{2, 3, 1e-3}, {4, 4, 3e-5}, {0, 6, 1e-6}}); err != nil {
			t.Fatal(err)
		}
		low, err := m.woodbury(ctx, b.G, []int{2*7 + 3, 4*7 + 4, 6})
		if err != nil {
			t.Fatal(err)
		}
		want := exact(&b)
		updated = max(updated, apart(&b, low, want))
		if err := m.Update(ctx, []Change{{2, 3, 1e-3}, {4, 4, 3e-5}, {0, 6, 1e-6}}); err != nil {
			t.Fatal(err)
		}
		updated = max(updated, apart(&b, m.T, want))
		product, _, err := NewMultiplier(&b, nil).Multiply(ctx, nil, v)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 2 {
			out, _ := dense(&b, v[k*9:][:9])
			if d := worst(product[k*7:][:7], out); d > 2e-10 {
				t.Errorf("wires %d: product differs by %g", n, d)
			}
		}

		c, dG := make([]float64, 2*7), make([]float64, 9*7)
		for i := range c {
			c[i] = math.Sin(float64(i * i))
		}
		for i := range dG {
			dG[i] = a.G[i] * math.Cos(float64(i*i))
		}
		value := func(h float64) (sum float64) {
			b := *a
			b.G = slices.Clone(a.G)
			for i, d := range dG {
				b.G[i] += h * d
			}
			for k := range 2 {
				out, _ := dense(&b, v[k*9:][:9])
				for j, x := range out {
					sum += x * c[k*7+j]
				}
			}
			return sum
		}
		const h = 2e-3
		slope := (8*(value(h)-value(-h)) - (value(2*h) - value(-2*h))) / (12 * h)
		grad, _, err := a.Gradient(ctx, nil, v, c, nil)
		if err != nil {
			t.Fatal(err)
		}
		dI, _, err := a.Directional(ctx, nil, v, dG, nil)
		if err != nil {
			t.Fatal(err)
		}
		var byGrad, byDirection, size float64
		for i, d := range dG {
			byGrad += grad[i] * d
			size += math.Abs(grad[i] * d)
		}
		for i, x := range c {
			byDirection += x * dI[i]
		}
		adjoint, forward = max(adjoint, math.Abs(byGrad-slope)/size), max(forward, math.Abs(byDirection-slope)/size)
	}
	c := claims.Claim{Kind: claims.IndependentSolver, Source: "Gaussian elimination over all nodes, 9 x 7 with degraded and broken lines, opens and shorts", Absolute: true, Tol: 1e-10, Why: "tolerance of the solver"}
	c.Name, c.Got = "largest difference of transfer matrices with maps", transfer
	claims.Check(t, c)
	c.Name, c.Got = "largest difference of updated transfer matrices with maps", updated
	claims.Check(t, c)
	c.Source += ", differences of fourth order"
	c.Tol, c.Why = 1e-9, "differences of 0.2 % of the conductances: rounding over the step, and its fourth power"
	c.Name, c.Got = "largest relative error of gradients with maps", adjoint
	claims.Check(t, c)
	c.Name, c.Got = "largest relative error of directional derivatives with maps", forward
	claims.Check(t, c)
}

// TestMapsNonlinear compares sinh devices behind degraded and broken lines with Newton's method over all nodes.
func TestMapsNonlinear(t *testing.T) {
	var d float64
	for n, w := range mappedWires {
		a, v := mappedArray(t, 6, 5, 1, w, uint64(40+n))
		for i := range v {
			v[i] *= 4
		}
		b := Bias{Word: v}
		s, err := a.SolveBias(ctx, b, Sinh{V0: 0.2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, bit := reference(a, &b, sinhLaw(0.2))
		d = max(d, difference(s.IBit, bit))
		one, err := a.SolveNonlinear(ctx, v, Sinh{V0: 0.2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		d = max(d, difference(one.I, s.IBit))
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of outputs of sinh devices with maps", Kind: claims.IndependentSolver, Source: "Newton's method over all nodes with dense elimination, 6 x 5 with degraded and broken lines, opens and shorts",
		Absolute: true, Got: d, Tol: 1e-9, Why: "the reference halves its steps down to rounding"})
}

// TestMapsSettle compares settling with the implicit Euler rule over all nodes.
func TestMapsSettle(t *testing.T) {
	a, v := mappedArray(t, 4, 5, 1, Wires{RWord: 20, RBit: 30, RDriver: 200, RSense: 100}, 3)
	c := LineCapacitance{Word: 1e-15, Bit: 2e-15}
	const window = 4e-12
	s, err := a.Settle(ctx, v, c, &SettlingSettings{Accuracy: 1e-8, Window: window, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []float64
	for k, x := range s.T {
		if x == window {
			got = s.I[k*5:][:5]
		}
	}
	one, e1 := euler(a, v, c, window, 2000)
	two, e2 := euler(a, v, c, window, 4000)
	for j := range two {
		two[j] = 2*two[j] - one[j]
	}
	claims.Check(t, claims.Claim{Name: "largest relative difference of outputs during settling with maps", Kind: claims.IndependentSolver, Source: "implicit Euler rule over all nodes, extrapolated, 4 x 5 with degraded and broken lines",
		Absolute: true, Got: worst(got, two), Tol: 1e-5, Why: "steps of a thousandth of the window"})
	if e := 2*e2 - e1; math.Abs(s.Energy/e-1) > 1e-5 {
		t.Errorf("energy is %g J, want %g", s.Energy, e)
	}
}

// TestMapsEven checks that maps with the same resistance everywhere change nothing.
func TestMapsEven(t *testing.T) {
	for _, topology := range []Topology{Single, Double} {
		w := Wires{RWord: 3, RBit: 4, RDriver: 5, RSense: 6, Topology: topology}
		a, v := random(20, 30, 4, w, 1)
		b := *a
		b.Wires.RWordMap, b.Wires.RBitMap = slices.Repeat([]float64{3}, 20*31), slices.Repeat([]float64{4}, 21*30)
		for _, set := range []*Settings{nil, {Nodes: true}} {
			one, err := a.Solve(ctx, v, set)
			if err != nil {
				t.Fatal(err)
			}
			two, err := b.Solve(ctx, v, set)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 4 {
				if d := worst(two.I[n*30:][:30], one.I[n*30:][:30]); d > 2e-10 {
					t.Errorf("%s: outputs with maps differ by %g", topology, d)
				}
				if set != nil && math.Abs(one.Power[n].Word/two.Power[n].Word-1) > 1e-8 {
					t.Errorf("power in the word lines is %g W with maps, %g W without", two.Power[n].Word, one.Power[n].Word)
				}
			}
		}
	}
}

// TestNodes checks, from the node voltages alone, Kirchhoff's law at every node, and the balance of
// power, of arrays with maps and without.
func TestNodes(t *testing.T) {
	for n, w := range append(slices.Clone(mappedWires), Wires{RWord: 20, RBit: 30, RDriver: 200, RSense: 100}) {
		a, v := mappedArray(t, 14, 11, 1, w, uint64(20+n))
		if n == len(mappedWires) {
			a.Wires = w
		}
		s, err := a.Solve(ctx, v, &Settings{Nodes: true, Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		rows, cols := a.Rows, a.Cols
		var missing, largest float64
		node := func(currents ...float64) {
			var sum float64
			for _, x := range currents {
				sum += x
				largest = max(largest, math.Abs(x))
			}
			missing = max(missing, math.Abs(sum))
		}
		for i := range rows {
			for j := range cols {
				k := i*cols + j
				device := a.G[k] * (s.VWord[k] - s.VBit[k])
				left := (v[i] - s.VWord[k]) / (a.Wires.RDriver + a.wordOhm(i, 0))
				if j > 0 {
					left = (s.VWord[k-1] - s.VWord[k]) / a.wordOhm(i, j)
				}
				var right float64
				switch {
				case j < cols-1:
					right = (s.VWord[k+1] - s.VWord[k]) / a.wordOhm(i, j+1)
				case a.Wires.Topology == Double:
					right = (v[i] - s.VWord[k]) / (a.Wires.RDriver + a.wordOhm(i, cols))
				}
				node(left, right, -device)
				var up float64
				switch {
				case i > 0:
					up = (s.VBit[k-cols] - s.VBit[k]) / a.bitOhm(i, j)
				case a.Wires.Topology == Double:
					up = -s.VBit[k] / (a.Wires.RSense + a.bitOhm(0, j))
				}
				down := -s.VBit[k] / (a.Wires.RSense + a.bitOhm(rows, j))
				if i < rows-1 {
					down = (s.VBit[k+cols] - s.VBit[k]) / a.bitOhm(i+1, j)
				}
				node(up, down, device)
			}
		}
		if !(missing <= 1e-11*largest) {
			t.Errorf("wires %d: %g of %g A are missing at a node", n, missing, largest)
		}
		p := s.Power[0]
		if d := p.Source - p.Device - p.Word - p.Bit - p.Driver - p.Sense; !(math.Abs(d) <= 1e-11*p.Source) {
			t.Errorf("wires %d: power %+v does not balance: %g W", n, p, d)
		}
	}
}

// TestRayleigh checks that the power drawn never rises when any resistance does: of a segment, a
// driver, a device.
func TestRayleigh(t *testing.T) {
	u := make([]float64, 40)
	noise.NewKey(5).Domain(noise.Data).Uniform(u, noise.At{})
	for n, w := range mappedWires {
		a, v := mappedArray(t, 7, 8, 1, w, uint64(60+n))
		drawn := func() float64 {
			s, err := a.Solve(ctx, v, &Settings{Nodes: true, Tolerance: 1e-12})
			if err != nil {
				t.Fatal(err)
			}
			return s.Power[0].Source
		}
		before := drawn()
		for k, x := range u {
			switch k % 4 {
			case 0:
				a.Wires.RWordMap[int(x*float64(len(a.Wires.RWordMap)))] *= 3
			case 1:
				a.Wires.RBitMap[int(x*float64(len(a.Wires.RBitMap)))] *= 3
			case 2:
				a.G[int(x*float64(len(a.G)))] *= 0.3
			case 3:
				a.Wires.RDriver += 10 * x
				a.Wires.RSense += x
			}
			after := drawn()
			if after > before*(1+1e-11) {
				t.Errorf("wires %d, step %d: a higher resistance raises the power from %g to %g W", n, k, before, after)
			}
			before = after
		}
	}
}

// TestSuperposition checks outputs and node voltages of sums of inputs.
func TestSuperposition(t *testing.T) {
	for n, w := range mappedWires {
		a, v := mappedArray(t, 8, 9, 2, w, uint64(80+n))
		for i := range 8 {
			v = append(v, 2*v[i]-3*v[8+i])
		}
		s, err := a.Solve(ctx, v, &Settings{Nodes: true, Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			name string
			x    []float64
		}{{"outputs", s.I}, {"word voltages", s.VWord}, {"bit voltages", s.VBit}} {
			n := len(x.x) / 3
			for k := range n {
				if d := math.Abs(2*x.x[k] - 3*x.x[n+k] - x.x[2*n+k]); d > 1e-10*top(x.x) {
					t.Errorf("%s: element %d of a sum is wrong by %g", x.name, k, d)
				}
			}
		}
	}
}

// TestFloating checks that every method names a node without a path to a terminal.
func TestFloating(t *testing.T) {
	a, v := random(3, 4, 1, Wires{RWord: 1, RBit: 1}, 1)
	a.Wires.RWordMap = slices.Repeat([]float64{1}, 3*5)
	a.Wires.RWordMap[1*5+2] = math.Inf(1) // word line 1 has nodes 2 and 3 without driver,
	a.G[1*4+2], a.G[1*4+3] = 0, 0         // whose devices are open
	const want = "the node of word line 1 at column 2 floats"
	for name, do := range map[string]func() error{
		"Solve":          func() error { _, err := a.Solve(ctx, v, nil); return err },
		"Transfer":       func() error { _, _, err := a.Transfer(ctx, nil, nil); return err },
		"Gradient":       func() error { _, _, err := a.Gradient(ctx, nil, v, make([]float64, 4), nil); return err },
		"Directional":    func() error { _, _, err := a.Directional(ctx, nil, v, make([]float64, 12), nil); return err },
		"SolveNonlinear": func() error { _, err := a.SolveNonlinear(ctx, v, Sinh{V0: 1}, nil); return err },
		"Settle":         func() error { _, err := a.Settle(ctx, v, LineCapacitance{Word: 1e-15}, nil); return err },
		"Multiply":       func() error { _, _, err := NewMultiplier(a, nil).Multiply(ctx, nil, v); return err },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	// One device more, and nothing floats; opening it again does.
	if err := a.Apply([]Change{{1, 3, 1e-5}}); err != nil {
		t.Fatal(err)
	}
	m, err := NewTransferMatrix(ctx, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Update(ctx, []Change{{1, 3, 0}}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Update: got %v, want %q", err, want)
	}
	// With the lower conductances of both changes the nodes would float, with either they do not.
	if err := m.Update(ctx, []Change{{1, 3, 0}, {1, 2, 1e-5}}); err != nil {
		t.Error(err)
	}
}

func TestMapsRefuse(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		change func(w *Wires)
		want   string
	}{
		{func(w *Wires) { w.RWordMap = make([]float64, 6) }, "r_word_map: 6 resistances for an array of 2 rows and 3 columns: must be 2 x 4"},
		{func(w *Wires) { w.RBitMap = make([]float64, 8) }, "r_bit_map: 8 resistances for an array of 2 rows and 3 columns: must be 3 x 3"},
		{func(w *Wires) { w.RWordMap = []float64{1, 1, inf, 1, 1, 0, 1, 1} }, "r_word_map: resistance at row 1, column 1 is 0 ohm: must be > 0 ohm"},
		{func(w *Wires) { w.RBitMap = []float64{1, 1, 1, 1, 1, -1, 1, 1, 1} }, "r_bit_map: resistance at row 1, column 2 is -1 ohm"},
		{func(w *Wires) { w.RBitMap = []float64{1, math.NaN(), 1, 1, 1, 1, 1, 1, 1} }, "r_bit_map: resistance at row 0, column 1 is NaN ohm"},
		{func(w *Wires) { w.RBitMap = []float64{1, -inf, 1, 1, 1, 1, 1, 1, 1} }, "r_bit_map: resistance at row 0, column 1 is -Inf ohm"},
	} {
		a, v := random(2, 3, 1, Wires{RWord: 1, RBit: 1}, 5)
		c.change(&a.Wires)
		if _, err := a.Solve(ctx, v, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	a, _ := random(2, 3, 1, Wires{}, 5)
	before := slices.Clone(a.G)
	if err := a.Apply([]Change{{0, 0, 1}, {2, 0, 1}}); err == nil || !slices.Equal(a.G, before) {
		t.Errorf("a change outside the array: %v, %v", err, a.G)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	b, v := mappedArray(t, 4, 4, 1, mappedWires[0], 1)
	if _, err := b.Solve(done, v, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := b.Solve(ctx, v, &Settings{MaxIterations: 1}); err == nil {
		t.Error("one iteration is enough")
	}
}

// BenchmarkMaps solves arrays with a map of resistances.
func BenchmarkMaps(b *testing.B) {
	for _, n := range []int{128, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a, v := random(n, n, 1, Wires{RWord: 1, RBit: 1}, 1)
			degrade(a, 1)
			for _, m := range [][]float64{a.Wires.RWordMap, a.Wires.RBitMap} {
				for k, r := range m {
					m[k] = min(r, 10)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Solve(ctx, v, &Settings{Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
