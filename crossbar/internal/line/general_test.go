package line

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// drawGeneral draws a small network with maps, breaks, open terminals, conductances to
// ground and all kinds of sources.
func drawGeneral(rnd *rand.Rand) (Network, Elements, Sources) {
	maybe := func() bool { return rnd.IntN(2) == 0 }
	ohm := func() float64 { return []float64{0, 1e-6, 0.1, 1, 30, 1e4}[rnd.IntN(6)] }
	n := Network{Rows: 1 + rnd.IntN(4), Cols: 1 + rnd.IntN(4), RWord: ohm(), RBit: ohm(), RDriver: ohm(), RSense: ohm(), Double: maybe()}
	segments := func(count int) []float64 {
		x := logUniform(rnd, count, 0.01, 1000)
		for k := range x {
			if rnd.IntN(6) == 0 {
				x[k] = math.Inf(1)
			}
		}
		return x
	}
	if maybe() {
		n.RWordMap = segments(n.Rows * (n.Cols + 1))
	}
	if maybe() {
		n.RBitMap = segments((n.Rows + 1) * n.Cols)
	}
	cells := n.Rows * n.Cols
	e := Elements{Device: logUniform(rnd, cells, 1e-6, 1e-3)}
	for k := range e.Device {
		if rnd.IntN(6) == 0 {
			e.Device[k] = 0
		}
	}
	opens := func(count int) []bool {
		x := make([]bool, count)
		for k := range x {
			x[k] = rnd.IntN(3) == 0
		}
		return x
	}
	if maybe() {
		e.WordOpen = opens(n.Rows)
	}
	if maybe() {
		e.BitOpen = opens(n.Cols)
	}
	earth := func() []float64 {
		switch rnd.IntN(8) {
		case 0:
			return logUniform(rnd, cells, 1e-8, 1e-4)
		case 1:
			return []float64{1e-6}
		}
		return nil
	}
	e.GroundWord, e.GroundBit = earth(), earth()
	var in Sources
	volts := func(count int) []float64 {
		if rnd.IntN(3) == 0 {
			return nil
		}
		return signed(rnd, count)
	}
	amps := func() []float64 {
		x := volts(cells)
		for k := range x {
			x[k] *= 1e-4
		}
		return x
	}
	in.Word, in.Bit = volts(n.Rows), volts(n.Cols)
	in.Device, in.WordNode, in.BitNode = amps(), amps(), amps()
	return n, e, in
}

// TestSources compares terminal currents, node voltages and segment currents with
// nodal analysis in 300 bits, for maps, breaks, open terminals, conductances to
// ground and all sources together. Networks that float must be refused.
func TestSources(t *testing.T) {
	rnd := newRand(20)
	var solved, floating int
	var worst, tightest float64
	for k := range 1500 {
		n, e, in := drawGeneral(rnd)
		s, err := New(n)
		if err != nil {
			t.Fatal(err)
		}
		c := newCircuit(n, e, in)
		if err := s.SetElements(e); err != nil {
			if !strings.Contains(err.Error(), "floats") || !c.floats() {
				t.Errorf("case %d: %+v %+v: %v", k, n, e, err)
			}
			floating++
			continue
		}
		if c.floats() {
			t.Errorf("case %d: %+v %+v: no error for a floating node", k, n, e)
			continue
		}
		solved++
		want := c.solve()
		got := make([]float64, n.Cols)
		for range 2 { // cold, then warm
			res, err := s.SolveSources(got, in, nil)
			if err != nil {
				t.Errorf("case %d: %+v %+v %+v: %v", k, n, e, in, err)
				break
			}
			limit := res.ErrorBound*res.Scale + 8*unit*res.Scale
			for j, x := range got {
				if d := math.Abs(x + want.total[n.Rows+j]); !(d <= limit) {
					t.Errorf("case %d: %+v %+v %+v: output %d is %g A, want %g, bound %g", k, n, e, in, j, x, -want.total[n.Rows+j], limit)
				}
				if res.Scale > 0 {
					worst = max(worst, math.Abs(x+want.total[n.Rows+j])/res.Scale)
				}
			}
			nearW, farW, nearB, farB := make([]float64, n.Rows), make([]float64, n.Rows), make([]float64, n.Cols), make([]float64, n.Cols)
			s.Terminals(nearW, farW, nearB, farB)
			near, far := append(nearW, nearB...), append(farW, farB...)
			for i := range near {
				ideal := i < n.Rows && n.RWord+n.RDriver == 0 && n.RWordMap == nil || i >= n.Rows && n.RBit+n.RSense == 0 && n.RBitMap == nil
				if d := math.Abs(near[i] + far[i] - want.total[i]); !(d <= limit) {
					t.Errorf("case %d: %+v %+v %+v: terminal %d feeds %g A, want %g, bound %g", k, n, e, in, i, near[i]+far[i], want.total[i], limit)
				}
				if d := max(math.Abs(near[i]-want.near[i]), math.Abs(far[i]-want.far[i])); !ideal && !(d <= limit) {
					t.Errorf("case %d: terminal %d feeds %g and %g A, want %g and %g, bound %g", k, i, near[i], far[i], want.near[i], want.far[i], limit)
				}
			}
			w, u := make([]float64, len(e.Device)), make([]float64, len(e.Device))
			s.WordVoltages(w)
			s.BitVoltages(u)
			size := maxAbs(want.w) + maxAbs(want.u)
			if d := max(distance(w, want.w), distance(u, want.u)); !(d <= 1e-9*max(1, size)) {
				t.Errorf("case %d: %+v %+v %+v: node voltages differ by %g of %g V", k, n, e, in, d, size)
			}
			if d := max(distance(w, want.w), distance(u, want.u)); !(d <= res.VoltageBound+4*unit*size) {
				t.Errorf("case %d: %+v %+v %+v: node voltages differ by %g, bound %g V", k, n, e, in, d, res.VoltageBound)
			} else if d > 0 {
				tightest = max(tightest, d/(res.VoltageBound+4*unit*size))
			}
			device := make([]float64, len(e.Device))
			s.DeviceCurrents(device)
			for x, i := range device {
				ref := e.Device[x] * (want.w[x] - want.u[x])
				if in.Device != nil {
					ref += in.Device[x]
				}
				if d := math.Abs(i - ref); !(d <= limit+8*unit*e.Device[x]*size) {
					t.Errorf("case %d: %+v %+v %+v: device current %d is %g A, want %g, bound %g", k, n, e, in, x, i, ref, limit)
				}
			}
			p := s.Power()
			if d := math.Abs(p.Source - (p.Device + p.Word + p.Bit + p.Driver + p.Sense)); !(d <= 1e-9*(math.Abs(p.Source)+math.Abs(p.Device)+p.Word+p.Bit+p.Driver+p.Sense+size*res.Scale)) {
				t.Errorf("case %d: %+v: power does not balance by %g W", k, p, d)
			}
			in.Warm = true
		}
	}
	if solved < 300 || floating < 100 {
		t.Errorf("%d solved, %d floating: the cases do not cover enough", solved, floating)
	}
	t.Logf("voltage errors up to %.2g of their bound", tightest)
	t.Logf("%d solved, %d floating, largest error %.2g of the scale", solved, floating, worst)
}

// scheme is a larger array with every feature: degraded and broken lines, a biasing
// scheme with open lines, sources and conductances to ground.
func scheme(n Network, seed uint64, earth bool) (Network, Elements, Sources) {
	rnd := newRand(seed)
	cells := n.Rows * n.Cols
	if n.RWord > 0 {
		n.RWordMap = logUniform(rnd, n.Rows*(n.Cols+1), n.RWord/2, n.RWord*20)
		n.RBitMap = logUniform(rnd, (n.Rows+1)*n.Cols, n.RBit/2, n.RBit*20)
		for range 5 {
			n.RWordMap[rnd.IntN(len(n.RWordMap))] = math.Inf(1)
			n.RBitMap[rnd.IntN(len(n.RBitMap))] = math.Inf(1)
		}
	}
	e := Elements{Device: logUniform(rnd, cells, 1e-6, 1e-4), WordOpen: make([]bool, n.Rows), BitOpen: make([]bool, n.Cols)}
	for i := range n.Rows {
		e.WordOpen[i] = i%3 == 1
	}
	for j := range n.Cols {
		e.BitOpen[j] = j%4 != 0
	}
	in := Sources{Word: signed(rnd, n.Rows), Bit: signed(rnd, n.Cols), Device: signed(rnd, cells), WordNode: signed(rnd, cells), BitNode: signed(rnd, cells)}
	for k := range cells {
		in.Device[k] *= 1e-5
		in.WordNode[k] *= 1e-6
		in.BitNode[k] *= 1e-6
	}
	if earth {
		e.GroundWord, e.GroundBit = logUniform(rnd, cells, 1e-9, 1e-6), []float64{1e-7}
	}
	return n, e, in
}

// TestScheme compares larger arrays, of several panels and blocks, with Cholesky
// factorisation, and checks that paths and workers do not change a bit and that a
// warm start saves iterations.
func TestScheme(t *testing.T) {
	defer func(p path) { current = p }(current)
	for k, n := range []Network{
		{Rows: 18, Cols: 21, RWord: 1, RBit: 2, RDriver: 100},
		{Rows: 9, Cols: 40, RWord: 10, RBit: 1, RSense: 50, Double: true},
		{Rows: 25, Cols: 17, RDriver: 10, RSense: 3},
		{Rows: 17, Cols: 18},
	} {
		n, e, in := scheme(n, uint64(30+k), k%2 == 0)
		wantW, wantU := newCircuit(n, e, in).dense(t)
		var first []float64
		for p := pathGo; p <= best(); p++ {
			for workers := 1; workers <= 3; workers++ {
				current = p
				s, err := New(n)
				if err != nil {
					t.Fatal(err)
				}
				s.Workers = workers
				if err := s.SetElements(e); err != nil {
					t.Fatal(err)
				}
				out, cells := make([]float64, n.Cols), n.Rows*n.Cols
				res, err := s.SolveSources(out, in, nil)
				if err != nil {
					t.Fatalf("%s: %v", describe(s), err)
				}
				w, u := make([]float64, cells), make([]float64, cells)
				s.WordVoltages(w)
				s.BitVoltages(u)
				if d := max(distance(w, wantW), distance(u, wantU)); !(d <= 1e-9) {
					t.Errorf("%s: node voltages differ by %g V from Cholesky", describe(s), d)
				}
				got := slices.Concat(out, w, u)
				if first == nil {
					first = got
					t.Logf("%s: %d iterations, bound %.2g", describe(s), res.Iterations, res.ErrorBound)
				}
				if !slices.Equal(got, first) {
					t.Errorf("%s: path %v with %d workers gives other bits", describe(s), p, workers)
				}
				// Other conductances, as Newton's method has them.
				near := e
				near.Device = slices.Clone(e.Device)
				for x := range near.Device {
					near.Device[x] *= 1.0001
				}
				var cold, warm Result
				for _, start := range []bool{false, true} {
					for _, x := range []Elements{e, near} {
						if err := s.SetElements(x); err != nil {
							t.Fatal(err)
						}
						src := in
						src.Warm = start
						r, err := s.SolveSources(out, src, nil)
						if err != nil {
							t.Fatal(err)
						}
						if start {
							warm = r
						} else {
							cold = r
						}
					}
				}
				if warm.Iterations > cold.Iterations || n.RWord > 0 && warm.Iterations == cold.Iterations {
					t.Errorf("%s: %d iterations from a warm start, %d from a cold one", describe(s), warm.Iterations, cold.Iterations)
				}
			}
		}
	}
}

// TestGeneralSolve checks Solve, its bound and its batches on maps with breaks, open
// terminals and conductances to ground.
func TestGeneralSolve(t *testing.T) {
	rnd := newRand(21)
	for k := range 600 {
		n, e, in := drawGeneral(rnd)
		in = Sources{Word: signed(rnd, n.Rows)}
		s, err := New(n)
		if err != nil {
			t.Fatal(err)
		}
		if s.SetElements(e) != nil {
			continue
		}
		want := newCircuit(n, e, in).solve()
		for _, tol := range []float64{1e-4, 1e-10, 1e-12} {
			got := make([]float64, n.Cols)
			res, err := s.Solve(got, in.Word, &Options{Tolerance: tol})
			if err != nil {
				t.Errorf("case %d: %+v %+v: %v", k, n, e, err)
				break
			}
			for j, x := range got {
				if d := math.Abs(x + want.total[n.Rows+j]); !(d <= res.ErrorBound*res.Scale) {
					t.Errorf("case %d, tolerance %g: %+v %+v: output %d is %g A, want %g, bound %g", k, tol, n, e, j, x, -want.total[n.Rows+j], res.ErrorBound*res.Scale)
				}
			}
		}
		w, u := make([]float64, len(e.Device)), make([]float64, len(e.Device))
		s.WordVoltages(w)
		s.BitVoltages(u)
		if d := max(distance(w, want.w), distance(u, want.u)); !(d <= 1e-9) {
			t.Errorf("case %d: %+v %+v: node voltages differ by %g V", k, n, e, d)
		}
	}
}

// TestUniformPaths checks that paths give the same bits with factors of uniform
// lines, which have kernels of their own.
func TestUniformPaths(t *testing.T) {
	defer func(p path) { current = p }(current)
	for _, n := range []Network{
		{Rows: 1, Cols: 1, RWord: 1, RBit: 1},
		{Rows: 9, Cols: 16, RWord: 3, RBit: 1, RDriver: 2},
		{Rows: 16, Cols: 33, RWord: 1, RBit: 2, Double: true},
		{Rows: 70, Cols: 45, RWord: 20, RBit: 1e-3, RSense: 30},
	} {
		rnd := newRand(40)
		g, v := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-3), signed(rnd, n.Rows)
		for _, earth := range [][]float64{nil, logUniform(rnd, n.Rows*n.Cols, 1e-9, 1e-6)} {
			var first []float64
			for p := pathGo; p <= best(); p++ {
				current = p
				s, err := New(n)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.SetElements(Elements{Device: g, GroundWord: earth, GroundBit: earth}); err != nil {
					t.Fatal(err)
				}
				out, w := make([]float64, n.Cols), make([]float64, n.Rows*n.Cols)
				if _, err := s.Solve(out, v, nil); err != nil {
					t.Fatal(err)
				}
				s.WordVoltages(w)
				got := slices.Concat(out, w, []float64{s.f.mu, s.f.gain, s.f.kappa})
				if first == nil {
					first = got
				}
				if !slices.Equal(got, first) {
					t.Errorf("%s: path %v gives other bits", describe(s), p)
				}
			}
		}
	}
}

// TestPolish checks large wire resistances, where the bound on rounding in float64
// is too wide and the residual is evaluated, against banded elimination.
func TestPolish(t *testing.T) {
	n := Network{Rows: 60, Cols: 50, RWord: 3000, RBit: 3000}
	rnd := newRand(41)
	g, v := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-4), signed(rnd, n.Rows)
	s := mustSolver(t, n, g)
	want := newNetlist(n, g).solveBanded(t, v)
	got, res := mustSolve(t, s, v, 2e-13)
	if res.Refinements == 0 {
		t.Error("no refinement")
	}
	if d := distance(got, want.out) / maxAbs(want.out); !(d <= 1e-11) {
		t.Errorf("outputs differ by %g from banded elimination", d)
	}
	dst := make([]float64, n.Cols)
	res, err := s.SolveSources(dst, Sources{Word: v}, &Options{Tolerance: 1e-11})
	if err != nil {
		t.Fatal(err)
	}
	if d := distance(dst, got); !(d <= 1.1e-11*res.Scale) {
		t.Errorf("SolveSources differs by %g of %g A", d, res.Scale)
	}
	t.Logf("SolveSources: %+v", res)
}

func TestGeneralErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, m := range [][]float64{{1}, {1, 1, 0}, {1, -1, 1}, {nan, 1, 1}, {1, 1e31, 1}} {
		if _, err := New(Network{Rows: 1, Cols: 2, RWordMap: m}); err == nil {
			t.Errorf("word map %g: no error", m)
		}
		if _, err := New(Network{Rows: 2, Cols: 1, RBitMap: m}); err == nil {
			t.Errorf("bit map %g: no error", m)
		}
	}
	s := mustSolver(t, Network{Rows: 2, Cols: 2, RWord: 1, RBit: 1}, repeat(1e-4, 4))
	for _, bad := range []float64{nan, inf, -inf, 1e61} {
		for name, in := range map[string]Sources{
			"voltage of word line 1":                        {Word: []float64{0, bad}},
			"voltage of bit line 1":                         {Bit: []float64{0, bad}},
			"device source at row 1, column 0":              {Device: []float64{0, 0, bad, 0}},
			"current into the word node at row 0, column 1": {WordNode: []float64{0, bad, 0, 0}},
			"current into the bit node at row 0, column 1":  {BitNode: []float64{0, bad, 0, 0}},
		} {
			if _, err := s.SolveSources(make([]float64, 2), in, nil); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %g: error %v", name, bad, err)
			}
		}
	}
	device := repeat(1e-4, 4)
	for _, bad := range []float64{nan, inf, -1e-9, 1e31} {
		if err := s.SetElements(Elements{Device: device, GroundBit: []float64{1, 1, 1, bad}}); err == nil || !strings.Contains(err.Error(), "row 1, column 1") {
			t.Errorf("conductance to ground %g: error %v", bad, err)
		}
	}
	all := []bool{true, true}
	err := s.SetElements(Elements{Device: device, WordOpen: all, BitOpen: all})
	if err == nil || !strings.Contains(err.Error(), "node of word line 0 at column 0 floats") {
		t.Errorf("all terminals open: error %v", err)
	}
}
