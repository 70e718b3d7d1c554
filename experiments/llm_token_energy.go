package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/aimc/energy"
	"mho/device"
	"mho/noise"
	"mho/plots"
)

// llmTokenEnergy projects the energy of a token beside published measurements.
var llmTokenEnergy = Experiment{
	Name:    "llm-token-energy",
	Summary: "Energy per token of a language model on analog hardware, reading and writing, beside Loihi 2 and Jetson",
	New:     func() Study { return &llmStudy{projection: newProjection("ibm-64-core", "mmf-370m")} },
	Draw:    drawLLM,
}

type llmStudy struct {
	projection
}

func (s *llmStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{s.drawsParam()}); err != nil {
		return err
	}
	if err := s.configure(c); err != nil {
		return err
	}
	c.Cite(energy.References("2503.18002")...)
	if s.load.Per != "token" {
		return c.Errorf("workload.name", "%s is no language model: must be a workload per token", s.workload.name)
	}
	return nil
}

func (s *llmStudy) Run(_ context.Context, key noise.Key) (*Record, error) {
	r := &Record{}
	for _, phase := range []string{"prefill", "generate"} {
		load := *s.load
		load.Phase = phase
		p, err := energy.Project(s.arch, &load, &energy.Settings{Draws: s.draws, Key: key})
		if err != nil {
			return nil, err
		}
		addBand(r, phase+"_energy", "J", p.Energy)
		r.Add(phase+"_tokens_per_second", "1/s", 1/p.Interval.P50)
		for _, g := range []string{"memory", "network"} {
			sum := 0.0
			for _, x := range p.Parts {
				if x.Factor == g {
					sum += x.Share
				}
			}
			r.Add(phase+"_share_"+g, "", sum)
		}
		r.Add(phase+"_chips", "", float64(p.Mapping.Chips))
		r.Warnings = append(r.Warnings, p.Warnings...)
	}
	return r, nil
}

func drawLLM(r *Results) ([]Figure, error) {
	points := r.first()
	s := points[0].Study.(*llmStudy)
	var panels []plots.Panel
	for _, phase := range []string{"prefill", "generate"} {
		label := map[string]string{"prefill": "reading", "generate": "writing"}[phase]
		panel := plots.Panel{X: plots.Axis{Label: "Energy per token, " + label, Unit: "J", Scale: plots.Log}, Y: plots.Axis{Reverse: true}, Legend: plots.Legend{Place: plots.Above}}
		var x, y, lo, hi []float64
		for i, k := range evenly(len(points), 10) {
			p := points[k]
			l, m, h := bandOf(p.Record, phase+"_energy")
			x, y, lo, hi = append(x, m), append(y, float64(i)), append(lo, l), append(hi, h)
			panel.Y.Categories = append(panel.Y.Categories, r.name(p, p.Study.(*llmStudy).architecture.name))
		}
		panel.Series = append(panel.Series, plots.ErrorBars{Name: "projected", X: x, Y: y, Lo: y, Hi: y, XLo: lo, XHi: hi, Style: plots.Style{Marker: plots.Circle, Color: plots.OkabeIto[5]}})
		var mx, my []float64
		for _, p := range energy.Platforms() {
			e := math.Max(p.PrefillEnergy, 0)
			if phase == "generate" {
				e = p.GenerateEnergy
			}
			if e == 0 {
				continue
			}
			mx, my = append(mx, e), append(my, float64(len(panel.Y.Categories)))
			panel.Y.Categories = append(panel.Y.Categories, p.Title)
		}
		panel.Series = append(panel.Series, plots.Scatter{Name: "published", X: mx, Y: my, Style: plots.Style{Marker: plots.Diamond, MarkerSize: 6, Color: plots.OkabeIto[6]}})
		panels = append(panels, panel)
	}
	last := points[len(points)-1].Record
	return []Figure{{
		Name: "tokens",
		Caption: fmt.Sprintf("Energy per token of %s with a text of %d tokens: projected, with P10 to P90, beside published numbers of Loihi 2 and Jetson boards (arXiv:2503.18002, as reported; boundaries are those of boards, the projections are of chips and their links and memory, at each architecture's own precision). "+
			"(a) Reading a text. (b) Writing.", s.workload.name, s.load.Context),
		Numbers: []Number{
			{Text: "reading, last point", Unit: "J", X: last.Value("prefill_energy_p50")},
			{Text: "writing, last point", Unit: "J", X: last.Value("generate_energy_p50")},
			{Text: "share of links in it", X: last.Value("generate_share_network")},
		},
		Figure: plots.Figure{Panels: panels, Columns: 2},
	}}, nil
}
