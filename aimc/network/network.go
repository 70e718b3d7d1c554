package network

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"mho/noise"
)

// A Layer is a layer's description: one of this package's layer types.
type Layer interface {
	// Kind is the word for it in NET.toml.
	Kind() string
	// build makes the layer for inputs of a shape. The error says what the layer allows.
	build(b *builder, in Shape) (op, error)
}

// An op is a layer made for inputs of one shape. It keeps no state, so that
// several goroutines may use it, each with a pass of its own.
type op interface {
	out() Shape
	// forward sets y to the outputs of n inputs x.
	forward(p *pass, w *workspace, y, x []float32, n int) error
}

// A trainable op knows its gradients.
type trainable interface {
	op
	// backward sets dx, unless it is nil, to the gradient of the loss with respect to x, given that with respect to y,
	// and adds those of its arrays to p.grads. The workspace, x and y are those of the forward
	// pass before.
	backward(p *pass, w *workspace, dx, dy, y, x []float32, n int)
}

// A Named is a layer with its name.
type Named struct {
	Name string // of its weights and in errors; empty is its kind and number
	Layer
}

// An Array is an array of a network: weights, biases, statistics.
type Array struct {
	Name  string // as in PyTorch's state_dict, "conv1.weight"
	Shape Shape
	Data  []float32

	index   int
	fixed   bool // it is no target of training: statistics
	initial func(dst []float32, k noise.Key)
}

// A Matrix is a weight matrix of outputs x inputs that multiplies vectors: what a tile holds.
type Matrix struct {
	Name            string
	Outputs, Inputs int
	Weights         *Array // row-major

	index int
}

// A Network is a chain of layers with their weights.
type Network struct {
	input    Shape
	layers   []Named
	ops      []op
	arrays   []*Array
	matrices []*Matrix
}

// builder gathers what layers need while a network is made.
type builder struct {
	net    *Network
	prefix string
}

// array adds an array. The layer number and shape serve its initial values.
func (b *builder) array(name string, initial func([]float32, noise.Key), shape ...int) *Array {
	a := &Array{Name: b.prefix + "." + name, Shape: shape, Data: make([]float32, Shape(shape).Len()), index: len(b.net.arrays), initial: initial}
	if initial != nil {
		initial(a.Data, noise.Key{})
	}
	b.net.arrays = append(b.net.arrays, a)
	return a
}

// matrix adds a matrix of outputs x inputs, whose array has a shape of that many elements.
func (b *builder) matrix(name string, outputs, inputs int, shape ...int) *Matrix {
	if shape == nil {
		shape = []int{outputs, inputs}
	}
	m := &Matrix{Name: b.prefix + "." + name, Outputs: outputs, Inputs: inputs, index: len(b.net.matrices)}
	m.Weights = b.array(name, uniform(math.Sqrt(6/float64(inputs))), shape...)
	b.net.matrices = append(b.net.matrices, m)
	return m
}

// uniform fills with numbers between -limit and limit. With sqrt(6/inputs) that keeps the variance of
// signals through rectifiers (K. He et al., doi:10.1109/ICCV.2015.123).
func uniform(limit float64) func([]float32, noise.Key) {
	return func(dst []float32, k noise.Key) {
		k.Uniform32(dst, noise.At{})
		for i, u := range dst {
			dst[i] = float32(limit) * (2*u - 1)
		}
	}
}

// ones fills with 1.
func ones(dst []float32, _ noise.Key) {
	for i := range dst {
		dst[i] = 1
	}
}

// maxElements bounds the elements of one input, of a layer's output and of an array.
const maxElements = 1 << 28

// New makes the network of layers for inputs of the given shape. Initialise, Train or SetArrays gives its weights.
// The error names the layer that does not take the shape before it, and both shapes.
func New(input Shape, layers []Named) (*Network, error) {
	n := &Network{input: slices.Clone(input)}
	if len(input) < 1 || len(input) > 3 {
		return nil, fmt.Errorf("input of %d dimensions: must be [features], [steps, features] or [channels, rows, columns]", len(input))
	}
	if err := within("input", input); err != nil {
		return nil, err
	}
	if len(layers) == 0 {
		return nil, fmt.Errorf("a network without layers: must have at least one")
	}
	names := map[string]bool{"input": true}
	in := n.input
	for i, l := range layers {
		if l.Layer == nil {
			return nil, fmt.Errorf("layer %d has no kind", i+1)
		}
		if l.Name == "" {
			l.Name = fmt.Sprintf("%s%d", l.Kind(), i+1)
		}
		if names[l.Name] {
			return nil, fmt.Errorf("layer %d: the name %q is taken: must differ from those before and from \"input\"", i+1, l.Name)
		}
		names[l.Name] = true
		n.layers = append(n.layers, l)
		o, err := l.build(&builder{net: n, prefix: l.Name}, in)
		if err != nil {
			return nil, fmt.Errorf("layer %q (%s): %w", l.Name, l.Kind(), err)
		}
		if err := within(fmt.Sprintf("layer %q (%s): output", l.Name, l.Kind()), o.out()); err != nil {
			return nil, err
		}
		n.ops = append(n.ops, o)
		in = o.out()
	}
	if len(n.matrices) == 0 {
		return nil, fmt.Errorf("no layer has a weight matrix: must have a dense, conv, attention or lstm layer")
	}
	return n, nil
}

// within refuses shapes that no machine holds.
func within(what string, s Shape) error {
	total := 1
	for _, d := range s {
		if d < 1 || d > maxElements/total {
			return fmt.Errorf("%s of %v: every length must be at least 1 and their product at most %d", what, s, maxElements)
		}
		total *= d
	}
	return nil
}

// Input returns the shape of an input.
func (n *Network) Input() Shape { return slices.Clone(n.input) }

// Output returns the shape of an output.
func (n *Network) Output() Shape { return slices.Clone(n.ops[len(n.ops)-1].out()) }

// Layers returns the layers.
func (n *Network) Layers() []Named { return slices.Clone(n.layers) }

// Shape returns the shape of the output of layer i.
func (n *Network) Shape(i int) Shape { return slices.Clone(n.ops[i].out()) }

// Matrices returns the weight matrices, in the order of the layers. Their weights are the
// network's own.
func (n *Network) Matrices() []*Matrix { return slices.Clone(n.matrices) }

// Arrays returns all arrays, in the order of the layers. They are the network's own.
func (n *Network) Arrays() []*Array { return slices.Clone(n.arrays) }

// Parameters returns the number of weights and other learned numbers.
func (n *Network) Parameters() int {
	total := 0
	for _, a := range n.arrays {
		if !a.fixed {
			total += len(a.Data)
		}
	}
	return total
}

// Initialise sets all arrays to the values that training starts from.
func (n *Network) Initialise(key noise.Key) {
	for _, a := range n.arrays {
		clear(a.Data)
		if a.initial != nil {
			a.initial(a.Data, key.Domain(noise.Data).Fold(uint64(a.index)))
		}
	}
}

// SetArrays sets the arrays from those of a file, by name. Names that end in
// ".num_batches_tracked", which PyTorch keeps, are passed over. The error names an array that is missing, is of no
// layer, has another shape or holds a number that is not finite.
func (n *Network) SetArrays(get map[string]Array) error {
	known := map[string]bool{}
	for _, a := range n.arrays {
		known[a.Name] = true
		from, ok := get[a.Name]
		if !ok {
			return fmt.Errorf("array %q is missing: must be %v; there are %s", a.Name, a.Shape, listed(get))
		}
		if !slices.Equal(from.Shape, a.Shape) {
			return fmt.Errorf("array %q is %v: must be %v", a.Name, from.Shape, a.Shape)
		}
		for i, x := range from.Data {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				return fmt.Errorf("array %q, element %d is %g: must be finite", a.Name, i, x)
			}
			if x < 0 && strings.HasSuffix(a.Name, ".running_var") {
				return fmt.Errorf("array %q, element %d is %g: must be >= 0, it is a variance", a.Name, i, x)
			}
		}
	}
	for name := range get {
		if !known[name] && !strings.HasSuffix(name, ".num_batches_tracked") {
			return fmt.Errorf("array %q is of no layer: must be one of %s", name, listed(known))
		}
	}
	for _, a := range n.arrays {
		copy(a.Data, get[a.Name].Data)
	}
	return nil
}

// listed prints the keys of a map in order, the first dozen.
func listed[V any](m map[string]V) string {
	var names []string
	for k := range m {
		names = append(names, k)
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	if len(names) > 12 {
		names = append(names[:12], "...")
	}
	return strings.Join(names, ", ")
}

// Outputs sets dst (n x outputs) to the outputs of the n inputs x, with all products in float32.
// It panics if a length does not fit.
func (n *Network) Outputs(ctx context.Context, dst, x []float32) error {
	return n.run(ctx, n.newPass(digital{}), dst, x)
}

// group is the number of inputs that are worked on together.
const group = 64

// run sets dst to the outputs of x, group by group.
func (n *Network) run(ctx context.Context, p *pass, dst, x []float32) error {
	in, out := n.input.Len(), n.Output().Len()
	count := len(x) / in
	if len(x) != count*in || len(dst) != count*out {
		panic("network: dimension mismatch")
	}
	p.ctx = ctx
	for lo := 0; lo < count; lo += group {
		if err := ctx.Err(); err != nil {
			return err
		}
		hi := min(lo+group, count)
		y, err := n.forward(p, x[lo*in:hi*in], hi-lo)
		if err != nil {
			return err
		}
		for i, v := range y {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return fmt.Errorf("output %d of input %d is %g: weights or inputs exceed the range of float32", i%out, p.first+i/out, v)
			}
		}
		copy(dst[lo*out:], y)
		p.first += hi - lo
	}
	return nil
}

// forward returns the outputs of m inputs; they are p's.
func (n *Network) forward(p *pass, x []float32, m int) ([]float32, error) {
	p.x = x
	for i, o := range n.ops {
		y := p.spaces[i].floats(outputSlot, m*o.out().Len())
		if err := o.forward(p, &p.spaces[i], y, x, m); err != nil {
			return nil, fmt.Errorf("layer %q (%s): %w", n.layers[i].Name, n.layers[i].Kind(), err)
		}
		p.outputs[i] = y
		x = y
	}
	return x, nil
}

// A pass is what one goroutine needs to take inputs through the network.
type pass struct {
	ctx     context.Context
	product product
	first   int // number of the first input
	x       []float32
	outputs [][]float32 // of the layers
	spaces  []workspace // of the layers
	grads   [][]float32 // of the arrays, in training
}

func (n *Network) newPass(pr product) *pass {
	return &pass{product: pr, outputs: make([][]float32, len(n.ops)), spaces: make([]workspace, len(n.ops))}
}

// product multiplies by the matrices of a network.
type product interface {
	// multiply sets y to the products of k vectors x with matrix m. First numbers the first vector.
	multiply(ctx context.Context, m *Matrix, y, x []float32, k, first int) error
	// weights returns the weights of a matrix as multiply used them, for its gradient.
	weights(m *Matrix) []float32
}

// workspace keeps the buffers of a layer.
type workspace struct {
	f [][]float32
	i [][]int32
}

// outputSlot is the buffer of a layer's output; layers number their own from firstSlot.
const (
	outputSlot = iota
	gradientSlot
	firstSlot
)

// floats returns buffer slot with n elements, whose values are those of its last use.
func (w *workspace) floats(slot, n int) []float32 { return buffer(&w.f, slot, n) }

// ints is floats for whole numbers.
func (w *workspace) ints(slot, n int) []int32 { return buffer(&w.i, slot, n) }

func buffer[T any](all *[][]T, slot, n int) []T {
	for len(*all) <= slot {
		*all = append(*all, nil)
	}
	if cap((*all)[slot]) < n {
		(*all)[slot] = make([]T, n)
	}
	(*all)[slot] = (*all)[slot][:n]
	return (*all)[slot]
}
