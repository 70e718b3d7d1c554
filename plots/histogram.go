package plots

import (
	"fmt"
	"math"
	"slices"
)

// A Histogram counts values in bins.
type Histogram struct {
	Name   string // in the legend
	Values []float64

	// Edges are the limits of the bins, increasing; values outside are left
	// out. Nil makes Bins equal ones, on a logarithmic axis equal in the
	// logarithm if Log is set.
	Edges []float64
	Bins  int  // 0 follows D. Freedman and P. Diaconis, Z. Wahrscheinlichkeitstheorie 57, 453 (1981), doi:10.1007/BF01025868
	Log   bool // bins of equal ratio

	Density bool  // show the probability density, else counts
	Outline bool  // draw the outline only, else fill too
	Style   Style // of the outline
}

// maxBins bounds the number of bins that the rule of Freedman and Diaconis may
// ask for.
const maxBins = 200

func (h Histogram) label() string        { return h.Name }
func (h Histogram) style() (Style, bool) { return h.Style, true }

func (h Histogram) check(gaps bool) error {
	if err := checkColumns(gaps, column{"values", h.Values}); err != nil {
		return err
	}
	if h.Bins < 0 || h.Bins > 10000 {
		return fmt.Errorf("%d bins: want 1 to 10000, or 0 to choose", h.Bins)
	}
	if h.Edges != nil {
		if err := checkColumns(false, column{"edges", h.Edges}); err != nil {
			return err
		}
		if len(h.Edges) < 2 || !increasing(h.Edges) {
			return fmt.Errorf("edges are not increasing: want at least two, each above the one before")
		}
	}
	if h.Log {
		for i, v := range h.Values {
			if v <= 0 {
				return fmt.Errorf("values[%d] is %g with bins of equal ratio: want a positive value", i, v)
			}
		}
	}
	return nil
}

func increasing(v []float64) bool {
	for i := 1; i < len(v); i++ {
		if !(v[i] > v[i-1]) {
			return false
		}
	}
	return true
}

// bins returns the edges and the height of each bin.
func (h Histogram) bins() (edges, heights []float64) {
	v := finite(h.Values)
	edges = h.Edges
	if edges == nil {
		if h.Log {
			for i := range v {
				v[i] = math.Log10(v[i])
			}
		}
		edges = equalBins(v, h.Bins)
		if h.Log {
			for i := range edges {
				edges[i] = math.Pow(10, edges[i])
			}
			v = finite(h.Values)
		}
	}
	heights = make([]float64, len(edges)-1)
	n := 0.0
	for _, x := range v {
		i, found := slices.BinarySearch(edges, x)
		if !found {
			i--
		}
		if i == len(edges)-1 && x <= edges[i]*(1+1e-12) {
			i-- // the last bin holds its upper edge
		}
		if h.Edges == nil {
			i = min(max(i, 0), len(heights)-1)
		}
		if i >= 0 && i < len(heights) {
			heights[i]++
			n++
		}
	}
	if h.Density && n > 0 {
		for i := range heights {
			heights[i] /= n * (edges[i+1] - edges[i])
		}
	}
	return edges, heights
}

// finite returns a sorted copy of v without NaN.
func finite(v []float64) []float64 {
	out := make([]float64, 0, len(v))
	for _, x := range v {
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}

// equalBins returns the edges of n equal bins over sorted values.
func equalBins(v []float64, n int) []float64 {
	lo, hi := v[0], v[len(v)-1]
	if lo == hi {
		d := 0.5
		if lo != 0 {
			d = 0.05 * math.Abs(lo)
		}
		lo, hi = lo-d, hi+d
		n = max(n, 1)
	}
	if n == 0 {
		n = 10
		if width := 2 * (quantile(v, 0.75) - quantile(v, 0.25)) / math.Cbrt(float64(len(v))); width > 0 {
			n = int(min(math.Ceil((hi-lo)/width), maxBins))
		}
	}
	edges := make([]float64, n+1)
	for i := range edges {
		edges[i] = lo + (hi-lo)*float64(i)/float64(n)
	}
	edges[n] = hi
	return edges
}

// quantile returns the p-quantile of sorted values by linear interpolation,
// definition 7 of R. J. Hyndman and Y. Fan, Am. Stat. 50, 361 (1996),
// doi:10.1080/00031305.1996.10473566.
func quantile(v []float64, p float64) float64 {
	at := p * float64(len(v)-1)
	i := int(at)
	if i+1 >= len(v) {
		return v[len(v)-1]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}

func (h Histogram) extend(_ *item, x, y *span) {
	edges, heights := h.bins()
	x.addAll(edges)
	for _, v := range heights {
		// An empty bin has no place on a logarithmic axis.
		if v > 0 || y.scale != Log {
			y.add(v)
		}
	}
	if y.scale != Log {
		y.add(0)
	}
	y.tightLo = true
}

func (h Histogram) draw(c canvas, f *frame, it *item) {
	edges, heights := h.bins()
	foot := f.y.foot()
	px := []float64{edges[0]}
	py := []float64{foot}
	for i, v := range heights {
		v = max(v, foot)
		px = append(px, edges[i], edges[i+1])
		py = append(py, v, v)
	}
	px, py = append(px, edges[len(edges)-1]), append(py, foot)
	if !h.Outline {
		pts := make([]point, len(px))
		for i := range px {
			pts[i] = f.at(px[i], py[i])
		}
		if pts = clipPolygon(pts, f.box); len(pts) > 2 {
			c.fill(polygon(pts...), it.look.area(bandOpacity))
		}
	}
	f.polyline(c, px, py, it.look.pen())
}

func (h Histogram) key(c canvas, r rect, it *item) {
	if h.Outline {
		lineKey(c, r, it.look, true)
		return
	}
	c.fill(r.path(), it.look.area(bandOpacity))
	c.stroke(r.path(), it.look.pen())
}

// An ECDF shows the empirical cumulative distribution of values: a staircase
// from 0 to 1. On a probability axis it marks each value at (i − 1/2)/n, the
// plotting position of A. Hazen, Trans. ASCE 77, 1539 (1914), because the ends
// of the staircase lie at infinity there.
type ECDF struct {
	Name   string // in the legend
	Values []float64
	Style  Style
}

func (e ECDF) label() string        { return e.Name }
func (e ECDF) style() (Style, bool) { return e.Style, true }

func (e ECDF) check(gaps bool) error { return checkColumns(gaps, column{"values", e.Values}) }

func (e ECDF) extend(it *item, x, y *span) {
	v := finite(e.Values)
	x.addAll(v)
	if y.scale.probability() {
		n := float64(len(v))
		y.add(0.5 / n)
		y.add(1 - 0.5/n)
		if it.look.marker == NoMarker {
			it.look.marker, it.look.size = Circle, min(it.look.size, 2.4)
		}
		return
	}
	y.add(0)
	y.add(1)
}

func (e ECDF) draw(c canvas, f *frame, it *item) {
	v := finite(e.Values)
	n := float64(len(v))
	if f.y.Scale.probability() {
		p := make([]float64, len(v))
		for i := range p {
			p[i] = (float64(i) + 0.5) / n
		}
		drawMarkers(c, f, v, p, it.look)
		return
	}
	x, y := []float64{v[0]}, []float64{0}
	for i := range v {
		x, y = append(x, v[i]), append(y, (float64(i)+1)/n)
	}
	x, y = staircase(x, y)
	// From the edges of the panel, where the distribution is 0 and 1.
	x = append(append([]float64{f.x.lo}, x...), f.x.hi)
	y = append(append([]float64{0}, y...), 1)
	f.polyline(c, x, y, it.look.pen())
}

func (e ECDF) key(c canvas, r rect, it *item) { lineKey(c, r, it.look, it.look.marker == NoMarker) }
