package pulsed

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/claims"
	"mho/noise"
)

// ideal is a model with equal steps without noise and bounds that are far away.
func ideal(t *testing.T, rows, cols int) *Population {
	return must(fresh(t, "constant-step", map[string]any{"dw_min_dtod": 0.0, "dw_min_std": 0.0, "up_down_dtod": 0.0, "w_max": 1e4, "w_min": -1e4}).NewPopulation(rows, cols, room, noise.NewKey(1)))
}

// TestUpdateStatistics counts coincidences over many updates. With a and b the
// probabilities of a row's and a column's pulse a train of n slots moves a cell by
// dw times a binomial count of n trials of probability a b.
func TestUpdateStatistics(t *testing.T) {
	x := []float64{1, -0.5, 0.25, 0}
	d := []float64{-0.8, 0.4, 0.1}
	const updates, rate = 40000, 0.02
	p := ideal(t, len(x), len(d))
	sum, squares := make([]float64, 12), make([]float64, 12)
	before, w := make([]float64, 12), make([]float64, 12)
	var pulses int64
	for u := range updates {
		p.Weights(before)
		r, err := p.Update(x, d, rate, nil, room, noise.NewKey(5).Fold(uint64(u)))
		if err != nil {
			t.Fatal(err)
		}
		pulses += r.Pulses
		p.Weights(w)
		for k := range w {
			sum[k] += w[k] - before[k]
			squares[k] += (w[k] - before[k]) * (w[k] - before[k])
		}
	}
	// rate max max/dw = 16 pulses at the largest product.
	const length = 16
	total := 0.0
	for i := range x {
		for j := range d {
			k := i*len(d) + j
			q := math.Abs(x[i]*d[j]) / 0.8
			mean, variance := rate*x[i]*d[j], length*q*(1-q)*1e-6
			total += length * q * updates
			got := sum[k] / updates
			if math.Abs(got-mean) > 5*math.Sqrt(variance/updates)+1e-7*math.Abs(mean) {
				t.Errorf("cell %d, %d moves by %g on average, want %g", i, j, got, mean)
			}
			if gotVar := squares[k]/updates - got*got; math.Abs(gotVar-variance) > 5*variance*math.Sqrt(2./updates)*1.5+1e-15 {
				t.Errorf("cell %d, %d: variance %g, want %g", i, j, gotVar, variance)
			}
			if k == 4 || k == 6 {
				claims.Check(t, claims.Claim{Name: fmt.Sprintf("stochastic update: mean of x = %g, d = %g at a rate of %g", x[i], d[j], rate), Kind: claims.ClosedForm, Source: "rate x d, Gokmen and Vlasov, doi:10.3389/fnins.2016.00333",
					Want: mean, Got: got, Tol: 4 * math.Sqrt(variance/updates), Absolute: true, Why: "four standard errors of 40000 updates"})
				claims.Check(t, claims.Claim{Name: fmt.Sprintf("stochastic update: standard deviation of x = %g, d = %g", x[i], d[j]), Kind: claims.ClosedForm, Source: "dw sqrt(BL q (1 - q)), q = |x d| rate/(BL dw), BL = 16",
					Want: math.Sqrt(variance), Got: math.Sqrt(squares[k]/updates - got*got), Tol: 4 * math.Sqrt(variance/2/updates) * 1.2, Absolute: true, Why: "four standard errors of 40000 updates, with the binomial's kurtosis"})
			}
		}
	}
	if math.Abs(float64(pulses)-total) > 6*math.Sqrt(total) {
		t.Errorf("%d coincidences, want %g", pulses, total)
	}
	// The other schemes have the same mean as long as nothing is clipped.
	for _, set := range []*Training{{FixedLength: true}, {Length: 64}, {FixedLength: true, Length: 20, Unbalanced: true}} {
		p := ideal(t, len(x), len(d))
		const n = 4000
		for u := range n {
			if _, err := p.Update(x, d, -0.01, set, room, noise.NewKey(6).Fold(uint64(u))); err != nil {
				t.Fatal(err)
			}
		}
		p.Weights(w)
		for k := range w {
			want := -0.01 * x[k/3] * d[k%3] * n
			if math.Abs(w[k]-want) > 5*math.Sqrt(math.Abs(want)*1e-3)+1e-9 {
				t.Errorf("%+v: cell %d ends at %g, want %g", *set, k, w[k], want)
			}
		}
	}
}

// TestAtOnce compares trains that are taken at once with the same number of pulses
// one by one, in the mean and the spread over cells.
func TestAtOnce(t *testing.T) {
	const rows, cols, n = 100, 400, 31
	run := func(name string, set map[string]any, w0 float64, once bool) (mean, std float64) {
		p := must(fresh(t, name, set).NewPopulation(rows, cols, room, noise.NewKey(1)))
		if !p.fine {
			t.Fatalf("%s is not fine", name)
		}
		p.fine = once
		p.SetWeights(slices.Repeat([]float64{w0}, rows*cols))
		ones := slices.Repeat([]float64{1}, cols)
		if _, err := p.Update(ones[:rows], ones, n*p.dw, nil, room, noise.NewKey(2)); err != nil {
			t.Fatal(err)
		}
		return stat.MeanStdDev(p.w, nil)
	}
	same := map[string]any{"w_max_dtod": 0.0, "w_min_dtod": 0.0, "dw_min_dtod": 0.0}
	with := func(more map[string]any) map[string]any {
		m := map[string]any{}
		for k, v := range same {
			m[k] = v
		}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	for _, c := range []struct {
		name string
		set  map[string]any
		w0   float64
	}{
		{"constant-step", same, 0}, {"soft-bounds", with(map[string]any{"dw_min_std": 3.0}), 0.2}, {"soft-bounds/reram-sb", same, 0}, {"ecram/mo", same, -0.3},
		{"linear-step/capacitor", same, 0}, {"neurosim/taox-hfox", nil, 0.5},
	} {
		mean1, std1 := run(c.name, maps.Clone(c.set), c.w0, true)
		mean2, std2 := run(c.name, maps.Clone(c.set), c.w0, false)
		se := math.Hypot(std1, std2) / math.Sqrt(rows*cols)
		claims.Check(t, claims.Claim{Name: "31 pulses at once, " + c.name + ": mean move", Kind: claims.IndependentSolver, Source: "the same pulses one by one",
			Want: mean2 - c.w0, Got: mean1 - c.w0, Tol: 4*se + 1e-9, Absolute: true, Why: "four standard errors of 40000 cells"})
		claims.Check(t, claims.Claim{Name: "31 pulses at once, " + c.name + ": standard deviation", Kind: claims.IndependentSolver, Source: "the same pulses one by one",
			Want: std2, Got: std1, Tol: 4 * math.Hypot(std1, std2) / math.Sqrt(2*rows*cols), Absolute: true, Why: "four standard errors of 40000 cells"})
	}
	// At a bound the two differ: noise that would leave and come back is cut pulse
	// by pulse or at the end. That is the price, and it is bounded.
	mean1, std1 := run("soft-bounds/reram-sb", maps.Clone(same), 1.25, true)
	mean2, _ := run("soft-bounds/reram-sb", maps.Clone(same), 1.25, false)
	sigma := 3.75 * 0.002 * math.Sqrt(n)
	// Of a free walk that is cut at the end σ/sqrt(2π) is lost, of one that is
	// cut at each step twice that.
	for _, c := range []struct {
		how        string
		want, mean float64
	}{{"once", 1, mean1}, {"pulse by pulse", 2, mean2}} {
		if lost := (1.25 - c.mean) / (sigma / math.Sqrt(2*math.Pi)); math.Abs(lost-c.want) > 0.25*c.want {
			t.Errorf("cut %s the mean at the bound is %g below it, in units of σ/sqrt(2π); want about %g", c.how, lost, c.want)
		}
	}
	t.Logf("31 pulses of reram-sb at its bound: mean %.4f at once, %.4f one by one, spread %.4f", mean1, mean2, std1)
}

// TestInvariance: the number of workers changes nothing, and a cell does not depend
// on the size of the array.
func TestInvariance(t *testing.T) {
	for _, name := range []string{"constant-step", "soft-bounds/reram-sb", "exp-step/pcm", "pow-step", "neurosim/ag-asi", "soft-bounds/reram-array-om", "linear-step/capacitor"} {
		run := func(rows, cols, workers int) []float64 {
			set := map[string]any{"write_tolerance": 0.02}
			if !strings.HasPrefix(name, "neurosim") {
				set["diffusion"] = 0.001
			}
			p := must(fresh(t, name, set).NewPopulation(rows, cols, room, noise.NewKey(1)))
			x, d := make([]float64, rows), make([]float64, cols)
			noise.NewKey(2).Uniform(x, noise.At{})
			noise.NewKey(3).Normal(d, noise.At{})
			x[0], d[0] = 1, 3
			for j := range d {
				d[j] = min(max(d[j], -3), 3)
			}
			for u := range uint64(3) {
				if _, err := p.Update(x, d, 0.01, &Training{Workers: workers}, room, noise.NewKey(4).Fold(u)); err != nil {
					t.Fatal(err)
				}
			}
			kick(t, p, 2, 1, noise.NewKey(5))
			target := slices.Repeat([]float64{(p.cell.GMin + p.cell.GMax) / 2}, rows*cols)
			if rows < 50 || cols < 300 {
				if _, err := p.ProgramTo(target, room, noise.NewKey(6)); err != nil {
					t.Fatal(err)
				}
			}
			p.Advance(1, room, noise.NewKey(7))
			out := make([]float64, rows*cols)
			p.Weights(out)
			return out
		}
		if !slices.Equal(run(60, 400, 1), run(60, 400, 3)) {
			t.Errorf("%s: workers change the result", name)
		}
		small, large := run(3, 270, 1), run(5, 290, 1)
		for i := range 3 {
			if !slices.Equal(small[i*270:][:270], large[i*290:][:270]) {
				t.Errorf("%s: row %d depends on the size of the array", name, i)
			}
		}
	}
}

func TestProgramTo(t *testing.T) {
	for _, c := range []struct {
		name      string
		set       map[string]any
		converged float64
	}{
		{"constant-step", map[string]any{"w_max_dtod": 0.0, "w_min_dtod": 0.0, "dw_min_dtod": 0.1}, 1},
		{"soft-bounds", map[string]any{"w_max_dtod": 0.0, "w_min_dtod": 0.0, "dw_min_dtod": 0.1}, 1},
		{"exp-step/pcm", nil, 0.9}, {"ecram", nil, 0.99}, {"neurosim/epiram", nil, 0.99}, {"constant-step/idealized", nil, 0.97}, {"pow-step", nil, 0.95},
	} {
		p := must(fresh(t, c.name, c.set).NewPopulation(20, 100, room, noise.NewKey(1)))
		lo, hi := p.Range()
		target, g := make([]float64, 2000), make([]float64, 2000)
		noise.NewKey(2).Uniform(target, noise.At{})
		for k, u := range target {
			target[k] = lo + (hi-lo)*(0.25+0.5*u)
		}
		r, err := p.ProgramTo(target, room, noise.NewKey(3))
		if err != nil {
			t.Fatal(err)
		}
		p.Transfer(g, 0, room)
		within := 0.0
		for k := range g {
			if math.Abs(g[k]-target[k]) <= 0.01*(hi-lo)*(1+1e-9) {
				within += 1. / 2000
			}
		}
		if math.Abs(within-r.Converged) > 1e-9 || r.Converged < c.converged || r.Pulses == 0 || math.Abs(r.Time-float64(r.Pulses)*p.cell.PulseTime) > 1e-9*r.Time || (r.Energy > 0) == p.charge {
			t.Errorf("%s: %.4f within the tolerance, report %+v", c.name, within, r)
		}
		if again, _ := p.ProgramTo(target, room, noise.NewKey(4)); c.converged == 1 && again.Pulses != 0 {
			t.Errorf("%s: cells at their targets get %d pulses", c.name, again.Pulses)
		}
	}
	// The energy of one pulse is v²G t.
	p := quiet(t, "neurosim/ideal", nil)
	r, err := p.Program([]float64{1}, device.Pulse{Drive: "voltage", Amplitude: 2, Width: 1e-6}, room, noise.NewKey(1))
	if want := 4 * 1e-7 * 1e-6; err != nil || math.Abs(r.Energy-want) > 1e-9*want || r.Pulses != 1 {
		t.Errorf("energy %g, want %g (%v)", r.Energy, want, err)
	}
}

// TestStress: a half-selected cell keeps its state, a wider pulse is as many pulses,
// and negative stress turns the direction.
func TestStress(t *testing.T) {
	p := must(fresh(t, "soft-bounds", map[string]any{"dw_min_dtod": 0.0, "dw_min_std": 0.0, "up_down_dtod": 0.0, "w_max_dtod": 0.0, "w_min_dtod": 0.0}).NewPopulation(1, 5, room, noise.NewKey(1)))
	if _, err := p.Program([]float64{1, 0.5, -0.5, -1, 0.75}, full, room, noise.NewKey(1)); err != nil {
		t.Fatal(err)
	}
	half := 0.6 * (1 - math.Sqrt(1-0.001/0.6))
	for k, want := range []float64{0.001, 0, 0, -0.001, half} {
		if math.Abs(p.w[k]-want) > 1e-10 {
			t.Errorf("cell %d: weight %g, want %g", k, p.w[k], want)
		}
	}
	long := full
	long.Width *= 8
	p.SetWeights(make([]float64, 5))
	if _, err := p.Program([]float64{1, 0, 0, 0, 0}, long, room, noise.NewKey(1)); err != nil {
		t.Fatal(err)
	}
	if want := 0.6 * (1 - math.Pow(1-0.001/0.6, 8)); math.Abs(p.w[0]-want) > 1e-9 {
		t.Errorf("a pulse of eight widths gives %g, want %g", p.w[0], want)
	}
}

func TestMistakes(t *testing.T) {
	p := quiet(t, "soft-bounds", nil)
	key := noise.NewKey(1)
	nan := math.NaN()
	_, e1 := p.ProgramTo([]float64{50e-6}, room, key)
	_, e2 := p.Program([]float64{1}, device.Pulse{Drive: "current", Amplitude: 1, Width: 1}, room, key)
	_, e3 := p.Program([]float64{nan}, full, room, key)
	_, e4 := p.Update([]float64{nan}, []float64{1}, 0.1, nil, room, key)
	_, e5 := p.Update([]float64{1}, []float64{1}, 0.1, &Training{Length: 65}, room, key)
	_, e6 := fresh(t, "soft-bounds", nil).NewPopulation(0, 3, room, key)
	_, e7 := fresh(t, "constant-step", map[string]any{"g_min": "40uS"}).NewPopulation(1, 1, room, key)
	_, e8 := fresh(t, "constant-step", map[string]any{"v_down": 1.0}).NewPopulation(1, 1, room, key)
	_, e9 := fresh(t, "constant-step", map[string]any{"w_max": 0.0, "w_min": 0.0}).NewPopulation(1, 1, room, key)
	for i, c := range []struct {
		err  error
		want string
	}{
		{e1, "target at row 0, column 0 is 50uS: must be from 10uS to 30uS"}, {e2, `drive "current": must be "voltage"`}, {e3, "stress at row 0, column 0 is NaN"},
		{e4, "row 0 is NaN"}, {e5, "from 1 to 64"}, {e6, "0 x 3"}, {e7, "g_min is 40uS: must be below g_max, 30uS"}, {e8, "v_down is 1V"}, {e9, "w_min is 0: must be below w_max"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("mistake %d: %v, want %q", i+1, c.err, c.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a wrong number of cells passes")
		}
	}()
	p.Transfer(make([]float64, 2), 0, room)
}
