package energy

import (
	"context"
	"math"
	"strings"
	"testing"

	"mho/crossbar"
	"mho/internal/claims"
	"mho/noise"
)

// TestReadBruteForce sums v² g t over cells and bits one after another.
func TestReadBruteForce(t *testing.T) {
	const rows, cols, bits = 7, 5, 4
	key := noise.NewKey(3)
	g, x := make([]float64, rows*cols), make([]float64, rows)
	key.Fold(0).Uniform(g, noise.At{})
	key.Fold(1).Uniform(x, noise.At{})
	sums := make([]float64, rows)
	RowSums(sums, g, rows, cols)
	r := Read{Voltage: 0.3, Time: 20e-9, Bits: bits}
	want := map[Encoding]float64{}
	for i := range rows {
		level := int(math.Round(x[i] * 15))
		for j := range cols {
			p := r.Voltage * r.Voltage * g[i*cols+j]
			want[Amplitude] += (x[i] * r.Voltage) * (x[i] * r.Voltage) * g[i*cols+j] * r.Time
			want[PulseWidth] += p * (x[i] * r.Time)
			want[Unary] += p * r.Time * float64(level)
			for b := range bits {
				if level>>b&1 == 1 {
					want[BitSerial] += p * r.Time
				}
			}
		}
	}
	for e, w := range want {
		r.Encoding, r.Supply = e, 0
		got, err := r.Energy(x, sums)
		if err != nil {
			t.Fatal(err)
		}
		claims.Check(t, claims.Claim{Name: "energy of a read, encoding " + string(e), Kind: claims.ClosedForm, Source: "sum over cells and pulses of v² g t", Unit: "J", Want: w, Got: got, Tol: 1e-12, Why: "rounding"})
		r.Supply = 0.9
		rail, _ := r.Energy(x, sums)
		if math.Abs(rail/got-3) > 1e-12 {
			t.Errorf("%s: a rail of three times the read voltage costs %g times as much", e, rail/got)
		}
	}
}

// TestReadMean holds the energy of many random reads to N M T E[x²] V² E[G].
func TestReadMean(t *testing.T) {
	const rows, cols, trials = 64, 32, 2000
	key := noise.NewKey(5)
	g, x, sums := make([]float64, rows*cols), make([]float64, rows), make([]float64, rows)
	for _, e := range []Encoding{Amplitude, PulseWidth, BitSerial} {
		r := Read{Encoding: e, Voltage: 0.2, Time: 1e-7, Bits: 8}
		pulses := 1.0
		if e == BitSerial {
			pulses = 8
		}
		var sum, square float64
		for k := range uint64(trials) {
			key.Fold(0).Fold(k).Uniform(g, noise.At{})
			key.Fold(1).Fold(k).Uniform(x, noise.At{})
			if e == BitSerial {
				for i := range x { // every level alike
					x[i] = math.Floor(x[i]*256) / 255
				}
			}
			for i := range g {
				g[i] *= 50e-6
			}
			RowSums(sums, g, rows, cols)
			v, err := r.Energy(x, sums)
			if err != nil {
				t.Fatal(err)
			}
			sum += v
			square += v * v
		}
		mean := sum / trials
		se := math.Sqrt((square/trials - mean*mean) / trials)
		want := rows * cols * 1e-7 * 0.04 * 25e-6 * e.MeanFactor() * pulses
		claims.Check(t, claims.Claim{Name: "mean energy of random reads, encoding " + string(e), Kind: claims.ClosedForm, Source: "N M T E[V²] E[G] for independent uniform inputs and conductances", Unit: "J",
			Want: want, Got: mean, Tol: 3 * se, Absolute: true, Why: "three standard errors of 2000 reads"})
	}
}

// TestSources holds the power of the sources to what cells and wires take, summed
// here from node voltages and conductances.
func TestSources(t *testing.T) {
	const rows, cols = 24, 16
	key := noise.NewKey(7)
	g, v := make([]float64, rows*cols), make([]float64, rows)
	key.Fold(0).Uniform(g, noise.At{})
	key.Fold(1).Uniform(v, noise.At{})
	for i := range g {
		g[i] = 1e-6 + 99e-6*g[i]
	}
	a := &crossbar.Array{Rows: rows, Cols: cols, G: g, Wires: crossbar.Wires{RWord: 2, RBit: 3, RDriver: 50, RSense: 20}}
	s, err := a.Solve(context.Background(), v, &crossbar.Settings{Nodes: true, Tolerance: 1e-13})
	if err != nil {
		t.Fatal(err)
	}
	w := a.Wires
	var cells, wires float64
	for i := range rows {
		before, r := v[i], w.RDriver+w.RWord
		for j := range cols {
			word, bit := s.VWord[i*cols+j], s.VBit[i*cols+j]
			cells += (word - bit) * (word - bit) * g[i*cols+j]
			wires += (before - word) * (before - word) / r
			before, r = word, w.RWord
			if i+1 < rows {
				d := bit - s.VBit[(i+1)*cols+j]
				wires += d * d / w.RBit
			} else {
				wires += bit * bit / (w.RBit + w.RSense)
			}
		}
	}
	const time = 50e-9
	got, share := Sources(s, 0, time)
	claims.Check(t, claims.Claim{Name: "energy of the sources is that of cells and wires", Kind: claims.ClosedForm, Source: "conservation of energy, from node voltages", Unit: "J", Want: (cells + wires) * time, Got: got, Tol: 1e-9, Why: "the solution's own tolerance"})
	claims.Check(t, claims.Claim{Name: "share of the wires in the energy of a read", Kind: claims.ClosedForm, Source: "wires / (cells + wires), from node voltages", Want: wires / (cells + wires), Got: share, Tol: 1e-8, Why: "a difference of two numbers with 1e-9 each"})
	sums, ones := make([]float64, rows), make([]float64, rows)
	RowSums(sums, g, rows, cols)
	for i := range ones {
		ones[i] = v[i]
	}
	bound, err := Read{Encoding: Amplitude, Voltage: 1, Time: time}.Energy(ones, sums)
	if err != nil {
		t.Fatal(err)
	}
	if bound < got {
		t.Errorf("with ideal wires the cells take %g J, less than the sources deliver with resistance, %g J", bound, got)
	}
}

func TestReadRefuses(t *testing.T) {
	good := Read{Encoding: PulseWidth, Voltage: 0.2, Time: 1e-7}
	for _, c := range []struct {
		edit func(*Read)
		x    float64
		say  string
	}{
		{func(r *Read) { r.Encoding = "pulse-widht" }, 0.5, "did you mean pulse-width?"}, {func(r *Read) { r.Voltage = 0 }, 0.5, "voltage = 0: must be > 0 V"},
		{func(r *Read) { r.Time = math.NaN() }, 0.5, "time = NaN"}, {func(r *Read) { r.Supply = 0.1 }, 0.5, "supply = 0.1 V"}, {func(r *Read) {}, 1.5, "x[0] = 1.5: must be from 0 to 1"},
		{func(r *Read) {}, math.NaN(), "x[0] = NaN"}, {func(r *Read) { r.Encoding = BitSerial }, 0.5, "bits = 0"},
	} {
		r := good
		c.edit(&r)
		if _, err := r.Energy([]float64{c.x}, []float64{1e-6}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("Energy(%g) of %+v = %v, want %q", c.x, r, err, c.say)
		}
	}
}
