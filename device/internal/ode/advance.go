package ode

import "math"

const (
	shrinkMost = 0.1
	growMost   = 10.0
	safety     = 0.9
)

// advance takes one step, to limit or the next stop at most.
func (s *Solver) advance(limit float64) error {
	s.tOld = s.t
	s.dense.ready = false
	stop := s.enter(limit)
	if s.fresh {
		s.evaluate(s.raw, s.t, s.y)
		if i := notFinite(s.raw); i >= 0 {
			return s.fail(ErrNotFinite, "derivative of state %d is %g", i, s.raw[i])
		}
		s.holdOutward()
		s.method.moved()
		s.fresh = false
	}
	if err := s.startEvents(); err != nil {
		return err
	}
	if s.restart {
		s.plan = s.firstStep(stop - s.t)
		s.errLast = 1e-4
		s.restart = false
	}

	wanted := max(min(s.plan, s.maxStep), 4*ulp(s.t)) // a plan below rounding of the time is worth a try at it
	h, last := wanted, 0.0
	rejected := false
	aim := noSwitch
	var tNew float64
	for {
		if s.used++; s.used > s.maxUsed {
			return s.fail(ErrTooManySteps, "%d steps allowed", s.maxUsed)
		}
		tNew = s.fit(h, stop, aim)
		if tNew < stop && h < 4*ulp(s.t) {
			return s.underflow(h, last)
		}
		s.dense.ready = false
		last = s.method.attempt(&s.core, tNew)
		if s.bounded && last <= 1 {
			last = s.boundError(tNew, last)
		}
		if !(last <= 1) {
			s.stats.Rejected++
			rejected, aim = true, noSwitch
			h = s.h * shrinkMost
			if last > 1 {
				h = s.h * max(shrinkMost, safety*math.Pow(last, -0.2))
			}
			continue
		}
		if !s.bounded {
			break
		}
		x, sw := s.firstSwitch(aim)
		if sw == noSwitch {
			break
		}
		// Nothing is gained by a step that differs by rounding of the time.
		if x >= 1-1e-9 || s.t+x*s.h >= tNew {
			aim = sw
			break
		}
		s.stats.Rejected++
		if x*s.h < 4*ulp(s.t) {
			if s.flips++; s.flips > 4*s.n+8 {
				return s.fail(ErrChatter, "state %d with derivative %g", sw.state, s.raw[sw.state])
			}
			s.flip(sw)
			h, aim = s.h, noSwitch
			continue
		}
		h, aim = x*s.h, sw
	}
	s.propose(last, wanted, rejected)
	return s.accept(tNew, aim)
}

// enter passes the stops up to the present time and returns the time at which
// the coming step must end at the latest.
func (s *Solver) enter(limit float64) float64 {
	for s.next < len(s.stops) && s.stops[s.next] <= s.t {
		if s.jump[s.next] {
			s.fresh, s.restart = true, true
		}
		s.next++
	}
	if s.next != s.passed {
		s.passed = s.next
		if s.segmented != nil {
			s.segmented.Segment(s.next)
		}
	}
	s.leftEnd = math.Inf(1)
	if s.next < len(s.stops) && s.stops[s.next] <= limit {
		limit = s.stops[s.next]
		if s.segmented == nil {
			s.leftEnd = math.Nextafter(limit, math.Inf(-1))
		}
	}
	return limit
}

// fit returns the end of a step of about h: on stop if that is near, half-way if
// the rest would be shorter than h, and exactly t + h when it aims at a switch.
func (s *Solver) fit(h, stop float64, aim switchPoint) float64 {
	rest := stop - s.t
	switch {
	case aim != noSwitch:
		return min(s.t+h, stop)
	case max(min(1.01*h, s.maxStep), h*(1+1e-10)) >= rest:
		return stop
	case 2*h > rest:
		return s.t + 0.5*rest
	}
	return s.t + h
}

// propose sets the next step size by the PI controller of Gustafsson with the
// constants of Hairer, Nørsett and Wanner (1993), section IV.2, for the error of
// a step that wanted to be longer where a stop or a switch cut it.
func (s *Solver) propose(e, wanted float64, rejected bool) {
	grow := growMost
	if e > 1e-8 {
		grow = safety * math.Pow(s.errLast, 0.04) / math.Pow(e, 0.17)
		grow = min(max(grow, 0.2), growMost)
	}
	if rejected {
		grow = min(grow, 1)
	}
	s.plan = s.h * grow
	if !rejected && grow == growMost {
		s.plan = max(s.plan, wanted)
	}
	s.errLast = max(e, 1e-4)
}

// accept makes the end of the last attempt the present state.
func (s *Solver) accept(tNew float64, aim switchPoint) error {
	if s.bounded {
		s.settle(tNew, aim)
	}
	s.y, s.yNew = s.yNew, s.y
	s.f, s.fNew = s.fNew, s.f
	if s.bounded {
		s.raw, s.rawNew = s.rawNew, s.raw
	} else {
		s.raw, s.rawNew = s.f, s.fNew
	}
	s.t = tNew
	s.method.moved()
	s.flips = 0
	s.stats.Steps++
	return s.findEvents()
}

// firstStep returns a first step for a stretch of length span. With d0, d1 and d2
// the size of y, f and the change of f per second in units of the tolerance,
// ω = d2/d1 is a rate of change of f, and h is such that the error that a method
// of order 5 would make on exp(ωt), (d1/ω)(ωh)^5, is a hundredth. All follows
// from the system's own time scale.
func (s *Solver) firstStep(span float64) float64 {
	span = min(span, s.maxStep)
	if s.initial > 0 {
		return min(s.initial, span)
	}
	size := func(v []float64) float64 {
		worst := 0.0
		for i, x := range v {
			worst = max(worst, math.Abs(x)/s.tolerance(i, s.y[i]))
		}
		return worst
	}
	d0, d1 := size(s.y), size(s.f)
	h0 := 1e-3 * span
	if d1 > 0 {
		h0 = min(h0, 0.01*max(d0, 1)/d1)
	}
	h0 = max(h0, min(16*ulp(s.t), span))
	for i := range s.probe {
		s.probe[i] = s.y[i] + h0*s.f[i]
	}
	s.stage(s.probeF, s.t+h0, s.probe)
	if notFinite(s.probeF) >= 0 {
		return h0 * 1e-3
	}
	for i := range s.probeF {
		s.probeF[i] -= s.f[i]
	}
	d2 := size(s.probeF) / h0
	h := span
	switch {
	case d1 > 0 && d2 > 0:
		w := d2 / d1
		h = math.Pow(0.01*w/d1, 0.2) / w
	case d2 > 0:
		h = math.Sqrt(0.01 / d2)
	}
	return max(min(h, 100*h0, span), min(16*ulp(s.t), span))
}

// underflow explains why no step above rounding was accepted.
func (s *Solver) underflow(h, last float64) error {
	if !math.IsNaN(last) {
		return s.fail(ErrStepTooSmall, "a step of %g s still has %g times the error allowed", s.h, last)
	}
	tp := s.t + max(s.h, 4*ulp(s.t))
	s.evaluate(s.probeF, tp, s.y)
	if i := notFinite(s.probeF); i >= 0 {
		return s.fail(ErrNotFinite, "derivative of state %d is %g at t = %g s", i, s.probeF[i], tp)
	}
	return s.fail(ErrNotFinite, "derivative, Jacobian or state in every step down to %g s", h)
}
