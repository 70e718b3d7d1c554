package crossbar

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mho/crossbar/internal/line"
)

// Constants of TR-BDF2 with equal matrices in both stages, as a diagonally implicit
// Runge-Kutta method with the weights bdf, bdf, diag at the times 0, gamma, 1, and what
// these weights differ from those of third order.
const (
	gamma = 2 - math.Sqrt2
	diag  = gamma / 2
	bdf   = math.Sqrt2 / 4
	est0  = (4*bdf - 1) / 3
	est1  = -1.0 / 3
	est2  = 2 * diag / 3
)

// nodes is a value for every node of both kinds of lines.
type nodes struct{ word, bit []float64 }

func newNodes(cells int) nodes {
	return nodes{make([]float64, cells), make([]float64, cells)}
}

func (n nodes) greatest() float64 { return max(greatest(n.word), greatest(n.bit)) }

// decay follows the distance e of the node voltages from their final values.
type decay struct {
	a   *Array
	v   []float64
	c   LineCapacitance
	set *SettlingSettings
	s   *line.Solver

	final     []float64 // outputs, A
	threshold float64   // distance of an output that counts as settled, A
	top       float64   // largest final node voltage, V
	static    float64   // power of the sources after infinite time, W
	held      float64   // energy that nodes without resistance to their source take at once, J

	h             float64 // time step that the elements of s are for, s
	gw, gb        float64 // conductances in place of the capacitances, S
	start, at     nodes   // e at time 0 and at the last crossing, V
	e, mid, to    nodes   // at the beginning, between and at the end of a step, V
	i, iMid, iTo  nodes   // currents into the capacitances, C de/dt, A
	inject, error nodes
	out           [3][]float64 // distances of the outputs for e, mid, to, A
	spare         []float64
}

func newDecay(a *Array, v []float64, c LineCapacitance, set *SettlingSettings) (*decay, error) {
	s, err := line.New(a.Wires.network(a.Rows, a.Cols))
	if err != nil {
		return nil, err
	}
	s.Workers = set.Workers
	d := &decay{a: a, v: v, c: c, set: set, s: s, final: make([]float64, a.Cols), spare: make([]float64, a.Cols)}
	for _, n := range []*nodes{&d.start, &d.at, &d.e, &d.mid, &d.to, &d.i, &d.iMid, &d.iTo, &d.inject, &d.error} {
		*n = newNodes(len(a.G))
	}
	for k := range d.out {
		d.out[k] = make([]float64, a.Cols)
	}
	if err := s.SetConductances(a.G); err != nil {
		return nil, err
	}
	if _, err := s.SolveSources(d.final, line.Sources{Word: v}, &line.Options{Tolerance: tight}); err != nil {
		return nil, err
	}
	d.static = s.Power().Source
	s.WordVoltages(d.start.word)
	s.BitVoltages(d.start.bit)
	d.top = d.start.greatest()
	d.threshold = set.Tolerance * greatest(d.final)
	// Nodes without resistance to their terminal are there at once; those without
	// capacitance follow the others and are known after the first step.
	if a.Wires.wordTerminals() {
		for _, x := range v {
			d.held += x * x * c.Word * float64(a.Cols)
		}
		clear(d.start.word)
	}
	if c.Word == 0 {
		clear(d.start.word)
	}
	if a.Wires.bitTerminals() || c.Bit == 0 {
		clear(d.start.bit)
	}
	copy(d.e.word, d.start.word)
	copy(d.e.bit, d.start.bit)
	copy(d.at.word, d.start.word)
	copy(d.at.bit, d.start.bit)
	return d, nil
}

// tight is the tolerance of solutions that do not belong to a time step.
const tight = 1e-10

// run follows the decay until the end.
func (d *decay) run(ctx context.Context) (*Settling, error) {
	n := d.a.Cols
	r := &Settling{Final: d.final, Time: make([]float64, n), Delay: make([]float64, n), Static: d.static, Window: d.set.Window}
	if d.top == 0 {
		for j := range r.Delay {
			r.Delay[j] = math.NaN()
		}
		return r, nil
	}
	if d.threshold == 0 {
		return nil, errors.New("all final outputs are 0 A: no tolerance relative to them can be met")
	}
	t := d.first()
	if math.IsInf(t, 1) {
		return nil, errors.New("no node has both a capacitance and a resistance to its terminal: nothing has to settle")
	}
	if err := d.delays(r.Delay); err != nil {
		return nil, err
	}
	window := d.set.Window
	if window > 0 {
		t = min(t, window/2)
	}
	if d.set.Trace {
		r.T, r.I = append(r.T, 0), append(r.I, make([]float64, n)...)
	}
	if err := d.begin(t); err != nil {
		return nil, err
	}
	for j, x := range d.out[0] {
		if math.Abs(x) > d.threshold {
			r.Time[j] = t
		}
	}
	r.Steps = 1
	d.record(r, t)
	for h := t; ; {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("followed to %.3g s: %w", t, err)
		}
		if t >= window && d.e.greatest() <= d.set.Tolerance*d.top && greatest(d.out[0]) <= d.threshold {
			break
		}
		if r.Steps+r.Tried >= d.set.MaxSteps {
			return nil, fmt.Errorf("not settled after %d time steps, at %.3g s: limit of %d", r.Steps+r.Tried, t, d.set.MaxSteps)
		}
		landing := t < window && t+h >= window*(1-1e-12)
		step := h
		if landing {
			step = window - t
		}
		local, err := d.step(step)
		if err != nil {
			return nil, err
		}
		// The error of a step grows with its third power.
		factor := 4.0
		if local > 0 {
			factor = min(factor, 0.9*math.Cbrt(d.set.Accuracy*d.top/local))
		}
		if local > d.set.Accuracy*d.top {
			h = step * max(0.1, factor)
			r.Tried++
			continue
		}
		d.crossings(r, t, step)
		if t += step; landing {
			t = window
		}
		d.e, d.to, d.i, d.iTo = d.to, d.e, d.iTo, d.i
		d.out[0], d.out[2] = d.out[2], d.out[0]
		r.Steps++
		d.record(r, t)
		if landing {
			if r.Energy, err = d.energy(t, d.e); err != nil {
				return nil, err
			}
		}
		// A step that stays the same keeps its factorised network.
		if factor < 1 || factor > 1.25 {
			h = step * factor
		}
	}
	if window == 0 {
		var err error
		r.Window = r.Settled
		if r.Energy, err = d.energy(r.Settled, d.at); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// record adds a point to the trace.
func (d *decay) record(r *Settling, t float64) {
	if !d.set.Trace {
		return
	}
	r.T = append(r.T, t)
	for j, x := range d.out[0] {
		r.I = append(r.I, d.final[j]-x)
	}
}

// first returns a first time step, in s, whose error is below the accuracy: that of the
// method of begin is 0.04 (λ h)³ for a decay rate λ, and no rate exceeds twice
// the largest conductance at a node over its capacitance.
func (d *decay) first() float64 {
	w := d.a.Wires
	ends := 1.0
	if w.Topology == Double {
		ends = 2
	}
	rate := 0.0
	most := greatest(d.a.G)
	side := func(c, segment, extra float64, n int) {
		switch {
		case c == 0 || segment == 0 && extra == 0:
		case segment == 0:
			rate = max(rate, (ends/extra/float64(n)+most)/c)
		default:
			rate = max(rate, (2/segment+most)/c)
		}
	}
	side(d.c.Word, least(w.RWord, w.RWordMap), w.RDriver, d.a.Cols)
	side(d.c.Bit, least(w.RBit, w.RBitMap), w.RSense, d.a.Rows)
	return math.Cbrt(d.set.Accuracy/0.04) / (2 * rate)
}

// elements sets the network of a time step of h seconds.
func (d *decay) elements(h float64) error {
	if h == d.h {
		return nil
	}
	d.h, d.gw, d.gb = h, d.c.Word/(diag*h), d.c.Bit/(diag*h)
	return d.s.SetElements(line.Elements{Device: d.a.G, GroundWord: []float64{d.gw}, GroundBit: []float64{d.gb}})
}

// solve sets to to the voltages that the injected currents drive, and out to the currents into
// the bit line terminals.
func (d *decay) solve(to nodes, out []float64, tol float64, warm bool) error {
	in := line.Sources{WordNode: d.inject.word, BitNode: d.inject.bit, Warm: warm}
	if _, err := d.s.SolveSources(out, in, &line.Options{Tolerance: tol}); err != nil {
		return err
	}
	d.s.WordVoltages(to.word)
	d.s.BitVoltages(to.bit)
	return nil
}

// each calls f for the word nodes and for the bit nodes with the conductances in
// place of their capacitances.
func (d *decay) each(f func(g float64, inject, e, mid, to, i, iMid, iTo []float64)) {
	f(d.gw, d.inject.word, d.e.word, d.mid.word, d.to.word, d.i.word, d.iMid.word, d.iTo.word)
	f(d.gb, d.inject.bit, d.e.bit, d.mid.bit, d.to.bit, d.i.bit, d.iMid.bit, d.iTo.bit)
}

// begin makes the first step. It has the same matrix as the others but needs no
// current of the capacitances to begin with: R. Alexander, SIAM J. Numer. Anal. 14, 1006
// (1977), doi:10.1137/0714068.
func (d *decay) begin(h float64) error {
	const c = (1 - diag) / diag
	tol := d.set.Accuracy / 100
	if err := d.elements(h); err != nil {
		return err
	}
	d.each(func(g float64, inject, e, _, _, _, _, _ []float64) {
		for k, x := range e {
			inject[k] = g * x
		}
	})
	if err := d.solve(d.mid, d.out[1], tol, false); err != nil {
		return err
	}
	d.each(func(g float64, inject, e, mid, _, _, iMid, _ []float64) {
		for k, x := range e {
			iMid[k] = g * (mid[k] - x)
			inject[k] = g*x + c*iMid[k]
		}
	})
	if err := d.solve(d.to, d.out[0], tol, true); err != nil {
		return err
	}
	d.each(func(g float64, _, e, _, to, i, iMid, _ []float64) {
		for k, x := range e {
			i[k] = g*(to[k]-x) - c*iMid[k]
		}
	})
	d.e, d.to = d.to, d.e
	return nil
}

// step tries a step of h seconds and returns its error, in V.
func (d *decay) step(h float64) (local float64, err error) {
	const c = bdf / diag
	tol := d.set.Accuracy / 100
	if err := d.elements(h); err != nil {
		return 0, err
	}
	d.each(func(g float64, inject, e, _, _, i, _, _ []float64) {
		for k, x := range e {
			inject[k] = g*x + i[k]
		}
	})
	if err := d.solve(d.mid, d.out[1], tol, true); err != nil {
		return 0, err
	}
	d.each(func(g float64, inject, e, mid, _, i, iMid, _ []float64) {
		for k, x := range e {
			iMid[k] = g*(mid[k]-x) - i[k]
			inject[k] = g*x + c*(i[k]+iMid[k])
		}
	})
	if err := d.solve(d.to, d.out[2], tol, true); err != nil {
		return 0, err
	}
	d.each(func(g float64, inject, e, _, to, i, iMid, iTo []float64) {
		for k, x := range e {
			iTo[k] = g*(to[k]-x) - c*(i[k]+iMid[k])
			inject[k] = (est0*i[k] + est1*iMid[k] + est2*iTo[k]) / diag
		}
	})
	// The estimate itself would be too large for stiff parts; solving once more damps them.
	if err := d.solve(d.error, d.spare, 1e-2, false); err != nil {
		return 0, err
	}
	return d.error.greatest(), nil
}
