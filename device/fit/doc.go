// Package fit finds the parameters of a model from measurements: current-voltage
// curves, responses to pulses, and drift.
//
// A fit minimises the sum of squared residuals over the parameters that the data
// determine: from several starts by the simplex of Nelder and Mead (gonum/optimize),
// then by the method of Levenberg and Marquardt (J. SIAM 11, 431 (1963),
// doi:10.1137/0111030). Parameters of one sign are fitted by their logarithms.
// The covariance at the minimum is that of White in the form HC3,
//
//	C = (JᵀJ)⁻¹ Jᵀ diag(r²/(1-h)²) J (JᵀJ)⁻¹,  h = diag(J (JᵀJ)⁻¹ Jᵀ),
//
// and intervals are those of Student's t, which hold as far as the model is right,
// the errors are independent, and the law is straight over the interval; the weights
// need not be those of the errors. A parameter that changes nothing, or only together with another so that its
// own interval would exceed a factor of e² either way, is left at its value and named.
//
// Switching takes V_set, V_reset, HRS and LRS from each cycle, and Components divides their
// spread into that between devices and that between cycles of a device.
package fit
