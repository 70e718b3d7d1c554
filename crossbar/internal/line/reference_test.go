package line

import (
	"math"
	"testing"

	"mho/internal/claims"
)

// TestDense compares outputs and all node voltages with dense nodal analysis
// of the circuit written resistor by resistor.
func TestDense(t *testing.T) {
	rnd := newRand(1)
	shapes := [][2]int{{1, 1}, {1, 2}, {2, 1}, {1, 16}, {16, 1}, {2, 2}, {3, 5}, {5, 3}, {7, 4}, {8, 8}, {4, 13}, {16, 16}, {11, 16}}
	var worst, worstNode float64
	forWires(func(n Network) {
		for _, shape := range shapes {
			n.Rows, n.Cols = shape[0], shape[1]
			for variant := range 3 {
				g := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-4)
				switch variant {
				case 1: // open devices, an open row and an open column
					for k := range g {
						if rnd.Float64() < 0.4 || k/n.Cols == n.Rows/2 || k%n.Cols == n.Cols/3 {
							g[k] = 0
						}
					}
				case 2: // shorts
					for k := range g {
						if rnd.Float64() < 0.2 {
							g[k] = 1
						}
					}
				}
				v := signed(rnd, n.Rows)
				s := mustSolver(t, n, g)
				got, res := mustSolve(t, s, v, 1e-12)
				want := newNetlist(n, g).solveDense(t, v)
				scale := maxAbs(want.out)
				d := distance(got, want.out)
				// The reference itself is exact to about 1e-12 of the currents
				// that pass, which cancel for voltages of both signs.
				if limit := 1e-11*scale + 1e-13*s.f.kappa; !(d <= limit) {
					t.Errorf("%s, variant %d: outputs differ by %g of %g A (bound %g)", describe(s), variant, d, scale, res.ErrorBound)
				}
				if scale > 0 {
					worst = max(worst, d/scale)
				}
				w, u := make([]float64, len(g)), make([]float64, len(g))
				s.WordVoltages(w)
				s.BitVoltages(u)
				dn := max(distance(w, want.w), distance(u, want.u))
				if !(dn <= 1e-10) {
					t.Errorf("%s, variant %d: node voltages differ by %g V", describe(s), variant, dn)
				}
				worstNode = max(worstNode, dn)
			}
		}
	})
	t.Logf("largest relative difference of outputs %.2g, of node voltages %.2g V", worst, worstNode)
}

// TestBanded compares with the banded Cholesky factorisation of all nodes, with maps of
// resistances from 1 to 100 Ω and some broken segments among the networks.
func TestBanded(t *testing.T) {
	rnd := newRand(2)
	maps := func(n Network) Network {
		n.RWordMap = logUniform(rnd, n.Rows*(n.Cols+1), 1, 100)
		n.RBitMap = logUniform(rnd, (n.Rows+1)*n.Cols, 1, 100)
		for _, m := range [][]float64{n.RWordMap, n.RBitMap} {
			for k := range m {
				if rnd.Float64() < 0.01 {
					m[k] = math.Inf(1)
				}
			}
		}
		return n
	}
	var worst float64
	for _, n := range []Network{
		{Rows: 32, Cols: 32, RWord: 1, RBit: 1},
		{Rows: 24, Cols: 32, RWord: 10, RBit: 5, RDriver: 100, RSense: 50, Double: true},
		{Rows: 32, Cols: 9, RWord: 0.1, RBit: 100, RSense: 1},
		{Rows: 64, Cols: 64, RWord: 1, RBit: 1},
		{Rows: 64, Cols: 51, RWord: 2, RBit: 3, RDriver: 10, Double: true},
		maps(Network{Rows: 64, Cols: 64, RDriver: 20, RSense: 10}),
		maps(Network{Rows: 33, Cols: 64, Double: true}),
	} {
		g := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-4)
		v := signed(rnd, n.Rows)
		s := mustSolver(t, n, g)
		got, _ := mustSolve(t, s, v, 5e-13)
		want := newNetlist(n, g).solveBanded(t, v)
		worst = max(worst, distance(got, want.out)/maxAbs(want.out))
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of outputs, arrays up to 64 x 64", Kind: claims.IndependentSolver, Source: "banded Cholesky factorisation of all nodes (gonum mat.BandCholesky), also with degraded and broken lines",
		Absolute: true, Got: worst, Tol: 1e-12, Why: "tolerance of the solver, rounding of the factorisation"})
}

// TestExtreme compares networks whose conductances span up to 18 decades with
// elimination in 300 bits: the error stays below the bound and the bound below
// the tolerance, in spite of wires of 1 nΩ and 1 MΩ and of shorts of 1 S.
func TestExtreme(t *testing.T) {
	rnd := newRand(3)
	shapes := [][2]int{{1, 1}, {1, 4}, {4, 1}, {3, 3}, {4, 6}}
	values := []float64{0, 1e-9, 1, 1e6}
	tolerances := []float64{1e-4, 1e-10, 1e-13}
	worst := make([]float64, len(tolerances))
	for _, shape := range shapes {
		for _, rWord := range values {
			for _, rBit := range values {
				for k := range 6 {
					n := Network{Rows: shape[0], Cols: shape[1], RWord: rWord, RBit: rBit, Double: k%2 == 1}
					if k >= 2 {
						n.RDriver, n.RSense = values[rnd.IntN(4)], values[rnd.IntN(4)]
					}
					g := logUniform(rnd, n.Rows*n.Cols, 1e-9, 1)
					for i := range g {
						switch rnd.IntN(6) {
						case 0:
							g[i] = 0
						case 1:
							g[i] = 1
						}
					}
					v := make([]float64, n.Rows)
					for i := range v {
						v[i] = rnd.Float64()
					}
					s := mustSolver(t, n, g)
					want := newNetlist(n, g).solveBig(v, 300).out
					scale := maxAbs(want)
					for k, tol := range tolerances {
						got, res := mustSolve(t, s, v, tol)
						d := distance(got, want)
						if !(d <= res.ErrorBound*res.Scale) {
							t.Errorf("%s, tolerance %g: outputs differ by %g of %g A, bound %g, %d refinements",
								describe(s), tol, d, scale, res.ErrorBound*res.Scale, res.Refinements)
						}
						if scale > 0 {
							worst[k] = max(worst[k], d/scale)
						}
					}
				}
			}
		}
	}
	t.Logf("largest relative errors %.2g for tolerances %g", worst, tolerances)
}

// TestRange draws numbers from the whole range that is accepted. A solution
// without an error is within its bound, and one with an error is too.
func TestRange(t *testing.T) {
	rnd := newRand(99)
	var solved, refused int
	for range 1500 {
		draw := func() float64 {
			if rnd.IntN(4) == 0 {
				return 0
			}
			return math.Pow(10, (2*rnd.Float64()-1)*[]float64{5, 10, 20, 30}[rnd.IntN(4)])
		}
		n := Network{
			Rows: 1 + rnd.IntN(3), Cols: 1 + rnd.IntN(3),
			RWord: draw(), RBit: draw(), RDriver: draw(), RSense: draw(), Double: rnd.IntN(2) == 0,
		}
		g, v := make([]float64, n.Rows*n.Cols), make([]float64, n.Rows)
		for i := range g {
			g[i] = draw()
		}
		for i := range v {
			v[i] = draw()
		}
		s := mustSolver(t, n, g)
		got := make([]float64, n.Cols)
		res, err := s.Solve(got, v, nil)
		if err != nil {
			refused++
		} else {
			solved++
		}
		want := newNetlist(n, g).solveBig(v, 1000).out
		if d := distance(got, want); !(d <= res.ErrorBound*res.Scale+4*unit*maxAbs(want)) {
			t.Errorf("%+v, g %g, v %g: %g, want %g; %+v, error %v", n, g, v, got, want, res, err)
		}
	}
	if refused > solved/2 {
		t.Errorf("%d solved, %d refused", solved, refused)
	}
	t.Logf("%d solved, %d refused", solved, refused)
}

// TestShorts solves arrays of nothing but shorts on wires of 1 MΩ, the worst
// conditioned case, against the big elimination.
func TestShorts(t *testing.T) {
	for _, size := range []int{2, 5, 7} {
		n := Network{Rows: size, Cols: size, RWord: 1e6, RBit: 1e6}
		g := make([]float64, size*size)
		fill(g, 1)
		v := make([]float64, size)
		fill(v, 1)
		s := mustSolver(t, n, g)
		got, res := mustSolve(t, s, v, 1e-10)
		want := newNetlist(n, g).solveBig(v, 300).out
		if d := distance(got, want) / maxAbs(want); !(d <= 1e-12) {
			t.Errorf("%s: outputs differ by %g, bound %g", describe(s), d, res.ErrorBound)
		}
	}
}

// TestUniformLadder compares one word line of equal devices on grounded bit
// lines with the closed form of a uniform ladder. Kirchhoff's law,
// w[k-1] - (2+RG) w[k] + w[k+1] = 0, is solved by exp(±λk) with
// sinh(λ/2) = sqrt(RG)/2; the open end is a mirror half a segment behind the
// last node, two driven ends make the middle a mirror.
func TestUniformLadder(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 300} {
		for _, rg := range []float64{1e-9, 1e-4, 0.1, 10, 1e5} {
			lambda := 2 * math.Asinh(math.Sqrt(rg)/2)
			// The ratio of two hyperbolic cosines without overflow.
			ratio := func(a, b float64) float64 {
				a, b = math.Abs(a)*lambda, math.Abs(b)*lambda
				return math.Exp(a-b) * (1 + math.Exp(-2*a)) / (1 + math.Exp(-2*b))
			}
			for _, double := range []bool{false, true} {
				net := Network{Rows: 1, Cols: n, RWord: 2, Double: double}
				g := make([]float64, n)
				fill(g, rg/2)
				s := mustSolver(t, net, g)
				got, _ := mustSolve(t, s, []float64{0.3}, 1e-10)
				for k := range got {
					want := 0.3 * g[k] * ratio(float64(n)-0.5-float64(k), float64(n)+0.5)
					if double {
						want = 0.3 * g[k] * ratio(float64(k)-float64(n-1)/2, float64(n+1)/2)
					}
					// 300 segments of strong attenuation condition the exponent.
					if tol := 1e-13 + 4*unit*float64(n)*lambda; !(math.Abs(got[k]-want) <= tol*want) && want > 1e-300 {
						t.Errorf("n = %d, RG = %g, double %t: output %d is %g, want %g", n, rg, double, k, got[k], want)
					}
				}
			}
		}
	}
}

// TestUniformArray compares arrays of equal devices with their spectral
// solution: the sines that vanish at the source and are even about the open
// end diagonalise the word lines, the corresponding sines the bit lines, and
// equal devices couple no modes.
func TestUniformArray(t *testing.T) {
	for _, net := range []Network{
		{Rows: 40, Cols: 64, RWord: 1, RBit: 3},
		{Rows: 130, Cols: 70, RWord: 20, RBit: 5},
	} {
		const g = 5e-5
		m, n := net.Rows, net.Cols
		v := signed(newRand(4), m)
		s := mustSolver(t, net, repeat(g, m*n))
		got, _ := mustSolve(t, s, v, 1e-12)
		// Rows count from the grounded end in the bit modes.
		mode := func(p, k, n int) float64 {
			return 2 / math.Sqrt(float64(2*n+1)) * math.Sin(float64(k+1)*math.Pi*float64(2*p+1)/float64(2*n+1))
		}
		eigen := func(p, n int, r float64) float64 {
			x := 2 * math.Sin(math.Pi*float64(2*p+1)/float64(2*n+1)/2)
			return x * x / r
		}
		want := make([]float64, n)
		for q := range m {
			var vq float64
			for i := range m {
				vq += v[i] * mode(q, m-1-i, m)
			}
			eb := eigen(q, m, net.RBit)
			for p := range n {
				ew := eigen(p, n, net.RWord)
				b := vq * mode(p, 0, n) / net.RWord
				u := g * b / ((ew+g)*(eb+g) - g*g)
				for j := range n {
					want[j] += u * mode(q, 0, m) * mode(p, j, n) / net.RBit
				}
			}
		}
		if d := distance(got, want) / maxAbs(want); !(d <= 1e-11) {
			t.Errorf("%s: outputs differ by %g from the spectral solution", describe(s), d)
		}
	}
}

func repeat(x float64, n int) []float64 {
	s := make([]float64, n)
	fill(s, x)
	return s
}

// TestClosedForms checks the series circuit of one cell and the divider of two.
func TestClosedForms(t *testing.T) {
	n := Network{Rows: 1, Cols: 1, RWord: 3, RBit: 5, RDriver: 7, RSense: 11}
	got, _ := mustSolve(t, mustSolver(t, n, []float64{0.01}), []float64{2}, 0)
	if want := 2 / (7 + 3 + 100 + 5 + 11.0); math.Abs(got[0]-want) > 1e-14*want {
		t.Errorf("1x1: %g A, want %g A", got[0], want)
	}
	n.Double = true
	got, _ = mustSolve(t, mustSolver(t, n, []float64{0.01}), []float64{2}, 0)
	if want := 2 / ((7+3)/2.0 + 100 + (5+11)/2.0); math.Abs(got[0]-want) > 1e-14*want {
		t.Errorf("1x1 double: %g A, want %g A", got[0], want)
	}
	n.Double, n.Cols = false, 2
	got, _ = mustSolve(t, mustSolver(t, n, []float64{0.01, 0.02}), []float64{2}, 0)
	b0, b1 := 100+5+11.0, 3+50+5+11.0
	i := 2 / (7 + 3 + b0*b1/(b0+b1))
	for k, want := range []float64{i * b1 / (b0 + b1), i * b0 / (b0 + b1)} {
		if math.Abs(got[k]-want) > 1e-14*want {
			t.Errorf("1x2: output %d is %g A, want %g A", k, got[k], want)
		}
	}
}

// TestIdeal checks that the outputs tend to Gᵀv, linearly in the resistance.
func TestIdeal(t *testing.T) {
	rnd := newRand(5)
	n := Network{Rows: 20, Cols: 30}
	g := logUniform(rnd, 600, 1e-6, 1e-4)
	v := signed(rnd, 20)
	want := make([]float64, 30)
	for i := range 20 {
		for j := range 30 {
			want[j] += g[i*30+j] * v[i]
		}
	}
	got, res := mustSolve(t, mustSolver(t, n, g), v, 1e-13)
	if d := distance(got, want) / maxAbs(want); d > 1e-14 || res.Iterations != 0 {
		t.Errorf("ideal wires: difference %g after %d iterations", d, res.Iterations)
	}
	var last float64
	for _, r := range []float64{1e-3, 1e-6, 1e-9, 1e-12} {
		n.RWord, n.RBit = r, r
		got, _ := mustSolve(t, mustSolver(t, n, g), v, 1e-12)
		d := distance(got, want) / maxAbs(want)
		if last > 0 && d > 1e-13 && math.Abs(last/d-1000) > 1 {
			t.Errorf("r = %g Ω: difference %g, %g times the one before, want 1/1000", r, d, d/last)
		}
		if !(d < 20*r*1e-2) {
			t.Errorf("r = %g Ω: difference %g", r, d)
		}
		last = d
	}
}
