package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// TestMessarisPulses compares the resistance after n pulses with the closed form of
// the publication.
func TestMessarisPulses(t *testing.T) {
	const width = 100e-6
	for _, c := range []struct {
		v, r0 float64
		n     int
		want  float64
	}{
		{0.7, 13e3, 1, 13039.2}, {0.7, 13e3, 10, 13355.3}, {0.7, 13e3, 100, 14946.4}, {0.7, 13e3, 1000, 16663.2},
		{-0.7, 16.25e3, 1, 16154.5}, {-0.7, 16.25e3, 10, 15586.8}, {-0.7, 16.25e3, 100, 14142.9}, {-0.7, 16.25e3, 1000, 12849.0},
	} {
		m := memristor.NewMessaris()
		m.R0 = c.r0
		time := width * float64(c.n)
		exact := 0.0
		if c.v > 0 {
			const k, end = 5.11e-4, 16710.0
			s := 743.47 * (math.Exp(6.51*c.v) - 1)
			exact = end + math.Log(1+math.Exp(-k*s*time)*(math.Exp(k*(c.r0-end))-1))/k
		} else {
			const k = 1.17e-3
			end, s := 29300+23690*c.v, -6.80e4*(math.Exp(-0.31*c.v)-1)
			exact = end - math.Log(1+math.Exp(k*s*time)*(math.Exp(-k*(c.r0-end))-1))/k
		}
		if math.Abs(exact-c.want) > 0.06 {
			t.Fatalf("%g V, %d pulses: the formula gives %g ohm, the reference is %g ohm", c.v, c.n, exact, c.want)
		}
		w, err := device.Train(2*width, train(c.v, width, c.n)...)
		if err != nil {
			t.Fatal(err)
		}
		tr := run(t, m, w, nil)
		// The edges of the train, 1 ns, hold a part of the pulse.
		check(t, claims.Claim{
			Name: fmt.Sprintf("messaris/tiox-2: resistance after %d pulses of %+g V, 100 us", c.n, c.v), Kind: claims.ClosedForm,
			Source: "R(t) of Messaris et al., doi:10.1109/TCAD.2018.2791468, at constant voltage", Unit: "ohm", Want: exact, Got: tr.X[0][len(tr.T)-1], Tol: 1e-5, Why: "edges of 1 ns on 100 us",
		})
	}
}

func train(v, width float64, n int) []device.Pulse {
	p := make([]device.Pulse, n)
	for i := range p {
		p[i] = device.Pulse{Amplitude: v, Width: width, Rise: 1e-9, Fall: 1e-9}
	}
	return p
}

// TestMessarisEnds stops at the end of the range at a voltage, and does not come
// back from beyond it.
func TestMessarisEnds(t *testing.T) {
	for _, e := range memristor.Models() {
		m, ok := e.New().(*memristor.Messaris)
		if !ok {
			continue
		}
		a, _ := m.LoopDrive()
		for _, v := range []float64{a, -a, 0.9 * a} {
			end := m.End(v)
			lower, higher := (m.RMin+end)/2, (m.RMax+end)/2
			from, beyond := lower, higher // of what raises the resistance
			if v > 0 != (m.Eta > 0) {
				from, beyond = higher, lower
			}
			if m.R0 = from; end < m.RMin || end > m.RMax {
				t.Fatalf("%s: %g V drives to %g ohm", e.Name, v, end)
			}
			w := device.Waveform{T: []float64{0, 1e12}, U: [][]float64{{v, v}}}
			if got := run(t, m, w, nil).X[0][1]; math.Abs(got/end-1) > 1e-6 {
				t.Errorf("%s: %g V drives from %g to %g ohm, want %g", e.Name, v, from, got, end)
			}
			if m.R0 = beyond; run(t, m, w, nil).X[0][1] != beyond {
				t.Errorf("%s: %g V moves %g ohm", e.Name, v, beyond)
			}
		}
	}
}
