package plots

import "math"

// draw draws the page.
func (p *page) draw(c canvas) {
	c.fill(rect{0, 0, p.w, p.h}.path(), white)
	for _, cell := range p.cells {
		cell.paint(c)
	}
}

// paint draws a panel with its labels.
func (c *cell) paint(cv canvas) {
	for _, it := range c.items {
		it.draw(cv, &c.frame, it)
	}
	for _, r := range c.panel.Rules {
		c.drawRule(cv, r)
	}
	t := c.theme
	for _, l := range c.labels {
		drawText(cv, t.tick(), l.text, l.at, 0, 0, 0, l.color)
	}
	for _, n := range c.panel.Notes {
		drawText(cv, t.tick(), n.Text, c.noteAt(n), n.AlignX, n.AlignY, 0, n.Style.resolve(t, black).color)
	}
	c.drawAxes(cv)
	c.drawTitles(cv)
	if c.bar != nil {
		c.drawBar(cv)
	}
	if c.inset != nil {
		cv.fill(c.inset.outer.path(), white)
		c.inset.paint(cv)
	}
	c.drawLegend(cv)
}

// drawAxes draws spines, ticks and tick labels.
func (c *cell) drawAxes(cv canvas) {
	t, b := c.theme, c.box
	line := pen{width: t.AxisWidth, color: black}
	boxed := t.Box || c.heat != nil
	if boxed {
		cv.stroke(b.path(), line)
	} else {
		cv.stroke(polyline([]point{{b.x0, b.y1}, {b.x0, b.y0}, {b.x1, b.y0}}), line)
	}
	c.drawBaseline(cv, line)
	sign := -1.0
	if c.ticksInside() {
		sign = 1
	}
	var marks path
	add := func(a point, dx, dy float64) {
		marks = append(marks, polyline([]point{a, {a.x + dx, a.y + dy}})...)
	}
	out := c.ticksOut()
	for _, k := range c.x.ticks {
		at := c.x.at(k.at)
		length := sign * t.TickLength
		if k.label == "" {
			length *= 0.55
		}
		if len(c.x.Categories) == 0 {
			add(point{at, b.y0}, 0, length)
			if boxed && sign > 0 {
				add(point{at, b.y1}, 0, -length)
			}
		}
		y := b.y0 - out - tickGap
		if c.x.slant {
			drawText(cv, t.tick(), k.label, point{at + 0.3*t.TickSize, y - 0.2*t.TickSize}, 1, 0.75, math.Pi/4, black)
			continue
		}
		// The raised exponent of a power of ten stands above the digits.
		drop := c.x.labels
		if len(c.x.Categories) > 0 {
			drop = capHeight * t.TickSize
		}
		drawText(cv, t.tick(), k.label, point{at, y - drop}, 0.5, 0, 0, black)
	}
	for _, k := range c.y.ticks {
		at := c.y.at(k.at)
		length := sign * t.TickLength
		if k.label == "" {
			length *= 0.55
		}
		if len(c.y.Categories) == 0 {
			add(point{b.x0, at}, length, 0)
			if boxed && sign > 0 {
				add(point{b.x1, at}, -length, 0)
			}
		}
		drawText(cv, t.tick(), k.label, point{b.x0 - out - tickGap, at}, 1, 0.5, 0, black)
	}
	if len(marks) > 0 {
		cv.stroke(marks, line)
	}
}

// drawBaseline draws zero where bars stand on both sides of it.
func (c *cell) drawBaseline(cv canvas, line pen) {
	for _, it := range c.items {
		b, ok := it.Series.(Bars)
		if !ok {
			continue
		}
		var pts []point
		if r := c.x; b.Horizontal && r.Scale == Linear && r.lo < 0 && r.hi > 0 {
			pts = []point{{r.at(0), c.box.y0}, {r.at(0), c.box.y1}}
		}
		if r := c.y; !b.Horizontal && r.Scale == Linear && r.lo < 0 && r.hi > 0 {
			pts = []point{{c.box.x0, r.at(0)}, {c.box.x1, r.at(0)}}
		}
		if pts != nil {
			cv.stroke(polyline(pts), line)
		}
		return
	}
}

// drawTitles draws the names of the axes, the title and the letter.
func (c *cell) drawTitles(cv canvas) {
	t, b := c.theme, c.box
	f := t.label()
	midX, midY := (b.x0+b.x1)/2, (b.y0+b.y1)/2
	y := b.y0
	if c.x.labels > 0 {
		y -= c.ticksOut() + tickGap + c.x.labels
	} else {
		y--
	}
	y -= titleGap + capHeight*f.size
	for _, line := range wrap(f, c.x.title, b.w()) {
		drawText(cv, f, line, point{midX, y}, 0.5, 0, 0, black)
		y -= titleSkip * f.size
	}
	// The vertical title stands beside the widest tick label.
	x := b.x0 - titleGap - descender*f.size
	if c.y.labels > 0 {
		x -= c.ticksOut() + tickGap + c.y.labels
	} else {
		x--
	}
	lines := wrap(f, c.y.title, b.h())
	for i, line := range lines {
		dx := titleSkip * f.size * float64(len(lines)-1-i)
		drawText(cv, f, line, point{x - dx, midY}, 0.5, 0, math.Pi/2, black)
	}
	if c.panel.Title != "" {
		y := b.y1 + aboveGap
		if c.legend != nil && c.place == Above {
			y += c.legend.h + aboveGap
		}
		lines := wrap(f, c.panel.Title, b.w()+c.margin.right)
		for i, line := range lines {
			drawText(cv, f, line, point{midX, y + titleSkip*f.size*float64(len(lines)-1-i)}, 0.5, 0, 0, black)
		}
	}
	if c.letter != "" {
		drawText(cv, t.letter(), c.letter, point{c.outer.x0, c.outer.y1}, 0, 1, 0, black)
	}
}

// drawBar draws the colour bar.
func (c *cell) drawBar(cv canvas) {
	t, b := c.theme, c.box
	r := rect{b.x1 + barGap, b.y0, b.x1 + barGap + barWidth, b.y1}
	c.heat.drawColorBar(cv, r)
	line := pen{width: t.AxisWidth, color: black}
	var marks path
	length := 0.7 * t.TickLength
	for _, k := range c.bar.ticks {
		at := c.bar.at(k.at)
		if k.label == "" {
			continue
		}
		marks = append(marks, polyline([]point{{r.x1, at}, {r.x1 + length, at}})...)
		drawText(cv, t.tick(), k.label, point{r.x1 + length + tickGap, at}, 0, 0.5, 0, black)
	}
	if len(marks) > 0 {
		cv.stroke(marks, line)
	}
	cv.stroke(r.path(), line)
	f := t.label()
	x := r.x1 + length + tickGap + c.bar.labels + titleGap + capHeight*f.size
	for _, s := range wrap(f, c.bar.title, b.h()) {
		drawText(cv, f, s, point{x, (b.y0 + b.y1) / 2}, 0.5, 0, math.Pi/2, black)
		x += titleSkip * f.size
	}
}

// drawLegend draws the legend where setLegend decided.
func (c *cell) drawLegend(cv canvas) {
	l := c.legend
	if l == nil {
		return
	}
	at := c.legendAt
	switch c.place {
	case Above:
		at = point{max(c.box.x0, (c.box.x0+c.box.x1-l.w)/2), c.box.y1 + aboveGap + l.h}
	case RightOf:
		at = point{c.box.x1 + c.margin.right - l.w, c.box.y1}
	}
	l.draw(cv, at)
}
