package pcm

import "math"

const (
	boltzmann = 1.380649e-23    // J/K
	charge    = 1.602176634e-19 // C
)

// A Crystal is what makes an undercooled liquid crystallise: its viscosity, the
// velocity of a crystal's front and the rate at which nuclei appear. NewCrystal
// returns Ge2Sb2Te5.
//
// The viscosity is the MYEGA law above TGlass and, below, where the glass keeps
// the structure that it froze in, activated:
//
//	log10 η = log10 η∞ + (12 - log10 η∞) (Tg/T) exp[(m/(12 - log10 η∞) - 1) (Tg/T - 1)]
//	η = η(TGlass) exp[Ea/k (1/T - 1/TGlass)]                              T < TGlass
type Crystal struct {
	JumpRadius   float64 // radius r of an atom, m
	Hydrodynamic float64 // hydrodynamic radius R_h, m
	JumpLength   float64 // λ, the distance of a jump across the front, m
	Monomer      float64 // volume v_m of a monomer, m³
	FusionHeat   float64 // heat of fusion ΔH_f, J/m³
	TMelt        float64 // melting temperature, K
	Surface      float64 // energy σ of the surface between crystal and liquid, J/m²
	Wetting      float64 // wetting angle θ of nuclei, rad; π is homogeneous nucleation

	EtaInf    float64 // viscosity η∞ of the hot liquid, Pa s
	TG        float64 // temperature Tg at which the equilibrium liquid has 1e12 Pa s, K
	Fragility float64 // m
	TGlass    float64 // temperature at which the liquid falls out of equilibrium, K
	EaGlass   float64 // activation energy of the glass's viscosity, J
}

// NewCrystal returns the set for Ge2Sb2Te5 of the supplement of
// arXiv:2107.02035.
func NewCrystal() Crystal {
	return Crystal{
		JumpRadius: 0.1365e-9, Hydrodynamic: 0.1365e-9, JumpLength: 0.299e-9, Monomer: 2.9e-28,
		FusionHeat: 625e6, TMelt: 900, Surface: 0.06, Wetting: 130 * math.Pi / 180,
		EtaInf: 0.012, TG: 472, Fragility: 140, TGlass: 534, EaGlass: 2.45 * charge,
	}
}

// Viscosity returns η at the temperature t in K, in Pa s.
func (c *Crystal) Viscosity(t float64) float64 { return math.Exp(c.lnViscosity(t)) }

func (c *Crystal) lnViscosity(t float64) float64 {
	if t < c.TGlass {
		return c.lnViscosity(c.TGlass) + c.EaGlass/boltzmann*(1/t-1/c.TGlass)
	}
	low := math.Log10(c.EtaInf)
	x := c.TG / t
	return math.Ln10 * (low + (12-low)*x*math.Exp((c.Fragility/(12-low)-1)*(x-1)))
}

// Drive returns the free energy per monomer, in J, that crystallisation sets
// free at t in K, after Thompson and Spaepen,
//
//	Δg = v_m ΔH_f (Tm - T)/Tm · 2T/(Tm + T);
//
// above the melting point it is negative.
func (c *Crystal) Drive(t float64) float64 {
	return c.Monomer * c.FusionHeat * (c.TMelt - t) / c.TMelt * 2 * t / (c.TMelt + t)
}

// Velocity returns the velocity of the front of a crystal at t in K, in m/s,
//
//	u = 4 r k T / (3π λ² R_h η) [1 - exp(-Δg/kT)],
//
// negative above the melting point: the crystal melts.
func (c *Crystal) Velocity(t float64) float64 {
	kt := boltzmann * t
	return 4 * c.JumpRadius * kt / (3 * math.Pi * c.JumpLength * c.JumpLength * c.Hydrodynamic) * math.Exp(-c.lnViscosity(t)) * -math.Expm1(-c.Drive(t)/kt)
}

// Nucleus returns the number of monomers in a critical nucleus at t in K and the
// work of making it, in J,
//
//	n_c = f 32π/3 v_m² σ³/Δg³,  ΔG* = f 16π/3 v_m² σ³/Δg²,  f = (2 - 3 cos θ + cos³ θ)/4.
//
// Both are +Inf at the melting point and above.
func (c *Crystal) Nucleus(t float64) (monomers, work float64) {
	g := c.Drive(t)
	if g <= 0 {
		return math.Inf(1), math.Inf(1)
	}
	cos := math.Cos(c.Wetting)
	work = (2 - 3*cos + cos*cos*cos) / 4 * 16 * math.Pi / 3 * c.Monomer * c.Monomer * c.Surface * c.Surface * c.Surface / (g * g)
	return 2 * work / g, work
}

// Nucleation returns the steady rate of nucleation at t in K, in 1/(m³ s),
//
//	I = (4/v_m) γ n_c^(2/3) Z exp(-ΔG*/kT),  γ = kT/(3π λ³ η),  Z = sqrt(Δg/(6π k T n_c)),
//
// after Burr et al., J. Appl. Phys. 111, 104308 (2012), doi:10.1063/1.4718574.
// It is 0 at the melting point and above.
func (c *Crystal) Nucleation(t float64) float64 {
	n, work := c.Nucleus(t)
	if math.IsInf(n, 1) {
		return 0
	}
	kt := boltzmann * t
	l := math.Log(4/c.Monomer*kt/(3*math.Pi*c.JumpLength*c.JumpLength*c.JumpLength)) - c.lnViscosity(t)
	return math.Exp(l + 2*math.Log(n)/3 + 0.5*math.Log(c.Drive(t)/(6*math.Pi*kt*n)) - work/kt)
}

// Transformation returns the rate constant k of the law of Johnson, Mehl, Avrami
// and Kolmogorov at t in K, in 1/s: the crystalline share is 1 - exp(-(k t)⁴) with
//
//	k = (π/3 I u³)^(1/4)
//
// for nuclei that appear at the rate I and grow in all directions at the speed u.
// It is 0 at the melting point and above.
func (c *Crystal) Transformation(t float64) float64 {
	u := c.Velocity(t)
	if u <= 0 {
		return 0
	}
	return math.Sqrt(math.Sqrt(math.Pi / 3 * c.Nucleation(t) * u * u * u))
}
