package experiments

import (
	"fmt"
	"os"

	"mho/aimc"
	"mho/internal/config"
	"mho/internal/files"
	"mho/noise"
)

// A TileConfig is a tile read from TOML.
type TileConfig struct {
	aimc.Config
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

// NewTile makes the tile for a matrix of outputs x inputs.
func (t *TileConfig) NewTile(outputs, inputs int, key noise.Key) (*aimc.CrossbarTile, error) {
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
