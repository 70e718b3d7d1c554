package experiments

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"mho/internal/files"
)

// stored is a finished point on disk. Its arrays stand beside it in a .npz.
type stored struct {
	Experiment string   `json:"experiment"`
	Key        string   `json:"key"`
	Values     []Value  `json:"values"`
	Tables     []Table  `json:"tables,omitempty"`
	Warnings   []string `json:"warnings,omitempty"`
	Arrays     []string `json:"arrays,omitempty"`
}

// check refuses a record that says nothing: a result that is not a number.
func (r *Record) check() error {
	for _, v := range r.Values {
		if math.IsNaN(v.X) || math.IsInf(v.X, 0) {
			return fmt.Errorf("result %s is %v: must be finite", v.Name, v.X)
		}
	}
	for _, t := range r.Tables {
		for _, c := range t.Columns {
			for i, x := range c.Values {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					return fmt.Errorf("result %s, column %s, row %d is %v: must be finite", t.Name, c.Name, i+1, x)
				}
			}
		}
	}
	for _, a := range r.Arrays {
		data, ok := a.Data.([]float64)
		if !ok {
			return fmt.Errorf("result %s is a %T: must be float64", a.Name, a.Data)
		}
		for i, x := range data {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("result %s[%d] is %v: must be finite", a.Name, i, x)
			}
		}
	}
	return nil
}

// save writes the record; the file with its name appears last, so that a record
// on disk is complete.
func (r *Record) save(dir, experiment, key string) error {
	s := stored{Experiment: experiment, Key: key, Values: r.Values, Tables: r.Tables, Warnings: r.Warnings}
	if len(r.Arrays) > 0 {
		for _, a := range r.Arrays {
			s.Arrays = append(s.Arrays, a.Name)
		}
		if err := files.WriteNPZ(filepath.Join(dir, key+".npz"), r.Arrays); err != nil {
			return err
		}
	}
	return files.WriteFile(filepath.Join(dir, key+".json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(s)
	})
}

// loadRecord reads a record, and reports whether a whole one is there.
func loadRecord(dir, experiment, key string) (*Record, bool) {
	text, err := os.ReadFile(filepath.Join(dir, key+".json"))
	if err != nil {
		return nil, false
	}
	var s stored
	if json.Unmarshal(text, &s) != nil || s.Experiment != experiment || s.Key != key {
		return nil, false
	}
	r := &Record{Values: s.Values, Tables: s.Tables, Warnings: s.Warnings}
	if len(s.Arrays) > 0 {
		arrays, err := files.ReadNPZ(filepath.Join(dir, key+".npz"))
		if err != nil || len(arrays) != len(s.Arrays) {
			return nil, false
		}
		for _, name := range s.Arrays {
			a, ok := arrays[name]
			if !ok {
				return nil, false
			}
			r.Arrays = append(r.Arrays, files.NamedArray{Name: name, Array: a})
		}
	}
	return r, r.check() == nil
}
