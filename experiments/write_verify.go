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

// writeVerify follows the programming of an array by pulses and reads.
var writeVerify = Experiment{
	Name:    "write-verify",
	Summary: "Programming an array by pulses and reads: error, pulses, energy and time, with disturbed neighbours",
	New: func() Study {
		s := &writeStudy{rows: 64, cols: 64, low: 0.2, high: 0.8, writing: crossbar.NewWriting()}
		s.writing.Method = crossbar.WriteVerify
		return s
	},
	Draw: drawWriting,
}

type writeStudy struct {
	rows, cols int
	low, high  float64
	writing    crossbar.Writing
	env        device.Env
	model      device.CellModel
}

func (s *writeStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("array", arraySize(&s.rows, &s.cols)); err != nil {
		return err
	}
	share := quantity.Between(0, 1)
	if err := c.Section("study", []device.Param{
		{Name: "target_low", Value: &s.low, Range: share, Meaning: "smallest target, as a share of the range of conductances; targets are uniform between both"},
		{Name: "target_high", Value: &s.high, Range: share, Meaning: "largest target, as a share of the range of conductances"},
	}); err != nil {
		return err
	}
	if s.low > s.high {
		return c.Errorf("study.target_low", "%g is above target_high, %g: must be at most that", s.low, s.high)
	}
	cells, err := c.Cells()
	if err != nil {
		return err
	}
	if s.model, err = c.processes(cells, nil); err != nil {
		return err
	}
	var params []device.Param
	for _, p := range s.writing.Params() {
		if p.Name != "repair" {
			params = append(params, p)
		}
	}
	if err := c.Section("programming", params); err != nil {
		return err
	}
	if err := s.writing.Validate(); err != nil {
		return c.Wrong(fmt.Errorf("programming.%w", err))
	}
	pop, err := s.model.NewPopulation(1, 1, s.env, noise.Key{})
	if err != nil {
		return c.Errorf("device", "%v", err)
	}
	if _, ok := pop.(device.Pulsed); !ok && s.writing.Method != crossbar.ByDevice {
		return c.Errorf("device.model", "%s is not written by pulses: must be a population that takes pulses, or programming.method = %q", s.model.Info().Name, crossbar.ByDevice)
	}
	return needArray(c, s.rows, s.cols, 20)
}

func (s *writeStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	p, err := s.model.NewPopulation(s.rows, s.cols, s.env, key)
	if err != nil {
		return nil, err
	}
	n := s.rows * s.cols
	low, high := p.Range()
	target, g := make([]float64, n), make([]float64, n)
	for i := range s.rows {
		key.Domain(noise.Data).Uniform(target[i*s.cols:][:s.cols], noise.At{Row: uint32(i)})
	}
	for k, u := range target {
		target[k] = low + (s.low+(s.high-s.low)*u)*(high-low)
	}
	wear := make([]int64, n)
	w, err := s.writing.Program(p, target, wear, s.env, key)
	if err != nil {
		return nil, err
	}
	p.Transfer(g, 0, s.env)
	r := &Record{}
	var square float64
	count, far := make([]float64, n), make([]float64, n)
	for k := range g {
		far[k] = (g[k] - target[k]) / (high - low)
		square += far[k] * far[k] / float64(n)
		count[k] = float64(wear[k])
	}
	r.Add("passed", "", w.Converged)
	r.Add("error", "", math.Sqrt(square))
	r.Add("pulses_per_cell", "", float64(w.Report.Pulses)/float64(n))
	r.Add("reads_per_cell", "", float64(w.Reads)/float64(n))
	r.Add("disturbs_per_cell", "", float64(w.Disturbs)/float64(n))
	r.Add("energy", "J", w.Energy)
	r.Add("time", "s", w.Time)
	if len(w.Steps) > 0 {
		var passed, e, energy, time []float64
		for _, step := range w.Steps {
			passed, e = append(passed, step.Passed), append(e, step.Error)
			energy, time = append(energy, step.Energy), append(time, step.Time)
		}
		r.Tables = append(r.Tables, Table{"rounds", []Column{{"passed", "", passed}, {"error", "", e}, {"energy", "J", energy}, {"time", "s", time}}})
	}
	r.Tables = append(r.Tables, Table{"pulses", []Column{{"pulses", "", quantiles(count)}}}, Table{"errors", []Column{{"error", "", quantiles(far)}}})
	r.AddArray("target_S", target, s.rows, s.cols)
	r.AddArray("conductance_S", g, s.rows, s.cols)
	r.AddArray("pulses", count, s.rows, s.cols)
	return r, nil
}

func drawWriting(r *Results) ([]Figure, error) {
	round := plots.Axis{Label: "Round of reads", Scale: plots.Log}
	far := plots.Panel{X: round, Y: plots.Axis{Label: "RMS error / conductance range", Scale: plots.Log}}
	failed := plots.Panel{X: round, Y: plots.Axis{Label: "Share of cells that have not passed", Scale: plots.Log}}
	pulses := plots.Panel{X: plots.Axis{Label: "Pulses of a cell"}, Y: plots.Axis{Label: "Cumulative probability"}}
	rest := plots.Panel{X: plots.Axis{Label: "Error / conductance range"}, Y: plots.Axis{Label: "Cumulative probability"}}
	points := r.first()
	var numbers []Number
	for k, n := range evenly(len(points), 6) {
		p := points[n]
		s := p.Study.(*writeStudy)
		name := r.name(p, s.model.Info().Name)
		style := plots.Style{Color: plots.OkabeIto[k%len(plots.OkabeIto)]}
		if len(p.Tables) == 3 {
			e, passed := p.Column("rounds", "error"), p.Column("rounds", "passed")
			var x, y, fx, fy []float64
			for i := range e {
				if e[i] > 0 {
					x, y = append(x, float64(i+1)), append(y, e[i])
				}
				if passed[i] < 1 {
					fx, fy = append(fx, float64(i+1)), append(fy, 1-passed[i])
				}
			}
			if len(x) > 0 {
				far.Series = append(far.Series, plots.Line{Name: name, X: x, Y: y, Style: style})
			}
			if len(fx) > 0 {
				failed.Series = append(failed.Series, plots.Line{Name: name, X: fx, Y: fy, Style: style})
			}
		}
		pulses.Series = append(pulses.Series, plots.ECDF{Name: name, Values: p.Column("pulses", "pulses"), Style: style})
		rest.Series = append(rest.Series, plots.ECDF{Name: name, Values: p.Column("errors", "error"), Style: style})
		numbers = append(numbers,
			Number{Text: name + ": share of cells that passed", X: p.Record.Value("passed")},
			Number{Text: name + ": pulses per cell", X: p.Record.Value("pulses_per_cell")},
			Number{Text: name + ": energy of the array", Unit: "J", X: p.Record.Value("energy")},
			Number{Text: name + ": time of the array", Unit: "s", X: p.Record.Value("time")})
	}
	var panels []plots.Panel
	caption := "Programming an array by pulses and reads."
	for _, p := range []struct {
		plots.Panel
		text string
	}{
		{far, "Root mean square distance from the targets, without read noise, after each round of reads."},
		{failed, "Cells that have not passed a read."},
		{pulses, "Distribution of the number of pulses over cells."},
		{rest, "Distribution of the errors that are left."},
	} {
		if len(p.Series) > 0 {
			panels = append(panels, p.Panel)
			caption += fmt.Sprintf(" (%c) %s", 'a'+len(panels)-1, p.text)
		}
	}
	return []Figure{{Name: "write-verify", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}, nil
}
