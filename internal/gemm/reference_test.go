package gemm

import (
	"math"
	"testing"
)

// mixer is SplitMix64: inputs of the tests.
type mixer uint64

func (m *mixer) next() uint64 {
	*m += 0x9E3779B97F4A7C15
	z := uint64(*m)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (m *mixer) intn(n int) int { return int(m.next() % uint64(n)) }

// unit is uniform in [-1, 1).
func (m *mixer) unit() float64 { return float64(int64(m.next())) * 0x1p-63 }

// guard fills what lies between the rows and around a matrix.
const guard = -7.25

// random returns a matrix that is rows by cols as viewed, stored transposed or not,
// with pad elements between its rows and guards after it.
func random[T Float](m *mixer, rows, cols, pad int, trans bool) Matrix[T] {
	if trans {
		return random[T](m, cols, rows, pad, false).T()
	}
	a := Matrix[T]{Rows: rows, Cols: cols, Stride: cols + pad, Data: make([]T, rows*(cols+pad)+pad)}
	for i := range a.Data {
		a.Data[i] = guard
	}
	for i := range rows {
		for j := range cols {
			a.Data[i*a.Stride+j] = T(m.unit())
		}
	}
	return a
}

func clone[T Float](a Matrix[T]) Matrix[T] {
	a.Data = append([]T(nil), a.Data...)
	return a
}

func dims[T Float](a Matrix[T]) (rows, cols int) {
	if a.Trans {
		return a.Cols, a.Rows
	}
	return a.Rows, a.Cols
}

func index[T Float](a Matrix[T], i, j int) int {
	if a.Trans {
		i, j = j, i
	}
	return i*a.Stride + j
}

func elem[T Float](a Matrix[T], i, j int) T { return a.Data[index(a, i, j)] }

func roundoff[T Float]() float64 {
	if _, ok := any(T(0)).(float32); ok {
		return 0x1p-24
	}
	return 0x1p-53
}

// expect fails unless got is alpha a b + beta old within the bound of the package
// comment, and equal to old outside the matrix. Of large products it tries a sample.
func expect[T Float](t testing.TB, got, old Matrix[T], alpha T, a, b Matrix[T], beta T) {
	t.Helper()
	rows, cols := dims(old)
	_, depth := dims(a)
	inside := make([]bool, len(old.Data))
	every := 1 + rows*cols*depth/10_000_000
	scale := float64(depth+3) * roundoff[T]() * (1 + 1e-4) // the last factor: O(u²)
	for i := range rows {
		for j := range cols {
			at := index(old, i, j)
			inside[at] = true
			if (i*cols+j)%every != 0 {
				continue
			}
			var d dot2
			for k := range depth {
				d.add(float64(elem(a, i, k)), float64(elem(b, k, j)))
			}
			d.times(float64(alpha))
			if beta != 0 {
				d.add(float64(beta), float64(old.Data[at]))
			}
			wrong := math.Abs(float64(got.Data[at]) - d.sum - d.rest)
			if !(wrong <= scale*d.size) {
				t.Fatalf("C[%d][%d] = %v is wrong by %g, allowed %g", i, j, got.Data[at], wrong, scale*d.size)
			}
		}
	}
	for i, in := range inside {
		if !in && got.Data[i] != old.Data[i] {
			t.Fatalf("element %d outside the matrix became %v", i, got.Data[i])
		}
	}
}

// dot2 is a scalar product in twice the precision of float64: T. Ogita, S. M. Rump
// and S. Oishi, SIAM J. Sci. Comput. 26, 1955 (2005), doi:10.1137/030601818, Dot2.
type dot2 struct{ sum, rest, size float64 }

func (d *dot2) add(x, y float64) {
	p := x * y
	d.rest += math.FMA(x, y, -p)
	s := d.sum + p
	v := s - d.sum
	d.rest += (d.sum - (s - v)) + (p - v)
	d.sum = s
	d.size += math.Abs(p)
}

func (d *dot2) times(x float64) {
	p := d.sum * x
	d.rest = math.FMA(d.sum, x, -p) + d.rest*x
	d.sum, d.size = p, d.size*math.Abs(x)
}
