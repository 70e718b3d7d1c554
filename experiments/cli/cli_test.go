package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mho/internal/files"
)

// call runs the command line in a directory of its own.
func call(t *testing.T, args ...string) (code int, out, talk string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(args, &o, &e)
	return code, o.String(), e.String()
}

func ok(t *testing.T, args ...string) string {
	t.Helper()
	code, out, talk := call(t, args...)
	if code != 0 {
		t.Fatalf("mho %s: exit %d: %s", strings.Join(args, " "), code, talk)
	}
	return out
}

// inputs makes a directory with small inputs and goes there.
func inputs(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"g.csv":         "1e-5,2e-5\n3e-5,4e-5\n5e-5,6e-5\n",
		"v.csv":         "0.1,0.2,0.3\n0.3,0.2,0.1\n",
		"w.csv":         "t_s,v_V\n0,0\n1e-9,1\n3e-9,-2\n4e-9,0\n",
		"weights.csv":   "0.5,-1\n0.25,0.75\n-0.3,0.1\n",
		"x.csv":         "1,0.5\n-0.5,1\n",
		"tile.toml":     "[device]\nmodel = \"pcm-ibm\"\n[converters]\ndac.bits = 8\nadc.bits = 9\n",
		"ideal.toml":    "[device]\nmodel = \"pcm-ibm\"\n[noise]\nread = false\nprogramming = false\ndrift = false\n",
		"ragged.csv":    "1,2\n3\n",
		"empty.csv":     "",
		"text.csv":      "1,x\n",
		"negative.csv":  "1e-5,-2e-5\n3e-5,4e-5\n5e-5,6e-5\n",
		"infinite.csv":  "1e-5,inf\n3e-5,4e-5\n5e-5,6e-5\n",
		"short.csv":     "0.1,0.2\n",
		"notnumber.csv": "0.1,nan,0.3\n",
		"rword.csv":     "100,150,1\n100,inf,1\n120,110,1\n",
		"rzero.csv":     "100,150,1\n100,0,1\n120,110,1\n",
		"rbelow.csv":    "100,150,1\n100,-5,1\n120,110,1\n",
		"rnan.csv":      "100,150,1\n100,nan,1\n120,110,1\n",
		"rbit.csv":      "1,1\n200,210\n190,inf\n220,230\n",
		"faults.csv":    "row,col,g_S\n0,1,1e-3\n2,0,0\n",
		"cut.csv":       "row,col,g_S\n1,1,0\n",
		"outside.csv":   "row,col,g_S\n1,1,0\n3,0,1e-3\n",
		"below.csv":     "row,col,g_S\n1,1,-1\n",
		"twice.csv":     "row,col,g_S\n1,1,1\n1,1,2\n",
		"half.csv":      "row,col,g_S\n1.5,1,1\n",
		"missing.csv":   "row,col\n1,1\n",
		"back.csv":      "t_s,v_V\n0,0\n2,1\n1,1\n",
		"drive.csv":     "t_s,v_mV\n0,0\n2,1\n",
		"study.toml":    "experiment = \"ir-drop\"\n[array]\nrows = -3\n",
		"huge.toml":     "experiment = \"ir-drop\"\n[array]\nrows = 3000000\ncols = 3000000\n",
		"bad.toml":      "experiment = \n",
		"nan.toml":      "experiment = \"ir-drop\"\n[array]\nr_word = nan\n",
		"unit.toml":     "experiment = \"pcm-drift\"\n[device]\nmodel = \"pcm-ibm\"\ng_max = \"25 uF\"\n",
		"gap.csv":       "t_s,a_V\n1,2\n2,n/a\n3,4\n",
		"plot.csv":      "t_s,g_uS\n1,10\n10,9\n100,8\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func entries(t *testing.T) string {
	t.Helper()
	list, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestRefuses(t *testing.T) {
	inputs(t)
	solve := []string{"solve", "--r-word", "1", "--r-bit", "1", "--out", "i.csv"}
	maps := []string{"solve", "--g", "g.csv", "--v", "v.csv", "--out", "i.csv"}
	with := func(base []string, more ...string) []string { return append(append([]string(nil), base...), more...) }
	for _, c := range []struct {
		args []string
		say  string
	}{
		{[]string{"rnu"}, "did you mean run?"},
		{[]string{"help", "solv"}, `unknown command "solv": see mho help; did you mean solve?`},
		{[]string{"run", "none.toml"}, "none.toml: no such file"},
		{[]string{"run", "ir-dropp"}, "did you mean ir-drop?"},
		{[]string{"run", "bad.toml"}, "bad.toml:1: malformed TOML"},
		{[]string{"run", "study.toml"}, "study.toml:3: array.rows: -3 is out of range: must be >= 1"},
		{[]string{"run", "nan.toml"}, "nan.toml:3: array.r_word: NaN is out of range: must be >= 0 ohm"},
		{[]string{"run", "unit.toml"}, "unit.toml:4: device.g_max: \"25 uF\" has the unit uF: must be in S"},
		{[]string{"run", "huge.toml"}, "of memory"},
		{[]string{"run", "ir-drop", "--set", "array.rowss=3"}, "--set array.rowss=3: array.rowss: unknown key; did you mean rows?"},
		{[]string{"run", "ir-drop", "--workers", "0"}, "--workers 0: must be at least 1"},
		{[]string{"run", "ir-drop", "--workers", "x"}, "--workers"},
		{[]string{"run", "ir-drop", "--shard", "3/2"}, "--shard 3/2: must be I/N"},
		{[]string{"run", "ir-drop", "--format", "gif"}, "--format gif: must be pdf, svg or png"},
		{[]string{"run", "ir-drop", "--out", "g.csv/out"}, "g.csv"},
		{[]string{"run", "ir-drop", "ir-drop"}, "same name"},
		{[]string{"run", "--ouput", "x"}, "unknown flag --ouput: see mho run --help; did you mean"},
		{[]string{"list", "device"}, "did you mean devices?"},
		{[]string{"show", "pcm-drfit"}, "did you mean pcm-drift?"},
		{[]string{"show", "isac"}, "did you mean isaac?"},
		{[]string{"explain", "vtaem"}, "did you mean vteam?"},
		{[]string{"project", "isaac"}, "--workload is missing"},
		{[]string{"project", "issac", "--workload", "mlp"}, "did you mean isaac?"},
		{[]string{"project", "isaac", "--workload", "resnet50"}, "did you mean resnet-50?"},
		{[]string{"project", "none.toml", "--workload", "mlp"}, "none.toml: no such file"},
		{[]string{"project", "isaac", "--workload", "mlp", "--set", "component.adc.energy=2W"}, "component.adc.energy: \"2W\" has the unit W: must be in J"},
		{[]string{"project", "isaac", "--workload", "mlp", "--set", "component.acd.energy=2pJ"}, "did you mean adc?"},
		{[]string{"project", "isaac", "--workload", "mlp", "--set", "workload.batch=0"}, "batch: 0 is out of range"},
		{[]string{"project", "hermes-core", "--workload", "resnet-50", "--set", "mapping.fit=forbid"}, "needs 422 arrays and there are 1"},
		{[]string{"project", "isaac", "--workload", "mlp", "--against", "truenorth"}, "no energy per MAC"},
		{[]string{"project", "isaac", "--workload", "mlp", "--draws", "-1"}, "--draws -1"},
		{[]string{"explain"}, "takes one device"},
		{[]string{"trace", "vteam", "--waveform", "back.csv", "--out", "t.csv"}, "back.csv:4: t_s: 1 s is not above"},
		{[]string{"trace", "vteam", "--waveform", "drive.csv", "--out", "t.csv"}, "drive.csv"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "none/t.csv"}, "--out none/t.csv: cannot be written"},
		{[]string{"trace", "vteam", "--waveform", "w.csv"}, "--out is missing"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "t.txt"}, "must be .csv"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "t.csv", "--dt", "1V"}, "--dt"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "t.csv", "--set", "k_onn=1"}, "--set k_onn=1: k_onn: unknown key; did you mean k_on?"},
		{[]string{"trace", "pcm-ibm", "--waveform", "w.csv", "--out", "t.csv"}, "not an element"},
		{[]string{"sample", "vteam", "--target", "1uS", "--n", "3", "--at", "1s", "--out", "s.csv"}, "not a population"},
		{[]string{"sample", "ring", "--target", "1uS", "--n", "3", "--at", "1s", "--out", "s.csv"}, "must be a pure number"},
		{[]string{"sample", "mzi-mesh", "--target", "1", "--n", "3", "--at", "1s", "--out", "s.csv"}, "mzi-mesh is a chip, not a population"},
		{[]string{"trace", "mzi-mesh", "--waveform", "w.csv", "--out", "t.csv"}, "mzi-mesh is a chip, not an element"},
		{[]string{"trace", "quantum-memristor", "--waveform", "w.csv", "--out", "t.csv", "--series", "1ohm"}, "has no terminals"},
		{[]string{"sample", "pcm-ibm", "--target", "1uF", "--n", "3", "--at", "1s", "--out", "s.csv"}, "must be in S"},
		{[]string{"sample", "pcm-ibm", "--target", "1uS", "--n", "0", "--at", "1s", "--out", "s.csv"}, "--n 0: must be from 1"},
		{[]string{"sample", "pcm-ibm", "--target", "1uS", "--n", "2000000000", "--at", "1s", "--out", "s.csv"}, "of memory"},
		{[]string{"sample", "pcm-ibm", "--target", "1uS", "--n", "3", "--at", "-1s", "--out", "s.csv"}, "out of range"},
		{[]string{"sample", "pcm-ibm", "--target", "99uS", "--n", "3", "--at", "1s", "--out", "s.csv"}, "99"},
		{with(solve, "--g", "none.csv", "--v", "v.csv"), "none.csv"},
		{with(solve, "--g", "ragged.csv", "--v", "v.csv"), "ragged.csv:2"},
		{with(solve, "--g", "empty.csv", "--v", "v.csv"), "empty.csv"},
		{with(solve, "--g", "text.csv", "--v", "v.csv"), "text.csv:1"},
		{with(solve, "--g", "negative.csv", "--v", "v.csv"), "negative.csv: row 1, column 2: conductance -2e-05 S: must be finite and >= 0 S"},
		{with(solve, "--g", "infinite.csv", "--v", "v.csv"), "infinite.csv:1"},
		{with(solve, "--g", "g.csv", "--v", "short.csv"), "short.csv: 2 voltages per line for the 3 rows of g.csv"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-word", "-1ohm"), "--r-word"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-word", "nan"), "--r-word"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--topology", "duble"), "did you mean double?"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--tolerance", "2"), "--tolerance"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-sense", "inf"), "--r-sense"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-driver", "-3ohm"), "must be >= 0 ohm"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-driver", "1e40"), "driver resistance is 1e+40 Ω: must be 0 or between"},
		{with(solve, "--g", "g.csv", "--v", "notnumber.csv"), "notnumber.csv:1: column 2"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--tolerance", "1e-17"), "tolerance is 1e-17: must be at least 1.8e-15, what rounding leaves"},
		{[]string{"solve", "--r-word", "0", "--r-bit", "0", "--out", "i.csv", "--g", "g.csv", "--v", "v.csv", "--tolerance", "1e-15"}, "must be at least 2.9e-15"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--r-word-map", "rword.csv"), "--r-word: the map has the resistance of every segment: must be left out"},
		{with(maps, "--r-bit", "1"), "--r-word is missing"},
		{with(maps, "--r-bit", "1", "--r-word-map", "none.csv"), "none.csv: cannot read"},
		{with(maps, "--r-bit", "1", "--r-word-map", "v.csv"), "v.csv: 2 x 3 resistances: must be 3 x 3"},
		{with(maps, "--r-bit", "1", "--r-word-map", "rzero.csv"), "rzero.csv: row 2, column 2: 0 ohm: must be > 0 ohm, or inf"},
		{with(maps, "--r-bit", "1", "--r-word-map", "rbelow.csv"), "rbelow.csv: row 2, column 2: -5 ohm: must be > 0 ohm"},
		{with(maps, "--r-bit", "1", "--r-word-map", "rnan.csv"), "rnan.csv:2: column 2"},
		{with(maps, "--r-bit", "1", "--r-word-map", "rword.csv", "--faults", "cut.csv"), "the node of word line 1 at column 1 floats"},
		{with(maps, "--r-bit", "1", "--r-word-map", "rword.csv", "--faults", "cut.csv", "--iv", "sinh", "--v0", "1V"), "the node of word line 1 at column 1 floats"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--faults", "outside.csv"), "outside.csv:3: column row: 3: must be a whole number from 0 to 2"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--faults", "below.csv"), "below.csv:2: column g_S: -1 S: must be >= 0 S"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--faults", "twice.csv"), "twice.csv:3: the device at row 1, column 1 stands in line 2 already"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--faults", "half.csv"), "half.csv:2: column row: 1.5: must be a whole number"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--faults", "missing.csv"), "missing.csv: no column"},
		{[]string{"solve", "--r-bit", "1", "--r-word-map", "rword.csv", "--g", "g.csv", "--v", "v.csv", "--out", "rword.csv"}, "rword.csv: would be written over"},
		{[]string{"run", "ir-drop", "--set", "array.r_word_map=rword.csv"}, "rword.csv: 3 x 3 resistances: must be 16 x 17"},
		{[]string{"run", "ir-drop", "--set", "array.faults=none.csv"}, "array.faults: none.csv: cannot read"},
		{[]string{"mvm", "--w", "weights.csv", "--x", "v.csv", "--tile", "tile.toml", "--out", "y.csv"}, "v.csv: 3 inputs per line for the 2 inputs of weights.csv"},
		{[]string{"mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "none.toml", "--out", "y.csv"}, "none.toml: no such file"},
		{[]string{"mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "study.toml", "--out", "y.csv"}, "study.toml:1: experiment: unknown key"},
		{[]string{"mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "tile.toml", "--out", "y.csv", "--set", "converters.adc.bits=1"}, "converters.adc.bits"},
		{[]string{"plot", "plot.csv", "--out", "p.svg"}, "--kind is missing"},
		{[]string{"plot", "plot.csv", "--kind", "lin", "--out", "p.svg"}, "did you mean line?"},
		{[]string{"plot", "plot.csv", "--kind", "line", "--theme", "natur", "--out", "p.svg"}, "did you mean nature?"},
		{[]string{"plot", "plot.csv", "--kind", "line", "--out", "p.gif"}, "must be .pdf or .svg or .png"},
		{[]string{"plot", "empty.csv", "--kind", "line", "--out", "p.svg"}, "empty.csv"},
		{[]string{"plot", ".", "--out", "p.svg"}, "manifest.json: no such file"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--iv", "sinh"), "--v0 is missing"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--iv", "sin", "--v0", "1V"), "did you mean sinh?"},
		{with(solve, "--g", "g.csv", "--v", "v.csv", "--v0", "1V"), "--v0: has no meaning"},
		{[]string{"solve", "--r-word", "1", "--r-bit", "1", "--g", "g.csv", "--v", "v.csv", "--out", "g.csv"}, "g.csv: would be written over g.csv"},
		{[]string{"solve", "--r-word", "1", "--r-bit", "1", "--g", "g.csv", "--v", "v.csv", "--out", ""}, "--out is missing"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "w.csv"}, "would be written over"},
		{[]string{"trace", "vteam", "--waveform", "w.csv", "--out", "t.csv", "--dt", "1e-18s"}, "of memory"},
		{[]string{"sample", "pcm-ibm", "--target", "1uS", "--n", "1e3", "--at", "1s", "--out", "s.csv"}, "must be a whole number"},
		{[]string{"plot", "gap.csv", "--kind", "line", "--out", "p.svg"}, "gap.csv:3"},
		{[]string{"run", "pcm-drift", "--set", "figure.width=1mm"}, "from 15 mm"},
		{[]string{"merge"}, "takes the directories"},
		{[]string{"merge", "none"}, "none: no such file"},
	} {
		before := entries(t)
		code, out, talk := call(t, c.args...)
		name := "mho " + strings.Join(c.args, " ")
		if code != 2 || !strings.Contains(talk, c.say) {
			t.Errorf("%s: exit %d, %swant exit 2 and %q", name, code, talk, c.say)
		}
		if strings.Count(talk, "\n") != 1 || !strings.HasPrefix(talk, "mho: ") || out != "" {
			t.Errorf("%s: not one line on standard error alone: %q, %q", name, talk, out)
		}
		if after := entries(t); after != before {
			t.Errorf("%s: leaves %s where there was %s", name, after, before)
		}
	}
}

func read(t *testing.T, path string) files.Matrix {
	t.Helper()
	m, err := files.ReadMatrix(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSolve(t *testing.T) {
	inputs(t)
	ok(t, "solve", "--g", "g.csv", "--v", "v.csv", "--r-word", "0", "--r-bit", "0", "--out", "ideal.csv")
	want := []float64{0.1*1e-5 + 0.2*3e-5 + 0.3*5e-5, 0.1*2e-5 + 0.2*4e-5 + 0.3*6e-5, 0.3*1e-5 + 0.2*3e-5 + 0.1*5e-5, 0.3*2e-5 + 0.2*4e-5 + 0.1*6e-5}
	for i, x := range read(t, "ideal.csv").Data {
		if math.Abs(x-want[i]) > 1e-12*want[i] {
			t.Errorf("ideal output %d is %g, want %g", i, x, want[i])
		}
	}
	ok(t, "solve", "--g", "g.csv", "--v", "v.csv", "--r-word", "1kohm", "--r-bit", "1kohm", "--r-driver", "50ohm", "--out", "i.npy", "--nodes", "n.npz", "--transfer", "t.csv", "--topology", "double")
	i, tr, v := read(t, "i.npy"), read(t, "t.csv"), read(t, "v.csv")
	for k := range 2 {
		for j := range 2 {
			sum := 0.0
			for r := range 3 {
				sum += v.At(k, r) * tr.At(r, j)
			}
			if d := sum - i.At(k, j); math.Abs(d) > 1e-10*i.At(k, j) {
				t.Errorf("output %d, %d is %g, through the transfer matrix %g", k, j, i.At(k, j), sum)
			}
		}
	}
	// With V0 far above every voltage the law is ohmic.
	ok(t, "solve", "--g", "g.csv", "--v", "v.csv", "--r-word", "1kohm", "--r-bit", "1kohm", "--out", "s.csv", "--iv", "sinh", "--v0", "1000V")
	ok(t, "solve", "--g", "g.csv", "--v", "v.csv", "--r-word", "1kohm", "--r-bit", "1kohm", "--out", "o.csv")
	o := read(t, "o.csv")
	for k, x := range read(t, "s.csv").Data {
		if math.Abs(x-o.Data[k]) > 1e-7*o.Data[k] {
			t.Errorf("sinh with a large V0: output %d is %g, ohmic %g", k, x, o.Data[k])
		}
	}
	nodes, err := files.ReadNPZ("n.npz")
	if err != nil || len(nodes["v_word"].Shape) != 3 {
		t.Errorf("nodes: %v, %v", nodes["v_word"].Shape, err)
	}
}

// TestTraceSeed names the path of a noisy element, at the temperature that its
// parameters hold at unless told another.
func TestTraceSeed(t *testing.T) {
	inputs(t)
	trace := func(extra ...string) string {
		ok(t, append([]string{"trace", "stanford-pku", "--waveform", "w.csv", "--out", "t.csv", "--set", "variations=true", "--compliance", "1mA"}, extra...)...)
		b, err := os.ReadFile("t.csv")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := trace("--seed", "3")
	if trace("--seed", "3") != first || trace("--seed", "3", "--temperature", "298K") != first {
		t.Error("the same seed gives two traces")
	}
	if trace("--seed", "4") == first {
		t.Error("another seed gives the same trace")
	}
}

// TestSolveMaps solves an array with a broken word line, a broken bit line and faulty devices, of which
// so little is left that it can be worked out: the devices of row 1 and column 1 beyond the breaks
// are in the circuit by way of each other only.
func TestSolveMaps(t *testing.T) {
	inputs(t)
	ok(t, "solve", "--g", "g.csv", "--v", "v.csv", "--r-word-map", "rword.csv", "--r-bit-map", "rbit.csv", "--faults", "faults.csv", "--out", "i.csv", "--transfer", "t.csv", "--nodes", "n.npz", "--tolerance", "1e-12")
	i, tr, v := read(t, "i.csv"), read(t, "t.csv"), read(t, "v.csv")
	// Column 1 is broken between rows 1 and 2: what reaches its foot is the device of row 2 behind
	// 120 + 110 ohm, whose neighbour in column 0 is open.
	for k := range 2 {
		want := v.At(k, 2) / (120 + 110 + 1/6e-5 + 230)
		if x := i.At(k, 1); math.Abs(x-want) > 1e-12*want {
			t.Errorf("input %d: output 1 is %g, want %g", k, x, want)
		}
		// Column 0: rows 0 and 1; the short of row 0 and the upper part of column 1 lead to the
		// rest of word line 1, which is broken, and nowhere else.
		g0, g1 := 1/(100+1/1e-5), 1/(100+1/3e-5)
		// Nodes u00, u10 and the foot u20.
		a, b, c := 1/200.0, 1/190.0, 1/220.0
		// u00 (g0 + a) - u10 a = g0 v0; u10 (a + b + g1) - u00 a - u20 b = g1 v1; u20 (b + c) = u10 b.
		u10 := (g1*v.At(k, 1) + a*g0*v.At(k, 0)/(g0+a)) / (g1 + a*g0/(g0+a) + b*c/(b+c))
		want = u10 * b * c / (b + c)
		if x := i.At(k, 0); math.Abs(x-want) > 1e-12*want {
			t.Errorf("input %d: output 0 is %g, want %g", k, x, want)
		}
		for j := range 2 {
			var sum float64
			for r := range 3 {
				sum += v.At(k, r) * tr.At(r, j)
			}
			if d := sum - i.At(k, j); math.Abs(d) > 1e-10*i.At(k, j) {
				t.Errorf("output %d, %d is %g, through the transfer matrix %g", k, j, i.At(k, j), sum)
			}
		}
	}
}

// TestSolveBatch checks that outputs by the transfer matrix, of many inputs, are those of single inputs.
func TestSolveBatch(t *testing.T) {
	t.Chdir(t.TempDir())
	const n, inputs = 40, 400
	g, v := files.Matrix{Rows: n, Cols: n, Data: make([]float64, n*n)}, files.Matrix{Rows: inputs, Cols: n, Data: make([]float64, inputs*n)}
	for k := range g.Data {
		g.Data[k] = 5e-5 * (1.1 + math.Sin(float64(k*k)))
	}
	for k := range v.Data {
		v.Data[k] = 0.2 * math.Cos(float64(k*k))
	}
	for name, m := range map[string]files.Matrix{"g.npy": g, "v.npy": v, "one.npy": {Rows: 1, Cols: n, Data: v.Data[7*n : 8*n]}} {
		if err := files.WriteMatrix(name, m); err != nil {
			t.Fatal(err)
		}
	}
	ok(t, "solve", "--g", "g.npy", "--v", "v.npy", "--r-word", "2ohm", "--r-bit", "2ohm", "--out", "i.npy")
	ok(t, "solve", "--g", "g.npy", "--v", "one.npy", "--r-word", "2ohm", "--r-bit", "2ohm", "--out", "j.npy")
	all, one := read(t, "i.npy").Row(7), read(t, "j.npy").Row(0)
	var most, d float64
	for k, x := range one {
		most, d = max(most, math.Abs(x)), max(d, math.Abs(x-all[k]))
	}
	if d > 2e-10*most || d == 0 {
		t.Errorf("outputs differ by %g of %g A", d, most)
	}
}

func TestSolveMemory(t *testing.T) {
	err := needSolve(files.Matrix{Rows: 1e6, Cols: 1e6}, 1, false, false, false)
	if err == nil || !strings.Contains(err.Error(), "an array of 1000000 x 1000000 with 1 inputs needs") {
		t.Error(err)
	}
}

func TestTraceSampleMVM(t *testing.T) {
	inputs(t)
	ok(t, "trace", "vteam", "--waveform", "w.csv", "--out", "t.csv", "--dt", "10ps", "--series", "100ohm", "--compliance", "1mA")
	table, err := files.ReadTable("t.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"t_s", "v_V", "i_A", "g_S", "w_m"} {
		if _, err := table.Floats(h); err != nil {
			t.Error(err)
		}
	}
	if n := table.Rows(); n != 401 {
		t.Errorf("%d rows, want 401", n)
	}

	args := []string{"sample", "pcm-ibm", "--target", "5uS,20uS", "--n", "2000", "--at", "1h,20s", "--seed", "7"}
	ok(t, append(args, "--out", "a.csv", "--cells", "cells.npy")...)
	ok(t, append(args, "--out", "b.csv")...)
	a, _ := os.ReadFile("a.csv")
	b, _ := os.ReadFile("b.csv")
	if !bytes.Equal(a, b) || !strings.HasPrefix(string(a), "device,target_S,t_s,n,mean_S,std_S,p05_S,p50_S,p95_S\npcm-ibm,5e-06,3600,2000,") {
		t.Errorf("samples differ, or the header is wrong:\n%s", a)
	}
	if m := read(t, "cells.npy"); m.Rows != 4 || m.Cols != 2000 {
		t.Errorf("cells are %d x %d", m.Rows, m.Cols)
	}

	sliced := []string{"--set", `mapping.slices=3`, "--set", `mapping.slice_bits=6`, "--set", `converters.dac.kind=bit-serial`, "--set", `converters.dac.bits=16`, "--set", `converters.adc.bits=16`, "--set", `converters.adc.kind=sar`, "--set", `compensation.kind=column`}
	if _, _, talk := call(t, append([]string{"mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "ideal.toml", "--out", "sliced.csv", "--calibrate", "x.csv", "--cells", "tile.npz"}, sliced...)...); !strings.Contains(talk, "weights: ideal, 20s old; correction: column; 100 % of the cells at their targets") {
		t.Errorf("mvm says %s", talk)
	}
	if cells, err := files.ReadNPZ("tile.npz"); err != nil || len(cells) != 3*2*2+1 {
		t.Errorf("%d arrays of cells, %v", len(cells), err)
	}
	exact := []float64{0, 0.25 + 0.375, -0.3 + 0.05, -0.25 - 1, -0.125 + 0.75, 0.15 + 0.1}
	for i, y := range read(t, "sliced.csv").Data {
		if math.Abs(y-exact[i]) > 1e-3 {
			t.Errorf("tile of digits: output %d is %g, want %g", i, y, exact[i])
		}
	}
	ok(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "ideal.toml", "--out", "y.csv")
	want := []float64{0, 0.25 + 0.375, -0.3 + 0.05, -0.25 - 1, -0.125 + 0.75, 0.15 + 0.1}
	for i, y := range read(t, "y.csv").Data {
		if math.Abs(y-want[i]) > 1e-12 {
			t.Errorf("ideal tile: output %d is %g, want %g", i, y, want[i])
		}
	}
	ok(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "tile.toml", "--at", "1d", "--out", "y1.csv")
	ok(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "tile.toml", "--at", "1d", "--out", "y2.csv")
	y1, _ := os.ReadFile("y1.csv")
	y2, _ := os.ReadFile("y2.csv")
	if !bytes.Equal(y1, y2) {
		t.Error("the same seed gives other outputs")
	}
}

// TestLight takes devices of light through trace, sample and mvm.
func TestLight(t *testing.T) {
	inputs(t)
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("photons.csv", "t_s,n\n0,0\n1,1\n2,0\n")
	ok(t, "trace", "quantum-memristor", "--waveform", "photons.csv", "--out", "t.csv")
	if text, _ := os.ReadFile("t.csv"); !strings.HasPrefix(string(text), "t_s,n,n_out,g,r\n0,0,0,0.5,0.5\n") {
		t.Errorf("trace:\n%s", text)
	}
	ok(t, "sample", "ring", "--target", "0.5,-0.3", "--n", "10", "--at", "1h", "--out", "s.csv")
	if text, _ := os.ReadFile("s.csv"); !strings.HasPrefix(string(text), "device,target,t_s,n,mean,std,p05,p50,p95\nring,0.5,3600,10,0.") {
		t.Errorf("sample:\n%s", text)
	}
	want := []float64{0, 0.25 + 0.375, -0.3 + 0.05, -0.25 - 1, -0.125 + 0.75, 0.15 + 0.1}
	for _, model := range []string{"mzi-mesh", "ring", "optical-pcm"} {
		write("light.toml", "[device]\nmodel = \""+model+"\"\n[noise]\nprogramming = false\nread = false\n")
		ok(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "light.toml", "--out", "y.csv")
		for i, y := range read(t, "y.csv").Data {
			if math.Abs(y-want[i]) > 1e-11 {
				t.Errorf("%s: output %d is %g, want %g", model, i, y, want[i])
			}
		}
	}
	write("light.toml", "[device]\nmodel = \"ring\"\n[array]\nr_word = 1\n")
	if code, _, talk := call(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "light.toml", "--out", "y.csv"); code != 2 || !strings.Contains(talk, "array.r_word: unknown key") {
		t.Errorf("wires of light: %d %s", code, talk)
	}
}

func TestRunListPlot(t *testing.T) {
	inputs(t)
	var s struct {
		Report      string `json:"report"`
		Experiments []struct {
			Data string `json:"data"`
		} `json:"experiments"`
	}
	out := ok(t, "run", "switching-kinetics", "--json", "--format", "svg", "--set", `sweep."study.voltage"=[1,-2]`)
	if err := json.Unmarshal([]byte(out), &s); err != nil || len(s.Experiments) != 1 {
		t.Fatalf("--json prints %s: %v", out, err)
	}
	for _, f := range []string{s.Report, s.Experiments[0].Data} {
		if _, err := os.Stat(f); err != nil {
			t.Error(err)
		}
	}
	if out := ok(t, "run", "switching-kinetics", "--format", "svg", "--set", `sweep."study.voltage"=[1,-2]`); !strings.HasSuffix(out, "open "+filepath.Join("out", "index.html")+"\n") || !strings.Contains(out, "2 finished before") {
		t.Errorf("run prints %q", out)
	}
	if out := ok(t, "run", "switching-kinetics", "--quiet", "--format", "svg", "--set", `sweep."study.voltage"=[1,-2]`); out != "" {
		t.Errorf("--quiet prints %q", out)
	}
	ok(t, "plot", "out/switching-kinetics", "--theme", "ieee", "--out", "k.pdf")
	ok(t, "plot", "plot.csv", "--kind", "semilogx", "--out", "p.png", "--width", "60mm")
	if code, _, talk := call(t, "plot", "out/switching-kinetics", "--kind", "kinetic", "--out", "k.pdf"); code != 2 || !strings.Contains(talk, "did you mean kinetics?") {
		t.Errorf("an unknown figure: %d %s", code, talk)
	}
	var lists map[string][]map[string]string
	if err := json.Unmarshal([]byte(ok(t, "list", "--json")), &lists); err != nil || len(lists["devices"]) < 3 || len(lists["experiments"]) < 5 {
		t.Errorf("list --json: %v", err)
	}
	for _, l := range lists["devices"] {
		if text := ok(t, "explain", l["name"]); !strings.Contains(text, "Equations") || !strings.Contains(text, "Sources") {
			t.Errorf("explain %s: %s", l["name"], text)
		}
	}
	for _, l := range lists["experiments"] {
		if text := ok(t, "show", l["name"]); !strings.Contains(text, "experiment = \""+l["name"]+"\"") {
			t.Errorf("show %s: %s", l["name"], text)
		}
		if text := ok(t, "explain", l["name"]); !strings.Contains(text, "seed") {
			t.Errorf("explain %s: %s", l["name"], text)
		}
	}
	for _, args := range [][]string{{"version"}, {"help"}, {}, {"run", "--help"}} {
		if ok(t, args...) == "" {
			t.Errorf("mho %v prints nothing", args)
		}
	}
}

// TestProject holds the object that scripts read to its contract.
func TestProject(t *testing.T) {
	text := ok(t, "project", "hermes-core", "--workload", "mlp")
	for _, s := range []string{"hermes-core running mlp, per inference", "1 MAC = 2 operations", "one inference alone", "at its peak"} {
		if !strings.Contains(text, s) {
			t.Errorf("the table does not say %q", s)
		}
	}
	type band struct{ P10, P50, P90 float64 }
	read := func(args ...string) (p struct {
		Architecture, Workload, Per, Boundary, Counting, Fit string
		Energy                                               band `json:"energy_J"`
		Latency                                              band `json:"latency_s"`
		Breakdown                                            []struct {
			Component, Source string
			Energy            float64 `json:"energy_J"`
			Share             float64
		}
	}) {
		t.Helper()
		if err := json.Unmarshal([]byte(ok(t, append([]string{"project", "--json"}, args...)...)), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := read("isaac", "--workload", "mlp")
	if p.Architecture != "isaac" || p.Workload != "mlp" || p.Per != "inference" || p.Fit != "fits" || p.Boundary == "" || p.Counting == "" {
		t.Errorf("got %+v", p)
	}
	share := 0.0
	for _, b := range p.Breakdown {
		share += b.Share
	}
	if math.Abs(share-1) > 1e-9 || !(p.Energy.P10 < p.Energy.P50 && p.Energy.P50 < p.Energy.P90) {
		t.Errorf("shares sum to %g, energy %+v", share, p.Energy)
	}
	// An architecture that was printed projects the same from its file.
	t.Chdir(t.TempDir())
	if err := os.WriteFile("chip.toml", []byte(ok(t, "show", "isaac")), 0o644); err != nil {
		t.Fatal(err)
	}
	if q := read("chip.toml", "--workload", "mlp"); q.Energy != p.Energy {
		t.Errorf("from its file %+v, want %+v", q.Energy, p.Energy)
	}
	if q := read("isaac", "--workload", "mlp", "--set", "component.links.power=0W"); q.Energy.P50 >= p.Energy.P50 {
		t.Errorf("without links %+v, with them %+v", q.Energy, p.Energy)
	}
	if text := ok(t, "show", "architectures/photonic-tensor-core"); !strings.Contains(text, "architecture = \"photonic-tensor-core\"") {
		t.Errorf("the architecture is %q", text)
	}
	for _, args := range [][]string{{"list", "architectures"}, {"list", "workloads"}, {"list", "platforms"}, {"list", "components"}, {"show", "mlp"}, {"show", "truenorth"}, {"show", "isaac-adc8"}, {"show", "networks/digits-mlp"}} {
		if ok(t, args...) == "" {
			t.Errorf("mho %s prints nothing", strings.Join(args, " "))
		}
	}
}

// TestCharacteriseFit goes from an element to a population and from measurements to a
// device, and uses both as devices.
func TestCharacteriseFit(t *testing.T) {
	inputs(t)
	out := ok(t, "characterise", "vteam", "--out", "p.toml", "--set", "spread.k_on=5%", "--set", "devices=16", "--set", "states=9")
	for _, want := range []string{"95 % below", "over 16 fresh devices", `[device] model = "p.toml"`} {
		if !strings.Contains(out, want) {
			t.Errorf("characterise prints %s, want %q", out, want)
		}
	}
	ok(t, "sample", "p.toml", "--target", "100uS", "--n", "50", "--at", "1s", "--out", "s.csv")
	if err := os.WriteFile("t2.toml", []byte("[device]\nmodel = \"p.toml\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ok(t, "mvm", "--w", "weights.csv", "--x", "x.csv", "--tile", "t2.toml", "--out", "y.csv")
	if text := ok(t, "explain", "p.toml"); !strings.Contains(text, "fresh traces of the element") {
		t.Error(text)
	}
	// Measurements made by mho trace.
	var w strings.Builder
	w.WriteString("t_s,v_V\n")
	for k := range 161 {
		fmt.Fprintf(&w, "%g,%g\n", float64(k)*0.5e-9, -2.4*math.Sin(2*math.Pi*float64(k)/80))
	}
	if err := os.WriteFile("sweep.csv", []byte(w.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	ok(t, "trace", "vteam", "--waveform", "sweep.csv", "--out", "iv.csv", "--set", "k_off=5e-4", "--set", "r_on=2kohm")
	out = ok(t, "fit", "iv.csv", "--model", "vteam", "--free", "k_on,k_off,r_on", "--out", "f.toml")
	if !strings.Contains(out, "v_set") || !strings.Contains(out, "2kohm") {
		t.Errorf("fit prints %s", out)
	}
	if info, err := os.Stat("f.residuals.svg"); err != nil || info.Size() == 0 {
		t.Error(err)
	}
	ok(t, "trace", "f.toml", "--waveform", "sweep.csv", "--out", "back.csv")
	a, errA := files.ReadTable("iv.csv")
	b, errB := files.ReadTable("back.csv")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	ia, _ := a.Floats("i_A")
	ib, _ := b.Floats("i_A")
	for k := range ia {
		if math.Abs(ia[k]-ib[k]) > 1e-4*math.Abs(ia[k])+1e-9 {
			t.Fatalf("row %d: the fitted device carries %g A, want %g A", k, ib[k], ia[k])
		}
	}
	text, _ := os.ReadFile("p.toml")
	bad := func(name, content string) {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bad("edited.toml", strings.Replace(string(text), "seed = 1", "seed = 2", 1))
	bad("unknown.toml", "format = \"mho device 1\"\nmodel = \"vteam\"\n[parameters]\nk_onn = 1\n")
	bad("mv.csv", "device,cycle,t_s,v_V,i_A\na,1,0,0,0\na,1,1,1500,1e-3\n")
	for _, c := range []struct {
		args []string
		say  string
	}{
		{[]string{"sample", "edited.toml", "--target", "100uS", "--n", "5", "--at", "1s", "--out", "s.csv"}, "edited.toml: checksum"},
		{[]string{"trace", "unknown.toml", "--waveform", "sweep.csv", "--out", "x.csv"}, "unknown.toml:4: parameters.k_onn: unknown key; did you mean k_on?"},
		{[]string{"trace", "none.toml", "--waveform", "sweep.csv", "--out", "x.csv"}, "none.toml: no such file"},
		{[]string{"trace", "p.toml", "--waveform", "sweep.csv", "--out", "x.csv"}, "not an element"},
		{[]string{"characterise", "pcm-ibm", "--out", "q.toml"}, "not an element"},
		{[]string{"characterise", "vteam"}, "--out is missing"},
		{[]string{"characterise", "vteam", "--out", "q.csv"}, "must be .toml"},
		{[]string{"characterise", "vteam", "--out", "q.toml", "--set", "spread.k_on=300%"}, "spread.k_on"},
		{[]string{"characterise", "vteam", "--out", "q.toml", "--set", "spread.w_on=5%"}, "a relative spread has no meaning"},
		{[]string{"characterise", "vteam", "--out", "q.toml", "--set", "pulse.widht=1ns"}, "did you mean pulse.width?"},
		{[]string{"fit", "none.csv", "--model", "vteam", "--out", "q.toml"}, "none.csv"},
		{[]string{"fit", "plot.csv", "--model", "vteam", "--out", "q.toml"}, "the columns are of no measurement"},
		{[]string{"fit", "mv.csv", "--model", "vteam", "--out", "q.toml"}, "is the column in mV?"},
		{[]string{"fit", "iv.csv", "--model", "vtaem", "--out", "q.toml"}, "did you mean vteam?"},
		{[]string{"fit", "iv.csv", "--model", "pcm-ibm", "--out", "q.toml"}, "must be drift data"},
	} {
		if code, _, talk := call(t, c.args...); code != 2 || !strings.Contains(talk, c.say) || strings.Count(talk, "\n") != 1 {
			t.Errorf("mho %v: exit %d, %swant %q", c.args, code, talk, c.say)
		}
	}
	for _, c := range []struct {
		args []string
		say  string
	}{
		{[]string{"characterise", "vteam", "--out", "q.toml", "--set", "pulse.set_amplitude=2V"}, "must have the other sign"},
		{[]string{"fit", "iv.csv", "--model", "vteam", "--free", "a_on", "--out", "q.toml"}, "the data determine no parameter: a_on"},
	} {
		if code, _, talk := call(t, c.args...); code != 1 || !strings.Contains(talk, c.say) {
			t.Errorf("mho %v: exit %d, %swant %q", c.args, code, talk, c.say)
		}
	}
}
