package crossbar

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"mho/internal/claims"
)

// spice returns the outputs that ngspice gave for an array, kept in testdata under the name. Where
// ngspice is installed it runs anew and must agree with them; MHO_UPDATE=1 keeps the new.
func spice(t *testing.T, name string, a *Array, b *Bias, c LineCapacitance, device func(k int, g float64, p, q string) string, commands, output string) []float64 {
	t.Helper()
	file := filepath.Join("testdata", "ngspice-"+name+".csv")
	var fresh []float64
	if _, err := exec.LookPath("ngspice"); err == nil {
		fresh = outputs(t, simulate(t, a, b, c, device, commands), output, a.Cols)
		if claims.Update() {
			var d strings.Builder
			for _, x := range fresh {
				fmt.Fprintln(&d, x)
			}
			if err := os.WriteFile(file, []byte(d.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept []float64
	for _, f := range strings.Fields(string(text)) {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, x)
	}
	if len(kept) != a.Cols {
		t.Fatalf("%s has %d outputs, want %d", file, len(kept), a.Cols)
	}
	if fresh != nil {
		if d := worst(fresh, kept); !(d <= 1e-5) {
			t.Errorf("%s differs from ngspice by %g", file, d)
		}
	}
	return kept
}

// simulate writes an array as a netlist of ngspice with voltage sources vw and vb at the terminals of
// its lines, runs it with the commands, and returns the numbers that these print as name = value. A
// nil device is a resistor; it writes the k-th device between two nodes otherwise.
func simulate(t *testing.T, a *Array, b *Bias, c LineCapacitance, device func(k int, g float64, p, q string) string, commands string) map[string]float64 {
	t.Helper()
	var d strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&d, format+"\n", args...) }
	resistor := func(name string, r float64) {
		if !math.IsInf(r, 1) {
			put("%s %.17g", name, r)
		}
	}
	put("crossbar")
	full := b.filled(a.Rows, a.Cols)
	for i := range a.Rows {
		if b.WordOpen == nil || !b.WordOpen[i] {
			put("vw%d sw%d 0 %.17g", i, i, full.Word[i])
			resistor(fmt.Sprintf("rw%d_0 sw%d w%d_0", i, i, i), a.Wires.RDriver+a.wordOhm(i, 0))
		}
		for j := range a.Cols {
			k := i*a.Cols + j
			p, q := fmt.Sprintf("w%d_%d", i, j), fmt.Sprintf("u%d_%d", i, j)
			if j > 0 {
				resistor(fmt.Sprintf("rw%d_%d w%d_%d %s", i, j, i, j-1, p), a.wordOhm(i, j))
			}
			if i > 0 {
				resistor(fmt.Sprintf("rb%d_%d u%d_%d %s", i, j, i-1, j, q), a.bitOhm(i, j))
			}
			if device == nil {
				put("rd%d %s %s %.17g", k, p, q, 1/a.G[k])
			} else {
				put("%s", device(k, a.G[k], p, q))
			}
			if c.Word > 0 {
				put("cw%d %s 0 %.17g", k, p, c.Word)
			}
			if c.Bit > 0 {
				put("cb%d %s 0 %.17g", k, q, c.Bit)
			}
		}
	}
	for j := range a.Cols {
		if b.BitOpen == nil || !b.BitOpen[j] {
			resistor(fmt.Sprintf("rb%d_%d u%d_%d sb%d", a.Rows, j, a.Rows-1, j, j), a.Wires.RSense+a.bitOhm(a.Rows, j))
			put("vb%d sb%d 0 %.17g", j, j, full.Bit[j])
		}
	}
	put("%s\nquit\n.endc\n.end", commands)
	file := filepath.Join(t.TempDir(), "deck.cir")
	if err := os.WriteFile(file, []byte(d.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("ngspice", "-b", file).CombinedOutput()
	if err != nil {
		t.Fatalf("ngspice: %v\n%s", err, text)
	}
	found := map[string]float64{}
	for row := range strings.Lines(string(text)) {
		f := strings.Fields(row)
		if len(f) < 3 || f[1] != "=" {
			continue
		}
		if x, err := strconv.ParseFloat(f[2], 64); err == nil {
			found[f[0]] = x
		}
	}
	return found
}

// outputs returns the currents that a deck printed into the bit line terminals.
func outputs(t *testing.T, found map[string]float64, name string, n int) []float64 {
	t.Helper()
	out := make([]float64, n)
	for j := range out {
		x, ok := found[fmt.Sprintf(name, j)]
		if !ok {
			t.Fatalf("ngspice did not print %s: %v", fmt.Sprintf(name, j), found)
		}
		out[j] = x
	}
	return out
}

// TestSpiceNonlinear compares operating points with ngspice: sinh devices as current
// sources, also with floating lines, and diodes in series with resistors.
func TestSpiceNonlinear(t *testing.T) {
	a, v := random(6, 5, 1, Wires{RWord: 40, RBit: 60, RDriver: 300, RSense: 100}, 11)
	for i := range v {
		v[i] *= 4
	}
	floats := Bias{Word: v, WordOpen: []bool{false, true, false, false, true, false}}
	var command strings.Builder
	command.WriteString(".options reltol=1e-9 abstol=1e-18 vntol=1e-12 gmin=1e-20 itl1=500\n.control\nset numdgt=15\nop\n")
	for j := range a.Cols {
		fmt.Fprintf(&command, "print i(vb%d)\n", j)
	}
	sinh := func(k int, g float64, p, q string) string {
		return fmt.Sprintf("bd%d %s %s i=%.17g*sinh(v(%s,%s)/0.2)", k, p, q, g*0.2, p, q)
	}
	var largest float64
	for name, b := range map[string]Bias{"sinh": {Word: v}, "sinh-floating": floats} {
		want := spice(t, name, a, &b, LineCapacitance{}, sinh, command.String(), "i(vb%d)")
		p, err := a.SolveBias(ctx, b, Sinh{V0: 0.2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, worst(p.IBit, want))
	}
	claims.Check(t, claims.Claim{Name: "largest relative difference of outputs with sinh devices from ngspice", Kind: claims.IndependentSolver, Source: "ngspice, sources i = G V0 sinh(v/V0), 6 x 5, also with floating lines",
		Absolute: true, Got: largest, Tol: 1e-8, Why: "reltol 1e-9 of ngspice"})

	c, u := mappedArray(t, 6, 5, 1, Wires{RWord: 40, RBit: 60, RDriver: 300, RSense: 100}, 13)
	for i := range u {
		u[i] *= 4
	}
	mapped := spice(t, "maps", c, &Bias{Word: u}, LineCapacitance{}, sinh, command.String(), "i(vb%d)")
	m, err := c.SolveBias(ctx, Bias{Word: u}, Sinh{V0: 0.2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "largest relative difference of outputs with degraded and broken lines from ngspice", Kind: claims.IndependentSolver, Source: "ngspice, sources i = G V0 sinh(v/V0), 6 x 5, opens and shorts",
		Absolute: true, Got: worst(m.IBit, mapped), Tol: 1e-8, Why: "reltol 1e-9 of ngspice"})

	// The temperature of ngspice is 300.15 K.
	law := Schottky{IS: 2e-9, N: 1.3, VT: 1.380649e-23 * 300.15 / 1.602176634e-19}
	diode := func(k int, g float64, p, q string) string {
		text := fmt.Sprintf("rd%d %s m%d %.17g\ndd%d m%d %s contact", k, p, k, 1/g, k, k, q)
		if k == 0 {
			text += fmt.Sprintf("\n.model contact d(is=%.17g n=%.17g)", law.IS, law.N)
		}
		return text
	}
	b := Bias{Word: v}
	want := spice(t, "schottky", a, &b, LineCapacitance{}, diode, command.String(), "i(vb%d)")
	p, err := a.SolveBias(ctx, b, law, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims.Check(t, claims.Claim{Name: "largest relative difference of outputs with Schottky contacts from ngspice", Kind: claims.IndependentSolver, Source: "ngspice, diodes in series with resistors, 6 x 5",
		Absolute: true, Got: worst(p.IBit, want), Tol: 2e-6, Why: "the constants k and q of ngspice are older"})
}

// TestSpiceTransient compares the outputs after a step with ngspice.
func TestSpiceTransient(t *testing.T) {
	a, v := random(6, 5, 1, Wires{RWord: 40, RBit: 60, RDriver: 300, RSense: 100}, 12)
	c := LineCapacitance{Word: 1e-15, Bit: 1.5e-15}
	const window = 5e-12
	s, err := a.Settle(ctx, v, c, &SettlingSettings{Accuracy: 1e-7, Window: window, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []float64
	for k, x := range s.T {
		if x == window {
			got = s.I[k*a.Cols:][:a.Cols]
		}
	}
	var command strings.Builder
	fmt.Fprintf(&command, ".options reltol=1e-6 abstol=1e-15 vntol=1e-10 trtol=1 method=gear\n.control\nset numdgt=15\ntran 2e-15 %g 0 2e-15 uic\n", 1.01*window)
	for j := range a.Cols {
		fmt.Fprintf(&command, "meas tran out%d find i(vb%d) at=%g\n", j, j, window)
	}
	want := spice(t, "settling", a, &Bias{Word: v}, c, nil, command.String(), "out%d")
	if distance := worst(got, s.Final); distance < 0.05 || math.IsNaN(distance) {
		t.Fatalf("outputs have settled to %g: nothing is compared", distance)
	}
	claims.Check(t, claims.Claim{Name: "largest relative difference of outputs during settling from ngspice", Kind: claims.IndependentSolver, Source: "ngspice, tran with the method of Gear and steps of 2 fs, 6 x 5, at 5 ps",
		Absolute: true, Got: worst(got, want), Tol: 2e-5, Why: "meas of ngspice prints six digits"})
}
