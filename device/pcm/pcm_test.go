package pcm

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/internal/claims"
	"mho/internal/quantity"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

var room = device.Room()

func newPopulation(t testing.TB, rows, cols int, change func(*IBM)) *Population {
	t.Helper()
	m := NewIBM()
	if change != nil {
		change(m)
	}
	p, err := m.New(rows, cols)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func program(t testing.TB, p *Population, key noise.Key, target func(i int) float64) {
	t.Helper()
	g := make([]float64, len(p.g))
	for i := range g {
		g[i] = target(i)
	}
	if _, err := p.ProgramTo(g, room, key); err != nil {
		t.Fatal(err)
	}
}

// sample holds moments of a sample and their standard errors.
type sample struct{ mean, meanErr, std, stdErr float64 }

func measure(x []float64, scale float64) sample {
	n := float64(len(x))
	var s1, s2, s4 float64
	for _, v := range x {
		s1 += v
	}
	mean := s1 / n
	for _, v := range x {
		d := v - mean
		s2 += d * d
		s4 += d * d * d * d
	}
	v := s2 / n
	return sample{mean / scale, math.Sqrt(v/n) / scale, math.Sqrt(v) / scale, math.Sqrt((s4/n-v*v)/n/v) / 2 / scale}
}

const cells = 1_000_000

// TestMoments compares means and standard deviations of a million cells with
// integrals of the law.
func TestMoments(t *testing.T) {
	const day, year = 86400.0, 365 * 86400.0
	g := make([]float64, cells)
	for i, target := range []float64{0, 0.5, 2.5, 6.25, 12.5, 25} { // µS
		p := newPopulation(t, 1, cells, nil)
		program(t, p, noise.NewKey(11).Fold(uint64(i)), func(int) float64 { return target * 1e-6 })
		for k, at := range []float64{20, day, year} {
			p.Advance(at-p.Age(), room, noise.Key{})
			for _, read := range []bool{false, true} {
				name := fmt.Sprintf("%g µS at %.4g s, read noise %t", target, at, read)
				if read {
					p.Read(g, room, uint64(k), noise.NewKey(12))
				} else {
					p.Transfer(g, 0, room)
				}
				got := measure(g, 1e-6)
				mean, std := meanStd(target, at, read)
				if d := (got.mean - mean) / got.meanErr; math.Abs(d) > 4.5 {
					t.Errorf("%s: mean %g µS, want %g: %.1f standard errors", name, got.mean, mean, d)
				}
				if d := (got.std - std) / got.stdErr; math.Abs(d) > 4.5 {
					t.Errorf("%s: standard deviation %g µS, want %g: %.1f standard errors", name, got.std, std, d)
				}
				claim(t, target, at, read, got, mean, std)
			}
		}
	}
}

// claim puts the telling cases of TestMoments on record.
func claim(t *testing.T, target, at float64, read bool, got sample, mean, std float64) {
	c := claims.Claim{Kind: claims.ClosedForm, Unit: "µS", Absolute: true, Why: "4.5 standard errors of a million cells"}
	add := func(name, source string, want, have, err float64) {
		c.Name, c.Source, c.Want, c.Got, c.Tol = name, source, want, have, roundUp(4.5*err)
		claims.Check(t, c)
	}
	const source = "Nandakumar 2019, doi:10.1109/ICECS46596.2019.8964852: Gauss-Legendre integral of the law"
	switch {
	case target == 0.5 && at == 20 && !read:
		add("mean of cells programmed to 0.5 µS, clamped at 0", source, mean, got.mean, got.meanErr)
	case target == 12.5 && at == 20 && !read:
		add("standard deviation of cells programmed to 12.5 µS", source, std, got.std, got.stdErr)
	case target == 0.5 && at == 86400 && !read:
		add("mean of 0.5 µS after a day, folded drift exponent", source, mean, got.mean, got.meanErr)
	case target == 25 && at > 1e7 && !read:
		add("standard deviation of 25 µS after a year", source, std, got.std, got.stdErr)
	case target == 2.5 && at == 86400 && read:
		add("mean of 2.5 µS read after a day", source, mean, got.mean, got.meanErr)
		add("standard deviation of 2.5 µS read after a day", source, std, got.std, got.stdErr)
	}
}

// roundUp keeps one digit, so that the tolerance on file does not depend on the
// last bits of an error estimate.
func roundUp(x float64) float64 {
	e := math.Pow(10, math.Floor(math.Log10(x)))
	return math.Ceil(x/e) * e
}

// TestClamp counts the cells that programming leaves at 0.
func TestClamp(t *testing.T) {
	p := newPopulation(t, 1000, 1000, nil)
	program(t, p, noise.NewKey(21), func(int) float64 { return 0.5e-6 })
	var zero float64
	for _, g := range p.g {
		if g == 0 {
			zero++
		}
	}
	want := math.Erfc(0.5/lawSigma(0.02)/math.Sqrt2) / 2
	claims.Check(t, claims.Claim{Name: "share of cells at 0 S after programming to 0.5 µS", Kind: claims.ClosedForm, Source: "Φ(-G_T/σ_P)",
		Want: want, Got: zero / cells, Tol: 4.5 * math.Sqrt(want*(1-want)/cells), Absolute: true, Why: "4.5 standard errors of a million cells"})
}

// TestIndependence looks for correlation between the three draws of a cell and
// between reads.
func TestIndependence(t *testing.T) {
	p := newPopulation(t, 500, 2000, nil)
	program(t, p, noise.NewKey(31), func(int) float64 { return 12.5e-6 })
	p.Advance(3600, room, noise.Key{})
	a, b, mean := make([]float64, cells), make([]float64, cells), make([]float64, cells)
	p.Transfer(mean, 0, room)
	p.Read(a, room, 1, noise.NewKey(32))
	p.Read(b, room, 2, noise.NewKey(32))
	for i := range mean {
		a[i] = a[i]/mean[i] - 1
		b[i] = b[i]/mean[i] - 1
	}
	for _, c := range []struct {
		name string
		x, y []float64
	}{{"programming and exponent", p.g, p.nu}, {"two reads", a, b}, {"programming and read", p.g, a}, {"exponent and read", p.nu, a}} {
		if r := correlation(c.x, c.y); math.Abs(r) > 4.5/math.Sqrt(cells) {
			t.Errorf("%s: correlation %g, want below %g", c.name, r, 4.5/math.Sqrt(cells))
		}
	}
}

func correlation(x, y []float64) float64 {
	var mx, my, xx, yy, xy float64
	n := float64(len(x))
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	for i := range x {
		a, b := x[i]-mx, y[i]-my
		xx += a * a
		yy += b * b
		xy += a * b
	}
	return xy / math.Sqrt(xx*yy)
}

// TestReadNoiseSplit checks that slow and fast variances add up to the total of
// the law for any window, and the share that is fast at a day.
func TestReadNoiseSplit(t *testing.T) {
	p := newPopulation(t, 2, 700, nil)
	program(t, p, noise.NewKey(41), func(i int) float64 { return 25e-6 * float64(i) / 1399 })
	n := len(p.g)
	slow, fast, g := make([]float64, n), make([]float64, n), make([]float64, n)
	for _, age := range []float64{0, 1e-7, 20, 3600, 86400} {
		p.age = age
		p.Transfer(g, 0, room)
		for _, window := range []float64{0, 250e-9, 1e-6, 1e-4, 1, 86400, 1e9, math.Inf(1)} {
			p.ReadNoise(slow, fast, window, room)
			for i := range g {
				want := 0.0
				if age > 250e-9 {
					want = g[i] * lawQ(p.g[i]/25e-6) * lawTime(age)
				}
				got := math.Hypot(slow[i], fast[i])
				if math.Abs(got-want) > 1e-12*want || !(slow[i] >= 0 && fast[i] >= 0) {
					t.Fatalf("age %g s, window %g s, cell %d: slow %g, fast %g, total %g S, want %g", age, window, i, slow[i], fast[i], got, want)
				}
				if window <= 250e-9 && fast[i] != 0 || window >= age && slow[i] != 0 {
					t.Fatalf("age %g s, window %g s, cell %d: slow %g, fast %g", age, window, i, slow[i], fast[i])
				}
			}
		}
	}
	p.age = 86400
	p.ReadNoise(slow, fast, 100e-6, room)
	i := n - 1
	claims.Check(t, claims.Claim{Name: "share of the 1/f variance within 100 µs at one day", Kind: claims.ClosedForm, Source: "ln((w+t_r)/(2t_r)) / ln((t+t_r)/(2t_r)), t_r = 250 ns",
		Want: math.Log(100.25/0.5) / math.Log(86400.00000025/500e-9), Got: fast[i] * fast[i] / (fast[i]*fast[i] + slow[i]*slow[i]), Tol: 1e-12, Why: "rounding"})
}

// TestClock checks that nothing drifts before t0, and that time adds up.
func TestClock(t *testing.T) {
	p := newPopulation(t, 3, 5, nil)
	program(t, p, noise.NewKey(51), func(i int) float64 { return 1e-6 * float64(i) })
	read := func() []float64 {
		g := make([]float64, 15)
		p.Transfer(g, 0, room)
		return g
	}
	fresh := read()
	p.Advance(0, room, noise.Key{})
	p.Advance(20, room, noise.Key{})
	for i, g := range read() {
		if g != fresh[i] {
			t.Errorf("cell %d: %g S at t0, %g S before", i, g, fresh[i])
		}
	}
	p.Advance(180, room, noise.Key{})
	for i, g := range read() {
		if want := fresh[i] * math.Pow(10, -p.nu[i]); math.Abs(g-want) > 1e-14*want {
			t.Errorf("cell %d: %g S at 10 t0, want %g", i, g, want)
		}
	}
	if p.Age() != 200 || p.Reference() != 20 {
		t.Errorf("age %g s, reference %g s", p.Age(), p.Reference())
	}
	program(t, p, noise.NewKey(51), func(i int) float64 { return 1e-6 * float64(i) })
	if p.Age() != 0 {
		t.Error("programming does not restart the clock")
	}
	for i, g := range read() {
		if g != fresh[i] {
			t.Errorf("cell %d: programmed to %g and %g S with the same key", i, fresh[i], g)
		}
	}
}

// TestPlace checks that a cell's draws do not depend on the array around it.
func TestPlace(t *testing.T) {
	big, small := newPopulation(t, 7, 1300, nil), newPopulation(t, 4, 9, nil)
	key := noise.NewKey(61)
	program(t, big, key, func(int) float64 { return 5e-6 })
	program(t, small, key, func(int) float64 { return 5e-6 })
	big.Advance(1e4, room, noise.Key{})
	small.Advance(1e4, room, noise.Key{})
	a, b := make([]float64, 7*1300), make([]float64, 36)
	big.Read(a, room, 3, key)
	small.Read(b, room, 3, key)
	for i, x := range b {
		if y := a[i/9*1300+i%9]; x != y {
			t.Errorf("row %d, column %d: %g and %g S", i/9, i%9, x, y)
		}
	}
}

// TestSwitches checks switches, factors and the scaling with g_max.
func TestSwitches(t *testing.T) {
	ramp := func(i int) float64 { return 25e-6 * float64(i) / 999 }
	key := noise.NewKey(71)
	ideal := newPopulation(t, 1, 1000, func(m *IBM) { m.ProgrammingNoise, m.Drift, m.ReadNoise = false, false, false })
	program(t, ideal, key, ramp)
	ideal.Advance(1e9, room, noise.Key{})
	g := make([]float64, 1000)
	ideal.Read(g, room, 0, key)
	for i, x := range g {
		if x != ramp(i) {
			t.Fatalf("cell %d of the ideal device: %g S, want %g", i, x, ramp(i))
		}
	}
	one := newPopulation(t, 1, 1000, nil)
	twice := newPopulation(t, 1, 1000, func(m *IBM) { m.ProgNoiseScale, m.DriftScale, m.ReadNoiseScale = 2, 2, 2 })
	wide := newPopulation(t, 1, 1000, func(m *IBM) { m.GMax = 50e-6 })
	program(t, one, key, ramp)
	program(t, twice, key, ramp)
	program(t, wide, key, func(i int) float64 { return 2 * ramp(i) })
	for i := range g {
		if a, b := one.g[i]-ramp(i), twice.g[i]-ramp(i); one.g[i] > 0 && twice.g[i] > 0 && math.Abs(b-2*a) > 1e-20 {
			t.Errorf("cell %d misses by %g and %g S", i, a, b)
		}
		if one.nu[i]*2 != twice.nu[i] {
			t.Errorf("cell %d: exponents %g and %g", i, one.nu[i], twice.nu[i])
		}
		if math.Abs(wide.g[i]-2*one.g[i]) > 1e-19 || wide.nu[i] != one.nu[i] || math.Abs(wide.q[i]-one.q[i]) > 1e-12 {
			t.Errorf("cell %d does not scale with g_max: %g and %g S", i, one.g[i], wide.g[i])
		}
	}
}

func TestRefuses(t *testing.T) {
	p := newPopulation(t, 2, 3, nil)
	for _, bad := range []float64{-1e-9, 25.1e-6, math.NaN(), math.Inf(1)} {
		_, err := p.ProgramTo([]float64{0, 0, 0, 0, bad, 0}, room, noise.Key{})
		if err == nil || !strings.Contains(err.Error(), "row 1, column 1") || !strings.Contains(err.Error(), "from 0 S to 25uS") {
			t.Errorf("target %g: %v", bad, err)
		}
	}
	for want, change := range map[string]func(*IBM){
		"g_max":             func(m *IBM) { m.GMax = 0 },
		"t_read":            func(m *IBM) { m.TRead = 20 },
		"nu_mean_min":       func(m *IBM) { m.NuMeanMin = 1 },
		"nu_std_min":        func(m *IBM) { m.NuStdMin = 1 },
		"prog_coefficients": func(m *IBM) { m.ProgCoefficients = nil },
		"nu_std_max":        func(m *IBM) { m.NuStdMax = math.NaN() },
	} {
		m := NewIBM()
		change(m)
		if _, err := m.NewPopulation(1, 1, room, noise.Key{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("bad %s: %v", want, err)
		}
	}
	for _, n := range [][2]int{{0, 1}, {1, -1}, {1 << 20, 1 << 20}} {
		if _, err := NewIBM().New(n[0], n[1]); err == nil {
			t.Errorf("%v cells pass", n)
		}
	}
}

// TestDeclaration checks the declarations against each other.
func TestDeclaration(t *testing.T) {
	for _, e := range Models() {
		m := e.New()
		info := m.Info()
		if info.Name != e.Name {
			t.Errorf("%s calls itself %s", e.Name, info.Name)
		}
		keys := map[string]bool{"assumption": true}
		for _, r := range info.References {
			keys[r.Key] = true
		}
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		seen := map[string]bool{}
		for _, p := range m.Params() {
			if !keys[p.Source] || p.Meaning == "" || seen[p.Name] {
				t.Errorf("parameter %s: source %q, meaning %q, or told twice", p.Name, p.Source, p.Meaning)
			}
			seen[p.Name] = true
			if x, ok := p.Value.(*float64); ok {
				before := *x
				if err := p.Assign(quantity.Format(before, p.Unit)); p.Unit != "" && (err != nil || *x != before) {
					t.Errorf("parameter %s: %v, %g became %g", p.Name, err, before, *x)
				}
			}
		}
	}
}

func BenchmarkPopulation(b *testing.B) {
	const rows, cols = 256, 1024
	p := newPopulation(b, rows, cols, nil)
	target, g := make([]float64, rows*cols), make([]float64, rows*cols)
	slow := make([]float64, rows*cols)
	key := noise.NewKey(1)
	// As in differential pairs, half of the targets are 0, in random order.
	key.Domain(noise.Data).Uniform(target, noise.At{})
	for i, x := range target {
		target[i] = 25e-6 * max(0, 2*x-1)
	}
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(rows*cols), "ns/cell")
		})
	}
	step := func() {
		if _, err := p.ProgramTo(target, room, key); err != nil {
			b.Fatal(err)
		}
		p.Advance(3600, room, key)
	}
	run("program", step)
	run("transfer", func() { p.Transfer(g, 0, room) })
	run("readnoise", func() { p.ReadNoise(slow, g, 1e-4, room) })
	run("read", func() { p.Read(g, room, 0, key) })
	run("program+advance+read", func() { step(); p.Read(g, room, 0, key) })
}
