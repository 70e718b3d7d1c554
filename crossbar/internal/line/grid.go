package line

// A grid is the layout of a matrix with an element for every crossing. Columns
// are kept in panels of 16, one panel after the other; a panel has its rows one
// after the other, a power of two and more apart from the same row of the
// next panel. So a sweep along bit lines reads contiguous memory, vectors of 16
// columns, and one along word lines reads 8 rows of a panel, again contiguous.
//
// What only word line sweeps use is stored by lines: the 8 x 16 elements of 8 rows
// in a panel lie at the same place, column by column, for vectors of 8 rows.
//
// Elements outside the array are 0 and stay 0.
type grid struct {
	rows, cols int
	panels     int // of panelCols columns
	blocks     int // of blockRows rows
	stride     int // elements from a panel to the next
	size       int // elements of a matrix
}

const (
	panelCols = 16
	blockRows = 8
	tile      = panelCols * blockRows // elements of a block in a panel
)

func newGrid(rows, cols int) grid {
	g := grid{rows: rows, cols: cols, panels: (cols + panelCols - 1) / panelCols, blocks: (rows + blockRows - 1) / blockRows}
	g.stride = g.blocks * tile
	if g.blocks >= 8 {
		// Blocks of one row range that start a power of two apart would share cache sets.
		g.stride += tile
	}
	g.size = g.panels * g.stride
	return g
}

// at returns the place of an element.
func (g *grid) at(row, col int) int {
	return col/panelCols*g.stride + row*panelCols + col%panelCols
}

// atLine returns the place of an element of a matrix stored by lines.
func (g *grid) atLine(row, col int) int {
	return col/panelCols*g.stride + row/blockRows*tile + col%panelCols*blockRows + row%blockRows
}

// panel returns the rows × 16 elements of a panel.
func (g *grid) panel(x []float64, p int) []float64 {
	return x[p*g.stride:][: g.rows*panelCols : g.rows*panelCols]
}

// width returns the number of columns in panel p.
func (g *grid) width(p int) int {
	return min(panelCols, g.cols-p*panelCols)
}

// part returns the elements of a row in a panel.
func (g *grid) part(x []float64, row, p int) []float64 {
	at := p*g.stride + row*panelCols
	return x[at : at+g.width(p)]
}

// blockRange returns the rows of a block.
func (g *grid) blockRange(block int) (from, to int) {
	return block * blockRows, min((block+1)*blockRows, g.rows)
}

// setRow copies a row of the caller's matrix.
func (g *grid) setRow(x []float64, row int, src []float64) {
	for p := range g.panels {
		copy(g.part(x, row, p), src[p*panelCols:])
	}
}

// getRow copies a row to the caller's matrix.
func (g *grid) getRow(dst, x []float64, row int) {
	for p := range g.panels {
		copy(dst[p*panelCols:], g.part(x, row, p))
	}
}

// fillRow sets every element of a row.
func (g *grid) fillRow(x []float64, row int, v float64) {
	for p := range g.panels {
		fill(g.part(x, row, p), v)
	}
}

// clearBlock sets the rows of a block to 0, or the same of a matrix stored by lines.
func (g *grid) clearBlock(x []float64, block int) {
	for p := range g.panels {
		clear(x[p*g.stride+block*tile:][:tile])
	}
}

// fill sets every element of x to v.
func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}

// sum returns the sum of x.
func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}
