package experiments

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small makes a plan of four quick points with two repeats.
func small(t *testing.T) *Plan {
	t.Helper()
	return load(t, "pcm-drift", `study.cells=300`, `study.times=["20s","1h"]`, `sweep."study.target"=["5uS","25uS"]`, `sweep.repeats=2`)
}

func load(t *testing.T, name string, sets ...string) *Plan {
	t.Helper()
	p, err := Load(name, Overrides{Sets: sets})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(t *testing.T, out string, o Options, plans ...*Plan) *Summary {
	t.Helper()
	o.Out = out
	if o.Formats == nil {
		o.Formats = []string{"svg"}
	}
	s, err := Run(context.Background(), plans, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunWorkersShardsResume(t *testing.T) {
	ref := run(t, t.TempDir(), Options{Workers: 1}, small(t)).Studies[0]
	if ref.Points != 4 || ref.Computed != 4 || ref.DataHash == "" {
		t.Fatalf("%+v", ref)
	}
	for _, workers := range []int{2, 8} {
		if got := run(t, t.TempDir(), Options{Workers: workers}, small(t)).Studies[0]; got.DataHash != ref.DataHash {
			t.Errorf("%d workers give other data", workers)
		}
	}

	// A run that lost points computes those alone, and a damaged record counts as lost.
	dir := t.TempDir()
	run(t, dir, Options{}, small(t))
	points, err := filepath.Glob(filepath.Join(dir, "pcm-drift", "points", "*.json"))
	if err != nil || len(points) != 4 {
		t.Fatalf("points %v, %v", points, err)
	}
	if err := os.Remove(points[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(points[1], []byte(`{"experiment"`), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := run(t, dir, Options{}, small(t)).Studies[0]; got.Computed != 2 || got.DataHash != ref.DataHash {
		t.Errorf("resume computed %d of 2, same data: %v", got.Computed, got.DataHash == ref.DataHash)
	}
	if got := run(t, dir, Options{Fresh: true}, small(t)).Studies[0]; got.Computed != 4 || got.DataHash != ref.DataHash {
		t.Errorf("fresh computed %d of 4, same data: %v", got.Computed, got.DataHash == ref.DataHash)
	}
	other, err := Load("pcm-drift", Overrides{Sets: small(t).overrides.Sets, Seed: new(uint64)})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, dir, Options{}, other).Studies[0]; got.Computed != 4 || got.DataHash == ref.DataHash {
		t.Errorf("another seed computed %d of 4, same data: %v", got.Computed, got.DataHash == ref.DataHash)
	}

	a, b, out := t.TempDir(), t.TempDir(), t.TempDir()
	if s := run(t, a, Options{Shard: 1, Shards: 2}, small(t)); s.Report != "" || s.Studies[0].Points != 2 {
		t.Errorf("shard: %+v", s)
	}
	if _, err := os.Stat(filepath.Join(a, "pcm-drift", "data.csv")); err == nil {
		t.Error("a shard writes data.csv")
	}
	run(t, b, Options{Shard: 2, Shards: 2}, small(t))
	s, err := Merge(context.Background(), []string{a, b}, Options{Out: out, Formats: []string{"svg"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Studies[0]; got.Computed != 0 || got.DataHash != ref.DataHash {
		t.Errorf("merged shards: computed %d of 0, same data: %v", got.Computed, got.DataHash == ref.DataHash)
	}
}

func TestRunInterrupt(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Run(ctx, []*Plan{small(t)}, Options{Out: dir, Workers: 1, Progress: func(done, _ int) {
		if done == 1 {
			cancel()
		}
	}})
	var stopped *Interrupted
	if !errors.As(err, &stopped) || stopped.Done < 1 || stopped.Done == stopped.Total {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "pcm-drift", "data.csv")); err == nil {
		t.Error("an interrupted run writes data.csv")
	}
	got := run(t, dir, Options{}, small(t)).Studies[0]
	if got.Computed != 4-stopped.Done {
		t.Errorf("after %d points, %d were computed", stopped.Done, got.Computed)
	}
	if ref := run(t, t.TempDir(), Options{}, small(t)).Studies[0]; got.DataHash != ref.DataHash {
		t.Error("an interrupted run gives other data")
	}
}

func TestRunFiles(t *testing.T) {
	dir := t.TempDir()
	s := run(t, dir, Options{Formats: []string{"pdf", "svg", "png"}}, small(t))
	for _, name := range []string{"data.csv", "drift.pdf", "drift.svg", "drift.png", "drift-a.csv", "references.bib", "manifest.json"} {
		if info, err := os.Stat(filepath.Join(dir, "pcm-drift", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	m, err := readManifest(filepath.Join(dir, "pcm-drift"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Seed != 1 || m.DataHash != s.Studies[0].DataHash || m.Go == "" || m.Host.CPUs == 0 || !strings.Contains(m.Config, `target = "5uS"`) {
		t.Errorf("%+v", m)
	}
	page, err := os.ReadFile(s.Report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"data:image/svg+xml;base64,", "pcm-drift/data.csv", "Drift of pcm-ibm"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(string(page), `src="http`) || strings.Contains(string(page), `href="http`) {
		t.Error("the report needs the network")
	}
	data, err := os.ReadFile(filepath.Join(dir, "pcm-drift", "data.csv"))
	if err != nil || !strings.HasPrefix(string(data), "study.target_S,repeat,mean_first_S,") {
		t.Errorf("data.csv: %.80s, %v", data, err)
	}
	if figs, err := Redraw(filepath.Join(dir, "pcm-drift"), "ieee"); err != nil || len(figs) != 1 || figs[0].Theme.Name != "ieee" {
		t.Errorf("Redraw: %v, %v", len(figs), err)
	}
	for _, f := range []string{"pdf", "svg", "png"} {
		again := t.TempDir()
		run(t, again, Options{Formats: []string{f}}, small(t))
		a, _ := os.ReadFile(filepath.Join(dir, "pcm-drift", "drift."+f))
		b, _ := os.ReadFile(filepath.Join(again, "pcm-drift", "drift."+f))
		if string(a) != string(b) {
			t.Errorf("two runs draw different %s files", f)
		}
	}
	// A repeat's numbers do not depend on the others.
	one := run(t, t.TempDir(), Options{}, load(t, "pcm-drift", `study.cells=300`, `study.times=["20s","1h"]`, `sweep."study.target"=["5uS"]`))
	text, _ := os.ReadFile(one.Studies[0].Data)
	if line := strings.Split(string(text), "\n")[1]; !strings.Contains(string(data), line) {
		t.Errorf("the first point alone gives %s, within the sweep\n%s", line, data)
	}
}

func TestNoiseSwitches(t *testing.T) {
	p := load(t, "pcm-drift", `study.cells=50`, `study.times=["20s","1h"]`, `sweep."study.target"=["5uS"]`, "noise.programming=false", "noise.drift=false", "noise.read=false")
	out := run(t, t.TempDir(), Options{}, p).Studies[0]
	data, err := os.ReadFile(out.Data)
	if err != nil || !strings.Contains(string(data), "\n5e-06,0,5e-06,5e-06,0,0,0,0\n") {
		t.Errorf("without any process:\n%s%v", data, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) string {
		path := filepath.Join(dir, "s.toml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const drift = "experiment = \"pcm-drift\"\n[device]\nmodel = \"pcm-ibm\"\n"
	for _, c := range []struct{ text, say string }{
		{"", "s.toml: experiment: the key is missing"},
		{"experiment = 'pcm-drif'", "did you mean pcm-drift?"},
		{"experiment = 'pcm-drift'", "device: this study needs a device"},
		{"experiment = 'pcm-drift'\n[device]\nmodel = 'pcm-imb'", "s.toml:3: device.model:"},
		{"experiment = 'pcm-drift'\n[device]\nmodel = 'vteam'", "s.toml:3: device.model: vteam is not a population"},
		{drift + "g_mx = 1", "s.toml:4: device.g_mx: unknown key; did you mean g_max?"},
		{drift + "g_max = '25 uF'", "s.toml:4: device.g_max: \"25 uF\" has the unit uF: must be in S"},
		{drift + "g_max = -0.2", "s.toml:4: device.g_max: -0.2 is out of range: must be > 0 S"},
		{drift + "[study]\ntarget = '30uS'", "s.toml:5: study.target: 30uS is out of range"},
		{drift + "[study]\ncells = 2000000000", "study.cells: a population of 2000000000 cells needs"},
		{drift + "[study]\ntimes = ['1h', '20s']", "study.times: entry 2"},
		{drift + "[array]\nrows = 3", "s.toml:4: array: this table has no meaning in this experiment"},
		{drift + "[sweep]\n'device.g_maxx' = [1]", "device.g_maxx: unknown key"},
		{drift + "[sweep]\n'device.g_max' = ['20uS', '2V']", "s.toml:5: device.g_max: \"2V\" has the unit V"},
		{"experiment = 'ir-drop'\n[array]\nrows = -3", "s.toml:3: array.rows: -3 is out of range: must be >= 1"},
		{"experiment = 'ir-drop'\n[array]\nr_word = nan", "s.toml:3: array.r_word: NaN is out of range: must be >= 0 ohm"},
		{"experiment = 'ir-drop'\n[array]\nrows = 1000000\ncols = 1000000", "an array of 1000000 x 1000000 needs"},
		{"experiment = 'mvm-error'\n[device]\nmodel = 'pcm-ibm'\n[converters]\nadc.range = 'fixed'", "converters.adc.limit"},
		{"experiment = 'sneak-paths'\n[study]\ng_off = '1mS'", "study.g_off: 1mS is not below g_on"},
		{"experiment = 'sneak-paths'\n[array]\niv = 'selector'\nselector.v_hold = 3", "array.selector: selector: v_hold is 3 V"},
		{"experiment = 'settling'\n[array]\nc_word = 0\nc_bit = 0", "array.c_word"},
		{"experiment = \n", "malformed TOML"},
		{"experiment = 'pcm-drift'\n[figure]\ntheme = 'natur'", "did you mean nature?"},
	} {
		_, err := Load(write(c.text), Overrides{})
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.say)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: more than one line: %v", c.text, err)
		}
	}
	if _, err := Load(filepath.Join(dir, "none.toml"), Overrides{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Load("pcm-drfit", Overrides{}); err == nil || !strings.Contains(err.Error(), "did you mean pcm-drift?") {
		t.Errorf("an unknown name: %v", err)
	}
	a, b := small(t), small(t)
	if _, err := Run(context.Background(), []*Plan{a, b}, Options{Out: dir}); err == nil || !strings.Contains(err.Error(), "same name") {
		t.Errorf("the same name twice: %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var input *InputError
	if _, err := Run(context.Background(), []*Plan{a}, Options{Out: filepath.Join(file, "out")}); !errors.As(err, &input) {
		t.Errorf("an output directory below a file: %v", err)
	}
}

// TestEveryExperiment runs each embedded study on a reduced configuration and
// in every theme.
func TestEveryExperiment(t *testing.T) {
	tiny := []string{`study.images=20`, `training.images=60`, `training.epochs=1`}
	tiny = tiny[:len(tiny):len(tiny)] // what is appended is not shared
	reduced := map[string][]string{
		"iv-hysteresis":           {`waveform.samples=100`},
		"stdp-window":             {`study.points=5`},
		"ferroelectric-switching": {`study.samples=16`, `study.pulses=4`},
		"switching-kinetics":      {`study.devices=2`},
		"pcm-drift":               {`study.cells=200`},
		"pcm-programming":         {`study.currents=["100uA","350uA","600uA"]`, `study.staircase=["230uA"]`, `study.pulses=3`, `study.drift=["600uA"]`, `sweep."study.width"=["50ns"]`},
		"ir-drop":                 {`sweep."array.rows"=[4,8]`, `sweep."array.cols"=[4,8]`, `study.inputs=3`},
		"sneak-paths":             {`sweep."array.rows"=[4,8]`, `sweep."array.cols"=[4,8]`},
		"write-disturb":           {"array.rows=12", "array.cols=10"},
		"settling":                {`sweep."array.rows"=[4,8]`, `sweep."array.cols"=[4,8]`},
		"surrogate-array":         {`study.rows=6`, `study.cols=6`, `study.pulses=10`, `study.devices=16`, `study.states=9`},
		"adc-resolution":          {`study.outputs=16`, `study.inputs=16`, `study.vectors=8`, `sweep."converters.adc.sigmas"=[2,4]`, `sweep.repeats=1`},
		"write-verify":            {`array.rows=6`, `array.cols=6`, `programming.pulses=20`, `sweep.repeats=2`},
		"mvm-error":               {`study.outputs=16`, `study.inputs=16`, `study.vectors=8`, `sweep.repeats=2`},
		"potentiation-depression": {`study.devices=10`, `study.pulses=8`, `study.cycles=1`},
		"network-drift":           append(tiny, `study.times=["1s","1d"]`, `sweep.repeats=2`),
		"network-faults":          append(tiny, `sweep."study.fault"=["stuck_set","dead_cols"]`, `sweep."study.share"=[0,0.1]`, `sweep.repeats=2`),
		"network-variability":     append(tiny, `sweep."training.weight_noise"=[0]`, `sweep."device.prog_noise_scale"=[1,4]`, `sweep.repeats=1`),
		"device-variability":      {`study.cells=100`, `study.cycles=3`},
		"read-noise":              {`study.cells=4`, `study.samples=1024`},
		"endurance":               {`study.cells=100`, `study.per_decade=2`},
		"retention":               {`study.cells=60`, `study.per_decade=2`},
		"multilevel":              {`study.cells=60`},
		"sensitivity":             {`study.of=pcm-drift`, `study.metric=mean_last`, `study.set=["study.cells=4"]`, `study.parameters=["device.drift_scale"]`, `study.rows=16`},
		"mzi-mesh":                {`sweep."study.modes"=[3,4]`, `sweep."device.splitter_error"=[0.01,0.02]`, `sweep.repeats=1`},
		"ring-weight-bank":        {`study.banks=3`, `sweep."device.spacing"=["0.8nm","1.6nm"]`},
		"photonic-tensor-core":    {`study.vectors=20`, `sweep."study.size"=[4]`, `sweep."device.light_power"=["1mW","10mW"]`},
		"mtj-switching":           {`study.spins=50`, `study.step="2ps"`, `study.longest="6ns"`, `study.width="3ns"`, `sweep."study.current"=["60uA","100uA"]`},
		"domain-wall-synapse":     {`study.cells=20`, `study.walls=10`, `study.pulses=4`, `sweep."study.current"=["0.3mA","0.5mA"]`},
		"adc-survey":              {`sweep."study.bits"=[6,8]`},
		"energy-accuracy":         {`study.outputs=16`, `study.inputs=16`, `study.vectors=8`, `sweep."array.rows"=[8,16]`},
		"energy-breakdown":        {"study.draws=200"},
		"lifetime":                {`sweep."study.technology"=["pcm","mram"]`},
		"llm-token-energy":        {"study.draws=200"},
		"platform-comparison":     {"study.draws=200"},
		"scientific-workloads":    {"study.draws=200"},
		"technology-scaling":      nil,
	}
	for _, e := range All() {
		sets, ok := reduced[e.Name]
		if !ok {
			t.Errorf("%s: no reduced configuration here", e.Name)
		}
		for _, theme := range []string{"default", "nature", "ieee", "acs"} {
			s := run(t, t.TempDir(), Options{}, load(t, e.Name, append(sets, "figure.theme="+theme)...))
			if len(s.Studies[0].Figures) == 0 {
				t.Errorf("%s draws nothing", e.Name)
			}
		}
	}
}

// TestNonlinearityLabels: pulse trains of NeuroSim's law without noise give back the
// labels it was made with.
func TestNonlinearityLabels(t *testing.T) {
	p := load(t, "potentiation-depression", "device.model=neurosim", "device.c2c=0", "device.states_up=1000", "device.states_down=1000", "device.nl_down=-3.5", "study.devices=2", "study.cycles=1")
	_, s, err := p.configure(0)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(context.Background(), p.stream(0))
	if err != nil {
		t.Fatal(err)
	}
	// Falling fast at first is a negative label in NeuroSim; here a curve that runs
	// ahead is positive in both directions.
	for name, want := range map[string]float64{"neurosim.nl_up": 1, "neurosim.nl_down": 3.5} {
		if got := r.Value(name); math.Abs(got-want) > 1e-4 {
			t.Errorf("%s = %g, want %g", name, got, want)
		}
	}
}

func TestRecordRoundTrip(t *testing.T) {
	dir := t.TempDir()
	r := &Record{Values: []Value{{"x", "S", 0.1 + 0.2}}, Tables: []Table{{"t", []Column{{"c", "s", []float64{1e-300, 1.0 / 3}}}}}, Warnings: []string{"w"}}
	r.AddArray("a", []float64{1, 2, 3, 4}, 2, 2)
	r.AddArray("b", []float64{5}, 1)
	if err := r.save(dir, "e", "k"); err != nil {
		t.Fatal(err)
	}
	got, ok := loadRecord(dir, "e", "k")
	if !ok {
		t.Fatal("the record does not load")
	}
	a, _ := json.Marshal(r.Values)
	b, _ := json.Marshal(got.Values)
	if string(a) != string(b) || got.Tables[0].Columns[0].Values[1] != 1.0/3 || got.Array("a")[3] != 4 || got.Arrays[1].Name != "b" {
		t.Errorf("got %+v", got)
	}
	if _, ok := loadRecord(dir, "other", "k"); ok {
		t.Error("a record of another experiment loads")
	}
	bad := &Record{Values: []Value{{"x", "", nan()}}}
	if bad.check() == nil {
		t.Error("a result that is not a number passes")
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

// TestSwitchingEnergy compares with the closed form of the linear VTEAM law: the
// resistance grows linearly from 1 to 300 kohm in the full switching time T, so
// that V² T ln(R(t)/R(0))/(R(T) - R(0)) is delivered until t.
func TestSwitchingEnergy(t *testing.T) {
	for _, longest := range []string{"1ms", "50us", "1s"} {
		p := load(t, "switching-kinetics", `sweep."study.voltage"=[0.35, 1.2]`, "study.longest="+longest)
		for i, v := range []float64{0.35, 1.2} {
			_, s, err := p.configure(i)
			if err != nil {
				t.Fatal(err)
			}
			r, err := s.Run(context.Background(), p.stream(0))
			if err != nil {
				t.Fatal(err)
			}
			full := 3e-9 / (0.091 * math.Pow(v/0.3-1, 4))
			want := v * v * full * math.Log((1000+299000*0.9)/1000) / 299000
			if got := r.Value("vteam.energy"); math.Abs(got-want) > 1e-6*want {
				t.Errorf("energy at %g V with longest = %s is %g J, want %g", v, longest, got, want)
			}
			if got := r.Value("vteam.time"); math.Abs(got-0.9*full) > 1e-6*full {
				t.Errorf("time at %g V is %g s, want %g", v, got, 0.9*full)
			}
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	a, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	run(t, a, Options{Shard: 1, Shards: 2}, small(t))
	if _, err := Merge(context.Background(), []string{a}, Options{Out: out}); err == nil || !strings.Contains(err.Error(), "2 of 4 points are in none") {
		t.Errorf("half of the shards: %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused merge leaves files")
	}
}

func TestRunRemovesStaleFigures(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, Options{Formats: []string{"svg", "pdf"}}, small(t))
	run(t, dir, Options{Formats: []string{"svg"}}, small(t))
	if _, err := os.Stat(filepath.Join(dir, "pcm-drift", "drift.pdf")); err == nil {
		t.Error("a figure of an earlier run stands beside newer data")
	}
}
