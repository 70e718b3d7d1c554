package pulsed

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Keys under noise.Programming.
const (
	foldWrite = iota + 1 // write noise
	foldRows             // pulse trains of the rows
	foldCols             // pulse trains of the columns
	foldReset            // weights after a reset
)

// Program applies one pulse of stress[k]*Amplitude volts to cell k (rows*cols). A
// voltage v makes
//
//	α = (v/v_up - v_threshold)/(1 - v_threshold) Width/t_pulse
//
// full steps up where v has the sign of v_up, likewise down, and none up to the
// threshold; so half-selected cells of the default threshold of 1/2 keep their
// state. A pulse of α steps moves a cell as α pulses after each other would. Key
// names the pulse: another with the same key has the same noise. Edges count as
// part of Width. The energy is the sum of v²G Width. It panics if stress has the
// wrong length.
func (p *Population) Program(stress []float64, pulse device.Pulse, env device.Env, key noise.Key) (device.Report, error) {
	p.check(stress)
	switch {
	case pulse.Drive != "voltage":
		return device.Report{}, fmt.Errorf("%s: a pulse of drive %q: must be \"voltage\"", p.name, pulse.Drive)
	case !(pulse.Width > 0) || math.IsInf(pulse.Width, 1):
		return device.Report{}, fmt.Errorf("%s: a pulse of width %s: must be > 0 s", p.name, quantity.Format(pulse.Width, "s"))
	case math.IsNaN(pulse.Amplitude) || math.IsInf(pulse.Amplitude, 0):
		return device.Report{}, fmt.Errorf("%s: a pulse of amplitude %g V: must be finite", p.name, pulse.Amplitude)
	}
	for k, x := range stress {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return device.Report{}, fmt.Errorf("%s: stress at row %d, column %d is %g: must be finite", p.name, k/p.cols, k%p.cols, x)
		}
	}
	width := pulse.Width / p.cell.PulseTime * p.activation(env)
	energy := make([]float64, p.rows)
	counts := make([]int64, p.rows)
	cycle, write := key.Domain(noise.Cycle), key.Domain(noise.Programming).Fold(foldWrite)
	p.eachRow(0, func(i int, s *scratch) {
		p.chunks(i, func(first, col, n int) {
			alpha := s.alpha[:n]
			pulsed := false
			for j := range alpha {
				v := stress[first+j] * pulse.Amplitude
				alpha[j] = p.cell.strength(v, width)
				pulsed = pulsed || alpha[j] != 0
				if v != 0 {
					counts[i]++
					energy[i] += v * v * p.conductance(p.w[first+j]) * pulse.Width
				}
			}
			if !pulsed {
				return
			}
			at := noise.At{Row: uint32(i), Col: uint32(col)}
			z := s.z[:n]
			if p.noisy() {
				cycle.Normal32(z, at)
			}
			p.pulse(first, alpha, z, s)
			p.write(first, n, func(j int) bool { return alpha[j] != 0 }, write, at, s)
		})
	})
	r := device.Report{Time: pulse.Width, Converged: 1}
	for i := range energy {
		r.Energy += energy[i]
		r.Pulses += counts[i]
	}
	if p.charge {
		r.Energy = 0
	}
	return r, nil
}

// noisy reports whether pulses need random numbers.
func (p *Population) noisy() bool { return p.sigma > 0 || p.add[0] != nil }

// write draws the write noise of the n cells from first on that have been touched.
func (p *Population) write(first, n int, touched func(j int) bool, key noise.Key, at noise.At, s *scratch) {
	if p.seen == nil {
		return
	}
	z := s.z[:n]
	key.Normal32(z, at)
	for j, x := range z {
		if touched(j) {
			p.seen[first+j] = p.w[first+j] + p.writeStd*float64(x)
		}
	}
}

// chunks calls f for each run of cells of a row.
func (p *Population) chunks(row int, f func(first, col, n int)) {
	for col := 0; col < p.cols; col += chunk {
		f(row*p.cols+col, col, min(chunk, p.cols-col))
	}
}

// eachRow calls f for every row, rows divided over workers; 0 is as many as there
// are processors. Rows share nothing, so that the result does not depend on it.
func (p *Population) eachRow(workers int, f func(row int, s *scratch)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	// A goroutine costs about as much as a thousand cells.
	workers = max(1, min(workers, p.rows, len(p.w)/4096))
	if workers == 1 {
		s := new(scratch)
		for i := range p.rows {
			f(i, s)
		}
		return
	}
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			s := new(scratch)
			for i := k * p.rows / workers; i < (k+1)*p.rows/workers; i++ {
				f(i, s)
			}
		})
	}
	wg.Wait()
}

// Reset puts the cells with which[k] true (rows*cols; nil is all) at their weights
// after a reset,
//
//	w = reset + reset_dtod N_device + reset_std N,
//
// or at the bound that is nearest, as AIHWKIT does. It is the way down of devices that only
// accumulate, such as pcm-accumulation; with subtract_symmetry_point it goes to the
// device's point of equal steps. NeuroSim's cells, whose law has no reset, go to their
// lower bound. Key names the reset. Energy and time are not known.
// It panics if which has the wrong length.
func (p *Population) Reset(which []bool, key noise.Key) device.Report {
	if which != nil && len(which) != len(p.w) {
		panic("pulsed: wrong number of cells")
	}
	key = key.Domain(noise.Programming)
	cycle, write := key.Fold(foldReset), key.Fold(foldWrite)
	pulses := make([]int64, p.rows)
	p.eachRow(0, func(i int, s *scratch) {
		p.chunks(i, func(first, col, n int) {
			at := noise.At{Row: uint32(i), Col: uint32(col)}
			z := s.z[:n]
			cycle.Normal32(z, at)
			touched := func(j int) bool { return which == nil || which[first+j] }
			for j, x := range z {
				if !touched(j) {
					continue
				}
				k := first + j
				w := float64(p.walks.Min[k])
				if p.reset != nil {
					w = float64(p.reset[k]) + p.resetStd*float64(x)
				}
				p.w[k] = p.clip(k, w)
				pulses[i]++
			}
			p.write(first, n, touched, write, at, s)
		})
	})
	r := device.Report{Converged: 1}
	for _, n := range pulses {
		r.Pulses += n
	}
	return r
}

// longest is the longest burst of pulses between two reads of ProgramTo.
const longest = 64

// ProgramTo writes every cell to its target (rows*cols, in S from g_min to g_max)
// from where it stands, by pulses and reads: a cell is read; if it is further
// than WriteTolerance (g_max - g_min) from its target, it gets n full pulses
// towards it and is read again. n is 1 at first and whenever the direction turns;
// else it doubles, up to 64 and up to half of the error in steps dw_min. A cell is
// given up after WritePulses pulses. Reads see write noise and read noise, which
// is all that keeps the cell that passed from its target: one that is read anew
// may lie outside. Age is 0 afterwards. Converged is the share of cells that
// passed; devices whose own bounds lie inside their target cannot. Time is that
// of all pulses one after the other, cell by cell, without the reads. The error
// names the first target that is out of range; no cell is changed then. It
// panics if target has the wrong length.
func (p *Population) ProgramTo(target []float64, env device.Env, key noise.Key) (device.Report, error) {
	p.check(target)
	for k, g := range target {
		if !(g >= p.cell.GMin && g <= p.cell.GMax) {
			return device.Report{}, fmt.Errorf("%s: target at row %d, column %d is %s: must be from %s to %s", p.name,
				k/p.cols, k%p.cols, quantity.Format(g, "S"), quantity.Format(p.cell.GMin, "S"), quantity.Format(p.cell.GMax, "S"))
		}
	}
	most := p.cell.WritePulses
	if most == 0 {
		most = int(math.Ceil(2 * (p.wMax - p.wMin) / p.dw))
	}
	reports := make([]device.Report, p.rows)
	p.eachRow(0, func(i int, s *scratch) {
		p.chunks(i, func(first, col, n int) {
			reports[i] = sum(reports[i], p.verify(target[first:][:n], first, noise.At{Row: uint32(i), Col: uint32(col)}, most, env, key, s))
		})
	})
	var r device.Report
	for i := range reports {
		r = sum(r, reports[i])
	}
	r.Converged /= float64(len(p.w))
	r.Time = float64(r.Pulses) * p.cell.PulseTime
	if p.charge {
		r.Energy = 0
	}
	p.age = 0
	return r, nil
}

func sum(a, b device.Report) device.Report {
	return device.Report{Energy: a.Energy + b.Energy, Pulses: a.Pulses + b.Pulses, Converged: a.Converged + b.Converged}
}

// verify writes one chunk of cells, and counts those that passed in Converged.
func (p *Population) verify(target []float64, first int, at noise.At, most int, env device.Env, key noise.Key, s *scratch) device.Report {
	n := len(target)
	cycle, write, read := key.Domain(noise.Cycle), key.Domain(noise.Programming).Fold(foldWrite), key.Domain(noise.Read)
	tolerance := p.cell.WriteTolerance * (p.cell.GMax - p.cell.GMin)
	var given [chunk]int
	var passed [chunk]bool
	var r device.Report
	clear(s.count[:n])
	strength := p.activation(env)
	gPulse := [2]float64{p.cell.VUp * p.cell.VUp * p.cell.PulseTime, p.cell.VDown * p.cell.VDown * p.cell.PulseTime}
	for {
		if std := p.cell.readStd(); std > 0 {
			read.Normal(s.x[:n], at)
			for j := range n {
				s.x[j] *= std
			}
		} else {
			clear(s.x[:n])
		}
		longestBurst := 0
		for j, t := range target {
			k := first + j
			if passed[j] {
				s.count[j] = 0
				continue
			}
			g := p.conductance(p.apparent()[k])
			e := t - max(0, g*(1+s.x[j]))
			if math.Abs(e) <= tolerance {
				passed[j] = true
				s.count[j] = 0
				r.Converged++
				continue
			}
			if given[j] >= most {
				s.count[j] = 0
				continue
			}
			d := 0
			if e < 0 {
				d = 1
			}
			half := int(math.Abs(e) * (p.wMax - p.wMin) / (p.cell.GMax - p.cell.GMin) / (2 * p.dw))
			pulses := 1
			if before := int(s.count[j]) * (1 - 2*d); before > 0 {
				pulses = min(max(1, half), 2*before, longest, most-given[j])
			}
			given[j] += pulses
			longestBurst = max(longestBurst, pulses)
			s.count[j] = int8(pulses * (1 - 2*d))
			r.Pulses += int64(pulses)
			r.Energy += float64(pulses) * gPulse[d] * g
		}
		if longestBurst == 0 {
			return r
		}
		p.train(first, s.count[:n], longestBurst, strength, cycle, at, s)
		p.write(first, n, func(j int) bool { return s.count[j] != 0 }, write, at, s)
		// Events of the next round lie behind the pulses of this one.
		at.Event += longest
	}
}

// train applies count pulses, at most most of them, of the given strength to each
// cell. Each pulse has a normal of its own, at an event of its own, unless the
// law lets them be taken at once.
func (p *Population) train(first int, count []int8, most int, strength float64, key noise.Key, at noise.At, s *scratch) {
	n := len(count)
	z, alpha := s.z[:n], s.alpha[:n]
	if p.fine && strength == 1 {
		if p.noisy() {
			key.Normal32(z, at)
		}
		p.lump(first, count, z, most)
		return
	}
	for m := range most {
		if p.noisy() {
			key.Normal32(z, at)
		}
		for j, c := range count {
			alpha[j] = 0
			if int(c) > m {
				alpha[j] = strength
			} else if -int(c) > m {
				alpha[j] = -strength
			}
		}
		p.pulse(first, alpha, z, s)
		at.Event++
	}
}
