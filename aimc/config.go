package aimc

import (
	"fmt"

	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
)

// The arithmetic of a tile.
const (
	Double = "double" // float64
	Single = "single" // float32: twice as fast, outputs of 1024 inputs are right to 1e-6 of the largest
)

// An Array describes the crossbar arrays of a tile.
type Array struct {
	Rows int // most word lines of an array; matrices with more inputs are cut
	Cols int // most bit lines of an array; matrices with more outputs are cut

	// Precision is the arithmetic of products and of their noise, Double or Single; the
	// empty text is Double. Conversions are in float64 with either.
	Precision string
	crossbar.Wires
}

// NewArray returns arrays of up to 512 x 512 with ideal wires.
func NewArray() Array {
	return Array{Rows: 512, Cols: 512, Precision: Double, Wires: crossbar.Wires{Topology: crossbar.Single}}
}

// Params declares the parameters, for the table [array].
func (a *Array) Params() []quantity.Param {
	if a.Precision == "" {
		a.Precision = Double
	}
	return append([]quantity.Param{
		{Name: "rows", Value: &a.Rows, Range: quantity.AtLeast(1), Meaning: "most word lines of an array; a matrix with more inputs is cut into equal parts", Source: "assumption"},
		{Name: "cols", Value: &a.Cols, Range: quantity.AtLeast(1), Meaning: "most bit lines of an array; a matrix with more outputs is cut into equal parts", Source: "assumption"},
		{Name: "precision", Value: &a.Precision, Options: []string{Double, Single}, Meaning: "arithmetic of the simulation: double, or single, which is twice as fast and right to about 1e-6", Source: "assumption"},
	}, a.Wires.Params()...)
}

// Noise says which random processes of the devices are in force, and what an
// evaluation is to read noise.
type Noise struct {
	Programming bool    // programming misses its targets
	Drift       bool    // conductances drift
	Read        bool    // reads are noisy
	Window      float64 // duration of an evaluation, s: read noise that is slower stays the same in it
	Thermal     bool    // reads have the thermal noise 4kT G of the devices (crossbar.WhiteNoise) besides, if Read
	Shot        float64 // Fano factor of the shot noise of the devices, 0 to 1, if Read
}

// NewNoise returns all processes of the device and a window of 100 µs, without white noise.
func NewNoise() Noise { return Noise{Programming: true, Drift: true, Read: true, Window: 100e-6} }

// Params declares the parameters, for the table [noise].
func (n *Noise) Params() []quantity.Param {
	const assumed = "assumption"
	return []quantity.Param{
		{Name: "programming", Value: &n.Programming, Meaning: "programming misses its targets as the device does; false programs exactly", Source: assumed},
		{Name: "drift", Value: &n.Drift, Meaning: "conductances drift as the device does; false keeps them", Source: assumed},
		{Name: "read", Value: &n.Read, Meaning: "reads are noisy as the device is; false reads exactly", Source: assumed},
		{Name: "window", Value: &n.Window, Unit: "s", Range: quantity.NonNegative(), Meaning: "duration of an evaluation: slower read noise is the same for all of its vectors", Source: assumed},
		{Name: "thermal", Value: &n.Thermal, Meaning: "reads have the thermal noise 4kT G besides, at the environment's temperature and bandwidth", Source: assumed},
		{Name: "shot", Value: &n.Shot, Range: quantity.Range{Min: 0, Max: 1}, Meaning: "Fano factor of the shot noise that reads have besides: 0 for a resistor, 1 for a tunnel barrier", Source: assumed},
	}
}

// device returns m without the processes that n switches off, m itself if there are none.
func (n Noise) device(m device.CellModel) (device.CellModel, error) {
	var off []string
	if !n.Programming {
		off = append(off, "programming_noise")
	}
	if !n.Drift {
		off = append(off, "drift")
	}
	return device.Without(m, off...)
}

// white returns the white noise of the devices in the environment, without what inputs make of it.
func (n Noise) white(env device.Env) crossbar.WhiteNoise {
	w := crossbar.WhiteNoise{Bandwidth: env.Bandwidth}
	if n.Read && n.Thermal {
		w.Temperature = env.Temperature
	}
	if n.Read {
		w.Fano = n.Shot
	}
	return w
}

// A Config describes a tile. NewConfig returns the defaults.
type Config struct {
	Device     device.CellModel
	Env        device.Env
	Array      Array
	Mapping    crossbar.Mapping
	Converters crossbar.Converters
	Noise      Noise

	Programming  crossbar.Writing // how cells are brought to their targets; the zero value is the device's own way
	Compensation Compensation     // of drift, and when weights are written anew; the zero value is neither
}

// NewConfig returns a tile of the given device at room temperature with ideal wires
// and converters, differential pairs, and all processes of the device.
func NewConfig(dev device.CellModel) Config {
	return Config{
		Device: dev, Env: device.Room(),
		Array: NewArray(), Mapping: crossbar.NewMapping(),
		Converters: crossbar.NewConverters(), Noise: NewNoise(),
		Programming: crossbar.NewWriting(), Compensation: NewCompensation(),
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
	if p := c.Array.Precision; p != "" && p != Double && p != Single {
		return fmt.Errorf("array.precision is %q: must be %q or %q", p, Double, Single)
	}
	if err := c.Array.Wires.Validate(); err != nil {
		return fmt.Errorf("array.%w", err)
	}
	if err := c.Mapping.Validate(); err != nil {
		return fmt.Errorf("mapping.%w", err)
	}
	if c.Mapping.HasReferenceColumn() && c.Array.Cols < 2 {
		return fmt.Errorf("array.cols is 1: must be at least 2 with mapping.scheme = %q, for a weight and its reference column", crossbar.Offset)
	}
	if err := c.Converters.Validate(); err != nil {
		return fmt.Errorf("converters.%w", err)
	}
	if err := c.Programming.Validate(); err != nil {
		return fmt.Errorf("programming.%w", err)
	}
	if err := c.Compensation.Validate(); err != nil {
		return fmt.Errorf("compensation.%w", err)
	}
	if c.Programming.Repair > 0 && (c.Mapping.Scheme == crossbar.Offset || c.Mapping.SliceBits > 0) {
		return fmt.Errorf("programming.repair is %g: must be 0 with mapping.scheme = %q or digits, where a device has no partner", c.Programming.Repair, crossbar.Offset)
	}
	if r := quantity.NonNegative(); !r.Contains(c.Noise.Window) {
		return fmt.Errorf("noise.window is %g s: must be %s", c.Noise.Window, r.Text("s"))
	}
	if !(c.Noise.Shot >= 0 && c.Noise.Shot <= 1) {
		return fmt.Errorf("noise.shot is %g: must be from 0 to 1", c.Noise.Shot)
	}
	if err := c.Noise.white(c.Env).Validate(); err != nil {
		return fmt.Errorf("environment.%w", err)
	}
	return nil
}
