package device_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"mho/device"
	"mho/device/memristor"
)

// A current-voltage curve of a switch behind a resistor and a current limiter.
func ExampleRun() {
	m := memristor.NewVTEAM()
	el := device.WithCompliance(device.WithSeries(m, 1e3), 500e-6)
	w, err := device.Triangle(1, -2, 100e6, 1, 2)
	if err != nil {
		log.Fatal(err)
	}
	tr, err := device.Run(context.Background(), el, w, nil)
	if err != nil {
		log.Fatal(err)
	}
	names, columns := tr.Columns()
	fmt.Println(strings.Join(names, ","))
	for k := range tr.T {
		for j, c := range columns {
			if j > 0 {
				fmt.Print(",")
			}
			fmt.Printf("%.3g", c[k])
		}
		fmt.Println()
	}
	// Output:
	// t_s,v_V,i_A,g_S,w_m
	// 0,0,0,3.32e-06,3e-09
	// 1.25e-09,0.5,1.66e-06,3.32e-06,3e-09
	// 2.5e-09,1,3.32e-06,3.32e-06,3e-09
	// 3.75e-09,0.5,1.66e-06,3.32e-06,3e-09
	// 5e-09,0,0,3.32e-06,3e-09
	// 6.25e-09,-1,-3.32e-06,3.32e-06,3e-09
	// 7.5e-09,-2,-7.41e-06,3.71e-06,2.69e-09
	// 8.75e-09,-1,-4.18e-06,4.18e-06,2.38e-09
	// 1e-08,0,0,4.18e-06,2.38e-09
}

func ExampleTrain() {
	w, err := device.Train(50e-9,
		device.Pulse{Amplitude: 1, Width: 100e-9, Rise: 10e-9, Fall: 10e-9},
		device.Pulse{Amplitude: -1, Width: 20e-9, Rise: 20e-9, Fall: 20e-9},
	)
	if err != nil {
		log.Fatal(err)
	}
	for k, t := range w.T {
		fmt.Printf("%.0f ns %g V\n", t*1e9, w.U[0][k])
	}
	flux := w.Integral(0)
	fmt.Printf("%.0f nV s\n", flux[len(flux)-1]*1e9)
	// Output:
	// 0 ns 0 V
	// 10 ns 1 V
	// 100 ns 1 V
	// 110 ns 0 V
	// 160 ns 0 V
	// 180 ns -1 V
	// 200 ns 0 V
	// 250 ns 0 V
	// 80 nV s
}

func ExampleCheck() {
	m := memristor.NewLinearDrift()
	m.X0 = 1.5
	fmt.Println(device.Check(m))
	// Output:
	// linear-drift: x0 is 1.5: must be from 0 to 1
}
