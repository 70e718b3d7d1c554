package spintronic

import "math"

// WriteError returns the probability that a perpendicular macrospin has not switched at the
// end of a pulse of τ = t/τ_D at i = I/Ic0 > 1,
//
//	WER = 1 - exp(-θ² Δ (i-1)/(i exp(2τ(i-1)) - 1)),  θ = (2^i (i-1)/i)^(1/(i+1))
//
// for a magnet that starts in thermal equilibrium. The form is Butler's, doi:10.1109/TMAG.2012.2209122; with
// the textbook's θ = π/2 it is up to three times too high near i = 1.5, while this θ, from the drift
// beyond small angles, is right to 15 % from i = 1.5 and to 1 % from i = 3. It is NaN for i <= 1.
func WriteError(delta, i, tau float64) float64 {
	if !(i > 1) {
		return math.NaN()
	}
	theta := math.Pow(math.Pow(2, i)*(i-1)/i, 1/(i+1))
	return writeError(delta, i, tau, theta)
}

func writeError(delta, i, tau, theta float64) float64 {
	return -math.Expm1(-theta * theta * delta * (i - 1) / (i*math.Exp(2*tau*(i-1)) - 1))
}

// SwitchingTime returns the time in units of τ_D in which a perpendicular macrospin without
// thermal agitation goes from the angle θ0 to its equator at i = I/Ic0 > 1, the integral of
// dθ/dτ = (i - cos θ) sin θ.
func SwitchingTime(i, theta0 float64) float64 {
	z := math.Cos(theta0)
	return math.Log((i-z)/i)/(i*i-1) - math.Log(1-z)/(2*(i-1)) + math.Log(1+z)/(2*(i+1))
}

// ThermalRate returns the rate, in units of 1/τ_D, at which thermal agitation takes a perpendicular
// macrospin over its barrier at 0 <= i < 1,
//
//	Γ = sqrt(Δ/π) (1-i)(1-i²) exp(-Δ (1-i)²).
//
// The exponent is 2 for a perpendicular magnet; 1 holds in the plane. It is Kramers' limit of large
// Δ (1-i)²: 5 % too high at Δ = 20 without current, 20 % at Δ (1-i)² = 6.
func ThermalRate(delta, i float64) float64 {
	return math.Sqrt(delta/math.Pi) * (1 - i) * (1 - i*i) * math.Exp(-delta*(1-i)*(1-i))
}

// SpinHallThreshold returns the damping-like spin-orbit field in T at which a slowly rising current
// switches a perpendicular macrospin with an in-plane field b along the current, |b| < bk, all in T:
//
//	a = bk sqrt(1-s²) (s - b/bk),  s = (b/bk + sqrt(8 + (b/bk)²))/4.
//
// Its expansion is bk/2 - b/√2 of Lee et al., Appl. Phys. Lett. 102, 112410 (2013).
func SpinHallThreshold(bk, b float64) float64 {
	r := math.Abs(b) / bk
	s := (r + math.Sqrt(8+r*r)) / 4
	return bk * math.Sqrt(1-s*s) * (s - r)
}
