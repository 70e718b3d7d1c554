package ode

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestStepErrors(t *testing.T) {
	one := func(f func(t, y float64) float64) System {
		return Func(1, func(dst []float64, t float64, y []float64) { dst[0] = f(t, y[0]) })
	}
	tests := []struct {
		name   string
		sys    System
		set    Settings
		reason error
		from   float64 // where the error has to be, s
		to     float64
	}{
		{
			"NaN at once", one(func(t, y float64) float64 { return math.NaN() }), Settings{},
			ErrNotFinite, 0, 0,
		},
		{
			"infinite at once", one(func(t, y float64) float64 { return math.Inf(1) }), Settings{Upper: []float64{1}},
			ErrNotFinite, 0, 0,
		},
		{
			"NaN from t = 1", one(func(t, y float64) float64 { return math.Sqrt(1 - t) }), Settings{},
			ErrNotFinite, 0.99, 1,
		},
		{
			"NaN while held", one(func(t, y float64) float64 { return math.Sqrt(2 - t) }), Settings{Upper: []float64{1}},
			ErrNotFinite, 1.98, 2,
		},
		{
			"blow-up at t = 1", one(func(t, y float64) float64 { return y * y }), Settings{},
			ErrStepTooSmall, 0.99, 1.0001,
		},
		{
			"too many steps", one(func(t, y float64) float64 { return math.Cos(t) }), Settings{MaxStep: 1e-3, MaxSteps: 100},
			ErrTooManySteps, 0.01, 0.2,
		},
		{
			"event is NaN", one(func(t, y float64) float64 { return 1 }),
			Settings{Events: []Event{{Value: func(t float64, _ []float64) float64 { return math.Sqrt(0.5 - t) }}}},
			ErrNotFinite, 0, 5,
		},
	}
	for _, tt := range tests {
		for _, m := range methods {
			t.Run(tt.name+"/"+m.String(), func(t *testing.T) {
				s := mustNew(t, tt.sys, m, &tt.set)
				mustReset(t, s, 0, 1)
				err := s.Integrate(context.Background(), 5)
				var step *StepError
				if !errors.As(err, &step) || !errors.Is(err, tt.reason) {
					t.Fatalf("error %v, want %v", err, tt.reason)
				}
				if step.T < tt.from || step.T > tt.to || step.T != s.T() {
					t.Errorf("failed at %g s, want %g to %g s", step.T, tt.from, tt.to)
				}
				if len(step.Y) != 1 || step.Y[0] != s.State()[0] || notFinite(step.Y) >= 0 {
					t.Errorf("state %g in the error, solver at %g", step.Y, s.State())
				}
				if !strings.HasPrefix(err.Error(), "ode: ") {
					t.Errorf("error %q has no prefix", err)
				}
			})
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	sys := Func(2, func(dst []float64, _ float64, _ []float64) { clear(dst) })
	tests := []struct {
		name string
		set  Settings
		want string
	}{
		{"relative tolerance", Settings{RelTol: 1e-15}, "relative tolerance"},
		{"relative tolerance NaN", Settings{RelTol: nan}, "relative tolerance"},
		{"absolute tolerance", Settings{AbsTol: -1}, "absolute tolerance"},
		{"one of the tolerances", Settings{AbsTols: []float64{1, 0}}, "state 1"},
		{"number of tolerances", Settings{AbsTols: []float64{1}}, "1 given for 2"},
		{"initial step", Settings{InitialStep: -1}, "initial step"},
		{"largest step", Settings{MaxStep: nan}, "largest step"},
		{"number of steps", Settings{MaxSteps: -1}, "number of steps"},
		{"breakpoints", Settings{Breakpoints: []float64{1, 1}}, "breakpoint 1"},
		{"kinks", Settings{Kinks: []float64{1, inf}}, "kink 1"},
		{"number of bounds", Settings{Lower: []float64{0}}, "lower bounds"},
		{"bounds", Settings{Lower: []float64{0, 1}, Upper: []float64{1, 1}}, "state 1"},
		{"bounds NaN", Settings{Upper: []float64{nan, 1}}, "state 0"},
		{"event", Settings{Events: []Event{{}}}, "event 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(sys, DormandPrince, &tt.set); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New = %v, want an error with %q", err, tt.want)
			}
		})
	}
	if _, err := New(sys, Method(9), nil); err == nil {
		t.Error("New accepts an unknown method")
	}
	s := mustNew(t, sys, DormandPrince, &Settings{Lower: []float64{0, 0}})
	for _, y := range [][]float64{{-1, 0}, {nan, 0}, {0, inf}} {
		if s.Reset(0, y) == nil {
			t.Errorf("Reset accepts %g", y)
		}
	}
	mustReset(t, s, 1, 0, 0)
	for _, end := range []float64{0, nan, inf} {
		if s.Integrate(context.Background(), end) == nil {
			t.Errorf("Integrate accepts an end at %g s", end)
		}
	}
}

func TestCancelledContext(t *testing.T) {
	sys := Func(1, func(dst []float64, t float64, _ []float64) { dst[0] = 1 })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := mustNew(t, sys, DormandPrince, nil)
	if err := s.Integrate(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Integrate = %v, want %v", err, context.Canceled)
	}
	// The partial result stays, and the solver goes on.
	mustIntegrate(t, s, 1)
	if math.Abs(s.State()[0]-1) > 1e-12 {
		t.Errorf("y = %g, want 1", s.State()[0])
	}
}

// An error of the callback ends Trace, and Sample says how far it came.
func TestTraceStops(t *testing.T) {
	sys := Func(1, func(dst []float64, t float64, y []float64) { dst[0] = math.Sqrt(1 - t) })
	s := mustNew(t, sys, DormandPrince, nil)
	dst := make([]float64, 4)
	n, err := s.Sample(context.Background(), dst, []float64{0, 0.25, 0.5, 2})
	if n != 3 || !errors.Is(err, ErrNotFinite) {
		t.Errorf("Sample = %d, %v, want 3 and %v", n, err, ErrNotFinite)
	}
	for i, at := range []float64{0, 0.25, 0.5} {
		// ∫sqrt(1-t) = (2/3)(1 - (1-t)^(3/2)).
		if want := 2. / 3 * (1 - math.Pow(1-at, 1.5)); math.Abs(dst[i]-want) > 1e-6 {
			t.Errorf("y(%g) = %g, want %g", at, dst[i], want)
		}
	}
	stop := errors.New("enough")
	mustReset(t, s, 0, 0)
	err = s.Trace(context.Background(), []float64{0.1, 0.2}, func(int, []float64) error { return stop })
	if err != stop {
		t.Errorf("Trace = %v, want %v", err, stop)
	}
}
