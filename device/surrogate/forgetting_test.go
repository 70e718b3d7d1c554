package surrogate_test

import (
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/device/surrogate"
	"mho/internal/claims"
	"mho/noise"
)

// rates are those of one metastable switch at v volts, on and off, 1/s.
func rates(m *memristor.MMS, v float64) (on, off float64) {
	vT := 1.380649e-23 * device.Room().Temperature / 1.602176634e-19
	return 1 / (m.Tau * (1 + math.Exp(-(v-m.VOn)/vT))), 1 / (m.Tau * (1 + math.Exp((v+m.VOff)/vT)))
}

// share is the share of switches that conduct.
func share(m *memristor.MMS, g float64) float64 {
	return (g - 1/m.ROff) / (1/m.ROn - 1/m.ROff)
}

// TestRetention compares cells at rest with the law of metastable switches, which
// forget: x goes to on/(on + off) as exp(-(on + off) t).
func TestRetention(t *testing.T) {
	law := memristor.NewMMS()
	law.N = 0
	m := characterise(t, func() (device.Element, error) { c := *law; return &c, nil }, surrogate.Settings{States: 9})
	on, off := rates(law, 0)
	for _, age := range []float64{1, 10, 1e3} {
		p := population(t, m, 1, 1)
		if _, err := p.Program(nil, m.Pulse(true), device.Room(), noise.Key{}); err != nil {
			t.Fatal(err)
		}
		g := make([]float64, 1)
		p.Transfer(g, 0, device.Room())
		x := share(law, g[0])
		// In two parts: time counts from the pulse.
		p.Advance(0.25*age, device.Room(), noise.Key{})
		p.Advance(0.75*age, device.Room(), noise.Key{})
		p.Transfer(g, 0, device.Room())
		rest := on / (on + off)
		claims.Check(t, claims.Claim{
			Name: "surrogate of mms after " + map[float64]string{1: "1 s", 10: "10 s", 1e3: "1000 s"}[age] + " at rest", Kind: claims.ClosedForm,
			Source: "x goes to a/(a + b) as exp(-(a + b) t)", Want: rest + (x-rest)*math.Exp(-(on+off)*age), Got: share(law, g[0]), Tol: 0.01, Absolute: true,
			Why: "states at rest are interpolated between five, a pulse's edges count as time at rest too",
		})
	}
}
