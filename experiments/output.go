package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"mho/internal/cite"
	"mho/internal/files"
)

// A Manifest is the file manifest.json beside a study's results: all that is
// needed to know what was run and to run it again.
type Manifest struct {
	Experiment string       `json:"experiment"`
	Name       string       `json:"name"`
	Title      string       `json:"title"`
	Seed       uint64       `json:"seed"`
	Config     string       `json:"config"` // of the first point, every parameter with its value
	File       string       `json:"file"`   // as it was called
	Source     string       `json:"source"` // its text
	Sets       []string     `json:"set,omitempty"`
	SeedSet    bool         `json:"seed_set,omitempty"` // --seed beat the file's
	Shard      string       `json:"shard,omitempty"`
	Points     int          `json:"points"`
	Keys       []string     `json:"point_keys"`
	Version    string       `json:"version"`
	Build      string       `json:"build"` // hash of the program
	Go         string       `json:"go"`
	Host       Host         `json:"host"`
	Started    string       `json:"started"`
	WallTime   float64      `json:"wall_time_s"`
	DataHash   string       `json:"data_csv_sha256,omitempty"`
	Figures    []FigureInfo `json:"figures,omitempty"`
	Warnings   []string     `json:"warnings,omitempty"`
}

// Host is the machine that a study ran on.
type Host struct {
	Name string `json:"name"`
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
}

// FigureInfo tells of a figure in a manifest.
type FigureInfo struct {
	Name    string   `json:"name"`
	Caption string   `json:"caption"`
	Numbers []Number `json:"numbers,omitempty"`
	Files   []string `json:"files"`  // the drawings
	Panels  []string `json:"panels"` // the data of each panel
}

// write makes all files of a study. A shard has its points and manifest only.
func (p *Plan) write(out *Outcome, records []*Record, started time.Time, o Options) error {
	m := p.manifest(started)
	if o.Shards > 0 {
		m.Shard = fmt.Sprintf("%d/%d", o.Shard, o.Shards)
		return m.write(out.Dir)
	}
	figs, res, err := p.draw(records)
	if err != nil {
		return err
	}
	old, _ := readManifest(out.Dir)
	// The manifest of an earlier run does not stand beside newer files.
	if err := removeIfExists(filepath.Join(out.Dir, "manifest.json")); err != nil {
		return err
	}
	var data bytes.Buffer
	if err := res.table().WriteCSV(&data); err != nil {
		return err
	}
	out.Data = filepath.Join(out.Dir, "data.csv")
	if err := writeBytes(out.Data, data.Bytes()); err != nil {
		return err
	}
	sum := sha256.Sum256(data.Bytes())
	out.DataHash = hex.EncodeToString(sum[:])
	m.DataHash = out.DataHash
	if arrays := res.arrays(); len(arrays) > 0 {
		if err := files.WriteNPZ(filepath.Join(out.Dir, "data.npz"), arrays); err != nil {
			return err
		}
	}
	for i := range figs {
		info, err := figs[i].write(out.Dir, o.Formats)
		if err != nil {
			return fmt.Errorf("figure %s: %w", figs[i].Name, err)
		}
		m.Figures = append(m.Figures, info)
		for _, f := range info.Files {
			out.Figures = append(out.Figures, filepath.Join(out.Dir, f))
		}
	}
	bib := cite.BibTeX(p.refs)
	if bib == "" {
		bib = "% This study uses no model taken from a publication.\n"
	}
	if err := writeBytes(filepath.Join(out.Dir, "references.bib"), []byte(bib)); err != nil {
		return err
	}
	for _, r := range records {
		for _, w := range r.Warnings {
			if !slices.Contains(out.Warnings, w) {
				out.Warnings = append(out.Warnings, w)
			}
		}
	}
	m.Warnings = out.Warnings
	m.WallTime = time.Since(started).Seconds()
	if old != nil {
		if err := removeStale(out.Dir, old, m); err != nil {
			return err
		}
	}
	return m.write(out.Dir)
}

// removeStale removes the figures and panels of an earlier run that this one did
// not write again: they would not belong to the data beside them.
func removeStale(dir string, old, now *Manifest) error {
	kept := map[string]bool{}
	for _, f := range now.Figures {
		for _, name := range slices.Concat(f.Files, f.Panels) {
			kept[name] = true
		}
	}
	for _, f := range old.Figures {
		for _, name := range slices.Concat(f.Files, f.Panels) {
			if name == filepath.Base(name) && !kept[name] {
				if err := removeIfExists(filepath.Join(dir, name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p *Plan) manifest(started time.Time) *Manifest {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	m := &Manifest{
		Experiment: p.Experiment.Name, Name: p.Name, Title: p.Title, Seed: p.Seed, Config: p.resolved, File: p.file,
		Source: string(p.source), Sets: p.overrides.Sets, SeedSet: p.overrides.Seed != nil, Points: p.Points,
		Version: Version(), Build: build(), Go: runtime.Version(),
		Host:    Host{host, runtime.GOOS, runtime.GOARCH, runtime.NumCPU()},
		Started: started.UTC().Format(time.RFC3339), WallTime: time.Since(started).Seconds(),
	}
	for _, pt := range p.points {
		m.Keys = append(m.Keys, pt.key)
	}
	return m
}

func (m *Manifest) write(dir string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return err
	}
	return writeBytes(filepath.Join(dir, "manifest.json"), b.Bytes())
}

// readManifest reads the manifest of a study's directory.
func readManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, readError(path, err)
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil || m.Experiment == "" {
		return nil, fmt.Errorf("%s: not the manifest of a study: %v", path, err)
	}
	return m, nil
}

// plan makes the plan that the manifest is of.
func (m *Manifest) plan() (*Plan, error) {
	o := Overrides{Sets: m.Sets}
	if m.SeedSet {
		o.Seed = &m.Seed
	}
	return plan(m.File, m.Name, []byte(m.Source), o)
}

func writeBytes(path string, b []byte) error {
	return files.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// table is the content of data.csv: a row per point with the sweep's axes, the
// repeat, and the results.
func (r *Results) table() *files.Table {
	t := &files.Table{}
	for k, a := range r.Axes {
		c := files.Column{Name: a.Key, Unit: a.Unit}
		texts := false
		for _, p := range r.Points {
			texts = texts || math.IsNaN(p.Axis[k])
		}
		for _, p := range r.Points {
			if texts {
				c.Text = append(c.Text, p.Label[k])
			} else {
				c.Values = append(c.Values, p.Axis[k])
			}
		}
		t.Columns = append(t.Columns, c)
	}
	repeat := files.Column{Name: "repeat"}
	for _, p := range r.Points {
		repeat.Values = append(repeat.Values, float64(p.Repeat))
	}
	t.Columns = append(t.Columns, repeat)
	first := len(t.Columns)
	for i, p := range r.Points {
		for _, v := range p.Values {
			k := first
			for ; k < len(t.Columns) && (t.Columns[k].Name != v.Name || t.Columns[k].Unit != v.Unit); k++ {
			}
			if k == len(t.Columns) {
				c := files.Column{Name: v.Name, Unit: v.Unit, Optional: true, Values: make([]float64, len(r.Points))}
				for j := range c.Values {
					c.Values[j] = math.NaN()
				}
				t.Columns = append(t.Columns, c)
			}
			t.Columns[k].Values[i] = v.X
		}
	}
	return t
}

// arrays is the content of data.npz. Where there are several points, an array's
// name ends with the point's row in data.csv.
func (r *Results) arrays() []files.NamedArray {
	var out []files.NamedArray
	for i, p := range r.Points {
		for _, a := range p.Arrays {
			if len(r.Points) > 1 {
				a.Name = fmt.Sprintf("%s_%d", a.Name, i)
			}
			out = append(out, a)
		}
	}
	return out
}

// write draws the figure in each format and writes each panel's data.
func (f *Figure) write(dir string, formats []string) (FigureInfo, error) {
	info := FigureInfo{Name: f.Name, Caption: f.Caption, Numbers: f.Numbers}
	for _, format := range formats {
		name := f.Name + "." + format
		if err := files.WriteFile(filepath.Join(dir, name), func(w io.Writer) error { return f.Figure.Write(w, format) }); err != nil {
			return info, err
		}
		info.Files = append(info.Files, name)
	}
	for i := range f.Panels {
		name := f.Name + ".csv"
		if len(f.Panels) > 1 {
			name = fmt.Sprintf("%s-%c.csv", f.Name, 'a'+i)
		}
		t, err := panelTable(&f.Panels[i])
		if err != nil {
			return info, err
		}
		if err := files.WriteFile(filepath.Join(dir, name), t.WriteCSV); err != nil {
			return info, err
		}
		info.Panels = append(info.Panels, name)
	}
	return info, nil
}
