package device_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/internal/quantity"
	"mho/noise"
)

// programmed makes cells of a model, programs them all to g and returns them.
func programmed(t testing.TB, m device.CellModel, rows, cols int, g float64, key noise.Key) device.Population {
	t.Helper()
	p, err := m.NewPopulation(rows, cols, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	again(t, p, g, key)
	return p
}

func again(t testing.TB, p device.Population, g float64, key noise.Key) {
	t.Helper()
	rows, cols := p.Dims()
	target := make([]float64, rows*cols)
	for i := range target {
		target[i] = g
	}
	if _, err := p.(device.Target).ProgramTo(target, device.Room(), key); err != nil {
		t.Fatal(err)
	}
}

func layers(t testing.TB, m device.CellModel, o device.Overlay) *device.Layered {
	t.Helper()
	l, err := device.WithProcesses(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func transfer(p device.Population) []float64 {
	rows, cols := p.Dims()
	x := make([]float64, rows*cols)
	p.Transfer(x, 0, device.Room())
	return x
}

// quiet is pcm-ibm without processes.
func quiet() *pcm.IBM {
	m := pcm.NewIBM()
	m.ProgrammingNoise, m.Drift, m.ReadNoise = false, false, false
	return m
}

func TestNoOverlay(t *testing.T) {
	key := noise.NewKey(2)
	a := programmed(t, pcm.NewIBM(), 3, 50, 10e-6, key)
	b := programmed(t, layers(t, pcm.NewIBM(), device.Overlay{}), 3, 50, 10e-6, key)
	x, y := make([]float64, 150), make([]float64, 150)
	for range 2 {
		a.Advance(1000, device.Room(), key)
		b.Advance(1000, device.Room(), key)
		if !slices.Equal(transfer(a), transfer(b)) {
			t.Error("an empty overlay changes conductances")
		}
		device.Read(x, a, device.Room(), 5, key)
		device.Read(y, b, device.Room(), 5, key)
		for i := range x {
			if math.Abs(x[i]-y[i]) > 1e-15*x[i] {
				t.Fatalf("an empty overlay reads %g, not %g", y[i], x[i])
			}
		}
	}
}

// TestSpreads splits the variance of repeated programming into devices and cycles.
func TestSpreads(t *testing.T) {
	d2d, cycle := noise.NewVariability(), noise.NewVariability()
	d2d.Sigma, cycle.Sigma = 0.2, 0.1
	const cells = 100_000
	p := programmed(t, layers(t, quiet(), device.Overlay{D2D: d2d, Cycle: cycle}), 10, cells/10, 10e-6, noise.NewKey(3))
	x := transfer(p)
	again(t, p, 10e-6, noise.NewKey(3))
	y := transfer(p)
	for i := range x {
		x[i], y[i] = math.Log(x[i]/10e-6), math.Log(y[i]/10e-6)
	}
	check := func(name, law string, want, got, tol float64) {
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: law, Want: want, Got: got, Tol: tol, Absolute: true, Why: "four standard errors"})
	}
	root := math.Sqrt(cells)
	check("cells under device-to-device spread 0.2 and cycle-to-cycle spread 0.1: spread of ln G", "sqrt(0.2^2 + 0.1^2)", math.Sqrt(0.05), stat.StdDev(x, nil), 4*math.Sqrt(0.05)/math.Sqrt2/root)
	check("the same: correlation of two programmings of each cell", "0.2^2/(0.2^2 + 0.1^2)", 0.8, stat.Correlation(x, y, nil), 4*0.36/root)
	small := programmed(t, layers(t, quiet(), device.Overlay{D2D: d2d, Cycle: cycle}), 3, 7, 10e-6, noise.NewKey(3))
	again(t, small, 10e-6, noise.NewKey(3))
	for i, g := range transfer(small) {
		if math.Log(g/10e-6) != y[i/7*cells/10+i%7] {
			t.Fatalf("cell %d differs in a smaller array", i)
		}
	}
}

func TestReplacedDrift(t *testing.T) {
	own, err := device.Without(pcm.NewIBM(), "drift", "programming_noise")
	if err != nil {
		t.Fatal(err)
	}
	drift, loss := noise.NewPowerLawDrift(), noise.NewThermalLoss()
	loss.Sigma = 0
	l := layers(t, own, device.Overlay{Drift: drift, Retention: loss})
	hot := device.Room()
	hot.Temperature = 400
	a, b := programmed(t, l, 1, 5, 10e-6, noise.NewKey(4)), programmed(t, l, 1, 5, 10e-6, noise.NewKey(4))
	a.Advance(1e5, device.Room(), noise.Key{})
	a.Advance(1e6, hot, noise.Key{})
	for range 10 {
		b.Advance(1e4, device.Room(), noise.Key{})
	}
	for range 10 {
		b.Advance(1e5, hot, noise.Key{})
	}
	k := 1.380649e-23
	tau := loss.Tau * math.Exp(quantity.EV(1.5)/k*(1/400.0-1/358.15))
	want := 10 * math.Pow(1.1e6/38.6, -0.04) * math.Exp(-1e6/tau-1e5/(loss.Tau*math.Exp(quantity.EV(1.5)/k*(1/300.0-1/358.15))))
	x, y := transfer(a)[0], transfer(b)[0]
	claims.Check(t, claims.Claim{
		Name: "a pcm cell whose drift is replaced by a power law with retention, at 300 K and then 400 K", Kind: claims.ClosedForm, Source: "(t/t0)^-nu exp(-sum of dt/tau(T))", Unit: "uS",
		Want: want, Got: x * 1e6, Tol: 1e-12, Why: "rounding",
	})
	if math.Abs(x/y-1) > 1e-12 {
		t.Errorf("%g in two steps and %g in twenty", x, y)
	}
	again(t, a, 10e-6, noise.NewKey(4))
	if x := transfer(a)[0]; math.Abs(x/10e-6-1) > 1e-12 {
		t.Errorf("programming leaves %g of 10 µS", x)
	}
}

// TestReadNoiseAdds compares single reads with the variances that ReadNoise tells.
func TestReadNoiseAdds(t *testing.T) {
	rtn, thermal := noise.NewTelegraph(), noise.NewThermalNoise()
	thermal.VRead = 0.01
	o := device.Overlay{}
	for slot, p := range map[string]noise.Process{"rtn": rtn, "thermal": thermal} {
		if err := o.Set(slot, p); err != nil {
			t.Fatal(err)
		}
	}
	own, err := device.Without(pcm.NewIBM(), "programming_noise", "drift")
	if err != nil {
		t.Fatal(err)
	}
	const rows, cols = 20, 2000
	p := programmed(t, layers(t, own, o), rows, cols, 5e-6, noise.NewKey(5))
	p.Advance(3600, device.Room(), noise.Key{})
	slow, fast := make([]float64, rows*cols), make([]float64, rows*cols)
	p.(device.NoisyReader).ReadNoise(slow, fast, 1e-4, device.Room())
	want, got, square := 0.0, 0.0, 0.0
	x := make([]float64, rows*cols)
	device.Read(x, p, device.Room(), 9, noise.NewKey(6))
	for i, v := range x {
		want += (slow[i]*slow[i] + fast[i]*fast[i]) / (rows * cols)
		d := (v - 5e-6) * (v - 5e-6)
		got += d / (rows * cols)
		square += d * d / (rows * cols)
	}
	claims.Check(t, claims.Claim{
		Name: "reads of pcm cells with telegraph and thermal noise besides: variance over the sum of the variances", Kind: claims.ClosedForm, Source: "variances of independent noise add", Want: 1, Got: got / want,
		Tol: 4 * math.Sqrt(square/(rows*cols)) / want, Absolute: true, Why: "four standard errors",
	})
}

func TestFaultsAndWear(t *testing.T) {
	faults := &noise.Defects{File: filepath.Join(t.TempDir(), "map.csv"), GShort: 1e-3}
	m := noise.NewFaultMap(2, 3)
	m.Set(0, 0, noise.StuckSet)
	m.Set(0, 2, noise.Shorted)
	m.SetRow(1, noise.Open)
	if err := m.Write(faults.File); err != nil {
		t.Fatal(err)
	}
	p := programmed(t, layers(t, quiet(), device.Overlay{Faults: faults}), 2, 3, 10e-6, noise.NewKey(7))
	if x := transfer(p); !slices.Equal(x, []float64{25e-6, 10e-6, 1e-3, 0, 0, 0}) {
		t.Errorf("conductances %v", x)
	}
	if _, err := layers(t, quiet(), device.Overlay{Faults: faults}).NewPopulation(3, 3, device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), "noise.faults: ") {
		t.Errorf("a map of another size: %v", err)
	}
	wear := noise.NewWear()
	wear.CloseOff = 0.01
	const cells = 20_000
	q := programmed(t, layers(t, quiet(), device.Overlay{Wear: wear}), 10, cells/10, 25e-6, noise.NewKey(8))
	q.(device.Worn).Cycle(0.5*wear.Eta, device.Room())
	again(t, q, 25e-6, noise.NewKey(8))
	on, off, alive := 0, 0, 0.0
	for _, x := range transfer(q) {
		switch x {
		case 0:
			off++
		case 25e-6:
			on++
		default:
			alive = x
		}
	}
	dead := 1 - math.Exp(-math.Pow(0.5, 1.5))
	claims.Check(t, claims.Claim{
		Name: "cells after half of eta cycles of wear: share stuck", Kind: claims.ClosedForm, Source: "1 - exp(-(n/eta)^beta)", Want: dead, Got: float64(on+off) / cells,
		Tol: 4 * math.Sqrt(dead*(1-dead)/cells), Absolute: true, Why: "four standard errors",
	})
	if d := math.Abs(float64(on - off)); d > 4*math.Sqrt(dead*cells) {
		t.Errorf("%d stuck at SET, %d at RESET", on, off)
	}
	if want := 25e-6 * (1 - 0.02*math.Log10(1+(0.5e8+2)/1e4)); math.Abs(alive/want-1) > 1e-9 {
		t.Errorf("living cells reach %g, want %g", alive, want)
	}
	cycles := make([]float64, cells)
	if q.(device.Worn).Cycles(cycles); cycles[0] != 0.5e8+2 {
		t.Errorf("%g cycles", cycles[0])
	}
}

// steps is a pulsed population: each pulse adds a step scaled by stress.
type steps struct {
	device.CellModel
	g []float64
}

func (s *steps) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return &steps{g: make([]float64, rows*cols)}, nil
}
func (s *steps) Dims() (rows, cols int)                               { return 1, len(s.g) }
func (s *steps) Kind() device.Kind                                    { return device.Conductance }
func (s *steps) Range() (min, max float64)                            { return 0, 100e-6 }
func (s *steps) Transfer(dst []float64, bias float64, env device.Env) { copy(dst, s.g) }
func (s *steps) Advance(dt float64, env device.Env, key noise.Key)    {}
func (s *steps) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	for i, x := range stress {
		s.g[i] += 10e-6 * x
	}
	return device.Report{}, nil
}

func TestPulsedOverlay(t *testing.T) {
	drift := noise.NewPowerLawDrift()
	p, err := layers(t, &steps{}, device.Overlay{Drift: drift, Wear: noise.NewWear()}).NewPopulation(1, 3, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.(device.Target); ok {
		t.Error("a pulsed population has become one of targets")
	}
	pulse := func(stress ...float64) {
		if _, err := p.(device.Pulsed).Program(stress, device.Pulse{}, device.Room(), noise.NewKey(2)); err != nil {
			t.Fatal(err)
		}
	}
	pulse(1, 1, 1)
	p.Advance(1000, device.Room(), noise.Key{})
	pulse(0, 1, 0.5)
	p.Advance(500, device.Room(), noise.Key{})
	fall := func(t float64) float64 { return math.Pow(t/38.6, -0.04) }
	for i, want := range []float64{10e-6 * fall(1500), 20e-6 * fall(500), 15e-6 * fall(500)} {
		// A worn cell reaches a little less: two cycles close nothing that shows.
		if x := transfer(p)[i]; math.Abs(x/want-1) > 1e-5 {
			t.Errorf("cell %d is %g, want %g", i, x, want)
		}
	}
	cycles := make([]float64, 3)
	if p.(device.Worn).Cycles(cycles); !slices.Equal(cycles, []float64{0.5, 1, 0.5}) {
		t.Errorf("cycles %v", cycles)
	}
}

func TestCarries(t *testing.T) {
	m := pcm.NewIBM()
	m.Drift = false
	l := layers(t, m, device.Overlay{D2D: noise.NewVariability(), Drift: noise.JoshiDrift()})
	var got []string
	for _, c := range device.Carries(l) {
		s := c.Slot + " " + c.Process
		if !c.On {
			s += " off"
		}
		if c.Source == "" || c.Meaning == "" {
			t.Errorf("incomplete %+v", c)
		}
		got = append(got, s)
	}
	if want := []string{"d2d variability", "programming ", "drift  off", "drift power-law-drift/joshi-2020", "read "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	bare, err := device.Without(l, "drift", "d2d")
	if err != nil || len(device.Carries(bare)) != 3 || !m.ReadNoise {
		t.Errorf("%+v, %v", device.Carries(bare), err)
	}
	if same, err := device.Without(bare, "d2d"); err != nil || same != bare {
		t.Error("a model without the process is copied")
	}
	for _, s := range device.Slots() {
		p, err := noise.NewProcess(s.Process)
		if err != nil {
			t.Fatal(err)
		}
		var o device.Overlay
		if err := o.Set(s.Name, p); err != nil {
			t.Error(err)
		}
	}
	var o device.Overlay
	if err := o.Set("drift", noise.NewFlicker()); err == nil || err.Error() != "process flicker is read noise: must be one that goes under noise.drift, such as power-law-drift" {
		t.Error(err)
	}
	bad := noise.NewVariability()
	bad.Sigma = -1
	if _, err := device.WithProcesses(m, device.Overlay{Cycle: bad}); err == nil || err.Error() != "noise.programming: variability: sigma is -1: must be from 0 to 10" {
		t.Error(err)
	}
}

func BenchmarkLayeredTransfer(b *testing.B) {
	l := layers(b, pcm.NewIBM(), device.Overlay{D2D: noise.NewVariability(), Retention: noise.NewThermalLoss()})
	p := programmed(b, l, 256, 256, 10e-6, noise.NewKey(1))
	p.Advance(1e5, device.Room(), noise.Key{})
	x := make([]float64, 65536)
	b.ReportAllocs()
	for b.Loop() {
		p.Transfer(x, 0, device.Room())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/65536, "ns/cell")
}
