package photonic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Constants of nature, exact in SI.
const (
	elementaryCharge  = 1.602176634e-19 // C
	boltzmann         = 1.380649e-23    // J/K
	planck            = 6.62607015e-34  // J s
	speedOfLight      = 299792458       // m/s
	minusInfiniteLoss = -400            // dB/Hz, below all that has a meaning
)

// A Receiver is a photodiode, or a balanced pair of them, with its amplifier:
//
//	I = R P,  σ² = B [2e (I + I_dark) + 4kT/R_L + 10^(RIN/10) I²]
//
// in an equivalent noise bandwidth B. The shot noise of both diodes of a pair adds, while
// their currents are subtracted. NewReceiver returns the defaults.
type Receiver struct {
	Responsivity float64 // R, A/W
	DarkCurrent  float64 // I_dark of a diode, A
	LoadR        float64 // R_L, whose thermal noise is that of the amplifier's input, ohm
	RIN          float64 // relative intensity noise of the light, dB/Hz
}

// NewReceiver returns 1 A/W, 1 nA, 1 kohm and -150 dB/Hz, all assumptions.
func NewReceiver() Receiver {
	return Receiver{Responsivity: 1, DarkCurrent: 1e-9, LoadR: 1e3, RIN: -150}
}

// Params declares the parameters.
func (r *Receiver) Params() []device.Param {
	const assumed = "assumption"
	return []device.Param{
		{Name: "responsivity", Value: &r.Responsivity, Unit: "A/W", Range: quantity.Positive(), Meaning: "photocurrent per optical power", Source: assumed},
		{Name: "dark_current", Value: &r.DarkCurrent, Unit: "A", Range: quantity.NonNegative(), Meaning: "dark current of a photodiode", Source: assumed},
		{Name: "r_load", Value: &r.LoadR, Unit: "ohm", Range: quantity.Positive(), Meaning: "resistance with the thermal noise of the amplifier's input", Source: assumed},
		{Name: "rin", Value: &r.RIN, Unit: "dB/Hz", Range: quantity.Between(minusInfiniteLoss, 0), Meaning: "relative intensity noise of the light", Source: assumed},
	}
}

// Responsivity returns the responsivity in A/W of a diode of quantum efficiency eta,
// η e λ/(h c), at a wavelength in m.
func Responsivity(eta, wavelength float64) float64 {
	return eta * elementaryCharge * wavelength / (planck * speedOfLight)
}

// SinglePole returns the equivalent noise bandwidth in Hz, (π/2) f, of an amplifier with
// one pole that is 3 dB down at f in Hz.
func SinglePole(f float64) float64 { return math.Pi / 2 * f }

// White returns the part of the variance, A², that does not depend on the light, of so
// many diodes on one amplifier.
func (r Receiver) White(diodes int, env device.Env) float64 {
	return env.Bandwidth * (2*elementaryCharge*float64(diodes)*r.DarkCurrent + 4*boltzmann*env.Temperature/r.LoadR)
}

// ShotPerAmpere returns 2eB, the variance of shot noise in A² per A of photocurrent.
func (r Receiver) ShotPerAmpere(env device.Env) float64 { return 2 * elementaryCharge * env.Bandwidth }

// Intensity returns 10^(RIN/10) B, the relative variance of the light's intensity.
func (r Receiver) Intensity(env device.Env) float64 {
	return math.Pow(10, r.RIN/10) * env.Bandwidth
}

// Variance returns the variance, A², of the current that power in W gives in one diode.
func (r Receiver) Variance(power float64, env device.Env) float64 {
	i := r.Responsivity * power
	return r.White(1, env) + r.ShotPerAmpere(env)*i + r.Intensity(env)*i*i
}

// SNR returns the ratio of electrical signal to noise power, I²/σ², at an optical power in W.
func (r Receiver) SNR(power float64, env device.Env) float64 {
	i := r.Responsivity * power
	return i * i / r.Variance(power, env)
}

// Bits returns log2(I/σ), the effective bits of a full scale current I, at an
// optical power in W, behind a converter of so many bits with the range from 0 to I, whose
// rounding has the variance (I 2^-bits)²/12; 0 bits is none. The noise of light alone is
// that of half a bit more for twice the power where shot noise rules, one bit more
// where thermal noise rules, and none where the intensity noise rules:
//
//	bits <= -½ log2(10^(RIN/10) B)
func (r Receiver) Bits(power float64, converter int, env device.Env) float64 {
	i := r.Responsivity * power
	v := r.Variance(power, env)
	if converter > 0 {
		lsb := i * math.Pow(2, -float64(converter))
		v += lsb * lsb / 12
	}
	return math.Log2(i / math.Sqrt(v))
}

// ENOB returns the effective number of bits of a sine of full amplitude at a ratio of signal to
// noise power, (10 log10(snr) - 1.76)/6.02, exactly ½ log2(snr/1.5).
func ENOB(snr float64) float64 { return 0.5 * math.Log2(snr/1.5) }

// PowerFor returns the least optical power in W that gives so many Bits without a
// converter, the positive root of
//
//	I² (4^-bits - 10^(RIN/10) B) = 2e B I + White.
//
// The error tells that the intensity noise allows fewer bits at any power.
func (r Receiver) PowerFor(bits float64, env device.Env) (float64, error) {
	a := math.Pow(4, -bits) - r.Intensity(env)
	if !(a > 0) {
		return 0, fmt.Errorf("bits is %g: must be below %.4g, which the relative intensity noise allows at any power", bits, -0.5*math.Log2(r.Intensity(env)))
	}
	b, c := r.ShotPerAmpere(env), r.White(1, env)
	return (b + math.Sqrt(b*b+4*a*c)) / (2 * a) / r.Responsivity, nil
}
