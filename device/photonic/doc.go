// Package photonic models devices that multiply with light: meshes of
// Mach-Zehnder interferometers, banks of microring weights, phase-change cells on
// waveguides, the receivers behind them, and the photonic quantum memristor.
//
// Fields E are complex amplitudes with |E|² the power in W, and a path of phase φ
// multiplies by exp(iφ). Losses in dB are of power: the field falls by 10^(-L/20).
//
//	Mesh      U = D M_K ... M_1, coherent: interferometers and output phases
//	Ring      w = T_drop - T_through, incoherent, signed by a balanced receiver
//	OpticalPCM  T = exp(-A), incoherent, unsigned
//	Receiver  σ² = B [2e(I + I_dark) + 4kT/R_L + RIN I²]
//	QuantumMemristor  n_out = (1 - R) n_in, R follows the past of n_in
//
// A mesh is no population: its matrix is a product over all of its
// interferometers. Decompose turns a unitary matrix into factors (rectangle of
// Clements et al., triangle of Reck et al.), a Mesh is the fabricated chip that they
// are programmed into, and SVD makes two unitary matrices of any other. The
// other models are populations of cells. Package aimc makes tiles of all
// three.
//
// Everything is at one polarisation and, but for the rings, one wavelength.
package photonic
