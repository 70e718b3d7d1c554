package network

import (
	"fmt"
	"math"
)

// An LSTM layer is a long short-term memory (S. Hochreiter and J. Schmidhuber,
// doi:10.1162/neco.1997.9.8.1735, with forget gates) over the steps of a sequence,
//
//	[i f g o] = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh
//	c_t = σ(f) c_(t-1) + σ(i) tanh(g),  h_t = σ(o) tanh(c_t),
//
// from h = c = 0. The two matrices lie on tiles, gates and cells are digital. Arrays, as in PyTorch: weight_ih_l0 (4 units x
// features), weight_hh_l0 (4 units x units), bias_ih_l0 and bias_hh_l0, gates in the order i, f, g, o.
type LSTM struct {
	Units    int
	Sequence bool // give h of every step, else that of the last
}

// Kind returns "lstm".
func (LSTM) Kind() string { return "lstm" }

type lstm struct {
	steps, features, units int
	sequence               bool
	wx, wh                 *Matrix
	bx, bh                 *Array
}

func (l LSTM) build(b *builder, in Shape) (op, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("its input is %v: must be [steps, features], put a reshape layer before", in)
	}
	if err := positive("units", l.Units); err != nil {
		return nil, err
	}
	for _, s := range []Shape{{4, l.Units, in[1]}, {4, l.Units, l.Units}} {
		if err := within("weights", s); err != nil {
			return nil, err
		}
	}
	o := &lstm{steps: in[0], features: in[1], units: l.Units, sequence: l.Sequence}
	o.wx = b.matrix("weight_ih_l0", 4*l.Units, in[1])
	o.wh = b.matrix("weight_hh_l0", 4*l.Units, l.Units)
	limit := uniform(1 / math.Sqrt(float64(l.Units)))
	o.wx.Weights.initial, o.wh.Weights.initial = limit, limit
	o.bx, o.bh = b.array("bias_ih_l0", limit, 4*l.Units), b.array("bias_hh_l0", limit, 4*l.Units)
	return o, nil
}

func (l *lstm) out() Shape {
	if l.sequence {
		return Shape{l.steps, l.units}
	}
	return Shape{l.units}
}

// Buffers of an LSTM. Gates, cells and states are kept for every step, step by step.
const (
	lstmInput = firstSlot + iota
	lstmRecurrent
	lstmGates
	lstmCells
	lstmStates
	lstmStep
	lstmGateGradients
	lstmStateGradients
	lstmCellGradients
)

func (l *lstm) forward(p *pass, w *workspace, y, x []float32, n int) error {
	u := l.units
	fromX := w.floats(lstmInput, n*l.steps*4*u)
	fromH := w.floats(lstmRecurrent, n*4*u)
	gates := w.floats(lstmGates, l.steps*n*4*u)
	cells, states := w.floats(lstmCells, (l.steps+1)*n*u), w.floats(lstmStates, (l.steps+1)*n*u)
	if err := p.product.multiply(p.ctx, l.wx, fromX, x, n*l.steps, p.first*l.steps); err != nil {
		return err
	}
	clear(cells[:n*u])
	clear(states[:n*u])
	// A vector of step t has a number of its own whatever the batch.
	span := math.MaxInt / l.steps
	for t := range l.steps {
		h, next, cell := states[t*n*u:][:n*u], states[(t+1)*n*u:][:n*u], cells[t*n*u:]
		if err := p.product.multiply(p.ctx, l.wh, fromH, h, n, t*span+p.first); err != nil {
			return err
		}
		each(n, func(i int) {
			a := gates[(t*n+i)*4*u:][:4*u]
			for k := range a {
				v := float64(fromX[(i*l.steps+t)*4*u+k] + fromH[i*4*u+k] + l.bx.Data[k] + l.bh.Data[k])
				if k/u == 2 {
					a[k] = float32(math.Tanh(v))
				} else {
					a[k] = float32(sigmoid(v))
				}
			}
			for k := range u {
				c := a[u+k]*cell[i*u+k] + a[k]*a[2*u+k]
				cell[(n+i)*u+k] = c
				next[i*u+k] = a[3*u+k] * float32(math.Tanh(float64(c)))
			}
			if l.sequence {
				copy(y[(i*l.steps+t)*u:][:u], next[i*u:])
			}
		})
	}
	if !l.sequence {
		copy(y, states[l.steps*n*u:])
	}
	return nil
}

func (l *lstm) backward(p *pass, w *workspace, dx, dy, _, x []float32, n int) {
	u := l.units
	gates, cells, states := w.floats(lstmGates, l.steps*n*4*u), w.floats(lstmCells, (l.steps+1)*n*u), w.floats(lstmStates, (l.steps+1)*n*u)
	all, step := w.floats(lstmGateGradients, n*l.steps*4*u), w.floats(lstmStep, n*4*u)
	dh, dc := w.floats(lstmStateGradients, n*u), w.floats(lstmCellGradients, n*u)
	clear(dh)
	clear(dc)
	if !l.sequence {
		copy(dh, dy)
	}
	for t := l.steps - 1; t >= 0; t-- {
		for i := range n {
			a, d := gates[(t*n+i)*4*u:][:4*u], step[i*4*u:][:4*u]
			for k := range u {
				if l.sequence {
					dh[i*u+k] += dy[(i*l.steps+t)*u+k]
				}
				before, tc := cells[(t*n+i)*u+k], float32(math.Tanh(float64(cells[((t+1)*n+i)*u+k])))
				in, forget, g, out := a[k], a[u+k], a[2*u+k], a[3*u+k]
				c := dc[i*u+k] + dh[i*u+k]*out*(1-tc*tc)
				d[k] = c * g * in * (1 - in)
				d[u+k] = c * before * forget * (1 - forget)
				d[2*u+k] = c * in * (1 - g*g)
				d[3*u+k] = dh[i*u+k] * tc * out * (1 - out)
				dc[i*u+k] = c * forget
			}
			copy(all[(i*l.steps+t)*4*u:][:4*u], d)
		}
		p.multiplyBack(l.wh, dh, step, states[t*n*u:][:n*u], n)
	}
	sumRows(p.grads[l.bx.index], all)
	sumRows(p.grads[l.bh.index], all)
	p.multiplyBack(l.wx, dx, all, x, n*l.steps)
}
