package crossbar

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"mho/internal/claims"
	"mho/noise"
)

// TestVariance compares with sums over devices of squares of differences of eliminated
// transfer matrices.
func TestVariance(t *testing.T) {
	var worst float64
	for k, w := range wiresOfAllKinds {
		const rows, cols, inputs = 5, 11, 3
		a, v := random(rows, cols, inputs, w, uint64(k))
		s2, want := make([]float64, rows*cols), make([]float64, inputs*cols)
		for e, g := range a.G {
			s2[e] = g * g * (1 + math.Sin(float64(e))) * 1e-4
			h := 1e-3 * g
			var t2 [2][]float64
			for s, sign := range []float64{-1, 1} {
				b := *a
				b.G = slices.Clone(a.G)
				b.G[e] += sign * h
				t2[s] = make([]float64, rows*cols)
				if err := b.merge(ctx, t2[s], &Settings{}); err != nil {
					t.Fatal(err)
				}
			}
			for n := range inputs {
				for j := range cols {
					var d float64
					for i := range rows {
						d += v[n*rows+i] * (t2[1][i*cols+j] - t2[0][i*cols+j]) / (2 * h)
					}
					want[n*cols+j] += d * d * s2[e]
				}
			}
		}
		got, err := a.Variance(ctx, nil, v, s2, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range want {
			worst = max(worst, math.Abs(got[i]/x-1))
		}
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of the variance of an output through wires, by the adjoint", Kind: claims.IndependentSolver, Source: "Σ (ΔI/ΔG)² s² by differences of eliminated transfer matrices, 5 x 11, eight kinds of wires",
		Got: worst, Tol: 1e-4, Absolute: true, Why: "differences of second order at steps of 0.1 %: 1e-6 each; outputs that cancel lose digits"})
	a, v := random(2, 3, 1, Wires{RWord: 1}, 1)
	if _, err := a.Variance(ctx, nil, v, []float64{1, 2, 3, 4, -5, 6}, nil); err == nil || !strings.Contains(err.Error(), "row 1, column 1 is -5 S²") {
		t.Error(err)
	}
}

// folded returns the variances of the outputs by devices, as an Operator has them.
func (o *Operator) folded(v []float64) []float64 {
	out := slices.Clone(o.Common)
	var mean float64
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for j := range out {
		out[j] *= mean * mean
		for i, x := range v {
			d := x - mean
			out[j] += d*d*o.Square[i*o.Cols+j] + 2*mean*d*o.Mixed[i*o.Cols+j]
		}
	}
	return out
}

// fold is a case of noise through wires.
type fold struct {
	*Array
	name   string
	v, s2  []float64
	inputs int
}

func newFold(n int, r float64, name string) *fold {
	f := &fold{Array: &Array{Rows: n, Cols: n, G: make([]float64, n*n), Wires: Wires{RWord: r, RBit: r}}, name: name, inputs: 4}
	noise.NewKey(1).Uniform(f.G, noise.At{})
	f.s2, f.v = make([]float64, n*n), make([]float64, f.inputs*n)
	for i := range f.G {
		f.G[i] *= 25e-6
		f.s2[i] = 4e-4 * f.G[i] * f.G[i]
	}
	noise.NewKey(2).Uniform(f.v, noise.At{})
	for i, x := range f.v {
		switch {
		case name == "of both signs":
			x = 2*x - 1
		case name == "of half the rows" && i%n >= n/2:
			x = 0
		case name == "equal":
			x = 1
		}
		f.v[i] = 0.2 * x
	}
	return f
}

// errors returns the root mean square errors of the standard deviations that an operator folds, and
// of those without wires, against first order exact in the wires.
func (f *fold) errors(t testing.TB) (operator, ideal float64) {
	want, err := f.Variance(ctx, nil, f.v, f.s2, nil)
	if err != nil {
		t.Fatal(err)
	}
	var o Operator
	o.Reset(f.Rows, f.Cols, WhiteNoise{})
	if _, err := o.Add(ctx, f.Array, f.s2, 1, nil); err != nil {
		t.Fatal(err)
	}
	for k := range f.inputs {
		v := f.v[k*f.Rows:][:f.Rows]
		for j, x := range o.folded(v) {
			var plain float64
			for i, u := range v {
				plain += u * u * f.s2[i*f.Cols+j]
			}
			e := math.Sqrt(x/want[k*f.Cols+j]) - 1
			operator += e * e
			e = math.Sqrt(plain/want[k*f.Cols+j]) - 1
			ideal += e * e
		}
	}
	n := float64(f.inputs * f.Cols)
	return math.Sqrt(operator / n), math.Sqrt(ideal / n)
}

var foldedInputs = []string{"positive", "of both signs", "of half the rows", "equal"}

// TestOperatorThroughWires measures the variances of an operator against the adjoint.
func TestOperatorThroughWires(t *testing.T) {
	for _, name := range foldedInputs {
		got, ideal := newFold(64, 1, name).errors(t)
		if ideal < 0.03 {
			t.Errorf("inputs %s: wires change the noise by %g only: the test has no power", name, ideal)
		}
		claims.Check(t, claims.Claim{Name: "error of standard deviations of outputs through 1 Ω wires, 64 x 64, inputs " + name, Kind: claims.IndependentSolver, Source: fmt.Sprintf("adjoint, exact in the wires, which change them by %.2g", ideal),
			Got: got, Tol: 0.1 * ideal, Absolute: true, Why: "a tenth of the effect of the wires, as the comment of Operator promises"})
	}
	// Lines with one kind of wire: exact but for other columns.
	for _, w := range []Wires{{RWord: 2}, {RBit: 2, RSense: 10}, {RDriver: 50}, {RWord: 1, RBit: 1, Topology: Double}} {
		f := newFold(24, 0, "positive")
		f.Wires = w
		got, ideal := f.errors(t)
		if !(got < 0.1*ideal) {
			t.Errorf("%+v: error %g, of %g by the wires", w, got, ideal)
		}
	}
}

// TestThermalThroughWires compares with Nyquist's theorem: the noise of an output is that of the
// conductance seen at its sense terminal, which is solved for.
func TestThermalThroughWires(t *testing.T) {
	f := newFold(48, 1, "positive")
	f.Wires.RDriver, f.Wires.RSense = 30, 20
	var o Operator
	w := WhiteNoise{Temperature: 300, Bandwidth: 1e6}
	o.Reset(f.Rows, f.Cols, w)
	if _, err := o.Add(ctx, f.Array, nil, 1, nil); err != nil {
		t.Fatal(err)
	}
	var worst, effect float64
	for j := range f.Cols {
		b := Bias{Bit: make([]float64, f.Cols)}
		b.Bit[j] = 1
		op, err := f.SolveBias(ctx, b, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := w.thermal() * -op.IBit[j]
		var g float64
		for i := range f.Rows {
			g += f.G[i*f.Cols+j]
		}
		worst, effect = max(worst, math.Abs(o.Thermal[j]/want-1)), max(effect, math.Abs(w.thermal()*g/want-1))
	}
	claims.Check(t, claims.Claim{Name: "largest relative error of the thermal noise of an output through wires, 48 x 48", Kind: claims.IndependentSolver, Source: fmt.Sprintf("4kT times the solved conductance at its terminal, which wires lower by up to %.2g", effect),
		Got: worst, Tol: effect*effect + 25e-6*(30+48), Absolute: true, Why: "second order in the share of the wires, and what a device of 25 µS loses in its own word line, 78 Ω"})
}

// redrawn returns the root mean square differences of standard deviations and of means of outputs of arrays solved
// for n draws of all devices from the folded ones, the latter in standard deviations.
func (f *fold) redrawn(t testing.TB, n int) (deviation, mean float64) {
	var o Operator
	o.Reset(f.Rows, f.Cols, WhiteNoise{})
	if _, err := o.Add(ctx, f.Array, f.s2, 1, nil); err != nil {
		t.Fatal(err)
	}
	outputs := f.inputs * f.Cols
	sum, square := make([]float64, outputs), make([]float64, outputs)
	center, err := f.Solve(ctx, f.v, nil)
	if err != nil {
		t.Fatal(err)
	}
	z := make([]float64, len(f.G))
	for k := range n {
		noise.NewKey(5).Normal(z, noise.At{Event: uint64(k)})
		b := *f.Array
		b.G = make([]float64, len(f.G))
		for i, g := range f.G {
			b.G[i] = g + math.Sqrt(f.s2[i])*z[i]
		}
		sol, err := b.Solve(ctx, f.v, &Settings{Tolerance: 1e-8})
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range sol.I {
			d := x - center.I[i]
			sum[i] += d
			square[i] += d * d
		}
	}
	for k := range f.inputs {
		for j, law := range o.folded(f.v[k*f.Rows:][:f.Rows]) {
			i := k*f.Cols + j
			m := sum[i] / float64(n)
			e := math.Log((square[i] - m*sum[i]) / float64(n-1) / law)
			deviation += e / 2 / float64(outputs) // the average: chance averages out
			mean += m * m / law / float64(outputs)
		}
	}
	return deviation, math.Sqrt(mean)
}

// TestRedrawn compares folded noise with arrays solved for every draw of their devices.
func TestRedrawn(t *testing.T) {
	const n = 400
	f := newFold(24, 8, "positive")
	_, ideal := f.errors(t)
	got, mean := f.redrawn(t, n)
	// ln of a sample variance has the mean -1/n and the variance 2/n; the four inputs of a column share its devices.
	se := math.Sqrt(1.0/(2*n)) / math.Sqrt(24)
	claims.Check(t, claims.Claim{Name: "mean logarithm of standard deviations through wires of 8 Ω, drawn over folded, 24 x 24", Kind: claims.IndependentSolver, Source: fmt.Sprintf("400 draws of all devices, each solved; wires change them by %.2g", ideal),
		Got: got + 0.5/n, Tol: 4.5*se + 0.1*ideal, Absolute: true, Why: "4.5 standard errors of 400 draws of 24 columns, and a tenth of the effect of the wires"})
	if mean > 2/math.Sqrt(n) {
		t.Errorf("the means differ by %g standard deviations", mean)
	}
}

// BenchmarkFolding makes the table of docs/tile.md: the error of folded standard deviations against the
// adjoint and that without wires, and, by the noise of the devices, the mean difference of drawn ones and
// of their means in units of them, in percent.
func BenchmarkFolding(b *testing.B) {
	for _, n := range []int{32, 64, 128} {
		for _, r := range []float64{0.3, 1, 3} {
			for _, name := range foldedInputs {
				b.Run(fmt.Sprintf("%d/%gohm/%s", n, r, name), func(b *testing.B) {
					var got, ideal float64
					for b.Loop() {
						got, ideal = newFold(n, r, name).errors(b)
					}
					b.ReportMetric(100*got, "%folded")
					b.ReportMetric(100*ideal, "%unwired")
				})
			}
		}
	}
	for _, share := range []float64{0.02, 0.05, 0.15} {
		b.Run(fmt.Sprintf("drawn/32/10ohm/noise=%g", share), func(b *testing.B) {
			f := newFold(32, 10, "positive")
			for i, g := range f.G {
				f.s2[i] = share * share * g * g
			}
			for b.Loop() {
				deviation, mean := f.redrawn(b, 4000)
				b.ReportMetric(100*deviation, "%drawn")
				b.ReportMetric(100*mean, "%mean")
			}
			_, ideal := f.errors(b)
			b.ReportMetric(100*ideal, "%unwired")
		})
	}
}

func TestOperatorRefuses(t *testing.T) {
	for _, w := range []Wires{{}, {RWord: 1, RBit: 1}} {
		for _, g := range []float64{-1, math.NaN(), math.Inf(1)} {
			var o Operator
			o.Reset(1, 2, WhiteNoise{})
			if _, err := o.Add(ctx, &Array{Rows: 1, Cols: 2, G: []float64{1, g}, Wires: w}, []float64{1, 1}, 1, nil); err == nil || !strings.Contains(err.Error(), "row 0, column 1") {
				t.Errorf("%+v, %g S: %v", w, g, err)
			}
		}
	}
}
