package device_test

import (
	"strings"
	"testing"

	"mho/device"
	"mho/device/pcm"
)

// A shared model holds its switch behind a pointer, which a copy shares.
type shared struct {
	*pcm.IBM
	name string
}

func TestWithout(t *testing.T) {
	m := pcm.NewIBM()
	m.GMax = 3e-6
	got, err := device.Without(m, "drift", "no such switch", "g_max")
	if err != nil {
		t.Fatal(err)
	}
	c := got.(*pcm.IBM)
	if c == m || c.Drift || !c.ProgrammingNoise || c.GMax != 3e-6 || !m.Drift {
		t.Errorf("drift %v of the copy, %v of the model", c.Drift, m.Drift)
	}
	m.Drift = false
	if got, err := device.Without(m, "drift"); got != device.CellModel(m) || err != nil {
		t.Errorf("a switch that is off: %v, %v", got, err)
	}
	for _, bad := range []device.CellModel{&shared{pcm.NewIBM(), "x"}, shared{pcm.NewIBM(), "x"}} {
		if _, err := device.Without(bad, "drift"); err == nil || !strings.Contains(err.Error(), "device pcm-ibm: cannot be copied") {
			t.Errorf("%T: %v", bad, err)
		}
	}
}
