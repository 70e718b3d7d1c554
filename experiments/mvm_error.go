package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"

	"mho/aimc"
	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// mvmError compares the products of an analog tile with the exact ones.
var mvmError = Experiment{
	Name:    "mvm-error",
	Summary: "Error of an analog matrix-vector product as time goes by, and what it is made of",
	New: func() Study {
		return &mvmStudy{outputs: 128, inputs: 128, vectors: 256, time: 20, distribution: "normal", budget: true}
	},
	Draw: drawMVM,
}

type mvmStudy struct {
	outputs, inputs, vectors int
	time                     float64 // s after programming
	distribution             string
	budget                   bool
	adcBits                  int // unless the file tells
	tile                     aimc.Config
}

func (s *mvmStudy) Configure(c *Config) error {
	return s.configure(c, device.Param{Name: "budget", Value: &s.budget, Meaning: "compute the error of each source alone as well"})
}

// configure takes the tables of a tile and of its products, with more keys of [study].
func (s *mvmStudy) configure(c *Config, more ...device.Param) error {
	if err := c.Section("study", append([]device.Param{
		{Name: "outputs", Value: &s.outputs, Range: quantity.Between(1, 1<<20), Meaning: "rows of the weight matrix"},
		{Name: "inputs", Value: &s.inputs, Range: quantity.Between(1, 1<<20), Meaning: "columns of the weight matrix"},
		{Name: "vectors", Value: &s.vectors, Range: quantity.Between(1, 1<<24), Meaning: "number of input vectors"},
		{Name: "time", Value: &s.time, Unit: "s", Range: quantity.NonNegative(), Meaning: "time of the products after programming"},
		{Name: "distribution", Value: &s.distribution, Options: []string{"normal", "uniform"}, Meaning: "distribution of weights and inputs: standard normal, or between -1 and 1"},
	}, more...)); err != nil {
		return err
	}
	cells, err := c.Cells()
	if err != nil {
		return err
	}
	s.tile = aimc.NewConfig(cells)
	s.tile.Env, s.tile.Converters.ADCBits = c.Env, s.adcBits
	if err := tileSections(c, &s.tile); err != nil {
		return err
	}
	need := 8 * (24*float64(s.outputs)*float64(s.inputs)*float64(s.tile.Mapping.Slices*s.tile.Mapping.Copies) + 4*float64(s.vectors)*float64(s.outputs+s.inputs))
	return c.NeedMemory("study.outputs", fmt.Sprintf("a tile of %d x %d with %d vectors", s.outputs, s.inputs, s.vectors), need)
}

// tileSections takes the tables of a tile.
func tileSections(c *Config, t *aimc.Config) error {
	for _, section := range []struct {
		name   string
		params []device.Param
	}{
		{"array", t.Array.Params()}, {"mapping", t.Mapping.Params()}, {"converters", t.Converters.Params()},
		{"programming", t.Programming.Params()}, {"compensation", t.Compensation.Params()},
	} {
		if err := c.Section(section.name, section.params); err != nil {
			return err
		}
	}
	var err error
	if t.Device, err = c.processes(t.Device, t.Noise.Params()); err != nil {
		return err
	}
	if err := t.Validate(); err != nil {
		return c.Wrong(err)
	}
	return nil
}

// source is a set of error sources that are in force.
type source struct {
	name string
	set  func(t *aimc.Config)
}

// sources lists the error sources one by one: everything else is ideal.
func (s *mvmStudy) sources() []source {
	ideal := func(t *aimc.Config) {
		t.Array.RWord, t.Array.RBit, t.Array.RDriver, t.Array.RSense = 0, 0, 0, 0
		c := crossbar.NewConverters()
		c.VRead, c.InputRange = t.Converters.VRead, t.Converters.InputRange
		t.Converters = c
		t.Mapping.Slices, t.Mapping.SliceBits = 1, 0
		t.Noise.Programming, t.Noise.Drift, t.Noise.Read = false, false, false
	}
	from := s.tile
	all := []source{
		{"programming", func(t *aimc.Config) { ideal(t); t.Noise.Programming = from.Noise.Programming }},
		{"drift", func(t *aimc.Config) { ideal(t); t.Noise.Drift = from.Noise.Drift }},
		{"read noise", func(t *aimc.Config) { ideal(t); t.Noise.Read = from.Noise.Read }},
		{"converters", func(t *aimc.Config) {
			ideal(t)
			t.Converters = from.Converters
		}},
	}
	if from.Mapping.SliceBits > 0 {
		all = append(all, source{"digits of weights", func(t *aimc.Config) {
			ideal(t)
			t.Mapping = from.Mapping
		}})
	}
	if !from.Array.Ideal() {
		all = append(all, source{"wires", func(t *aimc.Config) {
			w := from.Array
			ideal(t)
			t.Array = w
		}})
	}
	return all
}

func (s *mvmStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	w, x, exact := s.data(key)
	y, info, bits, err := s.multiply(ctx, s.tile, w, x, key)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	raw, gain, rest := relativeError(y, exact)
	r.Add("error", "", raw)
	r.Add("gain", "", gain)
	r.Add("error_after_gain", "", rest)
	r.Add("inputs_clipped", "", float64(info.InputsClipped))
	r.Add("outputs_clipped", "", float64(info.OutputsClipped))
	if !math.IsInf(bits, 0) && !math.IsNaN(bits) {
		r.Add("enob", "", bits)
	}
	r.Add("age", "s", info.Age)
	r.Tables = append(r.Tables, Table{"outputs", []Column{{"exact", "", thin(exact, 1500)}, {"analog", "", thin(y, 1500)}}})
	if s.budget {
		for _, src := range s.sources() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			t := s.tile
			src.set(&t)
			y, _, _, err := s.multiply(ctx, t, w, x, key)
			if err != nil {
				return nil, err
			}
			raw, _, rest := relativeError(y, exact)
			r.Add("error_"+spaceless(src.name)+"_only", "", raw)
			r.Add("error_after_gain_"+spaceless(src.name)+"_only", "", rest)
		}
	}
	return r, nil
}

func spaceless(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == ' ' {
			b[i] = '_'
		}
	}
	return string(b)
}

// draw fills a matrix; an entry keeps its value when the matrix grows around it.
func (s *mvmStudy) draw(rows, cols int, key noise.Key) []float64 {
	m := make([]float64, rows*cols)
	for i := range rows {
		row := m[i*cols : (i+1)*cols]
		if s.distribution == "normal" {
			key.Normal(row, noise.At{Row: uint32(i)})
			continue
		}
		key.Uniform(row, noise.At{Row: uint32(i)})
		for j := range row {
			row[j] = 2*row[j] - 1
		}
	}
	return m
}

// data returns weights, inputs and exact outputs.
func (s *mvmStudy) data(key noise.Key) (w, x, exact []float64) {
	w = s.draw(s.outputs, s.inputs, key.Domain(noise.Data).Fold(0))
	x = s.draw(s.vectors, s.inputs, key.Domain(noise.Data).Fold(1))
	exact = make([]float64, s.vectors*s.outputs)
	for k := range s.vectors {
		for j := range s.outputs {
			sum := 0.0
			for i, xi := range x[k*s.inputs : (k+1)*s.inputs] {
				sum += xi * w[j*s.inputs+i]
			}
			exact[k*s.outputs+j] = sum
		}
	}
	return w, x, exact
}

// multiply returns the outputs of a tile, and their effective number of bits for a sine wave at all inputs: from the powers of
// sine and residual of all outputs.
func (s *mvmStudy) multiply(ctx context.Context, c aimc.Config, w, x []float64, key noise.Key) ([]float64, aimc.Readout, float64, error) {
	tile, err := aimc.NewCrossbarTile(s.outputs, s.inputs, c, key)
	if err != nil {
		return nil, aimc.Readout{}, 0, err
	}
	if _, err := tile.Program(w, key); err != nil {
		return nil, aimc.Readout{}, 0, err
	}
	if err := tile.Advance(s.time, key); err != nil {
		return nil, aimc.Readout{}, 0, err
	}
	y := make([]float64, s.vectors*s.outputs)
	info, err := tile.MVM(ctx, y, x, 0, key)
	if err != nil {
		return nil, aimc.Readout{}, 0, err
	}
	sine, err := tile.SineTest(ctx, &aimc.SineSettings{Samples: 256, Cycles: 31}, key)
	if err != nil {
		return nil, aimc.Readout{}, 0, err
	}
	var signal, rest float64
	for _, o := range sine {
		signal += o.Amplitude * o.Amplitude
		rest += o.Residual * o.Residual
	}
	return y, info, crossbar.EffectiveBits(2*math.Sqrt(signal), math.Sqrt(rest)), nil
}

// relativeError returns the root mean square error of y relative to that of the
// exact outputs, the gain that fits y best, and the error that is left after it.
func relativeError(y, exact []float64) (raw, gain, rest float64) {
	var ee, ye, dd float64
	for i, e := range exact {
		ee += e * e
		ye += y[i] * e
		dd += (y[i] - e) * (y[i] - e)
	}
	if ee == 0 {
		return 0, 1, 0
	}
	gain = ye / ee
	left := 0.0
	if gain != 0 {
		for i, e := range exact {
			d := y[i]/gain - e
			left += d * d
		}
	}
	return math.Sqrt(dd / ee), gain, math.Sqrt(left / ee)
}

// along gathers a value over the repeats of each place on an axis, in order.
func along(points []Point, axis func(p Point) float64, name string) (x, mean, lo, hi []float64) {
	groups := map[float64][]float64{}
	for _, p := range points {
		if v, ok := p.lookup(name); ok {
			groups[axis(p)] = append(groups[axis(p)], v)
		}
	}
	for k := range groups {
		x = append(x, k)
	}
	slices.Sort(x)
	for _, k := range x {
		v := groups[k]
		slices.Sort(v)
		mean = append(mean, stat.Mean(v, nil))
		lo, hi = append(lo, v[0]), append(hi, v[len(v)-1])
	}
	return x, mean, lo, hi
}

// mvmAxis is the axis that a figure of errors is drawn over.
type mvmAxis struct {
	key   string
	label plots.Axis
	at    func(p Point) float64
}

// mvmAxes returns the axis of the figure: time if it is swept, else the first axis of numbers; time again if there is none.
func mvmAxes(r *Results) mvmAxis {
	time := mvmAxis{"study.time", plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log}, func(p Point) float64 { return p.Study.(*mvmStudy).time }}
	for _, p := range r.Points {
		if time.at(p) != time.at(r.Points[0]) {
			return time
		}
	}
	for i, a := range r.Axes {
		lo, hi, ok := math.Inf(1), math.Inf(-1), !a.Follows
		for _, p := range r.Points {
			ok = ok && !math.IsNaN(p.Axis[i])
			lo, hi = math.Min(lo, p.Axis[i]), math.Max(hi, p.Axis[i])
		}
		if !ok || lo == hi {
			continue
		}
		axis := plots.Axis{Label: a.Key, Unit: a.Unit}
		if names := map[string]string{"converters.adc.bits": "ADC resolution (bit)", "converters.dac.bits": "DAC resolution (bit)", "converters.adc.sigmas": "ADC range (standard deviations)", "array.rows": "Word lines of an array", "study.inputs": "Inputs"}; names[a.Key] != "" {
			axis.Label = names[a.Key]
		}
		if lo > 0 && hi >= 30*lo {
			axis.Scale = plots.Log
		}
		return mvmAxis{a.Key, axis, func(p Point) float64 { return p.Axis[i] }}
	}
	return time
}

func drawMVM(r *Results) ([]Figure, error) {
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*mvmStudy)
	// Both clouds are of one configuration, at its first and its last time.
	axis := mvmAxes(r)
	all := r.groups(r.Points, axis.key)
	first := all[len(all)-1].points[0]
	scatter := plots.Panel{X: plots.Axis{Label: "Exact output"}, Y: plots.Axis{Label: "Analog output"}}
	style := plots.Style{MarkerSize: 2, Opacity: 0.5}
	name := func(p Point) string {
		if axis.key != "study.time" {
			return r.name(p, "")
		}
		return siLabel(timeText(p.Study.(*mvmStudy).time))
	}
	scatter.Series = append(scatter.Series, plots.Scatter{Name: name(first), X: first.Column("outputs", "exact"), Y: first.Column("outputs", "analog"), Style: style})
	if axis.at(last) != axis.at(first) {
		scatter.Series = append(scatter.Series, plots.Scatter{Name: name(last), X: last.Column("outputs", "exact"), Y: last.Column("outputs", "analog"), Style: style})
	}
	scatter.Series = append(scatter.Series, diagonal(last.Column("outputs", "exact")))
	panels := []plots.Panel{scatter}
	numbers := []Number{
		{Text: "relative error at the first point", X: first.Record.Value("error")},
		{Text: "relative error at the last point", X: last.Record.Value("error")},
		{Text: "the same after one gain for all outputs", X: last.Record.Value("error_after_gain")},
		{Text: "gain at the last point", X: last.Record.Value("gain")},
	}
	caption := fmt.Sprintf("Products of a %d × %d matrix on %s in differential pairs. (a) Analog against exact outputs.", s.outputs, s.inputs, s.tile.Device.Info().Name)
	groups := all
	end := groups[len(groups)-1]
	if t, _, _, _ := along(end.points, axis.at, "error"); len(t) > 1 && (axis.label.Scale != plots.Log || t[0] > 0) {
		time := axis.label
		errors := plots.Panel{X: time, Y: plots.Axis{Label: "Relative error"}}
		for k, n := range evenly(len(groups), 4) {
			c := func(i int) plots.Style {
				return plots.Style{Color: plots.OkabeIto[(2*k+i)%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square}[i]}
			}
			t, mean, lo, hi := along(groups[n].points, axis.at, "error")
			_, rest, rlo, rhi := along(groups[n].points, axis.at, "error_after_gain")
			errors.Series = append(errors.Series,
				plots.Line{Name: joined(groups[n].name, "as read"), X: t, Y: mean, Style: c(0)}, plots.Band{X: t, Lo: lo, Hi: hi},
				plots.Line{Name: joined(groups[n].name, "after one gain"), X: t, Y: rest, Style: c(1)}, plots.Band{X: t, Lo: rlo, Hi: rhi})
		}
		panels = append(panels, errors)
		caption += fmt.Sprintf(" (b) Root mean square error relative to the exact outputs, mean and range of %d programming%s.", r.Repeats, plural(r.Repeats))
		budget := plots.Panel{X: time, Y: plots.Axis{Label: "Relative error, one source", Scale: plots.Log}}
		for i, src := range s.sources() {
			st, m, _, _ := along(end.points, axis.at, "error_"+spaceless(src.name)+"_only")
			var px, py []float64
			for k := range st {
				// A source that is off, or at the float's rounding, has no place on
				// a logarithmic axis.
				if m[k] > 1e-9 {
					px, py = append(px, st[k]), append(py, m[k])
				}
			}
			if len(px) > 0 {
				marker := []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond, plots.InvertedTriangle}[i%5]
				budget.Series = append(budget.Series, plots.Line{Name: src.name, X: px, Y: py, Style: plots.Style{Marker: marker}})
			}
		}
		if len(budget.Series) > 0 {
			panels = append(panels, budget)
			caption += " (c) The same with one source of error alone, all others ideal"
			if end.name != "" {
				caption += ", for " + end.name
			}
			caption += "."
		}
		enob := plots.Panel{X: time, Y: plots.Axis{Label: "Effective number of bits"}}
		for k, n := range evenly(len(groups), 4) {
			t, mean, lo, hi := along(groups[n].points, axis.at, "enob")
			if len(t) > 0 {
				style := plots.Style{Color: plots.OkabeIto[2*k%len(plots.OkabeIto)], Marker: plots.Circle}
				enob.Series = append(enob.Series, plots.Line{Name: groups[n].name, X: t, Y: mean, Style: style}, plots.Band{X: t, Lo: lo, Hi: hi})
			}
		}
		if len(enob.Series) > 0 {
			panels = append(panels, enob)
			caption += fmt.Sprintf(" (%c) Effective number of bits of the outputs: what is left of a sine wave at all inputs, against the wave.", 'a'+len(panels)-1)
		}
	}
	return []Figure{{Name: "mvm-error", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}, nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// timeText prints a time in the largest unit that it fills.
func timeText(t float64) string {
	for _, u := range []struct {
		name string
		s    float64
	}{{"y", 365 * 86400}, {"d", 86400}, {"h", 3600}, {"min", 60}} {
		if t >= u.s {
			return strconv.FormatFloat(t/u.s, 'g', 3, 64) + u.name
		}
	}
	return quantity.Format(t, "s")
}
