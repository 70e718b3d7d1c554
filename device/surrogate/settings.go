package surrogate

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// Settings says how Characterise measures. Zero means the default.
type Settings struct {
	// SetAmplitude and ResetAmplitude are the drive of the pulses that raise and
	// lower the conductance, in the unit of the element's drive, signed. The default
	// is the amplitude of the element's LoopDrive for the slower direction, and for
	// the other that at which as many pulses switch it.
	SetAmplitude, ResetAmplitude float64

	// Width is the width of a pulse at half amplitude, s. The default makes Pulses
	// pulses cross 98 % of the logarithmic range of conductance.
	Width float64

	// Edge is the duration of each edge, s. The default is a tenth of Width.
	Edge float64

	// Saturation is how long the pulse lasts that defines the ends of the range, s.
	// The default is half a period of the element's LoopDrive.
	Saturation float64

	// VRead is the drive at which conductance is read, in the drive's unit. The
	// default is a tenth of the amplitude of LoopDrive, positive.
	VRead float64

	// Pulses is the number of pulses of the default Width that switch. The default
	// is 50.
	Pulses int

	// States is the number of states at which steps are measured. The default is 33.
	States int

	// Devices is the number of copies that show the spread, and of fresh copies for
	// the error. The default is 128.
	Devices int

	// Replicas is the number of times each step is repeated where it is random. The
	// default is 32.
	Replicas int

	// Spreads are the device-to-device spreads of the parameters. The default is
	// the published ones of the element, if it has any.
	Spreads []device.Spread

	// Cycles are the spreads of the parameters from pulse to pulse. The default is
	// none.
	Cycles []device.Spread

	// Env is the surroundings. The default is Room.
	Env device.Env

	// Key names the devices and the noise. The default is the zero key.
	Key noise.Key

	// Workers is the largest number of goroutines. The default is GOMAXPROCS.
	Workers int

	// Progress, if not nil, is called with the share of the work that is done.
	Progress func(share float64)
}

// Params declares the settings for a command line; unit is that of the element's drive.
func (s *Settings) Params(unit string) []quantity.Param {
	notNegative := quantity.NonNegative()
	return []quantity.Param{
		{Name: "pulse.set_amplitude", Value: &s.SetAmplitude, Unit: unit, Meaning: "amplitude of the pulses that raise the conductance, signed; 0 is the element's own", Source: "assumption"},
		{Name: "pulse.reset_amplitude", Value: &s.ResetAmplitude, Unit: unit, Meaning: "amplitude of the pulses that lower the conductance, signed; 0 is the element's own", Source: "assumption"},
		{Name: "pulse.width", Value: &s.Width, Unit: "s", Range: notNegative, Meaning: "width of a pulse at half amplitude; 0 makes pulse.count of them switch", Source: "assumption"},
		{Name: "pulse.edge", Value: &s.Edge, Unit: "s", Range: notNegative, Meaning: "duration of each edge; 0 is a tenth of the width", Source: "assumption"},
		{Name: "pulse.saturation", Value: &s.Saturation, Unit: "s", Range: notNegative, Meaning: "duration of the pulse that defines the ends of the range; 0 is half a period of the element's loop", Source: "assumption"},
		{Name: "pulse.read", Value: &s.VRead, Unit: unit, Meaning: "drive at which conductance is read; 0 is a tenth of the loop's amplitude", Source: "assumption"},
		{Name: "pulse.count", Value: &s.Pulses, Range: quantity.Between(4, 100000), Meaning: "pulses of the default width that switch", Source: "assumption"},
		{Name: "states", Value: &s.States, Range: quantity.Between(5, 1025), Meaning: "states at which steps are measured", Source: "assumption"},
		{Name: "devices", Value: &s.Devices, Range: quantity.Between(2, 1e6), Meaning: "copies that show the spread from device to device", Source: "assumption"},
		{Name: "replicas", Value: &s.Replicas, Range: quantity.Between(2, 1e6), Meaning: "repetitions of each step where it is random", Source: "assumption"},
	}
}

// NewSettings returns the defaults that are numbers.
func NewSettings() Settings {
	return Settings{Pulses: 50, States: 33, Devices: 128, Replicas: 32, Env: device.Room()}
}

// Relative returns the spread of a parameter by a share of its present value: a
// lognormal for a positive value, whose logarithm has the standard deviation share;
// for a negative one a normal, truncated at zero and at twice the value.
func Relative(p quantity.Param, share float64) (device.Spread, error) {
	x, ok := p.Value.(*float64)
	switch {
	case !ok:
		return device.Spread{}, fmt.Errorf("%s is not a real number: only such parameters spread", p.Name)
	case !(share >= 0 && share <= 1):
		return device.Spread{}, fmt.Errorf("the spread of %s is %g: must be from 0 to 1 (100%%)", p.Name, share)
	case *x == 0:
		return device.Spread{}, fmt.Errorf("%s is 0: a relative spread has no meaning", p.Name)
	case *x > 0:
		// Within the range of the parameter, where that has another end than 0.
		s := device.Spread{Param: p.Name, Law: device.Lognormal, Sigma: share, Source: "assumption"}
		if hi := p.Range.Max; p.Range != (quantity.Range{}) && !math.IsInf(hi, 1) {
			s.Max = hi
		}
		return s, nil
	}
	return device.Spread{Param: p.Name, Law: device.Normal, Sigma: share, Relative: true, Min: 2 * *x, Max: 1e-3 * *x, Source: "assumption"}, nil
}
