package crossbar

import (
	"context"
	"fmt"
	"math"
)

// A Scheme says what the lines that are not selected are connected to while a cell
// is read or written. The word line of the cell is at V, its bit line at 0 V. With
// ideal wires the voltages of the other cells are
//
//	scheme    half-selected: on its word line, its bit line    unselected
//	V/2       V/2, V/2                                         0
//	V/3       V/3, V/3                                         -V/3
//	floating  as the sneak currents divide
//	grounded  V, 0                                             0
//
// A. Chen, "A comprehensive crossbar array model with solutions for line resistance and
// nonlinear device characteristics", IEEE Trans. Electron Devices 60, 1318 (2013), doi:10.1109/TED.2013.2246791.
type Scheme string

const (
	HalfV    Scheme = "v/2"      // word and bit lines at V/2
	ThirdV   Scheme = "v/3"      // word lines at V/3, bit lines at 2V/3
	Floating Scheme = "floating" // all open
	Grounded Scheme = "grounded" // word and bit lines at 0 V
)

// Schemes are all schemes.
var Schemes = []Scheme{HalfV, ThirdV, Floating, Grounded}

// Bias returns the bias that selects a cell, counted from 0, of an array of the size
// with v volts. The error names an unknown scheme, a cell outside the array, or a
// voltage that is not finite.
func (s Scheme) Bias(rows, cols, row, col int, v float64) (Bias, error) {
	if rows < 1 || cols < 1 || row < 0 || row >= rows || col < 0 || col >= cols {
		return Bias{}, fmt.Errorf("crossbar: cell at row %d, column %d: must be within an array of %d x %d", row, col, rows, cols)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Bias{}, fmt.Errorf("crossbar: selecting voltage is %g V: must be finite", v)
	}
	b := Bias{Word: make([]float64, rows), Bit: make([]float64, cols)}
	rest := func(word, bit float64) {
		for i := range b.Word {
			b.Word[i] = word
		}
		for j := range b.Bit {
			b.Bit[j] = bit
		}
	}
	switch s {
	case HalfV:
		rest(v/2, v/2)
	case ThirdV:
		rest(v/3, 2*v/3)
	case Grounded:
	case Floating:
		b.WordOpen, b.BitOpen = make([]bool, rows), make([]bool, cols)
		for i := range b.WordOpen {
			b.WordOpen[i] = i != row
		}
		for j := range b.BitOpen {
			b.BitOpen[j] = j != col
		}
	default:
		return Bias{}, fmt.Errorf("crossbar: bias scheme is %q: must be one of %q", s, Schemes)
	}
	b.Word[row], b.Bit[col] = v, 0
	return b, nil
}

// Stress sets dst (Rows x Cols, nil allocates) to the voltages across all devices, divided
// by v, while a cell, counted from 0, is selected with v volts. It is the stress of
// device.Pulsed for a pulse of amplitude v: the selected cell lacks from 1
// what its wires take. The errors are those of Scheme.Bias and
// SolveBias, or v is 0. Stress panics if dst has another length.
func (a *Array) Stress(ctx context.Context, dst []float64, s Scheme, row, col int, v float64, iv IVCurve, set *Settings) ([]float64, error) {
	if dst != nil && len(dst) != len(a.G) {
		panic("crossbar: wrong number of elements")
	}
	b, err := s.Bias(a.Rows, a.Cols, row, col, v)
	if err != nil {
		return nil, err
	}
	if v == 0 {
		return nil, fmt.Errorf("crossbar: selecting voltage is 0 V: must not be 0")
	}
	p, err := a.SolveBias(ctx, b, iv, set)
	if err != nil {
		return nil, err
	}
	if dst == nil {
		dst = make([]float64, len(a.G))
	}
	for k, u := range p.VDevice {
		dst[k] = u / v
	}
	return dst, nil
}
