package config

import (
	"reflect"
	"strings"
	"testing"

	"mho/internal/quantity"
)

type array struct {
	rows     int
	rWord    float64
	dac, adc int
	window   string
}

func (a *array) params() []quantity.Param {
	return []quantity.Param{
		{Name: "rows", Value: &a.rows, Range: quantity.AtLeast(1)},
		{Name: "r_word", Aliases: []string{"rw"}, Value: &a.rWord, Unit: "ohm", Range: quantity.NonNegative()},
		{Name: "dac.bits", Value: &a.dac, Range: quantity.Between(0, 24)},
		{Name: "adc.bits", Value: &a.adc, Range: quantity.Between(0, 24)},
		{Name: "window", Value: &a.window, Options: []string{"none", "biolek"}},
	}
}

func decode(t *testing.T, text string, sets ...string) (*array, *Doc, error) {
	t.Helper()
	d, err := Parse("s.toml", []byte(text))
	if err != nil {
		return nil, d, err
	}
	for _, s := range sets {
		if err := d.Set(s); err != nil {
			return nil, d, err
		}
	}
	a := &array{rows: 8, window: "none"}
	var seed int
	if err := d.Decode("", []quantity.Param{{Name: "seed", Value: &seed, Range: quantity.NonNegative()}}); err != nil {
		return a, d, err
	}
	if err := d.Decode("array", a.params()); err != nil {
		return a, d, err
	}
	return a, d, d.Finish([]string{"array", "device", "figure", "noise"})
}

func TestDecode(t *testing.T) {
	a, d, err := decode(t, "seed = 1\n[array]\nrows = 64\nrw = \"1.5 ohm\"\ndac.bits = 8\n[array.adc]\nbits = 9\n", "array.window=biolek", "array.rows=32")
	if err != nil {
		t.Fatal(err)
	}
	if want := (array{32, 1.5, 8, 9, "biolek"}); *a != want {
		t.Errorf("got %+v, want %+v", *a, want)
	}
	if !d.IsTable("array.adc") || d.IsTable("array.rows") || d.IsTable("array.x") {
		t.Error("IsTable does not tell tables from values")
	}
	text := d.TOML()
	again, _, err := decode(t, text)
	if err != nil || *again != *a {
		t.Errorf("resolved text\n%s\nreads back as %+v, %v", text, again, err)
	}
	if p, ok := d.Lookup("array.rw"); !ok || p.Name != "r_word" {
		t.Errorf("Lookup(array.rw) = %v, %v", p.Name, ok)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		text, set, say string
	}{
		{"[array]\nrow = 3\n", "", "s.toml:2: array.row: unknown key; did you mean rows?"},
		{"# x\n\n[array]\nrows = -3\n", "", "s.toml:4: array.rows: -3 is out of range: must be >= 1"},
		{"[array]\nr_word = nan\n", "", "s.toml:2: array.r_word: NaN is out of range: must be >= 0 ohm"},
		{"[array]\nr_word = \"25uF\"\n", "", `s.toml:2: array.r_word: "25uF" has the unit uF: must be in ohm`},
		{"[array]\nrows = \"x\"\n", "", `s.toml:2: array.rows: "x" is a text: must be a whole number`},
		{"[array]\nrows = [1,\n 2]\n", "", "s.toml:2: array.rows: [1, 2] is a list: must be a whole number"},
		{"[arry]\nrows = 3\n", "", "s.toml:1: arry: unknown table; did you mean array?"},
		{"[zzzzzzz]\n", "", "unknown table: must be one of array, device"},
		{"[figure]\nx=1\n", "", "s.toml:1: figure: this table has no meaning in this experiment"},
		{"sed = 3\n", "", "s.toml:1: sed: unknown key; did you mean seed?"},
		{"[array]\nrows = \n", "", "s.toml:2: malformed TOML"},
		{"[array]\ndac.bit = 3\n", "", "s.toml:2: array.dac.bit: unknown key; did you mean dac.bits?"},
		{"[array.dac]\nbits = 3.5\n", "", "s.toml:2: array.dac.bits: 3.5 is a number: must be a whole number"},
		{"array = 3\n", "", "s.toml:1: array: unknown key"},
		{"[[array]]\nrows=1\n[[array]]\nrows=2\n", "", "s.toml:1: array: there are 2 of this table"},
		{"[array]\nr_word=1\nrw=2\n", "", "s.toml:3: array.rw: the same parameter is set as r_word too"},
		{"", "array.rows=0", "--set array.rows=0: array.rows: 0 is out of range: must be >= 1"},
		{"", "array.rowz=4", "--set array.rowz=4: array.rowz: unknown key; did you mean rows?"},
		{"", "array.rows", "there is no '='"},
		{"", "array..rows=3", "is not a key"},
		{"[array]\nrows=3\n", "array.rows.x=3", "rows is a value"},
		{"", "device[3].x=3", "there is no device[3]"},
		{"x = 1\ny = {a = 1, b = {c = 2}}\n[array]\nwindow = '''\nbio'''\n", "", "s.toml:1: x: unknown key"},
	} {
		var sets []string
		if c.set != "" {
			sets = []string{c.set}
		}
		_, _, err := decode(t, c.text, sets...)
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%q --set %q:\n got %v\nwant %s", c.text, c.set, err, c.say)
		}
	}
}

func TestDevices(t *testing.T) {
	text := "[[device]]\nmodel = \"vteam\"\nk_on = 1\n[[device]]\nmodel = \"pcm-ibm\"\n"
	d, _ := Parse("s.toml", []byte(text))
	if d.Count("device") != 2 || d.Path("device", 1) != "device[1]" {
		t.Fatal("two devices expected")
	}
	if err := d.Set("device[1].g_max=10uS"); err != nil {
		t.Fatal(err)
	}
	if got := d.root["device"].([]map[string]any)[1]["g_max"]; got != "10uS" {
		t.Errorf("g_max = %v", got)
	}
	if err := d.Set("device.g_max=1"); err == nil || !strings.Contains(err.Error(), "device[0] to device[1]") {
		t.Errorf("an ambiguous device: %v", err)
	}
	if err := d.Set("device[0].model=linear-drift"); err != nil {
		t.Fatal(err)
	}
	if got := d.root["device"].([]map[string]any)[0]; len(got) != 1 {
		t.Errorf("changing the model keeps %v", got)
	}
	if err := d.Set("device.model=x"); err != nil {
		t.Fatal(err)
	}
	if s, _ := d.Text("device.model"); s != "x" || d.Count("device") != 1 {
		t.Errorf("one model for all leaves %q in %d", s, d.Count("device"))
	}
}

func TestSweep(t *testing.T) {
	d, err := Parse("s.toml", []byte(`
[sweep]
"b.y" = { from = "0.1ohm", to = "10ohm", points = 3, scale = "log" }
"a.x" = [64, 128]
"a.z" = ["p", "q"]
zip = [["a.x", "a.z"]]
repeats = 2
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Sweep()
	if err != nil {
		t.Fatal(err)
	}
	if s.Points() != 12 || len(s.Axes) != 2 || s.Axes[0].Keys[0] != "b.y" || !reflect.DeepEqual(s.Axes[1].Keys, []string{"a.x", "a.z"}) {
		t.Fatalf("%+v", s)
	}
	if !reflect.DeepEqual(s.Axes[0].Values, [][]any{{"100mohm"}, {"1ohm"}, {"10ohm"}}) {
		t.Errorf("log range: %v", s.Axes[0].Values)
	}
	steps, repeat := s.At(7)
	if !reflect.DeepEqual(steps, []int{1, 1}) || repeat != 1 {
		t.Errorf("At(7) = %v, %d", steps, repeat)
	}
	c := d.Clone()
	if err := s.Apply(c, steps); err != nil {
		t.Fatal(err)
	}
	if z, _ := c.Text("a.z"); z != "q" {
		t.Errorf("a.z = %q", z)
	}
	if z, _ := d.Text("a.z"); z != "" {
		t.Error("Apply changed the original")
	}
	held, _ := Parse("s.toml", []byte("[sweep]\n\"a.x\" = [1, 2]\n\"a.y\" = [3, 4]\n\"b.z\" = [5, 6, 7]\nzip = [[\"a.x\", \"a.y\"]]"))
	if err := held.Set("a.x=9"); err != nil {
		t.Fatal(err)
	}
	if s, err := held.Sweep(); err != nil || s.Points() != 6 || s.Axes[0].Keys[0] != "a.y" {
		t.Errorf("a key that is set stays in the sweep: %+v, %v", s, err)
	}
	bare, _ := Parse("s.toml", []byte("[sweep]\nrepeats = 3\narray.rows = [1, 2]"))
	if s, err := bare.Sweep(); err != nil || s.Points() != 6 {
		t.Errorf("%v %v", s, err)
	}
	for text, say := range map[string]string{
		"[sweep]\nrepeats = 0":                                                    "s.toml:2: sweep.repeats: 0 is out of range",
		"[sweep]\n\"a.b\" = []":                                                   "axis is empty",
		"[sweep]\n\"a.b\" = 3":                                                    "must be a list or a range",
		"[sweep]\nrows = [3]":                                                     "not the path of a key",
		"[sweep]\n\"a.b\" = {from = 1, to = 2}":                                   "needs from, to and points",
		"[sweep]\n\"a.b\" = {from = 1, to = \"2V\", points = 3}":                  "must have the same unit",
		"[sweep]\n\"a.b\" = {from = 0, to = 2, points = 3, scale = \"log\"}":      "from and to > 0",
		"[sweep]\n\"a.b\" = {from = 0, to = 2, points = 3, scal = \"log\"}":       "did you mean scale",
		"[sweep]\n\"a.b\" = [1]\nzip = [[\"a.b\", \"a.c\"]]":                      `"a.c" is not an axis`,
		"[sweep]\n\"a.b\" = [1]\n\"a.c\" = [1,2]\nzip = [[\"a.b\", \"a.c\"]]":     "must be as many",
		"[sweep]\n\"a.b\" = {from=0,to=1,points=999999}\n\"a.c\" = [1,2,3,4,5,6]": "must be at most",
		"[sweep]\n\"a.b\" = {}":                                                   "needs from, to and points",
		"[sweep]\n\"a.b\" = {from = 1, to = 1, points = 3}":                       "must differ",
		"sweep = 3": "must be a table",
	} {
		d, err := Parse("s.toml", []byte(text))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := d.Sweep(); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: got %v, want %q", text, err, say)
		}
	}
}

func TestKeyLines(t *testing.T) {
	got := keyLines("a = 1 # c\n\"b c\" = \"\"\"x\n[no]\n\"\"\"\n[t.u] # c\nd = { e = [1, {f = 2}],\n g = 'a=b' }\n\n[[v]]\nh=1\n[[v]]\n'h'=[\n # no\n 1,\n 2 ]\n[v.w]\ni.j = 2021-01-01\n")
	want := map[string]int{"a": 1, "b c": 2, "t.u": 5, "t.u.d": 6, "t.u.d.e": 6, "t.u.d.e[0]": 6, "t.u.d.e[1]": 6, "t.u.d.e[1].f": 6, "t.u.d.g": 7,
		"v": 9, "v[0]": 9, "v[0].h": 10, "v[1]": 11, "v[1].h": 12, "v[1].h[0]": 14, "v[1].h[1]": 15, "v[1].w": 16, "v[1].w.i": 17, "v[1].w.i.j": 17}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("seed = 1\n[array]\nrows = 64\n[sweep]\n\"a.b\" = {from=1,to=2,points=3}\n", "array.rows=3")
	f.Add("[[device]]\nmodel='x'\n[[device]]\n", "device[1].x = [1,2")
	f.Add("a = \"\"\"\n\\\"\"\"\"\n", "a.b.\"c.d\"=1")
	f.Fuzz(func(t *testing.T, text, set string) {
		d, err := Parse("f.toml", []byte(text))
		if err != nil {
			return
		}
		d.Set(set)
		d.Sweep()
		a := &array{rows: 1}
		if d.Decode("array", a.params()) == nil && (a.rows < 1 || !(a.rWord >= 0)) {
			t.Fatalf("%q set %q decodes to %+v", text, set, a)
		}
		d.Finish([]string{"array"})
		d.Clone()
	})
}
