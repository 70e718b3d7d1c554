package merge

// A node of the tree is a rect that is a leaf or has two parts.
type node struct {
	rect
	beside bool // the second part is on the right of the first, else below it
	parts  [2]*node
	box    *box
}

// newTree cuts a rect into halves along its longer edge, at multiples of leafSize, down to
// leaves.
func newTree(r rect) *node {
	n := &node{rect: r}
	if r.rows() <= leafSize && r.cols() <= leafSize {
		return n
	}
	half := func(from, to int) int {
		return from + (to-from+2*leafSize-1)/(2*leafSize)*leafSize
	}
	a, b := r, r
	if n.beside = r.cols() > r.rows(); n.beside {
		a.c1 = half(r.c0, r.c1)
		b.c0 = a.c1
	} else {
		a.r1 = half(r.r0, r.r1)
		b.r0 = a.r1
	}
	n.parts = [2]*node{newTree(a), newTree(b)}
	return n
}

func (n *node) leaf() bool { return n.parts[0] == nil }

// each calls do for the leaves of n.
func (n *node) each(do func(*node)) {
	if n.leaf() {
		do(n)
		return
	}
	for _, p := range n.parts {
		p.each(do)
	}
}
