// Package merge computes the transfer matrix of a crossbar array with resistive
// wires directly, without iteration:
//
//	I_j = Σ_i V_i T_ij
//
// for the circuit of package line, every input and every output at once.
//
// # Method
//
// The array is cut into boxes. What the rest of the circuit sees of a box is a
// network of conductances between its ports, the nodes where its lines go on into
// the next box; terminals of drivers and sense amplifiers are ports that stay. Two
// neighbouring boxes become one by eliminating the nodes they share, with k the
// eliminated node (star-mesh transformation),
//
//	g_ij ← g_ij + g_ik g_kj / d_k,    d_k = Σ_j g_kj.
//
// This is nested dissection (A. George, SIAM J. Numer. Anal. 10, 345 (1973),
// doi:10.1137/0710032) by boxes. Boxes of up to 8 x 8 devices are eliminated eight at a
// time, one per lane of a vector; larger ones by matrix products. An array of n x n
// devices takes about 25 n³ floating-point operations.
//
// # Accuracy
//
// Only conductances between different nodes are kept, and the pivot d_k is their
// sum (W. K. Grassmann, M. I. Taksar and D. P. Heyman, Oper. Res. 33, 1107
// (1985), doi:10.1287/opre.33.5.1107). So positive numbers are added, multiplied and
// divided, and nothing is subtracted. A relative change of every conductance of a
// network by at most δ changes no element of T relatively by more than
// (2N+1) δ to first order, with N the number of unknown nodes: by the matrix-tree
// theorem an element is a quotient of polynomials of degrees N+1 and N with positive
// coefficients. Small elements are therefore as accurate as large ones, for any
// resistance of the wires and any conductances of the devices.
//
// A line without segment resistance is one node and a line without any resistance is
// a terminal; both are exact. Results have the same bits for every number of workers.
// Units are SI; matrices are row-major, rows x cols, row = word line.
package merge

//go:generate sh asm/generate.sh
