package crossbar

import (
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/claims"
	"mho/internal/gemm"
	"mho/noise"
)

// TestFreeze compares the moments of clipped devices with integrals of the definition, and over many evaluations
// with those of one normal number that is clipped once.
func TestFreeze(t *testing.T) {
	var worst float64
	for _, s := range []float64{1e-7, 3e-6} {
		for a := -4.0; a < 10; a += 0.37 {
			var mean, variance [1]float64
			Freeze(mean[:], variance[:], []float64{a * s}, []float64{0}, []float64{s}, 1, noise.Key{})
			// The clipped distribution is 0 up to z = -a.
			moment := func(k float64) float64 {
				return quad.Fixed(func(z float64) float64 { return math.Pow(a+z, k) * distuv.UnitNormal.Prob(z) }, -a, max(-a, 0)+12, 400, quad.Legendre{}, 0)
			}
			m := moment(1)
			worst = max(worst, math.Abs(mean[0]/s-m), math.Abs(variance[0]/s/s-(moment(2)-m*m)))
		}
	}
	claims.Check(t, claims.Claim{Name: "largest error of mean and variance of a device clipped at 0, in units of its noise", Kind: claims.IndependentSolver, Source: "Gauss-Legendre quadrature of max(0, g + s N), gonum integrate/quad",
		Got: worst, Tol: 2e-9, Absolute: true, Why: "interpolation to 2e-10, times the mean of up to 10"})

	const n = 1 << 17
	g, slow, fast, mean, variance := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range g {
		g[i], slow[i], fast[i] = 1e-6, 0.8e-6, 0.6e-6
	}
	Freeze(mean, variance, g, slow, fast, 512, noise.NewKey(1))
	total := stat.Variance(mean, nil) + stat.Mean(variance, nil)
	law := noisy{g: 1e-6, s: 1e-6}
	wantMean, want := law.clip()
	se := 1e-6 * math.Sqrt(1.0/n)
	if got := stat.Mean(mean, nil); math.Abs(got-wantMean) > 4.5*se {
		t.Errorf("mean over evaluations %g, want %g", got, wantMean)
	}
	if math.Abs(total/want-1) > 4.5*math.Sqrt(3.0/n) {
		t.Errorf("variance over evaluations %g, want %g", total, want)
	}
	Freeze(g, fast, g, slow, fast, 512, noise.NewKey(1))
	for i := range g {
		if g[i] != mean[i] || fast[i] != variance[i] {
			t.Fatal("in place the results differ")
		}
	}
	Freeze(mean[:1], variance[:1], []float64{0}, []float64{0}, []float64{0}, 1, noise.Key{})
	if mean[0] != 0 || variance[0] != 0 {
		t.Errorf("an open device reads %g, %g", mean[0], variance[0])
	}
}

// pair are two arrays of devices with read noise, some of which is clipped if low is 0.
type pair struct {
	rows, cols int
	g          [2][]float64 // S
	fast       [2][]float64 // S
}

func newPair(rows, cols int, low float64) *pair {
	p := &pair{rows: rows, cols: cols}
	for s := range 2 {
		p.g[s], p.fast[s] = make([]float64, rows*cols), make([]float64, rows*cols)
		noise.NewKey(10).Fold(uint64(s)).Uniform(p.g[s], noise.At{})
		for i, u := range p.g[s] {
			p.g[s][i] = 20e-6 * (low + (1-low)*u)
			p.fast[s][i] = 2e-6
		}
	}
	return p
}

// operator folds the pair.
func (p *pair) operator(t testing.TB, w WhiteNoise, wires Wires) *Operator {
	o := new(Operator)
	o.Reset(p.rows, p.cols, w)
	for s, sign := range []float64{1, -1} {
		mean, variance := make([]float64, len(p.g[s])), make([]float64, len(p.g[s]))
		Freeze(mean, variance, p.g[s], make([]float64, len(mean)), p.fast[s], p.cols, noise.Key{})
		if _, err := o.Add(ctx, &Array{Rows: p.rows, Cols: p.cols, G: mean, Wires: wires}, variance, sign, nil); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// draw returns the outputs of a read with every device drawn, ideal wires.
func (p *pair) draw(out, v []float64, w WhiteNoise, event uint64) {
	clear(out)
	z, white := make([]float64, p.cols), make([]float64, p.cols)
	for s, sign := range []float64{1, -1} {
		key := noise.NewKey(11).Fold(uint64(s))
		for i, u := range v {
			key.Normal(z, noise.At{Row: uint32(i), Event: event})
			key.Fold(1).Normal(white, noise.At{Row: uint32(i), Event: event})
			for j := range out {
				g := max(0, p.g[s][i*p.cols+j]+p.fast[s][i*p.cols+j]*z[j])
				out[j] += sign * (u*g + math.Sqrt(w.Variance(p.g[s][i*p.cols+j], u))*white[j])
			}
		}
	}
}

// TestProductNoise compares outputs with noise folded into each with outputs of which every device was drawn:
// mean, variance, and distribution.
func TestProductNoise(t *testing.T) {
	const rows, cols, n = 64, 4, 10000
	white := WhiteNoise{Temperature: 300, Bandwidth: 3e9, Fano: 0.5} // of the order of the devices' own noise
	for _, c := range []struct {
		name string
		low  float64
	}{{"no device clipped", 0.6}, {"devices clipped at 0", 0}} {
		p := newPair(rows, cols, c.low)
		v, all := make([]float64, rows), make([]float64, rows*n)
		noise.NewKey(12).Uniform(v, noise.At{})
		for i := range v {
			v[i] = 0.4*v[i] - 0.1
		}
		for k := range n {
			copy(all[k*rows:], v)
		}
		var product Product[float64]
		var work Workspace[float64]
		product.Set(p.operator(t, white, Wires{}), &work, 0)
		out := make([]float64, n*cols)
		product.Multiply(out, all, 0, noise.NewKey(13), &work)
		folded, drawn := columns(out, cols), make([]float64, n*cols)
		for k := range n {
			p.draw(drawn[k*cols:][:cols], v, white, uint64(k))
		}
		for j, want := range columns(drawn, cols) {
			got := folded[j]
			gotMean, gotSD := stat.MeanStdDev(got, nil)
			wantMean, wantSD := stat.MeanStdDev(want, nil)
			// Of sums of 128 devices the fourth moment is that of a normal distribution to 2 %.
			se := math.Sqrt(2.0 / n)
			if math.Abs(gotMean-wantMean) > 4.5*se*wantSD {
				t.Errorf("%s, output %d: mean %g, drawn %g ± %g", c.name, j, gotMean, wantMean, se*wantSD)
			}
			if math.Abs(math.Log(gotSD/wantSD)) > 4.5*math.Sqrt(1.0/n) {
				t.Errorf("%s, output %d: standard deviation %g, drawn %g", c.name, j, gotSD, wantSD)
			}
			stat.SortWeighted(got, nil)
			stat.SortWeighted(want, nil)
			d := stat.KolmogorovSmirnov(got, nil, want, nil)
			if j == 0 {
				claims.Check(t, claims.Claim{Name: "distance of the distributions of an output with read, thermal and shot noise, folded and drawn per device, " + c.name, Kind: claims.IndependentSolver,
					Source: "10000 draws of 128 devices each (Kolmogorov-Smirnov)", Got: d, Tol: 1.95 * se, Absolute: true, Why: "exceeded by chance once in a thousand"})
				claims.Check(t, claims.Claim{Name: "standard deviation of an output with read, thermal and shot noise, folded, " + c.name, Kind: claims.IndependentSolver,
					Source: "10000 draws of 128 devices each", Unit: "A", Want: wantSD, Got: gotSD, Tol: 4.5 * math.Sqrt(1.0/n), Why: "4.5 standard errors"})
			} else if d > 1.95*se {
				t.Errorf("%s, output %d: distance %g", c.name, j, d)
			}
		}
		// The law itself is normal.
		var mean, variance float64
		o := p.operator(t, white, Wires{})
		for i, u := range v {
			mean += u * o.Mean[i*cols]
			variance += u * u * o.Square[i*cols]
			for s := range 2 {
				if c.low > 0 { // elsewhere the mean conductance is another
					variance += white.Variance(p.g[s][i*cols], u)
				}
			}
		}
		if c.low == 0 {
			continue
		}
		normal := distuv.Normal{Mu: mean, Sigma: math.Sqrt(variance)}
		var d float64
		for i, x := range folded[0] {
			f := normal.CDF(x)
			d = max(d, math.Abs(f-float64(i)/n), math.Abs(f-float64(i+1)/n))
		}
		if d > 1.95/math.Sqrt(n) {
			t.Errorf("folded outputs are %g from the normal distribution of the law", d)
		}
	}
}

// columns returns the columns of a matrix.
func columns(x []float64, cols int) [][]float64 {
	c := make([][]float64, cols)
	for i, a := range x {
		c[i%cols] = append(c[i%cols], a)
	}
	return c
}

// TestProductBatches: outputs are the same bits however inputs are divided into calls, and on any
// number of processors.
func TestProductBatches(t *testing.T) {
	productBatches[float32](t)
	productBatches[float64](t)
}

func productBatches[T gemm.Float](t *testing.T) {
	const rows, cols, n = 70, 37, 130
	p := newPair(rows, cols, 0)
	for _, wires := range []Wires{{}, {RWord: 5, RBit: 5}} {
		run := func(procs int, cuts ...int) []T {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			var product Product[T]
			var work Workspace[T]
			product.Set(p.operator(t, WhiteNoise{Temperature: 300, Bandwidth: 1e6, Fano: 1}, wires), &work, 0)
			v, out := make([]float64, n*rows), make([]T, n*cols)
			noise.NewKey(1).Normal(v, noise.At{})
			in := make([]T, len(v))
			for i, x := range v {
				in[i] = T(x)
			}
			for i := range len(cuts) - 1 {
				a, b := cuts[i], cuts[i+1]
				product.Multiply(out[a*cols:b*cols], in[a*rows:b*rows], uint64(a), noise.NewKey(2), &work)
			}
			return out
		}
		want := run(1, 0, n)
		for _, procs := range []int{1, 3} {
			for _, cuts := range [][]int{{0, 1, 2, 3, 50, n}, {0, 64, 65, n}, {0, n}} {
				for i, x := range run(procs, cuts...) {
					if x != want[i] {
						t.Fatalf("%T, %d processors, cuts %v: output %d is %g, was %g", x, procs, cuts, i, x, want[i])
					}
				}
			}
		}
	}
}

// TestProductPrecision compares float32 with float64, noise included.
func TestProductPrecision(t *testing.T) {
	const rows, cols, n = 1024, 8, 12
	p := newPair(rows, cols, 0)
	o := p.operator(t, WhiteNoise{Temperature: 300, Bandwidth: 1e6, Fano: 1}, Wires{})
	v := make([]float64, n*rows)
	noise.NewKey(3).Uniform(v, noise.At{})
	v32, out32, out := make([]float32, len(v)), make([]float32, n*cols), make([]float64, n*cols)
	for i, x := range v {
		v32[i] = float32(x)
		v[i] = float64(v32[i])
	}
	var single Product[float32]
	var double Product[float64]
	var work32 Workspace[float32]
	var work Workspace[float64]
	single.Set(o, &work32, 0)
	double.Set(o, &work, 0)
	single.Multiply(out32, v32, 0, noise.NewKey(4), &work32)
	double.Multiply(out, v, 0, noise.NewKey(4), &work)
	var worst, size float64
	for i, x := range out {
		worst = max(worst, math.Abs(float64(out32[i])-x))
	}
	for i := range rows { // the largest sum of magnitudes
		size += v[i] * 20e-6
	}
	claims.Check(t, claims.Claim{Name: "difference of noisy outputs of 1024 rows in float32 from float64", Kind: claims.IndependentSolver, Source: "the same operator and noise in float64, relative to the current of one of both arrays",
		Got: worst / size, Tol: 1e-7, Absolute: true, Why: "rounding to 2^-24 of partial sums that do not exceed this current by chance"})
}

// TestWhiteNoise compares with both limits and the law of a tunnel junction.
func TestWhiteNoise(t *testing.T) {
	const source = "doi:10.1016/S0370-1573(99)00123-4, "
	c := claims.Claim{Kind: claims.ClosedForm, Unit: "A", Tol: 1e-3, Why: "two constants to four digits"}
	c.Name, c.Source, c.Want, c.Got = "thermal noise of 1 µS in 1 MHz at 300 K", "sqrt(4kT G B)", 128.7e-12, math.Sqrt(WhiteNoise{Temperature: 300, Bandwidth: 1e6, Fano: 1}.Variance(1e-6, 0))
	claims.Check(t, c)
	c.Name, c.Source, c.Want, c.Got = "shot noise of 1 µA in 1 MHz", "sqrt(2qI B)", 566.1e-12, math.Sqrt(WhiteNoise{Bandwidth: 1e6, Fano: 1}.Variance(1e-6, -1))
	claims.Check(t, c)
	const kT = 1.380649e-23 * 290
	x := 1.602176634e-19 * 0.05 / (2 * kT)
	want := 2e-6 * 1e5 * (4*kT + 0.4*(2*1.602176634e-19*0.05/math.Tanh(x)-4*kT))
	c.Name, c.Source, c.Want, c.Got, c.Unit, c.Tol, c.Why = "noise of a device of Fano factor 0.4 at 50 mV", source+"4kT G (1-F) + F 2qI coth(qV/2kT)", want, WhiteNoise{Temperature: 290, Bandwidth: 1e5, Fano: 0.4}.Variance(2e-6, 0.05), "A²", 1e-12, "rounding"
	claims.Check(t, c)
	w := WhiteNoise{Temperature: 300, Bandwidth: 1e6, Fano: 1}
	for _, v := range []float64{1e-9, 1e-4, 0.00103, 0.00104, 0.0011} { // the series and the quotient
		y := 1.602176634e-19 * v / (2 * 1.380649e-23 * 300)
		if got, want := w.Variance(1, v)/w.Variance(1, 0), 1+y*y/3-y*y*y*y/45; math.Abs(got-want) > 1e-12 {
			t.Errorf("at %g V: %.15g of the thermal noise, want %.15g", v, got, want)
		}
	}
	for _, bad := range []WhiteNoise{{Temperature: -1}, {Bandwidth: math.NaN()}, {Fano: 1.1}} {
		if bad.Validate() == nil {
			t.Errorf("%+v is valid", bad)
		}
	}
}
