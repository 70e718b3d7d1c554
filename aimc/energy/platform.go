package energy

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"mho/internal/quantity"
)

// A Platform is a reference that projections are compared with.
type Platform struct {
	Name, Title, Kind string
	Year              int
	Node              float64 // m; 0 if not known
	Neurons, Synapses float64
	Cores, Chips      int
	Power             float64 // W, typical or rated; 0 if not known
	PowerMin          float64 // W, where the power varies with the task
	PowerMax          float64
	OpKind            string  // MAC, MAC16, OP8 or SOP (synaptic operation); empty if no energy is known
	Energy            float64 // J per operation of OpKind at its typical or best point
	EnergyOther       float64 // J, a second published figure; see Note
	Boundary          string
	LaunchTime        float64 // s that one call takes whatever its size
	LaunchPower       float64 // W in that time
	MemoryRate        float64 // bytes per second at which weights are fetched
	GenerateRate      float64 // tokens per second, of a language model
	GenerateEnergy    float64 // J per token
	PrefillRate       float64
	PrefillEnergy     float64
	Note              string
	Source            string
	Confidence        string
}

var platformData = sync.OnceValue(func() []Platform {
	text, _ := data.ReadFile("data/platforms.toml")
	return tables(text, "data/platforms.toml", "platform", func(p *Platform) []quantity.Param {
		non := quantity.NonNegative()
		return []quantity.Param{
			{Name: "title", Value: &p.Title}, {Name: "kind", Value: &p.Kind}, {Name: "year", Value: &p.Year},
			{Name: "node", Value: &p.Node, Unit: "m", Range: non}, {Name: "neurons", Value: &p.Neurons, Range: non}, {Name: "synapses", Value: &p.Synapses, Range: non},
			{Name: "cores", Value: &p.Cores}, {Name: "chips", Value: &p.Chips},
			{Name: "power", Value: &p.Power, Unit: "W", Range: non}, {Name: "power_min", Value: &p.PowerMin, Unit: "W", Range: non}, {Name: "power_max", Value: &p.PowerMax, Unit: "W", Range: non},
			{Name: "op_kind", Value: &p.OpKind, Options: []string{"MAC", "MAC16", "OP8", "SOP"}},
			{Name: "energy", Value: &p.Energy, Unit: "J", Range: non}, {Name: "energy_other", Value: &p.EnergyOther, Unit: "J", Range: non},
			{Name: "boundary", Value: &p.Boundary, Options: []string{"device", "macro", "core", "chip-active", "chip", "board", "system"}},
			{Name: "launch_time", Value: &p.LaunchTime, Unit: "s", Range: non}, {Name: "launch_power", Value: &p.LaunchPower, Unit: "W", Range: non},
			{Name: "memory_rate", Value: &p.MemoryRate, Range: non},
			{Name: "generate_rate", Value: &p.GenerateRate, Range: non}, {Name: "generate_energy", Value: &p.GenerateEnergy, Unit: "J", Range: non},
			{Name: "prefill_rate", Value: &p.PrefillRate, Range: non}, {Name: "prefill_energy", Value: &p.PrefillEnergy, Unit: "J", Range: non},
			{Name: "note", Value: &p.Note}, {Name: "source", Value: &p.Source}, {Name: "confidence", Value: &p.Confidence, Options: confidences},
		}
	}, func(p *Platform) *string { return &p.Name })
})

// Platforms lists the reference platforms.
func Platforms() []Platform { return slices.Clone(platformData()) }

// FindPlatform returns the platform of a name.
func FindPlatform(name string) (Platform, error) {
	var names []string
	for _, p := range platformData() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Platform{}, fmt.Errorf("unknown platform %q: see mho list platforms%s", name, quantity.DidYouMean(name, names))
}

// A Comparison sets a projection against a platform. Ratios are the platform's
// energy over the projected one: above 1 the projection takes less.
type Comparison struct {
	Platform Platform
	Peak     float64 // J per inference at the platform's best rate, every unit at work
	Single   float64 // J of one inference alone, with the cost of its call; NaN if nothing is known of that
	PeakRatio,
	SingleRatio Band
	Warnings []string // what makes the two differ in kind
}

// Compare returns what the workload would take on a platform that multiplies,
// at its peak and alone:
//
//	peak    E_MAC n
//	alone   E_MAC n + P_launch (t_launch + max(0, t_memory - t_compute))
//
// for n MACs, where t_memory is the time to fetch every weight once and t_compute
// the time of n MACs at the rated power. The ratio to a projection depends on which
// of the two is taken more than on anything else, so both must be told. The error
// tells that the platform has no energy per MAC: a synaptic operation is not one.
func (pr *Projection) Compare(p Platform, w *Workload) (*Comparison, error) {
	if p.OpKind != "MAC" && p.OpKind != "MAC16" || p.Energy == 0 {
		return nil, fmt.Errorf("%s has no energy per MAC: must be a platform that multiplies, not one of spikes", p.Name)
	}
	n := pr.MACs + pr.DynamicMACs
	c := &Comparison{Platform: p, Peak: n * p.Energy, Single: math.NaN()}
	if p.LaunchTime > 0 && p.Power > 0 && p.MemoryRate > 0 {
		compute := n * p.Energy / p.Power
		memory := w.Count().Weights * float64(w.WeightBits) / 8 / p.MemoryRate
		c.Single = c.Peak + p.LaunchPower*(p.LaunchTime+math.Max(0, memory-compute))
	}
	ratio := func(e float64) Band {
		return Band{P10: e / pr.Energy.P90, P50: e / pr.Energy.P50, P90: e / pr.Energy.P10, Nominal: e / pr.Energy.Nominal, Mean: e / pr.Energy.Mean}
	}
	c.PeakRatio, c.SingleRatio = ratio(c.Peak), ratio(c.Single)
	if p.Boundary != pr.Boundary {
		c.Warnings = append(c.Warnings, fmt.Sprintf("the projection is of a %s, the platform of a %s", pr.Boundary, p.Boundary))
	}
	if p.OpKind != "MAC" {
		c.Warnings = append(c.Warnings, "the platform's operations are of 16 bits")
	}
	return c, nil
}
