package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// readNoise reads cells again and again.
var readNoise = Experiment{
	Name:    "read-noise",
	Summary: "Conductance of cells read again and again: traces, power spectral density against the model's, histogram of levels",
	New:     func() Study { return &readNoiseStudy{cells: 32, samples: 1 << 15, rate: 10e3, age: 1000} },
	Draw:    drawReadNoise,
}

type readNoiseStudy struct {
	cells, samples int
	rate           float64 // Hz
	target         float64 // S; 0 is the highest
	age            float64 // s
	env            device.Env
	model          device.CellModel
}

func (s *readNoiseStudy) Configure(c *Config) error {
	s.env = c.Env
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(1, 1<<20), Meaning: "number of cells"},
		{Name: "samples", Value: &s.samples, Range: quantity.Between(64, 1<<24), Meaning: "reads of each cell, a power of 2"},
		{Name: "rate", Value: &s.rate, Unit: "Hz", Range: quantity.Positive(), Meaning: "reads per second"},
		{Name: "target", Value: &s.target, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance that every cell is programmed to; 0 is the device's largest"},
		{Name: "age", Value: &s.age, Unit: "s", Range: quantity.NonNegative(), Meaning: "time from programming to the trace, in which slow noise gathers"},
	}); err != nil {
		return err
	}
	if s.samples&(s.samples-1) != 0 {
		return c.Errorf("study.samples", "%d is no power of 2: must be 64, 128, 256 and so on", s.samples)
	}
	if err := c.NeedMemory("study.samples", fmt.Sprintf("traces of %d reads", s.samples), 8*10*float64(s.samples)); err != nil {
		return err
	}
	var min, max float64
	var err error
	if s.model, min, max, err = c.targets(); err != nil {
		return err
	}
	return c.state("study.target", &s.target, max, min, max)
}

func (s *readNoiseStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	pop, err := s.model.NewPopulation(1, s.cells, s.env, key)
	if err != nil {
		return nil, err
	}
	if err := programAll(pop, s.target, s.env, key); err != nil {
		return nil, err
	}
	pop.Advance(s.age, s.env, key)
	g := make([]float64, s.cells)
	pop.Transfer(g, 0, s.env)
	lines := s.samples / 2
	f := make([]float64, lines)
	for i := range f {
		f[i] = float64(i+1) * s.rate / float64(s.samples)
	}
	bins := decadeBins(f, 8)
	// The harmonic mean of a bin's frequencies, where 1/f noise has its mean over the bin.
	mid := make([]float64, len(bins)-1)
	for i := range mid {
		mid[i] = stat.HarmonicMean(f[bins[i]:bins[i+1]], nil)
	}
	measured, model := make([]float64, lines), make([]float64, len(mid)) // over G², means over cells
	share := make([]float64, len(mid))
	deviation, trace := make([]float64, s.cells), make([]float64, s.samples)
	r := &Record{}
	loudest := 0
	for cell := range s.cells {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if g[cell] <= 0 {
			continue
		}
		if err := device.ReadTrace(trace, pop, 0, cell, s.rate, s.env, 0, key); err != nil {
			return nil, err
		}
		deviation[cell] = stat.StdDev(trace, nil) / g[cell]
		if deviation[cell] > deviation[loudest] {
			loudest = cell
		}
		scale := 1 / (g[cell] * g[cell])
		device.ReadPSD(share, mid, pop, 0, cell, s.rate, s.env)
		for i, x := range share {
			model[i] += x * scale / float64(s.cells)
		}
		p := noise.Periodogram(trace, s.rate)
		for i, x := range p {
			measured[i] += x * scale / float64(s.cells)
		}
	}
	if deviation[loudest] == 0 {
		return nil, fmt.Errorf("%s has no read noise at %s: must have some, such as a table [noise.rtn]", s.model.Info().Name, quantity.Format(s.target, "S"))
	}
	sorted := slices.Sorted(slices.Values(deviation))
	square := 0.0
	for _, d := range deviation {
		square += d * d / float64(s.cells)
	}
	r.Add("relative_std_rms", "", math.Sqrt(square))
	r.Add("relative_std_median", "", stats.Interpolate(sorted, 0.5))
	r.Add("relative_std_p95", "", stats.Interpolate(sorted, 0.95))
	r.Add("psd_over_model", "", stat.Mean(binRatios(binMeans(bins, measured), model), nil))
	fit, err := noise.Whittle(measured, s.rate/float64(s.samples), 2*s.rate/float64(s.samples), s.rate/4)
	if err != nil {
		return nil, err
	}
	r.Add("slope", "", fit.Slope)
	r.Add("relative_psd_1Hz", "1/Hz", fit.Level)
	r.Tables = append(r.Tables,
		Table{"psd", []Column{{"f", "Hz", mid}, {"measured", "1/Hz", binMeans(bins, measured)}, {"model", "1/Hz", model}}},
		Table{"spread", []Column{{"std", "", quantiles(deviation)}}})
	// The traces shown: the loudest cell, one at the median, the quietest.
	for i, want := range []float64{deviation[loudest], sorted[len(sorted)/2], sorted[0]} {
		if i >= s.cells {
			break
		}
		cell := slices.Index(deviation, want)
		if g[cell] <= 0 || want == 0 {
			continue
		}
		if err := device.ReadTrace(trace, pop, 0, cell, s.rate, s.env, 0, key); err != nil {
			return nil, err
		}
		mean := stat.Mean(trace, nil)
		for k := range trace {
			trace[k] = trace[k]/mean - 1
		}
		n := min(s.samples, 2000)
		t := make([]float64, n)
		for k := range t {
			t[k] = float64(k) / s.rate
		}
		r.Tables = append(r.Tables, Table{fmt.Sprintf("trace%d", i+1), []Column{{"t", "s", t}, {"change", "", slices.Clone(trace[:n])}}})
		if i == 0 {
			r.Tables = append(r.Tables, Table{"levels", []Column{{"change", "", thin(trace, 20000)}}})
		}
	}
	return r, nil
}

// decadeBins divides rising frequencies into bins of equal ratio, n a decade; none is empty. A bin is
// from its first index to the next bin's.
func decadeBins(f []float64, n float64) []int {
	bins := []int{0}
	for i := 1; i < len(f); i++ {
		if f[i] > f[bins[len(bins)-1]]*math.Pow(10, 1/n) {
			bins = append(bins, i)
		}
	}
	return append(bins, len(f))
}

// binMeans returns the mean of x in each bin.
func binMeans(bins []int, x []float64) []float64 {
	out := make([]float64, len(bins)-1)
	for i := range out {
		out[i] = stat.Mean(x[bins[i]:bins[i+1]], nil)
	}
	return out
}

// binRatios returns a over b where b is positive.
func binRatios(a, b []float64) []float64 {
	var out []float64
	for i := range a {
		if b[i] > 0 {
			out = append(out, a[i]/b[i])
		}
	}
	return out
}

func drawReadNoise(r *Results) ([]Figure, error) {
	first := r.first()
	p := first[0]
	s := p.Study.(*readNoiseStudy)
	traces := plots.Panel{X: plots.Axis{Label: "Time", Unit: "s"}, Y: plots.Axis{Label: "Change, \\it{ΔG}/\\it{G} (shifted)"}, Legend: plots.Legend{Place: plots.Above}}
	levels := plots.Panel{X: plots.Axis{Label: "Change, \\it{ΔG}/\\it{G}"}, Y: plots.Axis{Label: "Reads"}}
	psd := plots.Panel{
		X: plots.Axis{Label: "Frequency", Unit: "Hz", Scale: plots.Log, NoPrefix: true},
		Y: plots.Axis{Label: "\\it{S}_{\\it{G}}/\\it{G}^{2}", Unit: "1/Hz", Scale: plots.Log, NoPrefix: true},
	}
	spread := plots.Panel{X: plots.Axis{Label: "Relative noise of a trace, \\it{σ}/\\it{G}", Scale: plots.Log}, Y: plots.Axis{Label: "Share of cells"}}
	shift := 0.0
	for i, name := range []string{"loudest cell", "median", "quietest"} {
		table := fmt.Sprintf("trace%d", i+1)
		if !has(p.Record, table) {
			continue
		}
		y := slices.Clone(p.Column(table, "change"))
		if i > 0 {
			shift -= slices.Max(y)
		}
		for k := range y {
			y[k] += shift
		}
		shift = slices.Min(y) - 0.1*(slices.Max(y)-slices.Min(y))
		traces.Series = append(traces.Series, plots.Line{Name: name, X: p.Column(table, "t"), Y: y, Style: plots.Style{Color: plots.OkabeIto[i], Width: 0.5}})
	}
	levels.Series = []plots.Series{plots.Histogram{Name: "loudest cell", Values: p.Column("levels", "change"), Bins: 80}}
	var numbers []Number
	for k, i := range evenly(len(first), 5) {
		q := first[i]
		name := r.name(q, "measured")
		color := plots.OkabeIto[k]
		psd.Series = append(psd.Series, plots.Scatter{Name: name, X: q.Column("psd", "f"), Y: q.Column("psd", "measured"), Style: plots.Style{Color: color, MarkerSize: 2.5}})
		var x, y []float64
		for n, v := range q.Column("psd", "model") {
			if v > 0 {
				x, y = append(x, q.Column("psd", "f")[n]), append(y, v)
			}
		}
		if len(x) > 1 {
			label := ""
			if len(first) == 1 {
				label = "model"
			}
			psd.Series = append(psd.Series, plots.Line{Name: label, X: x, Y: y, Style: plots.Style{Color: color, Dash: plots.Dashed}})
		}
		if v := q.Column("spread", "std"); len(v) > 1 && v[0] > 0 {
			spread.Series = append(spread.Series, plots.ECDF{Name: r.name(q, ""), Values: v, Style: plots.Style{Color: color}})
		}
		numbers = append(numbers, Number{Text: joined(r.name(q, ""), "median relative noise of a trace"), X: q.Value("relative_std_median")},
			Number{Text: joined(r.name(q, ""), "spectrum falls with frequency to the power"), X: q.Value("slope")})
	}
	panels := []plots.Panel{traces, psd, levels}
	caption := fmt.Sprintf("Read noise of %s: %d cells at %s, each read %d times at %s. (a) Reads of three cells, one below the other. (b) Power spectral density, mean over the cells (points), and that of the model (dashed). (c) Reads of the loudest cell.",
		s.model.Info().Name, s.cells, siLabel(quantity.Format(s.target, "S")), s.samples, siLabel(quantity.Format(s.rate, "Hz")))
	if len(spread.Series) > 0 {
		panels = append(panels, spread)
		caption += " (d) Distribution over cells of the standard deviation of a trace."
	}
	return []Figure{{Name: "read-noise", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}, nil
}
