package noise_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"mho/noise"
)

// TestProcesses checks what every process says about itself.
func TestProcesses(t *testing.T) {
	kinds := []string{"variability", "drift", "read noise", "retention", "endurance", "faults", "disturb"}
	seen := map[string]bool{}
	for _, e := range noise.Processes() {
		p := e.New()
		info := p.Info()
		if info.Name != e.Name || seen[e.Name] || info.Title == "" || !slices.Contains(kinds, info.Kind) || len(info.Equations) == 0 || len(info.References) == 0 {
			t.Errorf("%s: incomplete %+v", e.Name, info)
		}
		if law, _, preset := strings.Cut(e.Name, "/"); preset && !seen[law] {
			t.Errorf("%s stands before its law", e.Name)
		}
		seen[e.Name] = true
		keys := []string{"assumption"}
		for _, r := range info.References {
			if r.Authors == "" || r.Title == "" || r.Year == 0 || r.DOI == "" && r.URL == "" {
				t.Errorf("%s: incomplete reference %+v", e.Name, r)
			}
			keys = append(keys, r.Key)
		}
		if err := noise.CheckProcess(p); err != nil && e.Name != "empirical" {
			t.Errorf("the defaults are not valid: %v", err)
		}
		names := map[string]bool{}
		for _, q := range p.Params() {
			if names[q.Name] || q.Meaning == "" || strings.HasSuffix(q.Meaning, ".") || !slices.Contains(keys, q.Source) {
				t.Errorf("%s: parameter %+v", e.Name, q)
			}
			names[q.Name] = true
			var doc map[string]any
			before := q.Text()
			if before == "[]" {
				continue // data that the user gives
			}
			if _, err := toml.Decode(q.Name+" = "+before, &doc); err != nil {
				t.Errorf("%s: %s = %s: %v", e.Name, q.Name, before, err)
			} else if err := q.Assign(doc[q.Name]); err != nil || q.Text() != before {
				t.Errorf("%s: %s = %s reads back as %s, %v", e.Name, q.Name, before, q.Text(), err)
			}
			// A value out of range is refused and named.
			if x, ok := q.Value.(*float64); ok {
				was := *x
				*x = math.NaN()
				if err := noise.CheckProcess(p); err == nil || !strings.Contains(err.Error(), q.Name) {
					t.Errorf("%s: %s = NaN gives %v", e.Name, q.Name, err)
				}
				*x = was
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("%d processes", len(seen))
	}
	if _, err := noise.NewProcess("flikcer"); err == nil || err.Error() != `unknown process "flikcer": see mho list noise; did you mean flicker?` {
		t.Error(err)
	}
}

func TestEnduranceFigures(t *testing.T) {
	notes := strings.Join(noise.NewWear().Info().Notes, "\n")
	for _, f := range noise.EnduranceFigures() {
		if !(f.Cycles > 0) || f.Source.DOI == "" || !strings.Contains(notes, f.Technology) {
			t.Errorf("%+v", f)
		}
	}
}

func ExampleNewProcess() {
	p, err := noise.NewProcess("power-law-drift")
	if err != nil {
		fmt.Println(err)
		return
	}
	drift := p.(noise.Ageing)
	g := []float64{10e-6}
	nu := make([]float64, 1)
	drift.Draw(nu, g, noise.At{}, noise.NewKey(1).Domain(noise.DriftExponent))
	drift.Age(g, g, nu, 86400*drift.Rate(300))
	fmt.Printf("%.3f µS after a day\n", g[0]*1e6)
	// Output: 7.345 µS after a day
}

func ExampleFlicker_Trace() {
	n := noise.NewFlicker()
	trace := make([]float64, 1<<16)
	// One cell of 10 µS, sampled at 1 kHz a day after programming.
	err := n.Trace(trace, 10e-6, 1e3, noise.At{}, noise.NewKey(1), noise.Reading{Temperature: 300, Bandwidth: 1e6, Age: 86400})
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := noise.Whittle(noise.Periodogram(trace, 1e3), 1e3/(1<<16), 0.1, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("slope %.2f\n", fit.Slope)
	// Output: slope 1.02
}

func ExampleHistogram() {
	h := noise.NewHistogram(1000)
	g := make([]float64, 4096)
	for row := range uint32(256) {
		noise.NewKey(1).Lognormal(g, 0, 0.5, noise.At{Row: row})
		if err := h.Add(g); err != nil {
			fmt.Println(err)
			return
		}
	}
	ppm, err := h.Quantile(1e-5)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d cells, 10 ppm of them below %.2f of the median\n", h.Count(), ppm)
	// Output: 1048576 cells, 10 ppm of them below 0.12 of the median
}

func ExampleFaultMap() {
	m := noise.NewFaultMap(4, 4)
	m.Set(0, 1, noise.StuckSet)
	m.SetRow(2, noise.Open)
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "faults.csv")
	if err := m.Write(path); err != nil {
		fmt.Println(err)
		return
	}
	again, err := noise.ReadFaultMap(path, 4, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(again.At(0, 1), again.Count(noise.Open))
	// Output: stuck-set 4
}
