package memristor

import (
	"fmt"
	"math"

	"mho/device"
	"mho/internal/quantity"
)

// A Film is what VTEAM and TEAM have in common: a state w from WOn to WOff that
// moves at a power of the overdrive z/z_threshold - 1, and an ohmic current
//
//	i = v / R(w),  s = (w-WOn)/(WOff-WOn)
//
// with R = ROn + (ROff-ROn) s ("linear") or ROn (ROff/ROn)^s ("exponential"). The
// window is 1 up to hard bounds ("none") or f_off = exp(-exp((w-AOff)/WC)) and
// f_on = exp(-exp((AOn-w)/WC)) ("kvatinsky").
type Film struct {
	KOn      float64 // rate scale beyond the threshold to the low resistance, m/s, negative
	KOff     float64 // rate scale beyond the threshold to the high resistance, m/s, positive
	AlphaOn  float64 // exponent of the overdrive while w falls
	AlphaOff float64 // exponent of the overdrive while w grows
	WOn      float64 // state of the low resistance, m
	WOff     float64 // state of the high resistance, m
	ROn      float64 // low resistance, ohm
	ROff     float64 // high resistance, ohm
	W0       float64 // initial state, m
	Law      string  // "linear" or "exponential" resistance over w
	Window   string  // "none" or "kvatinsky"
	AOn      float64 // position of the window kvatinsky while w falls, m
	AOff     float64 // position of the window kvatinsky while w grows, m
	WC       float64 // width of the window kvatinsky, m
	Polarity int     // 1: positive drive resets; -1: sets
}

const (
	lawLinear      = "linear"
	lawExponential = "exponential"
)

var filmEquations = []string{
	"i = v / R,  s = (w - w_on)/(w_off - w_on)",
	"linear: R = r_on + (r_off - r_on) s;  exponential: R = r_on (r_off/r_on)^s",
	"none: f = 1;  kvatinsky: f_off = exp(-exp((w - a_off)/w_c)), f_on = exp(-exp((a_on - w)/w_c))",
	"polarity -1: v and i change their signs",
}

// params declares the parameters: the rates, then the thresholds, then the rest.
func (f *Film) params(thresholds ...device.Param) []device.Param {
	positive, negative := quantity.Positive(), quantity.Negative()
	exponent := quantity.Range{Min: 0, Max: 100, MinOpen: true}
	on, off := thresholds[0].Name, thresholds[1].Name
	p := []device.Param{
		{Name: "k_on", Value: &f.KOn, Unit: "m/s", Range: negative, Meaning: "rate of w below " + on},
		{Name: "k_off", Value: &f.KOff, Unit: "m/s", Range: positive, Meaning: "rate of w above " + off},
		{Name: "alpha_on", Value: &f.AlphaOn, Range: exponent, Meaning: "exponent of the overdrive below " + on},
		{Name: "alpha_off", Value: &f.AlphaOff, Range: exponent, Meaning: "exponent of the overdrive above " + off},
	}
	p = append(p, thresholds...)
	return append(p,
		device.Param{Name: "w_on", Value: &f.WOn, Unit: "m", Meaning: "state of the low resistance"},
		device.Param{Name: "w_off", Value: &f.WOff, Unit: "m", Meaning: "state of the high resistance"},
		device.Param{Name: "r_on", Value: &f.ROn, Unit: "ohm", Range: positive, Meaning: "low resistance"},
		device.Param{Name: "r_off", Value: &f.ROff, Unit: "ohm", Range: positive, Meaning: "high resistance"},
		device.Param{Name: "w0", Aliases: []string{"w"}, Value: &f.W0, Unit: "m", Meaning: "initial state"},
		device.Param{Name: "law", Value: &f.Law, Options: []string{lawLinear, lawExponential}, Meaning: "resistance over the state"},
		device.Param{Name: "window", Value: &f.Window, Options: []string{windowNone, windowKvatinsky}, Meaning: "factor on the rate that keeps the state off its bounds"},
		device.Param{Name: "a_on", Value: &f.AOn, Unit: "m", Meaning: "state at which the window kvatinsky slows a falling state"},
		device.Param{Name: "a_off", Value: &f.AOff, Unit: "m", Meaning: "state at which the window kvatinsky slows a growing state"},
		device.Param{Name: "w_c", Value: &f.WC, Unit: "m", Range: positive, Meaning: "width of the window kvatinsky"},
		device.Param{Name: "polarity", Value: &f.Polarity, Range: quantity.Between(-1, 1), Meaning: "1 if positive voltage resets, -1 if it sets"},
	)
}

// Validate returns an error unless w_on <= w0 <= w_off with w_on < w_off,
// r_on < r_off, and the polarity has a sign.
func (f *Film) Validate() error {
	switch {
	case !(f.WOn < f.WOff):
		return fmt.Errorf("w_on is %g m: must be below w_off, %g m", f.WOn, f.WOff)
	case !(f.ROn < f.ROff):
		return fmt.Errorf("r_on is %g ohm: must be below r_off, %g ohm", f.ROn, f.ROff)
	}
	if err := checkPolarity(f.Polarity); err != nil {
		return err
	}
	return between("w0", f.W0, f.WOn, f.WOff, "w_on", "w_off")
}

// Drives returns the voltage.
func (f *Film) Drives() []device.Variable { return []device.Variable{device.Voltage} }

// States describes w.
func (f *Film) States() []device.State {
	return []device.State{{
		Variable: device.Variable{Name: "w", Unit: "m", Meaning: "position of the boundary of the insulating region"},
		Initial:  f.W0, Min: f.WOn, Max: f.WOff, Scale: f.WOff - f.WOn,
	}}
}

// Resistance returns R at the state w, ohm.
func (f *Film) Resistance(w float64) float64 {
	s := (w - f.WOn) / (f.WOff - f.WOn)
	if f.Law == lawExponential {
		return f.ROn * math.Pow(f.ROff/f.ROn, s)
	}
	return f.ROn + (f.ROff-f.ROn)*s
}

// Response returns the current v / R, A.
func (f *Film) Response(x, u []float64, _ device.Env) float64 { return u[0] / f.Resistance(x[0]) }

// Slope returns 1/R, S.
func (f *Film) Slope(x, _ []float64, _ device.Env) float64 { return 1 / f.Resistance(x[0]) }

// rate returns dw/dt, m/s, at the drive z with the thresholds on < 0 < off.
func (f *Film) rate(w, z, on, off float64) float64 {
	if f.Polarity < 0 {
		z = -z
	}
	switch {
	case z > off:
		rate := f.KOff * raise(z/off-1, f.AlphaOff)
		if f.Window == windowKvatinsky {
			rate *= math.Exp(-math.Exp((w - f.AOff) / f.WC))
		}
		return rate
	case z < on:
		rate := f.KOn * raise(z/on-1, f.AlphaOn)
		if f.Window == windowKvatinsky {
			rate *= math.Exp(-math.Exp((f.AOn - w) / f.WC))
		}
		return rate
	}
	return 0 * z // a drive that is not a number makes a rate that is none
}

// loopFrequency returns the frequency of a period of twenty times the longer time
// that switching takes at the given overdrives z/z_threshold - 1.
func (f *Film) loopFrequency(overOn, overOff float64) float64 {
	width := f.WOff - f.WOn
	on := width / (-f.KOn * math.Pow(overOn, f.AlphaOn))
	off := width / (f.KOff * math.Pow(overOff, f.AlphaOff))
	return 0.05 / math.Max(on, off)
}
