package aimc_test

import (
	"context"
	"fmt"
	"log"

	"mho/aimc"
	"mho/device/pcm"
	"mho/noise"
)

func ExampleCrossbarTile() {
	c := aimc.NewConfig(pcm.NewIBM())
	c.Converters.DACBits, c.Converters.ADCBits = 8, 8
	key := noise.NewKey(1)
	tile, err := aimc.NewCrossbarTile(2, 3, c, key)
	if err != nil {
		log.Fatal(err)
	}
	w := []float64{1, -0.5, 0.25, 0, 0.75, -1}
	if _, err := tile.Program(w, key); err != nil {
		log.Fatal(err)
	}
	ctx, x, y := context.Background(), []float64{1, 2, 3}, make([]float64, 2)
	fmt.Println("exact: 0.75 -1.50")
	for event, t := range []float64{tile.Reference(), 86400} {
		if err := tile.Advance(t-tile.Age(), key); err != nil {
			log.Fatal(err)
		}
		if _, err := tile.MVM(ctx, y, x, 0, key.Fold(uint64(event))); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.0f s: %.2f\n", t, y)
	}
	// Output:
	// exact: 0.75 -1.50
	// 20 s: [0.66 -1.82]
	// 86400 s: [0.37 -1.03]
}
