package surrogate

import (
	"math"

	"mho/device"
	"mho/noise"
)

// pulsed is a population that takes pulses and is read without noise.
type pulsed interface {
	device.Population
	device.Pulsed
}

// loop says how converge goes about.
type loop struct {
	amplitude [2]float64
	width     float64
	tolerance float64 // S
	rounds    int
	strongest float64 // largest fraction of the amplitude
}

func (t *table) loop(m *Model) loop {
	return loop{t.drive.amplitude, t.drive.width, m.Tolerance * (t.GMax - t.GMin), m.MaxRounds, t.Fractions[len(t.Fractions)-1]}
}

// converge programs cells to targets by reading and pulsing in rounds: a cell
// below its target gets a SET pulse, one above it a RESET pulse, until it is
// within the tolerance. Each cell has its own amplitude in each direction, which
// falls when a pulse takes the cell past its target and rises when a pulse takes
// it less than a quarter of the way. The last two thirds of the rounds have a quarter
// of the width.
func converge(p pulsed, target []float64, l loop, env device.Env, key noise.Key) (device.Report, error) {
	n := len(target)
	g, before := make([]float64, n), make([]float64, n)
	var strength [2][]float64
	for dir := range strength {
		strength[dir] = make([]float64, n)
		for i := range strength[dir] {
			strength[dir][i] = 0.9
		}
	}
	stress := [2][]float64{make([]float64, n), make([]float64, n)}
	var r device.Report
	p.Transfer(g, 0, env)
	for round := range l.rounds {
		left := 0
		var used [2]bool
		for i := range n {
			stress[set][i], stress[reset][i] = 0, 0
			if d := target[i] - g[i]; math.Abs(d) > l.tolerance {
				left++
				dir := set
				if d < 0 {
					dir = reset
				}
				stress[dir][i] = strength[dir][i]
				used[dir] = true
			}
		}
		r.Converged = 1 - float64(left)/float64(n)
		if left == 0 {
			return r, nil
		}
		width := l.width
		if round >= l.rounds/3 {
			width /= 4
		}
		for dir := range used {
			if !used[dir] {
				continue
			}
			one, err := p.Program(stress[dir], device.Pulse{Amplitude: l.amplitude[dir], Width: width}, env, key)
			if err != nil {
				return r, err
			}
			r.Energy, r.Time, r.Pulses = r.Energy+one.Energy, r.Time+one.Time, r.Pulses+one.Pulses
		}
		copy(before, g)
		p.Transfer(g, 0, env)
		for i := range n {
			for dir := range stress {
				if stress[dir][i] == 0 {
					continue
				}
				left, went := target[i]-before[i], g[i]-before[i]
				f := &strength[dir][i]
				switch {
				case went/left > 1 && math.Abs(target[i]-g[i]) > l.tolerance:
					*f = math.Max(0.93**f, 0.3)
				case went/left < 0.25:
					*f = math.Min(1.03**f, l.strongest)
				}
			}
		}
	}
	left := 0
	for i := range n {
		if math.Abs(target[i]-g[i]) > l.tolerance {
			left++
		}
	}
	r.Converged = 1 - float64(left)/float64(n)
	return r, nil
}
