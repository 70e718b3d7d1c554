package line

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// standard returns the standard problem of the benchmarks: 1 to 100 µS,
// log-uniform, on n × n cells, with voltages of one sign.
func standard(n int) (g, v []float64) {
	rnd := newRand(7)
	g = logUniform(rnd, n*n, 1e-6, 1e-4)
	v = make([]float64, n)
	for i := range v {
		v[i] = rnd.Float64()
	}
	return g, v
}

// TestErrorBound checks, over tolerances, sizes and wires, that the bound is
// above the true error, not more than a thousand times in the median.
func TestErrorBound(t *testing.T) {
	var ratios []float64
	for _, size := range []int{8, 33, 96} {
		for _, r := range []float64{0.1, 1, 10, 300} {
			for _, double := range []bool{false, true} {
				g, v := standard(size)
				s := mustSolver(t, Network{Rows: size, Cols: size, RWord: r, RBit: r, RDriver: 20 * r, Double: double}, g)
				want, _ := mustSolve(t, s, v, 1e-13)
				for _, tol := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9} {
					got, res := mustSolve(t, s, v, tol)
					d := distance(got, want) / maxAbs(want)
					if !(d <= res.ErrorBound+1e-13) || !(res.ErrorBound <= tol) {
						t.Errorf("%s, tolerance %g: error %g, bound %g", describe(s), tol, d, res.ErrorBound)
					}
					if d > 1e-12 {
						ratios = append(ratios, res.ErrorBound/d)
					}
				}
			}
		}
	}
	slices.Sort(ratios)
	median := ratios[len(ratios)/2]
	if median > 1e3 {
		t.Errorf("median of bound over error is %g, want at most 1000", median)
	}
	t.Logf("bound over true error, %d cases: least %.3g, median %.3g, 90 %% %.3g, largest %.3g",
		len(ratios), ratios[0], median, ratios[len(ratios)*9/10], ratios[len(ratios)-1])
}

// TestRefinedBound checks the bound after refinement where float64 alone does
// not reach the tolerance.
func TestRefinedBound(t *testing.T) {
	const size = 48
	g, v := standard(size)
	s := mustSolver(t, Network{Rows: size, Cols: size, RWord: 1e4, RBit: 1e4}, g)
	want, fine := mustSolve(t, s, v, 3e-14)
	if fine.Refinements == 0 {
		t.Errorf("no refinement at a bound of %g", fine.ErrorBound)
	}
	got, _ := mustSolve(t, s, v, 1e-10)
	if d := distance(got, want) / maxAbs(want); !(d <= 1e-10) {
		t.Errorf("outputs differ by %g", d)
	}
	banded := newNetlist(Network{Rows: size, Cols: size, RWord: 1e4, RBit: 1e4}, g).solveBanded(t, v).out
	if d := distance(got, banded) / maxAbs(want); !(d <= 1e-10) {
		t.Errorf("outputs differ from banded elimination by %g", d)
	}
}

// TestWorkers checks that results have the same bits for any number of workers.
func TestWorkers(t *testing.T) {
	for _, n := range []Network{
		{Rows: 150, Cols: 333, RWord: 1, RBit: 2},
		{Rows: 201, Cols: 97, RWord: 3, RBit: 0, RDriver: 10, RSense: 100, Double: true},
		{Rows: 70, Cols: 70, RWord: 1e4, RBit: 1e4},
	} {
		rnd := newRand(8)
		g := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-4)
		v := signed(rnd, 5*n.Rows)
		var want, nodes []float64
		for _, workers := range []int{1, 2, 3, 8} {
			s, err := New(n)
			if err != nil {
				t.Fatal(err)
			}
			s.Workers = workers
			if err := s.SetConductances(g); err != nil {
				t.Fatal(err)
			}
			got := make([]float64, 6*n.Cols)
			if _, err := s.SolveBatch(got[:5*n.Cols], nil, v, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Solve(got[5*n.Cols:], v[:n.Rows], nil); err != nil {
				t.Fatal(err)
			}
			u := make([]float64, n.Rows*n.Cols)
			s.BitVoltages(u)
			if workers == 1 {
				want, nodes = got, u
			}
			if !slices.Equal(got, want) || !slices.Equal(u, nodes) {
				t.Errorf("%s: %d workers give other bits than one", describe(s), workers)
			}
			if !slices.Equal(got[:n.Cols], got[5*n.Cols:]) {
				t.Errorf("%s: a batch gives other bits than a single solution", describe(s))
			}
		}
	}
}

// TestReuse checks that a solver's results do not depend on what it solved before.
func TestReuse(t *testing.T) {
	n := Network{Rows: 21, Cols: 34, RWord: 100, RBit: 100}
	rnd := newRand(9)
	g, h := logUniform(rnd, 21*34, 1e-6, 1e-4), logUniform(rnd, 21*34, 1e-3, 1)
	v := signed(rnd, 21)
	want, _ := mustSolve(t, mustSolver(t, n, g), v, 0)
	s := mustSolver(t, n, h)
	mustSolve(t, s, signed(rnd, 21), 1e-13)
	if err := s.SetConductances(g); err != nil {
		t.Fatal(err)
	}
	mustSolve(t, s, signed(rnd, 21), 1e-3)
	if got, _ := mustSolve(t, s, v, 0); !slices.Equal(got, want) {
		t.Error("a used solver gives other bits than a new one")
	}
}

// TestOpen checks arrays without a path to ground or without input.
func TestOpen(t *testing.T) {
	forWires(func(n Network) {
		n.Rows, n.Cols = 5, 6
		s := mustSolver(t, n, make([]float64, 30))
		v := []float64{1, -2, 3, 0, 1}
		out, res := mustSolve(t, s, v, 0)
		if maxAbs(out) != 0 || res.ErrorBound != 0 {
			t.Errorf("%s: open devices give %g A, bound %g", describe(s), out, res.ErrorBound)
		}
		w := make([]float64, 30)
		s.WordVoltages(w)
		for k, x := range w {
			if math.Abs(x-v[k/6]) > 1e-13 {
				t.Errorf("%s: open line at %g V, driven by %g V", describe(s), x, v[k/6])
			}
		}
		g, _ := standard(6)
		s = mustSolver(t, n, g[:30])
		if out, _ := mustSolve(t, s, make([]float64, 5), 0); maxAbs(out) != 0 {
			t.Errorf("%s: no voltage gives %g A", describe(s), out)
		}
		if p := s.Power(); p != (Power{}) {
			t.Errorf("%s: no voltage gives %+v", describe(s), p)
		}
	})
}

// TestCancellation checks inputs whose currents cancel exactly by symmetry:
// the tolerance then refers to the currents that cancel.
func TestCancellation(t *testing.T) {
	for _, r := range []float64{0, 1, 1e5} {
		n := Network{Rows: 2, Cols: 3, RWord: r, RBit: r, Double: true}
		s := mustSolver(t, n, repeat(1e-4, 6))
		out, res := mustSolve(t, s, []float64{1, -1}, 0)
		if limit := res.ErrorBound * res.Scale; !(maxAbs(out) <= limit) || !(limit <= 1e-16) {
			t.Errorf("r = %g Ω: outputs %g A should cancel; bound %g A", r, out, limit)
		}
	}
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, n := range []Network{
		{Rows: 0, Cols: 1}, {Rows: 1, Cols: -1}, {Rows: 1 << 20, Cols: 1 << 20},
		{Rows: 1, Cols: 1, RWord: -1}, {Rows: 1, Cols: 1, RBit: nan},
		{Rows: 1, Cols: 1, RDriver: inf}, {Rows: 1, Cols: 1, RSense: -1e-300},
		{Rows: 1, Cols: 1, RWord: 1e-31}, {Rows: 1, Cols: 1, RBit: 1e31},
	} {
		if _, err := New(n); err == nil {
			t.Errorf("New(%+v): no error", n)
		}
	}
	net := Network{Rows: 2, Cols: 3, RWord: 1, RBit: 1}
	for _, bad := range []float64{-1e-9, nan, inf, -inf, 1e31} {
		s := mustSolver(t, net, repeat(1e-4, 6))
		err := s.SetConductances([]float64{1, 1, 1, 1, bad, 1})
		if err == nil || !strings.Contains(err.Error(), "row 1, column 1") {
			t.Errorf("conductance %g: error %v", bad, err)
		}
	}
	s := mustSolver(t, net, repeat(1e-4, 6))
	dst := make([]float64, 3)
	for _, bad := range []float64{nan, inf, -inf, -1e61} {
		if _, err := s.Solve(dst, []float64{0, bad}, nil); err == nil || !strings.Contains(err.Error(), "word line 1") {
			t.Errorf("voltage %g: error %v", bad, err)
		}
	}
	for _, o := range []Options{{Tolerance: -1}, {Tolerance: 1}, {Tolerance: nan}, {MaxIterations: -1}} {
		if _, err := s.Solve(dst, []float64{0, 1}, &o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	if _, err := s.Solve(dst, []float64{0, 1e-61}, nil); err == nil || !strings.Contains(err.Error(), "largest voltage") {
		t.Errorf("voltage 1e-61: error %v", err)
	}
	// What was reached comes with the error, and is true.
	g, v := standard(64)
	s = mustSolver(t, Network{Rows: 64, Cols: 64, RWord: 10, RBit: 10}, g)
	want, _ := mustSolve(t, s, v, 1e-13)
	dst = make([]float64, 64)
	res, err := s.Solve(dst, v, &Options{MaxIterations: 2})
	var c *ConvergenceError
	if !errors.As(err, &c) || c.Result != res || c.Iterations != 2 || !(c.ErrorBound > 1e-10) {
		t.Errorf("two iterations: %+v, error %v", res, err)
	}
	if d := distance(dst, want); !(d <= res.ErrorBound*res.Scale) {
		t.Errorf("two iterations: error %g A, bound %g A", d, res.ErrorBound*res.Scale)
	}
	if _, err := s.SolveBatch(make([]float64, 128), nil, slices.Concat(v, v), &Options{MaxIterations: 2}); !errors.As(err, &c) || !strings.Contains(err.Error(), "input 0") {
		t.Errorf("batch: error %v", err)
	}
}

// FuzzDense compares arbitrary small networks with nodal analysis in 300 bits.
func FuzzDense(f *testing.F) {
	f.Add(uint8(3), uint8(2), 1.0, 2.0, 0.0, 5.0, false, uint64(1))
	f.Add(uint8(1), uint8(4), 0.0, 1e6, 30.0, 0.0, true, uint64(2))
	f.Add(uint8(4), uint8(4), 1e-9, 1e-3, 0.0, 0.0, true, uint64(3))
	f.Add(uint8(251), uint8(240), 396263.3333333333, 234000.0, 327.7366255144033, 25.589999999999993, true, uint64(386))
	f.Fuzz(func(t *testing.T, rows, cols uint8, rWord, rBit, rDriver, rSense float64, double bool, seed uint64) {
		n := Network{Rows: 1 + int(rows%4), Cols: 1 + int(cols%4), RWord: rWord, RBit: rBit, RDriver: rDriver, RSense: rSense, Double: double}
		for _, r := range []float64{rWord, rBit, rDriver, rSense} {
			if r != 0 && !(r >= 1e-9 && r <= 1e9) {
				t.Skip()
			}
		}
		rnd := newRand(seed)
		g := logUniform(rnd, n.Rows*n.Cols, 1e-9, 1)
		for k := range g {
			if rnd.IntN(6) == 0 {
				g[k] = 0
			}
		}
		v := signed(rnd, n.Rows)
		s := mustSolver(t, n, g)
		got := make([]float64, n.Cols)
		res, err := s.Solve(got, v, nil)
		if err != nil {
			t.Fatalf("%s: %v", describe(s), err)
		}
		want := newNetlist(n, g).solveBig(v, 300).out
		if d := distance(got, want); !(d <= res.ErrorBound*res.Scale) {
			t.Errorf("%s: outputs differ by %g A, bound %g A", describe(s), d, res.ErrorBound*res.Scale)
		}
	})
}
