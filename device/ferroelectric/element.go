package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/noise"
)

// before is the number of states before those of the domains: p and the cycles.
const before = 2

// Drives is the voltage.
func (f *Film) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States are the polarisation p over Pr, the cycles of full switching so far, and of
// each domain the share u that is up and the progress of both parts. Setting p alone
// from outside takes the domains along.
func (f *Film) States() []device.State {
	inf := math.Inf(1)
	states := []device.State{
		{Variable: device.Variable{Name: "p", Meaning: "polarisation over p_r"}, Initial: f.P0, Min: -1, Max: 1, Scale: 0.1},
		{Variable: device.Variable{Name: "cycles", Meaning: "cycles of full switching"}, Initial: f.Cycles0, Min: -inf, Max: inf, Scale: 1},
	}
	d := make([]domain, max(f.Domains, 0))
	fill(d, f.P0, f.MonteCarlo)
	for i := range d {
		state := func(name, meaning string, x float64) device.State {
			return device.State{Variable: device.Variable{Name: fmt.Sprintf("%s%d", name, i+1), Meaning: meaning}, Initial: x, Min: -inf, Max: inf, Scale: 0.1}
		}
		states = append(states, state("u", "share of the domain that is up", d[i].u), state("h_up", "progress of its upper part", 0), state("h_down", "progress of its lower part", 0))
	}
	return states
}

// Derivative sets dst to zero: between jumps nothing moves.
func (f *Film) Derivative(dst, _, _ []float64, _ device.Env) { clear(dst) }

// Jumps returns true: the state is that of domains, which Jump moves.
func (f *Film) Jumps() bool { return true }

// StepLimit is +Inf: Jump is exact for a field that goes straight, and takes steps of
// its own where the field depends on the polarisation.
func (f *Film) StepLimit(_, _ []float64, _ device.Env) float64 { return math.Inf(1) }

// domains returns the domains in the states x, in line with p.
func (f *Film) domains(x []float64) []domain {
	d := make([]domain, f.Domains)
	for i := range d {
		s := x[before+3*i:]
		d[i] = domain{s[0], s[1], s[2]}
	}
	if tolerance := 1e-9 + f.grain(); math.Abs(mean(d)-x[0]) > tolerance {
		fill(d, x[0], f.MonteCarlo)
	}
	return d
}

// grain is how far whole domains may be from a polarisation that was asked for.
func (f *Film) grain() float64 {
	if f.MonteCarlo {
		return 4 / float64(f.Domains)
	}
	return 0
}

// Jump takes the domains over dt seconds.
func (f *Film) Jump(x, u0, u1 []float64, dt float64, _ device.Env, key noise.Key, event uint64) {
	d := f.domains(x)
	p := mean(d)
	if !f.depolarised() {
		f.step(d, p, u0[0], u1[0], dt, key, event)
	} else {
		f.follow(d, u0[0], u1[0], dt, key, event)
	}
	for i := range d {
		s := x[before+3*i:]
		s[0], s[1], s[2] = d[i].u, d[i].hUp, d[i].hDown
	}
	x[0] = min(max(mean(d), -1), 1)
	x[1] += 0.25 * math.Abs(x[0]-p)
}

// step takes domains over dt seconds in the depolarising field of p.
func (f *Film) step(d []domain, p, v0, v1, dt float64, key noise.Key, event uint64) {
	var chance func(i, part int) float64
	if f.MonteCarlo {
		chance = func(i, part int) float64 { return draw(key, i, part).UniformAt(noise.At{Event: event}) }
	}
	f.drive(d, f.memo.get(&f.Activation, f.Domains), f.Field(v0, p), f.Field(v1, p), dt, chance)
}

// follow takes domains over dt seconds in steps over which the mean polarisation, and
// with it the field, hardly changes.
func (f *Film) follow(d []domain, v0, v1, dt float64, key noise.Key, event uint64) {
	const little, smallest = 0.02, 1e-9
	ea := f.memo.get(&f.Activation, f.Domains)
	trial := make([]domain, len(d))
	share, done := 1.0, 0.0
	for n := uint64(0); done < 1; n++ {
		share = min(share, 1-done)
		p := mean(d)
		a := v0 + done*(v1-v0)
		for {
			copy(trial, d)
			b := v0 + (done+share)*(v1-v0)
			f.drive(trial, ea, f.Field(a, p), f.Field(b, p), share*dt, nil)
			if math.Abs(mean(trial)-p) <= little || share < smallest {
				break
			}
			share /= 2
		}
		if f.MonteCarlo {
			f.step(d, p, a, v0+(done+share)*(v1-v0), share*dt, key.Fold(n), event)
		} else {
			copy(d, trial)
		}
		done += share
		if 1-done < 1e-12 {
			break
		}
		share *= 2
	}
}
