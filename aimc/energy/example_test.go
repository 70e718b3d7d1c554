package energy_test

import (
	"fmt"

	"mho/aimc/energy"
)

func ExampleProject() {
	arch, err := energy.NewArchitecture("hermes-core")
	if err != nil {
		fmt.Println(err)
		return
	}
	load, err := energy.NewWorkload("mlp", "batch=1")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := energy.Project(arch, load, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2g nJ, P10 to P90 %.2g to %.2g nJ, on %d cores\n", p.Energy.P50*1e9, p.Energy.P10*1e9, p.Energy.P90*1e9, p.Mapping.Chips)
	fmt.Println(p.Variance[0].Factor, "owns the variance")
	// Output:
	// 1.3e+02 nJ, P10 to P90 83 to 1.9e+02 nJ, on 11 cores
	// adc-silicon owns the variance
}

func ExampleADC_Convert() {
	a := energy.ADC{Bits: 8, Rate: 1e8, Node: 22e-9, Voltage: 0.9, Rows: 256}
	for _, model := range []string{"envelope", "survey", "integrated", "sar"} {
		c, err := a.Convert(model)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-10s %.2g pJ\n", model, c.Energy*1e12)
	}
	// Output:
	// envelope   0.85 pJ
	// survey     3.9 pJ
	// integrated 0.7 pJ
	// sar        0.078 pJ
}

func ExampleRead_Energy() {
	g := []float64{10e-6, 20e-6, 30e-6, 40e-6} // two rows of two cells
	sums := make([]float64, 2)
	energy.RowSums(sums, g, 2, 2)
	r := energy.Read{Encoding: energy.PulseWidth, Voltage: 0.2, Time: 100e-9}
	e, err := r.Energy([]float64{1, 0.5}, sums)
	fmt.Printf("%.3g fJ %v\n", e*1e15, err)
	// Output: 260 fJ <nil>
}

func ExampleBreakEven() {
	n, err := energy.BreakEven(400e-6, 600e-9, 120e-9)
	fmt.Printf("%.0f inferences pay the programming back %v\n", n, err)
	// Output: 833 inferences pay the programming back <nil>
}
