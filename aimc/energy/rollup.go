package energy

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"mho/internal/quantity"
)

// Totals are an architecture's own numbers with every array at work and every
// input full, per unit of a level.
type Totals struct {
	Power        float64 // W
	Area         float64 // m²
	Throughput   float64 // operations per second; one MAC is two
	EnergyPerMVM float64 // J, of one array
	EnergyPerMAC float64 // J
	MVMTime      float64 // s
}

// Efficiency returns operations per joule; 1e12 is one TOPS/W.
func (t Totals) Efficiency() float64 { return t.Throughput / t.Power }

// Density returns operations per second and square metre; 1e18 is one TOPS/mm².
func (t Totals) Density() float64 { return t.Throughput / t.Area }

// A Mode is how an architecture is run; 0 is the native number everywhere.
type Mode struct {
	InputBits, OutputBits int
	Phases                int // of the encodings amplitude and pulse-width; 1 gives integration a single phase
}

// Peak rolls the components up to one unit of a level, with all that stands
// inside it, in a mode. Components that act on
// digital work or traffic have no peak and are left out. An empty name takes all
// components. The error names a component that cannot be evaluated.
func (a *Architecture) Peak(level, component string, m Mode) (Totals, error) {
	top := slices.Index(levels, level)
	if top < 0 {
		return Totals{}, fmt.Errorf("unknown level %q: must be one of %s%s", level, strings.Join(levels, ", "), quantity.DidYouMean(level, levels))
	}
	p := a.at(m.InputBits, 0, m.OutputBits, m.Phases)
	var full counts
	rows, cols := float64(p.weightRows), float64(p.weightCols)
	p.add(&full, load{rows: rows, cols: cols, macs: rows * cols, products: 1, density: 1}, a.RowsPerInput)
	arrays := a.arraysPer(level)
	var t Totals
	for i := range a.Components {
		c := &a.Components[i]
		if component != "" && c.Name != component || slices.Index(levels, c.Level) > top {
			continue
		}
		k, err := c.evaluate(a.setting(p))
		if err != nil {
			return t, fmt.Errorf("component.%s: %w", c.Name, err)
		}
		n := c.Count * arrays / a.arraysPer(c.Level)
		t.Area += n * k.area
		switch c.Per {
		case PerBusy, PerTime:
			t.Power += n * k.power
		default:
			t.Power += k.energy * full[index(c.Per)] * arrays / p.mvmTime
		}
	}
	t.Area *= 1 + a.Wiring
	t.MVMTime = p.mvmTime
	t.Throughput = 2 * arrays * float64(p.weightRows) * float64(p.weightCols) / p.mvmTime
	t.EnergyPerMVM = t.Power * p.mvmTime / arrays
	t.EnergyPerMAC = 2 * t.Power / t.Throughput
	return t, nil
}

// Rollup returns the number that the components give for a published one.
func (a *Architecture) Rollup(r Published) (float64, error) {
	t, err := a.Peak(r.Level, r.Component, Mode{r.InputBits, r.OutputBits, r.Phases})
	if err != nil {
		return 0, err
	}
	switch r.Quantity {
	case "power":
		return t.Power, nil
	case "area":
		return t.Area, nil
	case "throughput":
		return t.Throughput, nil
	case "efficiency":
		return t.Efficiency(), nil
	case "density":
		return t.Density(), nil
	case "energy-per-mvm":
		return t.EnergyPerMVM, nil
	case "energy-per-mac":
		return t.EnergyPerMAC, nil
	case "mvm-time":
		return t.MVMTime, nil
	}
	return 0, fmt.Errorf("quantity = %q: is unknown", r.Quantity)
}

// Calibrate multiplies the energy and power of every component beside the array
// itself (those without array = true) by one factor, so that the chip at its peak
// has the published efficiency (operations per joule) or energy per MVM (J). The
// factor is kept in Calibrated. The error tells that the array alone takes more, or
// that there is no periphery to rescale.
func (a *Architecture) Calibrate(kind string, value float64) error {
	if !(value > 0) || math.IsInf(value, 0) {
		return fmt.Errorf("value = %g: must be > 0", value)
	}
	t, err := a.Peak("chip", "", Mode{})
	if err != nil {
		return err
	}
	target := value
	switch kind {
	case "energy-per-mvm":
	case "efficiency":
		target = t.Throughput / value * t.MVMTime / float64(a.Arrays())
	default:
		return fmt.Errorf("quantity = %q: must be efficiency or energy-per-mvm", kind)
	}
	own := 0.0
	for _, c := range a.Components {
		if c.Array && c.Level != "system" {
			k, err := a.Peak("chip", c.Name, Mode{})
			if err != nil {
				return err
			}
			own += k.EnergyPerMVM
		}
	}
	rest := t.EnergyPerMVM - own
	switch {
	case target <= own:
		return fmt.Errorf("the array alone takes %s of the %s per product that are published: nothing is left for the periphery", round(own, "J"), round(target, "J"))
	case rest <= 0:
		return fmt.Errorf("there is no periphery to rescale")
	}
	f := (target - own) / rest
	for i := range a.Components {
		c := &a.Components[i]
		if c.periphery() {
			c.calibrated(f)
		}
	}
	a.Calibrated = &Calibration{kind, value, f}
	return nil
}
