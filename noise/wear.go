package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
)

// Wear is endurance: cells wear out with the cycles of programming that they have
// seen. Cycles count as
//
//	n_eff = n exp(E_a/k (1/T_ref - 1/T)) (A/A_ref)^AmplitudeExponent.
//
// The window between the lowest and highest conductance closes with the logarithm
// of the cycles,
//
//	G_on(n)  = G_on (1 - CloseOn log10(1 + n/Onset))
//	G_off(n) = G_off + G_on CloseOff log10(1 + n/Onset),
//
// and a cell fails after a Weibull number of cycles, S(n) = exp(-(n/η)^β): it then is
// stuck, a share StuckSet of all at SET, the rest at RESET. NewWear returns it with its
// defaults.
type Wear struct {
	Eta               float64 // cycles after which 1/e of the cells is alive
	Beta              float64 // Weibull shape
	StuckSet          float64 // share of the failed cells that are stuck at SET, the highest conductance
	Onset             float64 // cycles at which the window begins to close
	CloseOn           float64 // share by which the highest conductance falls per decade of cycles
	CloseOff          float64 // share of the highest conductance by which the lowest rises per decade
	CyclesPerWrite    float64 // cycles that one programming of a population counts
	AmplitudeExponent float64 // exponent of the relative amplitude in the wear of a cycle
	Arrhenius
}

var _ Process = (*Wear)(nil)

// NewWear returns 1e8 cycles with a shape of 1.5, half of the failures stuck at SET: a
// typical filamentary cell, an assumption.
func NewWear() *Wear {
	return &Wear{
		Eta: 1e8, Beta: 1.5, StuckSet: 0.5, Onset: 1e4, CloseOn: 0.02, CloseOff: 0.005, CyclesPerWrite: 1,
		AmplitudeExponent: 0, Arrhenius: Arrhenius{TRef: 300},
	}
}

// Info describes the process.
func (w *Wear) Info() Info {
	return Info{
		Name: "endurance", Kind: "endurance", Title: "wear: the window closes with cycles and cells get stuck after a Weibull number of them",
		Equations: []string{
			"share alive after n cycles: exp(-(n/eta)^beta)",
			"g_on(n) = g_on (1 - close_on log10(1 + n/onset)), g_off(n) = g_off + g_on close_off log10(1 + n/onset)",
			"a cycle counts as exp(ea/k (1/t_ref - 1/T)) (A/A_ref)^amplitude_exponent",
			"a failed cell is stuck at SET (g_on) with probability stuck_set, else at RESET (g_off)",
		},
		Notes: append([]string{
			"A cell's cycles to failure and its way to fail are drawn once for each cell; every programming adds to its wear.",
			"The defaults are round numbers for a filamentary cell. Published figures, most of them best values of single cells:",
		}, figureNotes()...),
		References: []Reference{refWeibull, refLanza, refMeena, refRoadmap},
	}
}

// Params declares the parameters.
func (w *Wear) Params() []Param {
	return append([]Param{
		{Name: "eta", Value: &w.Eta, Range: quantity.Positive(), Meaning: "cycles after which 1/e of the cells is alive", Source: assumed},
		{Name: "beta", Value: &w.Beta, Range: quantity.Range{Min: 0, Max: 50, MinOpen: true}, Meaning: "Weibull shape of the cycles to failure", Source: assumed},
		{Name: "stuck_set", Value: &w.StuckSet, Range: rangeTo(1), Meaning: "share of the failed cells that are stuck at SET", Source: assumed},
		{Name: "onset", Value: &w.Onset, Range: quantity.Positive(), Meaning: "cycles at which the window begins to close", Source: assumed},
		{Name: "close_on", Value: &w.CloseOn, Range: rangeTo(1), Meaning: "share by which the highest conductance falls per decade of cycles", Source: assumed},
		{Name: "close_off", Value: &w.CloseOff, Range: rangeTo(1), Meaning: "share of the highest conductance by which the lowest rises per decade of cycles", Source: assumed},
		{Name: "cycles_per_write", Value: &w.CyclesPerWrite, Range: quantity.NonNegative(), Meaning: "cycles that one programming to a target counts", Source: assumed},
		{Name: "amplitude_exponent", Value: &w.AmplitudeExponent, Range: quantity.Between(-100, 100), Meaning: "exponent of the relative pulse amplitude in the wear of a cycle", Source: assumed},
	}, w.Arrhenius.params(assumed, assumed)...)
}

// Validate returns nil: every value in range is valid.
func (w *Wear) Validate() error { return nil }

// Cycles returns what n cycles count at a temperature in K and an amplitude relative
// to that for which Eta holds.
func (w *Wear) Cycles(n, temperature, amplitude float64) float64 {
	n *= w.Acceleration(temperature)
	if w.AmplitudeExponent != 0 {
		n *= math.Pow(amplitude, w.AmplitudeExponent)
	}
	return n
}

// Alive returns the share of cells that are alive after n cycles.
func (w *Wear) Alive(n float64) float64 { return math.Exp(-math.Pow(n/w.Eta, w.Beta)) }

// CyclesTo returns the cycles after which a share of the cells has failed. The error tells
// that the share is not between 0 and 1.
func (w *Wear) CyclesTo(failed float64) (float64, error) {
	if !(failed > 0 && failed < 1) {
		return 0, fmt.Errorf("share of failed cells is %g: must be > 0 and < 1", failed)
	}
	return w.Eta * math.Pow(-math.Log1p(-failed), 1/w.Beta), nil
}

// Life sets cycles to the cycles to failure of the cells from place at on, whose event has no
// influence, and set to whether each is then stuck at SET.
func (w *Wear) Life(cycles []float64, set []bool, at At, k Key) {
	at.Event = 0
	k.Exponential(cycles, at)
	var u [chunkCells]float64
	for i := range cycles {
		if i%chunkCells == 0 {
			m := min(chunkCells, len(cycles)-i)
			k.Uniform(u[:m], At{Row: at.Row, Col: at.Col + uint32(i)})
		}
		cycles[i] = w.Eta * math.Pow(cycles[i], 1/w.Beta)
		set[i] = u[i%chunkCells] < w.StuckSet
	}
}

// Window returns the ends, in S, of the window between gOff and gOn after n
// cycles. Once closed it stays closed, at its middle.
func (w *Wear) Window(gOff, gOn, n float64) (off, on float64) {
	l := math.Log10(1 + n/w.Onset)
	on = gOn * (1 - w.CloseOn*l)
	off = gOff + gOn*w.CloseOff*l
	if off >= on {
		// Both lines are straight in l: they meet at the conductance where they cross.
		l = (gOn - gOff) / (gOn * (w.CloseOn + w.CloseOff))
		on = gOn * (1 - w.CloseOn*l)
		off = on
	}
	return off, on
}

// An EnduranceFigure is a published number of cycles.
type EnduranceFigure struct {
	Technology string
	Cycles     float64
	Bound      string // "", "above" or "about"
	Source     Reference
}

// EnduranceFigures lists published endurances by technology, as reviews tell them:
// typical or best values, not distributions.
func EnduranceFigures() []EnduranceFigure {
	return []EnduranceFigure{
		{"RRAM, Pt/Ta2O5-x/TaO2-x/Pt, best", 1e12, "", refLanza},
		{"RRAM, Pt/TaOx/Pt, best", 5e9, "", refLanza},
		{"RRAM (valence change), typical, lower end", 1e6, "about", refRoadmap},
		{"RRAM (valence change), typical, upper end", 1e9, "about", refRoadmap},
		{"phase-change memory", 1e12, "", refMeena},
		{"ferroelectric RAM", 1e12, "", refMeena},
		{"MRAM", 1e15, "above", refMeena},
		{"STT-MRAM", 1e16, "above", refMeena},
		{"FeFET, typical", 1e5, "about", refRoadmap},
	}
}

func figureNotes() []string {
	var notes []string
	for _, f := range EnduranceFigures() {
		bound := f.Bound
		if bound != "" {
			bound += " "
		}
		notes = append(notes, fmt.Sprintf("%s: %s%.0e cycles (%s).", f.Technology, bound, f.Cycles, f.Source.Key))
	}
	return notes
}
