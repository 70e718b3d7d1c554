package ode

import (
	"cmp"
	"slices"
)

// eventState is what a Solver remembers of its events.
type eventState struct {
	list  []Event
	value []float64 // of each event at the end of the last step
	known bool      // value belongs to the present state
	hits  []Hit
	found []Hit // in the present step, without states
}

func newEventState(list []Event) eventState {
	return eventState{list: slices.Clone(list), value: make([]float64, len(list))}
}

func (e *eventState) reset() {
	e.known = false
	e.hits = nil
}

// crosses reports whether a change from a to b is an event. A start at zero is
// none: it was one when it was reached.
func (d Direction) crosses(a, b float64) bool {
	return d != Falling && a < 0 && b >= 0 || d != Rising && a > 0 && b <= 0
}

// startEvents evaluates the events at the present state if they are not known.
func (s *Solver) startEvents() error {
	ev := &s.events
	if ev.known {
		return nil
	}
	for k := range ev.list {
		ev.value[k] = ev.list[k].Value(s.t, s.y)
		if v := ev.value[k]; v-v != 0 {
			return s.fail(ErrNotFinite, "event %d is %g", k, v)
		}
	}
	ev.known = true
	return nil
}

// findEvents records the events of the step just taken and moves the present
// state back to the first terminal one.
func (s *Solver) findEvents() error {
	ev := &s.events
	if len(ev.list) == 0 {
		return nil
	}
	s.prepareDense()
	ev.found = ev.found[:0]
	const parts = 4
	for q := range parts {
		from, to := float64(q)/parts, float64(q+1)/parts
		for k := range ev.list {
			before := ev.value[k]
			after := s.eventAt(k, to)
			if after-after != 0 {
				return s.fail(ErrNotFinite, "event %d is %g", k, after)
			}
			ev.value[k] = after
			if !ev.list[k].Direction.crosses(before, after) {
				continue
			}
			at := func(x float64) float64 { return s.eventAt(k, x) }
			x := crossing(at, from, to, before, after, 4e-16)
			ev.found = append(ev.found, Hit{Event: k, T: s.timeAt(x)})
		}
	}
	slices.SortStableFunc(ev.found, func(a, b Hit) int { return cmp.Compare(a.T, b.T) })
	for _, hit := range ev.found {
		hit.Y = make([]float64, s.n)
		s.At(hit.Y, hit.T)
		ev.hits = append(ev.hits, hit)
		if ev.list[hit.Event].Terminal {
			return s.stopAt(hit)
		}
	}
	return nil
}

// stopAt makes a terminal event the present state.
func (s *Solver) stopAt(hit Hit) error {
	s.finished = true
	if hit.T < s.t {
		s.t = hit.T
		copy(s.y, hit.Y)
		s.fresh = true
	}
	s.events.known = false
	if err := s.startEvents(); err != nil {
		return err
	}
	// The time was rounded; the event has happened all the same.
	s.events.value[hit.Event] = 0
	return nil
}

// timeAt returns the time of the fraction x of the step just taken.
func (s *Solver) timeAt(x float64) float64 {
	if x >= 1 {
		return s.t
	}
	return min(s.tOld+x*s.h, s.t)
}

func (s *Solver) eventAt(k int, x float64) float64 {
	y := s.y
	if x < 1 {
		s.denseAt(s.sample, x)
		y = s.sample
	}
	return s.events.list[k].Value(s.timeAt(x), y)
}
