// Package fit finds the parameters of a model from measurements: current-voltage
// curves, responses to pulses, and drift.
//
// A fit minimises the sum of squared residuals over the parameters that the data
// determine: from several starts by the simplex of Nelder and Mead (gonum/optimize),
// then by the method of Levenberg and Marquardt (J. SIAM 11, 431 (1963),
// doi:10.1137/0111030). Parameters of one sign are fitted by their logarithms.
// The covariance is that of Gauss and Newton at the minimum,
//
//	C = s² (JᵀJ)⁻¹,  s² = Σ r² / (N - p),
//
// and intervals are those of Student's t, which hold as far as the model is right,
// the errors are independent with the weights given, and the law is straight over the
// interval. A parameter that changes nothing, or only together with another so that its
// own interval would exceed a factor of e² either way, is left at its value and named.
//
// Switching takes V_set, V_reset, HRS and LRS from each cycle, and Components divides their
// spread into that between devices and that between cycles of a device.
package fit
