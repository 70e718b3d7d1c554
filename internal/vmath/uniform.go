package vmath

// Uniform sets dst[i] to Unit(bits[i]). dst and bits may be the same memory. It
// panics if the lengths differ.
func Uniform(dst []float64, bits []uint64) {
	if len(dst) != len(bits) {
		panic("vmath: length mismatch")
	}
	for i := uniformVector(dst, bits); i < len(bits); i++ {
		dst[i] = Unit(bits[i])
	}
}

// Uniform32 sets dst[i] to Unit32(bits[i]), as Uniform does.
// It panics if the lengths differ.
func Uniform32(dst []float32, bits []uint32) {
	if len(dst) != len(bits) {
		panic("vmath: length mismatch")
	}
	for i := uniform32Vector(dst, bits); i < len(bits); i++ {
		dst[i] = Unit32(bits[i])
	}
}
