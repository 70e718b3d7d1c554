package merge

// finish sets dst to T from the box of the whole array by eliminating lines that are nodes,
// which one conductance connects to their terminal.
func (b *builder) finish(dst []float64, all *box) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	nw, nf, nb := all.count[word], all.count[free], all.count[bit]
	// What remains are the terminals, words before bits.
	end := &box{rect: all.rect, count: [3]int{word: b.Rows, bit: b.Cols}, d: dst}
	a := b.arena()
	defer b.arenas.Put(a)
	s := star{nodes: nf, ports: end.width(), workers: b.workers, a: a}
	w := s.stride()
	s.m = a.alloc(nf * w)
	clear(s.m)
	for k := range nf {
		row, from := s.m[k*w:][:w], all.f[k*all.width():]
		copy(row, from[nw:nw+nf])
		copy(row[nf:], from[:nw])
		copy(row[w-nb:], from[nw+nf:][:nb])
	}
	ends := 1.0
	if b.Double {
		ends = 2
	}
	if b.wordNode {
		g := all.sides[left]
		for i := range b.Rows {
			s.m[(g.at+i)*w+nf+i] = ends / b.RDriver
		}
	}
	if b.bitNode {
		g := all.sides[bottom]
		for j := range b.Cols {
			s.m[(g.at+j)*w+nf+b.Rows+j] = ends / b.RSense
		}
	}
	clear(dst)
	s.eliminate(0, nf)
	s.product(end)
	return nil
}
