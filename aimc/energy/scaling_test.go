package energy

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mho/internal/claims"
)

func TestScaleLogic(t *testing.T) {
	const source = "A. Stillmaker and B. Baas, Integration 58, 74 (2017), doi:10.1016/j.vlsi.2017.02.002"
	for _, c := range []struct{ from, to, v, energy, area float64 }{
		{45, 32, 0.8, 0.659, 0.46}, {45, 14, 0.8, 0.139, 0.17}, {130, 45, 1.0, 0.302, 0.16},
	} {
		k, err := ScaleLogic(c.from*1e-9, c.v, c.to*1e-9, c.v)
		if err != nil || len(k.Outside) > 0 {
			t.Fatal(err, k.Outside)
		}
		name := fmt.Sprintf("logic from %g to %g nm at %g V", c.from, c.to, c.v)
		claims.Check(t, claims.Claim{Name: name + ": energy", Kind: claims.IndependentSolver, Source: source + ", evaluated apart from this program", Want: c.energy, Got: k.Energy, Tol: 3e-3, Why: "printed with three digits"})
		// Another column of the published table than the one that the program has.
		claims.Check(t, claims.Claim{Name: name + ": area", Kind: claims.Published, Source: source + ", table of areas", Want: c.area, Got: k.Area, Tol: 0.04, Why: "both columns are printed with two digits"})
	}
	there, _ := ScaleLogic(65e-9, 1.1, 10e-9, 0.7)
	back, _ := ScaleLogic(10e-9, 0.7, 65e-9, 1.1)
	if math.Abs(there.Energy*back.Energy-1) > 1e-12 || math.Abs(there.Area*back.Area-1) > 1e-12 {
		t.Errorf("there and back is %g in energy, %g in area", there.Energy*back.Energy, there.Area*back.Area)
	}
	if k, _ := ScaleLogic(32e-9, 0.8, 22e-9, 0.8); k.Sigma != 0.2 {
		t.Errorf("sigma from 32 to 22 nm is %g, want 0.2", k.Sigma)
	}
	if k, _ := ScaleLogic(16e-9, 0.8, 7e-9, 0.7); k.Sigma != 0.1 {
		t.Errorf("sigma from 16 to 7 nm is %g, want 0.1", k.Sigma)
	}
	three, _ := ScaleLogic(7e-9, 0.7, 3e-9, 0.7)
	if len(three.Outside) != 1 || math.Abs(three.Energy-math.Sqrt(3.0/7)) > 1e-12 {
		t.Errorf("at 3 nm: %+v", three)
	}
	if _, err := ScaleLogic(0, 1, 14e-9, 1); err == nil || !strings.Contains(err.Error(), "node = 0: must be > 0 m") {
		t.Errorf("node 0 gives %v", err)
	}
	// Energy falls monotonically towards smaller nodes at the same supply.
	for i := 1; i < len(scalingData().nodes); i++ {
		k, _ := ScaleLogic(scalingData().nodes[i-1], 0.9, scalingData().nodes[i], 0.9)
		if k.Area >= 1 {
			t.Errorf("area grows by %g to %g m", k.Area, scalingData().nodes[i])
		}
	}
}

func TestArithmetic(t *testing.T) {
	const source = "M. Horowitz, ISSCC 2014, doi:10.1109/ISSCC.2014.6757323"
	for _, c := range []struct {
		name      string
		got, want float64
		tol       float64
		kind      claims.Kind
		why       string
	}{
		{"addition of 32 bits", AdderEnergy(32), 0.1e-12, 1e-6, claims.Calibration, "sets the law"},
		{"addition of 8 bits", AdderEnergy(8), 0.03e-12, 0.2, claims.Published, "printed with one digit"},
		{"addition of 16 bits", AdderEnergy(16), 0.05e-12, 0.1, claims.Published, "printed with one digit"},
		{"multiplication of 8 bits", MultiplierEnergy(8), 0.2e-12, 1e-3, claims.Calibration, "sets the law"},
		{"multiplication of 32 bits", MultiplierEnergy(32), 3.1e-12, 1e-3, claims.Calibration, "sets the law"},
		{"SRAM of 32 KB", SRAMEnergy(32768), 20e-12, 1e-3, claims.Calibration, "sets the law"},
		{"SRAM of 1 MB", SRAMEnergy(1 << 20), 100e-12, 0.15, claims.Published, "the law goes through the values of 8 and 32 KB; the paper's own numbers do not lie on one power"},
	} {
		claims.Check(t, claims.Claim{Name: "45 nm: " + c.name, Kind: c.kind, Source: source, Unit: "J", Want: c.want, Got: c.got, Tol: c.tol, Why: c.why})
	}
}

// TestVoltage holds the law C V² to a macro measured at eight supplies.
func TestVoltage(t *testing.T) {
	energies := map[float64]float64{0.65: 5.11, 0.70: 5.88, 0.75: 6.80, 0.85: 9.03, 0.90: 10.25, 0.95: 11.75, 1.00: 13.13}
	c := newComponent()
	c.Model, c.Factor = "line", "line"
	c.CapacitanceFixed = 7.81e-12 / (0.8 * 0.8) // the energy at 0.8 V is the only one used
	for v, want := range energies {
		c.Voltage = v
		k, err := c.evaluate(setting{})
		if err != nil {
			t.Fatal(err)
		}
		claims.Check(t, claims.Claim{Name: fmt.Sprintf("SRAM macro, energy of an activation at %.2f V from that at 0.80 V", v), Kind: claims.Measured, Unit: "J", Want: want * 1e-12, Got: k.energy, Tol: 0.1,
			Source: "M. E. Sinangil et al., IEEE J. Solid-State Circuits (2021), doi:10.1109/JSSC.2020.3031290, worst case, as reported with CiMLoop", Why: "C V² alone: leakage and short circuits are left out"})
	}
}
