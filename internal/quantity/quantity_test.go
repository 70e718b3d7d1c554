package quantity

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	cases := []struct {
		in, unit string
		want     float64
	}{
		{"25uS", "S", 25e-6}, {"25 µS", "S", 25e-6}, {"25 \u03bcS", "S", 25e-6}, {"25e-6", "S", 25e-6}, {"3mho", "S", 3},
		{"250ns", "s", 250e-9}, {"85degC", "K", 358.15}, {"-40 degC", "K", 233.14999999999998}, {"300K", "K", 300},
		{"1.5 ohm", "ohm", 1.5}, {"1.5Ω", "ohm", 1.5}, {"10kΩ", "ohm", 1e4}, {"1 MOhm", "ohm", 1e6},
		{"2min", "s", 120}, {"1h", "s", 3600}, {"1 d", "s", 86400}, {"10y", "s", 315360000}, {"1ms", "s", 1e-3},
		{"1e-10 cm^2/(V s)", "m^2/(V s)", 1e-14}, {"3nm/s", "m/s", 3e-9}, {"-216.2 m/s", "m/s", -216.2},
		{"4 /V", "1/V", 4}, {"4 1/V", "1/V", 4}, {"4 V^-1", "1/V", 4}, {"0.6eV", "J", 0.6 * 1.602176634e-19}, {"50%", "", 0.5},
		{"180deg", "", math.Pi}, {".5", "", .5}, {"+3", "", 3}, {"−2V", "V", -2}, {"1eV", "eV", 1.602176634e-19},
		{"2 A/m^2", "A/m²", 2}, {"1 K/uW", "K/W", 1e6}, {"5 MHz", "Hz", 5e6}, {"5/s", "Hz", 5}, {"1 mV·s", "Wb", 1e-3},
	}
	for _, c := range cases {
		got, err := Parse(c.in, c.unit)
		if err != nil || math.Abs(got-c.want) > 1e-15*math.Abs(c.want) {
			t.Errorf("Parse(%q, %q) = %v, %v, want %v", c.in, c.unit, got, err, c.want)
		}
	}
}

func TestParseExact(t *testing.T) {
	// The nearest float64 to the decimal, not the rounded product 25 * 1e-6.
	for in, want := range map[string]float64{"25uS": 25e-6, "0.1uS": 0.1e-6, "7nS": 7e-9, "123.456789mS": 123.456789e-3} {
		if got, err := Parse(in, "S"); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v, want exactly %v", in, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ in, unit, say string }{
		{"25 uF", "S", "must be in S"}, {"25 uS", "ohm", "must be in ohm"}, {"", "S", "not a quantity"}, {"uS", "S", "not a quantity"},
		{"nan", "S", "not a quantity"}, {"inf", "S", "not a quantity"}, {"1e400", "S", "range"}, {"3 furlong", "m", "unknown unit"},
		{"1 m/", "m", "ends"}, {"1 (m", "m", "parenthesis"}, {"1 m)", "m", "not understood"}, {"1 m^0", "m", "exponent"}, {"2 m//s", "m/s", "two divisions"},
		{"1 J", "W", "must be in W"}, {"5V", "", "pure number"}, {"1 ((((((((((m))))))))))", "m", "many"}, {"1e", "", "unknown unit"},
	} {
		got, err := Parse(c.in, c.unit)
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("Parse(%q, %q) = %v, %v, want an error with %q", c.in, c.unit, got, err, c.say)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		x    float64
		u, s string
	}{
		{25e-6, "S", "25uS"}, {250e-9, "s", "250ns"}, {1.5, "ohm", "1.5ohm"}, {358.15, "K", "358.15K"}, {0, "S", "0S"}, {-0.2, "V", "-200mV"},
		{1e4, "ohm", "10kohm"}, {100e3, "ohm", "100kohm"}, {1e-14, "m^2/(V s)", "1e-14 m^2/(V s)"}, {0.5, "", "0.5"}, {999.5e-9, "A", "999.5nA"},
		{1e-30, "A", "1e-30A"}, {EV(0.6), "eV", "600meV"}, {0.1, "%", "10%"},
	} {
		if got := Format(c.x, c.u); got != c.s {
			t.Errorf("Format(%v, %q) = %q, want %q", c.x, c.u, got, c.s)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	units := []string{"S", "V", "A", "s", "ohm", "m", "J", "W", "K", "", "m/s", "m^2/(V s)", "1/V", "eV"}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return
		}
		u := rapid.SampledFrom(units).Draw(t, "unit")
		s := Format(x, u)
		got, err := Parse(s, u)
		if err != nil || got != x {
			t.Fatalf("Format(%v, %q) = %q reads back as %v, %v", x, u, s, got, err)
		}
	})
}

func TestParseAny(t *testing.T) {
	x, u, err := ParseAny("0.1ohm")
	if x != 0.1 || u != "ohm" || err != nil {
		t.Errorf("ParseAny = %v %q %v", x, u, err)
	}
	if _, u, _ := ParseAny("3 nm/s"); !Same(u, "m/s") {
		t.Errorf("unit of nm/s is %q", u)
	}
}

func TestAssign(t *testing.T) {
	g, n, b, s := 25e-6, 4, false, "x"
	list, ints := []float64{1}, []int{1}
	pg := Param{Value: &g, Unit: "S", Range: Positive()}
	pn := Param{Value: &n, Range: AtLeast(1)}
	pb := Param{Value: &b}
	ps := Param{Value: &s, Options: []string{"joglekar", "biolek", "none"}}
	pl := Param{Value: &list, Unit: "s", Range: NonNegative()}
	pi := Param{Value: &ints, Range: AtLeast(1)}
	for _, c := range []struct {
		p    Param
		v    any
		text string
	}{
		{pg, "10uS", `"10uS"`}, {pg, 1e-6, `"1uS"`}, {pn, int64(7), "7"}, {pn, 63.99999999999999, "64"}, {pb, true, "true"}, {ps, "biolek", `"biolek"`},
		{pl, []any{"1s", int64(2), 2.5}, `["1s", "2s", "2.5s"]`}, {pl, "1h", `["3.6ks"]`}, {pi, []any{int64(3)}, "[3]"},
	} {
		if err := c.p.Assign(c.v); err != nil || c.p.Text() != c.text {
			t.Errorf("Assign(%v) gives %s, %v, want %s", c.v, c.p.Text(), err, c.text)
		}
	}
	for _, c := range []struct {
		p   Param
		v   any
		say string
	}{
		{pg, -0.2, "-0.2 is out of range: must be > 0 S"}, {pg, math.NaN(), "NaN is out of range: must be > 0 S"}, {pg, "25 uF", `"25 uF" has the unit uF: must be in S`},
		{pg, true, "true is a truth value: must be a number in S"}, {pn, int64(-3), "-3 is out of range: must be >= 1"}, {pn, 2.5, "2.5 is a number: must be a whole number"},
		{pn, "3", "must be a whole number"}, {pb, int64(1), "must be true or false"}, {ps, "bioleck", "did you mean biolek?"}, {ps, 3.0, "must be a text"},
		{pl, []any{}, "at least one"}, {pl, []any{1.0, "3V"}, "entry 2"}, {pg, map[string]any{}, "is a table"}, {pg, math.Inf(1), "out of range"},
	} {
		if err := c.p.Assign(c.v); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("Assign(%v) = %v, want %q", c.v, err, c.say)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"g_max", "rows", "cols", "r_word", "linear-drift", "vteam", "pcm-ibm"}
	for in, want := range map[string]string{"gmax": "g_max", "row": "rows", "rword": "r_word", "linear_drift": "linear-drift", "VTEAM": "vteam", "pcm": "pcm-ibm"} {
		if got, ok := Nearest(in, names); !ok || got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
	if got, ok := Nearest("zzzzzzzz", names); ok {
		t.Errorf("Nearest(zzzzzzzz) = %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"25uS", "1.5 ohm", "85degC", "1e-14 m^2/(V s)", "1e", "-", "1 m^", "1((", "3 µ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, u, err := ParseAny(s)
		if err != nil {
			return
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("ParseAny(%q) = %v", s, x)
		}
		if y, err := Parse(Format(x, u), u); err != nil || y != x {
			t.Fatalf("%q gives %v %s, which prints as %q and reads as %v, %v", s, x, u, Format(x, u), y, err)
		}
	})
}
