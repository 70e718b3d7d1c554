package network

import "fmt"

// A Conv layer is a two-dimensional convolution as networks mean it (a correlation, kernels are not mirrored),
//
//	y[o, r, c] = b[o] + Σ_{i,u,v} W[o, i, u, v] x[i, S_r r + u - P_r, S_c c + v - P_c],
//
// with zeros beyond the edges. On a tile W is a matrix of channels x (inputs · kernel rows · kernel columns), and every
// position (r, c) is an input vector. Arrays: weight (channels x inputs x kernel rows x
// kernel columns) and bias.
type Conv struct {
	Channels int    // of the output
	Kernel   [2]int // rows, columns
	Stride   [2]int // 0 is 1
	Padding  [2]int // rows and columns of zeros on either side
	NoBias   bool
}

// Kind returns "conv".
func (Conv) Kind() string { return "conv" }

// A window slides over the rows and columns of an image.
type window struct {
	in                           Shape
	kernel, stride, padding, pos [2]int // pos: positions
}

// newWindow checks a window for images of a shape.
func newWindow(in Shape, kernel, stride, padding [2]int) (window, error) {
	w := window{in: in, kernel: kernel, stride: stride, padding: padding}
	if len(in) != 3 {
		return w, fmt.Errorf("its input is %v: must be an image [channels, rows, columns]", in)
	}
	for d, name := range []string{"rows", "columns"} {
		if w.stride[d] == 0 {
			w.stride[d] = 1
		}
		size := in[1+d] + 2*padding[d]
		switch {
		case kernel[d] < 1 || w.stride[d] < 1 || padding[d] < 0 || padding[d] >= kernel[d]:
			return w, fmt.Errorf("%s: kernel %d, stride %d, padding %d: kernel and stride must be at least 1, padding from 0 to kernel - 1", name, kernel[d], w.stride[d], padding[d])
		case kernel[d] > size:
			return w, fmt.Errorf("its kernel of %d x %d does not fit its input of %v with padding of %d x %d: %s must be at most %d", kernel[0], kernel[1], in, padding[0], padding[1], name, size)
		}
		w.pos[d] = (size-kernel[d])/w.stride[d] + 1
	}
	return w, nil
}

// span returns the columns v of the kernel that lie within the image at position c: from lo below hi.
func (w *window) span(d, position int) (start, lo, hi int) {
	start = position*w.stride[d] - w.padding[d]
	return start, max(0, -start), min(w.kernel[d], w.in[1+d]-start)
}

// unroll sets rows (positions x channels·kernel) to the windows of an image.
func (w *window) unroll(rows, x []float32) {
	size := w.kernel[0] * w.kernel[1]
	at := 0
	for r := range w.pos[0] {
		top, u0, u1 := w.span(0, r)
		for c := range w.pos[1] {
			left, v0, v1 := w.span(1, c)
			inside := u0 == 0 && v0 == 0 && u1 == w.kernel[0] && v1 == w.kernel[1]
			for i := range w.in[0] {
				dst := rows[at : at+size]
				at += size
				if !inside {
					clear(dst)
				}
				for u := u0; u < u1; u++ {
					from := (i*w.in[1]+top+u)*w.in[2] + left
					copy(dst[u*w.kernel[1]+v0:u*w.kernel[1]+v1], x[from+v0:from+v1])
				}
			}
		}
	}
}

// roll is the adjoint of unroll: it sets dx to the sums over the windows.
func (w *window) roll(dx, rows []float32) {
	clear(dx)
	size := w.kernel[0] * w.kernel[1]
	at := 0
	for r := range w.pos[0] {
		top, u0, u1 := w.span(0, r)
		for c := range w.pos[1] {
			left, v0, v1 := w.span(1, c)
			for i := range w.in[0] {
				src := rows[at : at+size]
				at += size
				for u := u0; u < u1; u++ {
					to := dx[(i*w.in[1]+top+u)*w.in[2]+left+v0:][:v1-v0]
					for v, s := range src[u*w.kernel[1]+v0:][:v1-v0] {
						to[v] += s
					}
				}
			}
		}
	}
}

type conv struct {
	window
	w *Matrix
	b *Array // or nil
}

func (l Conv) build(b *builder, in Shape) (op, error) {
	w, err := newWindow(in, l.Kernel, l.Stride, l.Padding)
	if err != nil {
		return nil, err
	}
	if err := positive("channels", l.Channels); err != nil {
		return nil, err
	}
	if err := within("weight", Shape{l.Channels, in[0], l.Kernel[0], l.Kernel[1]}); err != nil {
		return nil, err
	}
	c := &conv{window: w, w: b.matrix("weight", l.Channels, in[0]*l.Kernel[0]*l.Kernel[1], l.Channels, in[0], l.Kernel[0], l.Kernel[1])}
	if !l.NoBias {
		c.b = b.array("bias", nil, l.Channels)
	}
	return c, nil
}

func (c *conv) out() Shape { return Shape{c.w.Outputs, c.pos[0], c.pos[1]} }

// Buffers of a convolution.
const (
	convRows = firstSlot + iota
	convProducts
	convRowGradients
)

func (c *conv) forward(p *pass, w *workspace, y, x []float32, n int) error {
	positions, inputs, channels, size := c.pos[0]*c.pos[1], c.w.Inputs, c.w.Outputs, c.in.Len()
	rows := w.floats(convRows, n*positions*inputs)
	products := w.floats(convProducts, n*positions*channels)
	each(n, func(i int) { c.unroll(rows[i*positions*inputs:(i+1)*positions*inputs], x[i*size:(i+1)*size]) })
	if err := p.product.multiply(p.ctx, c.w, products, rows, n*positions, p.first*positions); err != nil {
		return err
	}
	each(n, func(i int) {
		from, to := products[i*positions*channels:][:positions*channels], y[i*positions*channels:][:positions*channels]
		for o := range channels {
			var bias float32
			if c.b != nil {
				bias = c.b.Data[o]
			}
			row := to[o*positions:][:positions]
			for k := range row {
				row[k] = from[k*channels+o] + bias
			}
		}
	})
	return nil
}

func (c *conv) backward(p *pass, w *workspace, dx, dy, _, _ []float32, n int) {
	positions, inputs, channels, size := c.pos[0]*c.pos[1], c.w.Inputs, c.w.Outputs, c.in.Len()
	rows, products := w.floats(convRows, n*positions*inputs), w.floats(convProducts, n*positions*channels)
	each(n, func(i int) {
		from, to := dy[i*positions*channels:][:positions*channels], products[i*positions*channels:][:positions*channels]
		for o := range channels {
			for k, d := range from[o*positions:][:positions] {
				to[k*channels+o] = d
			}
		}
	})
	if c.b != nil {
		sumRows(p.grads[c.b.index], products)
	}
	var back []float32
	if dx != nil {
		back = w.floats(convRowGradients, len(rows))
	}
	p.multiplyBack(c.w, back, products, rows, n*positions)
	if dx != nil {
		each(n, func(i int) { c.roll(dx[i*size:(i+1)*size], back[i*positions*inputs:(i+1)*positions*inputs]) })
	}
}
