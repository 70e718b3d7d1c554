package surrogate_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/memristor"
	"mho/device/surrogate"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

func vteam() (device.Element, error) { return memristor.NewVTEAM(), nil }

func drift() (device.Element, error) { return memristor.NewLinearDrift(), nil }

// spreads are relative spreads of parameters of an element.
func spreads(t testing.TB, make func() (device.Element, error), share float64, names ...string) []device.Spread {
	t.Helper()
	el, err := make()
	if err != nil {
		t.Fatal(err)
	}
	var out []device.Spread
	for _, n := range names {
		for _, p := range el.Params() {
			if p.Name == n {
				s, err := surrogate.Relative(p, share)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, s)
			}
		}
	}
	return out
}

func characterise(t testing.TB, make func() (device.Element, error), set surrogate.Settings) *surrogate.Model {
	t.Helper()
	m, err := surrogate.Characterise(context.Background(), make, set)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func population(t testing.TB, m *surrogate.Model, rows, cols int) *surrogate.Population {
	t.Helper()
	p, err := m.New(rows, cols, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestClosedForm compares a cell of the surrogate with the laws in closed form:
// the state of VTEAM moves by k Δt (v/V-1)^α, and the square of the memristance
// of linear drift falls with the flux.
func TestClosedForm(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func() (device.Element, error)
		after func(g, charge float64) float64 // conductance after a pulse
	}{
		{"vteam", vteam, func(g, n float64) float64 {
			v := memristor.NewVTEAM()
			return 1 / (1/g - n*(v.ROff-v.ROn)/(v.WOff-v.WOn))
		}},
	} {
		m := characterise(t, c.make, surrogate.Settings{})
		p := population(t, m, 1, 1)
		v := memristor.NewVTEAM()
		pulse := m.Pulse(true)
		// Trapezoid: the flat part and both edges above the threshold.
		z := pulse.Amplitude/v.VOn - 1
		edges := 2 * pulse.Rise * (z / (1 + z)) * math.Pow(z, v.AlphaOn) / (v.AlphaOn + 1)
		dw := -v.KOn * (math.Pow(z, v.AlphaOn)*(pulse.Width-pulse.Rise) + edges)
		g := make([]float64, 1)
		p.Transfer(g, 0, device.Room())
		const pulses = 30
		for range pulses {
			if _, err := p.Program(nil, device.Pulse{Amplitude: pulse.Amplitude}, device.Room(), noise.Key{}); err != nil {
				t.Fatal(err)
			}
		}
		want := c.after(g[0], pulses*dw)
		p.Transfer(g, 0, device.Room())
		claims.Check(t, claims.Claim{
			Name: "surrogate of vteam after 30 SET pulses", Kind: claims.ClosedForm, Source: "w falls by k Δt (v/v_on - 1)^α, edges by ∫ (v/v_on - 1)^α dt",
			Unit: "S", Want: want, Got: g[0], Tol: 1e-3, Why: "97 intervals of the state and 17 amplitudes are tabulated",
		})
	}
	// Linear drift: M² falls by 2 (r_off - r_on) k φ.
	m := characterise(t, drift, surrogate.Settings{})
	p := population(t, m, 1, 1)
	el := memristor.NewLinearDrift()
	g := make([]float64, 1)
	p.Transfer(g, 0, device.Room())
	pulse := m.Pulse(true)
	const pulses = 10
	for range pulses {
		if _, err := p.Program(nil, device.Pulse{Amplitude: 0.9 * pulse.Amplitude, Width: 0.7 * pulse.Width}, device.Room(), noise.Key{}); err != nil {
			t.Fatal(err)
		}
	}
	flux := pulses * 0.9 * 0.7 * pulse.Amplitude * pulse.Width
	want := 1 / math.Sqrt(1/(g[0]*g[0])-2*(el.ROff-el.ROn)*el.K()*flux)
	p.Transfer(g, 0, device.Room())
	claims.Check(t, claims.Claim{
		Name: "surrogate of linear drift after 10 SET pulses of 0.9 V and 0.7 of the width", Kind: claims.ClosedForm, Source: "M² falls by 2 (r_off - r_on) k φ",
		Unit: "S", Want: want, Got: g[0], Tol: 1e-3, Why: "97 intervals of the state, 17 amplitudes and 5 widths are tabulated",
	})
}

// TestErrors compares what the file says of its own error with an independent
// comparison of the surrogate and elements under staircases of pulses.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func() (device.Element, error)
		limit float64
	}{{"vteam", vteam, 2e-3}, {"linear-drift", drift, 2e-3}, {"linear-drift/biolek", func() (device.Element, error) {
		m := memristor.NewLinearDrift()
		m.Window = "biolek"
		return m, nil
	}, 1e-2}} {
		m := characterise(t, c.make, surrogate.Settings{})
		e := m.Errors()
		if !(e.StepP95 < c.limit && e.Covered > 0.2 && e.Pulses == 800) {
			t.Errorf("%s: %+v", c.name, e)
		}
		el, _ := c.make()
		x := []float64{el.States()[0].Initial}
		p := population(t, m, 1, 1)
		g := make([]float64, 1)
		lo, hi := p.Range()
		read := m.Read()
		worst := 0.0
		for k := range 60 {
			pulse := m.Pulse(k%20 < 14)
			pulse.Amplitude *= 0.8 + 0.02*float64(k%20)
			w, err := device.Train(0, device.Pulse{Amplitude: pulse.Amplitude, Width: pulse.Width, Rise: pulse.Rise, Fall: pulse.Fall})
			if err != nil {
				t.Fatal(err)
			}
			tr, err := device.Run(context.Background(), el, w, &device.Settings{Initial: x})
			if err != nil {
				t.Fatal(err)
			}
			x = []float64{tr.X[0][len(tr.T)-1]}
			if _, err := p.Program(nil, pulse, device.Room(), noise.Key{}); err != nil {
				t.Fatal(err)
			}
			p.Transfer(g, 0, device.Room())
			worst = math.Max(worst, math.Abs(g[0]-device.ElementConductance(el, x, []float64{read}, device.Room()))/(hi-lo))
		}
		claims.Check(t, claims.Claim{
			Name: c.name + ": surrogate against the element over a staircase of 60 pulses, largest difference of conductance in units of the range", Kind: claims.IndependentSolver,
			Source: "the element integrated by device.Run", Want: 0, Got: worst, Tol: c.limit, Absolute: true, Why: "tables of finite resolution; differences add up over the pulses",
		})
	}
}

// TestDistribution compares median and spread over surrogate cells with those over
// fresh elements after a train of pulses.
func TestDistribution(t *testing.T) {
	set := surrogate.NewSettings()
	set.Spreads = spreads(t, vteam, 0.05, "k_on", "k_off", "r_on", "r_off")
	set.Key = noise.NewKey(3)
	m := characterise(t, vteam, set)
	if e := m.Errors(); !(e.QuantileP95 > 0 && e.QuantileP95 < 0.15) || e.Devices != 128 {
		t.Errorf("%+v", e)
	}
	const n = 2000
	truth, err := surrogate.NewCells(context.Background(), m, vteam, set, 1, n, noise.NewKey(77))
	if err != nil {
		t.Fatal(err)
	}
	cells := population(t, m, 1, n)
	a, b := make([]float64, n), make([]float64, n)
	pulse := m.Pulse(true)
	for range 30 {
		for _, p := range []device.Pulsed{truth, cells} {
			if _, err := p.Program(nil, device.Pulse{Amplitude: pulse.Amplitude, Width: pulse.Width}, device.Room(), noise.Key{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	truth.Transfer(a, 0, device.Room())
	cells.Transfer(b, 0, device.Room())
	for i := range a {
		a[i], b[i] = math.Log(a[i]), math.Log(b[i])
	}
	slices.Sort(a)
	slices.Sort(b)
	ma, sa := stat.MeanStdDev(a, nil)
	mb, sb := stat.MeanStdDev(b, nil)
	// The spread of the surrogate is estimated from 128 devices: 1/sqrt(256) = 6 %.
	claims.Check(t, claims.Claim{
		Name: "vteam with 5 % spread of four parameters after 30 pulses: mean of ln G over cells", Kind: claims.IndependentSolver, Source: "2000 elements integrated each",
		Want: ma, Got: mb, Tol: 4 * sa / math.Sqrt(128) * 1.1, Absolute: true, Why: "four standard errors of the mean of the 128 devices characterised",
	})
	claims.Check(t, claims.Claim{
		Name: "vteam with 5 % spread of four parameters after 30 pulses: standard deviation of ln G over cells", Kind: claims.IndependentSolver, Source: "2000 elements integrated each",
		Want: sa, Got: sb, Tol: 4 / math.Sqrt(2*127), Why: "four standard errors of the deviation of the 128 devices characterised",
	})
}

// TestCycles compares the scatter of one pulse with that of the parameter it
// comes from: the step is in proportion to the rate.
func TestCycles(t *testing.T) {
	set := surrogate.NewSettings()
	set.Cycles = spreads(t, vteam, 0.1, "k_on")
	set.Replicas, set.States = 80, 5
	m := characterise(t, vteam, set)
	const n = 4000
	p := population(t, m, 1, n)
	pulse := m.Pulse(true)
	before, after := make([]float64, n), make([]float64, n)
	for range 10 {
		p.Transfer(before, 0, device.Room())
		if _, err := p.Program(nil, pulse, device.Room(), noise.NewKey(5)); err != nil {
			t.Fatal(err)
		}
	}
	p.Transfer(after, 0, device.Room())
	steps := make([]float64, n)
	for i := range steps {
		steps[i] = 1/before[i] - 1/after[i]
	}
	mean, std := stat.MeanStdDev(steps, nil)
	claims.Check(t, claims.Claim{
		Name: "vteam whose rate varies by 10 % from cycle to cycle: relative deviation of a step of the surrogate", Kind: claims.ClosedForm, Source: "the step is proportional to the rate, which is normal with a deviation of 10 %",
		Want: 0.1, Got: std / mean, Tol: 4 / math.Sqrt(2*80), Why: "four standard errors of 80 replicas",
	})
	again := population(t, m, 1, n/2)
	for range 10 {
		if _, err := again.Program(nil, pulse, device.Room(), noise.NewKey(5)); err != nil {
			t.Fatal(err)
		}
	}
	half := make([]float64, n/2)
	again.Transfer(half, 0, device.Room())
	if !slices.Equal(half, after[:n/2]) {
		t.Error("a cell depends on the size of the array")
	}
}

// TestProgramTo holds the closed loop at its tolerance, for surrogates and elements.
func TestProgramTo(t *testing.T) {
	set := surrogate.NewSettings()
	set.Spreads = spreads(t, vteam, 0.03, "k_on", "k_off", "v_on", "v_off")
	m := characterise(t, vteam, set)
	const rows, cols = 16, 16
	truth, err := surrogate.NewCells(context.Background(), m, vteam, set, rows, cols, noise.NewKey(7))
	if err != nil {
		t.Fatal(err)
	}
	cells := population(t, m, rows, cols)
	lo, hi := cells.Range()
	target := make([]float64, rows*cols)
	noise.NewKey(9).Uniform(target, noise.At{})
	for i := range target {
		target[i] = lo + (0.05+0.9*target[i])*(hi-lo)
	}
	for _, p := range []device.Population{truth, cells} {
		r, err := p.(device.Target).ProgramTo(target, device.Room(), noise.NewKey(1))
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, rows*cols)
		p.Transfer(g, 0, device.Room())
		out := 0
		for i := range g {
			if math.Abs(g[i]-target[i]) > m.Tolerance*(hi-lo)*(1+1e-9) {
				out++
			}
		}
		if got := 1 - float64(out)/float64(len(g)); got != r.Converged || r.Converged < 0.97 {
			t.Errorf("%T: %.3f converged, %.3f told, after %d pulses", p, got, r.Converged, r.Pulses)
		}
		t.Logf("%T: %+v", p, r)
	}
	m.ProgrammingNoise = false
	exact := population(t, m, rows, cols)
	if _, err := exact.ProgramTo(target, device.Room(), noise.Key{}); err != nil {
		t.Fatal(err)
	}
	g := make([]float64, rows*cols)
	exact.Transfer(g, 0, device.Room())
	for i := range g {
		if math.Abs(g[i]/target[i]-1) > 1e-12 {
			t.Fatalf("cell %d is %g S, want %g", i, g[i], target[i])
		}
	}
	if _, err := cells.ProgramTo(slices.Repeat([]float64{2 * hi}, rows*cols), device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), "row 0, column 0") {
		t.Errorf("a target out of range: %v", err)
	}
}

// TestFile writes and reads a model, and refuses what was edited or damaged.
func TestFile(t *testing.T) {
	set := surrogate.NewSettings()
	set.Spreads = spreads(t, vteam, 0.05, "k_on")
	m := characterise(t, vteam, set)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.toml")
	if err := m.Write(path, "mho test", 1); err != nil {
		t.Fatal(err)
	}
	back, err := surrogate.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := device.Check(back); err != nil {
		t.Error(err)
	}
	a, b := population(t, m, 3, 5), population(t, back, 3, 5)
	ga, gb := make([]float64, 15), make([]float64, 15)
	for k := range 40 {
		for _, p := range []*surrogate.Population{a, b} {
			if _, err := p.Program(nil, m.Pulse(k%3 > 0), device.Room(), noise.NewKey(2)); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.Transfer(ga, 0.3, device.Room())
	b.Transfer(gb, 0.3, device.Room())
	if !slices.Equal(ga, gb) {
		t.Errorf("read back, the model gives %v, want %v", gb, ga)
	}
	text, _ := os.ReadFile(path)
	tables, _ := os.ReadFile(filepath.Join(dir, "p.npz"))
	for _, c := range []struct {
		name  string
		spoil func()
		say   string
	}{
		{"edited", func() {
			os.WriteFile(path, []byte(strings.Replace(string(text), "g_max = ", "g_max = \"1S\" # ", 1)), 0o644)
		}, "checksum: the file was edited or damaged"},
		{"cut", func() { os.WriteFile(path, text[:len(text)/2], 0o644) }, "p.toml"},
		{"other format", func() { os.WriteFile(path, []byte("format = \"x\"\n"), 0o644) }, `format is "x"`},
		{"no tables", func() { os.Remove(filepath.Join(dir, "p.npz")) }, "must stand beside the file"},
		{"damaged tables", func() {
			spoilt := slices.Clone(tables)
			spoilt[len(spoilt)/2] ^= 1
			os.WriteFile(filepath.Join(dir, "p.npz"), spoilt, 0o644)
		}, "was changed or damaged"},
	} {
		os.WriteFile(path, text, 0o644)
		os.WriteFile(filepath.Join(dir, "p.npz"), tables, 0o644)
		c.spoil()
		if _, err := surrogate.Read(path); err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", c.name, err, c.say)
		}
	}
}

// TestRefuses holds the errors for what is outside the measurements.
func TestRefuses(t *testing.T) {
	m := characterise(t, vteam, surrogate.Settings{})
	p := population(t, m, 1, 2)
	pulse := m.Pulse(true)
	for _, c := range []struct {
		stress []float64
		pulse  device.Pulse
		say    string
	}{
		{nil, device.Pulse{Amplitude: 1.3 * pulse.Amplitude}, "amplitude"},
		{[]float64{0, 1.5}, pulse, "column 1"},
		{nil, device.Pulse{Amplitude: pulse.Amplitude, Width: 100 * pulse.Width}, "width"},
	} {
		if _, err := p.Program(c.stress, c.pulse, device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v: %v, want %q", c.pulse, err, c.say)
		}
	}
	env := device.Room()
	env.Temperature = 400
	if _, err := m.New(1, 1, env, noise.Key{}); err == nil || !strings.Contains(err.Error(), "400 K: must be that of the characterisation, 300 K") {
		t.Error(err)
	}
	for _, c := range []struct {
		set surrogate.Settings
		say string
	}{
		{surrogate.Settings{SetAmplitude: 2}, "must have the other sign"},
		{surrogate.Settings{SetAmplitude: 2, ResetAmplitude: 3}, "must have opposite signs"},
		{surrogate.Settings{SetAmplitude: -0.1, ResetAmplitude: 0.1}, "does not switch"},
	} {
		if _, err := surrogate.Characterise(context.Background(), vteam, c.set); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v, want %q", err, c.say)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := surrogate.Characterise(ctx, vteam, surrogate.Settings{}); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("interrupted: %v", err)
	}
}

// A population of VTEAM devices whose rates differ.
func Example() {
	make := func() (device.Element, error) { return memristor.NewVTEAM(), nil }
	set := surrogate.NewSettings()
	set.Spreads = []device.Spread{{Param: "k_on", Law: device.Normal, Sigma: 0.05, Relative: true}}
	m, err := surrogate.Characterise(context.Background(), make, set)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := m.New(8, 8, device.Room(), noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 40 {
		if _, err := p.Program(nil, m.Pulse(true), device.Room(), noise.NewKey(1)); err != nil {
			fmt.Println(err)
			return
		}
	}
	g := make64(64)
	p.Transfer(g, 0, device.Room())
	slices.Sort(g)
	fmt.Printf("after 40 pulses from %.1f to %.1f µS\n", g[0]*1e6, g[63]*1e6)
	// Output:
	// after 40 pulses from 10.2 to 17.1 µS
}

func make64(n int) []float64 { return make([]float64, n) }

// BenchmarkProgram applies pulses to a population, all alike or scaled cell by cell.
func BenchmarkProgram(b *testing.B) {
	set := surrogate.NewSettings()
	set.Spreads = spreads(b, vteam, 0.05, "k_on", "k_off", "v_on", "v_off")
	m := characterise(b, vteam, set)
	const rows, cols = 256, 256
	stress := slices.Repeat([]float64{0.9}, rows*cols)
	for _, s := range [][]float64{nil, stress} {
		p := population(b, m, rows, cols)
		b.Run(map[bool]string{true: "alike", false: "by cell"}[s == nil], func(b *testing.B) {
			k := 0
			for b.Loop() {
				pulse := m.Pulse(k/20%2 == 0)
				k++
				if _, err := p.Program(s, pulse, device.Room(), noise.Key{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/rows/cols*1e9, "ns/cell")
		})
	}
}
