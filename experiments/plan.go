package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"mho/device"
	"mho/internal/config"
	"mho/internal/quantity"
	"mho/noise"
)

// An InputError is a mistake in what the user gave, found before any work.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

func inputError(err error) error {
	if err == nil {
		return nil
	}
	return &InputError{err}
}

// Overrides are the changes that a call makes to a study's file.
type Overrides struct {
	Sets []string // "key.path=value"
	Seed *uint64  // beats the file's
}

// A Plan is a study with every point decoded and checked.
type Plan struct {
	Experiment Experiment
	Name       string // of its directory
	Title      string
	Seed       uint64
	Points     int // of the sweep, repeats included

	file      string
	source    []byte
	overrides Overrides
	doc       *config.Doc // without [sweep]
	sweep     config.Sweep
	axes      []AxisInfo
	points    []pointPlan
	refs      []device.Reference
	figure    figureConfig
	resolved  string // TOML of the first point
}

type pointPlan struct {
	key   string // of its record
	axis  []float64
	label []string
}

// Load makes the plan of an experiment's name or of a TOML file.
func Load(arg string, o Overrides) (*Plan, error) {
	if strings.HasSuffix(arg, ".toml") || strings.ContainsRune(arg, '/') || strings.ContainsRune(arg, filepath.Separator) {
		text, err := os.ReadFile(arg)
		if err != nil {
			return nil, inputError(readError(arg, err))
		}
		return plan(arg, strings.TrimSuffix(filepath.Base(arg), ".toml"), text, o)
	}
	e, err := Find(arg)
	if err != nil {
		return nil, inputError(err)
	}
	return plan(arg, arg, e.Source(), o)
}

func readError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: may not be read: permission denied", path)
	}
	return fmt.Errorf("%s: cannot be read: %w", path, errors.Unwrap(err))
}

func plan(file, name string, source []byte, o Overrides) (*Plan, error) {
	p := &Plan{Name: name, file: file, source: source, overrides: o}
	if err := p.load(); err != nil {
		return nil, inputError(err)
	}
	return p, nil
}

func (p *Plan) load() error {
	doc, err := config.Parse(p.file, p.source)
	if err != nil {
		return err
	}
	for _, s := range p.overrides.Sets {
		if err := doc.Set(s); err != nil {
			return err
		}
	}
	if s := p.overrides.Seed; s != nil {
		if *s > 1<<53 {
			return fmt.Errorf("--seed %d: must be from 0 to %d", *s, uint64(1)<<53)
		}
		if err := doc.Put("seed", int64(*s), fmt.Sprintf("--seed %d", *s)); err != nil {
			return err
		}
	}
	name, ok := doc.Text("experiment")
	if !ok {
		return doc.Errorf("experiment", "the key is missing: must name a study, see mho list experiments")
	}
	if p.Experiment, err = Find(name); err != nil {
		return doc.Errorf("experiment", "%v", err)
	}
	if p.sweep, err = doc.Sweep(); err != nil {
		return err
	}
	p.doc = doc
	p.Points = p.sweep.Points()
	p.points = make([]pointPlan, p.Points)
	for i := 0; i < p.Points; i += p.sweep.Repeats {
		c, _, err := p.configure(i)
		if err != nil {
			return err
		}
		var pp pointPlan
		if pp.axis, pp.label, err = p.axisValues(c); err != nil {
			return err
		}
		text := physics(c.doc) + strings.Join(c.inputs, "\n")
		for r := range p.sweep.Repeats {
			pp.key = pointKey(p.Experiment.Name, text, r)
			p.points[i+r] = pp
		}
		if i == 0 {
			p.Seed = uint64(c.head.seed)
			p.Title = c.head.title
			p.figure = c.figure
			p.resolved = c.doc.TOML()
		}
		for _, r := range c.refs {
			p.cite(r)
		}
	}
	if p.Title == "" {
		p.Title = p.Experiment.Summary
	}
	return nil
}

func (p *Plan) cite(r device.Reference) {
	for _, have := range p.refs {
		if have.Key == r.Key {
			return
		}
	}
	p.refs = append(p.refs, r)
}

// configure decodes point i afresh.
func (p *Plan) configure(i int) (*Config, Study, error) {
	doc := p.doc.Clone()
	steps, _ := p.sweep.At(i)
	if err := p.sweep.Apply(doc, steps); err != nil {
		return nil, nil, err
	}
	c, err := newConfig(doc)
	if err != nil {
		return nil, nil, err
	}
	s := p.Experiment.New()
	if err := c.configure(s); err != nil {
		return nil, nil, err
	}
	return c, s, nil
}

// axisValues tells the swept keys' values at a point.
func (p *Plan) axisValues(c *Config) (axis []float64, label []string, err error) {
	first := p.axes == nil
	for _, a := range p.sweep.Axes {
		for k, key := range a.Keys {
			param, ok := c.doc.Lookup(key)
			if !ok {
				return nil, nil, p.doc.Errorf("sweep."+key, "not a parameter of this study")
			}
			x, unit := math.NaN(), ""
			switch v := param.Value.(type) {
			case *float64:
				x, unit = *v, quantity.SI(param.Unit)
			case *int:
				x = float64(*v)
			}
			if first {
				p.axes = append(p.axes, AxisInfo{key, unit, k > 0})
			}
			text := param.Text()
			if s, ok := param.Value.(*string); ok {
				text = *s
			}
			axis = append(axis, x)
			label = append(label, strings.Trim(text, `"`))
		}
	}
	return axis, label, nil
}

// physics prints what a point's numbers depend on.
func physics(doc *config.Doc) string {
	var b strings.Builder
	for _, r := range doc.Decoded() {
		if r.Path == "title" || r.Path == "experiment" || strings.HasPrefix(r.Path, "figure.") {
			continue
		}
		fmt.Fprintf(&b, "%s = %s\n", r.Path, r.Text())
	}
	return b.String()
}

func pointKey(experiment, physics string, repeat int) string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\nrepeat %d\n%s", experiment, physics, repeat, build()))
	return hex.EncodeToString(h[:12])
}

// stream is the random key of a repeat. It depends on nothing else: points that
// differ along an axis share their devices.
func (p *Plan) stream(repeat int) noise.Key { return noise.NewKey(p.Seed).Fold(uint64(repeat)) }
