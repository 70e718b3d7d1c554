package line

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// deck writes the test's netlist as an ngspice operating point analysis with
// an ammeter, a source of 0 V, behind every bit line.
func (l *netlist) deck(v []float64) string {
	var b strings.Builder
	name := func(id int) string {
		switch {
		case id >= 0:
			return fmt.Sprintf("n%d", id)
		case -1-id < l.net.Rows:
			return fmt.Sprintf("s%d", -1-id)
		}
		return fmt.Sprintf("o%d", -1-id-l.net.Rows)
	}
	b.WriteString("crossbar\n")
	for i, x := range v {
		fmt.Fprintf(&b, "vs%d s%d 0 %.17g\n", i, i, x)
	}
	for j := range l.net.Cols {
		fmt.Fprintf(&b, "vo%d o%d 0 0\n", j, j)
	}
	for k, r := range l.resistors {
		fmt.Fprintf(&b, "r%d %s %s %.17g\n", k, name(r.a), name(r.b), 1/r.g)
	}
	b.WriteString(".options reltol=1e-12 abstol=1e-20 vntol=1e-15\n.control\nset numdgt=15\nop\n")
	for j := range l.net.Cols {
		fmt.Fprintf(&b, "print i(vo%d)\n", j)
	}
	b.WriteString("quit\n.endc\n.end\n")
	return b.String()
}

// TestSpice compares with ngspice where it is installed.
func TestSpice(t *testing.T) {
	if _, err := exec.LookPath("ngspice"); err != nil {
		t.Skip("ngspice is not installed")
	}
	rnd := newRand(10)
	for _, n := range []Network{
		{Rows: 12, Cols: 9, RWord: 1, RBit: 2, RDriver: 100, RSense: 30},
		{Rows: 16, Cols: 16, RWord: 2.5, RBit: 2.5, Double: true},
		{Rows: 7, Cols: 20, RWord: 0, RBit: 5, RDriver: 200, Double: true},
		{Rows: 20, Cols: 7, RWord: 10, RBit: 0, RSense: 500},
	} {
		g := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-4)
		v := signed(rnd, n.Rows)
		file := filepath.Join(t.TempDir(), "deck.cir")
		if err := os.WriteFile(file, []byte(newNetlist(n, g).deck(v)), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command("ngspice", "-b", file).CombinedOutput()
		if err != nil {
			t.Fatalf("ngspice: %v\n%s", err, text)
		}
		var want []float64
		for line := range strings.Lines(string(text)) {
			name, value, ok := strings.Cut(line, "=")
			if !ok || !strings.HasPrefix(strings.TrimSpace(name), "i(vo") {
				continue
			}
			x, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, x)
		}
		s := mustSolver(t, n, g)
		got, _ := mustSolve(t, s, v, 1e-12)
		d := distance(got, want) / maxAbs(got)
		t.Logf("%s: relative difference %.2g", describe(s), d)
		if math.IsNaN(d) || d > 1e-12 {
			t.Errorf("%s: outputs differ by %g from ngspice:\n%g\n%g", describe(s), d, got, want)
		}
	}
}
