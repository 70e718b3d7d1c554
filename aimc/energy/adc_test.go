package energy

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func convert(t *testing.T, model string, a ADC) Conversion {
	t.Helper()
	c, err := a.Convert(model)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEnvelope(t *testing.T) {
	const source = "the plug-in's published coefficients evaluated apart from this program (Accelergy ADC plug-in, commit ff0fb48)"
	for _, c := range []struct {
		a      ADC
		pJ, um float64
	}{
		{ADC{Bits: 8, Rate: 1.28e9, Node: 32e-9}, 1.9292, 6469},
		{ADC{Bits: 6, Rate: 1e9, Node: 22e-9}, 0.52656, 2892},
		{ADC{Bits: 7, Rate: 5e8, Node: 45e-9}, 2.4909, 8267},
	} {
		k := convert(t, "envelope", c.a)
		name := fmt.Sprintf("ADC envelope, %d bits, %g GS/s, %g nm", c.a.Bits, c.a.Rate/1e9, c.a.Node*1e9)
		claims.Check(t, claims.Claim{Name: name + ": energy", Kind: claims.IndependentSolver, Source: source, Unit: "J", Want: c.pJ * 1e-12, Got: k.Energy, Tol: 1e-3, Why: "printed with four or five digits"})
		claims.Check(t, claims.Claim{Name: name + ": area", Kind: claims.IndependentSolver, Source: source, Unit: "m^2", Want: c.um * 1e-12, Got: k.Area, Tol: 1e-3, Why: "printed with four digits"})
	}
	k := convert(t, "envelope", ADC{Bits: 8, Rate: 0.5e9, Node: 32e-9})
	claims.Check(t, claims.Claim{Name: "ADC envelope against the converter of ISAAC", Kind: claims.Published, Unit: "J", Want: 1.5625e-12, Got: k.Energy, Tol: 0.12,
		Source: "2 mW at 1.28 GS/s, A. Shafiee et al., ISCA 2016, doi:10.1109/ISCA.2016.12", Why: "a fit of the best converters; below 1 GS/s, where its line of speed does not bind yet"})
}

func TestSurvey(t *testing.T) {
	const source = "quantile regression on B. Murmann's ADC survey of 2025-06-09, evaluated apart from this program"
	k := convert(t, "survey", ADC{Bits: 8, Rate: 1.28e9, Node: 32e-9})
	for i, want := range map[int]float64{0: 3.66, 2: 11.0, 4: 106} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("ADC survey, 8 bits, 1.28 GS/s, 32 nm: P%d", []int{10, 25, 50, 75, 90}[i]), Kind: claims.IndependentSolver,
			Source: source, Unit: "J", Want: want * 1e-12, Got: math.Pow(10, k.Bands[i]), Tol: 0.01, Why: "printed with three digits"})
	}
	for i := 1; i < 5; i++ {
		if k.Bands[i] <= k.Bands[i-1] {
			t.Errorf("the quantiles cross: %v", k.Bands)
		}
	}
	// The four models at one point, as a table of another program has them.
	at := ADC{Bits: 8, Rate: 1e8, Node: 22e-9, Voltage: 0.9, Rows: 256}
	s := convert(t, "survey", at)
	for _, c := range []struct {
		name string
		got  float64
		want float64
	}{
		{"envelope", convert(t, "envelope", at).Energy, 0.85e-12},
		{"survey P10", math.Pow(10, s.Bands[0]), 1.2e-12}, {"survey P50", s.Energy, 3.9e-12}, {"survey P90", math.Pow(10, s.Bands[4]), 71e-12},
		{"integrated, 0.9 V", convert(t, "integrated", at).Energy, 0.701e-12}, {"sar", convert(t, "sar", at).Energy, 0.078e-12},
	} {
		claims.Check(t, claims.Claim{Name: "ADC models at 8 bits, 100 MS/s, 22 nm: " + c.name, Kind: claims.IndependentSolver, Unit: "J", Want: c.want, Got: c.got, Tol: 0.05,
			Source: "the published laws evaluated apart from this program", Why: "printed with two digits"})
	}
}

func TestIntegratedAndSAR(t *testing.T) {
	for _, c := range []struct {
		bits int
		v    float64
		fJ   float64
	}{{3, 0.8, 192}, {8, 0.9, 701}} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("integrated converter, %d bits at %g V", c.bits, c.v), Kind: claims.IndependentSolver, Unit: "J", Want: c.fJ * 1e-15,
			Got: convert(t, "integrated", ADC{Bits: c.bits, Voltage: c.v}).Energy, Tol: 3e-3, Source: "ZigZag-IMC's law evaluated apart from this program (arXiv:2405.14978)", Why: "printed with three digits"})
	}
	claims.Check(t, claims.Claim{Name: "delay of the integrated converter against a macro of 1024 rows", Kind: claims.Published, Unit: "s", Want: 1 / 22.5e6,
		Got: convert(t, "integrated", ADC{Bits: 6, Voltage: 0.8, Rows: 1024}).Time, Tol: 0.02, Source: "22.5 MHz, CICC 2021, IEEE document 9431575", Why: "an uncalibrated closed form; its authors find 1 %"})
	for _, c := range []struct{ nm, fJ float64 }{{130, 1196}, {65, 503}, {45, 306}, {32, 161}, {22, 78}, {14, 46}, {7, 16}} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("SAR converter of NeuroSim, 8 bits, %g nm", c.nm), Kind: claims.IndependentSolver, Unit: "J", Want: c.fJ * 1e-15,
			Got: convert(t, "sar", ADC{Bits: 8, Node: c.nm * 1e-9}).Energy, Tol: math.Max(0.5/c.fJ, 1e-3), Source: "SarADC.cpp of NeuroSim V1.4 evaluated apart from this program", Why: "half of the last digit printed, and the rounding of the coefficients"})
	}
}

func TestMinimumConversion(t *testing.T) {
	for _, c := range []struct {
		bits int
		fJ   float64
	}{{6, 0.20}, {8, 3.3}, {10, 52}} {
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("thermal bound of a conversion of %d bits", c.bits), Kind: claims.ClosedForm, Unit: "J", Want: c.fJ * 1e-15, Got: MinimumConversion(c.bits, 300), Tol: 0.025,
			Source: "8 k T SNR at 300 K with the signal-to-noise ratio of a sine", Why: "printed with two digits"})
	}
	for _, m := range ADCModels() {
		if m != "sar" && convert(t, m, ADC{Bits: 8, Rate: 1e8, Node: 22e-9, Voltage: 0.9, Rows: 128}).Energy < MinimumConversion(8, 300) {
			t.Errorf("%s is below the thermal bound", m)
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	good := ADC{Bits: 8, Rate: 1e9, Node: 22e-9, Voltage: 0.8}
	for _, c := range []struct {
		model string
		a     ADC
		say   string
	}{
		{"evelope", good, "did you mean envelope?"}, {"envelope", ADC{Bits: 0, Rate: 1e9, Node: 22e-9}, "bits = 0"}, {"envelope", ADC{Bits: 8, Node: 22e-9}, "rate = 0"},
		{"survey", ADC{Bits: 8, Rate: 1e9}, "node = 0"}, {"survey", ADC{Bits: 8, Rate: math.NaN(), Node: 1e-8}, "rate = NaN"}, {"integrated", ADC{Bits: 8}, "voltage = 0"}, {"sar", ADC{Bits: 8, Node: 28e-9}, "the sar model knows 130 nm"},
	} {
		if _, err := c.a.Convert(c.model); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("Convert(%s, %+v) = %v, want %q", c.model, c.a, err, c.say)
		}
	}
	for _, c := range []struct {
		model string
		a     ADC
		say   string
	}{
		{"envelope", ADC{Bits: 3, Rate: 1e9, Node: 22e-9}, "3 bits"}, {"envelope", ADC{Bits: 8, Rate: 1e9, Node: 5e-9}, "5 nm"}, {"survey", ADC{Bits: 14, Rate: 1e9, Node: 22e-9}, "14 bits"},
		{"survey", ADC{Bits: 8, Rate: 1e3, Node: 22e-9}, "1kHz"}, {"silicon", ADC{Bits: 8, Node: 22e-9}, "22 nm"}, {"integrated", ADC{Bits: 12, Voltage: 1}, "12 bits"},
	} {
		if k := convert(t, c.model, c.a); len(k.Outside) == 0 || !strings.Contains(k.Outside[0], c.say) {
			t.Errorf("%s of %+v lies outside: %v, want %q", c.model, c.a, k.Outside, c.say)
		}
	}
	// The node law fails below 16 nm, so that energy stays there.
	if a, b := convert(t, "envelope", ADC{Bits: 8, Rate: 1e8, Node: 5e-9}), convert(t, "envelope", ADC{Bits: 8, Rate: 1e8, Node: 16e-9}); a.Energy != b.Energy {
		t.Errorf("energy at 5 nm is %g, at 16 nm %g", a.Energy, b.Energy)
	}
}
