package merge

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// builder builds boxes.
type builder struct {
	*circuit
	ctx     context.Context
	workers int

	*workspace
}

// A workspace is what calls of Transfer leave to those after them, until the garbage
// collector takes it.
type workspace struct {
	arenas sync.Pool // of *arena
	spare  store
}

var workspaces sync.Pool // of *workspace

// root builds the box of the whole array, or what becomes T.
func (b *builder) root(dst []float64) error {
	tree := newTree(rect{0, b.Rows, 0, b.Cols})
	all := &box{rect: tree.rect}
	all.sides, all.count = b.ports(tree.rect)
	all.f = b.spare.get(all.count[free] * all.width())
	if all.count[free] == 0 {
		all.d = dst
		return b.build(tree, all)
	}
	// Lines without segment resistance are nodes to the end.
	all.d = make([]float64, all.count[word]*all.count[bit])
	if err := b.build(tree, all); err != nil {
		return err
	}
	return b.finish(dst, all)
}

// build sets the box of n, group after group.
func (b *builder) build(n *node, dst *box) error {
	if n.leaf() || max(n.rows(), n.cols()) <= max(groupSize, max(b.Rows, b.Cols)/2) {
		return b.group(n, dst)
	}
	return b.joined(n, dst, b.build)
}

// joined sets the box of n from its parts, which get set.
func (b *builder) joined(n *node, dst *box, set func(*node, *box) error) error {
	var parts [2]*box
	for k, p := range n.parts {
		parts[k] = b.newBox(p.rect, b.spare.get)
		if err := set(p, parts[k]); err != nil {
			return err
		}
	}
	if err := b.joinTwo(n, dst, parts, b.workers); err != nil {
		return err
	}
	for _, p := range parts {
		b.spare.put(p.f)
		b.spare.put(p.d)
	}
	return nil
}

func (b *builder) joinTwo(n *node, dst *box, parts [2]*box, workers int) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	a := b.arena()
	defer b.arenas.Put(a)
	b.join(dst, parts[0], parts[1], n.beside, a, workers)
	return nil
}

func (b *builder) arena() *arena {
	if a, ok := b.arenas.Get().(*arena); ok {
		return a
	}
	return new(arena)
}

// group sets the box of n by levels: first all small boxes, then those joined of them.
func (b *builder) group(n *node, dst *box) error {
	size := max(taskSize, max(b.Rows, b.Cols)/16)
	small := func(n *node) bool { return max(n.rows(), n.cols()) <= size }
	var levels [][]*node // from n down
	for level := []*node{n}; len(level) > 0; {
		levels = append(levels, level)
		var next []*node
		for _, n := range level {
			if !n.leaf() && !small(n) {
				next = append(next, n.parts[:]...)
			}
		}
		level = next
	}
	n.box = dst
	// The boxes of a level take the place of those two levels further down.
	var sizes [2]int
	for h, nodes := range levels[1:] {
		size := 0
		for _, n := range nodes {
			size += b.size(n.rect)
		}
		sizes[h%2] = max(sizes[h%2], size)
	}
	room := [2][]float64{b.spare.get(sizes[0]), b.spare.get(sizes[1])}
	defer func() {
		b.spare.put(room[0])
		b.spare.put(room[1])
	}()
	for h, nodes := range slices.Backward(levels) {
		rest := room[(h+1)%2]
		for _, n := range nodes {
			if n.box == nil {
				n.box = b.newBox(n.rect, func(n int) (x []float64) {
					x, rest = rest[:n:n], rest[n:]
					return x
				})
			}
		}
		do := func(n *node, workers int) error {
			if n.leaf() || small(n) {
				return b.small(n, n.box)
			}
			return b.joinTwo(n, n.box, [2]*box{n.parts[0].box, n.parts[1].box}, workers)
		}
		alone := h == len(levels)-1 || len(nodes) >= 2*b.workers || len(nodes)%b.workers == 0
		if err := b.each(nodes, alone, do); err != nil {
			return err
		}
	}
	return nil
}

// each calls do for the nodes: each by one worker if alone, else one after the other by all.
func (b *builder) each(nodes []*node, alone bool, do func(n *node, workers int) error) error {
	if !alone || b.workers == 1 {
		for _, n := range nodes {
			if err := do(n, b.workers); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, len(nodes))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(b.workers, len(nodes)) {
		wg.Go(func() {
			for k := next.Add(1) - 1; k < int64(len(nodes)); k = next.Add(1) - 1 {
				errs[k] = do(nodes[k], 1)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// rows calls do for parts of the numbers from 0 to n, each by one worker if they are many.
func rows(n, workers int, do func(from, to int)) {
	if workers == 1 || n < 64 {
		do(0, n)
		return
	}
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() { do(k*n/workers, (k+1)*n/workers) })
	}
	wg.Wait()
}

// small sets the box of n by one worker, patch after patch.
func (b *builder) small(n *node, dst *box) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	a := b.arena()
	defer b.arenas.Put(a)
	b.boxed(n, dst, a)
	return nil
}

func (b *builder) boxed(n *node, dst *box, a *arena) {
	if n.leaf() || max(n.rows(), n.cols()) <= patchSize {
		b.patch(n, dst, a)
		return
	}
	b.halves(n, dst, a, b.boxed)
}

// halves sets the box of n from its parts, which get set.
func (b *builder) halves(n *node, dst *box, a *arena, set func(*node, *box, *arena)) {
	defer a.release(a.mark())
	var parts [2]*box
	for k, p := range n.parts {
		if p.box == nil {
			p.box = b.newBox(p.rect, a.alloc)
			set(p, p.box, a)
		}
		parts[k] = p.box
	}
	b.join(dst, parts[0], parts[1], n.beside, a, 1)
}

// patch sets the box of n: all its leaves at once, then those joined of them.
func (b *builder) patch(n *node, dst *box, a *arena) {
	defer a.release(a.mark())
	n.box = dst
	var shapes []shape
	var boxes [][]*box // of each shape
	n.each(func(l *node) {
		if l.box == nil {
			l.box = b.newBox(l.rect, a.alloc)
		}
		s := b.shape(l.rect)
		k := slices.Index(shapes, s)
		if k < 0 {
			k = len(shapes)
			shapes, boxes = append(shapes, s), append(boxes, nil)
		}
		boxes[k] = append(boxes[k], l.box)
	})
	for _, x := range boxes {
		b.leaves(x, a)
	}
	if !n.leaf() {
		b.halves(n, dst, a, b.inner)
	}
}

func (b *builder) inner(n *node, dst *box, a *arena) { b.halves(n, dst, a, b.inner) }
