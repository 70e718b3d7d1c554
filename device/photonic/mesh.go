package photonic

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"

	"mho/noise"
)

// A Mesh is a fabricated chip of one model: N(N-1)/2 interferometers and N output
// phases. NewMesh makes it; Program, Advance and Matrix are not safe for concurrent use.
type Mesh struct {
	model       MZIMesh
	n           int
	top, column []int     // of each interferometer, in the order of the light
	alpha, beta []float64 // splitter errors, rad
	amplitude   float64   // field that an interferometer leaves
	heaters     heaters
	offset      []float64 // fabricated and wandered phases, rad
	phase       []float64 // present phases of all shifters, rad: θ and φ of each interferometer, then the outputs
	advances    uint64
	report      Setting
}

// A Setting tells how a mesh was set.
type Setting struct {
	Reached float64 // share of the interferometers whose splitting was within reach
	Steps   int     // of the calibration in situ, a measurement of the gradient by all phases each
	Power   float64 // of all heaters, W
	Error   float64 // |U - c U'|/sqrt(N) in the Frobenius norm, c the best gain
}

// NewMesh returns a chip for so many modes whose errors are drawn from key: those of
// interferometer k do not depend on how it is used. The error tells of an invalid
// model, a number of modes that is not from 1 to 4096, or heaters so close
// that no setting reaches a phase without the next.
func NewMesh(m *MZIMesh, modes int, key noise.Key) (*Mesh, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("mzi-mesh: %w", err)
	}
	if modes < 1 || modes > 4096 {
		return nil, fmt.Errorf("mzi-mesh: %d modes: must be from 1 to 4096", modes)
	}
	c := &Mesh{model: *m, n: modes, amplitude: math.Pow(10, -m.Loss/20)}
	depth := make([]int, modes)
	place := func(top int) {
		at := max(depth[top], depth[top+1])
		depth[top], depth[top+1] = at+1, at+1
		c.top, c.column = append(c.top, top), append(c.column, at)
	}
	var left []int
	for _, s := range steps(modes, m.Scheme) {
		if s.fromLeft {
			left = append(left, s.row-1)
		} else {
			place(s.col)
		}
	}
	for k := len(left) - 1; k >= 0; k-- {
		place(left[k])
	}
	k := len(c.top)
	c.alpha, c.beta = make([]float64, k), make([]float64, k)
	c.offset, c.phase = make([]float64, 2*k+modes), make([]float64, 2*k+modes)
	var err error
	if m.ProgrammingNoise {
		own := key.Domain(noise.D2D)
		draw := func(dst []float64, std float64, quantity uint64) {
			own.Fold(quantity).Normal(dst, noise.At{})
			for i := range dst {
				dst[i] *= std
			}
		}
		draw(c.alpha, m.SplitterError, 0)
		draw(c.beta, m.SplitterError, 1)
		draw(c.offset[:2*k], m.PhaseError, 2)
		draw(c.offset[2*k:], m.PhaseError, 3)
		c.heaters, err = newHeaters(c)
	} else {
		c.heaters = heaters{set: make([]float64, 2*k+modes)}
	}
	copy(c.phase, c.offset)
	return c, err
}

// Modes returns the number of modes.
func (c *Mesh) Modes() int { return c.n }

// Interferometers returns their number.
func (c *Mesh) Interferometers() int { return len(c.top) }

// Depth returns the number of columns of interferometers: N of the rectangle, 2N-3 of
// the triangle.
func (c *Mesh) Depth() int {
	d := 0
	for _, at := range c.column {
		d = max(d, at+1)
	}
	return d
}

// Program sets the chip to the unitary matrix u (Modes x Modes, row by row) by the
// calibration of the model. The errors of Decompose apply, and that ctx is done.
func (c *Mesh) Program(ctx context.Context, u []complex128) (Setting, error) {
	f, err := Decompose(u, c.n, c.model.Scheme)
	if err != nil {
		return Setting{}, err
	}
	target := make([]float64, len(c.phase))
	c.report = Setting{Reached: c.assign(target, f)}
	if c.model.ProgrammingNoise && c.model.Calibration == InSitu {
		copy(c.phase, target)
		for i, p := range c.offset {
			c.phase[i] += p
		}
		if c.report.Steps, err = c.climb(ctx, u); err != nil {
			return Setting{}, err
		}
		copy(target, c.phase)
	}
	c.set(target)
	c.report.Power = c.heaters.total() / math.Pi * c.model.PowerPi
	c.report.Error = c.misfit(u)
	return c.report, nil
}

// set drives the heaters so that the phases are as near to the target as the chip and its
// calibration allow.
func (c *Mesh) set(target []float64) {
	if !c.model.ProgrammingNoise {
		c.heaters.plain(target)
		copy(c.phase, target)
		clear(c.offset)
		return
	}
	if c.model.Calibration == Blind {
		c.heaters.plain(target)
	} else {
		for i, p := range c.offset {
			target[i] -= p
		}
		c.heaters.solve(target)
	}
	c.heaters.round(c.model.PhaseBits, c.model.PhaseDAC)
	c.heaters.phases(c.phase)
	for i, p := range c.offset {
		c.phase[i] += p
	}
}

// assign sets target to the phases that make the factors on this chip if its errors are known, else
// on an ideal one, and returns the share of interferometers that reach theirs. Phases that
// an interferometer leaves at its outputs go into what comes after it.
func (c *Mesh) assign(target []float64, f *Factors) float64 {
	carry := make([]complex128, c.n)
	for k := range carry {
		carry[k] = 1
	}
	reached := 0
	for k, factor := range f.Factors {
		t := factor.Top
		var alpha, beta float64
		if c.model.Calibration == Local {
			alpha, beta = c.alpha[k], c.beta[k]
		}
		v := factor.mul(Matrix2{carry[t], 0, 0, carry[t+1]})
		theta, phi, out0, out1, ok := fit(v, alpha, beta)
		target[2*k], target[2*k+1] = theta, phi
		carry[t], carry[t+1] = cmplx.Exp(complex(0, out0)), cmplx.Exp(complex(0, out1))
		if ok {
			reached++
		}
	}
	for k, p := range f.Output {
		target[2*len(f.Factors)+k] = p + cmplx.Phase(carry[k])
	}
	if len(f.Factors) == 0 {
		return 1
	}
	return float64(reached) / float64(len(f.Factors))
}

// interferometer returns the present matrix of an interferometer, with its loss.
func (c *Mesh) interferometer(k int) Matrix2 {
	m := Interferometer(c.phase[2*k], c.phase[2*k+1], c.alpha[k], c.beta[k])
	for i := range m {
		m[i] *= complex(c.amplitude, 0)
	}
	return m
}

// Matrix sets dst (Modes x Modes) to the present matrix of the chip.
// It panics if dst has the wrong length.
func (c *Mesh) Matrix(dst []complex128) {
	if len(dst) != c.n*c.n {
		panic("photonic: dimension mismatch")
	}
	clear(dst)
	for k := range c.n {
		dst[k*c.n+k] = 1
	}
	for k, t := range c.top {
		c.interferometer(k).rows(dst, c.n, t)
	}
	for k, p := range c.phase[2*len(c.top):] {
		scale(dst[k*c.n:][:c.n], cmplx.Exp(complex(0, p)))
	}
}

// misfit returns |u - g U'|/sqrt(N) of the chip's matrix U' with the best real gain g.
func (c *Mesh) misfit(u []complex128) float64 {
	v := make([]complex128, len(u))
	c.Matrix(v)
	return Misfit(u, v, c.n)
}

// Misfit returns |u - g v|/sqrt(n) in the Frobenius norm with the real gain g that makes it
// least, for n x n matrices: 0 if v is u but for a gain.
func Misfit(u, v []complex128, n int) float64 {
	var uv, vv float64
	for i, x := range u {
		uv += real(x)*real(v[i]) + imag(x)*imag(v[i])
		vv += real(v[i])*real(v[i]) + imag(v[i])*imag(v[i])
	}
	g, s := 0.0, 0.0
	if vv > 0 {
		g = uv / vv
	}
	for i, x := range u {
		d := x - complex(g, 0)*v[i]
		s += real(d)*real(d) + imag(d)*imag(d)
	}
	return math.Sqrt(s / float64(n))
}

// Fidelity returns |Tr(u† v)|²/(n Tr(v† v)) of n x n matrices, u unitary: 1 if v is u but for
// a complex factor.
func Fidelity(u, v []complex128, n int) float64 {
	t := inner(u, v)
	return (real(t)*real(t) + imag(t)*imag(t)) / (float64(n) * norm(v) * norm(v))
}

// Advance lets dt seconds pass: every phase wanders. It panics if dt is negative or not
// finite.
func (c *Mesh) Advance(dt float64, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("photonic: time step is negative or not finite")
	}
	if !c.model.Drift || c.model.PhaseWander == 0 || dt == 0 {
		return
	}
	z := make([]float64, len(c.phase))
	interferometers := 2 * len(c.top)
	own := key.Domain(noise.Retention)
	own.Fold(0).Normal(z[:interferometers], noise.At{Event: c.advances})
	own.Fold(1).Normal(z[interferometers:], noise.At{Event: c.advances})
	c.advances++
	s := c.model.PhaseWander * math.Sqrt(dt)
	for i := range z {
		c.offset[i] += s * z[i]
		c.phase[i] += s * z[i]
	}
}
