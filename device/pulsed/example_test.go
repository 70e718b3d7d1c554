package pulsed_test

import (
	"fmt"

	"mho/device"
	"mho/device/pulsed"
	"mho/noise"
)

// An update moves each weight towards the outer product of two vectors, by pulses.
func ExamplePopulation_Update() {
	var model device.CellModel
	for _, e := range pulsed.Models() {
		if e.Name == "constant-step/idealized" {
			model = e.New().(device.CellModel)
		}
	}
	cells, err := model.NewPopulation(2, 3, device.Room(), noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	p := cells.(*pulsed.Population)
	key := noise.NewKey(2)
	for step := range uint64(2000) {
		if _, err := p.Update([]float64{1, -0.5}, []float64{0.2, 0.1, 0}, 0.001, nil, device.Room(), key.Fold(step)); err != nil {
			fmt.Println(err)
			return
		}
	}
	w := make([]float64, 6)
	p.Weights(w)
	fmt.Printf("%.1f\n", w)
	// Output:
	// [0.4 0.2 0.0 -0.3 -0.1 0.0]
}

func ExampleNonlinearity() {
	fmt.Printf("%.5f\n", pulsed.Nonlinearity(2.4))
	// Output: 0.49918
}
