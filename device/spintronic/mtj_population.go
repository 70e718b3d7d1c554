package spintronic

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/interp"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// MTJPopulation holds the cells of one array under the model MTJ. Reading it is safe for
// concurrent use; programming and advancing it is not.
type MTJPopulation struct {
	model      MTJ
	rows, cols int
	event      uint64 // of the next draw

	// By junction, those of a cell side by side:
	parallel, broken []bool
	g                []float64 // conductance of the parallel state, S
	bk               []float64 // anisotropy field over the nominal
	pulses, life     []float64 // so far, and at breakdown
}

var (
	_ device.Population = (*MTJPopulation)(nil)
	_ device.Target     = (*MTJPopulation)(nil)
	_ device.Pulsed     = (*MTJPopulation)(nil)
)

// Dims returns the rows and columns.
func (p *MTJPopulation) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *MTJPopulation) Kind() device.Kind { return device.Conductance }

// Range returns the nominal conductances at low bias with all junctions antiparallel and parallel, S.
func (p *MTJPopulation) Range() (min, max float64) {
	gp, gap := p.model.Conductances(0)
	k := float64(p.model.Junctions)
	return k * gap, k * gp
}

// Reference returns 0 s: a bit stands as soon as it is written.
func (p *MTJPopulation) Reference() float64 { return 0 }

// Transfer sets dst (rows*cols) to the conductances at a bias in V, S; the antiparallel state
// conducts better at high bias. It panics if dst has the wrong length.
func (p *MTJPopulation) Transfer(dst []float64, bias float64, _ device.Env) {
	if len(dst) != p.rows*p.cols {
		panic("spintronic: wrong number of cells")
	}
	gp, gap := p.model.Conductances(bias)
	k := p.model.Junctions
	for c := range dst {
		dst[c] = 0
		for j := c * k; j < (c+1)*k; j++ {
			dst[c] += p.junction(j, gap/gp)
		}
	}
}

// junction returns the conductance of a junction, S, given that of the antiparallel state over that of the parallel one.
func (p *MTJPopulation) junction(j int, ratio float64) float64 {
	switch {
	case p.broken[j]:
		return 1 / p.model.RBroken
	case p.parallel[j]:
		return p.g[j]
	}
	return p.g[j] * ratio
}

// Advance lets dt seconds pass: each junction flips with the probability (1 - exp(-2 Γ dt))/2. It panics
// if dt is negative or not finite.
func (p *MTJPopulation) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 1) {
		panic("spintronic: time step is negative or not finite")
	}
	if !p.model.Drift || dt == 0 {
		return
	}
	key = key.Domain(noise.Retention)
	p.each(key, func(j int, u float64) {
		if u < -0.5*math.Expm1(-2*p.model.FlipRate(env.Temperature, p.bk[j])*dt) && !p.broken[j] {
			p.parallel[j] = !p.parallel[j]
		}
	})
}

// each calls f for every junction with a uniform number of its own, of a new event.
func (p *MTJPopulation) each(key noise.Key, f func(j int, u float64)) {
	u := make([]float64, p.cols*p.model.Junctions)
	for row := range p.rows {
		key.Uniform(u, noise.At{Row: uint32(row), Event: p.event})
		for c, x := range u {
			f(row*len(u)+c, x)
		}
	}
	p.event++
}

// ProgramTo writes every cell to the level nearest to its target in S: the first of its junctions
// parallel, the others antiparallel. The energy is what the currents dissipate in the junctions,
// the time that of one row of pulses after the other with all cells at once.
func (p *MTJPopulation) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	if len(target) != p.rows*p.cols {
		panic("spintronic: wrong number of cells")
	}
	low, high := p.Range()
	k := p.model.Junctions
	want := make([]bool, len(p.parallel))
	for c, g := range target {
		if g-g != 0 {
			return device.Report{}, fmt.Errorf("mtj: target of cell %d is %g S: must be finite", c, g)
		}
		level := int(math.Round(min(max((g-low)/(high-low), 0), 1) * float64(k)))
		if high == low {
			level = 0
		}
		for j := range level {
			want[c*k+j] = true
		}
	}
	var r device.Report
	current := make([]float64, len(want))
	for range p.model.Attempts {
		wrong := false
		for j, w := range want {
			current[j] = 0
			if w != p.parallel[j] && !p.broken[j] {
				wrong = true
				current[j] = p.model.WriteCurrent
				if !w {
					current[j] = -current[j]
				}
			}
		}
		if !wrong {
			break
		}
		one, err := p.write(current, p.model.WriteWidth, Drive{}, env, key)
		if err != nil {
			return r, err
		}
		r.Energy, r.Time, r.Pulses = r.Energy+one.Energy, r.Time+one.Time, r.Pulses+one.Pulses
	}
	met := 0
	for c := range target {
		ok := true
		for j := c * k; j < (c+1)*k; j++ {
			ok = ok && want[j] == p.parallel[j] && !p.broken[j]
		}
		if ok {
			met++
		}
	}
	r.Converged = float64(met) / float64(len(target))
	return r, nil
}

// Program applies a rectangular pulse of current (A) or voltage (V) to the stack of each cell, shared by its
// junctions, or of current to the strip, which needs the fidelity llg. Positive amplitudes make junctions parallel. The
// error tells of a drive or port that the device does not have.
func (p *MTJPopulation) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	if len(stress) != p.rows*p.cols {
		panic("spintronic: wrong number of cells")
	}
	var none device.Report
	m := &p.model
	if !(pulse.Width > 0) || math.IsInf(pulse.Width, 1) || pulse.Amplitude-pulse.Amplitude != 0 {
		return none, fmt.Errorf("mtj: pulse of %g for %g s: must be finite, its width > 0 s", pulse.Amplitude, pulse.Width)
	}
	current := make([]float64, len(p.parallel))
	var d Drive
	switch {
	case pulse.Port == "stack" && (pulse.Drive == "current" || pulse.Drive == "voltage"):
		gp, gap := m.Conductances(pulse.Amplitude)
		for j := range current {
			a := stress[j/m.Junctions] * pulse.Amplitude
			if pulse.Drive == "current" {
				current[j] = a / float64(m.Junctions)
			} else {
				current[j] = a * p.junction(j, gap/gp)
			}
		}
	case pulse.Port == "strip" && pulse.Drive == "current":
		if m.StripWidth == 0 || m.Fidelity != LLG {
			return none, fmt.Errorf("mtj: current in the strip: needs strip_width > 0 m and the fidelity %s", LLG)
		}
		for _, s := range stress {
			if s != 1 {
				return none, fmt.Errorf("mtj: a cell takes %g of the current in the strip: must be 1, the strip drives all", s)
			}
		}
		d.Strip = pulse.Amplitude
	default:
		return none, fmt.Errorf("mtj: pulse of %s at the port %q: must be current or voltage at the stack, or current at the strip", pulse.Drive, pulse.Port)
	}
	r, err := p.write(current, pulse.Width, d, env, key)
	r.Converged = 1
	return r, err
}

// write applies currents through the junctions (A) and a drive to all.
func (p *MTJPopulation) write(current []float64, width float64, d Drive, env device.Env, key noise.Key) (device.Report, error) {
	r := device.Report{Time: width}
	m := &p.model
	gp, gap := m.Conductances(0)
	for j, i := range current {
		if i == 0 || p.broken[j] {
			continue
		}
		r.Pulses++
		r.Energy += i * i / p.junction(j, gap/gp) * width
		p.pulses[j]++
	}
	var err error
	switch {
	case !m.ProgrammingNoise && d == (Drive{}):
		for j, i := range current {
			if i != 0 && !p.broken[j] {
				p.parallel[j] = i > 0
			}
		}
	case m.Fidelity == LLG:
		err = p.integrate(current, width, d, env, key)
	default:
		err = p.draw(current, width, env, key)
	}
	for j := range p.broken {
		p.broken[j] = p.broken[j] || p.pulses[j] > p.life[j]
	}
	return r, err
}

// integrate runs the junctions as an ensemble. Those without any drive stay as they are.
func (p *MTJPopulation) integrate(current []float64, width float64, d Drive, env device.Env, key noise.Key) error {
	m := &p.model
	steps := int(math.Ceil(width / m.LLGStep * (1 - 1e-12)))
	e, err := NewEnsemble(&m.Macrospin, p.rows, p.cols*m.Junctions, env.Temperature, width/float64(steps), 0)
	if err != nil {
		return err
	}
	bk := m.AnisotropyField(0)
	for j, up := range p.parallel {
		e.Current[j], e.Stiffness[j] = current[j], (p.bk[j]-1)*bk
		if !up {
			e.Easy()[j] = -1
		}
	}
	key = key.Fold(p.event)
	p.event++
	e.Thermalise(env.Temperature, key)
	d.Current = 1
	if err := e.Advance(context.Background(), d, steps, key); err != nil {
		return err
	}
	for j, z := range e.Easy() {
		if (current[j] != 0 || d.Strip != 0) && !p.broken[j] {
			p.parallel[j] = z > 0
		}
	}
	return nil
}

// draw flips junctions with their probabilities.
func (p *MTJPopulation) draw(current []float64, width float64, env device.Env, key noise.Key) error {
	s := &survival{m: &p.model, width: width, temperature: env.Temperature}
	var drives []float64
	for j, i := range current {
		if i = s.against(i, p.parallel[j]); i != 0 {
			drives = append(drives, i)
		}
	}
	if len(drives) == 0 {
		return nil
	}
	if err := s.prepare(drives); err != nil {
		return err
	}
	p.each(key.Domain(noise.Programming), func(j int, u float64) {
		i := s.against(current[j], p.parallel[j])
		if i != 0 && !p.broken[j] && u >= s.at(i, p.bk[j]) {
			p.parallel[j] = !p.parallel[j]
		}
	})
	return nil
}

// survival tabulates the write error rate over current and anisotropy field: ln(-ln WER) at
// the currents that occur, or at most 33 of their range with lines between, by cubics in the anisotropy field.
type survival struct {
	m                  *MTJ
	width, temperature float64

	currents []float64
	curves   []interp.Predictor // over bk
}

// against returns a current as positive where it drives a junction out of its state; one that holds
// it is left out, as its flips, rarer than those at rest, belong to retention.
func (s *survival) against(current float64, parallel bool) float64 {
	if parallel {
		current = -current
	}
	return max(current, 0)
}

const (
	mostCurrents = 33
	mostSigma    = 4.0 // anisotropy fields lie within so many standard deviations
)

func (s *survival) prepare(drives []float64) error {
	slices.Sort(drives)
	s.currents = slices.Compact(drives)
	if n := len(s.currents); n > mostCurrents {
		lo, hi := s.currents[0], s.currents[n-1]
		s.currents = make([]float64, mostCurrents)
		for k := range s.currents {
			s.currents[k] = lo + (hi-lo)*float64(k)/(mostCurrents-1)
		}
	}
	// The nodes do not follow the cells, lest a cell's fate depend on others.
	nodes := []float64{1}
	if spread := mostSigma * s.m.SpreadBk; spread > 0 {
		nodes = nil
		for k := -4; k <= 4; k++ {
			nodes = append(nodes, 1+spread*float64(k)/4)
		}
	}
	for _, i := range s.currents {
		y := make([]float64, len(nodes))
		for k, bk := range nodes {
			wer, err := s.m.writeError(context.Background(), s.m.Fidelity, i, s.width, s.temperature, bk)
			if err != nil {
				return fmt.Errorf("mtj: write of %s: %w", quantity.Format(i, "A"), err)
			}
			y[k] = math.Log(-math.Log(min(max(wer, 1e-300), 1-1e-16)))
		}
		if len(nodes) == 1 {
			s.curves = append(s.curves, interp.Constant(y[0]))
			continue
		}
		var c interp.FritschButland
		if err := c.Fit(nodes, y); err != nil {
			return err
		}
		s.curves = append(s.curves, &c)
	}
	return nil
}

// at returns the write error rate.
func (s *survival) at(current, bk float64) float64 {
	k, exact := slices.BinarySearch(s.currents, current)
	if exact {
		return math.Exp(-math.Exp(s.curves[k].Predict(bk)))
	}
	k = min(max(k, 1), len(s.currents)-1)
	f := (current - s.currents[k-1]) / (s.currents[k] - s.currents[k-1])
	return math.Exp(-math.Exp((1-f)*s.curves[k-1].Predict(bk) + f*s.curves[k].Predict(bk)))
}
