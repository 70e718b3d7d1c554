package line

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Blocks are the unit of parallel work. Their shape is fixed, so every sum
// over a block, and the sum over blocks in order, has the same bits for any
// number of workers.
const (
	rowBlock = 16
	colBlock = 64

	// parallelCells is the size below which starting workers costs more than it saves.
	parallelCells = 1 << 15
)

// A pool runs a function over numbered blocks, on as many goroutines as
// wanted. It does not allocate after its construction.
type pool struct {
	workers int
	next    atomic.Int64
	n       int
	f       func(block int)
	wg      sync.WaitGroup
	helper  func()
}

func newPool() *pool {
	p := new(pool)
	p.helper = func() {
		p.loop()
		p.wg.Done()
	}
	return p
}

// configure sets the number of workers for an array of the given size; zero
// or less means one per processor.
func (p *pool) configure(workers, cells int) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
		if cells < parallelCells {
			workers = 1
		}
	}
	p.workers = workers
}

// do calls f for the blocks 0..n-1 and returns when all are done.
func (p *pool) do(n int, f func(block int)) {
	workers := min(p.workers, n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	p.n, p.f = n, f
	p.next.Store(0)
	p.wg.Add(workers - 1)
	for range workers - 1 {
		go p.helper()
	}
	p.loop()
	p.wg.Wait()
}

func (p *pool) loop() {
	for {
		i := int(p.next.Add(1)) - 1
		if i >= p.n {
			return
		}
		p.f(i)
	}
}
