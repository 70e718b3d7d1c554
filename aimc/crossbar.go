package aimc

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// A CrossbarTile is a Tile of crossbar arrays of one device. Each part of the matrix has an array
// for every sign, copy and slice of Config.Mapping.
type CrossbarTile struct {
	config          Config
	outputs, inputs int
	rows, cols      []int    // ends of the parts of inputs and outputs
	blocks          []*block // of one part of the inputs, then of the next
	dacs            []*crossbar.DAC
	key             noise.Key // of what is fixed
	reference       float64   // s
	age             float64   // since programming, s
	programmed      bool
	code            *crossbar.Code
	unit            []float64 // of every output what 1 A is in units of weights times the input range, 1/A
	weights         []float64 // to be written anew, if Refresh
	refreshes       int
	total           Programming // of all refreshes
	correction      correction
	evaluation      evaluation
	engine          engine
	observed        *observation // nil but while ranges are learnt
}

var _ Tile = (*CrossbarTile)(nil)

// A block is a part of the matrix with the arrays that hold it.
type block struct {
	firstIn, inputs   int
	firstOut, outputs int
	cols              int // bit lines of an array: outputs and perhaps a reference
	slices            []slice
}

// A slice is what holds one digit of the weights of a block.
type slice struct {
	arrays []array       // of one copy, plus and then minus; then of the next
	adc    *crossbar.ADC // of these arrays, or of all arrays of the same outputs
}

// An array is one crossbar array.
type array struct {
	cells  device.Population // inputs x cols
	sign   float64
	target []float64 // S
	pulses []int64   // that cells were written with, by pulses
}

// NewCrossbarTile returns a tile for matrices of outputs x inputs. It keeps a
// copy of c; the device model is read during the call only, and several goroutines may share
// it. Key draws the differences between devices and between converters. The error tells of invalid dimensions or configuration, or of a device
// that is no conductance or cannot be programmed as the configuration says.
func NewCrossbarTile(outputs, inputs int, c Config, key noise.Key) (*CrossbarTile, error) {
	if outputs < 1 || inputs < 1 || outputs > math.MaxInt32/inputs {
		return nil, fmt.Errorf("tile of %d outputs x %d inputs: both must be at least 1, their product at most %d", outputs, inputs, math.MaxInt32)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	dev, err := c.Noise.device(c.Device)
	if err != nil {
		return nil, err
	}
	t := &CrossbarTile{config: c, outputs: outputs, inputs: inputs, key: key.Domain(noise.D2D), rows: cut(inputs, c.Array.Rows)}
	t.cols = cut(outputs, c.Array.Cols-c.Mapping.Columns(0)) // less a reference column
	signs := c.Mapping.Signs()
	number := 0
	for i := range len(t.rows) - 1 {
		for j := range len(t.cols) - 1 {
			b := &block{firstIn: t.rows[i], inputs: t.rows[i+1] - t.rows[i], firstOut: t.cols[j], outputs: t.cols[j+1] - t.cols[j]}
			b.cols = c.Mapping.Columns(b.outputs)
			b.slices = make([]slice, max(c.Mapping.Slices, 1))
			for s := range b.slices {
				for range max(c.Mapping.Copies, 1) {
					for _, sign := range signs {
						p, err := dev.NewPopulation(b.inputs, b.cols, c.Env, key.Fold(uint64(number)))
						if err != nil {
							return nil, err
						}
						if err := t.accept(p, dev); err != nil {
							return nil, err
						}
						b.slices[s].arrays = append(b.slices[s].arrays, array{cells: p, sign: sign})
						number++
					}
				}
			}
			t.blocks = append(t.blocks, b)
		}
	}
	for i := range len(t.rows) - 1 {
		t.dacs = append(t.dacs, c.Converters.NewDAC(t.rows[i], t.rows[i+1]-t.rows[i], t.key.Fold(inputConverters)))
	}
	if c.Array.Precision == Single {
		t.engine = newArithmetic[float32](t)
	} else {
		t.engine = newArithmetic[float64](t)
	}
	return t, nil
}

// Keys of the converters of a tile; those of outputs are numbered, slice by slice, from the last on.
const (
	inputConverters = iota
	outputConverters
)

// accept checks that p is what a tile can program and read.
func (t *CrossbarTile) accept(p device.Population, m device.Model) error {
	target, closed := p.(device.Target)
	_, pulsed := p.(device.Pulsed)
	method := t.config.Programming.Method
	if method == "" {
		method = crossbar.ByDevice
	}
	switch {
	case p.Kind() != device.Conductance || !closed && !pulsed:
		return fmt.Errorf("device %s: must be a conductance that is programmed to a target", m.Info().Name)
	case method == crossbar.ByDevice && !closed:
		return fmt.Errorf("programming.method is %q: device %s has no closed loop of its own: must be %q or %q", method, m.Info().Name, crossbar.WriteVerify, crossbar.OpenLoop)
	case method != crossbar.ByDevice && !pulsed:
		return fmt.Errorf("programming.method is %q: device %s has no pulses: must be %q", method, m.Info().Name, crossbar.ByDevice)
	}
	if closed {
		t.reference = target.Reference()
	}
	return nil
}

// cut returns the ends of the parts of 0..n-1: as few as possible of at most
// size, and equal to within one.
func cut(n, size int) []int {
	parts := (n-1)/size + 1
	ends := make([]int, parts+1)
	for k := range ends {
		// n k fits: both are below 2^31.
		ends[k] = int(int64(n) * int64(k) / int64(parts))
	}
	return ends
}

// Dims returns the dimensions of the weight matrix.
func (t *CrossbarTile) Dims() (outputs, inputs int) { return t.outputs, t.inputs }

// Arrays returns the number of crossbar arrays: for each part of the matrix those of all signs, copies and slices.
func (t *CrossbarTile) Arrays() int {
	n := 0
	t.each(func(*block, int, *array, int) error { n++; return nil })
	return n
}

// each calls f for all arrays, by their number, until it fails.
func (t *CrossbarTile) each(f func(b *block, slice int, a *array, number int) error) error {
	number := 0
	for _, b := range t.blocks {
		for s := range b.slices {
			for k := range b.slices[s].arrays {
				if err := f(b, s, &b.slices[s].arrays[k], number); err != nil {
					return err
				}
				number++
			}
		}
	}
	return nil
}

// Age returns the time in s since the weights were written, for the first time or anew.
func (t *CrossbarTile) Age() float64 { return t.age }

// Reference returns the time in s after programming at which the device defines
// its programmed state: the earliest time for which its drift is known.
func (t *CrossbarTile) Reference() float64 { return t.reference }

// Program stores the weights w (outputs x inputs), sets the ranges of the output
// converters and restarts the clock. In the report the energy and pulses are
// sums over all arrays, the time is that of the slowest array. The error names a weight
// that is not finite, or is the device's. Program panics if w has the wrong length.
func (t *CrossbarTile) Program(w []float64, key noise.Key) (Programming, error) {
	if len(w) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	for i, x := range w {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Programming{}, fmt.Errorf("weight of output %d, input %d is %g: must be finite", i/t.inputs, i%t.inputs, x)
		}
	}
	gMin, gMax := t.blocks[0].slices[0].arrays[0].cells.Range()
	code, err := t.config.Mapping.Code(w, t.outputs, t.inputs, gMin, gMax)
	if err != nil {
		return Programming{}, err
	}
	t.programmed, t.refreshes, t.total = false, 0, Programming{}
	t.code = code
	t.weights = append(t.weights[:0], w...)
	t.unit = t.unit[:0]
	for o := range t.outputs {
		t.unit = append(t.unit, code.PerSiemens(o)/t.config.Converters.VRead)
	}
	var r Programming
	for _, b := range t.blocks {
		n := b.inputs * b.cols
		part := make([]float64, b.inputs*b.outputs)
		for o := range b.outputs {
			copy(part[o*b.inputs:][:b.inputs], w[(b.firstOut+o)*t.inputs+b.firstIn:])
		}
		for s := range b.slices {
			arrays := b.slices[s].arrays
			clipped := 0
			for k := range arrays {
				if arrays[k].target == nil {
					arrays[k].target = make([]float64, n)
				}
			}
			signs := len(t.config.Mapping.Signs())
			for k := 0; k < len(arrays); k += signs {
				var minus []float64
				if signs == 2 {
					minus = arrays[k+1].target
				}
				clipped = code.Targets(arrays[k].target, minus, part, b.firstOut, b.outputs, b.inputs, s)
			}
			if s == 0 {
				r.WeightsClipped += clipped
			}
		}
	}
	t.ranges(gMax - gMin)
	if err := t.write(&r, key); err != nil {
		return Programming{}, err
	}
	return r, nil
}

// ranges gives the output converters their ranges.
func (t *CrossbarTile) ranges(span float64) {
	c := &t.config.Converters
	parts := len(t.cols) - 1
	for j := range parts {
		for s := range t.blocks[j].slices {
			var all []float64 // of all parts of the inputs
			for i := j; i < len(t.blocks); i += parts {
				b := t.blocks[i]
				d := t.differences(b, s)
				if t.config.Mapping.PartialSums == crossbar.Analog {
					all = append(all, d...)
					continue
				}
				b.slices[s].adc = c.NewADC(c.ADC(d, b.inputs, b.outputs, c.VRead*span), b.outputs, t.key.Fold(uint64(outputConverters+i*len(b.slices)+s)))
			}
			if all == nil {
				continue
			}
			b := t.blocks[j]
			adc := c.NewADC(c.ADC(all, t.inputs, b.outputs, c.VRead*span), b.outputs, t.key.Fold(uint64(outputConverters+j*len(b.slices)+s)))
			for i := j; i < len(t.blocks); i += parts {
				t.blocks[i].slices[s].adc = adc
			}
		}
	}
}

// differences returns the conductances that the outputs of a slice are meant to see, inputs x outputs.
func (t *CrossbarTile) differences(b *block, s int) []float64 {
	d := make([]float64, b.inputs*b.outputs)
	for _, a := range b.slices[s].arrays {
		for i := range b.inputs {
			row := a.target[i*b.cols:][:b.cols]
			ref := 0.0
			if b.cols > b.outputs {
				ref = row[b.outputs]
			}
			for o := range b.outputs {
				d[i*b.outputs+o] += a.sign * (row[o] - ref)
			}
		}
	}
	return d
}

// write brings all cells to their targets, restarts the clock and adds what it costs to r.
func (t *CrossbarTile) write(r *Programming, key noise.Key) error {
	t.programmed, t.evaluation.valid, t.correction.valid = false, false, false
	var converged, cells float64
	w := &t.config.Programming
	one := func(b *block, a *array, key noise.Key) error {
		if a.pulses == nil && w.Method != "" && w.Method != crossbar.ByDevice {
			a.pulses = make([]int64, len(a.target))
		}
		got, err := w.Program(a.cells, a.target, a.pulses, t.config.Env, key)
		if err != nil {
			return err
		}
		r.Energy += got.Energy
		r.Pulses += got.Report.Pulses
		r.Reads += got.Reads
		r.Disturbs += got.Disturbs
		r.Time = max(r.Time, got.Time)
		converged += got.Converged * float64(len(a.target))
		cells += float64(len(a.target))
		return nil
	}
	if err := t.each(func(b *block, _ int, a *array, number int) error {
		r.Arrays++
		return one(b, a, key.Fold(uint64(number)))
	}); err != nil {
		return err
	}
	if w.Repair > 0 {
		if err := t.repair(r, key, one); err != nil {
			return err
		}
	}
	r.Converged = converged / cells
	t.age, t.programmed = 0, true
	return t.calibrate(key)
}

// repair gives the devices whose partner misses its target by more than allowed new targets, so that the pair
// holds its weight, and writes their arrays again.
func (t *CrossbarTile) repair(r *Programming, key noise.Key, one func(*block, *array, noise.Key) error) error {
	number := uint64(0)
	for _, b := range t.blocks {
		for s := range b.slices {
			arrays := b.slices[s].arrays
			for k := 0; k < len(arrays); k += 2 {
				plus, minus := &arrays[k], &arrays[k+1]
				low, high := plus.cells.Range()
				n := len(plus.target)
				gp, gm := make([]float64, n), make([]float64, n)
				plus.cells.Transfer(gp, 0, t.config.Env)
				minus.cells.Transfer(gm, 0, t.config.Env)
				again := [2]bool{}
				for c := range n {
					dp, dm := gp[c]-plus.target[c], gm[c]-minus.target[c]
					if math.Abs(dp-dm) <= t.config.Programming.Repair*(high-low) {
						continue
					}
					r.Repaired++
					if math.Abs(dp) > math.Abs(dm) {
						minus.target[c] = min(max(minus.target[c]+dp, low), high)
						again[1] = true
					} else {
						plus.target[c] = min(max(plus.target[c]+dm, low), high)
						again[0] = true
					}
				}
				for sign, a := range []*array{plus, minus} {
					if !again[sign] {
						continue
					}
					if err := one(b, a, key.Domain(noise.Programming).Fold(number+uint64(sign))); err != nil {
						return err
					}
				}
				number += 2
			}
		}
	}
	return nil
}

// Advance lets dt seconds pass. If weights are to be refreshed, they are written anew whenever they are as old as
// Compensation.Refresh. The error tells of a dt that is negative or not finite, or is that of writing.
func (t *CrossbarTile) Advance(dt float64, key noise.Key) error {
	if r := quantity.NonNegative(); !r.Contains(dt) {
		return fmt.Errorf("time step is %g s: must be %s", dt, r.Text("s"))
	}
	if every := t.config.Compensation.Refresh; every > 0 && t.programmed {
		if n := dt / every; n > maxRefreshes {
			return fmt.Errorf("time step of %g s has %.0f refreshes: must be at most %d", dt, n, maxRefreshes)
		}
		for t.age+dt > every {
			step := every - t.age
			t.pass(step, key.Fold(refreshKey|uint64(t.refreshes)))
			dt -= step
			t.refreshes++
			if err := t.write(&t.total, key.Domain(noise.Programming).Fold(refreshKey|uint64(t.refreshes))); err != nil {
				return err
			}
		}
	}
	t.pass(dt, key)
	return t.calibrate(key)
}

const (
	refreshKey   = 1 << 62
	maxRefreshes = 1_000_000
)

func (t *CrossbarTile) pass(dt float64, key noise.Key) {
	t.evaluation.valid = false
	t.age += dt
	_ = t.each(func(_ *block, _ int, a *array, number int) error {
		a.cells.Advance(dt, t.config.Env, key.Fold(uint64(number)))
		return nil
	})
}

// Refreshes returns how often weights were written anew since Program, and what that cost; the time is that
// of the longest.
func (t *CrossbarTile) Refreshes() (int, Programming) { return t.refreshes, t.total }

// EffectiveWeights sets dst (outputs x inputs) to the weights that the tile
// multiplies by at present: drifted, seen through the wires, and corrected, but without read noise
// and converters. The error tells that the tile is not programmed, that the network
// of wires could not be solved, or that ctx is done. EffectiveWeights panics if dst
// has the wrong length.
func (t *CrossbarTile) EffectiveWeights(ctx context.Context, dst []float64) error {
	if len(dst) != t.outputs*t.inputs {
		panic("aimc: wrong number of weights")
	}
	if !t.programmed {
		return errNotProgrammed
	}
	if err := t.correct(ctx); err != nil {
		return err
	}
	for _, b := range t.blocks {
		w := make([]float64, b.inputs*b.outputs)
		for s := range b.slices {
			var seen [2][]float64
			signs := len(t.config.Mapping.Signs())
			for k, a := range b.slices[s].arrays {
				g := make([]float64, b.inputs*b.cols)
				a.cells.Transfer(g, 0, t.config.Env)
				var err error
				if seen[k%signs], _, err = t.through(ctx, b, g); err != nil {
					return err
				}
				if k%signs == signs-1 {
					t.code.AddWeights(w, seen[0], seen[1], b.firstOut, b.outputs, b.inputs, s)
				}
			}
		}
		for o := range b.outputs {
			row := dst[(b.firstOut+o)*t.inputs+b.firstIn:][:b.inputs]
			copy(row, w[o*b.inputs:])
			if t.correction.gain != nil {
				for i := range row {
					row[i] *= t.correction.gain[b.firstOut+o]
				}
			}
		}
	}
	return nil
}

// through returns the conductances g of an array as its terminals see them. With ideal
// wires it returns g itself.
func (t *CrossbarTile) through(ctx context.Context, b *block, g []float64) ([]float64, float64, error) {
	if t.config.Array.Ideal() {
		return g, 0, nil
	}
	a := crossbar.Array{Rows: b.inputs, Cols: b.cols, G: g, Wires: t.config.Array.Wires}
	return a.Transfer(ctx, nil, nil)
}

// Cells are the devices of one array of a tile.
type Cells struct {
	FirstOutput, FirstInput int       // of the part of the matrix that the array holds
	Slice, Copy             int       // counted from 0
	Sign                    int       // 1 or -1
	Rows, Cols              int       // word lines (inputs) and bit lines (outputs and perhaps a reference)
	Target                  []float64 // Rows x Cols, S
	Conductance             []float64 // at present, without read noise, Rows x Cols, S
	Pulses                  []int64   // that each cell was written with since it was made; nil if the device has its own way
}

// Cells returns all devices as they are now. The error tells that the tile is not programmed.
func (t *CrossbarTile) Cells() ([]Cells, error) {
	if !t.programmed {
		return nil, errNotProgrammed
	}
	var all []Cells
	signs := len(t.config.Mapping.Signs())
	for _, b := range t.blocks {
		for s := range b.slices {
			for k, a := range b.slices[s].arrays {
				c := Cells{
					FirstOutput: b.firstOut, FirstInput: b.firstIn, Slice: s, Copy: k / signs, Sign: int(a.sign),
					Rows: b.inputs, Cols: b.cols, Target: append([]float64(nil), a.target...), Conductance: make([]float64, len(a.target)),
					Pulses: append([]int64(nil), a.pulses...),
				}
				a.cells.Transfer(c.Conductance, 0, t.config.Env)
				all = append(all, c)
			}
		}
	}
	return all, nil
}
