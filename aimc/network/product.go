package network

import (
	"context"
	"runtime"
	"sync"

	"mho/internal/gemm"
)

// digital multiplies in float32.
type digital struct{}

func (digital) multiply(_ context.Context, m *Matrix, y, x []float32, k, _ int) error {
	times(m, m.Weights.Data, y, x, k)
	return nil
}

func (digital) weights(m *Matrix) []float32 { return m.Weights.Data }

// times sets y (k x outputs) to the products of x (k x inputs) with weights of m's shape.
func times(m *Matrix, weights, y, x []float32, k int) {
	gemm.Mul(gemm.Dense(k, m.Outputs, y), 1, gemm.Dense(k, m.Inputs, x), gemm.Dense(m.Outputs, m.Inputs, weights).T(), 0, 0)
}

// multiplyBack is the gradient of a product y = x W^T: it sets dx (k x inputs), unless it is nil, and adds to the
// gradient of W.
func (p *pass) multiplyBack(m *Matrix, dx, dy, x []float32, k int) {
	gemm.Mul(gemm.Dense(m.Outputs, m.Inputs, p.grads[m.Weights.index]), 1, gemm.Dense(k, m.Outputs, dy).T(), gemm.Dense(k, m.Inputs, x), 1, 0)
	if dx != nil {
		gemm.Mul(gemm.Dense(k, m.Inputs, dx), 1, gemm.Dense(k, m.Outputs, dy), gemm.Dense(m.Outputs, m.Inputs, p.product.weights(m)), 0, 0)
	}
}

// addRows adds b to every row of y.
func addRows(y, b []float32) {
	if b == nil {
		return
	}
	for ; len(y) > 0; y = y[len(b):] {
		row := y[:len(b)]
		for j, v := range b {
			row[j] += v
		}
	}
}

// sumRows adds the rows of dy to db.
func sumRows(db, dy []float32) {
	for ; len(dy) > 0; dy = dy[len(db):] {
		for j, v := range dy[:len(db)] {
			db[j] += v
		}
	}
}

// each runs work for the numbers below n, on all processors; work must write to places of its own.
func each(n int, work func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			work(i)
		}
		return
	}
	var done sync.WaitGroup
	for k := range workers {
		done.Go(func() {
			for i := n * k / workers; i < n*(k+1)/workers; i++ {
				work(i)
			}
		})
	}
	done.Wait()
}
