package stdp

import (
	"context"
	"fmt"
	"math"
	"sort"

	"mho/device"
	"mho/internal/quantity"
)

// A Spike is the voltage of a neuron's terminal: a rectangular pulse with short
// edges, and after it an exponential tail of the other sign,
//
//	Amplitude                       for Width,
//	-Tail exp(-(t - Width)/Decay)   after it, for five Decay.
type Spike struct {
	Amplitude float64 // V
	Width     float64 // of the pulse, s
	Tail      float64 // magnitude at which the tail begins, V
	Decay     float64 // of the tail, s
}

// NewSpike returns a pulse of 1 V for 1 ms with a tail from -0.5 V in 20 ms, the
// time scale of neurons and round voltages.
func NewSpike() Spike { return Spike{Amplitude: 1, Width: 1e-3, Tail: 0.5, Decay: 20e-3} }

// Params declares the parameters.
func (s *Spike) Params() []device.Param {
	return []device.Param{
		{Name: "amplitude", Value: &s.Amplitude, Unit: "V", Range: quantity.Positive(), Meaning: "pulse of a spike", Source: "assumption"},
		{Name: "width", Value: &s.Width, Unit: "s", Range: quantity.Positive(), Meaning: "duration of the pulse", Source: "assumption"},
		{Name: "tail", Value: &s.Tail, Unit: "V", Range: quantity.NonNegative(), Meaning: "magnitude at which the tail of the other sign begins", Source: "assumption"},
		{Name: "decay", Value: &s.Decay, Unit: "s", Range: quantity.Positive(), Meaning: "time constant of the tail", Source: "assumption"},
	}
}

// Validate returns an error unless all numbers are finite and those of time and
// the amplitude positive.
func (s Spike) Validate() error {
	for _, p := range s.Params() {
		if x := *p.Value.(*float64); !p.Range.Contains(x) {
			return fmt.Errorf("%s is %s: must be %s", p.Name, quantity.Format(x, p.Unit), p.Range.Text(p.Unit))
		}
	}
	return nil
}

// Length returns the duration of a spike with its tail, s.
func (s Spike) Length() float64 { return s.Width + 5*s.Decay }

// edge is the duration of the edges of a pulse, in parts of its width.
const edge = 1e-3

// Voltage returns the spike's voltage a time t after its begin, in V.
func (s Spike) Voltage(t float64) float64 {
	e := edge * s.Width
	switch {
	case t <= 0 || t >= s.Length():
		return 0
	case t < e:
		return s.Amplitude * t / e
	case t <= s.Width-e:
		return s.Amplitude
	case t < s.Width:
		return s.Amplitude + (s.Width-e-t)/e*(s.Amplitude+s.Tail)
	case t > s.Length()-e:
		return -s.Tail * math.Exp(-5) * (s.Length() - t) / e
	}
	return -s.Tail * math.Exp(-(t-s.Width)/s.Decay)
}

// Across returns the voltage across a device whose presynaptic side spikes at 0 and
// whose postsynaptic side at dt, in s: post less pre, so that a positive dt ends in
// positive voltages.
func (s Spike) Across(dt float64) device.Waveform {
	begin := min(0, dt)
	var times []float64
	const samples = 200 // of a tail
	for _, start := range []float64{0, dt} {
		e := edge * s.Width
		for _, t := range []float64{0, e, s.Width - e, s.Width, s.Length() - e, s.Length()} {
			times = append(times, start+t-begin)
		}
		for k := 1; k < samples; k++ {
			times = append(times, start+s.Width+5*s.Decay*float64(k)/samples-begin)
		}
	}
	sort.Float64s(times)
	w := device.Waveform{U: [][]float64{nil}}
	least := 1e-6 * edge * s.Width
	for _, t := range times {
		if n := len(w.T); n > 0 && t-w.T[n-1] <= least {
			continue
		}
		w.T = append(w.T, t)
		w.U[0] = append(w.U[0], s.Voltage(t-(dt-begin))-s.Voltage(t+begin))
	}
	return w
}

// A Measurement is what pairs of spikes did to a device.
type Measurement struct {
	DT    []float64  // postsynaptic spike after the presynaptic one, s
	G     []float64  // conductance after the pair, at the reading voltage, S
	Start float64    // conductance before, S
	Alone [2]float64 // conductance after a presynaptic and after a postsynaptic spike alone, S
}

// Change returns the change of conductance at entry k relative to that before.
func (m *Measurement) Change(k int) float64 { return m.G[k]/m.Start - 1 }

// Window drives an element, each time from the initial state of the settings, with
// a pair of spikes for every dt in s, and reads it at a voltage in V. The element
// must be driven by voltage alone. Of set, nil for the defaults, Step is not used.
func Window(ctx context.Context, el device.Element, s Spike, dt []float64, read float64, set *device.Settings) (*Measurement, error) {
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("spike.%w", err)
	}
	if d := el.Drives(); len(d) != 1 || d[0] != device.Voltage {
		return nil, fmt.Errorf("%s is not driven by a voltage alone: must be an element with the drive v_V", el.Info().Name)
	}
	if read == 0 || read-read != 0 {
		return nil, fmt.Errorf("the reading voltage is %g V: must be finite and not 0 V", read)
	}
	var run device.Settings
	if set != nil {
		run = *set
	}
	run.Step = 0
	if run.Env == (device.Env{}) {
		run.Env = device.Room()
	}
	states := el.States()
	x := make([]float64, len(states))
	at := func() float64 { return el.Response(x, []float64{read}, run.Env) / read }
	after := func(w device.Waveform) (float64, error) {
		tr, err := device.Run(ctx, el, w, &run)
		if err != nil {
			return 0, err
		}
		for j := range x {
			x[j] = tr.X[j][len(tr.T)-1]
		}
		return at(), nil
	}
	m := &Measurement{DT: append([]float64(nil), dt...), G: make([]float64, len(dt))}
	for j, st := range states {
		x[j] = st.Initial
		if run.Initial != nil {
			x[j] = run.Initial[j]
		}
	}
	m.Start = at()
	if !(m.Start > 0) {
		return nil, fmt.Errorf("%s conducts %g S before the spikes: must be > 0 S", el.Info().Name, m.Start)
	}
	var err error
	for side := range m.Alone {
		w := s.Across(2 * s.Length())
		half := device.Waveform{U: [][]float64{nil}}
		for k, t := range w.T { // one spike without the other
			if (t <= s.Length()) == (side == 0) {
				half.T, half.U[0] = append(half.T, t), append(half.U[0], w.U[0][k])
			}
		}
		if m.Alone[side], err = after(half); err != nil {
			return nil, err
		}
	}
	for k, d := range dt {
		if d-d != 0 {
			return nil, fmt.Errorf("the spikes are %g s apart: must be finite", d)
		}
		if m.G[k], err = after(s.Across(d)); err != nil {
			return nil, fmt.Errorf("spikes %s apart: %w", quantity.Format(d, "s"), err)
		}
	}
	return m, nil
}
