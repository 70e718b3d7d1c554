package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

// TestSingle compares one node with the exponential of one time constant.
func TestSingle(t *testing.T) {
	const r, g, c, v = 1e3, 1e-4, 2e-13, 0.3
	a := &Array{Rows: 1, Cols: 1, G: []float64{g}, Wires: Wires{RDriver: r}}
	tau := c / (1/r + g)
	s, err := a.Settle(ctx, []float64{v}, LineCapacitance{Word: c}, &SettlingSettings{Tolerance: 1e-4, Accuracy: 1e-8, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, source, unit string, want, got, tol float64) {
		t.Helper()
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: source, Unit: unit, Want: want, Got: got, Tol: tol, Why: "accuracy of the time steps"})
	}
	check("settling time of one node to 1e-4", "τ ln 10⁴, τ = C/(1/R + G)", "s", tau*math.Log(1e4), s.Time[0], 1e-4)
	check("delay of one node", "Elmore, doi:10.1063/1.1697872: τ", "s", tau, s.Delay[0], 1e-9)
	// The source sees (V - w)/R with w = w∞ (1 - exp(-t/τ)).
	w := v * (1 / r) / (1/r + g)
	charge := (v-w)/r*s.Window + w/r*tau*(1-math.Exp(-s.Window/tau))
	check("energy of charging one node", "∫ V (V - w)/R dt", "J", v*charge, s.Energy, 1e-7)
	for k, x := range s.T {
		if want := g * w * (1 - math.Exp(-x/tau)); math.Abs(s.I[k]-want) > 1e-6*g*w {
			t.Fatalf("output at %g s is %g A, want %g", x, s.I[k], want)
		}
	}
	t.Logf("%d steps", s.Steps)
}

// ladder returns an array of one word line with n segments whose last device, too small to
// load it, shows the voltage at its end.
func ladder(n int, r float64) *Array {
	a := &Array{Rows: 1, Cols: n, G: make([]float64, n), Wires: Wires{RWord: r}}
	a.G[n-1] = 1e-12
	return a
}

// TestLadder compares the end of an open RC line with its series solution.
func TestLadder(t *testing.T) {
	const n, r, c = 40, 2.5, 1e-15
	// 1 - v(t) at the end: with θ = (2k-1)π/(4n+2) the modes are sin(2iθ), the rates
	// 4 sin²θ/(RC).
	distance := func(time float64) float64 {
		var sum float64
		for k := 1; k <= n; k++ {
			th := float64(2*k-1) * math.Pi / (4*n + 2)
			var weight float64
			for i := 1; i <= n; i++ {
				weight += math.Sin(2 * float64(i) * th)
			}
			sum += 4.0 / (2*n + 1) * weight * math.Sin(2*n*th) * math.Exp(-4*math.Pow(math.Sin(th), 2)*time/(r*c))
		}
		return sum
	}
	const tol = 1e-3
	low, high := 0.0, 10*n*n*r*c
	for range 100 {
		if x := (low + high) / 2; math.Abs(distance(x)) > tol {
			low = x
		} else {
			high = x
		}
	}
	a := ladder(n, r)
	s, err := a.Settle(ctx, []float64{1}, LineCapacitance{Word: c}, &SettlingSettings{Tolerance: tol, Accuracy: 1e-8, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	var largest float64
	for k, x := range s.T {
		if k > 0 {
			largest = max(largest, math.Abs(s.I[k*n+n-1]/s.Final[n-1]-1+distance(x)))
		}
	}
	claims.Check(t, claims.Claim{Name: "settling time of an RC ladder of 40 segments to 1e-3", Kind: claims.ClosedForm, Source: "sum over the eigenmodes of the ladder", Unit: "s", Want: low, Got: s.Time[n-1], Tol: 2e-4, Why: "accuracy of the time steps"})
	claims.Check(t, claims.Claim{Name: "largest error of the step response of an RC ladder of 40 segments", Kind: claims.ClosedForm, Source: "sum over the eigenmodes of the ladder", Absolute: true, Got: largest, Tol: 5e-6, Why: "accuracy of the time steps, 1e-8 each"})
	claims.Check(t, claims.Claim{Name: "delay of an RC ladder of 40 segments", Kind: claims.ClosedForm, Source: "Elmore, doi:10.1063/1.1697872: R C n(n+1)/2", Unit: "s", Want: r * c * n * (n + 1) / 2, Got: s.Delay[n-1], Tol: 1e-9, Why: "conductance of the device at the end"})
	claims.Check(t, claims.Claim{Name: "energy of charging an RC ladder of 40 segments", Kind: claims.ClosedForm, Source: "n C V² as time goes to infinity", Unit: "J", Want: n * c, Got: s.Energy, Tol: 2e-3, Why: "a charge of 2/π times 1e-3 is still missing when the end has settled"})
	t.Logf("%d steps, %d repeated, error %.2g", s.Steps, s.Tried, largest)
}

// TestOrder checks that errors fall with the accuracy asked for, as a method of second order
// with a controlled error of third order per step does: error ~ accuracy^(2/3).
func TestOrder(t *testing.T) {
	a, v := random(6, 5, 1, Wires{RWord: 20, RBit: 30, RDriver: 200, RSense: 100}, 3)
	c := LineCapacitance{Word: 1e-15, Bit: 2e-15}
	window := 20e-12
	state := func(accuracy float64) float64 {
		s, err := a.Settle(ctx, v, c, &SettlingSettings{Accuracy: accuracy, Window: window, Trace: true})
		if err != nil {
			t.Fatal(err)
		}
		for k, x := range s.T {
			if x == window {
				return s.I[k*5]
			}
		}
		t.Fatal("no point at the end of the window")
		return 0
	}
	best := state(1e-9)
	coarse, fine := math.Abs(state(1e-4)-best), math.Abs(state(1e-7)-best)
	if order := math.Log10(coarse/fine) / 3; order < 0.5 || order > 1.1 {
		t.Errorf("errors %.3g and %.3g A at accuracies a factor 1000 apart: exponent %.2f, want about 2/3", coarse, fine, order)
	}
}

// euler follows the outputs with the implicit Euler rule of many equal steps on the dense matrix
// of all nodes, and returns those at the end and the energy of the sources.
func euler(a *Array, v []float64, c LineCapacitance, end float64, steps int) (out []float64, energy float64) {
	m, n := a.Rows, a.Cols
	size := 2 * m * n
	y := make([][]float64, size)
	for k := range y {
		y[k] = make([]float64, size)
	}
	link := func(p, q int, g float64) {
		y[p][p] += g
		y[q][q] += g
		y[p][q] -= g
		y[q][p] -= g
	}
	h := end / float64(steps)
	drive := func(i int) float64 { return 1 / (a.Wires.RDriver + a.wordOhm(i, 0)) }
	sense := func(j int) float64 { return 1 / (a.Wires.RSense + a.bitOhm(m, j)) }
	for i := range m {
		for j := range n {
			k := i*n + j
			link(k, m*n+k, a.G[k])
			y[k][k] += c.Word / h
			y[m*n+k][m*n+k] += c.Bit / h
			if j > 0 {
				link(k-1, k, 1/a.wordOhm(i, j))
			}
			if i > 0 {
				link(m*n+k-n, m*n+k, 1/a.bitOhm(i, j))
			}
		}
		y[i*n][i*n] += drive(i)
	}
	for j := range n {
		k := m*n + (m-1)*n + j
		y[k][k] += sense(j)
	}
	// Cholesky factor, in place.
	for i := range size {
		for j := 0; j <= i; j++ {
			s := y[i][j]
			for k := range j {
				s -= y[i][k] * y[j][k]
			}
			if i == j {
				y[i][i] = math.Sqrt(s)
			} else {
				y[i][j] = s / y[j][j]
			}
		}
	}
	x, b := make([]float64, size), make([]float64, size)
	for range steps {
		for k := range b {
			cap := c.Word
			if k >= m*n {
				cap = c.Bit
			}
			b[k] = cap / h * x[k]
		}
		for i := range m {
			b[i*n] += drive(i) * v[i]
		}
		for i := range size {
			for k := range i {
				b[i] -= y[i][k] * b[k]
			}
			b[i] /= y[i][i]
		}
		for i := size - 1; i >= 0; i-- {
			for k := i + 1; k < size; k++ {
				b[i] -= y[k][i] * b[k]
			}
			b[i] /= y[i][i]
		}
		copy(x, b)
		for i := range m {
			energy += h * v[i] * drive(i) * (v[i] - x[i*n])
		}
	}
	out = make([]float64, n)
	for j := range n {
		out[j] = sense(j) * x[m*n+(m-1)*n+j]
	}
	return out, energy
}

// TestSettle compares outputs and energy of an array with the implicit Euler rule, whose error is
// extrapolated away.
func TestSettle(t *testing.T) {
	a, v := random(4, 5, 1, Wires{RWord: 20, RBit: 30, RDriver: 200, RSense: 100}, 3)
	for _, c := range []LineCapacitance{{Word: 1e-15, Bit: 2e-15}, {Word: 1e-15}, {Bit: 1e-15}} {
		const window = 4e-12
		s, err := a.Settle(ctx, v, c, &SettlingSettings{Accuracy: 1e-8, Window: window, Trace: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for k, x := range s.T {
			if x == window {
				got = s.I[k*5:][:5]
			}
		}
		one, e1 := euler(a, v, c, window, 2000)
		two, e2 := euler(a, v, c, window, 4000)
		for j := range two {
			two[j] = 2*two[j] - one[j]
		}
		if d := worst(got, two); d > 1e-5 {
			t.Errorf("%+v: outputs at %g s differ by %g", c, window, d)
		}
		if e := 2*e2 - e1; math.Abs(s.Energy/e-1) > 1e-5 {
			t.Errorf("%+v: energy is %g J, want %g", c, s.Energy, e)
		}
		final, err := a.Solve(ctx, v, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := worst(s.Final, final.I); d > 2e-10 {
			t.Errorf("final outputs differ by %g", d)
		}
	}
}

// TestHeld checks lines without resistance to their sources: they are charged at once, and the
// sources pay C V² for it.
func TestHeld(t *testing.T) {
	const c = 3e-15
	a, v := random(4, 5, 1, Wires{RBit: 100}, 3)
	s, err := a.Settle(ctx, v, LineCapacitance{Word: c, Bit: c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	without, err := a.Settle(ctx, v, LineCapacitance{Bit: c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for _, x := range v {
		want += 5 * c * x * x
	}
	if d := (s.Energy - without.Energy) / want; math.Abs(d-1) > 1e-9 {
		t.Errorf("charging word lines at once takes %g of C V²", d)
	}
	// Both ends driven: a bit line of the same charge is faster.
	a.Wires.Topology = Double
	double, err := a.Settle(ctx, v, LineCapacitance{Bit: c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := double.Settled / without.Settled; r > 0.5 || r < 0.1 {
		t.Errorf("sensed at both ends it settles after %g of the time", r)
	}
}

// TestSettleWorkers checks that the number of workers changes no bit.
func TestSettleWorkers(t *testing.T) {
	a, v := random(40, 37, 1, Wires{RWord: 2, RBit: 2, RDriver: 200}, 3)
	var s [2]*Settling
	for k := range s {
		var err error
		if s[k], err = a.Settle(ctx, v, LineCapacitance{Word: 1e-16, Bit: 1e-16}, &SettlingSettings{Workers: k + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if s[0].Energy != s[1].Energy || s[0].Steps != s[1].Steps {
		t.Errorf("one worker: %g J, two: %g J", s[0].Energy, s[1].Energy)
	}
	for j, x := range s[0].Time {
		if x != s[1].Time[j] {
			t.Errorf("output %d settles at %g s with one worker, at %g s with two", j, x, s[1].Time[j])
		}
	}
}

func TestSettleRefuses(t *testing.T) {
	a, v := random(2, 3, 1, Wires{RWord: 1, RBit: 1}, 5)
	good := LineCapacitance{Word: 1e-15, Bit: 1e-15}
	ideal := &Array{Rows: 2, Cols: 3, G: a.G}
	dark := &Array{Rows: 2, Cols: 3, G: make([]float64, 6), Wires: a.Wires}
	for _, x := range []struct {
		want string
		a    *Array
		v    []float64
		c    LineCapacitance
		set  *SettlingSettings
	}{
		{"c_word and c_bit are 0 F", a, v, LineCapacitance{}, nil},
		{"c_bit is -1 F: must be >= 0 F", a, v, LineCapacitance{Bit: -1}, nil},
		{"c_word is NaN F", a, v, LineCapacitance{Word: math.NaN()}, nil},
		{"1 voltages for an array of 2 rows", a, v[:1], good, nil},
		{"voltage of row 1 is +Inf V", a, []float64{1, math.Inf(1)}, good, nil},
		{"settling tolerance is 2: must be above 0 and below 1", a, v, good, &SettlingSettings{Tolerance: 2}},
		{"accuracy of the time steps is 1e-12", a, v, good, &SettlingSettings{Accuracy: 1e-12}},
		{"window is -1 s", a, v, good, &SettlingSettings{Window: -1}},
		{"not settled after 5 time steps", a, v, good, &SettlingSettings{MaxSteps: 5}},
		{"nothing has to settle", ideal, v, good, nil},
		{"all final outputs are 0 A", dark, v, good, nil},
	} {
		if _, err := x.a.Settle(ctx, x.v, x.c, x.set); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("got %v, want %q", err, x.want)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := a.Settle(done, v, good, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if s, err := a.Settle(ctx, []float64{0, 0}, good, nil); err != nil || s.Settled != 0 || s.Energy != 0 {
		t.Errorf("inputs of 0 V: %+v, %v", s, err)
	}
}

func BenchmarkSettle(b *testing.B) {
	for _, n := range []int{32, 128} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a, v := random(n, n, 1, Wires{RWord: 1, RBit: 1, RDriver: 500, RSense: 100}, 1)
			b.ReportAllocs()
			var s *Settling
			for b.Loop() {
				var err error
				if s, err = a.Settle(ctx, v, LineCapacitance{Word: 1e-16, Bit: 1e-16}, &SettlingSettings{Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.Steps+s.Tried), "steps")
		})
	}
}
