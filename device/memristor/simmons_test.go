package memristor_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// TestSimmonsConstantCurrent holds the current by a limiter. Then both rates have an
// integral: with s = exp((w-a_off)/w_c - i/b) or exp((a_on-w)/w_c - |i|/b),
//
//	growing: exp(s) = exp(s0) + c t exp(-i/b)
//	falling: Ei(s) - exp(s)/s grows by c t exp(|i|/b).
func TestSimmonsConstantCurrent(t *testing.T) {
	const wc, b = 107e-12, 500e-6
	for _, c := range []struct{ v, limit, from, to float64 }{
		{1.3, 0.3e-3, 1.25e-9, 1.35e-9}, {1.5, 0.5e-3, 1.3e-9, 1.55e-9}, {1.5, 0.8e-3, 1.3e-9, 1.5e-9},
		{-1.3, 0.1e-3, 1.7e-9, 1.6e-9}, {-1.5, 0.2e-3, 1.6e-9, 1.45e-9}, {-1.5, 0.3e-3, 1.5e-9, 1.4e-9},
	} {
		m := memristor.NewSimmons()
		m.W0, m.RateMax = c.from, 1e300
		shift := c.limit / b
		var time float64
		if c.v > 0 {
			rate := 3.5e-6 * math.Sinh(c.limit/115e-6) / wc * math.Exp(-1.2e-9/wc)
			s := func(w float64) float64 { return math.Exp((w-1.2e-9)/wc - shift) }
			time = (math.Exp(s(c.to)) - math.Exp(s(c.from))) * math.Exp(shift) / rate
		} else {
			rate := 40e-6 * math.Sinh(c.limit/8.9e-6) / wc * math.Exp(-1.8e-9/wc)
			f := func(w float64) float64 {
				s := math.Exp((1.8e-9-w)/wc - shift)
				return ei(s) - math.Exp(s)/s
			}
			time = (f(c.to) - f(c.from)) * math.Exp(-shift) / rate
		}
		el := device.WithCompliance(m, c.limit)
		tr := run(t, el, device.Waveform{T: []float64{0, time}, U: [][]float64{{c.v, c.v}}}, nil)
		if i := math.Abs(tr.Response[1]); i != c.limit {
			t.Errorf("%g V: the current is %g A, the limit %g A", c.v, i, c.limit)
		}
		check(t, claims.Claim{
			Name: fmt.Sprintf("simmons: gap driven from %g to %g nm by %+g mA", c.from*1e9, c.to*1e9, math.Copysign(c.limit*1e3, c.v)), Kind: claims.ClosedForm,
			Source: "integral of the rate of Pickett et al., doi:10.1063/1.3236506, at constant current: exp(s) = exp(s0) + c t exp(-i/b) growing, exponential integrals falling", Unit: "m", Want: c.to, Got: tr.X[0][1], Tol: 1e-8, Why: "default integration tolerance 1e-8 of w_c per step",
		})
	}
}

// TestSimmonsBalance puts the solved gap voltage back into the loop equation.
func TestSimmonsBalance(t *testing.T) {
	m := memristor.NewSimmons()
	bare := memristor.NewSimmons()
	bare.RS = 0
	for _, w := range []float64{1.2e-9, 1.4e-9, 1.8e-9} {
		for _, v := range []float64{-1.4, -0.3, 1e-6, 0.05, 0.7, 1.4, 5} {
			vg := m.GapVoltage(w, v)
			i := bare.Response([]float64{w}, []float64{vg}, device.Room())
			if math.Abs(vg+m.RS*i-v) > 1e-13*math.Abs(v) {
				t.Errorf("%g m, %g V: vg = %g V leaves %g V", w, v, vg, vg+m.RS*i-v)
			}
			if got := m.Response([]float64{w}, []float64{v}, device.Room()); math.Abs(got/i-1) > 1e-9 {
				t.Errorf("%g m, %g V: the current is %g A, through the gap %g A", w, v, got, i)
			}
		}
	}
}

// TestSimmonsEnds drives the barrier to its end: an error with time and state, the
// rows before kept; a limiter prevents it.
func TestSimmonsEnds(t *testing.T) {
	m := memristor.NewSimmons()
	w := sine(t, 2, 1, 1, 100)
	tr, err := device.Run(context.Background(), m, w, nil)
	var e *device.RunError
	if !errors.As(err, &e) || tr == nil || tr.Complete || len(tr.T) < 10 || len(tr.T) > 95 {
		t.Fatalf("error %v", err)
	}
	if e.T <= tr.T[len(tr.T)-1] || !strings.Contains(err.Error(), "simmons: at t = 0.") || !strings.Contains(err.Error(), "m: the gap's voltage is") {
		t.Errorf("%v", err)
	}
	for _, el := range []device.Element{device.WithCompliance(m, 1e-3), device.WithCompliance(device.WithSeries(m, 100), 1e-3)} {
		if tr := run(t, el, w, nil); !tr.Complete {
			t.Error("the trace is not complete")
		}
	}
	for want, change := range map[string]func(m *memristor.Simmons){
		"simmons: w0 is 2e-09: must be from w_min, 1.2e-09, to w_max, 1.8e-09":    func(m *memristor.Simmons) { m.W0 = 2e-9 },
		"simmons: w_min is 5e-10 m: must be a gap with a tunnel exponent above 2": func(m *memristor.Simmons) { m.WMin = 0.5e-9 },
		"simmons: w_c is 0: must be > 0 m":                                        func(m *memristor.Simmons) { m.WC = 0 },
		"simmons: w_min is 1.8e-09 m: must be below w_max, 1.8e-09 m":             func(m *memristor.Simmons) { m.WMin = 1.8e-9 },
		"simmons: polarity is 0: must be 1 or -1":                                 func(m *memristor.Simmons) { m.Polarity = 0 },
	} {
		m := memristor.NewSimmons()
		change(m)
		if err := device.Check(m); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestBeyondValidity stops where a voltage drives the data-driven model to a
// resistance below zero, and checks the parameters of the others.
func TestBeyondValidity(t *testing.T) {
	tr, err := device.Run(context.Background(), memristor.NewMessaris(), sine(t, 1.3, 10, 1, 100), nil)
	if err == nil || tr.Complete || !strings.Contains(err.Error(), "ohm: the voltage -1.2") || !strings.Contains(err.Error(), "must be > 0 ohm") {
		t.Errorf("error %v", err)
	}
	for _, c := range []struct {
		m    device.Model
		set  func(device.Model)
		want string
	}{
		{memristor.NewNonlinearDrift(), func(m device.Model) { m.(*memristor.NonlinearDrift).M = 4 }, "nonlinear-drift: m is 4: must be odd"},
		{memristor.NewNonlinearDrift(), func(m device.Model) { m.(*memristor.NonlinearDrift).W0 = 1.5 }, "nonlinear-drift: w0 is 1.5: must be from 0 to 1"},
		{memristor.NewTEAM(), func(m device.Model) { m.(*memristor.TEAM).IOn = 1 }, "team: i_on is 1: must be < 0 A"},
		{memristor.NewTEAM(), func(m device.Model) { m.(*memristor.TEAM).W0 = 2e-9 }, "team: w0 is 2e-09: must be from w_on, 1.2e-09, to w_off, 1.8e-09"},
		{memristor.NewYakopcic(), func(m device.Model) { m.(*memristor.Yakopcic).Eta = 0 }, "yakopcic: eta is 0: must be 1 or -1"},
		{memristor.NewYakopcic(), func(m device.Model) { m.(*memristor.Yakopcic).XP = 1 }, "yakopcic: x_p is 1: must be > 0 and < 1"},
		{memristor.NewMessaris(), func(m device.Model) { m.(*memristor.Messaris).Eta = -1 }, "messaris: rate_p is 743.47 ohm/s: must have the sign of eta, -1"},
		{memristor.NewMessaris(), func(m device.Model) { m.(*memristor.Messaris).R0 = 1 }, "messaris: r0 is 1: must be from r_min, 10000, to r_max, 17000"},
		{memristor.NewStrachan(), func(m device.Model) { m.(*memristor.Strachan).X0 = -1 }, "strachan: x0 is -1: must be from 0 to 1"},
		{memristor.NewStrachan(), func(m device.Model) { m.(*memristor.Strachan).SigmaP = math.NaN() }, "strachan: sigma_p is NaN: must be > 0 W"},
	} {
		c.set(c.m)
		if err := device.Check(c.m); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
