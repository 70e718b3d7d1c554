package plots

import (
	"image"
	"image/color"
	"math"
	"slices"
)

// mask is a canvas that keeps only which square points of a rectangle are
// drawn on. Series are drawn on it first, so that text finds room beside them.
type mask struct {
	box    rect
	w, h   int
	filled []bool
	sum    []int // filled cells left of and below each corner; nil if stale
}

func newMask(box rect) *mask {
	w, h := max(int(math.Ceil(box.w())), 1), max(int(math.Ceil(box.h())), 1)
	return &mask{box: box, w: w, h: h, filled: make([]bool, w*h)}
}

func (m *mask) mark(p point) {
	x, y := int(math.Floor(p.x-m.box.x0)), int(math.Floor(p.y-m.box.y0))
	if x >= 0 && x < m.w && y >= 0 && y < m.h {
		m.filled[y*m.w+x] = true
		m.sum = nil
	}
}

func (m *mask) stroke(p path, _ pen) {
	for _, pts := range flatten(p) {
		for i := 1; i < len(pts); i++ {
			a, b := pts[i-1], pts[i]
			t0, t1, ok := clipSegment(a, b, m.box)
			if !ok {
				continue
			}
			n := int(math.Hypot(b.x-a.x, b.y-a.y)*(t1-t0)*2) + 1
			for k := range n + 1 {
				t := t0 + (t1-t0)*float64(k)/float64(n)
				m.mark(point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
			}
		}
	}
}

func (m *mask) fill(p path, _ color.NRGBA) {
	m.stroke(p, pen{})
	for _, pts := range flatten(p) {
		for y := range m.h {
			at := m.box.y0 + float64(y) + 0.5
			var cuts []float64
			for i := 1; i < len(pts); i++ {
				if a, b := pts[i-1], pts[i]; (a.y > at) != (b.y > at) {
					cuts = append(cuts, a.x+(at-a.y)/(b.y-a.y)*(b.x-a.x)-m.box.x0)
				}
			}
			slices.Sort(cuts)
			for i := 0; i+1 < len(cuts); i += 2 {
				for x := max(int(cuts[i]), 0); x < m.w && float64(x) < cuts[i+1]; x++ {
					m.filled[y*m.w+x] = true
				}
			}
		}
	}
	m.sum = nil
}

func (m *mask) vector() bool { return false }

func (m *mask) text(p path, c color.NRGBA, _ string) { m.fill(p, c) }

func (m *mask) raster(r rect, _, _ int, _ func(w, h int) image.Image) { m.block(r) }

// block marks a rectangle.
func (m *mask) block(r rect) {
	r = r.intersect(m.box)
	for y := int(r.y0 - m.box.y0); float64(y) < r.y1-m.box.y0 && y < m.h; y++ {
		for x := int(r.x0 - m.box.x0); float64(x) < r.x1-m.box.x0 && x < m.w; x++ {
			m.filled[y*m.w+x] = true
		}
	}
	m.sum = nil
}

// covered returns how many square points of r are drawn on.
func (m *mask) covered(r rect) int {
	if m.sum == nil {
		m.sum = make([]int, (m.w+1)*(m.h+1))
		for y := range m.h {
			row := 0
			for x := range m.w {
				if m.filled[y*m.w+x] {
					row++
				}
				m.sum[(y+1)*(m.w+1)+x+1] = m.sum[y*(m.w+1)+x+1] + row
			}
		}
	}
	clamp := func(v float64, n int) int { return min(max(int(v), 0), n) }
	x0, y0 := clamp(math.Floor(r.x0-m.box.x0), m.w), clamp(math.Floor(r.y0-m.box.y0), m.h)
	x1, y1 := clamp(math.Ceil(r.x1-m.box.x0), m.w), clamp(math.Ceil(r.y1-m.box.y0), m.h)
	at := func(x, y int) int { return m.sum[y*(m.w+1)+x] }
	return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)
}

// flatten returns the corners of each part of p, curves cut in eight.
func flatten(p path) [][]point {
	var out [][]point
	var cur []point
	flush := func() {
		if len(cur) > 1 {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, s := range cubic(p) {
		switch s.op {
		case moveTo:
			flush()
			cur = []point{s.p[0]}
		case lineTo:
			cur = append(cur, s.p[0])
		case cubeTo:
			a := cur[len(cur)-1]
			for k := 1; k <= 8; k++ {
				t := float64(k) / 8
				u := 1 - t
				c0, c1, c2, c3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
				cur = append(cur, point{
					c0*a.x + c1*s.p[0].x + c2*s.p[1].x + c3*s.p[2].x,
					c0*a.y + c1*s.p[0].y + c2*s.p[1].y + c3*s.p[2].y,
				})
			}
		case closePath:
			if len(cur) > 0 {
				cur = append(cur, cur[0])
			}
		}
	}
	flush()
	return out
}
