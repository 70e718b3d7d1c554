// Package gemm multiplies matrices of float32 or float64,
//
//	C = α A B + β C
//
// for row-major matrices, transposed or not, dense or cut out of larger ones.
//
// Products of two large matrices follow K. Goto and R. A. van de Geijn, ACM
// Trans. Math. Softw. 34, 12 (2008), doi:10.1145/1356052.1356053: both factors are
// packed block by block into panels that fit the caches, and a kernel keeps a tile
// of C in registers. Products by few vectors (up to four, or sixteen long ones)
// read the matrix once, in place. On amd64 the kernels are fused multiply-adds of
// 256-bit or 512-bit vectors, chosen when the program starts; a Go twin runs
// elsewhere and under the build tag noasm.
//
// Each element is summed over the inner dimension in an order that depends on the
// shapes, the strides and the kernels, never on the number of workers: workers
// share rows and columns. So any number of them gives the same bits. A Factor, packed once
// for many products, has one order for any number of rows besides. Different
// kernels differ by rounding, within the bound of N. J. Higham, Accuracy and
// Stability of Numerical Algorithms, 2nd ed., SIAM 2002, section 3.5,
// doi:10.1137/1.9780898718027,
//
//	|error| <= (k+3) u (|α| |A| |B| + |β C|) + O(u²)
//
// element by element, k being the inner dimension and u = 2^-24 or 2^-53, as long as
// nothing under- or overflows. NaN and infinities spread as in the sum written out.
package gemm

//go:generate sh asm/generate.sh
