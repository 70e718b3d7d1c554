package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// TestNonlinearRates compares rates with the power law.
func TestNonlinearRates(t *testing.T) {
	m := memristor.NewNonlinearDrift()
	rate := func(v float64) float64 {
		var d [1]float64
		m.Derivative(d[:], []float64{0.5}, []float64{v}, device.Room())
		return d[0]
	}
	check(t, claims.Claim{
		Name: "nonlinear-drift: rate at 1.4 V over that at 0.7 V", Kind: claims.ClosedForm, Source: "2^m, m = 5, of Lehtonen and Laiho, doi:10.1109/CNNA.2010.5430304",
		Want: 32, Got: rate(1.4) / rate(0.7), Tol: 1e-14, Why: "rounding",
	})
	if rate(-0.7) != -rate(0.7) {
		t.Errorf("the rates at +-0.7 V are %g and %g", rate(0.7), rate(-0.7))
	}
}

// TestNonlinearDrift compares the state with the integral of v^5 over a triangle.
func TestNonlinearDrift(t *testing.T) {
	const v, rise, fall = 1.2, 0.3, 0.2
	w := device.Waveform{T: []float64{0, rise, rise + fall}, U: [][]float64{{0, v, 0}}}
	integral := math.Pow(v, 5) * (rise + fall) / 6
	for _, c := range []struct {
		window string
		want   float64
		form   string
	}{
		{"none", 0.3 + integral, "w0 + a v^5 (t_rise + t_fall)/6"},
		{"joglekar", 1 / (1 + 0.7/0.3*math.Exp(-4*integral)), "1/(1 + (1-w0)/w0 exp(-4 a v^5 (t_rise + t_fall)/6))"},
		{"strukov", 1 / (1 + 0.7/0.3*math.Exp(-integral)), "1/(1 + (1-w0)/w0 exp(-a v^5 (t_rise + t_fall)/6))"},
	} {
		m := memristor.NewNonlinearDrift()
		m.Window, m.W0 = c.window, 0.3
		tr := run(t, m, w, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("nonlinear-drift, %s p = 1: state after a triangle of 1.2 V", c.window), Kind: claims.ClosedForm, Source: c.form,
			Want: c.want, Got: tr.X[0][2], Tol: 1e-7, Why: "default integration tolerance 1e-8 per step, accumulated",
		})
	}
	m := memristor.NewNonlinearDrift()
	m.Window, m.P = "joglekar", 7
	tr := run(t, m, sine(t, 1.5, 0.2, 1, 400), nil)
	check(t, claims.Claim{
		Name: "nonlinear-drift, joglekar p = 7: state after a period of 1.5 V, 0.2 Hz", Kind: claims.ClosedForm, Source: "w is a function of the integral of v^5, which is zero after a period",
		Want: m.W0, Got: tr.X[0][400], Tol: 1e-6, Why: "default integration tolerance 1e-8 per step, accumulated over a way to 1 - 1e-4 and back",
	})
}

// TestNonlinearCurrent checks what the current is at both ends of the state.
func TestNonlinearCurrent(t *testing.T) {
	m := memristor.NewNonlinearDrift()
	i := func(w, v float64) float64 { return m.Response([]float64{w}, []float64{v}, device.Room()) }
	check(t, claims.Claim{
		Name: "nonlinear-drift: forward over reverse current at w = 0 and 1.5 V", Kind: claims.ClosedForm, Source: "a rectifier: (exp(gamma v) - 1)/(1 - exp(-gamma v)) = exp(gamma v)",
		Want: math.Exp(6), Got: -i(0, 1.5) / i(0, -1.5), Tol: 1e-13, Why: "rounding",
	})
	m.Chi = 0
	if i(1, 1.5) != -i(1, -1.5) {
		t.Errorf("the tunnel current is not symmetric: %g and %g A", i(1, 1.5), i(1, -1.5))
	}
	if got := i(0.5, 0.3) / i(1, 0.3); math.Abs(got-0.25) > 1e-15 {
		t.Errorf("i(w = 0.5)/i(w = 1) = %g, want w^n = 0.25", got)
	}
}
