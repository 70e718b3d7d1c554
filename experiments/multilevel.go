package experiments

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sort"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
	"mho/noise/stats"
	"mho/plots"
)

// multilevel stores several bits in a cell.
var multilevel = Experiment{
	Name:    "multilevel",
	Summary: "Several levels in a cell: their distributions and overlap, bit error rate and bits per cell against time and temperature",
	New: func() Study {
		return &multilevelStudy{cells: 2000, spacing: "even", references: "fixed", times: []float64{1, 60, 3600, 86400, 30 * 86400, 365 * 86400, 10 * 365 * 86400}}
	},
	Draw: drawMultilevel,
}

type multilevelStudy struct {
	cells, levels int
	states        []float64 // S
	spacing       string
	references    string
	times         []float64 // s
	storage       float64   // K
	env           device.Env
	model         device.CellModel
}

func (s *multilevelStudy) Configure(c *Config) error {
	s.env = c.Env
	s.storage = c.Env.Temperature
	if err := c.Section("study", []device.Param{
		{Name: "cells", Value: &s.cells, Range: quantity.Between(10, 1<<24), Meaning: "number of cells at each level"},
		{Name: "levels", Value: &s.levels, Range: quantity.Between(0, 256), Meaning: "number of levels over the device's range, ends included; 0 is that of states, or 8"},
		{Name: "spacing", Value: &s.spacing, Options: []string{"even", "geometric"}, Meaning: "equal differences or equal ratios of the levels, where states is empty"},
		{Name: "states", Value: &s.states, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductances of the levels, increasing"},
		{Name: "times", Value: &s.times, Unit: "s", Range: quantity.Positive(), Meaning: "times of the reads after programming, increasing"},
		{Name: "storage", Value: &s.storage, Unit: "K", Range: quantity.Positive(), Meaning: "temperature between programming and reads, which are at environment.temperature; the default is that"},
		{Name: "references", Value: &s.references, Options: []string{"fixed", "tracking"}, Meaning: "whether the thresholds of a read stay as placed at the first time, or are placed anew at each"},
	}); err != nil {
		return err
	}
	if len(s.times) == 0 {
		return c.Errorf("study.times", "there are none: must be at least one")
	}
	if err := increasingTimes(c, "study.times", s.times); err != nil {
		return err
	}
	var min, max float64
	var err error
	if s.model, min, max, err = c.targets(); err != nil {
		return err
	}
	switch {
	case s.levels == 1:
		return c.Errorf("study.levels", "1 level stores nothing: must be at least 2, or 0")
	case len(s.states) > 0 && s.levels > 0 && s.levels != len(s.states):
		return c.Errorf("study.levels", "%d is not the number of states, %d: must be that, or 0", s.levels, len(s.states))
	case s.levels == 0 && len(s.states) == 0:
		s.levels = 8
	}
	if len(s.states) == 0 {
		if s.spacing == "geometric" && min == 0 {
			return c.Errorf("study.spacing", "the device's range begins at 0 S, of which there is no ratio: must be even, or give states")
		}
		for i := range s.levels {
			x := float64(i) / float64(s.levels-1)
			if s.spacing == "geometric" {
				s.states = append(s.states, math.Min(max, min*math.Pow(max/min, x)))
			} else {
				s.states = append(s.states, math.Min(max, min+(max-min)*x))
			}
		}
	}
	if s.states, err = c.states("study.states", s.states, 0, min, max); err != nil {
		return err
	}
	if len(s.states) < 2 {
		return c.Errorf("study.states", "there is one state: must be at least two")
	}
	s.levels = len(s.states)
	return c.NeedMemory("study.cells", fmt.Sprintf("%d levels of %d cells", s.levels, s.cells), 8*10*float64(s.cells)*float64(s.levels))
}

func (s *multilevelStudy) Run(ctx context.Context, key noise.Key) (*Record, error) {
	n := s.levels
	pop, err := s.model.NewPopulation(n, s.cells, s.env, key)
	if err != nil {
		return nil, err
	}
	target := make([]float64, n*s.cells)
	for i := range target {
		target[i] = s.states[i/s.cells]
	}
	if _, err := pop.(device.Target).ProgramTo(target, s.env, key); err != nil {
		return nil, err
	}
	stored := s.env
	stored.Temperature = s.storage
	r := &Record{}
	time := Table{"time", []Column{{Name: "t", Unit: "s"}, {Name: "ber"}, {Name: "ber_low"}, {Name: "ber_high"}, {Name: "ber_normal"}, {Name: "symbol_error"}, {Name: "bits"}}}
	g := make([]float64, n*s.cells)
	var thresholds []float64
	before := 0.0
	for k, t := range s.times {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pop.Advance(t-before, stored, key)
		before = t
		device.Read(g, pop, s.env, uint64(k), key)
		center, width := make([]float64, n), make([]float64, n)
		for i := range n {
			v := slices.Sorted(slices.Values(g[i*s.cells : (i+1)*s.cells]))
			center[i] = stats.Interpolate(v, 0.5)
			width[i] = (stats.Interpolate(v, 0.8413447460685429) - stats.Interpolate(v, 0.15865525393145707)) / 2
		}
		if k == 0 || s.references == "tracking" {
			thresholds = between(center, width)
		}
		e, err := decide(g, thresholds, s.cells)
		if err != nil {
			return nil, err
		}
		for i, v := range []float64{t, e.bit, e.low, e.high, overlap(center, width, thresholds) / wordLength(n), e.symbol, e.information} {
			time.Columns[i].Values = append(time.Columns[i].Values, v)
		}
		for _, name := range []string{"first", "last"} {
			if name == "first" && k != 0 || name == "last" && k != len(s.times)-1 {
				continue
			}
			for i := range n {
				r.Tables = append(r.Tables, Table{fmt.Sprintf("%s level%d", name, i+1), []Column{{"g", "S", thin(slices.Clone(g[i*s.cells:(i+1)*s.cells]), 1000)}}})
			}
			r.Tables = append(r.Tables, Table{name + " thresholds", []Column{{"g", "S", slices.Clone(thresholds)}}})
			r.Add("bit_error_rate_"+name, "", e.bit)
			r.Add("bit_error_rate_"+name+"_low", "", e.low)
			r.Add("bit_error_rate_"+name+"_high", "", e.high)
			r.Add("symbol_error_rate_"+name, "", e.symbol)
			r.Add("bits_per_cell_"+name, "", e.information)
		}
	}
	r.Tables = append(r.Tables, time)
	return r, nil
}

// between places a threshold between neighbours so that normal distributions have equal errors at it.
func between(center, width []float64) []float64 {
	var out []float64
	for i := 1; i < len(center); i++ {
		a, b := width[i-1], width[i]
		if a+b == 0 {
			a, b = 1, 1
		}
		out = append(out, (center[i-1]*b+center[i]*a)/(a+b))
	}
	sort.Float64s(out)
	return out
}

// overlap returns the symbol error rate of normal distributions of such centers and widths.
func overlap(center, width, thresholds []float64) float64 {
	sum := 0.0
	beyond := func(distance, width float64) float64 {
		if width == 0 {
			if distance < 0 {
				return 1
			}
			return 0
		}
		return 0.5 * math.Erfc(distance/width/math.Sqrt2)
	}
	for i := range center {
		if i > 0 {
			sum += beyond(center[i]-thresholds[i-1], width[i])
		}
		if i < len(thresholds) {
			sum += beyond(thresholds[i]-center[i], width[i])
		}
	}
	return sum / float64(len(center))
}

// An errorRate is what reads of all levels come to.
type errorRate struct {
	symbol         float64 // share of cells read as another level
	bit, low, high float64 // share of wrong bits in a Gray code, with the 95 % interval
	information    float64 // mutual information of level and decision for equally likely levels, bits
}

// wordLength returns the bits that number n levels.
func wordLength(n int) float64 { return float64(bits.Len(uint(n - 1))) }

// decide reads g, the cells of one level after those of the other, with thresholds.
func decide(g, thresholds []float64, cells int) (errorRate, error) {
	n := len(thresholds) + 1
	counts := make([]float64, n*n)
	wrong, wrongBits := 0, 0
	gray := func(i int) uint { return uint(i ^ i>>1) }
	for k, x := range g {
		level, read := k/cells, sort.SearchFloat64s(thresholds, x)
		counts[level*n+read]++
		if read != level {
			wrong++
			wrongBits += bits.OnesCount(gray(level) ^ gray(read))
		}
	}
	p, err := stats.ExactProportion(wrong, len(g), 0.95)
	if err != nil {
		return errorRate{}, err
	}
	// Wrong bits of a cell hang together: the interval is that of wrong cells.
	word := wordLength(n)
	share := 1 / word
	if wrong > 0 {
		share = float64(wrongBits) / float64(wrong) / word
	}
	e := errorRate{symbol: p.Value, bit: share * p.Value, low: share * p.Low, high: share * p.High}
	total := float64(len(g))
	for j := range n {
		column := 0.0
		for i := range n {
			column += counts[i*n+j]
		}
		for i := range n {
			if c := counts[i*n+j]; c > 0 {
				e.information += c / total * math.Log2(c/float64(cells)/(column/total))
			}
		}
	}
	return e, nil
}

func drawMultilevel(r *Results) ([]Figure, error) {
	first := r.first()
	p := first[(len(first)-1)/2]
	s := p.Study.(*multilevelStudy)
	var panels []plots.Panel
	// Bins common to all levels and both times.
	var low, high float64 = math.Inf(1), 0
	for _, when := range []string{"first", "last"} {
		for i := range s.levels {
			v := p.Column(fmt.Sprintf("%s level%d", when, i+1), "g")
			low, high = math.Min(low, slices.Min(v)), math.Max(high, slices.Max(v))
		}
	}
	if !(high > low) {
		low, high = 0.9*low, 1.1*high+1e-12
	}
	edges := make([]float64, 161)
	for i := range edges {
		edges[i] = low + (high-low)*float64(i)/160
	}
	edges[160] = math.Nextafter(edges[160], math.Inf(1))
	for k, when := range []string{"first", "last"} {
		t := s.times[k*(len(s.times)-1)]
		panel := plots.Panel{Title: "after " + years(t), X: plots.Axis{Label: "Conductance", Unit: "S"}, Y: plots.Axis{Label: "Cells"}}
		for i := range s.levels {
			panel.Series = append(panel.Series, plots.Histogram{Values: p.Column(fmt.Sprintf("%s level%d", when, i+1), "g"), Edges: edges, Style: plots.Style{Color: plots.OkabeIto[i%len(plots.OkabeIto)], Width: 0.5}})
		}
		for _, x := range p.Column(when+" thresholds", "g") {
			panel.Rules = append(panel.Rules, plots.Rule{At: x, Vertical: true, Style: plots.Style{Width: 0.25, Dash: plots.Dotted, Color: plots.OkabeIto[6]}})
		}
		panels = append(panels, panel)
	}
	time := plots.Axis{Label: "Time after programming", Unit: "s", Scale: plots.Log, NoPrefix: true}
	ber := plots.Panel{X: time, Y: plots.Axis{Label: "Bit error rate", Scale: plots.Log}, Legend: plots.Legend{Place: plots.Above}}
	information := plots.Panel{X: time, Y: plots.Axis{Label: "Bits per cell"}, Legend: plots.Legend{Place: plots.Hidden}}
	var numbers []Number
	for k, i := range evenly(len(first), 6) {
		q := first[i]
		color := plots.OkabeIto[k]
		name := r.name(q, "simulated")
		t := q.Column("time", "t")
		var x, y, lo, hi, mx, my []float64
		for j, e := range q.Column("time", "ber") {
			if e > 0 {
				x, y = append(x, t[j]), append(y, e)
				lo, hi = append(lo, q.Column("time", "ber_low")[j]), append(hi, q.Column("time", "ber_high")[j])
			}
			if m := q.Column("time", "ber_normal")[j]; m > 1e-12 {
				mx, my = append(mx, t[j]), append(my, m)
			}
		}
		if len(x) > 0 {
			ber.Series = append(ber.Series, plots.ErrorBars{Name: name, X: x, Y: y, Lo: lo, Hi: hi, Style: plots.Style{Color: color, Marker: plots.Circle}})
		}
		if len(mx) > 1 {
			line := plots.Line{X: mx, Y: my, Style: plots.Style{Color: color, Dash: plots.Dashed}}
			if len(x) == 0 {
				line.Name = name
			}
			ber.Series = append(ber.Series, line)
		}
		information.Series = append(information.Series, plots.Line{Name: name, X: t, Y: q.Column("time", "bits"), Style: plots.Style{Color: color, Marker: plots.Circle}})
		numbers = append(numbers, Number{Text: joined(r.name(q, ""), "bits per cell at the last time"), X: q.Value("bits_per_cell_last")},
			Number{Text: joined(r.name(q, ""), "bit error rate at the last time"), X: q.Value("bit_error_rate_last")})
	}
	shown := fmt.Sprintf("%d levels", s.levels)
	if n := r.name(p, ""); n != "" {
		shown = n
	}
	caption := fmt.Sprintf("Levels of %s, %d cells at each. (a) Reads of the levels at the first time (%s) and the thresholds between them. (b) The same at the last time.", s.model.Info().Name, s.cells, shown)
	if len(ber.Series) > 0 {
		panels = append(panels, ber)
		caption += " (c) Bit error rate in a Gray code with 95 % intervals, and what normal distributions of the same medians and widths would have if each error were one bit (dashed)."
	} else {
		information.Legend.Place = plots.Auto
	}
	panels = append(panels, information)
	caption += fmt.Sprintf(" (%c) Mutual information of the level programmed and the level read.", 'a'+len(panels)-1)
	return []Figure{{Name: "multilevel", Caption: caption, Numbers: numbers, Figure: plots.Figure{Panels: panels, Columns: 2}}}, nil
}
