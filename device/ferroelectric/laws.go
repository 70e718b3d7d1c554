package ferroelectric

import "math"

// Merz returns the switching time τ∞ exp((Ea/|E|)^α) in s at a field in V/m. With
// α = 1 it is the law of Merz, Phys. Rev. 95, 690 (1954),
// doi:10.1103/PhysRev.95.690. It is +Inf without a field.
func Merz(field, tauInf, ea, alpha float64) float64 {
	return tauInf * math.Exp(math.Pow(ea/math.Abs(field), alpha))
}

// KAI returns the fraction 1 - exp(-(t/τ)^n) that has switched after t seconds at a
// constant field by nucleation and growth with one switching time (Kolmogorov, Avrami,
// Ishibashi).
func KAI(t, tau, n float64) float64 { return -math.Expm1(-math.Pow(t/tau, n)) }

// Lorentz returns the fraction 1/2 + arctan(log10(t/τ1)/w)/π that has switched after t
// seconds where the logarithms of switching times are Lorentzian about τ1 with the half
// width w in decades and each part switches at once at its time: Jo et al.,
// Phys. Rev. Lett. 99, 267602 (2007), doi:10.1103/PhysRevLett.99.267602.
func Lorentz(t, tau1, w float64) float64 {
	return 0.5 + math.Atan(math.Log10(t/tau1)/w)/math.Pi
}
