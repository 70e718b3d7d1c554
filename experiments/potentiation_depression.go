package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// potentiationDepression gives devices equal pulses up and down.
var potentiationDepression = Experiment{
	Name:    "potentiation-depression",
	Summary: "Conductance against the number of pulses up and down, and the step against the state",
	New: func() Study {
		return &trainStudy{count: 200, cycles: 3, circuit: newCircuit()}
	},
	Draw: drawTrains,
}

type trainStudy struct {
	count    int
	pulses   int // 0 is each model's own
	cycles   int
	up, down float64 // V; 0 is each model's own
	width    float64 // s; 0 is each model's own
	circuit  circuit
	env      device.Env
	devices  []Device
}

func (s *trainStudy) Configure(c *Config) error {
	s.env = c.Env
	params := append([]device.Param{
		{Name: "devices", Value: &s.count, Range: quantity.Between(1, 1e7), Meaning: "number of devices; an element without spreads of its own is taken once"},
		{Name: "pulses", Value: &s.pulses, Range: quantity.Between(0, 1e6), Meaning: "pulses up, and as many down; 0 is each model's own: the steps that its range takes, or 100"},
		{Name: "cycles", Value: &s.cycles, Range: quantity.Between(1, 10000), Meaning: "number of times up and down; a train down comes before the first"},
		{Name: "amplitude_up", Value: &s.up, Unit: "V", Meaning: "voltage of pulses up; 0 is each model's own"},
		{Name: "amplitude_down", Value: &s.down, Unit: "V", Meaning: "voltage of pulses down; 0 is each model's own"},
		{Name: "width", Value: &s.width, Unit: "s", Range: quantity.NonNegative(), Meaning: "width of the pulses; 0 is each model's own, for an element that of which the pulses of one direction switch it"},
	}, s.circuit.params()...)
	if err := c.Section("study", params); err != nil {
		return err
	}
	if err := s.circuit.validate(c); err != nil {
		return err
	}
	var err error
	if s.devices, err = c.Models("driven by pulses of a voltage: must be such an element, or a population that takes pulses", func(m device.Model) bool {
		if cells, ok := m.(device.CellModel); ok {
			p, err := cells.NewPopulation(1, 1, s.env, noise.Key{})
			_, pulsed := p.(device.Pulsed)
			return err == nil && pulsed
		}
		el, ok := m.(device.Element)
		return ok && !device.CurrentDriven(el)
	}); err != nil {
		return err
	}
	for _, d := range s.devices {
		if _, _, err := s.train(d.Model); err != nil {
			return c.Errorf("device", "%s: %v", d.Label, err)
		}
		n := float64(s.length(d.Model))
		if err := c.NeedMemory("study.devices", fmt.Sprintf("%d trains of %.3g pulses", s.count, n), 16*float64(s.count)*(2*float64(s.cycles)+1)*n); err != nil {
			return err
		}
	}
	return nil
}

// number returns a parameter of a model as a number, 0 if it has none.
func number(m device.Model, name string) float64 {
	for _, p := range m.Params() {
		if p.Name != name {
			continue
		}
		switch v := p.Value.(type) {
		case *float64:
			return *v
		case *int:
			return float64(*v)
		}
	}
	return 0
}

// length returns the number of pulses in one direction.
func (s *trainStudy) length(m device.Model) int {
	if s.pulses > 0 {
		return s.pulses
	}
	if n := math.Max(number(m, "states_up"), number(m, "states_down")); n > 0 {
		return int(n)
	}
	if dw := number(m, "dw_min"); dw > 0 {
		return max(1, int(math.Ceil((number(m, "w_max")-number(m, "w_min"))/dw*(1-1e-12))))
	}
	return 100
}

// pulseShape is the pulse of one direction.
type pulseShape struct{ amplitude, width float64 }

// train returns the pulses up and down for a model: those of [study], else its own.
// A width of 0 is left open for an element.
func (s *trainStudy) train(m device.Model) (up, down pulseShape, err error) {
	width := s.width
	if width == 0 {
		width = number(m, "t_pulse")
	}
	own := [2]float64{number(m, "v_up"), number(m, "v_down")}
	if l, ok := m.(device.Looped); ok {
		a, _ := l.LoopDrive()
		own = [2]float64{a, -a}
	}
	v := [2]float64{s.up, s.down}
	for k := range v {
		if v[k] == 0 {
			v[k] = own[k]
		}
	}
	_, element := m.(device.Element)
	switch {
	case v[0] == 0 || v[1] == 0 || width == 0 && !element:
		return up, down, fmt.Errorf("the model has no pulses of its own: study.amplitude_up, study.amplitude_down and study.width must be given")
	case v[0]*v[1] > 0:
		return up, down, fmt.Errorf("pulses up of %s and down of %s: must be of opposite signs", quantity.Format(v[0], "V"), quantity.Format(v[1], "V"))
	}
	return pulseShape{v[0], width}, pulseShape{v[1], width}, nil
}

// fit gives the pulse of an element the width of which n switch it: nearly from one
// bound of its first state to the other.
func (s *trainStudy) fit(ctx context.Context, el device.Element, p pulseShape, n int) (pulseShape, error) {
	if p.width > 0 {
		return p, nil
	}
	k := &kineticsStudy{voltage: p.amplitude, fraction: 0.95, longest: 1e3, circuit: s.circuit, env: s.env}
	if st := el.States(); len(st) == 0 || math.IsInf(st[0].Min, 0) || math.IsInf(st[0].Max, 0) {
		return p, fmt.Errorf("the element has no first state between bounds: study.width must be given")
	}
	sw, err := k.measure(ctx, s.circuit.around(el), noise.Key{})
	if err != nil {
		return p, err
	}
	if !sw.done {
		return p, fmt.Errorf("%s does not switch the element: study.amplitude_up, study.amplitude_down and study.width must be given", quantity.Format(p.amplitude, "V"))
	}
	p.width = sw.time / float64(n)
	return p, nil
}

func (s *trainStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	for i, d := range s.devices {
		var g [][]float64
		var err error
		if cells, ok := d.Model.(device.CellModel); ok {
			g, err = s.population(ctx, cells, key.Fold(uint64(i)))
		} else {
			g, err = s.elements(ctx, d.Model, key.Fold(uint64(i)))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
		noisy := number(d.Model, "write_noise_std") > 0 || number(d.Model, "read_std") > 0
		s.tell(r, d.Label, g, s.length(d.Model), noisy)
	}
	return r, nil
}

// population returns the conductances of all devices after each pulse of all cycles,
// beginning with those before the first.
func (s *trainStudy) population(ctx context.Context, m device.CellModel, key noise.Key) ([][]float64, error) {
	pop, err := m.NewPopulation(1, s.count, s.env, key)
	if err != nil {
		return nil, err
	}
	up, down, err := s.train(m)
	if err != nil {
		return nil, err
	}
	stress := slices.Repeat([]float64{1}, s.count)
	pulse := device.Pulse{Drive: "voltage", Port: "stack", Width: up.width}
	var g [][]float64
	event := uint64(0)
	read := func() {
		row := make([]float64, s.count)
		device.Read(row, pop, s.env, event, key)
		g = append(g, row)
	}
	n := s.length(m)
	for half := range 2*s.cycles + 1 {
		if pulse.Amplitude = down.amplitude; half%2 == 1 {
			pulse.Amplitude = up.amplitude
		}
		for range n {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			event++
			if _, err := pop.(device.Pulsed).Program(stress, pulse, s.env, key.Fold(event)); err != nil {
				return nil, err
			}
			if half > 0 {
				read()
			}
		}
		if half == 0 {
			read()
		}
	}
	return g, nil
}

// elements does the same with an element of which every device has its own
// parameters.
func (s *trainStudy) elements(ctx context.Context, m device.Model, key noise.Key) ([][]float64, error) {
	up, down, err := s.train(m)
	if err != nil {
		return nil, err
	}
	count := 1
	if v, ok := m.(device.Varied); ok && len(v.Spreads()) > 0 {
		count = s.count
	} else if st, ok := m.(device.Stochastic); ok && st.Noises() > 0 {
		count = s.count
	} else if j, ok := m.(device.Jumping); ok && j.Jumps() {
		count = s.count
	}
	n := s.length(m)
	el := m.(device.Element)
	for _, p := range []*pulseShape{&up, &down} {
		if *p, err = s.fit(ctx, el, *p, n); err != nil {
			return nil, err
		}
	}
	// Signs differ between models: the pulse that lowers the resistance is up.
	whole := func(p pulseShape) pulseShape { return pulseShape{p.amplitude, p.width * float64(n)} }
	trial, err := s.trace(ctx, el, []pulseShape{whole(up), whole(down)}, key)
	if err != nil {
		return nil, err
	}
	if trial[2] > trial[1] {
		up, down = down, up
	}
	var pulses []pulseShape
	for half := range 2*s.cycles + 1 {
		p := down
		if half%2 == 1 {
			p = up
		}
		pulses = append(pulses, slices.Repeat([]pulseShape{p}, n)...)
	}
	g := make([][]float64, 2*s.cycles*n+1)
	for k := range g {
		g[k] = make([]float64, count)
	}
	for i := range count {
		one, err := device.Copy(m)
		if err != nil {
			return nil, err
		}
		if err := device.Vary(one, key, 0, uint32(i)); err != nil {
			return nil, err
		}
		all, err := s.trace(ctx, one.(device.Element), pulses, key.Fold(uint64(i)))
		if err != nil {
			return nil, err
		}
		for k := range g {
			g[k][i] = all[n+k]
		}
	}
	return g, nil
}

// trace returns the conductance of an element at rest before the first and after
// each pulse.
func (s *trainStudy) trace(ctx context.Context, el device.Element, train []pulseShape, key noise.Key) ([]float64, error) {
	pulses := make([]device.Pulse, len(train))
	for k, p := range train {
		pulses[k] = device.Pulse{Drive: "voltage", Amplitude: p.amplitude, Width: p.width, Rise: p.width / 100, Fall: p.width / 100}
	}
	w, err := device.Train(train[0].width, pulses...)
	if err != nil {
		return nil, err
	}
	tr, err := device.Run(ctx, s.circuit.around(el), w, &device.Settings{Env: s.env, Key: key})
	if err != nil {
		return nil, err
	}
	g := make([]float64, len(pulses)+1)
	each := (len(tr.T) - 1) / len(pulses)
	for k := range g {
		g[k] = tr.G[k*each]
	}
	return g, nil
}

// tell adds the results of a device with n pulses in each direction. Noisy says that
// readings have noise of their own.
func (s *trainStudy) tell(r *Record, label string, g [][]float64, n int, noisy bool) {
	// The last cycle over the devices.
	last := g[2*n*(s.cycles-1):]
	columns := []Column{{Name: "pulse"}, {Name: "mean", Unit: "S"}, {Name: "p05", Unit: "S"}, {Name: "p95", Unit: "S"}, {Name: "one", Unit: "S"}}
	keep := evenly(len(last), 801)
	mean := make([]float64, len(last))
	for k, row := range last {
		mean[k] = stat.Mean(row, nil)
		if _, found := slices.BinarySearch(keep, k); !found {
			continue
		}
		sorted := slices.Sorted(slices.Values(row))
		for c, v := range []float64{float64(k), mean[k], Quantile(sorted, 0.05), Quantile(sorted, 0.95), row[0]} {
			columns[c].Values = append(columns[c].Values, v)
		}
	}
	r.Tables = append(r.Tables, Table{label, columns})
	low, high := mean[0], mean[n]
	r.Add(label+".g_low", "S", low)
	r.Add(label+".g_high", "S", high)
	if high > low {
		r.Add(label+".nl_up", "", nonlinearityLabel(mean[:n+1]))
		r.Add(label+".nl_down", "", nonlinearityLabel(mean[n:]))
	}
	_, sd := stat.MeanStdDev(last[n], nil)
	if len(last[n]) < 2 {
		sd = 0
	}
	r.Add(label+".g_high_std", "S", sd)

	// All cycles: the step in each part of the range, up and down.
	const bins = 20
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range last {
		sorted := slices.Sorted(slices.Values(row))
		lo, hi = math.Min(lo, Quantile(sorted, 0.05)), math.Max(hi, Quantile(sorted, 0.95))
	}
	if !(hi > lo) {
		return
	}
	var sum, squares, count [2][bins]float64
	for k := 0; k+1 < len(g); k++ {
		d := k / n % 2
		for i, before := range g[k] {
			// A reading that is high by mere noise is followed by a lower one, so that
			// steps would seem to fall with it. The middle of both has no such part.
			at := before
			if noisy {
				at = (before + g[k+1][i]) / 2
			}
			x := (at - lo) / (hi - lo) * bins
			if x < 0 || x >= bins {
				continue
			}
			b := int(x)
			step := g[k+1][i] - before
			sum[d][b] += step
			squares[d][b] += step * step
			count[d][b]++
		}
	}
	for d, name := range []string{"up", "down"} {
		steps := Table{Name: label + " " + name, Columns: []Column{{Name: "g", Unit: "S"}, {Name: "step", Unit: "S"}, {Name: "std", Unit: "S"}}}
		for b := range bins {
			c := count[d][b]
			if c < 2 {
				continue
			}
			m := sum[d][b] / c
			for k, v := range []float64{lo + (hi-lo)*(float64(b)+0.5)/bins, m, math.Sqrt(math.Max(0, squares[d][b]/c-m*m))} {
				steps.Columns[k].Values = append(steps.Columns[k].Values, v)
			}
		}
		r.Tables = append(r.Tables, steps)
	}
}

// nonlinearityLabel returns NeuroSim's label of a curve: the largest distance of
// the normalised curve from the straight line between its ends, in units of
// 0.07 sqrt(2), positive where it runs ahead.
func nonlinearityLabel(g []float64) float64 {
	n := len(g) - 1
	most := 0.0
	for k, x := range g {
		if d := (x-g[0])/(g[n]-g[0]) - float64(k)/float64(n); math.Abs(d) > math.Abs(most) {
			most = d
		}
	}
	return most / (0.07 * math.Sqrt2)
}

func drawTrains(r *Results) ([]Figure, error) {
	s := r.Points[0].Study.(*trainStudy)
	curves := Figure{Name: "cycle", Caption: fmt.Sprintf("Conductance after each pulse of the last of %d cycles, up and then down: mean over the devices, range of 5 to 95 %% of them, and one device.", s.cycles)}
	steps := Figure{Name: "steps", Caption: "Mean change of the conductance by one pulse up and one pulse down against the conductance before it (midway, where readings have noise of their own), with the standard deviation over pulses and devices where it leaves the mean to be seen."}
	points := r.first()
	var shown []Point
	for _, k := range evenly(len(points), 3) {
		shown = append(shown, points[k])
	}
	for _, d := range labels(points) {
		curve := plots.Panel{Title: d, X: plots.Axis{Label: "Pulse number"}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}
		step := plots.Panel{Title: d, X: plots.Axis{Label: "Conductance", Unit: "S"}, Y: plots.Axis{Label: "Change per pulse", Unit: "S"}, Rules: []plots.Rule{{At: 0}}}
		single := 0
		for _, p := range shown {
			if !has(p.Record, d) {
				continue
			}
			name := r.name(p, "mean")
			x, low, high := p.Column(d, "pulse"), p.Column(d, "p05"), p.Column(d, "p95")
			color := plots.OkabeIto[single%len(plots.OkabeIto)]
			single++
			if !slices.Equal(low, high) {
				curve.Series = append(curve.Series, plots.Band{X: x, Lo: low, Hi: high, Style: plots.Style{Color: color}})
				if len(shown) == 1 {
					curve.Series = append(curve.Series, plots.Line{Name: "one device", X: x, Y: p.Column(d, "one"), Style: plots.Style{Color: plots.OkabeIto[1], Width: 0.4}})
				}
			}
			curve.Series = append(curve.Series, plots.Line{Name: name, X: x, Y: p.Column(d, "mean"), Style: plots.Style{Color: color}})
			for k, direction := range []string{"up", "down"} {
				table := d + " " + direction
				if !has(p.Record, table) || len(p.Column(table, "g")) == 0 {
					continue
				}
				g, m, sd := p.Column(table, "g"), p.Column(table, "step"), p.Column(table, "std")
				lo, hi := make([]float64, len(g)), make([]float64, len(g))
				for i := range g {
					lo[i], hi[i] = m[i]-sd[i], m[i]+sd[i]
				}
				style := plots.Style{Color: plots.OkabeIto[k], Marker: []plots.Marker{plots.Circle, plots.Square}[k]}
				label := direction
				if len(shown) > 1 {
					style.Color = plots.OkabeIto[(2*single-2+k)%len(plots.OkabeIto)]
					label = joined(name, direction)
				}
				step.Series = append(step.Series, plots.Line{Name: label, X: g, Y: m, Style: style})
				if slices.Min(sd) < 3*math.Max(slices.Max(m), -slices.Min(m)) {
					step.Series = append(step.Series, plots.Band{X: g, Lo: lo, Hi: hi, Style: plots.Style{Color: style.Color}})
				}
			}
		}
		if len(curve.Series) > 0 {
			curves.Panels = append(curves.Panels, curve)
		}
		if len(step.Series) > 0 {
			steps.Panels = append(steps.Panels, step)
		}
		for _, p := range points {
			if nl, ok := p.lookup(d + ".nl_up"); ok {
				curves.Numbers = append(curves.Numbers,
					Number{Text: d + ": largest over smallest mean conductance", X: p.Record.Value(d+".g_high") / p.Record.Value(d+".g_low")},
					Number{Text: d + ": nonlinearity up, NeuroSim's label", X: nl},
					Number{Text: d + ": nonlinearity down", X: p.Record.Value(d + ".nl_down")})
				break
			}
		}
	}
	figures := []Figure{curves}
	if len(steps.Panels) > 0 {
		figures = append(figures, steps)
	}
	for i := range figures {
		if n := len(figures[i].Panels); n > 3 {
			figures[i].Columns = 3
		} else {
			figures[i].Columns = n
		}
	}
	return figures, nil
}

// labels lists the devices of all points in their order.
func labels(points []Point) []string {
	var out []string
	for _, p := range points {
		for _, d := range p.Study.(*trainStudy).devices {
			if !slices.Contains(out, d.Label) {
				out = append(out, d.Label)
			}
		}
	}
	return out
}
