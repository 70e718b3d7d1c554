package files

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// The formats are frozen: files written by any version hold the same bytes.
func TestGolden(t *testing.T) {
	tab := &Table{Columns: []Column{
		{Name: "t", Unit: "s", Values: []float64{0, 1e-9, 86400, 3.1536e7}},
		{Name: "g", Unit: "S", Values: []float64{2.5e-05, math.NaN(), 0.1, 1.0 / 3}, Optional: true},
		{Name: "programming", Text: []string{"single shot", "write, verify", `"x"`, ""}},
		{Name: "n", Values: []float64{1, 20, 1e6, 1e21}},
	}}
	m := Matrix{2, 3, []float64{1e-06, -0.25, 12345678, math.SmallestNonzeroFloat64, math.MaxFloat64, 100000}}
	for name, write := range map[string]func(io.Writer) error{
		"golden.table.csv":  tab.WriteCSV,
		"golden.matrix.csv": m.EncodeCSV,
		"golden.npy":        Array{Shape: []int{2, 3}, Data: m.Data}.EncodeNPY,
		"golden.npz": func(w io.Writer) error {
			return EncodeNPZ(w, []NamedArray{
				{"weights", Array{Shape: []int{2, 3}, Data: m.Data}},
				{"bias", Array{Shape: []int{3}, Data: f4[:3]}},
				{"labels", Array{Shape: []int{2, 1, 1}, Data: []int64{-1, math.MaxInt64}}},
			})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s:\n got %q\nwant %q", name, b.Bytes(), want)
		}
	}
}
