package plots

import "image/color"

// A Style says how a series is drawn. The zero Style takes everything from the
// theme and gives the series the next colour of its palette.
type Style struct {
	Color      color.Color // nil takes the next colour of the theme's palette
	Width      float64     // line width, in points; 0 is the theme's
	Dash       Dash        // pattern of lines
	Marker     Marker      // marker at each point; a Scatter without one draws circles
	MarkerSize float64     // diameter of markers, in points; 0 is the theme's
	Hollow     bool        // markers, bars and boxes are outlined on white, not filled
	Opacity    float64     // opacity of filled areas, 0 to 1; 0 is the kind's own
}

// A Dash is the pattern of a line.
type Dash uint8

// The patterns of lines.
const (
	Solid Dash = iota
	Dashed
	Dotted
	DashDot
)

// A Marker is the shape drawn at a data point.
type Marker uint8

// The markers.
const (
	NoMarker Marker = iota
	Circle
	Square
	Triangle
	InvertedTriangle
	Diamond
	Plus
	Cross
)

// look is a Style with nothing left open.
type look struct {
	color   color.NRGBA
	width   float64
	dash    Dash
	marker  Marker
	size    float64
	hollow  bool
	opacity float64
}

// resolve fills what s leaves open. Next is the colour whose turn it is.
func (s Style) resolve(t *Theme, next color.NRGBA) look {
	l := look{
		color: next, width: s.Width, dash: s.Dash, marker: s.Marker,
		size: s.MarkerSize, hollow: s.Hollow, opacity: s.Opacity,
	}
	if s.Color != nil {
		l.color = color.NRGBAModel.Convert(s.Color).(color.NRGBA)
	}
	if l.width == 0 {
		l.width = t.LineWidth
	}
	if l.size == 0 {
		l.size = t.MarkerSize
	}
	return l
}

// area returns the colour of a filled area whose kind has opacity a.
func (l look) area(a float64) color.NRGBA {
	if l.opacity > 0 {
		a = l.opacity
	}
	return alpha(l.color, a)
}

// pen returns the pen of the data line.
func (l look) pen() pen { return pen{width: l.width, color: l.color, dash: l.dash.pattern(l.width)} }

// pattern returns the lengths of dashes and gaps, in points, for a line of the
// given width.
func (d Dash) pattern(width float64) []float64 {
	w := max(width, 0.5)
	switch d {
	case Dashed:
		return []float64{4 * w, 2.2 * w}
	case Dotted:
		return []float64{1.1 * w, 1.6 * w}
	case DashDot:
		return []float64{5 * w, 1.8 * w, 1.2 * w, 1.8 * w}
	}
	return nil
}

// drawMarker draws a marker with its centre at p.
func drawMarker(c canvas, p point, l look) {
	// Shapes of equal diameter look unequal: square and diamond are scaled to
	// about the area of the circle, triangles by their circumcircle.
	r := l.size / 2
	var at path
	switch l.marker {
	case Circle:
		at = circle(p, r)
	case Square:
		h := 0.89 * r
		at = rect{p.x - h, p.y - h, p.x + h, p.y + h}.path()
	case Diamond:
		h := 1.25 * r
		at = polygon(point{p.x, p.y + h}, point{p.x + h, p.y}, point{p.x, p.y - h}, point{p.x - h, p.y})
	case Triangle, InvertedTriangle:
		h := 1.3 * r
		if l.marker == InvertedTriangle {
			h = -h
		}
		w := 1.126 * r
		at = polygon(point{p.x, p.y + h}, point{p.x + w, p.y - h/2}, point{p.x - w, p.y - h/2})
	case Plus, Cross:
		a, b := point{r * 1.1, 0}, point{0, r * 1.1}
		if l.marker == Cross {
			h := 0.85 * r
			a, b = point{h, h}, point{-h, h}
		}
		at.move(point{p.x - a.x, p.y - a.y})
		at.line(point{p.x + a.x, p.y + a.y})
		at.move(point{p.x - b.x, p.y - b.y})
		at.line(point{p.x + b.x, p.y + b.y})
		c.stroke(at, pen{width: max(l.width, 0.7), color: l.color})
		return
	default:
		return
	}
	if l.hollow {
		c.fill(at, white)
		c.stroke(at, pen{width: max(0.8*l.width, 0.5), color: l.color})
		return
	}
	c.fill(at, l.color)
}
