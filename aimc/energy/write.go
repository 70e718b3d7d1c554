package energy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"mho/internal/quantity"
)

// A Technology is what programming a cell costs and how often it can be done.
type Technology struct {
	Name          string
	Title         string
	PulseEnergy   float64 // of one programming pulse, J
	PulseTime     float64 // s
	Pulses        float64 // that a write-verify loop needs on average
	EnduranceLow  float64 // writes a cell survives, the fewest in the literature
	EnduranceHigh float64 // and the most
	Source        string
	Confidence    string
}

var technologyData = sync.OnceValue(func() []Technology {
	text, _ := data.ReadFile("data/technologies.toml")
	return tables(text, "data/technologies.toml", "technology", func(t *Technology) []quantity.Param {
		return []quantity.Param{
			{Name: "title", Value: &t.Title}, {Name: "pulse_energy", Value: &t.PulseEnergy, Unit: "J", Range: quantity.NonNegative()},
			{Name: "pulse_time", Value: &t.PulseTime, Unit: "s", Range: quantity.Positive()}, {Name: "pulses", Value: &t.Pulses, Range: quantity.AtLeast(1)},
			{Name: "endurance_low", Value: &t.EnduranceLow, Range: quantity.Positive()}, {Name: "endurance_high", Value: &t.EnduranceHigh, Range: quantity.Positive()},
			{Name: "source", Value: &t.Source}, {Name: "confidence", Value: &t.Confidence, Options: confidences},
		}
	}, func(t *Technology) *string { return &t.Name })
})

// Technologies lists the memory technologies with their costs of programming.
func Technologies() []Technology { return slices.Clone(technologyData()) }

// FindTechnology returns the technology of a name.
func FindTechnology(name string) (Technology, error) {
	var names []string
	for _, t := range technologyData() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return Technology{}, fmt.Errorf("unknown technology %q: must be one of %s%s", name, strings.Join(names, ", "), quantity.DidYouMean(name, names))
}

// CellEnergy returns the energy in J of programming one cell, verification reads
// not counted.
func (t Technology) CellEnergy() float64 { return t.PulseEnergy * t.Pulses }

// ArrayTime returns the time in s of programming an array row after row, the
// columns of a row together.
func (t Technology) ArrayTime(rows int) float64 { return float64(rows) * t.Pulses * t.PulseTime }

// A Trace is what programming weights cost, as a device simulation reports it.
type Trace struct {
	Cells      int     // programmed
	Pulses     float64 // applied, over all cells
	PulseCost  float64 // of a pulse, J
	VerifyCost float64 // of a verification read, J, one a pulse
	LineCost   float64 // of driving the lines, over the whole programming, J
}

// Energy returns pulses (pulse + verification) + lines, in J.
func (t Trace) Energy() float64 { return t.Pulses*(t.PulseCost+t.VerifyCost) + t.LineCost }

// BreakEven returns the number of inferences after which the energy of programming
// is paid back: program / (reference - analog), all in J. It is +Inf if the analog
// inference does not save anything. The error names a number that is negative or
// not finite.
func BreakEven(program, reference, analog float64) (float64, error) {
	for _, x := range []struct {
		name string
		v    float64
	}{{"program", program}, {"reference", reference}, {"analog", analog}} {
		if !(x.v >= 0) || math.IsInf(x.v, 0) {
			return 0, fmt.Errorf("%s = %g: must be >= 0 J", x.name, x.v)
		}
	}
	if reference <= analog {
		return math.Inf(1), nil
	}
	return program / (reference - analog), nil
}

// RefreshPower returns the mean power in W of reprogramming every interval (s).
// The error names an energy below 0 or an interval that is not above 0.
func RefreshPower(program, interval float64) (float64, error) {
	if !(program >= 0) || math.IsInf(program, 0) {
		return 0, fmt.Errorf("program = %g: must be >= 0 J", program)
	}
	if !(interval > 0) {
		return 0, fmt.Errorf("interval = %g: must be > 0 s", interval)
	}
	return program / interval, nil
}

// Lifetime returns how long in s a cell lasts that is written every interval (s)
// and survives so many writes. The error names a number that is not above 0.
func Lifetime(endurance, interval float64) (float64, error) {
	if !(endurance > 0) || !(interval > 0) {
		return 0, fmt.Errorf("endurance = %g, interval = %g s: both must be > 0", endurance, interval)
	}
	return endurance * interval, nil
}
