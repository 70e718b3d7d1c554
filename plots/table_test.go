package plots_test

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"mho/plots"
)

// A trace of a device as it comes from a file: one panel for each unit.
func ExampleFromTable() {
	var t, v, i []float64
	for k := range 200 {
		u := math.Sin(float64(k) / 20)
		t, v, i = append(t, float64(k)*1e-8), append(v, u), append(i, 40*u*u*u)
	}
	fig, err := plots.FromTable("line", []plots.Column{
		{Name: "t_s", Values: t}, {Name: "v_V", Values: v}, {Name: "i_uA", Values: i},
	}, &plots.TableSettings{Theme: theme("ieee")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range fig.Panels {
		fmt.Printf("%s in %s against %s in %s\n", p.Y.Label, p.Y.Unit, p.X.Label, p.X.Unit)
	}
	save("table", fig)
	// Output:
	// Voltage in V against Time in s
	// Current in A against Time in s
	// table drawn
}

func columns() []plots.Column {
	return []plots.Column{
		{Name: "device", Text: []string{"pcm", "pcm", "rram", "rram"}},
		{Name: "t_s", Values: []float64{1, 10, 1, 10}},
		{Name: "mean_uS", Values: []float64{10, 9, 20, 18}},
		{Name: "p05_uS", Values: []float64{9, 8, 19, 17}},
		{Name: "p95_uS", Values: []float64{11, 10, 21, 19}},
	}
}

// Every kind makes a figure from columns that suit it, and the figure can be
// written.
func TestKinds(t *testing.T) {
	grid := []plots.Column{
		{Name: "x_um", Values: []float64{0, 1, 2, 0, 1, 2}},
		{Name: "r_ohm", Values: []float64{1, 1, 1, 10, 10, 10}},
		{Name: "error", Values: []float64{1, 2, 3, 4, 5, 6}},
	}
	for _, kind := range plots.Kinds() {
		cols := columns()
		switch kind {
		case "heatmap":
			cols = grid
		case "bars":
			cols = []plots.Column{{Name: "chip", Text: []string{"a", "b"}}, {Name: "adc_pJ", Values: []float64{1, 2}}, {Name: "array_pJ", Values: []float64{3, 4}}}
		}
		fig, err := plots.FromTable(kind, cols, nil)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if err := fig.Write(io.Discard, "svg"); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestFromTable(t *testing.T) {
	fig, err := plots.FromTable("semilogx", columns(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := fig.Panels[0]
	if p.X.Label != "Time" || p.X.Unit != "s" || p.X.Scale != plots.Log || p.Y.Label != "Conductance" || p.Y.Unit != "S" {
		t.Errorf("axes %+v and %+v", p.X, p.Y)
	}
	if len(p.Series) != 6 {
		t.Fatalf("%d series, want 6: three columns of two devices", len(p.Series))
	}
	l := p.Series[1].(plots.Line)
	if l.Name != "rram, Mean" || !slices.Equal(l.X, []float64{1, 10}) || math.Abs(l.Y[0]-20e-6) > 1e-18 {
		t.Errorf("second series is %+v", l)
	}

	fig, err = plots.FromTable("band", columns(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if b := fig.Panels[0].Series[1].(plots.Band); math.Abs(b.Lo[0]-9e-6) > 1e-18 || math.Abs(b.Hi[1]-10e-6) > 1e-18 {
		t.Errorf("band %+v", b)
	}

	fig, err = plots.FromTable("box", columns()[:3], nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(fig.Panels) != 2 || !slices.Equal(fig.Panels[1].X.Categories, []string{"pcm", "rram"}) {
		t.Errorf("box has %d panels", len(fig.Panels))
	}

	// Rows of a heat map in any order; logarithmic where x has equal ratios.
	fig, err = plots.FromTable("heatmap", []plots.Column{
		{Name: "r_ohm", Values: []float64{10, 1, 100, 1, 10, 100}},
		{Name: "n", Values: []float64{1, 1, 1, 2, 2, 2}},
		{Name: "error_", Values: []float64{2, 1, 3, 4, 5, 6}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := fig.Panels[0].Series[0].(plots.Heatmap)
	if !slices.Equal(h.Z, []float64{1, 2, 3, 4, 5, 6}) || fig.Panels[0].X.Scale != plots.Log || fig.Panels[0].Y.Scale != plots.Linear || h.Color.Label != "Error" {
		t.Errorf("heat map %+v on %+v", h, fig.Panels[0].X)
	}
	for i, want := range []float64{math.Sqrt(0.1), math.Sqrt(10), math.Sqrt(1000), math.Sqrt(1e5)} {
		if math.Abs(h.X[i]-want) > 1e-9*want {
			t.Errorf("edge %d is %g, want %g", i, h.X[i], want)
		}
	}
}

// Headings tell labels and units.
func TestHeadings(t *testing.T) {
	for _, test := range []struct {
		name, unit, label, wantUnit string
		factor                      float64
	}{
		{"t_s", "", "Time", "s", 1},
		{"g_S", "", "Conductance", "S", 1},
		{"g_uS", "", "Conductance", "S", 1e-6},
		{"v_mV", "", "Voltage", "V", 1e-3},
		{"error_", "", "Error", "", 1},
		{"half_select", "", "Half select", "", 1},
		{"wire_resistance_kohm", "", "Wire resistance", "Ω", 1e3},
		{"temperature_degC", "", "Temperature", "°C", 1},
		{"j_A/m2", "", "Current density", "A/m^{2}", 1},
		{"rate_V/ns", "", "Rate", "V/s", 1e9},
		{"area_m2", "", "Area", "m^{2}", 1},
		{"w", "", "w", "", 1},
		{"energy", "fJ", "Energy", "J", 1e-15},
		{"count", "cells", "Count", "cells", 1},
		{"l_min", "", "L min", "", 1},
	} {
		fig, err := plots.FromTable("line", []plots.Column{{Name: "n", Values: []float64{1, 2}}, {Name: test.name, Unit: test.unit, Values: []float64{1, 2}}}, nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		y := fig.Panels[0].Y
		got := fig.Panels[0].Series[0].(plots.Line).Y[1]
		if y.Label != test.label || y.Unit != test.wantUnit || math.Abs(got-2*test.factor) > 1e-12*test.factor {
			t.Errorf("%s: %q in %q, value %g, want %q in %q, %g", test.name, y.Label, y.Unit, got, test.label, test.wantUnit, 2*test.factor)
		}
	}
}

func TestFromTableErrors(t *testing.T) {
	num := func(name string, v ...float64) plots.Column { return plots.Column{Name: name, Values: v} }
	for _, test := range []struct {
		kind string
		cols []plots.Column
		want string
	}{
		{"pie", columns(), `kind "pie": want one of line`},
		{"line", nil, "no column of numbers"},
		{"line", []plots.Column{num("t_s", 1, 2)}, "too few columns: want a column for x"},
		{"line", []plots.Column{num("t_s", 1, 2), num("g_S", 1, math.NaN())}, "y[1] is NaN"},
		{"line", []plots.Column{num("t_s", 1, 2), num("g_S", 1)}, "x has 2 values and y 1"},
		{"line", []plots.Column{{Name: "d", Text: []string{"a"}}, num("t_s", 1, 2), num("g_S", 1, 2)}, `"t_s" has 2 rows beside 1 names`},
		{"loglog", []plots.Column{num("t_s", 0, 2), num("g_S", 1, 2)}, "x is 0 on a logarithmic axis"},
		{"band", []plots.Column{num("t_s", 0, 2), num("g_S", 1, 2)}, "2 columns of numbers: want columns for x, y, lower"},
		{"band", []plots.Column{num("t_s", 0, 2), num("g_S", 1, 2), num("lo_S", 1, 2), num("hi_A", 1, 2)}, "differ"},
		{"heatmap", []plots.Column{num("x", 0, 0), num("y", 1, 1), num("z", 1, 2)}, "2 rows for 1 different x times 1"},
		{"heatmap", []plots.Column{num("x", 0, 1, 0, 0), num("y", 1, 1, 2, 2), num("z", 1, 2, 3, 4)}, "two rows for x 0 and y 2"},
	} {
		_, err := plots.FromTable(test.kind, test.cols, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.kind, err, test.want)
		}
	}
}

func FuzzHeading(f *testing.F) {
	for _, s := range []string{"t_s", "g_uS", "_", "__", "a_/", "é_µ", "\xff_S", "10^{6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		// Any heading either draws or is refused with an error.
		fig, err := plots.FromTable("line", []plots.Column{{Name: "n", Values: []float64{1, 2}}, {Name: name, Values: []float64{1, 2}}}, nil)
		if err == nil {
			if err := fig.Write(io.Discard, "svg"); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}
