package experiments

import (
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestReadNoise(t *testing.T) {
	// The device's own 1/f noise: S/G² = Q²/f with Q of the fit at 10 of 25 uS.
	const cells, samples = 32, 8192
	r := point(t, "read-noise", "device.model=pcm-ibm", "noise.programming=false", "noise.drift=false", "noise.rtn=false", "noise.read=true",
		"study.target=10uS", "study.cells=32", "study.samples=8192", "study.rate=4Hz", "study.age=1e6s")
	q := 0.0088 / math.Pow(10./25, 0.65)
	se := 1 / math.Sqrt(cells*samples/4)
	for _, c := range []claims.Claim{
		{Name: "study read-noise: slope of the spectrum of traces of pcm-ibm", Want: 1, Got: r.Value("slope"), Tol: 5 * se},
		{Name: "study read-noise: S/G^2 of traces of pcm-ibm at 1 Hz", Unit: "1/Hz", Want: q * q, Got: r.Value("relative_psd_1Hz"), Tol: 7.5 * se,
			Source: "Q^2, Q = 0.0088 (G/25 uS)^-0.65, doi:10.1038/s41467-020-16108-9"},
	} {
		c.Kind, c.Why = claims.ClosedForm, "5 standard errors of the Whittle fit"
		if c.Source == "" {
			c.Source = "1/f noise"
		}
		claims.Check(t, c)
	}

	// One trap in each cell: variance (dG/G)² p (1 - p).
	sets := append([]string{}, exactCells...)
	r = point(t, "read-noise", append(sets, "study.target=10uS", "study.cells=32", "study.samples=65536", "study.rate=20kHz",
		"noise.rtn.traps=1", "noise.rtn.poisson=false", "noise.rtn.amplitude=0.04", "noise.rtn.amplitude_sigma=0", "noise.rtn.g_ref=10uS",
		"noise.rtn.tau_sigma=0", "noise.rtn.ratio_sigma=0", "noise.rtn.tau_capture=2ms", "noise.rtn.tau_emission=6ms")...)
	const p, lifetime = 0.75, 1.5e-3 // 1/(1/2 ms + 1/6 ms)
	independent := 32 * 65536 / 20e3 / (2 * lifetime)
	claims.Check(t, claims.Claim{
		Name: "study read-noise: rms of traces with one trap", Want: 0.04 * math.Sqrt(p*(1-p)), Got: r.Value("relative_std_rms"), Tol: 5 / math.Sqrt(2*independent),
		Kind: claims.ClosedForm, Source: "dG/G sqrt(p(1-p)), p = tau_e/(tau_c + tau_e)", Why: "5 standard errors of a normal trace as long in correlation times",
	})
	f, s := r.Column("psd", "f"), r.Column("psd", "measured")
	const rate = 1 / lifetime
	sum, lines := 0.0, 0.0
	for i, x := range f {
		// Bins of at least 8 lines, which have the weight of their lines, well below the folded part.
		if n := x * 0.29 * 65536 / 20e3; n > 8 && x < 1000 {
			want := 4 * 0.04 * 0.04 / (8e-3 * (rate*rate + 4*math.Pi*math.Pi*x*x))
			sum, lines = sum+n*s[i]/want, lines+n
		}
	}
	claims.Check(t, claims.Claim{
		Name: "study read-noise: spectrum of traces with one trap over its Lorentzian, 30 Hz to 1 kHz", Want: 1, Got: sum / lines, Tol: 5/math.Sqrt(32*lines) + 0.005,
		Kind: claims.ClosedForm, Source: "4 dG^2/((tau_c + tau_e)((1/tau_c + 1/tau_e)^2 + (2 pi f)^2)), doi:10.1063/1.1721637", Why: "5 standard errors, and 0.5 % for what is folded at half the rate and for the width of bins",
	})

	// The model's own spectrum, from windows, and the measured one.
	if got := r.Value("psd_over_model"); math.Abs(got-1) > 0.1 {
		t.Errorf("measured over model is %g", got)
	}
	for set, want := range map[string]string{
		"study.samples=1000": "study.samples: 1000 is no power of 2",
		"study.target=1":     "study.target: 1S is out of range",
	} {
		if _, err := Load("read-noise", Overrides{Sets: []string{set}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", set, err)
		}
	}
}
