package photonic

import (
	"context"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/optimize"
)

// overlap returns Re Tr(u† U)/N of the chip's matrix U and, unless nil, sets slope to its
// derivatives by all phases. On a chip they are measured by sending light both ways
// (T. W. Hughes et al., Optica 5, 864 (2018), doi:10.1364/OPTICA.5.000864); here the matrices on
// both sides of an interferometer, carried along, tell the same.
func (c *Mesh) overlap(u []complex128, slope []float64) float64 {
	n, k := c.n, len(c.top)
	outputs := c.phase[2*k:]
	per := complex(1/float64(n), 0)
	// g = R u† L, L being what light passes after an interferometer and R what
	// before, so that Tr(u† L M R) = Tr(g M). At first M is the first one.
	g := make([]complex128, n*n)
	for i := range n {
		p := cmplx.Exp(complex(0, outputs[i])) * per
		for j := range n {
			g[j*n+i] = cmplx.Conj(u[i*n+j]) * p
		}
	}
	for i := k - 1; i >= 0; i-- {
		c.interferometer(i).columns(g, n, c.top[i])
	}
	trace := func() (s complex128) {
		for i := range n {
			s += g[i*n+i]
		}
		return s
	}
	if slope == nil {
		return real(trace())
	}
	for i, t := range c.top {
		m := c.interferometer(i)
		inverse := m.dagger()
		for e := range inverse {
			inverse[e] /= complex(c.amplitude*c.amplitude, 0)
		}
		inverse.columns(g, n, t)
		h := Matrix2{g[t*n+t], g[t*n+t+1], g[(t+1)*n+t], g[(t+1)*n+t+1]}
		// θ turns M - M(π) halfway, φ the first column.
		flipped := Interferometer(c.phase[2*i]+math.Pi, c.phase[2*i+1], c.alpha[i], c.beta[i])
		var turning complex128
		for e, at := range [4]int{0, 2, 1, 3} {
			turning += h[at] * (m[e] - flipped[e]*complex(c.amplitude, 0)) / 2
		}
		slope[2*i] = -imag(turning)
		slope[2*i+1] = -imag(h[0]*m[0] + h[1]*m[2])
		m.rows(g, n, t)
	}
	for i := range n {
		slope[2*k+i] = -imag(g[i*n+i])
	}
	return real(trace())
}

// climb maximises the overlap with u by the method of Broyden, Fletcher, Goldfarb and Shanno with
// limited memory, from the present phases on, and returns the number of gradients taken.
func (c *Mesh) climb(ctx context.Context, u []complex128) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	start := append([]float64(nil), c.phase...)
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			copy(c.phase, x)
			return 1 - c.overlap(u, nil)
		},
		Grad: func(slope, x []float64) {
			copy(c.phase, x)
			c.overlap(u, slope)
			for i := range slope {
				slope[i] = -slope[i]
			}
		},
		Status: func() (optimize.Status, error) {
			if err := ctx.Err(); err != nil {
				return optimize.Failure, err
			}
			return optimize.NotTerminated, nil
		},
	}
	result, err := optimize.Minimize(problem, start, &optimize.Settings{
		MajorIterations: c.model.StepsMost, GradientThreshold: 1e-10,
		Converger: &optimize.FunctionConverge{Absolute: 1e-15, Relative: 1e-13, Iterations: 20},
	}, &optimize.LBFGS{Store: 20})
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if result == nil {
		return 0, err
	}
	// A line search that finds no lower value has come to the limit of rounding.
	copy(c.phase, result.X)
	return result.GradEvaluations, nil
}
