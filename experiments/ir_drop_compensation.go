package experiments

import (
	"context"
	"fmt"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/plots"
)

// dotProductEngine has compensation by conductances: they are changed until the outputs for one signal
// are those of ideal wires.
var dotProductEngine = device.Reference{
	Key: "Hu2016", Authors: "M. Hu, J. P. Strachan, Z. Li, et al.",
	Title:   "Dot-product engine for neuromorphic computing: programming 1T1M crossbar to accelerate matrix-vector multiplication",
	Journal: "Proc. 53rd Design Automation Conference", Year: 2016, DOI: "10.1145/2897937.2898010",
}

// compensate adds the errors that are left when the wires are compensated for, to first order in their
// resistance, for the expected input: the same voltage at every word line. With x_ij the share of the drive that is
// left across device i, j at that input (left):
//
//   - outputs: output j is multiplied by Σ_i G_ij / Σ_i G_ij x_ij, which makes it exact for that input;
//   - inputs: voltage i is multiplied by Σ_j G_ij / Σ_j G_ij x_ij, so that a word line's devices carry as
//     much in sum as they should;
//   - weights: conductance i, j is divided by x_ij, so that every device carries what it should, after
//     M. Hu et al., Proc. DAC 2016, doi:10.1145/2897937.2898010. All are multiplied by one factor that brings the
//     largest back to what it was, and the outputs divided by it. Devices that carry nothing stay.
//
// A gain common to all outputs is taken out of none of the errors.
func (s *irDropStudy) compensate(ctx context.Context, r *Record, real *crossbar.Array, left, v, got, want []float64, scale float64) error {
	byRow, byColumn := make([]float64, s.rows), make([]float64, s.cols) // factors
	carried := make([]float64, s.rows+s.cols)
	for k, g := range real.G {
		i, j := k/s.cols, k%s.cols
		byRow[i] += g
		byColumn[j] += g
		carried[i] += g * left[k]
		carried[s.rows+j] += g * left[k]
	}
	for i, x := range carried {
		f := &byRow[min(i, s.rows-1)]
		if i >= s.rows {
			f = &byColumn[i-s.rows]
		}
		if *f /= x; !(x > 0) {
			*f = 1 // of a line that is broken off
		}
	}
	out := make([]float64, len(got))
	for k, x := range got {
		out[k] = x * byColumn[k%s.cols]
	}
	r.Add("rms_error_outputs_scaled", "", rmsError(out, want, 1, scale))

	in := make([]float64, len(v))
	for k, x := range v {
		in[k] = x * byRow[k%s.rows]
	}
	sol, err := real.Solve(ctx, in, nil)
	if err != nil {
		return err
	}
	r.Add("rms_error_inputs_scaled", "", rmsError(sol.I, want, 1, scale))

	a := *real
	a.G = make([]float64, len(real.G))
	var before, after float64
	for k, g := range real.G {
		a.G[k] = g
		if left[k] > 0.01 {
			a.G[k] = g / left[k]
		}
		before, after = max(before, g), max(after, a.G[k])
	}
	for k := range a.G {
		a.G[k] *= before / after
	}
	if sol, err = a.Solve(ctx, v, nil); err != nil {
		return err
	}
	for k, x := range sol.I {
		out[k] = x * (after / before)
	}
	r.Add("rms_error_weights_scaled", "", rmsError(out, want, 1, scale))
	return nil
}

// drawCompensation draws the errors with and without compensation against size and resistance. There is
// no figure of a single point.
func drawCompensation(r *Results) (Figure, bool) {
	groups := r.groups(r.first(), "array.rows", "array.cols")
	last := groups[len(groups)-1].points
	var ends []Point
	for _, g := range groups {
		ends = append(ends, g.points[len(g.points)-1])
	}
	panel := func(label, unit string, points []Point, x func(s *irDropStudy) float64) (plots.Panel, bool) {
		p := plots.Panel{X: plots.Axis{Label: label, Unit: unit, Scale: plots.Log}, Y: plots.Axis{Label: "RMS error, relative", Scale: plots.Log}}
		for i, c := range []struct{ name, value string }{
			{"no compensation", "rms_error"}, {"inputs scaled", "rms_error_inputs_scaled"},
			{"outputs scaled", "rms_error_outputs_scaled"}, {"weights scaled", "rms_error_weights_scaled"},
		} {
			line := plots.Line{Name: c.name, Style: plots.Style{Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond}[i]}}
			for _, point := range points {
				at, e := x(point.Study.(*irDropStudy)), point.Record.Value(c.value)
				if at > 0 && e > 0 && (len(line.X) == 0 || at > line.X[len(line.X)-1]) {
					line.X, line.Y = append(line.X, at), append(line.Y, e)
				}
			}
			if len(line.X) > 1 {
				p.Series = append(p.Series, line)
			}
		}
		return p, len(p.Series) > 0
	}
	end := last[len(last)-1].Study.(*irDropStudy)
	resistance, size := siLabel(quantity.Format(end.wires.RWord, "ohm")), fmt.Sprintf("%d × %d", end.rows, end.cols)
	var panels []plots.Panel
	var told []string
	if p, ok := panel("Word lines", "", last, func(s *irDropStudy) float64 { return float64(s.rows) }); ok {
		panels, told = append(panels, p), append(told, fmt.Sprintf("against the size of the array, at %s per segment", resistance))
	}
	if p, ok := panel("Resistance of a segment", "Ω", ends, func(s *irDropStudy) float64 { return s.wires.RWord }); ok {
		panels, told = append(panels, p), append(told, fmt.Sprintf("against the resistance of a segment, for %s devices", size))
	}
	if len(panels) == 0 {
		return Figure{}, false
	}
	record := last[len(last)-1].Record
	text := "Root mean square error of the outputs for random inputs"
	for i, t := range told {
		if len(told) > 1 {
			t = fmt.Sprintf("(%c) %s", 'a'+i, t)
		}
		if i > 0 {
			text += ";"
		}
		text += " " + t
	}
	return Figure{
		Name: "ir-drop-compensation",
		Caption: text + ". Voltages of the word lines, outputs, or conductances are scaled so that the sums over a word line, the outputs, or all " +
			"device currents are right for the same voltage at every word line, to first order in the resistance of the wires.",
		Numbers: []Number{
			{Text: "root mean square error of the last array without compensation", X: record.Value("rms_error")},
			{Text: "the same with scaled inputs", X: record.Value("rms_error_inputs_scaled")},
			{Text: "the same with scaled outputs", X: record.Value("rms_error_outputs_scaled")},
			{Text: "the same with scaled conductances", X: record.Value("rms_error_weights_scaled")},
		},
		Figure: plots.Figure{Panels: panels, Columns: len(panels)},
	}, true
}
