package crossbar

import (
	"context"
	"errors"
	"fmt"

	"mho/crossbar/internal/line"
)

// The method for nonlinear devices.
//
// Wires are linear, so a state of the solver is the solution of a linear network with
// currents j through the devices: Kirchhoff's law holds at every node for the voltages v
// across the devices and these currents. What is missing is i(v) - j, device by
// device, and a step of Newton's method is a network with the slopes as conductances
// and i(v) - v di/dv as sources beside them.
//
// The currents i(v) - j bound the error. If all currents rise with voltage, the
// exact solution differs from the state by what the currents i(v) - j drive in a
// network whose conductances are positive (the mean slopes between both), and a current
// through a device, fed into one node and taken from another, changes the current of no
// terminal by more than itself. So no terminal current is wrong by more than the sum of
// |i(v) - j|, plus the bound of the linear solution.
//
// The solution is the minimum of the co-content, a convex function of the
// node voltages (W. Millar, Phil. Mag. 42, 1150 (1951), doi:10.1080/14786445108561361), whose
// derivative along a step dv is the sum of (i - j) dv. A step that goes
// too far beyond the minimum is cut; with this Newton's method converges from
// anywhere that the law has finite currents.

const (
	maxSteps  = 100  // of Newton's method at one drive
	maxStalls = 10   // steps that do not halve the missing currents before the method gives up
	minRaise  = 1e-4 // smallest part of the drive that it is raised by
	rough     = 1e-4 // tolerance while devices switch
	near      = 1e-9 // missing currents from which on steps are not cut: rounding would decide
)

// A ConvergenceError tells that the currents of nonlinear devices were not found to
// the tolerance.
type ConvergenceError struct {
	Steps      int     // of Newton's method
	ErrorBound float64 // reached, relative to the largest output
	Tolerance  float64 // asked for
}

// Error implements the error interface.
func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("error bound %.3g of the outputs after %d steps of Newton's method: must be at most %g", e.ErrorBound, e.Steps, e.Tolerance)
}

// errLost tells that a state has currents beyond float64.
var errLost = errors.New("currents are beyond float64")

// A state is a solution of the linear network.
type state struct {
	v, i, slope, j []float64 // of the devices: voltages, currents by law, slopes, currents in the network
	out            []float64 // currents into the bit line terminals, A
	bound          float64   // on the error of out as a solution of the linear network, A
}

func newState(cells, cols int) *state {
	m := func(n int) []float64 { return make([]float64, n) }
	return &state{v: m(cells), i: m(cells), slope: m(cells), j: m(cells), out: m(cols)}
}

// newton solves an array for one bias after the other.
type newton struct {
	a   *Array
	iv  IVCurve
	s   *line.Solver
	opt line.Options
	tol float64

	now, next *state
	g, source []float64 // of the linear network
	u         []float64 // bit voltages
	columns   []float64 // sums of magnitudes of device currents of bit lines
	scale     float64   // of the tolerance of the solver, A
	broken    bool      // a line is

	missing    float64   // sum of |i - j|, relative to the largest output
	largest    float64   // of |i - j|, likewise
	history    []float64 // missing before every step
	errorBound float64
	size       float64 // that it is relative to, A
	whole      bool    // the last step was not cut
	steps      int
	iterations int
}

func newNewton(a *Array, iv IVCurve, set *Settings) (*newton, error) {
	s, err := line.New(a.Wires.network(a.Rows, a.Cols))
	if err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	s.Workers = set.Workers
	cells := len(a.G)
	n := &newton{
		a: a, iv: iv, s: s, opt: *set.options(), tol: set.Tolerance, broken: a.Wires.broken(),
		now: newState(cells, a.Cols), next: newState(cells, a.Cols),
		g: make([]float64, cells), source: make([]float64, cells), u: make([]float64, cells), columns: make([]float64, a.Cols),
	}
	if n.tol == 0 {
		n.tol = 1e-10
	}
	return n, nil
}

// solve finds the state for the bias, and the branches of a law that has two.
func (n *newton) solve(ctx context.Context, b *Bias) error {
	n.history, n.steps, n.iterations = n.history[:0], 0, 0
	if err := n.raise(ctx, b); err != nil {
		return err
	}
	law, ok := n.iv.(SwitchingCurve)
	if !ok {
		return nil
	}
	tol := n.tol
	defer func() { n.tol = tol }()
	// Every device may turn on, and off, and a few more times.
	for round := 0; round < 4*len(n.a.G)+4; round++ {
		moved := law.Switch(n.a.G, n.now.v)
		switch {
		case moved > 0:
			// Which switch is next needs few digits.
			n.tol = max(tol, rough)
		case n.tol == tol:
			return nil
		default:
			n.tol = tol
		}
		if err := n.run(ctx, b, false); err != nil {
			return err
		}
	}
	return errors.New("devices switch on and off without end: no stable state")
}

// raise finds the state for the bias at once, or else step by step from 0 V.
func (n *newton) raise(ctx context.Context, b *Bias) error {
	n.guess(b)
	err := n.run(ctx, b, true)
	if err == nil || !retry(err) {
		return err
	}
	part, step := 0.0, 0.5
	found := make([]float64, len(n.now.v))
	for part < 1 {
		to := min(1, part+step)
		scaled := b.times(to)
		if part == 0 {
			n.guess(scaled)
		} else {
			for k, v := range found {
				n.now.v[k] = v * (to / part)
			}
		}
		switch err = n.run(ctx, scaled, part == 0); {
		case err == nil:
			part = to
			copy(found, n.now.v)
			step *= 2
		case !retry(err):
			return err
		default:
			if step /= 2; step < minRaise {
				return err
			}
		}
	}
	return nil
}

// retry reports whether a smaller drive may help: not where only rounding is in the way.
func retry(err error) bool {
	var e *ConvergenceError
	return errors.Is(err, errLost) || errors.As(err, &e) && e.ErrorBound > 1e-6
}

// guess sets the voltages of the devices to those without resistance in the wires. Open
// lines are taken to be at the mean of the terminals.
func (n *newton) guess(b *Bias) {
	word, bit := b.held()
	for i, w := range word {
		for j, u := range bit {
			n.now.v[i*n.a.Cols+j] = w - u
		}
	}
}

// open reports whether parts of lines have no terminal at this bias.
func (n *newton) open(b *Bias) bool { return n.broken || b.open() }

// run solves for the bias, starting from the voltages of the present state: a guess, or
// else the solution for another bias or other branches.
func (n *newton) run(ctx context.Context, b *Bias, guess bool) error {
	if err := n.evaluate(n.now); err != nil {
		return err
	}
	_, ohmic := n.iv.(Ohmic)
	first := 1e-3
	if ohmic {
		first = n.tol / 8
	}
	n.companion(n.now, guess && !ohmic, n.open(b))
	n.whole = true
	if err := n.linear(n.now, b, first, !guess); err != nil {
		return err
	}
	if err := n.evaluate(n.now); err != nil {
		return err
	}
	size := n.measure()
	stalls := 0
	for step := 0; ; step++ {
		n.history = append(n.history, n.missing)
		n.errorBound = 0
		if size > 0 {
			n.errorBound = n.missing + n.now.bound/size
		}
		if n.errorBound <= n.tol && n.whole {
			return nil
		}
		if step == maxSteps || stalls == maxStalls {
			return &ConvergenceError{Steps: n.steps, ErrorBound: n.errorBound, Tolerance: n.tol}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		n.companion(n.now, false, n.open(b))
		if err := n.linear(n.next, b, n.target(step)*size/n.scale, true); err != nil {
			return err
		}
		n.steps++
		err := n.evaluate(n.next)
		if err != nil && !errors.Is(err, errLost) {
			return err
		}
		if err = n.cut(err != nil, max(n.tol/4, near)*size); err != nil {
			return err
		}
		before := n.missing
		n.now, n.next = n.next, n.now
		size = n.measure()
		if n.missing > before/2 {
			stalls++
		} else {
			stalls = 0
		}
	}
}
