package merge

import (
	"math"

	"mho/internal/gemm"
)

const (
	blockNodes = 32  // eliminated by themselves, without matrix products
	blockRows  = 192 // of a part of a symmetric product
)

// A star is nodes to be eliminated with their conductances: row k of m holds those of
// node k to the nodes, of which only the later ones are valid, and to all ports of the
// box that remains, in the order of its columns.
type star struct {
	nodes, ports int
	m            []float64 // nodes x (nodes + ports); after eliminate what product needs
	workers      int
	a            *arena
}

func (s *star) stride() int { return s.nodes + s.ports }

func (s *star) block(r0, r1, c0, c1 int) gemm.Matrix[float64] {
	w := s.stride()
	return gemm.Matrix[float64]{Rows: r1 - r0, Cols: c1 - c0, Stride: w, Data: s.m[r0*w+c0 : (r1-1)*w+c1]}
}

// eliminate replaces the columns of the ports by H, so that Hᵀ H is what the
// elimination adds to the conductances between the ports. It halves the nodes again
// and again: the second half gets what the elimination of the first adds to it.
func (s *star) eliminate(r0, r1 int) {
	if r1-r0 <= blockNodes {
		s.eliminateBlock(r0, r1)
		return
	}
	mid := r0 + (r1-r0+1)/2
	if rest := (mid - r0) % blockNodes; rest != 0 && mid+blockNodes-rest < r1 {
		mid += blockNodes - rest
	}
	s.eliminate(r0, mid)
	w := s.stride()
	gemm.Mul(s.block(mid, r1, mid, w), 1, s.block(r0, mid, mid, r1).T(), s.block(r0, mid, mid, w), 1, s.workers)
	s.eliminate(mid, r1)
}

// eliminateBlock eliminates one node after the other. With f_ik = g_ik/d_k the row of
// node i becomes R_i + Σ_k<i f_ik R_k, all rows q R, and H = D^-1/2 q R.
func (s *star) eliminateBlock(r0, r1 int) {
	n, w := r1-r0, s.stride()
	defer s.a.release(s.a.mark())
	g, q, beyond := s.a.alloc(n*n), s.a.alloc(n*n), s.a.alloc(n)
	for i := range n {
		row := s.m[(r0+i)*w:][:w]
		copy(g[i*n:(i+1)*n], row[r0:r1])
		beyond[i] = sum(row[r1:])
	}
	clear(q)
	for k := range n {
		row := g[k*n:][:n]
		d := beyond[k]
		for _, x := range row[k+1:] {
			d += x
		}
		d = max(d, smallest)
		for i := k + 1; i < n; i++ {
			f := row[i] / d
			g[i*n+k] = f
			beyond[i] += f * beyond[k]
			add(g[i*n+i+1:(i+1)*n], row[i+1:], f)
		}
		own := q[k*n:][:k+1]
		own[k] = 1
		for j, f := range row[:k] {
			add(own[:j+1], q[j*n:], f)
		}
		row[k] = 1 / math.Sqrt(d)
	}
	for k := range n {
		for j := range q[k*n:][:k+1] {
			q[k*n+j] *= g[k*n+k]
		}
	}
	// Nodes of the block no longer occur: columns from r1 on.
	rest := w - r1
	if rest == 0 {
		return
	}
	old := s.a.alloc(n * rest)
	for i := range n {
		copy(old[i*rest:(i+1)*rest], s.m[(r0+i)*w+r1:])
	}
	gemm.Mul(s.block(r0, r1, r1, w), 1, gemm.Dense(n, n, q), gemm.Dense(n, rest, old), 0, s.workers)
}

// product adds Hᵀ H of the columns of the ports to b. The diagonal of free ports,
// a conductance from a node to itself, is arbitrary.
func (s *star) product(b *box) {
	nw, nf, nb := b.count[word], b.count[free], b.count[bit]
	w := nw + nf + nb
	h := func(from, to int) gemm.Matrix[float64] { return s.block(0, s.nodes, s.nodes+from, s.nodes+to) }
	mul := func(dst []float64, stride, r0, r1, c0, c1 int) {
		if r1 > r0 && c1 > c0 && s.nodes > 0 {
			gemm.Mul(gemm.Matrix[float64]{Rows: r1 - r0, Cols: c1 - c0, Stride: stride, Data: dst}, 1, h(r0, r1).T(), h(c0, c1), 1, s.workers)
		}
	}
	mul(b.d, nb, 0, nw, nw+nf, w)
	if nf == 0 {
		return
	}
	if nw > 0 {
		mul(b.f, w, nw, nw+nf, 0, nw)
	}
	for r := 0; r < nf; r += blockRows {
		end := min(r+blockRows, nf)
		if nf-end < blockRows/2 {
			end = nf
		}
		mul(b.f[r*w+nw+r:], w, nw+r, nw+end, nw+r, w)
		if end == nf {
			break
		}
	}
	mirror(b.f[nw:], nf, w)
}

// mirror copies what is above the diagonal of the n x n matrix at m below it.
func mirror(m []float64, n, stride int) {
	const tile = 8
	for i := 0; i < n; i += tile {
		for j := 0; j <= i; j += tile {
			for r := i; r < min(i+tile, n); r++ {
				dst := m[r*stride+j:][:min(tile, r-j+1)]
				at := j*stride + r
				for k := range dst {
					dst[k] = m[at]
					at += stride
				}
			}
		}
	}
}

// add adds f times x to dst.
func add(dst, x []float64, f float64) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] += f * v
	}
}

// sum adds four by four, so that a long row takes no longer than reading it.
func sum(x []float64) float64 {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	for _, v := range x {
		a += v
	}
	return (a + b) + (c + d)
}
