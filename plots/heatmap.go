package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// A Heatmap shows a matrix as coloured cells, with a colour bar beside the
// panel. It is embedded as an image.
type Heatmap struct {
	// Z holds the values, row by row.
	Z          []float64
	Rows, Cols int

	// X and Y are the edges of the cells, Cols+1 and Rows+1 increasing values.
	// Nil puts the middle of each cell at its index; Reverse on the Y axis then
	// shows the first row above, as in a matrix.
	X, Y []float64

	Color Axis   // label, unit, scale and limits of the colours
	Map   string // one of ColorMaps; "" is viridis
	NoBar bool   // leave the colour bar out
}

// colors is the number of colours of a heat map; one more palette entry is for
// cells without a value.
const colors = 255

func (h Heatmap) label() string        { return "" }
func (h Heatmap) style() (Style, bool) { return Style{}, false }

func (h Heatmap) check(gaps bool) error {
	if h.Rows < 1 || h.Cols < 1 || len(h.Z) != h.Rows*h.Cols {
		return fmt.Errorf("heat map of %d rows and %d columns has %d values: want rows times columns, at least one", h.Rows, h.Cols, len(h.Z))
	}
	if err := checkColumns(gaps, column{"z", h.Z}); err != nil {
		return err
	}
	for _, e := range []struct {
		name  string
		edges []float64
		cells int
	}{{"x", h.X, h.Cols}, {"y", h.Y, h.Rows}} {
		if e.edges == nil {
			continue
		}
		if err := checkColumns(false, column{e.name, e.edges}); err != nil {
			return err
		}
		if len(e.edges) != e.cells+1 || !increasing(e.edges) {
			return fmt.Errorf("%s has %d edges for %d cells: want one more than cells, increasing", e.name, len(e.edges), e.cells)
		}
	}
	if err := h.Color.check(); err != nil {
		return fmt.Errorf("colour bar: %w", err)
	}
	for i, z := range h.Z {
		if math.IsNaN(z) {
			continue
		}
		if err := h.Color.Scale.admits(z); err != nil {
			return fmt.Errorf("z[%d] is %w", i, err)
		}
	}
	_, err := ColorMap(h.colorMap())
	return err
}

func (h Heatmap) colorMap() string {
	if h.Map == "" {
		return "viridis"
	}
	return h.Map
}

// ruler returns the axis of the colours. A diverging map has its middle at
// zero if the values lie on both sides of it.
func (h Heatmap) ruler() (*ruler, error) {
	s := span{scale: h.Color.Scale, tightLo: true, tightHi: true}
	s.addAll(h.Z)
	if h.Map == "diverging" && s.lo < 0 && s.hi > 0 {
		peak := max(-s.lo, s.hi)
		s.lo, s.hi = -peak, peak
	}
	r, err := newRuler(h.Color, s)
	if err != nil {
		return nil, fmt.Errorf("colour bar: %w", err)
	}
	return r, nil
}

// edge returns edge i of the cells whose edges are e, or by index if e is nil.
func edge(e []float64, i int) float64 {
	if e == nil {
		return float64(i) - 0.5
	}
	return e[i]
}

func (h Heatmap) extend(_ *item, x, y *span) {
	for _, a := range []struct {
		s     *span
		edges []float64
		n     int
	}{{x, h.X, h.Cols}, {y, h.Y, h.Rows}} {
		a.s.add(edge(a.edges, 0))
		a.s.add(edge(a.edges, a.n))
		a.s.tightLo, a.s.tightHi = true, true
	}
}

func (h Heatmap) draw(c canvas, f *frame, _ *item) {
	rule, err := h.ruler()
	if err != nil {
		return // found by lay before anything is drawn
	}
	table, err := samples(h.colorMap(), colors)
	if err != nil {
		return // found by check
	}
	x, y := f.x, f.y
	a := point{x.at(edge(h.X, 0)), y.at(edge(h.Y, 0))}
	b := point{x.at(edge(h.X, h.Cols)), y.at(edge(h.Y, h.Rows))}
	r := rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}.intersect(f.box)
	if r.w() <= 0 || r.h() <= 0 {
		return
	}
	c.raster(r, rasterSize(h.Cols, r.w()), rasterSize(h.Rows, r.h()), func(w, ht int) image.Image {
		cols := h.cells(h.X, h.Cols, w, func(i float64) float64 { return x.value(r.x0 + i*r.w()/float64(w)) })
		rows := h.cells(h.Y, h.Rows, ht, func(i float64) float64 { return y.value(r.y1 - i*r.h()/float64(ht)) })
		img := image.NewPaletted(image.Rect(0, 0, w, ht), nil)
		for _, c := range table {
			img.Palette = append(img.Palette, c)
		}
		img.Palette = append(img.Palette, color.Color(blank))
		rule.place(0, 1)
		for j, row := range rows {
			for i, col := range cols {
				img.Pix[j*img.Stride+i] = colorIndex(rule, h.mean(row, col))
			}
		}
		return img
	})
}

// rasterSize returns the number of pixels across n cells on a length in
// points: whole pixels per cell, near 300 per inch, because viewers blur few.
func rasterSize(n int, length float64) int {
	want := length / 72 * 300
	if float64(n) >= want {
		return int(min(float64(n), max(2*want, 1)))
	}
	return n * int(math.Ceil(want/float64(n)))
}

// cells returns the range of cells that each of n pixels shows, first and one
// past the last. At maps a place in pixels to a value.
func (h Heatmap) cells(edges []float64, count, n int, at func(float64) float64) [][2]int {
	find := func(v float64) int {
		if edges == nil {
			return int(math.Floor(v + 0.5))
		}
		lo, hi := 0, len(edges)
		for lo < hi {
			if m := (lo + hi) / 2; edges[m] <= v {
				lo = m + 1
			} else {
				hi = m
			}
		}
		return lo - 1
	}
	out := make([][2]int, n)
	for i := range out {
		mid := min(max(find(at(float64(i)+0.5)), 0), count-1)
		out[i] = [2]int{mid, mid + 1}
		// Where a pixel holds a whole cell and more, it shows the mean.
		a, b := find(at(float64(i)+1e-6)), find(at(float64(i)+1-1e-6))
		if a > b {
			a, b = b, a
		}
		if b-a >= 2 {
			out[i] = [2]int{max(a, 0), min(b+1, count)}
		}
	}
	return out
}

// mean returns the mean of a block of cells, NaN left out.
func (h Heatmap) mean(rows, cols [2]int) float64 {
	if rows[1]-rows[0] == 1 && cols[1]-cols[0] == 1 {
		return h.Z[rows[0]*h.Cols+cols[0]]
	}
	sum, n := 0.0, 0
	for r := rows[0]; r < rows[1]; r++ {
		for _, z := range h.Z[r*h.Cols+cols[0] : r*h.Cols+cols[1]] {
			if !math.IsNaN(z) {
				sum += z
				n++
			}
		}
	}
	return sum / float64(n) // NaN where the block is empty
}

// colorIndex returns the palette entry of a value on a ruler placed from 0 to 1.
func colorIndex(r *ruler, z float64) uint8 {
	if math.IsNaN(z) {
		return colors
	}
	return uint8(min(max(r.at(z), 0), 1)*(colors-1) + 0.5)
}

func (h Heatmap) key(canvas, rect, *item) {}

// drawColorBar fills r with the colours of the map, the highest value above.
func (h Heatmap) drawColorBar(c canvas, r rect) {
	table, err := samples(h.colorMap(), colors)
	if err != nil {
		return // found by check
	}
	c.raster(r, 1, colors, func(w, ht int) image.Image {
		img := image.NewNRGBA(image.Rect(0, 0, w, ht))
		for j := range ht {
			k := int((1-(float64(j)+0.5)/float64(ht))*(colors-1) + 0.5)
			for i := range w {
				img.SetNRGBA(i, j, table[k])
			}
		}
		return img
	})
}
