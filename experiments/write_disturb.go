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

// writeDisturb maps the voltage that the other cells see while one is written.
var writeDisturb = Experiment{
	Name:    "write-disturb",
	Summary: "Voltage across every cell while one is written, by bias scheme: what half-selected cells see",
	New: func() Study {
		return &disturbStudy{
			rows: 64, cols: 64, wires: crossbar.Wires{RWord: 1, RBit: 1}, curve: newCurveConfig(),
			gMin: 1e-6, gMax: 100e-6, voltage: 2, scheme: string(crossbar.HalfV), row: 0.5, col: 0.5,
		}
	},
	Draw: drawDisturb,
}

type disturbStudy struct {
	rows, cols int
	wires      crossbar.Wires
	curve      curveConfig
	gMin, gMax float64 // S
	voltage    float64 // V
	scheme     string
	row, col   float64
}

func (s *disturbStudy) Configure(c *Config) error {
	if err := c.Section("array", append(append(arraySize(&s.rows, &s.cols), s.wires.Params()...), s.curve.params()...)); err != nil {
		return err
	}
	if err := c.Section("study", []device.Param{
		{Name: "g_min", Value: &s.gMin, Unit: "S", Range: quantity.Positive(), Meaning: "smallest conductance of the devices, which lie log-uniformly between both"},
		{Name: "g_max", Value: &s.gMax, Unit: "S", Range: quantity.Positive(), Meaning: "largest conductance of the devices"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "write voltage"},
		{Name: "scheme", Value: &s.scheme, Options: schemeNames(), Meaning: "what the lines that are not selected are connected to"},
		{Name: "row", Value: &s.row, Range: quantity.Between(0, 1), Meaning: "place of the written cell along the rows, as a share of the array"},
		{Name: "col", Value: &s.col, Range: quantity.Between(0, 1), Meaning: "place of the written cell along the columns, as a share of the array"},
	}); err != nil {
		return err
	}
	if s.gMin > s.gMax {
		return c.Errorf("study.g_min", "%s is above g_max, %s: must be at most that", quantity.Format(s.gMin, "S"), quantity.Format(s.gMax, "S"))
	}
	if err := s.curve.validate(c); err != nil {
		return err
	}
	return needArray(c, s.rows, s.cols, 40)
}

// cell returns the written cell.
func (s *disturbStudy) cell() (row, col int) {
	return int(math.Round(s.row * float64(s.rows-1))), int(math.Round(s.col * float64(s.cols-1)))
}

func (s *disturbStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	draw := irDropStudy{rows: s.rows, cols: s.cols, gMin: s.gMin, gMax: s.gMax, distribution: "log-uniform"}
	a := &crossbar.Array{Rows: s.rows, Cols: s.cols, G: draw.conductances(key), Wires: s.wires}
	row, col := s.cell()
	b, err := crossbar.Scheme(s.scheme).Bias(s.rows, s.cols, row, col, s.voltage)
	if err != nil {
		return nil, err
	}
	op, err := a.SolveBias(ctx, b, s.curve.curve(), nil)
	if err != nil {
		return nil, err
	}
	stress := make([]float64, len(op.VDevice))
	var half, rest []float64
	for k, u := range op.VDevice {
		stress[k] = u / s.voltage
		switch {
		case k == row*s.cols+col:
		case k/s.cols == row || k%s.cols == col:
			half = append(half, math.Abs(stress[k]))
		default:
			rest = append(rest, math.Abs(stress[k]))
		}
	}
	r := &Record{}
	r.Add("stress_selected", "", stress[row*s.cols+col])
	r.Add("largest_stress_half_selected", "", largest(half))
	r.Add("largest_stress_unselected", "", largest(rest))
	r.Add("power", "W", op.Power.Source)
	r.Add("power_selected_share", "", op.VDevice[row*s.cols+col]*op.IDevice[row*s.cols+col]/op.Power.Source)
	r.Add("error_bound", "", op.ErrorBound)
	r.AddArray("stress", stress, s.rows, s.cols)
	all := append(half, rest...)
	if len(all) > 0 {
		r.Tables = append(r.Tables, Table{"stress", []Column{{"stress", "", quantiles(all)}}})
	}
	return r, nil
}

func largest(v []float64) float64 {
	m := 0.0
	for _, x := range v {
		m = math.Max(m, x)
	}
	return m
}

func drawDisturb(r *Results) ([]Figure, error) {
	var panels []plots.Panel
	dist := plots.Panel{X: plots.Axis{Label: "Disturb stress, |\\it{v}|/\\it{V}"}, Y: plots.Axis{Label: "Share of the other cells"}}
	points := r.first()
	var numbers []Number
	for _, n := range evenly(len(points), 3) {
		p := points[n]
		s := p.Study.(*disturbStudy)
		name := r.name(p, s.scheme)
		m := plots.Panel{
			Title:  name,
			X:      plots.Axis{Label: "Bit line"},
			Y:      plots.Axis{Label: "Word line", Reverse: true},
			Series: []plots.Series{plots.Heatmap{Z: p.Array("stress"), Rows: s.rows, Cols: s.cols, Color: plots.Axis{Label: "Stress, \\it{v}/\\it{V}"}}},
		}
		if s.rows == s.cols {
			m.Aspect = 1
		}
		panels = append(panels, m)
		numbers = append(numbers,
			Number{Text: name + ": largest stress of a half-selected cell", X: p.Record.Value("largest_stress_half_selected")},
			Number{Text: name + ": share of the power that writes the selected cell", X: p.Record.Value("power_selected_share")})
	}
	for _, n := range evenly(len(points), 6) {
		p := points[n]
		if has(p.Record, "stress") {
			dist.Series = append(dist.Series, plots.ECDF{Name: r.name(p, p.Study.(*disturbStudy).scheme), Values: p.Column("stress", "stress")})
		}
	}
	caption := "Voltage across each cell, relative to the write voltage, while one cell is written"
	if len(dist.Series) > 0 {
		panels = append(panels, dist)
		caption += fmt.Sprintf("; (%c) its distribution over all other cells", 'a'+len(panels)-1)
	}
	return []Figure{{Name: "disturb", Caption: caption + ".", Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}, nil
}
