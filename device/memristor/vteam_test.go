package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// switchingTime returns when the state first reaches the bound that a constant
// voltage drives it to, by the line through the rows before.
func switchingTime(t *testing.T, m *memristor.VTEAM, v, span, bound float64) float64 {
	t.Helper()
	w := device.Waveform{T: []float64{0, span}, U: [][]float64{{v, v}}}
	tr := run(t, m, w, &device.Settings{Step: span / 1000})
	for i, x := range tr.X[0] {
		if x != bound {
			continue
		}
		if i < 2 {
			t.Fatalf("%g V: the bound is reached in row %d", v, i)
		}
		speed := (tr.X[0][i-1] - tr.X[0][i-2]) / (tr.T[i-1] - tr.T[i-2])
		return tr.T[i-1] + (bound-tr.X[0][i-1])/speed
	}
	t.Fatalf("%g V: the state ends at %g m", v, tr.X[0][len(tr.T)-1])
	return 0
}

// TestSwitchingTimes compares with the exact times at constant voltage.
func TestSwitchingTimes(t *testing.T) {
	for _, c := range []struct{ v, want float64 }{
		{-2, 1.12396e-9}, {-2.5, 70.247e-12}, {0.6, 32.967e-9}, {1, 1.11217e-9},
	} {
		m := memristor.NewVTEAM()
		m.W0 = m.WOff
		bound, exact := m.WOn, m.WOff/(math.Abs(m.KOn)*math.Pow(c.v/m.VOn-1, m.AlphaOn))
		if c.v > 0 {
			m.W0, bound = m.WOn, m.WOff
			exact = m.WOff / (m.KOff * math.Pow(c.v/m.VOff-1, m.AlphaOff))
		}
		if math.Abs(exact-c.want) > 1e-5*c.want {
			t.Fatalf("%g V: the formula gives %g s, the reference is %g s", c.v, exact, c.want)
		}
		check(t, claims.Claim{
			Name: fmt.Sprintf("vteam/magic: time to switch 3 nm at %+g V", c.v), Kind: claims.ClosedForm,
			Source: "t = |dw| / (|k| (v/v_th - 1)^alpha) of Kvatinsky et al., doi:10.1109/TCSII.2015.2433536", Unit: "s", Want: exact, Got: switchingTime(t, m, c.v, 1.3*exact, bound), Tol: 1e-9, Why: "rounding: w is linear in time",
		})
	}
}

// TestKvatinskyWindow compares the time across the film with the integral of
// 1/f, which is that of exp(exp(z)).
func TestKvatinskyWindow(t *testing.T) {
	for _, v := range []float64{-2, 1} {
		m := memristor.NewVTEAM()
		m.Window = "kvatinsky"
		rate, from, to := math.Abs(m.KOn)*math.Pow(v/m.VOn-1, 4), m.WOff, m.WOff/3
		slow := func(w float64) float64 { return math.Exp(math.Exp((m.AOn - w) / m.WC)) }
		if v > 0 {
			rate, from, to = m.KOff*math.Pow(v/m.VOff-1, 4), m.WOn, m.WOff
			slow = func(w float64) float64 { return math.Exp(math.Exp((w - m.AOff) / m.WC)) }
		}
		m.W0 = from
		if v < 0 {
			to = m.WOn
		}
		const n = 20000
		h, sum := (to-from)/n, 0.0
		for i := range n { // midpoints in pairs: Simpson's rule
			a := from + float64(i)*h
			sum += (slow(a) + 4*slow(a+h/2) + slow(a+h)) / 6
		}
		exact := math.Abs(h) * sum / rate
		w := device.Waveform{T: []float64{0, exact, 1.5 * exact}, U: [][]float64{{v, v, v}}}
		tr := run(t, m, w, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("vteam/magic, kvatinsky window: state at the exact time across the film, %+g V", v), Kind: claims.ClosedForm,
			Source: "t = integral of dw / (|k| (v/v_th - 1)^alpha f(w)) by Simpson's rule", Unit: "m", Want: to, Got: tr.X[0][1], Tol: 1e-15, Absolute: true, Why: "default integration tolerance 1e-8 of 3 nm per step",
		})
		if tr.X[0][2] != to {
			t.Errorf("%g V: the state goes on to %g m, past its bound %g m", v, tr.X[0][2], to)
		}
		back := device.Waveform{T: []float64{0, 1e-9}, U: [][]float64{{-2.5 * math.Copysign(1, v), -2.5 * math.Copysign(1, v)}}}
		m.W0 = to
		if tr := run(t, m, back, nil); tr.X[0][1] == to {
			t.Errorf("%g V: the state is locked at %g m", v, to)
		}
	}
}

// TestThresholds holds the state still between the thresholds, whatever the
// exponents, and moving beyond.
func TestThresholds(t *testing.T) {
	for _, alpha := range []float64{0.5, 1, 2.5, 3, 4} {
		m := memristor.NewVTEAM()
		m.AlphaOn, m.AlphaOff, m.W0 = alpha, alpha, 1.5e-9
		var d [1]float64
		for _, c := range []struct {
			v    float64
			sign float64
		}{{-10, -1}, {-1.6, -1}, {-1.5, 0}, {-1, 0}, {0, 0}, {0.1, 0}, {0.3, 0}, {0.31, 1}, {5, 1}, {math.Nextafter(0.3, 1), 1}} {
			m.Derivative(d[:], []float64{1e-9}, []float64{c.v}, device.Room())
			if math.IsNaN(d[0]) || c.sign == 0 && d[0] != 0 || d[0]*c.sign < 0 || c.sign != 0 && math.Abs(c.v) > 0.305 && d[0] == 0 {
				t.Errorf("alpha %g: dw/dt(%g V) = %g", alpha, c.v, d[0])
			}
		}
		w := device.Waveform{T: []float64{0, 1, 2, 3}, U: [][]float64{{0, 0.3, -1.5, 0}}}
		if tr := run(t, m, w, nil); tr.X[0][3] != m.W0 {
			t.Errorf("alpha %g: below threshold the state moved to %g m", alpha, tr.X[0][3])
		}
	}
}

// TestResistance compares both laws with their definitions at the ends and in
// the middle: arithmetic and geometric mean.
func TestResistance(t *testing.T) {
	m := memristor.NewVTEAM()
	for law, middle := range map[string]float64{"linear": (1e3 + 300e3) / 2, "exponential": math.Sqrt(1e3 * 300e3)} {
		m.Law = law
		for w, want := range map[float64]float64{m.WOn: 1e3, (m.WOn + m.WOff) / 2: middle, m.WOff: 300e3} {
			if got := m.Resistance(w); math.Abs(got/want-1) > 1e-14 {
				t.Errorf("%s: R(%g m) = %g ohm, want %g", law, w, got, want)
			}
		}
	}
}

// TestShortPulse does not miss a pulse of 0.1 ns in a second.
func TestShortPulse(t *testing.T) {
	m := memristor.NewVTEAM()
	w, err := device.Train(0.5, device.Pulse{Amplitude: 0.2, Width: 0.4, Rise: 1e-3, Fall: 1e-3}, device.Pulse{Amplitude: -2, Width: 0.1e-9, Rise: 1e-12, Fall: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	tr := run(t, m, w, nil)
	// During each edge dw/dt is a power of a linear overdrive: over the time te
	// above threshold its mean is 1/(alpha+1) of its peak.
	rate := math.Abs(m.KOn) * math.Pow(2/1.5-1, 4)
	edge := 1e-12 * (2 - 1.5) / 2
	flat := 0.1e-9 - 1e-12
	check(t, claims.Claim{
		Name: "vteam/magic: way of w in a pulse of 0.1 ns after 0.9 s of rest", Kind: claims.ClosedForm,
		Source: "|k_on| (v/v_on - 1)^4 (t_flat + 2 t_edge/5)", Unit: "m", Want: rate * (flat + 2*edge/5), Got: m.W0 - tr.X[0][len(tr.T)-1], Tol: 3e-6, Why: "the time of 0.9 s resolves 0.1 ns to one part in a million",
	})
}

func TestPolarity(t *testing.T) {
	m := memristor.NewVTEAM()
	m.W0 = 1.5e-9
	w := sine(t, 2, 1e8, 1, 400)
	want := run(t, m, w, nil)
	for i := range w.U[0] {
		w.U[0][i] *= -1
	}
	m.Polarity = -1
	got := run(t, m, w, nil)
	for i := range want.T {
		if got.X[0][i] != want.X[0][i] || got.Response[i] != -want.Response[i] {
			t.Fatalf("row %d: %g m and %g A, want %g and %g", i, got.X[0][i], got.Response[i], want.X[0][i], -want.Response[i])
		}
	}
}

func TestVTEAMValidate(t *testing.T) {
	for want, change := range map[string]func(m *memristor.VTEAM){
		"vteam: w0 is 4e-09: must be from w_on, 0, to w_off, 3e-09": func(m *memristor.VTEAM) { m.W0 = 4e-9 },
		"vteam: w_on is 3e-09 m: must be below w_off, 3e-09 m":      func(m *memristor.VTEAM) { m.WOn = 3e-9 },
		"vteam: v_on is 0.1: must be < 0 V":                         func(m *memristor.VTEAM) { m.VOn = 0.1 },
	} {
		m := memristor.NewVTEAM()
		change(m)
		if err := device.Check(m); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
