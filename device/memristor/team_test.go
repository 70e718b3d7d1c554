package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// simpson integrates f from a to b.
func simpson(f func(x float64) float64, a, b float64, n int) float64 {
	h, sum := (b-a)/float64(n), 0.0
	for k := range n {
		x := a + float64(k)*h
		sum += f(x) + 4*f(x+h/2) + f(x+h)
	}
	return sum * h / 6
}

// TestTEAMTimes compares the time of a run under constant voltage with the integral
// of dw over the rate up to the state reached, in which the current changes with w.
func TestTEAMTimes(t *testing.T) {
	m := memristor.NewTEAM()
	for _, c := range []struct {
		v, from, to float64
	}{{1.1, 1.25e-9, 1.7e-9}, {-0.15, 1.75e-9, 1.3e-9}} {
		for _, law := range []string{"linear", "exponential"} {
			m.Law, m.W0 = law, c.from
			slowness := func(w float64) float64 {
				s := (w - 1.2e-9) / 0.6e-9
				r := 50 + 950*s
				if law == "exponential" {
					r = 50 * math.Pow(20, s)
				}
				rate := 1.46e-18 * math.Pow(c.v/r/115e-6-1, 10)
				if c.v < 0 {
					rate = -4.68e-22 * math.Pow(c.v/r/-8.9e-6-1, 10)
				}
				return 1/rate + math.Copysign(1/m.RateMax, rate)
			}
			end := simpson(slowness, c.from, c.to, 2000)
			tr := run(t, m, device.Waveform{T: []float64{0, end}, U: [][]float64{{c.v, c.v}}}, nil)
			check(t, claims.Claim{
				Name: fmt.Sprintf("team/fig-12, %s resistance: time to the state that a run from %g nm reaches at %+g V", law, c.from*1e9, c.v), Kind: claims.ClosedForm,
				Source: "t = integral of dw/(k (v/(R(w) i_th) - 1)^alpha) by Simpson's rule", Unit: "s", Want: end, Got: simpson(slowness, c.from, tr.X[0][1], 2000), Tol: 1e-6, Why: "default integration tolerance 1e-8 of 0.6 nm per step, which the runaway of setting amplifies",
			})
		}
	}
}

// TestTEAMLinearDrift takes the limit in which TEAM is the linear ion drift.
func TestTEAMLinearDrift(t *testing.T) {
	hp := memristor.NewLinearDrift()
	m := memristor.NewTEAM()
	const tiny = 1e-18 // A
	m.IOn, m.IOff, m.AlphaOn, m.AlphaOff = -tiny, tiny, 1, 1
	m.KOff, m.KOn = hp.Mu*hp.ROn/hp.D*tiny, -hp.Mu*hp.ROn/hp.D*tiny
	m.WOn, m.WOff, m.ROn, m.ROff = 0, hp.D, hp.ROn, hp.ROff
	m.W0, m.Polarity, m.RateMax = (1-hp.X0)*hp.D, -1, 1e300
	w := sine(t, 1, 1, 1, 2000)
	tr := run(t, m, w, nil)
	worst, span := 0.0, hp.ROff-hp.ROn
	for k, phi := range w.Integral(0) {
		worst = max(worst, math.Abs(tr.G[k]*math.Sqrt(11e3*11e3-2*span*hp.K()*phi)-1))
	}
	check(t, claims.Claim{
		Name: "team with alpha 1 and vanishing thresholds: worst error of the conductance over a period of 1 V, 1 Hz", Kind: claims.ClosedForm,
		Source: "equations 20 to 25 of Kvatinsky et al., doi:10.1109/TCSI.2012.2215714, and " + fluxLaw, Want: 0, Got: worst, Tol: 1e-7, Absolute: true, Why: "default integration tolerance 1e-8 per step, accumulated",
	})
}

// TestTEAMFit compares the published fit with the tunnel barrier that it was fitted
// to, and both with the threshold that the publication reads off there.
func TestTEAMFit(t *testing.T) {
	team, barrier := memristor.NewTEAM(), memristor.NewSimmons()
	const w, i = 1.5e-9, 0.5e-3
	var d [1]float64
	team.Derivative(d[:], []float64{w}, []float64{i * team.Resistance(w)}, device.Room())
	check(t, claims.Claim{
		Name: "team and simmons: ratio of their rates at 0.5 mA and 1.5 nm", Kind: claims.Published, Source: "figure 10 of Kvatinsky et al., doi:10.1109/TCSI.2012.2215714: the curves meet at the effective threshold",
		Want: 1, Got: d[0] / barrier.Rate(w, i), Tol: 0.1, Why: "width of a line in a logarithmic figure",
	})
	const still = 1e-13 // m/s, the rate that the publication neglects
	for name, rate := range map[string]func(i float64) float64{
		"simmons": func(i float64) float64 { return barrier.Rate(w, i) },
		"team": func(i float64) float64 {
			team.Derivative(d[:], []float64{w}, []float64{i * team.Resistance(w)}, device.Room())
			return d[0]
		},
	} {
		lo, hi := 0.0, 1e-3
		for range 60 {
			if mid := (lo + hi) / 2; rate(mid) < still {
				lo = mid
			} else {
				hi = mid
			}
		}
		check(t, claims.Claim{
			Name: name + ": current at which the gap grows by 1e-4 nm/s at 1.5 nm", Kind: claims.Published, Source: "figure 10b of Kvatinsky et al., doi:10.1109/TCSI.2012.2215714, effective threshold",
			Unit: "A", Want: 0.5e-3, Got: lo, Tol: 0.15, Why: "one digit of the publication",
		})
	}
}
