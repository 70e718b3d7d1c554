package noise_test

import (
	"fmt"

	"mho/noise"
)

// A key is folded once per level of a simulation, and a domain keeps purposes apart.
func Example() {
	const seed, trial, tile = 1, 4, 0
	key := noise.NewKey(seed).Fold(trial).Fold(tile)

	spread := make([]float64, 3) // one number per device, for ever
	key.Domain(noise.D2D).Normal(spread, noise.At{Row: 2})

	read := make([]float64, 3) // a new number at every read
	for event := range uint64(2) {
		key.Domain(noise.Read).Normal(read, noise.At{Row: 2, Event: event})
		fmt.Printf("%+.3f %+.3f\n", spread, read)
	}
	// Output:
	// [+0.817 -0.563 +1.536] [+0.626 -0.208 +1.004]
	// [+0.817 -0.563 +1.536] [-0.163 +0.304 -0.709]
}

// A number belongs to its row, column and event, not to the fill it is drawn in.
func ExampleKey_Normal() {
	key := noise.NewKey(1)
	whole, part := make([]float64, 6), make([]float64, 2)
	key.Normal(whole, noise.At{Row: 7})
	key.Normal(part, noise.At{Row: 7, Col: 3})
	fmt.Printf("%.4f\n%.4f\n", whole, part)
	// Output:
	// [1.4436 1.8920 0.2505 -1.0082 0.7928 1.4240]
	// [-1.0082 0.7928]
}

func ExampleKey_Fold() {
	key := noise.NewKey(1)
	fmt.Printf("%08x\n%08x\n%08x\n", key, key.Fold(0), key.Fold(1))
	// Output:
	// [89025cc1 910a2dec]
	// [52de4681 21541407]
	// [ca881d1e 43f14977]
}

func ExampleKey_Lognormal() {
	const median = 20e-6 // conductance in siemens, with a spread of 10 %
	ratio := make([]float64, 4)
	noise.NewKey(1).Domain(noise.D2D).Lognormal(ratio, 0, 0.1, noise.At{})
	for _, r := range ratio {
		fmt.Printf("%.2f µS\n", r*median*1e6)
	}
	// Output:
	// 21.31 µS
	// 21.78 µS
	// 18.52 µS
	// 19.25 µS
}

func ExampleKey_Poisson() {
	electrons := make([]float64, 5) // shot noise of 624 electrons: 100 pA in 1 µs
	noise.NewKey(1).Poisson(electrons, 624, noise.At{})
	fmt.Println(electrons)
	// Output:
	// [598 611 610 629 606]
}
