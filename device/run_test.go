package device_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"

	"pgregory.net/rapid"
)

// TestRelaxation compares with exp, over an order of decays, with both kinds of
// integrator: dx/dt = (v - x)/tau under a ramp has a closed form.
func TestRelaxation(t *testing.T) {
	for _, stiff := range []bool{false, true} {
		const tau = 1e-3
		el := &testElement{drives: volts, states: free, stiff: stiff, current: func(x, u []float64) float64 { return x[0] + u[0] },
			rate: func(x, u []float64) float64 { return (u[0] - x[0]) / tau }}
		w := device.Waveform{T: []float64{0, 1e-3, 3e-3, 10e-3}, U: [][]float64{{0, 1, 1, 0}}}
		tr := run(t, el, w, &device.Settings{Step: 1e-5})
		worst, x := 0.0, func(t float64) float64 {
			ramp := func(t, s float64) float64 { // response to a ramp of slope s from t = 0
				if t < 0 {
					return 0
				}
				return s * (t - tau*(1-math.Exp(-t/tau)))
			}
			return ramp(t, 1e3) + ramp(t-1e-3, -1e3) + ramp(t-3e-3, -1/7e-3)
		}
		for i, at := range tr.T {
			worst = max(worst, math.Abs(tr.X[0][i]-x(at)))
		}
		name := "explicit"
		if stiff {
			name = "stiff"
		}
		claims.Check(t, claims.Claim{
			Name: "Run, " + name + " integrator: worst error of a relaxation under ramps", Kind: claims.ClosedForm, Source: "superposition of s (t - tau (1 - exp(-t/tau)))",
			Want: 0, Got: worst, Tol: 2e-8, Absolute: true, Why: "default integration tolerance 1e-8 per step, accumulated, and dense output",
		})
	}
}

// TestRows holds the rows at the samples or at the step.
func TestRows(t *testing.T) {
	el := memristor.NewLinearDrift()
	w := device.Waveform{T: []float64{-1, 0.1, 0.2, 1.05}, U: [][]float64{{0, 0.3, -0.7, 0.9}}}
	tr := run(t, el, w, nil)
	for i := range w.T {
		if tr.T[i] != w.T[i] || tr.U[0][i] != w.U[0][i] {
			t.Errorf("row %d: %g s, %g V", i, tr.T[i], tr.U[0][i])
		}
	}
	if !tr.Complete {
		t.Error("the trace is not complete")
	}
	if tr.G[0] != 1/el.Memristance(el.X0) {
		t.Errorf("the conductance at 0 V is %g S, want %g", tr.G[0], 1/el.Memristance(el.X0))
	}
	tr = run(t, el, w, &device.Settings{Step: 0.1})
	if len(tr.T) != 21 || math.Abs(tr.T[20]-1) > 1e-12 {
		t.Errorf("%d rows to %g s, want 21 to 1 s", len(tr.T), tr.T[len(tr.T)-1])
	}
	var u [1]float64
	for i, at := range tr.T {
		if w.At(u[:], at); math.Abs(u[0]-tr.U[0][i]) > 1e-15 {
			t.Errorf("the drive at %g s is %g V, want %g", at, tr.U[0][i], u[0])
		}
	}
}

// TestPartial stops a model that turns NaN, keeps the rows before and says when.
func TestPartial(t *testing.T) {
	bad := func(x float64) float64 {
		if x > 0.5 {
			return math.NaN()
		}
		return 1
	}
	w := device.Waveform{T: []float64{0, 0.1, 0.2, 0.3, 0.4, 0.6, 1}, U: [][]float64{{1, 1, 1, 1, 1, 1, 1}}}
	for name, el := range map[string]device.Element{
		"rate":    &testElement{drives: volts, states: free, current: func(_, u []float64) float64 { return u[0] }, rate: func(x, _ []float64) float64 { return bad(x[0]) }},
		"current": &testElement{drives: volts, states: free, current: func(x, u []float64) float64 { return u[0] * bad(x[0]) }, rate: func([]float64, []float64) float64 { return 1 }},
	} {
		tr, err := device.Run(context.Background(), el, w, nil)
		var e *device.RunError
		if !errors.As(err, &e) {
			t.Fatalf("%s: error %v", name, err)
		}
		if tr == nil || tr.Complete || len(tr.T) != 5 || len(tr.X[0]) != 5 || math.Abs(tr.X[0][4]-0.4) > 1e-12 {
			t.Errorf("%s: trace %+v", name, tr)
		}
		if e.T < 0.4 || e.T > 0.6 || math.Abs(e.X[0]-e.T) > 1e-6 || !strings.Contains(err.Error(), map[string]string{"rate": "not finite", "current": "the current through the element is NaN"}[name]) || !strings.Contains(err.Error(), "x = 0.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	w, err := device.Sine(1, 1, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := device.Run(ctx, memristor.NewLinearDrift(), w, nil)
	if !errors.Is(err, context.Canceled) || tr == nil || tr.Complete || len(tr.T) > 1 {
		t.Errorf("error %v, trace of %d rows", err, len(tr.T))
	}
}

func TestRunErrors(t *testing.T) {
	ok := device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, 1}}}
	outside := memristor.NewVTEAM()
	outside.W0 = 1
	for _, c := range []struct {
		el   device.Element
		w    device.Waveform
		set  *device.Settings
		want string
	}{
		{outside, ok, nil, "w0 is 1"},
		{memristor.NewVTEAM(), device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, 1}, {0, 1}}}, nil, "the waveform has 2 drives: must have 1, v_V"},
		{memristor.NewVTEAM(), device.Waveform{T: []float64{0}, U: [][]float64{{0}}}, nil, "must be at least 2"},
		{memristor.NewVTEAM(), device.Waveform{T: []float64{0, 0}, U: [][]float64{{0, 1}}}, nil, "must increase"},
		{memristor.NewVTEAM(), device.Waveform{T: []float64{0, 1}, U: [][]float64{{0, math.NaN()}}}, nil, "must be a finite number"},
		{memristor.NewVTEAM(), ok, &device.Settings{Step: -1}, "must be > 0 s"},
		{memristor.NewVTEAM(), ok, &device.Settings{Step: 1e-12}, "must be at most"},
		{memristor.NewVTEAM(), ok, &device.Settings{Tolerance: 1}, "relative tolerance 1"},
		{memristor.NewVTEAM(), ok, &device.Settings{Env: device.Env{Temperature: -3}}, "the temperature is -3 K"},
	} {
		tr, err := device.Run(context.Background(), c.el, c.w, c.set)
		if tr != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("trace %v, error %v, want one with %q", tr, err, c.want)
		}
	}
}

// TestNoStates traces a plain resistor.
func TestNoStates(t *testing.T) {
	el := &testElement{drives: volts, current: func(_, u []float64) float64 { return u[0] / 50 }}
	tr := run(t, el, device.Waveform{T: []float64{0, 1, 2}, U: [][]float64{{0, 1, -1}}}, nil)
	if tr.Response[2] != -0.02 || math.Abs(tr.G[0]-0.02) > 1e-12 || !tr.Complete {
		t.Errorf("%+v", tr)
	}
}

// TestSampling gives the same states at the samples with any number of rows
// between, and the same when samples are put on the lines.
func TestSampling(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(r, "n")
		w := device.Waveform{U: [][]float64{nil}}
		var fine device.Waveform
		fine.U = [][]float64{nil}
		at := 0.0
		for range n {
			w.T = append(w.T, at)
			w.U[0] = append(w.U[0], rapid.Float64Range(-2, 2).Draw(r, "v"))
			at += rapid.Float64Range(1e-3, 0.2).Draw(r, "dt")
		}
		for k := range n {
			fine.T, fine.U[0] = append(fine.T, w.T[k]), append(fine.U[0], w.U[0][k])
			if k+1 < n {
				fine.T, fine.U[0] = append(fine.T, (w.T[k]+w.T[k+1])/2), append(fine.U[0], (w.U[0][k]+w.U[0][k+1])/2)
			}
		}
		m := memristor.NewLinearDrift()
		m.Window = "biolek"
		a, b := run(t, m, w, nil), run(t, m, fine, nil)
		for k := range n {
			if d := math.Abs(a.X[0][k] - b.X[0][2*k]); d > 1e-6 {
				r.Fatalf("the states in row %d differ by %g", k, d)
			}
		}
	})
}
