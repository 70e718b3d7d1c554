package energy

import (
	"embed"
	"fmt"
	"math"
	"strings"
	"sync"

	"mho/internal/config"
	"mho/internal/quantity"
)

//go:embed data/*.toml
var data embed.FS

// mustTable reads a shipped table of data/. A mistake there is one in the
// program, which the tests find: it panics.
func mustTable(name, path string, params []quantity.Param) *config.Doc {
	text, err := data.ReadFile("data/" + name)
	if err == nil {
		var doc *config.Doc
		if doc, err = config.Parse("data/"+name, text); err == nil {
			if err = doc.Decode(path, params); err == nil {
				return doc
			}
		}
	}
	panic("energy: " + err.Error())
}

// A Conversion is what one analog-to-digital conversion costs.
type Conversion struct {
	Energy  float64   // J; the median where the model has quantiles
	Area    float64   // of one converter, m²; 0 if the model has none
	Time    float64   // s; 0 if the model has none
	Bands   []float64 // log10 of the energy in J at P10, P25, P50, P75, P90; nil if the model has none
	Outside []string  // what lies outside the range of the fit
}

// An ADC is a converter whose cost is asked for.
type ADC struct {
	Bits int     // resolution
	Rate float64 // conversions per second of one converter, Hz
	Node float64 // m
	// Voltage is the supply in V and Rows the lines on a column, for the
	// integrated model only.
	Voltage float64
	Rows    int
}

// ADCModels lists the names that Convert knows.
func ADCModels() []string { return []string{"envelope", "survey", "integrated", "sar", "silicon"} }

type adcTables struct {
	envelope struct {
		freqSlope, intercept, max0, maxStep, techIntercept, techSlope, enobSlope, residual,
		areaIntercept, areaTech, areaFreq, areaEnergy float64
	}
	survey     [5][]float64
	surveyArea []float64
	sarNodes   []float64
	sarA, sarC []float64
	silicon    []float64
	title      map[string]string
	source     map[string]string
	confidence map[string]string
	valid      map[string]string
}

var adcData = sync.OnceValue(func() *adcTables {
	t := &adcTables{title: map[string]string{}, source: map[string]string{}, confidence: map[string]string{}, valid: map[string]string{}}
	e := &t.envelope
	own := map[string][]quantity.Param{
		"envelope": {
			{Name: "foms_freq_slope", Value: &e.freqSlope}, {Name: "foms_intercept", Value: &e.intercept}, {Name: "foms_max_at_0bit", Value: &e.max0},
			{Name: "foms_max_step", Value: &e.maxStep}, {Name: "tech_intercept", Value: &e.techIntercept}, {Name: "tech_slope", Value: &e.techSlope},
			{Name: "enob_slope", Value: &e.enobSlope}, {Name: "energy_residual", Value: &e.residual}, {Name: "area_intercept", Value: &e.areaIntercept},
			{Name: "area_tech", Value: &e.areaTech}, {Name: "area_freq", Value: &e.areaFreq}, {Name: "area_energy", Value: &e.areaEnergy},
		},
		"survey": {
			{Name: "p10", Value: &t.survey[0]}, {Name: "p25", Value: &t.survey[1]}, {Name: "p50", Value: &t.survey[2]}, {Name: "p75", Value: &t.survey[3]},
			{Name: "p90", Value: &t.survey[4]}, {Name: "area_p50", Value: &t.surveyArea},
		},
		"sar":     {{Name: "nodes", Value: &t.sarNodes, Unit: "m"}, {Name: "a", Value: &t.sarA}, {Name: "c", Value: &t.sarC}},
		"silicon": {{Name: "energies", Value: &t.silicon, Unit: "J"}},
	}
	for _, name := range ADCModels() {
		var title, source, confidence, valid string
		mustTable("adc.toml", name, append([]quantity.Param{
			{Name: "title", Value: &title}, {Name: "source", Value: &source}, {Name: "confidence", Value: &confidence}, {Name: "range", Value: &valid},
		}, own[name]...))
		t.title[name], t.source[name], t.confidence[name], t.valid[name] = title, source, confidence, valid
	}
	return t
})

// Convert returns what a conversion costs by one of the models:
//
//	envelope    the best converter ever published for the resolution, rate and node
//	survey      quantiles of published converters
//	integrated  capacitive converter of a compute-in-memory macro
//	sar         NeuroSim's successive approximation
//	silicon     all that three 14 nm chips spend per column conversion, which
//	            includes drivers, buffers and control
//
// The models differ by more than a factor of 50, so a result should name the one
// it used. Sources and ranges stand in data/adc.toml; what lies outside them is
// told in Outside. The error names an unknown model, or a number that no model
// takes.
func (a ADC) Convert(model string) (Conversion, error) {
	if a.Bits < 1 || a.Bits > 24 {
		return Conversion{}, fmt.Errorf("bits = %d: must be from 1 to 24", a.Bits)
	}
	need := func(name string, x float64, unit string) error {
		if !(x > 0) || math.IsInf(x, 0) {
			return fmt.Errorf("%s = %g: must be > 0 %s", name, x, unit)
		}
		return nil
	}
	t := adcData()
	var c Conversion
	outside := func(format string, args ...any) { c.Outside = append(c.Outside, fmt.Sprintf(format, args...)) }
	switch model {
	case "envelope", "survey":
		if err := need("rate", a.Rate, "Hz"); err != nil {
			return c, err
		}
		if err := need("node", a.Node, "m"); err != nil {
			return c, err
		}
		c.Time = 1 / a.Rate
	case "sar", "silicon":
		if err := need("node", a.Node, "m"); err != nil {
			return c, err
		}
	case "integrated":
		if err := need("voltage", a.Voltage, "V"); err != nil {
			return c, err
		}
	default:
		return c, fmt.Errorf("unknown converter model %q: must be one of %s%s", model, strings.Join(ADCModels(), ", "), quantity.DidYouMean(model, ADCModels()))
	}
	nm := a.Node * 1e9
	b := float64(a.Bits)
	limits := func(lowBits, highBits int, low, high float64) {
		if a.Bits < lowBits || a.Bits > highBits {
			outside("%d bits: the %s model holds from %d to %d bits", a.Bits, model, lowBits, highBits)
		}
		if nm < low-1e-9 || nm > high+1e-9 {
			outside("%s: the %s model holds from %g to %g nm", nanometres(a.Node), model, low, high)
		}
	}
	switch model {
	case "envelope":
		limits(4, 14, 16, 350)
		e := &t.envelope
		clamped := math.Log(math.Max(nm, 16))
		foms := math.Min(e.freqSlope*math.Log(a.Rate)+e.intercept, e.max0+e.maxStep*b)
		pJ := 0.5 * math.Pow(10, (6.0206*b+1.7609-foms)/10) *
			math.Exp(e.techIntercept+e.techSlope*clamped+e.enobSlope*math.Log(b)+e.residual)
		c.Energy = pJ * 1e-12
		c.Area = 1e-12 * math.Exp(e.areaIntercept+e.areaTech*math.Log(nm)+e.areaFreq*math.Log(a.Rate)+e.areaEnergy*math.Log(pJ))
	case "survey":
		limits(4, 12, 4, 180)
		if a.Rate < 1e5 || a.Rate > 1e11 {
			outside("%s: the survey model holds from 100 kHz to 100 GHz", quantity.Format(a.Rate, "Hz"))
		}
		law := func(k []float64) float64 {
			return k[0] + k[1]*(b-7) + k[2]*math.Log10(a.Rate/1e8) + k[3]*math.Max(0, math.Log10(a.Rate/1e9)) + k[4]*math.Log10(nm/32)
		}
		for _, k := range t.survey {
			c.Bands = append(c.Bands, law(k)-12)
		}
		c.Energy = math.Pow(10, c.Bands[2])
		c.Area = 1e-12 * math.Pow(10, law(t.surveyArea)+t.surveyArea[5]*(c.Bands[2]+12))
	case "integrated":
		if a.Bits > 11 {
			outside("%d bits: the integrated model holds from 1 to 11 bits", a.Bits)
		}
		c.Energy = (100e-15*b + 1e-18*math.Pow(4, b)) * a.Voltage * a.Voltage
		c.Time = b * (0.00653*float64(a.Rows) + 0.640) * 1e-9
		c.Area = 1e-12 * math.Pow(10, 1.206-0.0369*b) * math.Pow(2, b)
	case "sar":
		k := -1
		var known []string
		for i, n := range t.sarNodes {
			known = append(known, nanometres(n))
			if math.Abs(n-a.Node) < 1e-3*n {
				k = i
			}
		}
		if k < 0 {
			return c, fmt.Errorf("node = %s: the sar model knows %s", nanometres(a.Node), strings.Join(known, ", "))
		}
		if a.Bits > 16 {
			outside("%d bits: the sar model holds from 1 to 16 bits", a.Bits)
		}
		c.Time = (b + 1) * 1e-9
		c.Energy = (t.sarA[k]*b + t.sarC[k]) * 1e-6 * c.Time
	case "silicon":
		limits(8, 8, 14, 14)
		c.Energy = t.silicon[1] * math.Pow(2, b-8)
	}
	return c, nil
}

// nanometres prints a node.
func nanometres(x float64) string { return fmt.Sprintf("%.4g nm", x*1e9) }

// MinimumConversion returns the thermal bound 8 k T SNR of the energy in J of
// one conversion of so many bits at temperature T in K, where the SNR is that of
// the quantisation of a full-scale sine, 1.5 4^bits.
func MinimumConversion(bits int, temperature float64) float64 {
	return 8 * 1.380649e-23 * temperature * 1.5 * math.Pow(4, float64(bits))
}
