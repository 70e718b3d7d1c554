package energy

import "math"

// arraysPer returns the arrays in one unit of a level.
func (a *Architecture) arraysPer(level string) float64 {
	n := 1.0
	for i, k := range []int{1, a.ArraysPerCore, a.CoresPerTile, a.TilesPerChip} {
		n *= float64(k)
		if levels[i] == level {
			return n
		}
	}
	return n // the system holds one chip
}

// Arrays returns the number of arrays of a chip.
func (a *Architecture) Arrays() int { return a.ArraysPerCore * a.CoresPerTile * a.TilesPerChip }

// Weights returns the number of weights that a chip holds at its native precision.
func (a *Architecture) Weights() float64 {
	p := a.at(0, 0, 0, 0)
	return float64(a.Arrays()) * float64(p.weightRows) * float64(p.weightCols)
}

// A point is an architecture at one precision.
type point struct {
	inBits, weightBits, outBits int
	colsPerWeight               int
	cellsPerWeight              float64
	weightRows, weightCols      int // weights of an array
	pulses                      int // of an input
	phases                      int // conversions of a column for one product
	integrations, decisions     int
	mvmTime                     float64 // s
}

// at returns the architecture at a precision; 0 is the native one, and the native
// one is used throughout where the precision is fixed. Phases is that of Mode.
func (a *Architecture) at(in, weight, out, phases int) point {
	p := point{inBits: in, weightBits: weight, outBits: out}
	if a.FixedPrecision || in == 0 {
		p.inBits = a.InputBits
	}
	if a.FixedPrecision || weight == 0 {
		p.weightBits = a.WeightBits
	}
	if a.FixedPrecision || out == 0 {
		p.outBits = a.OutputBits
	}
	p.colsPerWeight = a.ColsPerWeight
	if p.colsPerWeight == 0 {
		p.colsPerWeight = (p.weightBits + a.CellBits - 1) / a.CellBits
		if a.Differential {
			p.colsPerWeight *= 2
		}
	}
	p.cellsPerWeight = float64(a.CellsPerWeight)
	if a.CellsPerWeight == 0 {
		p.cellsPerWeight = float64(p.colsPerWeight * a.RowsPerInput)
	}
	p.weightRows, p.weightCols = a.Rows/a.RowsPerInput, a.Cols/p.colsPerWeight
	t := &a.Timing
	cycle := t.Cycle
	if cycle == 0 {
		convert := float64(t.Share) * t.Convert
		if t.Pipelined {
			cycle = math.Max(t.Read+t.Settle, convert)
		} else {
			cycle = t.Read + t.Settle + convert
		}
	}
	p.pulses, p.phases = 1, 1
	switch t.Encoding {
	case Amplitude, PulseWidth:
		p.phases = t.Phases
		if phases > 0 {
			p.phases = phases
		}
	case BitSerial:
		p.pulses = (p.inBits + t.DACBits - 1) / t.DACBits
		p.phases = p.pulses
	case Unary:
		p.pulses = 1<<p.inBits - 1
	}
	p.mvmTime = float64(p.phases) * cycle
	switch t.Encoding {
	case Unary:
		p.mvmTime = float64(p.pulses)*(t.Read+t.Settle) + float64(t.Share)*t.Convert
		if t.Cycle > 0 {
			p.mvmTime = float64(p.pulses) * t.Cycle
		}
	case Integration:
		a.integrate(&p, phases)
	}
	return p
}

// integrate counts the steps of a neuron that integrates signed inputs bit by bit
// and then decides its output bit by bit: W. Wan et al., Nature 608, 504 (2022),
// doi:10.1038/s41586-022-04992-8. Inputs with more magnitude bits than a phase
// takes are done in two phases, the second with the output bits that are left.
func (a *Architecture) integrate(p *point, phases int) {
	t := &a.Timing
	n := max(1, p.inBits-1)
	parts := []int{n}
	if n > t.PhaseBits && phases != 1 {
		parts = []int{(n + 1) / 2, n / 2}
	}
	done := 0
	for _, k := range parts {
		p.integrations += 1<<k - 1
		p.decisions += max(1, p.outBits-done)
		done += k
	}
	p.pulses, p.phases = n, len(parts)
	p.mvmTime = float64(p.integrations)*t.Integrate + float64(p.decisions)*t.Decision + float64(p.phases)*t.Sample
}

func (a *Architecture) setting(p point) setting {
	return setting{node: a.Node, supply: a.Supply, inBits: p.inBits, outBits: p.outBits, rows: a.Rows, cols: a.Cols, encoding: a.Timing.Encoding, extrapolate: a.Extrapolate}
}

// A load is what products ask of arrays, summed over them.
type load struct {
	rows, cols float64 // weight rows driven and weight columns converted
	macs       float64
	products   float64 // of an array
	density    float64 // share of inputs that are not zero
}

// add counts the activities of a load.
func (p *point) add(c *counts, l load, rowsPerInput int) {
	rows := l.rows * float64(rowsPerInput)
	cols := l.cols * float64(p.colsPerWeight)
	pulses := float64(p.pulses)
	c.add(PerRow, rows*pulses*l.density)
	c.add(PerColumn, cols*float64(p.phases))
	c.add(PerColumnPulse, cols*pulses)
	c.add(PerCell, l.macs*float64(rowsPerInput*p.colsPerWeight)*pulses*l.density)
	c.add(PerMAC, l.macs)
	c.add(PerMACPulse, l.macs*pulses)
	c.add(PerIntegration, cols*float64(p.integrations))
	c.add(PerDecision, cols*float64(p.decisions))
	c.add(PerMVM, l.products)
	c.add(PerInputBit, l.rows*float64(p.inBits))
	c.add(PerOutputBit, l.cols*float64(p.outBits))
}
