// Package philox is the counter-based generator Philox4x32-10 of Salmon, Moraes,
// Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
// doi:10.1145/2063384.2063405: a keyed bijection of 128-bit counters, so that
// any number of a stream is computed by itself.
//
// One of the ten rounds takes the words (x0, x1, x2, x3) and the key (k0, k1) to
//
//	x0' = hi(M1 x2) ^ x1 ^ k0    x1' = lo(M1 x2)
//	x2' = hi(M0 x0) ^ x3 ^ k1    x3' = lo(M0 x0)
//
// where hi and lo are the halves of the 64-bit product, and then adds a constant
// to each key word.
//
// The kernels for AVX2 and AVX-512 are written by the generator in asm (run
// go generate) and are chosen when the program starts; the build tag noasm
// leaves them out. Every path gives the same bits.
package philox

//go:generate sh asm/generate.sh
