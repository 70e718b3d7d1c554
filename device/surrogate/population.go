package surrogate

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/parallel"
	"mho/internal/quantity"
	"mho/noise"
)

// A Population holds the cells of one array under a Model. Reading it is safe for
// concurrent use; programming and advancing it is not.
type Population struct {
	model      Model
	rows, cols int
	key        noise.Key
	s          []float64 // present state, in units of each cell's range
	since      []float64 // state when it was last programmed
	lo, dh     []float64 // coordinate of G_min, and the range of it
	latent     [][]float64
	rest       []float64 // normal number of each cell's loss at rest
	age        float64   // since the last pulse, s
	pulses     uint64    // rounds of pulses so far
}

var (
	_ device.Population = (*Population)(nil)
	_ device.Target     = (*Population)(nil)
	_ device.Pulsed     = (*Population)(nil)
)

// draw gives each cell its range and its factors.
func (p *Population) draw(key noise.Key) {
	t := &p.model.table
	n := len(p.s)
	d2d := key.Domain(noise.D2D)
	p.latent = make([][]float64, len(t.Components))
	for c := range p.latent {
		p.latent[c] = make([]float64, n)
		for r := range p.rows {
			row := p.latent[c][r*p.cols:][:p.cols]
			d2d.Fold(uint64(c)).Normal(row, noise.At{Row: uint32(r)})
			for i := range row {
				row[i] *= p.model.D2DScale
			}
		}
	}
	for i := range n {
		lo, hi := p.latentAt(i, 0), p.latentAt(i, 1)
		gMin, gMax := t.GMin*math.Exp(lo), t.GMax*math.Exp(hi)
		gMax = math.Max(gMax, gMin*(1+1e-3)) // an unlikely device without a range
		sc := newScale(t.Coordinate, gMin, gMax)
		p.lo[i], p.dh[i] = sc.lo, sc.dh
	}
	if t.RestTimes != nil {
		p.rest = make([]float64, n)
		for r := range p.rows {
			key.Domain(noise.Retention).Normal(p.rest[r*p.cols:][:p.cols], noise.At{Row: uint32(r)})
		}
	}
}

// latentAt returns entry j of the device's description.
func (p *Population) latentAt(i, j int) float64 {
	t := &p.model.table
	x := t.Latent[j] * math.Min(p.model.D2DScale, 1)
	for c, z := range p.latent {
		x += z[i] * t.Components[c][j]
	}
	return x
}

// Dims returns the rows and columns.
func (p *Population) Dims() (rows, cols int) { return p.rows, p.cols }

// Kind returns device.Conductance.
func (p *Population) Kind() device.Kind { return device.Conductance }

// Range returns the range of the nominal element, S. Devices have their own.
func (p *Population) Range() (min, max float64) { return p.model.table.GMin, p.model.table.GMax }

// Reference returns 0: what is lost at rest is lost from the last pulse on.
func (p *Population) Reference() float64 { return 0 }

// conductance returns the conductance of cell i at the read drive, S.
func (p *Population) conductance(i int) float64 {
	return p.model.table.Coordinate.g(p.lo[i] + p.dh[i]*p.s[i])
}

// put sets cell i to a conductance in S, within its range or not.
func (p *Population) put(i int, g float64) {
	p.s[i] = (p.model.table.Coordinate.h(g) - p.lo[i]) / p.dh[i]
	p.since[i] = p.s[i]
}

// Transfer sets dst (rows*cols) to the conductances i/v in S at a bias in V; at 0,
// and at the drive at which the element was read, they are those read there. Beyond the biases
// measured they are those of the nearest. It panics if dst has the wrong length.
func (p *Population) Transfer(dst []float64, bias float64, env device.Env) {
	if len(dst) != len(p.s) {
		panic("surrogate: dimension mismatch")
	}
	for i := range dst {
		dst[i] = p.conductance(i)
		if bias != 0 {
			dst[i] *= p.model.table.ratio(p.s[i], bias)
		}
	}
}

// ratio returns the conductance at a bias over that at the read drive.
func (t *table) ratio(s, bias float64) float64 {
	states := len(t.Ratio) / len(t.Bias)
	j, r := bracket(t.Bias, math.Min(math.Max(bias, t.Bias[0]), t.Bias[len(t.Bias)-1]))
	x := clamp(s) * float64(states-1)
	k := min(int(x), states-2)
	q := x - float64(k)
	at := func(k int) float64 {
		row := t.Ratio[k*len(t.Bias):]
		return row[j] + r*(row[j+1]-row[j])
	}
	return at(k) + q*(at(k+1)-at(k))
}

// Advance lets dt seconds pass. It panics if dt is negative or not finite.
func (p *Population) Advance(dt float64, env device.Env, key noise.Key) {
	if !(dt >= 0) || math.IsInf(dt, 0) {
		panic("surrogate: time step is negative or not finite")
	}
	p.age += dt
	t := &p.model.table
	if t.RestTimes == nil || !p.model.Drift || dt == 0 {
		return
	}
	for i := range p.s {
		mean, std := t.loss(p.since[i], p.age)
		p.s[i] = clamp(p.since[i] + mean + std*p.rest[i])
	}
}

// loss returns mean and deviation of the change of s after a time at rest: linear
// in s and in the logarithm of time, in proportion to time before the first time
// measured and constant after the last.
func (t *table) loss(s, age float64) (mean, std float64) {
	times := t.RestTimes
	states := len(t.RestMean) / len(times)
	j, r, first := 0, 0.0, 1.0
	switch {
	case age < times[0]:
		first = age / times[0]
	case age >= times[len(times)-1]:
		j, r = len(times)-2, 1
	default:
		j, _ = bracket(times, age)
		r = math.Log(age/times[j]) / math.Log(times[j+1]/times[j])
	}
	x := clamp(s) * float64(states-1)
	k := min(int(x), states-2)
	q := x - float64(k)
	at := func(v []float64) float64 {
		a, b := v[k*len(times):], v[(k+1)*len(times):]
		lo, hi := a[j]+r*(a[j+1]-a[j]), b[j]+r*(b[j+1]-b[j])
		return first * (lo + q*(hi-lo))
	}
	return at(t.RestMean), at(t.RestStd)
}

// Program applies one pulse to each cell. Stress scales the amplitude, nil is 1
// for all; a width of 0 is the nominal one, and edges are those of the
// characterisation. Key names the noise of this population; each call draws anew. The error
// tells of an amplitude or width that was not measured; no cell is changed then.
func (p *Population) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	t := &p.model.table
	if stress != nil && len(stress) != len(p.s) {
		panic("surrogate: dimension mismatch")
	}
	width := pulse.Width
	if width == 0 {
		width = t.drive.width
	}
	if lo, hi := t.Widths[0], t.Widths[len(t.Widths)-1]; !(width >= lo*(1-1e-9) && width <= hi*(1+1e-9)) {
		return device.Report{}, fmt.Errorf("%s: the width of the pulse is %s: must be from %s to %s, as characterised", p.model.name, quantity.Format(pulse.Width, "s"), quantity.Format(lo, "s"), quantity.Format(hi, "s"))
	}
	top := math.Abs(pulse.Amplitude)
	worst := 0
	if stress != nil {
		most := 0.0
		for i, x := range stress {
			if a := math.Abs(x); !(a <= most) {
				most, worst = a, i
			}
		}
		top *= most
	}
	sign := math.Copysign(1, pulse.Amplitude)
	for dir := range 2 {
		// Any cell may see either sign, so that the check is by the smaller limit
		// only where there is stress.
		limit := t.Fractions[len(t.Fractions)-1] * math.Abs(t.drive.amplitude[dir])
		if stress == nil && sign*t.drive.amplitude[dir] < 0 {
			continue
		}
		if stress != nil && stress[worst]*sign*t.drive.amplitude[dir] < 0 {
			continue
		}
		if !(top <= limit*(1+1e-9)) {
			return device.Report{}, fmt.Errorf("%s: the amplitude of the pulse on row %d, column %d is %s: must be at most %s, as characterised", p.model.name, worst/p.cols, worst%p.cols, quantity.Format(sign*top, t.unit), quantity.Format(limit, t.unit))
		}
	}
	job := p.newJob(stress, pulse.Amplitude, width, key)
	energy := make([]float64, p.rows)
	count := make([]int64, p.rows)
	p.eachRow(func(r int) { energy[r], count[r] = job.row(r) })
	report := device.Report{Time: width + t.drive.edge, Converged: 1}
	for r := range energy {
		report.Energy += energy[r]
		report.Pulses += count[r]
	}
	p.pulses++
	p.age = 0
	copy(p.since, p.s)
	return report, nil
}

// eachRow calls work on every row, several at a time where there are many cells.
func (p *Population) eachRow(work func(r int)) { parallel.Rows(p.rows, len(p.s) >= 8192, work) }

// job is one pulse on all cells.
type job struct {
	p         *Population
	stress    []float64
	amplitude float64
	width     float64
	key       noise.Key
	worth     [2][]float64
	scatter   float64 // factor on Std for the width
}

func (p *Population) newJob(stress []float64, amplitude, width float64, key noise.Key) *job {
	t := &p.model.table
	j := &job{p: p, stress: stress, amplitude: amplitude, width: width, key: key.Domain(noise.Programming)}
	for dir := range 2 {
		j.worth[dir] = t.worths(dir, width)
	}
	j.scatter = p.model.C2CScale * math.Sqrt(width/t.Widths[nominalWidth])
	return j
}

// row applies the pulse to a row and returns the energy in J and the number of pulses.
func (j *job) row(r int) (energy float64, count int64) {
	p := j.p
	t := &p.model.table
	var z []float64
	if j.scatter > 0 && t.Std[0] != nil {
		z = make([]float64, p.cols)
		j.key.Normal(z, noise.At{Row: uint32(r), Event: p.pulses})
	}
	setSign := t.drive.amplitude[set]
	for c := range p.cols {
		i := r*p.cols + c
		v := j.amplitude
		if j.stress != nil {
			v *= j.stress[i]
		}
		if v == 0 {
			continue
		}
		dir := set
		if v*setSign < 0 {
			dir = reset
		}
		s := clamp(p.s[i])
		f := v / t.drive.amplitude[dir]
		a, b, wa, wb := t.rates(dir, f)
		n := t.at(j.worth[dir], f)
		if len(p.latent) > 0 {
			n *= math.Exp(p.factor(i, dir, f))
		}
		before := p.conductance(i)
		to := t.move(s, n, a, b, wa, wb)
		if z != nil {
			to = clamp(to + j.scatter*z[c]*t.std(dir, f, s))
		}
		if to != s {
			p.s[i] = to
		}
		g := 0.5 * (before + p.conductance(i)) * t.ratio(s, v)
		if t.unit == device.Current.Unit {
			energy += v * v / g * j.width
		} else {
			energy += v * v * g * j.width
		}
		count++
	}
	return energy, count
}

// std returns the deviation from cycle to cycle of a pulse of the nominal width.
func (t *Flow) std(dir int, f, s float64) float64 {
	n, i := t.intervals(), t.interval(s)
	if first := t.Fractions[0]; f <= first {
		return t.Std[dir][i] * f / first
	}
	j, r := bracket(t.Fractions, f)
	return between(t.Std[dir][j*n+i], t.Std[dir][(j+1)*n+i], r)
}

// factor returns ln m of cell i.
func (p *Population) factor(i, dir int, f float64) float64 {
	t := &p.model.table
	at := 2 + dir*len(t.Fractions)
	k, r := bracket(t.Fractions, math.Max(f, t.Fractions[0]))
	a, b := p.latentAt(i, at+k), p.latentAt(i, at+k+1)
	return a + r*(b-a)
}

// ProgramTo brings every cell close to its target (rows*cols, row-major, in S within
// Range) by pulses and reads, see Converge. Without ProgrammingNoise it sets the
// targets exactly. The error names the first target that is out of range; no cell
// is changed then. It panics if target has the wrong length.
func (p *Population) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	t := &p.model.table
	if err := checkTargets(p.model.name, target, len(p.s), p.cols, t.GMin, t.GMax); err != nil {
		return device.Report{}, err
	}
	if !p.model.ProgrammingNoise {
		for i, g := range target {
			p.put(i, g)
		}
		p.age = 0
		return device.Report{Converged: 1}, nil
	}
	return converge(p, target, t.loop(&p.model), env, key)
}

func checkTargets(name string, target []float64, n, cols int, lo, hi float64) error {
	if len(target) != n {
		panic("surrogate: dimension mismatch")
	}
	for i, g := range target {
		if !(g >= lo*(1-1e-9) && g <= hi*(1+1e-9)) {
			return fmt.Errorf("%s: target at row %d, column %d is %s: must be from %s to %s", name, i/cols, i%cols, quantity.Format(g, "S"), quantity.Format(lo, "S"), quantity.Format(hi, "S"))
		}
	}
	return nil
}
