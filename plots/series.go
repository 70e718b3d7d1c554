package plots

import (
	"fmt"
	"math"
)

// Series is what a panel draws: [Line], [Scatter], [Band], [ErrorBars],
// [Histogram], [ECDF], [Bars], [Box] or [Heatmap].
type Series interface {
	// label returns the name in the legend, "" for none.
	label() string

	// style returns the style and whether the series takes the next colour.
	style() (s Style, takesColor bool)

	// check reports data that cannot be drawn.
	check(gaps bool) error

	// extend adds the range of the data to the spans of the axes.
	extend(it *item, x, y *span)

	// draw draws the data.
	draw(c canvas, f *frame, it *item)

	// key draws the sample that the legend shows.
	key(c canvas, r rect, it *item)
}

// item is a series in its panel.
type item struct {
	Series
	look look

	// Bars side by side share their place: this is number slot of slots. Bars
	// on top of others start at foot.
	slot, slots int
	foot        []float64
}

// frame is the data rectangle of a panel with its axes.
type frame struct {
	box  rect
	x, y *ruler
}

func (f *frame) at(x, y float64) point { return point{f.x.at(x), f.y.at(y)} }

// foot returns where bars begin: at zero, or at the lower limit of an axis
// that has no zero.
func (r *ruler) foot() float64 {
	if r.Scale == Log || r.Scale.probability() {
		return r.lo
	}
	return 0
}

// polyline draws the part of a line inside the frame, with a gap at each NaN.
func (f *frame) polyline(c canvas, x, y []float64, p pen) {
	var out path
	for _, part := range parts(x, y) {
		pts := make([]point, 0, part[1]-part[0])
		for i := part[0]; i < part[1]; i++ {
			pts = append(pts, f.at(x[i], y[i]))
		}
		for _, piece := range clipLine(pts, f.box) {
			// 0.02 pt is 7 µm, far below the width of any line.
			out = append(out, polyline(simplify(piece, 0.02))...)
		}
	}
	if len(out) > 0 {
		c.stroke(out, p)
	}
}

// parts returns the ranges of indices without NaN.
func parts(values ...[]float64) [][2]int {
	var out [][2]int
	start := -1
	for i := range len(values[0]) + 1 {
		ok := i < len(values[0])
		for _, v := range values {
			ok = ok && !math.IsNaN(v[i])
		}
		switch {
		case ok && start < 0:
			start = i
		case !ok && start >= 0:
			out = append(out, [2]int{start, i})
			start = -1
		}
	}
	return out
}

// column is a named slice of a series.
type column struct {
	name   string
	values []float64
}

// checkColumns reports empty slices, slices of different length, infinities,
// and NaN unless gaps are allowed.
func checkColumns(gaps bool, cols ...column) error {
	for _, c := range cols {
		if len(c.values) == 0 {
			return fmt.Errorf("%s is empty: want at least one value", c.name)
		}
		if len(c.values) != len(cols[0].values) {
			return fmt.Errorf("%s has %d values and %s %d: want as many", cols[0].name, len(cols[0].values), c.name, len(c.values))
		}
		seen := false
		for i, v := range c.values {
			switch {
			case math.IsInf(v, 0):
				return fmt.Errorf("%s[%d] is %g: want a finite value", c.name, i, v)
			case math.IsNaN(v) && !gaps:
				return fmt.Errorf("%s[%d] is NaN: want a finite value, or AllowGaps for a gap", c.name, i)
			case !math.IsNaN(v):
				seen = true
			}
		}
		if !seen {
			return fmt.Errorf("%s holds NaN only: want at least one finite value", c.name)
		}
	}
	return nil
}

// addAll adds values to a span, NaN left out.
func (s *span) addAll(values []float64) {
	for _, v := range values {
		if !math.IsNaN(v) {
			s.add(v)
		}
	}
}

// lineKey draws a horizontal sample of a line with its marker.
func lineKey(c canvas, r rect, l look, line bool) {
	y := (r.y0 + r.y1) / 2
	if line {
		c.stroke(polyline([]point{{r.x0, y}, {r.x1, y}}), l.pen())
	}
	drawMarker(c, point{(r.x0 + r.x1) / 2, y}, l)
}
