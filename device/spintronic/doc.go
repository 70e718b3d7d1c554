// Package spintronic holds magnetic devices: a macrospin with its tunnel junction,
// populations of binary magnetic tunnel junctions, and domain-wall synapses.
//
// The free layer is one unit vector m that follows Landau, Lifshitz, Gilbert and
// Slonczewski,
//
//	dm/dt = -γ m × B + α m × dm/dt - γ Σ (a m × (m × p) + b m × p)
//
// with B in tesla: applied, uniaxial and interfacial anisotropy, demagnetising,
// lowered by a voltage, and thermal (Macrospin, an element; Ensemble, many of them
// side by side). Perpendicular and axially symmetric, it is the Fokker-Planck equation
// of its m_z (FokkerPlanck), whose solution gives write error rates of any size, and
// which has closed forms at both ends (WriteError, ThermalRate). These three are the
// rungs of a ladder on which an MTJ population writes its bits.
//
// DomainWall is a wall in a strip, described by its position and angle, as an element
// and as an analog population.
//
// Units are SI; magnetic fields are B = μ0 H in tesla. The electron's γ is
// 1.76086e11 rad/(s T); other programs use values that differ by 1e-3.
package spintronic

// Constants of CODATA 2018.
const (
	mu0       = 1.25663706212e-6 // H/m
	charge    = 1.602176634e-19  // C
	hbar      = 1.054571817e-34  // J s
	boltzmann = 1.380649e-23     // J/K
	bohr      = 9.2740100783e-24 // J/T
	gamma     = 1.76085963023e11 // rad/(s T)
)
