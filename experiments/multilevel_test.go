package experiments

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestMultilevel(t *testing.T) {
	const levels, cells, distance, sigma = 8, 20000, 3., 1. // uS
	r := point(t, "multilevel", exactCells[0], exactCells[2], exactCells[3], "noise.retention=false", "study.levels=8", "study.states=['4uS','7uS','10uS','13uS','16uS','19uS','22uS','25uS']",
		"study.cells=20000", "study.times=['1s','1h']", "noise.programming.distribution=normal", "noise.programming.sigma=0", "noise.programming.sigma_abs=1uS")
	beyond := func(x float64) float64 { return 0.5 * math.Erfc(x/math.Sqrt2) }
	q := beyond(distance / 2 / sigma)
	symbol := 2 * (1 - 1./levels) * q
	// The channel from level to decision, whose thresholds lie half way.
	information := 0.0
	var p [levels][levels]float64
	for i := range levels {
		for j := range levels {
			lower, upper := 1., 0.
			if j > 0 {
				lower = beyond((float64(j-i) - 0.5) * distance / sigma)
			}
			if j < levels-1 {
				upper = beyond((float64(j-i) + 0.5) * distance / sigma)
			}
			p[i][j] = lower - upper
		}
	}
	for j := range levels {
		column := 0.
		for i := range levels {
			column += p[i][j] / levels
		}
		for i := range levels {
			if p[i][j] > 0 {
				information += p[i][j] / levels * math.Log2(p[i][j]/column)
			}
		}
	}
	n := float64(levels * cells)
	for _, c := range []claims.Claim{
		{Name: "study multilevel: symbol error rate of 8 normal levels 3 sigma apart", Want: symbol, Got: r.Value("symbol_error_rate_last"), Tol: 5 * math.Sqrt((1-symbol)/(symbol*n)),
			Source: "2 (1 - 1/M) Q(d/2 sigma)", Why: "5 standard errors"},
		{Name: "study multilevel: bit error rate of 8 normal levels 3 sigma apart in a Gray code", Want: symbol / 3, Got: r.Value("bit_error_rate_last"), Tol: 5*math.Sqrt((1-symbol)/(symbol*n)) + 1e-4,
			Source: "symbol error rate over log2 M", Why: "5 standard errors; errors by two levels are 1e-4 of all"},
		{Name: "study multilevel: bits per cell of 8 normal levels 3 sigma apart", Unit: "bit", Want: information, Got: r.Value("bits_per_cell_last"), Absolute: true, Tol: 5*math.Sqrt(symbol/n)*4 + levels*levels/(2*n*math.Ln2),
			Source: "sum of p log2 p over the channel of normal distribution functions", Why: "5 standard errors of the error rate at 4 bits an error, and the bias of counts"},
	} {
		c.Kind = claims.ClosedForm
		claims.Check(t, c)
	}
	got := r.Column("time", "ber_normal")[0]
	if math.Abs(got/(symbol/3)-1) > 0.05 {
		t.Errorf("error rate of normal distributions %g, want %g", got, symbol/3)
	}
	if _, err := Load("multilevel", Overrides{Sets: []string{"study.levels=0", "study.states=['20uS','10uS']"}}); err == nil || !strings.Contains(err.Error(), "study.states: entry 2, 10uS, is not above the one before") {
		t.Errorf("states that fall: got %v", err)
	}
	for set, want := range map[string]string{
		"study.states=['20uS','10uS']": "study.levels: 8 is not the number of states, 2",
		"study.levels=1":               "study.levels: 1 level stores nothing",
		"study.times=['1h','1s']":      "study.times: entry 2",
	} {
		if _, err := Load("multilevel", Overrides{Sets: []string{set}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", set, err)
		}
	}
}
