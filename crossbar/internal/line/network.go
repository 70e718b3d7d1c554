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
}

// Numbers outside these ranges have no meaning for an array, and within them no
// product in the solution leaves the range of float64.
const (
	minOhm, maxOhm   = 1e-30, 1e30 // of a resistance that is not 0
	maxSiemens       = 1e30        // of a conductance; there is no lower limit
	minVolt, maxVolt = 1e-60, 1e60 // of the largest voltage, if it is not 0
)

// Validate returns an error if a dimension is below 1, or a resistance neither
// 0 nor between 1e-30 and 1e30 Ω.
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
		if r.value != 0 && !(r.value >= minOhm && r.value <= maxOhm) {
			return fmt.Errorf("line: %s is %g Ω: must be 0 or between %g and %g", r.name, r.value, minOhm, maxOhm)
		}
	}
	return nil
}

// kind tells what a line is electrically.
type kind int

const (
	wire     kind = iota // segments of finite resistance
	node                 // ideal wire behind a driver or sense resistance
	terminal             // no resistance at all
)

// side holds the electrical data that all lines of one direction share.
type side struct {
	kind  kind
	r     float64 // segment resistance, Ω
	extra float64 // resistance of a driver or sense amplifier, Ω
	end   float64 // conductance of one line end to its terminal, S; +Inf for a terminal
	near  float64 // end times r: the end conductance in units of a segment's, at most 1
	ends  float64 // 1, or 2 for double-sided lines
	peak  float64 // largest voltage that 1 A into each node drives on a line without devices, Ω
}

func newSide(segment, extra float64, double bool) side {
	s := side{r: segment, extra: extra, end: 1 / (segment + extra), ends: 1}
	if double {
		s.ends = 2
	}
	switch {
	case segment > 0:
		s.kind = wire
		s.near = segment / (segment + extra)
	case extra > 0:
		s.kind = node
	default:
		s.kind = terminal
	}
	return s
}

// profile returns the voltages that equal currents into all n nodes of a line
// without devices drive, scaled to a maximum of 1, and sets peak. Nodes are
// counted from the near end if nearFirst, else towards it.
func (s *side) profile(n int, nearFirst bool) []float64 {
	x := make([]float64, n)
	if s.kind == terminal {
		return x
	}
	// The near end carries a current of n/ends, each node takes 1 off it.
	current := float64(n) / s.ends
	v := (s.r + s.extra) * current
	s.peak = 0
	for k := range x {
		at := k
		if !nearFirst {
			at = n - 1 - k
		}
		x[at] = v
		s.peak = max(s.peak, v)
		v += s.r * (current - float64(k+1))
	}
	for k := range x {
		x[k] /= s.peak
	}
	return x
}

// endsAt returns the conductance, in siemens, from node k of a line of n
// nodes to its terminals. A line that is one node counts as connected at the
// near end, where k is 0 for word lines and n-1 for bit lines.
func (s *side) endsAt(k, n, near int) float64 {
	var g float64
	if k == near {
		g = s.end
		if s.kind == node {
			g *= s.ends
		}
	}
	if s.kind == wire && s.ends == 2 && k == n-1-near {
		g += s.end
	}
	return g
}
