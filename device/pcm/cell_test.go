package pcm

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/internal/claims"
)

// TestGrowthTable compares with numbers that a separate evaluation in Python
// gave for the same publication.
func TestGrowthTable(t *testing.T) {
	c := NewCrystal()
	for _, p := range []struct{ kelvin, want float64 }{{400, 1.97e-12}, {450, 5.96e-9}, {500, 3.67e-6}, {534, 1.46e-4}, {550, 1.48e-3}, {600, .0847}, {650, .501}} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("growth velocity of Ge2Sb2Te5 at %g K", p.kelvin), Kind: claims.IndependentSolver,
			Source: "equations and constants of arXiv:2107.02035, evaluated in Python", Unit: "m/s", Want: p.want, Got: c.Velocity(p.kelvin), Tol: 3e-3, Why: "three digits of the reference"})
	}
	claims.Check(t, claims.Claim{Name: "viscosity of Ge2Sb2Te5 at 534 K", Kind: claims.IndependentSolver,
		Source: "equations and constants of arXiv:2107.02035, evaluated in Python", Unit: "Pa s", Want: 239, Got: c.Viscosity(534), Tol: 3e-3, Why: "three digits of the reference"})
	claims.Check(t, claims.Claim{Name: "MYEGA viscosity at Tg", Kind: claims.ClosedForm, Source: "definition of Tg, 1e12 Pa s",
		Unit: "Pa s", Want: 1e12, Got: equilibrium(c).Viscosity(c.TG), Tol: 1e-12, Why: "rounding"})
	h := 1e-4
	claims.Check(t, claims.Claim{Name: "MYEGA fragility", Kind: claims.ClosedForm, Source: "m = d log10 eta / d(Tg/T) at Tg",
		Want: 140, Got: math.Log10(equilibrium(c).Viscosity(c.TG/(1+h))/equilibrium(c).Viscosity(c.TG/(1-h))) / (2 * h), Tol: 1e-4, Why: "central difference over 2e-4 in Tg/T"})
	if v := c.Velocity(c.TMelt); math.Abs(v) > 1e-12 {
		t.Errorf("the front moves at %g m/s at the melting point", v)
	}
	if c.Velocity(910) >= 0 || c.Velocity(890) <= 0 {
		t.Error("the front does not turn at the melting point")
	}
}

// equilibrium is c with a liquid that never freezes in.
func equilibrium(c Crystal) *Crystal {
	c.TGlass = 300
	return &c
}

// TestNucleus compares the critical nucleus with the highest of W(n) found by
// search, W = f (4 pi r^2 sigma - n dg) with n monomers in the whole sphere.
func TestNucleus(t *testing.T) {
	c := NewCrystal()
	const kelvin = 600.0
	// Thompson and Spaepen, written anew.
	dg := 2.9e-28 * 625e6 * (900 - kelvin) / 900 * 2 * kelvin / (900 + kelvin)
	cos := math.Cos(130 * math.Pi / 180)
	f := (2 - 3*cos + math.Pow(cos, 3)) / 4
	work := func(n float64) float64 {
		r := math.Cbrt(3 * n * 2.9e-28 / (4 * math.Pi))
		return f * (4*math.Pi*r*r*0.06 - n*dg)
	}
	best, at := 0.0, 0.0
	for n := 1.0; n < 500; n += 0.001 {
		if w := work(n); w > best {
			best, at = w, n
		}
	}
	n, w := c.Nucleus(kelvin)
	claims.Check(t, claims.Claim{Name: "work of a critical nucleus at 600 K", Kind: claims.IndependentSolver, Source: "highest W(n) over a grid of n, doi:10.1063/1.4718574",
		Unit: "J", Want: best, Got: w, Tol: 1e-8, Why: "grid of 0.001 monomers at a maximum"})
	claims.Check(t, claims.Claim{Name: "monomers in a critical nucleus at 600 K", Kind: claims.IndependentSolver, Source: "place of the highest W(n), times the share f of the sphere",
		Want: f * at, Got: n, Tol: 1e-4, Why: "grid of 0.001 monomers at a maximum"})
	// Zeldovich's factor from the curvature of the work of a cap against the
	// monomers in it.
	h := 0.01
	cap := func(n float64) float64 { return work(n / f) }
	curvature := -(cap(n+h) - 2*cap(n) + cap(n-h)) / (h * h)
	kt := 1.380649e-23 * kelvin
	z := math.Sqrt(curvature / (2 * math.Pi * kt))
	gamma := kt / (3 * math.Pi * math.Pow(0.299e-9, 3) * c.Viscosity(kelvin))
	claims.Check(t, claims.Claim{Name: "rate of nucleation at 600 K", Kind: claims.IndependentSolver, Source: "Zeldovich factor from the curvature of W, doi:10.1063/1.4718574",
		Unit: "1/(m^3 s)", Want: 4 / 2.9e-28 * gamma * math.Pow(n, 2.0/3) * z * math.Exp(-best/kt), Got: c.Nucleation(kelvin), Tol: 1e-4, Why: "second difference of W"})
}

// at returns an environment at a temperature in K.
func at(kelvin float64) device.Env {
	env := device.Room()
	env.Temperature = kelvin
	return env
}

func trace(t testing.TB, el device.Element, w device.Waveform, set *device.Settings) *device.Trace {
	t.Helper()
	tr, err := device.Run(context.Background(), el, w, set)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// rest is a waveform at 0 V that visits times.
func rest(times ...float64) device.Waveform {
	return device.Waveform{T: append([]float64{0}, times...), U: [][]float64{make([]float64, len(times)+1)}}
}

// TestBulkCrystallisation compares with the law of Johnson, Mehl, Avrami and
// Kolmogorov at one temperature, and with its additive rule on a slow ramp.
func TestBulkCrystallisation(t *testing.T) {
	m := NewCell()
	m.Nucleation = true
	const kelvin = 560.0
	c := NewCrystal()
	i, u := c.Nucleation(kelvin), c.Velocity(kelvin)
	half := math.Pow(3*math.Ln2/(math.Pi*i*u*u*u), 0.25)
	tr := trace(t, m, rest(half/2, half, 2*half), &device.Settings{Env: at(kelvin)})
	share := func(y float64) float64 { return -math.Expm1(-math.Pow(y, 4)) }
	claims.Check(t, claims.Claim{Name: "pcm-cell: share crystallised in the bulk at t50, 560 K", Kind: claims.ClosedForm, Source: "JMAK, t50 = (3 ln 2/(pi I u^3))^(1/4)",
		Want: 0.5, Got: share(tr.X[4][2]), Tol: 1e-6, Why: "integration tolerance 1e-8 a step"})
	claims.Check(t, claims.Claim{Name: "pcm-cell: share crystallised in the bulk at t50/2, 560 K", Kind: claims.ClosedForm, Source: "JMAK, 1 - exp(-ln 2/16)",
		Want: -math.Expm1(-math.Ln2 / 16), Got: share(tr.X[4][1]), Tol: 1e-6, Why: "integration tolerance 1e-8 a step"})
	if r := tr.G[3] * 11.2e3; r < 0.8 {
		t.Errorf("after 2 t50 the cell conducts %g of its crystal", r)
	}

	// Heated by its own current, the cap's temperature follows the power.
	m.IHold, m.FTh = 1, 1e12 // no switching
	m.U0 = 20e-9
	w := device.Waveform{T: []float64{0, 1e-6}, U: [][]float64{{0.5, 0.5}}}
	set := &device.Settings{Env: at(520), Step: 1e-10}
	tr = trace(t, m, w, set)
	var y float64
	for k := 1; k < len(tr.T); k++ {
		mean := func(k int) float64 { return 520 + tr.X[1][k]*(1-tr.X[0][k]/(2*m.Thickness)) }
		y += 0.5 * (tr.T[k] - tr.T[k-1]) * (c.Transformation(mean(k)) + c.Transformation(mean(k-1)))
	}
	if !(y > 0.01) {
		t.Fatalf("y is only %g", y)
	}
	claims.Check(t, claims.Claim{Name: "pcm-cell: bulk crystallisation at a changing temperature", Kind: claims.IndependentSolver, Source: "JMAK's additive rule, k(T(t)) by the trapezium rule over the trace",
		Want: y, Got: tr.X[4][len(tr.T)-1], Tol: 1e-5, Why: "trapezia of 0.1 ns"})
}

// TestSubthreshold compares with Ielmini and Zhang's slope.
func TestSubthreshold(t *testing.T) {
	m := NewCell()
	m.Dz, m.RHeater, m.RCrystal = 5e-9, 1e-9, 0
	x := []float64{20e-9, 0, 0, 0.7}
	ln := func(v float64) float64 { return math.Log(m.Response(x, []float64{v}, device.Room())) }
	claims.Check(t, claims.Claim{Name: "pcm-cell: slope of ln I over V below threshold, 20 nm, 300 K", Kind: claims.ClosedForm, Source: "q dz/(2 k T u_a), Ielmini and Zhang, doi:10.1063/1.2773688",
		Unit: "1/V", Want: 1.602176634e-19 * 5e-9 / (2 * 1.380649e-23 * 300 * 20e-9), Got: ln(3) - ln(2), Tol: 1e-7, Why: "sinh differs from half an exponential by exp(-19)"})
	low := m.Response(x, []float64{1e-6}, device.Room()) / 1e-6
	if r := math.Exp(ln(1)) / low; math.Abs(r-math.Sinh(4.8353)/4.8353) > 1e-3*r {
		t.Errorf("the current at 1 V is %g times the ohmic one", r)
	}
}

// TestThreshold sweeps the voltage slowly and looks where the cell turns on, and
// then at what current it lets go.
func TestThreshold(t *testing.T) {
	m := NewCell()
	el := device.WithSeries(m, 5e3)
	up := 1e-3
	w := device.Waveform{T: []float64{0, up, 2 * up}, U: [][]float64{{0, 2.5, 0}}}
	m.CTh = 1e-18 // the heat follows
	m.NuRelax, m.Sigma0 = 0, 0.55
	m.Crystal.EtaInf = 1e11 // and nothing crystallises
	tr := trace(t, el, w, &device.Settings{Step: 1e-7, Tolerance: 1e-6})
	vth, hold := 0.0, math.Inf(1)
	for k, on := range tr.X[2] {
		i := tr.Response[k]
		if on < 0.01 && tr.T[k] < up {
			vth = tr.U[0][k] - i*(5e3+11.2e3)
		}
		if on > 0.5 && tr.T[k] > up {
			hold = i
		}
	}
	claims.Check(t, claims.Claim{Name: "pcm-cell: threshold voltage of 30 nm", Kind: claims.ClosedForm, Source: "field of Krebs et al., doi:10.1063/1.3210792, 56 V/um, times the thickness",
		Unit: "V", Want: 56e6 * 30e-9, Got: vth, Tol: 2e-2, Why: "the crystal in series warms and conducts better than at 300 K, a few mV"})
	if !(hold > 18e-6 && hold < 30e-6) {
		t.Errorf("the cell holds down to %g A: must be about i_hold, 20 µA", hold)
	}
}

// held is a pulse of current: a source of 5 V under a compliance.
func held(m *Cell, current float64) device.Element { return device.WithCompliance(m, current) }

func box(width, edge, rest float64) device.Waveform {
	return device.Waveform{T: []float64{0, edge, edge + width, 2*edge + width, 2*edge + width + rest}, U: [][]float64{{0, 5, 5, 0, 0}}}
}

// hot returns the resistance of heater and crystal at the melting point, ohm,
// written anew.
const hotExponent = 0.15 * 1.602176634e-19 / 1.380649e-23 * (1.0/900 - 1.0/300)

func hot() float64 { return 1.2e3 + 10e3*math.Exp(hotExponent) }

// TestMelting compares onset and depth of melting with the balance of heat,
//
//	R_th (1 - u/L) I² (R_c(T_melt) + r_melt u) = T_melt - T_amb.
func TestMelting(t *testing.T) {
	m := NewCell()
	m.U0, m.Sigma0 = 0, 1
	melted := func(i float64) float64 {
		return trace(t, held(m, i), box(2e-6, 2e-9, 1e-9), &device.Settings{Tolerance: 1e-7}).X[0][2]
	}
	lo, hi := 300e-6, 600e-6
	for hi-lo > 1e-8 {
		if mid := (lo + hi) / 2; melted(mid) > 0.05e-9 {
			hi = mid
		} else {
			lo = mid
		}
	}
	claims.Check(t, claims.Claim{Name: "pcm-cell: current at which a SET cell begins to melt", Kind: claims.ClosedForm, Source: "I = sqrt((T_melt - T_amb)/(R_th R(T_melt)))",
		Unit: "A", Want: math.Sqrt(600 / (2e6 * hot())), Got: hi, Tol: 1e-3, Why: "melting counts from 0.05 nm, which takes 0.3 uA"})
	for _, i := range []float64{480e-6, 520e-6, 600e-6} {
		// r u² - (r L - R) u ... as a quadratic in u.
		k := 600 / (2e6 * i * i)
		const l, r = 100e-9, 3e9
		a, b, c := -r/l, r-hot()/l, hot()-k
		want := (-b - math.Sqrt(b*b-4*a*c)) / (2 * a)
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("pcm-cell: molten depth at %.0f uA", i*1e6), Kind: claims.ClosedForm, Source: "balance of heat: r_th (1 - u/L) I^2 (R + r_melt u) = T_melt - T_amb",
			Unit: "m", Want: want, Got: melted(i), Tol: 1e-4, Why: "the approach to the steady state takes some 10 ns of the 2 us"})
	}
}

// TestDrift compares the resistance at low field with the exact solution of
// collective relaxation.
func TestDrift(t *testing.T) {
	const source = "R/R0 = (1 + t/t0)^(alpha/E_s), exact for d sigma/dt = -nu exp(-E_s (1 - sigma)/kT); Le Gallo et al., doi:10.1002/aelm.201700627"
	times := []float64{1e-3, 1, 1e4, 1e6}
	for _, kelvin := range []float64{250, 300, 350} {
		m := NewCell()
		m.RHeater, m.RCrystal = 1e-3, 0
		m.EaGlass = quantityEV(5) // no crystals at 350 K
		m.Sigma0 = 0.8
		tr := trace(t, m, rest(times...), &device.Settings{Env: at(kelvin)})
		kt := 1.380649e-23 * kelvin / 1.602176634e-19 // eV
		t0 := kt / (1e12 * 2.6) * math.Exp(2.6*0.2/kt)
		for k, s := range times {
			want := math.Pow(1+s/t0, 0.1)
			got := tr.G[0] / tr.G[k+1]
			if math.Abs(got-want) > 1e-4*want {
				t.Errorf("%g K, %g s: R/R0 = %g, want %g", kelvin, s, got, want)
			}
			if s == 1e4 {
				claims.Check(t, claims.Claim{Name: fmt.Sprintf("pcm-cell: R/R0 after 1e4 s at %g K", kelvin), Kind: claims.ClosedForm, Source: source, Want: want, Got: got, Tol: 1e-5, Why: "integration tolerance 1e-8 a step"})
			}
		}
		nu := math.Log(tr.G[3]/tr.G[4]) / math.Log(100)
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("pcm-cell: drift exponent at %g K, 1e4 to 1e6 s", kelvin), Kind: claims.ClosedForm, Source: "nu = alpha/E_s at any temperature once t >> t0; Le Gallo et al., doi:10.1002/aelm.201700627",
			Want: 0.1, Got: nu, Tol: 1e-3, Why: "t0/t at the first time, below 1e-3"})
	}
}

func quantityEV(x float64) float64 { return x * charge }

// TestAnnealing carries the glass from one temperature to another: an hour at
// 350 K is as many seconds at 300 K as bring the same sigma.
func TestAnnealing(t *testing.T) {
	m := NewCell()
	m.RHeater, m.RCrystal, m.EaGlass, m.Sigma0 = 1e-3, 0, quantityEV(5), 0.8
	hot := trace(t, m, rest(3600), &device.Settings{Env: at(350)})
	sigma := hot.X[3][1]
	kt := func(kelvin float64) float64 { return 1.380649e-23 * kelvin / 1.602176634e-19 }
	// Time to relax from 0.8 to sigma at 300 K: the integral of 1/rate.
	k := kt(300)
	age := k / (1e12 * 2.6) * (math.Exp(2.6*(1-sigma)/k) - math.Exp(2.6*0.2/k))
	cold := trace(t, m, rest(age), &device.Settings{Env: at(300)})
	claims.Check(t, claims.Claim{Name: "pcm-cell: sigma after the time at 300 K that equals an hour at 350 K", Kind: claims.ClosedForm, Source: "t = kT/(nu E_s) [exp(E_s (1 - sigma)/kT) - exp(E_s (1 - sigma0)/kT)]",
		Want: sigma, Got: cold.X[3][1], Tol: 1e-6, Why: "integration tolerance 1e-8 a step"})
}

// TestRetention lets the cap shrink at 400 K.
func TestRetention(t *testing.T) {
	m := NewCell()
	tr := trace(t, m, rest(2000, 1e5), &device.Settings{Env: at(400)})
	claims.Check(t, claims.Claim{Name: "pcm-cell: thickness of the cap after 2000 s at 400 K", Kind: claims.IndependentSolver, Source: "30 nm less the growth velocity of arXiv:2107.02035, 1.97e-12 m/s in Python, times the time",
		Unit: "m", Want: 30e-9 - 2000*1.97e-12, Got: tr.X[0][1], Tol: 5e-4, Why: "three digits of the velocity"})
	if u := tr.X[0][2]; u != 0 {
		t.Errorf("after a day at 400 K the cap is %g m", u)
	}
}

// TestOtherIntegrator runs a RESET and a SET pulse by Runge-Kutta in equal steps.
func TestOtherIntegrator(t *testing.T) {
	for _, c := range []struct {
		name    string
		current float64
		start   []float64
	}{{"RESET", 550e-6, []float64{1e-9, 0, 0, 0.7}}, {"SET", 220e-6, []float64{35e-9, 0, 0, 0.7}}} {
		m := NewCell()
		el := held(m, c.current)
		w := box(50e-9, 2e-9, 5e-9)
		end := trace(t, el, w, &device.Settings{Initial: c.start, Tolerance: 1e-9})
		want := rungeKutta(el, w, c.start, 1e-12)
		n := len(end.T) - 1
		claims.Check(t, claims.Claim{Name: "pcm-cell: cap after a " + c.name + " pulse", Kind: claims.IndependentSolver, Source: "Runge-Kutta of fourth order in steps of 1 ps",
			Unit: "m", Want: want[0], Got: end.X[0][n], Tol: 1e-4, Why: "kinks of threshold and melting within steps of 1 ps"})
		claims.Check(t, claims.Claim{Name: "pcm-cell: sigma after a " + c.name + " pulse", Kind: claims.IndependentSolver, Source: "Runge-Kutta of fourth order in steps of 1 ps",
			Want: want[3], Got: end.X[3][n], Tol: 1e-4, Why: "kinks of threshold and melting within steps of 1 ps"})
	}
}

func rungeKutta(el device.Element, w device.Waveform, start []float64, h float64) []float64 {
	x := append([]float64(nil), start...)
	n := len(x)
	var k [4][]float64
	for i := range k {
		k[i] = make([]float64, n)
	}
	y, u := make([]float64, n), make([]float64, 1)
	env := device.Room()
	states := el.States()
	steps := int(math.Round(w.T[len(w.T)-1] / h))
	for s := range steps {
		t := float64(s) * h
		slope := func(dst, x []float64, t float64) {
			w.At(u, t)
			el.Derivative(dst, x, u, env)
			for i, st := range states {
				if x[i] <= st.Min && dst[i] < 0 || x[i] >= st.Max && dst[i] > 0 {
					dst[i] = 0
				}
			}
		}
		slope(k[0], x, t)
		for i, c := range []float64{0.5, 0.5, 1} {
			for j := range x {
				y[j] = x[j] + c*h*k[i][j]
			}
			slope(k[i+1], y, t+c*h)
		}
		for j := range x {
			x[j] += h / 6 * (k[0][j] + 2*k[1][j] + 2*k[2][j] + k[3][j])
			x[j] = min(max(x[j], states[j].Min), states[j].Max)
		}
	}
	return x
}

// after returns the states after a pulse.
func after(t *testing.T, m *Cell, current, width, fall float64, x []float64) []float64 {
	t.Helper()
	w := device.Waveform{T: []float64{0, 2e-9, 2e-9 + width, 2e-9 + width + fall, 102e-9 + width + fall}, U: [][]float64{{0, 5, 5, 0, 0}}}
	tr := trace(t, held(m, current), w, &device.Settings{Initial: x, Tolerance: 1e-6})
	out := make([]float64, len(x))
	for i := range x {
		out[i] = tr.X[i][len(tr.T)-1]
	}
	return out
}

// TestProgrammingCurve looks for the shape of a cell's R-I curve, for SET in
// steps and for the mark of a slow quench.
func TestProgrammingCurve(t *testing.T) {
	m := NewCell()
	ohm := func(x []float64) float64 { return 1 / m.Slope(x, []float64{0}, device.Room()) }
	full := after(t, m, 600e-6, 100e-9, 2e-9, []float64{0, 0, 0, 1})
	var r []float64
	for _, i := range []float64{50e-6, 150e-6, 270e-6, 350e-6, 440e-6, 480e-6, 540e-6, 600e-6} {
		r = append(r, ohm(after(t, m, i, 500e-9, 2e-9, full)))
	}
	if !(r[0] > 1e6 && r[1] > 1e6 && r[2] < 12.5e3 && r[3] < 12.5e3 && r[4] < 12.5e3 && r[5] > 1e5 && r[6] > r[5] && r[7] > r[6]) {
		t.Errorf("resistances over current: %.3g ohm: must be high, low and high again", r)
	}
	// A slow end of the pulse crystallises what it has molten.
	fallen := func(fall float64) float64 {
		w := device.Waveform{T: []float64{0, 2e-9, 100e-9, 100e-9 + fall, 200e-9 + fall}, U: [][]float64{{0, 13, 13, 0, 0}}}
		tr := trace(t, device.WithSeries(m, 20e3), w, &device.Settings{Tolerance: 1e-6})
		return 1 / tr.G[4]
	}
	if quick, slow := fallen(2e-9), fallen(2e-6); !(quick > 1e6 && slow < 40e3) {
		t.Errorf("a fall of 2 ns leaves %g ohm, of 2 us %g", quick, slow)
	}
	var first float64
	for _, i := range []float64{215e-6, 230e-6} {
		x := []float64{35e-9, 0, 0, 0.7}
		g := []float64{}
		for range 9 {
			x = after(t, m, i, 50e-9, 2e-9, x)
			x[0] = max(x[0], 0)
			g = append(g, 1/ohm(x))
		}
		for k := 2; k < len(g); k++ {
			if !(g[k] > g[k-1] && g[k]-g[k-1] < g[k-1]-g[k-2]) {
				t.Errorf("%g A: the conductance goes %.4g S: must grow by less and less", i, g)
				break
			}
		}
		if !(g[0] > first) {
			t.Errorf("%g A: the first pulse leaves %g S, less than a weaker one", i, g[0])
		}
		first = g[0]
	}
}

// TestCellRefuses overheats a cell and gives it bad parameters.
func TestCellRefuses(t *testing.T) {
	m := NewCell()
	w := device.Waveform{T: []float64{0, 1e-9, 1e-6}, U: [][]float64{{0, 5, 5}}}
	tr, err := device.Run(context.Background(), m, w, nil)
	if err == nil || tr == nil || tr.Complete || !strings.Contains(err.Error(), "must be at most t_max") {
		t.Errorf("5 V across the bare cell: %v", err)
	}
	if err := m.Valid([]float64{0, 2400, 0, 1}, nil, device.Room()); err == nil || !strings.Contains(err.Error(), "t_max") {
		t.Errorf("2700 K: %v", err)
	}
	for want, change := range map[string]func(*Cell){
		"u_a0":    func(m *Cell) { m.U0 = 1e-6 },
		"t_glass": func(m *Cell) { m.TGlass = 950 },
		"t_g":     func(m *Cell) { m.TG = 901 },
		"t_max":   func(m *Cell) { m.TMax = 800 },
		"sigma0":  func(m *Cell) { m.Sigma0 = 1.1 },
	} {
		m := NewCell()
		change(m)
		if err := device.Check(m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("bad %s: %v", want, err)
		}
	}
}

func BenchmarkCell(b *testing.B) {
	m := NewCell()
	el := held(m, 550e-6)
	w := box(50e-9, 2e-9, 50e-9)
	b.ReportAllocs()
	for b.Loop() {
		trace(b, el, w, &device.Settings{Tolerance: 1e-6})
	}
}
