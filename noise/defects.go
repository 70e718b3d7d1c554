package noise

import (
	"fmt"
	"math"

	"mho/internal/files"
	"mho/internal/quantity"
)

// A Defect is what is wrong with a cell.
type Defect uint8

const (
	Healthy    Defect = iota
	StuckSet          // stuck at the highest conductance (stuck at 1)
	StuckReset        // stuck at the lowest conductance (stuck at 0)
	Shorted           // a short between its lines
	Open              // no connection, as on a dead line: no conductance
)

// defectNames are the words of fault files.
var defectNames = [...]string{"healthy", "stuck-set", "stuck-reset", "shorted", "open"}

// String returns the fault's word in files.
func (f Defect) String() string {
	if int(f) < len(defectNames) {
		return defectNames[f]
	}
	return fmt.Sprintf("Defect(%d)", uint8(f))
}

// A FaultMap says what is wrong in an array of cells.
type FaultMap struct {
	Rows, Cols int
	Faults     []Defect // Rows*Cols, by rows
}

// NewFaultMap returns an array without faults. It panics unless rows and cols are at least 1.
func NewFaultMap(rows, cols int) *FaultMap {
	if rows < 1 || cols < 1 {
		panic("noise: fault map without cells")
	}
	return &FaultMap{Rows: rows, Cols: cols, Faults: make([]Defect, rows*cols)}
}

// At returns the fault of a cell.
func (m *FaultMap) At(row, col int) Defect { return m.Faults[row*m.Cols+col] }

// Set sets the fault of a cell.
func (m *FaultMap) Set(row, col int, f Defect) { m.Faults[row*m.Cols+col] = f }

// SetRow sets the fault of a whole row: Open for a dead word line.
func (m *FaultMap) SetRow(row int, f Defect) {
	for col := range m.Cols {
		m.Set(row, col, f)
	}
}

// SetCol sets the fault of a whole column: Open for a dead bit line.
func (m *FaultMap) SetCol(col int, f Defect) {
	for row := range m.Rows {
		m.Set(row, col, f)
	}
}

// Count returns how many cells have a fault.
func (m *FaultMap) Count(f Defect) int {
	n := 0
	for _, x := range m.Faults {
		if x == f {
			n++
		}
	}
	return n
}

// Apply replaces the conductances g, in S, of faulty cells: gOff and gOn for stuck
// ones, gShort for shorted ones, 0 for open ones. It panics if g has the wrong length.
func (m *FaultMap) Apply(g []float64, gOff, gOn, gShort float64) {
	if len(g) != len(m.Faults) {
		panic("noise: wrong number of cells")
	}
	for i, f := range m.Faults {
		switch f {
		case StuckSet:
			g[i] = gOn
		case StuckReset:
			g[i] = gOff
		case Shorted:
			g[i] = gShort
		case Open:
			g[i] = 0
		}
	}
}

// Write writes the map as a CSV table row,col,fault with a line for each faulty cell,
// counted from 0, and a last line with the fault "end" at the number of rows and columns.
func (m *FaultMap) Write(path string) error {
	var rows, cols []float64
	var names []string
	for i, f := range m.Faults {
		if f != Healthy {
			rows, cols, names = append(rows, float64(i/m.Cols)), append(cols, float64(i%m.Cols)), append(names, f.String())
		}
	}
	rows, cols, names = append(rows, float64(m.Rows)), append(cols, float64(m.Cols)), append(names, "end")
	return files.WriteTable(path, &files.Table{Columns: []files.Column{
		{Name: "row", Values: rows}, {Name: "col", Values: cols}, {Name: "fault", Text: names},
	}})
}

// ReadFaultMap reads a map as Write writes it. An empty cell of row stands for a whole
// column, an empty cell of col for a whole row; later lines overwrite. Without
// a line "end" the map has the given size; with one, a size other than that is an
// error. A size of 0 x 0 takes the file's.
func ReadFaultMap(path string, rows, cols int) (*FaultMap, error) {
	t, err := files.ReadTable(path)
	if err != nil {
		return nil, err
	}
	r, err := t.OptionalFloats("row")
	if err != nil {
		return nil, err
	}
	c, err := t.OptionalFloats("col")
	if err != nil {
		return nil, err
	}
	names, err := t.Texts("fault")
	if err != nil {
		return nil, err
	}
	wrong := func(i int, format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", path, t.Line(i), fmt.Sprintf(format, args...))
	}
	whole := func(x float64, limit int) bool { return x == math.Trunc(x) && x >= 0 && x < float64(limit) }
	for i, name := range names {
		if name != "end" {
			continue
		}
		if !whole(r[i], math.MaxInt32) || !whole(c[i], math.MaxInt32) || r[i] < 1 || c[i] < 1 || r[i]*c[i] > math.MaxInt32 {
			return nil, wrong(i, "size %g x %g: must be whole numbers from 1, at most %d cells", r[i], c[i], math.MaxInt32)
		}
		if rows != 0 && (int(r[i]) != rows || int(c[i]) != cols) {
			return nil, wrong(i, "the map is of %g x %g cells: must be %d x %d as the array", r[i], c[i], rows, cols)
		}
		rows, cols = int(r[i]), int(c[i])
	}
	if rows == 0 {
		return nil, fmt.Errorf("%s: no line with the fault \"end\": must give the rows and columns of the map", path)
	}
	m := NewFaultMap(rows, cols)
	for i, name := range names {
		if name == "end" {
			continue
		}
		f := Defect(0)
		for int(f) < len(defectNames) && defectNames[f] != name {
			f++
		}
		row, col := !math.IsNaN(r[i]), !math.IsNaN(c[i])
		switch {
		case int(f) == len(defectNames):
			return nil, wrong(i, "fault: %q is unknown: must be healthy, stuck-set, stuck-reset, shorted, open or end%s", name, quantity.DidYouMean(name, defectNames[:]))
		case row && !whole(r[i], rows):
			return nil, wrong(i, "row: %g: must be a whole number from 0 to %d, or empty for a whole column", r[i], rows-1)
		case col && !whole(c[i], cols):
			return nil, wrong(i, "col: %g: must be a whole number from 0 to %d, or empty for a whole row", c[i], cols-1)
		case row && col:
			m.Set(int(r[i]), int(c[i]), f)
		case row:
			m.SetRow(int(r[i]), f)
		case col:
			m.SetCol(int(c[i]), f)
		default:
			return nil, wrong(i, "row and col are empty: must give a row, a column or both")
		}
	}
	return m, nil
}

// Defects are faults at random, or from a map: each cell is faulty on its own, and each
// line is dead on its own. NewDefects and ChenDefects return it.
type Defects struct {
	StuckSetRate   float64 // share of cells stuck at the highest conductance
	StuckResetRate float64 // share of cells stuck at the lowest conductance
	ShortRate      float64 // share of shorted cells
	DeadRowRate    float64 // share of rows without connection
	DeadColRate    float64 // share of columns without connection
	GShort         float64 // conductance of a shorted cell, S
	File           string  // CSV with a fault map, instead of the rates
	chen           bool
}

var _ Process = (*Defects)(nil)

// NewDefects returns 0.5 % of cells stuck at each end.
func NewDefects() *Defects {
	return &Defects{StuckSetRate: 0.005, StuckResetRate: 0.005, GShort: 1e-3}
}

// ChenDefects returns the stuck-at rates that are widely quoted for the 4 Mb HfO2 chip of
// doi:10.1109/TC.2014.12, 9.04 % at SET and 1.75 % at RESET: an assumption, for they
// were not seen in that paper itself.
func ChenDefects() *Defects {
	return &Defects{StuckSetRate: 0.0904, StuckResetRate: 0.0175, GShort: 1e-3, chen: true}
}

// Info describes the process.
func (d *Defects) Info() Info {
	info := Info{
		Name: "faults", Kind: "faults", Title: "stuck and shorted cells and dead lines, at random or from a map",
		Equations: []string{
			"each cell is stuck at SET, stuck at RESET or shorted with the probabilities given; each row and column is dead with its own",
			"P(cell connected) = (1 - dead_rows) (1 - dead_cols)",
		},
		Notes: []string{
			"A dead line overrides what is wrong with its cells.",
			"A map is a CSV with the header row,col,fault and the faults stuck-set, stuck-reset, shorted, open; an empty row is a whole column, an empty col a whole row. It replaces the rates.",
			"A cell's fault belongs to its place: it does not depend on the size of the array.",
		},
		References: []Reference{refChen},
	}
	if d.chen {
		info.Name, info.Title = "faults/chen-2015", "stuck-at rates of a 4 Mb HfO2 RRAM chip"
		info.Notes = append(info.Notes, "The rates are widely quoted for the chip of Chen2015; they were not seen in that paper itself, so they count as an assumption.")
	}
	return info
}

// Params declares the parameters.
func (d *Defects) Params() []Param {
	rate := rangeTo(1)
	return []Param{
		{Name: "stuck_set", Value: &d.StuckSetRate, Range: rate, Meaning: "share of cells stuck at the highest conductance", Source: assumed},
		{Name: "stuck_reset", Value: &d.StuckResetRate, Range: rate, Meaning: "share of cells stuck at the lowest conductance", Source: assumed},
		{Name: "shorted", Value: &d.ShortRate, Range: rate, Meaning: "share of shorted cells", Source: assumed},
		{Name: "dead_rows", Value: &d.DeadRowRate, Range: rate, Meaning: "share of rows without connection", Source: assumed},
		{Name: "dead_cols", Value: &d.DeadColRate, Range: rate, Meaning: "share of columns without connection", Source: assumed},
		{Name: "g_short", Value: &d.GShort, Unit: "S", Range: quantity.NonNegative(), Meaning: "conductance of a shorted cell", Source: assumed},
		{Name: "file", Value: &d.File, Meaning: "CSV with a fault map, instead of the shares", Source: assumed},
	}
}

// Validate returns an error if the shares of cells exceed 1.
func (d *Defects) Validate() error {
	if sum := d.StuckSetRate + d.StuckResetRate + d.ShortRate; sum > 1 {
		return fmt.Errorf("stuck_set + stuck_reset + shorted is %g: must be at most 1", sum)
	}
	return nil
}

// Draw returns the faults of an array, or those of File.
func (d *Defects) Draw(rows, cols int, k Key) (*FaultMap, error) {
	if rows < 1 || cols < 1 || rows > math.MaxInt32/cols {
		return nil, fmt.Errorf("fault map of %d x %d cells: rows and columns must be at least 1, cells at most %d", rows, cols, math.MaxInt32)
	}
	if d.File != "" {
		return ReadFaultMap(d.File, rows, cols)
	}
	m := NewFaultMap(rows, cols)
	u := make([]float64, cols)
	cells, lines := k.Fold(1), k.Fold(2)
	for row := range rows {
		cells.Uniform(u, At{Row: uint32(row)})
		for col, x := range u {
			switch {
			case x < d.StuckSetRate:
				m.Set(row, col, StuckSet)
			case x < d.StuckSetRate+d.StuckResetRate:
				m.Set(row, col, StuckReset)
			case x < d.StuckSetRate+d.StuckResetRate+d.ShortRate:
				m.Set(row, col, Shorted)
			}
		}
	}
	for row := range rows {
		if lines.UniformAt(At{Row: uint32(row)}) < d.DeadRowRate {
			m.SetRow(row, Open)
		}
	}
	for col := range cols {
		if lines.UniformAt(At{Col: uint32(col), Event: 1}) < d.DeadColRate {
			m.SetCol(col, Open)
		}
	}
	return m, nil
}
