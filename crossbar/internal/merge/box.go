package merge

// side names an edge of a box.
type side int

const (
	left side = iota
	right
	top
	bottom
)

// class says what the ports of an edge are.
type class int

const (
	free class = iota // nodes of the circuit, eliminated by and by
	word              // terminals of word lines
	bit               // terminals of bit lines
)

// group is the ports of one edge of a box, one per line.
type group struct {
	class class
	at    int  // of the first port among those of its class
	n     int  // number of ports
	own   bool // false if the ports are those of the opposite edge, or there are none
}

// A rect is the devices of rows [r0, r1) and columns [c0, c1).
type rect struct{ r0, r1, c0, c1 int }

func (r rect) rows() int { return r.r1 - r.r0 }
func (r rect) cols() int { return r.c1 - r.c0 }

// ports returns the ports of a rect. Lines that are nodes have one port on the left or at
// the bottom. Both ends of a line in one box that lead to the same terminal have one port.
func (c *circuit) ports(r rect) (g [4]group, count [3]int) {
	place := func(s side, k class, n int) {
		g[s] = group{class: k, at: count[k], n: n, own: true}
		count[k] += n
	}
	share := func(s, with side) {
		g[s] = g[with]
		g[s].own = false
	}
	switch {
	case c.wordNode:
		place(left, free, r.rows())
		share(right, left)
	default:
		if r.c0 == 0 {
			place(left, word, r.rows())
		} else {
			place(left, free, r.rows())
		}
		switch {
		case r.c1 < c.Cols:
			place(right, free, r.rows())
		case c.Double && r.c0 == 0:
			share(right, left)
		case c.Double:
			place(right, word, r.rows())
		}
	}
	switch {
	case c.bitNode:
		place(bottom, free, r.cols())
		share(top, bottom)
	default:
		if r.r1 == c.Rows {
			place(bottom, bit, r.cols())
		} else {
			place(bottom, free, r.cols())
		}
		switch {
		case r.r0 > 0:
			place(top, free, r.cols())
		case c.Double && r.r1 == c.Rows:
			share(top, bottom)
		case c.Double:
			place(top, bit, r.cols())
		}
	}
	return g, count
}

// A box is the network between the ports of a rect, in S. Conductances between two
// terminals of word lines, or two of bit lines, are left out: they carry nothing that
// is asked for.
type box struct {
	rect
	sides [4]group
	count [3]int    // ports of each class
	f     []float64 // from free ports to all: rows are free ports, columns word terminals, free ports, bit terminals
	d     []float64 // from word terminals to bit terminals
}

func (b *box) width() int { return b.count[word] + b.count[free] + b.count[bit] }

// column returns the column in f of the first port of a group.
func (b *box) column(g group) int {
	switch g.class {
	case word:
		return g.at
	case free:
		return b.count[word] + g.at
	}
	return b.count[word] + b.count[free] + g.at
}

func (c *circuit) newBox(r rect, alloc func(n int) []float64) *box {
	b := &box{rect: r}
	b.sides, b.count = c.ports(r)
	b.f = alloc(b.count[free] * b.width())
	b.d = alloc(b.count[word] * b.count[bit])
	return b
}

// pair is a group of ports of a part of a box and where it goes.
type pair struct {
	from       group
	fromColumn int
	to         group // in the box
	offset     int   // of its first port in to
	gone       bool  // eliminated
	both       bool  // the other part has the same ports: lines that are nodes
}

// size returns how many numbers the box of r has.
func (c *circuit) size(r rect) int {
	_, n := c.ports(r)
	return n[free]*(n[word]+n[free]+n[bit]) + n[word]*n[bit]
}

// pairs returns where the ports of part p go when boxes beside each other, or one
// below the other, become b; first says which of the two p is. It appends to list.
func (c *circuit) pairs(list []pair, b, p *box, beside, first bool) []pair {
	for s := left; s <= bottom; s++ {
		g := p.sides[s]
		if !g.own || g.n == 0 {
			continue
		}
		x := pair{from: g, fromColumn: p.column(g), to: b.sides[s]}
		alongJoin := s == top || s == bottom
		joins := s == left && !first || s == right && first
		node := c.wordNode
		if !beside {
			alongJoin = !alongJoin
			joins = s == top && !first || s == bottom && first
			node = c.bitNode
		}
		switch {
		case alongJoin && !first && beside:
			x.offset = p.c0 - b.c0
		case alongJoin && !first:
			x.offset = p.r0 - b.r0
		case !alongJoin:
			x.gone, x.both = joins && !node, node
		}
		list = append(list, x)
	}
	return list
}
