package aimc_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"mho/aimc"
	"mho/device"
	"mho/device/photonic"
	"mho/internal/claims"
	"mho/noise"
)

// optics makes a fresh model of each kind.
var optics = map[string]func() device.Model{
	"mzi-mesh":    func() device.Model { return photonic.NewMZIMesh() },
	"ring":        func() device.Model { return photonic.NewRing() },
	"optical-pcm": func() device.Model { return photonic.NewOpticalPCM() },
}

func normals(n int, seed uint64) []float64 {
	x := make([]float64, n)
	noise.NewKey(seed).Normal(x, noise.At{})
	return x
}

func opticalTile(t testing.TB, outputs, inputs int, c aimc.OpticalConfig, w []float64) *aimc.OpticalTile {
	t.Helper()
	tile, err := aimc.NewOpticalTile(outputs, inputs, c, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tile.Program(w, noise.NewKey(2)); err != nil {
		t.Fatal(err)
	}
	return tile
}

func opticalMVM(t testing.TB, tile *aimc.OpticalTile, outputs int, x []float64, n, first int) []float64 {
	t.Helper()
	y := make([]float64, n*outputs)
	if _, err := tile.MVM(context.Background(), y, x, first, noise.NewKey(3)); err != nil {
		t.Fatal(err)
	}
	return y
}

// TestOpticalIdeal holds tiles without noise against the sum written out, for any shape and cut.
func TestOpticalIdeal(t *testing.T) {
	for name, model := range optics {
		worst := 0.0
		for _, shape := range [][4]int{{1, 1, 256, 256}, {7, 5, 256, 256}, {5, 40, 256, 256}, {33, 20, 8, 8}} {
			outputs, inputs, n := shape[0], shape[1], 6
			c := aimc.NewOpticalConfig(model())
			c.Rows, c.Cols = shape[2], shape[3]
			c.Noise = aimc.OpticalNoise{}
			w, x := normals(outputs*inputs, 4), normals(n*inputs, 5)
			tile := opticalTile(t, outputs, inputs, c, w)
			if err := tile.Advance(10, noise.NewKey(6)); err != nil {
				t.Fatal(err)
			}
			y := opticalMVM(t, tile, outputs, x, n, 0)
			e := make([]float64, len(w))
			if err := tile.EffectiveWeights(context.Background(), e); err != nil {
				t.Fatal(err)
			}
			for i := range w {
				worst = max(worst, math.Abs(e[i]-w[i]))
			}
			for k := range n {
				for j := range outputs {
					sum := 0.0
					for i := range inputs {
						sum += x[k*inputs+i] * w[j*inputs+i]
					}
					worst = max(worst, math.Abs(y[k*outputs+j]-sum))
				}
			}
		}
		claims.Check(t, claims.Claim{Name: "largest error of products of an ideal tile, " + name, Kind: claims.ClosedForm, Source: "the sum written out",
			Want: 0, Got: worst, Tol: 1e-11, Absolute: true, Why: "rounding; weights and inputs are of order one"})
	}
}

// TestOpticalZero multiplies by zero matrices and zero vectors.
func TestOpticalZero(t *testing.T) {
	for name, model := range optics {
		c := aimc.NewOpticalConfig(model())
		c.Noise = aimc.OpticalNoise{}
		c.Converters.ADCBits, c.Converters.DACBits = 8, 8
		for _, y := range opticalMVM(t, opticalTile(t, 3, 4, c, make([]float64, 12)), 3, normals(8, 7), 2, 0) {
			if math.Abs(y) > 1e-13 {
				t.Errorf("%s: a product with zero weights is %g", name, y)
			}
		}
		for _, y := range opticalMVM(t, opticalTile(t, 3, 4, c, normals(12, 8)), 3, make([]float64, 8), 2, 0) {
			if y != 0 {
				t.Errorf("%s: a product with no input is %g", name, y)
			}
		}
	}
}

// TestOpticalNoise compares the noise of outputs with that of their photocurrents.
func TestOpticalNoise(t *testing.T) {
	const n, outputs, inputs = 20000, 4, 4
	const kT4, e2 = 4 * 1.380649e-23 * 300, 2 * 1.602176634e-19
	env := device.Env{Temperature: 300, Wavelength: 1550e-9, Bandwidth: 5e9}
	w := make([]float64, outputs*inputs)
	for i := range inputs {
		w[i*inputs+i] = 1 // the identity: output 1 is input 1
	}
	std := func(model device.Model, input float64) float64 {
		c := aimc.NewOpticalConfig(model)
		c.Env, c.Noise = env, aimc.OpticalNoise{Read: true}
		c.Converters.InputRange = 1
		tile := opticalTile(t, outputs, inputs, c, w)
		x := make([]float64, n*inputs)
		for k := range n {
			x[k*inputs+1] = input
		}
		y := opticalMVM(t, tile, outputs, x, n, 0)
		one := make([]float64, n)
		for k := range one {
			one[k] = y[k*outputs+1]
		}
		return stat.StdDev(one, nil)
	}
	why := "three standard errors and more, 1/sqrt(2n) each"
	mesh := photonic.NewMZIMesh()
	// A full input is a quarter of 1 mW; the oscillator 1 mW: I = 2 sqrt(P P_lo).
	current := 2 * math.Sqrt(1e-3*0.25e-3)
	variance := env.Bandwidth * (e2*(1e-3+0.25e-3*0.5*0.5+2e-9) + kT4/1e3)
	claims.Check(t, claims.Claim{Name: "noise of a coherent output at half input, 5 GHz", Kind: claims.ClosedForm, Source: "shot noise of oscillator and signal, dark current, 4kTB/R",
		Want: math.Sqrt(variance) / current, Got: std(mesh, 0.5), Tol: 0.015, Why: why})
	// An output of a 4 x 4 core gets 1/32 of 1 mW through each cell.
	pcm := photonic.NewOpticalPCM()
	lo, hi := pcm.Transmission(1, 1550e-9), pcm.Transmission(0, 1550e-9)
	full := 1e-3 / 32
	signal := full * 0.5 * (hi - lo)
	variance = env.Bandwidth * (e2*(full*0.5*(hi+lo)+2e-9) + kT4/1e3 + 1e-15*signal*signal)
	claims.Check(t, claims.Claim{Name: "noise of a tensor core's output at half input, 5 GHz", Kind: claims.ClosedForm, Source: "shot noise of both columns, dark current, 4kTB/R, RIN of the difference",
		Want: math.Sqrt(variance) / (full * (hi - lo)), Got: std(pcm, 0.5), Tol: 0.015, Why: why})
	// Intensity noise rules in a bright bank.
	ring := photonic.NewRing()
	ring.Receiver.RIN, ring.ChannelPower = -120, 10e-3
	claims.Check(t, claims.Claim{Name: "relative noise of a ring bank's output where the intensity noise rules", Kind: claims.ClosedForm, Source: "sqrt(10^(RIN/10) B)",
		Want: math.Sqrt(1e-12 * env.Bandwidth), Got: std(ring, 0.5) / 0.5, Tol: 0.015, Why: why})
}

// TestOpticalCalls gives the same bits however vectors are divided into calls, on any number of
// processors, and for another key others.
func TestOpticalCalls(t *testing.T) {
	const n, outputs, inputs = 300, 19, 21
	x := normals(n*inputs, 9)
	for name, model := range optics {
		c := aimc.NewOpticalConfig(model())
		c.Converters.ADCBits, c.Converters.DACBits = 8, 8
		tile := opticalTile(t, outputs, inputs, c, normals(outputs*inputs, 10))
		all := opticalMVM(t, tile, outputs, x, n, 0)
		var parts []float64
		for _, cut := range [][2]int{{0, 1}, {1, 17}, {17, 290}, {290, n}} {
			parts = append(parts, opticalMVM(t, tile, outputs, x[cut[0]*inputs:cut[1]*inputs], cut[1]-cut[0], cut[0])...)
		}
		if !slices.Equal(all, parts) {
			t.Errorf("%s: parts of an evaluation differ from the whole", name)
		}
		before := runtime.GOMAXPROCS(1)
		if !slices.Equal(all, opticalMVM(t, opticalTile(t, outputs, inputs, c, normals(outputs*inputs, 10)), outputs, x, n, 0)) {
			t.Errorf("%s: one processor gives other bits", name)
		}
		runtime.GOMAXPROCS(before)
	}
}

// TestOpticalDrift lets temperature and phases wander: products get worse.
func TestOpticalDrift(t *testing.T) {
	const outputs, inputs = 8, 8
	w := normals(outputs*inputs, 11)
	for _, name := range []string{"mzi-mesh", "ring"} {
		c := aimc.NewOpticalConfig(optics[name]())
		tile := opticalTile(t, outputs, inputs, c, w)
		var errors []float64
		for _, dt := range []float64{0, 1, 1e6} {
			if err := tile.Advance(dt, noise.NewKey(12)); err != nil {
				t.Fatal(err)
			}
			e, sum := make([]float64, len(w)), 0.0
			if err := tile.EffectiveWeights(context.Background(), e); err != nil {
				t.Fatal(err)
			}
			for i := range e {
				sum += (e[i] - w[i]) * (e[i] - w[i])
			}
			errors = append(errors, math.Sqrt(sum/float64(len(w))))
		}
		if !(errors[0] < 0.05 && errors[2] > 1.02*errors[0]) {
			t.Errorf("%s: errors %v", name, errors)
		}
	}
}

func TestOpticalRefuses(t *testing.T) {
	close := photonic.NewRing()
	close.Spacing = 0.1e-9
	wide := photonic.NewRing()
	wide.Spacing = 20e-9
	bad := aimc.NewOpticalConfig(photonic.NewMZIMesh())
	bad.Converters.ADCBits = 1
	for _, c := range []struct {
		config aimc.OpticalConfig
		say    string
	}{
		{aimc.NewOpticalConfig(nil), "must be a ring, mzi-mesh or optical-pcm"},
		{aimc.NewOpticalConfig(close), "must be above the linewidth"},
		{aimc.NewOpticalConfig(wide), "1 channels: must be from 1 to 0"},
		{bad, "converters.adc.bits is 1"},
	} {
		if _, err := aimc.NewOpticalTile(4, 4, c.config, noise.Key{}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("got %v, want %q", err, c.say)
		}
	}
	tile, err := aimc.NewOpticalTile(2, 2, aimc.NewOpticalConfig(photonic.NewRing()), noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float64, 2)
	if _, err := tile.MVM(context.Background(), y, []float64{1, 2}, 0, noise.Key{}); err == nil {
		t.Error("a tile without weights multiplies")
	}
	if _, err := tile.Program([]float64{1, 2, math.NaN(), 4}, noise.Key{}); err == nil || !strings.Contains(err.Error(), "weight of output 1, input 0 is NaN") {
		t.Errorf("NaN weight: %v", err)
	}
	if _, err := tile.Program([]float64{1, 2, 3, 4}, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	if _, err := tile.MVM(context.Background(), y, []float64{1, math.Inf(1)}, 0, noise.Key{}); err == nil || !strings.Contains(err.Error(), "input 1 of vector 0") {
		t.Errorf("infinite input: %v", err)
	}
	if err := tile.Advance(-1, noise.Key{}); err == nil {
		t.Error("time goes back")
	}
}

func ExampleOpticalTile() {
	mesh := photonic.NewMZIMesh()
	tile, err := aimc.NewOpticalTile(2, 2, aimc.NewOpticalConfig(mesh), noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := tile.Program([]float64{1, -2, 3, 4}, noise.NewKey(1)); err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float64, 2)
	if _, err := tile.MVM(context.Background(), y, []float64{1, 1}, 0, noise.NewKey(1)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %.1f\n", y[0], y[1])
	// Output: -1.0 7.0
}

func BenchmarkOpticalMVM(b *testing.B) {
	const n, size = 256, 256
	for name, model := range optics {
		b.Run(name, func(b *testing.B) {
			c := aimc.NewOpticalConfig(model())
			c.Rows, c.Cols = 256, 256
			tile := opticalTile(b, size, size, c, normals(size*size, 1))
			x, y := normals(n*size, 2), make([]float64, n*size)
			for b.Loop() {
				if _, err := tile.MVM(context.Background(), y, x, 0, noise.Key{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/vector")
		})
	}
}
