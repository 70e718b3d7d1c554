package noise

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"mho/internal/claims"
)

func TestMain(m *testing.M) { claims.Main(m) }

// draws returns n numbers of a fill as float64, in rows of 10000 columns.
func draws(n int, fill func(dst []float64, at At)) []float64 {
	x := make([]float64, n)
	for row := 0; row*10000 < n; row++ {
		fill(x[row*10000:min(n, (row+1)*10000)], At{Row: uint32(row)})
	}
	return x
}

// wide makes a float64 fill of a float32 one.
func wide(fill func(dst []float32, at At)) func([]float64, At) {
	return func(dst []float64, at At) {
		s := make([]float32, len(dst))
		fill(s, at)
		for i, x := range s {
			dst[i] = float64(x)
		}
	}
}

// excess returns how many standard errors the raw moments 1 to 6 of z are from
// those of the standard normal: the moments are 1, 3 and 15 for 2, 4 and 6, and the
// variance of z^p is the moment of 2p less the square of that of p.
func excess(z []float64) (e [7]float64) {
	even := [13]float64{0: 1, 2: 1, 4: 3, 6: 15, 8: 105, 10: 945, 12: 10395}
	var sum [7]float64
	for _, x := range z {
		p := 1.0
		for i := 1; i <= 6; i++ {
			p *= x
			sum[i] += p
		}
	}
	n := float64(len(z))
	for i := 1; i <= 6; i++ {
		e[i] = (sum[i]/n - even[i]) / math.Sqrt((even[2*i]-even[i]*even[i])/n)
	}
	return e
}

func TestNormalMoments(t *testing.T) {
	const n = 10_000_000
	k := NewKey(31)
	for name, z := range map[string][]float64{"Normal": draws(n, k.Normal), "Normal32": draws(n, wide(k.Normal32))} {
		e := excess(z)
		t.Logf("%s: moments off by %.2f standard errors", name, e[1:])
		for i, d := range e[1:] {
			claims.Check(t, claims.Claim{
				Name: fmt.Sprintf("%s: moment %d of 1e7 draws, distance from the law", name, i+1), Kind: claims.ClosedForm, Unit: "standard errors",
				Source: "moments 0, 1, 0, 3, 0, 15 of the standard normal", Want: 0, Got: d, Tol: 4.5, Absolute: true, Why: "one chance in 150 000 for a right generator",
			})
		}
	}
}

// TestMomentsCatchAWrongAngle shows that the moments see a wrongly scaled angle: the
// quarters of the circle are kept but only the given share of each is covered.
// Mean and variance stay right; at half the kurtosis is 3 + 2/π.
func TestMomentsCatchAWrongAngle(t *testing.T) {
	const n = 1_000_000
	u := draws(2*n, NewKey(32).Uniform)
	for _, share := range []float64{1, 0.9, 0.5} {
		z := make([]float64, n)
		for i := range z {
			quarter, x := math.Modf(4 * u[2*i+1])
			z[i] = math.Sqrt(-2*math.Log(u[2*i])) * math.Cos(math.Pi/2*(quarter+share*(x-0.5)))
		}
		e := excess(z)
		if share == 1 && math.Abs(e[4]) > 4.5 || math.Abs(e[1]) > 4.5 || math.Abs(e[2]) > 4.5 {
			t.Errorf("share %g: moments off by %.1f standard errors, want none", share, e)
		}
		if share < 1 && math.Abs(e[4]) < 9 {
			t.Errorf("share %g: moment 4 is off by %.1f standard errors only", share, e[4])
		}
	}
}

// TestDistributions compares the empirical distribution functions with the true ones
// by Kolmogorov-Smirnov, and by Anderson-Darling, which weighs the tails. The bounds
// are the points exceeded once in a thousand.
func TestDistributions(t *testing.T) {
	const n = 1_000_000
	k := NewKey(33)
	uniform := func(x float64) (below, above float64) { return x, 1 - x }
	normal := func(x float64) (below, above float64) { return normalCDF(x), normalCDF(-x) }
	lognormal := func(x float64) (below, above float64) { return normal((math.Log(x) - 0.25) / 1.5) }
	exponential := func(x float64) (below, above float64) { return -math.Expm1(-x), math.Exp(-x) }
	for _, c := range []struct {
		name string
		fill func([]float64, At)
		cdf  func(x float64) (below, above float64)
	}{
		{"Uniform", k.Uniform, uniform},
		{"Uniform32", wide(k.Uniform32), uniform},
		{"Normal", k.Normal, normal},
		{"Normal32", wide(k.Normal32), normal},
		{"Lognormal", func(d []float64, at At) { k.Lognormal(d, 0.25, 1.5, at) }, lognormal},
		{"Lognormal32", wide(func(d []float32, at At) { k.Lognormal32(d, 0.25, 1.5, at) }), lognormal},
		{"Exponential", k.Exponential, exponential},
		{"Exponential32", wide(k.Exponential32), exponential},
	} {
		x := draws(n, c.fill)
		slices.Sort(x)
		ks, ad := goodness(x, c.cdf)
		t.Logf("%s: sqrt(n) D = %.3f, A² = %.3f", c.name, ks, ad)
		if ks > 1.95 {
			t.Errorf("%s: Kolmogorov-Smirnov sqrt(n) D = %.3f, want below 1.95", c.name, ks)
		}
		if ad > 6.0 {
			t.Errorf("%s: Anderson-Darling A² = %.3f, want below 6.0", c.name, ad)
		}
	}
}

// goodness returns sqrt(n) D and A² of sorted numbers.
func goodness(x []float64, cdf func(float64) (below, above float64)) (ks, ad float64) {
	n := float64(len(x))
	sum := 0.0
	for i, v := range x {
		below, above := cdf(v)
		ks = max(ks, (float64(i)+1)/n-below, below-float64(i)/n)
		sum += (2*float64(i)+1)*math.Log(below) + (2*n-2*float64(i)-1)*math.Log(above)
	}
	return ks * math.Sqrt(n), -n - sum/n
}

// TestNormalTails counts draws beyond 3 to 5 standard deviations on each side.
func TestNormalTails(t *testing.T) {
	const rows, cols = 2500, 20000
	k := NewKey(34)
	limits := []float64{3, 4, 4.5, 5}
	z, s := make([]float64, cols), make([]float32, cols)
	counts := map[string][]float64{"Normal": make([]float64, 8), "Normal32": make([]float64, 8)}
	count := func(c []float64, x float64) {
		if math.Abs(x) < limits[0] {
			return
		}
		for i, l := range limits {
			if x > l {
				c[i]++
			} else if x < -l {
				c[4+i]++
			}
		}
	}
	wide, narrow := counts["Normal"], counts["Normal32"]
	for r := range rows {
		k.Normal(z, At{Row: uint32(r)})
		k.Normal32(s, At{Row: uint32(r)})
		for i, x := range z {
			count(wide, x)
			count(narrow, float64(s[i]))
		}
	}
	for name, c := range counts {
		for i, got := range c {
			want := rows * cols * normalCDF(-limits[i%4])
			side := []string{"above", "below"}[i/4]
			claims.Check(t, claims.Claim{
				Name: fmt.Sprintf("%s: draws of 5e7 more than %g sigma %s zero", name, limits[i%4], side), Kind: claims.ClosedForm,
				Source: "n erfc(x/sqrt 2)/2", Want: want, Got: got, Tol: 4 * math.Sqrt(want), Absolute: true, Why: "four standard deviations of a count",
			})
		}
	}
}

// TestLognormalMoments uses E x^p = exp(pμ + p²σ²/2).
func TestLognormalMoments(t *testing.T) {
	const n, mu, sigma = 1_000_000, -1.0, 0.4
	x := draws(n, func(d []float64, at At) { NewKey(35).Lognormal(d, mu, sigma, at) })
	for p := 1.0; p <= 2; p++ {
		moment := func(p float64) float64 { return math.Exp(p*mu + p*p*sigma*sigma/2) }
		sum := 0.0
		for _, v := range x {
			sum += math.Pow(v, p)
		}
		se := math.Sqrt((moment(2*p) - moment(p)*moment(p)) / n)
		if d := (sum/n - moment(p)) / se; math.Abs(d) > 4.5 {
			t.Errorf("moment %g = %g, want %g (%.1f standard errors)", p, sum/n, moment(p), d)
		}
	}
}
