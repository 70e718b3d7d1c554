package line

import (
	"fmt"
	"math"
)

// Elements are what is connected by the wires of a Network.
type Elements struct {
	// Device holds the conductances of the devices, rows × cols, row-major, in S.
	// Zero is an open device.
	Device []float64
	// GroundWord and GroundBit hold the conductances from the word and bit nodes
	// to ground, rows × cols, row-major, or one number for all nodes, in S. The
	// default nil is none. A capacitance C in a step of the implicit Euler rule
	// of Δt is C/Δt here and C/Δt times the last node voltage in Sources.WordNode.
	GroundWord, GroundBit []float64
	// WordOpen and BitOpen tell which lines are not connected to their terminals.
	// The default nil is none.
	WordOpen, BitOpen []bool
}

// SetConductances sets the device conductances g, row-major, rows × cols, in
// siemens, with all terminals connected and nothing else; see SetElements.
func (s *Solver) SetConductances(g []float64) error {
	return s.SetElements(Elements{Device: g})
}

// SetElements sets the elements and factorises the lines. It returns an error,
// and leaves the solver without elements, if a conductance is negative or above
// 1e30 S, or if a node floats: it has no path over wires, devices and conductances to
// ground that ends at a terminal or at ground. It panics if a slice has the
// wrong length.
func (s *Solver) SetElements(e Elements) error {
	f := s.f
	cells := f.rows * f.cols
	length := func(n int, allowed ...int) {
		for _, a := range allowed {
			if n == a {
				return
			}
		}
		panic("line: wrong number of conductances")
	}
	length(len(e.Device), cells)
	length(len(e.GroundWord), 0, 1, cells)
	length(len(e.GroundBit), 0, 1, cells)
	length(len(e.WordOpen), 0, f.rows)
	length(len(e.BitOpen), 0, f.cols)
	s.ready, s.solved, s.scaled = false, false, false
	for _, x := range []struct {
		name   string
		values []float64
	}{{"conductance", e.Device}, {"word node conductance to ground", e.GroundWord}, {"bit node conductance to ground", e.GroundBit}} {
		for k, v := range x.values {
			if !(v >= 0 && v <= maxSiemens) {
				return fmt.Errorf("line: %s at row %d, column %d is %g S: must be between 0 and %g", x.name, k/f.cols, k%f.cols, v, maxSiemens)
			}
		}
	}
	f.word.connect(e.WordOpen)
	f.bit.connect(e.BitOpen)
	f.gw, f.gb = f.ground(f.gw, e.GroundWord), f.ground(f.gb, e.GroundBit)
	f.uniform = f.word.ohms == nil && f.bit.ohms == nil && !anyOf(e.WordOpen) && !anyOf(e.BitOpen)
	if !f.uniform {
		if err := f.floating(e.Device); err != nil {
			return err
		}
	}
	s.pool.start(s.Workers, cells)
	defer s.pool.rest()
	s.in = e.Device
	s.pool.do(f.blocks, s.factorRows)
	f.kappaT = maxAbs(s.rowSums)
	s.pool.do(f.panels, s.factorCols)
	s.in = nil
	s.setBound()
	s.ready = true
	return nil
}

func anyOf(x []bool) bool {
	for _, v := range x {
		if v {
			return true
		}
	}
	return false
}

// ground returns conductances to ground in the layout of the grid, in x if it
// is not nil.
func (f *factors) ground(x, values []float64) []float64 {
	if len(values) == 0 {
		return nil
	}
	if x == nil {
		x = make([]float64, f.size)
	}
	for i := range f.rows {
		if len(values) == 1 {
			f.fillRow(x, i, values[0])
		} else {
			f.setRow(x, i, values[i*f.cols:])
		}
	}
	return x
}

// floating returns an error if a part of a line has no path to a terminal or to
// ground. A part is the nodes of a line between two breaks.
func (f *factors) floating(device []float64) error {
	wordPart, bitPart := make([]int32, len(device)), make([]int32, len(device))
	var parent []int32
	var first []int // node where a part begins, bit nodes after the word nodes
	var held []bool
	find := func(a int32) int32 {
		for parent[a] != a {
			parent[a] = parent[parent[a]]
			a = parent[a]
		}
		return a
	}
	begin := func(at int) int32 {
		parent = append(parent, int32(len(parent)))
		first = append(first, at)
		held = append(held, false)
		return int32(len(parent) - 1)
	}
	walk := func(s *side, part []int32, ground []float64, lines, n, offset int, place func(line, k int) (row, col int)) {
		for l := range lines {
			var p int32
			for k := range n {
				row, col := place(l, k)
				at := row*f.cols + col
				if k == 0 || s.kind == wire && s.next(l, k-1, n) == 0 {
					p = begin(offset + at)
				}
				part[at] = p
				if k == 0 && s.first[l] > 0 || k == n-1 && s.last[l] > 0 || ground != nil && ground[f.at(row, col)] > 0 {
					held[p] = true
				}
			}
		}
	}
	walk(&f.word, wordPart, f.gw, f.rows, f.cols, 0, func(l, k int) (int, int) { return l, k })
	walk(&f.bit, bitPart, f.gb, f.cols, f.rows, len(device), func(l, k int) (int, int) { return k, l })
	for k, g := range device {
		if g > 0 {
			a, b := find(wordPart[k]), find(bitPart[k])
			if a != b {
				parent[b] = a
				held[a] = held[a] || held[b]
			}
		}
	}
	for p := range parent {
		if !held[find(int32(p))] {
			name, at := "word", first[p]
			if at >= len(device) {
				name, at = "bit", at-len(device)
			}
			line, along, k := at/f.cols, "column", at%f.cols
			if name == "bit" {
				line, along, k = k, "row", line
			}
			return fmt.Errorf("line: the node of %s line %d at %s %d floats: it must have a path to a terminal or to ground", name, line, along, k)
		}
	}
	return nil
}

// finite returns an error that names the first element of x that is not
// finite or beyond limit.
func finite(name, unit string, x []float64, cols int, limit float64) error {
	for k, v := range x {
		if !(math.Abs(v) <= limit) {
			if cols == 1 {
				return fmt.Errorf("line: %s %d is %g %s: must be between %g and %g", name, k, v, unit, -limit, limit)
			}
			return fmt.Errorf("line: %s at row %d, column %d is %g %s: must be between %g and %g", name, k/cols, k%cols, v, unit, -limit, limit)
		}
	}
	return nil
}
