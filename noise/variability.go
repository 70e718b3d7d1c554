package noise

import (
	"fmt"
	"math"

	"mho/internal/quantity"
	"mho/internal/vmath"
)

// A Spread draws what values are around their nominal ones: between devices,
// with the domain D2D and event 0, or from cycle to cycle, with the domain Cycle
// and an event for each programming.
type Spread interface {
	Process
	// Spread sets dst to the values of the cells from place at on, whose nominal
	// values are given. The slices are of one length and may be the same.
	Spread(dst, nominal []float64, at At, k Key)
}

// chunkCells is the number of cells that are worked on together, so that scratch
// stays on the stack and in the first-level cache.
const chunkCells = 512

// Variability spreads values around nominal ones x,
//
//	normal            x (1 + σ z) + σ_abs z
//	truncated-normal  the same with z between Low and High
//	lognormal         x exp(σ z)          preserving the median
//	                  x exp(σ z - σ²/2)   preserving the mean
//
// with z standard normal from the Field, σ = Sigma (x/Reference)^Exponent if Reference is
// not 0, and a linear gradient over the wafer, 1 + GradientRow r + GradientCol c.
// NewVariability returns it with its defaults.
type Variability struct {
	Distribution string  // "normal", "lognormal" or "truncated-normal"
	Preserve     string  // "median" or "mean" of a lognormal or truncated normal spread
	Sigma        float64 // relative standard deviation; of the logarithm if lognormal
	SigmaAbs     float64 // standard deviation that does not scale with the value, in its unit (S)
	Reference    float64 // value at which Sigma holds, in its unit (S); 0: at every value
	Exponent     float64 // exponent of the value in σ
	Low, High    float64 // bounds of z of the truncated normal distribution
	GradientRow  float64 // relative change from row to row
	GradientCol  float64 // relative change from column to column
	Field
}

var _ Spread = (*Variability)(nil)

// NewVariability returns a lognormal spread of 10 % that preserves the median,
// independent for each cell.
func NewVariability() *Variability {
	return &Variability{Distribution: "lognormal", Preserve: "median", Sigma: 0.1, Low: -3, High: 3}
}

// Info describes the process.
func (v *Variability) Info() Info {
	return Info{
		Name: "variability", Kind: "variability",
		Title: "spread of a value between devices or from cycle to cycle: normal, truncated, lognormal, correlated in space",
		Equations: []string{
			"normal, truncated-normal: X = x (1 + s z) + sigma_abs z",
			"lognormal: X = x exp(s z) preserving the median, x exp(s z - s^2/2) preserving the mean",
			"s = sigma (x/reference)^exponent, s = sigma where reference is 0",
			"z standard normal; correlation of cells at distance d: correlated_share exp(-(d/correlation_length)^2)",
			"correlation after n programming events: exp(-n/correlation_events)",
			"gradient: X times 1 + gradient_row row + gradient_col column",
		},
		Notes: []string{
			"A normal spread above a third gives negative values now and then; populations cut them at 0.",
			"The truncated normal distribution keeps its mean at x where bounds are not symmetric if it preserves the mean, its median otherwise.",
			"The correlation in space is a fixed filter of numbers that belong to cells: it has no edges, and a cell's value does not depend on the size of the array.",
			"Low-resistance states of filamentary devices spread normally by some per cent, high-resistance states lognormally with sigma from 0.2 to 1; the defaults are round numbers of that order, not a fit.",
		},
		References: []Reference{refAitchison},
	}
}

// Params declares the parameters.
func (v *Variability) Params() []Param {
	return append([]Param{
		{Name: "distribution", Value: &v.Distribution, Options: []string{"normal", "lognormal", "truncated-normal"}, Meaning: "distribution of the spread", Source: assumed},
		{Name: "preserve", Value: &v.Preserve, Options: []string{"median", "mean"}, Meaning: "what a lognormal or truncated spread leaves at the nominal value", Source: assumed},
		{Name: "sigma", Value: &v.Sigma, Range: rangeTo(10), Meaning: "relative standard deviation, of the logarithm if lognormal", Source: assumed},
		{Name: "sigma_abs", Value: &v.SigmaAbs, Unit: "S", Range: quantity.NonNegative(), Meaning: "standard deviation that does not scale with the value; not for lognormal", Source: assumed},
		{Name: "reference", Value: &v.Reference, Unit: "S", Range: quantity.NonNegative(), Meaning: "value at which sigma holds; 0 makes sigma the same at every value", Source: assumed},
		{Name: "exponent", Value: &v.Exponent, Range: quantity.Between(-3, 3), Meaning: "exponent of the value in the relative standard deviation", Source: assumed},
		{Name: "low", Value: &v.Low, Range: quantity.Between(-8, 8), Meaning: "lower bound of the truncated distribution in standard deviations", Source: assumed},
		{Name: "high", Value: &v.High, Range: quantity.Between(-8, 8), Meaning: "upper bound of the truncated distribution in standard deviations", Source: assumed},
		{Name: "gradient_row", Value: &v.GradientRow, Range: quantity.Between(-1, 1), Meaning: "relative change from row to row", Source: assumed},
		{Name: "gradient_col", Value: &v.GradientCol, Range: quantity.Between(-1, 1), Meaning: "relative change from column to column", Source: assumed},
	}, v.Field.params()...)
}

// Validate returns an error for bounds in the wrong order, for an absolute part of
// a lognormal spread, and for an exponent or field that lacks its other half.
func (v *Variability) Validate() error {
	switch {
	case v.Distribution == "truncated-normal" && !(v.Low < v.High):
		return fmt.Errorf("low is %g: must be below high, %g", v.Low, v.High)
	case v.Distribution == "lognormal" && v.SigmaAbs != 0:
		return fmt.Errorf("sigma_abs is %g: must be 0 with a lognormal distribution", v.SigmaAbs)
	case v.Exponent != 0 && v.Reference == 0:
		return fmt.Errorf("exponent is %g without a reference: must be 0, or give the value at which sigma holds", v.Exponent)
	}
	return v.Field.validate()
}

// Spread implements Spread. A nominal value of 0 stays 0 but for SigmaAbs.
func (v *Variability) Spread(dst, nominal []float64, at At, k Key) {
	var z, sigma [chunkCells]float64
	for len(dst) > 0 {
		n := min(len(dst), chunkCells)
		v.spread(dst[:n], nominal[:n], z[:n], sigma[:n], at, k)
		dst, nominal, at.Col = dst[n:], nominal[n:], at.Col+uint32(n)
	}
}

func (v *Variability) spread(dst, nominal, z, sigma []float64, at At, k Key) {
	v.Field.Normal(z, at, k)
	v.sigmas(sigma, nominal)
	switch v.Distribution {
	case "lognormal":
		half := 0.0
		if v.Preserve == "mean" {
			half = 0.5
		}
		for i, s := range sigma {
			z[i] = float64(s*z[i]) - float64(half*s*s)
		}
		vmath.Exp(z, z)
		for i, x := range nominal {
			dst[i] = x * z[i]
		}
	default:
		if v.Distribution == "truncated-normal" {
			v.truncate(z)
		}
		for i, x := range nominal {
			dst[i] = x + float64((float64(x*sigma[i])+v.SigmaAbs)*z[i])
		}
	}
	if v.GradientRow != 0 || v.GradientCol != 0 {
		row := 1 + v.GradientRow*float64(at.Row)
		for i := range dst {
			dst[i] *= row + v.GradientCol*float64(at.Col+uint32(i))
		}
	}
}

// sigmas sets dst to the relative standard deviations at the values x.
func (v *Variability) sigmas(dst, x []float64) {
	if v.Exponent == 0 || v.Reference == 0 {
		for i := range dst {
			dst[i] = v.Sigma
		}
		return
	}
	powers(dst, x, v.Reference, v.Exponent)
	for i := range dst {
		dst[i] *= v.Sigma
	}
}

// truncate maps standard normal numbers onto the truncated distribution by its
// distribution function, so that their order and correlation are kept.
func (v *Variability) truncate(z []float64) {
	low, high := normalCDF(v.Low), normalCDF(v.High)
	shift := normalQuantile(0.5 * (low + high))
	if v.Preserve == "mean" {
		shift = (normalDensity(v.Low) - normalDensity(v.High)) / (high - low)
	}
	for i, x := range z {
		z[i] = min(max(normalQuantile(low+(high-low)*normalCDF(x)), v.Low), v.High) - shift
	}
}

// powers sets dst to (x/reference)^exponent; x at or below 0 gives the power
// at 1e-6 of the reference.
func powers(dst, x []float64, reference, exponent float64) {
	for i, v := range x {
		dst[i] = max(v/reference, 1e-6)
	}
	vmath.Ln(dst, dst)
	for i := range dst {
		dst[i] *= exponent
	}
	vmath.Exp(dst, dst)
}

func normalCDF(z float64) float64     { return 0.5 * math.Erfc(-z/math.Sqrt2) }
func normalDensity(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

// normalQuantile is -+Inf at 0 and 1.
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

func rangeTo(max float64) quantity.Range { return quantity.Between(0, max) }
