//go:build !amd64 || noasm

package philox

func words32Vector(dst []uint32, c Counter, k Key) int { return 0 }
func words64Vector(dst []uint64, c Counter, k Key) int { return 0 }
