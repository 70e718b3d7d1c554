package files

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Matrix holds Rows x Cols numbers, row by row: element (i, j) is
// Data[i*Cols+j]. Its unit is the caller's.
type Matrix struct {
	Rows, Cols int       // dimensionless, at least 1
	Data       []float64 // Rows*Cols finite values
}

// At returns element (i, j). It panics if i or j is out of range.
func (m Matrix) At(i, j int) float64 { return m.Row(i)[j] }

// Row returns row i as a slice of m.Data. It panics if i is out of range.
func (m Matrix) Row(i int) []float64 {
	return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols]
}

// ReadMatrix reads a matrix from a .csv file (plain numbers, comma, no header) or
// a .npy file (float64, float32 or integers, C or Fortran order, either byte
// order; a one-dimensional array is one row). The ending may be in either case.
//
// NaN and infinities, ragged rows and empty matrices are errors that name the
// file and, in a .csv, the line and column.
func ReadMatrix(path string) (Matrix, error) { return readMatrix(path, false) }

// ReadMap reads a matrix as [ReadMatrix] does, but for its values it takes +Inf too
// ("inf" in a .csv): the resistance of what is broken.
func ReadMap(path string) (Matrix, error) { return readMatrix(path, true) }

func readMatrix(path string, infinite bool) (Matrix, error) {
	switch ending(path) {
	case ".csv":
		f, err := os.Open(path)
		if err != nil {
			return Matrix{}, fileError(path, "read", err)
		}
		defer f.Close()
		return decodeCSV(f, path, infinite)
	case ".npy":
		f, size, err := openSized(path)
		if err != nil {
			return Matrix{}, err
		}
		defer f.Close()
		a, err := decodeNPY(io.NewSectionReader(f, 0, size), size, path, infinite)
		if err != nil {
			return Matrix{}, err
		}
		m, err := a.matrix(infinite)
		if err != nil {
			return Matrix{}, fmt.Errorf("%s: %w", path, err)
		}
		return m, nil
	}
	return Matrix{}, endingError(path)
}

// WriteMatrix writes m whole (see [WriteFile]) to a .csv or .npy file, by the
// ending of path. A .npy file holds float64 in C order with two dimensions. An
// empty matrix, a length of Data other than Rows*Cols, NaN and infinities are
// errors.
func WriteMatrix(path string, m Matrix) error {
	var encode func(io.Writer) error
	switch ending(path) {
	case ".csv":
		encode = m.EncodeCSV
	case ".npy":
		encode = func(w io.Writer) error {
			if err := m.check(false); err != nil {
				return err
			}
			return Array{Shape: []int{m.Rows, m.Cols}, Data: m.Data}.EncodeNPY(w)
		}
	default:
		return endingError(path)
	}
	return WriteFile(path, encode)
}

// DecodeCSV reads a matrix of plain numbers, as [ReadMatrix] does from a .csv
// file. Blank lines are skipped. Errors use name as that of the file.
func DecodeCSV(r io.Reader, name string) (Matrix, error) { return decodeCSV(r, name, false) }

func decodeCSV(r io.Reader, name string, infinite bool) (Matrix, error) {
	c, err := newCSV(r, name)
	if err != nil {
		return Matrix{}, err
	}
	c.ReuseRecord = true
	var m Matrix
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Matrix{}, csvError(name, err)
		}
		if isBlank(row) {
			continue
		}
		line, _ := c.FieldPos(0)
		if m.Rows == 0 {
			m.Cols = len(row)
		}
		for j, cell := range row {
			v, wrong := parseNumber(cell)
			if infinite && isInfinite(cell) {
				v, wrong = math.Inf(1), ""
			}
			if wrong != "" {
				want := wantNumber
				if infinite {
					want += ", or inf"
				}
				switch {
				case strings.ContainsAny(cell, ";\t"):
					want += ", columns separated by commas"
				case m.Rows == 0:
					want += " (a matrix has no header)"
				}
				return Matrix{}, fmt.Errorf("%s:%d: column %d: %s: %s", name, line, j+1, wrong, want)
			}
			m.Data = append(m.Data, v)
		}
		if len(row) != m.Cols {
			return Matrix{}, fmt.Errorf("%s:%d: row has %s: want %d as in the rows above", name, line, count(len(row), "number"), m.Cols)
		}
		m.Rows++
	}
	if m.Rows == 0 {
		return Matrix{}, fmt.Errorf("%s: no numbers: want rows of numbers separated by commas", name)
	}
	return m, nil
}

// isInfinite reports whether a cell is +Inf.
func isInfinite(cell string) bool {
	switch strings.ToLower(strings.TrimPrefix(strings.TrimSpace(cell), "+")) {
	case "inf", "infinity":
		return true
	}
	return false
}

// EncodeCSV writes m as lines of numbers separated by commas, each the shortest
// decimal that reads back to the same float64. Errors are those of [WriteMatrix].
func (m Matrix) EncodeCSV(w io.Writer) error {
	if err := m.check(false); err != nil {
		return err
	}
	var line []byte
	for i := range m.Rows {
		line = line[:0]
		for j, v := range m.Row(i) {
			if j > 0 {
				line = append(line, ',')
			}
			line = strconv.AppendFloat(line, v, 'g', -1, 64)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error if m has no shape or a value that is not allowed.
func (m Matrix) check(infinite bool) error {
	if m.Rows < 1 || m.Cols < 1 || len(m.Data)/m.Cols != m.Rows || len(m.Data)%m.Cols != 0 {
		return fmt.Errorf("matrix of %d x %d with %s: want at least one row and column and their product of values",
			m.Rows, m.Cols, count(len(m.Data), "value"))
	}
	for k, v := range m.Data {
		if math.IsNaN(v) || math.IsInf(v, 0) && !(infinite && v > 0) {
			return fmt.Errorf("matrix row %d, column %d: %v: want a finite number", k/m.Cols+1, k%m.Cols+1, v)
		}
	}
	return nil
}

// ending returns the ending of a file name in lower case.
func ending(path string) string { return strings.ToLower(filepath.Ext(path)) }

func endingError(path string) error {
	return fmt.Errorf("%s: unknown ending %q for a matrix: want .csv or .npy", path, filepath.Ext(path))
}

// count returns "1 thing" or "n things".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
