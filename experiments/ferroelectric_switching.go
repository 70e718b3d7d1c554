package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/device"
	"mho/device/ferroelectric"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// ferroelectricSwitching shows how the polarisation of ferroelectric elements follows a
// voltage.
var ferroelectricSwitching = Experiment{
	Name:    "ferroelectric-switching",
	Summary: "Switched polarisation against time, hysteresis loops and pulse trains of ferroelectric elements",
	New: func() Study {
		return &ferroStudy{
			voltages: []float64{0.8, 1, 1.2, 1.5, 1.8}, shortest: 1e-7, longest: 1e-3,
			frequencies: []float64{1e2, 1e3, 1e4, 1e5}, samples: 100, pulses: 32, width: 75e-9, first: 2, last: 4, read: 0.05,
		}
	},
	Draw: drawFerro,
}

type ferroStudy struct {
	voltages          []float64 // V
	shortest, longest float64   // s
	amplitude         float64   // V; 0 is the element's own
	frequencies       []float64 // Hz
	samples           int
	pulses            int
	width             float64 // s
	first, last       float64 // V
	read              float64 // V
	env               device.Env
	devices           []Device
}

func (s *ferroStudy) Configure(c *Config) error {
	s.env = c.Env
	positive := quantity.Positive()
	if err := c.Section("study", []device.Param{
		{Name: "voltages", Value: &s.voltages, Unit: "V", Range: positive, Meaning: "constant voltages, from a film that points against them"},
		{Name: "shortest", Value: &s.shortest, Unit: "s", Range: positive, Meaning: "shortest time at a constant voltage"},
		{Name: "longest", Value: &s.longest, Unit: "s", Range: positive, Meaning: "longest time at a constant voltage"},
		{Name: "amplitude", Value: &s.amplitude, Unit: "V", Range: quantity.NonNegative(), Meaning: "amplitude of the loops; 0 is the element's own"},
		{Name: "frequencies", Value: &s.frequencies, Unit: "Hz", Range: positive, Meaning: "frequencies of the loops"},
		{Name: "samples", Value: &s.samples, Range: quantity.Between(16, 1e5), Meaning: "samples of each quarter of a loop"},
		{Name: "pulses", Value: &s.pulses, Range: quantity.Between(2, 10000), Meaning: "pulses of each train, up and down"},
		{Name: "width", Value: &s.width, Unit: "s", Range: positive, Meaning: "width of a pulse"},
		{Name: "first", Value: &s.first, Unit: "V", Range: positive, Meaning: "magnitude of the first pulse of a rising train"},
		{Name: "last", Value: &s.last, Unit: "V", Range: positive, Meaning: "magnitude of the last pulse of a rising train; identical pulses have the mean"},
		{Name: "read_voltage", Value: &s.read, Unit: "V", Meaning: "voltage at which conductances are taken; reading changes nothing"},
	}); err != nil {
		return err
	}
	switch {
	case len(s.voltages) == 0:
		return c.Errorf("study.voltages", "is empty: must hold at least one voltage")
	case len(s.frequencies) == 0:
		return c.Errorf("study.frequencies", "is empty: must hold at least one frequency")
	case !(s.shortest < s.longest):
		return c.Errorf("study.shortest", "%s is not below study.longest, %s", quantity.Format(s.shortest, "s"), quantity.Format(s.longest, "s"))
	}
	var err error
	if s.devices, err = c.Elements(); err != nil {
		return err
	}
	for _, d := range s.devices {
		if info := d.Element.Info(); info.Technology != "ferroelectric" {
			return c.Errorf("device.model", "%s is not ferroelectric: must be a model with the polarisation p as its state, such as ferroelectric, fefet or ftj", info.Name)
		}
	}
	return nil
}

func (s *ferroStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	for i, d := range s.devices {
		if err := s.measure(ctx, r, d, key.Fold(uint64(i))); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Label, err)
		}
	}
	return r, nil
}

func (s *ferroStudy) measure(ctx context.Context, r *Record, d Device, key noise.Key) error {
	initial := func(p float64) []float64 {
		var x []float64
		for _, st := range d.Element.States() {
			x = append(x, st.Initial)
		}
		x[0] = p
		return x
	}
	run := func(w device.Waveform, p float64, k uint64) (*device.Trace, error) {
		return device.Run(ctx, d.Element, w, &device.Settings{Env: s.env, Initial: initial(p), Key: key.Fold(k)})
	}
	const points = 80
	for k, v := range s.voltages {
		w := device.Waveform{T: []float64{0}, U: [][]float64{{v}}}
		for j := range points + 1 {
			w.T = append(w.T, s.shortest*math.Pow(s.longest/s.shortest, float64(j)/points))
			w.U[0] = append(w.U[0], v)
		}
		tr, err := run(w, -1, uint64(k))
		if err != nil {
			return err
		}
		f := make([]float64, points+1)
		for j := range f {
			f[j] = 0.5 * (1 + tr.X[0][j+1])
		}
		r.Tables = append(r.Tables, Table{fmt.Sprintf("switch %s %d", d.Label, k), []Column{{"t", "s", tr.T[1:]}, {"switched", "", f}}})
		for j := range f {
			if f[j] >= 0.5 {
				r.Add(fmt.Sprintf("%s.half_%d", d.Label, k+1), "s", tr.T[1:][j])
				break
			}
		}
	}
	amplitude := s.amplitude
	if l, ok := d.Element.(device.Looped); ok && amplitude == 0 {
		amplitude, _ = l.LoopDrive()
	}
	for k, f := range s.frequencies {
		w, err := device.Triangle(amplitude, -amplitude, f, 2, s.samples)
		if err != nil {
			return err
		}
		tr, err := run(w, -1, uint64(1000+k))
		if err != nil {
			return err
		}
		from := (len(tr.T) - 1) / 2 // the second period
		v, p := tr.U[0][from:], tr.X[0][from:]
		r.Tables = append(r.Tables, Table{fmt.Sprintf("loop %s %d", d.Label, k), []Column{{"v", "V", v}, {"p", "", p}}})
		for j := 1; j < len(v); j++ {
			if p[j-1] < 0 && p[j] >= 0 {
				r.Add(fmt.Sprintf("%s.coercive_%d", d.Label, k+1), "V", v[j-1]+(v[j]-v[j-1])*p[j-1]/(p[j-1]-p[j]))
				break
			}
		}
	}
	for k, kind := range []string{ferroelectric.Identical, ferroelectric.Amplitude} {
		n, g, p, err := s.train(ctx, d.Element, kind, initial(-1), key.Fold(uint64(2000+k)))
		if err != nil {
			return err
		}
		r.Tables = append(r.Tables, Table{fmt.Sprintf("train %s %s", d.Label, kind), []Column{{"pulse", "", n}, {"g", "S", g}, {"p", "", p}}})
	}
	return nil
}

// train potentiates and then depresses the element and reads it after each pulse.
func (s *ferroStudy) train(ctx context.Context, el device.Element, kind string, x []float64, key noise.Key) (n, g, p []float64, err error) {
	u := []float64{s.read}
	read := func(k int) {
		n, p = append(n, float64(k)), append(p, x[0])
		g = append(g, device.ElementConductance(el, x, u, s.env))
	}
	read(0)
	for _, sign := range []float64{1, -1} {
		scheme := ferroelectric.Scheme{Kind: kind, Amplitude: sign * s.first, Last: sign * s.last, Width: s.width, Count: s.pulses}
		if kind == ferroelectric.Identical {
			scheme.Amplitude = sign * 0.5 * (s.first + s.last)
		}
		pulses, err := scheme.Pulses()
		if err != nil {
			return nil, nil, nil, err
		}
		for _, pulse := range pulses {
			v := pulse.Amplitude
			w := device.Waveform{T: []float64{0, pulse.Width}, U: [][]float64{{v, v}}}
			tr, err := device.Run(ctx, el, w, &device.Settings{Env: s.env, Initial: x, Key: key.Fold(uint64(len(n)))})
			if err != nil {
				return nil, nil, nil, err
			}
			x = make([]float64, len(tr.X))
			for j := range x {
				x[j] = tr.X[j][len(tr.T)-1]
			}
			read(len(n))
		}
	}
	return n, g, p, nil
}

func drawFerro(r *Results) ([]Figure, error) {
	first := r.first()[0]
	s := first.Study.(*ferroStudy)
	d, synapse := s.devices[0], s.devices[len(s.devices)-1]
	kinetics := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log}, Y: plots.Axis{Label: "Switched fraction"}}
	var numbers []Number
	for k, v := range s.voltages {
		name := fmt.Sprintf("switch %s %d", d.Label, k)
		label := siLabel(quantity.Format(v, "V"))
		kinetics.Series = append(kinetics.Series, plots.Line{Name: label, X: first.Column(name, "t"), Y: first.Column(name, "switched")})
		if t, ok := first.lookup(fmt.Sprintf("%s.half_%d", d.Label, k+1)); ok {
			numbers = append(numbers, Number{Text: d.Label + ": time to half at " + label, Unit: "s", X: t})
		}
	}
	loops := plots.Panel{X: plots.Axis{Label: "Voltage", Unit: "V"}, Y: plots.Axis{Label: "Polarisation over remanence"}}
	for k, f := range s.frequencies {
		name := fmt.Sprintf("loop %s %d", d.Label, k)
		label := siLabel(quantity.Format(f, "Hz"))
		loops.Series = append(loops.Series, plots.Line{Name: label, X: first.Column(name, "v"), Y: first.Column(name, "p")})
		if v, ok := first.lookup(fmt.Sprintf("%s.coercive_%d", d.Label, k+1)); ok {
			numbers = append(numbers, Number{Text: d.Label + ": coercive voltage at " + label, Unit: "V", X: v})
		}
	}
	column, trains := "g", plots.Panel{X: plots.Axis{Label: "Pulse"}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}
	if _, ok := synapse.Element.(*ferroelectric.Capacitor); ok {
		column, trains.Y = "p", plots.Axis{Label: "Polarisation over remanence"}
	}
	for _, kind := range []string{ferroelectric.Identical, ferroelectric.Amplitude} {
		name := fmt.Sprintf("train %s %s", synapse.Label, kind)
		label := map[string]string{ferroelectric.Identical: "identical", ferroelectric.Amplitude: "rising"}[kind]
		trains.Series = append(trains.Series, plots.Scatter{Name: label, X: first.Column(name, "pulse"), Y: first.Column(name, column)})
	}
	return []Figure{{
		Name: "switching",
		Caption: fmt.Sprintf("Ferroelectric switching. (a) Fraction of %s switched at constant voltages, from full polarisation against them. (b) Its hysteresis loops at several frequencies. (c) %s after %d pulses up and %d down of %s, identical or rising in voltage from %s to %s.",
			d.Label, synapse.Label, s.pulses, s.pulses, siLabel(quantity.Format(s.width, "s")), siLabel(quantity.Format(s.first, "V")), siLabel(quantity.Format(s.last, "V"))),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{kinetics, loops, trains}},
	}}, nil
}
