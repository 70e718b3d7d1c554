package photonic

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// QuantumMemristor is the model quantum-memristor: a beam splitter whose reflectivity R follows the
// photons that it has seen,
//
//	n_out = (1 - R) n_in,  dR/dt = (n_in - R)/τ,
//
// for an input of the vacuum and one photon, of mean photon number n_in. Light that is
// reflected is counted and sets R; light that passes is the output. M. Spagnolo et al., Nat. Photon. 16,
// 318 (2022), doi:10.1038/s41566-022-00973-5, take the mean of n_in over a window
// for R (Window); the law above forgets exponentially instead, so that R is a state. It
// implements device.Element with the drive n and the response n_out.
type QuantumMemristor struct {
	Tau float64 // memory τ, s
	R0  float64 // initial reflectivity
}

var (
	_ device.Element   = (*QuantumMemristor)(nil)
	_ device.Responder = (*QuantumMemristor)(nil)
	_ device.Limited   = (*QuantumMemristor)(nil)
)

// NewQuantumMemristor returns a memory of 1 s at a reflectivity of a half.
func NewQuantumMemristor() *QuantumMemristor { return &QuantumMemristor{Tau: 1, R0: 0.5} }

// Info describes the model.
func (m *QuantumMemristor) Info() device.Info {
	return device.Info{
		Name: "quantum-memristor", Title: "photonic quantum memristor, one element", Technology: "photonic",
		Equations: []string{
			"n_out = (1 - r) n",
			"dr/dt = (n - r)/tau",
			"state out: rho_11 = (1 - r) n,  |rho_01| = sqrt((1 - r) n (1 - n)),  purity = 1 - 2 r (1 - r) n^2",
		},
		Notes: []string{
			"The drive is the mean photon number n of a superposition of vacuum and one photon, from 0 to 1; the trace's g is n_out/n, without unit.",
			"Spagnolo2022 sets r to the mean of n over a past window; the exponential memory is the variant that is a differential equation. tau is an assumption.",
			"Means over many photons: the counting noise of the feedback is left out.",
		},
		References: []device.Reference{spagnolo2022},
	}
}

// Params declares the parameters.
func (m *QuantumMemristor) Params() []device.Param {
	return []device.Param{
		{Name: "tau", Value: &m.Tau, Unit: "s", Range: quantity.Positive(), Meaning: "time over which the past is forgotten", Source: "assumption"},
		{Name: "r0", Value: &m.R0, Range: quantity.Between(0, 1), Meaning: "initial reflectivity", Source: spagnolo2022.Key},
	}
}

// Validate returns an error for a value outside its parameter's range.
func (m *QuantumMemristor) Validate() error { return inRange(m.Params()) }

// Drives names the mean photon number.
func (m *QuantumMemristor) Drives() []device.Variable {
	return []device.Variable{{Name: "n", Meaning: "mean photon number of the input, 0 to 1"}}
}

// Output names the response.
func (m *QuantumMemristor) Output() device.Variable {
	return device.Variable{Name: "n_out", Meaning: "mean photon number of the output"}
}

// States describes the reflectivity.
func (m *QuantumMemristor) States() []device.State {
	return []device.State{{Variable: device.Variable{Name: "r", Meaning: "reflectivity"}, Initial: m.R0, Min: 0, Max: 1, Scale: 1}}
}

// Response returns n_out.
func (m *QuantumMemristor) Response(x, u []float64, _ device.Env) float64 { return (1 - x[0]) * u[0] }

// Slope returns 1 - R.
func (m *QuantumMemristor) Slope(x, _ []float64, _ device.Env) float64 { return 1 - x[0] }

// Derivative sets dst to dR/dt, 1/s.
func (m *QuantumMemristor) Derivative(dst, x, u []float64, _ device.Env) {
	dst[0] = (u[0] - x[0]) / m.Tau
}

// Valid returns an error if the mean photon number is not from 0 to 1.
func (m *QuantumMemristor) Valid(_, u []float64, _ device.Env) error {
	if !(u[0] >= 0 && u[0] <= 1) {
		return fmt.Errorf("n is %g: must be from 0 to 1, a superposition of vacuum and one photon", u[0])
	}
	return nil
}

// Window returns the reflectivity of a memory that is the mean of n over the last so many samples,
// the law of Spagnolo et al.,
//
//	R(t) = 1/2 + (1/T) ∫ from t-T to t of (n - 1/2) dt',
//
// for evenly spaced samples of n, by trapezoids. The first window-1 entries, whose past is not known,
// take 1/2 for it. It panics if window is below 1.
func Window(n []float64, window int) []float64 {
	if window < 1 {
		panic("photonic: a window needs at least one interval")
	}
	r := make([]float64, len(n))
	sum := 0.0
	for k := range n {
		if k > 0 {
			sum += (n[k]+n[k-1])/2 - 0.5
		}
		if k > window {
			sum -= (n[k-window]+n[k-window-1])/2 - 0.5
		}
		r[k] = 0.5 + sum/float64(window)
	}
	return r
}

// A State is a quantum state of vacuum and one photon: the density matrix
// [[1 - n, c], [c*, n]].
type State struct {
	N         float64 // mean photon number
	Coherence float64 // |c|
}

// Pure returns the pure state of mean photon number n, from 0 to 1: sqrt(1-n) |0> + sqrt(n) |1>.
func Pure(n float64) State { return State{n, math.Sqrt(n * (1 - n))} }

// Transmit returns the state behind a beam splitter of reflectivity r: photons are lost and the
// coherence falls by sqrt(1 - r), the channel of amplitude damping.
func (s State) Transmit(r float64) State { return State{(1 - r) * s.N, math.Sqrt(1-r) * s.Coherence} }

// Purity returns Tr ρ²: 1 of a pure state, at least 1/2.
func (s State) Purity() float64 {
	return (1-s.N)*(1-s.N) + s.N*s.N + 2*s.Coherence*s.Coherence
}
