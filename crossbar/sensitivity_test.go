package crossbar

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"mho/internal/claims"
)

// TestGradient compares gradients and directional derivatives with differences of fourth
// order, of outputs by eliminated transfer matrices.
func TestGradient(t *testing.T) {
	var worst float64
	for k, w := range wiresOfAllKinds {
		a, v := random(9, 13, 3, w, uint64(k))
		c, dG := make([]float64, 3*13), make([]float64, 9*13)
		for i := range c {
			c[i] = math.Sin(float64(i * i))
		}
		for i := range dG {
			dG[i] = a.G[i] * math.Cos(float64(i*i))
		}
		value := func(h float64) float64 {
			b := &Array{Rows: 9, Cols: 13, Wires: w, G: slices.Clone(a.G)}
			for i, d := range dG {
				b.G[i] += h * d
			}
			m := make([]float64, len(b.G))
			if err := b.merge(ctx, m, &Settings{}); err != nil {
				t.Fatal(err)
			}
			var sum float64
			for n := range 3 {
				for i := range 9 {
					for j := range 13 {
						sum += v[n*9+i] * m[i*13+j] * c[n*13+j]
					}
				}
			}
			return sum
		}
		const h = 2e-3
		want := (8*(value(h)-value(-h)) - (value(2*h) - value(-2*h))) / (12 * h)
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
		worst = max(worst, math.Abs(byGrad-want)/size, math.Abs(byDirection-want)/size)
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of gradients by the adjoint network", Kind: claims.IndependentSolver,
		Source: "differences of fourth order of eliminated transfer matrices", Absolute: true, Got: worst, Tol: 1e-9, Why: "differences of 0.2 % of the conductances: rounding over the step, and its fourth power"})
}

// TestGradientElements checks every element for one output against unit changes, and that any
// number of workers gives the same bits.
func TestGradientElements(t *testing.T) {
	a, v := random(6, 5, 4, Wires{RWord: 200, RBit: 100, RSense: 50}, 1)
	c := make([]float64, 4*5)
	c[2*5+3] = 1
	grad, _, err := a.Gradient(ctx, nil, v, c, &Settings{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for k := range a.G {
		dG := make([]float64, len(a.G))
		dG[k] = 1
		dI, _, err := a.Directional(ctx, nil, v, dG, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(dI[2*5+3]-grad[k]) > 1e-11*greatest(grad) {
			t.Errorf("device %d: %g and %g V", k, dI[2*5+3], grad[k])
		}
	}
	for i := range c {
		c[i] = float64(i)
	}
	one, _, err := a.Gradient(ctx, nil, v, c, &Settings{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if three, _, err := a.Gradient(ctx, nil, v, c, &Settings{Workers: 3}); err != nil || !slices.Equal(one, three) {
		t.Error("other bits with three workers", err)
	}
}

// TestGradientClosedForm checks ideal wires, I_j = Σ V_i G_ij, and one device behind a
// resistance, I = V G/(1 + R G).
func TestGradientClosedForm(t *testing.T) {
	a, v := random(4, 3, 2, Wires{}, 2)
	c := []float64{1, -2, 3, 0.5, 0, 4}
	grad, _, err := a.Gradient(ctx, nil, v, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, got := range grad {
		if want := v[k/3]*c[k%3] + v[4+k/3]*c[3+k%3]; math.Abs(got-want) > 1e-15 {
			t.Errorf("ideal wires, device %d: %g, want %g V", k, got, want)
		}
	}
	single := &Array{Rows: 1, Cols: 1, G: []float64{1e-3}, Wires: Wires{RWord: 100, RBit: 200, RDriver: 300, RSense: 400}}
	grad, _, err = single.Gradient(ctx, nil, []float64{0.5}, []float64{1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "sensitivity of the current of one device behind its wires", Kind: claims.ClosedForm, Source: "V / (1 + R G)², R the sum of four resistances", Unit: "V",
		Want: 0.5 / 4, Got: grad[0], Tol: 1e-12, Why: "rounding"})
}

// TestSensitivityBound checks the bounds at tolerances so loose that the errors can be seen.
func TestSensitivityBound(t *testing.T) {
	for k, w := range append(slices.Clone(wiresOfAllKinds), mappedWires...) {
		a, v := random(17, 23, 2, w, uint64(k))
		if k >= len(wiresOfAllKinds) {
			a, v = mappedArray(t, 17, 23, 2, w, uint64(k))
		}
		c, dG := make([]float64, 2*23), make([]float64, 17*23)
		for i := range c {
			c[i] = math.Cos(float64(i * i))
		}
		for i := range dG {
			dG[i] = a.G[i] * math.Sin(float64(i*i))
		}
		gradient := func(tol float64) ([]float64, float64) {
			x, e, err := a.Gradient(ctx, nil, v, c, &Settings{Tolerance: tol})
			if err != nil {
				t.Fatal(err)
			}
			return x, e
		}
		directional := func(tol float64) ([]float64, float64) {
			x, e, err := a.Directional(ctx, nil, v, dG, &Settings{Tolerance: tol})
			if err != nil {
				t.Fatal(err)
			}
			return x, e
		}
		grad, gradBound := gradient(1e-12)
		dI, directionalBound := directional(1e-12)
		if !(gradBound <= 1e-9) || !(directionalBound <= 1e-8) {
			t.Errorf("%+v: bounds %g and %g at a tolerance of 1e-12", w, gradBound, directionalBound)
		}
		for _, tol := range []float64{1e-1, 1e-2, 1e-4, 1e-8} {
			x, e := gradient(tol)
			if d := difference(x, grad); !(d <= e*greatest(x)/greatest(grad)+gradBound) || e == 0 {
				t.Errorf("%+v: gradient to %g differs by %g, bound %g", w, tol, d, e)
			}
			x, e = directional(tol)
			for n := range 2 {
				x, want := x[n*23:][:23], dI[n*23:][:23]
				if d := difference(x, want); !(d <= e*greatest(x)/greatest(want)+directionalBound) {
					t.Errorf("%+v: changes to %g differ by %g, bound %g", w, tol, d, e)
				}
			}
		}
	}
}

func TestSensitivityRefuses(t *testing.T) {
	a, v := random(3, 2, 1, Wires{RWord: 1}, 3)
	for _, c := range []struct {
		want string
		err  func() error
	}{
		{"5 voltages for an array of 3 rows", func() error { _, _, err := a.Gradient(ctx, nil, make([]float64, 5), nil, nil); return err }},
		{"3 weights for 1 inputs and 2 columns", func() error { _, _, err := a.Gradient(ctx, nil, v, make([]float64, 3), nil); return err }},
		{"weight of input 0, column 1 is NaN", func() error { _, _, err := a.Gradient(ctx, nil, v, []float64{0, math.NaN()}, nil); return err }},
		{"2 changes for an array of 3 rows and 2 columns", func() error { _, _, err := a.Directional(ctx, nil, v, make([]float64, 2), nil); return err }},
		{"row 1, column 0 is +Inf S", func() error {
			_, _, err := a.Directional(ctx, nil, v, []float64{0, 0, math.Inf(1), 0, 0, 0}, nil)
			return err
		}},
		{"tolerance is 3", func() error {
			_, _, err := a.Gradient(ctx, nil, v, make([]float64, 2), &Settings{Tolerance: 3})
			return err
		}},
	} {
		if err := c.err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := a.Gradient(done, nil, v, make([]float64, 2), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
