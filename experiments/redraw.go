package experiments

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"mho/internal/files"
	"mho/internal/quantity"
)

// Redraw returns the figures of a finished study, from the points kept in its
// directory. A non-empty theme replaces that of the study's file.
func Redraw(dir, theme string) ([]Figure, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, inputError(err)
	}
	p, err := m.plan()
	if err != nil {
		return nil, err
	}
	if len(m.Keys) != p.Points {
		return nil, inputError(fmt.Errorf("%s: the study has %d points now and had %d when it was made: run it again", dir, p.Points, len(m.Keys)))
	}
	if theme != "" {
		p.figure.theme = theme
		p.figure.width, p.figure.height = 0, 0
	}
	// Drawing computes nothing, so points that another build of the program
	// made serve as well.
	records := make([]*Record, p.Points)
	for i, key := range m.Keys {
		r, ok := loadRecord(filepath.Join(dir, "points"), m.Experiment, key)
		if !ok {
			return nil, inputError(fmt.Errorf("%s: point %d is missing or damaged: run the study again", dir, i+1))
		}
		records[i] = r
	}
	figs, _, err := p.draw(records)
	return figs, err
}

// Merge combines shards: it gathers the points of all directories below o.Out
// and writes the results of every study. A point that no shard has is an error.
func Merge(ctx context.Context, dirs []string, o Options) (*Summary, error) {
	if err := o.complete(nil); err != nil {
		return nil, inputError(err)
	}
	// Nothing is copied before every directory has been looked at.
	var plans []*Plan
	seen := map[string]*Manifest{}
	shards := map[string][]string{} // directories of each study
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, inputError(readError(dir, err))
		}
		found := false
		for _, e := range entries {
			from := filepath.Join(dir, e.Name())
			if _, err := os.Stat(filepath.Join(from, "manifest.json")); err != nil {
				continue
			}
			found = true
			m, err := readManifest(from)
			if err != nil {
				return nil, inputError(err)
			}
			if first := seen[e.Name()]; first == nil {
				p, err := m.plan()
				if err != nil {
					return nil, err
				}
				seen[e.Name()] = m
				plans = append(plans, p)
			} else if first.Config != m.Config || first.Source != m.Source || first.Points != m.Points {
				return nil, inputError(fmt.Errorf("%s: is of another study than the first %s: shards must have the same file, settings and seed", from, e.Name()))
			} else if first.Build != m.Build {
				return nil, inputError(fmt.Errorf("%s: was made by another build of mho than the first %s: shards must come from one program", from, e.Name()))
			}
			shards[e.Name()] = append(shards[e.Name()], from)
		}
		if !found {
			return nil, inputError(fmt.Errorf("%s: holds no study: must be the --out directory of a shard", dir))
		}
	}
	for _, p := range plans {
		missing := 0
		for _, pt := range p.points {
			if !slices.ContainsFunc(shards[p.Name], func(dir string) bool {
				_, ok := loadRecord(filepath.Join(dir, "points"), p.Experiment.Name, pt.key)
				return ok
			}) {
				missing++
			}
		}
		if missing > 0 {
			return nil, inputError(fmt.Errorf("%s: %d of %d points are in none of the directories: all shards must be given, made by this program", p.Name, missing, p.Points))
		}
	}
	for _, p := range plans {
		for _, from := range shards[p.Name] {
			if err := copyPoints(from, filepath.Join(o.Out, p.Name)); err != nil {
				return nil, err
			}
		}
	}
	return Run(ctx, plans, o)
}

func copyPoints(from, to string) error {
	from, to = filepath.Join(from, "points"), filepath.Join(to, "points")
	if err := files.EnsureDir(to); err != nil {
		return inputError(err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return inputError(readError(from, err))
	}
	// A record's arrays come before the record: .npz sorts behind .json.
	for i := len(entries) - 1; i >= 0; i-- {
		name := entries[i].Name()
		src, dst := filepath.Join(from, name), filepath.Join(to, name)
		if _, err := os.Stat(dst); err == nil || filepath.Ext(name) != ".json" && filepath.Ext(name) != ".npz" {
			continue
		}
		if err := files.WriteFile(dst, func(w io.Writer) error {
			f, err := os.Open(src)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// FigureNamed picks a figure by name; the empty name picks the only or first.
func FigureNamed(figs []Figure, name string) (*Figure, error) {
	var names []string
	for i := range figs {
		if name == "" || figs[i].Name == name {
			return &figs[i], nil
		}
		names = append(names, figs[i].Name)
	}
	return nil, inputError(fmt.Errorf("unknown figure %q: must be one of %v%s", name, names, quantity.DidYouMean(name, names)))
}
