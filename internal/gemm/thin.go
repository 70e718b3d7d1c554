package gemm

const (
	thinAlways = 4    // vectors up to which the matrix is read in place
	thinLimit  = 16   // the same for vectors long enough to pay for ...
	thinLength = 256  // ... the work per element of C
	thinDepth  = 2048 // elements of a vector in one pass
	thinCols   = 1024 // columns of a task of mulAxpy
	thinRows   = 64   // rows of a task of mulDot
)

// thinPlan is a product by few vectors, the rows of the left factor.
type thinPlan[T Float] struct {
	thin[T]
	group   int // vectors of a kernel: 1 or 4
	vectors int // all of them, padded to groups
	cols    int // columns of a task of mulAxpy
}

func (j *job[T]) plan() *thinPlan[T] {
	p := &j.thin
	*p = thinPlan[T]{thin: j.one, group: 1, vectors: 1}
	if m := j.c.rows; m > 1 {
		*p = thinPlan[T]{thin: j.four, group: 4, vectors: roundUp(m, 4)}
	}
	return p
}

// mulDot is the product where columns of B lie in one piece: scalar products.
func (j *job[T]) mulDot() {
	p, k := j.plan(), j.a.cols
	j.shared = grow(j.shared, p.vectors*roundUp(k, j.lanes))
	clear(j.shared)
	for at := 0; at < k; at += thinDepth {
		n := min(thinDepth, k-at)
		x, stride := j.vectors(at, n)
		for v := range j.a.rows {
			for i := range n {
				x[v*stride+i] = j.a.data[v*j.a.rowStride+(at+i)*j.a.colStride]
			}
		}
	}
	j.run(dotStep, ceilDiv(j.c.cols, thinRows))
}

// vectors returns elements at to at+n of the packed vectors and their distance.
func (j *job[T]) vectors(at, n int) (x []T, stride int) {
	stride = roundUp(n, j.lanes)
	return j.shared[at*j.thin.vectors:][:stride*j.thin.vectors], stride
}

func (j *job[T]) dotTask(task int, buffer *[]T) {
	p, k, ldw := &j.thin, j.a.cols, j.b.colStride
	first, last := task*thinRows, min((task+1)*thinRows, j.c.cols)
	*buffer = grow(*buffer, p.dotRows*p.group)
	out := *buffer
	for at := 0; at < k; at += thinDepth {
		n := min(thinDepth, k-at)
		x, stride := j.vectors(at, n)
		beta := j.beta
		if at > 0 {
			beta = 1
		}
		for i := first; i < last; {
			// Rows too few for a kernel: it gets the same row several times.
			rows, step := p.dotRows, ldw
			if last-i < rows {
				rows, step = 1, 0
			}
			w := j.b.data[i*ldw+at:]
			for v := 0; v < p.vectors; v += p.group {
				p.dot(n, w, step, x[v*stride:], stride, out)
				for r := range rows {
					for q := range min(p.group, j.c.rows-v) {
						update(&j.c.data[(v+q)*j.c.rowStride+(i+r)*j.c.colStride], j.alpha, out[r*p.group+q], beta)
					}
				}
			}
			i += rows
		}
	}
}

// mulAxpy is the product where rows of B lie in one piece: sums of multiples of them.
func (j *job[T]) mulAxpy() {
	p, k := j.plan(), j.a.cols
	j.shared = grow(j.shared, p.vectors*roundUp(k, p.axpyRows))
	clear(j.shared)
	size := p.axpyRows * p.group
	for v := range j.a.rows {
		for i := range k {
			at := i/p.axpyRows*p.axpyRows*p.vectors + v/p.group*size + i%p.axpyRows*p.group + v%p.group
			j.shared[at] = j.a.data[v*j.a.rowStride+i*j.a.colStride]
		}
	}
	p.cols = min(thinCols, roundUp(ceilDiv(j.c.cols, j.workers), 64))
	j.run(axpyStep, ceilDiv(j.c.cols, p.cols))
}

func (j *job[T]) axpyTask(task int, buffer *[]T) {
	p, k, ldw := &j.thin, j.a.cols, j.b.rowStride
	col := task * p.cols
	cols := min(p.cols, j.c.cols-col)
	// Rows of out some cache lines off a power of two apart do not evict each other.
	stride := roundUp(cols, j.lanes) + 2*j.lanes
	*buffer = grow(*buffer, (p.vectors+p.axpyRows)*stride)
	out, rest := (*buffer)[:p.vectors*stride], (*buffer)[p.vectors*stride:]
	clear(out)
	for i := 0; i < k; i += p.axpyRows {
		w, step := j.b.data[i*ldw+col:], ldw
		if k-i < p.axpyRows {
			// Rows of zeros fill up the last group: another row could hold infinities.
			clear(rest)
			for r := range k - i {
				copy(rest[r*stride:], w[r*ldw:r*ldw+cols])
			}
			w, step = rest, stride
		}
		for v := 0; v < p.vectors; v += p.group {
			p.axpy(cols, w, step, j.shared[i*p.vectors+v*p.axpyRows:], out[v*stride:], stride)
		}
	}
	for v := range j.c.rows {
		for i := range cols {
			update(&j.c.data[v*j.c.rowStride+(col+i)*j.c.colStride], j.alpha, out[v*stride+i], j.beta)
		}
	}
}
