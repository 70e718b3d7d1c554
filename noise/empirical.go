package noise

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"mho/internal/files"
)

// Empirical spreads values as a measured sample is spread: a nominal value is
// multiplied by a draw from the sample over its median. Draws are the sample's
// quantiles at uniform probabilities, straight between neighbours, so they never leave the
// range of the data. NewEmpirical returns it without data.
type Empirical struct {
	Values []float64 // the sample, in any unit
	File   string    // CSV with the sample; instead of Values
	Column string    // header of the sample's column in File

	sorted []float64
	median float64
}

var _ Spread = (*Empirical)(nil)

// NewEmpirical returns a process that lacks its data.
func NewEmpirical() *Empirical { return &Empirical{} }

// FromSample returns the process of a sample of at least two positive values.
func FromSample(values []float64) (*Empirical, error) {
	e := &Empirical{Values: values}
	return e, e.Load()
}

// Info describes the process.
func (e *Empirical) Info() Info {
	return Info{
		Name: "empirical", Kind: "variability", Title: "spread of a value as a measured sample is spread",
		Equations: []string{
			"X = x Q(u)/Q(1/2), u uniform, Q the sample's quantiles, straight between order statistics (definition 7 of Hyndman and Fan)",
		},
		Notes: []string{
			"Draws stay within the range of the data: tails beyond it are not invented.",
			"Give either values, or file and column.",
		},
		References: []Reference{refHyndman},
	}
}

// Params declares the parameters.
func (e *Empirical) Params() []Param {
	return []Param{
		{Name: "values", Value: &e.Values, Meaning: "the sample, in any one unit", Source: assumed},
		{Name: "file", Value: &e.File, Meaning: "CSV table with the sample, instead of values", Source: assumed},
		{Name: "column", Value: &e.Column, Meaning: "header of the sample's column in file", Source: assumed},
	}
}

// Validate returns an error unless there is one sample.
func (e *Empirical) Validate() error {
	if (len(e.Values) > 0) == (e.File != "") {
		return fmt.Errorf("values has %d entries and file is %q: must be a sample in one of them", len(e.Values), e.File)
	}
	if e.File != "" {
		return nil
	}
	return checkSample("values", e.Values)
}

func checkSample(name string, x []float64) error {
	if len(x) < 2 {
		return fmt.Errorf("%s has %d entries: must be at least 2", name, len(x))
	}
	for i, v := range x {
		if !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: entry %d is %g: must be finite and > 0", name, i+1, v)
		}
	}
	return nil
}

// Load reads the file, if there is one, and prepares the sample.
func (e *Empirical) Load() error {
	if err := e.Validate(); err != nil {
		return err
	}
	x := e.Values
	if e.File != "" {
		t, err := files.ReadTable(e.File)
		if err != nil {
			return err
		}
		if x, err = t.Floats(e.Column); err != nil {
			return err
		}
		if err := checkSample(e.File+": "+e.Column, x); err != nil {
			return err
		}
	}
	e.sorted = slices.Clone(x)
	sort.Float64s(e.sorted)
	e.median = e.Quantile(0.5)
	return nil
}

// Quantile returns the sample's quantile at probability p, from 0 to 1. It panics
// before Load.
func (e *Empirical) Quantile(p float64) float64 {
	if e.sorted == nil {
		panic("noise: Empirical without Load")
	}
	h := p * float64(len(e.sorted)-1)
	i := min(int(h), len(e.sorted)-2)
	return e.sorted[i] + (h-float64(i))*(e.sorted[i+1]-e.sorted[i])
}

// Spread implements Spread. It panics before Load.
func (e *Empirical) Spread(dst, nominal []float64, at At, k Key) {
	var u [chunkCells]float64
	for len(dst) > 0 {
		n := min(len(dst), chunkCells)
		k.Uniform(u[:n], at)
		for i, x := range nominal[:n] {
			dst[i] = x * (e.Quantile(u[i]) / e.median)
		}
		dst, nominal, at.Col = dst[n:], nominal[n:], at.Col+uint32(n)
	}
}

// A Loader is a process that reads a file before it can be used.
type Loader interface{ Load() error }
