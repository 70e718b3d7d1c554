package device_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// resistor returns an element of a fixed resistance, driven by voltage or current.
func resistor(r float64, drives []device.Variable) *testElement {
	law := func(_, u []float64) float64 { return u[0] / r }
	if drives[0] == device.Current {
		law = func(_, u []float64) float64 { return u[0] * r }
	}
	return &testElement{drives: drives, current: law}
}

// squareLaw is a transistor of the square law with a gate at 1.5 V.
func squareLaw() device.Transistor {
	return device.Transistor{VGate: 1.5, VTh: 0.5, B: 100e-6, Alpha: 2, K: 1}
}

// TestTransistorSpice compares a resistance behind a transistor with ngspice's
// level 1 model, for both signs of the voltage, through saturation.
func TestTransistorSpice(t *testing.T) {
	ngspice, err := exec.LookPath("ngspice")
	if err != nil {
		t.Skip("ngspice is not installed")
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out.txt")
	deck := fmt.Sprintf(`resistance and transistor
v1 p 0 0
r1 p m 5k
vg g 0 1.5
vb b 0 -20
m1 m g 0 b n l=1u w=1u
.model n nmos level=1 vto=0.5 kp=200u is=1e-30
.options reltol=1e-9 abstol=1e-18 vntol=1e-12 gmin=1e-18
.control
set numdgt=14
dc v1 -3 3 0.125
wrdata %s i(v1)
quit
.endc
.end
`, out)
	path := filepath.Join(dir, "deck.cir")
	if err := os.WriteFile(path, []byte(deck), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command(ngspice, "-b", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	el := device.WithTransistor(resistor(5e3, volts), squareLaw())
	back := device.WithTransistor(resistor(5e3, amps), squareLaw())
	var worst, slope, inverse float64
	n := 0
	for line := range strings.Lines(string(text)) {
		var v, i float64
		if _, err := fmt.Sscan(line, &v, &i); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		n++
		got := el.Response(nil, []float64{v}, device.Env{})
		worst = max(worst, math.Abs(got+i)/100e-6)
		const h = 1e-6
		d := (el.Response(nil, []float64{v + h}, device.Env{}) - el.Response(nil, []float64{v - h}, device.Env{})) / (2 * h)
		slope = max(slope, math.Abs(el.Slope(nil, []float64{v}, device.Env{})-d)*5e3)
		if got < 99.9e-6 { // beyond, the current tells nothing of the voltage
			inverse = max(inverse, math.Abs(back.Response(nil, []float64{got}, device.Env{})-v))
		}
	}
	if n != 49 {
		t.Fatalf("ngspice returned %d points, want 49", n)
	}
	claims.Check(t, claims.Claim{
		Name: "1T1R cell, -3 V to 3 V: worst difference of the current over its saturation", Kind: claims.IndependentSolver,
		Source: "ngspice, MOSFET level 1", Want: 0, Got: worst, Tol: 1e-8, Absolute: true, Why: "ngspice's tolerances",
	})
	if slope > 1e-5 {
		t.Errorf("slope: %g beside a central difference", slope)
	}
	if inverse > 1e-10 {
		t.Errorf("the voltage at a current: %g V", inverse)
	}
}

// TestTransistorCutOff checks the ends of the law.
func TestTransistorCutOff(t *testing.T) {
	off := squareLaw()
	off.VGate = 0.4
	if i := device.WithTransistor(resistor(1e3, volts), off).Response(nil, []float64{2}, device.Env{}); i != 0 {
		t.Errorf("%g A below threshold", i)
	}
	cut := device.WithTransistor(resistor(1e3, amps), squareLaw()).Response(nil, []float64{1e-3}, device.Env{})
	if want := 100e-6*1e3 + 1; math.Abs(cut-want) > 1e-12 {
		t.Errorf("%g V at a current beyond saturation, want %g", cut, want)
	}
	bad := squareLaw()
	bad.Alpha = 3
	if err := device.WithTransistor(resistor(1e3, volts), bad).Validate(); err == nil || err.Error() != "transistor: alpha is 3: must be from 1 to 2" {
		t.Error(err)
	}
}

// TestTransistorLimitsSET drives a memristor to its low resistance: the transistor
// cuts the current at saturation, and charge grows linearly from then on.
func TestTransistorLimitsSET(t *testing.T) {
	m := memristor.NewLinearDrift()
	tr := squareLaw()
	tr.B = 20e-6
	const span = 0.5
	w := device.Waveform{T: []float64{0, span}, U: [][]float64{{5, 5}}}
	got := run(t, device.WithTransistor(m, tr), w, nil)
	last := len(got.T) - 1
	if math.Abs(got.Response[last]-20e-6) > 1e-15 {
		t.Errorf("%g A in saturation, want 20 µA", got.Response[last])
	}
	claims.Check(t, claims.Claim{
		Name: "linear-drift behind a saturated transistor: state after 0.5 s", Kind: claims.ClosedForm,
		Source: "x = x0 + k I_sat t", Want: m.States()[0].Initial + m.K()*20e-6*span, Got: got.X[0][last], Tol: 1e-7, Why: "default integration tolerance 1e-8 per step, accumulated",
	})
}
