package crossbar

import (
	"math"
	"strings"
	"testing"

	"mho/device"
	"mho/device/pcm"
	"mho/device/pulsed"
	"mho/internal/claims"
	"mho/noise"
)

// even is an array of devices of equal steps without spread or noise: a range of 100 steps, threshold share th.
type even struct {
	rows, cols int
	g          []float64 // in steps, 0 to 100
	threshold  float64
	stuck      map[int]bool
	seen       []float64 // sum of what half-selected cells saw, V
}

func newEven(rows, cols int) *even {
	return &even{rows: rows, cols: cols, g: make([]float64, rows*cols), seen: make([]float64, rows*cols)}
}
func (e *even) Dims() (int, int)                       { return e.rows, e.cols }
func (e *even) Kind() device.Kind                      { return device.Conductance }
func (e *even) Range() (float64, float64)              { return 0, 100e-6 }
func (e *even) Advance(float64, device.Env, noise.Key) {}
func (e *even) Transfer(d []float64, _ float64, _ device.Env) {
	for k, g := range e.g {
		d[k] = g * 1e-6
	}
}

func (e *even) Program(stress []float64, p device.Pulse, _ device.Env, _ noise.Key) (device.Report, error) {
	var r device.Report
	for k, s := range stress {
		if s != 0 {
			r.Pulses++
			r.Energy += 1e-12 * s * s
		}
		if math.Abs(s) < 0.99 {
			e.seen[k] += s * p.Amplitude
		}
		if step := s * p.Amplitude; math.Abs(step) > e.threshold && !e.stuck[k] {
			e.g[k] = min(100, max(0, e.g[k]+step))
		}
	}
	return r, nil
}

// TestWriteVerify counts pulses, reads, energy and time of devices of equal steps.
func TestWriteVerify(t *testing.T) {
	const rows, cols = 6, 7
	target := make([]float64, rows*cols)
	var pulses, reads, lines int64
	for k := range target {
		target[k] = float64(k) * 1e-6
		pulses += int64(k)
		reads += int64(k) + 1
	}
	// A row is read and written as often as its farthest cell needs.
	for i := range rows {
		lines += int64(i*cols + cols - 1)
	}
	w := NewWriting()
	w.Method, w.Tolerance, w.ReadNoise, w.VRead = WriteVerify, 0.001, false, 0
	w.VRead = 1e-9 // reads take no energy to speak of
	e := newEven(rows, cols)
	wear := make([]int64, rows*cols)
	r, err := w.Program(e, target, wear, device.Room(), noise.Key{})
	if err != nil {
		t.Fatal(err)
	}
	for k, g := range e.g {
		if math.Abs(g-float64(k)) > 1e-9 || wear[k] != int64(k) {
			t.Fatalf("cell %d at %g steps after %d pulses", k, g, wear[k])
		}
	}
	source := "k pulses and k + 1 reads for cell k, of equal steps"
	for _, c := range []struct {
		what, unit string
		want, got  float64
	}{
		{"pulses", "", float64(pulses), float64(r.Report.Pulses)}, {"reads", "", float64(reads), float64(r.Reads)},
		{"energy", "J", float64(pulses) * 1e-12, r.Energy}, {"time, row by row,", "s", float64(lines)*200e-9 + rows*100e-9, r.Time},
	} {
		claims.Check(t, claims.Claim{Name: c.what + " of write-verify of 6 x 7 devices of equal steps", Kind: claims.ClosedForm, Source: source, Unit: c.unit,
			Want: c.want, Got: c.got, Tol: 1e-9, Why: "rounding, and reads at 1 nV"})
	}
	if r.Converged != 1 || len(r.Steps) != rows*cols || r.Steps[len(r.Steps)-1].Error > 1e-9 {
		t.Errorf("%+v", r)
	}
	w.Parallel = CellByCell
	if r, err = w.Program(newEven(rows, cols), target, nil, device.Room(), noise.Key{}); err != nil || math.Abs(r.Time/(float64(pulses)*100e-9+float64(reads)*100e-9)-1) > 1e-9 {
		t.Errorf("cell by cell %g s, %v", r.Time, err)
	}
	w.Method, w.Steps = OpenLoop, 50 // twice the steps that the devices have: half the way
	e = newEven(rows, cols)
	if _, err = w.Program(e, target, nil, device.Room(), noise.Key{}); err != nil {
		t.Fatal(err)
	}
	for k, g := range e.g {
		if math.Abs(g-float64(k)/2) > 0.51 || g != math.Round(g) {
			t.Fatalf("open loop: cell %d at %g steps", k, g)
		}
	}
	// A stuck cell is given up, and the others pass.
	w.Method, w.Pulses = WriteVerify, 60
	e = newEven(rows, cols)
	e.stuck = map[int]bool{40: true}
	r, err = w.Program(e, target, wear, device.Room(), noise.Key{})
	if err != nil || math.Abs(r.Converged-41.0/42) > 1e-12 || wear[40] != 40+60 {
		t.Errorf("stuck cell: %+v, %d pulses, %v", r.Converged, wear[40], err)
	}
}

// TestDisturb counts what half-selected cells see.
func TestDisturb(t *testing.T) {
	const rows, cols = 4, 5
	for _, c := range []struct {
		bias     string
		parallel string
		line     float64 // seen by a cell on the lines of the one written
		rest     float64
	}{{string(HalfV), CellByCell, 0.5, 0}, {string(ThirdV), CellByCell, 1.0 / 3, -1.0 / 3}, {string(ThirdV), RowByRow, 1.0 / 3, -1.0 / 3}} {
		e := newEven(rows, cols)
		e.threshold = 0.6
		target := make([]float64, rows*cols)
		target[7] = 3e-6 // row 1, column 2
		w := NewWriting()
		w.Method, w.Bias, w.Parallel, w.ReadNoise, w.Tolerance = WriteVerify, c.bias, c.parallel, false, 0.001
		r, err := w.Program(e, target, nil, device.Room(), noise.Key{})
		if err != nil || e.g[7] != 3 {
			t.Fatalf("%v: %g steps, %v", c, e.g[7], err)
		}
		most := 0.0
		for k, s := range e.seen {
			want := 3 * c.rest
			switch {
			case k == 7:
				want = 0
			case k/cols == 1 || k%cols == 2:
				want = 3 * c.line
			}
			most = max(most, math.Abs(s-want))
		}
		disturbs := 3 * float64(rows+cols-2)
		if c.rest != 0 {
			disturbs = 3 * float64(rows*cols-1)
		}
		claims.Check(t, claims.Claim{Name: "pulses that disturb others while one cell of 4 x 5 gets 3, " + c.bias + ", " + c.parallel + " by " + c.parallel, Kind: claims.ClosedForm,
			Source: "V/2: word and bit line; V/3: all others; A. Chen, doi:10.1109/TED.2013.2246791", Want: disturbs, Got: float64(r.Disturbs), Tol: 1e-12, Why: "integers"})
		if most > 1e-12 {
			t.Errorf("%v: voltages wrong by %g", c, most)
		}
	}
}

// TestWriteDevice writes real models: a synapse of soft bounds with spread, its disturb under V/2 below and above
// its threshold, and a device with a closed loop of its own.
func TestWriteDevice(t *testing.T) {
	const rows, cols = 32, 32
	var m device.CellModel
	for _, entry := range pulsed.Models() {
		if entry.Name == "soft-bounds" {
			m = entry.New().(device.CellModel)
		}
	}
	p, err := m.NewPopulation(rows, cols, device.Room(), noise.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	low, high := p.Range()
	target := make([]float64, rows*cols)
	noise.NewKey(2).Uniform(target, noise.At{})
	for k, u := range target {
		target[k] = low + (0.3+0.4*u)*(high-low)
	}
	w := NewWriting()
	w.Method, w.Tolerance, w.Pulses = WriteVerify, 0.02, 3000
	r, err := w.Program(p, target, nil, device.Room(), noise.NewKey(3))
	if err != nil {
		t.Fatal(err)
	}
	if last := r.Steps[len(r.Steps)-1]; r.Converged < 0.95 || r.Steps[0].Error < 5*last.Error {
		t.Errorf("%g passed; error %g, then %g", r.Converged, r.Steps[0].Error, last.Error)
	}
	for i := 1; i < len(r.Steps); i++ {
		if a, b := r.Steps[i-1], r.Steps[i]; b.Passed < a.Passed || b.Energy < a.Energy || b.Time < a.Time {
			t.Fatalf("step %d: %+v after %+v", i, b, a)
		}
	}
	ibm, err := pcm.NewIBM().New(4, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Program(ibm, make([]float64, 16), nil, device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), "has no pulses") {
		t.Error(err)
	}
	w.Method = ByDevice
	if r, err := w.Program(ibm, make([]float64, 16), nil, device.Room(), noise.Key{}); err != nil || r.Converged != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := w.Program(newEven(2, 2), make([]float64, 4), nil, device.Room(), noise.Key{}); err == nil || !strings.Contains(err.Error(), "no closed loop") {
		t.Error(err)
	}
	for want, change := range map[string]func(*Writing){
		`method is "x": must be one of`:         func(w *Writing) { w.Method = "x" },
		"tolerance is 0: must be > 0":           func(w *Writing) { w.Tolerance = 0 },
		"pulses is 0: must be from 1":           func(w *Writing) { w.Pulses = 0 },
		"v_up is 0 V: must be finite and not 0": func(w *Writing) { w.Up = 0 },
		"width is NaN":                          func(w *Writing) { w.Width = math.NaN() },
	} {
		w := NewWriting()
		change(&w)
		if err := w.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// BenchmarkWriteVerify writes 64 x 64 synapses of some 100 steps, of which some have bounds inside their target.
func BenchmarkWriteVerify(b *testing.B) {
	for _, bias := range []string{NoBias, string(HalfV)} {
		b.Run(bias, func(b *testing.B) {
			var m device.CellModel
			for _, entry := range pulsed.Models() {
				if entry.Name == "soft-bounds" {
					m = entry.New().(device.CellModel)
				}
			}
			for _, p := range m.Params() {
				if p.Name == "dw_min" {
					*p.Value.(*float64) = 0.012 // 100 steps
				}
			}
			target := make([]float64, 64*64)
			noise.NewKey(2).Uniform(target, noise.At{})
			w := NewWriting()
			w.Method, w.Bias, w.Tolerance = WriteVerify, bias, 0.02
			for b.Loop() {
				p, err := m.NewPopulation(64, 64, device.Room(), noise.NewKey(1))
				if err != nil {
					b.Fatal(err)
				}
				low, high := p.Range()
				g := make([]float64, len(target))
				for k, u := range target {
					g[k] = low + (0.2+0.6*u)*(high-low)
				}
				r, err := w.Program(p, g, nil, device.Room(), noise.NewKey(3))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(r.Converged, "passed")
				b.ReportMetric(float64(len(r.Steps)), "rounds")
			}
		})
	}
}
