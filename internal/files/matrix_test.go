package files

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// finite draws float64 values over the whole finite range, subnormals and the
// negative zero included.
func finite() *rapid.Generator[float64] {
	return rapid.Custom(func(t *rapid.T) float64 {
		v := math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
		if v-v != 0 {
			return 0
		}
		return v
	})
}

func drawMatrix(t *rapid.T) Matrix {
	m := Matrix{Rows: rapid.IntRange(1, 9).Draw(t, "rows"), Cols: rapid.IntRange(1, 9).Draw(t, "cols")}
	m.Data = rapid.SliceOfN(finite(), m.Rows*m.Cols, m.Rows*m.Cols).Draw(t, "data")
	return m
}

// sameBits compares float64 values by their bits, which keeps apart the zeros.
var sameBits = cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })

func TestMatrixRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"m.csv", "m.npy", "M.CSV"} {
		path := filepath.Join(dir, name)
		// A file per draw would sync the disk a hundred times; one suffices to see
		// that WriteMatrix and ReadMatrix choose the same format.
		want := Matrix{2, 3, []float64{0.1, -2e-300, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 6}}
		if err := WriteMatrix(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := ReadMatrix(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, sameBits); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := drawMatrix(t)
		var b bytes.Buffer
		if err := want.EncodeCSV(&b); err != nil {
			t.Fatal(err)
		}
		got, err := DecodeCSV(&b, "m.csv")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, sameBits); d != "" {
			t.Error(d)
		}
	})
}

func TestDecodeCSV(t *testing.T) {
	want := Matrix{2, 3, []float64{1, -2.5, 3e-6, 4, 5, 6}}
	for name, text := range map[string]string{
		"plain":            "1,-2.5,3e-6\n4,5,6\n",
		"no final newline": "1,-2.5,3e-6\n4,5,6",
		"byte order mark":  "\ufeff1,-2.5,3e-6\n4,5,6\n",
		"CRLF":             "1,-2.5,3e-6\r\n4,5,6\r\n",
		"blank lines":      "\n1,-2.5,3e-6\n\n4,5,6\n\n  \n\r\n",
		"spaces":           " 1 , -2.5,\t3e-6 \n4,5,6 \t\n",
		"quoted":           "\"1\",-2.5, \"3e-6\"\n4,5,6\n",
		"signs":            "+1,-2.5,3E-06\n04,5.0,6.\n",
	} {
		got, err := DecodeCSV(strings.NewReader(text), "g.csv")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestDecodeCSVErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "g.csv: no numbers: want rows of numbers separated by commas"},
		{"\n \n", "g.csv: no numbers: want rows of numbers separated by commas"},
		{"\ufeff", "g.csv: no numbers: want rows of numbers separated by commas"},
		{"1,2\n3\n", "g.csv:2: row has 1 number: want 2 as in the rows above"},
		{"1,2\n\n3,4,5\n", "g.csv:3: row has 3 numbers: want 2 as in the rows above"},
		{"1,2\n3,abc\n", `g.csv:2: column 2: "abc" is not a number: want a plain number such as 2.5e-05`},
		{"t_s,v_V\n", `g.csv:1: column 1: "t_s" is not a number: want a plain number such as 2.5e-05 (a matrix has no header)`},
		{"1;2\n", `g.csv:1: column 1: "1;2" is not a number: want a plain number such as 2.5e-05, columns separated by commas`},
		{"1,,2\n", "g.csv:1: column 2: empty cell: want a plain number such as 2.5e-05 (a matrix has no header)"},
		{"1,2,\n", "g.csv:1: column 3: empty cell: want a plain number such as 2.5e-05 (a matrix has no header)"},
		{"1\nnan\n", `g.csv:2: column 1: "nan" is not a finite number: want a plain number such as 2.5e-05`},
		{"1\n-Inf\n", `g.csv:2: column 1: "-Inf" is not a finite number: want a plain number such as 2.5e-05`},
		{"1\n1e999\n", `g.csv:2: column 1: "1e999" is beyond the range of a float64: want a plain number such as 2.5e-05`},
		{"1\n0x1p-2\n", `g.csv:2: column 1: "0x1p-2" is not a number: want a plain number such as 2.5e-05`},
		{"1\n25uS\n", `g.csv:2: column 1: "25uS" is not a number: want a plain number such as 2.5e-05`},
		{"1\n" + strings.Repeat("y", 99), `g.csv:2: column 1: "` + strings.Repeat("y", 40) + `"... is not a number: want a plain number such as 2.5e-05`},
		{"1\n2\"3\n", "g.csv:2: quotation mark inside a cell: want a cell with quotation marks to be quoted and each one doubled"},
		{"1\n\"2\n", "g.csv:2: quotation marks do not pair: want a cell with quotation marks to be quoted and each one doubled"},
		{"\xff\xfe1\x00", "g.csv:1: text is UTF-16: want UTF-8"},
	} {
		m, err := DecodeCSV(strings.NewReader(c.text), "g.csv")
		checkError(t, c.text, err, c.want)
		if m.Data != nil {
			t.Errorf("%q: a matrix beside the error: %v", c.text, m)
		}
	}
}

// checkError compares the text of an error.
func checkError(t *testing.T, input string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%q: no error, want %q", input, want)
	} else if err.Error() != want {
		t.Errorf("%q:\n got %q\nwant %q", input, err, want)
	}
}

func TestReadMatrixErrors(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{"g.txt", `g.txt: unknown ending ".txt" for a matrix: want .csv or .npy`},
		{"g", `g: unknown ending "" for a matrix: want .csv or .npy`},
		{"nothing.csv", "nothing.csv: cannot read: "},
		{"nothing.npy", "nothing.npy: cannot read: "},
		{"testdata/numpy/f8_nan.npy", "testdata/numpy/f8_nan.npy: matrix row 1, column 2: NaN: want a finite number"},
		{"testdata/numpy/f8_3d_C.npy", "testdata/numpy/f8_3d_C.npy: array of shape [2 3 4]: want 1 or 2 dimensions"},
		{"testdata/numpy/f8_0d.npy", "testdata/numpy/f8_0d.npy: array of shape []: want 1 or 2 dimensions"},
		{"testdata/numpy/f8_empty.npy", "testdata/numpy/f8_empty.npy: matrix of 0 x 3 with 0 values: want at least one row and column and their product of values"},
	} {
		if _, err := ReadMatrix(c.path); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.path, err, c.want)
		}
	}
	dirAsFile := filepath.Join(dir, "d.npy")
	if err := os.Mkdir(dirAsFile, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := ReadMatrix(dirAsFile)
	checkError(t, "directory", err, dirAsFile+": cannot read: not a regular file")
}

func TestWriteMatrixErrors(t *testing.T) {
	dir := t.TempDir()
	for _, ending := range []string{".csv", ".npy"} {
		path := filepath.Join(dir, "m"+ending)
		for _, c := range []struct {
			m    Matrix
			want string
		}{
			{Matrix{}, "matrix of 0 x 0 with 0 values: want at least one row and column and their product of values"},
			{Matrix{2, 2, []float64{1}}, "matrix of 2 x 2 with 1 value: want at least one row and column and their product of values"},
			{Matrix{1, 2, []float64{1, 2, 3}}, "matrix of 1 x 2 with 3 values: want at least one row and column and their product of values"},
			{Matrix{2, 2, []float64{1, 2, math.NaN(), 4}}, "matrix row 2, column 1: NaN: want a finite number"},
			{Matrix{1, 2, []float64{1, math.Inf(-1)}}, "matrix row 1, column 2: -Inf: want a finite number"},
		} {
			checkError(t, "write", WriteMatrix(path, c.m), path+": cannot write: "+c.want)
		}
	}
	checkError(t, "write", WriteMatrix("m.mat", Matrix{}), `m.mat: unknown ending ".mat" for a matrix: want .csv or .npy`)
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

func TestRowIsBounded(t *testing.T) {
	m := Matrix{2, 2, []float64{1, 2, 3, 4}}
	_ = append(m.Row(0), 9)
	if m.At(1, 0) != 3 {
		t.Error("append to a row wrote into the next")
	}
}

// TestReadMap checks that +Inf, and nothing else beyond the real numbers, is read from both
// kinds of files.
func TestReadMap(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"r.csv": "1,inf\n+Inf,2.5\n", "minus.csv": "1,-inf\n", "nan.csv": "nan,1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := []float64{1, math.Inf(1), math.Inf(1), 2.5}
	m, err := ReadMap("r.csv")
	if err != nil || !slices.Equal(m.Data, want) || m.Cols != 2 {
		t.Errorf("read %v, %v, want %v", m, err, want)
	}
	if m, err := ReadMap(filepath.Join("none.npy")); err == nil {
		t.Errorf("a missing file is read as %v", m)
	}
	for _, name := range []string{"minus.csv", "nan.csv"} {
		if m, err := ReadMap(name); err == nil {
			t.Errorf("%s is read as %v", name, m)
		}
	}
	if _, err := ReadMatrix("r.csv"); err == nil {
		t.Error("a matrix with inf is read")
	}
}

// TestReadMapNumPy reads a broken segment from a .npy file.
func TestReadMapNumPy(t *testing.T) {
	if _, err := ReadMap(numpy("f8_inf.npy")); err == nil {
		t.Error("-Inf is read")
	}
	a := Array{Shape: []int{1, 2}, Data: []float64{3, 4}}
	var b bytes.Buffer
	if err := a.EncodeNPY(&b); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	binary.LittleEndian.PutUint64(data[len(data)-8:], math.Float64bits(math.Inf(1)))
	path := filepath.Join(t.TempDir(), "r.npy")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := ReadMap(path)
	if err != nil || m.Data[0] != 3 || !math.IsInf(m.Data[1], 1) {
		t.Errorf("read %v, %v", m, err)
	}
}
