package files

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
)

// wantNumber ends the errors about cells that should hold a number.
const wantNumber = "want a plain number such as 2.5e-05"

// newCSV returns a reader of comma-separated cells that accepts a UTF-8 byte
// order mark. Rows may differ in length; the callers check that themselves to
// name the row.
func newCSV(r io.Reader, name string) (*csv.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	// The error of a short Peek comes again on the first read.
	head, _ := b.Peek(3)
	switch {
	case bytes.Equal(head, []byte("\xef\xbb\xbf")):
		if _, err := b.Discard(3); err != nil {
			return nil, fileError(name, "read", err)
		}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, fmt.Errorf("%s:1: text is UTF-16: want UTF-8", name)
	}
	c := csv.NewReader(b)
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	return c, nil
}

// csvError puts file and line before an error of encoding/csv.
func csvError(name string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		what := "quotation mark inside a cell"
		if errors.Is(p.Err, csv.ErrQuote) {
			what = "quotation marks do not pair"
		}
		return fmt.Errorf("%s:%d: %s: want a cell with quotation marks to be quoted and each one doubled", name, p.Line, what)
	}
	return fileError(name, "read", err)
}

// isBlank reports whether a row is a line without cells.
func isBlank(row []string) bool {
	return len(row) == 1 && strings.TrimSpace(row[0]) == ""
}

// parseNumber returns the finite decimal number in a cell, or what is wrong with
// the cell.
func parseNumber(cell string) (v float64, wrong string) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return 0, "empty cell"
	}
	// ParseFloat also takes hexadecimal numbers and underscores, which no other
	// program would read the same way.
	if strings.ContainsAny(cell, "xX_") {
		return 0, fmt.Sprintf("%s is not a number", quote(cell))
	}
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Sprintf("%s is beyond the range of a float64", quote(cell))
	case err != nil:
		return 0, fmt.Sprintf("%s is not a number", quote(cell))
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, fmt.Sprintf("%s is not a finite number", quote(cell))
	}
	return v, ""
}

// quote returns a cell in quotation marks, shortened where it is long.
func quote(cell string) string {
	const most = 40
	if len(cell) > most {
		return strconv.Quote(strings.ToValidUTF8(cell[:most], "")) + "..."
	}
	return strconv.Quote(cell)
}

// fileError names the file before the cause of an error; did is what was tried.
// What package os says of operation and path is dropped, for it repeats path or
// names a temporary file.
func fileError(path, did string, err error) error {
	return fmt.Errorf("%s: cannot %s: %w", path, did, bare(err))
}

// bare returns the cause in an error of package os.
func bare(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
