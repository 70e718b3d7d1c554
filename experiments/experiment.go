package experiments

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"mho/internal/files"
	"mho/internal/quantity"
	"mho/noise"
	"mho/plots"
)

//go:embed configs/*.toml
var configs embed.FS

// An Experiment is one kind of study.
type Experiment struct {
	Name    string // in TOML, on the command line, and of its file in configs/
	Summary string // one line
	New     func() Study
	Draw    func(r *Results) ([]Figure, error)
}

// A Study computes one point: a set of parameters without free axes.
type Study interface {
	// Configure declares the study's parameters and takes their values from c.
	// It does no work beyond checking them.
	Configure(c *Config) error
	// Run computes the point. All randomness comes from key.
	Run(ctx context.Context, key noise.Key) (*Record, error)
}

// A Record is what a point yields.
type Record struct {
	Values   []Value            // the point's row in data.csv
	Tables   []Table            // longer results, for the figures
	Arrays   []files.NamedArray // large results of float64, kept in data.npz
	Warnings []string           // told once, beside the results
}

// A Value is one named result.
type Value struct {
	Name string  `json:"name"`
	Unit string  `json:"unit,omitempty"`
	X    float64 `json:"x"`
}

// A Table is a named set of columns of equal length.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// A Column is one named quantity of a Table.
type Column struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit,omitempty"`
	Values []float64 `json:"values"`
}

// AddArray appends an array.
func (r *Record) AddArray(name string, data []float64, shape ...int) {
	r.Arrays = append(r.Arrays, files.NamedArray{Name: name, Array: files.Array{Shape: shape, Data: data}})
}

// Add appends a value to the point's row.
func (r *Record) Add(name, unit string, x float64) { r.Values = append(r.Values, Value{name, unit, x}) }

// Value returns the named value; it panics if there is none, which is a mistake
// in an experiment's Draw.
func (r *Record) Value(name string) float64 {
	x, ok := r.lookup(name)
	if !ok {
		panic("experiments: no such value in the record")
	}
	return x
}

// lookup returns the named value, if the record has it.
func (r *Record) lookup(name string) (float64, bool) {
	for _, v := range r.Values {
		if v.Name == name {
			return v.X, true
		}
	}
	return 0, false
}

// Column returns a column of a table; it panics if there is none, which is a
// mistake in an experiment's Draw.
func (r *Record) Column(table, name string) []float64 {
	for _, t := range r.Tables {
		if t.Name != table {
			continue
		}
		for _, c := range t.Columns {
			if c.Name == name {
				return c.Values
			}
		}
	}
	panic("experiments: no such column in the record")
}

// Array returns the numbers of a named array; it panics if there is none, which
// is a mistake in an experiment's Draw.
func (r *Record) Array(name string) []float64 {
	for _, a := range r.Arrays {
		if a.Name == name {
			return a.Data.([]float64)
		}
	}
	panic("experiments: no such array in the record")
}

// Results are all points of a study, in the order of the sweep.
type Results struct {
	Axes    []AxisInfo
	Repeats int
	Points  []Point
}

// first returns the points of the first repeat.
func (r *Results) first() []Point {
	var out []Point
	for _, p := range r.Points {
		if p.Repeat == 0 {
			out = append(out, p)
		}
	}
	return out
}

// AxisInfo names one swept key.
type AxisInfo struct {
	Key, Unit string
	Follows   bool // it moves together with the axis before it
}

// A Point is one finished point.
type Point struct {
	Study  Study     // as configured for the point
	Axis   []float64 // the value of each swept key; NaN for a text
	Label  []string  // the value of each swept key as text
	Repeat int
	*Record
}

// A Figure is a figure of a study with its caption and the numbers a reader
// takes from it.
type Figure struct {
	Name    string // of its files, such as "loops"
	Caption string
	Numbers []Number
	plots.Figure
}

// A Number is a key result told beside a figure.
type Number struct {
	Text string  `json:"text"` // what it is
	Unit string  `json:"unit,omitempty"`
	X    float64 `json:"x"`
}

// All lists the experiments by name.
func All() []Experiment {
	all := []Experiment{
		adcSurvey, energyAccuracy, energyBreakdown, lifetime, llmTokenEnergy, platformComparison, scientificWorkloads, technologyScaling,
		adcResolution, deviceVariability, domainWallSynapse, endurance, ferroelectricSwitching, irDrop, ivHysteresis, mtjSwitching, multilevel, mvmError, mziMesh, networkDrift, networkFaults, networkVariability, pcmDrift, pcmProgramming, photonicTensorCore, potentiationDepression, readNoise, retention, ringWeightBank, sensitivity, settling, sneakPaths, stdpWindow, surrogateArray, switchingKinetics, writeDisturb, writeVerify,
	}
	slices.SortFunc(all, func(a, b Experiment) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// Quickstart lists the experiments that a run without arguments makes, in the
// order of the way from a device to a tile.
func Quickstart() []string {
	return []string{"iv-hysteresis", "switching-kinetics", "pcm-drift", "ir-drop", "mvm-error"}
}

// Find returns the experiment of a name.
func Find(name string) (Experiment, error) {
	var names []string
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Experiment{}, fmt.Errorf("unknown experiment %q: see mho list experiments%s", name, quantity.DidYouMean(name, names))
}

// Source returns the embedded TOML of an experiment.
// It panics if there is none, which is a mistake in the program.
func (e Experiment) Source() []byte {
	b, err := configs.ReadFile("configs/" + e.Name + ".toml")
	if err != nil {
		panic("experiments: an experiment has no configs/NAME.toml")
	}
	return b
}
