package surrogate

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"mho/device"
)

// drive is what a characterisation applies.
type drive struct {
	amplitude  [2]float64 // SET and RESET, in the drive's unit
	width      float64    // s
	edge       float64    // s
	saturation float64    // s
	read       float64    // in the drive's unit
}

// directions of a pulse
const (
	set = iota
	reset
)

var directionNames = [2]string{"set", "reset"}

// choose completes the settings from the element itself.
func choose(ctx context.Context, el device.Element, s *Settings) (drive, error) {
	d := drive{amplitude: [2]float64{s.SetAmplitude, s.ResetAmplitude}, width: s.Width, edge: s.Edge, saturation: s.Saturation, read: s.VRead}
	unit := el.Drives()[0].Unit
	if len(el.States()) == 0 {
		return d, fmt.Errorf("%s has no state: there is nothing that pulses change", el.Info().Name)
	}
	if n := len(el.Drives()); n != 1 {
		return d, fmt.Errorf("%s has %d drives: must have one", el.Info().Name, n)
	}
	loop := math.Max(math.Abs(d.amplitude[set]), math.Abs(d.amplitude[reset]))
	if l, ok := el.(device.Looped); ok {
		a, f := l.LoopDrive()
		if loop == 0 {
			loop = a
		}
		if d.saturation == 0 {
			d.saturation = 0.5 / f
		}
	}
	switch {
	case d.amplitude[set]*d.amplitude[reset] > 0:
		return d, fmt.Errorf("pulse.set_amplitude and pulse.reset_amplitude are %g and %g %s: must have opposite signs; an element whose SET and RESET differ in height or width alone, such as phase-change memory, cannot be characterised: take a statistical population such as pcm-ibm for arrays of it", d.amplitude[set], d.amplitude[reset], unit)
	case loop == 0:
		return d, fmt.Errorf("%s has no drive of its own: pulse.set_amplitude and pulse.reset_amplitude, of opposite signs, must be given; an element that both signs take the same way, such as phase-change memory, cannot be characterised", el.Info().Name)
	case d.saturation == 0 && d.width == 0:
		return d, fmt.Errorf("%s has no time scale of its own: pulse.width must be given", el.Info().Name)
	case d.saturation == 0:
		d.saturation = 4 * float64(s.Pulses) * d.width
	}
	if d.read == 0 {
		d.read = 0.1 * loop
	}
	p := prober{ctx: ctx, el: el, set: s, d: &d}
	// Which sign raises the conductance shows when the element is driven both ways.
	plus, err := p.saturate(loop, nil)
	if err != nil {
		return d, err
	}
	minus, err := p.saturate(-loop, plus)
	if err != nil {
		return d, err
	}
	gPlus, gMinus := p.conductance(plus), p.conductance(minus)
	if math.Abs(math.Log(gPlus/gMinus)) < 1e-3 {
		return d, fmt.Errorf("%s does not switch: +-%g %s for %g s each leave %.4g S and %.4g S; larger amplitudes or a longer pulse.saturation are needed", el.Info().Name, loop, unit, d.saturation, gPlus, gMinus)
	}
	sign := 1.0
	if gPlus < gMinus {
		sign = -1
	}
	for dir, want := range [2]float64{sign, -sign} {
		switch a := d.amplitude[dir]; {
		case a != 0 && a*want < 0:
			return d, fmt.Errorf("pulse.%s_amplitude is %g %s: must have the other sign, %s pulses of %s are those of %+g %s", directionNames[dir], a, unit, directionNames[dir], el.Info().Name, want, unit)
		}
	}
	full := [2]bool{d.amplitude[set] == 0, d.amplitude[reset] == 0}
	for dir := range d.amplitude {
		if full[dir] {
			d.amplitude[dir] = loop * sign * [2]float64{1, -1}[dir]
		}
	}
	low, err := p.saturate(d.amplitude[reset], plus)
	if err != nil {
		return d, err
	}
	high, err := p.saturate(d.amplitude[set], low)
	if err != nil {
		return d, err
	}
	if low, err = p.saturate(d.amplitude[reset], high); err != nil {
		return d, err
	}
	gLow, gHigh := p.conductance(low), p.conductance(high)
	if !(gHigh > gLow*(1+1e-3)) {
		return d, fmt.Errorf("%s does not switch: %g %s and %g %s for %g s each leave %.4g S and %.4g S", el.Info().Name, d.amplitude[set], unit, d.amplitude[reset], unit, d.saturation, gHigh, gLow)
	}
	p.gLow, p.gHigh = gLow, gHigh
	p.start = [2][]float64{low, high}
	var times [2]float64
	for dir := range times {
		if times[dir], err = p.switching(dir, d.amplitude[dir]); err != nil {
			return d, err
		}
	}
	if d.width == 0 {
		d.width = math.Max(times[0], times[1]) / float64(s.Pulses)
	}
	// The faster direction gets the amplitude at which it is as slow.
	goal := d.width * float64(s.Pulses)
	for dir := range times {
		if !full[dir] || times[dir] > 0.7*goal {
			continue
		}
		lo, hi := 0.05*d.amplitude[dir], d.amplitude[dir]
		for range 24 {
			mid := 0.5 * (lo + hi)
			t, err := p.switchingWithin(dir, mid, goal)
			if err != nil {
				return d, err
			}
			if t {
				hi = mid
			} else {
				lo = mid
			}
		}
		d.amplitude[dir] = hi
	}
	for dir := range full {
		if full[dir] {
			d.amplitude[dir] = short(d.amplitude[dir])
		}
	}
	if s.Width == 0 {
		d.width = short(d.width)
	}
	if d.edge == 0 {
		d.edge = 0.1 * d.width
	}
	return d, nil
}

// prober drives one element with long pulses.
type prober struct {
	ctx         context.Context
	el          device.Element
	set         *Settings
	d           *drive
	gLow, gHigh float64
	start       [2][]float64 // states before SET and before RESET
}

// hold applies amplitude for a time from the states x, nil meaning the initial
// ones, and returns the states then.
func (p *prober) hold(amplitude, t float64, x []float64) ([]float64, error) {
	e, err := device.NewEnsemble([]device.Element{p.el}, &device.Settings{Env: p.set.Env, Key: p.set.Key})
	if err != nil {
		return nil, err
	}
	for j := range x {
		e.State(j)[0] = x[j]
	}
	w := device.Waveform{T: []float64{0, 1e-3 * t, t}, U: [][]float64{{0, amplitude, amplitude}}}
	if err := e.Drive(p.ctx, device.Burst{Waveform: w}); err != nil {
		return nil, err
	}
	after := make([]float64, len(p.el.States()))
	for j := range after {
		after[j] = e.State(j)[0]
	}
	return after, nil
}

// The end of a range is approached in parts of the saturation time, until the
// conductance has settled: an element whose bound is never reached would otherwise go
// so close to it that pulses no longer bring it back.
const (
	parts = 64      // of the saturation time
	most  = 16 * 64 // at most
)

// settled reports whether the last part changed the conductance by a small part of
// what all parts did since the start.
func settled(start, before, after float64) bool {
	moved := math.Abs(math.Log(after / start))
	return moved > 0.02 && math.Abs(math.Log(after/before)) <= 1e-4*moved
}

// saturate returns the states at the end of the range.
func (p *prober) saturate(amplitude float64, x []float64) ([]float64, error) {
	var err error
	var start, before float64
	for k := range most {
		if x, err = p.hold(amplitude, p.d.saturation/parts, x); err != nil {
			return nil, err
		}
		g := p.conductance(x)
		if k == 0 {
			start = g
		} else if settled(start, before, g) || k >= parts && math.Abs(math.Log(g/before)) < 1e-5 {
			break
		}
		before = g
	}
	return x, nil
}

func (p *prober) conductance(x []float64) float64 {
	return math.Max(device.ElementConductance(p.el, x, []float64{p.d.read}, p.set.Env), leastConductance)
}

// crossed reports whether states are beyond 98 % of the way on a logarithmic scale.
func (p *prober) crossed(dir int, x []float64) bool {
	low := math.Max(p.gLow, 1e-4*p.gHigh) // four decades are a switch
	way := math.Log(p.conductance(x)/low) / math.Log(p.gHigh/low)
	if dir == reset {
		way = 1 - way
	}
	return way >= 0.98
}

// switching returns how long an amplitude takes to cross, at most saturation.
func (p *prober) switching(dir int, amplitude float64) (float64, error) {
	// Halve the time until it no longer suffices, then bisect on the logarithm.
	hi, lo := p.d.saturation, p.d.saturation
	for {
		lo /= 8
		ok, err := p.switchingWithin(dir, amplitude, lo)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		if hi = lo; hi < 1e-9*p.d.saturation {
			return hi, nil
		}
	}
	for range 12 {
		mid := math.Sqrt(lo * hi)
		ok, err := p.switchingWithin(dir, amplitude, mid)
		if err != nil {
			return 0, err
		}
		if ok {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, nil
}

func (p *prober) switchingWithin(dir int, amplitude, t float64) (bool, error) {
	x, err := p.hold(amplitude, t, p.start[dir])
	if err != nil {
		return false, err
	}
	return p.crossed(dir, x), nil
}

// short rounds to three digits.
func short(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return x
	}
	return y
}
