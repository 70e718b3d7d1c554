package gemm

import (
	"syscall"
	"testing"
	"unsafe"
)

// Kernels must not touch memory outside the matrices: here each matrix ends where
// a page without access begins, and then begins where such a page ends.
func TestBounds(t *testing.T) { eachPath(t, bounds[float32], bounds[float64]) }

func bounds[T Float](t *testing.T) {
	m := mixer(9)
	fences := make([]fence[T], 3)
	for i := range fences {
		fences[i] = newFence[T](t)
	}
	for range 200 {
		rows, cols, depth := 1+m.intn(60), 1+m.intn(60), 1+m.intn(60)
		if m.intn(2) == 0 {
			rows = 1 + m.intn(8)
		}
		bits := m.next()
		a := random[T](&m, rows, depth, 0, bits&1 != 0)
		b := random[T](&m, depth, cols, 0, bits&2 != 0)
		c := random[T](&m, rows, cols, 0, bits&4 != 0)
		for i, x := range []*Matrix[T]{&a, &b, &c} {
			x.Data = fences[i].place(x.Data, bits&8 != 0)
		}
		old := clone(c)
		Mul(c, 1, a, b, 1, 1)
		expect(t, c, old, 1, a, b, 1)
	}
}

// fence is memory between two pages without access.
type fence[T Float] []T

func newFence[T Float](t *testing.T) fence[T] {
	page := syscall.Getpagesize()
	inner := (60*60*8 + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, inner+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	for _, p := range [][]byte{mem[:page], mem[page+inner:]} {
		if err := syscall.Mprotect(p, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[page])), inner/int(unsafe.Sizeof(T(0))))
}

// place copies data to the start or the end of f.
func (f fence[T]) place(data []T, atEnd bool) []T {
	at := 0
	if atEnd {
		at = len(f) - len(data)
	}
	copy(f[at:], data)
	return f[at:][:len(data):len(data)]
}
