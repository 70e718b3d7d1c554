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
// by the laws of Ohm and Kirchhoff. Wires gives every wire segment, driver and sense
// amplifier a resistance, of each segment its own where lines are degraded, infinite where they are
// broken; a device that is open or a short circuit has a conductance as any other (Array.Apply).
//
// # Linear arrays
//
// Array.Solve solves the network for inputs one by one, by conjugate gradients. Array.Transfer
// gives the transfer matrix T with I_j = Σ_i V_i T_ij, so that any number of inputs is one
// matrix product: the array is cut into boxes, and neighbouring boxes are merged by
// eliminating the nodes between them. A TransferMatrix follows the changes of a few devices at
// a fraction of that cost, and a Multiplier takes batch after batch of inputs and chooses between solutions
// and T by their number. Array.Gradient and Array.Directional tell how outputs change with the
// conductances, by the adjoint network: two solutions for any number of devices.
//
// Everything carries a bound on its error: a tolerance that is not met is an error, never a silent
// result. So is a node that floats, which is named.
//
// # Nonlinear arrays, and arrays in time
//
// Devices need not be ohmic: SolveNonlinear and SolveBias take the law of current and
// voltage of the devices (IVCurve: Sinh, PooleFrenkel, Schottky, Transistor, Selector) and,
// the latter, any voltages at the lines and lines that float (Bias). A Scheme biases the
// lines to read or write one cell; Stress tells what all others see, ReadTest what is left to tell
// its states apart. Settle follows the outputs after a step of the inputs while the
// capacitances of the lines are charged.
//
// An Operator is what an evaluation of one or several arrays multiplies by, with the noise of
// devices that is fresh at each read folded into the mean and variance of every output; Freeze draws the slower noise,
// WhiteNoise is that of thermal agitation and of charge. A Product multiplies batches by it, in float32 or float64.
// Array.Variance has the noise through wires exactly.
//
// # At the edges
//
// Mapping turns a matrix of signed weights into conductances: pairs, offsets, copies, digits (Code).
// Quantizer is the ideal transfer curve of a converter; DAC and ADC add the errors of real ones, FitSine, EffectiveBits and CodeDensity
// measure them. Writing programs the cells of an array by pulses and reads.
//
// Matrices are row-major; conductances have rows x columns = word lines x bit
// lines. A weight matrix has outputs x inputs, the transpose: inputs drive word lines.
// Units are SI: Ω, S, V, A, W.
package crossbar
