package ode

import "math"

// A switchPoint is a state that is to be held on a bound or let go.
type switchPoint struct {
	state   int
	release bool
	side    int8 // +1 for the upper bound, -1 for the lower
}

var noSwitch = switchPoint{state: -1}

// holdOutward decides which states are held at the present time: those on a
// bound whose derivative does not point inward. It sets f.
func (s *Solver) holdOutward() {
	if !s.bounded {
		return
	}
	s.nHeld = 0
	for i, v := range s.y {
		s.held[i] = 0
		if v >= s.hi[i] && !(s.raw[i] < 0) {
			s.held[i] = 1
			s.nHeld++
		} else if v <= s.lo[i] && !(s.raw[i] > 0) {
			s.held[i] = -1
			s.nHeld++
		}
	}
	copy(s.f, s.raw)
	s.project(s.f)
}

// snap returns how far state i may be from bound b for the step to have met it:
// a thousandth of the tolerance.
func (c *core) snap(i int, b float64) float64 {
	return 1e-3*c.tolerance(i, b) + 4*ulp(b)
}

func (c *core) boundOf(i int, side int8) float64 {
	if side > 0 {
		return c.hi[i]
	}
	return c.lo[i]
}

// boundError returns the larger of e, how far free states strayed, and how badly the step resolves the
// derivative of the held states, which the error estimate of the method does not
// see: without it steps would grow past a reversal of the drive. The second
// difference of that derivative over the step may be half its largest value,
// about a quarter period of a sine, unless all of it moves the state by less
// than the tolerance.
func (s *Solver) boundError(tNew, e float64) float64 {
	if notFinite(s.rawNew) >= 0 {
		return math.NaN()
	}
	for i, side := range s.held {
		if side == 0 {
			e = max(e, s.strayed(i))
		}
	}
	if s.nHeld == 0 {
		return e
	}
	s.prepareDense()
	s.denseAt(s.probe, 0.5)
	s.evaluate(s.probeF, s.t+0.5*s.h, s.probe)
	if notFinite(s.probeF) >= 0 {
		return math.NaN()
	}
	for i, side := range s.held {
		if side == 0 {
			continue
		}
		r0, rm, r1 := s.raw[i], s.probeF[i], s.rawNew[i]
		largest := max(math.Abs(r0), math.Abs(rm), math.Abs(r1))
		if s.h*largest <= s.tolerance(i, s.y[i]) {
			continue
		}
		q := math.Abs(r0-2*rm+r1) / (0.5 * largest)
		// The second difference goes with h^2, errors here with h^5.
		e = max(e, q*q*math.Sqrt(q))
	}
	return e
}

// firstSwitch returns the earliest fraction of the attempted step at which a
// state reaches a bound or a held one is to be let go, other than the release
// that the step aims at.
func (s *Solver) firstSwitch(aim switchPoint) (float64, switchPoint) {
	first, found := 2.0, noSwitch
	for i := range s.n {
		var x float64
		var sw switchPoint
		if s.held[i] != 0 {
			if aim.release && aim.state == i {
				continue
			}
			x, sw = s.findRelease(i)
		} else {
			x, sw = s.findContact(i)
		}
		if sw != noSwitch && x < first {
			first, found = x, sw
		}
	}
	return first, found
}

// findRelease returns where the derivative of the held state i turns inward, if
// it does by the end of the step; a turn and return within is for boundError to
// reject. An error d of that time shifts the state by f' d²/2 only, so a
// billionth of the step is enough.
func (s *Solver) findRelease(i int) (float64, switchPoint) {
	side := float64(s.held[i])
	end := side * s.rawNew[i]
	if !(end < 0) {
		return 2, noSwitch
	}
	sw := switchPoint{state: i, release: true, side: s.held[i]}
	outward := func(x float64) float64 {
		s.denseAt(s.probe, x)
		s.evaluate(s.sample, s.t+x*s.h, s.probe)
		return side * s.sample[i]
	}
	return crossing(outward, 0, 1, side*s.raw[i], end, 1e-9), sw
}

// findContact returns where the free state i reaches a bound, if the step goes
// beyond it at its end or in between.
func (s *Solver) findContact(i int) (float64, switchPoint) {
	y0, y1 := s.y[i], s.yNew[i]
	if s.strayed(i) > 0 {
		return 2, noSwitch
	}
	if y1 > s.hi[i]+s.snap(i, s.hi[i]) {
		return s.contact(i, 1, 1)
	}
	if y1 < s.lo[i]-s.snap(i, s.lo[i]) {
		return s.contact(i, -1, 1)
	}
	// Only a turn within the step can hide an excursion.
	f0, f1 := s.f[i], s.fNew[i]
	if f0*f1 >= 0 {
		return 2, noSwitch
	}
	side := int8(1)
	if f0 < 0 {
		side = -1
	}
	reach := s.h * max(math.Abs(f0), math.Abs(f1))
	if side > 0 && max(y0, y1)+reach <= s.hi[i] || side < 0 && min(y0, y1)-reach >= s.lo[i] {
		return 2, noSwitch
	}
	s.prepareDense()
	slope := func(x float64) float64 { return s.dense.slope(i, x) }
	x := crossing(slope, 0, 1, slope(0), slope(1), 1e-6)
	b := s.boundOf(i, side)
	if float64(side)*(s.dense.state(i, x)-b) <= s.snap(i, b) {
		return 2, noSwitch
	}
	return s.contact(i, side, x)
}

// strayed returns how far state i is beyond a bound at the end of the step, in
// units of the error allowed, if it moved inward at the start and at the end: then it
// never met the bound, and the way beyond is an error. A state that starts close to
// its bound would else be led by it to a contact where it began, again and again.
// Settle puts a state that strayed on the bound.
func (s *Solver) strayed(i int) float64 {
	y := s.yNew[i]
	side, beyond := 1.0, y-s.hi[i]
	if y < s.lo[i] {
		side, beyond = -1, s.lo[i]-y
	}
	if !(beyond > 0) || side*s.f[i] > 0 || side*s.rawNew[i] >= 0 {
		return 0
	}
	return beyond / s.tolerance(i, s.y[i])
}

// contact returns where state i, beyond its bound on the given side at the
// fraction end of the step, got there.
func (s *Solver) contact(i int, side int8, end float64) (float64, switchPoint) {
	s.prepareDense()
	sw := switchPoint{state: i, side: side}
	sign, b := float64(side), s.boundOf(i, side)
	beyond := func(x float64) float64 { return sign * (s.dense.state(i, x) - b) }
	start, from := sign*(s.y[i]-b), 0.0
	// A state that starts on its bound may leave it and come back.
	for x := 0.5 * end; start >= 0; x *= 0.5 {
		if x < 1e-9 {
			return 0, sw
		}
		if g := beyond(x); g < 0 {
			start, from = g, x
		}
	}
	last := beyond(end)
	if last <= 0 {
		// The polynomial ends at yNew but for rounding.
		return end, sw
	}
	return crossing(beyond, from, end, start, last, 4e-16), sw
}

// flip makes a switch at the present time, without a step.
func (s *Solver) flip(sw switchPoint) {
	i := sw.state
	if sw.release {
		s.held[i] = 0
		s.f[i] = s.raw[i]
		s.nHeld--
		return
	}
	s.y[i] = s.boundOf(i, sw.side)
	s.held[i] = sw.side
	s.f[i] = 0
	s.nHeld++
}

// settle puts the states of an accepted step that met or barely passed a bound on
// it, and holds or releases them. What happens to the aim happens to all states
// that are as far, so that equal cells switch together.
func (s *Solver) settle(tNew float64, aim switchPoint) {
	touched := aim != noSwitch
	for i, v := range s.yNew {
		touched = touched || s.held[i] == 0 && (v > s.hi[i] || v < s.lo[i])
	}
	if !touched {
		return
	}
	s.prepareDense()
	contact := aim != noSwitch && !aim.release
	moved := false
	for i, v := range s.yNew {
		if s.held[i] != 0 {
			continue
		}
		side := int8(0)
		switch {
		case v > s.hi[i]:
			side = 1
		case v < s.lo[i]:
			side = -1
		case contact && s.rawNew[i] > 0 && s.hi[i]-v <= s.snap(i, s.hi[i]):
			side, moved = 1, true
		case contact && s.rawNew[i] < 0 && v-s.lo[i] <= s.snap(i, s.lo[i]):
			side, moved = -1, true
		}
		if side != 0 {
			s.yNew[i] = s.boundOf(i, side)
			s.held[i] = side
		}
	}
	if moved {
		s.evaluate(s.rawNew, tNew, s.yNew)
	}
	s.nHeld = 0
	for i, side := range s.held {
		outward := float64(side) * s.rawNew[i]
		// The release is located to a billionth of the step.
		turned := aim.release && outward <= 1e-8*float64(side)*s.raw[i]
		if outward < 0 || turned || aim.release && aim.state == i {
			side = 0
		}
		s.held[i] = side
		if side != 0 {
			s.nHeld++
		}
	}
	copy(s.fNew, s.rawNew)
	s.project(s.fNew)
}
