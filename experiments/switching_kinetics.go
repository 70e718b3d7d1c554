package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// switchingKinetics measures how long an element takes to switch at a constant
// voltage.
var switchingKinetics = Experiment{
	Name:    "switching-kinetics",
	Summary: "Switching time and energy of an element against a constant voltage",
	New: func() Study {
		return &kineticsStudy{voltage: 1, fraction: 0.9, longest: 1, copies: 1, circuit: newCircuit()}
	},
	Draw: drawKinetics,
}

type kineticsStudy struct {
	voltage  float64 // V
	fraction float64
	longest  float64 // s
	copies   int
	circuit  circuit
	env      device.Env
	devices  []Device
}

func (s *kineticsStudy) Configure(c *Config) error {
	s.env = c.Env
	params := append([]device.Param{
		{Name: "voltage", Value: &s.voltage, Unit: "V", Meaning: "constant voltage, of either sign"},
		{Name: "fraction", Value: &s.fraction, Range: quantity.Inside(0, 1), Meaning: "share of the way between the bounds of the first state that counts as switched"},
		{Name: "longest", Value: &s.longest, Unit: "s", Range: quantity.Positive(), Meaning: "time after which an element that has not switched is given up"},
		{Name: "devices", Value: &s.copies, Range: quantity.Between(1, 1e6), Meaning: "devices beside the nominal one, for the spread of the times; they differ by the published spreads of the model or those given as device.spread.NAME, and each has noise of its own; 1 is none"},
	}, s.circuit.params()...)
	var err error
	if s.devices, err = c.VariedElements(); err != nil {
		return err
	}
	if err := c.Section("study", params); err != nil {
		return err
	}
	if err := s.circuit.validate(c); err != nil {
		return err
	}
	if s.voltage == 0 {
		return c.Errorf("study.voltage", "0V switches nothing: must be > 0 V or < 0 V")
	}
	for _, d := range s.devices {
		states := d.Element.States()
		if len(states) == 0 || math.IsInf(states[0].Min, 0) || math.IsInf(states[0].Max, 0) {
			return c.Errorf("device.model", "%s has no first state between bounds: must be an element that switches between two states", d.Element.Info().Name)
		}
	}
	return nil
}

func (s *kineticsStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	for i, d := range s.devices {
		key := key.Fold(uint64(i))
		sw, err := s.measure(ctx, s.circuit.around(d.Element), key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
		switched := 0.0
		if sw.done {
			switched = 1
		}
		r.Add(d.Label+".switched", "", switched)
		if sw.done {
			r.Add(d.Label+".time", "s", sw.time)
			r.Add(d.Label+".energy", "J", sw.energy)
			r.Tables = append(r.Tables, Table{d.Label, []Column{{"t", "s", sw.t}, {"state", "", sw.x}, {"i", "A", sw.i}}})
		}
		if s.copies == 1 {
			continue
		}
		if err := s.population(ctx, r, d, key); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
	}
	return r, nil
}

// population measures devices that differ.
func (s *kineticsStudy) population(ctx context.Context, r *Record, d Device, key noise.Key) error {
	times := make([]float64, s.copies) // +Inf for those that do not switch
	done := 0
	for n := range times {
		el, err := device.Copy(d.Element)
		if err == nil {
			err = device.VaryBy(el, d.Spreads, key, 0, uint32(n))
		}
		if err != nil {
			return err
		}
		sw, err := s.measure(ctx, s.circuit.around(el), key.Fold(uint64(n)))
		if err != nil {
			return fmt.Errorf("device %d: %w", n, err)
		}
		times[n] = math.Inf(1)
		if sw.done {
			times[n] = sw.time
			done++
		}
	}
	slices.Sort(times)
	r.Add(d.Label+".share", "", float64(done)/float64(s.copies))
	for _, p := range []struct {
		name string
		at   float64
	}{{"p05", 0.05}, {"p50", 0.5}, {"p95", 0.95}} {
		if x := stats.Interpolate(times, p.at); !math.IsInf(x, 0) && !math.IsNaN(x) {
			r.Add(d.Label+".time_"+p.name, "s", x)
		}
	}
	return nil
}

// switching is the outcome of one measurement.
type switching struct {
	done         bool
	time, energy float64
	t, x, i      []float64
}

// measure applies the voltage for longer and longer until the element has
// switched, and then looks closer at the span in which it did.
func (s *kineticsStudy) measure(ctx context.Context, el device.Element, key noise.Key) (switching, error) {
	states := el.States()
	st := states[0]
	start := make([]float64, len(states))
	for k, x := range states {
		start[k] = x.Initial
	}
	// The state moves away from the bound that it starts at.
	up := s.direction(el, start)
	if up == 0 {
		return switching{}, nil
	}
	start[0] = st.Min
	goal := st.Min + s.fraction*(st.Max-st.Min)
	if up < 0 {
		start[0] = st.Max
		goal = st.Max - s.fraction*(st.Max-st.Min)
	}
	passed := func(x float64) bool { return up > 0 && x >= goal || up < 0 && x <= goal }
	set := &device.Settings{Env: s.env, Initial: start, Key: key}
	const samples = 1000
	for span := s.longest * 1e-15; ; span = math.Min(span*8, s.longest) {
		w := device.Waveform{T: make([]float64, samples+1), U: [][]float64{make([]float64, samples+1)}}
		for k := range w.T {
			w.T[k] = span * float64(k) / samples
			w.U[0][k] = s.voltage
		}
		tr, err := device.Run(ctx, el, w, set)
		if err != nil {
			return switching{}, err
		}
		x := tr.X[0]
		if passed(x[samples]) {
			k := 1
			for !passed(x[k]) {
				k++
			}
			// Between two samples of a thousand the state is straight to well
			// below the width of a line.
			f := (goal - x[k-1]) / (x[k] - x[k-1])
			sw := switching{done: true, time: tr.T[k-1] + f*(tr.T[k]-tr.T[k-1])}
			i := tr.Current()
			if sw.energy, err = s.energy(ctx, el, start, sw.time, key); err != nil {
				return switching{}, err
			}
			for j := 0; j <= samples; j += max(1, j/12) {
				sw.t, sw.i = append(sw.t, tr.T[j]), append(sw.i, i[j])
				sw.x = append(sw.x, (x[j]-st.Min)/(st.Max-st.Min))
			}
			return sw, nil
		}
		if span >= s.longest {
			return switching{}, nil
		}
	}
}

// energy integrates the power that the source delivers to the element from its
// start for a time, as a state beside the element's own: the current may fall by
// orders of magnitude between any samples.
func (s *kineticsStudy) energy(ctx context.Context, el device.Element, start []float64, time float64, key noise.Key) (float64, error) {
	w := device.Waveform{T: []float64{0, time}, U: [][]float64{{s.voltage, s.voltage}}}
	tr, err := device.Run(ctx, metered{el}, w, &device.Settings{Env: s.env, Initial: append(append([]float64(nil), start...), 0), Key: key})
	if err != nil {
		return 0, err
	}
	return tr.X[len(tr.X)-1][1], nil
}

// metered is an element with the energy delivered to it as its last state.
type metered struct {
	device.Element
}

func (m metered) States() []device.State {
	return append(m.Element.States(), device.State{
		Variable: device.Variable{Name: "energy", Unit: "J"}, Min: math.Inf(-1), Max: math.Inf(1), Scale: 1e-18,
	})
}

func (m metered) Response(x, u []float64, env device.Env) float64 {
	return m.Element.Response(x[:len(x)-1], u, env)
}

func (m metered) Derivative(dst, x, u []float64, env device.Env) {
	n := len(x) - 1
	m.Element.Derivative(dst[:n], x[:n], u, env)
	dst[n] = u[0] * m.Element.Response(x[:n], u, env)
}

func (m metered) Stiff() bool {
	s, ok := m.Element.(device.Stiff)
	return ok && s.Stiff()
}

func (m metered) Valid(x, u []float64, env device.Env) error {
	if l, ok := m.Element.(device.Limited); ok {
		return l.Valid(x[:len(x)-1], u, env)
	}
	return nil
}

func (m metered) Noises() int {
	if s, ok := m.Element.(device.Stochastic); ok {
		return s.Noises()
	}
	return 0
}

func (m metered) Diffusion(dst, x, u []float64, env device.Env) {
	n := (len(x) - 1) * m.Noises()
	m.Element.(device.Stochastic).Diffusion(dst[:n], x[:len(x)-1], u, env)
	clear(dst[n:])
}

func (m metered) Jumps() bool {
	j, ok := m.Element.(device.Jumping)
	return ok && j.Jumps()
}

func (m metered) Jump(x, u0, u1 []float64, dt float64, env device.Env, key noise.Key, event uint64) {
	m.Element.(device.Jumping).Jump(x[:len(x)-1], u0, u1, dt, env, key, event)
}

func (m metered) StepLimit(x, u []float64, env device.Env) float64 {
	if l, ok := m.Element.(interface {
		StepLimit(x, u []float64, env device.Env) float64
	}); ok {
		return l.StepLimit(x[:len(x)-1], u, env)
	}
	return math.Inf(1)
}

func (m metered) Project(x []float64) {
	if p, ok := m.Element.(device.Projected); ok {
		p.Project(x[:len(x)-1])
	}
}

// direction tells where the voltage drives the first state from within its
// bounds: up, down, or nowhere.
func (s *kineticsStudy) direction(el device.Element, x []float64) float64 {
	st := el.States()[0]
	mid := append([]float64(nil), x...)
	dst := make([]float64, len(x))
	for _, f := range []float64{0.5, 0.25, 0.75, 0.05, 0.95} {
		mid[0] = st.Min + f*(st.Max-st.Min)
		el.Derivative(dst, mid, []float64{s.voltage}, s.env)
		if dst[0] != 0 {
			return dst[0]
		}
	}
	return 0
}

func drawKinetics(r *Results) ([]Figure, error) {
	s := r.Points[0].Study.(*kineticsStudy)
	time := plots.Panel{X: plots.Axis{Label: "Voltage, magnitude", Unit: "V"}, Y: plots.Axis{Label: "Switching time", Unit: "s", Scale: plots.Log}}
	energy := plots.Panel{X: time.X, Y: plots.Axis{Label: "Switching energy", Unit: "J", Scale: plots.Log}}
	path := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log}, Y: plots.Axis{Label: "State between its bounds"}}
	var numbers []Number
	var slow, fast float64
	color := 0
	groups := r.groups(r.first(), "study.voltage")
	for _, n := range evenly(len(groups), 4) {
		for sign, name := range []string{"positive", "negative"} {
			for _, d := range s.devices {
				var v, t, e, band, lo, hi []float64
				for _, p := range groups[n].points {
					st := p.Study.(*kineticsStudy)
					if (st.voltage < 0) != (sign == 1) || !has(p.Record, d.Label) {
						continue
					}
					v = append(v, math.Abs(st.voltage))
					t = append(t, p.Record.Value(d.Label+".time"))
					e = append(e, math.Max(p.Record.Value(d.Label+".energy"), math.SmallestNonzeroFloat64))
					if x, ok := p.lookup(d.Label + ".time_p05"); ok {
						if high, ok := p.lookup(d.Label + ".time_p95"); ok {
							lo, hi, band = append(lo, x), append(hi, high), append(band, v[len(v)-1])
						}
					}
					slow, fast = math.Max(slow, t[len(t)-1]), minPositive(fast, t[len(t)-1])
				}
				if len(v) == 0 {
					continue
				}
				label := joined(groups[n].name, name)
				if len(s.devices) > 1 {
					label = joined(d.Label, groups[n].name, name)
				}
				style := plots.Style{Marker: []plots.Marker{plots.Circle, plots.Square}[sign], Color: plots.OkabeIto[color%len(plots.OkabeIto)]}
				color++
				time.Series = append(time.Series, plots.Line{Name: label, X: v, Y: t, Style: style})
				if len(band) > 1 {
					time.Series = append(time.Series, plots.Band{X: band, Lo: lo, Hi: hi})
				}
				energy.Series = append(energy.Series, plots.Line{Name: label, X: v, Y: e, Style: style})
			}
		}
	}
	if len(time.Series) == 0 {
		return nil, errors.New("no voltage of the study switches a device: larger voltages or a longer study.longest are needed")
	}
	for _, k := range evenly(len(r.first()), 4) {
		p := r.first()[k]
		d := s.devices[0]
		if !has(p.Record, d.Label) {
			continue
		}
		// A logarithmic axis has no place for the start.
		path.Series = append(path.Series, plots.Line{Name: r.name(p, siLabel(quantity.Format(p.Study.(*kineticsStudy).voltage, "V"))), X: p.Column(d.Label, "t")[1:], Y: p.Column(d.Label, "state")[1:]})
	}
	numbers = append(numbers, Number{Text: "longest switching time", Unit: "s", X: slow}, Number{Text: "shortest switching time", Unit: "s", X: fast})
	panels := []plots.Panel{time, energy}
	caption := fmt.Sprintf("Switching of %s at constant voltage, from one bound of its state %g %% of the way to the other. (a) Time. (b) Energy that the source delivers until then.", s.devices[0].Label, 100*s.fraction)
	if s.copies > 1 {
		caption += fmt.Sprintf(" Bands hold from the 5th to the 95th percentile of %d devices that differ; devices that do not switch within %s count as slower.", s.copies, siLabel(quantity.Format(s.longest, "s")))
	}
	if len(path.Series) > 0 {
		panels = append(panels, path)
		caption += " (c) State between its bounds against time at several voltages."
	}
	return []Figure{{Name: "kinetics", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels}}}, nil
}

func minPositive(a, b float64) float64 {
	if a == 0 {
		return b
	}
	return math.Min(a, b)
}
