package aimc

import (
	"fmt"
	"testing"

	"mho/crossbar"
	"mho/device/pcm"
	"mho/internal/gemm"
	"mho/noise"
)

// BenchmarkTile is one array pair of 1024 x 1024 in float32 and 512 vectors: the bare matrix
// product, with converters of 8 bits, with thermal noise of the outputs besides, with noise of the converters, search converters with
// mismatch, 28 products of digits, with read noise of
// every device, and the same with a new evaluation for every batch. float64 besides.
func BenchmarkTile(b *testing.B) {
	const size, n = 1024, 512
	speed := func(b *testing.B) {
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds()/1000, "kMVM/s")
	}
	b.Run("product", func(b *testing.B) {
		x, w, y := make([]float32, n*size), make([]float32, size*size), make([]float32, n*size)
		noise.NewKey(1).Normal32(x, noise.At{})
		noise.NewKey(2).Normal32(w, noise.At{})
		for b.Loop() {
			gemm.Mul(gemm.Dense(n, size, y), 1, gemm.Dense(n, size, x), gemm.Dense(size, size, w), 0, 0)
		}
		speed(b)
	})
	converters := quiet()
	converters.Converters.DACBits, converters.Converters.ADCBits = 8, 8
	output := converters
	output.Noise.Read, output.Noise.Thermal = true, true
	output.Device = silent()
	conversion := converters // noise of the output converters
	conversion.Converters.ADCNoise = 10e-9
	search := conversion
	search.Converters.ADCKind, search.Converters.ADCMismatch, search.Converters.ADCOffset = crossbar.SARADC, 0.01, 1
	digits := converters // 4 digits of weights, 7 of inputs
	digits.Mapping.Slices, digits.Mapping.SliceBits, digits.Converters.DACKind = 4, 2, crossbar.BitSerial
	devices := output
	devices.Device = pcm.NewIBM()
	for _, c := range []struct {
		name   string
		config Config
		fresh  bool
	}{{"converters", converters, false}, {"output-noise", output, false}, {"conversion-noise", conversion, false}, {"sar", search, false}, {"digits", digits, false}, {"device-noise", devices, false}, {"device-noise-drawn", devices, true}} {
		for _, precision := range []string{Single, Double} {
			b.Run(c.name+"/"+precision, func(b *testing.B) {
				c.config.Array.Rows, c.config.Array.Cols, c.config.Array.Precision = size, size, precision
				tile := newTile(b, size, size, c.config, normals(size*size, 1), 1)
				x, y := normals(n*size, 2), make([]float64, n*size)
				if err := tile.Advance(3600, noise.Key{}); err != nil {
					b.Fatal(err)
				}
				key := noise.NewKey(1)
				if _, err := tile.MVM(ctx, y, x, 0, key); err != nil { // draws the evaluation
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if c.fresh {
						key = key.Fold(1)
					}
					if _, err := tile.MVM(ctx, y, x, 0, key); err != nil {
						b.Fatal(err)
					}
				}
				speed(b)
			})
		}
	}
}

// silent returns a device without read noise of its own.
func silent() *pcm.IBM {
	m := pcm.NewIBM()
	m.ReadNoise = false
	return m
}

// BenchmarkNoisyMVM is 64 vectors through arrays of 256 x 256 with read and thermal noise of
// every device.
func BenchmarkNoisyMVM(b *testing.B) {
	const size, n = 256, 64
	for _, precision := range []string{Single, Double} {
		b.Run(fmt.Sprintf("256/%s", precision), func(b *testing.B) {
			c := NewConfig(pcm.NewIBM())
			c.Noise.Thermal, c.Array.Precision = true, precision
			tile := newTile(b, size, size, c, normals(size*size, 1), 1)
			x, y := normals(n*size, 2), make([]float64, n*size)
			if err := tile.Advance(3600, noise.Key{}); err != nil {
				b.Fatal(err)
			}
			if _, err := tile.MVM(ctx, y, x, 0, noise.NewKey(1)); err != nil { // draws the evaluation
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tile.MVM(ctx, y, x, 0, noise.NewKey(1)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
