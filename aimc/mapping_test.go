package aimc

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/crossbar"
	"mho/device"
	"mho/device/pcm"
	"mho/device/pulsed"
	"mho/internal/claims"
	"mho/noise"
)

// mappings are all ways to hold a weight.
func mappings() []crossbar.Mapping {
	var all []crossbar.Mapping
	for _, m := range []crossbar.Mapping{
		{Scheme: crossbar.DifferentialPair}, {Scheme: crossbar.TwoSidedPair},
		{Scheme: crossbar.Offset, Reference: crossbar.ReferenceColumn}, {Scheme: crossbar.Offset, Reference: crossbar.DigitalReference},
	} {
		for _, copies := range []int{1, 3} {
			for _, digits := range [][2]int{{1, 0}, {3, 4}} {
				for _, sums := range []string{crossbar.Digital, crossbar.Analog} {
					m.Copies, m.Slices, m.SliceBits, m.PartialSums = copies, digits[0], digits[1], sums
					m.Scaling = crossbar.ColumnScale
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// TestMappings checks that tiles without errors multiply by their weights, whole or cut, whatever holds the weights and
// however the inputs come.
func TestMappings(t *testing.T) {
	const outputs, inputs, n = 11, 17, 26
	x := uniforms(n*inputs, 101)
	w := normals(outputs*inputs, 100)
	var most, rounded float64
	for _, m := range mappings() {
		for _, kind := range []string{crossbar.Amplitude, crossbar.PulseWidth, crossbar.BitSerial} {
			for _, accumulate := range []string{crossbar.Digital, crossbar.Analog} {
				c := quiet()
				c.Array.Rows, c.Array.Cols = 6, 5
				c.Mapping = m
				c.Converters.DACKind, c.Converters.DACAccumulate = kind, accumulate
				c.Converters.InputRange, c.Converters.DACBits, c.Converters.DACSliceBits = 1, 14, 3
				tile := newTile(t, outputs, inputs, c, w, 1)
				y, r := mvm(t, tile, x, 0, noise.NewKey(1))
				back := make([]float64, len(w))
				if err := tile.EffectiveWeights(ctx, back); err != nil {
					t.Fatal(err)
				}
				levels := 0.0
				if m.SliceBits > 0 {
					levels = 0.5 / 2047 // of 12 bits
				}
				for o := range outputs {
					top := 0.0
					for _, a := range w[o*inputs:][:inputs] {
						top = max(top, math.Abs(a))
					}
					for i := range inputs {
						if d := math.Abs(back[o*inputs+i] - w[o*inputs+i]); d > levels*top+1e-12 {
							t.Fatalf("%+v: weight %g became %g", m, w[o*inputs+i], back[o*inputs+i])
						}
					}
				}
				// Against the weights held and the inputs as they are converted.
				in := make([]float64, len(x))
				crossbar.Quantizer{Bits: 14, Limit: 1}.Quantize(in, x)
				most = max(most, worst(y, exact(in, back, outputs, inputs)))
				rounded = max(rounded, worst(y, exact(x, w, outputs, inputs)))
				conversions := n * outputs * m.Slices
				if m.PartialSums == crossbar.Digital {
					conversions *= 3
				}
				if kind == crossbar.BitSerial && accumulate == crossbar.Digital {
					conversions *= 5
				}
				if r.Conversions != conversions {
					t.Fatalf("%+v, %s, %s: %d conversions, want %d", m, kind, accumulate, r.Conversions, conversions)
				}
			}
		}
	}
	if rounded > 0.003 {
		t.Errorf("outputs differ by %g", rounded)
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of tiles without errors over all mappings and input codes", Kind: claims.ClosedForm, Source: "X Wᵀ of the weights held: 32 mappings (pairs, offset, 3 copies, 3 digits of 4 bits, partial sums) and 6 ways of inputs",
		Got: most, Tol: 1e-11, Absolute: true, Why: "rounding; offsets are some ten times the outputs"})
}

// TestCopies compares programming errors of several copies with that of one.
func TestCopies(t *testing.T) {
	const side = 128
	w := make([]float64, side*side)
	for i := range w {
		w[i] = 0.5
	}
	w[0] = 1
	spread := func(copies int) float64 {
		c := NewConfig(pcm.NewIBM())
		c.Mapping.Copies = copies
		tile := newTile(t, side, side, c, w, 5)
		got := make([]float64, len(w))
		if err := tile.EffectiveWeights(ctx, got); err != nil {
			t.Fatal(err)
		}
		return stat.Variance(got[1:], nil)
	}
	claims.Check(t, claims.Claim{Name: "variance of weights of four pairs each against one pair", Kind: claims.ClosedForm, Source: "1/N of N independent pairs",
		Want: 0.25, Got: spread(4) / spread(1), Tol: 4.5 * math.Sqrt(4.0/side/side), Why: "4.5 standard errors of 16384 weights each"})
}

// TestReferenceNoise compares noise that all outputs share, that of a reference column, with the law.
func TestReferenceNoise(t *testing.T) {
	const outputs, inputs, n = 2, 30, 20000
	c := readOnly()
	c.Device = silent()
	c.Mapping.Scheme = crossbar.Offset
	c.Noise.Thermal, c.Env.Bandwidth = true, 1e9
	one := uniforms(inputs, 111)
	x := make([]float64, n*inputs)
	for k := range n {
		copy(x[k*inputs:], one)
	}
	w := make([]float64, outputs*inputs) // every device in the middle of its range
	w[0] = 1
	tile := newTile(t, outputs, inputs, c, w, 1)
	y, _ := mvm(t, tile, x, 0, noise.NewKey(2))
	var a, b []float64
	for k := range n {
		a, b = append(a, y[k*2]), append(b, y[k*2+1])
	}
	// Output 1 has devices of 12.5 µS, as the reference; output 0 has one of 25 µS.
	const theta = 4 * 1.380649e-23 * 300 * 1e9
	claims.Check(t, claims.Claim{Name: "correlation of the thermal noise of two outputs with one reference column", Kind: claims.ClosedForm, Source: "G_ref/sqrt((G_1 + G_ref)(G_2 + G_ref)) with 30, 30 and 31 times 12.5 µS",
		Want: 30 / math.Sqrt(60*61), Got: stat.Correlation(a, b, nil), Tol: 4.5 / math.Sqrt(n), Absolute: true, Why: "4.5 standard errors of 20000 outputs"})
	top := 0.0
	for _, v := range one {
		top = max(top, math.Abs(v))
	}
	unit := tile.unit[1] * 2 * top // of weights per A
	claims.Check(t, claims.Claim{Name: "variance of an output by the thermal noise of 30 devices and their references", Kind: claims.ClosedForm, Source: "4kTB Σ(G + G_ref)",
		Want: unit * unit * theta * 60 * 12.5e-6, Got: stat.Variance(b, nil), Tol: 4.5 * math.Sqrt(2.0/n), Why: "4.5 standard errors of 20000 outputs"})
}

// TestBitSlices compares the error of a converter per digit with the sum of the errors of conversions at their place values.
func TestBitSlices(t *testing.T) {
	const outputs, inputs, n = 48, 64, 500
	w, x := uniforms(outputs*inputs, 121), uniforms(n*inputs, 122)
	for _, serial := range []bool{false, true} {
		c := quiet()
		c.Mapping.Slices, c.Mapping.SliceBits = 4, 2
		c.Converters.InputRange, c.Converters.ADCBits, c.Converters.ADCRange, c.Converters.ADCLimit = 1, 9, crossbar.Fixed, 80e-6
		name := "4 digits of weights"
		if serial {
			c.Converters.DACKind, c.Converters.DACBits, c.Converters.DACSliceBits = crossbar.BitSerial, 7, 2
			name += ", 3 of inputs"
		}
		tile := newTile(t, outputs, inputs, c, w, 1)
		y, r := mvm(t, tile, x, 0, noise.NewKey(1))
		if r.OutputsClipped > 0 {
			t.Fatalf("%+v", r)
		}
		c.Converters.ADCBits, c.Converters.ADCRange, c.Converters.ADCLimit = 0, crossbar.Calibrated, 0
		clean, _ := mvm(t, newTile(t, outputs, inputs, c, w, 1), x, 0, noise.NewKey(1))
		var got, want float64
		for i := range y {
			got += (y[i] - clean[i]) * (y[i] - clean[i]) / float64(len(y))
		}
		lsb := 80e-6 / 255 * tile.unit[0]
		// Place values of digits of 2 bits, over the largest number of 8 bits; and of inputs over 63.
		for s := range 4 {
			f := math.Ldexp(3, 2*s) / 255
			if !serial {
				want += f * f * lsb * lsb / 12
				continue
			}
			for d := range 3 {
				p := math.Ldexp(3, 2*d) / 63
				want += f * f * p * p * lsb * lsb / 12
			}
		}
		claims.Check(t, claims.Claim{Name: "mean square error of shift-and-add of converted digits: " + name, Kind: claims.ClosedForm, Source: "Σ (place value)² LSB²/12",
			Want: want, Got: got, Tol: 0.03, Why: "4.5 standard errors of 24000 outputs: sqrt(4/5)/155 relative each"})
	}
}

// TestBounds checks that vectors whose outputs clip are repeated with half the input: as often as it takes.
func TestBounds(t *testing.T) {
	c := quiet()
	c.Converters.ADCBits, c.Converters.ADCRange, c.Converters.ADCLimit, c.Converters.Bounds = 12, crossbar.Fixed, 5e-6, crossbar.Iterative
	const inputs = 24
	w := make([]float64, inputs)
	x := make([]float64, 2*inputs)
	for i := range w {
		w[i], x[i] = 1, 1
		x[inputs+i] = float64(1 - 2*(i%2))
	}
	// 24 devices of 25 µS at 0.2 V make 120 µA: within 5 µA after division by 32.
	y, r := mvm(t, newTile(t, 1, inputs, c, w, 1), x, 0, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "repetitions of a vector whose output is 24 times the range", Kind: claims.ClosedForm, Source: "bound management by halving, as AIHWKIT's ITERATIVE: ceil(log2 24); M. J. Rasch et al., doi:10.1109/AICAS51828.2021.9458494",
		Want: 5, Got: float64(r.Repeats), Tol: 1e-9, Why: "integers"})
	if math.Abs(y[0]-24) > 32*5e-6/2047/5e-6 || y[1] != 0 || r.OutputsClipped != 0 {
		t.Errorf("outputs %v, %+v", y, r)
	}
}

// TestPeers compares the noise of outputs with the law of AIHWKIT's out_noise and of inputs with inp_noise.
func TestPeers(t *testing.T) {
	const outputs, inputs, n = 64, 32, 1500
	w, x := uniforms(outputs*inputs, 131), uniforms(n*inputs, 132)
	var alpha, norms float64
	largest := 0.0
	for _, a := range w {
		largest = max(largest, math.Abs(a))
		norms += a * a / outputs
	}
	for k := range n {
		top := 0.0
		for _, v := range x[k*inputs:][:inputs] {
			top = max(top, math.Abs(v))
		}
		alpha += top * top / n
	}
	meanSquare := func(c Config) (s float64) {
		y, _ := mvm(t, newTile(t, outputs, inputs, c, w, 1), x, 0, noise.NewKey(3))
		want := exact(x, w, outputs, inputs)
		for i := range y {
			s += (y[i] - want[i]) * (y[i] - want[i]) / float64(len(y))
		}
		return s
	}
	c := quiet()
	c.Converters.ADCNoise = 0.06 * 5e-6 / largest // 0.06 weights at the largest input: 25 µS at 0.2 V are the largest weight
	source := "σ_y = α out_noise with α = max|x| (IOParameters, ABS_MAX); M. J. Rasch et al., doi:10.1109/AICAS51828.2021.9458494"
	claims.Check(t, claims.Claim{Name: "mean square error by output noise of 0.06 weights, as AIHWKIT's default", Kind: claims.ClosedForm, Source: source,
		Want: 0.06 * 0.06 * alpha, Got: meanSquare(c), Tol: 4.5 * math.Sqrt(2.0/(outputs*n)), Why: "4.5 standard errors of 96000 outputs"})
	c = quiet()
	c.Converters.DACNoise = 0.05
	claims.Check(t, claims.Claim{Name: "mean square error by input noise of 5 % of the range", Kind: claims.ClosedForm, Source: "σ_y² = α² inp_noise² Σ w² (IOParameters); M. J. Rasch et al., doi:10.1109/AICAS51828.2021.9458494",
		Want: 0.05 * 0.05 * alpha * norms, Got: meanSquare(c), Tol: 4.5 * math.Sqrt(2.0/(inputs*n/2)), Why: "4.5 standard errors of 48000 input errors, which 64 outputs share unevenly"})
}

// TestPulseWidthNoise compares the shot noise of inputs coded in pulse widths with the law.
func TestPulseWidthNoise(t *testing.T) {
	const inputs, n = 40, 20000
	c := readOnly()
	c.Device = silent()
	c.Noise.Thermal, c.Noise.Shot, c.Env.Bandwidth, c.Env.Temperature = true, 1, 1e9, 300
	c.Converters.DACKind, c.Converters.InputRange = crossbar.PulseWidth, 1
	w, one := uniforms(inputs, 135), uniforms(inputs, 136)
	x := make([]float64, n*inputs)
	for k := range n {
		copy(x[k*inputs:], one)
	}
	tile := newTile(t, 1, inputs, c, w, 1)
	y, _ := mvm(t, tile, x, 0, noise.NewKey(2))
	const q, kt = 1.602176634e-19, 1.380649e-23 * 300
	var law float64
	top := 0.0
	for _, a := range w {
		top = max(top, math.Abs(a))
	}
	for i, v := range one {
		g := 25e-6 * math.Abs(w[i]) / top
		law += 4*kt*g*1e9 + math.Abs(v)*(2*q*0.2*g/math.Tanh(q*0.2/(2*kt))-4*kt*g)*1e9
	}
	claims.Check(t, claims.Claim{Name: "variance of an output by the thermal and shot noise of pulses", Kind: claims.ClosedForm, Source: "Σ [4kTG + |x| (2qI coth(qV/2kT) - 4kTG)] B at the read voltage",
		Want: law * tile.unit[0] * tile.unit[0], Got: stat.Variance(y, nil), Tol: 4.5 * math.Sqrt(2.0/n), Why: "4.5 standard errors of 20000 outputs"})
}

// TestSineTest measures tiles as an instrument does.
func TestSineTest(t *testing.T) {
	const outputs, inputs = 8, 256
	w := uniforms(outputs*inputs, 141)
	for _, bits := range []int{6, 8} {
		c := quiet()
		c.Converters.ADCBits = bits
		r, err := newTile(t, outputs, inputs, c, w, 1).SineTest(ctx, &SineSettings{Samples: 4096, Cycles: 509}, noise.NewKey(2))
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for _, o := range r {
			mean += o.ENOB / outputs
		}
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("effective number of bits of a tile with ideal %d-bit output converters", bits), Kind: claims.ClosedForm, Source: "log2(2^bits - 1)", Unit: "bit",
			Want: math.Log2(math.Exp2(float64(bits)) - 1), Got: mean, Tol: 0.1, Absolute: true, Why: "eight sine waves of other sizes, whose errors are not quite uniform"})
	}
	c := quiet()
	c.Converters.ADCBits, c.Converters.ADCNoise = 8, 0
	plain := newTile(t, outputs, inputs, c, w, 1)
	adc := plain.blocks[0].slices[0].adc
	c.Converters.ADCNoise = adc.LSB()
	r, err := newTile(t, outputs, inputs, c, w, 1).SineTest(ctx, nil, noise.NewKey(2))
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for _, o := range r {
		mean += o.ENOB / outputs
	}
	claims.Check(t, claims.Claim{Name: "effective number of bits of a tile with noise of 1 LSB at 8 bits", Kind: claims.ClosedForm, Source: "log2(255/sqrt(1 + 12 σ²))", Unit: "bit",
		Want: math.Log2(255 / math.Sqrt(13)), Got: mean, Tol: 0.05, Absolute: true, Why: "4.5 standard errors of 8192 samples: 0.05 bit"})
	if math.Abs(plain.outputRange(0)/(255*adc.LSB()*plain.unit[0])-1) > 1e-12 {
		t.Error("range of outputs")
	}
	for want, s := range map[string]*SineSettings{"must be more than two": {Samples: 10, Cycles: 5}, "amplitude is -1": {Amplitude: -1}, "2 signs for 256 inputs": {Signs: []float64{1, 1}}} {
		if _, err := plain.SineTest(ctx, s, noise.Key{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
	}
}

// TestCalibrate checks that ranges are learnt: all outputs fit, the largest just so, and a share clips the rest.
func TestCalibrate(t *testing.T) {
	const outputs, inputs, n = 20, 60, 500
	c := quiet()
	c.Array.Rows = 30
	c.Converters.ADCBits, c.Converters.DACBits = 8, 8
	w, x := normals(outputs*inputs, 151), normals(n*inputs, 152)
	tile := newTile(t, outputs, inputs, c, w, 1)
	if err := tile.Calibrate(ctx, x, 1, noise.NewKey(1)); err != nil {
		t.Fatal(err)
	}
	y, r := mvm(t, tile, x, 0, noise.NewKey(1))
	if r.InputsClipped+r.OutputsClipped != 0 {
		t.Errorf("%+v", r)
	}
	all := worst(y, exact(x, w, outputs, inputs))
	if all > 0.02 {
		t.Errorf("error %g", all)
	}
	if err := tile.Calibrate(ctx, x, 0.99, noise.NewKey(1)); err != nil {
		t.Fatal(err)
	}
	_, r = mvm(t, tile, x, 0, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "share of inputs beyond a range learnt for 99 %", Kind: claims.ClosedForm, Source: "1 - 0.99",
		Want: 0.01, Got: float64(r.InputsClipped) / (n * inputs), Tol: 0.12, Why: "those within half a step of the range, a tenth of those in the last step of 127, are not counted"})
	if share := float64(r.OutputsClipped) / float64(r.Conversions); share < 0.002 || share > 0.011 {
		t.Errorf("%g of the outputs are clipped", share)
	}
	for _, share := range []float64{0, 1.5, math.NaN()} {
		if err := tile.Calibrate(ctx, x, share, noise.Key{}); err == nil {
			t.Errorf("share %g passes", share)
		}
	}
}

// TestCompensation checks that corrections undo drift of one exponent exactly, and that an affine one undoes errors of converters.
func TestCompensation(t *testing.T) {
	const outputs, inputs, n = 24, 80, 64
	w, x := normals(outputs*inputs, 161), uniforms(n*inputs, 162)
	want := exact(x, w, outputs, inputs)
	m := pcm.NewIBM()
	m.NuMeanMin, m.NuMeanMax, m.NuStdMin, m.NuStdMax = 0.06, 0.06, 0, 0
	for _, kind := range []string{GlobalGain, ColumnGain, Affine} {
		c := quiet()
		c.Device, c.Noise.Drift = m, true
		c.Compensation.Kind = kind
		tile := newTile(t, outputs, inputs, c, w, 1)
		if err := tile.Advance(1e7, noise.NewKey(2)); err != nil {
			t.Fatal(err)
		}
		y, r := mvm(t, tile, x, 0, noise.NewKey(1))
		claims.Check(t, claims.Claim{Name: "largest relative error after 1e7 s of drift with exponent 0.06, " + kind + " compensation", Kind: claims.ClosedForm, Source: "drift by one factor is undone exactly",
			Got: worst(y, want), Tol: 1e-11, Absolute: true, Why: "rounding"})
		claims.Check(t, claims.Claim{Name: "factor of " + kind + " compensation after 1e7 s of drift with exponent 0.06", Kind: claims.ClosedForm, Source: "(t/t0)^ν, t0 = 20 s",
			Want: math.Pow(1e7/20, 0.06), Got: tile.correction.gain[3], Tol: 1e-11, Why: "rounding"})
		if r.Correction != kind || r.Age != 1e7 || r.Programming != Ideal {
			t.Errorf("%+v", r)
		}
		back := make([]float64, len(w))
		if err := tile.EffectiveWeights(ctx, back); err != nil || worst(back, w) > 1e-11 {
			t.Errorf("%s: weights differ by %g, %v", kind, worst(back, w), err)
		}
	}
	// Gains and offsets of converters: only the affine correction removes both.
	c := quiet()
	c.Converters.ADCBits, c.Converters.ADCGain, c.Converters.ADCOffset = 14, 0.05, 400
	var e [3]float64
	for k, kind := range []string{Uncorrected, ColumnGain, Affine} {
		c.Compensation.Kind = kind
		y, _ := mvm(t, newTile(t, outputs, inputs, c, w, 1), x, 0, noise.NewKey(1))
		e[k] = worst(y, want)
	}
	if e[0] < 0.05 || e[1] < 0.9*e[0] || e[2] > 0.005 {
		t.Errorf("errors %v", e)
	}
	// A real device: most of the error of a day is its mean, and goes.
	var rest [3]float64
	for k, kind := range []string{Uncorrected, GlobalGain, ColumnGain} {
		c := NewConfig(pcm.NewIBM())
		c.Compensation.Kind = kind
		tile := newTile(t, outputs, inputs, c, w, 1)
		if err := tile.Advance(86400, noise.NewKey(2)); err != nil {
			t.Fatal(err)
		}
		y, _ := mvm(t, tile, x, 0, noise.NewKey(1))
		for i := range y {
			rest[k] += (y[i] - want[i]) * (y[i] - want[i])
		}
	}
	if !(rest[1] < 0.3*rest[0]) || !(rest[2] < 0.3*rest[0]) {
		t.Errorf("square errors after a day %v", rest)
	}
}

// TestRefresh checks when weights are written anew.
func TestRefresh(t *testing.T) {
	c := NewConfig(pcm.NewIBM())
	c.Compensation.Refresh = 1000
	w := normals(30, 171)
	run := func(steps ...float64) (*CrossbarTile, []float64) {
		tile := newTile(t, 5, 6, c, w, 1)
		for _, dt := range steps {
			if err := tile.Advance(dt, noise.NewKey(2)); err != nil {
				t.Fatal(err)
			}
		}
		got := make([]float64, len(w))
		if err := tile.EffectiveWeights(ctx, got); err != nil {
			t.Fatal(err)
		}
		return tile, got
	}
	a, wa := run(3500)
	b, wb := run(800, 1700, 1000)
	if n, r := a.Refreshes(); n != 3 || a.Age() != 500 || r.Arrays != 6 {
		t.Errorf("%d refreshes, %g s old, %+v", n, a.Age(), r)
	}
	if n, _ := b.Refreshes(); n != 3 || math.Abs(b.Age()-500) > 1e-9 || worst(wa, wb) > 1e-12 {
		t.Errorf("in steps: %d refreshes, %g s old, weights differ by %g", n, b.Age(), worst(wa, wb))
	}
	if err := a.Advance(1e30, noise.Key{}); err == nil || !strings.Contains(err.Error(), "refreshes: must be at most") {
		t.Error(err)
	}
}

// synapse returns a device of equal steps, of which a share is stuck, near the middle of the range.
func synapse(t *testing.T, stuck float64) device.CellModel {
	t.Helper()
	for _, e := range pulsed.Models() {
		if e.Name != "constant-step" {
			continue
		}
		m := e.New().(device.CellModel)
		for _, p := range m.Params() {
			switch p.Name {
			case "dw_min":
				*p.Value.(*float64) = 0.005
			case "w_max_dtod", "w_min_dtod":
				*p.Value.(*float64) = 0
			case "corrupt_devices_prob":
				*p.Value.(*float64) = stuck
			}
		}
		return m
	}
	t.Fatal("no constant-step")
	return nil
}

// TestWritten writes tiles by pulses, keeps their wear, and lets partners make up for stuck devices.
func TestWritten(t *testing.T) {
	const outputs, inputs = 24, 30
	w := uniforms(outputs*inputs, 181)
	for i := range w {
		w[i] *= 0.5
	}
	// Devices that are stuck, these with partners that make up for them, and none. Write-verify stops at the near end of the
	// tolerance, 1 % of the range, so that no error is below that.
	var rms [3]float64
	for k, stuck := range []float64{0.01, 0.01, 0} {
		repair := []float64{0, 0.04, 0}[k]
		c := NewConfig(synapse(t, stuck))
		c.Mapping = crossbar.Mapping{Scheme: crossbar.TwoSidedPair, WMax: 1}
		c.Programming.Method, c.Programming.Tolerance, c.Programming.Pulses, c.Programming.Repair = crossbar.WriteVerify, 0.01, 400, repair
		tile, err := NewCrossbarTile(outputs, inputs, c, noise.NewKey(4))
		if err != nil {
			t.Fatal(err)
		}
		r, err := tile.Program(w, noise.NewKey(5))
		if err != nil {
			t.Fatal(err)
		}
		if r.Energy <= 0 || r.Time <= 0 || r.Reads == 0 || (r.Repaired > 0) != (repair > 0) || r.Converged < 0.85 {
			t.Errorf("%+v", r)
		}
		got := make([]float64, len(w))
		if err := tile.EffectiveWeights(ctx, got); err != nil {
			t.Fatal(err)
		}
		for i := range w {
			rms[k] += (got[i] - w[i]) * (got[i] - w[i]) / float64(len(w))
		}
		rms[k] = math.Sqrt(rms[k])
		y := make([]float64, outputs)
		info, err := tile.MVM(ctx, y, w[:inputs], 0, noise.NewKey(1))
		if err != nil || info.Programming != crossbar.WriteVerify {
			t.Errorf("%+v, %v", info, err)
		}
		cells, err := tile.Cells()
		if err != nil || len(cells) != 2 || cells[1].Sign != -1 || cells[0].Rows != inputs || cells[0].Cols != outputs {
			t.Fatalf("%d arrays, %v", len(cells), err)
		}
		var pulses int64
		for _, a := range cells {
			for i, p := range a.Pulses {
				pulses += p
				if a.Target[i] == 0 || a.Conductance[i] == 0 {
					t.Fatal("a cell without target or conductance")
				}
			}
		}
		if pulses != r.Pulses {
			t.Errorf("cells saw %d pulses, the report tells %d", pulses, r.Pulses)
		}
	}
	if !(rms[0] > 1.5*rms[2] && rms[1] < 1.1*rms[2]) {
		t.Errorf("error %g with stuck devices, %g with partners that make up for them, %g without", rms[0], rms[1], rms[2])
	}
	c := NewConfig(pcm.NewIBM())
	c.Programming.Method = crossbar.OpenLoop
	if _, err := NewCrossbarTile(2, 2, c, noise.Key{}); err == nil || !strings.Contains(err.Error(), `programming.method is "open-loop": device pcm-ibm has no pulses`) {
		t.Error(err)
	}
	c = quiet()
	c.Mapping.Scheme, c.Array.Cols = crossbar.Offset, 1
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "array.cols is 1: must be at least 2") {
		t.Error(err)
	}
	c = quiet()
	c.Programming.Repair, c.Mapping.Scheme = 0.1, crossbar.Offset
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "programming.repair is 0.1") {
		t.Error(err)
	}
}

// TestReproducibleEverything checks that outputs with all errors of converters are the same bits for any number of processors
// and any division into calls.
func TestReproducibleEverything(t *testing.T) {
	const outputs, inputs, n = 20, 30, 50
	c := NewConfig(pcm.NewIBM())
	c.Array.Rows, c.Array.Cols = 13, 9
	c.Mapping = crossbar.Mapping{Scheme: crossbar.Offset, Copies: 2, Slices: 2, SliceBits: 3}
	c.Noise.Thermal = true
	v := &c.Converters
	v.DACKind, v.DACBits, v.DACNoise, v.DACGain = crossbar.BitSerial, 6, 0.01, 0.01
	v.ADCKind, v.ADCBits, v.ADCSigmas, v.Bounds = crossbar.SARADC, 8, 1, crossbar.Iterative
	v.ADCNoise, v.ADCOffset, v.ADCGain, v.ADCINL, v.ADCMismatch = 1e-8, 1, 0.01, 0.5, 0.01
	c.Compensation.Kind = Affine
	w, x := normals(outputs*inputs, 191), normals(n*inputs, 192)
	run := func(procs int, cuts ...int) (y []float64) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		tile := newTile(t, outputs, inputs, c, w, 1)
		if err := tile.Advance(1e5, noise.Key{}); err != nil {
			t.Fatal(err)
		}
		for i := range len(cuts) - 1 {
			part, r := mvm(t, tile, x[cuts[i]*inputs:cuts[i+1]*inputs], cuts[i], noise.NewKey(3))
			if i == 0 && cuts[1] > 20 && r.Repeats == 0 {
				t.Error("nothing is repeated")
			}
			y = append(y, part...)
		}
		return y
	}
	want := run(1, 0, n)
	for _, got := range [][]float64{run(4, 0, n), run(2, 0, 7, 8, 40, n)} {
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("output %d is %g, was %g", i, got[i], want[i])
			}
		}
	}
}
