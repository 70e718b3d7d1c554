package pulsed

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

var room = device.Room()

// fresh returns a model of the catalog with some parameters changed.
func fresh(t testing.TB, name string, set map[string]any) device.CellModel {
	t.Helper()
	for _, e := range Models() {
		if e.Name != name {
			continue
		}
		m := e.New()
		for _, p := range m.Params() {
			if v, ok := set[p.Name]; ok {
				if err := p.Assign(v); err != nil {
					t.Fatalf("%s: %v", p.Name, err)
				}
				delete(set, p.Name)
			}
		}
		if len(set) > 0 {
			t.Fatalf("%s has no parameters %v", name, set)
		}
		return m.(device.CellModel)
	}
	t.Fatalf("no model %s", name)
	return nil
}

// quiet switches every spread of a model of AIHWKIT's off, beside what is set.
func quiet(t testing.TB, name string, set map[string]any) *Population {
	t.Helper()
	all := map[string]any{}
	for _, p := range fresh(t, name, nil).Params() {
		switch p.Name {
		case "dw_min_dtod", "dw_min_std", "up_down_dtod", "w_max_dtod", "w_min_dtod", "gamma_up_dtod", "gamma_down_dtod", "pow_gamma_dtod",
			"write_noise_std", "reset_std", "reset_dtod", "c2c", "reference_std":
			all[p.Name] = 0.0
		}
	}
	for k, v := range set {
		all[k] = v
	}
	return must(fresh(t, name, all).NewPopulation(1, 1, room, noise.NewKey(1)))
}

// full is the pulse of a full step up; a stress of -1 makes one down where v_down
// is -v_up.
var full = device.Pulse{Drive: "voltage", Port: "stack", Amplitude: 1, Width: 100e-9}

// kick gives every cell n pulses.
func kick(t testing.TB, p *Population, n int, sign float64, key noise.Key) {
	t.Helper()
	stress := make([]float64, p.rows*p.cols)
	pulse := full
	pulse.Width = p.cell.PulseTime
	for k := range stress {
		stress[k] = p.cell.VUp
		if sign < 0 {
			stress[k] = p.cell.VDown
		}
	}
	for i := range n {
		if _, err := p.Program(stress, pulse, room, key.Fold(uint64(i))); err != nil {
			t.Fatal(err)
		}
	}
}

// single is the weight of a population of one cell.
func single(p *Population) float64 { return p.w[0] }

const rounding32 = "devices are held in float32, 6e-8 each"

func TestSoftBoundsClosedForm(t *testing.T) {
	p := quiet(t, "soft-bounds", map[string]any{"dw_min": 0.002})
	n := 0
	for _, c := range []struct {
		n    int
		want float64
	}{{100, .1703205}, {600, .5190697}, {1200, .5890838}} {
		kick(t, p, c.n-n, 1, noise.NewKey(2))
		n = c.n
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("soft bounds after %d pulses", n), Kind: claims.ClosedForm, Source: "w_max (1 - (1 - dw/w_max)^n)",
			Want: c.want, Got: single(p), Tol: 5e-7, Absolute: true, Why: "the reference has seven digits; " + rounding32})
	}
	// One train of 31 certain coincidences, taken at once.
	p = quiet(t, "soft-bounds", map[string]any{"dw_min": 0.002})
	if _, err := p.Update([]float64{1}, []float64{1}, 31*0.002, nil, room, noise.NewKey(3)); err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "soft bounds after a train of 31 pulses at once", Kind: claims.ClosedForm, Source: "w_max (1 - (1 - dw/w_max)^31)",
		Want: 0.6 * (1 - math.Pow(1-0.002/0.6, 31)), Got: single(p), Tol: 1e-6, Why: rounding32})
}

// TestLaws compares the step of one pulse with the formulas of AIHWKIT's
// documentation, at several weights and in both directions.
func TestLaws(t *testing.T) {
	step := func(p *Population, w, sign float64) float64 {
		p.SetWeights([]float64{w})
		kick(t, p, 1, sign, noise.NewKey(1))
		return single(p) - w
	}
	nodes := []any{1.5, 1.0, 0.5, 0.25, 0.1}
	table := []float64{1.5, 1, 0.5, 0.25, 0.1}
	for _, c := range []struct {
		name     string
		set      map[string]any
		up, down func(w float64) float64
	}{
		{"constant-step/gokmen-vlasov", nil, func(w float64) float64 { return .0016 }, func(w float64) float64 { return .0016 }},
		{"linear-step/capacitor", nil, func(w float64) float64 { return .005 * (1 - .05*w) }, func(w float64) float64 { return .005 * (1 + .05*w) }},
		{"linear-step", map[string]any{"reverse_up": true, "gamma_up": .3, "gamma_down": .2},
			func(w float64) float64 { return .001 * (1 - .3*w/-.61) }, func(w float64) float64 { return .001 * (1 - .2*w/-.6) }},
		{"ecram/mo", nil, func(w float64) float64 { return 2.8214e-4 * (1 - .4152*w/1.1714) }, func(w float64) float64 { return 2.8214e-4 * (1 + .7342*w/.8286) }},
		{"soft-bounds/reram-sb", nil, func(w float64) float64 { return .002 * (1 - w/1.25) }, func(w float64) float64 { return .002 * (1 + w/.75) }},
		{"soft-bounds", map[string]any{"reference_mean": 0.1}, func(w float64) float64 { return .001 * (1 - (w+.1)/.6) }, func(w float64) float64 { return .001 * (1 + (w+.1)/.6) }},
		{"exp-step", nil,
			func(w float64) float64 { return .001 * math.Max(0, 1-.00081*math.Exp(12.44625*(2*w/1.2*.244+.2425))) },
			func(w float64) float64 { return .001 * math.Max(0, 1-.36833*math.Exp(-12.78785*(2*w/1.2*.244+.2425))) }},
		{"exp-step/reram-es", nil,
			func(w float64) float64 { return .00135 * (1 + 1.18445*math.Exp(5*(-.5*w-.5))) },
			func(w float64) float64 { return .00135 * (1 - .259359) * (1 + .081404*math.Exp(-5*(-.5*w-.5))) }},
		{"exp-step/pcm", nil,
			func(w float64) float64 { return .01 * (1 + 27.235*math.Exp(2.5*-w)) }, func(w float64) float64 { return .01 * (1 + 2.235*math.Exp(-2.5*-w)) }},
		{"pow-step", map[string]any{"pow_gamma": 1.7},
			func(w float64) float64 { return .001 * math.Pow((.6-w)/1.2, 1.7) }, func(w float64) float64 { return .001 * math.Pow((w+.6)/1.2, 1.7) }},
		{"piecewise-step", map[string]any{"step_up": nodes, "step_down": []any{1.0, 1.0, 1.0, 1.0, 2.0}},
			func(w float64) float64 { return .001 * nodeValue(table, (w+.6)/1.2) },
			func(w float64) float64 { return .001 * nodeValue([]float64{1, 1, 1, 1, 2}, (w+.6)/1.2) }},
	} {
		p := quiet(t, c.name, c.set)
		lo, hi := float64(p.walks.Min[0]), float64(p.walks.Max[0])
		for _, x := range []float64{0.06, 0.25, 0.4, 0.5, 0.73, 0.94} {
			w := lo + x*(hi-lo)
			for _, d := range []struct {
				sign float64
				want float64
			}{{1, c.up(w)}, {-1, -c.down(w)}} {
				// A step may end at the bound.
				want := math.Min(math.Max(w+d.want, lo), hi) - w
				if got := step(p, w, d.sign); math.Abs(got-want) > 5e-7*math.Abs(want)+2e-7*p.dw {
					t.Errorf("%s at %g: step %g, want %g", c.name, w, got, want)
				}
			}
		}
	}
}

// nodeValue interpolates by counting segments from the left.
func nodeValue(v []float64, x float64) float64 {
	h := 1 / float64(len(v)-1)
	i := 0
	for x > h && i < len(v)-2 {
		x -= h
		i++
	}
	return v[i] + (v[i+1]-v[i])*x/h
}

func TestBoundedSteps(t *testing.T) {
	// ECRAM: the steps are equal at weight 0 and fall towards the bounds.
	p := quiet(t, "ecram/li", nil)
	for _, c := range []struct {
		where   string
		w, sign float64
		want    float64
	}{{"up just below the upper bound", 1.1724 - .002, 1, 1 - .1153*(1.1724-.002)/1.1724}, {"down just above the lower bound", -.8276 + .002, -1, 1 - .5085*(.8276-.002)/.8276}} {
		p.SetWeights([]float64{c.w})
		kick(t, p, 1, c.sign, noise.NewKey(1))
		claims.Check(t, claims.Claim{Name: "ECRAM (Tang 2018) step " + c.where + ", in dw_min", Kind: claims.ClosedForm, Source: "AIHWKIT's EcRam preset, 1 - gamma w/w_bound",
			Want: c.want, Got: math.Abs(single(p)-c.w) / .002, Tol: 1e-6, Why: rounding32})
	}
	// A share of the step larger than 1 moves the rest before the bound.
	p = quiet(t, "linear-step", map[string]any{"gamma_up": 2.0, "gamma_down": 4.0, "dw_min": 0.01})
	kick(t, p, 2000, 1, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "linear step: weight at which steps up vanish", Kind: claims.ClosedForm, Source: "w_max/gamma_up", Want: 0.3, Got: single(p), Tol: 1e-6, Why: rounding32})
	kick(t, p, 2000, -1, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "linear step: weight at which steps down vanish", Kind: claims.ClosedForm, Source: "w_min/gamma_down", Want: -0.15, Got: single(p), Tol: 1e-6, Why: rounding32})

	// The symmetry point: pulses up and down in turn end where steps are equal. With
	// steps s(1 - w/b) the weights before the pulses up and down are the fixed
	// point of two contractions.
	p = quiet(t, "soft-bounds", map[string]any{"up_down": -0.4, "w_max": 0.9})
	up, down := 0.0006, 0.001
	for range 20000 {
		kick(t, p, 1, 1, noise.NewKey(1))
		kick(t, p, 1, -1, noise.NewKey(1))
	}
	q := (1 - up/0.9) * (1 - down/0.6)
	want := (up*(1-down/0.6) - down) / (1 - q)
	claims.Check(t, claims.Claim{Name: "soft bounds: end of alternating pulses with unequal steps", Kind: claims.ClosedForm, Source: "fixed point of two contractions",
		Want: want, Got: single(p), Tol: 2e-6, Why: rounding32 + " on steps, amplified in their difference"})
	point := (up - down) / (up/0.9 + down/0.6)
	claims.Check(t, claims.Claim{Name: "soft bounds: symmetry point", Kind: claims.ClosedForm, Source: "(s+ - s-)/(s+/w_max - s-/w_min)",
		Want: point, Got: single(p), Tol: down, Absolute: true, Why: "alternating pulses end within a step of it"})
	p = quiet(t, "soft-bounds", map[string]any{"up_down": -0.4, "w_max": 0.9, "subtract_symmetry_point": true})
	for range 20000 {
		kick(t, p, 1, 1, noise.NewKey(1))
		kick(t, p, 1, -1, noise.NewKey(1))
	}
	if got := single(p); math.Abs(got) > down {
		t.Errorf("with the symmetry point subtracted alternating pulses end at %g, want 0 within a step", got)
	}

	// Power 2 from the lower bound: du/dn = -s u² for u the distance from the upper.
	p = quiet(t, "pow-step", map[string]any{"pow_gamma": 2.0, "dw_min": 1e-3})
	p.SetWeights([]float64{-0.6})
	kick(t, p, 5000, 1, noise.NewKey(1))
	s := 1e-3 / 1.2
	claims.Check(t, claims.Claim{Name: "power step of exponent 2 after 5000 pulses, distance from the bound over the range", Kind: claims.ClosedForm, Source: "1/(1 + n s + s ln(1 + n s)), s = dw/range, Euler's steps of du/dn = -s u² to first order in s",
		Want: 1 / (1 + 5000*s + s*math.Log(1+5000*s)), Got: (0.6 - single(p)) / 1.2, Tol: 2e-6, Why: "terms of s² = 7e-7; " + rounding32})
}

func TestNeuroSim(t *testing.T) {
	for _, c := range []struct{ nl, want float64 }{{.01, 126.269}, {.5, 2.51988}, {1, 1.251653}, {2.4, .499181}, {4.88, .200303}} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("NeuroSim: normalised A of the label NL = %g", c.nl), Kind: claims.Published, Source: "table of MLP+NeuroSim, doi:10.1109/TCAD.2018.2789723",
			Want: c.want, Got: Nonlinearity(c.nl), Tol: 3e-6, Why: "six digits in the table"})
	}
	if a, b := Nonlinearity(-2.4), Nonlinearity(2.4); a != -b {
		t.Errorf("labels of both signs give %g and %g", a, b)
	}
	p := quiet(t, "neurosim/ag-asi", nil)
	g := func() float64 {
		out := make([]float64, 1)
		p.Transfer(out, 0, room)
		return out[0]
	}
	check := func(name string, want, got float64) {
		claims.Check(t, claims.Claim{Name: "NeuroSim Ag:a-Si: " + name, Kind: claims.ClosedForm, Source: "G = B (1 - exp(-P/A)) + G_min with NeuroSim's A(NL), doi:10.1109/TCAD.2018.2789723", Unit: "S",
			Want: want, Got: got, Tol: 6e-5, Why: "five digits in the reference"})
	}
	g0 := g()
	kick(t, p, 1, 1, noise.NewKey(1))
	check("first step of potentiation", 8.3607e-10, g()-g0)
	kick(t, p, 47, 1, noise.NewKey(1))
	check("conductance after 48 pulses", 2.8801e-8, g())
	kick(t, p, 48, 1, noise.NewKey(1))
	before := g()
	kick(t, p, 1, 1, noise.NewKey(1))
	check("last step of potentiation", 1.1513e-10, g()-before)
	check("conductance after all 97 pulses", 3.8462e-8, g())
	before = g()
	kick(t, p, 1, -1, noise.NewKey(1))
	check("first step of depression", 1.7350e-9, before-g())
	kick(t, p, 49, -1, noise.NewKey(1))
	check("conductance after 50 pulses of depression", 5.7705e-9, g())
	kick(t, p, 50, -1, noise.NewKey(1))
	check("conductance after 100 pulses of depression", 3.0769e-9, g())

	// A whole turn in every set, also with a depression that starts slowly.
	for _, s := range neurosimSets {
		p := quiet(t, s.name, nil)
		kick(t, p, s.up, 1, noise.NewKey(1))
		if got := single(p); math.Abs(got-1) > 1e-4 {
			t.Errorf("%s: %d pulses up end at %g, want 1", s.name, s.up, got)
		}
		half := s.down / 2
		kick(t, p, half, -1, noise.NewKey(1))
		if got := single(p); (got > 0.5) != (s.nlDown > 0) && s.nlDown != 0 {
			t.Errorf("%s: half of the pulses down end at %g", s.name, got)
		}
		kick(t, p, s.down-half, -1, noise.NewKey(1))
		if got := single(p); math.Abs(got) > 1e-4 {
			t.Errorf("%s: %d pulses down end at %g, want 0", s.name, s.down, got)
		}
	}
}

// moments returns the mean and standard deviation of the weights of many cells
// after what is done to them, and the standard error of the mean.
func moments(t *testing.T, name string, set map[string]any, do func(p *Population)) (mean, std, se float64) {
	t.Helper()
	const rows, cols = 200, 500
	p := must(fresh(t, name, set).NewPopulation(rows, cols, room, noise.NewKey(7)))
	do(p)
	w := make([]float64, rows*cols)
	p.Weights(w)
	mean, std = stat.MeanStdDev(w, nil)
	return mean, std, std / math.Sqrt(rows*cols)
}

const cellsOf = 200 * 500

func TestSpreads(t *testing.T) {
	off := func(more map[string]any) map[string]any {
		m := map[string]any{"dw_min_dtod": 0.0, "dw_min_std": 0.0, "up_down_dtod": 0.0, "w_max_dtod": 0.0, "w_min_dtod": 0.0}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	one := func(p *Population) { kick(t, p, 1, 1, noise.NewKey(3)) }
	check := func(name, source string, want, got, se float64) {
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: source, Want: want, Got: got, Tol: 4 * se, Absolute: true, Why: "four standard errors of 100000 cells"})
	}
	stdError := func(std float64) float64 { return std / math.Sqrt(2*cellsOf) }

	mean, std, se := moments(t, "constant-step", off(map[string]any{"dw_min_std": 0.3}), one)
	check("spread of a pulse from cycle to cycle: mean step", "dw_min", 0.001, mean, se)
	check("spread of a pulse from cycle to cycle: standard deviation", "dw_min dw_min_std", 0.0003, std, stdError(0.0003))

	mean, std, se = moments(t, "constant-step", off(map[string]any{"dw_min_dtod": 0.2}), one)
	check("spread of the step over devices: mean", "dw_min", 0.001, mean, se)
	check("spread of the step over devices: standard deviation", "dw_min dw_min_dtod", 0.0002, std, stdError(0.0002))

	mean, std, se = moments(t, "constant-step", off(map[string]any{"dw_min_dtod": 0.5, "dw_min_dtod_log_normal": true}), one)
	check("lognormal spread of the step: mean", "dw_min exp(σ²/2)", 0.001*math.Exp(0.125), mean, se)
	v := math.Exp(0.25)
	wantStd := 0.001 * math.Sqrt(v*(v-1))
	check("lognormal spread of the step: standard deviation", "dw_min sqrt(exp(σ²)(exp(σ²) - 1))", wantStd, std, math.Sqrt((v*v*v*v+2*v*v*v+3*v*v-4)/4/cellsOf)*wantStd)

	// The folded normal law of a bound: E|1 + σN| = σ sqrt(2/π) exp(-1/2σ²) + erf(1/(σ sqrt 2)).
	mean, _, se = moments(t, "constant-step", off(map[string]any{"w_max_dtod": 0.8}), func(p *Population) { p.SetWeights(slices.Repeat([]float64{99}, cellsOf)) })
	check("spread of the upper bound that keeps its sign: mean", "folded normal law", 0.6*(0.8*math.Sqrt(2/math.Pi)*math.Exp(-0.5/0.64)+math.Erf(1/(0.8*math.Sqrt2))), mean, se)

	_, std, _ = moments(t, "exp-step/reram-es", map[string]any{"dw_min_dtod": 0.0, "dw_min_std": 0.0, "up_down_dtod": 0.0}, one)
	check("write noise: standard deviation", "write_noise_std dw_min", 75*0.00135, std, stdError(75*0.00135))

	p := must(fresh(t, "soft-bounds/reram-array-om", map[string]any{"corrupt_devices_prob": 0.1348}).NewPopulation(200, 500, room, noise.NewKey(7)))
	share := 0.0
	for k, lo := range p.walks.Min {
		if lo == p.walks.Max[k] {
			share += 1.0 / cellsOf
		}
	}
	check("share of stuck devices", "corrupt_devices_prob, measured by Gong and Rasch et al., doi:10.1109/IEDM45625.2022.10019569", 0.1348, share, math.Sqrt(0.1348*0.8652/cellsOf))

	// PCM: noise beside that of the step, at weight 1.
	_, std, _ = moments(t, "exp-step/pcm", map[string]any{"dw_min_dtod": 0.0, "up_down_dtod": 0.0, "w_max_dtod": 0.0}, func(p *Population) {
		p.SetWeights(slices.Repeat([]float64{1}, cellsOf))
		one(p)
	})
	step := 0.01 * (1 + 27.235*math.Exp(-2.5))
	wantStd = 0.6 * (step + 0.042 + 0.108)
	check("phase-change step at weight 1: standard deviation", "dw_min_std (|dw| + add + slope |w|), AIHWKIT's fit to doi:10.3389/fnins.2020.00406", wantStd, std, stdError(wantStd))
}

func TestBetweenPulses(t *testing.T) {
	// The bare ecram relaxes; at 350 K faster by Arrhenius.
	for _, c := range []struct {
		temperature, want float64
	}{{300, math.Exp(-0.5)}, {350, math.Exp(-0.5 * math.Exp(0.5/8.617333262e-5*(1/300.-1/350.)))}} {
		p := quiet(t, "ecram", nil)
		p.SetWeights([]float64{0.4})
		env := room
		env.Temperature = c.temperature
		p.Advance(2e4, env, noise.NewKey(1))
		p.Advance(3e4, env, noise.NewKey(1))
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("ECRAM: share of the weight left after tau/2 at %g K", c.temperature), Kind: claims.ClosedForm, Source: "exp(-(t/tau) exp(E_a/k (1/300 K - 1/T)))",
			Want: c.want, Got: single(p) / 0.4, Tol: 1e-6, Why: rounding32})
	}
	// Leakage of a capacitor, lifetime in mini-batches of 1 ms.
	p := quiet(t, "linear-step/capacitor", map[string]any{"lifetime": 50.0, "lifetime_dtod": 0.0})
	p.SetWeights([]float64{0.5})
	p.Advance(10e-3, room, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "capacitor: share left after 10 mini-batches of a lifetime of 50", Kind: claims.ClosedForm, Source: "(1 - 1/lifetime)^n", Want: math.Pow(1-1/50., 10), Got: single(p) / 0.5, Tol: 1e-6, Why: rounding32})
	_, std, _ := moments(t, "constant-step", map[string]any{"diffusion": 0.001}, func(p *Population) {
		for range 4 {
			p.Advance(4e-3, room, noise.NewKey(1))
		}
	})
	claims.Check(t, claims.Claim{Name: "diffusion: standard deviation after 16 mini-batches", Kind: claims.ClosedForm, Source: "diffusion sqrt(n)", Want: 0.004, Got: std, Tol: 4 * 0.004 / math.Sqrt(2*cellsOf), Absolute: true, Why: "four standard errors of 100000 cells"})
}

func TestPiecewiseTables(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "steps.csv")
	if err := os.WriteFile(path, []byte("step_up,step_down\n1,0.5\n2,0.25\n3,0.125\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := quiet(t, "piecewise-step", map[string]any{"table": path})
	p.SetWeights([]float64{0.3})
	kick(t, p, 1, 1, noise.NewKey(1))
	if got := single(p) - 0.3; math.Abs(got-0.0025) > 1e-9 {
		t.Errorf("step from the file is %g, want 0.0025", got)
	}
	for _, bad := range []string{"step_up,other\n1,2\n", "step_up,step_down\n1,-1\n", "step_up,step_down\n1,\n"} {
		if err := os.WriteFile(path, []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := fresh(t, "piecewise-step", map[string]any{"table": path}).NewPopulation(1, 1, room, noise.NewKey(1)); err == nil {
			t.Errorf("the table %q passes", bad)
		}
	}
}

func TestReset(t *testing.T) {
	const which = 3 // one cell of three is reset
	some := make([]bool, cellsOf)
	for k := range some {
		some[k] = k%which == 0
	}
	p := must(fresh(t, "soft-bounds", map[string]any{"reset": 0.1, "reset_dtod": 0.03, "reset_std": 0.02, "w_max_dtod": 0.0, "w_min_dtod": 0.0}).NewPopulation(200, 500, room, noise.NewKey(7)))
	p.SetWeights(slices.Repeat([]float64{-0.2}, cellsOf))
	if r := p.Reset(some, noise.NewKey(1)); r.Pulses != (cellsOf+which-1)/which {
		t.Errorf("%d pulses, want one for each of the cells", r.Pulses)
	}
	first, second := make([]float64, cellsOf), make([]float64, cellsOf)
	p.Weights(first)
	p.Reset(some, noise.NewKey(2))
	p.Weights(second)
	var w, change []float64
	for k := range some {
		if !some[k] {
			if second[k] != -0.2 {
				t.Fatalf("cell %d, which is not reset, is at %g", k, second[k])
			}
			continue
		}
		w, change = append(w, first[k]), append(change, second[k]-first[k])
	}
	check := func(name string, want, got, se float64) {
		if math.Abs(got-want) > 5*se {
			t.Errorf("%s is %g, want %g +- %g", name, got, want, se)
		}
	}
	n := float64(len(w))
	total := math.Hypot(0.03, 0.02)
	mean, std := stat.MeanStdDev(w, nil)
	check("mean after a reset", 0.1, mean, total/math.Sqrt(n))
	check("standard deviation after a reset", total, std, total/math.Sqrt(2*n))
	_, std = stat.MeanStdDev(change, nil)
	check("standard deviation from reset to reset", 0.02*math.Sqrt2, std, 0.02/math.Sqrt(n))

	neurosim := must(fresh(t, "neurosim", nil).NewPopulation(2, 2, room, noise.NewKey(7)))
	neurosim.SetWeights([]float64{0.5, 0.5, 0.5, 0.5})
	neurosim.Reset(nil, noise.NewKey(1))
	lowest := make([]float64, 4)
	neurosim.Weights(lowest)
	for k, x := range lowest {
		if want := float64(neurosim.walks.Min[k]); x != want {
			t.Errorf("neurosim: cell %d is at %g after a reset, want its lower bound %g", k, x, want)
		}
	}
}
