//go:build amd64 && !noasm

package gemm

import "golang.org/x/sys/cpu"

func best() Path {
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasBMI2:
		return Go
	case !cpu.X86.HasAVX512F:
		return AVX2
	}
	return AVX512
}

var kernels32 = [...]kernels[float32]{
	Go: goKernels[float32](),
	AVX2: {
		rows: 6, cols: 16, depth: 256, height: 192, lanes: 8,
		tile: tile32AVX2, transpose: transpose32AVX2, transposeWidth: 8,
		one:  thin[float32]{dotOne32AVX2, 4, axpyOne32AVX2, 4},
		four: thin[float32]{dotFour32AVX2, 2, axpyFour32AVX2, 2},
	},
	AVX512: {
		rows: 12, cols: 32, depth: 256, height: 384, lanes: 16,
		tile: tile32AVX512, transpose: transpose32AVX2, transposeWidth: 8,
		one:  thin[float32]{dotOne32AVX512, 4, axpyOne32AVX512, 4},
		four: thin[float32]{dotFour32AVX512, 4, axpyFour32AVX512, 4},
	},
}

var kernels64 = [...]kernels[float64]{
	Go: goKernels[float64](),
	AVX2: {
		rows: 6, cols: 8, depth: 256, height: 96, lanes: 4,
		tile: tile64AVX2, transpose: transpose64AVX2, transposeWidth: 4,
		one:  thin[float64]{dotOne64AVX2, 4, axpyOne64AVX2, 4},
		four: thin[float64]{dotFour64AVX2, 2, axpyFour64AVX2, 2},
	},
	AVX512: {
		rows: 12, cols: 16, depth: 256, height: 192, lanes: 8,
		tile: tile64AVX512, transpose: transpose64AVX2, transposeWidth: 4,
		one:  thin[float64]{dotOne64AVX512, 4, axpyOne64AVX512, 4},
		four: thin[float64]{dotFour64AVX512, 4, axpyFour64AVX512, 4},
	},
}
