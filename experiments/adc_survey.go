package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/aimc/energy"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// adcSurvey sets the models of a converter's energy against each other.
var adcSurvey = Experiment{
	Name:    "adc-survey",
	Summary: "Energy of a conversion by four models and by published chips, against resolution and rate",
	New: func() Study {
		return &surveyStudy{bits: 8, rate: 100e6, node: 22e-9, voltage: 0.9, rows: 256}
	},
	Draw: drawSurvey,
}

type surveyStudy struct {
	bits          int
	rate          float64 // Hz
	node, voltage float64 // m, V
	rows          int
}

func (s *surveyStudy) Configure(c *Config) error {
	c.Cite(energy.References("bmurmann/ADC-survey", "2405.14978", "10.1109/JSSC.2022.3140414", "10.1038/s41928-023-01010-1", "10.1038/s41586-023-06337-5")...)
	return c.Section("study", []device.Param{
		{Name: "bits", Value: &s.bits, Range: quantity.Between(4, 11), Meaning: "resolution"},
		{Name: "rate", Value: &s.rate, Unit: "Hz", Range: quantity.Between(1e5, 1e11), Meaning: "conversions per second of one converter"},
		{Name: "node", Value: &s.node, Unit: "m", Range: quantity.Between(16e-9, 180e-9), Meaning: "technology node; the sar model knows those of its table only"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "supply of the integrated converter"},
		{Name: "rows", Value: &s.rows, Range: quantity.AtLeast(1), Meaning: "lines on the integrated converter's column"},
	})
}

func (s *surveyStudy) adc(bits int, rate float64) energy.ADC {
	return energy.ADC{Bits: bits, Rate: rate, Node: s.node, Voltage: s.voltage, Rows: s.rows}
}

func (s *surveyStudy) Run(context.Context, noise.Key) (*Record, error) {
	r := &Record{}
	a := s.adc(s.bits, s.rate)
	for _, m := range []string{"envelope", "survey", "integrated", "sar"} {
		c, err := a.Convert(m)
		if err != nil {
			if m == "sar" { // has no such node
				continue
			}
			return nil, err
		}
		r.Add("energy_"+m, "J", c.Energy)
		if c.Bands != nil {
			r.Add("energy_survey_p10", "J", math.Pow(10, c.Bands[0]))
			r.Add("energy_survey_p90", "J", math.Pow(10, c.Bands[4]))
		}
		r.Warnings = append(r.Warnings, c.Outside...)
	}
	r.Add("energy_thermal", "J", energy.MinimumConversion(s.bits, 300))
	silicon, err := energy.ADC{Bits: 8, Node: 14e-9}.Convert("silicon")
	if err != nil {
		return nil, err
	}
	r.Add("energy_silicon_14nm_8bit", "J", silicon.Energy)
	var rate, best, p10, p50, p90 []float64
	for f := 1e5; f < 1.01e10; f *= math.Sqrt(math.Sqrt(10)) {
		e, err := s.adc(s.bits, f).Convert("envelope")
		if err != nil {
			return nil, err
		}
		q, err := s.adc(s.bits, f).Convert("survey")
		if err != nil {
			return nil, err
		}
		rate, best = append(rate, f), append(best, e.Energy)
		p10, p50, p90 = append(p10, math.Pow(10, q.Bands[0])), append(p50, q.Energy), append(p90, math.Pow(10, q.Bands[4]))
	}
	r.Tables = append(r.Tables, Table{"rate", []Column{{"rate", "Hz", rate}, {"envelope", "J", best}, {"p10", "J", p10}, {"p50", "J", p50}, {"p90", "J", p90}}})
	return r, nil
}

func drawSurvey(r *Results) ([]Figure, error) {
	points := r.first()
	middle := points[len(points)/2]
	s := middle.Study.(*surveyStudy)
	bits := plots.Panel{X: plots.Axis{Label: "Resolution, bits"}, Y: plots.Axis{Label: "Energy of a conversion", Unit: "J", Scale: plots.Log}}
	rate := plots.Panel{X: plots.Axis{Label: "Rate", Unit: "Hz", Scale: plots.Log}, Y: bits.Y}
	column := func(name string) (x, y []float64) {
		for _, p := range points {
			if v, ok := p.Record.lookup(name); ok {
				x, y = append(x, float64(p.Study.(*surveyStudy).bits)), append(y, v)
			}
		}
		return x, y
	}
	x, p50 := column("energy_survey")
	_, p10 := column("energy_survey_p10")
	_, p90 := column("energy_survey_p90")
	colors := plots.OkabeIto
	bits.Series = append(bits.Series, plots.Line{Name: "survey, median", X: x, Y: p50, Style: plots.Style{Color: colors[1]}}, plots.Band{X: x, Lo: p10, Hi: p90})
	for i, m := range []struct{ name, key string }{{"best published", "energy_envelope"}, {"integrated in a macro", "energy_integrated"}, {"NeuroSim SAR", "energy_sar"}, {"thermal bound", "energy_thermal"}} {
		x, y := column(m.key)
		if len(x) == 0 {
			continue
		}
		style := plots.Style{Color: colors[(i+2)%len(colors)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.NoMarker}[i]}
		if m.key == "energy_thermal" {
			style = plots.Style{Color: grey, Dash: plots.Dashed}
		}
		bits.Series = append(bits.Series, plots.Line{Name: m.name, X: x, Y: y, Style: style})
	}
	bits.Series = append(bits.Series, plots.Scatter{Name: "14 nm chips, all of a column", X: []float64{8}, Y: []float64{middle.Record.Value("energy_silicon_14nm_8bit")}, Style: plots.Style{Marker: plots.Diamond, MarkerSize: 6, Color: colors[0]}})
	f := middle.Column("rate", "rate")
	rate.Series = []plots.Series{
		plots.Line{Name: "survey, median", X: f, Y: middle.Column("rate", "p50"), Style: plots.Style{Color: colors[1]}}, plots.Band{X: f, Lo: middle.Column("rate", "p10"), Hi: middle.Column("rate", "p90")},
		plots.Line{Name: "best published", X: f, Y: middle.Column("rate", "envelope"), Style: plots.Style{Color: colors[2]}},
	}
	return []Figure{{
		Name: "adc",
		Caption: fmt.Sprintf("Energy of an analog-to-digital conversion at %s. (a) Against resolution, at %s: the median of published converters with P10 to P90, the best of them, two closed forms, and what three 14 nm chips spend on a column in all. "+
			"(b) Against rate, for %d bits. Both are fits: where the best lies above the survey, it is no bound.", siLabel(quantity.Format(s.node, "m")), siLabel(quantity.Format(s.rate, "Hz")), s.bits),
		Numbers: []Number{
			{Text: fmt.Sprintf("survey, median, %d bits", s.bits), Unit: "J", X: middle.Record.Value("energy_survey")},
			{Text: "over the best published", X: middle.Record.Value("energy_survey") / middle.Record.Value("energy_envelope")},
			{Text: "P90 over P10 of the survey", X: middle.Record.Value("energy_survey_p90") / middle.Record.Value("energy_survey_p10")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{bits, rate}},
	}}, nil
}
