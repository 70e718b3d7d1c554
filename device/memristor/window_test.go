package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// ei is the exponential integral Ei(y), y > 0, by its series.
func ei(y float64) float64 {
	const euler = 0.57721566490153286
	sum, term := 0.0, 1.0
	for n := 1.0; n < 500; n++ {
		term *= y / n
		sum += term / n
	}
	return euler + math.Log(y) + sum
}

// e1 is the exponential integral E1(y), 0 < y < 10, by its series.
func e1(y float64) float64 {
	const euler = 0.57721566490153286
	sum, term := 0.0, 1.0
	for n := 1.0; n < 200; n++ {
		term *= -y / n
		sum -= term / n
	}
	return -euler - math.Log(y) + sum
}

// biolekPhi is z 2F1(1/2p, 1; 1+1/2p; z^2p), the integral of 1/(1 - z^2p), by its
// series.
func biolekPhi(z float64, p int) float64 {
	sum, term := 0.0, z
	for n := 0; math.Abs(term) > 1e-18; n++ {
		sum += term / float64(1+2*p*n)
		term *= math.Pow(z, float64(2*p))
	}
	return sum
}

// TestWindowCharge drives a film whose memristance does not depend on the state by
// the charge at which the integral of dx/F says that it has come from one state to
// another.
func TestWindowCharge(t *testing.T) {
	logistic := func(x float64) float64 { return math.Log(x / (1 - x)) }
	for _, c := range []struct {
		window string
		p, j   float64
		phi    func(x float64) float64 // integral of dx/F
		form   string
		from   float64
		to     float64
	}{
		{"strukov", 1, 1, logistic, "ln(x/(1-x))", 0.3, 0.9},
		{"prodromakis", 1, 1.3, func(x float64) float64 { return logistic(x) / 1.3 }, "ln(x/(1-x))/j", 0.3, 0.9},
		{"prodromakis", 2, 1, func(x float64) float64 {
			return 0.5 * (logistic(x) + 2/math.Sqrt(7)*math.Atan((2*x-1)/math.Sqrt(7)))
		}, "(ln(x/(1-x)) + 2/sqrt(7) atan((2x-1)/sqrt(7)))/2", 0.8, 0.1},
		{"biolek", 2, 1, func(x float64) float64 { return 0.5 * (math.Atan(x) + math.Atanh(x)) }, "(atan x + artanh x)/2", 0.3, 0.95},
		{"biolek", 2, 1, func(x float64) float64 { return -0.5 * (math.Atan(1-x) + math.Atanh(1-x)) }, "-(atan(1-x) + artanh(1-x))/2", 0.9, 0.05},
		{"biolek", 10, 1, func(x float64) float64 { return biolekPhi(x, 10) }, "x 2F1(1/2p, 1; 1+1/2p; x^2p)", 0.3, 0.97},
		{"biolek", 10, 1, func(x float64) float64 { return -biolekPhi(1-x, 10) }, "(x-1) 2F1(1/2p, 1; 1+1/2p; (1-x)^2p)", 1, 0.03},
		{"zha", 1, 1, func(x float64) float64 { return 4 * math.Atanh(x) }, "4 artanh x", 0, 0.9},
		{"zha", 1, 1, func(x float64) float64 { return -4 * math.Atanh(1-x) }, "-4 artanh(1-x)", 1, 0.1},
		{"kvatinsky", 1, 1, func(x float64) float64 { return 0.02 * ei(math.Exp((x-0.9)/0.02)) }, "w_c Ei(exp((x-a_on)/w_c))", 0.3, 0.93},
		{"kvatinsky", 1, 1, func(x float64) float64 { return -0.02 * ei(math.Exp((0.1-x)/0.02)) }, "-w_c Ei(exp((a_off-x)/w_c))", 1, 0.07},
	} {
		m := memristor.NewLinearDrift()
		m.ROff = m.ROn * (1 + 1e-12)
		m.Window, m.P, m.J, m.X0 = c.window, c.p, c.j, c.from
		kq := c.phi(c.to) - c.phi(c.from)
		v := kq / m.K() * m.ROn // for one second
		tr := run(t, m, device.Waveform{T: []float64{0, 1}, U: [][]float64{{v, v}}}, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("linear-drift, %s p = %g: state driven from %g to %g", c.window, c.p, c.from, c.to), Kind: claims.ClosedForm,
			Source: "k q = Phi(x) - Phi(x0), Phi = " + c.form + ", after Biolek et al., doi:10.1109/ACCESS.2021.3059241", Want: c.to, Got: tr.X[0][1], Tol: 2e-7, Why: "default integration tolerance 1e-8 per step, accumulated",
		})
	}
}

// TestWindowNotes holds what explain says about locks against the windows.
func TestWindowNotes(t *testing.T) {
	for _, w := range []string{"strukov", "joglekar", "biolek", "prodromakis", "zha", "kvatinsky"} {
		m := memristor.NewNonlinearDrift()
		m.Window = w
		locked := m.WindowFactor(0, true) == 0 && m.WindowFactor(1, false) == 0
		for _, x0 := range []float64{0, 1} {
			m.W0 = x0
			v := 1 - 2*x0
			tr := run(t, m, device.Waveform{T: []float64{0, 0.1}, U: [][]float64{{v, v}}}, nil)
			if got := tr.X[0][1] == x0; got != locked {
				t.Errorf("%s from %g: locked %t, want %t", w, x0, got, locked)
			}
		}
	}
}
