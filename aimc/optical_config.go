package aimc

import (
	"fmt"
	"slices"

	"mho/crossbar"
	"mho/device"
	"mho/device/photonic"
	"mho/internal/quantity"
)

// OpticalConfig describes an OpticalTile. NewOpticalConfig returns the defaults.
type OpticalConfig struct {
	Device     device.Model // *photonic.MZIMesh, *photonic.Ring or *photonic.OpticalPCM
	Env        device.Env
	Rows       int // most inputs of a chip; matrices with more are cut
	Cols       int // most outputs of a chip; matrices with more are cut
	Converters crossbar.Converters
	Noise      OpticalNoise
}

// OpticalNoise says which random processes of the devices are in force.
type OpticalNoise struct {
	Programming bool // setting misses its targets
	Drift       bool // what was set drifts
	Read        bool // receivers are noisy
}

// Optical reports whether a model makes an OpticalTile.
func Optical(m device.Model) bool {
	switch m.(type) {
	case *photonic.MZIMesh, *photonic.Ring, *photonic.OpticalPCM:
		return true
	}
	return false
}

// NewOpticalConfig returns a tile of the given device with ideal converters and all processes
// of the device: chips of up to 256 x 256, or of 16 x 16 where the light of an input
// is divided among all devices of a chip. Inputs of a ring bank are also bounded by the FSR.
func NewOpticalConfig(dev device.Model) OpticalConfig {
	c := OpticalConfig{Device: dev, Env: device.Room(), Rows: 256, Cols: 256, Converters: crossbar.NewConverters(), Noise: OpticalNoise{true, true, true}}
	if _, ok := dev.(*photonic.OpticalPCM); ok {
		c.Rows, c.Cols = 16, 16
	}
	// Inputs are relative to a full one, so that full scales come out in A.
	c.Converters.VRead = 1
	return c
}

// ArrayParams declares the parameters of the table [array].
func (c *OpticalConfig) ArrayParams() []quantity.Param {
	return []quantity.Param{
		{Name: "rows", Value: &c.Rows, Range: quantity.Between(1, 4096), Meaning: "most inputs of a chip; a matrix with more is cut into equal parts", Source: "assumption"},
		{Name: "cols", Value: &c.Cols, Range: quantity.Between(1, 4096), Meaning: "most outputs of a chip; a matrix with more is cut into equal parts", Source: "assumption"},
	}
}

// ConverterParams declares the parameters of the table [converters]: those of crossbar.Converters
// that have a meaning for modulators and receivers.
func (c *OpticalConfig) ConverterParams() []quantity.Param {
	known := []string{"input_range", "dac.bits", "adc.bits", "adc.range", "adc.sigmas", "adc.limit"}
	return slices.DeleteFunc(c.Converters.Params(), func(p quantity.Param) bool { return !slices.Contains(known, p.Name) })
}

// Params declares the parameters, for the table [noise].
func (n *OpticalNoise) Params() []quantity.Param {
	const assumed = "assumption"
	return []quantity.Param{
		{Name: "programming", Value: &n.Programming, Meaning: "setting misses its targets as the device does; false sets an ideal device", Source: assumed},
		{Name: "drift", Value: &n.Drift, Meaning: "what was set drifts as the device does; false keeps it", Source: assumed},
		{Name: "read", Value: &n.Read, Meaning: "receivers are noisy; false reads exactly", Source: assumed},
	}
}

// Validate returns an error that names the table and key of a value that is not allowed, or tells
// that the device makes no optical tile.
func (c *OpticalConfig) Validate() error {
	if c.Device == nil || !Optical(c.Device) {
		return fmt.Errorf("device: no optical tile: must be a ring, mzi-mesh or optical-pcm")
	}
	if err := c.Device.Validate(); err != nil {
		return fmt.Errorf("device.%w", err)
	}
	if c.Rows < 1 || c.Cols < 1 || c.Rows > 4096 || c.Cols > 4096 {
		return fmt.Errorf("array.rows and array.cols are %d and %d: must be from 1 to 4096", c.Rows, c.Cols)
	}
	if err := c.Converters.Validate(); err != nil {
		return fmt.Errorf("converters.%w", err)
	}
	if c.Converters.VRead != 1 {
		return fmt.Errorf("converters.v_read is %g V: must be 1, inputs of light are relative", c.Converters.VRead)
	}
	if !(c.Env.Bandwidth > 0) || !(c.Env.Temperature > 0) || !(c.Env.Wavelength > 0) {
		return fmt.Errorf("environment.bandwidth, temperature and wavelength are %g Hz, %g K and %g m: must be > 0", c.Env.Bandwidth, c.Env.Temperature, c.Env.Wavelength)
	}
	return nil
}
