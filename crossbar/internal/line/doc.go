// Package line solves the resistive network of one crossbar array exactly:
// word lines and bit lines of finite segment resistance, drivers and sense
// amplifiers of finite resistance, and one ohmic device at every crossing.
//
// # Circuit
//
// Word line i runs from the source V[i] through RDriver + RWord to the node
// w[i][0], then through one RWord per cell to w[i][1], w[i][2], ... and ends
// open. Bit line j starts open at u[0][j], has one RBit per cell, and leaves
// u[m-1][j] through RBit + RSense to ground. The device G[i][j] joins w[i][j]
// and u[i][j]. The output of column j is the current into ground. With Double
// the far end of every word line is driven by the same V through
// RDriver + RWord, the far end of every bit line is grounded through
// RBit + RSense, and an output is the sum of both currents. Kirchhoff's law
// at the two kinds of nodes reads
//
//	(Lw + C) w = C u + b,    (Lb + C) u = C w,
//
// with C the device conductances, Lw and Lb the tridiagonal conductance
// matrices of the lines, and b the currents that the drivers feed in.
//
// Solve is for this circuit. Maps of segment resistances (Network), broken segments
// among them, open terminals and conductances from any node to ground (Elements),
// voltages at the terminals of bit lines, current sources parallel to the devices and
// currents fed into any node (Sources) make it general enough for biasing schemes,
// for the steps of Newton's method with nonlinear devices, and for implicit steps
// in time: see SolveSources. A node without a path to a terminal or to ground is an
// error that names it.
//
// # Method
//
// The bit lines are eliminated exactly, S = M - C (Lb + C)⁻¹ C with
// M = Lw + C, and S w = b is solved by conjugate gradients preconditioned with
// M, that is with all word lines at once. The eigenvalues of M⁻¹S lie in (0, 1]
// and only few are small, so the iteration converges superlinearly: 3 to 13
// steps for 64 to 1024 lines at 1 Ω and 1 to 100 µS. Lines are factorised by
// series and parallel sums of conductances, which subtract nothing; a wire of
// 1 nΩ therefore costs no accuracy. A line without segment resistance is one
// node, and a line without any resistance is a terminal: both are exact, not
// limits of small numbers. Where either side is a terminal no iteration is
// needed.
//
// A step reads and writes about 150 bytes a cell, and memory is its limit. It is two
// passes. One goes down and up the bit lines, 16 columns at a time, whose matrices
// lie together (grid.go) and stay in the cache on the way back: it moves the
// solution, makes the next direction and applies C (Lb + C)⁻¹ C. The other goes right and
// left along 8 word lines at a time: it transposes 8 × 8 elements in registers,
// applies M⁻¹ and moves the residual. Unknowns are scaled (factor.go) so that a sweep
// needs a single coefficient per node whatever the segments are, and the residual is
// kept half way through M⁻¹ (cg.go), where its norm is a sum of squares.
// The kernels exist in Go and, for AVX2 and AVX-512, in assembly written by the program in asm.
//
// Every solution carries a bound on its error, derived in bound.go, and a
// bound above the tolerance is an error, never a silent result. Where the worst
// case of rounding in float64 exceeds the tolerance, the currents that the node voltages
// miss in Kirchhoff's law are evaluated in pairs of float64; what they drive corrects the
// outputs and tightens the bound, and where that is not enough the node voltages
// become pairs themselves (refine.go).
//
// All quantities are in SI units: Ω, S, V, A, W. Matrices are row-major,
// rows × cols, row = word line. The results have the same bits for every number
// of workers and on every path of the kernels.
package line

//go:generate sh asm/generate.sh
