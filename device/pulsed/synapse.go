package pulsed

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Synapse holds the parameters of the laws of AIHWKIT's pulsed devices. A cell
// draws, with N standard normal,
//
//	b+ = w_max (1 + w_max_dtod N),  b- = w_min (1 + w_min_dtod N),
//	s+ = dw_min (gain + min(0, up_down) + r),
//	s- = dw_min (gain - max(0, up_down) - r),
//	gain = 1 + dw_min_dtod N  or  exp(dw_min_dtod N),  r = up_down_dtod N.
//
// Note that up_down only ever weakens one direction.
type Synapse struct {
	Cell

	DwMin          float64 // mean step at weight 0
	DwMinDtod      float64 // spread of the step over devices, relative
	DwMinLognormal bool    // that spread is lognormal
	DwMinStd       float64 // spread of the step over pulses, relative
	UpDown         float64 // imbalance: > 0 weakens steps down, < 0 steps up
	UpDownDtod     float64 // its spread over devices
	WMax, WMin     float64 // nominal bounds of the weight, with 0 between them
	WMaxDtod       float64 // spread of the upper bound over devices, relative
	WMinDtod       float64 // spread of the lower bound over devices, relative
	Consistent     bool    // steps keep their direction and bounds their sign in every device
	WriteNoiseStd  float64 // what is read differs from the state by this times DwMin, drawn anew whenever the cell is pulsed

	CorruptProb  float64 // share of devices that are stuck
	CorruptRange float64 // they are stuck between minus and plus this

	Reset     float64 // weight after Reset
	ResetDtod float64 // its spread over devices
	ResetStd  float64 // its spread over resets

	BatchTime     float64 // time of a mini-batch, s
	Lifetime      float64 // time constant of the decay to weight 0, in mini-batches; 0 is none
	LifetimeDtod  float64 // its spread over devices, relative
	Diffusion     float64 // standard deviation of the random walk, per mini-batch
	DiffusionDtod float64 // its spread over devices, relative

	origin *origin
}

// newSynapse returns AIHWKIT's defaults.
func newSynapse(o *origin) Synapse {
	return Synapse{
		Cell:  newCell(),
		DwMin: 0.001, DwMinDtod: 0.3, DwMinStd: 0.3, UpDownDtod: 0.01,
		WMax: 0.6, WMin: -0.6, WMaxDtod: 0.3, WMinDtod: 0.3, Consistent: true,
		CorruptRange: 0.1, ResetStd: 0.01, BatchTime: 1e-3,
		origin: o,
	}
}

// params declares the common parameters with those of the law between the first
// and the last.
func (s *Synapse) params(law ...device.Param) []device.Param {
	positive, notNegative, share := quantity.Positive(), quantity.NonNegative(), quantity.Between(0, 1)
	p := append([]device.Param{
		{Name: "dw_min", Value: &s.DwMin, Range: positive, Meaning: "mean step of a pulse at weight 0"},
		{Name: "dw_min_dtod", Value: &s.DwMinDtod, Range: notNegative, Meaning: "spread of the step from device to device, relative"},
		{Name: "dw_min_dtod_log_normal", Value: &s.DwMinLognormal, Meaning: "that spread is lognormal: the factor is exp(dw_min_dtod N)"},
		{Name: "dw_min_std", Value: &s.DwMinStd, Range: notNegative, Meaning: "spread of the step from pulse to pulse, relative"},
		{Name: "up_down", Value: &s.UpDown, Range: quantity.Between(-1, 1), Meaning: "imbalance of the directions: a positive one shortens steps down, a negative one steps up"},
		{Name: "up_down_dtod", Value: &s.UpDownDtod, Range: notNegative, Meaning: "spread of the imbalance from device to device"},
		{Name: "w_max", Value: &s.WMax, Range: notNegative, Meaning: "upper bound of the weight"},
		{Name: "w_min", Value: &s.WMin, Range: quantity.Range{Min: math.Inf(-1), Max: 0}, Meaning: "lower bound of the weight"},
		{Name: "w_max_dtod", Value: &s.WMaxDtod, Range: notNegative, Meaning: "spread of the upper bound from device to device, relative"},
		{Name: "w_min_dtod", Value: &s.WMinDtod, Range: notNegative, Meaning: "spread of the lower bound from device to device, relative"},
		{Name: "enforce_consistency", Value: &s.Consistent, Meaning: "steps keep their direction and bounds their sign in every device"},
		{Name: "write_noise_std", Value: &s.WriteNoiseStd, Range: notNegative, Meaning: "standard deviation, in steps dw_min, of what is read around what is held, drawn anew at each pulse"},
	}, law...)
	p = append(p, []device.Param{
		{Name: "corrupt_devices_prob", Value: &s.CorruptProb, Range: share, Meaning: "share of devices that are stuck at a weight"},
		{Name: "corrupt_devices_range", Value: &s.CorruptRange, Range: notNegative, Meaning: "largest weight, of either sign, that a device is stuck at"},
		{Name: "reset", Value: &s.Reset, Meaning: "weight after a reset"},
		{Name: "reset_dtod", Value: &s.ResetDtod, Range: notNegative, Meaning: "spread of that weight from device to device"},
		{Name: "reset_std", Value: &s.ResetStd, Range: notNegative, Meaning: "spread of that weight from reset to reset"},
		{Name: "lifetime", Value: &s.Lifetime, Range: notNegative, Meaning: "mini-batches in which a weight decays by a factor of about e; 0 is no decay"},
		{Name: "lifetime_dtod", Value: &s.LifetimeDtod, Range: notNegative, Meaning: "spread of the lifetime from device to device, relative"},
		{Name: "diffusion", Value: &s.Diffusion, Range: notNegative, Meaning: "standard deviation of the random walk of a weight per mini-batch"},
		{Name: "diffusion_dtod", Value: &s.DiffusionDtod, Range: notNegative, Meaning: "spread of the diffusion from device to device, relative"},
	}...)
	p = s.origin.sources(p, "Rasch2021")
	p = append(p, device.Param{Name: "t_batch", Value: &s.BatchTime, Unit: "s", Range: positive, Meaning: "time of a mini-batch, the clock of lifetime and diffusion", Source: "assumption"})
	return append(p, s.Cell.params(s.origin)...)
}

func (s *Synapse) validate(params []device.Param) error {
	if err := checkAll(params); err != nil {
		return err
	}
	if !(s.WMin < s.WMax) {
		return fmt.Errorf("w_min is %g: must be below w_max, %g", s.WMin, s.WMax)
	}
	return s.Cell.validate()
}

// info completes what a law tells.
func (s *Synapse) info(technology string, equations, notes []string) device.Info {
	i := device.Info{
		Name: s.origin.name, Title: s.origin.title, Technology: technology,
		Equations: append(equations,
			"w <- min(max(w, b-), b+) after each pulse",
			"s+ = dw_min (gain + min(0, up_down) + r), s- = dw_min (gain - max(0, up_down) - r)",
			"gain = 1 + dw_min_dtod N or exp(dw_min_dtod N), r = up_down_dtod N, b+ = w_max (1 + w_max_dtod N), b- = w_min (1 + w_min_dtod N), once per device",
			"G = max(0, g_min + (g_max - g_min) (w + write_noise_std dw_min N - w_min)/(w_max - w_min))",
			"pulse of v volts and width t: (v/v_up - v_threshold)/(1 - v_threshold) t/t_pulse steps up, likewise down; none below the threshold",
			"decay w <- w (1 - 1/lifetime)^(dt/t_batch), diffusion w <- w + diffusion sqrt(dt/t_batch) N",
		),
		Notes: append(append(append([]string(nil), notes...), commonNotes...), s.origin.notes...),
	}
	i.References = append([]device.Reference{rasch2021}, s.origin.refs...)
	return i
}

var commonNotes = []string{
	"The law is in units of weight. That g_min to g_max stand for w_min to w_max, the voltages, the pulse width and the time of a mini-batch are assumptions: change them to your device's.",
	"Bounds differ from device to device, so conductances may lie outside g_min to g_max, and a weight that would be negative as a conductance reads as 0 S.",
	"Cells leave the factory at weight 0, or at their nearest bound.",
	"Energies are v^2 G t of the pulses, those of an ohmic cell under a square pulse.",
}

// kinds of draws from device to device; frozen, since they are part of the streams.
const (
	drawMax = iota
	drawMin
	drawGain
	drawUpDown
	drawSlopeUp
	drawSlopeDown
	drawReference
	drawCorrupt
	drawCorruptAt
	drawLifetime
	drawDiffusion
	drawReset
)

// A factory draws the devices of one row after the other.
type factory struct {
	key      noise.Key
	row      uint32
	max, min []float64    // bounds
	step     [2][]float64 // full steps up and down at weight 0, both positive as a rule
	z        []float64
}

// normal returns the row's standard normals of one kind, valid until the next call.
func (f *factory) normal(kind uint64) []float64 {
	f.key.Fold(kind).Normal(f.z, noise.At{Row: f.row})
	return f.z
}

func (f *factory) uniform(kind uint64) []float64 {
	f.key.Fold(kind).Uniform(f.z, noise.At{Row: f.row})
	return f.z
}

func (s *Synapse) newFactory(cols int, key noise.Key) *factory {
	f := &factory{key: key.Domain(noise.D2D)}
	for _, v := range []*[]float64{&f.max, &f.min, &f.step[0], &f.step[1], &f.z} {
		*v = make([]float64, cols)
	}
	return f
}

// draw makes the bounds and steps of a row.
func (s *Synapse) draw(f *factory, row int) {
	f.row = uint32(row)
	for j, z := range f.normal(drawMax) {
		f.max[j] = s.WMax * (1 + s.WMaxDtod*z)
	}
	for j, z := range f.normal(drawMin) {
		f.min[j] = s.WMin * (1 + s.WMinDtod*z)
	}
	for j, z := range f.normal(drawGain) {
		gain := 1 + s.DwMinDtod*z
		if s.DwMinLognormal {
			gain = math.Exp(s.DwMinDtod * z)
		}
		f.step[0][j] = s.DwMin * (gain + math.Min(0, s.UpDown))
		f.step[1][j] = s.DwMin * (gain - math.Max(0, s.UpDown))
	}
	for j, z := range f.normal(drawUpDown) {
		f.step[0][j] += s.DwMin * s.UpDownDtod * z
		f.step[1][j] -= s.DwMin * s.UpDownDtod * z
	}
	for j := range f.max {
		lo, hi := f.min[j], f.max[j]
		switch {
		case s.Consistent:
			f.step[0][j], f.step[1][j] = math.Abs(f.step[0][j]), math.Abs(f.step[1][j])
			lo, hi = math.Min(lo, hi), math.Max(lo, hi)
			lo, hi = -math.Abs(lo), math.Abs(hi)
		case lo > hi:
			lo = (lo + hi) / 2
			hi = lo
		}
		f.min[j], f.max[j] = lo, hi
	}
}

// stick makes the corrupt devices of the row. Their draws come last, so that they
// change nothing in the others.
func (s *Synapse) stick(f *factory) {
	if s.CorruptProb == 0 {
		return
	}
	stuck := make([]bool, len(f.z))
	for j, u := range f.uniform(drawCorrupt) {
		stuck[j] = u < s.CorruptProb
	}
	for j, u := range f.uniform(drawCorruptAt) {
		if stuck[j] {
			lo, hi := math.Max(f.min[j], -s.CorruptRange), math.Min(f.max[j], s.CorruptRange)
			f.min[j] = lo + (hi-lo)*u
			f.max[j] = f.min[j]
			f.step[0][j], f.step[1][j] = 0, 0
		}
	}
}

// slow makes what happens between pulses in the row.
func (s *Synapse) slow(p *Population, f *factory) {
	first := int(f.row) * p.cols
	if s.Lifetime > 0 && p.rate != nil {
		for j, z := range f.normal(drawLifetime) {
			// AIHWKIT forgets at once what lives no longer than a mini-batch.
			rate := math.Inf(1)
			if t := s.Lifetime * (1 + s.LifetimeDtod*z); t > 1 {
				rate = -math.Log1p(-1/t) / s.BatchTime
			}
			p.rate[first+j] = float32(rate)
		}
	}
	if p.diffusion != nil {
		for j, z := range f.normal(drawDiffusion) {
			p.diffusion[first+j] = float32(math.Abs(s.Diffusion*(1+s.DiffusionDtod*z)) / math.Sqrt(s.BatchTime))
		}
	}
	for j, z := range f.normal(drawReset) {
		p.reset[first+j] += float32(s.Reset + s.ResetDtod*z)
	}
}

// newPopulation makes a population whose law fills in each row after its bounds
// and steps are drawn.
func (s *Synapse) newPopulation(rows, cols int, key noise.Key, law func(p *Population, f *factory)) (*Population, error) {
	p, err := s.Cell.newPopulation(s.origin.name, rows, cols)
	if err != nil {
		return nil, err
	}
	p.wMin, p.wMax, p.dw = s.WMin, s.WMax, s.DwMin
	p.writeStd = s.WriteNoiseStd * s.DwMin
	if s.ProgrammingNoise {
		p.sigma, p.resetStd = s.DwMinStd, s.ResetStd
	} else {
		p.writeStd = 0
	}
	n := rows * cols
	if p.writeStd > 0 {
		p.seen = make([]float64, n)
	}
	if s.Drift && s.Lifetime > 0 {
		p.rate = make([]float32, n)
	}
	if s.Drift && s.Diffusion > 0 {
		p.diffusion = make([]float32, n)
	}
	p.reset = make([]float32, n)
	f := s.newFactory(cols, key)
	for i := range rows {
		s.draw(f, i)
		law(p, f)
		s.slow(p, f)
	}
	p.start()
	return p, nil
}
