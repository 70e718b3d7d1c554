package gemm

// A Path is an implementation of the kernels.
type Path int

const (
	Go     Path = iota // portable Go
	AVX2               // 256-bit vectors: AVX2, FMA and BMI2
	AVX512             // 512-bit vectors: AVX512F besides
)

// String returns the lower-case name of p.
func (p Path) String() string { return [...]string{"go", "avx2", "avx512"}[p] }

var path = best()

// Current returns the path in use: at start the widest this machine has.
func Current() Path { return path }

// Use selects path p, or the widest this machine has below p, and returns the
// path selected before. It is for tests and benchmarks: not safe while products run.
func Use(p Path) (before Path) {
	before = path
	path = min(p, best())
	return before
}

// Paths lists the paths of this machine.
func Paths() []Path {
	return []Path{Go, AVX2, AVX512}[:best()+1]
}
