package crossbar

import (
	"fmt"
	"math"

	"mho/internal/gemm"
	"mho/internal/quantity"
	"mho/internal/vmath"
)

// The exact constants of the SI.
const (
	boltzmann = 1.380649e-23    // J/K
	charge    = 1.602176634e-19 // C
)

// WhiteNoise is the thermal and shot noise of the current through a device of conductance G
// at voltage V, of the one-sided spectral density
//
//	S_I = 4kT G + F (2q|I| coth(q|V|/2kT) - 4kT G),  I = G V,
//
// (Ya. M. Blanter and M. Büttiker, Phys. Rep. 336, 1 (2000), doi:10.1016/S0370-1573(99)00123-4,
// section 3), which is 4kT G at V = 0 or F = 0, and F 2q|I| + (1-F) 4kT G at voltages far above
// 2kT/q, 52 mV at room temperature. It is fresh at each read.
type WhiteNoise struct {
	Temperature float64 // of the devices, K; 0 is without thermal noise
	Bandwidth   float64 // noise bandwidth of the circuit that reads, Hz; 0 is without noise
	Fano        float64 // F, shot noise in units of 2qI: 0 for a resistor, 1/3 for a diffusive conductor, 1 for a tunnel barrier

	// Pulse is the voltage of inputs that are coded in the length of pulses: a V of v/Pulse of the time
	// of a read. Shot noise is that of Pulse, for this share of the time. 0 is inputs coded in their voltage.
	Pulse float64
}

// Validate returns an error if a value is negative or not finite, or F is above 1.
func (w WhiteNoise) Validate() error {
	notNegative := quantity.NonNegative()
	for _, p := range []struct {
		name, unit string
		x          float64
		r          quantity.Range
	}{
		{"temperature", "K", w.Temperature, notNegative}, {"bandwidth", "Hz", w.Bandwidth, notNegative}, {"Fano factor", "", w.Fano, quantity.Range{Min: 0, Max: 1}},
	} {
		if !p.r.Contains(p.x) {
			return fmt.Errorf("%s is %s: must be %s", p.name, quantity.Format(p.x, p.unit), p.r.Text(p.unit))
		}
	}
	return nil
}

// thermal returns the variance of the current at 0 V per conductance, 4kTB, in A²/S.
func (w WhiteNoise) thermal() float64 { return 4 * boltzmann * w.Temperature * w.Bandwidth }

// Variance returns the variance in A² of the current through a device of conductance g, in S, at
// v volts: S_I times Bandwidth.
func (w WhiteNoise) Variance(g, v float64) float64 {
	x := []float64{v}
	excess(w, x, x)
	return g * (w.thermal() + x[0])
}

// excess sets dst to the variances of the current per conductance at voltages v, in V, beyond the thermal
// one, in A²/S. dst and v may be the same slice.
func excess[T gemm.Float](w WhiteNoise, dst, v []T) {
	scale := 2 * charge * w.Bandwidth * w.Fano
	if scale == 0 {
		clear(dst)
		return
	}
	x := math.Inf(1)
	if w.Temperature > 0 {
		x = charge / (2 * boltzmann * w.Temperature)
	}
	if w.Pulse > 0 {
		y := x * w.Pulse
		per := scale * langevin(y, math.Exp(-2*y))
		for i, u := range v {
			dst[i] = T(per * math.Abs(float64(u)))
		}
		return
	}
	var buffer [256]float64
	for first := 0; first < len(v); first += len(buffer) {
		in := v[first:min(first+len(buffer), len(v))]
		e := buffer[:len(in)]
		for i, u := range in {
			e[i] = -2 * x * math.Abs(float64(u))
			if u == 0 {
				e[i] = 0 // where x is infinite
			}
		}
		vmath.Exp(e, e)
		out := dst[first:][:len(in)]
		for i, u := range in {
			size := math.Abs(float64(u))
			out[i] = T(scale * size * langevin(x*size, e[i]))
		}
	}
}

// langevin returns coth x - 1/x for x >= 0, given exp(-2x).
func langevin(x, e float64) float64 {
	if !(x > 0.02) { // the next term is x⁵ 2/945
		return x / 3 * (1 - x*x/15)
	}
	return (1+e)/(1-e) - 1/x
}
