package spintronic_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/spintronic"
	"mho/internal/claims"
	"mho/noise"
)

func contains(err error, s string) bool { return strings.Contains(err.Error(), s) }

// free returns a long strip without notches and exchange whose wall is 10 nm wide; its
// rest angle is 90 degrees.
func free() *spintronic.DomainWall {
	m := spintronic.NewDomainWall()
	m.Barrier, m.DMI, m.SpinHall, m.Beta, m.P = 0, 0, 0, 0, 0
	m.Ku = 6e5
	m.Exchange = (m.Ku - 1.25663706212e-6*m.Ms*m.Ms/2) * 1e-16
	m.Alpha, m.WallField, m.Length = 0.02, 0.05, 1
	m.Q0, m.Phi0, m.FieldAxis = 0.5, math.Pi/2, "z"
	return m
}

// velocity returns the mean velocity over the second half of a time.
func velocity(t *testing.T, m *spintronic.DomainWall, time, strip, b float64) float64 {
	t.Helper()
	drives := []float64{0, strip}
	if m.FieldAxis != "none" {
		drives = append(drives, b)
	}
	tr := run(t, m, still(time, drives...), &device.Settings{Step: time / 20000, Tolerance: 1e-10})
	// Over whole turns of the angle above breakdown.
	from, to := 10000, 20000
	if turns := math.Floor(math.Abs(tr.X[1][to]-tr.X[1][from]) / math.Pi); turns > 0 {
		want := tr.X[1][to] - math.Copysign(turns*math.Pi, tr.X[1][to]-tr.X[1][from])
		for k := from; k < to; k++ {
			a, b := tr.X[1][k], tr.X[1][k+1]
			if (a-want)*(b-want) <= 0 {
				f := (want - a) / (b - a)
				return (tr.X[0][to] - tr.X[0][k] - f*(tr.X[0][k+1]-tr.X[0][k])) / (tr.T[to] - tr.T[k] - f*(tr.T[k+1]-tr.T[k]))
			}
		}
	}
	return (tr.X[0][to] - tr.X[0][from]) / (tr.T[to] - tr.T[from])
}

// TestWalker compares velocities under fields with Walker's.
func TestWalker(t *testing.T) {
	m := free()
	const d = 10e-9
	walker := m.Alpha * m.WallField / 2
	for _, b := range []float64{0.15e-3, 0.45e-3, 1e-3, 3e-3} {
		want := gamma * d * b / m.Alpha
		kind := "below breakdown"
		if b > walker {
			want = gamma * d / m.Alpha * (b - math.Sqrt(b*b-walker*walker)/(1+m.Alpha*m.Alpha))
			kind = "above breakdown"
		}
		check(t, fmt.Sprintf("domain-wall: velocity at %g T, %s", b, kind), claims.ClosedForm, "Schryer and Walker, doi:10.1063/1.1663252", "m/s", want, velocity(t, m, 4e-6, 0, b), 2e-3, "average over whole turns, rows 1/20000 of the time")
	}
	// Breakdown lies between fields 2 % apart.
	below, above := velocity(t, m, 4e-6, 0, 0.99*walker), velocity(t, m, 40e-6, 0, 1.01*walker)
	check(t, "domain-wall: velocity just below breakdown", claims.ClosedForm, "gamma D Bw/2, Schryer and Walker, doi:10.1063/1.1663252", "m/s", 0.99*gamma*d*m.WallField/2, below, 1e-3, exact)
	if above > 0.95*below {
		t.Errorf("1 %% above the Walker field the velocity is %g m/s, below it %g m/s", above, below)
	}
}

// TestSpinTransferWall compares velocities under spin-transfer torque with their closed forms.
func TestSpinTransferWall(t *testing.T) {
	m := free()
	m.P, m.FieldAxis = 0.5, "none"
	perAmpere := m.SpinVelocity(1)
	check(t, "domain-wall: spin-transfer velocity at 1e12 A/m^2, P = 0.5, Ms = 8e5 A/m", claims.ClosedForm, "muB P J/(e Ms)", "m/s", 36.18, perAmpere*m.Ms/8e5*1e12*m.Width*(m.Thickness+m.MetalThickness), 2e-4, "four digits")
	const d = 10e-9
	uc := gamma * d * m.WallField / 2
	const source = "Thiaville et al., doi:10.1209/epl/i2004-10452-6"
	for _, c := range []struct{ ratio, beta, want float64 }{
		{2, 0, math.Sqrt(3) * uc / (1 + m.Alpha*m.Alpha)},
		{0.5, 0.02, 0.5 * uc},
		{3, 0.02, 3 * uc},
		{0.3, 0.04, 0.6 * uc},
	} {
		m.Beta = c.beta
		check(t, fmt.Sprintf("domain-wall: velocity at %g of the critical spin-transfer velocity, beta = %g", c.ratio, c.beta), claims.ClosedForm, source, "m/s", c.want, velocity(t, m, 1e-6, c.ratio*uc/perAmpere, 0), 3e-3, "average over whole turns")
	}
	m.Beta = 0.05
	u := 3 * uc
	s, w := (m.Beta-m.Alpha)*u/d, m.Alpha*gamma*m.WallField/2
	turn := math.Sqrt(s*s-w*w) / (1 + m.Alpha*m.Alpha)
	check(t, "domain-wall: velocity above breakdown, beta = 0.05", claims.ClosedForm, source, "m/s", (m.Beta*u-d*turn)/m.Alpha, velocity(t, m, 4e-6, u/perAmpere, 0), 3e-3, "average over whole turns")
	m.Beta = 0
	if v := velocity(t, m, 1e-6, 0.9*uc/perAmpere, 0); math.Abs(v) > 1e-3 {
		t.Errorf("below the critical current the wall moves at %g m/s", v)
	}
}

// TestSpinHallWall compares the velocity of a Néel wall with its closed form.
func TestSpinHallWall(t *testing.T) {
	m := free()
	m.WallField, m.DMI, m.SpinHall, m.FieldAxis, m.Phi0 = 0, 1e-3, 0.1, "none", 0
	for _, i := range []float64{0.02e-3, 0.1e-3, 1e-3} {
		bd, bsh := m.DMIField(), m.SpinHallField(i)
		want := math.Pi / 2 * gamma * 10e-9 / math.Sqrt(1/(bd*bd)+m.Alpha*m.Alpha/(bsh*bsh))
		check(t, fmt.Sprintf("domain-wall: velocity by the spin-Hall effect at %g A", i), claims.ClosedForm, "(pi/2) gamma D/sqrt(1/BD^2 + alpha^2/BSH^2), Thiaville et al., doi:10.1209/0295-5075/100/57002", "m/s", want, math.Abs(velocity(t, m, 0.1e-6, i, 0)), 1e-4, exact)
	}
}

// TestWallEquipartition holds a wall in a notch against Boltzmann's distribution, both coordinates.
func TestWallEquipartition(t *testing.T) {
	m := spintronic.NewDomainWall()
	m.Alpha, m.Thermal, m.WallField = 0.5, true, 0
	m.Q0 = 0.5e-6
	tr := run(t, m, still(2e-6, 0, 0), &device.Settings{Step: 50e-12, Key: noise.NewKey(3)})
	q, phi := make([]float64, len(tr.T)), make([]float64, len(tr.T))
	for k := range tr.T {
		dq := tr.X[0][k] - m.Q0
		q[k], phi[k] = dq*dq, math.Cos(tr.X[1][k])
	}
	beta := 1 / (kB * 300)
	var a, b float64
	for k := range 4000 { // the notch
		x := (float64(k)+0.5)/4000*m.Period - m.Period/2
		s := math.Sin(math.Pi * x / m.Period)
		w := math.Exp(-beta * m.Barrier * s * s)
		a, b = a+x*x*w, b+w
	}
	check(t, "domain-wall: <q^2> in a notch", claims.ClosedForm, "Boltzmann integral over the notch", "m^2", a/b, stat.Mean(q, nil), 0.05, "2 % standard error")
	// The energy of the angle is -π D S Ms BD cos φ.
	e := beta * math.Pi * m.WallWidth() * m.Width * m.Thickness * m.Ms * m.DMIField()
	a, b = 0, 0
	for k := range 4000 {
		c := math.Cos((float64(k) + 0.5) * math.Pi / 4000)
		w := math.Exp(e * (c - 1))
		a, b = a+(1-c)*w, b+w
	}
	check(t, "domain-wall: <1 - cos phi> of a Neel wall", claims.ClosedForm, "Boltzmann integral over the angle", "", a/b, 1-stat.Mean(phi, nil), 0.05, "2 % standard error")
}

// TestWallPopulation programs levels, lets walls hop, and refuses what is not there.
func TestWallPopulation(t *testing.T) {
	m := spintronic.NewDomainWall()
	p, err := m.New(2, 100)
	if err != nil {
		t.Fatal(err)
	}
	lo, hi := p.Range()
	target := make([]float64, 200)
	for k := range target {
		target[k] = lo + (hi-lo)*float64(k%21)/20
	}
	r, err := p.ProgramTo(target, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	if r.Converged < 0.99 || r.Pulses < 1000 {
		t.Errorf("report %+v", r)
	}
	small, err := m.New(2, 40)
	if err != nil {
		t.Fatal(err)
	}
	part := append(slices.Clone(target[:40]), target[100:140]...)
	if _, err := small.ProgramTo(part, device.Room(), noise.NewKey(1)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(small.Positions()[40:], p.Positions()[100:140]) {
		t.Error("a cell depends on how many there are")
	}
	g := make([]float64, 200)
	p.Transfer(g, 0, device.Room())
	for k := range g {
		if g[k] < lo || g[k] > hi*(1+1e-12) {
			t.Errorf("cell %d has %g S, outside %g to %g", k, g[k], lo, hi)
		}
	}

	// Retention of shallow notches: a random walk.
	m.Barrier = 12 * kB * 300
	m.Length, m.Q0 = 100*m.Period, 0
	if p, err = m.New(1, 4000); err != nil {
		t.Fatal(err)
	}
	for k := range p.Positions() {
		p.Positions()[k] = m.Length / 2
	}
	p.Advance(3/m.HopRate(300), device.Room(), noise.NewKey(2))
	moves := make([]float64, 4000)
	for k, q := range p.Positions() {
		moves[k] = (q - m.Length/2) / m.Period
	}
	check(t, "domain-wall: variance of hops after three hop times", claims.ClosedForm, "random walk in continuous time, 2 Gamma t", "", 6, stat.Variance(moves, nil), 0.08, "three standard errors of 4000 walls")

	if _, err := p.Program(make([]float64, 4000), device.Pulse{Drive: "voltage", Port: "stack", Amplitude: 1, Width: 1e-9}, device.Room(), noise.NewKey(1)); err == nil || !contains(err, "must be current at the strip") {
		t.Errorf("a voltage: %v", err)
	}
	m.PulseCurrent = 1e-9
	m.Barrier = 1.66e-19
	if p, err = m.New(1, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := p.ProgramTo([]float64{1e-3}, device.Room(), noise.NewKey(1)); err == nil || !contains(err, "move no wall") {
		t.Errorf("a pulse that moves nothing: %v", err)
	}
	m.Ku = 1e5
	if _, err := m.New(1, 1); err == nil || !contains(err, "ku is 1e+05 J/m^3: must be > mu0 ms^2/2") {
		t.Errorf("an easy plane: %v", err)
	}
}

// TestHopRate compares the rate of hops with the spreading of walls of the law, and with Kramers' formula.
func TestHopRate(t *testing.T) {
	m := spintronic.NewDomainWall()
	mobility := gamma * m.WallWidth() / (2 * m.Alpha * m.Ms * m.Width * m.Thickness)
	kramers := mobility * math.Pi * m.Barrier / (m.Period * m.Period) * math.Exp(-m.Barrier/(kB*300))
	check(t, "domain-wall: hop rate at 40 kT", claims.ClosedForm, "Kramers' formula", "1/s", kramers, m.HopRate(300), 0.02, "of the order kT/2V0")

	m.Alpha, m.WallField, m.DMI = 0.5, 0, 1e-3
	m.Barrier, m.Period = 4*kB*300, 20e-9
	// A pulse of no current is a wait.
	const wait, walls = 30e-9, 200
	d, err := m.Displace(context.Background(), 0, wait, 300, walls, noise.NewKey(4))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, x := range d {
		sum += x * x / (m.Period * m.Period)
	}
	rest := 10 * 1.25 / (0.5 * gamma * math.Pi / 2 * m.DMIField())
	check(t, "domain-wall: hop rate at 4 kT", claims.IndependentSolver, "spreading of 200 walls of the law with thermal fields", "1/s", sum/walls/(2*(wait+2*rest)), m.HopRate(300), 0.25, "three standard errors of 200 walls")
}
