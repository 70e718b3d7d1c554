package crossbar

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

// transistor28 is a transistor of about a 28 nm process's size; the numbers are an example.
var transistor28 = Transistor{VGate: 1.2, VTh: 0.4, B: 150e-6, Alpha: 1.4, K: 0.6}

func laws(n int) map[string]IVCurve {
	on := make([]bool, n)
	for k := range on {
		on[k] = k%2 == 0
	}
	return map[string]IVCurve{
		"ohmic":          Ohmic{},
		"sinh":           Sinh{V0: 0.25},
		"poole-frenkel":  PooleFrenkel{V0: 0.05},
		"schottky":       Schottky{IS: 1e-9, N: 1.2, VT: 0.02585},
		"transistor":     transistor28,
		"square law":     Transistor{VGate: 1, VTh: 0.4, B: 200e-6, Alpha: 2, K: 1},
		"off transistor": Transistor{VGate: 0, VTh: 0.4, B: 200e-6, Alpha: 2, K: 1},
		"selector":       &Selector{GOff: 1e-8, ROn: 2e3, VTh: 0.7, VHold: 0.3, On: on},
	}
}

// TestLaws checks for every law that slopes are those of difference quotients,
// that currents rise, that 0 V carries none, and that an open device stays open.
func TestLaws(t *testing.T) {
	for name, iv := range laws(4) {
		if err := validateCurve(iv); err != nil {
			t.Fatal(err)
		}
		g := []float64{1e-4, 1e-4, 1e-6, 0}
		i, s, up, down := make([]float64, 4), make([]float64, 4), make([]float64, 4), make([]float64, 4)
		at := func(dst []float64, v float64) []float64 {
			iv.Evaluate(dst, nil, g, []float64{v, v, v, v})
			return dst
		}
		var before []float64
		for v := -2.013; v < 2; v += 0.0237 {
			iv.Evaluate(i, s, g, []float64{v, v, v, v})
			const h = 1e-6
			at(up, v+h)
			at(down, v-h)
			for k := range g {
				if g[k] == 0 {
					if i[k] != 0 || s[k] != 0 {
						t.Errorf("%s: open device carries %g A, slope %g S", name, i[k], s[k])
					}
					continue
				}
				if d := (up[k] - down[k]) / (2 * h); math.Abs(d-s[k]) > 1e-5*s[k]+1e-9*math.Abs(i[k])+1e-16 {
					t.Errorf("%s: slope at %g V is %g S, difference quotient %g S", name, v, s[k], d)
				}
				if before != nil && i[k] < before[k] || s[k] < 0 {
					t.Errorf("%s: current falls at %g V", name, v)
				}
			}
			before = append(before[:0], i...)
		}
		for k, x := range at(i, 0) {
			if x != 0 {
				t.Errorf("%s: device %d carries %g A at 0 V", name, k, x)
			}
		}
		if n := testing.AllocsPerRun(10, func() { iv.Evaluate(i, s, g, up) }); n != 0 {
			t.Errorf("%s: %g allocations", name, n)
		}
	}
}

// TestSinh compares with math.Sinh and math.Cosh.
func TestSinh(t *testing.T) {
	c := Sinh{V0: 0.25}
	n := 1001
	g, v, i, s := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for k := range v {
		g[k], v[k] = 1e-5, 3*math.Pow(float64(k-500)/500, 3)
	}
	c.Evaluate(i, s, g, v)
	for k, x := range v {
		if w := 1e-5 * 0.25 * math.Sinh(x/0.25); math.Abs(i[k]-w) > 1e-14*math.Abs(w) {
			t.Errorf("current at %g V is %g A, want %g", x, i[k], w)
		}
		if w := 1e-5 * math.Cosh(x/0.25); math.Abs(s[k]-w) > 1e-14*w {
			t.Errorf("slope at %g V is %g S, want %g", x, s[k], w)
		}
	}
}

// TestSchottky puts the currents back into the implicit law.
func TestSchottky(t *testing.T) {
	c := Schottky{IS: 1e-9, N: 1.2, VT: 0.02585}
	nv := c.N * c.VT
	for _, g := range []float64{1e-9, 1e-6, 1e-3, 1} {
		for v := -1.0; v <= 2; v += 0.0137 {
			var i [1]float64
			c.Evaluate(i[:], nil, []float64{g}, []float64{v})
			// Either side of v = N VT ln(1 + i/IS) + i/G, of which neither term cancels.
			back := nv*math.Log1p(i[0]/c.IS) + i[0]/g
			tol := 1e-12 * (math.Abs(v) + nv)
			if v < 0 {
				// Beyond saturation the voltage is lost in the current's last digits.
				tol += nv * 1e-15 / (1 + i[0]/c.IS)
			}
			if math.Abs(back-v) > tol {
				t.Errorf("G %g S: %g V gives %g A, which needs %g V", g, v, i[0], back)
			}
		}
	}
	// The diode alone.
	var i [1]float64
	c.Evaluate(i[:], nil, []float64{1e12}, []float64{0.5})
	claims.Check(t, claims.Claim{Name: "current of a Schottky contact of 1 nA, N = 1.2 at 0.5 V", Kind: claims.ClosedForm, Source: "I_S (exp(V/(N V_T)) - 1), Crowell and Sze, doi:10.1016/0038-1101(66)90127-4",
		Unit: "A", Want: 1e-9 * math.Expm1(0.5/nv), Got: i[0], Tol: 1e-12, Why: "rounding of the exponent"})
}

// TestTransistor compares with bisection of the law as it is written.
func TestTransistor(t *testing.T) {
	channel := func(c Transistor, vgs, vds float64) float64 {
		if vgs <= c.VTh {
			return 0
		}
		sat, limit := c.B*math.Pow(vgs-c.VTh, c.Alpha), c.K*math.Pow(vgs-c.VTh, c.Alpha/2)
		if vds >= limit {
			return sat
		}
		return sat * (2 - vds/limit) * vds / limit
	}
	for _, c := range []Transistor{transistor28, {VGate: 1, VTh: 0.4, B: 200e-6, Alpha: 2, K: 1}, {VGate: 0.1, VTh: 0.4, B: 1e-4, Alpha: 1, K: 0.3}} {
		for _, g := range []float64{1e-6, 1e-4, 1e-2} {
			for v := -2.0; v <= 2; v += 0.0371 {
				low, high := 0.0, math.Abs(v)
				for range 200 {
					x := (low + high) / 2
					vgs := c.VGate
					if v < 0 {
						vgs += x // the source is the other terminal
					}
					if channel(c, vgs, x) > g*(math.Abs(v)-x) {
						high = x
					} else {
						low = x
					}
				}
				want := math.Copysign(g*(math.Abs(v)-low), v)
				var i [1]float64
				c.Evaluate(i[:], nil, []float64{g}, []float64{v})
				if math.Abs(i[0]-want) > 1e-13*g*math.Abs(v) {
					t.Errorf("%+v, G %g S, %g V: %g A, want %g", c, g, v, i[0], want)
				}
			}
		}
	}
}

// TestSelector follows one cell up and down: it turns on and off where the divider
// of switch and device says.
func TestSelector(t *testing.T) {
	c := &Selector{GOff: 1e-7, ROn: 1e3, VTh: 0.5, VHold: 0.2}
	g := []float64{1e-5}
	turnOn := c.VTh * (1 + c.GOff/g[0])
	turnOff := c.VHold * (1 + c.GOff/g[0])
	var up, down float64
	for v := 0.0; v < 1; v += 1e-3 {
		if c.Switch(g, []float64{v}) == 1 {
			up = v
		}
	}
	for v := 1.0; v > 0; v -= 1e-3 {
		if c.Switch(g, []float64{v}) == 1 {
			down = v
		}
	}
	claims.Check(t, claims.Claim{Name: "voltage at which a selector cell turns on", Kind: claims.ClosedForm, Source: "V_th (1 + G_off/G)", Unit: "V", Want: turnOn, Got: up, Absolute: true, Tol: 1.001e-3, Why: "voltage step"})
	claims.Check(t, claims.Claim{Name: "voltage at which a selector cell turns off", Kind: claims.ClosedForm, Source: "V_hold (1 + G_off/G), continuity of the branch", Unit: "V", Want: turnOff, Got: down, Absolute: true, Tol: 1.001e-3, Why: "voltage step"})
}

func TestLawsRefuse(t *testing.T) {
	for _, c := range []struct {
		iv   IVCurve
		want string
	}{
		{Sinh{}, "sinh: v0 is 0 V: must be > 0 V"},
		{Sinh{V0: math.NaN()}, "sinh: v0 is NaN"},
		{PooleFrenkel{V0: -1}, "poole-frenkel: v0 is -1 V"},
		{PooleFrenkel{V0: math.Inf(1)}, "poole-frenkel: v0 is"},
		{Schottky{IS: 1e-9, N: 1}, "schottky: v_t is 0 V"},
		{Transistor{VGate: math.NaN(), B: 1, Alpha: 2, K: 1}, "transistor: v_gate is NaN"},
		{Transistor{VGate: 1, B: 1, Alpha: 3, K: 1}, "transistor: alpha is 3: must be from 1 to 2"},
		{&Selector{GOff: 1, ROn: 1, VTh: 1, VHold: 1}, "v_hold is 1 V: must be below v_th, 1 V"},
		{&Selector{GOff: 1, ROn: 1, VTh: 1, VHold: .5, On: make([]bool, 3)}, "states of 3 devices for an array of 6"},
	} {
		a, v := random(2, 3, 1, Wires{RWord: 1}, 5)
		if _, err := a.SolveNonlinear(ctx, v, c.iv, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.iv, err, c.want)
		}
	}
}
