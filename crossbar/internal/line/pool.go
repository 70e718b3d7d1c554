package line

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallelCells is the size below which one solution gets one worker unless told: workers
// that share a pass of less than a millisecond are slower than one when the machine is busy.
const parallelCells = 1 << 20

// A pool runs a function over numbered blocks, on as many goroutines as wanted.
// Blocks have a fixed shape, so every sum over a block, and the sum over blocks
// in order, has the same bits for any number of workers. It does not allocate
// after its construction.
//
// A pass takes some ten microseconds, less than waking a processor can take, so the
// helpers are started once for a solution and wait for the next pass without sleeping.
type pool struct {
	helpers int
	f       func(block int)
	next    atomic.Int64 // blocks not yet taken; the one taken next is the last of them
	left    atomic.Int64 // blocks not yet done
	resting atomic.Bool
	wg      sync.WaitGroup
	helper  func()
}

func newPool() *pool {
	p := new(pool)
	p.helper = p.help
	return p
}

// start starts helpers for an array of the given size; zero workers or less means
// one per processor. The helpers run until rest.
func (p *pool) start(workers, cells int) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
		if cells < parallelCells {
			workers = 1
		}
	}
	p.helpers = workers - 1
	p.resting.Store(false)
	for range p.helpers {
		p.wg.Add(1)
		go p.helper()
	}
}

// rest ends the helpers.
func (p *pool) rest() {
	if p.helpers > 0 {
		p.resting.Store(true)
		p.wg.Wait()
		p.helpers = 0
	}
}

// do calls f for the blocks 0..n-1 in any order and returns when all are done.
func (p *pool) do(n int, f func(block int)) {
	if p.helpers == 0 || n == 1 {
		for i := range n {
			f(i)
		}
		return
	}
	p.f = f
	p.left.Store(int64(n))
	p.next.Store(int64(n))
	for p.take() {
	}
	for k := 0; p.left.Load() > 0; k++ {
		if k > 100 {
			runtime.Gosched()
		}
	}
}

// take does one block, if there is one. While a block is taken and not done, do
// does not return, and f is the one of the pass.
func (p *pool) take() bool {
	if p.next.Load() <= 0 {
		return false
	}
	i := p.next.Add(-1)
	if i < 0 {
		return false
	}
	p.f(int(i))
	p.left.Add(-1)
	return true
}

func (p *pool) help() {
	defer p.wg.Done()
	for k := 0; !p.resting.Load(); k++ {
		if p.take() {
			k = 0
		} else if k > 100 {
			runtime.Gosched()
		}
	}
}
