package noise

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/internal/claims"
)

var room = Reading{Temperature: 300, Bandwidth: 1e6, Age: 86400, Cells: NewKey(90)}

// reads returns the noise of n cells of conductance g in one read.
func reads(p ReadNoise, g float64, n int, r Reading, k Key) []float64 {
	x, gs := make([]float64, n), make([]float64, n)
	for i := range gs {
		gs[i] = g
	}
	p.Read(x, gs, At{Event: 3}, k, r)
	return x
}

// shares returns the slow and fast standard deviations of one cell.
func shares(p ReadNoise, g, window float64, r Reading) (slow, fast float64) {
	s, f := []float64{0}, []float64{0}
	p.Variances(s, f, []float64{g}, window, At{}, r)
	return math.Sqrt(s[0]), math.Sqrt(f[0])
}

func TestWhiteNoise(t *testing.T) {
	const n = 400_000
	r := room
	thermal := &ThermalNoise{VRead: 0.1}
	_, s := shares(thermal, 1e-6, 1, r)
	closed(t, "thermal noise current of 1 uS at 300 K in 1 MHz", "sqrt(4 k T G B)", "pA", 128.7, s*0.1*1e12, 0.05, "the digits given")
	shot := &ShotNoise{VRead: 0.1, Fano: 1}
	_, s = shares(shot, 10e-6, 1, r)
	closed(t, "shot noise of 1 uA in 1 MHz", "sqrt(2 q I B)", "pA", 566, s*0.1*1e12, 0.5, "the digits given")
	closed(t, "shot noise of 1 uA in 1 MHz: standard deviation of single reads", "sqrt(2 q I B)", "pA", 566.07, stat.StdDev(reads(shot, 10e-6, n, r, NewKey(91)), nil)*0.1*1e12, 4*566/math.Sqrt(2*n), fourSE)
	circuit := NewCircuitNoise()
	_, s = shares(circuit, 10e-6, 1, r)
	// By quadrature of the density.
	const m = 100_000
	sum := 0.0
	for i := range m {
		f := (float64(i) + 0.5) * r.Bandwidth / m
		sum += circuit.PSD(f, 10e-6, r) * r.Bandwidth / m
	}
	claims.Check(t, claims.Claim{
		Name: "amplifier noise at 10 uS in 1 MHz", Kind: claims.IndependentSolver, Source: "midpoint rule over the spectral density", Unit: "nS",
		Want: math.Sqrt(sum) * 1e9, Got: s * 1e9, Tol: 1e-9, Why: "error of the quadrature",
	})
	for _, p := range []ReadNoise{thermal, shot, circuit} {
		if slow, fast := shares(p, 10e-6, 1e-4, r); slow != 0 || fast <= 0 {
			t.Errorf("%s: slow %g, fast %g", p.Info().Name, slow, fast)
		}
		// Sampled slowly, each sample is a read; fast, the trace follows the spectrum.
		x := make([]float64, 1<<16)
		if err := p.Trace(x, 10e-6, 1e5, At{}, NewKey(92), r); err != nil {
			t.Fatal(err)
		}
		_, want := shares(p, 10e-6, 1, r)
		if s := stat.StdDev(x, nil); math.Abs(s/want-1) > 4/math.Sqrt(2*float64(len(x))) {
			t.Errorf("%s: slow samples have %g, want %g", p.Info().Name, s, want)
		}
		clear(x)
		if err := p.Trace(x, 10e-6, 4e6, At{}, NewKey(92), r); err != nil {
			t.Fatal(err)
		}
		// Half of the lines are below the bandwidth.
		if s := stat.StdDev(x, nil); math.Abs(s/want-1) > 4/math.Sqrt(float64(len(x))) {
			t.Errorf("%s: fast samples have %g, want %g", p.Info().Name, s, want)
		}
	}
}

func TestFlickerReads(t *testing.T) {
	n := NewFlicker()
	r := room
	// Variance of single reads: the PSD's integral, and the closed form.
	std := stat.StdDev(reads(n, 5e-6, 400_000, r, NewKey(93)), nil)
	q := 0.0088 / math.Pow(0.2, 0.65)
	want := q * math.Sqrt(math.Log((86400+250e-9)/(2*250e-9)))
	closed(t, "1/f noise of pcm cells at 5 uS after a day: relative spread of single reads", "Q sqrt(ln((t + t_r)/(2 t_r))), Joshi et al., doi:10.1038/s41467-020-16108-9", "", want, std/5e-6, 4*want/math.Sqrt(800_000), fourSE)
	closed(t, "1/f noise: square root of the logarithm after a day", "sqrt(ln((t + t_r)/(2 t_r)))", "", 5.0868, want/q, 5e-5, "the digits given")
	for _, gamma := range []float64{0.8, 1, 1.3} {
		n.Gamma = gamma
		low, high := n.Band(r.Age)
		sum, a, b := 0.0, math.Log(low), math.Log(high)
		const m = 20_000
		for i := range m {
			f := math.Exp(a + (b-a)*(float64(i)+0.5)/m)
			sum += n.PSD(f, 5e-6, r) * f * (b - a) / m
		}
		for _, window := range []float64{0, 1e-4, 1, 1e9} {
			slow, fast := shares(n, 5e-6, window, r)
			if total := slow*slow + fast*fast; math.Abs(total/sum-1) > 1e-6 {
				t.Errorf("gamma %g, window %g: variance %g, integral of the density %g", gamma, window, total, sum)
			}
			if window == 0 && fast != 0 || window == 1e9 && slow != 0 {
				t.Errorf("window %g: slow %g, fast %g", window, slow, fast)
			}
		}
	}
	young := r
	young.Age = 0
	if slow, fast := shares(n, 5e-6, 1, young); slow != 0 || fast != 0 {
		t.Error("noise before anything was read")
	}
}

// decades returns the mean of a periodogram over the law in each decade of frequency,
// and the number of lines.
func decades(p []float64, spacing float64, law func(f float64) float64) (ratio []float64, lines []int) {
	for first := 1; first <= len(p); first *= 10 {
		last := min(10*first, len(p)+1)
		sum := 0.0
		for k := first; k < last; k++ {
			sum += p[k-1] / law(float64(k)*spacing)
		}
		ratio, lines = append(ratio, sum/float64(last-first)), append(lines, last-first)
	}
	return ratio, lines
}

// TestFlickerTrace holds a 1/f trace over more than six decades against its law.
func TestFlickerTrace(t *testing.T) {
	bits := 22
	if testing.Short() {
		bits = 18
	}
	n := NewFlicker()
	n.TRead = 1e-7
	n.FLow = 1e-5
	const g, rate = 25e-6, 1e6
	x := make([]float64, 1<<bits)
	if err := n.Trace(x, g, rate, At{Row: 3, Col: 4}, NewKey(94), room); err != nil {
		t.Fatal(err)
	}
	p := Periodogram(x, rate)
	spacing := rate / float64(len(x))
	fit, err := Whittle(p, spacing, 0.5, rate/2)
	if err != nil {
		t.Fatal(err)
	}
	low, err := Whittle(p, spacing, 0, 5e3)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(fit.Slope-1) > 4*fit.SlopeStd || math.Abs(low.Slope-1) > 4*low.SlopeStd {
		t.Errorf("slopes %+v and %+v", fit, low)
	}
	if testing.Short() {
		return
	}
	closed(t, "1/f trace of 2^22 samples: slope of the spectrum over six decades (Whittle fit)", "S = (G Q)^2/f", "", 1, fit.Slope, 0.01, "asked for; its standard error is 0.0007")
	closed(t, "1/f trace of 2^22 samples: slope over the lower four decades (Whittle fit)", "S = (G Q)^2/f", "", 1, low.Slope, 4*low.SlopeStd, fourSE)
	closed(t, "1/f trace of 2^22 samples: relative level of the spectrum at 1 Hz", "Q", "", 0.0088, math.Sqrt(fit.Level)/g, 0.0088*4*0.5*fit.SlopeStd*math.Log(1e5*math.E), fourSE)
	ratio, lines := decades(p, spacing, func(f float64) float64 { return n.PSD(f, g, room) })
	for i, x := range ratio {
		if se := 1 / math.Sqrt(float64(lines[i])); math.Abs(x-1) > 4.5*se {
			t.Errorf("decade %d: density %g of the law, standard error %g", i, x, se)
		}
	}
}

// TestWhittle fits spectra that were not made by Synthesize.
func TestWhittle(t *testing.T) {
	const lines, fits = 2000, 300
	p := make([]float64, lines)
	slopes, std := make([]float64, fits), 0.0
	for i := range slopes {
		NewKey(95).Exponential(p, At{Row: uint32(i)})
		for k := range p {
			p[k] *= 3 * math.Pow(0.1*float64(k+1), -1.4)
		}
		f, err := Whittle(p, 0.1, 0, 1e9)
		if err != nil {
			t.Fatal(err)
		}
		slopes[i], std = f.Slope, f.SlopeStd
	}
	mean, spread := stat.MeanStdDev(slopes, nil)
	closed(t, "Whittle fit of spectra with slope 1.4: mean slope of 300 fits", "exponential lines about the law", "", 1.4, mean, 4*std/math.Sqrt(fits), fourSE)
	closed(t, "Whittle fit: its standard error over the spread of 300 fits", "Fisher information", "", 1, std/spread, 4/math.Sqrt(2*fits), fourSE)
}

func TestTelegraphSpectrum(t *testing.T) {
	n := &Telegraph{Traps: 1, Amplitude: 0.1, GRef: 1e-5, Capture: 1e-3, Emission: 3e-3}
	const g, rate = 1e-5, 1e5
	unit := 1e12                                // (1 µS)² for ΔG = 1 µS
	corner := (1/1e-3 + 1/3e-3) / (2 * math.Pi) // 212.2 Hz
	for _, c := range []struct{ f, want float64 }{{1, 5.625e-4}, {corner, 2.8125e-4}, {1000, 2.4239e-5}} {
		closed(t, fmt.Sprintf("telegraph noise, tau_c 1 ms, tau_e 3 ms: spectral density at %.4g Hz", c.f), "Machlup, doi:10.1063/1.1721637", "uS^2/Hz", c.want, n.PSD(c.f, g, room)*unit, 3e-5*c.want, "the digits given")
	}
	slow, fast := shares(n, g, 0, room)
	closed(t, "telegraph noise, tau_c 1 ms, tau_e 3 ms: variance", "dG^2 tau_c tau_e/(tau_c + tau_e)^2", "uS^2", 0.1875, (slow*slow+fast*fast)*unit, 1e-12, "rounding")
	// Many traces: dwell times, and the density.
	const traces, samples = 40, 1 << 16
	sums := make([]float64, samples/2)
	var dwell [2]float64
	var visits [2]int
	for i := range traces {
		x := make([]float64, samples)
		if err := n.Trace(x, g, rate, At{Col: uint32(i)}, NewKey(96), room); err != nil {
			t.Fatal(err)
		}
		for k, p := range Periodogram(x, rate) {
			sums[k] += p / traces
		}
		since := -1
		for j := 1; j < samples; j++ {
			if (x[j] < 0) != (x[j-1] < 0) {
				s := 0 // empty before
				if x[j-1] < 0 {
					s = 1
				}
				if since >= 0 {
					dwell[s] += float64(j-since) / rate
					visits[s]++
				}
				since = j
			}
		}
	}
	// Sampling misses visits shorter than a step, which lengthens the mean dwell of a state by
	// dt/2 (1 + its τ over the other's) to first order.
	for s, name := range []string{"empty", "filled"} {
		tau, other := 1e-3, 3e-3
		if s == 1 {
			tau, other = other, tau
		}
		e := math.Exp(-(1/tau + 1/other) / rate)
		want := 1 / rate / ((1 - e) * tau / (tau + other) * other / tau) // mean run of the sampled chain
		closed(t, "telegraph noise: mean dwell of a trap that is "+name, "run length of the sampled two-state chain", "ms", want*1e3, dwell[s]/float64(visits[s])*1e3, 4*want*1e3/math.Sqrt(float64(visits[s])), fourSE)
	}
	spacing := rate / samples
	for _, band := range [][2]float64{{5, 50}, {50, 500}, {500, 5000}} {
		var got, law float64
		lines := 0
		for k := int(band[0] / spacing); float64(k) < band[1]/spacing; k++ {
			got += sums[k]
			law += n.PSD(float64(k+1)*spacing, g, room)
			lines++
		}
		// Aliases add the density around multiples of the rate: 0.3 % at 5 kHz.
		tol := 4/math.Sqrt(float64(lines*traces)) + 0.003
		closed(t, fmt.Sprintf("telegraph noise: measured over analytic spectrum from %g to %g Hz", band[0], band[1]), "Machlup, doi:10.1063/1.1721637", "", 1, got/law, tol, fourSE+" and the aliases of sampling")
	}
}

func TestTelegraphCells(t *testing.T) {
	n := NewTelegraph()
	r := room
	const cells, g = 20_000, 25e-6
	// Variance over cells and reads against the traps', and a Poisson number of traps.
	gs, slow, fast := make([]float64, cells), make([]float64, cells), make([]float64, cells)
	for i := range gs {
		gs[i] = g
	}
	n.Variances(slow, fast, gs, 1e-3, At{}, r)
	want := 0.0
	for i := range slow {
		want += (slow[i] + fast[i]) / cells
	}
	sum, square, count := 0.0, 0.0, 0
	const events = 40
	for e := range uint64(events) {
		x := make([]float64, cells)
		n.Read(x, gs, At{Event: e}, NewKey(97), r)
		for _, v := range x {
			sum += v * v / (events * cells)
			square += v * v * v * v / (events * cells)
		}
	}
	if se := math.Sqrt(square / (events * cells)); math.Abs(sum-want) > 4*se {
		t.Errorf("variance of reads %g, of the traps %g, standard error %g", sum, want, se)
	}
	for i := range cells {
		count += len(n.Cell(nil, At{Col: uint32(i)}, r.Cells))
	}
	if d := math.Abs(float64(count) - cells); d > 4*math.Sqrt(cells) {
		t.Errorf("%d traps in %d cells", count, cells)
	}
	// What is slow in a window is the variance of its mean.
	one := &Telegraph{Traps: 1, Amplitude: 0.1, GRef: g, Capture: 1e-3, Emission: 2e-3}
	s, f := shares(one, g, 1e-3, r)
	const windows, steps = 4000, 100
	m := make([]float64, windows)
	for i := range m {
		x := make([]float64, steps)
		if err := one.Trace(x, g, steps/1e-3, At{Row: uint32(i)}, NewKey(98), r); err != nil {
			t.Fatal(err)
		}
		m[i] = stat.Mean(x, nil)
	}
	closed(t, "telegraph noise: variance of means over a window of 1 ms over that of the trap, tau_c 1 ms, tau_e 2 ms", "2 (x - 1 + exp(-x))/x^2, x = window (1/tau_c + 1/tau_e)", "", 2*(1.5-1+math.Exp(-1.5))/(1.5*1.5), stat.Variance(m, nil)/(s*s+f*f), 0.04, "four standard errors of a variance of 4000 means, and the sum of 100 steps")
	// The state after two steps is that after their sum, in distribution: exactly.
	trap := Trap{1, 1e-3, 3e-3}
	p := func(dt float64, filled bool) float64 { // probability of being filled, from the threshold of Step
		lo, hi := 0.0, 1.0
		for range 60 {
			if mid := (lo + hi) / 2; trap.Step(filled, dt, mid) {
				lo = mid
			} else {
				hi = mid
			}
		}
		return lo
	}
	a, b := 0.4e-3, 0.7e-3
	for _, start := range []bool{false, true} {
		q := p(a, start)
		two := q*p(b, true) + (1-q)*p(b, false)
		closed(t, fmt.Sprintf("a trap's probability of being filled after 0.4 ms and 0.7 ms, filled at first %v", start), "that after 1.1 ms (Chapman-Kolmogorov)", "", p(a+b, start), two, 1e-14, "rounding")
	}
}

// TestReadsKeepTheirNoise reads parts of a row.
func TestReadsKeepTheirNoise(t *testing.T) {
	for _, e := range Processes() {
		p, ok := e.New().(ReadNoise)
		if !ok {
			continue
		}
		whole, part, g := make([]float64, 1100), make([]float64, 9), make([]float64, 1100)
		for i := range g {
			g[i] = 1e-6 * float64(1+i%20)
		}
		p.Read(whole, g, At{Row: 2, Event: 8}, NewKey(99), room)
		p.Read(part, g[510:519], At{Row: 2, Col: 510, Event: 8}, NewKey(99), room)
		if !slices.Equal(part, whole[510:519]) {
			t.Errorf("%s: a part differs from the whole", e.Name)
		}
	}
}

func TestSpectrumMistakes(t *testing.T) {
	x := make([]float64, 8)
	flat := func(float64) float64 { return 1 }
	fine := NewFlicker()
	narrow := NewFlicker()
	narrow.FLow = 1e9
	half := NewTelegraph()
	half.Traps, half.Poisson = 1.5, false
	_, band := Whittle(x, 1, 3, 3)
	_, silent := Whittle(make([]float64, 100), 1, 0, 100)
	for _, c := range []struct {
		err  error
		want string
	}{
		{Synthesize(x, 0, flat, Key{}), "sampling rate is 0 Hz: must be finite and > 0 Hz"},
		{Synthesize(x, 1, func(float64) float64 { return -1 }, Key{}), "is -1: must be finite and >= 0"},
		{fine.Trace(x, 1e-6, math.NaN(), At{}, Key{}, room), "sampling rate is NaN"},
		{half.Trace(x, 1e-6, -1, At{}, Key{}, room), "sampling rate is -1"},
		{CheckProcess(narrow), "f_low is 1GHz: must be below the top of the band, 1/(2 t_read) = 2MHz"},
		{CheckProcess(half), "traps is 1.5 without poisson: must be a whole number"},
		{CheckProcess(&ThermalNoise{}), "v_read is 0: must be > 0 V"},
		{band, "holds fewer than 3"}, {silent, "power between 0 Hz and 100 Hz is 0"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
}

func BenchmarkFlickerTrace(b *testing.B) {
	n := NewFlicker()
	x := make([]float64, 1<<24)
	for b.Loop() {
		clear(x)
		if err := n.Trace(x, 25e-6, 1e6, At{}, NewKey(1), room); err != nil {
			b.Fatal(err)
		}
	}
	elapsed := b.Elapsed()
	fit, err := Whittle(Periodogram(x, 1e6), 1e6/float64(len(x)), 0.5, 5e5)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(fit.Slope, "slope")
	b.ReportMetric(elapsed.Seconds()*1e9/float64(b.N)/float64(len(x)), "ns/sample")
}

func BenchmarkReads(b *testing.B) {
	for _, e := range Processes() {
		p, ok := e.New().(ReadNoise)
		if !ok {
			continue
		}
		b.Run(e.Name, func(b *testing.B) {
			x, g := make([]float64, 1024), make([]float64, 1024)
			for i := range g {
				g[i] = 1e-5
			}
			for b.Loop() {
				p.Read(x, g, At{}, NewKey(1), room)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/cell")
		})
	}
}
