// Package crossbar computes what an array of resistive devices between word
// lines and bit lines does: the currents through real wires, the mapping of
// signed weights to pairs of conductances, and the converters at its edges.
//
// Devices stand at the crossings of rows (word lines, driven by the input
// voltages) and columns (bit lines, held at ground by sense amplifiers, whose
// currents are the outputs). With ideal wires the outputs are
//
//	I_j = Σ_i V_i G_ij
//
// by the laws of Ohm and Kirchhoff. Array.Solve solves the linear network with the
// resistance of every wire segment, driver and sense amplifier (Wires); every
// solution carries a bound on its error. Array.Transfer gives the transfer matrix
// T with I_j = Σ_i V_i T_ij, so that any number of inputs is one matrix product.
//
// Mapping turns a matrix of signed weights into two of conductances, a
// differential pair per weight; Quantizer is the transfer curve of a DAC or ADC.
//
// Matrices are row-major; conductances have rows x columns = word lines x bit
// lines. A weight matrix has outputs x inputs, the transpose: inputs drive word lines.
// Units are SI: Ω, S, V, A, W.
package crossbar
