package aimc

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"mho/crossbar"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

var ctx = context.Background()

// quiet is a configuration without any error.
func quiet() Config {
	c := NewConfig(pcm.NewIBM())
	c.Noise.Programming, c.Noise.Drift, c.Noise.Read = false, false, false
	return c
}

func newTile(t testing.TB, outputs, inputs int, c Config, w []float64, seed uint64) *CrossbarTile {
	t.Helper()
	tile, err := NewCrossbarTile(outputs, inputs, c, noise.NewKey(seed))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tile.Program(w, noise.NewKey(seed)); err != nil {
		t.Fatal(err)
	}
	return tile
}

func mvm(t testing.TB, tile Tile, x []float64, first int, key noise.Key) ([]float64, Readout) {
	t.Helper()
	outputs, inputs := tile.Dims()
	y := make([]float64, len(x)/inputs*outputs)
	r, err := tile.MVM(ctx, y, x, first, key)
	if err != nil {
		t.Fatal(err)
	}
	return y, r
}

// normals and uniforms return keyed test data.
func normals(n int, seed uint64) []float64 {
	x := make([]float64, n)
	noise.NewKey(seed).Domain(noise.Data).Normal(x, noise.At{})
	return x
}

func uniforms(n int, seed uint64) []float64 {
	x := make([]float64, n)
	noise.NewKey(seed).Domain(noise.Data).Uniform(x, noise.At{})
	for i := range x {
		x[i] = 2*x[i] - 1
	}
	return x
}

// exact returns X W^T.
func exact(x, w []float64, outputs, inputs int) []float64 {
	n := len(x) / inputs
	y := make([]float64, n*outputs)
	for k := range n {
		for o := range outputs {
			for i := range inputs {
				y[k*outputs+o] += x[k*inputs+i] * w[o*inputs+i]
			}
		}
	}
	return y
}

func worst(got, want []float64) float64 {
	var d, top float64
	for i := range want {
		d, top = max(d, math.Abs(got[i]-want[i])), max(top, math.Abs(want[i]))
	}
	return d / top
}

// TestIdeal checks that a tile without errors multiplies exactly, whole or cut
// into arrays, with inputs scaled per vector or by a fixed range.
func TestIdeal(t *testing.T) {
	const outputs, inputs, n = 37, 53, 21
	w, x := normals(outputs*inputs, 1), normals(n*inputs, 2)
	want := exact(x, w, outputs, inputs)
	var most float64
	for _, size := range [][2]int{{512, 512}, {53, 37}, {20, 10}, {1, 1}} {
		for _, inputRange := range []float64{0, 10} {
			c := quiet()
			c.Array.Rows, c.Array.Cols = size[0], size[1]
			c.Converters.InputRange = inputRange
			tile := newTile(t, outputs, inputs, c, w, 1)
			y, r := mvm(t, tile, x, 0, noise.NewKey(1))
			most = max(most, worst(y, want))
			parts := ((inputs-1)/size[0] + 1) * ((outputs-1)/size[1] + 1)
			if tile.Arrays() != 2*parts || r.Vectors != n || r.InputsClipped != 0 || r.OutputsClipped != 0 || r.Conversions != n*outputs*((inputs-1)/size[0]+1) {
				t.Errorf("%v: %d arrays, %+v", size, tile.Arrays(), r)
			}
			back := make([]float64, len(w))
			if err := tile.EffectiveWeights(ctx, back); err != nil || worst(back, w) > 1e-14 {
				t.Errorf("%v: weights differ by %g, %v", size, worst(back, w), err)
			}
		}
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of a tile without errors", Kind: claims.ClosedForm, Source: "Y = X Wᵀ, 37 x 53, cut into 1 to 1961 parts",
		Got: most, Tol: 1e-12, Absolute: true, Why: "rounding of sums over 53 inputs"})
	zero := newTile(t, 3, 4, quiet(), make([]float64, 12), 1)
	for _, v := range [][]float64{{1, 2, 3, 4}, {0, 0, 0, 0}} {
		if y, _ := mvm(t, zero, v, 0, noise.NewKey(1)); y[0] != 0 || y[1] != 0 || y[2] != 0 {
			t.Errorf("matrix of zeros times %v: %v", v, y)
		}
	}
	noisy := newTile(t, 3, 4, NewConfig(pcm.NewIBM()), normals(12, 1), 1)
	if y, _ := mvm(t, noisy, make([]float64, 4), 0, noise.NewKey(1)); y[0] != 0 || y[1] != 0 || y[2] != 0 {
		t.Errorf("vector of zeros: %v", y)
	}
}

// TestQuantization compares the errors of quantised inputs and outputs with
// LSB²/12 of each.
func TestQuantization(t *testing.T) {
	const outputs, inputs, n = 64, 96, 400
	w, x := uniforms(outputs*inputs, 3), uniforms(n*inputs, 4)
	want := exact(x, w, outputs, inputs)
	meanSquare := func(c Config) float64 {
		y, r := mvm(t, newTile(t, outputs, inputs, c, w, 1), x, 0, noise.NewKey(1))
		if r.InputsClipped != 0 || r.OutputsClipped != 0 {
			t.Fatalf("clipped: %+v", r)
		}
		var s float64
		for i := range y {
			s += (y[i] - want[i]) * (y[i] - want[i])
		}
		return s / float64(len(y))
	}
	c := quiet()
	c.Converters.InputRange, c.Converters.DACBits = 1, 6
	var weight, largest float64 // mean Σ w² of an output, largest |w|
	for _, a := range w {
		weight += a * a / outputs
		largest = max(largest, math.Abs(a))
	}
	claims.Check(t, claims.Claim{Name: "mean square error of outputs with 6-bit inputs", Kind: claims.ClosedForm, Source: "Σ w² LSB²/12, LSB = 1/31",
		Want: weight / 31 / 31 / 12, Got: meanSquare(c), Tol: 0.04, Why: "400 x 96 input errors, shared by 64 outputs: 4.5 standard errors as of 2 x 400 x 96/3 independent values"})
	for _, parts := range []int{1, 3} {
		c = quiet()
		c.Array.Rows = inputs / parts
		c.Converters.InputRange, c.Converters.ADCBits, c.Converters.ADCRange, c.Converters.ADCLimit = 1, 9, crossbar.Fixed, 150e-6
		// The current of weight |w|max at 0.2 V is 5 µA.
		lsb := 150e-6 / 255 / 5e-6 * largest
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("mean square error of outputs of %d arrays with 9-bit converters", parts), Kind: claims.ClosedForm, Source: "arrays times LSB²/12",
			Want: float64(parts) * lsb * lsb / 12, Got: meanSquare(c), Tol: 0.025, Why: "4.5 standard errors of 25600 outputs: sqrt(4/5)/160 relative each"})
	}
	c = quiet()
	c.Converters.InputRange = 0.5
	y, r := mvm(t, newTile(t, 1, 2, c, []float64{1, 1}, 1), []float64{0.25, 0.25, 0.75, -0.25}, 0, noise.NewKey(1))
	if r.InputsClipped != 1 || math.Abs(y[0]-0.5) > 1e-15 || math.Abs(y[1]-0.25) > 1e-15 {
		t.Errorf("clipped input: %v, %+v", y, r)
	}
	c.Converters.ADCBits, c.Converters.ADCRange, c.Converters.ADCLimit = 8, crossbar.Fixed, 5e-6
	y, r = mvm(t, newTile(t, 1, 2, c, []float64{1, 1}, 1), []float64{0.5, 0.5, -0.5, -0.5, 0.5, -0.5}, 0, noise.NewKey(1))
	if r.OutputsClipped != 2 || math.Abs(y[0]-0.5) > 1e-15 || math.Abs(y[1]+0.5) > 1e-15 || y[2] != 0 {
		t.Errorf("clipped output: %v, %+v", y, r)
	}
}

// TestProgrammingError compares the error of effective weights of 0.5 of 1 with the
// law: one device at 12.5 µS, the other at 0, where programming clamps it.
func TestProgrammingError(t *testing.T) {
	const side = 256
	w := make([]float64, side*side)
	for i := range w {
		w[i] = 0.5
	}
	w[0] = 1
	tile := newTile(t, side, side, NewConfig(pcm.NewIBM()), w, 5)
	if err := tile.Advance(tile.Reference(), noise.Key{}); err != nil {
		t.Fatal(err)
	}
	got := make([]float64, len(w))
	if err := tile.EffectiveWeights(ctx, got); err != nil {
		t.Fatal(err)
	}
	var mean, square float64
	n := float64(len(w) - 1)
	for _, a := range got[1:] {
		mean += (a - 0.5) / n
	}
	for _, a := range got[1:] {
		square += (a - 0.5 - mean) * (a - 0.5 - mean) / n
	}
	const high, low = (.26348 + 1.9650*.5 - 1.1731*.25) / 25, .26348 / 25 // σ_P in units of w
	variance := high*high + low*low*(0.5-1/(2*math.Pi))
	c := claims.Claim{Kind: claims.ClosedForm, Source: "σ(12.5 µS)² + σ(0)²(1/2 - 1/2π), mean -σ(0)/√2π, over 25 µS"}
	c.Name, c.Want, c.Got, c.Tol, c.Why = "mean square programming error of a weight of one half", variance, square, 0.025, "4.5 standard errors of 65535 weights"
	claims.Check(t, c)
	c.Name, c.Want, c.Got, c.Tol, c.Absolute = "mean programming error of a weight of one half", -low/math.Sqrt(2*math.Pi), mean, 7e-4, true
	claims.Check(t, c)
}

// TestDrift compares outputs at later times with the power law of devices that
// all have one exponent.
func TestDrift(t *testing.T) {
	m := pcm.NewIBM()
	m.NuMeanMin, m.NuMeanMax, m.NuStdMin, m.NuStdMax = 0.06, 0.06, 0, 0
	c := NewConfig(m)
	c.Noise.Programming, c.Noise.Read = false, false
	w, x := normals(20*30, 6), normals(5*30, 7)
	tile := newTile(t, 20, 30, c, w, 1)
	want := exact(x, w, 20, 30)
	top := math.Abs(slices.MaxFunc(want, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) }))
	for _, age := range []float64{0, 20, 3600, 1e7} {
		if err := tile.Advance(age-tile.Age(), noise.Key{}); err != nil {
			t.Fatal(err)
		}
		y, _ := mvm(t, tile, x, 0, noise.NewKey(1))
		f := 1.0
		if age > 20 {
			f = math.Pow(age/20, -0.06)
		}
		for i := range y {
			if math.Abs(y[i]-f*want[i]) > 1e-12*top {
				t.Fatalf("age %g s: output %d is %g, want %g", age, i, y[i], f*want[i])
			}
		}
		if age == 1e7 {
			claims.Check(t, claims.Claim{Name: "factor on outputs after 1e7 s of drift with exponent 0.06", Kind: claims.ClosedForm, Source: "(t/t0)^-ν, t0 = 20 s",
				Want: f, Got: y[0] / want[0], Tol: 1e-11, Why: "rounding of a sum with cancellation"})
		}
	}
}

// TestReproducible checks that outputs are the same bits for any number of
// processors and any division of an evaluation into calls, and that evaluations
// differ.
func TestReproducible(t *testing.T) {
	for _, precision := range []string{Double, Single} {
		t.Run(precision, func(t *testing.T) { reproducible(t, precision) })
	}
}

func reproducible(t *testing.T, precision string) {
	const outputs, inputs, n = 45, 60, 50
	c := NewConfig(pcm.NewIBM())
	c.Array.Rows, c.Array.Cols = 25, 30
	c.Array.Wires = crossbar.Wires{RWord: 2, RBit: 3}
	c.Array.Precision, c.Noise.Thermal, c.Noise.Shot = precision, true, 0.5
	c.Converters.DACBits, c.Converters.ADCBits = 8, 8
	w, x := normals(outputs*inputs, 8), normals(n*inputs, 9)
	run := func(procs int, cuts []int, key noise.Key) []float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		tile := newTile(t, outputs, inputs, c, w, 1)
		if err := tile.Advance(1e5, noise.Key{}); err != nil {
			t.Fatal(err)
		}
		var y []float64
		for i := range len(cuts) - 1 {
			part, _ := mvm(t, tile, x[cuts[i]*inputs:cuts[i+1]*inputs], cuts[i], key)
			y = append(y, part...)
		}
		return y
	}
	key := noise.NewKey(3)
	want := run(1, []int{0, n}, key)
	for _, procs := range []int{1, 2, 8} {
		for _, cuts := range [][]int{{0, n}, {0, 1, 2, 11, n}, {0, 33, n}} {
			for i, y := range run(procs, cuts, key) {
				if y != want[i] {
					t.Fatalf("%d processors, calls %v: output %d is %g, was %g", procs, cuts, i, y, want[i])
				}
			}
		}
	}
	same := 0
	for i, y := range run(2, []int{0, n}, noise.NewKey(4)) {
		if y == want[i] {
			same++
		}
	}
	if same > len(want)/20 { // 8-bit outputs coincide now and then
		t.Errorf("%d of %d outputs are the same in another evaluation", same, len(want))
	}
}

func TestRefuses(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"device: missing":                         func(c *Config) { c.Device = nil },
		"device.g_max is 0S":                      func(c *Config) { c.Device.(*pcm.IBM).GMax = 0 },
		"array.rows and array.cols are 0 and 512": func(c *Config) { c.Array.Rows = 0 },
		"array.r_bit is -1 ohm":                   func(c *Config) { c.Array.RBit = -1 },
		"mapping.scheme":                          func(c *Config) { c.Mapping.Scheme = "x" },
		"converters.dac.bits is 1":                func(c *Config) { c.Converters.DACBits = 1 },
		"noise.window is NaN s: must be >= 0 s":   func(c *Config) { c.Noise.Window = math.NaN() },
		"noise.shot is 2: must be from 0 to 1":    func(c *Config) { c.Noise.Shot = 2 },
		"array.precision is \"half\"":             func(c *Config) { c.Array.Precision = "half" },
	} {
		c := NewConfig(pcm.NewIBM())
		change(&c)
		if _, err := NewCrossbarTile(2, 2, c, noise.Key{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := NewCrossbarTile(0, 2, quiet(), noise.Key{}); err == nil || !strings.Contains(err.Error(), "tile of 0 outputs x 2 inputs") {
		t.Error(err)
	}
	tile, err := NewCrossbarTile(2, 3, quiet(), noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float64, 2)
	if _, err := tile.MVM(ctx, y, []float64{1, 2, 3}, 0, noise.Key{}); err == nil {
		t.Error("a tile that is not programmed multiplies")
	}
	if err := tile.EffectiveWeights(ctx, make([]float64, 6)); err == nil {
		t.Error("a tile that is not programmed has weights")
	}
	if _, err := tile.Program([]float64{1, 2, 3, 4, math.Inf(-1), 6}, noise.Key{}); err == nil || err.Error() != "weight of output 1, input 1 is -Inf: must be finite" {
		t.Error(err)
	}
	if _, err := tile.Program([]float64{1, 2, 3, 4, 5, 6}, noise.Key{}); err != nil {
		t.Error(err)
	}
	if _, err := tile.MVM(ctx, make([]float64, 4), []float64{1, 2, 3, 4, math.NaN(), 6}, 0, noise.Key{}); err == nil || err.Error() != "input 1 of vector 1 is NaN: must be finite" {
		t.Error(err)
	}
	if _, err := tile.MVM(ctx, y, []float64{math.MaxFloat64, math.MaxFloat64, math.MaxFloat64}, 0, noise.Key{}); err == nil || !strings.Contains(err.Error(), "not finite") {
		t.Error(err)
	}
	if err := tile.Advance(-1, noise.Key{}); err == nil || err.Error() != "time step is -1 s: must be >= 0 s" {
		t.Error(err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := tile.MVM(done, y, []float64{1, 2, 3}, 0, noise.Key{}); err == nil {
		t.Error("a cancelled evaluation succeeds")
	}
}
