package memristor_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// TestYakopcicTimes compares the state under constant voltage with its closed form:
// linear up to the window, exponential integrals within.
func TestYakopcicTimes(t *testing.T) {
	const up, down = 0.4, -0.35
	cUp := 4000 * (math.Exp(up) - math.Exp(0.16))
	cDown := 4000 * (math.Exp(-down) - math.Exp(0.15))
	for _, c := range []struct {
		v, from, to, time float64
		form              string
	}{
		{up, 0.05, 0.3, 0.25 / cUp, "x0 + a_p (exp(v) - exp(v_p)) t"},
		{up, 0.3, 0.9, 0.7 * math.Exp(0.7) * (e1(0.1) - e1(0.7)) / cUp, "rate t = (1-x_p) exp(alpha_p (1-x_p)) (E1(alpha_p (1-x)) - E1(alpha_p (1-x0)))"},
		{down, 0.9, 0.5, 0.4 / cDown, "x0 - a_n (exp(-v) - exp(v_n)) t"},
		{down, 0.5, 0.05, 0.5 * math.Exp(2.5) * (e1(5*0.05) - e1(2.5)) / cDown, "rate t = (1-x_n) exp(alpha_n (1-x_n)) (E1(alpha_n x) - E1(alpha_n x0))"},
	} {
		m := memristor.NewYakopcic()
		m.X0 = c.from
		tr := run(t, m, device.Waveform{T: []float64{0, c.time}, U: [][]float64{{c.v, c.v}}}, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("yakopcic/oblea: state after the time from %g to %g at %+g V", c.from, c.to, c.v), Kind: claims.ClosedForm, Source: c.form,
			Want: c.to, Got: tr.X[0][1], Tol: 1e-6, Why: "default integration tolerance 1e-8 per step, accumulated",
		})
	}
}

// TestYakopcicLoop holds numbers that an integration outside of this program gave.
func TestYakopcicLoop(t *testing.T) {
	const n, periods = 20000, 8
	tr := run(t, memristor.NewYakopcic(), sine(t, 0.45, 100, periods, n), nil)
	claim := func(name, unit string, want, got, tol float64) {
		t.Helper()
		check(t, claims.Claim{Name: "yakopcic/oblea, 0.45 V, 100 Hz: " + name, Kind: claims.Regression, Source: "explicit integration outside of this program", Unit: unit, Want: want, Got: got, Tol: tol, Why: "the digits of the reference"})
	}
	first, last := tr.Response[:n+1], tr.Response[(periods-1)*n:]
	x := tr.X[0][(periods-1)*n:]
	claim("largest current in the first period", "A", 3.4226e-3, slices.Max(first), 2e-5)
	claim("largest current, periodic", "A", 3.418e-3, slices.Max(last), 2e-4)
	claim("smallest current, periodic", "A", -1.898e-3, slices.Min(last), 3e-4)
	claim("smallest state, periodic", "", 0.09292, slices.Min(x), 1e-4)
	claim("largest state, periodic", "", 0.96936, slices.Max(x), 1e-5)
}

// TestYakopcicThresholds holds the state still between the thresholds.
func TestYakopcicThresholds(t *testing.T) {
	for _, e := range memristor.Models() {
		m, ok := e.New().(*memristor.Yakopcic)
		if !ok {
			continue
		}
		w := device.Waveform{T: []float64{0, 1, 2, 3}, U: [][]float64{{0, m.VP, -m.VN, 0}}}
		if tr := run(t, m, w, nil); tr.X[0][3] != m.X0 {
			t.Errorf("%s: below threshold the state moved to %g", e.Name, tr.X[0][3])
		}
	}
}
