package experiments

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mho/aimc/energy"
	"mho/noise"
)

func TestFront(t *testing.T) {
	x := []float64{1, 2, 2, 4, 8, 16, 3}
	y := []float64{10, 4, 5, 1, 0.9, 0.9, 9}
	on := front(x, y)
	if !slices.Equal(on, []int{0, 1, 3, 4}) {
		t.Errorf("front %v, want 0 1 3 4", on)
	}
	if k := knee(x, y, on); k != 3 {
		t.Errorf("knee %d, want 3", k)
	}
	if k := knee(x, y, []int{2}); k != 2 {
		t.Errorf("knee of a single point %d, want 2", k)
	}
}

// TestAccuracyEnergy sums the dissipation of every cell of the pairs for every
// input, one after another.
func TestAccuracyEnergy(t *testing.T) {
	p := load(t, "energy-accuracy", "study.outputs=5", "study.inputs=7", "study.vectors=3", "study.adc=integrated", "noise.programming=false", "noise.drift=false", "noise.read=false", `sweep."converters.v_read"=["200mV"]`, `sweep."array.rows"=[7]`, `sweep."converters.adc.bits"=[8]`)
	_, study, err := p.configure(0)
	if err != nil {
		t.Fatal(err)
	}
	s := study.(*accuracyStudy)
	r, err := s.Run(context.Background(), p.stream(0))
	if err != nil {
		t.Fatal(err)
	}
	m := &s.mvm
	key := p.stream(0)
	w := m.draw(m.outputs, m.inputs, key.Domain(noise.Data).Fold(0))
	x := m.draw(m.vectors, m.inputs, key.Domain(noise.Data).Fold(1))
	wMax := 0.0
	for _, v := range w {
		wMax = math.Max(wMax, math.Abs(v))
	}
	const gMax, v, rail = 25e-6, 0.2, 0.9
	want := 0.0
	for k := range 3 {
		top := 0.0
		for i := range 7 {
			top = math.Max(top, math.Abs(x[k*7+i]))
		}
		for i := range 7 {
			u := v * x[k*7+i] / top
			for j := range 5 {
				want += u * u * gMax * math.Abs(w[j*7+i]) / wMax * 100e-9 * rail / v / 3
			}
		}
	}
	if got := r.Value("energy_cells"); math.Abs(got-want) > 1e-9*want {
		t.Errorf("the cells take %g J, one by one %g J", got, want)
	}
	conversions := 5 * (100e-15*8 + 1e-18*65536) * 0.81
	if got := r.Value("energy_converters"); math.Abs(got-conversions) > 1e-9*conversions {
		t.Errorf("the converters take %g J, want %g J", got, conversions)
	}
}

// TestProjectionFile holds that an architecture from a file is that of its name,
// and that a point knows when the file has changed.
func TestProjectionFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "chip.toml")
	text, err := energy.ArchitectureSource("isaac")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	sets := []string{"study.draws=200", `sweep."workload.name"=["mlp"]`}
	value := func(more ...string) float64 {
		p := load(t, "scientific-workloads", append(more, sets...)...)
		_, s, err := p.configure(0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Run(context.Background(), p.stream(0))
		if err != nil {
			t.Fatal(err)
		}
		return r.Value("energy_p50")
	}
	named := value("architecture.name=isaac")
	if got := value("architecture.name=" + file); got != named {
		t.Errorf("from a file %g J, by name %g J", got, named)
	}
	if got := value("architecture.name=isaac", `architecture.set=["component.adc.energy=10pJ"]`); got <= named {
		t.Errorf("a converter of 10 pJ gives %g J, less than %g J", got, named)
	}
	for _, c := range []struct {
		set []string
		say string
	}{
		{[]string{"architecture.name=issac"}, "architecture.name: unknown architecture \"issac\": see mho list architectures; did you mean isaac?"},
		{[]string{"architecture.name=" + filepath.Join(dir, "none.toml")}, "no such file"},
		{[]string{"architecture.name=" + file, "architecture.hash=0123"}, "architecture.hash: "},
		{[]string{`architecture.set=["component.adcc.energy=1pJ"]`, "architecture.name=isaac"}, "did you mean adc?"},
		{[]string{`workload.set=["batch=0"]`}, "batch: 0 is out of range"},
		{[]string{"study.draws=3"}, "study.draws: 3 is out of range"},
	} {
		if _, err := Load("scientific-workloads", Overrides{Sets: c.set}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v gives %v, want %q", c.set, err, c.say)
		}
	}
	if _, err := Load("llm-token-energy", Overrides{Sets: []string{"workload.name=mlp"}}); err == nil || !strings.Contains(err.Error(), "mlp is no language model") {
		t.Errorf("a network as a language model: %v", err)
	}
	if _, err := Load("energy-accuracy", Overrides{Sets: []string{`sweep."converters.adc.bits"=[0]`}}); err == nil || !strings.Contains(err.Error(), "an ideal converter has no energy") {
		t.Errorf("an ideal converter: %v", err)
	}
}
