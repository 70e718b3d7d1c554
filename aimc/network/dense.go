package network

import "fmt"

// A Dense layer multiplies by a weight matrix and adds a bias, y = W x + b, for every step of a sequence. Arrays: weight
// (outputs x inputs) and bias.
type Dense struct {
	Outputs int
	NoBias  bool
}

// Kind returns "dense".
func (Dense) Kind() string { return "dense" }

type dense struct {
	shape   Shape
	vectors int // per input
	w       *Matrix
	b       *Array // or nil
}

func (l Dense) build(b *builder, in Shape) (op, error) {
	if len(in) == 3 {
		return nil, fmt.Errorf("its input is an image of %v: must be [features] or [steps, features], put a flatten layer before", in)
	}
	if err := positive("outputs", l.Outputs); err != nil {
		return nil, err
	}
	shape := append(Shape(nil), in...)
	shape[len(shape)-1] = l.Outputs
	if err := within("weight", Shape{l.Outputs, in.last()}); err != nil {
		return nil, err
	}
	d := &dense{shape: shape, vectors: in.vectors(), w: b.matrix("weight", l.Outputs, in.last())}
	if !l.NoBias {
		d.b = b.array("bias", nil, l.Outputs)
	}
	return d, nil
}

// positive refuses a count below 1.
func positive(name string, n int) error {
	if n < 1 || n > maxElements {
		return fmt.Errorf("%s is %d: must be from 1 to %d", name, n, maxElements)
	}
	return nil
}

func (d *dense) out() Shape { return d.shape }

func (d *dense) forward(p *pass, _ *workspace, y, x []float32, n int) error {
	if err := p.product.multiply(p.ctx, d.w, y, x, n*d.vectors, p.first*d.vectors); err != nil {
		return err
	}
	if d.b != nil {
		addRows(y, d.b.Data)
	}
	return nil
}

func (d *dense) backward(p *pass, _ *workspace, dx, dy, _, x []float32, n int) {
	if d.b != nil {
		sumRows(p.grads[d.b.index], dy)
	}
	p.multiplyBack(d.w, dx, dy, x, n*d.vectors)
}
