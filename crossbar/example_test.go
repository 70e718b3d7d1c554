package crossbar_test

import (
	"context"
	"fmt"
	"log"

	"mho/crossbar"
)

func ExampleArray_Solve() {
	a := crossbar.Array{
		Rows: 2, Cols: 2,
		G:     []float64{10e-6, 20e-6, 30e-6, 40e-6},
		Wires: crossbar.Wires{RWord: 100, RBit: 100},
	}
	s, err := a.Solve(context.Background(), []float64{0.1, 0.2}, &crossbar.Settings{Nodes: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f µA\n", []float64{s.I[0] * 1e6, s.I[1] * 1e6})
	fmt.Printf("%.4f µW, of it %.4f µW in the devices\n", s.Power[0].Source*1e6, s.Power[0].Device*1e6)
	// Output:
	// [6.9269 9.8404] µA
	// 3.0579 µW, of it 3.0164 µW in the devices
}

func ExampleMapping_Code() {
	w := []float64{0.5, -1, 0, 0.25} // two outputs of two inputs
	c, err := crossbar.Mapping{}.Code(w, 2, 2, 0, 25e-6)
	if err != nil {
		log.Fatal(err)
	}
	plus, minus := make([]float64, 4), make([]float64, 4)
	c.Targets(plus, minus, w, 0, 2, 2, 0)
	for i := range plus {
		fmt.Printf("%.2f - %.2f µS\n", plus[i]*1e6, minus[i]*1e6)
	}
	// Output:
	// 12.50 - 0.00 µS
	// 0.00 - 0.00 µS
	// 0.00 - 25.00 µS
	// 6.25 - 0.00 µS
}

func ExampleQuantizer() {
	q := crossbar.Quantizer{Bits: 3, Limit: 3}
	x := []float64{0.4, 0.6, -1.7, 3.2, 9}
	clipped := q.Quantize(x, x)
	fmt.Println(x, clipped)
	// Output: [0 1 -2 3 3] 1
}
