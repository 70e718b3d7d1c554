package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// PowerLawDrift lets conductances fall as a power of time,
//
//	G(θ) = G_P (floor + (1 - floor) (θ/t0)^-ν)  for θ > t0, G_P before,
//	ν    = |μ(g) + σ(g) N|,
//
// with ν drawn at each programming for each cell, and μ and σ clipped polynomials of
// ln(g/GRef) of the programmed conductance. NewPowerLawDrift and JoshiDrift return it.
type PowerLawDrift struct {
	T0    float64 // time at which drift begins, s
	Nu    []float64
	NuMin float64 // lower bound of μ
	NuMax float64 // upper bound of μ

	NuStd    []float64 // polynomial of σ in ln(g/GRef), ascending powers
	NuStdMin float64   // lower bound of σ
	NuStdMax float64   // upper bound of σ

	GRef  float64 // conductance at which the logarithm is 0, S
	Floor float64 // share of the conductance that does not drift
	Arrhenius

	joshi bool // a published set rather than the law's default
}

var _ Ageing = (*PowerLawDrift)(nil)

// NewPowerLawDrift returns drift with the one exponent 0.04 from 38.6 s on, that of
// the model of Nandakumar et al., doi:10.1063/1.5042408.
func NewPowerLawDrift() *PowerLawDrift {
	return &PowerLawDrift{
		T0: 38.6, Nu: []float64{0.04}, NuMax: 1, NuStd: []float64{0}, NuStdMax: 1,
		GRef: 25e-6, Arrhenius: Arrhenius{TRef: 300},
	}
}

// JoshiDrift returns the drift of a million phase-change cells, which is that of pcm-ibm but
// for following the programmed conductance rather than the target.
func JoshiDrift() *PowerLawDrift {
	return &PowerLawDrift{
		T0: 20, Nu: []float64{0.0244, -0.0155}, NuMin: 0.049, NuMax: 0.1,
		NuStd: []float64{-0.0059, -0.0125}, NuStdMin: 0.008, NuStdMax: 0.045,
		GRef: 25e-6, Arrhenius: Arrhenius{TRef: 300}, joshi: true,
	}
}

// Info describes the process.
func (d *PowerLawDrift) Info() Info {
	name, title := "power-law-drift", "drift of the conductance as a power of time"
	if d.joshi {
		name, title = "power-law-drift/joshi-2020", "drift of a million phase-change cells, its exponent by state"
	}
	return Info{
		Name: name, Title: title, Kind: "drift",
		Equations: []string{
			"G(theta) = G_P (floor + (1 - floor) (theta/t0)^-nu) for theta > t0, G_P before",
			"nu = |mu + sigma N|, drawn for each cell at each programming",
			"mu = clip(polynomial nu of ln(g/g_ref), nu_min, nu_max), sigma alike, g the programmed conductance",
			"theta = integral of exp(ea/k (1/t_ref - 1/T)) dt",
		},
		Notes: []string{
			"Advancing by a and then by b is advancing by a + b, whatever the temperatures.",
			"With an activation energy the law is that of time at t_ref, stretched; ea is 0 by default: measured drift exponents depend little on temperature.",
			"floor makes drift saturate at a share of the programmed conductance.",
		},
		References: []Reference{refIelmini, refNandakumar, refJoshi},
	}
}

// Params declares the parameters.
func (d *PowerLawDrift) Params() []Param {
	fit, spread := refNandakumar.Key, assumed
	if d.joshi {
		fit, spread = refJoshi.Key, refJoshi.Key
	}
	return append([]Param{
		{Name: "t0", Value: &d.T0, Unit: "s", Range: quantity.Positive(), Meaning: "time after programming at which drift begins", Source: fit},
		{Name: "nu", Value: &d.Nu, Range: quantity.Between(-1, 1), Meaning: "mean exponent, polynomial of ln(g/g_ref) in ascending powers", Source: fit},
		{Name: "nu_min", Value: &d.NuMin, Range: rangeTo(1), Meaning: "lower bound of the mean exponent", Source: spread},
		{Name: "nu_max", Value: &d.NuMax, Range: rangeTo(1), Meaning: "upper bound of the mean exponent", Source: spread},
		{Name: "nu_std", Value: &d.NuStd, Range: quantity.Between(-1, 1), Meaning: "standard deviation of the exponent, polynomial of ln(g/g_ref) in ascending powers", Source: spread},
		{Name: "nu_std_min", Value: &d.NuStdMin, Range: rangeTo(1), Meaning: "lower bound of the standard deviation", Source: spread},
		{Name: "nu_std_max", Value: &d.NuStdMax, Range: rangeTo(1), Meaning: "upper bound of the standard deviation", Source: spread},
		{Name: "g_ref", Value: &d.GRef, Unit: "S", Range: quantity.Positive(), Meaning: "conductance at which the logarithm of the polynomials is 0", Source: spread},
		{Name: "floor", Value: &d.Floor, Range: rangeTo(1), Meaning: "share of the conductance that does not drift", Source: assumed},
	}, d.Arrhenius.params(assumed, assumed)...)
}

// Validate returns an error for an empty polynomial, for bounds in the wrong order,
// and for a single exponent outside its bounds.
func (d *PowerLawDrift) Validate() error {
	switch {
	case len(d.Nu) == 0 || len(d.NuStd) == 0:
		return fmt.Errorf("nu has %d and nu_std %d coefficients: must be at least one each", len(d.Nu), len(d.NuStd))
	case d.NuMin > d.NuMax:
		return fmt.Errorf("nu_min is %g: must be at most nu_max, %g", d.NuMin, d.NuMax)
	case d.NuStdMin > d.NuStdMax:
		return fmt.Errorf("nu_std_min is %g: must be at most nu_std_max, %g", d.NuStdMin, d.NuStdMax)
	case len(d.Nu) == 1 && (d.Nu[0] < d.NuMin || d.Nu[0] > d.NuMax):
		return fmt.Errorf("nu is %g: must be from nu_min to nu_max, %g to %g", d.Nu[0], d.NuMin, d.NuMax)
	case len(d.NuStd) == 1 && (d.NuStd[0] < d.NuStdMin || d.NuStd[0] > d.NuStdMax):
		return fmt.Errorf("nu_std is %g: must be from nu_std_min to nu_std_max, %g to %g", d.NuStd[0], d.NuStdMin, d.NuStdMax)
	}
	return nil
}

// Exponent returns the mean and standard deviation of ν before the magnitude is taken, of
// cells programmed to g in S.
func (d *PowerLawDrift) Exponent(g float64) (mean, std float64) {
	l := vmath.LnScalar(max(g/d.GRef, 1e-7))
	return min(max(horner(d.Nu, l), d.NuMin), d.NuMax), min(max(horner(d.NuStd, l), d.NuStdMin), d.NuStdMax)
}

func horner(c []float64, x float64) float64 {
	sum := 0.0
	for k := len(c) - 1; k >= 0; k-- {
		sum = float64(sum*x) + c[k]
	}
	return sum
}

// Draw implements Ageing: own is the exponent ν.
func (d *PowerLawDrift) Draw(own, g []float64, at At, k Key) {
	k.Normal(own, at)
	for i, z := range own {
		mean, std := d.Exponent(g[i])
		own[i] = math.Abs(mean + float64(std*z))
	}
}

// Rate implements Ageing: the acceleration factor.
func (d *PowerLawDrift) Rate(temperature float64) float64 { return d.Acceleration(temperature) }

// Age implements Ageing; the clock is in s at TRef.
func (d *PowerLawDrift) Age(dst, g, own []float64, clock float64) {
	if clock <= d.T0 {
		copy(dst, g)
		return
	}
	// The logarithms are taken apart: clock/T0 may overflow.
	l := vmath.LnScalar(clock) - vmath.LnScalar(d.T0)
	var f [chunkCells]float64
	for len(dst) > 0 {
		n := min(len(dst), chunkCells)
		for i, nu := range own[:n] {
			f[i] = -nu * l
		}
		vmath.Exp(f[:n], f[:n])
		for i, x := range g[:n] {
			dst[i] = x * (d.Floor + float64((1-d.Floor)*f[i]))
		}
		dst, g, own = dst[n:], g[n:], own[n:]
	}
}

// LogDrift shifts conductances by the logarithm of time,
//
//	G(θ) = max(G_min, G_P + s ln(θ/t0))  for θ > t0, G_P before,
//
// with a slope s drawn at each programming for each cell. NewLogDrift returns it with
// the slope of a metal-oxide memory.
type LogDrift struct {
	T0       float64 // time at which drift begins, s
	Slope    float64 // mean change per e-fold of time, S
	SlopeStd float64 // its standard deviation over cells, S
	GMin     float64 // conductance at which drift ends, S
	Arrhenius
}

var _ Ageing = (*LogDrift)(nil)

// NewLogDrift returns the drift of CMO/HfOx cells, -0.089 µS per e-fold with a spread of
// 0.042 µS, doi:10.48550/arXiv.2502.04524.
func NewLogDrift() *LogDrift {
	return &LogDrift{T0: 1, Slope: -0.08900206e-6, SlopeStd: 0.04201e-6, Arrhenius: Arrhenius{TRef: 300}}
}

// Info describes the process.
func (d *LogDrift) Info() Info {
	return Info{
		Name: "log-drift", Kind: "drift", Title: "drift of the conductance with the logarithm of time",
		Equations: []string{
			"G(theta) = max(g_min, G_P + s ln(theta/t0)) for theta > t0, G_P before",
			"s = slope + slope_std N, drawn for each cell at each programming",
			"theta = integral of exp(ea/k (1/t_ref - 1/T)) dt",
		},
		Notes: []string{
			"The slope does not depend on the state: a low conductance loses a larger share.",
			"The source's spread has a part that does not grow with time; that part is programming, not drift.",
		},
		References: []Reference{refFalcone},
	}
}

// Params declares the parameters.
func (d *LogDrift) Params() []Param {
	return append([]Param{
		{Name: "t0", Value: &d.T0, Unit: "s", Range: quantity.Positive(), Meaning: "time after programming at which drift begins", Source: refFalcone.Key},
		{Name: "slope", Value: &d.Slope, Unit: "S", Range: quantity.Any(), Meaning: "mean change of the conductance per e-fold of time", Source: refFalcone.Key},
		{Name: "slope_std", Value: &d.SlopeStd, Unit: "S", Range: quantity.NonNegative(), Meaning: "standard deviation of the slope over cells", Source: refFalcone.Key},
		{Name: "g_min", Value: &d.GMin, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance below which drift does not go", Source: assumed},
	}, d.Arrhenius.params(assumed, assumed)...)
}

// Validate returns nil: every value in range is valid.
func (d *LogDrift) Validate() error { return nil }

// Draw implements Ageing: own is the slope in S.
func (d *LogDrift) Draw(own, g []float64, at At, k Key) {
	k.Normal(own, at)
	for i, z := range own {
		own[i] = d.Slope + float64(d.SlopeStd*z)
	}
}

// Rate implements Ageing: the acceleration factor.
func (d *LogDrift) Rate(temperature float64) float64 { return d.Acceleration(temperature) }

// Age implements Ageing; the clock is in s at TRef.
func (d *LogDrift) Age(dst, g, own []float64, clock float64) {
	if clock <= d.T0 {
		copy(dst, g)
		return
	}
	l := vmath.LnScalar(clock) - vmath.LnScalar(d.T0)
	for i, x := range g {
		// A cell that was programmed below GMin stays where it is.
		dst[i] = max(min(x, d.GMin), x+float64(own[i]*l))
	}
}
