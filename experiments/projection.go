package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"

	"mho/aimc/energy"
	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// projection is an architecture and a workload of a study, the tables
// [architecture] and [workload].
type projection struct {
	architecture, workload shipped
	draws                  int
	arch                   *energy.Architecture
	load                   *energy.Workload
}

// shipped is what comes by name or from a file, with overrides.
type shipped struct {
	name string
	set  []string
	hash string // of a file, so that a point is computed anew when it has changed
}

func newProjection(architecture, workload string) projection {
	return projection{architecture: shipped{name: architecture}, workload: shipped{name: workload}, draws: 10000}
}

func (p *projection) configure(c *Config) error {
	arch, err := p.architecture.text(c, "architecture", energy.ArchitectureSource)
	if err != nil {
		return err
	}
	if p.arch, err = energy.ParseArchitecture(p.architecture.file(), arch, p.architecture.set...); err != nil {
		return c.Errorf("architecture", "%v", err)
	}
	load, err := p.workload.text(c, "workload", energy.WorkloadSource)
	if err != nil {
		return err
	}
	if p.load, err = energy.ParseWorkload(p.workload.file(), load, p.workload.set...); err != nil {
		return c.Errorf("workload", "%v", err)
	}
	texts := []string{p.arch.Source, p.load.Source}
	for _, x := range p.arch.Components {
		texts = append(texts, x.Source)
	}
	c.Cite(energy.References(texts...)...)
	return nil
}

func (s *shipped) file() string {
	if strings.HasSuffix(s.name, ".toml") {
		return s.name
	}
	return s.name + ".toml"
}

// text decodes the table and returns the TOML that it names.
func (s *shipped) text(c *Config, table string, source func(string) ([]byte, error)) ([]byte, error) {
	params := []device.Param{
		{Name: "name", Value: &s.name, Meaning: "a name from mho list " + table + "s, or a file"},
		{Name: "set", Value: &s.set, Meaning: "changes of its keys, such as \"" + map[string]string{"architecture": "component.adc.energy=2pJ", "workload": "batch=8"}[table] + "\""},
	}
	if given, ok := c.doc.Text(table + ".name"); ok {
		s.name = given
	}
	var text []byte
	var err error
	if strings.HasSuffix(s.name, ".toml") {
		if text, err = os.ReadFile(s.name); err != nil {
			return nil, c.Errorf(table+".name", "%v", readError(s.name, err))
		}
		sum := sha256.Sum256(text)
		found := hex.EncodeToString(sum[:8])
		s.hash = found
		params = append(params, device.Param{Name: "hash", Value: &s.hash, Meaning: "of the file; filled in"})
		if err := c.Section(table, params); err != nil {
			return nil, err
		}
		if s.hash != found {
			return nil, c.Errorf(table+".hash", "%s has changed: its hash is %s, must be left out", s.name, found)
		}
		return text, nil
	}
	if err := c.Section(table, params); err != nil {
		return nil, err
	}
	if text, err = source(s.name); err != nil {
		return nil, c.Errorf(table+".name", "%v", err)
	}
	return text, nil
}

// drawsParam declares the number of samples behind the bands.
func (p *projection) drawsParam() device.Param {
	return device.Param{Name: "draws", Value: &p.draws, Range: quantity.Between(100, 1e7), Meaning: "Monte-Carlo samples behind the bands"}
}

func (p *projection) project(key noise.Key) (*energy.Projection, error) {
	return energy.Project(p.arch, p.load, &energy.Settings{Draws: p.draws, Key: key})
}

// addBand adds the quantiles of a projected number.
func addBand(r *Record, name, unit string, b energy.Band) {
	r.Add(name+"_p10", unit, b.P10)
	r.Add(name+"_p50", unit, b.P50)
	r.Add(name+"_p90", unit, b.P90)
}

// bandOf reads what addBand added.
func bandOf(r *Record, name string) (lo, mid, hi float64) {
	return r.Value(name + "_p10"), r.Value(name + "_p50"), r.Value(name + "_p90")
}
