package plots

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestScaleUnit(t *testing.T) {
	for _, test := range []struct {
		unit string
		peak float64
		exp  int
		want string
	}{
		{"S", 25e-6, -6, "µS"},
		{"S", 1e-3, -3, "mS"},
		{"S", 999e-9, -9, "nS"},
		{"V", 0.5, 0, "V"},
		{"V", 0.05, -3, "mV"},
		{"Ω", 4.7e3, 3, "kΩ"},
		{"s", 5e-9, -9, "ns"},
		{"s", 3600, 0, "s"},
		{"s", 1e6, 6, "10^{6} s"},
		{"V/s", 2e6, 6, "MV/s"},
		{"m^{2}", 1e-12, -12, "10^{−12} m^{2}"},
		{"", 1e9, 9, "10^{9}"},
		{"", 0.5, 0, ""},
		{"", 200, 0, ""},
		{"%", 100, 0, "%"},
		{"K", 300, 0, "K"},
		{"A", 0, 0, "A"},
		{"J", 1e-15, -15, "fJ"},
	} {
		exp, got := scaleUnit(test.unit, test.peak, false)
		if exp != test.exp || got != test.want {
			t.Errorf("scaleUnit(%q, %g) = %d, %q, want %d, %q", test.unit, test.peak, exp, got, test.exp, test.want)
		}
	}
	if exp, got := scaleUnit("S", 1e-6, true); exp != 0 || got != "S" {
		t.Errorf("fixed unit: %d, %q", exp, got)
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -2: "−2", 0.05: "0.05", 512: "512", 1e6: "10^{6}", 2e-7: "2×10^{−7}", -1e6: "−10^{6}", 0.001: "0.001", 10000: "10000",
	} {
		if got := short(v); got != want {
			t.Errorf("short(%g) = %q, want %q", v, got, want)
		}
	}
}

// Quantiles of the standard normal distribution: NIST/SEMATECH e-Handbook of
// Statistical Methods, 1.3.6.7.1.
func TestProbabilityScale(t *testing.T) {
	for p, z := range map[float64]float64{0.5: 0, 0.9: 1.2816, 0.975: 1.9600, 0.99: 2.3263, 0.999: 3.0902} {
		if got := Probability.forward(p, 0); math.Abs(got-z) > 5e-5 {
			t.Errorf("quantile %g = %g, want %g", p, got, z)
		}
	}
	for p, z := range map[float64]float64{1 - 1/math.E: 0, 0.5: math.Log(math.Ln2), 1e-9: math.Log(1e-9)} {
		if got := Weibull.forward(p, 0); math.Abs(got-z) > 1e-8 {
			t.Errorf("Weibull's coordinate of %g = %g, want %g", p, got, z)
		}
	}
}

func TestScaleInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scale(rapid.IntRange(0, 4).Draw(t, "scale"))
		v := rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "value")
		if !s.probability() {
			v *= math.Pow(10, float64(rapid.IntRange(-9, 9).Draw(t, "decade")))
		}
		if s == Linear || s == SymLog {
			v *= float64(rapid.SampledFrom([]int{-1, 1}).Draw(t, "sign"))
		}
		if got := s.inverse(s.forward(v, 1e-3), 1e-3); math.Abs(got-v) > 1e-9*math.Abs(v) {
			t.Errorf("scale %d: %g goes to %g", s, v, got)
		}
	})
}

// labels returns the labels of the major ticks in the order of the ticks.
func labels(r *ruler) string {
	var s []string
	for _, t := range r.ticks {
		if t.label != "" {
			s = append(s, t.label)
		}
	}
	return strings.Join(s, " ")
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		name   string
		axis   Axis
		length float64
		want   string
		title  string
	}{
		{"plain", Axis{Min: 0, Max: 10}, 200, "0 2 4 6 8 10", ""},
		{"short", Axis{Min: 0, Max: 10}, 40, "0 5 10", ""},
		{"signs", Axis{Min: -1, Max: 1}, 120, "−1.0 −0.5 0.0 0.5 1.0", ""},
		{"prefix", Axis{Label: "g", Unit: "S", Min: 0, Max: 25e-6}, 150, "0 5 10 15 20 25", "g (µS)"},
		{"offset", Axis{Min: 1000.1, Max: 1000.4}, 200, "1000.1 1000.2 1000.3 1000.4", ""},
		{"decades", Axis{Scale: Log, Min: 1e-9, Max: 1e-5}, 200, "10^{−9} 10^{−8} 10^{−7} 10^{−6} 10^{−5}", ""},
		{"many decades", Axis{Scale: Log, Min: 1, Max: 1e12}, 90, "10^{0} 10^{4} 10^{8} 10^{12}", ""},
		{"plain decades", Axis{Scale: Log, Min: 0.1, Max: 100}, 200, "0.1 1 10 100", ""},
		{"one decade", Axis{Unit: "S", Scale: Log, Min: 1e-6, Max: 1e-5}, 200, "1 2 5 10", "(µS)"},
		{"half a decade", Axis{Unit: "S", Scale: Log, Min: 10e-6, Max: 45e-6}, 200, "10 20 30", "(µS)"},
		{"below", Axis{Unit: "S", Scale: Log, Min: 10e-6, Max: 20e-6}, 200, "10 12 14 16 18 20", "(µS)"},
		{"symlog", Axis{Scale: SymLog, Min: -1e-3, Max: 1e-3, Threshold: 1e-5}, 200, "0 −10^{−5} 10^{−5} −10^{−4} 10^{−4} −10^{−3} 10^{−3}", ""},
		{"probability", Axis{Scale: Probability, Min: 0.005, Max: 0.995}, 250, "50 10 90 1 99 30 70 20 80 5 95", "(%)"},
		{"given", Axis{Scale: Log, Min: 50, Max: 600, Ticks: []float64{64, 128, 256, 512}}, 200, "64 128 256 512", ""},
	} {
		r, err := newRuler(test.axis, span{})
		if err != nil {
			t.Fatal(test.name, err)
		}
		r.place(0, test.length)
		r.choose(typeface{size: 7}, false)
		if got := labels(r); got != test.want {
			t.Errorf("%s: labels %q, want %q", test.name, got, test.want)
		}
		if r.title != test.title {
			t.Errorf("%s: title %q, want %q", test.name, r.title, test.title)
		}
	}
}

// Minor ticks of a decade stand at 2 to 9 times its start.
func TestMinorLogTicks(t *testing.T) {
	r, err := newRuler(Axis{Scale: Log, Min: 1, Max: 1000}, span{})
	if err != nil {
		t.Fatal(err)
	}
	r.place(0, 150)
	r.choose(typeface{size: 7}, false)
	minor := 0
	for _, k := range r.ticks {
		if k.label == "" {
			minor++
		}
	}
	if minor != 24 {
		t.Errorf("%d minor ticks on three decades, want 24", minor)
	}
}

// On any axis there are ticks, they lie on it and their labels keep apart.
func TestTicksKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scale(rapid.IntRange(0, 4).Draw(t, "scale"))
		lo := rapid.Float64Range(-1, 1).Draw(t, "lo")
		width := math.Pow(10, rapid.Float64Range(-6, 3).Draw(t, "width"))
		k := math.Pow(10, float64(rapid.IntRange(-15, 15).Draw(t, "decade")))
		a := Axis{Unit: rapid.SampledFrom([]string{"", "S", "s", "%", "m^{2}"}).Draw(t, "unit"), Scale: s}
		switch s {
		case Linear, SymLog:
			a.Min, a.Max = lo*k, (lo+width)*k
		case Log:
			a.Min, a.Max = k, k*(1+width)
		case Probability, Weibull:
			a.Min = 0.5 * min(width, 0.9)
			a.Max = 1 - 0.3*min(width, 0.9)
		}
		vertical := rapid.Bool().Draw(t, "vertical")
		r, err := newRuler(a, span{})
		if err != nil {
			t.Fatal(err)
		}
		length := rapid.Float64Range(60, 400).Draw(t, "length")
		r.place(10, 10+length)
		r.choose(typeface{size: 7}, vertical)
		var at []float64
		var half []float64
		for _, k := range r.ticks {
			p := r.at(k.at)
			if p < 10-1e-3 || p > 10+length+1e-3 {
				t.Fatalf("tick %g (%q) lies at %g, beyond 10 to %g", k.at, k.label, p, 10+length)
			}
			if k.label != "" {
				h := capHeight * 7 / 2
				if !vertical {
					h = textWidth(typeface{size: 7}, k.label) / 2
				}
				for i := range at {
					if math.Abs(at[i]-p) < half[i]+h+1 {
						t.Fatalf("label %q at %g of %v touches another: %q", k.label, p, a, labels(r))
					}
				}
				at, half = append(at, p), append(half, h)
			}
		}
		least := 1
		if s == Linear && length > 120 {
			least = 2
		}
		if len(at) < least {
			t.Fatalf("no labels on %+v, %g long", a, length)
		}
	})
}

func TestRulerLimits(t *testing.T) {
	for _, test := range []struct {
		name   string
		axis   Axis
		span   span
		lo, hi float64
	}{
		{"data with margin", Axis{}, span{lo: 0, hi: 100, n: 2}, -4, 104},
		{"tight", Axis{}, span{lo: 0, hi: 100, n: 2, tightLo: true}, 0, 104},
		{"given", Axis{Min: -1, Max: 2}, span{lo: 0, hi: 100, n: 2}, -1, 2},
		{"half given", Axis{Min: 0, Max: math.NaN()}, span{lo: 1, hi: 100, n: 2}, 0, 104},
		{"one value", Axis{}, span{lo: 4, hi: 4, n: 1}, 2, 6},
		{"rounding", Axis{}, span{lo: 1.1e-11, hi: 1.1000000000000002e-11, n: 9}, 0.55e-11, 1.65e-11},
		{"zero", Axis{}, span{n: 1}, -0.5, 0.5},
		{"log", Axis{Scale: Log}, span{lo: 1, hi: 1e10, n: 2}, math.Pow(10, -0.4), math.Pow(10, 10.4)},
		{"categories", Axis{Categories: []string{"a", "b", "c"}}, span{lo: -0.5, hi: 2.5, n: 2}, -0.5, 2.5},
	} {
		r, err := newRuler(test.axis, test.span)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if math.Abs(r.lo-test.lo) > 1e-9*math.Abs(test.hi) || math.Abs(r.hi-test.hi) > 1e-9*math.Abs(test.hi) {
			t.Errorf("%s: %g to %g, want %g to %g", test.name, r.lo, r.hi, test.lo, test.hi)
		}
	}
}
