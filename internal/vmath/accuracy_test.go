package vmath

import (
	"math"
	"math/big"
	"testing"
)

// worst keeps the largest error and where it occurred.
type worst struct {
	err  float64
	at   any
	got  any
	seen int
}

func (w *worst) see(err float64, at, got any) {
	w.seen++
	if err > w.err || err != err {
		w.err, w.at, w.got = err, at, got
	}
}

func (w *worst) check(t *testing.T, name string, bound float64) {
	t.Helper()
	t.Logf("%s: largest error %.3f ulp at %v (%d points)", name, w.err, w.at, w.seen)
	if !(w.err < bound) {
		t.Errorf("%s(%v) = %v: error %g ulp, want below %g", name, w.at, w.got, w.err, bound)
	}
}

const points = 20000

func TestLnError(t *testing.T) {
	m := mixer(11)
	src := []float64{1, math.Nextafter(1, 0), math.Nextafter(1, 2), 0x1p-1022, 0x1p-1074, 0x1.fffffffffffffp-1023, math.MaxFloat64, 0.70710678, 1.41421356}
	for len(src) < points {
		switch len(src) % 3 {
		case 0: // every exponent
			src = append(src, math.Abs(math.Float64frombits(m.next()&^(1<<62)|uint64(len(src)&1)<<62)))
		case 1: // random numbers as they are used
			src = append(src, Unit(m.next()))
		default: // near 1, where the result is small
			src = append(src, 1+math.Ldexp(Unit(m.next())-0.5, -int(m.next()%50)))
		}
		if x := src[len(src)-1]; x == 0 || x > math.MaxFloat64 || x != x {
			src = src[:len(src)-1]
		}
	}
	dst := make([]float64, len(src))
	Ln(dst, src)
	var w worst
	for i, x := range src {
		if x == 1 {
			if dst[i] != 0 {
				t.Errorf("Ln(1) = %g, want 0", dst[i])
			}
			continue
		}
		w.see(ulps64(dst[i], lnBig(bigFloat(x))), x, dst[i])
	}
	w.check(t, "Ln", 1)
}

func TestLn32Error(t *testing.T) {
	m := mixer(12)
	src := []float32{math.Nextafter32(1, 0), math.Nextafter32(1, 2), 0x1p-126, 0x1p-149, math.MaxFloat32}
	for len(src) < points {
		switch len(src) % 3 {
		case 0:
			src = append(src, math.Float32frombits(uint32(m.next()>>33)%0x7F800000+1))
		case 1:
			src = append(src, Unit32(uint32(m.next())))
		default:
			src = append(src, float32(1+math.Ldexp(Unit(m.next())-0.5, -int(m.next()%22))))
		}
		if x := src[len(src)-1]; x == 1 || x > math.MaxFloat32 {
			src = src[:len(src)-1]
		}
	}
	dst := make([]float32, len(src))
	Ln32(dst, src)
	var w worst
	for i, x := range src {
		w.see(ulps32(dst[i], lnBig(bigFloat(float64(x)))), x, dst[i])
	}
	w.check(t, "Ln32", 1)
}

func TestExpError(t *testing.T) {
	m := mixer(13)
	src := []float64{0, 0x1p-1074, -0x1p-60, 709.782712893384, -708.4, -745.1, -745.13, 0.34657359, -0.34657359}
	for len(src) < points {
		u := Unit(m.next()) - 0.5
		switch len(src) % 3 {
		case 0:
			src = append(src, u*1418-0.1) // all normal results
		case 1:
			src = append(src, math.Ldexp(u, int(m.next()%40)-32))
		default:
			src = append(src, -726.8+u*36) // subnormal results
		}
	}
	dst := make([]float64, len(src))
	Exp(dst, src)
	var w worst
	for i, x := range src {
		w.see(ulps64(dst[i], expBig(x)), x, dst[i])
	}
	w.check(t, "Exp", 1)
}

func TestExp32Error(t *testing.T) {
	m := mixer(14)
	src := []float32{0, 0x1p-149, -0x1p-30, 88.72283, -87.33654, -103.9}
	for len(src) < points {
		u := float32(Unit(m.next()) - 0.5)
		switch len(src) % 3 {
		case 0:
			src = append(src, u*176)
		case 1:
			src = append(src, float32(math.Ldexp(float64(u), int(m.next()%24)-20)))
		default:
			src = append(src, -95.6+u*16)
		}
	}
	dst := make([]float32, len(src))
	Exp32(dst, src)
	var w worst
	for i, x := range src {
		w.see(ulps32(dst[i], expBig(float64(x))), x, dst[i])
	}
	w.check(t, "Exp32", 1)
}

func TestSpecials(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	ln := map[float64]float64{0: -inf, inf: inf, -1: nan, -inf: nan, -0x1p-1074: nan, 1: 0}
	exp := map[float64]float64{0: 1, inf: inf, -inf: 0, 709.782712893384: math.MaxFloat64, 709.7827128933841: inf, -745.2: 0, 1e308: inf, -1e308: 0}
	ln[math.Copysign(0, -1)] = -inf
	eachPath(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			f    func(dst, src []float64)
			want map[float64]float64
		}{"Ln": {Ln, ln}, "Exp": {Exp, exp}} {
			c.want[nan] = nan
			for x, want := range c.want {
				d := []float64{x}
				c.f(d, d)
				near := math.Abs(d[0]-want) <= 1e-12*math.Abs(want)
				if !(d[0] == want || near || want != want && d[0] != d[0]) {
					t.Errorf("%s(%g) = %g, want %g", name, x, d[0], want)
				}
			}
		}
		for name, c := range map[string]struct {
			f    func(dst, src []float32)
			want map[float32]float32
		}{
			"Ln32":  {Ln32, map[float32]float32{0: float32(-inf), float32(inf): float32(inf), -1: float32(nan), float32(nan): float32(nan), 1: 0}},
			"Exp32": {Exp32, map[float32]float32{0: 1, float32(inf): float32(inf), float32(-inf): 0, 88.73: float32(inf), -104: 0, float32(nan): float32(nan)}},
		} {
			for x, want := range c.want {
				d := []float32{x}
				c.f(d, d)
				if !(d[0] == want || want != want && d[0] != d[0]) {
					t.Errorf("%s(%g) = %g, want %g", name, x, d[0], want)
				}
			}
		}
	})
}

// TestUnit fixes the ends, the middle and the symmetry of the map to (0,1).
func TestUnit(t *testing.T) {
	for bits, want := range map[uint64]float64{
		0: 0x1p-53, 1<<12 - 1: 0x1p-53, 1 << 12: 0x3p-53, 1 << 63: 0.5 + 0x1p-53, 1<<63 - 1: 0.5 - 0x1p-53, math.MaxUint64: 1 - 0x1p-53,
	} {
		if got := Unit(bits); got != want {
			t.Errorf("Unit(%#x) = %b, want %b", bits, got, want)
		}
	}
	for bits, want := range map[uint32]float32{
		0: 0x1p-33, 1: 0x3p-33, 2: 0x5p-33, 1<<22 - 1: 0x1p-10 - 0x1p-33, 1 << 31: 0.5, math.MaxUint32: 1 - 0x1p-24, math.MaxUint32 - 128: 1 - 0x1p-24,
	} {
		if got := Unit32(bits); got != want {
			t.Errorf("Unit32(%#x) = %b, want %b", bits, got, want)
		}
	}
	m := mixer(4)
	for range 10000 {
		w := m.next()
		if a, b := Unit(w), Unit(^w); a+b != 1 || a <= 0 || a >= 1 {
			t.Fatalf("Unit(%#x) = %g and Unit of its complement %g do not sum to 1 inside (0,1)", w, a, b)
		}
		if u := Unit32(uint32(w)); math.Abs(float64(u)-float64(2*(w&math.MaxUint32)+1)*0x1p-33) > 0x1p-25 || u <= 0 || u >= 1 {
			t.Fatalf("Unit32(%#x) = %g", uint32(w), u)
		}
	}
}

// boxMullerBig returns the pair of words b0 and b1 as documented, from u and the
// angle, in 200-bit arithmetic.
func boxMullerBig(u, v float64, swap, turn bool) (z0, z1 *big.Float) {
	r := mul(bigFloat(-2), lnBig(bigFloat(u)))
	r.Sqrt(r)
	s, c := sinCosBig(v)
	if swap {
		s, c = c, s
	}
	if turn {
		r.Neg(r)
	}
	return mul(r, c), mul(r, s)
}

func TestBoxMullerError(t *testing.T) {
	words := []uint64{0, 0, math.MaxUint64, math.MaxUint64, 0, 1 << 61, math.MaxUint64, 1 << 62, 1, 1<<62 - 1}
	m := mixer(15)
	for len(words) < points {
		words = append(words, m.next())
	}
	z := make([]float64, len(words))
	BoxMuller(z, words)
	var w worst
	for i := 0; i < len(words); i += 2 {
		b0, b1 := words[i], words[i+1]
		u := float64(2*(b0>>12)+1) * 0x1p-53
		v := (float64(2*(b1<<2>>12)+1) - 0x1p52) * 0x1p-53
		z0, z1 := boxMullerBig(u, v, b1>>62&1 == 1, b1>>63 == 1)
		w.see(ulps64(z[i], z0), []uint64{b0, b1}, z[i])
		w.see(ulps64(z[i+1], z1), []uint64{b0, b1}, z[i+1])
	}
	w.check(t, "BoxMuller", 4)
}

func TestBoxMuller32Error(t *testing.T) {
	words := []uint32{0, 0, math.MaxUint32, math.MaxUint32, 0, 1 << 29, math.MaxUint32, 1 << 30, 1, 1<<30 - 1}
	m := mixer(16)
	for len(words) < points {
		words = append(words, uint32(m.next()))
	}
	z := make([]float32, len(words))
	BoxMuller32(z, words)
	var w worst
	for i := 0; i < len(words); i += 2 {
		b0, b1 := words[i], words[i+1]
		u := min(float64(float32(float64(2*uint64(b0)+1)*0x1p-33)), 1-0x1p-24)
		v := float64(float32(int32(b1<<2))) * 0x1p-32
		z0, z1 := boxMullerBig(u, v, b1>>30&1 == 1, b1>>31 == 1)
		if z1.Sign() == 0 || z0.Sign() == 0 {
			continue
		}
		w.see(ulps32(z[i], z0), []uint32{b0, b1}, z[i])
		w.see(ulps32(z[i+1], z1), []uint32{b0, b1}, z[i+1])
	}
	w.check(t, "BoxMuller32", 4)
}

// TestSinCosError bounds the error of the angle's functions by themselves.
func TestSinCosError(t *testing.T) {
	var ws, wc worst
	m := mixer(17)
	for i := range points {
		v := Unit(m.next()) - 0.5
		if i%4 == 0 {
			v = math.Ldexp(v, -int(m.next()%52))
		}
		sin, cos := sinCosBig(v)
		s, c := sinCosQuarter(v)
		ws.see(ulps64(s, sin), v, s)
		wc.see(ulps64(c, cos), v, c)
	}
	ws.check(t, "sin", 2)
	wc.check(t, "cos", 2)
}

// TestBoxMullerCircle checks that angles cover the circle evenly, which moments of
// single coordinates need not show: the eight eighths get equal shares of a
// regular grid of angle words, and the radius is that of u.
func TestBoxMullerCircle(t *testing.T) {
	const n = 1 << 12
	var eighths [8]int
	for i := range uint64(n) {
		z0, z1 := NormalPair(1<<63, i<<52|1<<51)
		a := math.Atan2(z1, z0) / (math.Pi / 4)
		eighths[(int(math.Floor(a))+8)%8]++
		if r := math.Hypot(z0, z1); math.Abs(r-math.Sqrt(2*math.Ln2)) > 1e-14 {
			t.Fatalf("radius of pair %d = %g, want %g", i, r, math.Sqrt(2*math.Ln2))
		}
	}
	for i, c := range eighths {
		if c != n/8 {
			t.Errorf("eighth %d holds %d of %d angles, want %d", i, c, n, n/8)
		}
	}
}

// TestTails feeds the smallest and largest uniform numbers: the radius must reach
// its documented end and stay positive.
func TestTails(t *testing.T) {
	z0, z1 := NormalPair(0, 1<<61)
	if want := math.Sqrt(106 * math.Ln2); math.Abs(z0-want) > 1e-14 || math.Abs(z1) > 1e-14 {
		t.Errorf("largest pair = %g, %g, want %g, 0", z0, z1, want)
	}
	if z0, _ := NormalPair(math.MaxUint64, 1<<61); math.Abs(z0-0x1p-26) > 1e-22 {
		t.Errorf("smallest radius = %g, want %g", z0, 0x1p-26)
	}
	s0, _ := normalPair32(0, 0)
	if want := math.Sqrt(66 * math.Ln2); math.Abs(float64(s0)-want) > 1e-6 {
		t.Errorf("largest float32 radius = %g, want %g", s0, want)
	}
	if s0, _ := normalPair32(math.MaxUint32, 0); math.Abs(float64(s0)-math.Sqrt(0x1p-23)) > 1e-10 {
		t.Errorf("smallest float32 radius = %g, want %g", s0, math.Sqrt(0x1p-23))
	}
}
