package memristor_test

import (
	"fmt"
	"math"
	"testing"

	"mho/device"
	"mho/device/memristor"
	"mho/internal/claims"
)

// TestStrachanTimes compares the time of a run under constant voltage with the
// integral of the inverse rate up to the state reached.
func TestStrachanTimes(t *testing.T) {
	for _, c := range []struct{ v, from, to float64 }{{0.5, 0.2, 0.5}, {0.65, 0.05, 0.8}, {-0.5, 0.5, 0.25}, {-0.4, 0.9, 0.3}} {
		m := memristor.NewStrachan()
		m.X0 = c.from
		slowness := func(x float64) float64 {
			i := c.v * (0.025*x + (1-x)*2.3e-6*math.Exp(1.6*math.Sqrt(math.Abs(c.v))))
			if c.v > 0 {
				return 1/(1e-4*math.Sinh(c.v/0.45)*math.Exp(-math.Pow(x/0.06, 2)+i*c.v/4e-5)) + 1e-10
			}
			return -1/(1e-10*math.Sinh(-c.v/0.013)*math.Exp(-math.Pow(0.4/x, 2)+1/(1+500*i*c.v))) - 1e-10
		}
		end := simpson(slowness, c.from, c.to, 20000)
		tr := run(t, m, device.Waveform{T: []float64{0, end}, U: [][]float64{{c.v, c.v}}}, nil)
		check(t, claims.Claim{
			Name: fmt.Sprintf("strachan: time to the state that a run from %g reaches at %+g V", c.from, c.v), Kind: claims.ClosedForm, Source: "t = integral of dx/(dx/dt) by Simpson's rule",
			Unit: "s", Want: end, Got: simpson(slowness, c.from, tr.X[0][1], 20000), Tol: 1e-6, Why: "default integration tolerance 1e-8 per step, which the runaway of setting amplifies",
		})
	}
}
