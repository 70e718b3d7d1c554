package network

import (
	"fmt"
	"math"
)

// An Attention layer is multi-head self-attention (A. Vaswani et al., arXiv:1706.03762) over the steps of a
// sequence,
//
//	[Q K V] = W_in x + b_in,  y = W_out concat_h(softmax(Q_h K_h^T/sqrt(d)) V_h) + b_out,
//
// d being features/heads. The static matrices W_in and W_out lie on tiles; the products of Q, K and V, both
// of whose factors change with every input, are digital. Arrays, as in PyTorch: in_proj_weight (3 features x features),
// in_proj_bias, out_proj.weight (features x features), out_proj.bias.
type Attention struct {
	Heads  int
	Causal bool // a step sees itself and those before only
}

// Kind returns "attention".
func (Attention) Kind() string { return "attention" }

type attention struct {
	steps, features, heads int
	causal                 bool
	in, output             *Matrix
	inBias, outputBias     *Array
}

func (l Attention) build(b *builder, in Shape) (op, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("its input is %v: must be [steps, features], put a reshape layer before", in)
	}
	if l.Heads < 1 || in[1]%l.Heads != 0 {
		return nil, fmt.Errorf("heads is %d: must divide the %d features of its input", l.Heads, in[1])
	}
	if err := within("weights", Shape{3, in[1], in[1]}); err != nil {
		return nil, err
	}
	if err := within("weights of attention", Shape{l.Heads, in[0], in[0]}); err != nil {
		return nil, err
	}
	f := in[1]
	a := &attention{steps: in[0], features: f, heads: l.Heads, causal: l.Causal}
	a.in, a.inBias = b.matrix("in_proj_weight", 3*f, f), b.array("in_proj_bias", nil, 3*f)
	a.output, a.outputBias = b.matrix("out_proj.weight", f, f), b.array("out_proj.bias", nil, f)
	limit := uniform(math.Sqrt(3 / float64(f)))
	a.in.Weights.initial, a.output.Weights.initial = limit, limit
	return a, nil
}

func (a *attention) out() Shape { return Shape{a.steps, a.features} }

// Buffers of an attention layer.
const (
	attentionQKV = firstSlot + iota
	attentionWeights
	attentionHeads
	attentionHeadGradients
	attentionQKVGradients
)

// at returns the place of Q, K or V (part 0, 1, 2) of a head at a step of input i within the buffer of all.
func (a *attention) at(i, step, part, head int) int {
	return (i*a.steps+step)*3*a.features + part*a.features + head*(a.features/a.heads)
}

func (a *attention) forward(p *pass, w *workspace, y, x []float32, n int) error {
	s, f, d := a.steps, a.features, a.features/a.heads
	qkv := w.floats(attentionQKV, n*s*3*f)
	weights := w.floats(attentionWeights, n*a.heads*s*s)
	heads := w.floats(attentionHeads, n*s*f)
	if err := p.product.multiply(p.ctx, a.in, qkv, x, n*s, p.first*s); err != nil {
		return err
	}
	addRows(qkv, a.inBias.Data)
	scale := 1 / float32(math.Sqrt(float64(d)))
	each(n, func(i int) {
		for h := range a.heads {
			for t := range s {
				q := qkv[a.at(i, t, 0, h):][:d]
				row := weights[((i*a.heads+h)*s+t)*s:][:s]
				seen := s
				if a.causal {
					seen = t + 1
				}
				clear(row[seen:])
				for r := range seen {
					row[r] = scale * dot(q, qkv[a.at(i, r, 1, h):][:d])
				}
				softmax(row[:seen])
				to := heads[(i*s+t)*f+h*d:][:d]
				clear(to)
				for r, weight := range row[:seen] {
					axpy(to, weight, qkv[a.at(i, r, 2, h):][:d])
				}
			}
		}
	})
	if err := p.product.multiply(p.ctx, a.output, y, heads, n*s, p.first*s); err != nil {
		return err
	}
	addRows(y, a.outputBias.Data)
	return nil
}

func (a *attention) backward(p *pass, w *workspace, dx, dy, _, x []float32, n int) {
	s, f, d := a.steps, a.features, a.features/a.heads
	qkv, weights, heads := w.floats(attentionQKV, n*s*3*f), w.floats(attentionWeights, n*a.heads*s*s), w.floats(attentionHeads, n*s*f)
	dHeads, dQKV := w.floats(attentionHeadGradients, n*s*f), w.floats(attentionQKVGradients, n*s*3*f)
	sumRows(p.grads[a.outputBias.index], dy)
	p.multiplyBack(a.output, dHeads, dy, heads, n*s)
	clear(dQKV)
	scale := 1 / float32(math.Sqrt(float64(d)))
	each(n, func(i int) {
		dRow := make([]float32, s)
		for h := range a.heads {
			for t := range s {
				row, dTo := weights[((i*a.heads+h)*s+t)*s:][:s], dHeads[(i*s+t)*f+h*d:][:d]
				var along float32
				for r, weight := range row {
					axpy(dQKV[a.at(i, r, 2, h):][:d], weight, dTo)
					dRow[r] = dot(dTo, qkv[a.at(i, r, 2, h):][:d])
					along += weight * dRow[r]
				}
				for r, weight := range row {
					g := scale * weight * (dRow[r] - along)
					axpy(dQKV[a.at(i, t, 0, h):][:d], g, qkv[a.at(i, r, 1, h):][:d])
					axpy(dQKV[a.at(i, r, 1, h):][:d], g, qkv[a.at(i, t, 0, h):][:d])
				}
			}
		}
	})
	sumRows(p.grads[a.inBias.index], dQKV)
	p.multiplyBack(a.in, dx, dQKV, x, n*s)
}

func dot(x, y []float32) (s float32) {
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// axpy adds a x to y.
func axpy(y []float32, a float32, x []float32) {
	for i, v := range x {
		y[i] += a * v
	}
}

// softmax replaces x by e^x over its sum.
func softmax(x []float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float64
	for i, v := range x {
		e := math.Exp(float64(v - top))
		x[i] = float32(e)
		sum += e
	}
	for i := range x {
		x[i] = float32(float64(x[i]) / sum)
	}
}
