package ode

// A System is the right-hand side of dy/dt = f(t, y).
type System interface {
	// Dim returns the number of states.
	Dim() int

	// Derivative sets dst to f(t, y), in units of y per second, with t in
	// seconds. It must not keep or change y. It must be continuous from the
	// right at each breakpoint: there it returns the value just after.
	Derivative(dst []float64, t float64, y []float64)
}

// A Jacobian is a System that knows its matrix of partial derivatives. Without
// it Rodas5P takes finite differences, one evaluation per state and step.
type Jacobian interface {
	System

	// Jacobian sets dst[i*n+j] to ∂f_i/∂y_j at (t, y), with n = Dim().
	// It must set every entry.
	Jacobian(dst []float64, t float64, y []float64)
}

// A TimeDerivative is a System that knows ∂f/∂t at constant y. Without it
// Rodas5P takes a finite difference, one evaluation per step.
type TimeDerivative interface {
	System

	// TimeDerivative sets dst to ∂f/∂t at (t, y), in units of y per second
	// squared.
	TimeDerivative(dst []float64, t float64, y []float64)
}

// A Segmented system is told on which stretch of its drive it is asked for
// derivatives, so that it needs no search in its waveform.
type Segmented interface {
	System

	// Segment says that the calls that follow belong to the stretch after the
	// first i of the breakpoints and kinks together, in order of time; a time
	// that is both counts once. At the end of the stretch Derivative then means
	// the limit from the left, which Segmented systems must return.
	Segment(i int)
}

// Func returns the System with n states whose derivative is f.
func Func(n int, f func(dst []float64, t float64, y []float64)) System {
	return funcSystem{n, f}
}

type funcSystem struct {
	n int
	f func(dst []float64, t float64, y []float64)
}

func (s funcSystem) Dim() int { return s.n }

func (s funcSystem) Derivative(dst []float64, t float64, y []float64) { s.f(dst, t, y) }
