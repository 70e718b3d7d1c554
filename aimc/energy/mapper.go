package energy

import (
	"fmt"
	"math"
)

// A Placement is where one layer (of Repeat) stands.
type Placement struct {
	Layer       *Layer
	Demand      Demand
	RowTiles    int // arrays that share the inputs of a matrix
	ColTiles    int // arrays that share its outputs
	Arrays      int // of one copy
	Copies      int
	Utilisation float64 // weights over what the arrays of a copy hold
	Time        float64 // s of all products of one inference, copies at work
}

// A Mapping is a workload on an architecture.
type Mapping struct {
	Placements  []Placement
	Needed      int     // arrays for one copy of every layer
	Used        int     // with the further copies
	Chips       int     // that hold them
	Rounds      int     // times the arrays are loaded per inference; 1 is weight-stationary
	Utilisation float64 // of the weights of one copy over what its arrays hold
	Fit         string  // fits, more-chips or reload
}

// maxArrays bounds a mapping: more arrays than this are a mistake in a size.
const maxArrays = 1 << 40

// Map puts w on a. Each matrix is cut into arrays; several groups of a
// convolution share an array along its diagonal. A network larger than the chip
// takes more chips, is loaded in rounds, or is an error, as a.Policy.Fit says. With
// a.Policy.Replicate idle arrays take copies of the layers with most products, so
// that the slowest layer is as fast as possible.
func (a *Architecture) Map(w *Workload) (*Mapping, error) {
	p := a.at(w.InputBits, w.WeightBits, w.OutputBits, 0)
	if p.weightCols < 1 {
		return nil, fmt.Errorf("array.cols: %d columns hold no weight of %d bits, which takes %d: must be at least as many", a.Cols, p.weightBits, p.colsPerWeight)
	}
	m := &Mapping{Placements: make([]Placement, len(w.Layers)), Rounds: 1, Fit: "fits"}
	var held, weights float64
	needed := 0.0
	for i := range w.Layers {
		l := &w.Layers[i]
		d := w.Demand(l)
		q := &m.Placements[i]
		*q = Placement{Layer: l, Demand: d, Copies: 1}
		if d.Rows == 0 {
			continue
		}
		q.place(p)
		n := float64(q.Arrays) * float64(l.Repeat)
		stored := float64(d.Rows) * float64(d.Cols) * float64(d.Parts)
		q.Utilisation = stored / (float64(q.Arrays) * float64(p.weightRows) * float64(p.weightCols))
		needed += n
		held += n * float64(p.weightRows) * float64(p.weightCols)
		weights += stored * float64(l.Repeat)
	}
	if needed > maxArrays {
		return nil, fmt.Errorf("the workload %s needs %.3g arrays: must be at most %.3g", w.Name, needed, float64(maxArrays))
	}
	m.Needed = int(needed)
	if held > 0 {
		m.Utilisation = weights / held
	}
	if err := a.fit(m, w); err != nil {
		return nil, err
	}
	if a.Policy.Replicate && m.Rounds == 1 {
		m.replicate(m.Chips * a.Arrays())
	}
	for i := range m.Placements {
		q := &m.Placements[i]
		m.Used += q.Arrays * q.Copies * q.Layer.Repeat
		q.Time = math.Ceil(q.Demand.Vectors/float64(q.Copies)) * p.mvmTime
		if have := m.Chips * a.Arrays(); q.Arrays > have { // the arrays of one layer take turns
			q.Time *= math.Ceil(float64(q.Arrays) / float64(have))
		}
		if q.Demand.Rows == 0 {
			q.Time = 0
		}
	}
	return m, nil
}

// place cuts the matrix of q into arrays.
func (q *Placement) place(p point) {
	d := &q.Demand
	q.RowTiles = (d.Rows + p.weightRows - 1) / p.weightRows
	q.ColTiles = (d.Cols + p.weightCols - 1) / p.weightCols
	q.Arrays = q.RowTiles * q.ColTiles * d.Parts
	if q.RowTiles == 1 && q.ColTiles == 1 && d.Parts > 1 {
		fit := min(p.weightRows/d.Rows, p.weightCols/d.Cols)
		q.Arrays = (d.Parts + fit - 1) / fit
	}
}

func (a *Architecture) fit(m *Mapping, w *Workload) error {
	m.Chips = a.Policy.Chips
	have := m.Chips * a.Arrays()
	if m.Needed <= have {
		return nil
	}
	switch m.Fit = a.Policy.Fit; m.Fit {
	case "forbid":
		return fmt.Errorf("mapping.fit = \"forbid\": %s needs %d arrays and there are %d: must fit, or fit = \"more-chips\" or \"reload\"", w.Name, m.Needed, have)
	case "reload":
		m.Rounds = (m.Needed + have - 1) / have
		if a.Technology == "" {
			return fmt.Errorf("array.technology is missing: must name what is programmed, since weights are reloaded")
		}
	default:
		m.Chips = (m.Needed + a.Arrays() - 1) / a.Arrays()
	}
	return nil
}

// replicate finds the least number of products that a copy must do one after
// another, over all layers, for which the copies fit.
func (m *Mapping) replicate(have int) {
	copies := func(q *Placement, most float64) float64 { return math.Max(1, math.Ceil(q.Demand.Vectors/most)) }
	fits := func(most float64) bool {
		n := 0.0
		for i := range m.Placements {
			q := &m.Placements[i]
			n += float64(q.Arrays*q.Layer.Repeat) * copies(q, most)
		}
		return n <= float64(have)
	}
	low, high := 1.0, 1.0
	for i := range m.Placements {
		if m.Placements[i].Arrays > 0 {
			high = math.Max(high, m.Placements[i].Demand.Vectors)
		}
	}
	for low < high {
		mid := math.Floor((low + high) / 2)
		if fits(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	for i := range m.Placements {
		if q := &m.Placements[i]; q.Arrays > 0 {
			q.Copies = int(copies(q, high))
		}
	}
}
