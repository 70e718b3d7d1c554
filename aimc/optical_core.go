package aimc

import (
	"context"
	"math"

	"mho/device"
	"mho/device/photonic"
	"mho/internal/gemm"
	"mho/noise"
)

// cores returns the most inputs of a chip of the device and a function that makes chips. It copies
// the model without the processes that are switched off.
func (t *OpticalTile) cores() (most int, build func(outputs, inputs int, key noise.Key) (core, error), err error) {
	c := &t.config
	most = math.MaxInt32
	switch m := c.Device.(type) {
	case *photonic.MZIMesh:
		own := *m
		own.ProgrammingNoise = own.ProgrammingNoise && c.Noise.Programming
		own.Drift = own.Drift && c.Noise.Drift
		c.Noise.Read = c.Noise.Read && own.ReadNoise
		t.coherent = true
		build = func(outputs, inputs int, key noise.Key) (core, error) {
			return newMeshCore(&own, outputs, inputs, c.Env, key)
		}
	case *photonic.Ring:
		own := *m
		own.ProgrammingNoise = own.ProgrammingNoise && c.Noise.Programming
		own.Drift = own.Drift && c.Noise.Drift
		c.Noise.Read = c.Noise.Read && own.ReadNoise
		if most = own.Channels(c.Env.Wavelength); most < 1 {
			_, err = photonic.NewBank(&own, 1, c.Env)
			return 0, nil, err
		}
		build = func(outputs, inputs int, _ noise.Key) (core, error) { return newRingCore(&own, outputs, inputs, c.Env) }
	case *photonic.OpticalPCM:
		own := *m
		own.ProgrammingNoise = own.ProgrammingNoise && c.Noise.Programming
		own.Drift = own.Drift && c.Noise.Drift
		c.Noise.Read = c.Noise.Read && own.ReadNoise
		t.reference = own.T0
		build = func(outputs, inputs int, key noise.Key) (core, error) {
			return newTensorCore(&own, outputs, inputs, c.Env, key)
		}
	}
	return most, build, nil
}

// A meshCore is W = w U S V† of two meshes with attenuators between them.
type meshCore struct {
	model       *photonic.MZIMesh
	env         device.Env
	left, right *photonic.Mesh
	amplitudes  []float64 // S, at most 1
	gain        float64   // that the light lost on the way asks for
	top         float64   // largest singular value
}

func newMeshCore(m *photonic.MZIMesh, outputs, inputs int, env device.Env, key noise.Key) (*meshCore, error) {
	left, err := photonic.NewMesh(m, outputs, key.Fold(0))
	if err != nil {
		return nil, err
	}
	right, err := photonic.NewMesh(m, inputs, key.Fold(1))
	return &meshCore{model: m, env: env, left: left, right: right, amplitudes: make([]float64, min(outputs, inputs))}, err
}

func (c *meshCore) program(ctx context.Context, w []float64, _ noise.Key) (device.Report, float64, error) {
	m, n := c.left.Modes(), c.right.Modes()
	u, s, vh, err := photonic.RealSVD(w, m, n)
	if err != nil {
		return device.Report{}, 0, err
	}
	a, err := c.left.Program(ctx, u)
	if err != nil {
		return device.Report{}, 0, err
	}
	b, err := c.right.Program(ctx, vh)
	if err != nil {
		return device.Report{}, 0, err
	}
	if c.top = s[0]; c.top == 0 {
		c.top = 1
	}
	for k, x := range s {
		c.amplitudes[k] = c.attenuator(x / c.top)
	}
	// One gain for all outputs makes up for the loss.
	c.gain = 1
	d := make([]float64, len(w))
	c.field(d)
	var wd, dd float64
	for o := range m {
		for i := range n {
			x := d[i*m+o]
			wd += w[o*n+i] / c.top * x
			dd += x * x
		}
	}
	if wd > 0 {
		c.gain = wd / dd
	}
	p, q := float64(c.left.Interferometers()), float64(c.right.Interferometers())
	reached := 1.0
	if p+q > 0 {
		reached = (a.Reached*p + b.Reached*q) / (p + q)
	}
	return device.Report{Converged: reached}, c.full() / c.gain / c.top, nil
}

// attenuator returns the amplitude of an interferometer as an attenuator, sin(θ/2), with θ at a
// step of the phase shifters.
func (c *meshCore) attenuator(a float64) float64 {
	if c.model.PhaseBits == 0 || !c.model.ProgrammingNoise {
		return a
	}
	step := 2 * math.Pi / math.Pow(2, float64(c.model.PhaseBits))
	return math.Sin(math.Round(2*math.Asin(min(a, 1))/step) * step / 2)
}

// full returns the current of a full input that reaches one receiver whole, A.
func (c *meshCore) full() float64 {
	return 2 * c.model.Receiver.Responsivity * math.Sqrt(c.model.LOPower*c.model.LightPower/float64(c.right.Modes()))
}

// field sets dst (inputs x outputs) to the in-phase fields at the outputs, Re(U S V†).
func (c *meshCore) field(dst []float64) {
	m, n, k := c.left.Modes(), c.right.Modes(), len(c.amplitudes)
	u, v := make([]complex128, m*m), make([]complex128, n*n)
	c.left.Matrix(u)
	c.right.Matrix(v)
	// The transpose is Re V†ᵀ S Re Uᵀ - Im V†ᵀ S Im Uᵀ: one real product of twice the depth.
	a, b := make([]float64, n*2*k), make([]float64, 2*k*m)
	for l, s := range c.amplitudes {
		for i := range n {
			a[i*2*k+l], a[i*2*k+k+l] = real(v[l*n+i]), imag(v[l*n+i])
		}
		for o := range m {
			b[l*m+o], b[(k+l)*m+o] = s*real(u[o*m+l]), -s*imag(u[o*m+l])
		}
	}
	gemm.Mul(gemm.Dense(n, m, dst), 1, gemm.Dense(n, 2*k, a), gemm.Dense(2*k, m, b), 0, 0)
}

func (c *meshCore) currents(d, _ []float64) {
	c.field(d)
	f := c.full()
	for i := range d {
		d[i] *= f
	}
}

func (c *meshCore) advance(dt float64, key noise.Key, chip uint64) {
	c.left.Advance(dt, key.Fold(chip).Fold(0))
	c.right.Advance(dt, key.Fold(chip).Fold(1))
}

func (c *meshCore) noise() (white, shot, intensity, self float64) {
	r, perAmpere := c.model.Receiver, c.model.Receiver.ShotPerAmpere(c.env)
	lo := r.Responsivity * c.model.LOPower
	// The output's own light R P = I²/(4 R P_lo) has shot noise too.
	return r.White(2, c.env) + perAmpere*lo, 0, 0, perAmpere / (4 * lo)
}

// A ringCore has a bank of rings for each output.
type ringCore struct {
	model       *photonic.Ring
	env         device.Env
	banks       []*photonic.Bank
	inputs      int
	temperature float64 // since programming, K
	advances    uint64
	writes      uint64
}

func newRingCore(m *photonic.Ring, outputs, inputs int, env device.Env) (*ringCore, error) {
	c := &ringCore{model: m, env: env, inputs: inputs}
	for range outputs {
		b, err := photonic.NewBank(m, inputs, env)
		if err != nil {
			return nil, err
		}
		c.banks = append(c.banks, b)
	}
	return c, nil
}

func (c *ringCore) program(ctx context.Context, w []float64, key noise.Key) (device.Report, float64, error) {
	top := magnitude(w)
	if top == 0 {
		top = 1
	}
	lo, hi := c.model.Weight(math.Pi), c.model.Weight(0)
	std := (hi - lo) * math.Pow(2, -c.model.ControlBits)
	aim, z := make([]float64, c.inputs), make([]float64, c.inputs)
	right := 0
	for o, b := range c.banks {
		if err := ctx.Err(); err != nil {
			return device.Report{}, 0, err
		}
		if c.model.ProgrammingNoise {
			key.Domain(noise.Programming).Normal(z, noise.At{Row: uint32(o), Event: c.writes})
		}
		for i := range aim {
			aim[i] = w[o*c.inputs+i]/top*c.model.WeightLimit + std*z[i]
		}
		if b.Set(aim) < max(std, 1e-9) {
			right++
		}
	}
	c.writes++
	c.temperature = 0
	report := device.Report{Pulses: int64(len(w)), Converged: float64(right) / float64(len(c.banks))}
	return report, c.full() * c.model.WeightLimit / top, nil
}

// full returns the current of a full input that reaches one diode whole, A.
func (c *ringCore) full() float64 { return c.model.Receiver.Responsivity * c.model.ChannelPower }

func (c *ringCore) currents(d, p []float64) {
	drop, through := make([]float64, c.inputs), make([]float64, c.inputs)
	n, f := len(c.banks), c.full()
	for o, b := range c.banks {
		b.Ports(drop, through, c.model.Shift(c.env.Wavelength)*c.temperature)
		for i := range c.inputs {
			d[i*n+o], p[i*n+o] = f*(drop[i]-through[i]), f*(drop[i]+through[i])
		}
	}
}

// advance lets the temperature wander; chips of one tile have the same.
func (c *ringCore) advance(dt float64, key noise.Key, _ uint64) {
	if c.model.Drift && dt > 0 {
		c.temperature += c.model.TempWander * math.Sqrt(dt) * key.Domain(noise.Retention).NormalAt(noise.At{Event: c.advances})
		c.advances++
	}
}

func (c *ringCore) noise() (white, shot, intensity, self float64) {
	r := c.model.Receiver
	return r.White(2, c.env), r.ShotPerAmpere(c.env), r.Intensity(c.env), 0
}

// A tensorCore has two phase-change cells for each weight.
type tensorCore struct {
	model           *photonic.OpticalPCM
	env             device.Env
	outputs, inputs int
	cells           [2]device.Population // plus and minus, inputs x outputs
}

func newTensorCore(m *photonic.OpticalPCM, outputs, inputs int, env device.Env, key noise.Key) (*tensorCore, error) {
	c := &tensorCore{model: m, env: env, outputs: outputs, inputs: inputs}
	for s := range c.cells {
		p, err := m.NewPopulation(inputs, outputs, env, key.Fold(uint64(s)))
		if err != nil {
			return nil, err
		}
		c.cells[s] = p
	}
	return c, nil
}

func (c *tensorCore) program(_ context.Context, w []float64, key noise.Key) (device.Report, float64, error) {
	top := magnitude(w)
	if top == 0 {
		top = 1
	}
	lo, hi := c.cells[0].Range()
	var r device.Report
	target := make([]float64, len(w))
	for s, sign := range []float64{1, -1} {
		for o := range c.outputs {
			for i := range c.inputs {
				target[i*c.outputs+o] = lo + (hi-lo)*max(sign*w[o*c.inputs+i]/top, 0)
			}
		}
		one, err := c.cells[s].(device.Target).ProgramTo(target, c.env, key.Fold(uint64(s)))
		if err != nil {
			return r, 0, err
		}
		r.Energy += one.Energy
		r.Pulses += one.Pulses
		r.Time = max(r.Time, one.Time)
		r.Converged += one.Converged / 2
	}
	return r, c.full() * (hi - lo) / top, nil
}

// full returns the current of a full input through a cell that passes all light: a row is divided
// among all outputs, both columns of each, and an output collects an equal share of each row. A.
func (c *tensorCore) full() float64 {
	return c.model.Receiver.Responsivity * c.model.RowPower / float64(2*c.outputs*c.inputs)
}

func (c *tensorCore) currents(d, p []float64) {
	minus := make([]float64, len(d))
	c.cells[0].Transfer(d, 0, c.env)
	c.cells[1].Transfer(minus, 0, c.env)
	f := c.full()
	for i, t := range d {
		d[i], p[i] = f*(t-minus[i]), f*(t+minus[i])
	}
}

func (c *tensorCore) advance(dt float64, key noise.Key, chip uint64) {
	for s, p := range c.cells {
		p.Advance(dt, c.env, key.Fold(chip).Fold(uint64(s)))
	}
}

func (c *tensorCore) noise() (white, shot, intensity, self float64) {
	r := c.model.Receiver
	return r.White(2, c.env), r.ShotPerAmpere(c.env), r.Intensity(c.env), 0
}
