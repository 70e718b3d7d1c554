package stats

import (
	"math"
	"testing"

	"mho/internal/claims"
	"mho/noise"
)

// TestDyestuff splits the variance of a classical balanced data set.
func TestDyestuff(t *testing.T) {
	x := [][]float64{
		{1545, 1440, 1440, 1520, 1580}, {1540, 1555, 1490, 1560, 1495}, {1595, 1550, 1605, 1510, 1560},
		{1445, 1440, 1595, 1465, 1545}, {1595, 1630, 1515, 1635, 1625}, {1520, 1455, 1450, 1480, 1445},
	}
	c, err := Decompose(x, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	source := "dyestuff, D. Bates et al., J. Stat. Softw. 67, 1 (2015), doi:10.18637/jss.v067.i01 (lme4, REML)"
	for _, k := range []struct {
		what      string
		got, want float64
		tol       float64
	}{
		{"standard deviation between batches", c.D2D.Value, 42.00, 2e-4},
		{"standard deviation within batches", c.C2C.Value, 49.51, 1e-4},
		{"mean", c.Mean, 1527.5, 1e-9},
	} {
		claims.Check(t, claims.Claim{Name: "variance components of dyestuff: " + k.what, Kind: claims.IndependentSolver, Source: source, Want: k.want, Got: k.got, Tol: k.tol, Why: "printed to four digits"})
	}
	claims.Check(t, claims.Claim{Name: "variance components of dyestuff: REML against the analysis of variance", Kind: claims.ClosedForm, Source: "σ² = (MSB - MSW)/n for equal groups", Want: math.Sqrt((c.Between - c.Within) / 5), Got: c.D2D.Value, Tol: 1e-6, Why: "golden sections find a flat minimum to the root of rounding"})
	if !(c.D2D.Low < 42 && c.D2D.High > 42 && c.Share.Low < c.Share.Value && c.Share.Value < c.Share.High && c.P < 0.01) {
		t.Errorf("%+v", c)
	}
	// Batches that do not differ.
	same, err := Decompose([][]float64{{1, 2, 3}, {1, 2, 3}, {3, 2, 1}}, 0.95)
	if err != nil || same.D2D.Value != 0 || same.Share.Value != 0 {
		t.Errorf("%+v, %v", same, err)
	}
}

// TestUnbalanced recovers known variances from unequal numbers of cycles, and
// counts how often the intervals hold them.
func TestUnbalanced(t *testing.T) {
	const repeats, devices, level = 600, 30, 0.9
	var d2d, c2c, share int
	var sum float64
	z := make([]float64, 12)
	for k := range repeats {
		x := make([][]float64, devices)
		for d := range x {
			key := noise.NewKey(31).Fold(uint64(k))
			cycles := 4 + d%6
			key.Normal(z[:cycles+1], noise.At{Row: uint32(d)})
			for c := range cycles {
				x[d] = append(x[d], 5+2*z[0]+1*z[c+1])
			}
		}
		c, err := Decompose(x, level)
		if err != nil {
			t.Fatal(err)
		}
		d2d += holds(c.D2D, 2)
		c2c += holds(c.C2C, 1)
		share += holds(c.Share, 0.8)
		sum += c.D2D.Value * c.D2D.Value
	}
	covered(t, "D2D", d2d, repeats, level, 0.015)
	covered(t, "C2C", c2c, repeats, level, 0.005)
	covered(t, "share", share, repeats, level, 0.015)
	// The variance of one estimate is about 2 σ⁴/(devices - 1).
	mean := sum / repeats
	claims.Check(t, claims.Claim{Name: "variance between 30 devices with 4 to 9 cycles, mean of 600 estimates", Kind: claims.ClosedForm, Source: "normal deviates of variance 4 between and 1 within devices", Want: 4, Got: mean, Tol: 3.3 * math.Sqrt(2.3/29/repeats), Why: "3.3 standard errors"})
}

// TestDecomposeExactCycles splits devices whose cycles are all the same: everything is between them.
func TestDecomposeExactCycles(t *testing.T) {
	c, err := Decompose([][]float64{{1, 1}, {2, 2, 2}, {6, 6}}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if c.Mean != 3 || c.C2C.Value != 0 || c.Share.Value != 1 || c.P != 0 || math.IsNaN(c.D2D.Low) || math.IsInf(c.D2D.High, 0) {
		t.Errorf("got %+v", c)
	}
}
