package experiments

import (
	"context"
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

// TestSensitivity moves a mean conductance G exp(-b s), b = nu ln(t/t0), by G and the scale s of drift:
// a product of independent factors, whose indices are known.
func TestSensitivity(t *testing.T) {
	r := point(t, "sensitivity", "study.of=pcm-drift", "study.metric=mean_last", "study.parameters=['study.target = 10uS to 25uS','device.drift_scale = 0.5 to 2']", "study.rows=400", "device.nu_std_coefficients=[0]", "device.nu_std_min=0", "device.nu_std_max=0",
		"study.set=['study.cells=2', 'study.times=[\"20s\",\"1y\"]', 'noise.programming=false', 'noise.read=false', 'study.target=\"10uS\"']")
	// Above a fifth of 25 uS the fit's drift exponent is 0.049.
	b := 0.049 * math.Log(365*86400/20.)
	g1, g2 := 17.5e-6, 17.5e-6*17.5e-6+15e-6*15e-6/12 // moments of G
	s1 := (math.Exp(-0.5*b) - math.Exp(-2*b)) / (1.5 * b)
	s2 := (math.Exp(-b) - math.Exp(-4*b)) / (3 * b)
	variance := g2*s2 - g1*g1*s1*s1
	first := []float64{(g2 - g1*g1) * s1 * s1 / variance, g1 * g1 * (s2 - s1*s1) / variance}
	for _, c := range []claims.Claim{
		{Name: "study sensitivity: mean conductance at the upper end of drift_scale", Unit: "S", Want: 10e-6 * math.Exp(-2*b), Got: r.Value("device.drift_scale.high"), Tol: 1e-9,
			Source: "G (t/t0)^(-2 nu)", Why: "rounding"},
		{Name: "study sensitivity: first-order Sobol index of the target", Want: first[0], Got: r.Value("study.target.first"), Absolute: true, Tol: 5 / math.Sqrt(400) / 2,
			Source: "Var(G) E(D)^2/V of a product of independent factors", Why: "5 standard errors of 0.5/sqrt(n)"},
		{Name: "study sensitivity: total Sobol index of drift_scale", Want: 1 - first[0], Got: r.Value("device.drift_scale.total"), Absolute: true, Tol: 5 / math.Sqrt(400) / 2,
			Source: "1 - Var(G) E(D)^2/V of a product of independent factors", Why: "5 standard errors of 0.5/sqrt(n)"},
	} {
		c.Kind = claims.ClosedForm
		claims.Check(t, c)
	}
	if got := r.Value("device.drift_scale.first"); math.Abs(got-first[1]) > 0.125 {
		t.Errorf("first-order index of drift_scale %g, want %g", got, first[1])
	}
}

func TestSensitivityMistakes(t *testing.T) {
	for set, want := range map[string]string{
		"study.parameters=['device.drift_scal']":             "did you mean device.drift_scale?",
		"study.parameters=['device.drift']":                  "study.parameters: entry 1, device.drift, is no single number",
		"study.parameters=['device.drift_scale = 2']":        "there is no range after =",
		"study.parameters=['device.drift_scale = 2 to 1']":   "entry 1: the lower end 2 of device.drift_scale is not below the upper, 1",
		"study.parameters=['array.r_word = 1 to 2V']":        "study.parameters: entry 1, ",
		"study.parameters=['converters.adc.bits = 5 to 99']": "converters.adc.bits",
		"study.of=sensitivity":                               "study.of: this study itself",
		"study.of=mvm-eror":                                  "did you mean mvm-error?",
	} {
		if _, err := Load("sensitivity", Overrides{Sets: []string{set}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", set, err, want)
		}
	}
	p := load(t, "sensitivity", "study.metric=eror")
	_, s, err := p.configure(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(context.Background(), p.stream(0)); err == nil || !strings.Contains(err.Error(), `metric "eror" is no result of mvm-error: must be one of error, gain`) {
		t.Errorf("an unknown metric: %v", err)
	}
}
