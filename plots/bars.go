package plots

import (
	"fmt"
	"math"
)

// Bars draws a bar for each value, at 0, 1, 2 and so on, where the Categories
// of the axis stand. Several Bars in a panel stand side by side, or on top of
// each other with Stack.
type Bars struct {
	Name   string // in the legend
	Values []float64

	// From is where each bar starts; nil is zero. With From, bars span a range,
	// as in a tornado chart.
	From []float64

	Lo, Hi     []float64 // ends of error bars; nil for none
	Stack      bool      // stand on the Bars before this one
	Horizontal bool      // bars grow along X, categories stand on Y
	Style      Style
}

// barShare is the share of a category that its bars take.
const barShare = 0.76

func (b Bars) label() string        { return b.Name }
func (b Bars) style() (Style, bool) { return b.Style, true }

func (b Bars) check(gaps bool) error {
	cols := []column{{"values", b.Values}}
	if b.From != nil {
		if b.Stack {
			return fmt.Errorf("both From and Stack are set: want one of them")
		}
		cols = append(cols, column{"from", b.From})
	}
	if b.Lo != nil || b.Hi != nil {
		cols = append(cols, column{"lo", b.Lo}, column{"hi", b.Hi})
	}
	return checkColumns(gaps, cols...)
}

// arrangeBars gives each Bars of a panel its slot and its feet.
func arrangeBars(items []*item) error {
	slots := 0
	var prev *item
	var tops, bottoms []float64
	for _, it := range items {
		b, ok := it.Series.(Bars)
		if !ok {
			continue
		}
		if prev != nil && prev.Series.(Bars).Horizontal != b.Horizontal {
			return fmt.Errorf("series %q: bars along X and along Y in one panel: want one of them", b.Name)
		}
		it.foot = make([]float64, len(b.Values))
		if b.Stack && prev != nil {
			if len(b.Values) != len(tops) {
				return fmt.Errorf("series %q: %d values stacked on %d: want as many", b.Name, len(b.Values), len(tops))
			}
			it.slot = prev.slot
		} else {
			it.slot = slots
			slots++
			tops = make([]float64, len(b.Values))
			bottoms = make([]float64, len(b.Values))
		}
		// Negative values are stacked downwards.
		for i, v := range b.Values {
			switch {
			case math.IsNaN(v):
			case v < 0:
				it.foot[i] = bottoms[i]
				bottoms[i] += v
			default:
				it.foot[i] = tops[i]
				tops[i] += v
			}
		}
		if b.From != nil {
			copy(it.foot, b.From)
		}
		prev = it
	}
	for _, it := range items {
		it.slots = slots
	}
	return nil
}

// end returns where bar i ends.
func (b Bars) end(it *item, i int) float64 {
	if b.From != nil {
		return b.Values[i]
	}
	return it.foot[i] + b.Values[i]
}

func (b Bars) extend(it *item, x, y *span) {
	if b.Horizontal {
		x, y = y, x
	}
	x.add(-0.5)
	x.add(float64(len(b.Values)) - 0.5)
	x.tightLo, x.tightHi = true, true
	for i := range b.Values {
		end := b.end(it, i)
		if math.IsNaN(end) {
			continue
		}
		y.add(end)
		// A bar that starts at zero has its foot beyond a logarithmic axis.
		if y.scale == Linear || y.scale == SymLog || it.foot[i] != 0 {
			y.add(it.foot[i])
		}
	}
	y.addAll(b.Lo)
	y.addAll(b.Hi)
	if b.From == nil && y.scale == Linear {
		y.tightLo = y.lo == 0
		y.tightHi = y.hi == 0
	}
}

func (b Bars) draw(c canvas, f *frame, it *item) {
	along, across := f.y, f.x
	if b.Horizontal {
		along, across = f.x, f.y
	}
	width := barShare / float64(it.slots)
	at := func(place, value float64) point {
		if b.Horizontal {
			return point{along.at(value), across.at(place)}
		}
		return point{across.at(place), along.at(value)}
	}
	for i := range b.Values {
		from, to := it.foot[i], b.end(it, i)
		if math.IsNaN(from + to) {
			continue
		}
		if from == 0 {
			from = along.foot()
		}
		left := float64(i) - barShare/2 + float64(it.slot)*width
		p, q := at(left, from), at(left+width*0.96, to)
		r := rect{min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y)}.intersect(f.box)
		if r.w() > 0 && r.h() > 0 {
			drawBar(c, r, it.look)
		}
		if b.Lo == nil || math.IsNaN(b.Lo[i]+b.Hi[i]) {
			continue
		}
		mid := left + width*0.48
		cap := width * 0.16
		var bars path
		for _, s := range [][2]point{
			{at(mid, b.Lo[i]), at(mid, b.Hi[i])},
			{at(mid-cap, b.Lo[i]), at(mid+cap, b.Lo[i])},
			{at(mid-cap, b.Hi[i]), at(mid+cap, b.Hi[i])},
		} {
			for _, piece := range clipLine(s[:], f.box) {
				bars = append(bars, polyline(piece)...)
			}
		}
		c.stroke(bars, pen{width: 0.7 * it.look.width, color: black})
	}
}

// drawBar draws a filled or hollow bar.
func drawBar(c canvas, r rect, l look) {
	if l.hollow {
		c.fill(r.path(), white)
		c.stroke(r.grow(-l.width/2).path(), pen{width: l.width, color: l.color})
		return
	}
	c.fill(r.path(), l.area(1))
}

func (b Bars) key(c canvas, r rect, it *item) { drawBar(c, r, it.look) }

// Box draws a box plot for each sample, at 0, 1, 2 and so on, where the
// Categories of the axis stand: the box holds the quartiles and the median, the
// whiskers reach to the last value within 1.5 box heights, points mark values
// beyond (J. W. Tukey, Exploratory Data Analysis, 1977).
type Box struct {
	Name    string // in the legend
	Samples [][]float64
	At      []float64 // places of the boxes on X; nil is 0, 1, 2, ...
	Width   float64   // of a box, in the unit of X; 0 is 0.5
	Style   Style
}

func (b Box) label() string        { return b.Name }
func (b Box) style() (Style, bool) { return b.Style, true }

func (b Box) check(gaps bool) error {
	if len(b.Samples) == 0 {
		return fmt.Errorf("samples are empty: want at least one")
	}
	for i, s := range b.Samples {
		if err := checkColumns(gaps, column{fmt.Sprintf("samples[%d]", i), s}); err != nil {
			return err
		}
	}
	if b.At != nil {
		if err := checkColumns(false, column{"at", b.At}); err != nil {
			return err
		}
		if len(b.At) != len(b.Samples) {
			return fmt.Errorf("%d places for %d samples: want as many", len(b.At), len(b.Samples))
		}
	}
	if !(b.Width >= 0) || math.IsInf(b.Width, 0) {
		return fmt.Errorf("width %g: want a positive value, or 0 for 0.5", b.Width)
	}
	return nil
}

// place returns middle and half width of box i.
func (b Box) place(i int) (at, half float64) {
	at, half = float64(i), b.Width/2
	if b.At != nil {
		at = b.At[i]
	}
	if half == 0 {
		half = 0.25
	}
	return at, half
}

func (b Box) extend(_ *item, x, y *span) {
	for i, s := range b.Samples {
		at, half := b.place(i)
		x.add(at - 2*half)
		x.add(at + 2*half)
		y.addAll(s)
	}
	x.tightLo, x.tightHi = true, true
}

// whiskers returns quartiles, median and the values that the whiskers reach,
// of a sorted sample.
func whiskers(v []float64) (lo, q1, median, q3, hi float64) {
	q1, median, q3 = quantile(v, 0.25), quantile(v, 0.5), quantile(v, 0.75)
	reach := 1.5 * (q3 - q1)
	lo, hi = q1, q3
	for _, x := range v {
		if x >= q1-reach {
			lo = min(lo, x)
		}
		if x <= q3+reach {
			hi = max(hi, x)
		}
	}
	return lo, q1, median, q3, hi
}

func (b Box) draw(c canvas, f *frame, it *item) {
	thin := pen{width: 0.75 * it.look.width, color: it.look.color}
	for i, s := range b.Samples {
		v := finite(s)
		lo, q1, median, q3, hi := whiskers(v)
		at, half := b.place(i)
		var lines path
		for _, s := range [][2]point{
			{f.at(at, lo), f.at(at, q1)},
			{f.at(at, q3), f.at(at, hi)},
			{f.at(at-half/2, lo), f.at(at+half/2, lo)},
			{f.at(at-half/2, hi), f.at(at+half/2, hi)},
		} {
			for _, piece := range clipLine(s[:], f.box) {
				lines = append(lines, polyline(piece)...)
			}
		}
		if len(lines) > 0 {
			c.stroke(lines, thin)
		}
		p, q := f.at(at-half, q1), f.at(at+half, q3)
		box := rect{min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y)}.intersect(f.box)
		if box.w() > 0 && box.h() >= 0 {
			drawBox(c, box, it.look)
		}
		for _, piece := range clipLine([]point{f.at(at-half, median), f.at(at+half, median)}, f.box) {
			c.stroke(polyline(piece), pen{width: 1.4 * it.look.width, color: it.look.color})
		}
		var x, y []float64
		for _, u := range v {
			if u < lo || u > hi {
				x, y = append(x, at), append(y, u)
			}
		}
		out := it.look
		out.marker, out.size, out.hollow = Circle, 0.7*out.size, true
		drawMarkers(c, f, x, y, out)
	}
}

// drawBox draws the box of the quartiles.
func drawBox(c canvas, r rect, l look) {
	c.fill(r.path(), white)
	if !l.hollow {
		c.fill(r.path(), l.area(bandOpacity))
	}
	c.stroke(r.path(), pen{width: 0.75 * l.width, color: l.color})
}

func (b Box) key(c canvas, r rect, it *item) { drawBox(c, r, it.look) }
