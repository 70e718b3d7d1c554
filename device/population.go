package device

import "mho/noise"

// Kind says what a population's transfer multiplies.
type Kind int

const (
	Conductance       Kind = iota // current per voltage, S
	PowerTransmission             // optical power out per power in
	FieldTransmission             // optical field out per field in
)

// A CellModel is a statistical model of many cells.
type CellModel interface {
	Model
	// NewPopulation returns rows x cols cells, row-major, as they leave the
	// factory. Key draws their device-to-device differences; a cell's own
	// draws depend on its row and column only, not on the size of the array.
	NewPopulation(rows, cols int, env Env, key noise.Key) (Population, error)
}

// A Population is N homogeneous cells in structure-of-arrays form, in row-major
// order. Drift happens only in Advance; reading changes nothing.
type Population interface {
	// Dims returns the rows and columns.
	Dims() (rows, cols int)
	// Kind says what Transfer returns.
	Kind() Kind
	// Range returns the smallest and largest transfer that can be programmed, in S for conductances.
	Range() (min, max float64)
	// Transfer sets dst (rows*cols, row-major) to the present transfer of each
	// cell at the given bias (V; 0 is the low-field limit), without read noise.
	Transfer(dst []float64, bias float64, env Env)
	// Advance lets dt seconds pass.
	Advance(dt float64, env Env, key noise.Key)
}

// A Target is a population that can be programmed to given values by a
// closed-loop procedure that is part of its statistical model.
type Target interface {
	// ProgramTo programs every cell to its target (rows*cols, row-major, in the
	// unit of Range) and restarts its clock: afterwards the cells stand at 0 s
	// after programming.
	ProgramTo(target []float64, env Env, key noise.Key) (Report, error)
	// Reference returns the time in s after programming at which the programmed
	// state is defined; there is no drift before it.
	Reference() float64
}

// A NoisyReader is a population whose reads are noisy.
type NoisyReader interface {
	// ReadNoise sets slow and fast to the standard deviations of each cell's
	// present read noise that are slower and faster than a window in s: the
	// slow part stays the same for all reads within the window, the fast part is
	// fresh at each read. The total variance does not depend on the window.
	ReadNoise(slow, fast []float64, window float64, env Env)
}

// A Pulse is one programming pulse.
type Pulse struct {
	Drive     string  // "voltage", "current", "optical power" or "field"
	Port      string  // "stack", "strip", "gate" or "waveguide"
	Amplitude float64 // V, A, W or A/m as Drive says
	Width     float64 // s, at half amplitude
	Rise      float64 // s, rising edge
	Fall      float64 // s, falling edge
}

// Pulsed is a population that is programmed pulse by pulse.
type Pulsed interface {
	// Program applies one pulse; stress scales its amplitude cell by cell, so
	// that selected, half-selected and disturbed cells are one path.
	Program(stress []float64, pulse Pulse, env Env, key noise.Key) (Report, error)
}

// A Report tells what programming cost.
type Report struct {
	Energy    float64 // J, spent in the cells; 0 where the model does not know it
	Time      float64 // s, from the first pulse to the last; 0 where the model does not know it
	Pulses    int64   // pulses applied over all cells
	Converged float64 // share of the cells that met their target
}
