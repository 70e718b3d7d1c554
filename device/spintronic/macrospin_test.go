package spintronic_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/device/catalog"
	"mho/device/spintronic"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

const (
	gamma = 1.76085963023e11 // rad/(s T)
	kB    = 1.380649e-23     // J/K
	exact = "the adaptive integrator's tolerance per step"
)

func check(t *testing.T, name string, kind claims.Kind, source, unit string, want, got, tol float64, why string) {
	t.Helper()
	claims.Check(t, claims.Claim{Name: name, Kind: kind, Source: source, Unit: unit, Want: want, Got: got, Tol: tol, Why: why})
}

func run(t *testing.T, el device.Element, w device.Waveform, set *device.Settings) *device.Trace {
	t.Helper()
	tr, err := device.Run(context.Background(), el, w, set)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// isotropic returns a sphere without anisotropy.
func isotropic() *spintronic.Macrospin {
	m := spintronic.NewMacrospin()
	m.Ki, m.Ku, m.DemagX, m.DemagY = 0, 0, 1.0/3, 1.0/3
	return m
}

// uniaxial returns a sphere with an anisotropy field bk along z, of the stability delta at 300 K.
func uniaxial(bk, delta float64) *spintronic.Macrospin {
	m := isotropic()
	m.Ms = 8e5
	m.Thickness, m.Diameter = 1e-9, 20e-9
	m.Ku = bk * m.Ms / 2
	volume := delta * kB * 300 / m.Ku
	m.Thickness = volume / m.Area()
	return m
}

func still(time float64, drives ...float64) device.Waveform {
	w := device.Waveform{T: []float64{0, time}}
	for _, d := range drives {
		w.U = append(w.U, []float64{d, d})
	}
	return w
}

// TestLarmor follows the precession around a field.
func TestLarmor(t *testing.T) {
	const source = "theta = 2 atan(tan(theta0/2) exp(-alpha gamma B t/(1+alpha^2))), phi = gamma B t/(1+alpha^2) of the Landau-Lifshitz-Gilbert equation"
	for _, c := range []struct{ b, alpha, degrees, time float64 }{{1, 0.01, 10, 1e-9}, {0.2, 0.1, 170, 2e-9}} {
		m := isotropic()
		m.Bz, m.Alpha = c.b, c.alpha
		theta0 := c.degrees * math.Pi / 180
		m.Mx0, m.My0, m.Mz0 = math.Sin(theta0), 0, math.Cos(theta0)
		tr := run(t, m, still(c.time, 0), &device.Settings{Tolerance: 1e-10, Step: c.time / 4000})
		n := len(tr.T) - 1
		turns := 0.0
		for k := 1; k <= n; k++ {
			d := math.Atan2(tr.X[1][k], tr.X[0][k]) - math.Atan2(tr.X[1][k-1], tr.X[0][k-1])
			turns += d - 2*math.Pi*math.Round(d/(2*math.Pi))
		}
		rate := gamma * c.b / (1 + c.alpha*c.alpha)
		theta := 2 * math.Atan(math.Tan(theta0/2)*math.Exp(-c.alpha*rate*c.time))
		got := math.Atan2(math.Hypot(tr.X[0][n], tr.X[1][n]), tr.X[2][n])
		label := fmt.Sprintf("%g T, alpha = %g, from %g degrees after %g s", c.b, c.alpha, c.degrees, c.time)
		check(t, "macrospin: polar angle, "+label, claims.ClosedForm, source, "rad", theta, got, 1e-6, exact)
		check(t, "macrospin: angle of precession, "+label, claims.ClosedForm, source, "rad", rate*c.time, turns, 1e-6, exact)
		for k := range tr.T {
			if l := math.Sqrt(tr.X[0][k]*tr.X[0][k] + tr.X[1][k]*tr.X[1][k] + tr.X[2][k]*tr.X[2][k]); math.Abs(l-1) > 1e-14 {
				t.Fatalf("|m| = %g in row %d", l, k)
			}
		}
	}
}

// TestDerived compares derived quantities of the published sets with what was worked out by hand from them.
func TestDerived(t *testing.T) {
	for _, c := range []struct {
		name      string
		bk, delta float64
	}{{"macrospin/ut-sot", 63.7e-3, 19.9}, {"macrospin/vgsot", 0.186, 30.4}} {
		m := preset(t, c.name)
		const source = "Bk = 2 (Ki/t - mu0 Ms^2 (Nz - Nx)/2)/Ms and Delta = Bk Ms V/2kT by hand from the published set"
		check(t, c.name+": anisotropy field", claims.ClosedForm, source, "T", c.bk, m.AnisotropyField(0), 2e-3, "three digits")
		check(t, c.name+": thermal stability at 300 K", claims.ClosedForm, source, "", c.delta, m.Stability(300), 2.6e-3, "three digits")
	}
}

func preset(t *testing.T, name string) *spintronic.Macrospin {
	t.Helper()
	m, err := catalog.New(name)
	if err != nil {
		t.Fatal(err)
	}
	return m.(*spintronic.Macrospin)
}

// currentDriven returns a macrospin that takes i times its critical current at 1 V whatever its angle.
func currentDriven(m *spintronic.Macrospin, i float64) *spintronic.Macrospin {
	m.TMR, m.Xi = 0, 0
	m.RA = m.Area() / (i * m.CriticalCurrent())
	return m
}

// TestCriticalCurrent finds the current at which the state gives way, and how long it takes above.
func TestCriticalCurrent(t *testing.T) {
	// The deviation from the easy axis grows as exp(αγB(i-1)t): at i = 1 it stays.
	growth := func(m *spintronic.Macrospin, i float64) float64 {
		currentDriven(m, i)
		const small = 1e-3
		m.Mx0, m.My0, m.Mz0 = small, 0, -1
		if m.Easy == spintronic.InPlane {
			m.Mx0, m.My0, m.Mz0 = -1, 0, small
		}
		tr := run(t, m, still(20*m.TimeScale(), 1), &device.Settings{Step: 0.02 * m.TimeScale(), Tolerance: 1e-10})
		deviation := func(from, to int) float64 {
			sum, weights := 0.0, 0.0 // weighted smoothly, as the precession is elliptic
			for k := from; k < to; k++ {
				w := math.Pow(math.Sin(math.Pi*float64(k-from)/float64(to-from)), 2)
				e := tr.X[2][k]
				if m.Easy == spintronic.InPlane {
					e = tr.X[0][k]
				}
				sum, weights = sum+w*math.Log(2*(1-math.Abs(e))), weights+w
			}
			return sum / weights / 2
		}
		return (deviation(550, 600) - deviation(350, 400)) / 4 // per τ
	}
	inPlane := func() *spintronic.Macrospin {
		m := spintronic.NewMacrospin()
		m.Easy, m.Ki, m.Ms, m.DemagX, m.DemagY, m.Thickness = spintronic.InPlane, 0, 8e5, 0.03, 0.05, 2e-9
		return m
	}
	for name, make := range map[string]func() *spintronic.Macrospin{"perpendicular": spintronic.NewMacrospin, "in the plane": inPlane} {
		// The growth rate is linear in i: its zero is the critical current.
		lo, hi := growth(make(), 0.95), growth(make(), 1.05)
		zero := 0.95 - 0.1*lo/(hi-lo)
		check(t, "macrospin: critical current over Ic0, "+name, claims.ClosedForm, "Ic0 of Sun, doi:10.1103/PhysRevB.62.570, against the zero of the growth of small deviations", "", 1, zero, 2e-3, "deviations of 1e-3 to 1e-2, and terms of the order alpha^2")
	}
}

// TestSwitchingTime compares the time to the equator with its closed form.
func TestSwitchingTime(t *testing.T) {
	for _, c := range []struct{ i, tau float64 }{{1.2, 9.38873}, {1.5, 4.56634}, {2, 2.53530}, {4, 0.93319}} {
		m := currentDriven(spintronic.NewMacrospin(), c.i)
		const theta0 = 0.1
		m.Mx0, m.Mz0 = math.Sin(theta0), -math.Cos(theta0)
		end := 1.05 * c.tau
		tr := run(t, m, still(end*m.TimeScale(), 1), &device.Settings{Step: end * m.TimeScale() / 4000, Tolerance: 1e-10})
		got := 0.0
		for k, z := range tr.X[2] {
			if z >= 0 {
				f := -tr.X[2][k-1] / (z - tr.X[2][k-1])
				got = (tr.T[k-1] + f*(tr.T[k]-tr.T[k-1])) / m.TimeScale()
				break
			}
		}
		source := "exact integral of dtheta/dtau = (i - cos theta) sin theta"
		check(t, fmt.Sprintf("macrospin: time to the equator over tau_D at %g Ic0", c.i), claims.ClosedForm, source, "", c.tau, got, 1e-4, "six digits of the reference, alpha^2 in the torque")
		check(t, fmt.Sprintf("closed form of the time to the equator at %g Ic0", c.i), claims.IndependentSolver, source+", by quadrature elsewhere", "", c.tau, spintronic.SwitchingTime(c.i, theta0), 1e-5, "six digits of the reference")
	}
}

// strip returns a perpendicular sphere over a strip, with fields Bk and Bx.
func strip(bk, bx, alpha float64) *spintronic.Macrospin {
	m := uniaxial(bk, 60)
	m.StripWidth, m.StripThickness, m.SpinHall, m.Bx, m.Alpha = 50e-9, 3e-9, 0.3, bx, alpha
	return m
}

// fieldPerAmpere returns the damping-like field of the strip of m, T/A.
func fieldPerAmpere(m *spintronic.Macrospin) float64 {
	return 1.054571817e-34 * m.SpinHall / (2 * 1.602176634e-19 * m.Ms * m.Thickness * m.StripWidth * m.StripThickness)
}

// TestSpinOrbit ramps the current in the strip until the magnet switches, and not with the other sign.
func TestSpinOrbit(t *testing.T) {
	const bk = 0.4
	for _, bx := range []float64{0.02, 0.04, 0.08} {
		m := strip(bk, bx, 0.3)
		switched := 0
		for _, sign := range []float64{1, -1} {
			for _, up := range []float64{1, -1} {
				theta := math.Asin(bx / bk)
				m.Mx0, m.My0, m.Mz0 = math.Sin(theta), 0, up*math.Cos(theta)
				end := sign * 1.05 * spintronic.SpinHallThreshold(bk, bx) / fieldPerAmpere(m)
				w := device.Waveform{T: []float64{0, 600e-9}, U: [][]float64{{0, 0}, {0, end}}}
				tr := run(t, m, w, &device.Settings{Step: 0.1e-9})
				for k, z := range tr.X[2] {
					if z*up < 0 {
						switched++
						got := math.Abs(tr.U[1][k]) * fieldPerAmpere(m)
						if sign > 0 {
							check(t, fmt.Sprintf("macrospin: spin-orbit threshold at Bk = 0.4 T, Bx = %g T", bx), claims.ClosedForm,
								"Bk sqrt(1-s^2)(s-b), s = (b + sqrt(8+b^2))/4, whose expansion is Lee et al., doi:10.1063/1.4798288", "T", spintronic.SpinHallThreshold(bk, bx), got, 5e-3, "the ramp of 600 ns lags behind the equilibrium")
						}
						break
					}
				}
			}
		}
		if switched != 2 {
			t.Errorf("%g T: %d of 4 pairs of sign and state switch, want 2", bx, switched)
		}
	}
}

// TestVoltageControl lets a voltage that removes the anisotropy turn the magnet around an in-plane field.
func TestVoltageControl(t *testing.T) {
	m := preset(t, "macrospin/vgsot")
	m.StripWidth, m.By, m.Bx, m.Alpha, m.RA = 0, 0, 0.05, 0.01, 1
	// The critical voltage, at which Bk vanishes.
	vc := m.AnisotropyField(0) * m.Ms * m.Thickness * m.TOx / (2 * m.Xi)
	if b := m.AnisotropyField(vc); math.Abs(b) > 1e-12 {
		t.Fatalf("Bk at the critical voltage is %g T", b)
	}
	m.Mx0, m.My0, m.Mz0 = 0, 0, 1
	tr := run(t, m, still(0.5e-9, vc), &device.Settings{Step: 1e-13})
	least := 0
	for k, z := range tr.X[2] {
		if z < tr.X[2][least] {
			least = k
		}
	}
	check(t, "macrospin: half a turn at the critical voltage in 50 mT", claims.ClosedForm, "pi (1+alpha^2)/(gamma Bx)", "s", math.Pi*(1+1e-4)/(gamma*0.05), tr.T[least], 1e-3, "rows of 0.1 ps; damping moves the extremum by alpha^2")
	check(t, "macrospin: magnetisation after half a turn at the critical voltage", claims.ClosedForm, "-1/cosh(pi alpha)", "", -1/math.Cosh(math.Pi*0.01), tr.X[2][least], 1e-4, "alpha^2")
}

// TestConductance compares the read-out with its formulas.
func TestConductance(t *testing.T) {
	m := preset(t, "macrospin/vgsot")
	rp := m.RA / m.Area()
	for _, c := range []struct{ mz, v float64 }{{1, 0.3}, {-1, 0.3}, {0.2, 0.01}, {-0.7, 0.5}} {
		x := []float64{math.Sqrt(1 - c.mz*c.mz), 0, c.mz}
		q := c.v / m.VHalf * c.v / m.VHalf
		want := rp * (1 + q + m.TMR) / (1 + q + m.TMR*(1+c.mz)/2)
		check(t, fmt.Sprintf("macrospin/vgsot: resistance at mz = %g and %g V", c.mz, c.v), claims.Published, "R = RP (1 + v^2 + TMR)/(1 + v^2 + TMR (1 + mz)/2) of Zhang et al., doi:10.1109/ACCESS.2020.2980073", "ohm", want, c.v/m.Response(x, []float64{c.v, 0}, device.Room()), 1e-12, "rounding")
	}
}

// TestElementBoltzmann holds the time average of a thermal run against Boltzmann's, and that all three components of the
// field act: a field of a third of the power equilibrates at a third of the temperature.
func TestElementBoltzmann(t *testing.T) {
	const delta = 3.0
	m := uniaxial(0.3, delta)
	m.Alpha, m.Thermal = 0.3, true
	tr := run(t, m, still(2e-6, 0), &device.Settings{Step: 20e-12, Key: noise.NewKey(5)})
	sum := 0.0
	for _, z := range tr.X[2] {
		sum += z * z
	}
	want := boltzmann2(delta)
	check(t, "macrospin element: <mz^2> at Delta = 3 over 2 us", claims.ClosedForm, "Boltzmann integral of exp(Delta z^2)", "", want, sum/float64(len(tr.T)), 0.03, "1 % standard error of some 1e4 independent rows")
	if third := boltzmann2(3 * delta); math.Abs(third-want) < 0.2 {
		t.Fatalf("the test does not tell %g from %g", want, third)
	}
}

// boltzmann2 returns <z^2> under exp(Δ z²).
func boltzmann2(delta float64) float64 {
	const n = 20000
	a, b := 0.0, 0.0
	for k := range n {
		z := (float64(k) + 0.5) / n
		w := math.Exp(delta * z * z)
		a, b = a+z*z*w, b+w
	}
	return a / b
}

// TestBadInput holds the messages.
func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		change func(m *spintronic.MTJ)
		want   string
	}{
		{func(m *spintronic.MTJ) { m.P = 1.2 }, "p is 1.2: must be"},
		{func(m *spintronic.MTJ) { m.Alpha = 0 }, "alpha is 0: must be"},
		{func(m *spintronic.MTJ) { m.Alpha = math.NaN() }, "alpha is NaN"},
		{func(m *spintronic.MTJ) { m.Mz0 = 0 }, "of length 0.1: must have length 1"},
		{func(m *spintronic.MTJ) { m.DemagX = 0.99 }, "demag_x + demag_y is 1.019: must be at most 1"},
		{func(m *spintronic.MTJ) { m.Ki = 1e-5 }, "anisotropy field along the perpendicular axis"},
		{func(m *spintronic.MTJ) { m.Ku = 5e6 }, "must be from 1.5 to 400"},
		{func(m *spintronic.MTJ) { m.Fidelity, m.LLGStep = spintronic.LLG, 1e-10 }, "llg_step is 100ps: must be at most"},
		{func(m *spintronic.MTJ) { m.Easy, m.Ku = spintronic.InPlane, 2e6 }, "fidelity is fokker-planck: must be"},
		{func(m *spintronic.MTJ) { m.Bx = 0.1 }, "must be llg with a field"},
		{func(m *spintronic.MTJ) { m.Fidelity, m.Lambda = spintronic.LLG, 2 }, "lambda is 2: must be 1"},
	} {
		m := spintronic.NewMTJ()
		c.change(m)
		if err := device.Check(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	m := spintronic.NewMacrospin()
	if _, err := spintronic.NewEnsemble(m, 1, 1, 300, 1e-11, 1); err == nil || !strings.Contains(err.Error(), "at most 4.9e-12 s") {
		t.Errorf("long step: %v", err)
	}
	e, err := spintronic.NewEnsemble(m, 1, 1, 300, 1e-12, 1)
	if err != nil {
		t.Fatal(err)
	}
	for want, d := range map[string]spintronic.Drive{"strip_width must be > 0 m": {Strip: 1e-3}, "field_axis must be": {Field: 0.1}, "step is 1e-12 s": {Current: 0.1}} {
		if err := e.Advance(context.Background(), d, 1, noise.Key{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := device.Run(context.Background(), m, still(1e-9, 0, 0), nil); err == nil || !strings.Contains(err.Error(), "must have 1, v_V") {
		t.Errorf("a current without a strip: %v", err)
	}
}
