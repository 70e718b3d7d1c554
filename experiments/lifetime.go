package experiments

import (
	"context"
	"fmt"

	"mho/aimc/energy"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// lifetime says how long cells last that are rewritten, and what that takes.
var lifetime = Experiment{
	Name:    "lifetime",
	Summary: "Lifetime of cells and refresh power against the interval between writes, by technology",
	New: func() Study {
		return &lifetimeStudy{projection: newProjection("ibm-64-core", "resnet-50"), technology: "pcm", interval: 3600, reference: "nvidia-a100-sxm"}
	},
	Draw: drawLifetime,
}

type lifetimeStudy struct {
	projection
	technology string
	interval   float64 // s between writes of every weight
	reference  string
}

func (s *lifetimeStudy) Configure(c *Config) error {
	var names, platforms []string
	for _, t := range energy.Technologies() {
		names = append(names, t.Name)
	}
	for _, p := range energy.Platforms() {
		if p.LaunchTime > 0 {
			platforms = append(platforms, p.Name)
		}
	}
	if err := c.Section("study", []device.Param{
		{Name: "technology", Value: &s.technology, Options: names, Meaning: "of the cells"},
		{Name: "interval", Value: &s.interval, Unit: "s", Range: quantity.Positive(), Meaning: "time between writes of every weight, for new weights or against drift"},
		{Name: "reference", Value: &s.reference, Options: platforms, Meaning: "platform whose energy the writing is paid back against"},
	}); err != nil {
		return err
	}
	return s.configure(c)
}

func (s *lifetimeStudy) Run(context.Context, noise.Key) (*Record, error) {
	t, err := energy.FindTechnology(s.technology)
	if err != nil {
		return nil, err
	}
	s.arch.Technology = s.technology
	p, err := energy.Project(s.arch, s.load, &energy.Settings{Draws: -1})
	if err != nil {
		return nil, err
	}
	r := &Record{Warnings: p.Warnings}
	// A loop of pulses wears a cell with each of them.
	least, err := energy.Lifetime(t.EnduranceLow/t.Pulses, s.interval)
	if err != nil {
		return nil, err
	}
	most, err := energy.Lifetime(t.EnduranceHigh/t.Pulses, s.interval)
	if err != nil {
		return nil, err
	}
	power, err := energy.RefreshPower(p.ProgramOnce, s.interval)
	if err != nil {
		return nil, err
	}
	r.Add("lifetime_low", "s", least)
	r.Add("lifetime_high", "s", most)
	r.Add("programming_energy", "J", p.ProgramOnce)
	r.Add("programming_time", "s", p.ProgramTime)
	r.Add("refresh_power", "W", power)
	r.Add("inference_energy", "J", p.Energy.Nominal)
	ref, err := energy.FindPlatform(s.reference)
	if err != nil {
		return nil, err
	}
	c, err := p.Compare(ref, s.load)
	if err != nil {
		return nil, err
	}
	for _, x := range []struct {
		name string
		e    float64
	}{{"alone", c.Single}, {"peak", c.Peak}} {
		n, err := energy.BreakEven(p.ProgramOnce, x.e, p.Energy.Nominal)
		if err != nil {
			return nil, err
		}
		if x.e > p.Energy.Nominal {
			r.Add("break_even_"+x.name, "", n)
		} else {
			r.Warnings = append(r.Warnings, fmt.Sprintf("against %s %s nothing is saved, so that programming is never paid back", s.reference, x.name))
		}
	}
	return r, nil
}

func drawLifetime(r *Results) ([]Figure, error) {
	points := r.first()
	x := plots.Axis{Label: "Interval between writes", Unit: "s", Scale: plots.Log}
	life := plots.Panel{X: x, Y: plots.Axis{Label: "Lifetime, in years", Scale: plots.Log}, Rules: []plots.Rule{{At: 10, Label: "10 years"}}}
	power := plots.Panel{X: x, Y: plots.Axis{Label: "Refresh power", Unit: "W", Scale: plots.Log}}
	const year = 365 * 86400
	groups := r.groups(points, "study.interval")
	var numbers []Number
	for i, k := range evenly(len(groups), 4) {
		g := groups[k]
		name := g.name
		if name == "" {
			name = g.points[0].Study.(*lifetimeStudy).technology
		}
		var t, lo, hi, mid, w []float64
		for _, p := range g.points {
			t = append(t, p.Study.(*lifetimeStudy).interval)
			lo, hi = append(lo, p.Record.Value("lifetime_low")/year), append(hi, p.Record.Value("lifetime_high")/year)
			w = append(w, p.Record.Value("refresh_power"))
		}
		style := plots.Style{Color: plots.OkabeIto[(i+1)%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i]}
		mid = lo
		dashed := style
		dashed.Dash, dashed.Marker = plots.Dashed, plots.NoMarker
		life.Series = append(life.Series, plots.Line{Name: name + ", least", X: t, Y: mid, Style: style}, plots.Line{Name: name + ", most", X: t, Y: hi, Style: dashed})
		positive := true
		for _, v := range w {
			positive = positive && v > 0
		}
		if positive {
			power.Series = append(power.Series, plots.Line{Name: name, X: t, Y: w, Style: style})
		}
		if n, ok := g.points[0].Record.lookup("break_even_alone"); ok {
			numbers = append(numbers, Number{Text: name + ": inferences alone that pay the programming back", X: n})
		}
	}
	panels := []plots.Panel{life}
	s := points[0].Study.(*lifetimeStudy)
	caption := fmt.Sprintf("Cells that are written again and again, every weight of %s on %s. (a) Time until the endurance is used up, for the least and the most that were published; each pulse of a write-verify loop counts.", s.workload.name, s.architecture.name)
	if len(power.Series) > 0 {
		panels = append(panels, power)
		caption += " (b) Mean power of the writing."
	}
	return []Figure{{Name: "lifetime", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels}}}, nil
}
