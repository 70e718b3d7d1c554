package surrogate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/noise"
)

// fractions are the amplitudes at which steps are measured, of the nominal one: from
// below half select to beyond the nominal.
func fractions() []float64 {
	var f []float64
	for k := range 17 {
		f = append(f, float64(8+k)/20)
	}
	return f
}

// nominalFraction and nominalWidth are the indices of the nominal pulse in fractions
// and widths.
const (
	nominalFraction = 12
	nominalWidth    = 2
)

var widths = []float64{0.25, 0.5, 1, 2, 4}

// Characterise measures an element and returns its population. Make returns a fresh
// element with its parameters set; it is called for each copy and cycle. The
// error is the element's, or tells what the element does not do, such as switch.
func Characterise(ctx context.Context, make func() (device.Element, error), set Settings) (*Model, error) {
	def := NewSettings()
	for _, v := range []struct{ x, d *int }{{&set.Pulses, &def.Pulses}, {&set.States, &def.States}, {&set.Devices, &def.Devices}, {&set.Replicas, &def.Replicas}} {
		if *v.x == 0 {
			*v.x = *v.d
		}
	}
	if set.Env == (device.Env{}) {
		set.Env = def.Env
	}
	el, err := make()
	if err != nil {
		return nil, err
	}
	d, err := choose(ctx, el, &set)
	if err != nil {
		return nil, err
	}
	c := &characteriser{ctx: ctx, make: make, set: &set, drive: d, el: el}
	for i, step := range []func() error{c.prepare, c.measureSteps, c.measureDevices, c.measureRest, c.measureBias, c.validate} {
		if err := step(); err != nil {
			return nil, err
		}
		c.progress([]float64{0.05, 0.5, 0.65, 0.75, 0.8, 1}[i])
	}
	return c.model, nil
}

type characteriser struct {
	ctx   context.Context
	make  func() (device.Element, error)
	set   *Settings
	drive drive
	el    device.Element
	bench *bench // replicas of the nominal element
	scale scale  // of the nominal element
	model *Model
	state [2][][][]float64 // [direction][node] states of the element at each node
}

func (c *characteriser) progress(share float64) {
	if c.set.Progress != nil {
		c.set.Progress(share)
	}
}

// random reports whether two pulses of the same kind may do different things.
func (c *characteriser) random() bool {
	if s, ok := c.el.(device.Stochastic); ok && s.Noises() > 0 {
		return true
	}
	if j, ok := c.el.(device.Jumping); ok && j.Jumps() {
		return true
	}
	return len(c.set.Cycles) > 0
}

func (c *characteriser) newBench(n int, d2d bool, key uint64) (*bench, error) {
	b, err := newBench(c.ctx, c.make, c.set, n, d2d, c.set.Key.Fold(key))
	if err != nil {
		return nil, err
	}
	b.vRead, b.edge = c.drive.read, c.drive.edge
	return b, nil
}

// strongest is the largest of fractions: what pulses of it reach are the ends of the range.
const strongest = 1.2

// saturate brings every copy to an end of its range.
func (c *characteriser) saturate(b *bench, dir int) error {
	var start, before []float64
	for k := range most {
		g, err := b.read()
		if err != nil {
			return err
		}
		if k == 0 {
			start = g
		} else {
			done := true
			for i := range g {
				done = done && (settled(start[i], before[i], g[i]) || k >= parts && math.Abs(math.Log(g[i]/before[i])) < 1e-5)
			}
			if done || c.random() && k >= parts && math.Abs(stat.Mean(g, nil)/stat.Mean(before, nil)-1) < 1e-2 {
				break
			}
		}
		before = g
		if err := b.pulse(strongest*c.drive.amplitude[dir], c.drive.saturation/parts); err != nil {
			return err
		}
	}
	return nil
}

// prepare finds the range and visits states on the way up and down.
func (c *characteriser) prepare() error {
	info := c.el.Info()
	c.model = newModel(info)
	t := &c.model.table
	t.drive = c.drive
	t.unit = c.el.Drives()[0].Unit
	t.Temperature = c.set.Env.Temperature
	for _, p := range c.el.Params() {
		t.parameters = append(t.parameters, [2]string{p.Name, p.Text()})
	}
	t.spreads = [][]device.Spread{spreadsOf(c.el, c.set), c.set.Cycles}
	replicas := 1
	if c.random() {
		replicas = c.set.Replicas
	}
	var err error
	if c.bench, err = c.newBench(replicas, false, 1); err != nil {
		return err
	}
	b := c.bench
	g, err := b.read()
	if err != nil {
		return err
	}
	initial := median(g)
	var ends [2]float64 // after RESET, after SET
	for _, dir := range []int{set, reset, set} {
		if err := c.saturate(b, dir); err != nil {
			return err
		}
		if g, err = b.read(); err != nil {
			return err
		}
		ends[1-dir] = median(g)
	}
	t.GMin, t.GMax = ends[0], ends[1]
	if !(t.GMax > t.GMin*(1+1e-3)) {
		return fmt.Errorf("%s does not switch: pulses of %g and %g %s leave %.4g S and %.4g S", info.Name, c.drive.amplitude[set], c.drive.amplitude[reset], t.unit, t.GMax, t.GMin)
	}
	var walks [2]walk
	for dir := range walks {
		if err := c.saturate(b, 1-dir); err != nil {
			return err
		}
		if walks[dir], err = c.walk(dir); err != nil {
			return err
		}
	}
	c.chooseCoordinate(&walks)
	c.scale = newScale(t.Coordinate, t.GMin, t.GMax)
	t.Initial = clamp(c.scale.s(initial))
	t.Edges = edges(t.Coordinate, t.GMin, t.GMax, c.set.States-1)
	for dir := range walks {
		c.state[dir] = walks[dir].nodes(c.scale, t.Edges)
	}
	return nil
}

func spreadsOf(el device.Element, set *Settings) []device.Spread {
	if set.Spreads != nil {
		return set.Spreads
	}
	if v, ok := el.(device.Varied); ok {
		return v.Spreads()
	}
	return nil
}

// A walk is states that an element passed through, with the conductance and the
// conductance after one nominal pulse from there.
type walk struct {
	x        [][][]float64
	g, after []float64
}

// walk drives copy 0 from one end to the other by pulses whose width follows the
// distance they go: about half the distance of two nodes, in each coordinate.
func (c *characteriser) walk(dir int) (walk, error) {
	var w walk
	b, t := c.bench, &c.model.table
	goal := 0.5 / float64(c.set.States)
	width := c.drive.width / 4
	for range 40 * c.set.States {
		x := b.save()
		b.restore(x, true)
		x = b.save()
		g, err := b.read()
		if err != nil {
			return w, err
		}
		before := g[0]
		if err := b.pulse(c.drive.amplitude[dir], c.drive.width); err != nil {
			return w, err
		}
		if g, err = b.read(); err != nil {
			return w, err
		}
		w.x, w.g, w.after = append(w.x, x), append(w.g, before), append(w.after, stat.Mean(g, nil))
		// Shorten the pulse until the element goes no further than the goal, twice.
		moved := 0.0
		for {
			b.restore(x, true)
			if err := b.pulse(strongest*c.drive.amplitude[dir], width); err != nil {
				return w, err
			}
			if g, err = b.read(); err != nil {
				return w, err
			}
			moved = 0
			for _, h := range coordinatesOf(t.GMin, t.GMax) {
				s := newScale(h, t.GMin, t.GMax)
				moved = math.Max(moved, math.Abs(s.s(g[0])-s.s(before)))
			}
			if moved <= 2*goal || width < 1e-6*c.drive.width {
				break
			}
			width /= 2
		}
		if moved < 0.5*goal {
			width = math.Min(2*width, c.drive.saturation)
		}
		if width >= c.drive.saturation && moved < 0.05*goal {
			break
		}
	}
	return w, nil
}

// chooseCoordinate takes the coordinate in which the nominal steps vary least, in
// the root mean square of the change of the step from state to state.
func (c *characteriser) chooseCoordinate(walks *[2]walk) {
	best := math.Inf(1)
	for _, h := range coordinatesOf(c.model.table.GMin, c.model.table.GMax) {
		s := newScale(h, c.model.table.GMin, c.model.table.GMax)
		sum := 0.0
		for dir := range walks {
			// Logarithms of steps that do not run into the end.
			var logs []float64
			for i, g := range walks[dir].g {
				a, b := s.s(g), s.s(walks[dir].after[i])
				if d := math.Abs(b - a); d > 1e-9 && b > 0.005 && b < 0.995 {
					logs = append(logs, math.Log(d))
				}
			}
			if len(logs) > 1 {
				sum += stat.Variance(logs, nil)
			}
		}
		if sum < best {
			best, c.model.table.Coordinate = sum, h
		}
	}
}

// nodes picks for each edge the visited state next to it.
func (w *walk) nodes(sc scale, edges []float64) (x [][][]float64) {
	for _, want := range edges {
		best := 0
		for i, g := range w.g {
			if math.Abs(sc.s(g)-want) < math.Abs(sc.s(w.g[best])-want) {
				best = i
			}
		}
		x = append(x, w.x[best])
	}
	return x
}

// measureSteps measures, for each direction and amplitude, the rate at each state by
// pulses so short that the state hardly moves, then what pulses of each width are worth, and
// how far they scatter.
func (c *characteriser) measureSteps() error {
	t := &c.model.table
	t.Fractions = fractions()
	for _, w := range widths {
		t.Widths = append(t.Widths, w*c.drive.width)
	}
	nf, n := len(t.Fractions), t.intervals()
	for dir := range 2 {
		t.Rate[dir] = make([]float64, nf*n)
		width := c.drive.width
		for j := nf - 1; j >= 0; j-- {
			var err error
			if width, err = c.rateRow(t.Rate[dir][j*n:][:n], dir, t.Fractions[j]*c.drive.amplitude[dir], width); err != nil {
				return err
			}
			c.progress(0.05 + 0.3*(float64(dir)+float64(nf-j)/float64(nf))/2)
		}
		t.Worth[dir] = make([]float64, nf*len(t.Widths))
	}
	t.refine()
	for dir := range 2 {
		if c.random() {
			t.Std[dir] = make([]float64, nf*n)
		}
		for j := range t.Fractions {
			for m := range t.Widths {
				if err := c.measureWorth(dir, j, m); err != nil {
					return err
				}
			}
			c.fillWorth(dir, j)
			c.progress(0.35 + 0.15*(float64(dir)+float64(j+1)/float64(nf))/2)
		}
	}
	return nil
}

// step applies one pulse to all replicas, from the state of a node.
func (c *characteriser) step(dir, node int, amplitude, width float64) (s0 float64, s1 []float64, err error) {
	b := c.bench
	b.restore(c.state[dir][node], true)
	g, err := b.read()
	if err != nil {
		return 0, nil, err
	}
	s0 = c.scale.s(g[0])
	if err := b.pulse(amplitude, width); err != nil {
		return 0, nil, err
	}
	if g, err = b.read(); err != nil {
		return 0, nil, err
	}
	s1 = g
	for i := range g {
		s1[i] = c.scale.s(g[i])
	}
	return s0, s1, nil
}

// rateRow measures the step of a short pulse from each node, in units of the nominal
// width. From width, it looks for a width that moves most states by less than
// an interval, and by more than a thousandth if there is one up to the widest.
func (c *characteriser) rateRow(dst []float64, dir int, amplitude, width float64) (float64, error) {
	t := &c.model.table
	n := t.intervals()
	from, to := make([]float64, n+1), make([]float64, n+1)
	for try := 0; ; try++ {
		ways := make([]float64, n+1) // in intervals
		for k := range from {
			s0, s1, err := c.step(dir, k, amplitude, width)
			if err != nil {
				return 0, err
			}
			from[k], to[k] = clamp(s0), clamp(stat.Mean(s1, nil))
			i := t.interval(from[k])
			ways[k] = math.Abs(to[k]-from[k]) / (t.Edges[i+1] - t.Edges[i])
		}
		slices.Sort(ways)
		most, middle := ways[n*9/10], ways[n/2]
		if most > 1 && width > 1e-9*c.drive.width && try < 30 {
			width /= math.Min(math.Max(1.5*most, 2), 64)
			continue
		}
		if most < 0.1 && middle < 1e-2 && width < t.Widths[len(t.Widths)-1] && try < 30 {
			width = math.Min(width*4, t.Widths[len(t.Widths)-1])
			continue
		}
		break
	}
	// The step is the rate half way along it.
	var place, rate []float64
	for k := range from {
		if d := to[k] - from[k]; to[k] > 0 && to[k] < 1 || d == 0 && from[k] > 0 && from[k] < 1 {
			place, rate = append(place, 0.5*(from[k]+to[k])), append(rate, d)
		}
	}
	if len(place) == 0 {
		// Every state is driven to the end at once.
		place, rate = []float64{0.5}, []float64{to[n/2] - from[n/2]}
	}
	t.resample(dst, place, rate)
	for i := range dst {
		dst[i] *= c.drive.width / width
	}
	return width, nil
}

// resample interpolates values at places, of which neighbours may be the same, to
// the middles of the intervals.
func (t *Flow) resample(dst, place, v []float64) {
	type point struct{ s, v float64 }
	var p []point
	for i, s := range place {
		p = append(p, point{s, v[i]})
	}
	sort.SliceStable(p, func(i, j int) bool { return p[i].s < p[j].s })
	p = slices.CompactFunc(p, func(a, b point) bool { return math.Abs(b.s-a.s) < 1e-9 })
	for k := range dst {
		s := 0.5 * (t.Edges[k] + t.Edges[k+1])
		i := sort.Search(len(p), func(i int) bool { return p[i].s >= s })
		switch {
		case i == 0:
			dst[k] = p[0].v
		case i == len(p):
			dst[k] = p[len(p)-1].v
		default:
			r := (s - p[i-1].s) / (p[i].s - p[i-1].s)
			dst[k] = p[i-1].v + r*(p[i].v-p[i-1].v)
		}
	}
}

// measureWorth compares pulses of one amplitude and width, from several states, with
// the flow of the reference pulses: their worth is the geometric mean, NaN where
// all run into an end or none moves.
func (c *characteriser) measureWorth(dir, j, m int) error {
	t := &c.model.table
	amplitude := t.Fractions[j] * c.drive.amplitude[dir]
	a, b, wa, wb := t.rates(dir, t.Fractions[j])
	sum, count := 0.0, 0
	stride := max(t.intervals()/12, 1)
	var place, scatter []float64
	for k := stride / 2; k <= t.intervals(); k += stride {
		s0, s1, err := c.step(dir, k, amplitude, t.Widths[m])
		if err != nil {
			return err
		}
		mean := stat.Mean(s1, nil)
		if len(s1) > 1 && m == nominalWidth {
			place, scatter = append(place, s0), append(scatter, stat.StdDev(s1, nil))
		}
		if mean < 0.01 || mean > 0.99 || math.Abs(mean-s0) < 1e-9 {
			continue
		}
		if n := t.passed(clamp(s0), clamp(mean), a, b, wa, wb); n > 0 {
			sum += math.Log(n)
			count++
		}
	}
	worth := math.NaN()
	if count > 0 {
		worth = math.Exp(sum / float64(count))
	}
	t.Worth[dir][j*len(t.Widths)+m] = worth
	if place != nil {
		t.resample(t.Std[dir][j*t.intervals():][:t.intervals()], place, scatter)
	}
	return nil
}

// fillWorth sets what could not be measured in proportion to the nearest width
// that could, or to 1 at the nominal width where nothing moves.
func (c *characteriser) fillWorth(dir, j int) {
	t := &c.model.table
	row := t.Worth[dir][j*len(t.Widths):][:len(t.Widths)]
	known := slices.Clone(row)
	for m := range row {
		if row[m] == row[m] {
			continue
		}
		row[m] = t.Widths[m] / t.Widths[nominalWidth]
		for d := 1; d < len(row); d++ {
			for _, k := range []int{m - d, m + d} {
				if k >= 0 && k < len(row) && known[k] == known[k] {
					row[m] = known[k] * t.Widths[m] / t.Widths[k]
					d = len(row)
					break
				}
			}
		}
	}
}

// measureDevices measures what differs between copies: the ends of the range and
// the factor on the step at each amplitude, and describes it by principal
// components.
func (c *characteriser) measureDevices() error {
	t := &c.model.table
	nf := len(t.Fractions)
	dim := 2 + 2*nf
	t.Latent = make([]float64, dim)
	if len(spreadsOf(c.el, c.set)) == 0 {
		return nil
	}
	b, err := c.newBench(c.set.Devices, true, 2)
	if err != nil {
		return err
	}
	n := b.len()
	rows := mat.NewDense(n, dim, nil)
	var ends [2][]float64
	for _, dir := range []int{set, reset, set} {
		if err := c.saturate(b, dir); err != nil {
			return err
		}
		if ends[1-dir], err = b.read(); err != nil {
			return err
		}
	}
	scales := make([]scale, n)
	for i := range n {
		lo, hi := ends[0][i], ends[1][i]
		if !(hi > lo*(1+1e-3)) {
			return fmt.Errorf("copy %d of the spread does not switch: from %.4g S to %.4g S; a smaller spread or a larger amplitude is needed", i, lo, hi)
		}
		rows.Set(i, 0, math.Log(lo/t.GMin))
		rows.Set(i, 1, math.Log(hi/t.GMax))
		scales[i] = newScale(t.Coordinate, lo, hi)
	}
	for dir := range 2 {
		if err := c.saturate(b, 1-dir); err != nil {
			return err
		}
		if err := c.factors(b, dir, scales, rows); err != nil {
			return err
		}
	}
	return c.components(rows)
}

// factors brings every copy near the middle of its range and sets the logarithms of
// its steps over those of the table.
func (c *characteriser) factors(b *bench, dir int, scales []scale, rows *mat.Dense) error {
	t := &c.model.table
	n := b.len()
	middle := b.save()
	arrived := make([]bool, n)
	width := c.drive.width / 4
	for k := 0; ; k++ {
		g, err := b.read()
		if err != nil {
			return err
		}
		all := true
		for i := range n {
			if arrived[i] {
				continue
			}
			// The last state before the middle of the way.
			s := scales[i].s(g[i])
			if dir == reset {
				s = 1 - s
			}
			if s > 0.5 {
				arrived[i] = true
				continue
			}
			all = false
			for j := range middle {
				middle[j][i] = b.e.State(j)[i]
			}
		}
		if all || k > 40*c.set.Pulses {
			break
		}
		if k > 8*c.set.Pulses {
			width = c.drive.width // the slowest copies
		}
		if err := b.pulse(c.drive.amplitude[dir], width); err != nil {
			return err
		}
	}
	const weakest = 1e-3
	for j, f := range t.Fractions {
		a, wb0, wa, wb := t.rates(dir, f)
		width, worth := c.gentle(dir, j)
		factor := make([]float64, n)
		repeats := 1
		if c.random() {
			repeats = c.set.Replicas
		}
		b.restore(middle, false)
		before, err := b.read()
		if err != nil {
			return err
		}
		after := make([]float64, n)
		for range repeats {
			b.restore(middle, false)
			if err := b.pulse(f*c.drive.amplitude[dir], width); err != nil {
				return err
			}
			g, err := b.read()
			if err != nil {
				return err
			}
			for i := range n {
				after[i] += scales[i].s(g[i]) / float64(repeats)
			}
		}
		for i := range n {
			s0 := clamp(scales[i].s(before[i]))
			factor[i] = t.passed(s0, clamp(after[i]), a, wb0, wa, wb) / worth
			switch {
			case math.Abs(t.move(s0, worth, a, wb0, wa, wb)-s0) < 1e-9:
				factor[i] = 1 // this amplitude moves nothing
			case factor[i] != factor[i]:
				factor[i] = weakest
			}
			rows.Set(i, 2+dir*len(t.Fractions)+j, math.Log(math.Min(math.Max(factor[i], weakest), 1/weakest)))
		}
	}
	return nil
}

// gentle returns the longest width that moves the middle of the range by less than a
// fifth, and what it is worth.
func (c *characteriser) gentle(dir, j int) (width, worth float64) {
	t := &c.model.table
	a, b, wa, wb := t.rates(dir, t.Fractions[j])
	for m := len(t.Widths) - 1; m >= 0; m-- {
		width, worth = t.Widths[m], t.Worth[dir][j*len(t.Widths)+m]
		if math.Abs(t.move(0.5, worth, a, b, wa, wb)-0.5) < 0.2 {
			break
		}
	}
	return width, worth
}

// components sets the mean of rows and the principal components of their spread.
func (c *characteriser) components(rows *mat.Dense) error {
	t := &c.model.table
	n, dim := rows.Dims()
	for j := range dim {
		t.Latent[j] = stat.Mean(mat.Col(nil, j, rows), nil)
		for i := range n {
			rows.Set(i, j, (rows.At(i, j)-t.Latent[j])/math.Sqrt(float64(n-1)))
		}
	}
	var svd mat.SVD
	if !svd.Factorize(rows, mat.SVDThin) {
		return fmt.Errorf("the spread of the copies could not be decomposed")
	}
	var v mat.Dense
	svd.VTo(&v)
	values := svd.Values(nil)
	total := 0.0
	for _, x := range values {
		total += x * x
	}
	for k, x := range values {
		if x*x <= 1e-4*total || x*x < 1e-20 {
			break
		}
		row := make([]float64, dim)
		for j := range row {
			row[j] = x * v.At(j, k)
		}
		t.Components = append(t.Components, row)
	}
	return nil
}

// restTimes are the times at rest, s.
var restTimes = []float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7}

const restStates = 5

// measureRest lets copies in several states rest, and reads them often.
func (c *characteriser) measureRest() error {
	t := &c.model.table
	n := min(c.set.Devices, 32)
	d2d := len(spreadsOf(c.el, c.set)) > 0
	if !d2d && !c.random() {
		n = 1
	}
	b, err := c.newBench(n, d2d, 3)
	if err != nil {
		return err
	}
	t.RestTimes = restTimes
	size := restStates * len(restTimes)
	t.RestMean, t.RestStd = make([]float64, size), make([]float64, size)
	worst := 0.0
	for l := range restStates {
		node := l * t.intervals() / (restStates - 1)
		b.restoreOne(c.state[set][node])
		g, err := b.read()
		if err != nil {
			return err
		}
		start := make([]float64, n)
		for i := range g {
			start[i] = c.scale.s(g[i])
		}
		if l == restStates/2 {
			if err := c.readDisturb(b, start); err != nil {
				return err
			}
			b.restoreOne(c.state[set][node])
		}
		now := 0.0
		for k, until := range restTimes {
			if err := b.apply(device.Waveform{T: []float64{0, until - now}, U: [][]float64{{0, 0}}}, nil); err != nil {
				return err
			}
			now = until
			if g, err = b.read(); err != nil {
				return err
			}
			lost := make([]float64, n)
			for i := range g {
				lost[i] = c.scale.s(g[i]) - start[i]
			}
			mean, std := lost[0], 0.0
			if n > 1 {
				mean, std = stat.MeanStdDev(lost, nil)
			}
			t.RestMean[l*len(restTimes)+k], t.RestStd[l*len(restTimes)+k] = mean, std
			worst = math.Max(worst, math.Max(math.Abs(mean), std))
		}
	}
	if worst < 1e-7 {
		t.RestTimes, t.RestMean, t.RestStd = nil, nil, nil
	}
	return nil
}

// restoreOne puts all copies into the states of one, within their bounds.
func (b *bench) restoreOne(x [][]float64) {
	for i := range b.len() {
		for j, s := range b.e.Element(i).States() {
			b.e.State(j)[i] = min(max(x[j][0], s.Min), s.Max)
		}
	}
}

// readDisturb measures what a hundred read pulses change.
func (c *characteriser) readDisturb(b *bench, start []float64) error {
	const reads = 100
	for range reads {
		if err := b.pulse(c.drive.read, c.drive.width); err != nil {
			return err
		}
	}
	g, err := b.read()
	if err != nil {
		return err
	}
	sum := 0.0
	for i := range g {
		sum += (c.scale.s(g[i]) - start[i]) / reads
	}
	c.model.table.ReadDisturb = sum / float64(len(g))
	return nil
}

const biases, biasStates = 33, 9

// measureBias measures conductance over bias, relative to that at the read drive.
func (c *characteriser) measureBias() error {
	t := &c.model.table
	top := 1.2 * math.Max(math.Abs(c.drive.amplitude[set]), math.Abs(c.drive.amplitude[reset]))
	for k := range biases {
		t.Bias = append(t.Bias, top*(2*float64(k)/(biases-1)-1))
	}
	g := make([]float64, c.bench.len())
	for l := range biasStates {
		c.bench.restore(c.state[set][l*t.intervals()/(biasStates-1)], true)
		if err := c.bench.e.Read(g, c.drive.read); err != nil {
			return err
		}
		at := g[0]
		for _, v := range t.Bias {
			if err := c.bench.e.Read(g, v); err != nil {
				return err
			}
			t.Ratio = append(t.Ratio, g[0]/at)
		}
	}
	return nil
}

func clamp(s float64) float64 { return math.Min(math.Max(s, 0), 1) }

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return 0.5 * (s[(len(s)-1)/2] + s[len(s)/2])
}

// validate compares the model with fresh copies under random pulses.
func (c *characteriser) validate() error {
	t := &c.model.table
	if err := c.validateNominal(); err != nil {
		return err
	}
	if len(t.Components) == 0 && !c.random() {
		return nil
	}
	return c.validateDistribution()
}

const validationPulses = 100

// sequence draws random pulses: amplitude and width within the range measured,
// widths in the middle of it on a logarithmic scale, and the direction such that
// it stays for half as many pulses as switch, on the average.
func sequence(key noise.Key, n, switching int) (dir []int, fraction, width []float64) {
	u := make([]float64, 3)
	d := set
	for k := range n {
		key.Uniform(u, noise.At{Event: uint64(k)})
		if u[0] < 2/float64(switching) {
			d = 1 - d
		}
		dir, fraction, width = append(dir, d), append(fraction, 0.75+0.4*u[1]), append(width, math.Pow(2, 3*u[2]-1.5))
	}
	return dir, fraction, width
}

// validateNominal compares the nominal element with a cell without spread, pulse by
// pulse from the same state and over the whole sequence.
func (c *characteriser) validateNominal() error {
	t := &c.model.table
	quiet := c.model.clone()
	quiet.D2DScale, quiet.C2CScale = 0, 0
	const sequences = 8
	var steps, paths []float64
	lowest, highest := t.GMax, t.GMin
	for q := range sequences {
		pop, err := quiet.New(1, 1, c.set.Env, noise.Key{})
		if err != nil {
			return err
		}
		one, err := quiet.New(1, 1, c.set.Env, noise.Key{})
		if err != nil {
			return err
		}
		b, err := c.newBench(1, false, 100+uint64(q))
		if err != nil {
			return err
		}
		// From either end.
		if err := c.saturate(b, 1-q%2); err != nil {
			return err
		}
		g, err := b.read()
		if err != nil {
			return err
		}
		pop.put(0, g[0])
		dirs, fs, ws := sequence(c.set.Key.Fold(4).Fold(uint64(q)), validationPulses, c.set.Pulses)
		for k, dir := range dirs {
			one.put(0, g[0])
			amplitude, width := fs[k]*c.drive.amplitude[dir], ws[k]*c.drive.width
			if err := b.pulse(amplitude, width); err != nil {
				return err
			}
			if g, err = b.read(); err != nil {
				return err
			}
			pulse := device.Pulse{Amplitude: amplitude, Width: width}
			for _, p := range []*Population{pop, one} {
				if _, err := p.Program(nil, pulse, c.set.Env, noise.Key{}); err != nil {
					return err
				}
			}
			lowest, highest = math.Min(lowest, g[0]), math.Max(highest, g[0])
			steps = append(steps, math.Abs(one.conductance(0)-g[0])/(t.GMax-t.GMin))
			paths = append(paths, math.Abs(pop.conductance(0)-g[0])/(t.GMax-t.GMin))
		}
	}
	e := &t.Errors
	e.StepMedian, e.StepP95 = quantiles(steps)
	e.PathMedian, e.PathP95 = quantiles(paths)
	e.Pulses = len(steps)
	e.Covered = math.Max(highest-lowest, 0) / (t.GMax - t.GMin)
	return nil
}

// validateDistribution compares quantiles over fresh copies with those over as many
// cells of the model under the same pulses.
func (c *characteriser) validateDistribution() error {
	t := &c.model.table
	n := c.set.Devices
	b, err := c.newBench(n, len(t.Components) > 0, 5)
	if err != nil {
		return err
	}
	pop, err := c.model.New(1, 16*n, c.set.Env, c.set.Key.Fold(6))
	if err != nil {
		return err
	}
	if err := c.saturate(b, reset); err != nil {
		return err
	}
	for i := range pop.s {
		pop.s[i] = 0
	}
	cells := make([]float64, 16*n)
	var diffs []float64
	dirs, fs, ws := sequence(c.set.Key.Fold(4).Fold(1000), validationPulses, c.set.Pulses)
	for k, dir := range dirs {
		amplitude, width := fs[k]*c.drive.amplitude[dir], ws[k]*c.drive.width
		if err := b.pulse(amplitude, width); err != nil {
			return err
		}
		g, err := b.read()
		if err != nil {
			return err
		}
		if _, err := pop.Program(nil, device.Pulse{Amplitude: amplitude, Width: width}, c.set.Env, c.set.Key.Fold(7)); err != nil {
			return err
		}
		pop.Transfer(cells, c.drive.read, c.set.Env)
		slices.Sort(g)
		slices.Sort(cells)
		for _, p := range []float64{0.1, 0.25, 0.5, 0.75, 0.9} {
			a, z := stat.Quantile(p, stat.LinInterp, g, nil), stat.Quantile(p, stat.LinInterp, cells, nil)
			diffs = append(diffs, math.Abs(a-z)/(t.GMax-t.GMin))
		}
	}
	t.Errors.QuantileMedian, t.Errors.QuantileP95 = quantiles(diffs)
	t.Errors.Devices = n
	return nil
}

func quantiles(v []float64) (median, p95 float64) {
	slices.Sort(v)
	return stat.Quantile(0.5, stat.LinInterp, v, nil), stat.Quantile(0.95, stat.LinInterp, v, nil)
}
