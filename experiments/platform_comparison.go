package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/aimc/energy"
	"mho/device"
	"mho/noise"
	"mho/plots"
)

// platformComparison sets energies per operation side by side, with boundaries.
var platformComparison = Experiment{
	Name:    "platform-comparison",
	Summary: "Energy per operation of published platforms with their boundaries, and of one workload alone and at the peak",
	New:     func() Study { return &platformStudy{projection: newProjection("ibm-64-core", "mlp")} },
	Draw:    drawPlatforms,
}

type platformStudy struct {
	projection
}

func (s *platformStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{s.drawsParam()}); err != nil {
		return err
	}
	for _, p := range energy.Platforms() {
		c.Cite(energy.References(p.Source)...)
	}
	return s.configure(c)
}

func (s *platformStudy) Run(_ context.Context, key noise.Key) (*Record, error) {
	p, err := s.project(key)
	if err != nil {
		return nil, err
	}
	r := &Record{Warnings: p.Warnings}
	macs := p.MACs + p.DynamicMACs
	addBand(r, "energy", "J", p.Energy)
	r.Add("macs", "", macs)
	r.Add("energy_per_mac_peak", "J", p.Peak.EnergyPerMAC)
	for _, x := range energy.Platforms() {
		c, err := p.Compare(x, s.load)
		if err != nil || x.OpKind != "MAC" {
			continue // its operations are others
		}
		name := spaceless(x.Name)
		r.Add("peak_"+name, "J", c.Peak)
		if !math.IsNaN(c.Single) {
			r.Add("alone_"+name, "J", c.Single)
			r.Add("ratio_alone_"+name, "", c.SingleRatio.P50)
		}
		r.Add("ratio_peak_"+name, "", c.PeakRatio.P50)
	}
	return r, nil
}

// boundaries orders boundaries from the inside out, with a marker each.
var boundaries = []struct {
	name   string
	marker plots.Marker
}{{"core", plots.Circle}, {"chip-active", plots.Triangle}, {"chip", plots.Square}, {"board", plots.Diamond}, {"system", plots.InvertedTriangle}}

func drawPlatforms(r *Results) ([]Figure, error) {
	point := r.Points[0]
	s := point.Study.(*platformStudy)
	mac := platformPanel("MAC", "Energy of a MAC at the best point")
	sop := platformPanel("SOP", "Energy of a synaptic operation")
	alone := plots.Panel{X: plots.Axis{Label: "Energy of an inference", Unit: "J", Scale: plots.Log}, Legend: plots.Legend{Place: plots.Above}}
	var names []string
	var xp, xa, yp, ya []float64
	for _, p := range energy.Platforms() {
		e, ok := point.Record.lookup("alone_" + spaceless(p.Name))
		if !ok {
			continue
		}
		y := float64(len(names) + 1)
		names = append(names, p.Title)
		xa, ya = append(xa, e), append(ya, y)
		xp, yp = append(xp, point.Record.Value("peak_"+spaceless(p.Name))), append(yp, y)
	}
	lo, mid, hi := bandOf(point.Record, "energy")
	alone.Y = plots.Axis{Categories: append([]string{s.architecture.name}, names...), Reverse: true}
	zero := []float64{0}
	alone.Series = []plots.Series{
		plots.ErrorBars{Name: "projected", X: []float64{mid}, Y: zero, Lo: zero, Hi: zero, XLo: []float64{lo}, XHi: []float64{hi}, Style: plots.Style{Marker: plots.Diamond, Color: plots.OkabeIto[5]}},
		plots.Scatter{Name: "alone", X: xa, Y: ya, Style: plots.Style{Marker: plots.Circle, Color: plots.OkabeIto[6]}},
		plots.Scatter{Name: "at its peak", X: xp, Y: yp, Style: plots.Style{Marker: plots.Square, Hollow: true, Color: plots.OkabeIto[6]}},
	}
	return []Figure{{
		Name: "platforms",
		Caption: fmt.Sprintf("Published platforms. (a) Energy of a multiply-accumulate at the best or typical point that was stated; markers tell the boundary of the number, hollow ones are from memory. (b) Energy of a synaptic operation of spiking platforms, "+
			"an addition with a one-bit activation: not to be compared with (a). (c) Energy of one inference of %s, projected on %s with P10 to P90, and on processors, alone and at their peak.", s.workload.name, s.architecture.name),
		Numbers: []Number{
			{Text: "A100 over the projection, alone", X: point.Record.Value("ratio_alone_nvidia-a100-sxm")},
			{Text: "A100 over the projection, at its peak", X: point.Record.Value("ratio_peak_nvidia-a100-sxm")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{mac, sop, alone}, Columns: 3},
	}}, nil
}

// platformPanel ranks the platforms of one kind of operation.
func platformPanel(kind, label string) plots.Panel {
	var rows []energy.Platform
	for _, p := range energy.Platforms() {
		if p.OpKind == kind && p.Energy > 0 {
			rows = append(rows, p)
		}
	}
	slices.SortStableFunc(rows, func(a, b energy.Platform) int {
		if a.Energy < b.Energy {
			return -1
		}
		return 1
	})
	panel := plots.Panel{X: plots.Axis{Label: label, Unit: "J", Scale: plots.Log}, Legend: plots.Legend{Place: plots.Above}}
	for _, p := range rows {
		panel.Y.Categories = append(panel.Y.Categories, p.Title)
	}
	panel.Y.Reverse = true
	for i, b := range boundaries {
		for _, hollow := range []bool{false, true} {
			var x, y []float64
			for k, p := range rows {
				if p.Boundary == b.name && (p.Confidence == "memory") == hollow {
					x, y = append(x, p.Energy), append(y, float64(k))
				}
			}
			if len(x) == 0 {
				continue
			}
			name := b.name
			if hollow {
				name += ", from memory"
			}
			panel.Series = append(panel.Series, plots.Scatter{Name: name, X: x, Y: y, Style: plots.Style{Marker: b.marker, Hollow: hollow, Color: plots.OkabeIto[(i+1)%len(plots.OkabeIto)], MarkerSize: 5}})
		}
	}
	return panel
}
