package memristor_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
	"mho/noise"
)

const (
	stanfordSource = "equations of Jiang et al., doi:10.1109/TED.2016.2545412, version 1.0 parameters"
	stanfordScipy  = stanfordSource + ", integrated by a converged SciPy program"
)

func constant(v, span float64) device.Waveform {
	return device.Waveform{T: []float64{0, span}, U: [][]float64{{v, v}}}
}

// crossing returns the time at which x first passes a level, by the line between rows.
func crossing(t *testing.T, times, x []float64, level float64) float64 {
	t.Helper()
	for i := 1; i < len(x); i++ {
		if (x[i-1]-level)*(x[i]-level) <= 0 && x[i] != x[i-1] {
			return times[i-1] + (level-x[i-1])/(x[i]-x[i-1])*(times[i]-times[i-1])
		}
	}
	t.Fatalf("%g is never passed: from %g to %g", level, x[0], x[len(x)-1])
	return 0
}

// TestStanfordCurrent compares with the currents that the manual's figure shows.
func TestStanfordCurrent(t *testing.T) {
	m := memristor.NewStanfordPKU()
	for v, want := range map[float64]float64{1.8: 0.300, -1.3: -0.041} {
		got := m.Response([]float64{0.2e-9}, []float64{v}, device.RoomOf(m))
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: current at %+g V and a gap of 0.2 nm", v), Kind: claims.Published, Source: "manual of the model of Jiang et al., doi:10.4231/D37H1DN48, figure 4", Unit: "A", Want: want, Got: got, Tol: 0.01, Why: "read off the figure to two digits"})
	}
}

// TestStanfordPulses compares RESET and SET pulses with SciPy's.
func TestStanfordPulses(t *testing.T) {
	m := memristor.NewStanfordPKU()
	m.GapMax, m.Gap0 = 1.9e-9, 0.2e-9
	tr := run(t, m, constant(-1.3, 100e-9), &device.Settings{Step: 10e-9})
	for row, want := range map[int]float64{1: 15.38e-3, 2: 9.16e-3, 5: 3.54e-3, 10: 1.455e-3} {
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: current after %d0 ns at -1.3 V from 0.2 nm", row), Kind: claims.IndependentSolver, Source: stanfordScipy, Unit: "A", Want: -want, Got: tr.Response[row], Tol: 1e-3, Why: "digits of the reference"})
	}
	check(t, claims.Claim{Name: "stanford-pku: gap after 100 ns at -1.3 V", Kind: claims.IndependentSolver, Source: stanfordScipy, Unit: "m", Want: 1.033e-9, Got: tr.X[0][10], Tol: 5e-4, Why: "digits of the reference"})
	for gap, want := range map[float64]float64{1.7e-9: 6.79e-9, 1.8e-9: 17.33e-9, 1.9e-9: 50.9e-9} {
		m.Gap0 = gap
		tr := run(t, m, constant(1.8, 1.2*want), &device.Settings{Step: want / 2000})
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: time to SET at 1.8 V from a gap of %.1f nm", gap*1e9), Kind: claims.IndependentSolver, Source: stanfordScipy, Unit: "s", Want: want, Got: crossing(t, tr.T, tr.X[0], 0.2001e-9), Tol: 1.5e-3, Why: "three digits of the reference"})
	}
}

// TestStanfordSweeps compares slow sweeps with SciPy's.
func TestStanfordSweeps(t *testing.T) {
	m := memristor.NewStanfordPKU()
	m.GapMax, m.Gap0 = 1.8e-9, 1.8e-9
	sweep := func(v float64) *device.Trace {
		return run(t, m, device.Waveform{T: []float64{0, 4e-3}, U: [][]float64{{0, v}}}, &device.Settings{Step: 1e-6})
	}
	tr := sweep(2)
	set := 500 * crossing(t, tr.T, tr.X[0], 1e-9)
	m.Gap0 = 0.2e-9
	tr = sweep(-2)
	peak := 0
	for i, x := range tr.Response {
		if x < tr.Response[peak] {
			peak = i
		}
	}
	for _, c := range []struct {
		what, unit     string
		kind           claims.Kind
		source         string
		want, got, tol float64
		why            string
	}{
		{"voltage of SET in a sweep of 2 V in 4 ms from 1.8 nm", "V", claims.ClosedForm, "f_min t_ox/(gamma0 - beta (gap/1nm)^alpha): it begins where the field suffices", 1.4e9 * 12e-9 / (16 - 0.8*1.8*1.8*1.8), set, 1e-3, "the width of f_min, a thousandth"},
		{"largest current of RESET in a sweep of -2 V in 4 ms", "A", claims.IndependentSolver, stanfordScipy, -14.98e-3, tr.Response[peak], 5e-4, "digits of the reference"},
		{"voltage of that current", "V", claims.IndependentSolver, stanfordScipy, -1.05, tr.U[0][peak], 5e-3, "digits of the reference"},
		{"voltage at which the gap of RESET passes 1 nm", "V", claims.ClosedForm, "f_min t_ox/(gamma0 - beta (gap/1nm)^alpha): the gap follows its plateau", -1.4e9 * 12e-9 / 15.2, -500 * crossing(t, tr.T, tr.X[0], 1e-9), 1e-3, "the width of f_min, a thousandth"},
		{"gap at the end of RESET", "m", claims.IndependentSolver, stanfordScipy, 1.8e-9, tr.X[0][len(tr.T)-1], 1e-12, "it rests on its bound"},
	} {
		check(t, claims.Claim{Name: "stanford-pku: " + c.what, Kind: c.kind, Source: c.source, Unit: c.unit, Want: c.want, Got: c.got, Tol: c.tol, Why: c.why})
	}
}

// plateau is the gap in m at which RESET stops.
func plateau(v float64) float64 {
	return math.Cbrt((16-1.4e9*12e-9/math.Abs(v))/0.8) * 1e-9
}

// TestStanfordPlateau holds RESET where the field falls below its least value, and
// lets the gap follow that value as the voltage rises.
func TestStanfordPlateau(t *testing.T) {
	m := memristor.NewStanfordPKU()
	m.Gap0 = 0.2e-9
	for _, v := range []float64{-1.1, -1.2, -1.3} {
		tr := run(t, m, constant(v, 10), nil)
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: gap at which RESET stops at %g V", v), Kind: claims.ClosedForm, Source: "gap = ((gamma0 - f_min t_ox/|v|)/beta)^(1/alpha)", Unit: "m", Want: plateau(v), Got: tr.X[0][1], Tol: 2e-3, Why: "the last thousandth above f_min is slowed down"})
		if tr.X[0][1] > plateau(v)*(1+1e-7) { // the integration's tolerance
			t.Errorf("%g V: the gap %g m is beyond its plateau %g m", v, tr.X[0][1], plateau(v))
		}
	}
	tr := run(t, m, device.Waveform{T: []float64{0, 1}, U: [][]float64{{-1.1, -1.3}}}, &device.Settings{Step: 0.01})
	worst := 0.0
	for i := 1; i < len(tr.T); i++ {
		worst = max(worst, math.Abs(tr.X[0][i]/plateau(tr.U[0][i])-1))
	}
	check(t, claims.Claim{Name: "stanford-pku: worst distance of the gap from its plateau in a ramp of -1.1 to -1.3 V in 1 s", Kind: claims.ClosedForm, Source: "gap = ((gamma0 - f_min t_ox/|v|)/beta)^(1/alpha)", Want: 0, Got: worst, Tol: 4e-3, Absolute: true, Why: "the rate falls over a thousandth of f_min"})
}

// velocity is d gap/dt in m/s, written for this test; it knows no FMin.
func velocity(m *memristor.StanfordPKU, gap, v, ambient float64) float64 {
	const k, q = 1.380649e-23, 1.602176634e-19
	i := m.I0 * math.Exp(-gap/m.G0) * math.Sinh(v/m.V0)
	kT := k * (ambient + math.Abs(v*i)*m.RTh)
	gamma, beta := m.GammaSet, m.BetaSet
	if v < 0 {
		gamma, beta = m.GammaReset, m.BetaReset
	}
	gamma -= beta * math.Pow(gap*1e9, m.Alpha)
	s := gamma * m.A0 / m.TOx * q * v / kT
	return -m.Vel0 / 2 * (math.Exp(-m.EaSet/kT+s) - math.Exp(-m.EaReset/kT-s))
}

// TestStanfordQuadrature compares every published set with the time that the gap
// takes at constant voltage, the integral of d gap/velocity.
func TestStanfordQuadrature(t *testing.T) {
	sets := 0
	for _, e := range memristor.Models() {
		m, ok := e.New().(*memristor.StanfordPKU)
		if !ok {
			continue
		}
		sets++
		for _, v := range []float64{1.2, -1.2} {
			from, to := 0.9*m.GapMax, 0.3*m.GapMax
			if v < 0 {
				from, to = to, from
			}
			if m.FMin > 0 { // where the field exceeds it
				v *= 1.5
				from, to = 1.1e-9, 0.4e-9
				if v < 0 {
					from, to = to, from
				}
			}
			const n = 4000
			h, exact := (to-from)/n, 0.0
			f := func(gap float64) float64 { return 1 / velocity(m, gap, v, m.T0) }
			for i := range n {
				a := from + float64(i)*h
				exact += h / 6 * (f(a) + 4*f(a+h/2) + f(a+h))
			}
			m.Gap0 = from
			tr := run(t, m, constant(v, exact), nil)
			check(t, claims.Claim{Name: fmt.Sprintf("%s: time of the gap from %.3g to %.3g nm at %+g V", e.Name, from*1e9, to*1e9, v), Kind: claims.ClosedForm, Source: "t = integral of d gap/velocity by Simpson's rule", Unit: "s",
				Want: exact, Got: exact + (to-tr.X[0][1])/velocity(m, to, v, m.T0), Tol: 2e-6, Why: "integration tolerance 1e-8 per step; the time is that at the end of the trace and the velocity there"})
		}
	}
	if sets != 5 {
		t.Fatalf("%d sets, want 5", sets)
	}
}

// gaps returns the gap at the end of n paths.
func gaps(t *testing.T, m *memristor.StanfordPKU, n int, w device.Waveform, step float64) []float64 {
	t.Helper()
	x := make([]float64, n)
	for i := range x {
		tr := run(t, m, w, &device.Settings{Key: noise.NewKey(11).Fold(uint64(i)), Step: step})
		x[i] = tr.X[0][len(tr.T)-1]
	}
	return x
}

// TestStanfordDiffusion compares the spread of a gap at rest with that of a
// Wiener process, whatever the step, and the spread of the resistance with it.
func TestStanfordDiffusion(t *testing.T) {
	m := memristor.NewStanfordPKU()
	m.Variations, m.Gap0 = true, 0.95e-9
	const n, span = 1500, 10e-9
	want := 0.02 * 1e-9 / (1 + math.Exp((450.0-298)/500)) * math.Sqrt(span/1e-9)
	for _, step := range []float64{10e-9, 0.25e-9} {
		x := gaps(t, m, n, constant(0, span), step)
		mean, sigma := stat.MeanStdDev(x, nil)
		source := "sigma = delta_gap sqrt(t dt_ref)/(1 + exp((t_crit - T)/t_smth))"
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: spread of the gap after 10 ns at rest, rows every %g ns", step*1e9), Kind: claims.ClosedForm, Source: source, Unit: "m", Want: want, Got: sigma, Tol: 5 / math.Sqrt(2*n), Why: "5 standard errors of 1500 paths"})
		check(t, claims.Claim{Name: fmt.Sprintf("stanford-pku: mean gap after 10 ns at rest, rows every %g ns", step*1e9), Kind: claims.ClosedForm, Source: source, Unit: "m", Want: 0.95e-9, Got: mean, Tol: 5 * want / math.Sqrt(n), Absolute: true, Why: "5 standard errors of 1500 paths"})
		if step > 1e-9 {
			continue
		}
		for i, gap := range x {
			x[i] = -math.Log(m.Response([]float64{gap}, []float64{0.1}, device.RoomOf(m)))
		}
		check(t, claims.Claim{Name: "stanford-pku: spread of ln R after 10 ns at rest", Kind: claims.ClosedForm, Source: "sigma(ln R) = sigma(gap)/g0", Want: want / m.G0, Got: stat.StdDev(x, nil), Tol: 5 / math.Sqrt(2*n), Why: "5 standard errors of 1500 paths"})
	}
}

// TestStanfordRunaway compares the share of noisy devices that have SET, in the
// middle of the runaway, with plain Euler steps.
func TestStanfordRunaway(t *testing.T) {
	m := memristor.NewStanfordPKU()
	m.Variations = true
	const n, v, span, dt = 600, 1.8, 7e-9, 2e-12
	share := func(x []float64) float64 {
		on := 0.0
		for _, gap := range x {
			if gap < 0.8e-9 {
				on++
			}
		}
		return on / float64(len(x))
	}
	ours := share(gaps(t, m, n, constant(v, span), 0))
	x := make([]float64, n)
	key := noise.NewKey(5)
	z := make([]float64, int(math.Round(span/dt)))
	for i := range x {
		key.Normal(z, noise.At{Row: uint32(i)})
		gap := m.Gap0
		for _, r := range z {
			temperature := 298 + m.RTh*v*1e-3*math.Exp(-gap/0.25e-9)*math.Sinh(v/0.25)
			gap += velocity(m, gap, v, 298)*dt + 0.02*math.Sqrt(dt*1e-9)*r/(1+math.Exp((450-temperature)/500))
			if gap < 0.2e-9 {
				gap = 0.4e-9 - gap
			}
			gap = min(gap, 1.7e-9)
		}
		x[i] = gap
	}
	euler := share(x)
	if euler < 0.2 || euler > 0.8 {
		t.Fatalf("a share of %g has switched: tells nothing", euler)
	}
	check(t, claims.Claim{Name: "stanford-pku, variations: share of devices SET after 7 ns at 1.8 V", Kind: claims.IndependentSolver, Source: "600 paths by Euler and Maruyama's method, steps of 2 ps", Want: euler, Got: ours, Tol: 5 * math.Sqrt(2*0.25/n), Absolute: true, Why: "5 standard errors of 600 paths each"})
}

// TestStanfordRange ends a trace where the filament is hotter than anything solid.
func TestStanfordRange(t *testing.T) {
	m := memristor.NewStanfordPKU()
	tr, err := device.Run(context.Background(), m, device.Waveform{T: []float64{0, 1e-3}, U: [][]float64{{0, 4}}}, &device.Settings{Step: 1e-6})
	var fail *device.RunError
	if !errors.As(err, &fail) || tr == nil || tr.Complete || !strings.Contains(err.Error(), "must be at most 5000 K") {
		t.Fatalf("got %v", err)
	}
	last := len(tr.T) - 1
	if got := m.Temperature([]float64{tr.X[0][last]}, []float64{tr.U[0][last]}, device.RoomOf(m)); got > 5000 || got < 4500 || fail.T <= tr.T[last] {
		t.Errorf("the trace ends at %g K at %g s, the error is at %g s", got, tr.T[last], fail.T)
	}
	limited := run(t, device.WithCompliance(m, 1e-3), device.Waveform{T: []float64{0, 1e-3}, U: [][]float64{{0, 4}}}, nil)
	if limited.Response[1] != 1e-3 {
		t.Errorf("under compliance the current is %g A", limited.Response[1])
	}
}
