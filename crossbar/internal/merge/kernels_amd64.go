//go:build amd64 && !noasm

package merge

import "golang.org/x/sys/cpu"

func best() path {
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA:
		return pathGo
	case cpu.X86.HasAVX512F:
		return pathAVX512
	}
	return pathAVX2
}

func eliminateNodes(program []int32, x []float64) {
	switch current {
	case pathAVX512:
		eliminateAVX512(&program[0], &x[0])
	case pathAVX2:
		eliminateAVX2(&program[0], &x[0])
	default:
		eliminateGo(program, x)
	}
}
