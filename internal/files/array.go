package files

import (
	"fmt"
	"math"
	"slices"
)

// maxRank is the largest number of dimensions, that of NumPy 1.
const maxRank = 32

// An Array holds numbers in any number of dimensions, the last index fastest.
// Its unit is the caller's.
type Array struct {
	// Shape holds the length of each dimension; none means a single number.
	Shape []int
	// Data is a []float64, []float32 or []int64 of the product of Shape.
	Data any
	// Optional allows NaN, which then stands for "no value".
	Optional bool
}

// A NamedArray is a member of a .npz file.
type NamedArray struct {
	Name string // without the ending .npy
	Array
}

// Matrix returns a as a matrix: a one-dimensional array is one row. The data of
// a []float64 is shared, not copied. More or fewer dimensions, an empty array,
// NaN, infinities and integers beyond ±2^53, which a float64 does not hold, are
// errors.
func (a Array) Matrix() (Matrix, error) { return a.matrix(false) }

func (a Array) matrix(infinite bool) (Matrix, error) {
	var m Matrix
	switch len(a.Shape) {
	case 1:
		m.Rows, m.Cols = 1, a.Shape[0]
	case 2:
		m.Rows, m.Cols = a.Shape[0], a.Shape[1]
	default:
		return Matrix{}, fmt.Errorf("array of shape %v: want 1 or 2 dimensions", a.Shape)
	}
	if _, err := a.length(); err != nil {
		return Matrix{}, err
	}
	switch data := a.Data.(type) {
	case []float64:
		m.Data = data
	case []float32:
		m.Data = make([]float64, len(data))
		for i, v := range data {
			m.Data[i] = float64(v)
		}
	case []int64:
		const most = 1 << 53
		m.Data = make([]float64, len(data))
		for i, v := range data {
			if v > most || v < -most {
				return Matrix{}, fmt.Errorf("element %d: %d: want an integer within ±2^53", i, v)
			}
			m.Data[i] = float64(v)
		}
	}
	if err := m.check(infinite); err != nil {
		return Matrix{}, err
	}
	return m, nil
}

// length returns the number of elements, or an error where Shape and Data do not
// agree.
func (a Array) length() (int, error) {
	var have int
	switch data := a.Data.(type) {
	case []float64:
		have = len(data)
	case []float32:
		have = len(data)
	case []int64:
		have = len(data)
	default:
		return 0, fmt.Errorf("array data is %T: want []float64, []float32 or []int64", a.Data)
	}
	want, err := elements(a.Shape)
	if err != nil {
		return 0, err
	}
	if have != want {
		return 0, fmt.Errorf("array of shape %v with %s: want %d", a.Shape, count(have, "value"), want)
	}
	return have, nil
}

// elements returns the product of the dimensions.
func elements(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("array of %d dimensions: want at most %d", len(shape), maxRank)
	}
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("array of shape %v: want no negative dimension", shape)
		}
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	n := 1
	for _, d := range shape {
		if n > math.MaxInt/d {
			return 0, fmt.Errorf("array of shape %v: want at most %d elements", shape, math.MaxInt)
		}
		n *= d
	}
	return n, nil
}

// checkValues returns an error at the first infinity, and at the first NaN
// unless a is optional.
func (a Array) checkValues() error {
	switch data := a.Data.(type) {
	case []float64:
		return checkFinite(data, a.Optional)
	case []float32:
		return checkFinite(data, a.Optional)
	}
	return nil
}

func checkFinite[T float32 | float64](data []T, optional bool) error {
	for i, v := range data {
		switch {
		case v-v == 0:
		case v != v && optional:
		case v != v:
			return fmt.Errorf("element %d: NaN: want a finite number, or an array marked optional", i)
		default:
			return fmt.Errorf("element %d: %v: want a finite number", i, v)
		}
	}
	return nil
}

// hasNaN reports whether a holds a NaN.
func (a Array) hasNaN() bool {
	switch data := a.Data.(type) {
	case []float64:
		return anyNaN(data)
	case []float32:
		return anyNaN(data)
	}
	return false
}

func anyNaN[T float32 | float64](data []T) bool {
	for _, v := range data {
		if v != v {
			return true
		}
	}
	return false
}

// rowMajor returns the elements of an array stored with the first index fastest
// in the order with the last index fastest. It returns data itself where the two
// orders are the same.
func rowMajor[T any](data []T, shape []int) []T {
	long := 0
	for _, d := range shape {
		if d != 1 {
			long++
		}
	}
	if long < 2 || len(data) == 0 {
		return data
	}
	var stride, index [maxRank]int
	s := 1
	for k, d := range shape {
		stride[k] = s
		s *= d
	}
	out := make([]T, len(data))
	from := 0
	for to := range out {
		out[to] = data[from]
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			from += stride[k]
			if index[k] < shape[k] {
				break
			}
			from -= index[k] * stride[k]
			index[k] = 0
		}
	}
	return out
}
