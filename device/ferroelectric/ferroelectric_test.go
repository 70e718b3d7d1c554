package ferroelectric_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/ferroelectric"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

func closed(t *testing.T, name, source string, want, got, tol float64, why string) {
	t.Helper()
	claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: source, Want: want, Got: got, Tol: tol, Why: why})
}

// hold returns p of an element after a constant voltage.
func hold(t *testing.T, el device.Element, v, span float64, key noise.Key) float64 {
	t.Helper()
	tr, err := device.Run(context.Background(), el, device.Waveform{T: []float64{0, span}, U: [][]float64{{v, v}}}, &device.Settings{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return tr.X[0][1]
}

// TestMeasured compares the law with the measured points behind its fit, which minimised
// the squares of all 286 together: each point by itself may be off by a few times the rms.
func TestMeasured(t *testing.T) {
	c := ferroelectric.New()
	for _, p := range []struct{ t, v, dp float64 }{
		{9.81e-4, 0.8, 10.78560365}, {1.30e-4, 0.9, 13.91077331}, {1.15e-5, 1.0, 11.95538665},
		{1.29e-4, 1.1, 32.53852172}, {3.42e-6, 1.2, 20.43830936}, {1.03e-6, 1.3, 11.17585067},
		{5.09e-6, 1.5, 40.42140}, {1.51e-6, 1.6, 33.70830472}, {6.71e-7, 1.7, 21.19389401}, {1.01e-6, 1.8, 34.41183515},
	} {
		got := 2 * c.Pr * c.Switched(p.v/c.TFE, p.t) * 100
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("switched polarisation of 8.3 nm HZO after %.3g s at %g V", p.t, p.v), Kind: claims.Measured, Unit: "uC/cm^2",
			Source: "P_pw_literature.csv of github.com/boltma/Scalable-FeFET, data for Alessandri et al., doi:10.1109/TED.2019.2922268",
			Want:   p.dp, Got: got, Tol: 1.2, Absolute: true, Why: "the fit's rms over all points is 0.36; three times that, and a digit of the times"})
	}
}

// TestKAI takes one activation field through the element and compares with the law.
func TestKAI(t *testing.T) {
	c := ferroelectric.Merzian()
	const field = 1e5
	tau := 0.8e-6 * math.Exp(3.5)
	claims.Check(t, claims.Claim{Name: "Merz's law, barium titanate at 1 kV/cm", Kind: claims.Published, Source: "t = 0.8 exp(3.5 kV/cm / E) us, Stadler, J. Appl. Phys. 29, 1485 (1958)", Unit: "s",
		Want: 26.4924e-6, Got: ferroelectric.Merz(field, c.Tau0, c.Ea, c.Alpha), Tol: 2e-3, Why: "the publication gives two digits"})
	v := field * c.TFE
	var x, y []float64
	for _, r := range []float64{0.1, 0.3, 1, 1.5} {
		f := 0.5 * (1 + hold(t, c, v, r*tau, noise.Key{}))
		closed(t, fmt.Sprintf("KAI: fraction switched at %g tau", r), "1 - exp(-(t/tau)^2)", 1-math.Exp(-r*r), f, 1e-9, "rounding")
		x, y = append(x, math.Log(r)), append(y, math.Log(-math.Log(1-f)))
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	closed(t, "KAI: slope d ln(-ln(1-f))/d ln t", "n", c.Beta, slope, 1e-8, "rounding")
	// Slope of Merz's law from the element: times to half at two fields.
	half := func(field float64) float64 {
		lo, hi := 1e-9, 1e3
		for range 80 {
			mid := math.Sqrt(lo * hi)
			if hold(t, c, field*c.TFE, mid, noise.Key{}) < 0 {
				lo = mid
			} else {
				hi = mid
			}
		}
		return lo
	}
	slope = (math.Log(half(0.5e5)) - math.Log(half(1.25e5))) / (1/0.5e5 - 1/1.25e5)
	claims.Check(t, claims.Claim{Name: "Merz's law: slope of ln t over 1/E of the element", Kind: claims.Published, Source: "activation field 3.5 kV/cm, Stadler, J. Appl. Phys. 29, 1485 (1958)", Unit: "V/m", Want: 3.5e5, Got: slope, Tol: 1e-9, Why: "bisection"})
}

// TestPulsesAddUp splits a pulse: the history keeps what each part has done.
func TestPulsesAddUp(t *testing.T) {
	c := ferroelectric.New()
	const v, span, n = 1.2, 3e-6, 6
	want := hold(t, c, v, span, noise.Key{})
	w, err := device.Train(1e-6, slices.Repeat([]device.Pulse{{Amplitude: v, Width: span / n, Rise: span / n / 1000, Fall: span / n / 1000}}, n)...)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := device.Run(context.Background(), c, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := tr.X[0][len(tr.T)-1]
	closed(t, "six pulses of a sixth of the width switch as one", "accumulation: h is kept between pulses", want, p, 5e-3, "edges of a thousandth of the width")
	single := hold(t, c, v, span/n, noise.Key{})
	if f := 0.5 * (1 + single); 6*f > 0.8*0.5*(1+p) {
		t.Errorf("one pulse alone switches %g of %g: the history adds nothing", f, 0.5*(1+p))
	}
}

// TestRamp compares the growth under a ramp with steps of constant field.
func TestRamp(t *testing.T) {
	c := ferroelectric.New()
	const top, span, steps = 1.6, 1e-4, 100000
	tr, err := device.Run(context.Background(), c, device.Waveform{T: []float64{0, span}, U: [][]float64{{0, top}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i := range c.Domains {
		y := mathext.InvRegIncBeta(c.EaP, c.EaQ, (float64(i)+0.5)/float64(c.Domains))
		ea := c.Ea * math.Pow(y/(1-y), 1/c.EaA)
		h := 0.0
		for k := range steps {
			e := top / c.TFE * (float64(k) + 0.5) / steps
			h += span / steps / c.Tau0 * math.Exp(-math.Pow(ea/e, c.Alpha))
		}
		sum += 1 - math.Exp(-math.Pow(h, c.Beta))
	}
	claims.Check(t, claims.Claim{Name: "polarisation after a ramp to 1.6 V in 100 us", Kind: claims.IndependentSolver, Source: "midpoint rule of 1e5 steps for each domain", Want: 2*sum/float64(c.Domains) - 1, Got: tr.X[0][1], Tol: 1e-6, Absolute: true, Why: "quadrature of both"})
}

// TestMonteCarlo compares random domains with their mean.
func TestMonteCarlo(t *testing.T) {
	mean, mc := ferroelectric.New(), ferroelectric.New()
	mc.MonteCarlo = true
	const v, span, runs = 1.2, 3e-6, 400
	want := hold(t, mean, v, span, noise.Key{})
	var p []float64
	for i := range runs {
		p = append(p, hold(t, mc, v, span, noise.NewKey(1).Fold(uint64(i))))
	}
	m, s := stat.MeanStdDev(p, nil)
	claims.Check(t, claims.Claim{Name: "Monte Carlo of 20 domains: mean polarisation over 400 films", Kind: claims.ClosedForm, Source: "the mean over domains of 1 - 2 exp(-h^beta)", Want: want, Got: m, Tol: 5 * s / math.Sqrt(runs), Absolute: true, Why: "5 standard errors"})
	if s == 0 {
		t.Error("no film differs from another")
	}
}

func TestLorentz(t *testing.T) {
	for _, c := range []struct{ r, f float64 }{{1, 0.5}, {0.4, 0.75}, {-0.4, 0.25}} {
		tt := 1e-6
		if c.r != 1 {
			tt *= math.Pow(10, c.r)
		}
		closed(t, fmt.Sprintf("Lorentzian switching times: fraction at 10^%g of the centre", map[bool]float64{true: 0, false: c.r}[c.r == 1]), "1/2 + arctan(log t/w)/pi, w = 0.4: quartiles at +-w", c.f, ferroelectric.Lorentz(tt, 1e-6, 0.4), 1e-12, "rounding")
	}
	// The junction's law with sharp reversals is the Lorentzian in log t.
	m := ferroelectric.NewFTJ()
	m.Beta = 60
	v := 2.0
	ln := m.Tau0 * math.Exp(m.Ea*m.TFE/v)
	w := m.EaSpread * m.TFE / v / math.Ln10
	cut := 0.5 - math.Atan(m.Ea/m.EaSpread)/math.Pi
	for _, tt := range []float64{0.3, 1, 5} {
		closed(t, fmt.Sprintf("nucleation-limited integral against the Lorentzian at %g of the centre", tt), "Jo et al., doi:10.1103/PhysRevLett.99.267602",
			(ferroelectric.Lorentz(tt*ln, ln, w)-cut)/(1-cut), m.Switched(v/m.TFE, tt*ln), 0.01, "reversals have a width of a sixtieth; activation fields below 0 are cut off in both")
	}
}

// TestPreisach checks the loops against brute force and the laws of the operator.
func TestPreisach(t *testing.T) {
	const pr, ec, k = 0.2, 1e8, 6.0
	film := func() *ferroelectric.Preisach {
		p, err := ferroelectric.NewPreisach(pr, ec, k)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := film()
	p.Drive(1e12)
	closed(t, "Preisach: remanence after saturation", "P(0) = P_r", pr, p.Drive(0), 1e-12, "rounding")
	if x := p.Drive(-ec); math.Abs(x) > 1e-12 {
		t.Errorf("P(-Ec) = %g", x)
	}
	// Wiping out: a small loop within a large one leaves no trace.
	a, b := film(), film()
	for _, e := range []float64{1.3e8, -0.8e8, 0.5e8, -0.3e8, 0.5e8, 1.1e8} {
		a.Drive(e)
	}
	for _, e := range []float64{1.3e8, -0.8e8, 1.1e8} {
		b.Drive(e)
	}
	closed(t, "Preisach: wiping out", "a minor loop that is passed leaves no trace", b.Polarisation(), a.Polarisation(), 1e-14, "rounding")
	// Return to the point where a loop was left.
	c := film()
	left := c.Drive(1.2e8)
	c.Drive(-0.9e8)
	closed(t, "Preisach: return-point memory", "the loop closes where it was left", left, c.Drive(1.2e8), 1e-14, "rounding")
	// Congruency: the same two fields after different histories.
	d1, d2 := film(), film()
	d1.Drive(1.05e8)
	d2.Drive(2e8)
	d2.Drive(-1.2e8)
	d2.Drive(1e8)
	h := func(d *ferroelectric.Preisach) float64 {
		lo := d.Drive(-0.9e8)
		return d.Drive(0.9e8) - lo
	}
	closed(t, "Preisach: congruency", "loops between the same fields have the same height", h(d1), h(d2), 1e-12, "rounding")
	// Relays by brute force.
	const n = 400
	at := func(i int) float64 { u := (float64(i) + 0.5) / n; return ec * math.Pow(u/(1-u), 1/k) }
	up := make([]bool, n*n)
	path := []float64{1.1e8, -0.9e8, 0.95e8, -0.6e8, 0.8e8}
	g := film()
	for _, e := range path {
		g.Drive(e)
		for i := range n {
			for j := range n {
				if e >= at(i) {
					up[i*n+j] = true
				}
				if e <= -at(j) {
					up[i*n+j] = false
				}
			}
		}
	}
	count := 0
	for _, u := range up {
		if u {
			count++
		}
	}
	claims.Check(t, claims.Claim{Name: "Preisach: polarisation after five turns", Kind: claims.IndependentSolver, Source: "160000 relays, switched one by one", Unit: "C/m^2", Want: pr * (2*float64(count)/n/n - 1), Got: g.Polarisation(), Tol: 2 * 2.0 / n * pr, Absolute: true, Why: "a relay more or less on each side"})
	for _, bad := range [][3]float64{{-0.2, ec, k}, {pr, 0, k}, {pr, ec, math.NaN()}} {
		if _, err := ferroelectric.NewPreisach(bad[0], bad[1], bad[2]); err == nil || !strings.Contains(err.Error(), "must be > 0") {
			t.Errorf("%v: error %v", bad, err)
		}
	}
}

func TestTransistor(t *testing.T) {
	m := ferroelectric.NewFeFET()
	env := device.Room()
	// Deep in strong inversion the conductance is the textbook's, far below it falls by
	// n kT/q per e.
	m.VRead = m.VTh + 5
	closed(t, "transistor in strong inversion", "G = gain (V_G - V_th)", m.Gain*(5+0.5*m.MemoryWindow), m.Conductance(1, 300), 1e-9, "rounding")
	m.VRead = m.VTh - 2
	nvt := m.N * 8.617333262e-5 * 300
	closed(t, "transistor below threshold: ratio over the memory window", "exp(memory_window/(n kT/q))", m.MemoryWindow/nvt, math.Log(m.Conductance(1, 300)/m.Conductance(-1, 300)), 1e-9, "rounding")
	// The element's conductance and the population's are one.
	m = ferroelectric.NewFeFET()
	tr, err := device.Run(context.Background(), m, device.Waveform{T: []float64{0, 1e-9}, U: [][]float64{{0, 0}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pop, err := m.NewPopulation(1, 1, env, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, 1)
	pop.Transfer(g, 0, env)
	if math.Abs(g[0]-tr.G[0]) > 1e-6*g[0] {
		t.Errorf("element %g S, population %g S", tr.G[0], g[0])
	}
	lo, hi := pop.Range()
	claims.Check(t, claims.Claim{Name: "conductance ratio of the transistor", Kind: claims.Calibration, Source: "45, Jerry et al., doi:10.1109/IEDM.2017.8268338", Want: 45, Got: hi / lo, Tol: 0.05, Why: "set by v_read and memory_window"})
}

func TestPopulation(t *testing.T) {
	env, key := device.Room(), noise.NewKey(3)
	for _, m := range []device.CellModel{ferroelectric.NewFeFET(), ferroelectric.NewFTJ()} {
		make4 := func(rows, cols int) device.Population {
			p, err := m.NewPopulation(rows, cols, env, key)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		program := func(p device.Population) []float64 {
			rows, cols := p.Dims()
			if _, err := p.(device.Pulsed).Program(nil, device.Pulse{Drive: "voltage", Amplitude: 3, Width: 100e-9}, env, key); err != nil {
				t.Fatal(err)
			}
			g := make([]float64, rows*cols)
			p.Transfer(g, 0.05, env)
			return g
		}
		small, large := program(make4(2, 3)), program(make4(16, 20))
		for i := range 2 {
			for j := range 3 {
				if small[i*3+j] != large[i*20+j] {
					t.Errorf("%s: cell %d, %d depends on the size of the array", m.Info().Name, i, j)
				}
			}
		}
		before := runtime.GOMAXPROCS(1)
		one := program(make4(16, 20))
		runtime.GOMAXPROCS(before)
		if !slices.Equal(one, large) {
			t.Errorf("%s: workers change the bits", m.Info().Name)
		}
		// To targets, and nothing moves without stress.
		p := make4(8, 8)
		lo, hi := p.Range()
		target := make([]float64, 64)
		for k := range target {
			target[k] = lo + (hi-lo)*float64(k)/63
		}
		r, err := p.(device.Target).ProgramTo(target, env, key)
		if err != nil || r.Converged < 0.5 || !(r.Energy > 0) || r.Pulses < 64 {
			t.Errorf("%s: %+v, %v", m.Info().Name, r, err)
		}
		g, h := make([]float64, 64), make([]float64, 64)
		p.Transfer(g, 0, env)
		if c := stat.Correlation(target, g, nil); c < 0.95 {
			t.Errorf("%s: correlation of targets and conductances %g", m.Info().Name, c)
		}
		if _, err := p.(device.Pulsed).Program(make([]float64, 64), device.Pulse{Drive: "voltage", Amplitude: 3, Width: 1e-6}, env, key); err != nil {
			t.Fatal(err)
		}
		if p.Transfer(h, 0, env); !slices.Equal(g, h) {
			t.Errorf("%s: stress 0 moves cells", m.Info().Name)
		}
		target[5] = 2 * hi
		if _, err := p.(device.Target).ProgramTo(target, env, key); err == nil || !strings.Contains(err.Error(), "row 0, column 5") {
			t.Errorf("error %v", err)
		}
		if _, err := p.(device.Pulsed).Program(nil, device.Pulse{Drive: "current", Amplitude: 1, Width: 1}, env, key); err == nil {
			t.Error("a pulse of current is taken")
		}
	}
}

// TestPopulationMean compares the mean of many random cells with the closed form.
func TestPopulationMean(t *testing.T) {
	m := ferroelectric.NewFTJ()
	p, err := m.NewPopulation(60, 60, device.Room(), noise.NewKey(4))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.(device.Pulsed).Program(nil, device.Pulse{Drive: "voltage", Amplitude: 3, Width: 100e-9}, device.Room(), noise.NewKey(5)); err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 3600)
	p.(*ferroelectric.Population).Polarisation(x)
	mean, s := stat.MeanStdDev(x, nil)
	claims.Check(t, claims.Claim{Name: "3600 junctions after one pulse: mean polarisation", Kind: claims.ClosedForm, Source: "2 int (1 - exp(-(t/tau)^beta)) f dEa - 1", Want: 2*m.Switched(3/m.TFE, 100e-9) - 1, Got: mean, Tol: 5 * s / 60, Absolute: true, Why: "5 standard errors"})
}

// TestRetention ages a transistor: the depolarising field turns domains, in one step or two.
func TestRetention(t *testing.T) {
	m := ferroelectric.NewFeFET()
	m.Screening, m.ProgrammingNoise = 0.7, false
	age := func(steps ...float64) float64 {
		p, err := m.NewPopulation(1, 1, device.Room(), noise.NewKey(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.(device.Pulsed).Program(nil, device.Pulse{Drive: "voltage", Amplitude: 6, Width: 1e-6}, device.Room(), noise.NewKey(2)); err != nil {
			t.Fatal(err)
		}
		for _, dt := range steps {
			p.Advance(dt, device.Room(), noise.NewKey(3))
		}
		x := make([]float64, 1)
		p.(*ferroelectric.Population).Polarisation(x)
		return x[0]
	}
	start, day, two := age(), age(86400), age(1000, 85400)
	if !(day < start-0.02 && day > 0) {
		t.Errorf("p = %g, after a day %g", start, day)
	}
	closed(t, "retention in two steps and in one", "Advance(a), Advance(b) is Advance(a + b)", day, two, 0.01, "steps of a quarter of the age")
}

func TestEndurance(t *testing.T) {
	c := ferroelectric.New()
	c.Endurance = true
	closed(t, "pristine film", "1 - wake_up", 0.7, c.Scale(0), 1e-12, "rounding")
	closed(t, "film at n_fatigue", "1/2", 0.5, c.Scale(c.NFatigue), 1e-12, "rounding")
	// A cycle is counted where the film switches there and back.
	tr, err := device.Run(context.Background(), c, device.Waveform{T: []float64{0, 1e-3, 1.0001e-3, 2e-3}, U: [][]float64{{3, 3, -3, -3}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, "cycles after switching there and back", "1", 1, tr.X[1][len(tr.T)-1], 1e-3, "a tail of slow domains")
}

func TestWrong(t *testing.T) {
	for want, spoil := range map[string]func(m *ferroelectric.FeFET){
		"p_r":            func(m *ferroelectric.FeFET) { m.Pr = -0.2 },
		"p0":             func(m *ferroelectric.FeFET) { m.P0 = 1.5 },
		"screening":      func(m *ferroelectric.FeFET) { m.Screening = 1.2 },
		"beta":           func(m *ferroelectric.FeFET) { m.Beta = 0.5 },
		"ea_spread":      func(m *ferroelectric.FeFET) { m.EaSpread = m.Ea },
		"memory_window":  func(m *ferroelectric.FeFET) { m.MemoryWindow = 40 },
		"n_fatigue":      func(m *ferroelectric.FeFET) { m.NFatigue = 10 },
		"v_start":        func(m *ferroelectric.FeFET) { m.VStart = 10 },
		"tau0":           func(m *ferroelectric.FeFET) { m.Tau0 = math.NaN() },
		"v_step":         func(m *ferroelectric.FeFET) { m.VStep = 1e-9 },
		"at least 1":     func(m *ferroelectric.FeFET) {},
		"from 1 to 1000": func(m *ferroelectric.FeFET) { m.Domains = 0 },
	} {
		m := ferroelectric.NewFeFET()
		spoil(m)
		if _, err := m.NewPopulation(0, 1, device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
	for _, s := range []ferroelectric.Scheme{
		{Kind: "identical", Amplitude: 1, Width: 0, Count: 1}, {Kind: "identical", Amplitude: 0, Width: 1, Count: 1},
		{Kind: "amplitude", Amplitude: 1, Last: -1, Width: 1, Count: 2}, {Kind: "width", Amplitude: 1, Width: 1, Count: 2}, {Kind: "else", Amplitude: 1, Width: 1, Count: 2},
	} {
		if _, err := s.Pulses(); err == nil || !strings.Contains(err.Error(), "must") {
			t.Errorf("%+v: error %v", s, err)
		}
	}
}

func BenchmarkProgram(b *testing.B) {
	m := ferroelectric.NewFeFET()
	p, err := m.NewPopulation(128, 128, device.Room(), noise.NewKey(1))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.(device.Pulsed).Program(nil, device.Pulse{Drive: "voltage", Amplitude: 2.5, Width: 10e-9}, device.Room(), noise.NewKey(2)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128/128, "ns/cell")
}

func ExampleScheme() {
	m := ferroelectric.NewFTJ()
	m.ProgrammingNoise, m.D2D = false, false
	p, _ := m.NewPopulation(1, 1, device.Room(), noise.NewKey(1))
	pulses, _ := ferroelectric.Scheme{Kind: ferroelectric.Amplitude, Amplitude: 2, Last: 4, Width: 100e-9, Count: 3}.Pulses()
	g := make([]float64, 1)
	for _, pulse := range pulses {
		_, _ = p.(device.Pulsed).Program(nil, pulse, device.Room(), noise.NewKey(1))
		p.Transfer(g, 0.1, device.Room())
		fmt.Printf("%.0f V: %.1f uS\n", pulse.Amplitude, 1e6*g[0])
	}
	// Output:
	// 2 V: 1.3 uS
	// 3 V: 4.2 uS
	// 4 V: 5.7 uS
}
