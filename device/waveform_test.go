package device_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/device"
)

func TestSine(t *testing.T) {
	w, err := device.Sine(2, 50, 1.5, 400)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(w.T); n != 601 || w.T[600] != 0.03 {
		t.Fatalf("%d samples to %g s", n, w.T[n-1])
	}
	for k, want := range map[int]float64{0: 0, 100: 2, 200: 0, 300: -2, 400: 0, 500: 2, 600: 0} {
		if w.U[0][k] != want {
			t.Errorf("sample %d is %g, want %g", k, w.U[0][k], want)
		}
	}
	for k, at := range w.T {
		if want := 2 * math.Sin(2*math.Pi*50*at); math.Abs(w.U[0][k]-want) > 1e-14 {
			t.Errorf("sample %d is %g, want %g", k, w.U[0][k], want)
		}
	}
	// The flux of half a period is A/(π f) for n → ∞, less by (π/n)²/3.
	phi := w.Integral(0)[200]
	if want := 2 / (math.Pi * 50) * (1 - math.Pow(math.Pi/400, 2)/3); math.Abs(phi/want-1) > 1e-8 {
		t.Errorf("the flux is %g V s, want %g", phi, want)
	}
}

func TestTriangle(t *testing.T) {
	w, err := device.Triangle(1, -2, 0.25, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := "[0 0.5 1 0.5 0 -1 -2 -1 0 0.5 1 0.5 0 -1 -2 -1 0]"
	if got := fmt.Sprint(w.U[0]); got != want || w.T[16] != 8 {
		t.Errorf("got %s to %g s, want %s to 8 s", got, w.T[16], want)
	}
}

func TestTrain(t *testing.T) {
	p := device.Pulse{Amplitude: 3, Width: 10, Rise: 2, Fall: 4}
	q := device.Pulse{Amplitude: -1, Width: 1, Rise: 1, Fall: 1}
	w, err := device.Train(5, p, q)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(w.T, w.U[0]), "[0 2 9 13 18 19 20 25] [0 3 3 0 0 -1 0 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// The width at half amplitude times the amplitude is the integral.
	if got := w.Integral(0)[7]; got != 3*10-1 {
		t.Errorf("integral %g, want 29", got)
	}
}

func TestConcat(t *testing.T) {
	a := device.Waveform{T: []float64{1, 2}, U: [][]float64{{0, 3}}}
	b := device.Waveform{T: []float64{-5, -4, -2}, U: [][]float64{{3, 1, 0}}}
	w, err := device.Concat(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(w.T, w.U[0]), "[1 2 3 5] [0 3 1 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := device.Concat(b, b); err == nil || !strings.Contains(err.Error(), "must begin with 0") {
		t.Errorf("a jump: %v", err)
	}
	w, err = w.Repeat(3)
	if err != nil || len(w.T) != 10 || w.T[9] != 13 {
		t.Errorf("repeated: %v, %v", w.T, err)
	}
	if a.T[0] != 1 || len(a.U[0]) != 2 {
		t.Error("Concat changed its argument")
	}
}

func TestWaveformErrors(t *testing.T) {
	for _, c := range []struct {
		make func() (device.Waveform, error)
		want string
	}{
		{func() (device.Waveform, error) { return device.Sine(1, 0, 1, 10) }, "must be > 0 Hz"},
		{func() (device.Waveform, error) { return device.Sine(1, 1, math.NaN(), 10) }, "number of periods is NaN"},
		{func() (device.Waveform, error) { return device.Sine(1, 1, 1, 3) }, "must be at least 4"},
		{func() (device.Waveform, error) { return device.Sine(1, 1, 1e12, 100) }, "must be at most"},
		{func() (device.Waveform, error) { return device.Sine(math.Inf(1), 1, 1, 8) }, "must be a finite number"},
		{func() (device.Waveform, error) { return device.Sine(1, 1, 0.01, 8) }, "must be at least 2"},
		{func() (device.Waveform, error) { return device.Triangle(1, -1, 1, 0, 8) }, "must be > 0"},
		{func() (device.Waveform, error) { return device.Train(1) }, "must have at least one"},
		{func() (device.Waveform, error) { return device.Train(1, device.Pulse{Amplitude: 1, Width: 1}) }, "must be > 0 s"},
		{func() (device.Waveform, error) {
			return device.Train(1, device.Pulse{Amplitude: 1, Width: 1, Rise: 2, Fall: 1})
		}, "at least half of its edges together, 1.5 s"},
		{func() (device.Waveform, error) { return device.Concat() }, "must be at least one"},
	} {
		if _, err := c.make(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want an error with %q", err, c.want)
		}
	}
}
