package experiments

import (
	"context"
	"fmt"

	"mho/aimc/energy"
	"mho/device"
	"mho/noise"
	"mho/plots"
)

// scientificWorkloads sets small networks of the sciences against processors.
var scientificWorkloads = Experiment{
	Name:    "scientific-workloads",
	Summary: "Neural quantum states and anomaly detection at 40 MHz against CPU and GPU, alone and at their peak",
	New:     func() Study { return &scienceStudy{projection: newProjection("ibm-64-core", "neural-quantum-state")} },
	Draw:    drawScience,
}

type scienceStudy struct {
	projection
}

// processors are the platforms that this study compares with.
var processors = []string{"nvidia-a100-sxm", "nvidia-h100-sxm", "jetson-orin-nano-8gb", "cpu-haswell-e5-2699v3"}

func (s *scienceStudy) Configure(c *Config) error {
	c.Cite(energy.References("10.1063/5.0116699")...)
	if err := c.Section("study", []device.Param{s.drawsParam()}); err != nil {
		return err
	}
	return s.configure(c)
}

func (s *scienceStudy) Run(_ context.Context, key noise.Key) (*Record, error) {
	p, err := s.project(key)
	if err != nil {
		return nil, err
	}
	r := &Record{Warnings: p.Warnings}
	addBand(r, "energy", "J", p.Energy)
	addBand(r, "latency", "s", p.Latency)
	r.Add("inferences_per_second", "1/s", 1/p.Interval.P50)
	r.Add("required_per_second", "1/s", s.load.Rate)
	for _, name := range processors {
		x, err := energy.FindPlatform(name)
		if err != nil {
			return nil, err
		}
		c, err := p.Compare(x, s.load)
		if err != nil {
			return nil, err
		}
		r.Add("alone_"+name, "J", c.Single)
		r.Add("peak_"+name, "J", c.Peak)
		r.Add("ratio_alone_"+name, "", c.SingleRatio.P50)
		r.Add("ratio_peak_"+name, "", c.PeakRatio.P50)
	}
	return r, nil
}

func drawScience(r *Results) ([]Figure, error) {
	points := r.first()
	names := make([]string, len(processors))
	for i, n := range processors {
		p, err := energy.FindPlatform(n)
		if err != nil {
			return nil, err
		}
		names[i] = p.Title
	}
	alone := plots.Panel{X: plots.Axis{Label: "Energy over the projected, alone", Scale: plots.Log}, Y: plots.Axis{Categories: names, Reverse: true}, Rules: []plots.Rule{{At: 1, Vertical: true}, {At: 1000, Vertical: true, Label: "1000"}}, Legend: plots.Legend{Place: plots.Above}}
	peak := plots.Panel{X: plots.Axis{Label: "Energy over the projected, at the peak", Scale: plots.Log}, Y: alone.Y, Rules: alone.Rules, Legend: alone.Legend}
	chosen := evenly(len(points), 4)
	var numbers []Number
	for i, k := range chosen {
		p := points[k]
		name := r.name(p, p.Study.(*scienceStudy).workload.name)
		var a, b, y []float64
		for j, n := range processors {
			a, b = append(a, p.Record.Value("ratio_alone_"+n)), append(b, p.Record.Value("ratio_peak_"+n))
			y = append(y, float64(j))
		}
		style := plots.Style{Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i], Color: plots.OkabeIto[(i+5)%len(plots.OkabeIto)], MarkerSize: 5}
		alone.Series = append(alone.Series, plots.Scatter{Name: name, X: a, Y: y, Style: style})
		peak.Series = append(peak.Series, plots.Scatter{Name: name, X: b, Y: y, Style: style})
		numbers = append(numbers,
			Number{Text: name + ", projected", Unit: "J", X: p.Record.Value("energy_p50")},
			Number{Text: name + ", A100 over it alone", X: a[0]}, Number{Text: name + ", A100 over it at its peak", X: b[0]})
	}
	s := points[0].Study.(*scienceStudy)
	return []Figure{{
		Name: "ratios",
		Caption: fmt.Sprintf("Energy of processors over the one projected for %s, for small networks of the sciences. (a) One inference alone, with the cost of its call. (b) At the processor's peak, every unit at work. "+
			"The claim of up to 1000 times less energy (doi:10.1063/5.0116699) lies between the two.", s.architecture.name),
		Numbers: numbers,
		Figure:  plots.Figure{Panels: []plots.Panel{alone, peak}, Columns: 2},
	}}, nil
}
