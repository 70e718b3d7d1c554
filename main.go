// Command mho simulates analog crossbar arrays, from a device's physics to a
// workload's accuracy, and draws the figures.
package main

import (
	"os"

	"mho/experiments/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
