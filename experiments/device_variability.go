package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// deviceVariability programs devices again and again to several states.
var deviceVariability = Experiment{
	Name:    "device-variability",
	Summary: "Distributions of conductance by state, what differs between devices and between cycles, and a measured sample beside the model",
	New: func() Study {
		return &variabilityStudy{cells: 2000, cycles: 20, levels: 4, family: string(stats.Normal)}
	},
	Draw: drawVariability,
}

type variabilityStudy struct {
	cells, cycles, levels int
	states                []float64 // S
	wait                  float64   // s
	family                string
	sample                sampleConfig
	env                   device.Env
	model                 device.CellModel
	min, max              float64 // S
}

// A sampleConfig is a measured sample in a CSV.
type sampleConfig struct {
	file, column, devices string
	target                float64 // S; 0 is the median

	values []float64   // S
	split  [][]float64 // by device, S; nil without a column of devices
}

func (s *variabilityStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(10, 1<<24), Meaning: "number of devices"},
		{Name: "cycles", Value: &s.cycles, Range: quantity.Between(2, 1<<16), Meaning: "how often each device is programmed to each state"},
		{Name: "levels", Value: &s.levels, Range: quantity.Between(1, 64), Meaning: "number of states with even distances over the device's range, where states is empty"},
		{Name: "states", Value: &s.states, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductances that devices are programmed to, increasing"},
		{Name: "wait", Value: &s.wait, Unit: "s", Range: quantity.NonNegative(), Meaning: "time from programming to the read"},
		{Name: "distribution", Value: &s.family, Options: []string{"normal", "lognormal"}, Meaning: "distribution that is fitted; lognormal makes the conductance axis of the probability plot logarithmic"},
		{Name: "data", Value: &s.sample.file, Meaning: "CSV with measured conductances to lay beside the model; empty: none"},
		{Name: "column", Value: &s.sample.column, Meaning: "header of their column; a unit after the last underscore is obeyed (g_uS), else they are in S"},
		{Name: "device_column", Value: &s.sample.devices, Meaning: "header of the column that names the device of each value, to split their variance; empty: none"},
		{Name: "data_target", Value: &s.sample.target, Unit: "S", Range: quantity.NonNegative(), Meaning: "what the model is programmed to beside the data; 0 is their median"},
	}); err != nil {
		return err
	}
	var err error
	if s.model, s.min, s.max, err = c.targets(); err != nil {
		return err
	}
	if s.states, err = c.states("study.states", s.states, s.levels, s.min, s.max); err != nil {
		return err
	}
	if err := c.NeedMemory("study.cells", fmt.Sprintf("%d reads of each of %d devices", s.cycles, s.cells), 8*float64(s.cells)*float64(s.cycles+16)); err != nil {
		return err
	}
	return s.sample.load(c, s.min, s.max)
}

// load reads the sample.
func (d *sampleConfig) load(c *Config, min, max float64) error {
	if d.file == "" {
		if d.column != "" || d.devices != "" {
			return c.Errorf("study.data", "there is no file for the columns: must name a CSV")
		}
		return nil
	}
	t, err := files.ReadTable(d.file)
	if err != nil {
		return c.Errorf("study.data", "%v", err)
	}
	if err := c.Input(d.file); err != nil {
		return c.Errorf("study.data", "%v", err)
	}
	x, err := t.Floats(d.column)
	if err != nil {
		return c.Errorf("study.column", "%v", err)
	}
	unit := 1.0
	if i := strings.LastIndex(d.column, "_"); i >= 0 {
		if u, err := quantity.Parse("1"+d.column[i+1:], "S"); err == nil {
			unit = u
		}
	}
	if len(x) < 3 {
		return c.Errorf("study.data", "%s has %d values: must be at least 3", d.file, len(x))
	}
	for i, v := range x {
		if !(v > 0) {
			return c.Errorf("study.data", "%s: value %d of %s is %g: must be > 0 S", d.file, i+1, d.column, v)
		}
		d.values = append(d.values, v*unit)
	}
	if d.devices != "" {
		k := slices.IndexFunc(t.Columns, func(c files.Column) bool { return c.Name == d.devices })
		if k < 0 {
			return c.Errorf("study.device_column", "%s has no column %q: must be a header of it", d.file, d.devices)
		}
		index := map[string]int{}
		for i, name := range t.Columns[k].Text {
			n, ok := index[name]
			if !ok {
				n = len(d.split)
				index[name] = n
				d.split = append(d.split, nil)
			}
			d.split[n] = append(d.split[n], d.values[i])
		}
	}
	if d.target == 0 {
		d.target = stats.Interpolate(slices.Sorted(slices.Values(d.values)), 0.5)
	}
	if d.target < min || d.target > max {
		return c.Errorf("study.data_target", "%s is out of range: must be from %s to %s, as the device", quantity.Format(d.target, "S"), quantity.Format(min, "S"), quantity.Format(max, "S"))
	}
	return nil
}

// fit fits the study's distribution.
func (s *variabilityStudy) fit(x []float64) (*stats.Fit, error) {
	if s.family == string(stats.Lognormal) {
		return stats.FitLognormal(x, nil, 0.95)
	}
	return stats.FitNormal(x, 0.95)
}

func (s *variabilityStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	pop, err := s.model.NewPopulation(1, s.cells, s.env, key)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	means := make([][]float64, len(s.states)) // of each device, by state
	event := uint64(0)
	measure := func(dst []float64, target float64) error {
		k := key.Fold(event)
		if err := programAll(pop, target, s.env, k); err != nil {
			return err
		}
		pop.Advance(s.wait, s.env, k)
		device.Read(dst, pop, s.env, event, k)
		event++
		return nil
	}
	split := make([][]float64, s.cells)
	for i := range split {
		split[i] = make([]float64, s.cycles)
	}
	g := make([]float64, s.cells)
	for i, target := range s.states {
		for n := range s.cycles {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := measure(g, target); err != nil {
				return nil, err
			}
			for j, v := range g {
				split[j][n] = v
			}
			if n == 0 {
				s.distribution(r, stateName(i), g)
			}
		}
		r.Add(stateName(i)+".target", "S", target)
		means[i] = make([]float64, s.cells)
		for j, v := range split {
			means[i][j] = stat.Mean(v, nil)
		}
		addSplit(r, stateName(i), split)
	}
	if n := len(s.states); n > 1 {
		rho := make([]float64, n*n)
		for a := range n {
			for b := range n {
				c, err := stats.Correlation(means[a], means[b], 0.95)
				if err != nil {
					r.Warnings = append(r.Warnings, fmt.Sprintf("no correlation of states: %v", err))
					rho = nil
					break
				}
				rho[a*n+b] = c.Value
				if a == 0 && b == n-1 {
					r.Add("correlation_first_last", "", c.Value)
					r.Add("correlation_first_last_low", "", c.Low)
					r.Add("correlation_first_last_high", "", c.High)
				}
			}
			if rho == nil {
				break
			}
		}
		if rho != nil {
			r.AddArray("correlation", rho, n, n)
		}
	}
	if s.sample.values == nil {
		return r, nil
	}
	if err := measure(g, s.sample.target); err != nil {
		return nil, err
	}
	s.distribution(r, "data", s.sample.values)
	s.distribution(r, "model", g)
	model := slices.Sorted(slices.Values(g))
	data := slices.Sorted(slices.Values(s.sample.values))
	r.Add("distance", "", stat.KolmogorovSmirnov(data, nil, model, nil))
	if s.sample.split != nil {
		addSplit(r, "data", s.sample.split)
	}
	return r, nil
}

// distribution adds what one read of each device says about a state.
func (s *variabilityStudy) distribution(r *Record, name string, g []float64) {
	r.Tables = append(r.Tables, Table{name + " cdf", []Column{{"g", "S", quantiles(g)}}})
	sorted := slices.Sorted(slices.Values(g))
	r.Add(name+".median", "S", stats.Interpolate(sorted, 0.5))
	r.Add(name+".relative_std", "", relativeStd(g))
	f, err := s.fit(g)
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: no distribution was fitted: %v", name, err))
		return
	}
	r.Add(name+".location", "", f.Location.Value)
	r.Add(name+".scale", "", f.Scale.Value)
	r.Add(name+".scale_low", "", f.Scale.Low)
	r.Add(name+".scale_high", "", f.Scale.High)
	if t, err := stats.AndersonDarling(g, f); err == nil {
		r.Add(name+".p_value", "", t.P)
	}
	p, err := stats.ProbabilityPoints(g, nil, stats.Hazen, 0.95)
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: no probability plot: %v", name, err))
		return
	}
	t := Table{name + " points", []Column{{Name: "g", Unit: "S"}, {Name: "p"}, {Name: "low"}, {Name: "high"}}}
	for _, k := range tails(len(p.X), 80) {
		for c, v := range []float64{p.X[k], p.P[k], p.Low[k], p.High[k]} {
			t.Columns[c].Values = append(t.Columns[c].Values, v)
		}
	}
	r.Tables = append(r.Tables, t)
}

// tails returns up to about most of the indices below n, evenly spaced on a normal probability axis
// so that none of the outermost is missing.
func tails(n, most int) []int {
	var out []int
	last := stats.Probit(0.5 / float64(n))
	for k := range most {
		z := last * (1 - 2*float64(k)/float64(most-1))
		i := min(int(float64(n)*0.5*math.Erfc(-z/math.Sqrt2)), n-1)
		if len(out) == 0 || i > out[len(out)-1] {
			out = append(out, i)
		}
	}
	return out
}

// addSplit adds the variance of x[device][cycle] between devices and between cycles.
func addSplit(r *Record, name string, x [][]float64) {
	c, err := stats.Decompose(x, 0.95)
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: the variance was not split: %v", name, err))
		return
	}
	r.Add(name+".mean", "S", c.Mean)
	for _, e := range []struct {
		name string
		stats.Estimate
	}{{"d2d", c.D2D}, {"c2c", c.C2C}} {
		r.Add(name+"."+e.name, "S", e.Value)
		r.Add(name+"."+e.name+"_low", "S", e.Low)
		r.Add(name+"."+e.name+"_high", "S", e.High)
	}
	r.Add(name+".d2d_share", "", c.Share.Value)
}

// fitted returns the distribution that was fitted to a state, if there is one.
func (s *variabilityStudy) fitted(r *Record, name string) (*stats.Fit, bool) {
	location, ok := r.lookup(name + ".location")
	if !ok {
		return nil, false
	}
	return &stats.Fit{Family: stats.Family(s.family), Location: stats.Estimate{Value: location}, Scale: stats.Estimate{Value: r.Value(name + ".scale")}}, true
}

// fitCurve returns the fitted distribution function between two shares.
func fitCurve(f *stats.Fit, low, high float64) (x, p []float64) {
	a, b := stats.Probit(low), stats.Probit(high)
	for i := range 61 {
		q := 0.5 * math.Erfc(-(a+(b-a)*float64(i)/60)/math.Sqrt2)
		if v := f.Quantile(q); v > 0 {
			x, p = append(x, v), append(p, q)
		}
	}
	return x, p
}

func drawVariability(r *Results) ([]Figure, error) {
	first := r.first()
	p := first[0]
	s := p.Study.(*variabilityStudy)
	scale := plots.Linear
	if s.family == string(stats.Lognormal) {
		scale = plots.Log
	}
	cdf := plots.Panel{
		X: plots.Axis{Label: "Conductance", Unit: "S", Scale: scale}, Y: plots.Axis{Label: "Cumulative probability"},
		Legend: plots.Legend{Place: plots.Above},
	}
	prob := plots.Panel{X: cdf.X, Y: plots.Axis{Label: "Cumulative probability", Scale: plots.Probability}, Legend: plots.Legend{Place: plots.Hidden}}
	for k, i := range evenly(len(s.states), 7) {
		color := plots.Style{Color: plots.OkabeIto[k]}
		name := stateName(i)
		cdf.Series = append(cdf.Series, plots.ECDF{Name: siLabel(quantity.Format(s.states[i], "S")), Values: p.Column(name+" cdf", "g"), Style: color})
		f, ok := s.fitted(p.Record, name)
		if !ok {
			continue
		}
		share := p.Column(name+" points", "p")
		x, y := fitCurve(f, share[0], share[len(share)-1])
		prob.Series = append(prob.Series,
			plots.Scatter{Name: siLabel(quantity.Format(s.states[i], "S")), X: p.Column(name+" points", "g"), Y: share, Style: plots.Style{Color: color.Color, MarkerSize: 2}},
			plots.Line{X: x, Y: y, Style: plots.Style{Color: color.Color, Dash: plots.Dashed}})
	}
	panels := []plots.Panel{cdf}
	if len(prob.Series) > 0 {
		panels = append(panels, prob)
	}
	caption := fmt.Sprintf("Variability of %s: %d devices, each programmed %d times to each state. (a) Distribution over devices, by state. ", s.model.Info().Name, s.cells, s.cycles)
	if len(prob.Series) > 0 {
		caption += fmt.Sprintf("(b) The same on a probability axis, with the %s distribution fitted by maximum likelihood (dashed). ", s.family)
	}
	if split, ok := splitPanel(r, first, s); ok {
		panels = append(panels, split)
		caption += fmt.Sprintf("(%c) Standard deviation between devices (filled) and between cycles of a device (hollow), with 95 %% intervals. ", 'a'+len(panels)-1)
	}
	if slices.ContainsFunc(p.Arrays, func(a files.NamedArray) bool { return a.Name == "correlation" }) {
		var names []string
		for _, g := range s.states {
			names = append(names, strings.TrimSuffix(siLabel(quantity.Format(g, "S")), " µS"))
		}
		label := "State"
		if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, " ") }) {
			label = "State (µS)"
		}
		n := len(s.states)
		axis := plots.Axis{Label: label, Categories: names}
		panels = append(panels, plots.Panel{X: axis, Y: axis, Series: []plots.Series{plots.Heatmap{
			Z: p.Array("correlation"), Rows: n, Cols: n, Map: "diverging",
			Color: plots.Axis{Label: "Correlation over devices", Min: -1, Max: 1},
		}}})
		caption += fmt.Sprintf("(%c) Correlation over devices of their mean conductances in two states. ", 'a'+len(panels)-1)
	}
	last := stateName(len(s.states) - 1)
	numbers := []Number{{Text: "relative standard deviation in the highest state", X: p.Value(last + ".relative_std")}}
	if share, ok := p.lookup(last + ".d2d_share"); ok {
		numbers = append(numbers, Number{Text: "share of the variance between devices in the highest state", X: share})
	}
	if rho, ok := p.lookup("correlation_first_last"); ok {
		numbers = append(numbers, Number{Text: "correlation of the lowest and the highest state", X: rho})
	}
	out := []Figure{{Name: "variability", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}
	if s.sample.values != nil {
		out = append(out, drawSample(p, s, cdf.X))
	}
	return out, nil
}

// splitPanel shows what differs between devices and between cycles, by state.
func splitPanel(r *Results, first []Point, s *variabilityStudy) (plots.Panel, bool) {
	panel := plots.Panel{X: plots.Axis{Label: "State", Unit: "S"}, Y: plots.Axis{Label: "Standard deviation", Unit: "S"}}
	for k, i := range evenly(len(first), 4) {
		q := first[i]
		for _, part := range []struct {
			key, name string
			hollow    bool
		}{{"d2d", "D2D", false}, {"c2c", "C2C", true}} {
			var x, y, lo, hi []float64
			for n, g := range q.Study.(*variabilityStudy).states {
				if v, ok := q.lookup(stateName(n) + "." + part.key); ok {
					x, y = append(x, g), append(y, v)
					lo, hi = append(lo, q.Value(stateName(n)+"."+part.key+"_low")), append(hi, q.Value(stateName(n)+"."+part.key+"_high"))
				}
			}
			if len(x) == 0 {
				return panel, false
			}
			panel.Series = append(panel.Series, plots.ErrorBars{
				Name: joined(r.name(q, ""), part.name), X: x, Y: y, Lo: lo, Hi: hi,
				Style: plots.Style{Color: plots.OkabeIto[k], Hollow: part.hollow, Marker: plots.Circle},
			})
		}
	}
	return panel, true
}

// drawSample lays the model beside a measured sample.
func drawSample(p Point, s *variabilityStudy, axis plots.Axis) Figure {
	cdf := plots.Panel{X: axis, Y: plots.Axis{Label: "Cumulative probability"}}
	prob := plots.Panel{X: axis, Y: plots.Axis{Label: "Cumulative probability", Scale: plots.Probability}, Legend: plots.Legend{Place: plots.Hidden}}
	var numbers []Number
	for i, name := range []string{"data", "model"} {
		color := plots.Style{Color: plots.OkabeIto[i]}
		cdf.Series = append(cdf.Series, plots.ECDF{Name: name, Values: p.Column(name+" cdf", "g"), Style: color})
		f, ok := s.fitted(p.Record, name)
		if !ok {
			continue
		}
		points := name + " points"
		share := p.Column(points, "p")
		prob.Series = append(prob.Series, plots.Scatter{Name: name, X: p.Column(points, "g"), Y: share, Style: plots.Style{Color: color.Color, MarkerSize: 2}})
		if name == "data" {
			prob.Series = append(prob.Series, plots.Band{X: p.Column(points, "g"), Lo: p.Column(points, "low"), Hi: p.Column(points, "high"), Style: color})
			x, y := fitCurve(f, share[0], share[len(share)-1])
			prob.Series = append(prob.Series, plots.Line{Name: "fit", X: x, Y: y, Style: plots.Style{Color: color.Color, Dash: plots.Dashed}})
			if s.family == string(stats.Lognormal) {
				numbers = append(numbers, Number{Text: "standard deviation of the logarithm, fitted to the data", X: f.Scale.Value})
			} else {
				numbers = append(numbers, Number{Text: "standard deviation over mean, fitted to the data", X: f.Scale.Value / f.Location.Value})
			}
		}
	}
	numbers = append(numbers, Number{Text: "largest distance of the distribution functions of data and model", X: p.Value("distance")})
	panels := []plots.Panel{cdf}
	if len(prob.Series) > 0 {
		panels = append(panels, prob)
	}
	return Figure{
		Name:    "data",
		Caption: fmt.Sprintf("%d measured conductances beside %s at %s. (a) Distributions. (b) On a probability axis, with the %s distribution fitted to the data (dashed) and the pointwise band of 95 %% around them.", len(s.sample.values), s.model.Info().Name, siLabel(quantity.Format(s.sample.target, "S")), s.family),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: panels, Columns: 2},
	}
}
