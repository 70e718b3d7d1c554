package experiments

import (
	"context"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// irDrop solves arrays with real wires and compares with ideal ones.
var irDrop = Experiment{
	Name:    "ir-drop",
	Summary: "Voltage lost in the wires of an array, and the error of its outputs",
	New: func() Study {
		return &irDropStudy{
			rows: 64, cols: 64, wires: crossbar.Wires{RWord: 1, RBit: 1},
			gMin: 1e-6, gMax: 100e-6, distribution: "log-uniform", voltage: 0.2, inputs: 20, pattern: "uniform",
		}
	},
	Draw: drawIRDrop,
}

type irDropStudy struct {
	rows, cols   int
	wires        crossbar.Wires
	files        arrayFiles
	gMin, gMax   float64 // S
	distribution string
	voltage      float64 // V
	inputs       int
	pattern      string
}

// arraySize declares the size of an array, for the table [array].
func arraySize(rows, cols *int) []device.Param {
	return []device.Param{
		{Name: "rows", Value: rows, Range: quantity.AtLeast(1), Meaning: "number of word lines", Source: "assumption"},
		{Name: "cols", Value: cols, Range: quantity.AtLeast(1), Meaning: "number of bit lines", Source: "assumption"},
	}
}

func (s *irDropStudy) Configure(c *Config) error {
	if err := c.Section("array", slices.Concat(arraySize(&s.rows, &s.cols), s.wires.Params(), s.files.params())); err != nil {
		return err
	}
	if err := c.Section("study", []device.Param{
		{Name: "g_min", Value: &s.gMin, Unit: "S", Range: quantity.Positive(), Meaning: "smallest conductance of the devices"},
		{Name: "g_max", Value: &s.gMax, Unit: "S", Range: quantity.Positive(), Meaning: "largest conductance of the devices"},
		{Name: "distribution", Value: &s.distribution, Options: []string{"uniform", "log-uniform", "binary", "all-max"}, Meaning: "distribution of the conductances between g_min and g_max"},
		{Name: "voltage", Value: &s.voltage, Unit: "V", Range: quantity.Positive(), Meaning: "largest read voltage"},
		{Name: "inputs", Value: &s.inputs, Range: quantity.Between(1, 1e6), Meaning: "number of input vectors"},
		{Name: "pattern", Value: &s.pattern, Options: []string{"uniform", "binary", "all-on"}, Meaning: "input vectors: between 0 and the voltage, 0 or the voltage, or the voltage on every word line"},
	}); err != nil {
		return err
	}
	if s.gMin > s.gMax {
		return c.Errorf("study.g_min", "%s is above g_max, %s: must be at most that", quantity.Format(s.gMin, "S"), quantity.Format(s.gMax, "S"))
	}
	cells := float64(s.rows) * float64(s.cols)
	if err := c.NeedMemory("array.rows", fmt.Sprintf("an array of %d x %d", s.rows, s.cols), 8*(24*cells+float64(s.inputs)*float64(2*s.rows+5*s.cols))); err != nil {
		return err
	}
	c.Cite(dotProductEngine)
	return s.files.read(c, s.rows, s.cols, &s.wires)
}

// conductances draws the array; a cell keeps its conductance when the array
// grows around it.
func (s *irDropStudy) conductances(key noise.Key) []float64 {
	g := make([]float64, s.rows*s.cols)
	key = key.Domain(noise.D2D)
	for i := range s.rows {
		row := g[i*s.cols : (i+1)*s.cols]
		key.Uniform(row, noise.At{Row: uint32(i)})
		for j, u := range row {
			switch s.distribution {
			case "uniform":
				row[j] = s.gMin + u*(s.gMax-s.gMin)
			case "log-uniform":
				row[j] = s.gMin * math.Exp(u*math.Log(s.gMax/s.gMin))
			case "binary":
				row[j] = s.gMin
				if u < 0.5 {
					row[j] = s.gMax
				}
			case "all-max":
				row[j] = s.gMax
			}
		}
	}
	return g
}

func (s *irDropStudy) voltages(key noise.Key) []float64 {
	v := make([]float64, s.inputs*s.rows)
	key = key.Domain(noise.Data)
	for k := range s.inputs {
		x := v[k*s.rows : (k+1)*s.rows]
		key.Uniform(x, noise.At{Row: uint32(k)})
		for i, u := range x {
			switch s.pattern {
			case "uniform":
				x[i] = s.voltage * u
			case "binary":
				x[i] = 0
				if u < 0.5 {
					x[i] = s.voltage
				}
			case "all-on":
				x[i] = s.voltage
			}
		}
	}
	return v
}

func (s *irDropStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	v := s.voltages(key)
	ideal := &crossbar.Array{Rows: s.rows, Cols: s.cols, G: s.conductances(key)}
	want, err := ideal.Solve(ctx, v, nil)
	if err != nil {
		return nil, err
	}
	// Faults are in the array with wires only: its errors are theirs too.
	real := &crossbar.Array{Rows: s.rows, Cols: s.cols, G: ideal.G, Wires: s.wires}
	if err := real.Apply(s.files.changes); err != nil {
		return nil, err
	}
	got, err := real.Solve(ctx, v, nil)
	if err != nil {
		return nil, err
	}
	// Errors are relative to the root mean square of the ideal outputs: a
	// single output may be near zero.
	scale := floats.Norm(want.I, 2) / math.Sqrt(float64(len(want.I)))
	if scale == 0 {
		return nil, fmt.Errorf("every ideal output is zero: the errors have no scale")
	}
	worst := 0.0
	byColumn := make([]float64, s.cols)
	for k := range s.inputs {
		for j := range s.cols {
			e := (got.I[k*s.cols+j] - want.I[k*s.cols+j]) / scale
			worst = math.Max(worst, math.Abs(e))
			byColumn[j] += e / float64(s.inputs)
		}
	}
	_, slope := stat.LinearRegression(want.I, got.I, nil, true)
	r := &Record{}
	r.Add("rms_error", "", rmsError(got.I, want.I, 1, scale))
	r.Add("worst_error", "", worst)
	r.Add("gain", "", slope)
	r.Add("rms_error_after_gain", "", rmsError(got.I, want.I, slope, scale))
	// All word lines on is the case of the largest currents: the map of the
	// voltage that is left across each device.
	full := make([]float64, s.rows)
	for i := range full {
		full[i] = s.voltage
	}
	nodes, err := real.Solve(ctx, full, &crossbar.Settings{Nodes: true})
	if err != nil {
		return nil, err
	}
	left := make([]float64, len(real.G))
	for i := range left {
		left[i] = (nodes.VWord[i] - nodes.VBit[i]) / s.voltage
	}
	r.Add("smallest_device_voltage", "", floats.Min(left))
	p := nodes.Power[0]
	r.Add("power_source", "W", p.Source)
	r.Add("power_device_share", "", p.Device/p.Source)
	r.Add("power_wire_share", "", (p.Word+p.Bit)/p.Source)
	if err := s.compensate(ctx, r, real, left, v, got.I, want.I, scale); err != nil {
		return nil, err
	}
	r.Add("error_bound", "", max(got.ErrorBound, nodes.ErrorBound))
	r.Add("iterations", "", float64(max(got.Iterations, nodes.Iterations)))
	columns := make([]float64, s.cols)
	for j := range columns {
		columns[j] = float64(j)
	}
	r.Tables = append(r.Tables,
		Table{"columns", []Column{{"column", "", columns}, {"mean_error", "", byColumn}}},
		Table{"outputs", []Column{{"ideal", "A", thin(want.I, 2000)}, {"real", "A", thin(got.I, 2000)}}})
	r.AddArray("device_voltage", left, s.rows, s.cols)
	return r, nil
}

// rmsError returns the root mean square of got - gain want, relative to scale.
func rmsError(got, want []float64, gain, scale float64) float64 {
	var sum float64
	for i, x := range got {
		e := (x - gain*want[i]) / scale
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(got)))
}

// thin takes at most n values, evenly spaced.
func thin(v []float64, n int) []float64 {
	if len(v) <= n {
		return v
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = v[i*len(v)/n]
	}
	return out
}

func drawIRDrop(r *Results) ([]Figure, error) {
	last := r.Points[len(r.Points)-1]
	s := last.Study.(*irDropStudy)
	heat := plots.Panel{
		X:      plots.Axis{Label: "Bit line"},
		Y:      plots.Axis{Label: "Word line", Reverse: true},
		Series: []plots.Series{plots.Heatmap{Z: last.Array("device_voltage"), Rows: s.rows, Cols: s.cols, Color: plots.Axis{Label: "Device voltage / drive"}}},
	}
	if s.rows == s.cols {
		heat.Aspect = 1
	}
	scatter := plots.Panel{
		X: plots.Axis{Label: "Ideal output", Unit: "A"},
		Y: plots.Axis{Label: "Output with wires", Unit: "A"},
		Series: []plots.Series{
			plots.Scatter{Name: "outputs", X: last.Column("outputs", "ideal"), Y: last.Column("outputs", "real"), Style: plots.Style{MarkerSize: 2, Opacity: 0.5}},
			diagonal(last.Column("outputs", "ideal")),
		},
	}
	columns := plots.Panel{X: plots.Axis{Label: "Bit line"}, Y: plots.Axis{Label: "Mean error, relative"}}
	size := plots.Panel{X: plots.Axis{Label: "Word lines", Scale: plots.Log}, Y: plots.Axis{Label: "RMS error, relative", Scale: plots.Log}}
	groups := r.groups(r.first(), "array.rows", "array.cols")
	for i, n := range evenly(len(groups), 7) {
		var x, y []float64
		for _, p := range groups[n].points {
			if e := p.Record.Value("rms_error"); e > 0 {
				x, y = append(x, float64(p.Study.(*irDropStudy).rows)), append(y, e)
			}
		}
		name := groups[n].name
		if name == "" {
			name = siLabel(quantity.Format(s.wires.RWord, "ohm"))
		}
		style := plots.Style{Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i%4]}
		if len(x) > 0 {
			size.Series = append(size.Series, plots.Line{Name: name, X: x, Y: y, Style: style})
		}
		end := groups[n].points[len(groups[n].points)-1]
		columns.Series = append(columns.Series, plots.Line{Name: name, X: end.Column("columns", "column"), Y: end.Column("columns", "mean_error")})
	}
	panels := []plots.Panel{heat}
	if len(size.Series) > 0 {
		panels = append(panels, size)
	}
	panels = append(panels, scatter, columns)
	figures := []Figure{{
		Name: "ir-drop",
		Caption: fmt.Sprintf("Wires of a crossbar with %s conductances from %s to %s. (a) Share of the drive that is left across each device of the %d × %d array with %s per segment when all word lines are driven. "+
			"(b) Root mean square error of the outputs, relative to that of the ideal outputs, against the size of the array for several segment resistances. "+
			"(c) Outputs of the same array for random inputs against the ideal ones. (d) Mean error of each output, counted from the driven end, in the largest array.",
			s.distribution, siLabel(quantity.Format(s.gMin, "S")), siLabel(quantity.Format(s.gMax, "S")), s.rows, s.cols, siLabel(quantity.Format(s.wires.RWord, "ohm"))),
		Numbers: []Number{
			{Text: "root mean square error of the last array", X: last.Record.Value("rms_error")},
			{Text: "the same after one gain for all outputs", X: last.Record.Value("rms_error_after_gain")},
			{Text: "smallest share of the drive across a device", X: last.Record.Value("smallest_device_voltage")},
			{Text: "share of the power lost in the wires", X: last.Record.Value("power_wire_share")},
		},
		Figure: plots.Figure{Panels: panels, Columns: 2},
	}}
	if f, ok := drawCompensation(r); ok {
		figures = append(figures, f)
	}
	return figures, nil
}

// grey is the colour of lines that are there for comparison.
var grey = color.NRGBA{0x70, 0x70, 0x70, 0xff}

// diagonal is the line on which two equal quantities lie.
func diagonal(v []float64) plots.Line {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range v {
		lo, hi = math.Min(lo, x), math.Max(hi, x)
	}
	return plots.Line{Name: "equal", X: []float64{lo, hi}, Y: []float64{lo, hi}, Style: plots.Style{Dash: plots.Dashed, Color: grey}}
}
