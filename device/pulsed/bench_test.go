package pulsed

import (
	"fmt"
	"testing"

	"mho/device"
	"mho/noise"
)

// BenchmarkUpdate is one outer-product update of a 512 x 512 array with all noise,
// batch 1, rate 0.01, dw_min 0.001, inputs uniform in (-1, 1) or standard normal.
func BenchmarkUpdate(b *testing.B) {
	const n = 512
	models := []struct {
		name  string
		model device.CellModel
	}{
		{"constant-step", constantStep("constant-step", nil)},
		{"soft-bounds", newSoftBounds(plain("soft-bounds", ""))},
		{"exp-step", newExpStep(plain("exp-step", ""))},
	}
	for _, inputs := range []string{"uniform", "normal"} {
		x, d := make([]float64, n), make([]float64, n)
		for i, v := range [][]float64{x, d} {
			key := noise.NewKey(uint64(i))
			if inputs == "normal" {
				key.Normal(v, noise.At{})
				continue
			}
			key.Uniform(v, noise.At{})
			for j := range v {
				v[j] = 2*v[j] - 1
			}
		}
		for k := range 2 * len(models) {
			m, workers := models[k/2], k%2+1
			b.Run(fmt.Sprintf("%s/%s/workers=%d", m.name, inputs, workers), func(b *testing.B) {
				set := &Training{Workers: workers}
				p := must(m.model.NewPopulation(n, n, device.Room(), noise.NewKey(1)))
				key := noise.NewKey(2)
				var pulses int64
				for i := 0; b.Loop(); i++ {
					// Back and forth, so that weights do not all end at their bounds.
					rate := 0.01 * float64(1-i%2*2)
					r, err := p.Update(x, d, rate, set, device.Room(), key.Fold(uint64(i)))
					if err != nil {
						b.Fatal(err)
					}
					pulses = r.Pulses
				}
				b.ReportMetric(float64(pulses)/(n*n), "pulses/cell")
				b.ReportAllocs()
			})
		}
	}
}

func must(p device.Population, err error) *Population {
	if err != nil {
		panic(err)
	}
	return p.(*Population)
}
