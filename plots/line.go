package plots

import "math"

// A Line joins points by straight lines. With a marker in its style it also
// marks them.
type Line struct {
	Name  string // in the legend
	X, Y  []float64
	Step  bool // keep the value of Y until the next X, as a staircase
	Style Style
}

// A Scatter marks points.
type Scatter struct {
	Name  string // in the legend
	X, Y  []float64
	Style Style
}

// A Band fills the area between Lo and Hi, as between two quantiles.
type Band struct {
	Name      string // in the legend
	X, Lo, Hi []float64
	Style     Style // a Band without colour takes that of the series before it
}

// ErrorBars marks points with the range from Lo to Hi, and from XLo to XHi if
// those are given. The ends are values, not distances from the point.
type ErrorBars struct {
	Name     string // in the legend
	X, Y     []float64
	Lo, Hi   []float64
	XLo, XHi []float64
	Style    Style
}

func (l Line) label() string        { return l.Name }
func (l Line) style() (Style, bool) { return l.Style, true }
func (l Line) check(gaps bool) error {
	return checkColumns(gaps, column{"x", l.X}, column{"y", l.Y})
}

func (l Line) extend(_ *item, x, y *span) {
	x.addAll(l.X)
	y.addAll(l.Y)
}

func (l Line) draw(c canvas, f *frame, it *item) {
	x, y := l.X, l.Y
	if l.Step {
		x, y = staircase(x, y)
	}
	f.polyline(c, x, y, it.look.pen())
	if it.look.marker != NoMarker {
		drawMarkers(c, f, l.X, l.Y, it.look)
	}
}

func (l Line) key(c canvas, r rect, it *item) { lineKey(c, r, it.look, true) }

// staircase returns the corners of the staircase through x and y.
func staircase(x, y []float64) (sx, sy []float64) {
	for i := range x {
		if i > 0 {
			sx, sy = append(sx, x[i]), append(sy, y[i-1])
		}
		sx, sy = append(sx, x[i]), append(sy, y[i])
	}
	return sx, sy
}

func (s Scatter) label() string { return s.Name }
func (s Scatter) style() (Style, bool) {
	st := s.Style
	if st.Marker == NoMarker {
		st.Marker = Circle
	}
	return st, true
}

func (s Scatter) check(gaps bool) error {
	return checkColumns(gaps, column{"x", s.X}, column{"y", s.Y})
}

func (s Scatter) extend(_ *item, x, y *span) {
	x.addAll(s.X)
	y.addAll(s.Y)
}

func (s Scatter) draw(c canvas, f *frame, it *item) { drawMarkers(c, f, s.X, s.Y, it.look) }

func (s Scatter) key(c canvas, r rect, it *item) { lineKey(c, r, it.look, false) }

// drawMarkers marks the points inside the frame.
func drawMarkers(c canvas, f *frame, x, y []float64, l look) {
	if l.opacity > 0 {
		l.color = alpha(l.color, l.opacity)
	}
	var pts []point
	for i := range x {
		// A point with a NaN is in no rectangle.
		if p := f.at(x[i], y[i]); f.box.has(p) {
			pts = append(pts, p)
		}
	}
	if c.vector() && len(pts) > cloud {
		drawCloud(c, f.box.grow(l.size), pts, l)
		return
	}
	for _, p := range pts {
		drawMarker(c, p, l)
	}
}

func (b Band) label() string        { return b.Name }
func (b Band) style() (Style, bool) { return b.Style, false }

func (b Band) check(gaps bool) error {
	return checkColumns(gaps, column{"x", b.X}, column{"lo", b.Lo}, column{"hi", b.Hi})
}

func (b Band) extend(_ *item, x, y *span) {
	x.addAll(b.X)
	y.addAll(b.Lo)
	y.addAll(b.Hi)
}

// bandOpacity is the opacity of bands and of filled distributions.
const bandOpacity = 0.25

func (b Band) draw(c canvas, f *frame, it *item) {
	var out path
	for _, part := range parts(b.X, b.Lo, b.Hi) {
		var pts []point
		for i := part[0]; i < part[1]; i++ {
			pts = append(pts, f.at(b.X[i], b.Hi[i]))
		}
		for i := part[1] - 1; i >= part[0]; i-- {
			pts = append(pts, f.at(b.X[i], b.Lo[i]))
		}
		if pts = clipPolygon(simplify(pts, 0.02), f.box); len(pts) > 2 {
			out = append(out, polygon(pts...)...)
		}
	}
	if len(out) > 0 {
		c.fill(out, it.look.area(bandOpacity))
	}
}

func (b Band) key(c canvas, r rect, it *item) { c.fill(r.path(), it.look.area(bandOpacity)) }

func (e ErrorBars) label() string { return e.Name }
func (e ErrorBars) style() (Style, bool) {
	s := e.Style
	if s.Marker == NoMarker {
		s.Marker = Circle
	}
	return s, true
}

func (e ErrorBars) check(gaps bool) error {
	cols := []column{{"x", e.X}, {"y", e.Y}, {"lo", e.Lo}, {"hi", e.Hi}}
	if e.XLo != nil || e.XHi != nil {
		cols = append(cols, column{"xlo", e.XLo}, column{"xhi", e.XHi})
	}
	return checkColumns(gaps, cols...)
}

func (e ErrorBars) extend(_ *item, x, y *span) {
	x.addAll(e.X)
	x.addAll(e.XLo)
	x.addAll(e.XHi)
	y.addAll(e.Y)
	y.addAll(e.Lo)
	y.addAll(e.Hi)
}

func (e ErrorBars) draw(c canvas, f *frame, it *item) {
	var bars path
	add := func(a, b, cap point) {
		for _, s := range [][2]point{
			{a, b},
			{{a.x - cap.x, a.y - cap.y}, {a.x + cap.x, a.y + cap.y}},
			{{b.x - cap.x, b.y - cap.y}, {b.x + cap.x, b.y + cap.y}},
		} {
			for _, piece := range clipLine(s[:], f.box) {
				bars = append(bars, polyline(piece)...)
			}
		}
	}
	half := max(0.55*it.look.size, 1.2)
	for i := range e.X {
		if math.IsNaN(e.X[i] + e.Y[i]) {
			continue
		}
		if !math.IsNaN(e.Lo[i] + e.Hi[i]) {
			add(f.at(e.X[i], e.Lo[i]), f.at(e.X[i], e.Hi[i]), point{half, 0})
		}
		if e.XLo != nil && !math.IsNaN(e.XLo[i]+e.XHi[i]) {
			add(f.at(e.XLo[i], e.Y[i]), f.at(e.XHi[i], e.Y[i]), point{0, half})
		}
	}
	if len(bars) > 0 {
		c.stroke(bars, pen{width: 0.75 * it.look.width, color: it.look.color})
	}
	drawMarkers(c, f, e.X, e.Y, it.look)
}

func (e ErrorBars) key(c canvas, r rect, it *item) {
	x, y := (r.x0+r.x1)/2, (r.y0+r.y1)/2
	h := 0.5 * r.h()
	c.stroke(polyline([]point{{x, y - h}, {x, y + h}}), pen{width: 0.75 * it.look.width, color: it.look.color})
	lineKey(c, r, it.look, false)
}
