package energy

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"mho/internal/claims"
	"mho/noise"
	"mho/noise/stats"
)

func architecture(t testing.TB, name string, sets ...string) *Architecture {
	t.Helper()
	a, err := NewArchitecture(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// small is an architecture that one can project by hand.
const small = `
architecture = "small"
node = "45nm"
supply = "0.9V"
[array]
rows = 4
cols = 8
cols_per_weight = 2
technology = "rram"
[units]
tiles_per_chip = 4
[precision]
input = 3
[timing]
encoding = "bit-serial"
cycle = "10ns"
sigma = 0
[component.adc]
per = "column"
energy = "1pJ"
factor = "adc"
sigma = 0.2
[component.driver]
per = "row"
energy = "0.5pJ"
factor = "dac"
sigma = 0.3
[component.leak]
level = "chip"
per = "time"
power = "1mW"
factor = "memory"
sigma = 0.1
[component.logic]
per = "vector-op"
level = "tile"
energy = "0.1pJ"
factor = "digital"
sigma = 0
`

const net = `
workload = "net"
input_bits = 3
[[layer]]
inputs = 6
outputs = 5
`

func parse(t testing.TB, sets ...string) (*Architecture, *Workload) {
	t.Helper()
	a, err := ParseArchitecture("small.toml", []byte(small), sets...)
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWorkload("net.toml", []byte(net))
	if err != nil {
		t.Fatal(err)
	}
	return a, w
}

func project(t testing.TB, a *Architecture, w *Workload, set *Settings) *Projection {
	t.Helper()
	p, err := Project(a, w, set)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestByHand holds a projection to one made on paper: a matrix of 6 x 5 in arrays
// of 4 x 4 weights, each of two columns, takes 2 x 2 arrays; 3 bits take 3 pulses.
func TestByHand(t *testing.T) {
	a, w := parse(t)
	p := project(t, a, w, &Settings{Draws: -1})
	const time = 3 * 10e-9
	conversions := 5 * 2 * 2 * 3.0 // outputs, columns of a weight, arrays along the inputs, pulses
	pulses := 6 * 2 * 3.0          // inputs, arrays along the outputs, pulses
	ops := 5 + 5.0                 // activations, and the sum of two partial results
	want := conversions*1e-12 + pulses*0.5e-12 + 1e-3*time + ops*0.1e-12
	claim := func(name string, want, got float64, unit string) {
		claims.Check(t, claims.Claim{Name: "projection by hand: " + name, Kind: claims.ClosedForm, Source: "6 x 5 weights in arrays of 4 x 4, counted on paper", Unit: unit, Want: want, Got: got, Tol: 1e-12, Why: "rounding"})
	}
	claim("energy", want, p.Energy.Nominal, "J")
	claim("latency", time, p.Latency.Nominal, "s")
	claim("throughput", 2*30/time, p.Throughput.Nominal, "")
	claim("utilisation", 30.0/64, p.Mapping.Utilisation, "")
	claim("efficiency", 60/want*1e-12, p.TOPSPerWatt.Nominal, "")
	claim("programming energy", 60*12e-12*8.5, p.ProgramOnce, "J")
	if p.Mapping.Needed != 4 || p.Fit != "fits" || p.Boundary != "chip" {
		t.Errorf("%d arrays, %s, boundary %s: want 4, fits, chip", p.Mapping.Needed, p.Fit, p.Boundary)
	}
}

// TestFit holds what becomes of a network that does not fit.
func TestFit(t *testing.T) {
	a, w := parse(t, "units.tiles_per_chip=3")
	p := project(t, a, w, &Settings{Draws: -1})
	if p.Fit != "more-chips" || p.Mapping.Chips != 2 {
		t.Errorf("%s with %d chips: want more-chips with 2", p.Fit, p.Mapping.Chips)
	}
	a, _ = parse(t, "units.tiles_per_chip=3", "mapping.fit=forbid")
	if _, err := Project(a, w, nil); err == nil || !strings.Contains(err.Error(), `mapping.fit = "forbid": net needs 4 arrays and there are 3`) {
		t.Errorf("forbid gives %v", err)
	}
	a, _ = parse(t, "units.tiles_per_chip=3", "mapping.fit=reload")
	p = project(t, a, w, &Settings{Draws: -1})
	var write float64
	for _, c := range p.Parts {
		if c.Component == "programming" {
			write = c.Nominal
		}
	}
	claims.Check(t, claims.Claim{Name: "energy of reloaded weights", Kind: claims.ClosedForm, Source: "60 cells x 8.5 pulses of 12 pJ", Unit: "J", Want: 60 * 8.5 * 12e-12, Got: write, Tol: 1e-12, Why: "rounding"})
	// Four rows, two rounds, the arrays of the layer in turns, and 240 bits from memory.
	want := 2*3*10e-9 + 2*4*8.5e-6 + 30*8/544e9
	claims.Check(t, claims.Claim{Name: "latency with reloaded weights", Kind: claims.ClosedForm, Source: "2 rounds of 4 rows of 8.5 us, two products of 30 ns, 240 bits at 68 GB/s", Unit: "s", Want: want, Got: p.Latency.Nominal, Tol: 1e-12, Why: "rounding"})
}

// TestReplicate tries every number of products per copy.
func TestReplicate(t *testing.T) {
	for _, name := range []string{"lenet", "resnet-50"} {
		a, w := architecture(t, "isaac"), workload(t, name)
		m, err := a.Map(w)
		if err != nil {
			t.Fatal(err)
		}
		slowest, used := 0.0, 0
		for _, q := range m.Placements {
			if q.Arrays > 0 {
				slowest = math.Max(slowest, math.Ceil(q.Demand.Vectors/float64(q.Copies)))
				used += q.Arrays * q.Copies * q.Layer.Repeat
			}
		}
		if used != m.Used || used > m.Chips*a.Arrays() {
			t.Errorf("%s uses %d arrays of %d, told %d", name, used, m.Chips*a.Arrays(), m.Used)
		}
		best := 0.0
		for most := 1.0; best == 0; most++ {
			n := 0.0
			for _, q := range m.Placements {
				n += float64(q.Arrays*q.Layer.Repeat) * math.Ceil(q.Demand.Vectors/most)
			}
			if n <= float64(m.Chips*a.Arrays()) {
				best = most
			}
		}
		claims.Check(t, claims.Claim{Name: "slowest layer of " + name + " on isaac, products one after another", Kind: claims.IndependentSolver, Source: "every number tried, from 1 up", Want: best, Got: slowest, Tol: 1e-12, Why: "a count"})
	}
}

// TestBands holds the quantiles and the shares of variance to closed forms.
func TestBands(t *testing.T) {
	a, w := parse(t)
	a.Components = a.Components[:1] // the converter alone: lognormal with 0.2 decades
	a.Components = append(a.Components, Component{Name: "none", Model: "constant", Level: "tile", Per: PerVectorOp, Factor: "digital"})
	const n = 200000
	p := project(t, a, w, &Settings{Draws: n})
	const e, s = 60e-12, 0.2 * math.Ln10
	for _, c := range []struct {
		name       string
		got, want  float64
		tol        float64
		derivation string
	}{
		{"P10", p.Energy.P10, e * math.Exp(-1.2815516*s), 4 * s / 0.1755 * 0.3 / math.Sqrt(n), "four standard errors of a quantile"},
		{"P50", p.Energy.P50, e, 4 * s / 0.3989 * 0.5 / math.Sqrt(n), "four standard errors of a quantile"},
		{"P90", p.Energy.P90, e * math.Exp(1.2815516*s), 4 * s / 0.1755 * 0.3 / math.Sqrt(n), "four standard errors of a quantile"},
		{"mean", p.Energy.Mean, e * math.Exp(s*s/2), 4 * math.Sqrt((math.Exp(s*s)-1)/n), "four standard errors of a mean"},
	} {
		claims.Check(t, claims.Claim{Name: "band of a lognormal component: " + c.name, Kind: claims.ClosedForm, Source: "lognormal distribution with 0.2 decades", Unit: "J", Want: c.want, Got: c.got, Tol: c.tol, Why: c.derivation})
	}
	a, _ = parse(t)
	p = project(t, a, w, &Settings{Draws: n})
	v := func(e, sigma float64) float64 {
		s := sigma * math.Ln10
		return e * e * math.Exp(s*s) * (math.Exp(s*s) - 1)
	}
	parts := map[string]float64{"adc": v(60e-12, 0.2), "dac": v(18e-12, 0.3), "memory": v(30e-12, 0.1)}
	sum := parts["adc"] + parts["dac"] + parts["memory"]
	for _, share := range p.Variance {
		claims.Check(t, claims.Claim{Name: "share of the variance of factor " + share.Factor, Kind: claims.ClosedForm, Source: "variances of independent lognormal terms", Want: parts[share.Factor] / sum, Got: share.First, Tol: 0.01, Absolute: true,
			Why: "sampling of heavy tails, 200000 draws"})
	}
}

// TestSobol holds the shares, where factors multiply, to the estimator of noise/stats.
func TestSobol(t *testing.T) {
	a, w := parse(t, "timing.sigma=0.15")
	p := project(t, a, w, &Settings{Draws: 100000})
	f := func(u []float64) float64 {
		f := func(u, sigma float64) float64 { return math.Pow(10, sigma*stats.Probit(u)) }
		return 60*f(u[0], 0.2) + 18*f(u[1], 0.3) + 30*f(u[2], 0.1)*f(u[3], 0.15)
	}
	index, err := stats.Sobol(f, 4, 20000, 0.95, noise.NewKey(11))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"adc", "dac", "memory", "timing"} {
		k := slices.IndexFunc(p.Variance, func(s Share) bool { return s.Factor == name })
		e := index[i].First
		claims.Check(t, claims.Claim{Name: "first-order Sobol index of " + name + " where time and power multiply", Kind: claims.IndependentSolver, Source: "Saltelli's estimator, doi:10.1016/j.cpc.2009.09.018", Want: e.Value, Got: p.Variance[k].First,
			Tol: 4 * e.StdErr, Absolute: true, Why: "four of the estimator's standard errors"})
	}
}

// TestSurveyBand holds a component with quantiles to these.
func TestSurveyBand(t *testing.T) {
	a, w := parse(t, "component.adc.model=adc-survey", "component.adc.energy=0J", "component.adc.bits=8", "component.adc.rate=1.28GHz", "component.adc.node=32nm", "component.adc.sigma=-1")
	a.Components = append(a.Components[:1], a.Components[3])
	a.Components[1].Energy = 0
	const n = 100000
	p := project(t, a, w, &Settings{Draws: n})
	for _, c := range []struct {
		name      string
		got, want float64
	}{{"P10", p.Energy.P10, 3.66}, {"P50", p.Energy.P50, 11.0}, {"P90", p.Energy.P90, 106}} {
		claims.Check(t, claims.Claim{Name: "band of a converter from the survey: " + c.name, Kind: claims.IndependentSolver, Source: "quantiles of the regression, times 60 conversions", Unit: "J", Want: 60e-12 * c.want, Got: c.got, Tol: 0.04,
			Why: "the median is printed with three digits; 4 standard errors of a quantile are 3 %"})
	}
}

// TestHeldOut predicts a chip from another one's calibration.
func TestHeldOut(t *testing.T) {
	core, chip := architecture(t, "hermes-core"), architecture(t, "ibm-64-core")
	energy := func(a *Architecture) float64 {
		k, err := a.Peak("chip", "column-periphery", Mode{})
		if err != nil {
			t.Fatal(err)
		}
		return k.EnergyPerMVM
	}
	array, err := chip.Peak("chip", "array", Mode{})
	if err != nil {
		t.Fatal(err)
	}
	got := 2 * 256 * 256 / (energy(core) + array.EnergyPerMVM)
	claims.Check(t, claims.Claim{Name: "efficiency of the 64-core chip from the periphery of the HERMES core", Kind: claims.Measured, Want: 9.76e12, Got: got, Tol: 0.1,
		Source: "M. Le Gallo et al., Nat. Electron. (2023), doi:10.1038/s41928-023-01010-1, abstract", Why: "links and digital units of the chip are not in the core"})
	silicon := architecture(t, "hermes-core")
	for i := range silicon.Components {
		silicon.Components[i].gain = 0
	}
	k, err := silicon.Peak("chip", "column-periphery", Mode{})
	if err != nil {
		t.Fatal(err)
	}
	if f := core.Calibrated.Factor; math.Abs(energy(core)/k.EnergyPerMVM-f) > 1e-12 {
		t.Errorf("the periphery was multiplied by %g, told %g", energy(core)/k.EnergyPerMVM, f)
	}
}

func TestCalibrate(t *testing.T) {
	a := architecture(t, "isaac")
	if err := a.Calibrate("efficiency", 1e12); err != nil {
		t.Fatal(err)
	}
	k, _ := a.Peak("chip", "", Mode{})
	if math.Abs(k.Efficiency()/1e12-1) > 1e-12 {
		t.Errorf("calibrated to 1 TOPS/W, it has %g", k.Efficiency())
	}
	if err := architecture(t, "sram-macro").Calibrate("efficiency", 1e16); err == nil || !strings.Contains(err.Error(), "the array alone takes") {
		t.Errorf("impossible efficiency gives %v", err)
	}
	if err := a.Calibrate("power", 1); err == nil {
		t.Error("an unknown quantity is accepted")
	}
	for _, x := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if a.Calibrate("efficiency", x) == nil {
			t.Errorf("value %g is accepted", x)
		}
	}
}

// TestShared holds that a factor is drawn once: converters of two kinds rise together.
func TestShared(t *testing.T) {
	a, w := parse(t)
	a.Components[1].Factor, a.Components[1].Sigma = "adc", 0.2
	a.Components[2].Power = 0
	p := project(t, a, w, nil)
	if r := p.Energy.P90 / p.Energy.P50; math.Abs(r/math.Pow(10, 1.2815516*0.2)-1) > 0.03 {
		t.Errorf("P90/P50 = %g: one factor of 0.2 decades gives %g", r, math.Pow(10, 1.2815516*0.2))
	}
	again := project(t, a, w, &Settings{Key: noise.NewKey(1)})
	if again.Energy != p.Energy {
		t.Error("the same key gives other bands")
	}
	if other := project(t, a, w, &Settings{Key: noise.NewKey(2)}); other.Energy.P50 == p.Energy.P50 {
		t.Error("another key gives the same band")
	}
}

// TestAll projects every workload on every architecture: finite, positive, parts
// that sum, bands in order.
func TestAll(t *testing.T) {
	for _, an := range ArchitectureNames() {
		for _, wn := range WorkloadNames() {
			p := project(t, architecture(t, an), workload(t, wn), &Settings{Draws: 200})
			sum := 0.0
			for _, c := range p.Parts {
				sum += c.Energy
				if c.Source == "" || c.Confidence == "" {
					t.Errorf("%s: component %s has no source", an, c.Component)
				}
			}
			if math.Abs(sum/p.Energy.Mean-1) > 1e-9 {
				t.Errorf("%s, %s: parts sum to %g, the mean is %g", an, wn, sum, p.Energy.Mean)
			}
			for name, b := range map[string]Band{"energy": p.Energy, "latency": p.Latency, "interval": p.Interval, "area": p.Area, "throughput": p.Throughput, "TOPS/W": p.TOPSPerWatt, "TOPS/mm2": p.TOPSPerMM2} {
				if !(b.P10 > 0 && b.P10 <= b.P50 && b.P50 <= b.P90 && b.P90 < math.Inf(1)) {
					t.Errorf("%s, %s: %s is %+v", an, wn, name, b)
				}
			}
			if p.Busy > 1+1e-12 || p.Mapping.Utilisation > 1 || p.Latency.Nominal < p.Interval.Nominal*(1-1e-12) {
				t.Errorf("%s, %s: busy %g, utilisation %g, latency %g, interval %g", an, wn, p.Busy, p.Mapping.Utilisation, p.Latency.Nominal, p.Interval.Nominal)
			}
			peak := p.Peak.Throughput * float64(p.Mapping.Chips)
			if analog := 2 * p.MACs / p.Interval.Nominal; analog > peak*(1+1e-9) {
				t.Errorf("%s, %s: %g operations per second in the arrays, more than the peak, %g", an, wn, analog, peak)
			}
		}
	}
}

// TestOverrides holds that overrides of a calibrated architecture have an effect,
// and that its factor stays that of the file.
func TestOverrides(t *testing.T) {
	base := architecture(t, "hermes-core")
	w := workload(t, "mlp")
	at := func(sets ...string) *Projection {
		return project(t, architecture(t, "hermes-core", sets...), w, &Settings{Draws: -1})
	}
	array := func(p *Projection, name string) float64 {
		for _, c := range p.Parts {
			if c.Component == name {
				return c.Nominal
			}
		}
		return 0
	}
	plain, half := at(), at("component.array.voltage=0.1V")
	if r := array(half, "array") / array(plain, "array"); math.Abs(r-0.25) > 1e-12 {
		t.Errorf("at half the voltage the array takes %g times as much, want 0.25", r)
	}
	if array(half, "column-periphery") != array(plain, "column-periphery") || half.Calibration.Factor != base.Calibrated.Factor {
		t.Error("the periphery changes with the array's voltage")
	}
	own := at("component.column-periphery.model=constant", "component.column-periphery.energy=1pJ")
	conversions := 4*512 + 2*256 + 10.0 // outputs times the arrays along the inputs of each layer
	if got := array(own, "column-periphery"); math.Abs(got/(conversions*1e-12)-1) > 1e-12 {
		t.Errorf("%g conversions of 1 pJ take %g J", conversions, got)
	}
	twice := at("calibration.value=5.25e12")
	if twice.Calibration.Factor <= base.Calibrated.Factor {
		t.Errorf("half the efficiency has the factor %g, the file's %g", twice.Calibration.Factor, base.Calibrated.Factor)
	}
	if _, err := NewArchitecture("hermes-core", "component.column-periphery.energy=1pJ"); err == nil || !strings.Contains(err.Error(), "the model adc-silicon computes the energy") {
		t.Errorf("an energy beside a model gives %v", err)
	}
}

// TestNetwork holds that a network made in a program is that of a file.
func TestNetwork(t *testing.T) {
	w, err := NewNetwork("mlp", []Layer{{Inputs: 784, Outputs: 512, Ops: 1}, {Inputs: 512, Outputs: 256, Density: 0.5, Ops: 1}, {Inputs: 256, Outputs: 10, Density: 0.5, Ops: 1}})
	if err != nil {
		t.Fatal(err)
	}
	a := architecture(t, "generic")
	if got, want := project(t, a, w, nil).Energy, project(t, a, workload(t, "mlp"), nil).Energy; got != want {
		t.Errorf("%+v, from the file %+v", got, want)
	}
	for _, c := range []struct {
		layers []Layer
		say    string
	}{{nil, "there is none"}, {[]Layer{{Inputs: 3}}, "layer[0].outputs: is missing"}, {[]Layer{{Inputs: -3, Outputs: 2}}, "layer[0].inputs = -3"}, {[]Layer{{Inputs: 3, Outputs: 2, Density: 2}}, "density = 2"},
		{[]Layer{{Kind: "dens", Inputs: 3, Outputs: 2}}, "did you mean dense?"}} {
		if _, err := NewNetwork("n", c.layers); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%+v gives %v, want %q", c.layers, err, c.say)
		}
	}
}

func TestArchitectureRefuses(t *testing.T) {
	for _, c := range []struct{ set, say string }{
		{"component.adcc.energy=2pJ", "component.adcc: unknown component: must be one of adc, driver, leak, logic; did you mean adc?"},
		{"component.adc.energy=2W", `--set component.adc.energy=2W: component.adc.energy: "2W" has the unit W: must be in J`},
		{"component.leak.power=2pJ", `"2pJ" has the unit pJ: must be in W`},
		{"component.adc.power=2W", "component.adc.power: a component per column has an energy"},
		{"component.adc.enrgy=2pJ", "did you mean"},
		{"component.adc.factor=adcs", "unknown factor"},
		{"component.adc.model=adc-survey", "component.adc.rate: 0: must be > 0 Hz"},
		{"component.adc.energy=-1", "out of range"},
		{"array.rows=0", "array.rows: 0 is out of range: must be >= 1"},
		{"array.cols=1", "array.cols: 1 columns hold no weight of 2"},
		{"timing.cycle=0", "timing: a product takes no time"},
		{"array.technology=rramm", "did you mean rram?"},
		{"mapping.fit=fobid", "did you mean forbid?"},
		{"node=-3nm", "out of range"},
		{"boundary=chips", "did you mean chip?"},
	} {
		if _, err := ParseArchitecture("small.toml", []byte(small), c.set); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("--set %s gives %v, want %q", c.set, err, c.say)
		}
	}
	if _, err := NewArchitecture("issac"); err == nil || !strings.Contains(err.Error(), "did you mean isaac?") {
		t.Errorf("issac: %v", err)
	}
	// A resolution outside a fit is an error unless it is allowed, and then it is told.
	out := []string{"component.adc.model=adc-envelope", "component.adc.energy=0J", "component.adc.bits=3", "component.adc.rate=1GHz"}
	if _, err := ParseArchitecture("small.toml", []byte(small), out...); err == nil || !strings.Contains(err.Error(), "3 bits: the envelope model holds from 4 to 14 bits: extrapolate = true allows it") {
		t.Errorf("3 bits give %v", err)
	}
	a, w := parse(t, append(out, "extrapolate=true")...)
	if p := project(t, a, w, nil); len(p.Warnings) == 0 || !strings.Contains(strings.Join(p.Warnings, "\n"), "component.adc: 3 bits") {
		t.Errorf("an extrapolation is not told: %q", p.Warnings)
	}
}

func TestCompare(t *testing.T) {
	a, w := architecture(t, "hermes-core"), workload(t, "mlp")
	p := project(t, a, w, nil)
	gpu, err := FindPlatform("nvidia-a100-sxm")
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Compare(gpu, w)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "A100 at its peak, energy of the MLP", Kind: claims.ClosedForm, Source: "400 W / 623.7 TOPS, one MAC is two operations, 535040 MACs", Unit: "J", Want: 400 / 623.7e12 * 2 * 535040, Got: c.Peak, Tol: 4e-3, Why: "1.28 pJ is printed with three digits"})
	claims.Check(t, claims.Claim{Name: "A100, one inference of the MLP alone", Kind: claims.ClosedForm, Source: "100 W for 30 us and what the weights take, assumed", Unit: "J", Want: 100*(30e-6+535040/1.555e12) + c.Peak, Got: c.Single, Tol: 5e-3, Why: "the time of the MACs is left out of the reference"})
	if c.SingleRatio.P50 < 100*c.PeakRatio.P50 || len(c.Warnings) == 0 {
		t.Errorf("ratios %g alone, %g at the peak, warnings %q", c.SingleRatio.P50, c.PeakRatio.P50, c.Warnings)
	}
	snn, _ := FindPlatform("truenorth")
	if _, err := p.Compare(snn, w); err == nil || !strings.Contains(err.Error(), "no energy per MAC") {
		t.Errorf("a comparison with synaptic operations gives %v", err)
	}
	if _, err := FindPlatform("trunorth"); err == nil || !strings.Contains(err.Error(), "did you mean truenorth?") {
		t.Errorf("trunorth: %v", err)
	}
}

// TestHeadlines holds the arithmetic behind the published claims.
func TestHeadlines(t *testing.T) {
	find := func(name string) Platform {
		p, err := FindPlatform(name)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	loihi, jetson := find("loihi2-mmf370m"), find("jetson-llama-400m")
	const source = "S. Abreu et al., arXiv:2503.18002 (2025), as reported; throughputs from memory"
	claims.Check(t, claims.Claim{Name: "time to the first of 500 tokens on Loihi 2, from its throughputs", Kind: claims.Published, Source: source, Unit: "s", Want: 0.099, Got: 500/loihi.PrefillRate + 1/loihi.GenerateRate, Tol: 0.006, Why: "printed with two digits"})
	claims.Check(t, claims.Claim{Name: "time to the first of 500 tokens on a Jetson, from its throughputs", Kind: claims.Published, Source: source, Unit: "s", Want: 0.659, Got: 500/jetson.PrefillRate + 1/jetson.GenerateRate, Tol: 0.002, Why: "printed with three digits"})
	tn := find("truenorth")
	claims.Check(t, claims.Claim{Name: "TrueNorth at its best, energy of a synaptic operation", Kind: claims.Published, Source: "400 GSOPS/W, open-neuromorphic.org", Unit: "J", Want: 1 / 400e9, Got: tn.EnergyOther, Tol: 1e-3, Why: "rounding"})
	hala := find("hala-point")
	claims.Check(t, claims.Claim{Name: "Hala Point, energy of an operation", Kind: claims.Published, Source: "15 TOPS/W, newsroom.intel.com, April 2024", Unit: "J", Want: 1 / 15e12, Got: hala.Energy, Tol: 0.01, Why: "printed with two digits"})
	hermes := find("hermes-core")
	a := architecture(t, "hermes-core")
	k, err := a.Peak("chip", "", Mode{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(k.EnergyPerMAC/hermes.Energy-1) > 0.01 {
		t.Errorf("the platform has %g J per MAC, the architecture %g J", hermes.Energy, k.EnergyPerMAC)
	}
}

func TestPrint(t *testing.T) {
	a, w := architecture(t, "generic"), workload(t, "gpt-2")
	p := project(t, a, w, &Settings{Draws: 100})
	gpu, _ := FindPlatform("nvidia-a100-sxm")
	c, err := p.Compare(gpu, w)
	if err != nil {
		t.Fatal(err)
	}
	var text, object bytes.Buffer
	if err := p.Write(&text, []Comparison{*c}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"generic running gpt-2, per token", "1 MAC = 2 operations", "chip and host", "more-chips", "dram", "one inference alone", "at its peak"} {
		if !strings.Contains(text.String(), s) {
			t.Errorf("the table does not say %q:\n%s", s, text.String())
		}
	}
	if err := p.JSON(&object, []Comparison{*c}); err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(object.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"architecture", "workload", "per", "boundary", "counting", "fit", "energy_J", "latency_s", "area_m2", "throughput_ops", "tops_per_watt", "tops_per_mm2", "breakdown"} {
		if m[key] == nil {
			t.Errorf("JSON has no %s", key)
		}
	}
	if m["energy_J"].(map[string]any)["p50"] != p.Energy.P50 {
		t.Errorf("JSON says %v, want %g", m["energy_J"], p.Energy.P50)
	}
}
