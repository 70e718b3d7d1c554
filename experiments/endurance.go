package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// endurance lets cells wear out.
var endurance = Experiment{
	Name:    "endurance",
	Summary: "Window of a population against cycles of programming, Weibull plot of cycles to failure, bit error rate",
	New:     func() Study { return &enduranceStudy{cells: 2000, from: 100, to: 1e10, perDecade: 8} },
	Draw:    drawEndurance,
}

type enduranceStudy struct {
	cells     int
	from, to  float64 // cycles
	perDecade float64
	low, high float64 // S
	threshold float64 // S
	env       device.Env
	model     device.CellModel
}

func (s *enduranceStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(10, 1<<24), Meaning: "number of cells"},
		{Name: "from", Value: &s.from, Range: quantity.Between(1, 1e18), Meaning: "cycles before the first reads"},
		{Name: "to", Value: &s.to, Range: quantity.Between(1, 1e18), Meaning: "cycles before the last reads"},
		{Name: "per_decade", Value: &s.perDecade, Range: quantity.Between(1, 100), Meaning: "reads in each decade of cycles; a failure is seen at the next read"},
		{Name: "low", Value: &s.low, Unit: "S", Range: quantity.NonNegative(), Meaning: "RESET state; 0 is the device's smallest conductance"},
		{Name: "high", Value: &s.high, Unit: "S", Range: quantity.NonNegative(), Meaning: "SET state; 0 is the device's largest conductance"},
		{Name: "threshold", Value: &s.threshold, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance at which the two are told apart; 0 is half way between"},
	}); err != nil {
		return err
	}
	if s.from >= s.to {
		return c.Errorf("study.from", "%g is not below to: must be less than %g", s.from, s.to)
	}
	var min, max float64
	var err error
	if s.model, min, max, err = c.targets("endurance"); err != nil {
		return err
	}
	if !carries(s.model, "endurance") {
		return c.Errorf("noise.endurance", "cells do not wear out: must be true or a table in this study")
	}
	if err := c.state("study.low", &s.low, min, min, max); err != nil {
		return err
	}
	if err := c.state("study.high", &s.high, max, min, max); err != nil {
		return err
	}
	if err := c.state("study.threshold", &s.threshold, (s.low+s.high)/2, min, max); err != nil {
		return err
	}
	if s.threshold <= s.low || s.threshold >= s.high {
		return c.Errorf("study.threshold", "%s does not lie between the states: must be above %s and below %s", quantity.Format(s.threshold, "S"), quantity.Format(s.low, "S"), quantity.Format(s.high, "S"))
	}
	for _, f := range noise.EnduranceFigures() {
		c.Cite(f.Source)
	}
	return nil
}

// carries reports whether a model has a process in force.
func carries(m device.CellModel, slot string) bool {
	return slices.ContainsFunc(device.Carries(m), func(p device.Carried) bool { return p.Slot == slot && p.On })
}

func (s *enduranceStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	pop, err := s.model.NewPopulation(1, s.cells, s.env, key)
	if err != nil {
		return nil, err
	}
	worn := pop.(device.Worn)
	// Wear of a cycle at this temperature.
	worn.Cycle(1, s.env)
	cycles := make([]float64, s.cells)
	worn.Cycles(cycles)
	rate := cycles[0]
	steps := int(math.Ceil(s.perDecade * math.Log10(s.to/s.from)))
	window := Table{"window", []Column{{Name: "cycles"}}}
	for _, state := range []string{"reset", "set"} {
		for _, q := range []string{"p05", "p50", "p95"} {
			window.Columns = append(window.Columns, Column{Name: state + "_" + q, Unit: "S"})
		}
	}
	wrong := Table{"errors", []Column{{Name: "cycles"}, {Name: "ber"}, {Name: "ber_low"}, {Name: "ber_high"}}}
	reads := [2][]float64{make([]float64, s.cells), make([]float64, s.cells)} // of RESET and SET
	life, seen, failed, before := make([]float64, s.cells), make([]float64, s.cells), make([]bool, s.cells), 0.0
	for k := range steps + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := s.from * math.Pow(s.to/s.from, float64(k)/float64(steps))
		// What programming itself wears counts.
		worn.Cycles(cycles)
		worn.Cycle(math.Max(0, n-slices.Max(cycles)/rate), s.env)
		row := []float64{n}
		errors := 0
		for bit, target := range []float64{s.low, s.high} {
			event := uint64(2*k + bit)
			if err := programAll(pop, target, s.env, key.Fold(event)); err != nil {
				return nil, err
			}
			device.Read(reads[bit], pop, s.env, event, key.Fold(event))
			for i, x := range reads[bit] {
				if x > s.threshold == (bit == 1) {
					continue
				}
				errors++
				if !failed[i] {
					failed[i] = true
					// It failed between two reads: the middle in the logarithm.
					life[i], seen[i] = n, n
					if k > 0 {
						life[i] = math.Sqrt(n * before)
					}
				}
			}
		}
		for _, g := range reads {
			var alive []float64
			for i, x := range g {
				if !failed[i] {
					alive = append(alive, x)
				}
			}
			slices.Sort(alive)
			if len(alive) >= 10 {
				for _, p := range []float64{0.05, 0.5, 0.95} {
					row = append(row, stats.Interpolate(alive, p))
				}
			}
		}
		if len(row) == len(window.Columns) {
			for i, v := range row {
				window.Columns[i].Values = append(window.Columns[i].Values, v)
			}
		}
		e, err := stats.ExactProportion(errors, 2*s.cells, 0.95)
		if err != nil {
			return nil, err
		}
		for i, v := range []float64{n, e.Value, e.Low, e.High} {
			wrong.Columns[i].Values = append(wrong.Columns[i].Values, v)
		}
		before = n
	}
	r := &Record{Tables: []Table{wrong}}
	censored := make([]bool, s.cells)
	dead := 0
	for i := range life {
		if failed[i] {
			dead++
		} else {
			censored[i], life[i], seen[i] = true, before, before
		}
	}
	r.Add("failed_share", "", float64(dead)/float64(s.cells))
	if last := len(window.Columns[0].Values) - 1; last >= 0 {
		r.Tables = append(r.Tables, window)
		r.Add("window_first", "S", window.Columns[5].Values[0]-window.Columns[2].Values[0])
		r.Add("window_last", "S", window.Columns[5].Values[last]-window.Columns[2].Values[last])
		r.Add("window_last_cycles", "", window.Columns[0].Values[last])
	}
	r.Add("bit_error_rate_last", "", wrong.Columns[1].Values[len(wrong.Columns[1].Values)-1])
	fit, err := stats.FitWeibull(life, censored, 0.95)
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("no Weibull distribution was fitted: %v; reads go to %g cycles", err, s.to))
		return r, nil
	}
	eta, beta := fit.Eta(), fit.Beta()
	r.Add("eta", "", eta.Value)
	r.Add("eta_low", "", eta.Low)
	r.Add("eta_high", "", eta.High)
	r.Add("beta", "", beta.Value)
	r.Add("beta_low", "", beta.Low)
	r.Add("beta_high", "", beta.High)
	r.Add("cycles_to_1_ppm", "", fit.Quantile(1e-6))
	points, err := stats.ProbabilityPoints(seen, censored, stats.Benard, 0.95)
	if err != nil {
		return nil, err
	}
	// By a read all of the cells have failed that failed since the one before: the last of them has the share.
	t := Table{"weibull", []Column{{Name: "cycles"}, {Name: "p"}, {Name: "low"}, {Name: "high"}}}
	for k := range points.X {
		if k+1 < len(points.X) && points.X[k+1] == points.X[k] {
			continue
		}
		for c, v := range []float64{points.X[k], points.P[k], points.Low[k], points.High[k]} {
			t.Columns[c].Values = append(t.Columns[c].Values, v)
		}
	}
	r.Tables = append(r.Tables, t)
	return r, nil
}

func drawEndurance(r *Results) ([]Figure, error) {
	first := r.first()
	p := first[0]
	s := p.Study.(*enduranceStudy)
	axis := plots.Axis{Label: "Cycles", Scale: plots.Log}
	window := plots.Panel{X: axis, Y: plots.Axis{Label: "Conductance", Unit: "S"}, Rules: []plots.Rule{{At: s.threshold}}}
	weibull := plots.Panel{X: plots.Axis{Label: "Cycles to failure", Scale: plots.Log}, Y: plots.Axis{Label: "Failed cells", Scale: plots.Weibull}}
	ber := plots.Panel{X: axis, Y: plots.Axis{Label: "Bit error rate", Scale: plots.Log}}
	if has(p.Record, "window") {
		n := p.Column("window", "cycles")
		for i, state := range []string{"set", "reset"} {
			window.Series = append(window.Series,
				plots.Line{Name: []string{"SET", "RESET"}[i], X: n, Y: p.Column("window", state+"_p50"), Style: plots.Style{Color: plots.OkabeIto[i]}},
				plots.Band{X: n, Lo: p.Column("window", state+"_p05"), Hi: p.Column("window", state+"_p95"), Style: plots.Style{Color: plots.OkabeIto[i]}})
		}
	}
	var numbers []Number
	for k, i := range evenly(len(first), 5) {
		q := first[i]
		color := plots.OkabeIto[k]
		name := r.name(q, "")
		var x, y, lo, hi []float64
		for j, e := range q.Column("errors", "ber") {
			if e > 0 {
				x, y = append(x, q.Column("errors", "cycles")[j]), append(y, e)
				lo, hi = append(lo, q.Column("errors", "ber_low")[j]), append(hi, q.Column("errors", "ber_high")[j])
			}
		}
		if len(x) > 1 {
			ber.Series = append(ber.Series, plots.Line{Name: name, X: x, Y: y, Style: plots.Style{Color: color}}, plots.Band{X: x, Lo: lo, Hi: hi, Style: plots.Style{Color: color}})
		}
		beta, ok := q.lookup("beta")
		if !ok {
			continue
		}
		eta := q.Value("eta")
		share := q.Column("weibull", "p")
		x = q.Column("weibull", "cycles")
		weibull.Series = append(weibull.Series, plots.Scatter{Name: name, X: x, Y: share, Style: plots.Style{Color: color}})
		if len(first) == 1 {
			weibull.Series = append(weibull.Series, plots.Band{X: x, Lo: q.Column("weibull", "low"), Hi: q.Column("weibull", "high"), Style: plots.Style{Color: color}})
		}
		fit := plots.Line{Style: plots.Style{Color: color, Dash: plots.Dashed}}
		for j := range 41 {
			c := x[0] * math.Pow(x[len(x)-1]/x[0], float64(j)/40)
			if f := -math.Expm1(-math.Pow(c/eta, beta)); f > 0 && f < 1 {
				fit.X, fit.Y = append(fit.X, c), append(fit.Y, f)
			}
		}
		if len(fit.X) > 1 {
			weibull.Series = append(weibull.Series, fit)
		}
		numbers = append(numbers, Number{Text: joined(name, "Weibull slope"), X: beta},
			Number{Text: joined(name, "cycles at which 63 % of the cells have failed"), X: eta},
			Number{Text: joined(name, "cycles at which 1 ppm have, by the fit"), X: q.Value("cycles_to_1_ppm")})
	}
	var panels []plots.Panel
	caption := fmt.Sprintf("Endurance of %s: %d cells.", s.model.Info().Name, s.cells)
	for _, more := range []struct {
		panel plots.Panel
		text  string
	}{
		{window, "Reads of both states between cycles, median and 5 to 95 % of the cells that still work; the dashed line tells the states apart."},
		{weibull, "Cells that failed to show one of the states, on axes on which a Weibull distribution is straight, with the one fitted by maximum likelihood (dashed)."},
		{ber, "Share of wrong bits among the reads of both states, with 95 % intervals."},
	} {
		if len(more.panel.Series) > 0 {
			panels = append(panels, more.panel)
			caption += fmt.Sprintf(" (%c) %s", 'a'+len(panels)-1, more.text)
		}
	}
	figures := noise.EnduranceFigures()
	published := plots.Panel{X: plots.Axis{Label: "Published cycles", Scale: plots.Log}}
	var at, cycles []float64
	for i := range figures {
		f := figures[len(figures)-1-i]
		name := f.Technology
		if f.Bound != "" {
			name += " (" + f.Bound + ")"
		}
		published.Y.Categories = append(published.Y.Categories, name)
		at, cycles = append(at, float64(i)), append(cycles, f.Cycles)
	}
	published.Series = []plots.Series{plots.Scatter{X: cycles, Y: at}}
	var out []Figure
	if len(panels) > 0 {
		out = append(out, Figure{Name: "endurance", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: len(panels)}})
	}
	return append(out, Figure{
		Name:    "published",
		Caption: "Published endurance by technology, typical or best values; mho explain endurance names the sources.",
		Figure:  plots.Figure{Panels: []plots.Panel{published}},
	}), nil
}
