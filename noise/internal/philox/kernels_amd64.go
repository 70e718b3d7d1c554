//go:build amd64 && !noasm

package philox

import (
	"unsafe"

	"mho/internal/vmath"
)

func words32Vector(dst []uint32, c Counter, k Key) int {
	if len(dst) > 0 {
		return vector(unsafe.Pointer(&dst[0]), len(dst)/4, c, k) * 4
	}
	return 0
}

func words64Vector(dst []uint64, c Counter, k Key) int {
	if len(dst) > 0 {
		return vector(unsafe.Pointer(&dst[0]), len(dst)/2, c, k) * 2
	}
	return 0
}

// vector writes the given number of blocks, 16 bytes each, if this machine has vectors,
// and returns how many it wrote. The kernels take groups of 16 and 8 blocks; four
// to seven blocks more go through a padded group, fewer are left to the caller.
func vector(dst unsafe.Pointer, blocks int, c Counter, k Key) int {
	path := vmath.Current()
	if path == vmath.Go {
		return 0
	}
	done := 0
	if n := blocks / 16; path == vmath.AVX512 && n > 0 {
		wordsAVX512((*byte)(dst), &c, &k, n)
		done = 16 * n
		c[0] += uint32(done)
	}
	if n := (blocks - done) / 8; n > 0 {
		wordsAVX2((*byte)(unsafe.Add(dst, 16*done)), &c, &k, n)
		done += 8 * n
		c[0] += uint32(8 * n)
	}
	if rest := blocks - done; rest >= 4 {
		var group [128]byte
		wordsAVX2(&group[0], &c, &k, 1)
		copy(unsafe.Slice((*byte)(unsafe.Add(dst, 16*done)), 16*rest), group[:])
		done = blocks
	}
	return done
}
