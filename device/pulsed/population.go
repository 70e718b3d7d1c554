package pulsed

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/vmath"
	"mho/noise"
)

// A Population holds the cells of one array under one law. Reading it is safe for
// concurrent use; programming, updating and advancing it is not.
type Population struct {
	cell       Cell
	name       string
	rows, cols int
	wMin, wMax float64 // nominal bounds
	dw         float64 // nominal step

	w    []float64 // state of each cell
	seen []float64 // the state with its write noise; nil where there is none

	// The bounds, and of a linear law the steps, with their sign. Their noise is
	// sigma times the step, or additive where add is not nil.
	walks vmath.Affine
	add   [2][]float32
	sigma float64
	fine  bool // several pulses may be taken at once

	// The other laws give the step relative to scale. Their noise is sigma times
	// (step + stdAdd + stdSlope |w|).
	law              curve
	scale            [2][]float32
	gamma            [2][]float32 // pow-step: exponents
	stdAdd, stdSlope float64

	writeStd  float64   // of write noise, in weight
	rest      float32   // weight that states relax to
	rate      []float32 // 1/s at 300 K; nil is no relaxation
	diffusion []float32 // weight per square root of a second; nil is none
	barrier   float64   // activation energy of rate and step, J
	charge    bool      // the cell is written through a gate: no energy known, steps follow the temperature
	reset     []float32
	resetStd  float64

	age      float64
	advances uint64 // calls of Advance, the events of its draws
}

// A line is the step of a linear law in one direction.
type line struct{ slope, offset float32 }

// A curve is a law whose step is not linear in the weight.
type curve interface {
	// relative sets y to the steps of the cells from first on, relative to their
	// scale and >= 0, in the direction of each sign of alpha.
	relative(y []float64, p *Population, first int, alpha []float64)
}

var (
	_ device.Population  = (*Population)(nil)
	_ device.Target      = (*Population)(nil)
	_ device.Pulsed      = (*Population)(nil)
	_ device.NoisyReader = (*Population)(nil)
)

func (c *Cell) newPopulation(name string, rows, cols int) (*Population, error) {
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("%s: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", name, rows, cols, math.MaxInt32)
	}
	n := rows * cols
	return &Population{cell: *c, name: name, rows: rows, cols: cols, w: make([]float64, n),
		walks: vmath.Affine{Min: make([]float32, n), Max: make([]float32, n)}}, nil
}

// linear allocates what a linear law needs; additive is the kind of its noise.
func (p *Population) linear(additive bool) {
	for d := range p.add {
		p.walks.Slope[d], p.walks.Offset[d] = make([]float32, len(p.w)), make([]float32, len(p.w))
		if additive {
			p.add[d] = make([]float32, len(p.w))
		}
	}
}

// start puts every cell at weight 0 or at its nearest bound.
func (p *Population) start() {
	for k := range p.w {
		p.w[k] = p.clip(k, 0)
	}
	copy(p.seen, p.w)
}

func (p *Population) clip(k int, w float64) float64 {
	// The built-in min and max also order zeros and NaN, which takes longer.
	if top := float64(p.walks.Max[k]); w > top {
		w = top
	}
	if bottom := float64(p.walks.Min[k]); w < bottom {
		w = bottom
	}
	return w
}

// Dims returns the rows and columns.
func (p *Population) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Population) Kind() device.Kind { return device.Conductance }

// Range returns g_min and g_max, in S: the nominal range, of which single cells
// may fall short and beyond which others may go.
func (p *Population) Range() (min, max float64) { return p.cell.GMin, p.cell.GMax }

// Reference returns 0 s: what is written holds from then on.
func (p *Population) Reference() float64 { return 0 }

// Age returns the time since the last ProgramTo, or since the beginning, in s.
func (p *Population) Age() float64 { return p.age }

// Weights sets dst (rows*cols) to the weights as they are read, with their write
// noise, in the units of the law. It panics if dst has the wrong length.
func (p *Population) Weights(dst []float64) {
	p.check(dst)
	copy(dst, p.apparent())
}

// SetWeights puts every cell at a weight (rows*cols), or at its bound that is
// nearest, without pulses and without noise. It panics if w has the wrong length.
func (p *Population) SetWeights(w []float64) {
	p.check(w)
	for k, x := range w {
		p.w[k] = p.clip(k, x)
	}
	copy(p.seen, p.w)
}

func (p *Population) apparent() []float64 {
	if p.seen != nil {
		return p.seen
	}
	return p.w
}

// conductance returns the conductance of a weight.
func (p *Population) conductance(w float64) float64 {
	return max(0, p.cell.GMin+(w-p.wMin)*(p.cell.GMax-p.cell.GMin)/(p.wMax-p.wMin))
}

// Transfer sets dst (rows*cols) to the conductances in S without read noise. The
// cells are ohmic, so bias has no influence, nor has env. It panics if dst has
// the wrong length.
func (p *Population) Transfer(dst []float64, bias float64, env device.Env) {
	p.check(dst)
	for k, w := range p.apparent() {
		dst[k] = p.conductance(w)
	}
}

// ReadNoise sets slow to 0 and fast to ReadStd times the conductance, in S: the
// noise is white. It panics if a slice has the wrong length.
func (p *Population) ReadNoise(slow, fast []float64, window float64, env device.Env) {
	p.check(slow)
	clear(slow)
	p.Transfer(fast, 0, env)
	std := p.cell.readStd()
	for k := range fast {
		fast[k] *= std
	}
}

func (c *Cell) readStd() float64 {
	if !c.ReadNoise {
		return 0
	}
	return c.ReadStd
}

// Advance lets dt seconds pass: states relax and diffuse. Each call draws anew,
// also under the same key. It panics if dt is negative or not finite.
func (p *Population) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("pulsed: time step is negative or not finite")
	}
	p.age += dt
	p.advances++
	if dt == 0 || p.rate == nil && p.diffusion == nil {
		return
	}
	thermal := p.activation(env)
	key = key.Domain(noise.Retention)
	z := make([]float32, p.cols)
	root := math.Sqrt(dt)
	for i := range p.rows {
		if p.diffusion != nil {
			key.Normal32(z, noise.At{Row: uint32(i), Event: p.advances})
		}
		for j := range p.cols {
			k := i*p.cols + j
			w := p.w[k]
			if p.rate != nil {
				w = float64(p.rest) + (w-float64(p.rest))*math.Exp(-dt*thermal*float64(p.rate[k]))
			}
			if p.diffusion != nil {
				w += float64(p.diffusion[k]) * root * float64(z[j])
			}
			if p.seen != nil {
				// The write noise is a property of the written state and stays.
				p.seen[k] += p.clip(k, w) - p.w[k]
			}
			p.w[k] = p.clip(k, w)
		}
	}
}

// roomTemperature is where rates and steps are given, K.
const (
	roomTemperature = 300.0
	boltzmann       = 1.380649e-23 // J/K
)

// activation returns the Arrhenius factor of env against 300 K.
func (p *Population) activation(env device.Env) float64 {
	if p.barrier == 0 {
		return 1
	}
	return math.Exp(p.barrier / boltzmann * (1/roomTemperature - 1/env.Temperature))
}

func (p *Population) check(x []float64) {
	if len(x) != len(p.w) {
		panic("pulsed: wrong number of cells")
	}
}
