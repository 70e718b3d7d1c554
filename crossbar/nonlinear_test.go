package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

// TestNonlinear compares with dense elimination: two laws, both topologies, lines at any
// voltage and floating lines.
func TestNonlinear(t *testing.T) {
	var largest float64
	for k, shape := range [][2]int{{1, 1}, {1, 6}, {5, 1}, {4, 7}, {8, 6}} {
		for _, topology := range []Topology{Single, Double} {
			for name, law := range map[string]struct {
				iv  IVCurve
				law scalar
			}{
				"sinh":          {Sinh{V0: 0.1}, sinhLaw(0.1)},
				"poole-frenkel": {PooleFrenkel{V0: 0.03}, pooleFrenkelLaw(0.03)},
				"ohmic":         {nil, func(g, v float64) (float64, float64) { return g * v, g }},
			} {
				for _, open := range []bool{false, true} {
					wires := Wires{RWord: 120, RBit: 310, RDriver: 450, RSense: 90, Topology: topology}
					a, v := random(shape[0], shape[1], 1, wires, uint64(k))
					b := Bias{Word: v, Bit: make([]float64, a.Cols)}
					for i := range v {
						v[i] *= 5
					}
					for j := range b.Bit {
						b.Bit[j] = 0.3 * math.Sin(float64(j+1))
					}
					if open {
						b.WordOpen, b.BitOpen = make([]bool, a.Rows), make([]bool, a.Cols)
						for i := 1; i < a.Rows; i += 2 {
							b.WordOpen[i] = true
						}
						for j := 1; j < a.Cols; j += 3 {
							b.BitOpen[j] = true
						}
					}
					word, bit := reference(a, &b, law.law)
					p, err := a.SolveBias(ctx, b, law.iv, nil)
					if err != nil {
						t.Fatalf("%v %s %s, open lines %v: %v", shape, topology, name, open, err)
					}
					size := max(top(bit), top(word))
					d := max(worst(append(p.IBit, size), append(bit, size)), worst(append(p.IWord, size), append(word, size)))
					if d > 1e-10 {
						t.Errorf("%v %s %s, open lines %v: error %.3g, bound %.3g", shape, topology, name, open, d, p.ErrorBound)
					}
					largest = max(largest, d)
					q := p.Power
					if e := q.Source - q.Device - q.Word - q.Bit - q.Driver - q.Sense; math.Abs(e) > 1e-9*(q.Device+q.Word+q.Bit) {
						t.Errorf("%v %s %s: power %+v does not balance: %g W", shape, topology, name, q, e)
					}
					var device float64
					for k, i := range p.IDevice {
						device += i * p.VDevice[k]
						if x := p.VWord[k] - p.VBit[k]; math.Abs(x-p.VDevice[k]) > 1e-12 {
							t.Errorf("device %d has %g V, its nodes %g V", k, p.VDevice[k], x)
						}
					}
					if math.Abs(device-q.Device) > 1e-9*device {
						t.Errorf("%v %s %s: devices take %g W, balance says %g W", shape, topology, name, device, q.Device)
					}
				}
			}
		}
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of terminal currents with nonlinear devices", Kind: claims.IndependentSolver,
		Source:   "Newton's method on all nodes with Gaussian elimination (gonum mat.SolveVec), arrays up to 8 x 6, sinh and Poole-Frenkel, lines at any voltage and floating",
		Absolute: true, Got: largest, Tol: 1e-10, Why: "tolerance of the solver"})
}

// TestDiodeResistor compares one sinh device behind a large resistance, far beyond the range where
// the ideal-wire current is a number, with bisection of R i + V0 asinh(i/(G V0)) = V.
func TestDiodeResistor(t *testing.T) {
	for _, v := range []float64{0.01, 1, 30, 400, -400} {
		const v0, g, r = 0.05, 1e-5, 3e3
		a := &Array{Rows: 1, Cols: 1, G: []float64{g}, Wires: Wires{RWord: 1000, RBit: 2000}}
		s, err := a.SolveNonlinear(ctx, []float64{v}, Sinh{V0: v0}, nil)
		if err != nil {
			t.Fatalf("%g V: %v", v, err)
		}
		low, high := -1.0, 1.0
		for range 200 {
			i := (low + high) / 2
			if r*i+v0*math.Asinh(i/(g*v0)) > v {
				high = i
			} else {
				low = i
			}
		}
		if math.Abs(s.I[0]/low-1) > 1e-10 {
			t.Errorf("%g V: %g A, want %g", v, s.I[0], low)
		}
		if v == 400 {
			claims.Check(t, claims.Claim{Name: "current of a sinh device of 0.05 V behind 3 kΩ at 400 V", Kind: claims.ClosedForm, Source: "R I + V_0 asinh(I/(G V_0)) = V, by bisection", Unit: "A", Want: low, Got: s.I[0], Tol: 1e-10, Why: "tolerance of the solver"})
		}
	}
}

// TestQuadratic checks that the missing currents fall with the square of those before.
func TestQuadratic(t *testing.T) {
	a, v := random(32, 32, 1, Wires{RWord: 5, RBit: 5}, 7)
	for i := range v {
		v[i] = 1
	}
	s, err := a.SolveNonlinear(ctx, v, Sinh{V0: 0.25}, &Settings{Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	h := s.History[0]
	t.Logf("missing currents %.2g, %d linear iterations", h, s.Iterations)
	checked := 0
	for k := 1; k < len(h); k++ {
		if h[k-1] < 0.1 && h[k-1] > 1e-6 {
			checked++
			if h[k] > h[k-1]*h[k-1]*10+1e-13 {
				t.Errorf("step %d: missing currents %.3g after %.3g", k, h[k], h[k-1])
			}
		}
	}
	if checked == 0 || s.Steps > 7 || s.ErrorBound > 1e-12 || s.Residual > 1e-12 {
		t.Errorf("history %.3g, %d steps, bound %.3g, residual %.3g", h, s.Steps, s.ErrorBound, s.Residual)
	}
}

// TestLimits checks that a weakly nonlinear law gives the linear solution, to second order
// in V/V0, and that the inputs of a batch do not influence each other.
func TestLimits(t *testing.T) {
	a, v := random(20, 30, 5, Wires{RWord: 2, RBit: 2}, 4)
	want, err := a.Solve(ctx, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	var before float64
	for _, v0 := range []float64{1e2, 1e3, 1e4} {
		s, err := a.SolveNonlinear(ctx, v, Sinh{V0: v0}, &Settings{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		d := worst(s.I, want.I)
		if d > 0.04/(6*v0*v0)+2e-10 {
			t.Errorf("V0 %g V: differs by %g from ohmic", v0, d)
		}
		if v0 == 1e3 && math.Abs(before/d-100) > 5 {
			t.Errorf("V0 %g V: differs by %g, ten times the voltage by %g", v0, before, d)
		}
		before = d
	}
	for name, iv := range laws(600) {
		if name == "selector" {
			continue
		}
		all, err := a.SolveNonlinear(ctx, v, iv, &Settings{Workers: 2, Nodes: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := range 5 {
			one, err := a.SolveNonlinear(ctx, v[n*20:][:20], iv, &Settings{Workers: 1})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for j, x := range one.I {
				if all.I[n*30+j] != x {
					t.Fatalf("%s: input %d, column %d: %g and %g A", name, n, j, all.I[n*30+j], x)
				}
			}
		}
	}
}

// TestSwitching checks that the branches of selectors fit their voltages, for a drive that is
// raised, and that they stay when it is lowered to between holding and threshold.
func TestSwitching(t *testing.T) {
	a, v := random(16, 12, 1, Wires{RWord: 20, RBit: 20, RDriver: 500}, 9)
	c := &Selector{GOff: 1e-8, ROn: 1e3, VTh: 0.7, VHold: 0.3}
	solve := func(x float64) int {
		for i := range v {
			v[i] = x * float64(1+i%3) / 3
		}
		s, err := a.SolveNonlinear(ctx, v, c, &Settings{Nodes: true})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for k, on := range c.On {
			u, _ := c.across(k, a.G[k], s.VDevice[k])
			if on && math.Abs(u) < c.VHold || !on && math.Abs(u) > c.VTh {
				t.Errorf("%g V: selector %d, on %v, has %g V", x, k, on, u)
			}
			if on {
				n++
			}
		}
		return n
	}
	low, high := solve(0.6), solve(1.2)
	held, off := solve(0.6), solve(0.2)
	if low != 0 || high < 12*5 || held == 0 || held > high || off != 0 {
		t.Errorf("selectors on: %d at 0.6 V, %d at 1.2 V, %d back at 0.6 V, %d at 0.2 V", low, high, held, off)
	}
}

// bump is a law whose current falls between 0.3 and 0.6 V.
type bump struct{ limit float64 }

func (b bump) Evaluate(current, slope, g, v []float64) {
	for k, u := range v {
		x := 2 * math.Pi * u / 0.6
		i, s := g[k]*(u+0.3*math.Sin(x)), g[k]*(1+0.3*2*math.Pi/0.6*math.Cos(x))
		if u < b.limit {
			i, s = g[k]*u, g[k]
		}
		if current != nil {
			current[k] = i
		}
		if slope != nil {
			slope[k] = s
		}
	}
}

// missing is a law without a value above 0.5 V.
type missing struct{}

func (missing) Evaluate(current, slope, g, v []float64) {
	for k, u := range v {
		if u > 0.5 {
			u = math.NaN()
		}
		if current != nil {
			current[k] = g[k] * u
		}
		if slope != nil {
			slope[k] = g[k]
		}
	}
}

func TestNonlinearRefuses(t *testing.T) {
	a, _ := random(2, 3, 1, Wires{RWord: 1, RBit: 1}, 5)
	yes := []bool{true, true, true}
	for _, c := range []struct {
		want string
		b    Bias
		iv   IVCurve
	}{
		{"current of the device at row 0, column 0 falls with voltage at", Bias{Word: []float64{1, 1}}, bump{}},
		{"device at row 0, column 0 has current NaN A", Bias{Word: []float64{1, 0}}, missing{}},
		{"voltage of word line 1 is NaN V: must be finite", Bias{Word: []float64{1, math.NaN()}}, nil},
		{"voltage of bit line 2 is +Inf V", Bias{Bit: []float64{1, 0, math.Inf(1)}}, nil},
		{"voltages of 1 word lines: must be 2", Bias{Word: []float64{1}}, nil},
		{"open ends of 2 bit lines: must be 3", Bias{BitOpen: yes[:2]}, nil},
		{"all word lines and bit lines float", Bias{WordOpen: yes[:2], BitOpen: yes}, nil},
	} {
		if _, err := a.SolveBias(ctx, c.b, c.iv, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	for _, v := range [][]float64{{1}, {1, math.NaN()}} {
		if _, err := a.SolveNonlinear(ctx, v, nil, nil); err == nil {
			t.Errorf("inputs %g: no error", v)
		}
	}
	for j := range 3 {
		a.G[j] = 0
	}
	if _, err := a.SolveBias(ctx, Bias{WordOpen: []bool{true, false}}, Sinh{V0: 1}, nil); err == nil || !strings.Contains(err.Error(), "the node of word line 0 at column 0 floats") {
		t.Errorf("floating line: %v", err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	a, v := random(6, 6, 1, Wires{RWord: 1e3, RBit: 1e3}, 5)
	if _, err := a.SolveNonlinear(done, v, Sinh{V0: 0.01}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var e *ConvergenceError
	if s, err := a.SolveNonlinear(ctx, v, Sinh{V0: 0.01}, &Settings{Tolerance: 2e-15}); !errors.As(err, &e) || s != nil || e.ErrorBound < 2e-15 {
		t.Errorf("a tolerance below rounding is reached: %v", err)
	}
}

func BenchmarkNonlinear(b *testing.B) {
	for name, iv := range map[string]IVCurve{"sinh": Sinh{V0: 0.25}, "ohmic": Ohmic{}, "transistor": transistor28} {
		for _, n := range []int{64, 128, 256} {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				a, v := random(n, n, 1, Wires{RWord: 1, RBit: 1}, 1)
				for i := range v {
					v[i] = math.Abs(5 * v[i])
				}
				b.ReportAllocs()
				var s *NonlinearSolution
				for b.Loop() {
					var err error
					if s, err = a.SolveNonlinear(ctx, v, iv, &Settings{Workers: 1}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(s.Steps), "steps")
				b.ReportMetric(float64(s.Iterations), "iterations")
			})
		}
	}
}
