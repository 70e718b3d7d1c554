package crossbar_test

import (
	"context"
	"fmt"
	"log"

	"mho/crossbar"
)

func ExampleArray_SolveNonlinear() {
	a := crossbar.Array{
		Rows: 2, Cols: 2,
		G:     []float64{10e-6, 20e-6, 30e-6, 40e-6},
		Wires: crossbar.Wires{RWord: 100, RBit: 100},
	}
	s, err := a.SolveNonlinear(context.Background(), []float64{0.5, 1}, crossbar.Sinh{V0: 0.25}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f µA after %d steps\n", []float64{s.I[0] * 1e6, s.I[1] * 1e6}, s.Steps)
	// Output:
	// [173.335 215.866] µA after 3 steps
}

func ExampleArray_Stress() {
	a := crossbar.Array{Rows: 3, Cols: 3, G: make([]float64, 9), Wires: crossbar.Wires{RWord: 20, RBit: 20}}
	for k := range a.G {
		a.G[k] = 100e-6
	}
	stress, err := a.Stress(context.Background(), nil, crossbar.HalfV, 0, 1, 2, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 3 {
		fmt.Printf("%6.3f\n", stress[3*i:3*i+3])
	}
	// Output:
	// [ 0.493  0.984  0.489]
	// [-0.003  0.491 -0.004]
	// [-0.002  0.494 -0.003]
}

func ExampleReadTest() {
	for _, n := range []int{8, 64} {
		r := crossbar.ReadTest{
			Rows: n, Cols: n, Row: 0, Col: n - 1,
			GOn: 100e-6, GOff: 1e-6, V: 0.2, Scheme: crossbar.Grounded,
			Wires: crossbar.Wires{RWord: 2, RBit: 2, RSense: 100},
		}
		m, err := r.Margin(context.Background(), nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d lines: margin %.3f, with a fixed reference %.3f\n", n, m.Margin, m.Worst)
	}
	// Output:
	// 8 lines: margin 0.989, with a fixed reference 0.989
	// 64 lines: margin 0.814, with a fixed reference 0.814
}

func ExampleArray_Settle() {
	a := crossbar.Array{Rows: 16, Cols: 16, G: make([]float64, 256), Wires: crossbar.Wires{RWord: 2, RBit: 2, RDriver: 1000}}
	v := make([]float64, 16)
	for i := range v {
		v[i] = 0.2
	}
	for k := range a.G {
		a.G[k] = 10e-6
	}
	s, err := a.Settle(context.Background(), v, crossbar.LineCapacitance{Word: 0.2e-15, Bit: 0.2e-15}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("first moment %.2f ps, settled to 0.1 %% after %.1f ps, %.2f fJ\n", s.Delay[15]*1e12, s.Time[15]*1e12, s.Energy*1e15)
	// Output:
	// first moment 2.84 ps, settled to 0.1 % after 19.3 ps, 3.21 fJ
}
