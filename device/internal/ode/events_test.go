package ode

import (
	"math"
	"testing"
)

func TestHarmonicOscillatorEvents(t *testing.T) {
	osc := Func(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = y[1], -y[0] })
	zero := func(_ float64, y []float64) float64 { return y[0] }
	for _, m := range methods {
		s := mustNew(t, osc, m, &Settings{
			RelTol: 1e-12, AbsTol: 1e-13,
			Events: []Event{{Value: zero}, {Value: zero, Direction: Rising}, {Value: zero, Direction: Falling}},
		})
		mustReset(t, s, 0, 1, 0)
		mustIntegrate(t, s, 20)
		var times [3][]float64
		for _, h := range s.Hits() {
			times[h.Event] = append(times[h.Event], h.T)
		}
		// cos t vanishes at π/2 + kπ, falling first.
		for k, got := range times[0] {
			if e := math.Abs(got - (float64(k)+0.5)*math.Pi); e > 1e-10 {
				t.Errorf("%v: zero %d at %.14g, off by %g", m, k, got, e)
			}
		}
		if len(times[0]) != 6 || len(times[1]) != 3 || len(times[2]) != 3 {
			t.Fatalf("%v: %d zeros, %d rising, %d falling, want 6, 3, 3", m, len(times[0]), len(times[1]), len(times[2]))
		}
		for k := range 3 {
			if times[2][k] != times[0][2*k] || times[1][k] != times[0][2*k+1] {
				t.Errorf("%v: directions are mixed up in period %d", m, k)
			}
		}
	}
}

// A ball thrown up at v from height 0 with drag-free gravity g lands at 2v/g with
// velocity -v; it is thrown again from there.
func TestTerminalEventAndRestart(t *testing.T) {
	const g, v = 9.81, 12.0
	ball := Func(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = y[1], -g })
	for _, m := range methods {
		s := mustNew(t, ball, m, &Settings{
			RelTol: 1e-11, AbsTol: 1e-11,
			Events: []Event{{Value: func(_ float64, y []float64) float64 { return y[0] }, Direction: Falling, Terminal: true}},
		})
		mustReset(t, s, 0, 0, v)
		mustIntegrate(t, s, 100)
		if !s.Terminated() {
			t.Fatalf("%v: no landing", m)
		}
		if e := math.Abs(s.T() - 2*v/g); e > 1e-10 {
			t.Errorf("%v: lands at %.13g s, want %.13g s", m, s.T(), 2*v/g)
		}
		if e := math.Abs(s.State()[1] + v); e > 1e-9 {
			t.Errorf("%v: lands at %.12g m/s, want %g m/s", m, s.State()[1], -v)
		}
		// Going on from the event must not find the same one again.
		at := s.T()
		mustIntegrate(t, s, at+1)
		if s.Terminated() || s.T() != at+1 {
			t.Errorf("%v: stopped again at %g s", m, s.T())
		}
		want := -v - g/2
		if e := math.Abs(s.State()[0] - want); e > 1e-8 {
			t.Errorf("%v: y = %.12g m one second later, want %.12g m", m, s.State()[0], want)
		}
	}
}

// Stopping at each zero of an oscillator and going on leaves its accuracy alone.
func TestGoingOnFromTerminalEvents(t *testing.T) {
	osc := Func(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = y[1], -y[0] })
	for _, m := range methods {
		s := mustNew(t, osc, m, &Settings{
			RelTol: 1e-11, AbsTol: 1e-11,
			Events: []Event{{Value: func(_ float64, y []float64) float64 { return y[0] }, Terminal: true}},
		})
		mustReset(t, s, 0, 1, 0)
		stops := 0
		for s.T() < 20 {
			mustIntegrate(t, s, 20)
			if s.Terminated() {
				stops++
			}
		}
		if stops != 6 {
			t.Errorf("%v: %d stops, want 6", m, stops)
		}
		if e := math.Hypot(s.State()[0]-math.Cos(20), s.State()[1]+math.Sin(20)); e > 1e-8 {
			t.Errorf("%v: error %g after six stops", m, e)
		}
		// A derivative left from the end of the cut step would cost rejections.
		if n := s.Stats().Rejected; n > 3 {
			t.Errorf("%v: %d steps rejected, want at most 3", m, n)
		}
	}
}

// Several events of one step come in order of time, and none after a terminal one.
func TestEventsInOneStepAreOrdered(t *testing.T) {
	line := Func(1, func(dst []float64, _ float64, _ []float64) { dst[0] = 1 })
	level := func(c float64, terminal bool) Event {
		return Event{Value: func(_ float64, y []float64) float64 { return y[0] - c }, Terminal: terminal}
	}
	s := mustNew(t, line, DormandPrince, &Settings{
		InitialStep: 10,
		Events:      []Event{level(3.5, false), level(3.1, false), level(3.6, true), level(3.7, false)},
	})
	mustReset(t, s, 0, 0)
	mustIntegrate(t, s, 10)
	var got []int
	for _, h := range s.Hits() {
		got = append(got, h.Event)
		if math.Abs(h.Y[0]-h.T) > 1e-14 {
			t.Errorf("event %d at %g has state %g", h.Event, h.T, h.Y[0])
		}
	}
	if len(got) != 3 || got[0] != 1 || got[1] != 0 || got[2] != 2 {
		t.Errorf("events %v, want [1 0 2]", got)
	}
	if math.Abs(s.T()-3.6) > 1e-14 {
		t.Errorf("stopped at %.17g, want 3.6", s.T())
	}
}

func TestCrossing(t *testing.T) {
	tests := []struct {
		name string
		g    func(float64) float64
		a, b float64
		want float64
	}{
		{"cubic", func(x float64) float64 { return x*x*x - 2 }, 0, 2, math.Cbrt(2)},
		{"steep", func(x float64) float64 { return math.Exp(50*x) - 1e10 }, 0, 1, math.Log(1e10) / 50},
		{"flat", func(x float64) float64 { return math.Pow(x-0.3, 9) }, 0, 1, 0.3},
		{"step", func(x float64) float64 { return math.Copysign(1, x-0.123456789) }, 0, 1, 0.123456789},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls := 0
			g := func(x float64) float64 { calls++; return tt.g(x) }
			x := crossing(g, tt.a, tt.b, tt.g(tt.a), tt.g(tt.b), 1e-15)
			if math.Abs(x-tt.want) > 2e-15*8 && math.Abs(tt.g(x)) > 1e-120 {
				t.Errorf("crossing = %.17g, want %.17g", x, tt.want)
			}
			if calls > 160 {
				t.Errorf("%d calls, want at most 160", calls)
			}
		})
	}
}
