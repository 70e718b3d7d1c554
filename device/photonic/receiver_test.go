package photonic

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/claims"
	"mho/noise"
)

func TestReceiver(t *testing.T) {
	env := device.Env{Temperature: 300, Wavelength: 1550e-9, Bandwidth: 10e9}
	r := NewReceiver()
	quiet := r
	quiet.RIN = minusInfiniteLoss
	const power = 100e-6
	closed := func(name, unit string, want, got float64, why string) {
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: "2eIB, 4kTB/R and their sum, evaluated apart from this program", Unit: unit, Want: want, Got: got, Tol: 1e-3, Why: why})
	}
	digits := "three digits of the reference"
	closed("shot noise of 100 µA in 10 GHz", "A", 0.566e-6, math.Sqrt(quiet.ShotPerAmpere(env)*power), digits)
	dark := quiet
	dark.DarkCurrent = 0
	closed("thermal noise of 1 kohm at 300 K in 10 GHz", "A", 0.407e-6, math.Sqrt(dark.White(1, env)), digits)
	closed("signal to noise of 100 µW in 10 GHz with 1 kohm, dB", "", 43.13, 10*math.Log10(quiet.SNR(power, env)), digits)
	closed("effective bits of 100 µW in 10 GHz with 1 kohm", "", 7.16, quiet.Bits(power, 0, env), digits)
	closed("responsivity at 1550 nm, efficiency 1, in A/W", "", 1.2502, Responsivity(1, 1550e-9), digits)

	// Shot noise is the counting of electrons: Poisson numbers in windows of 1/(2B).
	const n = 200000
	const charge, bandwidth, current = 1.602176634e-19, 10e9, 10e-6
	counts := make([]float64, n)
	noise.NewKey(1).Poisson(counts, current/charge/(2*bandwidth), noise.At{})
	_, std := stat.MeanStdDev(counts, nil)
	claims.Check(t, claims.Claim{Name: "shot noise of 10 µA in 10 GHz against counted electrons", Kind: claims.IndependentSolver, Source: "200000 Poisson numbers of electrons in 50 ps", Unit: "A",
		Want: std * charge * 2 * bandwidth, Got: math.Sqrt(r.ShotPerAmpere(env) * current), Tol: 8e-3, Why: "five standard errors of the reference, 1/sqrt(2n)"})

	// The limits of the bits: noise of light is a square root of the power.
	bright := quiet
	bright.LoadR, bright.DarkCurrent = 1e30, 0
	claims.Check(t, claims.Claim{Name: "bits gained by twice the light where shot noise rules", Kind: claims.ClosedForm, Source: "½ log2 2", Want: 0.5, Got: bright.Bits(2*power, 0, env) - bright.Bits(power, 0, env), Tol: 1e-9, Why: "the thermal noise of 1e30 ohm"})
	claims.Check(t, claims.Claim{Name: "bits at infinite power with -150 dB/Hz in 10 GHz", Kind: claims.ClosedForm, Source: "-½ log2(10^(RIN/10) B)", Want: -0.5 * math.Log2(1e-15*10e9), Got: r.Bits(1e3, 0, env), Tol: 1e-6, Why: "shot noise of 1 kW"})
	for _, bits := range []float64{1, 4, 7} {
		p, err := r.PowerFor(bits, env)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Bits(p, 0, env); math.Abs(got-bits) > 1e-12 {
			t.Errorf("the power for %g bits gives %g", bits, got)
		}
	}
	if _, err := r.PowerFor(9, env); err == nil || !strings.Contains(err.Error(), "bits is 9: must be below 8.305") {
		t.Errorf("9 bits: %v", err)
	}

	// A converter without other noise loses nothing but its rounding.
	var sum, signal float64
	const converter = 8
	for k := range 100003 {
		x := math.Sin(2 * math.Pi * 7 * float64(k) / 100003)
		lsb := 2 / math.Pow(2, converter)
		e := math.Round(x/lsb)*lsb - x
		sum += e * e
		signal += x * x
	}
	claims.Check(t, claims.Claim{Name: "effective number of bits of a sine rounded to 8 bits", Kind: claims.ClosedForm, Source: "(SNR - 1.76 dB)/6.02 dB", Want: converter, Got: ENOB(signal / sum), Tol: 3e-3, Why: "the rounding of a sine is not quite uniform"})
	if got, want := quiet.Bits(1e9, converter, env), converter+0.5*math.Log2(12); math.Abs(got-want) > 1e-3 {
		t.Errorf("bits behind an 8-bit converter: %g, want %g", got, want)
	}

	// The noise bandwidth of a pole is the integral of its power transfer.
	f3dB := 5e9
	transfer := func(x float64) float64 { // f = f3dB x/(1-x)
		f := x / (1 - x)
		return 1 / (1 + f*f) * f3dB / ((1 - x) * (1 - x))
	}
	claims.Check(t, claims.Claim{Name: "noise bandwidth of one pole at 5 GHz", Kind: claims.IndependentSolver, Source: "Gauss-Legendre integral of |H|²", Unit: "Hz",
		Want: quad.Fixed(transfer, 0, 1, 60, nil, 0), Got: SinglePole(f3dB), Tol: 1e-9, Why: "60 points"})
}
