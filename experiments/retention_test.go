package experiments

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestRetention(t *testing.T) {
	const cells, sigma, beta, ea, k = 4000, 0.6, 0.8, 1.2, 8.617333262e-5 // eV, eV/K
	sets := append([]string{}, exactCells...)
	r := point(t, "retention", append(sets, "study.cells=4000", "study.temperatures=['150degC','200degC','250degC']", "study.criterion=0.7", "study.to=1e8s",
		"noise.retention.tau=1e8s", "noise.retention.t_ref=85degC", "noise.retention.sigma=0.6", "noise.retention.beta=0.8", "noise.retention.ea=1.2eV")...)
	median := func(temperature float64) float64 {
		return 1e8 * math.Pow(math.Log(1/0.7), 1/beta) * math.Exp(ea/k*(1/temperature-1/358.15))
	}
	// ln t = a + Ea/kT at ten years.
	ten := 10 * 365 * 86400.
	inverse := 1/358.15 + k/ea*math.Log(ten/(1e8*math.Pow(math.Log(1/0.7), 1/beta)))
	se := sigma / math.Sqrt(cells)
	for _, c := range []claims.Claim{
		{Name: "study retention: median failure time at 200 degC", Unit: "s", Want: median(473.15), Got: r.Value("bake2.failure_time"), Tol: 5 * se,
			Source: "tau (ln 1/c)^(1/beta) exp(Ea/k (1/T - 1/T_ref))", Why: "5 standard errors"},
		{Name: "study retention: spread of ln of the failure times at 250 degC", Want: sigma, Got: r.Value("bake3.sigma"), Tol: 5 / math.Sqrt(2*cells),
			Source: "sigma of the process", Why: "5 standard errors"},
		// 1/kT is 27.4, 24.5 and 22.2 per eV: the root of their squared deviations is 3.7 per eV, and the
		// line's error at 34 per eV is 2.6 times that of a median.
		{Name: "study retention: activation energy from failure times", Unit: "eV", Want: ea, Got: r.Value("activation_energy"), Tol: 5 * se / 3.7 / ea,
			Source: "Ea of the process", Why: "5 standard errors of the line through three medians"},
		{Name: "study retention: temperature for ten years", Unit: "K", Want: 1 / inverse, Got: r.Value("temperature_for_life"), Tol: 5 * 2.6 * se * k * 340 / ea,
			Source: "1/(1/T_ref + k/Ea ln(10 y/t_50(T_ref)))", Why: "5 standard errors of the extrapolated line"},
	} {
		c.Kind = claims.ClosedForm
		claims.Check(t, c)
	}
	for set, want := range map[string]string{
		"study.temperatures=['200degC','150degC']": "study.temperatures: entry 2",
		"study.from=1e9s":                          "study.from: 1Gs is not below to",
	} {
		if _, err := Load("retention", Overrides{Sets: []string{set}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", set, err)
		}
	}
}
