//go:build !race

package device_test

import (
	"testing"

	"mho/device"
	"mho/device/memristor"
)

// TestWrapAllocations does not run under the race detector, which makes
// sync.Pool forget at random.
func TestWrapAllocations(t *testing.T) {
	el := device.WithCompliance(device.WithSeries(memristor.NewVTEAM(), 1e3), 1e-4)
	x, u, d := []float64{1e-9}, []float64{1}, make([]float64, 1)
	if n := testing.AllocsPerRun(100, func() {
		el.Derivative(d, x, u, device.Room())
		el.Response(x, u, device.Room())
		el.Slope(x, u, device.Room())
	}); n > 0 {
		t.Errorf("%g allocations per evaluation", n)
	}
}
