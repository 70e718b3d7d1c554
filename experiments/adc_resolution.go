package experiments

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar"
	"mho/noise"
	"mho/plots"
)

// adcResolution tells what output converters cost in accuracy.
var adcResolution = Experiment{
	Name:    "adc-resolution",
	Summary: "Error and effective bits of a tile against resolution and range of its output converters",
	New: func() Study {
		return &adcStudy{mvmStudy{outputs: 128, inputs: 128, vectors: 256, time: 20, distribution: "uniform", adcBits: 8}}
	},
	Draw: drawADC,
}

type adcStudy struct{ mvmStudy }

func (s *adcStudy) Configure(c *Config) error {
	if err := s.configure(c); err != nil {
		return err
	}
	if s.tile.Converters.ADCBits == 0 {
		return c.Errorf("converters.adc.bits", "0 is an ideal converter: must be from 2 to %d here", crossbar.MaxBits)
	}
	return nil
}

func (s *adcStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	w, x, exact := s.data(key)
	y, info, bits, err := s.multiply(ctx, s.tile, w, x, key)
	if err != nil {
		return nil, err
	}
	ideal := s.tile
	c, from := crossbar.NewConverters(), s.tile.Converters
	c.VRead, c.InputRange, c.DACKind, c.DACBits, c.DACSliceBits, c.DACAccumulate = from.VRead, from.InputRange, from.DACKind, from.DACBits, from.DACSliceBits, from.DACAccumulate
	c.DACNoise, c.DACGain, c.DACINL, c.DACMismatch = from.DACNoise, from.DACGain, from.DACINL, from.DACMismatch
	ideal.Converters = c
	unlimited, _, _, err := s.multiply(ctx, ideal, w, x, key)
	if err != nil {
		return nil, err
	}
	r := &Record{}
	total, _, _ := relativeError(y, exact)
	floor, _, _ := relativeError(unlimited, exact)
	var ee, dd float64
	for i, e := range exact {
		ee += e * e
		dd += (y[i] - unlimited[i]) * (y[i] - unlimited[i])
	}
	r.Add("error", "", total)
	r.Add("error_without_adc", "", floor)
	r.Add("error_of_adc", "", math.Sqrt(dd/ee))
	r.Add("outputs_clipped", "", float64(info.OutputsClipped)/float64(info.Conversions))
	if !math.IsInf(bits, 0) && !math.IsNaN(bits) {
		r.Add("enob", "", bits)
	}
	return r, nil
}

func drawADC(r *Results) ([]Figure, error) {
	bits := func(p Point) float64 { return float64(p.Study.(*adcStudy).tile.Converters.ADCBits) }
	sigmas := func(p Point) float64 { return p.Study.(*adcStudy).tile.Converters.ADCSigmas }
	bitAxis := plots.Axis{Label: "ADC resolution (bit)"}
	total := plots.Panel{X: bitAxis, Y: plots.Axis{Label: "Relative error of outputs", Scale: plots.Log}}
	alone := plots.Panel{X: plots.Axis{Label: "ADC range (standard deviations of outputs)"}, Y: plots.Axis{Label: "Relative error by the ADC", Scale: plots.Log}}
	enob := plots.Panel{X: bitAxis, Y: plots.Axis{Label: "Effective number of bits"}}
	groups := r.groups(r.Points, "converters.adc.bits")
	var numbers []Number
	for k, n := range evenly(len(groups), 5) {
		g := groups[n]
		label := g.name
		if len(r.Axes) > 1 && r.Axes[0].Key == "converters.adc.sigmas" && len(groups) > 1 {
			label = fmt.Sprintf("%g\u202f\\it{σ}", sigmas(g.points[0]))
		}
		style := plots.Style{Color: plots.OkabeIto[k%len(plots.OkabeIto)], Marker: []plots.Marker{plots.Circle, plots.Square, plots.Triangle, plots.Diamond, plots.InvertedTriangle}[k%5]}
		if x, mean, lo, hi := along(g.points, bits, "error"); len(x) > 0 {
			total.Series = append(total.Series, plots.Line{Name: label, X: x, Y: mean, Style: style}, plots.Band{X: x, Lo: lo, Hi: hi})
			numbers = append(numbers, Number{Text: joined("relative error at the finest resolution", g.name), X: mean[len(mean)-1]})
		}
		if x, mean, _, _ := along(g.points, bits, "enob"); len(x) > 0 {
			enob.Series = append(enob.Series, plots.Line{Name: label, X: x, Y: mean, Style: style})
		}
	}
	if x, floor, _, _ := along(r.Points, bits, "error_without_adc"); len(x) > 1 {
		total.Series = append(total.Series, plots.Line{Name: "without ADC", X: x, Y: floor, Style: plots.Style{Dash: plots.Dashed, Color: grey}})
		var law []float64
		for _, b := range x {
			law = append(law, math.Log2(math.Exp2(b)-1))
		}
		enob.Series = append(enob.Series, plots.Line{Name: "full range", X: x, Y: law, Style: plots.Style{Dash: plots.Dashed, Color: grey}})
	}
	panels := []plots.Panel{total, enob}
	s := r.Points[len(r.Points)-1].Study.(*adcStudy)
	caption := fmt.Sprintf("Output converters of a tile of %d × %d weights on %s. (a) Root mean square error relative to the exact outputs, mean and range of %d programming%s. (b) Effective number of bits of the outputs: what is left of a sine wave at all inputs, against the wave; dashed, a converter whose range the wave fills.",
		s.outputs, s.inputs, s.tile.Device.Info().Name, r.Repeats, plural(r.Repeats))
	byRange := r.groups(r.Points, "converters.adc.sigmas")
	for k, n := range evenly(len(byRange), 5) {
		x, mean, _, _ := along(byRange[n].points, sigmas, "error_of_adc")
		if len(x) < 2 {
			continue
		}
		alone.Series = append(alone.Series, plots.Line{Name: fmt.Sprintf("%g bit", bits(byRange[n].points[0])), X: x, Y: mean, Style: plots.Style{Color: plots.OkabeIto[k%len(plots.OkabeIto)], Marker: plots.Circle}})
	}
	if len(alone.Series) > 0 {
		panels = append(panels, alone)
		caption += " (c) Error by the converters alone against their range: to the left they clip, to the right their steps grow."
	}
	return []Figure{{Name: "adc-resolution", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 3}}}, nil
}
