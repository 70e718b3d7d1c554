package experiments

import (
	"context"
	"fmt"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// sneakPaths reads the farthest cell of arrays among others in the worst state.
var sneakPaths = Experiment{
	Name:    "sneak-paths",
	Summary: "Read margin of a cell among sneak paths, against array size, bias scheme and device law",
	New: func() Study {
		return &sneakStudy{
			rows: 32, cols: 32, wires: crossbar.Wires{RWord: 1, RBit: 1}, curve: newCurveConfig(),
			gOn: 100e-6, gOff: 1e-6, voltage: 1, scheme: string(crossbar.HalfV),
		}
	},
	Draw: drawSneak,
}

type sneakStudy struct {
	rows, cols int
	wires      crossbar.Wires
	curve      curveConfig
	gOn, gOff  float64 // S
	voltage    float64 // V
	scheme     string
}

func (s *sneakStudy) Configure(c *Config) error {
	if err := c.Section("array", append(append(arraySize(&s.rows, &s.cols), s.wires.Params()...), s.curve.params()...)); err != nil {
		return err
	}
	if err := c.Section("study", []device.Param{
		{Name: "g_on", Value: &s.gOn, Unit: "S", Range: quantity.Positive(), Meaning: "conductance of the low-resistance state"},
		{Name: "g_off", Value: &s.gOff, Unit: "S", Range: quantity.Positive(), Meaning: "conductance of the high-resistance state"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "read voltage"},
		{Name: "scheme", Value: &s.scheme, Options: schemeNames(), Meaning: "what the lines that are not selected are connected to"},
	}); err != nil {
		return err
	}
	if s.gOff >= s.gOn {
		return c.Errorf("study.g_off", "%s is not below g_on, %s: must be below it", quantity.Format(s.gOff, "S"), quantity.Format(s.gOn, "S"))
	}
	if err := s.curve.validate(c); err != nil {
		return err
	}
	return needArray(c, s.rows, s.cols, 40)
}

// needArray refuses an array whose solution, with so many numbers a cell, does
// not fit into memory.
func needArray(c *Config, rows, cols int, perCell float64) error {
	return c.NeedMemory("array.rows", fmt.Sprintf("an array of %d x %d", rows, cols), 8*perCell*float64(rows)*float64(cols))
}

func (s *sneakStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	test := crossbar.ReadTest{
		Rows: s.rows, Cols: s.cols, Row: 0, Col: s.cols - 1, GOn: s.gOn, GOff: s.gOff, V: s.voltage,
		Scheme: crossbar.Scheme(s.scheme), Wires: s.wires, IV: s.curve.curve(),
	}
	m, err := test.Margin(ctx, nil)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	r.Add("margin", "", m.Margin)
	r.Add("worst_margin", "", m.Worst)
	for k, others := range []string{"on", "off"} {
		r.Add("i_on_others_"+others, "A", m.On[k].I)
		r.Add("i_off_others_"+others, "A", m.Off[k].I)
		r.Add("sneak_off_others_"+others, "A", m.Off[k].Sneak)
	}
	r.Add("error_bound", "", m.ErrorBound)
	return r, nil
}

func drawSneak(r *Results) ([]Figure, error) {
	known := plots.Panel{X: plots.Axis{Label: "Word lines", Scale: plots.Log}, Y: plots.Axis{Label: "Read margin, others known"}}
	worst := plots.Panel{X: known.X, Y: plots.Axis{Label: "Read margin, others in the worst state", Min: -1, Max: 1.05}, Rules: []plots.Rule{{At: 0}}}
	s := r.Points[len(r.Points)-1].Study.(*sneakStudy)
	groups := r.groups(r.first(), "array.rows", "array.cols")
	for i, n := range evenly(len(groups), 8) {
		var x, y, z []float64
		name := groups[n].name
		if name == "" {
			name = s.scheme
		}
		for _, p := range groups[n].points {
			s := p.Study.(*sneakStudy)
			x = append(x, float64(s.rows))
			y, z = append(y, p.Record.Value("margin")), append(z, p.Record.Value("worst_margin"))
		}
		style := plots.Style{
			Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i%4],
			Color:  plots.OkabeIto[i%len(plots.OkabeIto)],
		}
		known.Series = append(known.Series, plots.Line{Name: name, X: x, Y: y, Style: style})
		worst.Series = append(worst.Series, plots.Line{Name: name, X: x, Y: z, Style: style})
	}
	return []Figure{{
		Name: "margin",
		Caption: fmt.Sprintf("Read margin of the cell farthest from driver and sense amplifier, (I_on − I_off)/I_on, at %s with states of %s and %s and %s a segment. "+
			"(a) The smaller of the two margins among other cells that are all on or all off. (b) The window for a fixed reference: smallest current of a cell that is on against largest of one that is off.",
			siLabel(quantity.Format(s.voltage, "V")), siLabel(quantity.Format(s.gOn, "S")), siLabel(quantity.Format(s.gOff, "S")), siLabel(quantity.Format(s.wires.RWord, "ohm"))),
		Numbers: []Number{
			{Text: "worst margin at the first point", X: r.Points[0].Record.Value("worst_margin")},
			{Text: "worst margin at the last point", X: r.Points[len(r.Points)-1].Record.Value("worst_margin")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{known, worst}},
	}}, nil
}
