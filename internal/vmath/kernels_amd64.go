//go:build amd64 && !noasm

package vmath

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

func best() Path {
	switch {
	case cpu.X86.HasAVX2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ:
		return AVX512
	case cpu.X86.HasAVX2:
		return AVX2
	}
	return Go
}

type kernel int

const (
	kernelLn kernel = iota
	kernelExp
	kernelLn32
	kernelExp32
	kernelUniform
	kernelUniform32
	kernelBoxMuller
	kernelBoxMuller32
)

func lnVector(dst, src []float64) int  { return vector(kernelLn, dst, src) }
func expVector(dst, src []float64) int { return vector(kernelExp, dst, src) }

func ln32Vector(dst, src []float32) int  { return vector(kernelLn32, dst, src) }
func exp32Vector(dst, src []float32) int { return vector(kernelExp32, dst, src) }

func uniformVector(dst []float64, bits []uint64) int { return vector(kernelUniform, dst, bits) }

func uniform32Vector(dst []float32, bits []uint32) int { return vector(kernelUniform32, dst, bits) }

func boxMullerVector(dst []float64, bits []uint64) int {
	return vector(kernelBoxMuller, dst, bits)
}

func boxMuller32Vector(dst []float32, bits []uint32) int {
	return vector(kernelBoxMuller32, dst, bits)
}

// vector runs kernel k over all elements, if this machine has vectors, and returns
// how many it did: all or none. The kernels take whole groups; the rest goes through
// a padded group.
func vector[D, S float32 | float64 | uint32 | uint64](k kernel, dst []D, src []S) int {
	if path == Go || len(src) == 0 {
		return 0
	}
	group := 32
	if k == kernelBoxMuller || k == kernelBoxMuller32 {
		group = 64
	}
	d := unsafe.Slice((*byte)(unsafe.Pointer(&dst[0])), uintptr(len(dst))*unsafe.Sizeof(dst[0]))
	s := unsafe.Slice((*byte)(unsafe.Pointer(&src[0])), uintptr(len(src))*unsafe.Sizeof(src[0]))
	if n := len(s) / (2 * group); path == AVX512 && n > 0 {
		run512(k, &d[0], &s[0], n)
		d, s = d[n*2*group:], s[n*2*group:]
	}
	if n := len(s) / group; n > 0 {
		run256(k, &d[0], &s[0], n)
		d, s = d[n*group:], s[n*group:]
	}
	if len(s) > 0 {
		var rest [64]byte
		copy(rest[:], s)
		run256(k, &rest[0], &rest[0], 1)
		copy(d, rest[:])
	}
	return len(src)
}

func run256(k kernel, dst, src *byte, groups int) {
	switch k {
	case kernelLn:
		lnAVX2(dst, src, groups)
	case kernelExp:
		expAVX2(dst, src, groups)
	case kernelLn32:
		ln32AVX2(dst, src, groups)
	case kernelExp32:
		exp32AVX2(dst, src, groups)
	case kernelUniform:
		uniformAVX2(dst, src, groups)
	case kernelUniform32:
		uniform32AVX2(dst, src, groups)
	case kernelBoxMuller:
		boxMullerAVX2(dst, src, groups)
	case kernelBoxMuller32:
		boxMuller32AVX2(dst, src, groups)
	}
}

func run512(k kernel, dst, src *byte, groups int) {
	switch k {
	case kernelLn:
		lnAVX512(dst, src, groups)
	case kernelExp:
		expAVX512(dst, src, groups)
	case kernelLn32:
		ln32AVX512(dst, src, groups)
	case kernelExp32:
		exp32AVX512(dst, src, groups)
	case kernelUniform:
		uniformAVX512(dst, src, groups)
	case kernelUniform32:
		uniform32AVX512(dst, src, groups)
	case kernelBoxMuller:
		boxMullerAVX512(dst, src, groups)
	case kernelBoxMuller32:
		boxMuller32AVX512(dst, src, groups)
	}
}

// vector lets whole groups of elements walk and returns how many they hold.
func (s *walk) vector() int {
	group, kernel := 8, walkAVX2
	switch path {
	case Go:
		return 0
	case AVX512:
		group, kernel = 16, walkAVX512
	}
	groups := len(s.w) / group
	if groups > 0 {
		kernel(&s.w[0], &s.count[0], &s.z[0], &s.slope[0][0], &s.slope[1][0], &s.offset[0][0], &s.offset[1][0], &s.lo[0], &s.hi[0], s.sigma, s.doublings, groups)
	}
	return groups * group
}
