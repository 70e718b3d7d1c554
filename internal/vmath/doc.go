// Package vmath computes logarithms, exponentials and Box-Muller pairs of whole
// slices, the same bits on every architecture.
//
// The functions are rational approximations after argument reduction,
//
//	ln(2^k m) = k ln 2 + ln m,  sqrt(1/2) <= m < sqrt(2)
//	exp(x)    = 2^k exp(r),     |r| <= ln(2)/2
//
// evaluated in a fixed order of separately rounded operations: no fused
// multiply-add, no tables, no call of package math but Sqrt (correctly rounded
// by IEEE 754). On amd64 they run on 256-bit or 512-bit vectors, chosen when the
// program starts; a Go twin does the same operations elsewhere, under the build
// tag noasm, and for single values.
//
// Errors, tested against 200-bit arithmetic: Ln and Exp below 1 ulp, Ln32 and
// Exp32 below 1 ulp (Exp32 for normal results), sine and cosine of the
// Box-Muller angle below 2 ulp.
package vmath

//go:generate sh asm/generate.sh
