package device

import "math"

// A State is one state variable of an element with its bounds.
type State struct {
	Variable
	Initial  float64
	Min, Max float64 // bounds; the state rests on a bound while it is driven outward and leaves as soon as it is driven inward
	Scale    float64 // a typical change, to measure integration errors with; > 0
}

// Voltage is the drive of a two-terminal element, Current its response; a
// current-driven element has them the other way round.
var (
	Voltage = Variable{"v", "V", "voltage across the element"}
	Current = Variable{"i", "A", "current through the element"}
)

// An Element is a device as a dynamical system,
//
//	dx/dt = f(x, u),  i = h(x, u),
//
// with a few state variables x and a small vector of drives u, of which the
// first is the terminal's voltage or current. Methods do not change the
// element, so one element may serve many states at a time.
type Element interface {
	Model
	// Drives names the drives; the first is Voltage or Current, but for a Responder.
	Drives() []Variable
	// States describes the state variables.
	States() []State
	// Response returns the current in A of a voltage-driven element, and the
	// voltage in V of a current-driven one.
	Response(x, u []float64, env Env) float64
	// Derivative sets dst to dx/dt in units of each state per second.
	Derivative(dst, x, u []float64, env Env)
}

// A Responder is an element that is not electrical: its drives are its own, and so is its
// response.
type Responder interface {
	// Output names what Response returns.
	Output() Variable
}

// Electrical reports whether the first drive of el is its voltage or its current.
func Electrical(el Element) bool {
	_, other := el.(Responder)
	return !other
}

// A Sloped element knows the slope of its response.
type Sloped interface {
	// Slope returns d Response / d u[0] at frozen state.
	Slope(x, u []float64, env Env) float64
}

// A Probed element tells response and slope at once, where that costs less than one
// after the other: circuits around it, such as WithSeries, ask for both many times.
type Probed interface {
	Sloped
	// Probe returns Response and Slope at frozen state.
	Probe(x, u []float64, env Env) (response, slope float64)
}

// A Stiff element asks for an implicit integrator.
type Stiff interface {
	Stiff() bool
}

// A Limited element knows where its law ends. Run asks at every row of the trace
// and stops there: response and derivative beyond are some continuation, finite
// but without meaning.
type Limited interface {
	// Valid returns an error that says which quantity is beyond what is allowed.
	Valid(x, u []float64, env Env) error
}

// A Looped element knows a sinusoidal voltage that shows its hysteresis.
type Looped interface {
	// LoopDrive returns an amplitude in V and a frequency in Hz.
	LoopDrive() (amplitude, frequency float64)
}

// A Mapped element may ask to be integrated in coordinates of its own, in which
// a bound that is never reached lies at infinity: a state that comes within
// rounding of such a bound then still finds its way back.
type Mapped interface {
	// Mapping returns the coordinates, or nil to be integrated in its states.
	Mapping() Mapping
}

// A Mapping is a change of coordinates y of an element's states x, as many as
// there are states, each from -Inf to +Inf and of the order of one.
type Mapping interface {
	// Forward sets y to the coordinates of the states x.
	Forward(y, x []float64)
	// Inverse sets x to the states at the coordinates y.
	Inverse(x, y []float64)
	// Derivative sets dst to dy/dt in 1/s, given y and its states x.
	Derivative(dst, y, x, u []float64, env Env)
}

// mappingOf returns the coordinates that el asks for, or nil.
func mappingOf(el Element) Mapping {
	if m, ok := el.(Mapped); ok {
		return m.Mapping()
	}
	return nil
}

// CurrentDriven reports whether the first drive of el is its current.
func CurrentDriven(el Element) bool { return el.Drives()[0].Unit == Current.Unit }

// Slope returns d Response / d u[0] at frozen state, in S of a voltage-driven
// element and in ohm of a current-driven one: el's own slope if it knows it,
// else a central difference over 2e-5 of u[0], or over 2 µV or 2 pA where u[0]
// is zero.
func Slope(el Element, x, u []float64, env Env) float64 {
	if s, ok := el.(Sloped); ok {
		return s.Slope(x, u, env)
	}
	h := 1e-5 * math.Abs(u[0])
	if h == 0 {
		h = 1e-6
		if CurrentDriven(el) {
			h = 1e-12
		}
	}
	lo, hi := u[0]-h, u[0]+h
	return (respond(el, x, u, hi, env) - respond(el, x, u, lo, env)) / (hi - lo)
}
