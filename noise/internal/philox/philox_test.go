package philox

import (
	"fmt"
	"testing"

	"mho/internal/claims"
	"mho/internal/vmath"
)

func TestMain(m *testing.M) { claims.Main(m) }

// The known answers of the authors: file kat_vectors of Random123,
// lines "philox4x32 10".
var known = []struct {
	counter Counter
	key     Key
	want    [4]uint32
}{
	{Counter{}, Key{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
	{
		Counter{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, Key{0xffffffff, 0xffffffff},
		[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
	},
	{
		Counter{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, Key{0xa4093822, 0x299f31d0},
		[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
	},
}

func TestKnownAnswers(t *testing.T) {
	for _, c := range known {
		got := Block(c.counter, c.key)
		if got != c.want {
			t.Errorf("Block(%#x, %#x) = %#x, want %#x", c.counter, c.key, got, c.want)
		}
		for i, w := range c.want {
			claims.Check(t, claims.Claim{
				Name: fmt.Sprintf("Philox4x32-10, counter %08x..., key %08x...: word %d", c.counter[0], c.key[0], i), Kind: claims.Published,
				Source: "known answers of Random123, J. K. Salmon et al., SC11, doi:10.1145/2063384.2063405", Want: float64(w), Got: float64(got[i]), Tol: 0.5, Absolute: true, Why: "the same whole number",
			})
		}
	}
}

// TestKnownAnswersInFills finds each known answer at every position of a fill
// whose counter reaches the known one there, on every path.
func TestKnownAnswersInFills(t *testing.T) {
	for _, p := range vmath.Paths() {
		t.Run(p.String(), func(t *testing.T) {
			defer vmath.Use(vmath.Use(p))
			for _, c := range known {
				for at := range 40 {
					start := c.counter
					start[0] -= uint32(at)
					words := make([]uint32, 4*40)
					Words32(words, start, c.key)
					if got := [4]uint32(words[4*at:]); got != c.want {
						t.Fatalf("block %d of Words32 = %#x, want %#x", at, got, c.want)
					}
					pairs := make([]uint64, 2*40)
					Words64(pairs, start, c.key)
					want := [2]uint64{uint64(c.want[0]) | uint64(c.want[1])<<32, uint64(c.want[2]) | uint64(c.want[3])<<32}
					if got := [2]uint64(pairs[2*at:]); got != want {
						t.Fatalf("block %d of Words64 = %#x, want %#x", at, got, want)
					}
				}
			}
		})
	}
}

func TestPathsAgree(t *testing.T) {
	for _, p := range vmath.Paths() {
		t.Run(p.String(), func(t *testing.T) {
			defer vmath.Use(vmath.Use(p))
			for n := range 251 {
				agree(t, n, Counter{uint32(n) * 0x9E3779B9, 7, uint32(n), 1 << 31}, Key{uint32(n), 0xFFFFFFF0})
			}
		})
	}
}

// agree compares fills of n blocks with single blocks.
func agree(t *testing.T, n int, c Counter, k Key) {
	t.Helper()
	const guard = 0xA5A5A5A5
	words := make([]uint32, 4*n+1)
	words[4*n] = guard
	Words32(words[:4*n], c, k)
	if words[4*n] != guard {
		t.Fatalf("Words32 of %d blocks wrote beyond its end", n)
	}
	pairs := make([]uint64, 2*n)
	Words64(pairs, c, k)
	for b := range n {
		want := Block(Counter{c[0] + uint32(b), c[1], c[2], c[3]}, k)
		if got := [4]uint32(words[4*b:]); got != want {
			t.Fatalf("block %d of %d, counter %#x, key %#x: %#x, want %#x", b, n, c, k, got, want)
		}
		if got := pairs[2*b]; got != uint64(want[0])|uint64(want[1])<<32 {
			t.Fatalf("word %d of Words64: %#x, want those of %#x", 2*b, got, want)
		}
		if got := pairs[2*b+1]; got != uint64(want[2])|uint64(want[3])<<32 {
			t.Fatalf("word %d of Words64: %#x, want those of %#x", 2*b+1, got, want)
		}
	}
}

func FuzzPathsAgree(f *testing.F) {
	f.Add(uint16(3), uint32(0xFFFFFFFE), uint32(1), uint64(2), uint64(3))
	f.Add(uint16(77), uint32(0), uint32(0xFFFFFFFF), ^uint64(0), ^uint64(0))
	f.Fuzz(func(t *testing.T, n uint16, c0, c1 uint32, event, key uint64) {
		for _, p := range vmath.Paths() {
			before := vmath.Use(p)
			agree(t, int(n%256), Counter{c0, c1, uint32(event), uint32(event >> 32)}, Key{uint32(key), uint32(key >> 32)})
			vmath.Use(before)
		}
	})
}

func TestPartOfABlockPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"Words32": func() { Words32(make([]uint32, 6), Counter{}, Key{}) },
		"Words64": func() {
			odd := 3 // not a constant, so that the mistake is met at run time only
			Words64(make([]uint64, odd), Counter{}, Key{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if r := recover(); r != "philox: part of a block" {
					t.Errorf("recovered %v, want the panic of a part block", r)
				}
			}()
			f()
		})
	}
}

func BenchmarkWords64(b *testing.B) {
	dst := make([]uint64, 1024)
	for _, p := range vmath.Paths() {
		b.Run(p.String(), func(b *testing.B) {
			defer vmath.Use(vmath.Use(p))
			b.ReportAllocs()
			for b.Loop() {
				Words64(dst, Counter{}, Key{1, 2})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(dst)), "ns/value")
		})
	}
}
