package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mho/device"
	"mho/device/catalog"
	"mho/device/surrogate"
	"mho/internal/config"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

// surrogateArray writes the same array twice: with cells made by characterising an
// element, and with the element itself in each cell.
var surrogateArray = Experiment{
	Name:    "surrogate-array",
	Summary: "An array written with surrogate cells against one in which every cell is the integrated element",
	New: func() Study {
		return &surrogateStudy{rows: 32, cols: 32, pulses: 60, spread: 0.05, parameters: []string{"k_on", "k_off"}, devices: 256, states: 33}
	},
	Draw: drawSurrogate,
}

type surrogateStudy struct {
	rows, cols, pulses int
	spread             float64
	parameters         []string
	devices, states    int
	env                device.Env
	name               string
	values             [][2]string // of the device's parameters
	set                surrogate.Settings
}

func (s *surrogateStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "rows", Value: &s.rows, Range: quantity.Between(1, 4096), Meaning: "rows of the array"},
		{Name: "cols", Value: &s.cols, Range: quantity.Between(1, 4096), Meaning: "columns of the array"},
		{Name: "pulses", Value: &s.pulses, Range: quantity.Between(2, 10000), Meaning: "SET pulses of the train, and RESET pulses after them"},
		{Name: "spread", Value: &s.spread, Unit: "%", Range: quantity.Between(0, 1), Meaning: "relative spread of each of the parameters from device to device"},
		{Name: "parameters", Value: &s.parameters, Meaning: "parameters of the device that spread"},
		{Name: "devices", Value: &s.devices, Range: quantity.Between(2, 1e5), Meaning: "copies that the characterisation measures"},
		{Name: "states", Value: &s.states, Range: quantity.Between(5, 1025), Meaning: "states at which the characterisation measures steps"},
	}); err != nil {
		return err
	}
	devices, err := c.Elements()
	if err != nil {
		return err
	}
	if len(devices) > 1 {
		return c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	el := devices[0].Element
	s.name = el.Info().Name
	s.values = nil
	for _, p := range el.Params() {
		s.values = append(s.values, [2]string{p.Name, p.Text()})
	}
	s.set = surrogate.NewSettings()
	s.set.Devices, s.set.States, s.set.Env, s.set.Spreads = s.devices, s.states, s.env, []device.Spread{}
	for _, name := range s.parameters {
		i := slices.IndexFunc(el.Params(), func(p device.Param) bool { return p.Name == name })
		if i < 0 {
			return c.Errorf("study.parameters", "%q is no parameter of %s: must be names from mho explain %s", name, s.name, s.name)
		}
		one, err := surrogate.Relative(el.Params()[i], s.spread)
		if err != nil {
			return c.Errorf("study.parameters", "%v", err)
		}
		if s.spread > 0 {
			s.set.Spreads = append(s.set.Spreads, one)
		}
	}
	return nil
}

// element makes a fresh device with the parameters of the study.
func (s *surrogateStudy) element() (device.Element, error) {
	m, err := catalog.New(s.name)
	if err != nil {
		return nil, err
	}
	text := "[p]\n"
	for _, v := range s.values {
		text += v[0] + " = " + v[1] + "\n"
	}
	doc, err := config.Parse(s.name, []byte(text))
	if err == nil {
		err = doc.Decode("p", m.Params())
	}
	if err != nil {
		return nil, err
	}
	return m.(device.Element), nil
}

func (s *surrogateStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	set := s.set
	set.Key = key.Fold(1)
	m, err := surrogate.Characterise(ctx, s.element, set)
	if err != nil {
		return nil, err
	}
	cells, err := m.New(s.rows, s.cols, s.env, key.Fold(2))
	if err != nil {
		return nil, err
	}
	truth, err := surrogate.NewCells(ctx, m, s.element, set, s.rows, s.cols, key.Fold(3))
	if err != nil {
		return nil, err
	}
	r := &Record{}
	e := m.Errors()
	r.Add("step_error_median", "", e.StepMedian)
	r.Add("step_error_p95", "", e.StepP95)
	lo, hi := m.Range()
	n := s.rows * s.cols
	populations := []interface {
		device.Pulsed
		device.Population
		device.Target
	}{truth, cells}
	names := []string{"element", "surrogate"}
	final := make([][]float64, 2)
	columns := []Column{{Name: "pulse"}}
	for _, name := range names {
		for _, q := range []string{"p05", "p50", "p95"} {
			columns = append(columns, Column{Name: name + "_" + q, Unit: "S"})
		}
	}
	for k := range 2 * s.pulses {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		columns[0].Values = append(columns[0].Values, float64(k+1))
		for i, p := range populations {
			if _, err := p.Program(nil, m.Pulse(k < s.pulses), s.env, key.Fold(4)); err != nil {
				return nil, err
			}
			g := make([]float64, n)
			p.Transfer(g, 0, s.env)
			slices.Sort(g)
			for j, q := range []float64{0.05, 0.5, 0.95} {
				c := &columns[1+3*i+j]
				c.Values = append(c.Values, Quantile(g, q))
			}
			if k == s.pulses/2 {
				final[i] = g
			}
		}
	}
	r.Tables = append(r.Tables, Table{"train", columns})
	differences := 0.0
	for k := range columns[0].Values {
		differences = math.Max(differences, math.Abs(columns[2].Values[k]-columns[5].Values[k]))
	}
	r.Add("median_difference_train", "", differences/(hi-lo))
	target := make([]float64, n)
	for row := range s.rows {
		key.Domain(noise.Data).Uniform(target[row*s.cols:][:s.cols], noise.At{Row: uint32(row)})
	}
	for i := range target {
		target[i] = lo + (0.05+0.9*target[i])*(hi-lo)
	}
	errorsOf := Table{Name: "written"}
	middle := Table{Name: "middle"}
	for i, p := range populations {
		report, err := p.ProgramTo(target, s.env, key.Fold(5))
		if err != nil {
			return nil, err
		}
		g, miss := make([]float64, n), make([]float64, n)
		p.Transfer(g, 0, s.env)
		sum := 0.0
		for k := range g {
			miss[k] = (g[k] - target[k]) / (hi - lo)
			sum += miss[k] * miss[k]
		}
		r.Add(names[i]+"_error_rms", "", math.Sqrt(sum/float64(n)))
		r.Add(names[i]+"_converged", "", report.Converged)
		r.Add(names[i]+"_pulses_per_cell", "", float64(report.Pulses)/float64(n))
		errorsOf.Columns = append(errorsOf.Columns, Column{names[i], "", quantiles(miss)})
		middle.Columns = append(middle.Columns, Column{names[i], "S", quantiles(final[i])})
	}
	r.Tables = append(r.Tables, errorsOf, middle)
	return r, nil
}

func drawSurrogate(r *Results) ([]Figure, error) {
	p := r.Points[0]
	s := p.Study.(*surrogateStudy)
	train := plots.Panel{X: plots.Axis{Label: "Pulse"}, Y: plots.Axis{Label: "Conductance", Unit: "S", Scale: plots.Log}}
	x := p.Column("train", "pulse")
	style := []plots.Style{{Color: plots.OkabeIto[0]}, {Color: plots.OkabeIto[1], Dash: plots.Dashed}}
	for i, name := range []string{"element", "surrogate"} {
		train.Series = append(train.Series, plots.Line{Name: name, X: x, Y: p.Column("train", name+"_p50"), Style: style[i]})
		if i == 0 {
			train.Series = append(train.Series, plots.Band{X: x, Lo: p.Column("train", name+"_p05"), Hi: p.Column("train", name+"_p95")})
		} else {
			for _, q := range []string{"_p05", "_p95"} {
				train.Series = append(train.Series, plots.Line{X: x, Y: p.Column("train", name+q), Style: plots.Style{Color: style[i].Color, Dash: plots.Dotted}})
			}
		}
	}
	quantile := plots.Panel{X: plots.Axis{Label: "Quantile of elements", Unit: "S"}, Y: plots.Axis{Label: "Quantile of surrogates", Unit: "S"}}
	a, b := p.Column("middle", "element"), p.Column("middle", "surrogate")
	quantile.Series = append(quantile.Series, plots.Scatter{X: a, Y: b, Style: plots.Style{MarkerSize: 2}}, diagonal(append(slices.Clone(a), b...)))
	written := plots.Panel{X: plots.Axis{Label: "Error of writing, of the range"}, Y: plots.Axis{Label: "Cumulative probability"}}
	for i, name := range []string{"element", "surrogate"} {
		written.Series = append(written.Series, plots.ECDF{Name: name, Values: p.Column("written", name), Style: style[i]})
	}
	return []Figure{{
		Name: "surrogate-array",
		Caption: fmt.Sprintf("An array of %d × %d cells of %s whose parameters spread by %g %%, with the integrated element in each cell and with surrogates from its characterisation; the devices are different ones. "+
			"(a) Median and range of 5 to 95 %% of the cells (band, dotted) over %d SET and as many RESET pulses. (b) Quantiles of the conductances in the middle of the SET train against each other. "+
			"(c) Error of the conductances after writing random targets by pulses and reads.", s.rows, s.cols, s.name, 100*s.spread, s.pulses),
		Numbers: []Number{
			{Text: "largest difference of the medians over the train, in units of the range", X: p.Record.Value("median_difference_train")},
			{Text: "pulses a cell to write random targets, elements", X: p.Record.Value("element_pulses_per_cell")},
			{Text: "the same, surrogates", X: p.Record.Value("surrogate_pulses_per_cell")},
		},
		Figure: plots.Figure{Panels: []plots.Panel{train, quantile, written}, Columns: 3},
	}}, nil
}
