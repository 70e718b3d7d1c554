package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// A Reading is the circumstances of reads.
type Reading struct {
	Temperature float64 // K
	Bandwidth   float64 // of the circuit that reads, Hz
	Age         float64 // time since programming, s
	Cells       Key     // names the cells: draws what they have of their own, such as traps
}

// A ReadNoise is noise in what reading a conductance gives, about its mean: noise
// of the current over the voltage of the read.
//
// In ensembles, slow noise is what stays the same for all reads within a window,
// fast noise what each read has afresh; their variances add up to the whole whatever
// the window. A single read draws all of it. A trace is the noise of one cell over time.
type ReadNoise interface {
	Process
	// PSD returns the one-sided power spectral density, in S²/Hz, at frequency f
	// in Hz of a cell of conductance g in S.
	PSD(f, g float64, r Reading) float64
	// Variances adds the variances, in S², of the noise that is slower and faster
	// than a window in s to slow and fast: those of the cells from place at on, of
	// conductances g. The event of at has no influence.
	Variances(slow, fast, g []float64, window float64, at At, r Reading)
	// Read adds to dst the noise of one read, the event of at, of the cells from
	// place at on.
	Read(dst, g []float64, at At, k Key, r Reading)
	// Trace adds to dst the noise of the cell at a place, of conductance g, in
	// samples at a rate in Hz. The event of at is the number of the trace. Traces
	// of more than a few thousand samples take memory of some times their length.
	// The error tells of a rate that is not positive.
	Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error
}

func checkRate(rate float64) error {
	if !(rate > 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("sampling rate is %g Hz: must be finite and > 0 Hz", rate)
	}
	return nil
}

// A white noise has variance σ² = ∫ S df up to the bandwidth, and is fresh at each
// read: reads are taken to be further apart than 1/bandwidth.
type white interface {
	PSD(f, g float64, r Reading) float64
	variance(g float64, r Reading) float64
}

func whiteVariances(w white, fast, g []float64, r Reading) {
	for i, x := range g {
		fast[i] += w.variance(x, r)
	}
}

func whiteRead(w white, dst, g []float64, at At, k Key, r Reading) {
	var z [chunkCells]float64
	for len(dst) > 0 {
		n := min(len(dst), chunkCells)
		k.Normal(z[:n], at)
		for i, x := range g[:n] {
			dst[i] += math.Sqrt(w.variance(x, r)) * z[i]
		}
		dst, g, at.Col = dst[n:], g[n:], at.Col+uint32(n)
	}
}

// whiteTrace draws independent samples where they are so far apart that the noise
// has forgotten the one before, with all of its variance folded below rate/2; else
// it follows the spectrum.
func whiteTrace(w white, dst []float64, g, rate float64, at At, k Key, r Reading) error {
	if err := checkRate(rate); err != nil {
		return err
	}
	if rate < 2*r.Bandwidth {
		z := make([]float64, len(dst))
		traceKey(k, at).Normal(z, At{})
		s := math.Sqrt(w.variance(g, r))
		for i, x := range z {
			dst[i] += float64(s * x)
		}
		return nil
	}
	return Synthesize(dst, rate, func(f float64) float64 { return w.PSD(f, g, r) }, traceKey(k, at))
}

// traceKey names the stream of one trace of one cell.
func traceKey(k Key, at At) Key {
	return k.Fold(uint64(at.Row)<<32 | uint64(at.Col)).Fold(at.Event)
}

// ThermalNoise is the Johnson-Nyquist noise of a conductance,
//
//	S_I = 4 k T G,  S_G = S_I/V².
type ThermalNoise struct {
	VRead float64 // voltage of a read, V
}

var _ ReadNoise = (*ThermalNoise)(nil)

// NewThermalNoise returns thermal noise in reads at 0.2 V.
func NewThermalNoise() *ThermalNoise { return &ThermalNoise{VRead: 0.2} }

// Info describes the process.
func (n *ThermalNoise) Info() Info {
	return Info{
		Name: "thermal", Kind: "read noise", Title: "thermal (Johnson-Nyquist) noise of a conductance",
		Equations: []string{"S_I = 4 k T G, one-sided, in A^2/Hz", "sigma_G = sqrt(4 k T G B)/v_read"},
		Notes:     []string{"B is the bandwidth of the environment; T its temperature."},
		References: []Reference{
			refNyquist,
		},
	}
}

// Params declares the parameters.
func (n *ThermalNoise) Params() []Param { return []Param{vRead(&n.VRead)} }

func vRead(v *float64) Param {
	return Param{Name: "v_read", Value: v, Unit: "V", Range: quantity.Positive(), Meaning: "voltage of a read", Source: assumed}
}

// Validate returns nil: every value in range is valid.
func (n *ThermalNoise) Validate() error { return nil }

// PSD implements ReadNoise: 4kTG/V² up to the bandwidth.
func (n *ThermalNoise) PSD(f, g float64, r Reading) float64 {
	if f > r.Bandwidth {
		return 0
	}
	return 4 * boltzmann * r.Temperature * math.Max(g, 0) / (n.VRead * n.VRead)
}

func (n *ThermalNoise) variance(g float64, r Reading) float64 {
	return n.PSD(0, g, r) * r.Bandwidth
}

// Variances implements ReadNoise: all of it is fast.
func (n *ThermalNoise) Variances(slow, fast, g []float64, window float64, at At, r Reading) {
	whiteVariances(n, fast, g, r)
}

// Read implements ReadNoise.
func (n *ThermalNoise) Read(dst, g []float64, at At, k Key, r Reading) {
	whiteRead(n, dst, g, at, k.Fold(useThermal), r)
}

// Trace implements ReadNoise.
func (n *ThermalNoise) Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error {
	return whiteTrace(n, dst, g, rate, at, k.Fold(useThermal), r)
}

// The kinds of read noise of one cell draw from children of the key of reads.
const (
	useThermal = iota + 1
	useShot
	useFlicker
	useTelegraph
	useCircuit
)

// ShotNoise is the noise of a current of independent charges,
//
//	S_I = 2 q |I| F,  S_G = S_I/V².
type ShotNoise struct {
	VRead float64 // voltage of a read, V
	Fano  float64 // factor F on the full shot noise
}

var _ ReadNoise = (*ShotNoise)(nil)

// NewShotNoise returns full shot noise in reads at 0.2 V.
func NewShotNoise() *ShotNoise { return &ShotNoise{VRead: 0.2, Fano: 1} }

// Info describes the process.
func (n *ShotNoise) Info() Info {
	return Info{
		Name: "shot", Kind: "read noise", Title: "shot noise of the read current",
		Equations: []string{"S_I = 2 q |I| fano, one-sided, in A^2/Hz", "sigma_G = sqrt(2 q G v_read fano B)/v_read"},
		Notes: []string{
			"Full shot noise (fano = 1) is that of a tunnelling barrier; diffusive conductors have a third of it, macroscopic resistors none.",
			"Add it to thermal noise only where v_read is well above kT/q: below, both describe the same fluctuations.",
		},
		References: []Reference{refSchottky},
	}
}

// Params declares the parameters.
func (n *ShotNoise) Params() []Param {
	return []Param{
		vRead(&n.VRead),
		{Name: "fano", Value: &n.Fano, Range: quantity.NonNegative(), Meaning: "factor on the full shot noise", Source: refSchottky.Key},
	}
}

// Validate returns nil: every value in range is valid.
func (n *ShotNoise) Validate() error { return nil }

// PSD implements ReadNoise: 2qGF/V up to the bandwidth.
func (n *ShotNoise) PSD(f, g float64, r Reading) float64 {
	if f > r.Bandwidth {
		return 0
	}
	return 2 * charge * n.Fano * math.Max(g, 0) / n.VRead
}

func (n *ShotNoise) variance(g float64, r Reading) float64 { return n.PSD(0, g, r) * r.Bandwidth }

// Variances implements ReadNoise: all of it is fast.
func (n *ShotNoise) Variances(slow, fast, g []float64, window float64, at At, r Reading) {
	whiteVariances(n, fast, g, r)
}

// Read implements ReadNoise.
func (n *ShotNoise) Read(dst, g []float64, at At, k Key, r Reading) {
	whiteRead(n, dst, g, at, k.Fold(useShot), r)
}

// Trace implements ReadNoise.
func (n *ShotNoise) Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error {
	return whiteTrace(n, dst, g, rate, at, k.Fold(useShot), r)
}

// CircuitNoise is the noise of the amplifier that reads, referred to its input,
//
//	S_I = i_n² + e_n² (G² + (2π f C)²),  S_G = S_I/V².
type CircuitNoise struct {
	VRead float64 // voltage of a read, V
	IN    float64 // noise current density, A/√Hz
	EN    float64 // noise voltage density, V/√Hz
	C     float64 // capacitance at the input, F
}

var _ ReadNoise = (*CircuitNoise)(nil)

// NewCircuitNoise returns an amplifier of 10 fA/√Hz, 5 nV/√Hz and 1 pF in reads at 0.2 V.
func NewCircuitNoise() *CircuitNoise {
	return &CircuitNoise{VRead: 0.2, IN: 10e-15, EN: 5e-9, C: 1e-12}
}

// Info describes the process.
func (n *CircuitNoise) Info() Info {
	return Info{
		Name: "circuit", Kind: "read noise", Title: "noise of the read amplifier, referred to its input",
		Equations: []string{
			"S_I = i_n^2 + e_n^2 (G^2 + (2 pi f c_in)^2), one-sided, in A^2/Hz",
			"sigma_G = sqrt(integral of S_I up to B)/v_read = sqrt((i_n^2 + e_n^2 G^2) B + e_n^2 (2 pi c_in)^2 B^3/3)/v_read",
		},
		Notes: []string{
			"Per cell, as if each were read by an amplifier of its own. The noise of converters on whole columns is that of the tile.",
			"The densities are those of a good low-noise amplifier, round numbers and not a particular circuit.",
		},
		References: []Reference{refHorowitz},
	}
}

// Params declares the parameters.
func (n *CircuitNoise) Params() []Param {
	return []Param{
		vRead(&n.VRead),
		{Name: "i_n", Value: &n.IN, Range: quantity.NonNegative(), Meaning: "noise current density in A per root hertz", Source: assumed},
		{Name: "e_n", Value: &n.EN, Range: quantity.NonNegative(), Meaning: "noise voltage density in V per root hertz", Source: assumed},
		{Name: "c_in", Value: &n.C, Unit: "F", Range: quantity.NonNegative(), Meaning: "capacitance at the input", Source: assumed},
	}
}

// Validate returns nil: every value in range is valid.
func (n *CircuitNoise) Validate() error { return nil }

// PSD implements ReadNoise, up to the bandwidth.
func (n *CircuitNoise) PSD(f, g float64, r Reading) float64 {
	if f > r.Bandwidth {
		return 0
	}
	y := 2 * math.Pi * f * n.C
	return (n.IN*n.IN + n.EN*n.EN*(g*g+y*y)) / (n.VRead * n.VRead)
}

func (n *CircuitNoise) variance(g float64, r Reading) float64 {
	y := 2 * math.Pi * r.Bandwidth * n.C
	return (n.IN*n.IN + n.EN*n.EN*(g*g+y*y/3)) * r.Bandwidth / (n.VRead * n.VRead)
}

// Variances implements ReadNoise: all of it is fast.
func (n *CircuitNoise) Variances(slow, fast, g []float64, window float64, at At, r Reading) {
	whiteVariances(n, fast, g, r)
}

// Read implements ReadNoise.
func (n *CircuitNoise) Read(dst, g []float64, at At, k Key, r Reading) {
	whiteRead(n, dst, g, at, k.Fold(useCircuit), r)
}

// Trace implements ReadNoise.
func (n *CircuitNoise) Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error {
	return whiteTrace(n, dst, g, rate, at, k.Fold(useCircuit), r)
}
