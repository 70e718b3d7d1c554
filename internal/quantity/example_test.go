package quantity_test

import (
	"fmt"

	"mho/internal/quantity"
)

func ExampleParse() {
	g, err := quantity.Parse("25 uS", "S")
	fmt.Println(g, err)
	_, err = quantity.Parse("25 uF", "S")
	fmt.Println(err)
	// Output:
	// 2.5e-05 <nil>
	// "25 uF" has the unit uF: must be in S
}

func ExampleFormat() {
	fmt.Println(quantity.Format(250e-9, "s"), quantity.Format(1e4, "ohm"))
	// Output: 250ns 10kohm
}
