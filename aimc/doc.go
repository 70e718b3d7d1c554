// Package aimc multiplies by matrices that are stored in analog devices: tiles,
// and what is built from them.
//
// A Tile holds a weight matrix W of outputs x inputs and gives Y = X W^T for a
// batch of input vectors, with the errors of its devices and circuits. The weights are
// programmed once, age while time passes (Advance), and are read by MVM.
//
// CrossbarTile is a tile of crossbar arrays. An input vector x is scaled by its
// largest magnitude (or a fixed input range) R, converted, and drives the word lines;
// a weight is a pair of devices in two arrays with the same voltages, whose
// column currents are subtracted, converted and scaled back:
//
//	v_i = V_read DAC(x_i/R)
//	I_j = Σ_i v_i (T+_ij - T-_ij) + sqrt(Σ_i v_i² (s+_ij² + s-_ij²) + white) N
//	y_j = ADC(I_j) (R/V_read) w_max/(g_max - g_min)
//
// T± are the conductances as they are now, programmed, drifted, with slow read noise,
// and seen through the wires of the array; s± is their fast read noise, white the thermal and
// shot noise of the devices, if asked for. Package crossbar has these laws (Operator), through wires too. A matrix larger than an array is cut into several, whose
// outputs are added digitally or before conversion. Instead of a pair a weight may be a device and a reference, several
// copies, or digits with converters of their own (crossbar.Mapping), and inputs may come as digits too (crossbar.Converters).
//
// Cells are brought to their targets by the device's own closed loop or by pulses (crossbar.Writing); Compensation
// corrects outputs for drift and writes weights anew; SineTest measures the effective number of bits, Calibrate learns ranges, and
// Cells shows every device. A Readout says how the weights were written, how old they are and how outputs are corrected.
//
// Read noise is divided at the window of an evaluation (Noise.Window). What is
// slower stands still: it is drawn once per device and evaluation, and all
// vectors of the evaluation see the same. What is faster is fresh for each vector;
// the sum over devices of independent normal numbers is a normal number with the
// sum of their variances, so one draw per output replaces one per device. Where noise takes
// devices to 0 S, mean and variance are still exact, and the distribution tends to the normal one with
// the number of devices; with wires they are of first order in the noise.
//
// Products are in float64, or in float32 (Array.Precision), which is twice as fast and right
// to 1e-6 of the largest output. Inputs, conversions and outputs are float64 with either, and the noise
// is the same numbers.
//
// Every draw has a key: an evaluation with the same key gives the same bits, whatever
// the number of workers and however its vectors are divided into calls: every product is summed in
// one order, whatever the number of vectors. Another kernel (AVX2, AVX-512, Go) rounds otherwise.
package aimc
