package merge_test

import (
	"context"
	"fmt"
	"log"

	"mho/crossbar/internal/line"
	"mho/crossbar/internal/merge"
)

func ExampleTransfer() {
	g := []float64{10e-6, 20e-6, 30e-6, 40e-6}
	t := make([]float64, 4)
	net := line.Network{Rows: 2, Cols: 2, RWord: 100, RBit: 100}
	if err := merge.Transfer(context.Background(), t, net, g, 1); err != nil {
		log.Fatal(err)
	}
	for i := range 2 {
		fmt.Printf("%.4f µS\n", []float64{t[2*i] * 1e6, t[2*i+1] * 1e6})
	}
	// With 0.1 V and 0.2 V the outputs are those of the example of crossbar.Array.Solve.
	fmt.Printf("%.4f µA\n", []float64{(0.1*t[0] + 0.2*t[2]) * 1e6, (0.1*t[1] + 0.2*t[3]) * 1e6})
	// Output:
	// [9.9209 19.7435] µS
	// [29.6741 39.3305] µS
	// [6.9269 9.8404] µA
}
