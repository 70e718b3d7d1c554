package aimc

import (
	"fmt"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
)

// An Array describes the crossbar arrays of a tile.
type Array struct {
	Rows int // most word lines of an array; matrices with more inputs are cut
	Cols int // most bit lines of an array; matrices with more outputs are cut
	crossbar.Wires
}

// NewArray returns arrays of up to 512 x 512 with ideal wires.
func NewArray() Array {
	return Array{Rows: 512, Cols: 512, Wires: crossbar.Wires{Topology: crossbar.Single}}
}

// Params declares the parameters, for the table [array].
func (a *Array) Params() []quantity.Param {
	return append([]quantity.Param{
		{Name: "rows", Value: &a.Rows, Range: quantity.AtLeast(1), Meaning: "most word lines of an array; a matrix with more inputs is cut into equal parts", Source: "assumption"},
		{Name: "cols", Value: &a.Cols, Range: quantity.AtLeast(1), Meaning: "most bit lines of an array; a matrix with more outputs is cut into equal parts", Source: "assumption"},
	}, a.Wires.Params()...)
}

// Noise says which random processes of the devices are in force, and what an
// evaluation is to read noise.
type Noise struct {
	Programming bool    // programming misses its targets
	Drift       bool    // conductances drift
	Read        bool    // reads are noisy
	Window      float64 // duration of an evaluation, s: read noise that is slower stays the same in it
}

// NewNoise returns all processes and a window of 100 µs.
func NewNoise() Noise { return Noise{Programming: true, Drift: true, Read: true, Window: 100e-6} }

// Params declares the parameters, for the table [noise].
func (n *Noise) Params() []quantity.Param {
	const assumed = "assumption"
	return []quantity.Param{
		{Name: "programming", Value: &n.Programming, Meaning: "programming misses its targets as the device does; false programs exactly", Source: assumed},
		{Name: "drift", Value: &n.Drift, Meaning: "conductances drift as the device does; false keeps them", Source: assumed},
		{Name: "read", Value: &n.Read, Meaning: "reads are noisy as the device is; false reads exactly", Source: assumed},
		{Name: "window", Value: &n.Window, Unit: "s", Range: quantity.NonNegative(), Meaning: "duration of an evaluation: slower read noise is the same for all of its vectors", Source: assumed},
	}
}

// switches sets the parameters programming_noise and drift of m to false where
// n says so, and returns a function that puts them back. A device without such
// a parameter has no such process.
func (n Noise) switches(m device.Model) (restore func()) {
	off := map[string]bool{"programming_noise": !n.Programming, "drift": !n.Drift}
	var changed []*bool
	for _, p := range m.Params() {
		if v, ok := p.Value.(*bool); ok && off[p.Name] && *v {
			*v = false
			changed = append(changed, v)
		}
	}
	return func() {
		for _, v := range changed {
			*v = true
		}
	}
}

// A Config describes a tile. NewConfig returns the defaults.
type Config struct {
	Device     device.CellModel
	Env        device.Env
	Array      Array
	Mapping    crossbar.Mapping
	Converters crossbar.Converters
	Noise      Noise
}

// NewConfig returns a tile of the given device at room temperature with ideal wires
// and converters, differential pairs, and all processes of the device.
func NewConfig(dev device.CellModel) Config {
	return Config{
		Device: dev, Env: device.Room(),
		Array: NewArray(), Mapping: crossbar.Mapping{Scheme: crossbar.DifferentialPair},
		Converters: crossbar.NewConverters(), Noise: NewNoise(),
	}
}

// Validate returns an error that names the table and key of a value that is not
// allowed, or tells that there is no device.
func (c *Config) Validate() error {
	if c.Device == nil {
		return fmt.Errorf("device: missing: must be a model of cells")
	}
	if err := c.Device.Validate(); err != nil {
		return fmt.Errorf("device.%w", err)
	}
	if c.Array.Rows < 1 || c.Array.Cols < 1 {
		return fmt.Errorf("array.rows and array.cols are %d and %d: must be at least 1", c.Array.Rows, c.Array.Cols)
	}
	if err := c.Array.Wires.Validate(); err != nil {
		return fmt.Errorf("array.%w", err)
	}
	if err := c.Mapping.Validate(); err != nil {
		return fmt.Errorf("mapping.%w", err)
	}
	if err := c.Converters.Validate(); err != nil {
		return fmt.Errorf("converters.%w", err)
	}
	if r := quantity.NonNegative(); !r.Contains(c.Noise.Window) {
		return fmt.Errorf("noise.window is %g s: must be %s", c.Noise.Window, r.Text("s"))
	}
	return nil
}
