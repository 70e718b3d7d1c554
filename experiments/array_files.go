package experiments

import (
	"fmt"
	"math"

	"mho/crossbar"
	"mho/device"
	"mho/internal/files"
)

// ReadFaults reads the faults of an array's devices from a CSV file with the header
// row,col,g_S: place, counted from 0, and conductance of each, 0 for an open device. The
// error names the line of a place outside an array of rows x cols, of a conductance that is
// negative, or of a device that stands there twice.
func ReadFaults(path string, rows, cols int) ([]crossbar.Change, error) {
	t, err := files.ReadTable(path)
	if err != nil {
		return nil, err
	}
	var column [3][]float64
	for k, header := range []string{"row", "col", "g_S"} {
		if column[k], err = t.Floats(header); err != nil {
			return nil, err
		}
	}
	seen := map[[2]int]int{}
	faults := make([]crossbar.Change, t.Rows())
	for n := range faults {
		place := fmt.Sprintf("%s:%d", path, t.Line(n))
		for k, most := range []int{rows, cols} {
			x := column[k][n]
			if x != math.Trunc(x) || x < 0 || x >= float64(most) {
				return nil, fmt.Errorf("%s: column %s: %g: must be a whole number from 0 to %d", place, []string{"row", "col"}[k], x, most-1)
			}
		}
		f := crossbar.Change{Row: int(column[0][n]), Col: int(column[1][n]), G: column[2][n]}
		if f.G < 0 {
			return nil, fmt.Errorf("%s: column g_S: %g S: must be >= 0 S", place, f.G)
		}
		if at, twice := seen[[2]int{f.Row, f.Col}]; twice {
			return nil, fmt.Errorf("%s: the device at row %d, column %d stands in line %d already: must be given once", place, f.Row, f.Col, at)
		}
		seen[[2]int{f.Row, f.Col}] = t.Line(n)
		faults[n] = f
	}
	return faults, nil
}

// ReadLineMap reads the resistances of line segments, in Ω, rows x cols of them, from a .csv
// or .npy file: each above 0, or inf where the line is broken.
func ReadLineMap(path string, rows, cols int) ([]float64, error) {
	m, err := files.ReadMap(path)
	if err != nil {
		return nil, err
	}
	if m.Rows != rows || m.Cols != cols {
		return nil, fmt.Errorf("%s: %d x %d resistances: must be %d x %d", path, m.Rows, m.Cols, rows, cols)
	}
	for k, r := range m.Data {
		if !(r > 0) {
			return nil, fmt.Errorf("%s: row %d, column %d: %g ohm: must be > 0 ohm, or inf where the line is broken", path, k/cols+1, k%cols+1, r)
		}
	}
	return m.Data, nil
}

// arrayFiles are the files that tell what is not as it should be in an array.
type arrayFiles struct {
	wordMap, bitMap, faults string // paths, empty for none

	changes []crossbar.Change
}

// params declares the files, for the table [array].
func (f *arrayFiles) params() []device.Param {
	return []device.Param{
		{Name: "r_word_map", Value: &f.wordMap, Meaning: "file (.csv or .npy) of the resistance of every word line segment in ohm, rows x (cols+1), inf where a line is broken; the default is r_word throughout", Source: "assumption"},
		{Name: "r_bit_map", Value: &f.bitMap, Meaning: "file of the resistance of every bit line segment, (rows+1) x cols; the default is r_bit throughout", Source: "assumption"},
		{Name: "faults", Value: &f.faults, Meaning: "file (.csv) of devices with a conductance of their own, with the header row,col,g_S; the default is none", Source: "assumption"},
	}
}

// read reads the files for an array of rows x cols devices, the maps into w.
func (f *arrayFiles) read(c *Config, rows, cols int, w *crossbar.Wires) error {
	var err error
	for _, x := range []struct {
		key, path string
		read      func(path string) error
	}{
		{"array.r_word_map", f.wordMap, func(path string) error { w.RWordMap, err = ReadLineMap(path, rows, cols+1); return err }},
		{"array.r_bit_map", f.bitMap, func(path string) error { w.RBitMap, err = ReadLineMap(path, rows+1, cols); return err }},
		{"array.faults", f.faults, func(path string) error { f.changes, err = ReadFaults(path, rows, cols); return err }},
	} {
		if x.path == "" {
			continue
		}
		if err := x.read(x.path); err != nil {
			return c.Errorf(x.key, "%v", err)
		}
		if err := c.Input(x.path); err != nil {
			return c.Errorf(x.key, "%v", err)
		}
	}
	return nil
}
