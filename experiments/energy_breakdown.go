package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/noise"
	"mho/plots"
)

// energyBreakdown says which components take the energy of an inference.
var energyBreakdown = Experiment{
	Name:    "energy-breakdown",
	Summary: "Energy of an inference on analog hardware, by component, with bands and with what owns the variance",
	New: func() Study {
		return &breakdownStudy{projection: newProjection("ibm-64-core", "resnet-50")}
	},
	Draw: drawBreakdown,
}

type breakdownStudy struct {
	projection
}

// energyGroups gathers the factors of uncertainty into what a figure can show.
var energyGroups = []struct {
	name    string
	factors []string
}{
	{"array", []string{"array"}}, {"lines and drivers", []string{"line", "dac"}}, {"column circuits", []string{"adc", "adc-silicon", "analog", "chip"}},
	{"logic", []string{"digital"}}, {"memory", []string{"memory"}}, {"links", []string{"network"}}, {"optics", []string{"photonic"}}, {"writing", []string{"write"}}, {"time and node", []string{"timing", "scaling"}},
}

func (s *breakdownStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{s.drawsParam()}); err != nil {
		return err
	}
	return s.configure(c)
}

func (s *breakdownStudy) Run(_ context.Context, key noise.Key) (*Record, error) {
	p, err := s.project(key)
	if err != nil {
		return nil, err
	}
	r := &Record{Warnings: p.Warnings}
	addBand(r, "energy", "J", p.Energy)
	addBand(r, "latency", "s", p.Latency)
	addBand(r, "tops_per_watt", "", p.TOPSPerWatt)
	addBand(r, "area", "m^2", p.Area)
	r.Add("mean_energy", "J", p.Energy.Mean)
	r.Add("utilisation", "", p.Mapping.Utilisation)
	r.Add("chips", "", float64(p.Mapping.Chips))
	for _, g := range energyGroups {
		sum, share := 0.0, 0.0
		for _, x := range p.Parts {
			if slices.Contains(g.factors, x.Factor) {
				sum += x.Energy
			}
		}
		for _, v := range p.Variance {
			if slices.Contains(g.factors, v.Factor) {
				share += v.First
			}
		}
		r.Add("energy_"+spaceless(g.name), "J", sum)
		r.Add("variance_share_"+spaceless(g.name), "", share)
	}
	return r, nil
}

func drawBreakdown(r *Results) ([]Figure, error) {
	points := r.first()
	var names []string
	for _, k := range evenly(len(points), 12) {
		names = append(names, r.name(points[k], points[k].Study.(*breakdownStudy).architecture.name))
	}
	cats := plots.Axis{Categories: names, Reverse: true}
	total := plots.Panel{X: plots.Axis{Label: "Energy per inference or token", Unit: "J", Scale: plots.Log}, Y: cats}
	share := plots.Panel{X: plots.Axis{Label: "Share of the mean energy", Min: 0, Max: 1}, Y: cats, Legend: plots.Legend{Place: plots.Above}}
	owner := plots.Panel{X: plots.Axis{Label: "Share of the variance", Min: 0, Max: 1}, Y: cats, Legend: plots.Legend{Place: plots.Hidden}}
	var x, y, lo, hi []float64
	for i, k := range evenly(len(points), 12) {
		l, m, h := bandOf(points[k].Record, "energy")
		x, y = append(x, m), append(y, float64(i))
		lo, hi = append(lo, l), append(hi, h)
	}
	total.Series = []plots.Series{plots.ErrorBars{X: x, Y: y, Lo: y, Hi: y, XLo: lo, XHi: hi, Style: plots.Style{Marker: plots.Circle}}}
	for g, group := range energyGroups {
		var e, v []float64
		most := 0.0
		for _, k := range evenly(len(points), 12) {
			p := points[k].Record
			e = append(e, p.Value("energy_"+spaceless(group.name))/p.Value("mean_energy"))
			v = append(v, p.Value("variance_share_"+spaceless(group.name)))
			most = math.Max(most, math.Max(e[len(e)-1], v[len(v)-1]))
		}
		if most < 0.002 {
			continue
		}
		style := plots.Style{Color: plots.TolMuted[g%len(plots.TolMuted)]}
		share.Series = append(share.Series, plots.Bars{Name: group.name, Values: e, Stack: len(share.Series) > 0, Horizontal: true, Style: style})
		owner.Series = append(owner.Series, plots.Bars{Name: group.name, Values: v, Stack: len(owner.Series) > 0, Horizontal: true, Style: style})
	}
	s := points[0].Study.(*breakdownStudy)
	first, last := points[0].Record, points[len(points)-1].Record
	return []Figure{{
		Name: "breakdown",
		Caption: fmt.Sprintf("Projected energy of %s. (a) Median with P10 to P90 of %d samples. (b) What takes the mean energy. (c) Which shared factor explains the variance alone (first-order Sobol index); what is missing to 1 is their interaction. "+
			"Boundaries and precisions differ between architectures: mho project tells each.", s.workload.name, s.draws),
		Numbers: []Number{
			{Text: "median energy at the first point", Unit: "J", X: first.Value("energy_p50")},
			{Text: "median energy at the last point", Unit: "J", X: last.Value("energy_p50")},
			{Text: "P90 over P10 at the first point", X: first.Value("energy_p90") / first.Value("energy_p10")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{total, share, owner}, Columns: 3},
	}}, nil
}
