package crossbar

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
	"mho/noise"
	"pgregory.net/rapid"
)

// TestPairs checks for any weights that the pairs lie in the range, that one of each
// pair rests, and that the weights come back.
func TestPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outputs, inputs := rapid.IntRange(1, 6).Draw(t, "outputs"), rapid.IntRange(1, 6).Draw(t, "inputs")
		n := outputs * inputs
		w := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), n, n).Draw(t, "w")
		gMax := rapid.Float64Range(1e-9, 1).Draw(t, "g_max")
		gMin := gMax * rapid.Float64Range(0, 0.99).Draw(t, "g_min")
		s, err := Mapping{}.Code(w, outputs, inputs, gMin, gMax)
		if err != nil {
			t.Fatal(err)
		}
		plus, minus, back := make([]float64, n), make([]float64, n), make([]float64, n)
		if clipped := s.Targets(plus, minus, w, 0, outputs, inputs, 0); clipped != 0 {
			t.Fatalf("%d weights clipped", clipped)
		}
		for i := range plus {
			if low, high := min(plus[i], minus[i]), max(plus[i], minus[i]); low != gMin || high > gMax {
				t.Fatalf("pair %g, %g S outside %g to %g", plus[i], minus[i], gMin, gMax)
			}
		}
		s.AddWeights(back, plus, minus, 0, outputs, inputs, 0)
		for i, x := range w {
			// The difference of conductances loses what g_min has over them.
			if math.Abs(back[i]-x) > 4e-16*s.WMax[0]*gMax/(gMax-gMin) {
				t.Fatalf("weight %d: %g became %g", i, x, back[i])
			}
		}
	})
}

func TestPairsOrder(t *testing.T) {
	// Two outputs of three inputs.
	w := []float64{1, -2, 0, 4, 0.5, -8}
	s, err := Mapping{WMax: 4}.Code(w, 2, 3, 1e-6, 5e-6)
	if err != nil {
		t.Fatal(err)
	}
	plus, minus := make([]float64, 6), make([]float64, 6)
	clipped := s.Targets(plus, minus, w, 0, 2, 3, 0)
	wantPlus := []float64{2e-6, 5e-6, 1e-6, 1.5e-6, 1e-6, 1e-6}
	wantMinus := []float64{1e-6, 1e-6, 3e-6, 1e-6, 1e-6, 5e-6}
	if clipped != 1 || worst(plus, wantPlus) > 1e-15 || worst(minus, wantMinus) > 1e-15 {
		t.Errorf("%d clipped, %v, %v", clipped, plus, minus)
	}
	claims.Check(t, claims.Claim{Name: "conductance of weight 1 of 4 between 1 and 5 µS", Kind: claims.ClosedForm, Source: "g_min + |w|/w_max (g_max - g_min)", Unit: "S",
		Want: 2e-6, Got: plus[0], Tol: 1e-15, Why: "rounding"})
}

func TestMappingRefuses(t *testing.T) {
	for _, c := range []struct {
		m    Mapping
		w    float64
		a, b float64
		want string
	}{
		{Mapping{Scheme: "pair"}, 1, 0, 1, `scheme is "pair": must be one of "differential-pair", "two-sided-pair", "offset"`},
		{Mapping{Slices: 2}, 1, 0, 1, "slice_bits is 0: must be at least 1 with slices = 2"},
		{Mapping{Slices: 8, SliceBits: 4}, 1, 0, 1, "are 32 bits: must be at most 30"},
		{Mapping{Scheme: Offset, SliceBits: 1}, 1, 0, 1, "slice_bits is 1: must be 0 or at least 2"},
		{Mapping{Copies: -1}, 1, 0, 1, "copies is -1: must be from 1 to 64"},
		{Mapping{WMax: -1}, 1, 0, 1, "w_max is -1"},
		{Mapping{}, math.NaN(), 0, 1, "weight of output 0, input 0 is NaN: must be finite"},
		{Mapping{}, 1, 2, 1, "from 2 to 1 S"},
		{Mapping{}, 1, 0, math.Inf(1), "must be >= 0 S and rise"},
	} {
		if _, err := c.m.Code([]float64{c.w}, 1, 1, c.a, c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	s, err := Mapping{}.Code(make([]float64, 4), 2, 2, 0, 1e-6)
	plus, minus := make([]float64, 4), make([]float64, 4)
	if err != nil || s.Targets(plus, minus, make([]float64, 4), 0, 2, 2, 0) != 0 || top(plus) != 0 || s.PerSiemens(1) != 0 {
		t.Errorf("matrix of zeros: %+v, %v", s, err)
	}
}

// TestMappingSchemes checks for every scheme, with and without digits, that weights come back: exactly, or to half a level.
func TestMappingSchemes(t *testing.T) {
	const outputs, inputs = 5, 40
	w := make([]float64, outputs*inputs)
	noise.NewKey(90).Normal(w, noise.At{})
	w[7] = 0
	for _, scheme := range []string{DifferentialPair, TwoSidedPair, Offset} {
		for _, scaling := range []string{TensorScale, ColumnScale} {
			for _, reference := range []string{ReferenceColumn, DigitalReference} {
				for _, digits := range [][2]int{{1, 0}, {1, 4}, {4, 2}, {3, 3}, {8, 1}} {
					m := Mapping{Scheme: scheme, Scaling: scaling, Reference: reference, Slices: digits[0], SliceBits: digits[1]}
					c, err := m.Code(w, outputs, inputs, 1e-6, 21e-6)
					if err != nil {
						t.Fatal(err)
					}
					back := make([]float64, len(w))
					n := c.Columns(outputs) * inputs
					plus, minus := make([]float64, n), make([]float64, n)
					for s := range digits[0] {
						c.Targets(plus, minus, w, 0, outputs, inputs, s)
						for _, g := range plus {
							if g < 1e-6 || g > 21e-6 {
								t.Fatalf("%+v: %g S", m, g)
							}
							if level := (g - 1e-6) / 20e-6 * c.digit(); digits[1] > 0 && math.Abs(level-math.Round(level)) > 1e-9 {
								t.Fatalf("%+v: %g S is no level", m, g)
							}
						}
						c.AddWeights(back, plus, minus, 0, outputs, inputs, s)
					}
					for i, x := range w {
						allowed := 1e-13
						if digits[1] > 0 {
							allowed = 0.5*c.WMax[i/inputs]/c.top() + 1e-13
						}
						if d := math.Abs(back[i] - x); d > allowed || x == 0 && d > 1e-13 {
							t.Fatalf("%+v: weight %d is %g, became %g", m, i, x, back[i])
						}
					}
				}
			}
		}
	}
}

// TestSlicedError compares the error of weights in digits with that of uniform rounding.
func TestSlicedError(t *testing.T) {
	const n = 200000
	w, back := make([]float64, n), make([]float64, n)
	noise.NewKey(91).Uniform(w, noise.At{})
	for i := range w {
		w[i] = 2*w[i] - 1
	}
	w[0] = 1
	for _, m := range []Mapping{{Slices: 4, SliceBits: 2}, {Scheme: Offset, Slices: 3, SliceBits: 3}} {
		c, err := m.Code(w, 1, n, 0, 1e-6)
		if err != nil {
			t.Fatal(err)
		}
		clear(back)
		plus, minus := make([]float64, c.Columns(1)*n), make([]float64, n)
		if m.Scheme == Offset {
			minus = nil
		}
		for s := range m.Slices {
			c.Targets(plus, minus, w, 0, 1, n, s)
			c.AddWeights(back, plus, minus, 0, 1, n, s)
		}
		levels, name := 255.0, "pairs in 4 digits of 2 bits"
		if m.Scheme == Offset {
			levels, name = 255.0, "single devices in 3 digits of 3 bits"
		}
		claims.Check(t, claims.Claim{Name: "mean square error of weights of " + name, Kind: claims.ClosedForm, Source: "step²/12: steps of 1/(2^8 - 1), of magnitudes of 8 bits and of numbers of 9 bits with sign",
			Want: 1 / (12 * levels * levels), Got: meanSquare(w, back), Tol: 0.009, Why: "4.5 standard errors of 200000 weights: sqrt(4/5)/447 relative each"})
	}
}
