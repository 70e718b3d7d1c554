package crossbar_test

import (
	"context"
	"fmt"
	"log"

	"mho/crossbar"
)

func small() *crossbar.Array {
	return &crossbar.Array{
		Rows: 2, Cols: 2,
		G:     []float64{10e-6, 20e-6, 30e-6, 40e-6},
		Wires: crossbar.Wires{RWord: 100, RBit: 100},
	}
}

func ExampleArray_Transfer() {
	t, estimate, err := small().Transfer(context.Background(), nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 2 {
		fmt.Printf("%.4f µS\n", []float64{t[2*i] * 1e6, t[2*i+1] * 1e6})
	}
	fmt.Println(estimate < 1e-10)
	// Output:
	// [9.9209 19.7435] µS
	// [29.6741 39.3305] µS
	// true
}

func ExampleTransferMatrix_Update() {
	ctx := context.Background()
	t, err := crossbar.NewTransferMatrix(ctx, small(), nil)
	if err != nil {
		log.Fatal(err)
	}
	// The device at row 0, column 1 fails open. Its element is what flows through the others.
	if err := t.Update(ctx, []crossbar.Change{{Row: 0, Col: 1, G: 0}}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f µS\n", []float64{t.T[0] * 1e6, t.T[1] * 1e6})
	// Output:
	// [9.9404 0.0001] µS
}

func ExampleArray_Gradient() {
	a := small()
	// Derivatives of the second output for 0.1 V and 0.2 V by all conductances.
	g, _, err := a.Gradient(context.Background(), nil, []float64{0.1, 0.2}, []float64{0, 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 2 {
		fmt.Printf("%.5f V\n", g[2*i:2*i+2])
	}
	// Output:
	// [-0.00019 0.09716] V
	// [-0.00078 0.19413] V
}

func ExampleMultiplier() {
	ctx := context.Background()
	m := crossbar.NewMultiplier(small(), nil)
	for range 3 {
		i, _, err := m.Multiply(ctx, nil, []float64{0.1, 0.2})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.4f µA\n", []float64{i[0] * 1e6, i[1] * 1e6})
	}
	// Output:
	// [6.9269 9.8404] µA
	// [6.9269 9.8404] µA
	// [6.9269 9.8404] µA
}
