package catalog

import (
	"fmt"
	"path/filepath"
	"strings"

	"mho/device"
	"mho/device/ferroelectric"
	"mho/device/memristor"
	"mho/device/pcm"
	"mho/device/photonic"
	"mho/device/pulsed"
	"mho/device/rram"
	"mho/device/spintronic"
	"mho/internal/quantity"
)

// All returns the entries of all models, presets behind the model they belong to.
func All() []device.Entry {
	var all []device.Entry
	for _, models := range [][]device.Entry{
		memristor.Models(), pcm.Models(), rram.Models(), pulsed.Models(), ferroelectric.Models(), spintronic.Models(), photonic.Models(),
	} {
		all = append(all, models...)
	}
	return all
}

// Names returns the names of all models.
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, e.Name)
	}
	return names
}

// New returns a fresh model with the defaults of the named preset, or the model of
// a file whose name ends in .toml (see Open). The error of an unknown name suggests
// the nearest.
func New(name string) (device.Model, error) {
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		return Open(name)
	}
	for _, e := range All() {
		if e.Name == name {
			return e.New(), nil
		}
	}
	return nil, fmt.Errorf("unknown device %q: see mho list devices%s", name, quantity.DidYouMean(name, Names()))
}
