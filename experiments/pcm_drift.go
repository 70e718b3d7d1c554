package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// pcmDrift programs many cells to one target and reads them as time goes by.
var pcmDrift = Experiment{
	Name:    "pcm-drift",
	Summary: "Conductance drift and read noise of a population after programming",
	New: func() Study {
		return &driftStudy{
			cells: 10000, target: 10e-6,
			times: []float64{20, 60, 300, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400},
		}
	},
	Draw: drawDrift,
}

type driftStudy struct {
	cells  int
	target float64   // S
	times  []float64 // s, increasing
	env    device.Env
	model  device.CellModel
}

func (s *driftStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(2, math.MaxInt32), Meaning: "number of cells"},
		{Name: "target", Value: &s.target, Unit: "S", Range: quantity.Positive(), Meaning: "conductance that every cell is programmed to"},
		{Name: "times", Value: &s.times, Unit: "s", Range: quantity.Positive(), Meaning: "times of the reads after programming, increasing"},
	}); err != nil {
		return err
	}
	if err := increasingTimes(c, "study.times", s.times); err != nil {
		return err
	}
	if err := c.NeedMemory("study.cells", fmt.Sprintf("a population of %d cells", s.cells), 8*8*float64(s.cells)); err != nil {
		return err
	}
	var max float64
	var err error
	if s.model, _, max, err = c.targets(); err != nil {
		return err
	}
	if s.target > max {
		return c.Errorf("study.target", "%s is out of range: must be at most the device's largest conductance, %s", quantity.Format(s.target, "S"), quantity.Format(max, "S"))
	}
	return nil
}

// increasingTimes checks a list of times.
func increasingTimes(c *Config, path string, t []float64) error {
	for i := 1; i < len(t); i++ {
		if t[i] <= t[i-1] {
			return c.Errorf(path, "entry %d, %s, is not above the one before: must increase", i+1, quantity.Format(t[i], "s"))
		}
	}
	return nil
}

func (s *driftStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	pop, err := s.model.NewPopulation(1, s.cells, s.env, key)
	if err != nil {
		return nil, err
	}
	target := make([]float64, s.cells)
	for i := range target {
		target[i] = s.target
	}
	if _, err := pop.(device.Target).ProgramTo(target, s.env, key); err != nil {
		return nil, err
	}
	names := []string{"mean", "std", "p05", "p25", "p50", "p75", "p95"}
	columns := []Column{{Name: "t", Unit: "s", Values: s.times}}
	for _, n := range names {
		columns = append(columns, Column{Name: n, Unit: "S"})
	}
	var first, last []float64 // without read noise
	read := make([]float64, s.cells)
	quiet := make([]float64, s.cells)
	age := 0.0
	for i, t := range s.times {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pop.Advance(t-age, s.env, key)
		age = t
		pop.Transfer(quiet, 0, s.env)
		if first == nil {
			first = slices.Clone(quiet)
		}
		device.Read(read, pop, s.env, uint64(i), key)
		slices.Sort(read)
		mean, std := stat.MeanStdDev(read, nil)
		row := []float64{mean, std}
		for _, p := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
			row = append(row, Quantile(read, p))
		}
		for k, v := range row {
			columns[k+1].Values = append(columns[k+1].Values, v)
		}
	}
	last = quiet
	r := &Record{Tables: []Table{{Name: "read", Columns: columns}}}
	r.Add("mean_first", "S", columns[1].Values[0])
	r.Add("mean_last", "S", columns[1].Values[len(s.times)-1])
	r.Add("relative_std_first", "", columns[2].Values[0]/columns[1].Values[0])
	r.Add("relative_std_last", "", columns[2].Values[len(s.times)-1]/columns[1].Values[len(s.times)-1])
	r.Tables = append(r.Tables, Table{Name: "first", Columns: []Column{{Name: "g", Unit: "S", Values: quantiles(first)}}},
		Table{Name: "last", Columns: []Column{{Name: "g", Unit: "S", Values: quantiles(last)}}})
	if len(s.times) > 1 {
		nu := exponents(first, last, s.times[0], s.times[len(s.times)-1])
		if len(nu) > 1 {
			mean, std := stat.MeanStdDev(nu, nil)
			r.Add("nu_mean", "", mean)
			r.Add("nu_std", "", std)
		}
	}
	return r, nil
}

// exponents returns the drift exponents of the cells that conduct,
// nu = -ln(G2/G1)/ln(t2/t1).
func exponents(g1, g2 []float64, t1, t2 float64) []float64 {
	var nu []float64
	for i := range g1 {
		if g1[i] > 0 && g2[i] > 0 {
			nu = append(nu, -math.Log(g2[i]/g1[i])/math.Log(t2/t1))
		}
	}
	return nu
}

// quantiles thins a sample to at most 400 of its values in order, enough to
// draw its distribution.
func quantiles(v []float64) []float64 {
	s := slices.Sorted(slices.Values(v))
	const most = 400
	if len(s) <= most {
		return s
	}
	out := make([]float64, most)
	for i := range out {
		out[i] = Quantile(s, (float64(i)+0.5)/most)
	}
	return out
}

func drawDrift(r *Results) ([]Figure, error) {
	drift := plots.Panel{
		X: plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log},
		Y: plots.Axis{Label: "Conductance", Unit: "S"},
	}
	spread := plots.Panel{
		X: drift.X,
		Y: plots.Axis{Label: "Relative spread of reads, \\it{σ}/\\it{G}"},
	}
	dist := plots.Panel{
		X: plots.Axis{Label: "Conductance", Unit: "S"},
		Y: plots.Axis{Label: "Cumulative probability"},
	}
	first := r.first()
	shown := evenly(len(first), 7)
	var distributions []int
	for _, k := range evenly(len(shown), 3) {
		distributions = append(distributions, shown[k])
	}
	groups := r.groups(first, "study.target")
	for i, p := range first {
		s := p.Study.(*driftStudy)
		color := plots.Style{Color: plots.OkabeIto[max(0, slices.Index(shown, i))%len(plots.OkabeIto)]}
		name := r.name(p, siLabel(quantity.Format(s.target, "S")))
		if slices.Contains(distributions, i) {
			// Both curves of a target have one colour, the later one is dashed.
			dist.Series = append(dist.Series,
				plots.ECDF{Name: name, Values: p.Column("first", "g"), Style: color},
				plots.ECDF{Values: p.Column("last", "g"), Style: plots.Style{Color: color.Color, Dash: plots.Dashed}})
		}
		if !slices.Contains(shown, i) {
			continue
		}
		t := p.Column("read", "t")
		drift.Series = append(drift.Series,
			plots.Line{Name: name, X: t, Y: p.Column("read", "p50"), Style: color},
			plots.Band{X: t, Lo: p.Column("read", "p05"), Hi: p.Column("read", "p95")})
		std, mean := p.Column("read", "std"), p.Column("read", "mean")
		rel := make([]float64, len(std))
		for k := range rel {
			rel[k] = std[k] / mean[k]
		}
		spread.Series = append(spread.Series, plots.Line{Name: name, X: t, Y: rel, Style: plots.Style{Marker: plots.Circle, Color: color.Color}})
	}
	panels := []plots.Panel{drift, spread}
	numbers := []Number{}
	exponent := plots.Panel{
		X: plots.Axis{Label: "Target conductance", Unit: "S"},
		Y: plots.Axis{Label: "Drift exponent, \\it{ν}"},
	}
	for _, n := range evenly(len(groups), 5) {
		var g, nu, lo, hi []float64
		for _, p := range groups[n].points {
			if m, ok := p.lookup("nu_mean"); ok {
				sd := p.Record.Value("nu_std")
				g, nu, lo, hi = append(g, p.Study.(*driftStudy).target), append(nu, m), append(lo, m-sd), append(hi, m+sd)
			}
		}
		switch {
		case len(g) == 0:
			continue
		case len(g) > 12:
			exponent.Series = append(exponent.Series, plots.Line{Name: groups[n].name, X: g, Y: nu}, plots.Band{X: g, Lo: lo, Hi: hi})
		default:
			exponent.Series = append(exponent.Series, plots.ErrorBars{Name: groups[n].name, X: g, Y: nu, Lo: lo, Hi: hi})
		}
		k := len(g) - 1
		what := joined(groups[n].name, siLabel(quantity.Format(g[k], "S")))
		numbers = append(numbers,
			Number{Text: "mean drift exponent at " + what, X: nu[k]},
			Number{Text: "its standard deviation over cells", X: hi[k] - nu[k]})
	}
	if len(exponent.Series) > 0 {
		panels = append(panels, exponent)
	}
	panels = append(panels, dist)
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*driftStudy)
	numbers = append(numbers,
		Number{Text: "mean conductance at the first read of the last target", Unit: "S", X: last.Record.Value("mean_first")},
		Number{Text: "mean conductance at the last read", Unit: "S", X: last.Record.Value("mean_last")})
	return []Figure{{
		Name: "drift",
		Caption: fmt.Sprintf("Drift of %s: %d cells for each target, read as time goes by. (a) Median conductance with the range of 5 to 95 %% of the cells. "+
			"(b) Standard deviation over mean of the reads, which holds programming error, spread of drift and read noise. "+
			"(c) Drift exponent between the first and the last time: mean and standard deviation over the cells. "+
			"(d) Distribution at the first time (solid) and at the last (dashed), without read noise.", s.model.Info().Name, s.cells),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: panels, Columns: 2},
	}}, nil
}

// siLabel prints a quantity as a figure does: four digits, a space, and the signs
// of print. Other texts stay as they are.
func siLabel(s string) string {
	rounded := func(number string) string {
		x, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		if r := strconv.FormatFloat(x, 'g', 4, 64); len(r) < len(number) {
			number = r
		}
		return strings.Replace(number, "-", "−", 1)
	}
	for i, c := range s {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' {
			if i == 0 {
				return s
			}
			unit := s[i:]
			if unit[0] == 'u' {
				unit = "µ" + unit[1:]
			}
			if n := len(unit) - len("ohm"); n >= 0 && unit[n:] == "ohm" {
				unit = unit[:n] + "Ω"
			}
			return rounded(s[:i]) + " " + unit
		}
	}
	return rounded(s)
}
