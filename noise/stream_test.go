package noise

import (
	"bufio"
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mho/internal/vmath"
	"mho/noise/internal/philox"
)

var update = flag.Bool("update", false, "rewrite the golden file of the streams: a breaking change")

// A fillCase is one kind of fill; numbers of both widths are seen as their bits.
type fillCase struct {
	name string
	fill func(k Key, dst []uint64, at At)
}

func fill64(f func(k Key, dst []float64, at At)) func(Key, []uint64, At) {
	return func(k Key, dst []uint64, at At) {
		d := make([]float64, len(dst))
		f(k, d, at)
		for i, x := range d {
			dst[i] = math.Float64bits(x)
		}
	}
}

func fill32(f func(k Key, dst []float32, at At)) func(Key, []uint64, At) {
	return func(k Key, dst []uint64, at At) {
		d := make([]float32, len(dst))
		f(k, d, at)
		for i, x := range d {
			dst[i] = uint64(math.Float32bits(x))
		}
	}
}

func poisson64(mean float64) func(Key, []uint64, At) {
	return fill64(func(k Key, dst []float64, at At) { k.Poisson(dst, mean, at) })
}

var fills = []fillCase{
	{"Uint64s", Key.Uint64s},
	{"Uint32s", func(k Key, dst []uint64, at At) {
		d := make([]uint32, len(dst))
		k.Uint32s(d, at)
		for i, x := range d {
			dst[i] = uint64(x)
		}
	}},
	{"Uniform", fill64(Key.Uniform)},
	{"Uniform32", fill32(Key.Uniform32)},
	{"Normal", fill64(Key.Normal)},
	{"Normal32", fill32(Key.Normal32)},
	{"Lognormal", fill64(func(k Key, dst []float64, at At) { k.Lognormal(dst, 0.25, 1.5, at) })},
	{"Lognormal32", fill32(func(k Key, dst []float32, at At) { k.Lognormal32(dst, 0.25, 1.5, at) })},
	{"Exponential", fill64(Key.Exponential)},
	{"Exponential32", fill32(Key.Exponential32)},
	{"Poisson(0.1)", poisson64(0.1)},
	{"Poisson(3)", poisson64(3)},
	{"Poisson(12)", poisson64(12)},
	{"Poisson(1e+09)", poisson64(1e9)},
	{"Poisson32(12)", fill32(func(k Key, dst []float32, at At) { k.Poisson32(dst, 12, at) })},
}

// golden describes the frozen streams: keys, first values and hashes of long fills.
func golden() string {
	var b strings.Builder
	root := NewKey(20240229)
	for _, seed := range []uint64{0, 1, math.MaxUint64} {
		k := NewKey(seed)
		fmt.Fprintf(&b, "seed %d: key %08x, fold 0 %08x, fold 2^40 %08x, domain read %08x\n",
			seed, k, k.Fold(0), k.Fold(1<<40), k.Domain(Read))
	}
	for _, f := range fills {
		var first [6]uint64
		f.fill(root, first[:], At{})
		fmt.Fprintf(&b, "%s: first %x\n", f.name, first)
		h := sha256.New()
		for _, at := range []At{{}, {Row: 1}, {Row: 3, Col: 7, Event: 1}, {Row: math.MaxUint32, Col: 1<<32 - 5000, Event: math.MaxUint64}} {
			d := make([]uint64, 4999)
			f.fill(root.Fold(5), d, at)
			for _, x := range d {
				fmt.Fprintf(h, "%x,", x)
			}
		}
		fmt.Fprintf(&b, "%s: sha256 %x\n", f.name, h.Sum(nil))
	}
	return b.String()
}

// TestGolden holds the streams to the bits they had when they were frozen, on
// every path and architecture.
func TestGolden(t *testing.T) {
	file := filepath.Join("testdata", "streams.golden")
	if *update {
		if err := os.WriteFile(file, []byte(golden()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range vmath.Paths() {
		t.Run(p.String(), func(t *testing.T) {
			defer vmath.Use(vmath.Use(p))
			w := bufio.NewScanner(strings.NewReader(string(want)))
			for got := range strings.Lines(golden()) {
				if w.Scan(); w.Text() != strings.TrimSuffix(got, "\n") {
					t.Errorf("got  %swant %s", got, w.Text())
				}
			}
			if w.Scan() {
				t.Errorf("the golden file goes on: %s", w.Text())
			}
		})
	}
}

// TestDefinition recomputes numbers from the documented definition, with the
// functions of package math.
func TestDefinition(t *testing.T) {
	k := NewKey(7).Fold(3)
	at := At{Row: 11, Col: 40, Event: 1<<33 + 5}
	const n = 200
	var z, u, e, l [n]float64
	var s [n]float32
	k.Normal(z[:], at)
	k.Uniform(u[:], at)
	k.Exponential(e[:], at)
	k.Lognormal(l[:], -1, 0.5, at)
	k.Normal32(s[:], at)
	near := func(name string, j int, got, want, tol float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tol*max(1, math.Abs(want))) {
			t.Errorf("%s, column %d: %v, want %v", name, j, got, want)
		}
	}
	angle := func(f float64, swap, turn bool) float64 {
		a := (f - 0.5) * math.Pi / 2
		if swap {
			a = math.Pi/2 - a
		}
		if turn {
			a += math.Pi
		}
		return a
	}
	for j := range n {
		block := func(per int, u use) [4]uint32 {
			return philox.Block(philox.Counter{uint32((40 + j) / per), 11, 5, 2}, philox.Key{k[0], k[1] ^ uint32(u)})
		}
		word := func(x [4]uint32, i int) uint64 { return uint64(x[2*i]) | uint64(x[2*i+1])<<32 }
		unit := func(w uint64) float64 { return (float64(w>>12) + 0.5) / (1 << 52) }

		x := block(2, useUniform)
		near("Uniform", j, u[j], unit(word(x, j%2)), 0)
		x = block(2, useExponential)
		near("Exponential", j, e[j], -math.Log(unit(word(x, j%2))), 1e-15)

		x = block(2, useNormal)
		r := math.Sqrt(-2 * math.Log(unit(word(x, 0))))
		b := word(x, 1)
		a := angle(unit(b<<2), b>>62&1 == 1, b>>63 == 1)
		want := r * math.Cos(a)
		if j%2 == 1 {
			want = r * math.Sin(a)
		}
		near("Normal", j, z[j], want, 5e-15)
		near("Lognormal", j, l[j], math.Exp(0.5*want-1), 5e-15)

		x = block(4, useNormal32)
		i := j % 4 / 2 * 2
		r = math.Sqrt(-2 * math.Log(float64(float32((float64(x[i])+0.5)/(1<<32)))))
		c := x[i+1]
		a = angle(float64(int32(c<<2))/(1<<32)+0.5, c>>30&1 == 1, c>>31 == 1)
		want = r * math.Cos(a)
		if j%2 == 1 {
			want = r * math.Sin(a)
		}
		near("Normal32", j, float64(s[j]), want, 1e-6)
	}
}

// TestPlace checks that a number depends on its place alone: any part of a run has
// the bits of the whole, at any start, of any length, on any path, across the
// length at which fills are cut into pieces.
func TestPlace(t *testing.T) {
	k := NewKey(99)
	for _, f := range fills {
		t.Run(f.name, func(t *testing.T) {
			const start, n = 5, 4300
			at := func(j int) At { return At{Row: 2, Col: start + uint32(j), Event: 17} }
			before := vmath.Use(vmath.Go)
			whole := make([]uint64, n)
			f.fill(k, whole, at(0))
			vmath.Use(before)
			for _, p := range vmath.Paths() {
				before := vmath.Use(p)
				part := func(from, to int) {
					got := make([]uint64, to-from)
					f.fill(k, got, at(from))
					for j, x := range got {
						if x != whole[from+j] {
							t.Fatalf("path %v: columns %d to %d: column %d has bits %#x, want %#x", p, from, to, from+j, x, whole[from+j])
						}
					}
				}
				for n := range 1001 {
					part(n%7, n%7+n)
				}
				for _, from := range []int{0, 1, 2, 3, 1018, 1019, 1020, 2042, 2043} {
					part(from, n)
					part(from, from+2048)
				}
				vmath.Use(before)
			}
		})
	}
}

// TestOneValue checks the functions of one place against fills.
func TestOneValue(t *testing.T) {
	k := NewKey(5)
	var w [9]uint64
	var half [18]uint32
	var u, z, e, c [9]float64
	at := At{Row: 3, Col: 7, Event: 9}
	k.Uint64s(w[:], at)
	k.Uint32s(half[:], At{Row: 3, Col: 14, Event: 9})
	k.Uniform(u[:], at)
	k.Normal(z[:], at)
	k.Exponential(e[:], at)
	k.Poisson(c[:], 20, at)
	for j := range w {
		at := At{Row: 3, Col: 7 + uint32(j), Event: 9}
		if got := k.Uint64(at); got != w[j] {
			t.Errorf("Uint64(%v) = %#x, want %#x", at, got, w[j])
		}
		if got := uint64(half[2*j]) | uint64(half[2*j+1])<<32; got != w[j] {
			t.Errorf("halves at %v join to %#x, want %#x", at, got, w[j])
		}
		for name, v := range map[string][2]float64{
			"UniformAt": {k.UniformAt(at), u[j]}, "NormalAt": {k.NormalAt(at), z[j]},
			"ExponentialAt": {k.ExponentialAt(at), e[j]}, "PoissonAt": {k.PoissonAt(20, at), c[j]},
		} {
			if v[0] != v[1] {
				t.Errorf("%s(%v) = %v, want %v", name, at, v[0], v[1])
			}
		}
	}
}

// TestFillsAllocateNothing also covers the padded ends of short fills.
func TestFillsAllocateNothing(t *testing.T) {
	d, s := make([]float64, 77), make([]float32, 77)
	k := NewKey(1)
	at := At{Col: 3}
	for name, f := range map[string]func(){
		"Normal": func() { k.Normal(d, at) }, "Normal32": func() { k.Normal32(s, at) },
		"Lognormal": func() { k.Lognormal(d, 0, 1, at) }, "Lognormal32": func() { k.Lognormal32(s, 0, 1, at) },
		"Exponential": func() { k.Exponential(d, at) }, "Exponential32": func() { k.Exponential32(s, at) },
		"Poisson": func() { k.Poisson(d, 12, at) }, "Poisson32": func() { k.Poisson32(s, 3, at) },
		"NormalAt": func() { k.NormalAt(at) }, "Fold": func() { k.Fold(3) },
	} {
		if n := testing.AllocsPerRun(20, f); n != 0 {
			t.Errorf("%s allocates %g times, want 0", name, n)
		}
	}
}

func TestMisusePanics(t *testing.T) {
	k := NewKey(1)
	const past = "noise: fill runs past column 2^32-1"
	const mean = "noise: Poisson mean outside 0 to 1e15"
	for _, c := range []struct {
		name string
		want string
		f    func()
	}{
		{"Normal", past, func() { k.Normal(make([]float64, 6), At{Col: 1<<32 - 5}) }},
		{"Normal32", past, func() { k.Normal32(make([]float32, 6), At{Col: 1<<32 - 5}) }},
		{"Poisson", past, func() { k.Poisson(make([]float64, 6), 1, At{Col: 1<<32 - 5}) }},
		{"Poisson of NaN", mean, func() { k.Poisson(nil, math.NaN(), At{}) }},
		{"Poisson of -1", mean, func() { k.Poisson(nil, -1, At{}) }},
		{"Poisson of Inf", mean, func() { k.Poisson(nil, math.Inf(1), At{}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if r := recover(); r != c.want {
					t.Errorf("recovered %v, want %q", r, c.want)
				}
			}()
			c.f()
		})
	}
	k.Normal(make([]float64, 5), At{Col: 1<<32 - 5}) // the last columns themselves
	k.Normal32(make([]float32, 5), At{Col: 1<<32 - 5})
}

func FuzzPlace(f *testing.F) {
	f.Add(uint64(1), uint32(0), uint32(0), uint64(0), uint16(100), uint16(3))
	f.Add(uint64(9), ^uint32(0), uint32(1<<32-3000), ^uint64(0), uint16(1500), uint16(1025))
	f.Fuzz(func(t *testing.T, seed uint64, row, col uint32, event uint64, n, skip uint16) {
		n, skip = n%2000, skip%2000
		if uint64(col)+uint64(n)+uint64(skip) > 1<<32 {
			return
		}
		k := NewKey(seed)
		for _, c := range fills {
			whole, part := make([]uint64, int(n)+int(skip)), make([]uint64, n)
			before := vmath.Use(vmath.Go)
			c.fill(k, whole, At{row, col, event})
			for _, p := range vmath.Paths() {
				vmath.Use(p)
				c.fill(k, part, At{row, col + uint32(skip), event})
				for j, x := range part {
					if x != whole[int(skip)+j] {
						t.Fatalf("%s on path %v: column %d+%d has bits %#x, want %#x", c.name, p, col, int(skip)+j, x, whole[int(skip)+j])
					}
				}
			}
			vmath.Use(before)
		}
	})
}
