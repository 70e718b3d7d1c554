package stats_test

import (
	"fmt"

	"mho/noise"
	"mho/noise/stats"
)

// Cycles to failure of seven devices, two of which still worked when the test was
// ended at 1e6 cycles: the Weibull distribution, and how many of a million such
// cells fail within 1e4 cycles.
func ExampleFitWeibull() {
	cycles := []float64{1.2e5, 2.4e5, 4.1e5, 6.6e5, 9.0e5, 1e6, 1e6}
	working := []bool{false, false, false, false, false, true, true}
	f, err := stats.FitWeibull(cycles, working, 0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	tail, err := f.Tail(1e4, stats.Below)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, _ := stats.ExpectedFailures(tail.Value, 1e6)
	fmt.Printf("eta %.2g cycles, beta %.2f (%.2f to %.2f)\n", f.Eta().Value, f.Beta().Value, f.Beta().Low, f.Beta().High)
	fmt.Printf("%.0f of a million cells fail within 1e4 cycles\n", mean)
	// Output:
	// eta 8.4e+05 cycles, beta 1.33 (0.70 to 2.52)
	// 2789 of a million cells fail within 1e4 cycles
}

// Three devices, four cycles each: most of the spread is between devices.
func ExampleDecompose() {
	c, err := stats.Decompose([][]float64{
		{10.1, 10.3, 9.9, 10.2},
		{12.0, 11.8, 12.1, 12.2},
		{8.9, 9.2, 9.1, 9.0},
	}, 0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("D2D %.2f, C2C %.2f, share of D2D %.3f\n", c.D2D.Value, c.C2C.Value, c.Share.Value)
	// Output: D2D 1.50, C2C 0.16, share of D2D 0.989
}

// A cell fails where its read current falls below that of a reference: the
// probability is far below what can be counted.
func ExampleRareEvent() {
	current := func(z []float64) float64 { return 10 + 0.8*z[0] - (5 + 0.4*z[1]) } // µA
	shift, err := stats.DesignPoint(current, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := stats.RareEvent(func(z []float64) bool { return current(z) < 0 }, shift, 20000, 0.95, noise.NewKey(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("about %.1e\n", p.Value)
	// Output: about 1.1e-08
}
