package experiments

import (
	"context"
	"fmt"
	"math"
	"sort"

	"mho/aimc"
	"mho/aimc/energy"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// energyAccuracy sets the error of an analog product against its energy.
var energyAccuracy = Experiment{
	Name:    "energy-accuracy",
	Summary: "Error of an analog product against its energy: converter bits, read voltage and rows at work, with the Pareto front",
	New: func() Study {
		return &accuracyStudy{
			mvm: mvmStudy{outputs: 128, inputs: 128, vectors: 128, time: 20, distribution: "normal"},
			adc: "survey", rate: 100e6, node: 22e-9, supply: 0.9, read: 100e-9,
		}
	},
	Draw: drawAccuracy,
}

type accuracyStudy struct {
	mvm    mvmStudy
	adc    string
	rate   float64 // Hz
	node   float64 // m
	supply float64 // V
	read   float64 // s
}

func (s *accuracyStudy) Configure(c *Config) error {
	if err := c.Section("study", []device.Param{
		{Name: "outputs", Value: &s.mvm.outputs, Range: quantity.Between(1, 4096), Meaning: "rows of the weight matrix"},
		{Name: "inputs", Value: &s.mvm.inputs, Range: quantity.Between(1, 4096), Meaning: "columns of the weight matrix"},
		{Name: "vectors", Value: &s.mvm.vectors, Range: quantity.Between(1, 1<<16), Meaning: "number of input vectors"},
		{Name: "time", Value: &s.mvm.time, Unit: "s", Range: quantity.NonNegative(), Meaning: "time of the products after programming"},
		{Name: "distribution", Value: &s.mvm.distribution, Options: []string{"normal", "uniform"}, Meaning: "distribution of weights and inputs"},
		{Name: "adc", Value: &s.adc, Options: []string{"envelope", "survey", "integrated", "sar", "silicon"}, Meaning: "model of the converter's energy"},
		{Name: "rate", Value: &s.rate, Unit: "Hz", Range: quantity.Positive(), Meaning: "rate of a converter"},
		{Name: "node", Value: &s.node, Unit: "m", Range: quantity.Positive(), Meaning: "technology node"},
		{Name: "supply", Value: &s.supply, Unit: "V", Range: quantity.Positive(), Meaning: "supply that drivers and converters take their charge from"},
		{Name: "read", Value: &s.read, Unit: "s", Range: quantity.Positive(), Meaning: "duration of a full input"},
	}); err != nil {
		return err
	}
	if c.Env.Bandwidth != device.Room().Bandwidth {
		return c.Errorf("environment.bandwidth", "follows from study.read here, 1/(2 read): must be left out")
	}
	cells, err := c.Cells()
	if err != nil {
		return err
	}
	s.mvm.tile = aimc.NewConfig(cells)
	s.mvm.tile.Env, s.mvm.tile.Converters.ADCBits = c.Env, 8
	s.mvm.tile.Env.Bandwidth = 1 / (2 * s.read) // of an integration over the input
	if err := tileSections(c, &s.mvm.tile); err != nil {
		return err
	}
	c.Cite(energy.References("bmurmann/ADC-survey")...)
	if b := s.mvm.tile.Converters.ADCBits; b < 1 {
		return c.Errorf("converters.adc.bits", "an ideal converter has no energy: must be >= 1")
	}
	if _, err := s.conversion(); err != nil {
		return c.Errorf("study.adc", "%v", err)
	}
	return nil
}

func (s *accuracyStudy) conversion() (energy.Conversion, error) {
	return energy.ADC{Bits: s.mvm.tile.Converters.ADCBits, Rate: s.rate, Node: s.node, Voltage: s.supply, Rows: s.mvm.tile.Array.Rows}.Convert(s.adc)
}

// Run takes the error from the tile, and the energy from the same devices and
// inputs: what the cells dissipate, and the conversions of every array.
func (s *accuracyStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	m := &s.mvm
	w := m.draw(m.outputs, m.inputs, key.Domain(noise.Data).Fold(0))
	x := m.draw(m.vectors, m.inputs, key.Domain(noise.Data).Fold(1))
	exact := make([]float64, m.vectors*m.outputs)
	for k := range m.vectors {
		for j := range m.outputs {
			sum := 0.0
			for i, xi := range x[k*m.inputs : (k+1)*m.inputs] {
				sum += xi * w[j*m.inputs+i]
			}
			exact[k*m.outputs+j] = sum
		}
	}
	tile, err := aimc.NewCrossbarTile(m.outputs, m.inputs, m.tile, key)
	if err != nil {
		return nil, err
	}
	report, err := tile.Program(w, key)
	if err != nil {
		return nil, err
	}
	if err := tile.Advance(m.time, key); err != nil {
		return nil, err
	}
	y := make([]float64, m.vectors*m.outputs)
	if _, err := tile.MVM(ctx, y, x, 0, key); err != nil {
		return nil, err
	}
	conv, err := s.conversion()
	if err != nil {
		return nil, err
	}
	r := &Record{Warnings: conv.Outside}
	raw, gain, rest := relativeError(y, exact)
	r.Add("error", "", raw)
	r.Add("gain", "", gain)
	r.Add("error_after_gain", "", rest)
	cells, err := tile.Cells()
	if err != nil {
		return nil, err
	}
	array, err := s.dissipation(cells, x)
	if err != nil {
		return nil, err
	}
	conversions := s.conversions(cells)
	converters := conv.Energy * conversions
	r.Add("energy_cells", "J", array)
	r.Add("energy_converters", "J", converters)
	r.Add("energy", "J", array+converters)
	r.Add("energy_per_mac", "J", (array+converters)/float64(m.inputs)/float64(m.outputs))
	if report.Energy > 0 {
		r.Add("programming_energy", "J", report.Energy)
	}
	if conv.Bands != nil {
		r.Add("energy_p10", "J", array+math.Pow(10, conv.Bands[0])*conversions)
		r.Add("energy_p90", "J", array+math.Pow(10, conv.Bands[4])*conversions)
	}
	return r, nil
}

// conversions returns how many conversions a product takes: one for each column of
// every slice and part of the matrix, for each digit of the inputs; the arrays of a
// pair, and copies, share converters.
func (s *accuracyStudy) conversions(cells []aimc.Cells) float64 {
	n := 0
	for _, a := range cells {
		if a.Sign > 0 && a.Copy == 0 {
			n += a.Cols
		}
	}
	return float64(n * max(1, s.mvm.tile.Converters.Digits()))
}

// dissipation returns the mean energy in J that the cells take for one of the inputs
// x, from the conductances of all arrays as they are now.
func (s *accuracyStudy) dissipation(cells []aimc.Cells, x []float64) (float64, error) {
	m := &s.mvm
	sums := make([]float64, m.inputs)
	for _, a := range cells {
		rows := make([]float64, a.Rows)
		energy.RowSums(rows, a.Conductance, a.Rows, a.Cols)
		for i, g := range rows {
			sums[a.FirstInput+i] += g
		}
	}
	c := &m.tile.Converters
	read := energy.Read{Encoding: energy.Encoding(c.DACKind), Voltage: c.VRead, Time: s.read, Bits: c.DACBits, Supply: math.Max(s.supply, c.VRead)}
	if c.DACKind == "" {
		read.Encoding = energy.Amplitude
	}
	total := 0.0
	levels := make([]float64, m.inputs)
	for k := range m.vectors {
		top := c.InputRange
		for i, v := range x[k*m.inputs : (k+1)*m.inputs] {
			levels[i] = math.Abs(v)
			if c.InputRange == 0 {
				top = math.Max(top, levels[i])
			}
		}
		for i := range levels {
			if top > 0 {
				levels[i] = math.Min(1, levels[i]/top)
			}
		}
		e, err := read.Energy(levels, sums)
		if err != nil {
			return 0, err
		}
		total += e
	}
	return total / float64(m.vectors), nil
}

// front returns the points that no other beats in both, by rising energy.
func front(x, y []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		i, j := order[a], order[b]
		return x[i] < x[j] || x[i] == x[j] && y[i] < y[j]
	})
	var out []int
	best := math.Inf(1)
	for _, i := range order {
		if y[i] < best {
			out, best = append(out, i), y[i]
		}
	}
	return out
}

// knee returns the point of a front that lies farthest below the line through its
// ends, in logarithms of both.
func knee(x, y []float64, on []int) int {
	a, b := on[0], on[len(on)-1]
	best, at := 0.0, a
	for _, i := range on {
		u := math.Log(x[i]/x[a]) * math.Log(y[b]/y[a])
		v := math.Log(y[i]/y[a]) * math.Log(x[b]/x[a])
		if d := u - v; d > best {
			best, at = d, i
		}
	}
	return at
}

func drawAccuracy(r *Results) ([]Figure, error) {
	panel := plots.Panel{X: plots.Axis{Label: "Energy of a product", Unit: "J", Scale: plots.Log}, Y: plots.Axis{Label: "Relative error after one gain", Scale: plots.Log}}
	bits := plots.Panel{X: plots.Axis{Label: "Converter, bits"}, Y: panel.Y}
	var x, y []float64
	points := r.first()
	for _, p := range points {
		x, y = append(x, p.Record.Value("energy")), append(y, math.Max(p.Record.Value("error_after_gain"), 1e-12))
	}
	groups := r.groups(points, "converters.adc.bits")
	for i, k := range evenly(len(groups), 6) {
		var gx, gy, gb []float64
		for _, p := range groups[k].points {
			gx, gy = append(gx, p.Record.Value("energy")), append(gy, math.Max(p.Record.Value("error_after_gain"), 1e-12))
			gb = append(gb, float64(p.Study.(*accuracyStudy).mvm.tile.Converters.ADCBits))
		}
		style := plots.Style{Color: plots.OkabeIto[(i+1)%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond, plots.InvertedTriangle, plots.Circle}[i]}
		panel.Series = append(panel.Series, plots.Scatter{Name: groups[k].name, X: gx, Y: gy, Style: style})
		bits.Series = append(bits.Series, plots.Line{Name: groups[k].name, X: gb, Y: gy, Style: style})
	}
	on := front(x, y)
	var fx, fy []float64
	for _, i := range on {
		fx, fy = append(fx, x[i]), append(fy, y[i])
	}
	panel.Series = append(panel.Series, plots.Line{Name: "Pareto front", X: fx, Y: fy, Style: plots.Style{Color: grey, Dash: plots.Dashed}})
	k := knee(x, y, on)
	panel.Series = append(panel.Series, plots.Scatter{Name: "knee", X: []float64{x[k]}, Y: []float64{y[k]}, Style: plots.Style{Marker: plots.Circle, MarkerSize: 9, Hollow: true, Color: plots.OkabeIto[6]}})
	s := points[k].Study.(*accuracyStudy)
	return []Figure{{
		Name: "pareto",
		Caption: fmt.Sprintf("Error and energy of products of a %d × %d matrix on %s, %s after programming: cells as they are, fed by a linear regulator from %s, and converters by the model %s. (a) The points that no other beats in both form the front; its knee lies farthest below the line through its ends. "+
			"(b) Error against the converter's resolution.", s.mvm.outputs, s.mvm.inputs, s.mvm.tile.Device.Info().Name, siLabel(timeText(s.mvm.time)), siLabel(quantity.Format(s.supply, "V")), s.adc),
		Numbers: []Number{
			{Text: "energy at the knee, " + r.name(points[k], "the only point"), Unit: "J", X: x[k]}, {Text: "error there", X: y[k]},
			{Text: "points on the front", X: float64(len(on))},
		},
		Figure: plots.Figure{Panels: []plots.Panel{panel, bits}},
	}}, nil
}
