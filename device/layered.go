package device

import (
	"fmt"
	"math"

	"mho/noise"
)

// overlayKey is the child of a key that overlays draw from, so that the model within draws what
// it draws alone.
const overlayKey = 0x6F7665726C6179 // "overlay"

// NewPopulation returns a population of the model within under the overlay. It can be programmed to
// targets or by pulses if that of the model can. The error is the model's, tells of a
// fault map that cannot be read, or of electrical noise on what is no conductance.
func (l *Layered) NewPopulation(rows, cols int, env Env, key noise.Key) (Population, error) {
	inner, err := l.CellModel.NewPopulation(rows, cols, env, key)
	if err != nil {
		return nil, err
	}
	if inner.Kind() != Conductance {
		for _, slot := range []string{"thermal", "shot", "circuit"} {
			if p := l.overlay.Read[slot]; p != nil {
				return nil, fmt.Errorf("noise.%s: %s is no conductance: must be left out", slot, l.Info().Name)
			}
		}
	}
	n := rows * cols
	p := &layered{Population: inner, o: l.overlay, rows: rows, cols: cols, cells: key.Fold(overlayKey), scale: make([]float64, n), offset: make([]float64, n)}
	for i := range p.scale {
		p.scale[i] = 1
	}
	for _, a := range []struct {
		law    noise.Ageing
		domain func(noise.Key) noise.Key
	}{
		{l.overlay.Drift, func(k noise.Key) noise.Key { return k.Domain(noise.DriftExponent) }},
		{l.overlay.Retention, func(k noise.Key) noise.Key { return k.Domain(noise.Retention) }},
		{l.overlay.Disturb, func(k noise.Key) noise.Key { return k.Domain(noise.Retention).Fold(1) }},
	} {
		if a.law != nil {
			p.ageing = append(p.ageing, &ageing{Ageing: a.law, key: a.domain, own: make([]float64, n)})
		}
	}
	if o := l.overlay.Wear; o != nil {
		p.cycles, p.life, p.set = make([]float64, n), make([]float64, n), make([]bool, n)
		for row := range rows {
			o.Life(p.life[row*cols:][:cols], p.set[row*cols:][:cols], noise.At{Row: uint32(row)}, p.cells.Domain(noise.Endurance))
		}
	}
	if o := l.overlay.Faults; o != nil {
		if p.faults, err = o.Draw(rows, cols, p.cells.Domain(noise.Fault)); err != nil {
			return nil, fmt.Errorf("noise.faults: %w", err)
		}
		p.short = o.GShort
	}
	p.spread(nil, p.cells, env)
	_, target := inner.(Target)
	_, pulsed := inner.(Pulsed)
	switch {
	case target && pulsed:
		return struct {
			*layered
			layeredTarget
			layeredPulsed
		}{p, layeredTarget{p}, layeredPulsed{p}}, nil
	case target:
		return struct {
			*layered
			layeredTarget
		}{p, layeredTarget{p}}, nil
	case pulsed:
		return struct {
			*layered
			layeredPulsed
		}{p, layeredPulsed{p}}, nil
	}
	return p, nil
}

// A layered is a population with an overlay. A cell whose inner value is x gives
//
//	age(offset + scale x),
//
// where scale and offset hold what the spreads make of the value last programmed.
type layered struct {
	Population
	o          Overlay
	rows, cols int
	cells      noise.Key // of what cells have of their own
	scale      []float64
	offset     []float64 // where the inner value was 0 when it was programmed
	ageing     []*ageing
	age        float64 // since programming, s
	writes     uint64  // programming events so far

	cycles, life []float64 // effective cycles seen, and to failure
	set          []bool    // a worn out cell is stuck at SET
	faults       *noise.FaultMap
	short        float64
}

// An ageing is a process with its clocks.
type ageing struct {
	noise.Ageing
	key   func(noise.Key) noise.Key
	own   []float64
	clock float64
	start []float64 // reading at which each cell was programmed; nil: 0
}

// A Worn is a population whose cells wear out.
type Worn interface {
	// Cycles sets dst to the effective cycles that each cell has seen.
	Cycles(dst []float64)
	// Cycle lets n cycles of programming pass for each cell, which then must be programmed again.
	Cycle(n float64, env Env)
}

// Cycles implements Worn.
func (p *layered) Cycles(dst []float64) { copy(dst, p.cycles) }

// Cycle implements Worn. It panics if n is negative or not finite.
func (p *layered) Cycle(n float64, env Env) {
	if !(n >= 0) || math.IsInf(n, 0) {
		panic("device: number of cycles is negative or not finite")
	}
	for i := range p.cycles {
		p.cycles[i] += p.o.Wear.Cycles(n, env.Temperature, 1)
	}
}

// spread sets what the overlay makes of the cells that were just programmed, all
// if stress is nil, with the key of that programming.
func (p *layered) spread(stress []float64, key noise.Key, env Env) {
	x := make([]float64, len(p.scale))
	p.Population.Transfer(x, 0, env)
	v, own := make([]float64, p.cols), make([]float64, p.cols)
	for row := range p.rows {
		at := noise.At{Row: uint32(row)}
		nominal := x[row*p.cols:][:p.cols]
		copy(v, nominal)
		if p.o.D2D != nil {
			p.o.D2D.Spread(v, v, at, p.cells.Domain(noise.D2D))
		}
		at.Event = p.writes
		if p.o.Cycle != nil && p.writes > 0 {
			p.o.Cycle.Spread(v, v, at, key.Domain(noise.Cycle))
		}
		for j := range v {
			i := row*p.cols + j
			if stress != nil && stress[i] == 0 {
				continue
			}
			w := math.Max(0, v[j])
			if p.cycles != nil {
				w = p.window(i, w)
			}
			if v[j] = w; nominal[j] > 0 {
				p.scale[i], p.offset[i] = w/nominal[j], 0
			} else {
				p.scale[i], p.offset[i] = 1, w
			}
		}
		for _, a := range p.ageing {
			a.Draw(own, v, at, a.key(key))
			for j, y := range own {
				if i := row*p.cols + j; stress == nil || stress[i] != 0 {
					a.own[i] = y
				}
			}
		}
	}
}

// window returns the value that a worn cell takes for the value v.
func (p *layered) window(i int, v float64) float64 {
	min, max := p.Range()
	switch {
	case p.cycles[i] < p.life[i]:
		// What the spreads put beyond the open window stays beyond the closed one.
		off, on := p.o.Wear.Window(min, max, p.cycles[i])
		inside := math.Min(math.Max(v, min), max)
		return v + (math.Min(math.Max(inside, off), on) - inside)
	case p.set[i]:
		return max
	}
	return min
}

// restart sets the clocks of the cells that were just programmed to 0.
func (p *layered) restart(stress []float64) {
	for _, a := range p.ageing {
		if stress == nil {
			a.clock, a.start = 0, nil
			continue
		}
		if a.start == nil {
			a.start = make([]float64, len(p.scale))
		}
		for i, s := range stress {
			if s != 0 {
				a.start[i] = a.clock
			}
		}
	}
}

// Advance lets dt seconds pass, for the model within and for the clocks of the overlay, at the
// temperature of env. It panics if dt is negative or not finite.
func (p *layered) Advance(dt float64, env Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("device: time step is negative or not finite")
	}
	p.Population.Advance(dt, env, key)
	p.age += dt
	for _, a := range p.ageing {
		a.clock += dt * a.Rate(env.Temperature)
	}
}

// Transfer sets dst to the present transfer of each cell.
func (p *layered) Transfer(dst []float64, bias float64, env Env) {
	p.Population.Transfer(dst, bias, env)
	p.lay(dst)
}

// lay turns the values of the model within into those of the overlay.
func (p *layered) lay(x []float64) {
	for i, v := range x {
		x[i] = p.offset[i] + float64(p.scale[i]*v)
	}
	for _, a := range p.ageing {
		if a.start == nil {
			a.Age(x, x, a.own, a.clock)
			continue
		}
		for first := 0; first < len(x); {
			last := first + 1
			for last < len(x) && a.start[last] == a.start[first] {
				last++
			}
			a.Age(x[first:last], x[first:last], a.own[first:last], a.clock-a.start[first])
			first = last
		}
	}
	for i, v := range x {
		x[i] = math.Max(0, v)
	}
	min, max := p.Range()
	for i, n := range p.cycles {
		if n >= p.life[i] {
			x[i] = min
			if p.set[i] {
				x[i] = max
			}
		}
	}
	if p.faults != nil {
		p.faults.Apply(x, min, max, p.short)
	}
}

// broken reports whether a cell no longer holds what the model within does.
func (p *layered) broken(i int) bool {
	return p.cycles != nil && p.cycles[i] >= p.life[i] || p.faults != nil && p.faults.Faults[i] != noise.Healthy
}

func (p *layered) reading(env Env) noise.Reading {
	return noise.Reading{Temperature: env.Temperature, Bandwidth: env.Bandwidth, Age: p.age, Cells: p.cells.Domain(noise.RTN)}
}

// ReadNoise implements NoisyReader: the noise of the model within keeps its share of the
// conductance, and the variances of the overlay are added. Broken cells have the noise of the
// overlay only.
func (p *layered) ReadNoise(slow, fast []float64, window float64, env Env) {
	x, g := make([]float64, len(slow)), make([]float64, len(slow))
	p.Population.Transfer(x, 0, env)
	copy(g, x)
	p.lay(g)
	if r, ok := p.Population.(NoisyReader); ok {
		r.ReadNoise(slow, fast, window, env)
	} else {
		clear(slow)
		clear(fast)
	}
	for i := range slow {
		f := 0.0
		if x[i] > 0 && !p.broken(i) {
			f = g[i] / x[i]
		}
		slow[i], fast[i] = (f*slow[i])*(f*slow[i]), (f*fast[i])*(f*fast[i])
	}
	for row := range p.rows {
		part := func(v []float64) []float64 { return v[row*p.cols:][:p.cols] }
		for _, slot := range readSlots {
			if n := p.o.Read[slot]; n != nil {
				n.Variances(part(slow), part(fast), part(g), window, noise.At{Row: uint32(row)}, p.reading(env))
			}
		}
	}
	for i := range slow {
		slow[i], fast[i] = math.Sqrt(slow[i]), math.Sqrt(fast[i])
	}
}

// Read implements Reader.
func (p *layered) Read(dst []float64, env Env, event uint64, key noise.Key) {
	x, g := make([]float64, len(dst)), make([]float64, len(dst))
	p.Population.Transfer(x, 0, env)
	copy(g, x)
	p.lay(g)
	Read(dst, p.Population, env, event, key)
	for i := range dst {
		f := 0.0
		if x[i] > 0 && !p.broken(i) {
			f = g[i] / x[i]
		}
		dst[i] = g[i] + float64(f*(dst[i]-x[i]))
	}
	own := key.Fold(overlayKey)
	for row := range p.rows {
		part := func(v []float64) []float64 { return v[row*p.cols:][:p.cols] }
		for _, slot := range readSlots {
			if n := p.o.Read[slot]; n != nil {
				n.Read(part(dst), part(g), noise.At{Row: uint32(row), Event: event}, own.Domain(noise.Read), p.reading(env))
			}
		}
	}
	for i, v := range dst {
		dst[i] = math.Max(0, v)
	}
}

type layeredTarget struct{ *layered }

// ProgramTo programs the model within and lays the overlay over the result. Cells that wore out
// do not converge.
func (p layeredTarget) ProgramTo(target []float64, env Env, key noise.Key) (Report, error) {
	r, err := p.Population.(Target).ProgramTo(target, env, key)
	if err != nil {
		return r, err
	}
	if w := p.o.Wear; w != nil {
		p.Cycle(w.CyclesPerWrite, env)
	}
	p.writes++
	p.age = 0
	p.spread(nil, key.Fold(overlayKey), env)
	p.restart(nil)
	r.Converged *= p.working()
	return r, nil
}

// working returns the share of cells that are not broken.
func (p *layered) working() float64 {
	broken := 0
	for i := range p.scale {
		if p.broken(i) {
			broken++
		}
	}
	return 1 - float64(broken)/float64(len(p.scale))
}

// Reference returns that of the model within.
func (p layeredTarget) Reference() float64 { return p.Population.(Target).Reference() }

type layeredPulsed struct{ *layered }

// Program applies a pulse to the model within. Cells with stress are programmed anew as far as the
// overlay goes: they draw a new spread and their clocks restart. A pulse counts half a cycle of
// wear at its relative amplitude |stress|, if that is above a half.
func (p layeredPulsed) Program(stress []float64, pulse Pulse, env Env, key noise.Key) (Report, error) {
	r, err := p.Population.(Pulsed).Program(stress, pulse, env, key)
	if err != nil {
		return r, err
	}
	for i := range p.cycles {
		if s := math.Abs(stress[i]); s > 0.5 {
			p.cycles[i] += p.o.Wear.Cycles(0.5, env.Temperature, s)
		}
	}
	p.writes++
	p.age = 0
	p.spread(stress, key.Fold(overlayKey), env)
	p.restart(stress)
	return r, nil
}
