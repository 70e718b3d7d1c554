package spintronic_test

import (
	"testing"

	"mho/device"
	"mho/device/spintronic"
)

// TestAllocations holds the steps of every element at no allocation.
func TestAllocations(t *testing.T) {
	for _, e := range spintronic.Models() {
		el := e.New().(device.Stochastic)
		n := len(el.States())
		x, d, b := make([]float64, n), make([]float64, n), make([]float64, n*n)
		for i, s := range el.States() {
			x[i] = s.Initial
		}
		u := make([]float64, len(el.Drives()))
		u[0] = 0.1
		if n := testing.AllocsPerRun(100, func() {
			el.Derivative(d, x, u, device.Room())
			el.Diffusion(b, x, u, device.Room())
			el.Response(x, u, device.Room())
			el.(device.Sloped).Slope(x, u, device.Room())
			el.StepLimit(x, u, device.Room())
		}); n > 0 {
			t.Errorf("%s: %g allocations per step", e.Name, n)
		}
	}
}
