package crossbar

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// How cells are brought to their targets.
const (
	ByDevice    = "device"       // the closed loop that is part of the device's model (device.Target)
	WriteVerify = "write-verify" // pulses and reads in turn, until each cell is close enough (device.Pulsed)
	OpenLoop    = "open-loop"    // the number of pulses that a device of even steps would need, without reads (device.Pulsed)
)

// NoBias leaves cells that are not written without stress.
const NoBias = "none"

// Which cells are written at the same time.
const (
	CellByCell = "cell"
	RowByRow   = "row" // those of a word line that need the same pulse
)

// Writing tells how the cells of an array are programmed. NewWriting returns the defaults.
type Writing struct {
	Method    string  // ByDevice, WriteVerify or OpenLoop
	Tolerance float64 // of a cell that passes, relative to the range of conductances
	Pulses    int     // most pulses of a cell
	Steps     int     // pulses that take a device of even steps over its whole range, for OpenLoop
	Up        float64 // amplitude of pulses that raise conductances, V
	Down      float64 // amplitude of pulses that lower them, V
	Increment float64 // growth of the amplitude with every further pulse in one direction, relative
	Width     float64 // of pulses, s
	Bias      string  // HalfV, ThirdV or NoBias: what other cells see of a pulse
	Parallel  string  // CellByCell or RowByRow
	VRead     float64 // voltage of a verifying read, V
	ReadTime  float64 // of a verifying read, s
	ReadNoise bool    // verifying reads are noisy as the device is
	Repair    float64 // error of a pair, relative to the range, from which the partner of the device that fails makes up for it; 0 is never
}

// NewWriting returns the closed loop of the device.
func NewWriting() Writing {
	return Writing{
		Method: ByDevice, Tolerance: 0.01, Pulses: 200, Steps: 100, Up: 1, Down: -1, Width: 100e-9,
		Bias: NoBias, Parallel: RowByRow, VRead: 0.2, ReadTime: 100e-9, ReadNoise: true,
	}
}

// full returns w, or the defaults in place of the zero value.
func (w Writing) full() Writing {
	if w == (Writing{}) {
		return NewWriting()
	}
	return w
}

// Params declares the parameters, for the table [programming].
func (w *Writing) Params() []quantity.Param {
	*w = w.full()
	const assumed = "assumption"
	positive, notNegative := quantity.Positive(), quantity.NonNegative()
	return []quantity.Param{
		{Name: "method", Value: &w.Method, Options: []string{ByDevice, WriteVerify, OpenLoop}, Meaning: "the device's own closed loop, pulses and reads in turn, or a number of pulses without reads", Source: assumed},
		{Name: "tolerance", Value: &w.Tolerance, Range: positive, Meaning: "error of a cell that passes, relative to the range of conductances", Source: assumed},
		{Name: "pulses", Value: &w.Pulses, Range: quantity.Between(1, 1e6), Meaning: "most pulses of a cell", Source: assumed},
		{Name: "steps", Value: &w.Steps, Range: quantity.Between(1, 1e6), Meaning: "pulses over the whole range that open-loop programming counts with", Source: assumed},
		{Name: "v_up", Value: &w.Up, Unit: "V", Meaning: "amplitude of pulses that raise conductances", Source: assumed},
		{Name: "v_down", Value: &w.Down, Unit: "V", Meaning: "amplitude of pulses that lower conductances", Source: assumed},
		{Name: "increment", Value: &w.Increment, Range: notNegative, Meaning: "growth of the amplitude with every further pulse in one direction, relative", Source: assumed},
		{Name: "width", Value: &w.Width, Unit: "s", Range: positive, Meaning: "width of pulses", Source: assumed},
		{Name: "bias", Value: &w.Bias, Options: []string{NoBias, string(HalfV), string(ThirdV)}, Meaning: "bias of the other lines, by which cells that are not written are disturbed", Source: assumed},
		{Name: "parallel", Value: &w.Parallel, Options: []string{CellByCell, RowByRow}, Meaning: "cells that are written at the same time: one, or those of a word line", Source: assumed},
		{Name: "v_read", Value: &w.VRead, Unit: "V", Range: positive, Meaning: "voltage of verifying reads", Source: assumed},
		{Name: "read_time", Value: &w.ReadTime, Unit: "s", Range: notNegative, Meaning: "duration of a verifying read", Source: assumed},
		{Name: "read_noise", Value: &w.ReadNoise, Meaning: "verifying reads are noisy as the device is", Source: assumed},
		{Name: "repair", Value: &w.Repair, Range: notNegative, Meaning: "error of a pair, relative to the range, from which the other device is programmed to make up for it; 0 is never", Source: assumed},
	}
}

// Validate returns an error that names the parameter whose value is not allowed.
func (w Writing) Validate() error {
	w = w.full()
	for _, p := range w.Params() {
		switch v := p.Value.(type) {
		case *string:
			if err := oneOf(p.Name, *v, p.Options); err != nil {
				return err
			}
		case *int:
			if !p.Range.Contains(float64(*v)) {
				return fmt.Errorf("%s is %d: must be %s", p.Name, *v, p.Range.Text(p.Unit))
			}
		case *float64:
			r := p.Range
			if p.Name == "v_up" || p.Name == "v_down" {
				if *v == 0 || math.IsNaN(*v) || math.IsInf(*v, 0) {
					return fmt.Errorf("%s is %g V: must be finite and not 0 V", p.Name, *v)
				}
				continue
			}
			if !r.Contains(*v) {
				return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(*v, p.Unit), r.Text(p.Unit))
			}
		}
	}
	return nil
}

// A Written tells what programming an array cost and how far it came.
type Written struct {
	device.Report               // of pulses, disturbing ones included, and reads
	Reads         int64         // verifying reads of cells
	Disturbs      int64         // pulses that cells saw that were not written
	Steps         []WrittenStep // after each round of reads; nil unless WriteVerify
}

// A WrittenStep is the state of an array after a round of reads.
type WrittenStep struct {
	Passed float64 // share of the cells that have passed
	Error  float64 // root mean square distance from the target, without read noise, relative to the range
	Pulses int64   // so far, as Energy (J) and Time (s)
	Energy float64
	Time   float64
}

// Program brings the cells of p to target (rows x cols, in S) and adds to wear, unless nil, the pulses that each was
// written with. Key names this programming.
//
// With WriteVerify a round reads all cells that have not passed, and gives each that is beyond the tolerance one
// pulse towards its target; it ends when all have passed or had their pulses, and after five times as many rounds as a cell may have pulses,
// where neighbours keep disturbing each other. With a bias, pulses disturb:
// with V/2 the other cells of the word line and bit line of a written cell see half of its pulse, with V/3 a third, and all the rest a third
// of opposite sign; all cells are read again in each round then. The disturbing pulses of a round follow those that
// write. Wires take nothing from pulses.
//
// The error tells that p lacks what the method needs, or is the device's. Program panics if a length does not fit.
func (w Writing) Program(p device.Population, target []float64, wear []int64, env device.Env, key noise.Key) (Written, error) {
	w = w.full()
	rows, cols := p.Dims()
	if len(target) != rows*cols || wear != nil && len(wear) != rows*cols {
		panic("crossbar: dimension mismatch")
	}
	if w.Method == ByDevice {
		t, ok := p.(device.Target)
		if !ok {
			return Written{}, fmt.Errorf("method is %q: the device has no closed loop of its own: must be %q or %q", w.Method, WriteVerify, OpenLoop)
		}
		r, err := t.ProgramTo(target, env, key)
		return Written{Report: r}, err
	}
	pulsed, ok := p.(device.Pulsed)
	if !ok {
		return Written{}, fmt.Errorf("method is %q: the device has no pulses: must be %q", w.Method, ByDevice)
	}
	low, high := p.Range()
	n := rows * cols
	s := &writer{
		Writing: w, p: p, pulsed: pulsed, rows: rows, cols: cols, span: high - low, target: target, wear: wear, env: env, key: key,
		g: make([]float64, n), want: make([]int, n), stress: make([]float64, n), run: make([]int, n), passed: make([]bool, n), given: make([]int, n),
	}
	if w.Method == OpenLoop {
		return s.openLoop()
	}
	return s.verify()
}

// roundsPerPulse bounds the rounds of reads by the pulses that a cell may have.
const roundsPerPulse = 5

// A writer is the programming of an array in progress.
type writer struct {
	Writing
	p          device.Population
	pulsed     device.Pulsed
	rows, cols int
	span       float64 // S
	target     []float64
	wear       []int64
	env        device.Env
	key        noise.Key
	event      uint64 // pulses of the array so far

	g      []float64 // as read, S
	want   []int     // 1, -1 or 0: the pulse that a cell needs
	stress []float64
	run    []int // pulses in the present direction, with its sign
	passed []bool
	given  []int // pulses so far
	Written
}

func (s *writer) openLoop() (Written, error) {
	s.p.Transfer(s.g, 0, s.env)
	count := make([]int, len(s.g))
	for k, g := range s.g {
		count[k] = int(math.Round((s.target[k] - g) / s.span * float64(s.Writing.Steps)))
		count[k] = max(-s.most(), min(s.most(), count[k]))
	}
	for {
		busy := false
		for k, c := range count {
			s.want[k] = 0
			if c != 0 {
				s.want[k] = 1
				if c < 0 {
					s.want[k] = -1
				}
				count[k] -= s.want[k]
				busy = true
			}
		}
		if !busy {
			break
		}
		if err := s.round(); err != nil {
			return Written{}, err
		}
	}
	s.Converged, _ = s.state()
	return s.Written, nil
}

// most returns the most pulses of a cell.
func (s *writer) most() int { return s.Writing.Pulses }

func (s *writer) verify() (Written, error) {
	disturbed := s.Bias != NoBias
	for round := uint64(0); ; round++ {
		if s.ReadNoise {
			device.Read(s.g, s.p, s.env, round, s.key.Domain(noise.Read))
		} else {
			s.p.Transfer(s.g, 0, s.env)
		}
		busy, read, lines := false, int64(0), 0
		for i := range s.rows {
			line := false
			for k := i * s.cols; k < (i+1)*s.cols; k++ {
				s.want[k] = 0
				if s.passed[k] && !disturbed {
					continue
				}
				line = true
				read++
				s.Energy += s.VRead * s.VRead * s.g[k] * s.ReadTime
				d := s.target[k] - s.g[k]
				s.passed[k] = math.Abs(d) <= s.Tolerance*s.span
				if s.passed[k] || s.given[k] >= s.most() {
					continue
				}
				s.want[k] = 1
				if d < 0 {
					s.want[k] = -1
				}
				busy = true
			}
			if line {
				lines++
			}
		}
		s.Reads += read
		if s.Parallel == RowByRow {
			read = int64(lines)
		}
		s.Time += float64(read) * s.ReadTime
		passed, far := 0, 0.0
		for _, ok := range s.passed {
			if ok {
				passed++
			}
		}
		_, far = s.state()
		s.Converged = float64(passed) / float64(len(s.g))
		s.Written.Steps = append(s.Written.Steps, WrittenStep{Passed: s.Converged, Error: far, Pulses: s.Report.Pulses, Energy: s.Energy, Time: s.Time})
		if !busy || round+1 >= roundsPerPulse*uint64(s.most()) {
			return s.Written, nil
		}
		if err := s.round(); err != nil {
			return Written{}, err
		}
	}
}

// state returns the share of cells within the tolerance and the root mean square error relative to the range, without
// read noise.
func (s *writer) state() (share, far float64) {
	s.p.Transfer(s.g, 0, s.env)
	within := 0
	for k, g := range s.g {
		d := (g - s.target[k]) / s.span
		far += d * d
		if math.Abs(d) <= s.Tolerance {
			within++
		}
	}
	return float64(within) / float64(len(s.g)), math.Sqrt(far / float64(len(s.g)))
}

// round gives every cell the pulse that it wants.
func (s *writer) round() error {
	for _, up := range []int{1, -1} {
		count, lines := 0, 0
		for i := range s.rows {
			line := false
			for k := i * s.cols; k < (i+1)*s.cols; k++ {
				s.stress[k] = 0
				if s.want[k] != up {
					continue
				}
				if s.run[k]*up <= 0 {
					s.run[k] = 0
				}
				s.stress[k] = 1 + s.Increment*float64(s.run[k]*up)
				s.run[k] += up
				s.given[k]++
				if s.wear != nil {
					s.wear[k]++
				}
				line = true
				count++
			}
			if line {
				lines++
			}
		}
		if count == 0 {
			continue
		}
		amplitude := s.Up
		if up < 0 {
			amplitude = s.Down
		}
		s.Report.Pulses += int64(count)
		if err := s.pulse(amplitude); err != nil {
			return err
		}
		if s.Parallel == CellByCell {
			lines = count
		}
		s.Time += float64(lines) * s.Width
		if err := s.disturb(up, amplitude, count); err != nil {
			return err
		}
	}
	return nil
}

func (s *writer) pulse(amplitude float64) error {
	r, err := s.pulsed.Program(s.stress, device.Pulse{Drive: "voltage", Port: "stack", Amplitude: amplitude, Width: s.Width}, s.env, s.key.Fold(s.event))
	s.event++
	s.Energy += r.Energy
	return err
}

// disturb gives the cells that were not written what they see of the pulses in direction up, count in all.
func (s *writer) disturb(up int, amplitude float64, count int) error {
	share, rest := 0.5, 0.0
	switch Scheme(s.Bias) {
	case HalfV:
	case ThirdV:
		share, rest = 1.0/3, -1.0/3
	default:
		return nil
	}
	row, col := make([]int, s.rows), make([]int, s.cols)
	for k, w := range s.want {
		if w == up {
			row[k/s.cols]++
			col[k%s.cols]++
		}
	}
	onLine, elsewhere := make([]int, len(s.want)), make([]int, len(s.want))
	events := count
	if s.Parallel == RowByRow {
		events = 0
		for _, n := range row {
			if n > 0 {
				events++
			}
		}
	}
	for k, w := range s.want {
		i, j := k/s.cols, k%s.cols
		self := 0
		if w == up {
			self = 1
		}
		// What a cell sees along its word line and along its bit line.
		along := row[i] - self
		if s.Parallel == RowByRow {
			along = min(row[i], 1) - self
		}
		onLine[k] = along + col[j] - self
		elsewhere[k] = events - self - onLine[k]
	}
	if err := s.repeat(onLine, share, amplitude); err != nil {
		return err
	}
	if rest != 0 {
		return s.repeat(elsewhere, rest, amplitude)
	}
	return nil
}

// repeat gives each cell its number of pulses with a share of the amplitude.
func (s *writer) repeat(number []int, share, amplitude float64) error {
	for left := true; left; {
		left = false
		for k := range number {
			s.stress[k] = 0
			if number[k] > 0 {
				number[k]--
				s.stress[k] = share
				s.Disturbs++
				left = true
			}
		}
		if !left {
			return nil
		}
		if err := s.pulse(amplitude); err != nil {
			return err
		}
	}
	return nil
}
