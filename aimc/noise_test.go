package aimc

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"mho/crossbar"
	"mho/device"
	"mho/device/pcm"
	"mho/internal/claims"
	"mho/noise"
)

// readOnly is a configuration whose only error is read noise.
func readOnly() Config {
	c := quiet()
	c.Noise.Read = true
	return c
}

// deviations returns the slow and fast standard deviations of a tile's only pair of
// arrays and their mean conductances.
func deviations(tile *CrossbarTile) (g, slow, fast [2][]float64) {
	b := tile.blocks[0]
	n := b.inputs * b.outputs
	for s, a := range b.slices[0].arrays {
		p := a.cells
		g[s], slow[s], fast[s] = make([]float64, n), make([]float64, n), make([]float64, n)
		p.Transfer(g[s], 0, tile.config.Env)
		p.(device.NoisyReader).ReadNoise(slow[s], fast[s], tile.config.Noise.Window, tile.config.Env)
	}
	return
}

// TestFastNoise compares the variance of outputs within an evaluation with the
// sum over devices, and with devices drawn one by one.
func TestFastNoise(t *testing.T) {
	const outputs, inputs, n = 3, 16, 20000
	c := readOnly()
	c.Noise.Window = 1
	c.Device.(*pcm.IBM).ReadNoiseScale = 0.25
	w, one := normals(outputs*inputs, 20), normals(inputs, 21)
	tile := newTile(t, outputs, inputs, c, w, 1)
	if err := tile.Advance(86400, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	x := make([]float64, n*inputs)
	for k := range n {
		copy(x[k*inputs:], one)
	}
	y, _ := mvm(t, tile, x, 0, noise.NewKey(22))
	g, slow, fast := deviations(tile)
	per := tile.code.PerSiemens(0)
	for o := range outputs {
		var folded, drawn []float64
		var law, most float64
		z := make([]float64, 2*inputs)
		for i := range inputs {
			for s := range 2 {
				sd := one[i] * per * fast[s][i*outputs+o]
				law += sd * sd
				if x := g[s][i*outputs+o]; x > 0 {
					most = max(most, slow[s][i*outputs+o]/x)
				}
			}
		}
		if !(most < 0.2) {
			t.Fatalf("slow noise of %g: the clamp at 0 would count", most)
		}
		for k := range n {
			folded = append(folded, y[k*outputs+o])
			noise.NewKey(23).Normal(z, noise.At{Row: uint32(o), Event: uint64(k)})
			var sum float64
			for i := range inputs {
				sum += one[i] * per * (fast[0][i*outputs+o]*z[2*i] - fast[1][i*outputs+o]*z[2*i+1])
			}
			drawn = append(drawn, sum)
		}
		a, b := variance(folded), variance(drawn)
		se := math.Sqrt(2.0 / n)
		if math.Abs(a/law-1) > 4.5*se || math.Abs(b/law-1) > 4.5*se || math.Abs(a/b-1) > 4.5*math.Sqrt2*se {
			t.Errorf("output %d: variance %g folded, %g drawn, %g by the law", o, a, b, law)
		}
		if o == 0 {
			cl := claims.Claim{Kind: claims.ClosedForm, Name: "variance of an output by fast read noise, one draw per output", Source: "Σ x² (s+² + s-²) over 16 pairs", Want: law, Got: a, Tol: 4.5 * se, Why: "4.5 standard errors of 20000 outputs"}
			claims.Check(t, cl)
		}
	}
}

// TestSlowNoise checks that slow noise is the same for all vectors of an
// evaluation, and that over evaluations the total is the law's.
func TestSlowNoise(t *testing.T) {
	const outputs, inputs, n = 40, 16, 500
	c := readOnly()
	c.Noise.Window = 0 // all of it is slow
	w, one := normals(outputs*inputs, 30), normals(inputs, 31)
	tile := newTile(t, outputs, inputs, c, w, 1)
	if err := tile.Advance(3600, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	two := append(append([]float64{}, one...), one...)
	spread := func() (sum float64) {
		mean := exact(one, w, outputs, inputs)
		for e := range n {
			y, _ := mvm(t, tile, two, 0, noise.NewKey(32).Fold(uint64(e)))
			for o := range outputs {
				if y[o] != y[outputs+o] && tile.config.Noise.Window == 0 {
					t.Fatalf("evaluation %d, output %d: %g and %g for the same vector", e, o, y[o], y[outputs+o])
				}
				sum += (y[o] - mean[o]) * (y[o] - mean[o]) / n / outputs
			}
		}
		return
	}
	_, slow, _ := deviations(tile)
	per := tile.code.PerSiemens(0)
	var law float64
	for i := range inputs {
		for o := range outputs {
			for s := range 2 {
				sd := one[i] * per * slow[s][i*outputs+o]
				law += sd * sd / outputs
			}
		}
	}
	cl := claims.Claim{Kind: claims.ClosedForm, Source: "mean over 40 outputs of Σ x² Q² G² ln((t + t_r)/(2 t_r))", Want: law, Tol: 0.07, Why: "4.5 standard errors of 500 x 40 outputs of unequal variance; a clamp at 0 is beyond 5 standard deviations"}
	cl.Name, cl.Got = "variance of outputs over evaluations, all read noise slow", spread()
	claims.Check(t, cl)
	tile.config.Noise.Window, tile.evaluation.valid = 1e-3, false
	cl.Name, cl.Got = "variance of outputs over evaluations, read noise divided at 1 ms", spread()
	claims.Check(t, cl)
}

func variance(x []float64) (v float64) {
	var mean float64
	for _, a := range x {
		mean += a / float64(len(x))
	}
	for _, a := range x {
		v += (a - mean) * (a - mean) / float64(len(x))
	}
	return v
}

// eliminate returns the output currents of one array by Gaussian elimination over
// all nodes of the circuit of package crossbar, single-sided.
func eliminate(g []float64, rows, cols int, w crossbar.Wires, v []float64) []float64 {
	n := rows * cols
	y, b := mat.NewDense(2*n, 2*n, nil), mat.NewVecDense(2*n, nil)
	add := func(p, q int, s float64) {
		y.Set(p, p, y.At(p, p)+s)
		y.Set(q, q, y.At(q, q)+s)
		y.Set(p, q, y.At(p, q)-s)
		y.Set(q, p, y.At(q, p)-s)
	}
	drive, sense := 1/(w.RDriver+w.RWord), 1/(w.RSense+w.RBit)
	for i := range rows {
		for j := range cols {
			k := i*cols + j
			add(k, n+k, g[k])
			if j > 0 {
				add(k-1, k, 1/w.RWord)
			} else {
				y.Set(k, k, y.At(k, k)+drive)
				b.SetVec(k, b.AtVec(k)+drive*v[i])
			}
			if i > 0 {
				add(n+k-cols, n+k, 1/w.RBit)
			}
			if i == rows-1 {
				y.Set(n+k, n+k, y.At(n+k, n+k)+sense)
			}
		}
	}
	var x mat.VecDense
	if err := x.SolveVec(y, b); err != nil {
		panic(err)
	}
	out := make([]float64, cols)
	for j := range out {
		out[j] = sense * x.AtVec(n+(rows-1)*cols+j)
	}
	return out
}

// TestWires compares a tile with wires with elimination over the nodes of both
// arrays.
func TestWires(t *testing.T) {
	var most, effect float64
	for k, shape := range [][2]int{{6, 9}, {9, 6}} {
		outputs, inputs := shape[0], shape[1]
		c := quiet()
		c.Array.Wires = crossbar.Wires{RWord: 150, RBit: 210, RDriver: 320, RSense: 410}
		w, x := normals(outputs*inputs, 40+uint64(k)), normals(4*inputs, 41)
		tile := newTile(t, outputs, inputs, c, w, 1)
		y, r := mvm(t, tile, x, 0, noise.NewKey(1))
		if !(r.WireBound > 0 && r.WireBound <= 1e-10) {
			t.Errorf("bound %g on the transfer matrix", r.WireBound)
		}
		back := make([]float64, len(w))
		if err := tile.EffectiveWeights(ctx, back); err != nil {
			t.Fatal(err)
		}
		g, _, _ := deviations(tile)
		want := make([]float64, 4*outputs)
		for n := range 4 {
			in := x[n*inputs:][:inputs]
			plus := eliminate(g[0], inputs, outputs, c.Array.Wires, in)
			minus := eliminate(g[1], inputs, outputs, c.Array.Wires, in)
			for o := range outputs {
				want[n*outputs+o] = (plus[o] - minus[o]) * tile.code.PerSiemens(0)
			}
		}
		most = max(most, worst(y, want), worst(exact(x, back, outputs, inputs), want))
		effect = max(effect, worst(exact(x, w, outputs, inputs), want))
	}
	if effect < 0.01 {
		t.Errorf("wires change the outputs by %g only: the test has no power", effect)
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of a tile with wires", Kind: claims.IndependentSolver, Source: "Gaussian elimination over all nodes of both arrays (gonum mat.SolveVec), 6 x 9 and 9 x 6",
		Got: most, Tol: 1e-9, Absolute: true, Why: "1e-10 of the largest current of an array, of which the difference of two is taken"})
}

// TestFastNoiseThroughWires compares the folded variance with arrays solved for
// every draw of their devices.
func TestFastNoiseThroughWires(t *testing.T) {
	const outputs, inputs, n = 6, 8, 3000
	c := readOnly()
	c.Noise.Window = 1e9 // all of it is fast
	c.Device.(*pcm.IBM).ReadNoiseScale = 0.2
	c.Array.Wires = crossbar.Wires{RWord: 40, RBit: 40}
	w, one := normals(outputs*inputs, 50), normals(inputs, 51)
	tile := newTile(t, outputs, inputs, c, w, 1)
	if err := tile.Advance(3600, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	if err := tile.realise(ctx, noise.NewKey(52)); err != nil {
		t.Fatal(err)
	}
	g, _, fast := deviations(tile)
	want := make([]float64, outputs)
	out := make([][]float64, outputs)
	z := make([]float64, 2*inputs*outputs)
	op := &tile.evaluation.operator
	var mean float64
	for _, x := range one {
		mean += x / inputs
	}
	for i, x := range one {
		for o := range outputs {
			want[o] += (x-mean)*(x-mean)*op.Square[i*outputs+o] + 2*mean*(x-mean)*op.Mixed[i*outputs+o]
		}
	}
	for o, c := range op.Common {
		want[o] += mean * mean * c
	}
	for k := range n {
		noise.NewKey(53).Normal(z, noise.At{Event: uint64(k)})
		current := make([]float64, outputs)
		for s := range 2 {
			a := crossbar.Array{Rows: inputs, Cols: outputs, G: make([]float64, inputs*outputs), Wires: c.Array.Wires}
			for i := range a.G {
				a.G[i] = max(0, g[s][i]+fast[s][i]*z[s*inputs*outputs+i])
			}
			sol, err := a.Solve(ctx, one, &crossbar.Settings{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			for o, x := range sol.I {
				current[o] += x * float64(1-2*s)
			}
		}
		for o, x := range current {
			out[o] = append(out[o], x)
		}
	}
	var ratio float64
	for o := range outputs {
		ratio += variance(out[o]) / want[o] / outputs
	}
	claims.Check(t, claims.Claim{Name: "variance by fast read noise through wires, folded to leading order", Kind: claims.IndependentSolver, Source: "3000 draws of all devices, each solved with wires of 40 Ω; mean of the ratio over 6 outputs",
		Want: 1, Got: ratio, Tol: 0.06, Why: "4.5 standard errors of 3000 draws of 6 outputs (0.047), and the next order in the 1 % that wires take"})
}

// TestReadNoiseMatters guards the tests above against a tile that draws nothing.
func TestReadNoiseMatters(t *testing.T) {
	c := NewConfig(pcm.NewIBM())
	w, x := normals(100, 60), normals(10, 61)
	tile := newTile(t, 10, 10, c, w, 1)
	if err := tile.Advance(20, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	a, _ := mvm(t, tile, x, 0, noise.NewKey(62))
	b, _ := mvm(t, tile, x, 1, noise.NewKey(62))
	d, _ := mvm(t, tile, x, 0, noise.NewKey(63))
	within, between := worst(a, b), worst(a, d)
	if !(within > 0 && between > 0) {
		t.Errorf("outputs differ by %g within an evaluation, by %g between", within, between)
	}
}
