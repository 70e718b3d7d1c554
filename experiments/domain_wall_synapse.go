package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/spintronic"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// domainWallSynapse pulses domain-wall synapses up and down.
var domainWallSynapse = Experiment{
	Name:    "domain-wall-synapse",
	Summary: "Domain-wall synapses: way of the wall per pulse, potentiation and depression, programming and retention",
	New: func() Study {
		return &wallStudy{current: 0.3e-3, width: 0.3e-9, pulses: 20, cells: 500, walls: 200, time: 10 * 365 * 86400, temperatures: []float64{300, 350, 400, 450}}
	},
	Draw: drawWall,
}

type wallStudy struct {
	current, width       float64 // A, s
	pulses, cells, walls int
	time                 float64   // s
	temperatures         []float64 // K
	env                  device.Env
	device               Device
	model                *spintronic.DomainWall
}

func (s *wallStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "current", Value: &s.current, Unit: "A", Range: quantity.Positive(), Meaning: "current of the pulses in the strip; its negative drives back"},
		{Name: "width", Value: &s.width, Unit: "s", Range: quantity.Range{Min: 0, Max: 1e-6, MinOpen: true}, Meaning: "width of the pulses"},
		{Name: "pulses", Value: &s.pulses, Range: quantity.Between(1, 10000), Meaning: "pulses of potentiation, and then of depression"},
		{Name: "cells", Value: &s.cells, Range: quantity.Between(2, 1e6), Meaning: "synapses of the population"},
		{Name: "walls", Value: &s.walls, Range: quantity.Between(10, 1e6), Meaning: "walls that are integrated with thermal fields to find the way per pulse"},
		{Name: "time", Value: &s.time, Unit: "s", Range: quantity.Positive(), Meaning: "longest time of retention"},
		{Name: "temperatures", Value: &s.temperatures, Unit: "K", Range: quantity.Positive(), Meaning: "temperatures of retention"},
	}); err != nil {
		return err
	}
	devices, err := c.Models("a domain-wall synapse: must be domain-wall", func(m device.Model) bool {
		_, ok := m.(*spintronic.DomainWall)
		return ok
	})
	if err != nil {
		return err
	}
	if len(devices) != 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	s.device, s.model = devices[0], devices[0].Model.(*spintronic.DomainWall)
	if len(s.temperatures) == 0 {
		return c.Errorf("study.temperatures", "is empty: must hold at least one temperature")
	}
	return nil
}

func (s *wallStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	m := s.model
	r := &Record{}
	way, err := m.Displace(ctx, s.current, s.width, s.env.Temperature, s.walls, key.Fold(0))
	if err != nil {
		return nil, err
	}
	slices.Sort(way)
	mean, std := stat.MeanStdDev(way, nil)
	r.Add("density", "A/m^2", m.Density(s.current))
	r.Add("way_mean", "m", mean)
	r.Add("way_std", "m", std)
	r.Add("way_p05", "m", Quantile(way, 0.05))
	r.Add("way_p95", "m", Quantile(way, 0.95))
	train, err := s.train(ctx, key.Fold(1))
	if err != nil {
		return nil, err
	}
	r.Tables = append(r.Tables, train)
	programmed, share, pulses, err := s.programme(key.Fold(2))
	if err != nil {
		return nil, err
	}
	r.Add("converged", "", share)
	r.Add("pulses_per_cell", "", pulses)
	r.Tables = append(r.Tables, programmed)
	retention, err := s.retention(key.Fold(3))
	if err != nil {
		return nil, err
	}
	r.Add("hop_rate", "Hz", m.HopRate(s.env.Temperature))
	r.Tables = append(r.Tables, retention)
	return r, nil
}

// train pulses a population forward and back.
func (s *wallStudy) train(ctx context.Context, key noise.Key) (Table, error) {
	pop, err := s.model.New(1, s.cells)
	if err != nil {
		return Table{}, err
	}
	columns := []Column{{Name: "pulse"}, {Name: "mean", Unit: "S"}, {Name: "p05", Unit: "S"}, {Name: "p95", Unit: "S"}, {Name: "cell", Unit: "S"}}
	g, stress := make([]float64, s.cells), make([]float64, s.cells)
	for k := range stress {
		stress[k] = 1
	}
	for n := range 2*s.pulses + 1 {
		if err := ctx.Err(); err != nil {
			return Table{}, err
		}
		if n > 0 {
			pulse := device.Pulse{Drive: "current", Port: "strip", Amplitude: s.current, Width: s.width}
			if n > s.pulses {
				pulse.Amplitude = -s.current
			}
			if _, err := pop.Program(stress, pulse, s.env, key); err != nil {
				return Table{}, err
			}
		}
		pop.Transfer(g, 0, s.env)
		cell := g[0]
		slices.Sort(g)
		for k, x := range []float64{float64(n), stat.Mean(g, nil), Quantile(g, 0.05), Quantile(g, 0.95), cell} {
			columns[k].Values = append(columns[k].Values, x)
		}
	}
	return Table{"train", columns}, nil
}

// programme writes levels with the device's own pulses, reading after each.
func (s *wallStudy) programme(key noise.Key) (t Table, converged, pulses float64, err error) {
	pop, err := s.model.New(1, s.cells)
	if err != nil {
		return t, 0, 0, err
	}
	lo, hi := pop.Range()
	target, g := make([]float64, s.cells), make([]float64, s.cells)
	for k := range target {
		target[k] = lo + (hi-lo)*float64(k)/float64(s.cells-1)
	}
	report, err := pop.ProgramTo(target, s.env, key)
	if err != nil {
		return t, 0, 0, err
	}
	pop.Transfer(g, 0, s.env)
	return Table{"programmed", []Column{{"target", "S", target}, {"g", "S", g}}}, report.Converged, float64(report.Pulses) / float64(s.cells), nil
}

// retention returns the root of the mean square displacement in notches over time at several temperatures.
func (s *wallStudy) retention(key noise.Key) (Table, error) {
	const rows = 40
	columns := []Column{{Name: "t", Unit: "s"}}
	for k := range rows {
		columns[0].Values = append(columns[0].Values, s.time*math.Pow(10, -12*(1-float64(k)/(rows-1))))
	}
	for i, temperature := range s.temperatures {
		env := s.env
		env.Temperature = temperature
		pop, err := s.model.New(1, s.cells)
		if err != nil {
			return Table{}, err
		}
		q := pop.Positions()
		start := s.model.Period * math.Round(s.model.Length/2/s.model.Period)
		for k := range q {
			q[k] = start
		}
		now := 0.0
		c := Column{Name: fmt.Sprintf("kept_%d", i)}
		for _, t := range columns[0].Values {
			pop.Advance(t-now, env, key.Fold(uint64(i)))
			now = t
			kept := 0
			for _, x := range q {
				if math.Abs(x-start) < s.model.Period/2 {
					kept++
				}
			}
			c.Values = append(c.Values, float64(kept)/float64(s.cells))
		}
		columns = append(columns, c)
	}
	return Table{"retention", columns}, nil
}

func drawWall(r *Results) ([]Figure, error) {
	points := r.first()
	train := plots.Panel{X: plots.Axis{Label: "Pulse number"}, Y: plots.Axis{Label: "Conductance", Unit: "S"}}
	written := plots.Panel{X: plots.Axis{Label: "Target conductance", Unit: "S"}, Y: plots.Axis{Label: "Programmed conductance", Unit: "S"}}
	kept := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s", Scale: plots.Log}, Y: plots.Axis{Label: "Share still in its notch", Min: 0, Max: 1}}
	for n, k := range evenly(len(points), 4) {
		p := points[k]
		style := plots.Style{Color: plots.OkabeIto[n%len(plots.OkabeIto)]}
		x := p.Column("train", "pulse")
		train.Series = append(train.Series,
			plots.Line{Name: r.name(p, siLabel(quantity.Format(p.Study.(*wallStudy).current, "A"))), X: x, Y: p.Column("train", "mean"), Style: style},
			plots.Band{X: x, Lo: p.Column("train", "p05"), Hi: p.Column("train", "p95"), Style: plots.Style{Color: style.Color, Opacity: 0.2}})
	}
	panels := []plots.Panel{train}
	first := points[0].Study.(*wallStudy)
	caption := fmt.Sprintf("Synapses of %s, pulses of %s. (a) Conductance under pulses forward and then back: mean and 5 to 95 %% of %d synapses.",
		first.device.Label, siLabel(quantity.Format(first.width, "s")), first.cells)
	if groups := r.groups(points, "study.current"); len(points) > 1 && len(groups[0].points) > 1 {
		way := plots.Panel{X: plots.Axis{Label: "Pulse current", Unit: "A"}, Y: plots.Axis{Label: "Way per pulse", Unit: "m"}}
		for _, n := range evenly(len(groups), 4) {
			var x, y, lo, hi []float64
			for _, p := range groups[n].points {
				x, y = append(x, p.Study.(*wallStudy).current), append(y, p.Record.Value("way_mean"))
				std := p.Record.Value("way_std")
				lo, hi = append(lo, p.Record.Value("way_mean")-std), append(hi, p.Record.Value("way_mean")+std)
			}
			way.Series = append(way.Series, plots.Line{Name: groups[n].name, X: x, Y: y, Style: plots.Style{Marker: plots.Circle}}, plots.Band{X: x, Lo: lo, Hi: hi})
		}
		panels = append([]plots.Panel{way}, panels...)
		caption = fmt.Sprintf("Synapses of %s, pulses of %s. (a) Way of the wall in one pulse: mean and standard deviation of %d walls. (b) Conductance under pulses forward and then back: mean and 5 to 95 %% of %d synapses.",
			first.device.Label, siLabel(quantity.Format(first.width, "s")), first.walls, first.cells)
	}
	last := points[len(points)-1]
	target := last.Column("programmed", "target")
	written.Series = []plots.Series{
		plots.Line{Name: "ideal", X: []float64{target[0], target[len(target)-1]}, Y: []float64{target[0], target[len(target)-1]}, Style: plots.Style{Color: grey, Dash: plots.Dashed}},
		plots.Scatter{Name: "synapses", X: target, Y: last.Column("programmed", "g"), Style: plots.Style{MarkerSize: 1.5}},
	}
	for i, temperature := range last.Study.(*wallStudy).temperatures {
		kept.Series = append(kept.Series, plots.Line{Name: siLabel(quantity.Format(temperature, "K")), X: last.Column("retention", "t"), Y: last.Column("retention", fmt.Sprintf("kept_%d", i))})
	}
	panels = append(panels, written, kept)
	letter := string(rune('a' + len(panels) - 2))
	caption += fmt.Sprintf(" (%s) Programming to %d targets with a read after each of the device's own pulses. (%s) Retention: share of the walls that stand where they were written.", letter, first.cells, string(rune(letter[0]+1)))
	return []Figure{{
		Name: "synapse", Caption: caption,
		Numbers: []Number{
			{Text: "mean way of the wall per pulse of the last current", Unit: "m", X: last.Record.Value("way_mean")},
			{Text: "its standard deviation", Unit: "m", X: last.Record.Value("way_std")},
			{Text: "current density of that pulse", Unit: "A/m^2", X: last.Record.Value("density")},
			{Text: "pulses to programme a synapse", X: last.Record.Value("pulses_per_cell")},
			{Text: "share of the synapses that met their target", X: last.Record.Value("converged")},
		},
		Figure: plots.Figure{Panels: panels, Columns: 2},
	}}, nil
}
