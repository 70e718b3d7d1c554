//go:build !amd64 || noasm

package vmath

func best() Path { return Go }

func lnVector(dst, src []float64) int                  { return 0 }
func expVector(dst, src []float64) int                 { return 0 }
func uniformVector(dst []float64, bits []uint64) int   { return 0 }
func boxMullerVector(dst []float64, bits []uint64) int { return 0 }

func ln32Vector(dst, src []float32) int                  { return 0 }
func exp32Vector(dst, src []float32) int                 { return 0 }
func uniform32Vector(dst []float32, bits []uint32) int   { return 0 }
func boxMuller32Vector(dst []float32, bits []uint32) int { return 0 }

func (s *walk) vector() int { return 0 }
