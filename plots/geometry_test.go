package plots

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawPoint(t *rapid.T, name string) point {
	return point{rapid.Float64Range(-2, 3).Draw(t, name+".x"), rapid.Float64Range(-2, 3).Draw(t, name+".y")}
}

// A point of the line belongs to a piece exactly if it lies in the rectangle.
func TestClipLine(t *testing.T) {
	r := rect{0, 0, 1, 1}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "n")
		pts := make([]point, n)
		for i := range pts {
			pts[i] = drawPoint(t, "p")
		}
		pieces := clipLine(pts, r)
		length := 0.0
		for _, p := range pieces {
			for i, q := range p {
				if !r.has(q) {
					t.Fatalf("%v lies outside", q)
				}
				if i > 0 {
					length += math.Hypot(q.x-p[i-1].x, q.y-p[i-1].y)
				}
			}
		}
		// The length inside, by sampling the line.
		want := 0.0
		const steps = 4000
		for i := 1; i < n; i++ {
			a, b := pts[i-1], pts[i]
			in := 0
			for k := range steps {
				f := (float64(k) + 0.5) / steps
				if p := (point{a.x + f*(b.x-a.x), a.y + f*(b.y-a.y)}); p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1 {
					in++
				}
			}
			want += math.Hypot(b.x-a.x, b.y-a.y) * float64(in) / steps
		}
		if math.Abs(length-want) > 0.003*float64(n) {
			t.Fatalf("pieces are %g long, want %g", length, want)
		}
	})
}

func area(pts []point) float64 {
	a := 0.0
	for i, p := range pts {
		q := pts[(i+1)%len(pts)]
		a += (p.x*q.y - q.x*p.y) / 2
	}
	return math.Abs(a)
}

// A triangle and what is cut off it on four sides add up.
func TestClipPolygon(t *testing.T) {
	if got := clipPolygon([]point{{-1, -1}, {3, -1}, {-1, 3}}, rect{0, 0, 1, 1}); math.Abs(area(got)-1) > 1e-12 {
		t.Errorf("area %g, want 1", area(got))
	}
	if got := clipPolygon([]point{{5, 5}, {6, 5}, {5, 6}}, rect{0, 0, 1, 1}); len(got) > 2 {
		t.Errorf("a polygon outside leaves %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		tri := []point{drawPoint(t, "a"), drawPoint(t, "b"), drawPoint(t, "c")}
		sum := 0.0
		for x := -2.0; x < 3; x++ {
			for y := -2.0; y < 3; y++ {
				sum += area(clipPolygon(tri, rect{x, y, x + 1, y + 1}))
			}
		}
		if math.Abs(sum-area(tri)) > 1e-9 {
			t.Fatalf("tiles of the triangle have area %g, want %g", sum, area(tri))
		}
	})
}

// No dropped point lies farther than the tolerance from what is kept.
func TestSimplify(t *testing.T) {
	var pts []point
	for i := range 5000 {
		x := float64(i) / 20
		pts = append(pts, point{x, 30 * math.Sin(x/9)})
	}
	const tol = 0.02
	kept := simplify(pts, tol)
	if len(kept) > 1000 {
		t.Errorf("%d of %d points kept, want far fewer", len(kept), len(pts))
	}
	if kept[0] != pts[0] || kept[len(kept)-1] != pts[len(pts)-1] {
		t.Error("the ends moved")
	}
	for _, p := range pts {
		d := math.Inf(1)
		for i := 1; i < len(kept); i++ {
			d = min(d, distance(p, kept[i-1], kept[i]))
		}
		if d > tol*(1+1e-9) {
			t.Fatalf("%v lies %g from the line, want at most %g", p, d, tol)
		}
	}
}

func TestCircle(t *testing.T) {
	for _, part := range flatten(circle(point{3, 4}, 10)) {
		for _, p := range part {
			if r := math.Hypot(p.x-3, p.y-4); math.Abs(r-10) > 3e-3 {
				t.Errorf("radius %g, want 10", r)
			}
		}
	}
}

// Raising a quadratic curve in degree leaves every point where it was.
func TestCubic(t *testing.T) {
	a, b, c := point{0, 0}, point{1, 2}, point{3, -1}
	var p path
	p.move(a)
	p.quad(b, c)
	got := flatten(p)[0]
	for k := 1; k <= 8; k++ {
		u := float64(k) / 8
		want := point{2*u*(1-u)*b.x + u*u*c.x, 2*u*(1-u)*b.y + u*u*c.y}
		if d := math.Hypot(got[k].x-want.x, got[k].y-want.y); d > 1e-12 {
			t.Errorf("at %g: %v, want %v", u, got[k], want)
		}
	}
}

// The mask holds the pixels of a disc and of nothing else, and its sums are
// those of counting.
func TestMask(t *testing.T) {
	m := newMask(rect{10, 20, 110, 120})
	m.fill(circle(point{60, 70}, 30), black)
	for y := range m.h {
		for x := range m.w {
			d := math.Hypot(float64(x)+0.5-50, float64(y)+0.5-50)
			if in := m.filled[y*m.w+x]; in && d > 31 || !in && d < 29 {
				t.Fatalf("cell (%d, %d) at distance %g of a disc of 30: %v", x, y, d, in)
			}
		}
	}
	r := rect{40, 35, 75, 90}
	want := 0
	for y := 15; y < 70; y++ {
		for x := 30; x < 65; x++ {
			if m.filled[y*m.w+x] {
				want++
			}
		}
	}
	if got := m.covered(r); got != want {
		t.Errorf("%d cells covered, want %d", got, want)
	}
	if n := newMask(rect{0, 0, 10, 10}).covered(rect{-5, -5, 20, 20}); n != 0 {
		t.Errorf("%d cells of an empty mask are covered", n)
	}
}

// Quartiles of definition 7 are those that R prints for quantile(1:10).
func TestQuantile(t *testing.T) {
	v := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for p, want := range map[float64]float64{0: 1, 0.25: 3.25, 0.5: 5.5, 0.75: 7.75, 1: 10} {
		if got := quantile(v, p); math.Abs(got-want) > 1e-12 {
			t.Errorf("quantile %g = %g, want %g", p, got, want)
		}
	}
}

func TestWhiskers(t *testing.T) {
	// Quartiles 2 and 6, so that whiskers reach to -4 and 12 at most.
	v := []float64{-4.5, -4, 2, 2, 4, 6, 6, 12, 12.5}
	lo, q1, median, q3, hi := whiskers(v)
	if got, want := [5]float64{lo, q1, median, q3, hi}, [5]float64{-4, 2, 4, 6, 12}; got != want {
		t.Errorf("whiskers = %v, want %v", got, want)
	}
}

func TestHistogramBins(t *testing.T) {
	h := Histogram{Values: []float64{0, 1, 1.5, 2, 3, math.NaN(), 9}, Edges: []float64{0, 1, 2, 3}}
	if _, got := h.bins(); !slices.Equal(got, []float64{1, 2, 2}) {
		t.Errorf("counts %v, want [1 2 2]", got)
	}
	h.Density = true
	edges, d := h.bins()
	integral := 0.0
	for i := range d {
		integral += d[i] * (edges[i+1] - edges[i])
	}
	if math.Abs(integral-1) > 1e-12 {
		t.Errorf("the density integrates to %g", integral)
	}
	// Freedman and Diaconis: 1000 values uniform on 0 to 1 have quartiles half
	// apart, so bins of width 2*0.5/10, ten of them.
	v := make([]float64, 1000)
	for i := range v {
		v[i] = float64(i) / 999
	}
	if edges := equalBins(v, 0); len(edges) != 11 {
		t.Errorf("%d bins, want 10", len(edges)-1)
	}
	log := Histogram{Values: []float64{1, 10, 100}, Bins: 2, Log: true}
	if edges, n := log.bins(); math.Abs(edges[1]-10) > 1e-12 || n[0]+n[1] != 3 {
		t.Errorf("edges %v with counts %v, want 1, 10, 100", edges, n)
	}
}

// Every value falls in a bin, whatever the values.
func TestHistogramKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(1e-12, 1e12), 1, 50).Draw(t, "values")
		h := Histogram{Values: v, Bins: rapid.IntRange(0, 30).Draw(t, "bins"), Log: rapid.Bool().Draw(t, "log")}
		_, counts := h.bins()
		if got := sum(counts); got != float64(len(v)) {
			t.Fatalf("%g of %d values are counted", got, len(v))
		}
	})
}

func TestStaircase(t *testing.T) {
	x, y := staircase([]float64{0, 1, 2}, []float64{5, 6, 7})
	if !slices.Equal(x, []float64{0, 1, 1, 2, 2}) || !slices.Equal(y, []float64{5, 5, 6, 6, 7}) {
		t.Errorf("staircase = %v, %v", x, y)
	}
}

// Stacked bars stand on the sum of those before, negative ones below.
func TestArrangeBars(t *testing.T) {
	items := []*item{
		{Series: Bars{Values: []float64{1, -1}}},
		{Series: Bars{Values: []float64{2, 3}, Stack: true}},
		{Series: Bars{Values: []float64{4, -2}, Stack: true}},
		{Series: Bars{Values: []float64{7, 7}}},
	}
	if err := arrangeBars(items); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float64{{0, 0}, {1, 0}, {3, -1}, {0, 0}} {
		if !slices.Equal(items[i].foot, want) {
			t.Errorf("bars %d start at %v, want %v", i, items[i].foot, want)
		}
	}
	if items[2].slot != 0 || items[3].slot != 1 || items[0].slots != 2 {
		t.Errorf("slots %d, %d of %d, want 0, 1 of 2", items[2].slot, items[3].slot, items[0].slots)
	}
}
