package line

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestBalance checks Kirchhoff's laws at every node and around every wire
// segment, and the balance of power, from the derived currents.
func TestBalance(t *testing.T) {
	rnd := newRand(6)
	forWires(func(n Network) {
		for _, shape := range [][2]int{{1, 1}, {1, 7}, {9, 1}, {12, 17}, {40, 33}} {
			n.Rows, n.Cols = shape[0], shape[1]
			rows, cols := n.Rows, n.Cols
			g := logUniform(rnd, rows*cols, 1e-6, 1e-4)
			for k := range g {
				if rnd.Float64() < 0.1 {
					g[k] = 0
				}
			}
			v := signed(rnd, rows)
			s := mustSolver(t, n, g)
			out, _ := mustSolve(t, s, v, 1e-12)
			w, u, dev := make([]float64, rows*cols), make([]float64, rows*cols), make([]float64, rows*cols)
			word, bit := make([]float64, rows*(cols+1)), make([]float64, (rows+1)*cols)
			s.WordVoltages(w)
			s.BitVoltages(u)
			s.DeviceCurrents(dev)
			s.WordCurrents(word)
			s.BitCurrents(bit)
			amps := maxAbs(word) + maxAbs(bit)
			var law, loop float64
			for i := range rows {
				for j := range cols {
					d := dev[i*cols+j]
					law = max(law, math.Abs(word[i*(cols+1)+j]-word[i*(cols+1)+j+1]-d))
					law = max(law, math.Abs(bit[i*cols+j]+d-bit[(i+1)*cols+j]))
					loop = max(loop, math.Abs(d-g[i*cols+j]*(w[i*cols+j]-u[i*cols+j])))
				}
			}
			if !(law <= 1e-14*amps) || !(loop <= 1e-13*amps) {
				t.Errorf("%s: node currents do not balance: %g, device law %g of %g A", describe(s), law, loop, amps)
			}
			// Around the segments, the drivers and the sense amplifiers.
			var drop float64
			for i := range rows {
				line := word[i*(cols+1):][:cols+1]
				if n.RWord > 0 || n.RDriver > 0 || !n.Double {
					drop = max(drop, math.Abs(v[i]-line[0]*(n.RDriver+n.RWord)-w[i*cols]))
				}
				if n.Double {
					drop = max(drop, math.Abs(v[i]+line[cols]*(n.RDriver+n.RWord)-w[i*cols+cols-1]))
				} else if line[cols] != 0 {
					t.Errorf("%s: current %g A out of an open end", describe(s), line[cols])
				}
				for j := 1; j < cols; j++ {
					drop = max(drop, math.Abs(w[i*cols+j-1]-w[i*cols+j]-line[j]*n.RWord))
				}
			}
			for j := range cols {
				drop = max(drop, math.Abs(u[(rows-1)*cols+j]-bit[rows*cols+j]*(n.RBit+n.RSense)))
				if n.Double {
					drop = max(drop, math.Abs(u[j]+bit[j]*(n.RBit+n.RSense)))
				}
				for i := 1; i < rows; i++ {
					drop = max(drop, math.Abs(u[(i-1)*cols+j]-u[i*cols+j]-bit[i*cols+j]*n.RBit))
				}
				if d := math.Abs(bit[rows*cols+j] - bit[j] - out[j]); !(d <= 1e-12*amps) {
					t.Errorf("%s: sense current %d differs by %g A from the output", describe(s), j, d)
				}
			}
			if !(drop <= 1e-11) {
				t.Errorf("%s: voltages around a segment miss by %g V", describe(s), drop)
			}
			p := s.Power()
			if sum := p.Device + p.Word + p.Bit + p.Driver + p.Sense; !(math.Abs(sum-p.Source) <= 1e-11*p.Source) {
				t.Errorf("%s: %+v: dissipated %g W, delivered %g W", describe(s), p, sum, p.Source)
			}
		}
	})
}

// drawNetwork draws a small array, its conductances and whether lines have
// resistance, drivers and second ends.
func drawNetwork(t *rapid.T) (Network, []float64, *rand.Rand) {
	ohm := rapid.SampledFrom([]float64{0, 1e-9, 0.1, 1, 30, 1e4})
	n := Network{
		Rows:    rapid.IntRange(1, 9).Draw(t, "rows"),
		Cols:    rapid.IntRange(1, 9).Draw(t, "cols"),
		RWord:   ohm.Draw(t, "word"),
		RBit:    ohm.Draw(t, "bit"),
		RDriver: ohm.Draw(t, "driver"),
		RSense:  ohm.Draw(t, "sense"),
		Double:  rapid.Bool().Draw(t, "double"),
	}
	rnd := newRand(rapid.Uint64().Draw(t, "seed"))
	g := logUniform(rnd, n.Rows*n.Cols, 1e-6, 1e-2)
	for k := range g {
		if rnd.IntN(5) == 0 {
			g[k] = 0
		}
	}
	return n, g, rnd
}

func solveRapid(t *rapid.T, n Network, g, v []float64) ([]float64, *Solver) {
	s, err := New(n)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetConductances(g); err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, n.Cols)
	if _, err := s.Solve(dst, v, &Options{Tolerance: 2e-11}); err != nil {
		t.Fatalf("%s: %v", describe(s), err)
	}
	return dst, s
}

func TestSuperposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, g, rnd := drawNetwork(t)
		sum, v := make([]float64, n.Cols), make([]float64, n.Rows)
		var size float64
		for i := range v {
			e := make([]float64, n.Rows)
			v[i] = 2*rnd.Float64() - 1
			e[i] = v[i]
			out, _ := solveRapid(t, n, g, e)
			for j, x := range out {
				sum[j] += x
			}
			size += maxAbs(out)
		}
		out, _ := solveRapid(t, n, g, v)
		if d := distance(out, sum); d > 1e-10*size {
			t.Errorf("sum of single solutions differs by %g of %g A", d, size)
		}
	})
}

// TestReciprocity: the transfer conductance from word line i to bit line j is
// that from j to i of the transposed array, driven at its new word lines.
func TestReciprocity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, g, rnd := drawNetwork(t)
		i, j := rnd.IntN(n.Rows), rnd.IntN(n.Cols)
		v := make([]float64, n.Rows)
		v[i] = 1
		a, _ := solveRapid(t, n, g, v)
		// Seen from the sense amplifiers, word and bit lines are exchanged and
		// both run from the other end.
		m := Network{Rows: n.Cols, Cols: n.Rows, RWord: n.RBit, RBit: n.RWord, RDriver: n.RSense, RSense: n.RDriver, Double: n.Double}
		h := make([]float64, len(g))
		for k, x := range g {
			row, col := k/n.Cols, k%n.Cols
			h[(n.Cols-1-col)*n.Rows+(n.Rows-1-row)] = x
		}
		v = make([]float64, m.Rows)
		v[n.Cols-1-j] = 1
		b, _ := solveRapid(t, m, h, v)
		got, want := b[n.Rows-1-i], a[j]
		if d := math.Abs(got - want); d > 1e-10*max(maxAbs(a), maxAbs(b)) {
			t.Errorf("transfer conductances %g and %g S", want, got)
		}
	})
}

// TestMonotony: a resistor network absorbs no less power when a conductance is
// raised or a wire shortened (Rayleigh's monotonicity law).
func TestMonotony(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, g, rnd := drawNetwork(t)
		v := signed(rnd, n.Rows)
		_, s := solveRapid(t, n, g, v)
		before := s.Power().Source
		h := slices.Clone(g)
		h[rnd.IntN(len(h))] += 1e-3
		_, s = solveRapid(t, n, h, v)
		if after := s.Power().Source; after < before*(1-1e-10) {
			t.Errorf("higher conductance lowers the power from %g to %g W", before, after)
		}
		n.RWord, n.RBit, n.RDriver, n.RSense = n.RWord/2, n.RBit/3, n.RDriver/4, n.RSense/5
		_, s = solveRapid(t, n, g, v)
		if after := s.Power().Source; after < before*(1-1e-10) {
			t.Errorf("shorter wires lower the power from %g to %g W", before, after)
		}
	})
}

// TestMaximum: all node voltages lie between the extremes of the terminals,
// and with one polarity every output has it.
func TestMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, g, rnd := drawNetwork(t)
		v := make([]float64, n.Rows)
		for i := range v {
			v[i] = rnd.Float64()
		}
		out, s := solveRapid(t, n, g, v)
		w, u := make([]float64, len(g)), make([]float64, len(g))
		s.WordVoltages(w)
		s.BitVoltages(u)
		top := slices.Max(v) + 1e-9
		for _, x := range slices.Concat(w, u) {
			if !(x >= -1e-9 && x <= top) {
				t.Fatalf("node at %g V between terminals at 0 and %g V", x, top)
			}
		}
		for j, x := range out {
			if x < -2e-11*maxAbs(out) {
				t.Errorf("output %d is %g A", j, x)
			}
		}
	})
}
