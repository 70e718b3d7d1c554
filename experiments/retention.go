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

// retention bakes cells.
var retention = Experiment{
	Name:    "retention",
	Summary: "Loss of stored conductances at several temperatures, failure times, Arrhenius plot with the temperature for ten years",
	New: func() Study {
		return &retentionStudy{
			cells: 2000, temperatures: []float64{423.15, 448.15, 473.15, 498.15, 523.15},
			from: 1, to: 1e7, perDecade: 8, criterion: 0.5, share: 0.5, life: 10 * 365 * 86400, use: 358.15,
		}
	},
	Draw: drawRetention,
}

type retentionStudy struct {
	cells            int
	temperatures     []float64 // K
	from, to         float64   // s
	perDecade        float64
	target           float64 // S
	criterion, share float64
	life             float64 // s
	use              float64 // K
	env              device.Env
	model            device.CellModel
}

func (s *retentionStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(10, 1<<24), Meaning: "number of cells at each temperature"},
		{Name: "temperatures", Value: &s.temperatures, Unit: "K", Range: quantity.Positive(), Meaning: "temperatures of the bakes, increasing; programming and reads are at environment.temperature"},
		{Name: "from", Value: &s.from, Unit: "s", Range: quantity.Positive(), Meaning: "time of the first read"},
		{Name: "to", Value: &s.to, Unit: "s", Range: quantity.Positive(), Meaning: "time of the last read"},
		{Name: "per_decade", Value: &s.perDecade, Range: quantity.Between(1, 100), Meaning: "reads in each decade of time"},
		{Name: "target", Value: &s.target, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance that every cell is programmed to; 0 is the device's largest"},
		{Name: "criterion", Value: &s.criterion, Range: quantity.Inside(0, 1), Meaning: "a cell has failed when its conductance is below this share of what it was, or above its reciprocal"},
		{Name: "share", Value: &s.share, Range: quantity.Inside(0, 1), Meaning: "share of failed cells at which a temperature's failure time is taken"},
		{Name: "life", Value: &s.life, Unit: "s", Range: quantity.Positive(), Meaning: "time for which the temperature is extrapolated"},
		{Name: "use", Value: &s.use, Unit: "K", Range: quantity.Positive(), Meaning: "temperature for which the failure time is extrapolated"},
	}); err != nil {
		return err
	}
	if s.from >= s.to {
		return c.Errorf("study.from", "%s is not below to: must be less than %s", quantity.Format(s.from, "s"), quantity.Format(s.to, "s"))
	}
	if len(s.temperatures) == 0 {
		return c.Errorf("study.temperatures", "there are none: must be at least one")
	}
	for i, t := range s.temperatures {
		if i > 0 && t <= s.temperatures[i-1] {
			return c.Errorf("study.temperatures", "entry %d, %s, is not above the one before: must increase", i+1, quantity.Format(t, "K"))
		}
	}
	var min, max float64
	var err error
	if s.model, min, max, err = c.targets("retention"); err != nil {
		return err
	}
	return c.state("study.target", &s.target, max, min, max)
}

// bakeName names a temperature in results, counted from 1.
func bakeName(i int) string { return fmt.Sprintf("bake%d", i+1) }

func (s *retentionStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	var temperatures, times []float64
	for i, temperature := range s.temperatures {
		name := bakeName(i)
		// Each temperature has its own cells, as a bake spoils them.
		life, censored, err := s.bake(ctx, r, name, temperature, key.Fold(uint64(i)))
		if err != nil {
			return nil, err
		}
		failed := 0
		for _, c := range censored {
			if !c {
				failed++
			}
		}
		share := float64(failed) / float64(s.cells)
		r.Add(name+".temperature", "K", temperature)
		r.Add(name+".failed_share", "", share)
		fit, err := stats.FitLognormal(life, censored, 0.95)
		if err != nil {
			r.Warnings = append(r.Warnings, fmt.Sprintf("no failure time at %s: %v", quantity.Format(temperature, "K"), err))
			continue
		}
		z := stats.Probit(s.share)
		t := fit.Quantile(s.share)
		spread := math.Sqrt(fit.Covariance[0][0] + 2*z*fit.Covariance[0][1] + z*z*fit.Covariance[1][1])
		r.Add(name+".failure_time", "s", t)
		r.Add(name+".failure_time_low", "s", t*math.Exp(-1.96*spread))
		r.Add(name+".failure_time_high", "s", t*math.Exp(1.96*spread))
		r.Add(name+".ln_t50", "", fit.Location.Value)
		r.Add(name+".sigma", "", fit.Scale.Value)
		points, err := stats.ProbabilityPoints(life, censored, stats.Benard, 0.95)
		if err != nil {
			return nil, err
		}
		shown := Table{name + " failures", []Column{{Name: "t", Unit: "s"}, {Name: "p"}}}
		for _, k := range tails(len(points.X), 60) {
			shown.Columns[0].Values = append(shown.Columns[0].Values, points.X[k])
			shown.Columns[1].Values = append(shown.Columns[1].Values, points.P[k])
		}
		r.Tables = append(r.Tables, shown)
		if share < s.share/2 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("at %s only %.2g of the cells have failed: left out of the Arrhenius fit", quantity.Format(temperature, "K"), share))
			continue
		}
		temperatures, times = append(temperatures, temperature), append(times, t)
	}
	line, err := noise.FitArrhenius(temperatures, times)
	if err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("no Arrhenius fit: %v", err))
		return r, nil
	}
	r.Add("activation_energy", "eV", line.Ea/quantity.EV(1))
	if !math.IsNaN(line.EaStd) {
		r.Add("activation_energy_std", "eV", line.EaStd/quantity.EV(1))
	}
	r.Add("ln_prefactor", "", line.LnT0)
	atUse, _ := line.LnTime(s.use)
	r.Add("time_at_use", "s", math.Exp(math.Min(atUse, 600)))
	if t, err := line.Temperature(s.life); err == nil {
		r.Add("temperature_for_life", "K", t)
	} else {
		r.Warnings = append(r.Warnings, fmt.Sprintf("no temperature for %s: %v", quantity.Format(s.life, "s"), err))
	}
	return r, nil
}

// bake reads cells as they lose their conductance at a temperature, and returns their failure times,
// or the time of the last read where they are censored.
func (s *retentionStudy) bake(ctx context.Context, r *Record, name string, temperature float64, key noise.Key) (life []float64, censored []bool, err error) {
	pop, err := s.model.NewPopulation(1, s.cells, s.env, key)
	if err != nil {
		return nil, nil, err
	}
	if err := programAll(pop, s.target, s.env, key); err != nil {
		return nil, nil, err
	}
	hot := s.env
	hot.Temperature = temperature
	start, g := make([]float64, s.cells), make([]float64, s.cells)
	pop.Transfer(start, 0, s.env)
	change := make([]float64, s.cells) // |ln(G/G_0)| at the read before
	life, censored = make([]float64, s.cells), make([]bool, s.cells)
	for i := range censored {
		censored[i] = true
		if start[i] <= 0 {
			return nil, nil, fmt.Errorf("cell %d has no conductance after programming to %s: must be a state above 0 S", i, quantity.Format(s.target, "S"))
		}
	}
	limit := -math.Log(s.criterion)
	kept := Table{name, []Column{{Name: "t", Unit: "s"}, {Name: "p05"}, {Name: "p50"}, {Name: "p95"}}}
	steps := int(math.Ceil(s.perDecade * math.Log10(s.to/s.from)))
	before := 0.0
	for k := range steps + 1 {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		t := s.from * math.Pow(s.to/s.from, float64(k)/float64(steps))
		pop.Advance(t-before, hot, key)
		pop.Transfer(g, 0, s.env)
		for i, x := range g {
			g[i] = x / start[i]
			now := math.Abs(math.Log(math.Max(g[i], 1e-300)))
			if censored[i] && now >= limit {
				censored[i] = false
				life[i] = crossing(before, t, change[i], now, limit)
			}
			change[i] = now
		}
		row := []float64{t}
		slices.Sort(g)
		for _, p := range []float64{0.05, 0.5, 0.95} {
			row = append(row, stats.Interpolate(g, p))
		}
		for i, v := range row {
			kept.Columns[i].Values = append(kept.Columns[i].Values, v)
		}
		before = t
	}
	for i := range life {
		if censored[i] {
			life[i] = before
		}
	}
	r.Tables = append(r.Tables, kept)
	return life, censored, nil
}

// crossing returns the time at which a change that was a at t0 and b at t1 was limit: that of a power of
// time, which is exact for a stretched exponential.
func crossing(t0, t1, a, b, limit float64) float64 {
	if a <= 0 || t0 <= 0 || b <= a {
		return t1
	}
	return t0 * math.Pow(t1/t0, math.Log(limit/a)/math.Log(b/a))
}

func drawRetention(r *Results) ([]Figure, error) {
	first := r.first()
	p := first[0]
	s := p.Study.(*retentionStudy)
	loss := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log, NoPrefix: true}, Y: plots.Axis{Label: "\\it{G}/\\it{G}_{0}"},
		Rules: []plots.Rule{{At: s.criterion}}}
	failures := plots.Panel{X: plots.Axis{Label: "Time to failure", Unit: "s", Scale: plots.Log, NoPrefix: true}, Y: plots.Axis{Label: "Failed cells", Scale: plots.Probability}, Legend: plots.Legend{Place: plots.Hidden}}
	arrhenius := plots.Panel{X: plots.Axis{Label: "1000/\\it{T}", Unit: "1/K", NoPrefix: true}, Y: plots.Axis{Label: "Time to failure", Unit: "s", Scale: plots.Log, NoPrefix: true},
		Rules: []plots.Rule{{At: s.life, Label: years(s.life)}}}
	for k, i := range evenly(len(s.temperatures), 7) {
		name, color := bakeName(i), plots.OkabeIto[k]
		t := p.Column(name, "t")
		loss.Series = append(loss.Series,
			plots.Line{Name: celsius(s.temperatures[i]), X: t, Y: p.Column(name, "p50"), Style: plots.Style{Color: color}},
			plots.Band{X: t, Lo: p.Column(name, "p05"), Hi: p.Column(name, "p95"), Style: plots.Style{Color: color}})
		location, ok := p.lookup(name + ".ln_t50")
		if !ok {
			continue
		}
		share := p.Column(name+" failures", "p")
		f := &stats.Fit{Family: stats.Lognormal, Location: stats.Estimate{Value: location}, Scale: stats.Estimate{Value: p.Value(name + ".sigma")}}
		x, y := fitCurve(f, share[0], share[len(share)-1])
		failures.Series = append(failures.Series,
			plots.Scatter{X: p.Column(name+" failures", "t"), Y: share, Style: plots.Style{Color: color, MarkerSize: 2}},
			plots.Line{X: x, Y: y, Style: plots.Style{Color: color, Dash: plots.Dashed}})
	}
	var numbers []Number
	for k, i := range evenly(len(first), 5) {
		q := first[i]
		st := q.Study.(*retentionStudy)
		color := plots.OkabeIto[k]
		var x, y, lo, hi []float64
		for n, t := range st.temperatures {
			if f, ok := q.lookup(bakeName(n) + ".failure_time"); ok {
				x, y = append(x, 1000/t), append(y, f)
				lo, hi = append(lo, q.Value(bakeName(n)+".failure_time_low")), append(hi, q.Value(bakeName(n)+".failure_time_high"))
			}
		}
		if len(x) == 0 {
			continue
		}
		name := r.name(q, "")
		arrhenius.Series = append(arrhenius.Series, plots.ErrorBars{Name: name, X: x, Y: y, Lo: lo, Hi: hi, Style: plots.Style{Color: color, Marker: plots.Circle}})
		ea, ok := q.lookup("activation_energy")
		if !ok {
			continue
		}
		numbers = append(numbers, Number{Text: joined(name, "activation energy"), Unit: "eV", X: ea})
		line := noise.ArrheniusFit{Ea: ea * quantity.EV(1), LnT0: q.Value("ln_prefactor")}
		low, high := st.temperatures[0], st.temperatures[len(st.temperatures)-1]
		if t, ok := q.lookup("temperature_for_life"); ok {
			low, high = math.Min(low, t), math.Max(high, t)
			numbers = append(numbers, Number{Text: joined(name, "temperature for "+years(st.life)), Unit: "K", X: t})
			arrhenius.Series = append(arrhenius.Series, plots.Scatter{X: []float64{1000 / t}, Y: []float64{st.life}, Style: plots.Style{Color: color, Marker: plots.Diamond, Hollow: true, MarkerSize: 5}})
			if len(first) == 1 {
				arrhenius.Y.Min, arrhenius.Y.Max = math.NaN(), 100*math.Max(st.life, slices.Max(hi))
				arrhenius.Notes = append(arrhenius.Notes, plots.Note{Text: celsius(t), X: 1000 / t, Y: 3 * st.life, AlignX: 1, Style: plots.Style{Color: color}})
			}
		}
		var lx, ly []float64
		for n := range 41 {
			u := 1/high + (1/low-1/high)*float64(n)/40
			if v, _ := line.LnTime(1 / u); v < 600 {
				lx, ly = append(lx, 1000*u), append(ly, math.Exp(v))
			}
		}
		if len(lx) > 1 {
			arrhenius.Series = append(arrhenius.Series, plots.Line{X: lx, Y: ly, Style: plots.Style{Color: color, Dash: plots.Dashed}})
		}
	}
	panels := []plots.Panel{loss}
	caption := fmt.Sprintf("Retention of %s: %d cells at %s, baked. (a) Conductance over that after programming, median and 5 to 95 %% of the cells, by temperature; the dashed line is the criterion of failure.",
		s.model.Info().Name, s.cells, siLabel(quantity.Format(s.target, "S")))
	for _, more := range []struct {
		panel plots.Panel
		text  string
	}{
		{failures, "Failed cells on a probability axis, with the lognormal distribution fitted by maximum likelihood (dashed)."},
		{arrhenius, fmt.Sprintf("Time at which %.3g %% of the cells have failed, the Arrhenius law fitted to it, and its extrapolation to %s (diamond).", 100*s.share, years(s.life))},
	} {
		if len(more.panel.Series) > 0 {
			panels = append(panels, more.panel)
			caption += fmt.Sprintf(" (%c) %s", 'a'+len(panels)-1, more.text)
		}
	}
	return []Figure{{Name: "retention", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: len(panels)}}}, nil
}

// celsius prints a temperature in K on the scale of ovens.
func celsius(t float64) string { return fmt.Sprintf("%.3g °C", t-273.15) }

// years prints a time in s, in years of 365 days where it is long.
func years(t float64) string {
	if y := t / (365 * 86400); y >= 1 {
		return fmt.Sprintf("%.4g years", y)
	}
	return siLabel(quantity.Format(t, "s"))
}
