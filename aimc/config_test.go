package aimc

import (
	"reflect"
	"testing"

	"mho/crossbar"
	"mho/device/pcm"
	"mho/internal/config"
	"mho/internal/quantity"
	"mho/noise"
)

// TestSwitches checks that the table [noise] reaches the device, and that the
// model is as it was afterwards.
func TestSwitches(t *testing.T) {
	m := pcm.NewIBM()
	c := NewConfig(m)
	c.Noise.Programming, c.Noise.Drift, c.Noise.Read = false, false, false
	w := normals(30, 10)
	tile := newTile(t, 5, 6, c, w, 1)
	if err := tile.Advance(1e9, noise.Key{}); err != nil {
		t.Fatal(err)
	}
	got := make([]float64, 30)
	if err := tile.EffectiveWeights(ctx, got); err != nil || worst(got, w) > 1e-14 {
		t.Errorf("weights differ by %g, %v", worst(got, w), err)
	}
	if !m.ProgrammingNoise || !m.Drift || !m.ReadNoise {
		t.Error("the model was changed")
	}
	var report Programming
	c.Mapping.WMax = 1
	tile, err := NewCrossbarTile(1, 3, c, noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	if report, err = tile.Program([]float64{-2, 0.5, 1}, noise.Key{}); err != nil || report.WeightsClipped != 1 || report.Arrays != 2 || report.Converged != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if err := tile.EffectiveWeights(ctx, got[:3]); err != nil || worst(got[:3], []float64{-1, 0.5, 1}) > 1e-15 {
		t.Errorf("weights %v, %v", got[:3], err)
	}
}

// TestSharedModel makes tiles of one model at once, with and without its processes; the race
// detector watches.
func TestSharedModel(t *testing.T) {
	m := pcm.NewIBM()
	w := normals(30, 10)
	for k := range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			c := NewConfig(m)
			c.Noise.Programming, c.Noise.Drift = k%2 == 0, k%2 == 0
			tile := newTile(t, 5, 6, c, w, 1)
			if err := tile.Advance(1e9, noise.Key{}); err != nil {
				t.Fatal(err)
			}
			got := make([]float64, 30)
			if err := tile.EffectiveWeights(ctx, got); err != nil {
				t.Fatal(err)
			}
			if e := worst(got, w); (e > 1e-14) != c.Noise.Drift {
				t.Errorf("noise %+v: weights differ by %g", c.Noise, e)
			}
		})
	}
}

// TestConfig reads the tables of a file.
func TestConfig(t *testing.T) {
	doc, err := config.Parse("tile.toml", []byte(`
[array]
rows = 256
r_word = "2.5ohm"
topology = "double"
[mapping]
w_max = 2
[converters]
v_read = "400mV"
dac.bits = 7
[converters.adc]
bits = 9
range = "fixed"
limit = "30uA"
[noise]
drift = false
window = "1ms"
[programming]
tolerance = 0.02
[compensation]
kind = "global"
`))
	if err != nil {
		t.Fatal(err)
	}
	c := NewConfig(pcm.NewIBM())
	for _, table := range []struct {
		name   string
		params []quantity.Param
	}{{"array", c.Array.Params()}, {"mapping", c.Mapping.Params()}, {"converters", c.Converters.Params()}, {"noise", c.Noise.Params()}, {"programming", c.Programming.Params()}, {"compensation", c.Compensation.Params()}} {
		if err := doc.Decode(table.name, table.params); err != nil {
			t.Fatal(err)
		}
		for _, p := range table.params {
			if p.Meaning == "" || p.Source == "" {
				t.Errorf("parameter %s lacks meaning or source", p.Name)
			}
		}
	}
	want := NewConfig(c.Device)
	want.Array.Rows, want.Array.RWord, want.Array.Topology = 256, 2.5, crossbar.Double
	want.Mapping.WMax = 2
	want.Converters.VRead, want.Converters.DACBits = 0.4, 7
	want.Converters.ADCBits, want.Converters.ADCRange, want.Converters.ADCLimit = 9, crossbar.Fixed, 30e-6
	want.Compensation.Kind, want.Programming.Tolerance = GlobalGain, 0.02
	want.Noise.Drift, want.Noise.Window = false, 1e-3
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v\nwant %+v", c, want)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}
