package crossbar

import (
	"math"
	"testing"
)

// TestNonlinearBound checks that no output is wrong by more than its bound, however loose the
// tolerance.
func TestNonlinearBound(t *testing.T) {
	tight := 0
	for seed := range uint64(5) {
		wires := Wires{RWord: 30, RBit: 50, RDriver: 200}
		a, v := random(14, 11, 1, wires, 20+seed)
		for i := range v {
			v[i] *= 5
		}
		for name, iv := range laws(len(a.G)) {
			if name == "selector" {
				continue
			}
			exact, err := a.SolveNonlinear(ctx, v, iv, &Settings{Tolerance: 1e-11})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, tol := range []float64{0.5, 0.1, 1e-3, 1e-6} {
				s, err := a.SolveNonlinear(ctx, v, iv, &Settings{Tolerance: tol})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				var d float64
				for j, x := range exact.I {
					d = max(d, math.Abs(s.I[j]-x))
				}
				// The bound is relative to a size that may exceed the largest output.
				columns := make([]float64, a.Cols)
				full, err := a.SolveBias(ctx, Bias{Word: v}, iv, nil)
				if err != nil {
					t.Fatal(err)
				}
				for k, i := range full.IDevice {
					columns[k%a.Cols] += math.Abs(i)
				}
				scale := max(top(exact.I), top(columns)/10)
				if d > s.ErrorBound*scale*(1+tol)+1e-11*scale {
					t.Errorf("%s, tolerance %g: error %.3g A, bound %.3g A", name, tol, d, s.ErrorBound*scale)
				}
				if d > s.ErrorBound*scale/100 {
					tight++
				}
			}
		}
	}
	if tight == 0 {
		t.Error("no bound is within a factor 100 of the error: the test says nothing")
	}
}
