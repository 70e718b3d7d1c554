package merge

// join sets b to the boxes p and q joined: q is on the right of p if beside, else
// below it.
func (c *circuit) join(b, p, q *box, beside bool, a *arena, workers int) {
	defer a.release(a.mark())
	s := star{ports: b.width(), workers: workers, a: a}
	var room [2][4]pair
	ofP, ofQ := c.pairs(room[0][:0], b, p, beside, true), c.pairs(room[1][:0], b, q, beside, false)
	for _, x := range ofP {
		if x.gone {
			s.nodes = x.from.n
		}
	}
	s.m = a.alloc(s.nodes * s.stride())
	clear(b.d)
	c.scatter(b, &s, p, ofP, true)
	c.scatter(b, &s, q, ofQ, false)
	if s.nodes > 0 {
		s.eliminate(0, s.nodes)
	}
	s.product(b)
}

// scatter adds the conductances of a part to b and to the star. The rows of ports that
// both parts have are set for the first.
func (c *circuit) scatter(b *box, s *star, p *box, pairs []pair, first bool) {
	for _, x := range pairs {
		switch {
		case x.from.class == bit:
			// The rows of f and d have these conductances.
		case s.workers == 1:
			c.scatterRows(b, s, p, pairs, first, x, 0, x.from.n)
		default:
			y := x
			rows(y.from.n, s.workers, func(from, to int) { c.scatterRows(b, s, p, pairs, first, y, from, to) })
		}
	}
}

// scatterRows is scatter for some ports of the group x.
func (c *circuit) scatterRows(b *box, s *star, p *box, pairs []pair, first bool, x pair, from, to int) {
	width, full, stride := p.width(), b.width(), s.stride()
	for k := from; k < to; k++ {
		switch {
		case x.from.class == word:
			dst := b.d[(x.to.at+x.offset+k)*b.count[bit]:]
			src := p.d[(x.from.at+k)*p.count[bit]:]
			for _, y := range pairs {
				if y.from.class == bit {
					accumulate(dst[y.to.at+y.offset:], src[y.from.at:][:y.from.n])
				}
			}
		case x.gone:
			src := p.f[(x.from.at+k)*width:][:width]
			dst := s.m[k*stride:][:stride]
			if first {
				clear(dst)
			}
			for _, y := range pairs {
				at := 0
				if !y.gone {
					at = s.nodes + b.column(y.to) + y.offset
				}
				if first {
					copy(dst[at:], src[y.fromColumn:][:y.from.n])
				} else {
					accumulate(dst[at:], src[y.fromColumn:][:y.from.n])
				}
			}
		default:
			src := p.f[(x.from.at+k)*width:][:width]
			dst := b.f[(x.to.at+x.offset+k)*full:][:full]
			again := x.both && !first
			if !again {
				clear(dst)
			}
			for _, y := range pairs {
				switch at := b.column(y.to) + y.offset; {
				case y.gone:
				case again:
					accumulate(dst[at:], src[y.fromColumn:][:y.from.n])
				default:
					copy(dst[at:], src[y.fromColumn:][:y.from.n])
				}
			}
		}
	}
}

func accumulate(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] += v
	}
}
