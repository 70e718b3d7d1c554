package surrogate

import (
	"context"
	"fmt"
	"math"

	"mho/device"
	"mho/noise"
)

// Cells is a population in which every cell is the element itself, integrated
// pulse by pulse: what a Population of the same Model stands for.
type Cells struct {
	model      Model
	rows, cols int
	bench      *bench
}

var (
	_ device.Population = (*Cells)(nil)
	_ device.Target     = (*Cells)(nil)
	_ device.Pulsed     = (*Cells)(nil)
)

// NewCells returns rows x cols elements with the spreads that set says, to be
// programmed with the pulses of m, their characterisation. Make returns a fresh
// element. Key names devices and noise. A cell does not depend on the size of the
// array.
func NewCells(ctx context.Context, m *Model, make func() (device.Element, error), set Settings, rows, cols int, key noise.Key) (*Cells, error) {
	if rows < 1 || cols < 1 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("array of %d x %d cells: rows and columns must be at least 1, cells at most %d", rows, cols, math.MaxInt32)
	}
	if set.Env == (device.Env{}) {
		set.Env = device.Room()
	}
	b := &bench{ctx: ctx, set: &set, make: make, d2d: true, key: key, cols: cols, vRead: m.table.drive.read, edge: m.table.drive.edge}
	els, err := b.copies(rows * cols)
	if err != nil {
		return nil, err
	}
	if b.e, err = device.NewEnsemble(els, &device.Settings{Env: set.Env}); err != nil {
		return nil, err
	}
	for i := range b.e.Keys {
		b.e.Keys[i] = key.Domain(noise.Thermal).Fold(uint64(i / cols)).Fold(uint64(i % cols))
	}
	return &Cells{*m, rows, cols, b}, nil
}

// Dims returns the rows and columns.
func (c *Cells) Dims() (rows, cols int) { return c.rows, c.cols }

// Kind returns device.Conductance.
func (c *Cells) Kind() device.Kind { return device.Conductance }

// Range returns that of the Model, S.
func (c *Cells) Range() (min, max float64) { return c.model.table.GMin, c.model.table.GMax }

// Reference returns 0.
func (c *Cells) Reference() float64 { return 0 }

// Transfer sets dst (rows*cols) to the conductances i/v of the elements in S at a
// bias in V; 0 is the read drive of the characterisation. A cell that cannot be
// read is NaN. It panics if dst has the wrong length.
func (c *Cells) Transfer(dst []float64, bias float64, env device.Env) {
	if bias == 0 {
		bias = c.bench.vRead
	}
	if err := c.bench.e.Read(dst, bias); err != nil {
		for i := range dst {
			dst[i] = math.NaN()
		}
	}
}

// Advance leaves the elements undriven for dt seconds. A failure of the integrator
// shows as NaN in Transfer.
func (c *Cells) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("surrogate: time step is negative or not finite")
	}
	if dt == 0 {
		return
	}
	if err := c.bench.apply(device.Waveform{T: []float64{0, dt}, U: [][]float64{{0, 0}}}, nil); err != nil {
		for i := range c.bench.len() {
			c.bench.e.State(0)[i] = math.NaN()
		}
	}
}

// Program applies one pulse to every element, scaled by stress; nil is 1 for all.
// In the report the energy is not known.
func (c *Cells) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	width := pulse.Width
	if width == 0 {
		width = c.model.table.drive.width
	}
	r := device.Report{Time: width + c.bench.edge, Converged: 1, Pulses: int64(c.bench.len())}
	if stress != nil {
		r.Pulses = 0
		for _, x := range stress {
			if x != 0 {
				r.Pulses++
			}
		}
	}
	return r, c.bench.apply(pulseWave(pulse.Amplitude, width, c.bench.edge), stress)
}

// ProgramTo brings every cell close to its target by the same rounds of pulses
// and reads as a Population of the Model.
func (c *Cells) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	t := &c.model.table
	if err := checkTargets(c.model.name, target, c.rows*c.cols, c.cols, t.GMin, t.GMax); err != nil {
		return device.Report{}, err
	}
	return converge(c, target, t.loop(&c.model), env, key)
}
