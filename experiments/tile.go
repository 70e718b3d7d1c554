package experiments

import (
	"os"

	"mho/aimc"
	"mho/internal/config"
	"mho/noise"
)

// A TileConfig is a tile read from TOML.
type TileConfig struct {
	aimc.Config
}

// LoadTile reads the TOML of a single tile: the tables [device], [array],
// [mapping], [converters], [noise] and [environment].
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
	return t, doc.Finish([]string{"device", "array", "mapping", "converters", "noise", "environment"})
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
