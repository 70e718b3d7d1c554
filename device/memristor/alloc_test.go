package memristor_test

import (
	"testing"

	"mho/device"
	"mho/device/memristor"
)

// TestAllocations holds the steps of every element at no allocation.
func TestAllocations(t *testing.T) {
	for _, e := range memristor.Models() {
		el := e.New().(device.Element)
		s := el.States()[0]
		a, _ := el.(device.Looped).LoopDrive()
		x, u, d := []float64{s.Initial}, []float64{0}, make([]float64, 1)
		var mapping device.Mapping
		if m, ok := el.(device.Mapped); ok {
			mapping = m.Mapping()
		}
		for _, u[0] = range []float64{0.9 * a, -0.9 * a} {
			if n := testing.AllocsPerRun(100, func() {
				el.Derivative(d, x, u, device.Room())
				el.Response(x, u, device.Room())
				el.(device.Sloped).Slope(x, u, device.Room())
				if l, ok := el.(device.Limited); ok {
					if err := l.Valid(x, u, device.Room()); err != nil {
						t.Fatal(err)
					}
				}
				if mapping != nil {
					mapping.Derivative(d, d, x, u, device.Room())
				}
			}); n > 0 {
				t.Errorf("%s: %g allocations per step", e.Name, n)
			}
		}
	}
}
