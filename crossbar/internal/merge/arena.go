package merge

import (
	"slices"
	"sync"
)

// An arena lends slices of one worker, last lent first returned.
type arena struct {
	slabs [][]float64
	slab  int // in use
	used  int // of it
}

const slabSize = 1 << 14 // of the first slab

// place is a state of an arena.
type place struct{ slab, used int }

func (a *arena) mark() place { return place{a.slab, a.used} }

// release returns everything lent since the mark.
func (a *arena) release(p place) { a.slab, a.used = p.slab, p.used }

// alloc lends n numbers of any value.
func (a *arena) alloc(n int) []float64 {
	// Slices start at cache lines, as slabs do.
	size := (n + 7) &^ 7
	for a.slab < len(a.slabs) && a.used+size > len(a.slabs[a.slab]) {
		a.slab, a.used = a.slab+1, 0
	}
	if a.slab == len(a.slabs) {
		a.slabs = append(a.slabs, make([]float64, max(size, slabSize<<min(len(a.slabs), 3))))
	}
	s := a.slabs[a.slab][a.used:][:n:n]
	a.used += size
	return s
}

// A store keeps slices for boxes that are built by several workers.
type store struct {
	mu   sync.Mutex
	free [][]float64
}

// get returns n numbers of any value.
func (s *store) get(n int) []float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := -1
	for k, x := range s.free {
		if cap(x) >= n && (best < 0 || cap(x) < cap(s.free[best])) {
			best = k
		}
	}
	if best < 0 || cap(s.free[best]) > 2*n {
		return make([]float64, n)
	}
	x := s.free[best][:n]
	s.free = slices.Delete(s.free, best, best+1)
	return x
}

// put returns what get returned.
func (s *store) put(x []float64) {
	if cap(x) == 0 {
		return
	}
	s.mu.Lock()
	s.free = append(s.free, x)
	s.mu.Unlock()
}
