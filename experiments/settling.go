package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// settling follows the outputs of an array after its inputs step.
var settling = Experiment{
	Name:    "settling",
	Summary: "Settling time and energy of an analog product with line capacitance, against the Elmore delay",
	New: func() Study {
		return &settlingStudy{
			rows: 64, cols: 64, wires: crossbar.Wires{RWord: 1, RBit: 1, RDriver: 100, RSense: 100},
			capacitance: crossbar.LineCapacitance{Word: 0.1e-15, Bit: 0.1e-15},
			gMin:        1e-6, gMax: 100e-6, voltage: 0.2, bits: 8,
		}
	},
	Draw: drawSettling,
}

type settlingStudy struct {
	rows, cols  int
	wires       crossbar.Wires
	capacitance crossbar.LineCapacitance
	gMin, gMax  float64 // S
	voltage     float64 // V
	bits        int
}

func (s *settlingStudy) Configure(c *Config) error {
	if err := c.Section("array", append(append(arraySize(&s.rows, &s.cols), s.wires.Params()...), s.capacitance.Params()...)); err != nil {
		return err
	}
	if err := c.Section("study", []device.Param{
		{Name: "g_min", Value: &s.gMin, Unit: "S", Range: quantity.Positive(), Meaning: "smallest conductance of the devices, which lie log-uniformly between both"},
		{Name: "g_max", Value: &s.gMax, Unit: "S", Range: quantity.Positive(), Meaning: "largest conductance of the devices"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "largest input voltage; inputs are uniform between 0 and it"},
		{Name: "bits", Value: &s.bits, Range: quantity.Between(1, 16), Meaning: "an output has settled within half a least significant bit of so many bits over the largest output"},
	}); err != nil {
		return err
	}
	if s.gMin > s.gMax {
		return c.Errorf("study.g_min", "%s is above g_max, %s: must be at most that", quantity.Format(s.gMin, "S"), quantity.Format(s.gMax, "S"))
	}
	if err := s.capacitance.Validate(); err != nil {
		return c.Errorf("array.c_word", "%v", err)
	}
	if s.wires.Ideal() {
		return c.Errorf("array", "all resistances are 0 ohm: one at least must be > 0 ohm, or nothing has to settle")
	}
	return needArray(c, s.rows, s.cols, 60)
}

func (s *settlingStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	draw := irDropStudy{rows: s.rows, cols: s.cols, gMin: s.gMin, gMax: s.gMax, distribution: "log-uniform", voltage: s.voltage, inputs: 1, pattern: "uniform"}
	a := &crossbar.Array{Rows: s.rows, Cols: s.cols, G: draw.conductances(key), Wires: s.wires}
	out, err := a.Settle(ctx, draw.voltages(key), s.capacitance, &crossbar.SettlingSettings{Tolerance: math.Pow(2, -float64(s.bits+1)), Trace: true})
	if err != nil {
		return nil, err
	}
	slowest, delay := 0, 0.0
	for j, d := range out.Delay {
		if out.Time[j] > out.Time[slowest] {
			slowest = j
		}
		if !math.IsNaN(d) {
			delay = math.Max(delay, d)
		}
	}
	r := &Record{}
	r.Add("settling_time", "s", out.Settled)
	r.Add("elmore_delay", "s", delay)
	r.Add("elmore_estimate", "s", delay*float64(s.bits+1)*math.Ln2)
	r.Add("energy", "J", out.Energy)
	r.Add("static_power", "W", out.Static)
	r.Add("steps", "", float64(out.Steps))
	y := make([]float64, len(out.T))
	for k := range y {
		y[k] = out.I[k*s.cols+slowest] / out.Final[slowest]
	}
	r.Tables = append(r.Tables, Table{"output", []Column{{"t", "s", out.T}, {"relative", "", y}}})
	return r, nil
}

func drawSettling(r *Results) ([]Figure, error) {
	points := r.first()
	trace := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s"}, Y: plots.Axis{Label: "Slowest output / final value"}, Rules: []plots.Rule{{At: 1}}}
	time := plots.Panel{X: plots.Axis{Label: "Word lines", Scale: plots.Log}, Y: plots.Axis{Label: "Settling time", Unit: "s", Scale: plots.Log}}
	energy := plots.Panel{X: time.X, Y: plots.Axis{Label: "Energy of a product", Unit: "J", Scale: plots.Log}}
	var n, t, e, j []float64
	for _, p := range points {
		s := p.Study.(*settlingStudy)
		n = append(n, float64(s.rows))
		t, e = append(t, p.Record.Value("settling_time")), append(e, p.Record.Value("elmore_estimate"))
		j = append(j, p.Record.Value("energy"))
	}
	for _, k := range evenly(len(points), 4) {
		p := points[k]
		s := p.Study.(*settlingStudy)
		trace.Series = append(trace.Series, plots.Line{Name: fmt.Sprintf("%d × %d", s.rows, s.cols), X: p.Column("output", "t"), Y: p.Column("output", "relative")})
	}
	last := points[len(points)-1]
	s := last.Study.(*settlingStudy)
	panels := []plots.Panel{trace}
	caption := fmt.Sprintf("Response of an array to a step of its inputs, with %s a segment and %s at each node of a word line. (a) The slowest output.",
		siLabel(quantity.Format(s.wires.RWord, "ohm")), siLabel(quantity.Format(s.capacitance.Word, "F")))
	if len(points) > 1 && n[0] != n[len(n)-1] {
		time.Series = []plots.Series{
			plots.Line{Name: "solved", X: n, Y: t, Style: plots.Style{Marker: plots.Circle}},
			plots.Line{Name: "Elmore estimate", X: n, Y: e, Style: plots.Style{Dash: plots.Dashed, Color: grey}},
		}
		energy.Series = []plots.Series{plots.Line{X: n, Y: j, Style: plots.Style{Marker: plots.Circle}}}
		panels = append(panels, time, energy)
		caption += fmt.Sprintf(" (b) Time until every output stays within half a bit of %d, beside the Elmore delay times ln 2^{%d}. (c) Energy that the sources deliver until then.", s.bits, s.bits+1)
	}
	return []Figure{{
		Name: "settling", Caption: plainText(caption),
		Numbers: []Number{
			{Text: "settling time of the last array", Unit: "s", X: last.Record.Value("settling_time")},
			{Text: "its Elmore estimate", Unit: "s", X: last.Record.Value("elmore_estimate")},
			{Text: "energy of a product", Unit: "J", X: last.Record.Value("energy")},
		},
		Figure: plots.Figure{Panels: panels},
	}}, nil
}
