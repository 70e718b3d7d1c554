package device_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// testElement is an element made of functions; its one state is named x.
type testElement struct {
	drives  []device.Variable
	states  []device.State
	current func(x, u []float64) float64
	rate    func(x, u []float64) float64
	stiff   bool
}

func (e *testElement) Info() device.Info                             { return device.Info{Name: "test"} }
func (e *testElement) Params() []device.Param                        { return nil }
func (e *testElement) Validate() error                               { return nil }
func (e *testElement) Drives() []device.Variable                     { return e.drives }
func (e *testElement) States() []device.State                        { return e.states }
func (e *testElement) Stiff() bool                                   { return e.stiff }
func (e *testElement) Response(x, u []float64, _ device.Env) float64 { return e.current(x, u) }
func (e *testElement) Derivative(dst, x, u []float64, _ device.Env) {
	dst[0] = e.rate(x, u)
}

var (
	volts = []device.Variable{device.Voltage}
	amps  = []device.Variable{device.Current}
	free  = []device.State{{Variable: device.Variable{Name: "x"}, Min: math.Inf(-1), Max: math.Inf(1), Scale: 1}}
)

func run(t testing.TB, el device.Element, w device.Waveform, set *device.Settings) *device.Trace {
	t.Helper()
	tr, err := device.Run(context.Background(), el, w, set)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestSeriesFluxCharge compares a linear drift memristor in series with a
// resistance with its closed form: R just adds to the memristance.
func TestSeriesFluxCharge(t *testing.T) {
	m := memristor.NewLinearDrift()
	const r0, rs = 11e3, 2.5e3
	w, err := device.Sine(1, 1, 1, 2000)
	if err != nil {
		t.Fatal(err)
	}
	tr := run(t, device.WithSeries(m, rs), w, nil)
	worst := 0.0
	for i, phi := range w.Integral(0) {
		total := math.Sqrt((r0+rs)*(r0+rs) - 2*(m.ROff-m.ROn)*m.K()*phi)
		worst = max(worst, math.Abs(tr.G[i]*total-1))
	}
	claims.Check(t, claims.Claim{
		Name: "linear-drift with series resistance: worst error of the conductance over a period", Kind: claims.ClosedForm,
		Source: "M + R_s = sqrt((R0+R_s)^2 - 2 (ROFF-RON) k phi)", Want: 0, Got: worst, Tol: 1e-8, Absolute: true, Why: "default integration tolerance 1e-8 per step, accumulated",
	})
}

// TestComplianceCharge limits the current: the charge, and with it the state,
// grows linearly in time.
func TestComplianceCharge(t *testing.T) {
	m := memristor.NewLinearDrift()
	const limit, span = 20e-6, 1.0
	for _, rs := range []float64{0, 3e3} {
		el := device.WithCompliance(device.WithSeries(m, rs), limit)
		w := device.Waveform{T: []float64{0, span}, U: [][]float64{{5, 5}}}
		tr := run(t, el, w, nil)
		claims.Check(t, claims.Claim{
			Name: fmt.Sprintf("linear-drift with series resistance %g ohm at a compliance of 20 uA: state after 1 s", rs), Kind: claims.ClosedForm,
			Source: "x = x0 + k I t", Want: m.X0 + m.K()*limit*span, Got: tr.X[0][1], Tol: 1e-12, Why: "constant derivative",
		})
		for i, c := range tr.Response {
			if c != limit {
				t.Errorf("the current in row %d is %g A, want %g", i, c, limit)
			}
		}
	}
}

// TestSeriesRounding solves for the inner voltage of steep and flat I-V curves
// and puts the solution back.
func TestSeriesRounding(t *testing.T) {
	curves := map[string]func(u float64) float64{
		"diode":      func(u float64) float64 { return 1e-14 * math.Expm1(u/0.025) },
		"sinh":       func(u float64) float64 { return 1e-6 * math.Sinh(u/0.05) },
		"cube":       func(u float64) float64 { return 1e-3 * u * u * u },
		"ohmic":      func(u float64) float64 { return u / 12345 },
		"source":     func(u float64) float64 { return 1e-3 * (u - 0.4) },
		"saturating": func(u float64) float64 { return 1e-4 * math.Tanh(u/0.01) },
		"open":       func(u float64) float64 { return 0 },
		"kinked":     func(u float64) float64 { return math.Max(0, u-0.3) * 1e-2 },
	}
	for name, h := range curves {
		el := &testElement{drives: volts, current: func(_, u []float64) float64 { return h(u[0]) }}
		for _, r := range []float64{0, 1e-3, 1, 50, 1e3, 1e6, 1e9} {
			for _, v := range []float64{0, 1e-9, 0.1, -0.1, 0.37, 1, -1, 2.5, 40} {
				if math.IsInf(h(v), 0) && r == 0 {
					continue
				}
				s := device.WithSeries(el, r)
				i := s.Response(nil, []float64{v}, device.Room())
				// h(v - R i) - i falls with i: it changes its sign within the rounding
				// of i, of v and of the inner voltage, which makes a current through R
				// or through the curve, whichever is less.
				inner := v - r*i
				step := 1e-7 * max(math.Abs(inner), 1e-3)
				g := (h(inner+step) - h(inner-step)) / (2 * step)
				tol := 4e-15*math.Abs(i) + 4e-16*max(math.Abs(v), math.Abs(inner))*min(g, 1/r)
				lo, hi := h(v-r*(i-tol))-(i-tol), h(v-r*(i+tol))-(i+tol)
				if !(lo >= 0 && hi <= 0) {
					t.Errorf("%s, %g ohm, %g V: current %g A leaves imbalances of %g and %g A at +-%g A", name, r, v, i, lo, hi, tol)
				}
				c := device.WithCompliance(s, 1e-5)
				if got := c.Response(nil, []float64{v}, device.Room()); math.Abs(i) <= 1e-5 && got != i || math.Abs(i) > 1e-5 && got != math.Copysign(1e-5, i) {
					t.Errorf("%s, %g ohm, %g V: limited current %g A of %g", name, r, v, got, i)
				}
			}
		}
	}
}

// TestSeriesSlope compares the slope with a difference quotient.
func TestSeriesSlope(t *testing.T) {
	el := &testElement{drives: volts, current: func(_, u []float64) float64 { return 1e-5 * math.Sinh(u[0]/0.1) }}
	for _, c := range []device.Element{el, device.WithSeries(el, 1e4), device.WithCompliance(device.WithSeries(el, 1e4), 1e-4)} {
		for _, v := range []float64{0, 0.05, -0.3, 0.9} {
			at := func(v float64) float64 { return c.Response(nil, []float64{v}, device.Room()) }
			want := (at(v+1e-6) - at(v-1e-6)) / 2e-6
			if got := device.Slope(c, nil, []float64{v}, device.Room()); math.Abs(got-want) > 1e-6*want {
				t.Errorf("%T at %g V: slope %g S, want %g", c, v, got, want)
			}
		}
	}
}

// TestCurrentDriven wraps a current-driven resistor: the resistance adds and the
// limiter cuts the drive.
func TestCurrentDriven(t *testing.T) {
	charge := []device.State{{Variable: device.Variable{Name: "q", Unit: "C"}, Min: -1, Max: 1, Scale: 1e-3}}
	el := &testElement{drives: amps, states: charge, current: func(_, u []float64) float64 { return 100 * u[0] }, rate: func(_, u []float64) float64 { return u[0] }}
	w := device.Waveform{T: []float64{0, 1, 2}, U: [][]float64{{0, 2e-3, 2e-3}}}
	tr := run(t, device.WithCompliance(device.WithSeries(el, 50), 1e-3), w, nil)
	if v := tr.Response[2]; math.Abs(v-0.15) > 1e-16 {
		t.Errorf("the voltage is %g V, want 0.15", v)
	}
	if g := tr.G[0]; math.Abs(g-1/150.0) > 1e-12 {
		t.Errorf("the conductance at no current is %g S, want 1/150", g)
	}
	if q := tr.X[0][2]; math.Abs(q-1.75e-3) > 1e-9 {
		t.Errorf("the charge is %g C, want 1.75e-3", q)
	}
	if names, _ := tr.Columns(); fmt.Sprint(names) != "[t_s i_A v_V g_S q_C]" {
		t.Errorf("columns %v", names)
	}
}

// TestSeriesMapping leaves the coordinates of a window that locks in force.
func TestSeriesMapping(t *testing.T) {
	m := memristor.NewLinearDrift()
	m.ROff, m.X0, m.Window = 5e3, 4000.0/4900, "joglekar"
	w, err := device.Sine(2, 1, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	el := device.WithCompliance(device.WithSeries(m, 10), 1)
	tr := run(t, el, w, nil)
	claims.Check(t, claims.Claim{
		Name: "linear-drift, joglekar, hard switching through 10 ohm: state after a period", Kind: claims.ClosedForm,
		Source: "x is a function of the charge, which is zero after a period", Want: m.X0, Got: tr.X[0][len(tr.T)-1], Tol: 1e-8, Why: "ln(x/(1-x)) runs to hundreds and back at a tolerance of 1e-8 relative to it",
	})
}

func TestWrapParams(t *testing.T) {
	el := device.WithCompliance(device.WithSeries(memristor.NewVTEAM(), -1), 1e-3)
	if err := device.Check(el); err == nil || err.Error() != "vteam: r_series is -1: must be >= 0 ohm" {
		t.Errorf("got %v", err)
	}
	if n := len(el.Params()); n != len(memristor.NewVTEAM().Params())+2 {
		t.Errorf("%d parameters", n)
	}
}
