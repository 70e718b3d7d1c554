package vmath

import (
	"fmt"
	"math"
	"testing"
	"unsafe"
)

// eachPath runs f under every path of this machine.
func eachPath(t *testing.T, f func(t *testing.T)) {
	for _, p := range Paths() {
		t.Run(p.String(), func(t *testing.T) {
			defer Use(Use(p))
			f(t)
		})
	}
}

// mixer is SplitMix64: inputs of the tests.
type mixer uint64

func (m *mixer) next() uint64 {
	*m += 0x9E3779B97F4A7C15
	z := uint64(*m)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Inputs at which a branch, a clamp or a special value of some function lies.
var edges = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.5, 2, math.Sqrt2, math.Sqrt2 / 2, math.Inf(1), math.Inf(-1), math.NaN(),
	math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 0x1p-1022, 0x1.fffffffffffffp-1023,
	math.Nextafter(1, 0), math.Nextafter(1, 2), 709.782712893384, 709.7827128933841, 710, 711, -708.4, -745.1332191019411,
	-745.1332191019412, -745.5, -746, -747, 1e300, -1e300, 1e-300, 88.72284, 88.7229, 89, 90, -87.4, -103.97, -103.98, -104, -105,
	0x1p-126, 0x1p-127, 0x1p-149, math.MaxFloat32,
}

// inputs mixes random bit patterns, moderate numbers and edges.
func inputs(n int, seed uint64) []float64 {
	m := mixer(seed)
	x := make([]float64, n)
	for i := range x {
		w := m.next()
		switch w % 4 {
		case 0:
			x[i] = math.Float64frombits(m.next())
		case 1:
			x[i] = edges[m.next()%uint64(len(edges))]
		case 2:
			x[i] = (Unit(m.next()) - 0.5) * 1600
		default:
			x[i] = math.Ldexp(Unit(m.next()), int(m.next()%60)-30)
		}
	}
	return x
}

func inputs32(n int, seed uint64) []float32 {
	m := mixer(seed)
	x := make([]float32, n)
	for i, y := range inputs(n, seed+1) {
		x[i] = float32(y)
		if w := m.next(); w%4 == 0 {
			x[i] = math.Float32frombits(uint32(w >> 32))
		} else if w%4 == 1 {
			x[i] = (Unit32(uint32(w>>32)) - 0.5) * 240
		}
	}
	return x
}

// TestPathsAgree compares every path with the Go twin bit by bit, on all lengths
// to 1000, at unaligned starts, in place and not, and checks that nothing beyond
// the slice is written.
func TestPathsAgree(t *testing.T) {
	src, src32 := inputs(1016, 1), inputs32(1016, 2)
	words, words32 := make([]uint64, 1016), make([]uint32, 1016)
	m := mixer(3)
	for i := range words {
		words[i], words32[i] = m.next(), uint32(m.next())
	}
	copy(words, []uint64{0, 0, math.MaxUint64, math.MaxUint64, 1 << 63, 1 << 62, 3 << 62, 1<<62 - 1, 1 << 61, 1<<63 - 1, 0, 1 << 63})
	copy(words32, []uint32{0, 0, math.MaxUint32, math.MaxUint32, 1 << 31, 1 << 30, 3 << 30, 1<<30 - 1, 1 << 29, 1<<31 - 1, 0, 1 << 31})
	eachPath(t, func(t *testing.T) {
		for n := range 1001 {
			at := n % 13
			agree(t, "Ln", n, Ln, ln, src[at:at+n], math.Float64bits)
			agree(t, "Exp", n, Exp, exp, src[at:at+n], math.Float64bits)
			agree(t, "Ln32", n, Ln32, ln32, src32[at:at+n], bits32)
			agree(t, "Exp32", n, Exp32, exp32, src32[at:at+n], bits32)
			agree(t, "Uniform", n, Uniform, Unit, words[at:at+n], math.Float64bits)
			agree(t, "Uniform32", n, Uniform32, Unit32, words32[at:at+n], bits32)
			if n%2 == 0 {
				agreePairs(t, "BoxMuller", n, BoxMuller, NormalPair, words[at:at+n], math.Float64bits)
				agreePairs(t, "BoxMuller32", n, BoxMuller32, normalPair32, words32[at:at+n], bits32)
			}
		}
	})
}

func bits32(x float32) uint64 { return uint64(math.Float32bits(x)) }

// agree compares f with its Go twin.
func agree[T float32 | float64, S float32 | float64 | uint32 | uint64](t *testing.T, name string, n int, f func(dst []T, src []S), twin func(S) T, src []S, bits func(T) uint64) {
	t.Helper()
	const guard = 12345
	dst := make([]T, n+1)
	dst[n] = guard
	f(dst[:n], src)
	place := append([]S(nil), src...)
	same := view[T](place)
	f(same, place)
	for i, x := range src {
		want := bits(twin(x))
		if got := bits(dst[i]); got != want {
			t.Fatalf("%s of length %d: element %d, %v: bits %#x, want %#x", name, n, i, x, got, want)
		}
		if got := bits(same[i]); got != want {
			t.Fatalf("%s in place of length %d: element %d, %v: bits %#x, want %#x", name, n, i, x, got, want)
		}
	}
	if dst[n] != guard {
		t.Fatalf("%s of length %d wrote beyond its end", name, n)
	}
}

// view is the memory of x as another type of the same size.
func view[T, S any](x []S) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// agreePairs compares f with its Go twin of a pair.
func agreePairs[T float32 | float64, W uint32 | uint64](t *testing.T, name string, n int, f func([]T, []W), twin func(a, b W) (T, T), src []W, bits func(T) uint64) {
	t.Helper()
	const guard = 12345
	dst := make([]T, n+1)
	dst[n] = guard
	f(dst[:n], src)
	place := append([]W(nil), src...)
	same := view[T](place)
	f(same, place)
	for i := 0; i < n; i += 2 {
		c, s := twin(src[i], src[i+1])
		if bits(dst[i]) != bits(c) || bits(dst[i+1]) != bits(s) {
			t.Fatalf("%s of length %d: pair %d, %#x: %v, want %v", name, n, i, src[i:i+2], dst[i:i+2], []T{c, s})
		}
		if bits(same[i]) != bits(c) || bits(same[i+1]) != bits(s) {
			t.Fatalf("%s in place of length %d: pair %d, %#x: %v, want %v", name, n, i, src[i:i+2], same[i:i+2], []T{c, s})
		}
	}
	if dst[n] != guard {
		t.Fatalf("%s of length %d wrote beyond its end", name, n)
	}
}

func FuzzPathsAgree(f *testing.F) {
	for _, x := range edges {
		f.Add(math.Float64bits(x), math.Float64bits(-x))
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		for _, p := range Paths() {
			before := Use(p)
			agree(t, "Ln", 1, Ln, ln, []float64{math.Float64frombits(a)}, math.Float64bits)
			agree(t, "Exp", 1, Exp, exp, []float64{math.Float64frombits(a)}, math.Float64bits)
			agree(t, "Ln32", 1, Ln32, ln32, []float32{math.Float32frombits(uint32(a))}, bits32)
			agree(t, "Exp32", 1, Exp32, exp32, []float32{math.Float32frombits(uint32(a))}, bits32)
			agreePairs(t, "BoxMuller", 2, BoxMuller, NormalPair, []uint64{a, b}, math.Float64bits)
			agreePairs(t, "BoxMuller32", 2, BoxMuller32, normalPair32, []uint32{uint32(a), uint32(b)}, bits32)
			Use(before)
		}
	})
}

func benchmarkPaths(b *testing.B, n int, f func()) {
	for _, p := range Paths() {
		b.Run(fmt.Sprintf("%v/%d", p, n), func(b *testing.B) {
			defer Use(Use(p))
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
		})
	}
}

func BenchmarkLn(b *testing.B)  { benchmark64(b, Ln) }
func BenchmarkExp(b *testing.B) { benchmark64(b, Exp) }

func BenchmarkLn32(b *testing.B)  { benchmark32(b, Ln32) }
func BenchmarkExp32(b *testing.B) { benchmark32(b, Exp32) }

func benchmark64(b *testing.B, f func(dst, src []float64)) {
	src, dst := make([]float64, 1024), make([]float64, 1024)
	for i := range src {
		src[i] = 1e-3 + float64(i)*0.01
	}
	benchmarkPaths(b, len(src), func() { f(dst, src) })
}

func benchmark32(b *testing.B, f func(dst, src []float32)) {
	src, dst := make([]float32, 1024), make([]float32, 1024)
	for i := range src {
		src[i] = 1e-3 + float32(i)*0.01
	}
	benchmarkPaths(b, len(src), func() { f(dst, src) })
}
