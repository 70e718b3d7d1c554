package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/parallel"
	"mho/internal/quantity"
	"mho/noise"
)

// Cells says how the cells of a population differ and how a closed loop programs them:
// an erasing pulse of negative voltage, then pulses of rising voltage until the
// conductance reaches its target.
type Cells struct {
	VErase    float64 // magnitude of the erasing pulse, V
	TErase    float64 // its width, s
	VStart    float64 // voltage of the first programming pulse, V
	VStop     float64 // largest voltage of a programming pulse, V
	VStep     float64 // step from pulse to pulse, V
	TPulse    float64 // width of a programming pulse, s
	Tolerance float64 // largest distance to the target, over the range, of a cell that has converged

	D2D              bool // activation fields are each cell's own
	ProgrammingNoise bool // domains switch as a whole and at random
}

var cellNotes = []string{
	"A population programmed to targets erases each cell with -v_erase and steps from v_start to v_stop until the conductance is reached: a cell misses by up to one domain. Pulses given one by one are rectangular, their edges have no influence.",
}

func newCells() Cells { return Cells{Tolerance: 0.05, D2D: true, ProgrammingNoise: true} }

func (c *Cells) params() []device.Param {
	positive := quantity.Positive()
	return []device.Param{
		{Name: "v_erase", Value: &c.VErase, Unit: "V", Range: positive, Meaning: "as a population: magnitude of the erasing pulse"},
		{Name: "t_erase", Value: &c.TErase, Unit: "s", Range: positive, Meaning: "as a population: width of the erasing pulse"},
		{Name: "v_start", Value: &c.VStart, Unit: "V", Range: positive, Meaning: "as a population: voltage of the first programming pulse"},
		{Name: "v_stop", Value: &c.VStop, Unit: "V", Range: positive, Meaning: "as a population: largest voltage of a programming pulse"},
		{Name: "v_step", Value: &c.VStep, Unit: "V", Range: positive, Meaning: "as a population: step of the voltage from pulse to pulse"},
		{Name: "t_pulse", Value: &c.TPulse, Unit: "s", Range: positive, Meaning: "as a population: width of a programming pulse"},
		{Name: "tolerance", Value: &c.Tolerance, Range: quantity.Between(0, 1), Meaning: "as a population: distance to the target over the range within which a cell has converged"},
		{Name: "d2d", Value: &c.D2D, Meaning: "as a population: activation fields are each cell's own; false gives all cells the same"},
		{Name: "programming_noise", Value: &c.ProgrammingNoise, Meaning: "as a population: domains switch as a whole and at random; false is the mean"},
	}
}

func (c *Cells) validate() error {
	if !(c.VStart < c.VStop) {
		return fmt.Errorf("v_start is %s: must be below v_stop, %s", quantity.Format(c.VStart, "V"), quantity.Format(c.VStop, "V"))
	}
	if c.VStep < (c.VStop-c.VStart)/1e4 {
		return fmt.Errorf("v_step is %s: must be at least a ten-thousandth of v_stop - v_start, %s", quantity.Format(c.VStep, "V"), quantity.Format((c.VStop-c.VStart)/1e4, "V"))
	}
	return nil
}

// A synapse reads a polarisation as a conductance.
type synapse interface {
	device.Model
	Conductance(p, temperature float64) float64
}

// A Population holds the cells of one array, each with domains of its own. Reading it
// is safe for concurrent use; programming and advancing it is not.
type Population struct {
	model      synapse
	film       *Film
	cells      *Cells
	port       string
	ratio      func(v float64) float64 // conductance at v over that at 0
	env        device.Env
	rows, cols int
	d          []domain  // domain i of cell k is at k*Domains+i
	ea         []float64 // their activation fields, V/m
	cycles     []float64 // of full switching, by cell
	age        float64   // since the last pulse, s
	events     uint64    // pulses and steps of time so far
}

var (
	_ device.Population = (*Population)(nil)
	_ device.Target     = (*Population)(nil)
	_ device.Pulsed     = (*Population)(nil)
)

func newPopulation(m synapse, f *Film, c *Cells, port string, ratio func(float64) float64, rows, cols int, env device.Env, key noise.Key) (*Population, error) {
	if err := device.Check(m); err != nil {
		return nil, err
	}
	if rows < 1 || cols < 1 || rows > math.MaxInt32 || cols > math.MaxInt32/rows/f.Domains {
		return nil, fmt.Errorf("%s: array of %d x %d cells of %d domains: rows and columns must be at least 1, domains in all at most %d", m.Info().Name, rows, cols, f.Domains, math.MaxInt32)
	}
	n := rows * cols
	p := &Population{model: m, film: f, cells: c, port: port, ratio: ratio, env: env, rows: rows, cols: cols,
		d: make([]domain, n*f.Domains), ea: make([]float64, n*f.Domains), cycles: make([]float64, n)}
	q := f.quantiles(f.Domains)
	all := q
	if c.D2D {
		all = f.quantiles(levels)
	}
	key = key.Domain(noise.D2D)
	z := make([]float64, cols)
	for k := range n {
		fill(p.of(k), f.P0, c.ProgrammingNoise)
		copy(p.fields(k), q)
		p.cycles[k] = f.Cycles0
	}
	for i := range f.Domains {
		for r := range rows {
			if !c.D2D {
				continue
			}
			key.Fold(uint64(i)).Uniform(z, noise.At{Row: uint32(r)})
			for j, u := range z {
				p.ea[(r*cols+j)*f.Domains+i] = all[min(int(u*levels), levels-1)]
			}
		}
	}
	return p, nil
}

// of returns the domains of cell k.
func (p *Population) of(k int) []domain { n := p.film.Domains; return p.d[k*n : (k+1)*n] }

// fields returns their activation fields.
func (p *Population) fields(k int) []float64 { n := p.film.Domains; return p.ea[k*n : (k+1)*n] }

// Dims returns the rows and columns.
func (p *Population) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Population) Kind() device.Kind { return device.Conductance }

// Range returns the conductances in S of full polarisation either way of an unfatigued
// cell.
func (p *Population) Range() (min, max float64) {
	return p.model.Conductance(-1, p.env.Temperature), p.model.Conductance(1, p.env.Temperature)
}

// Reference returns 0: what is lost is lost from the last pulse on.
func (p *Population) Reference() float64 { return 0 }

// Polarisation sets dst (rows*cols) to the polarisations over Pr, after fatigue.
func (p *Population) Polarisation(dst []float64) {
	p.check(dst)
	for k := range dst {
		dst[k] = mean(p.of(k)) * p.film.Scale(p.cycles[k])
	}
}

// Transfer sets dst (rows*cols) to the conductances in S, the current over the voltage
// at a bias in V, which moves nothing. It panics if dst has the wrong length.
func (p *Population) Transfer(dst []float64, bias float64, env device.Env) {
	p.Polarisation(dst)
	ratio := p.ratio(bias)
	for k, x := range dst {
		dst[k] = ratio * p.model.Conductance(x, env.Temperature)
	}
}

// Program applies one rectangular pulse of voltage. Stress scales its amplitude cell by
// cell, nil is 1 for all; another pulse of the same key draws anew. The energy is that
// of switching. The error tells of a pulse that is not one of voltage to the port that
// the device has, or that is not finite; no cell is changed then.
func (p *Population) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	if stress != nil {
		p.check(stress)
	}
	name := p.model.Info().Name
	switch {
	case pulse.Drive != "voltage" && pulse.Drive != "":
		return device.Report{}, fmt.Errorf("%s: the pulse's drive is %q: must be \"voltage\"", name, pulse.Drive)
	case pulse.Port != p.port && pulse.Port != "stack" && pulse.Port != "":
		return device.Report{}, fmt.Errorf("%s: the pulse's port is %q: must be %q", name, pulse.Port, p.port)
	case pulse.Amplitude-pulse.Amplitude != 0:
		return device.Report{}, fmt.Errorf("%s: the pulse's amplitude is %g V: must be a finite number", name, pulse.Amplitude)
	case !(pulse.Width > 0) || math.IsInf(pulse.Width, 0):
		return device.Report{}, fmt.Errorf("%s: the pulse's width is %g s: must be > 0 s", name, pulse.Width)
	}
	keys := p.keys(key.Domain(noise.Programming))
	energy, pulses := make([]float64, p.rows), make([]int64, p.rows)
	p.eachRow(func(r int) {
		for k := r * p.cols; k < (r+1)*p.cols; k++ {
			v := pulse.Amplitude
			if stress != nil {
				v *= stress[k]
			}
			if v == 0 {
				continue
			}
			energy[r] += p.film.Pr * p.film.Area * math.Abs(v) * p.pulse(k, v, pulse.Width, p.events, keys)
			pulses[r]++
		}
	})
	p.events++
	p.age = 0
	report := device.Report{Time: pulse.Width, Converged: 1}
	for r := range energy {
		report.Energy += energy[r]
		report.Pulses += pulses[r]
	}
	return report, nil
}

// keys returns the key of each domain's draws.
func (p *Population) keys(key noise.Key) []noise.Key {
	keys := make([]noise.Key, p.film.Domains)
	for i := range keys {
		keys[i] = draw(key, i, 0)
	}
	return keys
}

// pulse holds cell k at v for dt seconds and returns how much of Pr has turned.
func (p *Population) pulse(k int, v, dt float64, event uint64, keys []noise.Key) float64 {
	d, ea := p.of(k), p.fields(k)
	before := mean(d)
	e := p.film.Field(v, before)
	up := e > 0
	e = math.Abs(e)
	at := noise.At{Row: uint32(k / p.cols), Col: uint32(k % p.cols), Event: event}
	last, rate := 0.0, 0.0
	for i := range d {
		if ea[i] != last {
			last, rate = ea[i], p.film.rate(ea[i], e)
		}
		chance := 1.0
		if p.cells.ProgrammingNoise {
			chance = 0
			if d[i].u == 0 == up && rate > 0 {
				chance = keys[i].UniformAt(at)
			}
		}
		p.film.move(&d[i], rate*dt, up, chance)
	}
	turned := math.Abs(mean(d) - before)
	p.cycles[k] += 0.25 * turned
	return turned * p.film.Scale(p.cycles[k])
}

// Advance lets dt seconds pass, in which the depolarising field turns domains. It is
// followed in steps that grow with the age. It panics if dt is negative or not finite.
func (p *Population) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("ferroelectric: time step is negative or not finite")
	}
	end := p.age + dt
	if p.film.depolarised() {
		keys := p.keys(key.Domain(noise.Retention))
		for p.age < end {
			next := min(max(1.25*p.age, 0.1*p.film.Tau0), end)
			p.eachRow(func(r int) {
				for k := r * p.cols; k < (r+1)*p.cols; k++ {
					p.pulse(k, 0, next-p.age, p.events, keys)
				}
			})
			p.events++
			p.age = next
		}
	}
	p.age = end
}

// ProgramTo erases every cell and programs it with rising pulses until it has reached its
// target (rows*cols, in S within Range). The report's energy is that of switching; its
// time is that of the pulses, all cells at once. The error names the first target that
// is out of range; no cell is changed then.
func (p *Population) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	p.check(target)
	lo, hi := p.Range()
	for k, g := range target {
		if !(g >= lo*(1-1e-12) && g <= hi*(1+1e-12)) {
			return device.Report{}, fmt.Errorf("%s: target at row %d, column %d is %s: must be from %s to %s", p.model.Info().Name,
				k/p.cols, k%p.cols, quantity.Format(g, "S"), quantity.Format(lo, "S"), quantity.Format(hi, "S"))
		}
	}
	c := p.cells
	steps := uint64((c.VStop-c.VStart)/c.VStep+1e-9) + 1
	keys := p.keys(key.Domain(noise.Programming))
	energy, pulses, met, most := make([]float64, p.rows), make([]int64, p.rows), make([]int, p.rows), make([]uint64, p.rows)
	unit := p.film.Pr * p.film.Area
	p.eachRow(func(r int) {
		for k := r * p.cols; k < (r+1)*p.cols; k++ {
			read := func() float64 {
				return p.model.Conductance(mean(p.of(k))*p.film.Scale(p.cycles[k]), p.env.Temperature)
			}
			energy[r] += unit * c.VErase * p.pulse(k, -c.VErase, c.TErase, p.events, keys)
			pulses[r]++
			n := uint64(0)
			for ; n < steps && read() < target[k]*(1-1e-12); n++ {
				v := c.VStart + float64(n)*c.VStep
				energy[r] += unit * v * p.pulse(k, v, c.TPulse, p.events+1+n, keys)
				pulses[r]++
			}
			most[r] = max(most[r], n)
			if math.Abs(read()-target[k]) <= c.Tolerance*(hi-lo) {
				met[r]++
			}
		}
	})
	p.events += 1 + steps
	p.age = 0
	report := device.Report{Time: c.TErase}
	longest := uint64(0)
	for r := range energy {
		report.Energy += energy[r]
		report.Pulses += pulses[r]
		report.Converged += float64(met[r]) / float64(len(target))
		longest = max(longest, most[r])
	}
	report.Time += float64(longest) * c.TPulse
	return report, nil
}

// eachRow calls work on every row, several at a time where there are many domains.
func (p *Population) eachRow(work func(r int)) { parallel.Rows(p.rows, len(p.d) >= 4096, work) }

func (p *Population) check(x []float64) {
	if len(x) != p.rows*p.cols {
		panic("ferroelectric: wrong number of cells")
	}
}
