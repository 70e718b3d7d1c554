package philox_test

import (
	"fmt"

	"mho/noise/internal/philox"
)

func ExampleBlock() {
	fmt.Printf("%08x\n", philox.Block(philox.Counter{}, philox.Key{}))
	// Output: [6627e8d5 e169c58d bc57ac4c 9b00dbd8]
}
