package merge

// A path is an implementation of the kernel that eliminates nodes of leaves. They
// differ by rounding.
type path int

const (
	pathGo     path = iota // portable Go
	pathAVX2               // 256-bit vectors: AVX2 and FMA
	pathAVX512             // 512-bit vectors: AVX512F
)

// String returns the lower-case name of p.
func (p path) String() string { return [...]string{"go", "avx2", "avx512"}[p] }

// current is the path in use, at start the widest of this machine. Tests change it.
var current = best()
