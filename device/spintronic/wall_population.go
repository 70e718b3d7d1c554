package spintronic

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// WallPopulation holds the cells of one array of domain walls. What a pulse does is
// found once for each current and width by 256 walls of the law with thermal fields; each
// cell then moves as one of them, drawn at random. Reading it is safe for concurrent use;
// programming and advancing it is not.
type WallPopulation struct {
	model      DomainWall
	rows, cols int
	event      uint64
	q          []float64 // positions, m
	moves      *moves
}

// moves remembers what pulses do.
type moves struct {
	mu sync.Mutex
	by map[move][]float64
}

type move struct {
	model                       DomainWall
	current, width, temperature float64
}

var (
	_ device.Population = (*WallPopulation)(nil)
	_ device.Target     = (*WallPopulation)(nil)
	_ device.Pulsed     = (*WallPopulation)(nil)
)

// samples is the number of walls that tell what a pulse does.
const samples = 256

// NewPopulation returns rows x cols cells with all walls at 0. The cells do not differ.
func (m *DomainWall) NewPopulation(rows, cols int, env device.Env, key noise.Key) (device.Population, error) {
	return m.New(rows, cols)
}

// New is NewPopulation with the concrete type.
func (m *DomainWall) New(rows, cols int) (*WallPopulation, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows {
		return nil, fmt.Errorf("domain-wall: array of %d x %d cells: rows and columns must be at least 1, cells at most %d", rows, cols, math.MaxInt32)
	}
	shared := m.moves
	if shared == nil {
		shared = &moves{by: map[move][]float64{}}
	}
	return &WallPopulation{model: *m, rows: rows, cols: cols, q: make([]float64, rows*cols), moves: shared}, nil
}

// Displace returns where n walls stand, relative to their start in equilibrium at the middle notch of the
// strip, after a rectangular pulse of current in the strip and a rest of ten times the relaxation time of the wall, in m, at
// a temperature in K. Walls are numbered by the rows of key. The strip is taken as endless.
func (m *DomainWall) Displace(ctx context.Context, current, width, temperature float64, n int, key noise.Key) ([]float64, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if !(width > 0) || math.IsInf(width, 1) || current-current != 0 || !(temperature >= 0) || math.IsInf(temperature, 1) {
		return nil, fmt.Errorf("pulse of %g A for %g s at %g K: must be finite, width > 0 s", current, width, temperature)
	}
	key = key.Domain(noise.Thermal)
	on, off := m.forces(current, 0), m.forces(0, 0)
	rest := 10 * (1 + m.Alpha*m.Alpha) / (m.Alpha * math.Abs(off.along))
	if !(rest < 20e-9) {
		rest = 20e-9
	}
	out := make([]float64, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				k := int(next.Add(1)) - 1
				if k >= n {
					return
				}
				w := wall{noise: m.thermalRate(temperature), key: key, row: uint32(k)}
				w.phi = off.rest()
				w.run(&off, rest)
				start := w.q
				w.run(&on, width)
				w.run(&off, rest)
				out[k] = w.q - start
				if m.Barrier > 0 {
					out[k] = m.Period * math.Round(w.q/m.Period)
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return out, nil
}

// rest returns the angle of a wall at rest, of those along the axes.
func (f *wallForces) rest() float64 {
	best, angle := math.Inf(-1), 0.0
	for _, phi := range []float64{0, math.Pi / 2, math.Pi, -math.Pi / 2} {
		s, c := math.Sincos(phi)
		if e := f.shape*s*s + f.along*c + f.across*s; e > best { // minus the energy
			best, angle = e, phi
		}
	}
	return angle
}

// wall is one wall on its path, by the Heun scheme.
type wall struct {
	q, phi, noise float64
	key           noise.Key
	row           uint32
	steps         uint64
	z             [128]float64 // of 64 steps
}

func (w *wall) run(f *wallForces, time float64) {
	n := math.Ceil(time / f.step())
	h := time / n
	amplitude := w.noise / math.Sqrt(h)
	for range int(n) {
		k := int(2 * w.steps % uint64(len(w.z)))
		if k == 0 && amplitude > 0 {
			w.key.Normal(w.z[:], noise.At{Row: w.row, Event: w.steps})
		}
		za, zb := amplitude*w.z[k], amplitude*w.z[k+1]
		w.steps++
		dq, dphi := f.rates(w.q, w.phi, za, zb)
		eq, ephi := f.rates(w.q+h*dq, w.phi+h*dphi, za, zb)
		w.q += h / 2 * (dq + eq)
		w.phi += h / 2 * (dphi + ephi)
	}
}

// Dims returns the rows and columns.
func (p *WallPopulation) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *WallPopulation) Kind() device.Kind { return device.Conductance }

// Range returns the conductances at low bias with the wall at either end, S.
func (p *WallPopulation) Range() (min, max float64) {
	gp, gap := p.model.Conductances(0)
	return gap, gp
}

// Reference returns 0 s: a wall stands where it came to rest.
func (p *WallPopulation) Reference() float64 { return 0 }

// Transfer sets dst (rows*cols) to the conductances at a bias in V, S. It panics if dst has
// the wrong length.
func (p *WallPopulation) Transfer(dst []float64, bias float64, _ device.Env) {
	p.check(dst)
	gp, gap := p.model.Conductances(bias)
	for c, q := range p.q {
		dst[c] = gap + (gp-gap)*q/p.model.Length
	}
}

func (p *WallPopulation) check(x []float64) {
	if len(x) != len(p.q) {
		panic("spintronic: wrong number of cells")
	}
}

// Positions returns the positions of the walls, m. The slice is the population's own.
func (p *WallPopulation) Positions() []float64 { return p.q }

// Advance lets dt seconds pass: walls hop to either neighbouring notch at HopRate. It panics
// if dt is negative or not finite.
func (p *WallPopulation) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 1) {
		panic("spintronic: time step is negative or not finite")
	}
	mean := min(p.model.HopRate(env.Temperature)*dt, 1e15)
	if !p.model.Drift || mean == 0 {
		return
	}
	key = key.Domain(noise.Retention)
	up, down := make([]float64, p.cols), make([]float64, p.cols)
	for row := range p.rows {
		key.Fold(0).Poisson(up, mean, noise.At{Row: uint32(row), Event: p.event})
		key.Fold(1).Poisson(down, mean, noise.At{Row: uint32(row), Event: p.event})
		for c := range up {
			p.shift(row*p.cols+c, (up[c]-down[c])*p.model.Period)
		}
	}
	p.event++
}

// shift moves a wall, within the strip.
func (p *WallPopulation) shift(cell int, dq float64) {
	p.q[cell] = min(max(p.q[cell]+dq, 0), p.model.Length)
}

// displacements returns what pulses of a current do.
func (p *WallPopulation) displacements(current, width float64, env device.Env) ([]float64, error) {
	id := move{p.model, current, width, env.Temperature}
	id.model.moves = nil
	p.moves.mu.Lock()
	defer p.moves.mu.Unlock()
	if d, ok := p.moves.by[id]; ok {
		return d, nil
	}
	// The walls that tell are the same for all arrays: their key is fixed.
	d, err := p.model.Displace(context.Background(), current, width, env.Temperature, samples, noise.NewKey(1))
	if err != nil {
		return nil, fmt.Errorf("domain-wall: %w", err)
	}
	p.moves.by[id] = d
	return d, nil
}

// pulse applies currents in the strips, A, one for each cell.
func (p *WallPopulation) pulse(current []float64, width float64, env device.Env, key noise.Key) (device.Report, error) {
	r := device.Report{Time: width, Converged: 1}
	distinct := slices.Compact(slices.Sorted(slices.Values(current)))
	if len(distinct) > 64 {
		return r, fmt.Errorf("domain-wall: a pulse has %d different currents: must be at most 64", len(distinct))
	}
	ways := map[float64][]float64{}
	for _, i := range distinct {
		if i == 0 {
			continue
		}
		d, err := p.displacements(i, width, env)
		if err != nil {
			return r, err
		}
		ways[i] = d
	}
	key = key.Domain(noise.Programming)
	u := make([]float64, p.cols)
	for row := range p.rows {
		key.Uniform(u, noise.At{Row: uint32(row), Event: p.event})
		for c, x := range u {
			cell := row*p.cols + c
			if i := current[cell]; i != 0 {
				p.shift(cell, ways[i][int(x*samples)])
				r.Pulses++
			}
		}
	}
	p.event++
	return r, nil
}

// Program applies a rectangular pulse of current in A to the strips. The error tells of a drive or port
// that the device does not have, or of more than 64 different currents. The energy, which
// depends on the strip's contacts, is not known.
func (p *WallPopulation) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	p.check(stress)
	if pulse.Port != "strip" || pulse.Drive != "current" {
		return device.Report{}, fmt.Errorf("domain-wall: pulse of %s at the port %q: must be current at the strip", pulse.Drive, pulse.Port)
	}
	current := make([]float64, len(stress))
	for c, s := range stress {
		current[c] = s * pulse.Amplitude
	}
	return p.pulse(current, pulse.Width, env, key)
}

// ProgramTo brings every wall to the position of its target in S, by pulses after reads, until it is as near as
// half a notch, or half a per cent of the strip without notches.
func (p *WallPopulation) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	p.check(target)
	m := &p.model
	low, high := p.Range()
	near := m.Length / 200
	if m.Barrier > 0 {
		near = m.Period / 2
	}
	want := make([]float64, len(target))
	for c, g := range target {
		if g-g != 0 {
			return device.Report{}, fmt.Errorf("domain-wall: target of cell %d is %g S: must be finite", c, g)
		}
		if high > low {
			want[c] = m.Length * min(max((g-low)/(high-low), 0), 1)
		}
	}
	if !m.ProgrammingNoise {
		for c, q := range want {
			if m.Barrier > 0 {
				q = min(m.Period*math.Round(q/m.Period), m.Length)
			}
			p.q[c] = q
		}
		return device.Report{Converged: 1}, nil
	}
	// The sign of the current that moves a wall forward.
	forward, err := p.displacements(m.PulseCurrent, m.PulseWidth, env)
	if err != nil {
		return device.Report{}, err
	}
	sign, mean := 1.0, 0.0
	for _, d := range forward {
		mean += d / samples
	}
	if mean < 0 {
		sign = -1
	}
	if math.Abs(mean) < 1e-3*near {
		return device.Report{}, fmt.Errorf("domain-wall: pulses of %s for %s move no wall: pulse_current or pulse_width must be larger", quantity.Format(m.PulseCurrent, "A"), quantity.Format(m.PulseWidth, "s"))
	}
	var r device.Report
	current := make([]float64, len(target))
	const rounding = 1 + 1e-9
	for range m.Attempts {
		off := false
		for c, q := range p.q {
			current[c] = 0
			if d := want[c] - q; math.Abs(d) > near*rounding {
				current[c], off = math.Copysign(sign*m.PulseCurrent, sign*d), true
			}
		}
		if !off {
			break
		}
		one, err := p.pulse(current, m.PulseWidth, env, key)
		if err != nil {
			return r, err
		}
		r.Time, r.Pulses = r.Time+one.Time, r.Pulses+one.Pulses
	}
	met := 0
	for c, q := range p.q {
		if math.Abs(want[c]-q) <= near*rounding {
			met++
		}
	}
	r.Converged = float64(met) / float64(len(target))
	return r, nil
}
