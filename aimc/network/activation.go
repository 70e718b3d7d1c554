package network

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// An Activation layer applies a function to every element, digitally:
//
//	relu     max(0, x)
//	tanh     tanh x
//	sigmoid  1/(1 + e^-x)
//	gelu     x Φ(x), Φ the standard normal distribution function
type Activation struct {
	Function string
}

// Kind returns the function's name, which is the kind in NET.toml.
func (a Activation) Kind() string { return a.Function }

// A curve is a function with its derivative at x, where y is its value.
type curve struct {
	name  string
	value func(x float64) float64
	slope func(x, y float64) float64
}

var curves = []curve{
	{"relu", func(x float64) float64 { return max(0, x) }, func(x, _ float64) float64 {
		if x > 0 {
			return 1
		}
		return 0
	}},
	{"tanh", math.Tanh, func(_, y float64) float64 { return 1 - y*y }},
	{"sigmoid", sigmoid, func(_, y float64) float64 { return y * (1 - y) }},
	{"gelu", func(x float64) float64 { return x * normalCDF(x) }, func(x, _ float64) float64 {
		return normalCDF(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
	}},
}

func sigmoid(x float64) float64   { return 1 / (1 + math.Exp(-x)) }
func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// Activations returns the names of the functions.
func Activations() []string {
	var names []string
	for _, c := range curves {
		names = append(names, c.name)
	}
	return names
}

type activation struct {
	shape Shape
	curve
}

func (a Activation) build(_ *builder, in Shape) (op, error) {
	for _, c := range curves {
		if c.name == a.Function {
			return &activation{in, c}, nil
		}
	}
	return nil, fmt.Errorf("function %q: must be one of %s", a.Function, strings.Join(Activations(), ", "))
}

func (a *activation) out() Shape { return a.shape }

func (a *activation) forward(_ *pass, _ *workspace, y, x []float32, n int) error {
	size := a.shape.Len()
	each(n, func(i int) {
		y, x := y[i*size:][:size], x[i*size:][:size]
		if a.name == "relu" {
			for k, v := range x {
				y[k] = max(0, v)
			}
			return
		}
		for k, v := range x {
			y[k] = float32(a.value(float64(v)))
		}
	})
	return nil
}

func (a *activation) backward(_ *pass, _ *workspace, dx, dy, y, x []float32, n int) {
	for k := range dx {
		dx[k] = dy[k] * float32(a.slope(float64(x[k]), float64(y[k])))
	}
}

// A Flatten layer makes a vector of its input, channels first.
type Flatten struct{}

// Kind returns "flatten".
func (Flatten) Kind() string { return "flatten" }

func (Flatten) build(_ *builder, in Shape) (op, error) { return &reshape{Shape{in.Len()}}, nil }

// A Reshape layer gives its input another shape of as many elements: an image becomes a sequence of its
// rows.
type Reshape struct {
	Shape Shape
}

// Kind returns "reshape".
func (Reshape) Kind() string { return "reshape" }

type reshape struct {
	shape Shape
}

func (l Reshape) build(_ *builder, in Shape) (op, error) {
	if len(l.Shape) < 1 || len(l.Shape) > 3 {
		return nil, fmt.Errorf("shape of %d dimensions: must be of 1 to 3", len(l.Shape))
	}
	if err := within("shape", l.Shape); err != nil {
		return nil, err
	}
	if l.Shape.Len() != in.Len() {
		return nil, fmt.Errorf("its input of %v has %d elements and its shape of %v has %d: must be as many", in, in.Len(), l.Shape, l.Shape.Len())
	}
	return &reshape{slices.Clone(l.Shape)}, nil
}

func (r *reshape) out() Shape { return r.shape }

func (r *reshape) forward(_ *pass, _ *workspace, y, x []float32, _ int) error {
	copy(y, x)
	return nil
}

func (r *reshape) backward(_ *pass, _ *workspace, dx, dy, _, _ []float32, _ int) { copy(dx, dy) }

// An Add layer adds the output of an earlier layer, or the network's input, to that of the layer before: a residual
// connection.
type Add struct {
	From string // name of the layer, or "input"
}

// Kind returns "add".
func (Add) Kind() string { return "add" }

type add struct {
	shape Shape
	from  int // layer, -1 is the input
}

func (l Add) build(b *builder, in Shape) (op, error) {
	from, shape := -2, b.net.input
	if l.From == "input" {
		from = -1
	}
	for i, o := range b.net.ops {
		if b.net.layers[i].Name == l.From {
			from, shape = i, o.out()
		}
	}
	if from == -2 {
		return nil, fmt.Errorf("from is %q: must be \"input\" or the name of an earlier layer", l.From)
	}
	if !slices.Equal(shape, in) {
		return nil, fmt.Errorf("its input is %v, that of %q is %v: must be the same", in, l.From, shape)
	}
	return &add{in, from}, nil
}

func (a *add) out() Shape { return a.shape }

func (a *add) forward(p *pass, _ *workspace, y, x []float32, _ int) error {
	early := p.x
	if a.from >= 0 {
		early = p.outputs[a.from]
	}
	for k, v := range x {
		y[k] = v + early[k]
	}
	return nil
}

// backward leaves the layer that is added to Network.gradients.
func (a *add) backward(_ *pass, _ *workspace, dx, dy, _, _ []float32, _ int) { copy(dx, dy) }
