package noise

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/internal/claims"
	"mho/internal/quantity"
)

// aged draws n cells programmed to g and ages them to a reading of the clock.
func aged(p Ageing, g float64, n int, clock float64, k Key) (values, own []float64) {
	values, own = make([]float64, n), make([]float64, n)
	for i := range values {
		values[i] = g
	}
	p.Draw(own, values, At{}, k)
	p.Age(values, values, own, clock)
	return values, own
}

func TestPowerLawDrift(t *testing.T) {
	const n = 400_000
	d := JoshiDrift()
	// In dB per decade at g_max, the mean of ln G over cells falls with the mean exponent.
	x, _ := aged(d, 25e-6, n, 86400, NewKey(81))
	for i := range x {
		x[i] = math.Log(x[i] / 25e-6)
	}
	mean, std := stat.MeanStdDev(x, nil)
	l := math.Log(86400.0 / 20)
	closed(t, "power-law drift of pcm cells at 25 uS after a day: mean exponent", "nu = 0.049, Joshi et al., doi:10.1038/s41467-020-16108-9", "", 0.049, -mean/l, 4*0.008/math.Sqrt(n), fourSE)
	closed(t, "power-law drift of pcm cells at 25 uS after a day: spread of the exponent", "sigma_nu = 0.008, Joshi et al., doi:10.1038/s41467-020-16108-9", "", 0.008, std/l, 4*0.008/math.Sqrt(2*n), fourSE)
	// The mean conductance is that of a lognormal law.
	x, _ = aged(d, 25e-6, n, 86400, NewKey(82))
	mean = stat.Mean(x, nil) / 25e-6
	closed(t, "power-law drift of pcm cells at 25 uS after a day: mean over programmed conductance", "exp(-mu l + sigma^2 l^2/2), l = ln(t/t0)", "", math.Exp(-0.049*l+0.5*math.Pow(0.008*l, 2)), mean, 4*mean*0.008*l/math.Sqrt(n), fourSE)
	single := NewPowerLawDrift()
	x, _ = aged(single, 10e-6, 1, 3600, NewKey(1))
	closed(t, "power-law drift with nu = 0.04 from 38.6 s: share left after an hour", "(t/t0)^-nu", "", math.Pow(3600/38.6, -0.04), x[0]/10e-6, 1e-14, "rounding")
	single.Floor = 0.5
	if x, _ := aged(single, 10e-6, 1, 1e300, NewKey(1)); math.Abs(x[0]/5e-6-1) > 1e-10 {
		t.Errorf("drift with a floor ends at %g", x[0])
	}
}

func TestLogDrift(t *testing.T) {
	const n = 200_000
	d := NewLogDrift()
	x, _ := aged(d, 50e-6, n, 3600, NewKey(83))
	mean, std := stat.MeanStdDev(x, nil)
	l := math.Log(3600)
	closed(t, "log drift of CMO/HfOx cells after an hour: mean shift", "-0.089 uS ln(t/1 s)", "uS", -0.08900206*l, (mean-50e-6)*1e6, 4*0.04201*l/math.Sqrt(n), fourSE)
	closed(t, "log drift of CMO/HfOx cells after an hour: spread", "0.04201 uS ln(t/1 s)", "uS", 0.04201*l, std*1e6, 4*0.04201*l/math.Sqrt(2*n), fourSE)
	d.GMin = 1e-6
	if x, _ := aged(d, 1.1e-6, 1000, 1e9, NewKey(1)); stat.Mean(x, nil) != 1e-6 && x[0] < 1e-6 {
		t.Error("drift goes below its end")
	}
	if x, _ := aged(d, 0.5e-6, 1, 1e9, NewKey(1)); x[0] < 0.5e-6 {
		t.Errorf("a cell below the end moves to %g", x[0])
	}
}

// TestComposition advances in pieces, at changing temperatures: the clock of the
// pieces is the clock of the whole, and a law of its reading.
func TestComposition(t *testing.T) {
	for _, e := range Processes() {
		p, ok := e.New().(Ageing)
		if !ok {
			continue
		}
		for _, q := range p.Params() {
			if q.Name == "ea" {
				*q.Value.(*float64) = quantity.EV(0.7)
			}
		}
		a := p.Rate(330)*1000 + p.Rate(400)*7000
		b := p.Rate(330)*400 + p.Rate(330)*600 + p.Rate(400)*7000
		one, own := aged(p, 20e-6, 100, a, NewKey(84))
		two, _ := aged(p, 20e-6, 100, b, NewKey(84))
		for i := range one {
			if math.Abs(one[i]-two[i]) > 1e-13*math.Abs(one[i]) {
				t.Fatalf("%s: cell %d is %g in one step and %g in pieces", e.Name, i, one[i], two[i])
			}
		}
		if a, err := Clock(p, []float64{0, 1000, 1000, 8000}, []float64{330, 330, 400, 400}); err != nil || math.Abs(a/b-1) > 1e-12 {
			t.Errorf("%s: clock %g along the profile, want %g, %v", e.Name, a, b, err)
		}
		before := make([]float64, len(one))
		for i := range before {
			before[i] = 20e-6
		}
		p.Age(before, before, own, 0)
		if before[0] != 20e-6 {
			t.Errorf("%s: time 0 changes a cell to %g", e.Name, before[0])
		}
	}
}

// TestRamp compares the clock along a temperature ramp with the closed form.
func TestRamp(t *testing.T) {
	d := NewPowerLawDrift()
	d.Ea = quantity.EV(0.6)
	got, err := Clock(d, []float64{0, 3600}, []float64{300, 400})
	if err != nil {
		t.Fatal(err)
	}
	// With x = E/(kT): ∫ exp(-E/kT) dT = E/k (exp(-x)/x - E1(x)); the reference is the
	// trapezoid sum of many points, whose error is 1e-10.
	const n = 1 << 16
	sum := 0.0
	for i := range n + 1 {
		w := 1.0
		if i == 0 || i == n {
			w = 0.5
		}
		temperature := 300 + 100*float64(i)/n
		sum += w * math.Exp(d.Ea/boltzmann*(1/300.0-1/temperature)) * 3600 / n
	}
	claims.Check(t, claims.Claim{
		Name: "clock of 0.6 eV along a ramp from 300 K to 400 K in an hour", Kind: claims.IndependentSolver, Source: "trapezoid rule with 65536 steps", Unit: "s",
		Want: sum, Got: got, Tol: 1e-7, Why: "Simpson's rule with a tenth of an e-fold per piece",
	})
}

func TestRetention(t *testing.T) {
	l := NewThermalLoss()
	// Acceleration from 85 °C to 125 °C.
	for _, c := range []struct {
		ea, want, digit float64
	}{{1.1, 35.9, 0.05}, {1.5, 132, 0.5}} {
		a := Arrhenius{Ea: quantity.EV(c.ea), TRef: 358.15}
		closed(t, "acceleration of retention by 125 °C over 85 °C at "+quantity.Format(a.Ea, "eV"), "exp(E/k (1/T_ref - 1/T)), computed by hand", "", c.want, a.Acceleration(398.15), c.digit, "the digits given")
	}
	const n = 200_000
	l.Beta = 0.7
	at := l.Tau * 0.3
	x, _ := aged(l, 20e-6, n, at, NewKey(85))
	failed := 0
	for _, v := range x {
		if v < 10e-6 {
			failed++
		}
	}
	want, err := l.Failed(at, 20e-6, 10e-6, l.TRef)
	if err != nil {
		t.Fatal(err)
	}
	median := l.Tau * math.Pow(math.Ln2, 1/0.7)
	law := normalCDF(math.Log(at/median) / l.Sigma)
	if math.Abs(law-want) > 1e-13 {
		t.Errorf("share %g, want %g", want, law)
	}
	closed(t, "retention, stretched exponential 0.7 with lognormal time constants: share of cells below half after 0.3 tau", "Phi(ln(t/t_50)/sigma), t_50 = tau (ln 2)^(1/beta)", "", law, float64(failed)/n, 4*math.Sqrt(law*(1-law)/n), fourSE)
	ten := 10 * 365 * 86400.0
	temperature, err := l.TemperatureFor(ten, 20e-6, 10e-6)
	if err != nil {
		t.Fatal(err)
	}
	back, _ := l.FailureTime(20e-6, 10e-6, temperature)
	closed(t, "retention: failure time at the ten-year temperature", "ten years", "s", 1, back/ten, 1e-12, "rounding")
	// Failure times at bake temperatures extrapolate back to the law.
	var temperatures, times []float64
	for _, c := range []float64{150, 175, 200, 225} {
		f, _ := l.FailureTime(20e-6, 10e-6, c+273.15)
		temperatures, times = append(temperatures, c+273.15), append(times, f)
	}
	fit, err := FitArrhenius(temperatures, times)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, "Arrhenius line through failure times at 150 to 225 °C: activation energy", "the energy of the law", "eV", 1.5, fit.Ea/charge, 1e-9, "rounding")
	tt, err := fit.Temperature(ten)
	closed(t, "Arrhenius line: ten-year temperature", "that of the law", "K", temperature, tt, 1e-6, "rounding")
	if err != nil || fit.EaStd > 1e-6*fit.Ea {
		t.Errorf("standard error %g, %v", fit.EaStd, err)
	}
}

// TestArrheniusErrors compares the standard errors of the line with their spread over
// many noisy fits.
func TestArrheniusErrors(t *testing.T) {
	temperatures := []float64{420, 440, 460, 480, 500, 520}
	const fits, sigma = 4000, 0.2
	ea, ln, se, se2 := make([]float64, fits), make([]float64, fits), 0.0, 0.0
	z := make([]float64, 6)
	for i := range ea {
		NewKey(86).Normal(z, At{Row: uint32(i)})
		times := make([]float64, 6)
		for j, k := range temperatures {
			times[j] = math.Exp(-20 + 1.2*charge/(boltzmann*k) + sigma*z[j])
		}
		f, err := FitArrhenius(temperatures, times)
		if err != nil {
			t.Fatal(err)
		}
		ea[i] = f.Ea
		var s float64
		ln[i], s = f.LnTime(358.15)
		se += f.EaStd * f.EaStd / fits
		se2 += s * s / fits
	}
	closed(t, "Arrhenius line through noisy failure times: standard error of the energy over its spread in 4000 fits", "least squares", "", 1, math.Sqrt(se)/stat.StdDev(ea, nil), 0.06, "four standard errors of both")
	closed(t, "Arrhenius line through noisy failure times: standard error of the extrapolated logarithm over its spread", "least squares", "", 1, math.Sqrt(se2)/stat.StdDev(ln, nil), 0.06, "four standard errors of both")
}

func TestDisturb(t *testing.T) {
	d := NewHalfSelectDisturb()
	d.Sigma = 0
	d.Voltage = 1.2 // two e-folds faster than at 1 V
	x, _ := aged(d, 5e-6, 1, 1e5, NewKey(1))
	want := 50e-6 - 45e-6*math.Exp(-0.1*math.Exp(2))
	closed(t, "half-select disturb: conductance after 1e5 events at 1.2 V", "g_end + (g - g_end) exp(-n/n_c), n_c = 1e6 exp(-0.2/0.1)", "uS", want*1e6, x[0]*1e6, 1e-10, "rounding")
	n, err := d.EventsTo(5e-6, x[0])
	closed(t, "half-select disturb: events to that conductance", "its inverse", "", 1e5, n, 1e-5, "rounding")
	if err != nil {
		t.Error(err)
	}
}

func TestAgeingMistakes(t *testing.T) {
	drift := func(change func(*PowerLawDrift)) Process {
		d := NewPowerLawDrift()
		change(d)
		return d
	}
	for _, c := range []struct {
		p    Process
		want string
	}{
		{drift(func(d *PowerLawDrift) { d.Nu[0] = 1.5 }), "nu is 1.5: must be from -1 to 1"},
		{drift(func(d *PowerLawDrift) { d.Nu[0] = -0.1 }), "nu is -0.1: must be from nu_min to nu_max, 0 to 1"},
		{drift(func(d *PowerLawDrift) { d.NuStd = []float64{-0.1} }), "nu_std is -0.1"},
		{drift(func(d *PowerLawDrift) { d.NuMin, d.NuMax = 0.5, 0.1 }), "nu_min is 0.5: must be at most nu_max, 0.1"},
		{drift(func(d *PowerLawDrift) { d.Nu = nil }), "nu has 0"},
		{drift(func(d *PowerLawDrift) { d.T0 = 0 }), "t0 is 0: must be > 0 s"},
		{&LogDrift{T0: 1, SlopeStd: -1, Arrhenius: Arrhenius{TRef: 300}}, "slope_std is -1: must be >= 0 S"},
		{&ThermalLoss{Tau: 1, Beta: 0, Arrhenius: Arrhenius{TRef: 300}}, "beta is 0: must be > 0"},
		{&Wear{Eta: -1}, "eta is -1: must be > 0"},
	} {
		if err := CheckProcess(c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	l := NewThermalLoss()
	_, never := l.FailureTime(20e-6, 30e-6, 300)
	_, failed := l.Failed(1, 20e-6, 0, 300)
	cold := *l
	cold.Ea = 0
	_, flat := cold.TemperatureFor(1, 20e-6, 10e-6)
	_, few := FitArrhenius([]float64{300}, []float64{1})
	_, same := FitArrhenius([]float64{300, 300}, []float64{1, 2})
	_, zero := FitArrhenius([]float64{300, 310}, []float64{1, 0})
	_, back := Clock(l, []float64{1, 0}, []float64{300, 300})
	_, hot := Clock(l, []float64{0, 1}, []float64{300, -1})
	_, share := NewWear().CyclesTo(1)
	for _, c := range []struct {
		err  error
		want string
	}{
		{never, "criterion 30uS is never crossed on the way from 20uS to 0S"}, {failed, "criterion 0S is never crossed"}, {flat, "no temperature changes the rate"},
		{few, "at least 2"}, {same, "must be at two temperatures or more"}, {zero, "point 2 is 0 s at 310 K"}, {back, "must not decrease"}, {hot, "the temperature > 0 K"}, {share, "must be > 0 and < 1"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
}
