package experiments

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// point computes the first point of a study.
func point(t *testing.T, name string, sets ...string) *Record {
	t.Helper()
	p := load(t, name, sets...)
	_, s, err := p.configure(0)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(context.Background(), p.stream(0))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// exactCells is a model of cells that does just what the processes laid over it do.
var exactCells = []string{"device.model=pcm-ibm", "noise.programming=false", "noise.drift=false", "noise.read=false"}

func TestDeviceVariability(t *testing.T) {
	const d2d, c2c, cycles, cells = 0.05, 0.08, 8, 4000
	sets := append([]string{}, exactCells[0], exactCells[2], exactCells[3], "study.states=['5uS','20uS']", "study.distribution=normal",
		fmt.Sprintf("study.cells=%d", cells), fmt.Sprintf("study.cycles=%d", cycles),
		fmt.Sprintf("noise.d2d.sigma=%g", d2d), "noise.programming.distribution=normal", fmt.Sprintf("noise.programming.sigma=%g", c2c))
	r := point(t, "device-variability", sets...)
	within := c2c * math.Sqrt(1+d2d*d2d)
	mean := within / math.Sqrt(cycles)
	for _, c := range []claims.Claim{
		{Name: "study device-variability: standard deviation between devices over the state", Want: d2d, Got: r.Value("state2.d2d") / 20e-6, Tol: 5 * math.Sqrt((1+mean*mean/(d2d*d2d))*(1+mean*mean/(d2d*d2d))/(2*cells)),
			Source: "sigma of the process laid over exact cells"},
		{Name: "study device-variability: standard deviation between cycles over the state", Want: within, Got: r.Value("state2.c2c") / 20e-6, Tol: 5 / math.Sqrt(2*cells*(cycles-1)),
			Source: "c sqrt(1 + d^2) of two relative spreads, one over the other"},
		{Name: "study device-variability: correlation of two states over devices", Want: d2d * d2d / (d2d*d2d + mean*mean), Got: r.Value("correlation_first_last"), Absolute: true, Tol: 5 * (1 - math.Pow(d2d*d2d/(d2d*d2d+mean*mean), 2)) / math.Sqrt(cells),
			Source: "d^2/(d^2 + c^2 (1 + d^2)/m) of means over m cycles"},
		{Name: "study device-variability: relative spread of one read of each device", Want: math.Hypot(d2d, within), Got: r.Value("state2.relative_std"), Tol: 5 / math.Sqrt(2*cells),
			Source: "sqrt(d^2 + c^2 (1 + d^2))"},
	} {
		c.Kind, c.Why = claims.ClosedForm, "5 standard errors of the sample"
		claims.Check(t, c)
	}
}

// TestSample holds that a sample drawn from known numbers is read in its unit, fitted and split.
func TestSample(t *testing.T) {
	file := filepath.Join(t.TempDir(), "g.csv")
	var b strings.Builder
	b.WriteString("device,g_uS\n")
	// Two devices 2 uS apart with cycles at ±1 uS: known in closed form.
	for _, row := range []string{"a,9", "a,11", "b,11", "b,13"} {
		b.WriteString(row + "\n")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	r := point(t, "device-variability", "study.cells=50", "study.cycles=2", "study.distribution=normal", "study.data="+file, "study.column=g_uS", "study.device_column=device", "device.g_min=1e-6")
	for name, want := range map[string]float64{
		"data.median": 11e-6, "data.location": 11e-6, "data.scale": math.Sqrt(2) * 1e-6, // (4+0+0+4)/4
		// Mean squares: between 2 ((1)²+(1)²)/1 = 4, within (1+1+1+1)/2 = 2; variance between (4-2)/2 = 1.
		"data.c2c": math.Sqrt(2) * 1e-6, "data.d2d": 1e-6, "data.mean": 11e-6,
	} {
		if got := r.Value(name); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s = %g, want %g", name, got, want)
		}
	}
	for set, want := range map[string]string{
		"study.column=h":        "study.column: ",
		"study.device_column=d": `no column "d"`,
		"study.data_target=1":   "study.data_target: 1S is out of range",
	} {
		_, err := Load("device-variability", Overrides{Sets: []string{"study.data=" + file, "study.column=g_uS", "device.g_min=1e-6", set}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", set, err, want)
		}
	}
}

// TestStudiesOfCellsAtTheEdge draws the studies of cells where there is little to see.
func TestStudiesOfCellsAtTheEdge(t *testing.T) {
	for _, c := range []struct {
		name string
		sets []string
	}{
		{"device-variability", []string{"study.cells=20", "study.cycles=2", "noise.d2d=false"}},
		{"device-variability", []string{"study.cells=20", "study.cycles=2", "study.levels=1"}},
		{"endurance", []string{"study.cells=20", "study.per_decade=1", "study.to=1e3"}},
		{"retention", []string{"study.cells=20", "study.temperatures=['150degC']"}},
		{"retention", []string{"study.cells=20", "noise.retention=false"}},
		{"multilevel", []string{"study.cells=20", "study.times=['1s']"}},
		{"multilevel", []string{"study.cells=20", "noise.retention=false", "study.levels=2"}},
	} {
		run(t, t.TempDir(), Options{}, load(t, c.name, append(append([]string{}, exactCells...), c.sets...)...))
	}
	p := load(t, "read-noise", append(append([]string{}, exactCells...), "noise.rtn=false", "study.cells=2", "study.samples=64")...)
	_, s, err := p.configure(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(context.Background(), p.stream(0)); err == nil || !strings.Contains(err.Error(), "pcm-ibm has no read noise") {
		t.Errorf("cells without noise: %v", err)
	}
}
