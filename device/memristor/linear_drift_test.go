package memristor_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

const fluxLaw = "M = sqrt(R0^2 - 2 (ROFF-RON) k phi) of the law of Strukov et al., doi:10.1038/nature06932, integrated over the flux"

func run(t testing.TB, el device.Element, w device.Waveform, set *device.Settings) *device.Trace {
	t.Helper()
	tr, err := device.Run(context.Background(), el, w, set)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func sine(t testing.TB, amplitude, frequency, periods float64, samples int) device.Waveform {
	t.Helper()
	w, err := device.Sine(amplitude, frequency, periods, samples)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func check(t *testing.T, c claims.Claim) { t.Helper(); claims.Check(t, c) }

// TestFluxCharge compares whole traces with M(phi), q and x of the model without
// a window, with the flux of the piecewise linear drive itself.
func TestFluxCharge(t *testing.T) {
	m := memristor.NewLinearDrift()
	const r0 = 11e3
	span := m.ROff - m.ROn
	w := sine(t, 1, 1, 2, 2000)
	tr := run(t, m, w, nil)
	phi := w.Integral(0)
	worst := map[string]float64{}
	for i := range tr.T {
		mem := math.Sqrt(r0*r0 - 2*span*m.K()*phi[i])
		worst["conductance"] = max(worst["conductance"], math.Abs(tr.G[i]*mem-1))
		worst["current"] = max(worst["current"], math.Abs(tr.Response[i]-tr.U[0][i]/mem))
		worst["state"] = max(worst["state"], math.Abs(tr.X[0][i]-(m.ROff-mem)/span))
	}
	for name, scale := range map[string]struct {
		unit string
		size float64
	}{"conductance": {"", 1}, "current": {"A", 1.3e-4}, "state": {"", 1}} {
		check(t, claims.Claim{
			Name: "linear-drift, no window: worst error of the " + name + " over two periods of 1 V, 1 Hz", Kind: claims.ClosedForm, Source: fluxLaw, Unit: scale.unit,
			Want: 0, Got: worst[name], Tol: 1e-8 * scale.size, Absolute: true, Why: "default integration tolerance 1e-8 per step, accumulated",
		})
	}
}

// TestFrequencyTable compares with numbers evaluated from the closed form
// outside of this program.
func TestFrequencyTable(t *testing.T) {
	for _, c := range []struct{ f, mMin, iMax, area float64 }{
		{1, 4447.19, 1.294734e-4, 3.661575e-5},
		{2, 8389.80, 1.031470e-4, 9.256910e-6},
		{3, 9341.26, 0, 5.345165e-6},
		{5, 10037.70, 0, 2.899019e-6},
		{10, 10529.85, 0, 1.352362e-6},
		{100, 10953.89, 0, 1.275503e-7},
	} {
		const n = 20000
		tr := run(t, memristor.NewLinearDrift(), sine(t, 1, c.f, 1, n), nil)
		claim := func(name, unit string, want, got, tol float64, why string) {
			t.Helper()
			check(t, claims.Claim{Name: fmt.Sprintf("linear-drift, no window, 1 V, %g Hz: %s", c.f, name), Kind: claims.ClosedForm, Source: fluxLaw, Unit: unit, Want: want, Got: got, Tol: tol, Why: why})
		}
		claim("smallest memristance", "ohm", c.mMin, 1/slices.Max(tr.G), 2e-6, "six digits of the reference")
		if c.iMax > 0 {
			claim("largest current", "A", c.iMax, slices.Max(tr.Response), 5e-7, "seven digits of the reference")
		}
		claim("area of a lobe", "V A", c.area, -tr.LobeArea(0, n/2), 1e-6, "seven digits of the reference and the trapezoids of 20000 samples")
		if c.f == 1 {
			k := slices.Index(tr.Response, slices.Max(tr.Response))
			a, b, c := tr.Response[k-1], tr.Response[k], tr.Response[k+1]
			at := tr.T[k] + 0.5*(a-c)/(a-2*b+c)/n // vertex of the parabola through three rows
			claim("time of the largest current", "s", 0.31973, at, 2e-5, "five digits of the reference")
			claim("largest charge", "C", 4.121267e-5, slices.Max(charge(tr)), 5e-7, "seven digits of the reference")
			claim("largest state", "", 0.72659, slices.Max(tr.X[0]), 1e-5, "five digits of the reference")
		}
	}
}

// charge returns the charge in each row by the trapezoid rule.
func charge(tr *device.Trace) []float64 {
	return device.Waveform{T: tr.T, U: [][]float64{tr.Response}}.Integral(0)
}

// TestJoglekarOne compares the window with p = 1 with its closed forms: x over q
// and the flux that it takes to get there.
func TestJoglekarOne(t *testing.T) {
	for _, c := range []struct{ q, x float64 }{{1e-5, 0.390003}, {5e-5, 0.760004}, {1e-4, 0.959015}} {
		m := memristor.NewLinearDrift()
		m.Window, m.P, m.X0 = "joglekar", 1, 0.3
		k := m.K()
		x := 1 / (1 + (1-m.X0)/m.X0*math.Exp(-4*k*c.q))
		if math.Abs(x-c.x) > 1e-6 {
			t.Fatalf("x(%g C) = %g, the reference is %g", c.q, x, c.x)
		}
		phi := (m.ROff*math.Log(x/m.X0) - m.ROn*math.Log((1-x)/(1-m.X0))) / (4 * k)
		w := device.Waveform{T: []float64{0, 1, 2}, U: [][]float64{{0, phi, 0}}}
		tr := run(t, m, w, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("linear-drift, joglekar p = 1: state after a charge of %g C", c.q), Kind: claims.ClosedForm,
			Source: "x = 1/(1 + (1-x0)/x0 exp(-4 k q)) at the flux (ROFF ln(x/x0) - RON ln((1-x)/(1-x0)))/(4 k)", Want: x, Got: tr.X[0][2], Tol: 1e-7, Why: "default integration tolerance 1e-8 per step",
		})
	}
}

// phi is k q of the Joglekar window up to a constant, by the series of
// 1/2 u 2F1(1/2p, 1; 1+1/2p; u^2p) with u = 2x-1, doi:10.1109/ACCESS.2021.3059241.
func joglekarPhi(x float64, p int) float64 {
	u := 2*x - 1
	sum, term := 0.0, 1.0
	for n := 0; math.Abs(term) > 1e-18; n++ {
		sum += term / float64(1+2*p*n)
		term *= math.Pow(u, float64(2*p))
	}
	return 0.5 * u * sum
}

// TestJoglekarCharge compares the charge of a run with the hypergeometric form.
func TestJoglekarCharge(t *testing.T) {
	for _, c := range []struct {
		p    int
		want float64
	}{{1, 0.7611306}, {2, 0.6443771}, {7, 0.6012003}, {10, 0.6002209}} {
		if got := joglekarPhi(0.9, c.p) - joglekarPhi(0.3, c.p); math.Abs(got-c.want) > 1e-7 {
			t.Fatalf("p = %d: the series gives %.8g, the reference is %.8g", c.p, got, c.want)
		}
		m := memristor.NewLinearDrift()
		m.Window, m.P, m.X0 = "joglekar", float64(c.p), 0.3
		n := 20000
		w := device.Waveform{T: make([]float64, n), U: [][]float64{make([]float64, n)}}
		for i := range n {
			w.T[i], w.U[0][i] = float64(i)/float64(n), 1
		}
		tr := run(t, m, w, nil)
		end, _ := slices.BinarySearch(tr.X[0], 0.9)
		if end == n {
			t.Fatalf("p = %d: the state ends at %g", c.p, tr.X[0][n-1])
		}
		got := m.K()*charge(tr)[end] - joglekarPhi(tr.X[0][end], c.p) + joglekarPhi(0.9, c.p)
		check(t, claims.Claim{
			Name: fmt.Sprintf("linear-drift, joglekar p = %d: k q from x = 0.3 to 0.9", c.p), Kind: claims.ClosedForm,
			Source: "1/2 (2x-1) 2F1(1/2p, 1; 1+1/2p; (2x-1)^2p) of Biolek et al., doi:10.1109/ACCESS.2021.3059241", Want: c.want, Got: got, Tol: 1e-6, Why: "seven digits of the reference and the trapezoids of the current",
		})
	}
}

// TestBiolekFigure compares with an independent integration of the circuit of
// figure 5a of Biolek et al. (2009).
func TestBiolekFigure(t *testing.T) {
	const n = 20000
	for _, c := range []struct {
		window                         string
		xMax, iMax, iMin, qMax, xFinal float64
	}{
		{"joglekar", 0.99369, 3.0205e-4, 0, 7.149e-5, 0.3144654},
		{"biolek", 0.95686, 2.1877e-4, -2.0279e-4, 6.669e-5, 0.31139},
	} {
		m := memristor.NewLinearDrift()
		m.Window = c.window
		tr := run(t, m, sine(t, 1.2, 1, 1, n), nil)
		claim := func(name, unit string, want, got, tol float64) {
			t.Helper()
			check(t, claims.Claim{
				Name: fmt.Sprintf("linear-drift, %s p = 10, 1.2 V, 1 Hz: %s", c.window, name), Kind: claims.IndependentSolver,
				Source: "scipy solve_ivp on the circuit of figure 5a of Biolek et al., Radioengineering 18, 210 (2009)", Unit: unit, Want: want, Got: got, Tol: tol, Why: "the digits of the reference",
			})
		}
		claim("largest state", "", c.xMax, slices.Max(tr.X[0]), 1e-5)
		claim("largest current", "A", c.iMax, slices.Max(tr.Response), 3e-5)
		if c.iMin != 0 {
			claim("smallest current", "A", c.iMin, slices.Min(tr.Response), 3e-5)
		}
		claim("largest charge", "C", c.qMax, slices.Max(charge(tr)), 1e-4)
		claim("state after a period", "", c.xFinal, tr.X[0][n], 2e-5)
	}
}

// TestJoglekarReturns drives the state so near to the bound that 1 - x underflows
// and back: x is a function of the charge, so it must return.
func TestJoglekarReturns(t *testing.T) {
	for _, window := range []string{"joglekar", "strukov", "prodromakis"} {
		m := memristor.NewLinearDrift()
		m.ROff, m.X0, m.Window = 5e3, 4000.0/4900, window
		w := sine(t, 2, 1, 1, 4000)
		tr := run(t, m, w, nil)
		kq := m.K() * slices.Max(charge(tr))
		if window == "joglekar" {
			check(t, claims.Claim{
				Name: "linear-drift, joglekar p = 10, hard switching with 2 V: largest k q", Kind: claims.IndependentSolver,
				Source: "quadrature outside of this program", Want: 63, Got: kq, Tol: 0.01, Why: "two digits of the reference",
			})
		}
		if x := slices.Max(tr.X[0]); x != 1 {
			t.Errorf("%s: the largest state is 1 - %g: the case is not a hard one", window, 1-x)
		}
		check(t, claims.Claim{
			Name: fmt.Sprintf("linear-drift, %s, hard switching with 2 V: state after a period", window), Kind: claims.ClosedForm,
			Source: "x is a function of the flux, which is zero after a period", Want: m.X0, Got: tr.X[0][len(tr.T)-1], Tol: 1e-8, Why: "ln(x/(1-x)) runs to hundreds and back at a tolerance of 1e-8 relative to it",
		})
	}
}

// TestLocks starts at each bound and drives away from it.
func TestLocks(t *testing.T) {
	locked := map[string]bool{"none": false, "strukov": true, "joglekar": true, "biolek": false, "prodromakis": true, "zha": false, "kvatinsky": false}
	for window, want := range locked {
		for _, x0 := range []float64{0, 1} {
			for _, polarity := range []int{1, -1} {
				m := memristor.NewLinearDrift()
				m.Window, m.X0, m.Polarity = window, x0, polarity
				away := 1 - 2*x0
				up := away * float64(polarity)
				w := device.Waveform{T: []float64{0, 0.1, 1.1}, U: [][]float64{{-up, -up, up}}}
				tr := run(t, m, w, nil)
				if x := tr.X[0][1]; x != x0 {
					t.Errorf("%s from %g: driven outward the state is %g", window, x0, x)
				}
				if got := tr.X[0][2] == x0; got != want {
					t.Errorf("%s from %g, polarity %d: ends at %g, locked %t, want %t", window, x0, polarity, tr.X[0][2], got, want)
				}
			}
		}
	}
}

// TestWindows compares each window with its formula as it is printed.
func TestWindows(t *testing.T) {
	m := memristor.NewLinearDrift()
	m.J = 1.3
	step := func(up bool) float64 {
		if up {
			return 0
		}
		return 1
	}
	for _, c := range []struct {
		window string
		p      float64
		want   func(x, p float64, up bool) float64
	}{
		{"none", 1, func(float64, float64, bool) float64 { return 1 }},
		{"strukov", 1, func(x, _ float64, _ bool) float64 { return x * (1 - x) }},
		{"joglekar", 1, func(x, p float64, _ bool) float64 { return 1 - math.Pow(2*x-1, 2*p) }},
		{"joglekar", 7, func(x, p float64, _ bool) float64 { return 1 - math.Pow(2*x-1, 2*p) }},
		{"biolek", 3, func(x, p float64, up bool) float64 { return 1 - math.Pow(x-step(up), 2*p) }},
		{"prodromakis", 2.5, func(x, p float64, _ bool) float64 { return m.J * (1 - math.Pow((x-0.5)*(x-0.5)+0.75, p)) }},
		{"zha", 2.5, func(x, p float64, up bool) float64 {
			z := x - step(up)
			return m.J * (1 - math.Pow(0.25*z*z+0.75, p))
		}},
		{"kvatinsky", 1, func(x, _ float64, up bool) float64 {
			if up {
				return math.Exp(-math.Exp((x - m.AOn) / m.WC))
			}
			return math.Exp(-math.Exp((m.AOff - x) / m.WC))
		}},
	} {
		m.Window, m.P = c.window, c.p
		if err := device.Check(m); err != nil {
			t.Fatal(err)
		}
		for x := 0.0; x <= 1; x += 1.0 / 64 {
			for _, up := range []bool{true, false} {
				if got, want := m.WindowFactor(x, up), c.want(x, c.p, up); math.Abs(got-want) > 2e-15 {
					t.Errorf("%s, p = %g: F(%g, up %t) = %g, want %g", c.window, c.p, x, up, got, want)
				}
			}
		}
	}
	m.Window, m.P, m.J = "prodromakis", 3, 1
	if got, want := m.WindowFactor(0.5, true), 1-math.Pow(0.75, 3); math.Abs(got-want) > 1e-15 {
		t.Errorf("the maximum of the window prodromakis is %g, want %g", got, want)
	}
}

// TestTolerance holds the error against the closed form as the tolerance falls.
func TestTolerance(t *testing.T) {
	m := memristor.NewLinearDrift()
	w := device.Waveform{T: []float64{0, 0.25, 0.5}, U: [][]float64{{0, 1, 0}}}
	phi := w.Integral(0)[2]
	want := (m.ROff - math.Sqrt(11e3*11e3-2*(m.ROff-m.ROn)*m.K()*phi)) / (m.ROff - m.ROn)
	last := math.Inf(1)
	for _, tol := range []float64{1e-3, 1e-5, 1e-7, 1e-9, 1e-11} {
		tr := run(t, m, w, &device.Settings{Tolerance: tol})
		e := math.Abs(tr.X[0][2] - want)
		if e > 10*tol || e > last && e > 1e-14 {
			t.Errorf("tolerance %g: error %g after %g", tol, e, last)
		}
		last = e
	}
}

func TestLinearDriftValidate(t *testing.T) {
	for want, change := range map[string]func(m *memristor.LinearDrift){
		"linear-drift: r_on is 20000 ohm: must be below r_off, 16000 ohm":                                             func(m *memristor.LinearDrift) { m.ROn = 20e3 },
		"linear-drift: p is 1.5: must be a whole number >= 1 for the window joglekar":                                 func(m *memristor.LinearDrift) { m.Window, m.P = "joglekar", 1.5 },
		"linear-drift: polarity is 0: must be 1 or -1":                                                                func(m *memristor.LinearDrift) { m.Polarity = 0 },
		"linear-drift: x0 is 1.5: must be from 0 to 1":                                                                func(m *memristor.LinearDrift) { m.X0 = 1.5 },
		"linear-drift: mu_v is NaN: must be > 0 m^2/(V s)":                                                            func(m *memristor.LinearDrift) { m.Mu = math.NaN() },
		`linear-drift: window is "hann": must be one of none, strukov, joglekar, biolek, prodromakis, zha, kvatinsky`: func(m *memristor.LinearDrift) { m.Window = "hann" },
	} {
		m := memristor.NewLinearDrift()
		change(m)
		if err := device.Check(m); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
