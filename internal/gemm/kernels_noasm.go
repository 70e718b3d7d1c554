//go:build !amd64 || noasm

package gemm

func best() Path { return Go }

var (
	kernels32 = [...]kernels[float32]{Go: goKernels[float32]()}
	kernels64 = [...]kernels[float64]{Go: goKernels[float64]()}
)
