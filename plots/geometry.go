package plots

import "math"

// point is a place on the page, in points from the lower left corner.
type point struct{ x, y float64 }

// rect is a rectangle on the page, in points.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) w() float64 { return r.x1 - r.x0 }
func (r rect) h() float64 { return r.y1 - r.y0 }

func (r rect) path() path {
	return polygon(point{r.x0, r.y0}, point{r.x1, r.y0}, point{r.x1, r.y1}, point{r.x0, r.y1})
}

// intersect returns the part of r inside s; it is empty where w or h is not
// positive.
func (r rect) intersect(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

// grow returns r with each side moved out by d.
func (r rect) grow(d float64) rect { return rect{r.x0 - d, r.y0 - d, r.x1 + d, r.y1 + d} }

// has reports whether p lies in r, its edges included up to a rounding error.
func (r rect) has(p point) bool {
	const slop = 1e-6
	return p.x >= r.x0-slop && p.x <= r.x1+slop && p.y >= r.y0-slop && p.y <= r.y1+slop
}

// path is a sequence of moves, lines and Bézier curves.
type path []segment

// segment ends at p[n-1], where n is the count of points that its op takes.
type segment struct {
	op op
	p  [3]point
}

type op uint8

const (
	moveTo op = iota
	lineTo
	quadTo
	cubeTo
	closePath
)

func (p *path) move(a point)         { *p = append(*p, segment{moveTo, [3]point{a}}) }
func (p *path) line(a point)         { *p = append(*p, segment{lineTo, [3]point{a}}) }
func (p *path) quad(a, b point)      { *p = append(*p, segment{quadTo, [3]point{a, b}}) }
func (p *path) cube(a, b, end point) { *p = append(*p, segment{cubeTo, [3]point{a, b, end}}) }
func (p *path) close()               { *p = append(*p, segment{op: closePath}) }

func polyline(pts []point) path {
	p := make(path, 0, len(pts)+1)
	for i, q := range pts {
		if i == 0 {
			p.move(q)
		} else {
			p.line(q)
		}
	}
	return p
}

func polygon(pts ...point) path {
	p := polyline(pts)
	p.close()
	return p
}

// circle returns four cubic arcs; kappa makes each meet the circle at its ends
// and middle, with a radial error below 3e-4.
func circle(c point, r float64) path {
	const kappa = 0.5522847498307936 // 4/3 (√2 − 1)
	k := kappa * r
	var p path
	p.move(point{c.x + r, c.y})
	p.cube(point{c.x + r, c.y + k}, point{c.x + k, c.y + r}, point{c.x, c.y + r})
	p.cube(point{c.x - k, c.y + r}, point{c.x - r, c.y + k}, point{c.x - r, c.y})
	p.cube(point{c.x - r, c.y - k}, point{c.x - k, c.y - r}, point{c.x, c.y - r})
	p.cube(point{c.x + k, c.y - r}, point{c.x + r, c.y - k}, point{c.x + r, c.y})
	p.close()
	return p
}

// clipLine returns the pieces of a polyline that lie in r, by the method of
// Y.-D. Liang and B. A. Barsky, ACM Trans. Graph. 3, 1 (1984),
// doi:10.1145/357332.357333.
func clipLine(pts []point, r rect) [][]point {
	var out [][]point
	var cur []point
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		t0, t1, ok := clipSegment(a, b, r)
		if !ok {
			if len(cur) > 1 {
				out = append(out, cur)
			}
			cur = nil
			continue
		}
		at := func(t float64) point { return point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }
		if len(cur) == 0 || t0 > 0 {
			if len(cur) > 1 {
				out = append(out, cur)
			}
			cur = []point{at(t0)}
		}
		if t1 < 1 {
			cur = append(cur, at(t1))
			out = append(out, cur)
			cur = nil
			continue
		}
		cur = append(cur, b)
	}
	if len(cur) > 1 {
		out = append(out, cur)
	}
	return out
}

// clipSegment returns the range of the parameter of a to b that lies in r.
func clipSegment(a, b point, r rect) (t0, t1 float64, ok bool) {
	t0, t1 = 0, 1
	edge := func(p, q float64) bool {
		switch {
		case p == 0:
			return q >= 0
		case p < 0:
			t0 = max(t0, q/p)
		default:
			t1 = min(t1, q/p)
		}
		return t0 <= t1
	}
	ok = edge(a.x-b.x, a.x-r.x0) && edge(b.x-a.x, r.x1-a.x) &&
		edge(a.y-b.y, a.y-r.y0) && edge(b.y-a.y, r.y1-a.y)
	return t0, t1, ok
}

// clipPolygon returns the part of a polygon in r, by the method of I. E.
// Sutherland and G. W. Hodgman, Commun. ACM 17, 32 (1974),
// doi:10.1145/360767.360802.
func clipPolygon(pts []point, r rect) []point {
	cut := func(pts []point, in func(point) float64) []point {
		out := make([]point, 0, len(pts)+4)
		for i, b := range pts {
			a := pts[(i+len(pts)-1)%len(pts)]
			da, db := in(a), in(b)
			if (da < 0) != (db < 0) {
				t := da / (da - db)
				out = append(out, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
			}
			if db >= 0 {
				out = append(out, b)
			}
		}
		return out
	}
	for _, in := range []func(point) float64{
		func(p point) float64 { return p.x - r.x0 },
		func(p point) float64 { return r.x1 - p.x },
		func(p point) float64 { return p.y - r.y0 },
		func(p point) float64 { return r.y1 - p.y },
	} {
		if pts = cut(pts, in); len(pts) == 0 {
			return nil
		}
	}
	return pts
}

// simplify drops points of a polyline that lie within tol of the line through
// those kept, by the method of D. H. Douglas and T. K. Peucker, Cartographica
// 10, 112 (1973), doi:10.3138/FM57-6770-U75U-7727.
func simplify(pts []point, tol float64) []point {
	if len(pts) < 3 {
		return pts
	}
	keep := make([]bool, len(pts))
	keep[0], keep[len(pts)-1] = true, true
	type span struct{ a, b int }
	for open := []span{{0, len(pts) - 1}}; len(open) > 0; {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		far, at := tol, -1
		for i := s.a + 1; i < s.b; i++ {
			if d := distance(pts[i], pts[s.a], pts[s.b]); d > far {
				far, at = d, i
			}
		}
		if at > 0 {
			keep[at] = true
			open = append(open, span{s.a, at}, span{at, s.b})
		}
	}
	out := make([]point, 0, len(pts))
	for i, k := range keep {
		if k {
			out = append(out, pts[i])
		}
	}
	return out
}

// distance returns the distance of p from the segment a to b.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	if l := dx*dx + dy*dy; l > 0 {
		t := min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/l, 0), 1)
		a = point{a.x + t*dx, a.y + t*dy}
	}
	return math.Hypot(p.x-a.x, p.y-a.y)
}

// cubic returns p with each quadratic curve raised to a cubic one, because
// PDF has cubic curves only.
func cubic(p path) path {
	out := make(path, len(p))
	var at point
	for i, s := range p {
		switch s.op {
		case moveTo, lineTo:
			at = s.p[0]
		case quadTo:
			s = segment{cubeTo, [3]point{
				{at.x + 2*(s.p[0].x-at.x)/3, at.y + 2*(s.p[0].y-at.y)/3},
				{s.p[1].x + 2*(s.p[0].x-s.p[1].x)/3, s.p[1].y + 2*(s.p[0].y-s.p[1].y)/3},
				s.p[1],
			}}
			at = s.p[2]
		case cubeTo:
			at = s.p[2]
		}
		out[i] = s
	}
	return out
}
