package gemm_test

import (
	"fmt"

	"mho/internal/gemm"
)

// A layer: outputs Y = X Wᵀ of a batch X of inputs, W being outputs by inputs.
func Example() {
	x := gemm.Dense(2, 3, []float32{
		1, 2, 3,
		4, 5, 6,
	})
	w := gemm.Dense(2, 3, []float32{
		1, 0, -1,
		0.5, 0.5, 0.5,
	})
	y := gemm.Dense(2, 2, make([]float32, 4))
	gemm.Mul(y, 1, x, w.T(), 0, 1)
	fmt.Println(y.Data)
	// Output: [-2 3 -2 7.5]
}

// The Schur complement S - B A of a block of a larger matrix, in place.
func ExampleMul_block() {
	full := []float64{
		2, 1, 0,
		4, 5, 1,
		6, 3, 9,
	}
	s := gemm.Matrix[float64]{Rows: 2, Cols: 2, Stride: 3, Data: full[4:]}
	b := gemm.Dense(2, 1, []float64{2, 3}) // the column below the pivot over the pivot
	a := gemm.Dense(1, 2, []float64{1, 0}) // the row right of the pivot
	gemm.Mul(s, -1, b, a, 1, 1)
	fmt.Println(full)
	// Output: [2 1 0 4 3 1 6 0 9]
}
