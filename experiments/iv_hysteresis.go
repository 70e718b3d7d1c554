package experiments

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// ivHysteresis drives elements with a periodic voltage and shows their loops.
var ivHysteresis = Experiment{
	Name:    "iv-hysteresis",
	Summary: "Current-voltage loops of memristive elements, and how they close as the frequency rises",
	New: func() Study {
		return &loopStudy{shape: "sine", relative: 1, periods: 3, samples: 2000, circuit: newCircuit()}
	},
	Draw: drawLoops,
}

type loopStudy struct {
	shape     string
	amplitude float64 // V; 0 is each model's own
	frequency float64 // Hz; 0 is each model's own
	relative  float64
	periods   int
	samples   int
	circuit   circuit
	env       device.Env
	devices   []Device
}

func (s *loopStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("waveform", []device.Param{
		{Name: "shape", Value: &s.shape, Options: []string{"sine", "triangle"}, Meaning: "form of the voltage"},
		{Name: "amplitude", Value: &s.amplitude, Unit: "V", Range: quantity.NonNegative(), Meaning: "amplitude; 0 is each model's own, which shows its loop"},
		{Name: "frequency", Value: &s.frequency, Unit: "Hz", Range: quantity.NonNegative(), Meaning: "frequency before relative_frequency; 0 is each model's own"},
		{Name: "relative_frequency", Value: &s.relative, Range: quantity.Positive(), Meaning: "factor on the frequency"},
		{Name: "periods", Value: &s.periods, Range: quantity.Between(1, 10000), Meaning: "number of periods; the last is shown"},
		{Name: "samples", Value: &s.samples, Range: quantity.Between(16, 1e6), Meaning: "samples per period"},
	}); err != nil {
		return err
	}
	if err := c.Section("study", s.circuit.params()); err != nil {
		return err
	}
	if err := s.circuit.validate(c); err != nil {
		return err
	}
	rows := float64(s.samples) * float64(s.periods)
	if err := c.NeedMemory("waveform.samples", fmt.Sprintf("a trace of %.3g samples", rows), 8*16*rows); err != nil {
		return err
	}
	var err error
	s.devices, err = c.Elements()
	return err
}

// drive returns the amplitude in V and the frequency in Hz for an element.
func (s *loopStudy) drive(el device.Element) (amplitude, frequency float64, err error) {
	amplitude, frequency = s.amplitude, s.frequency
	if amplitude == 0 || frequency == 0 {
		l, ok := el.(device.Looped)
		if !ok {
			return 0, 0, fmt.Errorf("%s has no drive of its own: waveform.amplitude and waveform.frequency must be given", el.Info().Name)
		}
		a, f := l.LoopDrive()
		if amplitude == 0 {
			amplitude = a
		}
		if frequency == 0 {
			frequency = f
		}
	}
	// The product of round numbers is round.
	product, err := strconv.ParseFloat(strconv.FormatFloat(frequency*s.relative, 'g', 12, 64), 64)
	return amplitude, product, err
}

func (s *loopStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	for _, d := range s.devices {
		amplitude, frequency, err := s.drive(d.Element)
		if err != nil {
			return nil, err
		}
		var w device.Waveform
		if s.shape == "sine" {
			w, err = device.Sine(amplitude, frequency, float64(s.periods), s.samples)
		} else {
			w, err = device.Triangle(amplitude, -amplitude, frequency, s.periods, s.samples)
		}
		if err != nil {
			return nil, err
		}
		tr, err := device.Run(ctx, s.circuit.around(d.Element), w, &device.Settings{Env: s.env})
		if err != nil {
			return nil, err
		}
		// The last period, from one zero of the drive to the next.
		from := len(tr.T) - 1 - (len(tr.T)-1)/s.periods
		v, i := tr.Voltage()[from:], tr.Current()[from:]
		half := from + len(v)/2
		t := make([]float64, len(v))
		for k := range t {
			t[k] = tr.T[from+k] - tr.T[from]
		}
		loop := Table{d.Label, []Column{{"t", "s", t}, {"v", "V", v}, {"i", "A", i}, {"g", "S", tr.G[from:]}}}
		for k, st := range tr.States {
			loop.Columns = append(loop.Columns, Column{st.Name, st.Unit, tr.X[k][from:]})
		}
		r.Tables = append(r.Tables, loop)
		lo, hi := math.Inf(1), math.Inf(-1)
		peak := 0.0
		for k := range v {
			lo, hi = math.Min(lo, tr.G[from+k]), math.Max(hi, tr.G[from+k])
			peak = math.Max(peak, math.Abs(i[k]))
		}
		r.Add(d.Label+".frequency", "Hz", frequency)
		r.Add(d.Label+".lobe_area_positive", "W", math.Abs(tr.LobeArea(from, half)))
		r.Add(d.Label+".lobe_area_negative", "W", math.Abs(tr.LobeArea(half, len(tr.T)-1)))
		r.Add(d.Label+".g_min", "S", lo)
		r.Add(d.Label+".g_max", "S", hi)
		r.Add(d.Label+".i_peak", "A", peak)
	}
	return r, nil
}

func drawLoops(r *Results) ([]Figure, error) {
	s := r.Points[0].Study.(*loopStudy)
	var shown []Point
	for _, k := range evenly(len(r.first()), 3) {
		shown = append(shown, r.first()[k])
	}
	loops := Figure{Name: "loops"}
	for _, d := range s.devices {
		p := plots.Panel{
			Title: d.Label,
			X:     plots.Axis{Label: "Voltage", Unit: "V"},
			Y:     plots.Axis{Label: "Current", Unit: "A"},
		}
		for _, pt := range shown {
			if !has(pt.Record, d.Label) {
				continue // another device along the sweep
			}
			name := siLabel(short(pt.Record.Value(d.Label+".frequency"), "Hz"))
			if other := r.groups([]Point{pt}, "waveform.relative_frequency", "waveform.frequency")[0].name; other != "" {
				name = joined(other, name)
			}
			p.Series = append(p.Series, plots.Line{Name: name, X: pt.Column(d.Label, "v"), Y: pt.Column(d.Label, "i")})
		}
		loops.Panels = append(loops.Panels, p)
		loops.Numbers = append(loops.Numbers,
			Number{Text: d.Label + ": area of the positive lobe at the first point", Unit: "W", X: r.Points[0].Record.Value(d.Label + ".lobe_area_positive")},
			Number{Text: d.Label + ": largest over smallest conductance there", X: r.Points[0].Record.Value(d.Label+".g_max") / r.Points[0].Record.Value(d.Label+".g_min")})
	}
	loops.Caption = fmt.Sprintf("Current-voltage loops under a %s voltage, the last of %d periods. Every loop is pinched at the origin; it closes as the frequency leaves the states behind.", s.shape, s.periods)
	figs := []Figure{loops}
	area := plots.Panel{
		X: plots.Axis{Label: "Frequency, relative", Scale: plots.Log},
		Y: plots.Axis{Label: "Lobe area, relative", Scale: plots.Log},
	}
	ratio := plots.Panel{
		X: area.X,
		Y: plots.Axis{Label: "\\it{G}_{max}/\\it{G}_{min} in a period", Scale: plots.Log},
	}
	i := -1
	groups := r.groups(r.first(), "waveform.relative_frequency")
	for _, n := range evenly(len(groups), 3) {
		for _, d := range s.devices {
			i++
			var x, y, g []float64
			for _, pt := range groups[n].points {
				st := pt.Study.(*loopStudy)
				if !has(pt.Record, d.Label) {
					continue
				}
				a := pt.Record.Value(d.Label + ".lobe_area_positive")
				if a > 0 && (len(x) == 0 || st.relative > x[len(x)-1]) {
					x, y, g = append(x, st.relative), append(y, a), append(g, pt.Record.Value(d.Label+".g_max")/pt.Record.Value(d.Label+".g_min"))
				}
			}
			if len(x) < 2 {
				continue
			}
			for k := len(y) - 1; k >= 0; k-- {
				y[k] /= y[0]
			}
			style := plots.Style{Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i%4]}
			name := joined(d.Label, groups[n].name)
			area.Series = append(area.Series, plots.Line{Name: name, X: x, Y: y, Style: style})
			ratio.Series = append(ratio.Series, plots.Line{Name: name, X: x, Y: g, Style: style})
		}
	}
	if len(area.Series) > 0 {
		figs = append(figs, Figure{
			Name:    "frequency",
			Caption: "Dependence of the loops on frequency. (a) Area of the positive lobe, relative to that at the lowest frequency. (b) Ratio of the largest to the smallest conductance within a period.",
			Figure:  plots.Figure{Panels: []plots.Panel{area, ratio}},
		})
	}
	return figs, nil
}

func has(r *Record, table string) bool {
	for _, t := range r.Tables {
		if t.Name == table {
			return true
		}
	}
	return false
}

// short prints a quantity to three digits.
func short(x float64, unit string) string {
	y := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
	return quantity.Format(math.Round(x/y)*y, unit)
}
