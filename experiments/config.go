package experiments

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"mho/device"
	"mho/device/catalog"
	"mho/internal/config"
	"mho/internal/files"
	"mho/internal/quantity"
	"mho/plots"
)

// tables are the names that may stand in a study's TOML.
var tables = []string{
	"device", "environment", "array", "mapping", "converters", "noise", "workload", "training", "architecture",
	"waveform", "study", "figure", "sweep",
}

// A Config hands a point's configuration to its study. The study declares what
// it understands; whatever else stands in the file is an error.
type Config struct {
	// Env is the table [environment].
	Env device.Env

	doc    *config.Doc
	head   header
	figure figureConfig
	refs   []device.Reference
	inputs []string // hashes of files that were read
}

// header holds the keys above the first table.
type header struct {
	experiment string
	title      string
	seed       int
}

func (h *header) params() []device.Param {
	return []device.Param{
		{Name: "experiment", Value: &h.experiment, Meaning: "which study to make, a name from mho list experiments"},
		{Name: "title", Value: &h.title, Meaning: "title in the report; the default is the study's own"},
		{Name: "seed", Value: &h.seed, Range: quantity.Between(0, 1<<53), Meaning: "names the stream of random numbers; the same seed gives the same bits"},
	}
}

// figureConfig is the table [figure].
type figureConfig struct {
	theme         string
	width, height float64 // m; 0 leaves it to the theme and the panels
}

func (f *figureConfig) params() []device.Param {
	return []device.Param{
		{Name: "theme", Value: &f.theme, Options: plots.Themes(), Meaning: "the publisher whose column widths, type and line sizes the figure keeps"},
		{Name: "width", Value: &f.width, Unit: "m", Range: quantity.Between(0, 2), Meaning: "width of the figure; 0 is one or two columns of the theme"},
		{Name: "height", Value: &f.height, Unit: "m", Range: quantity.Between(0, 2), Meaning: "height of the figure; 0 follows from the panels"},
	}
}

func environmentParams(e *device.Env) []device.Param {
	return []device.Param{
		{Name: "temperature", Value: &e.Temperature, Unit: "K", Range: quantity.Positive(), Meaning: "ambient temperature"},
		{Name: "wavelength", Value: &e.Wavelength, Unit: "m", Range: quantity.Positive(), Meaning: "wavelength of the light in optical devices"},
		{Name: "bandwidth", Value: &e.Bandwidth, Unit: "Hz", Range: quantity.Positive(), Meaning: "bandwidth of the circuit that reads"},
	}
}

// newConfig decodes what every study has in common.
func newConfig(doc *config.Doc) (*Config, error) {
	c := &Config{doc: doc, Env: device.Room(), head: header{seed: 1}, figure: figureConfig{theme: "default"}}
	if err := doc.Decode("", c.head.params()); err != nil {
		return nil, err
	}
	if err := doc.Decode("environment", environmentParams(&c.Env)); err != nil {
		return nil, err
	}
	if err := doc.Decode("figure", c.figure.params()); err != nil {
		return nil, err
	}
	for name, x := range map[string]float64{"width": c.figure.width, "height": c.figure.height} {
		if x > 0 && x < 0.015 {
			return nil, doc.Errorf("figure."+name, "%s is too small: must be 0 or from 15 mm to 2 m", quantity.Format(x, "m"))
		}
	}
	return c, nil
}

// bareConfig decodes what a file has that is no study: no keys above the first
// table, no figure.
func bareConfig(doc *config.Doc) (*Config, error) {
	c := &Config{doc: doc, Env: device.Room()}
	if err := doc.Decode("", nil); err != nil {
		return nil, err
	}
	return c, doc.Decode("environment", environmentParams(&c.Env))
}

// configure lets a study take its parameters and reports what it left.
func (c *Config) configure(s Study) error {
	if err := s.Configure(c); err != nil {
		return err
	}
	return c.doc.Finish(tables)
}

// Section declares the parameters of one table and takes their values.
func (c *Config) Section(name string, params []device.Param) error { return c.doc.Decode(name, params) }

// Errorf makes an error at a key given by its whole path.
func (c *Config) Errorf(path, format string, args ...any) error {
	return c.doc.Errorf(path, format, args...)
}

// Cite names sources beyond those of the devices.
func (c *Config) Cite(refs ...device.Reference) { c.refs = append(c.refs, refs...) }

// Input tells that a point's numbers depend on what is in a file.
func (c *Config) Input(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	c.inputs = append(c.inputs, fmt.Sprintf("%x", sha256.Sum256(data)))
	return nil
}

// NeedMemory refuses a point that needs more bytes than the machine has; path
// is the key that asks for them.
func (c *Config) NeedMemory(path, what string, bytes float64) error {
	if err := files.CheckMemory(what, uint64(min(bytes, math.MaxInt64))); err != nil {
		return c.Errorf(path, "%v", err)
	}
	return nil
}

// A Device is a model of the file under its label.
type Device struct {
	Label   string // name in results and figures, unique within the study
	Model   device.Model
	Element device.Element  // the model, in studies of elements
	Spreads []device.Spread // from device to device, in studies of devices that differ
}

// Models takes every [device] or [[device]] of the file. Wanted says in words
// what the study can use, and accept whether a model is that.
func (c *Config) Models(wanted string, accept func(device.Model) bool) ([]Device, error) {
	return c.models(wanted, accept, false)
}

// models is Models; varied devices take spreads of their parameters, too.
func (c *Config) models(wanted string, accept func(device.Model) bool, varied bool) ([]Device, error) {
	n := c.doc.Count("device")
	if n == 0 {
		return nil, c.Errorf("device", "this study needs a device: must be a table [device] with a model")
	}
	var out []Device
	labels := map[string]bool{}
	for i := range n {
		path := c.doc.Path("device", i)
		name, ok := c.doc.Text(path + ".model")
		if !ok {
			return nil, c.Errorf(path+".model", "the model is missing: must be a name from mho list devices, in quotes")
		}
		m, err := catalog.New(c.beside(name))
		if err != nil {
			return nil, c.Errorf(path+".model", "%v", err)
		}
		if !accept(m) {
			return nil, c.Errorf(path+".model", "%s is not %s", name, wanted)
		}
		d := Device{Label: name, Model: m}
		params := append([]device.Param{
			{Name: "model", Value: &name, Meaning: "the device, a name from mho list devices or a file (.toml) from mho characterise or mho fit"},
			{Name: "label", Value: &d.Label, Meaning: "its name in results and figures; the default is the model's"},
		}, m.Params()...)
		var given spreads
		if varied {
			given = newSpreads(m)
			params = append(params, given.params()...)
		}
		if err := c.doc.Decode(path, params); err != nil {
			return nil, err
		}
		if varied {
			d.Spreads = given.of(m)
		}
		if d.Label == "" || strings.ContainsFunc(d.Label, unicode.IsControl) {
			return nil, c.Errorf(path+".label", "%q is no label: must be printable text", d.Label)
		}
		if labels[d.Label] {
			return nil, c.Errorf(path+".label", "%q is the label of a device before: must differ, give each a label", d.Label)
		}
		labels[d.Label] = true
		if err := m.Validate(); err != nil {
			return nil, c.Errorf(path, "%v", err)
		}
		c.refs = append(c.refs, m.Info().References...)
		out = append(out, d)
	}
	return out, nil
}

// beside returns the path of a file that stands beside the study's own, unless there
// is one of the name as it is; other names stay.
func (c *Config) beside(name string) string {
	if filepath.Ext(name) != ".toml" || filepath.IsAbs(name) {
		return name
	}
	if _, err := os.Stat(name); err == nil {
		return name
	}
	if path := filepath.Join(filepath.Dir(c.doc.File), name); path != name {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return name
}

// Elements takes the devices of a study of elements.
func (c *Config) Elements() ([]Device, error) { return c.elements(false) }

// VariedElements takes the devices of a study of elements that differ from device to
// device, as the models say or the keys spread.NAME of their tables.
func (c *Config) VariedElements() ([]Device, error) { return c.elements(true) }

func (c *Config) elements(varied bool) ([]Device, error) {
	devices, err := c.models("an electrical element: must be a model with a differential equation, see mho list devices", func(m device.Model) bool {
		el, ok := m.(device.Element)
		return ok && device.Electrical(el)
	}, varied)
	for i := range devices {
		devices[i].Element = devices[i].Model.(device.Element)
	}
	return devices, err
}

// spreads are those given of the parameters of a model that are numbers, relative; NaN
// is none.
type spreads struct {
	names  []string
	values []float64
}

func newSpreads(m device.Model) spreads {
	var s spreads
	for _, p := range m.Params() {
		if _, ok := p.Value.(*float64); ok {
			s.names, s.values = append(s.names, p.Name), append(s.values, math.NaN())
		}
	}
	return s
}

func (s *spreads) params() []device.Param {
	var out []device.Param
	for i, name := range s.names {
		out = append(out, device.Param{Name: "spread." + name, Value: &s.values[i], Range: quantity.NonNegative(), Meaning: "relative standard deviation of " + name + " from device to device, normal; not given, that of the model"})
	}
	return out
}

// of returns the spreads of a model: those given, and its own of the others.
func (s *spreads) of(m device.Model) []device.Spread {
	var out []device.Spread
	given := map[string]bool{}
	for i, name := range s.names {
		if x := s.values[i]; !math.IsNaN(x) {
			given[name] = true
			out = append(out, device.Spread{Param: name, Law: device.Normal, Sigma: x, Relative: true, Source: "assumption"})
		}
	}
	if v, ok := m.(device.Varied); ok {
		for _, sp := range v.Spreads() {
			if !given[sp.Param] {
				out = append(out, sp)
			}
		}
	}
	return out
}

// Cells takes the one device of a study of populations.
func (c *Config) Cells() (device.CellModel, error) {
	devices, err := c.Models("a population: must be a statistical model of cells, see mho list devices", func(m device.Model) bool {
		_, ok := m.(device.CellModel)
		return ok
	})
	if err != nil {
		return nil, err
	}
	if len(devices) > 1 {
		return nil, c.Errorf("device", "there are %d devices: must be one", len(devices))
	}
	return devices[0].Model.(device.CellModel), nil
}

// apply puts the theme and size that [figure] asks for on a figure.
func (c *figureConfig) apply(f *plots.Figure) error {
	t, err := plots.ThemeByName(c.theme)
	if err != nil {
		return fmt.Errorf("figure.theme: %w", err)
	}
	f.Theme = t
	if c.width > 0 {
		f.Width = c.width * 1e3
	}
	if c.height > 0 {
		f.Height = c.height * 1e3
	}
	return nil
}

// Wrong puts the place in front of an error that starts with the path of a key,
// as those of a Validate method do.
func (c *Config) Wrong(err error) error {
	path, rest, ok := strings.Cut(err.Error(), " ")
	if !ok {
		return c.Errorf("", "%v", err)
	}
	return c.Errorf(strings.TrimSuffix(path, ":"), "%s", rest)
}
