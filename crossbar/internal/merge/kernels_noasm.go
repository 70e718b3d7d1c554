//go:build !amd64 || noasm

package merge

func best() path { return pathGo }

func eliminateNodes(program []int32, x []float64) { eliminateGo(program, x) }
