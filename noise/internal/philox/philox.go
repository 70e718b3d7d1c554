package philox

import "math/bits"

const (
	mul0  = 0xD2511F53
	mul1  = 0xCD9E8D57
	weyl0 = 0x9E3779B9 // golden ratio
	weyl1 = 0xBB67AE85 // sqrt(3) - 1

	rounds = 10
)

// A Key is the 64-bit key of the cipher.
type Key = [2]uint32

// A Counter is the 128-bit counter of the cipher, word 0 first.
type Counter = [4]uint32

// Block returns the four words of counter c under key k.
func Block(c Counter, k Key) [4]uint32 {
	x0, x1, x2, x3 := block(c[0], c[1], c[2], c[3], k[0], k[1])
	return [4]uint32{x0, x1, x2, x3}
}

func block(x0, x1, x2, x3, k0, k1 uint32) (uint32, uint32, uint32, uint32) {
	for range rounds {
		h0, l0 := bits.Mul32(mul0, x0)
		h1, l1 := bits.Mul32(mul1, x2)
		x0, x1, x2, x3 = h1^x1^k0, l1, h0^x3^k1, l0
		k0 += weyl0
		k1 += weyl1
	}
	return x0, x1, x2, x3
}

// Words32 sets dst to the words of the counters c, c+1, ... in word 0, four words
// a counter. It panics if len(dst) is not a multiple of 4. Word 0 wraps around.
func Words32(dst []uint32, c Counter, k Key) {
	if len(dst)%4 != 0 {
		panic("philox: part of a block")
	}
	n := words32Vector(dst, c, k)
	for b := c[0] + uint32(n/4); n < len(dst); n += 4 {
		d := dst[n : n+4 : n+4]
		d[0], d[1], d[2], d[3] = block(b, c[1], c[2], c[3], k[0], k[1])
		b++
	}
}

// Words64 is Words32 with the words joined in pairs, the lower half first:
// two 64-bit words a counter. It panics if len(dst) is odd.
func Words64(dst []uint64, c Counter, k Key) {
	if len(dst)%2 != 0 {
		panic("philox: part of a block")
	}
	n := words64Vector(dst, c, k)
	for b := c[0] + uint32(n/2); n < len(dst); n += 2 {
		x0, x1, x2, x3 := block(b, c[1], c[2], c[3], k[0], k[1])
		d := dst[n : n+2 : n+2]
		d[0] = uint64(x0) | uint64(x1)<<32
		d[1] = uint64(x2) | uint64(x3)<<32
		b++
	}
}
