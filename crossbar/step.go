package crossbar

import (
	"errors"
	"fmt"
	"math"

	"mho/crossbar/internal/line"
)

// target returns the error of the linear network that the next step can bear, relative to
// the largest output: a tenth of the missing currents that convergence of second
// order leaves, as the last two steps tell.
func (n *newton) target(step int) float64 {
	t := n.missing / 10
	if step > 0 && t > 0 {
		r := n.missing / n.history[len(n.history)-2]
		t *= min(1, r*r)
	}
	if t < n.tol {
		// The last step: the currents still missing after it will be fewer yet.
		t = n.tol * 3 / 4
	}
	return t
}

// evaluate sets currents and slopes by the law.
func (n *newton) evaluate(s *state) error {
	n.iv.Evaluate(s.i, s.slope, n.a.G, s.v)
	lost := false
	for k, x := range s.slope {
		if !(x >= 0) || math.IsNaN(s.i[k]) {
			row, col := k/n.a.Cols, k%n.a.Cols
			if x < 0 {
				return fallingError(row, col, s.v[k], x)
			}
			return fmt.Errorf("current of the device at row %d, column %d is %g A, its slope %g S, at %g V: must be numbers", row, col, s.i[k], x, s.v[k])
		}
		// The linear network has no larger numbers.
		lost = lost || x > 1e20 || math.Abs(s.i[k]) > 1e20
	}
	if lost {
		return errLost
	}
	return nil
}

// companion sets the linear network of the devices at a state, or, from voltages without
// resistance in the wires, one that is not far from the solution.
func (n *newton) companion(s *state, guess, open bool) {
	if guess {
		// The devices will have less voltage than without resistance in the wires: between
		// that and none, by the geometric mean of their conductances.
		clear(n.u)
		n.iv.Evaluate(nil, n.g, n.a.G, n.u)
		clear(n.source)
		for k, v := range s.v {
			low, high := n.g[k], s.i[k]/v
			switch {
			case v == 0 || !(high > 0):
				n.g[k] = s.slope[k]
			case !(low > 0):
				n.g[k] = high
			default:
				n.g[k] = math.Sqrt(low * high)
			}
		}
	} else {
		for k, x := range s.slope {
			n.g[k], n.source[k] = x, s.i[k]-x*s.v[k]
		}
	}
	if !open {
		return
	}
	// Where all devices of an open line are saturated its voltage would be undefined in
	// the linear network. Any conductance gives a direction downhill.
	var least float64
	for _, x := range n.g {
		least = max(least, 1e-12*x)
	}
	for k, x := range n.g {
		if x < least && n.a.G[k] > 0 {
			n.g[k] = least
			if !guess {
				n.source[k] = s.i[k] - least*s.v[k]
			}
		}
	}
}

// linear solves the linear network, starting from the last solution if warm. Its error is
// about tol relative to the scale of the solver; what it is, the bound tells.
func (n *newton) linear(s *state, b *Bias, tol float64, warm bool) error {
	err := n.s.SetElements(line.Elements{Device: n.g, WordOpen: b.WordOpen, BitOpen: b.BitOpen})
	if err != nil {
		return err
	}
	opt := n.opt
	opt.Tolerance = min(max(tol, 1e-14), 0.1)
	r, err := n.s.SolveSources(s.out, line.Sources{Word: b.Word, Bit: b.Bit, Device: n.source, Warm: warm}, &opt)
	n.iterations += r.Iterations
	n.scale = r.Scale
	var missed *line.ConvergenceError
	if err != nil && !errors.As(err, &missed) {
		return err
	}
	s.bound = r.ErrorBound * r.Scale
	n.s.WordVoltages(s.v)
	n.s.BitVoltages(n.u)
	for k, u := range n.u {
		s.v[k] -= u
		s.j[k] = n.g[k]*s.v[k] + n.source[k]
	}
	return nil
}

// measure sets the missing currents of the present state and returns the
// largest output in A; where outputs cancel it is at least a tenth of the
// magnitudes of device currents of a bit line.
func (n *newton) measure() float64 {
	clear(n.columns)
	var sum, largest float64
	s := n.now
	for at := 0; at < len(s.i); at += n.a.Cols {
		j := s.j[at : at+n.a.Cols]
		for k, i := range s.i[at : at+n.a.Cols] {
			d := math.Abs(i - j[k])
			sum += d
			largest = max(largest, d)
			n.columns[k] += math.Abs(i)
		}
	}
	size := max(greatest(s.out), greatest(n.columns)/10)
	n.missing, n.largest = 0, 0
	if size > 0 {
		n.missing, n.largest = sum/size, largest/size
	}
	return size
}

// cut shortens a step that goes too far beyond the minimum of the co-content, unless the sum of
// missing currents is at most enough, in A.
func (n *newton) cut(lost bool, enough float64) error {
	from, to := n.now, n.next
	var start, end, missing, before float64
	for k, v := range from.v {
		d := to.v[k] - v
		start += (from.i[k] - from.j[k]) * d
		end += (to.i[k] - to.j[k]) * d
		before += math.Abs(from.i[k] - from.j[k])
		missing += math.Abs(to.i[k] - to.j[k])
	}
	n.whole = !lost && (start >= 0 || end <= -start/2 || missing <= max(before/2, enough))
	if n.whole {
		return nil
	}
	// The derivative rises along the step; it vanishes between low and high.
	low, high := 0.0, 1.0
	atLow, atHigh := start, end
	if lost {
		atHigh = math.Inf(1)
	}
	last := newState(len(from.v), 0)
	copy(last.v, to.v)
	copy(last.j, to.j)
	for range 60 {
		part := low + (high-low)*min(max(atLow/(atLow-atHigh), 0.1), 0.5)
		for k, v := range from.v {
			to.v[k] = v + part*(last.v[k]-v)
			to.j[k] = from.j[k] + part*(last.j[k]-from.j[k])
		}
		err := n.evaluate(to)
		if err != nil && !errors.Is(err, errLost) {
			return err
		}
		slope := math.Inf(1)
		if err == nil {
			slope = 0
			for k := range from.v {
				slope += (to.i[k] - to.j[k]) * (last.v[k] - from.v[k])
			}
		}
		if math.Abs(slope) <= -start/2 {
			for k, x := range from.out {
				to.out[k] = x + part*(to.out[k]-x)
			}
			to.bound = max(to.bound, from.bound)
			return nil
		}
		if slope > 0 {
			high, atHigh = part, slope
		} else {
			low, atLow = part, slope
		}
	}
	return errLost
}

// greatest returns the largest magnitude in x.
func greatest(x []float64) (m float64) {
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}
