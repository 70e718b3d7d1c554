package gemm

import (
	"math"
	"strconv"
	"testing"
)

// eachPath runs f for both types under every path of this machine.
func eachPath(t *testing.T, f32, f64 func(t *testing.T)) {
	for _, p := range Paths() {
		t.Run(p.String(), func(t *testing.T) {
			defer Use(Use(p))
			t.Run("float32", f32)
			t.Run("float64", f64)
		})
	}
}

// problem is one product with everything random that may vary.
func problem[T Float](t testing.TB, m *mixer, rows, cols, depth int) {
	t.Helper()
	factors := []T{0, 1, -1, T(m.unit())}
	alpha, beta := factors[m.intn(4)], factors[m.intn(4)]
	bits := m.next()
	a := random[T](m, rows, depth, m.intn(9), bits&1 != 0)
	b := random[T](m, depth, cols, m.intn(9), bits&2 != 0)
	old := random[T](m, rows, cols, m.intn(9), bits&4 != 0)
	got := clone(old)
	workers := 1 + m.intn(3)
	Mul(got, alpha, a, b, beta, workers)
	defer func() {
		if t.Failed() {
			t.Logf("%d x %d x %d, transposed: A %v B %v C %v, alpha %v, beta %v, %d workers", rows, cols, depth, a.Trans, b.Trans, old.Trans, alpha, beta, workers)
		}
	}()
	expect(t, got, old, alpha, a, b, beta)
}

func TestMulSmall(t *testing.T) { eachPath(t, small[float32], small[float64]) }

func small[T Float](t *testing.T) {
	m := mixer(1)
	for range 300 {
		problem[T](t, &m, m.intn(71), m.intn(71), m.intn(71))
	}
	// Every edge of a tile and every number of vectors.
	for n := range 70 {
		problem[T](t, &m, n, 17+m.intn(30), 1+m.intn(40))
		problem[T](t, &m, 17+m.intn(30), n, 1+m.intn(40))
		problem[T](t, &m, 1+m.intn(40), 1+m.intn(40), n)
	}
}

func TestMulThin(t *testing.T) { eachPath(t, fewVectors[float32], fewVectors[float64]) }

func fewVectors[T Float](t *testing.T) {
	m := mixer(2)
	for vectors := 1; vectors <= thinLimit+1; vectors++ {
		for range 4 {
			n, k := 1+m.intn(100), 1+m.intn(2*thinLength)
			problem[T](t, &m, vectors, n, k)
			problem[T](t, &m, n, vectors, k)
		}
	}
	for range 8 {
		problem[T](t, &m, 3, 5, thinDepth+17)
		problem[T](t, &m, 5, 1, 2*thinDepth+3)
		problem[T](t, &m, 2, 2*thinCols+5, 7)
		problem[T](t, &m, thinCols+1, 5, 6)
	}
}

// Shapes beyond the bounds of blocks and of parts.
func TestMulLarge(t *testing.T) { eachPath(t, large[float32], large[float64]) }

func large[T Float](t *testing.T) {
	m := mixer(3)
	for _, s := range [][3]int{{97, 33, 700}, {20, 300, 31}, {201, 19, 257}, {18, 18, maxDepth + 5}, {401, 17, 20}, {18, 1101, 3}, {390, 530, 40}, {90, 520, 257}} {
		problem[T](t, &m, s[0], s[1], s[2])
	}
	// Parts of B side by side, of products of many and of few rows.
	problem[T](t, &m, kernelsOf[T]().height+1, maxShared/1024+3, 1024)
	problem[T](t, &m, 17, maxFew/256+3, 300)
}

// Products of small integers are exact, whatever the order: all paths must give
// their bits, at every length of a vector up to 1000 and of a side of a tile up to 300.
func TestIntegers(t *testing.T) { eachPath(t, integers[float32], integers[float64]) }

func integers[T Float](t *testing.T) {
	m := mixer(4)
	check := func(rows, cols, depth int, ta, tb bool) {
		t.Helper()
		a, b, c := random[T](&m, rows, depth, 0, ta), random[T](&m, depth, cols, 3, tb), random[T](&m, rows, cols, 1, false)
		for _, x := range [][]T{a.Data, b.Data, c.Data} {
			for i := range x {
				x[i] = T(m.intn(17) - 8)
			}
		}
		got := clone(c)
		Mul(got, -1, a, b, 2, 2)
		for i := range rows {
			for j := range cols {
				want := 2 * int64(elem(c, i, j))
				for k := range depth {
					want -= int64(elem(a, i, k)) * int64(elem(b, k, j))
				}
				if int64(elem(got, i, j)) != want {
					t.Fatalf("%d x %d x %d, A transposed %v, B transposed %v: C[%d][%d] = %v, want %d", rows, cols, depth, ta, tb, i, j, elem(got, i, j), want)
				}
			}
		}
	}
	for n := range 1001 {
		check(1+n%4, 5, n, false, true)  // dot over n
		check(1+n%4, n, 5, false, false) // axpy over n
	}
	for n := range 301 { // tile: inner dimension, columns, rows
		check(17, 17, n, n&1 != 0, n&2 != 0)
		check(17, 17+n, 9, n&1 != 0, n&2 != 0)
		check(17+n, 17, 9, n&1 != 0, n&2 != 0)
	}
}

// The number of workers must not change a bit.
func TestWorkers(t *testing.T) { eachPath(t, workers[float32], workers[float64]) }

func workers[T Float](t *testing.T) {
	m := mixer(5)
	for _, s := range [][3]int{{150, 163, 170}, {21, 500, 400}, {500, 21, 401}, {5, 3001, 300}, {4000, 3, 333}, {1, 2000, 2100}, {16, 70, 3300}} {
		for layout := range 4 {
			a, b := random[T](&m, s[0], s[2], 0, layout&1 != 0), random[T](&m, s[2], s[1], 0, layout&2 != 0)
			old := random[T](&m, s[0], s[1], 0, false)
			one := clone(old)
			Mul(one, 0.7, a, b, 0.3, 1)
			for _, n := range []int{2, 3, 7, 0} {
				got := clone(old)
				Mul(got, 0.7, a, b, 0.3, n)
				for i := range got.Data {
					if got.Data[i] != one.Data[i] {
						t.Fatalf("%v layout %d: element %d is %v with %d workers and %v with one", s, layout, i, got.Data[i], n, one.Data[i])
					}
				}
			}
		}
	}
}

// Products of several goroutines at once share no buffers.
func TestConcurrent(t *testing.T) { eachPath(t, concurrent[float32], concurrent[float64]) }

func concurrent[T Float](t *testing.T) {
	for g := range 4 {
		t.Run(strconv.Itoa(g), func(t *testing.T) {
			t.Parallel()
			m := mixer(g)
			for range 4 {
				problem[T](t, &m, 120, 70, 100)
				problem[T](t, &m, 3, 700, 300)
			}
		})
	}
}

// An infinity or NaN reaches its row or column of C, and nothing else.
func TestNonFinite(t *testing.T) { eachPath(t, nonFinite[float32], nonFinite[float64]) }

func nonFinite[T Float](t *testing.T) {
	m := mixer(6)
	positive := func(a Matrix[T]) Matrix[T] {
		for i, v := range a.Data {
			a.Data[i] = T(math.Abs(float64(v))) + 1
		}
		return a
	}
	for range 300 {
		rows, cols, depth := 1+m.intn(40), 1+m.intn(40), 1+m.intn(40)
		bits := m.next()
		a := positive(random[T](&m, rows, depth, 0, bits&1 != 0))
		b := positive(random[T](&m, depth, cols, 0, bits&2 != 0))
		c := random[T](&m, rows, cols, 0, false)
		for i := range c.Data {
			c.Data[i] = T(math.NaN()) // not read: beta is 0
		}
		row, col := m.intn(rows), m.intn(cols)
		nan, inf := T(math.NaN()), T(math.Inf(1))
		a.Data[index(a, row, m.intn(depth))] = nan
		b.Data[index(b, m.intn(depth), col)] = inf
		Mul(c, 1, a, b, 0, 1)
		for i := range rows {
			for j := range cols {
				v := float64(elem(c, i, j))
				ok := !math.IsNaN(v) && !math.IsInf(v, 0)
				switch {
				case i == row:
					ok = math.IsNaN(v)
				case j == col:
					ok = math.IsInf(v, 1)
				}
				if !ok {
					t.Fatalf("%d x %d x %d: C[%d][%d] = %v with NaN in row %d of A and infinity in column %d of B", rows, cols, depth, i, j, v, row, col)
				}
			}
		}
	}
	one := Dense(1, 1, []T{1})
	for _, c := range []struct{ alpha, a, beta, c T }{
		{0, T(math.NaN()), 0, 1}, {1, 1, T(math.NaN()), 1}, {1, 1, 1, T(math.NaN())}, {T(math.NaN()), 1, 0, 1}, {0, T(math.Inf(1)), 0, 1},
	} {
		dst := Dense(1, 1, []T{c.c})
		Mul(dst, c.alpha, Dense(1, 1, []T{c.a}), one, c.beta, 1)
		if v := float64(dst.Data[0]); !math.IsNaN(v) {
			t.Errorf("%v * %v * 1 + %v * %v = %v, want NaN", c.alpha, c.a, c.beta, c.c, v)
		}
	}
}

func TestNoInnerDimension(t *testing.T) {
	c := Dense(2, 1, []float64{3, math.NaN()})
	Mul(c, 1, Dense[float64](2, 0, nil), Dense[float64](0, 1, nil), 0, 1)
	if c.Data[0] != 0 || c.Data[1] != 0 {
		t.Errorf("an empty sum and beta 0 gave %v", c.Data)
	}
	c.Data[0], c.Data[1] = 3, 4
	Mul(c, 1, Dense[float64](2, 0, nil), Dense[float64](0, 1, nil), 2, 1)
	if c.Data[0] != 6 || c.Data[1] != 8 {
		t.Errorf("an empty sum and beta 2 gave %v, want [6 8]", c.Data)
	}
}

func TestPanics(t *testing.T) {
	ok := Dense(2, 2, make([]float32, 4))
	for _, c := range []struct {
		name, want string
		dst, a, b  Matrix[float32]
	}{
		{"inner", "gemm: dimension mismatch", ok, ok, Dense(3, 2, make([]float32, 6))},
		{"rows", "gemm: dimension mismatch", ok, Dense(3, 2, make([]float32, 6)), ok},
		{"cols", "gemm: dimension mismatch", ok, ok, Dense(3, 2, make([]float32, 6)).T()},
		{"negative", "gemm: dimension mismatch", ok, ok, Matrix[float32]{Rows: -1, Cols: 2, Stride: 2}},
		{"stride", "gemm: stride below row length", ok, ok, Matrix[float32]{Rows: 2, Cols: 2, Stride: 1, Data: make([]float32, 4)}},
		{"short", "gemm: data too short", ok, ok, Matrix[float32]{Rows: 2, Cols: 2, Stride: 3, Data: make([]float32, 4)}},
		{"overflow", "gemm: data too short", ok, ok, Matrix[float32]{Rows: 2, Cols: 2, Stride: math.MaxInt, Data: make([]float32, 4)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if r := recover(); r != c.want {
					t.Errorf("panic %v, want %q", r, c.want)
				}
			}()
			Mul(c.dst, 1, c.a, c.b, 0, 1)
		})
	}
}

func FuzzMul(f *testing.F) {
	f.Add(uint64(1), uint16(3), uint16(40), uint16(17))
	f.Add(uint64(2), uint16(100), uint16(1), uint16(300))
	f.Add(uint64(3), uint16(64), uint16(64), uint16(64))
	f.Fuzz(func(t *testing.T, seed uint64, rows, cols, depth uint16) {
		m := mixer(seed)
		for _, p := range Paths() {
			defer Use(Use(p))
			problem[float32](t, &m, int(rows%300), int(cols%300), int(depth%600))
			problem[float64](t, &m, int(rows%300), int(cols%300), int(depth%600))
		}
	})
}
