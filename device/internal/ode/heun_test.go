package ode

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// linearNoise is dy = μ y dt + σ y ∘ dW, with y = y0 exp(μt + σW).
type linearNoise struct{ mu, sigma float64 }

func (linearNoise) Dim() int { return 1 }

func (l linearNoise) Derivative(dst []float64, _ float64, y []float64) { dst[0] = l.mu * y[0] }

func (l linearNoise) Diffusion(dst []float64, _ float64, y []float64) { dst[0] = l.sigma * y[0] }

// path is a Brownian path given by fine increments, of which each coarse step
// takes a sum, scaled to unit variance.
type path struct {
	fine  []float64 // standard normal, m of them for each fine step
	m     int
	ratio int // fine steps in a step
}

func (p path) Normal(dst []float64, step uint64) {
	clear(dst)
	for k := range p.ratio {
		for j := range dst {
			dst[j] += p.fine[(int(step)*p.ratio+k)*p.m+j]
		}
	}
	for j := range dst {
		dst[j] /= math.Sqrt(float64(p.ratio))
	}
}

func randomPath(r *rand.Rand, n, m int) path {
	p := path{fine: make([]float64, n*m), m: m}
	for i := range p.fine {
		p.fine[i] = r.NormFloat64()
	}
	return p
}

func mustHeun(t testing.TB, sys Stochastic, src Normals, lo, hi []float64) *Heun {
	t.Helper()
	h, err := NewHeun(sys, src, lo, hi)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// final integrates from y0 at 0 to time T = 1 in n steps.
func (h *Heun) final(t testing.TB, n int, y0 ...float64) []float64 {
	t.Helper()
	if err := h.Reset(0, y0, 0); err != nil {
		t.Fatal(err)
	}
	if err := h.Integrate(context.Background(), 1, n); err != nil {
		t.Fatal(err)
	}
	return h.State()
}

// Pathwise against the closed form of Stratonovich's reading; Itô's has
// exp((μ - σ²/2)t + σW), 12 % off here.
func TestHeunStrongOrderCommutative(t *testing.T) {
	const paths, fine = 1000, 512
	l := linearNoise{0.3, 0.5}
	r := rand.New(rand.NewPCG(1, 2))
	levels := []int{16, 32, 64, 128, 256, 512}
	sum := make([]float64, len(levels))
	for range paths {
		p := randomPath(r, fine, 1)
		w := 0.0
		for _, x := range p.fine {
			w += x / math.Sqrt(fine)
		}
		want := math.Exp(l.mu + l.sigma*w)
		for i, n := range levels {
			p.ratio = fine / n
			e := mustHeun(t, l, p, nil, nil).final(t, n, 1)[0] - want
			sum[i] += e * e
		}
	}
	rms := make([]float64, len(levels))
	for i := range sum {
		rms[i] = math.Sqrt(sum[i] / paths)
	}
	p := slopes(rms)
	t.Logf("rms errors %.3g, strong orders %.3f", rms, p)
	for _, o := range p {
		if math.Abs(o-1) > 0.12 {
			t.Errorf("measured strong order %.3f, want 1", o)
		}
	}
	if last := rms[len(rms)-1]; last > 1e-3 {
		t.Errorf("rms error %g with %d steps: not the Stratonovich solution", last, levels[len(levels)-1])
	}
}

// heisenberg has dz = x∘dy - y∘dx, twice the area of Lévy, and noise that does
// not commute.
type heisenberg struct{}

func (heisenberg) Dim() int { return 3 }

func (heisenberg) NoiseDim() int { return 2 }

func (heisenberg) Derivative(dst []float64, _ float64, _ []float64) { clear(dst) }

func (heisenberg) Diffusion(dst []float64, _ float64, y []float64) {
	copy(dst, []float64{1, 0, 0, 1, -y[1], y[0]})
}

// The area inside a step is invisible to its increments and has variance h² per
// step, so z with steps h differs from z with steps h' by a variance of h - h' per
// second, exactly: strong order 1/2.
func TestHeunStrongOrderNonCommutative(t *testing.T) {
	const paths, fine = 4000, 128
	r := rand.New(rand.NewPCG(3, 4))
	levels := []int{4, 16, 64}
	sum := make([]float64, len(levels))
	square := make([]float64, len(levels))
	for range paths {
		p := randomPath(r, fine, 2)
		p.ratio = 1
		ref := mustHeun(t, heisenberg{}, p, nil, nil).final(t, fine, 0, 0, 0)[2]
		for i, n := range levels {
			p.ratio = fine / n
			e := mustHeun(t, heisenberg{}, p, nil, nil).final(t, n, 0, 0, 0)[2] - ref
			sum[i] += e * e
			square[i] += e * e * e * e
		}
	}
	for i, n := range levels {
		got := sum[i] / paths
		se := math.Sqrt((square[i]/paths - got*got) / paths)
		want := 1/float64(n) - 1./fine
		if math.Abs(got-want) > 5*se {
			t.Errorf("%d steps: mean square %.5g, want %.5g ± %.2g", n, got, want, se)
		}
	}
}

// tree gives every combination of the nodes of Gauss and Hermite, so that means
// of polynomials in the increments are exact and free of sampling error.
type tree struct {
	code int
}

// The three nodes integrate polynomials of degree 5.
var (
	treeNode   = [3]float64{-math.Sqrt(3), 0, math.Sqrt(3)}
	treeWeight = [3]float64{1. / 6, 2. / 3, 1. / 6}
)

func (q *tree) Normal(dst []float64, step uint64) {
	c := q.code
	for range step {
		c /= 3
	}
	dst[0] = treeNode[c%3]
}

// mean returns E[g(y(1))] of the scheme with n steps.
func (q *tree) mean(t *testing.T, sys Stochastic, n int, y0 float64, g func(float64) float64) float64 {
	h := mustHeun(t, sys, q, nil, nil)
	leaves := 1
	for range n {
		leaves *= 3
	}
	sum := 0.0
	for code := range leaves {
		q.code = code
		w := 1.0
		for c, k := code, 0; k < n; k++ {
			w *= treeWeight[c%3]
			c /= 3
		}
		sum += w * g(h.final(t, n, y0)[0])
	}
	return sum
}

// additive is dy = -λ y dt + σ dW, of Ornstein and Uhlenbeck.
type additive struct{ lambda, sigma float64 }

func (additive) Dim() int { return 1 }

func (a additive) Derivative(dst []float64, _ float64, y []float64) { dst[0] = -a.lambda * y[0] }

func (a additive) Diffusion(dst []float64, _ float64, _ []float64) { dst[0] = a.sigma }

func TestHeunWeakOrder(t *testing.T) {
	square := func(y float64) float64 { return y * y }
	l := linearNoise{0.1, 0.4}
	a := additive{1.2, 0.7}
	tests := []struct {
		name  string
		sys   Stochastic
		want  float64
		order float64
	}{
		{"multiplicative", l, math.Exp(2*l.mu + 2*l.sigma*l.sigma), 1},
		{"additive", a, math.Exp(-2*a.lambda) + a.sigma*a.sigma/(2*a.lambda)*(1-math.Exp(-2*a.lambda)), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var errs []float64
			for _, n := range []int{2, 4, 8} {
				errs = append(errs, math.Abs((&tree{}).mean(t, tt.sys, n, 1, square)-tt.want))
			}
			p := slopes(errs)
			t.Logf("errors of E[y²] %.3g, weak orders %.3f", errs, p)
			if last := p[len(p)-1]; math.Abs(last-tt.order) > 0.25 {
				t.Errorf("measured weak order %.3f, want %g", last, tt.order)
			}
		})
	}
}

// normals draws fresh numbers.
type normals struct{ *rand.Rand }

func (n normals) Normal(dst []float64, _ uint64) {
	for i := range dst {
		dst[i] = n.NormFloat64()
	}
}

// One long call over many independent states is the same as many calls.
type many struct {
	Stochastic
	n int
}

func (m many) Dim() int { return m.n }

func (m many) Derivative(dst []float64, t float64, y []float64) {
	for i := range dst {
		m.Stochastic.Derivative(dst[i:i+1], t, y[i:i+1])
	}
}

func (m many) Diffusion(dst []float64, t float64, y []float64) {
	for i := range dst {
		m.Stochastic.Diffusion(dst[i:i+1], t, y[i:i+1])
	}
}

// The mean of Stratonovich's linear noise is exp((μ + σ²/2)t).
func TestHeunMean(t *testing.T) {
	const n = 20000
	l := linearNoise{-0.2, 0.6}
	h := mustHeun(t, many{l, n}, normals{rand.New(rand.NewPCG(5, 6))}, nil, nil)
	y0 := make([]float64, n)
	for i := range y0 {
		y0[i] = 1
	}
	sum, square := 0.0, 0.0
	for _, y := range h.final(t, 64, y0...) {
		sum += y
		square += y * y
	}
	mean := sum / n
	se := math.Sqrt((square/n - mean*mean) / n)
	// The weak error of 64 steps is -0.09 se.
	if want := math.Exp(l.mu + l.sigma*l.sigma/2); math.Abs(mean-want) > 5*se {
		t.Errorf("mean %g, want %g ± %g", mean, want, se)
	}
}

// A Brownian motion cut off at zero in n steps is distributed as the maximum of a
// random walk, whose mean is Σ E[S_k⁺]/k (Spitzer, Trans. Am. Math. Soc. 82, 323
// (1956), doi:10.1090/S0002-9947-1956-0079851-X).
func TestHeunAtBound(t *testing.T) {
	const cells, steps = 20000, 50
	h := mustHeun(t, many{additive{0, 1}, cells}, normals{rand.New(rand.NewPCG(7, 8))}, make([]float64, cells), nil)
	sum, square := 0.0, 0.0
	for _, y := range h.final(t, steps, make([]float64, cells)...) {
		if y < 0 {
			t.Fatalf("state %g is below its bound 0", y)
		}
		sum += y
		square += y * y
	}
	mean := sum / cells
	se := math.Sqrt((square/cells - mean*mean) / cells)
	want := 0.0
	for k := 1; k <= steps; k++ {
		want += math.Sqrt(1/(2*math.Pi*steps)) / math.Sqrt(float64(k))
	}
	if math.Abs(mean-want) > 5*se {
		t.Errorf("mean %g, want %g ± %g", mean, want, se)
	}
}

// Without noise the scheme is Heun's of order 2.
func TestHeunWithoutNoise(t *testing.T) {
	var errs []float64
	for _, n := range []int{20, 40, 80} {
		h := mustHeun(t, linearNoise{-2, 0}, normals{rand.New(rand.NewPCG(1, 1))}, nil, nil)
		errs = append(errs, math.Abs(h.final(t, n, 1)[0]-math.Exp(-2)))
	}
	if p := slopes(errs)[1]; math.Abs(p-2) > 0.1 {
		t.Errorf("measured order %.3f, want 2", p)
	}
}

func TestHeunErrors(t *testing.T) {
	src := normals{rand.New(rand.NewPCG(1, 1))}
	ctx := context.Background()
	h := mustHeun(t, linearNoise{1e200, 0}, src, nil, nil)
	if err := h.Reset(0, []float64{1e200}, 0); err != nil {
		t.Fatal(err)
	}
	var step *StepError
	if err := h.Integrate(ctx, 1, 10); !errors.As(err, &step) || !errors.Is(err, ErrNotFinite) {
		t.Errorf("Integrate = %v, want %v", err, ErrNotFinite)
	}
	if h.T() != 0 || h.State()[0] != 1e200 {
		t.Errorf("after an error the state is %g at %g s, want the last good one", h.State()[0], h.T())
	}
	if h.Integrate(ctx, 0, 10) == nil || h.Integrate(ctx, math.NaN(), 10) == nil || h.Integrate(ctx, 1, 0) == nil {
		t.Error("Integrate accepts a wrong end or number of steps")
	}
	if _, err := NewHeun(linearNoise{}, src, []float64{1}, []float64{0}); err == nil {
		t.Error("NewHeun accepts a lower bound above the upper one")
	}
	if h.Reset(0, []float64{math.NaN()}, 0) == nil {
		t.Error("Reset accepts NaN")
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if err := h.Integrate(done, 1, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("Integrate = %v, want %v", err, context.Canceled)
	}
}
