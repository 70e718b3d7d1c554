package merge

import (
	"slices"
	"sync"
)

// leafSize is the largest number of rows and of columns of a leaf.
const leafSize = 8

// lanes is the number of leaves that are eliminated together.
const lanes = 8

// A shape is what the elimination of a leaf depends on.
type shape struct {
	rows, cols        int
	atLeft, atRight   bool // the box is at that edge of the array
	atTop, atBottom   bool
	double            bool
	wordNode, bitNode bool
}

// linkKind says what a conductance of a leaf is.
type linkKind int

const (
	deviceLink linkKind = iota
	wordWire
	bitWire
)

// A load says which conductance of the leaf is added to a slot at first; row and
// col are relative to the leaf and numbered as in wordLink and bitLink.
type load struct {
	kind     linkKind
	row, col int
	slot     int32
}

// A result says where a slot goes in the end.
type result struct {
	slot     int32
	inD      bool // to d instead of f
	row, col int
}

// A plan is the elimination of the inner nodes of leaves of one shape. A slot holds a
// conductance between two nodes of each of the leaves.
type plan struct {
	slots   int
	loads   []load
	program []int32
	results []result
}

var plans sync.Map // of *plan by shape

func planOf(s shape) *plan {
	if p, ok := plans.Load(s); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(s, newPlan(s))
	return p.(*plan)
}

func (c *circuit) shape(r rect) shape {
	return shape{
		rows: r.rows(), cols: r.cols(),
		atLeft: r.c0 == 0, atRight: r.c1 == c.Cols, atTop: r.r0 == 0, atBottom: r.r1 == c.Rows,
		double: c.Double, wordNode: c.wordNode, bitNode: c.bitNode,
	}
}

// sample returns a circuit and a rect in it with the shape s.
func (s shape) sample() (*circuit, rect) {
	c := &circuit{wordNode: s.wordNode, bitNode: s.bitNode}
	c.Double = s.double
	r := rect{1, 1 + s.rows, 1, 1 + s.cols}
	c.Rows, c.Cols = r.r1+1, r.c1+1
	if s.atTop {
		r.r0, r.r1, c.Rows = r.r0-1, r.r1-1, c.Rows-1
	}
	if s.atLeft {
		r.c0, r.c1, c.Cols = r.c0-1, r.c1-1, c.Cols-1
	}
	if s.atBottom {
		c.Rows--
	}
	if s.atRight {
		c.Cols--
	}
	return c, r
}

// graph is the network of a leaf while its plan is made.
type graph struct {
	plan
	ports int       // nodes below are ports
	slot  [][]int32 // of two nodes, 0 if there is none
	// class and at of a port
	class []class
	at    []int
}

// A slot 0 takes what is not asked for: conductances between terminals of a kind.
const noSlot = 0

func newPlan(s shape) *plan {
	c, r := s.sample()
	sides, count := c.ports(r)
	q := &graph{}
	q.slots = 1
	base := [3]int{}
	for k := range count {
		base[k] = q.ports
		q.ports += count[k]
		for at := range count[k] {
			q.class, q.at = append(q.class, class(k)), append(q.at, at)
		}
	}
	nodes := q.ports
	port := func(e side, k int) int { return base[sides[e].class] + sides[e].at + k }
	w, u := make([]int, s.rows*s.cols), make([]int, s.rows*s.cols)
	for i := range s.rows {
		for j := range s.cols {
			k := i*s.cols + j
			switch {
			case s.wordNode:
				w[k] = port(left, i)
			case j == s.cols-1 && sides[right].own && sides[right].class == free:
				w[k] = port(right, i)
			default:
				w[k] = nodes
				nodes++
			}
			switch {
			case s.bitNode:
				u[k] = port(bottom, j)
			case i == 0 && sides[top].own && sides[top].class == free:
				u[k] = port(top, j)
			default:
				u[k] = nodes
				nodes++
			}
		}
	}
	q.slot = make([][]int32, nodes)
	for i := range q.slot {
		q.slot[i] = make([]int32, nodes)
	}
	add := func(a, b int, kind linkKind, row, col int) {
		q.loads = append(q.loads, load{kind, row, col, q.between(a, b)})
	}
	for i := range s.rows {
		for j := range s.cols {
			k := i*s.cols + j
			add(w[k], u[k], deviceLink, i, j)
			if !s.wordNode {
				from := port(left, i)
				if j > 0 {
					from = w[k-1]
				}
				add(from, w[k], wordWire, i, j)
				if j == s.cols-1 && s.atRight && s.double {
					add(w[k], port(right, i), wordWire, i, j+1)
				}
			}
			if !s.bitNode {
				to := port(bottom, j)
				if i < s.rows-1 {
					to = u[k+s.cols]
				}
				add(u[k], to, bitWire, i+1, j)
				if i == 0 && s.atTop && s.double {
					add(port(top, j), u[k], bitWire, 0, j)
				}
			}
		}
	}
	q.eliminate()
	q.list(count)
	return &q.plan
}

// between returns the slot of the conductance between two nodes.
func (q *graph) between(a, b int) int32 {
	if q.slot[a][b] == noSlot {
		if a < q.ports && b < q.ports && q.class[a] != free && q.class[a] == q.class[b] {
			return noSlot
		}
		q.slot[a][b] = int32(q.slots)
		q.slot[b][a] = int32(q.slots)
		q.slots++
	}
	return q.slot[a][b]
}

// eliminate writes the program. The node with the fewest neighbours goes first.
func (q *graph) eliminate() {
	nodes := len(q.slot)
	next := make([][]int, nodes) // neighbours in ascending order
	left := make([]int, 0, nodes)
	for a := range nodes {
		for b := range nodes {
			if q.slot[a][b] != noSlot {
				next[a] = append(next[a], b)
			}
		}
		if a >= q.ports {
			left = append(left, a)
		}
	}
	for len(left) > 0 {
		best := 0
		for i, a := range left {
			if len(next[a]) < len(next[left[best]]) {
				best = i
			}
		}
		k := left[best]
		left = slices.Delete(left, best, best+1)
		q.program = append(q.program, int32(len(next[k])))
		for _, a := range next[k] {
			q.program = append(q.program, lanes*q.slot[k][a])
		}
		for i, a := range next[k] {
			for _, b := range next[k][i+1:] {
				q.program = append(q.program, lanes*q.between(a, b))
			}
		}
		for _, a := range next[k] {
			at, _ := slices.BinarySearch(next[a], k)
			next[a] = slices.Delete(next[a], at, at+1)
			for _, b := range next[k] {
				if at, found := slices.BinarySearch(next[a], b); !found && a != b && q.slot[a][b] != noSlot {
					next[a] = slices.Insert(next[a], at, b)
				}
			}
		}
	}
	q.program = append(q.program, 0)
}

// list lists where the conductances between ports go.
func (q *graph) list(count [3]int) {
	column := func(a int) int {
		switch q.class[a] {
		case word:
			return q.at[a]
		case free:
			return count[word] + q.at[a]
		}
		return count[word] + count[free] + q.at[a]
	}
	for a := range q.ports {
		for b := range q.ports {
			s := q.slot[a][b]
			switch {
			case s == noSlot:
			case q.class[a] == free:
				q.results = append(q.results, result{s, false, q.at[a], column(b)})
			case q.class[a] == word && q.class[b] == bit:
				q.results = append(q.results, result{s, true, q.at[a], q.at[b]})
			}
		}
	}
}
