package catalog

import (
	"fmt"
	"os"
	"strings"

	"mho/device"
	"mho/device/surrogate"
	"mho/internal/config"
)

// ElementFormat is the value of the key format in a file that holds the parameters
// of a model, as mho fit writes it.
const ElementFormat = "mho device 1"

// Open returns the model of a TOML file: the population that mho characterise has
// written (surrogate.Read), or a model of this catalog, its key model, with the values
// of its table [parameters], as mho fit writes it. In such a file the values may be
// edited; what else it holds, [fit] and what is below it, tells where they come
// from. Errors name the file and the key.
func Open(path string) (device.Model, error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("%s: no such file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read", path)
	}
	doc, err := config.Parse(path, text)
	if err != nil {
		return nil, err
	}
	switch format, _ := doc.Text("format"); format {
	case surrogate.Format:
		return surrogate.Read(path)
	case ElementFormat:
	default:
		return nil, doc.Errorf("format", "%q is not known: must be %q, from mho characterise, or %q, from mho fit", format, surrogate.Format, ElementFormat)
	}
	name, _ := doc.Text("model")
	if strings.Contains(name, ".toml") {
		return nil, doc.Errorf("model", "%s is a file: must be a name from mho list devices", name)
	}
	m, err := New(name)
	if err != nil {
		return nil, doc.Errorf("model", "%v", err)
	}
	if err := doc.Decode("parameters", m.Params()); err != nil {
		return nil, err
	}
	if err := m.Validate(); err != nil {
		return nil, doc.Errorf("parameters", "%v", err)
	}
	return m, nil
}
