package config_test

import (
	"fmt"

	"mho/internal/config"
	"mho/internal/quantity"
)

func Example() {
	rows, rWord := 64, 1.0
	params := []quantity.Param{
		{Name: "rows", Value: &rows, Range: quantity.AtLeast(1)},
		{Name: "r_word", Value: &rWord, Unit: "ohm", Range: quantity.NonNegative()},
	}
	doc, _ := config.Parse("study.toml", []byte("[array]\nrows = 128\nrword = \"0.5ohm\"\n"))
	fmt.Println(doc.Decode("array", params))
	doc, _ = config.Parse("study.toml", []byte("[array]\nrows = 128\nr_word = \"0.5ohm\"\n"))
	fmt.Println(doc.Decode("array", params), rows, rWord)
	// Output:
	// study.toml:3: array.rword: unknown key; did you mean r_word?
	// <nil> 128 0.5
}
