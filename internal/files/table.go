package files

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Table is a set of columns of equal length: the form of every result and of
// every measurement.
type Table struct {
	Columns []Column

	// Where the table was read, for errors: the file's name and each row's line.
	source string
	lines  []int
}

// A Column is one quantity of a table.
type Column struct {
	// Name is the quantity, such as "g" or "std".
	Name string
	// Unit is its SI unit as written in headers, such as "S", "ohm" or "m_per_s",
	// or empty. [ReadTable] leaves it empty and Name the whole header, for
	// "read_noise" looks no different from "std_S".
	Unit string
	// Values are the numbers, in Unit; nil in a column of text.
	Values []float64
	// Text are the cells of a column without Values. [ReadTable] gives the cells
	// as they stand in the file for columns of numbers too.
	Text []string
	// Optional allows NaN in Values, which stands for "no value" and is an empty
	// cell in the file.
	Optional bool
}

// Header returns the heading of the column: Name, or Name_Unit.
func (c *Column) Header() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + "_" + c.Unit
}

// length returns the number of cells.
func (c *Column) length() int {
	if c.Values != nil {
		return len(c.Values)
	}
	return len(c.Text)
}

// Rows returns the number of rows.
func (t *Table) Rows() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return t.Columns[0].length()
}

// Column returns the column with the given header, or an error that lists those
// there are.
func (t *Table) Column(header string) (*Column, error) {
	all := make([]string, len(t.Columns))
	for j := range t.Columns {
		all[j] = t.Columns[j].Header()
		if all[j] == header {
			return &t.Columns[j], nil
		}
	}
	return nil, fmt.Errorf("%sno column %s: have %s", t.place(-1), quote(header), strings.Join(all, ", "))
}

// Floats returns the numbers of the column with the given header. A missing
// column and the first cell that holds no finite number are errors.
func (t *Table) Floats(header string) ([]float64, error) { return t.floats(header, false) }

// OptionalFloats is Floats with NaN for empty cells.
func (t *Table) OptionalFloats(header string) ([]float64, error) { return t.floats(header, true) }

func (t *Table) floats(header string, optional bool) ([]float64, error) {
	c, err := t.Column(header)
	if err != nil {
		return nil, err
	}
	if c.Values == nil {
		for i, cell := range c.Text {
			if optional && cell == "" {
				continue
			}
			if _, wrong := parseNumber(cell); wrong != "" {
				return nil, fmt.Errorf("%scolumn %s: %s: %s", t.place(i), header, wrong, wantNumber)
			}
		}
		return nil, fmt.Errorf("%scolumn %s: holds text: %s", t.place(-1), header, wantNumber)
	}
	for i, v := range c.Values {
		if math.IsInf(v, 0) || math.IsNaN(v) && !optional {
			wrong := fmt.Sprint(v)
			if math.IsNaN(v) {
				wrong = "empty cell"
			}
			return nil, fmt.Errorf("%scolumn %s: %s: %s", t.place(i), header, wrong, wantNumber)
		}
	}
	return c.Values, nil
}

// Texts returns the cells of the column with the given header as they stand in
// the file, or the numbers of a column built without Text in their shortest form.
func (t *Table) Texts(header string) ([]string, error) {
	c, err := t.Column(header)
	if err != nil {
		return nil, err
	}
	if c.Text != nil || c.Values == nil {
		return c.Text, nil
	}
	cells := make([]string, len(c.Values))
	for i, v := range c.Values {
		if !math.IsNaN(v) {
			cells[i] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	return cells, nil
}

// Line returns the line of the file that row i was read from, or 0 in a table
// that was not read.
func (t *Table) Line(i int) int {
	if i < 0 || i >= len(t.lines) {
		return 0
	}
	return t.lines[i]
}

// place returns "FILE:LINE: " for row i, with the header's line for -1, or
// "row N: " where the table was not read from a file.
func (t *Table) place(i int) string {
	switch {
	case t.source == "" && i < 0:
		return ""
	case t.source == "":
		return fmt.Sprintf("row %d: ", i+1)
	case t.Line(i) == 0:
		return t.source + ": "
	}
	return fmt.Sprintf("%s:%d: ", t.source, t.Line(i))
}

// WriteCSV writes t with one header line. Numbers are the shortest decimals that
// read back to the same float64, text is quoted where CSV needs it. A table
// without columns, blank, double or unprintable headers, columns of different
// length, NaN in a column that is not Optional and infinities are errors, found
// before anything is written.
func (t *Table) WriteCSV(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	row := make([]string, len(t.Columns))
	for j := range t.Columns {
		row[j] = t.Columns[j].Header()
	}
	if err := cw.Write(row); err != nil {
		return err
	}
	for i := range t.Rows() {
		for j := range t.Columns {
			c := &t.Columns[j]
			switch {
			case c.Values == nil:
				row[j] = c.Text[i]
			case math.IsNaN(c.Values[i]):
				row[j] = ""
			default:
				row[j] = strconv.FormatFloat(c.Values[i], 'g', -1, 64)
			}
		}
		if len(row) == 1 && strings.TrimSpace(row[0]) == "" {
			// A bare empty cell would be a blank line, which readers skip.
			cw.Flush()
			if _, err := io.WriteString(w, "\"\"\n"); err != nil {
				return err
			}
			continue
		}
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// WriteTable writes t whole (see [WriteFile]) to a CSV file. Errors are those of
// [Table.WriteCSV].
func WriteTable(path string, t *Table) error { return WriteFile(path, t.WriteCSV) }

// check returns an error if t cannot be written.
func (t *Table) check() error {
	if len(t.Columns) == 0 {
		return errors.New("table without columns: want at least one")
	}
	seen := make(map[string]bool, len(t.Columns))
	for j := range t.Columns {
		c := &t.Columns[j]
		header := c.Header()
		if err := checkHeader(header, j, seen); err != nil {
			return err
		}
		if n := c.length(); n != t.Rows() {
			return fmt.Errorf("column %s has %s: want %d as in column %s", header, count(n, "row"), t.Rows(), t.Columns[0].Header())
		}
		for i, v := range c.Values {
			switch {
			case math.IsInf(v, 0):
				return fmt.Errorf("column %s, row %d: %v: want a finite number", header, i+1, v)
			case math.IsNaN(v) && !c.Optional:
				return fmt.Errorf("column %s, row %d: NaN: want a finite number, or a column marked optional", header, i+1)
			}
		}
	}
	return nil
}

// checkHeader returns an error if the header of column j cannot stand in a file.
func checkHeader(header string, j int, seen map[string]bool) error {
	switch {
	case strings.TrimSpace(header) == "":
		return fmt.Errorf("column %d has no name: want one in the header", j+1)
	case header != strings.TrimSpace(header), !utf8.ValidString(header), strings.ContainsFunc(header, isUnprintable):
		return fmt.Errorf("column %d is named %s: want printable text without spaces around it", j+1, quote(header))
	case seen[header]:
		return fmt.Errorf("column %s occurs twice: want each name once", quote(header))
	}
	seen[header] = true
	return nil
}

func isUnprintable(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) }

// ReadTable reads a CSV file of one header line and at least one row. Cells are
// read without the white space around them and with line breaks inside as "\n".
// A column in which every cell is a finite decimal number, or empty, becomes
// numbers, Optional where cells are empty; any other is text. Ragged rows, blank
// and double headers, and a file without rows are errors that name the file and
// line.
func ReadTable(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, "read", err)
	}
	defer f.Close()
	return DecodeTable(f, path)
}

// DecodeTable reads a table, as [ReadTable] does. Errors use name as that of the
// file.
func DecodeTable(r io.Reader, name string) (*Table, error) {
	c, err := newCSV(r, name)
	if err != nil {
		return nil, err
	}
	t := &Table{source: name}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(name, err)
		}
		// In a table of one column a quoted empty cell is a row.
		if isBlank(row) && len(t.Columns) != 1 {
			continue
		}
		line, _ := c.FieldPos(0)
		if t.Columns == nil {
			t.Columns = make([]Column, len(row))
			seen := make(map[string]bool, len(row))
			for j, cell := range row {
				t.Columns[j].Name = strings.TrimSpace(cell)
				if err := checkHeader(t.Columns[j].Name, j, seen); err != nil {
					return nil, fmt.Errorf("%s:%d: %w", name, line, err)
				}
			}
			continue
		}
		if len(row) != len(t.Columns) {
			return nil, fmt.Errorf("%s:%d: row has %s: want %d as in the header", name, line, count(len(row), "cell"), len(t.Columns))
		}
		for j, cell := range row {
			t.Columns[j].Text = append(t.Columns[j].Text, cleanCell(cell))
		}
		t.lines = append(t.lines, line)
	}
	if t.Columns == nil {
		return nil, fmt.Errorf("%s: no header: want a line of column names, then rows", name)
	}
	if len(t.lines) == 0 {
		return nil, fmt.Errorf("%s: a header without rows: want at least one row", name)
	}
	for j := range t.Columns {
		t.Columns[j].parse()
	}
	return t, nil
}

// cleanCell drops white space around a cell and makes line breaks inside it "\n",
// which is what encoding/csv makes of some but not of all of them.
func cleanCell(cell string) string {
	if strings.Contains(cell, "\r") {
		cell = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(cell)
	}
	return strings.TrimSpace(cell)
}

// parse sets Values from Text where every cell is a number or empty.
func (c *Column) parse() {
	values := make([]float64, len(c.Text))
	empty := 0
	for i, cell := range c.Text {
		if cell == "" {
			values[i] = math.NaN()
			empty++
			continue
		}
		v, wrong := parseNumber(cell)
		if wrong != "" {
			return
		}
		values[i] = v
	}
	c.Values, c.Optional = values, empty > 0
}
