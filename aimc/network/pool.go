package network

import "fmt"

// How a Pool layer sums up a window.
const (
	Max     = "max"
	Average = "average"
)

// A Pool layer takes the largest value, or the mean, of every window of every channel. Windows lie within
// the image; rows and columns that fill none are left out.
type Pool struct {
	Mode   string // Max or Average; empty is Max
	Kernel [2]int
	Stride [2]int // 0 is the kernel's
}

// Kind returns "pool".
func (Pool) Kind() string { return "pool" }

type pool struct {
	window
	max bool
}

func (l Pool) build(_ *builder, in Shape) (op, error) {
	for d := range l.Stride {
		if l.Stride[d] == 0 {
			l.Stride[d] = l.Kernel[d]
		}
	}
	w, err := newWindow(in, l.Kernel, l.Stride, [2]int{})
	if err != nil {
		return nil, err
	}
	if l.Mode != Max && l.Mode != Average && l.Mode != "" {
		return nil, fmt.Errorf("mode is %q: must be %q or %q", l.Mode, Max, Average)
	}
	return &pool{window: w, max: l.Mode != Average}, nil
}

func (q *pool) out() Shape { return Shape{q.in[0], q.pos[0], q.pos[1]} }

func (q *pool) forward(_ *pass, w *workspace, y, x []float32, n int) error {
	size, outs := q.in.Len(), q.out().Len()
	largest := w.ints(0, n*outs) // place of the largest value
	each(n, func(i int) {
		x, y, largest := x[i*size:][:size], y[i*outs:][:outs], largest[i*outs:][:outs]
		at := 0
		for ch := range q.in[0] {
			for r := range q.pos[0] {
				for c := range q.pos[1] {
					first := (ch*q.in[1]+r*q.stride[0])*q.in[2] + c*q.stride[1]
					best, sum := first, float32(0)
					for u := range q.kernel[0] {
						for v := range q.kernel[1] {
							k := first + u*q.in[2] + v
							sum += x[k]
							if x[k] > x[best] {
								best = k
							}
						}
					}
					if y[at], largest[at] = x[best], int32(best); !q.max {
						y[at] = sum / float32(q.kernel[0]*q.kernel[1])
					}
					at++
				}
			}
		}
	})
	return nil
}

func (q *pool) backward(_ *pass, w *workspace, dx, dy, _, _ []float32, n int) {
	if dx == nil {
		return
	}
	size, outs := q.in.Len(), q.out().Len()
	largest := w.ints(0, n*outs)
	share := 1 / float32(q.kernel[0]*q.kernel[1])
	each(n, func(i int) {
		dx, dy, largest := dx[i*size:][:size], dy[i*outs:][:outs], largest[i*outs:][:outs]
		clear(dx)
		if q.max {
			for at, d := range dy {
				dx[largest[at]] += d
			}
			return
		}
		at := 0
		for ch := range q.in[0] {
			for r := range q.pos[0] {
				for c := range q.pos[1] {
					first := (ch*q.in[1]+r*q.stride[0])*q.in[2] + c*q.stride[1]
					for u := range q.kernel[0] {
						for v := range q.kernel[1] {
							dx[first+u*q.in[2]+v] += share * dy[at]
						}
					}
					at++
				}
			}
		}
	})
}

// A Mean layer takes the mean over the steps of a sequence, or over the positions of each channel of
// an image.
type Mean struct{}

// Kind returns "mean".
func (Mean) Kind() string { return "mean" }

type mean struct {
	in Shape
}

func (Mean) build(_ *builder, in Shape) (op, error) {
	if len(in) < 2 {
		return nil, fmt.Errorf("its input is %v: must be [steps, features] or [channels, rows, columns]", in)
	}
	return &mean{in}, nil
}

func (m *mean) out() Shape {
	if len(m.in) == 3 {
		return m.in[:1]
	}
	return m.in[1:]
}

// place returns where element k of an input goes.
func (m *mean) place(k int) int {
	if len(m.in) == 3 {
		return k / (m.in[1] * m.in[2])
	}
	return k % m.in[1]
}

func (m *mean) forward(_ *pass, _ *workspace, y, x []float32, n int) error {
	size, outs := m.in.Len(), m.out().Len()
	share := float32(outs) / float32(size)
	clear(y)
	for i := range n {
		for k, v := range x[i*size:][:size] {
			y[i*outs+m.place(k)] += share * v
		}
	}
	return nil
}

func (m *mean) backward(_ *pass, _ *workspace, dx, dy, _, _ []float32, n int) {
	size, outs := m.in.Len(), m.out().Len()
	share := float32(outs) / float32(size)
	for i := 0; dx != nil && i < n; i++ {
		for k := range size {
			dx[i*size+k] = share * dy[i*outs+m.place(k)]
		}
	}
}
