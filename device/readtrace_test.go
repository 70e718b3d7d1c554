package device_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

// TestReadPSD compares with the closed form of read noise that is 1/f noise up to half the
// reciprocal of a read: F(W) = (G Q)² ln((W + t_read)/(2 t_read)).
func TestReadPSD(t *testing.T) {
	m := quiet()
	m.ReadNoise = true
	p := programmed(t, m, 1, 1, 10e-6, noise.NewKey(2))
	p.Advance(1e6, device.Room(), noise.NewKey(2))
	f := []float64{1e-3, 1, 1e3, 1e5}
	s := make([]float64, len(f))
	device.ReadPSD(s, f, p, 0, 0, 1e6, device.Room())
	q := 10e-6 * 0.0088 / math.Pow(0.4, 0.65)
	for i, x := range f {
		w := 1 / x
		if want := q * q * w * w / (w + 250e-9); math.Abs(s[i]-want) > 1e-6*want {
			t.Errorf("S(%g Hz) = %g, want %g", x, s[i], want)
		}
	}
	// Nothing is slower than the age of the cell, and a cell without noise has none.
	device.ReadPSD(s, []float64{1e-7, 1e-8, 1, 1}, p, 0, 0, 1e6, device.Room())
	if s[0] != 0 || s[1] != 0 {
		t.Errorf("S below the reciprocal of the age is %v", s[:2])
	}
	device.ReadPSD(s, f, programmed(t, quiet(), 1, 1, 10e-6, noise.NewKey(2)), 0, 0, 1e6, device.Room())
	if slices.Max(s) != 0 {
		t.Errorf("S of a quiet cell is %v", s)
	}
}

// TestReadTraceVariance holds that noise that is fresh at each read is fresh at each sample, with its
// variance and the spectrum 2 F(0)/rate.
func TestReadTraceVariance(t *testing.T) {
	m := pcm.NewAccumulation()
	p, err := m.NewPopulation(1, 1, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	g := transfer(p)[0]
	x := make([]float64, 1<<16)
	if err := device.ReadTrace(x, p, 0, 0, 100, device.Room(), 0, noise.NewKey(3)); err != nil {
		t.Fatal(err)
	}
	want := 0.03*g + 130e-9
	claims.Check(t, claims.Claim{
		Name: "read trace: standard deviation of reads of pcm-accumulation after RESET", Unit: "S", Want: want, Got: stat.StdDev(x, nil), Tol: 5 / math.Sqrt(2<<16),
		Kind: claims.ClosedForm, Source: "read_slope G + read_std", Why: "5 standard errors",
	})
	s := make([]float64, 1)
	device.ReadPSD(s, []float64{10}, p, 0, 0, 100, device.Room())
	if got := 2 * want * want / 100; math.Abs(s[0]-got) > 1e-9*got {
		t.Errorf("S = %g, want %g", s[0], got)
	}
}

func TestReadTrace(t *testing.T) {
	flicker := noise.NewFlicker()
	rtn := noise.NewTelegraph()
	l := layers(t, quiet(), device.Overlay{Read: map[string]noise.ReadNoise{"read": flicker, "rtn": rtn, "thermal": noise.NewThermalNoise()}})
	env, key := device.Room(), noise.NewKey(4)
	trace := func(rows, cols int, event uint64) []float64 {
		p := programmed(t, l, rows, cols, 10e-6, key)
		p.Advance(100, env, key)
		x := make([]float64, 256)
		if err := device.ReadTrace(x, p, 1, 2, 1e3, env, event, key); err != nil {
			t.Fatal(err)
		}
		return x
	}
	a := trace(2, 3, 0)
	if !slices.Equal(a, trace(5, 8, 0)) {
		t.Error("the trace of a cell depends on the size of the array")
	}
	if slices.Equal(a, trace(2, 3, 1)) {
		t.Error("two traces are the same")
	}
	if mean := stat.Mean(a, nil); math.Abs(mean-10e-6) > 1e-6 {
		t.Errorf("mean of the trace is %g", mean)
	}
	p := programmed(t, quiet(), 1, 1, 10e-6, key)
	x := make([]float64, 4)
	if err := device.ReadTrace(x, p, 0, 0, 1e3, env, 0, key); err != nil || !slices.Equal(x, []float64{10e-6, 10e-6, 10e-6, 10e-6}) {
		t.Errorf("a quiet cell reads %v, %v", x, err)
	}
	err := device.ReadTrace(x, programmed(t, l, 1, 1, 10e-6, key), 0, 0, 0, env, 0, key)
	if err == nil || !strings.Contains(err.Error(), "must be finite and > 0 Hz") {
		t.Errorf("a rate of 0: %v", err)
	}
}
