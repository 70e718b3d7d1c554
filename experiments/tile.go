package experiments

import (
	"fmt"
	"os"

	"mho/aimc"
	"mho/device"
	"mho/device/catalog"
	"mho/internal/config"
	"mho/internal/files"
	"mho/noise"
)

// A TileConfig is a tile read from TOML.
type TileConfig struct {
	aimc.Config
	Optical *aimc.OpticalConfig // the tile, if its device is one of light; then Config is empty
}

// A Tile is what NewTile makes.
type Tile interface {
	aimc.Tile
	// Reference returns the time in s after programming at which the device defines its
	// programmed state.
	Reference() float64
}

// LoadTile reads the TOML of a single tile: the tables [device], [array],
// [mapping], [converters], [noise], [programming], [compensation] and [environment].
func LoadTile(path string, sets []string) (*TileConfig, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, inputError(readError(path, err))
	}
	t, err := decodeTile(path, text, sets)
	return t, inputError(err)
}

func decodeTile(path string, text []byte, sets []string) (*TileConfig, error) {
	doc, err := config.Parse(path, text)
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		if err := doc.Set(s); err != nil {
			return nil, err
		}
	}
	return tileOf(doc)
}

func tileOf(doc *config.Doc) (*TileConfig, error) {
	t := new(TileConfig)
	c, err := bareConfig(doc)
	if err != nil {
		return nil, err
	}
	if name, ok := doc.Text(doc.Path("device", 0) + ".model"); ok && doc.Count("device") == 1 && isOptical(name) {
		return t, t.optical(c, doc)
	}
	if t.Config, err = c.tile(); err != nil {
		return nil, err
	}
	return t, doc.Finish([]string{"device", "array", "mapping", "converters", "noise", "programming", "compensation", "environment"})
}

// tile takes the device and the tables of a tile.
func (c *Config) tile() (aimc.Config, error) {
	cells, err := c.Cells()
	if err != nil {
		return aimc.Config{}, err
	}
	t := aimc.NewConfig(cells)
	t.Env = c.Env
	return t, tileSections(c, &t)
}

// isOptical reports whether a device makes a tile of light.
func isOptical(name string) bool {
	m, err := catalog.New(name)
	return err == nil && aimc.Optical(m)
}

// optical takes the tables of a tile of light: it has no wires and no mapping.
func (t *TileConfig) optical(c *Config, doc *config.Doc) error {
	o, err := opticalConfig(c)
	if err != nil {
		return err
	}
	t.Optical = o
	return doc.Finish([]string{"device", "array", "converters", "noise", "environment"})
}

// opticalConfig takes the device and the tables of a tile of light.
func opticalConfig(c *Config) (*aimc.OpticalConfig, error) {
	devices, err := c.Models("a device of light that multiplies: must be ring, mzi-mesh or optical-pcm", aimc.Optical)
	if err != nil {
		return nil, err
	}
	if len(devices) > 1 {
		return nil, c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	o := aimc.NewOpticalConfig(devices[0].Model)
	o.Env = c.Env
	for _, section := range []struct {
		name   string
		params []device.Param
	}{{"array", o.ArrayParams()}, {"converters", o.ConverterParams()}, {"noise", o.Noise.Params()}} {
		if err := c.Section(section.name, section.params); err != nil {
			return nil, err
		}
	}
	if err := o.Validate(); err != nil {
		return nil, c.Wrong(err)
	}
	return &o, nil
}

// NewTile makes the tile for a matrix of outputs x inputs.
func (t *TileConfig) NewTile(outputs, inputs int, key noise.Key) (Tile, error) {
	if t.Optical != nil {
		return aimc.NewOpticalTile(outputs, inputs, *t.Optical, key)
	}
	return aimc.NewCrossbarTile(outputs, inputs, t.Config, key)
}

// SaveCells writes the devices of a tile to an .npz file: for array N of the list cellsN_target_S and cellsN_conductance_S
// (word lines x bit lines), cellsN_pulses if the tile was written by pulses, and for all of them arrays, a row each of its
// first output, first input, slice, copy and sign.
func SaveCells(path string, t *aimc.CrossbarTile) error {
	cells, err := t.Cells()
	if err != nil {
		return err
	}
	var all []files.NamedArray
	list := make([]float64, 0, 5*len(cells))
	add := func(n int, what string, c aimc.Cells, data any) {
		all = append(all, files.NamedArray{Name: fmt.Sprintf("cells%d_%s", n, what), Array: files.Array{Shape: []int{c.Rows, c.Cols}, Data: data}})
	}
	for n, c := range cells {
		list = append(list, float64(c.FirstOutput), float64(c.FirstInput), float64(c.Slice), float64(c.Copy), float64(c.Sign))
		add(n, "target_S", c, c.Target)
		add(n, "conductance_S", c, c.Conductance)
		if len(c.Pulses) > 0 {
			pulses := make([]float64, len(c.Pulses))
			for i, p := range c.Pulses {
				pulses[i] = float64(p)
			}
			add(n, "pulses", c, pulses)
		}
	}
	all = append(all, files.NamedArray{Name: "arrays", Array: files.Array{Shape: []int{len(cells), 5}, Data: list}})
	return files.WriteNPZ(path, all)
}
