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

// technologyScaling says what a smaller node does to each part of a chip.
var technologyScaling = Experiment{
	Name:    "technology-scaling",
	Summary: "Energy and area of logic, converters and array cells against the technology node",
	New: func() Study {
		return &scalingStudy{node: 45e-9, supply: 0.9, from: 130e-9, fromSupply: 1.3, bits: 8, rate: 100e6, conductance: 10e-6, voltage: 0.2, time: 100e-9, rows: 256}
	},
	Draw: drawScaling,
}

type scalingStudy struct {
	node, supply, from, fromSupply float64
	bits, rows                     int
	rate                           float64 // Hz
	conductance, voltage, time     float64 // S, V, s
}

func (s *scalingStudy) Configure(c *Config) error {
	c.Cite(energy.References("10.1016/j.vlsi.2017.02.002", "10.1109/ISSCC.2014.6757323", "bmurmann/ADC-survey")...)
	return c.Section("study", []device.Param{
		{Name: "node", Value: &s.node, Unit: "m", Range: quantity.Between(7e-9, 130e-9), Meaning: "technology node"},
		{Name: "supply", Value: &s.supply, Unit: "V", Range: quantity.Between(0.4, 2), Meaning: "its supply"},
		{Name: "from_node", Value: &s.from, Unit: "m", Range: quantity.Between(7e-9, 130e-9), Meaning: "node that all is relative to"},
		{Name: "from_supply", Value: &s.fromSupply, Unit: "V", Range: quantity.Between(0.4, 2), Meaning: "its supply"},
		{Name: "bits", Value: &s.bits, Range: quantity.Between(4, 12), Meaning: "resolution of the converter"},
		{Name: "rate", Value: &s.rate, Unit: "Hz", Range: quantity.Between(1e5, 1e11), Meaning: "rate of the converter"},
		{Name: "rows", Value: &s.rows, Range: quantity.AtLeast(1), Meaning: "rows of a column"},
		{Name: "conductance", Value: &s.conductance, Unit: "S", Range: quantity.Positive(), Meaning: "mean conductance of a weight"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "read voltage"},
		{Name: "time", Value: &s.time, Unit: "s", Range: quantity.Positive(), Meaning: "read time"},
	})
}

func (s *scalingStudy) Run(context.Context, noise.Key) (*Record, error) {
	r := &Record{}
	k, err := energy.ScaleLogic(s.from, s.fromSupply, s.node, s.supply)
	if err != nil {
		return nil, err
	}
	mac, err := energy.ScaleLogic(45e-9, 0.9, s.node, s.supply)
	if err != nil {
		return nil, err
	}
	r.Warnings = append(k.Outside, mac.Outside...)
	r.Add("logic_energy_factor", "", k.Energy)
	r.Add("logic_area_factor", "", k.Area)
	r.Add("logic_sigma_decades", "", k.Sigma)
	r.Add("energy_int8_mac", "J", (energy.MultiplierEnergy(8)+energy.AdderEnergy(32))*mac.Energy)
	for _, m := range []string{"envelope", "survey"} {
		c, err := energy.ADC{Bits: s.bits, Rate: s.rate, Node: s.node}.Convert(m)
		if err != nil {
			return nil, err
		}
		r.Warnings = append(r.Warnings, c.Outside...)
		r.Add("energy_per_mac_adc_"+m, "J", c.Energy/float64(s.rows))
	}
	r.Add("energy_per_mac_array", "J", s.voltage*s.voltage*s.conductance*s.time*energy.PulseWidth.MeanFactor())
	return r, nil
}

func drawScaling(r *Results) ([]Figure, error) {
	points := r.first()
	var node []float64
	for _, p := range points {
		node = append(node, p.Study.(*scalingStudy).node)
	}
	column := func(name string) []float64 {
		var y []float64
		for _, p := range points {
			y = append(y, p.Record.Value(name))
		}
		return y
	}
	s := points[0].Study.(*scalingStudy)
	x := plots.Axis{Label: "Node", Unit: "m", Scale: plots.Log, Reverse: true}
	logic := plots.Panel{X: x, Y: plots.Axis{Label: "Digital logic, relative", Scale: plots.Log}}
	per := plots.Panel{X: x, Y: plots.Axis{Label: "Energy per MAC", Unit: "J", Scale: plots.Log}}
	mark := func(k int) plots.Style {
		return plots.Style{Color: plots.OkabeIto[(k+1)%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[k]}
	}
	logic.Series = []plots.Series{plots.Line{Name: "energy", X: node, Y: column("logic_energy_factor"), Style: mark(0)}, plots.Line{Name: "area", X: node, Y: column("logic_area_factor"), Style: mark(1)}}
	per.Series = []plots.Series{
		plots.Line{Name: "digital MAC, 8 bits", X: node, Y: column("energy_int8_mac"), Style: mark(0)}, plots.Line{Name: "converter, survey", X: node, Y: column("energy_per_mac_adc_survey"), Style: mark(1)},
		plots.Line{Name: "converter, best", X: node, Y: column("energy_per_mac_adc_envelope"), Style: mark(2)}, plots.Line{Name: "array cell", X: node, Y: column("energy_per_mac_array"), Style: mark(3)},
	}
	last := points[len(points)-1]
	return []Figure{{
		Name: "scaling",
		Caption: fmt.Sprintf("What a smaller node saves. (a) Energy per operation and area of digital logic relative to %s, each node at its own supply. (b) Energy per multiplication: in digital logic, of a converter of %d bits shared by %d rows, and in the cell, "+
			"which is set by conductance, voltage and time and does not scale. The converter's best published line is kept at its 16 nm value below.",
			siLabel(quantity.Format(s.from, "m")), s.bits, s.rows),
		Numbers: []Number{
			{Text: "energy of logic at the last node, relative", X: last.Record.Value("logic_energy_factor")},
			{Text: "a digital 8-bit MAC there", Unit: "J", X: last.Record.Value("energy_int8_mac")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{logic, per}},
	}}, nil
}
