package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/claims"
	"mho/noise"
)

// TestRareEvent compares importance sampling with the closed form of a straight
// limit, at a probability that brute force cannot reach, and with brute force at
// one that it can.
func TestRareEvent(t *testing.T) {
	const dim, index = 5, 6.0
	limit := func(z []float64) float64 { // fails where the sum is large
		s := 0.0
		for _, v := range z {
			s += v
		}
		return index - s/math.Sqrt(dim)
	}
	z, err := DesignPoint(limit, dim)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range z {
		if math.Abs(v-index/math.Sqrt(dim)) > 1e-6 {
			t.Errorf("design point %v", z)
		}
	}
	fails := func(z []float64) bool { return limit(z) < 0 }
	r, err := RareEvent(fails, z, 40000, 0.95, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "failure probability 1e-9 by 40 000 shifted samples", Kind: claims.ClosedForm, Source: "Φ(-6)", Want: distuv.UnitNormal.CDF(-6), Got: r.Value, Tol: 3.3 * r.StdErr / r.Value, Why: "3.3 standard errors"})
	if r.StdErr/r.Value > 0.02 || r.Effective < 3000 {
		t.Errorf("relative error %g, %g effective hits", r.StdErr/r.Value, r.Effective)
	}
	// A curved limit: |z - c| < ... against brute force.
	curved := func(z []float64) float64 { return 3 - z[0] - 0.15*z[1]*z[1] }
	p, err := DesignPoint(curved, 2)
	if err != nil {
		t.Fatal(err)
	}
	event := func(z []float64) bool { return curved(z) < 0 }
	shifted, err := RareEvent(event, p, 30000, 0.95, noise.NewKey(2))
	if err != nil {
		t.Fatal(err)
	}
	brute, err := RareEvent(event, []float64{0, 0}, 2e6, 0.95, noise.NewKey(3))
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "failure probability of a curved limit: shifted samples against 2 million plain ones", Kind: claims.IndependentSolver, Source: "plain Monte Carlo", Want: brute.Value, Got: shifted.Value, Tol: 3.3 * math.Hypot(shifted.StdErr, brute.StdErr) / brute.Value, Why: "3.3 standard errors of both"})
	// The exact value is a one-dimensional integral.
	sum := 0.0
	const h = 1e-3
	for y := -12.0; y < 12; y += h {
		sum += h * distuv.UnitNormal.Prob(y) * distuv.UnitNormal.CDF(-(3 - 0.15*y*y))
	}
	claims.Check(t, claims.Claim{Name: "failure probability of a curved limit: shifted samples against quadrature", Kind: claims.ClosedForm, Source: "∫ φ(y) Φ(-(3 - 0.15 y²)) dy", Want: sum, Got: shifted.Value, Tol: 3.3 * shifted.StdErr / shifted.Value, Why: "3.3 standard errors"})
	// Intervals hold the truth at their rate.
	hits := 0
	const repeats = 1000
	for k := range repeats {
		e, err := RareEvent(fails, z, 1000, 0.9, noise.NewKey(4).Fold(uint64(k)))
		if err != nil {
			t.Fatal(err)
		}
		hits += holds(e.Estimate, distuv.UnitNormal.CDF(-6))
	}
	covered(t, "rare event", hits, repeats, 0.9, 0.01)
}

// TestExcess fits the tails of distributions with known ones.
func TestExcess(t *testing.T) {
	const repeats, n, level = 300, 4000, 0.9
	x := make([]float64, n)
	var shape, tail int
	truth := math.Pow(50, -4)
	for k := range repeats {
		noise.NewKey(41).Fold(uint64(k)).Exponential(x, noise.At{})
		for i := range x {
			x[i] = math.Exp(x[i] / 4) // Pareto: P(X > x) = x^-4, an exact generalised Pareto tail of shape 1/4
		}
		e, err := FitExcess(x, math.Pow(0.1, -0.25), level)
		if err != nil {
			t.Fatal(err)
		}
		shape += holds(e.Shape, 0.25)
		p, err := e.Tail(50)
		if err != nil {
			t.Fatal(err)
		}
		tail += holds(p, truth)
		if k == 0 {
			claims.Check(t, claims.Claim{Name: "generalised Pareto tail of 400 values: shape", Kind: claims.ClosedForm, Source: "P(X > x) = x^-4 has shape 1/4", Want: 0.25, Got: e.Shape.Value, Tol: 3.3 * e.Shape.StdErr, Absolute: true, Why: "3.3 standard errors"})
		}
	}
	covered(t, "shape of the tail", shape, repeats, level, 0.01)
	covered(t, "tail at 1.6e-7", tail, repeats, level, 0.03)
	if _, err := (&Excess{Threshold: 3}).Tail(2); err == nil {
		t.Error("a tail below the threshold")
	}
}

// TestSobol compares with the closed forms of Ishigami's function.
func TestSobol(t *testing.T) {
	const a, b = 7.0, 0.1
	f := func(u []float64) float64 {
		x, y, z := math.Pi*(2*u[0]-1), math.Pi*(2*u[1]-1), math.Pi*(2*u[2]-1)
		return math.Sin(x) + a*math.Sin(y)*math.Sin(y) + b*math.Pow(z, 4)*math.Sin(x)
	}
	pi4 := math.Pow(math.Pi, 4)
	v1 := 0.5 * math.Pow(1+b*pi4/5, 2)
	v2 := a * a / 8
	v13 := b * b * pi4 * pi4 * (1.0/18 - 1.0/50)
	v := v1 + v2 + v13
	got, err := Sobol(f, 3, 1<<15, 0.95, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range [][2]float64{{v1 / v, (v1 + v13) / v}, {v2 / v, v2 / v}, {0, v13 / v}} {
		name := []string{"first", "second", "third"}[j]
		for _, k := range []struct {
			what string
			e    Estimate
			want float64
		}{{"first-order", got[j].First, want[0]}, {"total", got[j].Total, want[1]}} {
			claims.Check(t, claims.Claim{Name: "Ishigami function, " + name + " parameter: " + k.what + " Sobol index", Kind: claims.ClosedForm,
				Source: "T. Ishigami and T. Homma, Proc. ISUMA (1990), doi:10.1109/ISUMA.1990.151285, a = 7, b = 0.1", Want: k.want, Got: k.e.Value, Tol: max(3.3*k.e.StdErr, 1e-12), Absolute: true, Why: "3.3 standard errors"})
			if k.e.StdErr > 0.03 {
				t.Errorf("standard error %g", k.e.StdErr)
			}
		}
	}
	at, bars, err := Tornado(func(x []float64) float64 { return x[0] * x[1] }, []float64{2, 3}, []float64{1, 3}, []float64{4, 5})
	if err != nil || at != 6 || bars[0] != (Bar{3, 12}) || bars[1] != (Bar{6, 10}) {
		t.Error(at, bars, err)
	}
}
