package spintronic_test

import (
	"context"
	"fmt"

	"mho/device"
	"mho/device/spintronic"
	"mho/noise"
)

func ExampleMacrospin() {
	m := spintronic.NewMacrospin()
	fmt.Printf("Bk = %.0f mT, Delta = %.1f, Ic0 = %.1f uA\n", m.AnisotropyField(0)*1e3, m.Stability(300), m.CriticalCurrent()*1e6)

	// Half a volt for ten nanoseconds makes it parallel.
	w := device.Waveform{T: []float64{0, 20e-9}, U: [][]float64{{0.5, 0.5}}}
	tr, err := device.Run(context.Background(), m, w, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mz from %.2f to %.2f\n", tr.X[2][0], tr.X[2][1])
	// Output:
	// Bk = 290 mT, Delta = 82.5, Ic0 = 27.7 uA
	// mz from -0.99 to 1.00
}

func ExampleFokkerPlanck() {
	// Write error rates at twice the critical current.
	s, err := spintronic.FokkerPlanck{Delta: 60}.Survival(context.Background(), 2, []float64{2, 4, 8, 16})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range s {
		fmt.Printf("%.1e ", p)
	}
	fmt.Println()
	// Output:
	// 5.9e-01 1.5e-02 4.8e-06 4.8e-13
}

func ExampleMTJ() {
	m := spintronic.NewMTJ()
	m.SpreadRA, m.SpreadBk = 0, 0
	p, err := m.New(1, 3, noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high := p.Range()
	report, err := p.ProgramTo([]float64{high, low, high}, device.Room(), noise.NewKey(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, 3)
	p.Transfer(g, 0, device.Room())
	fmt.Printf("%.0f %.0f %.0f uS, %d pulses\n", g[0]*1e6, g[1]*1e6, g[2]*1e6, report.Pulses)
	// Output:
	// 167 47 167 uS, 2 pulses
}

func ExampleDomainWall() {
	m := spintronic.NewDomainWall()
	fmt.Printf("wall of %.1f nm, depinned by %.0f mT\n", m.WallWidth()*1e9, m.PinningField()*1e3)
	// What a pulse does to 200 walls at 300 K, in notches.
	way, err := m.Displace(context.Background(), 0.4e-3, 0.3e-9, 300, 200, noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	mean := 0.0
	for _, x := range way {
		mean += x / m.Period / float64(len(way))
	}
	fmt.Printf("%.1f notches\n", mean)
	// Output:
	// wall of 5.2 nm, depinned by 87 mT
	// 1.0 notches
}
