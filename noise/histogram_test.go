package noise

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"mho/internal/claims"
)

// lognormals adds n lognormal numbers, median 10 µS and sigma 0.8, as a study of cells does.
func lognormals(t testing.TB, h *Histogram, n int, k Key) {
	x := make([]float64, 4096)
	for i := 0; i < n; i += len(x) {
		x := x[:min(len(x), n-i)]
		k.Lognormal(x, math.Log(10e-6), 0.8, At{Row: uint32(i / 4096)})
		if err := h.Add(x); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHistogramAgainstSort(t *testing.T) {
	const n, tail = 300_000, 500
	k := NewKey(5)
	x := make([]float64, n)
	k.Normal(x, At{}) // of both signs
	for i := range x {
		x[i] = x[i]*3 + 0.5
	}
	h, a, b := NewHistogram(tail), NewHistogram(tail), NewHistogram(tail)
	for _, err := range []error{h.Add(x), a.Add(x[:1000]), b.Add(x[1000:])} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.Merge(a)
	s := slices.Sorted(slices.Values(x))
	for _, p := range []float64{0, 1e-6, 1e-5, 1e-3, 0.0016, 0.01, 0.3, 0.5, 0.9, 0.998, 0.9984, 0.9999, 1} {
		rank := max(int(math.Ceil(p*n)), 1)
		want := s[rank-1]
		got, err := h.Quantile(p)
		if err != nil {
			t.Fatal(err)
		}
		exact := rank <= tail || n-rank < tail
		if exact && got != want || math.Abs(got-want) > math.Abs(want)/4096 {
			t.Errorf("quantile %g is %g, want %g", p, got, want)
		}
		if merged, _ := b.Quantile(p); merged != got {
			t.Errorf("quantile %g of the merged is %g, want %g", p, merged, got)
		}
		f, err := h.CDF(want)
		if err != nil {
			t.Fatal(err)
		}
		if d := math.Abs(f - float64(rank)/n); exact && d > 1e-15 || d > 1e-3 {
			t.Errorf("distribution function at %g is %g, want %g", want, f, float64(rank)/n)
		}
	}
	if h.Count() != n || b.Count() != n {
		t.Errorf("counts %d and %d", h.Count(), b.Count())
	}
}

func TestHistogramTails(t *testing.T) {
	n := 10_000_000
	if testing.Short() {
		n = 1_000_000
	}
	h := NewHistogram(1000)
	lognormals(t, h, n, NewKey(6))
	law := distuv.LogNormal{Mu: math.Log(10e-6), Sigma: 0.8}
	for _, p := range []float64{1e-6, 1e-5, 0.5, 1 - 1e-5, 1 - 1e-6} {
		got, err := h.Quantile(p)
		if err != nil {
			t.Fatal(err)
		}
		// Of the probability at the quantile found: binomial.
		se := math.Sqrt(p * (1 - p) / float64(n))
		if d := law.CDF(got) - p; math.Abs(d) > 4*se+1/float64(n) {
			t.Errorf("quantile %g lies at %g, %.1f standard errors off", p, law.CDF(got), d/se)
		}
	}
	if testing.Short() {
		return
	}
	low, _ := h.CDF(law.Quantile(1e-5))
	claims.Check(t, claims.Claim{
		Name: "streamed distribution of 1e7 lognormal cells: share below the 10 ppm quantile", Kind: claims.ClosedForm, Source: "lognormal distribution function",
		Want: 1e-5, Got: low, Tol: 0.4, Why: "four standard errors of 100 cells",
	})
	q, _ := h.Quantile(0.5)
	claims.Check(t, claims.Claim{
		Name: "streamed distribution of 1e7 lognormal cells: median", Kind: claims.ClosedForm, Source: "lognormal distribution function", Unit: "S",
		Want: 10e-6, Got: q, Tol: 4*0.8*math.Sqrt(math.Pi/2/1e7) + 1.3e-4, Why: "four standard errors of a median, and half a bin",
	})
}

func TestHistogramMistakes(t *testing.T) {
	h := NewHistogram(3)
	_, none := h.Quantile(0.5)
	_, empty := h.CDF(1)
	bad := h.Add([]float64{1, math.NaN()})
	_, outside := h.Quantile(1.5)
	_, nan := h.CDF(math.NaN())
	for err, want := range map[error]string{
		none: "quantile of no numbers", empty: "distribution of no numbers", bad: "value 2 is NaN: must be finite", outside: "must be from 0 to 1", nan: "must be a number",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if h.Count() != 1 {
		t.Errorf("%d numbers, want the 1 before the mistake", h.Count())
	}
	zero := &Histogram{}
	if err := zero.Add([]float64{-2, math.Copysign(0, -1), 0, 5e-324, 3}); err != nil {
		t.Fatal(err)
	}
	if q, _ := zero.Quantile(0.6); math.Abs(q) > 1e-300 {
		t.Errorf("median of -2, -0, 0, 5e-324, 3 is %g", q)
	}
}

// BenchmarkHistogram streams 1e8 lognormal cells with 1 ppm tails; its counterpart draws
// and sorts them.
func BenchmarkHistogram(b *testing.B) {
	const n = 100_000_000
	b.Run("stream", func(b *testing.B) {
		for b.Loop() {
			h := NewHistogram(1000)
			lognormals(b, h, n, NewKey(1))
			if _, err := h.Quantile(1e-6); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/n, "ns/value")
	})
	b.Run("sort", func(b *testing.B) {
		x := make([]float64, n/10)
		for b.Loop() {
			for i := 0; i < len(x); i += 4096 {
				NewKey(1).Lognormal(x[i:min(i+4096, len(x))], math.Log(10e-6), 0.8, At{Row: uint32(i / 4096)})
			}
			slices.Sort(x)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(x)), "ns/value")
	})
}
