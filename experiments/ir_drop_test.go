package experiments

import (
	"math"
	"os"
	"strings"
	"testing"

	"mho/noise"
)

// TestCompensation checks the orders in the resistance of the wires of the errors for the expected
// input, at which compensation aims.
func TestCompensation(t *testing.T) {
	errors := func(ohm float64, pattern string) *Record {
		s := irDrop.New().(*irDropStudy)
		s.rows, s.cols, s.inputs, s.pattern = 24, 20, 6, pattern
		s.wires.RWord, s.wires.RBit, s.wires.RDriver = ohm, ohm, 10*ohm
		r, err := s.Run(t.Context(), noise.NewKey(3))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one, two := errors(0.1, "all-on"), errors(0.05, "all-on")
	order := func(name string) float64 { return math.Log2(one.Value(name) / two.Value(name)) }
	// IR drop is the current times the resistance, and scaled conductances take that out.
	for name, want := range map[string]float64{"rms_error": 1, "rms_error_weights_scaled": 2} {
		if got := order(name); math.Abs(got-want) > 0.02 {
			t.Errorf("%s is of order %g in the resistance, want %g", name, got, want)
		}
	}
	if e := one.Value("rms_error_outputs_scaled"); e > 1e-9 {
		t.Errorf("scaled outputs are wrong by %g for the input that they are scaled for", e)
	}
	// Random inputs differ from the expected one, but not by much.
	for _, name := range []string{"rms_error_inputs_scaled", "rms_error_outputs_scaled", "rms_error_weights_scaled"} {
		r := errors(1, "uniform")
		if none, e := r.Value("rms_error"), r.Value(name); !(e < none/3) {
			t.Errorf("%s is %g, without compensation %g", name, e, none)
		}
	}
}

// TestArrayFiles checks that the files of an array are used, and that a point is computed again when
// one of them changes.
func TestArrayFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("w.csv", "1,1,1,1\n1,inf,1,1\n")
	write("b.csv", "1,1,1\n1,1,1\n1,1,inf\n")
	write("f.csv", "row,col,g_S\n0,0,1e-3\n")
	sets := []string{
		"array.rows=2", "array.cols=3", "array.r_word_map=w.csv", "array.r_bit_map=b.csv", "array.faults=f.csv", "study.distribution=all-max", "study.pattern=all-on", "study.inputs=1",
		`sweep={}`,
	}
	one := load(t, "ir-drop", sets...)
	s := run(t, t.TempDir(), Options{}, one)
	if s.Studies[0].Computed != 1 {
		t.Fatalf("%d points", s.Studies[0].Computed)
	}
	write("f.csv", "row,col,g_S\n0,0,2e-3\n")
	if two := load(t, "ir-drop", sets...); two.points[0].key == one.points[0].key {
		t.Error("another file of faults is the same point")
	}
	write("f.csv", "row,col,g_S\n0,3,2e-3\n")
	p, err := Load("ir-drop", Overrides{Sets: sets})
	if err == nil || !strings.Contains(err.Error(), "array.faults: f.csv:2: column col: 3: must be a whole number from 0 to 2") {
		t.Errorf("a fault outside the array: %v, %v", p, err)
	}
}
