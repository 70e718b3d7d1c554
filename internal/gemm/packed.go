package gemm

// Bounds of the part of B that is packed at once, in elements. The last-level cache
// holds maxShared of them. A product of few rows uses a part once: it stays in the
// cache of a core.
const (
	maxDepth  = 4096
	maxShared = 1 << 21
	maxFew    = 1 << 17
	packDepth = 16 // rows packed together over all panels, if rows lie in one piece
)

// packedPlan is how the work on one packed part of B is shared out.
type packedPlan struct {
	col, cols     int // columns of the part
	at, depth     int // its rows: a share of the inner dimension
	panels        int
	blockRows     int // rows of C in a task
	chunkPanels   int // panels of B in a task
	chunks        int // tasks side by side
	packingPanels int // panels in a task of packing
	packingTasks  int // tasks of packing for one block of rows
}

func (j *job[T]) mulPacked() {
	m, n, k := j.c.rows, j.c.cols, j.a.cols
	// Parts are whole blocks deep, so that they change no order of summation.
	depth, size := min(k, maxDepth/j.depth*j.depth), maxShared
	if m <= j.height {
		depth, size = min(k, j.depth), maxFew
	}
	cols := max(j.cols, size/depth/j.cols*j.cols)
	for col := 0; col < n; col += cols {
		for at := 0; at < k; at += depth {
			p := packedPlan{col: col, cols: min(cols, n-col), at: at, depth: min(depth, k-at)}
			p.panels = ceilDiv(p.cols, j.cols)
			j.packed = p
			j.shared = grow(j.shared, p.panels*j.cols*p.depth)
			j.packShared()
			j.multiplyShared()
		}
	}
}

// packShared packs the part of B.
func (j *job[T]) packShared() {
	p := &j.packed
	p.packingPanels = ceilDiv(p.panels, 2*j.workers)
	p.packingTasks = ceilDiv(p.panels, p.packingPanels)
	j.run(packStep, p.packingTasks*ceilDiv(p.depth, j.depth))
}

// multiplyShared multiplies by the part of B that is packed.
func (j *job[T]) multiplyShared() {
	p, m := &j.packed, j.c.rows
	blocks := min(ceilDiv(m, j.rows), roundUp(ceilDiv(m, j.height), j.workers))
	p.blockRows = roundUp(ceilDiv(m, blocks), j.rows)
	blocks = ceilDiv(m, p.blockRows)
	p.chunkPanels = ceilDiv(p.panels, min(p.panels, ceilDiv(j.workers, blocks)))
	p.chunks = ceilDiv(p.panels, p.chunkPanels)
	j.run(multiplyStep, blocks*p.chunks)
}

// panel returns where panel i of the block of rows from at on lies.
func (j *job[T]) panel(i, at, depth int) []T {
	width := j.cols
	return j.shared[at*j.packed.panels*width+i*width*depth:][:width*depth]
}

func (j *job[T]) packTask(task int) {
	p := &j.packed
	at := task / p.packingTasks * j.depth
	depth := min(j.depth, p.depth-at)
	first := task % p.packingTasks * p.packingPanels
	last := min(first+p.packingPanels, p.panels)
	step := depth
	if j.b.colStride == 1 {
		step = packDepth
	}
	for d := 0; d < depth; d += step {
		n := min(step, depth-d)
		for i := first; i < last; i++ {
			col := i * j.cols
			j.pack(j.panel(i, at, depth)[d*j.cols:], j.cols, j.b.transposed(), p.col+col, min(j.cols, p.cols-col), p.at+at+d, n)
		}
	}
}

// multiplyTask does a block of rows and a chunk of columns of C.
func (j *job[T]) multiplyTask(task int, buffer *[]T) {
	p := &j.packed
	row := task / p.chunks * p.blockRows
	rows := min(p.blockRows, j.c.rows-row)
	first := task % p.chunks * p.chunkPanels
	last := min(first+p.chunkPanels, p.panels)

	tile := j.rows * j.cols
	*buffer = grow(*buffer, tile+roundUp(rows, j.rows)*j.depth)
	edge, packed := (*buffer)[:tile], (*buffer)[tile:]
	for at := 0; at < p.depth; at += j.depth {
		depth := min(j.depth, p.depth-at)
		for i := 0; i < rows; i += j.rows {
			j.pack(packed[i*depth:], j.rows, j.a, row+i, min(j.rows, rows-i), p.at+at, depth)
		}
		beta := j.beta
		if p.at+at > 0 {
			beta = 1
		}
		for b := first; b < last; b++ {
			panel := j.panel(b, at, depth)
			col := p.col + b*j.cols
			cols := min(j.cols, p.col+p.cols-col)
			for i := 0; i < rows; i += j.rows {
				c := j.c.data[(row+i)*j.c.rowStride+col:]
				a := packed[i*depth:][:j.rows*depth]
				if r := min(j.rows, rows-i); r == j.rows && cols == j.cols {
					j.tile(depth, a, panel, c, j.c.rowStride, j.alpha, beta)
				} else {
					j.edge(depth, a, panel, c, r, cols, beta, edge)
				}
			}
		}
	}
}

// edge does a tile that the border of C cuts.
func (j *job[T]) edge(depth int, a, b, c []T, rows, cols int, beta T, tile []T) {
	stride := j.c.rowStride
	if beta != 0 {
		for r := range rows {
			copy(tile[r*j.cols:], c[r*stride:r*stride+cols])
		}
	}
	j.tile(depth, a, b, tile, j.cols, j.alpha, beta)
	for r := range rows {
		copy(c[r*stride:r*stride+cols], tile[r*j.cols:])
	}
}
