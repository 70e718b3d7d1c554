package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// Flicker is 1/f noise,
//
//	S_G(f) = (G Q(G))² (1 Hz)^(γ-1)/f^γ  for f_min < f < f_max,  Q = min(Q (G/GRef)^-Exponent, QMax).
//
// The band ends above at 1/(2 TRead), half the reciprocal of a read, and below at FLow, or,
// where FLow is 0, at 1/(t + TRead) with the time t since programming: the noise of
// a single read then gathers with time,
//
//	σ_G = G Q sqrt(ln((t + TRead)/(2 TRead)))  for γ = 1.
//
// NewFlicker returns it with its defaults.
type Flicker struct {
	Q        float64 // relative noise at GRef: sqrt(S_G)/G at 1 Hz
	GRef     float64 // conductance at which Q holds, S
	Exponent float64 // exponent with which Q falls with conductance
	QMax     float64 // upper bound of Q
	Gamma    float64 // exponent of the spectrum
	TRead    float64 // duration of a read, s
	FLow     float64 // lower end of the band, Hz; 0: the reciprocal of the time since programming
}

var _ ReadNoise = (*Flicker)(nil)

// NewFlicker returns the read noise of a million phase-change cells, that of pcm-ibm,
// doi:10.1038/s41467-020-16108-9.
func NewFlicker() *Flicker {
	return &Flicker{Q: 0.0088, GRef: 25e-6, Exponent: 0.65, QMax: 0.2, Gamma: 1, TRead: 250e-9}
}

// Info describes the process.
func (n *Flicker) Info() Info {
	return Info{
		Name: "flicker", Kind: "read noise", Title: "1/f noise of the conductance",
		Equations: []string{
			"S_G(f) = (G Q)^2 (1 Hz)^(gamma-1)/f^gamma from f_low to 1/(2 t_read), one-sided, in S^2/Hz",
			"Q = min(q (G/g_ref)^-exponent, q_max)",
			"f_low = 1/(t + t_read) where it is 0: sigma_G = G Q sqrt(ln((t + t_read)/(2 t_read))) of a single read at gamma = 1",
		},
		Notes: []string{
			"The variance of one read is the spectrum's integral; most of it is slower than any sequence of reads, and is the same for all of them.",
			"Traces are normal noise with just this spectrum at each of their frequencies. What is slower than the trace is a constant in it.",
			"Q follows the conductance at the time of reading.",
			"1/f noise is what many traps of random telegraph noise sum to: do not have both at full strength.",
		},
		References: []Reference{refJoshi, refDutta, refTimmer},
	}
}

// Params declares the parameters.
func (n *Flicker) Params() []Param {
	fit := refJoshi.Key
	return []Param{
		{Name: "q", Value: &n.Q, Range: quantity.NonNegative(), Meaning: "relative noise at g_ref: root of S_G over G at 1 Hz", Source: fit},
		{Name: "g_ref", Value: &n.GRef, Unit: "S", Range: quantity.Positive(), Meaning: "conductance at which q holds", Source: fit},
		{Name: "exponent", Value: &n.Exponent, Range: quantity.Between(-3, 3), Meaning: "exponent with which the relative noise falls with conductance", Source: fit},
		{Name: "q_max", Value: &n.QMax, Range: quantity.NonNegative(), Meaning: "upper bound of the relative noise", Source: fit},
		{Name: "gamma", Value: &n.Gamma, Range: quantity.Range{Min: 0, Max: 2, MinOpen: true, MaxOpen: true}, Meaning: "exponent of the spectrum", Source: refDutta.Key},
		{Name: "t_read", Value: &n.TRead, Unit: "s", Range: quantity.Positive(), Meaning: "duration of a read: the band ends at half its reciprocal", Source: fit},
		{Name: "f_low", Value: &n.FLow, Unit: "Hz", Range: quantity.NonNegative(), Meaning: "lower end of the band; 0 is the reciprocal of the time since programming", Source: assumed},
	}
}

// Validate returns an error for an empty band.
func (n *Flicker) Validate() error {
	if top := 1 / (2 * n.TRead); n.FLow >= top {
		return fmt.Errorf("f_low is %s: must be below the top of the band, 1/(2 t_read) = %s", quantity.Format(n.FLow, "Hz"), quantity.Format(top, "Hz"))
	}
	return nil
}

// Band returns the ends of the spectrum in Hz at an age in s; they are equal where
// no noise has gathered yet.
func (n *Flicker) Band(age float64) (low, high float64) {
	high = 1 / (2 * n.TRead)
	if n.FLow > 0 {
		return n.FLow, high
	}
	return math.Min(1/(age+n.TRead), high), high
}

// power returns the integral of f^-γ from low to high, in units of 1 Hz; 0 if the
// band is empty.
func (n *Flicker) power(low, high float64) float64 {
	if !(low < high) {
		return 0
	}
	l := math.Log(high / low)
	if x := (1 - n.Gamma) * l; math.Abs(x) > 1e-12 {
		return math.Pow(low, 1-n.Gamma) * math.Expm1(x) / (1 - n.Gamma)
	}
	return math.Pow(low, 1-n.Gamma) * l
}

// amplitudes sets dst to G Q(G).
func (n *Flicker) amplitudes(dst, g []float64) {
	powers(dst, g, n.GRef, -n.Exponent)
	for i, x := range g {
		dst[i] = max(x, 0) * min(n.Q*dst[i], n.QMax)
	}
}

// PSD implements ReadNoise.
func (n *Flicker) PSD(f, g float64, r Reading) float64 {
	low, high := n.Band(r.Age)
	if f < low || f > high {
		return 0
	}
	var a [1]float64
	n.amplitudes(a[:], []float64{g})
	return a[0] * a[0] * math.Pow(f, -n.Gamma)
}

// Variances implements ReadNoise. Fast is what lies above the reciprocal of the window
// plus a read; nothing if the window is not above a read.
func (n *Flicker) Variances(slow, fast, g []float64, window float64, at At, r Reading) {
	low, high := n.Band(r.Age)
	total := n.power(low, high)
	quick := n.power(math.Max(low, 1/(window+n.TRead)), high)
	var a [chunkCells]float64
	for len(g) > 0 {
		m := min(len(g), chunkCells)
		n.amplitudes(a[:m], g[:m])
		for i, x := range a[:m] {
			slow[i] += x * x * (total - quick)
			fast[i] += x * x * quick
		}
		slow, fast, g = slow[m:], fast[m:], g[m:]
	}
}

// Read implements ReadNoise. Reads share nothing, as if long apart.
func (n *Flicker) Read(dst, g []float64, at At, k Key, r Reading) {
	k = k.Fold(useFlicker)
	s := math.Sqrt(n.power(n.Band(r.Age)))
	var a, z [chunkCells]float64
	for len(dst) > 0 {
		m := min(len(dst), chunkCells)
		n.amplitudes(a[:m], g[:m])
		k.Normal(z[:m], at)
		for i, x := range a[:m] {
			dst[i] += float64(x * s * z[i])
		}
		dst, g, at.Col = dst[m:], g[m:], at.Col+uint32(m)
	}
}

// Trace implements ReadNoise. A trace has the spectrum's lines from rate/n to rate/2,
// n the power of 2 at or above its length, and a constant with the variance of what
// is slower.
func (n *Flicker) Trace(dst []float64, g, rate float64, at At, k Key, r Reading) error {
	if err := checkRate(rate); err != nil {
		return err
	}
	if len(dst) == 0 {
		return nil
	}
	k = traceKey(k.Fold(useFlicker), at)
	low, high := n.Band(r.Age)
	var a [1]float64
	n.amplitudes(a[:], []float64{g})
	m := period(len(dst))
	spacing := rate / float64(m)
	psd := make([]float64, m/2)
	for i := range psd {
		psd[i] = float64(i+1) * spacing
	}
	first, last := 0, len(psd)
	for first < last && psd[first] < low {
		first++
	}
	for last > first && psd[last-1] > high {
		last--
	}
	clear(psd[:first])
	clear(psd[last:])
	band := psd[first:last]
	vmath.Ln(band, band)
	for i, l := range band {
		band[i] = -n.Gamma * l
	}
	vmath.Exp(band, band)
	for i := range band {
		band[i] *= a[0] * a[0]
	}
	synthesize(dst, rate, psd, k)
	// The line at the spacing stands for frequencies from half of it on.
	slower := a[0] * math.Sqrt(n.power(low, math.Min(spacing/2, high))) * k.Fold(useFlicker).NormalAt(At{})
	for i := range dst {
		dst[i] += slower
	}
	return nil
}
