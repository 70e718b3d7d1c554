package fit_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"mho/device"
	"mho/device/catalog"
	"mho/device/fit"
	"mho/device/memristor"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

// truth is the device behind the data.
func truth() *memristor.VTEAM {
	m := memristor.NewVTEAM()
	m.KOn, m.KOff, m.ROn, m.ROff = -180, 5e-4, 2e3, 120e3
	return m
}

// curves makes cycles of a triangular voltage with relative noise.
func curves(t testing.TB, m device.Element, cycles, samples int, sigma float64, key noise.Key) fit.Device {
	t.Helper()
	d := fit.Device{Name: "a"}
	var x []float64
	for c := range cycles {
		w, err := device.Triangle(2.4, -2.4, 20e6, 1, samples)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := device.Run(context.Background(), m, w, &device.Settings{Initial: x, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		x = []float64{tr.X[0][len(tr.T)-1]}
		z := make([]float64, len(tr.T))
		key.Normal(z, noise.At{Event: uint64(c)})
		i := make([]float64, len(tr.T))
		for k := range i {
			i[k] = tr.Response[k] * (1 + sigma*z[k])
		}
		d.Cycles = append(d.Cycles, fit.Cycle{Name: fmt.Sprint(c), T: w.T, V: w.U[0], I: i})
	}
	return d
}

// TestCoverage fits many data sets made from known parameters: the intervals of 95 %
// hold them in 95 % of the cases, within the binomial range of 99.9 %.
func TestCoverage(t *testing.T) {
	repeats := 40
	if testing.Short() {
		repeats = 10
	}
	make := func() (device.Element, error) {
		m := truth()
		m.KOn, m.KOff, m.ROn, m.ROff = -216, 1e-3, 1e3, 300e3
		return m, nil
	}
	want := map[string]float64{"k_on": -180, "k_off": 5e-4, "r_on": 2e3, "r_off": 120e3}
	hit, all := 0, 0
	for r := range repeats {
		data := &fit.Data{Kind: fit.IV, Devices: []fit.Device{curves(t, truth(), 2, 16, 0.02, noise.NewKey(uint64(r)))}}
		res, err := fit.Element(context.Background(), data, make, fit.Settings{Free: []string{"k_on", "k_off", "r_on", "r_off"}, Key: noise.NewKey(1)})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Summary) != 4 {
			t.Fatalf("fitted %v, fixed %v", res.Summary, res.Fixed)
		}
		for _, e := range res.Summary {
			all++
			if e.Low <= want[e.Name] && want[e.Name] <= e.High {
				hit++
			}
			if r == 0 && math.Abs(e.Value/want[e.Name]-1) > 0.2 {
				t.Errorf("%s = %g, want %g", e.Name, e.Value, want[e.Name])
			}
		}
	}
	// Parameters of one fit are not independent: the range is that of the fits.
	tol := distuv.UnitNormal.Quantile(0.9995) * math.Sqrt(0.95*0.05/float64(repeats))
	if !testing.Short() {
		claims.Check(t, claims.Claim{
			Name: "current-voltage fits of vteam to noisy data: share of the 95 % intervals that hold the true parameter", Kind: claims.ClosedForm, Source: "0.95 by construction of the data",
			Want: 0.95, Got: float64(hit) / float64(all), Tol: tol, Absolute: true, Why: "range of 99.9 % of a binomial share over 40 fits",
		})
	} else if got := float64(hit) / float64(all); math.Abs(got-0.95) > tol {
		t.Errorf("%g of the intervals hold the truth", got)
	}
}

// TestConstantNoise fits many data sets with errors that are the same everywhere, as
// those of an instrument on one range.
func TestConstantNoise(t *testing.T) {
	repeats := 20
	if testing.Short() {
		repeats = 6
	}
	make := func() (device.Element, error) {
		m, err := catalog.New("vteam/biolek")
		return m.(device.Element), err
	}
	start, err := make()
	if err != nil {
		t.Fatal(err)
	}
	m := start.(*memristor.VTEAM)
	m.KOn, m.KOff, m.ROn = -2e-6, 1.5e-6, 1.5e3
	want := map[string]float64{"k_on": -2e-6, "k_off": 1.5e-6, "r_on": 1.5e3, "r_off": 10e3, "v_on": -0.8, "v_off": 0.8, "w0": m.W0, "w_off": m.WOff}
	w, err := device.Triangle(2, -2, 10, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := device.Run(context.Background(), m, w, nil)
	if err != nil {
		t.Fatal(err)
	}
	largest := 0.0
	for _, i := range tr.Response {
		largest = max(largest, math.Abs(i))
	}
	hit, all := 0, 0
	z := [401]float64{}
	for r := range repeats {
		c := fit.Cycle{Name: "1", T: w.T, V: w.U[0]}
		noise.NewKey(17).Fold(uint64(r)).Normal(z[:], noise.At{})
		for k, i := range tr.Response {
			c.I = append(c.I, i+0.005*largest*z[k])
		}
		res, err := fit.Element(context.Background(), &fit.Data{Kind: fit.IV, Devices: []fit.Device{{Name: "a", Cycles: []fit.Cycle{c}}}}, make, fit.Settings{Held: []string{"alpha_on", "alpha_off"}, Key: noise.NewKey(1)})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range res.Summary {
			all++
			if e.Low <= want[e.Name] && want[e.Name] <= e.High {
				hit++
			}
		}
		if len(res.Summary) != 7 {
			t.Errorf("fitted %v, fixed %v", res.Summary, res.Fixed)
		}
	}
	tol := distuv.UnitNormal.Quantile(0.9995) * math.Sqrt(0.95*0.05/float64(repeats))
	if got := float64(hit) / float64(all); !testing.Short() {
		claims.Check(t, claims.Claim{
			Name: "current-voltage fits of vteam to data with a constant error: share of the 95 % intervals that hold the true parameter", Kind: claims.ClosedForm, Source: "0.95 by construction of the data",
			Want: 0.95, Got: got, Tol: tol, Absolute: true, Why: "range of 99.9 % of a binomial share over 20 fits",
		})
	} else if math.Abs(got-0.95) > tol {
		t.Errorf("%g of the intervals hold the truth", got)
	}
}

// TestExact gives the parameters of data without noise back, and leaves what the
// data cannot tell.
func TestExact(t *testing.T) {
	make := func() (device.Element, error) {
		m := memristor.NewVTEAM()
		m.KOff = 1e-3
		return m, nil
	}
	data := &fit.Data{Kind: fit.IV, Devices: []fit.Device{curves(t, truth(), 2, 50, 1e-4, noise.NewKey(4))}}
	res, err := fit.Element(context.Background(), data, make, fit.Settings{Held: []string{"alpha_on", "alpha_off", "w0"}, Key: noise.NewKey(1)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"k_on": -180, "k_off": 5e-4, "r_on": 2e3, "r_off": 120e3, "v_on": -1.5, "v_off": 0.3}
	for _, e := range res.Summary {
		w, ok := want[e.Name]
		if !ok {
			t.Errorf("fitted %s = %g", e.Name, e.Value)
			continue
		}
		claims.Check(t, claims.Claim{
			Name: "current-voltage fit of vteam, noise of 1e-4: " + e.Name, Kind: claims.ClosedForm, Source: "the parameter that made the data", Unit: e.Unit,
			Want: w, Got: e.Value, Tol: 0.01, Why: "noise, and parameters that trade with each other",
		})
	}
	if len(res.Summary) < len(want) {
		t.Errorf("fitted %v, fixed %v", res.Summary, res.Fixed)
	}
	fixed := map[string]bool{}
	for _, f := range res.Fixed {
		fixed[f.Name] = true
	}
	for _, n := range []string{"w_on", "w_off", "w_c", "a_on", "a_off"} {
		if !fixed[n] {
			t.Errorf("%s was fitted, but electrical data do not determine it", n)
		}
	}
}

// TestPulses fits the response to pulses.
func TestPulses(t *testing.T) {
	m := truth()
	m.KOff, m.ROn = 0.12, 1e3
	e, err := device.NewEnsemble([]device.Element{m}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := fit.Device{Name: "p"}
	z := make([]float64, 90)
	noise.NewKey(3).Normal(z, noise.At{})
	for k := range z {
		a := -2.2
		if k%60 >= 30 {
			a = 1.2
		}
		w, err := device.Train(0, device.Pulse{Amplitude: a, Width: 6e-12, Rise: 6e-14, Fall: 6e-14})
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, 1)
		if err := e.Drive(context.Background(), device.Burst{Waveform: w, Read: 0.1, Readings: g}); err != nil {
			t.Fatal(err)
		}
		d.Amplitude, d.Width, d.G = append(d.Amplitude, a), append(d.Width, 6e-12), append(d.G, g[0]*(1+0.005*z[k]))
	}
	make := func() (device.Element, error) { return memristor.NewVTEAM(), nil }
	res, err := fit.Element(context.Background(), &fit.Data{Kind: fit.Pulses, Devices: []fit.Device{d}}, make, fit.Settings{Free: []string{"k_on", "k_off", "r_off"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range res.Summary {
		want := map[string]float64{"k_on": -180, "k_off": 0.12, "r_off": 120e3}[e.Name]
		claims.Check(t, claims.Claim{
			Name: "pulse fit of vteam, noise of 0.5 %: " + e.Name, Kind: claims.ClosedForm, Source: "the parameter that made the data", Unit: e.Unit,
			Want: want, Got: e.Value, Tol: 4 * math.Abs(e.High-e.Low) / 4 / math.Abs(want), Why: "four standard deviations as the fit itself says",
		})
	}
}

// TestPowerLaw covers the drift exponent.
func TestPowerLaw(t *testing.T) {
	const devices = 400
	data := &fit.Data{Kind: fit.Drift}
	nus := make([]float64, devices)
	for i := range devices {
		key := noise.NewKey(8).Fold(uint64(i))
		nu := 0.06 + 0.01*key.NormalAt(noise.At{})
		nus[i] = nu
		d := fit.Device{Name: fmt.Sprint(i)}
		for k := range 12 {
			x := 20 * math.Pow(2, float64(k))
			d.T, d.G = append(d.T, x), append(d.G, 1e-5*math.Pow(x/20, -nu)*math.Exp(0.01*key.NormalAt(noise.At{Event: 1 + uint64(k)})))
		}
		data.Devices = append(data.Devices, d)
	}
	res, err := fit.PowerLaw(data, 20)
	if err != nil {
		t.Fatal(err)
	}
	hit := 0
	for i, est := range res.Estimates {
		if est[0].Low <= nus[i] && nus[i] <= est[0].High {
			hit++
		}
	}
	claims.Check(t, claims.Claim{
		Name: "drift fits: share of the 95 % intervals that hold the true exponent", Kind: claims.ClosedForm, Source: "0.95 by construction of the data",
		Want: 0.95, Got: float64(hit) / devices, Tol: distuv.UnitNormal.Quantile(0.9995) * math.Sqrt(0.95*0.05/devices), Absolute: true, Why: "range of 99.9 % of a binomial share over 400 fits",
	})
	claims.Check(t, claims.Claim{
		Name: "drift fits: spread of the exponent over devices, the fits' own errors taken off", Kind: claims.ClosedForm, Source: "0.01 by construction of the data",
		Want: 0.01, Got: res.Spread[0], Tol: 4 / math.Sqrt(2*devices), Why: "four standard errors of a deviation over 400 devices",
	})
}

// TestComponents compares the components of the variance with those that made the data.
func TestComponents(t *testing.T) {
	const devices, cycles = 400, 20
	groups := make([][]float64, devices)
	for i := range groups {
		key := noise.NewKey(5).Fold(uint64(i))
		groups[i] = make([]float64, cycles)
		for k := range groups[i] {
			groups[i][k] = 1 + 0.2*key.NormalAt(noise.At{}) + 0.3*key.NormalAt(noise.At{Event: 1 + uint64(k)})
		}
	}
	_, d2d, c2c := fit.Components(groups)
	claims.Check(t, claims.Claim{Name: "variance components: spread between devices", Kind: claims.ClosedForm, Source: "0.2 by construction of the data", Want: 0.2, Got: d2d, Tol: 0.16, Why: "four standard errors of 400 devices, sqrt(1/800) and the share of the cycles"})
	claims.Check(t, claims.Claim{Name: "variance components: spread between cycles", Kind: claims.ClosedForm, Source: "0.3 by construction of the data", Want: 0.3, Got: c2c, Tol: 0.033, Why: "four standard errors of 7600 degrees of freedom"})
}

// TestSwitch reads switching from the curve of a device of known thresholds.
func TestSwitch(t *testing.T) {
	d := curves(t, truth(), 3, 50, 0, noise.Key{})
	for _, c := range d.Cycles[1:] {
		s := c.Switch()
		if !(s.VSet < -1.5 && s.VSet > -2.4) || !(s.VReset > 0.3 && s.VReset < 2.4) || math.Abs(s.HRS/120e3-1) > 0.02 || math.Abs(s.LRS/2e3-1) > 0.02 {
			t.Errorf("%+v", s)
		}
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	read := func(text string) (*fit.Data, error) {
		path := filepath.Join(dir, "d.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return fit.Read(path)
	}
	var iv strings.Builder
	iv.WriteString("device,cycle,t_s,v_V,i_A\n")
	for k := range 80 {
		v := math.Sin(2 * math.Pi * float64(k) / 40)
		fmt.Fprintf(&iv, "a,1,%g,%g,%g\n", float64(k)*1e-3, v, 1e-4*v)
	}
	d, err := read(iv.String())
	if err != nil || d.Kind != fit.IV || len(d.Devices) != 1 || len(d.Devices[0].Cycles) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	for _, c := range []struct{ text, say string }{
		{"a,b\n1,2\n", "the columns are of no measurement"},
		{"device,t_s,g_S\na,1,1e-5\na,2,1e-5\n", `device "a" has 2 points: must have at least 3`},
		{"device,t_s,g_S\na,1,5\na,2,5\na,3,5\n", "is the column in uS?"},
		{"device,t_s,g_S\na,1,1e-5\na,2,-1e-5\na,3,1e-5\n", "d.csv:3: g_S: -1e-05 S: must be > 0 S"},
		{strings.ReplaceAll(iv.String(), "a,1,0.001,", "a,1,-0.001,"), "d.csv:3: t_s"},
		{"device,cycle,t_s,v_V,i_A\na,1,0,0,0\na,1,1,1500,1e-3\n", "is the column in mV?"},
		{"device,cycle,t_s,v_V,i_A\na,1,0,0,0\na,1,1,1,12\n", "is the column in mA or uA?"},
	} {
		if _, err := read(c.text); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%.40q: %v, want %q", c.text, err, c.say)
		}
	}
}
