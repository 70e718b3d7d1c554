package noise

import (
	"math"
	"math/bits"
	"slices"
	"testing"
)

// correlation returns the correlation of x and y in units of its standard error
// 1/sqrt(n), for numbers of mean 0 and variance v.
func correlation(x, y []float64, v float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum / (v * math.Sqrt(float64(len(x))))
}

// TestIndependence correlates normals, and their squares, that differ in one
// component of their place or key.
func TestIndependence(t *testing.T) {
	const n = 1 << 20
	k := NewKey(41)
	normal := func(k Key, at At) []float64 {
		z := make([]float64, n)
		k.Normal(z, at)
		return z
	}
	base := normal(k, At{})
	run := normal(k, At{Row: 1})
	narrow := make([]float64, n)
	wide(k.Normal32)(narrow, At{})
	others := map[string][]float64{
		"next row":             run,
		"row 2^31":             normal(k, At{Row: 1 << 31}),
		"next event":           normal(k, At{Event: 1}),
		"event 2^32":           normal(k, At{Event: 1 << 32}),
		"fold 0":               normal(k.Fold(0), At{}),
		"fold 1":               normal(k.Fold(1), At{}),
		"domain":               normal(k.Domain(Read), At{}),
		"adjacent seed":        normal(NewKey(42), At{}),
		"seed of one bit more": normal(NewKey(41|1<<63), At{}),
		"float32":              narrow,
	}
	for lag := 1; lag <= 8; lag++ {
		others["column lag "+string(rune('0'+lag))] = base[lag:]
	}
	var even, odd []float64
	for i := 0; i < n; i += 2 {
		even, odd = append(even, base[i]), append(odd, base[i+1])
	}
	pairs := map[string][2][]float64{
		"pair":               {even, odd},
		"folds 0 and 1":      {others["fold 0"], others["fold 1"]},
		"fold 1 and row 1":   {others["fold 1"], run},
		"domains":            {others["domain"], normal(k.Domain(RTN), At{})},
		"row against column": {run[1:], base[:n-1]},
	}
	for name, z := range others {
		pairs[name] = [2][]float64{base[:len(z)], z}
	}
	u := make([]float64, n)
	k.Uniform(u, At{})
	for i := range u {
		u[i] = (u[i] - 0.5) * math.Sqrt(12)
	}
	pairs["uniform"] = [2][]float64{base, u}
	e := make([]float64, n)
	k.Exponential(e, At{})
	for i := range e {
		e[i]--
	}
	pairs["exponential"] = [2][]float64{base, e}
	pairs["uniform and exponential"] = [2][]float64{u, e}

	for name, p := range pairs {
		if c := correlation(p[0], p[1], 1); math.Abs(c) > 4.5 {
			t.Errorf("%s: correlation %.1f standard errors", name, c)
		}
		// Dependence that signs hide: one radius serves two numbers.
		if name == "uniform" || name == "exponential" || name == "uniform and exponential" {
			continue
		}
		if c := correlation(squares(p[0]), squares(p[1]), 2); math.Abs(c) > 4.5 {
			t.Errorf("%s: correlation of squares %.1f standard errors", name, c)
		}
	}
}

// squares returns x²-1, of mean 0 and variance 2 for a normal x.
func squares(x []float64) []float64 {
	s := make([]float64, len(x))
	for i, v := range x {
		s[i] = v*v - 1
	}
	return s
}

// TestBits checks that each of the 64 bits of the words is even and independent of
// the one before it, along columns, rows and events.
func TestBits(t *testing.T) {
	const n = 1 << 16
	w := make([]uint64, n)
	k := NewKey(43)
	for name, draw := range map[string]func(){
		"columns": func() { k.Uint64s(w, At{}) },
		"rows": func() {
			for i := range w {
				w[i] = k.Uint64(At{Row: uint32(i)})
			}
		},
		"events": func() {
			for i := range w {
				w[i] = k.Uint64(At{Event: uint64(i)})
			}
		},
		"folds": func() {
			for i := range w {
				c := k.Fold(uint64(i))
				w[i] = uint64(c[0]) | uint64(c[1])<<32
			}
		},
		"seeds": func() {
			for i := range w {
				c := NewKey(uint64(i))
				w[i] = uint64(c[0]) | uint64(c[1])<<32
			}
		},
	} {
		draw()
		for b := range 64 {
			ones, changes := 0, 0
			for i, x := range w {
				ones += int(x >> b & 1)
				if i > 0 {
					changes += int((x ^ w[i-1]) >> b & 1)
				}
			}
			for what, c := range map[string]int{"ones": ones, "changes": changes} {
				if d := (float64(c) - n/2) / (math.Sqrt(n) / 2); math.Abs(d) > 5 {
					t.Errorf("%s: bit %d has %d %s in %d words (%.1f standard errors)", name, b, c, what, n, d)
				}
			}
		}
	}
}

// TestAvalanche flips single bits of a seed, of a fold index, and of the key folded:
// half of the child's bits must change.
func TestAvalanche(t *testing.T) {
	flipped := func(a, b Key) int { return bits.OnesCount32(a[0]^b[0]) + bits.OnesCount32(a[1]^b[1]) }
	for name, f := range map[string]func(i uint64, b int) int{
		"seed":  func(i uint64, b int) int { return flipped(NewKey(i), NewKey(i^1<<b)) },
		"index": func(i uint64, b int) int { return flipped(Key{1, 2}.Fold(i), Key{1, 2}.Fold(i^1<<b)) },
		"key": func(i uint64, b int) int {
			x := i ^ 1<<b
			return flipped(Key{uint32(i), uint32(i >> 32)}.Fold(9), Key{uint32(x), uint32(x >> 32)}.Fold(9))
		},
	} {
		for b := range 64 {
			const trials = 500
			sum := 0
			for i := range uint64(trials) {
				k := NewKey(1000 + i) // a number without pattern
				sum += f(uint64(k[0])|uint64(k[1])<<32, b)
			}
			if d := (float64(sum) - 32*trials) / math.Sqrt(16*trials); math.Abs(d) > 4.5 {
				t.Errorf("%s: bit %d flips %.2f of 64 bits, want 32 (%.1f standard errors)", name, b, float64(sum)/trials, d)
			}
		}
	}
}

// TestNewKey uses the first output of SplitMix64 for seed 0, as published with
// java.util.SplittableRandom and the reference C code of S. Vigna.
func TestNewKey(t *testing.T) {
	if got, want := NewKey(0), (Key{0x7b1dcdaf, 0xe220a839}); got != want {
		t.Errorf("NewKey(0) = %#x, want %#x", got, want)
	}
}

// TestKeysDiffer looks for equal keys among children, domains, grandchildren and roots.
func TestKeysDiffer(t *testing.T) {
	var keys []uint64
	add := func(k Key) { keys = append(keys, uint64(k[0])|uint64(k[1])<<32) }
	root := NewKey(1)
	for i := range uint64(200_000) {
		add(root.Fold(i))
		add(root.Domain(Domain(i)))
		add(NewKey(i))
		add(root.Fold(i % 300).Fold(i / 300))
	}
	slices.Sort(keys)
	if n := len(slices.Compact(slices.Clone(keys))); n != len(keys) {
		t.Errorf("%d of %d keys occur more than once", len(keys)-n, len(keys))
	}
}

// TestStreamsDoNotOverlap draws words of many keys, distributions aside: in 800,000
// words of 64 bits an equal pair has probability 2e-8 unless streams overlap.
func TestStreamsDoNotOverlap(t *testing.T) {
	var words []uint64
	root := NewKey(2)
	for i := range uint64(400) {
		for _, k := range []Key{root.Fold(i), root.Domain(Domain(i)), root.Fold(7).Fold(i), NewKey(i)} {
			w := make([]uint64, 500)
			k.Uint64s(w, At{Row: uint32(i), Event: i})
			words = append(words, w...)
		}
	}
	slices.Sort(words)
	if n := len(slices.Compact(slices.Clone(words))); n != len(words) {
		t.Errorf("%d of %d words occur more than once", len(words)-n, len(words))
	}
}
