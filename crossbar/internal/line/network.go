package line

import (
	"fmt"
	"math"
)

// A Network describes the wires of a crossbar array. Zero resistances are
// ideal wires.
type Network struct {
	Rows    int     // number of word lines, at least 1
	Cols    int     // number of bit lines, at least 1
	RWord   float64 // resistance of one word line segment, Ω
	RBit    float64 // resistance of one bit line segment, Ω
	RDriver float64 // resistance of a driver, in series with the first word line segment, Ω
	RSense  float64 // resistance of a sense amplifier, in series with the last bit line segment, Ω
	Double  bool    // drivers and sense amplifiers at both ends of the lines

	// RWordMap replaces RWord by a resistance for every segment, in Ω, rows ×
	// (cols+1), row-major: element k of a row leads to node k from the left, the
	// first from the driver, the last leads from the last node to the far end and
	// matters with Double only. +Inf is a broken segment. The default nil is RWord
	// throughout.
	RWordMap []float64
	// RBitMap replaces RBit likewise, (rows+1) × cols, row-major: row k leads to
	// node k from above, row 0 from the far end, the last row to the sense amplifier.
	RBitMap []float64
}

// Numbers outside these ranges have no meaning for an array, and within them no
// product in the solution leaves the range of float64.
const (
	MinOhm, MaxOhm   = 1e-30, 1e30 // of a resistance that is not 0
	maxSiemens       = 1e30        // of a conductance; there is no lower limit
	minVolt, maxVolt = 1e-60, 1e60 // of the largest voltage, if it is not 0
)

// Validate returns an error if a dimension is below 1, a resistance neither 0
// nor between 1e-30 and 1e30 Ω, a map has the wrong length, or an element of
// a map is neither between 1e-30 and 1e30 Ω nor +Inf.
func (n Network) Validate() error {
	if n.Rows < 1 || n.Cols < 1 {
		return fmt.Errorf("line: array of %d x %d cells: rows and columns must be at least 1", n.Rows, n.Cols)
	}
	if n.Rows > math.MaxInt32/n.Cols {
		return fmt.Errorf("line: array of %d x %d cells: at most %d cells are possible", n.Rows, n.Cols, math.MaxInt32)
	}
	for _, r := range []struct {
		name  string
		value float64
	}{
		{"word line segment resistance", n.RWord},
		{"bit line segment resistance", n.RBit},
		{"driver resistance", n.RDriver},
		{"sense resistance", n.RSense},
	} {
		if r.value != 0 && !(r.value >= MinOhm && r.value <= MaxOhm) {
			return fmt.Errorf("line: %s is %g Ω: must be 0 or between %g and %g", r.name, r.value, MinOhm, MaxOhm)
		}
	}
	for _, m := range []struct {
		name       string
		r          []float64
		rows, cols int
	}{
		{"word", n.RWordMap, n.Rows, n.Cols + 1},
		{"bit", n.RBitMap, n.Rows + 1, n.Cols},
	} {
		if m.r != nil && len(m.r) != m.rows*m.cols {
			return fmt.Errorf("line: map of %d %s line resistances: must be %d x %d", len(m.r), m.name, m.rows, m.cols)
		}
		for k, r := range m.r {
			if !(r >= MinOhm && r <= MaxOhm) && !math.IsInf(r, 1) {
				return fmt.Errorf("line: map of %s line resistances is %g Ω at row %d, column %d: must be between %g and %g, or +Inf",
					m.name, r, k/m.cols, k%m.cols, MinOhm, MaxOhm)
			}
		}
	}
	return nil
}

// kind tells what a line is electrically.
type kind int

const (
	wire kind = iota // segments of finite resistance
	node             // an ideal wire; without any resistance to its terminal it is the terminal
)

// side holds the electrical data of the lines of one direction.
type side struct {
	kind  kind
	r     float64 // segment resistance, Ω
	extra float64 // resistance of a driver or sense amplifier, Ω
	ends  float64 // 1, or 2 for double-sided lines
	near  bool    // the near end is at the first node, else at the last
	peak  float64 // largest voltage that 1 A into each node drives on a line without devices, Ω

	// The map of resistances in Ω and of conductances in S, nil without one: n+1
	// elements a line, counted in the direction of higher rows and columns.
	ohms, siemens []float64

	// Conductance of every line to its terminal, in S, at the first and at the last
	// node; both are in first for a node. +Inf for a terminal, 0 for none.
	first, last []float64
}

// newSide describes n lines; resistances has the map line by line, nil without
// one. Bit lines have their near end, where they are sensed, last.
func newSide(segment, extra float64, double, nearFirst bool, n int, resistances []float64) side {
	s := side{r: segment, extra: extra, ends: 1, near: nearFirst, first: make([]float64, n), last: make([]float64, n), ohms: resistances}
	if double {
		s.ends = 2
	}
	if segment == 0 && resistances == nil {
		s.kind = node
	}
	if resistances != nil {
		s.siemens = make([]float64, len(resistances))
		for k, r := range resistances {
			s.siemens[k] = 1 / r
		}
	}
	return s
}

// connect sets the conductances to the terminals of all lines but the open ones.
func (s *side) connect(open []bool) {
	n := len(s.first)
	segments := len(s.ohms)/n - 1 // of a line with a map
	for i := range n {
		first, last := 0.0, 0.0
		if open == nil || !open[i] {
			r0, r1 := s.r, s.r
			if s.ohms != nil {
				line := s.ohms[i*(segments+1):][:segments+1]
				r0, r1 = line[0], line[segments]
			}
			if s.near || s.ends == 2 {
				first = 1 / (r0 + s.extra)
			}
			if !s.near || s.ends == 2 {
				last = 1 / (r1 + s.extra)
			}
		}
		if s.kind == node {
			first, last = first+last, 0
		}
		s.first[i], s.last[i] = first, last
	}
}

// atEnds returns the conductances to the terminals at the first and last end of a line.
func (s *side) atEnds(line int) (first, last float64) {
	first, last = s.first[line], s.last[line]
	switch {
	case s.kind == wire:
	case s.ends == 2:
		first, last = first/2, first/2
	case !s.near:
		first, last = 0, first
	}
	return first, last
}

// next returns the conductance of the segment behind node k of a line of n nodes, not the last.
func (s *side) next(line, k, n int) float64 {
	if s.siemens == nil {
		return 1 / s.r
	}
	return s.siemens[line*(n+1)+k+1]
}

// ohm returns the resistance of segment k of a line of n nodes, as counted in a map.
func (s *side) ohm(line, k, n int) float64 {
	if s.ohms == nil {
		return s.r
	}
	return s.ohms[line*(n+1)+k]
}

// profile returns the voltages that equal currents into all n nodes of a line
// without devices drive, scaled to a maximum of 1, and sets peak. Nodes are
// counted as in the line.
func (s *side) profile(n int) []float64 {
	x := make([]float64, n)
	// The near end carries a current of n/ends, each node takes 1 off it.
	current := float64(n) / s.ends
	v := (s.r + s.extra) * current
	s.peak = 0
	for k := range x {
		at := k
		if !s.near {
			at = n - 1 - k
		}
		x[at] = v
		s.peak = max(s.peak, v)
		v += s.r * (current - float64(k+1))
	}
	if s.peak == 0 {
		return x // of terminals
	}
	for k := range x {
		x[k] /= s.peak
	}
	return x
}
