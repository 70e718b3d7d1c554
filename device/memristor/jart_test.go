package memristor_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
	"mho/noise"
)

const jartScipy = "equations of Bengel et al., doi:10.1109/TCSI.2020.3018502, by a converged SciPy program with nested root searches"

// nested solves the published equations in the way that the source's code does:
// bisection for v_S at a fixed temperature within bisection for the temperature.
type nested struct {
	v, n       float64 // n in 1/m^3
	vs, i, t   float64 // the solution, with signs
	disc, plug float64 // ohm
	series     float64 // ohm
}

const (
	jk, jq, jh = 1.380649e-23, 1.602176634e-19, 6.62607015e-34
	jme, je0   = 9.1093837139e-31, 8.8541878188e-12
	jz, jr     = 2.0, 45e-9
	jl, jcell  = 0.4e-9, 3e-9
	jarea      = math.Pi * jr * jr
)

// emission is the current at v_S and T, A.
func (s *nested) emission(vs, t float64) float64 {
	phi := 0.18
	if psi := 0.18 - 0.1 - vs; psi > 0 {
		phi = max(0.18-math.Pow(jq*jq*jq*jz*s.n*psi/(8*math.Pi*math.Pi*math.Pow(5.5*je0, 3)), 0.25), 0)
	}
	kT := jk * t
	if vs > 0 {
		return jarea * 6.01e5 * t * t * math.Exp(-jq*phi/kT) * math.Expm1(jq*vs/kT)
	}
	w00 := jq * jh / (4 * math.Pi) * math.Sqrt(jz*s.n/(jme*17*je0))
	u := w00 / kT
	w0, e := w00/math.Tanh(u), w00/(u-math.Tanh(u))
	return -jarea * 6.01e5 * t / jk * math.Sqrt(math.Pi*w00*jq*(math.Abs(vs)+phi/math.Pow(math.Cosh(u), 2))) * math.Exp(-jq*phi/w0) * math.Expm1(jq*math.Abs(vs)/e)
}

// at returns how far v_S is from using up the voltage.
func (s *nested) excess(vs, t float64) float64 {
	i := s.emission(vs, t)
	s.series = 650 + 719.2437*(1+719.2437*3.92e-3*i*i*90471.47)
	s.i = i
	return vs + i*(s.disc+s.plug+s.series) - s.v
}

// heat returns how far t is below the temperature that it leads to.
func (s *nested) heat(t float64) float64 {
	sign := math.Copysign(1, s.v)
	lo, hi := 0.0, math.Abs(s.v)
	if sign > 0 { // the least v_S: the first change of sign
		for k := 1.0; k <= 400; k++ {
			if at := hi * k / 400; s.excess(at, t) > 0 {
				lo, hi = at-hi/400, at
				break
			}
		}
	}
	for range 50 {
		mid := 0.5 * (lo + hi)
		if sign*s.excess(sign*mid, t) > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	s.vs = sign * hi
	s.excess(s.vs, t)
	rth := 15.72e6
	if sign > 0 {
		rth *= 0.27
	}
	return 293 + s.i*(s.vs+s.i*(s.disc+s.plug))*rth - t
}

func (s *nested) solve() {
	s.disc, s.plug = jl/(s.n*jz*jq*4e-6*jarea), (jcell-jl)/(20e26*jz*jq*4e-6*jarea)
	lo, hi := 293.0, 294.0
	for s.heat(hi) > 0 {
		lo, hi = hi, 293+(hi-293)*1.3
	}
	for range 42 {
		mid := 0.5 * (lo + hi)
		if s.heat(mid) > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	s.t = hi
	s.heat(hi)
}

// rate is dN/dt, 1/(m^3 s).
func (s *nested) rate() float64 {
	field := (s.vs + s.i*(s.disc+s.plug)) / jcell
	f := 1 - math.Pow(0.008e26/s.n, 10)
	if s.v < 0 {
		field = s.i * s.disc / jl
		f = 1 - math.Pow(s.n/20e26, 10)
	}
	e := 1.35 * jq
	g := jz * jq * math.Abs(field) * 0.25e-9 / (math.Pi * e)
	low := e * (math.Sqrt(1-g*g) - g*math.Pi/2 + g*math.Asin(g))
	high := e * (math.Sqrt(1-g*g) + g*math.Pi/2 + g*math.Asin(g))
	ions := jz * jq * (20e26 + s.n) / 2 * 0.25e-9 * 2e13 * jarea * (math.Exp(-low/(jk*s.t)) - math.Exp(-high/(jk*s.t))) * f
	return -math.Copysign(1, s.v) * ions / (jz * jq * jarea * jl)
}

// TestJARTContact compares current, temperature and rate with the nested search on
// a grid of voltages and states.
func TestJARTContact(t *testing.T) {
	m := memristor.NewJART()
	env := device.RoomOf(m)
	worst := map[string]float64{}
	var d [1]float64
	for _, v := range []float64{-1.2, -0.8, -0.5, -0.2, -0.05, 0.05, 0.2, 0.5, 0.8, 1.2} {
		for _, n := range []float64{0.0081e26, 0.1e26, 1e26, 10e26, 19.9e26} {
			s := nested{v: v, n: n}
			s.solve()
			x, u := []float64{n}, []float64{v}
			m.Derivative(d[:], x, u, env)
			worst["current"] = max(worst["current"], math.Abs(m.Response(x, u, env)/s.i-1))
			worst["temperature"] = max(worst["temperature"], math.Abs(m.Temperature(x, u, env)/s.t-1))
			worst["rate"] = max(worst["rate"], math.Abs(d[0]/s.rate()-1))
		}
	}
	for what, tol := range map[string]float64{"current": 1e-9, "temperature": 1e-9, "rate": 1e-7} {
		check(t, claims.Claim{Name: "jart-vcm: worst relative difference of the " + what + ", 50 voltages and states", Kind: claims.IndependentSolver, Source: "nested bisection for v_S and T of the published equations", Want: 0, Got: worst[what], Tol: tol, Absolute: true, Why: "bisection to rounding of v_S, amplified by the exponentials"})
	}
}

// TestJARTResistance compares with SciPy's.
func TestJARTResistance(t *testing.T) {
	m := memristor.NewJART()
	ns := []float64{0.008e26, 0.1e26, 1e26, 10e26, 20e26}
	for v, want := range map[float64][]float64{0.2: {65.56e3, 6566, 2084, 1643, 1619}, -0.2: {104.7e3, 6988, 2111, 1619, 1589}} {
		for i, n := range ns {
			got := v / m.Response([]float64{n}, []float64{v}, device.RoomOf(m))
			check(t, claims.Claim{Name: fmt.Sprintf("jart-vcm: resistance at %+g V, n = %g m^-3", v, n), Kind: claims.IndependentSolver, Source: jartScipy, Unit: "ohm", Want: want[i], Got: got, Tol: 5e-4, Why: "four digits; that program rounds constants of nature to four"})
		}
	}
}

var jartKinetics = []struct{ v, from, to, scipy float64 }{
	{-0.4, 0.008e26, 10e26, 57}, {-0.6, 0.008e26, 10e26, 17.24e-3}, {-0.8, 0.008e26, 10e26, 10.12e-6}, {-1, 0.008e26, 10e26, 22.06e-9},
	{0.8, 10e26, 0.1e26, 0.2133}, {1, 10e26, 0.1e26, 999e-6}, {1.2, 10e26, 0.1e26, 17.19e-6},
}

// TestJARTKinetics compares switching times over nine decades with SciPy's and
// with the integral of dN/rate of the nested search.
func TestJARTKinetics(t *testing.T) {
	m := memristor.NewJART()
	for _, c := range jartKinetics {
		f := func(y float64) float64 {
			s := nested{v: c.v, n: math.Exp(y)}
			s.solve()
			return s.n / s.rate()
		}
		integral := func(n int) float64 { // Gauss's rule of order 4 on each of n parts
			lo, h, sum := math.Log(c.from), math.Log(c.to/c.from)/float64(n), 0.0
			for i := range n {
				a := lo + (float64(i)+0.5)*h
				sum += h / 2 * (f(a-h/math.Sqrt(12)) + f(a+h/math.Sqrt(12)))
			}
			return sum
		}
		coarse, fine := integral(60), integral(120)
		exact := fine + (fine-coarse)/15
		m.N0 = c.from
		w := device.Waveform{T: []float64{0}, U: [][]float64{{c.v}}}
		for k := range 801 { // rows a part in 2.5e6 of the time apart, around its end
			w.T, w.U[0] = append(w.T, exact*(1+4e-7*float64(k-400))), append(w.U[0], c.v)
		}
		tr := run(t, m, w, nil)
		got := crossing(t, tr.T, tr.X[0], c.to)
		name := fmt.Sprintf("jart-vcm: time of n from %g to %g m^-3 at %+g V", c.from, c.to, c.v)
		check(t, claims.Claim{Name: name, Kind: claims.IndependentSolver, Source: "integral of dn/rate, the rate by nested bisection for v_S and T", Unit: "s", Want: exact, Got: got, Tol: 1e-5, Why: "60 and 120 parts of order 4, extrapolated; integration tolerance 1e-8 per step"})
		check(t, claims.Claim{Name: name + ", SciPy", Kind: claims.IndependentSolver, Source: jartScipy, Unit: "s", Want: c.scipy, Got: got, Tol: 8e-3, Why: "that program rounds constants of nature to four digits, which changes exp(-40) by 0.6 %"})
	}
}

// TestJARTSweep compares RESET in a slow sweep with SciPy's.
func TestJARTSweep(t *testing.T) {
	m := memristor.NewJART()
	m.N0 = m.NMax
	tr := run(t, m, device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, 1}}}, &device.Settings{Step: 1e-4})
	peak := 0
	for i, x := range tr.Response {
		if x > tr.Response[peak] {
			peak = i
		}
	}
	for _, c := range []struct {
		what, unit     string
		want, got, tol float64
	}{
		{"largest current", "A", 0.5534e-3, tr.Response[peak], 1e-3},
		{"voltage of the largest current", "V", 0.9205, tr.T[peak], 1e-3},
		{"voltage at which n passes 1e26 m^-3", "V", 0.9285, crossing(t, tr.T, tr.X[0], 1e26), 5e-4},
	} {
		check(t, claims.Claim{Name: "jart-vcm: RESET at 1 V/s, " + c.what, Kind: claims.IndependentSolver, Source: jartScipy, Unit: c.unit, Want: c.want, Got: c.got, Tol: c.tol, Why: "digits and rounded constants of the reference"})
	}
}

// TestJARTUnique looks for further solutions of the contact at negative voltage,
// where the temperature feeds back.
func TestJARTUnique(t *testing.T) {
	for _, v := range []float64{-1.5, -1, -0.7, -0.4} {
		for _, n := range []float64{0.008e26, 0.03e26, 0.1e26, 0.4e26, 2e26, 20e26} {
			s := nested{v: v, n: n}
			s.solve()
			changes, last := 0, 1.0
			for k := range 800 {
				if now := s.heat(293 + 5*float64(k)); now*last < 0 {
					changes++
					last = now
				}
			}
			if changes != 1 && s.t < 4000 {
				t.Errorf("%g V, n = %g: %d self-consistent temperatures", v, n, changes)
			}
		}
	}
}

// TestJARTSlope compares the slope by implicit differentiation with central
// differences, and the one at 0 V with that from above.
func TestJARTSlope(t *testing.T) {
	m := memristor.NewJART()
	env := device.RoomOf(m)
	worst := 0.0
	for _, n := range []float64{0.008e26, 0.1e26, 1e26, 20e26} {
		x := []float64{n}
		at := func(v float64) float64 { return m.Response(x, []float64{v}, env) }
		for _, v := range []float64{-1.4, -0.6, -0.1, 0.02, 0.3, 1.1} {
			h := 1e-4 * math.Abs(v)
			d1, d2 := (at(v+h)-at(v-h))/(2*h), (at(v+2*h)-at(v-2*h))/(4*h)
			worst = max(worst, math.Abs(m.Slope(x, []float64{v}, env)/(d1+(d1-d2)/3)-1))
		}
		if got, want := m.Slope(x, []float64{0}, env), at(1e-9)/1e-9; math.Abs(got/want-1) > 1e-6 {
			t.Errorf("n = %g: the slope at 0 V is %g S, from above %g S", n, got, want)
		}
	}
	check(t, claims.Claim{Name: "jart-vcm: worst relative difference of the slope from difference quotients", Kind: claims.IndependentSolver, Source: "central differences of the current, extrapolated", Want: 0, Got: worst, Tol: 1e-9, Absolute: true, Why: "rounding of the differences"})
}

// TestJARTCycles draws a new disc at each turn of the sign and takes it on
// without a jump of the current.
func TestJARTCycles(t *testing.T) {
	m := memristor.NewJART()
	m.CycleL, m.CycleR = m.SpreadL, m.SpreadR
	const n = 100
	w, err := device.Triangle(-0.6, 1.1, 1, n, 6)
	if err != nil {
		t.Fatal(err)
	}
	tr := run(t, m, w, &device.Settings{Key: noise.NewKey(2), Tolerance: 1e-5})
	var l, r []float64
	for i := 1; i < len(tr.T); i++ {
		if tr.X[2][i] != tr.X[2][i-1] {
			l, r = append(l, tr.X[2][i]), append(r, tr.X[4][i])
		}
	}
	if len(l) != 2*n {
		t.Fatalf("%d discs in %d cycles, want %d", len(l), n, 2*n)
	}
	for _, c := range []struct {
		what        string
		x           []float64
		mean, sigma float64
	}{{"length", l, 0.4e-9, 0.04e-9}, {"radius", r, 45e-9, 5e-9}} {
		mean, sigma := stat.MeanStdDev(c.x, nil)
		check(t, claims.Claim{Name: "jart-vcm/var: mean " + c.what + " of the disc over 200 half cycles", Kind: claims.ClosedForm, Source: "the published spread", Unit: "m", Want: c.mean, Got: mean, Tol: 5 * c.sigma / math.Sqrt(2*n), Absolute: true, Why: "5 standard errors"})
		check(t, claims.Claim{Name: "jart-vcm/var: spread of the " + c.what + " of the disc over 200 half cycles", Kind: claims.ClosedForm, Source: "the published spread", Unit: "m", Want: c.sigma, Got: sigma, Tol: 5 / math.Sqrt(4*n), Why: "5 standard errors"})
	}
	// Just after a turn the disc is still the one before.
	x := []float64{3e26, 0.41e-9, 0.37e-9, 44e-9, 49e-9, 0.01e26, -1}
	before := m.Response(x, []float64{0.1}, device.RoomOf(m))
	m.Jump(x, []float64{0}, []float64{0.1}, 1, device.RoomOf(m), noise.NewKey(1), 0)
	if after := m.Response(x, []float64{0.1}, device.RoomOf(m)); math.Abs(after/before-1) > 1e-12 || x[6] != 1 || x[5] != 3e26 {
		t.Errorf("the current jumps from %g to %g A, states %g", before, after, x)
	}
	// At the bound ahead it is the new one.
	x[0] = m.NMin
	fresh := memristor.NewJART()
	fresh.LDisc, fresh.R = x[2], x[4]
	if got, want := m.Response(x, []float64{0.1}, device.RoomOf(m)), fresh.Response(x[:1], []float64{0.1}, device.RoomOf(m)); math.Abs(got/want-1) > 1e-12 {
		t.Errorf("at the bound the current is %g A, want %g A", got, want)
	}
}

// TestJARTVary spreads devices as published, each starting at its own bound.
func TestJARTVary(t *testing.T) {
	const n = 4000
	var nMin, nMax, l, r []float64
	for i := range uint32(n) {
		m := memristor.NewJART()
		if err := device.Vary(m, noise.NewKey(3), i/64, i%64); err != nil {
			t.Fatal(err)
		}
		if m.N0 != m.NMin {
			t.Fatalf("n0 is %g, n_min %g", m.N0, m.NMin)
		}
		nMin, nMax, l, r = append(nMin, m.NMin), append(nMax, m.NMax), append(l, m.LDisc), append(r, m.R)
	}
	for _, c := range []struct {
		name, unit  string
		x           []float64
		mean, sigma float64
	}{{"n_min", "m^-3", nMin, 8e23, 2e23}, {"n_max", "m^-3", nMax, 20e26, 1e26}, {"l_disc", "m", l, 0.4e-9, 0.04e-9}, {"r", "m", r, 45e-9, 5e-9}} {
		mean, sigma := stat.MeanStdDev(c.x, nil)
		check(t, claims.Claim{Name: "jart-vcm: mean " + c.name + " of 4000 devices", Kind: claims.ClosedForm, Source: "the published spread", Unit: c.unit, Want: c.mean, Got: mean, Tol: 5 * c.sigma / math.Sqrt(n), Absolute: true, Why: "5 standard errors; the limits lie 4 standard deviations away"})
		check(t, claims.Claim{Name: "jart-vcm: spread of " + c.name + " of 4000 devices", Kind: claims.ClosedForm, Source: "the published spread", Unit: c.unit, Want: c.sigma, Got: sigma, Tol: 5 / math.Sqrt(2*n), Why: "5 standard errors"})
	}
}

// TestJARTRange ends a trace where the field leaves no barrier.
func TestJARTRange(t *testing.T) {
	tr, err := device.Run(context.Background(), memristor.NewJART(), device.Waveform{T: []float64{0, 1e-9}, U: [][]float64{{0, 40}}}, &device.Settings{Step: 1e-11})
	var fail *device.RunError
	if !errors.As(err, &fail) || tr == nil || tr.Complete || len(tr.T) < 10 || !strings.Contains(err.Error(), "the ions' barrier: must be at most 1") {
		t.Fatalf("got %v", err)
	}
}

func TestJARTValidate(t *testing.T) {
	for want, change := range map[string]func(m *memristor.JART){
		"jart-vcm: n0 is 2.1e+27: must be from n_min, 8e+23, to n_max, 2e+27": func(m *memristor.JART) { m.N0 = 21e26 },
		"jart-vcm: l_disc is 3e-09 m: must be below l_cell, 3e-09 m":          func(m *memristor.JART) { m.LDisc = 3e-9 },
		"jart-vcm: phi_n is 0.2 V: must be below phi_bn0, 0.18 V":             func(m *memristor.JART) { m.PhiN = 0.2 },
	} {
		m := memristor.NewJART()
		change(m)
		if err := device.Check(m); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestStepAllocations holds single evaluations free of allocations.
func TestStepAllocations(t *testing.T) {
	noisy, switches := memristor.NewStanfordPKU(), memristor.NewMMS()
	noisy.Variations, switches.N = true, 100
	key := noise.NewKey(1)
	x, u, d := []float64{0}, []float64{0.3}, make([]float64, 1)
	for _, el := range []device.Element{memristor.NewJART(), noisy, switches} {
		x[0] = el.States()[0].Initial
		env := device.RoomOf(el)
		if n := testing.AllocsPerRun(100, func() {
			el.Derivative(d, x, u, env)
			el.Response(x, u, env)
			device.Slope(el, x, u, env)
			if s, ok := el.(device.Stochastic); ok {
				s.Diffusion(d, x, u, env)
				s.StepLimit(x, u, env)
			}
			if j, ok := el.(device.Jumping); ok && j.Jumps() {
				j.Jump(x, u, u, 1e-6, env, key, 1)
			}
		}); n > 0 {
			t.Errorf("%s: %g allocations per evaluation", el.Info().Name, n)
		}
	}
}
