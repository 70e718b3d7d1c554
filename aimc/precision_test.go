package aimc

import (
	"math"
	"testing"

	"mho/crossbar"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

// TestPrecision compares tiles in float32 with the product of their weights, and with tiles in
// float64 that draw the same noise.
func TestPrecision(t *testing.T) {
	const outputs, inputs, n = 64, 1024, 30
	w, x := normals(outputs*inputs, 80), normals(n*inputs, 81)
	c := quiet()
	c.Array.Precision = Single
	ideal, _ := mvm(t, newTile(t, outputs, inputs, c, w, 1), x, 0, noise.NewKey(1))
	claims.Check(t, claims.Claim{Name: "largest relative error of a tile without errors in float32, 1024 inputs", Kind: claims.ClosedForm, Source: "Y = X Wᵀ in float64",
		Got: worst(ideal, exact(x, w, outputs, inputs)), Tol: 1e-6, Absolute: true, Why: "rounding of inputs, weights and sums of 512 to 2^-24"})

	c = NewConfig(pcm.NewIBM())
	c.Array.Rows, c.Array.Wires = 300, crossbar.Wires{RWord: 0.5, RBit: 0.5}
	c.Noise.Thermal, c.Noise.Shot = true, 1
	run := func(precision string) []float64 {
		c.Array.Precision = precision
		tile := newTile(t, outputs, inputs, c, w, 1)
		if err := tile.Advance(3600, noise.Key{}); err != nil {
			t.Fatal(err)
		}
		y, _ := mvm(t, tile, x, 0, noise.NewKey(1))
		return y
	}
	if e := worst(run(Single), run(Double)); !(e > 0 && e < 5e-6) {
		t.Errorf("noisy outputs in float32 differ from those in float64 by %g", e)
	}
}

// TestWhiteNoise compares the spread of a tile's outputs by thermal and shot noise with the laws.
func TestWhiteNoise(t *testing.T) {
	const outputs, inputs, n = 2, 20, 20000
	w, one := uniforms(outputs*inputs, 82), uniforms(inputs, 83)
	one[0] = 1 // the read voltage
	x := make([]float64, n*inputs)
	for k := range n {
		copy(x[k*inputs:], one)
	}
	for _, shot := range []float64{0, 1} {
		c := readOnly()
		c.Device = silent()
		c.Noise.Thermal, c.Noise.Shot = true, shot
		c.Env.Temperature, c.Env.Bandwidth = 350, 1e9
		tile := newTile(t, outputs, inputs, c, w, 1)
		y, _ := mvm(t, tile, x, 0, noise.NewKey(84))
		const k, q = 1.380649e-23, 1.602176634e-19
		var law float64
		g, _, _ := deviations(tile)
		for i, a := range one {
			v := 0.2 * math.Abs(a)
			s := 4 * k * 350 * 1e9
			if shot == 1 {
				s = 2 * q * v / math.Tanh(q*v/(2*k*350)) * 1e9
			}
			law += s * (g[0][i*outputs] + g[1][i*outputs])
		}
		per := tile.code.PerSiemens(0) / 0.2
		var first []float64
		for k := range n {
			first = append(first, y[k*outputs])
		}
		name := "variance of a tile's output by thermal noise"
		if shot == 1 {
			name = "variance of a tile's output by thermal and full shot noise"
		}
		claims.Check(t, claims.Claim{Name: name, Kind: claims.ClosedForm, Source: "Σ 4kT G B, or Σ 2qI coth(qV/2kT) B, over 20 pairs at 350 K and 1 GHz",
			Want: per * per * law, Got: variance(first), Tol: 4.5 * math.Sqrt(2.0/n), Why: "4.5 standard errors of 20000 outputs"})
	}
}
