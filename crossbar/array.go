package crossbar

import (
	"context"
	"fmt"
	"math"

	"mho/crossbar/internal/line"
)

// An Array is a crossbar of ohmic devices.
type Array struct {
	Rows, Cols int       // number of word lines and bit lines
	G          []float64 // conductances, row-major, Rows x Cols, S
	Wires      Wires
}

// Settings control a solution. A nil *Settings means the defaults.
type Settings struct {
	// Tolerance is the largest acceptable bound on the error of an output,
	// relative to the largest output of its input. The default is 1e-10. It
	// cannot be below what rounding leaves, 2e-15 and more for lines without resistance.
	Tolerance float64
	// MaxIterations limits the iterations per input. The default is
	// 1000 + 10 (rows + columns).
	MaxIterations int
	// Workers is the number of goroutines; it has no influence on results.
	// The default is one per processor.
	Workers int
	// Nodes asks for node voltages and powers. The default is without.
	Nodes bool
	// Progress, unless nil, is called as inputs are finished, by one goroutine at a time.
	Progress func(done, inputs int)
}

// A Solution holds the currents of an array for a number of inputs.
type Solution struct {
	Rows, Cols, Inputs int
	I                  []float64 // output currents, Inputs x Cols, A
	VWord              []float64 // word line node voltages, Inputs x Rows x Cols, V; nil unless asked for
	VBit               []float64 // bit line node voltages, Inputs x Rows x Cols, V; nil unless asked for
	Power              []Power   // balance of power of each input; nil unless asked for

	// Bounds holds for each input a bound on the error of every output, in A. ErrorBound is the
	// largest of them, each relative to the largest output of its input; or, where the outputs
	// are so small beside the currents through the devices that this exceeds the tolerance
	// because of rounding, to a tenth of what the magnitudes of the voltages would drive (with maps of
	// resistances, to the devices of a word line).
	Bounds     []float64
	ErrorBound float64
	Iterations int // most iterations for an input
}

// Power is the balance of power of an array, in W. Source is the sum of the others.
type Power struct {
	Source float64 // delivered by the voltage sources
	Device float64 // dissipated in the devices
	Word   float64 // dissipated in the word line segments
	Bit    float64 // dissipated in the bit line segments
	Driver float64 // dissipated in the drivers
	Sense  float64 // dissipated in the sense amplifiers
}

// Validate returns an error if the dimensions do not fit the conductances, the
// wires are invalid, or a conductance is negative or not finite; it names its row and
// column, counted from 0.
func (a *Array) Validate() error {
	if a.Rows < 1 || a.Cols < 1 || a.Rows > math.MaxInt32/a.Cols {
		return fmt.Errorf("crossbar: array of %d x %d devices: rows and columns must be at least 1, devices at most %d", a.Rows, a.Cols, math.MaxInt32)
	}
	if len(a.G) != a.Rows*a.Cols {
		return fmt.Errorf("crossbar: %d conductances for an array of %d rows and %d columns: must be %d", len(a.G), a.Rows, a.Cols, a.Rows*a.Cols)
	}
	if err := a.Wires.Validate(); err != nil {
		return fmt.Errorf("crossbar: %w", err)
	}
	if err := a.Wires.fit(a.Rows, a.Cols); err != nil {
		return fmt.Errorf("crossbar: %w", err)
	}
	for i, g := range a.G {
		if !(g >= 0) || math.IsInf(g, 1) {
			return fmt.Errorf("crossbar: conductance at row %d, column %d is %g S: must be finite and not negative", i/a.Cols, i%a.Cols, g)
		}
	}
	return nil
}

// Check returns the error that Solve, Transfer and the other methods have before they begin, for
// an array or settings that are invalid or cannot be: of Validate, of a tolerance below what
// rounding leaves, and of a node that floats, having no path over wires and devices to any
// terminal, which it names. It takes some time, as long as a step of Solve.
func (a *Array) Check(set *Settings) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(a); err != nil {
		return err
	}
	_, err := a.solver(set)
	return err
}

// Solve returns the output currents for the voltages v, one vector of Rows
// values in V per input. With ideal wires they are the sums of V_i G_ij in the
// order of the rows, correct to rounding. The error tells of an invalid array, input or
// setting, of a tolerance that was not reached, or that ctx is done; a
// result beyond its tolerance is never returned. An input's result does not
// depend on the inputs beside it.
func (a *Array) Solve(ctx context.Context, v []float64, set *Settings) (*Solution, error) {
	if err := a.checkInputs(v); err != nil {
		return nil, err
	}
	if set == nil {
		set = &Settings{}
	}
	if err := set.validate(a); err != nil {
		return nil, err
	}
	s, err := a.solver(set)
	if err != nil {
		return nil, err
	}
	n, cells := len(v)/a.Rows, a.Rows*a.Cols
	sol := &Solution{Rows: a.Rows, Cols: a.Cols, Inputs: n, I: make([]float64, n*a.Cols), Bounds: make([]float64, n)}
	// A batch is the unit between looks at ctx; with node voltages, which the
	// solver keeps of one input only, it is one input.
	step := 32
	if set.Nodes {
		step = 1
		sol.VWord, sol.VBit, sol.Power = make([]float64, n*cells), make([]float64, n*cells), make([]Power, n)
	}
	for first := 0; first < n; first += step {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("crossbar: solved %d of %d inputs: %w", first, n, err)
		}
		last := min(first+step, n)
		out, in := sol.I[first*a.Cols:last*a.Cols], v[first*a.Rows:last*a.Rows]
		var r line.Result
		var err error
		if set.Nodes {
			r, err = s.Solve(out, in, set.options())
			sol.Bounds[first] = r.ErrorBound * r.Scale
		} else {
			r, err = s.SolveBatch(out, sol.Bounds[first:last], in, set.options())
		}
		if err != nil {
			return nil, fmt.Errorf("crossbar: inputs from %d on: %w", first, err)
		}
		sol.ErrorBound, sol.Iterations = max(sol.ErrorBound, r.ErrorBound), max(sol.Iterations, r.Iterations)
		if set.Nodes {
			s.WordVoltages(sol.VWord[first*cells:][:cells])
			s.BitVoltages(sol.VBit[first*cells:][:cells])
			sol.Power[first] = Power(s.Power())
		}
		if set.Progress != nil {
			set.Progress(last, n)
		}
	}
	return sol, nil
}

func (a *Array) solver(set *Settings) (*line.Solver, error) {
	s, err := line.New(a.Wires.network(a.Rows, a.Cols))
	if err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	s.Workers = set.Workers
	if err := s.SetConductances(a.G); err != nil {
		return nil, fmt.Errorf("crossbar: %w", err)
	}
	return s, nil
}

// validate returns an error for settings that cannot be met with an array.
func (s *Settings) validate(a *Array) error {
	if s.Tolerance != 0 && !(s.Tolerance > 0 && s.Tolerance < 1) {
		return fmt.Errorf("crossbar: tolerance is %g: must be above 0 and below 1", s.Tolerance)
	}
	if least := a.Wires.network(a.Rows, a.Cols).Floor(); s.tolerance() < least {
		return fmt.Errorf("crossbar: tolerance is %g: must be at least %.2g, what rounding leaves for %d x %d devices with these wires", s.Tolerance, least, a.Rows, a.Cols)
	}
	if s.MaxIterations < 0 {
		return fmt.Errorf("crossbar: maximum number of iterations is %d: must not be negative", s.MaxIterations)
	}
	return nil
}

func (s *Settings) options() *line.Options {
	return &line.Options{Tolerance: s.Tolerance, MaxIterations: s.MaxIterations}
}
