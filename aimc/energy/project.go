package energy

import (
	"fmt"
	"math"
	"slices"

	"mho/noise"
)

// Settings control a projection. A nil *Settings means the defaults.
type Settings struct {
	// Draws is the number of Monte-Carlo samples behind the bands; -1 leaves the
	// bands at the nominal values. The default is 10000.
	Draws int
	// Key names the stream of the draws. The default is that of seed 1. Two
	// projections with one key share their factors, so that their ratio is not
	// blurred.
	Key noise.Key
}

// A Band is the spread of a projected number.
type Band struct {
	P10, P50, P90 float64
	Nominal       float64 // with every factor at its median
	Mean          float64
}

// A Part is one component's share of the energy.
type Part struct {
	Component  string
	Energy     float64 // mean over the samples, J
	Nominal    float64 // J
	Share      float64 // of the mean energy
	Factor     string
	Source     string
	Confidence string
	Host       bool // added beside the architecture, outside its boundary
}

// A Projection is what a workload costs on an architecture, per inference or token.
type Projection struct {
	Architecture, Workload string
	Per                    string // inference or token
	Boundary               string
	Counting               string
	Precision              string
	Fit                    string
	Mapping                *Mapping

	MACs, DynamicMACs float64 // per inference or token
	Operations        float64 // twice both

	Energy      Band // J
	Latency     Band // s, of one inference alone
	Interval    Band // s between inferences, one after another
	Area        Band // of all chips, m²
	Throughput  Band // operations per second
	TOPSPerWatt Band
	TOPSPerMM2  Band
	Parts       []Part
	Variance    []Share
	Peak        Totals  // of a chip, every array at work
	Busy        float64 // share of the array-seconds of an interval that work
	ProgramOnce float64 // J of programming every weight once
	ProgramTime float64 // s of programming all arrays, the rows of an array one after another, arrays in parallel
	Calibration *Calibration
	Warnings    []string
	Draws       int

	latencyTime, intervalTime duration
	areaNominal               float64 // m²
	pipelined                 bool
}

// A duration is the time of arrays, which the factor timing scales, and that of
// all else, in s.
type duration struct{ arrays, other float64 }

func (d duration) sum() float64 { return d.arrays + d.other }

// A Share is the part of the variance of the energy that a factor explains alone.
type Share struct {
	Factor string
	First  float64 // first-order Sobol index
}

// A term is one component's energy as a product of a nominal value and factors.
type term struct {
	nominal float64
	factors []int // of the sampler
}

// Project computes what w costs on a. The error tells that the network does not fit
// where it must, or names a component that cannot be evaluated.
func Project(a *Architecture, w *Workload, set *Settings) (*Projection, error) {
	s := Settings{}
	if set != nil {
		s = *set
	}
	if s.Draws == 0 {
		s.Draws = 10000
	}
	if s.Key == (noise.Key{}) {
		s.Key = noise.NewKey(1)
	}
	m, err := a.Map(w)
	if err != nil {
		return nil, err
	}
	p := a.at(w.InputBits, w.WeightBits, w.OutputBits, 0)
	pr := &Projection{
		Architecture: a.Name, Workload: w.Name, Per: w.Per, Boundary: a.Boundary, Counting: "1 MAC = 2 operations",
		Precision: fmt.Sprintf("%d-bit inputs, %d-bit weights, %d-bit outputs", p.inBits, p.weightBits, p.outBits),
		Fit:       m.Fit, Mapping: m, Draws: s.Draws, Calibration: a.Calibrated,
		pipelined: a.Policy.Pipelined && w.Phase != "generate" && m.Rounds == 1,
	}
	if pr.Peak, err = a.Peak("system", "", Mode{InputBits: w.InputBits, OutputBits: w.OutputBits}); err != nil {
		return nil, err
	}
	if p.inBits < w.InputBits || p.weightBits < w.WeightBits || p.outBits < w.OutputBits {
		pr.warn("the workload asks for %d-bit inputs, %d-bit weights and %d-bit outputs; the architecture has %d, %d and %d", w.InputBits, w.WeightBits, w.OutputBits, p.inBits, p.weightBits, p.outBits)
	}
	var act counts
	busy := pr.activity(a, w, p, &act)
	components := append([]Component(nil), a.Components...)
	components = pr.host(a, components, &act)
	var b sampler
	var terms []term
	timing := b.lognormal("timing", a.Timing.Sigma)
	for i := range components {
		c := &components[i]
		k, err := c.evaluate(a.setting(p))
		if err != nil {
			return nil, fmt.Errorf("component.%s: %w", c.Name, err)
		}
		for _, x := range k.warnings {
			pr.warn("component.%s: %s", c.Name, x)
		}
		t := term{}
		switch c.Per {
		case PerBusy:
			t.nominal = k.power * c.Count / a.arraysPer(c.Level) * busy
			t.factors = append(t.factors, timing)
		case PerTime:
			t.nominal = k.power * c.Count * float64(m.Chips) * float64(a.Arrays()) / a.arraysPer(c.Level) * pr.intervalTime.sum()
			t.factors = append(t.factors, timing)
		default:
			t.nominal = k.energy * act[index(c.Per)]
		}
		if k.bands != nil && c.Sigma < 0 {
			t.factors = append(t.factors, b.quantiles(c.Factor, k.bands))
		} else {
			t.factors = append(t.factors, b.lognormal(c.Factor, k.sigma))
		}
		if k.scaleSigma > 0 {
			t.factors = append(t.factors, b.lognormal("scaling", k.scaleSigma))
		}
		pr.Parts = append(pr.Parts, Part{Component: c.Name, Nominal: t.nominal, Factor: c.Factor, Source: c.Source, Confidence: c.Confidence, Host: i >= len(a.Components)})
		terms = append(terms, t)
	}
	area := b.lognormal("area", a.AreaSigma)
	pr.areaNominal = pr.Peak.Area * float64(m.Chips)
	pr.bands(&b, terms, timing, area, s)
	return pr, nil
}

func (pr *Projection) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, w := range pr.Warnings {
		if w == text {
			return
		}
	}
	pr.Warnings = append(pr.Warnings, text)
}

// activity counts what one inference makes the components do, and the times it
// takes; it returns the time of all arrays at work, summed over the arrays.
func (pr *Projection) activity(a *Architecture, w *Workload, p point, act *counts) float64 {
	m := pr.Mapping
	var busy, analog, slowest float64
	var ops, dynamic, dram, cache float64
	var cells, between, crossing, instances float64
	for i := range m.Placements {
		if q := &m.Placements[i]; q.Arrays > 0 {
			instances += float64(q.Layer.Repeat)
		}
	}
	// Layers stand on the chips in order, so that a boundary between chips cuts
	// between two layers, or through one that is larger than a chip.
	cut := math.Min(1, float64(m.Chips-1)/math.Max(1, instances))
	for i := range m.Placements {
		q := &m.Placements[i]
		d, n := &q.Demand, float64(q.Layer.Repeat)
		ops += n * d.Ops
		dynamic += n * d.DynamicMACs
		dram += n * d.DRAMBits
		cache += n * d.CacheBits
		moved := n * d.Outputs * float64(p.outBits)
		if d.Rows > 0 {
			v, parts := n*d.Vectors, float64(d.Parts)
			l := load{
				rows: v * float64(d.Rows*q.ColTiles) * parts, cols: v * float64(d.Cols*q.RowTiles) * parts,
				macs: v * float64(d.Rows) * float64(d.Cols) * parts, products: v * float64(q.Arrays), density: q.Layer.Density,
			}
			p.add(act, l, a.RowsPerInput)
			pr.MACs += l.macs
			busy += l.products * p.mvmTime
			analog += n * q.Time
			slowest = math.Max(slowest, q.Time)
			cells += n * float64(d.Rows) * float64(d.Cols) * parts * p.cellsPerWeight
			ops += v * float64(d.Cols) * parts * float64(q.RowTiles-1) // partial sums
			if q.Arrays > a.Arrays() && m.Chips > 1 {
				crossing += moved * float64(q.RowTiles)
			} else {
				crossing += moved * cut
			}
			moved *= float64(q.RowTiles)
		}
		between += moved
	}
	pr.DynamicMACs = dynamic
	pr.Operations = 2 * (pr.MACs + dynamic)
	if t, err := FindTechnology(a.Technology); err == nil {
		pr.ProgramOnce = cells * t.CellEnergy()
		pr.ProgramTime = t.ArrayTime(a.Rows)
	}
	var reload float64
	if m.Rounds > 1 {
		share := float64(w.Batch)
		if w.Phase == "prefill" {
			share *= float64(w.Context)
		}
		act.add(PerCellWrite, cells/share)
		dram += cells / p.cellsPerWeight * float64(p.weightBits) / share
		reload = float64(m.Rounds) * pr.ProgramTime / share
		pr.warn("the arrays are loaded %d times for %g %s", m.Rounds, share, plural(w.Per, share))
	}
	act.add(PerVectorOp, ops)
	act.add(PerDynamicMAC, dynamic)
	act.add(PerDRAMBit, dram)
	act.add(PerMemoryBit, 2*between+cache)
	act.add(PerNetworkBit, between)
	act.add(PerChipBit, crossing)
	// Logic and memory of the host take their time after the arrays; those of the
	// architecture itself work beside them.
	other := reload + dram/a.Host.DRAMRate + crossing/(a.Host.ChipRate*float64(m.Chips))
	if !a.covers(PerVectorOp) {
		other += ops / a.Host.OpRate
	}
	if !a.covers(PerDynamicMAC) {
		other += dynamic / a.Host.MACRate
	}
	pr.latencyTime = duration{analog, other}
	pr.intervalTime = pr.latencyTime
	switch {
	case pr.pipelined && slowest >= other:
		pr.intervalTime = duration{slowest, 0}
	case pr.pipelined:
		pr.intervalTime = duration{0, other}
	}
	pr.Busy = busy / (float64(m.Chips*a.Arrays()) * pr.intervalTime.sum())
	return busy
}

func (a *Architecture) covers(per Activity) bool {
	for i := range a.Components {
		if a.Components[i].Per == per {
			return true
		}
	}
	return false
}

// hosts are the parts that stand in for what an architecture lacks.
var hosts = []struct {
	per  Activity
	name string
	part string
}{
	{PerVectorOp, "host-logic", "fp16-op"}, {PerDynamicMAC, "host-mac", "int8-mac"}, {PerDRAMBit, "host-dram", "dram-lpddr"}, {PerChipBit, "chip-link", "chip2chip"},
}

// host adds what the workload needs and no component of the architecture covers. It
// panics if a part of a host is not among the shipped ones, a mistake in the program.
func (pr *Projection) host(a *Architecture, components []Component, act *counts) []Component {
	added := false
	for _, h := range hosts {
		if h.per == PerChipBit && slices.Contains([]string{"device", "macro", "core"}, a.Boundary) {
			h.name, h.part = "core-link", "mesh-hop" // copies of a core share a chip
		}
		if act[index(h.per)] == 0 || a.covers(h.per) {
			continue
		}
		c, err := FindPart(h.part)
		if err != nil {
			panic("energy: " + err.Error())
		}
		c.Name, c.Level, c.Per = h.name, "system", h.per
		c.Scaled = h.per == PerVectorOp || h.per == PerDynamicMAC
		components = append(components, c)
		added = true
	}
	if act[index(PerCellWrite)] > 0 && !a.covers(PerCellWrite) {
		c := newComponent()
		t, _ := FindTechnology(a.Technology)
		c.Name, c.Model, c.Per, c.Technology, c.Factor = "programming", "write", PerCellWrite, a.Technology, "write"
		c.Source, c.Confidence = t.Source, t.Confidence
		components = append(components, c)
	}
	if added {
		pr.Boundary += " and host"
	}
	return components
}
