package energy

import (
	"math"
	"slices"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestProgramming(t *testing.T) {
	find := func(name string) Technology {
		x, err := FindTechnology(name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	claims.Check(t, claims.Claim{Name: "programming energy of a cell of NeuRRAM", Kind: claims.ClosedForm, Source: "1.75 V on 250 kohm for 8.52 us", Unit: "J", Want: 1.75 * 1.75 / 250e3 * 8.52e-6, Got: find("rram").CellEnergy(), Tol: 0.03, Why: "12 pJ and 8.5 pulses are rounded"})
	claims.Check(t, claims.Claim{Name: "RESET pulse of a phase-change cell", Kind: claims.ClosedForm, Source: "480 uW for 40 ns", Unit: "J", Want: 480e-6 * 40e-9, Got: find("pcm").PulseEnergy, Tol: 1e-9, Why: "rounding"})
	row := Technology{Pulses: 20, PulseTime: 1e-6}
	claims.Check(t, claims.Claim{Name: "programming a 256-row array, 20 pulses of 1 us", Kind: claims.ClosedForm, Source: "rows one after another", Unit: "s", Want: 256 * 20e-6, Got: row.ArrayTime(256), Tol: 1e-12, Why: "rounding"})
	trace := Trace{Cells: 100, Pulses: 420, PulseCost: 10e-12, VerifyCost: 0.1e-12, LineCost: 1e-9}
	claims.Check(t, claims.Claim{Name: "energy of a write-verify trace", Kind: claims.ClosedForm, Source: "420 x 10.1 pJ + 1 nJ", Unit: "J", Want: 5.242e-9, Got: trace.Energy(), Tol: 1e-12, Why: "rounding"})
	n, err := BreakEven(1e-3, 3e-6, 1e-6)
	if err != nil || math.Abs(n-500) > 1e-9 {
		t.Errorf("BreakEven = %g, %v, want 500", n, err)
	}
	if n, _ := BreakEven(1, 1e-6, 1e-6); !math.IsInf(n, 1) {
		t.Errorf("without a saving it breaks even after %g", n)
	}
	if p, err := RefreshPower(1e-3, 3600); err != nil || math.Abs(p-1e-3/3600) > 1e-18 {
		t.Errorf("RefreshPower = %g, %v", p, err)
	}
	if s, err := Lifetime(1e6, 60); err != nil || s != 6e7 {
		t.Errorf("Lifetime = %g, %v", s, err)
	}
	for _, err := range []error{
		second(BreakEven(-1, 1, 0)), second(BreakEven(1, math.NaN(), 0)), second(RefreshPower(1, 0)), second(RefreshPower(math.Inf(1), 1)), second(Lifetime(0, 1)), second(FindTechnology("pcmm")),
	} {
		if err == nil {
			t.Error("a wrong number is accepted")
		}
	}
	if _, err := FindTechnology("pcmm"); !strings.Contains(err.Error(), "did you mean pcm?") {
		t.Error(err)
	}
}

// TestReferences holds that the DOIs of architectures and workloads are known.
func TestReferences(t *testing.T) {
	texts := map[string]string{}
	for _, n := range ArchitectureNames() {
		texts[n] = architecture(t, n).Source
	}
	for _, n := range WorkloadNames() {
		texts[n] = workload(t, n).Source
	}
	for n, s := range texts {
		if want, got := strings.Count(s, "doi:")+strings.Count(s, "arXiv:"), len(References(s)); got < min(want, 1) {
			t.Errorf("%s: %d of %d references are known in %q", n, got, want, s)
		}
	}
	if r := References("doi:10.1126/science.aag2302 and arXiv:2503.18002"); len(r) != 2 || r[0].Key != "Abreu2025" {
		t.Errorf("got %v", r)
	}
	if r := References("assumption"); r != nil {
		t.Errorf("got %v", r)
	}
	seen := map[string]bool{}
	for _, r := range references {
		if seen[r.Key] || r.Authors == "" || r.Title == "" || r.Year == 0 || r.DOI == "" && r.URL == "" {
			t.Errorf("%+v", r)
		}
		seen[r.Key] = true
	}
}

func second[T any](_ T, err error) error { return err }

// TestTables holds that every number that ships has a source and a confidence.
func TestTables(t *testing.T) {
	for _, c := range Parts() {
		if c.Summary == "" || c.Source == "" || !slices.Contains(confidences, c.Confidence) {
			t.Errorf("part %s: summary %q, source %q, confidence %q", c.Name, c.Summary, c.Source, c.Confidence)
		}
		if _, _, _, _, err := c.Cost(); err != nil {
			t.Errorf("part %s: %v", c.Name, err)
		}
		text, err := TableSource(c.Name)
		if err != nil || !strings.Contains(string(text), "[part."+c.Name+"]") {
			t.Errorf("TableSource(%s) = %q, %v", c.Name, text, err)
		}
	}
	for _, p := range Platforms() {
		if p.Source == "" || p.Boundary == "" || !slices.Contains(confidences, p.Confidence) {
			t.Errorf("platform %s: source %q, boundary %q, confidence %q", p.Name, p.Source, p.Boundary, p.Confidence)
		}
	}
	for _, f := range Factors() {
		if f.Source == "" || f.Summary == "" {
			t.Errorf("factor %s has no source", f.Name)
		}
	}
	for _, x := range Technologies() {
		if x.Source == "" || x.EnduranceLow > x.EnduranceHigh {
			t.Errorf("technology %+v", x)
		}
	}
	if _, err := TableSource("nothing"); err == nil {
		t.Error("an unknown table is found")
	}
}
