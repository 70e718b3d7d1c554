package experiments

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mho/device"
	"mho/noise"
)

// carriedBy lists the processes of a tile's device that are in force: its own by slot, others as slot=process.
func carriedBy(t *testing.T, text string) []string {
	t.Helper()
	c, err := decodeTile("t.toml", []byte("[device]\nmodel = \"pcm-ibm\"\n"+text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range device.Carries(c.Device) {
		switch {
		case p.On && p.Process == "":
			out = append(out, p.Slot)
		case p.On:
			out = append(out, p.Slot+"="+p.Process)
		}
	}
	return out
}

func TestProcesses(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"programming", "drift", "read"}},
		{"[noise]\nd2d = true\nfaults = true\n", []string{"d2d=variability", "programming", "drift", "read", "faults=faults"}},
		{"[noise.drift]\nprocess = \"log-drift\"\nslope = \"-0.1uS\"\n", []string{"programming", "drift=log-drift", "read"}},
		{"[noise.read]\nprocess = \"rtn\"\n[noise.thermal]\n[noise.endurance]\neta = 1e6\n", []string{"programming", "drift", "read=rtn", "thermal=thermal", "endurance=endurance"}},
		{"[noise.disturb]\nprocess = \"half-select-disturb\"\n[noise.programming]\nsigma = 0.02\n", []string{"programming=variability", "drift", "read", "disturb=half-select-disturb"}},
	} {
		if got := carriedBy(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
	c, err := decodeTile("t.toml", []byte("[device]\nmodel = \"pcm-ibm\"\n[noise.faults]\nstuck_set = 1\nstuck_reset = 0\n"), []string{"noise.drift=false"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Device.NewPopulation(1, 2, c.Env, noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, 2)
	if p.Transfer(g, 0, c.Env); !slices.Equal(g, []float64{25e-6, 25e-6}) {
		t.Errorf("stuck cells have %v", g)
	}
	if _, err := c.NewTile(3, 2, noise.NewKey(1)); err != nil {
		t.Error(err)
	}
}

func TestProcessMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"[noise.drift]\nprocess = \"flicker\"\n":                                      "t.toml:4: noise.drift.process: process flicker is read noise: must be one that goes under noise.drift, such as power-law-drift",
		"[noise.drift]\nprocess = \"log-drfit\"\n":                                    `t.toml:4: noise.drift.process: unknown process "log-drfit": see mho list noise; did you mean log-drift?`,
		"[noise.drift]\nnu = [-0.1]\n":                                                "t.toml:3: noise.drift: nu is -0.1: must be from nu_min to nu_max",
		"[noise.d2d]\nsigma = -0.1\n":                                                 "t.toml:4: noise.d2d.sigma: -0.1 is out of range: must be from 0 to 10",
		"[noise.d2d]\nsigm = 0.1\n":                                                   "t.toml:4: noise.d2d.sigm: unknown key; did you mean d2d.sigma?",
		"[noise.read]\nt_read = \"1s\"\nf_low = \"1Hz\"\n":                            "t.toml:3: noise.read: f_low is 1Hz: must be below the top of the band",
		"[noise.d2d]\nprocess = \"empirical\"\nfile = \"none.csv\"\ncolumn = \"g\"\n": "none.csv",
		"[noise]\nretention = 3\n":                                                    "t.toml:4: noise.retention: ",
		"[noise.aging]\n":                                                             "t.toml:3: noise.aging: unknown key",
	} {
		_, err := decodeTile("t.toml", []byte("[device]\nmodel = \"pcm-ibm\"\n"+text), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

// TestTileUnderProcesses holds that a tile's switches reach the processes laid over its device.
func TestTileUnderProcesses(t *testing.T) {
	weights := func(sets ...string) string {
		c, err := decodeTile("t.toml", []byte("[device]\nmodel = \"pcm-ibm\"\n[noise]\nprogramming = false\n[noise.retention]\ntau = \"1d\"\nt_ref = \"300K\"\nsigma = 0\n"), sets)
		if err != nil {
			t.Fatal(err)
		}
		tile, err := c.NewTile(1, 1, noise.NewKey(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tile.Program([]float64{1}, noise.NewKey(1)); err != nil {
			t.Fatal(err)
		}
		if err := tile.Advance(86400, noise.NewKey(1)); err != nil {
			t.Fatal(err)
		}
		w := make([]float64, 1)
		if err := tile.EffectiveWeights(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%.4f", w[0])
	}
	if got := weights("noise.drift=false"); got != "0.3679" { // exp(-1)
		t.Errorf("weight %s after its time constant", got)
	}
}
