package photonic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/noise"
)

// cells are the rows and columns of a population.
type cells struct{ rows, cols int }

func newCells(model string, rows, cols int) (cells, error) {
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return cells{}, fmt.Errorf("%s: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", model, rows, cols, math.MaxInt32)
	}
	return cells{rows, cols}, nil
}

// Dims returns the rows and columns.
func (c cells) Dims() (rows, cols int) { return c.rows, c.cols }

func (c cells) check(x []float64) {
	if len(x) != c.rows*c.cols {
		panic("photonic: wrong number of cells")
	}
}

// normal sets dst to a normal number of each cell.
func (c cells) normal(dst []float64, event uint64, key noise.Key) {
	for i := range c.rows {
		key.Normal(dst[i*c.cols:][:c.cols], noise.At{Row: uint32(i), Event: event})
	}
}

// within returns an error that names the first target that is not from lo to hi.
func (c cells) within(model string, target []float64, lo, hi float64) error {
	c.check(target)
	const rounding = 1e-12
	for i, x := range target {
		if !(x >= lo-rounding && x <= hi+rounding) {
			return fmt.Errorf("%s: target of row %d, column %d is %g: must be from %.6g to %.6g", model, i/c.cols, i%c.cols, x, lo, hi)
		}
	}
	return nil
}

// A RingPopulation holds rings that are each alone on their bus.
type RingPopulation struct {
	model Ring
	cells
	phase    []float64  // round trip at the channel's wavelength when set, rad
	set      device.Env // surroundings when set
	drift    float64    // of the temperature since, K
	writes   uint64
	advances uint64
}

var (
	_ device.Population = (*RingPopulation)(nil)
	_ device.Target     = (*RingPopulation)(nil)
	_ device.Reader     = (*RingPopulation)(nil)
)

// Kind returns device.PowerTransmission: a weight is a difference of two.
func (p *RingPopulation) Kind() device.Kind { return device.PowerTransmission }

// Range returns the weights far from and at resonance.
func (p *RingPopulation) Range() (min, max float64) {
	return p.model.Weight(math.Pi), p.model.Weight(0)
}

// Reference returns 0 s: weights are defined as soon as they are set.
func (p *RingPopulation) Reference() float64 { return 0 }

// ProgramTo sets every ring to its weight. Energy and time are not known to the model.
func (p *RingPopulation) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	lo, hi := p.Range()
	if err := p.within("ring", target, lo, hi); err != nil {
		return device.Report{}, err
	}
	z := make([]float64, len(target))
	if p.model.ProgrammingNoise {
		p.normal(z, p.writes, key.Domain(noise.Programming))
	}
	p.writes++
	std := (hi - lo) * math.Pow(2, -p.model.ControlBits)
	for i, w := range target {
		p.phase[i] = p.model.Phase(w + std*z[i])
	}
	p.set, p.drift = env, 0
	return device.Report{Pulses: int64(len(target)), Converged: 1}, nil
}

// Transfer sets dst to the present weights. A temperature other than that at setting moves the
// resonances; a wavelength other than that moves the light.
func (p *RingPopulation) Transfer(dst []float64, _ float64, env device.Env) {
	p.check(dst)
	m := &p.model
	moved := m.Shift(p.set.Wavelength)*(env.Temperature-p.set.Temperature+p.drift) - (env.Wavelength - p.set.Wavelength)
	turn := 2 * math.Pi * moved / m.FSR(p.set.Wavelength)
	for i, phase := range p.phase {
		dst[i] = m.Weight(phase - turn)
	}
}

// Advance lets dt seconds pass: the temperature of the chip wanders. It panics if dt is
// negative or not finite.
func (p *RingPopulation) Advance(dt float64, _ device.Env, key noise.Key) {
	checkStep(dt)
	if p.model.Drift && dt > 0 {
		p.drift += p.model.TempWander * math.Sqrt(dt) * key.Domain(noise.Retention).NormalAt(noise.At{Event: p.advances})
		p.advances++
	}
}

// Read sets dst to the weights that a receiver of the model's reads at full input, with its noise.
func (p *RingPopulation) Read(dst []float64, env device.Env, event uint64, key noise.Key) {
	p.Transfer(dst, 0, env)
	if !p.model.ReadNoise {
		return
	}
	z := make([]float64, len(dst))
	p.normal(z, event, key.Domain(noise.Read))
	r := &p.model.Receiver
	full := r.Responsivity * p.model.ChannelPower
	for i, w := range dst {
		drop, through := p.model.Ports(p.model.Phase(w))
		v := r.White(2, env) + r.ShotPerAmpere(env)*full*(drop+through) + r.Intensity(env)*full*full*w*w
		dst[i] = w + math.Sqrt(v)/full*z[i]
	}
}

func checkStep(dt float64) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("photonic: time step is negative or not finite")
	}
}
