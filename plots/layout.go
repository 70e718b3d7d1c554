package plots

import (
	"fmt"
	"math"
	"strings"
)

// Distances between the parts of a panel, in points.
const (
	pageEdge  = 2.5 // between the page and what is drawn
	cellGap   = 9.0 // between neighbouring panels with their labels
	tickGap   = 2.2 // between tick and label
	titleGap  = 4.0 // between tick labels and the title of the axis
	aboveGap  = 4.0 // between the box and what stands above it
	barGap    = 5.0 // between the box and the colour bar
	barWidth  = 6.5 // of the colour bar
	smallest  = 25.0
	titleSkip = 1.15 // between the lines of a title, in units of its size
)

// cell is a panel with everything decided.
type cell struct {
	frame
	panel  *Panel
	theme  *Theme
	items  []*item
	letter string
	outer  rect // the box with its labels

	heat *Heatmap
	bar  *ruler // of the colour bar

	legend   *legend
	place    Place
	legendAt point // upper left corner

	margin sides
	inset  *cell
	labels []ruleLabel
}

// sides holds the room around a box, in points.
type sides struct{ left, right, top, bottom float64 }

// newCell checks a panel and sets the limits of its axes.
func newCell(p *Panel, t *Theme) (*cell, error) {
	if err := p.check(t); err != nil {
		return nil, err
	}
	c := &cell{panel: p, theme: t, place: p.Legend.Place}
	turn := 0
	var last *item
	for i, s := range p.Series {
		name := fmt.Sprintf("series %d", i+1)
		if s.label() != "" {
			name = fmt.Sprintf("series %q", s.label())
		}
		if err := s.check(p.AllowGaps); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		st, takes := s.style()
		next := t.Palette[turn%len(t.Palette)]
		if takes && st.Color == nil {
			// Past the end of the palette, colours come back with another pattern.
			if st.Dash == Solid {
				st.Dash = []Dash{Solid, Dashed, DashDot, Dotted}[turn/len(t.Palette)%4]
			}
			turn++
		}
		if !takes && last != nil {
			next = last.look.color
		}
		it := &item{Series: s, look: st.resolve(t, next)}
		c.items = append(c.items, it)
		if takes {
			last = it
		}
		if h, ok := s.(Heatmap); ok {
			r, err := h.ruler()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			c.heat = &h
			if !h.NoBar {
				c.bar = r
			}
		}
	}
	if err := arrangeBars(c.items); err != nil {
		return nil, err
	}
	x, y := span{scale: p.X.Scale}, span{scale: p.Y.Scale}
	for i, it := range c.items {
		before := [2]span{x, y}
		it.extend(it, &x, &y)
		for k, s := range []span{x, y} {
			// The ends of the range are the values that a scale may not admit.
			for _, v := range []float64{s.lo, s.hi} {
				if s.n == before[k].n {
					continue
				}
				if err := s.scale.admits(v); err != nil {
					name := it.label()
					if name == "" {
						name = fmt.Sprint(i + 1)
					}
					return nil, fmt.Errorf("series %q: %s is %w", name, [2]string{"x", "y"}[k], err)
				}
			}
		}
	}
	for _, r := range p.Rules {
		if r.Vertical {
			x.add(r.At)
		} else {
			y.add(r.At)
		}
	}
	var err error
	if c.x, err = newRuler(p.X, x); err != nil {
		return nil, fmt.Errorf("x axis: %w", err)
	}
	if c.y, err = newRuler(p.Y, y); err != nil {
		return nil, fmt.Errorf("y axis: %w", err)
	}
	if p.Inset != nil {
		// Smaller type, but not below the 5 pt that journals read.
		small := *t
		small.TickSize = max(0.85*t.TickSize, min(5, t.TickSize))
		small.LabelSize = max(0.85*t.LabelSize, min(5, t.LabelSize))
		small.MarkerSize *= 0.8
		small.LineWidth *= 0.85
		small.TickLength *= 0.7
		if c.inset, err = newCell(&p.Inset.Panel, &small); err != nil {
			return nil, fmt.Errorf("inset: %w", err)
		}
	}
	return c, nil
}

// ticksOut is the length by which ticks leave the box.
func (c *cell) ticksOut() float64 {
	if c.ticksInside() {
		return 0
	}
	return c.theme.TickLength
}

// ticksInside reports whether ticks point inwards; over an image they would be
// lost.
func (c *cell) ticksInside() bool { return c.theme.TicksInside && c.heat == nil }

// fit gives the cell its box, chooses ticks and measures the margins.
func (c *cell) fit(box rect) {
	if a := c.panel.Aspect; a > 0 {
		w, h := box.w(), a*box.w()
		if h > box.h() {
			w, h = box.h()/a, box.h()
		}
		mx, my := (box.x0+box.x1)/2, (box.y0+box.y1)/2
		box = rect{mx - w/2, my - h/2, mx + w/2, my + h/2}
	}
	c.box = box
	c.x.place(box.x0, box.x1)
	c.y.place(box.y0, box.y1)
	t := c.theme
	c.x.choose(t.tick(), false)
	c.y.choose(t.tick(), true)

	m := sides{left: 1, right: 1, top: 1, bottom: 1}
	out := c.ticksOut()
	if c.y.labels > 0 {
		m.left = out + tickGap + c.y.labels
	}
	room, over := c.titleRoom(c.y.title, box.h())
	m.left += room
	m.top, m.bottom = max(m.top, over), max(m.bottom, over)
	below := 1.0
	if c.x.labels > 0 {
		below += out + tickGap + c.x.labels
	}
	room, over = c.titleRoom(c.x.title, box.w())
	m.bottom = max(m.bottom, below+room)
	m.left, m.right = max(m.left, over), max(m.right, over)
	if c.bar != nil {
		c.bar.place(box.y0, box.y1)
		c.bar.choose(t.tick(), true)
		room, over := c.titleRoom(c.bar.title, box.h())
		m.right = max(m.right, barGap+barWidth+0.7*t.TickLength+tickGap+c.bar.labels+room)
		m.top, m.bottom = max(m.top, over), max(m.bottom, over)
		m.top = max(m.top, capHeight*t.TickSize/2)
	}
	// Labels at the ends of an axis reach beyond it.
	half := capHeight * t.TickSize / 2
	for _, k := range c.y.ticks {
		if k.label != "" {
			at := c.y.at(k.at)
			m.top = max(m.top, at+half-box.y1)
			m.bottom = max(m.bottom, box.y0-at+half)
		}
	}
	for _, k := range c.x.ticks {
		if k.label == "" {
			continue
		}
		at, w := c.x.at(k.at), textWidth(t.tick(), k.label)
		if c.x.slant {
			m.left = max(m.left, box.x0-at+(w+half)*math.Sqrt2/2)
			continue
		}
		m.right = max(m.right, at+w/2-box.x1)
		m.left = max(m.left, box.x0-at+w/2)
	}
	above := 0.0
	if c.panel.Title != "" {
		above += float64(len(wrap(t.label(), c.panel.Title, box.w()+m.right)))*titleSkip*t.LabelSize + aboveGap
	}
	if c.legend != nil && c.place == Above {
		above += c.legend.h + aboveGap
	}
	if c.letter != "" {
		// Parentheses reach below the letter, towards the label of a tick at
		// the upper end of the axis.
		above = max(above, (capHeight+descender)*t.LetterSize+max(aboveGap, half+1))
	}
	m.top = max(m.top, above)
	if c.legend != nil && c.place == RightOf {
		m.right += 6 + c.legend.w
	}
	c.margin = m
	c.outer = rect{box.x0 - m.left, box.y0 - m.bottom, box.x1 + m.right, box.y1 + m.top}
}

// titleRoom returns the room that the title of an axis takes beside it, and by
// how much it reaches beyond either end of the axis.
func (c *cell) titleRoom(title string, length float64) (room, over float64) {
	if title == "" {
		return 0, 0
	}
	lines := wrap(c.theme.label(), title, length)
	rise := 0.76 // of parentheses
	for _, s := range lines {
		for _, r := range parseMarkup(s) {
			rise = max(rise, r.shift+0.76*r.scale)
		}
		over = max(over, (textWidth(c.theme.label(), s)-length)/2)
	}
	return titleGap + (rise+descender+titleSkip*float64(len(lines)-1))*c.theme.LabelSize, over
}

// wrap breaks a title at spaces into lines not longer than length, where it has any.
func wrap(t typeface, s string, length float64) []string {
	if textWidth(t, s) <= length {
		return []string{s}
	}
	var lines []string
	line, depth := "", 0
	for _, word := range strings.Split(s, " ") {
		next := word
		if line != "" {
			next = line + " " + word
		}
		// Markup and the unit in parentheses stay on one line.
		if line != "" && depth == 0 && textWidth(t, next) > length {
			lines = append(lines, line)
			next = word
		}
		line = next
		depth += strings.Count(word, "{") + strings.Count(word, "(") - strings.Count(word, "}") - strings.Count(word, ")")
	}
	return append(lines, line)
}

// page is a figure with everything decided.
type page struct {
	w, h  float64 // in points
	theme *Theme
	cells []*cell
}

// lay decides everything about the figure.
func (f *Figure) lay() (*page, error) {
	if err := f.checkSizes(); err != nil {
		return nil, err
	}
	t := f.theme()
	if err := t.check(); err != nil {
		return nil, err
	}
	pg := &page{theme: t}
	for i := range f.Panels {
		c, err := newCell(&f.Panels[i], t)
		if err != nil {
			return nil, fmt.Errorf("plots: panel %s: %w", strings.Trim(t.letterText(i), "()"), err)
		}
		if len(f.Panels) > 1 {
			c.letter = t.letterText(i)
		}
		pg.cells = append(pg.cells, c)
	}
	w, h := f.size(t)
	pg.w, pg.h = w*pointsPerMM, h*pointsPerMM
	for range 4 {
		if err := pg.grid(f.columns()); err != nil {
			return nil, err
		}
		changed := false
		for _, c := range pg.cells {
			changed = c.arrange() || changed
		}
		if !changed {
			break
		}
		if h == 0 {
			pg.h = 0
		}
	}
	return pg, nil
}

// grid gives every cell a box: all equally wide, aligned in rows and columns.
func (p *page) grid(cols int) error {
	rows := (len(p.cells) + cols - 1) / cols
	for _, c := range p.cells {
		if c.margin == (sides{}) {
			c.margin = sides{30, 10, 10, 25}
		}
	}
	fixed := p.h > 0
	for pass := range 16 {
		left, right := make([]float64, cols), make([]float64, cols)
		top, bottom := make([]float64, rows), make([]float64, rows)
		shape := make([]float64, rows)
		for i, c := range p.cells {
			k, r := i%cols, i/cols
			left[k], right[k] = max(left[k], c.margin.left), max(right[k], c.margin.right)
			top[r], bottom[r] = max(top[r], c.margin.top), max(bottom[r], c.margin.bottom)
			a := c.panel.Aspect
			if a == 0 {
				a = 0.75
			}
			shape[r] = max(shape[r], a)
		}
		w := (p.w - 2*pageEdge - cellGap*float64(cols-1) - sum(left) - sum(right)) / float64(cols)
		room := 2*pageEdge + cellGap*float64(rows-1) + sum(top) + sum(bottom)
		if !fixed {
			p.h = room + w*sum(shape)
		}
		h := p.h - room
		if !(w >= smallest && h/float64(rows) >= smallest) {
			return fmt.Errorf("plots: figure of %.4g mm by %.4g mm leaves no room for %d by %d panels and their labels: want a larger one",
				p.w/pointsPerMM, p.h/pointsPerMM, cols, rows)
		}
		y := p.h - pageEdge
		stable := true
		for r := range rows {
			y -= top[r]
			rh := h / float64(rows)
			if !fixed {
				rh = w * shape[r]
			}
			x := pageEdge
			for k := 0; k < cols && r*cols+k < len(p.cells); k++ {
				x += left[k]
				c := p.cells[r*cols+k]
				before := c.margin
				c.fit(rect{x, y - rh, x + w, y})
				// Ticks depend on margins and margins on ticks. Lest they take
				// turns for ever, margins only grow after the third pass.
				if pass > 2 {
					c.margin = c.margin.atLeast(before)
				}
				stable = stable && before == c.margin
				c.outer.x0 = x - left[k]
				c.outer.y1 = y + top[r]
				x += w + right[k] + cellGap
			}
			y -= rh + bottom[r] + cellGap
		}
		if stable {
			break
		}
	}
	return nil
}

// atLeast returns the larger of each side of s and of m.
func (s sides) atLeast(m sides) sides {
	return sides{max(s.left, m.left), max(s.right, m.right), max(s.top, m.top), max(s.bottom, m.bottom)}
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
