package plots

import "image/color"

// ruleLabel is the label of a rule at its place.
type ruleLabel struct {
	text  string
	at    point // on the baseline, at the left end
	color color.NRGBA
}

// arrange puts what stands inside the box where it hides no data: labels of
// rules, inset and legend. It reports whether the margins have to change.
func (c *cell) arrange() bool {
	m := newMask(c.box)
	for _, it := range c.items {
		it.draw(m, &c.frame, it)
	}
	for _, n := range c.panel.Notes {
		m.block(c.noteRect(n).grow(1))
	}
	for _, r := range c.panel.Rules {
		c.drawRule(m, r)
	}
	if c.inset != nil {
		c.placeInset(m)
		m.block(c.inset.outer)
	}
	c.labels = nil
	for _, r := range c.panel.Rules {
		if r.Label != "" {
			l, at := c.placeRuleLabel(m, r)
			c.labels = append(c.labels, l)
			m.block(at)
		}
	}
	return c.setLegend(m)
}

// noteAt returns the anchor of a note on the page.
func (c *cell) noteAt(n Note) point {
	if n.Fraction {
		return point{c.box.x0 + n.X*c.box.w(), c.box.y0 + n.Y*c.box.h()}
	}
	return c.at(n.X, n.Y)
}

// noteRect returns the place of a note.
func (c *cell) noteRect(n Note) rect {
	f := c.theme.tick()
	at, w, h := c.noteAt(n), textWidth(f, n.Text), capHeight*f.size
	x, y := at.x-n.AlignX*w, at.y-n.AlignY*h
	return rect{x, y - descender*f.size, x + w, y + h}
}

// rulePen returns the pen of a rule.
func (c *cell) rulePen(r Rule) pen {
	s := r.Style
	if s == (Style{}) {
		s = Style{Dash: Dashed, Width: 0.8 * c.theme.LineWidth}
	}
	return s.resolve(c.theme, grey).pen()
}

func (c *cell) drawRule(cv canvas, r Rule) {
	a, b := point{c.box.x0, c.y.at(r.At)}, point{c.box.x1, c.y.at(r.At)}
	if r.Vertical {
		x := c.x.at(r.At)
		a, b = point{x, c.box.y0}, point{x, c.box.y1}
	}
	for _, piece := range clipLine([]point{a, b}, c.box) {
		cv.stroke(polyline(piece), c.rulePen(r))
	}
}

// placeRuleLabel finds the place along a rule where its label hides least.
func (c *cell) placeRuleLabel(m *mask, r Rule) (ruleLabel, rect) {
	f := c.theme.tick()
	w, cap, deep := textWidth(f, r.Label), capHeight*f.size, descender*f.size
	const gap, side = 2.5, 4
	var at []point
	if r.Vertical {
		x := c.x.at(r.At)
		for _, y := range []float64{c.box.y1 - side - cap, c.box.y0 + side + deep, (c.box.y0 + c.box.y1) / 2} {
			at = append(at, point{x + gap, y}, point{x - gap - w, y})
		}
	} else {
		y := c.y.at(r.At)
		for _, x := range []float64{c.box.x1 - side - w, c.box.x0 + side, (c.box.x0 + c.box.x1 - w) / 2} {
			at = append(at, point{x, y + gap}, point{x, y - gap - cap})
		}
	}
	best, hidden := at[0], -1
	place := func(p point) rect { return rect{p.x, p.y - deep, p.x + w, p.y + cap} }
	for _, p := range at {
		box := place(p)
		in := box.intersect(c.box)
		n := m.covered(box.grow(-0.5)) + int(4*(box.w()*box.h()-max(in.w(), 0)*max(in.h(), 0)))
		if hidden < 0 || n < hidden {
			best, hidden = p, n
		}
	}
	return ruleLabel{text: r.Label, at: best, color: c.rulePen(r).color}, place(best)
}

// placeInset gives the inset its box.
func (c *cell) placeInset(m *mask) {
	in := c.panel.Inset
	area := func(x0, y0, x1, y1 float64) rect {
		w, h := c.box.w(), c.box.h()
		return rect{c.box.x0 + x0*w, c.box.y0 + y0*h, c.box.x0 + x1*w, c.box.y0 + y1*h}
	}
	out := area(in.X0, in.Y0, in.X1, in.Y1)
	if in.automatic() {
		const size, edge = 0.45, 0.025
		hidden := -1
		for _, at := range []point{
			{1 - edge - size, 1 - edge - size}, {edge, 1 - edge - size},
			{1 - edge - size, edge}, {edge, edge},
		} {
			r := area(at.x, at.y, at.x+size, at.y+size)
			if n := m.covered(r); hidden < 0 || n < hidden {
				out, hidden = r, n
			}
		}
	}
	// The labels of the inset are inside its area; their size depends on the
	// ticks, which depend on the box.
	i := c.inset
	i.margin = sides{12, 4, 4, 12}
	for range 5 {
		before := i.margin
		i.fit(rect{out.x0 + i.margin.left, out.y0 + i.margin.bottom, max(out.x1-i.margin.right, out.x0+i.margin.left+10), max(out.y1-i.margin.top, out.y0+i.margin.bottom+10)})
		if i.margin == before {
			break
		}
	}
	i.outer = out
	i.arrange()
}
