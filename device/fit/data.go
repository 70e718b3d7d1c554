package fit

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat"

	"mho/internal/files"
	"mho/noise/stats"
)

// A Kind is a kind of measurement.
type Kind string

const (
	IV     Kind = "current-voltage" // device,cycle,t_s,v_V,i_A
	Pulses Kind = "pulses"          // device,pulse,amplitude_V,width_s,g_S
	Drift  Kind = "drift"           // device,t_s,g_S
)

// Data are measurements on devices.
type Data struct {
	Kind    Kind
	Devices []Device
}

// A Device is what was measured on one device. Which slices are filled depends on the Kind.
type Device struct {
	Name   string
	Cycles []Cycle // IV

	Amplitude, Width []float64 // Pulses: V and s
	T                []float64 // Drift: s after programming
	G                []float64 // Pulses and Drift: S
}

// A Cycle is one sweep of a current-voltage curve.
type Cycle struct {
	Name    string
	T, V, I []float64 // s, V, A
}

// fewest is the least number of points for a fit.
const fewest = 8

// Read reads measurements from a CSV; the header says of which kind they are. Cycles
// that hold several periods of the voltage are split. Errors name the file and line,
// and say so where a unit is mixed up or there are too few points.
func Read(path string) (*Data, error) {
	t, err := files.ReadTable(path)
	if err != nil {
		return nil, err
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if _, err := t.Column(n); err != nil {
				return false
			}
		}
		return true
	}
	d := &Data{}
	switch {
	case has("t_s", "v_V", "i_A"):
		d.Kind = IV
	case has("amplitude_V", "width_s", "g_S"):
		d.Kind = Pulses
	case has("t_s", "g_S"):
		d.Kind = Drift
	default:
		return nil, fmt.Errorf("%s: the columns are of no measurement: must be device,cycle,t_s,v_V,i_A or device,pulse,amplitude_V,width_s,g_S or device,t_s,g_S", path)
	}
	names := make([]string, t.Rows())
	if has("device") {
		if names, err = t.Texts("device"); err != nil {
			return nil, err
		}
	}
	columns := map[string][]float64{}
	for _, n := range map[Kind][]string{IV: {"t_s", "v_V", "i_A"}, Pulses: {"amplitude_V", "width_s", "g_S"}, Drift: {"t_s", "g_S"}}[d.Kind] {
		if columns[n], err = t.Floats(n); err != nil {
			return nil, err
		}
		if err := plausible(path, n, columns[n]); err != nil {
			return nil, err
		}
	}
	cycles := make([]string, t.Rows())
	if d.Kind == IV && has("cycle") {
		if cycles, err = t.Texts("cycle"); err != nil {
			return nil, err
		}
	}
	index := map[string]int{}
	for i, name := range names {
		k, ok := index[name]
		if !ok {
			k = len(d.Devices)
			index[name] = k
			d.Devices = append(d.Devices, Device{Name: name})
		}
		dev := &d.Devices[k]
		switch d.Kind {
		case IV:
			n := len(dev.Cycles)
			if n == 0 || dev.Cycles[n-1].Name != cycles[i] {
				dev.Cycles = append(dev.Cycles, Cycle{Name: cycles[i]})
				n++
			}
			c := &dev.Cycles[n-1]
			if m := len(c.T); m > 0 && columns["t_s"][i] <= c.T[m-1] {
				return nil, fmt.Errorf("%s:%d: t_s: %g s is not above the time before, %g s: must increase within a cycle", path, t.Line(i), columns["t_s"][i], c.T[m-1])
			}
			c.T, c.V, c.I = append(c.T, columns["t_s"][i]), append(c.V, columns["v_V"][i]), append(c.I, columns["i_A"][i])
		case Pulses:
			if w := columns["width_s"][i]; !(w > 0) {
				return nil, fmt.Errorf("%s:%d: width_s: %g s: must be > 0 s", path, t.Line(i), w)
			}
			dev.Amplitude, dev.Width = append(dev.Amplitude, columns["amplitude_V"][i]), append(dev.Width, columns["width_s"][i])
			fallthrough
		case Drift:
			if g := columns["g_S"][i]; !(g > 0) {
				return nil, fmt.Errorf("%s:%d: g_S: %g S: must be > 0 S", path, t.Line(i), g)
			}
			dev.G = append(dev.G, columns["g_S"][i])
			if d.Kind == Drift {
				if x := columns["t_s"][i]; !(x > 0) {
					return nil, fmt.Errorf("%s:%d: t_s: %g s: must be > 0 s after programming", path, t.Line(i), x)
				}
				dev.T = append(dev.T, columns["t_s"][i])
			}
		}
	}
	for i := range d.Devices {
		dev := &d.Devices[i]
		points := len(dev.G)
		var split []Cycle
		for _, c := range dev.Cycles {
			points += len(c.T)
			split = append(split, c.periods()...)
		}
		dev.Cycles = split
		least := fewest
		if d.Kind == Drift {
			least = 3
		}
		if points < least {
			return nil, fmt.Errorf("%s: device %q has %d points: must have at least %d", path, dev.Name, points, least)
		}
	}
	return d, nil
}

// plausible refuses a column whose numbers no device has in the unit of its header.
func plausible(path, name string, v []float64) error {
	largest := 0.0
	for _, x := range v {
		largest = math.Max(largest, math.Abs(x))
	}
	for _, l := range []struct {
		column, unit, guess string
		low, high           float64
	}{
		{"v_V", "V", "mV", 1e-4, 100}, {"amplitude_V", "V", "mV", 1e-4, 100}, {"i_A", "A", "mA or uA", 1e-15, 1},
		{"g_S", "S", "uS", 1e-15, 1}, {"width_s", "s", "ns or us", 1e-15, 1e4}, {"t_s", "s", "ns or us", 1e-15, 1e12},
	} {
		if l.column != name || largest >= l.low && largest <= l.high {
			continue
		}
		return fmt.Errorf("%s: %s: the largest magnitude is %g %s, which no device has: must be from %g to %g %s; is the column in %s?", path, name, largest, l.unit, l.low, l.high, l.unit, l.guess)
	}
	return nil
}

// periods splits a cycle whose voltage goes through both signs more than once: a
// period begins where the voltage passes zero in the direction of the first excursion.
func (c Cycle) periods() []Cycle {
	peak := 0.0
	for _, v := range c.V {
		peak = math.Max(peak, math.Abs(v))
	}
	// Small voltages are at rest, whatever their sign.
	sign := func(v float64) float64 {
		if math.Abs(v) < 0.02*peak {
			return 0
		}
		return math.Copysign(1, v)
	}
	first, last := 0.0, 0.0
	var cuts []int
	zero := 0
	for i, v := range c.V {
		s := sign(v)
		if s == 0 || last != 0 && s != last {
			if s == 0 {
				zero = i
			} else if zero < i-1 {
				zero = i
			}
		}
		if s != 0 {
			if first == 0 {
				first = s
			}
			if s == first && last == -first {
				cuts = append(cuts, zero)
			}
			last = s
		}
	}
	var out []Cycle
	from := 0
	for k, to := range append(cuts, len(c.T)) {
		name := c.Name
		if len(cuts) > 0 {
			name = fmt.Sprintf("%s.%d", c.Name, k+1)
		}
		end := min(to+1, len(c.T))
		if to == len(c.T) {
			end = to
		}
		out = append(out, Cycle{name, c.T[from:end], c.V[from:end], c.I[from:end]})
		from = to
	}
	return out
}

// A Switching is what one cycle shows.
type Switching struct {
	VSet, VReset float64 // voltage, signed, at which the conductance passes the geometric mean of HRS and LRS; NaN if it does not
	HRS, LRS     float64 // resistance at a fifth of the peak voltage, ohm
}

// Switch takes the switching from a cycle. Within each polarity the conductance on
// the way up and on the way down are compared at a fifth of the peak.
func (c Cycle) Switch() Switching {
	s := Switching{VSet: math.NaN(), VReset: math.NaN(), HRS: math.NaN(), LRS: math.NaN()}
	var low, high []float64
	for _, sign := range []float64{1, -1} {
		var v, g []float64
		for i, x := range c.V {
			if x*sign > 0 {
				v, g = append(v, x*sign), append(g, c.I[i]/x)
			}
		}
		if len(v) < 4 {
			continue
		}
		peak := 0
		for i := range v {
			if v[i] > v[peak] {
				peak = i
			}
		}
		read := 0.2 * v[peak]
		up, down := closest(v[:peak+1], g[:peak+1], read), closest(v[peak:], g[peak:], read)
		if !(up > 0) || !(down > 0) {
			continue
		}
		middle := math.Sqrt(up * down)
		at := math.NaN()
		for i := range g {
			if i > 0 && (g[i-1]-middle)*(g[i]-middle) <= 0 && g[i] != g[i-1] && v[i] > read {
				r := (middle - g[i-1]) / (g[i] - g[i-1])
				at = sign * (v[i-1] + r*(v[i]-v[i-1]))
				break
			}
		}
		switch {
		case down > 1.2*up:
			s.VSet = at
			low, high = append(low, up), append(high, down)
		case down < up/1.2:
			s.VReset = at
			low, high = append(low, down), append(high, up)
		}
	}
	if len(low) > 0 {
		s.HRS, s.LRS = 1/slices.Min(low), 1/slices.Max(high)
	}
	return s
}

func closest(v, g []float64, at float64) float64 {
	best := 0
	for i := range v {
		if math.Abs(v[i]-at) < math.Abs(v[best]-at) {
			best = i
		}
	}
	return g[best]
}

// Components divides the spread of a quantity, given per device and cycle, into the
// standard deviations between devices and between cycles of a device
// (stats.Decompose). NaN are left out. With one device d2d is NaN; with one cycle of
// each device d2d holds both and c2c is NaN.
func Components(groups [][]float64) (mean, d2d, c2c float64) {
	var clean [][]float64
	var all []float64
	for _, g := range groups {
		if g = slices.DeleteFunc(slices.Clone(g), math.IsNaN); len(g) > 0 {
			clean, all = append(clean, g), append(all, g...)
		}
	}
	mean, d2d, c2c = math.NaN(), math.NaN(), math.NaN()
	if len(all) == 0 {
		return mean, d2d, c2c
	}
	mean = stat.Mean(all, nil)
	if c, err := stats.Decompose(clean, 0.95); err == nil {
		return c.Mean, c.D2D.Value, c.C2C.Value
	}
	switch {
	case len(clean) == 1 && len(all) > 1:
		c2c = stat.StdDev(all, nil)
	case len(clean) > 1:
		d2d = stat.StdDev(all, nil)
	}
	return mean, d2d, c2c
}

// Median returns the median of the numbers among v, NaN without any.
func Median(v []float64) float64 {
	s := slices.DeleteFunc(slices.Clone(v), math.IsNaN)
	sort.Float64s(s)
	if len(s) == 0 {
		return math.NaN()
	}
	return 0.5 * (s[(len(s)-1)/2] + s[len(s)/2])
}
