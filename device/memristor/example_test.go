package memristor_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"strings"

	"mho/device"
	"mho/device/memristor"
)

// The loop of figure 5a of Biolek et al. (2009).
func ExampleLinearDrift() {
	m := memristor.NewLinearDrift()
	m.Window = "biolek"
	w, err := device.Sine(1.2, 1, 1, 2000)
	if err != nil {
		log.Fatal(err)
	}
	tr, err := device.Run(context.Background(), m, w, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("x from %.4f to %.4f\n", slices.Min(tr.X[0]), slices.Max(tr.X[0]))
	fmt.Printf("i from %.1f to %.1f µA\n", slices.Min(tr.Response)*1e6, slices.Max(tr.Response)*1e6)
	// Output:
	// x from 0.3114 to 0.9569
	// i from -202.8 to 218.8 µA
}

// Time to set and to reset over the voltage.
func ExampleVTEAM() {
	m := memristor.NewVTEAM()
	for _, v := range []float64{-1.7, -2, 0.5, 1} {
		var rate [1]float64
		m.Derivative(rate[:], []float64{m.WOff / 2}, []float64{v}, device.Room())
		fmt.Printf("%4.1f V: %.3g ns\n", v, (m.WOff-m.WOn)/max(rate[0], -rate[0])*1e9)
	}
	// Output:
	// -1.7 V: 43.9 ns
	// -2.0 V: 1.12 ns
	//  0.5 V: 167 ns
	//  1.0 V: 1.11 ns
}

func ExampleModels() {
	for _, e := range memristor.Models() {
		if !strings.Contains(e.Name, "/") { // a law, not one of its presets
			fmt.Println(e.Name)
		}
	}
	// Output:
	// linear-drift
	// nonlinear-drift
	// simmons
	// team
	// vteam
	// yakopcic
	// messaris
	// strachan
	// stanford-pku
	// jart-vcm
	// mms
}
