package merge

// leaves sets the boxes of rects, each at most leafSize x leafSize devices and all of
// one shape, as many as lanes at once.
func (c *circuit) leaves(boxes []*box, a *arena) {
	for len(boxes) > 0 {
		n := min(lanes, len(boxes))
		c.leafBatch(boxes[:n], a)
		boxes = boxes[n:]
	}
}

func (c *circuit) leafBatch(boxes []*box, a *arena) {
	defer a.release(a.mark())
	p := planOf(c.shape(boxes[0].rect))
	x := a.alloc(p.slots * lanes)
	clear(x)
	for _, l := range p.loads {
		s := x[lanes*l.slot:][:lanes]
		for k, b := range boxes {
			i, j := b.r0+l.row, b.c0+l.col
			switch l.kind {
			case deviceLink:
				s[k] += c.g[i*c.Cols+j]
			case wordWire:
				s[k] += c.wordLink(i, j)
			case bitWire:
				s[k] += c.bitLink(i, j)
			}
		}
	}
	eliminateNodes(p.program, x)
	for k, b := range boxes {
		clear(b.f)
		clear(b.d)
		width := b.width()
		for _, s := range p.results {
			v := x[lanes*int(s.slot)+k]
			if s.inD {
				b.d[s.row*b.count[bit]+s.col] = v
			} else {
				b.f[s.row*width+s.col] = v
			}
		}
	}
}
