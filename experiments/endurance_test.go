package experiments

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestEndurance(t *testing.T) {
	const cells, eta, beta = 4000, 1e7, 1.8
	sets := append([]string{}, exactCells...)
	r := point(t, "endurance", append(sets, "study.cells=4000", "study.from=1e3", "study.to=1e7", "study.per_decade=12",
		"noise.endurance.eta=1e7", "noise.endurance.beta=1.8", "noise.endurance.stuck_set=0.3", "noise.endurance.onset=1e4", "noise.endurance.close_on=0.1", "noise.endurance.close_off=0.02")...)
	failed := 1 - math.Exp(-1)
	on, off := 25e-6*(1-0.1*math.Log10(1+1e3)), 25e-6*0.02*math.Log10(1+1e3)
	for _, c := range []claims.Claim{
		{Name: "study endurance: Weibull shape of failures seen at reads until 37 % are alive", Want: beta, Got: r.Value("beta"), Tol: 5*0.78/math.Sqrt(cells*failed) + 0.01, Source: "beta of the process",
			Why: "5 standard errors, and 1 % for the distance of reads"},
		{Name: "study endurance: Weibull scale of failures seen at reads until 37 % are alive", Want: eta, Got: r.Value("eta"), Tol: 5*1.05/(beta*math.Sqrt(cells*failed)) + 0.01, Source: "eta of the process",
			Why: "5 standard errors, and 1 % for the distance of reads"},
		{Name: "study endurance: bit error rate at eta", Want: failed / 2, Got: r.Value("bit_error_rate_last"), Tol: 5 * math.Sqrt((1-failed)/(failed*cells)), Source: "(1 - 1/e)/2: a stuck cell has one wrong bit of two",
			Why: "5 standard errors"},
		{Name: "study endurance: window of the living at 1000 times the onset", Unit: "S", Want: on - off, Got: r.Value("window_last"), Tol: 1e-5, Source: "g_on (1 - (close_on + close_off) log10(1 + n/onset))",
			Why: "cycles that the reads themselves count"},
	} {
		c.Kind = claims.ClosedForm
		claims.Check(t, c)
	}
	for set, want := range map[string]string{
		"noise.endurance=false":  "noise.endurance: cells do not wear out",
		"study.from=1e12":        "study.from: 1e+12 is not below to",
		"study.threshold=0.05uS": "study.threshold: 50nS is out of range",
	} {
		if _, err := Load("endurance", Overrides{Sets: []string{set}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", set, err)
		}
	}
}
