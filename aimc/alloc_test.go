//go:build !race

package aimc

import (
	"testing"

	"mho/device/pcm"
	"mho/noise"
)

// The race detector makes sync.Pool drop what it holds, so this runs without it.
//
// An MVM of the same evaluation allocates nothing.
func TestAllocations(t *testing.T) {
	for _, precision := range []string{Single, Double} {
		c := NewConfig(pcm.NewIBM())
		c.Array.Precision, c.Noise.Thermal, c.Noise.Shot = precision, true, 0.1
		c.Array.Rows, c.Array.Cols = 70, 50
		c.Converters.DACBits, c.Converters.ADCBits = 8, 8
		tile := newTile(t, 80, 100, c, normals(8000, 1), 1)
		if err := tile.Advance(3600, noise.Key{}); err != nil {
			t.Fatal(err)
		}
		x, y := normals(100*100, 2), make([]float64, 100*80)
		if n := testing.AllocsPerRun(20, func() {
			if _, err := tile.MVM(ctx, y, x, 0, noise.NewKey(1)); err != nil {
				t.Fatal(err)
			}
		}); n >= 1 {
			t.Errorf("%s: %v allocations per call", precision, n)
		}
	}
}
