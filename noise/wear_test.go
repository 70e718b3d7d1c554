package noise

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWear(t *testing.T) {
	w := NewWear()
	w.StuckSet = 0.3
	const n = 400_000
	life, set := make([]float64, n), make([]bool, n)
	w.Life(life, set, At{}, NewKey(101))
	stuck := 0
	for _, s := range set {
		if s {
			stuck++
		}
	}
	closed(t, "endurance: share of failed cells stuck at SET", "as asked for", "", 0.3, float64(stuck)/n, 4*math.Sqrt(0.21/n), fourSE)
	for _, at := range []float64{0.1, 1, 2} {
		alive := 0
		for _, c := range life {
			if c > at*w.Eta {
				alive++
			}
		}
		want := math.Exp(-math.Pow(at, 1.5))
		if math.Abs(w.Alive(at*w.Eta)-want) > 1e-15 {
			t.Errorf("alive after %g eta: %g, want %g", at, w.Alive(at*w.Eta), want)
		}
		closed(t, "endurance, Weibull 1.5: share alive after "+map[float64]string{0.1: "a tenth of eta", 1: "eta", 2: "twice eta"}[at], "exp(-(n/eta)^beta)", "", want, float64(alive)/n, 4*math.Sqrt(want*(1-want)/n), fourSE)
	}
	mean := 0.0
	for _, c := range life {
		mean += c / n / w.Eta
	}
	g := math.Gamma(1 + 1/1.5)
	s := math.Sqrt(math.Gamma(1+2/1.5) - g*g)
	closed(t, "endurance, Weibull 1.5: mean cycles to failure over eta", "Gamma(1 + 1/beta)", "", g, mean, 4*s/math.Sqrt(n), fourSE)
	c, err := w.CyclesTo(1e-6)
	closed(t, "endurance, Weibull 1.5: cycles until 1 ppm has failed over eta", "(-ln(1 - F))^(1/beta)", "", math.Pow(1e-6, 1/1.5), c/w.Eta, 1e-10, "F/2 relative")
	if err != nil {
		t.Error(err)
	}
	off, on := w.Window(1e-6, 50e-6, 99*w.Onset)
	if math.Abs(on-48e-6) > 1e-18 || math.Abs(off-1.5e-6) > 1e-18 {
		t.Errorf("window from %g to %g after two decades", off, on)
	}
	w.AmplitudeExponent = 2
	if got := w.Cycles(10, 300, 1.5); math.Abs(got-22.5) > 1e-12 {
		t.Errorf("ten cycles at 1.5 times the amplitude count %g", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		w.CloseOn, w.CloseOff = rapid.Float64Range(0, 1).Draw(t, "on"), rapid.Float64Range(0, 1).Draw(t, "off")
		n := math.Pow(10, rapid.Float64Range(0, 20).Draw(t, "log n"))
		off, on := w.Window(1e-6, 50e-6, n)
		if off > on || off < 1e-6-1e-18 || on > 50e-6 || math.IsNaN(off+on) {
			t.Fatalf("window from %g to %g", off, on)
		}
	})
}

func TestDefects(t *testing.T) {
	d := ChenDefects()
	d.DeadRowRate, d.DeadColRate, d.ShortRate = 0.02, 0.01, 0.001
	m, err := d.Draw(1000, 1500, NewKey(102))
	if err != nil {
		t.Fatal(err)
	}
	connected := 0.98 * 0.99
	for _, c := range []struct {
		f     Defect
		share float64
		name  string
	}{{StuckSet, 0.0904, "stuck at SET"}, {StuckReset, 0.0175, "stuck at RESET"}, {Shorted, 0.001, "shorted"}} {
		want := c.share * connected
		// Dead lines are common to their cells.
		tol := 4*math.Sqrt(want*(1-want)/1.5e6) + c.share*4*math.Sqrt(0.02*0.98/1000+0.01*0.99/1500)
		closed(t, "faults at random with dead lines: share of cells "+c.name, "rate (1 - dead rows)(1 - dead columns)", "", want, float64(m.Count(c.f))/1.5e6, tol, fourSE+" of cells and lines")
	}
	closed(t, "faults: share of cells on dead lines", "1 - (1 - 0.02)(1 - 0.01)", "", 1-connected, float64(m.Count(Open))/1.5e6, 4*math.Sqrt(0.02*0.98/1000+0.01*0.99/1500), fourSE+" of lines")
	small, err := d.Draw(20, 30, NewKey(102))
	if err != nil {
		t.Fatal(err)
	}
	for r := range 20 {
		for c := range 30 {
			if small.At(r, c) != m.At(r, c) {
				t.Fatalf("cell %d, %d is %v in a small array and %v in a large one", r, c, small.At(r, c), m.At(r, c))
			}
		}
	}
	// A map survives the file.
	path := filepath.Join(t.TempDir(), "faults.csv")
	if err := m.Write(path); err != nil {
		t.Fatal(err)
	}
	again, err := ReadFaultMap(path, 0, 0)
	if err != nil || again.Rows != 1000 || again.Cols != 1500 || !slices.Equal(again.Faults, m.Faults) {
		t.Errorf("the map read is not the map written: %v", err)
	}
	from := &Defects{File: path}
	if again, err := from.Draw(1000, 1500, Key{}); err != nil || !slices.Equal(again.Faults, m.Faults) {
		t.Error(err)
	}
	g := make([]float64, 4)
	(&FaultMap{Rows: 2, Cols: 2, Faults: []Defect{StuckSet, StuckReset, Shorted, Open}}).Apply(g, 1, 2, 3)
	if !slices.Equal(g, []float64{2, 1, 3, 0}) {
		t.Errorf("conductances %v", g)
	}
}

func TestFaultFiles(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ text, want string }{
		{"row,col,fault\n1,,open\n,0,shorted\n", ""},
		{"row,col,fault\n1,2,stuk-set\n", `f.csv:2: fault: "stuk-set" is unknown: must be healthy, stuck-set, stuck-reset, shorted, open or end; did you mean stuck-set?`},
		{"row,col,fault\n2,0,open\n", "f.csv:2: row: 2: must be a whole number from 0 to 1"},
		{"row,col,fault\n1,0.5,open\n", "f.csv:2: col: 0.5: must be a whole number"},
		{"row,col,fault\n3,3,end\n", "f.csv:2: the map is of 3 x 3 cells: must be 2 x 3 as the array"},
		{"row,fault\n1,open\n", "col"},
		{"row,col,fault\n1,0,open\n,,open\n", "row and col are empty"},
	} {
		path := filepath.Join(dir, "f.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		m, err := ReadFaultMap(path, 2, 3)
		if c.want == "" {
			if err != nil || !slices.Equal(m.Faults, []Defect{Shorted, Healthy, Healthy, Shorted, Open, Open}) {
				t.Errorf("%q gives %v, %v", c.text, m, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := ReadFaultMap(filepath.Join(dir, "f.csv"), 0, 0); err == nil || !strings.Contains(err.Error(), "rows and columns of the map") {
		t.Errorf("a map without size: %v", err)
	}
	if err := CheckProcess(&Defects{StuckSetRate: 0.6, StuckResetRate: 0.6}); err == nil || !strings.Contains(err.Error(), "is 1.2: must be at most 1") {
		t.Error(err)
	}
}
