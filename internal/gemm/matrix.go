package gemm

// Float is the type of an element.
type Float interface{ float32 | float64 }

// A Matrix is a view of a row-major matrix: element (i, j) of the stored matrix is
// Data[i*Stride+j]. The zero value is the matrix without elements.
type Matrix[T Float] struct {
	Rows, Cols int  // rows and columns as stored, dimensionless
	Stride     int  // from one row to the next, in elements; at least Cols
	Trans      bool // the view is the transpose of what is stored
	Data       []T  // in the unit of the caller
}

// Dense returns the matrix whose rows lie one after the other in data.
func Dense[T Float](rows, cols int, data []T) Matrix[T] {
	return Matrix[T]{Rows: rows, Cols: cols, Stride: cols, Data: data}
}

// T returns the transpose of m, a view of the same data.
func (m Matrix[T]) T() Matrix[T] {
	m.Trans = !m.Trans
	return m
}

// Mul sets dst to alpha a b + beta dst, where dst is m by n, a is m by k and b is
// k by n, all as viewed. If beta is zero dst is written and not read; alpha has no
// such meaning: zero times NaN or infinity is NaN. Elements of dst.Data outside the
// matrix keep their value. dst must not share memory with a or b.
//
// Up to so many workers run at once, fewer for small products, and as many as
// GOMAXPROCS if workers is below 1. Their number does not change the result.
//
// Mul panics with "gemm: dimension mismatch", "gemm: stride below row length" or
// "gemm: data too short".
func Mul[T Float](dst Matrix[T], alpha T, a, b Matrix[T], beta T, workers int) {
	c, av, bv := viewOf(dst), viewOf(a), viewOf(b)
	if av.rows != c.rows || bv.cols != c.cols || av.cols != bv.rows {
		panic("gemm: dimension mismatch")
	}
	mul(c, alpha, av, bv, beta, workers)
}

// view is a matrix by the distances between neighbouring rows and columns, one of
// which is 1.
type view[T Float] struct {
	data                 []T
	rows, cols           int
	rowStride, colStride int
}

func viewOf[T Float](m Matrix[T]) view[T] {
	switch {
	case m.Rows < 0 || m.Cols < 0:
		panic("gemm: dimension mismatch")
	case m.Stride < m.Cols:
		panic("gemm: stride below row length")
	case m.Rows > 0 && m.Cols > 0 && (len(m.Data) < m.Cols || (len(m.Data)-m.Cols)/m.Stride < m.Rows-1):
		panic("gemm: data too short")
	}
	v := view[T]{m.Data, m.Rows, m.Cols, m.Stride, 1}
	if m.Trans {
		return v.transposed()
	}
	return v
}

func (v view[T]) transposed() view[T] {
	return view[T]{v.data, v.cols, v.rows, v.colStride, v.rowStride}
}
