package gemm

// A Factor is a right factor that is packed once for many products. The zero value
// is a matrix without elements.
//
// Every row of a product with it is summed over the inner dimension in one order, that of
// the kernels, however many rows there are: an element depends on alpha, its row of
// a, its column of the factor, beta and its old value only, and is the same
// bits in any batch, with any number of workers. Products of fewer rows than a kernel
// has (12 on 512-bit vectors) take the time of so many.
type Factor[T Float] struct {
	kernels    *kernels[T] // of the layout
	rows, cols int
	panels     []T
}

// Dims returns the rows and columns of the factor.
func (f *Factor[T]) Dims() (rows, cols int) { return f.rows, f.cols }

// Pack sets f to b, of which it keeps no reference. What f held before is lost, its
// memory is used again. Workers are those of Mul. Pack panics as Mul does.
func (f *Factor[T]) Pack(b Matrix[T], workers int) {
	v := viewOf(b)
	f.kernels, f.rows, f.cols = kernelsOf[T](), v.rows, v.cols
	size := roundUp(f.cols, f.kernels.cols) * f.rows
	if cap(f.panels) < size {
		f.panels = make([]T, size)
	}
	f.panels = f.panels[:size]
	if f.rows == 0 || f.cols == 0 {
		return
	}
	j := jobOf[T]()
	j.kernels, j.b = f.kernels, v
	j.limit(workers, float64(f.rows)*float64(f.cols)*packFlops)
	own := f.lend(j)
	j.packShared()
	j.shared = own
	j.release()
}

// Mul sets dst to alpha a f + beta dst, as the function Mul does, with the order of
// summation that the comment of Factor promises. It panics as Mul does, and if dst
// is a transpose. Several products with one factor may run at once.
func (f *Factor[T]) Mul(dst Matrix[T], alpha T, a Matrix[T], beta T, workers int) {
	c, av := viewOf(dst), viewOf(a)
	if av.rows != c.rows || f.cols != c.cols || av.cols != f.rows {
		panic("gemm: dimension mismatch")
	}
	if dst.Trans {
		panic("gemm: destination is a transpose")
	}
	if c.rows == 0 || c.cols == 0 {
		return
	}
	if f.rows == 0 {
		scale(c, beta)
		return
	}
	j := jobOf[T]()
	j.kernels, j.c, j.a, j.alpha, j.beta = f.kernels, c, av, alpha, beta
	j.limit(workers, 2*float64(c.rows)*float64(c.cols)*float64(f.rows))
	own := f.lend(j)
	j.multiplyShared()
	j.shared = own
	j.release()
}

// lend gives the panels of the factor to a job as the one part of B. It returns the job's
// own buffer.
func (f *Factor[T]) lend(j *job[T]) (own []T) {
	own, j.shared = j.shared, f.panels
	j.packed = packedPlan{cols: f.cols, depth: f.rows, panels: ceilDiv(f.cols, j.cols)}
	return own
}

// packFlops is the work of packing an element, in operations of a product.
const packFlops = 16
