package crossbar

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

// TestSchemes checks voltages and currents of the schemes without wire resistance.
func TestSchemes(t *testing.T) {
	const rows, cols, row, col, v = 4, 6, 1, 4, 1.2
	a, _ := random(rows, cols, 1, Wires{}, 3)
	for scheme, want := range map[Scheme][3]float64{ // on the word line, on the bit line, elsewhere; over v
		HalfV:    {0.5, 0.5, 0},
		ThirdV:   {1. / 3, 1. / 3, -1. / 3},
		Grounded: {1, 0, 0},
	} {
		for _, iv := range []IVCurve{nil, Sinh{V0: 0.3}} {
			s, err := a.Stress(ctx, nil, scheme, row, col, v, iv, nil)
			if err != nil {
				t.Fatal(err)
			}
			for k, x := range s {
				i, j := k/cols, k%cols
				w := want[2]
				switch {
				case i == row && j == col:
					w = 1
				case i == row:
					w = want[0]
				case j == col:
					w = want[1]
				}
				if math.Abs(x-w) > 1e-14 {
					t.Errorf("%s: stress at row %d, column %d is %g, want %g", scheme, i, j, x, w)
				}
			}
		}
	}
}

// TestSneak compares the sneak current through floating lines with the three groups of equal
// devices in series that ideal wires make of them, and with resistances in the
// terminals.
func TestSneak(t *testing.T) {
	const m, n, g, v = 12, 20, 40e-6, 0.5
	for _, ends := range []float64{0, 5e3} {
		r := ReadTest{Rows: m, Cols: n, Row: 0, Col: n - 1, GOn: g, GOff: g / 100, V: v, Scheme: Floating, Wires: Wires{RDriver: ends, RSense: ends}}
		p, err := r.Margin(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		sneak := 1 / (1/(g*(n-1)) + 1/(g*(m-1)*(n-1)) + 1/(g*(m-1)))
		name := "current of a cell and its sneak paths, floating lines, 12 x 20"
		if ends > 0 {
			name += ", 5 kΩ at the terminals"
		}
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: "G + 1/(1/(G(n-1)) + 1/(G(m-1)(n-1)) + 1/(G(m-1))) in series with the terminals",
			Unit: "A", Want: v / (1/(g+sneak) + 2*ends), Got: p.On[0].I, Tol: 1e-10, Why: "tolerance of the solver"})
		share := p.On[0].Sneak / p.On[0].I
		if math.Abs(share-sneak/(g+sneak)) > 1e-9 {
			t.Errorf("share of sneak currents is %g, want %g", share, sneak/(g+sneak))
		}
		off := v / (1/(g/100+sneak) + 2*ends)
		if want := 1 - off/p.On[0].I; math.Abs(p.Margin-want) > 1e-9 {
			t.Errorf("margin is %g, want %g", p.Margin, want)
		}
		if p.Worst > p.Margin {
			t.Errorf("margin for any data, %g, is above that for known data, %g", p.Worst, p.Margin)
		}
	}
}

// TestMargin checks that the margin shrinks with the array, that a nonlinear device restores
// it, that a negative voltage mirrors the reading, and that a wire network agrees with elimination.
func TestMargin(t *testing.T) {
	margin := func(n int, iv IVCurve, scheme Scheme, v float64) *Margin {
		g := 1.0
		if c, ok := iv.(Sinh); ok {
			g = v / c.V0 / math.Sinh(v/c.V0) // the same currents at v
		}
		r := ReadTest{Rows: n, Cols: n, Col: n - 1, GOn: 1e-4 * g, GOff: 1e-6 * g, V: v, Scheme: scheme, Wires: Wires{RWord: 2, RBit: 2, RDriver: 100, RSense: 100}, IV: iv}
		m, err := r.Margin(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, scheme := range Schemes {
		before := 1.0
		for _, n := range []int{2, 4, 8, 16, 32} {
			m := margin(n, nil, scheme, 1)
			if !(m.Margin < before) {
				t.Errorf("%s: margin %g at %d lines, %g at half", scheme, m.Margin, n, before)
			}
			before = m.Margin
		}
		if s := margin(32, Sinh{V0: 0.1}, scheme, 1); (scheme == HalfV || scheme == Floating) && s.Margin < before+0.1 {
			t.Errorf("%s: margin %g with sinh, %g without", scheme, s.Margin, before)
		}
	}
	up, down := margin(8, Sinh{V0: 0.1}, Floating, 0.7), margin(8, Sinh{V0: 0.1}, Floating, -0.7)
	if math.Abs(up.Margin-down.Margin) > 1e-9 || math.Abs(up.Worst-down.Worst) > 1e-9 {
		t.Errorf("margins %g and %g at 0.7 V, %g and %g at -0.7 V", up.Margin, up.Worst, down.Margin, down.Worst)
	}
	a := Array{Rows: 5, Cols: 5, G: make([]float64, 25), Wires: Wires{RWord: 2, RBit: 2, RDriver: 100, RSense: 100}}
	for k := range a.G {
		a.G[k] = 1e-4 * 10 / math.Sinh(10)
	}
	b, err := Floating.Bias(5, 5, 0, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, bit := reference(&a, &b, sinhLaw(0.1))
	if got := margin(5, Sinh{V0: 0.1}, Floating, 1).On[0].I; math.Abs(got/bit[4]-1) > 1e-10 {
		t.Errorf("current of the cell is %g A, by elimination %g", got, bit[4])
	}
}

func TestSchemesRefuse(t *testing.T) {
	a, _ := random(2, 3, 1, Wires{RWord: 1}, 5)
	for _, c := range []struct {
		want     string
		s        Scheme
		row, col int
		v        float64
	}{
		{`bias scheme is "v/4": must be one of ["v/2" "v/3" "floating" "grounded"]`, "v/4", 0, 0, 1},
		{"cell at row 2, column 0: must be within an array of 2 x 3", HalfV, 2, 0, 1},
		{"cell at row 0, column -1", HalfV, 0, -1, 1},
		{"selecting voltage is NaN V", HalfV, 0, 0, math.NaN()},
		{"selecting voltage is 0 V", HalfV, 0, 0, 0},
	} {
		if _, err := a.Stress(ctx, nil, c.s, c.row, c.col, c.v, nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	for want, r := range map[string]ReadTest{
		"conductances of the states are 1 and 2 S": {Rows: 2, Cols: 2, GOn: 1, GOff: 2, V: 1, Scheme: HalfV},
		"read voltage is 0 V":                      {Rows: 2, Cols: 2, GOn: 1, Scheme: HalfV},
		"floats":                                   {Rows: 2, Cols: 2, GOn: 1, V: 1, Scheme: Floating, Wires: Wires{RWord: 1, RBit: 1}},
	} {
		if _, err := r.Margin(ctx, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
