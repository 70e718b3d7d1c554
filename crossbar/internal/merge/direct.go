package merge

// direct sets dst to T where the nodes of all word lines, or of all bit lines, are
// terminals, and reports whether they are. Then the lines of the other direction do not
// influence each other.
func (c *circuit) direct(dst []float64) bool {
	switch {
	case c.wordNode && c.RDriver == 0:
		if c.bitNode {
			c.dividers(dst, c.RSense, c.Cols, c.Rows, 1, c.Cols)
			return true
		}
		x := newLadder(c.Rows)
		for j := range c.Cols {
			for i := range c.Rows {
				x.g[i], x.link[i+1] = c.g[i*c.Cols+j], c.bitLink(i+1, j)
			}
			x.link[0] = 0
			if c.Double {
				x.link[0] = c.bitLink(0, j)
			}
			x.solve()
			for i := range c.Rows {
				dst[i*c.Cols+j] = x.g[i] * x.v[i]
			}
		}
		return true
	case c.bitNode && c.RSense == 0:
		if c.wordNode {
			c.dividers(dst, c.RDriver, c.Rows, c.Cols, c.Cols, 1)
			return true
		}
		x := newLadder(c.Cols)
		for i := range c.Rows {
			// The driver is at the first node, the last of the ladder.
			for j := range c.Cols {
				k := c.Cols - 1 - j
				x.g[k], x.link[k+1] = c.g[i*c.Cols+j], c.wordLink(i, j)
			}
			x.link[0] = 0
			if c.Double {
				x.link[0] = c.wordLink(i, c.Cols)
			}
			x.solve()
			for j := range c.Cols {
				k := c.Cols - 1 - j
				dst[i*c.Cols+j] = x.g[k] * x.v[k]
			}
		}
		return true
	}
	return false
}

// dividers sets dst for lines that are one node each behind a resistance r at every
// end: the voltage of the node by that of its terminal is (2)/r of all its conductances.
func (c *circuit) dividers(dst []float64, r float64, lines, devices, lineStep, deviceStep int) {
	ends := 1.0
	if c.Double {
		ends = 2
	}
	for l := range lines {
		var total float64
		for k := range devices {
			total += c.g[l*lineStep+k*deviceStep]
		}
		for k := range devices {
			at := l*lineStep + k*deviceStep
			// r may be 0, which the quotient (ends/r) / (ends/r + total) is not made for.
			dst[at] = c.g[at] * (ends / (ends + r*total))
		}
	}
}

// A ladder is a line whose nodes have devices to ground and whose ends are terminals
// at 1 V. By reciprocity the currents through the devices are those into the terminals for 1 V
// at the other side of a device.
type ladder struct {
	g    []float64 // of the devices, S
	link []float64 // link k leads from node k-1 to node k, S; the first and last are those of the terminals
	v    []float64 // voltages of the nodes, V

	// Conductances to ground and to 1 V that node k has without the nodes after it.
	ground, up []float64
}

func newLadder(n int) *ladder {
	m := func(n int) []float64 { return make([]float64, n) }
	return &ladder{g: m(n), link: m(n + 1), v: m(n), ground: m(n), up: m(n)}
}

func (x *ladder) solve() {
	n := len(x.g)
	x.ground[0], x.up[0] = x.g[0], x.link[0]
	for k := 1; k < n; k++ {
		s := x.link[k] / max(x.ground[k-1]+x.up[k-1]+x.link[k], smallest)
		x.ground[k] = x.g[k] + s*x.ground[k-1]
		x.up[k] = s * x.up[k-1]
	}
	next := 1.0
	for k := n - 1; k >= 0; k-- {
		next = (x.up[k] + x.link[k+1]*next) / max(x.ground[k]+x.up[k]+x.link[k+1], smallest)
		x.v[k] = next
	}
}
