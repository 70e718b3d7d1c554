package gemm

import "testing"

// TestFactor compares products with a packed factor with the sums, within the bound of
// the package comment.
func TestFactor(t *testing.T) { eachPath(t, factor[float32], factor[float64]) }

func factor[T Float](t *testing.T) {
	m := mixer(20)
	var f Factor[T]
	for n := range 60 {
		rows, cols, depth := m.intn(50), m.intn(90), m.intn(90)
		if n%10 == 9 {
			rows, cols, depth = 13+m.intn(400), 1+m.intn(90), 250+m.intn(300)
		}
		a := random[T](&m, rows, depth, m.intn(9), n&1 != 0)
		b := random[T](&m, depth, cols, m.intn(9), n&2 != 0)
		old := random[T](&m, rows, cols, m.intn(9), false)
		got := clone(old)
		beta := T(n % 3)
		f.Pack(b, 1+n%3)
		if r, c := f.Dims(); r != depth || c != cols {
			t.Fatalf("dimensions %d x %d, want %d x %d", r, c, depth, cols)
		}
		f.Mul(got, 0.7, a, beta, 1+n%2)
		expect(t, got, old, 0.7, a, b, beta)
	}
}

// TestFactorRows: any rows of a product are the bits of the product of these rows,
// however many there are and whoever works on them.
func TestFactorRows(t *testing.T) { eachPath(t, factorRows[float32], factorRows[float64]) }

func factorRows[T Float](t *testing.T) {
	m := mixer(21)
	for _, s := range [][2]int{{5, 1}, {300, 70}, {256, 64}, {700, 33}, {1, 40}} {
		const rows = 90
		depth, cols := s[0], s[1]
		a, b := random[T](&m, rows, depth, 0, false), random[T](&m, depth, cols, 0, false)
		old := random[T](&m, rows, cols, 0, false)
		var f Factor[T]
		f.Pack(b, 2)
		want := clone(old)
		f.Mul(want, 0.3, a, 0.9, 1)
		for _, workers := range []int{1, 2, 5} {
			for first := 0; first < rows; {
				n := min(1+m.intn(30), rows-first)
				got := Dense(n, cols, append([]T(nil), old.Data[first*cols:(first+n)*cols]...))
				f.Mul(got, 0.3, Dense(n, depth, a.Data[first*depth:(first+n)*depth]), 0.9, workers)
				for i, x := range got.Data {
					if x != want.Data[first*cols+i] {
						t.Fatalf("%d x %d: rows %d to %d alone, %d workers: element %d is %v, with all rows %v", depth, cols, first, first+n, workers, i, x, want.Data[first*cols+i])
					}
				}
				first += n
			}
		}
	}
}

func TestFactorPanics(t *testing.T) {
	var f Factor[float32]
	f.Pack(Dense(2, 3, make([]float32, 6)), 1)
	for want, do := range map[string]func(){
		"gemm: dimension mismatch":         func() { f.Mul(Dense(1, 2, make([]float32, 2)), 1, Dense(1, 2, make([]float32, 2)), 0, 1) },
		"gemm: destination is a transpose": func() { f.Mul(Dense(3, 1, make([]float32, 3)).T(), 1, Dense(1, 2, make([]float32, 2)), 0, 1) },
	} {
		func() {
			defer func() {
				if r := recover(); r != want {
					t.Errorf("panic %v, want %q", r, want)
				}
			}()
			do()
		}()
	}
}

// Products of 48 vectors, packed every time and once.
func BenchmarkFactor(b *testing.B) {
	const n, rows = 1024, 48
	m := mixer(1)
	x, w, y := random[float32](&m, rows, n, 0, false), random[float32](&m, n, n, 0, false), random[float32](&m, rows, n, 0, false)
	var f Factor[float32]
	f.Pack(w, 1)
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"every", func() { Mul(y, 1, x, w, 0, 1) }},
		{"once", func() { f.Mul(y, 1, x, 0, 1) }},
		{"pack", func() { f.Pack(w, 1) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.do()
			}
			b.ReportMetric(2*rows*n*n*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GF/s")
		})
	}
}
