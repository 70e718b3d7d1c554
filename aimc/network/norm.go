package network

import (
	"fmt"
	"math"
)

// epsilon is what PyTorch adds to a variance.
const epsilon = 1e-5

// A BatchNorm layer normalises every channel of an image, or every feature, by fixed statistics,
//
//	y = γ (x - μ)/sqrt(σ² + ε) + β.
//
// Arrays: weight (γ), bias (β), running_mean (μ) and running_var (σ²). FoldBatchNorm takes it into the matrix before it.
// It cannot be trained here.
type BatchNorm struct {
	Epsilon float64 // 0 is 1e-5
}

// Kind returns "batchnorm".
func (BatchNorm) Kind() string { return "batchnorm" }

type batchNorm struct {
	shape                       Shape
	epsilon                     float64
	gamma, beta, mean, variance *Array
}

func (l BatchNorm) build(b *builder, in Shape) (op, error) {
	if !(l.Epsilon >= 0 && l.Epsilon < 1) {
		return nil, fmt.Errorf("epsilon is %g: must be >= 0 and < 1", l.Epsilon)
	}
	if l.Epsilon == 0 {
		l.Epsilon = epsilon
	}
	channels := in.last()
	if len(in) == 3 {
		channels = in[0]
	}
	n := &batchNorm{shape: in, epsilon: l.Epsilon}
	n.gamma, n.beta = b.array("weight", ones, channels), b.array("bias", nil, channels)
	n.mean, n.variance = b.array("running_mean", nil, channels), b.array("running_var", ones, channels)
	n.mean.fixed, n.variance.fixed = true, true
	return n, nil
}

func (b *batchNorm) out() Shape { return b.shape }

// affine returns scale and shift of channel c: y = scale x + shift.
func (b *batchNorm) affine(c int) (scale, shift float32) {
	s := float64(b.gamma.Data[c]) / math.Sqrt(float64(b.variance.Data[c])+b.epsilon)
	return float32(s), float32(float64(b.beta.Data[c]) - s*float64(b.mean.Data[c]))
}

func (b *batchNorm) forward(_ *pass, _ *workspace, y, x []float32, n int) error {
	run := 1 // elements of a channel that follow each other
	if len(b.shape) == 3 {
		run = b.shape[1] * b.shape[2]
	}
	for c := range b.gamma.Data {
		scale, shift := b.affine(c)
		for at := c * run; at < len(x); at += run * len(b.gamma.Data) {
			for k, v := range x[at : at+run] {
				y[at+k] = scale*v + shift
			}
		}
	}
	return nil
}

// FoldBatchNorm takes every BatchNorm that follows a Dense or Conv layer into its weights,
//
//	W' = γ/sqrt(σ² + ε) W,  b' = γ/sqrt(σ² + ε) (b - μ) + β,
//
// and leaves a normalisation that does nothing, or, after a layer without a bias, one that adds b'. A layer whose
// output an Add takes as well stays as it is. The arrays afterwards are those of the folded network.
func (n *Network) FoldBatchNorm() {
	for i := 1; i < len(n.ops); i++ {
		norm, ok := n.ops[i].(*batchNorm)
		if !ok || n.added(i-1) {
			continue
		}
		var w *Matrix
		var b *Array
		switch o := n.ops[i-1].(type) {
		case *dense:
			w, b = o.w, o.b
		case *conv:
			w, b = o.w, o.b
		default:
			continue
		}
		for c := range norm.gamma.Data {
			scale, shift := norm.affine(c)
			row := w.Weights.Data[c*w.Inputs:][:w.Inputs]
			for k := range row {
				row[k] *= scale
			}
			if b != nil {
				b.Data[c], shift = scale*b.Data[c]+shift, 0
			}
			norm.gamma.Data[c], norm.beta.Data[c] = 1, shift
			norm.mean.Data[c], norm.variance.Data[c] = 0, float32(1-norm.epsilon)
		}
		if b != nil {
			n.ops[i] = &reshape{norm.shape}
		}
	}
}

// added reports whether an Add takes the output of layer i.
func (n *Network) added(i int) bool {
	for _, o := range n.ops {
		if a, ok := o.(*add); ok && a.from == i {
			return true
		}
	}
	return false
}

// A LayerNorm layer normalises the features of every vector by their own mean and variance,
//
//	y = γ (x - mean)/sqrt(variance + 1e-5) + β
//
// (J. L. Ba et al., arXiv:1607.06450), digitally. Arrays: weight (γ) and bias (β).
type LayerNorm struct{}

// Kind returns "layernorm".
func (LayerNorm) Kind() string { return "layernorm" }

type layerNorm struct {
	shape       Shape
	gamma, beta *Array
}

func (LayerNorm) build(b *builder, in Shape) (op, error) {
	if len(in) == 3 {
		return nil, fmt.Errorf("its input is an image of %v: must be [features] or [steps, features]", in)
	}
	return &layerNorm{in, b.array("weight", ones, in.last()), b.array("bias", nil, in.last())}, nil
}

func (l *layerNorm) out() Shape { return l.shape }

// moments returns the mean of x and one over its standard deviation.
func moments(x []float32) (mean, inverse float64) {
	var square float64
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	for _, v := range x {
		square += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, 1 / math.Sqrt(square/float64(len(x))+epsilon)
}

func (l *layerNorm) forward(_ *pass, _ *workspace, y, x []float32, _ int) error {
	size := len(l.gamma.Data)
	for at := 0; at < len(x); at += size {
		mean, inverse := moments(x[at : at+size])
		for k, v := range x[at : at+size] {
			y[at+k] = l.gamma.Data[k]*float32((float64(v)-mean)*inverse) + l.beta.Data[k]
		}
	}
	return nil
}

func (l *layerNorm) backward(p *pass, _ *workspace, dx, dy, _, x []float32, _ int) {
	size := len(l.gamma.Data)
	dGamma, dBeta := p.grads[l.gamma.index], p.grads[l.beta.index]
	for at := 0; at < len(x); at += size {
		mean, inverse := moments(x[at : at+size])
		var sum, along float64
		for k, v := range x[at : at+size] {
			z := (float64(v) - mean) * inverse
			d := dy[at+k]
			dGamma[k] += d * float32(z)
			dBeta[k] += d
			g := float64(d * l.gamma.Data[k])
			sum += g
			along += g * z
		}
		sum, along = sum/float64(size), along/float64(size)
		for k := range dx[min(at, len(dx)):min(at+size, len(dx))] {
			z := (float64(x[at+k]) - mean) * inverse
			dx[at+k] = float32(inverse * (float64(dy[at+k]*l.gamma.Data[k]) - sum - along*z))
		}
	}
}

// A Position layer adds a learned vector to every step of a sequence, so that attention can tell steps
// apart. Array: weight (steps x features).
type Position struct{}

// Kind returns "position".
func (Position) Kind() string { return "position" }

type position struct {
	shape Shape
	w     *Array
}

func (Position) build(b *builder, in Shape) (op, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("its input is %v: must be [steps, features]", in)
	}
	return &position{in, b.array("weight", uniform(0.1), in...)}, nil
}

func (l *position) out() Shape { return l.shape }

func (l *position) forward(_ *pass, _ *workspace, y, x []float32, _ int) error {
	copy(y, x)
	addRows(y, l.w.Data)
	return nil
}

func (l *position) backward(p *pass, _ *workspace, dx, dy, _, _ []float32, _ int) {
	sumRows(p.grads[l.w.index], dy)
	copy(dx, dy)
}
