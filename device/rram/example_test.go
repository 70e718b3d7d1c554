package rram_test

import (
	"fmt"
	"log"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/device/rram"
	"mho/noise"
)

func Example() {
	p, err := rram.Wan2022().New(1, 10000)
	if err != nil {
		log.Fatal(err)
	}
	g := make([]float64, 10000)
	for i := range g {
		g[i] = 20e-6
	}
	key := noise.NewKey(1)
	if _, err := p.ProgramTo(g, device.Room(), key); err != nil {
		log.Fatal(err)
	}
	for _, t := range []float64{1, 86400, 2 * 86400} {
		p.Advance(t-p.Age(), device.Room(), key)
		p.Transfer(g, 0, device.Room())
		mean, std := stat.MeanStdDev(g, nil)
		fmt.Printf("%.0f s: %.1f µS, spread %.2f µS\n", t, mean*1e6, std*1e6)
	}
	// Output:
	// 1 s: 20.0 µS, spread 2.03 µS
	// 86400 s: 20.0 µS, spread 3.96 µS
	// 172800 s: 20.0 µS, spread 3.98 µS
}
