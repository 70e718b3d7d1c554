package plots

import "math"

// legend is the block of names and samples of a panel.
type legend struct {
	items []*item
	face  typeface
	cols  int
	width []float64 // of the text in each column
	w, h  float64
}

// Shape of legends, in units of the type size.
const (
	keyLength = 2.3
	keyHeight = 0.62
	keyGap    = 0.6
	lineSkip  = 1.32
	columnGap = 1.3
)

func newLegend(items []*item, face typeface, cols int) *legend {
	l := &legend{items: items, face: face, cols: min(max(cols, 1), len(items))}
	l.width = make([]float64, l.cols)
	for i, it := range items {
		_, c := l.cell(i)
		l.width[c] = max(l.width[c], textWidth(face, it.label()))
	}
	for _, w := range l.width {
		l.w += w + (keyLength+keyGap)*face.size
	}
	l.w += float64(l.cols-1) * columnGap * face.size
	l.h = (float64(l.rows()-1)*lineSkip + 1) * face.size
	return l
}

func (l *legend) rows() int { return (len(l.items) + l.cols - 1) / l.cols }

// cell returns row and column of entry i; columns are filled first.
func (l *legend) cell(i int) (row, col int) { return i % l.rows(), i / l.rows() }

// draw draws the legend with its upper left corner at p.
func (l *legend) draw(c canvas, p point) {
	size := l.face.size
	for i, it := range l.items {
		row, col := l.cell(i)
		x := p.x
		for k := range col {
			x += l.width[k] + (keyLength+keyGap+columnGap)*size
		}
		mid := p.y - (float64(row)*lineSkip+0.5)*size
		h := keyHeight * size / 2
		it.key(c, rect{x, mid - h, x + keyLength*size, mid + h}, it)
		drawText(c, l.face, it.label(), point{x + (keyLength+keyGap)*size, mid}, 0, 0.5, 0, black)
	}
}

// clearance is the least distance of text from data, in points.
const clearance = 5

// settle finds a place along the edges of the box, free of data, and returns
// the upper left corner.
func (l *legend) settle(box rect, m *mask) (at point, ok bool) {
	const inset, step = 4.5, 3
	x0, x1 := box.x0+inset, box.x1-inset-l.w
	y0, y1 := box.y0+inset+l.h, box.y1-inset
	if !(x0 <= x1 && y0 <= y1) {
		return point{}, false
	}
	best := math.Inf(1)
	try := func(x, y float64) {
		if m.covered(rect{x, y - l.h, x + l.w, y}.grow(clearance)) > 0 {
			return
		}
		// The corners rank: upper right, upper left, lower right, lower left.
		for i, corner := range []point{{x1, y1}, {x0, y1}, {x1, y0}, {x0, y0}} {
			if d := math.Hypot(x-corner.x, y-corner.y) + 0.5*float64(i); d < best {
				best, at = d, point{x, y}
			}
		}
	}
	for x := x0; ; x = min(x+step, x1) {
		try(x, y0)
		try(x, y1)
		if x >= x1 {
			break
		}
	}
	for y := y0; ; y = min(y+step, y1) {
		try(x0, y)
		try(x1, y)
		if y >= y1 {
			break
		}
	}
	return at, !math.IsInf(best, 1)
}

// named returns the items that have a name.
func named(items []*item) []*item {
	var out []*item
	for _, it := range items {
		if it.label() != "" {
			out = append(out, it)
		}
	}
	return out
}

// setLegend decides columns and place of the legend for the present box. It
// reports whether the margins changed.
func (c *cell) setLegend(m *mask) (changed bool) {
	items := named(c.items)
	spec := c.panel.Legend
	if len(items) == 0 || spec.Place == Hidden {
		return false
	}
	face := c.theme.tick()
	box := c.box
	above := func() {
		cols := spec.Columns
		if cols == 0 {
			// As few rows as the width allows, columns then evened out.
			for cols = len(items); cols > 1 && newLegend(items, face, cols).w > box.w(); cols-- {
			}
			rows := (len(items) + cols - 1) / cols
			cols = (len(items) + rows - 1) / rows
		}
		l := newLegend(items, face, cols)
		changed = c.legend == nil || c.place != Above || c.legend.h != l.h
		c.legend, c.place = l, Above
	}
	if c.place == Above || spec.Place == Above {
		above()
		return changed
	}
	if spec.Place == RightOf {
		l := newLegend(items, face, spec.Columns)
		changed = c.legend == nil
		c.legend, c.place = l, RightOf
		return changed
	}
	columns := []int{spec.Columns}
	if spec.Columns == 0 {
		columns = []int{1, 2, 3, len(items)}
	}
	for _, n := range columns {
		l := newLegend(items, face, n)
		if spec.Place != Auto {
			const inset = 4.5
			at := point{box.x0 + inset, box.y1 - inset}
			if spec.Place == TopRight || spec.Place == BottomRight {
				at.x = box.x1 - inset - l.w
			}
			if spec.Place == BottomLeft || spec.Place == BottomRight {
				at.y = box.y0 + inset + l.h
			}
			c.legend, c.place, c.legendAt = l, spec.Place, at
			return false
		}
		if n > 1 && n > len(items) {
			continue
		}
		if at, ok := l.settle(box, m); ok {
			c.legend, c.place, c.legendAt = l, TopRight, at
			return false
		}
	}
	above()
	return changed
}
