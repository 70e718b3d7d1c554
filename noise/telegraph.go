package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// A Trap is one two-state fluctuator: filled, it lowers the conductance.
type Trap struct {
	Amplitude float64 // relative change of the conductance
	Capture   float64 // mean time τ_c before an empty trap is filled, s
	Emission  float64 // mean time τ_e before a filled trap is emptied, s
}

// Filled returns the share of time that the trap is filled, τ_e/(τ_c + τ_e).
func (t Trap) Filled() float64 { return t.Emission / (t.Capture + t.Emission) }

// rate returns 1/τ_c + 1/τ_e, with which the trap forgets its state.
func (t Trap) rate() float64 { return 1/t.Capture + 1/t.Emission }

// variance returns that of the state (0 or 1).
func (t Trap) variance() float64 { p := t.Filled(); return p * (1 - p) }

// Step returns the state dt s after a state, given a uniform number: exact for any dt.
func (t Trap) Step(filled bool, dt, u float64) bool {
	p := t.Filled()
	e := math.Exp(-dt * t.rate())
	if filled {
		return u < p+(1-p)*e
	}
	return u < p*(1-e)
}

// Telegraph is random telegraph noise (RTN) of one or many traps per cell,
//
//	S_G(f) = Σ 4 ΔG²/((τ_c + τ_e) ((1/τ_c + 1/τ_e)² + (2πf)²)),
//
// whose number, amplitudes and time constants are distributed over cells. NewTelegraph
// returns it with its defaults.
type Telegraph struct {
	Traps          float64 // number of traps of a cell: its mean, or just the number
	Poisson        bool    // the number is a Poisson number; else it is a whole number, the same for each cell
	Amplitude      float64 // median relative change of the conductance by one trap, at GRef
	AmplitudeSigma float64 // standard deviation of its logarithm
	GRef           float64 // conductance at which Amplitude holds, S
	Exponent       float64 // exponent with which the relative amplitude falls with conductance
	Capture        float64 // median time before an empty trap is filled, s
	Emission       float64 // median time before a filled trap is emptied, s
	TauSigma       float64 // standard deviation of the logarithm of both times, common to both
	RatioSigma     float64 // standard deviation of ln(τ_e/τ_c)
}

var _ ReadNoise = (*Telegraph)(nil)

// NewTelegraph returns one trap per cell on average, of 1 % and milliseconds.
func NewTelegraph() *Telegraph {
	return &Telegraph{
		Traps: 1, Poisson: true, Amplitude: 0.01, AmplitudeSigma: 0.5, GRef: 25e-6,
		Capture: 1e-3, Emission: 1e-3, TauSigma: 2.3, RatioSigma: 1,
	}
}

// Info describes the process.
func (n *Telegraph) Info() Info {
	return Info{
		Name: "rtn", Kind: "read noise", Title: "random telegraph noise of one or many traps",
		Equations: []string{
			"G jumps by -dG when a trap is filled, +dG when it is emptied; dwell times exponential with means tau_c and tau_e",
			"S_G(f) = sum of 4 dG^2/((tau_c + tau_e) ((1/tau_c + 1/tau_e)^2 + (2 pi f)^2)), one-sided, in S^2/Hz",
			"dG = G amplitude (G/g_ref)^-exponent exp(amplitude_sigma N), at most G",
			"tau_c = tau_capture exp(tau_sigma N - ratio_sigma M/2), tau_e = tau_emission exp(tau_sigma N + ratio_sigma M/2)",
		},
		Notes: []string{
			"A cell keeps its traps: number, amplitudes and times are drawn once for each cell.",
			"The noise is about the mean conductance, that with each trap filled for its share of time.",
			"The update of a trap over a step is exact for any length of step.",
			"Filamentary cells show relative amplitudes that grow from about 1 % in low-resistance states to half and more above 100 kohm: set exponent to 1 for that. The defaults are round numbers of that order, not a fit.",
		},
		References: []Reference{refMachlup, refKirton},
	}
}

// Params declares the parameters.
func (n *Telegraph) Params() []Param {
	return []Param{
		{Name: "traps", Value: &n.Traps, Range: rangeTo(1000), Meaning: "number of traps of a cell, on average", Source: assumed},
		{Name: "poisson", Value: &n.Poisson, Meaning: "the number of traps is Poisson distributed over cells; false gives each cell just that many", Source: assumed},
		{Name: "amplitude", Value: &n.Amplitude, Range: rangeTo(1), Meaning: "median relative change of the conductance by one trap", Source: assumed},
		{Name: "amplitude_sigma", Value: &n.AmplitudeSigma, Range: rangeTo(5), Meaning: "standard deviation of the logarithm of the amplitude", Source: assumed},
		{Name: "g_ref", Value: &n.GRef, Unit: "S", Range: quantity.Positive(), Meaning: "conductance at which amplitude holds", Source: assumed},
		{Name: "exponent", Value: &n.Exponent, Range: quantity.Between(-3, 3), Meaning: "exponent with which the relative amplitude falls with conductance", Source: assumed},
		{Name: "tau_capture", Value: &n.Capture, Unit: "s", Range: quantity.Positive(), Meaning: "median of the mean time before an empty trap is filled", Source: assumed},
		{Name: "tau_emission", Value: &n.Emission, Unit: "s", Range: quantity.Positive(), Meaning: "median of the mean time before a filled trap is emptied", Source: assumed},
		{Name: "tau_sigma", Value: &n.TauSigma, Range: rangeTo(20), Meaning: "standard deviation of the logarithm of both times together", Source: assumed},
		{Name: "ratio_sigma", Value: &n.RatioSigma, Range: rangeTo(20), Meaning: "standard deviation of the logarithm of their ratio", Source: assumed},
	}
}

// Validate returns an error for a number of traps that is not whole where it must be.
func (n *Telegraph) Validate() error {
	if !n.Poisson && n.Traps != math.Trunc(n.Traps) {
		return fmt.Errorf("traps is %g without poisson: must be a whole number", n.Traps)
	}
	return nil
}

// The properties of traps are drawn from children of the key; the trap is the event.
const (
	trapCount = iota + 1
	trapAmplitude
	trapTau
	trapRatio
	trapState // and the trap's number: its state at each read
)

// Cell appends the traps of the cell at a place, whose event has no influence, to
// traps: the amplitudes at GRef. The key is that of Reading.Cells.
func (n *Telegraph) Cell(traps []Trap, at At, cells Key) []Trap {
	k := cells.Fold(useTelegraph)
	at.Event = 0
	count := n.Traps
	if n.Poisson {
		count = k.Fold(trapCount).PoissonAt(n.Traps, at)
	}
	amplitude, tau, ratio := k.Fold(trapAmplitude), k.Fold(trapTau), k.Fold(trapRatio)
	for i := range int(count) {
		at.Event = uint64(i)
		t := n.TauSigma * tau.NormalAt(at)
		r := 0.5 * n.RatioSigma * ratio.NormalAt(at)
		traps = append(traps, Trap{
			Amplitude: n.Amplitude * math.Exp(n.AmplitudeSigma*amplitude.NormalAt(at)),
			Capture:   n.Capture * math.Exp(t-r),
			Emission:  n.Emission * math.Exp(t+r),
		})
	}
	return traps
}

// scale returns the factor of amplitudes at conductance g.
func (n *Telegraph) scale(g float64) float64 {
	if n.Exponent == 0 {
		return 1
	}
	return math.Pow(math.Max(g/n.GRef, 1e-6), -n.Exponent)
}

// step returns ΔG of a trap in a cell of conductance g, S.
func (n *Telegraph) step(t Trap, g, scale float64) float64 {
	return math.Max(g, 0) * math.Min(t.Amplitude*scale, 1)
}

// PSD implements ReadNoise: the mean over cells, where anything is distributed. It
// is an average over 4096 cells of a stream of its own, exact where nothing is distributed.
func (n *Telegraph) PSD(f, g float64, r Reading) float64 {
	cells := 4096
	if n.AmplitudeSigma == 0 && n.TauSigma == 0 && n.RatioSigma == 0 {
		// Only the number of traps may differ, and the spectrum is linear in it.
		t := Trap{n.Amplitude, n.Capture, n.Emission}
		return n.Traps * n.spectrum(t, f, g, n.scale(g))
	}
	sum, scale := 0.0, n.scale(g)
	var traps []Trap
	for i := range cells {
		traps = n.Cell(traps[:0], At{Col: uint32(i)}, NewKey(0x505344)) // "PSD"
		for _, t := range traps {
			sum += n.spectrum(t, f, g, scale)
		}
	}
	return sum / float64(cells)
}

// CellPSD returns the one-sided power spectral density, in S²/Hz, of the cell at a
// place, at frequency f in Hz and conductance g in S.
func (n *Telegraph) CellPSD(f, g float64, at At, cells Key) float64 {
	sum, scale := 0.0, n.scale(g)
	for _, t := range n.Cell(nil, at, cells) {
		sum += n.spectrum(t, f, g, scale)
	}
	return sum
}

func (n *Telegraph) spectrum(t Trap, f, g, scale float64) float64 {
	d, l, w := n.step(t, g, scale), t.rate(), 2*math.Pi*f
	return 4 * d * d / ((t.Capture + t.Emission) * (l*l + w*w))
}

// Variances implements ReadNoise. Slow is the variance of the mean over the window,
//
//	ΔG² p (1 - p) 2 (λW - 1 + exp(-λW))/(λW)²,  λ = 1/τ_c + 1/τ_e,
//
// fast the rest of ΔG² p (1 - p).
func (n *Telegraph) Variances(slow, fast, g []float64, window float64, at At, r Reading) {
	var traps []Trap
	for i, x := range g {
		traps = n.Cell(traps[:0], At{Row: at.Row, Col: at.Col + uint32(i)}, r.Cells)
		scale := n.scale(x)
		for _, t := range traps {
			d := n.step(t, x, scale)
			v := d * d * t.variance()
			s := v * averaged(t.rate()*window)
			slow[i] += s
			fast[i] += v - s
		}
	}
}

// averaged returns 2 (x - 1 + exp(-x))/x², the share of variance that a mean over x
// correlation times keeps.
func averaged(x float64) float64 {
	if x < 1e-4 {
		return 1 - x/3
	}
	return 2 * (x + math.Expm1(-x)) / (x * x)
}

// Read implements ReadNoise: each trap is filled or empty, independently at each read.
func (n *Telegraph) Read(dst, g []float64, at At, k Key, r Reading) {
	state := k.Fold(useTelegraph)
	var traps []Trap
	for i, x := range g {
		place := At{Row: at.Row, Col: at.Col + uint32(i), Event: at.Event}
		traps = n.Cell(traps[:0], place, r.Cells)
		scale := n.scale(x)
		for j, t := range traps {
			p := t.Filled()
			d := n.step(t, x, scale)
			if state.Fold(trapState+uint64(j)).UniformAt(place) < p {
				dst[i] -= d * (1 - p)
			} else {
				dst[i] += d * p
			}
		}
	}
}

// Trace implements ReadNoise: each trap starts in its stationary state and is updated
// exactly from sample to sample.
func (n *Telegraph) Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error {
	if err := checkRate(rate); err != nil {
		return err
	}
	stream := traceKey(k.Fold(useTelegraph), at)
	scale := n.scale(g)
	u := make([]float64, min(len(dst), chunkCells))
	for j, t := range n.Cell(nil, at, r.Cells) {
		key := stream.Fold(uint64(j))
		p, d := t.Filled(), n.step(t, g, scale)
		e := math.Exp(-t.rate() / rate)
		stay, fill := p+(1-p)*e, p*(1-e) // as in Step
		filled := false
		for first := 0; first < len(dst); first += len(u) {
			part := dst[first:min(first+len(u), len(dst))]
			key.Uniform(u[:len(part)], At{Col: uint32(first)})
			for i := range part {
				limit := fill
				switch {
				case first+i == 0:
					limit = p
				case filled:
					limit = stay
				}
				if filled = u[i] < limit; filled {
					part[i] -= d * (1 - p)
				} else {
					part[i] += d * p
				}
			}
		}
	}
	return nil
}
