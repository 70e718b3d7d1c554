package crossbar_test

import (
	"context"
	"fmt"
	"log"

	"mho/crossbar"
	"mho/noise"
)

func ExampleProduct() {
	// Two devices of 10 and 20 µS on a column, with 0.1 µS of noise at each read.
	a := crossbar.Array{Rows: 2, Cols: 1, G: []float64{10e-6, 20e-6}}
	var o crossbar.Operator
	o.Reset(2, 1, crossbar.WhiteNoise{Temperature: 300, Bandwidth: 1e6})
	if _, err := o.Add(context.Background(), &a, []float64{1e-14, 1e-14}, 1, nil); err != nil {
		log.Fatal(err)
	}
	var p crossbar.Product[float32]
	var w crossbar.Workspace[float32]
	p.Set(&o, &w, 0)
	v := []float32{0.2, 0.1, 0.2, 0.1, 0.2, 0.1}
	i := make([]float32, 3)
	p.Multiply(i, v, 0, noise.NewKey(1), &w)
	fmt.Println("exact: 4.00 µA")
	for _, x := range i {
		fmt.Printf("%.3f µA\n", 1e6*x)
	}
	// Output:
	// exact: 4.00 µA
	// 4.009 µA
	// 3.971 µA
	// 3.986 µA
}
