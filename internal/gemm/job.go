package gemm

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// flopsPerWorker is the work that pays for waking a worker.
const flopsPerWorker = 1 << 20

// step is what workers do the tasks of.
type step int

const (
	packStep step = iota
	multiplyStep
	dotStep
	axpyStep
)

// job is a product in work, with its buffers.
type job[T Float] struct {
	*kernels[T]
	c, a, b     view[T]
	alpha, beta T
	workers     int

	shared  []T   // packed factor that all workers read
	private [][]T // one buffer per worker

	step    step
	tasks   int64
	next    atomic.Int64
	arrived atomic.Int64
	done    sync.WaitGroup
	helper  func() // work and done.Done, made once: a go statement with it allocates nothing

	packed packedPlan
	thin   thinPlan[T]
}

var jobs32, jobs64 sync.Pool

func poolOf[T Float]() *sync.Pool {
	if _, ok := any((*job[T])(nil)).(*job[float32]); ok {
		return &jobs32
	}
	return &jobs64
}

func mul[T Float](c view[T], alpha T, a, b view[T], beta T, workers int) {
	m, n, k := c.rows, c.cols, a.cols
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		scale(c, beta)
		return
	}
	vectors := min(m, n)
	isThin := vectors <= thinAlways || vectors <= thinLimit && k >= thinLength
	if isThin && n < m || !isThin && c.colStride != 1 {
		c, a, b = c.transposed(), b.transposed(), a.transposed()
	}
	j := jobOf[T]()
	j.kernels = kernelsOf[T]()
	j.c, j.a, j.b, j.alpha, j.beta = c, a, b, alpha, beta
	j.limit(workers, 2*float64(m)*float64(n)*float64(k))
	switch {
	case !isThin:
		j.mulPacked()
	case b.rowStride == 1:
		j.mulDot()
	default:
		j.mulAxpy()
	}
	j.release()
}

// jobOf returns a job that was released before, or a new one.
func jobOf[T Float]() *job[T] {
	j, ok := poolOf[T]().Get().(*job[T])
	if !ok {
		j = new(job[T])
		j.helper = func() {
			j.work()
			j.done.Done()
		}
	}
	return j
}

func (j *job[T]) release() {
	// The pool must not keep the caller's data alive.
	j.c, j.a, j.b = view[T]{}, view[T]{}, view[T]{}
	poolOf[T]().Put(j)
}

// limit sets the workers of a job of so much work: n of them, or as many as GOMAXPROCS if
// n is below 1, but fewer for little work.
func (j *job[T]) limit(n int, flops float64) {
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	j.workers = max(1, int(min(float64(n), flops/flopsPerWorker)))
	for len(j.private) < j.workers {
		j.private = append(j.private, nil)
	}
}

func scale[T Float](c view[T], beta T) {
	for i := range c.rows {
		for k := range c.cols {
			update(&c.data[i*c.rowStride+k*c.colStride], 0, 0, beta)
		}
	}
}

// run does tasks 0 to tasks-1 of a step. Which worker does which is left to chance.
func (j *job[T]) run(s step, tasks int) {
	j.step, j.tasks = s, int64(tasks)
	j.next.Store(0)
	j.arrived.Store(0)
	helpers := min(j.workers, tasks) - 1
	for range helpers {
		j.done.Add(1)
		go j.helper()
	}
	j.work()
	j.done.Wait()
}

func (j *job[T]) work() {
	buffer := &j.private[j.arrived.Add(1)-1]
	for t := j.next.Add(1) - 1; t < j.tasks; t = j.next.Add(1) - 1 {
		switch task := int(t); j.step {
		case packStep:
			j.packTask(task)
		case multiplyStep:
			j.multiplyTask(task, buffer)
		case dotStep:
			j.dotTask(task, buffer)
		case axpyStep:
			j.axpyTask(task, buffer)
		}
	}
}

// grow returns b with length n; what it held may be lost.
func grow[T Float](b []T, n int) []T {
	if cap(b) < n {
		// Objects of some pages start at a page, so vectors do not cross cache lines.
		b = make([]T, max(n, 1<<14))
	}
	return b[:n]
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
func roundUp(a, b int) int { return ceilDiv(a, b) * b }
