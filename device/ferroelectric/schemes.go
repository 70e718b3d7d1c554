package ferroelectric

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// Kinds of pulse trains.
const (
	Identical = "identical" // all pulses alike
	Amplitude = "amplitude" // the amplitude rises from pulse to pulse
	Width     = "width"     // the width rises from pulse to pulse by a factor
)

// A Scheme is a train of pulses that changes the state step by step: the potentiation of a
// synapse, or with negative amplitudes its depression.
type Scheme struct {
	Kind      string  // Identical, Amplitude or Width
	Amplitude float64 // V: of every pulse, or of the first
	Last      float64 // V: of the last pulse of Amplitude
	Width     float64 // s: of every pulse, or of the first
	Longest   float64 // s: of the last pulse of Width
	Count     int     // number of pulses
}

// Pulses returns the train as rectangular pulses of voltage. The error names what is not
// allowed.
func (s Scheme) Pulses() ([]device.Pulse, error) {
	finite := func(x float64) bool { return x-x == 0 }
	switch {
	case s.Count < 1 || s.Count > 1000000:
		return nil, fmt.Errorf("count is %d: must be from 1 to 1000000", s.Count)
	case !(s.Width > 0) || !finite(s.Width):
		return nil, fmt.Errorf("width is %s: must be > 0 s", quantity.Format(s.Width, "s"))
	case !finite(s.Amplitude) || s.Amplitude == 0:
		return nil, fmt.Errorf("amplitude is %s: must be > 0 V or < 0 V", quantity.Format(s.Amplitude, "V"))
	case s.Kind == Amplitude && (!finite(s.Last) || s.Last*s.Amplitude <= 0):
		return nil, fmt.Errorf("last is %s: must have the sign of amplitude, %s", quantity.Format(s.Last, "V"), quantity.Format(s.Amplitude, "V"))
	case s.Kind == Width && (!(s.Longest > 0) || !finite(s.Longest)):
		return nil, fmt.Errorf("longest is %s: must be > 0 s", quantity.Format(s.Longest, "s"))
	case s.Kind != Identical && s.Kind != Amplitude && s.Kind != Width:
		return nil, fmt.Errorf("kind is %q: must be %s, %s or %s", s.Kind, Identical, Amplitude, Width)
	}
	pulses := make([]device.Pulse, s.Count)
	for k := range pulses {
		way := 0.0
		if s.Count > 1 {
			way = float64(k) / float64(s.Count-1)
		}
		p := device.Pulse{Drive: "voltage", Port: "stack", Amplitude: s.Amplitude, Width: s.Width}
		switch s.Kind {
		case Amplitude:
			p.Amplitude += way * (s.Last - s.Amplitude)
		case Width:
			p.Width *= math.Pow(s.Longest/s.Width, way)
		}
		pulses[k] = p
	}
	return pulses, nil
}
