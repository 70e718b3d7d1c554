package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// A Bias is what the terminals of the lines are connected to. A slice that is nil is 0 V,
// or no open line.
type Bias struct {
	Word     []float64 // voltages of the word lines, Rows, V
	Bit      []float64 // voltages of the bit lines, Cols, V
	WordOpen []bool    // word lines that float, Rows; their voltage is not looked at
	BitOpen  []bool    // bit lines that float, Cols; their voltage is not looked at
}

// Validate returns an error if a slice does not fit an array of the size, a
// voltage is not finite, or every line floats.
func (b *Bias) Validate(rows, cols int) error {
	for _, x := range []struct {
		name string
		v    []float64
		open []bool
		n    int
	}{{"word", b.Word, b.WordOpen, rows}, {"bit", b.Bit, b.BitOpen, cols}} {
		if x.v != nil && len(x.v) != x.n {
			return fmt.Errorf("bias: voltages of %d %s lines: must be %d", len(x.v), x.name, x.n)
		}
		if x.open != nil && len(x.open) != x.n {
			return fmt.Errorf("bias: open ends of %d %s lines: must be %d", len(x.open), x.name, x.n)
		}
		for k, v := range x.v {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("bias: voltage of %s line %d is %g V: must be finite", x.name, k, v)
			}
		}
	}
	if all(b.WordOpen, rows) && all(b.BitOpen, cols) {
		return errors.New("bias: all word lines and bit lines float: one at least must be connected")
	}
	return nil
}

func all(x []bool, n int) bool {
	k := 0
	for _, v := range x {
		if v {
			k++
		}
	}
	return k == n
}

// open reports whether a line floats.
func (b *Bias) open() bool { return !all(b.WordOpen, 0) || !all(b.BitOpen, 0) }

// times returns the bias with its voltages times x.
func (b *Bias) times(x float64) *Bias {
	c := *b
	scaled := func(v []float64) []float64 {
		if v == nil {
			return nil
		}
		s := make([]float64, len(v))
		for k := range v {
			s[k] = x * v[k]
		}
		return s
	}
	c.Word, c.Bit = scaled(b.Word), scaled(b.Bit)
	return &c
}

// filled returns the bias with zeros for nil voltages.
func (b *Bias) filled(rows, cols int) *Bias {
	c := *b
	if c.Word == nil {
		c.Word = make([]float64, rows)
	}
	if c.Bit == nil {
		c.Bit = make([]float64, cols)
	}
	return &c
}

// held returns the voltages of the lines, floating ones at the mean of the others.
func (b *Bias) held() (word, bit []float64) {
	var sum, n float64
	count := func(v []float64, open []bool) {
		for k, x := range v {
			if open == nil || !open[k] {
				sum += x
				n++
			}
		}
	}
	count(b.Word, b.WordOpen)
	count(b.Bit, b.BitOpen)
	fill := func(v []float64, open []bool) []float64 {
		w := append([]float64(nil), v...)
		for k, x := range open {
			if x {
				w[k] = sum / n
			}
		}
		return w
	}
	return fill(b.Word, b.WordOpen), fill(b.Bit, b.BitOpen)
}

// spread returns the largest difference of two terminals, which no device exceeds, V.
func (b *Bias) spread() float64 {
	low, high := math.Inf(1), math.Inf(-1)
	word, bit := b.held()
	for _, x := range append(word, bit...) {
		low, high = min(low, x), max(high, x)
	}
	return high - low
}

// An Operating point is the state of an array at a bias.
type Operating struct {
	IWord   []float64 // currents that the word line terminals feed in, both ends, Rows, A
	IBit    []float64 // currents into the bit line terminals, both ends, Cols, A
	VWord   []float64 // word line node voltages, Rows x Cols, V
	VBit    []float64 // bit line node voltages, Rows x Cols, V
	VDevice []float64 // voltages across the devices, Rows x Cols, V
	IDevice []float64 // currents through the devices, Rows x Cols, A
	Power   Power

	// ErrorBound bounds the error of every current of a terminal, relative to the
	// largest current of a bit line terminal or, where these cancel or float, to a tenth
	// of the largest sum of the magnitudes of device currents of a bit line.
	ErrorBound float64
	// Residual is the largest current missing in Kirchhoff's law at a node because
	// a device's current is not that of its law, relative to the same.
	Residual   float64
	Steps      int       // of Newton's method
	Iterations int       // of the linear solver, in all steps
	History    []float64 // sum of the magnitudes of the missing currents before each step and at the end, relative to the same
}

// SolveBias returns the operating point of an array whose devices follow iv (nil is
// Ohmic) at any bias, by Newton's method. Settings.Tolerance is that of ErrorBound.
//
// The error tells of an invalid array, law, bias or setting, of a node that no
// terminal reaches, of a current that falls with voltage and where, of a tolerance
// that was not reached (*ConvergenceError), or that ctx is done. A
// SwitchingCurve starts from the branches that it holds and is left with those
// of the operating point.
func (a *Array) SolveBias(ctx context.Context, b Bias, iv IVCurve, set *Settings) (*Operating, error) {
	n, err := a.nonlinear(iv, set)
	if err != nil {
		return nil, err
	}
	if err := b.Validate(a.Rows, a.Cols); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	full := b.filled(a.Rows, a.Cols)
	if err := scan(n.iv, a.G, a.Cols, full.spread()); err != nil {
		return nil, err
	}
	if err := n.solve(ctx, full); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	return n.operating(), nil
}

// nonlinear validates the array, the law and the settings.
func (a *Array) nonlinear(iv IVCurve, set *Settings) (*newton, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if iv == nil {
		iv = Ohmic{}
	}
	if err := validateCurve(iv); err != nil {
		return nil, err
	}
	if s, ok := iv.(*Selector); ok && s.On != nil && len(s.On) != len(a.G) {
		return nil, fmt.Errorf("crossbar: selector: states of %d devices for an array of %d", len(s.On), len(a.G))
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(a); err != nil {
		return nil, err
	}
	return newNewton(a, iv, set)
}

// operating returns the operating point of the last solution.
func (n *newton) operating() *Operating {
	cells := len(n.a.G)
	far, near := make([]float64, n.a.Rows), make([]float64, n.a.Rows)
	bitFar, bitNear := make([]float64, n.a.Cols), make([]float64, n.a.Cols)
	n.s.Terminals(near, far, bitNear, bitFar)
	for i := range near {
		near[i] += far[i]
	}
	p := &Operating{
		IWord: near, IBit: append([]float64(nil), n.now.out...),
		VWord: make([]float64, cells), VBit: make([]float64, cells),
		VDevice: append([]float64(nil), n.now.v...), IDevice: append([]float64(nil), n.now.i...),
		Power:      Power(n.s.Power()),
		ErrorBound: n.errorBound, Residual: n.largest, Steps: n.steps, Iterations: n.iterations,
		History: append([]float64(nil), n.history...),
	}
	n.s.WordVoltages(p.VWord)
	n.s.BitVoltages(p.VBit)
	return p
}
