package energy

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func workload(t *testing.T, name string, sets ...string) *Workload {
	t.Helper()
	w, err := NewWorkload(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestCount holds the sizes of the networks to their published counts.
func TestCount(t *testing.T) {
	for _, c := range []struct {
		workload, what string
		got, want, tol float64
		source, why    string
	}{
		{"lenet", "parameters", workload(t, "lenet").Count().Parameters, 61706, 1e-12, "count of LeNet-5 in common use", "a count"},
		{"resnet-50", "parameters", workload(t, "resnet-50").Count().Parameters, 25557032, 1e-12, "num_params of torchvision's resnet50", "a count"},
		{"resnet-50", "MACs", workload(t, "resnet-50").Count().MACs, 4.089e9, 2e-4, "_ops of torchvision's resnet50, 4.089", "printed with four digits"},
		{"bert-base", "parameters", workload(t, "bert-base").Count().Parameters, 109482240, 1e-12, "parameters of bert-base-uncased", "a count"},
		{"gpt-2", "parameters", workload(t, "gpt-2").Count().Parameters, 124439808, 1e-12, "parameters of gpt2", "a count"},
		{"mmf-370m", "parameters", workload(t, "mmf-370m").Count().Parameters, 370e6, 0.02, "name of the model, arXiv:2406.02528", "a rounded name"},
	} {
		claims.Check(t, claims.Claim{Name: c.workload + ": " + c.what, Kind: claims.Published, Source: c.source, Want: c.want, Got: c.got, Tol: c.tol, Why: c.why})
	}
	for _, n := range WorkloadNames() {
		if w := workload(t, n); w.Name != n || w.Source == "" || w.Confidence == "" {
			t.Errorf("%s.toml: name %q, source %q, confidence %q", n, w.Name, w.Source, w.Confidence)
		}
	}
}

// TestAttention counts the products of causal attention one token after another.
func TestAttention(t *testing.T) {
	const context, heads, width, layers = 37, 12, 768, 12
	var macs float64
	for i := 1; i <= context; i++ {
		macs += 2 * float64(i) * width * layers // scores and values
	}
	w := workload(t, "gpt-2", "phase=prefill", "context=37")
	claims.Check(t, claims.Claim{Name: "products of causal attention while reading a text, per token", Kind: claims.ClosedForm, Source: "sum over tokens of what each attends to", Want: macs / context, Got: w.Count().DynamicMACs, Tol: 1e-12, Why: "rounding"})
	g := workload(t, "gpt-2", "context=100")
	// Keys and values of 100 tokens are read, those of one are written, 8 bits each; and
	// a token and a position are looked up.
	bits := 12*2*(100+1)*768*8.0 + 2*768*8
	claims.Check(t, claims.Claim{Name: "memory traffic of a token with a cache of 100", Kind: claims.ClosedForm, Source: "12 layers x (keys and values of 101 tokens) x 768 x 8 bits, and two embeddings", Unit: "", Want: bits, Got: g.Count().DRAMBits, Tol: 1e-12, Why: "rounding"})
	if got := workload(t, "gpt-2", "cache=chip").Count().DRAMBits; got != 2*768*8 {
		t.Errorf("a cache on the chip still moves %g bits", got)
	}
}

func TestWorkloadRefuses(t *testing.T) {
	for _, c := range []struct{ text, say string }{
		{"", "layer: there is none"},
		{"[[layer]]\ninputs = 3\n", "w.toml:1: layer[0].outputs: is missing for a dense layer"},
		{"[[layer]]\ninputs = 0\noutputs = 1\n", "w.toml:2: layer[0].inputs: 0 is out of range: must be >= 1"},
		{"[[layer]]\ninputs = -4\noutputs = 1\n", "-4 is out of range"},
		{"[[layer]]\nkind = \"convv\"\n", "did you mean conv?"},
		{"[[layer]]\ninput = 3\n", "did you mean inputs?"},
		{"[[layer]]\nkind = \"conv\"\ninputs = 3\noutputs = 4\nheight = 2\nwidth = 2\nkernel = 5\n", "layer[0].kernel: 5 is larger than the padded image, 2 x 2"},
		{"[[layer]]\nkind = \"conv\"\ninputs = 3\noutputs = 4\nheight = 9\nwidth = 9\ngroups = 2\n", "groups: 2 do not divide"},
		{"per = \"token\"\n[[layer]]\ninputs = 3\noutputs = 1\n", "phase: is missing"},
		{"rate = \"3W\"\n[[layer]]\ninputs = 3\noutputs = 1\n", `w.toml:1: rate: "3W" has the unit W: must be in Hz`},
		{"[[layer]]\ninputs = 3\noutputs = 1\ndensity = 0\n", "density: 0 is out of range"},
	} {
		if _, err := ParseWorkload("w.toml", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%q gives %v, want %q", c.text, err, c.say)
		}
	}
	if _, err := NewWorkload("resnet50"); err == nil || !strings.Contains(err.Error(), "did you mean resnet-50?") {
		t.Errorf("resnet50: %v", err)
	}
}

func TestGroups(t *testing.T) {
	// 8 groups of 9 x 1 share an array of 32 x 32 along its diagonal: 3 by rows.
	w, err := ParseWorkload("w.toml", []byte("[[layer]]\nkind = \"conv\"\ninputs = 8\noutputs = 8\ngroups = 8\nkernel = 3\npadding = 1\nheight = 5\nwidth = 5\n"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseArchitecture("a.toml", []byte("[array]\nrows = 32\ncols = 32\ncols_per_weight = 1\n[timing]\ncycle = \"1ns\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := a.Map(w)
	if err != nil {
		t.Fatal(err)
	}
	if m.Needed != 3 || math.Abs(m.Utilisation-72.0/3072) > 1e-12 {
		t.Errorf("%d arrays at %g, want 3 at %g", m.Needed, m.Utilisation, 72.0/3072)
	}
}
