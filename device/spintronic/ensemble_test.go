package spintronic_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/spintronic"
	"mho/internal/claims"
	"mho/noise"
)

func ensemble(t *testing.T, m *spintronic.Macrospin, rows, cols int, step float64, workers int) *spintronic.Ensemble {
	t.Helper()
	e, err := spintronic.NewEnsemble(m, rows, cols, 300, step, workers)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func advance(t *testing.T, e *spintronic.Ensemble, d spintronic.Drive, steps int, key noise.Key) {
	t.Helper()
	if err := e.Advance(context.Background(), d, steps, key); err != nil {
		t.Fatal(err)
	}
}

// TestBoltzmann lets spins at the pole spread to equilibrium, at two steps, and draws them there.
func TestBoltzmann(t *testing.T) {
	for _, c := range []struct{ delta, step, tol float64 }{{3, 0.5e-12, 0.01}, {3, 1.5e-12, 0.018}, {1, 0.5e-12, 0.015}} {
		m := uniaxial(0.3, c.delta)
		m.Alpha = 0.3
		e := ensemble(t, m, 1, 4000, c.step, 0)
		for i := range e.Len() { // both wells, as hops between take long
			if i%2 == 1 {
				e.Easy()[i] = -1
			}
		}
		sum, n := 0.0, 0
		steps := func(ns float64) int { return int(ns * 1e-9 / c.step) }
		advance(t, e, spintronic.Drive{}, steps(0.5), noise.NewKey(1))
		for range 4 {
			advance(t, e, spintronic.Drive{}, steps(0.25), noise.NewKey(1))
			for _, z := range e.Easy() {
				sum, n = sum+z*z, n+1
			}
		}
		check(t, fmt.Sprintf("ensemble: <mz^2> at Delta = %g, steps of %g s", c.delta, c.step), claims.ClosedForm, "Boltzmann integral of exp(Delta z^2); a thermal field normalised to length 1 gives that of 3 Delta", "",
			boltzmann2(c.delta), sum/float64(n), c.tol, "three standard errors of 4000 spins at four times, and up to 1 % of the longest step")
	}
	// The draw, and in the plane with its own averages of all components.
	m := uniaxial(0.3, 5)
	e := ensemble(t, m, 3, 10000, 1e-12, 0)
	e.Thermalise(300, noise.NewKey(2))
	sum := 0.0
	for _, z := range e.Easy() {
		if z < 0 {
			t.Fatal("a spin has left its well")
		}
		sum += z * z
	}
	check(t, "ensemble: <mz^2> drawn at Delta = 5", claims.ClosedForm, "Boltzmann integral of exp(Delta z^2)", "", boltzmann2(5), sum/float64(e.Len()), 0.005, "three standard errors of 3e4 draws")

	m.Easy, m.Ku, m.DemagX, m.DemagY, m.Ms = spintronic.InPlane, 6e4, 0.05, 0.05, 3e5
	m.Diameter, m.Thickness = 20e-9, 1e-9
	e = ensemble(t, m, 1, 30000, 1e-12, 0)
	e.Thermalise(300, noise.NewKey(3))
	var drawn [3]float64
	moments := func() (s [3]float64) {
		for i := range s {
			for _, x := range e.Component(i) {
				s[i] += x * x / float64(e.Len())
			}
		}
		return s
	}
	drawn = moments()
	factor := m.Ms * m.Volume() / (2 * kB * 300)
	mu := 1.25663706212e-6
	k := [3]float64{-mu*m.Ms*0.05 + 2*m.Ku/m.Ms, -mu * m.Ms * 0.05, -mu * m.Ms * 0.9}
	var want [3]float64
	norm := 0.0
	for i := range 400 { // the integral over the sphere
		z := (float64(i)+0.5)/200 - 1
		for j := range 400 {
			s, c := math.Sincos((float64(j) + 0.5) * math.Pi / 200)
			r := math.Sqrt(1 - z*z)
			v := [3]float64{r * c, r * s, z}
			w := math.Exp(factor * (k[0]*v[0]*v[0] + k[1]*v[1]*v[1] + k[2]*v[2]*v[2]))
			norm += w
			for a := range v {
				want[a] += w * v[a] * v[a]
			}
		}
	}
	for a, name := range []string{"x", "y", "z"} {
		check(t, "ensemble in the plane: <m"+name+"^2> drawn", claims.ClosedForm, "Boltzmann integral over the sphere with three stiffnesses", "", want[a]/norm, drawn[a], 0.03, "three standard errors of 3e4 draws of the smallest")
	}
	// Equilibrium stays equilibrium under the dynamics.
	m.Alpha = 0.2
	e = ensemble(t, m, 1, 30000, 1e-12, 0)
	e.Thermalise(300, noise.NewKey(3))
	advance(t, e, spintronic.Drive{}, 300, noise.NewKey(4))
	for a, now := range moments() {
		if math.Abs(now-want[a]/norm) > 0.03*want[a]/norm {
			t.Errorf("<m%d^2> goes from %g to %g: want %g", a, drawn[a], now, want[a]/norm)
		}
	}
}

// TestEnsembleWorkers gives the same bits for any number of workers, and the same path to a spin in a larger array.
func TestEnsembleWorkers(t *testing.T) {
	paths := func(rows, cols, workers int) []float64 {
		e := ensemble(t, uniaxial(0.3, 10), rows, cols, 1e-12, workers)
		e.Thermalise(300, noise.NewKey(1))
		for range 3 {
			advance(t, e, spintronic.Drive{Current: 20e-6}, 20, noise.NewKey(2))
		}
		return e.Easy()
	}
	want := paths(3, 700, 1)
	for _, workers := range []int{2, 7} {
		if !slices.Equal(paths(3, 700, workers), want) {
			t.Errorf("%d workers give other bits", workers)
		}
	}
	if larger := paths(5, 901, 2); !slices.Equal(larger[901:901+700], want[700:1400]) {
		t.Error("a spin depends on how many there are")
	}
}

// TestEnsembleElement compares noiseless spins with the element's adaptive integrator, under all drives.
func TestEnsembleElement(t *testing.T) {
	m := strip(0.3, 0.02, 0.1)
	m.FieldLike, m.StripFieldLike, m.FieldAxis, m.By, m.TMR = 0.4, 0.7, "z", 0.01, 0
	for _, easy := range []string{spintronic.Perpendicular, spintronic.InPlane} {
		m.Easy = easy
		e, err := spintronic.NewEnsemble(m, 1, 1, 0, 1e-13, 1)
		if err != nil {
			t.Fatal(err)
		}
		d := spintronic.Drive{Current: 30e-6, Strip: 0.1e-3, Field: -0.03}
		advance(t, e, d, 5000, noise.Key{})
		m.Mx0, m.My0, m.Mz0 = 0, 0, 1
		if easy == spintronic.InPlane {
			m.Mx0, m.Mz0 = 1, 0
		}
		v := d.Current * m.RA / m.Area()
		m.Xi = 0
		tr := run(t, m, still(0.5e-9, v, d.Strip, d.Field), nil)
		for axis := range 3 {
			if got, want := e.Component(axis)[0], tr.X[axis][1]; math.Abs(got-want) > 2e-5 {
				t.Errorf("%s: m%d = %g, the element has %g", easy, axis, got, want)
			}
		}
	}
}

// TestFokkerPlanck compares with a converged program of its own, and ensembles and formulas with it.
func TestFokkerPlanck(t *testing.T) {
	survival := func(delta, i float64, tau ...float64) []float64 {
		s, err := spintronic.FokkerPlanck{Delta: delta, Cells: 600}.Survival(context.Background(), i, tau)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const source = "grid-converged finite-volume solution of the Fokker-Planck equation (Crank-Nicolson, 1500 to 3000 cells) by a program of its own"
	for _, c := range []struct{ delta, i, tau, want, formula float64 }{
		{60, 1.5, 6, 4.165e-2, 0.15}, {60, 2, 4, 1.527e-2, 0.05}, {60, 3, 3, 5.657e-4, 0.01}, {60, 4, 3, 1.870e-6, 0.015}, {40, 2, 6, 1.757e-4, 0.15},
		{60, 2, 1.5, 1 - 0.0744, 0}, {60, 2, 2.5, 1 - 0.7246, 0}, {60, 2, 3.5, 1 - 0.9586, 0},
	} {
		got := survival(c.delta, c.i, c.tau)[0]
		label := fmt.Sprintf("write error at Delta = %g, %g Ic0, %g tau_D", c.delta, c.i, c.tau)
		check(t, "Fokker-Planck: "+label, claims.IndependentSolver, source, "", c.want, got, 2e-3, "digits of the reference")
		if c.formula > 0 {
			check(t, "closed form: "+label, claims.IndependentSolver, "Fokker-Planck equation on 600 cells", "", got, spintronic.WriteError(c.delta, c.i, c.tau), c.formula, "the formula is of first order in 1/Delta and holds for large i")
		}
	}
	for _, c := range []struct{ delta, want float64 }{{3, 7.857e-2}, {5, 1.3541e-2}, {8, 9.203e-4}, {10, 1.4411e-4}, {20, 9.862e-9}} {
		s := survival(c.delta, 0, 0.3/c.want, 0.6/c.want)
		check(t, fmt.Sprintf("Fokker-Planck: relaxation rate at Delta = %g in 1/tau_D", c.delta), claims.IndependentSolver, "smallest eigenvalue of the Fokker-Planck operator by a program of its own", "", c.want, math.Log((2*s[0]-1)/(2*s[1]-1))/(0.3/c.want), 5e-4, "digits of the reference")
	}
	for _, c := range []struct{ i, want, tol float64 }{{0.2, 2.014e-11, 0.05}, {0.4, 9.37e-7, 0.08}} {
		s := survival(40, c.i, 0.3/c.want, 0.6/c.want)
		got := math.Log(s[0]/s[1]) / (0.3 / c.want)
		check(t, fmt.Sprintf("Fokker-Planck: escape rate at Delta = 40, %g Ic0 in 1/tau_D", c.i), claims.IndependentSolver, "inverse mean first-passage time by a program of its own", "", c.want, got, 2e-3, "digits of the reference")
		check(t, fmt.Sprintf("closed form: escape rate at Delta = 40, %g Ic0 in 1/tau_D", c.i), claims.IndependentSolver, "Fokker-Planck equation on 600 cells", "", got, spintronic.ThermalRate(40, c.i), c.tol, "Kramers' formula is of first order in kT over the barrier")
	}
	// The stationary density is Boltzmann's: from either well the same, half in each without current.
	if s := survival(2, 0, 1e4)[0]; math.Abs(s-0.5) > 1e-8 {
		t.Errorf("after a long time %g are in the first well", s)
	}
	for _, f := range []func() error{
		func() error {
			_, err := spintronic.FokkerPlanck{Delta: 0.1}.Survival(context.Background(), 1, nil)
			return err
		},
		func() error {
			_, err := spintronic.FokkerPlanck{Delta: 10}.Survival(context.Background(), math.NaN(), nil)
			return err
		},
		func() error {
			_, err := spintronic.FokkerPlanck{Delta: 10}.Survival(context.Background(), 1, []float64{2, 1})
			return err
		},
	} {
		if f() == nil {
			t.Error("bad input passes")
		}
	}
}

// TestLadder compares the rungs: the Landau-Lifshitz-Gilbert ensemble with the Fokker-Planck equation at several
// points, within its sampling error.
func TestLadder(t *testing.T) {
	m := spintronic.NewMTJ()
	m.Alpha = 0.05 // shorter
	m.SpreadRA, m.SpreadBk = 0, 0
	const spins = 8000
	for _, c := range []struct{ i, tau float64 }{{2, 2}, {2, 3}, {1.5, 4}, {3, 1.5}} {
		e := ensemble(t, &m.Macrospin, 1, spins, 1e-12, 0)
		e.Thermalise(300, noise.NewKey(7))
		steps := int(c.tau * m.TimeScale() / 1e-12)
		advance(t, e, spintronic.Drive{Current: -c.i * m.CriticalCurrent()}, steps, noise.NewKey(8))
		left := 0
		for _, z := range e.Easy() {
			if z > 0 {
				left++
			}
		}
		p, err := m.SwitchProbability(context.Background(), spintronic.TabulatedFP, c.i*m.CriticalCurrent(), float64(steps)*1e-12, 300, 1)
		if err != nil {
			t.Fatal(err)
		}
		se := math.Sqrt(p * (1 - p) / spins)
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("ensemble: switching probability at %g Ic0, %g tau_D", c.i, c.tau), Kind: claims.IndependentSolver, Source: "Fokker-Planck equation", Want: p, Got: 1 - float64(left)/spins,
			Tol: 3 * se, Absolute: true, Why: "three standard errors of 8000 junctions"})
	}
}

// TestInPlane compares the closed form in the plane above Ic0 with ensembles.
func TestInPlane(t *testing.T) {
	m := spintronic.NewMTJ()
	m.Easy, m.Ki, m.Ms, m.Thickness, m.DemagX, m.DemagY, m.Fidelity, m.Alpha = spintronic.InPlane, 0, 8e5, 2e-9, 0.03, 0.06, spintronic.ClosedForm, 0.02
	if err := device.Check(m); err != nil {
		t.Fatal(err)
	}
	const step = 0.8e-12
	switched := func(i, width float64, spins int) float64 {
		e := ensemble(t, &m.Macrospin, 1, spins, step, 0)
		e.Thermalise(300, noise.NewKey(7))
		advance(t, e, spintronic.Drive{Current: -i * m.CriticalCurrent()}, int(width/step), noise.NewKey(8))
		n := 0
		for _, z := range e.Easy() {
			if z < 0 {
				n++
			}
		}
		return float64(n) / float64(spins)
	}
	for _, c := range []struct{ i, tau float64 }{{1.5, 4}, {2, 2}, {3, 1.5}} {
		width := c.tau * m.TimeScale()
		got, err := m.SwitchProbability(context.Background(), spintronic.ClosedForm, c.i*m.CriticalCurrent(), width, 300, 1)
		if err != nil {
			t.Fatal(err)
		}
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("closed form in the plane: switching probability at %g Ic0, %g tau_D", c.i, c.tau), Kind: claims.IndependentSolver, Source: "Landau-Lifshitz-Gilbert ensemble of 2000 junctions",
			Want: switched(c.i, width, 2000), Got: got, Tol: 0.045, Absolute: true, Why: "three standard errors of 2000 junctions and 0.02 of the formula"})
	}
}

// TestMTJPopulation compares the populations of all rungs with the probability, and their wear and retention with their laws.
func TestMTJPopulation(t *testing.T) {
	m := spintronic.NewMTJ()
	m.Alpha, m.SpreadRA, m.SpreadBk = 0.05, 0, 0
	m.Attempts = 1
	m.WriteCurrent, m.WriteWidth = 2*m.CriticalCurrent(), 2.5*m.TimeScale()
	const n = 4000
	target := make([]float64, n)
	for k := range target {
		gp, _ := m.Conductances(0)
		target[k] = gp
	}
	for _, fidelity := range []string{spintronic.ClosedForm, spintronic.TabulatedFP, spintronic.LLG} {
		m.Fidelity = fidelity
		p, err := m.New(1, n, noise.NewKey(1))
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.ProgramTo(target, device.Room(), noise.NewKey(2))
		if err != nil {
			t.Fatal(err)
		}
		want, err := m.SwitchProbability(context.Background(), spintronic.TabulatedFP, m.WriteCurrent, m.WriteWidth, 300, 1)
		if err != nil {
			t.Fatal(err)
		}
		tol := 3 * math.Sqrt(want*(1-want)/n)
		why := "three standard errors of 4000 junctions"
		if fidelity == spintronic.ClosedForm {
			tol += 0.03
			why += " and 0.03 of the formula"
		}
		claims.Check(t, claims.Claim{Name: "mtj: share written by one pulse, " + fidelity, Kind: claims.IndependentSolver, Source: "Fokker-Planck equation", Want: want, Got: r.Converged, Tol: tol, Absolute: true, Why: why})
		if r.Pulses != n || !(r.Energy > 0) || r.Time != m.WriteWidth {
			t.Errorf("report %+v", r)
		}
	}

	// Retention of a weak barrier.
	m.Fidelity = spintronic.TabulatedFP
	m.Diameter = 15e-9
	rate := m.FlipRate(300, 1)
	p, err := m.New(1, n, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	_, gap := m.Conductances(0)
	flipped := func() float64 {
		g := make([]float64, n)
		p.Transfer(g, 0, device.Room())
		k := 0
		for _, x := range g {
			if x > 1.5*gap {
				k++
			}
		}
		return float64(k) / n
	}
	for range 2 {
		p.Advance(0.4/rate, device.Room(), noise.NewKey(3))
	}
	want := 0.5 * -math.Expm1(-1.6)
	claims.Check(t, claims.Claim{Name: "mtj: share flipped after 0.8 retention times", Kind: claims.ClosedForm, Source: "(1 - exp(-2 Gamma t))/2 of two wells", Want: want, Got: flipped(), Tol: 3 * math.Sqrt(want*(1-want)/n), Absolute: true, Why: "three standard errors of 4000 junctions"})
	check(t, "mtj: retention rate at 15 nm", claims.ClosedForm, "sqrt(Delta/pi) exp(-Delta)/tau_D, Kramers' limit", "1/s", math.Sqrt(m.Stability(300)/math.Pi)*math.Exp(-m.Stability(300))/m.TimeScale(), rate, 1e-12, "rounding")

	// Endurance: a Weibull law.
	m = spintronic.NewMTJ()
	m.Endurance, m.EnduranceShape, m.Cycles0 = 1e6, 2, 1e6
	if p, err = m.New(1, n, noise.NewKey(9)); err != nil {
		t.Fatal(err)
	}
	g := make([]float64, n)
	p.Transfer(g, 0, device.Room())
	broken := 0
	for _, x := range g {
		if x == 1/m.RBroken {
			broken++
		}
	}
	claims.Check(t, claims.Claim{Name: "mtj: share broken after the endurance", Kind: claims.ClosedForm, Source: "Weibull law, 1 - 1/e", Want: -math.Expm1(-1), Got: float64(broken) / n, Tol: 3 * math.Sqrt(0.233/n), Absolute: true, Why: "three standard errors of 4000 junctions"})
}

// TestMTJPlaces writes the same bits into a part of a larger array, on all rungs.
func TestMTJPlaces(t *testing.T) {
	m := spintronic.NewMTJ()
	m.Attempts, m.Alpha, m.Junctions = 1, 0.05, 2
	m.WriteCurrent, m.WriteWidth = 2*m.CriticalCurrent(), 2.5*m.TimeScale()
	for _, fidelity := range []string{spintronic.ClosedForm, spintronic.TabulatedFP, spintronic.LLG} {
		m.Fidelity = fidelity
		written := func(rows, cols int) []float64 {
			p, err := m.New(rows, cols, noise.NewKey(1))
			if err != nil {
				t.Fatal(err)
			}
			_, hi := p.Range()
			g := make([]float64, rows*cols)
			for k := range g {
				g[k] = hi
			}
			if _, err := p.ProgramTo(g, device.Room(), noise.NewKey(2)); err != nil {
				t.Fatal(err)
			}
			p.Advance(1, device.Room(), noise.NewKey(3))
			p.Transfer(g, 0, device.Room())
			return g
		}
		small, large := written(2, 30), written(3, 50)
		if !slices.Equal(small[:30], large[:30]) || !slices.Equal(small[30:], large[50:80]) {
			t.Errorf("%s: a cell depends on how many there are", fidelity)
		}
		if slices.Min(small) == slices.Max(small) {
			t.Errorf("%s: all cells are the same", fidelity)
		}
	}
}

// TestMTJPrograms writes levels, disturbs by half the current, and refuses ports that are not there.
func TestMTJPrograms(t *testing.T) {
	m := spintronic.NewMTJ()
	m.Junctions = 4
	p, err := m.New(2, 50, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	lo, hi := p.Range()
	target, got := make([]float64, 100), make([]float64, 100)
	for k := range target {
		target[k] = lo + (hi-lo)*float64(k%5)/4
	}
	r, err := p.ProgramTo(target, device.Room(), noise.NewKey(2))
	if err != nil || r.Converged != 1 {
		t.Fatal(r, err)
	}
	p.Transfer(got, 0, device.Room())
	for k := range got {
		if math.Abs(got[k]-target[k]) > 0.2*target[k] {
			t.Errorf("cell %d: %g S, want %g S", k, got[k], target[k])
		}
	}
	before := slices.Clone(got)
	stress := make([]float64, 100)
	if _, err := p.Program(stress, device.Pulse{Drive: "current", Port: "stack", Amplitude: 1e-3, Width: 1e-8}, device.Room(), noise.NewKey(3)); err != nil {
		t.Fatal(err)
	}
	p.Transfer(got, 0, device.Room())
	if !slices.Equal(before, got) {
		t.Error("a pulse that reaches no cell changes cells")
	}
	for want, pulse := range map[string]device.Pulse{
		"must be current or voltage at the stack": {Drive: "optical power", Port: "waveguide", Amplitude: 1, Width: 1},
		"needs strip_width > 0 m":                 {Drive: "current", Port: "strip", Amplitude: 1e-3, Width: 1e-9},
		"its width > 0 s":                         {Drive: "current", Port: "stack", Amplitude: 1e-3},
	} {
		if _, err := p.Program(stress, pulse, device.Room(), noise.NewKey(3)); err == nil || !contains(err, want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	// Spread of the resistance.
	m.Junctions = 1
	if p, err = m.New(100, 100, noise.NewKey(4)); err != nil {
		t.Fatal(err)
	}
	got = make([]float64, 10000)
	p.Transfer(got, 0, device.Room())
	for k := range got {
		got[k] = math.Log(got[k])
	}
	if s := stat.StdDev(got, nil); math.Abs(s/m.SpreadRA-1) > 0.04 {
		t.Errorf("the spread is %g, want %g", s, m.SpreadRA)
	}
}
