package photonic

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"mho/internal/claims"
	"mho/noise"
)

func TestMain(m *testing.M) { claims.Main(m) }

func distance(a, b []complex128) float64 {
	d := 0.0
	for i, x := range a {
		d = max(d, cmplx.Abs(x-b[i]))
	}
	return d
}

// dense returns the product of dense matrices by the sum written out.
func dense(a, b []complex128, m, k, n int) []complex128 {
	c := make([]complex128, m*n)
	for i := range m {
		for l := range k {
			for j := range n {
				c[i*n+j] += a[i*k+l] * b[l*n+j]
			}
		}
	}
	return c
}

func TestInterferometer(t *testing.T) {
	i := complex(0, 1)
	for k := range 50 {
		z := make([]float64, 4)
		noise.NewKey(1).Normal(z, noise.At{Row: uint32(k)})
		theta, phi, alpha, beta := z[0], z[1], 0.1*z[2], 0.1*z[3]
		bs := func(a float64) []complex128 {
			s, c := math.Sincos(math.Pi/4 + a)
			return []complex128{complex(c, 0), complex(0, s), complex(0, s), complex(c, 0)}
		}
		ps := func(p float64) []complex128 { return []complex128{cmplx.Exp(i * complex(p, 0)), 0, 0, 1} }
		want := dense(dense(bs(beta), ps(theta), 2, 2, 2), dense(bs(alpha), ps(phi), 2, 2, 2), 2, 2, 2)
		got := Interferometer(theta, phi, alpha, beta)
		if d := distance(got[:], want); d > 1e-15 {
			t.Fatalf("interferometer %v: off the product of its parts by %g", z, d)
		}
		v := Matrix2(Haar(2, noise.NewKey(2).Fold(uint64(k))))
		theta, phi, o0, o1, ok := fit(v, 0, 0)
		m := Interferometer(theta, phi, 0, 0)
		e0, e1 := cmplx.Exp(complex(0, o0)), cmplx.Exp(complex(0, o1))
		if d := distance(v[:], []complex128{e0 * m[0], e0 * m[1], e1 * m[2], e1 * m[3]}); d > 1e-14 || !ok {
			t.Fatalf("fit of %v is off by %g, reached %v", v, d, ok)
		}
	}
	const alpha, beta = 0.03, 0.012
	power := func(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }
	claims.Check(t, claims.Claim{Name: "bar leakage of the cross state with splitter errors 0.03 and 0.012 rad", Kind: claims.ClosedForm, Source: "sin²(α+β)",
		Want: math.Pow(math.Sin(alpha+beta), 2), Got: power(Interferometer(0, 0, alpha, beta)[0]), Tol: 1e-12, Why: "rounding"})
	claims.Check(t, claims.Claim{Name: "cross leakage of the bar state with splitter errors 0.03 and 0.012 rad", Kind: claims.ClosedForm, Source: "sin²(α-β)",
		Want: math.Pow(math.Sin(alpha-beta), 2), Got: power(Interferometer(math.Pi, 0, alpha, beta)[1]), Tol: 1e-12, Why: "rounding"})
}

// special returns the identity, the reversal and the discrete Fourier transform.
func special(n int) map[string][]complex128 {
	reversal, dft := make([]complex128, n*n), make([]complex128, n*n)
	for i := range n {
		reversal[i*n+n-1-i] = 1
		for j := range n {
			dft[i*n+j] = cmplx.Exp(complex(0, 2*math.Pi*float64(i*j%n)/float64(n))) / complex(math.Sqrt(float64(n)), 0)
		}
	}
	return map[string][]complex128{"identity": identity(n), "reversal": reversal, "DFT": dft}
}

func TestDecompose(t *testing.T) {
	sizes := []int{1, 2, 3, 4, 7, 16, 32}
	for _, scheme := range Schemes() {
		for _, n := range sizes {
			all := special(n)
			all["Haar"] = Haar(n, noise.NewKey(3).Fold(uint64(n)))
			if d := NonUnitarity(all["Haar"], n); d > 1e-14 {
				t.Errorf("Haar matrix of %d: not unitary by %g", n, d)
			}
			for name, u := range all {
				f, err := Decompose(u, n, scheme)
				if err != nil {
					t.Fatal(err)
				}
				if len(f.Factors) != n*(n-1)/2 {
					t.Errorf("%s %d: %d factors", scheme, n, len(f.Factors))
				}
				if d := distance(f.Matrix(), u); d > 1e-13 {
					t.Errorf("%s of the %s of %d: off by %g", scheme, name, n, d)
				}
			}
		}
	}
	const n = 128
	u := Haar(n, noise.NewKey(4))
	for _, scheme := range Schemes() {
		f, err := Decompose(u, n, scheme)
		if err != nil {
			t.Fatal(err)
		}
		claims.Check(t, claims.Claim{Name: "largest error of the 128 x 128 matrix made from its factors, " + scheme, Kind: claims.ClosedForm, Source: "U = D F_K ... F_1 of a Haar matrix",
			Want: 0, Got: distance(f.Matrix(), u), Tol: 1e-12, Absolute: true, Why: "rounding of 8128 factors"})
	}
}

// TestHaar compares moments of the entries with those of the unitary group.
func TestHaar(t *testing.T) {
	const n, samples = 4, 4000
	var second, fourth float64
	for k := range uint64(samples) {
		for _, x := range Haar(n, noise.NewKey(11).Fold(k)) {
			p := real(x)*real(x) + imag(x)*imag(x)
			second += p / (samples * n * n)
			fourth += p * p / (samples * n * n)
		}
	}
	if math.Abs(second-1.0/n) > 1e-12 {
		t.Errorf("mean |u|² is %g", second)
	}
	claims.Check(t, claims.Claim{Name: "mean fourth power of the entries of random unitary 4 x 4 matrices", Kind: claims.ClosedForm, Source: "2/(N(N+1)) of the Haar measure",
		Want: 2.0 / (n * (n + 1)), Got: fourth, Tol: 0.01, Why: "4000 matrices, whose mean scatters by 0.2 %"})
}

func TestDepth(t *testing.T) {
	for _, c := range []struct {
		scheme, source string
		want           float64
	}{{Clements, "Clements et al., Optica 3, 1460 (2016), doi:10.1364/OPTICA.3.001460: N columns", 64}, {Reck, "Clements et al., Optica 3, 1460 (2016), doi:10.1364/OPTICA.3.001460: 2N - 3 columns", 125}} {
		m := NewMZIMesh()
		m.Scheme = c.scheme
		chip, err := NewMesh(m, 64, noise.Key{})
		if err != nil {
			t.Fatal(err)
		}
		claims.Check(t, claims.Claim{Name: "depth of a mesh of 64 modes, " + c.scheme, Kind: claims.Published, Source: c.source,
			Want: c.want, Got: float64(chip.Depth()), Tol: 1e-12, Why: "a count"})
	}
}

func TestDecomposeRefuses(t *testing.T) {
	u := Haar(4, noise.NewKey(5))
	bent := append([]complex128(nil), u...)
	bent[3] += 0.01
	nan := append([]complex128(nil), u...)
	nan[7] = cmplx.NaN()
	for _, c := range []struct {
		u      []complex128
		n      int
		scheme string
		say    string
	}{
		{bent, 4, Clements, "not unitary: the largest entry of U†U - 1 is 0.0"},
		{nan, 4, Clements, "not unitary"},
		{u, 3, Clements, "must be square"},
		{nil, 0, Clements, "at least 1 mode"},
		{u, 4, "hexagon", "scheme is \"hexagon\": must be clements or reck"},
	} {
		if _, err := Decompose(c.u, c.n, c.scheme); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("got %v, want %q", err, c.say)
		}
	}
}

func TestSVD(t *testing.T) {
	for _, c := range []struct{ m, n, rank int }{{1, 1, 1}, {5, 5, 5}, {7, 3, 3}, {3, 7, 3}, {24, 24, 24}, {6, 6, 2}, {4, 4, 0}} {
		z := make([]float64, 4*c.m*c.n)
		noise.NewKey(6).Normal(z, noise.At{Row: uint32(c.m), Col: uint32(c.n)})
		a := make([]complex128, c.m*c.n)
		for r := range c.rank {
			for i := range c.m {
				for j := range c.n {
					a[i*c.n+j] += complex(z[r*c.m+i], z[c.m*c.n+r*c.m+i]) * complex(z[2*c.m*c.n+r*c.n+j], z[3*c.m*c.n+r*c.n+j])
				}
			}
		}
		u, s, vh, err := SVD(a, c.m, c.n)
		if err != nil {
			t.Fatal(err)
		}
		middle := make([]complex128, c.m*c.n)
		for k, x := range s {
			middle[k*c.n+k] = complex(x, 0)
		}
		back := dense(dense(u, middle, c.m, c.m, c.n), vh, c.m, c.n, c.n)
		if d := distance(back, a); d > 1e-13*(1+s[0]) || NonUnitarity(u, c.m) > 1e-13 || NonUnitarity(vh, c.n) > 1e-13 {
			t.Errorf("%v: off by %g, non-unitary by %g and %g", c, d, NonUnitarity(u, c.m), NonUnitarity(vh, c.n))
		}
		// The singular values are those that LAPACK finds, twice each, for [[Re, -Im], [Im, Re]].
		big := mat.NewDense(2*c.m, 2*c.n, nil)
		for i := range c.m {
			for j := range c.n {
				x := a[i*c.n+j]
				big.Set(i, j, real(x))
				big.Set(c.m+i, c.n+j, real(x))
				big.Set(c.m+i, j, imag(x))
				big.Set(i, c.n+j, -imag(x))
			}
		}
		var lapack mat.SVD
		if !lapack.Factorize(big, mat.SVDNone) {
			t.Fatal("LAPACK")
		}
		for k, x := range lapack.Values(nil) {
			if math.Abs(x-s[k/2]) > 1e-13*(1+s[0]) {
				t.Errorf("%v: singular value %d is %g, LAPACK finds %g", c, k/2, s[k/2], x)
			}
		}
	}
	if _, _, _, err := SVD([]complex128{cmplx.Inf()}, 1, 1); err == nil || !strings.Contains(err.Error(), "must be finite") {
		t.Errorf("infinite entry: %v", err)
	}
}

// chip returns a programmed mesh and the matrix that it should be.
func chip(t testing.TB, m *MZIMesh, n int, seed uint64) (*Mesh, []complex128, Setting) {
	t.Helper()
	u := Haar(n, noise.NewKey(7).Fold(seed))
	c, err := NewMesh(m, n, noise.NewKey(8).Fold(seed))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Program(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	return c, u, s
}

// ideal returns a mesh without errors whose processes are on.
func ideal() *MZIMesh {
	m := NewMZIMesh()
	m.SplitterError, m.PhaseBits, m.PhaseWander = 0, 0, 0
	return m
}

// TestErrorLaws compares the mean square distance between the wanted and the made matrix, per
// mode, with what independent small errors give.
func TestErrorLaws(t *testing.T) {
	const n, samples = 16, 40
	for _, c := range []struct {
		name, source string
		set          func(m *MZIMesh)
		want         float64
	}{
		{"phase errors of 0.01 rad", "sp sqrt(N), N² independent phases", func(m *MZIMesh) { m.PhaseError = 0.01 }, 0.01 * math.Sqrt(n)},
		{"phases of 8 bits", "sqrt(N) 2π/(2^8 sqrt(12))", func(m *MZIMesh) { m.PhaseBits = 8 }, math.Sqrt(n) * 2 * math.Pi / 256 / math.Sqrt(12)},
		{"splitter errors of 0.01 rad", "s sqrt(2(N-1)), two independent splitters an interferometer", func(m *MZIMesh) { m.SplitterError = 0.01 }, 0.01 * math.Sqrt(2*(n-1))},
	} {
		m := ideal()
		m.Calibration = Blind
		c.set(m)
		sum := 0.0
		for k := range uint64(samples) {
			made, u, _ := chip(t, m, n, k)
			v := make([]complex128, n*n)
			made.Matrix(v)
			for i := range v {
				v[i] -= u[i]
			}
			sum += norm(v) * norm(v) / n
		}
		claims.Check(t, claims.Claim{Name: "rms error of a 16-mode mesh with " + c.name, Kind: claims.ClosedForm, Source: c.source,
			Want: c.want, Got: math.Sqrt(sum / samples), Tol: 0.05, Why: "40 chips, of which one scatters by about 10 %, and terms of second order"})
	}
}

// TestCalibration compares what is left of the errors of a chip after each way to set it.
func TestCalibration(t *testing.T) {
	const n = 16
	m := ideal()
	m.SplitterError, m.PhaseError, m.Crosstalk = 0.02, 0.05, 0.02
	errors := map[string]float64{}
	for _, how := range []string{Blind, Local, InSitu} {
		m.Calibration = how
		for k := range uint64(5) {
			c, u, s := chip(t, m, n, k)
			errors[how] += s.Error / 5
			v := make([]complex128, n*n)
			c.Matrix(v)
			if d := NonUnitarity(v, n); d > 1e-12 {
				t.Errorf("%s: a mesh without loss is not unitary by %g", how, d)
			}
			if f, e := Fidelity(u, v, n), s.Error; math.Abs((1-f)-e*e) > 0.3*e*e+1e-12 && how != Blind {
				t.Errorf("%s: fidelity %g with error %g", how, f, e)
			}
		}
	}
	if !(errors[Local] < 0.2*errors[Blind]) || !(errors[InSitu] < 0.8*errors[Local]) {
		t.Errorf("errors %v", errors)
	}
	// Without splitter errors both calibrations are exact, crosstalk or not.
	m.SplitterError = 0
	for _, how := range []string{Local, InSitu} {
		m.Calibration = how
		m.StepsMost = 5000
		_, _, s := chip(t, m, 8, 1)
		claims.Check(t, claims.Claim{Name: "error of an 8-mode mesh with phase errors and crosstalk after calibration " + how, Kind: claims.ClosedForm, Source: "(1 + X) heater = phase has an exact solution",
			Want: 0, Got: s.Error, Tol: map[string]float64{Local: 1e-10, InSitu: 1e-5}[how], Absolute: true, Why: map[string]string{Local: "rounding, 1e-14 a phase", InSitu: "the overlap, known to 1e-16, is quadratic in the error"}[how]})
		if how == Local && s.Reached != 1 {
			t.Errorf("%s: %g of the interferometers reach their splitting", how, s.Reached)
		}
	}
}

// TestGradient compares the gradient of the overlap with differences.
func TestGradient(t *testing.T) {
	const n = 5
	for _, loss := range []float64{0, 0.3} {
		m := ideal()
		m.SplitterError, m.Loss = 0.05, loss
		c, _, _ := chip(t, m, n, 1)
		u := Haar(n, noise.NewKey(10))
		got := make([]float64, len(c.phase))
		c.overlap(u, got)
		for i := range c.phase {
			const h = 1e-5
			p := c.phase[i]
			c.phase[i] = p + h
			up := c.overlap(u, nil)
			c.phase[i] = p - h
			want := (up - c.overlap(u, nil)) / (2 * h)
			c.phase[i] = p
			if math.Abs(got[i]-want) > 1e-9 {
				t.Errorf("loss %g: slope by phase %d is %g, differences give %g", loss, i, got[i], want)
			}
		}
	}
}

// TestQuadraticCorrection holds the law that correction squares the error: half the splitter
// error leaves a quarter.
func TestQuadraticCorrection(t *testing.T) {
	const n, samples = 12, 600
	m := ideal()
	left := func(s float64) float64 {
		m.SplitterError = s
		sum := 0.0
		for k := range uint64(samples) {
			_, _, r := chip(t, m, n, k)
			sum += r.Error * r.Error
		}
		return math.Sqrt(sum / samples)
	}
	claims.Check(t, claims.Claim{Name: "exponent of the error that local correction leaves, in the splitter error", Kind: claims.Published,
		Source: "Bandyopadhyay et al., Optica 8, 1247 (2021), arXiv:2103.04993; Hamerly et al., Nat. Commun. 13, 6831 (2022): correction reduces errors by a quadratic factor",
		Want:   2, Got: math.Log2(left(0.04) / left(0.02)), Tol: 0.1, Why: "600 chips of 12 modes; the unreachable splittings are few"})
}

func TestLoss(t *testing.T) {
	// Through K interferometers of equal loss the field of every path falls alike: two modes have one.
	m := ideal()
	m.Loss = 0.5
	c, u, s := chip(t, m, 2, 1)
	v := make([]complex128, 4)
	c.Matrix(v)
	if s.Error > 1e-12 {
		t.Errorf("a common loss leaves an error of %g after one gain", s.Error)
	}
	claims.Check(t, claims.Claim{Name: "power left by one interferometer of 0.5 dB", Kind: claims.ClosedForm, Source: "10^(-L/10)", Want: math.Pow(10, -0.05), Got: norm(v) * norm(v) / (norm(u) * norm(u)), Tol: 1e-12, Why: "rounding"})
}

func TestAdvance(t *testing.T) {
	const n = 8
	m := ideal()
	m.PhaseWander = 1e-3
	sum := 0.0
	const samples = 60
	for k := range uint64(samples) {
		c, u, _ := chip(t, m, n, k)
		c.Advance(4, noise.NewKey(9).Fold(k))
		c.Advance(5, noise.NewKey(9).Fold(k))
		v := make([]complex128, n*n)
		c.Matrix(v)
		for i := range v {
			v[i] -= u[i]
		}
		sum += norm(v) * norm(v) / n
	}
	claims.Check(t, claims.Claim{Name: "rms error of an 8-mode mesh after 4 s and 5 s of phase wander", Kind: claims.ClosedForm, Source: "wander sqrt(t) sqrt(N), a random walk of N² phases",
		Want: 1e-3 * 3 * math.Sqrt(n), Got: math.Sqrt(sum / samples), Tol: 0.06, Why: "60 chips, of which one scatters by about 13 %"})
}

func TestMeshRefuses(t *testing.T) {
	for _, c := range []struct {
		set   func(m *MZIMesh)
		modes int
		say   string
	}{
		{func(m *MZIMesh) { m.SplitterError = -1 }, 4, "splitter_error is -1rad: must be"},
		{func(m *MZIMesh) { m.Scheme = "x" }, 4, "scheme is"},
		{func(m *MZIMesh) { m.Crosstalk, m.CrosstalkLength = 0.1, 100 }, 40, "must be below 0.9"},
		{func(m *MZIMesh) {}, 0, "0 modes: must be from 1"},
		{func(m *MZIMesh) { m.Loss = math.NaN() }, 4, "loss is NaN"},
	} {
		m := NewMZIMesh()
		c.set(m)
		if _, err := NewMesh(m, c.modes, noise.Key{}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("got %v, want %q", err, c.say)
		}
	}
	c, _, _ := chip(t, NewMZIMesh(), 4, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c.model.Calibration = InSitu
	if _, err := c.Program(ctx, Haar(4, noise.Key{})); err != context.Canceled {
		t.Errorf("got %v of a context that is done", err)
	}
}

func BenchmarkDecompose(b *testing.B) {
	for _, n := range []int{32, 128} {
		u := Haar(n, noise.NewKey(1))
		for _, scheme := range Schemes() {
			b.Run(fmt.Sprintf("%s/%d", scheme, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := Decompose(u, n, scheme); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkMatrix(b *testing.B) {
	c, _, _ := chip(b, ideal(), 128, 1)
	dst := make([]complex128, 128*128)
	for b.Loop() {
		c.Matrix(dst)
	}
}
