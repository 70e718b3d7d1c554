package experiments

import (
	"fmt"
	"strings"

	"mho/internal/config"
)

// Keys returns the parameters that an experiment's TOML may set, with their
// defaults, except those of the device, which are the model's.
func (e Experiment) Keys() ([]config.Resolved, error) {
	doc, err := config.Parse(e.Name, e.Source())
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("experiment = %q\n", e.Name)
	if doc.Count("device") > 0 {
		model, _ := doc.Text(doc.Path("device", 0) + ".model")
		text += fmt.Sprintf("[device]\nmodel = %q\n", model)
	}
	p, err := plan(e.Name, e.Name, []byte(text), Overrides{})
	if err != nil {
		return nil, err
	}
	c, _, err := p.configure(0)
	if err != nil {
		return nil, err
	}
	var keys []config.Resolved
	for _, r := range c.doc.Decoded() {
		if !strings.HasPrefix(r.Path, "device.") || r.Path == "device.model" || r.Path == "device.label" {
			keys = append(keys, r)
		}
	}
	return keys, nil
}

// TileKeys returns the parameters of a tile's TOML, as mho mvm reads it.
func TileKeys(model string) ([]config.Resolved, error) {
	doc, err := config.Parse("tile.toml", fmt.Appendf(nil, "[device]\nmodel = %q\n", model))
	if err != nil {
		return nil, err
	}
	if _, err := tileOf(doc); err != nil {
		return nil, err
	}
	var keys []config.Resolved
	for _, r := range doc.Decoded() {
		if !strings.HasPrefix(r.Path, "device.") || r.Path == "device.model" {
			keys = append(keys, r)
		}
	}
	return keys, nil
}

// NetworkKeys returns the parameters of a network's TOML beside those of its tiles, as mho evaluate reads it.
func NetworkKeys() ([]config.Resolved, error) {
	doc, err := config.Parse("net.toml", []byte("[[layer]]\nkind = \"flatten\"\n[[layer]]\nkind = \"dense\"\noutputs = 10\n[device]\nmodel = \"pcm-ibm\"\n"))
	if err != nil {
		return nil, err
	}
	if _, err := networkOf(doc); err != nil {
		return nil, err
	}
	var keys []config.Resolved
	for _, r := range doc.Decoded() {
		table, _, ok := strings.Cut(r.Path, ".")
		if !ok || table == "training" {
			keys = append(keys, r)
		}
	}
	return keys, nil
}

// LayerKeys returns the parameters of each kind of layer that has any.
func LayerKeys() (kinds []string, keys [][]config.Resolved) {
	for _, kind := range layerKinds {
		_, params, _ := layerParams(kind)
		var own []config.Resolved
		for _, p := range params {
			own = append(own, config.Resolved{Path: p.Name, Param: p})
		}
		kinds, keys = append(kinds, kind), append(keys, own)
	}
	return kinds, keys
}
